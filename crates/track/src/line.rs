//! Lines that may be crossed and zones that may be entered. A line is itself uncertain.

use crate::grid::Grid;
use alloc::vec::Vec;
use libm::sqrt;
use truce::Name;

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
    pieces: Vec<Piece>,
    index: Grid,
}

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
        let mut best: Option<(f64, f64, Beside)> = None;
        self.index.near(at, [half, half], |i| {
            let p = &self.pieces[i];
            let d = [p.to[0] - p.from[0], p.to[1] - p.from[1]];
            let length = sqrt(d[0] * d[0] + d[1] * d[1]);
            let unit = [d[0] / length, d[1] / length];
            let rel = [at[0] - p.from[0], at[1] - p.from[1]];
            let forward = (rel[0] * unit[0] + rel[1] * unit[1]).clamp(0.0, length);
            let aside = unit[0] * rel[1] - unit[1] * rel[0];
            let off = [rel[0] - forward * unit[0], rel[1] - forward * unit[1]];
            let square = off[0] * off[0] + off[1] * off[1];
            if square > reach * reach {
                return;
            }
            // Two pieces that meet are equally near to what lies beyond their corner; the one that sees it
            // more from the side knows on which side it is.
            let nearer = match &best {
                None => true,
                Some((known, known_aside, _)) => {
                    square < known - 1e-6 || (square < known + 1e-6 && libm::fabs(aside) > *known_aside)
                }
            };
            if nearer {
                let distance = if aside < 0.0 { -sqrt(square) } else { sqrt(square) };
                let left = [-unit[1], unit[0]];
                best =
                    Some((square, libm::fabs(aside), Beside { distance, along: p.before + forward, left }));
            }
        });
        best.map(|(_, _, beside)| beside)
    }
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
