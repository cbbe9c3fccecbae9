//! Who read what: every reading of restricted data is a leaf of a second log before anything is shown.

use crate::error::Error;
use crate::log::Record;
use crate::mirror;
use crate::reader::Reader;
use crate::sources::{OUTSIDE, Registry};
use crate::vault::{self, Opened, RoleKey};
use std::ops::Range;
use verify::field::{Field, Token, Value};
use verify::leaf::{Kind, Statement};
use verify::{Hash, Refusal, merkle};

/// The access log: a record of its own, with another name and other keys.
pub struct Access {
    log: Record,
}

impl Access {
    /// Over a record that is used for nothing else.
    #[must_use]
    pub fn new(log: Record) -> Access {
        Access { log }
    }

    /// The record itself, for heads and proofs.
    #[must_use]
    pub fn log(&self) -> &Record {
        &self.log
    }

    /// Opens a leaf of `record` for a reader, after the access log has it, durably: `who` reads in the role of `key`,
    /// and says why. Returns what was opened and the number of the access log's leaf.
    ///
    /// # Errors
    /// If it could not be logged, then nothing is shown; or if the leaf cannot be opened.
    pub fn read(
        &self,
        record: &Record,
        index: u64,
        key: &RoleKey,
        who: &Token,
        why: &Token,
    ) -> Result<(Vec<Opened>, u64), Error> {
        let role = key.role().name;
        let logged = self.note(index..index.saturating_add(1), &role, who, why)?;
        Ok((record.open_leaf(index, key)?, logged))
    }

    /// Writes down that `who` is about to read leaves in a role, and why; durable when this returns. Returns the number
    /// of the access log's leaf. Nothing may be shown before.
    ///
    /// # Errors
    /// If it could not be logged.
    pub fn note(&self, leaves: Range<u64>, role: &str, who: &Token, why: &Token) -> Result<u64, Error> {
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let statement = || {
            Ok(Statement::new(
                Kind::Notice,
                vec![
                    Field::new("access.at", Value::int(self.log.now()))?,
                    Field::new("access.leaves", Value::ints([number(leaves.start), number(leaves.end)]))?,
                    Field::new("access.who", Value::token(who.as_str())?)?,
                    Field::new("access.role", Value::token(role)?)?,
                    Field::new("access.why", Value::token(why.as_str())?)?,
                ],
            ))
        };
        let statement = statement().map_err(|refusal: Refusal| Error::Asked(refusal.what))?;
        self.log.state(statement, None)
    }
}

/// Puts the head of the access log into the record that it is about, as a leaf, if the one there is older: whoever takes
/// readings away afterwards is found out.
///
/// # Errors
/// If the access log is not what the record knows of it, or the disk refuses.
pub fn confirm(record: &Record, readings: &Reader) -> Result<(), Error> {
    let (note, head) = readings.head()?;
    let known = record.readings();
    continues(readings, known)?;
    if known.is_some_and(|(size, _)| size == head.size) {
        return Ok(());
    }
    let statement = mirror::statement(&head)?;
    let _floor = record.floor()?;
    let note = note.to_string();
    let know = |registry: &mut Registry| registry.readings = Some((head.size, head.root));
    record.say(statement, Some(("checkpoint", note.as_bytes())), know).map(|_| ())
}

/// Does the access log go on from the head that the record knows of it?
///
/// # Errors
/// [`Error::Damaged`] if not.
pub fn continues(readings: &Reader, known: Option<(u64, Hash)>) -> Result<(), Error> {
    let Some((size, root)) = known else { return Ok(()) };
    let (_, head) = readings.head()?;
    let damaged = |what: String| Error::Damaged { file: "access".into(), leaf: None, what };
    if head.size < size {
        return Err(damaged(format!("the access log has {} leaves, and had {size} before", head.size)));
    }
    let path = readings.prove_consistency(size, head.size)?;
    merkle::verify_consistency(size, &root, head.size, &head.root, &path)
        .map_err(|_| damaged("the access log is another than the record knows".into()))
}

/// Declares the access log lost, so that another may begin: a leaf of the record says by whom, when, and why (as raw bytes
/// behind it). The list of sources counts it for ever.
///
/// # Errors
/// If `by` is no token or `why` not a line, or the disk refuses.
pub fn declare_lost(record: &Record, by: &Token, why: &str) -> Result<(), Error> {
    vault::reason(why)?;
    let (size, root) = record.readings().unwrap_or((0, merkle::empty_root()));
    let statement = || {
        let lost = vec![
            Field::new("readings.lost", Value::int(i64::try_from(size).unwrap_or(i64::MAX)))?,
            Field::new("readings.root", Value::hash(root))?,
            Field::new("readings.by", Value::token(by.as_str())?)?,
            Field::new("readings.at", Value::int(record.now()))?,
        ];
        Ok(Statement::new(Kind::Judgement, lost))
    };
    let statement = statement().map_err(|refusal: Refusal| Error::Asked(refusal.what))?;
    let _floor = record.floor()?;
    let know = |registry: &mut Registry| {
        registry.readings = None;
        registry.lost_readings += 1;
    };
    let inside = |role: &str| !OUTSIDE.contains(&role);
    record.say_to(&inside, statement, Some(("readings", why.as_bytes())), know).map(|_| ())
}
