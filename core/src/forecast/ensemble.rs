//! Which model speaks: one by name, the average of two, or the one that did best inside the history.
//!
//! Question answered: which of seasonal naive, exponential smoothing and their average to trust for this series.
//! Input: a history, the checked wishes. Output: the fitted winner with its bands' calibration.
//! Method: parameters are fitted to the first part of the history, every later point of it serves as an origin
//! (rolling-origin cross-validation with parameters held). The average speaks unless a single model had a smaller
//! root mean squared error by more than its doubt; the winner is fitted again to all of the history. The same errors calibrate the bands, so one pass pays for both.
//!
//! Assumptions: what won lately wins next. How it fails: with too little history for a first part, `auto` means
//! exponential smoothing (or naive below its minimum) and the bands rest on widened in-sample errors.
//! Reference: Tashman, IJF 16 (2000) (rolling origins); Clemen, IJF 5 (1989) (averages).

use super::{CheckedParams, Errors, FitError, Fitted, FittedForecast, Model, Replay, Series, ets, naive};

/// Fewest values before the first origin, and fewest origins, for errors to be out of sample.
const MIN_HEAD: usize = 12;
const MIN_ORIGINS: usize = 6;

/// Blocks of origins whose spread says how sure a gain is.
const BLOCKS: usize = 5;

/// Standard errors by which a single model must beat the average: set on held-out ends of training parts.
const DOUBT: f64 = 0.5;

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
        let first_origin = first_origin.max(self.seasonal.season());
        let smooth = self.smooth.replay(values, first_origin, horizon);
        smooth.average(&self.seasonal.replay(values, first_origin, horizon))
    }
}

/// Fits what was asked for.
pub(super) fn fit(params: &CheckedParams, series: &Series) -> Result<FittedForecast, FitError> {
    let wishes = params.get().clone();
    let (values, season) = (series.values(), series.season());
    let bands = !wishes.levels.is_empty();
    let trial = Trial { values, season, horizon: wishes.horizon, non_negative: wishes.non_negative };
    let (fitted, replay) = trial.run(wishes.model)?;
    let honest = replay.is_some();
    let errors = bands.then(|| match replay {
        Some(replay) => replay.errors(values, 1.0),
        None => trial.in_sample_errors(fitted.as_ref()),
    });
    if errors.as_ref().is_some_and(|errors| errors.rows().next().is_none()) {
        return Err(FitError::TooShort { have: values.len(), need: values.len() + 1, what: "bands" });
    }
    Ok(FittedForecast { fitted, values: values.to_vec(), season, params: wishes, errors, honest })
}

/// A fitted model with its replay over values that its parameters had not seen, if there were enough.
type Outcome = (Box<dyn Fitted>, Option<Replay>);

struct Trial<'a> {
    values: &'a [f64],
    season: usize,
    horizon: usize,
    non_negative: bool,
}

impl Trial<'_> {
    fn run(&self, model: Model) -> Result<Outcome, FitError> {
        let seasonal = || naive::fit_seasonal(self.values, self.season);
        match model {
            Model::Naive => {
                let fitted = naive::fit(self.values)?;
                let replay = self.replay(&fitted, 1);
                Ok((Box::new(fitted), Some(replay)))
            }
            Model::SeasonalNaive => {
                let fitted = seasonal()?;
                // it has no parameters: every origin is honest
                let replay = (self.values.len() > self.season).then(|| self.replay(&fitted, self.season));
                Ok((Box::new(fitted), replay))
            }
            Model::Ets => {
                let smooth = ets::fit(self.values, self.season)?;
                let replay = self.head(&smooth).map(|(origin, head)| self.replay(&head, origin));
                Ok((Box::new(smooth), replay))
            }
            Model::Average => {
                let (seasonal, smooth) = (seasonal()?, ets::fit(self.values, self.season)?);
                let replay = self.head(&smooth).map(|(origin, head)| {
                    self.replay(&FittedAverage { seasonal: seasonal.clone(), smooth: head }, origin)
                });
                Ok((Box::new(FittedAverage { seasonal, smooth }), replay))
            }
            Model::Auto => self.auto(),
        }
    }

    /// Races the candidates; see the head of this file.
    fn auto(&self) -> Result<Outcome, FitError> {
        if self.values.len() < ets::MIN_VALUES {
            return self.run(Model::Naive);
        }
        let smooth = ets::fit(self.values, self.season)?;
        let Some((origin, head)) = self.head(&smooth) else { return Ok((Box::new(smooth), None)) };
        // repeating a last season of zeros wins any race by chance
        if ets::is_intermittent(self.values) {
            let replay = self.replay(&head, origin);
            return Ok((Box::new(smooth), Some(replay)));
        }
        let seasonal = naive::fit_seasonal(self.values, self.season)?;
        let by_smooth = self.replay(&head, origin);
        let by_seasonal = self.replay(&seasonal, origin);
        let by_average = by_smooth.clone().average(&by_seasonal);
        let [smooth_gain, seasonal_gain] =
            [&by_smooth, &by_seasonal].map(|replay| self.sure_gain(replay, &by_average));
        Ok(if smooth_gain > 0.0 && smooth_gain >= seasonal_gain {
            (Box::new(smooth), Some(by_smooth))
        } else if seasonal_gain > 0.0 {
            (Box::new(seasonal), Some(by_seasonal))
        } else {
            (Box::new(FittedAverage { seasonal, smooth }), Some(by_average))
        })
    }

    /// By how much `challenger`'s error is below `holder`'s, less the doubt about it: what few origins show may be
    /// luck. Origins overlap, so the doubt is the standard error over blocks of them.
    fn sure_gain(&self, challenger: &Replay, holder: &Replay) -> f64 {
        let loss = |row: &[f64], origin: usize| {
            let squares = row.iter().zip(&self.values[origin..]).map(|(mean, y)| (y - mean) * (y - mean));
            (squares.sum::<f64>() / row.len() as f64).sqrt()
        };
        let rows = challenger.rows().zip(holder.rows());
        let gains: Vec<f64> = rows.map(|((o, a), (_, b))| loss(b, o) - loss(a, o)).collect();
        let blocks: Vec<f64> = (0..BLOCKS)
            .map(|block| &gains[block * gains.len() / BLOCKS..(block + 1) * gains.len() / BLOCKS])
            .map(|block| block.iter().sum::<f64>() / block.len().max(1) as f64)
            .collect();
        let mean = blocks.iter().sum::<f64>() / BLOCKS as f64;
        let spread = blocks.iter().map(|b| (b - mean) * (b - mean)).sum::<f64>();
        mean - DOUBT * (spread / (BLOCKS * (BLOCKS - 1)) as f64).sqrt()
    }

    /// Where origins begin, and the same form of smoothing fitted to what is before; `None` with too little history.
    fn head(&self, smooth: &ets::FittedEts) -> Option<(usize, ets::FittedEts)> {
        let n = self.values.len();
        let least = (2 * self.season + 2).max(MIN_HEAD).max(smooth.parameters() + 4);
        let origin = ((n as f64 * HEAD_SHARE) as usize).max(least);
        if origin + MIN_ORIGINS > n {
            return None;
        }
        let fitted = ets::fit_form(&self.values[..origin], self.season, smooth.form()).ok()?;
        Some((origin, fitted))
    }

    fn replay(&self, fitted: &dyn Fitted, first_origin: usize) -> Replay {
        let replay = fitted.replay(self.values, first_origin, self.horizon);
        if self.non_negative { replay.clipped() } else { replay }
    }

    /// Errors that the parameters were chosen to make small, widened by what that choice cost.
    fn in_sample_errors(&self, fitted: &dyn Fitted) -> Errors {
        let n = self.values.len();
        // first values teach the states: where there are enough, their errors don't count
        let warm = if n > 3 * self.season { self.season } else { 1 };
        let freedom = (n as f64 - fitted.parameters() as f64).max(2.0);
        self.replay(fitted, warm).errors(self.values, (n as f64 / freedom).sqrt())
    }
}
