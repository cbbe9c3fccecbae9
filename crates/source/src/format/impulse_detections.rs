//! Bangs as single nodes heard them: the raw material of association.
//!
//! What a row is worth: one node heard something at a moment of its own clock. It has no place, and it may be an
//! echo or nothing: only many rows together tell of a bang. What is left out stays unknown.

use std::io::BufRead;

use truce::Name;
use truce::observation::{Detail, Kind, Observation};
use truce::place::Place;
use truce::sensing::{Bearing, Heard};
use truce::time::Span;

use super::stations::{milliseconds, named};
use crate::Cause;
use crate::cell::{Cell, Fault};
use crate::run::{Run, plain};
use crate::table::{Row, Table};

pub(super) const REQUIRED: [&str; 3] = ["node", "time", "clock_error_ms"];
const COLUMNS: [&str; 11] = [
    "node",
    "time",
    "clock_error_ms",
    "azimuth",
    "azimuth_error",
    "level_db",
    "duration_ms",
    "outgoing",
    "impact",
    "network",
    "note",
];

pub(super) fn read(input: &mut dyn BufRead, run: &mut Run<'_>) {
    let Some((mut table, columns)) = Table::open_strict(input, run, REQUIRED, &COLUMNS) else { return };
    while let Some(row) = table.next(run) {
        let made = detection(&row, columns, run);
        run.settle(row.line, row.raw, made);
    }
}

fn detection(row: &Row<'_>, columns: [usize; 3], run: &Run<'_>) -> Result<Observation, Fault> {
    let [node, time, clock] = columns.map(|column| row.cell(column));
    let moment = moment(time)?;
    let clock = if clock.text.is_empty() { None } else { Some(milliseconds(clock)?) };
    let level = row.optional("level_db").map(|cell| cell.within(-100.0, 300.0, "decibel")).transpose()?;
    let likelihood = |name: &str| {
        let cell = row.optional(name).map(|cell| cell.within(0.0, 1.0, "")).transpose()?;
        Ok(cell.map(|share| (share * 1e3).round() as u16))
    };
    let (outgoing, impact) = match (likelihood("outgoing")?, likelihood("impact")?) {
        (Some(outgoing), Some(impact)) => (outgoing, impact),
        (None, None) => (500, 500),
        _ => {
            let reason = "outgoing and impact: give both likelihoods, or neither".into();
            return Err(Fault::new(Cause::Columns, reason));
        }
    };
    let heard = Heard {
        node: named(node)?,
        clock,
        bearing: bearing(row)?,
        level: level.map(|level| (level * 100.0).round() as i32),
        duration: row.optional("duration_ms").map(milliseconds).transpose()?.unwrap_or(0),
        outgoing,
        impact,
    };
    let mut said = plain(run.profile, Kind::Impulse, moment, Place::Unknown);
    if let Some(cell) = row.optional("network") {
        said.group = Name::from(cell.text);
    }
    said.detail = Detail::Heard(Box::new(heard));
    Ok(said)
}

/// A moment to the second or better: a minute or a day is no time of a detection.
pub(super) fn moment(cell: Cell<'_>) -> Result<Span, Fault> {
    let time = cell.when()?;
    if time.start != time.end {
        return Err(cell.fault(Cause::Time, "is no moment: a detection needs its seconds and their fraction"));
    }
    Ok(time)
}

/// `azimuth` and `azimuth_error` in degrees; both or neither.
pub(super) fn bearing(row: &Row<'_>) -> Result<Option<Bearing>, Fault> {
    match (row.optional("azimuth"), row.optional("azimuth_error")) {
        (None, None) => Ok(None),
        (Some(azimuth), Some(error)) => Ok(Some(Bearing {
            azimuth: (azimuth.within(0.0, 360.0, "degrees")? * 1e3).round() as i32,
            sigma: (error.within(0.001, 90.0, "degrees")? * 1e3).round() as i32,
        })),
        (Some(cell), None) | (None, Some(cell)) => {
            Err(cell.fault(Cause::Columns, "stands alone: give azimuth and azimuth_error, or neither"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::format::tests::{observations, one, reasons};
    use crate::{Context, Profile};

    #[test]
    fn a_detection_says_when_and_never_where() {
        let file = "node,time,clock_error_ms,azimuth,azimuth_error,level_db,duration_ms,outgoing,impact\n\
                    n7,2031-05-04T10:00:00.123456Z,2,271.5,5,94.25,180,0.8,0.2\n";
        let said = one(Format::ImpulseDetections, file, &Profile::new("net"), &Context::default());
        assert_eq!(
            (said.kind, said.place, said.time.start.0 % 1_000_000),
            (Kind::Impulse, Place::Unknown, 123_456)
        );
        let Detail::Heard(heard) = said.detail else { panic!() };
        let bearing = Some(Bearing { azimuth: 271_500, sigma: 5_000 });
        assert_eq!(
            *heard,
            Heard {
                node: "n7".into(),
                clock: Some(2_000),
                bearing,
                level: Some(9_425),
                duration: 180_000,
                outgoing: 800,
                impact: 200
            }
        );
    }

    #[test]
    fn what_is_left_out_stays_unknown() {
        let file = "node,time,clock_error_ms,level_db\nn7,2031-05-04T10:00:00Z,,\n";
        let said = observations(
            Format::ImpulseDetections,
            file.as_bytes(),
            &Profile::new("net"),
            &Context::default(),
        );
        let Detail::Heard(heard) = &said[0].detail else { panic!() };
        assert_eq!((heard.clock, heard.bearing, heard.level, heard.outgoing), (None, None, None, 500));
    }

    #[test]
    fn half_of_a_pair_is_a_fault() {
        let file = "node,time,clock_error_ms,azimuth,azimuth_error,outgoing,impact\n\
                    n,2031-05-04T10:00:00Z,1,90,,,\n\
                    n,2031-05-04T10:00:00Z,1,90,0,,\n\
                    n,2031-05-04T10:00:00Z,1,,,0.5,\n\
                    n,2031-05-04 10:00Z,1,,,,\n";
        let faults =
            reasons(Format::ImpulseDetections, file.as_bytes(), &Profile::new("net"), &Context::default());
        for (fault, word) in faults.iter().zip(["stands alone", "0.001", "both likelihoods", "no moment"]) {
            assert!(fault.contains(word), "{fault}");
        }
        assert_eq!(faults.len(), 4);
    }
}
