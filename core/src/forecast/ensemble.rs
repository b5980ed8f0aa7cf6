//! Which model speaks: one by name, or the average of two, weighted by what they did inside the history.
//!
//! Question answered: how much of seasonal naive and how much of exponential smoothing to trust for this series.
//! Input: a history, the checked wishes. Output: the fitted model with its bands' calibration.
//! Method: parameters are fitted to the first part of the history, every later point of it serves as an origin
//! (rolling-origin cross-validation with parameters held). The weight is the one with the least squared error over
//! all origins and steps, drawn towards a fixed one by what few origins cannot tell: estimated weights alone do worse
//! than fixed ones. Both models are fitted again to all of the history. The same errors calibrate the bands, so one
//! pass pays for both.
//!
//! Assumptions: what served lately serves next. How it fails: an intermittent history, one without a season, or one
//! with too little for a first part gets exponential smoothing alone (naive below its minimum); in the last case the
//! bands rest on widened in-sample errors.
//! References: Bates & Granger, Operational Research Quarterly 20 (1969) (weights from errors); Clemen, IJF 5 (1989)
//! and Smith & Wallis, Oxford Bulletin 71 (2009) (why they are shrunk); Tashman, IJF 16 (2000) (rolling origins).

use super::{CheckedParams, Errors, FitError, Fitted, FittedForecast, Model, Replay, Series, ets, naive};

/// Fewest values before the first origin, and fewest origins, for errors to be out of sample.
const MIN_HEAD: usize = 12;
const MIN_ORIGINS: usize = 6;

/// Share of smoothing in the average that is asked for by name.
const EVEN: f64 = 0.5;

/// Share of smoothing that `auto` believes in before it has seen any origin, and how many independent origins this
/// belief is worth. Both were set on held-out ends of training parts, never on test parts.
const PRIOR_SHARE: f64 = 0.9;
const DOUBT: f64 = 6.0;

/// A share below this is none.
const NEGLIGIBLE: f64 = 0.05;

/// Share of the history before the first origin.
const HEAD_SHARE: f64 = 0.6;

/// A weighted average of two fitted models.
#[derive(Debug)]
struct FittedAverage {
    seasonal: naive::FittedNaive,
    smooth: ets::FittedEts,
    /// Share of `smooth`.
    share: f64,
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
        let seasonal = self.seasonal.predict(horizon);
        means.iter_mut().zip(seasonal).for_each(|(a, b)| *a = self.share * *a + (1.0 - self.share) * b);
        means
    }

    fn replay(&self, values: &[f64], first_origin: usize, horizon: usize) -> Replay {
        let first_origin = first_origin.max(self.seasonal.season());
        let smooth = self.smooth.replay(values, first_origin, horizon);
        smooth.averaged(&self.seasonal.replay(values, first_origin, horizon), self.share)
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
                    let head = FittedAverage { seasonal: seasonal.clone(), smooth: head, share: EVEN };
                    self.replay(&head, origin)
                });
                Ok((Box::new(FittedAverage { seasonal, smooth, share: EVEN }), replay))
            }
            // the models that are still being built are not in `Model::ALL`, so nobody can ask for them
            _ => self.auto(),
        }
    }

    /// Weighs the candidates; see the head of this file.
    fn auto(&self) -> Result<Outcome, FitError> {
        if self.values.len() < ets::MIN_VALUES {
            return self.run(Model::Naive);
        }
        let smooth = ets::fit(self.values, self.season)?;
        let Some((origin, head)) = self.head(&smooth) else { return Ok((Box::new(smooth), None)) };
        // repeating a last season of zeros wins any race by chance; without a season, smoothing with its share at 1
        // is the naive model already
        if ets::is_intermittent(self.values) || self.season == 1 {
            let replay = self.replay(&head, origin);
            return Ok((Box::new(smooth), Some(replay)));
        }
        let seasonal = naive::fit_seasonal(self.values, self.season)?;
        let by_smooth = self.replay(&head, origin);
        let by_seasonal = self.replay(&seasonal, origin);
        let share = self.share(&by_smooth, &by_seasonal);
        Ok(if share >= 1.0 - NEGLIGIBLE {
            (Box::new(smooth), Some(by_smooth))
        } else if share <= NEGLIGIBLE {
            (Box::new(seasonal), Some(by_seasonal))
        } else {
            let replay = by_smooth.averaged(&by_seasonal, share);
            (Box::new(FittedAverage { seasonal, smooth, share }), Some(replay))
        })
    }

    /// The share of smoothing in the average that had the least squared error over all origins, drawn towards
    /// [`PRIOR_SHARE`] by what few independent origins cannot tell.
    fn share(&self, smooth: &Replay, seasonal: &Replay) -> f64 {
        let (mut gained, mut apart) = (0.0, 0.0);
        let (mut origins, mut steps) = (0.0, 0_u32);
        for ((origin, a), (_, b)) in smooth.rows().zip(seasonal.rows()) {
            for ((a, b), y) in a.iter().zip(b).zip(&self.values[origin..]) {
                gained += (a - b) * (y - b);
                apart += (a - b) * (a - b);
            }
            origins += 1.0;
            steps = steps.max(a.len() as u32);
        }
        if apart <= 0.0 {
            return 1.0;
        }
        // origins closer than a horizon speak of the same values
        let independent = origins / f64::from(steps);
        ((independent * (gained / apart) + DOUBT * PRIOR_SHARE) / (independent + DOUBT)).clamp(0.0, 1.0)
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
