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
use record::Record;
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
    /// The lines of the file, in the order in which they came.
    text: String,
    /// How many of them the signed list counts.
    counted: u64,
    key: Zeroizing<[u8; 32]>,
}

impl Forgotten {
    /// Of the record at this place, held against what its signed list knows of them.
    ///
    /// # Errors
    /// If the file is gone, damaged or an older copy.
    pub(super) fn of(place: &Place) -> Result<Self> {
        let path = place.dir.join(FILE);
        let key = place.keys.queue()?;
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        let known = place.reader()?.forgotten()?.unwrap_or_else(|| (0, record::statement::sha256(b"")));
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        // A name is written before the list counts it: a crash leaves one too many.
        let counted = usize::try_from(known.0).ok().and_then(|count| lines.get(..count));
        let names: Option<BTreeSet<[u8; 32]>> = lines
            .iter()
            .map(|line| verify::text::from_hex(line.strip_suffix('\n')?)?.try_into().ok())
            .collect();
        match names {
            Some(names)
                if counted
                    .is_some_and(|lines| record::statement::sha256(lines.concat().as_bytes()) == known.1) =>
            {
                Ok(Self { names, text, counted: known.0, key })
            }
            _ => bail!(
                "{} is gone, damaged or older than this record knows: it tells which rows were erased, and without it \
                 files that are read again would bring them back. Put the newest copy of it back; if there is none, \
                 `truceline record lost` declares it lost",
                path.display()
            ),
        }
    }

    /// Was this statement, or anything of this batch, erased?
    pub(super) fn has(&self, statement: &Statement) -> bool {
        names(statement).iter().any(|name| self.names.contains(&self.hidden(name)))
    }

    fn write(&self, place: &Place, record: &Record) -> Result<()> {
        let written = Files::new(&place.dir).and_then(|files| replace(&files, FILE, self.text.as_bytes()));
        written.with_context(|| format!("cannot write {}", place.dir.join(FILE).display()))?;
        record.know_forgotten(
            self.text.lines().count() as u64,
            record::statement::sha256(self.text.as_bytes()),
        )?;
        Ok(())
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
pub(super) fn remember(place: &Place, record: &Record, leaves: &BTreeSet<u64>) -> Result<bool> {
    let mut forgotten = Forgotten::of(place)?;
    let Ok(keys) = tell::keys_of(&place.keys, report::View::Mission) else { return Ok(false) };
    let reader = place.reader()?;
    let (newest, size) = tell::head(&reader, None)?;
    let (all, _) = tell::leaves(&reader, &newest, size)?;
    let told = tell::open_those(&reader, &all, &keys, |index| leaves.contains(&index))?;
    for statement in told.iter().filter_map(|leaf: &Told| leaf.statement().ok().flatten()) {
        for name in names(&statement) {
            let hidden = forgotten.hidden(&name);
            if forgotten.names.insert(hidden) {
                forgotten.text.push_str(&format!("{}\n", verify::text::hex(&hidden)));
            }
        }
    }
    if forgotten.text.lines().count() as u64 != forgotten.counted {
        forgotten.write(place, record)?;
    }
    Ok(true)
}

/// Begins the file anew, when it is lost and no copy has it.
///
/// # Errors
/// If it cannot be written.
pub(super) fn begin_anew(place: &Place, record: &Record) -> Result<()> {
    Forgotten { names: BTreeSet::new(), text: String::new(), counted: 0, key: place.keys.queue()? }
        .write(place, record)
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
