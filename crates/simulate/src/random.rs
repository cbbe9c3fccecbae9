//! Random numbers that are the same on every machine.

/// A generator (SplitMix64; Steele, Lea & Flood 2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// Uniform between two values.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// True with the given chance.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Normal with the given mean and standard deviation (Box & Muller).
    pub fn normal(&mut self, mean: f64, sigma: f64) -> f64 {
        let r = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        mean + sigma * r * (core::f64::consts::TAU * self.unit()).cos()
    }

    /// Poisson with the given mean: the number of unit-rate arrivals before it.
    pub fn poisson(&mut self, mean: f64) -> u32 {
        let (mut sum, mut count) = (0.0, 0);
        loop {
            sum -= (1.0 - self.unit()).ln();
            if sum >= mean {
                return count;
            }
            count += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_as_stated() {
        let mut random = Random::new(1);
        let n = 20_000;
        let normal: Vec<f64> = (0..n).map(|_| random.normal(3.0, 2.0)).collect();
        let mean = normal.iter().sum::<f64>() / f64::from(n);
        let variance = normal.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / f64::from(n);
        assert!((mean - 3.0).abs() < 0.05 && (variance - 4.0).abs() < 0.15, "{mean} {variance}");
        let counts = (0..2_000).map(|_| random.poisson(7.0)).sum::<u32>();
        assert!((f64::from(counts) / 2_000.0 - 7.0).abs() < 0.2, "{counts}");
    }
}
