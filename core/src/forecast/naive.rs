//! Naive and seasonal naive: the yardsticks that every other model has to beat.
//!
//! Question answered: what if the next value is the last one (naive), or the one a season ago (seasonal naive).
//! Input: a regular history in any unit. Output: means in that unit. Assumptions: a random walk, for the
//! seasonal one a random walk per season position. How it fails: too few values, one season at least.
//! Reference: Hyndman & Athanasopoulos, "Forecasting: principles and practice", 3rd ed., 5.2.

use super::{FitError, Fitted, Model, Replay};

/// The last season of a history; season 1 is the plain naive model.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedNaive {
    model: Model,
    last: Vec<f64>,
}

impl FittedNaive {
    /// Steps per season; 1 for the plain naive model.
    pub fn season(&self) -> usize {
        self.last.len()
    }
}

/// Remembers the last value.
pub fn fit(values: &[f64]) -> Result<FittedNaive, FitError> {
    fit_with(values, 1, Model::Naive, "the naive model")
}

/// Remembers the last season.
pub fn fit_seasonal(values: &[f64], season: usize) -> Result<FittedNaive, FitError> {
    fit_with(values, season.max(1), Model::SeasonalNaive, "the seasonal naive model")
}

fn fit_with(
    values: &[f64],
    season: usize,
    model: Model,
    what: &'static str,
) -> Result<FittedNaive, FitError> {
    match values.len().checked_sub(season) {
        Some(start) => Ok(FittedNaive { model, last: values[start..].to_vec() }),
        None => Err(FitError::TooShort { have: values.len(), need: season, what }),
    }
}

impl Fitted for FittedNaive {
    fn model(&self) -> Model {
        self.model
    }

    fn parameters(&self) -> usize {
        0
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        self.last.iter().copied().cycle().take(horizon).collect()
    }

    fn replay(&self, values: &[f64], first_origin: usize, horizon: usize) -> Replay {
        let season = self.last.len();
        Replay::build(values.len(), first_origin.max(season), horizon, |origin, row| {
            for (h, mean) in row.iter_mut().enumerate() {
                *mean = values[origin - season + h % season];
            }
        })
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn seasonal_naive_is_exact_on_a_pure_season() {
        let fitted = fit_seasonal(&[9.0, 1.0, 2.0, 3.0, 1.0, 2.0, 3.0], 3).unwrap();
        assert_eq!(fitted.predict(5), [1.0, 2.0, 3.0, 1.0, 2.0]);
        assert_eq!(fit(&[5.0, 4.0]).unwrap().predict(2), [4.0, 4.0]);
    }

    #[test]
    fn replay_from_an_origin_is_a_fit_up_to_it() {
        let values: Vec<f64> = (0..20).map(|t| f64::from(t * t % 11)).collect();
        let fitted = fit_seasonal(&values, 4).unwrap();
        for (origin, row) in fitted.replay(&values, 4, 6).rows() {
            let then = fit_seasonal(&values[..origin], 4).unwrap().predict(row.len());
            assert_eq!(row, then, "origin {origin}");
        }
    }

    #[test]
    fn too_short_says_how_many_more() {
        let error = fit_seasonal(&[1.0, 2.0], 7).unwrap_err();
        assert_eq!(
            error.to_string(),
            "too little data for the seasonal naive model: 5 more values are needed (2 given, at least 7 expected)"
        );
    }
}
