//! Several instruments asked of together: one order, one mission, and no two of them at odds about who is who.

use crate::assess::{Question, mission_files};
use crate::folder;
use anyhow::{Result, ensure};
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

fn same_people(one: &Agreement, other: &Agreement) -> Result<()> {
    for (code, name) in people(one) {
        for (other_code, other_name) in people(other) {
            ensure!(
                code != other_code || name == other_name,
                "\"{code}\" is {name} in {}, and {other_name} in {}: one code must mean one and the same in agreements \
                 that are held together; give one of the two another code, in its terms.toml and in the observations",
                one.id,
                other.id
            );
            ensure!(
                name != other_name || code == other_code,
                "{name} has the code \"{code}\" in {}, and \"{other_code}\" in {}: whoever is the same needs one code in \
                 agreements that are held together",
                one.id,
                other.id
            );
        }
    }
    for party in &one.parties {
        let Some(theirs) = other.party(&party.code) else { continue };
        if let (Some((ours, _)), Some((clock, _))) = (&party.clock, &theirs.clock) {
            ensure!(
                ours == clock,
                "the clock of \"{}\" is {ours} in {}, and {clock} in {}: correct the one that is wrong",
                party.code,
                one.id,
                other.id
            );
        }
    }
    Ok(())
}

/// Everybody whom an agreement calls by a code, the parties first.
fn people(agreement: &Agreement) -> impl Iterator<Item = (&Name, &Name)> {
    let parties = agreement.parties.iter().map(|party| (&party.code, &party.name));
    parties.chain(agreement.actors.iter().map(|actor| (&actor.code, &actor.name)))
}
