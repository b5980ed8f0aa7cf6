//! Exponential smoothing against published estimates and against the recursions written out a second time.

use crate::forecast::ets::{self, Error, Form, Seasonal, Trend};
use crate::forecast::{Fitted, Replay};
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Saudi Arabian oil production, million tonnes, 1996–2013; Hyndman & Athanasopoulos, "Forecasting: principles and
/// practice", 2nd ed., 7.1.
const OIL: [f64; 18] = [
    445.36, 453.20, 454.41, 422.38, 456.04, 440.39, 425.19, 486.21, 500.43, 521.28, 508.95, 488.89, 509.87,
    456.72, 473.82, 525.95, 549.83, 542.34,
];

/// Air passengers of Australia, millions, 1990–2016; the same book, 7.2.
const AIR: [f64; 27] = [
    17.5534, 21.8601, 23.8866, 26.9293, 26.8885, 28.8314, 30.0751, 30.9535, 30.1857, 31.5797, 32.5776,
    33.4774, 39.0216, 41.3864, 41.5966, 44.6573, 46.9518, 48.7288, 51.4884, 50.0270, 60.6409, 63.3603,
    66.3553, 68.1979, 68.1232, 69.7793, 72.5977,
];

const LEVEL: Form = Form { error: Error::Additive, trend: Trend::None, seasonal: Seasonal::None };
const HOLT: Form = Form { trend: Trend::Additive, ..LEVEL };

#[test]
fn simple_smoothing_matches_hyndman_athanasopoulos_2018_table_7_1() {
    let fitted = ets::fit_form(&OIL, 1, LEVEL).unwrap();
    assert!((fitted.smoothing().alpha - 0.8339).abs() < 2e-3, "{}", fitted.smoothing().alpha);
    assert!((fitted.initial().level - 446.5868).abs() < 0.2, "{}", fitted.initial().level);
    assert!((fitted.predict(1)[0] - 542.6806).abs() < 0.05, "{}", fitted.predict(1)[0]);
}

#[test]
fn holts_method_matches_hyndman_athanasopoulos_2018_section_7_2() {
    let fitted = ets::fit_form(&AIR, 1, HOLT).unwrap();
    // flat around its optimum: what counts is that the sum of squares is as small as with the published figures
    assert!((fitted.smoothing().alpha - 0.8302).abs() < 1.5e-2, "{}", fitted.smoothing().alpha);
    let (mut l, mut b, mut published) = (15.5715, 2.1017, 0.0);
    for y in AIR {
        let e = y - (l + b);
        published += e * e;
        (l, b) = (l + b + 0.8302 * e, b + 0.0001 * e);
    }
    let found: f64 = by_hand(&fitted, &AIR, 1).0.iter().map(|e| e * e).sum();
    assert!(found <= published * (1.0 + 5e-4), "{found} {published}");
    assert!(fitted.smoothing().beta < 2e-3, "{}", fitted.smoothing().beta);
    assert!((fitted.initial().trend - 2.1017).abs() < 0.02, "{}", fitted.initial().trend);
    assert!((fitted.predict(1)[0] - 74.60130).abs() < 0.05, "{}", fitted.predict(1)[0]);
}

/// The taxonomy's fifteen forms in the order of the book's table, all on one positive seasonal history.
fn forms() -> Vec<Form> {
    let mut forms = Vec::new();
    for seasonal in [Seasonal::None, Seasonal::Additive, Seasonal::Multiplicative] {
        for trend in [Trend::None, Trend::Additive, Trend::Damped] {
            for error in [Error::Additive, Error::Multiplicative] {
                if seasonal != Seasonal::Multiplicative || error == Error::Multiplicative {
                    forms.push(Form { error, trend, seasonal });
                }
            }
        }
    }
    forms
}

fn seasonal_history() -> Vec<f64> {
    let noise = |t: usize| ((t * 7919 % 101) as f64 - 50.0) / 10.0;
    (0..60).map(|t| 100.0 + 0.8 * t as f64 + 20.0 * [0.0, 1.0, -1.0, 0.5][t % 4] + noise(t)).collect()
}

/// Level, trend and season by the textbook's equations, one scalar at a time; returns one-step errors and means ahead.
fn by_hand(fitted: &ets::FittedEts, y: &[f64], ahead: usize) -> (Vec<f64>, Vec<f64>) {
    let (form, p) = (fitted.form(), fitted.smoothing());
    let (mut l, mut b) = (fitted.initial().level, fitted.initial().trend);
    let mut s: Vec<f64> = fitted.initial().season.clone();
    let m = s.len().max(1);
    let mut errors = Vec::new();
    for (t, &y) in y.iter().enumerate() {
        let damped = p.phi * b;
        match form.seasonal {
            Seasonal::None => {
                let e = y - (l + damped);
                errors.push(e);
                (l, b) = (l + damped + p.alpha * e, damped + p.beta * e);
            }
            Seasonal::Additive => {
                let e = y - (l + damped + s[t % m]);
                errors.push(e);
                (l, b) = (l + damped + p.alpha * e, damped + p.beta * e);
                s[t % m] += p.gamma * e;
            }
            Seasonal::Multiplicative => {
                let (q, effect) = (l + damped, s[t % m]);
                let relative = (y - q * effect) / (q * effect);
                errors.push(y - q * effect);
                (l, b) = (q * (1.0 + p.alpha * relative), damped + p.beta * q * relative);
                s[t % m] = effect * (1.0 + p.gamma * relative);
            }
        }
    }
    let means = (1..=ahead).map(|h| {
        let reach: f64 = (1..=h).map(|i| p.phi.powi(i as i32)).sum();
        let q = l + reach * b;
        match form.seasonal {
            Seasonal::None => q,
            Seasonal::Additive => q + s[(y.len() + h - 1) % m],
            Seasonal::Multiplicative => q * s[(y.len() + h - 1) % m],
        }
    });
    (errors, means.collect())
}

#[test]
fn every_form_predicts_what_its_recursion_written_out_gives() {
    let y = seasonal_history();
    assert_eq!(forms().len(), 15);
    for form in forms() {
        let fitted = ets::fit_form(&y, 4, form).unwrap();
        let (_, means) = by_hand(&fitted, &y, 10);
        for (a, b) in fitted.predict(10).iter().zip(&means) {
            assert!((a - b).abs() < 1e-9 * b.abs(), "{form:?}: {a} {b}");
        }
    }
}

#[test]
fn replayed_one_step_errors_are_the_recursions() {
    let y = seasonal_history();
    for form in forms() {
        let fitted = ets::fit_form(&y, 4, form).unwrap();
        let (errors, _) = by_hand(&fitted, &y, 1);
        let replay: Replay = fitted.replay(&y, 0, 1);
        for ((origin, row), e) in replay.rows().zip(&errors) {
            assert!((y[origin] - row[0] - e).abs() < 1e-9, "{form:?} at {origin}");
        }
    }
}

/// No point of a dense grid, initial level by its closed form, may beat the search.
#[test]
fn simple_smoothing_is_the_least_squares_of_an_exhaustive_grid() {
    for y in [&OIL[..], &AIR[..], &seasonal_history()] {
        let fitted = ets::fit_form(y, 1, LEVEL).unwrap();
        let found: f64 = by_hand(&fitted, y, 1).0.iter().map(|e| e * e).sum();
        let mut least = f64::INFINITY;
        for step in 1..2000 {
            let alpha = f64::from(step) / 2000.0;
            // e_t = a_t − c_t·l₀ with c_t = (1 − α)^t: linear in l₀
            let (mut level, mut weight, mut ac, mut cc, mut aa) = (0.0, 1.0, 0.0, 0.0, 0.0);
            for v in y {
                let a = v - level;
                (ac, cc, aa) = (ac + a * weight, cc + weight * weight, aa + a * a);
                level += alpha * a;
                weight *= 1.0 - alpha;
            }
            least = f64::min(least, aa - ac * ac / cc);
        }
        assert!(found <= least * (1.0 + 1e-4), "{found} {least}");
    }
}

#[test]
fn the_choice_sees_the_trend_and_the_season_that_were_put_in() {
    let y = seasonal_history();
    let chosen = ets::fit(&y, 4).unwrap();
    assert_ne!(chosen.form().seasonal, Seasonal::None, "a season of ± 20 in noise of ± 5");
    assert_ne!(chosen.form().trend, Trend::None, "it doubles nearly over sixty steps");
    let sum = |fitted: &ets::FittedEts| by_hand(fitted, &y, 1).0.iter().map(|e| e * e).sum::<f64>();
    let level = ets::fit_form(&y, 4, LEVEL).unwrap();
    assert!(sum(&chosen) < 0.2 * sum(&level));
}
