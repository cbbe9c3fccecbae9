//! Time, place and medium of one event from detections that may or may not be its own.
//!
//! Every node in reach gives one factor of likelihood: it missed the bang, or one of its detections near
//! the predicted time is the bang's (probabilistic data association; Bar-Shalom & Tse 1975). The weights
//! that come out of it drive Gauss-Newton; nothing is decided hard before the end.

use crate::curve::{fall, log};
use crate::linear::{Matrix, cholesky, invert, solve};
use crate::network::Network;
use crate::picks::Picks;
use crate::setting::Units;
use alloc::vec::Vec;

/// Time (s), place (km east and north), then the medium relative to the sound speed of the setting:
/// speed, wind east, wind north.
pub(crate) type State = [f64; 6];

pub(crate) const ROOT_TWO_PI: f64 = 2.506_628_274_631_000_7;
pub(crate) const TWO_PI: f64 = core::f64::consts::TAU;
/// Standard deviations within which a detection is looked at.
pub(crate) const GATE: f64 = 4.0;

/// What is believed of the medium at a place and time: mean and precision (inverse covariance).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prior {
    pub mean: [f64; 3],
    pub precision: Matrix<3>,
}

impl Prior {
    /// Independent components with the given one-sigma errors; zero means known exactly.
    pub(crate) fn diagonal(mean: [f64; 3], sigma: [f64; 3]) -> Self {
        let mut precision = [[0.0; 3]; 3];
        for i in 0..3 {
            let s = sigma[i].max(1e-7);
            precision[i][i] = 1.0 / (s * s);
        }
        Self { mean, precision }
    }
}

/// What a fit works on.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub units: &'a Units,
    pub network: &'a Network,
    pub picks: &'a Picks,
    /// Detections per second by node that are not of the event in question.
    pub rate: &'a [f64],
    /// Chance that a node in reach reports, by node.
    pub hit: &'a [f64],
    /// Independent error of a path, relative.
    pub path: f64,
}

/// The way from a source to a node.
#[derive(Clone, Copy)]
pub(crate) struct Path {
    /// Direction from source to node.
    pub ux: f64,
    pub uy: f64,
    /// Travel time, s.
    pub travel: f64,
    /// Seconds per km.
    slowness: f64,
}

impl Path {
    #[inline]
    pub(crate) fn new(speed: f64, q: &State, dx: f64, dy: f64, squared: f64) -> Self {
        let d = libm::sqrt(squared).max(1e-3);
        let per = 1.0 / d;
        let (ux, uy) = (dx * per, dy * per);
        let slowness = 1.0 / (speed * (1.0 + q[3] + q[4] * ux + q[5] * uy));
        Self { ux, uy, travel: d * slowness, slowness }
    }

    /// Derivative of the arrival time by time, place and medium.
    #[inline]
    pub(crate) fn slope(&self, speed: f64) -> State {
        let s = self.slowness;
        let m = -self.travel * speed * s;
        [1.0, -self.ux * s, -self.uy * s, m, m * self.ux, m * self.uy]
    }
}

/// Sum of one pass over the nodes in reach.
pub(crate) struct Pass {
    pub normal: Matrix<6>,
    pub gradient: State,
    /// Logarithm of the likelihood ratio: an event here, against none.
    pub evidence: f64,
}

/// Number of products of two of six slopes: those of the lower triangle, each row filled up to an even number, for
/// processors work on two at once.
pub(crate) const PRODUCTS: usize = 24;

/// The lower triangle of `j j'`, row by row: many sums of them with different weights need it once.
#[inline]
pub(crate) fn products(j: &State) -> [f64; PRODUCTS] {
    let mut out = [0.0; PRODUCTS];
    let mut at = 0;
    for i in 0..6 {
        for k in 0..=(i | 1) {
            out[at] = j[i] * j[k];
            at += 1;
        }
    }
    out
}

/// A matrix whose lower triangle holds sums of [`products`].
pub(crate) fn unpack(sums: &[f64; PRODUCTS]) -> Matrix<6> {
    let mut out = [[0.0; 6]; 6];
    let mut at = 0;
    for i in 0..6 {
        for k in 0..=(i | 1) {
            out[i][k] = sums[at];
            at += 1;
        }
    }
    out
}

/// Adds `weight * j j'` to the lower triangle and `weight * r * j` to the gradient.
#[inline]
pub(crate) fn add(normal: &mut Matrix<6>, gradient: &mut State, j: &State, weight: f64, pull: f64) {
    for i in 0..6 {
        let w = weight * j[i];
        for k in 0..=i {
            normal[i][k] += w * j[k];
        }
        gradient[i] += pull * j[i];
    }
}

/// Adds what is believed of the medium.
fn add_prior(normal: &mut Matrix<6>, gradient: &mut State, q: &State, prior: &Prior) {
    for i in 0..3 {
        for k in 0..3 {
            if k <= i {
                normal[3 + i][3 + k] += prior.precision[i][k];
            }
            gradient[3 + i] += prior.precision[i][k] * (prior.mean[k] - q[3 + k]);
        }
    }
}

/// One step of Gauss-Newton from `q`, with what is believed of the medium, which is added to `normal`: the new state, and
/// the lower root (Cholesky) of the information. None where nothing sensible comes out.
pub(crate) fn gauss_newton(
    q: &State,
    normal: &mut Matrix<6>,
    mut gradient: State,
    prior: &Prior,
) -> Option<(State, Matrix<6>)> {
    add_prior(normal, &mut gradient, q, prior);
    // A place is never more than some kilometres from its seed: keeps flat geometries solvable.
    normal[1][1] += 0.02;
    normal[2][2] += 0.02;
    let l = cholesky(normal)?;
    let by = solve(&l, &gradient);
    let mut next = *q;
    for i in 0..6 {
        next[i] += by[i];
    }
    // A medium beyond a fifth of the sound speed is no medium.
    let sane = next.iter().all(|v| v.is_finite()) && next[3..].iter().all(|v| libm::fabs(*v) < 0.2);
    sane.then_some((next, l))
}

/// The root of `precision`, the inverse of a variance, whose root is `sigma` when nothing is added for the clock.
#[inline]
pub(crate) fn root_of_inverse(precision: f64, clock: f64, sigma: f64) -> f64 {
    // Nearly always: a product instead of a root.
    if clock == 0.0 { sigma * precision } else { libm::sqrt(precision) }
}

/// `j' c j` for a symmetric matrix given whole.
#[inline]
pub(crate) fn quadratic(c: &Matrix<6>, j: &State) -> f64 {
    let mut sum = 0.0;
    for i in 0..6 {
        let mut row = 0.5 * c[i][i] * j[i];
        for k in 0..i {
            row += c[i][k] * j[k];
        }
        sum += row * j[i];
    }
    2.0 * sum
}

/// The logarithm of a product of many factors, with few calls of `log`.
pub(crate) struct LogProduct {
    product: f64,
    sum: f64,
}

impl LogProduct {
    pub(crate) fn new() -> Self {
        Self { product: 1.0, sum: 0.0 }
    }

    #[inline]
    pub(crate) fn times(&mut self, factor: f64) {
        self.product *= factor;
        if !(1e-100..1e100).contains(&self.product) {
            self.sum += log(self.product.max(1e-300));
            self.product = 1.0;
        }
    }

    pub(crate) fn log(&self) -> f64 {
        self.sum + log(self.product)
    }
}

/// Difference of two angles, within half a turn.
pub(crate) fn turn(angle: f64) -> f64 {
    angle - TWO_PI * libm::rint(angle / TWO_PI)
}

/// Likelihood of a bearing if the source is in the given direction, relative to one from anywhere.
pub(crate) fn bearing_factor(bearing: crate::picks::Bearing, ux: f64, uy: f64) -> f64 {
    // The path points from source to node; the bearing back.
    let off = turn(bearing.angle - libm::atan2(-uy, -ux)) / bearing.sigma;
    // One in twenty bearings is believed to be nonsense, so that one wrong bearing cannot expel a node.
    0.05 + 0.95 * fall(0.5 * off * off) * TWO_PI / (bearing.sigma * ROOT_TWO_PI)
}

impl Scene<'_> {
    /// One pass over the nodes within `r` km. `spread` is the covariance of the state so far (whole), `extra`
    /// a variance in s^2 added to every prediction. `left(pick)` is the share of a pick that no other event has; picks
    /// more likely of this event than not are added to `members`.
    pub(crate) fn pass(
        &self,
        q: &State,
        r: f64,
        spread: Option<&Matrix<6>>,
        extra: f64,
        left: impl Fn(usize) -> f64,
        members: &mut Vec<u32>,
    ) -> Pass {
        let speed = self.units.speed;
        let mut out = Pass { normal: [[0.0; 6]; 6], gradient: [0.0; 6], evidence: 0.0 };
        let mut likelihood = LogProduct::new();
        let timing = self.units.timing * self.units.timing + extra;
        members.clear();
        self.network.within(q[1], q[2], r, |node, dx, dy, squared| {
            let path = Path::new(speed, q, dx, dy, squared);
            let j = path.slope(speed);
            let own = self.path * path.travel;
            let mut variance = timing + own * own;
            if let Some(spread) = spread {
                variance += quadratic(spread, &j);
            }
            let expected = q[0] + path.travel;
            let hit = self.hit[node];
            let sigma = libm::sqrt(variance);
            let gate = GATE * sigma;
            let (at, end) = self.picks.from(node, expected - gate);
            let mut total = 1.0 - hit;
            let (mut weight, mut pull) = (0.0, 0.0);
            let mut best = (0.0, 0_usize);
            for (&time, at) in self.picks.time[at..end].iter().zip(at..) {
                if time > expected + gate {
                    break;
                }
                let left = left(at);
                if left > 0.0 {
                    let clock = self.picks.clock[at];
                    let precision = 1.0 / (variance + clock);
                    let residual = time - expected;
                    let mut share = left * hit / (self.rate[node] * ROOT_TWO_PI)
                        * root_of_inverse(precision, clock, sigma)
                        * fall(0.5 * residual * residual * precision);
                    if let Some(bearing) = self.picks.bearing(at) {
                        share *= bearing_factor(bearing, path.ux, path.uy);
                    }
                    total += share;
                    weight += share * precision;
                    pull += share * precision * residual;
                    if share > best.0 {
                        best = (share, at);
                    }
                }
            }
            likelihood.times(total);
            if weight > 0.0 {
                let per = 1.0 / total;
                add(&mut out.normal, &mut out.gradient, &j, weight * per, pull * per);
                if best.0 > 0.5 * total {
                    members.push(best.1 as u32);
                }
            }
        });
        out.evidence = likelihood.log();
        out
    }

    /// Evidence of two events together, exact: a detection is of one of them at most. The events must lie
    /// near each other: nodes within `r` km of the first count for both.
    pub(crate) fn pair(&self, p: &State, q: &State, r: f64, extra: f64, left: impl Fn(usize) -> f64) -> f64 {
        let speed = self.units.speed;
        let mut likelihood = LogProduct::new();
        self.network.within(p[1], p[2], r, |node, dx, dy, squared| {
            let hit = self.hit[node];
            let odds = hit / ((1.0 - hit) * self.rate[node] * ROOT_TWO_PI);
            let other = {
                let (x, y) = (dx + p[1] - q[1], dy + p[2] - q[2]);
                Path::new(speed, q, x, y, x * x + y * y)
            };
            let path = Path::new(speed, p, dx, dy, squared);
            let expected = [p[0] + path.travel, q[0] + other.travel];
            let own = self.path * path.travel;
            let variance = self.units.timing * self.units.timing + own * own + extra;
            let gate = GATE * libm::sqrt(variance);
            let first = expected[0].min(expected[1]) - gate;
            let last = expected[0].max(expected[1]) + gate;
            let (mut at, end) = self.picks.from(node, first);
            let (mut mine, mut yours, mut both) = (1.0, 1.0, 0.0);
            while at < end && self.picks.time[at] <= last {
                let left = left(at);
                if left > 0.0 {
                    let precision = 1.0 / (variance + self.picks.clock[at]);
                    let psi = |expected: f64| {
                        let off = self.picks.time[at] - expected;
                        left * odds * libm::sqrt(precision) * fall(0.5 * off * off * precision)
                    };
                    let (a, b) = (psi(expected[0]), psi(expected[1]));
                    mine += a;
                    yours += b;
                    both += a * b;
                }
                at += 1;
            }
            likelihood.times((1.0 - hit) * (1.0 - hit) * (mine * yours - both).max(1e-9));
        });
        likelihood.log()
    }

    /// One step of Gauss-Newton: the new state and its covariance.
    pub(crate) fn step(&self, q: &State, pass: &Pass, prior: &Prior) -> Option<(State, Matrix<6>)> {
        let mut normal = pass.normal;
        let (next, l) = gauss_newton(q, &mut normal, pass.gradient, prior)?;
        Some((next, invert(&l)))
    }
}
