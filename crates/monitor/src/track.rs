//! `truceline track`: detections in, tracks out, in the bench's formats, so that anyone can score them.
//!
//! The states of tracks fall under the delay (DESIGN.md, "Publication"): a file of detections younger than
//! that gives no states, only coarse crossings.

#[path = "track/read.rs"]
mod read;

use read::Detections;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use track::{
    Audience, Class, CoarseCrossing, DEFAULT_DELAY, OneWorker, SetAside, Settings, State, Tracker, Withheld,
    Workers,
};
use truce::time::{Micros, SECOND, Time};

/// Track aircraft from a file of detections.
#[derive(clap::Args, Debug)]
pub struct TrackArgs {
    /// Detections: a CSV with the columns t (s), x, y (m); of several sensors, those of docs/track.md
    #[arg(long)]
    pub detections: PathBuf,
    /// The sensor: JSON with duration_s, lo_m, hi_m, detection_probability, sigma_m, clutter_per_km2; or several
    #[arg(long)]
    pub sensor: PathBuf,
    /// Where to write the tracks: t,id,x,y,vx,vy,pxx,pxy,pyy
    #[arg(long)]
    pub out: PathBuf,
    /// Write each state as it looks so many seconds later (fixed-lag smoothing)
    #[arg(long, default_value_t = 0)]
    pub lag: u32,
    /// A line of contact: a CSV with the columns x, y (m), from its first point to its last
    #[arg(long)]
    pub line: Option<PathBuf>,
    /// How far the line as drawn may be from the line as held: one sigma, m
    #[arg(long, default_value_t = 30.0)]
    pub line_sigma: f64,
    /// Where to write what crossed the line, coarse (10 km, five minutes)
    #[arg(long, requires = "line")]
    pub crossings: Option<PathBuf>,
    /// Where to write how long each scan took, ms, one a line
    #[arg(long)]
    pub scan_ms: Option<PathBuf>,
    /// Leave out tracks that are likelier birds than anything else, as signatures say
    #[arg(long)]
    pub without_birds: bool,
    /// Number of threads; the result is the same
    #[arg(long, default_value_t = 1)]
    pub workers: usize,
}

/// Run the command. Prints one JSON object: what was read, set aside and found, and how long a scan took.
///
/// # Errors
/// A text for a person: which file, where, why, what to do.
pub fn run(args: &TrackArgs) -> Result<(), String> {
    let sensors = read::sensors(&args.sensor)?;
    let text = fs::read(&args.detections)
        .map_err(|e| format!("{}: cannot be read ({e}); check the path", args.detections.display()))?;
    let lag = Micros::from(args.lag) * SECOND;
    let settings = Settings { remember: lag, ..Settings::default() };
    let mut tracker = Tracker::new(settings, sensors.known.iter().map(|it| it.sensor.clone()).collect());
    if let Some(path) = &args.line {
        tracker.watch_lines(vec![read::line(path, args.line_sigma)?]);
    }
    let mut rows = Detections::new(&args.detections, &text, sensors.duration)?;
    let mut out = Rows::new(&args.out, args.without_birds)?;
    let mut took: Vec<f64> = Vec::new();
    let now = now();
    let mut withheld: Option<Time> = None;
    let mut possible = 0;
    for t in 0..sensors.duration {
        let time = Time(t * SECOND);
        while let Some(measurement) = rows.until(t, &sensors.known) {
            // A row that cannot be used is counted by its reason and shown at the end.
            let _ = tracker.add(measurement);
        }
        let start = Instant::now();
        for (sensor, _) in sensors.known.iter().enumerate().filter(|(_, known)| known.looks(t)) {
            tracker.scanned(sensor, time);
        }
        match args.workers {
            0 | 1 => tracker.advance(time, &OneWorker),
            n => tracker.advance(time, &Threads(n)),
        }
        took.push(start.elapsed().as_secs_f64() * 1e3);
        possible += tracker.possible();
        let states = match lag {
            // A track that no sensor looked for since the scan before has no new state.
            0 => tracker.fine(Audience::Analyst, now, DEFAULT_DELAY).map(|mut states| {
                states.retain(|state| state.time.0 > time.0 - SECOND);
                states
            }),
            lag => tracker.fine_smoothed(lag, Audience::Analyst, now, DEFAULT_DELAY),
        };
        out.take(states, &mut withheld)?;
    }
    // What is left of the lag comes with less hindsight.
    for left in (0..Micros::from(args.lag)).rev() {
        let states = tracker.fine_smoothed(left * SECOND, Audience::Analyst, now, DEFAULT_DELAY);
        out.take(states, &mut withheld)?;
    }
    out.flush()?;
    tracker.finish(&OneWorker);
    if let Some(path) = &args.crossings {
        write_crossings(path, tracker.coarse_crossings())?;
    }
    if let Some(path) = &args.scan_ms {
        let text: String = took.iter().map(|ms| format!("{ms:.4}\n")).collect();
        fs::write(path, text).map_err(|e| format!("{}: cannot be written ({e})", path.display()))?;
    }
    println!("{}", summary(&tracker, &rows, possible, &mut took, withheld));
    Ok(())
}

/// Threads of the standard library; a part goes to the next thread that is free.
#[derive(Clone, Copy, Debug)]
pub struct Threads(pub usize);

impl Workers for Threads {
    fn each<T: Send>(&self, parts: &mut [T], work: &(impl Fn(&mut T) + Sync)) {
        let share = parts.len().div_ceil(self.0.max(1)).max(1);
        std::thread::scope(|scope| {
            for chunk in parts.chunks_mut(share) {
                scope.spawn(move || chunk.iter_mut().for_each(work));
            }
        });
    }
}

/// The present, for the delay.
fn now() -> Time {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Time(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// The rows of tracks, written as they come.
struct Rows {
    file: fs::File,
    path: PathBuf,
    buffer: Vec<u8>,
    without_birds: bool,
}

impl Rows {
    fn new(path: &Path, without_birds: bool) -> Result<Self, String> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|e| format!("{}: cannot be made ({e})", folder.display()))?;
        }
        let file =
            fs::File::create(path).map_err(|e| format!("{}: cannot be written ({e})", path.display()))?;
        let buffer = b"t,id,x,y,vx,vy,pxx,pxy,pyy\n".to_vec();
        Ok(Self { file, path: path.to_owned(), buffer, without_birds })
    }

    fn take(&mut self, states: Result<Vec<State>, Withheld>, until: &mut Option<Time>) -> Result<(), String> {
        match states {
            Ok(states) => {
                let told = |state: &&State| !(self.without_birds && bird(state));
                states.iter().filter(told).for_each(|state| row(&mut self.buffer, state));
            }
            Err(Withheld::Until(time)) => *until = Some(time),
            Err(Withheld::Audience) => {}
        }
        if self.buffer.len() > 1 << 16 { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), String> {
        self.file.write_all(&self.buffer).map_err(|e| format!("{}: {e}", self.path.display()))?;
        self.buffer.clear();
        Ok(())
    }
}

/// Likelier a bird than anything else?
fn bird(state: &State) -> bool {
    let classes = Class::ALL.iter().zip(state.classes);
    classes.max_by_key(|(_, permille)| *permille).is_some_and(|(class, _)| *class == Class::Bird)
}

fn row(out: &mut Vec<u8>, state: &State) {
    whole(out, state.time.0.div_euclid(SECOND));
    out.push(b',');
    whole(out, state.track as i64);
    let [px, py] = state.place;
    let [vx, vy] = state.velocity;
    let c = &state.covariance;
    // Squared millimetres to thousandths of a square metre.
    let square = |v: i64| (v + 500).div_euclid(1000);
    for value in [px, py, vx, vy, square(c[0]), square(c[1]), square(c[4])] {
        out.push(b',');
        thousandths(out, value);
    }
    out.push(b'\n');
}

fn whole(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    let mut digits = [0; 20];
    let (mut n, mut left) = (digits.len(), value.unsigned_abs());
    loop {
        n -= 1;
        digits[n] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[n..]);
}

fn thousandths(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    let size = value.unsigned_abs();
    whole(out, (size / 1000) as i64);
    let part = size % 1000;
    out.extend_from_slice(&[
        b'.',
        b'0' + (part / 100) as u8,
        b'0' + (part / 10 % 10) as u8,
        b'0' + (part % 10) as u8,
    ]);
}

fn write_crossings(path: &Path, crossings: impl Iterator<Item = CoarseCrossing>) -> Result<(), String> {
    const COMPASS: [&str; 8] = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];
    let mut text =
        String::from("from,to,sector_10km,towards,heading,returned,percent,sensors,reported_itself,grade\n");
    for c in crossings {
        let towards = if c.to_left { "left" } else { "right" };
        let heading = COMPASS[usize::from(c.compass) % 8];
        let _ = writeln!(
            text,
            "{},{},{},{towards},{heading},{},{},{},{},{:?}",
            c.from, c.to, c.sector, c.returned, c.percent, c.sensors, c.reported_itself, c.grade
        );
    }
    fs::write(path, text).map_err(|e| format!("{}: cannot be written ({e})", path.display()))
}

/// Greatest memory of this process so far, where the system tells (Linux).
fn peak_mb() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<f64>().ok().map(|kb| kb / 1024.0)
}

fn summary(
    tracker: &Tracker,
    rows: &Detections<'_>,
    possible: usize,
    took: &mut [f64],
    withheld: Option<Time>,
) -> String {
    took.sort_unstable_by(f64::total_cmp);
    let at = |q: f64| took.get(((took.len() as f64 * q) as usize).min(took.len().saturating_sub(1))).copied();
    let aside: serde_json::Map<String, serde_json::Value> =
        tracker.set_aside().map(|(reason, n): (SetAside, u64)| (reason.to_string(), n.into())).collect();
    let mut json = serde_json::json!({
        "tool": "truceline track",
        "scans": took.len(),
        "detections": tracker.accepted(),
        "rows_that_cannot_be_read": rows.bad,
        "rows_outside_the_seconds_of_the_sensor_file": rows.outside,
        "set_aside": aside,
        "possible_tracks_a_scan": possible as f64 / took.len().max(1) as f64,
        "scan_ms_median": at(0.5),
        "scan_ms_p99": at(0.99),
        "scan_ms_worst": at(1.0),
        "peak_mb": peak_mb(),
    });
    if let Some(time) = withheld {
        json["states_withheld_until"] = time.to_string().into();
    }
    json.to_string()
}
