//! An agreement's lines and zones, compiled: where a place lies among them, and how surely.

mod positions;

pub use positions::Positions;

use crate::Name;
use crate::agreement::{Agreement, Course, Extent, Site, Where};
use crate::geodesy::{Line, Nearest, Region, ShapeError, Side, destination, distance};
use crate::observation::{Belongs, Target};
use crate::place::{KM, Level, Mm, Place, Point};
use crate::time::{Micros, Span, Time};
use alloc::vec::Vec;

/// An agreement's lines and zones.
pub struct Ground {
    fronts: Vec<Front>,
    /// Later versions of the fronts: the front, since when, and its line then, if its course is known.
    versions: Vec<(usize, Time, Option<Line>)>,
    zones: Vec<(Name, Zone)>,
    sites: Vec<Site>,
    site_radius: Mm,
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
    FromLine { front: usize, own: Vec<(Name, usize)>, sides: Vec<Name>, beyond: Mm, within: Mm },
    Around { class: Name, within: Mm, fresh: Micros },
    Sites { classes: Vec<Target>, within: Mm },
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
    /// Compiles lines and zones. `derived` gives, by id, the lines that are derived from maps of held ground; a
    /// later version of a line is asked for as `ID@DATE`.
    ///
    /// # Errors
    /// The first line or zone that cannot be compiled.
    pub fn compile(
        agreement: &Agreement,
        derived: &dyn Fn(&str) -> Option<Line>,
    ) -> Result<Self, GroundError> {
        let compiled = |id: &Name, of: &str, course: &Course| match course {
            Course::Drawn { lines, .. } => {
                Line::drawn(lines).map(Some).map_err(|why| GroundError::Shape { id: id.clone(), why })
            }
            Course::HeldGround { data, .. } => {
                derived(of).map(Some).ok_or_else(|| GroundError::NoMap { id: id.clone(), data: data.clone() })
            }
            Course::NotKnown { .. } => Ok(None),
        };
        let (mut fronts, mut versions) = (Vec::new(), Vec::new());
        for line in &agreement.lines {
            let id = line.id.clone();
            let (left, right) = line.course.sides();
            let (left, right) = (left.clone(), right.clone());
            // A line whose course is not known has no front; how far a place is from it is not known.
            let Some(course) = compiled(&id, &id, &line.course)? else { continue };
            let number = fronts.len();
            fronts.push(Front { line: course, id: id.clone(), left, right });
            for version in &line.versions {
                let of = version_id(&id, version.date);
                versions.push((number, version.since, compiled(&id, &of, &version.course)?));
            }
        }
        let front_of = |id: &Name| fronts.iter().position(|front: &Front| front.id == *id);
        let mut zones = Vec::new();
        for zone in &agreement.zones {
            let compiled = match &zone.extent {
                Extent::Drawn(polygons) => Region::new(polygons)
                    .map(Zone::Drawn)
                    .map_err(|why| GroundError::Shape { id: zone.id.clone(), why })?,
                Extent::FromLine { line, sides, beyond, within, own } => {
                    let own: Option<Vec<_>> =
                        own.iter().map(|(party, line)| Some((party.clone(), front_of(line)?))).collect();
                    let (Some(front), Some(own)) = (front_of(line), own) else { continue };
                    Zone::FromLine { front, own, sides: sides.clone(), beyond: *beyond, within: *within }
                }
                Extent::Around { class, within, fresh } => {
                    Zone::Around { class: class.clone(), within: *within, fresh: *fresh }
                }
                Extent::Sites { classes, within } => {
                    Zone::Sites { classes: classes.clone(), within: *within }
                }
            };
            zones.push((zone.id.clone(), compiled));
        }
        let reference = agreement.lines.iter().find(|line| line.reference);
        let reference = reference.and_then(|line| front_of(&line.id)).unwrap_or(fronts.len());
        let sites = agreement.sites.clone().unwrap_or_default();
        Ok(Self { fronts, versions, zones, sites, site_radius: agreement.site_radius, reference })
    }

    /// All lines whose course is known, in the order of the agreement.
    pub fn fronts(&self) -> &[Front] {
        &self.fronts
    }

    /// The versions of a front, in order of time: since when each counts, and where it runs, if that is known. The first counts
    /// from the beginning.
    pub fn versions(&self, front: usize) -> impl Iterator<Item = (Time, Option<&Line>)> {
        let first = self.fronts.get(front).map(|front| (Time(i64::MIN), Some(&front.line)));
        let later = self.versions.iter().filter(move |(of, ..)| *of == front);
        first.into_iter().chain(later.map(|(_, since, line)| (*since, line.as_ref())))
    }

    /// The reference line, for the kilometre scale; none where the agreement has no line.
    pub fn reference(&self) -> Option<&Front> {
        self.fronts.get(self.reference)
    }

    /// Where a place lies, at no time in particular: by the first version of each line.
    pub fn locate(&self, place: &Place) -> Located {
        self.locate_at(place, Span::at(Time(i64::MIN)), &Positions::default())
    }

    /// Where a place lies at a time, with the objects that move.
    pub fn locate_at(&self, place: &Place, time: Span, positions: &Positions) -> Located {
        let Some(near) = Near::of(place) else { return Located::default() };
        let lines: Vec<Option<LineDistance>> =
            (0..self.fronts.len()).map(|front| self.line_distance(front, near, time)).collect();
        let reference = self.fronts.get(self.reference).map(|front| front.line.nearest(near.centre));
        let zones = self
            .zones
            .iter()
            .map(|(id, zone)| {
                let inside = match zone {
                    Zone::Drawn(region) => {
                        Inside::sure(beyond_permille(region.signed_distance(near.centre), near.sigma))
                    }
                    Zone::FromLine { front, own, sides, beyond, within } => {
                        let on = |front: usize, sides: &[Name]| {
                            let line = lines[front].as_ref()?;
                            line.band_permille(&self.fronts[front], near.sigma, sides, *beyond, *within)
                        };
                        if own.is_empty() {
                            Inside {
                                anyone: on(*front, sides).map(|permille| (permille, permille)),
                                own: Vec::new(),
                            }
                        } else {
                            Inside::by_party(sides, |party| {
                                let mine =
                                    own.iter().find(|(of, _)| of == party).map_or(*front, |(_, line)| *line);
                                // Its forces are in it on the other side, too: whoever went over is not out of it.
                                on(mine, sides)
                            })
                        }
                    }
                    Zone::Around { class, within, fresh } => Inside {
                        anyone: positions.near_permille(class, near, time, *within, *fresh),
                        own: Vec::new(),
                    },
                    Zone::Sites { classes, within } => {
                        Inside::sure(self.site_permille(near, classes, *within))
                    }
                };
                (id.clone(), inside)
            })
            .collect();
        let at_sites = Target::NAMES
            .iter()
            .filter(|(_, class)| self.sites.iter().any(|site| site.class == *class))
            .map(|(_, class)| {
                (*class, self.site_permille(near, core::slice::from_ref(class), self.site_radius))
            })
            .collect();
        let lines = lines.into_iter().flatten().collect();
        Located { near: Some(near), reference, zones, lines, at_sites }
    }

    /// Distance from the version of a line that counts at a time; `None` where it changed in between, or where
    /// that version's course is not known.
    fn line_distance(&self, front: usize, near: Near, time: Span) -> Option<LineDistance> {
        let at = |moment: Time| {
            let later = self.versions.iter().filter(|(of, since, _)| *of == front && *since <= moment);
            later.map(|(_, _, line)| line.as_ref()).next_back().unwrap_or(Some(&self.fronts[front].line))
        };
        let last = Time(time.end.0.saturating_sub(1).max(time.start.0));
        let (first, last) = (at(time.start)?, at(last)?);
        if !core::ptr::eq(first, last) {
            return None;
        }
        let nearest = first.nearest(near.centre);
        let front = &self.fronts[front];
        Some(LineDistance { line: front.id.clone(), nearest, side: front.party(nearest.side).cloned() })
    }

    /// Probability of lying no farther than `within` from a listed site of one of these classes, permille.
    fn site_permille(&self, near: Near, classes: &[Target], within: Mm) -> u16 {
        // A degree of latitude is 110 to 112 km: what is farther away than that in latitude needs no geodesic.
        let farthest = within + 5 * near.sigma;
        let reach = |site: &&Site| {
            i64::from(site.at.lat).abs_diff(i64::from(near.centre.lat)) / 90_000 <= (farthest / KM + 1) as u64
        };
        let of_class = |site: &&Site| {
            classes.is_empty() || classes.iter().any(|class| site.class.belongs(*class) == Belongs::Yes)
        };
        let sites = self.sites.iter().filter(of_class).filter(reach);
        sites
            .map(|site| beyond_permille(within - distance(site.at, near.centre), near.sigma))
            .max()
            .unwrap_or(0)
    }
}

/// The id by which a later version of a line that is derived from a map is asked for.
pub fn version_id(line: &str, date: Option<crate::time::Date>) -> alloc::string::String {
    date.map_or_else(|| line.into(), |date| alloc::format!("{line}@{date}"))
}

/// Where a place lies among an agreement's lines and zones.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Located {
    /// The place as a point with an error; `None` where it is not known, or no better than a country.
    pub near: Option<Near>,
    /// The nearest place of the reference line.
    pub reference: Option<Nearest>,
    /// Distances from the lines, by the versions that count at the time.
    pub lines: Vec<LineDistance>,
    zones: Vec<(Name, Inside)>,
    /// Probability of being at a listed site of a class, permille.
    at_sites: Vec<(Target, u16)>,
}

/// How far a place is from a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineDistance {
    /// The line.
    pub line: Name,
    /// Where it is nearest.
    pub nearest: Nearest,
    /// The party on whose side the place is.
    pub side: Option<Name>,
}

impl LineDistance {
    /// Probability of being nearer to the line than `required`, permille.
    pub fn nearer_permille(&self, required: Mm, sigma: Mm) -> u16 {
        beyond_permille(required - 1 - self.nearest.distance, sigma)
    }

    /// Probability of lying between two distances from the line on the sides of some parties.
    fn band_permille(&self, front: &Front, sigma: Mm, sides: &[Name], beyond: Mm, within: Mm) -> Option<u16> {
        band_permille(front, self.nearest, sigma, sides, beyond, within)
    }
}

/// Probability of lying in a zone, as an interval, permille; `None` where the side of the line is undetermined.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Inside {
    anyone: Option<(u16, u16)>,
    /// For parties with a line of their own.
    own: Vec<(Name, Option<u16>)>,
}

impl Inside {
    fn sure(permille: u16) -> Self {
        Self { anyone: Some((permille, permille)), own: Vec::new() }
    }

    fn by_party(parties: &[Name], of: impl Fn(&Name) -> Option<u16>) -> Self {
        let own: Vec<_> = parties.iter().map(|party| (party.clone(), of(party))).collect();
        let all: Option<Vec<u16>> = own.iter().map(|(_, permille)| *permille).collect();
        let range = |all: Vec<u16>| Some((all.iter().copied().min()?, all.iter().copied().max()?));
        Self { anyone: all.and_then(range), own }
    }
}

impl Located {
    /// Probability of lying where a clause holds, permille; `None` where that cannot be told. Of an interval
    /// the lower end.
    pub fn inside_permille(&self, place: &Where) -> Option<u16> {
        self.inside(place, &[], None).map(|(least, _)| least)
    }

    /// The same as an interval, for forces of a party (`None`: not established whose). `targets` are the classes
    /// of listed sites that count; empty for all.
    pub fn inside(&self, place: &Where, targets: &[Target], party: Option<&Name>) -> Option<(u16, u16)> {
        match place {
            Where::Anywhere => Some((1_000, 1_000)),
            Where::Zone(id) => {
                let (_, inside) = self.zones.iter().find(|(zone, _)| zone == id)?;
                match party.and_then(|party| inside.own.iter().find(|(of, _)| of == party)) {
                    Some((_, own)) => own.map(|permille| (permille, permille)),
                    None => inside.anyone,
                }
            }
            Where::Sites => {
                self.near?;
                let counts = |class: Target| {
                    targets.is_empty() || targets.iter().any(|named| class.belongs(*named) == Belongs::Yes)
                };
                if self.at_sites.is_empty() {
                    return None;
                }
                let of_class = self.at_sites.iter().filter(|(class, _)| counts(*class));
                let best = of_class.map(|(_, permille)| *permille).max().unwrap_or(0);
                Some((best, best))
            }
        }
    }

    /// Distance from a line.
    pub fn line(&self, id: &str) -> Option<&LineDistance> {
        self.lines.iter().find(|line| *line.line == *id)
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
