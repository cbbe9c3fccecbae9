//! A state as a page of text in one of three languages.

use super::words::Say;
use super::{Held, InstrumentState, Owed, States};
use crate::language::Words;
use crate::language::explain::wrap;
use crate::model::Verdict;
use std::collections::{BTreeMap, BTreeSet};

/// The page. Lines of at most 100 characters; longer addresses are not broken.
pub fn page(states: &States, words: &Words) -> String {
    let mut page = String::new();
    for (place, state) in states.instruments.iter().enumerate() {
        if place > 0 {
            page.push('\n');
        }
        instrument(&mut page, state, words);
    }
    held(&mut page, states, words);
    page
}

/// Lines under a heading; without any, that there is none.
fn part(page: &mut String, words: &Words, heading: &str, lines: &[String]) {
    page.push('\n');
    wrap(page, "", "", &words.word(heading));
    if lines.is_empty() {
        wrap(page, "  - ", "    ", &words.word("state-none"));
    }
    for line in lines {
        wrap(page, "  - ", "    ", line);
    }
}

fn instrument(page: &mut String, state: &InstrumentState, words: &Words) {
    let say = Say::of(state, words);
    let title = [("title", words.title(&state.title).into()), ("id", state.title.code.as_str().into())];
    wrap(page, "", "", &words.say("state-title", &title));
    wrap(page, "", "", &words.say("state-as-of", &[("at", words.utc(state.at).into())]));
    wrap(page, "", "", &words.word("state-lead"));

    let mut lines = Vec::new();
    for reading in &state.readings {
        let figures = [("name", say.reading(reading).into()), ("value", say.status(reading).into())];
        lines.push(words.say("state-line", &figures));
    }
    part(page, words, "state-head-standing", &lines);

    let lines: Vec<String> = state
        .events
        .iter()
        .map(|event| {
            let what = words.say(
                "state-said",
                &[("what", say.event(event).into()), ("words", say.said(&event.said).into())],
            );
            words.say("state-line", &[("name", say.moment(event.when).into()), ("value", what.into())])
                + &sources(&event.sources)
        })
        .collect();
    part(page, words, "state-head-events", &lines);

    let lines: Vec<String> = state.stands.iter().map(|stand| say.stand(stand)).collect();
    part(page, words, "state-head-stands", &lines);

    let lines: Vec<String> =
        state.positions.iter().map(|it| say.position(it) + &sources(&it.sources)).collect();
    part(page, words, "state-head-positions", &lines);

    let lines: Vec<String> =
        state.commitments.iter().map(|one| say.commitment(one) + &sources(&one.sources)).collect();
    part(page, words, "state-head-commitments", &lines);

    let several = state.readings.len() > 1;
    let lines: Vec<String> = state
        .obligations
        .iter()
        .map(|one| {
            let reading = if several {
                words.say("state-of-reading", &[("id", one.reading.as_str().into())])
            } else {
                String::new()
            };
            let due = match (&one.subject, say.due(one)) {
                (Owed::Stage { .. } | Owed::Notice { .. }, Some(due)) => {
                    words.say("state-obligation-due", &[("due", due.into())])
                }
                _ => String::new(),
            };
            say.obligation(one) + &due + &reading
        })
        .collect();
    part(page, words, "state-head-obligations", &lines);

    let mut lines: Vec<String> = Vec::new();
    let mut words_of = BTreeSet::new();
    for release in &state.releases {
        if words_of.insert(&release.consequence) {
            let quote =
                [("name", release.consequence.as_str().into()), ("value", say.said(&release.said).into())];
            let takes = say.takes(release).map_or_else(String::new, |takes| format!(" {takes}"));
            lines.push(words.say("state-line", &quote) + &takes);
        }
        lines.push(say.release(release, state.judgements_known));
    }
    part(page, words, "state-head-releases", &lines);
}

/// Addresses in brackets.
fn sources(addresses: &[String]) -> String {
    if addresses.is_empty() { String::new() } else { format!(" [{}]", addresses.join(" ")) }
}

fn held(page: &mut String, states: &States, words: &Words) {
    let people: Vec<_> = states.instruments.iter().flat_map(|state| state.people.iter().cloned()).collect();
    let say = Say { words, people: &people, quoted: "" };
    // Counted by instrument in the order given, then by the rows' own order of readings and clauses.
    let mut counts: BTreeMap<(usize, usize), (&Held, [u64; 4])> = BTreeMap::new();
    let mut keys: Vec<(&str, &str, &str)> = Vec::new();
    let mut decided: BTreeSet<&str> = BTreeSet::new();
    for row in &states.held {
        let key = (row.instrument.as_str(), row.reading.as_str(), row.clause.as_str());
        let place = keys.iter().position(|known| *known == key).unwrap_or_else(|| {
            keys.push(key);
            keys.len() - 1
        });
        let instrument = states.instruments.iter().position(|state| state.title.code == row.instrument);
        let (_, count) = counts.entry((instrument.unwrap_or(0), place)).or_insert((row, [0; 4]));
        let at = match row.verdict {
            Verdict::Breach => 0,
            Verdict::Undetermined => 1,
            Verdict::Permitted => 2,
            Verdict::NoBreach => 3,
            Verdict::OutsidePeriod | Verdict::OutsidePlace | Verdict::OtherParty | Verdict::OtherMeans => {
                continue;
            }
        };
        count[at] += 1;
        if at != 1 {
            decided.insert(&row.incident);
        }
    }
    let mut lines: Vec<String> = counts
        .values()
        .map(|(row, [breach, undetermined, permitted, fine])| {
            let verdicts = words.say(
                "day-clause-row",
                &[
                    ("breach", (*breach).into()),
                    ("undetermined", (*undetermined).into()),
                    ("permitted", (*permitted).into()),
                    ("fine", (*fine).into()),
                ],
            );
            words.say(
                "state-held-count",
                &[
                    ("instrument", row.instrument.as_str().into()),
                    ("reading", row.reading.as_str().into()),
                    ("clause", row.clause.as_str().into()),
                    ("verdicts", verdicts.into()),
                ],
            )
        })
        .collect();
    let open: BTreeSet<&str> = states.held.iter().map(|row| row.incident.as_str()).collect();
    let rest = open.difference(&decided).count() as u64;
    for row in states.held.iter().filter(|row| decided.contains(row.incident.as_str())) {
        let side = match &row.party {
            Some(code) => words.say("state-held-forces", &[("party", say.name(code).into())]),
            None => words.word("state-held-no-side"),
        };
        lines.push(words.say(
            "state-held-row",
            &[
                ("day", say.day(row.day).into()),
                ("act", words.word(&format!("act-{}", row.act)).into()),
                ("instrument", row.instrument.as_str().into()),
                ("reading", row.reading.as_str().into()),
                ("clause", row.clause.as_str().into()),
                ("verdict", words.verdict(row.verdict).into()),
                ("side", side.into()),
            ],
        ));
    }
    if rest > 0 {
        lines.push(words.say("state-held-rest", &[("count", rest.into())]));
    }
    lines.insert(0, words.word(if lines.is_empty() { "state-held-none" } else { "state-held-note" }));
    part(page, words, "state-head-held", &lines);
}
