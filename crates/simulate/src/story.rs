//! The story `fixtures/heard-and-seen`: an hour on 20 km of a made-up front, as a network of nodes heard it and two
//! radars, an array and a receiver saw it. Everything in it is made up.
//!
//! What happened is prescribed; what was heard and seen of it is drawn from a seed. Reports of people are written
//! by hand beside it.

use crate::Random;
use std::f64::consts::TAU;
use std::fmt::Write as _;
use track::Plane;
use truce::place::Point;
use truce::time::{SECOND, Time};

/// A bang as it was.
#[derive(Clone, Copy, Debug)]
pub struct Bang {
    /// Seconds after ten o'clock.
    pub at_s: f64,
    /// East and north of the middle of the front, km.
    pub place: [f64; 2],
    /// Was a round fired here, or did one fall? `None`: neither.
    pub outgoing: Option<bool>,
}

/// Rounds fired from one place at another.
struct Salvo {
    /// Seconds after ten, of the first; seconds between them.
    start: f64,
    step: f64,
    from: [f64; 2],
    to: [f64; 2],
    rounds: u32,
}

const SALVOS: [Salvo; 3] = [
    Salvo { start: 301.3, step: 6.1, from: [-4.2, 2.6], to: [-3.0, -1.8], rounds: 4 },
    Salvo { start: 1_085.7, step: 5.3, from: [4.4, -2.7], to: [3.6, 2.2], rounds: 4 },
    Salvo { start: 2_651.2, step: 0.9, from: [1.9, 3.1], to: [3.1, -1.3], rounds: 3 },
];
/// Bangs that are no rounds: one alone, two that lie on the edge between two squares of the grid, one beyond the nodes.
const OTHERS: [(f64, [f64; 2]); 4] =
    [(1_864.9, [6.6, 0.4]), (3_130.2, [0.04, -0.7]), (3_141.8, [-0.03, -0.6]), (1_512.0, [13.0, 1.0])];
/// Mean speed of a round over its flight, km/s.
const ROUND_KM_S: f64 = 0.21;
const SOUND_KM_S: f64 = 0.34;
/// Wind towards east and north, km/s.
const WIND_KM_S: [f64; 2] = [0.003, -0.002];
const HEARING_KM: f64 = 8.0;

/// The story's middle: on the edge of two squares of the grid, so that both have a say.
fn plane() -> Plane {
    Plane::about(Point { lon: 30_000_000, lat: 15_000_000 })
}

fn ten() -> Time {
    Time::parse("2031-06-10T10:00:00Z").unwrap_or_default()
}

fn moment(seconds: f64) -> Time {
    Time(ten().0 + (seconds * SECOND as f64).round() as i64)
}

fn point([x, y]: [f64; 2]) -> Option<Point> {
    plane().point([x * 1e3, y * 1e3])
}

/// Degrees of a place in km, to `places` decimals.
fn degrees(place: [f64; 2], places: usize) -> (String, String) {
    let (lon, lat) = point(place).map_or((0.0, 0.0), Point::degrees);
    (format!("{lat:.places$}"), format!("{lon:.places$}"))
}

/// The bangs of the story, in order of time.
pub fn bangs() -> Vec<Bang> {
    let mut bangs: Vec<Bang> =
        OTHERS.iter().map(|&(at_s, place)| Bang { at_s, place, outgoing: None }).collect();
    for Salvo { start, step, from, to, rounds } in SALVOS {
        let flight = ((to[0] - from[0]).powi(2) + (to[1] - from[1]).powi(2)).sqrt() / ROUND_KM_S;
        for round in 0..rounds {
            let at_s = start + step * f64::from(round);
            // Rounds of one gun scatter where they fall.
            let fall = [to[0] + 0.06 * f64::from(round % 3) - 0.05, to[1] + 0.05 * f64::from(round % 2)];
            bangs.push(Bang { at_s, place: from, outgoing: Some(true) });
            bangs.push(Bang { at_s: at_s + flight, place: fall, outgoing: Some(false) });
        }
    }
    bangs.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
    bangs
}

/// Where an aircraft is and how fast it goes, km and km/s; `None` while it does not fly.
type Flight = fn(f64) -> Option<([f64; 2], [f64; 2])>;

/// From north to south over the line, at 22 m/s, with a slow turn.
fn intruder(t: f64) -> Option<([f64; 2], [f64; 2])> {
    let t = t - 2_160.0;
    (0.0..300.0).contains(&t).then(|| {
        let turn = 0.3 * (t / 90.0).sin();
        ([-1.2 + 0.02 * t / 10.0, 3.3 - 0.022 * t], [0.002 + 0.001 * turn, -0.022])
    })
}

/// Beyond what the radars see: an array hears it.
fn unseen(t: f64) -> Option<([f64; 2], [f64; 2])> {
    let t = t - 2_900.0;
    (0.0..80.0).contains(&t).then_some(([9.0 + 0.015 * t, 5.4], [0.015, 0.0]))
}

/// Over the reservoir, where nobody may fly: in from the west, five minutes of circles, out to the south.
fn visitor(t: f64) -> Option<([f64; 2], [f64; 2])> {
    const MIDDLE: [f64; 2] = [0.6, -2.9];
    let (speed, radius) = (0.018, 0.3);
    let t = t - 1_200.0;
    let (arrives, leaves) = (110.0, 398.0);
    let around = |t: f64| speed * (t - arrives) / radius - TAU / 4.0;
    if (0.0..arrives).contains(&t) {
        Some(([MIDDLE[0] - speed * (arrives - t), MIDDLE[1] - radius], [speed, 0.0]))
    } else if (arrives..leaves).contains(&t) {
        let (s, c) = around(t).sin_cos();
        Some(([MIDDLE[0] + radius * c, MIDDLE[1] + radius * s], [-speed * s, speed * c]))
    } else if (leaves..leaves + 70.0).contains(&t) {
        let (s, c) = around(leaves).sin_cos();
        let on = speed * (t - leaves);
        let from = [MIDDLE[0] + radius * c, MIDDLE[1] + radius * s];
        Some(([from[0] - on * s, from[1] + on * c], [-speed * s, speed * c]))
    } else {
        None
    }
}

/// The mission's own, along the north of the line.
fn own(t: f64) -> Option<([f64; 2], [f64; 2])> {
    let t = t - 600.0;
    (0.0..240.0).contains(&t).then_some(([-6.0 + 0.012 * t, 1.6], [0.012, 0.0]))
}

/// The files of the story that instruments write, and the truth beside them: name and text.
pub fn files(seed: u64) -> Vec<(&'static str, String)> {
    let mut random = Random::new(seed);
    let nodes = nodes(&mut random);
    vec![
        ("observations/stations.csv", stations(&nodes)),
        ("observations/detections.csv", detections(&nodes, &mut random)),
        ("observations/node-beats.csv", beats(nodes.len())),
        ("observations/sensors.csv", sensors()),
        ("observations/measurements.csv", measurements(&mut random)),
        ("truth/bangs.csv", truth()),
    ]
}

fn nodes(random: &mut Random) -> Vec<[f64; 2]> {
    let (columns, rows) = (15, 6);
    (0..columns * rows)
        .map(|i| {
            let (column, row) = (f64::from(i % columns), f64::from(i / columns));
            [
                -10.0 + (column + 0.5) * 20.0 / f64::from(columns) + random.between(-0.4, 0.4),
                -5.0 + (row + 0.5) * 10.0 / f64::from(rows) + random.between(-0.4, 0.4),
            ]
        })
        .collect()
}

fn stations(nodes: &[[f64; 2]]) -> String {
    let mut text = String::from("node,since,lat,lon,range_m,clock_error_ms,height_m\n");
    for (node, place) in nodes.iter().enumerate() {
        let (lat, lon) = degrees(*place, 6);
        let _ = writeln!(text, "ear-{node:02},2031-06-01T00:00:00Z,{lat},{lon},8000,1,{}", 90 + node % 40);
    }
    text
}

/// Nodes whose clock is off, s.
const CLOCKS: [(usize, f64); 2] = [(17, 0.42), (61, -0.8)];
/// The node that fell silent in the night.
const DEAD: usize = 33;
/// Nodes that heard a generator for four minutes, and nothing else.
const LOUD: [usize; 2] = [48, 49];
const LOUD_S: [f64; 2] = [2_400.0, 2_640.0];

fn detections(nodes: &[[f64; 2]], random: &mut Random) -> String {
    // Seconds, node, likelihoods.
    let mut heard: Vec<(f64, usize, Option<bool>)> = Vec::new();
    for bang in bangs() {
        for (node, place) in nodes.iter().enumerate() {
            let (dx, dy) = (place[0] - bang.place[0], place[1] - bang.place[1]);
            // Sound goes over the globe, not over a plane.
            let d = match (point(*place), point(bang.place)) {
                (Some(a), Some(b)) => truce::geodesy::distance(a, b) as f64 * 1e-6,
                _ => continue,
            };
            if d >= HEARING_KM || node == DEAD || !random.chance(0.8) {
                continue;
            }
            let along = (dx * WIND_KM_S[0] + dy * WIND_KM_S[1]) / d.max(1e-9) / SOUND_KM_S;
            let error = along + random.normal(0.0, 0.006);
            let off = CLOCKS.iter().find(|(of, _)| *of == node).map_or(0.0, |(_, off)| *off);
            let at = bang.at_s + d / (SOUND_KM_S * (1.0 + error)) + random.normal(0.0, 0.02) + off;
            let told = random.chance(0.8);
            heard.push((at, node, bang.outgoing.map(|outgoing| outgoing == told)));
        }
    }
    for _ in 0..random.poisson(1_500.0) {
        heard.push((random.between(0.0, 3_600.0), random.between(0.0, nodes.len() as f64) as usize, None));
    }
    for node in LOUD {
        for _ in 0..random.poisson(290.0) {
            heard.push((random.between(LOUD_S[0], LOUD_S[1]), node, None));
        }
    }
    heard.retain(|(_, node, _)| *node != DEAD);
    heard.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut text = String::from("node,time,clock_error_ms,outgoing,impact\n");
    for (at, node, class) in heard {
        let (outgoing, impact) = match class {
            Some(true) => ("0.8", "0.2"),
            Some(false) => ("0.2", "0.8"),
            None => ("", ""),
        };
        let _ = writeln!(text, "ear-{node:02},{},1,{outgoing},{impact}", moment(at));
    }
    text
}

fn beats(nodes: usize) -> String {
    let mut text = String::from("node,time,time_end,state\n");
    let mut row = |node: usize, from: &str, to: &str, state: &str| {
        let _ = writeln!(text, "ear-{node:02},{from},{to},{state}");
    };
    for node in 0..nodes {
        if node == DEAD {
            row(node, "2031-06-03T00:00:00Z", "2031-06-10T02:00:00Z", "up");
            row(node, "2031-06-10T02:00:00Z", "2031-06-11T00:00:00Z", "down");
        } else {
            row(node, "2031-06-03T00:00:00Z", "2031-06-11T00:00:00Z", "up");
        }
        row(node, "2031-06-11T00:00:00Z", "2031-06-12T00:00:00Z", "up");
        row(node, "2031-06-12T00:00:00Z", "2031-06-20T00:00:00Z", "up");
    }
    for node in LOUD {
        row(node, "2031-06-10T10:40:00Z", "2031-06-10T10:44:00Z", "saturated");
    }
    text
}

/// Name, place, range in km, what it senses, how it looks.
const SENSORS: [(&str, [f64; 2], f64, &str); 4] = [
    ("kestrel-1", [-3.5, 2.2], 7.0, "light,yes,0.9,0.2,no"),
    ("heron-2", [1.6, -2.4], 6.0, "light,no,0.7,0.05,no"),
    ("owl-3", [8.2, 1.1], 6.0, "sound,no,0.6,0.05,no"),
    ("rook-4", [-3.5, 2.2], 30.0, "light,no,0.9,0.01,yes"),
];

fn sensors() -> String {
    let mut text =
        String::from("sensor,since,lat,lon,range_m,senses,scans,detection,false_per_scan,cooperative\n");
    for (name, place, range, senses) in SENSORS {
        let (lat, lon) = degrees(place, 6);
        let _ = writeln!(text, "{name},2031-06-01T00:00:00Z,{lat},{lon},{},{senses}", range * 1e3);
    }
    text
}

fn measurements(random: &mut Random) -> String {
    let seen: [Flight; 3] = [intruder, own, visitor];
    let mut rows: Vec<(f64, String)> = Vec::new();
    let distance = |a: [f64; 2], b: [f64; 2]| ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)).sqrt();
    // The radar turns once in four seconds and reports every turn, the camera looks every three.
    for (sensor, period, sigma_m, hit) in [(0, 4.0, 25.0, 0.9), (1, 3.0, 35.0, 0.7)] {
        let (name, at, range, _) = SENSORS[sensor];
        for turn in 0..(3_600.0 / period) as u32 {
            let t = period * f64::from(turn) + 0.4;
            let mut found = false;
            let mut position = |place: [f64; 2], craft: &str, random: &mut Random| {
                let off = [random.normal(0.0, sigma_m * 1e-3), random.normal(0.0, sigma_m * 1e-3)];
                let (lat, lon) = degrees([place[0] + off[0], place[1] + off[1]], 6);
                rows.push((t, format!("{name},{},position,{lat},{lon},{sigma_m},,,{craft},", moment(t))));
            };
            for flight in seen {
                let place = flight(t).map(|(place, _)| place).filter(|place| distance(*place, at) < range);
                if let Some(place) = place.filter(|_| random.chance(hit)) {
                    position(place, "multirotor,0.8", random);
                    found = true;
                }
            }
            for _ in 0..random.poisson(if sensor == 0 { 0.2 } else { 0.05 }) {
                let (angle, far) = (random.between(0.0, TAU), range * random.unit().sqrt());
                position([at[0] + far * angle.cos(), at[1] + far * angle.sin()], ",", random);
                found = true;
            }
            if sensor == 0 && !found {
                rows.push((t, format!("{name},{},nothing,,,,,,,,", moment(t))));
            }
        }
    }
    let (name, at, range, _) = SENSORS[2];
    for look in 0..1_800 {
        // What is heard now left the aircraft a while ago.
        let t = 2.0 * f64::from(look) + 0.9;
        let left = (0..20)
            .fold(t, |left, _| unseen(left).map_or(left, |(place, _)| t - distance(place, at) / SOUND_KM_S));
        let Some((place, _)) = unseen(left).filter(|(place, _)| distance(*place, at) < range) else {
            continue;
        };
        if !random.chance(0.6) {
            continue;
        }
        let azimuth = (place[0] - at[0]).atan2(place[1] - at[1]).to_degrees() + random.normal(0.0, 3.0);
        let azimuth = azimuth.rem_euclid(360.0);
        rows.push((t, format!("{name},{},direction,,,,{azimuth:.2},3,,,", moment(t))));
    }
    for second in 0..3_600 {
        let t = f64::from(second) + 0.2;
        let Some((place, v)) = own(t).filter(|_| second % 3 == 0) else { continue };
        let (lat, lon) =
            degrees([place[0] + random.normal(0.0, 0.01), place[1] + random.normal(0.0, 0.01)], 6);
        let v = v.map(|km_s| km_s * 1e3);
        rows.push((t, format!("rook-4,{},report,{lat},{lon},10,,,,,M-1,{:.1},{:.1}", moment(t), v[0], v[1])));
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    let mut text = String::from(
        "sensor,time,measure,lat,lon,error_m,azimuth,azimuth_error,craft,craft_chance,claims,east_m_s,north_m_s\n",
    );
    for (_, row) in rows {
        let fields = row.split(',').count();
        let _ = writeln!(text, "{row}{}", ",".repeat(13 - fields));
    }
    text
}

fn truth() -> String {
    let mut text = String::from("time,lat,lon,sort\n");
    for bang in bangs() {
        let (lat, lon) = degrees(bang.place, 7);
        let sort = match bang.outgoing {
            Some(true) => "outgoing",
            Some(false) => "impact",
            None => "neither",
        };
        let _ = writeln!(text, "{},{lat},{lon},{sort}", moment(bang.at_s));
    }
    text
}
