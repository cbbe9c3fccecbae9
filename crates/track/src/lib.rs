//! Tracks of aircraft from many sensors, and what they crossed.
#![no_std]
#![expect(clippy::needless_range_loop, reason = "matrix algebra reads best by its indices")]
extern crate alloc;

mod assign;
mod bearing;
mod claim;
mod crossing;
mod foreign;
mod gauss;
mod grid;
mod health;
mod line;
mod look;
mod motion;
mod observe;
mod plane;
mod release;
mod sensor;
mod smooth;
mod track;
mod tracker;
mod workers;

pub use assign::AssignLimits;
pub use bearing::BearingOnly;
pub use crossing::{CoarseCrossing, Crossing, CrossingSettings, Grade, Range, Stay};
pub use gauss::{Sym2, phi};
pub use health::SensorHealth;
pub use line::{Beside, Line};
pub use motion::{Flight, MODELS};
pub use plane::Plane;
pub use release::{Audience, DEFAULT_DELAY, LEAST_DELAY, State, Withheld, may_see};
pub use sensor::{Class, Field, Foreign, Measurement, Sensor, SetAside, Wave, What};
pub use track::Share;
pub use tracker::{Settings, Tracker};
pub use workers::{OneWorker, Workers};
