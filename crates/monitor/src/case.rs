//! `truceline case`: what was done about a finding, step by step.
//!
//! A folder holds all cases of one agreement under one mission: copies of both, the journal of signed steps, and the
//! words that were written. Nothing here decides: [`truce::case`] says which step may be taken.

mod command;
mod desk;
mod export;
mod journal;
mod keys;
mod show;

pub use command::{CaseArgs, run};
