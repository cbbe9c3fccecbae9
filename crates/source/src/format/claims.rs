//! Statements of the parties as a table (the same statements as TOML are parsed by the core).
//!
//! A claim is a claim: it is asserted by its claimant, whatever the profile says, and its claimant is its
//! group of independence. Times need their zone. `total` and each of the `parts` are counts as stated (`3`,
//! `about 3`, `at least 3`); parts are written `assaults = 96; shellings = 1882; drones = at least 950`.
//! Sums are not made here, and not checked here.

use std::io::BufRead;

use truce::Name;
use truce::claim::{Claim, Ends};
use truce::observation::{Asserter, Count, Detail, Kind, Observation};
use truce::place::Place;
use truce::time::Span;

use super::statement::count;
use crate::Cause;
use crate::cell::{Cell, Fault};
use crate::run::{Run, plain};
use crate::table::{Row, Table};

pub(super) const REQUIRED: [&str; 6] = ["name", "claimant", "against", "window_start", "window_end", "unit"];

const COLUMNS: [&str; 15] = [
    "name",
    "claimant",
    "against",
    "window_start",
    "window_end",
    "as_of",
    "unit",
    "total",
    "parts",
    "cumulative",
    "quote",
    "translation",
    "note",
    "clock",
    "url",
];

pub(super) fn read(input: &mut dyn BufRead, run: &mut Run<'_>) {
    let Some((mut table, columns)) = Table::open_strict(input, run, REQUIRED, &COLUMNS) else { return };
    // A claim is cited by its name, so the name must say which; the first one keeps it.
    let mut names = std::collections::BTreeSet::new();
    while let Some(row) = table.next(run) {
        let made = claim(&row, columns, run).and_then(|claim| {
            let name = row.cell(columns[0]);
            if names.insert(name.text.to_string()) {
                Ok(claim)
            } else {
                Err(name.fault(Cause::Word, "is the name of an earlier claim; give each its own"))
            }
        });
        run.settle(row.line, row.raw, made);
    }
}

fn claim(row: &Row<'_>, columns: [usize; 6], run: &Run<'_>) -> Result<Observation, Fault> {
    let [name, claimant, against, start, end, unit] = columns.map(|column| row.cell(column));
    for cell in [name, claimant, against, unit] {
        if cell.text.is_empty() {
            return Err(cell.fault(Cause::Word, "every claim needs it"));
        }
    }
    if claimant.text == against.text {
        return Err(against.fault(Cause::Word, "is the claimant itself"));
    }
    let (first, last) = (start.when()?, end.when()?);
    // A window given by days includes its last day.
    let to = if last.length() >= truce::time::DAY / 2 { last.end } else { last.start };
    let window =
        Span::new(first.start, to).ok_or_else(|| end.fault(Cause::Time, "is before window_start"))?;
    let words: [(&'static str, bool); 4] = [("yes", true), ("no", false), ("true", true), ("false", false)];
    let text = |name| row.optional(name).map_or(String::new(), |cell| cell.text.to_string());
    let claim = Claim {
        name: Name::from(name.text),
        claimant: Name::from(claimant.text),
        speaker: Asserter::Party(Name::from(claimant.text)),
        against: Name::from(against.text),
        window,
        ends: Ends { start: true, end: true },
        note: text("note"),
        clock: row.optional("clock").map(|cell| Name::from(cell.text)),
        place: Place::Unknown,
        as_of: row.optional("as_of").map(|cell| cell.when()).transpose()?.map(|span| span.start),
        unit: Name::from(unit.text),
        total: row.optional("total").map(count).transpose()?.unwrap_or(Count::Unstated),
        parts: row.optional("parts").map(parts).transpose()?.unwrap_or_default(),
        perhaps_within: Vec::new(),
        cumulative: row.optional("cumulative").map(|cell| cell.word(&words)).transpose()?,
        quote: text("quote"),
        translation: text("translation"),
        url: text("url"),
    };
    Ok(observed(claim, run))
}

/// A claim as the observation that it was made.
pub(super) fn observed(claim: Claim, run: &Run<'_>) -> Observation {
    Observation {
        group: claim.claimant.clone(),
        asserted_by: Asserter::Party(claim.claimant.clone()),
        count: claim.total,
        detail: Detail::Claim(Box::new(claim.clone())),
        ..plain(run.profile, Kind::Claim, claim.window, Place::Unknown)
    }
}

fn parts(cell: Cell<'_>) -> Result<Vec<(Name, Count)>, Fault> {
    let part = |text: &str| {
        let (name, number) = text.split_once('=').map(|(a, b)| (a.trim(), b.trim())).unwrap_or_default();
        let form = "is not a list of parts (write: assaults = 96; drones = at least 950)";
        if name.is_empty() {
            return Err(cell.fault(Cause::Number, form));
        }
        let count = count(Cell { text: number, ..cell }).map_err(|_| cell.fault(Cause::Number, form))?;
        Ok((Name::from(name), count))
    };
    cell.text.split(';').filter(|text| !text.trim().is_empty()).map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::format::tests::{one, reasons};
    use crate::{Context, Profile};
    use truce::time::{HOUR, Time};

    const HEADER: &str =
        "name,claimant,against,window_start,window_end,as_of,unit,total,parts,cumulative,quote,url\n";

    #[test]
    fn a_claim_is_kept_as_stated() {
        let file = format!(
            "{HEADER}easter-a,a,b,2025-04-20 Europe/Kyiv,2025-04-20 Europe/Kyiv,2025-04-21T00:10:00+03:00,attacks,2935,\
             assaults = 96; shellings=1882; FPV drones = at least 950,no,\"\"\"2,935\"\" attacks\",https://example.org/a\n"
        );
        let it = one(Format::Claims, &file, &Profile::new("press"), &Context::default());
        assert_eq!((it.kind, &it.asserted_by, &*it.group), (Kind::Claim, &Asserter::Party("a".into()), "a"));
        assert_eq!((&*it.source, it.time.length(), it.count), ("press", 24 * HOUR, Count::Exactly(2935)));
        let Detail::Claim(claim) = it.detail else { panic!() };
        assert_eq!(claim.as_of, Time::parse("2025-04-20T21:10:00Z"));
        assert_eq!(claim.parts[2], (Name::from("FPV drones"), Count::AtLeast(950)));
        assert_eq!((&*claim.against, claim.cumulative, &*claim.quote), ("b", Some(false), "\"2,935\" attacks"));
    }

    #[test]
    fn thirty_hours_are_thirty_hours() {
        let file = format!("{HEADER}x,a,b,2025-04-19T18:00+03:00,2025-04-21T00:00+03:00,,breaches,,,,,\n");
        let it = one(Format::Claims, &file, &Profile::new("press"), &Context::default());
        assert_eq!((it.time.length(), it.count), (30 * HOUR, Count::Unstated));
    }

    #[test]
    fn mistakes_are_named() {
        let row = |start: &str, total: &str, parts: &str, rest: &str| {
            format!("n{start}{total}{parts}{rest},a,b,{start},2025-04-21Z,,u,{total},{parts},{rest},,\n")
        };
        let good = row("2025-04-20Z", "3", "", "");
        let file = [
            HEADER.to_string(),
            row("2025-04-20", "3", "", ""),
            row("2025-04-23Z", "3", "", ""),
            row("2025-04-20Z", "some", "", ""),
            row("2025-04-20Z", "3", "assaults 96", ""),
            row("2025-04-20Z", "3", "", "perhaps"),
            good.clone(),
            good,
            "y,a,a,2025-04-20Z,2025-04-21Z,,u,,,,,\n".into(),
            "z,,b,2025-04-20Z,2025-04-21Z,,u,,,,,\n".into(),
        ];
        let reasons =
            reasons(Format::Claims, file.concat().as_bytes(), &Profile::new("press"), &Context::default());
        let words = [
            "no time zone",
            "before window_start",
            "not a count",
            "list of parts",
            "known are: yes",
            "earlier claim",
            "the claimant itself",
            "claimant: empty",
        ];
        assert_eq!(reasons.len(), words.len(), "{reasons:?}");
        assert!(reasons.iter().zip(words).all(|(reason, word)| reason.contains(word)), "{reasons:?}");
    }
}
