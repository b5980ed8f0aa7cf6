//! How often a history must be differenced before it stands still.
//!
//! Questions answered: does its level wander (d), does its season (D). Input: a regular history in any unit, steps per
//! season. Output: 0 or 1 for d and for D. Methods: the KPSS test at 5 % for the level; for the season the
//! share of variance that a fixed season explains around a moving average, as an F test sees it.
//! Assumptions: none beyond equal steps. How it fails: a constant stands still already; less than two seasons show
//! no season.
//! References: Kwiatkowski, Phillips, Schmidt & Shin, J. Econometrics 54 (1992), eq. 13 and table 1; Hyndman &
//! Khandakar, J. Statistical Software 27 (2008), 3.1; Wang, Smith & Hyndman, Data Mining and Knowledge Discovery 13
//! (2006), 3.2 (strength of a season).

/// Upper 5 % point of the KPSS statistic around a level.
const KPSS_5_PERCENT: f64 = 0.463;

/// A season whose F statistic is beyond this is differenced. Far above any significance: what counts is that a
/// seasonal ARMA around a fixed mean forgets a clear season too soon. Set on held-out ends of training parts.
const CLEAR_SEASON: f64 = 10.0;

/// y(t) − y(t − lag).
pub(super) fn difference(values: &[f64], lag: usize) -> Vec<f64> {
    values.iter().zip(values.iter().skip(lag)).map(|(before, now)| now - before).collect()
}

/// Lags and factors of (1 − B)ᵈ(1 − Bᵐ)ᴰ without its leading 1.
pub(super) fn polynomial(d: usize, seasonal: usize, season: usize) -> Vec<(usize, f64)> {
    let mut dense = vec![1.0];
    for lag in std::iter::repeat_n(1, d).chain(std::iter::repeat_n(season, seasonal)) {
        let mut next = dense.clone();
        next.resize(dense.len() + lag, 0.0);
        for (i, c) in dense.iter().enumerate() {
            next[i + lag] -= c;
        }
        dense = next;
    }
    dense.into_iter().enumerate().skip(1).filter(|(_, c)| *c != 0.0).collect()
}

fn is_flat(values: &[f64]) -> bool {
    let size = values.iter().fold(0.0_f64, |a, v| a.max(v.abs()));
    values.iter().all(|v| (v - values[0]).abs() <= 1e-12 * size)
}

/// KPSS statistic around a level, its long-run variance with Bartlett's weights over 3√n/13 lags.
pub(super) fn kpss(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let e: Vec<f64> = values.iter().map(|v| v - mean).collect();
    let lags = (3.0 * n.sqrt() / 13.0) as usize;
    let mut long_run = e.iter().map(|v| v * v).sum::<f64>();
    for lag in 1..=lags {
        let weight = 1.0 - lag as f64 / (lags as f64 + 1.0);
        long_run += 2.0 * weight * e[lag..].iter().zip(&e).map(|(a, b)| a * b).sum::<f64>();
    }
    let (mut sum, mut squares) = (0.0, 0.0);
    for v in &e {
        sum += v;
        squares += sum * sum;
    }
    if long_run <= 0.0 { 0.0 } else { squares / (n * long_run) }
}

/// Whether the level must be differenced. A second time never: a slope that wanders is carried too far (worse on the
/// held-out ends of the M3 months' and the tourism months' training parts).
pub(super) fn of_level(values: &[f64]) -> usize {
    usize::from(values.len() >= 8 && !is_flat(values) && kpss(values) > KPSS_5_PERCENT)
}

/// Share of the variance around a moving average of one season's length that a fixed season explains.
pub(super) fn season_strength(values: &[f64], season: usize) -> f64 {
    let (n, m) = (values.len(), season);
    if m < 2 || n < 2 * m + 1 {
        return 0.0;
    }
    // an even season takes half weights at both ends
    let half = m / 2;
    let mut around: Vec<(usize, f64)> = Vec::with_capacity(n);
    for t in half..n - half {
        let mut sum: f64 = values[t - half..=t + half].iter().sum();
        if m % 2 == 0 {
            sum -= 0.5 * (values[t - half] + values[t + half]);
        }
        around.push((t % m, values[t] - sum / m as f64));
    }
    let (mut sums, mut counts) = (vec![0.0; m], vec![0.0; m]);
    for (at, v) in &around {
        sums[*at] += v;
        counts[*at] += 1.0;
    }
    let (mut left, mut all) = (0.0, 0.0);
    for (at, v) in &around {
        let effect = if counts[*at] > 0.0 { sums[*at] / counts[*at] } else { 0.0 };
        left += (v - effect) * (v - effect);
        all += v * v;
    }
    // what few cycles explain by chance does not count
    let freedom = around.len() as f64 - m as f64;
    if all <= 0.0 || freedom < 1.0 {
        return 0.0;
    }
    1.0 - left / freedom * around.len() as f64 / all
}

/// Whether the season must be differenced: the F statistic of a fixed season around a moving average.
pub(super) fn of_season(values: &[f64], season: usize) -> usize {
    let strength = season_strength(values, season);
    let freedom = values.len() as f64 - 2.0 * season as f64;
    usize::from(strength / (1.0 - strength) * freedom / (season as f64 - 1.0) > CLEAR_SEASON)
}
