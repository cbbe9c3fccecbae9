//! The record in the spine: what is written through it, computed from it, served, witnessed, exported; and what
//! becomes of it when somebody alters a bit.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod commands;
mod common;
mod keeping;
mod receipts;
mod serving;
mod spine;
mod stock;
mod witnessing;
