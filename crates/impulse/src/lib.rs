//! Ears: which detections of a bang belong together, and where it was.
//!
//! No clock, no files, no randomness, no hash maps, no std float functions: the same detections, in any order
//! of arrival and with any number of workers, give the same bytes on any machine. See `docs/impulse.md`.
#![no_std]
#![expect(clippy::needless_range_loop, reason = "small matrices read as in the books, by index")]
extern crate alloc;

mod curve;
mod detection;
mod ears;
mod event;
mod field;
mod fit;
mod health;
mod joint;
mod linear;
mod medium;
mod network;
mod picks;
mod propose;
mod relate;
mod resolve;
mod setting;
mod share;
mod shock;
mod squares;

pub use detection::{Class, Detection, Direction, Heartbeat, Node};
pub use ears::{Alone, Ears, Effort, Refused, Workers};
pub use event::{
    Audience, Event, Fine, Fire, HOUR_US, Heard, LEAST_DELAY_US, Member, Reason, SECTOR_MM, Sealed, Sector,
    Sort, Sorts, Unassociated, Withheld,
};
pub use health::Standing;
pub use setting::{Setting, Weather};
