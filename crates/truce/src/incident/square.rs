//! Squares of ground: how the work of linking is divided without changing its result.

use super::Linking;
use super::ground::{Disc, scale, units_east, units_north};
use crate::place::{DEGREE, Place};
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
        let degree = i64::from(DEGREE);
        let margin = units_north(linking.halo(), scale(0).1);
        let south = (i64::from(self.row) * degree - margin).max(-90 * degree);
        let north = ((i64::from(self.row) + 1) * degree + margin).min(90 * degree);
        // A degree of longitude is shortest at the edge that is nearer to a pole.
        let narrowest = scale(south).0.min(scale(north).0);
        let side =
            units_east(linking.halo(), narrowest).map_or(180, |units| units / degree + 1).min(180) as i16;
        let rows = south.div_euclid(degree) as i16..=north.div_euclid(degree).min(89) as i16;
        let mut squares: Vec<_> = rows
            .flat_map(|row| {
                (-side..=side).map(move |step| Self { column: (self.column + step).rem_euclid(360), row })
            })
            .collect();
        squares.sort_unstable();
        squares.dedup();
        squares
    }
}
