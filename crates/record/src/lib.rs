//! The tamper-evident record: what was observed, kept so that nobody can alter it unseen.
#![forbid(unsafe_code)]

pub mod clock;
pub mod entropy;
mod error;
pub mod frame;
pub mod storage;
mod tree;
pub mod vault;

pub use error::Error;
