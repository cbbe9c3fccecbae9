//! Scenarios with known truth.

pub mod bangs;
mod random;
pub mod story;

pub use random::Random;
