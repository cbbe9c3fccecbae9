//! Bytes -> observations; one file per format in [`mod@format`].
//!
//! [`read`] streams: it holds one record at a time (at most [`MAX_RECORD`]; one map at most [`MAX_MAP`]).
//! What it can't use it sets aside as [`Rejected`], counts, and goes on at the next line. It never guesses a
//! clock, a position or a party: what a file doesn't state, the mission file states in the [`Profile`].
//!
//! No free text enters an observation. A headline is shown to the classifier of the [`Context`], its key is
//! kept (see [`text_key`]), and it is dropped. Names of places are kept; the words of a claim are its quote.
//!
//! ```
//! let file = "kind,time,lat,lon,error_m,count\n\
//!             impulse,2025-04-19T18:20:00+03:00,48.51,37.70,150,about 3\n\
//!             impulse,2025-04-19 18:25,48.51,37.70,150,2\n";
//! let format = source::Format::recognise("patrol.csv", file.as_bytes()).unwrap();
//! let mut items = Vec::new();
//! let summary = source::read(
//!     format,
//!     "patrol.csv",
//!     file.as_bytes(),
//!     &source::Profile::new("patrol-7"),
//!     &source::Context::default(),
//!     &mut |item| items.push(item),
//! );
//! assert_eq!((summary.rows, summary.accepted, summary.rejected), (2, 1, 1));
//! let source::Item::Rejected(rejected) = &items[1] else { panic!() };
//! assert!(rejected.to_string().starts_with("line 3, column 2: time: `2025-04-19 18:25` has no time zone"));
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::io::BufRead;

use truce::observation::Observation;

mod cell;
pub mod format;
mod identity;
mod json;
mod lines;
mod profile;
mod run;
mod table;
mod territory;

pub use format::Format;
pub use identity::text_key;
pub use profile::{Bounds, Classify, Context, Profile};
pub use territory::{Polygon, Territory};

/// The most that one record may hold, in bytes: 1 MiB. What is longer is skipped unheld and set aside.
pub const MAX_RECORD: usize = 1 << 20;

/// The most that one map may hold, in bytes: 64 MiB. (A map is one statement, so it is read whole.)
pub const MAX_MAP: usize = 64 << 20;

/// What reading a file gives, in the order of the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Item {
    /// What the source said.
    Observation(Box<Observation>),
    /// A map of the ground that one side holds.
    Territory(Territory),
    /// A row that was set aside.
    Rejected(Rejected),
}

/// A row that could not be used, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rejected {
    /// Line in the file, from 1.
    pub line: u64,
    /// In a table the number of the column, in JSON the byte in the line; from 1. `None`: the whole line.
    pub column: Option<u64>,
    /// The sort of fault: safe to publish, and what [`Summary`] counts by.
    pub cause: Cause,
    /// What is wrong and what to do about it. It may quote the cell: for whoever keeps the source, not for
    /// publication. (Of a map's file nothing is ever quoted.)
    pub reason: String,
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// Sorts of fault.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Cause {
    /// The bytes are not plain UTF-8 text: compressed, UTF-16, binary.
    Encoding,
    /// Columns or keys are missing, unknown, repeated, or a row has too many or too few.
    Columns,
    /// A quotation mark is unclosed or misplaced.
    Quotes,
    /// The record is too long.
    TooLong,
    /// A time is missing, unreadable, or without a zone.
    Time,
    /// A place is missing, contradictory, unknown or off the globe.
    Place,
    /// A number is unreadable or out of range.
    Number,
    /// A word is not one of those known.
    Word,
    /// JSON is broken or of another shape.
    Json,
    /// The file ends in the middle.
    CutShort,
    /// The mission file lacks what this format needs.
    Mission,
    /// The file could not be read.
    Unreadable,
}

impl Cause {
    /// All causes with their names in reports.
    pub const NAMES: [(&'static str, Self); 12] = [
        ("encoding", Self::Encoding),
        ("columns", Self::Columns),
        ("quotes", Self::Quotes),
        ("too-long", Self::TooLong),
        ("time", Self::Time),
        ("place", Self::Place),
        ("number", Self::Number),
        ("word", Self::Word),
        ("json", Self::Json),
        ("cut-short", Self::CutShort),
        ("mission", Self::Mission),
        ("unreadable", Self::Unreadable),
    ];

    /// The name in reports.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, cause)| *cause == self).map_or("", |(name, _)| name)
    }
}

/// The books of one file: `rows == accepted + rejected`, always.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Summary {
    /// Rows (records, features, maps) met. A fault of the file as a whole counts as one row.
    pub rows: u64,
    /// Rows that gave an observation or a territory.
    pub accepted: u64,
    /// Rows set aside.
    pub rejected: u64,
    /// Rows set aside, by cause.
    pub by_cause: BTreeMap<Cause, u64>,
    /// Was the file read to its end? If not, the last rejection says why.
    pub complete: bool,
}

/// Read a file of a known format.
///
/// `file_name` carries the date of a map (`deepstate_2025-04-19.geojson`), and nothing else is taken from it.
/// Items go to `sink` one at a time, in the order of the file; the identities of the observations depend on
/// the source's name and the raw bytes alone, not on that order.
pub fn read(
    format: Format,
    file_name: &str,
    mut input: impl BufRead,
    profile: &Profile,
    context: &Context<'_>,
    sink: &mut dyn FnMut(Item),
) -> Summary {
    let mut run = run::Run::new(file_name, profile, context, sink);
    match lines::opening(&mut input) {
        Ok(head) => {
            // The head was taken off to look at it; give it back.
            let mut input = std::io::Read::chain(&head[..], input);
            format.read(&mut input, &mut run);
        }
        Err(fault) => run.stop(1, fault),
    }
    run.summary
}
