//! Scenes of radars that turn, of plots that come before or after their time, and of sensors whose clocks differ:
//! through the command, against the same aircraft seen in whole scans at whole seconds.
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]
#[path = "../../monitor/src/track.rs"]
#[expect(clippy::disallowed_methods, reason = "the shell may read the clock; the crate may not")]
#[expect(unreachable_pub, reason = "public in the library that it belongs to")]
mod command;
#[expect(unreachable_pub, dead_code, reason = "shared with the examples")]
mod common;

use clap::Parser;
use common::{Aircraft, Chance, azimuth, distance};
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

const HALF: f64 = 6_000.0;
const SECONDS: usize = 60;
const AIRCRAFT: usize = 20;

/// When the plots of a scan are made.
#[derive(Clone, Copy, Debug)]
enum Stamps {
    /// At once, so many seconds after the scan's own time.
    AtOnce(f64),
    /// Each off by up to so many seconds.
    Jitter(f64),
    /// When the beam points at them; and each off by so much.
    Turning(f64),
}

/// One radar: its name, when it looks, and how late its clock is.
#[derive(Clone, Copy, Debug)]
struct Radar {
    name: &'static str,
    stamps: Stamps,
    turn: f64,
    clock: f64,
}

const RADAR: Radar = Radar { name: "one", stamps: Stamps::AtOnce(0.0), turn: 1.0, clock: 0.0 };

/// Paths of aircraft, by tenths of a second.
struct Truth(Vec<Vec<[f64; 2]>>);

impl Truth {
    fn new(seed: u64) -> Self {
        let mut chance = Chance(seed);
        let fly = |id| {
            let at = [chance.between(-0.7, 0.7) * HALF, chance.between(-0.7, 0.7) * HALF];
            let mut a = Aircraft::new(id, at, &mut chance);
            let mut path = Vec::new();
            for _ in 0..=10 * (SECONDS + 5) {
                path.push(a.x);
                a.tenth(&mut chance);
            }
            path
        };
        Self((0..AIRCRAFT).map(fly).collect())
    }

    fn at(&self, of: usize, t: f64) -> [f64; 2] {
        let n = (t * 10.0).max(0.0);
        let (a, b, part) = (self.0[of][n as usize], self.0[of][n as usize + 1], n.fract());
        [a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])]
    }
}

/// What the radars see: rows of `t,sensor,x,y`.
fn look(truth: &Truth, radars: &[Radar], seed: u64) -> String {
    let mut chance = Chance(seed ^ 0x5eed);
    let mut text = String::from("t,sensor,x,y\n");
    for radar in radars {
        for scan in 0..(SECONDS as f64 / radar.turn) as usize {
            let start = scan as f64 * radar.turn;
            let mut put = |chance: &mut Chance, at: &dyn Fn(f64) -> [f64; 2], sigma: f64| {
                let off = match radar.stamps {
                    Stamps::AtOnce(_) => 0.0,
                    Stamps::Jitter(most) | Stamps::Turning(most) => chance.between(-most, most),
                };
                let t = match radar.stamps {
                    Stamps::AtOnce(after) => start + after,
                    Stamps::Jitter(_) => start + off,
                    // Where the beam meets it: it moves less than the beam.
                    Stamps::Turning(_) => (0..3).fold(start, |t, _| {
                        let turned = azimuth([0.0; 2], at(t)).rem_euclid(core::f64::consts::TAU);
                        start + turned / core::f64::consts::TAU * radar.turn + off
                    }),
                };
                if !(0.0..SECONDS as f64).contains(&t) {
                    return;
                }
                let [x, y] = at(t);
                let (x, y) = (x + sigma * chance.normal(), y + sigma * chance.normal());
                let stamp = t - radar.clock;
                if stamp >= 0.0 {
                    let _ = writeln!(text, "{stamp:.6},{},{x:.3},{y:.3}", radar.name);
                }
            };
            for of in 0..AIRCRAFT {
                if chance.uniform() < 0.9 {
                    put(&mut chance, &|t| truth.at(of, t), 20.0);
                }
            }
            for _ in 0..chance.poisson(4.0 * HALF * HALF * 0.1e-6) {
                let at = [chance.between(-HALF, HALF), chance.between(-HALF, HALF)];
                put(&mut chance, &|_| at, 0.0);
            }
        }
    }
    text
}

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    args: command::TrackArgs,
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs the command; returns GOSPA (cutoff 100 m, p = 2, alpha = 2, pairs by distance) and how many of the aircraft
/// have a track within 100 m, both means over the seconds from the twentieth on.
fn score(truth: &Truth, radars: &[Radar], rows: &str, stated: bool, name: &str) -> (f64, f64) {
    let dir = folder(name);
    let sensors: Vec<String> = radars
        .iter()
        .map(|radar| {
            let turn = if stated { format!(r#","scan_s":{}"#, radar.turn) } else { String::new() };
            format!(
                r#"{{"name":"{}","lo_m":-{HALF},"hi_m":{HALF},"detection_probability":0.9,"sigma_m":20,"clutter_per_km2":0.1{turn}}}"#,
                radar.name
            )
        })
        .collect();
    let json = format!(r#"{{"duration_s":{SECONDS},"sensors":[{}]}}"#, sensors.join(","));
    let path = |file: &str| dir.join(file).to_str().unwrap().to_string();
    fs::write(path("sensor.json"), json).unwrap();
    fs::write(path("detections.csv"), rows).unwrap();
    let arguments = [
        "track",
        "--detections",
        &path("detections.csv"),
        "--sensor",
        &path("sensor.json"),
        "--out",
        &path("tracks.csv"),
    ];
    command::run(&Cli::parse_from(arguments).args).unwrap();
    let tracks: Vec<[f64; 4]> = fs::read_to_string(path("tracks.csv"))
        .unwrap()
        .lines()
        .skip(1)
        .map(|row| {
            let cells: Vec<f64> = row.split(',').take(4).map(|cell| cell.parse().unwrap()).collect();
            cells.try_into().unwrap()
        })
        .collect();
    let (mut gospa, mut found) = (0.0, 0.0);
    let seconds = 20..SECONDS;
    for t in seconds.clone() {
        let shown: Vec<&[f64; 4]> = tracks.iter().filter(|row| row[0] == t as f64).collect();
        let mut pairs: Vec<(f64, usize, usize)> = (0..AIRCRAFT)
            .flat_map(|of| {
                let at = truth.at(of, t as f64);
                shown.iter().enumerate().map(move |(n, row)| (distance(at, [row[2], row[3]]), of, n))
            })
            .filter(|(d, ..)| *d < 100.0)
            .collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut of_taken, mut n_taken) = (vec![false; AIRCRAFT], vec![false; shown.len()]);
        let (mut square, mut count) = (0.0, 0);
        for (d, of, n) in pairs {
            if !of_taken[of] && !n_taken[n] {
                (of_taken[of], n_taken[n]) = (true, true);
                square += d * d;
                count += 1;
            }
        }
        gospa += (square + 5_000.0 * (AIRCRAFT + shown.len() - 2 * count) as f64).sqrt();
        found += count as f64;
    }
    (gospa / seconds.len() as f64, found / seconds.len() as f64)
}

/// Means over three seeds.
fn mean(radars: &[Radar], stated: bool, name: &str) -> (f64, f64) {
    let all = (1..=3).map(|seed| {
        let truth = Truth::new(seed);
        score(&truth, radars, &look(&truth, radars, seed), stated, &format!("{name}-{seed}"))
    });
    let (gospa, found) = all.fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    println!("{name}: GOSPA {:.1} m, {:.2} of {AIRCRAFT}", gospa / 3.0, found / 3.0);
    (gospa / 3.0, found / 3.0)
}

/// As many aircraft, and about the same GOSPA: a state at a whole second is older where the plots are.
fn alike(one: (f64, f64), whole: (f64, f64), room: f64) {
    assert!(one.0 < room * whole.0, "GOSPA {} against {}", one.0, whole.0);
    assert!(one.1 > whole.1 - 0.5, "{} aircraft against {}", one.1, whole.1);
}

#[test]
fn plots_that_have_their_own_times_are_tracked_like_whole_scans() {
    let whole = mean(&[RADAR], false, "whole");
    assert!(whole.1 > 19.0, "{whole:?}");
    for (name, stamps) in [
        ("beam", Stamps::Turning(0.0)),
        ("beam-and-jitter", Stamps::Turning(0.2)),
        ("0.37", Stamps::AtOnce(0.37)),
        ("jitter", Stamps::Jitter(0.2)),
    ] {
        let radar = Radar { stamps, ..RADAR };
        alike(mean(&[radar], false, name), whole, 1.25);
        alike(mean(&[radar], true, &format!("{name}-stated")), whole, 1.25);
    }
}

#[test]
fn a_turn_of_four_seconds_is_tracked_like_whole_scans_every_four() {
    let slow = Radar { turn: 4.0, ..RADAR };
    let whole = mean(&[slow], false, "whole-4");
    assert!(whole.1 > 18.0, "{whole:?}");
    for (name, stamps) in [("beam-4", Stamps::Turning(0.0)), ("jitter-4", Stamps::Jitter(0.2))] {
        let radar = Radar { stamps, ..slow };
        let one = mean(&[radar], false, name);
        assert!(one.0 < 1.2 * whole.0 && one.1 > whole.1 - 1.5, "{one:?} {whole:?}");
    }
}

/// The second radar looks at another moment, turns, or has a clock that is a third of a second late.
#[test]
fn two_sensors_need_not_agree_on_the_time() {
    let other = Radar { name: "two", ..RADAR };
    let whole = mean(&[RADAR, other], false, "two-whole");
    for (name, other) in [
        ("two-offset", Radar { stamps: Stamps::AtOnce(0.43), ..other }),
        ("two-clock", Radar { stamps: Stamps::AtOnce(0.5), clock: 0.3, ..other }),
        ("two-turning", Radar { stamps: Stamps::Turning(0.0), turn: 1.3, ..other }),
    ] {
        alike(mean(&[RADAR, other], false, name), whole, 1.35);
    }
    let both = [
        Radar { stamps: Stamps::Turning(0.0), ..RADAR },
        Radar { stamps: Stamps::Turning(0.1), turn: 2.5, ..other },
    ];
    alike(mean(&both, false, "two-turning-both"), mean(&[RADAR], false, "two-one"), 1.2);
}

/// A scan whose plots have one time is the same, whichever way it is told.
#[test]
fn whole_scans_give_the_same_bytes_when_the_turn_is_stated() {
    let truth = Truth::new(9);
    let rows = look(&truth, &[RADAR], 9);
    let read = |name: &str| fs::read_to_string(folder(name).join("tracks.csv")).unwrap();
    score(&truth, &[RADAR], &rows, false, "bytes-unstated");
    score(&truth, &[RADAR], &rows, true, "bytes-stated");
    assert!(read("bytes-unstated").lines().count() > 1_000);
    assert_eq!(read("bytes-unstated"), read("bytes-stated"));
}

/// A row that is a millionth of a second late is part of its scan, and one in the last second is inside.
#[test]
fn a_microsecond_and_the_last_second_count() {
    let truth = Truth::new(11);
    let rows = look(&truth, &[RADAR], 11);
    let shifted: String = rows
        .lines()
        .enumerate()
        .map(|(n, row)| match (n % 3, row.split_once(',')) {
            (1, Some((t, rest))) if t != "t" => {
                format!("{:.7},{rest}\n", t.parse::<f64>().unwrap() + 0.000_000_4)
            }
            (2, Some((t, rest))) if t != "t" => {
                format!("{:.6},{rest}\n", t.parse::<f64>().unwrap() + 0.000_001)
            }
            _ => format!("{row}\n"),
        })
        .collect();
    let (whole, moved) = (
        score(&truth, &[RADAR], &rows, false, "microsecond-whole"),
        score(&truth, &[RADAR], &shifted, false, "microsecond"),
    );
    alike(moved, whole, 1.01);
    let late = format!("{shifted}{}.9,one,0,0\n", SECONDS - 1);
    score(&truth, &[RADAR], &late, false, "last-second");
    fs::write(folder("last-second").join("aside.csv"), "").unwrap();
    let path = |file: &str| folder("last-second").join(file).to_str().unwrap().to_string();
    let arguments = [
        "track",
        "--detections",
        &path("detections.csv"),
        "--sensor",
        &path("sensor.json"),
        "--out",
        &path("tracks.csv"),
        "--set-aside",
        &path("aside.csv"),
    ];
    command::run(&Cli::parse_from(arguments).args).unwrap();
    assert_eq!(fs::read_to_string(path("aside.csv")).unwrap(), "line,reason\n");
}
