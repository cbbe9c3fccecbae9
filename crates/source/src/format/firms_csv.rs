//! NASA FIRMS active fire detections as a table (<https://firms.modaps.eosdis.nasa.gov>, open data): all
//! columns, or positions and days only.
//!
//! What a row is worth: a pixel was hot when a satellite passed. It may be a shell, a field or a factory. Each
//! satellite's detection is its own; the same fire seen by two of them gives two. The position is the pixel's
//! middle, so the error is half of it: `scan` by `track` km, across and along the satellite's way. Polar
//! satellites fly nearly north-south, so `scan` is taken as east-west (off by up to some 15 degrees). A file
//! without these columns doesn't tell its instrument; the error is then a whole 375 m pixel of VIIRS. Times
//! are UTC, to the minute; without `acq_time` the day is the UTC day.

use std::io::BufRead;

use truce::observation::{Detail, Kind, Observation};
use truce::place::{Ellipse, METRE, Mm, Place, Point};
use truce::time::{HOUR, MINUTE, Span, Time, Zone};

use crate::Cause;
use crate::cell::{Cell, Fault, position};
use crate::run::{Run, plain};
use crate::table::Table;

pub(super) const COLUMNS: [&str; 3] = ["latitude", "longitude", "acq_date"];

const VIIRS_PIXEL: Mm = 375 * METRE;

pub(super) fn read(input: &mut dyn BufRead, run: &mut Run<'_>) {
    let Some((mut table, [lat, lon, date])) = Table::open(input, run, COLUMNS) else { return };
    while let Some(row) = table.next(run) {
        let made = position(row.cell(lat), row.cell(lon), run.context.bounds)
            .and_then(|at| detection(run, at, row.cell(date), |name| row.optional(name)));
        run.settle(row.line, row.raw, made);
    }
}

/// One detection from its columns or properties.
pub(super) fn detection<'r>(
    run: &Run<'_>,
    at: Point,
    date: Cell<'r>,
    get: impl Fn(&str) -> Option<Cell<'r>>,
) -> Result<Observation, Fault> {
    let day = Zone::Fixed(0).day(date.date()?);
    let time = match get("acq_time") {
        None => day,
        Some(cell) => {
            let start = Time(day.start.0 + time_of_day(cell)?);
            Span { start, end: Time(start.0 + MINUTE) }
        }
    };
    let half = |name| match get(name) {
        Some(cell) => cell.within(0.01, 20.0, "km").map(|km| Some((km * 500_000.0).round() as Mm)),
        None => Ok(None),
    };
    let error = match (half("scan")?, half("track")?) {
        (Some(scan), Some(track)) if scan >= track => Ellipse { major: scan, minor: track, azimuth: 9_000 },
        (Some(scan), Some(track)) => Ellipse { major: track, minor: scan, azimuth: 0 },
        _ => Ellipse::circle(VIIRS_PIXEL),
    };
    let power = get("frp").map(|cell| cell.within(-1000.0, 4_000_000.0, "MW")).transpose()?;
    let confidence = get("confidence").map(confidence).transpose()?;
    let mut seen = plain(run.profile, Kind::ThermalAnomaly, time, Place::Point { at, error });
    if power.is_some() || confidence.is_some() {
        // Below zero is an artefact of the background's subtraction.
        let power_kw = power.map(|megawatts| (megawatts.max(0.0) * 1000.0).round() as u32);
        seen.detail = Detail::Thermal { power_kw, confidence };
    }
    Ok(seen)
}

/// `HHMM`, of which leading zeros may be missing: 35 is 00:35.
fn time_of_day(cell: Cell<'_>) -> Result<i64, Fault> {
    let digits = cell.text.replacen(':', "", 1);
    let number = (digits.len() <= 4 && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| digits.parse::<i64>().ok())
        .flatten();
    match number.map(|number| (number / 100, number % 100)) {
        Some((hour @ 0..=23, minute @ 0..=59)) => Ok(hour * HOUR + minute * MINUTE),
        _ => Err(cell.fault(Cause::Time, "is not a time of day (expected HHMM, UTC)")),
    }
}

/// MODIS gives percent; VIIRS gives a class, which stands here as the middle of the range that MODIS's
/// classes of that name have (0-30, 30-80, 80-100).
fn confidence(cell: Cell<'_>) -> Result<u8, Fault> {
    match cell.text.to_ascii_lowercase().as_str() {
        "l" | "low" => Ok(15),
        "n" | "nominal" => Ok(55),
        "h" | "high" => Ok(90),
        percent if percent.starts_with(|c: char| c.is_ascii_digit()) => {
            Ok(cell.within(0.0, 100.0, "percent")?.round() as u8)
        }
        _ => Err(cell.fault(Cause::Word, "is no confidence (expected l, n, h or 0 to 100)")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::format::tests::{observations, one, reasons, shared};
    use crate::{Context, Profile};
    use truce::time::DAY;

    const HEADER: &str = "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_t31,frp,daynight\n";

    fn read(row: &str) -> Observation {
        one(Format::FirmsCsv, &format!("{HEADER}{row}\n"), &Profile::new("firms"), &Context::default())
    }

    #[test]
    fn the_pixel_is_the_error() {
        let it = read("47.6,35.7,344.9,0.52,0.4,2023-02-24,35,N,VIIRS,n,2.0NRT,269.5,7.75,D");
        assert_eq!(it.time.start.to_string(), "2023-02-24T00:35:00Z");
        assert_eq!(it.time.length(), MINUTE);
        let error = Ellipse { major: 260 * METRE, minor: 200 * METRE, azimuth: 9_000 };
        assert_eq!(it.place, Place::Point { at: Point { lon: 357_000_000, lat: 476_000_000 }, error });
        assert_eq!(it.detail, Detail::Thermal { power_kw: Some(7_750), confidence: Some(55) });
        let modis = read("47.6,35.7,344.9,1.0,1.1,2023-02-24,0950,Terra,MODIS,87,6.1NRT,269.5,,D");
        assert_eq!(modis.detail, Detail::Thermal { power_kw: None, confidence: Some(87) });
        assert!(matches!(modis.place, Place::Point { error: Ellipse { azimuth: 0, .. }, .. }));
    }

    #[test]
    fn points_alone_tell_a_day_and_no_instrument() {
        let file = "LATITUDE,LONGITUDE,ACQ_DATE\n47.870556,35.1637,2019-01-02\n";
        let it = one(Format::FirmsCsv, file, &Profile::new("firms"), &Context::default());
        assert_eq!((it.time.length(), it.time.start.to_string()), (DAY, "2019-01-02T00:00:00Z".into()));
        assert!(matches!(it.place, Place::Point { error, .. } if error == Ellipse::circle(375 * METRE)));
        assert_eq!(it.detail, Detail::None);
    }

    #[test]
    fn two_satellites_are_two_detections() {
        let row = |satellite| {
            format!("47.6,35.7,344.9,0.5,0.4,2023-02-24,1106,{satellite},VIIRS,n,2,269.5,7.75,D\n")
        };
        let file = format!("{HEADER}{}{}{}", row("N"), row("N20"), row("N"));
        let it = observations(Format::FirmsCsv, file.as_bytes(), &Profile::new("firms"), &Context::default());
        assert_eq!(it.len(), 3);
        assert!(it[0].id != it[1].id && it[0].id != it[2].id);
    }

    #[test]
    fn bad_cells_are_named() {
        let good = "47.6,35.7,344.9,0.5,0.4,2023-02-24,1106,N,VIIRS,n,2,269.5,7.75,D";
        for (from, to, word) in [
            ("47.6", "91", "latitude: `91` is not a latitude"),
            ("35.7", "x", "longitude: `x` is not a number"),
            ("2023-02-24", "2023-02-30", "acq_date"),
            ("1106", "2460", "acq_time: `2460` is not a time of day"),
            (",n,", ",q,", "confidence: `q`"),
            ("0.5,", "500,", "scan: `500` is not between"),
            ("7.75", "hot", "frp: `hot` is not a number"),
        ] {
            let file = format!("{HEADER}{}\n{good}\n", good.replacen(from, to, 1));
            let (profile, context) = (Profile::new("firms"), Context::default());
            let reasons = reasons(Format::FirmsCsv, file.as_bytes(), &profile, &context);
            assert!(reasons.len() == 1 && reasons[0].contains(word), "{reasons:?}");
            assert_eq!(observations(Format::FirmsCsv, file.as_bytes(), &profile, &context).len(), 1);
        }
    }

    #[test]
    fn shared_a_year_of_viirs_and_years_of_points() {
        let (profile, context) = (Profile::new("firms"), Context::default());
        for (name, rows) in [
            ("firms/viirs_snpp_2023.csv", 42_415),
            ("firms/points_2021.csv", 57_595),
            ("firms/points_2023.csv", 98_287),
        ] {
            let Some(bytes) = shared(name) else { return };
            assert_eq!(Format::recognise("x", &bytes[..500]), Ok(Format::FirmsCsv));
            assert_eq!(reasons(Format::FirmsCsv, &bytes, &profile, &context), [""; 0]);
            let mut ids: Vec<_> =
                observations(Format::FirmsCsv, &bytes, &profile, &context).iter().map(|it| it.id).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), rows, "{name}");
        }
    }
}
