//! What a party says. A claim is never summed with observations and never evidence of itself.

use crate::Name;
use crate::observation::Count;
use crate::time::{Span, Time};
use alloc::string::String;
use alloc::vec::Vec;

/// A party's statement of a number of acts by the other side (or its own) in a window of time.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Claim {
    /// A short name, unique in its file.
    pub name: Name,
    /// Who claims.
    pub claimant: Name,
    /// Against whom.
    pub against: Name,
    /// The time that the claim speaks of.
    pub window: Span,
    /// When it was said, where known.
    pub as_of: Option<Time>,
    /// What is counted, in the claimant's own words.
    pub unit: Name,
    /// The total as stated; `Unstated` where only parts are given.
    pub total: Count,
    /// The parts as stated.
    pub parts: Vec<(Name, Count)>,
    /// Does the figure run on from an earlier one of the same claimant?
    pub cumulative: bool,
    /// The words, where known.
    pub quote: String,
    /// Where it was published.
    pub url: String,
}
