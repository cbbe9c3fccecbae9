//! Heartbeats of nodes and sensors: what was up, down or saturated, and when.
//!
//! What a row is worth: it speaks for its own time and no longer. Saturated is neither quiet nor blind: the sensor
//! works, and what it leaves out means nothing. Where the sensor stands is in the files of stations and sensors.

use std::io::BufRead;

use truce::Name;
use truce::observation::{Detail, Kind, Observation};
use truce::place::Place;
use truce::sensing::State;
use truce::time::Span;

use super::stations::named;
use crate::Cause;
use crate::cell::Fault;
use crate::run::{Run, plain};
use crate::table::{Row, Table};

pub(super) const REQUIRED: [&str; 4] = ["node", "time", "time_end", "state"];
const COLUMNS: [&str; 6] = ["node", "time", "time_end", "state", "network", "note"];

pub(super) fn read(input: &mut dyn BufRead, run: &mut Run<'_>) {
    let Some((mut table, columns)) = Table::open_strict(input, run, REQUIRED, &COLUMNS) else { return };
    while let Some(row) = table.next(run) {
        let made = beat(&row, columns, run);
        run.settle(row.line, row.raw, made);
    }
}

fn beat(row: &Row<'_>, columns: [usize; 4], run: &Run<'_>) -> Result<Observation, Fault> {
    let [node, from, to, state] = columns.map(|column| row.cell(column));
    let (start, end) = (from.when()?.start, to.when()?.end);
    let time = Span::new(start, end).ok_or_else(|| to.fault(Cause::Time, "is before `time`"))?;
    let mut said = plain(run.profile, Kind::SensorStatus, time, Place::Unknown);
    if let Some(cell) = row.optional("network") {
        said.group = Name::from(cell.text);
    }
    said.detail = Detail::Beat { sensor: named(node)?, state: state.word(&State::NAMES)? };
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::format::tests::{one, reasons};
    use crate::{Context, Profile};
    use truce::time::HOUR;

    #[test]
    fn a_beat_speaks_for_its_own_time() {
        let file = "node,time,time_end,state\nn7,2031-05-04T10:00:00Z,2031-05-04T11:00:00Z,saturated\n";
        let said = one(Format::Heartbeats, file, &Profile::new("net"), &Context::default());
        assert_eq!((said.kind, said.time.length(), said.place), (Kind::SensorStatus, HOUR, Place::Unknown));
        assert_eq!(said.detail, Detail::Beat { sensor: "n7".into(), state: State::Saturated });
    }

    #[test]
    fn a_word_that_is_no_state_is_named() {
        let file = "node,time,time_end,state\n\
                    n7,2031-05-04T10:00:00Z,2031-05-04T11:00:00Z,dovn\n\
                    n7,2031-05-04T10:00:00Z,2031-05-04T09:00:00Z,up\n";
        let faults = reasons(Format::Heartbeats, file.as_bytes(), &Profile::new("net"), &Context::default());
        assert!(faults[0].contains("did you mean `down`") && faults[1].contains("is before"), "{faults:?}");
    }
}
