//! `truceline gates AGREEMENT`: where each gate of a step-by-step plan stands.
//!
//! Shown, never opened: that is for the authority that the agreement names.

use crate::assess::{Question, mission_files};
use crate::folder;
use crate::intake;
use crate::progress::Progress;
use crate::scene::Scene;
use anyhow::{Result, bail};
use std::fmt::Write as _;
use std::path::PathBuf;
use truce::plan::{Basis, gates};
use truce::time::Time;

/// What the command was asked.
pub struct Options {
    /// The agreement's folder.
    pub agreement: PathBuf,
    /// The folder of observations.
    pub observations: PathBuf,
    /// The mission's folder.
    pub mission: Option<PathBuf>,
    /// The moment asked for: no clock is read.
    pub at: Time,
    /// No progress.
    pub quiet: bool,
}

/// A page that says where each gate stands, under each reading.
///
/// # Errors
/// What is wrong with the folders, or that nothing was read.
pub fn run(options: &Options) -> Result<String> {
    let folder = folder::load(&options.agreement)?;
    let question = Question::new(folder, mission_files(options.mission.as_deref())?)?;
    let (agreement, mission) = (&question.folder.agreement, &question.mission);
    if !agreement.phases.is_empty() && agreement.phases.iter().all(|phase| phase.gates.is_empty()) {
        let phases: Vec<&str> = agreement.phases.iter().map(|phase| phase.id.as_str()).collect();
        bail!(
            "{} lays down phases ({}), and no measure by which one is over: there is nothing to evaluate",
            agreement.title,
            phases.join(", ")
        );
    }
    if agreement.phases.iter().all(|phase| phase.gates.is_empty()) {
        bail!(
            "{} has no plan with gates: [[phase]] and [[phase.gate]] in terms.toml lay one down",
            agreement.title
        );
    }
    let progress = Progress::new(options.quiet);
    let mut intake = intake::read_folder(&options.observations, mission, &question.classify(), &progress)?;
    let summary = crate::books(&intake.files);
    intake.observations.retain(|observation| observation.time.end <= options.at);
    if intake.observations.is_empty() {
        bail!("no observation up to {} was read; the files and what became of them:\n{summary}", options.at);
    }
    let territories = &intake.territories;
    let scene = Scene::new(&[agreement], mission, intake.observations, territories, options.at)?;
    let assessments = scene.assess();
    let (Some(assessment), Some(ground)) = (assessments.first(), scene.grounds.first()) else {
        bail!("nothing was held against {}: its lines and zones were not found", agreement.title);
    };
    let basis = Basis::new(&scene.observations, assessment, agreement, mission, ground, options.at);
    let coverage = scene.watched(0);
    let states = gates(agreement, &basis, &|window| coverage.along(window), options.at);
    drop(progress);
    // A gate must not seem to rest on rows that were set aside.
    eprint!("{summary}");
    let mut page = format!("{}: its plan as of {}\n", agreement.title, options.at);
    let mut heading = None;
    for state in &states {
        if heading != Some((&state.reading, &state.phase)) {
            heading = Some((&state.reading, &state.phase));
            let _ = writeln!(page, "\nPhase {}, reading \"{}\"", state.phase, state.reading);
        }
        let _ = writeln!(page, "  {} to {}", state.window.start, state.window.end);
        let _ = writeln!(page, "  {}", state.sentence(agreement));
    }
    page += "\nThis is shown, not decided: nothing is opened or closed by this program.\n";
    Ok(page)
}
