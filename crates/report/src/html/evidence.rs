//! Sources, series, strip, map, coverage.

use super::*;
use crate::model::{Conclusion, Coverage, Map, Seen, Series, Strip, StripDay, Within};

impl Page<'_> {
    /// Parties whose acts no source can show, other than what a party says. Claims do not count.
    fn parties_without_source(&self) -> Vec<&str> {
        let shown = |code: &String| {
            self.report.sources.iter().any(|source| {
                !matches!(source.asserted_by, Asserter::Party { .. }) && source.acts_of.contains(code)
            })
        };
        self.report.parties.iter().filter(|p| !shown(&p.code)).map(|p| p.name.as_str()).collect()
    }

    pub(super) fn source_table(&self) -> Markup {
        let without = self.parties_without_source();
        html! {
            p.lead { "Whose acts a source can show, and who stands behind it, decides what can follow from it." }
            @if !without.is_empty() {
                p.boxed {
                    "No source here, other than what the parties say themselves, can show acts of " (without.join(" or of ")) ". "
                    strong { "No comparison of the sides is made." }
                }
            }
            (table("Sources: what they can and cannot show", &html! {
                thead { tr {
                    th.named scope="col" { "Source" }
                    @for party in &self.report.parties { th scope="col" { "Can show acts of " (self.party(&party.code)) } }
                    th scope="col" { "Who asserts it" }
                    th.wide scope="col" { "What it cannot see" }
                    th.n scope="col" { "Rows read" }
                    th.n scope="col" { "Obser­vations" }
                    th.n scope="col" { "Set aside" }
                } }
                tbody {
                    @for source in &self.report.sources {
                        tr {
                            th scope="row" { (source.title) span.sub { (capital(&source.kind)) ". Clock: " (source.time_zone) " Place: " (source.precision) } }
                            @if source.acts_of.is_empty() && !self.report.parties.is_empty() {
                                td.none colspan=(self.report.parties.len()) { "does not tell who acted" }
                            } @else {
                                @for party in &self.report.parties {
                                    @if source.acts_of.contains(&party.code) { td { "yes" } } @else { td.none { "no" } }
                                }
                            }
                            td { (self.asserter(&source.asserted_by)) }
                            td { (source.cannot_see) }
                            td.n { (text::number(source.rows_read)) }
                            td.n { (text::number(source.observations)) }
                            td.n { (text::number(source.rows_set_aside)) }
                        }
                    }
                }
            }))
        }
    }

    pub(super) fn series(&self) -> Markup {
        if self.report.series.is_empty() {
            return html! { p { "No source here is counted against its own past: nothing is said of more or fewer than before." } };
        }
        html! {
            p.lead {
                "Each series is held against its own past; the windows are named with it. A change is stated only when the 90\u{a0}% interval leaves out “as before”."
            }
            (table("Change against before: all series", &html! {
                thead { tr {
                    th scope="col" { "Series" } th.n scope="col" { "In the window" } th.n scope="col" { "Before, least to most" }
                    th.n scope="col" { "Times the rate before" } th.n scope="col" { "90\u{a0}% interval" } th scope="col" { "What follows" }
                } }
                tbody {
                    @for series in &self.report.series {
                        tr {
                            th scope="row" { a href=(format!("#series-{}", picture::slug(&series.id))) { (series.title) } }
                            td.n { (text::tally(series.window.tally)) }
                            td.n { (range(series)) }
                            @match &series.conclusion {
                                Conclusion::Ratio { ratio_permille, low_permille, high_permille, .. } => {
                                    td.n { (ratio_permille.map_or("–".into(), text::ratio)) }
                                    td.n { (text::ratio(*low_permille)) " to " (high_permille.map_or("no end".into(), text::ratio)) }
                                }
                                Conclusion::NoConclusion { .. } => { td.n.none { "–" } td.n.none { "–" } }
                            }
                            td { strong { (text::verdict(&series.conclusion)) } }
                        }
                    }
                }
            }))
            @for series in &self.report.series { (self.one_series(series)) }
        }
    }

    fn one_series(&self, series: &Series) -> Markup {
        html! {
            article.series id=(format!("series-{}", picture::slug(&series.id))) {
                h3 { (series.title) }
                p.conclusion {
                    @match &series.conclusion {
                        Conclusion::Ratio { model, .. } => {
                            strong { (capital(text::verdict(&series.conclusion))) ": " }
                            (picture::sentence(&series.conclusion)) ". Model: " (model) "."
                        }
                        Conclusion::NoConclusion { reason } => { strong { "No conclusion. " } (capital(reason)) "." }
                    }
                }
                div.side {
                    dl.rows {
                        div { dt { "Source" } dd { (self.source_title(&series.source)) ", asserted by " (self.asserter(&series.asserted_by)) } }
                        div { dt { "Counted" } dd { (capital(&series.unit)) ". " (capital(&series.filter)) "." } }
                        div { dt { "Window" } dd { (text::moment(series.window.window.start)) " to " (text::moment(series.window.window.end)) " UTC"
                            @if !series.window.beside.is_empty() { " (beside the count: " (series.window.beside) ")" } } }
                        div { dt { "Before" } dd { (series.baseline) } }
                        div { dt { "Days by" } dd { (series.day_zone) } }
                        @if !series.other_ways.is_empty() {
                            div { dt { "Asked otherwise" } dd { ul { @for way in &series.other_ways {
                                li {
                                    (capital(&way.how)) ": " strong { (text::verdict(&way.conclusion)) } "; "
                                    @match &way.conclusion {
                                        Conclusion::NoConclusion { reason } => (reason),
                                        ratio => (picture::sentence(ratio)),
                                    }
                                }
                            } } } }
                        }
                        @if !series.confounders.is_empty() {
                            div { dt { "Could also explain it" } dd { ul { @for line in &series.confounders { li { (line) } } } } }
                        }
                        @if let Some(check) = &series.check {
                            div { dt { "Filter checked" } dd {
                                "On " (text::plural(check.rows.into(), "row", "rows")) " by hand: " (text::share(check.precision_permille))
                                " of what it keeps is what it means to keep. " (capital(&check.note)) "."
                            } }
                        }
                    }
                    figure {
                        div.picture { (picture::bars(series)) @if let Some(drawn) = picture::interval(series) { (drawn) } }
                        figcaption { "Dark: the window. Grey: before." @if series.baseline_windows.iter().any(|m| m.left_out.is_some()) { " Outlined: not compared with; the table says why." } }
                        details {
                            summary { "The numbers as a table" }
                            (table(&format!("{}: {} by window", series.title, series.unit), &html! {
                                thead { tr { th scope="col" { "Window" } th scope="col" { "From (UTC)" } th scope="col" { "To (UTC)" } th.n scope="col" { (capital(&series.unit)) } th.wide scope="col" { "Beside it" } } }
                                tbody {
                                    @for m in series.baseline_windows.iter().chain([&series.window]) {
                                        tr { th scope="row" { (m.label) } td { (text::moment(m.window.start)) } td { (text::moment(m.window.end)) } td.n { (text::tally(m.tally)) }
                                            td { (m.beside) @if let Some(why) = &m.left_out { @if !m.beside.is_empty() { ". " } "Not compared with: " (why) } } }
                                    }
                                }
                            }))
                        }
                    }
                }
            }
        }
    }

    pub(super) fn strip(&self, strip: &Strip) -> Markup {
        let day = |day: &StripDay| match day.within {
            Within::No => text::short_day(day.day),
            Within::Part => format!("{} (in force, part)", text::short_day(day.day)),
            Within::Whole => format!("{} (in force)", text::short_day(day.day)),
        };
        html! {
            (figure(
                &html! { strong { (strip.title) ". " } (strip.note) " Reference line: " (strip.line) "." },
                &picture::strip(strip),
                "Front strip",
                &html! {
                    thead { tr {
                        th scope="col" { "Day" }
                        @for sector in &strip.sectors { th.n scope="col" { (sector.from_km) "–" (sector.to_km) " km" } }
                    } }
                    tbody {
                        @for it in &strip.days {
                            tr { th scope="row" { (day(it)) } @for tally in &it.cells { td.n { (short(*tally)) } } }
                        }
                    }
                    tfoot { tr { td colspan=(strip.sectors.len() + 1) { "– not observed; ? nothing reported, and not known what would have been; n? reported, others may be missing." } } }
                },
            ))
        }
    }

    pub(super) fn map(&self, map: &Map) -> Markup {
        html! {
            (figure(
                &html! { strong { (map.title) ". " } (map.note) " A cell is 10\u{a0}km or more; no finer place is published." },
                &picture::map(map),
                "Map",
                &html! {
                    thead { tr { th scope="col" { "Cell (south-west corner)" } th scope="col" { "State" } th.n scope="col" { "Count" } } }
                    tbody {
                        @for it in &map.cells {
                            tr {
                                th scope="row" { (it.cell.name()) }
                                td { (state(it.tally.state())) }
                                td.n { (it.tally.count().map_or("–".into(), text::number)) }
                            }
                        }
                    }
                },
            ))
        }
    }

    pub(super) fn coverage(&self) -> Markup {
        html! {
            p.lead { "Unseen is not quiet. Only where something was observed does a zero mean that nothing was seen." }
            @for (number, it) in self.report.coverage.iter().enumerate() { (self.one_coverage(number, it)) }
        }
    }

    fn one_coverage(&self, number: usize, it: &Coverage) -> Markup {
        let sources: Vec<&str> = it.sources.iter().map(|id| self.source_title(id)).collect();
        html! {
            h3 { (capital(&it.kind)) }
            (figure(
                &html! { (it.note) @if !sources.is_empty() { " Sources: " (sources.join("; ")) "." } },
                &picture::coverage(it, number + 1),
                &format!("Coverage: {}, {}", it.kind, it.sources.join(", ")),
                &html! {
                    thead { tr { th scope="col" { "Where" } @for column in &it.columns { th scope="col" { (column) } } } }
                    tbody {
                        @for row in &it.rows {
                            tr {
                                th scope="row" { (row.label) }
                                @for covered in &row.cells {
                                    td {
                                        @match (covered.state, covered.share_permille) {
                                            (Seen::Observed, Some(share)) => (text::share(share)),
                                            (other, _) => (state(other)),
                                        }
                                    }
                                }
                            }
                        }
                    }
                },
            ))
        }
    }
}

fn state(state: Seen) -> &'static str {
    match state {
        Seen::Observed => "observed",
        Seen::NotObserved => "not observed",
        Seen::Saturated => "saturated",
        Seen::NotKnown => "not known",
    }
}

/// A tally in a narrow cell.
fn short(tally: crate::model::Tally) -> String {
    match (tally.state(), tally.count()) {
        (Seen::Observed, count) => text::number(count.unwrap_or(0)),
        (Seen::NotObserved, _) => "–".into(),
        (Seen::Saturated | Seen::NotKnown, Some(count)) => format!("{}?", text::number(count)),
        (Seen::Saturated | Seen::NotKnown, None) => "?".into(),
    }
}

/// Least and most of the baseline.
fn range(series: &Series) -> String {
    let counts =
        || series.baseline_windows.iter().filter(|m| m.left_out.is_none()).filter_map(|m| m.tally.count());
    match (counts().min(), counts().max()) {
        (Some(least), Some(most)) if least == most => text::number(least),
        (Some(least), Some(most)) => format!("{} to {}", text::number(least), text::number(most)),
        _ => "–".into(),
    }
}

/// With a capital first.
pub(super) fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or(String::new(), |first| first.to_uppercase().chain(rest).collect())
}
