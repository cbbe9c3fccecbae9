//! What the day report needs to know of the cases.

use super::desk::Desk;
use crate::assess::{Question, digest};
use crate::record::keep::Place;
use anyhow::{Result, ensure};
use report::day::CaseState;
use truce::case::Case;
use truce::time::Time;
use truce::{Id, Name};

/// Every case as it stood before a moment. What was recorded later, or dated later, is not told.
///
/// # Errors
/// When no cases are kept there, or they are under another version of the agreement than the report.
pub fn states(place: Place, question: &Question, before: Time) -> Result<Vec<CaseState>> {
    let folder = place.dir.display().to_string();
    let desk = Desk::open(place)?;
    ensure!(
        desk.steps.digests[0] == digest(&question.folder.files),
        "the cases in {folder} are under another version of the agreement than this report: give the agreement under \
         which they were started"
    );
    let docket = desk.at(Time(before.0.saturating_sub(1)))?;
    Ok(docket.cases.iter().map(|case| state(&desk, case)).collect())
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
