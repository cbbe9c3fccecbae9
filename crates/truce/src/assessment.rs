//! Observations -> incidents -> findings, in one pass: the middle of the straight line.

use crate::agreement::Agreement;
use crate::evidence::Evidence;
use crate::finding::{Facts, Finding, Verdict, hold, judge};
use crate::ground::Ground;
use crate::incident::{Incident, link};
use crate::mission::Mission;
use crate::Name;
use crate::observation::{Act, Observation};
use crate::time::Time;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// An incident with what is known of it.
pub struct Assessed<'a> {
    /// The incident.
    pub incident: Incident<'a>,
    /// How sure, and why.
    pub evidence: Evidence,
    /// What clauses ask.
    pub facts: Facts,
}

/// Incidents and findings.
pub struct Assessment<'a> {
    /// Incidents, by id.
    pub incidents: Vec<Assessed<'a>>,
    /// Findings, by reading and clause in the order of the agreement, then by incident; those that are "not
    /// applicable" are only counted.
    pub findings: Vec<Finding>,
    /// All verdicts, counted by reading, clause and verdict.
    pub counts: BTreeMap<(Name, Name, Verdict), u64>,
}

/// Links, weighs and holds observations against every clause of every reading.
///
/// A pure function of the set: the order of `observations` does not matter.
pub fn assess<'a>(
    observations: &'a [Observation],
    agreement: &Agreement,
    mission: &Mission,
    ground: &Ground,
) -> Assessment<'a> {
    let alleged = observations.iter().filter(|observation| observation.act != Act::Ordinary);
    let parties: Vec<Name> = agreement.parties.iter().map(|party| party.code.clone()).collect();
    let incidents: Vec<Assessed<'a>> = link(alleged, &mission.linking)
        .into_iter()
        .map(|incident| {
            let evidence = Evidence::weigh(&incident, &mission.weights, &parties);
            let facts = Facts::of(&incident, &evidence, ground);
            Assessed { incident, evidence, facts }
        })
        .collect();
    let mut findings = Vec::new();
    let mut counts = BTreeMap::new();
    for reading in &agreement.readings {
        for clause in &reading.clauses {
            for assessed in &incidents {
                let (verdict, _) = judge(&assessed.facts, clause, reading, parties.len(), |_| {});
                *counts.entry((reading.id.clone(), clause.id.clone(), verdict)).or_default() += 1;
                if !matches!(verdict, Verdict::NotApplicable(_)) {
                    findings.push(hold(&assessed.facts, clause, reading, parties.len()));
                }
            }
        }
    }
    Assessment { incidents, findings, counts }
}

/// What the public may know at `as_of`: nothing that ended, or goes on, after `as_of` less the delay.
pub fn public_view(observations: Vec<Observation>, mission: &Mission, as_of: Time) -> (Vec<Observation>, u64) {
    let all = observations.len();
    let limit = Time(as_of.0 - mission.publication.delay);
    let public: Vec<Observation> =
        observations.into_iter().filter(|observation| observation.time.end <= limit).collect();
    let withheld = all - public.len();
    (public, withheld as u64)
}
