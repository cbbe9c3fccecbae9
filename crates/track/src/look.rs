//! What a state would look like to a sensor: predicted measurement, likelihood and update.

use crate::gauss::{Gauss, Sym2, density1, density2};
use crate::sensor::{Measurement, Sensor, Wave, What};
use libm::{atan2, cos, exp, sin, sqrt};

/// Speed of sound in air of about 15 degrees, m/s.
pub(crate) const SOUND: f64 = 340.0;

/// Spectral density of the acceleration that may have happened since a sound was made, m^2/s^3.
const SINCE_NOISE: f64 = 1.0;

/// A measurement made ready: corrected, widened, in the plane.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Look {
    /// A position that holds `lag` seconds before the frame's time.
    Place { z: [f64; 2], r: Sym2, lag: f64 },
    /// A direction from a sensor.
    /// `lag` as above.
    Angle { azimuth: f64, var: f64, from: [f64; 2], sound: bool, lag: f64 },
}

/// Bring an angle to -pi..pi.
pub(crate) fn wrap(angle: f64) -> f64 {
    let turns = libm::floor(angle / crate::gauss::TAU + 0.5);
    angle - turns * crate::gauss::TAU
}

/// Where an aircraft in a state at some moment was when it made the sound that is heard at that moment,
/// and how long that was before.
pub(crate) fn emitted(x: &[f64; 4], from: [f64; 2]) -> ([f64; 2], f64) {
    // |p - v t - s| = c t is a quadratic in t.
    let (dx, dy, vx, vy) = (x[0] - from[0], x[1] - from[1], x[2], x[3]);
    let (a, b, c) = (SOUND * SOUND - vx * vx - vy * vy, dx * vx + dy * vy, dx * dx + dy * dy);
    let t = if a > 1.0 { (sqrt(b * b + a * c) - b) / a } else { sqrt(c) / SOUND };
    ([x[0] - vx * t, x[1] - vy * t], t)
}

/// Azimuth of a state from a sensor, its derivative, and the variance that comes from not knowing what
/// happened since the sound was made.
pub(crate) fn azimuth(x: &[f64; 4], from: [f64; 2], sound: bool, lag: f64) -> (f64, [f64; 4], f64) {
    let x = &[x[0] - lag * x[2], x[1] - lag * x[3], x[2], x[3]];
    let (at, age) = if sound { emitted(x, from) } else { ([x[0], x[1]], 0.0) };
    let (dx, dy) = (at[0] - from[0], at[1] - from[1]);
    let r2 = (dx * dx + dy * dy).max(1.0);
    let by_place = [dy / r2, -dx / r2];
    let mut h = [by_place[0], by_place[1], 0.0, 0.0];
    if sound {
        let r = sqrt(r2);
        let (ux, uy) = (dx / r, dy / r);
        let closing = SOUND + ux * x[2] + uy * x[3];
        let turned = by_place[0] * x[2] + by_place[1] * x[3];
        // d(age) = u.(dp - age dv) / closing, and d(at) = dp - age dv - v d(age).
        let whole = [by_place[0] - turned * ux / closing, by_place[1] - turned * uy / closing];
        h = [whole[0], whole[1], -age * whole[0], -age * whole[1]];
    }
    (h[2], h[3]) = (h[2] - lag * h[0], h[3] - lag * h[1]);
    // From the moment of the state back to that of the emission.
    let back = (age + lag).max(0.0);
    (atan2(dx, dy), h, if sound { SINCE_NOISE * back * back * back / 3.0 / r2 } else { 0.0 })
}

impl Look {
    /// The same measurement, made so many seconds earlier (or later, below zero).
    pub(crate) fn held(self, seconds: f64) -> Self {
        match self {
            Self::Place { z, r, lag } => Self::Place { z, r, lag: lag + seconds },
            Self::Angle { azimuth, var, from, sound, lag } => {
                Self::Angle { azimuth, var, from, sound, lag: lag + seconds }
            }
        }
    }

    /// Density of this measurement, if the aircraft is as `g` says.
    pub(crate) fn likelihood(&self, g: &Gauss) -> f64 {
        match *self {
            Self::Place { z, r, lag } => {
                let (seen, cov) = g.seen(lag);
                let s = cov.plus(r);
                density2([z[0] - seen[0], z[1] - seen[1]], s.inverse(), s.det())
            }
            Self::Angle { azimuth: z, var, from, sound, lag } => {
                let (at, h, since) = azimuth(&g.x, from, sound, lag);
                density1(wrap(z - at), g.variance(h) + var + since)
            }
        }
    }

    /// Squared distance in sigmas.
    pub(crate) fn distance2(&self, g: &Gauss) -> f64 {
        match *self {
            Self::Place { z, r, lag } => {
                let (seen, cov) = g.seen(lag);
                cov.plus(r).inverse().form([z[0] - seen[0], z[1] - seen[1]])
            }
            Self::Angle { azimuth: z, var, from, sound, lag } => {
                let (at, h, since) = azimuth(&g.x, from, sound, lag);
                let nu = wrap(z - at);
                nu * nu / (g.variance(h) + var + since)
            }
        }
    }

    /// The state after this measurement. Directions are iterated: linearised again where the last round
    /// ended (Bell and Cathey, "The iterated Kalman filter update as a Gauss-Newton method", 1993).
    pub(crate) fn update(&self, g: &Gauss) -> Gauss {
        match *self {
            Self::Place { z, r, lag } => {
                let (seen, cov) = g.seen(lag);
                g.with_position([z[0] - seen[0], z[1] - seen[1]], cov.plus(r).inverse(), lag)
            }
            Self::Angle { azimuth: z, var, from, sound, lag } => {
                let mut out = *g;
                for _ in 0..4 {
                    let (at, h, since) = azimuth(&out.x, from, sound, lag);
                    let mut nu = wrap(z - at);
                    for i in 0..4 {
                        nu -= h[i] * (g.x[i] - out.x[i]);
                    }
                    let next = g.with_scalar(h, nu, g.variance(h) + var + since);
                    let moved = libm::fabs(next.x[0] - out.x[0]) + libm::fabs(next.x[1] - out.x[1]);
                    out = next;
                    if moved < 0.1 {
                        break;
                    }
                }
                out
            }
        }
    }
}

/// Height and climb, apart from the plane.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Vertical {
    /// Height, m, and climb, m/s.
    pub(crate) x: [f64; 2],
    /// Their covariance.
    pub(crate) p: Sym2,
}

impl Vertical {
    pub(crate) fn new(height: f64, variance: f64) -> Self {
        Self { x: [height, 0.0], p: Sym2 { xx: variance, xy: 0.0, yy: 25.0 } }
    }

    /// After `dt` seconds, with an acceleration of spectral density 1 m^2/s^3.
    pub(crate) fn moved(&self, dt: f64) -> Self {
        let p = self.p;
        Self {
            x: [self.x[0] + dt * self.x[1], self.x[1]],
            p: Sym2 {
                xx: p.xx + 2.0 * dt * p.xy + dt * dt * p.yy + dt * dt * dt / 3.0,
                xy: p.xy + dt * p.yy + dt * dt / 2.0,
                yy: p.yy + dt,
            },
        }
    }

    pub(crate) fn with(&self, height: f64, variance: f64) -> Self {
        let s = self.p.xx + variance;
        let (k, l, nu) = (self.p.xx / s, self.p.xy / s, height - self.x[0]);
        Self {
            x: [self.x[0] + k * nu, self.x[1] + l * nu],
            p: Sym2 { xx: self.p.xx * (1.0 - k), xy: self.p.xy * (1.0 - k), yy: self.p.yy - l * self.p.xy },
        }
    }
}

/// Height and its variance from an elevation, for an aircraft believed at `g`.
pub(crate) fn height(elevation: f64, sigma: f64, sensor: &Sensor, g: &Gauss) -> (f64, f64) {
    let (dx, dy) = (g.x[0] - sensor.place[0], g.x[1] - sensor.place[1]);
    let range = sqrt(dx * dx + dy * dy).max(1.0);
    let (s, c) = (sin(elevation), cos(elevation).max(0.02));
    let slope = s / c;
    let across = g.variance([dx / range, dy / range, 0.0, 0.0]);
    (
        sensor.place[2] + range * slope,
        range * range * sigma * sigma / (c * c * c * c) + slope * slope * across,
    )
}

/// A range and an azimuth as a position without bias (Lerro and Bar-Shalom, "Tracking with debiased
/// consistent converted measurements versus EKF", IEEE Trans. AES 29, 1993; to second order).
pub(crate) fn from_polar(from: [f64; 3], range: (f64, f64), azimuth: (f64, f64)) -> ([f64; 2], Sym2) {
    let (r, a) = (range.0, azimuth.0);
    let (vr, va) = (range.1 * range.1, azimuth.1 * azimuth.1);
    let (s, c) = (sin(a), cos(a));
    let k = exp(va / 2.0);
    let across = r * r * va + vr * va;
    let along = vr + 0.5 * r * r * va * va;
    let cov = Sym2 {
        xx: s * s * along + c * c * across,
        xy: s * c * (along - across),
        yy: c * c * along + s * s * across,
    };
    ([from[0] + k * r * s, from[1] + k * r * c], cov)
}

/// A range along the slope as one over ground, with its sigma.
fn level(range: (f64, f64), elevation: Option<(f64, f64)>) -> (f64, f64) {
    let Some((e, sigma)) = elevation else { return range };
    let (s, c) = (sin(e), cos(e));
    let across = range.0 * s * sigma;
    (range.0 * c, sqrt(c * c * range.1 * range.1 + across * across))
}

/// Height and its variance from a range along the slope and an elevation.
pub(crate) fn height_of(range: (f64, f64), elevation: (f64, f64), sensor: &Sensor) -> (f64, f64) {
    let (s, c) = (sin(elevation.0), cos(elevation.0));
    let across = range.0 * c * elevation.1;
    (sensor.place[2] + range.0 * s, s * s * range.1 * range.1 + across * across)
}

/// What is measured, as a look in the frame's time. `lag` is how long before it the measurement was made.
pub(crate) fn look(m: &Measurement, sensor: &Sensor, lag: f64) -> Option<Look> {
    match &m.what {
        What::Position { at, cov, .. } | What::Report { at, cov, .. } => {
            Some(Look::Place { z: *at, r: *cov, lag })
        }
        What::Polar { range, azimuth, elevation } => {
            let (z, r) = from_polar(sensor.place, level(*range, *elevation), *azimuth);
            Some(Look::Place { z, r, lag })
        }
        What::Bearing { azimuth, sigma, .. } => Some(Look::Angle {
            azimuth: wrap(*azimuth),
            var: sigma * sigma,
            from: [sensor.place[0], sensor.place[1]],
            sound: sensor.wave == Wave::Sound,
            lag,
        }),
        What::Track(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_from_ten_kilometres_is_half_a_minute_old() {
        let (at, age) = emitted(&[10_000.0, 0.0, 0.0, 25.0], [0.0, 0.0]);
        assert!((age - 29.4).abs() < 0.3);
        assert!((at[1] + 25.0 * age).abs() < 1e-9);
        assert!((libm::hypot(at[0], at[1]) - SOUND * age).abs() < 1e-6);
    }

    #[test]
    fn the_derivative_of_a_heard_direction_is_right() {
        let x = [6_000.0, -3_000.0, -20.0, 35.0];
        for (i, lag) in [(0, 0.0), (1, 0.0), (2, 0.0), (3, 0.0), (0, 0.4), (1, 0.4), (2, 0.4), (3, 0.4)] {
            let (_, h, _) = azimuth(&x, [100.0, 50.0], true, lag);
            let step = if i < 2 { 1.0 } else { 0.01 };
            let (mut up, mut down) = (x, x);
            up[i] += step;
            down[i] -= step;
            let slope = (azimuth(&up, [100.0, 50.0], true, lag).0
                - azimuth(&down, [100.0, 50.0], true, lag).0)
                / (2.0 * step);
            assert!((slope - h[i]).abs() < 1e-4 * slope.abs() + 1e-10, "{i}: {slope} {}", h[i]);
        }
    }

    #[test]
    fn a_direction_pins_down_what_lies_across_it() {
        let g = Gauss::at([5_000.0, 5_000.0], Sym2::round(1e6), 20.0);
        let look = Look::Angle { azimuth: 0.8, var: 1e-4, from: [0.0, 0.0], sound: false, lag: 0.0 };
        let after = look.update(&g);
        assert!(wrap(atan2(after.x[0], after.x[1]) - 0.8).abs() < 2e-3);
        let along = core::f64::consts::FRAC_1_SQRT_2;
        assert!(after.variance([along, along, 0.0, 0.0]) > 0.9e6);
        assert!(after.variance([along, -along, 0.0, 0.0]) < 2e4);
    }
}
