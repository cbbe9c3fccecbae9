//! Bearings only: position error against the Cramer-Rao bound, time to confirm, ghosts.
//!
//! `bearings SEEDS [FIRST]` prints one JSON object a case. Stations 5 km apart see or hear aircraft that fly straight
//! at 15 to 35 m/s, or turn as in the bench; bearings of 10 mrad once a second, 0.9 detected, 0.3 false a scan and station. The bound
//! is that of all bearings of the flight so far for an aircraft that is known to fly straight: no filter that
//! allows for turns can reach it. `heard` is the error at the moment of which the track was last heard or seen, not now.
#[path = "../tests/common/mod.rs"]
#[expect(unreachable_pub, dead_code, reason = "shared with the tests, which use more of it")]
mod common;
use common::{Aircraft, Chance, azimuth, distance, listen};
use track::*;
use truce::time::{SECOND, Time};

const SIGMA: f64 = 0.01;
const SECONDS: i64 = 60;

fn main() {
    let seeds: u64 = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(20);
    let four = [[0.0, 0.0], [5_000.0, 0.0], [2_500.0, 5_000.0], [-2_000.0, 4_000.0]];
    let first: u64 = std::env::args().nth(2).and_then(|a| a.parse().ok()).unwrap_or(1);
    for wave in [Wave::Light, Wave::Sound] {
        for (stations, aircraft) in [(2, 1), (3, 1), (4, 1), (4, 3)] {
            for straight in [true, false] {
                case(wave, &four[..stations], aircraft, straight, first..first + seeds);
            }
        }
    }
}

fn case(wave: Wave, stations: &[[f64; 2]], count: usize, straight: bool, seeds: std::ops::Range<u64>) {
    let (mut now, mut then, mut bound) = (Off::default(), Off::default(), 0.0);
    let (mut waited, mut confirmed, mut ghosts, mut scans, mut possible) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let many = seeds.end - seeds.start;
    for seed in seeds {
        let mut chance = Chance(seed * 77);
        let mut aircraft: Vec<Aircraft> = (0..count)
            .map(|id| {
                let x = [chance.between(-500.0, 3_500.0), chance.between(500.0, 4_000.0)];
                let a = Aircraft::new(id, x, &mut chance);
                let mut a = if straight { a.straight_on() } else { a };
                a.speed = chance.between(15.0, 35.0);
                a
            })
            .collect();
        let mut first: Vec<Option<i64>> = vec![None; count];
        let mut paths: Vec<Vec<[f64; 2]>> = vec![Vec::new(); count];
        listen(stations, &mut aircraft, wave, SECONDS, seed, |t, tracker, aircraft| {
            let old = Time(i64::MAX);
            let shown = tracker.fine_at(Time(t * SECOND), SECOND, Audience::Analyst, old, 0).expect("old");
            let heard = tracker.fine(Audience::Analyst, old, 0).expect("old");
            paths.iter_mut().zip(aircraft).for_each(|(path, a)| path.push(a.x));
            scans += 1.0;
            possible += tracker.possible() as f64;
            let far = |s: &&State| aircraft.iter().all(|a| distance(place(s), a.x) > 500.0);
            ghosts += shown.iter().filter(far).count() as f64;
            for ((a, path), first) in aircraft.iter().zip(&paths).zip(&mut first) {
                let best =
                    shown.iter().min_by(|p, q| distance(place(p), a.x).total_cmp(&distance(place(q), a.x)));
                let Some(s) = best.filter(|s| distance(place(s), a.x) <= 500.0) else { continue };
                first.get_or_insert(t);
                if t >= 40 {
                    now.add(s, a.x);
                    bound += cramer_rao(a, stations, wave, t);
                    if let Some(s) = heard.iter().find(|h| h.track == s.track) {
                        then.add(s, at(path, s.time));
                    }
                }
            }
        });
        for t in first.into_iter().flatten() {
            waited += t as f64;
            confirmed += 1.0;
        }
    }
    let flight = if straight { "straight" } else { "turning" };
    print!(
        "{{\"wave\": \"{wave:?}\", \"stations\": {}, \"aircraft\": {count}, \"flight\": \"{flight}\", \"confirmed\": {:.3}, ",
        stations.len(),
        confirmed / (many as f64 * count as f64),
    );
    if now.n > 0.0 {
        let least = libm::sqrt(bound / now.n);
        print!(
            "\"seconds_to_confirm\": {:.1}, \"rmse_m\": {:.1}, \"anees\": {:.2}, \"heard_rmse_m\": {:.1}, \"heard_anees\": {:.2}, ",
            waited / confirmed,
            now.rms(),
            now.nees / now.n,
            then.rms(),
            then.nees / then.n,
        );
        if straight {
            print!("\"bound_m\": {least:.1}, \"ratio\": {:.2}, ", now.rms() / least);
        }
    }
    println!("\"ghosts_shown\": {:.3}, \"possible\": {:.2}}}", ghosts / scans, possible / scans);
}

/// Sums of squared errors, in m^2 and in sigmas.
#[derive(Clone, Copy, Default)]
struct Off {
    square: f64,
    nees: f64,
    n: f64,
}

impl Off {
    fn add(&mut self, s: &State, truth: [f64; 2]) {
        let e = [place(s)[0] - truth[0], place(s)[1] - truth[1]];
        let c = s.covariance.map(|v| v as f64 / 1e6);
        self.nees += Sym2 { xx: c[0], xy: c[1], yy: c[4] }.inverse().form(e) / 2.0;
        self.square += e[0] * e[0] + e[1] * e[1];
        self.n += 1.0;
    }

    fn rms(&self) -> f64 {
        libm::sqrt(self.square / self.n)
    }
}

fn place(s: &State) -> [f64; 2] {
    [s.place[0] as f64 / 1e3, s.place[1] as f64 / 1e3]
}

/// Where on its path, second by second, an aircraft was.
fn at(path: &[[f64; 2]], time: Time) -> [f64; 2] {
    let seconds = time.0 as f64 / 1e6;
    let k = (seconds.max(0.0) as usize).min(path.len().saturating_sub(2));
    let (a, b, part) = (path[k], path[(k + 1).min(path.len() - 1)], seconds - k as f64);
    [a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])]
}

/// What a station would measure at second `t` of an aircraft that is at `x` with velocity `v` at second `now`.
fn predicted(x: [f64; 4], from: [f64; 2], wave: Wave, ago: f64) -> f64 {
    let at = [x[0] - x[2] * ago - from[0], x[1] - x[3] * ago - from[1]];
    let late = match wave {
        Wave::Light => 0.0,
        Wave::Sound => {
            let (vx, vy) = (x[2], x[3]);
            let (a, b, c) =
                (340.0 * 340.0 - vx * vx - vy * vy, at[0] * vx + at[1] * vy, at[0] * at[0] + at[1] * at[1]);
            (libm::sqrt(b * b + a * c) - b) / a
        }
    };
    azimuth([0.0; 2], [at[0] - x[2] * late, at[1] - x[3] * late])
}

/// Trace of the bound on the place, m^2: the inverse of the information of all bearings so far.
fn cramer_rao(a: &Aircraft, stations: &[[f64; 2]], wave: Wave, now: i64) -> f64 {
    let v = a.velocity();
    let x = [a.x[0], a.x[1], v[0], v[1]];
    let mut j = [[0.0; 4]; 4];
    for t in 0..=now {
        for from in stations {
            let mut h = [0.0; 4];
            for (i, h) in h.iter_mut().enumerate() {
                let step = if i < 2 { 1.0 } else { 0.05 };
                let (mut up, mut down) = (x, x);
                up[i] += step;
                down[i] -= step;
                let ago = (now - t) as f64;
                *h = (predicted(up, *from, wave, ago) - predicted(down, *from, wave, ago)) / (2.0 * step);
            }
            for r in 0..4 {
                for c in 0..4 {
                    j[r][c] += 0.9 * h[r] * h[c] / (SIGMA * SIGMA);
                }
            }
        }
    }
    // Columns of the inverse by Gauss-Jordan.
    let mut m: Vec<Vec<f64>> = (0..4)
        .map(|r| j[r].iter().copied().chain((0..4).map(|c| f64::from(u8::from(r == c)))).collect())
        .collect();
    for p in 0..4 {
        let pivot = m[p][p];
        m[p].iter_mut().for_each(|v| *v /= pivot);
        let row = m[p].clone();
        for r in (0..4).filter(|r| *r != p) {
            let k = m[r][p];
            m[r].iter_mut().zip(&row).for_each(|(v, pivot)| *v -= k * pivot);
        }
    }
    m[0][4] + m[1][5]
}
