//! The whole line, from files to a folder with a report: what it must give, and what it must never give.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

mod bad_input;
mod bands;
mod common;
mod day;
mod easter;
mod explain;
mod eyes;
mod features;
mod fixture;
mod hostile;
mod neutrality;
mod publication;
mod sensing;
mod state;
mod together;
mod track;
