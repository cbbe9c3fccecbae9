//! What follows on a breach, and when a party may consider itself free.
//!
//! Nothing here is carried out, and the state of a self-release changes on a judgement by a named body only: a
//! finding by the program is shown beside it and changes nothing.

use crate::agreement::{Agreement, Consequence, ConsequenceKind};
use crate::finding::{Finding, Verdict};
use crate::time::Time;
use crate::{Id, Name};
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

/// That a named body has judged a party responsible for a breach.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judgement {
    /// The instrument.
    pub instrument: Name,
    /// The clause.
    pub clause: Name,
    /// Who was judged responsible.
    pub party: Name,
    /// Code of the body.
    pub by: Name,
    /// When.
    pub at: Time,
}

/// That a party says that another has violated the instrument.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Allegation {
    /// Who says so.
    pub by: Name,
    /// Of whom.
    pub against: Name,
}

/// How a self-release stands for one party. Only a judgement changes it: what is alleged and what the program finds
/// are shown beside it, and nothing follows from them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Release<'a> {
    /// The words that allow it.
    pub consequence: &'a Consequence,
    /// The party that could rely on it.
    pub party: Name,
    /// Does the party say that another has violated?
    pub alleged: bool,
    /// Findings of breach by another party; one under several readings counts once.
    pub findings: u32,
    /// What was found of each party, this one among them, in the order of the agreement; then of no established side.
    pub found: Vec<Found>,
    /// The judgement that holds another responsible: the party may consider itself free. The instrument goes on until
    /// an event of its own ends it.
    pub judged: Option<Judgement>,
}

/// What was found of one side: never told of one alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The party; `None`: side not established.
    pub party: Option<Name>,
    /// Findings of breach; one under several readings counts once.
    pub breaches: u32,
    /// Subjects of which nothing else is found than that it is undetermined.
    pub undetermined: u32,
}

/// What the findings of some clauses come to for each party, in the order of the agreement, and for no established side.
fn found(agreement: &Agreement, findings: &[Finding], consequence: &Consequence) -> Vec<Found> {
    let on = |clause: &Name| consequence.on.is_empty() || consequence.on.contains(clause);
    let under = |reading: &Name| consequence.reading.as_ref().is_none_or(|wanted| wanted == reading);
    let of = |party: Option<&Name>| {
        let subjects = |wanted: Verdict| -> BTreeSet<(&Name, Id)> {
            findings
                .iter()
                .filter(|finding| finding.instrument == agreement.id && finding.verdict == wanted)
                .filter(|finding| under(&finding.reading) && on(&finding.clause))
                .filter(|finding| finding.party.as_ref() == party)
                .map(|finding| (&finding.clause, finding.incident))
                .collect()
        };
        let breaches = subjects(Verdict::Breach);
        let undetermined = subjects(Verdict::Undetermined).difference(&breaches).count() as u32;
        Found { party: party.cloned(), breaches: breaches.len() as u32, undetermined }
    };
    agreement.parties.iter().map(|party| Some(&party.code)).chain([None]).map(of).collect()
}

/// How every self-release of an agreement stands, for each party: in the order of the agreement.
pub fn releases<'a>(
    agreement: &'a Agreement,
    findings: &[Finding],
    allegations: &[Allegation],
    judgements: &[Judgement],
) -> Vec<Release<'a>> {
    let mut releases = Vec::new();
    let of_kind = |one: &&Consequence| one.kind == ConsequenceKind::SelfRelease;
    for consequence in agreement.consequences.iter().filter(of_kind) {
        let beside = found(agreement, findings, consequence);
        for party in &agreement.parties {
            let on = |clause: &Name| consequence.on.is_empty() || consequence.on.contains(clause);
            let other = |code: &Name| *code != party.code && agreement.party(code).is_some();
            let judged = judgements
                .iter()
                .filter(|judgement| judgement.instrument == agreement.id && on(&judgement.clause))
                .filter(|judgement| other(&judgement.party))
                .filter(|judgement| consequence.judged_by.as_ref().is_none_or(|body| *body == judgement.by))
                .min_by_key(|judgement| (judgement.at, &judgement.by));
            let by_others = findings
                .iter()
                .filter(|finding| finding.instrument == agreement.id && finding.verdict == Verdict::Breach)
                .filter(|finding| {
                    consequence.reading.as_ref().is_none_or(|reading| *reading == finding.reading)
                })
                .filter(|finding| on(&finding.clause) && finding.party.as_ref().is_some_and(other))
                .map(|finding| (&finding.clause, finding.incident))
                .collect::<BTreeSet<_>>()
                .len();
            let alleged = allegations.iter().any(|said| said.by == party.code && other(&said.against));
            releases.push(Release {
                consequence,
                party: party.code.clone(),
                alleged,
                findings: by_others as u32,
                found: beside.clone(),
                judged: judged.cloned(),
            });
        }
    }
    releases
}

/// What the text says will follow on a finding: shown, never carried out. Only a breach has consequences.
pub fn follows<'a>(agreement: &'a Agreement, finding: &Finding) -> Vec<&'a Consequence> {
    if finding.verdict != Verdict::Breach || finding.instrument != agreement.id {
        return Vec::new();
    }
    agreement
        .consequences
        .iter()
        .filter(|one| one.reading.as_ref().is_none_or(|reading| *reading == finding.reading))
        .filter(|one| one.on.is_empty() || one.on.contains(&finding.clause))
        .collect()
}
