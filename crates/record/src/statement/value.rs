//! Values of fields, and how they are taken apart again.

use std::fmt;

/// A value of a field: what deterministic CBOR (RFC 8949, section 4.2) can hold without floats, maps and tags.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// Nothing was said.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A number.
    Int(i64),
    /// Bytes, such as a hash.
    Bytes(Vec<u8>),
    /// Words.
    Text(String),
    /// A row of values.
    Array(Vec<Value>),
}

impl Value {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A number that need not be there.
    pub fn may<T: Into<Self>>(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! from_int {
    ($($int:ty),+) => {$(
        impl From<$int> for Value {
            fn from(value: $int) -> Self {
                Self::Int(i64::from(value))
            }
        }
    )+};
}
from_int!(i64, i32, u32, u16, u8);

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_string())
    }
}

impl From<Vec<Value>> for Value {
    fn from(value: Vec<Value>) -> Self {
        Self::Array(value)
    }
}

/// Why fields do not make a statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Malformed {
    /// Label of the field.
    pub field: String,
    /// What is wrong with it.
    pub why: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "field \"{}\": {}", self.field, self.why)
    }
}

impl std::error::Error for Malformed {}

impl Malformed {
    pub(super) fn new(field: &str, why: impl Into<String>) -> Self {
        Self { field: field.to_string(), why: why.into() }
    }
}

/// Takes a value apart; every mistake names the field.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) field: &'a str,
    pub(super) value: &'a Value,
}

impl<'a> Part<'a> {
    pub(super) fn wrong<T>(self, expected: &str) -> Result<T, Malformed> {
        Err(Malformed::new(self.field, format!("{expected} is expected, not {:?}", self.value)))
    }

    pub(super) fn is_null(self) -> bool {
        *self.value == Value::Null
    }

    /// `None` for nothing.
    pub(super) fn may<T>(
        self,
        read: impl FnOnce(Self) -> Result<T, Malformed>,
    ) -> Result<Option<T>, Malformed> {
        if self.is_null() { Ok(None) } else { read(self).map(Some) }
    }

    pub(super) fn flag(self) -> Result<bool, Malformed> {
        match self.value {
            Value::Bool(flag) => Ok(*flag),
            _ => self.wrong("yes or no"),
        }
    }

    pub(super) fn int<T: TryFrom<i64>>(self) -> Result<T, Malformed> {
        match self.value {
            Value::Int(number) => T::try_from(*number).or_else(|_| self.wrong("a smaller number")),
            _ => self.wrong("a number"),
        }
    }

    pub(super) fn text(self) -> Result<&'a str, Malformed> {
        match self.value {
            Value::Text(text) => Ok(text),
            _ => self.wrong("a text"),
        }
    }

    pub(super) fn name(self) -> Result<truce::Name, Malformed> {
        self.text().map(truce::Name::from)
    }

    pub(super) fn bytes<const N: usize>(self) -> Result<[u8; N], Malformed> {
        match self.value {
            Value::Bytes(bytes) => bytes.as_slice().try_into().or_else(|_| self.wrong("other bytes")),
            _ => self.wrong("bytes"),
        }
    }

    pub(super) fn items(self) -> Result<Vec<Self>, Malformed> {
        match self.value {
            Value::Array(items) => Ok(items.iter().map(|value| Self { field: self.field, value }).collect()),
            _ => self.wrong("a row"),
        }
    }

    /// A row of exactly so many.
    pub(super) fn row<const N: usize>(self) -> Result<[Self; N], Malformed> {
        <[Self; N]>::try_from(self.items()?).or_else(|_| self.wrong(&format!("a row of {N}")))
    }

    /// A row that begins with a word: the word, and what follows it.
    pub(super) fn tagged(self) -> Result<(&'a str, Vec<Self>), Malformed> {
        let mut items = self.items()?;
        if items.is_empty() {
            return self.wrong("a row that begins with a word");
        }
        let tag = items.remove(0).text()?;
        Ok((tag, items))
    }

    /// A word of a list.
    pub(super) fn one_of<T: Copy>(self, names: &[(&str, T)]) -> Result<T, Malformed> {
        let word = self.text()?;
        match names.iter().find(|(name, _)| *name == word) {
            Some((_, value)) => Ok(*value),
            None => self.wrong("a word that this version knows"),
        }
    }
}
