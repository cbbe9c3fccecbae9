//! The cases on terms (T8 to T11, T15, T16, T18, T19, T24 to T29), each with a near miss, from plain observations
//! through linking and weighing to findings. The places are made up: a line along 48 degrees north.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

#[path = "terms/case.rs"]
mod case;
#[path = "terms/claims.rs"]
mod claims;
#[path = "terms/duties.rs"]
mod duties;
#[path = "terms/exceptions.rs"]
mod exceptions;
#[path = "terms/instruments.rs"]
mod instruments;
#[path = "terms/places.rs"]
mod places;
#[path = "terms/standing.rs"]
mod standing;
