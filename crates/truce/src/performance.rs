//! Were obligations kept? Stages with their deadlines, quantities over a window, notices given in time.
//!
//! Only what the monitor or a third says decides; what a party says of itself is shown as alleged. Nothing seen is not
//! "not done": it cannot be judged.

mod filing;
mod quantity;

use filing::Daily;

use crate::agreement::{
    Agreement, Clause, Condition, Due, Edge, Mode, Quantity, Reading, ShownBy, Stage, Test,
};
use crate::evidence::Weights;
use crate::finding::{Circumstances, Verdict};
use crate::observation::{Asserter, Belongs, Checked, Count, Detail, Observation, Verification};
use crate::time::{Date, Span, Time};
use crate::{Id, Name};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// How one obligation was kept: a finding whose subject is a stage, a day, a quantity or a notice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Performance {
    /// The instrument.
    pub instrument: Name,
    /// The clause.
    pub clause: Name,
    /// The reading.
    pub reading: Name,
    /// Who had to do it.
    pub party: Name,
    /// What was to be done.
    pub subject: Subject,
    /// Until when, where that is known.
    pub due: Option<Edge>,
    /// How it was kept.
    pub state: State,
    /// Ids of the observations that this rests on.
    pub basis: Vec<Id>,
}

/// What was to be done.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Subject {
    /// A stage.
    Stage(Name),
    /// A stage of every day, on one day.
    Day(Name, Date),
    /// The same, on days in a row of which nothing was reported: the first and the last.
    Days(Name, Date, Date),
    /// A quantity, as one source counted it.
    Quantity {
        /// The source.
        source: Name,
        /// Who says so.
        asserted_by: Asserter,
        /// The time that its counts cover, from the first to the last.
        time: Span,
    },
    /// A notice that had to be given ahead.
    Notice(Id),
}

/// How an obligation was kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum State {
    /// In time.
    Done,
    /// After its deadline.
    Late,
    /// Not by its deadline.
    NotDone,
    /// Only in part by its deadline.
    Partly,
    /// The deadline has not passed.
    NotYetDue,
    /// By this share.
    Share(Share),
    /// It cannot be told.
    CannotBeJudged(Gap),
}

/// Why it cannot be told how an obligation was kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Gap {
    /// Nobody has looked.
    NothingVerified,
    /// Only the party says so.
    OnlyAlleged,
    /// Somebody looked and could not see.
    NotSeen,
    /// The deadline is not known, or not well enough.
    DueNotKnown,
    /// When it was done is not known well enough.
    TimeNotKnown,
    /// It is owed only on a condition, of which nothing is verified.
    Conditional,
    /// Counts of one source overlap and cannot be added.
    Overlap,
    /// A count is "about" or "at least", and the answer hangs on it.
    CountNotExact,
    /// Others than the monitor report it, and not as surely as the agreement asks.
    OnlyReported,
    /// The counts do not cover the whole of the time in which so much is owed.
    PartOfTime,
    /// Whether counts of one time add up, or count the same things twice, is not known.
    MayNotAdd,
    /// Nothing was reported of it, and nobody said that nothing came.
    NothingReported,
    /// To whom the notice was given is not said.
    RecipientNotKnown,
}

/// Compliance with a quantity: an exact ratio of two whole numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Share {
    /// Counted, as stated.
    pub counted: u64,
    /// Counted, if all counts of which it cannot be told whether they add up do; else the same.
    pub perhaps: u64,
    /// Owed (or allowed) in the windows that were counted throughout; where there is none, in all that the counts touch.
    pub owed: u64,
    /// Is that the least (or the most) there may be?
    pub at_least: bool,
    /// Is it kept? Says nothing where something is open.
    pub kept: bool,
    /// Windows that are known to have been missed by themselves, or to have gone beyond their limit.
    pub missed: u64,
    /// Windows that were counted only in part, and are left out of all these figures.
    pub left: u64,
    /// Why nothing is decided, if so.
    pub open: Option<Gap>,
}

impl Share {
    /// Counted of owed, permille, rounded half up; `None` where nothing is owed.
    pub fn permille(&self) -> Option<u64> {
        let (counted, owed) = (u128::from(self.counted), u128::from(self.owed));
        (owed > 0).then(|| u64::try_from((2_000 * counted + owed) / (2 * owed)).unwrap_or(u64::MAX))
    }

    /// Is it known of whole windows, though others beside them were counted only in part?
    pub fn known(&self) -> bool {
        self.open.is_none() || (self.open == Some(Gap::PartOfTime) && self.left > 0)
    }

    /// Does a party say so? Then it decides nothing.
    pub fn alleged(&self) -> bool {
        self.open == Some(Gap::OnlyAlleged)
    }
}

impl Performance {
    /// How many days, where it is about days in a row; else one.
    pub fn days(&self) -> u32 {
        match &self.subject {
            Subject::Days(_, first, last) => {
                u32::try_from(last.days() - first.days() + 1).unwrap_or(u32::MAX)
            }
            _ => 1,
        }
    }

    /// The verdict that goes with the state.
    pub fn verdict(&self) -> Verdict {
        match &self.state {
            State::Done => Verdict::NoBreach,
            State::Late | State::NotDone | State::Partly => Verdict::Breach,
            State::NotYetDue | State::CannotBeJudged(_) => Verdict::Undetermined,
            State::Share(share) if share.open.is_some() => Verdict::Undetermined,
            State::Share(share) if share.kept => Verdict::NoBreach,
            State::Share(_) => Verdict::Breach,
        }
    }
}

impl Gap {
    /// All with their names in reports as data.
    pub const NAMES: [(&'static str, Self); 13] = [
        ("nothing-verified", Self::NothingVerified),
        ("only-alleged", Self::OnlyAlleged),
        ("not-seen", Self::NotSeen),
        ("due-not-known", Self::DueNotKnown),
        ("time-not-known", Self::TimeNotKnown),
        ("conditional", Self::Conditional),
        ("overlap", Self::Overlap),
        ("count-not-exact", Self::CountNotExact),
        ("only-reported", Self::OnlyReported),
        ("part-of-time", Self::PartOfTime),
        ("may-not-add", Self::MayNotAdd),
        ("nothing-reported", Self::NothingReported),
        ("recipient-not-known", Self::RecipientNotKnown),
    ];

    /// The name in reports as data.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, gap)| *gap == self).map_or("", |(name, _)| name)
    }
}

/// How the obligations of an agreement were kept, as far as the observations up to `as_of` tell: by reading, clause
/// and stage in the order of the agreement, then by party, then by time. `weights` are the mission's: without them only what
/// the monitor counted decides.
pub fn performances(
    observations: &[Observation],
    agreement: &Agreement,
    weights: Option<&Weights>,
    as_of: Time,
) -> Vec<Performance> {
    let mut known: Vec<&Observation> = observations.iter().filter(|one| one.time.start <= as_of).collect();
    known.sort_by_key(|one| (one.time, one.id));
    known.dedup_by_key(|one| one.id);
    let circumstances = Circumstances::new(observations, core::iter::empty());
    let mut all = Vec::new();
    for reading in &agreement.readings {
        for clause in &reading.clauses {
            let mut keep = Books { agreement, weights, reading, clause, known: &known, as_of, all: &mut all };
            if clause.mode == Mode::Oblige {
                for stage in &clause.stages {
                    for party in &stage.binds {
                        keep.stage(stage, party);
                    }
                }
                if let Some(quantity) = &clause.quantity {
                    for party in &clause.binds {
                        keep.quantity(quantity, party);
                    }
                }
            }
            let conditions = clause.exceptions.iter().flat_map(|exception| &exception.conditions);
            for condition in conditions.chain(&clause.conditions) {
                keep.notices(condition, &circumstances);
            }
        }
    }
    all
}

/// What one source counted.
struct Counted<'a> {
    source: Name,
    asserted_by: Asserter,
    rows: Vec<&'a Observation>,
    time: Span,
    state: State,
}

/// One clause of one reading, and where its results go.
struct Books<'a> {
    agreement: &'a Agreement,
    weights: Option<&'a Weights>,
    reading: &'a Reading,
    clause: &'a Clause,
    known: &'a [&'a Observation],
    as_of: Time,
    all: &'a mut Vec<Performance>,
}

fn by_party(observation: &Observation) -> bool {
    matches!(observation.asserted_by, Asserter::Party(_))
}

/// Is it told by somebody else than the monitor? That a commitment was not kept is then what somebody says: a newspaper
/// cannot put a party in breach.
fn told(observation: &Observation) -> bool {
    observation.asserted_by != Asserter::Monitor
}

impl Books<'_> {
    fn note(&mut self, party: &Name, subject: Subject, due: Option<Edge>, state: State, basis: Vec<Id>) {
        self.all.push(Performance {
            instrument: self.agreement.id.clone(),
            clause: self.clause.id.clone(),
            reading: self.reading.id.clone(),
            party: party.clone(),
            subject,
            due,
            state,
            basis,
        });
    }

    fn stage(&mut self, stage: &Stage, party: &Name) {
        match (stage.due, stage.shown_by) {
            (Due::Daily { at, clock, about }, ShownBy::Notice(sort)) => {
                let filed = self.filed(stage, party, sort);
                self.daily(stage, party, Daily { at, clock, about }, filed);
            }
            // A check tells of its own day.
            (Due::Daily { at, clock, about }, ShownBy::Verification) => {
                self.daily(stage, party, Daily { at, clock, about }, Vec::new());
            }
            (Due::By(_) | Due::NotKnown, shown_by) => {
                let due = match stage.due {
                    Due::By(due) => Some(due),
                    _ => None,
                };
                let (state, basis) = match shown_by {
                    ShownBy::Verification => {
                        let checks: Vec<_> = self.checks(stage, party).collect();
                        state_by_checks(stage, &checks, due, self.as_of)
                    }
                    ShownBy::Notice(sort) => self.state_by_notices(stage, party, sort, due),
                };
                self.note(party, Subject::Stage(stage.id.clone()), due, state, basis);
            }
        }
    }

    /// Checks of a stage, in the order of time.
    fn checks<'s>(
        &'s self,
        stage: &'s Stage,
        party: &'s Name,
    ) -> impl Iterator<Item = (&'s Observation, &'s Verification)> {
        self.known.iter().filter_map(move |seen| match &seen.detail {
            Detail::Verification(check)
                if check.clause == self.clause.id
                    && check.stage.as_ref() == Some(&stage.id)
                    && seen.origin.as_ref() == Some(party) =>
            {
                Some((*seen, &**check))
            }
            _ => None,
        })
    }

    /// What each source counted, held against what is owed in as much time.
    fn quantity(&mut self, quantity: &Quantity, party: &Name) {
        let mut sources: BTreeMap<(Name, Asserter), Vec<&Observation>> = BTreeMap::new();
        for seen in self.known {
            let about = seen.particulars().unit.as_ref() == Some(&quantity.of)
                && self.clause.covers_act(seen.act) == Belongs::Yes
                && seen.count != Count::Unstated
                && seen.origin.as_ref().is_none_or(|origin| origin == party)
                && self.reading.clause_in_force(self.clause, seen.time) == Belongs::Yes;
            if about {
                let key = (seen.source.clone(), seen.asserted_by.clone());
                sources.entry(key).or_default().push(seen);
            }
        }
        let counted: Vec<Counted<'_>> = sources
            .into_iter()
            .map(|((source, asserted_by), rows)| Counted {
                state: quantity::state(quantity, &rows, self.as_of),
                time: Span {
                    start: rows.iter().map(|row| row.time.start).min().unwrap_or_default(),
                    end: rows.iter().map(|row| row.time.end).max().unwrap_or_default(),
                },
                source,
                asserted_by,
                rows,
            })
            .collect();
        for one in &counted {
            let mut state = one.state.clone();
            if let State::Share(share) = &mut state {
                share.open = self.standing(one, &counted).or(share.open);
            }
            let basis = one.rows.iter().map(|row| row.id).collect();
            let (source, asserted_by) = (one.source.clone(), one.asserted_by.clone());
            self.note(party, Subject::Quantity { source, asserted_by, time: one.time }, None, state, basis);
        }
    }

    /// Why a count decides nothing, by who says it: a party's own, or one that falls short of the agreement's standard of
    /// proof together with all who say alike of the same time. A source is as sure as its weakest row.
    fn standing(&self, one: &Counted<'_>, all: &[Counted<'_>]) -> Option<Gap> {
        if matches!(one.asserted_by, Asserter::Party(_)) {
            return Some(Gap::OnlyAlleged);
        }
        let Some(weights) = self.weights else {
            return (one.asserted_by != Asserter::Monitor).then_some(Gap::OnlyReported);
        };
        let answer = |state: &State| match state {
            State::Share(share) if share.open.is_none() => Some(share.kept),
            _ => None,
        };
        let said = all.iter().filter(|other| {
            !matches!(other.asserted_by, Asserter::Party(_))
                && (core::ptr::eq(*other, one)
                    || (other.time == one.time && answer(&other.state) == answer(&one.state)))
        });
        let said: Vec<&Observation> =
            said.filter_map(|other| crate::evidence::weakest(&other.rows, weights)).collect();
        let sure = crate::evidence::agreed_permille(&said, weights);
        (sure < self.clause.standard.occurred).then_some(Gap::OnlyReported)
    }

    /// Notices that had to be given ahead, and were not.
    fn notices(&mut self, condition: &Condition, circumstances: &Circumstances<'_>) {
        let Test::Planned { purposes, ahead: Some(ahead), .. } = &condition.test else { return };
        let late: Vec<(Name, Time, Id, bool)> = circumstances
            .notices()
            .filter(|(seen, party, notice)| {
                notice.sort == crate::observation::NoticeSort::PlannedAct
                    && notice.given
                    && seen.time.start <= self.as_of
                    && self.clause.binds.contains(party)
                    && (purposes.is_empty()
                        || notice.purpose.is_some_and(|purpose| purposes.contains(&purpose)))
                    && self.reading.clause_in_force(self.clause, seen.time) == Belongs::Yes
                    && crate::finding::filed_in_time(seen, notice, Some(*ahead)) == Belongs::No
            })
            .map(|(seen, party, _)| {
                (party.clone(), Time(seen.time.start.0.saturating_sub(*ahead)), seen.id, told(seen))
            })
            .collect();
        for (party, due, id, told) in late {
            let state = if told { State::CannotBeJudged(Gap::OnlyAlleged) } else { State::Late };
            self.note(&party, Subject::Notice(id), Some(Edge::at(due)), state, Vec::from([id]));
        }
    }
}

/// Was something that was done at `at` in time?
fn in_time(at: Span, due: Option<Edge>) -> State {
    let Some(due) = due else { return State::Done };
    if at.end <= due.earliest {
        State::Done
    } else if due.latest.is_some_and(|latest| at.start > latest) {
        State::Late
    } else if due.exact().is_none() {
        State::CannotBeJudged(Gap::DueNotKnown)
    } else {
        State::CannotBeJudged(Gap::TimeNotKnown)
    }
}

/// It was not done: not kept, unless it is owed on a condition only.
fn not_done(stage: &Stage) -> State {
    if stage.only_if.is_some() { State::CannotBeJudged(Gap::Conditional) } else { State::NotDone }
}

/// Nothing decisive was said.
fn unseen(due: Option<Edge>, as_of: Time, alleged: bool, looked: bool) -> State {
    let passed = due.is_some_and(|due| due.latest.is_some_and(|latest| latest <= as_of));
    if alleged {
        State::CannotBeJudged(Gap::OnlyAlleged)
    } else if due.is_some() && !passed {
        State::NotYetDue
    } else if looked {
        State::CannotBeJudged(Gap::NotSeen)
    } else if due.is_none() {
        State::CannotBeJudged(Gap::DueNotKnown)
    } else {
        State::CannotBeJudged(Gap::NothingVerified)
    }
}

/// The state of a stage from its checks, in the order of time. The latest decisive one tells whether it is done, the
/// first that saw it done tells when.
fn state_by_checks(
    stage: &Stage,
    checks: &[(&Observation, &Verification)],
    due: Option<Edge>,
    as_of: Time,
) -> (State, Vec<Id>) {
    let condition = |wanted: Checked| {
        let about = |check: &Verification| check.condition.as_deref() == Some("only-if");
        checks.iter().any(|(seen, check)| about(check) && check.outcome == wanted && !told(seen))
    };
    let own: Vec<_> = checks.iter().filter(|(_, check)| check.condition.is_none()).collect();
    let decisive =
        || own.iter().filter(|(seen, check)| !told(seen) && check.outcome != Checked::NotSeen).copied();
    let basis: Vec<Id> = own.iter().map(|(seen, _)| seen.id).collect();
    let Some((last, latest)) = decisive().max_by_key(|(seen, check)| (seen.time.end, check.outcome, seen.id))
    else {
        let alleged = own.iter().any(|(seen, check)| by_party(seen) && check.outcome == Checked::Done);
        let looked = own.iter().any(|(_, check)| check.outcome == Checked::NotSeen);
        return (unseen(due, as_of, alleged, looked), basis);
    };
    let passed = due.is_some_and(|due| due.latest.is_some_and(|latest| latest <= last.time.end));
    let missed = |state: State| match (&stage.only_if, condition(Checked::Done)) {
        (Some(_), false) => State::CannotBeJudged(Gap::Conditional),
        _ => state,
    };
    let state = match latest.outcome {
        Checked::Done => {
            let first = decisive().find(|(_, check)| check.outcome == Checked::Done);
            match first.map(|(seen, _)| in_time(seen.time, due)) {
                Some(State::Late) => missed(State::Late),
                Some(state) => state,
                None => State::Done,
            }
        }
        _ if due.is_none() => State::CannotBeJudged(Gap::DueNotKnown),
        Checked::NotDone if passed => missed(State::NotDone),
        Checked::Partly if passed => missed(State::Partly),
        _ => unseen(due, as_of, false, false),
    };
    (state, basis)
}
