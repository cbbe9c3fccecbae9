//! Why something was not accepted, and what that means for the person who holds it.

use std::fmt;

/// What a refusal means for the holder of the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Means {
    /// The bytes are not of the format that they claim to be.
    Unreadable,
    /// The bytes are well formed, but do not prove what they should.
    Unproved,
    /// The keys or the policy at hand do not vouch for it.
    Untrusted,
    /// It shows that the operator of a log broke a promise.
    Misbehaviour,
}

impl Means {
    /// In words, for the person who holds the file.
    pub fn words(self) -> &'static str {
        match self {
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
            Self::Misbehaviour => {
                "It is evidence that the log broke its promise. Keep every file unchanged, copy it to the witnesses and \
                 to the other party, and do not rely on this log until it is explained."
            }
        }
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
    /// Evidence against the operator of a log.
    pub fn misbehaviour(what: impl Into<String>) -> Self {
        Self { what: what.into(), means: Means::Misbehaviour }
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
