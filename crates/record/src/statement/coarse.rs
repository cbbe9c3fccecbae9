//! Coarse values: each a fixed function of the fine one, so that whoever may see both can check the one by the
//! other.
//!
//! Places are squares of nested grids: 0.01 degree high and 0.015 wide (1 km), ten times that (10 km, the cell of
//! published reports), fifty times that (50 km); towards the poles wider in steps, as the report's cells are.
//! Times are whole hours of UTC, and whole days of the mission's clock.

use truce::Name;
use truce::ground::Near;
use truce::place::{KM, Level, METRE, Mm, Place, Point};
use truce::time::{HOUR, Span, Time, Zone};

/// How fine a value of place is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Grain {
    /// As the source gave it.
    Exact,
    /// A square of 1.1 km.
    Km1,
    /// A square of 11 km: the cell of published reports.
    Km10,
    /// A square of 55 km.
    Km50,
}

impl Grain {
    /// All, from the finest, with the labels of their fields.
    pub const LABELS: [(&'static str, Self); 4] = [
        ("place", Self::Exact),
        ("place/1km", Self::Km1),
        ("place/10km", Self::Km10),
        ("place/50km", Self::Km50),
    ];

    /// Height of a square in thousandths of a degree, and what an area must measure to be coarse enough itself.
    fn size(self) -> (i32, Mm) {
        match self {
            Self::Exact | Self::Km1 => (10, KM),
            Self::Km10 => (100, 10 * KM),
            Self::Km50 => (500, 50 * KM),
        }
    }
}

/// Units of [`Point`] in a thousandth of a degree.
const MILLIDEGREE: i32 = 10_000;

/// Width of a square of height 100 whose latitudes, without sign, begin at `latitude`; all in millidegrees.
fn width(latitude: i32) -> i32 {
    match latitude {
        ..53_000 => 150,
        53_000..60_000 => 180,
        60_000..70_000 => 300,
        70_000..80_000 => 600,
        80_000..85_000 => 1_200,
        _ => 360_000,
    }
}

/// Sides of the square that holds a point, in millidegrees: west, south, east, north.
pub fn square(point: Point, grain: Grain) -> [i32; 4] {
    let (height, _) = grain.size();
    let milli = |v: i32| v.div_euclid(MILLIDEGREE);
    let south = (milli(point.lat).div_euclid(height) * height).clamp(-90_000, 90_000 - height);
    let wide = match width(if south < 0 { -south - height } else { south }) {
        360_000 => 360_000,
        wide => wide / 10 * (height / 10),
    };
    let west = milli(point.lon).clamp(-180_000, 179_999);
    let west = west - (west + 180_000).rem_euclid(wide);
    [west, south, west + wide, south + height]
}

/// Such as `48.70N 37.50E`: the south-west corner.
fn name(west: i32, south: i32) -> Name {
    let axis = |v: i32, plus: char, minus: char| {
        let (v, sign) = if v < 0 { (-v, minus) } else { (v, plus) };
        format!("{}.{:03}{sign}", v / 1_000, v % 1_000)
    };
    Name::from(format!("{} {}", axis(south, 'N', 'S'), axis(west, 'E', 'W')).as_str())
}

/// A place as it is told at a grain: a square as an area, named by its corner.
///
/// The square is the one that holds the best point: for a sector the middle of it, never where the observer stood.
/// The radius holds the square and two sigma, in whole kilometres. An area that is as wide as the grain already
/// stays as it is; a country and an unknown place, too.
pub fn place(place: &Place, grain: Grain) -> Place {
    let (height, wide) = grain.size();
    if grain == Grain::Exact || matches!(place, Place::Area { radius, .. } if *radius >= wide) {
        return place.clone();
    }
    let Some(near) = Near::of(place) else { return place.clone() };
    let [west, south, east, north] = square(near.centre, grain);
    // Half the diagonal of a square of `height` thousandths of a degree (111.7 m at most) that is 1.5 times as wide
    // in degrees at the equator: 101 m for each thousandth. Nearer the poles it is at most as wide as high again.
    let half = Mm::from(height) * 101 * METRE;
    let radius = (half + 2 * near.sigma.max(0) + KM - 1) / KM * KM;
    let middle = |a: i32, b: i32| i32::midpoint(a, b).saturating_mul(MILLIDEGREE);
    Place::Area {
        name: name(west, south),
        level: Level::District,
        centre: Point { lon: middle(west, east), lat: middle(south, north) },
        radius,
    }
}

/// The whole hours of UTC that hold a stretch; one hour for an instant.
pub fn hours(span: Span) -> Span {
    let start = span.start.0.div_euclid(HOUR) * HOUR;
    let last = last_moment(span).0.div_euclid(HOUR) * HOUR;
    Span { start: Time(start), end: Time(last + HOUR) }
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
    use truce::place::Ellipse;

    proptest! {
        /// Each square holds its point, lies in one square of the next grain, and a coarse place follows from any
        /// point of the square alone.
        #[test]
        fn squares_nest(lon in -1_800_000_000..=1_800_000_000i32, lat in -900_000_000..=900_000_000i32) {
            let point = Point { lon, lat };
            let mut inner: Option<[i32; 4]> = None;
            for grain in [Grain::Km1, Grain::Km10, Grain::Km50] {
                let [west, south, east, north] = square(point, grain);
                let (x, y) = (i64::from(lon), i64::from(lat));
                let edge = |v: i32| i64::from(v) * i64::from(MILLIDEGREE);
                prop_assert!(edge(west) <= x && x <= edge(east) && edge(south) <= y && y <= edge(north));
                prop_assert!(west >= -180_000 && east <= 180_000 && south >= -90_000 && north <= 90_000);
                if let Some([w, s, e, n]) = inner {
                    prop_assert!(west <= w && south <= s && e <= east && n <= north, "{grain:?}");
                }
                inner = Some([west, south, east, north]);
            }
        }

        /// What a coarse place says is true: its radius holds the point, and what is finer is gone.
        #[test]
        fn a_coarse_place_holds_the_fine_one(
            lon in -1_790_000_000..=1_790_000_000i32, lat in -840_000_000..=840_000_000i32, sigma in 0..3 * KM,
        ) {
            let at = Point { lon, lat };
            let fine = Place::Point { at, error: Ellipse::circle(sigma) };
            for grain in [Grain::Km1, Grain::Km10, Grain::Km50] {
                let Place::Area { centre, radius, name, .. } = place(&fine, grain) else { panic!() };
                prop_assert!(truce::geodesy::distance(centre, at) + 2 * sigma <= radius, "{grain:?}");
                let [west, south, ..] = square(at, grain);
                let corner = Point { lon: west.saturating_mul(MILLIDEGREE), lat: south.saturating_mul(MILLIDEGREE) };
                let same = place(&Place::Point { at: corner, error: Ellipse::circle(sigma) }, grain);
                let Place::Area { name: other, .. } = same else { panic!() };
                prop_assert_eq!(other, name);
            }
        }

        #[test]
        fn coarse_times_hold_fine_ones(start in -1_000_000_000_000_000..4_000_000_000_000_000i64, length in 0..400 * HOUR) {
            let span = Span { start: Time(start), end: Time(start + length) };
            for zone in [Zone::Fixed(0), Zone::EasternEurope, Zone::Fixed(3 * HOUR)] {
                for coarse in [hours(span), days(span, zone)] {
                    prop_assert!(coarse.start <= span.start && span.end <= coarse.end);
                    prop_assert!(coarse.length() > 0);
                }
                prop_assert_eq!(days(days(span, zone), zone), days(span, zone));
            }
            prop_assert_eq!(hours(hours(span)), hours(span));
        }
    }

    #[test]
    fn a_place_that_is_wide_already_stays() {
        let oblast = Place::Area {
            name: Name::from("Upper Aldria"),
            level: Level::Province,
            centre: Point { lon: 0, lat: 0 },
            radius: 120 * KM,
        };
        assert_eq!(place(&oblast, Grain::Km50), oblast);
        assert_eq!(place(&Place::Unknown, Grain::Km10), Place::Unknown);
    }

    #[test]
    fn where_an_observer_stood_is_gone() {
        let from = Point::from_degrees(37.70, 48.70).expect("a point");
        let sector =
            |from| Place::Sector { from, bearing: 9_000, half_width: 500, near: 8 * KM, far: 12 * KM };
        let Place::Area { centre, .. } = place(&sector(from), Grain::Km10) else { panic!("an area") };
        assert!(
            !(square(from, Grain::Km10) == square(centre, Grain::Km10)),
            "the square is that of the event"
        );
    }
}
