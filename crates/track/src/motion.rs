//! How aircraft move: a bank of linear models, and the interacting-multiple-model (IMM) filter over them.
//!
//! Steady flight, turns at four known rates and hovering. With known rates every model is linear, and with
//! round noise each is a complex multiplication ([`Motion`]). (Blom and Bar-Shalom, "The interacting
//! multiple model algorithm", IEEE Trans. Automatic Control 33, 1988.)
//!
//! Models change along a star: only to and from steady flight. That is how aircraft fly, and it costs 16
//! blends a step instead of 36.

use crate::gauss::{Gauss, Motion};
use libm::{cos, exp, sin};

/// Number of models.
pub const MODELS: usize = 6;

/// What the models assume. Rates in radians a second, times in seconds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Flight {
    /// Slow and fast turn rate, rad/s.
    pub turn_rates: [f64; 2],
    /// Spectral density of the white acceleration in steady flight, m^2/s^3.
    pub steady_noise: f64,
    /// The same in slow and fast turns.
    pub turn_noise: [f64; 2],
    /// Mean length of steady flight, of a slow and a fast turn, and of hovering, s.
    pub mean_stay: [f64; 4],
    /// Of changes out of steady flight, the share that goes into slow turns, fast turns and hovering.
    pub change_to: [f64; 3],
    /// Speed in hovering (one sigma on each axis), m/s.
    pub hover_speed: f64,
    /// Spread of the speed of an aircraft just seen for the first time (one sigma on each axis), m/s.
    pub first_speed: f64,
}

impl Default for Flight {
    fn default() -> Self {
        Self {
            turn_rates: [0.10, 0.17],
            steady_noise: 0.1,
            turn_noise: [0.2, 0.5],
            mean_stay: [35.0, 10.0, 12.0, 60.0],
            change_to: [0.48, 0.48, 0.04],
            hover_speed: 2.0,
            first_speed: 25.0,
        }
    }
}

/// The bank for one length of step.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Step {
    motion: [Motion; MODELS],
    /// Probability to stay in a model over the step.
    stay: [f64; MODELS],
    /// Probability to change from steady flight to each model.
    change: [f64; MODELS],
}

impl Flight {
    /// The bank for a step of `dt` seconds.
    pub(crate) fn step(&self, dt: f64) -> Step {
        let noise = |q: f64| [q * dt * dt * dt / 3.0, q * dt * dt / 2.0, q * dt];
        let turn = |rate: f64, q: f64| {
            let (s, c) = (sin(rate * dt), cos(rate * dt));
            Motion { a: [s / rate, (1.0 - c) / rate], b: [c, s], q: noise(q) }
        };
        let [slow, fast] = self.turn_rates;
        let hover_var = self.hover_speed * self.hover_speed;
        // A hovering aircraft forgets its velocity within two seconds or so.
        let keep = exp(-dt / 2.0);
        let reach = 2.0 * (1.0 - keep);
        let hover = Motion {
            a: [reach, 0.0],
            b: [keep, 0.0],
            q: [
                hover_var * (dt * 4.0 - reach * reach - 4.0 * reach).max(0.01 * dt * dt),
                hover_var * (1.0 - keep) * (1.0 - keep) * 2.0,
                hover_var * (1.0 - keep * keep),
            ],
        };
        let motion = [
            Motion { a: [dt, 0.0], b: [1.0, 0.0], q: noise(self.steady_noise) },
            turn(slow, self.turn_noise[0]),
            turn(-slow, self.turn_noise[0]),
            turn(fast, self.turn_noise[1]),
            turn(-fast, self.turn_noise[1]),
            hover,
        ];
        let [steady, slow, fast, still] = self.mean_stay.map(|mean| exp(-dt / mean));
        let [to_slow, to_fast, to_still] = self.change_to.map(|share| share * (1.0 - steady));
        Step {
            motion,
            stay: [steady, slow, slow, fast, fast, still],
            change: [0.0, to_slow / 2.0, to_slow / 2.0, to_fast / 2.0, to_fast / 2.0, to_still],
        }
    }
}

impl Step {
    /// Probability to go from model `i` to model `j`.
    pub(crate) fn probability(&self, i: usize, j: usize) -> f64 {
        match (i, j) {
            _ if i == j => self.stay[i],
            (0, _) => self.change[j],
            (_, 0) => 1.0 - self.stay[i],
            _ => 0.0,
        }
    }

    /// The motion of model `j`.
    pub(crate) fn motion(&self, j: usize) -> &Motion {
        &self.motion[j]
    }
}

/// Probability of each model, and the state if that model holds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Imm {
    pub(crate) w: [f64; MODELS],
    pub(crate) g: [Gauss; MODELS],
}

impl Imm {
    /// An aircraft seen for the first time.
    pub(crate) fn new(first: Gauss) -> Self {
        Self { w: [0.86, 0.03, 0.03, 0.03, 0.03, 0.02], g: [first; MODELS] }
    }

    /// Mix and move by one step.
    #[inline]
    pub(crate) fn moved(&self, step: &Step) -> Self {
        let mut out = Self { w: [0.0; MODELS], g: [Gauss::ZERO; MODELS] };
        // To steady flight, from everywhere.
        let mut share = [0.0; MODELS];
        let mut sum = 0.0;
        for i in 0..MODELS {
            share[i] = self.w[i] * if i == 0 { step.stay[0] } else { 1.0 - step.stay[i] };
            sum += share[i];
        }
        out.w[0] = sum;
        let mut mixed = Gauss::ZERO;
        for i in 0..MODELS {
            share[i] /= sum;
            for (x, from) in mixed.x.iter_mut().zip(&self.g[i].x) {
                *x += share[i] * from;
            }
        }
        for (share, from) in share.iter().zip(&self.g) {
            mixed.add_spread(*share, from);
        }
        out.g[0] = mixed.moved(&step.motion[0]);
        // To each other model, from itself and from steady flight.
        for j in 1..MODELS {
            let (own, steady) = (self.w[j] * step.stay[j], self.w[0] * step.change[j]);
            let both = own + steady;
            out.w[j] = both;
            let mixed = Gauss::blend(own / both, &self.g[j], steady / both, &self.g[0]);
            out.g[j] = mixed.moved(&step.motion[j]);
        }
        out
    }

    /// One Gaussian for all models.
    #[inline]
    pub(crate) fn merged(&self) -> Gauss {
        let mut out = Gauss::ZERO;
        for (w, g) in self.w.iter().zip(&self.g) {
            for (x, from) in out.x.iter_mut().zip(&g.x) {
                *x += w * from;
            }
        }
        for (w, g) in self.w.iter().zip(&self.g) {
            out.add_spread(*w, g);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gauss::Sym2;

    #[test]
    fn probabilities_stay_probabilities() {
        let step = Flight::default().step(1.0);
        let mut imm = Imm::new(Gauss::at([0.0, 0.0], Sym2::round(400.0), 30.0));
        for _ in 0..100 {
            imm = imm.moved(&step);
            assert!((imm.w.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
        for i in 0..MODELS {
            let sum: f64 = (0..MODELS).map(|j| step.probability(i, j)).sum();
            assert!((sum - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_full_turn_comes_back() {
        let flight = Flight { turn_noise: [0.0; 2], ..Flight::default() };
        let step = flight.step(core::f64::consts::TAU / flight.turn_rates[1] / 64.0);
        let mut g = Gauss { x: [5.0, 6.0, 30.0, -10.0], p: [1.0; 10] };
        for _ in 0..64 {
            g = g.moved(step.motion(3));
        }
        assert!((g.x[0] - 5.0).abs() < 1e-9 && (g.x[1] - 6.0).abs() < 1e-9);
    }
}
