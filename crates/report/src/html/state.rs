//! Commitments and state: where the instrument stands, who stood how, what was promised and kept.

use super::*;
use crate::language::{Language, Words};
use crate::state::{Commitment, InstrumentState, LifeEvent, Obligation, Position, Said, Say, Stand};
use std::collections::BTreeSet;

impl Page<'_> {
    /// In the words of `truceline state`: what the command and the page say is one thing.
    pub(super) fn state(&self) -> Markup {
        let words = Words::of(Language::English);
        let state = &self.report.state;
        let tables = Tables { page: self, state, words: &words, say: Say::of(state, &words) };
        html! {
            p.lead { (words.say("state-as-of", &[("at", text::moment(state.at).into())])) " " (words.word("state-lead")) }
            (tables.standing()) (tables.events()) (tables.stands()) (tables.positions()) (tables.commitments())
            (tables.obligations()) (tables.releases())
        }
    }
}

struct Tables<'a> {
    page: &'a Page<'a>,
    state: &'a InstrumentState,
    words: &'a Words,
    say: Say<'a>,
}

impl Tables<'_> {
    /// A heading with a table under it; without rows, that there is none. A column named `words` is wide.
    fn part(&self, heading: &str, columns: &[&str], rows: &[Vec<Markup>]) -> Markup {
        let title = self.words.word(heading);
        html! {
            h3 { (title) }
            @if rows.is_empty() { p { (self.words.word("state-none")) } } @else {
                (table(&title, &html! {
                    thead { tr { @for column in columns {
                        @if *column == "state-column-words" { th.wide scope="col" { (self.words.word(column)) } }
                        @else { th scope="col" { (self.words.word(column)) } }
                    } } }
                    tbody { @for row in rows { tr {
                        @for (at, cell) in row.iter().enumerate() {
                            @if at == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                        }
                    } } }
                }))
            }
        }
    }

    fn who(&self, code: &str) -> Markup {
        match self.page.party_index(code) {
            Some(_) => self.page.party(code),
            None => html! { (self.say.name(code)) },
        }
    }

    /// Words, and where they were published.
    fn said(&self, said: &Said, sources: &[String]) -> Markup {
        html! {
            @if said.quoted { q lang=(self.state.language) { (said.words) } } @else { (self.say.said(said)) }
            @for source in sources { span.sub { (link(source)) } }
        }
    }

    fn standing(&self) -> Markup {
        let rows: Vec<Vec<Markup>> = self
            .state
            .readings
            .iter()
            .map(|reading| {
                vec![
                    html! { (self.say.reading(reading)) },
                    html! { strong { (self.say.status(reading)) } },
                    html! { @if reading.standing.is_empty() { "–" } @else {
                        ul.plain { @for one in &reading.standing { li { (self.say.standing(one)) } } }
                    } },
                ]
            })
            .collect();
        let columns = ["state-column-reading", "state-column-state", "state-column-done"];
        self.part("state-head-standing", &columns, &rows)
    }

    fn events(&self) -> Markup {
        let row = |event: &LifeEvent| {
            vec![
                html! { (self.say.moment(event.when)) },
                html! { (self.say.event(event)) },
                self.said(&event.said, &event.sources),
            ]
        };
        let rows: Vec<Vec<Markup>> = self.state.events.iter().map(row).collect();
        let columns = ["state-column-when", "state-column-what", "state-column-words"];
        self.part("state-head-events", &columns, &rows)
    }

    fn stands(&self) -> Markup {
        let row = |stand: &Stand| {
            vec![
                self.who(&stand.who),
                html! { (self.say.by_file(stand).unwrap_or_else(|| "–".into())) },
                html! { (self.say.signature(stand)) },
                html! { (self.say.latest(stand)) },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.state.stands.iter().map(row).collect();
        let columns =
            ["state-column-who", "state-column-file", "state-column-signature", "state-column-position"];
        self.part("state-head-stands", &columns, &rows)
    }

    fn positions(&self) -> Markup {
        let row = |position: &Position| {
            vec![
                html! { (self.say.position_day(position)) },
                self.who(&position.of),
                html! { (self.say.speaker(position)) },
                html! { (self.say.stance(position)) },
                self.said(&position.said, &position.sources),
            ]
        };
        let rows: Vec<Vec<Markup>> = self.state.positions.iter().map(row).collect();
        let columns = [
            "state-column-when",
            "state-column-who",
            "state-column-speaker",
            "state-column-stance",
            "state-column-words",
        ];
        self.part("state-head-positions", &columns, &rows)
    }

    fn commitments(&self) -> Markup {
        let row = |one: &Commitment| {
            vec![
                self.who(&one.by),
                html! { (self.say.kind(one)) },
                html! { strong { (self.say.commitment_state(one)) } },
                self.said(&one.said, &one.sources),
            ]
        };
        let rows: Vec<Vec<Markup>> = self.state.commitments.iter().map(row).collect();
        let columns = ["state-column-who", "state-column-what", "state-column-state", "state-column-words"];
        self.part("state-head-commitments", &columns, &rows)
    }

    fn obligations(&self) -> Markup {
        let several = self.state.readings.len() > 1;
        let row = |one: &Obligation| {
            vec![
                html! {
                    (one.clause.code) span.sub { (self.words.title(&one.clause)) }
                    @if several { span.sub { (self.words.say("state-of-reading", &[("id", one.reading.as_str().into())])) } }
                },
                self.who(&one.party),
                html! { (self.say.owed(&one.subject)) @if let Some(said) = &one.said { span.sub { (said.words) } } },
                html! { (self.say.due(one).unwrap_or_else(|| "–".into())) },
                html! { strong { (self.say.done(&one.state)) } },
                html! { (self.words.verdict(one.verdict)) },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.state.obligations.iter().map(row).collect();
        let columns = [
            "state-column-clause",
            "state-column-who",
            "state-column-owed",
            "state-column-due",
            "state-column-kept",
            "state-column-finding",
        ];
        self.part("state-head-obligations", &columns, &rows)
    }

    fn releases(&self) -> Markup {
        let mut shown: BTreeSet<&str> = BTreeSet::new();
        let mut rows: Vec<Vec<Markup>> = Vec::new();
        for release in &self.state.releases {
            // The words once, with the first party.
            let first = shown.insert(&release.consequence);
            rows.push(vec![
                self.who(&release.party),
                html! { strong { (self.say.release_state(release, self.state.judgements_known)) } },
                html! {
                    (release.consequence)
                    @if first {
                        span.sub { (self.said(&release.said, &[])) }
                        @if let Some(takes) = self.say.takes(release) { span.sub { (takes) } }
                    }
                },
            ]);
        }
        let columns = ["state-column-who", "state-column-release", "state-column-words"];
        self.part("state-head-releases", &columns, &rows)
    }
}
