//! Places as a source knows them: never more precise than it is.

use crate::Name;

/// A length in millimetres.
pub type Mm = i64;

/// One kilometre and one metre in millimetres.
pub const KM: Mm = 1_000_000;
/// See [`KM`].
pub const METRE: Mm = 1_000;

/// A position on WGS84 in units of 1e-7 degree (about 11 mm of latitude), longitude first as in RFC 7946.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Point {
    /// Longitude, -180 to 180 degrees, in 1e-7 degree.
    pub lon: i32,
    /// Latitude, -90 to 90 degrees, in 1e-7 degree.
    pub lat: i32,
}

/// Units of [`Point`] in one degree.
pub const DEGREE: i32 = 10_000_000;

impl Point {
    /// From degrees; `None` when outside the globe or not a number.
    pub fn from_degrees(lon: f64, lat: f64) -> Option<Self> {
        ((-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat)).then(|| Self {
            lon: libm::round(lon * f64::from(DEGREE)) as i32,
            lat: libm::round(lat * f64::from(DEGREE)) as i32,
        })
    }

    /// Longitude and latitude in degrees.
    pub fn degrees(self) -> (f64, f64) {
        (f64::from(self.lon) / f64::from(DEGREE), f64::from(self.lat) / f64::from(DEGREE))
    }
}

/// A one-sigma error ellipse.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Ellipse {
    /// Semi-major axis, one sigma.
    pub major: Mm,
    /// Semi-minor axis, one sigma.
    pub minor: Mm,
    /// Direction of the major axis, clockwise from north, in centidegrees, 0 to 18,000.
    pub azimuth: i32,
}

impl Ellipse {
    /// A circle.
    pub fn circle(sigma: Mm) -> Self {
        Self { major: sigma, minor: sigma, azimuth: 0 }
    }
}

/// How wide a named area is, from the narrowest to the widest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// A village, town or city.
    Settlement,
    /// A district (raion) or community (hromada).
    District,
    /// A province (oblast).
    Province,
    /// A whole country or front.
    Country,
}

/// Where something was, as far as the source knows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Place {
    /// A measured position with its error.
    Point {
        /// Best position.
        at: Point,
        /// One-sigma error.
        error: Ellipse,
    },
    /// Seen or heard from somewhere: a bearing and a range, each an interval.
    Sector {
        /// Where the observer stood.
        from: Point,
        /// Bearing from the observer to the middle of the sector, clockwise from true north, centidegrees.
        bearing: i32,
        /// Half the width of the sector, centidegrees.
        half_width: i32,
        /// Least range.
        near: Mm,
        /// Greatest range.
        far: Mm,
    },
    /// Somewhere in a named area: within `radius` of `centre`.
    Area {
        /// The name as the source gives it.
        name: Name,
        /// How wide such an area is.
        level: Level,
        /// A point to stand for it; not where the event was.
        centre: Point,
        /// Everything that belongs to the area lies within.
        radius: Mm,
    },
    /// The source does not say.
    Unknown,
}

impl Place {
    /// May an incident be anchored here? A village name or a wider place supports, but never anchors.
    pub fn anchors(&self) -> bool {
        matches!(self, Self::Point { .. } | Self::Sector { .. })
    }
}
