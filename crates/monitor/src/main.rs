//! The one binary, `truceline`: its arguments and exit codes.

use clap::{Parser, Subcommand};
use monitor::{assess, case, check, demo, folder, gates, locate, track};
use std::io::{IsTerminal, Write as _, stderr, stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use truce::time::Time;

/// Ceasefire monitoring and verification: did it hold, and how do we know?
#[derive(Parser)]
#[command(
    name = "truceline",
    version,
    after_help = "Examples:\n  truceline demo\n  truceline check agreements/easter-2025\n  truceline assess \
                  agreements/easter-2025 --observations ../shared/data/easter-2025 --out out/"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Say nothing but the result and what went wrong.
    #[arg(long, global = true)]
    quiet: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Answer the question on a small made-up story, offline: a report worth looking at.
    Demo {
        /// Folder for the report.
        #[arg(long, default_value = "out/demo")]
        out: PathBuf,
    },
    /// Compile an agreement's folder and say in plain words what it means, or what is wrong with it and where.
    Check {
        /// Folder with terms.toml.
        agreement: PathBuf,
    },
    /// What was done about a finding: verification, notice to every party, answers, outcome, remedy.
    Case(case::CaseArgs),
    /// Say where each gate of an agreement's plan stands: met, not met, or cannot be judged.
    Gates {
        /// Folder with terms.toml.
        agreement: PathBuf,
        /// Folder with files of observations.
        #[arg(long)]
        observations: PathBuf,
        /// Folder with mission.toml and lexicon.toml; without it, the mission for public data that is built in.
        #[arg(long)]
        mission: Option<PathBuf>,
        /// The moment asked for, such as 2031-06-01T00:00:00Z.
        #[arg(long, value_parser = moment)]
        at: Time,
    },
    /// Locate bangs from files of nodes and detections in a plane: to score the association beside its peers.
    Locate(locate::LocateArgs),
    /// Track aircraft from files of detections in a plane: to score the tracker beside its peers.
    Track(track::TrackArgs),
    /// Read observations, hold them against an agreement, and write the report.
    Assess {
        /// Folder with terms.toml.
        agreement: PathBuf,
        /// Folder with files of observations.
        #[arg(long)]
        observations: PathBuf,
        /// Folder for the report; made if it is not there.
        #[arg(long)]
        out: PathBuf,
        /// Folder with mission.toml and lexicon.toml; without it, the mission for public data that is built in.
        #[arg(long)]
        mission: Option<PathBuf>,
        /// Moment whose public view is asked for, such as 2025-06-01T00:00:00Z; without it, the latest moment that
        /// the observations speak of.
        #[arg(long, value_parser = moment)]
        as_of: Option<Time>,
    },
}

fn moment(text: &str) -> Result<Time, String> {
    Time::parse(text).ok_or_else(|| {
        format!("`{text}` is no moment with a time zone; write it like 2025-06-01T00:00:00Z or 2025-06-01T03:00:00+03:00")
    })
}

/// 0: done. 1: an agreement with mistakes, or a file that cannot be read or written. 2: usage.
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let quiet = arguments.quiet;
    let outcome = match arguments.command {
        Command::Demo { out } => demo::run(&out, quiet),
        Command::Check { agreement } => match check::run(&agreement) {
            Ok(page) => {
                // A reader that stops early (`| head`) is no error.
                let _ = stdout().write_all(page.as_bytes());
                Ok(())
            }
            Err(trouble) => Err(trouble.into()),
        },
        Command::Case(arguments) => case::run(arguments, quiet).map(|page| {
            // A reader that stops early (`| head`) is no error.
            let _ = stdout().write_all(page.as_bytes());
        }),
        Command::Gates { agreement, observations, mission, at } => {
            gates::run(&gates::Options { agreement, observations, mission, at, quiet }).map(|page| {
                let _ = stdout().write_all(page.as_bytes());
            })
        }
        Command::Locate(arguments) => locate::run(arguments).map_err(anyhow::Error::msg),
        Command::Track(arguments) => track::run(&arguments).map_err(anyhow::Error::msg),
        Command::Assess { agreement, observations, out, mission, as_of } => {
            assess::run(&assess::Options { agreement, observations, out, mission, as_of, quiet })
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            match error.downcast_ref::<folder::Trouble>() {
                Some(trouble) => eprint!("{}", trouble.render(stderr().is_terminal())),
                None => eprintln!("error: {error:#}"),
            }
            ExitCode::FAILURE
        }
    }
}
