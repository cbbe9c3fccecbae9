//! `truceline case`: what was done about a finding, step by step.
//!
//! A record holds all cases of one agreement under one mission: both of them, and every step, signed by its role, are
//! leaves. Nothing here decides: [`truce::case`] says which step may be taken.

mod command;
mod desk;
mod export;
mod register;
mod show;
mod steps;

pub use command::{CaseArgs, run};
pub use register::{judgements, states};
