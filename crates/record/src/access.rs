//! Who read what: every reading of restricted data is a leaf of a second log before anything is shown.

use crate::error::Error;
use crate::log::Record;
use crate::vault::{Opened, RoleKey};
use std::ops::Range;
use verify::Refusal;
use verify::field::{Field, Token, Value};
use verify::leaf::{Kind, Statement};

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
