//! The plan step by step.

use super::super::*;
use super::clause::Draft;
use super::{Known, all, check, cited, names, prose, refer, refer_all, titles, words};
use crate::config::Table;
use alloc::format;
use alloc::string::ToString;

pub(super) fn phases(tables: &[Table<'_>], known: &Known<'_>, clauses: &[Draft<'_>]) -> Option<Vec<Phase>> {
    let ids = names(tables, "id", "phase");
    let gates: Vec<Table<'_>> = tables.iter().flat_map(|table| table.may("gate").tables()).collect();
    names(&gates, "id", "gate");
    gates.iter().for_each(Table::asked_all);
    let mut phases = Vec::new();
    let mut complete = true;
    for (at, table) in tables.iter().enumerate() {
        match phase(table, known, clauses, &ids[..at.min(ids.len())]) {
            Some(phase) => phases.push(phase),
            None => complete = false,
        }
    }
    name_phases(&mut phases);
    complete.then_some(phases)
}

/// Where what follows is a phase, its title says so in every language, as a sentence.
fn name_phases(phases: &mut [Phase]) {
    let sentence = |title: &String| format!("{title}.");
    let title = |phase: &Phase| Prose {
        text: sentence(&phase.title),
        titles: Titles {
            uk: phase.titles.uk.as_ref().map(sentence),
            ru: phase.titles.ru.as_ref().map(sentence),
        },
    };
    let titles: Vec<(Name, Prose)> = phases.iter().map(|phase| (phase.id.clone(), title(phase))).collect();
    for gate in phases.iter_mut().flat_map(|phase| &mut phase.gates) {
        for text in [&mut gate.then].into_iter().chain(&mut gate.otherwise) {
            if let Some((_, title)) = titles.iter().find(|(id, _)| **id == *text.text) {
                *text = title.clone();
            }
        }
    }
}

fn phase(table: &Table<'_>, known: &Known<'_>, clauses: &[Draft<'_>], before: &[&str]) -> Option<Phase> {
    let id = table.need("id").code();
    let title = table.need("title").text();
    let titles = titles(table);
    let said = words(table, true);
    let mut after = Vec::new();
    for text in table.may("after").texts() {
        after.extend(check(table, text, "earlier phase", before));
    }
    let sources = cited(table, known);
    let gates = all(&table.may("gate").tables(), |table| gate(table, known, clauses));
    Some(Phase {
        id: id?.value.into(),
        title: title?.value.to_string(),
        titles,
        words: said?,
        after,
        gates: gates?,
        sources: sources?,
    })
}

fn gate(table: &Table<'_>, known: &Known<'_>, clauses: &[Draft<'_>]) -> Option<Gate> {
    let id = table.need("id").code();
    let said = words(table, true);
    let indicator = table.need("indicator").one_of(&Indicator::NAMES);
    let named = refer_all(table, &table.may("clauses"), "clause", &known.clauses);
    let window = table.need("window").duration();
    let coverage_field = table.may("coverage");
    let coverage = coverage_field.decimal(3, 1..=1_000).and_then(|at| u16::try_from(at.value).ok());
    let authority = refer(table, &table.need("authority"), "party or person", &known.people);
    table.need("then");
    let then = prose(table, ["then", "then_uk", "then_ru"]);
    let otherwise = prose(table, ["otherwise", "otherwise_uk", "otherwise_ru"]);
    let appeal = prose(table, ["appeal", "appeal_uk", "appeal_ru"]);
    let (indicator, named) = (indicator?, named?);
    let fit = |wanted: fn(&Draft<'_>) -> bool, message: &str, help: &str| {
        for id in &named {
            let draft =
                clauses.iter().find(|draft| draft.id.as_ref().is_some_and(|known| *known.value == **id));
            if draft.is_some_and(|draft| !wanted(draft)) {
                table.wrong(
                    &table.place("clauses"),
                    format!("the clause \"{id}\" {message}"),
                    "named here",
                    help,
                );
            }
        }
    };
    let indicator = match indicator.value {
        0 => {
            fit(
                |draft| draft.mode != Some(Mode::Oblige),
                "obliges, and breaches are counted of clauses that prohibit",
                "write `indicator = \"done\"`, or name other clauses",
            );
            let at_most = table.need("at_most").integer(0..=1_000_000)?;
            Indicator::Breaches { at_most: u32::try_from(at_most.value).ok()? }
        }
        1 => {
            fit(
                |draft| draft.gives.0,
                "has no stages that could be done",
                "name clauses that oblige in stages",
            );
            Indicator::Done
        }
        2 => {
            fit(|draft| draft.gives.1, "has no quantity", "name clauses with a `quantity`");
            let at_least = table.need("at_least").decimal(3, 1..=1_000)?;
            Indicator::Share { at_least: u16::try_from(at_least.value).ok()? }
        }
        _ => {
            if !coverage_field.is_some() {
                let help = "add `coverage = 0.9`: how much must have been observed";
                table.wrong(&indicator.span, "the gate looks at coverage, but asks for none", "", help);
            }
            Indicator::Coverage
        }
    };
    let window = window?;
    if window.value <= 0 {
        table.wrong(
            &window.span,
            "the window is empty",
            "",
            "write how far back to look, such as \"14 days\"",
        );
    }
    Some(Gate {
        id: id?.value.into(),
        words: said?,
        indicator,
        clauses: named,
        window: window.value,
        coverage,
        authority: authority?,
        then: then?,
        otherwise,
        appeal,
    })
}
