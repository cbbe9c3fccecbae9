//! The formats of the record and how each is checked: what a party needs to trust nobody.
//!
//! Everything here is a function of bytes; only [`log`] and [`bundle`] read folders. `docs/record-format.md` gives
//! every byte with worked examples.
#![forbid(unsafe_code)]

pub mod bundle;
pub mod cbor;
pub mod checkpoint;
pub mod cosignature;
pub mod field;
pub mod json;
pub mod key;
pub mod keys;
pub mod leaf;
pub mod log;
pub mod merkle;
pub mod note;
pub mod pipe;
pub mod policy;
pub mod proof;
pub mod receipt;
pub mod refusal;
pub mod resolution;
pub mod text;
pub mod tile;
pub mod witness;

pub use refusal::{Means, Refusal};

/// A SHA-256 hash.
pub type Hash = [u8; 32];
