//! Theta against its published equations written out a second time, and against exact lines and seasons.

use crate::forecast::theta::{self, FittedTheta};
use crate::forecast::{FitError, Fitted};
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn wandering(n: usize) -> Vec<f64> {
    let mut level = 60.0;
    let noise = |t: usize| (t * 7919 % 101) as f64 / 10.0 - 5.0;
    (0..n)
        .map(|t| {
            level += 0.4 + 0.5 * noise(t);
            level + noise(t + 500)
        })
        .collect()
}

/// Fiorucci et al. (2016), the equations of DOTM with θ, one index at a time; returns errors and the next means.
fn dotm_by_hand(y: &[f64], alpha: f64, theta: f64, level: f64, ahead: usize) -> (f64, Vec<f64>) {
    let mut y = y.to_vec();
    let known = y.len();
    let (mut l, mut a, mut b, mut mean) = (level, y[0], 0.0, 0.0);
    let (mut squares, mut means) = (0.0, Vec::new());
    for t in 1..=known + ahead {
        let back = 1.0 - alpha;
        let drift = back.powi(t as i32 - 1) * a + (1.0 - back.powi(t as i32)) / alpha * b;
        let mu = l + (1.0 - 1.0 / theta) * drift;
        if t > known {
            means.push(mu);
            y.push(mu);
        } else if t > 3 {
            squares += (y[t - 1] - mu) * (y[t - 1] - mu);
        }
        let (n, value) = (t as f64, y[t - 1]);
        l = alpha * value + back * l;
        if t > 1 {
            b = ((n - 2.0) * b + 6.0 / n * (value - mean)) / (n + 1.0);
        }
        mean = ((n - 1.0) * mean + value) / n;
        a = mean - (n + 1.0) / 2.0 * b;
    }
    (squares, means)
}

fn close(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6 * (1.0 + b.abs()))
}

#[test]
fn dynamic_theta_follows_the_equations_of_fiorucci_2016_and_no_neighbour_fits_better() {
    let y = wandering(48);
    let fitted = theta::fit_dynamic(&y, 1).unwrap();
    let (alpha, theta) = (fitted.alpha(), 1.0 / (1.0 - fitted.weight()));
    let level = fitted.start.level;
    let (least, means) = dotm_by_hand(&y, alpha, theta, level, 10);
    assert!(close(&fitted.predict(10), &means), "{:?} {means:?}", fitted.predict(10));
    for (alpha, theta, level) in [
        (alpha + 0.02, theta, level),
        (alpha - 0.02, theta, level),
        (alpha, theta * 1.2, level),
        (alpha, theta / 1.2, level),
        (alpha, theta, level + 1.0),
        (alpha, theta, level - 1.0),
    ] {
        assert!(dotm_by_hand(&y, alpha.clamp(0.1, 0.99), theta.max(1.0), level, 0).0 >= least * (1.0 - 1e-6));
    }
}

#[test]
fn standard_theta_is_smoothing_with_half_the_drift_of_hyndman_and_billah_2003() {
    let y = wandering(90);
    let fitted = theta::fit(&y, 1).unwrap();
    let slope = crate::forecast::ets::line(&y).1;
    let means = fitted.predict(6);
    assert!(means.windows(2).all(|w| (w[1] - w[0] - slope / 2.0).abs() < 1e-6), "{means:?} {slope}");
}

#[test]
fn a_line_with_seasonal_factors_goes_on_exactly() {
    let factors = [0.7, 1.1, 1.3, 0.9];
    let at = |t: usize| 500.0 * factors[t % 4];
    let y: Vec<f64> = (0..40).map(at).collect();
    let ahead: Vec<f64> = (40..52).map(at).collect();
    for fitted in [theta::fit(&y, 4), theta::fit_dynamic(&y, 4)] {
        let means = fitted.unwrap().predict(12);
        assert!(close(&means, &ahead), "{means:?}");
    }
}

#[test]
fn replay_is_the_forecast_of_the_same_parameters_from_each_origin() {
    let y = wandering(40);
    for fitted in [theta::fit(&y[..30], 4).unwrap(), theta::fit_dynamic(&y[..30], 4).unwrap()] {
        let replay = fitted.replay(&y, 30, 5);
        let rows: Vec<_> = replay.rows().collect();
        assert_eq!((rows.len(), rows[0].0), (10, 30));
        assert!(close(rows[0].1, &fitted.predict(5)));
        let mut last = fitted.start;
        for (t, value) in y[..36].iter().enumerate() {
            last.learn(fitted.alpha, fitted.dynamic, fitted.effects.without(t, *value));
        }
        assert!(close(rows[6].1, &FittedTheta { last, ..fitted }.predict(4)));
    }
}

#[test]
fn odd_histories_give_finite_means_and_too_short_ones_a_clear_error() {
    let mut outlier = wandering(30);
    outlier[20] = 1e12;
    let negative: Vec<f64> = wandering(30).iter().map(|v| v - 70.0).collect();
    for fit in [theta::fit, theta::fit_dynamic] {
        for y in [&[0.0; 24][..], &[7.5; 24], &[1.0, 2.0, 3.0, 4.0], &[5.0; 4], &outlier, &negative] {
            for season in [1, 2, 12, 400] {
                let fitted = fit(y, season).unwrap();
                assert!(fitted.predict(300).iter().all(|m| m.is_finite()), "{y:?} {season}");
            }
        }
        assert!(close(&fit(&[7.5; 24], 12).unwrap().predict(3), &[7.5; 3]));
        let error = FitError::TooShort { have: 2, need: 4, what: "the theta method" };
        assert_eq!(fit(&[1.0, 2.0], 1).unwrap_err(), error);
    }
}
