//! What was erased, by name alone, so that reading the same files again does not record it again.
//!
//! ```text
//! RECORD/forgotten   a line each: SHA-256 over a domain, a key of the hub, and the hash by which a row or file is known
//! ```
//!
//! The key keeps whoever copies the folder from trying all rows that there could be. Who has the hub's key, and knows a
//! row word for word, can tell from this file that it was once recorded and erased.

use super::keep::Place;
use super::tell::{self, Told};
use anyhow::{Context as _, Result, bail};
use record::statement::{File, Statement};
use record::storage::{Files, replace};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::fs;
use zeroize::Zeroizing;

const FILE: &str = "forgotten";

/// The names of what was erased from one record.
pub(super) struct Forgotten {
    names: BTreeSet<[u8; 32]>,
    key: Zeroizing<[u8; 32]>,
}

impl Forgotten {
    /// Of the record at this place.
    ///
    /// # Errors
    /// If the file cannot be read, or is gone although something was erased.
    pub(super) fn of(place: &Place) -> Result<Self> {
        let path = place.dir.join(FILE);
        let key = place.keys.queue()?;
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                if place.dir.join("vault/erasures").exists() {
                    bail!(
                        "{} is gone: it tells which rows were erased from this record, and without it files that are \
                         read again would bring them back. Put it back from a copy; to go on without what it says, make \
                         an empty file there",
                        path.display()
                    );
                }
                String::new()
            }
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        let name = |(number, line): (usize, &str)| {
            let name = verify::text::from_hex(line).and_then(|bytes| bytes.try_into().ok());
            name.with_context(|| format!("{}, line {}: it is no hash", path.display(), number + 1))
        };
        let names = text.lines().enumerate().map(name).collect::<Result<_>>()?;
        Ok(Self { names, key })
    }

    /// Was this statement, or anything of this batch, erased?
    pub(super) fn has(&self, statement: &Statement) -> bool {
        names(statement).iter().any(|name| self.names.contains(&self.hidden(name)))
    }

    fn write(&self, place: &Place) -> Result<()> {
        let text: String = self.names.iter().map(|name| format!("{}\n", verify::text::hex(name))).collect();
        let written = Files::new(&place.dir).and_then(|files| replace(&files, FILE, text.as_bytes()));
        written.with_context(|| format!("cannot write {}", place.dir.join(FILE).display()))
    }

    fn hidden(&self, name: &[u8; 32]) -> [u8; 32] {
        let hash = Sha256::new().chain_update(b"truceline-forgotten-1\n").chain_update(&self.key[..]);
        hash.chain_update(name).finalize().into()
    }
}

/// Writes down the names of what these leaves say, before it is erased. `Ok(false)`: there is no key here that opens them,
/// so that reading the same files again will record it again.
///
/// # Errors
/// If it cannot be written: then nothing may be erased.
pub(super) fn remember(place: &Place, leaves: &BTreeSet<u64>) -> Result<bool> {
    nothing(place)?;
    let mut forgotten = Forgotten::of(place)?;
    let told = match tell::keys_of(&place.keys, report::View::Mission) {
        Ok(keys) => {
            let reader = place.reader()?;
            let (newest, size) = tell::head(&reader, None)?;
            let (all, _) = tell::leaves(&reader, &newest, size)?;
            tell::open_those(&reader, &all, &keys, |index| leaves.contains(&index))?
        }
        Err(_) => Vec::new(),
    };
    let opened = !told.is_empty();
    for statement in told.iter().filter_map(|leaf: &Told| leaf.statement().ok().flatten()) {
        let hidden: Vec<_> = names(&statement).iter().map(|name| forgotten.hidden(name)).collect();
        forgotten.names.extend(hidden);
    }
    forgotten.write(place)?;
    Ok(opened)
}

/// Nothing has a name here that is lost: its rows may be recorded again. The file is there from the first erasure on.
///
/// # Errors
/// If it cannot be written, or is gone.
pub(super) fn nothing(place: &Place) -> Result<()> {
    match place.dir.join("vault/erasures").exists() {
        true => Forgotten::of(place).map(|_| ()),
        false => Forgotten { names: BTreeSet::new(), key: place.keys.queue()? }.write(place),
    }
}

/// By what rows and files are known again.
fn names(statement: &Statement) -> Vec<[u8; 32]> {
    match statement {
        Statement::Observation(observation) => vec![observation.id.0],
        Statement::Batch(detections) => detections.iter().map(|detection| detection.id.0).collect(),
        Statement::File(file) => vec![file_name(file)],
        Statement::Version(_) | Statement::Step(_) | Statement::Watermark(_) | Statement::Heartbeat => vec![],
    }
}

/// By what a file is known again: its name and its bytes.
pub(super) fn file_name(file: &File) -> [u8; 32] {
    record::statement::sha256(&[file.name.as_bytes(), &file.sha256.unwrap_or_default()].concat())
}
