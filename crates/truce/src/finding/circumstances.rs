//! What an exception or a permission depends on: notices, verifications, and what happened before.

use super::Facts;
use crate::Name;
use crate::agreement::{Burden, Clause, Condition, Late, Test, When};
use crate::geodesy::distance;
use crate::ground::{Near, beyond_permille};
use crate::incident::extent;
use crate::observation::{
    Act, Asserter, Belongs, Checked, Detail, Notice, NoticeSort, Observation, Purpose, Verification,
};
use crate::time::{Micros, Span};
use alloc::vec::Vec;

/// How a condition stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ConditionState {
    /// The monitor or a third says so.
    Established,
    /// Only the party says so that relies on it.
    Alleged,
    /// An observation says the contrary.
    NotMet,
    /// Nothing is known of it.
    NotKnown,
}

impl ConditionState {
    /// The words in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Established => "established",
            Self::Alleged => "only alleged",
            Self::NotMet => "not met",
            Self::NotKnown => "not known",
        }
    }
}

/// Are all conditions met? What is not established is open, unless who relies on it has to show it.
pub(super) fn all_met(states: &[ConditionState], burden: Burden) -> Belongs {
    let any = |wanted| states.contains(&wanted);
    if any(ConditionState::NotMet) {
        Belongs::No
    } else if any(ConditionState::Alleged) || any(ConditionState::NotKnown) {
        match burden {
            Burden::Invoker => Belongs::No,
            Burden::Nobody => Belongs::Unknown,
        }
    } else {
        Belongs::Yes
    }
}

/// All that conditions ask about.
#[derive(Default)]
pub struct Circumstances<'a> {
    notices: Vec<(&'a Observation, &'a Name, &'a Notice)>,
    checks: Vec<(&'a Observation, &'a Verification)>,
    /// What may have been answered, by the start of its time.
    acts: Vec<&'a Facts>,
    /// The longest of their times.
    longest: Micros,
}

impl<'a> Circumstances<'a> {
    /// From all observations, and from what is known of all incidents.
    pub fn new(observations: &'a [Observation], incidents: impl Iterator<Item = &'a Facts>) -> Self {
        let mut ordered: Vec<&Observation> = observations
            .iter()
            .filter(|one| matches!(one.detail, Detail::Notice { .. } | Detail::Verification(_)))
            .collect();
        ordered.sort_by_key(|one| (one.time, one.id));
        let mut circumstances = Self::default();
        for observation in ordered {
            match &observation.detail {
                Detail::Notice { party, notice } => circumstances.notices.push((observation, party, notice)),
                Detail::Verification(check) => circumstances.checks.push((observation, check)),
                _ => {}
            }
        }
        circumstances.acts = incidents.collect();
        circumstances.acts.sort_by_key(|facts| (facts.time.start, facts.incident));
        circumstances.longest = circumstances.acts.iter().map(|facts| facts.time.length()).max().unwrap_or(0);
        circumstances
    }

    /// Notices with who gave them.
    pub(crate) fn notices(&self) -> impl Iterator<Item = (&'a Observation, &'a Name, &'a Notice)> {
        self.notices.iter().copied()
    }

    /// How a condition stands for an incident by forces of a party (`None`: it is not established whose).
    pub(super) fn state(
        &self,
        condition: &Condition,
        facts: &Facts,
        clause: &Clause,
        party: Option<&Name>,
    ) -> ConditionState {
        match &condition.test {
            Test::Answers { acts, within, near } => {
                self.answers(facts, clause, party, (acts, *within, *near))
            }
            Test::Notice { sort, to, when, within, failed } => {
                let wanted =
                    Wanted { sort: *sort, to: to.as_ref(), when: *when, within: *within, failed: *failed };
                self.noticed(facts, party, &wanted)
            }
            Test::Planned { purposes, ahead, late } => {
                self.planned(facts, clause, party, (purposes, *ahead, *late))
            }
            Test::Verified => self.verified(facts, clause, condition, party),
        }
    }

    fn answers(
        &self,
        facts: &Facts,
        clause: &Clause,
        party: Option<&Name>,
        (acts, within, near): (&[Act], Micros, crate::place::Mm),
    ) -> ConditionState {
        let (Some(party), Some(here)) = (party, facts.place.near) else { return ConditionState::NotKnown };
        let from = facts.time.start.0.saturating_sub(within);
        let first = self.acts.partition_point(|act| act.time.start.0 < from.saturating_sub(self.longest));
        let until = self.acts.partition_point(|act| act.time.start <= facts.time.start);
        let mut best = ConditionState::NotKnown;
        for act in self.acts.get(first..until).unwrap_or_default() {
            let other = act.incident != facts.incident && act.time.end.0 >= from;
            let named = acts.iter().any(|named| act.act.belongs(*named) == Belongs::Yes);
            let close = act.place.near.is_some_and(|there| distance(there.centre, here.centre) <= near);
            if !(other && named && close) {
                continue;
            }
            let by_other =
                |(origin, permille): &(Name, u16)| origin != party && *permille >= clause.standard.origin;
            let sure = act.occurred_permille >= clause.standard.occurred && act.origin.iter().any(by_other);
            best = best.min(if sure { ConditionState::Established } else { ConditionState::Alleged });
        }
        best
    }

    fn noticed(&self, facts: &Facts, party: Option<&Name>, wanted: &Wanted<'_>) -> ConditionState {
        let Some(party) = party else { return ConditionState::NotKnown };
        let mine = self.notices().filter(|(_, by, notice)| {
            *by == party
                && notice.sort == wanted.sort
                && (wanted.to.is_none() || notice.to.is_none() || notice.to.as_ref() == wanted.to)
        });
        let states = mine.filter_map(|(observation, _, notice)| {
            let at = given_at(observation, notice)?;
            let apart = at.gap(facts.time);
            if wanted.within.is_some_and(|within| apart > within) {
                return None;
            }
            let own = matches!(observation.asserted_by, Asserter::Party(_));
            let said = if own { ConditionState::Alleged } else { ConditionState::Established };
            if !notice.given {
                return Some(if own { ConditionState::NotKnown } else { ConditionState::NotMet });
            }
            let in_time = match wanted.when {
                When::Before => at.end <= facts.time.start,
                When::After => at.start >= facts.time.end,
                When::Any => true,
            };
            let to_whom = wanted.to.is_none() || notice.to.is_some();
            Some(match (in_time, notice.failed) {
                (false, _) => ConditionState::NotMet,
                (true, Some(false)) if wanted.failed => ConditionState::NotMet,
                (true, None) if wanted.failed => ConditionState::NotKnown,
                (true, _) if !to_whom => ConditionState::NotKnown,
                (true, _) => said,
            })
        });
        best(states)
    }

    fn planned(
        &self,
        facts: &Facts,
        clause: &Clause,
        party: Option<&Name>,
        (purposes, ahead, late): (&[Purpose], Option<Micros>, Late),
    ) -> ConditionState {
        let Some(party) = party else { return ConditionState::NotKnown };
        let mine = self
            .notices()
            .filter(|(_, by, notice)| *by == party && notice.sort == NoticeSort::PlannedAct && notice.given);
        let states = mine.filter_map(|(observation, _, notice)| {
            let own = matches!(observation.asserted_by, Asserter::Party(_));
            let for_it = match notice.purpose {
                Some(purpose) if purposes.is_empty() || purposes.contains(&purpose) => Belongs::Yes,
                Some(_) => Belongs::No,
                None if purposes.is_empty() => Belongs::Yes,
                None => Belongs::Unknown,
            };
            let parts = [
                for_it,
                in_window(observation.time, facts.time),
                in_place(observation, facts, clause.standard.inside),
                if observation.act == Act::Undetermined {
                    Belongs::Yes
                } else {
                    facts.act.belongs(observation.act)
                },
                facts.weapon.belongs(observation.weapon),
            ];
            if parts.contains(&Belongs::No) {
                return None; // it announced something else
            }
            if parts.contains(&Belongs::Unknown) {
                return Some(ConditionState::NotKnown);
            }
            let said = if own { ConditionState::Alleged } else { ConditionState::Established };
            Some(match (in_time(observation, notice, ahead), late) {
                (Belongs::Yes, _) | (Belongs::No, Late::Permits) => said,
                (Belongs::No, Late::DoesNotPermit) => ConditionState::NotMet,
                (Belongs::No, Late::NotSettled) | (Belongs::Unknown, _) => ConditionState::NotKnown,
            })
        });
        best(states)
    }

    fn verified(
        &self,
        facts: &Facts,
        clause: &Clause,
        condition: &Condition,
        party: Option<&Name>,
    ) -> ConditionState {
        let Some(party) = party else { return ConditionState::NotKnown };
        let about = self.checks.iter().filter(|(observation, check)| {
            check.clause == clause.id
                && check.condition.as_ref() == Some(&condition.id)
                && observation.origin.as_ref() == Some(party)
                && observation.time.overlaps(facts.time)
        });
        best(about.map(|(observation, check)| {
            let told = observation.asserted_by != Asserter::Monitor;
            match (check.outcome, told) {
                (Checked::Done, false) => ConditionState::Established,
                (Checked::Done, true) => ConditionState::Alleged,
                (Checked::NotDone, false) => ConditionState::NotMet,
                _ => ConditionState::NotKnown,
            }
        }))
    }
}

/// The notice that a condition asks for.
struct Wanted<'a> {
    sort: NoticeSort,
    to: Option<&'a Name>,
    when: When,
    within: Option<Micros>,
    failed: bool,
}

/// Of several notices or checks, the one that does most for the condition; a plain contradiction comes before what is
/// only alleged.
fn best(states: impl Iterator<Item = ConditionState>) -> ConditionState {
    let weight = |state: &ConditionState| match state {
        ConditionState::Established => 0,
        ConditionState::NotMet => 1,
        ConditionState::Alleged => 2,
        ConditionState::NotKnown => 3,
    };
    states.min_by_key(weight).unwrap_or(ConditionState::NotKnown)
}

/// When a notice was given; `None` where that is not said and the time is that of the act.
pub(crate) fn given_at(observation: &Observation, notice: &Notice) -> Option<Span> {
    let of_itself = !matches!(notice.sort, NoticeSort::PlannedAct | NoticeSort::Plan);
    notice.given_at.or(of_itself.then_some(observation.time))
}

/// Was a notice given early enough before its window?
pub(crate) fn in_time(observation: &Observation, notice: &Notice, ahead: Option<Micros>) -> Belongs {
    let Some(ahead) = ahead else { return Belongs::Yes };
    let Some(given) = given_at(observation, notice) else { return Belongs::Unknown };
    let latest = observation.time.start.0.saturating_sub(ahead);
    // A moment is in time when it does not lie after the latest one.
    if given.end.0 <= latest {
        Belongs::Yes
    } else if given.start.0 > latest {
        Belongs::No
    } else {
        Belongs::Unknown
    }
}

/// Does the window of a notice hold the time of an incident?
fn in_window(window: Span, time: Span) -> Belongs {
    if window.covers(time) {
        Belongs::Yes
    } else if window.overlaps(time) {
        Belongs::Unknown
    } else {
        Belongs::No
    }
}

/// Does the place of a notice hold that of an incident? For a measured point, its error is how far the act may lie.
fn in_place(observation: &Observation, facts: &Facts, standard: u16) -> Belongs {
    let (Some(planned), Some(reach)) = (Near::of(&observation.place), extent(&observation.place)) else {
        return Belongs::Unknown;
    };
    let Some(here) = facts.place.near else { return Belongs::Unknown };
    let inside = beyond_permille(reach - distance(planned.centre, here.centre), here.sigma);
    if inside >= standard {
        Belongs::Yes
    } else if inside <= 1_000 - standard {
        Belongs::No
    } else {
        Belongs::Unknown
    }
}
