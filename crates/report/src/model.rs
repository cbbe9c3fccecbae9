//! The value that a report is: plain structs of texts and integers, filled by the shell, read by every writer.
//!
//! Serialised as it stands this is `report.json`, whose schema (`docs/report.schema.json`) is made from these
//! types and their comments. What must not be published has no room here: a place is a [`Cell`] of 10 km or more
//! or the name of a province or site, a moment of an incident is a day, and there is no field for a headline or
//! for a person's name.

mod claim;

pub use claim::{Arithmetic, Claim, ClaimEvidence, ClaimPart, OwnRow, OwnSeries, PartEvidence, Stated};

use crate::cell::{Cell, Vertex};
use crate::plan::Plan;
use crate::state::InstrumentState;
#[cfg(test)]
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use truce::time::{Date, Span, Time};

/// The name and version of the JSON format. A field may be added under the same version; none changes its meaning.
pub const FORMAT: &str = "truceline-report/1";

pub(crate) fn as_text<T: core::fmt::Display, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(value)
}

pub(crate) fn as_optional_text<T: core::fmt::Display, S: Serializer>(
    value: &Option<T>,
    to: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => to.collect_str(value),
        None => to.serialize_none(),
    }
}

/// A whole report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Report {
    /// Always [`FORMAT`].
    pub format: &'static str,
    /// What is asked, of what, and what the answer was computed from.
    pub head: Head,
    /// The parties, in the order of the agreement file. The first is drawn as A, the second as B.
    pub parties: Vec<Party>,
    /// A few sentences, most important first.
    pub summary: Vec<String>,
    /// What a reader must know before reading on.
    pub notes: Vec<String>,
    /// Every source, also those that gave nothing.
    pub sources: Vec<Source>,
    /// Change against before, one series each.
    pub series: Vec<Series>,
    /// The front strip; none where there is no line.
    pub strip: Option<Strip>,
    /// The map; none where nothing has a place.
    pub map: Option<Map>,
    /// Findings against each clause under each reading.
    pub findings: Findings,
    /// Where the instrument stands: its life, positions, promises, obligations, self-release.
    pub state: InstrumentState,
    /// Where its plan stands; left out where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// Incidents.
    pub incidents: Incidents,
    /// Claims beside evidence.
    pub claims: Vec<Claim>,
    /// What each party says about itself.
    pub own_series: Vec<OwnSeries>,
    /// What each kind of source could see, where and when.
    pub coverage: Vec<Coverage>,
    /// What can be said from this data.
    pub can_say: Vec<String>,
    /// What cannot.
    pub cannot_say: Vec<String>,
    /// How it was computed.
    pub method: Method,
    /// Corrections to earlier versions of this report.
    pub corrections: Vec<Correction>,
    /// Rows that could not be used, by file and reason.
    pub set_aside: Vec<SetAside>,
    /// What became of what the mission's instruments gave; left out where it has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instruments: Vec<Counted>,
    /// Licence and sources of this report's own text, data and base map, one sentence each.
    pub licences: Vec<String>,
}

/// What is asked, of what, and what the answer was computed from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Head {
    /// Title, such as "Easter truce 2025".
    pub title: String,
    /// The instrument, such as "declared by ..., answered by ...".
    pub instrument: String,
    /// The question, such as "Did it hold?".
    pub question: String,
    /// The time that the instrument covers.
    pub window: Window,
    /// The same on other clocks.
    pub clocks: Vec<Clock>,
    /// When not empty: says that the report is made up, in a banner at the top.
    pub made_up: Option<String>,
    /// The agreement, mission, data and program that the report was computed from.
    pub computed_from: ComputedFrom,
    /// Licence of the report.
    pub licence: String,
}

/// A stretch of time; the end is the first moment after.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Window {
    /// First moment, RFC 3339 in UTC.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub start: Time,
    /// First moment after, RFC 3339 in UTC.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub end: Time,
}

impl From<Span> for Window {
    fn from(span: Span) -> Self {
        Self { start: span.start, end: span.end }
    }
}

/// The window on one more clock.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Clock {
    /// Whose clock, such as "Kyiv".
    pub place: String,
    /// Start on that clock, such as "19 April 2025, 18:00 (UTC+3)".
    pub start: String,
    /// End on that clock.
    pub end: String,
}

/// Everything that decides the bytes of a report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ComputedFrom {
    /// Version of the program.
    pub version: String,
    /// What was read, with its digest: agreement, mission, each file of data.
    pub digests: Vec<Digest>,
    /// Observations used.
    pub observations: u64,
    /// Rows read.
    pub rows_read: u64,
    /// Rows set aside because they could not be read.
    pub rows_set_aside: u64,
    /// The checkpoint of the record, where there is one: origin, number of leaves, root hash.
    pub checkpoint: Option<String>,
    /// Whose view of the record it was computed from.
    pub view: View,
    /// The moment as of which it was computed, RFC 3339 in UTC.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub as_of: Time,
    /// Why it is that moment: the last of which the `mission` itself tells, else `thirds`, else the `end` of the instrument;
    /// or it was `asked` for. No row of a party moves it.
    pub cut: &'static str,
}

/// Whose view of the record a report was computed from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// What the public may know: anyone can compute it again.
    Public,
    /// All that was recorded: those who hold the openings can compute it again.
    Mission,
}

/// A SHA-256 of something that was read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Digest {
    /// What: "agreement", "mission" or the name of a file.
    pub of: String,
    /// 64 hexadecimal digits.
    pub sha256: String,
}

/// A party to the agreement.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Party {
    /// Its code in the agreement file.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// A name, with its forms in other languages where the agreement file has them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Titled {
    /// Code or id.
    pub code: String,
    /// As the file has it.
    pub name: String,
    /// In Ukrainian.
    pub uk: Option<String>,
    /// In Russian.
    pub ru: Option<String>,
}

/// Who asserts something.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(tag = "who", rename_all = "snake_case")]
pub enum Asserter {
    /// The monitoring mission.
    Monitor,
    /// A party, by its code.
    Party {
        /// Code of the party.
        party: String,
    },
    /// Anyone else.
    Third,
}

/// A source and what it can and cannot show.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Source {
    /// Short name, used elsewhere in the report.
    pub id: String,
    /// Full name.
    pub title: String,
    /// Kind of observation, such as "reported event".
    pub kind: String,
    /// Codes of the parties whose acts it can show; empty when it does not tell who acted.
    pub acts_of: Vec<String>,
    /// Who asserts what it says.
    pub asserted_by: Asserter,
    /// What it cannot see.
    pub cannot_see: String,
    /// How precise its times and places are.
    pub precision: String,
    /// The clock of its times, and how that is known.
    pub time_zone: String,
    /// Rows read.
    pub rows_read: u64,
    /// Observations made of them.
    pub observations: u64,
    /// Rows set aside because they could not be read.
    pub rows_set_aside: u64,
    /// Licence, or that none is stated.
    pub licence: String,
    /// Whom to credit.
    pub attribution: String,
    /// Where it comes from.
    pub url: String,
}

/// Could an event have been seen?
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// Yes: a zero means that nothing was seen.
    Observed,
    /// No.
    NotObserved,
    /// Instruments worked, and heard so much that a zero would mean nothing.
    Saturated,
    /// Not known, as with news: a zero would mean nothing.
    NotKnown,
}

/// A count that knows whether it could have been made. Only where something was observed may it be zero.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Tally {
    state: Seen,
    count: Option<u64>,
}

impl Tally {
    /// So many, where an event would have been seen.
    pub fn observed(count: u64) -> Self {
        Self { state: Seen::Observed, count: Some(count) }
    }

    /// Nothing could be seen.
    pub fn not_observed() -> Self {
        Self { state: Seen::NotObserved, count: None }
    }

    /// So many, where it is not known what would have been seen. None of them is not a zero.
    pub fn not_known(count: u64) -> Self {
        Self { state: Seen::NotKnown, count: (count > 0).then_some(count) }
    }

    /// Could an event have been seen?
    pub fn state(self) -> Seen {
        self.state
    }

    /// The count, where there is one.
    pub fn count(self) -> Option<u64> {
        self.count
    }
}

/// One series held against the time before.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Series {
    /// Short name.
    pub id: String,
    /// Title, such as "Air-raid alert starts".
    pub title: String,
    /// Id of the source.
    pub source: String,
    /// Who asserts it.
    pub asserted_by: Asserter,
    /// What is counted, in the plural, such as "alert starts".
    pub unit: String,
    /// Which rows count, and which were left out and why.
    pub filter: String,
    /// The clock that days are cut by.
    pub day_zone: String,
    /// The instrument's window.
    pub window: Measured,
    /// What it is held against, in words.
    pub baseline: String,
    /// The windows it is held against, in order of time.
    pub baseline_windows: Vec<Measured>,
    /// What follows.
    pub conclusion: Conclusion,
    /// The same asked in other ways.
    pub other_ways: Vec<OtherWay>,
    /// What else may have changed the numbers.
    pub confounders: Vec<String>,
    /// How the filter was checked by hand, where it was.
    pub check: Option<FilterCheck>,
}

/// A count in a window.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Measured {
    /// Short label, such as "12-13 April".
    pub label: String,
    /// The window.
    pub window: Window,
    /// The count.
    pub tally: Tally,
    /// Figures beside it that are not compared; may be empty.
    pub beside: String,
    /// Why it is not compared with; none for one that is, and for the instrument's own.
    pub left_out: Option<String>,
}

/// The same question asked in another way: does the answer hang on a choice?
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct OtherWay {
    /// What was done otherwise.
    pub how: String,
    /// What came out.
    pub conclusion: Conclusion,
}

/// What follows from a comparison.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Conclusion {
    /// A rate ratio (window over baseline) with its 90 % interval, in permille: 1,000 is "as before".
    Ratio {
        /// Best value; none where it cannot be given (a baseline of zero).
        ratio_permille: Option<u64>,
        /// Lower end of the 90 % interval.
        low_permille: u64,
        /// Upper end of the 90 % interval; none when it has no upper end.
        high_permille: Option<u64>,
        /// The model, such as "negative binomial".
        model: String,
    },
    /// Nothing follows.
    NoConclusion {
        /// Why not.
        reason: String,
    },
}

/// A sample of rows labelled by hand.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct FilterCheck {
    /// Rows labelled.
    pub rows: u32,
    /// Share of the rows kept by the filter that are what it is meant to keep, in permille.
    pub precision_permille: u16,
    /// Which sample, labelled how.
    pub note: String,
}

/// Is a day within the instrument's window?
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Within {
    /// No part of it.
    No,
    /// Some hours.
    Part,
    /// All of it.
    Whole,
}

/// The front strip: kilometres along the reference line by days.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Strip {
    /// What is counted, such as "Incidents per 25 km and day".
    pub title: String,
    /// What a reader must know: which incidents have a place on the line, what is left out.
    pub note: String,
    /// The reference line: which, of what date, by whom.
    pub line: String,
    /// Sectors, in order along the line.
    pub sectors: Vec<Sector>,
    /// Places along the line to find one's way by.
    pub places: Vec<PlaceAlong>,
    /// Days, in order; each has one cell per sector.
    pub days: Vec<StripDay>,
}

/// A stretch of the reference line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Sector {
    /// Start, in kilometres along the reference line.
    pub from_km: u32,
    /// End.
    pub to_km: u32,
}

/// A town near the line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PlaceAlong {
    /// Kilometres along the reference line.
    pub km: u32,
    /// Name.
    pub name: String,
}

/// One day of the strip.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct StripDay {
    /// The day.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub day: Date,
    /// Is it within the window?
    pub within: Within,
    /// One per sector.
    pub cells: Vec<Tally>,
}

/// Which international boundaries the base map shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum BaseMap {
    /// Coast, provinces, and state borders by UN General Assembly resolution 68/262.
    #[serde(rename = "unga-68-262")]
    Unga68262,
    /// Coast and provinces, no international boundary.
    NoBoundaries,
    /// Nothing but what the report itself has: a made-up country.
    Blank,
}

/// The map.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Map {
    /// What is counted, such as "Incidents per cell in the 30 hours".
    pub title: String,
    /// What a reader must know.
    pub note: String,
    /// What lies beneath.
    pub base: BaseMap,
    /// Lines of contact, each with its source and date.
    pub lines: Vec<MapLine>,
    /// Zones of the agreement.
    pub zones: Vec<MapZone>,
    /// Counts.
    pub cells: Vec<MapCell>,
    /// More names than the base map has.
    pub labels: Vec<MapLabel>,
}

/// A line on the map.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct MapLine {
    /// Name, source and date.
    pub name: String,
    /// Licence and credit.
    pub licence: String,
    /// One or more paths.
    pub paths: Vec<Vec<Vertex>>,
}

/// A zone on the map.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct MapZone {
    /// Name.
    pub name: String,
    /// Rings, closed by themselves; those within others are holes.
    pub rings: Vec<Vec<Vertex>>,
}

/// A count in a cell.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct MapCell {
    /// Where.
    pub cell: Cell,
    /// How many.
    pub tally: Tally,
}

/// A name on the map.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct MapLabel {
    /// Name.
    pub name: String,
    /// Where.
    pub at: Vertex,
}

/// All findings.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Findings {
    /// The clauses, in the order of the agreement.
    pub clauses: Vec<Clause>,
    /// One complete version of the terms each; never mixed.
    pub readings: Vec<Reading>,
    /// How many findings of each reading the page shows; the rest are in `findings.csv`.
    pub shown: usize,
}

/// A clause of the instrument.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Clause {
    /// Its id in the agreement file.
    pub id: String,
    /// What it says, in short.
    pub title: String,
    /// Where that is written.
    pub source: String,
}

/// Findings under one reading.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Reading {
    /// Its id in the agreement file.
    pub id: String,
    /// Its title, such as "as declared on 19 April".
    pub title: String,
    /// Code of the party that holds it; none for the base text.
    pub held_by: Option<String>,
    /// What is particular to it.
    pub note: String,
    /// Counts by clause, in the order of the clauses.
    pub counts: Vec<ClauseCount>,
    /// The findings, those that matter most first.
    pub findings: Vec<Finding>,
}

/// Findings against one clause, counted by verdict.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ClauseCount {
    /// Id of the clause.
    pub clause: String,
    /// Breach.
    pub breach: u64,
    /// No breach.
    pub no_breach: u64,
    /// Permitted.
    pub permitted: u64,
    /// Undetermined.
    pub undetermined: u64,
    /// Not applicable: outside the period.
    pub outside_period: u64,
    /// Not applicable: outside the place.
    pub outside_place: u64,
    /// Not applicable: another party.
    pub other_party: u64,
    /// Not applicable: other means.
    pub other_means: u64,
}

/// What a finding says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The subject is a breach of the clause.
    Breach,
    /// It is not.
    NoBreach,
    /// The clause permits it.
    Permitted,
    /// What is known does not tell.
    Undetermined,
    /// The clause does not apply: outside its period.
    OutsidePeriod,
    /// The clause does not apply: outside its place.
    OutsidePlace,
    /// The clause does not apply: it binds another party.
    OtherParty,
    /// The clause does not apply: other means.
    OtherMeans,
}

impl Verdict {
    /// The words of the glossary.
    pub fn words(self) -> &'static str {
        match self {
            Self::Breach => "breach",
            Self::NoBreach => "no breach",
            Self::Permitted => "permitted",
            Self::Undetermined => "undetermined",
            Self::OutsidePeriod => "not applicable: period",
            Self::OutsidePlace => "not applicable: place",
            Self::OtherParty => "not applicable: party",
            Self::OtherMeans => "not applicable: means",
        }
    }
}

/// A subject held against one clause.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Finding {
    /// Id of the incident, site or period.
    pub subject: String,
    /// What the subject is, in coarse words: "shelling, two reports".
    pub what: String,
    /// Id of the clause.
    pub clause: String,
    /// Code of the bound party; none: side not established.
    pub party: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// Where, where it has a place.
    pub cell: Option<Cell>,
    /// Province or published site, or that the place is not known.
    pub place: String,
    /// First day.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub first_day: Date,
    /// Last day.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub last_day: Date,
    /// Evidence that it occurred, in centibans.
    pub evidence_centibans: i32,
    /// The same as a probability in permille.
    pub probability_permille: u16,
    /// The same as a word of the published table.
    pub probability_word: String,
    /// Probability that the place lies in the zone, in permille, where the clause has one.
    pub in_zone_permille: Option<u16>,
    /// The reasons, in the order in which they decided.
    pub reasons: Vec<String>,
    /// The verdicts on the same subject and clause under the other readings.
    pub other_readings: Vec<String>,
    /// What would change the finding.
    pub would_change: Vec<String>,
}

/// Incidents.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Incidents {
    /// What stands in the list and what does not.
    pub note: String,
    /// The incidents, those that matter most first.
    pub rows: Vec<Incident>,
    /// How many the page shows; the rest are in `incidents.csv`.
    pub shown: usize,
}

/// What happened, as far as known.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Incident {
    /// Id: that of its anchor.
    pub id: String,
    /// Where, where it has a place.
    pub cell: Option<Cell>,
    /// Province, or that the place is not known.
    pub place: String,
    /// First day.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub first_day: Date,
    /// Last day.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub last_day: Date,
    /// What was done and with what, in words of the glossary.
    pub kinds: Vec<String>,
    /// Observations in it.
    pub observations: u32,
    /// Groups of independence among them that count for its having occurred: no copy under another name.
    pub groups: u32,
    /// Ids of the sources.
    pub sources: Vec<String>,
    /// Evidence that it occurred, in centibans.
    pub evidence_centibans: i32,
    /// The same as a probability in permille.
    pub probability_permille: u16,
    /// The same as a word of the published table.
    pub probability_word: String,
}

/// What one kind of source could see, by place and time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Coverage {
    /// Kind of source, such as "thermal anomaly".
    pub kind: String,
    /// Ids of the sources.
    pub sources: Vec<String>,
    /// How it is known what they could see.
    pub note: String,
    /// Names of the columns: days or hours.
    pub columns: Vec<String>,
    /// Rows: sectors or provinces.
    pub rows: Vec<CoverageRow>,
}

/// One sector or province.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct CoverageRow {
    /// Its name.
    pub label: String,
    /// One per column.
    pub cells: Vec<Covered>,
}

/// What could be seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Covered {
    /// Could an event have been seen?
    pub state: Seen,
    /// For which share of the time, in permille, where that is known.
    pub share_permille: Option<u16>,
}

/// How the report was computed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Method {
    /// About ten sentences, in the order of the computation.
    pub lines: Vec<String>,
    /// The words for probabilities.
    pub words: Vec<Word>,
    /// Every threshold that decided something.
    pub thresholds: Vec<Threshold>,
}

/// A word for a range of probabilities.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Word {
    /// The word.
    pub word: String,
    /// From this probability, in permille.
    pub from_permille: u16,
    /// Up to this.
    pub to_permille: u16,
}

/// A threshold.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Threshold {
    /// What it decides.
    pub name: String,
    /// Its value with its unit.
    pub value: String,
    /// The file and key that set it.
    pub set_by: String,
}

/// A correction.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Correction {
    /// The day it was made.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub day: Date,
    /// What was wrong and what is right.
    pub text: String,
}

/// Rows of one file set aside for one reason.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct SetAside {
    /// The file.
    pub file: String,
    /// The reason.
    pub reason: String,
    /// How many rows.
    pub rows: u64,
    /// The first of them, counted from 1.
    pub first_line: Option<u64>,
}

/// How many of what.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Counted {
    /// What was counted.
    pub what: String,
    /// How many.
    pub count: u64,
}
