//! Looking back: the past of a track, given everything that came after.
//!
//! Two ways. [`smoothed`] runs the interacting models backward and gives a mean and covariance (Kim,
//! "Dynamic linear models with Markov-switching", J. Econometrics 60, 1994). [`Paths`] draws whole paths
//! from the joint distribution of all moments (forward filtering, backward sampling; Carter and Kohn,
//! Biometrika 81, 1994), so that questions such as "did it cross, and when?" are answered by counting. The
//! draws come from a counter, not from chance: the same track gives the same paths on every machine.

use crate::gauss::{AT, Gauss, Motion, TAU, cholesky, solve};
use crate::motion::{Flight, Imm, MODELS, Step};
use crate::track::Moment;
use alloc::vec::Vec;
use libm::{cos, exp, log, sqrt};

/// One way from a model at a moment to a model at the next.
struct Way {
    from: usize,
    /// Logarithm of its probability before the next state is known.
    weight: f64,
    /// The mean at this moment, before the next is known.
    here: [f64; 4],
    ahead: Gauss,
    /// Cholesky factor of the predicted covariance.
    factor: [[f64; 4]; 4],
    /// Gain from the next state to this one.
    gain: [[f64; 4]; 4],
    /// Cholesky factor of what stays uncertain when the next state is known.
    rest: [[f64; 4]; 4],
}

/// The motion as a full matrix.
fn matrix(m: &Motion) -> [[f64; 4]; 4] {
    let ([ar, ai], [br, bi]) = (m.a, m.b);
    [[1.0, 0.0, ar, -ai], [0.0, 1.0, ai, ar], [0.0, 0.0, br, -bi], [0.0, 0.0, bi, br]]
}

fn way(imm: &Imm, from: usize, to: usize, step: &Step) -> Option<Way> {
    let probability = imm.w[from] * step.probability(from, to);
    if probability < 1e-9 {
        return None;
    }
    let g = &imm.g[from];
    let ahead = g.moved(step.motion(to));
    let factor = cholesky(&ahead.p);
    let gain = gain(g, &factor, step.motion(to));
    // Rest = P - gain S gain'.
    let mut rest = g.p;
    let mut n = 0;
    for i in 0..4 {
        for j in i..4 {
            for k in 0..4 {
                for l in 0..4 {
                    rest[n] -= gain[i][k] * ahead.p[AT[k][l]] * gain[j][l];
                }
            }
            n += 1;
        }
    }
    let weight = log(probability);
    Some(Way { from, weight, here: g.x, ahead, factor, gain, rest: cholesky(&rest) })
}

fn seconds(a: &Moment, b: &Moment) -> f64 {
    (b.time.0 - a.time.0) as f64 / 1e6
}

fn less(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2], a[3] - b[3]]
}

fn apply(m: &[[f64; 4]; 4], v: [f64; 4]) -> [f64; 4] {
    let mut out = [0.0; 4];
    for (out, row) in out.iter_mut().zip(m) {
        *out = row[0] * v[0] + row[1] * v[1] + row[2] * v[2] + row[3] * v[3];
    }
    out
}

/// The state at the first of the moments, given all of them.
pub(crate) fn smoothed<'a>(
    moments: impl DoubleEndedIterator<Item = &'a Moment>,
    flight: &Flight,
) -> Option<Gauss> {
    let mut later: Option<(&Moment, Imm)> = None;
    let mut steps: Vec<(i64, Step)> = Vec::new();
    for moment in moments.rev() {
        let imm = match &later {
            None => moment.imm,
            Some((next, after)) => {
                let length = next.time.0 - moment.time.0;
                let known = steps.iter().position(|(l, _)| *l == length).unwrap_or_else(|| {
                    steps.push((length, flight.step(seconds(moment, next))));
                    steps.len() - 1
                });
                back(moment, after, &steps[known].1)
            }
        };
        later = Some((moment, imm));
    }
    later.map(|(_, imm)| imm.merged())
}

/// Score of a way, where it leads, and the Cholesky factor of how surely.
type Scored = (f64, Gauss, [[f64; 4]; 4]);

/// Ways and models that weigh less than this do not matter to a smoothed state.
const SLIGHT: f64 = 2e-3;

/// One step back: `after` is the smoothed state one step later.
fn back(moment: &Moment, after: &Imm, step: &Step) -> Imm {
    let mut parts: [Vec<(f64, Gauss)>; MODELS] = Default::default();
    for to in (0..MODELS).filter(|&to| after.w[to] > SLIGHT) {
        let x = after.g[to].x;
        // Kim weighs the ways by what was known before; where the state went tells more.
        let mut ways: [Option<Scored>; MODELS] = [None; MODELS];
        let mut greatest = f64::NEG_INFINITY;
        for (from, way) in ways.iter_mut().enumerate() {
            let probability = moment.imm.w[from] * step.probability(from, to);
            if probability > 1e-5 {
                let ahead = moment.imm.g[from].moved(step.motion(to));
                let factor = cholesky(&ahead.p);
                let score = log(probability) + log_density(&factor, less(x, ahead.x));
                greatest = greatest.max(score);
                *way = Some((score, ahead, factor));
            }
        }
        let all: f64 = ways.iter().flatten().map(|(score, ..)| exp(score - greatest)).sum();
        for (from, (score, ahead, factor)) in
            ways.iter().enumerate().filter_map(|(i, w)| Some((i, w.as_ref()?)))
        {
            let share = after.w[to] * exp(score - greatest) / all;
            if share < SLIGHT {
                continue;
            }
            let gain = gain(&moment.imm.g[from], factor, step.motion(to));
            let mut out = moment.imm.g[from];
            let shift = apply(&gain, less(x, ahead.x));
            // P + gain (after - ahead) gain'.
            let mut change = Gauss::ZERO;
            for (c, (a, b)) in change.p.iter_mut().zip(after.g[to].p.iter().zip(&ahead.p)) {
                *c = a - b;
            }
            let mut n = 0;
            for i in 0..4 {
                out.x[i] += shift[i];
                let row = change.times(gain[i]);
                for other in gain.iter().skip(i) {
                    out.p[n] += row[0] * other[0] + row[1] * other[1] + row[2] * other[2] + row[3] * other[3];
                    n += 1;
                }
            }
            parts[from].push((share, out));
        }
    }
    let mut imm = moment.imm;
    let mut sum = 0.0;
    for (m, parts) in parts.iter().enumerate() {
        let all: f64 = parts.iter().map(|(w, _)| w).sum();
        imm.w[m] = all;
        sum += all;
        match &parts[..] {
            [] => {}
            [(_, only)] => imm.g[m] = *only,
            _ => imm.g[m] = Gauss::mixture(parts.iter().map(|(w, g)| (w / all, g))),
        }
    }
    for w in &mut imm.w {
        *w /= sum;
    }
    imm
}

/// Gain from the next state to this one, `P F' S^-1`.
fn gain(g: &Gauss, factor: &[[f64; 4]; 4], motion: &Motion) -> [[f64; 4]; 4] {
    let f = matrix(motion);
    let mut out = [[0.0; 4]; 4];
    for (i, out) in out.iter_mut().enumerate() {
        let mut row = [0.0; 4];
        for (j, value) in row.iter_mut().enumerate() {
            for k in 0..4 {
                *value += g.p[AT[i][k]] * f[j][k];
            }
        }
        *out = solve(factor, row);
    }
    out
}

/// Logarithm of a Gaussian density at `d` from its mean, up to a constant.
fn log_density(factor: &[[f64; 4]; 4], d: [f64; 4]) -> f64 {
    let (mut y, mut det) = ([0.0; 4], 1.0);
    for i in 0..4 {
        let mut sum = d[i];
        for (l, y) in factor[i].iter().zip(&y).take(i) {
            sum -= l * y;
        }
        det *= factor[i][i];
        y[i] = if factor[i][i] > 0.0 { sum / factor[i][i] } else { 0.0 };
    }
    -0.5 * (y[0] * y[0] + y[1] * y[1] + y[2] * y[2] + y[3] * y[3]) - log(det.max(1e-300))
}

/// A counter that behaves like chance. (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014.)
#[derive(Clone, Debug)]
pub(crate) struct Draws(u64);

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Between 0 and 1, never 0.
    pub(crate) fn uniform(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// Two standard normals (Box and Muller 1958).
    fn normals(&mut self) -> [f64; 2] {
        let (r, angle) = (sqrt(-2.0 * log(self.uniform())), TAU * self.uniform());
        [r * cos(angle), r * libm::sin(angle)]
    }

    /// One standard normal.
    pub(crate) fn normal(&mut self) -> f64 {
        self.normals()[0]
    }

    fn about(&mut self, mean: [f64; 4], factor: &[[f64; 4]; 4]) -> [f64; 4] {
        let ([a, b], [c, d]) = (self.normals(), self.normals());
        let off = apply(factor, [a, b, c, d]);
        [mean[0] + off[0], mean[1] + off[1], mean[2] + off[2], mean[3] + off[3]]
    }
}

/// Paths through the remembered moments.
pub(crate) struct Paths {
    last: Imm,
    factors: [[[f64; 4]; 4]; MODELS],
    /// For each step back, and each model after it, the ways into it.
    steps: Vec<[Vec<Way>; MODELS]>,
}

impl Paths {
    /// Prepare to draw; `None` without moments.
    pub(crate) fn new(moments: &[Moment], flight: &Flight) -> Option<Self> {
        let last = moments.last()?.imm;
        let mut factors = [[[0.0; 4]; 4]; MODELS];
        for (factor, g) in factors.iter_mut().zip(&last.g) {
            *factor = cholesky(&g.p);
        }
        let steps = moments
            .windows(2)
            .map(|pair| {
                let step = flight.step(seconds(&pair[0], &pair[1]));
                core::array::from_fn(|to| {
                    (0..MODELS).filter_map(|from| way(&pair[0].imm, from, to, &step)).collect()
                })
            })
            .collect();
        Some(Self { last, factors, steps })
    }

    /// Draw a path: one state for each moment, earliest first.
    pub(crate) fn draw(&self, draws: &mut Draws, path: &mut Vec<[f64; 4]>) {
        path.clear();
        let mut model = pick(draws, self.last.w.iter().copied());
        let mut x = draws.about(self.last.g[model].x, &self.factors[model]);
        path.push(x);
        let mut weights = [0.0; MODELS];
        for ways in self.steps.iter().rev() {
            let ways = &ways[model];
            if ways.is_empty() {
                path.push(x);
                continue;
            }
            let mut greatest = f64::NEG_INFINITY;
            for (out, w) in weights.iter_mut().zip(ways) {
                *out = w.score(x);
                greatest = greatest.max(*out);
            }
            let w = &ways[pick(draws, weights[..ways.len()].iter().map(|w| exp(w - greatest)))];
            x = draws.about(w.mean_here(x), &w.rest);
            model = w.from;
            path.push(x);
        }
        path.reverse();
    }
}

impl Way {
    /// Logarithm of the weight of this way when the next state is `x`, up to a constant.
    fn score(&self, x: [f64; 4]) -> f64 {
        self.weight + log_density(&self.factor, less(x, self.ahead.x))
    }

    /// Mean of this state when the next one is `x`.
    fn mean_here(&self, x: [f64; 4]) -> [f64; 4] {
        let shift = apply(&self.gain, less(x, self.ahead.x));
        [self.here[0] + shift[0], self.here[1] + shift[1], self.here[2] + shift[2], self.here[3] + shift[3]]
    }
}

/// An index in proportion to the weights.
fn pick(draws: &mut Draws, weights: impl Iterator<Item = f64> + Clone) -> usize {
    let all: f64 = weights.clone().sum();
    let mut left = draws.uniform() * all;
    let mut last = 0;
    for (i, w) in weights.enumerate() {
        last = i;
        left -= w;
        if left < 0.0 {
            break;
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gauss::Sym2;
    use crate::look::Look;
    use truce::time::{SECOND, Time};

    fn flown() -> Vec<Moment> {
        let flight = Flight::default();
        let step = flight.step(1.0);
        let mut imm = Imm::new(Gauss::at([0.0, 0.0], Sym2::round(400.0), 30.0));
        let mut draws = Draws::new(5);
        let mut moments = Vec::new();
        for t in 0..25 {
            if t > 0 {
                imm = imm.moved(&step);
                let z = [30.0 * f64::from(t) + 20.0 * draws.normal(), 20.0 * draws.normal()];
                let look = Look::Place { z, r: Sym2::round(400.0), lag: 0.0 };
                let mut sum = 0.0;
                for m in 0..MODELS {
                    imm.w[m] *= look.likelihood(&imm.g[m]);
                    imm.g[m] = look.update(&imm.g[m]);
                    sum += imm.w[m];
                }
                imm.w.iter_mut().for_each(|w| *w /= sum);
            }
            moments.push(Moment { time: Time(i64::from(t) * SECOND), imm, existence: 1.0 });
        }
        moments
    }

    /// The two ways of looking back agree in mean and spread, and both know more than the filter did.
    #[test]
    fn paths_and_smoother_agree() {
        let moments = flown();
        let flight = Flight::default();
        let paths = Paths::new(&moments, &flight).unwrap();
        let (mut draws, mut path) = (Draws::new(1), Vec::new());
        let n = 4000;
        let mut sum = alloc::vec![[0.0; 3]; moments.len()];
        for _ in 0..n {
            paths.draw(&mut draws, &mut path);
            for (sum, x) in sum.iter_mut().zip(&path) {
                *sum = [sum[0] + x[0], sum[1] + x[1], sum[2] + x[1] * x[1]];
            }
        }
        for k in [8, 12, 16, 20] {
            let smooth = smoothed(moments[k..].iter(), &flight).unwrap();
            let mean = [sum[k][0] / f64::from(n), sum[k][1] / f64::from(n)];
            let var = sum[k][2] / f64::from(n) - mean[1] * mean[1];
            assert!((mean[0] - smooth.x[0]).abs() < 3.0, "{k} {mean:?} {:?}", smooth.x);
            assert!((mean[1] - smooth.x[1]).abs() < 3.0);
            assert!((var / smooth.p[4] - 1.0).abs() < 0.35, "{k} {var} {}", smooth.p[4]);
        }
        let all = |of: &dyn Fn(usize) -> Gauss| -> f64 { (3..22).map(|k| of(k).p[0] + of(k).p[4]).sum() };
        let (after, at) =
            (all(&|k| smoothed(moments[k..].iter(), &flight).unwrap()), all(&|k| moments[k].imm.merged()));
        assert!(after < 0.8 * at, "{after} {at}");
    }
}
