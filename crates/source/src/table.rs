//! CSV tables (RFC 4180), row by row, with damage contained in the row.
//!
//! A quoted field may run over several lines, at most [`MAX_LINES`]. A quote that isn't closed by then, or is
//! closed in the middle of a field, or gives a row of the wrong width, is taken for a mistake in the record's
//! *first line*: that line is set aside and reading goes on at the next. So an unclosed quote costs one line.

use std::io::BufRead;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

use crate::cell::{Cell, Fault, excerpt, nearest};
use crate::lines::{Line, Lines, text, too_long, unreadable};
use crate::run::Run;
use crate::{Cause, MAX_RECORD};

/// The most lines that one record may run over.
const MAX_LINES: usize = 64;

/// A table whose header has been read.
pub(crate) struct Table<'i> {
    lines: Lines<'i>,
    header: Vec<String>,
    fields: Fields,
    raw: Vec<u8>,
    done: bool,
}

/// One row.
#[derive(Clone, Copy)]
pub(crate) struct Row<'t> {
    pub(crate) line: u64,
    pub(crate) raw: &'t [u8],
    header: &'t [String],
    fields: &'t Fields,
}

impl<'t> Row<'t> {
    /// The value in a column by number (from 0), without the spaces around it.
    pub(crate) fn cell(&self, column: usize) -> Cell<'t> {
        let name = self.header.get(column).map_or("", String::as_str);
        Cell { text: self.fields.get(column).trim(), name, column: Some(column as u64 + 1) }
    }

    /// The value in a column that a file may lack or leave empty.
    pub(crate) fn optional(&self, name: &str) -> Option<Cell<'t>> {
        let column = self.header.iter().position(|known| known == name)?;
        Some(self.cell(column)).filter(|cell| !cell.text.is_empty())
    }

    /// All values that aren't empty.
    pub(crate) fn cells(&self) -> impl Iterator<Item = Cell<'t>> {
        let row = *self;
        (0..self.header.len()).map(move |column| row.cell(column)).filter(|cell| !cell.text.is_empty())
    }
}

impl<'i> Table<'i> {
    /// Read the header and find the columns that must be there. Others may be there too.
    pub(crate) fn open<const N: usize>(
        input: &'i mut dyn BufRead,
        run: &mut Run<'_>,
        columns: [&'static str; N],
    ) -> Option<(Self, [usize; N])> {
        let mut table = Self {
            lines: Lines::new(input),
            header: Vec::new(),
            fields: Fields::default(),
            raw: Vec::new(),
            done: false,
        };
        let found = table.read_header().and_then(|()| table.find(columns));
        match found {
            Ok(found) => Some((table, found)),
            Err(fault) => {
                run.stop(1, fault);
                None
            }
        }
    }

    /// A table whose columns must all be known; `required` must be there.
    pub(crate) fn open_strict<const N: usize>(
        input: &'i mut dyn BufRead,
        run: &mut Run<'_>,
        required: [&'static str; N],
        known: &[&'static str],
    ) -> Option<(Self, [usize; N])> {
        let (table, columns) = Self::open(input, run, required)?;
        match unknown(table.header.iter().map(String::as_str), known, "column") {
            Some(fault) => {
                run.stop(1, fault);
                None
            }
            None => Some((table, columns)),
        }
    }

    fn read_header(&mut self) -> Result<(), Fault> {
        let line = loop {
            match self.lines.next().map_err(|error| unreadable(&error))? {
                None => return Err(Fault::new(Cause::CutShort, "the file is empty".into())),
                Some((_, Line::TooLong(bytes))) => return Err(too_long(bytes)),
                Some((_, Line::Text(line))) if line.iter().all(u8::is_ascii_whitespace) => {}
                Some((_, Line::Text(line))) => break line,
            }
        };
        self.header = header(&line)?;
        Ok(())
    }

    fn find<const N: usize>(&self, wanted: [&'static str; N]) -> Result<[usize; N], Fault> {
        let position = |name: &str| self.header.iter().position(|known| known == name);
        let missing: Vec<&str> = wanted.into_iter().filter(|name| position(name).is_none()).collect();
        if missing.is_empty() {
            return Ok(wanted.map(|name| position(name).unwrap_or_default()));
        }
        let spare = || self.header.iter().map(String::as_str).filter(|name| !wanted.contains(name));
        let named = missing.iter().map(|name| match nearest(name, spare()) {
            Some(near) => format!("`{name}` (the file has `{near}`: did you mean that?)"),
            None => format!("`{name}`"),
        });
        let columns = named.collect::<Vec<_>>().join(", ");
        Err(Fault::new(Cause::Columns, format!("the header lacks the column {columns}")))
    }

    /// The next row that holds together; rows that don't are set aside on the way.
    pub(crate) fn next(&mut self, run: &mut Run<'_>) -> Option<Row<'_>> {
        while !self.done {
            let number = self.lines.number();
            match self.lines.next() {
                Err(error) => {
                    self.done = true;
                    run.stop(number, unreadable(&error));
                }
                Ok(None) => self.done = true,
                Ok(Some((line, Line::TooLong(bytes)))) => run.reject(line, too_long(bytes)),
                Ok(Some((_, Line::Text(first)))) if first.iter().all(u8::is_ascii_whitespace) => {}
                Ok(Some((line, Line::Text(first)))) => match self.record(first) {
                    Ok(()) => {
                        let (raw, header, fields) = (&self.raw, &self.header, &self.fields);
                        return Some(Row { line, raw, header, fields });
                    }
                    Err(fault) => run.reject(line, fault),
                },
            }
        }
        None
    }

    /// Complete a record that starts with this line, into `raw` and `fields`.
    fn record(&mut self, first: Vec<u8>) -> Result<(), Fault> {
        self.raw = first;
        let mut quotes = Quotes::Start.after(&self.raw);
        let mut more = Vec::new();
        let mut whole = Ok(());
        while quotes == Quotes::Inside {
            // An error of reading will come again for the next row, and is reported there.
            let Ok(Some((number, line))) = self.lines.next() else {
                whole = Err("is not closed before the file ends");
                break;
            };
            more.push((number, line));
            let Some((_, Line::Text(line))) = more.last() else {
                whole = Err("is not closed on its line");
                break;
            };
            if more.len() >= MAX_LINES || self.raw.len() + line.len() > MAX_RECORD {
                whole = Err("is not closed within 64 lines or 1 MiB");
                break;
            }
            self.raw.push(b'\n');
            self.raw.extend_from_slice(line);
            quotes = quotes.after(b"\n").after(line);
        }
        if quotes == Quotes::Misplaced {
            whole = Err("is closed in the middle of a field (double the quotation marks inside a text)");
        }
        let made = match whole {
            Ok(()) => self.fields.split(&self.raw, self.header.len()),
            Err(how) => Err(Fault::new(Cause::Quotes, format!("a quotation mark of this line {how}"))),
        };
        if made.is_err() {
            self.lines.put_back(more);
        }
        made
    }
}

/// The names in a header line: lower case, none empty, none twice.
pub(crate) fn header(line: &[u8]) -> Result<Vec<String>, Fault> {
    let fault = |reason: String| Fault::new(Cause::Columns, reason);
    if !matches!(Quotes::Start.after(line), Quotes::Start | Quotes::Plain | Quotes::Closed) {
        return Err(Fault::new(Cause::Quotes, "a quotation mark of the header is not closed".into()));
    }
    let mut fields = Fields::default();
    fields.split(line, 0)?;
    let names: Vec<String> =
        (0..fields.ends.len()).map(|column| fields.get(column).trim().to_lowercase()).collect();
    if let [only] = &names[..] {
        for (separator, name) in [(';', "semicolons"), ('\t', "tabs")] {
            if only.contains(separator) {
                return Err(fault(format!("the columns are separated by {name}; export them with commas")));
            }
        }
    }
    for (column, name) in names.iter().enumerate() {
        if name.is_empty() {
            return Err(fault(format!("column {} has no name", column + 1)));
        }
        if names[..column].contains(name) {
            return Err(fault(format!("the column `{}` is there twice", excerpt(name))));
        }
    }
    Ok(names)
}

/// A fault that names what isn't known, if anything isn't.
pub(crate) fn unknown<'n>(
    names: impl Iterator<Item = &'n str>,
    known: &[&'static str],
    what: &str,
) -> Option<Fault> {
    let named: Vec<String> = names
        .filter(|name| !known.contains(name))
        .map(|name| match nearest(name, known.iter().copied()) {
            Some(near) => format!("`{}` (did you mean `{near}`?)", excerpt(name)),
            None => format!("`{}`", excerpt(name)),
        })
        .take(20)
        .collect();
    (!named.is_empty()).then(|| {
        Fault::new(
            Cause::Columns,
            format!("unknown {what} {}; see docs/observation-format.md", named.join(", ")),
        )
    })
}

/// Where the quotation marks of a record stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Quotes {
    /// At the start of a field.
    Start,
    /// In a field without quotes, where a quotation mark means itself.
    Plain,
    /// In a quoted field.
    Inside,
    /// After a quotation mark in a quoted field: the end of it, or half of a doubled one.
    Closed,
    /// A quoted field went on after its end.
    Misplaced,
}

impl Quotes {
    fn after(self, bytes: &[u8]) -> Self {
        bytes.iter().fold(self, |state, byte| match (state, byte) {
            (Self::Misplaced, _) => Self::Misplaced,
            (Self::Inside, b'"') => Self::Closed,
            (Self::Inside, _) | (Self::Start | Self::Closed, b'"') => Self::Inside,
            (_, b',') => Self::Start,
            (Self::Closed, _) => Self::Misplaced,
            (Self::Start | Self::Plain, _) => Self::Plain,
        })
    }
}

/// The fields of one record.
struct Fields {
    reader: Reader,
    text: String,
    ends: Vec<usize>,
}

impl Default for Fields {
    fn default() -> Self {
        // Line ends have been dealt with: only the one added below ends a record.
        let reader = ReaderBuilder::new().terminator(Terminator::Any(b'\n')).build();
        Self { reader, text: String::new(), ends: Vec::new() }
    }
}

impl Fields {
    fn get(&self, column: usize) -> &str {
        let end = self.ends.get(column).copied().unwrap_or_default();
        let start = column.checked_sub(1).and_then(|before| self.ends.get(before).copied()).unwrap_or(0);
        self.text.get(start..end).unwrap_or_default()
    }

    /// Split a record into its fields; `width` of them, unless it is 0.
    fn split(&mut self, record: &[u8], width: usize) -> Result<(), Fault> {
        text(record)?;
        let mut line = record.to_vec();
        line.push(b'\n');
        let mut bytes = std::mem::take(&mut self.text).into_bytes();
        bytes.clear();
        bytes.resize(line.len(), 0);
        self.ends.clear();
        self.ends.resize(memchr::memchr_iter(b',', &line).count() + 2, 0);
        self.reader.reset();
        let (result, read, written, ends) = self.reader.read_record(&line, &mut bytes, &mut self.ends);
        bytes.truncate(written);
        self.ends.truncate(ends);
        self.text = String::from_utf8(bytes)
            .map_err(|_| Fault::new(Cause::Encoding, "not UTF-8; save the file as UTF-8".into()))?;
        if result != ReadRecordResult::Record || read != line.len() {
            return Err(Fault::new(Cause::Quotes, "the row does not hold together".into()));
        }
        if width != 0 && ends != width {
            let hint = if ends > width {
                "a comma inside a text needs quotation marks around the text"
            } else {
                "is the row cut short?"
            };
            return Err(Fault::new(
                Cause::Columns,
                format!("the row has {ends} fields and the header {width}; {hint}"),
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Context, Item, Profile};

    /// Each row as `line:a|b`, each rejection as `line!cause`, in order.
    fn table(bytes: &[u8]) -> Vec<String> {
        let (profile, context) = (Profile::new("test"), Context::default());
        let seen = std::cell::RefCell::new(Vec::new());
        let mut sink = |item| {
            if let Item::Rejected(rejected) = item {
                seen.borrow_mut().push(format!("{}!{}", rejected.line, rejected.cause.name()));
            }
        };
        let mut run = Run::new("test.csv", &profile, &context, &mut sink);
        let mut input = bytes;
        if let Some((mut table, [a, b])) = Table::open(&mut input, &mut run, ["a", "b"]) {
            while let Some(row) = table.next(&mut run) {
                seen.borrow_mut().push(format!("{}:{}|{}", row.line, row.cell(a).text, row.cell(b).text));
            }
        }
        seen.into_inner()
    }

    #[test]
    fn columns_go_by_name_and_blank_lines_are_no_rows() {
        assert_eq!(table(b"B,x,A\r\n1,2,3\r\n\r\n \"4\",5, 6 \r\n"), ["2:3|1", "4:6|\"4\""]);
        assert_eq!(table(b"a,b\n\"x, y\",\"say \"\"no\"\"\"\n"), ["2:x, y|say \"no\""]);
    }

    #[test]
    fn a_field_may_run_over_lines() {
        assert_eq!(table(b"a,b\n1,\"two\nlines\"\n3,4\n"), ["2:1|two\nlines", "4:3|4"]);
    }

    #[test]
    fn an_unclosed_quote_costs_one_line() {
        assert_eq!(table(b"a,b\n1,\"two\n3,4\n5,6\n"), ["2!quotes", "3:3|4", "4:5|6"]);
        // The next quoted field closes it in the wrong place.
        assert_eq!(table(b"a,b\n\"1\",\"two\n\"3\",\"4\"\n"), ["2!quotes", "3:3|4"]);
        // A later quote closes it properly, but the row gets too wide.
        assert_eq!(table(b"a,b\nx,1,\"two\n3,\"\n5,6\n"), ["2!columns", "3!quotes", "4:5|6"]);
        // Far beyond the limit of lines.
        let mut file = b"a,b\n1,\"two\n".to_vec();
        (0..1000).for_each(|_| file.extend_from_slice(b"3,4\n"));
        assert_eq!(table(&file).len(), 1001);
    }

    #[test]
    fn damage_stays_in_its_row() {
        assert_eq!(
            table(b"a,b\n1\n1,2,3\n1,\0\n1,\xff\n5,6"),
            ["2!columns", "3!columns", "4!encoding", "5!encoding", "6:5|6"]
        );
        assert_eq!(table(b"a,b\n\"x\"y,2\n5,6"), ["2!quotes", "3:5|6"]);
        let mut file = b"a,b\n".to_vec();
        file.resize(MAX_RECORD + 100, b'x');
        file.extend_from_slice(b"\n5,6\n");
        assert_eq!(table(&file), ["2!too-long", "3:5|6"]);
        // A quote opened just before an overlong line.
        let mut file = b"a,b\n1,\"2\n".to_vec();
        file.resize(MAX_RECORD + 100, b'x');
        file.extend_from_slice(b"\n5,6\n");
        assert_eq!(table(&file), ["2!quotes", "3!too-long", "4:5|6"]);
    }

    #[test]
    fn headers_speak() {
        let reason = |line: &[u8]| header(line).unwrap_err().reason;
        assert!(reason(b"a;b").contains("semicolons"));
        assert!(reason(b"a\tb").contains("tabs"));
        assert!(reason(b"a,A").contains("twice"));
        assert!(reason(b"a,,b").contains("column 2 has no name"));
        assert!(reason(b"a,\"b").contains("not closed"));
        assert_eq!(table(b""), ["1!cut-short"]);
        assert_eq!(table(b"a,c\n1,2\n"), ["1!columns"]);
    }
}
