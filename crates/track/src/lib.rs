//! Tracks of aircraft from many sensors, and what they crossed.
#![no_std]
extern crate alloc;

mod assign;
mod bearing;
mod claim;
mod gauss;
mod grid;
mod health;
mod look;
mod motion;
mod release;
mod sensor;
mod track;
mod tracker;
mod foreign;
mod workers;

pub use assign::AssignLimits;
pub use gauss::{Sym2, phi};
pub use motion::{Flight, MODELS};
pub use release::{Audience, DEFAULT_DELAY, LEAST_DELAY, State, Withheld, may_see};
pub use sensor::{Class, Field, Foreign, Measurement, Sensor, SetAside, Wave, What};
pub use track::Share;
pub use tracker::{Settings, Tracker};
pub use workers::{OneWorker, Workers};
