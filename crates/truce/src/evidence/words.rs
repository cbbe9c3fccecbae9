//! Words for probabilities: a table in the mission file, published with every report.

use crate::Name;
use alloc::vec::Vec;
use core::fmt;

/// A word for a stretch of probabilities.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// The least probability, permille.
    pub from: u16,
    /// The greatest, permille, included.
    pub to: u16,
    /// The word.
    pub word: Name,
}

/// A table of words that names every probability once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Words(Vec<Word>);

impl Words {
    /// A table in ascending order.
    ///
    /// # Errors
    /// When it does not cover 0 to 1,000 permille without gaps and overlaps, or a word is empty or used twice.
    pub fn new(words: Vec<Word>) -> Result<Self, WordsError> {
        let mut next = 0;
        for (at, word) in words.iter().enumerate() {
            let row = at + 1;
            if word.from != next || word.to < word.from {
                return Err(WordsError::Gap { row, expected: next, from: word.from, to: word.to });
            }
            if word.word.trim().is_empty() || words[..at].iter().any(|before| before.word == word.word) {
                return Err(WordsError::Word { row });
            }
            next = word.to.saturating_add(1);
        }
        if next == 1_001 {
            Ok(Self(words))
        } else {
            Err(WordsError::End { last: words.last().map(|word| word.to) })
        }
    }

    /// The word for a probability in permille; above 1,000 the last.
    pub fn word(&self, permille: u16) -> &Name {
        let at = self.0.partition_point(|word| word.to < permille).min(self.0.len() - 1);
        &self.0[at].word
    }

    /// The table, to be published.
    pub fn table(&self) -> &[Word] {
        &self.0
    }
}

/// Why a table of words cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WordsError {
    /// A row does not start where the one before ends, or ends before it starts.
    Gap {
        /// Number of the row, from 1.
        row: usize,
        /// Where it should start.
        expected: u16,
        /// Where it starts.
        from: u16,
        /// Where it ends.
        to: u16,
    },
    /// A word is empty or is used twice.
    Word {
        /// Number of the row, from 1.
        row: usize,
    },
    /// The last row does not end at 1,000.
    End {
        /// Where it ends, if there is one.
        last: Option<u16>,
    },
}

impl fmt::Display for WordsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gap { row, expected, from, to } => write!(
                f,
                "words: row {row} runs from {from} to {to} permille; it must start at {expected}, and end no \
                 lower, so that every probability has one word"
            ),
            Self::Word { row } => {
                write!(f, "words: the word of row {row} is empty or used twice; give each row its own")
            }
            Self::End { last: Some(last) } => {
                write!(f, "words: the table ends at {last} permille; it must end at 1000")
            }
            Self::End { last: None } => {
                f.write_str("words: the table is empty; it must cover 0 to 1000 permille")
            }
        }
    }
}

impl core::error::Error for WordsError {}
