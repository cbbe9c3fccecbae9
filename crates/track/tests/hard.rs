//! The hard scenarios: what a front does to a tracker. Each says what must hold, with room for chance but
//! not for failure.
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]
#[expect(unreachable_pub, reason = "shared with the examples")]
mod common;
use common::{Aircraft, Chance, azimuth, bearing, distance, listen, straight};
use std::collections::BTreeMap;
use track::*;
use truce::Name;
use truce::time::{HOUR, SECOND, Time};

const OLD: Time = Time(i64::MAX);

fn states(tracker: &Tracker) -> Vec<State> {
    tracker.fine(Audience::Analyst, OLD, 0).unwrap()
}

fn metres(state: &State) -> [f64; 2] {
    [state.place[0] as f64 / 1e3, state.place[1] as f64 / 1e3]
}

fn position(sensor: usize, id: u64, time: Time, at: [f64; 2], sigma: f64) -> Measurement {
    let what = What::Position { at, cov: Sym2::round(sigma * sigma), height: None };
    Measurement { sensor, id, time, what, signature: None }
}

fn radar(half: f64) -> Sensor {
    Sensor { field: Field::square(-half, half), ..Sensor::scanning("radar", 0.9, 0.2e-6) }
}

/// A scene of aircraft and false detections before one radar: (second, measurements).
fn scene(seed: u64, aircraft: usize, half: f64, seconds: i64) -> Vec<(i64, Vec<Measurement>)> {
    let mut chance = Chance(seed);
    let mut flying: Vec<Aircraft> = (0..aircraft)
        .map(|id| {
            let at = [chance.between(-half, half), chance.between(-half, half)];
            Aircraft::new(id, at, &mut chance)
        })
        .collect();
    let mut id = 0;
    (0..seconds)
        .map(|t| {
            let mut list = Vec::new();
            let mut put = |at: [f64; 2]| {
                list.push(position(0, id, Time(t * SECOND), at, 20.0));
                id += 1;
            };
            for a in &mut flying {
                if chance.uniform() < 0.9 {
                    put([a.x[0] + 20.0 * chance.normal(), a.x[1] + 20.0 * chance.normal()]);
                }
                a.second(&mut chance);
            }
            for _ in 0..chance.poisson(4.0 * half * half * 0.2e-6) {
                put([chance.between(-half, half), chance.between(-half, half)]);
            }
            (t, list)
        })
        .collect()
}

/// Threads of the standard library, as in the shell.
struct Threads(usize);

impl Workers for Threads {
    fn each<T: Send>(&self, parts: &mut [T], work: &(impl Fn(&mut T) + Sync)) {
        let share = parts.len().div_ceil(self.0).max(1);
        std::thread::scope(|scope| {
            for chunk in parts.chunks_mut(share) {
                scope.spawn(move || chunk.iter_mut().for_each(work));
            }
        });
    }
}

#[test]
fn any_number_of_threads_and_any_order_of_arrival_give_the_same() {
    let scene = scene(7, 400, 5_000.0, 25);
    let run = |workers: usize, shuffle: Option<u64>| {
        let settings = Settings { lag: 3 * SECOND, ..Settings::default() };
        let mut tracker = Tracker::new(settings, vec![radar(5_000.0)]);
        tracker
            .watch_lines(vec![Line::new("l", ["a", "b"], 20.0, &[[-5_000.0, 0.0], [5_000.0, 0.0]]).unwrap()]);
        let mut out = Vec::new();
        let mut order: Vec<(i64, Measurement)> = Vec::new();
        for (t, list) in &scene {
            // Up to three seconds late, in any order.
            order.extend(list.iter().map(|m| (*t, m.clone())));
        }
        if let Some(seed) = shuffle {
            let mut chance = Chance(seed);
            let mut keyed: Vec<(f64, (i64, Measurement))> =
                order.into_iter().map(|o| (o.0 as f64 + chance.between(0.0, 2.9), o)).collect();
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            order = keyed.into_iter().map(|(_, o)| o).collect();
        }
        let mut latest = i64::MIN;
        for (t, m) in order {
            if t > latest {
                latest = t;
                tracker.scanned(0, Time(t * SECOND));
                tracker.advance(Time(t * SECOND), &Threads(workers));
                out.push((tracker.shown(), latest));
            }
            tracker.add(m).unwrap();
        }
        tracker.advance(Time(100 * SECOND), &Threads(workers));
        (states(&tracker), tracker.coarse_crossings().collect::<Vec<_>>())
    };
    let one = run(1, None);
    assert!(one.0.len() > 300);
    assert_eq!(one, run(2, None));
    assert_eq!(one, run(5, None));
    for seed in 1..4 {
        assert_eq!(one, run(3, Some(seed)), "arrival {seed}");
    }
}

#[test]
fn bad_measurements_are_set_aside_with_a_reason_and_counted() {
    let mut tracker = Tracker::new(Settings { lag: SECOND, ..Settings::default() }, vec![radar(5_000.0)]);
    let good = |id, t| position(0, id, Time(t), [0.0, 0.0], 20.0);
    let mut singular = good(1, 0);
    singular.what = What::Position { at: [0.0; 2], cov: Sym2 { xx: 1.0, xy: 1.0, yy: 1.0 }, height: None };
    let fast = |v: f64| Measurement {
        what: What::Report {
            at: [0.0; 2],
            cov: Sym2::round(1.0),
            velocity: Some([v, 0.0]),
            claims: Name::from("x"),
        },
        ..good(2, 0)
    };
    tracker.advance(Time(10 * SECOND), &OneWorker);
    let far = 1e9;
    let cases = [
        (Measurement { sensor: 3, ..good(3, 11 * SECOND) }, SetAside::UnknownSensor),
        (position(0, 4, Time(11 * SECOND), [f64::NAN, 0.0], 20.0), SetAside::NotANumber),
        (position(0, 4, Time(11 * SECOND), [f64::INFINITY, 0.0], 20.0), SetAside::NotANumber),
        (Measurement { time: Time(11 * SECOND), ..singular }, SetAside::Covariance),
        (position(0, 5, Time(11 * SECOND), [0.0, 0.0], 0.0), SetAside::Covariance),
        (good(6, 9 * SECOND), SetAside::TooLate),
        (good(7, 3 * HOUR), SetAside::Future),
        (position(0, 8, Time(11 * SECOND), [far, 0.0], 20.0), SetAside::OutOfReach),
        (Measurement { time: Time(11 * SECOND), ..fast(9e9) }, SetAside::ImpossibleSpeed),
        (bearing(0, 9, Time(11 * SECOND), 1.0, -0.1), SetAside::Covariance),
    ];
    let total = cases.len() as u64;
    for (m, reason) in cases {
        assert_eq!(tracker.add(m), Err(reason));
    }
    tracker.add(good(10, 11 * SECOND)).unwrap();
    tracker.add(good(10, 11 * SECOND)).unwrap();
    tracker.advance(Time(12 * SECOND), &OneWorker);
    let counts: BTreeMap<SetAside, u64> = tracker.set_aside().collect();
    assert_eq!(counts[&SetAside::Duplicate], 1);
    assert_eq!(counts.values().sum::<u64>(), total + 1);
    assert!(SetAside::ALL.iter().all(|r| !r.to_string().is_empty()));
}

/// Whatever comes in, nothing panics, and everything is either accepted or counted.
#[test]
fn nonsense_never_panics_and_is_never_lost() {
    let mut chance = Chance(99);
    let odd = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        1e-300,
        1e300,
        f64::MAX,
        f64::MIN_POSITIVE,
        f64::NAN,
        f64::INFINITY,
        1e5,
        -20.0,
    ];
    let times = [i64::MIN, i64::MAX, 0, 1, -1, 4_000_000_000_000_000_000, SECOND, 5 * SECOND, 7 * SECOND];
    let sound = Sensor { wave: Wave::Sound, ..radar(5_000.0) };
    let loose = Sensor { scans: false, clutter: 0.0, detection: 1.0, ..radar(5_000.0) };
    for round in 0..40 {
        let settings = Settings { lag: (round % 3) * SECOND, ahead: i64::MAX, ..Settings::default() };
        let mut tracker = Tracker::new(settings, vec![radar(5_000.0), sound.clone(), loose.clone()]);
        tracker.watch_lines(vec![Line::new("l", ["a", "b"], 1.0, &[[-9.0, -9e5], [9.0, 9e5]]).unwrap()]);
        let mut sent = 0;
        for n in 0..300 {
            let mut value = || {
                if chance.uniform() < 0.3 {
                    odd[(chance.uniform() * odd.len() as f64) as usize]
                } else {
                    chance.between(-100.0, 100.0)
                }
            };
            let (a, b, c, d, e, f) = (value(), value(), value(), value(), value(), value());
            let cov = Sym2 { xx: c, xy: d, yy: e };
            let what = match n % 5 {
                0 => What::Position { at: [a, b], cov, height: Some((e, f)) },
                1 => What::Bearing {
                    azimuth: a,
                    sigma: b.abs() / 200.0,
                    elevation: Some((c / 100.0, d.abs())),
                },
                2 => What::Polar {
                    range: (a, b),
                    azimuth: (c / 100.0, d / 300.0),
                    elevation: (n % 2 == 0).then_some((e / 100.0, f.abs() / 300.0)),
                },
                3 => What::Report {
                    at: [a, b],
                    cov: Sym2::round(c),
                    velocity: Some([d, e]),
                    claims: Name::from("x"),
                },
                _ => {
                    let covariance = [c, 0.0, 0.0, 0.0, d, 0.0, 0.0, e, 0.0, f];
                    let state = [a, b, c, d];
                    What::Track(Box::new(Foreign {
                        number: 1,
                        state,
                        covariance,
                        existence: 0.5,
                        made_from: vec![],
                    }))
                }
            };
            let pick = (chance.uniform() * times.len() as f64) as usize;
            let time = if n % 3 == 0 { Time(times[pick]) } else { Time(n * SECOND / 10) };
            let sensor = (chance.uniform() * 4.0) as usize;
            tracker.scanned(sensor, time);
            let _ = tracker.add(Measurement {
                sensor,
                id: n as u64,
                time,
                what,
                signature: Some((Class::Bird, 0.5)),
            });
            sent += 1;
            if n % 10 == 9 {
                tracker.advance(Time(n * SECOND / 10), &OneWorker);
            }
        }
        tracker.finish(&OneWorker);
        let aside: u64 = tracker.set_aside().filter(|(r, _)| *r != SetAside::Duplicate).map(|(_, n)| n).sum();
        assert_eq!(tracker.accepted() + aside, sent);
    }
}

#[test]
fn states_are_withheld_and_crossings_coarse() {
    let mut tracker = Tracker::new(Settings::default(), vec![radar(5_000.0)]);
    tracker.watch_lines(vec![Line::new("l", ["a", "b"], 10.0, &[[0.0, -5_000.0], [0.0, 5_000.0]]).unwrap()]);
    let start = 1_700_000_000;
    for t in 0..60 {
        let time = Time((start + t) * SECOND);
        tracker.scanned(0, time);
        tracker.add(position(0, t as u64, time, [-900.0 + 30.0 * t as f64, 100.0], 20.0)).unwrap();
        tracker.advance(time, &OneWorker);
    }
    let now = Time((start + 60) * SECOND);
    for audience in [Audience::Public, Audience::Liaison, Audience::Mediator, Audience::Administrator] {
        assert_eq!(tracker.fine(audience, OLD, 0), Err(Withheld::Audience));
        assert_eq!(tracker.fine_crossings(audience, OLD, 0), Err(Withheld::Audience));
        assert_eq!(tracker.fine_bearings(audience, OLD, 0), Err(Withheld::Audience));
        assert_eq!(tracker.fine_stays(audience, OLD, 0), Err(Withheld::Audience));
    }
    for audience in [Audience::Monitor, Audience::Analyst] {
        // A delay of zero is not to be had: the least is compiled in.
        assert!(matches!(tracker.fine(audience, now, 0), Err(Withheld::Until(t)) if t.0 > now.0 + 5 * HOUR));
        assert!(tracker.fine_crossings(audience, now, 0).unwrap().is_empty());
        let later = Time(now.0 + LEAST_DELAY);
        assert_eq!(tracker.fine(audience, later, 0).unwrap().len(), 1);
        assert!(tracker.fine(audience, later, DEFAULT_DELAY).is_err());
        assert_eq!(tracker.fine_crossings(audience, later, 0).unwrap().len(), 1);
    }
    let fine = tracker.fine_crossings(Audience::Analyst, OLD, 0).unwrap()[0].clone();
    let coarse: Vec<CoarseCrossing> = tracker.coarse_crossings().collect();
    let [c] = &coarse[..] else { panic!("{coarse:?}") };
    assert_eq!((c.sector, c.to_left, c.compass, c.sensors), (0, false, 2, 1));
    assert_eq!((c.from.0 % (300 * SECOND), c.to.0 % (300 * SECOND)), (0, 0));
    assert!(c.from <= fine.time[0] && fine.time[2] <= c.to && c.percent >= 95);
    // The true moment: x = 0 at 30 s; the sensors and measurements behind it are named.
    let truth = Time((start + 30) * SECOND);
    assert!(fine.time[0] <= truth && truth <= fine.time[2], "{:?}", fine.time);
    assert!((fine.along[1] - 5_100_000).abs() < 40_000 && (fine.heading[1] - 9_000).abs() < 1_000);
    assert!(fine.shares.len() > 3 && fine.grade == Grade::OneSensor);
}

#[test]
fn a_crossing_becomes_an_observation() {
    let mut tracker = Tracker::new(Settings::default(), vec![radar(5_000.0)]);
    tracker.watch_lines(vec![Line::new("l", ["a", "b"], 10.0, &[[0.0, -5_000.0], [0.0, 5_000.0]]).unwrap()]);
    for t in 0..60_i64 {
        tracker.scanned(0, Time(t * SECOND));
        let at = [-900.0 + 30.0 * t as f64, 100.0];
        tracker.add(position(0, t as u64, Time(t * SECOND), at, 20.0)).unwrap();
        tracker.advance(Time(t * SECOND), &OneWorker);
    }
    let crossing = tracker.fine_crossings(Audience::Analyst, OLD, 0).unwrap()[0].clone();
    let middle = truce::place::Point::from_degrees(36.0, 48.5).unwrap();
    let plane = Plane::about(middle);
    let id = truce::Id([7; 32]);
    let observation = crossing
        .observation(id, Name::from("air"), Name::from("net"), b'B', (&tracker.lines()[0], &plane), vec![id])
        .unwrap();
    let truce::place::Place::Point { at, error } = observation.place else { panic!() };
    // 100 m north of the middle, give or take the error it states.
    assert!((f64::from(at.lat - middle.lat) * 0.0111 - 100.0).abs() < 3.0 * error.major as f64 / 1e3);
    assert!((at.lon - middle.lon).abs() < 100);
    assert_eq!(observation.weapon, truce::observation::Weapon::Undetermined, "nothing said what it was");
    assert_eq!((observation.origin, observation.rating.information), (None, 2));
    assert!(observation.time.contains(Time(30 * SECOND)));
}

#[test]
fn two_independent_sensors_make_the_top_grade_and_time_in_a_zone_is_counted() {
    let mut tracker = Tracker::new(Settings::default(), vec![radar(5_000.0), radar(5_000.0)]);
    let zone = Line::zone("z", 5.0, &[[0.0, -1_000.0], [900.0, -1_000.0], [900.0, 1_000.0], [0.0, 1_000.0]])
        .unwrap();
    tracker.watch_lines(vec![zone]);
    for t in 0..90_i64 {
        for s in 0..2 {
            tracker.scanned(s, Time(t * SECOND));
            tracker
                .add(position(s, t as u64, Time(t * SECOND), [-900.0 + 30.0 * t as f64, 0.0], 20.0))
                .unwrap();
        }
        tracker.advance(Time(t * SECOND), &OneWorker);
    }
    tracker.finish(&OneWorker);
    let found = tracker.fine_crossings(Audience::Analyst, OLD, 0).unwrap();
    assert_eq!(
        found.iter().map(|c| (c.to_left, c.grade)).collect::<Vec<_>>(),
        [(true, Grade::Established), (false, Grade::Established)]
    );
    let stays = tracker.fine_stays(Audience::Monitor, OLD, 0).unwrap();
    let [stay] = &stays[..] else { panic!("{stays:?}") };
    assert_eq!(
        (stay.zone, stay.grade, stay.permille >= 990),
        (Zone::Rim(0), Grade::Established, true),
        "{stay:?}"
    );
    assert!((0..=900_000).contains(&stay.at[0]), "a place inside, not on the rim: {stay:?}");
    assert!((stay.expected - 30_000).abs() < 1_500, "{stay:?}");
    assert!(stay.surely <= 30_000 && stay.at_most >= 30_000, "{stay:?}");
}

#[test]
fn one_station_gives_a_bearing_and_no_position() {
    let mut aircraft = [straight(0, [4_000.0, 3_000.0], 2.0, 20.0)];
    let tracker = listen(&[[0.0, 0.0]], &mut aircraft, Wave::Light, 40, 1, |_, _, _| {});
    assert!(states(&tracker).is_empty());
    let bearings = tracker.fine_bearings(Audience::Analyst, OLD, 0).unwrap();
    let at = azimuth([0.0, 0.0], aircraft[0].x) * 1e6;
    let longest = bearings.iter().max_by_key(|b| b.count).unwrap();
    assert!(longest.count > 20 && (longest.azimuth.0 as f64 - at).abs() < 60_000.0, "{bearings:?} {at}");
}

#[test]
fn two_stations_stay_possible_and_a_third_decides() {
    let two = [[0.0, 0.0], [8_000.0, 0.0]];
    let three = [[0.0, 0.0], [8_000.0, 0.0], [4_000.0, 9_000.0]];
    let make = || [straight(0, [2_000.0, 4_000.0], 0.3, 15.0), straight(1, [6_000.0, 5_000.0], 3.5, 20.0)];
    let mut aircraft = make();
    let tracker = listen(&two, &mut aircraft, Wave::Light, 30, 2, |_, _, _| {});
    assert!(states(&tracker).is_empty(), "two stations never show a track: it may be a ghost");
    assert!(tracker.possible() >= 1);
    let mut aircraft = make();
    let tracker = listen(&three, &mut aircraft, Wave::Light, 30, 2, |_, _, _| {});
    let shown = states(&tracker);
    for a in &aircraft {
        let nearest = shown.iter().map(|s| distance(metres(s), a.x)).fold(f64::INFINITY, f64::min);
        assert!(nearest < 60.0, "{nearest}");
    }
    assert!(shown.len() <= 2, "no ghost is shown: {}", shown.len());
}

#[test]
fn sound_is_late_and_the_tracker_knows_it() {
    let stations = [[0.0, 0.0], [5_000.0, 0.0], [2_500.0, 5_000.0], [-2_000.0, 4_000.0]];
    let mut worst = 0.0_f64;
    for seed in 1..5 {
        let mut aircraft = [straight(0, [-1_500.0, 2_000.0], 0.2, 25.0)];
        aircraft[0].second(&mut Chance(seed));
        let tracker = listen(&stations, &mut aircraft, Wave::Sound, 60, seed, |_, _, _| {});
        let now = Time(59 * SECOND);
        let shown = tracker.fine_at(now, SECOND, Audience::Analyst, OLD, 0).unwrap();
        let nearest = shown.iter().map(|s| distance(metres(s), aircraft[0].x)).fold(f64::INFINITY, f64::min);
        worst = worst.max(nearest);
        // What was heard is of some time ago, and says so.
        assert!(states(&tracker).iter().all(|s| s.time.0 < now.0 - 5 * SECOND));
    }
    // Ignoring a delay of 10 s at 25 m/s would cost 250 m, and more in turns.
    assert!(worst < 150.0, "{worst}");
}

#[test]
fn a_wrong_clock_and_azimuth_are_found_against_cooperative_aircraft() {
    let mut chance = Chance(11);
    let own = Sensor { scans: false, cooperative: true, calibrate: false, clutter: 1e-12, ..radar(20_000.0) };
    let late = 0.8;
    let mut tracker = Tracker::new(Settings::default(), vec![own, radar(20_000.0)]);
    // It turns: in straight flight a late clock and a shift along the way look the same.
    let mut a = Aircraft::new(0, [-2_000.0, -2_000.0], &mut chance);
    a.speed = 40.0;
    let mut errors = Vec::new();
    for t in 0..240_i64 {
        let time = Time(t * SECOND);
        let noise = |chance: &mut Chance, s: f64| s * chance.normal();
        let at = [a.x[0] + noise(&mut chance, 3.0), a.x[1] + noise(&mut chance, 3.0)];
        let what = What::Report { at, cov: Sym2::round(9.0), velocity: None, claims: Name::from("own-1") };
        tracker.add(Measurement { sensor: 0, id: t as u64, time, what, signature: None }).unwrap();
        // The radar is 60 m east, 25 m south, and stamps 0.8 s late: what it calls now was there 0.8 s ago.
        let v = a.velocity();
        let seen = [a.x[0] - late * v[0] + 60.0, a.x[1] - late * v[1] - 25.0];
        tracker.scanned(1, time);
        if chance.uniform() < 0.9 {
            let z = [seen[0] + noise(&mut chance, 20.0), seen[1] + noise(&mut chance, 20.0)];
            tracker.add(position(1, t as u64, time, z, 20.0)).unwrap();
        }
        tracker.advance(time, &OneWorker);
        if t > 120 {
            errors.push(
                states(&tracker).iter().map(|s| distance(metres(s), a.x)).fold(f64::INFINITY, f64::min),
            );
        }
        a.second(&mut chance);
    }
    let health = tracker.health(Audience::Monitor).unwrap()[1];
    assert!(health.checks > 100, "{health:?}");
    assert!(
        (health.bias[0] - 60_000).abs() < 12_000 && (health.bias[1] + 25_000).abs() < 12_000,
        "{health:?}"
    );
    assert!((health.clock as f64 / 1e6 - late).abs() < 0.3, "{health:?}");
    assert!(errors.iter().sum::<f64>() / (errors.len() as f64) < 10.0);
    assert!(tracker.health(Audience::Public).is_err());
}

#[test]
fn a_sensor_that_understates_its_error_is_widened() {
    let mut chance = Chance(3);
    let mut tracker = Tracker::new(Settings::default(), vec![radar(5_000.0)]);
    let mut flying: Vec<Aircraft> = (0..20)
        .map(|i| Aircraft::new(i, [chance.between(-4e3, 4e3), chance.between(-4e3, 4e3)], &mut chance))
        .collect();
    for t in 0..80 {
        tracker.scanned(0, Time(t * SECOND));
        for a in &mut flying {
            let z = [a.x[0] + 40.0 * chance.normal(), a.x[1] + 40.0 * chance.normal()];
            tracker.add(position(0, (t * 100) as u64 + a.id as u64, Time(t * SECOND), z, 20.0)).unwrap();
            a.second(&mut chance);
        }
        tracker.advance(Time(t * SECOND), &OneWorker);
    }
    let factor = tracker.health(Audience::Analyst).unwrap()[0].sigma_permille;
    assert!((1_600..2_400).contains(&factor), "{factor}");
}

/// 150 aircraft and a radar with a true sigma of 30 m that states something else, three scans.
fn three_scans(seed: u64, stated: f64) -> Tracker {
    let mut chance = Chance(seed);
    let mut tracker = Tracker::new(Settings::default(), vec![radar(12_000.0)]);
    let mut flying: Vec<Aircraft> = (0..150)
        .map(|i| Aircraft::new(i, [chance.between(-11e3, 11e3), chance.between(-11e3, 11e3)], &mut chance))
        .collect();
    for t in 0..3 {
        tracker.scanned(0, Time(t * SECOND));
        for a in &mut flying {
            let z = [a.x[0] + 30.0 * chance.normal(), a.x[1] + 30.0 * chance.normal()];
            tracker.add(position(0, (t * 1_000) as u64 + a.id as u64, Time(t * SECOND), z, stated)).unwrap();
            a.second(&mut chance);
        }
        tracker.advance(Time(t * SECOND), &OneWorker);
    }
    tracker
}

#[test]
fn many_aircraft_find_out_a_sensor_at_the_third_scan_and_clear_an_honest_one() {
    for seed in 1..=10 {
        for (stated, wanted) in [(15.0, 1_700..2_300), (60.0, 430..580), (30.0, 1_000..1_001)] {
            let tracker = three_scans(seed, stated);
            let factor = tracker.health(Audience::Analyst).unwrap()[0].sigma_permille;
            assert!(wanted.contains(&factor), "seed {seed}, stated {stated}: {factor}");
        }
    }
}

#[test]
fn what_began_with_wrong_errors_begins_anew_with_the_right_ones() {
    for stated in [15.0, 60.0] {
        let (wrong, right) = (three_scans(7, stated), three_scans(7, 30.0));
        assert!(wrong.shown().abs_diff(right.shown()) <= 2, "{} {}", wrong.shown(), right.shown());
        let mean = |t: &Tracker| {
            let states = t.fine(Audience::Record, Time(2 * SECOND), 0).unwrap();
            states.iter().map(|s| s.covariance[0] as f64).sum::<f64>() / states.len() as f64
        };
        let ratio = mean(&wrong) / mean(&right);
        assert!((0.8..1.25).contains(&ratio), "stated {stated}: {ratio}");
    }
}

#[test]
fn a_silent_sensor_ends_no_track_and_a_silent_field_does() {
    let fly = |scanning: bool| {
        let mut tracker = Tracker::new(Settings::default(), vec![radar(9_000.0)]);
        for t in 0..40_i64 {
            if t < 20 || scanning {
                tracker.scanned(0, Time(t * SECOND));
            }
            if t < 20 {
                tracker.add(position(0, t as u64, Time(t * SECOND), [30.0 * t as f64, 0.0], 20.0)).unwrap();
            }
            tracker.advance(Time(t * SECOND), &OneWorker);
        }
        tracker.shown()
    };
    assert_eq!(fly(true), 0, "it looked and saw nothing");
    assert_eq!(fly(false), 1, "it did not look");
}

#[test]
fn terrain_hides_and_gives_back_the_same_track() {
    let mut sensor = radar(9_000.0);
    sensor.hidden.push(([400.0, -2_000.0], [1_000.0, 2_000.0]));
    let mut tracker = Tracker::new(Settings::default(), vec![sensor]);
    let mut seen = BTreeMap::new();
    for t in 0..60_i64 {
        let at = [-400.0 + 30.0 * t as f64, 0.0];
        tracker.scanned(0, Time(t * SECOND));
        if !(400.0..1_000.0).contains(&at[0]) {
            tracker.add(position(0, t as u64, Time(t * SECOND), at, 20.0)).unwrap();
        }
        tracker.advance(Time(t * SECOND), &OneWorker);
        for s in states(&tracker) {
            *seen.entry(s.track).or_insert(0) += 1;
        }
    }
    assert_eq!(seen.len(), 1, "{seen:?}");
}

/// Where it is nobody can say after a while behind a ridge, and nobody is told; it comes back as the track that it was.
#[test]
fn out_of_sight_for_long_has_no_state_and_keeps_its_number() {
    let mut sensor = radar(9_000.0);
    sensor.hidden.push(([400.0, -2_000.0], [1_000.0, 2_000.0]));
    let mut tracker = Tracker::new(Settings::default(), vec![sensor]);
    let mut told = Vec::new();
    for t in 0..110_i64 {
        let at = [-400.0 + 15.0 * t as f64, 0.0];
        tracker.scanned(0, Time(t * SECOND));
        if !(400.0..1_000.0).contains(&at[0]) {
            tracker.add(position(0, t as u64, Time(t * SECOND), at, 20.0)).unwrap();
        }
        tracker.advance(Time(t * SECOND), &OneWorker);
        told.push(states(&tracker).iter().map(|s| s.track).collect::<Vec<_>>());
    }
    let number = told[50].clone();
    assert_eq!(number.len(), 1);
    assert_eq!(told[58], number, "hidden for a few seconds: still told");
    assert!(told[90].is_empty(), "hidden for 37 s");
    assert_eq!(told[105], number, "back as what it was");
}

#[test]
fn a_spoofed_report_does_not_make_an_aircraft_where_a_radar_sees_none() {
    let own = Sensor { scans: false, cooperative: true, calibrate: false, clutter: 1e-12, ..radar(20_000.0) };
    let run = |radar_looks: bool| {
        let mut tracker = Tracker::new(Settings::default(), vec![own.clone(), radar(20_000.0)]);
        let mut shown = 0;
        for t in 0..60_i64 {
            let time = Time(t * SECOND);
            if radar_looks {
                tracker.scanned(1, time);
            }
            let at = [20.0 * t as f64, 500.0];
            let what =
                What::Report { at, cov: Sym2::round(25.0), velocity: None, claims: Name::from("patrol-7") };
            tracker.add(Measurement { sensor: 0, id: t as u64, time, what, signature: None }).unwrap();
            tracker.advance(time, &OneWorker);
            if t >= 10 {
                shown += tracker.shown();
            }
        }
        shown
    };
    assert_eq!(run(true), 0, "reports alone, against a radar that sees the place");
    assert!(run(false) >= 45, "reports where nothing can contradict them are shown");
}

/// Reports of one aircraft say nothing against another that only the radar sees, not even at its start.
#[test]
fn who_does_not_look_speaks_against_nobody() {
    let own = Sensor { scans: false, cooperative: true, calibrate: false, clutter: 1e-12, ..radar(20_000.0) };
    let mut tracker = Tracker::new(Settings::default(), vec![radar(5_000.0), own]);
    for t in 0..10_i64 {
        let time = Time(t * SECOND);
        tracker.scanned(0, time);
        tracker.add(position(0, t as u64, time, [30.0 * t as f64, 0.0], 20.0)).unwrap();
        let (cov, claims) = (Sym2::round(25.0), Name::from("patrol-7"));
        let what = What::Report { at: [0.0, 9_000.0], cov, velocity: None, claims };
        tracker.add(Measurement { sensor: 1, id: t as u64, time, what, signature: None }).unwrap();
        tracker.advance(time, &OneWorker);
    }
    assert!(states(&tracker).iter().any(|s| distance(metres(s), [270.0, 0.0]) < 60.0));
}

#[test]
fn a_name_in_two_places_is_disputed() {
    let own = Sensor { scans: false, cooperative: true, calibrate: false, clutter: 1e-12, ..radar(50_000.0) };
    let mut tracker = Tracker::new(Settings::default(), vec![own]);
    let name = Name::from("patrol-7");
    for t in 0..20_i64 {
        let far = if t % 2 == 0 { 0.0 } else { 9_000.0 };
        let what = What::Report {
            at: [far, 20.0 * t as f64],
            cov: Sym2::round(25.0),
            velocity: None,
            claims: name.clone(),
        };
        tracker
            .add(Measurement { sensor: 0, id: t as u64, time: Time(t * SECOND), what, signature: None })
            .unwrap();
        tracker.advance(Time(t * SECOND), &OneWorker);
    }
    assert!(tracker.disputed(&name));
    assert!(!tracker.disputed(&Name::from("patrol-8")));
}

#[test]
fn a_swarm_of_fifty_within_two_hundred_metres_keeps_its_number() {
    let mut chance = Chance(21);
    let mut tracker = Tracker::new(Settings::default(), vec![radar(5_000.0)]);
    // Two groups of 25 that fly through each other.
    let mut flying: Vec<Aircraft> = (0..50)
        .map(|i| {
            let side = if i < 25 { -1.0 } else { 1.0 };
            let x = [side * 1_200.0 + chance.between(-100.0, 100.0), chance.between(-100.0, 100.0)];
            let heading = if i < 25 { 0.0 } else { core::f64::consts::PI };
            straight(i, x, heading, chance.between(28.0, 32.0))
        })
        .collect();
    let mut id = 0;
    let mut counts = Vec::new();
    for t in 0..80 {
        tracker.scanned(0, Time(t * SECOND));
        for a in &mut flying {
            if chance.uniform() < 0.95 {
                let z = [a.x[0] + 5.0 * chance.normal(), a.x[1] + 5.0 * chance.normal()];
                tracker.add(position(0, id, Time(t * SECOND), z, 5.0)).unwrap();
                id += 1;
            }
            let v = a.velocity();
            a.x = [a.x[0] + v[0], a.x[1] + v[1]];
        }
        tracker.advance(Time(t * SECOND), &OneWorker);
        counts.push(tracker.shown());
    }
    assert!(counts[20..].iter().all(|n| (44..=56).contains(n)), "{counts:?}");
}

#[test]
fn a_bird_is_called_a_bird_and_what_has_no_signature_stays_unknown() {
    let mut tracker = Tracker::new(Settings::default(), vec![radar(5_000.0)]);
    for t in 0..20_i64 {
        tracker.scanned(0, Time(t * SECOND));
        let mut bird = position(0, 2 * t as u64, Time(t * SECOND), [10.0 * t as f64, 0.0], 10.0);
        bird.signature = Some((Class::Bird, 0.7));
        tracker.add(bird).unwrap();
        tracker
            .add(position(0, 2 * t as u64 + 1, Time(t * SECOND), [0.0, 900.0 + 25.0 * t as f64], 10.0))
            .unwrap();
        tracker.advance(Time(t * SECOND), &OneWorker);
    }
    let shown = states(&tracker);
    assert_eq!(shown.len(), 2);
    let share = |near: [f64; 2], class: usize| {
        shown
            .iter()
            .min_by(|a, b| distance(metres(a), near).total_cmp(&distance(metres(b), near)))
            .unwrap()
            .classes[class]
    };
    assert!(share([190.0, 0.0], 4) > 900);
    assert!(share([0.0, 1_375.0], 0) >= 500);
}

#[test]
fn a_foreign_track_is_fused_once_and_never_with_its_own_source() {
    let run = |made_from: &str| {
        let guest = Sensor { scans: false, ..radar(9_000.0) };
        let guest = Sensor { name: Name::from("guest"), ..guest };
        let mut tracker = Tracker::new(Settings::default(), vec![radar(9_000.0), guest]);
        for t in 0..30_i64 {
            let time = Time(t * SECOND);
            tracker.scanned(0, time);
            tracker.add(position(0, t as u64, time, [30.0 * t as f64, 0.0], 20.0)).unwrap();
            let mut covariance = [0.0; 10];
            (covariance[0], covariance[4], covariance[7], covariance[9]) = (25.0, 25.0, 4.0, 4.0);
            let foreign = Foreign {
                number: 5,
                state: [30.0 * t as f64, 0.0, 30.0, 0.0],
                covariance,
                existence: 0.9,
                made_from: vec![Name::from(made_from)],
            };
            let what = What::Track(Box::new(foreign));
            tracker.add(Measurement { sensor: 1, id: t as u64, time, what, signature: None }).unwrap();
            tracker.advance(time, &OneWorker);
        }
        let shown = states(&tracker);
        assert_eq!(shown.len(), 1, "one aircraft, one track");
        shown[0].covariance[0] as f64 / 1e6
    };
    let (theirs, ours) = (run("radar-of-others"), run("radar"));
    assert!(theirs < 40.0 && theirs > 15.0, "{theirs}");
    assert!(ours > 60.0, "the same detections must not count twice: {ours}");
}

/// Real ADS-B states, one in ten seconds for each airliner: as positions that nobody signed, by a tracker that is told
/// how fast airliners fly, and as the reports that they are, with the velocity that each claims.
#[test]
fn shared_adsb_states_are_followed() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/tracks/stonesoup_OpenSky_Plane_States.csv"
    );
    let Ok(text) = std::fs::read_to_string(path) else { panic!("{path} is missing") };
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    let column =
        |name: &str| head.iter().position(|h| h.trim() == name).unwrap_or_else(|| panic!("no {name}"));
    let columns = ["time", "lon", "lat", "x_speed", "y_speed"].map(column);
    let name = column("icao24");
    let mut rows: Vec<([f64; 5], String)> = lines
        .filter_map(|row| {
            let cells: Vec<&str> = row.split(',').collect();
            let numbers: Option<Vec<f64>> = columns.iter().map(|n| cells.get(*n)?.parse().ok()).collect();
            Some((numbers?.try_into().ok()?, cells.get(name)?.to_string()))
        })
        .collect();
    rows.sort_by(|a, b| a.0[0].total_cmp(&b.0[0]).then(a.1.cmp(&b.1)));
    rows.dedup_by(|a, b| a.0[0] == b.0[0] && a.1 == b.1);
    assert!(rows.len() > 5_000, "{}", rows.len());
    let [_, lon0, lat0, ..] = rows[0].0;
    let share = |reports: bool| {
        let mut sensor = Sensor { scans: false, clutter: 1e-13, ..Sensor::scanning("adsb", 0.9, 1e-13) };
        sensor.cooperative = reports;
        let mut settings = Settings::default();
        settings.flight.first_speed = if reports { 25.0 } else { 150.0 };
        let mut tracker = Tracker::new(settings, vec![sensor]);
        let (mut found, mut all) = (0, 0);
        for now in rows.chunk_by(|a, b| a.0[0] == b.0[0]) {
            let mut places = Vec::new();
            for (n, ([t, lon, lat, vx, vy], name)) in now.iter().enumerate() {
                let at = [
                    (lon - lon0).to_radians() * 6.371e6 * libm::cos(lat0.to_radians()),
                    (lat - lat0).to_radians() * 6.371e6,
                ];
                let time = Time((t * 1e6) as i64);
                let mut m = position(0, n as u64, time, at, 100.0);
                if reports {
                    let (cov, claims) = (Sym2::round(1e4), Name::from(name.as_str()));
                    m.what = What::Report { at, cov, velocity: Some([*vx, *vy]), claims };
                }
                if tracker.add(m).is_ok() {
                    places.push(at);
                }
                tracker.advance(Time(time.0 - 1), &OneWorker);
            }
            tracker.advance(Time((now[0].0[0] * 1e6) as i64), &OneWorker);
            let shown: Vec<[f64; 2]> = states(&tracker).iter().map(metres).collect();
            all += places.len();
            found += places.iter().filter(|at| shown.iter().any(|to| distance(**at, *to) < 1_000.0)).count();
        }
        println!("ADS-B, as reports {reports}: {found} of {all} states have a track within 1 km");
        f64::from(found as u32) / f64::from(all as u32)
    };
    // The first state of an aircraft alone makes no track where nobody says what it is: 84 of some 6,000.
    assert!(share(false) > 0.96);
    assert!(share(true) > 0.98);
}

#[test]
fn a_radar_of_ranges_and_azimuths_and_a_camera_that_gives_height() {
    let mut chance = Chance(5);
    let place = |s: Sensor| Sensor { place: [1_000.0, -2_000.0, 50.0], ..s };
    let camera =
        Sensor { clutter: 0.01, field: Field::Disc(20_000.0), ..Sensor::scanning("camera", 0.9, 0.01) };
    let mut tracker = Tracker::new(Settings::default(), vec![place(radar(30_000.0)), place(camera)]);
    let from = [1_000.0, -2_000.0];
    let height = 450.0;
    let mut at = [6_000.0, 3_000.0];
    for t in 0..60_i64 {
        at = [at[0] - 25.0, at[1] + 10.0];
        let (r, a) = (distance(at, from), azimuth(from, at));
        let polar = What::Polar {
            range: (r + 15.0 * chance.normal(), 15.0),
            azimuth: (a + 0.01 * chance.normal(), 0.01),
            elevation: None,
        };
        let up = libm::atan2(height - 50.0, r);
        let seen = What::Bearing {
            azimuth: a + 0.002 * chance.normal(),
            sigma: 0.002,
            elevation: Some((up + 0.003 * chance.normal(), 0.003)),
        };
        for (sensor, what) in [polar, seen].into_iter().enumerate() {
            tracker.scanned(sensor, Time(t * SECOND));
            let m = Measurement { sensor, id: t as u64, time: Time(t * SECOND), what, signature: None };
            tracker.add(m).unwrap();
        }
        tracker.advance(Time(t * SECOND), &OneWorker);
    }
    let shown = states(&tracker);
    assert_eq!(shown.len(), 1);
    assert!(distance(metres(&shown[0]), at) < 30.0);
    let (z, sigma) = shown[0].height.unwrap();
    assert!((z as f64 / 1e3 - height).abs() < 4.0 * sigma as f64 / 1e3 && sigma < 30_000, "{z} {sigma}");
    // Provenance: every measurement of the last minute and a half, by sensor.
    let shares = tracker.fine_shares(shown[0].track, Audience::Analyst, OLD, 0).unwrap();
    assert!((0..2).all(|s| shares.iter().filter(|x| x.sensor == s && x.permille > 900).count() > 50));
}

#[test]
fn a_track_that_nobody_looks_at_is_forgotten() {
    let own = Sensor { scans: false, cooperative: true, clutter: 1e-12, ..radar(90_000.0) };
    let mut tracker = Tracker::new(Settings::default(), vec![own]);
    let report = |id: u64, t: i64, at: [f64; 2], name: &str| Measurement {
        sensor: 0,
        id,
        time: Time(t * SECOND),
        what: What::Report { at, cov: Sym2::round(25.0), velocity: None, claims: Name::from(name) },
        signature: None,
    };
    for t in 0..10 {
        tracker.add(report(t as u64, t, [0.0, 0.0], "a")).unwrap();
        tracker.advance(Time(t * SECOND), &OneWorker);
    }
    assert_eq!(tracker.shown(), 1);
    for t in 10..240 {
        tracker.add(report(t as u64, t, [50_000.0, 0.0], "b")).unwrap();
        tracker.advance(Time(t * SECOND), &OneWorker);
    }
    let shown = states(&tracker);
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert_eq!(shown[0].cooperative.1.as_deref(), Some("b"));
}

/// Aircraft that turn: at the moment of which it was last heard, a track is about where it was, and as surely as it says.
#[test]
fn who_is_heard_to_turn_is_where_he_was_heard() {
    let stations = [[0.0, 0.0], [5_000.0, 0.0], [2_500.0, 5_000.0], [-2_000.0, 4_000.0]];
    let (mut square, mut sigmas, mut n) = (0.0, 0.0, 0.0);
    for seed in 1..11 {
        let mut chance = Chance(seed * 31);
        let x = [chance.between(0.0, 3_000.0), chance.between(1_000.0, 4_000.0)];
        let mut aircraft = [Aircraft::new(0, x, &mut chance)];
        aircraft[0].speed = chance.between(15.0, 35.0);
        let mut path = Vec::new();
        listen(&stations, &mut aircraft, Wave::Sound, 60, seed, |t, tracker, aircraft| {
            path.push(aircraft[0].x);
            for s in states(tracker).iter().filter(|_| t >= 40) {
                let then = s.time.0 as f64 / 1e6;
                let (k, part) = (then as usize, then.fract());
                let at = [0, 1].map(|i| path[k][i] + part * (path[k + 1][i] - path[k][i]));
                let e = [metres(s)[0] - at[0], metres(s)[1] - at[1]];
                let p = s.covariance.map(|v| v as f64 / 1e6);
                sigmas += Sym2 { xx: p[0], xy: p[1], yy: p[4] }.inverse().form(e) / 2.0;
                square += e[0] * e[0] + e[1] * e[1];
                n += 1.0;
            }
        });
    }
    assert!(n >= 190.0, "followed in nearly all of the 200 scans: {n}");
    assert!(
        (square / n).sqrt() < 70.0 && sigmas / n < 2.0,
        "{} m, {} sigmas^2",
        (square / n).sqrt(),
        sigmas / n
    );
}

/// A camera that points wrong and stands elsewhere, and an aircraft that reports itself. `flies`: where it is at second `t`.
fn shifted_camera(seed: u64, shift: [f64; 2], flies: impl Fn(f64) -> [f64; 2]) -> SensorHealth {
    let mut chance = Chance(seed);
    let own = Sensor { scans: false, cooperative: true, calibrate: false, clutter: 1e-12, ..radar(20_000.0) };
    let eye = common::station("east", [4_000.0, 0.0], Wave::Light);
    let mut tracker = Tracker::new(Settings::default(), vec![own, eye]);
    for t in 0..400_i64 {
        let (time, x) = (Time(t * SECOND), flies(t as f64));
        let at = [x[0] + 3.0 * chance.normal(), x[1] + 3.0 * chance.normal()];
        let what = What::Report { at, cov: Sym2::round(9.0), velocity: None, claims: Name::from("own-1") };
        tracker.add(Measurement { sensor: 0, id: t as u64, time, what, signature: None }).unwrap();
        tracker.scanned(1, time);
        let z = azimuth([4_000.0 + shift[0], shift[1]], x) + 0.02 + 0.01 * chance.normal();
        tracker.add(bearing(1, t as u64, time, z, 0.01)).unwrap();
        tracker.advance(time, &OneWorker);
    }
    tracker.health(Audience::Analyst).unwrap()[1]
}

/// Flown around, the place of a sensor of directions is found, and as well as it says; along one line of sight it is not, and
/// says so.
#[test]
fn where_a_sensor_of_directions_stands_is_found_as_far_as_it_can_be() {
    let shift = [45.0, -35.0];
    let around = |t: f64| {
        let a = 2.5 * libm::sin(t * 0.008);
        [4_000.0 + 1_500.0 * libm::sin(a), 1_500.0 * libm::cos(a)]
    };
    let (mut off, mut sigmas) = (0.0, 0.0);
    for seed in 2_001..2_021 {
        let health = shifted_camera(seed, shift, around);
        assert!((health.bias[0] - 20_000).abs() < 8_000, "{health:?}");
        for ((found, sigma), true_shift) in health.shift.iter().zip(health.shift_sigma).zip(shift) {
            let e = *found as f64 / 1e3 - true_shift;
            off += e * e / 40.0;
            sigmas += e * e / (sigma as f64 / 1e3) / (sigma as f64 / 1e3) / 40.0;
        }
    }
    println!("around: {:.1} m rms on each axis, {sigmas:.2} sigmas^2", off.sqrt());
    assert!(off.sqrt() < 5.0 && sigmas < 3.0, "{} {sigmas}", off.sqrt());
    // To and fro on the line of sight to the north: nothing is learnt of where it stands north or south.
    let away = |t: f64| [4_000.0, 3_000.0 + 1_500.0 * libm::sin(t * 0.012)];
    for seed in 2_001..2_021 {
        let health = shifted_camera(seed, shift, away);
        assert!(health.shift_sigma[1] > 17_000 && health.shift[1].abs() < 10_000, "{health:?}");
    }
}

#[test]
fn a_station_that_points_wrong_is_put_right_by_cooperative_aircraft() {
    let mut chance = Chance(17);
    let own = Sensor { scans: false, cooperative: true, calibrate: false, clutter: 1e-12, ..radar(20_000.0) };
    let ear = common::station("east", [4_000.0, 0.0], Wave::Light);
    let mut tracker = Tracker::new(Settings::default(), vec![own, ear]);
    let mut a = Aircraft::new(0, [0.0, 3_000.0], &mut chance);
    a.speed = 30.0;
    for t in 0..150_i64 {
        let time = Time(t * SECOND);
        let at = [a.x[0] + 3.0 * chance.normal(), a.x[1] + 3.0 * chance.normal()];
        let what = What::Report { at, cov: Sym2::round(9.0), velocity: None, claims: Name::from("own-1") };
        tracker.add(Measurement { sensor: 0, id: t as u64, time, what, signature: None }).unwrap();
        tracker.scanned(1, time);
        let z = azimuth([4_000.0, 0.0], a.x) + 0.025 + 0.01 * chance.normal();
        tracker.add(bearing(1, t as u64, time, z, 0.01)).unwrap();
        tracker.advance(time, &OneWorker);
        a.second(&mut chance);
    }
    let health = tracker.health(Audience::Analyst).unwrap()[1];
    assert!((health.bias[0] - 25_000).abs() < 5_000 && health.checks > 50, "{health:?}");
}
