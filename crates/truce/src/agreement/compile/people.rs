//! Those who have a part in the instrument beside the parties.

use super::super::{Actor, Mechanism, NameIn, Role, Task};
use super::{Known, cited, given, names, plain, refer, refer_all, words};
use crate::config::Table;
use alloc::format;
use alloc::vec::Vec;

/// The codes of a list; one that stands for somebody else already is a mistake.
pub(super) fn codes<'a>(tables: &[Table<'a>], taken: &[&'a str], list: &str) -> Vec<&'a str> {
    for table in tables {
        let Some(code) = table.need("code").code().filter(|code| taken.contains(&code.value)) else {
            continue;
        };
        let message = format!("the code \"{}\" stands for somebody else already", code.value);
        table.wrong(&code.span, message, "given before", "everybody in the file has a code of their own");
    }
    names(tables, "code", list)
}

/// `names = { uk = { name = "...", of = "..." } }`
pub(super) fn names_in(table: &Table<'_>) -> Vec<NameIn> {
    let Some(inner) = table.may("names").table() else { return Vec::new() };
    let read = |language: &'static str| {
        let name_table = inner.may(language).table()?;
        let name = name_table.need("name").text();
        let of = name_table.may("of").text().map(|of| of.value.into());
        Some(NameIn { language, name: name?.value.into(), of })
    };
    NameIn::LANGUAGES.into_iter().filter_map(read).collect()
}

pub(super) fn actor(table: &Table<'_>, role: Role, known: &Known<'_>) -> Option<Actor> {
    let code = table.need("code").code();
    let name = table.need("name").text();
    let forms = table.may("forms").texts().into_iter().map(|form| form.value.into()).collect();
    let names = names_in(table);
    let sources = refer_all(table, &table.may("sources"), "source", &known.sources);
    Some(Actor { code: code?.value.into(), name: name?.value.into(), forms, names, role, sources: sources? })
}

pub(super) fn mechanism(table: &Table<'_>, known: &Known<'_>) -> Option<Mechanism> {
    let code = table.need("code").code();
    let name = table.need("name").text();
    let forms = table.may("forms").texts().into_iter().map(|form| form.value.into()).collect();
    let names = names_in(table);
    let members = refer_all(table, &table.may("members"), "party or person", &known.people);
    let chair = given(&table.may("chair"), |field| refer(table, field, "party or person", &known.people));
    let tasks = plain(table.may("tasks").many_of(&Task::NAMES));
    let answer_within = table.may("answer_within").duration().map(|at| at.value);
    let words = words(table, false);
    let sources = if table.has("sources") || words.is_some() {
        cited(table, known)
    } else {
        table.may("sources");
        Some(Vec::new())
    };
    Some(Mechanism {
        code: code?.value.into(),
        name: name?.value.into(),
        forms,
        names,
        members: members?,
        chair,
        tasks,
        answer_within,
        words,
        sources: sources?,
    })
}
