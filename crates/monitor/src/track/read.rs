//! The files that `truceline track` reads: detections as CSV, sensors as JSON (docs/track.md, "The bench's formats").

use serde_json::Value;
use std::fs;
use std::path::Path;
use track::{Class, Field, Line, Measurement, Sensor, Sym2, Wave, What};
use truce::Name;
use truce::time::{SECOND, Time};

/// What the rows of a sensor say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Gives {
    Positions,
    Bearings,
    Polar,
    Reports,
}

/// A sensor, and what its rows leave unsaid.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// As the tracker knows it.
    pub(super) sensor: Sensor,
    gives: Gives,
    /// Error of a position or a range, m, and of an azimuth, radians, where a row does not state its own.
    sigma: f64,
    azimuth_sigma: f64,
    /// Seconds (from, to) in which it does not look.
    silent: Vec<(f64, f64)>,
}

impl Known {
    /// Does it look at this second?
    pub(super) fn looks(&self, t: i64) -> bool {
        self.sensor.scans && !self.silent.iter().any(|(from, to)| (*from..*to).contains(&(t as f64)))
    }
}

/// The sensors of a file, and how many seconds they looked.
#[derive(Clone, Debug)]
pub(super) struct Sensors {
    /// In the order of the file.
    pub(super) known: Vec<Known>,
    /// Seconds, from 0.
    pub(super) duration: i64,
}

/// One JSON object, its place in the file in words, and the file.
struct Keys<'a> {
    json: &'a Value,
    at: String,
}

impl Keys<'_> {
    fn number(&self, key: &str) -> Result<f64, String> {
        let value = self.json.get(key).and_then(Value::as_f64);
        value.ok_or_else(|| format!("{}: the key {key} is missing or not a number; add it", self.at))
    }

    fn positive(&self, key: &str) -> Result<f64, String> {
        match self.number(key)? {
            value if value > 0.0 => Ok(value),
            value => Err(format!("{}: {key} is {value}; it must be above zero", self.at)),
        }
    }

    fn or(&self, key: &str, otherwise: f64) -> Result<f64, String> {
        if self.json.get(key).is_some() { self.number(key) } else { Ok(otherwise) }
    }

    fn flag(&self, key: &str, otherwise: bool) -> Result<bool, String> {
        match self.json.get(key) {
            None => Ok(otherwise),
            Some(value) => value.as_bool().ok_or_else(|| format!("{}: {key} must be true or false", self.at)),
        }
    }

    /// A list of rows of so many numbers.
    fn rows<const N: usize>(&self, key: &str) -> Result<Vec<[f64; N]>, String> {
        let Some(value) = self.json.get(key) else { return Ok(Vec::new()) };
        let row = |row: &Value| -> Option<[f64; N]> {
            let numbers: Vec<f64> = row.as_array()?.iter().map(Value::as_f64).collect::<Option<_>>()?;
            numbers.try_into().ok()
        };
        let rows = value.as_array().and_then(|rows| rows.iter().map(row).collect::<Option<Vec<_>>>());
        rows.ok_or_else(|| format!("{}: {key} must be a list of rows of {N} numbers", self.at))
    }
}

/// Reads `sensor.json`: the bench's one sensor, or a list of them under `sensors`.
///
/// # Errors
/// A text for a person: which file and key, why, what to do.
pub(super) fn sensors(path: &Path) -> Result<Sensors, String> {
    let at = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|e| format!("{at}: cannot be read ({e}); check the path"))?;
    let json: Value = serde_json::from_str(&text).map_err(|e| format!("{at}: not JSON: {e}"))?;
    let whole = Keys { json: &json, at: at.clone() };
    let duration = whole.positive("duration_s")? as i64;
    let known = match json.get("sensors").map(Value::as_array) {
        None => vec![sensor(&whole, "bench")?],
        Some(Some(list)) if !list.is_empty() => list
            .iter()
            .enumerate()
            .map(|(n, json)| {
                let name = json.get("name").and_then(Value::as_str);
                let name = name.ok_or_else(|| format!("{at}: sensor {}: the key name is missing", n + 1))?;
                sensor(&Keys { json, at: format!("{at}: sensor {name}") }, name)
            })
            .collect::<Result<_, _>>()?,
        Some(_) => return Err(format!("{at}: sensors must be a list of one or more")),
    };
    Ok(Sensors { known, duration })
}

fn sensor(keys: &Keys<'_>, name: &str) -> Result<Known, String> {
    let gives = match keys.json.get("gives").map(|it| it.as_str().unwrap_or_default()) {
        None | Some("positions") => Gives::Positions,
        Some("bearings") => Gives::Bearings,
        Some("polar") => Gives::Polar,
        Some("reports") => Gives::Reports,
        Some(_) => return Err(format!("{}: gives must be positions, bearings, polar or reports", keys.at)),
    };
    let detection = keys.positive("detection_probability")?;
    if detection > 1.0 {
        return Err(format!("{}: detection_probability is {detection}; it must be at most 1", keys.at));
    }
    let angles = matches!(gives, Gives::Bearings | Gives::Polar);
    let place = if angles { [keys.number("x_m")?, keys.number("y_m")?] } else { [0.0; 2] };
    let field = if keys.json.get("range_m").is_some() {
        Field::Disc(keys.positive("range_m")?)
    } else {
        let (lo, hi) = (keys.number("lo_m")?, keys.number("hi_m")?);
        if lo >= hi {
            return Err(format!("{}: lo_m ({lo}) must be less than hi_m ({hi})", keys.at));
        }
        Field::square(lo, hi)
    };
    let clutter = match gives {
        Gives::Bearings => keys.number("false_per_scan")?.max(0.0) / std::f64::consts::TAU,
        _ => keys.number("clutter_per_km2")?.max(0.0) / 1e6,
    };
    let corners = keys.rows::<4>("hidden_m")?;
    let cooperative = gives == Gives::Reports;
    let sensor = Sensor {
        place: [place[0], place[1], 0.0],
        wave: if keys.flag("sound", false)? { Wave::Sound } else { Wave::Light },
        scans: keys.flag("scans", !cooperative)?,
        hidden: corners.iter().map(|[a, b, c, d]| ([*a, *b], [*c, *d])).collect(),
        field,
        cooperative,
        calibrate: !cooperative,
        ..Sensor::scanning(name, detection.min(0.999), clutter)
    };
    Ok(Known {
        sensor,
        gives,
        sigma: if gives == Gives::Bearings { keys.or("sigma_m", 1.0)? } else { keys.positive("sigma_m")? },
        azimuth_sigma: if angles { keys.positive("sigma_deg")?.to_radians() } else { 0.0 },
        silent: keys.rows::<2>("silent_s")?.iter().map(|[from, to]| (*from, *to)).collect(),
    })
}

/// Reads a line from the first of its points to the last.
///
/// # Errors
/// A text for a person: which file and line, why, what to do.
pub(super) fn line(path: &Path, sigma: f64) -> Result<Line, String> {
    let at = path.display();
    let text = fs::read_to_string(path).map_err(|e| format!("{at}: cannot be read ({e}); check the path"))?;
    let mut points = Vec::new();
    for (n, row) in text.lines().enumerate().skip(1).filter(|(_, row)| !row.trim().is_empty()) {
        let point =
            row.split_once(',').and_then(|(x, y)| Some([x.trim().parse().ok()?, y.trim().parse().ok()?]));
        points.push(point.ok_or_else(|| format!("{at}:{}: expected two numbers, x,y in metres", n + 1))?);
    }
    Line::new("line", ["left", "right"], sigma, &points)
        .ok_or_else(|| format!("{at}: a line needs two different points, and a sigma of zero or more"))
}

/// The columns that are known, in the order of [`Columns`].
const COLUMNS: [&str; 14] = [
    "t",
    "sensor",
    "x",
    "y",
    "xx",
    "xy",
    "yy",
    "azimuth_deg",
    "range",
    "vx",
    "vy",
    "claims",
    "class",
    "class_chance",
];

/// Where each known column stands.
type Columns = [Option<usize>; COLUMNS.len()];

/// The rows of a detections file, in order of time: that of the file does not matter.
pub(super) struct Detections<'a> {
    rows: Vec<(f64, u64, &'a str)>,
    next: usize,
    columns: Columns,
    /// The bench's own three columns, which are read faster.
    plain: bool,
    /// Rows that are no measurement of their sensor: too few cells, or words where a number belongs.
    pub(super) bad: u64,
    /// Rows outside the seconds that the sensor's file names.
    pub(super) outside: u64,
}

impl<'a> Detections<'a> {
    /// Takes a file apart, as far as the time of each row.
    ///
    /// # Errors
    /// A header that cannot be read.
    pub(super) fn new(path: &Path, text: &'a [u8], duration: i64) -> Result<Self, String> {
        let at = path.display();
        let mut lines = text.split(|b| *b == b'\n');
        let head = std::str::from_utf8(lines.next().unwrap_or_default()).unwrap_or_default().trim();
        let mut columns: Columns = [None; COLUMNS.len()];
        for (n, name) in head.split(',').map(str::trim).enumerate() {
            let known = COLUMNS.iter().position(|known| *known == name);
            let known = known.ok_or_else(|| {
                format!("{at}:1: the column {name:?} is not known; known are {}", COLUMNS.join(", "))
            })?;
            columns[known] = Some(n);
        }
        let Some(time) = columns[0] else {
            return Err(format!("{at}:1: the header must name the column t, such as t,x,y"));
        };
        let mut out = Self { rows: Vec::new(), next: 0, columns, plain: head == "t,x,y", bad: 0, outside: 0 };
        for (id, row) in lines.filter(|row| !row.is_empty()).enumerate() {
            let row = std::str::from_utf8(row).ok().map(str::trim_ascii_end);
            let t = row.and_then(|row| row.split(',').nth(time)?.trim().parse::<f64>().ok());
            match (t, row) {
                (Some(t), Some(row)) if (0.0..=(duration - 1) as f64).contains(&t) => {
                    out.rows.push((t, id as u64, row));
                }
                (Some(t), _) if !t.is_nan() => out.outside += 1,
                _ => out.bad += 1,
            }
        }
        out.rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        Ok(out)
    }

    /// The next measurement of second `t` or before.
    pub(super) fn until(&mut self, t: i64, sensors: &[Known]) -> Option<Measurement> {
        loop {
            let (at, id, row) = *self.rows.get(self.next)?;
            if at > t as f64 {
                return None;
            }
            self.next += 1;
            let time = Time((at * SECOND as f64).round() as i64);
            let read = if self.plain { plain(row, &sensors[0]) } else { self.full(row, sensors) };
            match read {
                Some((sensor, what, signature)) => {
                    return Some(Measurement { sensor, id, time, what, signature });
                }
                None => self.bad += 1,
            }
        }
    }

    fn full(&self, row: &str, sensors: &[Known]) -> Option<Said> {
        let cells: Vec<&str> = row.split(',').map(str::trim).collect();
        let cell = |name: &str| -> Option<&str> {
            let column = COLUMNS.iter().position(|known| *known == name)?;
            cells.get(self.columns[column]?).copied().filter(|cell| !cell.is_empty())
        };
        let number = |name: &str| cell(name)?.parse::<f64>().ok();
        // Of two numbers neither or both.
        let pair = |a: &str, b: &str| match (cell(a), cell(b)) {
            (None, None) => Some(None),
            _ => Some(Some((number(a)?, number(b)?))),
        };
        let index = match cell("sensor") {
            Some(name) => sensors.iter().position(|known| &*known.sensor.name == name),
            None => (sensors.len() == 1).then_some(0),
        };
        // The tracker sets aside, and counts, what comes from a sensor that it does not know.
        let known = &sensors[index.unwrap_or(0)];
        let cov = match pair("xx", "yy")? {
            Some((xx, yy)) => Sym2 { xx, xy: number("xy").unwrap_or(0.0), yy },
            None => Sym2::round(known.sigma * known.sigma),
        };
        let azimuth = || Some(number("azimuth_deg")?.to_radians());
        let what = match known.gives {
            _ if index.is_none() => What::Position { at: [0.0; 2], cov, height: None },
            Gives::Positions => What::Position { at: [number("x")?, number("y")?], cov, height: None },
            Gives::Bearings => {
                What::Bearing { azimuth: azimuth()?, sigma: known.azimuth_sigma, elevation: None }
            }
            Gives::Polar => What::Polar {
                range: (number("range")?, known.sigma),
                azimuth: (azimuth()?, known.azimuth_sigma),
            },
            Gives::Reports => What::Report {
                at: [number("x")?, number("y")?],
                cov,
                velocity: pair("vx", "vy")?.map(|(vx, vy)| [vx, vy]),
                claims: Name::from(cell("claims").unwrap_or("unnamed")),
            },
        };
        let class = match cell("class") {
            None => None,
            Some("multirotor") => Some(Class::Multirotor),
            Some("fixed-wing") => Some(Class::FixedWing),
            Some("crewed") => Some(Class::Crewed),
            Some("bird") => Some(Class::Bird),
            Some(_) => return None,
        };
        let signature = match class {
            None => None,
            Some(class) => Some((class, number("class_chance")?)),
        };
        Some((index.unwrap_or(sensors.len()), what, signature))
    }
}

/// Index of the sensor, what it says, and its signature.
type Said = (usize, What, Option<(Class, f64)>);

/// A row `t,x,y`.
fn plain(row: &str, known: &Known) -> Option<Said> {
    let mut cells = row.split(',').skip(1);
    let mut next = || cells.next()?.trim().parse::<f64>().ok();
    let at = [next()?, next()?];
    let cov = Sym2::round(known.sigma * known.sigma);
    cells.next().is_none().then_some((0, What::Position { at, cov, height: None }, None))
}
