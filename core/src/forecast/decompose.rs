//! Classical decomposition: whether a history has a season of a given length, and what its effects are.
//!
//! Question answered: which share of a history is its season. Input: a regular history, the steps per season. Output:
//! [`Effects`], one per position in the season, to be taken out and put in again. Method: the significance of the
//! autocorrelation at the season's lag; effects are the mean ratios (differences where a value is not positive) to a
//! centred moving average, brought to mean 1 (sum 0).
//!
//! Assumptions: effects that stay the same over the history. How it fails: fewer than two seasons give no effects.
//! References: Assimakopoulos & Nikolopoulos, IJF 16 (2000), section 3 (the test at 90 %); Makridakis, Wheelwright &
//! Hyndman, "Forecasting: methods and applications", 3rd ed. (1998), 3/4 (decomposition).

/// Two-sided 90 %.
const BOUND: f64 = 1.645;

/// A factor below this is a closed shop: dividing by it would invent demand.
const LEAST_FACTOR: f64 = 0.01;

/// Seasonal effects by position, the first for the history's first value. No effects stand for no season.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Effects {
    multiplicative: bool,
    by_position: Vec<f64>,
}

impl Effects {
    /// No season.
    pub fn none() -> Self {
        Self { multiplicative: false, by_position: vec![0.0] }
    }

    /// The season's effects by classical decomposition; [`Effects::none`] when there are fewer than two seasons.
    pub fn classical(values: &[f64], season: usize) -> Self {
        if season < 2 || values.len() < 2 * season {
            return Self::none();
        }
        let positive = values.iter().all(|v| *v > 0.0);
        let factors = positive
            .then(|| mean_effects(values, season, true))
            .filter(|it| it.iter().all(|f| *f >= LEAST_FACTOR));
        let multiplicative = factors.is_some();
        let by_position = factors.unwrap_or_else(|| mean_effects(values, season, false));
        Self { multiplicative, by_position }
    }

    /// Additive effects by position; at least two seasons of values are needed.
    pub fn additive(values: &[f64], season: usize) -> Vec<f64> {
        mean_effects(values, season, false)
    }

    /// [`Effects::classical`] when the history's autocorrelation says that there is a season.
    pub fn when_significant(values: &[f64], season: usize) -> Self {
        if is_seasonal(values, season) { Self::classical(values, season) } else { Self::none() }
    }

    /// Figures that were estimated.
    pub fn parameters(&self) -> usize {
        self.by_position.len() - 1
    }

    /// `value` at time `t` without its season.
    pub fn without(&self, t: usize, value: f64) -> f64 {
        let effect = self.by_position[t % self.by_position.len()];
        if self.multiplicative { value / effect } else { value - effect }
    }

    /// `value` at time `t` with its season put in again.
    pub fn with(&self, t: usize, value: f64) -> f64 {
        let effect = self.by_position[t % self.by_position.len()];
        if self.multiplicative { value * effect } else { value + effect }
    }
}

/// Mean ratios or differences to the moving average by position, brought to mean 1 or 0.
fn mean_effects(values: &[f64], season: usize, multiplicative: bool) -> Vec<f64> {
    let trend = moving_average(values, season);
    let mut sums = vec![(0.0, 0.0); season];
    for (t, trend) in (season / 2..).zip(&trend) {
        let (sum, count) = &mut sums[t % season];
        *sum += if multiplicative { values[t] / trend } else { values[t] - trend };
        *count += 1.0;
    }
    // two whole seasons leave at least one average for every position
    let mut effects: Vec<f64> = sums.iter().map(|(sum, count)| sum / f64::max(*count, 1.0)).collect();
    let mean = effects.iter().sum::<f64>() / season as f64;
    effects.iter_mut().for_each(|e| if multiplicative { *e /= mean } else { *e -= mean });
    effects
}

/// Whether the autocorrelation at the season's lag is significant.
pub(super) fn is_seasonal(values: &[f64], season: usize) -> bool {
    if season < 2 || values.len() < 2 * season + 1 {
        return false;
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let centred: Vec<f64> = values.iter().map(|v| v - mean).collect();
    let product =
        |lag: usize| -> f64 { centred[lag..].iter().zip(&centred).map(|(a, b)| a * b).sum::<f64>() };
    let power = product(0);
    let size = values.iter().fold(0.0f64, |a, v| a.max(v.abs()));
    if power <= 1e-18 * size * size * n {
        return false;
    }
    let squares: f64 = (1..season).map(|lag| (product(lag) / power).powi(2)).sum();
    (product(season) / power).abs() > BOUND * ((1.0 + 2.0 * squares) / n).sqrt()
}

/// Centred moving average over one season (with half weights at both ends when it is even), one for each value from
/// index season / 2 on that has all its neighbours.
fn moving_average(values: &[f64], season: usize) -> Vec<f64> {
    let half = season / 2;
    values
        .windows(2 * half + 1)
        .map(|window| {
            let sum: f64 = window.iter().sum();
            let ends = if season.is_multiple_of(2) { 0.5 * (window[0] + window[2 * half]) } else { 0.0 };
            (sum - ends) / season as f64
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn factors_on_a_level_and_differences_on_a_line_are_recovered_exactly() {
        let factors = [0.5, 1.5, 0.8, 1.2];
        let values: Vec<f64> = (0..16).map(|t| 40.0 * factors[t % 4]).collect();
        let effects = Effects::classical(&values, 4);
        for (t, value) in values.iter().enumerate() {
            assert!((effects.without(t, *value) - 40.0).abs() < 1e-9);
            assert!((effects.with(t, 40.0) - value).abs() < 1e-9);
        }
        // a value below zero: differences
        let shifts = [-3.0, 1.0, 2.0];
        let line = |t: usize| 2.0 * t as f64 - 5.0;
        let values: Vec<f64> = (0..15).map(|t| line(t) + shifts[t % 3]).collect();
        let effects = Effects::classical(&values, 3);
        assert!((0..15).all(|t| (effects.without(t, values[t]) - line(t)).abs() < 1e-9));
    }

    #[test]
    fn the_test_sees_a_season_and_none_in_a_line_a_constant_or_too_little() {
        let wave: Vec<f64> = (0..40).map(|t| f64::from(t * 7919 % 13) + 20.0 * f64::from(t % 4)).collect();
        assert!(is_seasonal(&wave, 4));
        assert!(!is_seasonal(&wave[..8], 4));
        assert!(!is_seasonal(&[5.0; 40], 4));
        let noise: Vec<f64> = (0..40).map(|t| f64::from(t * t * t * 7919 % 1009)).collect();
        assert!(!is_seasonal(&noise, 4));
        assert_eq!(Effects::when_significant(&noise, 4), Effects::none());
    }
}
