//! The nearest of many short segments, in space.
//!
//! Every segment is a chord of at most 500 m, so its deepest point is 5 mm under the ellipsoid and the nearest chord
//! is the nearest geodesic step to well under the 1 m that is promised. A tree of squares of ground keeps, for each
//! square, the segments that can be nearest to some point in it; dropped are only those that are provably farther
//! than another in all of the square. So the tree changes the speed and never the answer.

use alloc::vec::Vec;

use super::ellipsoid::{GREATEST_RADIUS, UNIT, Vector, point, surface};
use super::plane::{Ends, TURN};
use crate::place::{DEGREE, Point};

/// Squares are cut in four until few segments can be nearest in them (how few is the caller's choice: fewer is faster
/// to ask and slower to build), ...
pub(super) const FEW: usize = 16;
/// A choice for what is asked less often.
pub(super) const SOME: usize = 64;
/// No squares at all: for what is asked a few thousand times only.
pub(super) const NO_TREE: usize = usize::MAX;
/// ... or they are this small (2^13 units of [`Point`]: 91 m of latitude), ...
const SMALLEST: u32 = 13;
/// ... or their radius is less than this share of the distance to the line, where cutting gains little.
const FAR: f64 = 1.0 / 16.0;
/// The tree reaches this far beyond the segments (units of latitude: 280 km); farther points take the slow way.
const MARGIN: i64 = 5 * DEGREE as i64 / 2;
/// Segments per bounding sphere, for the slow way.
const CHUNK: usize = 32;
/// Slack for rounding in all comparisons that prune, in metres.
const SLACK: f64 = 1e-3;

#[derive(Clone, Debug)]
struct Segment {
    a: Vector,
    along: Vector,
    /// 1 / length squared; 0 for a segment without length.
    inverse: f64,
}

impl Segment {
    /// The share of the way along, and the square of the distance there.
    #[inline]
    fn nearest(&self, p: Vector) -> (f64, f64) {
        let d = p - self.a;
        let t = (d.dot(self.along) * self.inverse).clamp(0.0, 1.0);
        let rest = d - self.along * t;
        (t, rest.dot(rest))
    }

    fn at(&self, share: f64) -> Vector {
        self.a + self.along * share
    }
}

/// A sphere around [`CHUNK`] segments in a row.
#[derive(Clone, Debug)]
struct Sphere {
    centre: Vector,
    radius: f64,
}

/// A square of the tree. `runs == INNER`: its four quarters are the nodes from `first` on; else a leaf, whose
/// candidates are `runs` ranges of segments from `first` on.
#[derive(Clone, Copy, Debug)]
struct Node {
    first: u32,
    runs: u32,
}

const INNER: u32 = u32::MAX;

/// The nearest segment to a point.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Hit {
    /// Of those equally near, the first.
    pub(super) segment: usize,
    /// Share of the way along it, 0 to 1.
    pub(super) share: f64,
    /// Square of the distance in space.
    squared: f64,
}

impl Hit {
    /// The distance in space, in metres.
    pub(super) fn gap(&self) -> f64 {
        libm::sqrt(self.squared)
    }
}

/// A leaf of the tree, for facts that hold in all of a square.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Cell(usize);

#[derive(Clone, Debug)]
pub(super) struct Segments {
    list: Vec<Segment>,
    spheres: Vec<Sphere>,
    west: i64,
    south: i64,
    /// The side of the root is 2 to this power.
    root: u32,
    nodes: Vec<Node>,
    runs: Vec<(u32, u32)>,
}

impl Segments {
    /// From the ends of the segments, longitude and latitude in units of [`Point`]; `few` is how many may be left in
    /// a square of the tree.
    pub(super) fn new(ends: &[Ends], few: usize) -> Self {
        let list: Vec<Segment> = ends
            .iter()
            .map(|(a, b)| {
                let a = surface(a[0], a[1]);
                let along = surface(b[0], b[1]) - a;
                let squared = along.dot(along);
                Segment { a, along, inverse: if squared > 0.0 { 1.0 / squared } else { 0.0 } }
            })
            .collect();
        let spheres = list
            .chunks(CHUNK)
            .map(|chunk| {
                let sum = chunk.iter().fold(Vector { x: 0.0, y: 0.0, z: 0.0 }, |s, e| s + e.a);
                let centre = sum * (1.0 / chunk.len() as f64);
                let reach = |v: Vector| (v - centre).length();
                let radius = chunk.iter().fold(0.0, |r: f64, e| r.max(reach(e.a)).max(reach(e.a + e.along)));
                Sphere { centre, radius }
            })
            .collect();
        let (west, south, root) = frame(ends);
        let nodes = alloc::vec![Node { first: 0, runs: 0 }];
        let mut new = Self { list, spheres, west, south, root, nodes, runs: Vec::new() };
        if few == NO_TREE {
            new.nodes.clear();
        } else {
            let all: Vec<u32> = (0..new.list.len() as u32).collect();
            new.grow(0, (west, south, root), few, &all);
        }
        new
    }

    /// Build the square `node` with its lower left corner and side; `candidates` are those of the square around it.
    fn grow(&mut self, node: usize, (west, south, size): (i64, i64, u32), few: usize, candidates: &[u32]) {
        let square = Square::new(west, south, size);
        let hits: Vec<(f64, f64)> =
            candidates.iter().map(|&i| self.list[i as usize].nearest(square.centre)).collect();
        let (best, (share, squared)) =
            hits.iter().enumerate().fold((0, (0.0, f64::INFINITY)), |best, (k, &hit)| {
                if hit.1 < best.1.1 { (k, hit) } else { best }
            });
        let (nearest, radius) = (libm::sqrt(squared), square.radius);
        let limit = nearest + 2.0 * radius + SLACK;
        let rival = candidates.get(best).map(|&i| square.rival(self.list[i as usize].at(share)));
        let kept: Vec<u32> = candidates
            .iter()
            .zip(&hits)
            .filter(|&(&i, &(share, squared))| {
                squared <= limit * limit
                    && !rival.as_ref().is_some_and(|r| r.beats(&square, self.list[i as usize].at(share)))
            })
            .map(|(&i, _)| i)
            .collect();
        if kept.len() <= few || size <= SMALLEST || radius < nearest * FAR {
            let first = self.runs.len();
            for &i in &kept {
                match self.runs[first..].last_mut() {
                    // A gap of two is cheaper to search than to jump.
                    Some((_, end)) if i - *end <= 2 => *end = i + 1,
                    _ => self.runs.push((i, i + 1)),
                }
            }
            self.nodes[node] = Node { first: first as u32, runs: (self.runs.len() - first) as u32 };
            return;
        }
        let first = self.nodes.len();
        self.nodes[node] = Node { first: first as u32, runs: INNER };
        self.nodes.extend([Node { first: 0, runs: 0 }; 4]);
        let half = 1 << (size - 1);
        for quarter in 0..4 {
            let (x, y) = (west + half * (quarter & 1), south + half * (quarter >> 1));
            self.grow(first + quarter as usize, (x, y, size - 1), few, &kept);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// The leaf that holds a point, if the tree reaches there.
    pub(super) fn cell(&self, p: Point) -> Option<Cell> {
        let x = (i64::from(p.lon) - self.west).rem_euclid(TURN);
        let y = i64::from(p.lat) - self.south;
        if self.nodes.is_empty() || y < 0 || x >> self.root != 0 || y >> self.root != 0 {
            return None;
        }
        let (mut node, mut size) = (0, self.root);
        while self.nodes[node].runs == INNER {
            size -= 1;
            node = self.nodes[node].first as usize + ((x >> size & 1) | (y >> size & 1) << 1) as usize;
        }
        Some(Cell(node))
    }

    /// The nearest segment to `v`, which is the place of a point in `cell`.
    pub(super) fn nearest(&self, cell: Option<Cell>, v: Vector) -> Hit {
        let Some(Cell(leaf)) = cell else { return self.nearest_far(v) };
        let Node { first, runs } = self.nodes[leaf];
        let mut best = Hit { segment: 0, share: 0.0, squared: f64::INFINITY };
        for &(from, to) in &self.runs[first as usize..(first + runs) as usize] {
            self.search(from as usize, to as usize, v, &mut best);
        }
        best
    }

    #[inline]
    fn search(&self, from: usize, to: usize, v: Vector, best: &mut Hit) {
        for (i, segment) in self.list[from..to].iter().enumerate() {
            let (share, squared) = segment.nearest(v);
            if squared < best.squared {
                *best = Hit { segment: from + i, share, squared };
            }
        }
    }

    /// Without the tree: by bounding spheres.
    fn nearest_far(&self, v: Vector) -> Hit {
        let gap = |s: &Sphere| (v - s.centre).length();
        let sure = self.spheres.iter().fold(f64::INFINITY, |m, s| m.min(gap(s) + s.radius)) + SLACK;
        let mut best = Hit { segment: 0, share: 0.0, squared: f64::INFINITY };
        for (k, sphere) in self.spheres.iter().enumerate() {
            if gap(sphere) - sphere.radius <= sure {
                self.search(k * CHUNK, self.list.len().min((k + 1) * CHUNK), v, &mut best);
            }
        }
        best
    }

    /// Without any index.
    #[cfg(test)]
    pub(super) fn nearest_of_all(&self, v: Vector) -> Hit {
        let mut best = Hit { segment: 0, share: 0.0, squared: f64::INFINITY };
        self.search(0, self.list.len(), v, &mut best);
        best
    }

    /// Where on the ellipsoid a hit is.
    pub(super) fn at(&self, hit: &Hit) -> Vector {
        self.list[hit.segment].at(hit.share).lifted()
    }

    /// How far `v` is to the left (positive) of a segment and its extension, in metres or so.
    pub(super) fn left(&self, segment: usize, v: Vector) -> f64 {
        let s = &self.list[segment];
        let left = s.a.cross(s.along);
        let length = left.length();
        if length > 0.0 { left.dot(v - s.a) / length } else { 0.0 }
    }

    /// A value for every node, computed for the leaves from its centre and a radius in metres that reaches all of it.
    pub(super) fn tag<T: Copy>(&self, none: T, mut fact: impl FnMut(Point, f64) -> T) -> Vec<T> {
        let mut out = alloc::vec![none; self.nodes.len()];
        let mut open = alloc::vec![(0usize, self.west, self.south, self.root)];
        while let Some((node, west, south, size)) = open.pop() {
            let Node { first, runs } = self.nodes[node];
            if runs == INNER {
                let half = 1i64 << (size - 1);
                for quarter in 0..4i64 {
                    let (x, y) = (west + half * (quarter & 1), south + half * (quarter >> 1));
                    open.push((first as usize + quarter as usize, x, y, size - 1));
                }
            } else {
                let Square { centre, radius, .. } = Square::new(west, south, size);
                out[node] = fact(point(centre), radius + 0.1);
            }
        }
        out
    }

    /// Index of the value of a cell among those of [`tag`](Self::tag).
    pub(super) fn index(cell: Cell) -> usize {
        cell.0
    }
}

/// A square of ground, in space.
struct Square {
    centre: Vector,
    /// Reaches all of it from the centre: a straight path in longitude and latitude is no shorter than the chord.
    radius: f64,
    corners: [Vector; 4],
    /// No point of the square is farther than this from the hull of the corners (the error of bilinear
    /// interpolation: an eighth of the second derivatives times the sides squared).
    bulge: f64,
}

impl Square {
    fn new(west: i64, south: i64, size: u32) -> Self {
        let side = (1i64 << size) as f64;
        let pole = (TURN / 4) as f64;
        let (west, low) = (west as f64, south as f64);
        let (east, high) = (west + side, low + side);
        let nearest_equator =
            if low <= 0.0 && high >= 0.0 { 0.0 } else { low.abs().min(high.abs()).min(pole) };
        let narrowing = libm::cos(nearest_equator * UNIT);
        let (tall, wide) = (side * UNIT, side * UNIT * narrowing);
        let at = |lon: f64, lat: f64| surface(lon, lat.clamp(-pole, pole));
        Self {
            centre: at(west + side / 2.0, low + side / 2.0),
            radius: 0.5 * GREATEST_RADIUS * libm::sqrt(tall * tall + wide * wide),
            corners: [at(west, low), at(east, low), at(west, high), at(east, high)],
            // 2 % more than the greatest radius: along a meridian the radius itself changes.
            bulge: 0.125 * 1.02 * GREATEST_RADIUS * (tall * tall + side * UNIT * wide),
        }
    }

    /// The place on some segment that is nearest to the centre.
    fn rival(&self, at: Vector) -> Rival {
        Rival { distances: self.corners.map(|c| (c - at).length()) }
    }
}

/// A place on a segment, by its distances from the corners of a square.
struct Rival {
    distances: [f64; 4],
}

impl Rival {
    /// Is this place, in all of the square, nearer than a segment whose place nearest to the centre is `at`?
    ///
    /// The plane through `at` across the way to the centre has the whole segment behind it, so the height above it
    /// is at most the distance to the segment. Distance to the rival less that height is convex, hence greatest at
    /// a corner.
    fn beats(&self, square: &Square, at: Vector) -> bool {
        let way = square.centre - at;
        let length = way.length();
        length > 0.0
            && self.distances.iter().zip(&square.corners).all(|(distance, corner)| {
                *distance + 2.0 * square.bulge + SLACK < (*corner - at).dot(way) / length
            })
    }
}

/// The lower left corner and the size of the root square: around all segments and [`MARGIN`] more, in that of two
/// frames of longitude (cut at 180 or at 0 degrees) in which they are closer together.
fn frame(ends: &[Ends]) -> (i64, i64, u32) {
    let mut spans = [(i64::MAX, i64::MIN); 2];
    let (mut south, mut north) = (i64::MAX, i64::MIN);
    for [lon, lat] in ends.iter().flat_map(|(a, b)| [*a, *b]) {
        let (lon, lat) = (libm::floor(lon) as i64, libm::floor(lat) as i64);
        for (cut, span) in [-TURN / 2, 0].into_iter().zip(&mut spans) {
            let lon = (lon - cut).rem_euclid(TURN) + cut;
            *span = (span.0.min(lon), span.1.max(lon));
        }
        (south, north) = (south.min(lat), north.max(lat));
    }
    if ends.is_empty() {
        return (0, 0, SMALLEST);
    }
    let (west, east) = if spans[0].1 - spans[0].0 <= spans[1].1 - spans[1].0 { spans[0] } else { spans[1] };
    let flattest = south.abs().max(north.abs()) as f64 * UNIT;
    let wider = (MARGIN as f64 / libm::cos(flattest).max(0.05)) as i64;
    let (high, wide) = (north - south + 2 * MARGIN, (east - west + 2 * wider).min(TURN));
    let mut root = SMALLEST;
    while (1i64 << root) < high.max(wide) {
        root += 1;
    }
    let side = 1i64 << root;
    ((west + east - side) / 2, (south + north - side) / 2, root)
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::vec::Vec;

    use proptest::prelude::*;

    use super::super::ellipsoid::position;
    use super::super::plane::{Edge, Ends, Vertex};
    use super::*;

    /// A jagged line of `n` edges from somewhere, any latitude, any longitude.
    fn jagged() -> impl Strategy<Value = Vec<Ends>> {
        let step = (-400_000i64..400_000, -400_000i64..400_000);
        (-1_800_000_000i64..=1_800_000_000, -880_000_000i64..=880_000_000, prop::collection::vec(step, 1..60))
            .prop_map(|(lon, lat, steps)| {
                let mut at = Vertex { lon, lat };
                let mut out = Vec::new();
                for (dx, dy) in steps {
                    let to = Vertex { lon: at.lon + dx, lat: (at.lat + dy).clamp(-900_000_000, 900_000_000) };
                    out.extend(Edge { a: at, b: to }.densified());
                    at = to;
                }
                out
            })
    }

    fn near(ends: &[Ends], k: usize, dx: f64, dy: f64) -> Point {
        let [lon, lat] = ends[k % ends.len()].0;
        let v = Vertex { lon: (lon + dx) as i64, lat: (lat + dy).clamp(-9e8, 9e8) as i64 };
        v.point()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(120) })]

        /// The tree gives what the search of all segments gives: the same segment, share and distance, bit for bit,
        /// on the line (ties at vertices), near it and far from it.
        #[test]
        fn tree_is_exact(
            ends in jagged(),
            few in prop::sample::select(&[1usize, 4, FEW, SOME][..]),
            places in prop::collection::vec((any::<usize>(), -1.0f64..1.0, -1.0f64..1.0, 0u32..9), 60),
        ) {
            let tree = Segments::new(&ends, few);
            for (k, x, y, scale) in places {
                // From exactly a vertex to half-way round the Earth.
                let reach = if scale == 0 { 0.0 } else { libm::exp10(f64::from(scale)) * 10.0 };
                let p = near(&ends, k, x * reach, y * reach);
                let v = position(p);
                prop_assert_eq!(tree.nearest(tree.cell(p), v), tree.nearest_of_all(v));
                prop_assert_eq!(tree.nearest(None, v), tree.nearest_of_all(v));
            }
        }
    }

    /// Were the tree never asked, or a single leaf, the test above would say nothing.
    #[test]
    fn tree_is_used() {
        let edge = Edge {
            a: Vertex { lon: 300_000_000, lat: 480_000_000 },
            b: Vertex { lon: 330_000_000, lat: 470_000_000 },
        };
        let ends: Vec<_> = edge.densified().collect();
        let tree = Segments::new(&ends, FEW);
        assert!(tree.nodes.len() > 1000);
        let p = Point { lon: 315_000_000, lat: 476_000_000 };
        let Some(Cell(leaf)) = tree.cell(p) else { panic!("the tree must reach a point near the line") };
        assert!(tree.nodes[leaf].runs != INNER && tree.nodes[leaf].runs > 0);
        assert_eq!(tree.cell(Point { lon: -1_000_000_000, lat: 0 }), None);
    }

    /// What holds for the centre of a square and its radius holds in all of it: no point of the square is farther from
    /// the centre, or higher above a plane than the corners and the bulge allow.
    #[test]
    fn squares_hold_their_points() {
        for size in [13u32, 18, 22, 26, 29] {
            for south in [-900_000_000i64, -500_000_000, -1_000, 300_000_000, 700_000_000, 890_000_000] {
                let square = Square::new(1_790_000_000, south, size);
                for i in 0..=8i64 {
                    for j in 0..=8i64 {
                        let lat = south + (j << size) / 8;
                        if lat > 900_000_000 {
                            continue;
                        }
                        let v = surface((1_790_000_000 + (i << size) / 8) as f64, lat as f64);
                        assert!((v - square.centre).length() <= square.radius + 1e-6);
                        for k in 0..26 {
                            let axis = Vector {
                                x: f64::from(k % 3) - 1.0,
                                y: f64::from(k / 3 % 3) - 1.0,
                                z: f64::from(k / 9) - 1.0,
                            };
                            if axis.length() > 0.0 {
                                let axis = axis * (1.0 / axis.length());
                                let top = square.corners.iter().fold(f64::MIN, |m, c| m.max(c.dot(axis)));
                                assert!(
                                    v.dot(axis) <= top + square.bulge + 1e-6,
                                    "size {size} south {south} {i} {j}"
                                );
                            }
                        }
                    }
                }
            }
        }
    }
}
