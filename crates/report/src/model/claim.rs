//! What parties say, as data: each statement with what stands beside it.

use super::{Tally, Window, Within, as_optional_text};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use truce::time::Time;

/// A number as somebody put it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(tag = "how", content = "number", rename_all = "snake_case")]
pub enum Stated {
    /// No number.
    Unstated,
    /// So many.
    Exactly(u32),
    /// About so many.
    About(u32),
    /// So many or more.
    AtLeast(u32),
}

/// What adding the stated parts gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Arithmetic {
    /// The parts make the total.
    Agrees {
        /// Sum of the parts.
        sum: u64,
    },
    /// Parts given as "about" or "at least" leave room for the total.
    CanAgree {
        /// Sum of the parts at the least.
        sum: u64,
        /// At the most; none where a part is "at least".
        most: Option<u64>,
    },
    /// As numbers round they do not, and "about" may be meant more widely.
    Unclear {
        /// Sum of the parts at the least.
        sum: u64,
        /// At the most; none where a part is "at least".
        most: Option<u64>,
    },
    /// The parts make less: some are not stated.
    Less {
        /// Sum of the parts.
        sum: u64,
        /// By how much.
        by: u64,
    },
    /// The parts make more: some overlap, or the total leaves some out.
    More {
        /// Sum of the parts.
        sum: u64,
        /// By how much.
        by: u64,
    },
    /// No parts, or no total: nothing to check.
    NothingToCheck,
}

/// What a party says, with what stands beside it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Claim {
    /// Short name.
    pub id: String,
    /// Code of the party that claims.
    pub claimant: String,
    /// Code of the party that it is said of.
    pub against: String,
    /// The time that it speaks of.
    pub window: Window,
    /// When it was said, where known.
    #[serde(serialize_with = "as_optional_text")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub as_of: Option<Time>,
    /// What is counted, in the claimant's words.
    pub unit: String,
    /// Total as stated.
    pub total: Stated,
    /// Parts as stated.
    pub parts: Vec<ClaimPart>,
    /// What adding them gives.
    pub arithmetic: Arithmetic,
    /// Does the figure run on from an earlier one?
    pub cumulative: bool,
    /// Ids of the claims that it may be compared with: like window, like unit.
    pub comparable_with: Vec<String>,
    /// What the unit counts, by the dictionary of units; only like is compared with like.
    pub counts: String,
    /// How often the statement is in the files. However many: they weigh as one.
    pub copies: u32,
    /// What the evidence says of the figure.
    pub evidence: ClaimEvidence,
    /// The same in a sentence.
    pub beside: String,
    /// Which ends of the window were stated, where not both were; may be empty.
    pub window_note: String,
    /// What was assumed, and why; may be empty.
    pub note: String,
    /// Where it was published.
    pub url: String,
}

/// A claimed figure held against what was observed. The same words for every claimant.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ClaimEvidence {
    /// `corroborated`, `not corroborated, area was observed`, `not corroborated, area was not observed`,
    /// `contradicted` or `cannot be tested`.
    pub outcome: String,
    /// Why it cannot be tested.
    pub why: Option<String>,
    /// Such acts that are established without the claimant's word.
    pub established: u64,
    /// Such acts that are possible.
    pub possible: u64,
    /// Share observed of area and window, permille, by whatever instruments; none where nobody can say, or it may not be told yet.
    pub observed_permille: Option<u16>,
    /// Where the total counts by the claimant's own definition: its parts, each tested for itself.
    pub parts: Vec<PartEvidence>,
}

/// A part of a claimed figure held against what was observed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PartEvidence {
    /// What.
    pub name: String,
    /// As of a total.
    pub outcome: String,
    /// Such acts that are established without the claimant's word.
    pub established: u64,
    /// Such acts that are possible.
    pub possible: u64,
}

/// A part of a claim.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ClaimPart {
    /// What.
    pub name: String,
    /// How many.
    pub number: Stated,
}

/// A series that a party publishes about its own side.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct OwnSeries {
    /// Code of the party.
    pub party: String,
    /// Title.
    pub title: String,
    /// Id of the source.
    pub source: String,
    /// What it counts, its clock, what a missing row means.
    pub note: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows in order.
    pub rows: Vec<OwnRow>,
}

/// A row of such a series.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct OwnRow {
    /// Label, such as a date.
    pub label: String,
    /// Is it within the instrument's window?
    pub within: Within,
    /// One per column.
    pub values: Vec<Tally>,
}
