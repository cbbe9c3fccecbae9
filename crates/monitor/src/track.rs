//! `truceline track`: detections in, tracks out, in the bench's formats, so that anyone can score them.
//!
//! The states of tracks fall under the delay (DESIGN.md, "Publication"): a file of detections younger than
//! that gives no states, only coarse crossings.

#[path = "track/detections.rs"]
mod detections;
#[path = "track/once.rs"]
mod once;
#[path = "track/output.rs"]
mod output;
#[path = "track/rhythm.rs"]
mod rhythm;
#[path = "track/sensors.rs"]
mod sensors;

use detections::{Detections, Unread};
use output::Whole;
use sensors::{Gives, Sensors};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use track::{
    Audience, Class, CoarseCrossing, DEFAULT_DELAY, Measurement, OneWorker, SetAside, Settings, State,
    Tracker, Withheld, Workers,
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
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=LONGEST_LAG))]
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
    /// Where to write every row that was set aside: line,reason
    #[arg(long)]
    pub set_aside: Option<PathBuf>,
    /// Add the columns z,sz: height and its sigma, m, empty where nothing tells it
    #[arg(long)]
    pub with_height: bool,
    /// Leave out tracks that are likelier birds than anything else, as signatures say
    #[arg(long)]
    pub without_birds: bool,
    /// Number of threads; the result is the same
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(0..=256))]
    pub workers: u16,
}

/// The longest lag, s: beyond it hindsight gains nothing (docs/track.md).
const LONGEST_LAG: i64 = 60;

/// Rows set aside that the summary names, of each reason.
const EXAMPLES: usize = 5;

/// Run the command. Prints one JSON object: what was read, set aside and found, and how long a scan took. Files are
/// written whole or not at all.
///
/// # Errors
/// A text for a person: which file, where, why, what to do.
pub fn run(args: &TrackArgs) -> Result<(), String> {
    let inputs: Vec<&Path> = [Some(&args.detections), Some(&args.sensor), args.line.as_ref()]
        .into_iter()
        .flatten()
        .map(|it| &**it)
        .collect();
    let outputs: Vec<&Path> =
        [Some(&args.out), args.crossings.as_ref(), args.scan_ms.as_ref(), args.set_aside.as_ref()]
            .into_iter()
            .flatten()
            .map(|it| &**it)
            .collect();
    output::apart(&inputs, &outputs)?;
    let mut sensors = sensors::sensors(&args.sensor)?;
    let text = detections::read(&args.detections)?;
    let mut rows = Detections::new(&args.detections, &text, sensors.duration, &sensors.known)?;
    find_rhythms(&mut sensors, &rows);
    let pace = Pace::of(&sensors);
    let lag = Micros::from(args.lag) * SECOND;
    let mut settings =
        Settings { remember: lag + if lag > 0 { pace.hindsight } else { 0 }, ..Settings::default() };
    if let Some(speed) = sensors.first_speed {
        settings.flight.first_speed = speed;
    }
    let mut tracker = Tracker::new(settings, sensors.known.iter().map(|it| it.sensor.clone()).collect());
    if let Some(path) = &args.line {
        tracker.watch_lines(vec![sensors::line(path, args.line_sigma)?]);
    }
    let mut out = Rows::new(args)?;
    let mut aside: Vec<(u64, SetAside)> = Vec::new();
    let mut add = |tracker: &mut Tracker, measurement: Measurement| {
        let line = measurement.id;
        if let Err(reason) = tracker.add(measurement) {
            aside.push((line, reason));
        }
    };
    let mut took: Vec<f64> = Vec::new();
    let now = now();
    let mut withheld: Option<Time> = None;
    let mut possible = 0;
    for t in 0..sensors.duration {
        let time = Time(t * SECOND);
        let watermark = Time(time.0 + pace.hindsight);
        while let Some(measurement) = rows.until(watermark, &sensors.known) {
            add(&mut tracker, measurement);
        }
        let start = Instant::now();
        for (sensor, _) in sensors.known.iter().enumerate().filter(|(_, known)| known.looks(t)) {
            tracker.scanned(sensor, time);
        }
        match args.workers {
            0 | 1 => tracker.advance(watermark, &OneWorker),
            n => tracker.advance(watermark, &Threads(usize::from(n))),
        }
        took.push(start.elapsed().as_secs_f64() * 1e3);
        possible += tracker.possible();
        let states = match lag {
            // A track that no sensor looked for lately has no new state.
            0 => tracker.fine_at(time, pace.fresh, Audience::Analyst, now, DEFAULT_DELAY),
            lag if time.0 < lag => continue,
            lag => {
                let then = Time(time.0 - lag);
                tracker.fine_smoothed(then, pace.fresh, Audience::Analyst, now, DEFAULT_DELAY)
            }
        };
        out.take(states, &mut withheld)?;
    }
    // What is left of the lag comes with less hindsight.
    for left in (0..Micros::from(args.lag).min(sensors.duration)).rev() {
        let then = Time((sensors.duration - 1 - left) * SECOND);
        let states = tracker.fine_smoothed(then, pace.fresh, Audience::Analyst, now, DEFAULT_DELAY);
        out.take(states, &mut withheld)?;
    }
    while let Some(measurement) = rows.until(Time(i64::MAX), &sensors.known) {
        add(&mut tracker, measurement);
    }
    tracker.finish(&OneWorker);
    let mut files = vec![out.done()?];
    if let Some(path) = &args.crossings {
        files.push(whole(path, &crossings(tracker.coarse_crossings()))?);
    }
    if let Some(path) = &args.scan_ms {
        files.push(whole(path, &took.iter().map(|ms| format!("{ms:.4}\n")).collect::<String>())?);
    }
    let mut reasons: Vec<(u64, String)> = rows.aside().collect();
    reasons.extend(aside.iter().map(|(line, reason)| (*line, reason.to_string())));
    reasons.sort();
    if let Some(path) = &args.set_aside {
        let rows: String = reasons.iter().map(|(line, why)| format!("{line},\"{why}\"\n")).collect();
        files.push(whole(path, &format!("line,reason\n{rows}"))?);
    }
    files.into_iter().try_for_each(Whole::put)?;
    println!("{}", summary(&tracker, &sensors, &rows, &reasons, possible, &mut took, withheld));
    Ok(())
}

/// Sensors that scan, and not at each whole second, turn, as fast as their file or their rows say.
fn find_rhythms(sensors: &mut Sensors, rows: &Detections<'_>) {
    for n in 0..sensors.known.len() {
        let known = &sensors.known[n];
        if !known.sensor.scans || known.rhythm_stated {
            continue;
        }
        if rows.each_second() && sensors.known.len() == 1 {
            continue;
        }
        let plots = rows.first(n, rhythm::ENOUGH, &sensors.known);
        if plots.iter().all(|(time, _)| time.0 % SECOND == 0) {
            sensors.known[n].sensor.turns = rhythm::whole(&plots);
            continue;
        }
        let [x, y, _] = known.sensor.place;
        let sigma = if known.gives == Gives::Bearings { 0.0 } else { known.sigma };
        let turn = rhythm::turn(&plots, [x, y], sigma);
        sensors.known[n].sensor.turns = Some(turn);
    }
}

/// How the command keeps step with sensors that turn.
struct Pace {
    /// How much later than a second its states are drawn, so that the scans about it are whole.
    hindsight: Micros,
    /// For how long a track that no sensor looks for has a state.
    fresh: Micros,
}

impl Pace {
    fn of(sensors: &Sensors) -> Self {
        let turns = sensors.known.iter().filter_map(|known| known.sensor.turns);
        let longest = turns.max().unwrap_or(0);
        // Half a turn, half a second at most: what the tracker waits for.
        Self { hindsight: (longest / 2).min(SECOND / 2 - 1), fresh: SECOND.max(longest * 3 / 2) }
    }
}

/// A text as a file that is not yet in its place.
fn whole(path: &Path, text: &str) -> Result<Whole, String> {
    let mut file = Whole::new(path)?;
    file.write(text.as_bytes())?;
    Ok(file)
}

/// Threads of the standard library, each with an equal share of the parts; the caller takes the first share itself.
#[derive(Clone, Copy, Debug)]
pub struct Threads(pub usize);

impl Workers for Threads {
    fn each<T: Send>(&self, parts: &mut [T], work: &(impl Fn(&mut T) + Sync)) {
        let share = parts.len().div_ceil(self.0.max(1)).max(1);
        let mut shares = parts.chunks_mut(share);
        let own = shares.next().unwrap_or_default();
        std::thread::scope(|scope| {
            for share in shares {
                scope.spawn(move || share.iter_mut().for_each(work));
            }
            own.iter_mut().for_each(work);
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
    file: Whole,
    buffer: Vec<u8>,
    without_birds: bool,
    with_height: bool,
}

impl Rows {
    fn new(args: &TrackArgs) -> Result<Self, String> {
        let file = Whole::new(&args.out)?;
        let mut buffer = b"t,id,x,y,vx,vy,pxx,pxy,pyy".to_vec();
        if args.with_height {
            buffer.extend_from_slice(b",z,sz");
        }
        buffer.push(b'\n');
        Ok(Self { file, buffer, without_birds: args.without_birds, with_height: args.with_height })
    }

    fn take(&mut self, states: Result<Vec<State>, Withheld>, until: &mut Option<Time>) -> Result<(), String> {
        match states {
            Ok(states) => {
                let told = |state: &&State| !(self.without_birds && bird(state));
                states.iter().filter(told).for_each(|state| row(&mut self.buffer, state, self.with_height));
            }
            Err(Withheld::Until(time)) => *until = Some(time),
            Err(Withheld::Audience) => {}
        }
        if self.buffer.len() > 1 << 16 { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), String> {
        self.file.write(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    fn done(mut self) -> Result<Whole, String> {
        self.flush()?;
        Ok(self.file)
    }
}

/// Likelier a bird than anything else?
fn bird(state: &State) -> bool {
    let classes = Class::ALL.iter().zip(state.classes);
    classes.max_by_key(|(_, permille)| *permille).is_some_and(|(class, _)| *class == Class::Bird)
}

fn row(out: &mut Vec<u8>, state: &State, with_height: bool) {
    digits(out, state.time.0.div_euclid(SECOND));
    out.push(b',');
    digits(out, state.track as i64);
    let [px, py] = state.place;
    let [vx, vy] = state.velocity;
    let c = &state.covariance;
    // Squared millimetres to thousandths of a square metre.
    let square = |v: i64| (v + 500).div_euclid(1000);
    for value in [px, py, vx, vy, square(c[0]), square(c[1]), square(c[4])] {
        out.push(b',');
        thousandths(out, value);
    }
    match state.height.filter(|_| with_height) {
        Some((height, sigma)) => [height, sigma].into_iter().for_each(|value| {
            out.push(b',');
            thousandths(out, value);
        }),
        None if with_height => out.extend_from_slice(b",,"),
        None => {}
    }
    out.push(b'\n');
}

fn digits(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    let mut text = [0; 20];
    let (mut n, mut left) = (text.len(), value.unsigned_abs());
    loop {
        n -= 1;
        text[n] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    out.extend_from_slice(&text[n..]);
}

fn thousandths(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    let size = value.unsigned_abs();
    digits(out, (size / 1000) as i64);
    let part = size % 1000;
    out.extend_from_slice(&[
        b'.',
        b'0' + (part / 100) as u8,
        b'0' + (part / 10 % 10) as u8,
        b'0' + (part % 10) as u8,
    ]);
}

fn crossings(crossings: impl Iterator<Item = CoarseCrossing>) -> String {
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
    text
}

/// Greatest memory of this process so far, where the system tells (Linux).
fn peak_mb() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<f64>().ok().map(|kb| kb / 1024.0)
}

fn summary(
    tracker: &Tracker,
    sensors: &Sensors,
    rows: &Detections<'_>,
    reasons: &[(u64, String)],
    possible: usize,
    took: &mut [f64],
    withheld: Option<Time>,
) -> String {
    took.sort_unstable_by(f64::total_cmp);
    let at = |q: f64| took.get(((took.len() as f64 * q) as usize).min(took.len().saturating_sub(1))).copied();
    let unread = rows.counts();
    let count = |why: Unread| unread.get(&why).copied().unwrap_or_default();
    let mut aside: BTreeMap<String, u64> =
        tracker.set_aside().map(|(reason, n): (SetAside, u64)| (reason.to_string(), n)).collect();
    if count(Unread::Again) > 0 {
        *aside.entry(Unread::Again.words().to_string()).or_default() += count(Unread::Again);
    }
    let mut lines: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for (line, why) in reasons {
        let lines = lines.entry(why).or_default();
        if lines.len() < EXAMPLES {
            lines.push(*line);
        }
    }
    let scans: BTreeMap<&str, f64> = sensors
        .known
        .iter()
        .filter_map(|it| Some((&*it.sensor.name, it.sensor.turns? as f64 / 1e6)))
        .collect();
    let mut json = serde_json::json!({
        "tool": "truceline track",
        "scans": took.len(),
        "detections": tracker.accepted(),
        "rows_that_cannot_be_read": count(Unread::Words) + count(Unread::Long),
        "rows_outside_the_seconds_of_the_sensor_file": count(Unread::Outside),
        "set_aside": aside,
        "first_lines_set_aside": lines,
        "scan_s": scans,
        "tracks_of_others_not_fused_as_they_rest_on_our_sensors": tracker.doubled(),
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
