//! Whose acts a source can show, who asserts it, and what it cannot see.

use super::Material;
use crate::model::{Asserter, Source};
use std::collections::BTreeMap;
use truce::mission;

/// Every source of the mission file of which a file was read, in the order of the mission file.
pub(super) fn sources(material: &Material<'_>) -> Vec<Source> {
    read(material).map(|source| row(material, source)).collect()
}

/// The sources that were read.
pub(super) fn read<'a>(material: &'a Material<'_>) -> impl Iterator<Item = &'a mission::Source> {
    material
        .mission
        .sources
        .iter()
        .filter(|source| material.books.iter().any(|books| books.source.as_ref() == Some(&source.name)))
}

/// Who asserts what a source says.
pub(super) fn asserter(source: &mission::Source) -> Asserter {
    match &*source.asserted_by {
        "monitor" => Asserter::Monitor,
        "third" => Asserter::Third,
        party => Asserter::Party { party: party.to_string() },
    }
}

fn row(material: &Material<'_>, source: &mission::Source) -> Source {
    let books = || material.books.iter().filter(|books| books.source.as_ref() == Some(&source.name));
    let observations = books().map(|books| books.accepted).sum();
    let rows_read = books().map(|books| books.rows).sum();
    Source {
        id: source.name.to_string(),
        title: source.title.clone(),
        kind: source.kind.clone(),
        // In the order of the agreement, whatever the order of the mission file.
        acts_of: material
            .agreement
            .parties
            .iter()
            .filter(|party| source.shows.contains(&party.code))
            .map(|party| party.code.to_string())
            .collect(),
        asserted_by: asserter(source),
        cannot_see: format!("{} {}", source.shows_note, source.cannot_see),
        precision: source.place_note.clone(),
        time_zone: source.clock_note.clone(),
        rows_read,
        observations,
        rows_set_aside: rows_read - observations,
        licence: source.licence.clone(),
        attribution: source.title.clone(),
        url: source.url.clone(),
    }
}

/// One sentence for each licence.
pub(super) fn licences(material: &Material<'_>) -> Vec<String> {
    let mut by_licence: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for source in read(material) {
        by_licence.entry(&source.licence).or_default().push(&source.title);
    }
    by_licence.iter().map(|(licence, titles)| format!("{}: {licence}.", titles.join("; "))).collect()
}
