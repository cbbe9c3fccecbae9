//! What a party says. A claim is never summed with observations and never evidence of itself.
//!
//! [`Claim`] is one statement as it was made; [`unit`](mod@unit) says what its words count, so that only like stands beside
//! like; [`register`](mod@register) puts the statements in order: copies folded, growing counts recognised, windows
//! held against each other; [`evidence`] holds one against what was observed, [`watch`] all of them. All of it uses the same words
//! for every claimant.

pub mod evidence;
mod file;
pub mod register;
pub mod unit;
pub mod watch;

pub use file::{parse, parse_between};

use crate::Name;
use crate::observation::{Asserter, Count};
use crate::place::Place;
use crate::time::{Span, Time};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// A party's statement of a number of acts by the other side (or its own) in a window of time.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Claim {
    /// A short name, unique in its file.
    pub name: Name,
    /// Who claims.
    pub claimant: Name,
    /// What the claimant is: a party, the monitor, a third. A United Nations mission's own total is checked as a
    /// party's is.
    pub speaker: Asserter,
    /// Against whom; [`ANYONE`] where the figure is of no side in particular.
    pub against: Name,
    /// The time that the claim speaks of.
    pub window: Span,
    /// Which ends of the window the claimant stated.
    pub ends: Ends,
    /// The clock on which the claimant stated the window, by its name; `None` where nobody says.
    pub clock: Option<Name>,
    /// When it was said, where known.
    pub as_of: Option<Time>,
    /// Where; unknown stands for all of the front.
    pub place: Place,
    /// What is counted, in the claimant's own words.
    pub unit: Name,
    /// The total as stated; `Unstated` where only parts are given.
    pub total: Count,
    /// The parts as stated.
    pub parts: Vec<(Name, Count)>,
    /// Parts that may already be counted in another, by the names of both: the words leave it open.
    pub perhaps_within: Vec<(Name, Name)>,
    /// Does the figure run on from an earlier one of the same claimant? `None`: nobody says.
    pub cumulative: Option<bool>,
    /// The words, where known.
    pub quote: String,
    /// The words in English, where they are in another language. May be empty.
    pub translation: String,
    /// What a reader should know: what was assumed, and why. May be empty.
    pub note: String,
    /// Where it was published.
    pub url: String,
}

/// The code that stands for "no side in particular" in [`Claim::against`].
pub const ANYONE: &str = "anyone";

/// Which ends of a claim's window the claimant stated. An end that was not stated is the moment up to which
/// the figure was given, or an assumption that the claim's note explains.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Ends {
    /// The start was stated.
    pub start: bool,
    /// The end was stated.
    pub end: bool,
}

impl Claim {
    /// Do the parts account for the total?
    ///
    /// "At least" parts leave the sum open above, "about" parts on both sides. A part that may sit inside another is added once and left out
    /// once, and both sums are held against the total.
    pub fn arithmetic(&self) -> Arithmetic {
        if self.parts.is_empty() {
            return Arithmetic::NoParts;
        }
        let (all, outer) = self.sums(Bounds::of);
        if self.total == Count::Unstated {
            return Arithmetic::NoTotal { least: outer.least, most: all.most };
        }
        let held = |bounds: fn(Count) -> Bounds| {
            let ((all, outer), total) = (self.sums(bounds), bounds(self.total));
            let (apart, within) = (total.against(all), total.against(outer));
            match (apart, within) {
                _ if apart == within => apart,
                (Arithmetic::Consistent { .. }, _) => apart,
                (_, Arithmetic::Consistent { .. }) => within,
                _ => Arithmetic::Neither { apart: all.least, within: outer.least },
            }
        };
        // "About" is no measure: what only its rounding rules out is no contradiction.
        match (held(Bounds::of), held(Bounds::loosely)) {
            (found, Arithmetic::Consistent { .. }) if found.is_inconsistent() => {
                Arithmetic::Unclear { least: outer.least, most: all.most }
            }
            (found, _) => found,
        }
    }

    /// What the parts add up to: with every part that may sit inside another added, and left out.
    fn sums(&self, bounds: fn(Count) -> Bounds) -> (Bounds, Bounds) {
        let inner = |name: &Name| self.perhaps_within.iter().any(|(part, _)| part == name);
        let outer = self.parts.iter().filter(|(name, _)| !inner(name));
        (
            Bounds::add(self.parts.iter().map(|(_, count)| bounds(*count))),
            Bounds::add(outer.map(|(_, count)| bounds(*count))),
        )
    }

    /// What the parts add up to, every one of them added.
    pub fn parts_sum(&self) -> Bounds {
        self.sums(Bounds::of).0
    }

    /// The figure in words: total, parts, unit.
    pub fn figure_words(&self) -> String {
        let parts: Vec<String> =
            self.parts.iter().map(|(name, part)| format!("{name} {}", count_words(*part))).collect();
        let total = match (self.total, parts.is_empty()) {
            (Count::Unstated, false) => String::new(),
            (total, true) => count_words(total),
            (total, false) => format!("{}: ", count_words(total)),
        };
        format!("{}: {total}{}", self.unit, parts.join(", "))
    }

    /// The window in words: what was stated of it, and what was not.
    pub fn window_words(&self) -> String {
        let start = if self.ends.start { "" } else { " (assumed)" };
        let end = match self.ends.end {
            true => "",
            false if self.as_of == Some(self.window.end) => " (the time up to which the figure was given)",
            false => " (assumed)",
        };
        format!("{}{start} to {}{end}", self.window.start, self.window.end)
    }
}

/// Do the parts of a claim account for its total? The same words for every claimant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arithmetic {
    /// No parts were published.
    NoParts,
    /// No total was published.
    NoTotal {
        /// Sum of the parts at the least.
        least: u64,
        /// At the most; `None` where some part is "at least" or not stated.
        most: Option<u64>,
    },
    /// The parts can make up the total.
    Consistent {
        /// Sum of the parts at the least.
        least: u64,
        /// At the most; `None` where some part is "at least" or not stated.
        most: Option<u64>,
    },
    /// They cannot if "about" stands for what rounds to the number, and can if it is meant more widely.
    Unclear {
        /// Sum of the parts at the least, as numbers round.
        least: u64,
        /// At the most.
        most: Option<u64>,
    },
    /// The parts leave so many of the total unaccounted for.
    Missing(u64),
    /// The parts come to so many more than the total.
    Exceed(u64),
    /// The words leave open whether some part sits inside another, and neither sum is the total.
    Neither {
        /// Sum with every part added.
        apart: u64,
        /// Sum with such parts left out.
        within: u64,
    },
}

impl Arithmetic {
    /// Is something wrong with the figures?
    pub fn is_inconsistent(self) -> bool {
        matches!(self, Self::Missing(_) | Self::Exceed(_) | Self::Neither { .. })
    }
}

impl fmt::Display for Arithmetic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sum =
            |least: u64, most: Option<u64>| format!("the parts add up to {}", Bounds { least, most }.words());
        match *self {
            Self::NoParts => f.write_str("no parts were published: nothing to add up"),
            Self::NoTotal { least, most } => write!(f, "no total was published; {}", sum(least, most)),
            Self::Consistent { least, most } => write!(f, "{}: consistent with the total", sum(least, most)),
            Self::Unclear { least, most } => write!(
                f,
                "{}, as numbers round: whether that makes the total depends on how wide \"about\" is meant",
                sum(least, most)
            ),
            Self::Missing(n) => write!(f, "the parts do not account for {} of the total", thousands(n)),
            Self::Exceed(n) => write!(f, "the parts come to {} more than the total", thousands(n)),
            Self::Neither { apart, within } => write!(
                f,
                "the parts add up to {}, or to {} if one sits inside another: neither is the total",
                thousands(apart),
                thousands(within)
            ),
        }
    }
}

/// `2,935`, `about 950`, `950 or more`.
pub fn count_words(count: Count) -> String {
    match count {
        Count::Unstated => "not stated".to_string(),
        Count::Exactly(n) => thousands(u64::from(n)),
        Count::About(n) => format!("about {}", thousands(u64::from(n))),
        Count::AtLeast(n) => format!("{} or more", thousands(u64::from(n))),
    }
}

/// `4,816`.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// What a count says at the least and at the most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Bounds {
    /// At the least.
    pub least: u64,
    /// At the most; `None` where nothing bounds it.
    pub most: Option<u64>,
}

impl Bounds {
    /// The bounds of a sum of counts.
    pub fn sum(counts: impl Iterator<Item = Count>) -> Self {
        Self::add(counts.map(Self::of))
    }

    fn add(counts: impl Iterator<Item = Self>) -> Self {
        counts.fold(Self { least: 0, most: Some(0) }, |sum, part| Self {
            least: sum.least + part.least,
            most: sum.most.zip(part.most).map(|(sum, part)| sum + part),
        })
    }

    /// These bounds of a total against the sum of its parts.
    fn against(self, sum: Self) -> Arithmetic {
        match (sum.most, self.most) {
            (Some(most), _) if most < self.least => Arithmetic::Missing(self.least - most),
            (_, Some(most)) if sum.least > most => Arithmetic::Exceed(sum.least - most),
            _ => Arithmetic::Consistent { least: sum.least, most: sum.most },
        }
    }

    /// What one count leaves open.
    pub fn of(count: Count) -> Self {
        match count {
            Count::Unstated => Self { least: 0, most: None },
            Count::Exactly(n) => Self { least: u64::from(n), most: Some(u64::from(n)) },
            Count::AtLeast(n) => Self { least: u64::from(n), most: None },
            Count::About(n) => {
                // A round number stands for all that round to it: half a unit of its last digit that is not 0.
                let half = last_unit(n) / 2;
                let n = u64::from(n);
                Self { least: n - half.min(n), most: Some(n + half) }
            }
        }
    }

    /// The same, where "about" is meant more widely: a whole unit of the last digit that is not 0.
    fn loosely(count: Count) -> Self {
        match count {
            Count::About(n) => {
                let (unit, n) = (last_unit(n), u64::from(n));
                Self { least: n - unit.min(n), most: Some(n + unit) }
            }
            other => Self::of(other),
        }
    }

    /// `9,900`, `9,900 to 10,100`, `9,900 or more`.
    pub fn words(self) -> String {
        match self.most {
            Some(most) if most == self.least => thousands(most),
            Some(most) => format!("{} to {}", thousands(self.least), thousands(most)),
            None => format!("{} or more", thousands(self.least)),
        }
    }
}

/// The unit of a number's last digit that is not 0.
fn last_unit(n: u32) -> u64 {
    let (n, mut unit) = (u64::from(n), 1);
    while n > 0 && n.is_multiple_of(unit * 10) {
        unit *= 10;
    }
    unit
}

#[cfg(test)]
mod tests;
