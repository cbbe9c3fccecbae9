//! The tamper-evident record: what was observed, kept so that nobody can alter it unseen.
#![forbid(unsafe_code)]

pub mod statement;
