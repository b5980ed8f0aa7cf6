//! Damped normal equations for Gauss–Newton steps: small, dense, without allocation.
//!
//! Question answered: which step δ solves (A + λ·diag A) δ = −g for a symmetric A = JᵀJ. Input: the lower triangle
//! of A row by row, g and λ. Output: δ. Assumption: A is positive semidefinite; a parameter without any influence
//! gets a unit diagonal and so stays where it is. How it fails: returns false when A is not finite or not
//! definite even with its damping. Reference: Marquardt, SIAM J. Appl. Math. 11 (1963).

/// Buffers for a system of up to `n` unknowns.
#[derive(Debug, Clone, Default)]
pub(super) struct Damped {
    factor: Vec<f64>,
    /// The step, after [`Damped::solve`] returned true.
    pub step: Vec<f64>,
}

impl Damped {
    /// Solves by Cholesky's factorisation.
    pub fn solve(&mut self, a: &[f64], g: &[f64], damping: f64) -> bool {
        let n = g.len();
        self.factor.clear();
        self.factor.extend_from_slice(&a[..n * n]);
        self.step.clear();
        self.step.extend(g.iter().map(|v| -v));
        let l = &mut self.factor;
        for i in 0..n {
            let diagonal = l[i * n + i];
            l[i * n + i] = if diagonal == 0.0 { 1.0 } else { diagonal * (1.0 + damping) };
        }
        for i in 0..n {
            for j in 0..=i {
                let (head, tail) = l.split_at_mut(i * n);
                let row_j = if j < i { &head[j * n..j * n + j] } else { &[] };
                if j < i {
                    let dot: f64 = tail[..j].iter().zip(row_j).map(|(x, y)| x * y).sum();
                    tail[j] = (tail[j] - dot) / head[j * n + j];
                } else {
                    let dot: f64 = tail[..i].iter().map(|x| x * x).sum();
                    let rest = tail[i] - dot;
                    // rounding leaves a few ulps of the diagonal where a column is a sum of others
                    if rest.is_nan() || rest <= 1e-14 * tail[i] {
                        return false;
                    }
                    tail[i] = rest.sqrt();
                }
            }
        }
        for i in 0..n {
            let dot: f64 = l[i * n..i * n + i].iter().zip(&self.step).map(|(x, y)| x * y).sum();
            self.step[i] = (self.step[i] - dot) / l[i * n + i];
        }
        for i in (0..n).rev() {
            let solved = self.step[i] / l[i * n + i];
            self.step[i] = solved;
            for j in 0..i {
                self.step[j] -= l[i * n + j] * solved;
            }
        }
        self.step.iter().all(|v| v.is_finite())
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn step_solves_a_system_worked_by_hand() {
        // [4 2; 2 3] δ = −[2; 5]  →  δ = (0.5, −2)
        let mut damped = Damped::default();
        assert!(damped.solve(&[4.0, 0.0, 2.0, 3.0], &[2.0, 5.0], 0.0));
        assert!((damped.step[0] - 0.5).abs() < 1e-12 && (damped.step[1] + 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_parameter_without_influence_stays() {
        let mut damped = Damped::default();
        assert!(damped.solve(&[4.0, 0.0, 0.0, 0.0], &[8.0, 0.0], 0.0));
        assert_eq!(damped.step, [-2.0, 0.0]);
    }

    #[test]
    fn not_finite_is_refused() {
        assert!(!Damped::default().solve(&[f64::NAN], &[1.0], 0.1));
    }
}
