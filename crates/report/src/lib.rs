//! Findings -> a [`Report`] value -> HTML, SVG, JSON, CSV, GeoJSON.
//!
//! The shell fills a [`Report`]; every function here is pure: the same value gives the same bytes on any machine.
//! There is no clock, pictures are drawn in integers, and no order depends on anything but the value.
//!
//! What must not be published has no room in the types (see [`model`]); what a picture shows, a table shows too.

pub mod account;
pub mod basemap;
pub mod case_file;
pub mod cell;
pub mod compose;
pub mod day;
pub mod language;
pub mod model;
pub mod plan;
pub mod state;
pub mod together;

mod csv;
mod geojson;
mod html;
mod picture;
mod text;

pub use cell::{Cell, Vertex};
pub use csv::{
    csv_claims, csv_coverage, csv_findings, csv_incidents, csv_series, csv_sources, csv_state, csv_strip,
};
pub use geojson::geojson;
pub use html::html;
pub use model::*;
pub use picture::{svg_map, svg_strip};

/// The report as JSON: the value as it stands, one field a line, ending with a line break.
/// Schema: `docs/report.schema.json`.
pub fn json(report: &Report) -> String {
    let mut text =
        serde_json::to_string_pretty(report).expect("structs of texts and integers always have a JSON form");
    text.push('\n');
    text
}

/// Every file of the report folder: name and content. Pictures stand there only when the report has them.
pub fn files(report: &Report) -> Vec<(&'static str, String)> {
    let mut files = vec![
        ("report.html", html(report)),
        ("report.json", json(report)),
        ("incidents.csv", csv_incidents(report)),
        ("findings.csv", csv_findings(report)),
        ("series.csv", csv_series(report)),
        ("claims.csv", csv_claims(report)),
        ("state.csv", csv_state(report)),
        ("coverage.csv", csv_coverage(report)),
        ("sources.csv", csv_sources(report)),
        ("report.geojson", geojson(report)),
    ];
    if report.strip.is_some() {
        files.push(("strip.csv", csv_strip(report)));
    }
    files.extend(svg_strip(report).map(|picture| ("strip.svg", picture)));
    files.extend(svg_map(report).map(|picture| ("map.svg", picture)));
    files
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
