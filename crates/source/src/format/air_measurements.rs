//! What sensors of aircraft measured: positions, directions, ranges, what aircraft say of themselves, tracks of
//! other trackers, and scans that found nothing.
//!
//! What a row is worth: one look by one sensor. A direction alone is no place. What an aircraft reports of itself
//! (ADS-B, Remote ID, the mission's own drones) shows that something is there; who it is remains a claim.

use std::io::BufRead;

use truce::Name;
use truce::observation::{Detail, Kind, Observation};
use truce::place::{Ellipse, METRE, Place, Point};
use truce::sensing::{Craft, Measured, Reading, What};

use super::impulse_detections::{bearing, moment};
use super::stations::{height, named};
use crate::Cause;
use crate::cell::{Fault, position};
use crate::run::{Run, plain};
use crate::table::{Row, Table};

pub(super) const REQUIRED: [&str; 3] = ["sensor", "time", "measure"];
const COLUMNS: [&str; 27] = [
    "sensor",
    "time",
    "measure",
    "lat",
    "lon",
    "error_m",
    "error_minor_m",
    "error_azimuth",
    "height_m",
    "height_error_m",
    "azimuth",
    "azimuth_error",
    "elevation",
    "elevation_error",
    "range_m",
    "range_error_m",
    "east_m_s",
    "north_m_s",
    "speed_error_m_s",
    "claims",
    "number",
    "existence",
    "made_from",
    "craft",
    "craft_chance",
    "network",
    "note",
];

#[derive(Clone, Copy)]
enum Measure {
    Nothing,
    Position,
    Direction,
    Polar,
    Report,
    Track,
}

const MEASURES: [(&str, Measure); 6] = [
    ("nothing", Measure::Nothing),
    ("position", Measure::Position),
    ("direction", Measure::Direction),
    ("range", Measure::Polar),
    ("report", Measure::Report),
    ("track", Measure::Track),
];

pub(super) fn read(input: &mut dyn BufRead, run: &mut Run<'_>) {
    let Some((mut table, columns)) = Table::open_strict(input, run, REQUIRED, &COLUMNS) else { return };
    while let Some(row) = table.next(run) {
        let made = measurement(&row, columns, run);
        run.settle(row.line, row.raw, made);
    }
}

fn measurement(row: &Row<'_>, columns: [usize; 3], run: &Run<'_>) -> Result<Observation, Fault> {
    let [sensor, time, measure] = columns.map(|column| row.cell(column));
    let moment = moment(time)?;
    let look = Look { row, run };
    let what = match measure.word(&MEASURES)? {
        Measure::Nothing => What::Nothing,
        Measure::Position => {
            let (at, error) = look.place()?;
            What::Position { at, error, height: look.height()? }
        }
        Measure::Direction => What::Direction {
            bearing: look.bearing()?,
            elevation: look.reading("elevation", "elevation_error", 1e3)?,
        },
        Measure::Polar => {
            let range = look.reading("range_m", "range_error_m", 1e3)?;
            let range =
                range.ok_or_else(|| look.lacks("range_m", "a range needs range_m and range_error_m"))?;
            What::Polar { bearing: look.bearing()?, range }
        }
        Measure::Report => {
            let (at, error) = look.place()?;
            let claims = Name::from(row.optional("claims").map_or("", |cell| cell.text));
            What::Report { at, error, velocity: look.velocity()?, claims }
        }
        Measure::Track => {
            let (at, error) = look.place()?;
            let why = "a track needs its velocity (east_m_s, north_m_s) and its error (speed_error_m_s)";
            let velocity = look.velocity()?.ok_or_else(|| look.lacks("east_m_s", why))?;
            let sigma = row.optional("speed_error_m_s").ok_or_else(|| look.lacks("speed_error_m_s", why))?;
            let number = row.optional("number").ok_or_else(|| look.lacks("number", "say which track"))?;
            let existence = row.optional("existence").map(|cell| cell.within(0.0, 1.0, "")).transpose()?;
            What::Track {
                number: u64::from(number.whole()?),
                at,
                error,
                velocity,
                velocity_sigma: (sigma.within(0.001, 1_000.0, "m/s")? * 1e3).round() as i64,
                existence: (existence.unwrap_or(0.5) * 1e3).round() as u16,
                made_from: row.optional("made_from").map_or(Vec::new(), |cell| {
                    cell.text
                        .split(';')
                        .map(str::trim)
                        .filter(|name| !name.is_empty())
                        .map(Name::from)
                        .collect()
                }),
            }
        }
    };
    let craft = match (row.optional("craft"), row.optional("craft_chance")) {
        (None, None) => None,
        (Some(craft), chance) => {
            let chance = chance.map(|cell| cell.within(0.0, 1.0, "")).transpose()?.unwrap_or(0.5);
            Some((craft.word(&Craft::NAMES)?, (chance * 1e3).round() as u16))
        }
        (None, Some(cell)) => return Err(cell.fault(Cause::Columns, "stands without `craft`")),
    };
    let kind = if matches!(what, What::Direction { .. }) { Kind::Bearing } else { Kind::AirTrackPoint };
    let mut said = plain(run.profile, kind, moment, Place::Unknown);
    if let Some(cell) = row.optional("network") {
        said.group = Name::from(cell.text);
    }
    said.detail = Detail::Measured(Box::new(Measured { sensor: named(sensor)?, what, craft }));
    Ok(said)
}

/// The cells of one row, by what they say together.
struct Look<'r, 't, 'a> {
    row: &'r Row<'t>,
    run: &'r Run<'a>,
}

impl Look<'_, '_, '_> {
    fn lacks(&self, name: &str, why: &str) -> Fault {
        Fault::new(Cause::Columns, format!("{name}: empty; {why}"))
    }

    fn place(&self) -> Result<(Point, Ellipse), Fault> {
        let cell = |name| {
            self.row.optional(name).ok_or_else(|| self.lacks(name, "this measure needs lat, lon and error_m"))
        };
        let at = position(cell("lat")?, cell("lon")?, self.run.context.bounds)?;
        let major_cell = cell("error_m")?;
        let major = major_cell.metres()?;
        let minor =
            self.row.optional("error_minor_m").map(|cell| cell.metres()).transpose()?.unwrap_or(major);
        let azimuth = self
            .row
            .optional("error_azimuth")
            .map(|cell| cell.centidegrees(0.0, 180.0))
            .transpose()?
            .unwrap_or(0);
        if minor > major || minor < METRE / 1_000 {
            return Err(
                major_cell.fault(Cause::Place, "must be above zero and no smaller than error_minor_m")
            );
        }
        Ok((at, Ellipse { major, minor, azimuth }))
    }

    fn bearing(&self) -> Result<truce::sensing::Bearing, Fault> {
        bearing(self.row)?
            .ok_or_else(|| self.lacks("azimuth", "this measure needs azimuth and azimuth_error"))
    }

    /// A value and its error, both or neither, in `units` to one of the file's.
    fn reading(&self, name: &str, error: &str, units: f64) -> Result<Option<Reading>, Fault> {
        match (self.row.optional(name), self.row.optional(error)) {
            (None, None) => Ok(None),
            (Some(value), Some(sigma)) => Ok(Some(Reading {
                value: (value.within(-90.0, 2_000_000.0, "")? * units).round() as i64,
                sigma: (sigma.within(0.001, 1_000_000.0, "")? * units).round() as i64,
            })),
            (Some(cell), None) | (None, Some(cell)) => {
                Err(cell.fault(Cause::Columns, &format!("stands alone: give {name} and {error}, or neither")))
            }
        }
    }

    fn height(&self) -> Result<Option<Reading>, Fault> {
        match self.row.optional("height_m") {
            None => Ok(None),
            Some(cell) => {
                let value = height(cell)?;
                let error = self.row.optional("height_error_m");
                let error = error.ok_or_else(|| cell.fault(Cause::Columns, "needs height_error_m"))?;
                Ok(Some(Reading {
                    value,
                    sigma: (error.within(0.1, 100_000.0, "metres")? * 1e3).round() as i64,
                }))
            }
        }
    }

    fn velocity(&self) -> Result<Option<[i64; 2]>, Fault> {
        let of = |name| {
            let cell = self.row.optional(name);
            cell.map(|cell| Ok((cell.within(-10_000.0, 10_000.0, "m/s")? * 1e3).round() as i64)).transpose()
        };
        match (of("east_m_s")?, of("north_m_s")?) {
            (Some(east), Some(north)) => Ok(Some([east, north])),
            (None, None) => Ok(None),
            _ => Err(self.lacks("east_m_s", "a velocity needs east_m_s and north_m_s")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::format::tests::{observations, reasons};
    use crate::{Context, Profile};

    const HEADER: &str = "sensor,time,measure,lat,lon,error_m,azimuth,azimuth_error,range_m,range_error_m,east_m_s,\
                          north_m_s,speed_error_m_s,claims,number,existence,made_from,craft,craft_chance\n";

    fn what(row: &str) -> Observation {
        let file = format!("{HEADER}{row}\n");
        observations(Format::AirMeasurements, file.as_bytes(), &Profile::new("eyes"), &Context::default())
            .pop()
            .unwrap()
    }

    #[test]
    fn every_measure_is_read() {
        let kinds = [
            ("r,2031-05-04T10:00:00Z,nothing,,,,,,,,,,,,,,,,", Kind::AirTrackPoint),
            ("r,2031-05-04T10:00:00Z,position,1.2,2.4,20,,,,,,,,,,,,multirotor,0.9", Kind::AirTrackPoint),
            ("r,2031-05-04T10:00:00Z,direction,,,,271,2,,,,,,,,,,,", Kind::Bearing),
            ("r,2031-05-04T10:00:00Z,range,,,,271,2,5000,30,,,,,,,,,", Kind::AirTrackPoint),
            ("r,2031-05-04T10:00:00Z,report,1.2,2.4,10,,,,,-5,20,,M-1,,,,,", Kind::AirTrackPoint),
            ("r,2031-05-04T10:00:00Z,track,1.2,2.4,60,,,,,-5,20,3,,7,0.9,a; b,,", Kind::AirTrackPoint),
        ];
        for (row, kind) in kinds {
            let said = what(row);
            assert_eq!((said.kind, said.place), (kind, Place::Unknown), "{row}");
        }
        let Detail::Measured(track) = what(kinds[5].0).detail else { panic!() };
        let What::Track { velocity, made_from, number, .. } = track.what else { panic!() };
        assert_eq!((velocity, made_from, number), ([-5_000, 20_000], vec!["a".into(), "b".into()], 7));
        let Detail::Measured(seen) = what(kinds[1].0).detail else { panic!() };
        assert_eq!(seen.craft, Some((Craft::Multirotor, 900)));
    }

    #[test]
    fn what_a_measure_lacks_is_named() {
        let rows = [
            ("r,2031-05-04T10:00:00Z,position,1.2,2.4,,,,,,,,,,,,,,", "error_m"),
            ("r,2031-05-04T10:00:00Z,position,1.2,2.4,0,,,,,,,,,,,,,", "above zero"),
            ("r,2031-05-04T10:00:00Z,direction,,,,271,,,,,,,,,,,,", "stands alone"),
            ("r,2031-05-04T10:00:00Z,direction,,,,,,,,,,,,,,,,", "azimuth"),
            ("r,2031-05-04T10:00:00Z,range,,,,271,2,,,,,,,,,,,", "range_m"),
            ("r,2031-05-04T10:00:00Z,track,1.2,2.4,60,,,,,,,,,7,,,,", "velocity"),
            ("r,2031-05-04T10:00:00Z,smell,,,,,,,,,,,,,,,,", "measure: `smell`"),
            (",2031-05-04T10:00:00Z,nothing,,,,,,,,,,,,,,,,", "sensor: empty"),
        ];
        for (row, word) in rows {
            let file = format!("{HEADER}{row}\n");
            let fault =
                reasons(Format::AirMeasurements, file.as_bytes(), &Profile::new("eyes"), &Context::default());
            assert!(fault.len() == 1 && fault[0].contains(word), "{row}: {fault:?}");
        }
    }
}
