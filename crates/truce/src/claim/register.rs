//! The register: statements in order, copies folded, growing counts recognised, windows held against each other.
//!
//! Nothing is ever added across claimants, windows or units. A claimant that said nothing is in no row: silence
//! is not a claim.

use super::unit::{Counted, Likeness, Units};
use super::{Bounds, Claim, thousands};
use crate::Name;
use crate::observation::Count;
use crate::place::Place;
use crate::time::{HOUR, Micros, Span, Time};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Statements in order, and what they are to each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Register {
    /// Each statement once, by claimant (in the order given, then by name), then window, then name.
    pub entries: Vec<Entry>,
    /// Runs of figures by one claimant in one unit.
    pub series: Vec<Series>,
    /// Two claimants in windows that meet.
    pub beside: Vec<Beside>,
    /// Parties of whom no statement is at hand. Nothing follows from that.
    pub silent: Vec<Name>,
}

/// A statement, however often it was published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The statement; of copies the first by name.
    pub claim: Claim,
    /// What its total counts.
    pub counts: Counted,
    /// What each part counts, in their order.
    pub parts: Vec<Counted>,
    /// How often it is in the files. However many: they weigh as one.
    pub copies: u32,
}

/// Figures of one claimant against one side in one unit, two or more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Series {
    /// Who claims.
    pub claimant: Name,
    /// Against whom.
    pub against: Name,
    /// What is counted.
    pub counts: Counted,
    /// Names of the statements, by the end of their windows.
    pub claims: Vec<Name>,
    /// How they belong together.
    pub sort: Sort,
}

/// How figures of one claimant belong together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sort {
    /// One growing count: the last figure is the whole, and no sum is to be made.
    Growing {
        /// How that is known.
        basis: Basis,
        /// The last figure.
        latest: Count,
        /// By how much each figure exceeds the one before, at the least; below zero where it falls.
        steps: Vec<i64>,
        /// Where a later figure is less than the one before, which such a count cannot be.
        falls: Vec<Fall>,
    },
    /// They never fall, and nobody says what they are: perhaps one growing count. No sum is to be made.
    PerhapsGrowing,
    /// Each counts its own time; windows share nothing.
    Apart,
    /// Windows share time, or what is known is too little: no sum is to be made.
    Mixed,
}

/// A figure of a growing count that is less than the one before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fall {
    /// The statement that gives it.
    pub claim: Name,
    /// The time up to which it was given.
    pub at: Time,
    /// The figure before.
    pub from: Count,
    /// The figure.
    pub to: Count,
}

impl Series {
    /// Where the figures fall though they run on.
    pub fn falls(&self) -> impl Iterator<Item = &Fall> {
        let falls = match &self.sort {
            Sort::Growing { falls, .. } => &falls[..],
            _ => &[],
        };
        falls.iter()
    }
}

/// How it is known that figures are one growing count.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Basis {
    /// All count from one moment.
    OneStart,
    /// The claimant says that they run on.
    Said,
    /// A figure given for the whole time is less than their sum.
    WholeIsLess,
}

impl Basis {
    /// The words in reports.
    pub fn words(self) -> &'static str {
        match self {
            Self::OneStart => "all count from one moment",
            Self::Said => "the statements say that they run on",
            Self::WholeIsLess => "a figure given for the whole time is less than their sum",
        }
    }
}

impl Sort {
    /// A sentence for a person.
    pub fn words(&self) -> String {
        match self {
            Self::Growing { basis, latest, steps, falls } => {
                let step = |step: &i64| {
                    format!("{}{}", if *step < 0 { "-" } else { "+" }, thousands(step.unsigned_abs()))
                };
                let steps: Vec<String> = steps.iter().map(step).collect();
                let falls: Vec<String> = falls
                    .iter()
                    .map(|fall| {
                        format!(
                            "; IT FALLS from {} to {} with {}, up to {}: a count that runs on cannot",
                            super::count_words(fall.from),
                            super::count_words(fall.to),
                            fall.claim,
                            fall.at
                        )
                    })
                    .collect();
                format!(
                    "one growing count ({}): {}{}, steps {}; the figures are not added{}",
                    basis.words(),
                    super::count_words(*latest),
                    if falls.is_empty() { " in all" } else { " as last stated" },
                    steps.join(", "),
                    falls.concat()
                )
            }
            Self::PerhapsGrowing => {
                "the figures never fall and nobody says whether they run on: perhaps one growing count; they are not \
                 added"
                    .to_string()
            }
            Self::Apart => "separate figures, each of its own time".to_string(),
            Self::Mixed => "windows that share time, or of which too little is known: not added".to_string(),
        }
    }
}

/// Two statements by different claimants, side by side.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Beside {
    /// Name of the statement that comes first in the register.
    pub one: Name,
    /// Name of the other.
    pub other: Name,
    /// Do their totals count the same thing?
    pub likeness: Likeness,
    /// Units that a part or total of each counts alike, with the figures of the one and of the other.
    pub alike: Vec<(Counted, Count, Count)>,
    /// How long the windows share, on one clock.
    pub shared: Micros,
    /// How long the window of the one is.
    pub one_length: Micros,
    /// How long the window of the other is.
    pub other_length: Micros,
}

impl Beside {
    /// Are the figures comparable as they stand: one unit, one window?
    pub fn comparable(&self) -> bool {
        self.likeness == Likeness::Like && self.shared == self.one_length && self.shared == self.other_length
    }
}

/// Puts statements in order. `parties` in the order of the agreement.
pub fn register(claims: &[Claim], parties: &[Name], units: &Units) -> Register {
    let mut entries = fold_copies(claims, units);
    let place = |code: &Name| parties.iter().position(|party| party == code).unwrap_or(parties.len());
    entries.sort_by_key(|entry| {
        let claim = &entry.claim;
        (place(&claim.claimant), claim.claimant.clone(), claim.window, claim.name.clone())
    });
    let silent =
        parties.iter().filter(|party| !entries.iter().any(|entry| entry.claim.claimant == **party)).cloned();
    Register { silent: silent.collect(), series: series(&entries), beside: beside(&entries, units), entries }
}

/// Statements that differ in name, source, note and moment only are one statement.
fn fold_copies(claims: &[Claim], units: &Units) -> Vec<Entry> {
    let mut said: BTreeMap<Claim, Entry> = BTreeMap::new();
    for claim in claims {
        let bare = Claim {
            name: Name::from(""),
            quote: String::new(),
            translation: String::new(),
            note: String::new(),
            url: String::new(),
            as_of: None,
            clock: None,
            ..claim.clone()
        };
        match said.get_mut(&bare) {
            Some(entry) => {
                entry.copies += 1;
                if *claim < entry.claim {
                    entry.claim = claim.clone();
                }
            }
            None => {
                let entry = Entry {
                    counts: units.counted(&claim.unit),
                    parts: claim.parts.iter().map(|(name, _)| units.counted(name)).collect(),
                    claim: claim.clone(),
                    copies: 1,
                };
                said.insert(bare, entry);
            }
        }
    }
    said.into_values().collect()
}

fn series(entries: &[Entry]) -> Vec<Series> {
    let mut runs: BTreeMap<(usize, &Name, &Counted, &Place), Vec<&Entry>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.claim.total != Count::Unstated) {
        // By the place of the claimant's first entry: the order of the register.
        let first = entries.iter().position(|other| other.claim.claimant == entry.claim.claimant);
        let key = (first.unwrap_or(0), &entry.claim.against, &entry.counts, &entry.claim.place);
        runs.entry(key).or_default().push(entry);
    }
    let mut all = Vec::new();
    for ((_, against, counts, _), mut run) in runs {
        if run.len() < 2 {
            continue;
        }
        // What is more is later where two windows are one.
        run.sort_by_key(|it| {
            (it.claim.window.end, it.claim.as_of, Bounds::of(it.claim.total), it.claim.name.clone())
        });
        all.push(Series {
            claimant: run[0].claim.claimant.clone(),
            against: against.clone(),
            counts: counts.clone(),
            claims: run.iter().map(|entry| entry.claim.name.clone()).collect(),
            sort: sort(&run),
        });
    }
    all
}

/// - One start, and later and later ends: the windows lie within each other, so that their sum would count the
///   first hours again. (Two figures for one window are no growth.)
/// - Said: the statements say that they run on.
///   A figure of either that falls makes it no other sort of count: it is told as what it is, a fall.
/// - A whole that is less than the sum of what lies in it: then these cannot be figures of separate times.
/// - Figures of times that share nothing and are said not to run on stand apart.
fn sort(run: &[&Entry]) -> Sort {
    let bounds: Vec<Bounds> = run.iter().map(|entry| Bounds::of(entry.claim.total)).collect();
    let fall = |before: Bounds, next: Bounds| next.most.is_some_and(|most| most < before.least);
    let never_fall = bounds.windows(2).all(|pair| !fall(pair[0], pair[1]));
    let starts: BTreeSet<Time> = run.iter().map(|entry| entry.claim.window.start).collect();
    let ends: BTreeSet<Time> = run.iter().map(|entry| entry.claim.window.end).collect();
    let disjoint = run.iter().enumerate().all(|(at, entry)| {
        run[..at].iter().all(|earlier| !earlier.claim.window.overlaps(entry.claim.window))
    });
    let said = |what: bool| run.iter().all(|entry| entry.claim.cumulative == Some(what));
    // The last figure of those that a longer window holds: the same statement may be reported for the whole.
    let whole_is_less = run.iter().any(|whole| {
        let within: Vec<&&Entry> = run
            .iter()
            .filter(|part| part.claim.window != whole.claim.window)
            .filter(|part| whole.claim.window.covers(part.claim.window))
            .collect();
        let apart = within.iter().enumerate().all(|(at, entry)| {
            within[..at].iter().all(|earlier| !earlier.claim.window.overlaps(entry.claim.window))
        });
        let sum: u64 = within.iter().map(|part| Bounds::of(part.claim.total).least).sum();
        within.len() > 1 && apart && Bounds::of(whole.claim.total).most.is_some_and(|most| most < sum)
    });
    let basis = if said(false) {
        None
    } else if starts.len() == 1 && ends.len() == run.len() {
        Some(Basis::OneStart)
    } else if said(true) {
        Some(Basis::Said)
    } else if never_fall && whole_is_less {
        Some(Basis::WholeIsLess)
    } else {
        None
    };
    match basis {
        Some(basis) => Sort::Growing {
            basis,
            latest: run.last().map_or(Count::Unstated, |entry| entry.claim.total),
            steps: bounds.windows(2).map(|pair| pair[1].least as i64 - pair[0].least as i64).collect(),
            falls: run
                .windows(2)
                .filter(|pair| fall(Bounds::of(pair[0].claim.total), Bounds::of(pair[1].claim.total)))
                .map(|pair| Fall {
                    claim: pair[1].claim.name.clone(),
                    at: pair[1].claim.as_of.unwrap_or(pair[1].claim.window.end),
                    from: pair[0].claim.total,
                    to: pair[1].claim.total,
                })
                .collect(),
        },
        None if disjoint && (said(false) || !never_fall) => Sort::Apart,
        None if disjoint && never_fall => Sort::PerhapsGrowing,
        None => Sort::Mixed,
    }
}

fn beside(entries: &[Entry], units: &Units) -> Vec<Beside> {
    let mut pairs = Vec::new();
    for (at, one) in entries.iter().enumerate() {
        for other in &entries[at + 1..] {
            let shared = shared(one.claim.window, other.claim.window);
            if one.claim.claimant == other.claim.claimant || shared == 0 {
                continue;
            }
            let alike = figures(one)
                .into_iter()
                .flat_map(|(counts, figure)| {
                    figures(other)
                        .into_iter()
                        .filter(|(theirs, _)| units.likeness(&counts, theirs) == Likeness::Like)
                        .map(|(_, theirs)| (counts.clone(), figure, theirs))
                        .collect::<Vec<_>>()
                })
                .collect();
            pairs.push(Beside {
                one: one.claim.name.clone(),
                other: other.claim.name.clone(),
                likeness: units.likeness(&one.counts, &other.counts),
                alike,
                shared,
                one_length: one.claim.window.length(),
                other_length: other.claim.window.length(),
            });
        }
    }
    pairs
}

/// Total and parts that are stated, with what they count.
fn figures(entry: &Entry) -> Vec<(Counted, Count)> {
    let parts = entry.parts.iter().cloned().zip(entry.claim.parts.iter().map(|(_, count)| *count));
    let total = [(entry.counts.clone(), entry.claim.total)];
    total.into_iter().chain(parts).filter(|(_, count)| *count != Count::Unstated).collect()
}

/// How long two windows share.
pub fn shared(a: Span, b: Span) -> Micros {
    (a.end.0.min(b.end.0) - a.start.0.max(b.start.0)).max(0)
}

/// `24 h`, `16.5 h`: hours to the tenth, rounded down.
pub fn hours(length: Micros) -> String {
    let tenths = length / (HOUR / 10);
    if tenths % 10 == 0 { format!("{} h", tenths / 10) } else { format!("{}.{} h", tenths / 10, tenths % 10) }
}

#[cfg(test)]
mod tests;
