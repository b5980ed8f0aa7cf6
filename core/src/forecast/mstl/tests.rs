//! MSTL against statsmodels' figures, against seasons that were put in exactly, and against its own forecasts.

use super::stl::{Loess, Stl};
use super::{FittedMstl, fit, split};
use crate::forecast::{FitError, Fitted};
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn close(a: &[f64], b: &[f64], within: f64) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= within)
}

const FOUR: [f64; 4] = [0.0, 8.0, -8.0, 4.0];
const SEVEN: [f64; 7] = [5.0, -5.0, 2.5, 3.5, -1.0, 5.5, -10.5];

/// A line, a season of four and noise, as the commands below have it.
fn history(n: usize, noise: f64) -> Vec<f64> {
    let noise = |t: usize| ((t * 7919 % 101) as f64 - 50.0) * noise;
    (0..n).map(|t| 50.0 + 0.5 * t as f64 + FOUR[t % 4] + noise(t)).collect()
}

/// statsmodels 0.15: `t = arange(28); y = 50 + .5*t + array([0, 8, -8, 4])[t % 4] + (t*7919 % 101 - 50)/20`, then
/// `STL(y, period=4, seasonal=7).fit(inner_iter=2, outer_iter=0)`, its `.seasonal` and `.trend`, first and last four.
#[test]
fn one_season_is_what_statsmodels_stl_finds() {
    let y = history(28, 0.05);
    let stl = Stl { season: 4, window: 7, straight: true, passes: 2, sparse: 0 };
    let (season, trend) = stl.split(&y);
    assert!(close(&season[..4], &[-1.8713057, 6.30822946, -7.99535461, 3.20976322], 1e-7), "{season:?}");
    assert!(close(&season[24..], &[-1.20976322, 5.99535461, -8.30822946, 3.8713057], 1e-7), "{season:?}");
    assert!(close(&trend[..4], &[50.39482536, 50.96604698, 51.52587349, 52.0918979], 1e-7), "{trend:?}");
    assert!(close(&trend[24..], &[63.2581021, 63.82412651, 64.38395302, 64.95517464], 1e-7), "{trend:?}");
}

/// statsmodels' `STL` in a loop: `y` as above with 40 values and `array([5, -5, 2.5, 3.5, -1, 5.5, -10.5])[t % 7]` added;
/// `s = [0*y, 0*y]`, twice for (i, p, w, j) in (0, 4, 11, 1), (1, 7, 15, 2): `s[i] = STL(y - s[1-i], period=p, seasonal=w,
/// seasonal_deg=0, seasonal_jump=2, trend_jump=j).fit(inner_iter=2, outer_iter=0).seasonal`; the last four of each.
#[test]
fn two_seasons_are_what_statsmodels_stl_finds_by_turns() {
    let mut y = history(40, 0.05);
    y.iter_mut().enumerate().for_each(|(t, y)| *y += SEVEN[t % 7]);
    let (found, rest) = split(&y, &[4, 7]);
    assert!(
        close(&found[0].effects[36..], &[-0.71724032, 6.49359604, -8.98405144, 3.20963501], 1e-7),
        "{:?}",
        found[0].effects
    );
    assert!(
        close(&found[1].effects[36..], &[-4.74576542, 1.9190368, 3.50473546, -0.65506038], 1e-7),
        "{:?}",
        found[1].effects
    );
    let sums: Vec<f64> = (0..40).map(|t| found[0].effects[t] + found[1].effects[t] + rest[t]).collect();
    assert!(close(&sums, &y, 1e-9));
}

#[test]
fn local_lines_leave_a_line_alone_with_and_without_jumps_and_beyond_the_ends() {
    let line = |t: f64| 3.0 - 0.25 * t;
    for (length, window, jump) in [(40, 7, 1), (40, 15, 4), (40, 61, 7), (5, 11, 2), (2, 7, 1)] {
        let y: Vec<f64> = (0..length).map(|t| line(t as f64)).collect();
        let mut out = vec![f64::NAN; length];
        Loess::new(length, window, true, jump, false).smooth(&y, &mut out);
        assert!(close(&out, &y, 1e-9), "{length} {window} {jump}: {out:?}");
        let mut wide = vec![f64::NAN; length + 2];
        Loess::new(length, window, true, jump, true).smooth(&y, &mut wide);
        let expected: Vec<f64> = (0..length + 2).map(|t| line(t as f64 - 1.0)).collect();
        assert!(close(&wide, &expected, 1e-9), "{length} {window} {jump}: {wide:?}");
    }
}

/// Tricube weights of five values: 0 at both ends, 1 in the middle, (1 − 1/8)³ beside it.
#[test]
fn a_window_of_five_is_the_weighted_mean_worked_by_hand() {
    let mut out = [0.0; 5];
    Loess::new(5, 5, false, 1, false).smooth(&[9.0, 1.0, 2.0, 6.0, 4.0], &mut out);
    let beside = 0.875f64.powi(3);
    assert!((out[2] - (2.0 + 7.0 * beside) / (1.0 + 2.0 * beside)).abs() < 1e-12, "{out:?}");
}

#[test]
fn a_line_and_two_exact_seasons_go_on_within_a_twentieth_of_their_swing() {
    let at = |t: usize| {
        200.0 + 0.5 * t as f64 + SEVEN[t % 7] + 10.0 * (t as f64 * std::f64::consts::TAU / 30.0).sin()
    };
    let y: Vec<f64> = (0..420).map(at).collect();
    let fitted = fit(&y, 7).unwrap();
    assert_eq!(fitted.seasons(), [7, 30]);
    let ahead: Vec<f64> = (420..480).map(at).collect();
    let means = fitted.predict(60);
    let worst = means.iter().zip(&ahead).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    // a twentieth of the longer season: each season is smoothed over what the other leaves
    assert!(worst < 1.0, "{worst}");
    let one: Vec<f64> = history(60, 0.0);
    let fitted = fit(&one, 4).unwrap();
    assert!(close(&fitted.effects()[0][..4], &[-1.0, 7.0, -9.0, 3.0], 0.1), "{:?}", fitted.effects());
    assert!(close(&fitted.predict(9), &history(69, 0.0)[60..], 0.2), "{:?}", fitted.predict(9));
}

#[test]
fn a_season_that_is_not_there_is_not_taken_out() {
    let noise: Vec<f64> = (0..60).map(|t| f64::from(t * t * t * 7919 % 1009)).collect();
    assert!(fit(&noise, 4).unwrap().seasons().is_empty());
    assert!(fit(&history(60, 0.05), 31).unwrap().seasons().is_empty());
    assert_eq!(fit(&history(60, 0.05), 4).unwrap().seasons(), [4]);
}

/// The row of an origin is the forecast of the smoothed rest up to it plus the last fitted cycle, and no later value
/// changes it.
#[test]
fn replay_holds_the_effects_and_never_sees_a_later_value() {
    let y = history(60, 0.05);
    let fitted: FittedMstl = fit(&y[..40], 4).unwrap();
    let replay = fitted.replay(&y, 40, 6);
    let rows: Vec<_> = replay.rows().collect();
    assert_eq!((rows.len(), rows[0].0), (20, 40));
    assert!(close(rows[0].1, &fitted.predict(6), 1e-9));
    let cycle = &fitted.effects()[0][36..];
    let rest: Vec<f64> =
        (0..50).map(|t| y[t] - if t < 40 { fitted.effects()[0][t] } else { cycle[t % 4] }).collect();
    let smoothed = fitted.rest().replay(&rest, 40, 1);
    for (origin, row) in smoothed.rows() {
        assert!((rows[origin - 40].1[0] - row[0] - cycle[origin % 4]).abs() < 1e-9, "{origin}");
    }
    let mut later = y.clone();
    later[50..].fill(1e6);
    let changed = fitted.replay(&later, 0, 6);
    for ((origin, row), (_, same)) in changed.rows().zip(fitted.replay(&y, 0, 6).rows()).take(51) {
        assert_eq!(row, same, "{origin}");
    }
    assert_ne!(changed.rows().nth(52), fitted.replay(&y, 0, 6).rows().nth(52));
}

#[test]
fn odd_histories_give_finite_means_and_too_short_ones_a_clear_error() {
    let mut outlier = history(30, 0.05);
    outlier[20] = 1e12;
    let negative: Vec<f64> = history(30, 0.05).iter().map(|v| v - 60.0).collect();
    for y in [&[0.0; 24][..], &[7.5; 24], &[1.0, 2.0, 3.0, 4.0], &[5.0; 4], &outlier, &negative] {
        for season in [1, 2, 4, 7, 12, 400] {
            let fitted = fit(y, season).unwrap();
            assert!(fitted.predict(3660).iter().all(|m| m.is_finite()), "{y:?} {season}");
        }
    }
    assert!(close(&fit(&[7.5; 24], 12).unwrap().predict(3), &[7.5; 3], 1e-9));
    let error = FitError::TooShort { have: 2, need: 4, what: "exponential smoothing" };
    assert_eq!(fit(&[1.0, 2.0], 1).unwrap_err(), error);
    assert!(matches!(fit(&[1.0], 7), Err(FitError::TooShort { have: 1, .. })));
}
