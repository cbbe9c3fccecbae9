//! The page above the reports: what each agreement came to, and every incident once.

use super::{Held, HeldAgainst, Part, Together};
use crate::html::{Frame, Section, table};
use crate::model::{ClauseCount, Verdict};
use crate::{picture, text};
use maud::{Markup, html};

pub(super) fn page(together: &Together) -> String {
    let head = &together.head;
    let mut sections = vec![
        Section::new("agreements", "What came of each agreement", agreements(together)),
        Section::new("at-once", "In force at once", at_once(together)),
    ];
    sections.extend(together.map.as_ref().map(|map| {
        Section::new("map", "Map", html! {
            figure {
                div.scroll.picture role="region" tabindex="0" aria-label="Map: picture" { (picture::map(map)) }
                figcaption { strong { (map.title) ". " } (map.note) " A cell is 10\u{a0}km or more; no finer place is published." }
                details { summary { "Map: the numbers as a table" }
                    (table("Map", &html! {
                        thead { tr { th scope="col" { "Cell (south-west corner)" } th.n scope="col" { "Count" } } }
                        tbody { @for it in &map.cells { tr {
                            th scope="row" { (it.cell.name()) }
                            td.n { (it.tally.count().map_or("–".into(), text::number)) }
                        } } }
                    }))
                }
            }
        })
    }));
    sections.extend([
        Section::new("incidents", "Incidents, each once", incidents(together)),
        Section::new(
            "licences",
            "Sources and licences",
            html! {
                ul { @for line in &together.licences { li { (line) } } }
            },
        ),
    ]);
    Frame {
        language: "en",
        title: &format!("{}: {}", head.title, head.question),
        version: Some(&head.computed_from.version),
        style: "",
        skip: ("report", "Skip to the report"),
        made_up: head.made_up.as_ref().map(|made_up| html! { strong { "Made up. " } (made_up) }),
        head: top(together),
        contents: Some("Sections"),
        sections: &sections,
        footer: footer(together),
    }
    .page()
}

fn top(together: &Together) -> Markup {
    let Together { head, summary, notes, .. } = together;
    let from = &head.computed_from;
    html! {
        p.kicker { "Ceasefire report" }
        h1 { (head.title) span.question { (head.question) } }
        div.summary { h2 { "In short" } ul { @for line in summary { li { (line) } } } }
        div.facts {
            dl {
                div { dt { "Window" } dd {
                    (text::moment(head.window.start)) " to " (text::moment(head.window.end)) " UTC, from the first moment of any to the last"
                } }
                div { dt { "Reports" } dd {
                    @for (number, part) in together.agreements.iter().enumerate() {
                        @if number > 0 { ", " }
                        a href=(format!("{}/report.html", part.id)) { (part.id) }
                    }
                } }
            }
            dl {
                div { dt { "Computed from" } dd {
                    (text::plural(from.observations, "observation", "observations")) "; "
                    (text::plural(from.rows_read, "row", "rows")) " read, " (text::number(from.rows_set_aside)) " set aside"
                } }
                div { dt { "By" } dd { "Truceline " (from.version) ", from files with these " a href="#digests" { "digests" }
                    @if let Some(checkpoint) = &from.checkpoint { "; record: " (checkpoint) } } }
                div { dt { "Licence" } dd { (head.licence) } }
                div { dt { "As data" } dd {
                    @for (number, file) in ["report.json", "agreements.csv", "incidents.csv", "findings.csv", "report.geojson"].iter().enumerate() {
                        @if number > 0 { ", " }
                        a href=(file) { (file) }
                    }
                } }
            }
        }
        div.notes { h2 { "Before you read on" } ul { @for note in notes { li { (note) } } } }
    }
}

fn agreements(together: &Together) -> Markup {
    html! {
        p.lead { "In the order of the first moment at which each may be in force. Each report stands for its agreement alone; their figures are not to be added up, for one act may stand under several." }
        @for part in &together.agreements { (one(together, part)) }
    }
}

fn one(together: &Together, part: &Part) -> Markup {
    html! {
        article {
            h3 { (part.title) }
            p.small {
                (part.id) ". " (part.instrument) " " (text::moment(part.window.start)) " to " (text::moment(part.window.end)) " UTC. Parties: "
                @for (number, code) in part.parties.iter().enumerate() { @if number > 0 { ", " } (party(together, Some(code))) }
                ". " a href=(format!("{}/report.html", part.id)) { "Its report" } "."
            }
            ul { @for line in &part.summary { li { (line) } } }
            p {
                (text::plural(part.breaching_incidents, "incident breaches", "incidents breach")) " a clause of it under some reading; "
                (text::number(part.breaching_it_alone)) " of these breach no other agreement here."
            }
            @for reading in &part.readings {
                (table(&format!("{}: findings by clause, {}", part.id, reading.title), &html! {
                    thead { tr {
                        th.wide scope="col" { "Clause" } th.n scope="col" { "Breach" } th.n scope="col" { "No breach" }
                        th.n scope="col" { "Permitted" } th.n scope="col" { "Undeter­mined" } th.n scope="col" { "Not applicable" }
                    } }
                    tbody { @for count in &reading.counts { (counted(part, count)) } }
                }))
                p.small { (reading.note) }
            }
        }
    }
}

fn counted(part: &Part, count: &ClauseCount) -> Markup {
    let title =
        part.clauses.iter().find(|clause| clause.id == count.clause).map_or("", |clause| &clause.title);
    let outside = count.outside_period + count.outside_place + count.other_party + count.other_means;
    html! {
        tr {
            th scope="row" { (count.clause) span.sub { (title) } }
            @for n in [count.breach, count.no_breach, count.permitted, count.undetermined, outside] { td.n { (text::number(n)) } }
        }
    }
}

fn at_once(together: &Together) -> Markup {
    html! {
        p.lead { "Time is cut wherever an agreement may begin or end, over all readings; what is not known of the hours is left open, so an agreement that stands here may be in force, no more." }
        (table("Which agreements may be in force", &html! {
            thead { tr { th scope="col" { "From (UTC)" } th scope="col" { "To (UTC)" } th.wide scope="col" { "Agreements" } } }
            tbody { @for it in &together.at_once { tr {
                th scope="row" { (text::moment(it.start)) } td { (text::moment(it.end)) } td { (it.agreements.join(", ")) }
            } } }
        }))
    }
}

fn incidents(together: &Together) -> Markup {
    html! {
        p.lead { "One incident, however many reports of it, and however many clauses it is held against. First those that are a breach of the most agreements, then those that some clause holds, then what is likelier." }
        @if together.incidents.is_empty() { p { "None." } } @else {
            (table("Incidents, and what each agreement says of them", &html! {
                thead { tr {
                    th scope="col" { "Day" } th scope="col" { "Where" } th scope="col" { "What" } th.how scope="col" { "Did it occur?" }
                    th.wide scope="col" { "Held against" } th scope="col" { "Id" }
                } }
                tbody { @for held in together.incidents.iter().take(together.shown) { (row(together, held)) } }
            }))
            @let rest = together.incidents.len().saturating_sub(together.shown) as u64;
            @if rest > 0 { p.more { (text::number(rest)) " more in " a href="incidents.csv" { "incidents.csv" } "." } }
        }
    }
}

fn row(together: &Together, held: &Held) -> Markup {
    let it = &held.incident;
    html! {
        tr {
            th scope="row" { (text::days(it.first_day, it.last_day)) }
            td { (it.place) @if let Some(cell) = it.cell { span.sub { (cell.name()) } } }
            td { (it.kinds.join("; ")) span.sub { (text::plural(it.observations.into(), "observation", "observations")) } }
            td { (it.probability_word) span.sub { (text::probability(it.probability_permille)) } }
            td {
                @if held.findings.is_empty() { "no clause of any applies" } @else {
                    ul.plain { @for finding in &held.findings { li { (against(together, finding)) } } }
                }
            }
            td.id { (it.id) }
        }
    }
}

fn against(together: &Together, it: &HeldAgainst) -> Markup {
    let readings =
        together.agreements.iter().find(|part| part.id == it.agreement).map_or(0, |part| part.readings.len());
    html! {
        strong { (it.verdict.words()) } ": " (it.agreement) ", clause " (it.clause)
        @if readings > 1 { ", reading " (it.reading) }
        @if it.verdict == Verdict::Breach || it.party.is_some() { span.sub { (party(together, it.party.as_deref())) } }
    }
}

fn party(together: &Together, code: Option<&str>) -> Markup {
    let index = code.and_then(|code| together.parties.iter().position(|party| party.code == code));
    let name = match (index, code) {
        (Some(index), _) => together.parties[index].name.as_str(),
        (None, Some(code)) => code,
        (None, None) => "side not established",
    };
    html! { span.party { (picture::party_mark(index)) (name) } }
}

fn footer(together: &Together) -> Markup {
    let from = &together.head.computed_from;
    html! {
        h2 id="digests" { "What this was computed from" }
        p { "The same files and the same version give this page byte for byte, in whatever order the agreements are given." }
        (table("Digests of what was read", &html! {
            thead { tr { th scope="col" { "File" } th scope="col" { "SHA-256" } } }
            tbody { @for digest in &from.digests { tr { th scope="row" { (digest.of) } td.hash { (digest.sha256) } } } }
        }))
        p.small { "Format " (together.format) ". Truceline " (from.version) ". No clock was read in making this page." }
    }
}
