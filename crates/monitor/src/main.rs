//! The one binary, `truceline`: its arguments and exit codes.

use clap::{Parser, Subcommand};
use monitor::record::arguments::{ExportArgs, RecomputeArgs, RecordCommand};
use monitor::record::command;
use monitor::record::keep::Place;
use monitor::{
    assess, case, check, claims, counts, day, demo, explain, folder, gates, listen, locate, moment, state,
    suite, track,
};
use report::View;
use report::language::Language;
use std::io::{IsTerminal, Write as _, stderr, stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use truce::time::{Date, Time};

/// Ceasefire monitoring and verification: did it hold, and how do we know?
#[derive(Parser)]
#[command(
    name = "truceline",
    version,
    after_help = "Examples:\n  truceline demo\n  truceline check agreements/easter-2025\n  truceline assess \
                  agreements/easter-2025 --observations ../shared/data/easter-2025 --out out/\n  truceline recompute out/ \
                  --record out/record"
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
        #[arg(required_unless_present = "schema")]
        agreement: Option<PathBuf>,
        /// Print the JSON schema of a terms.toml, and check nothing.
        #[arg(long, conflicts_with = "agreement")]
        schema: bool,
        /// Language of the explanation: en, uk or ru. Messages about mistakes are in English.
        #[arg(long, default_value = "en", value_parser = language)]
        language: Language,
    },
    /// Say which words of which clause led to a finding.
    Explain {
        /// The finding, as findings.csv names it: SUBJECT, SUBJECT/CLAUSE or SUBJECT/CLAUSE/READING; of the subject
        /// the first characters are enough.
        finding: String,
        /// Folders with terms.toml, in any order; with several, whichever of them have a finding of this name.
        #[arg(required = true)]
        agreements: Vec<PathBuf>,
        /// Folder with files of observations.
        #[arg(long, required_unless_present = "record")]
        observations: Option<PathBuf>,
        /// Folder of a record to explain it from instead, for those who hold its keys.
        #[arg(long, conflicts_with = "observations")]
        record: Option<PathBuf>,
        /// Folder of the record's keys; without it, `keys` in the record's folder.
        #[arg(long, requires = "record")]
        keys: Option<PathBuf>,
        /// Whose view of the record: of what the public may open, or of all that was recorded.
        #[arg(long, value_enum, default_value = "public", requires = "record")]
        view: Whose,
        /// Folder with mission.toml and lexicon.toml; without it, the mission for public data that is built in.
        #[arg(long)]
        mission: Option<PathBuf>,
        /// Moment whose view is asked for; without it, the last that the mission itself tells of, else third parties, never a party.
        #[arg(long, value_parser = moment)]
        as_of: Option<Time>,
        /// Language of the page: en, uk or ru. Quotes stay as in the file.
        #[arg(long, default_value = "en", value_parser = language)]
        language: Language,
    },
    /// Write the report of one day, in English, Russian and Ukrainian.
    Day {
        /// Folders with terms.toml; with several, a folder of reports for each, named by its id.
        #[arg(required = true)]
        agreements: Vec<PathBuf>,
        /// Folder with files of observations.
        #[arg(long)]
        observations: PathBuf,
        /// The day on which the period ends at the cut-off, such as 2025-04-20.
        #[arg(long, value_parser = date)]
        date: Date,
        /// Folder for the report; made if it is not there.
        #[arg(long)]
        out: PathBuf,
        /// Folder with mission.toml and lexicon.toml; without it, the mission for public data that is built in.
        #[arg(long)]
        mission: Option<PathBuf>,
        /// Moment whose public view is asked for; without it, the last that the mission itself tells of, else third parties, never a party.
        #[arg(long, value_parser = moment)]
        as_of: Option<Time>,
        /// The day.json of the day before, as it was published: what has changed since is listed as corrections.
        #[arg(long)]
        before: Option<PathBuf>,
        /// Folder of the record that holds the cases: how many were opened, answered, overdue. Its keys are in its `keys`.
        #[arg(long)]
        cases: Option<PathBuf>,
        /// Folder of the record that everything read is written to first; without it, `record` in the report's folder.
        #[arg(long)]
        record: Option<PathBuf>,
        /// Folder of the record's keys; without it, `keys` in the record's folder.
        #[arg(long)]
        keys: Option<PathBuf>,
    },
    /// Listen to the mission's own instruments: read files of detections as they grow, write everything through the record,
    /// and tell each bang and crossing to ten kilometres and the hour.
    Listen {
        /// Folder with terms.toml.
        agreement: PathBuf,
        /// Folder with files that grow: stations, detections, heartbeats, and any other source of the mission file.
        #[arg(long)]
        observations: PathBuf,
        /// Folder with mission.toml, which has the rules of the networks.
        #[arg(long)]
        mission: PathBuf,
        /// Folder of the record; made if it is not there.
        #[arg(long)]
        record: PathBuf,
        /// Folder of the record's keys; without it, `keys` in the record's folder.
        #[arg(long)]
        keys: Option<PathBuf>,
        /// Seconds between two looks at the folder.
        #[arg(long, default_value_t = 5.0)]
        every: f64,
        /// Seconds by which a row may come later than the newest and still be heard.
        #[arg(long, default_value_t = 120)]
        lateness: u32,
        /// End after so many looks that found nothing new.
        #[arg(long)]
        idle: Option<u32>,
    },
    /// Show what was said about an instrument, in order, and hold it against what was observed.
    Claims {
        /// Folders with terms.toml and claims.toml, in any order.
        #[arg(required = true)]
        agreements: Vec<PathBuf>,
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
    Suite {
        /// Folder with a folder for each case.
        #[arg(long, default_value = "fixtures/cases")]
        cases: PathBuf,
        /// Write the page here; without it, to the terminal.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// What was done about a finding: verification, notice to every party, answers, outcome, remedy.
    Case(case::CaseArgs),
    /// Say where each gate of an agreement's plan stands: met, not met, or cannot be judged.
    Gates {
        /// Folders with terms.toml, in any order.
        #[arg(required = true)]
        agreements: Vec<PathBuf>,
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
    /// Say where instruments stand: in force or not, who stood how, what was promised and kept, who may consider itself
    /// free.
    State {
        /// Folders with terms.toml; with several, every incident is held against each.
        #[arg(required = true)]
        agreements: Vec<PathBuf>,
        /// Folder with files of observations, as often as there are folders; without any, what the agreements' files tell.
        #[arg(long)]
        observations: Vec<PathBuf>,
        /// Folder with mission.toml and lexicon.toml; without it, the mission for public data that is built in.
        #[arg(long)]
        mission: Option<PathBuf>,
        /// The moment asked for, such as 2025-03-14T12:00:00Z.
        #[arg(long, value_parser = moment)]
        at: Time,
        /// Folder of a record that holds cases, for the judgements among their steps, as often as there are records.
        #[arg(long, visible_alias = "record")]
        cases: Vec<PathBuf>,
        /// Folder of the records' keys; without it, `keys` in each record's folder.
        #[arg(long)]
        keys: Option<PathBuf>,
        /// Language of the page: en, uk or ru. Quotes stay as in the file.
        #[arg(long, default_value = "en", value_parser = language)]
        language: Language,
        /// JSON instead of a page.
        #[arg(long)]
        json: bool,
    },
    /// Locate bangs from files of nodes and detections in a plane: to score the association beside its peers.
    Locate(locate::LocateArgs),
    /// Track aircraft from files of detections in a plane: to score the tracker beside its peers.
    Track(track::TrackArgs),
    /// Read observations, hold them against an agreement, and write the report.
    Assess {
        /// Folders with terms.toml, in any order; with several, every incident is counted once and held against each, and
        /// each has a report of its own in a folder named by its id.
        #[arg(required = true)]
        agreements: Vec<PathBuf>,
        /// Folder with files of observations.
        #[arg(long)]
        observations: PathBuf,
        /// Folder for the report; made if it is not there.
        #[arg(long)]
        out: PathBuf,
        /// Folder with mission.toml and lexicon.toml; without it, the mission for public data that is built in.
        #[arg(long)]
        mission: Option<PathBuf>,
        /// Moment whose public view is asked for, such as 2025-06-01T00:00:00Z; without it, the last that the
        /// mission itself tells of, else third parties, never a party.
        #[arg(long, value_parser = moment)]
        as_of: Option<Time>,
        /// Whose view: of what the public may open, which anyone can recompute, or of all that was recorded.
        #[arg(long, value_enum, default_value = "public")]
        view: Whose,
        /// Folder of the record that everything read is written to first; without it, `record` in the report's folder.
        #[arg(long)]
        record: Option<PathBuf>,
        /// Folder of the record's keys; without it, `keys` in the record's folder.
        #[arg(long)]
        keys: Option<PathBuf>,
    },
    #[command(subcommand)]
    Record(RecordCommand),
    Recompute(RecomputeArgs),
    Export(ExportArgs),
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| match truce::config::date_meant(text) {
        Some(date) if date.len() == "2025-04-20".len() => {
            format!("a date is year, month, day: is {date} meant?")
        }
        _ => format!("`{text}` is no date; write it like 2025-04-20"),
    })
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Whose {
    Public,
    Mission,
}

impl From<Whose> for View {
    fn from(whose: Whose) -> Self {
        match whose {
            Whose::Public => Self::Public,
            Whose::Mission => Self::Mission,
        }
    }
}

/// 0: done. 1: an agreement with mistakes, a file that cannot be read or written, or a check that fails. 2: usage.
fn main() -> ExitCode {
    verify::pipe::end_when_closed();
    let arguments = Arguments::parse();
    let quiet = arguments.quiet;
    let show = |page: String| {
        // A reader that stops early (`| head`) is no error.
        let _ = stdout().write_all(page.as_bytes());
    };
    let outcome = match arguments.command {
        Command::Demo { out } => demo::run(&out, quiet),
        Command::Check { agreement, language, .. } => match agreement {
            Some(agreement) => check::run(&agreement, language).map(show).map_err(anyhow::Error::from),
            None => {
                show(truce::agreement::keys::schema());
                Ok(())
            }
        },
        Command::Explain {
            finding,
            agreements,
            observations,
            record,
            keys,
            view,
            mission,
            as_of,
            language,
        } => {
            let from = match record {
                Some(dir) => {
                    explain::From::Record { place: Place::new(&dir, keys.as_deref()), view: view.into() }
                }
                // The parser asks for one of the two.
                None => explain::From::Folder(observations.unwrap_or_default()),
            };
            explain::run(&explain::Options { finding, agreements, from, mission, as_of, language, quiet })
                .map(show)
        }
        Command::Day { agreements, observations, date, out, mission, as_of, before, cases, record, keys } => {
            let view = report::View::Public;
            let report =
                assess::Options { agreements, observations, out, mission, as_of, view, record, keys, quiet };
            day::run(&day::Options { report, date, before, cases })
        }
        Command::Claims { agreements, observations, mission, json } => {
            claims::run(&claims::Options { agreements, observations, mission, json, quiet }).map(show)
        }
        Command::Trend { counts: file, mission } => counts::run(&file, mission.as_deref()).map(show),
        Command::Suite { cases, out } => suite::run(&cases, out.as_deref()).map(show),
        Command::Case(arguments) => case::run(arguments, quiet).map(show),
        Command::Gates { agreements, observations, mission, at } => {
            gates::run(&gates::Options { agreements, observations, mission, at, quiet }).map(show)
        }
        Command::State { agreements, observations, mission, at, cases, keys, language, json } => {
            let options =
                state::Options { agreements, observations, mission, at, cases, keys, language, json, quiet };
            state::run(&options).map(show)
        }
        Command::Locate(arguments) => locate::run(arguments).map_err(anyhow::Error::msg),
        Command::Track(arguments) => track::run(&arguments).map_err(anyhow::Error::msg),
        Command::Listen { agreement, observations, mission, record, keys, every, lateness, idle } => {
            listen::run(&listen::Options {
                agreement,
                observations,
                mission,
                record,
                keys,
                every: std::time::Duration::from_secs_f64(every.clamp(0.01, 3_600.0)),
                lateness: i64::from(lateness) * truce::time::SECOND,
                idle,
            })
        }
        Command::Assess { agreements, observations, out, mission, as_of, view, record, keys } => {
            let view = view.into();
            assess::run(&assess::Options {
                agreements,
                observations,
                out,
                mission,
                as_of,
                view,
                record,
                keys,
                quiet,
            })
        }
        Command::Record(command) => return checked(command::run(&command, quiet)),
        Command::Recompute(arguments) => return checked(command::recompute(&arguments, quiet)),
        Command::Export(arguments) => command::export(&arguments, quiet),
    };
    checked(outcome.map(|()| true))
}

/// The exit code of what was done: `Ok(false)` is a check that fails, and has been told.
fn checked(outcome: anyhow::Result<bool>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            match error.downcast_ref::<folder::Trouble>() {
                Some(trouble) => eprint!("{}", trouble.render(stderr().is_terminal())),
                None => eprintln!("error: {error:#}"),
            }
            ExitCode::FAILURE
        }
    }
}

/// A language of `--language`.
fn language(code: &str) -> Result<Language, String> {
    Language::parse(code).ok_or_else(|| format!("no language \"{code}\": give en, uk or ru"))
}
