//! `truceline explain FINDING`: which words of which clause led to a finding.
//!
//! A finding is named as in `findings.csv`: `SUBJECT`, `SUBJECT/CLAUSE` or `SUBJECT/CLAUSE/READING`, the subject by
//! its first characters or more. Told is what the report of that view tells of, and no more.

use crate::assess::{Asked, Known, Question, digest, work_out};
use crate::instruments;
use crate::intake;
use crate::progress::Progress;
use crate::record::keep::Place;
use crate::record::tell;
use anyhow::{Result, bail};
use report::compose::{Material, compose};
use report::language::{Language, Words};
use report::{View, account};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use truce::Id;
use truce::finding::{Facts, Finding};
use truce::time::Time;

/// What the command was asked.
pub struct Options {
    /// The finding.
    pub finding: String,
    /// The agreements' folders; with several, whichever of them have a finding of this name.
    pub agreements: Vec<PathBuf>,
    /// What it is explained from.
    pub from: From,
    /// The mission's folder.
    pub mission: Option<PathBuf>,
    /// The moment whose public view is asked for; without one, the latest that the data speak of.
    pub as_of: Option<Time>,
    /// The language of the page.
    pub language: Language,
    /// No progress.
    pub quiet: bool,
}

/// What a finding is explained from.
pub enum From {
    /// A folder of observations, as the public may see them.
    Folder(PathBuf),
    /// The leaves of a record, opened as far as this reader holds the keys.
    Record {
        /// The record and its keys.
        place: Place,
        /// Whose view of it.
        view: View,
    },
}

/// The page.
///
/// # Errors
/// What is wrong with the folders, that nothing was read, or that no finding has this name.
pub fn run(options: &Options) -> Result<String> {
    let questions = instruments::load(&options.agreements, options.mission.as_deref())?;
    let Some(question) = questions.first() else {
        bail!("no agreement is given: an explanation quotes its words");
    };
    let progress = Progress::new(options.quiet);
    let (questions, known, view) = match &options.from {
        From::Folder(folder) => {
            let intake = intake::read_folder(folder, &question.mission, &question.classify(), &progress)?;
            if intake.observations.is_empty() {
                let books = crate::books(&intake.files);
                bail!("no observation was read; the files and what became of them:\n{books}");
            }
            (questions, Known::from(intake), View::Public)
        }
        From::Record { place, view } => {
            let contents = tell::contents(place, *view)?;
            // The agreements and the mission, too, are those of the leaves.
            let agreements: Vec<[u8; 32]> =
                questions.iter().map(|question| digest(&question.folder.files)).collect();
            let ours: Vec<Question> = contents.questions(&agreements, &digest(&question.mission_files))?;
            let known = contents.known(&question.mission, *view, &progress)?;
            (ours, known, *view)
        }
    };
    let asked = Asked { as_of: options.as_of, view, checkpoint: None };
    let words = Words::of(options.language);
    work_out(&questions, known, &asked, &progress, |materials| pages(materials, &options.finding, &words))?
}

/// A page for each instrument that has a finding of this name, in their order.
fn pages(materials: &[Material<'_>], wanted: &str, words: &Words) -> Result<String> {
    let pages: Vec<Result<String>> = materials.iter().map(|material| page(material, wanted, words)).collect();
    if pages.iter().any(Result::is_ok) {
        return Ok(pages.into_iter().flatten().collect::<Vec<_>>().join("\n"));
    }
    let told = |(material, page): (&Material<'_>, Result<String>)| match page {
        Err(error) if materials.len() > 1 => Some(format!("{}: {error:#}", material.agreement.id)),
        Err(error) => Some(format!("{error:#}")),
        Ok(_) => None,
    };
    let why: Vec<String> = materials.iter().zip(pages).filter_map(told).collect();
    bail!("{}", why.join("\n"))
}

fn page(material: &Material<'_>, wanted: &str, words: &Words) -> Result<String> {
    let report = compose(material);
    let rows = report.findings.readings.iter().flat_map(|reading| {
        reading.findings.iter().map(|row| (reading.id.as_str(), row.clause.as_str(), row.subject.as_str()))
    });
    let told: BTreeSet<(&str, &str, &str)> = rows.collect();
    let mut parts = wanted.split('/');
    let (subject, clause, reading) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    if subject.is_empty() || parts.next().is_some() {
        bail!(
            "`{wanted}` names no finding: write SUBJECT, SUBJECT/CLAUSE or SUBJECT/CLAUSE/READING as in findings.csv"
        );
    }
    let is_meant = |finding: &&Finding| {
        let id = finding.incident.to_string();
        id.starts_with(subject)
            && clause.is_none_or(|clause| *clause == *finding.clause)
            && reading.is_none_or(|reading| *reading == *finding.reading)
            && told.contains(&(&*finding.reading, &*finding.clause, id.as_str()))
    };
    let found: Vec<&Finding> = material.assessment.findings.iter().filter(is_meant).collect();
    if found.is_empty() {
        bail!("no finding of the report is named `{wanted}`: {}", hint(&told, subject, clause, reading));
    }
    let facts: BTreeMap<Id, &Facts> =
        material.assessment.incidents.iter().map(|it| (it.facts.incident, &it.facts)).collect();
    let told = found.iter().filter_map(|finding| {
        Some(account::page(words, material.agreement, finding, facts.get(&finding.incident)?))
    });
    Ok(told.collect::<Vec<_>>().join("\n"))
}

/// What might have been meant: the first part that fits nothing, with what there is in its place.
fn hint(
    told: &BTreeSet<(&str, &str, &str)>,
    subject: &str,
    clause: Option<&str>,
    reading: Option<&str>,
) -> String {
    let of_subject: Vec<_> = told.iter().filter(|(_, _, id)| id.starts_with(subject)).collect();
    if of_subject.is_empty() {
        let subjects: BTreeSet<&str> = told.iter().map(|(_, _, id)| *id).collect();
        if subjects.is_empty() {
            return "the report has no finding at all".to_string();
        }
        let near = match nearest(&subjects, subject).as_slice() {
            [] => "findings are named".to_string(),
            near => format!("did you mean {}? Findings are named", near.join(" or ")),
        };
        return format!("no subject begins with `{subject}`; {near} in column `subject` of findings.csv");
    }
    let of_clause: Vec<_> =
        of_subject.iter().filter(|(_, id, _)| clause.is_none_or(|clause| clause == *id)).collect();
    let list = |names: BTreeSet<&str>| names.into_iter().collect::<Vec<_>>().join(", ");
    if of_clause.is_empty() {
        let clauses = list(of_subject.iter().map(|(_, clause, _)| *clause).collect());
        return format!("it was held against these clauses: {clauses}, not `{}`", clause.unwrap_or_default());
    }
    let readings = list(of_clause.iter().map(|(reading, _, _)| *reading).collect());
    format!("it has findings under these readings: {readings}, not `{}`", reading.unwrap_or_default())
}

/// The subjects, three at most, that begin with what is nearest to `wanted`, a few letters changed at most; none, if none is
/// near. Several are named only where they begin alike.
fn nearest<'a>(subjects: &BTreeSet<&'a str>, wanted: &str) -> Vec<&'a str> {
    let length = wanted.chars().count();
    let start = |id: &'a str| id.char_indices().nth(length).map_or(id, |(end, _)| &id[..end]);
    let near = truce::config::nearest(wanted, subjects.iter().map(|id| start(id)));
    near.map_or_else(Vec::new, |near| {
        subjects.iter().copied().filter(|id| id.starts_with(near)).take(3).collect()
    })
}
