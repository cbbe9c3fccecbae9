//! What a party says. A claim is never summed with observations and never evidence of itself.

use crate::Name;
use crate::config::{self, At, Field, Mistake, Table};
use crate::observation::Count;
use crate::time::{Span, Time, Zone};
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
    /// Against whom.
    pub against: Name,
    /// The time that the claim speaks of.
    pub window: Span,
    /// Which ends of the window the claimant stated.
    pub ends: Ends,
    /// When it was said, where known.
    pub as_of: Option<Time>,
    /// What is counted, in the claimant's own words.
    pub unit: Name,
    /// The total as stated; `Unstated` where only parts are given.
    pub total: Count,
    /// The parts as stated.
    pub parts: Vec<(Name, Count)>,
    /// Does the figure run on from an earlier one of the same claimant?
    pub cumulative: bool,
    /// The words, where known.
    pub quote: String,
    /// What a reader should know: what was assumed, and why. May be empty.
    pub note: String,
    /// Where it was published.
    pub url: String,
}

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
    pub fn arithmetic(&self) -> Arithmetic {
        if self.parts.is_empty() {
            return Arithmetic::NoParts;
        }
        let sum = self.parts.iter().fold(Bounds { least: 0, most: Some(0) }, |sum, (_, part)| {
            let part = Bounds::of(*part);
            Bounds {
                least: sum.least + part.least,
                most: sum.most.zip(part.most).map(|(sum, part)| sum + part),
            }
        });
        let open = sum.most.is_none();
        if self.total == Count::Unstated {
            return Arithmetic::NoTotal { least: sum.least, open };
        }
        let total = Bounds::of(self.total);
        match (sum.most, total.most) {
            (Some(most), _) if most < total.least => Arithmetic::Missing(total.least - most),
            (_, Some(most)) if sum.least > most => Arithmetic::Exceed(sum.least - most),
            _ => Arithmetic::Consistent { least: sum.least, open },
        }
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
    /// No total was published: the parts add up to `least`, or more when `open`.
    NoTotal {
        /// Sum of the parts at the least.
        least: u64,
        /// Some part is "at least" or not stated.
        open: bool,
    },
    /// The parts can make up the total: they add up to `least`, or more when `open`.
    Consistent {
        /// Sum of the parts at the least.
        least: u64,
        /// Some part is "at least" or not stated.
        open: bool,
    },
    /// The parts leave so many of the total unaccounted for.
    Missing(u64),
    /// The parts come to so many more than the total.
    Exceed(u64),
}

impl fmt::Display for Arithmetic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sum = |least: u64, open: bool| {
            format!("the parts add up to {}{}", thousands(least), if open { " or more" } else { "" })
        };
        match *self {
            Self::NoParts => f.write_str("no parts were published: nothing to add up"),
            Self::NoTotal { least, open } => write!(f, "no total was published; {}", sum(least, open)),
            Self::Consistent { least, open } => write!(f, "{}: consistent with the total", sum(least, open)),
            Self::Missing(n) => write!(f, "the parts do not account for {} of the total", thousands(n)),
            Self::Exceed(n) => write!(f, "the parts come to {} more than the total", thousands(n)),
        }
    }
}

fn count_words(count: Count) -> String {
    match count {
        Count::Unstated => "not stated".to_string(),
        Count::Exactly(n) => thousands(u64::from(n)),
        Count::About(n) => format!("about {}", thousands(u64::from(n))),
        Count::AtLeast(n) => format!("{} or more", thousands(u64::from(n))),
    }
}

/// `4,816`.
fn thousands(n: u64) -> String {
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
#[derive(Clone, Copy)]
struct Bounds {
    least: u64,
    most: Option<u64>,
}

impl Bounds {
    fn of(count: Count) -> Self {
        match count {
            Count::Unstated => Self { least: 0, most: None },
            Count::Exactly(n) => Self { least: u64::from(n), most: Some(u64::from(n)) },
            Count::AtLeast(n) => Self { least: u64::from(n), most: None },
            Count::About(n) => {
                // A round number stands for all that round to it: half a unit of its last digit that is not 0.
                let n = u64::from(n);
                let mut unit = 1;
                while n > 0 && n.is_multiple_of(unit * 10) {
                    unit *= 10;
                }
                Self { least: n - (unit / 2).min(n), most: Some(n + unit / 2) }
            }
        }
    }
}

/// Name by which mistakes in claims are reported.
const CLAIMS: &str = "claims.toml";

/// Reads a `claims.toml` (`docs/agreement-language.md`, "Claims"), in the order of the file. `parties` are
/// the codes that may claim or be claimed against; an empty list allows all.
///
/// # Errors
/// All mistakes of the text.
pub fn parse_between(text: &str, parties: &[Name]) -> Result<Vec<Claim>, Vec<Mistake>> {
    config::read(CLAIMS, text, |root| {
        let clock = root.clock_or("clock", None);
        let tables = root.need_tables("claim");
        let mut names: Vec<&str> = Vec::new();
        let claims: Vec<Option<Claim>> = tables
            .iter()
            .map(|table| {
                if let Some(name) = table.need("name").code() {
                    if names.contains(&name.value) {
                        let message = format!("there are two claims with the name \"{}\"", name.value);
                        table.wrong(&name.span, message, "given before", "give each its own, or remove one");
                    }
                    names.push(name.value);
                }
                claim(table, clock, parties)
            })
            .collect();
        claims.into_iter().collect()
    })
}

/// [`parse_between`] any parties.
///
/// # Errors
/// All mistakes of the text.
pub fn parse(text: &str) -> Result<Vec<Claim>, Vec<Mistake>> {
    parse_between(text, &[])
}

fn claim(table: &Table<'_>, clock: Option<Zone>, parties: &[Name]) -> Option<Claim> {
    let clock = table.clock_or("clock", clock);
    let name = table.need("name").code();
    let claimant = party(table, &table.need("claimant"), parties);
    let against = party(table, &table.need("against"), parties);
    let as_of_field = table.may("as_of");
    let as_of = if as_of_field.is_some() { as_of_field.time(clock) } else { None };
    let window = window(table, clock, as_of.as_ref());
    let unit = table.need("unit").text();
    let total_field = table.may("total");
    let total = if total_field.is_some() { count(table, &total_field) } else { Some(Count::Unstated) };
    let part_tables = table.may("part").tables();
    let parts: Vec<Option<(Name, Count)>> = part_tables
        .iter()
        .map(|part| {
            let (name, number) = (part.need("name").text(), part.need("count"));
            let number = count(part, &number);
            Some((name?.value.into(), number?))
        })
        .collect();
    if !total_field.is_some() && parts.is_empty() {
        let help = "give `total`, or a `[[claim.part]]` or more";
        table.wrong(&table.span(), "the claim has no figure", "in this part", help);
    }
    let cumulative = table.need("cumulative").flag();
    let text = |key| table.may(key).text().map(|text| text.value.to_string()).unwrap_or_default();
    let (quote, note) = (text("quote"), text("note"));
    let url = table.need("url").text();
    let (window, ends) = window?;
    if (!ends.start || (!ends.end && as_of.as_ref().is_none_or(|as_of| as_of.value != window.end)))
        && note.is_empty()
    {
        let help = "add `note = \"...\"` that says what was assumed and why";
        table.wrong(
            &table.span(),
            "an end of the window is assumed, but nobody says why",
            "in this part",
            help,
        );
    }
    Some(Claim {
        name: name?.value.into(),
        claimant: claimant?,
        against: against?,
        window,
        ends,
        as_of: as_of.map(|as_of| as_of.value),
        unit: unit?.value.into(),
        total: total?,
        parts: parts.into_iter().collect::<Option<_>>()?,
        cumulative: cumulative?.value,
        quote,
        note,
        url: url?.value.to_string(),
    })
}

fn party(table: &Table<'_>, field: &Field<'_>, parties: &[Name]) -> Option<Name> {
    let code = field.code()?;
    if parties.is_empty() || parties.iter().any(|party| **party == *code.value) {
        return Some(code.value.into());
    }
    let known: Vec<&str> = parties.iter().map(Name::as_str).collect();
    table.unknown(&code, "party", known.iter().copied());
    None
}

/// `from` and `to`; a day stands for the whole of it. Without `to` the window ends at `as_of`. Ends that the
/// claimant did not state are listed under `assumed`.
fn window(table: &Table<'_>, clock: Option<Zone>, as_of: Option<&At<Time>>) -> Option<(Span, Ends)> {
    let read = |field: &Field<'_>, end: bool| {
        if field.is_date() {
            field.day(clock).map(|day| day.map(|day| if end { day.end } else { day.start }))
        } else {
            field.time(clock)
        }
    };
    let assumed = table.may("assumed").many_of(&[("from", true), ("to", false)]);
    let is_assumed = |start: bool| assumed.iter().any(|end| end.value == start);
    let from = read(&table.need("from"), false);
    let to_field = table.may("to");
    let to = if to_field.is_some() {
        read(&to_field, true)
    } else if let Some(as_of) = as_of {
        Some(as_of.clone())
    } else {
        if !table.has("as_of") {
            let help = "add `to`, or `as_of`: the time up to which the figure was given";
            table.wrong(&table.span(), "the window of the claim has no end", "in this part", help);
        }
        None
    };
    let (from, to) = (from?, to?);
    let Some(window) = Span::new(from.value, to.value) else {
        let message = format!("the window ends ({}) before it starts ({})", to.value, from.value);
        table.wrong(&to.span, message, "ends before it starts", "exchange or correct the two");
        return None;
    };
    Some((window, Ends { start: !is_assumed(true), end: to_field.is_some() && !is_assumed(false) }))
}

/// `734`, `"about 950"`, `"at least 120"`, and what means the same: `"over 950"`, `"more than 30"`.
///
/// "Over 950" strictly starts at 951; in statements it means a round number that was passed or reached, so
/// it is kept as "950 or more".
fn count(table: &Table<'_>, field: &Field<'_>) -> Option<Count> {
    if !field.is_text() {
        return u32::try_from(field.integer(0..=i64::from(u32::MAX))?.value).ok().map(Count::Exactly);
    }
    let text = field.text()?;
    type Sort = fn(u32) -> Count;
    let sorts: [(&str, Sort); 4] = [
        ("about ", Count::About),
        ("at least ", Count::AtLeast),
        ("over ", Count::AtLeast),
        ("more than ", Count::AtLeast),
    ];
    let parsed = sorts.iter().find_map(|(words, sort)| {
        let digits = text.value.strip_prefix(words)?.replace(',', "");
        Some(sort(digits.parse::<u32>().ok()?))
    });
    if parsed.is_none() {
        let help = "write a whole number, \"about 950\", \"at least 950\", \"over 950\" or \"more than 950\"";
        table.wrong(&text.span, format!("\"{}\" is not a count", text.value), "", help);
    }
    parsed
}

#[cfg(test)]
mod tests;
