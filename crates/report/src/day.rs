//! The day report, as monitors write it: one period from cut-off to cut-off, the current figure and then the
//! previous one, and nothing said without a figure behind it.
//!
//! The value knows no language: [`page`] says it in English, Ukrainian or Russian by fixed patterns. Like the
//! whole report it has no room for a fine place, a headline or a name.

mod page;

pub use crate::compose::day::{CaseState, Day, compose};
pub use page::{contents, page};

pub use crate::model::Titled;
use crate::model::{Arithmetic, ComputedFrom, Conclusion, Stated, Tally, Verdict, Window};
use crate::{Cell, model};
#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use truce::time::{Date, Time, Zone};

/// The name and version of the JSON format.
pub const FORMAT: &str = "truceline-day/1";

/// The report of one day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct DayReport {
    /// Always [`FORMAT`].
    pub format: &'static str,
    /// Name of the instrument.
    pub title: Titled,
    /// When not empty: says that the report is made up.
    pub made_up: Option<String>,
    /// Number of the report: that of the day since the instrument's first, from 1.
    pub number: i64,
    /// Which day of how many it is; none outside the instrument's time.
    pub day: Option<DayOf>,
    /// From the cut-off before to the cut-off.
    pub period: Window,
    /// The period before.
    pub previous: Window,
    /// The clock of the cut-off.
    #[serde(skip)]
    pub clock: Zone,
    /// The parties, in the order of the agreement.
    pub parties: Vec<Titled>,
    /// What the report was computed from.
    pub computed_from: ComputedFrom,
    /// What younger observations are withheld for, hours.
    pub delay_hours: i64,
    /// Level of the intervals, permille.
    pub level_permille: u16,
    /// Incidents, by what was done.
    pub figures: Vec<Compared>,
    /// Of the incidents of the period, those whose time is not known well enough to say that they lie in it.
    pub may_lie_outside: u64,
    /// Findings by reading and clause.
    pub readings: Vec<ReadingOfDay>,
    /// The gravest incidents of the period, at most [`SEVERE`].
    pub severe: Vec<Severe>,
    /// How many incidents the rule found grave, with those not listed.
    pub severe_in_all: u64,
    /// Listed as grave only from this probability, permille.
    pub grave_permille: u16,
    /// Weapons and forces seen, by what the clauses on them say.
    pub withdrawal: Withdrawal,
    /// Occasions of the period on which the monitor was hindered on its way.
    pub movement: Vec<Occasion>,
    /// How many there were in the period before.
    pub movement_before: u64,
    /// Occasions on which the monitor's instruments were jammed or blinded.
    pub interference: Interference,
    /// What the mission's own instruments could see.
    pub sensors: Sensors,
    /// Harm to civilians.
    pub harm: Harm,
    /// Follow-up.
    pub cases: Cases,
    /// What parties said of the period.
    pub claims: Vec<ClaimOfDay>,
    /// Where the agreement's plan stands; left out where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<crate::plan::Plan>,
    /// What is now known otherwise than in the report before.
    pub corrections: Corrections,
}

/// The gravest incidents listed, at most.
pub const SEVERE: usize = 10;

/// Day n of m.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct DayOf {
    /// From 1.
    pub number: i64,
    /// Of how many; none where the end is not known.
    pub of: Option<i64>,
}

/// A figure with the one before.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Compared {
    /// What is counted.
    pub of: Counted,
    /// In the period.
    pub current: Tally,
    /// In the period before.
    pub previous: Tally,
    /// In the periods before that count for the comparison, the nearest first.
    pub before: Vec<u64>,
    /// Against these.
    pub change: Conclusion,
}

/// What a figure counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Everything that happened, as far as known.
    Incidents,
    /// Use of weapons of any sort.
    Fire,
    /// Of these, from the ground with guns, mortars or rockets.
    Shelling,
    /// Of these, with unmanned aircraft.
    Drones,
    /// Of these, with aircraft or missiles.
    Air,
    /// Of these, small arms.
    SmallArms,
    /// Flights.
    Flights,
}

impl Counted {
    /// All, in the order of the report.
    pub const ALL: [Self; 7] = [
        Self::Incidents,
        Self::Fire,
        Self::Shelling,
        Self::Drones,
        Self::Air,
        Self::SmallArms,
        Self::Flights,
    ];
}

/// Findings of the period under one reading.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ReadingOfDay {
    /// Its id.
    pub id: String,
    /// Code of the party that holds it; none for the base text.
    pub held_by: Option<String>,
    /// Counts by clause.
    pub clauses: Vec<ClauseOfDay>,
}

/// Findings of the period against one clause.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ClauseOfDay {
    /// The clause.
    pub clause: Titled,
    /// Of this period.
    pub current: Verdicts,
    /// Of the period before.
    pub previous: Verdicts,
}

/// Findings counted by verdict. "Not applicable" is not counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Verdicts {
    /// Breach.
    pub breach: u64,
    /// Undetermined.
    pub undetermined: u64,
    /// Permitted.
    pub permitted: u64,
    /// No breach.
    pub no_breach: u64,
}

/// An incident of the list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Severe {
    /// Id: that of its anchor.
    pub id: String,
    /// What was done, by the name in files.
    pub act: &'static str,
    /// With what; "undetermined" where that is not known.
    pub weapon: &'static str,
    /// Against what; "undetermined" where that is not known or nobody's to read.
    pub target: &'static str,
    /// Where, where it has a place.
    pub cell: Option<Cell>,
    /// Where, in words.
    pub place: Whereabouts,
    /// The day.
    #[serde(serialize_with = "model::as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub date: Date,
    /// Probability that it happened, permille.
    pub probability_permille: u16,
    /// Groups of independence that speak of it.
    pub groups: u32,
    /// Verdicts, by reading and clause, where a clause applies.
    pub verdicts: Vec<(String, String, Verdict)>,
}

/// Where something was, as far as may be said.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Whereabouts {
    /// In a province.
    Province(Titled),
    /// Near a stretch of the reference line.
    NearLine {
        /// From this kilometre.
        from_km: i64,
        /// To this.
        to_km: i64,
    },
    /// In no province of the base map.
    Outside,
    /// Not known.
    NotKnown,
}

/// Weapons and forces seen where a clause speaks of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Withdrawal {
    /// Sightings in the period.
    pub seen: u64,
    /// In the period before.
    pub seen_before: u64,
    /// Of them, breach under at least one reading.
    pub breach: u64,
    /// Of them, undetermined and not breach under any.
    pub undetermined: u64,
}

/// An occasion on which the monitor was hindered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Occasion {
    /// Id of the incident.
    pub id: String,
    /// How, by the name in files.
    pub act: &'static str,
    /// Where, in words.
    pub place: Whereabouts,
    /// The day.
    #[serde(serialize_with = "model::as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub date: Date,
    /// Probability that it happened, permille.
    pub probability_permille: u16,
}

/// Occasions on which the monitor's instruments were jammed or blinded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Interference {
    /// In the period.
    pub count: u64,
    /// In the period before.
    pub before: u64,
}

/// What instruments could see along the line, as far as this view holds reports of their state.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Sensors {
    /// This view holds no report of the state of any.
    None,
    /// Not published yet: coverage waits longer than incidents do.
    Withheld {
        /// Days that it waits.
        days: i64,
    },
    /// Sectors and days.
    Known {
        /// Sectors of the line.
        sectors: u64,
        /// Of them, observed on the day of the cut-off.
        observed: u64,
        /// Of them, observed on the day before.
        observed_before: u64,
    },
}

/// Harm to civilians, as reported.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Harm {
    /// Incidents in which people or objects that are not military were hit, by the reports.
    pub incidents: u64,
    /// In the period before.
    pub before: u64,
    /// Of this period's, those that a case follows up.
    pub followed_up: u64,
}

/// Follow-up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Cases {
    /// Is a register of cases kept?
    pub kept: bool,
    /// Opened in the period.
    pub opened: u64,
    /// Opened in the period before.
    pub opened_before: u64,
    /// Answers that came in the period.
    pub answered: u64,
    /// Answers that were due by the cut-off and had not come.
    pub overdue: u64,
    /// Open at the cut-off.
    pub open: u64,
}

/// What a party said of (part of) the period.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ClaimOfDay {
    /// Short name.
    pub id: String,
    /// Code of the party that claims.
    pub claimant: String,
    /// The time that it speaks of.
    pub window: Window,
    /// What is counted, in the claimant's words.
    pub unit: String,
    /// The same as units of the dictionary; empty where it has not these words.
    pub units: Vec<String>,
    /// Total as stated.
    pub total: Stated,
    /// What adding its parts gives.
    pub arithmetic: Arithmetic,
    /// How often it was published; copies weigh as one.
    pub copies: u64,
    /// What the evidence says of it: one of `corroborated`, `not-corroborated-observed`, `not-corroborated-unobserved`,
    /// `contradicted`, `cannot-be-tested`.
    pub outcome: &'static str,
    /// Where the total counts by the claimant's own definition: its parts, each tested for itself.
    pub parts: Vec<PartOfDay>,
    /// Incidents that may lie in its window. Another unit: stands beside, is never compared.
    pub incidents: u64,
}

/// A part of what a party said.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PartOfDay {
    /// What is counted, in the claimant's words.
    pub unit: String,
    /// The same as units of the dictionary; empty where it has not these words.
    pub units: Vec<String>,
    /// What the evidence says of it, as of a total.
    pub outcome: &'static str,
}

/// What is now known otherwise.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Corrections {
    /// No report before was given to compare with.
    NothingToCompare,
    /// Compared with the report before.
    Compared {
        /// The figures that differ; none is a full answer.
        figures: Vec<Corrected>,
    },
}

/// A figure of the report before that is now another.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Corrected {
    /// What is counted.
    pub of: Counted,
    /// As published.
    pub was: Option<u64>,
    /// As now computed.
    pub is: Option<u64>,
}

/// What is read of the report before.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Published {
    /// Always [`FORMAT`].
    pub format: String,
    /// Its period.
    pub period: PublishedWindow,
    /// Its figures.
    pub figures: Vec<PublishedFigure>,
}

/// The period of a published report.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct PublishedWindow {
    /// First moment, RFC 3339.
    pub start: String,
    /// First moment after.
    pub end: String,
}

/// A figure of a published report.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
pub struct PublishedFigure {
    /// What was counted.
    pub of: Counted,
    /// The count of its own period.
    pub current: PublishedTally,
}

/// A published count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
pub struct PublishedTally {
    /// None where nothing was published.
    pub count: Option<u64>,
}

impl Published {
    /// Reads `day.json`.
    ///
    /// # Errors
    /// Where it is no day report of this format.
    pub fn parse(text: &str) -> Result<Self, String> {
        let published: Self = serde_json::from_str(text).map_err(|error| {
            format!("this is no day report: {error}; give the day.json of the day before")
        })?;
        if published.format != FORMAT {
            return Err(format!("this is of the format {}, not {FORMAT}", published.format));
        }
        Ok(published)
    }
}

/// The report as JSON, ending with a line break.
pub fn json(report: &DayReport) -> String {
    let mut text =
        serde_json::to_string_pretty(report).expect("structs of texts and integers always have a JSON form");
    text.push('\n');
    text
}

/// The period that ends at the cut-off of `date`.
pub fn period(date: Date, cut_off: truce::time::Micros, clock: Zone) -> truce::time::Span {
    let at = |date: Date| {
        let local = date.midnight(0).0 + cut_off;
        Time(local - clock.offset_local(Time(local)))
    };
    truce::time::Span { start: at(Date::from_days(date.days() - 1)), end: at(date) }
}

#[cfg(test)]
mod tests;
