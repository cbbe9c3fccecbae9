//! Small symmetric systems: Cholesky, in a fixed order of operations.

/// A symmetric matrix of which only the lower triangle is kept.
pub(crate) type Matrix<const N: usize> = [[f64; N]; N];

/// The Cholesky factor L of a positive definite matrix, or `None` where it is not one.
pub(crate) fn cholesky<const N: usize>(a: &Matrix<N>) -> Option<Matrix<N>> {
    let mut l = [[0.0; N]; N];
    for i in 0..N {
        for j in 0..=i {
            let mut sum = a[i][j];
            for k in 0..j {
                sum -= l[i][k] * l[j][k];
            }
            if i == j {
                if sum.is_nan() || sum <= 1e-300 {
                    return None;
                }
                l[i][i] = libm::sqrt(sum);
            } else {
                l[i][j] = sum / l[j][j];
            }
        }
    }
    Some(l)
}

/// Solves `L L' x = b`.
pub(crate) fn solve<const N: usize>(l: &Matrix<N>, b: &[f64; N]) -> [f64; N] {
    let mut x = *b;
    for i in 0..N {
        for k in 0..i {
            x[i] -= l[i][k] * x[k];
        }
        x[i] /= l[i][i];
    }
    for i in (0..N).rev() {
        for k in i + 1..N {
            x[i] -= l[k][i] * x[k];
        }
        x[i] /= l[i][i];
    }
    x
}

/// The inverse of `L L'`, whole.
pub(crate) fn invert<const N: usize>(l: &Matrix<N>) -> Matrix<N> {
    // Inverse of the triangle first, then its product with itself.
    let mut t = [[0.0; N]; N];
    for i in 0..N {
        t[i][i] = 1.0 / l[i][i];
        for j in 0..i {
            let mut sum = 0.0;
            for k in j..i {
                sum -= l[i][k] * t[k][j];
            }
            t[i][j] = sum / l[i][i];
        }
    }
    let mut inverse = [[0.0; N]; N];
    for i in 0..N {
        for j in 0..=i {
            let mut sum = 0.0;
            for k in i..N {
                sum += t[k][i] * t[k][j];
            }
            inverse[i][j] = sum;
            inverse[j][i] = sum;
        }
    }
    inverse
}

/// The logarithm of the determinant of `L L'`.
pub(crate) fn log_det<const N: usize>(l: &Matrix<N>) -> f64 {
    (0..N).map(|i| 2.0 * libm::log(l[i][i])).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverse_times_matrix_is_one() {
        let a = [[4.0, 1.0, 0.5], [1.0, 3.0, -0.2], [0.5, -0.2, 2.0]];
        let l = cholesky(&a).expect("positive definite");
        let inverse = invert(&l);
        for i in 0..3 {
            for j in 0..3 {
                let product: f64 = (0..3).map(|k| a[i][k] * inverse[k][j]).sum();
                assert!((product - f64::from(u8::from(i == j))).abs() < 1e-12);
            }
        }
        let x = solve(&l, &[1.0, 2.0, 3.0]);
        for (row, right) in a.iter().zip([1.0, 2.0, 3.0]) {
            assert!((row.iter().zip(x).map(|(a, x)| a * x).sum::<f64>() - right).abs() < 1e-12);
        }
        assert!((log_det(&l) - libm::log(20.89)).abs() < 1e-9, "{}", libm::exp(log_det(&l)));
        assert!(cholesky(&[[1.0, 2.0], [2.0, 1.0]]).is_none());
    }
}
