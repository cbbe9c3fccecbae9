//! An agreement's lines and zones, compiled: where a place lies among them, and how surely.

use crate::Name;
use crate::agreement::{Agreement, Course, Extent, Where};
use crate::geodesy::{Line, Nearest, Region, ShapeError, Side, destination};
use crate::place::{Level, Mm, Place, Point};
use alloc::vec::Vec;

/// An agreement's lines and zones.
pub struct Ground {
    fronts: Vec<Front>,
    zones: Vec<(Name, Zone)>,
    reference: usize,
}

/// A line with the parties on its sides.
pub struct Front {
    id: Name,
    /// The line.
    pub line: Line,
    left: Name,
    right: Name,
}

enum Zone {
    Drawn(Region),
    FromLine { front: usize, sides: Vec<Name>, beyond: Mm, within: Mm },
}

/// Which line or zone cannot be compiled, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GroundError {
    /// The shape of a line or zone.
    Shape {
        /// Its id.
        id: Name,
        /// What is wrong with it.
        why: ShapeError,
    },
    /// A line is to be derived from a map of held ground, and there is none of its day.
    NoMap {
        /// Id of the line.
        id: Name,
        /// The data source that the agreement names.
        data: Name,
    },
}

impl core::fmt::Display for GroundError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Shape { id, why } => write!(f, "\"{id}\" cannot be compiled: {why}"),
            Self::NoMap { id, data } => {
                write!(
                    f,
                    "the line \"{id}\" is derived from a map by \"{data}\", and no map of its day was read"
                )
            }
        }
    }
}

impl Ground {
    /// Compiles lines and zones. `derived` gives, by id, the lines that are derived from maps of held ground.
    ///
    /// # Errors
    /// The first line or zone that cannot be compiled.
    pub fn compile(
        agreement: &Agreement,
        derived: &dyn Fn(&str) -> Option<Line>,
    ) -> Result<Self, GroundError> {
        let mut fronts = Vec::new();
        for line in &agreement.lines {
            let id = line.id.clone();
            fronts.push(match &line.course {
                Course::Drawn { lines, left, right } => {
                    let line =
                        Line::drawn(lines).map_err(|why| GroundError::Shape { id: id.clone(), why })?;
                    Front { id, line, left: left.clone(), right: right.clone() }
                }
                Course::HeldGround { data, held_by, across } => {
                    let no_map = || GroundError::NoMap { id: id.clone(), data: data.clone() };
                    let line = derived(&id).ok_or_else(no_map)?;
                    Front { id, line, left: held_by.clone(), right: across.clone() }
                }
                Course::NotKnown { .. } => continue,
            });
        }
        // A line whose course is not known has no front; a zone drawn from it holds no place for sure.
        let front_of = |id: &Name| fronts.iter().position(|front: &Front| front.id == *id);
        let mut zones = Vec::new();
        for zone in &agreement.zones {
            let compiled = match &zone.extent {
                Extent::Drawn(polygons) => Region::new(polygons)
                    .map(Zone::Drawn)
                    .map_err(|why| GroundError::Shape { id: zone.id.clone(), why })?,
                Extent::Around { .. } | Extent::Sites { .. } => continue,
                Extent::FromLine { line, sides, beyond, within, .. } => {
                    let Some(front) = front_of(line) else { continue };
                    Zone::FromLine { front, sides: sides.clone(), beyond: *beyond, within: *within }
                }
            };
            zones.push((zone.id.clone(), compiled));
        }
        let reference = agreement.lines.iter().find(|line| line.reference);
        let reference = reference.and_then(|line| front_of(&line.id)).unwrap_or(fronts.len());
        Ok(Self { fronts, zones, reference })
    }

    /// All lines whose course is known, in the order of the agreement.
    pub fn fronts(&self) -> &[Front] {
        &self.fronts
    }

    /// The reference line, for the kilometre scale; none where the agreement has no line.
    pub fn reference(&self) -> Option<&Front> {
        self.fronts.get(self.reference)
    }

    /// Where a place lies.
    pub fn locate(&self, place: &Place) -> Located {
        let Some(near) = Near::of(place) else { return Located::default() };
        let nearest: Vec<Nearest> = self.fronts.iter().map(|front| front.line.nearest(near.centre)).collect();
        let zones = self
            .zones
            .iter()
            .map(|(id, zone)| {
                let permille = match zone {
                    Zone::Drawn(region) => {
                        Some(beyond_permille(region.signed_distance(near.centre), near.sigma))
                    }
                    Zone::FromLine { front, sides, beyond, within } => {
                        let front_line = &self.fronts[*front];
                        band_permille(front_line, nearest[*front], near.sigma, sides, *beyond, *within)
                    }
                };
                (id.clone(), permille)
            })
            .collect();
        Located { near: Some(near), reference: nearest.get(self.reference).copied(), zones }
    }
}

/// Where a place lies among an agreement's lines and zones.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Located {
    /// The place as a point with an error; `None` where it is not known, or no better than a country.
    pub near: Option<Near>,
    /// The nearest place of the reference line.
    pub reference: Option<Nearest>,
    /// Probability of lying in each zone, permille; `None` where the side of the line is undetermined.
    zones: Vec<(Name, Option<u16>)>,
}

impl Located {
    /// Probability of lying where a clause holds, permille; `None` where that cannot be told.
    pub fn inside_permille(&self, place: &Where) -> Option<u16> {
        match place {
            Where::Anywhere => Some(1_000),
            Where::Zone(id) => self.zones.iter().find(|(zone, _)| zone == id)?.1,
            Where::Sites => None,
        }
    }
}

/// A best point with an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Near {
    /// The best point.
    pub centre: Point,
    /// One sigma in every direction; for an ellipse that of its long axis, so that nothing looks surer than it is.
    pub sigma: Mm,
}

impl Near {
    /// What a place amounts to. An area's radius is taken as two sigma; the half-extent of a sector as the
    /// half-width of a uniform distribution, which is the square root of three sigma.
    pub fn of(place: &Place) -> Option<Self> {
        match place {
            Place::Point { at, error } => Some(Self { centre: *at, sigma: error.major }),
            Place::Sector { from, bearing, half_width, near, far } => {
                let middle = (near + far) / 2;
                let across =
                    libm::sin(f64::from(*half_width).min(9_000.0) / 18_000.0 * core::f64::consts::PI);
                let half = libm::fmax(((far - near) / 2) as f64, *far as f64 * across);
                let sigma = libm::round(half / libm::sqrt(3.0)) as Mm;
                Some(Self { centre: destination(*from, *bearing, middle), sigma })
            }
            Place::Area { level: Level::Country, .. } | Place::Unknown => None,
            Place::Area { centre, radius, .. } => Some(Self { centre: *centre, sigma: radius / 2 }),
        }
    }
}

impl Front {
    /// Id of the line.
    pub fn id(&self) -> &Name {
        &self.id
    }

    /// The party on whose side a nearest place was found; `None` on the line or where undetermined.
    pub fn party(&self, side: Side) -> Option<&Name> {
        match side {
            Side::Left => Some(&self.left),
            Side::Right => Some(&self.right),
            Side::On | Side::Undetermined => None,
        }
    }
}

/// Probability that a place lies between two distances from a line on the sides of some parties.
fn band_permille(
    front: &Front,
    at: Nearest,
    sigma: Mm,
    sides: &[Name],
    beyond: Mm,
    within: Mm,
) -> Option<u16> {
    let signed = at.signed()?;
    let on = |party: &Name| if *party == front.left { 1 } else { -1 };
    let sum: i64 = sides
        .iter()
        .map(|party| {
            let depth = signed * on(party);
            i64::from(beyond_permille(depth - beyond, sigma))
                - i64::from(beyond_permille(depth - within - 1, sigma))
        })
        .sum();
    Some(sum.clamp(0, 1_000) as u16)
}

/// Probability that a place with error `sigma` lies on the positive side of a boundary that is `margin` away,
/// permille: the normal distribution across a boundary that is straight at the scale of the error.
pub fn beyond_permille(margin: Mm, sigma: Mm) -> u16 {
    if sigma <= 0 {
        return if margin >= 0 { 1_000 } else { 0 };
    }
    let z = margin as f64 / sigma as f64;
    libm::round(500.0 * libm::erfc(-z / core::f64::consts::SQRT_2)) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::KM;

    #[test]
    fn a_place_on_the_boundary_is_even_odds_and_a_far_one_is_sure() {
        assert_eq!(beyond_permille(0, KM), 500);
        assert_eq!(beyond_permille(2 * KM, KM), 977);
        assert_eq!(beyond_permille(-2 * KM, KM), 23);
        assert_eq!(beyond_permille(-1, 0), 0);
        assert_eq!(beyond_permille(400 * KM, KM), 1_000);
    }
}
