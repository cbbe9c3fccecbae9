//! What the mission's own instruments heard and saw -> observations like any other.
//!
//! Detections of single nodes and measurements of single sensors go in, bangs and crossings come out: observations
//! with the ids of what they rest on, in the group of independence of their network, that are linked beside reports
//! and held against clauses. Every detection is accounted for. The same code runs live ([`Sensing::push`],
//! [`Sensing::advance`]) and in replay ([`sense`]): what comes out is a function of the set of observations before
//! the watermark, whatever the order in which they came, the steps of the watermark and the number of workers.
//!
//! Names and places of sensors, and the fine places of what was heard, stand in observations alone: they are for the
//! record. What a report shows of them is cells of 10 km and days, after the delay.

mod ears;
mod eyes;
mod local;
mod release;
mod watched;
mod workers;

use ears::Ears;
use eyes::Eyes;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use truce::agreement::Agreement;
use truce::ground::Ground;
use truce::mission::Mission;
use truce::observation::{Asserter, Detail, Kind, Observation, Rating};
use truce::place::{Place, Point};
use truce::sensing::{Instrument, State};
use truce::time::{HOUR, MINUTE, Micros, Span, Time};
use truce::{Id, Name};

pub use release::{Coarse, coarse, open};
pub use workers::Threads;

/// What comes a second time within this of the watermark is known to be the same; what comes later than that is
/// counted once more, as late.
const REPEATS: Micros = HOUR;

/// What became of what instruments gave.
#[derive(Clone, Debug, Default)]
pub struct Sensed {
    /// Bangs, crossings, directions without a position and states of sensors, by id.
    pub observations: Vec<Observation>,
    /// Detections of no bang, by id: kept, for a later look and for the books.
    pub unassociated: Vec<Unassociated>,
    /// The books of everything since the start.
    pub counts: Counts,
}

/// A detection of no bang.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Unassociated {
    /// The detection.
    pub id: Id,
    /// Why, in words.
    pub why: &'static str,
}

/// The books: `detections == associated + unassociated + waiting`, and the same of measurements.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Detections of bangs that came.
    pub detections: u64,
    /// Of these, of a bang.
    pub associated: u64,
    /// Of no bang, by reason.
    pub unassociated: BTreeMap<&'static str, u64>,
    /// Not yet worked off: the watermark has not passed them by far enough.
    pub waiting: u64,
    /// Bangs told.
    pub bangs: u64,
    /// Of these, such as may be an echo of another.
    pub echoes: u64,
    /// Of these, such as are an end of a round whose other end was heard too.
    pub directed: u64,
    /// Measurements of aircraft that came.
    pub measurements: u64,
    /// Of these, used by the tracker.
    pub used: u64,
    /// Set aside, by reason.
    pub set_aside: BTreeMap<&'static str, u64>,
    /// Not yet worked off.
    pub measurements_waiting: u64,
    /// Crossings told, and entries into zones.
    pub crossings: u64,
    /// Visits to each zone told, and how long they lasted in all.
    pub visits: BTreeMap<Name, (u64, Micros)>,
    /// Crossings too unlikely to be told as observations.
    pub faint: u64,
    /// Directions that no position goes with.
    pub bearings_only: u64,
    /// Minutes of nodes that heard too much to be believed quiet, beyond what they say themselves.
    pub saturated: u64,
    /// Heartbeats of sensors of which no record says where they stand.
    pub unplaced: u64,
    /// The greatest error of the local planes, parts per million of a length.
    pub plane_ppm: u64,
}

impl Counts {
    /// All detections of no bang.
    pub fn unassociated(&self) -> u64 {
        self.unassociated.values().sum()
    }

    /// The books in words, for the report: what and how many. Nothing of where.
    pub fn rows(&self) -> Vec<(String, u64)> {
        let mut rows = Vec::new();
        let mut row = |what: &str, count: u64| rows.push((what.to_string(), count));
        if self.detections > 0 {
            row("detections of bangs by single nodes", self.detections);
            row("of these, of a bang that several nodes heard", self.associated);
            for (why, count) in &self.unassociated {
                row(&format!("of no bang: {why}"), *count);
            }
            if self.waiting > 0 {
                row("too young to be worked off", self.waiting);
            }
            row("bangs told", self.bangs);
            row("of these, perhaps an echo", self.echoes);
            row("of these, one end of a round whose other end was heard", self.directed);
            row("minutes in which a node heard too much to be believed", self.saturated);
        }
        if self.unplaced > 0 {
            row("heartbeats of sensors that no record places", self.unplaced);
        }
        if self.measurements > 0 {
            row("measurements of aircraft by single sensors", self.measurements);
            row("of these, used by the tracker", self.used);
            for (why, count) in &self.set_aside {
                row(&format!("set aside: {why}"), *count);
            }
            if self.measurements_waiting > 0 {
                row("measurements too young to be worked off", self.measurements_waiting);
            }
            row("crossings of a line and entries into a zone", self.crossings);
            for (zone, (visits, lasted)) in &self.visits {
                row(&format!("visits to the zone {zone}, by track"), *visits);
                row(&format!("minutes in the zone {zone}, all tracks together"), minutes(*lasted));
            }
            row("crossings and visits too unlikely to be told", self.faint);
            row("directions without a position", self.bearings_only);
        }
        rows
    }
}

/// Whole minutes, to the nearest.
fn minutes(time: Micros) -> u64 {
    ((time + MINUTE / 2) / MINUTE).unsigned_abs()
}

/// Where an instrument stands from a moment on.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Stand {
    at: Point,
    what: Instrument,
}

/// What every observation of a network has in common: who says it, and how good it is.
#[derive(Clone, Debug)]
struct Voice {
    source: Name,
    asserted_by: Asserter,
    rating: Rating,
}

impl Voice {
    fn of(observation: &Observation) -> Self {
        Self {
            source: observation.source.clone(),
            asserted_by: observation.asserted_by.clone(),
            rating: observation.rating,
        }
    }
}

/// The live form: observations in, in any order; what they come to as the watermark passes.
pub struct Sensing {
    ears: Ears,
    eyes: Eyes,
    /// Where each instrument stood, from when on; by group and name.
    stands: BTreeMap<(Name, Name), BTreeMap<Time, Stand>>,
    /// States of sensors that wait for the watermark.
    beats: BTreeMap<(Time, Id), Observation>,
    /// Detections by group, node and minute that the watermark has not passed.
    loud: BTreeMap<(Time, Name, Name), (u64, Voice)>,
    /// What came, as far back as [`REPEATS`].
    seen: BTreeSet<(Time, Id)>,
    watermark: Option<Time>,
    counts: Counts,
    workers: Threads,
}

impl Sensing {
    /// For one mission and the ground of one agreement. `workers` is the number of threads; it changes no byte.
    pub fn new(mission: &Mission, agreement: &Agreement, ground: &Ground, workers: usize) -> Self {
        Self {
            ears: Ears::new(&mission.sensing),
            eyes: Eyes::new(&mission.sensing, agreement, ground),
            stands: BTreeMap::new(),
            beats: BTreeMap::new(),
            loud: BTreeMap::new(),
            seen: BTreeSet::new(),
            watermark: None,
            counts: Counts::default(),
            workers: Threads(workers),
        }
    }

    /// Takes an observation that is a matter of instruments, in any order; hands back any other. One that comes
    /// after the watermark has passed it is accounted for as late.
    pub fn push(&mut self, observation: Observation) -> Option<Observation> {
        let instrument = matches!(
            observation.detail,
            Detail::Heard(_) | Detail::Measured(_) | Detail::Instrument(_) | Detail::Beat { .. }
        );
        if !instrument {
            return Some(observation);
        }
        if !self.seen.insert((observation.time.start, observation.id)) {
            return None; // the same once more, as roads and brokers deliver
        }
        let late = self.watermark.is_some_and(|watermark| observation.time.start <= watermark);
        match &observation.detail {
            Detail::Heard(heard) => {
                self.counts.detections += 1;
                if late {
                    self.ears.refuse(observation.id, ears::LATE);
                } else {
                    let minute = Time(observation.time.start.0.div_euclid(MINUTE) * MINUTE);
                    let loud = (minute, observation.group.clone(), heard.node.clone());
                    let voice = Voice::of(&observation);
                    let (count, known) = self.loud.entry(loud).or_insert_with(|| (0, voice.clone()));
                    *count += 1;
                    if voice.source < known.source {
                        *known = voice;
                    }
                    self.ears.hear(&observation, heard);
                }
            }
            Detail::Measured(measured) => {
                self.counts.measurements += 1;
                if late {
                    *self.counts.set_aside.entry(eyes::LATE).or_default() += 1;
                } else {
                    self.eyes.see(&observation, measured);
                }
            }
            Detail::Instrument(instrument) => {
                let Place::Point { at, .. } = observation.place else { return None };
                if !late {
                    let stand = Stand { at, what: (**instrument).clone() };
                    let stands =
                        self.stands.entry((observation.group.clone(), instrument.name.clone())).or_default();
                    // Two records of one moment: the same one on every machine.
                    let known = stands.entry(observation.time.start).or_insert_with(|| stand.clone());
                    let key = |stand: &Stand| (stand.at, stand.what.range, stand.what.height);
                    if key(&stand) < key(known) {
                        *known = stand;
                    }
                }
            }
            Detail::Beat { sensor, state } => {
                if !late {
                    self.ears.beat(&observation.group, sensor, observation.time, *state);
                }
                self.beats.insert((observation.time.start, observation.id), observation);
            }
            _ => {}
        }
        None
    }

    /// Works off what can no longer change: everything up to the watermark has come. A watermark never goes back.
    pub fn advance(&mut self, watermark: Time) -> Sensed {
        let watermark = self.watermark.map_or(watermark, |before| before.max(watermark));
        self.watermark = Some(watermark);
        let mut sensed = Sensed::default();
        self.ears.advance(watermark, &self.stands, self.workers, &mut sensed, &mut self.counts);
        self.eyes.advance(watermark, &self.stands, self.workers, &mut sensed, &mut self.counts);
        self.states(watermark, &mut sensed);
        self.seen = self.seen.split_off(&(Time(watermark.0.saturating_sub(REPEATS)), Id([0; 32])));
        self.counts.waiting = self.ears.waiting();
        self.counts.measurements_waiting = self.eyes.waiting();
        sensed.observations.sort_by_key(|observation| observation.id);
        sensed.unassociated.sort();
        sensed.counts = self.counts.clone();
        sensed
    }

    /// Heartbeats with the place and range of their sensors, and the minutes in which a node heard too much.
    fn states(&mut self, watermark: Time, sensed: &mut Sensed) {
        let later = self.beats.split_off(&(Time(watermark.0.saturating_add(1)), Id([0; 32])));
        let mut due: Vec<Observation> = std::mem::replace(&mut self.beats, later).into_values().collect();
        let minute = Time((watermark.0.div_euclid(MINUTE)) * MINUTE);
        let still = self.loud.split_off(&(minute, "".into(), "".into()));
        for ((minute, group, sensor), (count, voice)) in std::mem::replace(&mut self.loud, still) {
            let Some(rules) = self.ears.rules(&group) else { continue };
            if (count as i64) < rules.saturated {
                continue;
            }
            self.counts.saturated += 1;
            let time = Span { start: minute, end: Time(minute.0 + MINUTE) };
            let id = derived("saturated", &group, [sensor.as_bytes(), &minute.0.to_be_bytes()]);
            let detail = Detail::Beat { sensor, state: State::Saturated };
            due.push(Observation {
                group,
                ..plain(id, &voice, Kind::SensorStatus, time, Place::Unknown, detail)
            });
        }
        for mut beat in due {
            let Detail::Beat { sensor, state } = &beat.detail else { continue };
            let stands = self.stands.get(&(beat.group.clone(), sensor.clone()));
            let Some(stand) = stands.and_then(|stands| standing(stands, beat.time.start)) else {
                self.counts.unplaced += 1;
                continue;
            };
            beat.place = Place::Point { at: stand.at, error: truce::place::Ellipse::circle(10_000) };
            // One name in two networks is two sensors.
            let sensor: Name = format!("{}/{sensor}", beat.group).as_str().into();
            let range = stand.what.range;
            beat.detail = match state {
                State::Up => Detail::Status { sensor, up: true, range },
                State::Down => Detail::Status { sensor, up: false, range },
                State::Saturated => Detail::Saturated { sensor, range },
            };
            sensed.observations.push(beat);
        }
    }
}

/// What is in force at a moment.
fn standing(stands: &BTreeMap<Time, Stand>, time: Time) -> Option<&Stand> {
    stands.range(..=time).next_back().map(|(_, stand)| stand)
}

/// Id of what was worked out: a hash over what it is and what it rests on.
fn derived<'a>(what: &'a str, group: &'a Name, from: impl IntoIterator<Item = &'a [u8]>) -> Id {
    let mut hash = Sha256::new();
    hash.update(b"truceline derived observation 1");
    for part in [what.as_bytes(), group.as_bytes()].into_iter().chain(from) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    Id(hash.finalize().into())
}

/// An observation that says no more than this; its group is its source.
fn plain(id: Id, voice: &Voice, kind: Kind, time: Span, place: Place, detail: Detail) -> Observation {
    Observation {
        asserted_by: voice.asserted_by.clone(),
        rating: voice.rating,
        detail,
        ..Observation::bare(id, voice.source.clone(), kind, time, place)
    }
}

/// Replay: all observations at once. What is no matter of instruments comes back as it is, with what the
/// instruments' observations come to beside it.
pub fn sense(
    observations: Vec<Observation>,
    mission: &Mission,
    agreement: &Agreement,
    ground: &Ground,
    watermark: Time,
    workers: usize,
) -> Sensed {
    let mut sensing = Sensing::new(mission, agreement, ground, workers);
    let mut others: Vec<Observation> =
        observations.into_iter().filter_map(|observation| sensing.push(observation)).collect();
    let mut sensed = sensing.advance(watermark);
    sensed.observations.append(&mut others);
    sensed.observations.sort_by_key(|observation| observation.id);
    sensed
}

/// Threads to use: as many as the machine has. The result is that of one.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
