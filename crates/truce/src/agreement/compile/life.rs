//! What became of the instrument, and of what others promised.

use super::super::*;
use super::{Known, check, cited, edge, end, given, prose, refer, refer_all, words};
use crate::config::{At, Table};
use alloc::format;

/// The events in the order of time, checked against each other and against the periods.
pub(super) fn events(
    tables: &[Table<'_>],
    known: &Known<'_>,
    reading_ids: &[&str],
    clock: Option<Zone>,
    readings: Option<&[Reading]>,
) -> Option<Vec<Event>> {
    let read: Vec<Option<(Event, At<Edge>)>> =
        tables.iter().map(|table| event(table, known, reading_ids, clock)).collect();
    let events: Vec<(Event, At<Edge>)> = read.into_iter().collect::<Option<_>>()?;
    for (at, (table, (event, date))) in tables.iter().zip(&events).enumerate() {
        let before =
            || events[..at].iter().map(|(event, _)| event).filter(|other| same_reading(other, event));
        if before().next_back().is_some_and(|last| event.date.earliest < last.date.earliest) {
            let help = "events stand in the order of time";
            table.wrong(&date.span, "this happened before the event above it", "earlier", help);
        }
        let last = before()
            .map(|other| other.what)
            .rfind(|what| matches!(what, What::Suspended | What::Resumed | What::Denounced | What::Lapsed));
        if event.what == What::Resumed && last != Some(What::Suspended) {
            let help = "add the event `suspended` before it, or remove this one";
            table.wrong(&table.span(), "it is resumed, but was not suspended", "in this part", help);
        }
        if last == Some(What::Lapsed) && !matches!(event.what, What::Proposed | What::Accepted | What::Signed)
        {
            let help = "what comes after the end is another instrument, with a file of its own";
            table.wrong(&table.span(), "something becomes of it after it has lapsed", "in this part", help);
        }
        if let Some(until) = event.until {
            let shortens = readings.unwrap_or_default().iter().any(|reading| {
                let mine = event.reading.as_ref().is_none_or(|id| *id == reading.id);
                let extended = before().filter_map(|other| other.until).next_back();
                let end = extended.or(reading.periods.last().map(|period| period.to));
                let unknown_before = end.is_some_and(|end| end.latest.is_none());
                mine && !unknown_before
                    && until.latest.is_some_and(|until| end.is_some_and(|end| until <= end.earliest))
            });
            if shortens {
                let help = "`until` must lie after the end that stood before";
                table.wrong(&table.span(), "this extension prolongs nothing", "in this part", help);
            }
        }
    }
    Some(events.into_iter().map(|(event, _)| event).collect())
}

fn same_reading(a: &Event, b: &Event) -> bool {
    a.reading.is_none() || b.reading.is_none() || a.reading == b.reading
}

fn event(
    table: &Table<'_>,
    known: &Known<'_>,
    reading_ids: &[&str],
    clock: Option<Zone>,
) -> Option<(Event, At<Edge>)> {
    let clock = table.clock_or("clock", clock);
    let date = edge(&table.need("date"), clock);
    let what = table.need("what").one_of(&What::NAMES);
    let by = refer_all(table, &table.may("by"), "party or person", &known.people);
    let condition = prose(table, ["condition", "condition_uk", "condition_ru"]);
    let until_field = table.may("until");
    let until = given(&until_field, |field| end(field, clock));
    let effect_field = table.may("effect");
    let effect = effect_field.one_of(&Effect::NAMES);
    let reading = given(&table.may("reading"), |field| check(table, field.text()?, "reading", reading_ids));
    let words = words(table, true);
    let sources = cited(table, known);
    let what = what?.value;
    if (what == What::Extended) != until_field.is_some() {
        let (message, help) = if what == What::Extended {
            (
                "it is extended, but not until when",
                "add `until = ...`; if no end is set, `until = \"open\"`; if nobody knows, `until = \"not known\"`",
            )
        } else {
            ("`until` belongs to an extension", "remove the line, or write `what = \"extended\"`")
        };
        table.wrong(&table.span(), message, "in this part", help);
    }
    if matches!(what, What::Suspended | What::Denounced) != effect_field.is_some() {
        let (message, help) = if effect_field.is_some() {
            ("`effect` belongs to a suspension or denunciation", "remove the line")
        } else {
            (
                "what it does to those who are bound is not said",
                "add `effect`: \"ends\", \"frees\" or \"disputed\"",
            )
        };
        table.wrong(&table.span(), message, "in this part", help);
    }
    let frees = effect.as_ref().is_some_and(|effect| effect.value == Effect::Frees);
    if frees && by.as_ref().is_some_and(Vec::is_empty) {
        let help = "name in `by` who is no longer bound";
        table.wrong(&table.span(), "it frees somebody, but not whom", "in this part", help);
    }
    if condition.is_some() && what != What::Accepted {
        let message = "`condition` says on which condition somebody accepted";
        table.wrong(
            &table.span(),
            message,
            "in this part",
            "remove the line, or write `what = \"accepted\"`",
        );
    }
    let date = date?;
    let event = Event {
        date: date.value,
        what,
        by: by?,
        condition,
        until: until.map(|until| until.value),
        effect: effect.map(|effect| effect.value),
        reading,
        words: words?,
        sources: sources?,
    };
    Some((event, date))
}

pub(super) fn commitment(table: &Table<'_>, known: &Known<'_>, clock: Option<Zone>) -> Option<Commitment> {
    let id = table.need("id").code();
    let by = refer(table, &table.need("by"), "party or person", &known.people);
    let kind = table.need("kind").one_of(&CommitmentKind::NAMES);
    let said = words(table, true);
    let sources = cited(table, known);
    let tables = table.need_tables("state");
    let mut states: Vec<(Edge, CommitmentState, Words, Vec<Name>)> = Vec::new();
    let mut complete = true;
    for table in &tables {
        let date = edge(&table.need("date"), clock);
        let state = table.need("state").one_of(&CommitmentState::NAMES);
        let said = words(table, true);
        let sources = cited(table, known);
        match (date, state, said, sources) {
            (Some(date), Some(state), Some(said), Some(sources)) => {
                if states.last().is_some_and(|last| date.value.earliest < last.0.earliest) {
                    let message = format!("\"{}\" comes before the state above it", state.value.name());
                    table.wrong(&date.span, message, "earlier", "states stand in the order of time");
                }
                states.push((date.value, state.value, said, sources));
            }
            _ => complete = false,
        }
    }
    if !complete {
        return None;
    }
    Some(Commitment {
        id: id?.value.into(),
        by: by?,
        kind: kind?.value,
        words: said?,
        states,
        sources: sources?,
    })
}
