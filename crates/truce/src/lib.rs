//! The pure core of Truceline.
//!
//! No clock, no files, no randomness, no hash maps, no std float functions: a result is a function of its
//! inputs alone, and the same inputs give the same bytes on any machine. See `ARCHITECTURE.md`.
#![no_std]
extern crate alloc;

pub mod agreement;
pub mod assessment;
pub mod case;
pub mod claim;
pub mod config;
pub mod coverage;
pub mod cut;
pub mod direction;
pub mod evidence;
pub mod finding;
pub mod geodesy;
pub mod ground;
pub mod incident;
pub mod lexicon;
pub mod mission;
pub mod observation;
pub mod performance;
pub mod place;
pub mod plan;
pub mod rate;
pub mod release;
pub mod sensing;
pub mod series;
pub mod state;
pub mod time;
pub mod trend;
pub mod witness;

mod name;
pub use name::{Id, Name};
