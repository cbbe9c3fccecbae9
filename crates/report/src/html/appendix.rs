//! What can be said, how it was computed, what was corrected and set aside, whose data it is.

use super::*;

impl Page<'_> {
    pub(super) fn limits(&self) -> Markup {
        html! {
            div.two {
                div { h3 { "Can be said" } ul { @for line in &self.report.can_say { li { (line) } } @if self.report.can_say.is_empty() { li { "Nothing." } } } }
                div { h3 { "Cannot be said" } ul { @for line in &self.report.cannot_say { li { (line) } } @if self.report.cannot_say.is_empty() { li { "Nothing more." } } } }
            }
        }
    }

    pub(super) fn method(&self) -> Markup {
        let method = &self.report.method;
        html! {
            ol.method { @for line in &method.lines { li { (line) } } }
            div.two {
                (table("Words for probabilities", &html! {
                    thead { tr { th scope="col" { "Word" } th.n scope="col" { "From" } th.n scope="col" { "To" } } }
                    tbody { @for word in &method.words { tr { th scope="row" { (word.word) } td.n { (percent(word.from_permille)) } td.n { (percent(word.to_permille)) } } } }
                }))
                (table("Thresholds that decided something", &html! {
                    thead { tr { th scope="col" { "What" } th.n scope="col" { "Value" } th scope="col" { "Set by" } } }
                    tbody { @for it in &method.thresholds { tr { th scope="row" { (it.name) } td.n { (it.value) } td { (it.set_by) } } } }
                }))
            }
            p.small { "One centiban (cb) is a hundredth of a factor of ten in odds: 0\u{a0}cb is one to one, 100\u{a0}cb ten to one, -100\u{a0}cb one to ten." }
        }
    }

    pub(super) fn corrections(&self) -> Markup {
        html! {
            @if self.report.corrections.is_empty() { p { "None." } } @else {
                dl.rows { @for it in &self.report.corrections { div { dt { (text::day(it.day)) } dd { (it.text) } } } }
            }
        }
    }

    pub(super) fn set_aside(&self) -> Markup {
        html! {
            @if self.report.set_aside.is_empty() { p { "None: every row could be read." } } @else {
                p.lead { "Rows that could not be read. They are counted here and used nowhere." }
                (table("Rows set aside, by file and reason", &html! {
                    thead { tr { th scope="col" { "File" } th.wide scope="col" { "Reason" } th.n scope="col" { "Rows" } th.n scope="col" { "First at line" } } }
                    tbody {
                        @for it in &self.report.set_aside {
                            tr {
                                th scope="row" { (it.file) } td { (it.reason) } td.n { (text::number(it.rows)) }
                                td.n { (it.first_line.map_or("–".into(), text::number)) }
                            }
                        }
                    }
                }))
            }
            @if !self.report.instruments.is_empty() {
                p.lead { "What the mission's instruments gave, and what became of it. Nothing is lost: what belongs to no bang and no track is counted here." }
                (table("Detections and measurements", &html! {
                    thead { tr { th.wide scope="col" { "What" } th.n scope="col" { "How many" } } }
                    tbody { @for it in &self.report.instruments { tr { th scope="row" { (it.what) } td.n { (text::number(it.count)) } } } }
                }))
            }
        }
    }

    pub(super) fn licences(&self) -> Markup {
        html! {
            ul { @for line in &self.report.licences { li { (line) } } }
            (table("Sources and their licences", &html! {
                thead { tr { th scope="col" { "Source" } th scope="col" { "Licence" } th scope="col" { "Credit" } th scope="col" { "From" } } }
                tbody {
                    @for it in &self.report.sources {
                        tr { th scope="row" { (it.title) } td { (it.licence) } td { (it.attribution) } td { (link(&it.url)) } }
                    }
                }
            }))
        }
    }
}

/// Permille to a tenth of a percent where needed.
fn percent(permille: u16) -> String {
    if permille.is_multiple_of(10) {
        text::share(permille)
    } else {
        format!("{}.{}\u{a0}%", permille / 10, permille % 10)
    }
}
