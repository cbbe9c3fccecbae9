//! Exponential and logarithm to eleven digits, from few operations in a fixed order: the same on every machine.
//! The inner loops take them millions of times; what they weigh is known to three digits.

use core::f64::consts::{LN_2, LOG2_E};

/// `e` to the power of `-x`, for `x` of zero or more: within 1e-11 of its value, zero from 700 on.
#[inline]
pub(crate) fn fall(x: f64) -> f64 {
    // Adding it leaves a whole number in the lowest bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    if x > 700.0 {
        return 0.0;
    }
    let whole = x * LOG2_E + ROUND;
    // Within ln(2) / 2 of zero.
    let r = (whole - ROUND) * LN_2 - x;
    let (r2, power) = (r * r, f64::from_bits((1023_u64 << 52).wrapping_sub(whole.to_bits() << 52)));
    let r4 = r2 * r2;
    let low = (1.0 + r) + r2 * (0.5 + r * (1.0 / 6.0));
    let middle = (1.0 / 24.0 + r * (1.0 / 120.0)) + r2 * (1.0 / 720.0 + r * (1.0 / 5_040.0));
    let high = (1.0 / 40_320.0 + r * (1.0 / 362_880.0)) + r2 * (1.0 / 3_628_800.0);
    power * (low + r4 * (middle + r4 * high))
}

/// Natural logarithm of a normal number above zero: within 1e-11 of it, absolute.
#[inline]
pub(crate) fn log(x: f64) -> f64 {
    // The bits of the root of one half: what is left after the power of two is within a root of two of one.
    const LEAST: u64 = 0x3fe6_a09e_667f_3bcd;
    let bits = x.to_bits();
    let power = (bits.wrapping_sub(LEAST) as i64) >> 52;
    let m = f64::from_bits(bits.wrapping_sub((power as u64) << 52));
    let s = (m - 1.0) / (m + 1.0);
    let z = s * s;
    let z2 = z * z;
    let low = (1.0 + z * (1.0 / 3.0)) + z2 * (0.2 + z * (1.0 / 7.0));
    let high = (1.0 / 9.0 + z * (1.0 / 11.0)) + z2 * (1.0 / 13.0 + z * (1.0 / 15.0));
    power as f64 * LN_2 + 2.0 * s * (low + z2 * z2 * high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_agree_with_libm() {
        for i in 0..100_000 {
            let x = 1e-3 * f64::from(i);
            assert!(libm::fabs(fall(x) / libm::exp(-x) - 1.0) < 1e-11, "{x}");
            let y = libm::exp(x - 50.0);
            assert!(libm::fabs(log(y) - libm::log(y)) < 1e-11, "{y}");
        }
        assert!(fall(699.0) > 0.0 && fall(700.5) == 0.0 && fall(f64::INFINITY) == 0.0);
        assert!(fall(f64::NAN).is_nan());
        assert!(fall(0.0) == 1.0 && log(1.0) == 0.0);
    }
}
