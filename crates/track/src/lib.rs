//! Tracks of aircraft from many sensors, what they crossed, and how long they stayed in which zones.
//!
//! Measurements go in ([`Tracker::add`]), wait for those that are late, and are worked off in order of time
//! ([`Tracker::advance`]); tracks, crossings, visits and bearings come out, coarse at once and fine only by an
//! accessor that asks for whom and when ([`Audience`]). The result is a function of the set of measurements:
//! the order of arrival within the lag and the number of workers change nothing.
//!
//! ```
//! use track::*;
//! use truce::time::{SECOND, Time};
//!
//! let mut radar = Sensor::scanning("radar", 0.9, 1e-7);
//! radar.field = Field::square(-5_000.0, 5_000.0);
//! let mut tracker = Tracker::new(Settings::default(), vec![radar]);
//! for t in 0..10 {
//!     let time = Time(t * SECOND);
//!     let what = What::Position { at: [30.0 * t as f64, 0.0], cov: Sym2::round(400.0), height: None };
//!     tracker.add(Measurement { sensor: 0, id: t as u64, time, what, signature: None }).expect("sound");
//!     tracker.scanned(0, time);
//!     tracker.advance(time, &OneWorker);
//! }
//! assert_eq!(tracker.shown(), 1);
//! // Its state is withheld from liaison officers always, and from analysts for six hours or more.
//! assert_eq!(tracker.fine(Audience::Liaison, Time(i64::MAX), 0), Err(Withheld::Audience));
//! assert!(tracker.fine(Audience::Analyst, Time(10 * SECOND), 0).is_err());
//! ```
//!
//! How it works and how well: `docs/track.md`.
#![no_std]
#![expect(clippy::needless_range_loop, reason = "matrix algebra reads best by its indices")]
extern crate alloc;

mod assign;
mod associate;
mod band;
mod bearing;
mod birth;
mod claim;
mod crossing;
mod foreign;
mod frame;
mod gauss;
mod grid;
mod health;
mod heard;
mod line;
mod look;
mod motion;
mod observe;
mod plane;
mod release;
mod scan;
mod sensor;
mod settings;
mod smooth;
mod track;
mod tracker;
mod visit;
mod workers;

pub use assign::AssignLimits;
pub use band::{Band, Course};
pub use bearing::BearingOnly;
pub use crossing::{CoarseCrossing, Crossing, CrossingSettings, Grade, Range};
pub use gauss::{Sym2, phi};
pub use health::SensorHealth;
pub use line::{Beside, Line};
pub use motion::{Flight, MODELS};
pub use plane::Plane;
pub use release::{Audience, DEFAULT_DELAY, LEAST_DELAY, State, Withheld, may_see};
pub use sensor::{Class, Field, Foreign, Measurement, Sensor, SetAside, Wave, What};
pub use settings::Settings;
pub use track::Share;
pub use tracker::Tracker;
pub use visit::{Stay, Zone};
pub use workers::{OneWorker, Workers};
