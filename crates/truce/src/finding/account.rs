//! Which words of which clause led to a finding.

use super::{Finding, Reason};
use crate::Name;
use crate::agreement::{Agreement, Clause, Words};
use alloc::string::String;
use alloc::vec::Vec;

/// A finding, with the clause that it rests on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account<'a> {
    /// Title of the instrument.
    pub instrument: &'a str,
    /// The clause.
    pub clause: &'a Clause,
    /// Who reads it so; `None` for the text itself.
    pub holder: Option<&'a Name>,
    /// The words of the clause.
    pub words: &'a Words,
    /// Addresses of its sources.
    pub sources: Vec<&'a str>,
    /// Each reason, with the part of the clause that asked for it and the words of that part, where it has its own.
    pub reasons: Vec<(&'a Reason, Asked, Option<&'a Words>)>,
}

/// Parts of a clause that can ask for a reason: the keys of the agreement language.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Asked {
    /// `period`
    Period,
    /// `acts`, `unsettled_acts`
    Acts,
    /// `with`, `systems`, `calibre_from`
    Means,
    /// `forces`
    Forces,
    /// `against`, `list`
    Targets,
    /// `where`
    Place,
    /// `distance`
    Distance,
    /// `binds`
    Parties,
    /// `standard`
    Standard,
    /// `threshold`
    Threshold,
    /// `except`, the number from 1
    Exception(usize),
    /// `condition` of a permission, or the permission
    Permission,
    /// `rule`
    Rule,
}

impl Asked {
    /// The key of the agreement language.
    pub fn key(self) -> &'static str {
        match self {
            Self::Period => "period",
            Self::Acts => "acts",
            Self::Means => "with",
            Self::Forces => "forces",
            Self::Targets => "against",
            Self::Place => "where",
            Self::Distance => "distance",
            Self::Parties => "binds",
            Self::Standard => "standard",
            Self::Threshold => "threshold",
            Self::Exception(_) => "except",
            Self::Permission => "condition",
            Self::Rule => "rule",
        }
    }
}

/// The account of a finding; `None` if the finding is not of this agreement.
pub fn account<'a>(agreement: &'a Agreement, finding: &'a Finding) -> Option<Account<'a>> {
    let reading = agreement.reading(&finding.reading).filter(|_| agreement.id == finding.instrument)?;
    let clause = reading.clause(&finding.clause)?;
    let reasons = finding.reasons.iter().map(|reason| {
        let asked = reason.asked();
        (reason, asked, own_words(clause, reading, reason))
    });
    let source = |id: &Name| agreement.sources.iter().find(|source| source.id == *id);
    Some(Account {
        instrument: &agreement.title,
        clause,
        holder: reading.holder.as_ref(),
        words: &clause.words,
        sources: clause.sources.iter().filter_map(source).map(|source| source.url.as_str()).collect(),
        reasons: reasons.collect(),
    })
}

/// The words of the part of a clause that a reason speaks of, where the part has words of its own.
fn own_words<'a>(
    clause: &'a Clause,
    reading: &'a crate::agreement::Reading,
    reason: &Reason,
) -> Option<&'a Words> {
    let exception = |number: usize| clause.exceptions.get(number.checked_sub(1)?);
    match reason {
        Reason::Condition { exception: Some(number), id, .. } => {
            let conditions = &exception(*number)?.conditions;
            conditions.iter().find(|condition| condition.id == *id).map(|condition| &condition.words)
        }
        Reason::Condition { exception: None, id, .. } => {
            clause.conditions.iter().find(|condition| condition.id == *id).map(|condition| &condition.words)
        }
        Reason::Excepted(number) | Reason::PerhapsExcepted(number) | Reason::NotExcepted(number) => {
            exception(*number).map(|exception| &exception.words)
        }
        Reason::PermittedBy(id) | Reason::PerhapsPermittedBy(id) => {
            reading.clause(id).map(|clause| &clause.words)
        }
        _ => None,
    }
}

impl Reason {
    /// Which part of the clause asked.
    pub fn asked(&self) -> Asked {
        match self {
            Self::InForce | Self::NotInForce { .. } | Self::PartlyInForce { .. } => Asked::Period,
            Self::ActNamed(_) | Self::ActNotNamed(_) | Self::ActNotKnown(_) | Self::Stood(_) => Asked::Acts,
            Self::MeansNamed(_) | Self::MeansNotNamed(_) | Self::MeansNotKnown(_) => Asked::Means,
            Self::ForceNamed(_) | Self::ForceNotNamed(_) | Self::ForceNotKnown(_) => Asked::Forces,
            Self::TargetNamed(_)
            | Self::TargetNotNamed(_)
            | Self::TargetNotKnown(_)
            | Self::TargetTold(_)
            | Self::ListNotKnown => Asked::Targets,
            Self::Inside { .. }
            | Self::NotInside { .. }
            | Self::PerhapsInside { .. }
            | Self::PlaceNotKnown
            | Self::DependsOnSide
            | Self::PositionsNotKnown => Asked::Place,
            Self::TooNear { .. }
            | Self::FarEnough { .. }
            | Self::PerhapsTooNear { .. }
            | Self::NoDistanceFor(_) => Asked::Distance,
            Self::ByForcesOf { .. }
            | Self::PartyNotBound { .. }
            | Self::PartyFreed { .. }
            | Self::PartyPerhapsFreed { .. }
            | Self::SideNotEstablished
            | Self::SideNeeded => Asked::Parties,
            Self::Occurred { .. } | Self::PerhapsOccurred { .. } | Self::NotOccurred { .. } => {
                Asked::Standard
            }
            Self::CasualtiesCount(_)
            | Self::LengthCounts(_)
            | Self::NumberCounts(_)
            | Self::BelowThreshold
            | Self::ThresholdNotKnown => Asked::Threshold,
            Self::Condition { exception: Some(number), .. }
            | Self::Excepted(number)
            | Self::PerhapsExcepted(number)
            | Self::NotExcepted(number) => Asked::Exception(*number),
            Self::Condition { exception: None, .. }
            | Self::PermittedBy(_)
            | Self::PerhapsPermittedBy(_)
            | Self::NotPermitted => Asked::Permission,
            Self::ClausePermits | Self::ObligationElsewhere => Asked::Rule,
        }
    }
}

impl Account<'_> {
    /// The account in plain English, one line for each reason. `name` gives the name of a party by its code.
    pub fn lines(&self, name: &dyn Fn(&Name) -> String) -> Vec<String> {
        let quoted = |words: &Words| match words {
            Words::Quote(words) => alloc::format!("\"{words}\""),
            Words::Paraphrase(words) => alloc::format!("{words} (our words)"),
        };
        let mut lines = Vec::from([
            alloc::format!("{}, clause \"{}\": {}", self.instrument, self.clause.id, self.clause.title),
            alloc::format!("The words: {}", quoted(self.words)),
        ]);
        for (reason, asked, words) in &self.reasons {
            let own = words.map_or(String::new(), |words| alloc::format!(" <- {}", quoted(words)));
            lines.push(alloc::format!("{}: {}{own}", asked.key(), reason.sentence(name)));
        }
        lines
    }
}
