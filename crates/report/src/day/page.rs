//! The day report as a page in one of three languages: one file, no scripts, nothing fetched.

use super::{
    Compared, Corrections, Counted, DayOf, DayReport, Sensors, Severe, Titled, Verdicts, Whereabouts,
};
use crate::html::{Frame, Section, table};
use crate::language::{Figure, Language, Words};
use crate::model::{Arithmetic, Conclusion, Seen, Tally};
use crate::{picture, text};
use maud::{Markup, html};
use truce::time::Time;

/// The page in a language. `beside` names the files of the same page in the others.
pub fn page(report: &DayReport, words: &Words, beside: &[(Language, &str)]) -> String {
    let page = Page { report, words };
    let say = |key| words.word(key);
    let footer = html! {
        p.small { (say("day-footer")) " " (report.format) ". " (say("day-languages")) ": " (languages(beside))
            ". " a href="day.json" { "day.json" }
        }
    };
    Frame {
        language: words.language().code(),
        title: &format!("{}: {}", page.title(&report.title), page.heading()),
        version: None,
        style: "",
        skip: ("report", &say("day-skip")),
        // What the mission file says of it is in one language; that all is made up is said in each.
        made_up: report.made_up.as_ref().map(|_| html! { strong { (say("day-made-up")) } }),
        head: page.head(beside),
        contents: None,
        sections: &page.sections(),
        footer,
    }
    .page()
}

/// The page above the reports of several agreements on one day: which there are, and where each stands, in a folder of its
/// id under the name of this page, `own`.
pub fn contents(
    reports: &[(&str, &DayReport)],
    own: &str,
    words: &Words,
    beside: &[(Language, &str)],
) -> String {
    let pages: Vec<(&str, Page<'_>)> =
        reports.iter().map(|(id, report)| (*id, Page { report, words })).collect();
    let say = |key| words.word(key);
    let count = || ("count", Figure::from(pages.len() as u64));
    let title = words.say("day-together", &[count()]);
    let period = pages.first().map(|(_, page)| page.period(page.report.period)).unwrap_or_default();
    let rows = html! {
        thead { tr {
            @for key in ["day-column-agreement", "day-column-report", "day-column-now", "day-column-before"] {
                th scope="col" { (say(key)) }
            }
        } }
        tbody { @for (id, page) in &pages { tr {
            th scope="row" { a href=(format!("{id}/{}", own)) { (page.title(&page.report.title)) } }
            td { (page.heading()) br; (page.day()) }
            @match page.report.figures.iter().find(|figure| figure.of == Counted::Incidents) {
                Some(all) => { td { (page.tally(all.current)) } td { (page.tally(all.previous)) } }
                None => { td { "-" } td { "-" } }
            }
        } } }
    };
    let body = html! {
        p.lead { (words.say("day-together-note", &[count()])) }
        (table(&title, &rows))
    };
    Frame {
        language: words.language().code(),
        title: &title,
        version: None,
        style: "",
        skip: ("report", &say("day-skip")),
        made_up: reports
            .iter()
            .any(|(_, it)| it.made_up.is_some())
            .then(|| html! { strong { (say("day-made-up")) } }),
        head: html! {
            p.kicker { (say("day-kicker")) }
            h1 { (title) }
            p.instrument { (period) }
        },
        contents: None,
        sections: &[Section::new("s0".to_string(), say("day-section-figures"), body)],
        footer: html! {
            p.small { (say("day-footer")) " " (say("day-languages")) ": " (languages(beside)) "." }
        },
    }
    .page()
}

/// The pages that say the same in each language.
fn languages(beside: &[(Language, &str)]) -> Markup {
    html! {
        @for (i, (language, file)) in beside.iter().enumerate() {
            @if i > 0 { ", " }
            a href=(file) lang=(language.code()) hreflang=(language.code()) { (language.name()) }
        }
    }
}

struct Page<'a> {
    report: &'a DayReport,
    words: &'a Words,
}

impl Page<'_> {
    fn say(&self, key: &str, figures: &[(&str, Figure)]) -> String {
        self.words.say(key, figures)
    }

    fn word(&self, key: &str) -> String {
        self.words.word(key)
    }

    fn title(&self, titled: &Titled) -> String {
        self.words.title(titled)
    }

    fn heading(&self) -> String {
        self.say("day-heading", &[("number", self.report.number.to_string().into())])
    }

    fn moment(&self, time: Time) -> String {
        self.words.moment(time, self.report.clock)
    }

    fn probability(&self, permille: u16) -> String {
        match permille {
            0..10 => self.word("probability-low"),
            991.. => self.word("probability-high"),
            _ => self.say("probability", &[("percent", u64::from((permille + 5) / 10).into())]),
        }
    }

    fn tally(&self, tally: Tally) -> String {
        match (tally.state(), tally.count()) {
            (_, Some(count)) => self.words.number(count),
            (Seen::NotObserved, None) => self.word("day-tally-not-observed"),
            (Seen::Observed | Seen::NotKnown | Seen::Saturated, None) => self.word("day-tally-not-known"),
        }
    }

    fn party(&self, code: &str) -> Markup {
        match self.report.parties.iter().position(|party| party.code == code) {
            Some(index) => html! {
                span.party { (picture::party_mark(Some(index))) (self.title(&self.report.parties[index])) }
            },
            None => html! { (code) },
        }
    }

    fn party_name(&self, code: &str) -> String {
        let party = self.report.parties.iter().find(|party| party.code == code);
        party.map_or_else(|| code.to_string(), |party| self.title(party))
    }

    fn place(&self, place: &Whereabouts) -> String {
        match place {
            Whereabouts::Province(name) => self.title(name),
            Whereabouts::NearLine { from_km, to_km } => self.say(
                "place-near-line",
                &[("from", from_km.to_string().into()), ("to", to_km.to_string().into())],
            ),
            Whereabouts::Outside => self.word("place-outside"),
            Whereabouts::NotKnown => self.word("place-not-known"),
        }
    }

    /// Which day of the agreement it is.
    fn day(&self) -> String {
        let number = |day: i64| day.to_string().into();
        match self.report.day {
            Some(DayOf { number: day, of: Some(of) }) => {
                self.say("day-of", &[("day", number(day)), ("of", number(of))])
            }
            Some(DayOf { number: day, of: None }) => self.say("day-of-open", &[("day", number(day))]),
            None => self.word("day-outside"),
        }
    }

    fn period(&self, window: crate::model::Window) -> String {
        let (start, end) = (self.moment(window.start).into(), self.moment(window.end).into());
        self.say("day-period-value", &[("start", start), ("end", end)])
    }

    fn head(&self, beside: &[(Language, &str)]) -> Markup {
        let report = self.report;
        let as_of = self.moment(report.computed_from.as_of);
        html! {
            p.kicker { (self.word("day-kicker")) }
            h1 { (self.title(&report.title)) span.question { (self.heading()) } }
            p.instrument { (self.day()) }
            div.facts {
                dl {
                    div { dt { (self.word("day-period")) } dd { (self.period(report.period)) } }
                    div { dt { (self.word("day-previous")) } dd { (self.period(report.previous)) } }
                    div { dt { (self.word("day-languages")) } dd {
                        (languages(beside))
                    } }
                }
                dl {
                    div { dt { (self.word("day-computed")) } dd { (self.say("day-computed-value", &[
                        ("observations", report.computed_from.observations.into()),
                        ("asof", as_of.into()),
                        ("hours", report.delay_hours.unsigned_abs().into()),
                    ])) ". " (self.say("day-program", &[("version", report.computed_from.version.clone().into())])) "." } }
                    div { dt { (self.word("day-record")) } dd {
                        @match &report.computed_from.checkpoint {
                            Some(checkpoint) => { span.hash { (checkpoint) } }
                            None => { (self.word("day-no-record")) }
                        }
                    } }
                }
            }
        }
    }

    fn sections(&self) -> Vec<Section> {
        let mut all = vec![
            ("day-section-figures", self.figures()),
            ("day-section-findings", self.findings()),
            ("day-section-severe", self.severe()),
            ("day-section-withdrawal", self.withdrawal()),
            ("day-section-movement", self.movement()),
            ("day-section-sensors", self.sensors()),
            ("day-section-harm", self.harm()),
            ("day-section-cases", self.cases()),
            ("day-section-claims", self.claims()),
            ("day-section-corrections", self.corrections()),
            ("day-section-method", self.method()),
        ];
        if let Some(plan) = &self.report.plan {
            let corrections = all.len() - 2;
            all.insert(corrections, ("plan-title", crate::html::plan(plan, self.words)));
        }
        let of = |(number, (title, body)): (usize, (&str, Markup))| {
            Section::new(format!("s{number}"), self.word(title), body)
        };
        all.into_iter().enumerate().map(of).collect()
    }

    fn counted(&self, of: Counted) -> String {
        self.word(match of {
            Counted::Incidents => "day-counted-incidents",
            Counted::Fire => "day-counted-fire",
            Counted::Shelling => "day-counted-shelling",
            Counted::Drones => "day-counted-drones",
            Counted::Air => "day-counted-air",
            Counted::SmallArms => "day-counted-small-arms",
            Counted::Flights => "day-counted-flights",
        })
    }

    fn figures(&self) -> Markup {
        let level = self.probability(self.report.level_permille);
        html! {
            p.lead { (self.say("day-figures-note", &[("outside", self.report.may_lie_outside.into())])) }
            (table(&self.word("day-section-figures"), &html! {
                thead { tr {
                    @for key in ["day-column-what", "day-column-now", "day-column-before", "day-column-change"] {
                        th scope="col" { (self.word(key)) }
                    }
                } }
                tbody { @for figure in &self.report.figures { tr {
                    th scope="row" { (self.counted(figure.of)) }
                    td { (self.tally(figure.current)) }
                    td { (self.tally(figure.previous)) }
                    td { (self.change(figure)) }
                } } }
            }))
            p.small { (self.say("day-interval-note", &[("level", level.into())])) }
        }
    }

    /// A ratio, with the sign of decimals of the language.
    fn ratio(&self, permille: u64) -> String {
        let ratio = text::ratio(permille);
        match self.words.language() {
            Language::English => ratio,
            Language::Ukrainian | Language::Russian => ratio.replace('.', ","),
        }
    }

    /// Only an interval that leaves out "as before" is a change.
    fn change(&self, figure: &Compared) -> String {
        let periods = ("periods", Figure::from(figure.before.len() as u64));
        match &figure.change {
            Conclusion::Ratio { ratio_permille, low_permille, high_permille, .. } => {
                let low = ("low", self.ratio(*low_permille).into());
                let ratio =
                    ("ratio", ratio_permille.map_or("-".to_string(), |ratio| self.ratio(ratio)).into());
                match high_permille {
                    Some(high) => {
                        let key = match (*low_permille > 1_000, *high < 1_000) {
                            (_, true) => "day-change-fewer",
                            (true, _) => "day-change-more",
                            _ => "day-change-none",
                        };
                        self.say(key, &[periods, ratio, low, ("high", self.ratio(*high).into())])
                    }
                    None if *low_permille > 1_000 => self.say("day-change-more-open", &[periods, ratio, low]),
                    None => self.say("day-change-none-open", &[periods, ratio, low]),
                }
            }
            Conclusion::NoConclusion { reason } if reason == "none-before" => {
                self.say("day-change-none-before", &[periods])
            }
            Conclusion::NoConclusion { .. } => self.say("day-change-few", &[periods]),
        }
    }

    fn reading(&self, holder: Option<&str>) -> String {
        match holder {
            Some(code) => self.say("day-reading-of", &[("party", self.party_name(code).into())]),
            None => self.word("day-reading-text"),
        }
    }

    fn findings(&self) -> Markup {
        let row = |verdicts: &Verdicts| {
            self.say(
                "day-clause-row",
                &[
                    ("breach", verdicts.breach.into()),
                    ("undetermined", verdicts.undetermined.into()),
                    ("permitted", verdicts.permitted.into()),
                    ("fine", verdicts.no_breach.into()),
                ],
            )
        };
        html! {
            p.lead { (self.word("day-findings-note")) }
            @for reading in &self.report.readings {
                h3 { (self.reading(reading.held_by.as_deref())) }
                // What holds under one reading is never added to what holds under another.
                p { (self.say("day-reading-breaches", &[
                    ("breach", reading.clauses.iter().map(|row| row.current.breach).sum::<u64>().into()),
                ])) }
                (table(&self.reading(reading.held_by.as_deref()), &html! {
                    thead { tr {
                        @for key in ["day-column-clause", "day-column-now", "day-column-before"] {
                            th scope="col" { (self.word(key)) }
                        }
                    } }
                    tbody { @for clause in &reading.clauses { tr {
                        th scope="row" { (self.title(&clause.clause)) }
                        td { (row(&clause.current)) }
                        td { (row(&clause.previous)) }
                    } } }
                }))
            }
        }
    }

    fn severe(&self) -> Markup {
        let least = self.probability(self.report.grave_permille);
        if self.report.severe.is_empty() {
            return html! { p.lead { (self.say("day-severe-none", &[("least", least.into())])) } };
        }
        html! {
            p.lead { (self.say("day-severe-some", &[
                ("all", self.report.severe_in_all.into()),
                ("shown", (self.report.severe.len() as u64).into()),
                ("least", least.into()),
            ])) }
            (table(&self.word("day-section-severe"), &html! {
                thead { tr {
                    @for key in ["day-column-date", "day-column-what", "day-column-place", "day-column-how-sure", "day-column-groups", "day-column-verdict"] {
                        th scope="col" { (self.word(key)) }
                    }
                } }
                tbody { @for row in &self.report.severe { tr {
                    td { (self.words.day(row.date)) }
                    th scope="row" { (self.what(row)) }
                    td { (self.place(&row.place)) }
                    td { (self.probability(row.probability_permille)) }
                    td { (row.groups) }
                    td { (self.verdicts(row)) }
                } } }
            }))
        }
    }

    fn what(&self, row: &Severe) -> String {
        let mut parts = vec![self.word(&format!("act-{}", row.act))];
        for (kind, name) in [("weapon", row.weapon), ("target", row.target)] {
            if name != "undetermined" {
                parts.push(self.word(&format!("{kind}-{name}")));
            }
        }
        parts.join("; ")
    }

    fn verdicts(&self, row: &Severe) -> Markup {
        let clause = |reading: &str, clause: &str| {
            let reading = self.report.readings.iter().find(|it| it.id == reading);
            let title = reading
                .and_then(|reading| reading.clauses.iter().find(|row| row.clause.code == clause))
                .map_or_else(|| clause.to_string(), |row| self.title(&row.clause));
            let holder = reading.and_then(|reading| reading.held_by.as_deref());
            if self.report.readings.len() == 1 { title } else { format!("{}: {title}", self.reading(holder)) }
        };
        html! {
            @if row.verdicts.is_empty() { (self.word("day-severe-no-verdict")) }
            @for (i, (reading, of, verdict)) in row.verdicts.iter().enumerate() {
                @if i > 0 { br; }
                (clause(reading, of)) ": " strong { (self.words.verdict(*verdict)) }
            }
        }
    }

    fn withdrawal(&self) -> Markup {
        let of = &self.report.withdrawal;
        html! { p.lead { (self.say("day-withdrawal", &[
            ("seen", of.seen.into()),
            ("before", of.seen_before.into()),
            ("breach", of.breach.into()),
            ("undetermined", of.undetermined.into()),
        ])) } }
    }

    fn movement(&self) -> Markup {
        let occasions = &self.report.movement;
        let before = ("before", self.report.movement_before.into());
        if occasions.is_empty() {
            return html! { p.lead { (self.say("day-movement-none", &[before])) } };
        }
        html! {
            p.lead { (self.say("day-movement-some", &[("count", (occasions.len() as u64).into()), before])) }
            ul { @for occasion in occasions { li {
                (self.words.day(occasion.date)) ": " (self.word(&format!("act-{}", occasion.act))) ", "
                (self.place(&occasion.place)) ", " (self.probability(occasion.probability_permille))
            } } }
        }
    }

    fn sensors(&self) -> Markup {
        let seen = match self.report.sensors {
            Sensors::None => self.word("day-sensors-none"),
            Sensors::Withheld { days } => {
                self.say("day-sensors-withheld", &[("days", u64::try_from(days).unwrap_or(0).into())])
            }
            Sensors::Known { sectors, observed, observed_before } => self.say(
                "day-sensors-known",
                &[
                    ("observed", observed.into()),
                    ("sectors", sectors.into()),
                    ("before", observed_before.into()),
                ],
            ),
        };
        let interference = self.report.interference;
        html! {
            p.lead { (seen) }
            p { (self.say("day-interference", &[
                ("count", interference.count.into()),
                ("before", interference.before.into()),
            ])) }
        }
    }

    fn harm(&self) -> Markup {
        let harm = &self.report.harm;
        html! { p.lead { (self.say("day-harm", &[
            ("count", harm.incidents.into()),
            ("before", harm.before.into()),
            ("followed", harm.followed_up.into()),
        ])) } }
    }

    fn cases(&self) -> Markup {
        let cases = &self.report.cases;
        html! { p.lead { (if cases.kept {
            self.say("day-cases", &[
                ("opened", cases.opened.into()),
                ("before", cases.opened_before.into()),
                ("answered", cases.answered.into()),
                ("overdue", cases.overdue.into()),
                ("open", cases.open.into()),
            ])
        } else {
            self.word("day-cases-none")
        }) } }
    }

    /// A sum of what was stated, as a range where it is one.
    fn range(&self, least: u64, most: Option<u64>) -> String {
        let number = |number: u64| self.words.number(number);
        match most {
            Some(most) if most == least => number(least),
            Some(most) => format!("{}\u{2013}{}", number(least), number(most)),
            None => self.say("stated-at-least", &[("number", least.into())]),
        }
    }

    fn claims(&self) -> Markup {
        let claims = &self.report.claims;
        if claims.is_empty() {
            return html! { p.lead { (self.word("day-claims-none")) } };
        }
        let parts = |arithmetic: Arithmetic| match arithmetic {
            Arithmetic::Agrees { sum } => self.say("day-parts-agree", &[("sum", sum.into())]),
            Arithmetic::CanAgree { sum, most } => {
                self.say("day-parts-can-agree", &[("sum", self.range(sum, most).into())])
            }
            Arithmetic::Unclear { sum, most } => {
                self.say("day-parts-unclear", &[("sum", self.range(sum, most).into())])
            }
            Arithmetic::Less { sum, by } => {
                self.say("day-parts-less", &[("sum", sum.into()), ("by", by.into())])
            }
            Arithmetic::More { sum, by } => {
                self.say("day-parts-more", &[("sum", sum.into()), ("by", by.into())])
            }
            Arithmetic::NothingToCheck => self.word("day-parts-none"),
        };
        html! {
            p.lead { (self.say("day-claims-note", &[("count", (claims.len() as u64).into())])) }
            (table(&self.word("day-section-claims"), &html! {
                thead { tr {
                    @for key in ["day-column-party", "day-column-window", "day-column-claim", "day-column-parts", "day-column-evidence", "day-column-beside"] {
                        th scope="col" { (self.word(key)) }
                    }
                } }
                tbody { @for claim in claims { tr {
                    th scope="row" { (self.party(&claim.claimant)) }
                    td { (self.moment(claim.window.start)) " – " (self.moment(claim.window.end)) }
                    td {
                        (self.words.stated(claim.total)) " (" (self.unit(&claim.unit, &claim.units)) ")"
                        @if claim.copies > 1 { " " (self.say("day-claim-copies", &[("copies", claim.copies.into())])) }
                    }
                    td { (parts(claim.arithmetic)) }
                    td {
                        (self.word(&format!("claim-{}", claim.outcome)))
                        @for part in &claim.parts {
                            span.sub {
                                (self.unit(&part.unit, &part.units)) ": " (self.word(&format!("claim-{}", part.outcome)))
                            }
                        }
                    }
                    td { (self.words.number(claim.incidents)) }
                } } }
            }))
        }
    }

    /// What a statement counts: in English in the claimant's words; else by the dictionary, or in those words where it has
    /// none.
    fn unit(&self, said: &str, units: &[String]) -> Markup {
        let names: Vec<String> = units.iter().map(|id| self.word(&format!("unit-{id}"))).collect();
        match self.words.language() {
            Language::Ukrainian | Language::Russian if !names.is_empty() => html! { (names.join(", ")) },
            _ => html! { span lang="en" { (said) } },
        }
    }

    fn corrections(&self) -> Markup {
        let figure = |count: Option<u64>| {
            count.map_or_else(|| self.word("day-tally-not-known"), |count| self.words.number(count))
        };
        match &self.report.corrections {
            Corrections::NothingToCompare => html! { p.lead { (self.word("day-corrections-uncompared")) } },
            Corrections::Compared { figures } if figures.is_empty() => {
                html! { p.lead { (self.word("day-corrections-none")) } }
            }
            Corrections::Compared { figures } => html! { ul { @for row in figures { li {
                (self.say("day-correction", &[
                    ("what", self.counted(row.of).into()),
                    ("was", figure(row.was).into()),
                    ("is", figure(row.is).into()),
                ]))
            } } } },
        }
    }

    fn method(&self) -> Markup {
        html! {
            ul {
                li { (self.word("day-method-1")) }
                li { (self.say("day-method-2", &[("hours", self.report.delay_hours.unsigned_abs().into())])) }
                li { (self.word("day-method-3")) }
            }
        }
    }
}
