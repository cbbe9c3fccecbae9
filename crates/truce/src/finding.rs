//! A subject held against one clause of one instrument under one reading.
//!
//! Questions are asked in a fixed order: is the clause in force, is it about such acts, such means, such
//! targets, this place, these forces; did it happen; was it announced. The first answer that settles the matter
//! gives the verdict; an answer that is not known leaves it open, and the rest is still asked, so that the
//! reasons say everything that is missing.

use crate::agreement::{Clause, Mode, Period, Reading, Where};
use crate::evidence::{Alternative, Evidence, probability_permille};
use crate::ground::{Ground, Located};
use crate::incident::Incident;
use crate::observation::{Act, Belongs, Kind, Observation, Target, Weapon};
use crate::time::{Span, Time};
use crate::{Id, Name};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Why a clause does not apply.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outside {
    /// Outside the period.
    Period,
    /// Outside the place.
    Place,
    /// Other forces than those bound.
    Party,
    /// Other acts or means.
    Means,
}

/// What a finding says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verdict {
    /// The subject is what the clause prohibits.
    Breach,
    /// It is not.
    NoBreach,
    /// It would be, but was allowed.
    Permitted,
    /// What is known does not tell: a full answer.
    Undetermined,
    /// The clause is not about it.
    NotApplicable(Outside),
}

/// One step on the way to a verdict.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reason {
    /// All of the subject's time lies within the period.
    InForce,
    /// None of it does.
    NotInForce {
        /// The nearest period.
        period: Span,
    },
    /// Some of it does, and the time is not known better.
    PartlyInForce {
        /// The period.
        period: Span,
    },
    /// The act is one that the clause names.
    ActNamed(Act),
    /// It is not.
    ActNotNamed(Act),
    /// What is known of the act is too coarse.
    ActNotKnown(Act),
    /// The means are ones that the clause names.
    MeansNamed(Weapon),
    /// They are not.
    MeansNotNamed(Weapon),
    /// What is known of them is too coarse.
    MeansNotKnown(Weapon),
    /// The target is one that the clause protects.
    TargetNamed(Target),
    /// It is not.
    TargetNotNamed(Target),
    /// What is known of it is too coarse.
    TargetNotKnown(Target),
    /// The clause refers to a list that nobody has published.
    ListNotKnown,
    /// The clause holds at listed sites; whether a place is one of them is not worked out.
    SitesNotJudged,
    /// The place lies in the zone, by the standard.
    Inside {
        /// Probability, permille.
        permille: u16,
    },
    /// It does not, by the standard.
    NotInside {
        /// Probability, permille.
        permille: u16,
    },
    /// It may: the place is not known well enough.
    PerhapsInside {
        /// Probability, permille.
        permille: u16,
        /// What the clause asks for, permille.
        standard: u16,
    },
    /// The place, or its side of the line, is not known at all.
    PlaceNotKnown,
    /// By forces of a party, by the standard.
    ByForcesOf {
        /// The party.
        party: Name,
        /// Probability, permille.
        permille: u16,
    },
    /// By forces that the clause does not bind.
    PartyNotBound {
        /// The party.
        party: Name,
    },
    /// Nothing establishes whose forces acted; the clause binds all.
    SideNotEstablished,
    /// Nothing establishes whose forces acted, and the clause binds only some.
    SideNeeded,
    /// It happened, by the standard.
    Occurred {
        /// Probability, permille.
        permille: u16,
    },
    /// It cannot be said that it happened.
    PerhapsOccurred {
        /// Probability, permille.
        permille: u16,
        /// What the clause asks for, permille.
        standard: u16,
    },
    /// It almost certainly did not happen, by the standard.
    NotOccurred {
        /// Probability that it did, permille.
        permille: u16,
    },
    /// The clause excepts such acts; the number counts its exceptions from 1.
    Excepted(usize),
    /// The clause may except it: what is known is too coarse.
    PerhapsExcepted(usize),
    /// The clause permits such acts.
    ClausePermits,
    /// The clause obliges; whether it was kept is not worked out from single incidents.
    ObligationNotJudged,
}

/// What is known of an incident, as far as clauses ask.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    /// Id of the incident.
    pub incident: Id,
    /// When, as an interval that holds it.
    pub time: Span,
    /// Where, against the agreement's lines and zones.
    pub place: Located,
    /// What was done, as fine as the evidence supports.
    pub act: Act,
    /// With what.
    pub weapon: Weapon,
    /// Against what.
    pub target: Target,
    /// Probability that it happened, permille.
    pub occurred_permille: u16,
    /// Probability that the forces of each party acted, permille; in the order of the agreement.
    pub origin: Vec<(Name, u16)>,
}

impl Facts {
    /// What is known of an incident: its time, the place of its anchor, and what its evidence says.
    pub fn of(incident: &Incident<'_>, evidence: &Evidence<'_>, ground: &Ground) -> Self {
        let targets = incident.members.iter().map(|member| member.target);
        Self {
            incident: incident.id(),
            time: incident.when,
            place: ground.locate(&incident.anchor.place),
            act: strongest(&evidence.acts.named, Act::parent).unwrap_or_else(|| at_least(incident.anchor)),
            weapon: strongest(&evidence.weapons.named, Weapon::parent).unwrap_or(incident.anchor.weapon),
            target: targets.fold(Target::Undetermined, |known, next| {
                if next.belongs(known) == Belongs::Yes { next } else { known }
            }),
            occurred_permille: probability_permille(evidence.occurred),
            origin: evidence
                .origins
                .named
                .iter()
                .map(|origin| (origin.what.clone(), origin.permille))
                .collect(),
        }
    }
}

/// What an observation that names no act can only be taken for, by its kind: whether it was one is another question.
fn at_least(observation: &Observation) -> Act {
    match (observation.act, observation.kind) {
        (Act::Undetermined, Kind::Impulse | Kind::ThermalAnomaly) => Act::Fire,
        (Act::Undetermined, Kind::Obstruction) => Act::Obstruction,
        (act, _) => act,
    }
}

/// The answer for which most speaks; of equals the finest, then the first in their fixed order.
fn strongest<C: Copy>(named: &[Alternative<C>], parent: fn(C) -> Option<C>) -> Option<C> {
    let depth = |class: C| core::iter::successors(Some(class), |class| parent(*class)).count();
    named.iter().rev().max_by_key(|one| (one.centibans, depth(one.what))).map(|one| one.what)
}

/// A finding: the key (clause, reading, party, incident; the instrument is the agreement's), the verdict and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The clause.
    pub clause: Name,
    /// The reading; never mixed with another.
    pub reading: Name,
    /// The bound party whose forces acted; `None`: side not established.
    pub party: Option<Name>,
    /// The incident.
    pub incident: Id,
    /// The verdict.
    pub verdict: Verdict,
    /// The reasons, in the order in which they were asked for.
    pub reasons: Vec<Reason>,
    /// Probability that the place lies in the clause's zone, permille; `None` when the clause has none.
    pub inside_permille: Option<u16>,
}

/// Holds what is known of an incident against one clause of one reading.
pub fn hold(facts: &Facts, clause: &Clause, reading: &Reading, parties: usize) -> Finding {
    let mut reasons = Vec::new();
    let (verdict, party) = judge(facts, clause, reading, parties, |reason| reasons.push(reason));
    Finding {
        clause: clause.id.clone(),
        reading: reading.id.clone(),
        party,
        incident: facts.incident,
        verdict,
        reasons,
        inside_permille: match clause.place {
            Where::Anywhere => None,
            _ => facts.place.inside_permille(&clause.place),
        },
    }
}

/// The verdict alone, with each reason handed to `note` as it is found. `parties` is the number of parties to
/// the agreement: a clause that binds them all can be breached by a side that is not established.
pub fn judge(
    facts: &Facts,
    clause: &Clause,
    reading: &Reading,
    parties: usize,
    mut note: impl FnMut(Reason),
) -> (Verdict, Option<Name>) {
    let mut open = false;

    match reading.in_force(facts.time) {
        Belongs::Yes => note(Reason::InForce),
        answer => {
            if let Some(period) = nearest_period(reading, facts.time) {
                note(match answer {
                    Belongs::No => Reason::NotInForce { period },
                    _ => Reason::PartlyInForce { period },
                });
            }
            if answer == Belongs::No {
                return (Verdict::NotApplicable(Outside::Period), None);
            }
            open = true;
        }
    }
    match clause.covers_act(facts.act) {
        Belongs::Yes => note(Reason::ActNamed(facts.act)),
        Belongs::Unknown => {
            note(Reason::ActNotKnown(facts.act));
            open = true;
        }
        Belongs::No => {
            note(Reason::ActNotNamed(facts.act));
            return (Verdict::NotApplicable(Outside::Means), None);
        }
    }
    if !clause.means.is_empty() {
        match clause.covers_means(facts.weapon) {
            Belongs::Yes => note(Reason::MeansNamed(facts.weapon)),
            Belongs::Unknown => {
                note(Reason::MeansNotKnown(facts.weapon));
                open = true;
            }
            Belongs::No => {
                note(Reason::MeansNotNamed(facts.weapon));
                return (Verdict::NotApplicable(Outside::Means), None);
            }
        }
    }
    if !clause.targets.is_empty() {
        match clause.covers_target(facts.target) {
            Belongs::Yes => note(Reason::TargetNamed(facts.target)),
            Belongs::Unknown => {
                let listed = clause.targets.iter().any(|class| facts.target.belongs(*class) == Belongs::Yes);
                note(if listed { Reason::ListNotKnown } else { Reason::TargetNotKnown(facts.target) });
                open = true;
            }
            Belongs::No => {
                note(Reason::TargetNotNamed(facts.target));
                return (Verdict::NoBreach, None);
            }
        }
    }
    if clause.place != Where::Anywhere {
        let standard = clause.standard.inside;
        match facts.place.inside_permille(&clause.place) {
            Some(permille) if permille >= standard => note(Reason::Inside { permille }),
            Some(permille) if permille <= 1_000 - standard => {
                note(Reason::NotInside { permille });
                return (Verdict::NotApplicable(Outside::Place), None);
            }
            Some(permille) => {
                note(Reason::PerhapsInside { permille, standard });
                open = true;
            }
            None => {
                note(match clause.place {
                    Where::Sites if clause.list_known => Reason::SitesNotJudged,
                    Where::Sites => Reason::ListNotKnown,
                    _ => Reason::PlaceNotKnown,
                });
                open = true;
            }
        }
    }

    let established = facts.origin.iter().find(|(_, permille)| *permille >= clause.standard.origin);
    let mut by = None;
    match established {
        Some((party, permille)) if clause.binds.contains(party) => {
            note(Reason::ByForcesOf { party: party.clone(), permille: *permille });
            by = Some(party.clone());
        }
        Some((party, _)) => {
            note(Reason::PartyNotBound { party: party.clone() });
            return (Verdict::NotApplicable(Outside::Party), None);
        }
        None if clause.binds.len() == parties => note(Reason::SideNotEstablished),
        None => {
            note(Reason::SideNeeded);
            open = true;
        }
    }

    let (permille, standard) = (facts.occurred_permille, clause.standard.occurred);
    if permille >= standard {
        note(Reason::Occurred { permille });
    } else if permille <= 1_000 - standard {
        note(Reason::NotOccurred { permille });
        return (Verdict::NoBreach, by);
    } else {
        note(Reason::PerhapsOccurred { permille, standard });
        open = true;
    }

    for (number, exception) in (1..).zip(&clause.exceptions) {
        match exception.covers(facts.act, facts.weapon, facts.target, crate::observation::Force::Undetermined)
        {
            Belongs::Yes => {
                note(Reason::Excepted(number));
                return (Verdict::Permitted, by);
            }
            Belongs::Unknown => {
                note(Reason::PerhapsExcepted(number));
                open = true;
            }
            Belongs::No => {}
        }
    }

    let verdict = match clause.mode {
        Mode::Oblige => {
            note(Reason::ObligationNotJudged);
            Verdict::Undetermined
        }
        _ if open => Verdict::Undetermined,
        Mode::Prohibit => Verdict::Breach,
        Mode::Permit => {
            note(Reason::ClausePermits);
            Verdict::Permitted
        }
    };
    (verdict, by)
}

/// The period that lies nearest to a time, as known: for a reason, not for a decision.
fn nearest_period(reading: &Reading, time: Span) -> Option<Span> {
    let known = |period: &Period| Span {
        start: period.from.earliest,
        end: period.to.latest.unwrap_or(period.to.earliest),
    };
    reading.periods.iter().map(known).min_by_key(|period| (period.gap(time), *period))
}

impl Verdict {
    /// The words in reports.
    pub fn words(self) -> &'static str {
        match self {
            Self::Breach => "breach",
            Self::NoBreach => "no breach",
            Self::Permitted => "permitted",
            Self::Undetermined => "undetermined",
            Self::NotApplicable(Outside::Period) => "not applicable: period",
            Self::NotApplicable(Outside::Place) => "not applicable: place",
            Self::NotApplicable(Outside::Party) => "not applicable: party",
            Self::NotApplicable(Outside::Means) => "not applicable: means",
        }
    }
}

/// `0.97` for 970 permille, `0.998` for 998.
pub fn probability(permille: u16) -> String {
    let digits = format!("{}.{:03}", permille / 1_000, permille % 1_000);
    digits.strip_suffix('0').unwrap_or(&digits).to_string()
}

impl Reason {
    /// A sentence for a person. `name` gives the name of a party by its code.
    pub fn sentence(&self, name: &dyn Fn(&Name) -> String) -> String {
        let span = |span: &Span| format!("{} to {}", minute(span.start), minute(span.end));
        match self {
            Self::InForce => "the terms were in force".to_string(),
            Self::NotInForce { period } => format!("the terms were in force from {} only", span(period)),
            Self::PartlyInForce { period } => format!(
                "the time is known no better than a stretch of which only a part lies in the period ({})",
                span(period)
            ),
            Self::ActNamed(act) => format!("the clause is about such acts ({})", act.name()),
            Self::ActNotNamed(act) => format!("the clause is not about such acts ({})", act.name()),
            Self::ActNotKnown(act) => format!("what was done is known no better than \"{}\"", act.name()),
            Self::MeansNamed(weapon) => format!("the clause is about such means ({})", weapon.name()),
            Self::MeansNotNamed(weapon) => format!("the clause is not about such means ({})", weapon.name()),
            Self::MeansNotKnown(weapon) => {
                format!("the means are known no better than \"{}\"", weapon.name())
            }
            Self::TargetNamed(target) => format!("the clause protects such targets ({})", target.name()),
            Self::TargetNotNamed(target) => {
                format!("the clause does not protect such targets ({})", target.name())
            }
            Self::TargetNotKnown(target) => {
                format!("the target is known no better than \"{}\"", target.name())
            }
            Self::ListNotKnown => "the clause protects a list that is not known".to_string(),
            Self::SitesNotJudged => {
                "the clause holds at listed sites, and whether this place is one of them is not worked out"
                    .to_string()
            }
            Self::Inside { permille } => format!("the place lies in the zone (P {})", probability(*permille)),
            Self::NotInside { permille } => {
                format!("the place does not lie in the zone (P {} that it does)", probability(*permille))
            }
            Self::PerhapsInside { permille, standard } => format!(
                "the place may lie in the zone (P {}; the standard is {})",
                probability(*permille),
                probability(*standard)
            ),
            Self::PlaceNotKnown => "the place is not known well enough".to_string(),
            Self::ByForcesOf { party, permille } => {
                format!("by forces of {} (P {})", name(party), probability(*permille))
            }
            Self::PartyNotBound { party } => {
                format!("by forces of {}, which the clause does not bind", name(party))
            }
            Self::SideNotEstablished => {
                "whose forces acted is not established; the clause binds all".to_string()
            }
            Self::SideNeeded => {
                "whose forces acted is not established, and the clause does not bind all".to_string()
            }
            Self::Occurred { permille } => format!("it occurred (P {})", probability(*permille)),
            Self::PerhapsOccurred { permille, standard } => format!(
                "whether it occurred is not established (P {}; the standard is {})",
                probability(*permille),
                probability(*standard)
            ),
            Self::NotOccurred { permille } => {
                format!("it almost certainly did not occur (P {})", probability(*permille))
            }
            Self::Excepted(number) => format!("the clause excepts such acts (exception {number})"),
            Self::PerhapsExcepted(number) => {
                format!("the clause may except it (exception {number}): what is known is too coarse")
            }
            Self::ClausePermits => "the clause permits such acts".to_string(),
            Self::ObligationNotJudged => {
                "the clause obliges: whether it was kept is not worked out from single incidents".to_string()
            }
        }
    }
}

/// `2025-04-19 15:00 UTC`.
fn minute(time: Time) -> String {
    let text = time.to_string();
    format!("{} {} UTC", &text[..10], &text[11..16])
}
