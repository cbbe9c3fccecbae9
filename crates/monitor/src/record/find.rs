//! `truceline record find` and `record level`: which leaves speak of something, and how well one is kept.

use super::command::rebuild_index;
use super::keep::Place;
use super::peers;
use anyhow::{Context as _, Result, bail};
use record::Level;
use record::index::{Index, Query};
use std::path::Path;

/// The numbers of the leaves that fit, a line each. An index that is not there, or does not reach the newest head, is
/// made again first.
///
/// # Errors
/// If the record or the index cannot be read.
pub fn find(place: &Place, path: &Path, query: &Query) -> Result<String> {
    let failed = || format!("the index {}", path.display());
    let (_, size) = super::tell::head(&place.reader()?, None)?;
    if !path.exists() || Index::open(path).and_then(|index| index.size()).with_context(failed)? != size {
        rebuild_index(place, path)?;
    }
    let index = Index::open(path).with_context(failed)?;
    let asked = [("kind", &query.kind), ("what", &query.what), ("source", &query.source)];
    for ((name, asked), known) in asked.into_iter().zip(index.words().with_context(failed)?) {
        // A slip of the pen and a record without such leaves would look alike.
        if let Some(word) = asked.as_ref().filter(|word| !known.contains(*word)) {
            let known: Vec<&str> = known.iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
            bail!(
                "no leaf that this reader can open has the {name} `{word}`; there are: {}",
                known.join(", ")
            );
        }
    }
    let found = index.find(query).with_context(failed)?;
    Ok(found.iter().map(|leaf| format!("{leaf}\n")).collect())
}

/// How well a leaf is kept, in words: durable, cosigned, or held by mirrors, which are asked.
///
/// # Errors
/// If no head covers it, or the policy cannot be read.
pub fn level(place: &Place, leaf: u64) -> Result<String> {
    let policy = peers::policy(&place.dir)?;
    Ok(match place.reader()?.level(leaf, &policy, &peers::mirrors_of(&place.dir)?)? {
        Level::Durable => format!(
            "leaf {leaf} is durable: on this disk, under a head that the log signed. No quorum of witnesses cosigned a head \
             over it; a source keeps its own copy\n"
        ),
        Level::Cosigned => format!(
            "leaf {leaf} is cosigned: it stands under a head that the quorum `{}` of witnesses cosigned. Fewer than two \
             mirrors hold it; a source keeps its own copy\n",
            policy.quorum_name()
        ),
        Level::Held => {
            format!("leaf {leaf} is held by at least two mirrors: a source may delete its own copy\n")
        }
    })
}
