//! What sensors are, what they say, and why a measurement may be set aside.

use crate::gauss::Sym2;
use alloc::boxed::Box;
use alloc::vec::Vec;
use truce::Name;
use truce::time::{Micros, Time};

/// How fast what a sensor senses comes to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wave {
    /// Light or radio: at once.
    Light,
    /// Sound: 340 m/s, so that what is heard from 10 km is half a minute old.
    Sound,
}

/// Where a sensor can see.
#[derive(Clone, PartialEq, Debug)]
pub enum Field {
    /// Everywhere the tracker looks.
    Everywhere,
    /// From the first corner to the second, m.
    Rectangle([f64; 2], [f64; 2]),
    /// Within so many metres of the sensor.
    Disc(f64),
}

/// One sensor or source. Lengths in metres in the tracker's plane: x east, y north.
#[derive(Clone, PartialEq, Debug)]
pub struct Sensor {
    /// Its name: never published.
    pub name: Name,
    /// East, north and height of the sensor.
    pub place: [f64; 3],
    /// What it senses.
    pub wave: Wave,
    /// Does it look at its whole field again and again, so that a scan without a detection means something?
    /// It looks whenever a detection or [`crate::Tracker::scanned`] says so.
    pub scans: bool,
    /// How long one turn takes, microseconds, where each plot of a scan has its own moment (a radar that turns):
    /// see `docs/track.md`, "Scans". `None`: all detections of a scan have one time.
    pub turns: Option<Micros>,
    /// Probability that it detects an aircraft in its field, in one scan.
    pub detection: f64,
    /// False detections in one scan, for each square metre (positions) or radian (bearings).
    pub clutter: f64,
    /// Where it can see.
    pub field: Field,
    /// Rectangles (first corner, second corner) that terrain hides from it.
    pub hidden: Vec<([f64; 2], [f64; 2])>,
    /// Does it hand in what aircraft say of themselves (ADS-B, Remote ID, own drones)? Such a report shows
    /// that something is there; who it is remains a claim.
    pub cooperative: bool,
    /// May its errors be measured against cooperative aircraft and corrected?
    pub calibrate: bool,
}

impl Field {
    /// The square that the bench calls `lo..hi`.
    pub fn square(lo: f64, hi: f64) -> Self {
        Self::Rectangle([lo, lo], [hi, hi])
    }
}

impl Sensor {
    /// A scanning sensor of positions that sees everywhere.
    pub fn scanning(name: &str, detection: f64, clutter: f64) -> Self {
        Self {
            name: Name::from(name),
            place: [0.0; 3],
            wave: Wave::Light,
            scans: true,
            turns: None,
            detection,
            clutter,
            field: Field::Everywhere,
            hidden: Vec::new(),
            cooperative: false,
            calibrate: true,
        }
    }

    /// The same, turning: one turn takes so long, and each plot has its own moment.
    pub fn turning(self, turn: Micros) -> Self {
        Self { turns: Some(turn), ..self }
    }

    /// Can it see a place?
    pub fn sees(&self, at: [f64; 2]) -> bool {
        let within =
            |a: &[f64; 2], b: &[f64; 2]| (a[0]..=b[0]).contains(&at[0]) && (a[1]..=b[1]).contains(&at[1]);
        let in_field = match &self.field {
            Field::Everywhere => true,
            Field::Rectangle(a, b) => within(a, b),
            Field::Disc(range) => {
                let (dx, dy) = (at[0] - self.place[0], at[1] - self.place[1]);
                dx * dx + dy * dy <= range * range
            }
        };
        in_field && !self.hidden.iter().any(|(a, b)| within(a, b))
    }

    /// Area of its field in square metres, when it is bounded.
    pub fn area(&self) -> Option<f64> {
        match &self.field {
            Field::Everywhere => None,
            Field::Rectangle(a, b) => Some((b[0] - a[0]) * (b[1] - a[1])),
            Field::Disc(range) => Some(core::f64::consts::PI * range * range),
        }
    }
}

/// What something looks or sounds like.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Class {
    /// Nobody can tell.
    Unknown,
    /// A small aircraft that can hover.
    Multirotor,
    /// An uncrewed aeroplane.
    FixedWing,
    /// An aircraft with people in it.
    Crewed,
    /// A bird.
    Bird,
}

impl Class {
    /// All, in the order of distributions.
    pub const ALL: [Self; 5] = [Self::Unknown, Self::Multirotor, Self::FixedWing, Self::Crewed, Self::Bird];
}

/// A state that another tracker hands in.
#[derive(Clone, PartialEq, Debug)]
pub struct Foreign {
    /// The other tracker's number of the track.
    pub number: u64,
    /// East, north, m; velocity, m/s.
    pub state: [f64; 4],
    /// Upper triangle of its covariance, row by row.
    pub covariance: [f64; 10],
    /// Probability that it exists, as the other tracker puts it.
    pub existence: f64,
    /// The sensors it was made from, as far as known. If one of them also reports to us, the track is
    /// shown beside ours and not fused: nothing is counted twice.
    pub made_from: Vec<Name>,
}

/// What a measurement says.
#[derive(Clone, PartialEq, Debug)]
pub enum What {
    /// A position, m, with its covariance, and perhaps a height and its sigma.
    Position {
        /// East and north.
        at: [f64; 2],
        /// Covariance, m^2.
        cov: Sym2,
        /// Height and its sigma.
        height: Option<(f64, f64)>,
    },
    /// A direction from the sensor, radians clockwise from north, and perhaps an elevation.
    Bearing {
        /// Azimuth.
        azimuth: f64,
        /// One sigma of it.
        sigma: f64,
        /// Elevation above the horizon and its sigma.
        elevation: Option<(f64, f64)>,
    },
    /// A range and a direction from the sensor; along the slope, if an elevation goes with it.
    Polar {
        /// Range, m, and its sigma.
        range: (f64, f64),
        /// Azimuth, radians clockwise from north, and its sigma.
        azimuth: (f64, f64),
        /// Elevation above the horizon and its sigma, radians.
        elevation: Option<(f64, f64)>,
    },
    /// What an aircraft says of itself: position, covariance, velocity if it says so, and a name that is a
    /// claim.
    Report {
        /// East and north.
        at: [f64; 2],
        /// Covariance, m^2.
        cov: Sym2,
        /// Velocity, m/s.
        velocity: Option<[f64; 2]>,
        /// The identity claimed.
        claims: Name,
    },
    /// Another tracker's track.
    Track(Box<Foreign>),
}

/// One measurement.
#[derive(Clone, PartialEq, Debug)]
pub struct Measurement {
    /// Index of its sensor in the tracker's list.
    pub sensor: usize,
    /// The caller's number for it, by which a track names what it was made from.
    pub id: u64,
    /// When it was made, by the sensor's clock.
    pub time: Time,
    /// What it says.
    pub what: What,
    /// What it looks or sounds like, and the probability that this is right.
    pub signature: Option<(Class, f64)>,
}

/// Why a measurement was set aside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum SetAside {
    /// No sensor of that number is in the mission file.
    UnknownSensor,
    /// A number that is not finite.
    NotANumber,
    /// A covariance or sigma that is not positive, or nearly singular.
    Covariance,
    /// Earlier than the lag allows.
    TooLate,
    /// Far ahead of everything else: a wrong clock.
    Future,
    /// Farther away than the plane reaches, or a range below zero.
    OutOfReach,
    /// A speed that no aircraft has.
    ImpossibleSpeed,
    /// The same measurement of the same sensor a second time.
    Duplicate,
}

impl SetAside {
    /// All reasons, in the order of counters.
    pub const ALL: [Self; 8] = [
        Self::UnknownSensor,
        Self::NotANumber,
        Self::Covariance,
        Self::TooLate,
        Self::Future,
        Self::OutOfReach,
        Self::ImpossibleSpeed,
        Self::Duplicate,
    ];
}

impl core::fmt::Display for SetAside {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::UnknownSensor => "unknown sensor: add it to the mission file",
            Self::NotANumber => "a value that is not a number",
            Self::Covariance => "an error that is zero, negative or singular",
            Self::TooLate => "older than the lag allows: send it sooner or lengthen the lag",
            Self::Future => "far ahead of all other measurements: check the sensor's clock",
            Self::OutOfReach => {
                "outside the area that is tracked: check the units and the position of the sensor"
            }
            Self::ImpossibleSpeed => "a speed that no aircraft has: check the units",
            Self::Duplicate => "already received",
        })
    }
}

/// Speed beyond which a claim of velocity is set aside, m/s: faster than any aircraft a truce will see.
const FASTEST: f64 = 1_500.0;

/// Moments farther from 1970 than this (over 100,000 years) are mistakes; within it no sum overflows.
pub(crate) const LATEST: u64 = 4_000_000_000_000_000_000;

/// Farthest from the origin of the plane, m.
const FARTHEST: f64 = 1_500_000.0;

/// Check what can be checked of a measurement alone.
pub(crate) fn check(m: &Measurement, sensors: usize) -> Result<(), SetAside> {
    if m.sensor >= sensors {
        return Err(SetAside::UnknownSensor);
    }
    if m.time.0.unsigned_abs() > LATEST {
        return Err(SetAside::Future);
    }
    let finite = |values: &[f64]| values.iter().all(|v| v.is_finite());
    let near = |at: &[f64]| at.iter().all(|v| libm::fabs(*v) <= FARTHEST);
    let ok = |good: bool, reason: SetAside| if good { Ok(()) } else { Err(reason) };
    if let Some((_, p)) = m.signature {
        ok(p.is_finite(), SetAside::NotANumber)?;
        ok((0.0..=1.0).contains(&p), SetAside::Covariance)?;
    }
    match &m.what {
        What::Position { at, cov, height } => {
            let (h, s) = height.unwrap_or((0.0, 1.0));
            ok(finite(at) && finite(&[cov.xx, cov.xy, cov.yy, h, s]), SetAside::NotANumber)?;
            ok(cov.is_covariance() && s > 0.0, SetAside::Covariance)?;
            ok(near(at) && near(&[h]), SetAside::OutOfReach)
        }
        What::Bearing { azimuth, sigma, elevation } => {
            let (e, s) = elevation.unwrap_or((0.0, 1.0));
            ok(finite(&[*azimuth, *sigma, e, s]), SetAside::NotANumber)?;
            ok(*sigma > 0.0 && *sigma < 1.0 && s > 0.0, SetAside::Covariance)?;
            ok(libm::fabs(*azimuth) < 10.0 && libm::fabs(e) < 1.6, SetAside::OutOfReach)
        }
        What::Polar { range, azimuth, elevation } => {
            let (e, s) = elevation.unwrap_or((0.0, 0.1));
            ok(finite(&[range.0, range.1, azimuth.0, azimuth.1, e, s]), SetAside::NotANumber)?;
            ok(s > 0.0 && s < 0.5, SetAside::Covariance)?;
            ok(libm::fabs(e) < 1.5, SetAside::OutOfReach)?;
            ok(range.1 > 0.0 && azimuth.1 > 0.0 && azimuth.1 < 0.5, SetAside::Covariance)?;
            ok(range.0 > 0.0 && range.0 <= FARTHEST && libm::fabs(azimuth.0) < 10.0, SetAside::OutOfReach)
        }
        What::Report { at, cov, velocity, .. } => {
            let v = velocity.unwrap_or([0.0; 2]);
            ok(finite(at) && finite(&v) && finite(&[cov.xx, cov.xy, cov.yy]), SetAside::NotANumber)?;
            ok(cov.is_covariance(), SetAside::Covariance)?;
            ok(v[0] * v[0] + v[1] * v[1] <= FASTEST * FASTEST, SetAside::ImpossibleSpeed)?;
            ok(near(at), SetAside::OutOfReach)
        }
        What::Track(f) => {
            ok(finite(&f.state) && finite(&f.covariance) && f.existence.is_finite(), SetAside::NotANumber)?;
            let p = &f.covariance;
            let place = Sym2 { xx: p[0], xy: p[1], yy: p[4] };
            let velocity = Sym2 { xx: p[7], xy: p[8], yy: p[9] };
            let sound = place.is_covariance() && velocity.is_covariance();
            ok(sound && (0.0..=1.0).contains(&f.existence), SetAside::Covariance)?;
            let [_, _, vx, vy] = f.state;
            ok(vx * vx + vy * vy <= FASTEST * FASTEST, SetAside::ImpossibleSpeed)?;
            ok(near(&f.state[..2]), SetAside::OutOfReach)
        }
    }
}
