//! Several instruments asked of together: one order, one mission, and no two of them at odds about who is who.

use crate::assess::{Question, mission_files};
use crate::folder;
use anyhow::{Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use truce::Name;
use truce::agreement::Agreement;
use truce::time::Time;

/// The agreements of these folders under one mission, in the order of their dates, whatever the order in which they are
/// given: by the first moment at which each may be in force, then by id. So no party comes first by habit, and the same
/// folders give the same bytes.
///
/// # Errors
/// What is wrong with their files, or that two of them are at odds ([`agree`]).
pub fn load(folders: &[PathBuf], mission: Option<&Path>) -> Result<Vec<Question>> {
    let question = |path: &PathBuf| Question::new(folder::load(path)?, mission_files(mission)?);
    in_order(folders.iter().map(question).collect::<Result<_>>()?)
}

/// The same for agreements that are compiled already.
///
/// # Errors
/// That two of them are at odds, or the id of one cannot be the name of the folder of its report.
pub fn in_order(mut questions: Vec<Question>) -> Result<Vec<Question>> {
    agree(&questions)?;
    if questions.len() > 1 {
        folders(&questions)?;
    }
    questions.sort_by_cached_key(|question| {
        let agreement = &question.folder.agreement;
        (agreement.window(Time(i64::MAX)).start, agreement.id.clone())
    });
    Ok(questions)
}

/// Are these agreements distinct, and is whoever has one code in two of them the same?
///
/// # Errors
/// The two that have one id, or what they say otherwise of one code or one name.
pub fn agree(questions: &[Question]) -> Result<()> {
    for (place, question) in questions.iter().enumerate() {
        let ours = &question.folder.agreement;
        for other in &questions[..place] {
            let theirs = &other.folder.agreement;
            ensure!(
                theirs.id != ours.id,
                "two of the agreements have the id \"{}\": give each once, under an id of its own",
                ours.id
            );
            same_people(theirs, ours)?;
        }
    }
    Ok(())
}

/// Can each have a folder of its own, on any disk, beside the files that stand above them all?
fn folders(questions: &[Question]) -> Result<()> {
    const TAKEN: [&str; 2] = ["record", "keys"];
    let ids: Vec<&Name> = questions.iter().map(|question| &question.folder.agreement.id).collect();
    for (place, id) in ids.iter().enumerate() {
        let same = |other: &&Name| other.to_lowercase() == id.to_lowercase();
        ensure!(
            !id.contains('.')
                && !TAKEN.contains(&id.to_lowercase().as_str())
                && !ids[..place].iter().any(same),
            "the id \"{id}\" cannot be the name of a folder here: each of several agreements has its report in a folder of \
             its id, so an id has no dot, is not `record` or `keys`, and differs from the others by more than capitals"
        );
    }
    Ok(())
}

/// The name of a file of one of these agreements within the folder of a report: of several, each has a folder of its id.
pub fn in_folder(questions: &[Question], place: usize, name: &str) -> String {
    match questions {
        [_] => name.to_string(),
        several => format!("{}/{name}", several[place].folder.agreement.id),
    }
}

/// Is there no page of an earlier run in this folder that the run at hand does not write anew? It would stand beside the new
/// ones as if it were one of them. `file` is the JSON that each page has; `ours` are the names and formats of those to come.
///
/// # Errors
/// Which file is of other agreements, and what to do.
pub fn refuse_others(out: &Path, file: &str, ours: &[(String, &str)]) -> Result<()> {
    let kind = |format: &str| format.split('/').next().map(str::to_string);
    let parts = fs::read_dir(out).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let mut folders: Vec<PathBuf> = parts.filter(|path| path.is_dir()).chain([out.to_path_buf()]).collect();
    folders.sort();
    for path in folders.iter().map(|folder| folder.join(file)) {
        let Some(there) = fs::read_to_string(&path).ok().and_then(|text| format_of(&text)) else { continue };
        let anew = ours.iter().any(|(name, format)| out.join(name) == path && kind(format) == kind(&there));
        ensure!(
            anew,
            "{} is of a run with other agreements, and would stand beside the new pages as if it were one of them: \
             give a folder of its own to each choice of agreements",
            path.display()
        );
    }
    Ok(())
}

/// The format that a JSON file of ours says it has.
fn format_of(text: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    Some(value.get("format")?.as_str()?.to_string())
}

fn same_people(one: &Agreement, other: &Agreement) -> Result<()> {
    for ours in people(one) {
        for theirs in people(other) {
            // A text may use the short name of a state, and another the long one.
            let alike = ours.name == theirs.name
                || ours.forms.contains(theirs.name)
                || theirs.forms.contains(ours.name);
            ensure!(
                ours.code != theirs.code || alike,
                "\"{}\" is {} in {}, and {} in {}: one code must mean one and the same in agreements that are held \
                 together; give one of the two another code, in its terms.toml and in the observations; or, if both are \
                 the same, add the one name to the `forms` of the other",
                ours.code,
                ours.name,
                one.id,
                theirs.name,
                other.id
            );
            ensure!(
                ours.name != theirs.name || ours.code == theirs.code,
                "{} has the code \"{}\" in {}, and \"{}\" in {}: whoever is the same needs one code in agreements that \
                 are held together",
                ours.name,
                ours.code,
                one.id,
                theirs.code,
                other.id
            );
        }
    }
    Ok(())
}

/// Somebody whom an agreement calls by a code.
struct Person<'a> {
    code: &'a Name,
    name: &'a Name,
    forms: &'a [Name],
}

/// The parties, then guarantors, mediators and others.
fn people(agreement: &Agreement) -> impl Iterator<Item = Person<'_>> {
    let parties =
        agreement.parties.iter().map(|it| Person { code: &it.code, name: &it.name, forms: &it.forms });
    let actors =
        agreement.actors.iter().map(|it| Person { code: &it.code, name: &it.name, forms: &it.forms });
    parties.chain(actors)
}
