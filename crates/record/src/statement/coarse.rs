//! Places and times as they are told coarsely.
//!
//! The cells are those of [`verify::resolution`] and of published reports (11 km), with neighbours in scale of 1.1 and
//! 55 km. Here a cell becomes a place again: an area named by its corner, from which a report can be computed.

use truce::Name;
use truce::ground::Near;
use truce::place::{KM, Level, METRE, Mm, Place, Point};
use truce::time::{MINUTE, Micros, Span, Time, Zone};
use verify::resolution::{self, PlaceResolution};

/// One unit of [`Point`] and of cells in a thousandth of a degree.
const MILLIDEGREE: i64 = 10_000;

/// From here on an area is as wide as a published cell, and is told as it is.
pub const WIDE: Mm = 10 * KM;

/// How long something lasted, in whole minutes, to the nearest.
pub fn minutes(lasted: Micros) -> i64 {
    lasted.saturating_add(MINUTE / 2).div_euclid(MINUTE)
}

/// To how many kilometres the place is known, rounded up: two sigma, or the radius of an area.
pub fn within_km(place: &Place) -> i64 {
    let within = match place {
        Place::Area { radius, .. } => *radius,
        _ => Near::of(place).map_or(0, |near| near.sigma.saturating_mul(2)),
    };
    within.max(0).saturating_add(KM - 1) / KM
}

/// Such as `48.700N 37.500E`: the south-west corner.
fn name(west: i64, south: i64) -> Name {
    let axis = |v: i64, plus: char, minus: char| {
        let (v, sign) = if v < 0 { (-v / MILLIDEGREE, minus) } else { (v / MILLIDEGREE, plus) };
        format!("{}.{:03}{sign}", v / 1_000, v % 1_000)
    };
    Name::from(format!("{} {}", axis(south, 'N', 'S'), axis(west, 'E', 'W')).as_str())
}

/// The place that the cell with this south-west corner tells of: an area that holds the cell and what was known to
/// `within_km`. `None` for a corner that is none.
pub fn place(corner: (i64, i64), grain: PlaceResolution, within_km: i64) -> Option<Place> {
    let (west, south) = corner;
    let height = match grain {
        PlaceResolution::Exact => return None,
        PlaceResolution::Km1 => 10 * MILLIDEGREE,
        PlaceResolution::Km10 => 100 * MILLIDEGREE,
        PlaceResolution::Km50 => 500 * MILLIDEGREE,
    };
    let globe = 180 * resolution::DEGREE;
    let on_globe = (-globe..globe).contains(&west) && (-globe / 2..globe / 2).contains(&south);
    if !on_globe || resolution::cell(west, south, grain) != corner {
        return None;
    }
    let middle = (west + width(south, height) / 2, south + height / 2);
    // Half the diagonal of a cell of so many thousandths of a degree (111.7 m at most) that is 1.5 times as wide in
    // degrees at the equator: 101 m for each thousandth. Nearer the poles it is at most as wide as high again, but
    // beyond 70 degrees, where it is at most 131 m; the one cell around a pole is a circle of 560 km.
    let around_a_pole = width(south, height) == 2 * globe;
    let tempered = (-70 * resolution::DEGREE..70 * resolution::DEGREE).contains(&south);
    let band = if tempered { 101 } else { 131 };
    let half = if around_a_pole { 560 * KM } else { height / MILLIDEGREE * band * METRE };
    Some(Place::Area {
        name: name(west, south),
        level: Level::District,
        centre: Point { lon: i32::try_from(middle.0).ok()?, lat: i32::try_from(middle.1).ok()? },
        radius: half.saturating_add(within_km.clamp(0, 40_000) * KM) / KM * KM + KM,
    })
}

/// Width of a cell in 1e-7 degree (see [`resolution::cell`]).
fn width(south: i64, height: i64) -> i64 {
    let nearer = if south < 0 { -south - height } else { south };
    match nearer / resolution::DEGREE {
        ..53 => height * 15 / 10,
        53..60 => height * 18 / 10,
        60..70 => height * 30 / 10,
        70..80 => height * 60 / 10,
        80..85 => height * 120 / 10,
        _ => 360 * resolution::DEGREE,
    }
}

/// The whole days of a clock that hold a stretch.
pub fn days(span: Span, clock: Zone) -> Span {
    let day = |at: Time| clock.day(clock.date(at));
    Span { start: day(span.start).start, end: day(last_moment(span)).end }
}

fn last_moment(span: Span) -> Time {
    Time(span.end.0.saturating_sub(1).max(span.start.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use truce::time::HOUR;

    proptest! {
        /// What a coarse place says is true: its radius holds every point of the cell.
        #[test]
        fn a_coarse_place_holds_the_fine_one(
            lon in -1_800_000_000..=1_800_000_000i32, lat in -900_000_000..=900_000_000i32, within in 0..30i64,
        ) {
            let at = Point { lon, lat };
            for grain in [PlaceResolution::Km1, PlaceResolution::Km10, PlaceResolution::Km50] {
                let corner = resolution::cell(i64::from(lon), i64::from(lat), grain);
                let Some(Place::Area { centre, radius, .. }) = place(corner, grain, within) else { panic!("{grain:?}") };
                let far = truce::geodesy::distance(centre, at);
                // Around a pole the middle of the cell lies on one meridian, and stands for all.
                prop_assert!(far + within * KM <= radius || lat.abs() >= 850_000_000, "{grain:?}: {far} {radius}");
                let (east, north) = (i64::from(centre.lon), i64::from(centre.lat));
                prop_assert_eq!(resolution::cell(east, north, grain), corner);
                prop_assert_eq!(place((corner.0 + 1, corner.1), grain, within), None);
            }
        }

        #[test]
        fn coarse_times_hold_fine_ones(start in -1_000_000_000_000_000..4_000_000_000_000_000i64, length in 0..400 * HOUR) {
            let span = Span { start: Time(start), end: Time(start + length) };
            for zone in [Zone::Fixed(0), Zone::EasternEurope, Zone::Fixed(3 * HOUR)] {
                let coarse = days(span, zone);
                prop_assert!(coarse.start <= span.start && span.end <= coarse.end && coarse.length() > 0);
                prop_assert_eq!(days(coarse, zone), coarse);
            }
        }
    }
}
