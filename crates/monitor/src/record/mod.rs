//! The record: nothing lost, nothing altered, and anyone can prove it. What the spine writes and reads, and the
//! commands `truceline record`, `recompute` and `export`.

pub mod access;
pub mod arguments;
pub mod command;
pub mod door;
pub mod export;
pub mod find;
pub mod handed_in;
pub mod keep;
pub mod keys;
pub mod parts;
pub mod peers;
pub mod recompute;
pub mod send;
pub mod serve;
pub mod sources;
pub mod tell;
pub mod witness;

mod forgotten;
mod limit;
