//! JSON, element by element, with damage contained in the element.

use std::io::{self, BufRead, Read};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::cell::{Fault, excerpt};
use crate::lines::{text, unreadable};
use crate::run::Run;
use crate::{Cause, MAX_MAP, MAX_RECORD};

/// Deeper than this is damage (and beyond what the parser takes).
const MAX_DEPTH: usize = 100;

/// Cuts a list of objects into its elements without holding more than one of them.
///
/// The list is the whole document, or the value of one key of it. An element that is broken costs itself
/// only: two rules tell where the next one starts. A string never runs over a line end, and inside an object
/// a brace or bracket follows a colon.
pub(crate) struct Elements<'i> {
    input: &'i mut dyn BufRead,
    key: Option<&'static str>,
    state: State,
    peeked: Option<u8>,
    at: Position,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    Inside,
    /// After damage: look for a line that starts with a brace.
    Lost,
    Done,
}

/// Where a byte stands, both from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Position {
    pub(crate) line: u64,
    pub(crate) column: u64,
}

/// One element of the list, as delivered.
pub(crate) struct Element {
    pub(crate) start: Position,
    pub(crate) raw: Vec<u8>,
}

impl Element {
    /// The element as an object.
    pub(crate) fn object(&self) -> Result<Object, Fault> {
        Object::parse(&self.raw).map_err(|fault| {
            // The parser counts from the element's brace.
            let line = fault.line.map(|line| self.start.line + line - 1);
            let before = if fault.line == Some(1) { self.start.column - 1 } else { 0 };
            Fault { line, column: fault.column.map(|column| before + column), ..fault }
        })
    }
}

/// An object's keys and values in their order.
pub(crate) struct Object(pub(crate) Vec<(String, Value)>);

impl Object {
    /// Parse one object; no key may be there twice.
    pub(crate) fn parse(raw: &[u8]) -> Result<Self, Fault> {
        text(raw)?;
        let object: Self = serde_json::from_slice(raw).map_err(|error| {
            let (line, column) = (error.line().max(1) as u64, error.column() as u64);
            Fault { line: Some(line), column: Some(column), ..broken(&error) }
        })?;
        let mut keys: Vec<&str> = object.0.iter().map(|(key, _)| key.as_str()).collect();
        keys.sort_unstable();
        match keys.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => {
                Err(Fault::new(Cause::Columns, format!("the key `{}` is there twice", excerpt(pair[0]))))
            }
            None => Ok(object),
        }
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Object;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Object(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// What a parser's error means. Its own words may quote the file, so they aren't used.
fn broken(error: &serde_json::Error) -> Fault {
    let reason = match error.classify() {
        serde_json::error::Category::Eof => "the JSON ends in the middle here",
        serde_json::error::Category::Data => "the JSON is not of the expected shape here",
        _ => "the JSON is broken here",
    };
    Fault::new(Cause::Json, reason.into())
}

impl<'i> Elements<'i> {
    /// The elements of the list under `key` of the document, or of the document itself.
    pub(crate) fn new(input: &'i mut dyn BufRead, key: Option<&'static str>) -> Self {
        Self { input, key, state: State::Before, peeked: None, at: Position { line: 1, column: 0 } }
    }

    /// The next element; what is broken is set aside on the way.
    pub(crate) fn next(&mut self, run: &mut Run<'_>) -> Option<Element> {
        while self.state != State::Done {
            match self.advance() {
                Ok(Some(Ok(element))) => return Some(element),
                Ok(Some(Err(fault))) => run.reject(self.at.line, fault),
                Ok(None) => {}
                Err(error) => {
                    self.state = State::Done;
                    run.stop(self.at.line, unreadable(&error));
                }
            }
        }
        None
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        if let Some(byte) = self.peeked.take() {
            return Ok(Some(byte));
        }
        let byte = loop {
            match self.input.fill_buf() {
                Ok(chunk) => break chunk.first().copied(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        };
        if byte.is_some() {
            self.input.consume(1);
            self.at.column += 1;
        }
        Ok(byte)
    }

    /// Pass over bytes up to one of these, which stays; hand each stretch of them to `held`.
    fn pass(&mut self, stops: [u8; 3], mut held: impl FnMut(&[u8])) -> io::Result<()> {
        if self.peeked.is_some() {
            return Ok(());
        }
        loop {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let stop = memchr::memchr3(stops[0], stops[1], stops[2], chunk);
            let passed = stop.unwrap_or(chunk.len());
            held(&chunk[..passed]);
            let ended = stop.is_some() || chunk.is_empty();
            self.input.consume(passed);
            self.at.column += passed as u64;
            if ended {
                return Ok(());
            }
        }
    }

    fn line_end(&mut self) {
        self.at = Position { line: self.at.line + 1, column: 0 };
    }

    fn here(&self, cause: Cause, reason: &str) -> Fault {
        Fault {
            line: Some(self.at.line),
            column: Some(self.at.column.max(1)),
            ..Fault::new(cause, reason.to_string())
        }
    }

    fn advance(&mut self) -> io::Result<Option<Result<Element, Fault>>> {
        match self.state {
            State::Before => match self.find_list()? {
                true => self.state = State::Inside,
                false => {
                    self.state = State::Done;
                    let missing = match self.key {
                        Some(key) => format!("the document has no list `{key}`; is the format right?"),
                        None => "the document is not a list of objects; is the format right?".into(),
                    };
                    return Ok(Some(Err(self.here(Cause::Json, &missing))));
                }
            },
            State::Inside => loop {
                match self.byte()? {
                    None => {
                        self.state = State::Done;
                        return Ok(Some(Err(
                            self.here(Cause::CutShort, "the file is cut off: the list is not closed")
                        )));
                    }
                    Some(b'\n') => self.line_end(),
                    Some(b' ' | b'\t' | b'\r' | b',') => {}
                    Some(b'{') => return self.element().map(Some),
                    Some(b']') => {
                        self.state = State::Done;
                        break;
                    }
                    Some(_) => {
                        self.state = State::Lost;
                        return Ok(Some(Err(
                            self.here(Cause::Json, "an object should start here; skipped to the next")
                        )));
                    }
                }
            },
            State::Lost => {
                // On the rest of this line nothing can be trusted; on the next ones only a leading brace.
                let mut fresh = self.at.column == 0;
                loop {
                    match self.byte()? {
                        None => {
                            self.state = State::Done;
                            break;
                        }
                        Some(b'\n') => {
                            self.line_end();
                            fresh = true;
                        }
                        Some(b' ' | b'\t' | b'\r' | b',') => {}
                        Some(b'{') if fresh => {
                            self.state = State::Inside;
                            return self.element().map(Some);
                        }
                        Some(_) => {
                            fresh = false;
                            self.pass([b'\n'; 3], |_| {})?;
                        }
                    }
                }
            }
            State::Done => {}
        }
        Ok(None)
    }

    /// Read up to the list's opening bracket.
    fn find_list(&mut self) -> io::Result<bool> {
        let (mut depth, mut string, mut colon) = (0usize, Vec::new(), false);
        while let Some(byte) = self.byte()? {
            match byte {
                b'\n' => self.line_end(),
                b' ' | b'\t' | b'\r' => {}
                b'"' => {
                    let Some(found) = self.string()? else { return Ok(false) };
                    (string, colon) = (found, false);
                }
                b':' => colon = true,
                b'[' if depth == 0 => return Ok(self.key.is_none()),
                b'[' if depth == 1 && colon && self.key.is_some_and(|key| key.as_bytes() == string) => {
                    return Ok(true);
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => match depth.checked_sub(1) {
                    Some(outer) if outer > 0 => depth = outer,
                    _ => return Ok(false),
                },
                _ => colon = false,
            }
        }
        Ok(false)
    }

    /// The rest of a string that has been opened: its first 64 bytes, with escapes as they are.
    fn string(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut held = Vec::new();
        let mut escaped = false;
        while let Some(byte) = self.byte()? {
            match byte {
                b'\n' => return Ok(None),
                b'"' if !escaped => return Ok(Some(held)),
                _ if held.len() < 64 => held.push(byte),
                _ => {}
            }
            escaped = byte == b'\\' && !escaped;
        }
        Ok(None)
    }

    /// The rest of an element whose brace has been read.
    fn element(&mut self) -> io::Result<Result<Element, Fault>> {
        let start = self.at;
        let fault = |cause, reason: &str| Fault {
            line: Some(start.line),
            column: Some(start.column),
            ..Fault::new(cause, reason.into())
        };
        let mut raw = vec![b'{'];
        let mut open = vec![b'}']; // the brackets that are to come, the innermost last
        let (mut length, mut before, mut fresh) = (1u64, b'{', false);
        let (mut quoted, mut escaped) = (false, false);
        while let Some(expected) = open.last().copied() {
            if quoted && !escaped {
                self.pass([b'"', b'\\', b'\n'], |text| {
                    length += text.len() as u64;
                    hold(&mut raw, length, text);
                })?;
            }
            let Some(byte) = self.byte()? else {
                self.state = State::Done;
                return Ok(Err(fault(Cause::CutShort, "the file is cut off in the middle of this element")));
            };
            if byte == b'\n' {
                self.line_end();
                if quoted {
                    self.state = State::Lost;
                    return Ok(Err(fault(Cause::Json, "a string of this element is not closed on its line")));
                }
            }
            if !quoted && matches!(byte, b'{' | b'[') && expected == b'}' && before != b':' {
                if byte == b'{' && fresh {
                    self.peeked = Some(byte);
                } else {
                    self.state = State::Lost;
                }
                return Ok(Err(fault(Cause::Json, "a bracket of this element is not closed")));
            }
            length += 1;
            hold(&mut raw, length, &[byte]);
            match byte {
                _ if quoted => {
                    quoted = byte != b'"' || escaped;
                    escaped = byte == b'\\' && !escaped;
                }
                b'"' => quoted = true,
                b'{' => open.push(b'}'),
                b'[' => open.push(b']'),
                b'}' | b']' if byte == expected => _ = open.pop(),
                b'}' | b']' => {
                    self.state = State::Lost;
                    return Ok(Err(fault(Cause::Json, "the brackets of this element do not match")));
                }
                _ => {}
            }
            if open.len() > MAX_DEPTH {
                self.state = State::Lost;
                return Ok(Err(fault(Cause::Json, "this element is nested too deeply")));
            }
            fresh = byte == b'\n' || (fresh && byte.is_ascii_whitespace());
            if !byte.is_ascii_whitespace() {
                before = byte;
            }
        }
        if length > MAX_RECORD as u64 {
            let reason = format!("this element is {length} bytes long; the limit is {MAX_RECORD}");
            return Ok(Err(fault(Cause::TooLong, &reason)));
        }
        Ok(Ok(Element { start, raw }))
    }
}

/// Add to what is held of an element, which is now so long; beyond the limit nothing is held.
fn hold(raw: &mut Vec<u8>, length: u64, more: &[u8]) {
    if length <= MAX_RECORD as u64 {
        raw.extend_from_slice(more);
    } else {
        *raw = Vec::new();
    }
}

/// A whole document of one map, held up to [`MAX_MAP`]; `what` is what the map's file should look like.
/// Messages quote nothing: a map's file may hold what must not be shown.
pub(crate) fn document<T: serde::de::DeserializeOwned>(
    input: &mut dyn BufRead,
    what: &str,
) -> Result<T, Fault> {
    let mut bytes = Vec::new();
    input.take(MAX_MAP as u64 + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() > MAX_MAP {
        let reason = format!("the map is larger than {} MiB; is the file what its name says?", MAX_MAP >> 20);
        return Err(Fault::new(Cause::TooLong, reason));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Fault::new(Cause::CutShort, "the file is empty".into()));
    }
    text(&bytes)?;
    serde_json::from_slice(&bytes).map_err(|error| {
        let fault = broken(&error);
        let cause = if error.is_eof() { Cause::CutShort } else { fault.cause };
        let reason = format!("{}; expected {what}", fault.reason);
        Fault { line: Some(error.line().max(1) as u64), column: Some(error.column() as u64), cause, reason }
    })
}

/// A value of an object as the text that a table would hold; `None` for null, a list or an object.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(bool) => Some(bool.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A fault that names a key.
pub(crate) fn missing(key: &str) -> Fault {
    Fault::new(Cause::Columns, format!("the key `{}` is missing or not a plain value", excerpt(key)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Context, Item, Profile};

    /// Each element as its text, each rejection as `line:column!cause`.
    fn elements(text: &str, key: Option<&'static str>) -> Vec<String> {
        let (profile, context) = (Profile::new("test"), Context::default());
        let seen = std::cell::RefCell::new(Vec::new());
        let mut sink = |item| {
            if let Item::Rejected(it) = item {
                seen.borrow_mut().push(format!("{}:{}!{}", it.line, it.column.unwrap(), it.cause.name()));
            }
        };
        let mut run = Run::new("test.json", &profile, &context, &mut sink);
        let mut input = text.as_bytes();
        let mut elements = Elements::new(&mut input, key);
        while let Some(element) = elements.next(&mut run) {
            seen.borrow_mut().push(String::from_utf8(element.raw).unwrap());
        }
        seen.into_inner()
    }

    #[test]
    fn finds_the_list() {
        assert_eq!(elements("[{\"a\":1},\n{\"b\":\"]}\\\"\"}]", None), ["{\"a\":1}", "{\"b\":\"]}\\\"\"}"]);
        let doc = r#"{"x": {"features": [{"no":1}]}, "name": "features", "y": [1], "features": [ {"a":[{}]} ], "z": 1}"#;
        assert_eq!(elements(doc, Some("features")), [r#"{"a":[{}]}"#]);
        assert_eq!(elements("[]", None), [""; 0]);
        assert_eq!(elements("{}", None), ["1:2!json"]);
        assert_eq!(elements("", Some("features")), ["1:1!json"]);
    }

    #[test]
    fn damage_stays_in_its_element() {
        // A string that isn't closed; a brace that isn't; one too many; a wrong bracket; no object at all.
        for bad in ["{\"a\": \"x}", "{\"a\": {\"b\": 1}", "{\"a\": 1}}", "{\"a\": [1}", "17"] {
            let text = format!("[\n{{\"n\": 1}},\n{bad},\n{{\"n\": 2}},\n{{\"n\": 3}}\n]");
            let seen = elements(&text, None);
            let good: Vec<&str> =
                seen.iter().map(String::as_str).filter(|it| it.starts_with("{\"n")).collect();
            assert_eq!(good, ["{\"n\": 1}", "{\"n\": 2}", "{\"n\": 3}"], "{bad}: {seen:?}");
            assert_eq!(seen.iter().filter(|it| it.starts_with("3:")).count(), 1, "{bad}: {seen:?}");
        }
    }

    #[test]
    fn a_cut_file_says_so() {
        assert_eq!(elements("[{\"a\":1},\n{\"a\":", None), ["{\"a\":1}", "2:1!cut-short"]);
        assert_eq!(elements("[{\"a\":1},\n", None), ["{\"a\":1}", "2:1!cut-short"]);
    }

    #[test]
    fn a_huge_element_is_skipped_unheld() {
        let text = format!("[{{\"a\":\"{}\"}},{{\"b\":1}}]", "x".repeat(MAX_RECORD));
        assert_eq!(elements(&text, None), ["1:2!too-long", "{\"b\":1}"]);
    }
}
