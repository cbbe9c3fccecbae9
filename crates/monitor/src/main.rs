//! The one binary, `truceline`: its arguments and exit codes.

use clap::{Parser, Subcommand};
use monitor::{assess, cases, check, claims, counts, demo, folder, locate, track};
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
    /// Show what was said about an instrument, in order, and hold it against what was observed.
    Claims {
        /// Folder with terms.toml and claims.toml.
        agreement: PathBuf,
        /// Folder with files of observations; without it, the statements are put in order and not tested.
        #[arg(long)]
        observations: Option<PathBuf>,
        /// Folder with mission.toml and lexicon.toml; without it, the mission for public data that is built in.
        #[arg(long)]
        mission: Option<PathBuf>,
        /// JSON instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Totals, change, escalation and change-point of a monitoring mission's counts by period.
    Trend {
        /// CSV with the columns from,to,region,recorded,explosions,exercise.
        counts: PathBuf,
        /// Folder with mission.toml; without it, the mission for public data that is built in.
        #[arg(long)]
        mission: Option<PathBuf>,
    },
    /// Run the case suite, T1 to T35, and write its page.
    Cases {
        /// Folder with a folder for each case.
        #[arg(long, default_value = "fixtures/cases")]
        cases: PathBuf,
        /// Write the page here; without it, to the terminal.
        #[arg(long)]
        out: Option<PathBuf>,
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
    let show = |page: String| {
        // A reader that stops early (`| head`) is no error.
        let _ = stdout().write_all(page.as_bytes());
    };
    let outcome = match arguments.command {
        Command::Demo { out } => demo::run(&out, quiet),
        Command::Check { agreement } => match check::run(&agreement) {
            Ok(page) => {
                show(page);
                Ok(())
            }
            Err(trouble) => Err(trouble.into()),
        },
        Command::Claims { agreement, observations, mission, json } => {
            claims::run(&claims::Options { agreement, observations, mission, json, quiet }).map(show)
        }
        Command::Trend { counts: file, mission } => counts::run(&file, mission.as_deref()).map(show),
        Command::Cases { cases, out } => cases::run(&cases, out.as_deref()).map(show),
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
