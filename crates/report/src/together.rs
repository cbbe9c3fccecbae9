//! Several instruments held together: what stands above their reports, one for each.
//!
//! Each instrument has a [`Report`] of its own, whole and with the figures of that instrument alone. This value counts
//! every incident **once**, whatever the number of clauses and instruments that it is held against, and says of each
//! which clause of which instrument came to what. The figures of the instruments must not be added up: one act may stand
//! under several of them.

mod compose;
mod page;

use crate::model::{
    Clause, ClauseCount, ComputedFrom, Incident, Map, Party, Report, Verdict, Window, as_text,
};
use crate::{csv, geojson, picture};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use truce::time::Time;

/// The name and version of the JSON format. A field may be added under the same version; none changes its meaning.
pub const FORMAT: &str = "truceline-together/1";

/// What holds for several instruments together.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Together {
    /// Always [`FORMAT`].
    pub format: &'static str,
    /// What is asked, and what the answer was computed from.
    pub head: Head,
    /// Everybody who is a party to one of them, each once: in the order of the agreements, and of their files.
    pub parties: Vec<Party>,
    /// A few sentences, most important first.
    pub summary: Vec<String>,
    /// What a reader must know before reading on.
    pub notes: Vec<String>,
    /// The agreements, in the order of the first moment at which each may be in force, then of their ids.
    pub agreements: Vec<Part>,
    /// Which of them may be in force at once, stretch by stretch.
    pub at_once: Vec<AtOnce>,
    /// The map of all of them: each incident counted once. None where nothing has a place.
    pub map: Option<Map>,
    /// The incidents that may lie in the time of at least one of them, or that a clause holds: each once. First those that
    /// are a breach of clauses of the most agreements, then those likelier.
    pub incidents: Vec<Held>,
    /// How many the page shows; the rest are in `incidents.csv`.
    pub shown: usize,
    /// Licence and sources of this report's own text, data and base map, one sentence each.
    pub licences: Vec<String>,
}

/// What is asked, and what the answer was computed from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Head {
    /// Title, such as "Three agreements held together".
    pub title: String,
    /// The question.
    pub question: String,
    /// From the first moment of any of them to the last.
    pub window: Window,
    /// When not empty: says that the report is made up.
    pub made_up: Option<String>,
    /// The agreements, mission, data and program that it was computed from.
    pub computed_from: ComputedFrom,
    /// Licence of the report.
    pub licence: String,
}

/// One of the agreements, and what came of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Part {
    /// Its id, which is also the folder of its own report.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How it came about, and how each party stands to it.
    pub instrument: String,
    /// The time that it covers, over all its readings.
    pub window: Window,
    /// Codes of its parties, in the order of its file.
    pub parties: Vec<String>,
    /// Whether it held, and the findings under each reading, in sentences.
    pub summary: Vec<String>,
    /// Its clauses.
    pub clauses: Vec<Clause>,
    /// What came of it, reading by reading.
    pub readings: Vec<PartReading>,
    /// Incidents that are a breach of at least one of its clauses, under at least one reading.
    pub breaching_incidents: u64,
    /// Of these, incidents that are a breach of no other of the agreements.
    pub breaching_it_alone: u64,
}

/// A reading of one of the agreements, and what came of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PartReading {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// When it is in force.
    pub note: String,
    /// Findings by clause and verdict.
    pub counts: Vec<ClauseCount>,
}

/// A stretch of time in which the same agreements may be in force.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct AtOnce {
    /// First moment, RFC 3339 in UTC.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub start: Time,
    /// First moment after, RFC 3339 in UTC.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub end: Time,
    /// Ids of the agreements, in their order.
    pub agreements: Vec<String>,
}

/// An incident, and what each agreement says of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Held {
    /// The incident. Where the agreements have lines of their own, its place may be told by each.
    pub incident: Incident,
    /// Ids of the agreements of which it breaches a clause under at least one reading, in their order.
    pub breaches: Vec<String>,
    /// The findings, by agreement, reading and clause, each in its order; none where no clause applies.
    pub findings: Vec<HeldAgainst>,
}

/// A finding, and whose clause it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct HeldAgainst {
    /// Id of the agreement.
    pub agreement: String,
    /// Id of the reading.
    pub reading: String,
    /// Id of the clause.
    pub clause: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Code of the bound party; none: side not established.
    pub party: Option<String>,
}

impl Together {
    /// The value as JSON, one field a line, ending with a line break. Schema: `docs/together.schema.json`.
    pub fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self)
            .expect("structs of texts and integers always have a JSON form");
        text.push('\n');
        text
    }

    /// The page: what holds for all, with the way to each report.
    pub fn html(&self) -> String {
        page::page(self)
    }

    /// Every file that stands above the folders of the reports, whose values `reports` are, in the order of the
    /// agreements.
    pub fn files(&self, reports: &[Report]) -> Vec<(&'static str, String)> {
        let parts: Vec<(&str, &Report)> =
            self.agreements.iter().map(|part| part.id.as_str()).zip(reports).collect();
        let mut files = vec![
            ("report.html", self.html()),
            ("report.json", self.json()),
            ("agreements.csv", csv::csv_agreements(self)),
            ("incidents.csv", csv::csv_held(self, &parts)),
            ("findings.csv", csv::csv_findings_of(&parts)),
            ("report.geojson", geojson::geojson_held(self, &parts)),
        ];
        files.extend(self.map.as_ref().map(|map| ("map.svg", picture::svg_of(map))));
        files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The schema is made from the types and their comments; `BLESS=1 cargo test -p report schema` writes it anew.
    #[test]
    fn the_schema_is_that_of_the_types() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/together.schema.json");
        let mut schema = serde_json::to_string_pretty(&schemars::schema_for!(Together)).unwrap();
        schema.push('\n');
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(path, &schema).unwrap();
        }
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            written == schema,
            "docs/together.schema.json is not that of the types: BLESS=1 writes it anew"
        );
    }
}
