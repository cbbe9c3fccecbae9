//! A case as its steps made it, and which step may follow.

use super::like;
use super::rule::FollowUp;
use super::step::{
    Area, Class, Found, Held, Judgement, Kept, Outcome, Role, Seat, Stance, Step, StepKind, Subject, Taken,
    TaskKind, Text, What,
};
use crate::agreement::{Agreement, Bound, Clause, Distance, Where};
use crate::geodesy::distance;
use crate::ground::{Ground, Located, Positions};
use crate::observation::{Act, Belongs};
use crate::place::{DEGREE, KM, Level, Mm, Place, Point};
use crate::time::{Micros, Span, Time};
use crate::{Id, Name};
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

/// What decides beside the steps: all of it data of the agreement and mission files.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// Codes of the parties, in the order of the agreement.
    pub parties: &'a [Name],
    /// The mission's follow-up.
    pub follow_up: &'a FollowUp,
    /// Nothing of an event is published before this.
    pub public_delay: Micros,
    /// The terms that a complaint must lie within; `None`: they are not at hand, and nothing is refused for them.
    pub terms: Option<TermsOf<'a>>,
}

/// What a complaint must lie within.
#[derive(Clone, Copy)]
pub struct TermsOf<'a> {
    /// The agreement.
    pub agreement: &'a Agreement,
    /// Where its lines and zones lie; `None`: not known here.
    pub ground: Option<&'a Ground>,
}

impl TermsOf<'_> {
    /// The length of the reference line; `None`: not known here, or there is none.
    fn line(&self) -> Option<Mm> {
        self.ground.and_then(Ground::reference).map(|front| front.line.length())
    }
}

/// No line is longer than once around the Earth.
const LONGEST_LINE: Mm = 40_075 * KM;

/// A task of verification.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Task {
    /// The step that asked for it.
    pub step: Id,
    /// Of what sort.
    pub kind: TaskKind,
    /// By when.
    pub due: Time,
    /// What exactly.
    pub words: Text,
    /// When it came back, with what, in which words.
    pub result: Option<(Time, Found, Text)>,
}

/// An answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// When.
    pub at: Time,
    /// Whose.
    pub party: Name,
    /// How.
    pub stance: Stance,
    /// In its own words.
    pub words: Text,
    /// After the time for it was over.
    pub late: bool,
}

/// A remedy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remedy {
    /// The step that laid it down.
    pub step: Id,
    /// By whom.
    pub parties: Vec<Name>,
    /// By when.
    pub due: Time,
    /// What.
    pub words: Text,
    /// What became of it, and when that was known.
    pub kept: Option<(Time, Kept)>,
}

/// A correction, beside what it corrects: neither replaces the other in the record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Correction {
    /// When.
    pub at: Time,
    /// Who.
    pub by: Role,
    /// The step that it corrects,
    pub step: Id,
    /// and of what sort that is.
    pub kind: StepKind,
    /// Withdrawn, rather than replaced?
    pub withdrawn: bool,
    /// Why.
    pub words: Text,
}

/// A case: what its steps amount to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    /// The id of its first step.
    pub id: Id,
    /// When it was opened.
    pub opened: Time,
    /// By whom.
    pub opened_by: Role,
    /// What it is about.
    pub subject: Subject,
    /// All observations that belong to it, in order of id.
    pub observations: Vec<Id>,
    /// What triage decided, and which case this one doubles.
    pub triage: Option<(Time, Taken, Option<Id>)>,
    /// Tasks, in their order.
    pub tasks: Vec<Task>,
    /// The classification.
    pub class: Option<(Time, Class)>,
    /// Notices: when, and each party's copy.
    pub notices: Vec<(Time, Vec<(Name, Text)>)>,
    /// By when every party should answer: the same moment for all.
    pub answer_by: Option<Time>,
    /// Answers, in their order.
    pub answers: Vec<Answer>,
    /// Judgements, in their order.
    pub judgements: Vec<(Time, Judgement)>,
    /// How it came out.
    pub outcome: Option<(Time, Outcome)>,
    /// Remedies, in their order.
    pub remedies: Vec<Remedy>,
    /// Published, with which statement.
    pub published: Option<(Time, Text)>,
    /// Corrections, in their order.
    pub corrections: Vec<Correction>,
    /// Confidential notes, in their order.
    pub notes: Vec<(Time, Role, Text)>,
    /// Closed.
    pub closed: Option<(Time, Text)>,
    /// Every step that was taken, corrected ones as they were.
    pub steps: Vec<Step>,
    /// Steps of the record that could not be taken, and why: shown, never dropped.
    pub refused: Vec<(Step, Refusal)>,
}

/// All cases as they stood at a moment, and what the record holds that could not be taken.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Docket {
    /// The cases, in the order in which they were opened.
    pub cases: Vec<Case>,
    /// Steps that opened nothing or belong to no case here, and why: shown, never dropped.
    pub stray: Vec<(Step, Refusal)>,
}

impl Docket {
    /// Folds the steps recorded up to `at`. The order in which they are handed over does not matter: the record's does.
    pub fn fold(steps: &[Step], rules: &Rules<'_>, at: Time) -> Self {
        let mut in_order: Vec<&Step> = steps.iter().filter(|step| step.at <= at).collect();
        in_order.sort_by_key(|step| (step.index, step.id));
        in_order.dedup_by_key(|step| step.id);
        let mut docket = Self::default();
        for step in in_order {
            if let Err(refusal) = docket.take(step, rules) {
                match docket.cases.iter_mut().find(|case| case.id == step.of()) {
                    Some(case) => case.refused.push((step.clone(), refusal)),
                    None => docket.stray.push((step.clone(), refusal)),
                }
            }
        }
        docket
    }

    /// Takes one more step.
    ///
    /// # Errors
    /// Why it cannot be taken; then nothing has changed.
    pub fn take(&mut self, step: &Step, rules: &Rules<'_>) -> Result<(), Refusal> {
        if let (What::Open(subject), None) = (&step.what, step.case) {
            let opened = Case::open(step, rules)?;
            if let Some(case) = self.about(subject) {
                return Err(Refusal::AlreadyOpen(case.id));
            }
            self.cases.push(opened);
            return Ok(());
        }
        let id = step.of();
        let case = self.cases.iter_mut().find(|case| case.id == id);
        case.ok_or(Refusal::NoSuchCase(id))?.take(step, rules)
    }

    /// The case that is about this already.
    pub fn about(&self, subject: &Subject) -> Option<&Case> {
        self.cases.iter().find(|case| case.is_about(subject))
    }

    /// The case with this id.
    pub fn case(&self, id: Id) -> Option<&Case> {
        self.cases.iter().find(|case| case.id == id)
    }
}

impl Case {
    /// So many groups of independence support it at most: those of what it was opened on; one for each verification
    /// that confirmed it; one for each observation that was added.
    pub fn most_groups(&self) -> u32 {
        let confirmed =
            self.tasks.iter().filter(|task| matches!(task.result, Some((_, Found::Confirmed, _))));
        let added = self.observations.iter().filter(|id| !self.subject.observations.contains(id));
        self.subject.groups.saturating_add((confirmed.count() + added.count()) as u32)
    }

    /// Opens a case.
    ///
    /// # Errors
    /// Why it cannot be opened so.
    pub fn open(step: &Step, rules: &Rules<'_>) -> Result<Self, Refusal> {
        let What::Open(subject) = &step.what else {
            return Err(Refusal::First {
                step: step.what.kind(),
                needs: StepKind::Open,
                may: StepKind::Open.seats(),
            });
        };
        check_subject(subject, &step.by, rules)?;
        let mut observations = subject.observations.clone();
        observations.sort();
        observations.dedup();
        Ok(Self {
            id: step.id,
            opened: step.at,
            opened_by: step.by.clone(),
            subject: subject.clone(),
            observations,
            triage: None,
            tasks: Vec::new(),
            class: None,
            notices: Vec::new(),
            answer_by: None,
            answers: Vec::new(),
            judgements: Vec::new(),
            outcome: None,
            remedies: Vec::new(),
            published: None,
            corrections: Vec::new(),
            notes: Vec::new(),
            closed: None,
            steps: vec![step.clone()],
            refused: Vec::new(),
        })
    }

    /// Takes a step, or says why it cannot be taken; then nothing has changed.
    ///
    /// # Errors
    /// Why.
    pub fn take(&mut self, step: &Step, rules: &Rules<'_>) -> Result<(), Refusal> {
        let last = self.steps.last().map_or(self.opened, |last| last.at);
        if step.at < last {
            return Err(Refusal::Backdated { at: step.at, last });
        }
        let mut next = match &step.what {
            What::Correct { step: id, instead, .. } => {
                self.check_correction(*id, instead.as_deref(), &step.by, rules)?;
                let mut steps = self.steps.clone();
                steps.push(step.clone());
                Self::rebuild(&steps, rules)?
            }
            what => {
                let mut next = self.clone();
                next.check(what, step, rules)?;
                next.apply(what, step, rules);
                next
            }
        };
        next.steps = core::mem::take(&mut self.steps);
        next.steps.push(step.clone());
        next.refused = core::mem::take(&mut self.refused);
        *self = next;
        Ok(())
    }

    /// What the steps amount to with every correction in its place. Each step must still be one that could be taken.
    fn rebuild(steps: &[Step], rules: &Rules<'_>) -> Result<Self, Refusal> {
        let mut instead: BTreeMap<Id, Option<&What>> = BTreeMap::new();
        for step in steps {
            if let What::Correct { step: id, instead: other, .. } = &step.what {
                instead.insert(*id, other.as_deref());
            }
        }
        let mut case: Option<Self> = None;
        for step in steps {
            let what = match instead.get(&step.id) {
                Some(None) => {
                    if let Some(case) = &mut case {
                        case.steps.push(step.clone());
                    }
                    continue;
                }
                Some(Some(other)) => *other,
                None => &step.what,
            };
            match &mut case {
                None => case = Some(Self::open(&Step { what: what.clone(), ..step.clone() }, rules)?),
                Some(case) => {
                    if !matches!(what, What::Correct { .. }) {
                        case.check(what, step, rules).map_err(|refusal| {
                            match steps.last().map(|last| &last.what) {
                                Some(What::Correct { step: id, .. }) if *id == step.id => refusal,
                                _ => Refusal::RestsOn {
                                    kind: what.kind(),
                                    step: step.id,
                                    why: refusal.to_string(),
                                },
                            }
                        })?;
                    }
                    case.apply(what, step, rules);
                    case.steps.push(step.clone());
                }
            }
        }
        case.ok_or(Refusal::Stands(StepKind::Open))
    }

    fn check_correction(
        &self,
        id: Id,
        instead: Option<&What>,
        by: &Role,
        rules: &Rules<'_>,
    ) -> Result<(), Refusal> {
        let Some(corrected) = self.steps.iter().find(|step| step.id == id) else {
            return Err(Refusal::NoSuchStep(id));
        };
        let kind = corrected.what.kind();
        let withdrawable = !matches!(kind, StepKind::Open | StepKind::Triage);
        if matches!(kind, StepKind::Notify | StepKind::Correct) || (instead.is_none() && !withdrawable) {
            return Err(Refusal::Stands(kind));
        }
        if let Some(instead) = instead.filter(|instead| instead.kind() != kind) {
            return Err(Refusal::OtherKind { is: kind, instead: instead.kind() });
        }
        may(kind, by, rules)?;
        match &corrected.by {
            // What a party said, it alone corrects.
            Role::Liaison(_) if corrected.by != *by => Err(Refusal::NotYourParty(corrected.by.clone())),
            _ => Ok(()),
        }
    }

    /// May this step be taken now?
    fn check(&self, what: &What, step: &Step, rules: &Rules<'_>) -> Result<(), Refusal> {
        let kind = what.kind();
        may(kind, &step.by, rules)?;
        if self.closed.is_some() && !matches!(kind, StepKind::Note) {
            return Err(Refusal::Closed(kind));
        }
        let needs = |is_there: bool, needs: StepKind| {
            if is_there { Ok(()) } else { Err(Refusal::First { step: kind, needs, may: needs.seats() }) }
        };
        let taken_up = matches!(self.triage, Some((_, Taken::Up, _)));
        if self.triage.is_some()
            && !taken_up
            && !matches!(kind, StepKind::Note | StepKind::Attach | StepKind::Close)
        {
            return Err(Refusal::SetAside(kind));
        }
        match what {
            What::Open(_) => Err(Refusal::Again(kind)),
            What::Attach(ids) if ids.iter().all(|id| self.observations.contains(id)) => {
                Err(Refusal::NothingNew)
            }
            What::Attach(_) | What::Note(_) => Ok(()),
            What::Triage { .. } if self.triage.is_some() => Err(Refusal::Again(kind)),
            What::Triage { taken, of }
                if (*taken == Taken::Duplicate) != of.is_some() || *of == Some(self.id) =>
            {
                Err(Refusal::WhichCase)
            }
            What::Triage { .. } => Ok(()),
            What::Task { due, .. } => {
                needs(taken_up, StepKind::Triage)?;
                if *due <= step.at { Err(Refusal::AlreadyOver(*due)) } else { Ok(()) }
            }
            What::Result { task, .. } => match self.tasks.iter().find(|known| known.step == *task) {
                None => Err(Refusal::NoSuchStep(*task)),
                Some(Task { result: Some(_), .. }) => Err(Refusal::Again(kind)),
                Some(_) => Ok(()),
            },
            What::Classify(class) => {
                needs(taken_up, StepKind::Triage)?;
                if class.confidence > rules.follow_up.confidence(self.most_groups(), 1_000) {
                    return Err(Refusal::BeyondGroups { groups: self.most_groups() });
                }
                match self.tasks.iter().find(|task| task.result.is_none() && step.at < task.due) {
                    Some(task) => Err(Refusal::TaskOpen { task: task.step, due: task.due }),
                    None => Ok(()),
                }
            }
            What::Notify(notices) => {
                needs(self.class.is_some(), StepKind::Classify)?;
                if self.outcome.is_some() {
                    return Err(Refusal::Again(StepKind::Conclude));
                }
                let told: Vec<&Name> = notices.iter().map(|(party, _)| party).collect();
                if told == rules.parties.iter().collect::<Vec<_>>() {
                    Ok(())
                } else {
                    Err(Refusal::NotEveryParty)
                }
            }
            What::Answer { party, .. } => {
                if step.by != Role::Liaison(party.clone()) {
                    return Err(Refusal::NotYourParty(Role::Liaison(party.clone())));
                }
                needs(!self.notices.is_empty(), StepKind::Notify)?;
                // One answer to one notice: another would stand in its place without saying why.
                let told = self.notices.last().map(|(at, _)| *at);
                let given = self.answers.iter().any(|one| one.party == *party && Some(one.at) >= told);
                if given { Err(Refusal::Again(kind)) } else { Ok(()) }
            }
            What::Judge(judgement) => {
                if judgement.body != rules.follow_up.body {
                    return Err(Refusal::OtherBody(rules.follow_up.body.clone()));
                }
                check_held(&judgement.held, rules)?;
                judgement.dissents.iter().try_for_each(|dissent| check_held(&dissent.held, rules))?;
                // One judgement on what one notice said: another would contradict it without saying why.
                let told = self.notices.last().map(|(at, _)| *at);
                if self.judgements.iter().any(|(at, _)| Some(*at) >= told) {
                    return Err(Refusal::Again(kind));
                }
                self.heard(kind, step.at, rules)
            }
            What::Conclude(outcome) => {
                self.heard(kind, step.at, rules)?;
                self.check_outcome(*outcome, rules)
            }
            What::Remedy { parties, due, .. } => {
                check_parties(parties, rules)?;
                needs(self.outcome.is_some(), StepKind::Conclude)?;
                let judged = self
                    .judgements
                    .iter()
                    .any(|(_, judgement)| matches!(judgement.held, Held::Responsible(_)));
                if !judged && !matches!(self.outcome, Some((_, Outcome::Agreed))) {
                    return Err(Refusal::NoGround);
                }
                if *due <= step.at { Err(Refusal::AlreadyOver(*due)) } else { Ok(()) }
            }
            What::Remedied { remedy, .. } => match self.remedies.iter().find(|known| known.step == *remedy) {
                None => Err(Refusal::NoSuchStep(*remedy)),
                Some(Remedy { kept: Some(_), .. }) => Err(Refusal::Again(kind)),
                Some(_) => Ok(()),
            },
            What::Publish(_) => {
                needs(self.outcome.is_some(), StepKind::Conclude)?;
                let until = Time(self.subject.to.end().0 + rules.public_delay);
                if step.at < until { Err(Refusal::TooEarly(until)) } else { Ok(()) }
            }
            What::Close(_) => {
                needs(self.triage.is_some(), StepKind::Triage)?;
                if !taken_up {
                    return Ok(());
                }
                needs(self.outcome.is_some(), StepKind::Conclude)?;
                needs(self.published.is_some(), StepKind::Publish)?;
                if let Some(task) = self.tasks.iter().find(|task| task.result.is_none()) {
                    return Err(Refusal::TaskOpen { task: task.step, due: task.due });
                }
                match self.remedies.iter().find(|remedy| remedy.kept.is_none()) {
                    Some(remedy) => Err(Refusal::RemedyOpen(remedy.step)),
                    None => Ok(()),
                }
            }
            // Corrections are checked before the case is rebuilt.
            What::Correct { .. } => Ok(()),
        }
    }

    /// Has every party been heard, or let the time for it pass?
    fn heard(&self, kind: StepKind, at: Time, rules: &Rules<'_>) -> Result<(), Refusal> {
        let Some(until) = self.answer_by else {
            return Err(Refusal::First {
                step: kind,
                needs: StepKind::Notify,
                may: StepKind::Notify.seats(),
            });
        };
        let silent = self.silent(rules.parties);
        if silent.is_empty() || until <= at { Ok(()) } else { Err(Refusal::Unheard { until, silent }) }
    }

    /// An outcome says what the answers and the verification say, and no more: silence is neither consent nor denial.
    fn check_outcome(&self, outcome: Outcome, rules: &Rules<'_>) -> Result<(), Refusal> {
        let contested = rules.parties.iter().any(|party| self.stance(party) == Some(Stance::Contests));
        let refuted = self.tasks.iter().any(|task| matches!(task.result, Some((_, Found::Refuted, _))));
        let silent = self.silent(rules.parties);
        match outcome {
            Outcome::Agreed if !silent.is_empty() => Err(Refusal::Silence(silent)),
            Outcome::Agreed if contested => Err(Refusal::Contested),
            Outcome::Contested if !contested => Err(Refusal::NobodyContests),
            Outcome::Unfounded if !refuted => Err(Refusal::NothingRefuted),
            _ => Ok(()),
        }
    }

    fn apply(&mut self, what: &What, step: &Step, rules: &Rules<'_>) {
        let at = step.at;
        match what {
            What::Open(_) => {}
            What::Attach(ids) => {
                self.observations.extend(ids);
                self.observations.sort();
                self.observations.dedup();
            }
            What::Triage { taken, of } => self.triage = Some((at, *taken, *of)),
            What::Task { kind, due, words } => {
                self.tasks.push(Task { step: step.id, kind: *kind, due: *due, words: *words, result: None });
            }
            What::Result { task, found, words } => {
                if let Some(task) = self.tasks.iter_mut().find(|known| known.step == *task) {
                    task.result = Some((at, *found, *words));
                }
            }
            What::Classify(class) => self.class = Some((at, *class)),
            What::Note(words) => self.notes.push((at, step.by.clone(), *words)),
            What::Notify(notices) => {
                self.notices.push((at, notices.clone()));
                self.answer_by = Some(Time(at.0 + rules.follow_up.answer_within));
            }
            What::Answer { party, stance, words } => self.answers.push(Answer {
                at,
                party: party.clone(),
                stance: *stance,
                words: *words,
                late: self.answer_by.is_some_and(|until| at > until),
            }),
            What::Judge(judgement) => self.judgements.push((at, judgement.clone())),
            What::Conclude(outcome) => self.outcome = Some((at, *outcome)),
            What::Remedy { parties, due, words } => self.remedies.push(Remedy {
                step: step.id,
                parties: parties.clone(),
                due: *due,
                words: *words,
                kept: None,
            }),
            What::Remedied { remedy, kept } => {
                if let Some(remedy) = self.remedies.iter_mut().find(|known| known.step == *remedy) {
                    remedy.kept = Some((at, *kept));
                }
            }
            What::Publish(words) => self.published = Some((at, *words)),
            What::Correct { step: id, instead, words } => {
                let kind = self
                    .steps
                    .iter()
                    .find(|known| known.id == *id)
                    .map_or(StepKind::Correct, |known| known.what.kind());
                self.corrections.push(Correction {
                    at,
                    by: step.by.clone(),
                    step: *id,
                    kind,
                    withdrawn: instead.is_none(),
                    words: *words,
                });
            }
            What::Close(words) => self.closed = Some((at, *words)),
        }
    }

    /// How a party answered last; `None`: it has not.
    pub fn stance(&self, party: &Name) -> Option<Stance> {
        self.answers.iter().rev().find(|answer| answer.party == *party).map(|answer| answer.stance)
    }

    /// Parties that have not answered, in the order given.
    pub fn silent(&self, parties: &[Name]) -> Vec<Name> {
        parties.iter().filter(|party| self.stance(party).is_none()).cloned().collect()
    }

    /// Does it count as a case of its clause: not set aside, not unfounded?
    pub fn counts(&self) -> bool {
        !matches!(
            self.triage,
            Some((_, Taken::Duplicate | Taken::OutsideTheTerms | Taken::NothingToVerify, _))
        ) && !matches!(self.outcome, Some((_, Outcome::Unfounded)))
    }

    /// Is it about this already? It is when it is of the same clause and shares an observation or the incident. A bare
    /// complaint, which has neither, is known by who complains, where and when; so a thousand copies, and a thousand
    /// wordings, of one complaint are one case, and two parties' complaints are two. One that tells a neighbouring place
    /// or hour is kept, and is alike ([`super::alike`]): to turn it down would make it matter which came first.
    pub fn is_about(&self, subject: &Subject) -> bool {
        if self.subject.clause != subject.clause || self.subject.instrument != subject.instrument {
            return false;
        }
        if subject.observations.is_empty() && subject.incident.is_none() {
            return like::is_copy(&self.subject, subject);
        }
        (subject.incident.is_some() && subject.incident == self.subject.incident)
            || subject.observations.iter().any(|id| self.observations.binary_search(id).is_ok())
    }
}

fn may(kind: StepKind, by: &Role, rules: &Rules<'_>) -> Result<(), Refusal> {
    let judge = [rules.follow_up.judge];
    let seats: &[Seat] = if kind == StepKind::Judge { &judge } else { kind.seats() };
    if !seats.contains(&by.seat()) {
        return Err(Refusal::NotYours { step: kind, by: by.clone(), may: seats.to_vec() });
    }
    match by {
        Role::Liaison(party) if !rules.parties.contains(party) => Err(Refusal::NoSuchParty(party.clone())),
        _ => Ok(()),
    }
}

fn check_subject(subject: &Subject, by: &Role, rules: &Rules<'_>) -> Result<(), Refusal> {
    may(StepKind::Open, by, rules)?;
    let known = subject.complaint.iter().chain(&subject.forces).find(|party| !rules.parties.contains(party));
    if let Some(party) = known {
        return Err(Refusal::NoSuchParty(party.clone()));
    }
    if subject.to < subject.from {
        return Err(Refusal::EndsBeforeItStarts);
    }
    match by {
        Role::Liaison(party) if subject.complaint.as_ref() != Some(party) => {
            Err(Refusal::NotYourParty(by.clone()))
        }
        _ if subject.observations.is_empty() && subject.complaint.is_none() => Err(Refusal::NothingSeen),
        _ => match rules.terms.filter(|_| subject.complaint.is_some()) {
            Some(terms) => check_complaint(subject, terms, rules.follow_up.complaints_within),
            None => Ok(()),
        },
    }
}

/// A complaint speaks of a time at which the clause may have been in force under some reading, and of a place on the
/// line or where the clause may hold; under a clause that holds anywhere it need name none.
fn check_complaint(subject: &Subject, terms: TermsOf<'_>, within: Option<Mm>) -> Result<(), Refusal> {
    let time = Span { start: subject.from.start(), end: subject.to.end() };
    let readings = &terms.agreement.readings;
    let held = readings.iter().filter_map(|reading| Some((reading, reading.clause(&subject.clause)?)));
    if !held.clone().any(|(reading, clause)| reading.clause_in_force(clause, time) != Belongs::No) {
        let periods = held.flat_map(|(reading, clause)| reading.periods_of(clause));
        let start = periods.clone().map(|period| period.from.earliest).min();
        let end = periods.map(|period| period.to.latest).max_by_key(|end| end.unwrap_or(Time(i64::MAX)));
        return Err(Refusal::OutsideTime { clause: subject.clause.clone(), start, end: end.flatten() });
    }
    let clauses = || readings.iter().filter_map(|reading| reading.clause(&subject.clause));
    let about = |clause: &Clause| clause.covers_act(subject.act) != Belongs::No;
    if clauses().next().is_some() && !clauses().any(about) {
        let mut acts: Vec<Act> = clauses().flat_map(|clause| clause.acts.iter().copied()).collect();
        acts.sort();
        acts.dedup();
        return Err(Refusal::OutsideActs { clause: subject.clause.clone(), act: subject.act, acts });
    }
    if let Area::Sector(number) = subject.area {
        let line = terms.line();
        if Mm::from(number) * Area::SECTOR > line.unwrap_or(LONGEST_LINE) {
            return Err(Refusal::OutsideLine { km: u32::from(number) * 10, line });
        }
    }
    if subject.area == Area::NotKnown {
        let anywhere = |clause: &Clause| clause.place == Where::Anywhere && clause.distances.is_empty();
        return match clauses().any(anywhere) || clauses().next().is_none() {
            true => Ok(()),
            false => Err(Refusal::NoPlace(subject.clause.clone())),
        };
    }
    let Some((ground, place)) = terms.ground.and_then(|ground| Some((ground, wide(subject.area, ground)?)))
    else {
        return Ok(());
    };
    let located = ground.locate_at(&place, time, &Positions::new(&[]));
    let reach = located.near.map_or(0, |near| 2 * near.sigma);
    let off = located.lines.iter().map(|line| (line.nearest.distance - reach).max(0)).min();
    if clauses().all(|clause| !may_hold(clause, &located)) && clauses().next().is_some() {
        return Err(Refusal::OutsidePlace { clause: subject.clause.clone(), off });
    }
    match (off, within) {
        (Some(off), Some(within)) if off > within => Err(Refusal::FarOff { off, within }),
        _ => Ok(()),
    }
}

/// All the ground that an area may stand for.
fn wide(area: Area, ground: &Ground) -> Option<Place> {
    let (centre, radius) = match area {
        Area::Sector(number) => {
            let line = &ground.reference()?.line;
            let middle = Mm::from(number) * Area::SECTOR + Area::SECTOR / 2;
            // What is told by the kilometre may lie as far off the line as what is told along it.
            (line.at(middle.min(line.length())), Area::SECTOR)
        }
        // What a record says of a place need be none on Earth.
        Area::Square { south, west } if south.unsigned_abs() <= 180 && west.unsigned_abs() <= 360 => {
            let half = |number: i16| i32::from(number) * (DEGREE / 2);
            let corner = Point { lon: half(west), lat: half(south) };
            let centre = Point { lon: corner.lon + DEGREE / 4, lat: corner.lat + DEGREE / 4 };
            // The corner nearer to the equator is the farther one from the middle.
            let other = Point { lat: corner.lat + DEGREE / 2, ..corner };
            (centre, distance(centre, corner).max(distance(centre, other)))
        }
        Area::Square { .. } | Area::NotKnown => return None,
    };
    Some(Place::Area { name: Name::from(""), centre, radius, level: Level::District })
}

/// May a clause hold at a place? What cannot be told may.
fn may_hold(clause: &Clause, located: &Located) -> bool {
    let in_zone = located.inside(&clause.place, &clause.targets, None).is_none_or(|(_, most)| most > 0);
    let sigma = located.near.map_or(0, |near| near.sigma);
    let too_near = |rule: &Distance| match (located.line(rule.line_for(None)), rule.required(None)) {
        (Some(line), Bound::Known(required)) => line.nearer_permille(required, sigma) > 0,
        (None, _) | (Some(_), Bound::AtLeast(_)) => true,
    };
    in_zone && (clause.distances.is_empty() || clause.distances.iter().any(too_near))
}

fn check_held(held: &Held, rules: &Rules<'_>) -> Result<(), Refusal> {
    match held {
        Held::Responsible(parties) => check_parties(parties, rules),
        Held::NotEstablished => Ok(()),
    }
}

/// Each known, none twice, at least one, in the order of the agreement.
fn check_parties(parties: &[Name], rules: &Rules<'_>) -> Result<(), Refusal> {
    if let Some(party) = parties.iter().find(|party| !rules.parties.contains(party)) {
        return Err(Refusal::NoSuchParty(party.clone()));
    }
    let in_order: Vec<&Name> = rules.parties.iter().filter(|party| parties.contains(party)).collect();
    if in_order.is_empty() || in_order != parties.iter().collect::<Vec<_>>() {
        return Err(Refusal::PartiesInOrder);
    }
    Ok(())
}

/// Why a step cannot be taken. [`fmt::Display`] says it to a person: what is wrong, what comes first, who may do it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// Another role takes such steps.
    NotYours {
        /// The step.
        step: StepKind,
        /// Who wanted to take it.
        by: Role,
        /// Who may.
        may: Vec<Seat>,
    },
    /// Another step comes first.
    First {
        /// The step.
        step: StepKind,
        /// What comes first.
        needs: StepKind,
        /// Who may take that.
        may: &'static [Seat],
    },
    /// The case is closed.
    Closed(StepKind),
    /// Triage set it aside.
    SetAside(StepKind),
    /// Such a step was taken.
    Again(StepKind),
    /// All these observations belong to the case.
    NothingNew,
    /// A duplicate must name the other case, and only a duplicate.
    WhichCase,
    /// A deadline that has passed when it is set.
    AlreadyOver(Time),
    /// No such step in this case.
    NoSuchStep(Id),
    /// A task is still open.
    TaskOpen {
        /// The task.
        task: Id,
        /// By when it is due.
        due: Time,
    },
    /// A remedy is still open.
    RemedyOpen(Id),
    /// A notice must go to every party, once, in the order of the agreement.
    NotEveryParty,
    /// The role speaks for another party.
    NotYourParty(Role),
    /// No such party.
    NoSuchParty(Name),
    /// Parties have not been heard, and the time for it is not over.
    Unheard {
        /// When it is over.
        until: Time,
        /// Who has not answered.
        silent: Vec<Name>,
    },
    /// Silence is no consent.
    Silence(Vec<Name>),
    /// A party contests.
    Contested,
    /// No party contests.
    NobodyContests,
    /// No verification speaks against it.
    NothingRefuted,
    /// Judged in the name of another body.
    OtherBody(Name),
    /// Parties must be named once each, in the order of the agreement.
    PartiesInOrder,
    /// A remedy without agreement or judgement.
    NoGround,
    /// Published before the delay is over.
    TooEarly(Time),
    /// Recorded before the last step.
    Backdated {
        /// The moment given.
        at: Time,
        /// That of the last step.
        last: Time,
    },
    /// Such a step stands: it cannot be corrected so.
    Stands(StepKind),
    /// A correction puts a step of another sort in place.
    OtherKind {
        /// What is corrected.
        is: StepKind,
        /// What would stand instead.
        instead: StepKind,
    },
    /// A later step rests on what would be corrected.
    RestsOn {
        /// Its sort.
        kind: StepKind,
        /// The step.
        step: Id,
        /// Why it could then not have been taken.
        why: String,
    },
    /// Ends before it starts.
    EndsBeforeItStarts,
    /// Neither an observation nor a complaint.
    NothingSeen,
    /// A case is about this already.
    AlreadyOpen(Id),
    /// A complaint of a time at which the clause was in force under no reading.
    OutsideTime {
        /// The clause.
        clause: Name,
        /// The first moment at which it may have been.
        start: Option<Time>,
        /// The last; `None`: no end is known.
        end: Option<Time>,
    },
    /// A complaint of an act that the clause is not about.
    OutsideActs {
        /// The clause.
        clause: Name,
        /// What was complained of.
        act: Act,
        /// What the clause is about, under any reading.
        acts: Vec<Act>,
    },
    /// A complaint of a place beyond the end of the line.
    OutsideLine {
        /// Where its sector begins.
        km: u32,
        /// How long the line is; `None`: not known here.
        line: Option<Mm>,
    },
    /// A complaint that names no place, under a clause that holds at some places only.
    NoPlace(Name),
    /// A complaint of a place at which the clause cannot hold.
    OutsidePlace {
        /// The clause.
        clause: Name,
        /// How far the place is from the nearest line of the agreement, at least; `None`: there is none.
        off: Option<Mm>,
    },
    /// A complaint of a place farther from every line of the agreement than the mission file allows.
    FarOff {
        /// How far it is, at least.
        off: Mm,
        /// How far it may be.
        within: Mm,
    },
    /// Better supported than by as many groups of independence as there are.
    BeyondGroups {
        /// So many there are at most.
        groups: u32,
    },
    /// No such case.
    NoSuchCase(Id),
}

impl Refusal {
    /// Is it about who takes the step or whom it names? That is wrong at any moment, and told before what is wrong with the
    /// moment.
    pub fn is_of_persons(&self) -> bool {
        matches!(
            self,
            Self::NotYours { .. }
                | Self::NotYourParty(_)
                | Self::NoSuchParty(_)
                | Self::PartiesInOrder
                | Self::OtherBody(_)
        )
    }
}

fn seats(may: &[Seat]) -> String {
    may.iter().map(|seat| seat.a()).collect::<Vec<_>>().join(" or ")
}

fn names(parties: &[Name]) -> String {
    parties.iter().map(Name::as_str).collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotYours { step, by, may } => {
                write!(f, "{} is not for {by} to take: {} may take it", step.noun(), seats(may))
            }
            Self::First { step, needs, may } => {
                write!(
                    f,
                    "{} cannot be taken yet: {} comes first (`truceline case {}`), and {} may take it",
                    step.noun(),
                    needs.noun(),
                    needs.name(),
                    seats(may)
                )
            }
            Self::Closed(step) => write!(
                f,
                "the case is closed: {} cannot be taken. What was wrong can be corrected (`truceline case correct`); what is \
                 new opens a case of its own",
                step.noun()
            ),
            Self::SetAside(step) => write!(
                f,
                "triage set this case aside: {} cannot be taken. If that was wrong, an analyst corrects the triage first \
                 (`truceline case correct`)",
                step.noun()
            ),
            Self::Again(step) => write!(
                f,
                "{} was taken before; nothing is overwritten. To change it, repeat the command with --corrects STEP --why WORDS, or withdraw that step (`truceline case correct`)",
                step.noun()
            ),
            Self::NothingNew => f.write_str("all these observations belong to the case already: nothing was added"),
            Self::WhichCase => {
                f.write_str("a duplicate names the other case that it doubles (`--of CASE`), and nothing else does")
            }
            Self::AlreadyOver(due) => {
                write!(f, "the deadline {due} would be over when it is set: give a later one")
            }
            Self::NoSuchStep(id) => {
                write!(f, "this case has no such step {id}: `truceline case show` lists them")
            }
            Self::TaskOpen { task, due } => write!(
                f,
                "the verification task {task} is still open (due {due}): its result comes first (`truceline case task --done \
                 {task}`), and a monitor or an analyst may enter it"
            ),
            Self::RemedyOpen(remedy) => write!(
                f,
                "nothing is known yet of the remedy {remedy}: what became of it comes first (`truceline case remedy --done \
                 {remedy}`), and a monitor, an analyst or a mediator may enter it"
            ),
            Self::NotEveryParty => {
                f.write_str("a notice goes to every party at once, in the order of the agreement: none is told alone")
            }
            Self::NotYourParty(role) => write!(f, "only {role} may say this: no one speaks for another party"),
            Self::NoSuchParty(party) => write!(f, "the agreement has no party \"{party}\""),
            Self::Unheard { until, silent } => write!(
                f,
                "not yet heard: {}. Wait for the answer, or until the time for it is over ({until})",
                names(silent)
            ),
            Self::Silence(silent) => write!(
                f,
                "\"agreed\" needs an answer of every party, and there is none of {}: silence is not consent. \
                 \"unresolved\" says what is known",
                names(silent)
            ),
            Self::Contested => f.write_str("\"agreed\" cannot stand while a party contests: \"contested\" says so"),
            Self::NobodyContests => {
                f.write_str("no party contests: \"contested\" would put words into its mouth")
            }
            Self::NothingRefuted => f.write_str(
                "\"unfounded\" needs a task of verification that came back \"refuted\": `truceline case task` comes first, and an \
                 analyst may take it",
            ),
            Self::OtherBody(body) => write!(f, "judgements are made by \"{body}\", as the mission file says"),
            Self::PartiesInOrder => {
                f.write_str("name at least one party, each once, in the order of the agreement")
            }
            Self::NoGround => f.write_str(
                "a remedy rests on agreement or on a judgement, and there is neither: `truceline case judge` comes first",
            ),
            Self::TooEarly(until) => {
                write!(f, "nothing of this case may be published before {until}: the delay of the mission file")
            }
            Self::Backdated { at, last } => {
                write!(f, "the moment {at} lies before the last step of the case ({last}): no step is dated back")
            }
            Self::Stands(StepKind::Notify) => {
                f.write_str("a notice that was sent was sent: send a new one (`truceline case notify`)")
            }
            Self::Stands(StepKind::Correct) => f.write_str(
                "a correction is not corrected itself: name the step that it speaks of, and say what should stand there now",
            ),
            Self::Stands(step) => {
                write!(f, "{} cannot be withdrawn: say what should stand in its place, or close the case", step.noun())
            }
            Self::OtherKind { is, instead } => {
                write!(f, "{} can only be replaced by its like, not by {}", is.noun(), instead.noun())
            }
            Self::RestsOn { kind, step, why } => write!(
                f,
                "{} (step {step}) rests on what would be corrected: {why}. Correct or withdraw that step first",
                kind.noun()
            ),
            Self::EndsBeforeItStarts => f.write_str("the time ends before it starts: exchange the two"),
            Self::AlreadyOpen(case) => write!(
                f,
                "the case {case} is about this already: more of the same opens no second one. New observations are added to \
                 it (`truceline case open --to {case}`)"
            ),
            Self::OutsideTime { clause, start, end } => {
                let edge = |time: &Option<Time>| {
                    time.map_or("a moment that is not known".to_string(), |time| time.to_string())
                };
                write!(
                    f,
                    "the clause \"{clause}\" was in force from {} to {} only, under no reading at the time complained of: \
                     correct the time, or complain under another instrument",
                    edge(start),
                    edge(end)
                )
            }
            Self::OutsideActs { clause, act, acts } => write!(
                f,
                "the clause \"{clause}\" is not about such an act ({}), under any reading: it is about {}. Complain of the act, or \
                 under the clause that is about it",
                act.name(),
                acts.iter().map(|act| act.name()).collect::<Vec<_>>().join(", ")
            ),
            Self::OutsideLine { km, line: Some(line) } => write!(
                f,
                "the reference line is {} km long, and the complaint is about kilometre {km} or more: correct --km, or \
                 give the place with --near",
                line / KM
            ),
            Self::OutsideLine { km, line: None } => write!(
                f,
                "no line on Earth has a kilometre {km}: correct --km, or give the place with --near"
            ),
            Self::NoPlace(clause) => write!(
                f,
                "the clause \"{clause}\" holds at some places only, and the complaint names none: give the place with --km \
                 (along the reference line) or --near (longitude,latitude). If the place is not known, complain under a clause \
                 that holds anywhere, or ask an analyst to open a case on what was observed"
            ),
            Self::OutsidePlace { clause, off } => {
                write!(f, "the clause \"{clause}\" cannot hold at the place complained of")?;
                if let Some(off) = off {
                    write!(f, ", which is at least {} km from every line of the agreement", off / KM)?;
                }
                f.write_str(
                    ": correct the place (--near has the longitude first, then the latitude), or complain under the clause \
                     that holds there",
                )
            }
            Self::FarOff { off, within } => write!(
                f,
                "the place complained of is at least {} km from every line of the agreement, and the mission file follows up \
                 complaints within {} km of them: correct the place (--near has the longitude first, then the latitude); of \
                 what was observed so far off, an analyst can open a case",
                off / KM,
                within / KM
            ),
            Self::BeyondGroups { groups } => write!(
                f,
                "the case has {groups} groups of independence at most: those of what it was opened on, one for each \
                 verification that confirmed it, one for each observation added. So good a confidence asks for more: add \
                 what supports it, or class it lower"
            ),
            Self::NoSuchCase(case) => write!(f, "there is no case {case}: `truceline case list` shows them"),
            Self::NothingSeen => {
                f.write_str("a case needs an observation, or a party's complaint: name one of them")
            }
        }
    }
}

impl core::error::Error for Refusal {}
