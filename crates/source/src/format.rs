//! The formats, one file each, and how to tell them apart.

use std::io::BufRead;

use crate::cell::{Fault, nearest};
use crate::lines::plain_text;
use crate::run::Run;
use crate::{Cause, Rejected, table};

mod air_measurements;
mod air_sensors;
mod alerts;
mod attacks;
mod claims;
mod deepstate;
mod firms_csv;
mod firms_geojson;
mod general_staff;
mod heartbeats;
mod impulse_detections;
mod ministry_posts;
mod observation_csv;
mod observation_ndjson;
mod owlmaps;
mod statement;
mod stations;
mod thermal_days;
mod viina;
mod viina_energy;

#[cfg(test)]
pub(crate) mod tests;

pub use statement::COLUMNS;

/// The formats that can be read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Format {
    /// The project's own observations as a table (docs/observation-format.md).
    ObservationCsv,
    /// The same, one JSON object per line.
    ObservationNdjson,
    /// VIINA's geocoded news reports.
    Viina,
    /// The same, filtered to energy and oil targets, with outlets.
    ViinaEnergy,
    /// NASA FIRMS heat anomalies as a table: all columns, or positions and days only.
    FirmsCsv,
    /// NASA FIRMS heat anomalies as GeoJSON.
    FirmsGeojson,
    /// A day's map of held ground as DeepState publishes it.
    Deepstate,
    /// A day's map of held ground as Owlmaps publishes it.
    Owlmaps,
    /// Official air-raid alerts by province.
    Alerts,
    /// Launches and shoot-downs by attack, as a party tabulates them.
    Attacks,
    /// Statements of the parties.
    Claims,
    /// Daily totals of heat anomalies with cloud cover.
    ThermalDays,
    /// Posts of a defence ministry.
    MinistryPosts,
    /// Running totals of a general staff.
    GeneralStaff,
    /// Nodes of a network that hears bangs.
    Stations,
    /// Bangs as single nodes heard them.
    ImpulseDetections,
    /// Heartbeats of nodes and sensors.
    Heartbeats,
    /// Sensors of aircraft.
    AirSensors,
    /// What sensors of aircraft measured.
    AirMeasurements,
}

impl Format {
    /// All formats with their names in mission files.
    pub const NAMES: [(&'static str, Self); 19] = [
        ("observation-csv", Self::ObservationCsv),
        ("observation-ndjson", Self::ObservationNdjson),
        ("viina", Self::Viina),
        ("viina-energy", Self::ViinaEnergy),
        ("firms-csv", Self::FirmsCsv),
        ("firms-geojson", Self::FirmsGeojson),
        ("deepstate", Self::Deepstate),
        ("owlmaps", Self::Owlmaps),
        ("alerts", Self::Alerts),
        ("attacks", Self::Attacks),
        ("claims", Self::Claims),
        ("thermal-days", Self::ThermalDays),
        ("ministry-posts", Self::MinistryPosts),
        ("general-staff", Self::GeneralStaff),
        ("stations", Self::Stations),
        ("impulse-detections", Self::ImpulseDetections),
        ("heartbeats", Self::Heartbeats),
        ("air-sensors", Self::AirSensors),
        ("air-measurements", Self::AirMeasurements),
    ];

    /// The name in mission files.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }

    /// The format of a name in a mission file.
    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// Tell the format from the first bytes of a file (a few kilobytes; at least its header). The name only
    /// decides between formats that begin alike.
    ///
    /// # Errors
    /// What the file seems to be, and what it lacks.
    pub fn recognise(file_name: &str, first_bytes: &[u8]) -> Result<Self, Rejected> {
        let recognised = plain_text(first_bytes).and_then(|start| {
            let head = first_bytes[start..].trim_ascii_start();
            if head.is_empty() {
                return Err(Fault::new(
                    Cause::CutShort,
                    "the file is empty; fetch it again, or remove it".into(),
                ));
            }
            if matches!(head.first(), Some(b'{' | b'[')) { json(file_name, head) } else { csv(head) }
        });
        recognised.map_err(|Fault { line, column, cause, reason }| Rejected {
            line: line.unwrap_or(1),
            column,
            cause,
            reason,
        })
    }

    pub(crate) fn read(self, input: &mut dyn BufRead, run: &mut Run<'_>) {
        match self {
            Self::ObservationCsv => observation_csv::read(input, run),
            Self::ObservationNdjson => observation_ndjson::read(input, run),
            Self::Viina => viina::read(input, run),
            Self::ViinaEnergy => viina_energy::read(input, run),
            Self::FirmsCsv => firms_csv::read(input, run),
            Self::FirmsGeojson => firms_geojson::read(input, run),
            Self::Deepstate => run.settle_map(deepstate::map(input, run)),
            Self::Owlmaps => run.settle_map(owlmaps::map(input, run)),
            Self::Alerts => alerts::read(input, run),
            Self::Attacks => attacks::read(input, run),
            Self::Claims => claims::read(input, run),
            Self::ThermalDays => thermal_days::read(input, run),
            Self::MinistryPosts => ministry_posts::read(input, run),
            Self::GeneralStaff => general_staff::read(input, run),
            Self::Stations => stations::read(input, run),
            Self::ImpulseDetections => impulse_detections::read(input, run),
            Self::Heartbeats => heartbeats::read(input, run),
            Self::AirSensors => air_sensors::read(input, run),
            Self::AirMeasurements => air_measurements::read(input, run),
        }
    }
}

/// The columns by which a table is known.
const TABLES: [(Format, &[&str]); 14] = [
    (Format::ObservationCsv, &["kind", "time"]),
    (Format::Viina, &viina::COLUMNS),
    (Format::ViinaEnergy, &viina_energy::COLUMNS),
    (Format::FirmsCsv, &firms_csv::COLUMNS),
    (Format::Alerts, &alerts::COLUMNS),
    (Format::Attacks, &attacks::COLUMNS),
    (Format::Claims, &claims::REQUIRED),
    (Format::ThermalDays, &thermal_days::COLUMNS),
    (Format::MinistryPosts, &ministry_posts::COLUMNS),
    (Format::Stations, &stations::REQUIRED),
    (Format::Heartbeats, &heartbeats::REQUIRED),
    (Format::ImpulseDetections, &impulse_detections::REQUIRED),
    (Format::AirSensors, &air_sensors::REQUIRED),
    (Format::AirMeasurements, &air_measurements::REQUIRED),
];

fn csv(head: &[u8]) -> Result<Format, Fault> {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let names = table::header(line.trim_ascii_end())?;
    let known = |column: &&str| names.iter().any(|name| name == *column);
    if let Some((format, _)) = TABLES.iter().find(|(_, columns)| columns.iter().all(known)) {
        return Ok(*format);
    }
    // The format of which most is there, mistyped names included.
    let resembles = |columns: &[&str]| {
        let like = |column: &&&str| nearest(column, names.iter().map(String::as_str)).is_some();
        columns.iter().filter(like).count() * 100 / columns.len()
    };
    let (format, columns) =
        TABLES.into_iter().max_by_key(|(_, columns)| resembles(columns)).unwrap_or(TABLES[0]);
    let missing: Vec<&str> = columns.iter().filter(|column| !known(column)).copied().collect();
    let reason = if resembles(columns) == 0 {
        "the columns of the header belong to no known format; see docs/sources.md".into()
    } else {
        format!(
            "the columns belong to no known format; the nearest is `{}`, which also needs `{}`",
            format.name(),
            missing.join("`, `")
        )
    };
    Err(Fault::new(Cause::Columns, reason))
}

fn json(file_name: &str, head: &[u8]) -> Result<Format, Fault> {
    let has = |text: &str| memchr::memmem::find(head, text.as_bytes()).is_some();
    let first = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let one_line = crate::json::Object::parse(first).is_ok_and(|object| object.get("kind").is_some());
    if one_line {
        Ok(Format::ObservationNdjson)
    } else if has("\"FeatureCollection\"") {
        match (has("\"acq_date\""), has("Polygon\"")) {
            (true, _) => Ok(Format::FirmsGeojson),
            (false, true) => Ok(Format::Deepstate),
            (false, false) if file_name.to_lowercase().contains("deepstate") => Ok(Format::Deepstate),
            (false, false) => Err(Fault::new(
                Cause::Json,
                "a GeoJSON file, but neither of heat anomalies (`acq_date`) nor of polygons".into(),
            )),
        }
    } else if has("\"areas\"") || has("\"areas_ua\"") || has("\"frontline\"") {
        Ok(Format::Owlmaps)
    } else if head.starts_with(b"[") && has("\"date\"") && has("\"day\"") {
        Ok(Format::GeneralStaff)
    } else {
        Err(Fault::new(Cause::Json, "JSON of no known format; see docs/sources.md".into()))
    }
}
