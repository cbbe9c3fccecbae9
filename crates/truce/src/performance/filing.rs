//! Stages that a notice shows, and stages of every day.
//!
//! A day on which nothing came is listed like one on which it came late: silence is not rewarded. But that nothing was
//! reported is no finding that nothing came: that takes a row of the monitor that says so.

use super::{Books, Gap, State, Subject, in_time, not_done, state_by_checks, told, unseen};
use crate::Id;
use crate::Name;
use crate::agreement::{About, Edge, ShownBy, Stage};
use crate::observation::{Belongs, Detail, NoticeSort, Observation};
use crate::time::{Date, Micros, Span, Time, Zone};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// By when a stage is due on every day.
#[derive(Clone, Copy)]
pub(super) struct Daily {
    pub(super) at: Micros,
    pub(super) clock: Zone,
    pub(super) about: Option<About>,
}

impl Daily {
    fn due(self, day: Date) -> Edge {
        Edge::at(Time(self.clock.day(day).start.0 + self.at))
    }

    /// The day for which this was owed, and a moment of that duty: where the text says which day it is about and the notice
    /// does too, by these; else the day on which it was given, and where nobody says when, that of its own time.
    fn owed(self, filed: &Filed<'_>) -> (Date, Span) {
        let given = filed.at.unwrap_or(filed.seen.time);
        match self.about {
            Some(about) if filed.seen.time != given => {
                let day = Date::from_days(self.clock.date(filed.seen.time.start).days() - about.days());
                (day, Span::at(self.due(day).earliest))
            }
            _ => (self.clock.date(given.start), given),
        }
    }
}

/// A notice by which a stage may have been kept.
#[derive(Clone, Copy)]
pub(super) struct Filed<'a> {
    /// When it was given, where that is said.
    at: Option<Span>,
    seen: &'a Observation,
    given: bool,
    /// Is it said that it went to whom the stage names?
    reached: bool,
}

impl<'b> Books<'b> {
    /// Notices by which a stage may have been kept, in the order of time.
    pub(super) fn filed(&self, stage: &Stage, party: &Name, sort: NoticeSort) -> Vec<Filed<'b>> {
        let mut filed: Vec<Filed<'b>> = Vec::new();
        for seen in self.known {
            let Detail::Notice { party: by, notice } = &seen.detail else { continue };
            let elsewhere = notice.to.is_some() && notice.to != stage.notice_to && stage.notice_to.is_some();
            if by == party && notice.sort == sort && !elsewhere {
                filed.push(Filed {
                    at: crate::finding::given_at(seen, notice),
                    seen,
                    given: notice.given,
                    reached: stage.notice_to.is_none() || notice.to.is_some(),
                });
            }
        }
        filed.sort_by_key(|one| (one.at.unwrap_or(one.seen.time), one.seen.id));
        filed
    }

    /// The state of a stage from notices, each of which `held` holds against its deadline; `None` where none decides
    /// anything. What may have been in time comes before what was late, and what the monitor established before what
    /// others tell.
    fn by_notices(
        stage: &Stage,
        filed: &[Filed<'_>],
        held: &dyn Fn(Span, &Observation) -> State,
        passed: bool,
    ) -> Option<(State, Vec<Id>)> {
        let own = || filed.iter().filter(|one| !told(one.seen));
        let missing = own().find(|one| !one.given && passed).map(|one| (not_done(stage), one.seen.id));
        let given: Vec<(State, Id)> = own()
            .filter(|one| one.given)
            .map(|one| {
                let state = match one.at {
                    None => State::CannotBeJudged(Gap::TimeNotKnown),
                    Some(_) if !one.reached => State::CannotBeJudged(Gap::RecipientNotKnown),
                    Some(at) => held(at, one.seen),
                };
                (state, one.seen.id)
            })
            .collect();
        let rank = |state: &State| match state {
            State::Done => 0,
            State::CannotBeJudged(Gap::RecipientNotKnown) if missing.is_some() => 4,
            State::CannotBeJudged(Gap::RecipientNotKnown) => 2,
            State::CannotBeJudged(_) => 1,
            _ => 3,
        };
        let best =
            given.into_iter().filter(|(state, _)| rank(state) < 4).min_by_key(|(state, _)| rank(state));
        best.or(missing).map(|(state, id)| (state, Vec::from([id])))
    }

    pub(super) fn state_by_notices(
        &self,
        stage: &Stage,
        party: &Name,
        sort: NoticeSort,
        due: Option<Edge>,
    ) -> (State, Vec<Id>) {
        let filed = self.filed(stage, party, sort);
        let passed = due.and_then(|due| due.latest).is_some_and(|latest| latest <= self.as_of);
        Self::by_notices(stage, &filed, &|at, _| in_time(at, due), passed).unwrap_or_else(|| {
            let alleged = filed.iter().find(|one| one.given).map(|one| one.seen.id);
            (unseen(due, self.as_of, alleged.is_some(), false), alleged.into_iter().collect())
        })
    }

    /// A stage of every day: each day of which something is said, and between them the days of which nothing is.
    pub(super) fn daily(&mut self, stage: &Stage, party: &Name, daily: Daily, filed: Vec<Filed<'_>>) {
        let clock = daily.clock;
        let mut days: BTreeMap<Date, Vec<Filed<'_>>> = BTreeMap::new();
        for one in filed {
            let (day, at) = daily.owed(&one);
            if self.reading.clause_in_force(self.clause, at) != Belongs::No {
                days.entry(day).or_default().push(one);
            }
        }
        let checked: Vec<Date> =
            self.checks(stage, party).map(|(seen, _)| clock.date(seen.time.start)).collect();
        checked.into_iter().for_each(|day| {
            days.entry(day).or_default();
        });
        let mut all: Vec<(Subject, Option<Edge>, State, Vec<Id>)> = Vec::new();
        for (day, filed) in &days {
            let (due, whole) = (daily.due(*day), clock.day(*day));
            let held = |at: Span, seen: &Observation| {
                let own = in_time(at, Some(due));
                let later = in_time(at, Some(daily.due(clock.date(seen.time.start))));
                // Late for the day on which it was given, and in time for the day that it is about: which of the two it
                // was owed for decides.
                match (&own, later) {
                    (State::Late, State::Done) if daily.about.is_none() => {
                        State::CannotBeJudged(Gap::DueNotKnown)
                    }
                    _ => own,
                }
            };
            let passed = due.latest.is_some_and(|latest| latest <= self.as_of);
            let said = Self::by_notices(stage, filed, &held, passed);
            let checks: Vec<_> =
                self.checks(stage, party).filter(|(seen, _)| whole.contains(seen.time.start)).collect();
            let (state, basis) = said.unwrap_or_else(|| {
                if !checks.is_empty() {
                    state_by_checks(stage, &checks, Some(due), self.as_of)
                } else if filed.iter().any(|one| told(one.seen)) {
                    let ids = filed.iter().map(|one| one.seen.id).collect();
                    (State::CannotBeJudged(Gap::OnlyAlleged), ids)
                } else {
                    // That none was given yet was noted before it was due.
                    (State::NotYetDue, filed.iter().map(|one| one.seen.id).collect())
                }
            });
            all.push((Subject::Day(stage.id.clone(), *day), Some(due), state, basis));
        }
        let gap = match stage.shown_by {
            ShownBy::Verification => Gap::NothingVerified,
            ShownBy::Notice(_) => Gap::NothingReported,
        };
        for (first, last) in self.silent(daily, &days) {
            let subject = Subject::Days(stage.id.clone(), first, last);
            all.push((subject, None, State::CannotBeJudged(gap), Vec::new()));
        }
        let day = |subject: &Subject| match subject {
            Subject::Day(_, day) | Subject::Days(_, day, _) => Some(*day),
            _ => None,
        };
        all.sort_by_key(|(subject, ..)| day(subject));
        for (subject, due, state, basis) in all {
            self.note(party, subject, due, state, basis);
        }
    }

    /// Days in a row on which the stage was due while the clause was in force, up to now, and of which nothing is said.
    fn silent(&self, daily: Daily, said: &BTreeMap<Date, Vec<Filed<'_>>>) -> Vec<(Date, Date)> {
        let mut runs: Vec<(Date, Date)> = Vec::new();
        for period in self.reading.periods_of(self.clause) {
            let Some(from) = period.from.latest.filter(|from| *from <= self.as_of) else { continue };
            let until = period.to.earliest.min(self.as_of);
            let mut day = daily.clock.date(from).days();
            while daily.due(Date::from_days(day)).earliest <= until {
                let date = Date::from_days(day);
                let due = Span::at(daily.due(date).earliest);
                let open = !said.contains_key(&date)
                    && self.reading.clause_in_force(self.clause, due) == Belongs::Yes
                    && !runs.iter().any(|(first, last)| (*first..=*last).contains(&date));
                if open {
                    match runs.last_mut() {
                        Some((_, last)) if last.days() + 1 == day => *last = date,
                        _ => runs.push((date, date)),
                    }
                }
                day += 1;
            }
        }
        runs
    }
}
