//! Why something was not accepted, and what that means for the person who holds it.

use std::fmt;

/// What a refusal means for the holder of the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Means {
    /// There is no such file, or it cannot be opened.
    NotThere,
    /// The bytes are not of the format that they claim to be.
    Unreadable,
    /// The bytes are well formed, but do not prove what they should.
    Unproved,
    /// The keys or the policy at hand do not vouch for it.
    Untrusted,
    /// By the log's own signatures, it broke a promise that it had signed.
    BrokenPromise,
    /// By the log's own signatures, it showed two histories.
    TwoHistories,
    /// By the witnesses' clocks, a promise was not kept in time. An outage does that as well as a lie.
    NotInTime,
}

impl Means {
    /// In words, for the person who holds the file.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotThere => {
                "Nothing was checked, so it says nothing for or against anybody. Look at the name, and whether you may read \
                 the file."
            }
            Self::Unreadable => {
                "It cannot be read as what it claims to be, so it proves nothing, neither for nor against anybody. Ask \
                 for the file again and compare it byte for byte with the one that the log serves."
            }
            Self::Unproved => {
                "It does not prove what it claims. It may have been altered on its way, or belong to another statement \
                 or checkpoint. Keep it, rely on nothing in it, and ask for a new proof under a checkpoint that your \
                 witnesses signed."
            }
            Self::Untrusted => {
                "It may be true, but not by the keys and the policy that you trust. Check that you hold the policy file \
                 that the mission published, and ask for a proof that carries the missing signatures."
            }
            Self::BrokenPromise => {
                "The log's own signatures contradict each other: nobody without its keys could have made both. Keep \
                 every file unchanged, copy it to the witnesses and to the other party, and do not rely on this log \
                 until it is explained."
            }
            Self::TwoHistories => {
                "The log signed two histories that cannot both be true: nobody without its keys could have done it. \
                 Keep every file unchanged, copy it to the witnesses and to the other party, and do not rely on this \
                 log until it is explained."
            }
            Self::NotInTime => {
                "It proves that the promise of time was not kept, and no more: a log that cannot reach its witnesses \
                 looks the same as one that holds back. Keep every file, and ask the log for a proof of the leaves. If \
                 it shows other leaves there, or a head that it signed after the deadline without them, that convicts it."
            }
        }
    }

    /// The words before a refusal of this kind, for a person and for scripts.
    pub fn heading(self) -> &'static str {
        match self {
            Self::NotThere | Self::Unreadable | Self::Unproved | Self::Untrusted => "NOT VERIFIED",
            Self::NotInTime => "NOT IN TIME",
            Self::BrokenPromise => "BROKEN PROMISE",
            Self::TwoHistories => "TWO HISTORIES",
        }
    }

    /// Does it prove that whoever holds the log's keys misbehaved?
    pub fn convicts(self) -> bool {
        matches!(self, Self::BrokenPromise | Self::TwoHistories)
    }
}

/// A refusal: what is wrong with which leaf, proof or file, and what that means for the person who holds it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// What is wrong, and where.
    pub what: String,
    /// What it means.
    pub means: Means,
}

impl Refusal {
    /// There is no such file, or it cannot be opened.
    pub fn not_there(what: impl Into<String>) -> Self {
        Self { what: what.into(), means: Means::NotThere }
    }
    /// The bytes are not of their format.
    pub fn unreadable(what: impl Into<String>) -> Self {
        Self { what: what.into(), means: Means::Unreadable }
    }
    /// Well formed, but proves nothing.
    pub fn unproved(what: impl Into<String>) -> Self {
        Self { what: what.into(), means: Means::Unproved }
    }
    /// Not vouched for by the keys or policy at hand.
    pub fn untrusted(what: impl Into<String>) -> Self {
        Self { what: what.into(), means: Means::Untrusted }
    }
    /// Evidence that the log broke a promise that it had signed.
    pub fn broken_promise(what: impl Into<String>) -> Self {
        Self { what: what.into(), means: Means::BrokenPromise }
    }
    /// Evidence that the log showed two histories.
    pub fn two_histories(what: impl Into<String>) -> Self {
        Self { what: what.into(), means: Means::TwoHistories }
    }
    /// A promise of time that was not kept, by the witnesses' clocks.
    pub fn not_in_time(what: impl Into<String>) -> Self {
        Self { what: what.into(), means: Means::NotInTime }
    }
    /// The same, with where it was found put before it.
    #[must_use]
    pub fn at(mut self, place: impl fmt::Display) -> Self {
        self.what = format!("{place}: {}", self.what);
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\nWhat this means: {}", self.what, self.means.words())
    }
}

impl std::error::Error for Refusal {}
