//! What it costs to watch zones by distance from a line: the same aircraft with the line alone, and with zones beside it.
//!
//! `bands AIRCRAFT SECONDS RUNS` prints one JSON object. A line of 1,000 km that winds, drawn every 250 m; aircraft of the
//! bench's kind anywhere within 25 km of it; one radar (20 m, 0.9). In milliseconds a scan, the least of the runs scan by scan.
//! Crossings must be the same in all cases, bit by bit, or it fails.
#[path = "../tests/common/mod.rs"]
#[expect(unreachable_pub, dead_code, reason = "shared with the tests, which use more of it")]
mod common;
use common::{Aircraft, Chance};
use std::time::Instant;
use track::*;
use truce::time::{SECOND, Time};

const HALF: f64 = 500_000.0;

fn north(x: f64) -> f64 {
    20_000.0 * libm::sin(x / 90_000.0) + 700.0 * libm::sin(x / 2_300.0)
}

#[expect(clippy::disallowed_methods, reason = "the shell may read the clock; the crate may not")]
fn main() {
    let args: Vec<usize> = std::env::args().skip(1).map(|a| a.parse().expect("a number")).collect();
    let [aircraft, seconds, runs] = args[..] else { panic!("AIRCRAFT SECONDS RUNS") };
    let points: Vec<[f64; 2]> =
        (0..=4_000).map(|i| -HALF + 250.0 * f64::from(i)).map(|x| [x, north(x)]).collect();
    let band = |left, right, within| Band {
        name: "band".into(),
        from: vec![Course { lines: vec![0], left, right }],
        beyond: 0.0,
        within,
    };
    let cases = [
        ("the line alone", Vec::new()),
        ("15 km on either side", vec![band(true, true, 15_000.0)]),
        (
            "five zones: 15, 10 and 2 km on either side, 15 km on one",
            vec![
                band(true, true, 15_000.0),
                band(true, true, 10_000.0),
                band(true, true, 2_000.0),
                band(true, false, 15_000.0),
                band(false, true, 15_000.0),
            ],
        ),
    ];
    let frames = scene(aircraft, seconds);
    let mut least = vec![vec![f64::INFINITY; seconds]; cases.len()];
    let mut crossings: Option<String> = None;
    let mut visits = vec![0; cases.len()];
    for _ in 0..runs {
        for (number, (_, bands)) in cases.iter().enumerate() {
            let mut radar = Sensor::scanning("radar", 0.9, 1e-9);
            radar.field = Field::square(-1.1 * HALF, 1.1 * HALF);
            let mut tracker = Tracker::new(Settings::default(), vec![radar]);
            let line = Line::new("line", ["left", "right"], 30.0, &points).expect("a line");
            tracker.watch_lines(vec![line]);
            tracker.watch_bands(bands.clone());
            for (t, frame) in frames.iter().enumerate() {
                let time = Time(t as i64 * SECOND);
                tracker.scanned(0, time);
                frame.iter().for_each(|m| tracker.add(m.clone()).expect("sound"));
                let start = Instant::now();
                tracker.advance(time, &OneWorker);
                let ms = start.elapsed().as_secs_f64() * 1e3;
                least[number][t] = least[number][t].min(ms);
            }
            tracker.finish(&OneWorker);
            let old = Time(i64::MAX);
            visits[number] = tracker.fine_stays(Audience::Analyst, old, 0).expect("old").len();
            let told = format!("{:?}", tracker.fine_crossings(Audience::Analyst, old, 0).expect("old"));
            assert!(*crossings.get_or_insert(told.clone()) == told, "the bands changed a crossing");
        }
    }
    let told = crossings.unwrap_or_default().matches("Crossing {").count();
    println!("{{\"aircraft\": {aircraft}, \"scans\": {seconds}, \"runs\": {runs}, \"crossings\": {told}");
    let mut first = 0.0;
    for (((name, _), ms), visits) in cases.iter().zip(&mut least).zip(visits) {
        let all: f64 = ms.iter().sum();
        if first == 0.0 {
            first = all;
        }
        ms.sort_by(f64::total_cmp);
        let at = |q: f64| ms[((ms.len() - 1) as f64 * q) as usize];
        println!(
            " , \"{name}\": {{\"median_ms\": {:.3}, \"p99_ms\": {:.3}, \"all_ms\": {all:.0}, \"ratio\": {:.3}, \"visits\": {visits}}}",
            at(0.5),
            at(0.99),
            all / first
        );
    }
    println!("}}");
}

/// What the radar sees, scan by scan.
fn scene(count: usize, seconds: usize) -> Vec<Vec<Measurement>> {
    let mut chance = Chance(9_001);
    let mut flying: Vec<Aircraft> = (0..count)
        .map(|id| {
            let x = chance.between(-HALF, HALF);
            let y = north(x) + chance.between(-25_000.0, 25_000.0);
            Aircraft::new(id, [x, y], &mut chance)
        })
        .collect();
    let mut id = 0;
    let mut scan = |t: usize| {
        let mut frame = Vec::new();
        for a in &mut flying {
            if chance.uniform() < 0.9 {
                id += 1;
                let at = a.x.map(|x| x + 20.0 * chance.normal());
                let what = What::Position { at, cov: Sym2::round(400.0), height: None };
                let time = Time(t as i64 * SECOND);
                frame.push(Measurement { sensor: 0, id, time, what, signature: None });
            }
            a.second(&mut chance);
        }
        frame
    };
    (0..seconds).map(&mut scan).collect()
}
