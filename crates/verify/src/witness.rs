//! Asking a witness for its cosignature, and being one (c2sp.org/tlog-witness, `add-checkpoint`).

use crate::checkpoint::Checkpoint;
use crate::note::{Note, VerifierKey};
use crate::{Hash, Refusal, merkle, proof, text};
use std::fmt;

/// Hashes in the consistency proof of a request, at most.
pub const PATH_MAX: usize = 63;

/// The body of a request to `add-checkpoint`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AddCheckpoint {
    /// The size of the head that the witness cosigned last, as far as the log knows.
    pub old: u64,
    /// The proof that the new head continues it.
    pub path: Vec<Hash>,
    /// The new head.
    pub checkpoint: Note,
}

impl AddCheckpoint {
    /// Reads a request. This checks no signature and no hash.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when it is not one (status 400).
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let bad = |why: &str| Refusal::unreadable(format!("not an add-checkpoint request: {why}"));
        let request = str::from_utf8(bytes).map_err(|_| bad("it is not UTF-8"))?;
        let (head, checkpoint) =
            request.split_once("\n\n").ok_or_else(|| bad("it has no blank line before a checkpoint"))?;
        let mut lines = head.split('\n');
        let old = lines
            .next()
            .and_then(|line| line.strip_prefix("old "))
            .and_then(text::decimal)
            .ok_or_else(|| bad("its first line is not `old` and a number"))?;
        let path =
            proof::hashes(lines, PATH_MAX).ok_or_else(|| bad("its proof is not of at most 63 hashes"))?;
        Ok(Self { old, path, checkpoint: Note::parse(checkpoint.as_bytes())? })
    }

    /// What a witness that trusts these keys for the origin, and last cosigned `latest`, must answer.
    pub fn judge(&self, keys: &[VerifierKey], latest: Option<&Checkpoint>) -> Answer {
        let Ok(new) = Checkpoint::of_note(&self.checkpoint) else { return Answer::Malformed };
        let mut keys = keys.iter().filter(|key| key.name() == new.origin).peekable();
        if keys.peek().is_none() {
            return Answer::UnknownLog;
        }
        if !keys.any(|key| matches!(self.checkpoint.signed_by(key), Ok(Some(_)))) {
            return Answer::NotSigned;
        }
        if self.old > new.size {
            return Answer::Malformed;
        }
        let (size, root) = latest.map_or((0, merkle::empty_root()), |latest| (latest.size, latest.root));
        if self.old != size || self.old == new.size && new.root != root {
            return Answer::Conflict { size };
        }
        match merkle::verify_consistency(size, &root, new.size, &new.root, &self.path) {
            Ok(()) => Answer::Cosign(new),
            Err(_) => Answer::Inconsistent,
        }
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{}", text::base64(hash)))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

/// What a witness answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// Store this head durably, then answer 200 with the cosignature.
    Cosign(Checkpoint),
    /// 400: not a request, or the old size is above the new.
    Malformed,
    /// 404: no key of this log is known.
    UnknownLog,
    /// 403: no signature by a known key of the log.
    NotSigned,
    /// 409: the witness cosigned another size, or another root of this size. The body is this size and a newline, of
    /// type `text/x.tlog.size`.
    Conflict {
        /// The size that the witness cosigned last.
        size: u64,
    },
    /// 422: the new head does not continue the old one.
    Inconsistent,
}

impl Answer {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::Cosign(_) => 200,
            Self::Malformed => 400,
            Self::NotSigned => 403,
            Self::UnknownLog => 404,
            Self::Conflict { .. } => 409,
            Self::Inconsistent => 422,
        }
    }
}
