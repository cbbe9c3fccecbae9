//! Slips of the pen in a TOML file, told to somebody who writes a law and not a program.
//!
//! The parser says that a file cannot be read; it says it in the words of parsers, and after one forgotten bracket it
//! stumbles over every line that follows. So the file is taken apart into statements, each is asked whether it can be
//! read alone, and one that cannot is held against the slips that people make. A correction is shown only where the
//! parser itself has read it.

mod date;
mod line;
mod rules;

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;
pub(super) use date::{Meant, meant, offset};
use line::{Opened, Statement, statements};
pub(super) use rules::{hidden, latin, share};
use toml::de::{DeTable, Error};

/// What is wrong with one statement, and how it is put right.
#[derive(Clone, Debug)]
pub(super) struct Slip {
    /// Where, in bytes: of the statement while it is looked for, of the file once it is told.
    pub(super) span: Range<usize>,
    /// What is wrong.
    pub(super) message: String,
    /// A few words to stand at the place.
    pub(super) label: String,
    /// What to do.
    pub(super) help: String,
    /// The statement put right, where that can be known.
    fixed: Option<String>,
}

impl Slip {
    fn new(span: Range<usize>, message: impl Into<String>, label: &str, help: impl Into<String>) -> Self {
        Self { span, message: message.into(), label: label.to_owned(), help: help.into(), fixed: None }
    }

    fn fixed(self, statement: String) -> Self {
        Self { fixed: Some(statement), ..self }
    }
}

/// The slips of a text in which the parser found `errors`; at least one if there is an error.
pub(super) fn slips(text: &str, errors: &[Error]) -> Vec<Slip> {
    if let Some(at) = text.find('\r').filter(|_| !text.contains('\n')) {
        let message = "the lines of this file end with a mark that only very old programs use";
        let help = "save it again as plain text, with line ends of Windows (CRLF) or of Unix (LF)";
        return vec![Slip::new(at..at + 1, message, "the first line ends here", help)];
    }
    let mut found = Vec::new();
    let mut all_closed = true;
    let mut statements = statements(text).into_iter().peekable();
    while let Some(statement) = statements.next() {
        all_closed &= statement.opened.is_none();
        let whole = &text[statement.span.clone()];
        if reads(whole) && statement.opened.is_none() {
            continue;
        }
        let mut slip = mended(whole, statement.opened.as_ref(), 4).unwrap_or_else(|| unknown(whole));
        // A text that goes on in the next lines: these are no statements, and what the text is cannot be known.
        if let Some(mark) = rules::left_open(whole) {
            while let Some(next) = statements.next_if(|next| {
                let next = &text[next.span.clone()];
                !next.contains('=') && !next.trim_start().starts_with('[')
            }) {
                let line = text[next.span].trim_end();
                slip.fixed = slip.fixed.filter(|_| line.is_empty());
                if line.ends_with(mark) {
                    break;
                }
            }
        }
        // A list whose items stand below the key, each with a bullet.
        if rules::ends_open(whole) {
            let mut items = Vec::new();
            while let Some(item) = statements.peek().and_then(|next| rules::item(&text[next.span.clone()])) {
                items.push(item);
                statements.next();
            }
            if !items.is_empty() {
                slip.help =
                    "the items of a list stand in brackets, with commas between them, and not in lines below"
                        .to_owned();
                slip.fixed = Some(format!("{} [{}]", whole.trim_end(), items.join(", ")));
                slip.span = 0..whole.trim_end().len();
                slip.message = "the items of this list stand below it".to_owned();
                slip.label = "a list".to_owned();
            }
        }
        if let Some(fixed) = slip.fixed.take().filter(|fixed| reads(fixed)) {
            slip.help = format!("{}; write: `{}`", slip.help, shown(whole, &fixed));
        }
        slip.span = slip.span.start + statement.span.start..slip.span.end + statement.span.start;
        found.push(slip);
    }
    // Where an opening was never closed, the parser has seen keys where there are none.
    if all_closed {
        // What stands under a heading that is given twice is no further slip, nor is the same heading once more.
        let mut headings: Vec<&str> = Vec::new();
        for error in errors.iter().filter(|error| error.message().contains("duplicate key")) {
            let Some(span) = error.span() else { continue };
            let heading = heading_over(text, span.start);
            if heading.is_some_and(|heading| headings.contains(&heading)) {
                continue;
            }
            if let Some(slip) = given_twice(text, span.clone()) {
                found.push(slip);
            }
            let start = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
            headings.extend(heading.filter(|_| text[start..].trim_start().starts_with('[')));
        }
    }
    if found.is_empty() {
        let at = errors.first().and_then(Error::span).unwrap_or(text.len()..text.len());
        found.push(Slip::new(at, "this line cannot be read", "here", SHAPE));
    }
    found
}

/// What every line is.
const SHAPE: &str = "a line is `key = value`, a heading in [brackets], or a note that starts with #; text stands in \
                     \"quotation marks\", a list in [brackets]";

fn reads(statement: &str) -> bool {
    DeTable::parse_recoverable(statement).1.is_empty()
}

/// The slip in a statement, with the statement put right, also of what else is wrong with it, where that can be
/// known.
fn mended(statement: &str, opened: Option<&Opened>, depth: u8) -> Option<Slip> {
    let parsed = Statement::new(statement, opened);
    if let Some(slip) = rules::page(&parsed) {
        return Some(slip);
    }
    let mut slips: Vec<Slip> = rules::RULES.iter().filter_map(|rule| rule(&parsed)).collect();
    let right = |slip: &Slip| slip.fixed.as_deref().is_some_and(reads);
    if let Some(place) = slips.iter().position(right) {
        return Some(slips.swap_remove(place));
    }
    for slip in &slips {
        let Some(fixed) = slip.fixed.as_deref().filter(|fixed| depth > 0 && *fixed != statement) else {
            continue;
        };
        if let Some(Slip { fixed: Some(fixed), .. }) = mended(fixed, None, depth - 1).filter(right) {
            return Some(slip.clone().fixed(fixed));
        }
    }
    slips.into_iter().next()
}

/// The line of the corrected statement that is another one than before; all of it where it has other lines.
fn shown(statement: &str, fixed: &str) -> String {
    let fixed = fixed.trim_end();
    if fixed.lines().count() != statement.trim_end().lines().count() {
        let lines: Vec<&str> = fixed.lines().map(str::trim).collect();
        return lines.join("` and in the next line `");
    }
    let other = fixed.lines().zip(statement.lines()).find(|(fixed, before)| fixed != before);
    other.map_or(fixed, |(fixed, _)| fixed).trim().to_owned()
}

/// What fits no slip that is known: where the parser stumbled.
fn unknown(statement: &str) -> Slip {
    let (_, errors) = DeTable::parse_recoverable(statement);
    let at = errors.first().and_then(Error::span).unwrap_or(0..0);
    let message = errors.first().map_or("", Error::message);
    if message.contains("hour between") {
        let help = "an hour is 00 to 23; the end of a day is 00:00 of the next";
        return Slip::new(at, "there is no such hour", "here", help);
    }
    if let Some(days) = message.split("expected day between 01 and ").nth(1) {
        let help = format!("the month has {days} days");
        return Slip::new(at, "there is no such day", "no day of any calendar", help);
    }
    if message.contains("month") {
        return Slip::new(
            at,
            "there is no such month",
            "here",
            "a month is 01 to 12, a date such as 2025-04-19",
        );
    }
    Slip::new(at, "this line cannot be read", "here", SHAPE)
}

/// The heading of the part in which a place lies, without its brackets.
fn heading_over(text: &str, at: usize) -> Option<&str> {
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    let mut lines = text[..end].lines().rev().map(str::trim);
    lines.find(|line| line.starts_with('[')).map(heading_name)
}

fn heading_name(line: &str) -> &str {
    let line = line.split('#').next().unwrap_or_default();
    line.trim_matches(['[', ']', ' '])
}

/// A key or a heading that stands in the text before.
fn given_twice(text: &str, second: Range<usize>) -> Option<Slip> {
    let key = text.get(second.clone())?;
    let start = text[..second.start].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[start..].lines().next()?.trim();
    let number = |of: usize| text[..start].matches('\n').count() - of;
    if line.starts_with('[') {
        let before = text[..start].lines().rev().enumerate();
        let before: Vec<_> = before
            .map(|(above, line)| (above, line.trim()))
            .filter(|(_, line)| line.starts_with('['))
            .collect();
        let first = before.iter().find(|(_, before)| heading_name(before) == heading_name(line));
        // `[[clause.except]]` where no `[[clause]]` stands before it: the heading over it is another one.
        let part = before.iter().rev().find(|(_, before)| {
            heading_name(before).strip_prefix(heading_name(line)).is_some_and(|rest| rest.starts_with('.'))
        });
        if let (None, Some((above, part))) = (first, part) {
            let message = format!(
                "`{part}` in line {} is part of a `{line}`, and none stands before it",
                number(*above)
            );
            let over =
                before.iter().find(|(over, before)| over > above && !heading_name(before).contains('.'));
            let help = match over {
                Some((above, over)) => {
                    format!("is the heading `{over}` in line {} meant to be `{line}`?", number(*above))
                }
                None => format!("put it below the `{line}` that it belongs to"),
            };
            let at = text.lines().count().min(number(*above)).saturating_sub(1);
            let at: usize = text.split_inclusive('\n').take(at).map(str::len).sum();
            let at = at + text[at..].find('[').unwrap_or(0);
            return Some(Slip::new(at..at + part.len(), message, "part of what?", help));
        }
        let message = match first {
            Some((above, first)) if *first != line => {
                format!(
                    "`{first}` in line {} and `{line}` here are not the same sort of heading",
                    number(*above)
                )
            }
            Some((above, _)) => {
                format!("the heading `{line}` stands twice: here and in line {}", number(*above))
            }
            None => format!("`{key}` is given twice"),
        };
        let help = format!(
            "of what there may be several, each starts with two brackets, `[[{key}]]`; of what there is once, all lines \
             stand under one heading"
        );
        return Some(Slip::new(second, message, "the second time", help));
    }
    // The nearest line before that gives the key; a heading between them begins another part.
    let first = text[..start]
        .lines()
        .rev()
        .map(str::trim_start)
        .enumerate()
        .take_while(|(_, line)| !line.starts_with('['))
        .find(|(_, line)| {
            let name = line.split(['=', '.']).next().unwrap_or_default().trim();
            name == key && line.contains('=')
        })
        .map(|(above, _)| number(above));
    let message = match first {
        Some(line) => format!("`{key}` is given twice: here and in line {line}"),
        None => format!("`{key}` is given twice"),
    };
    let help = "keep one of the two; a second entry of the same sort starts with a heading of its own, such as \
                [[clause]]";
    Some(Slip::new(second, message, "the second time", help))
}

#[cfg(test)]
mod tests;
