//! Where an instrument stands at a moment: its life, who stood how, what others promised, what was kept, and who may
//! consider itself free.
//!
//! A pure function of the agreement's file and of what is known by then. Nothing here changes by a finding of the
//! program: events of the file and judgements of a named body do.

use crate::Name;
use crate::agreement::{Agreement, Commitment, Event, Position, Stand, StateOf};
use crate::claim::{Bounds, Claim};
use crate::coverage::Watched;
use crate::evidence::Weights;
use crate::finding::Finding;
use crate::observation::Observation;
use crate::performance::{Performance, performances};
use crate::release::{Allegation, Judgement, Release, releases};
use crate::time::{Span, Time};
use alloc::vec::Vec;

/// What is known beside the agreement's file.
#[derive(Clone, Copy, Default)]
pub struct Known<'a> {
    /// Observations.
    pub observations: &'a [Observation],
    /// What observations weigh: the mission's. Without them only what the monitor counted decides on a quantity.
    pub weights: Option<&'a Weights>,
    /// Findings, of this instrument or of several.
    pub findings: &'a [Finding],
    /// What the parties said.
    pub claims: &'a [Claim],
    /// Judgements of named bodies; `None`: no register of them is at hand, and nobody can say whether there is one.
    pub judgements: Option<&'a [Judgement]>,
    /// How much was observed, and up to when that may be told; `None`: nobody can say.
    pub watched: Option<(&'a Watched, Time)>,
}

/// Where one instrument stands at a moment.
#[derive(Clone, Debug)]
pub struct State<'a> {
    /// The instrument.
    pub agreement: &'a Agreement,
    /// The moment.
    pub at: Time,
    /// Where it stands under each reading.
    pub readings: Vec<StateOf>,
    /// What had become of it by then, in the order of time.
    pub events: Vec<&'a Event>,
    /// How everybody stands: the parties first, in the order of the file.
    pub stands: Vec<Stand<'a>>,
    /// Positions on record by then, in the order of time.
    pub positions: Vec<&'a Position>,
    /// What others have promised, each with its state by then ([`Commitment::state_at`]).
    pub commitments: Vec<&'a Commitment>,
    /// How obligations were kept.
    pub performances: Vec<Performance>,
    /// How every self-release stands for every party.
    pub releases: Vec<Release<'a>>,
    /// Is a register of judgements at hand?
    pub judged: bool,
    /// Were observations given, so that something could be found of anybody?
    pub looked: bool,
    /// The share of the line that was observed since the instrument's first moment, for both sides alike; `None` where
    /// nobody can say, or none of it may be told yet.
    pub observed: Option<Observed>,
}

/// A share of the line and of a stretch of time that was observed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Observed {
    /// The stretch.
    pub time: Span,
    /// The share ([`Watched::along`]), permille.
    pub permille: u16,
}

impl<'a> State<'a> {
    /// Works it out. What lies after `at` is not taken into account; the order of what is known does not matter.
    pub fn at(agreement: &'a Agreement, known: Known<'_>, at: Time) -> Self {
        let judgements: Vec<Judgement> =
            known.judgements.unwrap_or_default().iter().filter(|one| one.at <= at).cloned().collect();
        Self {
            agreement,
            at,
            readings: agreement.state_at(at),
            events: agreement.events.iter().filter(|event| event.date.earliest <= at).collect(),
            stands: agreement.stands_at(at),
            positions: agreement.positions_at(at),
            commitments: agreement.commitments.iter().filter(|one| one.state_at(at).is_some()).collect(),
            performances: performances(known.observations, agreement, known.weights, at),
            releases: releases(agreement, known.findings, &allegations(known.claims, at), &judgements),
            judged: known.judgements.is_some(),
            looked: !known.observations.is_empty(),
            observed: known.watched.and_then(|(watched, until)| {
                let window = agreement.window(at);
                let time = Span { start: window.start, end: window.end.min(at).min(until) };
                Some(Observed { time, permille: watched.along(time)? })
            }),
        }
    }

    /// The code of everybody whom the state names: the parties first, in the order of the file.
    pub fn people(&self) -> Vec<&Name> {
        let stands = self.stands.iter().map(|stand| stand.who);
        let events = self.events.iter().flat_map(|event| &event.by);
        let commitments = self.commitments.iter().map(|one| &one.by);
        let obliged = self.performances.iter().map(|one| &one.party);
        let judges = self.releases.iter().flat_map(|release| {
            release.consequence.judged_by.iter().chain(release.judged.iter().map(|judged| &judged.by))
        });
        let holders = self.agreement.readings.iter().filter_map(|reading| reading.holder.as_ref());
        let mut people: Vec<&Name> = Vec::new();
        for who in stands.chain(events).chain(commitments).chain(obliged).chain(judges).chain(holders) {
            if !people.contains(&who) {
                people.push(who);
            }
        }
        people
    }
}

/// A claim of one or more acts by another is an allegation, once it was made. Where nobody says when that was, it was
/// made at the end of the time that it speaks of, and not before.
fn allegations(claims: &[Claim], at: Time) -> Vec<Allegation> {
    claims
        .iter()
        .filter(|claim| claim.as_of.unwrap_or(claim.window.end) <= at)
        .filter(|claim| !claim.parts.is_empty() || Bounds::of(claim.total).most != Some(0))
        .map(|claim| Allegation { by: claim.claimant.clone(), against: claim.against.clone() })
        .collect()
}
