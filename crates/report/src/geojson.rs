//! GeoJSON (RFC 7946) of what has a place: cells, incidents by cell, lines and zones.

use crate::cell::{Cell, Vertex};
use crate::csv::{degrees, licences};
use crate::model::{Incident, Map as Drawn, Report, Seen};
use crate::together::Together;
use serde_json::{Map, Value, json};

/// The places of a report. Every feature has `layer` (`cell`, `incident`, `line`, `zone`) and `licence`; an
/// incident is the square of its cell, never a point, or has no geometry.
pub fn geojson(report: &Report) -> String {
    let mut features = Vec::new();
    if let Some(map) = &report.map {
        drawn(map, &report.head.licence, &mut features);
    }
    features.extend(report.incidents.rows.iter().map(|it| incident(it, report, None)));
    let title = format!("{}: {}", report.head.title, report.head.question);
    collection(title, &report.head.licence, report.head.made_up.is_some(), &features)
}

/// The same for several instruments: each incident once, with the agreements that it breaches a clause of
/// (`breaches`) and those of which a clause applies to it (`held_against`).
pub(crate) fn geojson_held(together: &Together, parts: &[(&str, &Report)]) -> String {
    let head = &together.head;
    let mut features = Vec::new();
    if let Some(map) = &together.map {
        drawn(map, &head.licence, &mut features);
    }
    if let Some((_, report)) = parts.first() {
        features.extend(together.incidents.iter().map(|held| {
            let mut against: Vec<&str> = held.findings.iter().map(|it| it.agreement.as_str()).collect();
            against.dedup();
            incident(&held.incident, report, Some((&held.breaches, against)))
        }));
    }
    collection(format!("{}: {}", head.title, head.question), &head.licence, head.made_up.is_some(), &features)
}

/// Cells, lines and zones.
fn drawn(map: &Drawn, licence: &str, features: &mut Vec<String>) {
    for it in &map.cells {
        let state = match it.tally.state() {
            Seen::Observed => "observed",
            Seen::NotObserved => "not observed",
            Seen::Saturated => "saturated",
            Seen::NotKnown => "not known",
        };
        features.push(feature(
            square(it.cell),
            json!({
                "layer": "cell", "cell": it.cell.name(), "state": state, "count": it.tally.count(),
                "counted": map.title, "licence": licence,
            }),
        ));
    }
    for it in &map.lines {
        let paths: Vec<String> = it.paths.iter().filter(|p| p.len() > 1).map(|p| path(p)).collect();
        features.push(feature(
            format!("{{\"type\":\"MultiLineString\",\"coordinates\":[{}]}}", paths.join(",")),
            json!({ "layer": "line", "name": it.name, "licence": it.licence }),
        ));
    }
    for it in &map.zones {
        // A boundary as lines: which ring is a hole is for the agreement's own file to say.
        let rings: Vec<String> = it
            .rings
            .iter()
            .filter(|ring| ring.len() > 2)
            .map(|ring| path(&[ring.as_slice(), &ring[..1]].concat()))
            .collect();
        features.push(feature(
            format!("{{\"type\":\"MultiLineString\",\"coordinates\":[{}]}}", rings.join(",")),
            json!({ "layer": "zone", "name": it.name, "licence": licence }),
        ));
    }
}

fn incident(it: &Incident, report: &Report, held: Option<(&[String], Vec<&str>)>) -> String {
    let mut properties = json!({
        "layer": "incident", "id": it.id, "cell": it.cell.map(Cell::name), "place": it.place,
        "first_day": it.first_day.to_string(), "last_day": it.last_day.to_string(), "kinds": it.kinds,
        "observations": it.observations, "groups": it.groups,
        "probability_permille": it.probability_permille, "probability_word": it.probability_word,
        "sources": it.sources, "licence": licences(report, &it.sources),
    });
    if let Some((breaches, against)) = held {
        properties["breaches"] = json!(breaches);
        properties["held_against"] = json!(against);
    }
    feature(it.cell.map_or("null".into(), square), properties)
}

fn collection(title: String, licence: &str, made_up: bool, features: &[String]) -> String {
    let mut head = Map::new();
    head.insert("title".into(), Value::from(title));
    head.insert("licence".into(), Value::from(licence));
    head.insert("made_up".into(), Value::from(made_up));
    let head = Value::Object(head).to_string();
    format!(
        "{{\"type\":\"FeatureCollection\",\"truceline\":{head},\"features\":[\n{}\n]}}\n",
        features.join(",\n")
    )
}

/// Coordinates are written here, as decimals of integers, so that no float is ever formatted.
fn feature(geometry: String, properties: Value) -> String {
    format!("{{\"type\":\"Feature\",\"geometry\":{geometry},\"properties\":{properties}}}")
}

/// Anticlockwise, as RFC 7946, 3.1.6 asks.
fn square(cell: Cell) -> String {
    let [west, south, east, north] = cell.sides().map(degrees);
    format!(
        "{{\"type\":\"Polygon\",\"coordinates\":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}"
    )
}

fn path(vertices: &[Vertex]) -> String {
    let thousandths = |v: i32| {
        let sign = if v < 0 { "-" } else { "" };
        format!("{sign}{}.{:03}", v.abs() / 1_000, v.abs() % 1_000)
    };
    let at =
        |v: &Vertex| format!("[{},{}]", thousandths(v.lon_millidegrees), thousandths(v.lat_millidegrees));
    format!("[{}]", vertices.iter().map(at).collect::<Vec<_>>().join(","))
}
