//! Checkpoints: the head of a log as a signed note (c2sp.org/tlog-checkpoint).

use crate::note::{Note, VerifierKey};
use crate::{Hash, Refusal, text};
use std::fmt;

/// The head of a log: whose, how many leaves, and the root over them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Checkpoint {
    /// The name of the log.
    pub origin: String,
    /// Leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// Further lines, which mean nothing to us. Ours are empty: ML-DSA-44 does not sign them.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// Without extension lines.
    pub fn new(origin: &str, size: u64, root: Hash) -> Self {
        Self { origin: origin.to_string(), size, root, extensions: Vec::new() }
    }

    /// Reads the text of a checkpoint's note.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when it is not one.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let bad = |why: &str| Refusal::unreadable(format!("not a checkpoint: {why}"));
        let body = text.strip_suffix('\n').ok_or_else(|| bad("its text does not end with a newline"))?;
        let mut lines = body.split('\n');
        let origin = lines
            .next()
            .filter(|line| !line.is_empty())
            .ok_or_else(|| bad("the line of the origin is empty"))?;
        let size = lines
            .next()
            .and_then(text::decimal)
            .ok_or_else(|| bad("the second line is not a number of leaves"))?;
        let root = lines
            .next()
            .and_then(text::hash_from_base64)
            .ok_or_else(|| bad("the third line is not a root hash in base64"))?;
        let extensions: Vec<String> = lines.map(str::to_string).collect();
        if extensions.iter().any(String::is_empty) {
            return Err(bad("an extension line is empty"));
        }
        Ok(Self { origin: origin.to_string(), size, root, extensions })
    }

    /// Reads the checkpoint in a note. This checks no signature.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when it is not one.
    pub fn of_note(note: &Note) -> Result<Self, Refusal> {
        Self::parse(&note.text)
    }

    /// Reads a note that must be a checkpoint signed with this key of the log, whose name is the origin.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn open(note: &Note, log: &VerifierKey) -> Result<Self, Refusal> {
        let checkpoint = Self::of_note(note)?;
        if checkpoint.origin != log.name() {
            return Err(Refusal::untrusted(format!(
                "the checkpoint is of the log `{}`, not of `{}`",
                text::shown(&checkpoint.origin),
                log.name()
            )));
        }
        match note.signed_by(log)? {
            Some(_) => Ok(checkpoint),
            None => Err(Refusal::untrusted(format!(
                "the checkpoint is not signed with the key of `{}`",
                log.name()
            ))),
        }
    }
}

/// As the text of a note.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, text::base64(&self.root))?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// Do two checkpoints, both signed by the log, show two histories: the same size with two roots? Each may be signed with
/// any of these keys.
///
/// # Errors
/// When one of them is not signed with any of these keys: then it accuses nobody.
pub fn fork(one: &Note, other: &Note, logs: &[&VerifierKey]) -> Result<Option<Refusal>, Refusal> {
    let open = |note: &Note| {
        let checkpoint = Checkpoint::of_note(note)?;
        let named = logs.iter().filter(|log| log.name() == checkpoint.origin);
        named.map(|log| Checkpoint::open(note, log)).find(Result::is_ok).unwrap_or_else(|| {
            Err(Refusal::untrusted(format!(
                "the checkpoint of `{}` is not signed with a key that is known to be that log's",
                text::shown(&checkpoint.origin)
            )))
        })
    };
    let (one, other) = (open(one)?, open(other)?);
    Ok((one.origin == other.origin && one.size == other.size && one.root != other.root).then(|| {
        Refusal::two_histories(format!(
            "the log `{}` signed two different heads of {} leaves: it showed two histories",
            one.origin, one.size
        ))
    }))
}
