//! The tracker: frames in, tracks out.
//!
//! Measurements wait until the watermark has passed them by the lag, then go in order of time and sensor,
//! frame by frame. So the order of arrival inside the lag cannot matter, and a late measurement is used as
//! if it had been on time.

use crate::band::{self, Band};
use crate::birth::Unfound;
use crate::crossing::{self, Crossing, Found};
use crate::frame::{CHUNK, Raw};
use crate::gauss::Gauss;
use crate::health::Health;
use crate::line::Line;
use crate::scan::Rhythm;
use crate::sensor::{Measurement, Sensor, SetAside, What, check};
use crate::settings::Settings;
use crate::track::{Seed, Track};
use crate::visit::{Stay, Zone, stays};
use crate::workers::Workers;
use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use truce::Name;
use truce::time::{Micros, SECOND, Time};

/// The tracker of a whole front.
#[derive(Clone, Debug)]
pub struct Tracker {
    pub(crate) settings: Settings,
    pub(crate) sensors: Vec<Sensor>,
    pub(crate) health: Vec<Health>,
    pub(crate) unfound: Vec<Unfound>,
    pub(crate) rhythms: Vec<Rhythm>,
    waiting: BTreeMap<(Time, usize), Vec<Measurement>>,
    /// Nothing before this moment is accepted any more.
    pub(crate) done: Option<Time>,
    latest: Option<Time>,
    pub(crate) tracks: Vec<Track>,
    pub(crate) seeds: Vec<Seed>,
    pub(crate) next: u64,
    set_aside: [u64; SetAside::ALL.len()],
    pub(crate) bearings: crate::bearing::Bearings,
    accepted: u64,
    pub(crate) names: crate::claim::Names,
    pub(crate) scanned_last: Vec<Option<Time>>,
    /// Foreign tracks that were not fused because they rest on our own sensors.
    pub(crate) doubled: u64,
    pub(crate) lines: Arc<Vec<Line>>,
    bands: Arc<Vec<Band>>,
    pub(crate) crossings: Vec<Crossing>,
    pub(crate) stays: Vec<Stay>,
    /// The first frames, as long as everything may have to begin anew.
    kept: Option<Vec<Raw>>,
}

/// How often at most.
const ROUNDS: usize = 3;

/// For so long after its first frame the tracker may begin anew. Shorter than a crossing waits.
const ANEW: Micros = 6 * SECOND;

impl Tracker {
    /// A tracker with no tracks.
    pub fn new(settings: Settings, sensors: Vec<Sensor>) -> Self {
        let count = sensors.len();
        Self {
            settings,
            health: sensors.iter().map(|_| Health::new()).collect(),
            unfound: vec![Unfound::new(); sensors.len()],
            rhythms: vec![Rhythm::new(); sensors.len()],
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
            bands: Arc::new(Vec::new()),
            crossings: Vec::new(),
            stays: Vec::new(),
            kept: Some(Vec::new()),
        }
    }

    /// One more sensor, from now on; returns its index. Earlier ones keep theirs.
    pub fn add_sensor(&mut self, sensor: Sensor) -> usize {
        self.health.push(Health::new());
        self.unfound.push(Unfound::new());
        self.rhythms.push(Rhythm::new());
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

    /// Watch these zones by distance from the lines that are watched, from now on. An index that no line has counts for
    /// nothing.
    pub fn watch_bands(&mut self, bands: Vec<Band>) {
        self.bands = Arc::new(bands);
    }

    /// The zones by distance from a line.
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// What a zone is called; empty where there is none.
    pub fn zone_name(&self, zone: Zone) -> Name {
        let name = match zone {
            Zone::Rim(line) => self.lines.get(line).map(|line| line.name.clone()),
            Zone::Band(band) => self.bands.get(band).map(|band| band.name.clone()),
        };
        name.unwrap_or_else(|| Name::from(""))
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
        track.existence >= self.settings.show && !track.possible && self.places(track, &track.merged)
    }

    /// Is it known where the track is, as this state has it?
    pub(crate) fn places(&self, track: &Track, state: &Gauss) -> bool {
        state.place_cov().greatest() <= self.settings.vague * self.settings.vague * track.sharp
    }

    /// Work off everything that was measured up to `watermark` less the lag; of a sensor that turns, what lies so far
    /// behind it that its frame is whole (half a turn, half a second at most). A watermark never goes back.
    pub fn advance(&mut self, watermark: Time, workers: &impl Workers) {
        self.latest = Some(self.latest.map_or(watermark, |latest| latest.max(watermark)));
        let until = Time(watermark.0.saturating_sub(self.settings.lag));
        while let Some(entry) = self.waiting.first_entry() {
            let (time, sensor) = *entry.key();
            if time > until {
                break;
            }
            let mut last = time;
            let mut what = match self.sensors[sensor].spans() {
                None => entry.remove(),
                // Half a frame is none, and no later one may overtake it: the result must not depend on the steps.
                Some(span) if until.0 < time.0.saturating_add(span - 1) => break,
                Some(span) => {
                    let within = (time, sensor)..=(Time(time.0 + span - 1), usize::MAX);
                    let keys: Vec<_> = self.waiting.range(within).map(|(key, _)| *key).collect();
                    let of_it = keys.into_iter().filter(|(_, of)| *of == sensor);
                    let mut what = Vec::new();
                    for key in of_it {
                        last = key.0;
                        what.extend(self.waiting.remove(&key).unwrap_or_default());
                    }
                    what
                }
            };
            self.sort(&mut what);
            let raw = (time, last, sensor, what);
            self.frame(&raw, workers);
            self.judge(raw, workers);
        }
        self.done = Some(self.done.map_or(until, |done| done.max(until)));
    }

    /// Where the first frames show that a sensor misstates its errors, begin anew with what is now known: all
    /// tracks rest on those errors. Never after something was reported.
    fn judge(&mut self, frame: Raw, workers: &impl Workers) {
        let (time, _, sensor, _) = frame;
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
    fn begin_anew(&mut self, frames: &[Raw], workers: &impl Workers) {
        self.health = self.health.iter().map(Health::again).collect();
        self.unfound.fill(Unfound::new());
        self.rhythms.fill(Rhythm::new());
        self.scanned_last.fill(None);
        self.tracks.clear();
        self.seeds.clear();
        self.bearings = crate::bearing::Bearings::default();
        self.names = crate::claim::Names::default();
        self.doubled = 0;
        for raw in frames {
            self.frame(raw, workers);
        }
    }

    /// Bring a frame into one order, whatever the order of arrival, and drop what came twice.
    fn sort(&mut self, what: &mut Vec<Measurement>) {
        what.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| (a.id, a.time).cmp(&(b.id, b.time))));
        let before = what.len();
        what.dedup_by(|a, b| a.id == b.id && a.time == b.time && order(a) == order(b));
        self.set_aside[SetAside::Duplicate as usize] += (before - what.len()) as u64;
    }

    /// Follow the tracks of this frame past the lines, in parallel.
    pub(crate) fn follow_lines(&mut self, workers: &impl Workers) {
        if self.lines.is_empty() {
            return;
        }
        let (lines, bands, settings) = (Arc::clone(&self.lines), Arc::clone(&self.bands), self.settings);
        let keep = settings.remember > 0;
        let mut parts: Vec<(&mut [Track], Found)> =
            self.tracks.chunks_mut(CHUNK).map(|part| (part, Found::default())).collect();
        workers.each(&mut parts, &|(part, out): &mut (&mut [Track], Found)| {
            for track in part.iter_mut().filter(|t| t.in_frame && t.confirmed) {
                track.near = crossing::follow(track, &lines, &settings.crossing, &settings.flight, keep, out);
                band::follow(track, &bands, &lines, &settings.crossing, out);
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
    pub(crate) fn end_tracks(&mut self, ends: impl Fn(&Track, f64) -> bool) {
        let drop = self.settings.drop;
        if !self.lines.is_empty() {
            let mut found = Found::default();
            for track in self.tracks.iter().filter(|t| t.confirmed && ends(t, drop)) {
                let settings = &self.settings;
                found.stays.extend(stays(track, &settings.crossing));
                crossing::finish(track, &self.lines, &settings.crossing, &settings.flight, &mut found);
            }
            self.tell(found);
        }
        self.tracks.retain(|t| !ends(t, drop));
    }

    /// The observation has ended: work off everything and end all tracks.
    pub fn finish(&mut self, workers: &impl Workers) {
        if let Some((last, _)) = self.waiting.keys().next_back().copied() {
            let span = self.sensors.iter().filter_map(Sensor::spans).max().unwrap_or(0);
            self.advance(Time(last.0.saturating_add(span).saturating_add(self.settings.lag)), workers);
        }
        self.end_tracks(|_, _| true);
        self.bearings.end();
    }
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
        What::Polar { range, azimuth, .. } => [key(azimuth.0), key(range.0)],
        What::Track(f) => [key(f.state[0]), key(f.state[1])],
    }
}
