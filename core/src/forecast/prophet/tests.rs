//! The curve model against curves that it must find again, and against its own posterior.

use super::*;
use crate::rng::Rng;
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn wave(t: usize, steps: f64) -> f64 {
    (std::f64::consts::TAU * t as f64 / steps).sin()
}

#[test]
fn a_line_a_week_and_a_promotion_without_noise_are_found_exactly() {
    let promo: Vec<f64> = (0..230).map(|t| f64::from(u8::from(t % 11 < 2))).collect();
    let at = |t: usize| 50.0 + 0.1 * t as f64 + 6.0 * wave(t, 7.0) + 9.0 * promo[t];
    let values: Vec<f64> = (0..200).map(at).collect();
    let column = Regressor { name: "promo".to_owned(), values: promo.clone() };
    let fitted = fit(&values, 7, &[column], 30).unwrap();
    for (t, mean) in (200..).zip(fitted.predict(30)) {
        assert!((mean - at(t)).abs() < 1e-3, "{t}: {mean} {}", at(t));
    }
    let slopes: Vec<(&str, f64)> = fitted.slopes().collect();
    assert!(slopes.len() == 1 && (slopes[0].1 - 9.0).abs() < 1e-3, "{slopes:?}");
    // columns stand at their means: 38 of 200 days had a promotion
    assert!((fitted.trend(100) - 61.71).abs() < 1e-3, "{}", fitted.trend(100));
}

#[test]
fn two_years_of_days_show_a_year() {
    let at = |t: usize| 50.0 + 6.0 * wave(t, 365.25) + 3.0 * wave(t, 7.0);
    let values: Vec<f64> = (0..760).map(at).collect();
    let means = fit(&values, 7, &[], 60).unwrap().predict(60);
    for (t, mean) in (760..).zip(means) {
        assert!((mean - at(t)).abs() < 0.01, "{t}: {mean} {}", at(t));
    }
}

fn noisy(n: usize) -> Vec<f64> {
    let mut rng = Rng::seeded(9);
    (0..n).map(|t| 40.0 + (t as f64 - 60.0).abs() * 0.2 + 5.0 * wave(t, 7.0) + 2.0 * rng.normal()).collect()
}

#[test]
fn the_estimate_is_the_mode_of_the_posterior() {
    let values = noisy(150);
    let design = Design::new(&values, 7, &[], Growth::Linear);
    let scaled: Vec<f64> = values.iter().map(|v| v / 80.0).collect();
    let mut posterior = Posterior::new(&design, &scaled);
    posterior.maximise();
    let best = posterior.objective(&posterior.weights, posterior.variance);
    for i in 0..posterior.weights.len() {
        for step in [-1e-3, 1e-3] {
            let mut weights = posterior.weights.clone();
            weights[i] += step;
            let there = posterior.objective(&weights, posterior.variance);
            assert!(there > best - 1e-4, "weight {i}: {there} {best}");
        }
    }
    for factor in [0.98, 1.02] {
        assert!(posterior.objective(&posterior.weights, posterior.variance * factor) > best - 1e-4);
    }
}

#[test]
fn replay_at_the_end_of_the_history_is_the_forecast() {
    let values = noisy(150);
    let fitted = fit(&values, 7, &[], 0).unwrap();
    let mut longer = values.clone();
    longer.extend([0.0; 5]);
    let replay = fitted.replay(&longer, 150, 5);
    let (_, row) = replay.rows().next().unwrap();
    let means = fitted.predict(5);
    assert!(row.iter().zip(&means).all(|(a, b)| (a - b).abs() < 1e-2), "{row:?} {means:?}");
}

#[test]
fn flat_growth_stays_at_the_level() {
    let values: Vec<f64> = (0..60).map(f64::from).collect();
    let means = fit_growth(&values, 1, &[], 4, Growth::Flat).unwrap().predict(4);
    assert!(means.iter().all(|mean| (mean - 29.5).abs() < 0.1), "{means:?}");
}

#[test]
fn odd_histories_have_a_finite_answer_or_a_clear_error() {
    let error = fit(&[1.0], 7, &[], 5).unwrap_err().to_string();
    assert!(error.contains("1 more values are needed"), "{error}");
    let short = Regressor { name: "promo".to_owned(), values: vec![0.0, 1.0, 1.0, 0.0] };
    let expected = FitError::RegressorTooShort { name: "promo".to_owned(), have: 1, need: 2 };
    assert_eq!(fit(&[1.0, 2.0, 3.0], 1, &[short], 2).unwrap_err(), expected);
    let mut outlier: Vec<f64> = (0..60).map(|t| f64::from(t % 7)).collect();
    outlier[30] = 1e12;
    let negative = (0..40).map(|t| -f64::from(t % 7)).collect();
    for values in [vec![5.0, 5.0], vec![0.0; 50], vec![1e9; 40], negative, vec![1.0, 2.0, 3.0], outlier] {
        for season in [1, 7, 12, 52] {
            let fitted = fit(&values, season, &[], 60).unwrap();
            assert!(fitted.predict(60).iter().all(|v| v.is_finite()), "{values:?} {season}");
            assert!(fitted.replay(&values, 0, 3).rows().all(|(_, row)| row.iter().all(|v| v.is_finite())));
        }
    }
}
