//! Zones by distance from a line, on flights whose time inside is known; and lines that are moved.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]
#[expect(unreachable_pub, dead_code, reason = "shared with the other tests, which use more of it")]
mod common;

use common::Chance;
use track::*;
use truce::time::{SECOND, Time};

/// Late enough to see everything.
const OLD: Time = Time(i64::MAX);
/// Error of a position, m.
const SIGMA: f64 = 20.0;

/// A line along the x axis, from west to east, with a corner in it that changes nothing.
fn line(sigma: f64) -> Line {
    Line::new("line", ["north", "south"], sigma, &[[-60_000.0, 0.0], [1_234.0, 0.0], [60_000.0, 0.0]])
        .unwrap()
}

fn band(left: bool, right: bool, beyond: f64, within: f64) -> Band {
    Band { name: "band".into(), from: vec![Course { lines: vec![0], left, right }], beyond, within }
}

/// Where an aircraft is after so many seconds.
type Path = fn(f64) -> [f64; 2];

/// Flights seen once a second by one radar, which errs as it says.
fn watched(
    lines: Vec<Line>,
    bands: Vec<Band>,
    seconds: i64,
    paths: &[Path],
    seed: u64,
    workers: &impl Workers,
) -> Tracker {
    let mut chance = Chance(seed);
    let mut radar = Sensor::scanning("radar", 0.95, 1e-9);
    radar.field = Field::square(-70_000.0, 70_000.0);
    let mut tracker = Tracker::new(Settings::default(), vec![radar]);
    tracker.watch_lines(lines);
    tracker.watch_bands(bands);
    let mut id = 0;
    for t in 0..seconds {
        let time = Time(t * SECOND);
        tracker.scanned(0, time);
        for path in paths {
            let at = path(t as f64).map(|x| x + SIGMA * chance.normal());
            id += 1;
            if chance.uniform() < 0.95 {
                let what = What::Position { at, cov: Sym2::round(SIGMA * SIGMA), height: None };
                tracker.add(Measurement { sensor: 0, id, time, what, signature: None }).expect("sound");
            }
        }
        tracker.advance(time, workers);
    }
    tracker.finish(workers);
    tracker
}

/// Without the measurements, so that a failure can be read.
fn stays(tracker: &Tracker) -> Vec<Stay> {
    let mut stays = tracker.fine_stays(Audience::Monitor, OLD, 0).expect("old enough");
    for stay in &mut stays {
        assert!(!stay.shares.is_empty() && stay.sensors == [0]);
        stay.shares.clear();
    }
    stays
}

/// Towards the line at 40 m/s, half a circle of 600 m before it, 1,000 m away at the nearest, and back.
fn nears(t: f64) -> [f64; 2] {
    let turn = core::f64::consts::PI * 600.0 / 40.0;
    if t < 110.0 {
        [0.0, 6_000.0 - 40.0 * t]
    } else if t < 110.0 + turn {
        let angle = (t - 110.0) * 40.0 / 600.0;
        let (s, c) = (libm::sin(angle), libm::cos(angle));
        [600.0 - 600.0 * c, 1_600.0 - 600.0 * s]
    } else {
        [1_200.0, 1_600.0 + 40.0 * (t - 110.0 - turn)]
    }
}

/// Straight over the line at 50 m/s, from the north.
fn over(t: f64) -> [f64; 2] {
    [3.0 * t, 6_000.0 - 50.0 * t]
}

#[test]
fn the_expected_time_is_the_time() {
    // (band, path, seconds, true seconds inside)
    let cases: [(Band, Path, i64, f64); 5] = [
        (band(true, true, 0.0, 4_000.0), over, 240, 160.0),
        (band(true, false, 0.0, 4_000.0), over, 240, 80.0),
        (band(false, true, 1_000.0, 4_000.0), over, 240, 60.0),
        (band(true, false, 0.0, 4_000.0), nears, 280, 167.1),
        (band(true, true, 500.0, 3_000.0), nears, 280, 117.1),
    ];
    for (number, (band, path, seconds, truth)) in cases.into_iter().enumerate() {
        let mut off = Vec::new();
        for seed in 0..12 {
            let tracker = watched(vec![line(30.0)], vec![band.clone()], seconds, &[path], seed, &OneWorker);
            let stays = stays(&tracker);
            let [stay] = &stays[..] else { panic!("case {number}, seed {seed}: {stays:#?}") };
            assert_eq!((stay.zone, stay.grade), (Zone::Band(0), Grade::OneSensor), "{stay:?}");
            off.push(stay.expected as f64 / 1e3 - truth);
            let inside = (stay.surely as f64 / 1e3, stay.at_most as f64 / 1e3);
            assert!(inside.0 < truth && truth < inside.1, "case {number}: {stay:?}");
            // Surely inside, by 4 sigmas of track and line together.
            let depth = stay.at[1].abs() as f64 / 1e3;
            let margin = (depth - band.beyond).min(band.within - depth);
            let whole = band.from[0].left && band.from[0].right && band.beyond == 0.0;
            assert!(whole || margin > 100.0, "case {number}: {stay:?}");
            // Nearest to the line: on it, where the flight went over it inside the band.
            assert!(margin < 250.0 || (whole && depth < 60.0) || path(100.0) == nears(100.0), "{stay:?}");
        }
        let mean = off.iter().sum::<f64>() / off.len() as f64;
        println!("case {number}: {truth} s true, expected time off by {mean:.2} s in the mean, {off:.1?}");
        assert!(off.iter().all(|off| off.abs() < 3.0) && mean.abs() < 1.5, "case {number}: {off:?}");
    }
}

/// One flight over the line through a band on either side: one visit, on the place of the one crossing; and the same crossing,
/// bit by bit, as without the band.
#[test]
fn a_visit_stands_where_the_line_was_crossed() {
    for seed in 0..6 {
        let wide = band(true, true, 0.0, 5_000.0);
        let with = watched(vec![line(30.0)], vec![wide], 240, &[over], seed, &OneWorker);
        let without = watched(vec![line(30.0)], Vec::new(), 240, &[over], seed, &OneWorker);
        let crossings = |tracker: &Tracker| -> Vec<Crossing> {
            tracker.fine_crossings(Audience::Monitor, OLD, 0).expect("old").into_iter().cloned().collect()
        };
        assert_eq!(crossings(&with), crossings(&without));
        let (stays, crossings) = (stays(&with), crossings(&with));
        let ([stay], [crossing]) = (&stays[..], &crossings[..]) else { panic!("{stays:?} {crossings:?}") };
        let along = crossing.along[1] - 60_000_000;
        assert!((stay.at[0] - along).abs() < 100_000 && stay.at[1].abs() < 60_000, "{stay:?} {crossing:?}");
        assert!(stay.from < crossing.time[0] && crossing.time[2] < stay.to);
    }
}

/// The line's error is the error of both edges: what is sure shrinks with it, what is possible grows, what is expected stays.
#[test]
fn a_line_known_badly_makes_a_time_known_badly() {
    let stay = |sigma: f64| {
        let tracker = watched(
            vec![line(sigma)],
            vec![band(true, true, 0.0, 4_000.0)],
            280,
            &[|t| [3.0 * t, 7_000.0 - 50.0 * t]],
            3,
            &OneWorker,
        );
        let stays = stays(&tracker);
        let [stay] = &stays[..] else { panic!("{sigma}: {stays:?}") };
        stay.clone()
    };
    let (well, badly) = (stay(10.0), stay(500.0));
    println!(
        "10 m: {} {} {} ms; 500 m: {} {} {} ms",
        well.surely, well.expected, well.at_most, badly.surely, badly.expected, badly.at_most
    );
    // 1.64 sigmas of 500 m at 50 m/s are 16 s at each of the edges.
    assert!((25_000..45_000).contains(&(well.surely - badly.surely)), "{well:?} {badly:?}");
    assert!((25_000..45_000).contains(&(badly.at_most - well.at_most)), "{well:?} {badly:?}");
    assert!((badly.expected - well.expected).abs() < 1_500, "{well:?} {badly:?}");
    // A band no wider than the line's error: nobody is surely in it, and nobody is said to have been.
    let narrow =
        watched(vec![line(2_000.0)], vec![band(true, false, 0.0, 1_500.0)], 240, &[over], 3, &OneWorker);
    for stay in stays(&narrow) {
        assert!(stay.surely == 0 && stay.permille < 500 && stay.grade == Grade::Faint, "{stay:?}");
    }
}

#[test]
fn a_flight_along_the_outside_is_no_visit() {
    // Six sigmas of line (30 m) and settled track (about 10 m) beyond the edge; and, as control, as far inside it.
    let outside: Path = |t| [40.0 * t, 4_200.0];
    let inside: Path = |t| [40.0 * t, 3_800.0];
    for seed in 0..8 {
        for (left, right) in [(true, true), (true, false)] {
            let seen = |path: Path| {
                stays(&watched(
                    vec![line(30.0)],
                    vec![band(left, right, 0.0, 4_000.0)],
                    200,
                    &[path],
                    seed,
                    &OneWorker,
                ))
            };
            assert_eq!(seen(outside), [], "seed {seed}");
            let found = seen(inside);
            let [stay] = &found[..] else { panic!("{found:?}") };
            assert!(stay.surely > 185_000 && stay.grade == Grade::OneSensor, "{stay:?}");
        }
        // On the other side of the line there is no band.
        let far = watched(
            vec![line(30.0)],
            vec![band(false, true, 0.0, 4_000.0)],
            200,
            &[inside],
            seed,
            &OneWorker,
        );
        assert_eq!(stays(&far), []);
    }
}

/// Bands within each other, and nothing crossed: the visits stand at one place, so that they are one incident.
#[test]
fn visits_to_bands_within_each_other_stand_together() {
    let bands = vec![band(true, true, 0.0, 4_000.0), band(true, true, 0.0, 2_000.0)];
    let tracker = watched(vec![line(30.0)], bands, 280, &[nears], 1, &OneWorker);
    let stays = stays(&tracker);
    let [narrow, wide] = &stays[..] else { panic!("{stays:?}") };
    assert_eq!((narrow.zone, wide.zone), (Zone::Band(1), Zone::Band(0)));
    assert_eq!((narrow.at, narrow.sigma), (wide.at, wide.sigma));
    assert!((narrow.expected - 67_100).abs() < 2_500 && (wide.expected - 167_100).abs() < 2_500);
}

/// A line in two pieces with a gap, and another that only one party calls its own.
#[test]
fn a_line_in_pieces_and_lines_of_their_own() {
    let piece = |from: f64, to: f64, y: f64| {
        Line::new("line", ["north", "south"], 30.0, &[[from, y], [to, y]]).unwrap()
    };
    let lines = || {
        vec![piece(-60_000.0, 500.0, 0.0), piece(600.0, 60_000.0, 0.0), piece(-60_000.0, 60_000.0, -1_000.0)]
    };
    let course = |lines: &[usize]| Course { lines: lines.to_vec(), left: true, right: true };
    let of = |from: Vec<Course>| Band { name: "band".into(), from, beyond: 0.0, within: 3_000.0 };
    let stay = |from: Vec<Course>| {
        let tracker = watched(lines(), vec![of(from)], 280, &[over], 5, &OneWorker);
        let stays = stays(&tracker);
        let [stay] = &stays[..] else { panic!("{stays:?}") };
        [stay.surely, stay.expected, stay.at_most].map(|ms| (ms as f64 / 1e3).round())
    };
    let near = |is: [f64; 3], truth: [f64; 3]| {
        assert!(is.iter().zip(truth).all(|(is, truth)| (is - truth).abs() < 4.0), "{is:?} {truth:?}");
    };
    near(stay(vec![course(&[0, 1])]), [118.0, 120.0, 122.0]);
    // By the one line from 3,000 to -3,000, by the other from 2,000 to -4,000: whose it is, nobody knows.
    near(stay(vec![course(&[0, 1]), course(&[2])]), [98.0, 120.0, 142.0]);
    // A line that nobody watches measures nothing.
    let tracker = watched(lines(), vec![of(vec![course(&[9])]), of(Vec::new())], 280, &[over], 5, &OneWorker);
    assert_eq!(stays(&tracker), []);
}

/// A line that is moved crosses nobody: not the aircraft over which it moves, and in its band is who is near to the version
/// that holds.
#[test]
fn a_line_that_moves_crosses_nobody() {
    let switch = Time(100 * SECOND);
    let at = |y: f64| Line::new("line", ["north", "south"], 30.0, &[[-60_000.0, y], [60_000.0, y]]).unwrap();
    let versions =
        || vec![at(0.0).holding(Time(i64::MIN), switch), at(-2_000.0).holding(switch, Time(i64::MAX))];
    let both = || {
        vec![Band {
            from: vec![Course { lines: vec![0, 1], left: true, right: true }],
            ..band(true, true, 0.0, 1_200.0)
        }]
    };
    // South of the old line, north of the new one, parallel to both.
    let between: Path = |t| [30.0 * t, -1_000.0];
    let count = |tracker: &Tracker| tracker.fine_crossings(Audience::Monitor, OLD, 0).expect("old").len();
    for seed in 0..4 {
        let parallel = watched(versions(), both(), 200, &[between], seed, &OneWorker);
        assert_eq!(count(&parallel), 0, "seed {seed}");
        let stays = stays(&parallel);
        let [stay] = &stays[..] else { panic!("{stays:?}") };
        assert!(stay.surely > 190_000, "{stay:?}");
        // The old line is crossed while it holds, and not after; the new one after, and not before.
        let early: Path = |t| [10.0, 1_500.0 - 50.0 * t];
        let late: Path = |t| [4_000.0, 6_500.0 - 50.0 * t];
        for (path, line) in [(early, 0), (late, 1)] {
            let tracker = watched(versions(), Vec::new(), 220, &[path], seed, &OneWorker);
            let found = tracker.fine_crossings(Audience::Monitor, OLD, 0).expect("old");
            let [only] = &found[..] else { panic!("seed {seed}: {found:?}") };
            assert_eq!((only.line, only.to_left, only.grade), (line, false, Grade::OneSensor), "{only:?}");
        }
    }
}

/// As many threads as one likes.
struct Threads(usize);

impl Workers for Threads {
    fn each<T: Send>(&self, items: &mut [T], work: &(impl Fn(&mut T) + Sync)) {
        let share = items.len().div_ceil(self.0).max(1);
        std::thread::scope(|scope| {
            for part in items.chunks_mut(share) {
                scope.spawn(move || part.iter_mut().for_each(work));
            }
        });
    }
}

#[test]
fn any_number_of_threads_gives_the_same_visits() {
    // Enough aircraft for several parcels of work.
    let run = |workers: &dyn Fn(&mut Tracker, Time)| {
        let mut chance = Chance(11);
        let mut radar = Sensor::scanning("radar", 0.95, 1e-9);
        radar.field = Field::square(-70_000.0, 70_000.0);
        let mut tracker = Tracker::new(Settings::default(), vec![radar]);
        tracker.watch_lines(vec![line(30.0)]);
        tracker.watch_bands(vec![band(true, true, 0.0, 3_000.0), band(true, false, 500.0, 2_000.0)]);
        for t in 0..120_i64 {
            let time = Time(t * SECOND);
            tracker.scanned(0, time);
            for n in 0..300_i64 {
                let y = 3_500.0 - f64::from(n as i32 % 40) * 50.0 - 50.0 * t as f64;
                let at = [n as f64 * 300.0 - 45_000.0, y].map(|x| x + SIGMA * chance.normal());
                let what = What::Position { at, cov: Sym2::round(SIGMA * SIGMA), height: None };
                let id = (t * 1_000 + n) as u64;
                tracker.add(Measurement { sensor: 0, id, time, what, signature: None }).expect("sound");
            }
            workers(&mut tracker, time);
        }
        tracker.finish(&OneWorker);
        format!("{:?}", stays(&tracker))
    };
    let one = run(&|tracker, time| tracker.advance(time, &OneWorker));
    assert!(one.matches("Stay {").count() >= 500, "{}", one.matches("Stay {").count());
    for threads in [2, 4] {
        assert!(run(&|tracker, time| tracker.advance(time, &Threads(threads))) == one, "{threads} threads");
    }
}
