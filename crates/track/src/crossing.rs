//! What a track crossed: a report, not a reflex. It waits until the track has settled on one side again and
//! a few seconds more, looks back over whole paths, and counts.
//!
//! A path and a place of the line are drawn together, so the error of the line is the same before and after,
//! and the probability is that of the joint event "here before, there after".

use crate::gauss::{Gauss, phi};
use crate::line::Line;
use crate::motion::Flight;
use crate::smooth::{Draws, Paths};
use crate::track::{Moment, Share, Track};
use crate::visit::{Dwelling, Inside, Stay, Zone};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use libm::{atan2, fabs, sqrt};
use truce::time::{MINUTE, Micros, SECOND, Time};

/// Everything that decides about crossings. Part of the mission file.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct CrossingSettings {
    /// A track is settled on a side when it is this many sigmas away from the line.
    pub settled: f64,
    /// How long to wait after it has settled, so that the path can be smoothed, microseconds.
    pub wait: Micros,
    /// Longest stretch looked back over at once, microseconds.
    pub longest: Micros,
    /// Paths drawn for each report.
    pub paths: usize,
    /// Reports less likely than this are not made.
    pub least: f64,
    /// From here on it is "possible", and "crossed".
    pub possible: f64,
    /// See `possible`.
    pub crossed: f64,
    /// Tracks farther from every line than this remember nothing, m.
    pub reach: f64,
}

impl Default for CrossingSettings {
    fn default() -> Self {
        Self {
            settled: 4.0,
            wait: 8 * SECOND,
            longest: 60 * SECOND,
            paths: 400,
            least: 0.05,
            possible: 0.5,
            crossed: 0.95,
            reach: 2_500.0,
        }
    }
}

/// How well a crossing is established.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Grade {
    /// As likely as the standard asks, settled on both sides, and seen by two sensors or more.
    Established,
    /// The same, but one sensor alone saw it.
    OneSensor,
    /// More likely than not.
    Possible,
    /// Less likely than not, but it cannot be left out.
    Faint,
}

/// A lower bound, a middle and an upper bound: 5, 50 and 95 % of the paths that crossed lie below.
pub type Range<T> = [T; 3];

/// A crossing in full. Falls under the delay: it leaves the tracker by an accessor that asks for whom.
#[derive(Clone, PartialEq, Debug)]
pub struct Crossing {
    /// Number of the track.
    pub track: u64,
    /// Index of the line.
    pub line: usize,
    /// From right to left (into a zone), or the other way.
    pub to_left: bool,
    /// Did it only visit the other side and come back?
    pub returned: bool,
    /// Probability that something real crossed, permille.
    pub permille: u16,
    /// Probability that it was an aircraft that said so itself, permille.
    pub cooperative: u16,
    /// When.
    pub time: Range<Time>,
    /// Where along the line, mm.
    pub along: Range<i64>,
    /// Heading, centidegrees clockwise from north; may run past 36,000 so that the range stays in order.
    pub heading: Range<i32>,
    /// Sensors that saw it in that time.
    pub sensors: Vec<usize>,
    /// The measurements it rests on.
    pub shares: Vec<Share>,
    /// Probability of each of [`crate::Class::ALL`], permille.
    pub classes: [u16; 5],
    /// Where it had settled on the other side, mm, and one sigma, mm; `None` where it did not, or came back.
    pub beyond: Option<([i64; 2], i64)>,
    /// How well it is established.
    pub grade: Grade,
}

/// A crossing as everybody who may hear of it may hear of it: no place, no moment, no sensor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CoarseCrossing {
    /// Index of the line.
    pub line: usize,
    /// The stretch of 10 km of the line, counted from its start.
    pub sector: i64,
    /// From the start of a stretch of five minutes to the end of one.
    pub from: Time,
    /// See `from`.
    pub to: Time,
    /// From right to left, or the other way.
    pub to_left: bool,
    /// Did it only visit the other side?
    pub returned: bool,
    /// Heading as one of eight points of the compass, 0 for north, clockwise.
    pub compass: u8,
    /// Probability in percent, rounded down, at most 99.
    pub percent: u8,
    /// How many sensors saw it, "two or more" being 2.
    pub sensors: u8,
    /// Did an aircraft there report itself? A report is a claim.
    pub reported_itself: bool,
    /// How well it is established.
    pub grade: Grade,
}

/// Length of a coarse sector, mm, and of a coarse time.
const SECTOR: i64 = 10_000_000;
const COARSE_TIME: Micros = 5 * MINUTE;

impl Crossing {
    /// The coarse view, a fixed function of the fine one.
    pub fn coarse(&self) -> CoarseCrossing {
        let [from, _, to] = self.time;
        let floor = |t: i64| t.div_euclid(COARSE_TIME) * COARSE_TIME;
        CoarseCrossing {
            line: self.line,
            sector: self.along[1].div_euclid(SECTOR),
            from: Time(floor(from.0)),
            to: Time(floor(to.0) + COARSE_TIME),
            to_left: self.to_left,
            returned: self.returned,
            compass: ((self.heading[1] + 2_250).div_euclid(4_500)).rem_euclid(8) as u8,
            percent: (self.permille / 10).min(99) as u8,
            sensors: self.sensors.len().min(2) as u8,
            reported_itself: self.cooperative >= 500,
            grade: self.grade,
        }
    }
}

/// What a track remembers of one line.
#[derive(Clone, Default, Debug)]
pub(crate) struct Watch {
    pub(crate) line: usize,
    /// When and on which side it was last settled.
    settled: Option<(Time, bool)>,
    /// Since when it is not settled.
    open: Option<Time>,
    /// A stretch that waits for its report: from, to, and whether the track was settled at both ends.
    due: Option<(Time, Time, bool)>,
    /// The time in the zone, where the line is the rim of one.
    pub(crate) dwelling: Dwelling,
}

/// What following tracks past lines has found.
#[derive(Clone, Default, Debug)]
pub(crate) struct Found {
    pub(crate) crossings: Vec<Crossing>,
    pub(crate) stays: Vec<Stay>,
}

/// Standard deviation of the distance of a track from a line, the line's own error included.
pub(crate) fn spread(track: &Track, left: [f64; 2], line: &Line) -> f64 {
    let across = track.merged.place_cov().form(left);
    sqrt(across + line.sigma * line.sigma)
}

/// Follow one track past all lines at the present moment. Returns whether it is near any. `keep`: its past is
/// remembered for something else too.
pub(crate) fn follow(
    track: &mut Track,
    lines: &[Line],
    settings: &CrossingSettings,
    flight: &Flight,
    keep: bool,
    out: &mut Found,
) -> bool {
    let mut near = false;
    let now = track.time;
    let at = [track.merged.x[0], track.merged.x[1]];
    let first = !core::mem::replace(&mut track.followed, true);
    for (index, line) in lines.iter().enumerate() {
        if !line.holds_at(now) {
            // It was moved, or is not there yet. What is still open is reported on what is known.
            if let Some(known) = track.watches.iter().position(|w| w.line == index) {
                let watch = track.watches.remove(known);
                owed(track, &watch, line, settings, flight, out);
            }
            continue;
        }
        let beside = line.beside(at, settings.reach);
        let known = track.watches.iter().position(|w| w.line == index);
        // Who is first seen deep inside a zone came past no rim.
        let deep = first && beside.is_none() && line.holds(at);
        if beside.is_none() && known.is_none() && !deep {
            continue;
        }
        let known = known.unwrap_or_else(|| {
            let open = begun(track, line, settings);
            let settled = deep.then_some((now, true));
            track.watches.push(Watch { line: index, settled, open, ..Watch::default() });
            track.watches.len() - 1
        });
        let mut watch = core::mem::take(&mut track.watches[known]);
        near |= beside.is_some() || watch.due.is_some();
        if let Some(beside) = beside {
            let sigma = spread(track, beside.left, line);
            let sigmas = beside.distance / sigma;
            let left = sigmas > 0.0;
            if line.closed {
                let p = phi(sigmas) * track.existence;
                let settled = sigmas >= settings.settled;
                let here = Inside { p: [p; 3], settled, at, sigma, depth: 0.0 };
                out.stays.extend(watch.dwelling.dwell(track, Zone::Rim(index), here, settings));
            }
            if fabs(sigmas) >= settings.settled {
                match (watch.open, watch.settled) {
                    (Some(open), before) => {
                        let from = before.map_or(open, |(time, _)| time);
                        prolong(&mut watch, from, now, before.is_some_and(|(_, side)| side != left));
                    }
                    (None, Some((time, side))) if side != left => prolong(&mut watch, time, now, true),
                    _ => {}
                }
                watch.open = None;
                watch.settled = Some((now, left));
            } else {
                let since = *watch.open.get_or_insert(now);
                if now.0 - since.0 > settings.longest {
                    // It stays by the line: report on what is behind, and go on.
                    let from = watch.settled.map_or(since, |(time, _)| time);
                    prolong(&mut watch, from, now, false);
                    watch.open = Some(now);
                    watch.settled = None;
                }
            }
        } else if line.closed {
            // Deep inside or far outside: the side at the rim last passed still holds.
            let settled = matches!(watch.settled, Some((_, true)));
            let p = if settled { track.existence } else { 0.0 };
            let sigma = sqrt(track.merged.place_cov().greatest());
            let here = Inside { p: [p; 3], settled, at, sigma, depth: 0.0 };
            out.stays.extend(watch.dwelling.dwell(track, Zone::Rim(index), here, settings));
        }
        if let Some((_, to, _)) = watch.due
            && now.0 - to.0 >= settings.wait
            && let Some(due) = watch.due.take()
        {
            report(track, index, line, due, settings, flight, &mut out.crossings);
        }
        track.watches[known] = watch;
    }
    if !keep {
        forget(track);
    }
    near
}

/// Does a track begin beside a line? A line crossed before the track showed is crossed all the same: unless every
/// moment it remembers lies settled on the side where it is now, the stretch is open from its first moment.
fn begun(track: &Track, line: &Line, settings: &CrossingSettings) -> Option<Time> {
    let side = |g: &Gauss| {
        let beside = line.beside([g.x[0], g.x[1]], settings.reach)?;
        let sigma = sqrt(g.place_cov().form(beside.left) + line.sigma * line.sigma);
        (fabs(beside.distance) >= settings.settled * sigma).then_some(beside.distance > 0.0)
    };
    let now = side(&track.merged);
    let doubtful = |m: &Moment| side(&m.imm.merged()).is_none_or(|then| Some(then) != now);
    let held = || track.history.iter().filter(|m| m.time >= line.since());
    let first = held().next()?;
    held().any(doubtful).then_some(first.time)
}

/// Forget what no report can look back to.
fn forget(track: &mut Track) {
    let from = |w: &Watch| match (w.due, w.settled, w.open) {
        (Some((from, ..)), ..) => Some(from),
        (None, Some((settled, _)), _) => Some(settled),
        (None, None, open) => open,
    };
    let Some(first) = track.watches.iter().filter_map(from).min() else { return };
    while track.history.front().is_some_and(|m| m.time < first) {
        track.history.pop_front();
    }
}

/// A track ends: what is still open is reported on what is known.
pub(crate) fn finish(
    track: &Track,
    lines: &[Line],
    settings: &CrossingSettings,
    flight: &Flight,
    out: &mut Found,
) {
    for watch in &track.watches {
        owed(track, watch, &lines[watch.line], settings, flight, out);
    }
}

/// A track or a line ends: the report on what is still open.
fn owed(
    track: &Track,
    watch: &Watch,
    line: &Line,
    settings: &CrossingSettings,
    flight: &Flight,
    out: &mut Found,
) {
    let end = line.changes_after(line.since()).map_or(track.seen, |end| track.seen.min(end));
    let stretch = match (watch.due, watch.open) {
        (Some((from, ..)), Some(_)) => Some((from, end, false)),
        (Some(due), None) => Some(due),
        (None, Some(open)) => Some((watch.settled.map_or(open, |(time, _)| time), end, false)),
        (None, None) => None,
    };
    if let Some(due) = stretch.filter(|(from, to, _)| from < to) {
        report(track, watch.line, line, due, settings, flight, &mut out.crossings);
    }
}

fn prolong(watch: &mut Watch, from: Time, to: Time, settled: bool) {
    watch.due = Some(match watch.due {
        Some((earlier, _, before)) => (earlier, to, before && settled),
        None => (from, to, settled),
    });
}

/// What one drawn path did.
struct Passage {
    /// Seconds after the start.
    time: f64,
    along: f64,
    heading: f64,
}

fn report(
    track: &Track,
    index: usize,
    line: &Line,
    (from, to, settled): (Time, Time, bool),
    settings: &CrossingSettings,
    flight: &Flight,
    out: &mut Vec<Crossing>,
) {
    let latest = Time(to.0 + settings.wait);
    let moments: Vec<Moment> =
        track.history.iter().filter(|m| m.time >= from && m.time <= latest).copied().collect();
    let Some(paths) = Paths::new(&moments, flight) else { return };
    let until = moments.iter().rposition(|m| m.time <= to).unwrap_or(0);
    if until == 0 {
        return;
    }
    let start = moments[0].time;
    let seconds: Vec<f64> = moments.iter().map(|m| (m.time.0 - start.0) as f64 / 1e6).collect();
    let mut draws = Draws::new(
        (track.number.wrapping_mul(0x2545_f491_4f6c_dd1d)) ^ (start.0 as u64) ^ ((index as u64) << 56),
    );
    let mut path = Vec::new();
    // Keyed by direction and by whether it came back.
    let mut found: BTreeMap<(bool, bool), Vec<Passage>> = BTreeMap::new();
    for _ in 0..settings.paths {
        paths.draw(&mut draws, &mut path);
        let shift = line.sigma * draws.normal();
        let mut last: Option<(f64, [f64; 4], f64)> = None;
        let mut first_side = None;
        let mut passages: Vec<(bool, Passage)> = Vec::new();
        for (x, t) in path.iter().zip(&seconds).take(until + 1) {
            let Some(b) = line.beside([x[0], x[1]], 4.0 * settings.reach) else { continue };
            let d = b.distance + shift;
            first_side.get_or_insert(d > 0.0);
            if let Some((before, was, then)) = last
                && (before > 0.0) != (d > 0.0)
            {
                let part = before / (before - d);
                let v = [was[2] + part * (x[2] - was[2]), was[3] + part * (x[3] - was[3])];
                passages.push((
                    d > 0.0,
                    Passage { time: then + part * (t - then), along: b.along, heading: atan2(v[0], v[1]) },
                ));
            }
            last = Some((d, *x, *t));
        }
        let (Some(first), Some((end, _, _))) = (first_side, last) else { continue };
        let ended_left = end > 0.0;
        if first != ended_left {
            // It changed sides: the passage that counts is the last.
            if let Some((to_left, passage)) = passages.pop() {
                found.entry((to_left, false)).or_default().push(passage);
            }
        } else if !passages.is_empty() {
            let (to_left, passage) = passages.swap_remove(0);
            found.entry((to_left, true)).or_default().push(passage);
        }
    }
    let end = moments[until].imm.merged();
    let end = (
        [end.x[0], end.x[1]].map(|m| libm::round(m * 1e3) as i64),
        libm::ceil(sqrt(end.place_cov().greatest()) * 1e3) as i64,
    );
    let existence = moments.iter().map(|m| m.existence).fold(0.0, f64::max);
    for ((to_left, returned), mut passages) in found {
        let p = passages.len() as f64 / settings.paths as f64 * existence;
        if p < settings.least {
            continue;
        }
        let range = |values: &mut Vec<f64>| -> Range<f64> {
            values.sort_unstable_by(f64::total_cmp);
            let at = |q: f64| values[libm::round(q * (values.len() - 1) as f64) as usize];
            [at(0.05), at(0.5), at(0.95)]
        };
        let time = range(&mut passages.iter().map(|p| p.time).collect());
        let along = range(&mut passages.iter().map(|p| p.along).collect());
        // Headings are taken about their mean direction, so that north is no border.
        let (s, c) = passages
            .iter()
            .fold((0.0, 0.0), |(s, c), p| (s + libm::sin(p.heading), c + libm::cos(p.heading)));
        let mean = atan2(s, c);
        let turn = range(&mut passages.drain(..).map(|p| crate::look::wrap(p.heading - mean)).collect());
        let base = if mean < 0.0 { mean + crate::gauss::TAU } else { mean };
        let degrees = |r: f64| libm::round(r.to_degrees() * 100.0) as i32;
        let window =
            (start.0 + (time[0] * 1e6) as i64 - 5 * SECOND, start.0 + (time[2] * 1e6) as i64 + 5 * SECOND);
        let shares: Vec<Share> = track
            .shares
            .iter()
            .filter(|s| (window.0..=window.1).contains(&s.time.0) && s.permille >= 50)
            .copied()
            .collect();
        let mut sensors: Vec<usize> = shares.iter().filter(|s| s.permille >= 500).map(|s| s.sensor).collect();
        sensors.sort_unstable();
        sensors.dedup();
        let grade = if p < settings.possible {
            Grade::Faint
        } else if p < settings.crossed || track.possible || returned || !settled {
            Grade::Possible
        } else if sensors.len() >= 2 {
            Grade::Established
        } else {
            Grade::OneSensor
        };
        out.push(Crossing {
            track: track.number,
            line: index,
            to_left,
            returned,
            permille: libm::floor(p * 1000.0) as u16,
            cooperative: libm::round(crate::claim::probability(track, to) * 1000.0) as u16,
            time: time.map(|t| Time(start.0 + libm::round(t * 1e6) as i64)),
            along: along.map(|a| libm::round(a * 1000.0) as i64),
            heading: turn.map(|t| degrees(base + t)),
            sensors,
            shares,
            classes: track.class.map(|p| libm::round(p * 1000.0) as u16),
            beyond: (settled && !returned).then_some(end),
            grade,
        });
    }
}
