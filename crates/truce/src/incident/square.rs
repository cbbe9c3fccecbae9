//! Squares of ground: how the work of linking is divided without changing its result.

use super::Linking;
use super::ground::{Disc, TURN, scale, units_east, units_north};
use crate::place::{DEGREE, Mm, Place, Point};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

/// A piece of ground of one degree by one degree. The grid is part of the algorithm: it does not depend on
/// how many machines there are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Square {
    /// Degrees from 180 W to the western edge, 0 to 359.
    pub column: i16,
    /// Latitude of the southern edge in degrees, -90 to 89.
    pub row: i16,
}

impl Square {
    /// Home of observations whose source does not say where. They link with nothing.
    pub const NOWHERE: Self = Self { column: -1, row: i16::MIN };

    /// The square that an observation is at home in, by the middle of its place.
    pub fn of(place: &Place) -> Self {
        Self::home(Disc::of(place))
    }

    pub(super) fn home(disc: Option<Disc>) -> Self {
        let Some(disc) = disc else { return Self::NOWHERE };
        Self {
            column: ((disc.centre.lon.div_euclid(DEGREE)) + 180).clamp(0, 359) as i16,
            row: disc.centre.lat.div_euclid(DEGREE).clamp(-90, 89) as i16,
        }
    }

    /// All squares, this one included, whose observations can have a say in the incidents that are anchored
    /// in this one: those within [`Linking::halo`].
    pub fn halo(self, linking: &Linking) -> Vec<Self> {
        if self == Self::NOWHERE {
            return Vec::from([self]);
        }
        let Bounds { south, north, side, .. } = self.bounds(linking.halo());
        let side = side.map_or(180, |units| units / SIDE + 1).min(180) as i16;
        let (south, north) = (south.div_euclid(SIDE).max(-90) as i16, north.div_euclid(SIDE).min(89) as i16);
        let rows = south..=north;
        let mut squares: Vec<_> = rows
            .flat_map(|row| {
                (-side..=side).map(move |step| Self { column: (self.column + step).rem_euclid(360), row })
            })
            .collect();
        squares.sort_unstable();
        squares.dedup();
        squares
    }

    /// Bounds of all that is at most `margin` away.
    fn bounds(self, margin: Mm) -> Bounds {
        let units = units_north(margin, scale(0).1);
        let (south, north) = (i64::from(self.row) * SIDE - units, (i64::from(self.row) + 1) * SIDE + units);
        // A degree of longitude is shortest at the edge that is nearer to a pole.
        let narrowest = scale(south.max(-90 * SIDE)).0.min(scale(north.min(90 * SIDE)).0);
        Bounds {
            west: (i64::from(self.column) - 180) * SIDE,
            side: units_east(margin, narrowest),
            south,
            north,
        }
    }
}

/// Length of a side, in units of [`Point`].
const SIDE: i64 = DEGREE as i64;

/// A square with a margin, in units of [`Point`].
struct Bounds {
    /// The western edge of the square itself.
    west: i64,
    /// The margin to the west and to the east; `None`: all the way round.
    side: Option<i64>,
    /// The southern edge, the margin included.
    south: i64,
    /// The northern edge, the margin included.
    north: i64,
}

impl Bounds {
    fn hold(&self, point: Point) -> bool {
        let east = (i64::from(point.lon) - self.west).rem_euclid(TURN);
        (self.south..=self.north).contains(&i64::from(point.lat))
            && self.side.is_none_or(|side| east <= SIDE + side || east >= TURN - side)
    }
}

/// The ground of some squares, and as much around it as can have a say in it: of the squares around, only what is
/// near enough.
pub(super) struct Halo(BTreeMap<Square, Vec<Bounds>>);

impl Halo {
    pub(super) fn new(squares: &BTreeSet<Square>, linking: &Linking) -> Self {
        let mut near: BTreeMap<Square, Vec<Bounds>> = BTreeMap::new();
        for square in squares {
            for other in square.halo(linking) {
                let bounds = near.entry(other).or_default();
                // What is at home in the squares themselves is near in any case.
                if !squares.contains(&other) {
                    bounds.push(square.bounds(linking.halo()));
                }
            }
        }
        Self(near)
    }

    /// May what is at home in a square, in this place, have a say?
    pub(super) fn holds(&self, home: Square, disc: Option<Disc>) -> bool {
        let near = |bounds: &Vec<Bounds>| {
            bounds.is_empty() || disc.is_none_or(|disc| bounds.iter().any(|one| one.hold(disc.centre)))
        };
        self.0.get(&home).is_some_and(near)
    }
}
