//! Edges in the plane of longitude and latitude, where they are straight: exact integer arithmetic.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::ShapeError;
use super::ellipsoid::{GREATEST_RADIUS, UNIT};
use crate::place::{DEGREE, Point};

/// 360 degrees in units of [`Point`].
pub(super) const TURN: i64 = 360 * DEGREE as i64;
const HALF: i64 = TURN / 2;
const POLE: i64 = TURN / 4;
/// An edge is cut into steps of at most this many metres; each step is then a geodesic.
const STEP: f64 = 500.0;

/// A vertex with its longitude unwrapped: it may lie beyond 180 degrees, so that every edge is short and straight.
/// Ordered by latitude, then longitude.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Vertex {
    pub(super) lat: i64,
    pub(super) lon: i64,
}

impl Vertex {
    /// The same place with its longitude in -180 (included) to 180 degrees.
    pub(super) fn canonical(self) -> Self {
        Self { lon: (self.lon + HALF).rem_euclid(TURN) - HALF, ..self }
    }

    pub(super) fn point(self) -> Point {
        let v = self.canonical();
        Point { lon: v.lon as i32, lat: v.lat as i32 }
    }
}

impl From<Point> for Vertex {
    fn from(p: Point) -> Self {
        Self { lon: i64::from(p.lon), lat: i64::from(p.lat) }
    }
}

/// The two ends of a step of an edge: longitude and latitude in units of [`Point`], with fractions.
pub(super) type Ends = ([f64; 2], [f64; 2]);

/// A straight edge from `a` to `b`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Edge {
    pub(super) a: Vertex,
    pub(super) b: Vertex,
}

impl Edge {
    pub(super) fn south(&self) -> i64 {
        self.a.lat.min(self.b.lat)
    }

    pub(super) fn north(&self) -> i64 {
        self.a.lat.max(self.b.lat)
    }

    pub(super) fn west(&self) -> i64 {
        self.a.lon.min(self.b.lon)
    }

    pub(super) fn east(&self) -> i64 {
        self.a.lon.max(self.b.lon)
    }

    pub(super) fn shifted(self, by: i64) -> Self {
        let shift = |v: Vertex| Vertex { lon: v.lon + by, ..v };
        Self { a: shift(self.a), b: shift(self.b) }
    }

    /// The same edge with its western end in -180 (included) to 180 degrees.
    pub(super) fn canonical(self) -> Self {
        let west = self.west();
        self.shifted((west + HALF).rem_euclid(TURN) - HALF - west)
    }

    /// Which side of the whole straight line through the edge: `Greater` is left of travel.
    pub(super) fn side(&self, p: Vertex) -> Ordering {
        cross(self.a, self.b, p)
    }

    /// Does `p` lie exactly on the edge (ends included)?
    pub(super) fn holds(&self, p: Vertex) -> bool {
        (self.south()..=self.north()).contains(&p.lat)
            && (self.west()..=self.east()).contains(&p.lon)
            && self.side(p) == Ordering::Equal
    }

    /// `p` in the frame of longitudes of this edge.
    pub(super) fn nearby(&self, p: Point) -> Vertex {
        let mut v = Vertex::from(p);
        while v.lon - self.a.lon > HALF {
            v.lon -= TURN;
        }
        while v.lon - self.a.lon < -HALF {
            v.lon += TURN;
        }
        v
    }

    /// Do the two edges cross at a point inside both?
    pub(super) fn crosses(&self, o: &Self) -> bool {
        let opposite = |x: Ordering, y: Ordering| x != Ordering::Equal && x == y.reverse();
        opposite(self.side(o.a), self.side(o.b)) && opposite(o.side(self.a), o.side(self.b))
    }

    /// The longitude at a latitude of the edge (which must not be level).
    pub(super) fn lon_at(&self, lat: f64) -> f64 {
        // From the southern end always, so that an edge and its reverse give the same bits.
        let (s, n) = if self.a < self.b { (self.a, self.b) } else { (self.b, self.a) };
        let share = (lat - s.lat as f64) / (n.lat - s.lat) as f64;
        s.lon as f64 + (n.lon - s.lon) as f64 * share
    }

    /// The number of steps of at most 500 m (by an upper bound of the length).
    fn steps(&self) -> u32 {
        let nearest_equator = if self.south() <= 0 && self.north() >= 0 {
            0
        } else {
            self.south().abs().min(self.north().abs())
        };
        let high = (self.north() - self.south()) as f64;
        let wide = (self.east() - self.west()) as f64 * libm::cos(nearest_equator as f64 * UNIT);
        let metres = libm::sqrt(high * high + wide * wide) * UNIT * GREATEST_RADIUS;
        libm::ceil(metres / STEP).max(1.0) as u32
    }

    /// The edge cut into equal steps: their ends, in fractions of the unit of [`Point`]. A step is the same whichever
    /// way the edge is travelled.
    pub(super) fn densified(self) -> impl Iterator<Item = Ends> {
        let n = self.steps();
        let backward = self.b < self.a;
        let (s, e) = if backward { (self.b, self.a) } else { (self.a, self.b) };
        let at = move |k: u32| {
            let k = if backward { n - k } else { k };
            let share = f64::from(k) / f64::from(n);
            [s.lon as f64 + (e.lon - s.lon) as f64 * share, s.lat as f64 + (e.lat - s.lat) as f64 * share]
        };
        (0..n).map(move |k| (at(k), at(k + 1)))
    }
}

/// The turn a -> b -> c: `Greater` is to the left.
fn cross(a: Vertex, b: Vertex, c: Vertex) -> Ordering {
    let product = |x: i64, y: i64| i128::from(x) * i128::from(y);
    product(b.lon - a.lon, c.lat - a.lat).cmp(&product(b.lat - a.lat, c.lon - a.lon))
}

/// The turn from direction `u` to direction `v` (as if both started at the origin).
pub(super) fn turn(u: Vertex, v: Vertex) -> Ordering {
    cross(Vertex { lat: 0, lon: 0 }, u, v)
}

/// The vertices of a path, checked, unwrapped (each edge goes the short way round) and without repeats.
pub(super) fn unwrap(path: &[Point]) -> Result<Vec<Vertex>, ShapeError> {
    let mut out: Vec<Vertex> = Vec::with_capacity(path.len());
    for &p in path {
        let mut v = Vertex::from(p);
        if v.lat.abs() > POLE || v.lon.abs() > HALF {
            return Err(ShapeError::OffTheGlobe { at: p });
        }
        if let Some(last) = out.last() {
            v.lon = last.lon + (v.lon - last.lon + HALF).rem_euclid(TURN) - HALF;
            if v.lon - last.lon == -HALF {
                return Err(ShapeError::HalfTheGlobe { at: p });
            }
            if v == *last {
                continue;
            }
        }
        out.push(v);
    }
    Ok(out)
}

/// Edges with the places where they touch each other cut out as vertices: for every edge, its parts.
///
/// A vertex that lies exactly inside another edge cuts that edge in two, which changes no ground and no line.
pub(super) fn cut_at_touches(edges: &[Edge]) -> Vec<Vec<Edge>> {
    let mut vertices: Vec<Vertex> = edges.iter().flat_map(|e| [e.a.canonical(), e.b.canonical()]).collect();
    vertices.sort_unstable();
    vertices.dedup();
    edges
        .iter()
        .map(|e| {
            let from = vertices.partition_point(|v| v.lat < e.south());
            let to = vertices.partition_point(|v| v.lat <= e.north());
            let mut cuts: Vec<Vertex> = vertices[from..to]
                .iter()
                .flat_map(|v| [-TURN, 0, TURN].map(|s| Vertex { lon: v.lon + s, ..*v }))
                .filter(|v| *v != e.a && *v != e.b && e.holds(*v))
                .collect();
            cuts.sort_unstable_by_key(|v| ((v.lat - e.a.lat).abs(), (v.lon - e.a.lon).abs()));
            let mut parts = Vec::with_capacity(cuts.len() + 1);
            let mut a = e.a;
            for b in cuts.into_iter().chain([e.b]) {
                parts.push(Edge { a, b });
                a = b;
            }
            parts
        })
        .collect()
}

/// Join edges end to end into chains of indices, each with whether it is closed. What comes out does not depend on
/// the order of the edges: of several ways on, the one to the least far end is taken, and a closed chain starts at
/// its least vertex.
pub(super) fn chains(edges: &[Edge]) -> Vec<(Vec<usize>, bool)> {
    let mut by_start: Vec<usize> = (0..edges.len()).collect();
    by_start.sort_unstable_by_key(|&i| (edges[i].a.canonical(), edges[i].b.canonical(), i));
    let mut ends: Vec<Vertex> = edges.iter().map(|e| e.b.canonical()).collect();
    ends.sort_unstable();
    let starts_at = |v: Vertex| {
        let from = by_start.partition_point(|&i| edges[i].a.canonical() < v);
        by_start[from..].iter().copied().take_while(move |&i| edges[i].a.canonical() == v)
    };
    let mut used = alloc::vec![false; edges.len()];
    let mut out = Vec::new();
    // Open chains first, from starts that are no end of another edge; what is left is closed.
    for open in [true, false] {
        for &first in &by_start {
            let start = edges[first].a.canonical();
            if used[first] || (open && ends.binary_search(&start).is_ok()) {
                continue;
            }
            let mut chain = Vec::new();
            let mut next = Some(first);
            let mut at = start;
            while let Some(i) = next {
                used[i] = true;
                chain.push(i);
                at = edges[i].b.canonical();
                next = if at == start { None } else { starts_at(at).find(|&j| !used[j]) };
            }
            out.push((chain, at == start));
        }
    }
    out
}

/// Edges filed by bands of latitude.
#[derive(Clone, Debug)]
pub(super) struct Bands {
    south: i64,
    height: i64,
    /// `items[starts[k]..starts[k + 1]]` are the edges that reach into band k.
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Bands {
    pub(super) fn new(edges: &[Edge]) -> Self {
        let south = edges.iter().map(Edge::south).min().unwrap_or(0);
        let north = edges.iter().map(Edge::north).max().unwrap_or(0);
        let count = (edges.len() as i64).clamp(1, 1 << 14);
        let height = (north - south) / count + 1;
        let mut bands = Self { south, height, starts: alloc::vec![0; count as usize + 1], items: Vec::new() };
        for e in edges {
            for k in bands.span(e) {
                bands.starts[k + 1] += 1;
            }
        }
        for k in 0..count as usize {
            bands.starts[k + 1] += bands.starts[k];
        }
        let mut fill = bands.starts.clone();
        bands.items = alloc::vec![0; fill[count as usize] as usize];
        for (i, e) in edges.iter().enumerate() {
            for k in bands.span(e) {
                bands.items[fill[k] as usize] = i as u32;
                fill[k] += 1;
            }
        }
        bands
    }

    fn span(&self, e: &Edge) -> core::ops::RangeInclusive<usize> {
        let band = |lat: i64| ((lat - self.south) / self.height) as usize;
        band(e.south())..=band(e.north())
    }

    /// The edges that may reach a latitude, in their order.
    pub(super) fn at(&self, lat: i64) -> &[u32] {
        let k = (lat - self.south).div_euclid(self.height);
        if k < 0 || k as usize + 1 >= self.starts.len() {
            return &[];
        }
        &self.items[self.starts[k as usize] as usize..self.starts[k as usize + 1] as usize]
    }

    /// Every pair of edges that may cross, once each (the lesser index first).
    pub(super) fn pairs(&self, edges: &[Edge], mut found: impl FnMut(usize, usize)) {
        for (k, w) in self.starts.windows(2).enumerate() {
            let mut here: Vec<u32> = self.items[w[0] as usize..w[1] as usize].to_vec();
            here.sort_unstable_by_key(|&i| (edges[i as usize].west(), i));
            for (n, &i) in here.iter().enumerate() {
                let e = &edges[i as usize];
                for &j in here[n + 1..].iter().take_while(|&&j| edges[j as usize].west() <= e.east()) {
                    let o = &edges[j as usize];
                    // Only in the band where both have begun, so that a pair comes once.
                    let first = (e.south().max(o.south()) - self.south) / self.height;
                    if first as usize == k && e.south() <= o.north() && o.south() <= e.north() {
                        found(i.min(j) as usize, i.max(j) as usize);
                    }
                }
            }
        }
    }
}
