//! All statements at once, each held against what was observed where and when it speaks of.

use super::Claim;
use super::evidence::{Known, Tested, test};
use super::register::{Register, register};
use super::unit::Units;
use crate::Name;
use crate::assessment::Assessed;
use crate::coverage::Watched;
use crate::geodesy::Line;
use crate::mission::Mission;
use crate::observation::Observation;
use crate::place::Place;
use crate::time::{Span, Time};
use alloc::vec::Vec;

/// What was observed.
pub struct Seen<'a> {
    /// Observations, heartbeats among them.
    pub observations: &'a [Observation],
    /// Incidents.
    pub incidents: &'a [Assessed<'a>],
    /// The agreement's reference line.
    pub line: Option<&'a Line>,
    /// Up to when it may be told what was observed; of a window that ends later nothing is told. `None`: always.
    pub told_until: Option<Time>,
}

/// Puts statements in order, and holds each against what was observed, if anything was: the register, and what the
/// evidence says of each of its entries. `parties` in the order of the agreement.
pub fn hold(
    claims: &[Claim],
    parties: &[Name],
    units: &Units,
    mission: &Mission,
    seen: Option<&Seen<'_>>,
) -> (Register, Vec<Tested>) {
    let register = register(claims, parties, units);
    let rules = mission.claims.as_ref();
    let entries = register.entries.iter();
    let tested = match seen {
        None => entries.map(|entry| test(&entry.claim, units, None, rules)).collect(),
        Some(seen) => {
            let watched = Watched::new(seen.observations, seen.line);
            let told = |time: Span| seen.told_until.is_none_or(|until| time.end <= until);
            let coverage =
                |place: &Place, time: Span| if told(time) { watched.around(place, time) } else { None };
            let known = Known {
                incidents: seen.incidents,
                coverage: &coverage,
                least_observed_permille: mission.least_observed_permille,
            };
            entries.map(|entry| test(&entry.claim, units, Some(&known), rules)).collect()
        }
    };
    (register, tested)
}
