//! Lines that may be crossed and zones that may be entered. A line is itself uncertain.

use crate::grid::Grid;
use alloc::vec;
use alloc::vec::Vec;
use libm::sqrt;
use truce::Name;
use truce::time::Time;

/// Longest piece of a line in the index, m.
const PIECE: f64 = 1_000.0;

/// A line of contact in the plane. Left and right are as seen along it from its first point.
pub struct Line {
    /// What it is called.
    pub name: Name,
    /// What lies to its left and right.
    pub sides: [Name; 2],
    /// How far the line as drawn may be from the line as held: one sigma, m.
    pub sigma: f64,
    /// Is it the rim of a zone (left is inside)?
    pub closed: bool,
    /// It holds from this moment on, and before that one. Outside it is no line: nothing crosses it.
    holds: [Time; 2],
    pieces: Vec<Piece>,
    index: Grid,
    /// Boxes about runs of [`RUN`] pieces, and about pairs of boxes: the first stands at 1, the two in box `n` at `2 n` and
    /// `2 n + 1`.
    boxes: Vec<[f64; 4]>,
}

/// Pieces in the smallest box.
const RUN: usize = 8;

impl core::fmt::Debug for Line {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Line({}, {} pieces)", self.name, self.pieces.len())
    }
}

/// A straight piece.
#[derive(Clone, Copy)]
struct Piece {
    from: [f64; 2],
    to: [f64; 2],
    /// Length of the line before it.
    before: f64,
}

/// A place as seen from one piece.
struct Seen<'a> {
    piece: &'a Piece,
    /// Distance from the piece, squared.
    square: f64,
    /// Distance from the piece, carried on straight at both ends; to the left above zero.
    aside: f64,
    forward: f64,
    unit: [f64; 2],
}

impl Piece {
    fn seen(&self, at: [f64; 2]) -> Seen<'_> {
        let d = [self.to[0] - self.from[0], self.to[1] - self.from[1]];
        let length = sqrt(d[0] * d[0] + d[1] * d[1]);
        let unit = [d[0] / length, d[1] / length];
        let rel = [at[0] - self.from[0], at[1] - self.from[1]];
        let forward = (rel[0] * unit[0] + rel[1] * unit[1]).clamp(0.0, length);
        let aside = unit[0] * rel[1] - unit[1] * rel[0];
        let off = [rel[0] - forward * unit[0], rel[1] - forward * unit[1]];
        Seen { piece: self, square: off[0] * off[0] + off[1] * off[1], aside, forward, unit }
    }
}

impl Seen<'_> {
    /// Two pieces that meet are equally near to what lies beyond their corner; the one that sees it
    /// more from the side knows on which side it is.
    fn nearer(&self, known: Option<&Self>) -> bool {
        known.is_none_or(|known| {
            self.square < known.square - 1e-6
                || (self.square < known.square + 1e-6 && libm::fabs(self.aside) > libm::fabs(known.aside))
        })
    }

    fn beside(&self) -> Beside {
        let distance = if self.aside < 0.0 { -sqrt(self.square) } else { sqrt(self.square) };
        let left = [-self.unit[1], self.unit[0]];
        Beside { distance, along: self.piece.before + self.forward, left }
    }
}

/// Where a place lies by a line.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Beside {
    /// Distance, m: above zero to the left, below zero to the right.
    pub distance: f64,
    /// How far along the line, m.
    pub along: f64,
    /// Unit vector to the left.
    pub left: [f64; 2],
}

impl Line {
    /// A line through points; `None` if it has no length or a point is not finite.
    pub fn new(name: &str, sides: [&str; 2], sigma: f64, points: &[[f64; 2]]) -> Option<Self> {
        let finite = points.iter().flatten().all(|v| v.is_finite());
        if !finite || sigma < 0.0 || !sigma.is_finite() {
            return None;
        }
        let mut pieces = Vec::new();
        let mut before = 0.0;
        for pair in points.windows(2) {
            let ([ax, ay], [bx, by]) = (pair[0], pair[1]);
            let length = sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay));
            if length == 0.0 {
                continue;
            }
            let parts = libm::ceil(length / PIECE).max(1.0);
            for n in 0..parts as usize {
                let at = |n: f64| [ax + (bx - ax) * n / parts, ay + (by - ay) * n / parts];
                pieces.push(Piece {
                    from: at(n as f64),
                    to: at(n as f64 + 1.0),
                    before: before + length * n as f64 / parts,
                });
            }
            before += length;
        }
        if pieces.is_empty() {
            return None;
        }
        let middles: Vec<[f64; 2]> =
            pieces.iter().map(|p| [(p.from[0] + p.to[0]) / 2.0, (p.from[1] + p.to[1]) / 2.0]).collect();
        Some(Self {
            name: Name::from(name),
            sides: sides.map(Name::from),
            sigma,
            closed: false,
            holds: [Time(i64::MIN), Time(i64::MAX)],
            boxes: boxes(&pieces),
            pieces,
            index: Grid::new(&middles, 2.0 * PIECE),
        })
    }

    /// The rim of a zone. The order of its points does not matter.
    pub fn zone(name: &str, sigma: f64, points: &[[f64; 2]]) -> Option<Self> {
        let area: f64 = (0..points.len())
            .map(|i| {
                let (a, b) = (points[i], points[(i + 1) % points.len()]);
                a[0] * b[1] - a[1] * b[0]
            })
            .sum();
        let mut ring: Vec<[f64; 2]> = points.to_vec();
        if area < 0.0 {
            ring.reverse();
        }
        ring.push(*ring.first()?);
        let mut line = Self::new(name, ["inside", "outside"], sigma, &ring)?;
        line.closed = true;
        Some(line)
    }

    /// The same line, which holds from one moment on and before another: a version of a line that was moved. Who stays
    /// where he is while a line moves over him has crossed nothing.
    #[must_use]
    pub fn holding(self, from: Time, before: Time) -> Self {
        Self { holds: [from, before], ..self }
    }

    /// Since when it holds.
    pub(crate) fn since(&self) -> Time {
        self.holds[0]
    }

    /// Does it hold at this moment?
    pub fn holds_at(&self, moment: Time) -> bool {
        (self.holds[0]..self.holds[1]).contains(&moment)
    }

    /// The next moment at which it begins or ceases to hold.
    pub(crate) fn changes_after(&self, moment: Time) -> Option<Time> {
        self.holds.into_iter().find(|change| *change > moment)
    }

    /// The point so far along the line, m; `None` beyond its ends.
    pub fn at(&self, along: f64) -> Option<[f64; 2]> {
        let next = self.pieces.partition_point(|p| p.before <= along);
        let p = self.pieces.get(next.checked_sub(1)?)?;
        let (dx, dy) = (p.to[0] - p.from[0], p.to[1] - p.from[1]);
        let length = sqrt(dx * dx + dy * dy);
        let part = (along - p.before) / length;
        (part <= 1.0 + 1e-9).then(|| [p.from[0] + part * dx, p.from[1] + part * dy])
    }

    /// Is the place inside the zone of which this is the rim? (Crossings of a ray; of no use on the rim itself.)
    pub fn holds(&self, at: [f64; 2]) -> bool {
        let crossed = |p: &&Piece| {
            let above = p.from[1] > at[1];
            above != (p.to[1] > at[1]) && {
                let part = (at[1] - p.from[1]) / (p.to[1] - p.from[1]);
                p.from[0] + part * (p.to[0] - p.from[0]) > at[0]
            }
        };
        self.closed && self.pieces.iter().filter(crossed).count() % 2 == 1
    }

    /// Where a place lies, if it is within `reach` metres of the line.
    pub fn beside(&self, at: [f64; 2], reach: f64) -> Option<Beside> {
        let half = reach + PIECE / 2.0;
        let mut best: Option<Seen<'_>> = None;
        self.index.near(at, [half, half], |i| {
            let seen = self.pieces[i].seen(at);
            if seen.square <= reach * reach && seen.nearer(best.as_ref()) {
                best = Some(seen);
            }
        });
        best.map(|seen| seen.beside())
    }

    /// Where a place lies, however far away it is: the boxes that cannot hold the nearest piece are left out.
    pub fn nearest(&self, at: [f64; 2]) -> Beside {
        let leaves = self.boxes.len() / 2;
        let mut best = self.pieces[0].seen(at);
        // Each box leaves at most one other behind, and there are no more than 64 one in another.
        let mut open = [(1_usize, 0.0_f64); 64];
        let mut count = 1;
        while count > 0 {
            count -= 1;
            let (node, square) = open[count];
            if square > best.square + 1e-6 {
                continue;
            }
            if node >= leaves {
                let from = (node - leaves) * RUN;
                for piece in self.pieces.iter().skip(from).take(RUN) {
                    let seen = piece.seen(at);
                    if seen.nearer(Some(&best)) {
                        best = seen;
                    }
                }
                continue;
            }
            let away = |node: usize| {
                let [west, south, east, north] = self.boxes[node];
                let x = (west - at[0]).max(at[0] - east).max(0.0);
                let y = (south - at[1]).max(at[1] - north).max(0.0);
                (node, x * x + y * y)
            };
            let (one, other) = (away(2 * node), away(2 * node + 1));
            let (near, far) = if one.1 <= other.1 { (one, other) } else { (other, one) };
            open[count] = far;
            open[count + 1] = near;
            count += 2;
        }
        best.beside()
    }

    /// Length, m.
    pub fn length(&self) -> f64 {
        self.pieces.last().map_or(0.0, |p| {
            let (dx, dy) = (p.to[0] - p.from[0], p.to[1] - p.from[1]);
            p.before + sqrt(dx * dx + dy * dy)
        })
    }
}

/// Boxes about runs of pieces, west, south, east and north, and about those; see [`Line`].
fn boxes(pieces: &[Piece]) -> Vec<[f64; 4]> {
    const NOWHERE: [f64; 4] = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    let both = |a: [f64; 4], b: [f64; 4]| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])];
    let leaves = pieces.len().div_ceil(RUN).next_power_of_two();
    let mut boxes = vec![NOWHERE; 2 * leaves];
    for (leaf, run) in pieces.chunks(RUN).enumerate() {
        let ends = run.iter().flat_map(|p| [p.from, p.to]);
        boxes[leaves + leaf] = ends.fold(NOWHERE, |all, [x, y]| both(all, [x, y, x, y]));
    }
    for node in (1..leaves).rev() {
        boxes[node] = both(boxes[2 * node], boxes[2 * node + 1]);
    }
    boxes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_of_a_bent_line() {
        let line =
            Line::new("l", ["north", "south"], 10.0, &[[0.0, 0.0], [5_000.0, 0.0], [5_000.0, -4_000.0]])
                .unwrap();
        let side = |x, y| line.beside([x, y], 3_000.0).unwrap().distance;
        assert_eq!(side(2_000.0, 700.0), 700.0);
        assert_eq!(side(2_000.0, -700.0), -700.0);
        assert!(side(5_300.0, 400.0) > 0.0, "beyond the corner is left");
        assert!((side(5_300.0, 400.0) - 500.0).abs() < 1e-6);
        assert!(side(4_900.0, -300.0) < 0.0);
        assert_eq!(line.beside([20_000.0, 0.0], 3_000.0), None);
        assert_eq!(line.at(7_000.0), Some([5_000.0, -2_000.0]));
        assert_eq!((line.at(-1.0), line.at(9_500.0)), (None, None));
        assert!((line.beside([5_100.0, -2_000.0], 500.0).unwrap().along - 7_000.0).abs() < 1e-6);
    }

    /// The boxes give what a look at every piece gives, however far away, also on a line that winds.
    #[test]
    fn the_nearest_is_the_nearest() {
        let points: Vec<[f64; 2]> = (0..900)
            .map(|i| {
                let t = f64::from(i);
                [
                    700.0 * t + 9_000.0 * libm::sin(t * 0.7),
                    20_000.0 * libm::sin(t * 0.031) + 300.0 * (t % 3.0),
                ]
            })
            .collect();
        for count in [2, 7, 40, 900] {
            let line = Line::new("l", ["a", "b"], 0.0, &points[..count]).unwrap();
            for i in 0..400 {
                let at = [f64::from(i * 7_919 % 700) * 1e3 - 3e4, f64::from(i * 104_729 % 160) * 1e3 - 8e4];
                let mut best = line.pieces[0].seen(at);
                for piece in &line.pieces {
                    let seen = piece.seen(at);
                    if seen.nearer(Some(&best)) {
                        best = seen;
                    }
                }
                let (all, found) = (best.beside(), line.nearest(at));
                assert!((all.distance - found.distance).abs() < 1e-3, "{count} {at:?}: {all:?} {found:?}");
                if let Some(beside) = line.beside(at, 30_000.0) {
                    assert!((beside.distance - found.distance).abs() < 1e-3);
                }
            }
            assert!((line.nearest(points[count - 1]).along - line.length()).abs() < 1e-3);
        }
    }

    #[test]
    fn inside_is_left_whatever_the_order() {
        let square = [[0.0, 0.0], [0.0, 3_000.0], [3_000.0, 3_000.0], [3_000.0, 0.0]];
        let mut other = square;
        other.reverse();
        for points in [square, other] {
            let zone = Line::zone("z", 0.0, &points).unwrap();
            assert_eq!(zone.beside([1_000.0, 400.0], 2_000.0).unwrap().distance, 400.0);
            assert_eq!(zone.beside([1_000.0, -400.0], 2_000.0).unwrap().distance, -400.0);
            assert!(
                zone.holds([1_000.0, 400.0]) && !zone.holds([1_000.0, -400.0]) && !zone.holds([-5.0, 4.0])
            );
        }
        assert!(Line::new("l", ["a", "b"], 1.0, &[[0.0, 0.0], [0.0, 0.0]]).is_none());
        assert!(Line::new("l", ["a", "b"], f64::NAN, &[[0.0, 0.0], [1.0, 0.0]]).is_none());
    }
}
