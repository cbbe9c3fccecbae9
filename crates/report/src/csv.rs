//! Tables as CSV (RFC 4180, UTF-8, a line break of two characters), one fact a row, with source and licence.

use crate::cell::Cell;
use crate::language::{Language, Words};
use crate::model::*;
use crate::state::Say;
use crate::text;
use crate::together::Together;

/// A table being written. Texts and numbers go in by different doors: a text that a spreadsheet would take for a
/// formula gets an apostrophe in front, a number never does.
struct Table(String);

impl Table {
    fn new(columns: &[&str]) -> Self {
        Self(columns.join(",") + "\r\n")
    }

    fn row(&mut self, fields: &[Field<'_>]) {
        for (i, field) in fields.iter().enumerate() {
            if i > 0 {
                self.0.push(',');
            }
            match field {
                Field::Text(text) => self.text(text),
                Field::Number(Some(number)) => self.0.push_str(&number.to_string()),
                Field::Number(None) => {}
                Field::Decimal(decimal) => self.0.push_str(decimal),
            }
        }
        self.0.push_str("\r\n");
    }

    fn text(&mut self, text: &str) {
        // Tabs and line breaks too: some spreadsheets strip them and then look again.
        let formula = text
            .trim_start()
            .starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
            || text.starts_with(['\t', '\r', '\n']);
        let quoted = formula || text.contains([',', '"', '\r', '\n', ';', '\t']) || text.trim() != text;
        if quoted {
            self.0.push('"');
        }
        if formula {
            self.0.push('\'');
        }
        self.0.push_str(&text.replace('"', "\"\""));
        if quoted {
            self.0.push('"');
        }
    }
}

enum Field<'a> {
    Text(std::borrow::Cow<'a, str>),
    Number(Option<i64>),
    Decimal(String),
}

fn t<'a>(text: impl Into<std::borrow::Cow<'a, str>>) -> Field<'a> {
    Field::Text(text.into())
}

fn n(number: impl TryInto<i64>) -> Field<'static> {
    Field::Number(number.try_into().ok())
}

fn optional(number: Option<impl TryInto<i64>>) -> Field<'static> {
    Field::Number(number.and_then(|n| n.try_into().ok()))
}

fn state(state: Seen) -> Field<'static> {
    t(match state {
        Seen::Observed => "observed",
        Seen::NotObserved => "not observed",
        Seen::Saturated => "saturated",
        Seen::NotKnown => "not known",
    })
}

fn cell(cell: Option<Cell>) -> [Field<'static>; 5] {
    match cell {
        Some(cell) => {
            let [west, south, east, north] = cell.sides();
            let side = |centidegrees| Field::Decimal(degrees(centidegrees));
            [t(cell.name()), side(west), side(south), side(east), side(north)]
        }
        None => [t(""), t(""), t(""), t(""), t("")],
    }
}

/// Centidegrees as degrees.
pub(crate) fn degrees(centidegrees: i32) -> String {
    let sign = if centidegrees < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", centidegrees.abs() / 100, centidegrees.abs() % 100)
}

/// Licences of the named sources, each once.
pub(crate) fn licences(report: &Report, sources: &[String]) -> String {
    let mut all: Vec<&str> =
        report.sources.iter().filter(|s| sources.contains(&s.id)).map(|s| s.licence.as_str()).collect();
    all.sort_unstable();
    all.dedup();
    all.join(" | ")
}

fn asserter(by: &Asserter) -> Field<'_> {
    match by {
        Asserter::Monitor => t("monitor"),
        Asserter::Party { party } => t(party.as_str()),
        Asserter::Third => t("third"),
    }
}

/// The columns of an incident.
const INCIDENT: [&str; 17] = [
    "id",
    "cell",
    "west",
    "south",
    "east",
    "north",
    "place",
    "first_day",
    "last_day",
    "kinds",
    "observations",
    "groups",
    "evidence_centibans",
    "probability_permille",
    "probability_word",
    "sources",
    "licences",
];

fn incident<'a>(it: &'a Incident, report: &Report) -> Vec<Field<'a>> {
    let [a, b, c, d, e] = cell(it.cell);
    vec![
        t(&it.id),
        a,
        b,
        c,
        d,
        e,
        t(&it.place),
        t(it.first_day.to_string()),
        t(it.last_day.to_string()),
        t(it.kinds.join(" | ")),
        n(it.observations),
        n(it.groups),
        n(it.evidence_centibans),
        n(it.probability_permille),
        t(&it.probability_word),
        t(it.sources.join(" | ")),
        t(licences(report, &it.sources)),
    ]
}

/// Incidents, all of them.
pub fn csv_incidents(report: &Report) -> String {
    let mut table = Table::new(&INCIDENT);
    for it in &report.incidents.rows {
        table.row(&incident(it, report));
    }
    table.0
}

/// Incidents of several instruments, each once, with the agreements and clauses that it is held against.
pub(crate) fn csv_held(together: &Together, parts: &[(&str, &Report)]) -> String {
    let own = ["breaches", "held_against"];
    let mut table = Table::new(&[&INCIDENT[..], &own[..]].concat());
    let Some((_, report)) = parts.first() else { return table.0 };
    for held in &together.incidents {
        let mut row = incident(&held.incident, report);
        row.push(t(held.breaches.join(" | ")));
        let against = held.findings.iter().map(|it| {
            let side = it.party.as_deref().unwrap_or("side not established");
            format!("{}/{}/{}: {}, {side}", it.agreement, it.clause, it.reading, it.verdict.words())
        });
        row.push(t(against.collect::<Vec<_>>().join(" | ")));
        table.row(&row);
    }
    table.0
}

/// What came of each agreement: a row for a clause under a reading.
pub(crate) fn csv_agreements(together: &Together) -> String {
    let mut table = Table::new(&[
        "agreement",
        "title",
        "start",
        "end",
        "reading",
        "clause",
        "breach",
        "no_breach",
        "permitted",
        "undetermined",
        "outside_period",
        "outside_place",
        "other_party",
        "other_means",
        "licence",
    ]);
    for part in &together.agreements {
        for (reading, it) in
            part.readings.iter().flat_map(|reading| reading.counts.iter().map(move |it| (reading, it)))
        {
            table.row(&[
                t(&part.id),
                t(&part.title),
                t(part.window.start.to_string()),
                t(part.window.end.to_string()),
                t(&reading.id),
                t(&it.clause),
                n(it.breach),
                n(it.no_breach),
                n(it.permitted),
                n(it.undetermined),
                n(it.outside_period),
                n(it.outside_place),
                n(it.other_party),
                n(it.other_means),
                t(&together.head.licence),
            ]);
        }
    }
    table.0
}

/// The columns of a finding.
const FINDING: [&str; 22] = [
    "reading",
    "clause",
    "party",
    "subject",
    "what",
    "verdict",
    "cell",
    "west",
    "south",
    "east",
    "north",
    "place",
    "first_day",
    "last_day",
    "evidence_centibans",
    "probability_permille",
    "probability_word",
    "in_zone_permille",
    "reasons",
    "other_readings",
    "would_change",
    "licence",
];

fn finding<'a>(reading: &'a Reading, it: &'a Finding, report: &'a Report) -> Vec<Field<'a>> {
    let [a, b, c, d, e] = cell(it.cell);
    vec![
        t(&reading.id),
        t(&it.clause),
        t(it.party.as_deref().unwrap_or("side not established")),
        t(&it.subject),
        t(&it.what),
        t(it.verdict.words()),
        a,
        b,
        c,
        d,
        e,
        t(&it.place),
        t(it.first_day.to_string()),
        t(it.last_day.to_string()),
        n(it.evidence_centibans),
        n(it.probability_permille),
        t(&it.probability_word),
        optional(it.in_zone_permille),
        t(it.reasons.join(" | ")),
        t(it.other_readings.join(" | ")),
        t(it.would_change.join(" | ")),
        t(&report.head.licence),
    ]
}

/// Findings, all of them, under every reading.
pub fn csv_findings(report: &Report) -> String {
    let mut table = Table::new(&FINDING);
    for reading in &report.findings.readings {
        for it in &reading.findings {
            table.row(&finding(reading, it, report));
        }
    }
    table.0
}

/// The findings of several reports, each with the id of its agreement.
pub(crate) fn csv_findings_of(parts: &[(&str, &Report)]) -> String {
    let mut table = Table::new(&[&["agreement"][..], &FINDING[..]].concat());
    for (id, report) in parts {
        for reading in &report.findings.readings {
            for it in &reading.findings {
                let mut row = vec![t(*id)];
                row.extend(finding(reading, it, report));
                table.row(&row);
            }
        }
    }
    table.0
}

/// Counts of every series, one window a row; the conclusion stands with the instrument's own window.
pub fn csv_series(report: &Report) -> String {
    let mut table = Table::new(&[
        "series",
        "unit",
        "role",
        "label",
        "start",
        "end",
        "state",
        "count",
        "ratio_permille",
        "low_permille",
        "high_permille",
        "conclusion",
        "reason",
        "filter",
        "day_zone",
        "source",
        "asserted_by",
        "licence",
    ]);
    for it in &report.series {
        for (role, measured) in
            [("window", &it.window)].into_iter().chain(it.baseline_windows.iter().map(|m| ("baseline", m)))
        {
            let (ratio, low, high, reason) = match &it.conclusion {
                Conclusion::Ratio { ratio_permille, low_permille, high_permille, .. } => {
                    (*ratio_permille, Some(*low_permille), *high_permille, "")
                }
                Conclusion::NoConclusion { reason } => (None, None, None, reason.as_str()),
            };
            let own = role == "window";
            table.row(&[
                t(&it.id),
                t(&it.unit),
                t(role),
                t(&measured.label),
                t(measured.window.start.to_string()),
                t(measured.window.end.to_string()),
                state(measured.tally.state()),
                optional(measured.tally.count()),
                optional(ratio.filter(|_| own)),
                optional(low.filter(|_| own)),
                optional(high.filter(|_| own)),
                t(if own { text::verdict(&it.conclusion) } else { "" }),
                t(if own { reason } else { "" }),
                t(&it.filter),
                t(&it.day_zone),
                t(&it.source),
                asserter(&it.asserted_by),
                t(licences(report, std::slice::from_ref(&it.source))),
            ]);
        }
    }
    table.0
}

/// Claims: a row for the total and one for each part. Rows are never to be added up.
pub fn csv_claims(report: &Report) -> String {
    let mut table = Table::new(&[
        "claim",
        "claimant",
        "against",
        "start",
        "end",
        "as_of",
        "row",
        "unit",
        "how",
        "number",
        "cumulative",
        "arithmetic",
        "comparable_with",
        "counts",
        "copies",
        "evidence",
        "beside",
        "window_note",
        "note",
        "url",
    ]);
    for it in &report.claims {
        let parts = it.parts.iter().map(|p| ("part", p.name.as_str(), p.number));
        for (row, unit, number) in [("total", it.unit.as_str(), it.total)].into_iter().chain(parts) {
            let own = it.evidence.parts.iter().find(|part| row == "part" && part.name == unit);
            let tested = own.map_or(&it.evidence.outcome, |part| &part.outcome);
            let (how, number) = match number {
                Stated::Unstated => ("not stated", None),
                Stated::Exactly(n) => ("exactly", Some(n)),
                Stated::About(n) => ("about", Some(n)),
                Stated::AtLeast(n) => ("at least", Some(n)),
            };
            table.row(&[
                t(&it.id),
                t(&it.claimant),
                t(&it.against),
                t(it.window.start.to_string()),
                t(it.window.end.to_string()),
                t(it.as_of.map(|m| m.to_string()).unwrap_or_default()),
                t(row),
                t(unit),
                t(how),
                optional(number),
                t(if it.cumulative { "yes" } else { "no" }),
                t(text::arithmetic(it.arithmetic)),
                t(it.comparable_with.join(" | ")),
                t(&it.counts),
                n(it.copies),
                t(tested),
                t(&it.beside),
                t(&it.window_note),
                t(&it.note),
                t(&it.url),
            ]);
        }
    }
    table.0
}

/// Where the instrument stands, one fact a row: its state by reading, its life, how each stands, positions, promises,
/// obligations, self-releases. In the words of the page.
pub fn csv_state(report: &Report) -> String {
    let mut table = Table::new(&[
        "part", "reading", "clause", "who", "when", "what", "state", "finding", "speaker", "words", "sources",
    ]);
    let state = &report.state;
    let words = Words::of(Language::English);
    let say = Say::of(state, &words);
    let mut row = |fields: [String; 11]| table.row(&fields.map(t));
    let none = String::new;
    let part = |part: &str| part.to_string();
    for it in &state.readings {
        let done: Vec<String> = it.standing.iter().map(|one| say.standing(one)).collect();
        let (reading, done) = (it.reading.clone(), done.join(" | "));
        row([
            part("state"),
            reading,
            none(),
            none(),
            none(),
            done,
            say.status(it),
            none(),
            none(),
            none(),
            none(),
        ]);
    }
    for it in &state.events {
        let (reading, by) = (it.reading.clone().unwrap_or_default(), it.by.join(" | "));
        let (when, what) = (say.moment(it.when), say.event(it));
        let (said, sources) = (it.said.words.clone(), it.sources.join(" | "));
        row([part("event"), reading, none(), by, when, what, none(), none(), none(), said, sources]);
    }
    for it in &state.stands {
        let (file, signature) = (say.by_file(it).unwrap_or_default(), say.signature(it));
        let state = format!("{signature}; {}", say.latest(it));
        row([
            part("stand"),
            none(),
            none(),
            it.who.clone(),
            none(),
            file,
            state,
            none(),
            none(),
            none(),
            none(),
        ]);
    }
    for it in &state.positions {
        let (when, stance, speaker) = (say.position_day(it), say.stance(it), say.speaker(it));
        let (said, sources) = (it.said.words.clone(), it.sources.join(" | "));
        row([
            part("position"),
            none(),
            none(),
            it.of.clone(),
            when,
            none(),
            stance,
            none(),
            speaker,
            said,
            sources,
        ]);
    }
    for it in &state.commitments {
        let (kind, state) = (say.kind(it), say.commitment_state(it));
        let (said, sources) = (it.said.words.clone(), it.sources.join(" | "));
        row([
            part("commitment"),
            none(),
            none(),
            it.by.clone(),
            none(),
            kind,
            state,
            none(),
            none(),
            said,
            sources,
        ]);
    }
    for it in &state.obligations {
        let (due, owed, done) = (say.due(it).unwrap_or_default(), say.owed(&it.subject), say.done(&it.state));
        let said = it.said.as_ref().map(|said| said.words.clone()).unwrap_or_default();
        let (reading, clause, verdict) =
            (it.reading.clone(), it.clause.code.clone(), words.verdict(it.verdict));
        row([
            part("obligation"),
            reading,
            clause,
            it.party.clone(),
            due,
            owed,
            done,
            verdict,
            none(),
            said,
            none(),
        ]);
    }
    for it in &state.releases {
        let state = say.release_state(it, state.judgements_known);
        let (reading, id) = (it.reading.clone().unwrap_or_default(), it.consequence.clone());
        let said = it.said.words.clone();
        row([
            part("release"),
            reading,
            none(),
            it.party.clone(),
            none(),
            id,
            state,
            none(),
            none(),
            said,
            none(),
        ]);
    }
    table.0
}

/// Coverage, one cell a row.
pub fn csv_coverage(report: &Report) -> String {
    let mut table = Table::new(&["kind", "place", "time", "state", "share_permille", "sources"]);
    for it in &report.coverage {
        for row in &it.rows {
            for (column, covered) in it.columns.iter().zip(&row.cells) {
                table.row(&[
                    t(&it.kind),
                    t(&row.label),
                    t(column),
                    state(covered.state),
                    optional(covered.share_permille),
                    t(it.sources.join(" | ")),
                ]);
            }
        }
    }
    table.0
}

/// Sources.
pub fn csv_sources(report: &Report) -> String {
    let mut table = Table::new(&[
        "source",
        "title",
        "kind",
        "acts_of",
        "asserted_by",
        "cannot_see",
        "precision",
        "time_zone",
        "rows_read",
        "observations",
        "rows_set_aside",
        "licence",
        "attribution",
        "url",
    ]);
    for it in &report.sources {
        table.row(&[
            t(&it.id),
            t(&it.title),
            t(&it.kind),
            t(it.acts_of.join(" | ")),
            asserter(&it.asserted_by),
            t(&it.cannot_see),
            t(&it.precision),
            t(&it.time_zone),
            n(it.rows_read),
            n(it.observations),
            n(it.rows_set_aside),
            t(&it.licence),
            t(&it.attribution),
            t(&it.url),
        ]);
    }
    table.0
}

/// The front strip, one cell a row; only the header without a strip.
pub fn csv_strip(report: &Report) -> String {
    let mut table = Table::new(&["day", "from_km", "to_km", "state", "count", "in_force", "licence"]);
    if let Some(strip) = &report.strip {
        for day in &strip.days {
            for (sector, tally) in strip.sectors.iter().zip(&day.cells) {
                table.row(&[
                    t(day.day.to_string()),
                    n(sector.from_km),
                    n(sector.to_km),
                    state(tally.state()),
                    optional(tally.count()),
                    t(match day.within {
                        Within::No => "no",
                        Within::Part => "part",
                        Within::Whole => "yes",
                    }),
                    t(&report.head.licence),
                ]);
            }
        }
    }
    table.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> String {
        let mut table = Table::new(&["x"]);
        table.row(&[t(text), n(-12)]);
        table.0
    }

    #[test]
    fn texts_are_quoted_and_formulas_disarmed() {
        assert_eq!(one("plain"), "x\r\nplain,-12\r\n");
        assert_eq!(one("a, \"b\""), "x\r\n\"a, \"\"b\"\"\",-12\r\n");
        assert_eq!(one("two\nlines"), "x\r\n\"two\nlines\",-12\r\n");
        for start in ["=", "+", "-", "@", "\t=", " =", "\r=", "＝"] {
            let row = one(&format!("{start}HYPERLINK(1)"));
            assert!(row.starts_with(&format!("x\r\n\"'{start}")), "{row}");
        }
    }

    #[test]
    fn degrees_are_written_with_two_decimals() {
        assert_eq!(
            (degrees(3_705), degrees(-15), degrees(0)),
            ("37.05".into(), "-0.15".into(), "0.00".into())
        );
    }
}
