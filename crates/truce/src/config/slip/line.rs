//! A TOML text taken apart into statements, also where it is broken.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// What was opened and not closed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Opened {
    /// The mark, such as `[` or `"""`.
    pub(super) mark: &'static str,
    /// Where, in bytes from the start of the statement.
    pub(super) at: usize,
}

/// A heading, a key with its value, or a line that should be one.
pub(super) struct Place {
    /// Where it stands, with its last line break.
    pub(super) span: Range<usize>,
    /// What it leaves open.
    pub(super) opened: Option<Opened>,
}

/// Quotation marks of books and word processors.
pub(super) const CURLY: [char; 15] =
    ['“', '”', '„', '‟', '«', '»', '‘', '’', '‚', '‛', '‹', '›', '″', '`', '´'];

/// The statements of a text, in order. A statement that is not closed ends where the next one begins.
pub(super) fn statements(text: &str) -> Vec<Place> {
    let mut found: Vec<Place> = Vec::new();
    let mut open: Vec<Opened> = Vec::new();
    let mut start = 0;
    let mut offset = text.len() - text.trim_start_matches('\u{feff}').len();
    for line in text[offset..].split_inclusive('\n') {
        let (end, before) = (offset + line.len(), text[start..offset].trim_end());
        if !open.is_empty() && begins_anew(line, &open, before) {
            found.push(Place { span: start..offset, opened: open.pop() });
            open.clear();
        }
        if open.is_empty() {
            start = offset;
        }
        scan(line, offset - start, &mut open);
        if open.is_empty() {
            found.push(Place { span: start..end, opened: None });
        }
        offset = end;
    }
    if let Some(opened) = open.pop() {
        found.push(Place { span: start..text.len(), opened: Some(opened) });
    }
    found
}

/// Does a line inside something opened begin another statement? `before` ends where the line begins.
fn begins_anew(line: &str, open: &[Opened], before: &str) -> bool {
    let line = line.trim();
    let word = |text: &str| {
        let text = text.trim();
        !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
    };
    let heading = line.starts_with('[')
        && line.ends_with(']')
        && word(line.trim_start_matches('[').trim_end_matches(']'))
        && line.contains(|c: char| c.is_alphabetic());
    let key = line.split_once('=').is_some_and(|(key, _)| word(key));
    match open.last().map(|opened| opened.mark) {
        // Text over several lines may say anything; a heading of two brackets it hardly says.
        Some("\"\"\"" | "'''") => heading && line.starts_with("[["),
        Some("{") => heading || key && !before.ends_with([',', '{']),
        _ => heading || key,
    }
}

/// Follows the brackets and the texts of a line.
fn scan(line: &str, from: usize, open: &mut Vec<Opened>) {
    let heading = open.is_empty() && line.trim_start().starts_with('[');
    let mut rest = line;
    let here = |rest: &str| from + line.len() - rest.len();
    while let Some(first) = rest.chars().next() {
        if let Some(mark) = open.last().map(|opened| opened.mark).filter(|mark| mark.len() == 3) {
            let Some(close) = rest.find(mark) else { return };
            rest = &rest[close + 3..];
            open.pop();
            continue;
        }
        match first {
            '#' => return,
            '"' | '\'' => {
                let three = if first == '"' { "\"\"\"" } else { "'''" };
                if rest.starts_with(three) {
                    open.push(Opened { mark: three, at: here(rest) });
                    rest = &rest[3..];
                } else {
                    rest = &rest[quoted(rest).unwrap_or(rest.len())..];
                }
                continue;
            }
            '“' | '„' | '«' | '‘' | '‚' | '`' | '´' | '″' => {
                let inside = &rest[first.len_utf8()..];
                rest = inside.find(CURLY).map_or(inside, |close| &inside[close..]);
                rest = rest.strip_prefix(CURLY).unwrap_or(rest);
                continue;
            }
            '[' if !heading => open.push(Opened { mark: "[", at: here(rest) }),
            '{' if !heading => open.push(Opened { mark: "{", at: here(rest) }),
            // A closing bracket of the wrong sort is one of the slips: it closes all the same.
            ']' | '}' => {
                open.pop();
            }
            _ => {}
        }
        rest = &rest[first.len_utf8()..];
    }
}

/// The length of the text that begins here with its quotation marks; `None` if it is not closed in the line.
pub(super) fn quoted(text: &str) -> Option<usize> {
    let mark = text.chars().next()?;
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' => return None,
            _ if escaped => escaped = false,
            '\\' if mark == '"' => escaped = true,
            _ if c == mark => return Some(at + c.len_utf8()),
            _ => {}
        }
    }
    None
}

/// A statement as the rules look at it.
pub(super) struct Statement<'a> {
    /// As it stands.
    pub(super) text: &'a str,
    /// The same length, with blanks for notes, and `"` for all that stands between quotation marks.
    pub(super) bare: String,
    /// The key, by place: what stands before the first `=`.
    pub(super) key: Range<usize>,
    /// The value, by place, without blanks around and without a note; empty where there is no `=`.
    pub(super) value: Range<usize>,
    /// What it leaves open.
    pub(super) opened: Option<&'a Opened>,
}

impl<'a> Statement<'a> {
    pub(super) fn new(text: &'a str, opened: Option<&'a Opened>) -> Self {
        let bare = bare(text);
        let trimmed = |range: Range<usize>| {
            let part = &bare[range.clone()];
            let start = range.start + part.len() - part.trim_start().len();
            start..start + part.trim().len()
        };
        let heading = bare.trim_start().starts_with('[');
        let (key, value) = match bare.find('=').filter(|_| !heading) {
            Some(equals) => (trimmed(0..equals), trimmed(equals + 1..bare.len())),
            None => (trimmed(0..bare.len()), bare.len()..bare.len()),
        };
        Self { text, bare, key, value, opened }
    }

    /// The key as it stands.
    pub(super) fn key(&self) -> &'a str {
        &self.text[self.key.clone()]
    }

    /// The value as it stands.
    pub(super) fn value(&self) -> &'a str {
        &self.text[self.value.clone()]
    }

    /// Is it a heading, or meant as one?
    pub(super) fn is_heading(&self) -> bool {
        self.bare.trim_start().starts_with('[')
    }

    /// The statement with another text in one place.
    pub(super) fn with(&self, place: Range<usize>, text: &str) -> String {
        [&self.text[..place.start], text, &self.text[place.end..]].concat()
    }
}

fn bare(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (skip, fill) = match first {
            '#' => (rest.find('\n').unwrap_or(rest.len()), ' '),
            '"' | '\'' if rest.starts_with("\"\"\"") || rest.starts_with("'''") => {
                (rest[3..].find(&rest[..3]).map_or(rest.len(), |close| close + 6), '"')
            }
            '"' | '\'' => (quoted(rest).unwrap_or(rest.find('\n').unwrap_or(rest.len())), '"'),
            _ => {
                bare.push(first);
                rest = &rest[first.len_utf8()..];
                continue;
            }
        };
        bare.extend((0..skip).map(|_| fill));
        rest = &rest[skip..];
    }
    bare
}
