//! What reads well and cannot mean anything: a deadline after the end, a judge who is a party, a version of a line that
//! never counts, a list of sites that has none of what the clause protects.

use super::super::{Agreement, Consequence, Due, Edge, Line, Mechanism, Party, Reading, Site, Task, Where};
use crate::config::Table;
use crate::observation::Belongs;
use crate::time::Time;
use alloc::format;
use alloc::vec::Vec;

/// The tables of the parts that are looked at.
pub(super) struct Parts<'t, 'a> {
    pub(super) lines: &'t [Table<'a>],
    pub(super) clauses: &'t [Table<'a>],
    pub(super) consequences: &'t [Table<'a>],
}

/// Refuses what cannot mean anything in an agreement that is complete otherwise.
pub(super) fn check(agreement: &Agreement, parts: &Parts<'_, '_>) {
    let Agreement { readings, lines, .. } = agreement;
    for (table, line) in parts.lines.iter().zip(lines) {
        versions(table, line, readings);
    }
    for table in parts.clauses {
        deadlines(table, readings);
        if let Some(sites) = &agreement.sites {
            protected(table, readings, sites);
        }
    }
    for (table, consequence) in parts.consequences.iter().zip(&agreement.consequences) {
        judge(table, consequence, &agreement.parties, &agreement.mechanisms);
    }
}

/// When the last period of any reading has surely ended; `None`: it may be extended, or no end is known.
fn last_end(readings: &[Reading]) -> Option<Time> {
    let periods = readings.iter().flat_map(|reading| &reading.periods);
    let end = |to: Edge| if to.is_open() { None } else { to.latest };
    let ends: Option<Vec<Time>> =
        periods.map(|period| end(period.to).filter(|_| !period.extendable)).collect();
    ends?.into_iter().max()
}

fn versions(table: &Table<'_>, line: &Line, readings: &[Reading]) {
    let Some(end) = last_end(readings) else { return };
    let tables = table.may("version").tables();
    for (table, version) in tables.iter().zip(&line.versions) {
        if version.since >= end {
            table.wrong(
                &table.place("since"),
                format!("this version of the line never counts: the instrument ends before it ({end})"),
                "after the end",
                "correct `since`, or remove the version",
            );
        }
    }
}

fn deadlines(table: &Table<'_>, readings: &[Reading]) {
    // Before the start is nothing wrong: orders are given, and measures issued, so that it can begin.
    let Some(end) = last_end(readings) else { return };
    let clauses = || readings.iter().flat_map(|reading| &reading.clauses);
    let Some(id) = table.may("id").text() else { return };
    for stage in table.may("stage").tables().iter().filter(|stage| stage.has("due")) {
        let name = stage.may("id").text();
        stage.asked_all(); // it is read where it belongs
        let Some(name) = name else { continue };
        let of_clause = clauses().filter(|clause| *clause.id == *id.value);
        let due = of_clause.flat_map(|clause| &clause.stages).find(|one| *one.id == *name.value);
        let Some(Due::By(edge)) = due.map(|stage| stage.due) else { continue };
        if edge.earliest > end {
            stage.wrong(
                &stage.place("due"),
                format!("the stage \"{}\" is due when the instrument has ended ({end})", name.value),
                "nobody is bound by then",
                "correct the deadline or the periods, or leave the stage out",
            );
        }
    }
}

/// A clause that protects listed sites, of which the list has none.
fn protected(table: &Table<'_>, readings: &[Reading], sites: &[Site]) {
    let Some(id) = table.may("id").text() else { return };
    let mut clauses = readings.iter().filter_map(|reading| reading.clause(id.value));
    let none = clauses.clone().next().is_some()
        && clauses.all(|clause| {
            let counts =
                |site: &Site| clause.targets.iter().any(|class| site.class.belongs(*class) == Belongs::Yes);
            clause.place == Where::Sites && !clause.targets.is_empty() && !sites.iter().any(counts)
        });
    if none {
        table.wrong(
            &table.place("against"),
            format!(
                "sites.csv lists no site of these classes, so the clause \"{}\" protects nothing",
                id.value
            ),
            "none is listed",
            "add such sites to sites.csv, or name classes that it has",
        );
    }
}

/// No party judges in its own cause, and no body that the text gives another task.
fn judge(table: &Table<'_>, consequence: &Consequence, parties: &[Party], mechanisms: &[Mechanism]) {
    let Some(body) = &consequence.judged_by else { return };
    let party = parties.iter().any(|party| party.code == *body);
    let other = mechanisms.iter().find(|mechanism| mechanism.code == *body);
    let other = other.is_some_and(|it| !it.tasks.is_empty() && !it.tasks.contains(&Task::Judge));
    let (message, help) = match (party, other) {
        (true, _) => (
            format!("\"{body}\" is a party, and would judge in its own cause"),
            "name the body that the text has judge; if it names none, remove the line",
        ),
        (_, true) => (
            format!("\"{body}\" does not judge: its `tasks` say what it does, and `judge` is not among them"),
            "add `judge` to its `tasks` if the text says so, or name the body that judges",
        ),
        _ => return,
    };
    table.wrong(&table.place("judged_by"), message, "", help);
}
