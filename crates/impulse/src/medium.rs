//! What the residuals say of the medium: how much of the error is each path's own, how much is wind and
//! sound speed common to an event.
//!
//! A table holds the logarithm of the likelihood of each of a few hundred models, summed over events with
//! a slow forgetting: place and time of each event, and the medium itself, are integrated out (restricted
//! maximum likelihood; Patterson & Thompson 1971). The best model is what the next solution assumes.

use crate::curve::log;
use crate::fit::{PRODUCTS, State, products, unpack};
use crate::linear::{Matrix, cholesky, log_det, solve};
use crate::setting::Units;
use alloc::vec;
use alloc::vec::Vec;

/// Relative error of a path of its own, one sigma: 0.06 % to 1.9 %, in steps of the square root of two.
const PATHS: usize = 11;
/// Relative wind, one sigma per component: none, then 0.1 % to 5.7 % in steps of two at first.
const WINDS: [f64; 8] = [0.0, 0.001, 0.002, 0.0035, 0.006, 0.01, 0.0173, 0.03];
/// Relative sound speed, one sigma.
const SPEEDS: [f64; 6] = [0.0, 0.001, 0.0025, 0.005, 0.01, 0.02];
/// How much of the past a slice keeps.
const KEEP: f64 = 0.9;

/// Evidence of one event at which it settles a path error.
const RULED_OUT: f64 = 12.0;
/// The most that one event can hold against a model.
const VOTE: f64 = 3.0;

fn path(i: f64) -> f64 {
    0.0006 * libm::exp2(0.5 * i)
}

/// One model of the errors, all relative, one sigma.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Model {
    pub path: f64,
    pub speed: f64,
    pub wind: f64,
}

impl Model {
    /// Is the other so like this one that no solution would move?
    pub(crate) fn near(&self, other: &Self) -> bool {
        let close = |a: f64, b: f64, by: f64| libm::fabs(a - b) <= 0.08 * a.max(b) + by;
        // An event tells its medium to about a tenth of the error of a path, so less than that is little.
        let by = 1e-4 + 0.03 * self.path;
        close(self.path, other.path, 1e-4)
            && close(self.speed, other.speed, by)
            && close(self.wind, other.wind, by)
    }
}

/// One pair of event and detection, as the table needs it.
#[derive(Clone, Copy)]
pub(crate) struct Sample {
    pub slope: State,
    /// Observed less predicted time with the medium at its expected mean, s.
    pub residual: f64,
    /// Chance that the pair is one.
    pub chance: f64,
    /// Variance without the path's own error, s^2.
    pub base: f64,
}

/// The likelihood of every model.
#[derive(Clone)]
pub(crate) struct Models {
    table: Vec<f64>,
}

fn cell(p: usize, w: usize, s: usize) -> usize {
    (p * WINDS.len() + w) * SPEEDS.len() + s
}

impl Models {
    /// Before anything was heard: within a factor of about three of what the setting says. Wind, and sound speed, that
    /// hardly differ from one event to the next may also be none at all, which gets half of the chance (Jeffreys 1961,
    /// "Theory of Probability": what may be absent). Without that a few dozen events, which cannot rule out a little wind,
    /// would widen every ellipse by it.
    pub(crate) fn new(units: &Units) -> Self {
        let mut table = vec![0.0; PATHS * WINDS.len() * SPEEDS.len()];
        let doubt = |value: f64, told: f64| {
            let off = libm::log(value.max(5e-4) / told.max(5e-4));
            -0.2 * off * off
        };
        // The first value is "none": as likely as all others together.
        let chance = |values: &[f64], k: usize, told: f64| match k {
            0 => libm::log(values[1..].iter().map(|value| libm::exp(doubt(*value, told))).sum()),
            _ => doubt(values[k], told),
        };
        for p in 0..PATHS {
            for w in 0..WINDS.len() {
                for s in 0..SPEEDS.len() {
                    table[cell(p, w, s)] = doubt(path(p as f64), units.path)
                        + chance(&WINDS, w, units.sigma[1])
                        + chance(&SPEEDS, s, units.sigma[0]);
                }
            }
        }
        Self { table }
    }

    /// A slice of time has passed.
    pub(crate) fn forget(&mut self) {
        for value in &mut self.table {
            *value *= KEEP;
        }
    }

    pub(crate) fn add(&mut self, other: &[f64]) {
        for (value, more) in self.table.iter_mut().zip(other) {
            *value += more;
        }
    }

    /// What one event adds to the table.
    pub(crate) fn of_event(&self, samples: &[Sample]) -> Option<Vec<f64>> {
        let products: Vec<_> = samples.iter().map(|sample| products(&sample.slope)).collect();
        // Judged with some wind and some sound speed: with none of either, a wind would pass for an error of the paths.
        let (likeliest, w, s) = self.top(1);
        let mut rows: [Option<Row>; PATHS] = [const { None }; PATHS];
        let mut rough = [0.0; PATHS];
        let mut best = f64::NEG_INFINITY;
        // From the likeliest path error outwards: beyond one that the event rules out the likelihood, which has one
        // top, only falls, and how far matters no more. It is drawn on in a straight line.
        for upwards in [true, false] {
            let (mut p, mut last) = (likeliest, None);
            loop {
                if last.is_none_or(|last| last >= best - RULED_OUT) {
                    if rows[p].is_none() {
                        let row = Row::new(path(p as f64), samples, &products)?;
                        rough[p] = row.value(WINDS[w], SPEEDS[s])?;
                        rows[p] = Some(row);
                    }
                    best = best.max(rough[p]);
                } else {
                    let (one, two) = if upwards { (p - 1, p - 2) } else { (p + 1, p + 2) };
                    rough[p] = 2.0 * rough[one] - rough[two];
                }
                last = Some(rough[p]);
                match if upwards { p + 1 } else { p.wrapping_sub(1) } {
                    next if next < PATHS => p = next,
                    _ => break,
                }
            }
        }
        let mut out = Vec::with_capacity(PATHS * WINDS.len() * SPEEDS.len());
        for (row, rough) in rows.iter().zip(rough) {
            // A path error that this event alone rules out need not be told apart by wind.
            let Some(row) = row.as_ref().filter(|_| rough >= best - RULED_OUT) else {
                out.resize(out.len() + WINDS.len() * SPEEDS.len(), rough);
                continue;
            };
            let first = out.len();
            for wind in WINDS {
                for speed in SPEEDS {
                    out.push(row.value(wind, speed)?);
                }
            }
            // An event whose detections are not its own may not outvote many that are right. The path's own
            // error is known well from any event: there the vote is free.
            let best = out[first..].iter().fold(f64::NEG_INFINITY, |a, b| a.max(*b));
            for value in &mut out[first..] {
                *value = value.max(best - VOTE);
            }
        }
        Some(out)
    }

    /// Indices of the likeliest model with a wind and a sound speed from the given index on.
    fn top(&self, least: usize) -> (usize, usize, usize) {
        let mut best = (0, least, least);
        let mut highest = f64::NEG_INFINITY;
        for p in 0..PATHS {
            for w in least..WINDS.len() {
                for s in least..SPEEDS.len() {
                    let value = self.table[cell(p, w, s)];
                    if value > highest {
                        (best, highest) = ((p, w, s), value);
                    }
                }
            }
        }
        best
    }

    /// The model to assume: the best error of a path, interpolated between its steps; of wind and sound
    /// speed the mean variance over all models by their likelihood, since a few events leave much open.
    pub(crate) fn best(&self) -> Model {
        let (p, w, s) = self.top(0);
        let top = self.table[cell(p, w, s)];
        let at = |p: usize| self.table[cell(p, w, s)];
        let mut exact = p as f64;
        if p > 0 && p + 1 < PATHS {
            let (below, above) = (at(p - 1) - at(p), at(p + 1) - at(p));
            let bend = below + above;
            if bend < -1e-9 {
                // A parabola's top lies 4 % high on this curve, -n/2 (x + A exp(-x)) in x = ln(variance); the
                // curve's own lies as much low where strays are dense, for the weights favour what fits. The
                // middle keeps the 95 % ellipses honest from one end to the other (training seeds).
                let parabola = (0.5 * (below - above) / bend).clamp(-0.5, 0.5);
                let h = core::f64::consts::LN_2;
                let top =
                    h * (above + below) / (above * (libm::exp(h) - 1.0) - below * (libm::exp(-h) - 1.0));
                let own = if top > 0.0 { (libm::log(top) / h).clamp(-0.5, 0.5) } else { parabola };
                exact += 0.5 * (parabola + own);
            }
        }
        let (mut all, mut wind, mut speed) = (0.0, 0.0, 0.0);
        for (i, value) in self.table.iter().enumerate() {
            let off = value - top;
            if off > -20.0 {
                let chance = libm::exp(off);
                let (w, s) = (WINDS[i / SPEEDS.len() % WINDS.len()], SPEEDS[i % SPEEDS.len()]);
                all += chance;
                wind += chance * w * w;
                speed += chance * s * s;
            }
        }
        Model { path: path(exact), speed: libm::sqrt(speed / all), wind: libm::sqrt(wind / all) }
    }
}

/// One event under one error of a path.
struct Row {
    reduced: Reduced,
    common: f64,
}

impl Row {
    /// `products` are those of the slopes of the samples.
    fn new(own: f64, samples: &[Sample], products: &[[f64; PRODUCTS]]) -> Option<Self> {
        let mut sums = [0.0; PRODUCTS];
        let mut right = [0.0; 6];
        let (mut square, mut parts, mut logs) = (0.0, 0.0, crate::fit::LogProduct::new());
        for (sample, products) in samples.iter().zip(products) {
            let travel = sample.slope[3] * own;
            let variance = sample.base + travel * travel;
            let weight = sample.chance / variance;
            for (sum, product) in sums.iter_mut().zip(products) {
                *sum += weight * product;
            }
            let pull = weight * sample.residual;
            for (sum, slope) in right.iter_mut().zip(sample.slope) {
                *sum += pull * slope;
            }
            square += pull * sample.residual;
            // In units of about the noise of timing squared, to keep the product in range.
            let scaled = variance * 1e3;
            if sample.chance > 0.95 {
                logs.times(scaled);
            } else {
                parts += sample.chance * log(scaled);
            }
        }
        let reduced = reduce(&unpack(&sums), &right)?;
        let common = logs.log() + parts + reduced.log + square - reduced.quiet;
        Some(Self { reduced, common })
    }

    /// Logarithm of the likelihood under a wind and a sound speed of the given variability.
    fn value(&self, wind: f64, speed: f64) -> Option<f64> {
        let Reduced { information, pull, .. } = &self.reduced;
        // L D L' of 1 + T information T, with T the diagonal of the three sigmas.
        let (mixed, winds) = (speed * wind, wind * wind);
        let (m10, m20) = (mixed * information[1][0], mixed * information[2][0]);
        let d0 = 1.0 + speed * speed * information[0][0];
        let (l10, l20) = (m10 / d0, m20 / d0);
        let d1 = 1.0 + winds * information[1][1] - l10 * m10;
        let e21 = winds * information[2][1] - l20 * m10;
        let l21 = e21 / d1;
        let d2 = 1.0 + winds * information[2][2] - l20 * m20 - l21 * e21;
        if !(d0 > 0.0 && d1 > 0.0 && d2 > 0.0) {
            return None;
        }
        let y0 = speed * pull[0];
        let y1 = wind * pull[1] - l10 * y0;
        let y2 = wind * pull[2] - l20 * y0 - l21 * y1;
        let explained = y0 * y0 / d0 + y1 * y1 / d1 + y2 * y2 / d2;
        Some(-0.5 * (self.common + log(d0 * d1 * d2) - explained))
    }
}

/// A system of six unknowns with time and place integrated out.
pub(crate) struct Reduced {
    pub information: Matrix<3>,
    pub pull: [f64; 3],
    /// What time and place explain of the sum of squares.
    quiet: f64,
    /// Logarithm of the determinant of their block.
    log: f64,
}

/// The Schur complement of time and place. `normal` has its lower triangle filled.
pub(crate) fn reduce(normal: &Matrix<6>, right: &State) -> Option<Reduced> {
    let a = core::array::from_fn(|i| core::array::from_fn(|k| if k <= i { normal[i][k] } else { 0.0 }));
    let l = cholesky::<3>(&a)?;
    let first = [right[0], right[1], right[2]];
    let cross: [[f64; 3]; 3] =
        core::array::from_fn(|i| [normal[3 + i][0], normal[3 + i][1], normal[3 + i][2]]);
    let by = cross.map(|c| solve(&l, &c));
    let information = core::array::from_fn(|i| {
        core::array::from_fn(|k| normal[3 + i.max(k)][3 + i.min(k)] - dot(&by[i], &cross[k]))
    });
    let pull = core::array::from_fn(|i| right[3 + i] - dot(&by[i], &first));
    Some(Reduced { information, pull, quiet: dot(&first, &solve(&l, &first)), log: log_det(&l) })
}

fn dot(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
