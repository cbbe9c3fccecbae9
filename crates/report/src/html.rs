//! The page: one file, no scripts, nothing fetched; reads on a phone, prints on A4, and says in a table whatever
//! it shows in a picture.

mod appendix;
mod evidence;
mod findings;
mod plan;
mod state;

use crate::model::{Asserter, Report, Source};
use crate::{picture, text};
use maud::{DOCTYPE, Markup, PreEscaped, html};
pub(crate) use plan::plan;

/// The report as one self-contained HTML page.
pub fn html(report: &Report) -> String {
    let page = Page { report };
    let head = &report.head;
    Frame {
        language: "en",
        title: &format!("{}: {}", head.title, head.question),
        version: Some(&head.computed_from.version),
        style: "",
        skip: ("report", "Skip to the report"),
        made_up: head.made_up.as_ref().map(|made_up| html! { strong { "Made up. " } (made_up) }),
        head: page.head(),
        contents: Some("Sections"),
        sections: &page.sections(),
        footer: page.footer(),
    }
    .page()
}

/// What every page is made of.
pub(crate) struct Frame<'a> {
    /// Language of the page (BCP 47).
    pub(crate) language: &'a str,
    /// Title of the window.
    pub(crate) title: &'a str,
    /// The program's version, where the page says it in its head.
    pub(crate) version: Option<&'a str>,
    /// Styles beside those of every page.
    pub(crate) style: &'a str,
    /// Id of what is read first, and the words of the link that leads there.
    pub(crate) skip: (&'a str, &'a str),
    /// Says that all of it is made up.
    pub(crate) made_up: Option<Markup>,
    /// What stands above the sections.
    pub(crate) head: Markup,
    /// Name of the list of sections, where the page has one.
    pub(crate) contents: Option<&'a str>,
    /// The sections.
    pub(crate) sections: &'a [Section],
    /// What stands below them.
    pub(crate) footer: Markup,
}

/// A part of a page under a heading.
pub(crate) struct Section {
    /// Its id: a word of Latin letters.
    pub(crate) id: String,
    /// Its heading.
    pub(crate) title: String,
    /// What stands under it.
    pub(crate) body: Markup,
}

impl Section {
    pub(crate) fn new(id: impl Into<String>, title: impl Into<String>, body: Markup) -> Self {
        Self { id: id.into(), title: title.into(), body }
    }
}

impl Frame<'_> {
    /// One self-contained page: no script can run and nothing can be fetched, whatever the data says.
    pub(crate) fn page(&self) -> String {
        let (id, skip) = self.skip;
        html! {
            (DOCTYPE)
            html lang=(self.language) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
                    meta name="referrer" content="no-referrer";
                    @if let Some(version) = self.version { meta name="generator" content=(format!("Truceline {version}")); }
                    title { (self.title) }
                    style { (PreEscaped(include_str!("report.css"))) (PreEscaped(self.style)) }
                }
                body {
                    a.skip href=(format!("#{id}")) { (skip) }
                    header {
                        @if let Some(made_up) = &self.made_up { p.made-up role="note" { (made_up) } }
                        (self.head)
                    }
                    @if let Some(name) = self.contents {
                        nav aria-label=(name) {
                            ol { @for section in self.sections { li { a href=(format!("#{}", section.id)) { (section.title) } } } }
                        }
                    }
                    main id=(id) tabindex="-1" {
                        @for (number, section) in self.sections.iter().enumerate() {
                            section id=(section.id) aria-labelledby=(format!("{}-h", section.id)) {
                                h2 id=(format!("{}-h", section.id)) { span.number { (number + 1) } " " (section.title) }
                                (section.body)
                            }
                        }
                    }
                    footer { (self.footer) }
                }
            }
        }
        .into_string()
            + "\n"
    }
}

/// What every section needs: the value, and how to name a party or a source.
struct Page<'a> {
    report: &'a Report,
}

impl Page<'_> {
    fn sections(&self) -> Vec<Section> {
        let section = |id: &str, title: &str, body| Section::new(id, title, body);
        let mut sections = vec![
            section("sources", "What each source can show", self.source_table()),
            section("change", "Change against before", self.series()),
        ];
        sections.extend(
            self.report
                .strip
                .as_ref()
                .map(|strip| section("strip", "The front, day by day", self.strip(strip))),
        );
        sections.extend(self.report.map.as_ref().map(|map| section("map", "Map", self.map(map))));
        sections.extend([
            section("findings", "Findings", self.findings()),
            section("state", "Commitments and state", self.state()),
        ]);
        sections.extend(self.report.plan.as_ref().map(|it| {
            let words = crate::language::Words::of(crate::language::Language::English);
            section("plan", "The plan and its gates", plan(it, &words))
        }));
        sections.extend([
            section("incidents", "Incidents", self.incidents()),
            section("claims", "Claims beside evidence", self.claims()),
            section("coverage", "What could be seen", self.coverage()),
            section("limits", "What can and cannot be said", self.limits()),
            section("method", "Method", self.method()),
            section("corrections", "Corrections", self.corrections()),
            section("set-aside", "Rows set aside", self.set_aside()),
            section("licences", "Sources and licences", self.licences()),
        ]);
        sections
    }

    /// A party by its code: mark and name. A code that the agreement does not know is shown as it is.
    fn party(&self, code: &str) -> Markup {
        match self.party_index(code) {
            Some(index) => {
                html! { span.party { (picture::party_mark(Some(index))) (self.report.parties[index].name) } }
            }
            None => html! { (code) },
        }
    }

    fn party_index(&self, code: &str) -> Option<usize> {
        self.report.parties.iter().position(|p| p.code == code)
    }

    fn party_or_none(&self, code: Option<&str>) -> Markup {
        match code {
            Some(code) => self.party(code),
            None => html! { span.party { (picture::party_mark(None)) "side not established" } },
        }
    }

    fn source(&self, id: &str) -> Option<&Source> {
        self.report.sources.iter().find(|s| s.id == id)
    }

    fn source_title<'b>(&'b self, id: &'b str) -> &'b str {
        self.source(id).map_or(id, |s| &s.title)
    }

    fn asserter(&self, by: &Asserter) -> Markup {
        match by {
            Asserter::Monitor => html! { "the monitor" },
            Asserter::Party { party } => self.party(party),
            Asserter::Third => html! { "a third party" },
        }
    }

    fn head(&self) -> Markup {
        let Report { head, summary, notes, .. } = self.report;
        let from = &head.computed_from;
        html! {
            p.kicker { "Ceasefire report" }
            h1 { (head.title) span.question { (head.question) } }
            p.instrument { (head.instrument) }
            @if !summary.is_empty() {
                div.summary {
                    h2 { "In short" }
                    ul { @for line in summary { li { (line) } } }
                }
            }
            div.facts {
                dl {
                    div { dt { "Window" } dd {
                        (text::moment(head.window.start)) " to " (text::moment(head.window.end)) " UTC (" (text::length(head.window)) ")"
                    } }
                    @for clock in &head.clocks {
                        div { dt { (clock.place) } dd { (clock.start) " to " (clock.end) } }
                    }
                }
                dl {
                    div { dt { "Computed from" } dd {
                        (text::plural(from.observations, "observation", "observations")) " from "
                        (text::plural(u64::try_from(self.report.sources.len()).unwrap_or(0), "source", "sources")) "; "
                        (text::plural(from.rows_read, "row", "rows")) " read, "
                        a href="#set-aside" { (text::number(from.rows_set_aside)) " set aside" }
                    } }
                    div { dt { "By" } dd { "Truceline " (from.version) ", from files with these " a href="#digests" { "digests" }
                        @if let Some(checkpoint) = &from.checkpoint { "; record: " (checkpoint) } } }
                    div { dt { "Licence" } dd { (head.licence) } }
                    div { dt { "As data" } dd {
                        @for (i, file) in ["report.json", "incidents.csv", "findings.csv", "series.csv", "claims.csv", "state.csv", "report.geojson"].iter().enumerate() {
                            @if i > 0 { ", " }
                            a href=(file) { (file) }
                        }
                    } }
                }
            }
            @if !notes.is_empty() {
                div.notes {
                    h2 { "Before you read on" }
                    ul { @for note in notes { li { (note) } } }
                }
            }
        }
    }

    fn footer(&self) -> Markup {
        let from = &self.report.head.computed_from;
        html! {
            h2 id="digests" { "What this was computed from" }
            p { "The same files and the same version give this page byte for byte." }
            (table("Digests of what was read", &html! {
                thead { tr { th scope="col" { "File" } th scope="col" { "SHA-256" } } }
                tbody { @for digest in &from.digests { tr { th scope="row" { (digest.of) } td.hash { (digest.sha256) } } } }
            }))
            p.small { "Format " (self.report.format) ". Truceline " (from.version) ". No clock was read in making this page." }
        }
    }
}

/// A table in a box of its own that scrolls sideways, also by keyboard.
pub(crate) fn table(caption: &str, content: &Markup) -> Markup {
    html! {
        div.scroll role="region" tabindex="0" aria-label=(caption) {
            table { caption { (caption) } (content) }
        }
    }
}

/// A picture in a box of its own, with the same as a table to open.
fn figure(caption: &Markup, drawn: &Markup, twin_title: &str, twin: &Markup) -> Markup {
    html! {
        figure {
            div.scroll.picture role="region" tabindex="0" aria-label=(format!("{twin_title}: picture")) { (drawn) }
            figcaption { (caption) }
            details { summary { (twin_title) ": the numbers as a table" } (table(twin_title, twin)) }
        }
    }
}

/// Only addresses of the web become links; anything else is shown as text.
fn link(url: &str) -> Markup {
    let shown = url.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
    if url.starts_with("https://") || url.starts_with("http://") {
        html! { a.url href=(url) rel="noopener noreferrer nofollow" { (shown) } }
    } else {
        html! { (url) }
    }
}
