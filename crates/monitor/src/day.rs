//! `truceline day`: the report of one day, from cut-off to cut-off, in three languages.

use crate::assess::{self, Asked, Files, Known, Question, work_out};
use crate::case;
use crate::instruments::{self, in_folder};
use crate::progress::Progress;
use crate::record::keep::Place;
use anyhow::{Context as _, Result, bail};
use report::compose::Material;
use report::day::{CaseState, Day, DayReport, FORMAT, Published, compose, contents, json, page, period};
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
    /// `day.json` of the day before, as it was published; of several agreements the folder that holds theirs.
    pub before: Option<PathBuf>,
    /// The folder of the record that holds the cases.
    pub cases: Option<PathBuf>,
}

/// What the report of one instrument follows up.
#[derive(Clone, Default)]
pub struct FollowUp {
    /// The register of cases, where one is kept.
    pub cases: Option<Vec<CaseState>>,
    /// The report of the day before as it was published, where there is one.
    pub before: Option<Published>,
}

/// The page of each language.
const PAGES: [(Language, &str); 3] = [
    (Language::English, "day.en.html"),
    (Language::Russian, "day.ru.html"),
    (Language::Ukrainian, "day.uk.html"),
];

/// Composes the day report and its pages. Returns the files: of several agreements a folder for each, named by its id, and
/// beside them a page that leads to them.
/// `follow_ups` are those of the agreements, in their order; of none that is missing anything is followed up.
///
/// # Errors
/// Where the mission writes no day reports, or the public may not yet know of all of that day.
pub fn answer(
    questions: &[Question],
    known: Known,
    asked: &Asked,
    date: Date,
    follow_ups: &[FollowUp],
    progress: &Progress,
) -> Result<Files> {
    let rules = rules(questions)?;
    work_out(questions, known, asked, progress, |materials| {
        let nothing = FollowUp::default();
        let report = |(place, material): (usize, &Material<'_>)| {
            one(material, rules, date, follow_ups.get(place).unwrap_or(&nothing))
        };
        let reports: Vec<DayReport> = materials.iter().enumerate().map(report).collect::<Result<_>>()?;
        let mut files = Files::new();
        for (place, report) in reports.iter().enumerate() {
            let name = |name: &str| in_folder(questions, place, name);
            files.push((name("day.json"), json(report)));
            for (language, file) in PAGES {
                files.push((name(file), page(report, &Words::of(language), &PAGES)));
            }
        }
        if reports.len() > 1 {
            let ids = questions.iter().map(|question| &*question.folder.agreement.id);
            let parts: Vec<(&str, &DayReport)> = ids.zip(&reports).collect();
            // Last, so that where they stand the rest does.
            let above = PAGES.map(|(language, file)| {
                (file.to_string(), contents(&parts, file, &Words::of(language), &PAGES))
            });
            files.splice(0..0, above);
        }
        Ok(files)
    })?
}

fn one(material: &Material<'_>, rules: DayRules, date: Date, follow_up: &FollowUp) -> Result<DayReport> {
    let mission = material.mission;
    let ends = period(date, rules.cut_off, mission.day_clock).end;
    let told = Time(ends.0 + mission.publication.delay);
    if material.as_of < told {
        bail!(
            "the public may know of all of {date} only from {told} on, and this is the view of {}; ask for an earlier day, or with --as-of for a later view",
            material.as_of
        );
    }
    let (cases, before) = (follow_up.cases.as_deref(), follow_up.before.as_ref());
    Ok(compose(material, rules, Day { date, cases, before }))
}

fn rules(questions: &[Question]) -> Result<DayRules> {
    let rules = questions.first().and_then(|question| question.mission.day_report);
    rules.context(
        "the mission file has no [day_report]: write there when days are cut, such as cut_off = \"19:30\", and from which probability an incident is listed as grave, such as grave = 0.6",
    )
}

/// A folder that holds the report of another day: it would be lost, and it may have been published.
fn another_day(day: &Path, asked: truce::time::Span) -> Result<()> {
    let kept = fs::read_to_string(day).ok();
    let Some(kept) = kept.and_then(|text| Published::parse(&text).ok()) else { return Ok(()) };
    if Time::parse(&kept.period.end) != Some(asked.end) {
        bail!(
            "{} holds the report of another day, {} to {}, which would be lost: give a folder of its own to each day",
            day.parent().unwrap_or(day).display(),
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
    let questions = options.report.questions()?;
    let Some(question) = questions.first() else { bail!("no agreement is given, so there is no day of one") };
    crate::folder_free(&options.report.out)?;
    let day = period(options.date, rules(&questions)?.cut_off, question.mission.day_clock);
    let mut follow_ups = vec![FollowUp::default(); questions.len()];
    let pages: Vec<(String, &str)> =
        (0..questions.len()).map(|at| (in_folder(&questions, at, "day.json"), FORMAT)).collect();
    instruments::refuse_others(&options.report.out, "day.json", &pages)?;
    for (place, follow_up) in follow_ups.iter_mut().enumerate() {
        let name = in_folder(&questions, place, "day.json");
        another_day(&options.report.out.join(&name), day)?;
        follow_up.before = options.before.as_deref().map(|path| before(path, &name)).transpose()?;
    }
    if let Some(folder) = options.cases.as_deref() {
        // One record may hold both; then its keys are named once.
        let keys = options.report.keys.as_deref().filter(|_| folder == options.report.record_dir());
        let states = case::states(Place::new(folder, keys), &questions, day.end)?;
        for (follow_up, states) in follow_ups.iter_mut().zip(states) {
            follow_up.cases = states;
        }
    }
    assess::publish(&options.report, &questions, |questions, known, asked, progress| {
        answer(questions, known, asked, options.date, &follow_ups, progress)
    })?;
    for (_, name) in PAGES {
        println!("{}", options.report.out.join(name).display());
    }
    Ok(())
}

/// The report of the day before, from its `day.json` or from the folder that holds it under this name.
fn before(path: &Path, name: &str) -> Result<Published> {
    // Its folder will do.
    let path = if path.is_dir() { &path.join(name) } else { path };
    let next = "--before takes the day.json of the day before, as it was published, or the folder that holds it; \
                without it the page says that nothing was compared";
    if name.contains('/') && path.is_file() && !path.ends_with(name) {
        bail!(
            "{} is the report of one agreement, and this is asked of several: give --before the folder that holds \
             {name} and those of the others",
            path.display()
        );
    }
    let text = crate::text_of(path, next)?;
    Published::parse(&text).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))
}
