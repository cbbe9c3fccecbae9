//! Those who have a part in an instrument beside the parties.

use super::Words;
use crate::Name;
use crate::time::Micros;
use alloc::vec::Vec;

/// A guarantor, a mediator, or anybody else whom the text speaks of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Actor {
    /// Short code, used everywhere else.
    pub code: Name,
    /// Full name.
    pub name: Name,
    /// Other names and inflected forms.
    pub forms: Vec<Name>,
    /// Its name in other languages.
    pub names: Vec<NameIn>,
    /// Its part.
    pub role: Role,
    /// Ids of sources that tell of its part.
    pub sources: Vec<Name>,
}

/// A name in one language.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NameIn {
    /// `en`, `uk` or `ru`.
    pub language: &'static str,
    /// The name.
    pub name: Name,
    /// Its form after "by forces of".
    pub of: Option<Name>,
}

impl NameIn {
    /// The languages that reports are written in.
    pub const LANGUAGES: [&'static str; 3] = ["en", "uk", "ru"];
}

/// Parts that somebody who is no party may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Stands surety.
    Guarantor,
    /// Brought it about.
    Mediator,
    /// Any other.
    Third,
}

impl Role {
    /// All with the names of their lists in files.
    pub const NAMES: [(&'static str, Self); 3] =
        [("guarantor", Self::Guarantor), ("mediator", Self::Mediator), ("third", Self::Third)];
}

/// A body that the text sets up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mechanism {
    /// Short code, used everywhere else.
    pub code: Name,
    /// Full name.
    pub name: Name,
    /// Other names and inflected forms.
    pub forms: Vec<Name>,
    /// Its name in other languages.
    pub names: Vec<NameIn>,
    /// Codes of those who sit in it.
    pub members: Vec<Name>,
    /// The code of who leads it.
    pub chair: Option<Name>,
    /// What it does.
    pub tasks: Vec<Task>,
    /// How long those to whom it turns have for an answer.
    pub answer_within: Option<Micros>,
    /// What the text says of it.
    pub words: Option<Words>,
    /// Ids of its sources.
    pub sources: Vec<Name>,
}

/// What a mechanism does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Task {
    /// Watches.
    Monitor,
    /// Checks whether commitments are kept.
    Verify,
    /// Lets the parties talk.
    Coordinate,
    /// Hears complaints.
    Hear,
    /// Inspects.
    Inspect,
    /// Says who is responsible.
    Judge,
}

impl Task {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 6] = [
        ("monitor", Self::Monitor),
        ("verify", Self::Verify),
        ("coordinate", Self::Coordinate),
        ("hear", Self::Hear),
        ("inspect", Self::Inspect),
        ("judge", Self::Judge),
    ];
}
