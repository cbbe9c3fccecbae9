//! TOML files that people write: typed access, unknown keys refused, mistakes shown where they are.
//!
//! ```
//! use truce::config::{self, Table};
//!
//! let read = |root: Table<'_>| {
//!     // Read every key first, so that every mistake is found; then put the parts together.
//!     let title = root.need("title").text();
//!     let reach = root.need("reach").length();
//!     Some((title?.value.len(), reach?.value))
//! };
//! assert_eq!(config::read("m.toml", "title = 'Line'\nreach = '5 km'", read), Ok((4, 5_000_000)));
//!
//! let mistakes = config::read("m.toml", "titel = 'Line'\nreach = 5", read).unwrap_err();
//! assert_eq!(mistakes.len(), 2); // a key misspelt, and a number without a unit
//! ```
//!
//! A [`Table`] remembers which keys were asked for. When it is dropped, every key that nobody asked for is a
//! mistake, with the nearest asked key as a hint, and every key that must be there and is not. So: ask for all keys of a table before giving up on it.

mod slip;

use crate::place::{KM, METRE, Mm};
use crate::time::{DAY, Date, HOUR, MINUTE, Micros, SECOND, Span, Time, Zone};
use alloc::borrow::{Cow, ToOwned};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::ops::{Deref, Range, RangeInclusive};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One thing that is wrong in one file, told to the person who wrote it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    /// Name of the file, as the reader was given it.
    pub file: String,
    /// Where in the file, in bytes. Empty at the end of the file or where the place is not known.
    pub span: Range<usize>,
    /// What is wrong, in one line.
    pub message: String,
    /// A few words to stand at the marked place; may be empty.
    pub label: String,
    /// What to do next; may be empty.
    pub help: String,
}

/// A place in a text as an editor shows it; both count from 1, the column in characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position {
    /// Line.
    pub line: usize,
    /// Character in the line.
    pub column: usize,
}

/// Line and column of a byte offset; of the end of the text when the offset lies beyond it.
pub fn position(text: &str, offset: usize) -> Position {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before[line_start..].trim_start_matches('\u{feff}').chars().count() + 1;
    Position { line: before.matches('\n').count() + 1, column }
}

/// Reads a TOML text with `build`, which is given the root table and returns `None` only after it has
/// reported a mistake.
///
/// # Errors
/// All mistakes of the text in the order in which they stand in it: those of TOML itself, or those that
/// `build` and the tables have reported.
pub fn read<T>(
    file: &str,
    text: &str,
    build: impl FnOnce(Table<'_>) -> Option<T>,
) -> Result<T, Vec<Mistake>> {
    let (root, errors) = DeTable::parse_recoverable(text);
    let paper = Paper { file, root: root.get_ref(), mistakes: RefCell::new(Vec::new()) };
    if !errors.is_empty() {
        for slip in slip::slips(text, &errors) {
            paper.wrong(slip.span, slip.message, &slip.label, slip.help);
        }
    }
    let built = if errors.is_empty() {
        build(Table {
            paper: &paper,
            table: root.get_ref(),
            span: 0..0,
            asked: RefCell::default(),
            missing: RefCell::default(),
        })
    } else {
        None
    };
    let mut mistakes = paper.mistakes.into_inner();
    mistakes
        .sort_by(|a, b| (a.span.start, a.span.end, &a.message).cmp(&(b.span.start, b.span.end, &b.message)));
    mistakes.dedup();
    match built {
        Some(built) if mistakes.is_empty() => Ok(built),
        None if mistakes.is_empty() => Err(vec![Mistake {
            file: file.to_string(),
            span: 0..0,
            message: "the file could not be read, and no reason is known".to_string(),
            label: String::new(),
            help: "this is a fault of the program: please report it with the file".to_string(),
        }]),
        _ => Err(mistakes),
    }
}

/// The file being read and what was found wrong with it.
struct Paper<'a> {
    file: &'a str,
    root: &'a DeTable<'a>,
    mistakes: RefCell<Vec<Mistake>>,
}

impl Paper<'_> {
    /// The code of the entry of the file that has this name, or this among its forms.
    fn code_of(&self, name: &str) -> Option<&str> {
        let text = |table: &'_ DeTable<'_>, key: &str, wanted: &str| match table
            .get(key)
            .map(Spanned::get_ref)
        {
            Some(DeValue::String(text)) => *text == wanted,
            Some(DeValue::Array(items)) => items.iter().any(|item| item.get_ref().as_str() == Some(wanted)),
            _ => false,
        };
        let lists = self.root.iter().filter_map(|(_, value)| value.get_ref().as_array());
        let mut entries = lists.flatten().filter_map(|entry| entry.get_ref().as_table());
        let entry = entries.find(|entry| text(entry, "name", name) || text(entry, "forms", name))?;
        entry.get("code")?.get_ref().as_str()
    }

    fn wrong(&self, span: Range<usize>, message: String, label: &str, help: String) {
        let (file, label) = (self.file.to_string(), label.to_string());
        self.mistakes.borrow_mut().push(Mistake { file, span, message, label, help });
    }
}

/// A value with the place where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Its place in the file, in bytes.
    pub span: Range<usize>,
}

impl<T> At<T> {
    /// The same place with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> At<U> {
        At { value: change(self.value), span: self.span }
    }
}

impl<T> Deref for At<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

/// A table of the file. See the module's text for how it treats unknown keys.
pub struct Table<'a> {
    paper: &'a Paper<'a>,
    table: &'a DeTable<'a>,
    span: Range<usize>,
    asked: RefCell<Vec<&'static str>>,
    /// Keys that must be there and are not, each with what to do.
    missing: RefCell<Vec<(&'static str, String)>>,
}

impl<'a> Table<'a> {
    /// Where the table stands: its header or its braces.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Where the value of a key stands; the table, where it has no such key.
    pub fn place(&self, key: &str) -> Range<usize> {
        self.table.get(key).map_or_else(|| self.span(), Spanned::span)
    }

    /// A key that must be there; reports its absence.
    pub fn need(&self, key: &'static str) -> Field<'a> {
        self.needed(key, lacking(key))
    }

    /// A part `[key]` that must be there.
    pub fn need_table(&self, key: &'static str) -> Option<Table<'a>> {
        self.needed(key, format!("add a part that starts with a line `[{key}]`")).table()
    }

    /// Parts `[[key]]` of which there must be at least one.
    pub fn need_tables(&self, key: &'static str) -> Vec<Table<'a>> {
        self.needed(key, format!("add a part that starts with a line `[[{key}]]`")).tables()
    }

    fn needed(&self, key: &'static str, add: String) -> Field<'a> {
        let field = self.may(key);
        if field.value.is_none() {
            self.missing.borrow_mut().push((key, add));
        }
        field
    }

    /// A key that may be there.
    pub fn may(&self, key: &'static str) -> Field<'a> {
        self.asked.borrow_mut().push(key);
        let value = self.table.get(key);
        Field { paper: self.paper, key: Cow::Borrowed(key), value }
    }

    /// Is the key there? Does not count as asking for it.
    pub fn has(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    /// All entries of a table whose keys are free (codes, names), in the order of the file.
    pub fn entries(&self) -> Vec<(At<&'a str>, Field<'a>)> {
        let mut entries: Vec<_> = self
            .table
            .iter()
            .map(|(key, value)| {
                let at = At { value: key.get_ref().as_ref(), span: key.span() };
                (at, Field { paper: self.paper, key: key.get_ref().clone(), value: Some(value) })
            })
            .collect();
        entries.sort_by_key(|(key, _)| key.span.start);
        entries
    }

    /// A stretch of time from two keys, from the first up to but not including the second. A text without a
    /// zone is read on `clock`; without a clock it is a mistake. An end before the start is one too.
    pub fn span_of(&self, from: &'static str, to: &'static str, clock: Option<Zone>) -> Option<At<Span>> {
        let (start, end) = (self.need(from).time(clock), self.need(to).time(clock));
        let (start, end) = (start?, end?);
        match Span::new(start.value, end.value) {
            Some(span) => Some(At { value: span, span: start.span.start..end.span.end }),
            None => {
                let message = format!("`{to}` ({}) lies before `{from}` ({})", end.value, start.value);
                self.wrong(&end.span, message, "ends before it starts", "exchange or correct the two");
                None
            }
        }
    }

    /// A clock by its name, from the key `key`: see [`Zone::parse`].
    pub fn clock(&self, key: &'static str) -> Option<At<Zone>> {
        let text = self.may(key).text()?;
        let zone = Zone::parse(text.value);
        if zone.is_none() {
            let known = ["UTC", "Europe/Kyiv", "Europe/Moscow"];
            let lower = text.value.to_lowercase();
            let offset = lower.strip_prefix("utc").or_else(|| lower.strip_prefix("gmt"));
            // `UTC +3`, `+3`.
            let offset = Some(offset.unwrap_or(&lower).trim());
            let city = known.into_iter().find(|name| name.to_lowercase().ends_with(&format!("/{lower}")));
            let meant = match lower.as_str() {
                "msk" | "мск" | "moscow time" | "москва" => Some("Europe/Moscow"),
                "kiev" | "kyiv time" | "київ" | "киев" => Some("Europe/Kyiv"),
                _ => city.or_else(|| nearest(text.value, known)),
            };
            let help = match meant {
                _ if offset.and_then(slip::offset).is_some() => {
                    format!("write: `{key} = \"{}\"`", offset.and_then(slip::offset).unwrap_or_default())
                }
                Some(near) => format!("did you mean \"{near}\"?"),
                None => "known clocks: \"UTC\", \"Europe/Kyiv\", \"Europe/Moscow\", or an offset such as \
                         \"+03:00\""
                    .to_string(),
            };
            self.wrong(&text.span, format!("the clock \"{}\" is not known", text.value), "", help);
        }
        Some(At { value: zone?, span: text.span })
    }

    /// The clock that this table names under `key`, or the one around it. A name that is not known has been
    /// reported; it must not make every time under it a mistake, so any clock stands in for it.
    pub fn clock_or(&self, key: &'static str, outer: Option<Zone>) -> Option<Zone> {
        match self.clock(key) {
            Some(clock) => Some(clock.value),
            None if self.has(key) => Some(Zone::Fixed(0)),
            None => outer,
        }
    }

    /// Reports a mistake at a place of this file.
    pub fn wrong(
        &self,
        span: &Range<usize>,
        message: impl Into<String>,
        label: &str,
        help: impl Into<String>,
    ) {
        self.paper.wrong(span.clone(), message.into(), label, help.into());
    }

    /// Reports a name that stands for nothing: `what` says what it should be ("party"), `known` what there is.
    pub fn unknown<'k>(&self, name: &At<&str>, what: &str, known: impl IntoIterator<Item = &'k str> + Clone) {
        let help = match self
            .paper
            .code_of(name.value)
            .filter(|code| known.clone().into_iter().any(|it| it == *code))
        {
            Some(code) => format!("`{code}` is the code for it: write `\"{code}\"`"),
            None => suggest(name.value, known),
        };
        self.wrong(&name.span, format!("there is no {what} \"{}\"", name.value), "not known", help);
    }

    /// Leaves the report of unknown keys to another reader of the same table: this one only glanced at it.
    pub fn asked_all(&self) {
        self.asked.borrow_mut().clear();
    }
}

/// What to write where a key is missing, for somebody who writes a law and not a program.
fn lacking(key: &str) -> String {
    let (example, meaning) = match key {
        "id" => ("\"no-fire\"", "a short name of your own, by which findings cite it"),
        "code" => ("\"UA\"", "a short name, by which the rest of the file refers to it"),
        "title" => ("\"...\"", "a few words for a heading"),
        "name" => ("\"...\"", "the full name"),
        "rule" => ("\"prohibits\"", "or \"obliges\", or \"permits\""),
        "binds" => ("[\"UA\", \"RU\"]", "the codes of those whom it binds"),
        "acts" => ("[\"fire\"]", "the acts that it is about"),
        "sources" => ("[\"...\"]", "the `id` of each `[[source]]` that it rests on"),
        "url" => ("\"https://...\"", "where the source can be read"),
        "from" => ("2025-04-19T18:00:00+03:00", "when it begins; a day will do"),
        "date" => ("2025-04-19", "the day on which it happened"),
        "stance" => ("\"accepts\"", "how they stood to it"),
        "fresh" => ("\"15 min\"", "how old a reported position may be"),
        "authority" => ("\"...\"", "the code of who decides whether the gate is met"),
        "then" => ("\"...\"", "what follows once the gate is met"),
        "window" => ("\"14 days\"", "the time over which it is counted"),
        _ => return format!("add a line `{key} = ...`"),
    };
    format!("add a line `{key} = {example}`: {meaning}")
}

/// Every key that nobody asked for is reported, and every key that is missing: a key that is only misspelt, or has a
/// number before it, is told once.
impl Drop for Table<'_> {
    fn drop(&mut self) {
        let asked = self.asked.borrow();
        let mut missing = self.missing.borrow().clone();
        // None asked: a table with free keys, or one that was given up before it was read.
        let unknown = self.table.iter().filter(|(key, _)| {
            let name: &str = key.get_ref();
            !asked.is_empty() && !asked.contains(&name)
        });
        for (key, value) in unknown {
            let name: &str = key.get_ref();
            let message = format!("the key `{name}` is not known here");
            let (message, help) = match value.get_ref() {
                // `1. rule = "prohibits"`: to a parser, the key `rule` of a part `1`.
                DeValue::Table(part) if name.bytes().all(|byte| byte.is_ascii_digit()) => {
                    missing.retain(|(key, _)| part.get(*key).is_none());
                    (
                        format!("the number `{name}.` stands before a key"),
                        "delete it: lines have no numbers".to_owned(),
                    )
                }
                _ => {
                    // One that is missing is meant rather than one that is there.
                    let absent = missing.iter().map(|(key, _)| *key);
                    let near = nearest(name, absent).map(|near| format!("did you mean `{near}`?"));
                    let help = near.unwrap_or_else(|| suggest(name, asked.iter().copied()));
                    missing.retain(|(key, _)| !help.contains(&format!("`{key}`")));
                    (message, help)
                }
            };
            self.paper.wrong(key.span(), message, "unknown", help);
        }
        for (key, help) in missing {
            self.paper.wrong(self.span(), format!("the key `{key}` is missing"), "in this part", help);
        }
    }
}

/// What stands behind a key. Every reader returns `None` after it has reported a mistake, and also, without
/// a further report, when the key is not there.
pub struct Field<'a> {
    paper: &'a Paper<'a>,
    key: Cow<'a, str>,
    value: Option<&'a Spanned<DeValue<'a>>>,
}

impl<'a> Field<'a> {
    /// Is there a value?
    pub fn is_some(&self) -> bool {
        self.value.is_some()
    }

    /// Is there a text (rather than a number, a list or nothing)?
    pub fn is_text(&self) -> bool {
        self.value.is_some_and(|value| value.get_ref().is_str())
    }

    /// Is there a table (rather than a single value or nothing)?
    pub fn is_table(&self) -> bool {
        self.value.is_some_and(|value| value.get_ref().is_table())
    }

    /// Is there a calendar day without a time of day?
    pub fn is_date(&self) -> bool {
        match self.value.map(Spanned::get_ref) {
            Some(DeValue::String(text)) => Date::parse(text).is_some(),
            Some(DeValue::Datetime(datetime)) => Date::parse(&datetime.to_string()).is_some(),
            _ => false,
        }
    }

    fn wrong<T>(&self, message: String, label: &str, help: impl Into<String>) -> Option<T> {
        if let Some(value) = self.value {
            self.paper.wrong(value.span(), message, label, help.into());
        }
        None
    }

    fn expected<T>(&self, what: &str, example: &str) -> Option<T> {
        if let DeValue::String(text) = self.value?.get_ref()
            && example.starts_with("20")
            && let Some(slip::Meant::Day(day)) = slip::meant(text)
            && day != text.trim()
        {
            let message = format!("`{}` is not written as a date is written here", self.key);
            return self.wrong(message, "year, month, day", format!("write: `{} = {day}`", self.key));
        }
        if let DeValue::String(text) = self.value?.get_ref()
            && example.starts_with("20")
            && let Some(meant @ (slip::Meant::Either | slip::Meant::Hour | slip::Meant::Days)) =
                slip::meant(text)
        {
            let (message, label) = match meant {
                slip::Meant::Days => ("it names more than one day", "which of them?"),
                slip::Meant::Either => ("nobody can tell the day from the month", "which is the day?"),
                _ => ("the hour cannot be read as it is written", "which hour, on which clock?"),
            };
            let help = format!("year, month, day and then the hour, for example: `{} = {example}`", self.key);
            return self.wrong(format!("`{}`: {message}", self.key), label, help);
        }
        // A share as people write it, between quotation marks.
        if let DeValue::String(text) = self.value?.get_ref()
            && example == "0.5"
            && let Some(share) = slip::share(text)
        {
            let help =
                format!("a point before the decimals, no quotation marks; write: `{} = {share}`", self.key);
            return self.wrong(format!("`{}` must be {what}", self.key), "this is a text", help);
        }
        // A year, a month, or eight digits are no day.
        if let DeValue::Integer(number) = self.value?.get_ref()
            && example.starts_with("20")
        {
            let digits = number.as_str();
            let day = (digits.len() == 8)
                .then(|| format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]))
                .filter(|day| Date::parse(day).is_some());
            let help = match (day, digits.len()) {
                (Some(day), _) => format!("write: `{} = {day}`", self.key),
                (None, 4) => {
                    format!(
                        "a year alone is no day: year, month, day, for example: `{} = {digits}-04-19`",
                        self.key
                    )
                }
                (None, _) => format!("for example: `{} = {example}`", self.key),
            };
            return self.wrong(format!("`{}` must be {what}", self.key), "no whole day", help);
        }
        // A number, or true, between quotation marks.
        if let DeValue::String(text) = self.value?.get_ref()
            && example.starts_with(|c: char| c.is_ascii_digit() || c == 't')
            && !example.starts_with("20")
            && (fixed_point(text.trim(), 6).is_some() || matches!(text.trim(), "true" | "false"))
        {
            let help = format!("no quotation marks around it; write: `{} = {}`", self.key, text.trim());
            return self.wrong(format!("`{}` must be {what}", self.key), "this is a text", help);
        }
        let found = match self.value?.get_ref() {
            DeValue::String(_) if example.starts_with("20") => "no day or hour of any calendar", // a date, a time
            DeValue::String(_) => "a text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let message = format!("`{}` must be {what}", self.key);
        self.wrong(message, &format!("this is {found}"), format!("for example: `{} = {example}`", self.key))
    }

    fn at<T>(&self, value: T) -> Option<At<T>> {
        Some(At { value, span: self.value?.span() })
    }

    /// A text that is not blank.
    pub fn text(&self) -> Option<At<&'a str>> {
        match self.value?.get_ref() {
            DeValue::String(text) if text.trim().is_empty() => {
                self.wrong(format!("`{}` is empty", self.key), "nothing here", "fill it in, or leave it out")
            }
            DeValue::String(text) => self.at(text.as_ref()),
            _ => self.expected("a text", "\"...\""),
        }
    }

    /// A short code that other parts of the file refer to: letters, digits, `-`, `_`, `.`, no blanks.
    pub fn code(&self) -> Option<At<&'a str>> {
        let text = self.text()?;
        if text.value.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) {
            return Some(text);
        }
        let message = format!("`{}` must be one short word", self.key);
        let joined = |c: char| if c.is_alphanumeric() || matches!(c, '_' | '.') { c } else { '-' };
        let meant: String = text.value.trim().chars().map(joined).collect();
        let help = format!(
            "a code is made of letters, digits and hyphens, without blanks; write: `{} = \"{meant}\"`",
            self.key
        );
        self.wrong(message, "a blank or a mark is in it", help)
    }

    /// A whole number within limits.
    pub fn integer(&self, limits: RangeInclusive<i64>) -> Option<At<i64>> {
        let DeValue::Integer(number) = self.value?.get_ref() else {
            return self.expected("a whole number", &limits.start().to_string());
        };
        let number = i64::from_str_radix(number.as_str(), number.radix()).ok();
        match number.filter(|number| limits.contains(number)) {
            Some(number) => self.at(number),
            None => self.outside(&limits.start().to_string(), &limits.end().to_string()),
        }
    }

    /// A decimal number as an integer in units of `10^-places`: `0.95` with 3 places is 950. Exact: digits
    /// beyond `places` are a mistake. The limits are in those units.
    pub fn decimal(&self, places: u32, limits: RangeInclusive<i64>) -> Option<At<i64>> {
        let (text, radix) = match self.value?.get_ref() {
            DeValue::Integer(number) => (number.as_str(), number.radix()),
            DeValue::Float(number) => (number.as_str(), 10),
            _ => return self.expected("a number", "0.5"),
        };
        let show = |units: i64| show_decimal(units, places);
        match (radix == 10).then(|| fixed_point(text, places)).flatten() {
            Some(units) if limits.contains(&units) => self.at(units),
            Some(_) if *limits.end() <= 10_i64.pow(places) => {
                let (least, most) = (show(*limits.start()), show(*limits.end()));
                let message = format!("`{}` is out of range", self.key);
                let help = format!("it is a part of one, {least} to {most}: 90 per cent is written 0.9");
                self.wrong(message, "", help)
            }
            Some(_) => self.outside(&show(*limits.start()), &show(*limits.end())),
            None => {
                let message = format!("`{}` is a number that cannot be used exactly", self.key);
                let help = format!("write plain digits, at most {places} after the point");
                self.wrong(message, "", help)
            }
        }
    }

    fn outside<T>(&self, least: &str, most: &str) -> Option<T> {
        let message = format!("`{}` is out of range", self.key);
        self.wrong(message, "", format!("it must be {least} to {most}"))
    }

    /// `true` or `false`.
    pub fn flag(&self) -> Option<At<bool>> {
        match self.value?.get_ref() {
            DeValue::Boolean(flag) => self.at(*flag),
            _ => self.expected("true or false", "true"),
        }
    }

    /// One of a closed list of words, such as [`crate::observation::Act::NAMES`].
    pub fn one_of<T: Copy>(&self, words: &[(&'static str, T)]) -> Option<At<T>> {
        let text = self.text()?;
        match words.iter().find(|(word, _)| *word == text.value) {
            Some((_, value)) => self.at(*value),
            None => {
                let help = suggest(text.value, words.iter().map(|(word, _)| *word));
                self.wrong(
                    format!("\"{}\" is not one of the words for `{}`", text.value, self.key),
                    "not known",
                    help,
                )
            }
        }
    }

    /// A calendar day: `2025-04-19`, with or without quotation marks.
    pub fn date(&self) -> Option<At<Date>> {
        let date = match self.value?.get_ref() {
            DeValue::String(text) => Date::parse(text),
            DeValue::Datetime(datetime) => Date::parse(&datetime.to_string()),
            _ => None,
        };
        match date {
            Some(date) => self.at(date),
            None => self.expected("a day that exists", "2025-04-19"),
        }
    }

    /// A moment. One without an offset is read on `clock`; without a clock it is a mistake, because guessing
    /// would move it by hours.
    pub fn time(&self, clock: Option<Zone>) -> Option<At<Time>> {
        let text = match self.value?.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(datetime) => datetime.to_string(),
            _ => return self.expected("a date and time", "2025-04-19T18:00:00+03:00"),
        };
        if let Some(time) = Time::parse(&text) {
            return self.at(time);
        }
        // Read it on any clock to tell a missing offset from a text that is no time at all.
        match (clock, Time::parse_local(&text, 0)) {
            (Some(clock), Some(_)) => clock.parse_local(&text).and_then(|time| self.at(time)),
            (None, Some(_)) => {
                let message = format!("`{}` does not say on which clock", self.key);
                let help = format!(
                    "add an offset, such as `{text}+03:00`, or a line `clock = \"Europe/Kyiv\"` before it"
                );
                self.wrong(message, "no offset from UTC", help)
            }
            (_, None) => self.expected("a date and time that exist", "2025-04-19T18:00:00+03:00"),
        }
    }

    /// The whole of a calendar day on `clock`; without a clock it is a mistake.
    pub fn day(&self, clock: Option<Zone>) -> Option<At<Span>> {
        let date = self.date()?;
        match clock {
            Some(clock) => Some(date.map(|date| clock.day(date))),
            None => {
                let message = format!("`{}` does not say on which clock the day is meant", self.key);
                let help = "add a line `clock = \"Europe/Kyiv\"` before it, or give the time with its offset";
                self.wrong(message, "a day, but whose?", help)
            }
        }
    }

    /// A length of time: `"30 h"`, `"30 days"`, `"10 min"`, `"5 s"`.
    pub fn duration(&self) -> Option<At<Micros>> {
        let units: [(&str, Micros); 8] = [
            ("s", SECOND),
            ("min", MINUTE),
            ("h", HOUR),
            ("hour", HOUR),
            ("hours", HOUR),
            ("d", DAY),
            ("day", DAY),
            ("days", DAY),
        ];
        self.quantity(&units, "a length of time", "\"24 h\"")
    }

    /// A distance: `"25 km"`, `"500 m"`, `"10 nm"` (nautical miles of 1,852 m), in millimetres.
    pub fn length(&self) -> Option<At<Mm>> {
        let units = [("km", KM), ("m", METRE), ("nm", 1_852 * METRE)];
        self.quantity(&units, "a distance with its unit", "\"25 km\"")
    }

    fn quantity(&self, units: &[(&str, i64)], what: &str, example: &str) -> Option<At<i64>> {
        let unit_of_example = example.trim_matches('"').split(' ').next_back().unwrap_or_default();
        let text = match self.value?.get_ref() {
            DeValue::String(text) => text.as_ref(),
            DeValue::Integer(number) => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => return self.expected(what, example),
        };
        let text = text.trim();
        if fixed_point(text, 3).is_some() {
            let names: Vec<&str> = units.iter().map(|(name, _)| *name).collect();
            let help = format!(
                "a number with its unit stands in quotation marks, such as `{} = \"{text} {unit_of_example}\"`; units \
                 are {}",
                self.key,
                names.join(", ")
            );
            return self.wrong(format!("`{}` has no unit", self.key), "of what?", help);
        }
        let of_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
        let digits = text.len() - text.trim_start_matches(of_number).len();
        let (number, unit) = text.split_at(digits);
        let minus = |c: char| matches!(c, '-' | '\u{2212}' | '\u{2013}');
        if number.is_empty() && text.trim_start_matches(minus).starts_with(|c: char| c.is_ascii_digit()) {
            let help = format!("write it without the sign, for example: `{} = {example}`", self.key);
            return self.wrong(format!("`{}` is less than nothing", self.key), "this sign", help);
        }
        if number.is_empty() {
            let message = format!("`{}` has no number in figures", self.key);
            let help = format!("write the number in figures, with its unit: `{} = {example}`, say", self.key);
            return self.wrong(message, "in words", help);
        }
        if unit.trim_start().starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '–' | '—' | '/'))
        {
            return self.wrong_number(text, example);
        }
        let factor = units.iter().find(|(name, _)| *name == unit.trim()).map(|(_, factor)| *factor);
        // Three places are exact in every unit: a thousandth of a metre is the unit of length.
        match (fixed_point(number, 3), factor) {
            (Some(thousandths), Some(factor)) => match thousandths.checked_mul(factor) {
                Some(product) if product % 1_000 == 0 => self.at(product / 1_000),
                _ => self.expected(what, example),
            },
            // A unit by another name.
            (Some(_), None) => {
                let names: Vec<&str> = units.iter().map(|(name, _)| *name).collect();
                let message = format!("`{}` has a unit that is not known, `{}`", self.key, unit.trim());
                let bare = unit.trim().trim_end_matches('.');
                let known = names.iter().copied().find(|name| *name == bare);
                let meant = known.or_else(|| named(unit.trim())).filter(|meant| names.contains(meant));
                let weeks = names.contains(&"days").then(|| weeks(number, bare)).flatten();
                let help = match (meant, weeks) {
                    (Some(meant), _) => format!("write: `{} = \"{number} {meant}\"`", self.key),
                    (None, Some(days)) => {
                        format!("a week is seven days; write: `{} = \"{days} days\"`", self.key)
                    }
                    (None, None) => {
                        format!("units are {}, for example: `{} = {example}`", names.join(", "), self.key)
                    }
                };
                self.wrong(message, "this unit", help)
            }
            // A comma in place of the point.
            (None, _) if number.is_empty() || !text.contains(',') => self.expected(what, example),
            (None, _) => {
                let message = format!("`{}` must be {what}", self.key);
                let help = format!("write: `{} = \"{}\"`", self.key, text.replace(',', "."));
                self.wrong(message, "a comma before the decimals", help)
            }
        }
    }

    /// A number with a blank between its thousands, two numbers, or a fraction, in the place of one number.
    fn wrong_number<T>(&self, text: &str, example: &str) -> Option<T> {
        let (digits, unit): (String, String) =
            text.chars().partition(|c| c.is_ascii_digit() || matches!(c, ' ' | '.' | ','));
        let message = format!("`{}` must be one number with its unit", self.key);
        if text.contains(['-', '–', '—', '/']) {
            let help = format!(
                "a length is one number, without a range and without a fraction, for example: `{} = {example}`; \
                 what the text leaves open goes under `not_known`",
                self.key
            );
            return self.wrong(message, "more than one number", help);
        }
        let help = format!(
            "no blanks between thousands; write: `{} = \"{} {unit}\"`",
            self.key,
            digits.replace(' ', "")
        );
        self.wrong(message, "a blank in the number", help)
    }

    /// The items of a list, each to be read on its own.
    pub fn list(&self) -> Option<At<Vec<Field<'a>>>> {
        let DeValue::Array(items) = self.value?.get_ref() else {
            return self.expected("a list", "[...]");
        };
        self.at(items.iter().map(|item| self.item(item)).collect())
    }

    fn item(&self, value: &'a Spanned<DeValue<'a>>) -> Field<'a> {
        Field { paper: self.paper, key: self.key.clone(), value: Some(value) }
    }

    /// A list of texts; a single text counts as a list of one. Items that are no text are reported and left
    /// out. Empty when the key is not there.
    pub fn texts(&self) -> Vec<At<&'a str>> {
        self.items(Field::text)
    }

    /// A list of words out of a closed list; see [`Field::one_of`] and [`Field::texts`].
    pub fn many_of<T: Copy>(&self, words: &[(&'static str, T)]) -> Vec<At<T>> {
        self.items(|item| item.one_of(words))
    }

    fn items<T>(&self, read: impl Fn(&Field<'a>) -> Option<T>) -> Vec<T> {
        match self.value.map(Spanned::get_ref) {
            None => Vec::new(),
            Some(DeValue::String(_)) => read(self).into_iter().collect(),
            Some(DeValue::Array(items)) => items.iter().filter_map(|item| read(&self.item(item))).collect(),
            Some(_) => self.expected::<T>("a list of texts", "[\"...\"]").into_iter().collect(),
        }
    }

    /// A table: `[key]` or `{ ... }`.
    pub fn table(&self) -> Option<Table<'a>> {
        let value = self.value?;
        match value.get_ref() {
            DeValue::Table(table) => {
                let (asked, missing) = (RefCell::default(), RefCell::default());
                Some(Table { paper: self.paper, table, span: value.span(), asked, missing })
            }
            _ => {
                let message = format!("`{}` must be a part of its own, with keys in it", self.key);
                let help = format!(
                    "write `{0} = {{ ... }}`, or start it with a line `[{0}]` or `[[{0}]]`",
                    self.key
                );
                self.wrong(message, "a value without a key", help)
            }
        }
    }

    /// Entries that each start with `[[key]]`. Empty when there are none.
    pub fn tables(&self) -> Vec<Table<'a>> {
        match self.value.map(Spanned::get_ref) {
            None => Vec::new(),
            Some(DeValue::Array(items)) => items.iter().filter_map(|item| self.item(item).table()).collect(),
            Some(DeValue::Table(_)) => {
                let message = format!("there may be several of `{}`", self.key);
                let help = format!("write `[[{0}]]` with two brackets instead of `[{0}]`", self.key);
                self.wrong::<()>(message, "one bracket", help);
                Vec::new()
            }
            Some(_) => self.table().into_iter().collect(),
        }
    }
}

/// The unit of a file by another name of it.
fn named(unit: &str) -> Option<&'static str> {
    Some(match unit.trim_end_matches('.').to_lowercase().as_str() {
        "sec" | "secs" | "second" | "seconds" | "с" | "сек" | "секунд" | "секунди" | "секунды" => {
            "s"
        }
        "mins" | "minute" | "minutes" | "хв" | "хвилин" | "хвилини" | "мин" | "минут" | "минуты" => {
            "min"
        }
        "hr" | "hrs" | "год" | "година" | "години" | "годин" | "ч" | "час" | "часа" | "часов" => {
            "h"
        }
        "calendar days"
        | "календарних днів"
        | "календарных дней"
        | "день"
        | "дні"
        | "днів"
        | "доба"
        | "доби"
        | "діб"
        | "дня"
        | "дней"
        | "сутки"
        | "суток" => "days",
        "kms"
        | "kilometre"
        | "kilometres"
        | "kilometer"
        | "kilometers"
        | "км"
        | "кілометр"
        | "кілометри"
        | "кілометрів"
        | "километр"
        | "километра"
        | "километров" => "km",
        "metre" | "metres" | "meter" | "meters" | "м" | "метри" | "метрів" | "метра" | "метров" => {
            "m"
        }
        "nmi" | "nautical mile" | "nautical miles" | "морських миль" | "морских миль" => {
            "nm"
        }
        _ => return None,
    })
}

/// Weeks as days.
fn weeks(number: &str, unit: &str) -> Option<u32> {
    let week = ["w", "week", "weeks", "тиждень", "тижні", "тижнів", "неделя", "недели", "недель"];
    number.parse::<u32>().ok().filter(|_| week.contains(&&*unit.to_lowercase()))?.checked_mul(7)
}

/// The day, with its hour if it has one, that is meant by a text such as `19.04.2025` or `2025-4-9`, as files need it;
/// `None` where none is, or where it cannot be told (`04/05/2025`).
pub fn date_meant(text: &str) -> Option<String> {
    match slip::meant(text)? {
        slip::Meant::Day(day) => Some(day),
        slip::Meant::Either | slip::Meant::Hour | slip::Meant::Days | slip::Meant::None => None,
    }
}

/// "did you mean" with the nearest of the known words, or the list of them.
fn suggest<'k>(word: &str, known: impl IntoIterator<Item = &'k str> + Clone) -> String {
    if let Some(latin) = slip::latin(word).filter(|latin| known.clone().into_iter().any(|name| name == latin))
    {
        return format!("type `{latin}` again: a letter of it is not Latin and only looks so");
    }
    let plain = word.replace(slip::hidden, "");
    if plain != word && known.clone().into_iter().any(|name| name == plain.trim()) {
        return format!("type `{}` again: there is a character in it that cannot be seen", plain.trim());
    }
    // `"a, b"`, `"a and b"`: a list in one pair of quotation marks.
    let commas = [" and ", " & ", " і ", " та ", " и ", "/"]
        .iter()
        .fold(String::from(word), |all, and| all.replace(and, ","));
    let parts: Vec<&str> = commas.split([',', ';']).map(str::trim).collect();
    if parts.len() > 1 && parts.iter().all(|part| known.clone().into_iter().any(|name| name == *part)) {
        return format!("each stands in quotation marks of its own: write `[\"{}\"]`", parts.join("\", \""));
    }
    match nearest_all(word, known.clone()).as_slice() {
        [] => {}
        near => return format!("did you mean `{}`?", near.join("` or `")),
    }
    let mut known: Vec<&str> = known.into_iter().collect();
    known.sort_unstable();
    known.dedup();
    match known.as_slice() {
        [] => "none has been given".to_owned(),
        [one] => format!("the only one known is `{one}`"),
        many => format!("known are: {}", many.join(", ")),
    }
}

/// The word that was most likely meant: the fewest letters changed, at most a third of them; the first in
/// the alphabet among equals.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    nearest_all(word, known).first().copied()
}

/// All words that are equally near, in the order of the alphabet: to name one of two would favour it.
fn nearest_all<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Vec<&'k str> {
    let folded = word.to_lowercase();
    let mut near: Vec<(usize, &str)> = known
        .into_iter()
        .filter(|candidate| *candidate != word)
        .map(|candidate| (edits(&folded, &candidate.to_lowercase()), candidate))
        .filter(|(edits, candidate)| {
            let longer = word.chars().count().max(candidate.chars().count());
            *edits <= (longer / 3).max(1) && *edits < longer
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    let least = near.first().map_or(0, |(edits, _)| *edits);
    near.into_iter().take_while(|(edits, _)| *edits == least).map(|(_, candidate)| candidate).collect()
}

/// Letters to insert, delete, replace or exchange with their neighbour (optimal string alignment).
fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let above = &rows[i - 1];
            let replaced = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

/// `-12.5` with 3 places is -12,500; `None` for more places, exponents, and what does not fit.
fn fixed_point(text: &str, places: u32) -> Option<i64> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let fraction = fraction.trim_end_matches('0');
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || fraction.len() > places as usize {
        return None;
    }
    let scale = 10_i64.checked_pow(places)?;
    let missing = 10_i64.checked_pow(places - fraction.len() as u32)?;
    let fraction = if fraction.is_empty() { 0 } else { fraction.parse::<i64>().ok()? };
    let units = whole.parse::<i64>().ok()?.checked_mul(scale)?.checked_add(fraction.checked_mul(missing)?)?;
    Some(sign * units)
}

fn show_decimal(units: i64, places: u32) -> String {
    let scale = 10_i64.pow(places);
    let (whole, fraction) = (units / scale, (units % scale).abs());
    let sign = if units < 0 && whole == 0 { "-" } else { "" };
    if fraction == 0 {
        return format!("{sign}{whole}");
    }
    let digits = format!("{fraction:0width$}", width = places as usize);
    format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
}

#[cfg(test)]
mod tests;
