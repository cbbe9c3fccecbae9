//! Bangs along a strip of ground, and what a network of nodes hears of them.

use crate::Random;
use impulse::{Class, Detection, Direction, Node};

/// A wind that varies in space and time: a mean and a few waves. Metres a second, towards east and north.
#[derive(Clone, Debug, PartialEq)]
pub struct Wind {
    /// Mean over space and time.
    pub mean: [f64; 2],
    /// Standard deviation of each component.
    pub sigma: f64,
    /// Typical length over which it changes, km.
    pub length_km: f64,
    /// Typical time over which it changes, s.
    pub time_s: f64,
}

/// What to simulate. The default is the strip of the reference cases, one quiet minute of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Same seed, same data.
    pub seed: u64,
    /// Size of the strip, km.
    pub length_km: f64,
    /// See `length_km`.
    pub width_km: f64,
    /// Nodes, on a jittered grid.
    pub nodes: u32,
    /// Events a minute per 100 km, those outside included; a salvo is one.
    pub rate_per_min: f64,
    /// Events fall in this many seconds from zero.
    pub duration_s: f64,
    /// False detections for one real one.
    pub false_fraction: f64,
    /// A node hears this far, km, and reports with this chance.
    pub reach_km: f64,
    /// See `reach_km`.
    pub hit: f64,
    /// Noise of timing, s.
    pub timing_s: f64,
    /// Independent relative error of each path.
    pub path_error: f64,
    /// Relative error of the sound speed, one for each event.
    pub speed_error: f64,
    /// The wind.
    pub wind: Option<Wind>,
    /// Share of events beyond the northern edge, up to `outside_km`.
    pub outside_share: f64,
    /// See `outside_share`.
    pub outside_km: f64,
    /// Share of events that are salvos of 2 to 6 rounds, 0.3 to 3 s apart, from within 30 m.
    pub salvo_share: f64,
    /// Chance that a detection is followed by an echo, 0.3 to 3 s later, which fits no place.
    pub echo_chance: f64,
    /// Error of the bearings, degrees; none without it.
    pub bearing_deg: Option<f64>,
    /// A node reports nothing for so long after a detection, s.
    pub dead_time_s: f64,
    /// Shares of nodes: clock off by up to 1.5 s either way; really up to 3 km elsewhere; reporting at random
    /// times only; dead.
    pub bad_clocks: f64,
    /// See `bad_clocks`.
    pub moved: f64,
    /// See `bad_clocks`.
    pub lying: f64,
    /// See `bad_clocks`.
    pub dead: f64,
    /// Shares of nodes: inventing a detection every five seconds besides what they hear; carried half a kilometre off,
    /// unnoticed, when half of the time is over.
    pub inventing: f64,
    /// See `inventing`.
    pub carried: f64,
    /// Share of events that are a muzzle blast with an impact 3 to 12 km away, told apart by the nodes with
    /// this likelihood (0.5: not at all).
    pub rounds: f64,
    /// See `rounds`.
    pub class_skill: f64,
    /// Share of nodes that rain or traffic saturates: for a minute each they report four times a second at random.
    pub saturated: f64,
    /// Chance that a node within 3 km of the path of a round hears its bow shock. Above zero, rounds leave at 450 to
    /// 800 m/s and are slowed by drag; their paths are straight and level.
    pub bow_shock: f64,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            seed: 1,
            length_km: 100.0,
            width_km: 20.0,
            nodes: 1_000,
            rate_per_min: 60.0,
            duration_s: 60.0,
            false_fraction: 1.0,
            reach_km: 8.0,
            hit: 0.8,
            timing_s: 0.02,
            path_error: 0.01,
            speed_error: 0.0,
            wind: None,
            outside_share: 0.0,
            outside_km: 5.0,
            salvo_share: 0.0,
            echo_chance: 0.0,
            bearing_deg: None,
            dead_time_s: 0.0,
            bad_clocks: 0.0,
            moved: 0.0,
            lying: 0.0,
            dead: 0.0,
            inventing: 0.0,
            carried: 0.0,
            rounds: 0.0,
            class_skill: 0.8,
            saturated: 0.0,
            bow_shock: 0.0,
        }
    }
}

/// One bang as it was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bang {
    /// Seconds from zero.
    pub time_s: f64,
    /// East, km.
    pub x_km: f64,
    /// North, km.
    pub y_km: f64,
    /// The bang at the other end of the round, by its position in the truth.
    pub other: Option<usize>,
    /// Was a round fired here? (`None`: not part of a round.)
    pub outgoing: Option<bool>,
    /// Speed at the muzzle, km/s, and drag per km, of a round whose bow shock can be heard.
    pub flight: Option<[f64; 2]>,
}

/// How a node really is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Truth {
    /// As it should be.
    Good,
    /// Its clock is ahead by so many seconds.
    ClockOff(f64),
    /// It stands elsewhere.
    Moved,
    /// It reports at random times only.
    Lying,
    /// It reports nothing.
    Dead,
    /// It reports what it hears, and detections that it makes up.
    Inventing,
    /// It stands elsewhere from half of the time on.
    Carried,
}

/// Simulated data.
#[derive(Clone, Debug)]
pub struct Data {
    /// Where the nodes are said to be.
    pub nodes: Vec<Node>,
    /// How each really is.
    pub node_truth: Vec<Truth>,
    /// The bangs, in order of time.
    pub bangs: Vec<Bang>,
    /// Detections in order of time; the number is the position.
    pub detections: Vec<Detection>,
    /// The bang of each detection; `None` for a false one or an echo.
    pub labels: Vec<Option<usize>>,
    /// The muzzle whose round's bow shock each detection is.
    pub shocks: Vec<Option<usize>>,
}

const SPEED_KM_S: f64 = 0.34;
const CALM: [f64; 2] = [0.0, 0.0];
/// How far a node is carried, and how often one invents, a second.
const CARRIED_KM: f64 = 0.5;
/// See [`CARRIED_KM`].
const INVENTED_PER_S: f64 = 0.2;

/// One wave of the wind.
struct Wave {
    k: [f64; 2],
    omega: f64,
    phase: f64,
    amplitude: [f64; 2],
}

struct Air {
    mean: [f64; 2],
    waves: Vec<Wave>,
}

impl Air {
    fn new(wind: Option<&Wind>, random: &mut Random) -> Self {
        let Some(wind) = wind else { return Self { mean: CALM, waves: Vec::new() } };
        let count = 16;
        let each = wind.sigma * (2.0 / f64::from(count)).sqrt();
        let waves = (0..count)
            .map(|_| {
                let angle = random.between(0.0, core::f64::consts::TAU);
                let k = random.between(0.3, 1.5) / wind.length_km;
                Wave {
                    k: [k * angle.cos(), k * angle.sin()],
                    omega: random.between(-1.5, 1.5) / wind.time_s,
                    phase: random.between(0.0, core::f64::consts::TAU),
                    amplitude: [random.normal(0.0, each), random.normal(0.0, each)],
                }
            })
            .collect();
        Self { mean: wind.mean, waves }
    }

    /// m/s.
    fn at(&self, t: f64, x: f64, y: f64) -> [f64; 2] {
        let mut wind = self.mean;
        for wave in &self.waves {
            let s = (wave.k[0] * x + wave.k[1] * y + wave.omega * t + wave.phase).sin();
            wind[0] += wave.amplitude[0] * s;
            wind[1] += wave.amplitude[1] * s;
        }
        wind
    }

    /// Mean along a straight path.
    fn along(&self, t: f64, from: [f64; 2], to: [f64; 2]) -> [f64; 2] {
        let mut sum = CALM;
        for part in [1.0 / 6.0, 0.5, 5.0 / 6.0] {
            let wind = self.at(t, from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1]));
            sum = [sum[0] + wind[0] / 3.0, sum[1] + wind[1] / 3.0];
        }
        sum
    }
}

fn bangs(s: &Scenario, random: &mut Random) -> Vec<Bang> {
    let mut bangs = Vec::new();
    let mut group = 0_usize;
    // Groups are kept together through the sort by time, to point at each other.
    let mut keyed: Vec<(usize, Bang)> = Vec::new();
    for _ in 0..random.poisson(s.rate_per_min * s.duration_s / 60.0 * s.length_km / 100.0) {
        let time_s = random.between(0.0, s.duration_s);
        let x_km = random.between(0.0, s.length_km);
        let y_km = if random.chance(s.outside_share) {
            s.width_km + random.between(0.0, s.outside_km)
        } else {
            random.between(0.0, s.width_km)
        };
        let single = Bang { time_s, x_km, y_km, other: None, outgoing: None, flight: None };
        group += 1;
        if random.chance(s.rounds) {
            let (range, angle) = (random.between(3.0, 12.0), random.between(0.0, core::f64::consts::TAU));
            let fall = Bang {
                x_km: (x_km + range * angle.cos()).clamp(0.0, s.length_km),
                y_km: (y_km + range * angle.sin()).clamp(0.0, s.width_km),
                outgoing: Some(false),
                ..single
            };
            let (flight, lasts) = if s.bow_shock > 0.0 {
                let range = (fall.x_km - x_km).hypot(fall.y_km - y_km).max(0.1);
                let (speed, slower) = (random.between(0.45, 0.8), random.between(0.4, 0.8));
                let drag = -f64::ln(slower) / range;
                (Some([speed, drag]), (drag * range).exp_m1() / (drag * speed))
            } else {
                (None, range / random.between(0.25, 0.4))
            };
            let fall = Bang { time_s: time_s + lasts, ..fall };
            keyed.push((group, Bang { outgoing: Some(true), flight, ..single }));
            keyed.push((group, fall));
        } else if random.chance(s.salvo_share) {
            let mut at = time_s;
            for _ in 0..2 + random.poisson(1.5).min(4) {
                let (x_km, y_km) = (x_km + random.normal(0.0, 0.015), y_km + random.normal(0.0, 0.015));
                keyed.push((0, Bang { time_s: at, x_km, y_km, ..single }));
                at += random.between(0.3, 3.0);
            }
        } else {
            keyed.push((0, single));
        }
    }
    keyed.sort_by(|a, b| a.1.time_s.total_cmp(&b.1.time_s));
    for (at, (group, bang)) in keyed.iter().enumerate() {
        let other =
            keyed.iter().enumerate().position(|(k, (other, _))| *group > 0 && other == group && k != at);
        bangs.push(Bang { other, ..*bang });
    }
    bangs
}

fn nodes(s: &Scenario, random: &mut Random) -> Vec<[f64; 2]> {
    // A grid as square as the strip allows.
    let across = ((f64::from(s.nodes) * s.width_km / s.length_km).sqrt().round() as u32).max(1);
    let along = s.nodes / across;
    let step = [s.length_km / f64::from(along), s.width_km / f64::from(across)];
    (0..s.nodes)
        .map(|i| {
            if i >= along * across {
                return [random.between(0.0, s.length_km), random.between(0.0, s.width_km)];
            }
            let (column, row) = (f64::from(i % along), f64::from(i / along));
            [
                (column + 0.5) * step[0] + random.between(-0.45, 0.45),
                (row + 0.5) * step[1] + random.between(-0.45, 0.45),
            ]
        })
        .collect()
}

/// Simulates a scenario.
pub fn simulate(s: &Scenario) -> Data {
    let mut random = Random::new(s.seed);
    // The places of the nodes do not depend on the seed.
    let said = nodes(s, &mut Random::new(7));
    let air = Air::new(s.wind.as_ref(), &mut random);
    let bangs = bangs(s, &mut random);
    let node_truth: Vec<Truth> = said
        .iter()
        .map(|_| {
            let draw = random.unit();
            let (clocks, moved, lying) =
                (s.bad_clocks, s.bad_clocks + s.moved, s.bad_clocks + s.moved + s.lying);
            if draw < clocks {
                Truth::ClockOff(random.between(-1.5, 1.5))
            } else if draw < moved {
                Truth::Moved
            } else if draw < lying {
                Truth::Lying
            } else if draw < lying + s.dead {
                Truth::Dead
            } else if draw < lying + s.dead + s.inventing {
                Truth::Inventing
            } else if draw < lying + s.dead + s.inventing + s.carried {
                Truth::Carried
            } else {
                Truth::Good
            }
        })
        .collect();
    let places: Vec<[f64; 2]> = said
        .iter()
        .zip(&node_truth)
        .map(|(p, truth)| match truth {
            Truth::Moved => [p[0] + random.between(-3.0, 3.0), p[1] + random.between(-3.0, 3.0)],
            _ => *p,
        })
        .collect();

    let later: Vec<[f64; 2]> = places
        .iter()
        .zip(&node_truth)
        .map(|(p, truth)| match truth {
            Truth::Carried => {
                let angle = random.between(0.0, core::f64::consts::TAU);
                [p[0] + CARRIED_KM * angle.cos(), p[1] + CARRIED_KM * angle.sin()]
            }
            _ => *p,
        })
        .collect();

    // (time, node, bang, bearing, class)
    type Heard = (f64, usize, Option<usize>, Option<f64>, Class);
    let mut heard: Vec<Heard> = Vec::new();
    let mut shock_of = std::collections::BTreeMap::new();
    let end = s.duration_s + s.reach_km / SPEED_KM_S;
    for (k, bang) in bangs.iter().enumerate() {
        let speed_error = random.normal(0.0, s.speed_error);
        let now = if bang.time_s > 0.5 * s.duration_s { &later } else { &places };
        for (node, place) in now.iter().enumerate() {
            let (dx, dy) = (place[0] - bang.x_km, place[1] - bang.y_km);
            let d = (dx * dx + dy * dy).sqrt();
            if d >= s.reach_km || node_truth[node] == Truth::Dead || !random.chance(s.hit) {
                continue;
            }
            let wind = air.along(bang.time_s, [bang.x_km, bang.y_km], *place);
            let along = (dx * wind[0] + dy * wind[1]) / d.max(1e-9) * 1e-3 / SPEED_KM_S;
            let error = along + speed_error + random.normal(0.0, s.path_error);
            let mut time = bang.time_s + d / (SPEED_KM_S * (1.0 + error)) + random.normal(0.0, s.timing_s);
            let mut label = Some(k);
            match node_truth[node] {
                Truth::ClockOff(by) => time += by,
                Truth::Lying => {
                    time = random.between(0.0, end);
                    label = None;
                }
                _ => {}
            }
            let bearing =
                s.bearing_deg.map(|sigma| dx.atan2(dy).to_degrees() + 180.0 + random.normal(0.0, sigma));
            let told = random.chance(s.class_skill) == bang.outgoing.unwrap_or(random.chance(0.5));
            let (most, least) =
                ((1_000.0 * s.class_skill) as u16, (1_000.0 - 1_000.0 * s.class_skill) as u16);
            let class = match bang.outgoing {
                None => Class::default(),
                Some(_) if told => Class { outgoing: most, impact: least },
                Some(_) => Class { outgoing: least, impact: most },
            };
            heard.push((time, node, label, bearing, class));
            if random.chance(s.echo_chance) {
                heard.push((time + random.between(0.3, 3.0), node, None, bearing, class));
            }
        }
    }
    for (k, bang) in bangs.iter().enumerate() {
        let (Some(flight), Some(fall)) = (bang.flight, bang.other.map(|other| bangs[other])) else {
            continue;
        };
        for (node, place) in places.iter().enumerate() {
            if !matches!(node_truth[node], Truth::Good | Truth::Moved) {
                continue;
            }
            let after = shock_after(bang, &fall, flight, *place);
            if let Some(after) = after.filter(|_| random.chance(s.bow_shock)) {
                let time = bang.time_s + after + random.normal(0.0, s.timing_s);
                shock_of.insert((time.to_bits(), node), k);
                heard.push((time, node, None, None, Class::default()));
            }
        }
    }
    let real = heard.iter().filter(|h| h.2.is_some()).count();
    for _ in 0..random.poisson(s.false_fraction * real as f64) {
        let node = random.between(0.0, said.len() as f64) as usize;
        let bearing = s.bearing_deg.map(|_| random.between(0.0, 360.0));
        heard.push((random.between(0.0, end), node, None, bearing, Class::default()));
    }
    for (node, _) in node_truth.iter().enumerate().filter(|(_, truth)| **truth == Truth::Inventing) {
        for _ in 0..random.poisson(INVENTED_PER_S * end) {
            heard.push((random.between(0.0, end), node, None, None, Class::default()));
        }
    }
    if s.saturated > 0.0 {
        for node in 0..said.len() {
            if random.chance(s.saturated) {
                let begin = random.between(-60.0, s.duration_s);
                let times = (0..240).map(|_| begin + random.between(0.0, 60.0)).filter(|t| *t >= 0.0);
                heard.extend(times.map(|time| (time, node, None, None, Class::default())));
            }
        }
    }
    heard.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    if s.dead_time_s > 0.0 {
        let mut last = vec![f64::NEG_INFINITY; said.len()];
        heard.retain(|h| {
            let free = h.0 - last[h.1] >= s.dead_time_s;
            if free {
                last[h.1] = h.0;
            }
            free
        });
    }
    let detections = heard
        .iter()
        .zip(0..)
        .map(|(&(time, node, _, bearing, class), number)| {
            let mut detection = Detection::plain(number, node as u32, (time * 1e6).round() as i64);
            detection.class = class;
            detection.bearing = bearing.zip(s.bearing_deg).map(|(azimuth, sigma)| Direction {
                azimuth: (azimuth.rem_euclid(360.0) * 100.0).round() as i32,
                sigma: (sigma * 100.0).round() as i32,
            });
            detection
        })
        .collect();
    let mm = |km: f64| (km * 1e6).round() as i64;
    Data {
        nodes: said.iter().zip(0..).map(|(p, name)| Node { name, x_mm: mm(p[0]), y_mm: mm(p[1]) }).collect(),
        node_truth,
        bangs,
        detections,
        labels: heard.iter().map(|h| h.2).collect(),
        shocks: heard.iter().map(|h| shock_of.get(&(h.0.to_bits(), h.1)).copied()).collect(),
    }
}

/// How long after firing a place hears the bow shock of a round, by the first arrival of what leaves it along its path;
/// `None` where that is the muzzle's own sound or more than 3 km away.
fn shock_after(from: &Bang, to: &Bang, [speed, drag]: [f64; 2], at: [f64; 2]) -> Option<f64> {
    let (dx, dy) = (to.x_km - from.x_km, to.y_km - from.y_km);
    let steps = 2_000;
    let arrival = |k: i32| {
        let part = f64::from(k) / f64::from(steps);
        let way = (at[0] - from.x_km - part * dx).hypot(at[1] - from.y_km - part * dy);
        ((drag * part * dx.hypot(dy)).exp_m1() / (drag * speed) + way / SPEED_KM_S, way)
    };
    // The first dip of the time of arrival along the path: afterwards the round is too slow, or past.
    let dip = (1..steps).find(|&k| arrival(k).0 <= arrival(k + 1).0)?;
    let (after, way) = arrival(dip);
    (dip > 1 && way < 3.0 && after < arrival(0).0).then_some(after)
}

/// How well located events fit the truth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// True bangs with at least eight detections, and how many of them were found.
    pub heard: usize,
    /// See `heard`.
    pub found: usize,
    /// Located events, and how many of them are of a true bang.
    pub located: usize,
    /// See `located`.
    pub matched: usize,
    /// Median and 95 % point of the error, m.
    pub median_m: f64,
    /// See `median_m`.
    pub p95_m: f64,
    /// Share of true places in the 95 % ellipse.
    pub inside: f64,
}

impl Score {
    /// Found of heard.
    pub fn recall(&self) -> f64 {
        self.found as f64 / self.heard.max(1) as f64
    }

    /// Matched of located.
    pub fn precision(&self) -> f64 {
        self.matched as f64 / self.located.max(1) as f64
    }
}

/// Scores events against the truth: one to one, nearest first, within 0.5 km and `window_s` seconds, only
/// bangs that `of` selects (and the events nearest to them).
pub fn score(data: &Data, events: &[impulse::Event], window_s: f64, of: impl Fn(&Bang) -> bool) -> Score {
    let mut heard = vec![0; data.bangs.len()];
    for bang in data.labels.iter().flatten() {
        heard[*bang] += 1;
    }
    let places: Vec<_> = events.iter().filter_map(|e| e.fine.open(impulse::Audience::Record).ok()).collect();
    let mut pairs = Vec::new();
    for (j, place) in places.iter().enumerate() {
        for (i, bang) in data.bangs.iter().enumerate() {
            let dt = (place.time_us as f64 * 1e-6 - bang.time_s).abs() / window_s;
            let d = ((place.x_mm as f64 * 1e-6 - bang.x_km).powi(2)
                + (place.y_mm as f64 * 1e-6 - bang.y_km).powi(2))
            .sqrt()
                / 0.5;
            if dt < 1.0 && d < 1.0 {
                pairs.push((dt * dt + d * d, i, j));
            }
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut used, mut given) = (vec![false; data.bangs.len()], vec![None; places.len()]);
    for (_, i, j) in pairs {
        if !used[i] && given[j].is_none() {
            used[i] = true;
            given[j] = Some(i);
        }
    }
    let mut score = Score { located: places.len(), ..Score::default() };
    let (mut errors, mut inside) = (Vec::new(), 0);
    for (i, bang) in data.bangs.iter().enumerate() {
        if heard[i] >= 8 && of(bang) {
            score.heard += 1;
            score.found += usize::from(used[i]);
        }
    }
    for (place, given) in places.iter().zip(&given) {
        let Some(i) = given else { continue };
        score.matched += 1;
        let bang = &data.bangs[*i];
        if !of(bang) {
            continue;
        }
        let dx = place.x_mm as f64 * 1e-3 - bang.x_km * 1e3;
        let dy = place.y_mm as f64 * 1e-3 - bang.y_km * 1e3;
        let c = |i: usize, k: usize| place.covariance[i][k] as f64 * 1e-6;
        let (xx, xy, yy) = (c(1, 1), c(1, 2), c(2, 2));
        let chi = (yy * dx * dx - 2.0 * xy * dx * dy + xx * dy * dy) / (xx * yy - xy * xy);
        inside += usize::from(chi <= 5.991_465);
        errors.push((dx * dx + dy * dy).sqrt());
    }
    errors.sort_by(f64::total_cmp);
    if !errors.is_empty() {
        score.median_m = errors[errors.len() / 2];
        score.p95_m = errors[(errors.len() * 95 / 100).min(errors.len() - 1)];
        score.inside = inside as f64 / errors.len() as f64;
    }
    score
}
