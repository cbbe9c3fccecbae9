//! Lines of contact: which side, how far, and where along the line.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::ellipsoid::{Vector, arc, mm, position, surface};
use super::plane::{Bands, Edge, Ends, TURN, Vertex, chains, cut_at_touches, turn, unwrap};
use super::region::{Region, Within};
use super::segments::{self, Cell, Hit, Segments};
use super::{Path, ShapeError};
use crate::place::{METRE, Mm, Point};

/// On which side of a line a point is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Side {
    /// Left of the direction in which the line is drawn; in a line around held ground, the held side.
    Left,
    /// Right of it; in a line around held ground, the other side.
    Right,
    /// On the line, to half a millimetre.
    On,
    /// Beyond what the source maps, or straight on from an open end.
    Undetermined,
}

impl Side {
    /// The other side; what is on the line or undetermined stays so.
    pub fn opposite(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
            same => same,
        }
    }
}

/// The place of a line that is nearest to a point.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Nearest {
    /// Distance, 0 or more.
    pub distance: Mm,
    /// On which side the point is.
    pub side: Side,
    /// How far along the line, all pieces in order, its nearest place is.
    pub chainage: Mm,
    /// In which piece, from 0.
    pub piece: usize,
}

impl Nearest {
    /// Distance with a sign: positive on the left, negative on the right, 0 on the line; `None` if undetermined.
    pub fn signed(&self) -> Option<Mm> {
        match self.side {
            Side::Left => Some(self.distance),
            Side::Right => Some(-self.distance),
            Side::On => Some(0),
            Side::Undetermined => None,
        }
    }

    /// "Within `reach` of the line, on side `side`": the line itself belongs to both sides. `None` when near enough,
    /// but the side is undetermined.
    pub fn is_within(&self, reach: Mm, side: Side) -> Option<bool> {
        match self.side {
            _ if self.distance > reach => Some(false),
            Side::Undetermined => None,
            Side::On => Some(true),
            own => Some(own == side),
        }
    }
}

/// What [`Line::around_held`] makes a line of contact of.
#[derive(Clone, Debug)]
pub struct HeldGround<'a> {
    /// The ground that one side holds.
    pub held: Arc<Region>,
    /// All ground that the source maps, held or not; beyond it nothing is known.
    pub mapped: Arc<Region>,
    /// Where `mapped` includes the sea (as administrative boundaries do, up to 12 nautical miles): the sea. It may be
    /// drawn coarsely and reach inland over held ground; only the boundary of held ground must come to lie right.
    pub sea: Option<Arc<Region>>,
    /// State borders and coasts: there the boundary of held ground is no line of contact. A closed path repeats its
    /// first point (see [`Region::boundary`]).
    pub border: &'a [Path],
    /// How far apart the boundary of held ground and the border may be drawn.
    pub tolerance: Mm,
    /// Open pieces shorter than this are dropped: where two maps draw coast or border differently.
    pub least_piece: Mm,
}

/// A line of contact of one or several pieces, compiled.
///
/// An edge is straight in longitude and latitude (RFC 7946), cut into steps of at most 500 m, each of which is a
/// geodesic of WGS84. Distances are within 1 m of the exact ones up to 200 km from the line (5 cm in the tests).
#[derive(Clone, Debug)]
pub struct Line {
    edges: Vec<Edge>,
    steps: Vec<Step>,
    segments: Segments,
    /// Metres along the line before each step, and the length at the end.
    before: Vec<f64>,
    /// The first step of each piece.
    pieces: Vec<usize>,
    sides: Sides,
}

/// A part of an edge, at most 500 m long; ends in units of [`Point`].
#[derive(Clone, Copy, Debug)]
struct Step {
    edge: usize,
    from: [f64; 2],
    to: [f64; 2],
}

/// How to tell the sides apart.
#[derive(Clone, Debug)]
enum Sides {
    /// By the direction of the nearest edge. For each edge, its corners at both ends.
    Drawn { corners: Vec<[Corner; 2]> },
    /// By containment. For each leaf of the tree, the side if all of it has the same.
    Held { grounds: Grounds, leaves: Vec<Option<Side>> },
}

/// What a point sees for which a vertex of the line is nearest.
///
/// All edges at such a vertex lead away from the point, into one half-plane, so the point is in the one sector
/// between them that is wider than a half-turn. Its side is a fact of the vertex alone, found with integers: no
/// angles, no weights, and right for salients of any sharpness and for lines that touch themselves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Corner {
    /// The wide sector is on this side.
    Wide(Side),
    /// No sector is wider than a half-turn, or an open end: ask the nearest edge.
    Edge,
}

impl Line {
    /// A line as drawn, piece by piece: left and right are those of someone who travels along it. A closed piece
    /// repeats its first point at the end. It may touch itself, as long as left and right stay told apart. Beyond an
    /// open end the sides are those of the last edge, drawn on.
    ///
    /// # Errors
    /// A [`ShapeError`] that names the place: no edge at all, a point off the globe, the line crosses, overlaps or
    /// branches from itself (left of one edge would be right of another).
    pub fn drawn(pieces: &[Path]) -> Result<Self, ShapeError> {
        let mut edges = Vec::new();
        let mut starts = Vec::new();
        for path in pieces {
            let vertices = unwrap(path)?;
            if vertices.len() > 1 {
                starts.push(edges.len());
                edges.extend(vertices.windows(2).map(|w| Edge { a: w[0], b: w[1] }));
            }
        }
        let parts = cut_at_touches(&edges);
        let pieces: Vec<Vec<Edge>> = starts
            .iter()
            .zip(starts.iter().skip(1).chain([&edges.len()]))
            .map(|(&from, &to)| parts[from..to].concat())
            .collect();
        refuse_crossings(&pieces.concat())?;
        let corners = corners(&pieces.concat())?;
        let steps = pieces.iter().map(|piece| whole_steps(piece)).collect();
        Self::compile(pieces, steps, Sides::Drawn { corners })
    }

    /// The line of contact around held ground: the boundary of the ground held, less what lies within the tolerance
    /// of the border, less what has no mapped ground on the other side (in the sea, or outside what is mapped). Held
    /// ground is on the left.
    ///
    /// Decided for each step of at most 500 m by its middle. Open pieces shorter than `least_piece` are dropped: they are
    /// what is left of the border where two maps draw it differently; so are closed ones shorter than the tolerance:
    /// specks finer than the map.
    /// Pieces are in the order of their middles along the straight line from the start to the end of the longest
    /// piece, so that chainage runs along the front whatever the order of polygons in the file.
    ///
    /// The side of a point is by containment: in held ground it is left; in the sea or outside what is mapped it is
    /// undetermined; else it is right.
    ///
    /// # Errors
    /// [`ShapeError::NoContact`] when nothing is left; [`ShapeError::OffTheGlobe`] or [`ShapeError::HalfTheGlobe`]
    /// for a bad point of the border.
    pub fn around_held(ground: &HeldGround<'_>) -> Result<Self, ShapeError> {
        let HeldGround { held, mapped, sea, border, tolerance, least_piece } = ground.clone();
        let near_border = NearBorder::new(border, tolerance)?;
        let grounds = Grounds { held: held.clone(), mapped, sea };
        let boundary = held.boundary_edges();
        let mut pieces: Vec<Vec<(Edge, Steps)>> = Vec::new();
        for (chain, closed) in chains(boundary) {
            let mut steps: Vec<(Edge, Ends, bool)> = Vec::new();
            for &i in &chain {
                steps.extend(boundary[i].densified().map(|step| {
                    let middle = middle(step);
                    let contact = grounds.is_mapped(middle) && !near_border.holds(middle);
                    (boundary[i], step, contact)
                }));
            }
            // A closed chain starts where the line is broken, so that no piece is cut at an arbitrary vertex.
            let gap = steps.iter().position(|s| !s.2);
            if let (true, Some(gap)) = (closed, gap) {
                steps.rotate_left(gap);
            }
            for run in steps.chunk_by(|x, y| x.2 == y.2).filter(|run| run[0].2) {
                let length: f64 = run.iter().map(|s| step_length(s.1)).sum();
                let whole = closed && gap.is_none();
                if mm(length) < if whole { tolerance } else { least_piece } {
                    continue;
                }
                pieces.push(
                    run.chunk_by(|x, y| x.0 == y.0)
                        .map(|of| (of[0].0, of.iter().map(|s| s.1).collect()))
                        .collect(),
                );
            }
        }
        in_order_along_the_front(&mut pieces);
        let (edges, steps) = pieces.into_iter().map(|piece| piece.into_iter().unzip()).unzip();
        let sides = Sides::Held { grounds, leaves: Vec::new() };
        Self::compile(edges, steps, sides).map(Self::with_leaves).map_err(|e| match e {
            ShapeError::Empty => ShapeError::NoContact,
            other => other,
        })
    }

    /// From the edges of each piece and the steps of each edge.
    fn compile(edges: Vec<Vec<Edge>>, steps: Vec<Vec<Steps>>, sides: Sides) -> Result<Self, ShapeError> {
        let mut flat: Vec<Step> = Vec::new();
        let mut pieces = Vec::new();
        let mut edge = 0;
        for piece in &steps {
            pieces.push(flat.len());
            for of_edge in piece {
                flat.extend(of_edge.iter().map(|&(from, to)| Step { edge, from, to }));
                edge += 1;
            }
        }
        if flat.is_empty() {
            return Err(ShapeError::Empty);
        }
        let ends: Vec<_> = flat.iter().map(|s| (s.from, s.to)).collect();
        let mut before = Vec::with_capacity(flat.len() + 1);
        let mut sum = 0.0;
        for &step in &ends {
            before.push(sum);
            sum += step_length(step);
        }
        before.push(sum);
        Ok(Self {
            edges: edges.concat(),
            steps: flat,
            segments: Segments::new(&ends, segments::FEW),
            before,
            pieces,
            sides,
        })
    }

    /// Note for each leaf of the tree the side, if neither boundary comes near it.
    fn with_leaves(mut self) -> Self {
        if let Sides::Held { grounds, leaves } = &mut self.sides {
            *leaves = self.segments.tag(None, |centre, radius| {
                grounds.all().all(|g| g.boundary_beyond(centre, radius)).then(|| grounds.side(centre))
            });
        }
        self
    }

    /// The nearest place of the line, and on which side of it `p` is.
    pub fn nearest(&self, p: Point) -> Nearest {
        let cell = self.segments.cell(p);
        let v = position(p);
        let hit = self.segments.nearest(cell, v);
        self.describe(p, v, cell, &hit)
    }

    fn describe(&self, p: Point, v: Vector, cell: Option<Cell>, hit: &Hit) -> Nearest {
        let i = hit.segment;
        let mut distance = mm(arc(v, self.segments.at(hit)));
        if distance < METRE && self.touches(i, p) {
            distance = 0;
        }
        let side = match &self.sides {
            _ if distance == 0 => Side::On,
            Sides::Drawn { corners } => self.side_drawn(corners, p, v, hit, distance),
            Sides::Held { grounds, leaves } => {
                cell.and_then(|c| leaves[Segments::index(c)]).unwrap_or_else(|| grounds.side(p))
            }
        };
        let along = self.before[i] + (self.before[i + 1] - self.before[i]) * hit.share;
        Nearest { distance, side, chainage: mm(along), piece: self.piece_of(i) }
    }

    /// Does `p` lie exactly on the edge of a step, the one before or the one after?
    fn touches(&self, step: usize, p: Point) -> bool {
        let edge = self.steps[step].edge;
        let near = edge.saturating_sub(1)..(edge + 2).min(self.edges.len());
        // An edge may be kept in part only; then the steps that are kept decide by their distance, not this.
        self.edges[near].iter().any(|e| e.holds(e.nearby(p)))
    }

    fn side_drawn(&self, corners: &[[Corner; 2]], p: Point, v: Vector, hit: &Hit, distance: Mm) -> Side {
        let i = hit.segment;
        let edge = self.steps[i].edge;
        let starts = i == 0 || self.steps[i - 1].edge != edge;
        let ends = i + 1 == self.steps.len() || self.steps[i + 1].edge != edge;
        let corner = match hit.share {
            0.0 if starts => corners[edge][0],
            1.0 if ends => corners[edge][1],
            _ => Corner::Edge,
        };
        if let Corner::Wide(side) = corner {
            return side;
        }
        let e = &self.edges[edge];
        let left = self.segments.left(i, v);
        let turn = if distance < METRE {
            // So near, the difference between the straight edge and its geodesic steps matters: ask the edge.
            e.side(e.nearby(p))
        } else if mm(left) == 0 {
            Ordering::Equal
        } else {
            left.total_cmp(&0.0)
        };
        match turn {
            Ordering::Greater => Side::Left,
            Ordering::Less => Side::Right,
            Ordering::Equal => Side::Undetermined,
        }
    }

    fn piece_of(&self, step: usize) -> usize {
        self.pieces.partition_point(|&first| first <= step) - 1
    }

    /// Length of all pieces.
    pub fn length(&self) -> Mm {
        mm(self.before[self.steps.len()])
    }

    /// The point at a chainage (cut to 0 and the length).
    pub fn at(&self, chainage: Mm) -> Point {
        let metres = chainage as f64 / 1000.0;
        let i = self.before.partition_point(|&b| b <= metres).clamp(1, self.steps.len()) - 1;
        let (Step { from, to, .. }, length) = (&self.steps[i], self.before[i + 1] - self.before[i]);
        let share = if length > 0.0 { ((metres - self.before[i]) / length).clamp(0.0, 1.0) } else { 0.0 };
        let at = |k: usize| libm::round(from[k] + (to[k] - from[k]) * share) as i64;
        Vertex { lon: at(0), lat: at(1) }.point()
    }

    /// The pieces as paths, in order: the corners of the drawn edges, without the steps between.
    pub fn pieces(&self) -> Vec<Path> {
        let ends = self.pieces.iter().skip(1).copied().chain([self.steps.len()]);
        let round =
            |at: [f64; 2]| Vertex { lon: libm::round(at[0]) as i64, lat: libm::round(at[1]) as i64 }.point();
        let path = |(&from, to): (&usize, usize)| {
            let steps = &self.steps[from..to];
            let corners = steps.chunk_by(|x, y| x.edge == y.edge).map(|of| round(of[0].from));
            corners.chain(steps.last().map(|s| round(s.to))).collect()
        };
        self.pieces.iter().zip(ends).map(path).collect()
    }

    /// Where each piece begins: its chainage.
    pub fn starts(&self) -> Vec<Mm> {
        self.pieces.iter().map(|&first| mm(self.before[first])).collect()
    }
}

/// The steps of one edge.
type Steps = Vec<Ends>;

fn whole_steps(edges: &[Edge]) -> Vec<Steps> {
    edges.iter().map(|e| e.densified().collect()).collect()
}

fn step_length((from, to): Ends) -> f64 {
    arc(surface(from[0], from[1]), surface(to[0], to[1]))
}

fn middle((from, to): Ends) -> Point {
    let half = |k: usize| libm::round((from[k] + to[k]) / 2.0) as i64;
    Vertex { lon: half(0), lat: half(1) }.point()
}

/// The regions that decide the side by containment.
#[derive(Clone, Debug)]
struct Grounds {
    held: Arc<Region>,
    mapped: Arc<Region>,
    sea: Option<Arc<Region>>,
}

impl Grounds {
    fn all(&self) -> impl Iterator<Item = &Region> {
        [&self.held, &self.mapped].into_iter().chain(&self.sea).map(|r| &**r)
    }

    /// Mapped, and not sea.
    fn is_mapped(&self, p: Point) -> bool {
        self.mapped.contains(p) != Within::Outside
            && self.sea.as_ref().is_none_or(|sea| sea.contains(p) == Within::Outside)
    }

    fn side(&self, p: Point) -> Side {
        if self.held.contains(p) != Within::Outside {
            Side::Left
        } else if self.is_mapped(p) {
            Side::Right
        } else {
            Side::Undetermined
        }
    }
}

/// What lies near a border.
struct NearBorder {
    segments: Segments,
    metres: f64,
}

impl NearBorder {
    fn new(border: &[Path], tolerance: Mm) -> Result<Self, ShapeError> {
        let mut steps = Vec::new();
        for path in border {
            for w in unwrap(path)?.windows(2) {
                steps.extend(Edge { a: w[0], b: w[1] }.densified());
            }
        }
        Ok(Self { segments: Segments::new(&steps, segments::NO_TREE), metres: tolerance as f64 / 1000.0 })
    }

    fn holds(&self, p: Point) -> bool {
        self.segments.len() > 0
            && self.segments.nearest(self.segments.cell(p), position(p)).gap() <= self.metres
    }
}

/// See [`Line::around_held`].
fn in_order_along_the_front(pieces: &mut Vec<Vec<(Edge, Steps)>>) {
    struct Piece {
        length: f64,
        start: [f64; 2],
        middle: [f64; 2],
        end: [f64; 2],
    }
    let measure = |piece: &[(Edge, Steps)]| {
        let steps: Vec<_> = piece.iter().flat_map(|(_, s)| s.iter().copied()).collect();
        let length: f64 = steps.iter().map(|&s| step_length(s)).sum();
        Piece { length, start: steps[0].0, middle: steps[steps.len() / 2].0, end: steps[steps.len() - 1].1 }
    };
    let measured: Vec<Piece> = pieces.iter().map(|p| measure(p)).collect();
    let key = |p: &Piece| (mm(p.length), p.start.map(|x| libm::round(x) as i64));
    let Some(longest) = measured.iter().max_by_key(|p| key(p)) else { return };
    let place = |at: [f64; 2]| surface(at[0], at[1]);
    // A closed front has no direction of its own: take west to east.
    let axis = match place(longest.end) - place(longest.start) {
        none if mm(none.length()) == 0 => {
            place([longest.start[0] + 1e5, longest.start[1]]) - place(longest.start)
        }
        some => some,
    };
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    order.sort_by_key(|&i| (mm(place(measured[i].middle).dot(axis) / axis.length()), key(&measured[i])));
    let mut old: Vec<_> = core::mem::take(pieces).into_iter().map(Some).collect();
    pieces.extend(order.into_iter().filter_map(|i| old[i].take()));
}

/// A line whose edges cross has no sides.
fn refuse_crossings(edges: &[Edge]) -> Result<(), ShapeError> {
    let mut all: Vec<Edge> = edges.iter().map(|e| e.canonical()).collect();
    // What reaches beyond the antimeridian meets, a turn further west, what begins there.
    let beyond: Vec<Edge> = all.iter().filter(|e| e.east() >= TURN / 2).map(|e| e.shifted(-TURN)).collect();
    all.extend(beyond);
    let mut worst: Option<Vertex> = None;
    Bands::new(&all).pairs(&all, |i, j| {
        if all[i].crosses(&all[j]) {
            let at = all[i].a.min(all[j].a).canonical();
            worst = Some(worst.map_or(at, |w| w.min(at)));
        }
    });
    worst.map_or(Ok(()), |at| Err(ShapeError::Crosses { near: at.point() }))
}

/// One end of an edge, seen from a vertex: where the edge leads, and whether it leaves or arrives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Ray {
    to: Vertex,
    leaves: bool,
    edge: usize,
}

impl Ray {
    /// The side just counter-clockwise of the ray.
    fn ahead(&self) -> Side {
        if self.leaves { Side::Left } else { Side::Right }
    }

    /// Counter-clockwise order from due east (longitude as x), exact.
    fn order(&self, o: &Self) -> Ordering {
        let half = |v: Vertex| (v.lat, v.lon) < (0, 0);
        half(self.to).cmp(&half(o.to)).then_with(|| turn(o.to, self.to))
    }
}

/// The corners of each edge. The parts of edges that touch must end there (see `cut_at_touches`).
fn corners(edges: &[Edge]) -> Result<Vec<[Corner; 2]>, ShapeError> {
    let mut ends: Vec<(Vertex, Ray)> = Vec::with_capacity(2 * edges.len());
    for (edge, e) in edges.iter().enumerate() {
        let way = |from: Vertex, to: Vertex| Vertex { lat: to.lat - from.lat, lon: to.lon - from.lon };
        ends.push((e.a.canonical(), Ray { to: way(e.a, e.b), leaves: true, edge }));
        ends.push((e.b.canonical(), Ray { to: way(e.b, e.a), leaves: false, edge }));
    }
    ends.sort_by(|x, y| x.0.cmp(&y.0).then_with(|| x.1.order(&y.1)).then(x.1.edge.cmp(&y.1.edge)));
    let mut out = alloc::vec![[Corner::Edge; 2]; edges.len()];
    for star in ends.chunk_by(|x, y| x.0 == y.0) {
        let at = star[0].0.point();
        if star.len() == 1 {
            continue; // an open end
        }
        let mut wide = Corner::Edge;
        for (k, (_, ray)) in star.iter().enumerate() {
            let next = &star[(k + 1) % star.len()].1;
            if ray.order(next) == Ordering::Equal {
                return Err(ShapeError::Overlaps { at });
            }
            // The sector from `ray` to `next` must look the same from both.
            if ray.ahead() != next.ahead().opposite() {
                return Err(ShapeError::Branches { at });
            }
            if turn(ray.to, next.to) == Ordering::Less {
                wide = Corner::Wide(ray.ahead());
            }
        }
        for (_, ray) in star {
            out[ray.edge][usize::from(!ray.leaves)] = wide;
        }
    }
    Ok(out)
}
