//! ARIMA against published estimates, likelihoods worked by hand, and processes that were simulated.

use super::likelihood::{Factors, Filter, Shape};
use super::{Orders, fit, fit_orders};
use crate::forecast::{FitError, Fitted, Regressor};
use crate::rng::Rng;
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// International airline passengers, thousands per month, 1949–1960: series G of Box & Jenkins, "Time series
/// analysis" (1970).
const PASSENGERS: [f64; 144] = [
    112.0, 118.0, 132.0, 129.0, 121.0, 135.0, 148.0, 148.0, 136.0, 119.0, 104.0, 118.0, 115.0, 126.0, 141.0,
    135.0, 125.0, 149.0, 170.0, 170.0, 158.0, 133.0, 114.0, 140.0, 145.0, 150.0, 178.0, 163.0, 172.0, 178.0,
    199.0, 199.0, 184.0, 162.0, 146.0, 166.0, 171.0, 180.0, 193.0, 181.0, 183.0, 218.0, 230.0, 242.0, 209.0,
    191.0, 172.0, 194.0, 196.0, 196.0, 236.0, 235.0, 229.0, 243.0, 264.0, 272.0, 237.0, 211.0, 180.0, 201.0,
    204.0, 188.0, 235.0, 227.0, 234.0, 264.0, 302.0, 293.0, 259.0, 229.0, 203.0, 229.0, 242.0, 233.0, 267.0,
    269.0, 270.0, 315.0, 364.0, 347.0, 312.0, 274.0, 237.0, 278.0, 284.0, 277.0, 317.0, 313.0, 318.0, 374.0,
    413.0, 405.0, 355.0, 306.0, 271.0, 306.0, 315.0, 301.0, 356.0, 348.0, 355.0, 422.0, 465.0, 467.0, 404.0,
    347.0, 305.0, 336.0, 340.0, 318.0, 362.0, 348.0, 363.0, 435.0, 491.0, 505.0, 404.0, 359.0, 310.0, 337.0,
    360.0, 342.0, 406.0, 396.0, 420.0, 472.0, 548.0, 559.0, 463.0, 407.0, 362.0, 405.0, 417.0, 391.0, 419.0,
    461.0, 472.0, 535.0, 622.0, 606.0, 508.0, 461.0, 390.0, 432.0,
];

const AIRLINE: Orders = Orders { regular: [0, 1, 1], seasonal: [0, 1, 1], season: 12, constant: false };

#[test]
fn airline_model_matches_the_published_exact_likelihood_estimates() {
    let log: Vec<f64> = PASSENGERS.iter().map(|v| v.ln()).collect();
    let fitted = fit_orders(&log, AIRLINE, &[], 0).unwrap();
    let [_, theta, _, seasonal_theta] = fitted.coefficients();
    assert!((theta[0] + 0.4018).abs() < 2e-4, "{theta:?}");
    assert!((seasonal_theta[0] + 0.5569).abs() < 2e-4, "{seasonal_theta:?}");
    assert!((fitted.variance() - 0.001348).abs() < 1e-6, "{}", fitted.variance());
    assert!((fitted.log_likelihood() - 244.70).abs() < 0.006, "{}", fitted.log_likelihood());
    // published AIC −483.40: the walk must find something as good or better
    let chosen = fit(&log, 12, &[], 0).unwrap();
    assert!(chosen.aicc() <= fitted.aicc() + 1e-6, "{:?} {}", chosen.orders(), chosen.aicc());
}

fn filtered(orders: [usize; 4], season: usize, coordinates: &[f64], series: &[f64]) -> (f64, f64) {
    let mut filter = Filter::default();
    assert!(filter.start(&Factors::new(Shape { orders, season }, coordinates)));
    let mut out = Vec::new();
    let log = filter.innovations(series, &mut out);
    (out.iter().map(|v| v * v).sum(), log)
}

#[test]
fn first_order_likelihoods_match_hand_arithmetic() {
    let w = [1.0, -0.5, 2.0];
    // AR(1): S = (1 − φ²)w₁² + Σ(w(t) − φw(t − 1))², |F| = 1/(1 − φ²)
    let phi = 0.6_f64;
    let (s, log) = filtered([1, 0, 0, 0], 1, &[phi.atanh()], &w);
    let by_hand = (1.0 - phi * phi) + (-0.5 - phi).powi(2) + (2.0 - phi * -0.5).powi(2);
    assert!((s - by_hand).abs() < 1e-12, "{s} {by_hand}");
    assert!((log + (1.0 - phi * phi).ln()).abs() < 1e-12);
    // MA(1): the covariance is tridiagonal with 1 + θ² and θ; three by three inverts by hand
    let theta = -0.4_f64;
    let (a, b) = (1.0 + theta * theta, theta);
    let determinant = a * (a * a - 2.0 * b * b);
    let cofactors = [[a * a - b * b, -a * b, b * b], [-a * b, a * a, -a * b], [b * b, -a * b, a * a - b * b]];
    let mut by_hand = 0.0;
    for i in 0..3 {
        for j in 0..3 {
            by_hand += w[i] * w[j] * cofactors[i][j] / determinant;
        }
    }
    let (s, log) = filtered([0, 1, 0, 0], 1, &[0.4_f64.atanh()], &w);
    assert!((s - by_hand).abs() < 1e-12, "{s} {by_hand}");
    assert!((log - determinant.ln()).abs() < 1e-12, "{log}");
}

/// Autocovariances by summing 4000 responses to noise, the likelihood by Cholesky's factor of their matrix.
fn likelihood_by_matrix(phi: &[(usize, f64)], theta: &[(usize, f64)], w: &[f64]) -> (f64, f64) {
    let mut psi = vec![0.0; 4000];
    psi[0] = 1.0;
    theta.iter().for_each(|(lag, c)| psi[*lag] += c);
    for k in 1..psi.len() {
        psi[k] += phi.iter().filter(|(lag, _)| *lag <= k).map(|(lag, c)| c * psi[k - lag]).sum::<f64>();
    }
    let gamma = |k: usize| psi.iter().zip(&psi[k..]).map(|(a, b)| a * b).sum::<f64>();
    let n = w.len();
    let mut l = vec![vec![0.0; n]; n];
    let (mut log, mut sum, mut e) = (0.0, 0.0, vec![0.0; n]);
    for i in 0..n {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| l[i][k] * l[j][k]).sum();
            let rest = gamma(i - j) - dot;
            l[i][j] = if i == j { rest.sqrt() } else { rest / l[j][j] };
        }
        let dot: f64 = (0..i).map(|k| l[i][k] * e[k]).sum();
        e[i] = (w[i] - dot) / l[i][i];
        sum += e[i] * e[i];
        log += 2.0 * l[i][i].ln();
    }
    (sum, log)
}

#[test]
fn the_fast_filter_is_the_likelihood_by_the_whole_covariance_matrix() {
    let mut rng = Rng::seeded(5);
    let w: Vec<f64> = (0..30).map(|_| rng.normal()).collect();
    // (1 − .5B)(1 − .7B⁴) w = (1 + .3B)(1 − .6B⁴) e
    let coordinates = [0.5_f64.atanh(), (-0.3_f64).atanh(), 0.7_f64.atanh(), 0.6_f64.atanh()];
    let (s, log) = filtered([1, 1, 1, 1], 4, &coordinates, &w);
    let (by_matrix, by_determinant) =
        likelihood_by_matrix(&[(1, 0.5), (4, 0.7), (5, -0.35)], &[(1, 0.3), (4, -0.6), (5, -0.18)], &w);
    assert!((s - by_matrix).abs() < 1e-8, "{s} {by_matrix}");
    assert!((log - by_determinant).abs() < 1e-8, "{log} {by_determinant}");
}

fn simulated(n: usize, seed: u64, mut next: impl FnMut(&[f64], &[f64]) -> f64) -> Vec<f64> {
    let mut rng = Rng::seeded(seed);
    let (mut w, mut e): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    for _ in 0..n + 200 {
        e.push(rng.normal());
        let value = next(&w, &e);
        w.push(value);
    }
    w.split_off(200)
}

fn back(values: &[f64], lag: usize) -> f64 {
    if lag <= values.len() { values[values.len() - lag] } else { 0.0 }
}

#[test]
fn recovers_the_coefficients_of_simulated_processes() {
    // w = 5 + .7(w₋₁ − 5) + e − .4e₋₁ ; standard errors at n = 3000 are below .03
    let w = simulated(3000, 1, |w, e| 1.5 + 0.7 * back(w, 1) + e[e.len() - 1] - 0.4 * back(e, 2));
    let orders = Orders { regular: [1, 0, 1], seasonal: [0, 0, 0], season: 1, constant: true };
    let fitted = fit_orders(&w, orders, &[], 0).unwrap();
    let [phi, theta, ..] = fitted.coefficients();
    assert!((phi[0] - 0.7).abs() < 0.08 && (theta[0] + 0.4).abs() < 0.1, "{phi:?} {theta:?}");
    assert!((fitted.constant() - 5.0).abs() < 0.15, "{}", fitted.constant());
    assert!((fitted.variance() - 1.0).abs() < 0.08, "{}", fitted.variance());
    // a season of 4: w = .6w₋₄ + e + .5e₋₁
    let w = simulated(1500, 2, |w, e| 0.6 * back(w, 4) + e[e.len() - 1] + 0.5 * back(e, 2));
    let orders = Orders { regular: [0, 0, 1], seasonal: [1, 0, 0], season: 4, constant: false };
    let fitted = fit_orders(&w, orders, &[], 0).unwrap();
    let [_, theta, seasonal_phi, _] = fitted.coefficients();
    assert!((theta[0] - 0.5).abs() < 0.08 && (seasonal_phi[0] - 0.6).abs() < 0.08);
}

#[test]
fn finds_the_order_of_a_clear_autoregression() {
    let w = simulated(400, 3, |w, e| 1.2 * back(w, 1) - 0.6 * back(w, 2) + e[e.len() - 1]);
    let orders = fit(&w, 1, &[], 0).unwrap().orders();
    assert_eq!((orders.regular[1], orders.seasonal), (0, [0, 0, 0]), "{orders:?}");
    assert!(orders.regular[0] >= 2, "{orders:?}");
}

#[test]
fn a_promotion_is_told_from_noise_and_useless_columns_are_dropped() {
    let (n, horizon) = (200, 10);
    let promo: Vec<f64> = (0..n + horizon).map(|t| f64::from(u8::from(t * 7 % 11 < 3))).collect();
    let noise = simulated(n, 4, |w, e| 0.5 * back(w, 1) + e[e.len() - 1]);
    let values: Vec<f64> = noise.iter().zip(&promo).map(|(w, x)| 20.0 + w + 8.0 * x).collect();
    let column = |name: &str, values: Vec<f64>| Regressor { name: name.to_owned(), values };
    let columns = [
        column("promo", promo.clone()),
        column("always", vec![1.0; n + horizon]),
        column("twice", promo.iter().map(|v| 3.0 - 2.0 * v).collect()),
    ];
    let fitted = fit(&values, 1, &columns, horizon).unwrap();
    let slopes: Vec<(&str, f64)> = fitted.slopes().collect();
    assert_eq!(slopes.len(), 1, "{slopes:?}");
    assert!((slopes[0].1 - 8.0).abs() < 0.5, "{slopes:?}");
    let means = fitted.predict(horizon);
    // far from the last values, the mean of 20 and the promotion are all that is left
    for h in 5..horizon {
        assert!((means[h] - 20.0 - 8.0 * promo[n + h]).abs() < 1.0, "{means:?}");
    }
    let short = [column("promo", promo[..n + 3].to_vec())];
    let expected = FitError::RegressorTooShort { name: "promo".to_owned(), have: 3, need: horizon };
    assert_eq!(fit(&values, 1, &short, horizon).unwrap_err(), expected);
}

#[test]
fn forecasts_match_hand_arithmetic() {
    // a random walk with drift: the last value and the mean step, one after the other
    let values = [3.0, 4.0, 6.5, 7.0, 8.5, 11.0];
    let orders = Orders { regular: [0, 1, 0], seasonal: [0, 0, 0], season: 1, constant: true };
    let means = fit_orders(&values, orders, &[], 0).unwrap().predict(3);
    for (mean, by_hand) in means.iter().zip([12.6, 14.2, 15.8]) {
        assert!((mean - by_hand).abs() < 1e-6, "{means:?}");
    }
    // a seasonal random walk repeats its last season
    let orders = Orders { regular: [0, 0, 0], seasonal: [0, 1, 0], season: 3, constant: false };
    let means = fit_orders(&values, orders, &[], 0).unwrap().predict(4);
    assert_eq!(means, [7.0, 8.5, 11.0, 7.0]);
}

#[test]
fn replay_from_an_origin_is_a_forecast_with_the_same_parameters() {
    let log: Vec<f64> = PASSENGERS.iter().map(|v| v.ln()).collect();
    let fitted = fit_orders(&log, AIRLINE, &[], 0).unwrap();
    let rows = fitted.replay(&log, 100, 14);
    for (origin, row) in rows.rows().filter(|(origin, _)| origin % 11 == 0) {
        let then = super::FittedArima { values: log[..origin].to_vec(), ..fitted.clone() }.predict(row.len());
        assert!(row.iter().zip(&then).all(|(a, b)| (a - b).abs() < 1e-12), "origin {origin}");
    }
    // origins before the differences are filled: the last value
    let early: Vec<f64> = fitted.replay(&log, 0, 2).rows().map(|(_, row)| row[0]).take(3).collect();
    assert_eq!(early, [0.0, log[0], log[1]]);
}

#[test]
fn odd_histories_have_a_finite_answer_or_a_clear_error() {
    assert!(fit(&[1.0], 7, &[], 5).unwrap_err().to_string().contains("3 more values are needed"));
    let mut outlier: Vec<f64> = (0..60).map(|t| f64::from(t % 7)).collect();
    outlier[30] = 1e12;
    let histories = [
        vec![5.0; 4],
        vec![0.0; 50],
        vec![1e9; 40],
        (0..40).map(f64::from).collect(),
        (0..40).map(|t| -f64::from(t % 7)).collect(),
        (0..30).map(|t| f64::from(t * t)).collect(),
        vec![1.0, 2.0, 3.0, 1.0, 2.0],
        vec![0.0, 0.0, 0.0, 1.0],
        outlier,
    ];
    for values in histories {
        for season in [1, 7, 52] {
            let fitted = fit(&values, season, &[], 60).unwrap();
            assert!(fitted.predict(60).iter().all(|v| v.is_finite()), "{values:?} {season}");
            assert!(fitted.replay(&values, 0, 3).rows().all(|(_, row)| row.iter().all(|v| v.is_finite())));
        }
    }
    // exact seasons and exact lines go on exactly
    let line = fit(&(0..40).map(f64::from).collect::<Vec<_>>(), 1, &[], 0).unwrap().predict(3);
    assert!(line.iter().zip([40.0, 41.0, 42.0]).all(|(a, b)| (a - b).abs() < 1e-6), "{line:?}");
}
