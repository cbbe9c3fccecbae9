//! Findings, incidents, claims, and what a party says about itself.

use super::evidence::capital;
use super::*;
use crate::cell::Cell;
use crate::model::{Claim, ClauseCount, Finding, OwnSeries, Reading, Verdict, Within};

impl Page<'_> {
    pub(super) fn findings(&self) -> Markup {
        let findings = &self.report.findings;
        let clause = |id: &str| findings.clauses.iter().find(|c| c.id == id);
        html! {
            p.lead {
                "A finding holds one subject against one clause under one reading. It says what the observations carry, never who is responsible."
                @if findings.readings.len() > 1 { " The readings stand side by side and are never mixed." }
            }
            @if !findings.clauses.is_empty() {
                (table("Clauses", &html! {
                    thead { tr { th scope="col" { "Clause" } th.wide scope="col" { "What it says" } th scope="col" { "Where that is written" } } }
                    tbody { @for it in &findings.clauses { tr { th scope="row" { (it.id) } td { (it.title) } td { (link(&it.source)) } } } }
                }))
            }
            div.readings {
                @for reading in &findings.readings {
                    article {
                        (self.reading_head(reading))
                        (table(&format!("Findings by clause: {}", reading.title), &html! {
                            thead { tr {
                                th scope="col" { "Clause" } th.n scope="col" { "Breach" } th.n scope="col" { "No breach" }
                                th.n scope="col" { "Permitted" } th.n scope="col" { "Undeter­mined" } th.n scope="col" { "Not applicable" }
                            } }
                            tbody { @for count in &reading.counts { (count_row(count)) } }
                        }))
                    }
                }
            }
            @for reading in &findings.readings {
                h3 { "The findings: " (reading.title) }
                @if reading.findings.is_empty() {
                    p { "None." }
                } @else {
                    (table(&format!("Findings, those that matter most first: {}", reading.title), &html! {
                        thead { tr {
                            th scope="col" { "Finding" } th scope="col" { "Clause, bound party" } th scope="col" { "Subject" }
                            th.how scope="col" { "Did it occur?" } th.wide scope="col" { "Why, in order" } th scope="col" { "What would change this" }
                        } }
                        tbody {
                            @for it in reading.findings.iter().take(findings.shown) {
                                (self.finding_row(it, clause(&it.clause).map_or("", |c| &c.title)))
                            }
                        }
                    }))
                    (more(reading.findings.len(), findings.shown, "findings.csv"))
                }
            }
        }
    }

    fn reading_head(&self, reading: &Reading) -> Markup {
        html! {
            h3 { (capital(&reading.title)) }
            p.small {
                @match &reading.held_by {
                    Some(code) => { "Held by " (self.party(code)) ". " }
                    None => "",
                }
                (reading.note)
            }
        }
    }

    fn finding_row(&self, it: &Finding, clause: &str) -> Markup {
        html! {
            tr {
                th scope="row" { (verdict(it.verdict)) }
                td { (it.clause) span.sub { (clause) } (self.party_or_none(it.party.as_deref())) }
                td { (it.what) span.sub { (where_and_when(it.cell, &it.place, &text::days(it.first_day, it.last_day))) } span.sub.id { (it.subject) } }
                td {
                    (it.probability_word) span.sub { (text::probability(it.probability_permille)) " (" (it.evidence_centibans) "\u{a0}cb)" }
                    @if let Some(zone) = it.in_zone_permille { span.sub { "in the zone: " (text::probability(zone)) } }
                }
                td {
                    ol.reasons { @for reason in &it.reasons { li { (reason) } } }
                    @for other in &it.other_readings { span.sub { (capital(other)) } }
                }
                td { @if it.would_change.is_empty() { "–" } @else { ul.plain { @for line in &it.would_change { li { (line) } } } } }
            }
        }
    }

    pub(super) fn incidents(&self) -> Markup {
        let incidents = &self.report.incidents;
        html! {
            p.lead { "What happened, as far as known: one incident, however many reports of it. " (incidents.note) }
            @if incidents.rows.is_empty() {
                p { "None." }
            } @else {
                (table("Incidents, those that matter most first", &html! {
                    thead { tr {
                        th scope="col" { "Day" } th scope="col" { "Where" } th scope="col" { "What" } th.n scope="col" { "Obser­vations" }
                        th.n scope="col" { "Independent groups" } th.how scope="col" { "Did it occur?" } th scope="col" { "Id" }
                    } }
                    tbody {
                        @for it in incidents.rows.iter().take(incidents.shown) {
                            tr {
                                th scope="row" { (text::days(it.first_day, it.last_day)) }
                                td { (it.place) @if let Some(cell) = it.cell { span.sub { (cell.name()) } } }
                                td { (it.kinds.join("; ")) }
                                td.n { (text::number(it.observations.into())) }
                                td.n { (text::number(it.groups.into())) }
                                td { (it.probability_word) span.sub { (text::probability(it.probability_permille)) } }
                                td.id { (it.id) }
                            }
                        }
                    }
                }))
                (more(incidents.rows.len(), incidents.shown, "incidents.csv"))
            }
        }
    }

    pub(super) fn claims(&self) -> Markup {
        let claims = &self.report.claims;
        html! {
            p.lead {
                "What the parties say, each in its own window and units. A claim is not an observation: claims are never added up, with each other or with observations, and raise no confidence in a finding."
            }
            @if claims.is_empty() { p { "No claims were read." } } @else {
                (table("Claims beside evidence", &html! {
                    thead { tr {
                        th scope="col" { "Claimed by" } th scope="col" { "Of" } th scope="col" { "Window (UTC)" } th scope="col" { "Said at (UTC)" }
                        th scope="col" { "Unit" } th.n scope="col" { "Total" } th scope="col" { "Parts" } th scope="col" { "Adding the parts" }
                        th scope="col" { "Comparable with" } th.wide scope="col" { "Against the evidence" }
                    } }
                    tbody { @for claim in claims { (self.claim_row(claim)) } }
                }))
            }
            @for party in &self.report.parties {
                @let own: Vec<&OwnSeries> = self.report.own_series.iter().filter(|s| s.party == party.code).collect();
                h3 { "What " (self.party(&party.code)) " publishes itself" }
                @if own.is_empty() { p { "No series of its own was read." } }
                @for series in own { (self.own_series(series)) }
            }
        }
    }

    fn claim_row(&self, it: &Claim) -> Markup {
        html! {
            tr {
                th scope="row" { (self.party(&it.claimant)) span.sub { (it.id) } @if !it.url.is_empty() { span.sub { (link(&it.url)) } } }
                td { (self.party(&it.against)) }
                td { (text::moment(it.window.start)) " to " (text::moment(it.window.end)) span.sub { (text::length(it.window)) @if !it.window_note.is_empty() { "; " (it.window_note) } } }
                td { (it.as_of.map_or("not known".into(), text::moment)) @if it.cumulative { span.sub { "runs on from earlier figures" } } }
                td { (it.unit) span.sub { "counts: " (it.counts) } @if it.copies > 1 { span.sub { "published " (it.copies) " times, weighs as one" } } }
                td.n { (text::stated(it.total)) }
                td { @if it.parts.is_empty() { "none stated" } @else { ul.plain { @for part in &it.parts { li { (text::stated(part.number)) " " (part.name) } } } } }
                td { (text::arithmetic(it.arithmetic)) }
                td { @if it.comparable_with.is_empty() { "no other claim: other window or unit" } @else { (it.comparable_with.join(", ")) } }
                td { (it.beside) @if !it.note.is_empty() { span.sub { (it.note) } } }
            }
        }
    }

    fn own_series(&self, it: &OwnSeries) -> Markup {
        html! {
            p.small { strong { (it.title) ". " } (it.note) " Source: " (self.source_title(&it.source)) "." }
            (table(&it.title, &html! {
                thead { tr { th scope="col" { "Time" } @for column in &it.columns { th.n scope="col" { (column) } } } }
                tbody {
                    @for row in &it.rows {
                        tr.within[row.within != Within::No] {
                            th scope="row" { (row.label) @match row.within { Within::No => "", Within::Part => " (in force, part)", Within::Whole => " (in force)" } }
                            @for value in &row.values { td.n { (text::tally(*value)) } }
                        }
                    }
                }
            }))
        }
    }
}

/// A verdict: words first, a sign for the eye, no colour.
fn verdict(verdict: Verdict) -> Markup {
    let sign = match verdict {
        Verdict::Breach => "●",
        Verdict::Undetermined => "◐",
        Verdict::NoBreach | Verdict::Permitted => "○",
        _ => "–",
    };
    html! { span.verdict { span aria-hidden="true" { (sign) } " " (verdict.words()) } }
}

fn where_and_when(cell: Option<Cell>, place: &str, days: &str) -> Markup {
    html! { (place) @if let Some(cell) = cell { ", cell " (cell.name()) } "; " (days) }
}

fn count_row(count: &ClauseCount) -> Markup {
    let outside = [
        ("period", count.outside_period),
        ("place", count.outside_place),
        ("party", count.other_party),
        ("means", count.other_means),
    ];
    let total: u64 = outside.iter().map(|(_, n)| n).sum();
    html! {
        tr {
            th scope="row" { (count.clause) }
            @for n in [count.breach, count.no_breach, count.permitted, count.undetermined] { td.n { (text::number(n)) } }
            td.n { (text::number(total)) @for (why, n) in outside { @if n > 0 { " " span.sub { (why) " " (text::number(n)) } } } }
        }
    }
}

fn more(all: usize, shown: usize, file: &str) -> Markup {
    let rest = u64::try_from(all.saturating_sub(shown)).unwrap_or(0);
    html! { @if rest > 0 { p.more { (text::number(rest)) " more in " a href=(file) { (file) } "." } } }
}
