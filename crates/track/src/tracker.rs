//! The tracker: frames in, tracks out.
//!
//! Measurements wait until the watermark has passed them by the lag, then go in order of time and sensor,
//! frame by frame. So the order of arrival inside the lag cannot matter, and a late measurement is used as
//! if it had been on time.

use crate::assign::{AssignLimits, Row, marginals};
use crate::crossing::{self, Crossing, CrossingSettings, Found, Stay};
use crate::gauss::{Gauss, Sym2};
use crate::grid::Grid;
use crate::health::{Health, Pair};
use crate::line::Line;
use crate::look::{self, Look, Vertical};
use crate::motion::{Flight, Step};
use crate::sensor::{Field, Measurement, Sensor, SetAside, What, check};
use crate::track::{Moment, Seed, Share, Track};
use crate::workers::Workers;
use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use truce::time::{Micros, SECOND, Time};

/// Everything that decides. Part of the mission file.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Settings {
    /// How aircraft move.
    pub flight: Flight,
    /// When a crossing is reported.
    pub crossing: CrossingSettings,
    /// Which method of association when.
    pub assign: AssignLimits,
    /// How long measurements wait for others that are late, microseconds.
    pub lag: Micros,
    /// How far ahead of the watermark a measurement may be, microseconds.
    pub ahead: Micros,
    /// Gate: squared distance in sigmas.
    pub gate: f64,
    /// Mean time for which an aircraft stays, s.
    pub life: f64,
    /// New aircraft for each false detection, before anything is known.
    pub birth: f64,
    /// A track shows when it exists with this probability.
    pub show: f64,
    /// A track ends when it exists with less than this probability.
    pub drop: f64,
    /// A track that nothing has measured for so long ends, microseconds, even if nobody looked.
    pub forget: Micros,
    /// How much of the past every track remembers for smoothing, microseconds. Tracks near a line remember
    /// what a report on it needs, whatever this says.
    pub remember: Micros,
    /// For how long each track remembers the shares of measurements in it, microseconds.
    pub provenance: Micros,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            flight: Flight::default(),
            crossing: CrossingSettings::default(),
            assign: AssignLimits::default(),
            lag: 0,
            ahead: 60 * SECOND,
            gate: 25.0,
            life: 200.0,
            birth: 0.0075,
            show: 0.5,
            drop: 0.001,
            forget: 180 * SECOND,
            remember: 0,
            provenance: 100 * SECOND,
        }
    }
}

impl Settings {
    /// What a track near a line may have to remember, microseconds.
    fn look_back(&self) -> Micros {
        (self.crossing.longest + self.crossing.wait + 20 * SECOND).max(self.remember)
    }
}

/// What is known of one sensor's surroundings: how many aircraft it has not yet found.
#[derive(Clone, Copy, Debug)]
struct Unfound {
    /// For each square metre; `None` before the first scan.
    density: Option<f64>,
    last: Time,
}

/// The tracker of a whole front.
#[derive(Clone, Debug)]
pub struct Tracker {
    pub(crate) settings: Settings,
    pub(crate) sensors: Vec<Sensor>,
    pub(crate) health: Vec<Health>,
    unfound: Vec<Unfound>,
    waiting: BTreeMap<(Time, usize), Vec<Measurement>>,
    /// Nothing before this moment is accepted any more.
    pub(crate) done: Option<Time>,
    latest: Option<Time>,
    pub(crate) tracks: Vec<Track>,
    seeds: Vec<Seed>,
    pub(crate) next: u64,
    set_aside: [u64; SetAside::ALL.len()],
    pub(crate) bearings: crate::bearing::Bearings,
    accepted: u64,
    pub(crate) names: crate::claim::Names,
    pub(crate) scanned_last: Vec<Option<Time>>,
    /// Foreign tracks that were not fused because they rest on our own sensors.
    pub(crate) doubled: u64,
    lines: Arc<Vec<Line>>,
    pub(crate) crossings: Vec<Crossing>,
    pub(crate) stays: Vec<Stay>,
    /// The first frames, as long as everything may have to begin anew.
    kept: Option<Vec<Kept>>,
}

/// How often at most.
const ROUNDS: usize = 3;

/// A frame worked off: moment, sensor, measurements.
type Kept = (Time, usize, Vec<Measurement>);

/// For so long after its first frame the tracker may begin anew. Shorter than a crossing waits.
const ANEW: Micros = 6 * SECOND;

/// Probability of a link that speaks for or against a sensor at first.
const FIRST_LINK: f64 = 0.9;

/// One frame made ready.
struct Frame<'a> {
    time: Time,
    sensor: usize,
    what: &'a [Measurement],
    looks: Vec<Look>,
    /// False detections and new aircraft, for each unit of the measurement.
    clutter: f64,
    /// The covariance of all positions, if they share one and have no lag.
    common: Option<Sym2>,
    grid: Option<Grid>,
}

/// Tracks that one worker takes at a time.
const CHUNK: usize = 128;

impl Tracker {
    /// A tracker with no tracks.
    pub fn new(settings: Settings, sensors: Vec<Sensor>) -> Self {
        let count = sensors.len();
        let start = Unfound { density: None, last: Time(0) };
        Self {
            settings,
            health: sensors.iter().map(|_| Health::new()).collect(),
            unfound: vec![start; sensors.len()],
            sensors,
            waiting: BTreeMap::new(),
            done: None,
            latest: None,
            tracks: Vec::new(),
            seeds: Vec::new(),
            next: 0,
            set_aside: [0; SetAside::ALL.len()],
            bearings: crate::bearing::Bearings::default(),
            accepted: 0,
            names: crate::claim::Names::default(),
            scanned_last: vec![None; count],
            doubled: 0,
            lines: Arc::new(Vec::new()),
            crossings: Vec::new(),
            stays: Vec::new(),
            kept: Some(Vec::new()),
        }
    }

    /// One more sensor, from now on; returns its index. Earlier ones keep theirs.
    pub fn add_sensor(&mut self, sensor: Sensor) -> usize {
        self.health.push(Health::new());
        self.unfound.push(Unfound { density: None, last: Time(0) });
        self.scanned_last.push(None);
        self.sensors.push(sensor);
        self.sensors.len() - 1
    }

    /// Watch these lines from now on.
    pub fn watch_lines(&mut self, lines: Vec<Line>) {
        self.lines = Arc::new(lines);
    }

    /// The lines that are watched.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Take a measurement in. One that cannot be used is set aside, counted, and the reason returned.
    ///
    /// # Errors
    /// Why it was set aside.
    pub fn add(&mut self, measurement: Measurement) -> Result<(), SetAside> {
        let result = self.take(measurement);
        match result {
            Err(reason) => self.set_aside[reason as usize] += 1,
            Ok(()) => self.accepted += 1,
        }
        result
    }

    fn take(&mut self, measurement: Measurement) -> Result<(), SetAside> {
        check(&measurement, self.sensors.len())?;
        let time = measurement.time;
        if self.done.is_some_and(|done| time <= done) {
            return Err(SetAside::TooLate);
        }
        if self.latest.is_some_and(|latest| time.0 > latest.0.saturating_add(self.settings.ahead)) {
            return Err(SetAside::Future);
        }
        let frame = self.waiting.entry((time, measurement.sensor)).or_default();
        frame.push(measurement);
        Ok(())
    }

    /// A sensor has scanned its field at this moment, whether or not it found anything.
    pub fn scanned(&mut self, sensor: usize, time: Time) {
        let sane = time.0.unsigned_abs() <= crate::sensor::LATEST;
        if sane && sensor < self.sensors.len() && self.done.is_none_or(|done| time > done) {
            self.waiting.entry((time, sensor)).or_default();
        }
    }

    /// How many measurements were set aside, by reason; reasons that never occurred are left out.
    pub fn set_aside(&self) -> impl Iterator<Item = (SetAside, u64)> + '_ {
        SetAside::ALL.into_iter().map(|r| (r, self.set_aside[r as usize])).filter(|(_, n)| *n > 0)
    }

    /// How many measurements were accepted.
    pub fn accepted(&self) -> u64 {
        self.accepted
    }

    /// Number of tracks that are more likely than not.
    pub fn shown(&self) -> usize {
        self.tracks.iter().filter(|t| self.shows(t)).count()
    }

    /// Number of tracks that are only possible: seen by two stations, and perhaps a ghost.
    pub fn possible(&self) -> usize {
        self.tracks.iter().filter(|t| t.possible).count()
    }

    /// Was this claimed name ever in two places at once?
    pub fn disputed(&self, name: &truce::Name) -> bool {
        self.names.disputed(name)
    }

    /// Reports of foreign tracks that were not fused because they rest on sensors that report to us.
    pub fn doubled(&self) -> u64 {
        self.doubled
    }

    pub(crate) fn shows(&self, track: &Track) -> bool {
        track.existence >= self.settings.show && !track.possible
    }

    /// Work off everything that was measured up to `watermark` less the lag. A watermark never goes back.
    pub fn advance(&mut self, watermark: Time, workers: &impl Workers) {
        self.latest = Some(self.latest.map_or(watermark, |latest| latest.max(watermark)));
        let until = Time(watermark.0.saturating_sub(self.settings.lag));
        while let Some(entry) = self.waiting.first_entry() {
            let (time, sensor) = *entry.key();
            if time > until {
                break;
            }
            let mut what = entry.remove();
            self.sort(&mut what);
            self.frame(time, sensor, &what, workers);
            self.judge((time, sensor, what), workers);
        }
        self.done = Some(self.done.map_or(until, |done| done.max(until)));
    }

    /// Where the first frames show that a sensor misstates its errors, begin anew with what is now known: all
    /// tracks rest on those errors. Never after something was reported.
    fn judge(&mut self, frame: Kept, workers: &impl Workers) {
        let (time, sensor, _) = frame;
        let misstated = self.sensors[sensor].calibrate && self.health[sensor].conclude();
        let Some(mut kept) = self.kept.take() else { return };
        let start = kept.first().map_or(time, |first| first.0);
        if time.0 - start.0 > ANEW {
            return;
        }
        kept.push(frame);
        if misstated {
            // With wrong errors some measurements were not found; so look again.
            for _ in 0..ROUNDS {
                self.begin_anew(&kept, workers);
                if !self.health[sensor].conclude() {
                    break;
                }
            }
            return;
        }
        let open = |(s, h): (&Sensor, &Health)| s.calibrate && s.scans && !h.judged();
        if self.sensors.iter().zip(&self.health).any(open) {
            self.kept = Some(kept);
        }
    }

    /// Forget all tracks, and work the first frames off again. No number of a track is given twice.
    fn begin_anew(&mut self, frames: &[Kept], workers: &impl Workers) {
        self.health = self.health.iter().map(Health::again).collect();
        self.unfound.fill(Unfound { density: None, last: Time(0) });
        self.scanned_last.fill(None);
        self.tracks.clear();
        self.seeds.clear();
        self.bearings = crate::bearing::Bearings::default();
        self.names = crate::claim::Names::default();
        self.doubled = 0;
        for (time, sensor, what) in frames {
            self.frame(*time, *sensor, what, workers);
        }
    }

    /// Bring a frame into one order, whatever the order of arrival, and drop what came twice.
    fn sort(&mut self, what: &mut Vec<Measurement>) {
        what.sort_by(|a, b| order(a).cmp(&order(b)).then(a.id.cmp(&b.id)));
        let before = what.len();
        what.dedup_by(|a, b| a.id == b.id && order(a) == order(b));
        self.set_aside[SetAside::Duplicate as usize] += (before - what.len()) as u64;
    }

    fn frame(&mut self, time: Time, sensor: usize, what: &[Measurement], workers: &impl Workers) {
        let is_foreign = |m: &Measurement| matches!(m.what, What::Track(_));
        let owned: Vec<Measurement>;
        let mut what = what;
        if what.iter().any(is_foreign) {
            let foreign: Vec<&Measurement> = what.iter().filter(|m| is_foreign(m)).collect();
            self.take_foreign(time, &foreign);
            owned = what.iter().filter(|m| !is_foreign(m)).cloned().collect();
            what = &owned;
        }
        if what.is_empty() && !self.sensors[sensor].scans {
            return;
        }
        let frame = self.prepare(time, sensor, what);
        let (sensor_at, settings) = (&self.sensors[sensor].clone(), &self.settings.clone());

        // 1. Move the tracks and gate, in parallel.
        {
            let frame = &frame;
            let mut parts: Vec<&mut [Track]> = self.tracks.chunks_mut(CHUNK).collect();
            workers.each(&mut parts, &|part: &mut &mut [Track]| {
                let mut steps: Vec<(i64, Step)> = Vec::new();
                for track in part.iter_mut() {
                    gate(track, frame, sensor_at, settings, &mut steps);
                }
            });
        }

        // 2. Associate, cluster by cluster.
        let mut claimed = vec![0.0; frame.looks.len()];
        self.associate(&frame, &mut claimed, workers);

        // 3. Update, in parallel.
        {
            let frame = &frame;
            let mut parts: Vec<&mut [Track]> = self.tracks.chunks_mut(CHUNK).collect();
            workers.each(&mut parts, &|part: &mut &mut [Track]| {
                for track in part.iter_mut().filter(|t| t.in_frame) {
                    take_in(track, frame, sensor_at, settings);
                }
            });
        }

        self.watch(&frame);
        self.hear_names(time, what);

        // 4. Begin and end tracks.
        if matches!(frame.looks.first(), Some(Look::Angle { .. })) {
            self.take_bearings(time, sensor, what, &frame.looks, &claimed);
        } else {
            self.begin(&frame, &claimed);
        }
        self.part_twins(time);
        self.follow_lines(time, workers);
        let forget = self.settings.forget;
        self.end_tracks(|t, drop| t.existence < drop || time.0 - t.seen.0 > forget || !t.merged.is_sound());
        if self.sensors[sensor].scans {
            self.scanned_last[sensor] = Some(time);
        }
    }

    fn prepare<'a>(&mut self, time: Time, sensor: usize, what: &'a [Measurement]) -> Frame<'a> {
        let at = &self.sensors[sensor];
        let health = &self.health[sensor];
        let looks: Vec<Look> =
            what.iter().filter_map(|m| look::look(m, at, 0.0)).map(|look| health.correct(look)).collect();
        let first = match looks.first() {
            Some(Look::Place { r, lag, .. }) if *lag == 0.0 => Some(*r),
            _ => None,
        };
        let same = |l: &Look| matches!(l, Look::Place { r, lag, .. } if Some(*r) == first && *lag == 0.0);
        let common = first.filter(|_| looks.iter().all(same));
        let places: Option<Vec<[f64; 2]>> =
            looks.iter().map(|l| if let Look::Place { z, .. } = l { Some(*z) } else { None }).collect();
        let grid = places.filter(|p| !p.is_empty()).map(|p| Grid::new(&p, 100.0));
        let clutter = at.clutter.max(1e-14);
        Frame { time, sensor, what, looks, clutter, common, grid }
    }

    /// Fill in the probability of every link; `claimed` becomes the probability that each measurement is
    /// of some track.
    fn associate(&mut self, frame: &Frame<'_>, claimed: &mut [f64], workers: &impl Workers) {
        let clutter = frame.clutter * (1.0 + self.settings.birth);
        // A track that is believed to be out of sight, and yet is measured, was not.
        let least = 0.5 * self.sensors[frame.sensor].detection;
        let weight = |t: &Track, density: f64| {
            let silent = (1.0 - t.existence * t.detection).max(1e-9);
            (t.existence * t.detection.max(least) * density / clutter / silent).min(1e150)
        };
        // Union of tracks that share a measurement.
        let mut first = vec![u32::MAX; frame.looks.len()];
        let mut parent: Vec<u32> = (0..self.tracks.len() as u32).collect();
        let mut shared = vec![false; self.tracks.len()];
        for (i, track) in self.tracks.iter().enumerate().filter(|(_, t)| t.in_frame) {
            for link in &track.links {
                let owner = &mut first[link.measurement as usize];
                if *owner == u32::MAX {
                    *owner = i as u32;
                } else {
                    let (a, b) = (root(&mut parent, *owner), root(&mut parent, i as u32));
                    let (low, high) = (a.min(b), a.max(b));
                    parent[high as usize] = low;
                    shared[i] = true;
                    shared[*owner as usize] = true;
                }
            }
        }
        let mut clusters: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for i in 0..self.tracks.len() {
            if !self.tracks[i].in_frame || self.tracks[i].links.is_empty() {
                continue;
            }
            if shared[i] {
                clusters.entry(root(&mut parent, i as u32)).or_default().push(i as u32);
                continue;
            }
            let track = &mut self.tracks[i];
            let mut sum = 1.0;
            for n in 0..track.links.len() {
                let w = weight(track, track.links[n].density);
                track.links[n].probability = w;
                sum += w;
            }
            for link in &mut track.links {
                link.probability /= sum;
                claimed[link.measurement as usize] += link.probability;
            }
        }
        let limits = self.settings.assign;
        let mut work: Vec<(Vec<u32>, Vec<Row>, usize)> = clusters
            .into_values()
            .map(|members| {
                let mut local: Vec<u32> = Vec::new();
                for &i in &members {
                    local.extend(self.tracks[i as usize].links.iter().map(|l| l.measurement));
                }
                local.sort_unstable();
                local.dedup();
                let rows = members
                    .iter()
                    .map(|&i| {
                        let track = &self.tracks[i as usize];
                        let index = |m: u32| local.binary_search(&m).unwrap_or(0);
                        let links = track
                            .links
                            .iter()
                            .map(|l| (index(l.measurement), weight(track, l.density)))
                            .collect();
                        Row { links, marginals: Vec::new() }
                    })
                    .collect();
                (members, rows, local.len())
            })
            .collect();
        workers.each(&mut work, &|(_, rows, count)| marginals(rows, *count, &limits));
        for (members, rows, _) in &work {
            for (&i, row) in members.iter().zip(rows) {
                for (link, p) in self.tracks[i as usize].links.iter_mut().zip(&row.marginals) {
                    link.probability = *p;
                    claimed[link.measurement as usize] += p;
                }
            }
        }
    }

    /// Seeds become tracks, and measurements that no track claims become seeds.
    fn begin(&mut self, frame: &Frame<'_>, claimed: &[f64]) {
        let sensor = &self.sensors[frame.sensor];
        let settings = self.settings;
        let now = frame.time;
        let clutter = frame.clutter.max(1e-12);
        // How many aircraft are there that no track follows?
        let unfound = &mut self.unfound[frame.sensor];
        let slow = settings.birth * clutter;
        let detection = sensor.detection;
        let new = match (unfound.density, sensor.area()) {
            (None, Some(area)) if sensor.scans => {
                let free: f64 = claimed.iter().map(|c| (1.0 - c).max(0.0)).sum();
                ((free / area - clutter) / detection.max(0.1)).max(slow)
            }
            (None, _) => 1.0_f64.min(3.0 * slow.max(1e-12)),
            (Some(density), _) => {
                let dt = ((now.0 - unfound.last.0) as f64 / 1e6).max(0.0);
                density + slow * dt.min(30.0)
            }
        };
        unfound.last = now;
        unfound.density = Some((new * (1.0 - detection)).min(1.0));
        let found = new * detection / (new * detection + clutter);

        // Who does not look at the whole field and finds nothing says nothing against a seed.
        let looked = if sensor.scans { detection } else { 0.0 };
        // Seeds against what is left.
        let life = settings.life;
        let mut rows: Vec<Row> = Vec::new();
        let mut states: Vec<Gauss> = Vec::new();
        let mut with: Vec<usize> = Vec::new();
        for (s, seed) in self.seeds.iter_mut().enumerate() {
            let dt = (now.0 - seed.time.0) as f64 / 1e6;
            let sees = sensor.sees(seed.place);
            if !sees {
                continue;
            }
            let g = seed.at(dt, &settings.flight);
            seed.existence *= libm::exp(-dt.min(1.0) / life);
            let silent = (1.0 - seed.existence * looked).max(1e-9);
            let mut links = Vec::new();
            if let Some(grid) = &frame.grid {
                let (_, cov) = g.seen(0.0);
                let r = frame.common.unwrap_or(Sym2::round(1e4)).plus(cov);
                let half = libm::sqrt(settings.gate * r.greatest());
                grid.near(seed.place, [half, half], |j| {
                    let free = 1.0 - claimed[j];
                    if free > 0.05 && frame.looks[j].distance2(&g) < settings.gate {
                        let density = frame.looks[j].likelihood(&g);
                        let w = seed.existence * detection * density * free
                            / (clutter * (1.0 + settings.birth))
                            / silent;
                        if w > 1e-3 {
                            links.push((j, w.min(1e150)));
                        }
                    }
                });
            }
            if links.is_empty() {
                seed.existence *= (1.0 - looked) / silent;
            } else {
                rows.push(Row { links, marginals: Vec::new() });
                states.push(g);
                with.push(s);
            }
        }
        let mut taken: Vec<f64> = claimed.to_vec();
        let mut born: Vec<(Track, Option<Moment>)> = Vec::new();
        solve_apart(&mut rows, frame.looks.len(), &settings.assign);
        for ((row, g), &s) in rows.iter().zip(&states).zip(&with) {
            let seed = &mut self.seeds[s];
            let linked: f64 = row.marginals.iter().sum();
            for (&(j, _), &p) in row.links.iter().zip(&row.marginals) {
                taken[j] += p;
                if p > 0.02 {
                    let after = frame.looks[j].update(g);
                    let mut track = Track::new(self.next, now, after, p);
                    self.next += 1;
                    track.born = seed.time;
                    if let (Look::Place { z, .. }, true) = (frame.looks[j], seed.sensor == frame.sensor) {
                        track.pair = Some(Pair {
                            time: [seed.time, now].map(|t| t.0 as f64 / 1e6),
                            place: [seed.place, z],
                            sensor: seed.sensor,
                        });
                    }
                    note(&mut track, seed.sensor, seed.time, seed.measurement, 1.0, settings.provenance);
                    attach(&mut track, &frame.what[j], sensor, frame.sensor, now, p, settings.provenance);
                    track.confirmed = p >= settings.show;
                    born.push((track, Some(seed.moment(&settings.flight))));
                }
            }
            let silent = 1.0 - seed.existence * looked;
            seed.existence *= (1.0 - looked) / silent.max(1e-9) * (1.0 - linked).max(0.0);
        }
        let drop = settings.drop;
        self.seeds.retain(|s| s.existence >= drop && now.0 - s.time.0 <= 5 * SECOND);
        for (j, look) in frame.looks.iter().enumerate() {
            let Look::Place { z, r, .. } = *look else { continue };
            // A report alone shows an aircraft only where nothing could contradict it.
            let cooperative = self.sensors[frame.sensor].cooperative;
            let found = match cooperative {
                true if self.watched(z, now) => 0.3,
                true => 0.9,
                false => found,
            };
            let existence = found * (1.0 - taken[j]).max(0.0);
            if cooperative && existence >= 0.2 {
                let first = Gauss::at(z, r, settings.flight.first_speed);
                let mut track = Track::new(self.next, now, first, existence);
                self.next += 1;
                let sensor = &self.sensors[frame.sensor];
                attach(&mut track, &frame.what[j], sensor, frame.sensor, now, 1.0, settings.provenance);
                track.confirmed = existence >= settings.show;
                born.push((track, None));
            } else if existence >= drop {
                let measurement = frame.what[j].id;
                self.seeds.push(Seed {
                    time: now,
                    place: z,
                    r,
                    existence,
                    sensor: frame.sensor,
                    measurement,
                });
            }
        }
        for (track, before) in born {
            self.welcome(track, before);
        }
    }

    /// A new track. Beside a line its history begins with it, and with the moment before it if that is known.
    pub(crate) fn welcome(&mut self, mut track: Track, before: Option<Moment>) {
        let at = [track.merged.x[0], track.merged.x[1]];
        track.near = self.lines.iter().any(|line| line.beside(at, self.settings.crossing.reach).is_some());
        if track.near {
            track.history.extend(before);
            track.remember(self.settings.look_back());
        } else {
            track.remember(self.settings.remember);
        }
        self.tracks.push(track);
    }

    /// Of two tracks that have become one, the younger ends.
    fn part_twins(&mut self, now: Time) {
        // Only tracks that just competed for a measurement can be twins; compare those.
        let mut by_measurement: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (i, track) in self.tracks.iter().enumerate().filter(|(_, t)| t.in_frame && t.time == now) {
            for link in track.links.iter().filter(|l| l.probability > 0.2 && l.probability < 0.8) {
                by_measurement.entry(link.measurement).or_default().push(i);
            }
        }
        let mut end = Vec::new();
        for group in by_measurement.into_values().filter(|g| g.len() > 1) {
            for (n, &a) in group.iter().enumerate() {
                for &b in &group[n + 1..] {
                    let (one, two) = (&self.tracks[a], &self.tracks[b]);
                    if one.existence + two.existence < 1.5 && alike(&one.merged, &two.merged) {
                        // The one that was there first stays, and with it the sum of the evidence.
                        let (keep, lose) = if one.number < two.number { (a, b) } else { (b, a) };
                        end.push((keep, lose));
                    }
                }
            }
        }
        for (keep, lose) in end {
            let moved = self.tracks[lose].existence;
            self.tracks[lose].existence = 0.0;
            let keep = &mut self.tracks[keep].existence;
            *keep = (*keep + moved).min(0.999);
        }
    }

    /// Follow the tracks of this frame past the lines, in parallel.
    fn follow_lines(&mut self, time: Time, workers: &impl Workers) {
        if self.lines.is_empty() {
            return;
        }
        let (lines, settings) = (Arc::clone(&self.lines), self.settings);
        let keep = settings.remember > 0;
        let mut parts: Vec<(&mut [Track], Found)> =
            self.tracks.chunks_mut(CHUNK).map(|part| (part, Found::default())).collect();
        workers.each(&mut parts, &|(part, out): &mut (&mut [Track], Found)| {
            for track in part.iter_mut().filter(|t| t.in_frame && t.time == time && t.confirmed) {
                track.near = crossing::follow(track, &lines, &settings.crossing, &settings.flight, keep, out);
            }
        });
        let found: Vec<Found> = parts.into_iter().map(|(_, out)| out).collect();
        found.into_iter().for_each(|found| self.tell(found));
    }

    fn tell(&mut self, found: Found) {
        if !found.crossings.is_empty() || !found.stays.is_empty() {
            self.kept = None;
        }
        self.crossings.extend(found.crossings);
        self.stays.extend(found.stays);
    }

    /// End tracks, reporting what they still owe.
    fn end_tracks(&mut self, ends: impl Fn(&Track, f64) -> bool) {
        let drop = self.settings.drop;
        if !self.lines.is_empty() {
            let mut found = Found::default();
            for track in self.tracks.iter().filter(|t| t.confirmed && ends(t, drop)) {
                let settings = &self.settings;
                crossing::finish(track, &self.lines, &settings.crossing, &settings.flight, &mut found);
            }
            self.tell(found);
        }
        self.tracks.retain(|t| !ends(t, drop));
    }

    /// The observation has ended: work off everything and end all tracks.
    pub fn finish(&mut self, workers: &impl Workers) {
        if let Some((last, _)) = self.waiting.keys().next_back().copied() {
            self.advance(Time(last.0.saturating_add(self.settings.lag)), workers);
        }
        self.end_tracks(|_, _| true);
        self.bearings.end();
    }

    /// Learn about the sensor from the frame.
    fn watch(&mut self, frame: &Frame<'_>) {
        if !self.sensors[frame.sensor].calibrate {
            return;
        }
        let sensor = &self.sensors[frame.sensor];
        let health = &mut self.health[frame.sensor];
        let turning = self.settings.flight.turn_rates[0] * self.settings.flight.first_speed;
        for track in
            self.tracks.iter_mut().filter(|t| t.in_frame && t.time == frame.time && t.existence > 0.9)
        {
            // Born in this very frame? Then there is no third measurement yet.
            let Some(pair) = track.pair.filter(|p| p.sensor == frame.sensor) else { continue };
            if let Some(link) = track.links.iter().find(|l| l.probability > FIRST_LINK) {
                health.first_look(
                    &frame.looks[link.measurement as usize],
                    &pair,
                    frame.time.0 as f64 / 1e6,
                    turning,
                );
            }
            track.pair = None;
        }
        for track in self.tracks.iter().filter(|t| t.in_frame && t.time == frame.time && t.existence > 0.9) {
            let [link] = &track.links[..] else { continue };
            if link.probability < 0.98 {
                continue;
            }
            let look = &frame.looks[link.measurement as usize];
            // A young track does not know its velocity, and would blame the sensor.
            if frame.time.0 - track.born.0 >= 10 * SECOND {
                health.learn(look, &track.expected, track.imm.w[0]);
            }
            // An aircraft that reports itself is a measure, as long as its name is not disputed.
            let trusted = !sensor.cooperative
                && track.claimed.as_ref().is_some_and(|c| {
                    c.odds >= 3.0 && frame.time.0 - c.last.0 <= 2 * SECOND && !self.names.disputed(&c.name)
                });
            if trusted && let Some(raw) = look::look(&frame.what[link.measurement as usize], sensor, 0.0) {
                health.compare(&raw, &track.expected);
            }
        }
    }
}

/// Are two states the same within a fraction of their errors?
fn alike(a: &Gauss, b: &Gauss) -> bool {
    let mut d2 = 0.0;
    for (i, at) in [0, 4, 7, 9].into_iter().enumerate() {
        let d = a.x[i] - b.x[i];
        d2 += d * d / (a.p[at] + b.p[at]);
    }
    d2 < 2.0
}

/// The key by which a frame is sorted: what was measured, not when it arrived.
fn order(m: &Measurement) -> [i64; 2] {
    let key = |v: f64| {
        let bits = v.to_bits() as i64;
        if bits < 0 { i64::MIN - bits } else { bits }
    };
    match &m.what {
        What::Position { at, .. } | What::Report { at, .. } => [key(at[0]), key(at[1])],
        What::Bearing { azimuth, sigma, .. } => [key(*azimuth), key(*sigma)],
        What::Polar { range, azimuth } => [key(azimuth.0), key(range.0)],
        What::Track(f) => [key(f.state[0]), key(f.state[1])],
    }
}

fn root(parent: &mut [u32], mut i: u32) -> u32 {
    while parent[i as usize] != i {
        parent[i as usize] = parent[parent[i as usize] as usize];
        i = parent[i as usize];
    }
    i
}

/// Split rows into clusters and solve each.
fn solve_apart(rows: &mut [Row], measurements: usize, limits: &AssignLimits) {
    let mut first = vec![u32::MAX; measurements];
    let mut parent: Vec<u32> = (0..rows.len() as u32).collect();
    for (i, row) in rows.iter().enumerate() {
        for &(j, _) in &row.links {
            if first[j] == u32::MAX {
                first[j] = i as u32;
            } else {
                let (a, b) = (root(&mut parent, first[j]), root(&mut parent, i as u32));
                parent[a.max(b) as usize] = a.min(b);
            }
        }
    }
    let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for i in 0..rows.len() {
        members.entry(root(&mut parent, i as u32)).or_default().push(i);
    }
    for group in members.into_values() {
        if let [only] = group[..] {
            marginals(core::slice::from_mut(&mut rows[only]), 0, limits);
            continue;
        }
        let mut local: Vec<usize> = group.iter().flat_map(|&i| rows[i].links.iter().map(|l| l.0)).collect();
        local.sort_unstable();
        local.dedup();
        let mut cluster: Vec<Row> = group
            .iter()
            .map(|&i| Row {
                links: rows[i]
                    .links
                    .iter()
                    .map(|&(j, w)| (local.binary_search(&j).unwrap_or(0), w))
                    .collect(),
                marginals: Vec::new(),
            })
            .collect();
        marginals(&mut cluster, local.len(), limits);
        for (&i, solved) in group.iter().zip(cluster) {
            rows[i].marginals = solved.marginals;
        }
    }
}

/// Move one track to the frame and link it to the measurements in its gate.
fn gate(
    track: &mut Track,
    frame: &Frame<'_>,
    sensor: &Sensor,
    settings: &Settings,
    steps: &mut Vec<(i64, Step)>,
) {
    track.links.clear();
    track.in_frame = false;
    let length = frame.time.0 - track.time.0;
    let dt = length as f64 / 1e6;
    if dt < 0.0 {
        return;
    }
    if !sensor.scans && !matches!(frame.looks.first(), Some(Look::Angle { .. })) {
        // Single measurements far away: do not touch the track.
        let ahead = track.merged;
        let at = [ahead.x[0] + dt * ahead.x[2], ahead.x[1] + dt * ahead.x[3]];
        let spread =
            libm::sqrt(ahead.place_cov().greatest()) + dt * (10.0 + libm::sqrt(ahead.p[7] + ahead.p[9]));
        let reach = 6.0 * spread + 2.0 * dt * dt;
        let near = |l: &Look| match l {
            Look::Place { z, r, .. } => {
                let reach = reach + 6.0 * libm::sqrt(r.greatest());
                libm::fabs(z[0] - at[0]) < reach && libm::fabs(z[1] - at[1]) < reach
            }
            Look::Angle { .. } => true,
        };
        if !frame.looks.iter().any(near) {
            return;
        }
    }
    if length > 0 {
        let step = match steps.iter().find(|(l, _)| *l == length) {
            Some((_, step)) => *step,
            None => {
                let step = settings.flight.step(dt);
                steps.push((length, step));
                step
            }
        };
        track.move_to(frame.time, &step, dt, settings.life);
    }
    let at = [track.merged.x[0], track.merged.x[1]];
    let sees = sensor.sees(at);
    track.detection = if sees && sensor.scans { sensor.detection } else { 0.0 };
    track.in_frame = true;
    // A link this weak cannot matter.
    let least = 1e-4 * frame.clutter;
    if let Some(grid) = &frame.grid {
        let cov = track.merged.place_cov();
        let common = frame.common.map(|r| (track.common(r), cov.plus(r).inverse(), cov.plus(r)));
        let widest = match &common {
            Some((_, _, s)) => *s,
            None => frame.looks.iter().fold(cov, |w, l| match l {
                Look::Place { r, .. } => {
                    let s = cov.plus(*r);
                    Sym2 { xx: w.xx.max(s.xx), xy: 0.0, yy: w.yy.max(s.yy) }
                }
                Look::Angle { .. } => w,
            }),
        };
        let half = [libm::sqrt(settings.gate * widest.xx), libm::sqrt(settings.gate * widest.yy)];
        grid.near(at, half, |j| {
            let look = &frame.looks[j];
            let d2 = match (&common, look) {
                (Some((_, si, _)), Look::Place { z, .. }) => si.form([z[0] - at[0], z[1] - at[1]]),
                _ => look.distance2(&track.merged),
            };
            if d2 < settings.gate {
                track.link(j, look, common.as_ref().map(|c| &c.0), least);
            }
        });
        track.links.sort_unstable_by_key(|l| l.measurement);
    } else {
        for (j, look) in frame.looks.iter().enumerate() {
            if look.distance2(&track.merged) < settings.gate {
                track.link(j, look, None, least);
            }
        }
    }
}

/// Take the frame into one track.
fn take_in(track: &mut Track, frame: &Frame<'_>, sensor: &Sensor, settings: &Settings) {
    track.expected = track.merged;
    let before = track.existence;
    track.update(&frame.looks);
    let linked: f64 = track.links.iter().map(|l| l.probability).sum();
    if sensor.cooperative {
        // A claim moves a track, but does not make it exist; it keeps alive what nothing contradicts.
        let alive = 0.8 * linked * libm::exp(-track.silence);
        track.existence = before.max(alive);
    } else if sensor.scans && track.detection > 0.5 {
        let more = -libm::log((1.0 - track.detection).max(0.01));
        track.silence = if linked > 0.5 { 0.0 } else { (track.silence + more).min(20.0) };
    }
    for n in 0..track.links.len() {
        let link = track.links[n];
        if link.probability >= 0.05 {
            let m = &frame.what[link.measurement as usize];
            attach(track, m, sensor, frame.sensor, frame.time, link.probability, settings.provenance);
        }
    }
    if track.existence >= settings.show && !track.possible {
        track.confirmed = true;
    }
    crate::bearing::lift(track);
    if track.near {
        track.remember(settings.look_back());
    } else if settings.remember > 0 {
        track.remember(settings.remember);
    } else if !track.history.is_empty() {
        track.history.clear();
    }
}

/// Note what a measurement adds beside the place: provenance, height, signature, claim.
pub(crate) fn attach(
    track: &mut Track,
    m: &Measurement,
    sensor: &Sensor,
    index: usize,
    time: Time,
    probability: f64,
    provenance: Micros,
) {
    note(track, index, time, m.id, probability, provenance);
    if let Some((class, right)) = m.signature {
        track.take_signature(class, right, probability);
    }
    let height = match &m.what {
        What::Position { height: Some((h, s)), .. } => Some((*h, s * s)),
        What::Bearing { elevation: Some((e, s)), .. } => Some(look::height(*e, *s, sensor, &track.merged)),
        _ => None,
    };
    if let (Some((h, var)), true) = (height, probability > 0.5) {
        track.vertical = Some(match track.vertical {
            Some(v) => v.with(h, var),
            None => Vertical::new(h, var),
        });
    }
    if let (What::Report { claims, .. }, true) = (&m.what, probability > 0.5) {
        crate::claim::take(track, claims, time);
    }
}

/// Note a measurement's share.
pub(crate) fn note(track: &mut Track, sensor: usize, time: Time, id: u64, probability: f64, keep: Micros) {
    let permille = libm::round(probability * 1000.0) as u16;
    track.shares.push_back(Share { time, sensor, measurement: id, permille });
    while track.shares.front().is_some_and(|first| first.time.0 < time.0 - keep) {
        track.shares.pop_front();
    }
    match track.stations.iter_mut().find(|(s, _, _)| *s == sensor) {
        Some((_, sum, last)) => {
            *sum += probability;
            *last = time;
        }
        None => {
            track.stations.push((sensor, probability, time));
            track.stations.sort_unstable_by_key(|(s, _, _)| *s);
        }
    }
}

impl Field {
    /// The square that the bench calls `lo..hi`.
    pub fn square(lo: f64, hi: f64) -> Self {
        Self::Rectangle([lo, lo], [hi, hi])
    }
}
