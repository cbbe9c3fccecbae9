//! A Gaussian over place and velocity in the plane: four numbers and their ten covariances.
//!
//! Everything is written out: at a thousand drones a second this is where the time goes, and written-out
//! sums are the same bits on every machine.

use libm::{exp, sqrt};

/// 2 pi.
pub(crate) const TAU: f64 = core::f64::consts::TAU;

/// A symmetric 2x2 matrix.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Sym2 {
    /// First diagonal element.
    pub xx: f64,
    /// Off-diagonal element.
    pub xy: f64,
    /// Second diagonal element.
    pub yy: f64,
}

impl Sym2 {
    /// The same variance on both axes.
    pub fn round(variance: f64) -> Self {
        Self { xx: variance, xy: 0.0, yy: variance }
    }

    /// Determinant.
    pub fn det(self) -> f64 {
        self.xx * self.yy - self.xy * self.xy
    }

    /// Is it the covariance of something: finite and positive definite, not nearly singular?
    pub fn is_covariance(self) -> bool {
        let (det, size) = (self.det(), self.xx * self.yy);
        self.xx > 0.0 && self.yy > 0.0 && size.is_finite() && det > 1e-9 * size
    }

    /// Inverse, if it is a covariance.
    pub fn inverse(self) -> Self {
        let d = 1.0 / self.det();
        Self { xx: self.yy * d, xy: -self.xy * d, yy: self.xx * d }
    }

    /// `v' M v`.
    pub fn form(self, v: [f64; 2]) -> f64 {
        self.xx * v[0] * v[0] + 2.0 * self.xy * v[0] * v[1] + self.yy * v[1] * v[1]
    }

    /// Sum.
    pub fn plus(self, o: Self) -> Self {
        Self { xx: self.xx + o.xx, xy: self.xy + o.xy, yy: self.yy + o.yy }
    }

    /// Every element times `k`.
    pub fn times(self, k: f64) -> Self {
        Self { xx: self.xx * k, xy: self.xy * k, yy: self.yy * k }
    }

    /// Greatest eigenvalue.
    pub fn greatest(self) -> f64 {
        let (half, diff) = (0.5 * (self.xx + self.yy), 0.5 * (self.xx - self.yy));
        half + sqrt(diff * diff + self.xy * self.xy)
    }
}

/// A linear motion over one step that turns with the axes: place += a v, velocity = b v, with a and b
/// complex numbers (real part, imaginary part), plus round process noise.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Motion {
    pub(crate) a: [f64; 2],
    pub(crate) b: [f64; 2],
    /// Variance of place, of place with velocity, of velocity, on each axis.
    pub(crate) q: [f64; 3],
}

/// Mean and covariance of (x, y, vx, vy); the covariance is the upper triangle, row by row.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Gauss {
    pub(crate) x: [f64; 4],
    pub(crate) p: [f64; 10],
}

/// Where (i, j) lies in the packed triangle.
pub(crate) const AT: [[usize; 4]; 4] = [[0, 1, 2, 3], [1, 4, 5, 6], [2, 5, 7, 8], [3, 6, 8, 9]];

impl Gauss {
    pub(crate) const ZERO: Self = Self { x: [0.0; 4], p: [0.0; 10] };

    /// A place with an error, and a velocity of which only the size of the spread is known.
    pub(crate) fn at(place: [f64; 2], r: Sym2, speed_sigma: f64) -> Self {
        let v = speed_sigma * speed_sigma;
        Self { x: [place[0], place[1], 0.0, 0.0], p: [r.xx, r.xy, 0.0, 0.0, r.yy, 0.0, 0.0, v, 0.0, v] }
    }

    /// Covariance of the place.
    pub(crate) fn place_cov(&self) -> Sym2 {
        Sym2 { xx: self.p[0], xy: self.p[1], yy: self.p[4] }
    }

    /// The state one step later.
    #[inline]
    pub(crate) fn moved(&self, m: &Motion) -> Self {
        let ([ar, ai], [br, bi], [qpp, qpv, qvv]) = (m.a, m.b, m.q);
        let [px, py, vx, vy] = self.x;
        let [p00, p01, c00, c01, p11, c10, c11, v00, v01, v11] = self.p;
        // D = C + A V, with A = [ar -ai; ai ar].
        let d00 = c00 + ar * v00 - ai * v01;
        let d01 = c01 + ar * v01 - ai * v11;
        let d10 = c10 + ai * v00 + ar * v01;
        let d11 = c11 + ai * v01 + ar * v11;
        // Place: P + A C' + D A'.
        let n00 = p00 + (ar * c00 - ai * c01) + (d00 * ar - d01 * ai) + qpp;
        let n01 = p01 + (ar * c10 - ai * c11) + (d00 * ai + d01 * ar);
        let n11 = p11 + (ai * c10 + ar * c11) + (d10 * ai + d11 * ar) + qpp;
        // W = B V; velocity: W B'.
        let w00 = br * v00 - bi * v01;
        let w01 = br * v01 - bi * v11;
        let w10 = bi * v00 + br * v01;
        let w11 = bi * v01 + br * v11;
        Self {
            x: [px + ar * vx - ai * vy, py + ai * vx + ar * vy, br * vx - bi * vy, bi * vx + br * vy],
            p: [
                n00,
                n01,
                d00 * br - d01 * bi + qpv,
                d00 * bi + d01 * br,
                n11,
                d10 * br - d11 * bi,
                d10 * bi + d11 * br + qpv,
                w00 * br - w01 * bi + qvv,
                w00 * bi + w01 * br,
                w10 * bi + w11 * br + qvv,
            ],
        }
    }

    /// Where a position measurement made `lag` seconds before this state's time would fall, and with what
    /// covariance (its own error not yet added).
    #[inline]
    pub(crate) fn seen(&self, lag: f64) -> ([f64; 2], Sym2) {
        if lag == 0.0 {
            return ([self.x[0], self.x[1]], self.place_cov());
        }
        let [p00, p01, c00, c01, p11, c10, c11, v00, v01, v11] = self.p;
        let l2 = lag * lag;
        let cov = Sym2 {
            xx: p00 - 2.0 * lag * c00 + l2 * v00,
            xy: p01 - lag * (c01 + c10) + l2 * v01,
            yy: p11 - 2.0 * lag * c11 + l2 * v11,
        };
        ([self.x[0] - lag * self.x[2], self.x[1] - lag * self.x[3]], cov)
    }

    /// Kalman update with a position of covariance `r`, made `lag` seconds before; `si` is the inverse of
    /// the innovation's covariance.
    #[inline]
    pub(crate) fn with_position(&self, nu: [f64; 2], si: Sym2, lag: f64) -> Self {
        let [p00, p01, c00, c01, p11, c10, c11, v00, v01, v11] = self.p;
        // G = P H', H = [I, -lag I].
        let g = [
            [p00 - lag * c00, p01 - lag * c01],
            [p01 - lag * c10, p11 - lag * c11],
            [c00 - lag * v00, c10 - lag * v01],
            [c01 - lag * v01, c11 - lag * v11],
        ];
        let mut k = [[0.0; 2]; 4];
        for i in 0..4 {
            k[i] = [g[i][0] * si.xx + g[i][1] * si.xy, g[i][0] * si.xy + g[i][1] * si.yy];
        }
        let mut out = *self;
        for i in 0..4 {
            out.x[i] += k[i][0] * nu[0] + k[i][1] * nu[1];
        }
        let mut n = 0;
        for i in 0..4 {
            for gj in g.iter().skip(i) {
                out.p[n] -= k[i][0] * gj[0] + k[i][1] * gj[1];
                n += 1;
            }
        }
        out
    }

    /// Kalman update with a scalar of which `h` is the derivative by the state and `s` the variance of the
    /// innovation `nu`.
    pub(crate) fn with_scalar(&self, h: [f64; 4], nu: f64, s: f64) -> Self {
        let g = self.times(h);
        let mut out = *self;
        let mut n = 0;
        for i in 0..4 {
            out.x[i] += g[i] * nu / s;
            for gj in g.iter().skip(i) {
                out.p[n] -= g[i] * gj / s;
                n += 1;
            }
        }
        out
    }

    /// The state after so many seconds of straight flight (before, below zero), with no doubt about that.
    pub(crate) fn on(&self, seconds: f64) -> Self {
        self.moved(&Motion { a: [seconds, 0.0], b: [1.0, 0.0], q: [0.0; 3] })
    }

    /// `P h`.
    pub(crate) fn times(&self, h: [f64; 4]) -> [f64; 4] {
        let mut g = [0.0; 4];
        for (i, gi) in g.iter_mut().enumerate() {
            for (j, hj) in h.iter().enumerate() {
                *gi += self.p[AT[i][j]] * hj;
            }
        }
        g
    }

    /// `h' P h`.
    pub(crate) fn variance(&self, h: [f64; 4]) -> f64 {
        let g = self.times(h);
        g[0] * h[0] + g[1] * h[1] + g[2] * h[2] + g[3] * h[3]
    }

    /// Mean and covariance of a mixture. Weights must sum to one.
    pub(crate) fn mixture<'a>(parts: impl Iterator<Item = (f64, &'a Gauss)> + Clone) -> Self {
        let mut out = Self::mean(parts.clone());
        for (w, part) in parts {
            out.add_spread(w, part);
        }
        out
    }

    /// The mean of a mixture whose weights sum to one, and no covariance yet.
    #[inline]
    pub(crate) fn mean<'a>(parts: impl Iterator<Item = (f64, &'a Self)>) -> Self {
        let mut out = Self::ZERO;
        for (w, part) in parts {
            for i in 0..4 {
                out.x[i] += w * part.x[i];
            }
        }
        out
    }

    /// Add `w (P + dd')` of a part of a mixture whose mean is already in place.
    #[inline]
    pub(crate) fn add_spread(&mut self, w: f64, part: &Self) {
        let d = [part.x[0] - self.x[0], part.x[1] - self.x[1], part.x[2] - self.x[2], part.x[3] - self.x[3]];
        let dd = [
            d[0] * d[0],
            d[0] * d[1],
            d[0] * d[2],
            d[0] * d[3],
            d[1] * d[1],
            d[1] * d[2],
            d[1] * d[3],
            d[2] * d[2],
            d[2] * d[3],
            d[3] * d[3],
        ];
        for ((p, part_p), dd) in self.p.iter_mut().zip(&part.p).zip(&dd) {
            *p += w * (part_p + dd);
        }
    }

    /// Mixture of two, the weights summing to one.
    #[inline]
    pub(crate) fn blend(w: f64, one: &Self, v: f64, other: &Self) -> Self {
        let d = [other.x[0] - one.x[0], other.x[1] - one.x[1], other.x[2] - one.x[2], other.x[3] - one.x[3]];
        let c = w * v;
        let dd = [
            d[0] * d[0],
            d[0] * d[1],
            d[0] * d[2],
            d[0] * d[3],
            d[1] * d[1],
            d[1] * d[2],
            d[1] * d[3],
            d[2] * d[2],
            d[2] * d[3],
            d[3] * d[3],
        ];
        let mut out = Self::ZERO;
        for i in 0..4 {
            out.x[i] = one.x[i] + v * d[i];
        }
        for (((p, a), b), dd) in out.p.iter_mut().zip(&one.p).zip(&other.p).zip(&dd) {
            *p = w * a + v * b + c * dd;
        }
        out
    }

    /// Is every number finite and the covariance of the place positive?
    pub(crate) fn is_sound(&self) -> bool {
        self.x.iter().chain(&self.p).all(|v| v.is_finite()) && self.p[0] > 0.0 && self.place_cov().det() > 0.0
    }
}

/// Density of a two-dimensional Gaussian at `nu`, given the inverse of its covariance and its determinant.
#[inline]
pub(crate) fn density2(nu: [f64; 2], si: Sym2, det: f64) -> f64 {
    exp(-0.5 * si.form(nu)) / (TAU * sqrt(det))
}

/// Density of a one-dimensional Gaussian.
#[inline]
pub(crate) fn density1(nu: f64, s: f64) -> f64 {
    exp(-0.5 * nu * nu / s) / sqrt(TAU * s)
}

/// Cholesky factor (lower, row by row in full form) of a packed covariance; tiny negative pivots from
/// rounding count as zero.
pub(crate) fn cholesky(p: &[f64; 10]) -> [[f64; 4]; 4] {
    let mut l = [[0.0; 4]; 4];
    for i in 0..4 {
        for j in 0..=i {
            let mut sum = p[AT[i][j]];
            for k in 0..j {
                sum -= l[i][k] * l[j][k];
            }
            l[i][j] = if i == j {
                sqrt(sum.max(0.0))
            } else if l[j][j] > 0.0 {
                sum / l[j][j]
            } else {
                0.0
            };
        }
    }
    l
}

/// Solve `L L' x = b`.
pub(crate) fn solve(l: &[[f64; 4]; 4], b: [f64; 4]) -> [f64; 4] {
    let mut y = [0.0; 4];
    for i in 0..4 {
        let mut sum = b[i];
        for k in 0..i {
            sum -= l[i][k] * y[k];
        }
        y[i] = if l[i][i] > 0.0 { sum / l[i][i] } else { 0.0 };
    }
    let mut x = [0.0; 4];
    for i in (0..4).rev() {
        let mut sum = y[i];
        for k in i + 1..4 {
            sum -= l[k][i] * x[k];
        }
        x[i] = if l[i][i] > 0.0 { sum / l[i][i] } else { 0.0 };
    }
    x
}

/// Probability that a standard normal lies below `z`.
pub fn phi(z: f64) -> f64 {
    0.5 * libm::erfc(-z * core::f64::consts::FRAC_1_SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Gauss {
        Gauss { x: [10.0, -20.0, 3.0, 4.0], p: [90.0, 5.0, 12.0, -3.0, 80.0, 2.0, 11.0, 9.0, 1.0, 8.0] }
    }

    /// The written-out prediction against plain matrix products.
    #[test]
    fn a_turn_moves_mean_and_covariance_as_matrices_do() {
        let m = Motion { a: [0.9, 0.2], b: [0.8, 0.6], q: [0.3, 0.5, 1.0] };
        let f = [[1.0, 0.0, 0.9, -0.2], [0.0, 1.0, 0.2, 0.9], [0.0, 0.0, 0.8, -0.6], [0.0, 0.0, 0.6, 0.8]];
        let (s, out) = (some(), some().moved(&m));
        for i in 0..4 {
            let mean: f64 = (0..4).map(|k| f[i][k] * s.x[k]).sum();
            assert!((out.x[i] - mean).abs() < 1e-12);
            for j in i..4 {
                let mut cov = 0.0;
                for k in 0..4 {
                    for n in 0..4 {
                        cov += f[i][k] * s.p[AT[k][n]] * f[j][n];
                    }
                }
                let q = match (i, j) {
                    (0, 0) | (1, 1) => 0.3,
                    (0, 2) | (1, 3) => 0.5,
                    (2, 2) | (3, 3) => 1.0,
                    _ => 0.0,
                };
                assert!((out.p[AT[i][j]] - cov - q).abs() < 1e-12, "{i} {j}");
            }
        }
    }

    /// A late position is a scalar update twice, when its two errors are independent.
    #[test]
    fn a_late_position_is_two_scalars() {
        let (s, lag, z, r) = (some(), 2.5, [4.0, -33.0], 7.0);
        let (seen, cov) = s.seen(lag);
        let si = cov.plus(Sym2::round(r)).inverse();
        let at_once = s.with_position([z[0] - seen[0], z[1] - seen[1]], si, lag);
        let (hx, hy) = ([1.0, 0.0, -lag, 0.0], [0.0, 1.0, 0.0, -lag]);
        let dot = |g: &Gauss, h: [f64; 4]| (0..4).map(|i| g.x[i] * h[i]).sum::<f64>();
        let first = s.with_scalar(hx, z[0] - dot(&s, hx), s.variance(hx) + r);
        let both = first.with_scalar(hy, z[1] - dot(&first, hy), first.variance(hy) + r);
        for i in 0..4 {
            assert!((at_once.x[i] - both.x[i]).abs() < 1e-9);
        }
        for i in 0..10 {
            assert!((at_once.p[i] - both.p[i]).abs() < 1e-9);
        }
    }

    #[test]
    fn cholesky_solves() {
        let s = some();
        let b = s.times([1.0, -2.0, 0.5, 3.0]);
        let x = solve(&cholesky(&s.p), b);
        for (got, want) in x.iter().zip([1.0, -2.0, 0.5, 3.0]) {
            assert!((got - want).abs() < 1e-9);
        }
    }
}
