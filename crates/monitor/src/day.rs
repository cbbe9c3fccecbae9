//! `truceline day`: the report of one day, from cut-off to cut-off, in three languages.

use crate::assess::{self, Asked, Known, Question, work_out};
use crate::case;
use crate::progress::Progress;
use crate::record::keep::Place;
use anyhow::{Context as _, Result, bail};
use report::day::{CaseState, Day, Published, compose, json, page, period};
use report::language::{Language, Words};
use std::fs;
use std::path::{Path, PathBuf};
use truce::mission::DayRules;
use truce::time::{Date, Time};

/// What the command was asked.
pub struct Options {
    /// As for a report of the whole; the view is the public one.
    pub report: assess::Options,
    /// The day of the cut-off.
    pub date: Date,
    /// `day.json` of the day before, as it was published.
    pub before: Option<PathBuf>,
    /// The folder of the record that holds the cases.
    pub cases: Option<PathBuf>,
}

/// The page of each language.
const PAGES: [(Language, &str); 3] = [
    (Language::English, "day.en.html"),
    (Language::Russian, "day.ru.html"),
    (Language::Ukrainian, "day.uk.html"),
];

/// Composes the day report and its pages. Returns the files.
///
/// # Errors
/// Where the mission writes no day reports, or the public may not yet know of all of that day.
pub fn answer(
    question: &Question,
    known: Known,
    asked: &Asked,
    date: Date,
    cases: Option<&[CaseState]>,
    before: Option<&Published>,
    progress: &Progress,
) -> Result<Vec<(&'static str, String)>> {
    let mission = &question.mission;
    let rules = rules(question)?;
    work_out(question, known, asked, progress, |material| {
        let ends = period(date, rules.cut_off, mission.day_clock).end;
        let told = Time(ends.0 + mission.publication.delay);
        if material.as_of < told {
            bail!(
                "the public may know of all of {date} only from {told} on, and this is the view of {}; ask for an earlier day, or with --as-of for a later view",
                material.as_of
            );
        }
        let report = compose(material, rules, Day { date, cases, before });
        let mut files = vec![("day.json", json(&report))];
        for (language, name) in PAGES {
            files.push((name, page(&report, &Words::of(language), &PAGES)));
        }
        Ok(files)
    })?
}

fn rules(question: &Question) -> Result<DayRules> {
    question.mission.day_report.context(
        "the mission file has no [day_report]: write there when days are cut, such as cut_off = \"19:30\", and from which probability an incident is listed as grave, such as grave = 0.6",
    )
}

/// A folder that holds the report of another day: it would be lost, and it may have been published.
fn another_day(out: &Path, asked: truce::time::Span) -> Result<()> {
    let kept = fs::read_to_string(out.join("day.json")).ok();
    let Some(kept) = kept.and_then(|text| Published::parse(&text).ok()) else { return Ok(()) };
    if Time::parse(&kept.period.end) != Some(asked.end) {
        bail!(
            "{} holds the report of another day, {} to {}, which would be lost: give a folder of its own to each day",
            out.display(),
            kept.period.start,
            kept.period.end
        );
    }
    Ok(())
}

/// Runs the command.
///
/// # Errors
/// What a person can put right: a folder, a file, a day.
pub fn run(options: &Options) -> Result<()> {
    let question = options.report.question()?;
    crate::folder_free(&options.report.out)?;
    let day = period(options.date, rules(&question)?.cut_off, question.mission.day_clock);
    another_day(&options.report.out, day)?;
    let before = options.before.as_deref().map(|path| {
        // Its folder will do.
        let path = if path.is_dir() { &path.join("day.json") } else { path };
        let next = "--before takes the day.json of the day before, as it was published, or the folder that holds it; \
                    without it the page says that nothing was compared";
        let text = crate::text_of(path, next)?;
        Published::parse(&text).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))
    });
    let before = before.transpose()?;
    let states = options.cases.as_deref().map(|folder| {
        // One record may hold both; then its keys are named once.
        let keys = options.report.keys.as_deref().filter(|_| folder == options.report.record_dir());
        let ends = period(options.date, rules(&question)?.cut_off, question.mission.day_clock).end;
        case::states(Place::new(folder, keys), &question, ends)
    });
    let states = states.transpose()?;
    assess::publish(&options.report, &question, |question, known, asked, progress| {
        answer(question, known, asked, options.date, states.as_deref(), before.as_ref(), progress)
    })?;
    for (_, name) in PAGES {
        println!("{}", options.report.out.join(name).display());
    }
    Ok(())
}
