//! The medium at an event, from the events around it (kriging; a Gaussian process with an exponential
//! covariance in space and time, Cressie 1993).

use crate::fit::Prior;
use crate::linear::{Matrix, cholesky, invert};
use crate::medium::Model;
use crate::setting::Units;
use alloc::vec;
use alloc::vec::Vec;

/// Neighbours that speak for the medium at a place.
const NEIGHBOURS: usize = 6;
/// Shares of the variance that may be common to a region; what is left is each event's own.
const SHARES: [f64; 4] = [0.0, 0.5, 0.8, 0.95];

/// What one event alone tells of the medium.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Probe {
    /// Seconds from a fixed origin, km east and north.
    pub at: [f64; 3],
    /// Deviation from the weather's mean, with a weak prior.
    pub estimate: [f64; 3],
    /// Covariance of the estimate's error.
    pub error: Matrix<3>,
}

impl Probe {
    /// From the information (precision matrix, and its product with the deviation) that an event carries.
    pub(crate) fn new(at: [f64; 3], information: &Matrix<3>, pull: &[f64; 3]) -> Option<Self> {
        let mut precise = *information;
        for i in 0..3 {
            precise[i][i] += 1.0; // one sigma = the sound speed itself: only for solvability
        }
        let error = invert(&cholesky(&precise)?);
        let estimate = core::array::from_fn(|i| (0..3).map(|k| error[i][k] * pull[k]).sum());
        Some(Self { at, estimate, error })
    }
}

/// Relations of the medium at two places.
pub(crate) struct Field<'a> {
    pub units: &'a Units,
    pub model: Model,
    pub share: f64,
}

impl Field<'_> {
    fn likeness(&self, a: &[f64; 3], b: &[f64; 3]) -> f64 {
        let d = libm::hypot(a[1] - b[1], a[2] - b[2]) / self.units.wind_reach;
        let t = libm::fabs(a[0] - b[0]) / self.units.wind_memory;
        self.share * libm::exp(-d - t)
    }

    fn variances(&self) -> [f64; 3] {
        let (s, w) = (self.model.speed, self.model.wind);
        [s * s, w * w, w * w]
    }

    /// Mean deviation and covariance at a place from its nearest neighbours; `skip` is the event itself.
    fn at(&self, at: &[f64; 3], probes: &[Probe], skip: usize) -> ([f64; 3], Matrix<3>) {
        let variances = self.variances();
        let mut mean = [0.0; 3];
        let mut covariance = [[0.0; 3]; 3];
        for i in 0..3 {
            covariance[i][i] = variances[i].max(1e-14);
        }
        if self.share == 0.0 {
            return (mean, covariance);
        }
        // The nearest by likeness; ties by order.
        let mut near: Vec<(f64, usize)> = Vec::with_capacity(NEIGHBOURS + 1);
        for (k, probe) in probes.iter().enumerate() {
            if k == skip {
                continue;
            }
            let likeness = self.likeness(at, &probe.at);
            if near.len() < NEIGHBOURS || likeness > near[near.len() - 1].0 {
                let place = near.partition_point(|n| n.0 >= likeness);
                near.insert(place, (likeness, k));
                near.truncate(NEIGHBOURS);
            }
        }
        let n = 3 * near.len();
        if n == 0 {
            return (mean, covariance);
        }
        let mut a = vec![0.0; n * n];
        for (p, &(_, kp)) in near.iter().enumerate() {
            for (q, &(_, kq)) in near.iter().enumerate() {
                let like = if p == q { 1.0 } else { self.likeness(&probes[kp].at, &probes[kq].at) };
                for i in 0..3 {
                    a[(3 * p + i) * n + 3 * q + i] += like * variances[i] + if p == q { 1e-14 } else { 0.0 };
                    if p == q {
                        for k in 0..3 {
                            a[(3 * p + i) * n + 3 * q + k] += probes[kp].error[i][k];
                        }
                    }
                }
            }
        }
        // Right-hand sides: the data, then the covariance with each component at the place.
        let mut right = vec![0.0; n * 4];
        for (p, &(like, k)) in near.iter().enumerate() {
            for i in 0..3 {
                right[(3 * p + i) * 4] = probes[k].estimate[i];
                right[(3 * p + i) * 4 + 1 + i] = like * variances[i];
            }
        }
        let cross = right.clone();
        if !solve_in_place(&mut a, &mut right, n) {
            return (mean, covariance);
        }
        for i in 0..3 {
            for row in 0..n {
                mean[i] += cross[row * 4 + 1 + i] * right[row * 4];
                for k in 0..3 {
                    covariance[i][k] -= cross[row * 4 + 1 + i] * right[row * 4 + 1 + k];
                }
            }
        }
        (mean, covariance)
    }

    /// What to believe of the medium of an event, from the others.
    pub(crate) fn prior(&self, at: &[f64; 3], probes: &[Probe], skip: usize) -> Prior {
        let (mean, covariance) = self.at(at, probes, skip);
        let mean = core::array::from_fn(|i| self.units.mean[i] + mean[i]);
        match cholesky(&covariance) {
            Some(l) => Prior { mean, precision: invert(&l) },
            None => Prior::diagonal(self.units.mean, [self.model.speed, self.model.wind, self.model.wind]),
        }
    }

    /// The share under which each event is foretold best by the others.
    pub(crate) fn best_share(units: &Units, model: Model, probes: &[Probe], first: usize) -> f64 {
        let mut best = (f64::NEG_INFINITY, 0.0);
        for share in SHARES {
            let field = Field { units, model, share };
            let mut sum = 0.0;
            for (k, probe) in probes.iter().enumerate().skip(first).take(150) {
                let (mean, mut covariance) = field.at(&probe.at, probes, k);
                for i in 0..3 {
                    for j in 0..3 {
                        covariance[i][j] += probe.error[i][j];
                    }
                }
                let Some(l) = cholesky(&covariance) else { continue };
                let off = core::array::from_fn(|i| probe.estimate[i] - mean[i]);
                let x = crate::linear::solve(&l, &off);
                let chi: f64 = (0..3).map(|i| off[i] * x[i]).sum();
                // As in the table of models, no event may outvote many.
                sum -= 0.5 * (crate::linear::log_det(&l) + chi.min(20.0));
            }
            // A richer field must earn its place.
            if sum > best.0 + 2.0 {
                best = (sum, share);
            }
        }
        best.1
    }
}

/// Solves `a x = right` for four right-hand sides by Cholesky; `false` where `a` is not positive definite.
fn solve_in_place(a: &mut [f64], right: &mut [f64], n: usize) -> bool {
    for i in 0..n {
        for j in 0..=i {
            let mut sum = a[i * n + j];
            for k in 0..j {
                sum -= a[i * n + k] * a[j * n + k];
            }
            if i == j {
                if sum.is_nan() || sum <= 0.0 {
                    return false;
                }
                a[i * n + i] = libm::sqrt(sum);
            } else {
                a[i * n + j] = sum / a[j * n + j];
            }
        }
    }
    for c in 0..4 {
        for i in 0..n {
            for k in 0..i {
                right[i * 4 + c] -= a[i * n + k] * right[k * 4 + c];
            }
            right[i * 4 + c] /= a[i * n + i];
        }
        for i in (0..n).rev() {
            for k in i + 1..n {
                right[i * 4 + c] -= a[k * n + i] * right[k * 4 + c];
            }
            right[i * 4 + c] /= a[i * n + i];
        }
    }
    true
}
