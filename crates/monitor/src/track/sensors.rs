//! The sensors that `truceline track` is told of, as JSON (docs/track.md, "The bench's formats").

use super::once::Once;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use track::{Field, Line, Sensor, Wave};
use truce::Name;
use truce::time::{Micros, SECOND};

/// The longest stretch of time of one run, s: a day.
const LONGEST: i64 = 86_400;

/// Sensors of one run.
const MOST_SENSORS: usize = 1_000;

/// How long a scan may take, s.
const TURNS: std::ops::RangeInclusive<f64> = 0.01..=60.0;

/// Points of a line, and the size of its file or of the sensors' file in bytes.
const MOST_POINTS: usize = 100_000;
const MOST_BYTES: u64 = 16 << 20;

/// What the rows of a sensor say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Gives {
    Positions,
    Bearings,
    Polar,
    Reports,
    Tracks,
}

impl Gives {
    /// All with their names in files.
    const NAMES: [(&'static str, Self); 5] = [
        ("positions", Self::Positions),
        ("bearings", Self::Bearings),
        ("polar", Self::Polar),
        ("reports", Self::Reports),
        ("tracks", Self::Tracks),
    ];

    /// The columns without which no row can be read.
    pub(super) fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Positions | Self::Reports => &["x", "y"],
            Self::Bearings => &["azimuth_deg"],
            Self::Polar => &["range", "azimuth_deg"],
            Self::Tracks => &["track", "x", "y", "vx", "vy", "existence"],
        }
    }
}

/// A sensor, and what its rows leave unsaid.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// As the tracker knows it.
    pub(super) sensor: Sensor,
    pub(super) gives: Gives,
    /// Error of a position or a range, m, where a row does not state its own.
    pub(super) sigma: f64,
    /// Of an azimuth and an elevation, radians.
    pub(super) azimuth_sigma: f64,
    pub(super) elevation_sigma: f64,
    /// Of each component of a velocity, m/s.
    pub(super) velocity_sigma: f64,
    /// Of the tracks that it hands in, the sensors that they were made from.
    pub(super) made_from: Vec<Name>,
    /// Seconds (from, to) in which it does not look.
    silent: Vec<(f64, f64)>,
    /// Did its file say how long a scan takes?
    pub(super) rhythm_stated: bool,
}

impl Known {
    /// Does it look at this second?
    pub(super) fn looks(&self, t: i64) -> bool {
        self.sensor.scans && !self.silent.iter().any(|(from, to)| (*from..*to).contains(&(t as f64)))
    }
}

/// The sensors of a file, and how long they looked.
#[derive(Clone, Debug)]
pub(super) struct Sensors {
    /// In the order of the file.
    pub(super) known: Vec<Known>,
    /// Seconds, from 0.
    pub(super) duration: i64,
    /// Spread of the speed of an aircraft seen for the first time, m/s, if the file says so.
    pub(super) first_speed: Option<f64>,
}

/// Keys of the whole, and keys of a sensor.
const WHOLE: [&str; 3] = ["duration_s", "sensors", "first_speed_m_s"];
const OF_SENSOR: [&str; 22] = [
    "name",
    "gives",
    "lo_m",
    "hi_m",
    "range_m",
    "x_m",
    "y_m",
    "z_m",
    "sigma_m",
    "sigma_deg",
    "elevation_sigma_deg",
    "sigma_m_s",
    "detection_probability",
    "clutter_per_km2",
    "false_per_scan",
    "sound",
    "scans",
    "scan_s",
    "hidden_m",
    "silent_s",
    "made_from",
    "note",
];

/// One JSON object, and its place in words: the file and the sensor.
struct Keys<'a> {
    json: &'a Map<String, Value>,
    at: String,
}

impl Keys<'_> {
    fn known(&self, lists: &[&[&str]]) -> Result<(), String> {
        match self.json.keys().find(|key| !lists.iter().any(|list| list.contains(&key.as_str()))) {
            None => Ok(()),
            Some(key) => Err(format!(
                "{}: the key {key:?} is not known; known are {}. Take it out, or write \"note\" for what is for people",
                self.at,
                lists.concat().join(", ")
            )),
        }
    }

    fn number(&self, key: &str) -> Result<f64, String> {
        let value = self.json.get(key).and_then(Value::as_f64).filter(|value| value.is_finite());
        value.ok_or_else(|| format!("{}: the key {key} is missing or not a number; add it", self.at))
    }

    fn positive(&self, key: &str) -> Result<f64, String> {
        match self.number(key)? {
            value if value > 0.0 => Ok(value),
            value => Err(format!("{}: {key} is {value}; it must be above zero", self.at)),
        }
    }

    fn zero_or_more(&self, key: &str) -> Result<f64, String> {
        match self.number(key)? {
            value if value >= 0.0 => Ok(value),
            value => Err(format!("{}: {key} is {value}; it must be zero or more", self.at)),
        }
    }

    fn has(&self, key: &str) -> bool {
        self.json.get(key).is_some()
    }

    fn or(&self, key: &str, otherwise: f64) -> Result<f64, String> {
        if self.has(key) { self.number(key) } else { Ok(otherwise) }
    }

    fn positive_or(&self, key: &str, otherwise: f64) -> Result<f64, String> {
        if self.has(key) { self.positive(key) } else { Ok(otherwise) }
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

/// Reads a text file that is no larger than anyone needs.
fn text(path: &Path) -> Result<String, String> {
    let at = path.display();
    let cannot = |e: std::io::Error| format!("{at}: cannot be read ({e}); check the path");
    let size = fs::metadata(path).map_err(cannot)?.len();
    if size > MOST_BYTES {
        return Err(format!("{at}: {size} bytes; the limit is {MOST_BYTES}. Is it the right file?"));
    }
    let text = fs::read_to_string(path).map_err(cannot)?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_string).unwrap_or(text))
}

/// Reads `sensor.json`: the bench's one sensor, or a list of them under `sensors`.
///
/// # Errors
/// A text for a person: which file and key, why, what to do.
pub(super) fn sensors(path: &Path) -> Result<Sensors, String> {
    let at = path.display().to_string();
    let text = text(path)?;
    if text.trim().is_empty() {
        return Err(format!("{at}: the file is empty; it must be a JSON object (docs/track.md)"));
    }
    let Once(json) = serde_json::from_str(&text).map_err(|e| match e.is_data() {
        true => format!("{at}: {e}; take one of them out"),
        false => format!("{at}: not JSON: {e}"),
    })?;
    let object = json.as_object().ok_or_else(|| format!("{at}: it must be a JSON object (docs/track.md)"))?;
    let whole = Keys { json: object, at: at.clone() };
    whole.known(&[&WHOLE, &OF_SENSOR])?;
    let duration = whole.positive("duration_s")?;
    if duration.fract() != 0.0 || duration > LONGEST as f64 {
        return Err(format!(
            "{at}: duration_s is {duration}; it must be a whole number of seconds, {LONGEST} (a day) at most: \
             round it up, or split the file"
        ));
    }
    let known = match object.get("sensors").map(Value::as_array) {
        None => vec![sensor(&whole, "bench")?],
        Some(Some(list)) if (1..=MOST_SENSORS).contains(&list.len()) => several(list, &at)?,
        Some(_) => return Err(format!("{at}: sensors must be a list of 1 to {MOST_SENSORS} objects")),
    };
    let first_speed = match whole.has("first_speed_m_s") {
        true => Some(whole.positive("first_speed_m_s")?).filter(|speed| *speed <= 1_000.0),
        false => None,
    };
    if whole.has("first_speed_m_s") && first_speed.is_none() {
        return Err(format!("{at}: first_speed_m_s must be at most 1000 m/s"));
    }
    Ok(Sensors { known, duration: duration as i64, first_speed })
}

fn several(list: &[Value], at: &str) -> Result<Vec<Known>, String> {
    let mut names = BTreeSet::new();
    list.iter()
        .enumerate()
        .map(|(n, json)| {
            let nth = format!("{at}: sensor {} of the list", n + 1);
            let json = json.as_object().ok_or_else(|| format!("{nth}: it must be a JSON object"))?;
            let name = json.get("name").and_then(Value::as_str).unwrap_or_default();
            if name.is_empty() || name.contains(',') {
                return Err(format!("{nth}: the key name is missing, empty or has a comma; add it"));
            }
            if !names.insert(name) {
                return Err(format!("{nth}: the name {name:?} is there twice; give each sensor its own"));
            }
            let keys = Keys { json, at: format!("{at}: sensor {name}") };
            keys.known(&[&OF_SENSOR])?;
            sensor(&keys, name)
        })
        .collect()
}

fn sensor(keys: &Keys<'_>, name: &str) -> Result<Known, String> {
    let at = &keys.at;
    let gives = match keys.json.get("gives") {
        None => Gives::Positions,
        Some(word) => {
            let found = Gives::NAMES.iter().find(|(name, _)| word.as_str() == Some(name));
            found.map(|(_, gives)| *gives).ok_or_else(|| {
                let names = Gives::NAMES.map(|(name, _)| name).join(", ");
                format!("{at}: gives is {word}; it must be one of {names}")
            })?
        }
    };
    let detection =
        keys.positive_or("detection_probability", if gives == Gives::Tracks { 0.9 } else { -1.0 });
    let detection = match detection? {
        value if value > 1.0 => {
            return Err(format!("{at}: detection_probability is {value}; it must be at most 1"));
        }
        value if value < 0.0 => keys.positive("detection_probability")?,
        value => value,
    };
    let angles = matches!(gives, Gives::Bearings | Gives::Polar);
    let place = if angles {
        [keys.number("x_m")?, keys.number("y_m")?]
    } else {
        [keys.or("x_m", 0.0)?, keys.or("y_m", 0.0)?]
    };
    let field = if keys.has("range_m") {
        Field::Disc(keys.positive("range_m")?)
    } else if gives == Gives::Tracks && !keys.has("lo_m") {
        Field::Everywhere
    } else {
        let (lo, hi) = (keys.number("lo_m")?, keys.number("hi_m")?);
        if lo >= hi {
            return Err(format!("{at}: lo_m ({lo}) must be less than hi_m ({hi}); swap them"));
        }
        Field::square(lo, hi)
    };
    let clutter = match gives {
        Gives::Bearings => keys.zero_or_more("false_per_scan")? / std::f64::consts::TAU,
        Gives::Tracks => 0.0,
        Gives::Positions | Gives::Polar | Gives::Reports => keys.zero_or_more("clutter_per_km2")? / 1e6,
    };
    let hidden = keys.rows::<4>("hidden_m")?;
    if let Some([a, b, c, d]) = hidden.iter().find(|[a, b, c, d]| a >= c || b >= d) {
        return Err(format!(
            "{at}: hidden_m has the row {a},{b},{c},{d}; it must be x0,y0,x1,y1 with x0 below x1 and y0 below y1"
        ));
    }
    let silent = keys.rows::<2>("silent_s")?;
    if let Some([from, to]) = silent.iter().find(|[from, to]| from >= to) {
        return Err(format!(
            "{at}: silent_s has the row {from},{to}; the first must be the earlier: swap them"
        ));
    }
    let told = matches!(gives, Gives::Reports | Gives::Tracks);
    let scans = keys.flag("scans", !told)?;
    if gives == Gives::Tracks && scans {
        return Err(format!("{at}: who gives tracks does not scan; take out the key scans"));
    }
    let turns: Option<Micros> = match keys.has("scan_s") {
        false => None,
        true => match keys.number("scan_s")? {
            turn if TURNS.contains(&turn) && scans => Some((turn * SECOND as f64).round() as Micros),
            turn => {
                return Err(format!(
                    "{at}: scan_s is {turn}; it must be from {} to {} s, of a sensor that scans",
                    TURNS.start(),
                    TURNS.end()
                ));
            }
        },
    };
    let made_from = match keys.json.get("made_from") {
        None => Vec::new(),
        Some(list) => {
            let names =
                list.as_array().and_then(|list| list.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
            let names = names.ok_or_else(|| format!("{at}: made_from must be a list of names of sensors"))?;
            names.into_iter().map(Name::from).collect()
        }
    };
    let sensor = Sensor {
        place: [place[0], place[1], keys.or("z_m", 0.0)?],
        wave: if keys.flag("sound", false)? { Wave::Sound } else { Wave::Light },
        scans,
        turns,
        hidden: hidden.iter().map(|[a, b, c, d]| ([*a, *b], [*c, *d])).collect(),
        field,
        cooperative: gives == Gives::Reports,
        calibrate: !told,
        ..Sensor::scanning(name, detection.min(0.999), clutter)
    };
    let azimuth_sigma = if angles { keys.positive("sigma_deg")?.to_radians() } else { 0.0 };
    Ok(Known {
        sensor,
        gives,
        sigma: match gives {
            Gives::Bearings | Gives::Tracks => keys.positive_or("sigma_m", 1.0)?,
            Gives::Positions | Gives::Polar | Gives::Reports => keys.positive("sigma_m")?,
        },
        azimuth_sigma,
        elevation_sigma: keys.positive_or("elevation_sigma_deg", azimuth_sigma.to_degrees())?.to_radians(),
        velocity_sigma: keys.positive_or("sigma_m_s", 5.0)?,
        made_from,
        silent: silent.iter().map(|[from, to]| (*from, *to)).collect(),
        rhythm_stated: turns.is_some(),
    })
}

/// Reads a line from the first of its points to the last.
///
/// # Errors
/// A text for a person: which file and line, why, what to do.
pub(super) fn line(path: &Path, sigma: f64) -> Result<Line, String> {
    let at = path.display();
    let text = text(path)?;
    let mut points = Vec::new();
    for (n, row) in text.lines().enumerate().skip(1).filter(|(_, row)| !row.trim().is_empty()) {
        let point =
            row.split_once(',').and_then(|(x, y)| Some([x.trim().parse().ok()?, y.trim().parse().ok()?]));
        let point = point.filter(|[x, y]: &[f64; 2]| x.is_finite() && y.is_finite());
        points.push(point.ok_or_else(|| format!("{at}:{}: expected two numbers, x,y in metres", n + 1))?);
        if points.len() > MOST_POINTS {
            return Err(format!("{at}:{}: the limit is {MOST_POINTS} points; draw it coarser", n + 1));
        }
    }
    Line::new("line", ["left", "right"], sigma, &points)
        .ok_or_else(|| format!("{at}: a line needs two different points, and a sigma of zero or more"))
}
