//! The part of deterministic CBOR (RFC 8949, section 4.2.1) that the record needs: integers, byte strings, text
//! strings and arrays, each of definite length and in its shortest form.
//!
//! Our own, because a leaf must have exactly one encoding and the crates of the field read others too; what is not
//! deterministic is refused here, while reading, and not by a second pass.

use crate::Refusal;

const UNSIGNED: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;

/// Writes items one after the other.
#[derive(Default, Debug)]
pub struct Encoder(Vec<u8>);

impl Encoder {
    /// Empty.
    pub fn new() -> Self {
        Self::default()
    }

    /// After bytes that are not CBOR, such as a domain.
    pub fn after(parts: &[&[u8]]) -> Self {
        let mut bytes = Vec::with_capacity(192);
        parts.iter().for_each(|part| bytes.extend_from_slice(part));
        Self(bytes)
    }

    fn head(&mut self, major: u8, value: u64) -> &mut Self {
        let major = major << 5;
        let bytes = value.to_be_bytes();
        match value {
            0..24 => self.0.push(major | value as u8),
            24..=0xff => self.0.extend_from_slice(&[major | 24, value as u8]),
            0x100..=0xffff => {
                self.0.push(major | 25);
                self.0.extend_from_slice(&bytes[6..]);
            }
            0x1_0000..=0xffff_ffff => {
                self.0.push(major | 26);
                self.0.extend_from_slice(&bytes[4..]);
            }
            _ => {
                self.0.push(major | 27);
                self.0.extend_from_slice(&bytes);
            }
        }
        self
    }

    /// An integer without sign.
    pub fn uint(&mut self, value: u64) -> &mut Self {
        self.head(UNSIGNED, value)
    }

    /// An integer.
    pub fn int(&mut self, value: i64) -> &mut Self {
        if value < 0 { self.head(NEGATIVE, !value as u64) } else { self.uint(value as u64) }
    }

    /// A byte string.
    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.head(BYTES, value.len() as u64).0.extend_from_slice(value);
        self
    }

    /// A text string.
    pub fn text(&mut self, value: &str) -> &mut Self {
        self.head(TEXT, value.len() as u64).0.extend_from_slice(value.as_bytes());
        self
    }

    /// The head of an array of this many items, which follow.
    pub fn array(&mut self, items: usize) -> &mut Self {
        self.head(ARRAY, items as u64)
    }

    /// What was written.
    pub fn finish(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }
}

/// What comes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// An integer.
    Int,
    /// A byte string.
    Bytes,
    /// A text string.
    Text,
    /// An array.
    Array,
}

/// Reads items one after the other.
#[derive(Clone, Debug)]
pub struct Decoder<'a> {
    all: usize,
    rest: &'a [u8],
}

impl<'a> Decoder<'a> {
    /// Over these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { all: bytes.len(), rest: bytes }
    }

    fn bad(&self, why: &str) -> Refusal {
        Refusal::unreadable(format!("at byte {} of the CBOR: {why}", self.all - self.rest.len()))
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Refusal> {
        let taken = usize::try_from(length).ok().and_then(|length| self.rest.split_at_checked(length));
        let (taken, rest) = taken.ok_or_else(|| self.bad("it breaks off"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn head(&mut self) -> Result<(u8, u64), Refusal> {
        let first = self.take(1)?[0];
        let (least, width) = match first & 31 {
            short @ 0..24 => return Ok((first >> 5, u64::from(short))),
            24 => (24, 1),
            25 => (1 << 8, 2),
            26 => (1 << 16, 4),
            27 => (1 << 32, 8),
            _ => return Err(self.bad("a length that is not definite")),
        };
        let value = self.take(width)?.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
        if value < least {
            Err(self.bad("a number not in its shortest form"))
        } else {
            Ok((first >> 5, value))
        }
    }

    fn expect(&mut self, major: u8, name: &str) -> Result<u64, Refusal> {
        let before = self.rest;
        match self.head()? {
            (found, value) if found == major => Ok(value),
            _ => {
                self.rest = before;
                Err(self.bad(&format!("no {name}")))
            }
        }
    }

    /// The kind of the next item.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] at the end, or before a kind that the record does not use.
    pub fn next(&self) -> Result<Next, Refusal> {
        match self.rest.first().map(|first| first >> 5) {
            Some(UNSIGNED | NEGATIVE) => Ok(Next::Int),
            Some(BYTES) => Ok(Next::Bytes),
            Some(TEXT) => Ok(Next::Text),
            Some(ARRAY) => Ok(Next::Array),
            Some(_) => Err(self.bad("a kind of item that the record does not use")),
            None => Err(self.bad("it breaks off")),
        }
    }

    /// An integer without sign.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when the next item is not one.
    pub fn uint(&mut self) -> Result<u64, Refusal> {
        self.expect(UNSIGNED, "integer without sign")
    }

    /// An integer.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when the next item is not one of 64 bits.
    pub fn int(&mut self) -> Result<i64, Refusal> {
        let large = |this: &Self| this.bad("an integer beyond 64 bits");
        match self.head()? {
            (UNSIGNED, value) => i64::try_from(value).map_err(|_| large(self)),
            (NEGATIVE, value) => i64::try_from(value).map(|value| !value).map_err(|_| large(self)),
            _ => Err(self.bad("no integer")),
        }
    }

    /// A byte string.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when the next item is not one.
    pub fn bytes(&mut self) -> Result<&'a [u8], Refusal> {
        let length = self.expect(BYTES, "byte string")?;
        self.take(length)
    }

    /// A byte string of exactly `N` bytes.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when the next item is not one.
    pub fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Refusal> {
        self.bytes()?.try_into().map_err(|_| self.bad(&format!("a byte string not of {N} bytes")))
    }

    /// A text string.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when the next item is not one.
    pub fn text(&mut self) -> Result<&'a str, Refusal> {
        let length = self.expect(TEXT, "text string")?;
        let bytes = self.take(length)?;
        str::from_utf8(bytes).map_err(|_| self.bad("a text string that is not UTF-8"))
    }

    /// The head of an array of at most `most` items.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when the next item is not one.
    pub fn array(&mut self, most: usize) -> Result<usize, Refusal> {
        let items = self.expect(ARRAY, "array")?;
        usize::try_from(items)
            .ok()
            .filter(|items| *items <= most)
            .ok_or_else(|| self.bad("an array that is too long"))
    }

    /// The head of an array of exactly this many items.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when the next item is not one.
    pub fn array_of(&mut self, items: usize) -> Result<(), Refusal> {
        if self.array(items)? == items {
            Ok(())
        } else {
            Err(self.bad(&format!("an array not of {items} items")))
        }
    }

    /// Nothing may follow.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when something does.
    pub fn end(&self) -> Result<(), Refusal> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.bad("bytes after the end")) }
    }
}
