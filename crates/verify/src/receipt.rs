//! Receipts: the signed answer of a log to an append, and what convicts a log that did not keep it.

use crate::checkpoint::Checkpoint;
use crate::field::Token;
use crate::note::{Algorithm, Note, SignerKey, VerifierKey};
use crate::policy::Policy;
use crate::proof::{Proof, hashes};
use crate::{Hash, Refusal, text};
use std::fmt;

/// The first line of every receipt. No checkpoint can begin so: its second line is a number.
pub const HEADER: &str = "truceline-receipt/v1";
/// Leaves in a receipt, at most.
pub const LEAVES_MAX: usize = 4_096;

/// What became of an append.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Durable, and to be included by the deadline.
    Appended {
        /// The number of the first leaf; the others follow it without gap.
        first: u64,
        /// POSIX seconds after which the log signs no head without them all.
        deadline: u64,
    },
    /// Not taken.
    Refused {
        /// Why, as a word.
        reason: Token,
    },
}

/// A receipt: for one batch of leaves, also when they were refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// The log.
    pub origin: String,
    /// What became of the append.
    pub outcome: Outcome,
    /// When, by the log's clock: POSIX seconds.
    pub time: u64,
    /// The leaf hashes, in order, at least one.
    pub leaves: Vec<Hash>,
}

impl Receipt {
    /// Reads the text of a receipt's note.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when it is not one.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let bad = |why: &str| Refusal::unreadable(format!("not a receipt: {why}"));
        let body = text.strip_suffix('\n').ok_or_else(|| bad("its text does not end with a newline"))?;
        let mut lines = body.split('\n');
        if lines.next() != Some(HEADER) {
            return Err(bad("its first line is not truceline-receipt/v1"));
        }
        let mut after = |word: &str| {
            let value =
                lines.next().and_then(|line| line.strip_prefix(word)).and_then(|rest| rest.strip_prefix(' '));
            value.ok_or_else(|| bad(&format!("it has no line `{word}` where one is due")))
        };
        let origin = after("origin")?.to_string();
        let number = |text: &str| text::decimal(text).ok_or_else(|| bad("a number is not one"));
        let time = number(after("time")?)?;
        let outcome = match after("outcome")? {
            "appended" => {
                Outcome::Appended { first: number(after("first")?)?, deadline: number(after("deadline")?)? }
            }
            "refused" => Outcome::Refused { reason: Token::new(after("reason")?)? },
            _ => return Err(bad("its outcome is neither appended nor refused")),
        };
        let leaves = hashes(lines, LEAVES_MAX)
            .ok_or_else(|| bad("it names too many leaves, or a line is not a hash"))?;
        let receipt = Self { origin, outcome, time, leaves };
        receipt.check()?;
        Ok(receipt)
    }

    fn check(&self) -> Result<(), Refusal> {
        let bad = |why: &str| Err(Refusal::unreadable(format!("not a receipt: {why}")));
        if self.origin.is_empty() || self.origin.chars().any(char::is_control) {
            return bad("it names no log");
        }
        if self.leaves.is_empty() || self.leaves.len() > LEAVES_MAX {
            return bad("it names no leaf, or more than 4,096");
        }
        match &self.outcome {
            Outcome::Appended { first, .. } if first.checked_add(self.leaves.len() as u64).is_none() => {
                bad("it names leaves beyond what a log can hold")
            }
            Outcome::Appended { deadline, .. } if *deadline < self.time => {
                bad("its deadline is before its time")
            }
            Outcome::Appended { .. } | Outcome::Refused { .. } => Ok(()),
        }
    }

    /// Signs it with the log's Ed25519 key, whose name is the origin.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when it is not a whole receipt, or the key is of another log or kind.
    pub fn sign(&self, key: &SignerKey) -> Result<Note, Refusal> {
        self.check()?;
        if key.verifier().name() != self.origin || key.verifier().algorithm() != Algorithm::Ed25519 {
            return Err(Refusal::unreadable("a receipt is signed with the Ed25519 key of its log"));
        }
        Note::sign(&self.to_string(), &[key], self.time)
    }

    /// Reads a note that must be a receipt, signed with this key of the log.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn open(note: &Note, log: &VerifierKey) -> Result<Self, Refusal> {
        let receipt = Self::parse(&note.text)?;
        match note.signed_by(log)? {
            Some(_) if receipt.origin == log.name() => Ok(receipt),
            _ => {
                Err(Refusal::untrusted(format!("the receipt is not signed with the key of `{}`", log.name())))
            }
        }
    }

    /// The same, with whichever Ed25519 key the policy names for the log.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn open_by(note: &Note, policy: &Policy) -> Result<Self, Refusal> {
        let receipt = Self::parse(&note.text)?;
        let mut keys = policy
            .logs()
            .iter()
            .map(|log| &log.key)
            .filter(|key| key.name() == receipt.origin && key.algorithm() == Algorithm::Ed25519);
        match keys.find_map(|key| note.signed_by(key).transpose()) {
            Some(signed) => signed.map(|_| receipt),
            None => Err(Refusal::untrusted(format!(
                "the receipt is not signed by the log `{}` with a key that the policy names",
                text::shown(&receipt.origin)
            ))),
        }
    }

    /// The hash that the log promised to put at this index.
    pub fn promised(&self, index: u64) -> Option<&Hash> {
        match &self.outcome {
            Outcome::Appended { first, .. } => index
                .checked_sub(*first)
                .and_then(|at| usize::try_from(at).ok())
                .and_then(|at| self.leaves.get(at)),
            Outcome::Refused { .. } => None,
        }
    }

    /// Does a proof convict the log? `leaf` is the hash of the leaf that the proof proves.
    ///
    /// # Errors
    /// When the proof does not hold, or is of another log: then it accuses nobody.
    pub fn against_proof(
        &self,
        proof: &Proof,
        leaf: &Hash,
        policy: &Policy,
    ) -> Result<Option<Refusal>, Refusal> {
        let vouched = proof.verify_hash(leaf, policy)?;
        self.same_log(&vouched.checkpoint)?;
        Ok(self.promised(proof.index).filter(|promised| *promised != leaf).map(|_| {
            Refusal::broken_promise(format!(
                "the log `{}` promised one leaf at index {} and put another there",
                self.origin, proof.index
            ))
        }))
    }

    /// Is a head that lacks promised leaves evidence, and of what?
    ///
    /// - The log itself signed it **after** the deadline, by the time in its ML-DSA-44 signature: it signed a head without
    ///   leaves that it had promised before. Log and receipt are of one clock and one key; no witness is needed, and
    ///   nobody else can make it: [`crate::Means::BrokenPromise`].
    /// - A quorum of witnesses signed it after the deadline, by their clocks, under a policy in which every two quorums
    ///   share a witness: then none had cosigned a head with the leaves by then. Anyone can show witnesses an old head
    ///   again while the log cannot reach them, so this convicts nobody: [`crate::Means::NotInTime`].
    /// - Anything else says nothing. Where two quorums need share no witness, one of them may never have seen what
    ///   the other cosigned in time.
    ///
    /// # Errors
    /// When the head is not vouched for, or is of another log: then it accuses nobody.
    pub fn against_head(&self, head: &Note, policy: &Policy) -> Result<Option<Refusal>, Refusal> {
        self.same_log(&Checkpoint::of_note(head)?)?;
        let Outcome::Appended { first, deadline } = self.outcome else {
            policy.check(head)?;
            return Ok(None);
        };
        let end = first.saturating_add(self.leaves.len() as u64);
        let promised = format!(
            "the log `{}` promised leaves {first} to {} by {deadline} (seconds since 1970), and",
            self.origin,
            end - 1
        );
        let lacks = |size: u64| format!("has only {size} leaves");
        if let Some((checkpoint, time)) = policy.signed_after(head, deadline)?
            && checkpoint.size < end
        {
            let lacks = lacks(checkpoint.size);
            return Ok(Some(Refusal::broken_promise(format!(
                "{promised} the head that it signed itself at {time} {lacks}"
            ))));
        }
        let late = policy.check_after(head, deadline)?.filter(|late| late.checkpoint.size < end);
        Ok(late.map(|late| {
            let lacks = lacks(late.checkpoint.size);
            Refusal::not_in_time(format!(
                "{promised} the head that its witnesses saw after that time {lacks}"
            ))
        }))
    }

    fn same_log(&self, checkpoint: &Checkpoint) -> Result<(), Refusal> {
        if checkpoint.origin == self.origin {
            Ok(())
        } else {
            Err(Refusal::untrusted(format!(
                "the receipt is of the log `{}`, the checkpoint of `{}`",
                text::shown(&self.origin),
                text::shown(&checkpoint.origin)
            )))
        }
    }
}

/// As the text of a note.
impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}\norigin {}\ntime {}", self.origin, self.time)?;
        match &self.outcome {
            Outcome::Appended { first, deadline } => {
                writeln!(f, "outcome appended\nfirst {first}\ndeadline {deadline}")?;
            }
            Outcome::Refused { reason } => writeln!(f, "outcome refused\nreason {reason}")?,
        }
        self.leaves.iter().try_for_each(|leaf| writeln!(f, "{}", text::base64(leaf)))
    }
}
