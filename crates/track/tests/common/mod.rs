//! Made aircraft and made sensors, with truth. Shared by the tests and the examples.

use track::*;
use truce::time::{SECOND, Time};

/// A deterministic source of numbers that behave like chance.
pub struct Chance(pub u64);

impl Chance {
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    pub fn normal(&mut self) -> f64 {
        let (u, v) = (self.uniform(), self.uniform());
        libm::sqrt(-2.0 * libm::log(u)) * libm::cos(core::f64::consts::TAU * v)
    }

    pub fn poisson(&mut self, mean: f64) -> usize {
        let (mut n, mut p, least) = (0, 1.0, libm::exp(-mean.min(500.0)));
        loop {
            p *= self.uniform();
            if p < least {
                return n;
            }
            n += 1;
        }
    }
}

/// One aircraft that alternates straight legs and turns, as in the bench.
#[derive(Clone, Debug)]
pub struct Aircraft {
    pub id: usize,
    pub x: [f64; 2],
    pub speed: f64,
    pub heading: f64,
    turn: f64,
    left: f64,
}

impl Aircraft {
    pub fn new(id: usize, x: [f64; 2], chance: &mut Chance) -> Self {
        Self {
            id,
            x,
            speed: chance.between(12.0, 55.0),
            heading: chance.between(0.0, core::f64::consts::TAU),
            turn: 0.0,
            left: chance.between(10.0, 40.0),
        }
    }

    pub fn velocity(&self) -> [f64; 2] {
        [self.speed * libm::cos(self.heading), self.speed * libm::sin(self.heading)]
    }

    /// Never turn.
    pub fn straight_on(mut self) -> Self {
        (self.turn, self.left) = (0.0, f64::INFINITY);
        self
    }

    /// Fly for a second.
    pub fn second(&mut self, chance: &mut Chance) {
        for _ in 0..10 {
            self.tenth(chance);
        }
    }

    /// Fly for a tenth of a second.
    pub fn tenth(&mut self, chance: &mut Chance) {
        self.left -= 0.1;
        if self.left <= 0.0 {
            if self.turn == 0.0 {
                let sign = if chance.uniform() < 0.5 { -1.0 } else { 1.0 };
                self.turn = sign * chance.between(2.0, 12.0).to_radians();
                self.left = chance.between(5.0, 20.0);
            } else {
                self.turn = 0.0;
                self.left = chance.between(10.0, 40.0);
            }
        }
        self.heading += self.turn * 0.1;
        let v = self.velocity();
        self.x = [self.x[0] + v[0] * 0.1, self.x[1] + v[1] * 0.1];
    }
}

pub fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    libm::hypot(a[0] - b[0], a[1] - b[1])
}

pub fn bearing(sensor: usize, id: u64, time: Time, azimuth: f64, sigma: f64) -> Measurement {
    Measurement { sensor, id, time, what: What::Bearing { azimuth, sigma, elevation: None }, signature: None }
}

pub fn station(name: &str, place: [f64; 2], wave: Wave) -> Sensor {
    Sensor {
        place: [place[0], place[1], 0.0],
        wave,
        clutter: 0.05,
        field: Field::Disc(15_000.0),
        ..Sensor::scanning(name, 0.9, 0.05)
    }
}

pub fn azimuth(from: [f64; 2], to: [f64; 2]) -> f64 {
    libm::atan2(to[0] - from[0], to[1] - from[1])
}

/// Bearings of aircraft from stations; sound is heard late. Returns the tracker and the aircraft at the end.
pub fn listen(
    stations: &[[f64; 2]],
    aircraft: &mut [Aircraft],
    wave: Wave,
    seconds: i64,
    seed: u64,
    mut each: impl FnMut(i64, &Tracker, &[Aircraft]),
) -> Tracker {
    let mut chance = Chance(seed);
    let sensors = stations.iter().enumerate().map(|(i, p)| station(&format!("s{i}"), *p, wave)).collect();
    let mut tracker = Tracker::new(Settings::default(), sensors);
    let mut past: Vec<Vec<[f64; 2]>> = vec![Vec::new(); aircraft.len()];
    let mut id = 0;
    for t in 0..seconds {
        for (path, a) in past.iter_mut().zip(aircraft.iter()) {
            path.push(a.x);
        }
        for (s, from) in stations.iter().enumerate() {
            tracker.scanned(s, Time(t * SECOND));
            for path in &past {
                let at = match wave {
                    Wave::Light => Some(path[t as usize]),
                    // The latest moment whose sound has arrived, between seconds.
                    Wave::Sound => (0..t as usize).rev().find_map(|k| {
                        let late = |p: [f64; 2]| distance(p, *from) / 340.0;
                        let (a, b) = (k as f64 + late(path[k]), k as f64 + 1.0 + late(path[k + 1]));
                        let part = (t as f64 - a) / (b - a);
                        (0.0..1.0).contains(&part).then(|| {
                            let mix = |i: usize| path[k][i] + part * (path[k + 1][i] - path[k][i]);
                            [mix(0), mix(1)]
                        })
                    }),
                };
                if let Some(at) = at.filter(|_| chance.uniform() < 0.9) {
                    let z = azimuth(*from, at) + 0.01 * chance.normal();
                    tracker.add(bearing(s, id, Time(t * SECOND), z, 0.01)).expect("a sound measurement");
                    id += 1;
                }
            }
            for _ in 0..chance.poisson(0.05 * core::f64::consts::TAU) {
                let z = chance.between(-core::f64::consts::PI, core::f64::consts::PI);
                tracker.add(bearing(s, id, Time(t * SECOND), z, 0.01)).expect("a sound measurement");
                id += 1;
            }
        }
        tracker.advance(Time(t * SECOND), &OneWorker);
        each(t, &tracker, aircraft);
        if t + 1 < seconds {
            for a in aircraft.iter_mut() {
                a.second(&mut chance);
            }
        }
    }
    tracker
}

pub fn straight(id: usize, x: [f64; 2], heading: f64, speed: f64) -> Aircraft {
    let mut a = Aircraft::new(id, x, &mut Chance(1));
    (a.heading, a.speed) = (heading, speed);
    a.straight_on()
}
