//! Fields of a statement, put together and taken apart again, and the words that stand behind hashes.

use std::collections::BTreeMap;
use std::fmt;

use sha2::{Digest as _, Sha256};
use truce::Name;
use verify::field::{Field, Kept, Openings, Scalar, Token, Value};
use verify::leaf::Kind;

/// The fields of a statement without its kind, in order; those that one may see, when they come from a record.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Fields(Vec<Field>);

/// Bytes that fields name by their hash: words that somebody wrote, names, files. Kept in the vault beside the
/// openings, under the label of the field that names them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Words(BTreeMap<[u8; 32], Bytes>);

/// Why fields do not make a statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Malformed {
    /// Label of the field.
    pub field: String,
    /// What is wrong with it.
    pub why: String,
}

/// Bytes with the labels of the fields that name them.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Bytes {
    labels: Vec<String>,
    bytes: Vec<u8>,
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

impl Words {
    /// The category of the vault's raw parts that hold words begins so.
    pub const CATEGORY: &str = "words";

    /// Keeps bytes under the label of the field that names them; gives their hash.
    pub fn keep(&mut self, label: &str, bytes: Vec<u8>) -> [u8; 32] {
        let hash: [u8; 32] = Sha256::digest(&bytes).into();
        let kept = self.0.entry(hash).or_insert_with(|| Bytes { labels: Vec::new(), bytes });
        if kept.labels.iter().all(|known| known != label) {
            kept.labels.push(label.to_string());
        }
        hash
    }

    /// The bytes behind a hash.
    pub fn get(&self, hash: &[u8; 32]) -> Option<&[u8]> {
        self.0.get(hash).map(|kept| kept.bytes.as_slice())
    }

    /// Those that a field with a label that passes names, as (label, bytes).
    pub fn only(&self, pass: impl Fn(&str) -> bool) -> Vec<(String, &[u8])> {
        let passing = |kept: &'_ Bytes| kept.labels.iter().find(|label| pass(label)).cloned();
        self.0.values().filter_map(|kept| Some((passing(kept)?, kept.bytes.as_slice()))).collect()
    }

    /// As a part of the vault, for one audience: `[label, bytes, ...]` in deterministic CBOR.
    pub fn pack(words: &[(String, &[u8])]) -> Vec<u8> {
        let mut to = verify::cbor::Encoder::new();
        to.array(words.len() * 2);
        for (label, bytes) in words {
            to.text(label).bytes(bytes);
        }
        to.finish()
    }

    /// Adds those of a part of the vault.
    ///
    /// # Errors
    /// [`verify::Means::Unreadable`] when it holds none.
    pub fn unpack(&mut self, part: &[u8]) -> Result<(), verify::Refusal> {
        let mut from = verify::cbor::Decoder::new(part);
        let length = from.array(1 << 16)?;
        for _ in 0..length / 2 {
            let label = from.text()?.to_string();
            self.keep(&label, from.bytes()?.to_vec());
        }
        from.end()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A word of our own, which is a token.
    pub(super) fn token(&self, word: &str) -> Scalar {
        Scalar::Token(Token::new(word).expect("our own words are tokens"))
    }

    /// A name: as it stands where it is a token, by its hash where it is not.
    pub(super) fn name(&mut self, label: &str, name: &str) -> Scalar {
        match Token::new(name) {
            Ok(token) => Scalar::Token(token),
            Err(_) => Scalar::Hash(self.keep(label, name.as_bytes().to_vec())),
        }
    }

    /// A text by its hash; nothing for an empty one.
    pub(super) fn text(&mut self, label: &str, text: &str) -> Vec<Scalar> {
        if text.is_empty() {
            Vec::new()
        } else {
            vec![Scalar::Hash(self.keep(label, text.as_bytes().to_vec()))]
        }
    }
}

impl Fields {
    /// What a leaf's openings tell: the kind, and the fields that are not erased.
    pub fn of_openings(openings: &Openings) -> Option<(Kind, Self)> {
        Self::split(openings.fields().iter().filter_map(|kept| match kept {
            Kept::Open(salted) => Some(salted.field.clone()),
            Kept::Erased { .. } => None,
        }))
    }

    /// What they tell of each item of a batch.
    pub fn of_items(openings: &Openings) -> Vec<Self> {
        let open = |kept: &Vec<Kept>| {
            let fields = kept.iter().filter_map(|kept| match kept {
                Kept::Open(salted) => Some(salted.field.clone()),
                Kept::Erased { .. } => None,
            });
            Self(fields.collect())
        };
        openings.items().iter().map(open).collect()
    }

    fn split(fields: impl Iterator<Item = Field>) -> Option<(Kind, Self)> {
        let (kind, fields): (Vec<Field>, Vec<Field>) =
            fields.partition(|field| field.label.as_str() == verify::field::KIND_LABEL);
        let kind = Kind::from_token(kind.first()?.value.as_token()?)?;
        Some((kind, Self(fields)))
    }

    /// The fields.
    pub fn iter(&self) -> impl Iterator<Item = &Field> {
        self.0.iter()
    }

    /// The fields, to be committed.
    pub fn into_fields(self) -> Vec<Field> {
        self.0
    }

    /// Only those that pass.
    #[must_use]
    pub fn only(&self, pass: impl Fn(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|field| pass(field.label.as_str())).cloned().collect())
    }

    /// The value of a label.
    pub fn get(&self, label: &str) -> Option<&Value> {
        self.0.iter().find(|field| field.label.as_str() == label).map(|field| &field.value)
    }

    pub(super) fn put(&mut self, label: &str, value: Value) -> Result<(), Malformed> {
        self.0.push(Field::new(label, value).map_err(|refusal| Malformed::new(label, refusal.what))?);
        Ok(())
    }

    /// Adds fields.
    pub fn extend(&mut self, fields: Vec<Field>) {
        self.0.extend(fields);
    }

    pub(super) fn token(&mut self, label: &str, word: &str) -> Result<(), Malformed> {
        self.put(label, Value::token(word).map_err(|refusal| Malformed::new(label, refusal.what))?)
    }

    pub(super) fn list(
        &mut self,
        label: &str,
        values: impl IntoIterator<Item = Scalar>,
    ) -> Result<(), Malformed> {
        self.put(label, Value::List(values.into_iter().collect()))
    }

    pub(super) fn ints(
        &mut self,
        label: &str,
        values: impl IntoIterator<Item = i64>,
    ) -> Result<(), Malformed> {
        self.put(label, Value::ints(values))
    }

    pub(super) fn part<'a>(&'a self, label: &'a str) -> Option<Part<'a>> {
        let field = self.0.iter().find(|field| field.label.as_str() == label)?;
        let values = match &field.value {
            Value::One(scalar) => std::slice::from_ref(scalar),
            Value::List(scalars) => scalars,
        };
        Some(Part { field: label, values })
    }

    pub(super) fn need<'a>(&'a self, label: &'a str) -> Result<Part<'a>, Malformed> {
        self.part(label).ok_or_else(|| Malformed::new(label, "it is not among what was opened"))
    }
}

/// Takes a value apart; every mistake names the field.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    field: &'a str,
    values: &'a [Scalar],
}

impl<'a> Part<'a> {
    pub(super) fn wrong<T>(self, expected: &str) -> Result<T, Malformed> {
        let shown = Value::List(self.values.to_vec()).to_string();
        let shown = if shown.is_empty() { "nothing" } else { &shown };
        Err(Malformed::new(self.field, format!("{expected} is expected, not {shown}")))
    }

    pub(super) fn items(self) -> Vec<Self> {
        self.values
            .iter()
            .map(|value| Self { field: self.field, values: std::slice::from_ref(value) })
            .collect()
    }

    /// Exactly one value.
    pub(super) fn only(self) -> Result<Self, Malformed> {
        if self.values.len() == 1 { Ok(self) } else { self.wrong("one value") }
    }

    /// `None` for nothing, else exactly one.
    pub(super) fn may<T>(
        self,
        read: impl FnOnce(Self) -> Result<T, Malformed>,
    ) -> Result<Option<T>, Malformed> {
        if self.values.is_empty() { Ok(None) } else { read(self.only()?).map(Some) }
    }

    /// Exactly so many values.
    pub(super) fn row<const N: usize>(self) -> Result<[Self; N], Malformed> {
        <[Self; N]>::try_from(self.items()).or_else(|_| self.wrong(&format!("a row of {N} values")))
    }

    fn scalar(self) -> Option<&'a Scalar> {
        match self.values {
            [scalar] => Some(scalar),
            _ => None,
        }
    }

    /// Is it this word?
    pub(super) fn is(self, word: &str) -> bool {
        matches!(self.scalar(), Some(Scalar::Token(token)) if token.as_str() == word)
    }

    pub(super) fn int<T: TryFrom<i64>>(self) -> Result<T, Malformed> {
        match self.scalar() {
            Some(Scalar::Int(number)) => T::try_from(*number).or_else(|_| self.wrong("a smaller number")),
            _ => self.wrong("a number"),
        }
    }

    pub(super) fn hash(self) -> Result<[u8; 32], Malformed> {
        match self.scalar() {
            Some(Scalar::Hash(hash)) => Ok(*hash),
            _ => self.wrong("a hash"),
        }
    }

    /// The bytes behind a hash.
    pub(super) fn kept(self, words: &Words) -> Result<&[u8], Malformed> {
        let gone = || Malformed::new(self.field, "its words are not at hand: erased, or not yours to read");
        words.get(&self.hash()?).ok_or_else(gone)
    }

    pub(super) fn name(self, words: &Words) -> Result<Name, Malformed> {
        match self.scalar() {
            Some(Scalar::Token(token)) => Ok(Name::from(token.as_str())),
            _ => match std::str::from_utf8(self.kept(words)?) {
                Ok(text) => Ok(Name::from(text)),
                Err(_) => self.wrong("words in UTF-8"),
            },
        }
    }

    /// A text by its hash; empty for nothing.
    pub(super) fn text(self, words: &Words) -> Result<String, Malformed> {
        Ok(self.may(|part| part.name(words))?.map_or_else(String::new, |text| text.to_string()))
    }

    /// A word of a list.
    pub(super) fn one_of<T: Copy>(self, names: &[(&str, T)]) -> Result<T, Malformed> {
        match names.iter().find(|(name, _)| self.is(name)) {
            Some((_, value)) => Ok(*value),
            None => self.wrong("a word that this version knows"),
        }
    }
}
