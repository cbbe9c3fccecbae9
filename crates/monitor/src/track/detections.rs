//! The detections that `truceline track` reads, as CSV (docs/track.md, "The bench's formats").

use super::sensors::{Gives, Known};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use track::{Class, Foreign, Measurement, Sym2, What};
use truce::Name;
use truce::time::{SECOND, Time};

/// The size of a file, and of a row in it, bytes.
const MOST_BYTES: u64 = 4 << 30;
const LONGEST_ROW: usize = 4_096;

/// The columns that are known, in the order of [`Columns`].
const COLUMNS: [&str; 28] = [
    "t",
    "sensor",
    "x",
    "y",
    "xx",
    "xy",
    "yy",
    "azimuth_deg",
    "range",
    "elevation_deg",
    "height",
    "height_sigma",
    "vx",
    "vy",
    "claims",
    "class",
    "class_chance",
    "track",
    "existence",
    "made_from",
    "x_vx",
    "x_vy",
    "y_vx",
    "y_vy",
    "vx_vx",
    "vx_vy",
    "vy_vy",
    "note",
];

/// Where each known column stands.
type Columns = [Option<usize>; COLUMNS.len()];

/// Why a row was set aside before the tracker saw it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Unread {
    /// Too few cells, or words where a number belongs.
    Words,
    /// More bytes than any row needs.
    Long,
    /// Outside the seconds that the sensors' file names.
    Outside,
    /// The row of an earlier line, byte by byte.
    Again,
}

impl Unread {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Words => "a cell is missing, or has words where a number belongs",
            Self::Long => "longer than 4096 bytes",
            Self::Outside => "outside the seconds of the sensor file",
            Self::Again => "already received",
        }
    }
}

/// The rows of a detections file, in order of time: that of the file does not matter.
pub(super) struct Detections<'a> {
    rows: Vec<(Time, u64, &'a str)>,
    next: usize,
    columns: Columns,
    /// The bench's own three columns, which are read faster.
    plain: bool,
    /// Rows set aside: line and reason.
    aside: Vec<(u64, Unread)>,
}

/// Index of the sensor, what it says, and its signature.
type Said = (usize, What, Option<(Class, f64)>);

/// Reads a file of detections.
///
/// # Errors
/// A text for a person.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, String> {
    let cannot = |e: std::io::Error| format!("{}: cannot be read ({e}); check the path", path.display());
    let size = fs::metadata(path).map_err(cannot)?.len();
    if size > MOST_BYTES {
        return Err(format!("{}: {size} bytes; the limit is {MOST_BYTES}: split the file", path.display()));
    }
    fs::read(path).map_err(cannot)
}

impl<'a> Detections<'a> {
    /// Takes a file apart, as far as the time of each row.
    ///
    /// # Errors
    /// A header that cannot be read, or that lacks what a sensor's rows need.
    pub(super) fn new(path: &Path, text: &'a [u8], duration: i64, known: &[Known]) -> Result<Self, String> {
        let at = path.display();
        if text.starts_with(&[0xff, 0xfe]) || text.starts_with(&[0xfe, 0xff]) {
            return Err(format!("{at}: the file is UTF-16; save it as UTF-8"));
        }
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        if text.trim_ascii().is_empty() {
            return Err(format!("{at}: the file is empty; its first line must be a header such as t,x,y"));
        }
        let mut lines = text.split(|b| *b == b'\n');
        let head = lines.next().unwrap_or_default().trim_ascii();
        let head = std::str::from_utf8(head).map_err(|_| format!("{at}:1: the header is not UTF-8"))?;
        let columns = header(head, known).map_err(|why| format!("{at}:1: {why}"))?;
        let plain = head == "t,x,y" && matches!(known, [only] if only.gives == Gives::Positions);
        let mut out = Self { rows: Vec::new(), next: 0, columns, plain, aside: Vec::new() };
        let time = columns[0].unwrap_or_default();
        let end = Time(duration.saturating_mul(SECOND));
        for (line, row) in (2..).zip(lines).filter(|(_, row)| !row.trim_ascii().is_empty()) {
            if row.len() > LONGEST_ROW {
                out.aside.push((line, Unread::Long));
                continue;
            }
            let row = std::str::from_utf8(row).ok().map(str::trim_ascii_end);
            let t = row.and_then(|row| row.split(',').nth(time)?.trim().parse::<f64>().ok());
            match (t.filter(|t| !t.is_nan()), row) {
                (Some(t), Some(row)) => {
                    let t = Time((t * SECOND as f64).round() as i64);
                    if (Time(0)..end).contains(&t) {
                        out.rows.push((t, line, row));
                    } else {
                        out.aside.push((line, Unread::Outside));
                    }
                }
                _ => out.aside.push((line, Unread::Words)),
            }
        }
        out.rows.sort_by_key(|row| row.0);
        out.drop_twice();
        Ok(out)
    }

    /// Of rows that are the same byte by byte the first counts.
    fn drop_twice(&mut self) {
        let mut again: Vec<usize> = Vec::new();
        let mut keys: Vec<(u64, usize)> = Vec::new();
        let mut at = 0;
        while at < self.rows.len() {
            let time = self.rows[at].0;
            let same = self.rows[at..].iter().take_while(|row| row.0 == time);
            keys.clear();
            keys.extend(same.enumerate().map(|(n, row)| (key(row.2), at + n)));
            at += keys.len();
            keys.sort_unstable();
            for alike in keys.chunk_by(|a, b| a.0 == b.0).filter(|alike| alike.len() > 1) {
                let mut firsts: Vec<usize> = Vec::new();
                for (_, row) in alike {
                    if firsts.iter().any(|first| self.rows[*first].2 == self.rows[*row].2) {
                        again.push(*row);
                    } else {
                        firsts.push(*row);
                    }
                }
            }
        }
        if again.is_empty() {
            return;
        }
        again.sort_unstable();
        self.aside.extend(again.iter().map(|row| (self.rows[*row].1, Unread::Again)));
        let mut row = 0;
        self.rows.retain(|_| {
            row += 1;
            again.binary_search(&(row - 1)).is_err()
        });
    }

    /// The next measurement up to `time`; its id is its line.
    pub(super) fn until(&mut self, time: Time, sensors: &[Known]) -> Option<Measurement> {
        loop {
            let (at, line, row) = *self.rows.get(self.next)?;
            if at > time {
                return None;
            }
            self.next += 1;
            match self.said(row, sensors) {
                Some((sensor, what, signature)) => {
                    return Some(Measurement { sensor, id: line, time: at, what, signature });
                }
                None => self.aside.push((line, Unread::Words)),
            }
        }
    }

    /// Do all rows have whole seconds, and some two that follow each other?
    pub(super) fn each_second(&self) -> bool {
        let apart = |pair: &[(Time, u64, &str)]| pair[1].0.0 - pair[0].0.0 == SECOND;
        self.rows.iter().all(|row| row.0.0 % SECOND == 0) && self.rows.windows(2).any(apart)
    }

    /// The first so many measurements of one sensor, in order of time.
    pub(super) fn first(&self, sensor: usize, most: usize, sensors: &[Known]) -> Vec<(Time, What)> {
        let said = self.rows.iter().filter_map(|(time, _, row)| Some((*time, self.said(row, sensors)?)));
        said.filter(|(_, (of, ..))| *of == sensor)
            .map(|(time, (_, what, _))| (time, what))
            .take(most)
            .collect()
    }

    /// How many rows were set aside, by reason.
    pub(super) fn counts(&self) -> BTreeMap<Unread, u64> {
        let mut counts = BTreeMap::new();
        self.aside.iter().for_each(|(_, why)| *counts.entry(*why).or_default() += 1);
        counts
    }

    /// Rows set aside: line and reason in words.
    pub(super) fn aside(&self) -> impl Iterator<Item = (u64, String)> + '_ {
        self.aside.iter().map(|(line, why)| (*line, why.words().to_string()))
    }

    fn said(&self, row: &str, sensors: &[Known]) -> Option<Said> {
        if self.plain { plain(row, &sensors[0]) } else { self.full(row, sensors) }
    }

    fn full(&self, row: &str, sensors: &[Known]) -> Option<Said> {
        let cells: Vec<&str> = row.split(',').map(str::trim).collect();
        let cell = |name: &str| -> Option<&str> {
            let column = COLUMNS.iter().position(|known| *known == name)?;
            cells.get(self.columns[column]?).copied().filter(|cell| !cell.is_empty())
        };
        let number = |name: &str| cell(name)?.parse::<f64>().ok();
        // Left out, or a number; words are neither.
        let may = |name: &str| match cell(name) {
            None => Some(None),
            Some(_) => number(name).map(Some),
        };
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
            Some((xx, yy)) => Sym2 { xx, xy: may("xy")?.unwrap_or(0.0), yy },
            None => Sym2::round(known.sigma * known.sigma),
        };
        let azimuth = || Some(number("azimuth_deg")?.to_radians());
        let elevation = || Some(may("elevation_deg")?.map(|it| (it.to_radians(), known.elevation_sigma)));
        let what = match known.gives {
            _ if index.is_none() => What::Position { at: [0.0; 2], cov, height: None },
            Gives::Positions => What::Position {
                at: [number("x")?, number("y")?],
                cov,
                height: match may("height")? {
                    None => None,
                    Some(height) => Some((height, may("height_sigma")?.unwrap_or(known.sigma))),
                },
            },
            Gives::Bearings => {
                What::Bearing { azimuth: azimuth()?, sigma: known.azimuth_sigma, elevation: elevation()? }
            }
            Gives::Polar => What::Polar {
                range: (number("range")?, known.sigma),
                azimuth: (azimuth()?, known.azimuth_sigma),
                elevation: elevation()?,
            },
            Gives::Reports => What::Report {
                at: [number("x")?, number("y")?],
                cov,
                velocity: pair("vx", "vy")?.map(|(vx, vy)| [vx, vy]),
                claims: Name::from(cell("claims").unwrap_or("unnamed")),
            },
            Gives::Tracks => {
                let own = known.velocity_sigma * known.velocity_sigma;
                let (vxx, vyy) = pair("vx_vx", "vy_vy")?.unwrap_or((own, own));
                let across = |name: &str| Some(may(name)?.unwrap_or(0.0));
                let place = [cov.xx, cov.xy, across("x_vx")?, across("x_vy")?];
                let rest = [cov.yy, across("y_vx")?, across("y_vy")?, vxx, across("vx_vy")?, vyy];
                let mut covariance = [0.0; 10];
                covariance[..4].copy_from_slice(&place);
                covariance[4..].copy_from_slice(&rest);
                What::Track(Box::new(Foreign {
                    number: cell("track")?.parse().ok()?,
                    state: [number("x")?, number("y")?, number("vx")?, number("vy")?],
                    covariance,
                    existence: number("existence")?,
                    made_from: match cell("made_from") {
                        None => known.made_from.clone(),
                        Some(names) => names.split_whitespace().map(Name::from).collect(),
                    },
                }))
            }
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

/// A number that equal rows share (FNV-1a), and others hardly ever: those are compared.
fn key(row: &str) -> u64 {
    row.bytes().fold(0xcbf2_9ce4_8422_2325, |key, byte| (key ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

/// Where the columns stand.
///
/// # Errors
/// Why the header cannot be read.
fn header(head: &str, known: &[Known]) -> Result<Columns, String> {
    let mut columns: Columns = [None; COLUMNS.len()];
    let names: Vec<&str> = head.split(',').map(str::trim).collect();
    if names.iter().all(|name| name.parse::<f64>().is_ok()) {
        return Err(format!("the header is missing: the first line is {head:?}; put t,x,y above it"));
    }
    for (n, name) in names.iter().enumerate() {
        let at = COLUMNS.iter().position(|known| known == name).ok_or_else(|| {
            format!("the column {name:?} is not known; known are {} (note is for people)", COLUMNS.join(", "))
        })?;
        if columns[at].replace(n).is_some() {
            return Err(format!("the column {name} is there twice; take one out"));
        }
    }
    let has =
        |name: &str| COLUMNS.iter().position(|known| *known == name).is_some_and(|at| columns[at].is_some());
    if !has("t") {
        return Err("the header must name the column t, the time in seconds, as in t,x,y".to_string());
    }
    if known.len() > 1 && !has("sensor") {
        return Err("of several sensors each row must say which: add the column sensor".to_string());
    }
    for it in known {
        if let Some(lacks) = it.gives.columns().iter().find(|name| !has(name)) {
            return Err(format!(
                "the sensor {} needs the columns {}, and {lacks} is missing: add it, or set what it gives",
                it.sensor.name,
                it.gives.columns().join(", ")
            ));
        }
    }
    Ok(columns)
}

/// A row `t,x,y`.
fn plain(row: &str, known: &Known) -> Option<Said> {
    let mut cells = row.split(',').skip(1);
    let mut next = || cells.next()?.trim().parse::<f64>().ok();
    let at = [next()?, next()?];
    let cov = Sym2::round(known.sigma * known.sigma);
    cells.next().is_none().then_some((0, What::Position { at, cov, height: None }, None))
}
