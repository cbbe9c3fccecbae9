//! `claims.toml`: what was said, as somebody wrote it down.

use super::{ANYONE, Claim, Ends};
use crate::Name;
use crate::config::{self, At, Field, Mistake, Table};
use crate::observation::{Asserter, Count};
use crate::place::{Level, Place, Point};
use crate::time::{Span, Time, Zone};
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

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
        let clock_name = root.may("clock").text().map(|at| Name::from(at.value));
        let speakers = speakers(&root, parties);
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
                claim(table, clock, clock_name.as_ref(), &speakers)
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

/// Who may claim: the parties, then those that the file names besides; empty: anyone.
struct Speakers<'a> {
    parties: &'a [Name],
    others: Vec<(Name, Asserter)>,
}

/// `[[claimant]]`: who speaks besides the parties.
fn speakers<'a>(root: &Table<'_>, parties: &'a [Name]) -> Speakers<'a> {
    const KINDS: [(&str, Asserter); 2] = [("monitor", Asserter::Monitor), ("third", Asserter::Third)];
    let words: Vec<(&'static str, usize)> =
        KINDS.iter().enumerate().map(|(at, (word, _))| (*word, at)).collect();
    let mut others: Vec<(Name, Asserter)> = Vec::new();
    for table in root.may("claimant").tables() {
        let (code, kind) = (table.need("code").code(), table.need("kind").one_of(&words));
        // For readers of the file.
        let _ = table.need("name").text();
        let (Some(code), Some(kind)) = (code, kind) else { continue };
        let known =
            parties.iter().chain(others.iter().map(|(name, _)| name)).any(|name| **name == *code.value);
        if known || code.value == ANYONE {
            let message = format!("\"{}\" is taken", code.value);
            table.wrong(&code.span, message, "a party or another claimant has it", "choose another code");
        }
        others.push((code.value.into(), KINDS[kind.value].1.clone()));
    }
    Speakers { parties, others }
}

fn claim(
    table: &Table<'_>,
    clock: Option<Zone>,
    clock_name: Option<&Name>,
    speakers: &Speakers<'_>,
) -> Option<Claim> {
    let clock = table.clock_or("clock", clock);
    let clock_name = table.may("clock").text().map(|at| Name::from(at.value)).or_else(|| clock_name.cloned());
    let name = table.need("name").code();
    let (claimant, speaker) = claimant(table, &table.need("claimant"), speakers).unzip();
    let against = against(table, &table.need("against"), speakers.parties);
    if let (Some(claimant), Some(against)) = (&claimant, &against)
        && claimant == against
    {
        let help = "name the other side, or \"anyone\" where the figure is of no side in particular";
        table.wrong(&table.span(), format!("\"{claimant}\" claims against itself"), "in this part", help);
    }
    let as_of_field = table.may("as_of");
    // Of a statement whose hour is not known, the day was over at the latest.
    let as_of = match () {
        () if !as_of_field.is_some() => None,
        () if as_of_field.is_date() => as_of_field.day(clock).map(|day| day.map(|day| day.end)),
        () => as_of_field.time(clock),
    };
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
    let perhaps_within = perhaps_within(&part_tables);
    let cumulative = cumulative(&table.need("cumulative"));
    let place = area(table);
    let text = |key| table.may(key).text().map(|text| text.value.to_string()).unwrap_or_default();
    let (quote, translation, note) = (text("quote"), text("translation"), text("note"));
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
        speaker: speaker?,
        against: against?,
        window,
        ends,
        clock: clock_name,
        place: place?,
        as_of: as_of.map(|as_of| as_of.value),
        unit: unit?.value.into(),
        total: total?,
        parts: parts.into_iter().collect::<Option<_>>()?,
        perhaps_within,
        cumulative: cumulative?,
        quote,
        translation,
        note,
        url: url?.value.to_string(),
    })
}

fn claimant(table: &Table<'_>, field: &Field<'_>, speakers: &Speakers<'_>) -> Option<(Name, Asserter)> {
    let code = field.code()?;
    if let Some((name, kind)) = speakers.others.iter().find(|(name, _)| **name == *code.value) {
        return Some((name.clone(), kind.clone()));
    }
    party(table, code, speakers.parties).map(|name| (name.clone(), Asserter::Party(name)))
}

fn against(table: &Table<'_>, field: &Field<'_>, parties: &[Name]) -> Option<Name> {
    let code = field.code()?;
    if code.value == ANYONE { Some(ANYONE.into()) } else { party(table, code, parties) }
}

fn party(table: &Table<'_>, code: At<&str>, parties: &[Name]) -> Option<Name> {
    if parties.is_empty() || parties.iter().any(|party| **party == *code.value) {
        return Some(code.value.into());
    }
    table.unknown(&code, "party", parties.iter().map(Name::as_str));
    None
}

/// `perhaps_within = "artillery"` in a part: the words leave open whether it is counted there already.
fn perhaps_within(parts: &[Table<'_>]) -> Vec<(Name, Name)> {
    let names: Vec<&str> =
        parts.iter().filter_map(|part| part.need("name").text().map(|at| at.value)).collect();
    let mut pairs = Vec::new();
    for part in parts {
        let Some(within) = part.may("perhaps_within").text() else { continue };
        let Some(own) = part.need("name").text() else { continue };
        if own.value == within.value || !names.contains(&within.value) {
            part.unknown(&within, "other part", names.iter().copied().filter(|name| *name != own.value));
            continue;
        }
        pairs.push((own.value.into(), within.value.into()));
    }
    pairs
}

/// `true`, `false` or `"not stated"`. The outer `None` is a mistake.
#[expect(clippy::option_option, reason = "a mistake is not the same as 'nobody says'")]
fn cumulative(field: &Field<'_>) -> Option<Option<bool>> {
    if field.is_text() {
        return field.one_of(&[("not stated", None)]).map(|at| at.value);
    }
    field.flag().map(|at| Some(at.value))
}

/// `[claim.area]`: where the claim speaks of, if not of all of the front. `None` is a mistake.
fn area(table: &Table<'_>) -> Option<Place> {
    let field = table.may("area");
    if !field.is_some() {
        return Some(Place::Unknown);
    }
    let area = field.table()?;
    let degrees = |key: &'static str, limit: i64| {
        area.need(key).decimal(7, -limit * 10_000_000..=limit * 10_000_000).map(|at| at.value as i32)
    };
    let (name, lon, lat) = (area.need("name").text(), degrees("lon", 180), degrees("lat", 90));
    let radius = area.need("radius").length();
    Some(Place::Area {
        name: name?.value.into(),
        level: Level::Country,
        centre: Point { lon: lon?, lat: lat? },
        radius: radius?.value,
    })
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
