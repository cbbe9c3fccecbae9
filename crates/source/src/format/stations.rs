//! The nodes of a network that hears bangs: where each stands, from when on, and how good its clock is.
//!
//! What a row is worth: the network's own record of one node. A node that is moved, or whose clock is set anew, gets
//! another row with a later `since`; the rows before it stay true for their time. Names and places of nodes never
//! leave the observations that are made here.

use std::io::BufRead;

use truce::Name;
use truce::observation::{Detail, Kind, Observation};
use truce::place::{Ellipse, METRE, Mm, Place};
use truce::sensing::{Instrument, Sort};
use truce::time::{Micros, Span};

use crate::Cause;
use crate::cell::{Cell, Fault, position};
use crate::run::{Run, plain};
use crate::table::{Row, Table};

pub(super) const REQUIRED: [&str; 6] = ["node", "since", "lat", "lon", "range_m", "clock_error_ms"];
const COLUMNS: [&str; 10] =
    ["node", "since", "lat", "lon", "range_m", "clock_error_ms", "error_m", "height_m", "network", "note"];

pub(super) fn read(input: &mut dyn BufRead, run: &mut Run<'_>) {
    let Some((mut table, columns)) = Table::open_strict(input, run, REQUIRED, &COLUMNS) else { return };
    while let Some(row) = table.next(run) {
        let made = node(&row, columns, run);
        run.settle(row.line, row.raw, made);
    }
}

fn node(row: &Row<'_>, columns: [usize; 6], run: &Run<'_>) -> Result<Observation, Fault> {
    let [node, since, lat, lon, range, clock] = columns.map(|column| row.cell(column));
    let sort = Sort::Ear { clock: milliseconds(clock)? };
    instrument(row, run, [node, since, lat, lon, range], sort)
}

/// What all instruments have: name, since when, where, how far they can tell.
pub(super) fn instrument(
    row: &Row<'_>,
    run: &Run<'_>,
    [name, since, lat, lon, range]: [Cell<'_>; 5],
    sort: Sort,
) -> Result<Observation, Fault> {
    let name = named(name)?;
    let at = position(lat, lon, run.context.bounds)?;
    let error = row.optional("error_m").map(|cell| cell.metres()).transpose()?.unwrap_or(10 * METRE);
    let height = row.optional("height_m").map(height).transpose()?;
    let since = Span::at(since.when()?.start);
    let place = Place::Point { at, error: Ellipse::circle(error) };
    let mut said = plain(run.profile, Kind::SensorStatus, since, place);
    if let Some(cell) = row.optional("network") {
        said.group = Name::from(cell.text);
    }
    said.detail = Detail::Instrument(Box::new(Instrument { name, height, range: range.metres()?, sort }));
    Ok(said)
}

/// A name that is there.
pub(super) fn named(cell: Cell<'_>) -> Result<Name, Fault> {
    if cell.text.is_empty() {
        return Err(cell.fault(Cause::Columns, "say which sensor"));
    }
    Ok(Name::from(cell.text))
}

/// Milliseconds, not negative, at most a day.
pub(super) fn milliseconds(cell: Cell<'_>) -> Result<Micros, Fault> {
    Ok((cell.within(0.0, 86_400_000.0, "milliseconds")? * 1e3).round() as Micros)
}

/// Metres above the ellipsoid.
pub(super) fn height(cell: Cell<'_>) -> Result<Mm, Fault> {
    Ok((cell.within(-1_000.0, 100_000.0, "metres")? * 1e3).round() as Mm)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::format::tests::{one, reasons};
    use crate::{Context, Profile};
    use truce::place::Point;
    use truce::time::Time;

    #[test]
    fn a_node_stands_from_a_moment_on() {
        let file = "node,since,lat,lon,range_m,clock_error_ms,height_m,network\n\
                    n1,2031-05-04T00:00:00Z,1.2,2.4,8000,1.5,120,north net\n";
        let said = one(Format::Stations, file, &Profile::new("net"), &Context::default());
        assert_eq!((said.kind, &*said.group), (Kind::SensorStatus, "north net"));
        assert_eq!(said.time, Span::at(Time::parse("2031-05-04T00:00:00Z").unwrap()));
        let Place::Point { at, error } = said.place else { panic!() };
        assert_eq!((at, error.major), (Point { lon: 24_000_000, lat: 12_000_000 }, 10 * METRE));
        let Detail::Instrument(it) = said.detail else { panic!() };
        assert_eq!((it.height, it.range, it.sort), (Some(120_000), 8_000_000, Sort::Ear { clock: 1_500 }));
    }

    #[test]
    fn what_a_node_lacks_is_named() {
        let file = "node,since,lat,lon,range_m,clock_error_ms\n\
                    ,2031-05-04T00:00:00Z,1.2,2.4,8000,1\n\
                    n,2031-05-04T00:00:00,1.2,2.4,8000,1\n\
                    n,2031-05-04T00:00:00Z,91,2.4,8000,1\n\
                    n,2031-05-04T00:00:00Z,1.2,2.4,-8,1\n\
                    n,2031-05-04T00:00:00Z,1.2,2.4,8000,\n";
        let faults = reasons(Format::Stations, file.as_bytes(), &Profile::new("net"), &Context::default());
        for (fault, word) in
            faults.iter().zip(["node: empty", "time zone", "lat", "range_m", "clock_error_ms"])
        {
            assert!(fault.contains(word), "{fault}");
        }
        assert_eq!(faults.len(), 5);
    }
}
