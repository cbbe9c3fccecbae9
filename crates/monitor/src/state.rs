//! `truceline state`: where instruments stand at a moment: life, positions, promises, obligations, self-release.
//!
//! Nothing changes by a finding of the program: events of the agreement's file and judgements in a register of cases
//! do. With several instruments every incident is held against each of them, and each row says which.

use crate::assess::{self, Question, mission_files};
use crate::case;
use crate::folder;
use crate::instruments;
use crate::intake::{self, Intake};
use crate::progress::Progress;
use crate::record::keep::Place;
use crate::scene::Scene;
use anyhow::{Result, ensure};
use report::language::{Language, Words};
use report::state::{FORMAT, Held, InstrumentState, States, json, page};
use std::collections::BTreeMap;
use std::path::PathBuf;
use truce::agreement::Agreement;
use truce::assessment::Assessment;
use truce::finding::Verdict;
use truce::mission::Mission;
use truce::release::Judgement;
use truce::state::{Known, State};
use truce::time::Time;
use truce::{Id, Name};

/// What the command was asked.
pub struct Options {
    /// The agreements' folders.
    pub agreements: Vec<PathBuf>,
    /// Folders of observations; without any, what is told is what the files tell.
    pub observations: Vec<PathBuf>,
    /// The mission's folder.
    pub mission: Option<PathBuf>,
    /// The moment asked for: no clock is read.
    pub at: Time,
    /// Folders of the records that hold cases, with the judgements among their steps.
    pub cases: Vec<PathBuf>,
    /// The folder of the records' keys; without one, `keys` in each record's.
    pub keys: Option<PathBuf>,
    /// The language of the page.
    pub language: Language,
    /// JSON instead of a page.
    pub json: bool,
    /// No progress.
    pub quiet: bool,
}

/// A page that says where each instrument stands, under each reading; or the same as JSON.
///
/// # Errors
/// What is wrong with the folders: an agreement, observations that none could be read of, or cases of other terms.
pub fn run(options: &Options) -> Result<String> {
    let questions: Vec<Question> = options
        .agreements
        .iter()
        .map(|path| Question::new(folder::load(path)?, mission_files(options.mission.as_deref())?))
        .collect::<Result<_>>()?;
    let progress = Progress::new(options.quiet);
    let mut intake = Intake::default();
    for folder in &options.observations {
        let question = &questions[0]; // all have one mission
        let read = intake::read_folder(folder, &question.mission, &question.classify(), &progress)?;
        intake = intake.with(read);
    }
    ensure!(
        options.observations.is_empty() || !intake.observations.is_empty(),
        "no observation was read; the files and what became of them:\n{}",
        crate::books(&intake.files)
    );
    // There may be none by then: what the agreements' files tell stands all the same.
    intake.observations.retain(|observation| observation.time.end <= options.at);
    progress.step("reading judgements");
    let mut judgements = Vec::new();
    for folder in &options.cases {
        let place = Place::new(folder, options.keys.as_deref());
        judgements.extend(case::judgements(place, &questions, options.at)?);
    }
    let judgements = (!options.cases.is_empty()).then_some(judgements);
    progress.step("holding what happened against every instrument");
    let states = states(&questions, intake, judgements.as_deref(), options.at)?;
    drop(progress);
    Ok(if options.json { json(&states) } else { page(&states, &Words::of(options.language)) })
}

/// Where the instruments stand, all under one mission.
///
/// # Errors
/// When two have one id or are at odds about who is who, or the ground of one cannot be compiled.
pub fn states(
    questions: &[Question],
    intake: Intake,
    judgements: Option<&[Judgement]>,
    at: Time,
) -> Result<States> {
    instruments::agree(questions)?;
    let Some(first) = questions.first() else {
        return Ok(States { format: FORMAT, at, instruments: Vec::new(), held: Vec::new() });
    };
    let mission = &first.mission;
    // Without observations nothing is asked of a line, which may need a map that was not read.
    let asked: Vec<&Agreement> = if intake.observations.is_empty() {
        Vec::new()
    } else {
        questions.iter().map(|question| &question.folder.agreement).collect()
    };
    let scene = Scene::new(&asked, mission, intake.observations, &intake.territories, at)?;
    let assessments = scene.assess();
    let mut all = States { format: FORMAT, at, instruments: Vec::new(), held: Vec::new() };
    for (place, question) in questions.iter().enumerate() {
        let claims = assess::claims(&question.folder, mission, &scene.observations);
        let findings = assessments.get(place).map_or(&[][..], |assessment| &assessment.findings);
        let watched = scene.watched(place);
        let known = Known {
            observations: &scene.observations,
            weights: Some(&mission.weights),
            findings,
            claims: &claims,
            judgements,
            watched: Some((&watched, at)),
        };
        let state = State::at(&question.folder.agreement, known, at);
        all.instruments.push(InstrumentState::of(&state, mission.day_clock));
    }
    all.held = held(&assessments, mission);
    Ok(all)
}

/// Findings of instruments in force, by day and incident, then in the order of the instruments and their clauses.
fn held(assessments: &[Assessment<'_>], mission: &Mission) -> Vec<Held> {
    let mut rows: Vec<((Time, Id), Held)> = Vec::new();
    for assessment in assessments {
        let facts: BTreeMap<Id, _> =
            assessment.incidents.iter().map(|it| (it.facts.incident, &it.facts)).collect();
        for finding in &assessment.findings {
            let Some(facts) = facts.get(&finding.incident) else { continue };
            if matches!(finding.verdict, Verdict::NotApplicable(_)) {
                continue;
            }
            let last = Time((facts.time.end.0 - 1).max(facts.time.start.0));
            let row = Held {
                incident: finding.incident.to_string(),
                day: mission.day_clock.date(last),
                act: facts.act.name(),
                instrument: finding.instrument.to_string(),
                reading: finding.reading.to_string(),
                clause: finding.clause.to_string(),
                verdict: report::compose::verdict(finding.verdict),
                party: finding.party.as_ref().map(Name::to_string),
            };
            rows.push(((last, finding.incident), row));
        }
    }
    rows.sort_by_key(|(key, _)| *key); // stable: the order of instruments and clauses stays
    rows.into_iter().map(|(_, row)| row).collect()
}
