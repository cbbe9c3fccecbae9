//! Sensors of aircraft: radars, cameras, direction finders, acoustic arrays, receivers of what aircraft say.
//!
//! What a row is worth: the mission's own record of one sensor, from a moment on. Its name and place never leave the
//! observation that is made here.

use std::io::BufRead;

use truce::observation::Observation;
use truce::sensing::Sort;

use super::stations::instrument;
use crate::cell::Fault;
use crate::run::Run;
use crate::table::{Row, Table};

pub(super) const REQUIRED: [&str; 6] = ["sensor", "since", "lat", "lon", "range_m", "senses"];
const COLUMNS: [&str; 14] = [
    "sensor",
    "since",
    "lat",
    "lon",
    "range_m",
    "senses",
    "scans",
    "detection",
    "false_per_scan",
    "cooperative",
    "error_m",
    "height_m",
    "network",
    "note",
];
const YES: [(&str, bool); 4] = [("yes", true), ("no", false), ("true", true), ("false", false)];
const SENSES: [(&str, bool); 2] = [("light", false), ("sound", true)];

pub(super) fn read(input: &mut dyn BufRead, run: &mut Run<'_>) {
    let Some((mut table, columns)) = Table::open_strict(input, run, REQUIRED, &COLUMNS) else { return };
    while let Some(row) = table.next(run) {
        let made = sensor(&row, columns, run);
        run.settle(row.line, row.raw, made);
    }
}

fn sensor(row: &Row<'_>, columns: [usize; 6], run: &Run<'_>) -> Result<Observation, Fault> {
    let [sensor, since, lat, lon, range, senses] = columns.map(|column| row.cell(column));
    let flag = |name: &str| row.optional(name).map_or(Ok(false), |cell| cell.word(&YES));
    let number = |name: &str, least: f64, most: f64, otherwise: f64| {
        row.optional(name).map_or(Ok(otherwise), |cell| cell.within(least, most, ""))
    };
    let sort = Sort::Eye {
        sound: senses.word(&SENSES)?,
        scans: flag("scans")?,
        // What nobody says is taken for middling.
        detection: (number("detection", 0.01, 1.0, 0.8)? * 1e3).round() as u16,
        false_milli: (number("false_per_scan", 0.0, 100_000.0, 0.1)? * 1e3).round() as u32,
        cooperative: flag("cooperative")?,
    };
    instrument(row, run, [sensor, since, lat, lon, range], sort)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::format::tests::{one, reasons};
    use crate::{Context, Profile};
    use truce::observation::Detail;

    #[test]
    fn a_sensor_says_what_it_senses() {
        let file = "sensor,since,lat,lon,range_m,senses,scans,detection,false_per_scan\n\
                    radar-1,2031-05-04T00:00:00Z,1.2,2.4,20000,light,yes,0.9,2.5\n";
        let said = one(Format::AirSensors, file, &Profile::new("eyes"), &Context::default());
        let Detail::Instrument(it) = said.detail else { panic!() };
        let sort =
            Sort::Eye { sound: false, scans: true, detection: 900, false_milli: 2_500, cooperative: false };
        assert_eq!((&*it.name, it.range, it.sort), ("radar-1", 20_000_000, sort));
    }

    #[test]
    fn what_cannot_be_is_named() {
        let file = "sensor,since,lat,lon,range_m,senses,scans\n\
                    r,2031-05-04T00:00:00Z,1.2,2.4,20000,heat,yes\n\
                    r,2031-05-04T00:00:00Z,1.2,2.4,20000,sound,perhaps\n";
        let faults = reasons(Format::AirSensors, file.as_bytes(), &Profile::new("eyes"), &Context::default());
        assert!(faults[0].contains("senses: `heat`") && faults[1].contains("scans: `perhaps`"), "{faults:?}");
    }
}
