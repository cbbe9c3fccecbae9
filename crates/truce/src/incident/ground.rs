//! Distances on the ground in integers: fast, symmetric, and the same on every machine.

use crate::place::{DEGREE, Mm, Place, Point};

/// Fraction bits of a scale factor.
const BITS: u32 = 20;
/// All the way round, in units of [`Point`].
pub(super) const TURN: i64 = 360 * DEGREE as i64;

/// A point with the size of its units of longitude and latitude there.
///
/// The distance of two is taken on the plane that touches WGS84 between them (the scale is the mean of
/// both), which is good to 0.1 % up to 100 km and 70 degrees of latitude.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flat {
    pub(super) point: Point,
    /// Millimetres per unit of longitude, times 2^20.
    pub(super) east: u32,
    /// Millimetres per unit of latitude, times 2^20.
    pub(super) north: u32,
}

impl Flat {
    pub(super) fn new(point: Point) -> Self {
        let (east, north) = scale(i64::from(point.lat));
        Self { point, east, north }
    }

    /// Eastward and northward parts of the distance between two, in millimetres, without their signs.
    fn offsets(self, other: Self) -> (Mm, Mm) {
        let turn = (i64::from(self.point.lon) - i64::from(other.point.lon)).abs();
        let turn = turn.min(TURN - turn);
        let climb = (i64::from(self.point.lat) - i64::from(other.point.lat)).abs();
        let mean = |units: i64, a: u32, b: u32| (units * (i64::from(a) + i64::from(b))) >> (BITS + 1);
        (mean(turn, self.east, other.east), mean(climb, self.north, other.north))
    }

    /// Are the two at most `reach` apart? `reach` is at most [`super::GREATEST_REACH`].
    pub(super) fn within(self, other: Self, reach: Mm) -> bool {
        let (east, north) = self.offsets(other);
        east <= reach && north <= reach && east * east + north * north <= reach * reach
    }

    /// Distance in millimetres.
    pub(super) fn distance(self, other: Self) -> Mm {
        let (east, north) = self.offsets(other);
        libm::round(libm::sqrt((east as f64) * (east as f64) + (north as f64) * (north as f64))) as Mm
    }

    /// The point that lies so far to the east and north of this one, for distances up to 100 km or so.
    fn moved(self, east: f64, north: f64) -> Point {
        let units =
            |mm: f64, scale: u32| libm::round(mm / f64::from(scale.max(1)) * f64::from(1 << BITS)) as i64;
        let lat = i64::from(self.point.lat).saturating_add(units(north, self.north));
        let lon = i64::from(self.point.lon).saturating_add(units(east, self.east)).rem_euclid(TURN);
        let lon = if lon >= TURN / 2 { lon - TURN } else { lon };
        let quarter = TURN / 4;
        Point { lon: lon as i32, lat: lat.clamp(-quarter, quarter) as i32 }
    }
}

/// Millimetres per unit of longitude and of latitude at a latitude, times 2^20. (Radii of curvature of
/// WGS84: NGA.STND.0036, a = 6,378,137 m, e^2 = 0.00669437999014.)
pub(super) fn scale(lat: i64) -> (u32, u32) {
    const A: f64 = 6_378_137.0;
    const E2: f64 = 0.006_694_379_990_14;
    let radians = core::f64::consts::PI / 180.0;
    let (sin, cos) = libm::sincos(lat as f64 / f64::from(DEGREE) * radians);
    let w2 = 1.0 - E2 * sin * sin;
    let across = A / libm::sqrt(w2);
    let along = across * (1.0 - E2) / w2;
    let unit = radians / f64::from(DEGREE) * 1_000.0 * f64::from(1 << BITS);
    (libm::round(across * cos.max(0.0) * unit) as u32, libm::round(along * unit) as u32)
}

/// Units of latitude that hold `distance` where a unit is `north` long or longer (everywhere it is at least as
/// long as at the equator).
pub(super) fn units_north(distance: Mm, north: u32) -> i64 {
    ((distance + 2) << BITS) / i64::from(north.max(1)) + 2
}

/// Units of longitude that hold `distance` where a unit is `east` long or longer; `None`: all the way round.
pub(super) fn units_east(distance: Mm, east: u32) -> Option<i64> {
    let units = ((distance + 2) << BITS) / i64::from(east.max(1)) + 2;
    (units < TURN / 2).then_some(units)
}

/// A place as a disc: everything the source means lies (for a measured point: one sigma lies) within
/// `within` of the centre.
#[derive(Clone, Copy, Debug)]
pub(super) struct Disc {
    pub(super) centre: Point,
    pub(super) within: Mm,
}

impl Disc {
    /// `None` where the source does not say.
    pub(super) fn of(place: &Place) -> Option<Self> {
        match *place {
            Place::Point { at, error } => {
                Some(Self { centre: at, within: error.major.max(error.minor).max(0) })
            }
            Place::Area { centre, radius, .. } => Some(Self { centre, within: radius.max(0) }),
            Place::Sector { from, bearing, half_width, near, far } => {
                Some(Self::of_sector(from, bearing, half_width, near, far))
            }
            Place::Unknown => None,
        }
    }

    /// The middle of a sector, and how far its farthest corner is from there.
    fn of_sector(from: Point, bearing: i32, half_width: i32, near: Mm, far: Mm) -> Self {
        let radians = |centidegrees: i32| f64::from(centidegrees) * core::f64::consts::PI / 18_000.0;
        let (near, far) = (near.min(far).max(0) as f64, near.max(far).max(0) as f64);
        let middle = (near + far) / 2.0;
        let (sin, cos) = libm::sincos(radians(bearing));
        let spread = libm::cos(radians(half_width.clamp(0, 18_000)));
        let corner = |range: f64| {
            let square = range * range + middle * middle - 2.0 * range * middle * spread;
            libm::sqrt(square.max(0.0))
        };
        Self {
            centre: Flat::new(from).moved(middle * sin, middle * cos),
            within: libm::ceil(corner(near).max(corner(far))) as Mm,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::{Ellipse, KM};
    use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// Good to 0.1 % up to 100 km and 70 degrees, over the antimeridian too, and symmetric.
        #[test]
        fn agrees_with_geographiclib(
            lon in -180.0..180.0f64, lat in -70.0..70.0f64, azimuth in 0.0..360.0f64, metres in 100.0..100_000.0f64,
        ) {
            let earth = Geodesic::wgs84();
            let (lat2, lon2) = earth.direct(lat, lon, azimuth, metres);
            let (a, b) = (Point::from_degrees(lon, lat).unwrap(), Point::from_degrees(lon2, lat2).unwrap());
            let exact: f64 = earth.inverse(a.degrees().1, a.degrees().0, b.degrees().1, b.degrees().0);
            let (a, b) = (Flat::new(a), Flat::new(b));
            let ours = a.distance(b) as f64 / 1_000.0;
            prop_assert_eq!(a.distance(b), b.distance(a));
            prop_assert!((ours - exact).abs() <= exact / 1_000.0 + 0.05, "{ours} for {exact}");
        }

        /// Every point of a sector lies in its disc.
        #[test]
        fn a_disc_holds_its_sector(
            bearing in 0..36_000i32, half in 0..18_000i32, near in 0..10 * KM, depth in 0..10 * KM,
            turn in -1.0..1.0f64, share in 0.0..1.0f64,
        ) {
            let from = Point::from_degrees(37.7, 48.1).unwrap();
            let place = Place::Sector { from, bearing, half_width: half, near, far: near + depth };
            let disc = Disc::of(&place).unwrap();
            let azimuth = (f64::from(bearing) + f64::from(half) * turn) / 100.0;
            let range = (near as f64 + depth as f64 * share) / 1_000.0;
            let (lat, lon) = Geodesic::wgs84().direct(48.1, 37.7, azimuth, range);
            let point = Flat::new(Point::from_degrees(lon, lat).unwrap());
            let slack = 1_000 + disc.within / 500;
            prop_assert!(point.within(Flat::new(disc.centre), disc.within + slack));
        }
    }

    #[test]
    fn places_that_make_no_sense_do_not_panic() {
        let from = Point { lon: i32::MAX, lat: i32::MIN };
        for half_width in [i32::MIN, -1, 40_000, i32::MAX] {
            let place = Place::Sector { from, bearing: i32::MIN, half_width, near: i64::MAX / 4, far: -1 };
            assert!(Disc::of(&place).unwrap().within >= 0);
        }
        let error = Ellipse { major: -5, minor: -6, azimuth: 0 };
        assert_eq!(Disc::of(&Place::Point { at: from, error }).unwrap().within, 0);
    }
}
