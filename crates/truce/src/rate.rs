//! Rate ratios with intervals: how often something happened in a window, against windows of equal length
//! before.
//!
//! Two models, chosen by the baseline alone:
//! * **Poisson**, when the baseline's counts vary no more than chance makes them (sample variance at most
//!   the mean) or when one window cannot show how they vary. The interval is exact: given the sum, the count
//!   is binomial, and the limits of Clopper and Pearson (Biometrika 26, 1934, p. 404) for its share carry over
//!   to the ratio (Przyborowski and Wilenski, Biometrika 31, 1940, p. 313).
//! * **Negative binomial**, when they vary more. Variance = mean + dispersion x mean^2; the dispersion is the
//!   estimate by moments from the baseline, `(s^2 - m) / m^2`. The interval is every ratio whose profile
//!   deviance is at most the square of Student's t quantile with n - 1 degrees of freedom: the dispersion
//!   comes from n counts, and a normal quantile would give intervals that are too short (the tests show the
//!   coverage of both).
//!
//! No interval knows of a confounder: it says how far chance alone would carry the ratio.

use core::fmt;
use libm::{exp, fabs, lgamma, log, log1p, round, sqrt};

/// How the counts vary.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Model {
    /// As by chance alone.
    Poisson,
    /// More than by chance.
    NegativeBinomial,
}

impl Model {
    /// The name in files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Poisson => "Poisson",
            Self::NegativeBinomial => "negative binomial",
        }
    }
}

/// A count against a baseline: 1,000 permille is "as before".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RateRatio {
    /// The count over the mean of the baseline, permille.
    pub ratio_permille: i64,
    /// Lower limit of the interval, permille.
    pub low_permille: i64,
    /// Upper limit, permille; [`UNBOUNDED`] stands for that or more.
    pub high_permille: i64,
    /// Level of the interval, permille: 900 for 90 %.
    pub level_permille: u16,
    /// The model used.
    pub model: Model,
    /// Dispersion of the negative binomial in permille (variance = mean + dispersion x mean^2); zero for
    /// Poisson.
    pub dispersion_permille: i64,
}

/// A millionfold: limits are not followed further.
pub const UNBOUNDED: i64 = 1_000_000_000;

/// What the interval says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Direction {
    /// The whole interval lies below "as before".
    Fewer,
    /// The interval holds "as before".
    NoneShown,
    /// The whole interval lies above.
    More,
}

impl RateRatio {
    /// Where the interval lies. "None shown" is not "none".
    pub fn direction(&self) -> Direction {
        if self.high_permille < 1_000 {
            Direction::Fewer
        } else if self.low_permille > 1_000 {
            Direction::More
        } else {
            Direction::NoneShown
        }
    }
}

/// Why there is no ratio.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NoRatio {
    /// There is no window to compare with.
    NoBaseline,
    /// Nothing was counted in any window before, so that every count is infinitely more.
    EmptyBaseline,
    /// The level is not above 0 and below 1,000 permille.
    Level(u16),
}

impl fmt::Display for NoRatio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoBaseline => f.write_str("there is no window before to compare with"),
            Self::EmptyBaseline => {
                f.write_str("nothing was counted in any window before, so there is no rate to compare with")
            }
            Self::Level(level) => write!(
                f,
                "the level of the interval is {level} permille; give one from 1 to 999 (900 for 90 %)"
            ),
        }
    }
}

/// The rate ratio of `count` against `baseline`, counts in windows of the same length each, with an interval
/// at `level_permille`.
///
/// # Errors
/// [`NoRatio`] where the baseline is missing or empty, or the level is none.
pub fn rate_ratio(count: u32, baseline: &[u32], level_permille: u16) -> Result<RateRatio, NoRatio> {
    if !(1..1_000).contains(&level_permille) {
        return Err(NoRatio::Level(level_permille));
    }
    if baseline.is_empty() {
        return Err(NoRatio::NoBaseline);
    }
    let n = baseline.len() as f64;
    let sum: u64 = baseline.iter().copied().map(u64::from).sum();
    if sum == 0 {
        return Err(NoRatio::EmptyBaseline);
    }
    let level = f64::from(level_permille) / 1_000.0;
    let x = f64::from(count);
    let dispersion = dispersion(baseline);
    let (model, low, high) = if dispersion > 0.0 {
        let profile = Profile { x, sum: sum as f64, n, size: 1.0 / dispersion };
        let (low, high) = profile.interval(student(n - 1.0, level));
        (Model::NegativeBinomial, low, high)
    } else {
        let (low, high) = conditional(x, sum as f64, n, level);
        (Model::Poisson, low, high)
    };
    Ok(RateRatio {
        ratio_permille: permille(x * n / sum as f64),
        low_permille: permille(low),
        high_permille: permille(high),
        level_permille,
        model,
        dispersion_permille: permille(dispersion),
    })
}

/// The rate ratio of `count` in one length of watched time against `before` in another, both as chance makes them
/// (Poisson), with the exact interval of the module.
///
/// # Errors
/// [`NoRatio`]; a length that is not positive is no baseline.
pub fn exposure_ratio(
    count: u32,
    length: i64,
    before: u32,
    length_before: i64,
    level_permille: u16,
) -> Result<RateRatio, NoRatio> {
    if level_permille == 0 || level_permille >= 1_000 {
        return Err(NoRatio::Level(level_permille));
    }
    if length <= 0 || length_before <= 0 {
        return Err(NoRatio::NoBaseline);
    }
    if before == 0 {
        return Err(NoRatio::EmptyBaseline);
    }
    let (x, sum, n) = (f64::from(count), f64::from(before), length_before as f64 / length as f64);
    let (low, high) = conditional(x, sum, n, f64::from(level_permille) / 1_000.0);
    Ok(RateRatio {
        ratio_permille: permille(x * n / sum),
        low_permille: permille(low),
        high_permille: permille(high),
        level_permille,
        model: Model::Poisson,
        dispersion_permille: 0,
    })
}

fn permille(value: f64) -> i64 {
    (round(value * 1_000.0) as i64).min(UNBOUNDED)
}

/// The dispersion by moments: `(s^2 - m) / m^2`, zero when not positive or not to be told.
///
/// The sums are of integers, so that the order of the windows cannot change a bit.
fn dispersion(counts: &[u32]) -> f64 {
    let n = counts.len() as u128;
    if n < 2 {
        return 0.0;
    }
    let sum: u128 = counts.iter().map(|&c| u128::from(c)).sum();
    let squares: u128 = counts.iter().map(|&c| u128::from(c) * u128::from(c)).sum();
    // s^2 = (n * squares - sum^2) / (n (n - 1)); m = sum / n.
    let mean = sum as f64 / n as f64;
    let variance = (n * squares - sum * sum) as f64 / (n * (n - 1)) as f64;
    ((variance - mean) / (mean * mean)).max(0.0)
}

/// Exact limits for the ratio of two Poisson rates, given their sum.
fn conditional(x: f64, sum: f64, n: f64, level: f64) -> (f64, f64) {
    let tail = (1.0 - level) / 2.0;
    let ratio = |share: f64| if share >= 1.0 { f64::MAX } else { n * share / (1.0 - share) };
    // P(X >= x | share) = I(share; x, sum + 1), P(X <= x | share) = 1 - I(share; x + 1, sum).
    let low = if x == 0.0 { 0.0 } else { root(0.0, 1.0, |p| beta(x, sum + 1.0, p) - tail) };
    let high = root(0.0, 1.0, |p| beta(x + 1.0, sum, p) - (1.0 - tail));
    (ratio(low), ratio(high))
}

/// The likelihood of a ratio under the negative binomial with a known size (1 / dispersion).
struct Profile {
    x: f64,
    sum: f64,
    n: f64,
    size: f64,
}

impl Profile {
    /// The mean of the baseline that fits best when the window's mean is `ratio` times it: the positive root
    /// of the score equation `(sum - n m) / (size + m) + (x - ratio m) / (size + ratio m) = 0`.
    fn mean(&self, ratio: f64) -> f64 {
        let a = (self.n + 1.0) * ratio;
        let b = ratio * (self.sum - self.size) + self.x - self.n * self.size;
        let c = self.size * (self.sum + self.x);
        let d = sqrt(b * b + 4.0 * a * c);
        // The form without cancellation.
        if b > 0.0 { (b + d) / (2.0 * a) } else { 2.0 * c / (d - b) }
    }

    /// Log likelihood of `total` counted in `windows` of mean `m`, less what does not depend on `m`.
    fn log_likelihood(&self, total: f64, windows: f64, m: f64) -> f64 {
        let counted = if total == 0.0 { 0.0 } else { total * log(m) };
        counted - (total + windows * self.size) * log1p(m / self.size)
    }

    fn at(&self, ratio: f64) -> f64 {
        let m = self.mean(ratio);
        self.log_likelihood(self.sum, self.n, m) + self.log_likelihood(self.x, 1.0, ratio * m)
    }

    /// All ratios whose deviance is at most the square of `quantile`.
    fn interval(&self, quantile: f64) -> (f64, f64) {
        let mean = self.sum / self.n;
        let best = self.log_likelihood(self.sum, self.n, mean) + self.log_likelihood(self.x, 1.0, self.x);
        let excess = |log_ratio: f64| 2.0 * (best - self.at(exp(log_ratio))) - quantile * quantile;
        // Limits below a millionth and above a million are not followed.
        let far = log(1e6);
        // With nothing in the window the likelihood is highest at ratio zero and falls from there.
        let top = if self.x == 0.0 { -far } else { log(self.x / mean) };
        let low = if self.x == 0.0 || excess(-far) <= 0.0 { 0.0 } else { exp(root(top, -far, excess)) };
        let high = if excess(far) <= 0.0 { 1e6 } else { exp(root(top, far, excess)) };
        (low, high)
    }
}

/// The two-sided quantile of Student's t: `level` of the distribution lies within plus and minus it.
fn student(degrees: f64, level: f64) -> f64 {
    // P(|T| > t) = I(v / (v + t^2); v / 2, 1 / 2).
    let share = root(0.0, 1.0, |share| beta(degrees / 2.0, 0.5, share) - (1.0 - level));
    sqrt(degrees * (1.0 - share) / share)
}

/// Where a rising `f` passes zero between `from` (below) and `to` (above), by halving: no choice of step
/// depends on rounding, so the same bits come out everywhere.
fn root(mut from: f64, mut to: f64, f: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..100 {
        let middle = 0.5 * (from + to);
        if f(middle) < 0.0 {
            from = middle;
        } else {
            to = middle;
        }
    }
    0.5 * (from + to)
}

/// The regularised incomplete beta function I(x; a, b), by its continued fraction (DLMF 8.17.22) with the
/// method of Lentz as modified by Thompson and Barnett (J. Comput. Phys. 64, 1986, p. 490).
fn beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    // The fraction converges fast below the mean of the distribution; above it, take the other tail.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta(b, a, 1.0 - x);
    }
    let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a;
    let floor = |v: f64| if fabs(v) < 1e-300 { 1e-300 } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / floor(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for i in 1..10_000_u32 {
        let m = f64::from(i);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / floor(1.0 + even * d);
        c = floor(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / floor(1.0 + odd * d);
        c = floor(1.0 + odd / c);
        value *= d * c;
        if fabs(d * c - 1.0) < 1e-15 {
            break;
        }
    }
    front * value
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn a_count_like_the_baseline_shows_no_change() {
        let r = rate_ratio(10, &[10, 9, 11, 10, 9, 11, 10], 900).unwrap();
        assert_eq!((r.ratio_permille, r.model, r.direction()), (1_000, Model::Poisson, Direction::NoneShown));
        assert!(r.low_permille < 1_000 && r.high_permille > 1_000);
    }

    #[test]
    fn nothing_counted_has_an_upper_limit_under_both_models() {
        // Poisson, x = 0: the upper limit has a closed form, share = 1 - 0.05^(1/sum).
        let r = rate_ratio(0, &[5, 5, 5], 900).unwrap();
        let share = 1.0 - libm::pow(0.05, 1.0 / 15.0);
        assert_eq!((r.ratio_permille, r.low_permille), (0, 0));
        assert_eq!(r.high_permille, permille(3.0 * share / (1.0 - share)));
        let r = rate_ratio(0, &[5, 50, 20, 90], 900).unwrap();
        assert_eq!((r.model, r.low_permille), (Model::NegativeBinomial, 0));
        assert!(r.high_permille > 0);
    }

    #[test]
    fn one_window_before_is_taken_as_poisson() {
        let r = rate_ratio(4, &[4], 900).unwrap();
        assert_eq!((r.model, r.ratio_permille), (Model::Poisson, 1_000));
        // Symmetric on the log scale, since the two counts are alike.
        assert!((r.low_permille * r.high_permille - 1_000_000).abs() < 3_000);
    }

    #[test]
    fn no_baseline_an_empty_one_and_a_bad_level_are_refused() {
        assert_eq!(rate_ratio(3, &[], 900), Err(NoRatio::NoBaseline));
        assert_eq!(rate_ratio(3, &[0, 0], 900), Err(NoRatio::EmptyBaseline));
        assert_eq!(rate_ratio(3, &[1], 0), Err(NoRatio::Level(0)));
        assert_eq!(rate_ratio(3, &[1], 1_000), Err(NoRatio::Level(1_000)));
    }

    #[test]
    fn a_wild_baseline_gives_a_limit_that_is_not_followed_for_ever() {
        let r = rate_ratio(u32::MAX, &[1, u32::MAX], 999).unwrap();
        assert!(r.low_permille <= r.ratio_permille && r.high_permille == UNBOUNDED);
    }

    #[test]
    fn the_order_of_the_windows_changes_nothing_and_a_wider_level_holds_the_narrower() {
        let counts = [42, 101, 76, 64, 39, 58, 51];
        let mut turned = counts;
        turned.reverse();
        assert_eq!(rate_ratio(5, &counts, 900), rate_ratio(5, &turned, 900));
        let (narrow, wide) = (rate_ratio(30, &counts, 800).unwrap(), rate_ratio(30, &counts, 950).unwrap());
        assert!(wide.low_permille < narrow.low_permille && wide.high_permille > narrow.high_permille);
    }

    #[test]
    fn students_quantiles_are_those_of_the_tables() {
        for (degrees, level, table) in
            [(1.0, 0.9, 6.3138), (6.0, 0.9, 1.9432), (6.0, 0.95, 2.4469), (30.0, 0.9, 1.6973)]
        {
            assert!((student(degrees, level) - table).abs() < 1e-4, "t with {degrees} degrees at {level}");
        }
    }

    #[test]
    fn agrees_with_the_independent_computation() {
        // Made by docs/expected/rate_ratio.py: exact binomial sums and a search without derivatives.
        let table = include_str!("../../../docs/expected/rate_ratio.csv");
        let mut rows = 0;
        for line in table.lines().skip(1) {
            let f: Vec<&str> = line.split(',').collect();
            let baseline: Vec<u32> = f[1].split(' ').map(|c| c.parse().unwrap()).collect();
            let r = rate_ratio(f[0].parse().unwrap(), &baseline, f[2].parse().unwrap()).unwrap();
            let expected = |i: usize| f[i].parse::<i64>().unwrap();
            assert_eq!(r.model.name(), f[3], "{line}");
            for (ours, theirs) in [
                (r.dispersion_permille, expected(4)),
                (r.ratio_permille, expected(5)),
                (r.low_permille, expected(6)),
                (r.high_permille, expected(7)),
            ] {
                // One permille apart at most (rounding), or a millionth of a large value.
                assert!((ours - theirs).abs() <= 1 + theirs / 1_000_000, "{line}: {r:?}");
            }
            rows += 1;
        }
        assert!(rows >= 40, "only {rows} rows");
    }

    /// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
    struct Random(u64);

    impl Random {
        fn next(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        }

        /// With mean 1.
        fn exponential(&mut self) -> f64 {
            -log(((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64)
        }

        fn poisson(&mut self, mean: f64) -> u32 {
            let (mut at, mut count) = (self.exponential(), 0);
            while at < mean {
                at += self.exponential();
                count += 1;
            }
            count
        }

        /// A gamma mixture of Poissons, with a whole number as size (1 / dispersion).
        fn negative_binomial(&mut self, mean: f64, size: u32) -> u32 {
            let gamma: f64 = (0..size).map(|_| self.exponential()).sum();
            self.poisson(mean * gamma / f64::from(size))
        }
    }

    /// A true state of affairs to draw from.
    struct Truth {
        mean: f64,
        /// 1 / dispersion; `None` draws from the Poisson distribution.
        size: Option<u32>,
        windows: usize,
        ratio: f64,
    }

    impl Truth {
        fn draw(&self, random: &mut Random, factor: f64) -> u32 {
            match self.size {
                None => random.poisson(self.mean * factor),
                Some(size) => random.negative_binomial(self.mean * factor, size),
            }
        }

        /// Of 4,000 seeded draws, the share in permille that `interval` says hold the true ratio.
        fn coverage(&self, holds: impl Fn(u32, &[u32], i64) -> bool) -> u32 {
            let mut random = Random(7);
            let mut held = 0;
            for _ in 0..4_000 {
                let baseline: Vec<u32> = (0..self.windows).map(|_| self.draw(&mut random, 1.0)).collect();
                let count = self.draw(&mut random, self.ratio);
                held += u32::from(holds(count, &baseline, permille(self.ratio)));
            }
            held / 4
        }
    }

    /// No conclusion is not a wrong one.
    fn holds(count: u32, baseline: &[u32], truth: i64) -> bool {
        rate_ratio(count, baseline, 900).is_ok_and(|r| r.low_permille <= truth && truth <= r.high_permille)
            || baseline.iter().all(|&c| c == 0)
    }

    #[test]
    fn ninety_percent_intervals_hold_the_truth_in_seeded_draws() {
        let nb = |mean, size, windows, ratio| Truth { mean, size: Some(size), windows, ratio };
        let poisson = |mean, windows, ratio| Truth { mean, size: None, windows, ratio };
        // Means, dispersions and numbers of windows as in the series of the spring of 2025. Overdispersed counts:
        // 89 to 93 %. Poisson counts: 94 to 97 %, because the exact interval never holds less than its level
        // and because a baseline that varies a little too much by chance is taken for overdispersed.
        for (truth, least, most) in [
            (nb(60.0, 9, 7, 1.0), 885, 935),
            (nb(60.0, 9, 7, 0.1), 885, 935),
            (nb(60.0, 9, 3, 0.5), 885, 935),
            (nb(60.0, 30, 7, 1.0), 885, 935),
            (nb(25.0, 4, 7, 0.5), 885, 935),
            (nb(8.0, 4, 7, 0.5), 885, 935),
            (poisson(60.0, 7, 1.0), 900, 970),
            (poisson(60.0, 7, 0.1), 900, 970),
            (poisson(8.0, 7, 1.0), 900, 970),
            (poisson(8.0, 3, 0.5), 900, 970),
        ] {
            let c = truth.coverage(holds);
            let Truth { mean, size, windows, ratio } = truth;
            let case = alloc::format!("mean {mean}, size {size:?}, {windows} windows, ratio {ratio}");
            assert!((least..=most).contains(&c), "{case}: {c} permille");
        }
    }

    #[test]
    fn a_normal_quantile_or_poisson_alone_would_hold_the_truth_too_seldom() {
        let truth = Truth { mean: 60.0, size: Some(9), windows: 7, ratio: 1.0 };
        let sum = |baseline: &[u32]| baseline.iter().map(|&c| f64::from(c)).sum::<f64>();
        let normal = truth.coverage(|count, baseline, ratio| {
            let dispersion = dispersion(baseline);
            let x = f64::from(count);
            let (low, high) = if dispersion > 0.0 {
                Profile { x, sum: sum(baseline), n: 7.0, size: 1.0 / dispersion }.interval(1.644_854)
            } else {
                conditional(x, sum(baseline), 7.0, 0.9)
            };
            (permille(low)..=permille(high)).contains(&ratio)
        });
        let poisson = truth.coverage(|count, baseline, ratio| {
            let (low, high) = conditional(f64::from(count), sum(baseline), 7.0, 0.9);
            (permille(low)..=permille(high)).contains(&ratio)
        });
        assert!((800..880).contains(&normal), "{normal} permille");
        assert!((400..650).contains(&poisson), "{poisson} permille");
    }
}
