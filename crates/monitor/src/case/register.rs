//! What reports and states need to know of the cases.

use super::desk::Desk;
use crate::assess::{Question, digest};
use crate::record::keep::Place;
use anyhow::{Result, ensure};
use report::day::CaseState;
use truce::case::{Case, Held};
use truce::release::Judgement;
use truce::time::Time;
use truce::{Id, Name};

/// Every case as it stood before a moment. What was recorded later, or dated later, is not told.
///
/// # Errors
/// When no cases are kept there, or they are under another version of the agreement than the report.
///
/// For each of the agreements, in their order: `None` for those under which no case was started there.
pub fn states(place: Place, questions: &[Question], before: Time) -> Result<Vec<Option<Vec<CaseState>>>> {
    let folder = place.dir.display().to_string();
    let desk = Desk::open(place)?;
    let ours = |question: &Question| desk.steps.digests[0] == digest(&question.folder.files);
    ensure!(
        questions.iter().any(ours),
        "the cases in {folder} are under another version of the agreement than this report: give the agreement under \
         which they were started"
    );
    let docket = desk.at(Time(before.0.saturating_sub(1)))?;
    let states = || docket.cases.iter().map(|case| state(&desk, case)).collect();
    Ok(questions.iter().map(|question| ours(question).then(states)).collect())
}

fn state(desk: &Desk, case: &Case) -> CaseState {
    // An incident is called by the observation that anchors it: the case is about each that one of its own anchors.
    let mut incidents: Vec<Id> = case.observations.iter().copied().chain(case.subject.incident).collect();
    incidents.sort_unstable();
    incidents.dedup();
    let came = |party: &Name| {
        case.answers.iter().filter(|answer| answer.party == *party).map(|answer| answer.at).min()
    };
    let answers = case.answer_by.map(|due| desk.parties.iter().map(|party| (due, came(party))).collect());
    CaseState {
        incidents,
        opened: case.opened,
        closed: case.closed.map(|(when, _)| when),
        answers: answers.unwrap_or_default(),
    }
}

/// The judgements up to a moment that hold a party responsible. What was recorded later, or dated later, is not told.
///
/// # Errors
/// When no cases are kept there, or they are under terms that none of the questions has.
pub fn judgements(place: Place, questions: &[Question], at: Time) -> Result<Vec<Judgement>> {
    let folder = place.dir.display().to_string();
    let desk = Desk::open(place)?;
    ensure!(
        questions.iter().any(|question| desk.steps.digests[0] == digest(&question.folder.files)),
        "the cases in {folder} are under another agreement, or another version of it, than those given: give the \
         agreement under which they were started"
    );
    let docket = desk.at(at)?;
    Ok(docket.cases.iter().flat_map(of_case).collect())
}

fn of_case(case: &Case) -> Vec<Judgement> {
    let mut judgements = Vec::new();
    for (at, judged) in &case.judgements {
        let Held::Responsible(parties) = &judged.held else { continue };
        judgements.extend(parties.iter().map(|party| Judgement {
            instrument: case.subject.instrument.clone(),
            clause: case.subject.clause.clone(),
            party: party.clone(),
            by: judged.body.clone(),
            at: *at,
        }));
    }
    judgements
}
