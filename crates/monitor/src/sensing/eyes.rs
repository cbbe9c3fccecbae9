//! Aircraft: the crate `track`, over the whole front in one plane.
//!
//! The plane lies about the middle of the agreement's lines, its lines are the agreement's lines and the rims of its
//! drawn zones; zones by distance from a line lie beside them. Crossings of a line and entries into a drawn zone become
//! observations, and so does each visit to a zone when it is over, with the time that it lasted; leaving a zone is no act.
//! A zone by distance is entered without a word: over the line the crossing tells it, from behind the visit. A direction that no position goes with is told as
//! that: it anchors nothing.

use super::watched::Watched;
use super::{Counts, Sensed, Stand, Threads, Voice, derived, plain, standing};
use std::collections::BTreeMap;
use track::{
    Audience, Class, CrossingSettings, Field, Foreign, Grade, Measurement, Plane, Sensor, SetAside, Settings,
    Share, Sym2, Tracker, Wave,
};
use truce::agreement::Agreement;
use truce::ground::Ground;
use truce::observation::{Act, Detail, Kind, Observation};
use truce::place::{Ellipse, Mm, Place, Point};
use truce::sensing::{Aircraft, Bearing, Craft, Derived, Measured, Rules, Sort, What};
use truce::time::{Span, Time};
use truce::{Id, Name};

/// Why a measurement that came too late is not used.
pub(super) const LATE: &str = "it came after its time was worked off";
const NO_RULES: &str = "the mission file has no rules for aircraft, or the agreement no line";
const UNKNOWN: &str = "no record says where its sensor stood";

pub(super) struct Eyes {
    scene: Option<Scene>,
    waiting: BTreeMap<(Time, Id), Waiting>,
}

/// A measurement that waits.
struct Waiting {
    group: Name,
    voice: Voice,
    measured: Measured,
}

/// The front.
struct Scene {
    rules: Aircraft,
    plane: Plane,
    tracker: Tracker,
    /// Index of each sensor as it stood, by group, name and since when.
    sensors: BTreeMap<(Name, Name, Time), usize>,
    /// Where each stands and how far it tells.
    stands: Vec<Stand>,
    /// Who says what each says.
    voices: Vec<Voice>,
    /// Ids of measurements by the numbers that the tracker knows.
    ids: BTreeMap<u64, (Time, Id)>,
    /// Crossings handed on so far.
    told: usize,
    last: Option<Time>,
}

impl Eyes {
    pub(super) fn new(rules: &Rules, agreement: &Agreement, ground: &Ground) -> Self {
        let scene = rules.aircraft.as_ref().and_then(|rules| Scene::new(rules, agreement, ground));
        Self { scene, waiting: BTreeMap::new() }
    }

    pub(super) fn see(&mut self, observation: &Observation, measured: &Measured) {
        let waiting = Waiting {
            group: observation.group.clone(),
            voice: Voice::of(observation),
            measured: measured.clone(),
        };
        self.waiting.insert((observation.time.start, observation.id), waiting);
    }

    pub(super) fn waiting(&self) -> u64 {
        self.waiting.len() as u64
    }

    pub(super) fn advance(
        &mut self,
        watermark: Time,
        stands: &BTreeMap<(Name, Name), BTreeMap<Time, Stand>>,
        workers: Threads,
        sensed: &mut Sensed,
        counts: &mut Counts,
    ) {
        let later = self.waiting.split_off(&(Time(watermark.0.saturating_add(1)), Id([0; 32])));
        let due = std::mem::replace(&mut self.waiting, later);
        let Some(scene) = &mut self.scene else {
            *counts.set_aside.entry(NO_RULES).or_default() += due.len() as u64;
            if due.is_empty() {
                counts.set_aside.remove(NO_RULES);
            }
            return;
        };
        for ((time, id), waiting) in due {
            scene.idle(time, workers);
            let stand = stands.get(&(waiting.group.clone(), waiting.measured.sensor.clone()));
            let stand = stand.and_then(|stands| {
                let (since, _) = stands.range(..=time).next_back()?;
                Some((*since, standing(stands, time)?))
            });
            let taken = match stand {
                Some((since, stand)) => scene.take(time, id, &waiting, since, stand),
                None => Err(UNKNOWN),
            };
            match taken {
                Ok(()) => counts.used += 1,
                Err(why) => *counts.set_aside.entry(why).or_default() += 1,
            }
        }
        scene.idle(watermark, workers);
        scene.tracker.advance(watermark, &workers);
        // A frame drops what came twice only when it is worked off.
        scene.tell(sensed, counts);
    }
}

impl Scene {
    fn new(rules: &Aircraft, agreement: &Agreement, ground: &Ground) -> Option<Self> {
        let paths: Vec<Vec<Point>> =
            ground.fronts().iter().flat_map(|front| front.line.pieces()).map(|path| path.to_vec()).collect();
        let all = || paths.iter().flatten();
        let (west, east) = (all().map(|p| p.lon).min()?, all().map(|p| p.lon).max()?);
        let (south, north) = (all().map(|p| p.lat).min()?, all().map(|p| p.lat).max()?);
        let middle = |a: i32, b: i32| ((i64::from(a) + i64::from(b)) / 2) as i32;
        let plane = Plane::about(Point { lon: middle(west, east), lat: middle(south, north) });
        let sigma = rules.line_sigma as f64 * 1e-3;
        let watched = Watched::new(agreement, ground, &plane, sigma);
        let crossing = CrossingSettings {
            settled: rules.settled as f64 / 100.0,
            wait: rules.wait,
            longest: rules.longest,
            paths: rules.paths as usize,
            least: rules.least as f64 / 1e3,
            possible: rules.possible as f64 / 1e3,
            crossed: rules.crossed as f64 / 1e3,
            reach: rules.reach as f64 / 1e3,
        };
        let settings = Settings {
            crossing,
            // What is late or early is told apart before it comes here.
            lag: 0,
            ahead: i64::MAX / 4,
            gate: rules.gate as f64 / 100.0,
            life: rules.life as f64 / 1e6,
            birth: rules.birth_ppm as f64 / 1e6,
            show: rules.show as f64 / 1e3,
            drop: rules.drop_ppm as f64 / 1e6,
            forget: rules.forget,
            ..Settings::default()
        };
        let mut tracker = Tracker::new(settings, Vec::new());
        tracker.watch_lines(watched.lines);
        tracker.watch_bands(watched.bands);
        Some(Self {
            rules: rules.clone(),
            plane,
            tracker,
            sensors: BTreeMap::new(),
            stands: Vec::new(),
            voices: Vec::new(),
            ids: BTreeMap::new(),
            told: 0,
            last: None,
        })
    }

    /// When nothing was measured for so long that every track is forgotten, what is open is told now.
    fn idle(&mut self, now: Time, workers: Threads) {
        if let Some(last) = self.last
            && now.0 - last.0 > self.rules.forget
        {
            self.tracker.finish(&workers);
            self.last = None;
        }
    }

    fn take(
        &mut self,
        time: Time,
        id: Id,
        waiting: &Waiting,
        since: Time,
        stand: &Stand,
    ) -> Result<(), &'static str> {
        let Waiting { group, voice, measured } = waiting;
        let sensor =
            self.sensor((group.clone(), measured.sensor.clone(), since), stand, voice, &measured.what)?;
        self.last = Some(time);
        let turn = self.plane.turn(stand.at).unwrap_or(0.0);
        let Some(what) = self.what(&measured.what, turn) else {
            self.tracker.scanned(sensor, time);
            return Ok(());
        };
        let mut first = [0; 8];
        first.copy_from_slice(&id.0[..8]);
        let number = u64::from_be_bytes(first);
        let signature = measured.craft.map(|(craft, permille)| (class(craft), f64::from(permille) / 1e3));
        let measurement = Measurement { sensor, id: number, time, what: what?, signature };
        self.tracker.add(measurement).map_err(words)?;
        self.ids.insert(number, (time, id));
        Ok(())
    }

    /// Index of a sensor; one that is measured with for the first time is told to the tracker.
    fn sensor(
        &mut self,
        key: (Name, Name, Time),
        stand: &Stand,
        voice: &Voice,
        what: &What,
    ) -> Result<usize, &'static str> {
        if let Some(index) = self.sensors.get(&key) {
            return Ok(*index);
        }
        let Sort::Eye { sound, scans, detection, false_milli, cooperative } = stand.what.sort else {
            return Err(UNKNOWN);
        };
        let place = self.plane.place(stand.at).ok_or(words(SetAside::OutOfReach))?;
        let range = stand.what.range as f64 * 1e-3;
        let each = f64::from(false_milli) / 1e3;
        // False detections lie anywhere in its field: on the ground, or all around.
        let field = match what {
            What::Direction { .. } => core::f64::consts::TAU,
            _ => core::f64::consts::PI * range * range,
        };
        let index = self.tracker.add_sensor(Sensor {
            name: key.1.clone(),
            place: [place[0], place[1], stand.what.height.unwrap_or(0) as f64 * 1e-3],
            wave: if sound { Wave::Sound } else { Wave::Light },
            scans,
            turns: scans.then(|| self.rules.scan(&key.1)),
            detection: f64::from(detection) / 1e3,
            clutter: each / field.max(1.0),
            field: Field::Disc(range),
            hidden: Vec::new(),
            cooperative,
            calibrate: true,
        });
        self.sensors.insert(key, index);
        self.stands.push(stand.clone());
        self.voices.push(voice.clone());
        Ok(index)
    }

    /// `None`: a scan that found nothing.
    fn what(&self, what: &What, turn: f64) -> Option<Result<track::What, &'static str>> {
        let azimuth = |bearing: &Bearing| (f64::from(bearing.azimuth) * 1e-3).to_radians() - turn;
        let sigma = |millidegrees: i32| (f64::from(millidegrees) * 1e-3).to_radians();
        let away = words(SetAside::OutOfReach);
        let spot = |at: &Point, error: &Ellipse| {
            let turn = self.plane.turn(*at).unwrap_or(0.0);
            self.plane.place(*at).map(|place| (place, covariance(error, turn))).ok_or(away)
        };
        Some(match what {
            What::Nothing => return None,
            What::Position { at, error, height } => spot(at, error).map(|(at, cov)| track::What::Position {
                at,
                cov,
                height: height.map(|height| (metres(height.value), metres(height.sigma))),
            }),
            What::Direction { bearing, elevation } => Ok(track::What::Bearing {
                azimuth: azimuth(bearing),
                sigma: sigma(bearing.sigma),
                elevation: elevation.map(|it| (sigma(it.value as i32), sigma(it.sigma as i32))),
            }),
            What::Polar { bearing, range } => Ok(track::What::Polar {
                range: (metres(range.value), metres(range.sigma)),
                azimuth: (azimuth(bearing), sigma(bearing.sigma)),
                elevation: None,
            }),
            What::Report { at, error, velocity, claims } => {
                spot(at, error).map(|(place, cov)| track::What::Report {
                    at: place,
                    cov,
                    velocity: velocity.map(|velocity| self.turned(velocity, *at)),
                    claims: claims.clone(),
                })
            }
            What::Track { number, at, error, velocity, velocity_sigma, existence, made_from } => {
                spot(at, error).map(|(place, cov)| {
                    let [vx, vy] = self.turned(*velocity, *at);
                    let v = metres(*velocity_sigma).powi(2);
                    track::What::Track(Box::new(Foreign {
                        number: *number,
                        state: [place[0], place[1], vx, vy],
                        covariance: [cov.xx, cov.xy, 0.0, 0.0, cov.yy, 0.0, 0.0, v, 0.0, v],
                        existence: f64::from(*existence) / 1e3,
                        made_from: made_from.clone(),
                    }))
                })
            }
        })
    }

    /// A velocity in the plane, m/s.
    fn turned(&self, velocity: [i64; 2], at: Point) -> [f64; 2] {
        let turn = self.plane.turn(at).unwrap_or(0.0);
        let (s, c) = (libm::sin(turn), libm::cos(turn));
        let [east, north] = velocity.map(|mm_s| mm_s as f64 * 1e-3);
        [c * east - s * north, s * east + c * north]
    }

    /// Who speaks for what several sensors saw: the source that comes first.
    fn voice(&self, sensors: &[usize]) -> Option<&Voice> {
        let voices = sensors.iter().filter_map(|sensor| self.voices.get(*sensor));
        voices.min_by(|a, b| a.source.cmp(&b.source)).or(self.voices.first())
    }

    /// Ids of the measurements in question, as far as they are remembered.
    fn rests_on(&self, shares: &[Share]) -> Vec<Id> {
        let mut from: Vec<Id> =
            shares.iter().filter_map(|share| Some(self.ids.get(&share.measurement)?.1)).collect();
        from.sort();
        from.dedup();
        from
    }

    /// Hands on the visits to zones that are over.
    fn tell_stays(&mut self, sensed: &mut Sensed, counts: &mut Counts) {
        let Ok(stays) = self.tracker.take_stays(Audience::Record, Time(0), 0) else { return };
        for stay in stays {
            if stay.grade == Grade::Faint {
                counts.faint += 1;
                continue;
            }
            let zone = self.tracker.zone_name(stay.zone);
            let from = self.rests_on(&stay.shares);
            let times = [stay.from.0.to_be_bytes(), stay.to.0.to_be_bytes()];
            let parts = from.iter().map(|id| &id.0[..]).chain([zone.as_bytes(), &times[0], &times[1]]);
            let id = derived("visit", &self.rules.group, parts);
            let Some(voice) = self.voice(&stay.sensors) else { continue };
            let (source, rated) = (voice.source.clone(), voice.rating.source);
            let made = stay.observation(id, source, self.rules.group.clone(), rated, &self.plane, from);
            let Some(mut made) = made else { continue };
            made.asserted_by = voice.asserted_by.clone();
            let (visits, lasted) = counts.visits.entry(zone).or_default();
            (*visits, *lasted) = (*visits + 1, *lasted + made.particulars().lasted.unwrap_or_default());
            sensed.observations.push(made);
        }
    }

    /// Hands on what was not yet.
    fn tell(&mut self, sensed: &mut Sensed, counts: &mut Counts) {
        // For the record, which takes everything at once: the moment and the delay do not matter.
        let Ok(crossings) = self.tracker.fine_crossings(Audience::Record, Time(0), 0) else { return };
        for crossing in &crossings[self.told.min(crossings.len())..] {
            let line = &self.tracker.lines()[crossing.line];
            if line.closed && !crossing.to_left {
                continue;
            }
            if crossing.grade == Grade::Faint {
                counts.faint += 1;
                continue;
            }
            let from = self.rests_on(&crossing.shares);
            let way = [u8::from(crossing.to_left), u8::from(crossing.returned)];
            let parts = from.iter().map(|id| &id.0[..]).chain([line.name.as_bytes(), &way[..]]);
            let id = derived("crossing", &self.rules.group, parts);
            let Some(voice) = self.voice(&crossing.sensors) else { continue };
            let made = crossing.observation(
                id,
                voice.source.clone(),
                self.rules.group.clone(),
                voice.rating.source,
                (line, &self.plane),
                from,
            );
            let Some(mut made) = made else { continue };
            made.asserted_by = voice.asserted_by.clone();
            if let (Some(direction), Place::Point { at, .. }) = (made.direction, &made.place) {
                let turn = (self.plane.turn(*at).unwrap_or(0.0).to_degrees() * 100.0).round() as i32;
                made.direction = Some((direction + turn).rem_euclid(36_000));
            }
            counts.crossings += 1;
            sensed.observations.push(made);
        }
        self.told = crossings.len();
        self.tell_stays(sensed, counts);
        let Ok(ended) = self.tracker.take_ended_bearings(Audience::Record, Time(0), 0) else { return };
        for only in ended {
            let (Some(stand), Some(voice)) = (self.stands.get(only.sensor), self.voices.get(only.sensor))
            else {
                continue;
            };
            counts.bearings_only += 1;
            let degrees = |microradians: i64| (microradians as f64 * 1e-6).to_degrees() * 100.0;
            let turn = self.plane.turn(stand.at).unwrap_or(0.0).to_degrees() * 100.0;
            let place = Place::Sector {
                from: stand.at,
                bearing: ((degrees(only.azimuth.0) + turn).round() as i32).rem_euclid(36_000),
                half_width: ((2.0 * degrees(only.azimuth.1)).ceil() as i32).clamp(1, 18_000),
                near: 0,
                far: stand.what.range,
            };
            let times = [only.first.0.to_be_bytes(), only.last.0.to_be_bytes()];
            let parts = [stand.what.name.as_bytes(), &times[0], &times[1]];
            let id = derived("bearing", &self.rules.group, parts);
            let Some(time) = Span::new(only.first, only.last) else { continue };
            let detail = Detail::Derived(Box::new(Derived { from: Vec::new(), evidence: 0 }));
            let mut made = plain(id, voice, Kind::Bearing, time, place, detail);
            (made.group, made.act) = (self.rules.group.clone(), Act::Flight);
            sensed.observations.push(made);
        }
        // No crossing looks back farther than this.
        let keep = self.rules.longest + self.rules.wait + self.rules.forget + 600_000_000;
        if let Some(last) = self.last {
            self.ids.retain(|_, (time, _)| last.0 - time.0 <= keep);
        }
    }
}

fn class(craft: Craft) -> Class {
    match craft {
        Craft::Multirotor => Class::Multirotor,
        Craft::FixedWing => Class::FixedWing,
        Craft::Crewed => Class::Crewed,
        Craft::Bird => Class::Bird,
    }
}

/// Covariance in the plane, m^2, of an ellipse whose axis is given from true north.
fn covariance(error: &Ellipse, turn: f64) -> Sym2 {
    let angle = (f64::from(error.azimuth) / 100.0).to_radians() - turn;
    let (s, c) = (libm::sin(angle), libm::cos(angle));
    let square = |mm: Mm| (mm as f64 * 1e-3) * (mm as f64 * 1e-3);
    let (a, b) = (square(error.major), square(error.minor));
    Sym2 { xx: a * s * s + b * c * c, xy: (a - b) * s * c, yy: a * c * c + b * s * s }
}

pub(super) fn metres(mm: Mm) -> f64 {
    mm as f64 * 1e-3
}

fn words(reason: SetAside) -> &'static str {
    match reason {
        SetAside::UnknownSensor => UNKNOWN,
        SetAside::NotANumber => "a value that is not a number",
        SetAside::Covariance => "an error that is zero, negative or singular",
        SetAside::TooLate => LATE,
        SetAside::Future => "far ahead of all other measurements",
        SetAside::OutOfReach => "outside the area that is tracked",
        SetAside::ImpossibleSpeed => "a speed that no aircraft has",
        SetAside::Duplicate => "it came twice",
    }
}
