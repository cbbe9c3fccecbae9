//! A plan step by step: phases with gates.

use super::{Prose, Titles, Words};
use crate::Name;
use crate::time::Micros;
use alloc::string::String;
use alloc::vec::Vec;

/// One phase of a plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Phase {
    /// Short name.
    pub id: Name,
    /// Title.
    pub title: String,
    /// The title in other languages.
    pub titles: Titles,
    /// The words.
    pub words: Words,
    /// Ids of the phases that come before it.
    pub after: Vec<Name>,
    /// Its gates; none where the text has no measure by which the phase is over.
    pub gates: Vec<Gate>,
    /// Ids of its sources.
    pub sources: Vec<Name>,
}

/// What must be so for the next step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gate {
    /// Short name, its own in the plan.
    pub id: Name,
    /// The words.
    pub words: Words,
    /// What is looked at.
    pub indicator: Indicator,
    /// Ids of the clauses that are counted; empty for all that the indicator is about.
    pub clauses: Vec<Name>,
    /// The stretch before the moment of asking.
    pub window: Micros,
    /// How much of the window must have been observed, permille.
    pub coverage: Option<u16>,
    /// Code of who decides on it.
    pub authority: Name,
    /// What follows.
    pub then: Prose,
    /// What follows if it is not met.
    pub otherwise: Option<Prose>,
    /// How the decision can be contested.
    pub appeal: Option<Prose>,
}

/// What a gate looks at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Indicator {
    /// So many findings of breach or fewer.
    Breaches {
        /// The most there may be.
        at_most: u32,
    },
    /// Obligations that were kept.
    Done,
    /// Compliance with a quantity, permille.
    Share {
        /// The least there may be.
        at_least: u16,
    },
    /// Coverage alone.
    Coverage,
}

impl Indicator {
    /// The words for `indicator` in files.
    pub const NAMES: [(&'static str, u8); 4] = [("breaches", 0), ("done", 1), ("share", 2), ("coverage", 3)];
}
