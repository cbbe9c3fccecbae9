//! How far a sensor can be trusted: its bias, measured against aircraft that report themselves, and whether
//! its errors are as small as it says.
//!
//! Both are learned slowly from unambiguous links only, and act on the next frame: never on the one that
//! taught them.

use crate::frame::Frame;
use crate::gauss::{Gauss, Sym2, density2};
use crate::look::{self, Look, azimuth, wrap};
use crate::tracker::Tracker;
use truce::time::{Micros, SECOND};

/// Links over which the consistency of a sensor is averaged.
const MEMORY: f64 = 2_000.0;

/// Links before anything is concluded.
const FIRST: f64 = 120.0;

/// Between these, a sensor is believed as it is: chance and manoeuvres alone reach so far.
const BELIEVED: [f64; 2] = [0.55, 1.40];

/// Of what a settled track is off by, the stated error must make up this share on average before it is said to be
/// too large: where the rest is greater, as between the looks of a slow radar, it is the tracks that claim too little.
const TOLD_APART: f64 = 0.5;

/// Factors on a variance among which the first look at a sensor chooses: from an eighth to eight, in steps of
/// the square root of two.
const GRID: usize = 13;

/// How much likelier (natural logarithm) a factor beyond belief must be than the best that is believed, and
/// the other way round, before the first look is over.
const SURE: f64 = 20.0;

/// Share of wrong links that the first look allows for.
const WRONG: f64 = 0.03;

/// Bounds of the factor on a variance.
const FACTOR: [f64; 2] = [0.2, 25.0];

/// How far from its stated place a sensor of directions may stand before it was compared, one sigma on each axis, m.
const STATION: f64 = 20.0;

/// State of one sensor.
#[derive(Clone, Debug)]
pub(crate) struct Health {
    /// Number of links, fading.
    links: f64,
    /// Mean of (squared innovation less what the track explains) over what the sensor claims.
    ratio: f64,
    /// Mean share of the stated error in what was expected of those links.
    share: f64,
    /// Applied factor on the claimed variance.
    pub(crate) factor: f64,
    /// Azimuth (rad; of directions alone), east, north (m), clock (s). East and north are those of the positions that a
    /// sensor gives; of one that gives directions, how far it stands from where it is said to.
    pub(crate) bias: [f64; 4],
    /// Its covariance, diagonal at first.
    cov: [[f64; 4]; 4],
    /// Mean of one over the distance of what directions were compared with, 1/m.
    nearness: f64,
    /// Number of links with cooperative aircraft.
    pub(crate) checks: u32,
    angles: bool,
    first: FirstLook,
}

/// What the first tracks say about a sensor, before any track has settled: the third measurement of a track
/// should lie on the line of the first two but for the errors of all three, whatever the speed.
#[derive(Clone, Copy, Debug)]
struct FirstLook {
    /// Logarithm of the likelihood of each factor.
    likelihood: [f64; GRID],
    over: bool,
}

/// The first two measurements of a track, both of one sensor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    /// Moments, s.
    pub(crate) time: [f64; 2],
    pub(crate) place: [[f64; 2]; 2],
    pub(crate) sensor: usize,
}

/// What a sensor's health comes to, in integers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SensorHealth {
    /// Factor by which its stated sigma is multiplied, permille.
    pub sigma_permille: u32,
    /// Bias: east and north in mm, or azimuth in microradians and 0.
    pub bias: [i64; 2],
    /// Clock: the sensor's stamps are late by this much, microseconds.
    pub clock: Micros,
    /// One sigma of the three, in the same units.
    pub bias_sigma: [i64; 3],
    /// Of a sensor of directions: how far east and north of its stated place it stands, mm. Whoever was compared in one
    /// direction only tells nothing of the place along it: look at the sigma.
    pub shift: [i64; 2],
    /// One sigma of it, mm.
    pub shift_sigma: [i64; 2],
    /// Number of comparisons with cooperative aircraft behind the bias.
    pub checks: u32,
}

/// The factor on a variance at a place of the grid.
fn factor(at: f64) -> f64 {
    libm::exp2((at - (GRID / 2) as f64) / 2.0)
}

impl Health {
    pub(crate) fn new() -> Self {
        Self {
            links: 0.0,
            ratio: 1.0,
            share: 1.0,
            factor: 1.0,
            bias: [0.0; 4],
            cov: [[0.0; 4]; 4],
            nearness: 0.0,
            checks: 0,
            angles: false,
            first: FirstLook { likelihood: [0.0; GRID], over: false },
        }
    }

    /// As before the first measurement, but for the factor on its errors.
    pub(crate) fn again(&self) -> Self {
        Self { ratio: self.factor, factor: self.factor, ..Self::new() }
    }

    /// Is it known whether the errors are as small as the sensor says?
    pub(crate) fn judged(&self) -> bool {
        self.first.over
    }

    /// Learn from the third measurement of a track, made at `t` (s); `turning` is how strongly aircraft may
    /// have accelerated, m/s^2. Each track is asked once, so the evidence adds up.
    pub(crate) fn first_look(&mut self, look: &Look, pair: &Pair, t: f64, turning: f64) {
        let Look::Place { z, r, lag: 0.0 } = *look else { return };
        if self.first.over {
            return;
        }
        let ([t0, t1], [z0, z1]) = (pair.time, pair.place);
        let k = (t - t1) / (t1 - t0);
        let off = [0, 1].map(|i| z[i] - z1[i] - k * (z1[i] - z0[i]));
        let bend = turning * (t - t1) * (t - t0) / 2.0;
        let claimed = r.times((1.0 + (1.0 + k) * (1.0 + k) + k * k) / self.factor);
        // What may be a turn says nothing about the sensor.
        if !k.is_finite() || k <= 0.0 || bend * bend > 0.1 * claimed.greatest() {
            return;
        }
        let density = |factor: f64| {
            let s = claimed.times(factor).plus(Sym2::round(bend * bend));
            density2(off, s.inverse(), s.det())
        };
        let wrong = WRONG * density(50.0);
        for (i, sum) in self.first.likelihood.iter_mut().enumerate() {
            *sum += libm::log(((1.0 - WRONG) * density(factor(i as f64)) + wrong).max(1e-300));
        }
    }

    /// Conclude from the first look, if it is clear. Did the factor move by more than a tenth?
    pub(crate) fn conclude(&mut self) -> bool {
        if self.first.over || self.links >= FIRST {
            self.first.over = true;
            return false;
        }
        let found = &self.first.likelihood;
        let mut best = [(f64::NEG_INFINITY, 0); 2];
        for (i, l) in found.iter().enumerate() {
            let believed = usize::from((BELIEVED[0]..=BELIEVED[1]).contains(&factor(i as f64)));
            if *l > best[believed].0 {
                best[believed] = (*l, i);
            }
        }
        let [(beyond, at), (within, _)] = best;
        if libm::fabs(beyond - within) < SURE {
            return false;
        }
        // The top of the parabola through the best and its neighbours.
        let mut top = at as f64;
        if at > 0 && at + 1 < GRID {
            let (a, c) = (found[at] - found[at - 1], found[at] - found[at + 1]);
            top += 0.5 * (a - c) / (a + c).max(1e-9);
        }
        let wanted = if beyond > within { factor(top) } else { 1.0 };
        let moved = !(0.9..=1.1).contains(&(wanted / self.factor));
        self.first.over = true;
        self.factor = wanted;
        self.ratio = wanted;
        moved
    }

    /// A measurement freed of the known bias and widened as far as its sensor deserves.
    pub(crate) fn correct(&self, look: Look) -> Look {
        match look {
            Look::Place { z, r, lag } => {
                let widened = r.times(self.factor);
                if self.checks == 0 {
                    return Look::Place { z, r: widened, lag };
                }
                Look::Place {
                    z: [z[0] - self.bias[1], z[1] - self.bias[2]],
                    r: widened.plus(Sym2 { xx: self.cov[1][1], xy: self.cov[1][2], yy: self.cov[2][2] }),
                    lag: lag + self.bias[3],
                }
            }
            Look::Angle { azimuth, var, from, sound, lag } => Look::Angle {
                azimuth: wrap(azimuth - self.bias[0]),
                var: var * self.factor + self.left_over(azimuth),
                from: [from[0] + self.bias[1], from[1] + self.bias[2]],
                sound,
                lag,
            },
        }
    }

    /// Variance of what is left of azimuth and place together, in one direction and as far away as what was compared: each
    /// alone may be unknown where their sum is known well.
    fn left_over(&self, azimuth: f64) -> f64 {
        let h = [1.0, -self.nearness * libm::cos(azimuth), self.nearness * libm::sin(azimuth)];
        let mut sum = 0.0;
        for (row, hi) in self.cov.iter().zip(h) {
            sum += hi * (row[0] * h[0] + row[1] * h[1] + row[2] * h[2]);
        }
        sum.max(0.0)
    }

    /// Learn from an unambiguous link: what the track expected before it (`g`), and the measurement as it
    /// went in.
    pub(crate) fn learn(&mut self, look: &Look, g: &Gauss, steady: f64) {
        let (square, explained, claimed) = match *look {
            Look::Place { z, r, lag } => {
                let (seen, cov) = g.seen(lag);
                let nu = [z[0] - seen[0], z[1] - seen[1]];
                let whole = cov.plus(r).inverse();
                // In units in which the claimed error is round: whiten by the whole innovation.
                let share = (whole.xx * r.xx + 2.0 * whole.xy * r.xy + whole.yy * r.yy) / 2.0;
                (whole.form(nu) / 2.0, 1.0 - share, share)
            }
            Look::Angle { azimuth: z, var, from, sound, lag } => {
                let (at, h, since) = azimuth(&g.x, from, sound, lag);
                let nu = wrap(z - at);
                let s = g.variance(h) + var + since;
                // What is not known of its azimuth and place is no error that it states.
                let stated = (var - self.left_over(z)).max(0.0);
                (nu * nu / s, 1.0 - stated / s, stated / s)
            }
        };
        // Manoeuvres and vague tracks say nothing about the sensor.
        if claimed < 0.3 || steady < 0.5 || square > 40.0 {
            return;
        }
        let sample = ((square - explained) / claimed * self.factor).clamp(-5.0, 60.0);
        self.links = (self.links + 1.0).min(MEMORY);
        self.ratio += (sample - self.ratio) / self.links.max(20.0);
        let stated = claimed / self.factor;
        self.share += (stated / (stated + explained) - self.share) / self.links.max(20.0);
        if self.links >= FIRST {
            let wanted = self.ratio.clamp(FACTOR[0], FACTOR[1]);
            let least = if self.share < TOLD_APART { 0.0 } else { BELIEVED[0] };
            self.factor = if (least..=BELIEVED[1]).contains(&wanted) { 1.0 } else { wanted };
        }
    }

    /// Compare a measurement as the sensor sent it with the state of a cooperative aircraft.
    pub(crate) fn compare(&mut self, raw: &Look, g: &Gauss) {
        match *raw {
            Look::Place { z, r, lag } => {
                self.begin(false);
                let (seen, cov) = g.seen(lag);
                // z = p - lag v + bias - clock v.
                let rows = [[0.0, 1.0, 0.0, -g.x[2]], [0.0, 0.0, 1.0, -g.x[3]]];
                let var = [r.xx + cov.xx, r.yy + cov.yy];
                for axis in 0..2 {
                    self.scalar(rows[axis], z[axis] - seen[axis], var[axis]);
                }
            }
            Look::Angle { azimuth: z, var, from, sound, lag } => {
                self.begin(true);
                let (at, h, since) = azimuth(&g.x, from, sound, lag);
                let turning = h[0] * g.x[2] + h[1] * g.x[3];
                let near = libm::hypot(h[0], h[1]);
                self.nearness += (near - self.nearness) / f64::from(self.checks.min(1_000) + 1);
                // Who stands farther east sees what he would see of an aircraft that is farther west.
                let row = [1.0, -h[0], -h[1], -turning];
                self.scalar(row, wrap(z - at), var + g.variance(h) + since);
            }
        }
        self.checks = self.checks.saturating_add(1);
    }

    fn begin(&mut self, angles: bool) {
        if self.checks == 0 {
            let first = if angles { [0.1, STATION, STATION, 0.5] } else { [0.0, 200.0, 200.0, 0.5] };
            for (i, sigma) in first.into_iter().enumerate() {
                self.cov[i][i] = sigma * sigma;
            }
            self.angles = angles;
        }
        // Sensors drift: a little is forgotten at each comparison.
        for i in 0..4 {
            self.cov[i][i] *= 1.0 + 1e-4;
        }
    }

    fn scalar(&mut self, h: [f64; 4], measured: f64, var: f64) {
        let dot = |row: &[f64; 4]| row.iter().zip(&h).map(|(r, h)| r * h).sum::<f64>();
        let g = self.cov.map(|row| dot(&row));
        let (expected, s) = (dot(&self.bias), dot(&g) + var);
        let nu = measured - expected;
        if nu * nu > 25.0 * s {
            return;
        }
        for i in 0..4 {
            self.bias[i] += g[i] / s * nu;
            for j in 0..4 {
                self.cov[i][j] -= g[i] * g[j] / s;
            }
        }
    }

    pub(crate) fn shown(&self) -> SensorHealth {
        let integer = |value: f64, unit: f64| libm::round(value * unit) as i64;
        let sigma = |i: usize, unit: f64| integer(libm::sqrt(self.cov[i][i].max(0.0)), unit);
        let [azimuth, east, north, clock] = self.bias;
        let place = [integer(east, 1e3), integer(north, 1e3)];
        let place_sigma = [sigma(1, 1e3), sigma(2, 1e3)];
        let (bias, bias_sigma, shift, shift_sigma) = if self.angles {
            ([integer(azimuth, 1e6), 0], [sigma(0, 1e6), 0], place, place_sigma)
        } else {
            (place, place_sigma, [0; 2], [0; 2])
        };
        SensorHealth {
            sigma_permille: libm::round(libm::sqrt(self.factor) * 1e3) as u32,
            bias,
            clock: integer(clock, 1e6),
            bias_sigma: [bias_sigma[0], bias_sigma[1], sigma(3, 1e6)],
            shift,
            shift_sigma,
            checks: self.checks,
        }
    }
}

/// Probability of a link that speaks for or against a sensor at first.
const FIRST_LINK: f64 = 0.9;

impl Tracker {
    /// Learn about the sensor from the frame.
    pub(crate) fn watch(&mut self, frame: &Frame<'_>) {
        if !self.sensors[frame.sensor].calibrate {
            return;
        }
        let sensor = &self.sensors[frame.sensor];
        let health = &mut self.health[frame.sensor];
        let turning = self.settings.flight.turn_rates[0] * self.settings.flight.first_speed;
        for track in self.tracks.iter_mut().filter(|t| t.in_frame && t.existence > 0.9) {
            // Born in this very frame? Then there is no third measurement yet.
            let Some(pair) = track.pair.filter(|p| p.sensor == frame.sensor) else { continue };
            if let Some(link) = track.links.iter().find(|l| l.probability > FIRST_LINK) {
                let time = frame.what[link.measurement as usize].time;
                let look = &frame.looks[link.measurement as usize];
                health.first_look(look, &pair, time.0 as f64 / 1e6, turning);
            }
            track.pair = None;
        }
        for track in self.tracks.iter().filter(|t| t.in_frame && t.existence > 0.9) {
            let [link] = &track.links[..] else { continue };
            if link.probability < 0.98 {
                continue;
            }
            let look = &frame.looks[link.measurement as usize].held(link.lag);
            let due = track.due(frame.sensor).and_then(|due| Some((due.off?, frame.sweep?.turn)));
            if let Some((off, turn)) = due {
                self.rhythms[frame.sensor].learn(off, turn);
            }
            // A young track does not know its velocity, and would blame the sensor.
            if frame.time.0 - track.born.0 >= 10 * SECOND {
                health.learn(look, &track.expected, track.imm.w[0]);
            }
            // An aircraft that reports itself is a measure, as long as its name is not disputed.
            let trusted = !sensor.cooperative
                && track.claimed.as_ref().is_some_and(|c| {
                    c.odds >= 3.0 && frame.time.0 - c.last.0 <= 2 * SECOND && !self.names.disputed(&c.name)
                });
            if trusted && let Some(raw) = look::look(&frame.what[link.measurement as usize], sensor, 0.0) {
                health.compare(&raw.held(link.lag), &track.expected);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Innovations of tracks that are known to `var` m^2 and whose expectation was too cautious.
    fn cautious(var: f64) -> f64 {
        let mut health = Health::new();
        let g = Gauss::at([0.0, 0.0], Sym2::round(var), 5.0);
        let share = 400.0 / (400.0 + var);
        let square = 1.0 - 0.7 * share;
        let off = libm::sqrt(square * (400.0 + var));
        for _ in 0..200 {
            health.learn(&Look::Place { z: [off, off], r: Sym2::round(400.0), lag: 0.0 }, &g, 1.0);
        }
        health.factor
    }

    #[test]
    fn a_sensor_is_said_to_be_better_only_where_tracks_are_sharper_than_it() {
        assert!(cautious(100.0) < 0.5, "tracks of 10 m tell that 20 m is too much");
        assert!((cautious(800.0) - 1.0).abs() < 1e-12, "tracks of 28 m tell nothing of the kind");
    }
}
