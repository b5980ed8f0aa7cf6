//! Season detection: how many steps make a season when nobody said so.
//!
//! Question answered: after how many steps does the series repeat itself most clearly. Input: a regular history.
//! Output: steps per season, 1 for none. Method: autocorrelation of the history without its line (of its differences
//! when it wanders), the shortest peak that comes near the highest one, and significant against Bartlett's bound.
//! Assumptions: at least three whole seasons were seen. How it fails: a weak season gives 1, which costs accuracy but
//! never a forecast. Reference: Box, Jenkins & Reinsel, "Time series analysis", 3rd ed. (1994), 2.1.6 (bound).

/// Longest season looked for: a year of days.
pub const MAX_SEASON: usize = 366;

/// One-sided 2.5 %: stricter than for a known season, as many lags are tried.
const BOUND: f64 = 1.96;

/// A shorter peak wins over a multiple of itself when it reaches this share of the highest.
const NEAR: f64 = 0.85;

/// Steps per season, 1 when no lag stands out.
pub fn detect(values: &[f64]) -> usize {
    let longest = (values.len() / 3).min(MAX_SEASON);
    if longest < 2 {
        return 1;
    }
    let mut flat = without_line(values);
    let mut correlation = autocorrelation(&flat, longest + 1);
    if correlation.get(1).is_some_and(|r| *r > 0.7) {
        flat = flat.windows(2).map(|w| w[1] - w[0]).collect();
        correlation = autocorrelation(&flat, longest + 1);
    }
    let at = |lag: usize| correlation.get(lag).copied().unwrap_or(0.0);
    let mut squares = 0.0;
    let mut peaks: Vec<(usize, f64)> = Vec::new();
    for lag in 2..=longest {
        squares += at(lag - 1) * at(lag - 1);
        let bound = BOUND * ((1.0 + 2.0 * squares) / flat.len() as f64).sqrt();
        let r = at(lag);
        if r > bound && r >= at(lag - 1) && r >= at(lag + 1) {
            peaks.push((lag, r));
        }
    }
    let highest = peaks.iter().map(|p| p.1).fold(0.0, f64::max);
    peaks.iter().find(|p| p.1 >= NEAR * highest).map_or(1, |p| p.0)
}

fn without_line(values: &[f64]) -> Vec<f64> {
    let (level, slope) = super::ets::line(values);
    values.iter().enumerate().map(|(t, v)| v - level - slope * t as f64).collect()
}

/// Lags 0 to `lags`; empty for a constant.
fn autocorrelation(flat: &[f64], lags: usize) -> Vec<f64> {
    let mean = flat.iter().sum::<f64>() / flat.len().max(1) as f64;
    let centred: Vec<f64> = flat.iter().map(|v| v - mean).collect();
    let power: f64 = centred.iter().map(|v| v * v).sum();
    let size = flat.iter().fold(0.0f64, |a, v| a.max(v.abs()));
    if power <= 1e-18 * size * size * flat.len() as f64 {
        return Vec::new();
    }
    (0..=lags.min(centred.len() - 1))
        .map(|lag| centred[lag..].iter().zip(&centred).map(|(a, b)| a * b).sum::<f64>() / power)
        .collect()
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn wave(n: usize, season: usize) -> Vec<f64> {
        (0..n)
            .map(|t| (std::f64::consts::TAU * (t % season) as f64 / season as f64).sin() + 0.05 * t as f64)
            .collect()
    }

    #[test]
    fn finds_the_period_of_a_wave_on_a_line() {
        for season in [4, 7, 12, 24] {
            assert_eq!(detect(&wave(season * 6, season)), season);
        }
    }

    #[test]
    fn finds_a_weekly_closing_day() {
        let values: Vec<f64> =
            (0..90).map(|t| if t % 7 == 4 { 0.0 } else { 10.0 + f64::from(t * 37 % 5) }).collect();
        assert_eq!(detect(&values), 7);
    }

    #[test]
    fn constants_lines_and_short_histories_have_none() {
        assert_eq!(detect(&[3.0; 60]), 1);
        assert_eq!(detect(&(0..60).map(f64::from).collect::<Vec<_>>()), 1);
        assert_eq!(detect(&[1.0, 2.0, 1.0, 2.0, 1.0]), 1);
    }
}
