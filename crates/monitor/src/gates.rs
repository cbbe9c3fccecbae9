//! `truceline gates AGREEMENT...`: where each gate of a step-by-step plan stands.
//!
//! Shown, never opened: that is for the authority that the agreement names.

use crate::instruments;
use crate::intake;
use crate::progress::Progress;
use crate::scene::Scene;
use anyhow::{Result, bail};
use std::fmt::Write as _;
use std::path::PathBuf;
use truce::agreement::Agreement;
use truce::plan::{Basis, gates};
use truce::time::Time;

/// What the command was asked.
pub struct Options {
    /// The agreements' folders.
    pub agreements: Vec<PathBuf>,
    /// The folder of observations.
    pub observations: PathBuf,
    /// The mission's folder.
    pub mission: Option<PathBuf>,
    /// The moment asked for: no clock is read.
    pub at: Time,
    /// No progress.
    pub quiet: bool,
}

/// A page that says where each gate stands, under each reading, agreement by agreement.
///
/// # Errors
/// What is wrong with the folders, or that nothing was read.
pub fn run(options: &Options) -> Result<String> {
    let questions = instruments::load(&options.agreements, options.mission.as_deref())?;
    let agreements: Vec<&Agreement> = questions.iter().map(|question| &question.folder.agreement).collect();
    let Some(question) = questions.first() else { bail!("no agreement is given, so there is no plan") };
    let mission = &question.mission;
    if agreements.iter().all(|agreement| no_gate(agreement).is_some()) {
        let why: Vec<String> = agreements.iter().filter_map(|agreement| no_gate(agreement)).collect();
        bail!("{}", why.join("\n"));
    }
    let progress = Progress::new(options.quiet);
    let mut intake = intake::read_folder(&options.observations, mission, &question.classify(), &progress)?;
    let summary = crate::books(&intake.files);
    intake.observations.retain(|observation| observation.time.end <= options.at);
    if intake.observations.is_empty() {
        bail!("no observation up to {} was read; the files and what became of them:\n{summary}", options.at);
    }
    let territories = &intake.territories;
    let scene = Scene::new(&agreements, mission, intake.observations, territories, options.at)?;
    let assessments = scene.assess();
    let mut page = String::new();
    for (place, ((agreement, assessment), ground)) in
        agreements.iter().copied().zip(&assessments).zip(&scene.grounds).enumerate()
    {
        if place > 0 {
            page.push('\n');
        }
        if let Some(why) = no_gate(agreement) {
            let _ = writeln!(page, "{why}");
            continue;
        }
        let basis = Basis::new(&scene.observations, assessment, agreement, mission, ground, options.at);
        let coverage = scene.watched(place);
        let states = gates(agreement, &basis, &|window| coverage.along(window), options.at);
        let _ = writeln!(page, "{}: its plan as of {}", agreement.title, options.at);
        let mut heading = None;
        for state in &states {
            if heading != Some((&state.reading, &state.phase)) {
                heading = Some((&state.reading, &state.phase));
                let _ = writeln!(page, "\nPhase {}, reading \"{}\"", state.phase, state.reading);
            }
            let _ = writeln!(page, "  {} to {}", state.window.start, state.window.end);
            let _ = writeln!(page, "  {}", state.sentence(agreement));
        }
    }
    drop(progress);
    // A gate must not seem to rest on rows that were set aside.
    eprint!("{summary}");
    page += "\nThis is shown, not decided: nothing is opened or closed by this program.\n";
    Ok(page)
}

/// Why there is nothing to evaluate in an agreement; `None` where there is.
fn no_gate(agreement: &Agreement) -> Option<String> {
    if agreement.phases.iter().any(|phase| !phase.gates.is_empty()) {
        return None;
    }
    let phases: Vec<&str> = agreement.phases.iter().map(|phase| phase.id.as_str()).collect();
    Some(match phases.is_empty() {
        false => format!(
            "{} lays down phases ({}), and no measure by which one is over: there is nothing to evaluate",
            agreement.title,
            phases.join(", ")
        ),
        true => format!(
            "{} has no plan with gates: [[phase]] and [[phase.gate]] in terms.toml lay one down",
            agreement.title
        ),
    })
}
