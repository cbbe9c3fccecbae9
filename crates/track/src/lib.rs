//! Tracks of aircraft from many sensors, and what they crossed.
#![no_std]
extern crate alloc;

mod assign;
mod bearing;
mod claim;
mod crossing;
mod gauss;
mod grid;
mod line;
mod health;
mod look;
mod motion;
mod release;
mod sensor;
mod smooth;
mod track;
mod tracker;
mod foreign;
mod workers;

pub use assign::AssignLimits;
pub use bearing::BearingOnly;
pub use crossing::{CoarseCrossing, Crossing, CrossingSettings, Grade, Range, Stay};
pub use gauss::{Sym2, phi};
pub use health::SensorHealth;
pub use line::{Beside, Line};
pub use motion::{Flight, MODELS};
pub use release::{Audience, DEFAULT_DELAY, LEAST_DELAY, State, Withheld, may_see};
pub use sensor::{Class, Field, Foreign, Measurement, Sensor, SetAside, Wave, What};
pub use track::Share;
pub use tracker::{Settings, Tracker};
pub use workers::{OneWorker, Workers};
