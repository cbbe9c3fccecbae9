//! Ears: which detections of a bang belong together, and where it was.
#![no_std]
#![allow(missing_docs)]
extern crate alloc;

pub mod detection;
mod ears;
mod fit;
mod linear;
mod medium;
mod network;
mod picks;
mod propose;
mod resolve;
mod setting;
mod share;

pub use detection::{Class, Detection, Direction, Heartbeat, Node};
pub use ears::{Alone, Debug, Ears, Raw, Workers};
pub use setting::{Setting, Weather};
