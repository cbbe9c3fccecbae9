//! Sentences as values: a key and what is put into its pattern. The patterns are a matter of the languages, and
//! are kept where those are.

use super::super::{NameIn, Prose, Titles, Words};
use crate::Name;
use crate::place::Mm;
use crate::time::{Date, Micros, Time};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// One paragraph of an explanation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Paragraph {
    /// Where it stands.
    pub level: Level,
    /// What it says.
    pub sentence: Sentence,
}

/// Where a paragraph stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    /// At the margin.
    Line,
    /// Above what belongs together.
    Heading,
    /// One of several.
    Item,
    /// Part of an item.
    Detail,
}

/// A sentence of any language: the key of its pattern and the figures in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sentence {
    /// Names the pattern: one of those that stand in the source of this module's parent, each `explain-..`.
    pub key: &'static str,
    /// What is put into the pattern, by name.
    pub figures: Vec<(&'static str, Figure)>,
}

/// What is put into a sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Figure {
    /// Nothing: the part of the sentence falls away.
    Nothing,
    /// A text as it stands: a code, an id, a title, an address.
    Text(String),
    /// A number: the pattern chooses the form of the noun by it.
    Number(u64),
    /// A day.
    Date(Date),
    /// A moment as shown by a clock so far ahead of UTC.
    Clock(Time, Micros),
    /// A time of day: microseconds after midnight.
    TimeOfDay(Micros),
    /// A length of time.
    Duration(Micros),
    /// A distance.
    Length(Mm),
    /// A calibre in hundredths of a millimetre.
    Calibre(u32),
    /// A share or probability, permille.
    Share(u16),
    /// Somebody's name, with those in other languages.
    Named(Name, Vec<NameIn>),
    /// A title, with those in other languages.
    Titled(String, Titles),
    /// A sentence of ours, in English, with its translations.
    Prose(Prose),
    /// Words of a text, and the language of those that are quoted.
    Words(Words, Name),
    /// A word of a table, such as `act` and `shelling`: its pattern is `explain-act-shelling`.
    Term(&'static str, &'static str),
    /// Several, and how they are joined.
    List(Vec<Figure>, Join),
    /// A sentence, or a part of one.
    Said(Sentence),
}

/// How the items of a list are joined.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Join {
    /// "A, B and C".
    And,
    /// "A, B or C".
    Or,
    /// "A, B, C".
    Comma,
    /// "A; B; C".
    Semicolon,
}

/// `say!("explain-zone", id = .., extent = ..)`.
macro_rules! say {
    ($key:literal $(, $name:ident = $figure:expr)* $(,)?) => {
        Sentence { key: $key, figures: Vec::from([$((stringify!($name), Figure::from($figure))),*]) }
    };
}
pub(super) use say;

impl From<&str> for Figure {
    fn from(text: &str) -> Self {
        Self::Text(text.to_string())
    }
}

impl From<&String> for Figure {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<&Name> for Figure {
    fn from(name: &Name) -> Self {
        Self::Text(name.to_string())
    }
}

impl From<&Prose> for Figure {
    fn from(prose: &Prose) -> Self {
        Self::Prose(prose.clone())
    }
}

impl From<u32> for Figure {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Figure {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Figure {
    fn from(number: usize) -> Self {
        Self::Number(number as u64)
    }
}

impl From<Date> for Figure {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl From<Sentence> for Figure {
    fn from(sentence: Sentence) -> Self {
        Self::Said(sentence)
    }
}

impl<T: Into<Self>> From<Option<T>> for Figure {
    fn from(part: Option<T>) -> Self {
        part.map_or(Self::Nothing, Into::into)
    }
}

/// Several, joined by "and".
pub(super) fn and<'a, T: 'a>(items: &'a [T]) -> Figure
where
    Figure: From<&'a T>,
{
    Figure::List(items.iter().map(Figure::from).collect(), Join::And)
}

/// Several, joined by ";".
pub(super) fn semicolons<T: Into<Figure>>(items: impl IntoIterator<Item = T>) -> Figure {
    Figure::List(items.into_iter().map(Into::into).collect(), Join::Semicolon)
}

/// The word that a table has for something.
pub(super) fn term<T: PartialEq + Copy>(
    table: &'static str,
    names: &[(&'static str, T)],
    value: T,
) -> Figure {
    let name = names.iter().find(|(_, one)| *one == value).map_or("", |(name, _)| name);
    Figure::Term(table, name)
}

/// The same for several.
pub(super) fn terms<T: PartialEq + Copy>(
    table: &'static str,
    names: &[(&'static str, T)],
    values: &[T],
) -> Vec<Figure> {
    values.iter().map(|value| term(table, names, *value)).collect()
}
