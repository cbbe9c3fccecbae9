//! Ground within boundaries: zones, held ground, what a source maps.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::ellipsoid::{arc, mm, position};
use super::plane::{Bands, Edge, TURN, Vertex, chains, cut_at_touches, unwrap};
use super::segments::{self, Segments};
use super::{Path, ShapeError};
use crate::place::{Mm, Point};

/// One polygon: the first ring is its outline, the others are holes. A ring may or may not repeat its first point at
/// the end, and may run either way round.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Polygon {
    /// Outline, then holes.
    pub rings: Vec<Path>,
}

/// Where a point is with regard to a region.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Within {
    /// In it.
    Inside,
    /// Exactly on its boundary.
    On,
    /// Out of it.
    Outside,
}

/// One edge of a ring. Ground of the polygon is on the left of travel.
#[derive(Clone, Copy, Debug)]
struct Side {
    edge: Edge,
    polygon: u32,
    /// False where another polygon begins on the other side: the edge bounds nothing.
    boundary: bool,
}

/// The union of polygons, compiled for containment and distance.
///
/// An edge is straight in longitude and latitude (RFC 7946) and goes the short way round, so a ring may cross the
/// antimeridian or be cut there. Where two polygons meet along an edge, the edge is no boundary. Containment is
/// exact (integers, even-odd within a polygon). Should polygons overlap, the region is their union, and
/// [`signed_distance`](Self::signed_distance) inside the overlap is to the nearest edge drawn.
#[derive(Clone, Debug)]
pub struct Region {
    /// In every frame of longitudes that meets -180 to 180 degrees, so that a query needs no wrapping; the edges of
    /// a polygon in a row.
    sides: Vec<Side>,
    bands: Bands,
    boundary: Vec<Edge>,
    segments: Segments,
}

impl Region {
    /// Compile polygons.
    ///
    /// # Errors
    /// A [`ShapeError`] that names the place: no polygon, a ring with fewer than three corners or without ground, a
    /// ring around a pole, a point off the globe.
    pub fn new(polygons: &[Polygon]) -> Result<Self, ShapeError> {
        Self::compile(polygons, segments::SOME)
    }

    /// Like [`Region::new`], without an index for distances, which takes most of the time: for areas and containment.
    /// Distances are the same and slow.
    ///
    /// # Errors
    /// Those of [`Region::new`].
    pub fn for_areas(polygons: &[Polygon]) -> Result<Self, ShapeError> {
        Self::compile(polygons, segments::NO_TREE)
    }

    fn compile(polygons: &[Polygon], few: usize) -> Result<Self, ShapeError> {
        let mut sides = Vec::new();
        for (k, polygon) in polygons.iter().enumerate() {
            for (r, ring) in polygon.rings.iter().enumerate() {
                let edges = ring_edges(ring, r > 0)?;
                sides.extend(edges.into_iter().map(|edge| Side { edge, polygon: k as u32, boundary: true }));
            }
        }
        if sides.is_empty() {
            return Err(ShapeError::Empty);
        }
        let whole: Vec<Edge> = sides.iter().map(|s| s.edge).collect();
        let mut sides: Vec<Side> = cut_at_touches(&whole)
            .into_iter()
            .zip(&sides)
            .flat_map(|(parts, s)| parts.into_iter().map(|edge| Side { edge, ..*s }))
            .collect();
        let boundary = mark_boundary(&mut sides);
        if boundary.is_empty() {
            return Err(ShapeError::Empty);
        }
        let sides = in_all_frames(&sides);
        let bands = Bands::new(&sides.iter().map(|s| s.edge).collect::<Vec<_>>());
        let steps: Vec<_> = boundary.iter().flat_map(|e| e.densified()).collect();
        Ok(Self { sides, bands, boundary, segments: Segments::new(&steps, few) })
    }

    /// Where a point is; exact.
    pub fn contains(&self, p: Point) -> Within {
        let v = Vertex::from(p);
        let (mut inside, mut on) = (false, false);
        let (mut polygon, mut odd, mut touched) = (u32::MAX, false, false);
        for &i in self.bands.at(v.lat) {
            let side = &self.sides[i as usize];
            if side.polygon != polygon {
                inside |= odd && !touched;
                (polygon, odd, touched) = (side.polygon, false, false);
            }
            let e = &side.edge;
            if e.east() < v.lon || v.lat < e.south() || v.lat > e.north() {
                continue;
            }
            // Half open at the northern end, so that a vertex counts once.
            let crosses = v.lat < e.north();
            if e.west() > v.lon {
                odd ^= crosses;
                continue;
            }
            match e.side(v) {
                Ordering::Equal => touched |= side.boundary,
                turn => odd ^= crosses && (turn == Ordering::Greater) == (e.a.lat < e.b.lat),
            }
            on |= touched;
        }
        inside |= odd && !touched;
        match (inside, on) {
            (true, _) => Within::Inside,
            (false, true) => Within::On,
            (false, false) => Within::Outside,
        }
    }

    /// Distance to the boundary: positive inside, negative outside, 0 on it.
    pub fn signed_distance(&self, p: Point) -> Mm {
        match self.contains(p) {
            Within::On => 0,
            Within::Inside => self.distance_to_boundary(p),
            Within::Outside => -self.distance_to_boundary(p),
        }
    }

    fn distance_to_boundary(&self, p: Point) -> Mm {
        let v = position(p);
        let hit = self.segments.nearest(self.segments.cell(p), v);
        mm(arc(v, self.segments.at(&hit)))
    }

    /// The boundary as closed paths (the first point repeated at the end), ground on the left of travel, from the
    /// least vertex on. Use it as the `border` of [`Line::around_held`](super::Line::around_held).
    pub fn boundary(&self) -> Vec<Path> {
        let path = |(chain, _): (Vec<usize>, bool)| {
            let last = chain.last().map(|&i| self.boundary[i].b.point());
            chain.iter().map(|&i| self.boundary[i].a.point()).chain(last).collect()
        };
        chains(&self.boundary).into_iter().map(path).collect()
    }

    /// The number of vertices of the boundary.
    pub fn vertices(&self) -> usize {
        self.boundary.len()
    }

    pub(super) fn boundary_edges(&self) -> &[Edge] {
        &self.boundary
    }

    /// Is the boundary surely farther than `radius` metres, in space, from a point? Then all that is so near to the
    /// point is inside or all of it outside. (A step of 500 m strays less than that from its straight edge, at any
    /// latitude.)
    pub(super) fn boundary_beyond(&self, p: Point, radius: f64) -> bool {
        self.segments.nearest(self.segments.cell(p), position(p)).gap() > radius + 500.0
    }

    /// All edges with their polygons, in every frame that meets -180 to 180 degrees.
    pub(super) fn polygon_edges(&self) -> impl Iterator<Item = (u32, Edge)> {
        self.sides.iter().map(|s| (s.polygon, s.edge))
    }
}

/// The edges of a ring, closed, checked and turned so that ground is on the left.
fn ring_edges(ring: &[Point], hole: bool) -> Result<Vec<Edge>, ShapeError> {
    let Some(&first) = ring.first() else { return Err(ShapeError::NoGround { at: None }) };
    let closed: Path = ring.iter().copied().chain([first]).collect();
    let mut vertices = unwrap(&closed)?;
    let (start, end) = (vertices[0], vertices[vertices.len() - 1]);
    if start.lat == end.lat && start.lon != end.lon {
        return Err(ShapeError::AroundAPole { at: first });
    }
    let area: i128 = vertices
        .windows(2)
        .map(|w| {
            i128::from(w[0].lon - start.lon) * i128::from(w[1].lat)
                - i128::from(w[1].lon - start.lon) * i128::from(w[0].lat)
        })
        .sum();
    if area == 0 {
        return Err(ShapeError::NoGround { at: Some(first) });
    }
    if (area > 0) == hole {
        vertices.reverse();
    }
    Ok(vertices.windows(2).map(|w| Edge { a: w[0], b: w[1] }).collect())
}

/// An edge that two polygons share bounds nothing; an edge given twice bounds once. Returns the boundary, sorted.
fn mark_boundary(sides: &mut [Side]) -> Vec<Edge> {
    let key = |e: &Edge| {
        let e = e.canonical();
        (Edge { a: e.a.min(e.b), b: e.a.max(e.b) }, e.a < e.b)
    };
    let mut seen: BTreeMap<Edge, [bool; 2]> = BTreeMap::new();
    for s in sides.iter() {
        let (edge, forward) = key(&s.edge);
        seen.entry(edge).or_default()[usize::from(forward)] = true;
    }
    for s in sides.iter_mut() {
        s.boundary = seen.get(&key(&s.edge).0) != Some(&[true, true]);
    }
    let mut boundary: Vec<Edge> = sides.iter().filter(|s| s.boundary).map(|s| s.edge.canonical()).collect();
    boundary.sort_unstable();
    boundary.dedup();
    boundary
}

/// Copies of each polygon, as a whole, for all frames of longitude in which it meets -180 to 180 degrees.
fn in_all_frames(sides: &[Side]) -> Vec<Side> {
    let half = TURN / 2;
    let mut out = Vec::with_capacity(sides.len());
    for polygon in sides.chunk_by(|x, y| x.polygon == y.polygon) {
        let west = polygon.iter().map(|s| s.edge.west()).min().unwrap_or(0);
        let east = polygon.iter().map(|s| s.edge.east()).max().unwrap_or(0);
        for turns in -2..=2 {
            let by = turns * TURN;
            if west + by <= half && east + by >= -half {
                out.extend(polygon.iter().map(|s| Side { edge: s.edge.shifted(by), ..*s }));
            }
        }
    }
    out
}
