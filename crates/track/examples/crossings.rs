//! How well crossings of an uncertain line are reported: calibration, right when sure, false reports.
//!
//! `crossings FIRST_SEED LAST_SEED TARGETS SECONDS [LIE]` prints one JSON object. A line of 40 km with a
//! bend, known to 30 m (each aircraft sees its own draw of where the line really is); aircraft of the bench's
//! kind within 4 km of it; two sensors (20 m, 0.9; 35 m, 0.6) with false detections. LIE divides the error
//! that the sensors state by a factor (2: they understate it twofold).
#[path = "../tests/common/mod.rs"]
#[expect(unreachable_pub, dead_code, reason = "shared with the tests, which use more of it")]
mod common;
use common::{Aircraft, Chance};
use track::*;
use truce::time::{SECOND, Time};

const HALF: f64 = 4_000.0;
const LENGTH: f64 = 40_000.0;

/// One report, held against the truth.
struct Event {
    p: f64,
    /// The aircraft most measured in it changed sides within its 5-95 % interval, give or take 8 s.
    happened: bool,
    /// One of the aircraft measured in it changed sides within a minute of it.
    nearly: bool,
    returned: bool,
    grade: Grade,
}

fn main() {
    let args: Vec<f64> = std::env::args().skip(1).map(|a| a.parse().expect("a number")).collect();
    let [first, last, targets, seconds] = args[..4] else { panic!("FIRST LAST TARGETS SECONDS [LIE]") };
    let lie = args.get(4).copied().unwrap_or(1.0);
    let mut events: Vec<Event> = Vec::new();
    let mut track_seconds = 0.0;
    let (mut crossed, mut reported) = (0_u32, 0_u32);
    let mut in_time = 0_u32;
    for seed in first as u64..=last as u64 {
        run(
            seed,
            targets as usize,
            seconds as i64,
            lie,
            &mut events,
            &mut track_seconds,
            (&mut crossed, &mut reported, &mut in_time),
        );
    }
    let mut bins = [(0.0, 0.0, 0.0); 10];
    for Event { p, happened: truth, .. } in events.iter().filter(|e| !e.returned) {
        let bin = &mut bins[((p * 10.0) as usize).min(9)];
        *bin = (bin.0 + 1.0, bin.1 + p, bin.2 + f64::from(u8::from(*truth)));
    }
    let all: f64 = bins.iter().map(|b| b.0).sum();
    let ece: f64 = bins.iter().map(|b| (b.1 - b.2).abs()).sum::<f64>() / all;
    let likely: Vec<_> = events.iter().filter(|e| e.p >= 0.95).collect();
    let likely_wrong = likely.iter().filter(|e| !e.happened).count();
    let sure: Vec<_> = events.iter().filter(|e| e.grade <= Grade::OneSensor).collect();
    let wrong = sure.iter().filter(|e| !e.happened).count();
    let nothing = sure.iter().filter(|e| !e.nearly).count();
    let brier: f64 = events
        .iter()
        .filter(|e| !e.returned)
        .map(|e| e.p - f64::from(u8::from(e.happened)))
        .map(|off| off * off)
        .sum::<f64>()
        / all;
    let hours = track_seconds / 3600.0;
    println!(
        "{{\"seeds\": \"{first}..{last}\", \"lie\": {lie}, \"events\": {all}, \"ece\": {ece:.4}, \"brier\": {brier:.4}, \"p95\": {}, \"p95_right\": {:.4}, \"graded\": {}, \"graded_right\": {:.4}, \"track_hours_within_2_km\": {hours:.0}, \"false_per_1000_h\": {:.2}, \"true_crossings\": {crossed}, \"reported_0.5\": {:.4}, \"time_inside_5_95\": {:.3}}}",
        likely.len(),
        1.0 - likely_wrong as f64 / likely.len().max(1) as f64,
        sure.len(),
        1.0 - wrong as f64 / sure.len().max(1) as f64,
        nothing as f64 / hours * 1000.0,
        f64::from(reported) / f64::from(crossed.max(1)),
        f64::from(in_time) / f64::from(reported.max(1)),
    );
    for (i, b) in bins.iter().enumerate() {
        eprintln!("P {:.1}: n {} stated {:.3} true {:.3}", i as f64 / 10.0, b.0, b.1 / b.0, b.2 / b.0);
    }
}

fn run(
    seed: u64,
    targets: usize,
    seconds: i64,
    lie: f64,
    events: &mut Vec<Event>,
    track_seconds: &mut f64,
    (crossed, reported, in_time): (&mut u32, &mut u32, &mut u32),
) {
    let mut chance = Chance(seed.wrapping_mul(0x5851_f42d_4c95_7f2d));
    let line = || {
        Line::new("line", ["north", "south"], 30.0, &[[-LENGTH, 0.0], [0.0, 600.0], [LENGTH, -400.0]])
            .expect("a line")
    };
    let geometry = line();
    let field = Field::Rectangle(
        [-LENGTH / 2.0 - 3_000.0, -HALF - 2_000.0],
        [LENGTH / 2.0 + 3_000.0, HALF + 2_000.0],
    );
    let sensors = [(20.0, 0.9, 0.05e-6), (35.0, 0.6, 0.02e-6)];
    let mut tracker = Tracker::new(
        Settings::default(),
        sensors
            .iter()
            .map(|&(_, pd, clutter)| Sensor {
                field: field.clone(),
                ..Sensor::scanning("radar", pd, clutter)
            })
            .collect(),
    );
    tracker.watch_lines(vec![line()]);
    let area = field_area(&field);
    // A new aircraft takes the place of one that leaves.
    let mut flown: Vec<Vec<(i64, [f64; 2])>> = Vec::new();
    let mut shift: Vec<f64> = Vec::new();
    let begin = |chance: &mut Chance, flown: &mut Vec<Vec<(i64, [f64; 2])>>, shift: &mut Vec<f64>| {
        let x = [chance.between(-LENGTH / 2.0, LENGTH / 2.0), chance.between(-HALF, HALF)];
        flown.push(Vec::new());
        shift.push(30.0 * chance.normal());
        Aircraft::new(flown.len() - 1, x, chance)
    };
    let mut now: Vec<Aircraft> = (0..targets).map(|_| begin(&mut chance, &mut flown, &mut shift)).collect();
    // Which aircraft a measurement is of; usize::MAX for none. Its number is its index.
    let mut labels: Vec<usize> = Vec::new();
    for t in 0..seconds {
        for (s, &(sigma, pd, clutter)) in sensors.iter().enumerate() {
            let time = Time(t * SECOND);
            tracker.scanned(s, time);
            let add = |tracker: &mut Tracker, labels: &mut Vec<usize>, at: [f64; 2], label: usize| {
                let cov = Sym2::round(sigma * sigma / (lie * lie));
                let what = What::Position { at, cov, height: None };
                let m = Measurement { sensor: s, id: labels.len() as u64, time, what, signature: None };
                labels.push(label);
                tracker.add(m).expect("a sound measurement");
            };
            for a in &now {
                if chance.uniform() < pd {
                    let at = [a.x[0] + sigma * chance.normal(), a.x[1] + sigma * chance.normal()];
                    add(&mut tracker, &mut labels, at, a.id);
                }
            }
            for _ in 0..chance.poisson(clutter * area) {
                let Field::Rectangle(low, high) = &field else { unreachable!() };
                let at = [chance.between(low[0], high[0]), chance.between(low[1], high[1])];
                add(&mut tracker, &mut labels, at, usize::MAX);
            }
        }
        tracker.advance(Time(t * SECOND), &OneWorker);
        for s in tracker.fine(Audience::Analyst, Time(i64::MAX), 0).expect("old") {
            let at = [s.place[0] as f64 / 1e3, s.place[1] as f64 / 1e3];
            if geometry.beside(at, 2_000.0).is_some() {
                *track_seconds += 1.0;
            }
        }
        for a in &mut now {
            flown[a.id].push((t, a.x));
            a.second(&mut chance);
            if a.x[1].abs() > HALF || a.x[0].abs() > LENGTH / 2.0 {
                *a = begin(&mut chance, &mut flown, &mut shift);
            }
        }
    }
    tracker.finish(&OneWorker);
    // True changes of side: aircraft, seconds, to the left.
    let mut truth: Vec<Vec<(f64, bool, bool)>> = vec![Vec::new(); flown.len()];
    for (id, path) in flown.iter().enumerate() {
        let side = |x: [f64; 2]| geometry.beside(x, 20_000.0).expect("near").distance + shift[id];
        for pair in path.windows(2) {
            let (a, b) = (side(pair[0].1), side(pair[1].1));
            if (a > 0.0) != (b > 0.0) {
                truth[id].push((pair[0].0 as f64 + a / (a - b), b > 0.0, false));
            }
        }
    }
    for c in tracker.fine_crossings(Audience::Analyst, Time(i64::MAX), 0).expect("old") {
        let mut votes: std::collections::BTreeMap<usize, u32> = std::collections::BTreeMap::new();
        for share in &c.shares {
            *votes.entry(labels[share.measurement as usize]).or_default() += u32::from(share.permille);
        }
        let of = votes.iter().max_by_key(|(_, n)| **n).map_or(usize::MAX, |(id, _)| *id);
        let seconds = c.time.map(|t| t.0 as f64 / 1e6);
        let all: u32 = votes.values().sum();
        let mut happened = false;
        let nearly =
            votes.iter().filter(|(_, n)| **n * 5 >= all).filter_map(|(id, _)| truth.get(*id)).flatten().any(
                |(t, to_left, _)| {
                    *to_left == c.to_left && (seconds[0] - 60.0..=seconds[2] + 60.0).contains(t)
                },
            );
        if let Some(list) = truth.get_mut(of) {
            let window = seconds[0] - 8.0..=seconds[2] + 8.0;
            let mut net = 0;
            for (t, to_left, used) in list.iter_mut().filter(|(t, ..)| window.contains(t)) {
                net += if *to_left == c.to_left { 1 } else { -1 };
                if *to_left == c.to_left && c.permille >= 500 && !*used {
                    *used = true;
                    *reported += 1;
                    *in_time += u32::from((seconds[0]..=seconds[2]).contains(t));
                }
                happened |= c.returned && *to_left == c.to_left;
            }
            // A visit is another report: to have crossed is to be on the other side afterwards.
            happened |= !c.returned && net > 0;
        }
        if !nearly && c.grade <= Grade::OneSensor && std::env::var_os("SHOW_FALSE").is_some() {
            let near = |id: usize| {
                truth
                    .get(id)
                    .map(|l| l.iter().filter(|(t, ..)| (t - seconds[1]).abs() < 60.0).collect::<Vec<_>>())
            };
            eprintln!(
                "track {} P {} returned {} to_left {} time {seconds:?} of {of} votes {votes:?} truth {:?}",
                c.track,
                c.permille,
                c.returned,
                c.to_left,
                near(of)
            );
        }
        let p = f64::from(c.permille) / 1000.0;
        events.push(Event { p, happened, nearly, returned: c.returned, grade: c.grade });
    }
    // What can be asked of a report: aircraft that were there for ten seconds on both sides.
    for (id, list) in truth.iter().enumerate() {
        let (from, to) =
            (flown[id].first().map_or(0, |f| f.0) as f64, flown[id].last().map_or(0, |l| l.0) as f64);
        *crossed += list.iter().filter(|(t, ..)| t - from > 10.0 && to - t > 10.0).count() as u32;
    }
}

fn field_area(field: &Field) -> f64 {
    let Field::Rectangle(a, b) = field else { unreachable!() };
    (b[0] - a[0]) * (b[1] - a[1])
}
