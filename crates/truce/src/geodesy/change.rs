//! Areas, and how much ground changed hands, by a scan from south to north.

use alloc::vec::Vec;

use super::ellipsoid::{UNIT, area_scale};
use super::plane::{Bands, Edge, TURN};
use super::region::Region;
use crate::place::DEGREE;

/// Bands of the scan are at most this high (0.02 degrees, 2.2 km).
const HIGHEST: f64 = DEGREE as f64 / 50.0;

/// How much ground a region gained and lost.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Changed {
    /// Square metres in the later region and not in the earlier one.
    pub gained_m2: i64,
    /// Square metres in the earlier region and not in the later one.
    pub lost_m2: i64,
}

/// What changed from region `a` to region `b`: the areas of b without a, and of a without b, on WGS84.
///
/// Between two neighbouring latitudes at which an edge begins, ends or crosses another, the lengths in question are
/// linear in latitude; two Gauss points with the exact scale of the ellipsoid integrate them over at most 0.02
/// degrees. The area is thus that of the drawn edges (straight in longitude and latitude) to 1 m2 or 1e-9 of the
/// regions compared, whichever is more; unchanged edges contribute exactly nothing.
pub fn changed(a: &Region, b: &Region) -> Changed {
    let [gained, lost] = scan(&[a, b]);
    Changed { gained_m2: libm::round(gained) as i64, lost_m2: libm::round(lost) as i64 }
}

impl Region {
    /// Area on WGS84 in square metres, as exact as [`changed`].
    pub fn area_m2(&self) -> i64 {
        let [area, _] = scan(&[self]);
        libm::round(area) as i64
    }
}

struct Scanned {
    edge: Edge,
    /// Which region, and which of its polygons.
    owner: (usize, u32),
}

/// Square metres in the last region and not in the first, and the reverse. With one region: its area and 0.
fn scan(regions: &[&Region]) -> [f64; 2] {
    let later = regions.len() - 1;
    let mut edges: Vec<Scanned> = regions
        .iter()
        .enumerate()
        .flat_map(|(r, region)| region.polygon_edges().map(move |(p, edge)| Scanned { edge, owner: (r, p) }))
        .filter(|s| s.edge.a.lat != s.edge.b.lat)
        .collect();
    // Sums of floats depend on their order: fix it, whatever the order of polygons in the files.
    edges.sort_by_key(|s| (s.edge.south(), s.edge.a.min(s.edge.b), s.edge.a.max(s.edge.b), s.owner.0));
    let latitudes = events(&edges.iter().map(|s| s.edge).collect::<Vec<_>>());

    let mut sums = [0.0; 2];
    let mut active: Vec<usize> = Vec::new();
    let mut next = 0;
    let mut order: Vec<(f64, f64, (usize, u32))> = Vec::new();
    // Polygons of each region that hold the stretch between two edges.
    let mut open: Vec<(usize, u32)> = Vec::new();
    for w in latitudes.windows(2) {
        let (low, high) = (w[0], w[1]);
        let middle = (low + high) / 2.0;
        active.retain(|&i| edges[i].edge.north() as f64 > middle);
        while next < edges.len() && (edges[next].edge.south() as f64) < middle {
            if edges[next].edge.north() as f64 > middle {
                active.push(next);
            }
            next += 1;
        }
        // Gauss-Legendre, two points.
        let off = (high - low) * 0.5 / libm::sqrt(3.0);
        let (lower, upper) = (middle - off, middle + off);
        order.clear();
        order.extend(active.iter().map(|&i| {
            let Scanned { edge, owner } = &edges[i];
            (edge.lon_at(lower), edge.lon_at(upper), *owner)
        }));
        order.sort_by(|x, y| (x.0 + x.1).total_cmp(&(y.0 + y.1)).then(x.2.cmp(&y.2)));
        let mut lengths = [[0.0; 2]; 2];
        open.clear();
        for pair in order.windows(2) {
            let owner = pair[0].2;
            match open.iter().position(|o| *o == owner) {
                Some(k) => drop(open.swap_remove(k)),
                None => open.push(owner),
            }
            let held = |region: usize| open.iter().any(|o| o.0 == region);
            let which = match (later > 0 && held(0), held(later)) {
                (false, true) => 0,
                (true, false) => 1,
                _ => continue,
            };
            let half = (TURN / 2) as f64;
            let length = |from: f64, to: f64| (to.clamp(-half, half) - from.clamp(-half, half)).max(0.0);
            lengths[which][0] += length(pair[0].0, pair[1].0);
            lengths[which][1] += length(pair[0].1, pair[1].1);
        }
        let weight = (high - low) * 0.5 * UNIT * UNIT;
        let (lower, upper) = (area_scale(lower) * weight, area_scale(upper) * weight);
        for (sum, [l, u]) in sums.iter_mut().zip(lengths) {
            *sum += l * lower + u * upper;
        }
    }
    sums
}

/// The latitudes, in order, between which no edge begins, ends, crosses another or leaves the frame of longitudes;
/// and enough between them that none are more than [`HIGHEST`] apart.
fn events(edges: &[Edge]) -> Vec<f64> {
    let mut at: Vec<f64> = edges.iter().flat_map(|e| [e.south() as f64, e.north() as f64]).collect();
    Bands::new(edges).pairs(edges, |i, j| {
        let (e, o) = (&edges[i], &edges[j]);
        if e.crosses(o) {
            // Where the difference of longitudes, linear between the latitudes both reach, is 0.
            let (low, high) = (e.south().max(o.south()) as f64, e.north().min(o.north()) as f64);
            let (d0, d1) = (e.lon_at(low) - o.lon_at(low), e.lon_at(high) - o.lon_at(high));
            if d0 != d1 {
                at.push((low + (high - low) * (d0 / (d0 - d1))).clamp(low, high));
            }
        }
    });
    for edge in edges {
        for meridian in [-TURN / 2, TURN / 2] {
            if edge.west() < meridian && edge.east() > meridian {
                let (s, n) = if edge.a < edge.b { (edge.a, edge.b) } else { (edge.b, edge.a) };
                let share = (meridian - s.lon) as f64 / (n.lon - s.lon) as f64;
                at.push(s.lat as f64 + (n.lat - s.lat) as f64 * share);
            }
        }
    }
    at.sort_by(f64::total_cmp);
    at.dedup();
    let mut out = Vec::with_capacity(at.len());
    for w in at.windows(2) {
        let parts = libm::ceil((w[1] - w[0]) / HIGHEST).max(1.0);
        for k in 0..parts as u32 {
            out.push(w[0] + (w[1] - w[0]) * (f64::from(k) / parts));
        }
    }
    out.extend(at.last());
    out
}
