//! What of a case may be seen by whom, and what it is waiting for.
//!
//! [`Shared`] takes no party: what one liaison sees, every liaison sees. It has no room for notes, for what a task asks
//! and what it gave in words, for keys or for names. [`Public`] has no room for any words but the statement that was
//! written for it.

use super::like;
use super::state::{Case, Correction, Rules};
use super::step::{
    Class, Found, Held, Hour, Judgement, Kept, Outcome, Role, Seat, Stance, StepKind, Subject, Taken, Text,
    What,
};
use crate::place::Mm;
use crate::time::{Span, Time};
use crate::{Id, Name};
use alloc::string::String;
use alloc::vec::Vec;

/// Where a case stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Stage {
    /// Opened, not looked at.
    Reported,
    /// Set aside by triage.
    SetAside,
    /// Being verified.
    Verifying,
    /// Classed, and nobody told yet.
    Classified,
    /// The parties were told.
    Notified,
    /// It came out in some way.
    Concluded,
    /// Closed.
    Closed,
}

impl Stage {
    /// The words in lists.
    pub fn words(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::SetAside => "set aside",
            Self::Verifying => "being verified",
            Self::Classified => "classed",
            Self::Notified => "parties told",
            Self::Concluded => "concluded",
            Self::Closed => "closed",
        }
    }
}

/// Where a case stands.
pub fn stage(case: &Case) -> Stage {
    if case.closed.is_some() {
        Stage::Closed
    } else if case.outcome.is_some() {
        Stage::Concluded
    } else if !case.notices.is_empty() {
        Stage::Notified
    } else if case.class.is_some() {
        Stage::Classified
    } else {
        match case.triage {
            None => Stage::Reported,
            Some((_, Taken::Up, _)) => Stage::Verifying,
            Some(_) => Stage::SetAside,
        }
    }
}

/// A step that is awaited, with its deadline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waiting {
    /// For which step.
    pub step: StepKind,
    /// Whose: a party's answer or remedy.
    pub party: Option<Name>,
    /// Who may take it.
    pub may: Vec<Seat>,
    /// By when.
    pub due: Time,
    /// Was it due before the moment asked for?
    pub overdue: bool,
}

/// What a case is waiting for at a moment. The moment is asked for; no clock is read.
pub fn waiting(case: &Case, rules: &Rules<'_>, at: Time) -> Vec<Waiting> {
    let follow_up = rules.follow_up;
    let mut all = Vec::new();
    let mut wait = |step: StepKind, party: Option<Name>, due: Time| {
        all.push(Waiting { step, party, may: step.seats().to_vec(), due, overdue: due < at });
    };
    let after = |time: Time, within: i64| Time(time.0 + within);
    match stage(case) {
        Stage::Closed => return Vec::new(),
        Stage::Reported => wait(StepKind::Triage, None, after(case.opened, follow_up.triage_within)),
        Stage::SetAside => {
            let (triaged, ..) = case.triage.unwrap_or((case.opened, Taken::Up, None));
            wait(StepKind::Close, None, after(triaged, follow_up.conclude_within));
        }
        Stage::Verifying => {
            let (triaged, ..) = case.triage.unwrap_or((case.opened, Taken::Up, None));
            wait(StepKind::Classify, None, after(triaged, follow_up.classify_within));
        }
        Stage::Classified => {
            let classed = case.class.map_or(case.opened, |(classed, _)| classed);
            wait(StepKind::Notify, None, after(classed, follow_up.notify_within));
        }
        Stage::Notified => {
            let answer_by = case.answer_by.unwrap_or(case.opened);
            let silent = case.silent(rules.parties);
            // When all have answered, the outcome is awaited from then on.
            let heard = case.answers.iter().map(|answer| answer.at).max().filter(|_| silent.is_empty());
            for party in silent {
                wait(StepKind::Answer, Some(party), answer_by);
            }
            // Who answers late puts nothing off.
            let from = heard.map_or(answer_by, |heard| heard.min(answer_by));
            wait(StepKind::Conclude, None, after(from, follow_up.conclude_within));
        }
        Stage::Concluded => {
            let concluded = case.outcome.map_or(case.opened, |(concluded, _)| concluded);
            let publishable = Time(case.subject.to.end().0 + rules.public_delay).max(concluded);
            if case.published.is_none() {
                wait(StepKind::Publish, None, after(publishable, follow_up.conclude_within));
            }
            for remedy in case.remedies.iter().filter(|remedy| remedy.kept.is_none()) {
                for party in &remedy.parties {
                    wait(StepKind::Remedied, Some(party.clone()), remedy.due);
                }
            }
            let last =
                case.remedies.iter().map(|remedy| remedy.due).max().unwrap_or(publishable).max(publishable);
            wait(StepKind::Close, None, after(last, follow_up.conclude_within));
        }
    }
    for task in case.tasks.iter().filter(|task| task.result.is_none()) {
        wait(StepKind::Result, None, task.due);
    }
    all.sort_by_key(|waiting| (waiting.due, waiting.step));
    all
}

/// Cases in figures, for the report of a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Opened within the window.
    pub opened: u32,
    /// Answers that came within the window.
    pub answered: u32,
    /// Open at its end.
    pub open: u32,
    /// Of these, waiting for something that was due by then.
    pub overdue: u32,
    /// Closed within the window.
    pub closed: u32,
    /// Corrections made within the window.
    pub corrections: u32,
}

/// Counts cases over a window. Fold the docket at the window's end first.
pub fn tally(cases: &[Case], rules: &Rules<'_>, window: Span) -> Tally {
    let mut tally = Tally::default();
    let count = |moments: &mut dyn Iterator<Item = Time>| {
        moments.filter(|time| window.contains(*time)).count() as u32
    };
    let open = |case: &Case| case.closed.is_none_or(|(at, _)| at >= window.end);
    for case in cases {
        tally.answered += count(&mut case.answers.iter().map(|answer| answer.at));
        tally.corrections += count(&mut case.corrections.iter().map(|correction| correction.at));
    }
    // Alike complaints are one in every count of cases: opened with the first, closed with the last.
    for group in like::alike(cases) {
        let group = || group.cases.iter().filter_map(|place| cases.get(*place));
        tally.opened += count(&mut group().map(|case| case.opened).min().into_iter());
        let closed: Option<Vec<Time>> = group().map(|case| Some(case.closed.as_ref()?.0)).collect();
        tally.closed += count(&mut closed.and_then(|all| all.into_iter().max()).into_iter());
        tally.open += u32::from(group().any(open));
        let late = |case: &Case| waiting(case, rules, window.end).iter().any(|waiting| waiting.overdue);
        tally.overdue += u32::from(group().any(|case| open(case) && late(case)));
    }
    tally
}

/// What mediators and the liaisons of all parties see: alike, coarse, without notes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shared {
    /// The case.
    pub id: Id,
    /// When it was opened.
    pub opened: Time,
    /// What it is about, to the sector and the hour.
    pub subject: Subject,
    /// Where it stands.
    pub stage: Stage,
    /// What triage decided.
    pub triage: Option<Taken>,
    /// What verification was asked for and gave, without words.
    pub tasks: Vec<SharedTask>,
    /// The classification.
    pub class: Option<Class>,
    /// By when every party should answer.
    pub answer_by: Option<Time>,
    /// Each party's last answer, in the order of the agreement: one entry for each party, answered or not.
    pub answers: Vec<SharedAnswer>,
    /// Judgements with their dissents.
    pub judgements: Vec<(Time, Judgement)>,
    /// How it came out.
    pub outcome: Option<Outcome>,
    /// Remedies: by whom, by when, what, and what became of it.
    pub remedies: Vec<(Vec<Name>, Time, Text, Option<Kept>)>,
    /// The statement to the public.
    pub published: Option<Text>,
    /// Why it was closed.
    pub closed: Option<(Time, Text)>,
    /// Corrections, those of what is confidential left out.
    pub corrections: Vec<Correction>,
    /// The steps that both may see.
    pub steps: Vec<SharedStep>,
    /// What it waits for.
    pub waiting: Vec<Waiting>,
}

/// A task without its words and its sort: that somebody was interviewed in a village is enough to find a witness.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SharedTask {
    /// By when.
    pub due: Time,
    /// What was found.
    pub found: Option<Found>,
}

/// A party's version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SharedAnswer {
    /// The party.
    pub party: Name,
    /// Its last answer: when, how, in which words, and whether the time for it was over. `None`: no answer, and that is
    /// all that it says.
    pub answer: Option<(Time, Stance, Text, bool)>,
    /// Without an answer: is the time for it over?
    pub overdue: bool,
}

/// A step, by role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SharedStep {
    /// Its id.
    pub id: Id,
    /// When.
    pub at: Time,
    /// Who.
    pub by: Role,
    /// Of what sort.
    pub kind: StepKind,
}

/// The view that mediators and all liaisons share.
pub fn shared(case: &Case, rules: &Rules<'_>, at: Time) -> Shared {
    let confidential = |id: &Id| {
        case.steps.iter().any(|step| {
            step.id == *id && matches!(step.what.kind(), StepKind::Note | StepKind::Task | StepKind::Result)
        })
    };
    let hidden = |what: &What| match what {
        What::Note(_) => true,
        What::Correct { step, .. } => confidential(step),
        _ => false,
    };
    Shared {
        id: case.id,
        opened: case.opened,
        subject: case.subject.clone(),
        stage: stage(case),
        triage: case.triage.map(|(_, taken, _)| taken),
        tasks: case
            .tasks
            .iter()
            .map(|task| SharedTask { due: task.due, found: task.result.map(|(_, found, _)| found) })
            .collect(),
        class: case.class.map(|(_, class)| class),
        answer_by: case.answer_by,
        answers: rules
            .parties
            .iter()
            .map(|party| {
                let last = case.answers.iter().rev().find(|answer| answer.party == *party);
                SharedAnswer {
                    party: party.clone(),
                    answer: last.map(|answer| (answer.at, answer.stance, answer.words, answer.late)),
                    overdue: last.is_none() && case.answer_by.is_some_and(|until| until < at),
                }
            })
            .collect(),
        judgements: case.judgements.clone(),
        outcome: case.outcome.map(|(_, outcome)| outcome),
        remedies: case
            .remedies
            .iter()
            .map(|remedy| {
                (remedy.parties.clone(), remedy.due, remedy.words, remedy.kept.map(|(_, kept)| kept))
            })
            .collect(),
        published: case.published.map(|(_, words)| words),
        closed: case.closed,
        corrections: case
            .corrections
            .iter()
            .filter(|correction| !confidential(&correction.step))
            .cloned()
            .collect(),
        steps: case
            .steps
            .iter()
            .filter(|step| !hidden(&step.what))
            .map(|step| SharedStep { id: step.id, at: step.at, by: step.by.clone(), kind: step.what.kind() })
            .collect(),
        waiting: waiting(case, rules, at),
    }
}

/// What the public sees of a case that was published: nothing finer than a public sector and a day, no words but the
/// statement that was written for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Public {
    /// The case.
    pub id: Id,
    /// The clause.
    pub clause: Name,
    /// Where, by the sectors that the mission publishes.
    pub place: String,
    /// The day, by UTC.
    pub day: crate::time::Date,
    /// By forces of this party, to the clause's standard.
    pub forces: Option<Name>,
    /// The classification.
    pub class: Option<Class>,
    /// Each party's stance, in the order of the agreement; `None`: no answer by the deadline.
    pub answers: Vec<(Name, Option<Stance>)>,
    /// What the body held last, and how many dissented.
    pub judgement: Option<(Name, Held, u32)>,
    /// How it came out.
    pub outcome: Option<Outcome>,
    /// Remedies that were done, not done, not seen, and not known yet.
    pub remedies: [u32; 4],
    /// The statement.
    pub statement: Text,
    /// How many corrections were made.
    pub corrections: u32,
    /// Closed?
    pub closed: bool,
}

/// What the public sees: `None` before the case was published. `sector` is the length of the sectors that the mission
/// publishes.
pub fn public(case: &Case, rules: &Rules<'_>, sector: Mm) -> Option<Public> {
    let (_, statement) = case.published?;
    let kept = |wanted: Option<Kept>| {
        case.remedies.iter().filter(|remedy| remedy.kept.map(|(_, kept)| kept) == wanted).count() as u32
    };
    Some(Public {
        id: case.id,
        clause: case.subject.clause.clone(),
        place: case.subject.area.public_words(sector),
        day: Hour::start(case.subject.from).date(0),
        forces: case.subject.forces.clone(),
        class: case.class.map(|(_, class)| class),
        answers: rules.parties.iter().map(|party| (party.clone(), case.stance(party))).collect(),
        judgement: case.judgements.last().map(|(_, judgement)| {
            (judgement.body.clone(), judgement.held.clone(), judgement.dissents.len() as u32)
        }),
        outcome: case.outcome.map(|(_, outcome)| outcome),
        remedies: [kept(Some(Kept::Done)), kept(Some(Kept::NotDone)), kept(Some(Kept::NotSeen)), kept(None)],
        statement,
        corrections: case.corrections.len() as u32,
        closed: case.closed.is_some(),
    })
}
