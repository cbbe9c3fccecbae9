//! `truceline claims`: what was said about an instrument, in order, each statement held against what was observed.

use crate::assess::{self, Question};
use crate::instruments;
use crate::intake::{self, Intake};
use crate::progress::Progress;
use crate::scene::Scene;
use anyhow::{Context as _, Result, anyhow, bail};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::PathBuf;
use truce::Name;
use truce::claim::evidence::{Outcome, Tested};
use truce::claim::register::{Register, Sort, hours};
use truce::claim::unit::Units;
use truce::claim::watch::{Seen, hold};
use truce::claim::{Claim, count_words};
use truce::ground::Ground;
use truce::mission::Mission;
use truce::observation::Count;
use truce::time::{HOUR, Time, Zone};

/// What the command was asked.
pub struct Options {
    /// The agreements' folders.
    pub agreements: Vec<PathBuf>,
    /// The folder of observations; without it, only the statements of the agreement's folder are shown.
    pub observations: Option<PathBuf>,
    /// The mission's folder.
    pub mission: Option<PathBuf>,
    /// JSON instead of a table.
    pub json: bool,
    /// No progress.
    pub quiet: bool,
}

/// Runs the command and gives its page.
///
/// # Errors
/// When a folder cannot be read, or an agreement or mission has mistakes.
pub fn run(options: &Options) -> Result<String> {
    let questions = instruments::load(&options.agreements, options.mission.as_deref())?;
    let Some(question) = questions.first() else {
        bail!("no agreement is given, so there is no claim about one")
    };
    let progress = Progress::new(options.quiet);
    let intake = match &options.observations {
        Some(folder) => {
            Some(intake::read_folder(folder, &question.mission, &question.classify(), &progress)?)
        }
        None => None,
    };
    progress.step("holding the statements against what was observed");
    let books = intake.as_ref().map(|intake| crate::books(&intake.files)).unwrap_or_default();
    let all = read_each(&questions, intake)?;
    drop(progress);
    eprint!("{books}");
    let pages = || all.iter().map(Statements::page).collect::<Vec<_>>();
    Ok(match &all[..] {
        [one] if options.json => one.json().to_string() + "\n",
        several if options.json => {
            json!({"instruments": several.iter().map(Statements::json).collect::<Vec<_>>()}).to_string()
                + "\n"
        }
        _ => pages().join("\n"),
    })
}

/// A register with what the evidence says of each statement.
pub struct Statements {
    /// Title of the instrument, where there is one.
    pub title: Option<String>,
    /// The statements in order.
    pub register: Register,
    /// What the evidence says of each, in the order of the register.
    pub tested: Vec<Tested>,
    clock: Zone,
}

/// Reads the statements of a question and holds them against what was observed, if anything was.
///
/// # Errors
/// When the agreement's ground cannot be compiled.
pub fn read(question: &Question, intake: Option<Intake>) -> Result<Statements> {
    let mut all = read_each(std::slice::from_ref(question), intake)?;
    all.pop().context("one agreement has one register of statements")
}

/// The same for several agreements under one mission, in their order: each statement is about its own.
///
/// # Errors
/// When the ground of one cannot be compiled.
pub fn read_each(questions: &[Question], intake: Option<Intake>) -> Result<Vec<Statements>> {
    let Some(Question { mission, .. }) = questions.first() else { return Ok(Vec::new()) };
    let units = units()?;
    let agreements: Vec<_> = questions.iter().map(|question| &question.folder.agreement).collect();
    let said: Vec<Vec<Claim>> = questions
        .iter()
        .map(|question| {
            let observations = intake.as_ref().map_or(&[][..], |intake| &intake.observations);
            assess::claims(&question.folder, mission, observations)
        })
        .collect();
    let scene = match intake {
        None => None,
        Some(Intake { observations, territories, .. }) => {
            let latest = observations.iter().map(|observation| observation.time.end).max();
            Some(Scene::new(&agreements, mission, observations, &territories, latest.unwrap_or_default())?)
        }
    };
    let assessments = scene.as_ref().map_or_else(Vec::new, Scene::assess);
    let statements = agreements.iter().zip(&said).enumerate().map(|(place, (agreement, claims))| {
        let parties: Vec<Name> = agreement.parties.iter().map(|party| party.code.clone()).collect();
        let seen = scene.as_ref().map(|scene| Seen {
            observations: &scene.observations,
            incidents: assessments.get(place).map_or(&[][..], |assessment| &assessment.incidents),
            line: scene.grounds.get(place).and_then(Ground::reference).map(|front| &front.line),
            told_until: None,
        });
        let (register, tested) = hold(claims, &parties, &units, mission, seen.as_ref());
        Statements { title: Some(agreement.title.clone()), register, tested, clock: mission.day_clock }
    });
    Ok(statements.collect())
}

/// Statements alone, without an instrument or observations.
///
/// # Errors
/// None in a program whose tests pass.
pub fn statements(claims: &[Claim], parties: &[Name], mission: &Mission) -> Result<Statements> {
    let (register, tested) = hold(claims, parties, &units()?, mission, None);
    Ok(Statements { title: None, register, tested, clock: mission.day_clock })
}

fn units() -> Result<Units> {
    Units::built_in().map_err(|mistakes| anyhow!("the dictionary of units that is built in: {mistakes:?}"))
}

impl Statements {
    /// The register as a table, and what the statements are to each other.
    pub fn page(&self) -> String {
        let mut page = String::new();
        if let Some(title) = &self.title {
            let _ = writeln!(page, "Claims about: {title}");
        }
        page.push_str("Each stands in its own window and unit. Nothing is added up; no claim is evidence of itself.\n\n");
        if self.register.entries.is_empty() {
            page.push_str(
                "No statement is at hand: the agreement's folder holds no claims.toml, or an empty one.\n",
            );
        } else {
            page.push_str(&table(&self.rows()));
        }
        for (title, lines) in [
            ("Do the parts account for the total?", self.arithmetic()),
            ("Against the evidence", self.evidence()),
            ("Figures of one claimant", self.series()),
            ("Side by side, on one clock", self.beside()),
            ("Nothing said", self.silent()),
        ] {
            if !lines.is_empty() {
                let _ = writeln!(page, "\n{title}");
                for line in lines {
                    let _ = writeln!(page, "  {line}");
                }
            }
        }
        page
    }

    fn rows(&self) -> Vec<[String; 8]> {
        let head =
            ["claim", "by", "about", "window", "length", "counts", "figure", "copies"].map(String::from);
        let row = |entry: &truce::claim::register::Entry| {
            let claim = &entry.claim;
            [
                claim.name.to_string(),
                claim.claimant.to_string(),
                claim.against.to_string(),
                self.window(claim),
                hours(claim.window.length()),
                entry.counts.words(),
                match claim.total {
                    Count::Unstated => "no total".to_string(),
                    total => count_words(total),
                },
                entry.copies.to_string(),
            ]
        };
        std::iter::once(head).chain(self.register.entries.iter().map(row)).collect()
    }

    /// One line for each row of the table.
    pub fn row_lines(&self) -> Vec<String> {
        let rows = self.rows().into_iter().skip(1);
        rows.map(|[name, by, about, window, length, counts, figure, copies]| {
            let copies = if copies == "1" {
                String::new()
            } else {
                format!("; published {copies} times, weighs as one")
            };
            format!("{name}: {by} about {about}: {figure} ({counts}), {window} ({length}){copies}")
        })
        .collect()
    }

    /// On the mission's clock, with what was assumed.
    fn window(&self, claim: &Claim) -> String {
        let assumed = |stated: bool| if stated { "" } else { "?" };
        let end = claim.ends.end || claim.as_of == Some(claim.window.end);
        format!(
            "{}{} to {}{}",
            self.minute(claim.window.start),
            assumed(claim.ends.start),
            self.minute(claim.window.end),
            assumed(end)
        )
    }

    fn minute(&self, time: Time) -> String {
        let offset = self.clock.offset(time);
        let local = Time(time.0 + offset).to_string();
        format!("{} {}{:+03}", &local[..10], &local[11..16], offset / HOUR)
    }

    /// One sentence for each statement with parts.
    pub fn arithmetic(&self) -> Vec<String> {
        let entries = self.register.entries.iter().filter(|entry| !entry.claim.parts.is_empty());
        entries
            .map(|entry| {
                let claim = &entry.claim;
                let flag = if claim.arithmetic().is_inconsistent() { "INCONSISTENT: " } else { "" };
                let parts: Vec<String> = claim.parts.iter().map(|(_, count)| count_words(*count)).collect();
                let total = match claim.total {
                    Count::Unstated => "no total".to_string(),
                    total => count_words(total),
                };
                format!(
                    "{}: {flag}{total}; parts {} = {}; {}",
                    claim.name,
                    parts.join(" + "),
                    claim.parts_sum().words(),
                    claim.arithmetic()
                )
            })
            .collect()
    }

    /// One sentence for each statement, and for each part that is tested for itself.
    pub fn evidence(&self) -> Vec<String> {
        let pairs = self.register.entries.iter().zip(&self.tested);
        pairs
            .flat_map(|(entry, tested)| {
                let name = &entry.claim.name;
                let parts =
                    tested.parts.iter().map(move |(part, of)| format!("{name}, {part}: {}", of.words()));
                core::iter::once(format!("{name}: {}", tested.words())).chain(parts)
            })
            .collect()
    }

    /// One sentence for each run of figures.
    pub fn series(&self) -> Vec<String> {
        let line = |series: &truce::claim::register::Series| {
            let names: Vec<&str> = series.claims.iter().map(Name::as_str).collect();
            format!("{} ({}): {}", series.claimant, names.join(", "), series.sort.words())
        };
        self.register.series.iter().map(line).collect()
    }

    /// One sentence for each two statements whose windows meet.
    pub fn beside(&self) -> Vec<String> {
        let line = |pair: &truce::claim::register::Beside| {
            let mut line = format!(
                "{} ({}) beside {} ({}): the windows share {}; {}",
                pair.one,
                hours(pair.one_length),
                pair.other,
                hours(pair.other_length),
                hours(pair.shared),
                pair.likeness.words()
            );
            for (counts, one, other) in &pair.alike {
                let _ =
                    write!(line, "; {}: {} and {}", counts.words(), count_words(*one), count_words(*other));
            }
            line
        };
        self.register.beside.iter().map(line).collect()
    }

    /// One sentence for each party of whom no statement is at hand.
    pub fn silent(&self) -> Vec<String> {
        let line = |party: &Name| format!("{party}: no statement is at hand; silence is not a claim");
        self.register.silent.iter().map(line).collect()
    }

    /// The same as JSON.
    pub fn json(&self) -> Value {
        let count = |count: Count| match count {
            Count::Unstated => Value::Null,
            Count::Exactly(number) => json!({"exactly": number}),
            Count::About(number) => json!({"about": number}),
            Count::AtLeast(number) => json!({"at_least": number}),
        };
        let entries = self.register.entries.iter().zip(&self.tested).map(|(entry, tested)| {
            let claim = &entry.claim;
            let parts = claim.parts.iter().zip(&entry.parts);
            let parts: Vec<Value> = parts
                .map(|((name, number), counts)| {
                    json!({"name": name.as_str(), "counts": counts.words(), "number": count(*number)})
                })
                .collect();
            let why = match tested.outcome {
                Outcome::CannotBeTested(why) => Some(why.words()),
                _ => None,
            };
            json!({
                "claim": claim.name.as_str(),
                "claimant": claim.claimant.as_str(),
                "against": claim.against.as_str(),
                "start": claim.window.start.to_string(),
                "end": claim.window.end.to_string(),
                "start_stated": claim.ends.start,
                "end_stated": claim.ends.end,
                "clock": claim.clock.as_ref().map(Name::as_str),
                "as_of": claim.as_of.map(|time| time.to_string()),
                "unit": claim.unit.as_str(),
                "counts": entry.counts.words(),
                "total": count(claim.total),
                "parts": parts,
                "arithmetic": claim.arithmetic().to_string(),
                "inconsistent": claim.arithmetic().is_inconsistent(),
                "cumulative": claim.cumulative,
                "copies": entry.copies,
                "evidence": {
                    "outcome": tested.outcome.words(),
                    "why": why,
                    "established": tested.least,
                    "possible": tested.most,
                    "observed_permille": tested.observed_permille,
                    "told_by_those_who_observed": tested.told,
                    "parts": tested.parts.iter().map(|(name, of)| json!({
                        "name": name.as_str(),
                        "outcome": of.outcome.words(),
                        "established": of.least,
                        "possible": of.most,
                    })).collect::<Vec<_>>(),
                },
                "quote": claim.quote,
                "translation": claim.translation,
                "note": claim.note,
                "url": claim.url,
            })
        });
        let series = self.register.series.iter().map(|series| {
            json!({
                "claimant": series.claimant.as_str(),
                "against": series.against.as_str(),
                "claims": series.claims.iter().map(Name::as_str).collect::<Vec<_>>(),
                "growing": matches!(series.sort, Sort::Growing { .. }),
                "falls": series.falls().map(|fall| json!({
                    "claim": fall.claim.as_str(),
                    "at": fall.at.to_string(),
                    "from": count(fall.from),
                    "to": count(fall.to),
                })).collect::<Vec<_>>(),
                "words": series.sort.words(),
            })
        });
        let beside = self.register.beside.iter().map(|pair| {
            json!({
                "one": pair.one.as_str(),
                "other": pair.other.as_str(),
                "likeness": pair.likeness.words(),
                "comparable": pair.comparable(),
                "shared_us": pair.shared,
            })
        });
        json!({
            "instrument": self.title,
            "claims": entries.collect::<Vec<_>>(),
            "series": series.collect::<Vec<_>>(),
            "beside": beside.collect::<Vec<_>>(),
            "silent": self.register.silent.iter().map(Name::as_str).collect::<Vec<_>>(),
        })
    }
}

/// Columns as wide as their widest cell.
fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let mut page = String::new();
    for row in rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        let _ = writeln!(page, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    page
}
