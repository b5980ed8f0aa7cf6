//! Complex exponential smoothing against its equations written out a second time, exact series and its own neighbours.

use super::{FittedCes, Form, Search};
use crate::forecast::{FitError, Fitted, ces};
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const FORMS: [Form; 4] = [Form::None, Form::Simple, Form::Partial, Form::Full];

fn seasonal_history(n: usize) -> Vec<f64> {
    let noise = |t: usize| (t * t * t * 7919 % 1009) as f64 / 100.0 - 5.0;
    (0..n).map(|t| 100.0 + 0.5 * t as f64 + 25.0 * [0.0, 1.0, -1.0, 0.4][t % 4] + noise(t)).collect()
}

fn close(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6 * (1.0 + b.abs()))
}

/// Svetunkov, Kourentzes & Ord (2022), eqs 11–13: means of a fitted model after `y`, with whole columns of states.
fn by_hand(fitted: &FittedCes, y: &[f64], ahead: usize) -> Vec<f64> {
    let [a0, a1, b0, b1] = fitted.gains;
    let lag = fitted.start.level.len();
    let season = fitted.start.season.len();
    let (mut level, mut effects) = (fitted.start.level.clone(), fitted.start.season.clone());
    let mut means = Vec::new();
    for t in 0..y.len() + ahead {
        let [l, c] = level[t];
        let s = if season > 0 { effects[t][0] } else { 0.0 };
        let mu = l + s;
        let e = if t < y.len() { y[t] - mu } else { 0.0 };
        means.push(mu);
        // column t + lag follows column t
        assert_eq!(level.len(), t + lag);
        level.push([l - (1.0 - a1) * c + (a0 - a1) * e, l + (1.0 - a0) * c + (a0 + a1) * e]);
        if season > 0 {
            let [s, d] = effects[t];
            effects.push(match fitted.form {
                Form::Partial => [s + b0 * e, 0.0],
                _ => [s - (1.0 - b1) * d + (b0 - b1) * e, s + (1.0 - b0) * d + (b0 + b1) * e],
            });
        }
    }
    means.split_off(y.len())
}

#[test]
fn every_form_follows_the_equations_of_svetunkov_2022() {
    let y = seasonal_history(50);
    for form in FORMS {
        let fitted = ces::fit_form(&y, 4, form).unwrap();
        let means = by_hand(&fitted, &y, 9);
        assert!(close(&fitted.predict(9), &means), "{form:?} {:?} {means:?}", fitted.predict(9));
        let replay = fitted.replay(&y, 30, 6);
        for (origin, row) in replay.rows() {
            assert!(close(row, &by_hand(&fitted, &y[..origin], row.len())), "{form:?} {origin}");
        }
    }
}

#[test]
fn no_neighbouring_gains_fit_better() {
    let y = seasonal_history(60);
    for form in FORMS {
        let fitted = ces::fit_form(&y, 4, form).unwrap();
        let mut search = Search::new(&y, 4, form);
        let least = search.cost(&fitted.gains);
        for at in 0..form.parameters() {
            for aside in [-0.03, 0.03] {
                let mut gains = fitted.gains;
                let (lo, hi) = search.bounds(at);
                gains[at] = (gains[at] + aside).clamp(lo, hi);
                assert!(search.cost(&gains) >= least * (1.0 - 1e-4), "{form:?} {at} {aside}");
            }
        }
    }
}

#[test]
fn an_exact_season_goes_on_exactly() {
    let at = |t: usize| [30.0, 50.0, 20.0, 44.0, 41.0][t % 5];
    let y: Vec<f64> = (0..40).map(at).collect();
    let ahead: Vec<f64> = (40..57).map(at).collect();
    assert!(close(&ces::fit(&y, 5).unwrap().predict(17), &ahead));
}

#[test]
fn odd_histories_give_finite_means_and_too_short_ones_a_clear_error() {
    let mut outlier = seasonal_history(30);
    outlier[20] = 1e12;
    let negative: Vec<f64> = seasonal_history(30).iter().map(|v| v - 110.0).collect();
    let growing: Vec<f64> = (0..30).map(|t| 1.5f64.powi(t)).collect();
    for y in [&[0.0; 24][..], &[7.5; 24], &[1.0, 2.0, 3.0, 4.0, 9.0], &outlier, &negative, &growing] {
        for season in [1, 2, 12, 400] {
            let fitted = ces::fit(y, season).unwrap();
            assert!(fitted.predict(3660).iter().all(|m| m.is_finite()), "{y:?} {season}");
        }
    }
    assert!(close(&ces::fit(&[7.5; 24], 12).unwrap().predict(3), &[7.5; 3]));
    let error = FitError::TooShort { have: 2, need: 5, what: "complex smoothing" };
    assert_eq!(ces::fit(&[1.0, 2.0], 1).unwrap_err(), error);
    assert!(ces::fit_form(&[1.0; 20], 12, Form::Full).is_err());
}
