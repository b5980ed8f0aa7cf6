//! Which model speaks: one by name, the average of two, or the one that did best inside the history.
//!
//! Question answered: which of seasonal naive, exponential smoothing and their average to trust for this series.
//! Input: a history, the checked wishes. Output: the fitted winner with its bands' calibration.
//! Method: parameters are fitted to the first part of the history, every later point of it serves as an origin
//! (rolling-origin cross-validation with parameters held), the smallest mean squared error wins, and the winner is
//! fitted again to all of it. The same errors calibrate the bands, so one pass pays for both.
//!
//! Assumptions: what won lately wins next. How it fails: with too little history for a first part, `auto` means
//! exponential smoothing (or naive below its minimum) and the bands rest on widened in-sample errors.
//! Reference: Tashman, IJF 16 (2000) (rolling origins); Clemen, IJF 5 (1989) (averages).

use super::interval::Calibration;
use super::{CheckedParams, FitError, Fitted, FittedForecast, Model, Replay, Series, ets, naive};

/// Fewest values before the first origin, and fewest origins, for errors to be out of sample.
const MIN_HEAD: usize = 12;
const MIN_ORIGINS: usize = 6;

/// Share of the history before the first origin.
const HEAD_SHARE: f64 = 0.6;

/// The average of two fitted models.
#[derive(Debug)]
struct FittedAverage {
    seasonal: naive::FittedNaive,
    smooth: ets::FittedEts,
}

impl Fitted for FittedAverage {
    fn model(&self) -> Model {
        Model::Average
    }

    fn parameters(&self) -> usize {
        self.smooth.parameters()
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        let mut means = self.smooth.predict(horizon);
        means.iter_mut().zip(self.seasonal.predict(horizon)).for_each(|(a, b)| *a = 0.5 * (*a + b));
        means
    }

    fn replay(&self, values: &[f64], first_origin: usize, horizon: usize) -> Replay {
        let smooth = self.smooth.replay(values, first_origin, horizon);
        smooth.average(&self.seasonal.replay(values, first_origin, horizon))
    }
}

/// Fits what was asked for.
pub(super) fn fit(params: &CheckedParams, series: &Series) -> Result<FittedForecast, FitError> {
    let wishes = params.get().clone();
    let (values, season) = (series.values(), series.season());
    let bands = !wishes.levels.is_empty();
    if bands && values.len() < 2 {
        return Err(FitError::TooShort { have: values.len(), need: 2, what: "bands" });
    }
    let trial = Trial { values, season, horizon: wishes.horizon, non_negative: wishes.non_negative };
    let (fitted, calibration) = trial.run(wishes.model, bands)?;
    Ok(FittedForecast { fitted, calibration, season, params: wishes })
}

/// A fitted model with its calibration, if bands were wished.
type Outcome = (Box<dyn Fitted>, Option<Calibration>);

struct Trial<'a> {
    values: &'a [f64],
    season: usize,
    horizon: usize,
    non_negative: bool,
}

impl Trial<'_> {
    fn run(&self, model: Model, bands: bool) -> Result<Outcome, FitError> {
        match model {
            Model::Naive => Ok(self.with_bands(naive::fit(self.values)?, bands, None)),
            Model::SeasonalNaive => {
                Ok(self.with_bands(naive::fit_seasonal(self.values, self.season)?, bands, None))
            }
            Model::Ets => {
                let smooth = ets::fit(self.values, self.season)?;
                let head = self.smooth_head(&smooth);
                let replay = head.map(|(head, fitted)| self.replay(&fitted, head));
                Ok(self.with_bands(smooth, bands, replay))
            }
            Model::Average => {
                let seasonal = naive::fit_seasonal(self.values, self.season)?;
                let smooth = ets::fit(self.values, self.season)?;
                let head = self.smooth_head(&smooth);
                let replay = head
                    .map(|(head, fitted)| self.replay(&fitted, head).average(&self.replay(&seasonal, head)));
                Ok(self.with_bands(FittedAverage { seasonal, smooth }, bands, replay))
            }
            Model::Auto => self.auto(bands),
        }
    }

    /// Races the candidates; see the head of this file.
    fn auto(&self, bands: bool) -> Result<Outcome, FitError> {
        if self.values.len() < ets::MIN_VALUES {
            return self.run(Model::Naive, bands);
        }
        let smooth = ets::fit(self.values, self.season)?;
        let Some((head, fitted)) = self.smooth_head(&smooth) else {
            return Ok(self.with_bands(smooth, bands, None));
        };
        let seasonal = naive::fit_seasonal(self.values, self.season)?;
        let smooth_replay = self.replay(&fitted, head);
        let seasonal_replay = self.replay(&seasonal, head);
        let average_replay = smooth_replay.clone().average(&seasonal_replay);
        let scores =
            [&smooth_replay, &average_replay, &seasonal_replay].map(|r| r.mean_squared_error(self.values));
        Ok(if scores[0] <= scores[1] && scores[0] <= scores[2] {
            self.with_bands(smooth, bands, Some(smooth_replay))
        } else if scores[1] <= scores[2] {
            self.with_bands(FittedAverage { seasonal, smooth }, bands, Some(average_replay))
        } else {
            self.with_bands(seasonal, bands, Some(seasonal_replay))
        })
    }

    /// Where origins begin, and the same form of smoothing fitted to what is before; `None` with too little history.
    fn smooth_head(&self, smooth: &ets::FittedEts) -> Option<(usize, ets::FittedEts)> {
        let n = self.values.len();
        let least = (2 * self.season + 2).max(MIN_HEAD).max(smooth.parameters() + 4);
        let head = ((n as f64 * HEAD_SHARE) as usize).max(least);
        if head + MIN_ORIGINS > n {
            return None;
        }
        let fitted = ets::fit_form(&self.values[..head], self.season, smooth.form()).ok()?;
        Some((head, fitted))
    }

    fn replay(&self, fitted: &dyn Fitted, first_origin: usize) -> Replay {
        let replay = fitted.replay(self.values, first_origin, self.horizon);
        if self.non_negative { replay.clipped() } else { replay }
    }

    /// Calibrates on the errors given, or on in-sample ones when there are none.
    fn with_bands(&self, fitted: impl Fitted + 'static, bands: bool, honest: Option<Replay>) -> Outcome {
        let fitted: Box<dyn Fitted> = Box::new(fitted);
        if !bands {
            return (fitted, None);
        }
        let n = self.values.len();
        let calibration = match honest {
            Some(replay) => Calibration::learn(&replay, self.values, self.season, 1.0),
            None => {
                // first values teach the states: where there are enough, their errors don't count
                let warm = if n > 3 * self.season { self.season } else { 1 };
                let replay = self.replay(fitted.as_ref(), warm);
                let freedom = (n as f64 - fitted.parameters() as f64).max(2.0);
                Calibration::learn(&replay, self.values, self.season, (n as f64 / freedom).sqrt())
            }
        };
        (fitted, calibration)
    }
}
