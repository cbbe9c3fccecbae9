//! Scenarios with known truth.

pub mod bangs;
mod random;

pub use random::Random;
