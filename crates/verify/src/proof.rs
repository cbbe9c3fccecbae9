//! Proofs that verify offline (`c2sp.org/tlog-proof@v1`).

use crate::checkpoint::Checkpoint;
use crate::note::Note;
use crate::policy::{Policy, Vouched};
use crate::{Hash, Refusal, merkle, text};
use std::fmt;

/// The first line of every proof.
pub const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// Hashes in an inclusion proof, at most: a log has fewer than 2^64 leaves.
pub const PATH_MAX: usize = 64;

/// A proof that an entry is in a log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proof {
    /// Data that nothing vouches for. Ours have none.
    pub extra: Option<Vec<u8>>,
    /// The number of the leaf in the log, from zero.
    pub index: u64,
    /// The path, the leaf's sibling first.
    pub path: Vec<Hash>,
    /// The checkpoint, with its signatures.
    pub checkpoint: Note,
}

impl Proof {
    /// Reads a proof. This checks no signature and no hash.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when it is not one.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let bad = |why: &str| Refusal::unreadable(format!("not a proof: {why}"));
        let proof = str::from_utf8(bytes).map_err(|_| bad("it is not UTF-8"))?;
        let (head, checkpoint) =
            proof.split_once("\n\n").ok_or_else(|| bad("it has no blank line before a checkpoint"))?;
        let mut lines = head.split('\n');
        if lines.next() != Some(HEADER) {
            return Err(bad("its first line is not c2sp.org/tlog-proof@v1"));
        }
        let mut line = lines.next();
        let extra = match line.and_then(|line| line.strip_prefix("extra ")) {
            Some(extra) => {
                line = lines.next();
                Some(text::from_base64(extra).ok_or_else(|| bad("its extra data is not base64"))?)
            }
            None => None,
        };
        let index = line
            .and_then(|line| line.strip_prefix("index "))
            .and_then(text::decimal)
            .ok_or_else(|| bad("its index line is not `index` and a number"))?;
        let path =
            hashes(lines, PATH_MAX).ok_or_else(|| bad("its path is not of at most 64 hashes in base64"))?;
        Ok(Self { extra, index, path, checkpoint: Note::parse(checkpoint.as_bytes())? })
    }

    /// Checks that `entry` is in a log that the policy trusts, under a checkpoint that its witnesses vouch for.
    ///
    /// # Errors
    /// What is wrong: the path, the checkpoint, or who signed it.
    pub fn verify(&self, entry: &[u8], policy: &Policy) -> Result<Vouched, Refusal> {
        self.verify_hash(&merkle::leaf_hash(entry), policy)
    }

    /// The same, for an entry of which only the leaf hash is known.
    ///
    /// # Errors
    /// What is wrong: the path, the checkpoint, or who signed it.
    pub fn verify_hash(&self, leaf: &Hash, policy: &Policy) -> Result<Vouched, Refusal> {
        let checkpoint = Checkpoint::of_note(&self.checkpoint)?;
        merkle::verify_inclusion(leaf, self.index, checkpoint.size, &self.path, &checkpoint.root).map_err(
            |why| Refusal::unproved(format!("this statement is not proved to be leaf {}: {why}", self.index)),
        )?;
        policy.check(&self.checkpoint)
    }
}

/// Lines that are a hash in base64 each.
pub(crate) fn hashes<'a>(lines: impl Iterator<Item = &'a str>, most: usize) -> Option<Vec<Hash>> {
    let hashes = lines.take(most + 1).map(text::hash_from_base64).collect::<Option<Vec<_>>>()?;
    (hashes.len() <= most).then_some(hashes)
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", text::base64(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{}", text::base64(hash)))?;
        write!(f, "\n{}", self.checkpoint)
    }
}
