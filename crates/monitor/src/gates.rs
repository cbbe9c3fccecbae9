//! `truceline gates AGREEMENT`: where each gate of a step-by-step plan stands.
//!
//! Shown, never opened: that is for the authority that the agreement names.

use crate::assess::{Question, ground, mission_files};
use crate::folder;
use crate::intake;
use crate::progress::Progress;
use anyhow::{Result, bail};
use std::fmt::Write as _;
use std::path::PathBuf;
use truce::assessment::assess;
use truce::coverage::Network;
use truce::ground::Ground;
use truce::observation::Observation;
use truce::performance::performances;
use truce::place::{KM, Point};
use truce::plan::gates;
use truce::time::{HOUR, Span, Time};

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
    if agreement.phases.iter().all(|phase| phase.gates.is_empty()) {
        bail!(
            "{} has no plan with gates: [[phase]] and [[phase.gate]] in terms.toml lay one down",
            agreement.title
        );
    }
    let progress = Progress::new(options.quiet);
    let mut intake = intake::read_folder(&options.observations, mission, &question.classify(), &progress)?;
    intake.observations.retain(|observation| observation.time.end <= options.at);
    if intake.observations.is_empty() {
        bail!(
            "no observation up to {} was read; the files and what became of them:\n{}",
            options.at,
            crate::books(&intake.files)
        );
    }
    let ground = ground(agreement, &intake.territories, mission)?;
    let assessment = assess(&intake.observations, agreement, mission, &ground);
    let performances = performances(&intake.observations, agreement, options.at);
    let coverage = Watched::new(&intake.observations, &ground);
    let states = gates(
        agreement,
        &assessment.findings,
        &performances,
        &|window| coverage.permille(window),
        options.at,
    );
    drop(progress);
    let mut page = format!("The plan of {} as of {}\n", agreement.title, options.at);
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

/// How much of the reference line instruments could hear, hour by hour.
struct Watched {
    network: Network,
    samples: Vec<Point>,
}

impl Watched {
    fn new(observations: &[Observation], ground: &Ground) -> Self {
        let samples = ground.reference().map_or_else(Vec::new, |front| {
            (0..=front.line.length() / (5 * KM)).map(|step| front.line.at(step * 5 * KM)).collect()
        });
        Self { network: Network::new(observations), samples }
    }

    /// The share of line and hours that was observed; `None` where there is no line or no instrument that says.
    fn permille(&self, window: Span) -> Option<u16> {
        if self.network.is_empty() || self.samples.is_empty() {
            return None;
        }
        let first = window.start.0.div_euclid(HOUR);
        let last = (window.end.0 - 1).div_euclid(HOUR).max(first);
        let hour = |number: i64| Span { start: Time(number * HOUR), end: Time((number + 1) * HOUR) };
        let sum: i64 = (first..=last)
            .map(|number| i64::from(self.network.share_permille(&self.samples, hour(number))))
            .sum();
        u16::try_from(sum / (last - first + 1)).ok()
    }
}
