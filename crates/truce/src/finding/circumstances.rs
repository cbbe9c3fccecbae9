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
use crate::time::{DAY, Micros, Span};
use alloc::vec::Vec;

/// How a condition stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ConditionState {
    /// The monitor says so, or a third whose word may stand by itself.
    Established,
    /// Only a party says so, or somebody who cannot be judged.
    Alleged,
    /// The contrary is said by one of those who can establish it, or by the party that relies on it.
    NotMet,
    /// Nothing is known of it.
    NotKnown,
}

impl ConditionState {
    /// The words in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Established => "established",
            Self::Alleged => "only alleged, by a party or by somebody who cannot be judged",
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
        let said = mine.filter_map(|(observation, _, notice)| {
            let at = given_at(observation, notice)?;
            let apart = at.gap(facts.time);
            if wanted.within.is_some_and(|within| apart > within) {
                return None;
            }
            let in_time = match wanted.when {
                When::Before => at.end <= facts.time.start,
                When::After => at.start >= facts.time.end,
                When::Any => true,
            };
            let to_whom = wanted.to.is_none() || notice.to.is_some();
            if !notice.given && apart > DAY {
                return None; // it speaks of another day
            }
            let says = match notice.failed {
                _ if !notice.given => Says::Denied,
                _ if !in_time => Says::Unfit,
                Some(false) if wanted.failed => Says::Unfit,
                None if wanted.failed => Says::Open,
                _ if !to_whom => Says::Open,
                _ => Says::Fits,
            };
            Some((Speaker::of(observation, party), says))
        });
        told(said)
    }

    fn planned(
        &self,
        facts: &Facts,
        clause: &Clause,
        party: Option<&Name>,
        (purposes, ahead, late): (&[Purpose], Option<Micros>, Late),
    ) -> ConditionState {
        let Some(party) = party else { return ConditionState::NotKnown };
        let mine =
            self.notices().filter(|(_, by, notice)| *by == party && notice.sort == NoticeSort::PlannedAct);
        let said = mine.filter_map(|(observation, _, notice)| {
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
            // Who announces an act when it is over has announced nothing, however late he may do it.
            let before = match given_at(observation, notice) {
                Some(given) if given.end <= facts.time.start => Belongs::Yes,
                Some(given) if given.start >= facts.time.end => Belongs::No,
                _ => Belongs::Unknown,
            };
            let says = match (in_time(observation, notice, ahead), late) {
                // That nothing was announced for that time needs no place.
                _ if !notice.given && parts[1] == Belongs::Yes => Says::Denied,
                _ if !notice.given || parts.contains(&Belongs::Unknown) => Says::Open,
                (Belongs::Yes, _) => Says::Fits,
                (Belongs::No, Late::Permits) => match before {
                    Belongs::Yes => Says::Fits,
                    Belongs::No => Says::Unfit,
                    Belongs::Unknown => Says::Open,
                },
                (Belongs::No, Late::DoesNotPermit) => Says::Unfit,
                (Belongs::No, Late::NotSettled) | (Belongs::Unknown, _) => Says::Open,
            };
            Some((Speaker::of(observation, party), says))
        });
        told(said)
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
        told(about.map(|(observation, check)| {
            let says = match check.outcome {
                Checked::Done => Says::Fits,
                Checked::NotDone => Says::Denied,
                _ => Says::Open,
            };
            // What is verified is verified by the monitor.
            let speaker = match Speaker::of(observation, party) {
                Speaker::Monitor => Speaker::Monitor,
                _ => Speaker::Other,
            };
            (speaker, says)
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

/// Who speaks of a notice or a check, the first the surest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Speaker {
    Monitor,
    /// A third whose word may stand by itself ([`crate::observation::Rating::stands`]).
    Third,
    /// The party itself, whose notice it is.
    Own,
    /// Another party, or somebody who cannot be judged.
    Other,
}

impl Speaker {
    fn of(observation: &Observation, party: &Name) -> Self {
        match &observation.asserted_by {
            Asserter::Party(speaker) if speaker == party => Self::Own,
            Asserter::Monitor if observation.rating.stands() => Self::Monitor,
            Asserter::Third if observation.rating.stands() => Self::Third,
            _ => Self::Other,
        }
    }
}

/// What is said of a condition.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    /// There was what it asks for.
    Fits,
    /// There was something of the sort, and it does not fit: too late.
    Unfit,
    /// There was not.
    Denied,
    /// It does not tell.
    Open,
}

/// What follows from all that is said: the monitor's word before a third's, and nobody's against himself. What the party says that
/// relies on it is alleged, but counts against it. What its opponent says decides nothing, nor what cannot be judged: the one
/// could make a breach of what was permitted, the other either of both.
fn told(said: impl Iterator<Item = (Speaker, Says)>) -> ConditionState {
    let said: Vec<(Speaker, Says)> = said.collect();
    let is = |speaker, says| said.contains(&(speaker, says));
    for speaker in [Speaker::Monitor, Speaker::Third] {
        match (is(speaker, Says::Fits), is(speaker, Says::Denied)) {
            (true, true) => return ConditionState::NotKnown,
            (true, false) => return ConditionState::Established,
            (false, true) => return ConditionState::NotMet,
            // One that does not fit denies no other.
            (false, false) => {}
        }
    }
    let unfit = [Speaker::Monitor, Speaker::Third, Speaker::Own].iter().any(|by| is(*by, Says::Unfit));
    if unfit || is(Speaker::Own, Says::Denied) {
        ConditionState::NotMet
    } else if is(Speaker::Own, Says::Fits) || is(Speaker::Other, Says::Fits) {
        ConditionState::Alleged
    } else {
        ConditionState::NotKnown
    }
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
