//! Which model speaks: one by name, or several weighted by what they did inside the history.
//!
//! Question answered: how much of each model to trust for this series. Input: a history, the checked wishes, and, where
//! the series stands in a panel, that panel's [`Advice`]. Output: the fitted models with their weights and the bands'
//! calibration.
//! Method: parameters are fitted to the first part of the history, every later point of it serves as an origin
//! (rolling-origin cross-validation with parameters held). A model's weight falls with its mean squared error there, the
//! faster the more origins there are; weights that are estimated more boldly do worse. In a panel the models' errors over
//! all series count most, and what this series says beyond them the less the shorter it is. All models are fitted again
//! to all of the history. The same errors calibrate the bands, so one pass pays for both.
//!
//! Assumptions: what served lately serves next; on an intermittent history errors tell models apart too badly, so it gets
//! TSB and IMAPA in equal parts. How it fails: a history with too little for a first part gets exponential smoothing
//! alone (naive below its minimum), and its bands rest on widened in-sample errors.
//! References: Bates & Granger, Operational Research Quarterly 20 (1969), eq. for uncorrelated errors; Clemen, IJF 5
//! (1989) and Smith & Wallis, Oxford Bulletin 71 (2009) (why correlations are not estimated); Petropoulos & Svetunkov,
//! IJF 36 (2020) (which models); Tashman, IJF 16 (2000) (rolling origins).

use super::panel::{self, Advice};
use super::{
    CheckedParams, Errors, FitError, Fitted, FittedForecast, Model, Regressor, Replay, Series, Weight,
    aggregate, arima, ces, croston, ets, mstl, naive, prophet, theta,
};

/// Fewest values before the first origin, and fewest origins, for errors to be out of sample.
const MIN_HEAD: usize = 12;
const MIN_ORIGINS: usize = 6;

/// What `auto` weighs on a history that sells on most days.
const MEMBERS: [Model; 6] =
    [Model::SeasonalNaive, Model::Ets, Model::Ces, Model::DynamicTheta, Model::Theta, Model::Arima];

/// What `auto` averages, in equal parts, on a history that rarely sells: on held-out ends of training parts (carparts at
/// two horizons, or_daily) better than smoothing in means and in sums' intervals, and than either with others beside it.
const INTERMITTENT: [Model; 2] = [Model::Tsb, Model::Imapa];

/// A weight below this is none.
const NEGLIGIBLE: f64 = 0.05;

/// Weights are errors to a negative power: nearly equal weights where few origins tell models apart, one more for each
/// [`SURE_ORIGINS`] independent ones. All were set on held-out ends of training parts, never on test parts.
const LEAST_POWER: f64 = 0.5;
const SURE_ORIGINS: f64 = 10.0;
const MAX_POWER: f64 = 4.0;

/// The same in a panel: what models did on all series counts with this power, and what they did on this one beyond that
/// grows from nothing, more slowly.
const POOLED_POWER: f64 = 1.5;
const SURE_ORIGINS_BESIDE: f64 = 15.0;

/// Logarithms of error ratios beyond this say no more.
const FAR: f64 = 2.0;

/// Share of the history before the first origin.
const HEAD_SHARE: f64 = 0.6;

/// Several fitted models and their weights, which sum to 1.
#[derive(Debug)]
struct FittedAverage {
    members: Vec<(f64, Box<dyn Fitted>)>,
}

impl Fitted for FittedAverage {
    fn model(&self) -> Model {
        Model::Average
    }

    fn parameters(&self) -> usize {
        self.members.iter().map(|(_, it)| it.parameters()).max().unwrap_or(0)
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        let mut mean = vec![0.0; horizon];
        for (weight, member) in &self.members {
            mean.iter_mut().zip(member.predict(horizon)).for_each(|(sum, it)| *sum += weight * it);
        }
        mean
    }

    fn replay(&self, values: &[f64], first_origin: usize, horizon: usize) -> Replay {
        let replays =
            self.members.iter().map(|(weight, it)| (*weight, it.replay(values, first_origin, horizon)));
        Replay::weighted(replays.collect())
    }

    fn weights(&self) -> Vec<Weight> {
        self.members.iter().map(|(weight, it)| Weight { model: it.model(), weight: *weight }).collect()
    }
}

/// Fits what was asked for.
pub(super) fn fit(
    params: &CheckedParams,
    series: &Series,
    advice: Option<Advice>,
) -> Result<FittedForecast, FitError> {
    let wishes = params.get().clone();
    let (values, season) = (series.values(), series.season());
    let bands = !wishes.levels.is_empty();
    let regressors = series.regressors();
    let pooled = advice.as_ref().map_or(&[][..], |it| &it.choice.own);
    let (horizon, non_negative) = (wishes.horizon, wishes.non_negative);
    let trial = Trial { values, regressors, season, horizon, non_negative, pooled };
    let alone = wishes.model.of_panel();
    if alone && advice.is_none() {
        return Err(FitError::TooShort { have: 1, need: panel::MIN_SERIES, what: "a panel of series" });
    }
    // of a panel's model only the panel speaks
    let (fitted, replay) =
        if alone { (trial.one(Model::Naive)?.0, None) } else { trial.run(wishes.model)? };
    let honest = replay.is_some();
    let errors = bands.then(|| match &replay {
        Some(replay) => replay.errors(values, 1.0),
        None => trial.in_sample_errors(fitted.as_ref()),
    });
    if errors.as_ref().is_some_and(|errors| errors.rows().next().is_none()) {
        return Err(FitError::TooShort { have: values.len(), need: values.len() + 1, what: "bands" });
    }
    let mut fitted = FittedForecast {
        fitted,
        advice: None,
        values: values.to_vec(),
        season,
        params: wishes,
        errors,
        honest,
    };
    if let Some(advice) = advice.filter(|_| alone || params.get().model == Model::Auto) {
        fitted.hear(advice, replay.as_ref());
    }
    Ok(fitted)
}

/// What `auto` would have said of a series by itself from each origin, and by model the logarithm of its squared error
/// to their mean where models were raced; `None` with too little history.
pub(super) fn own_replay(series: &Series, horizon: usize) -> Option<(Replay, Vec<(Model, f64)>)> {
    let (values, season) = (series.values(), series.season());
    let non_negative = values.iter().all(|it| *it >= 0.0);
    let trial = Trial { values, regressors: series.regressors(), season, horizon, non_negative, pooled: &[] };
    let Raced { outcome, logs } = trial.auto().ok()?;
    Some((outcome.1?, logs))
}

/// A fitted model with its replay over values that its parameters had not seen, if there were enough.
type Outcome = (Box<dyn Fitted>, Option<Replay>);

/// What a race gave.
struct Raced {
    outcome: Outcome,
    /// By model, the logarithm of its mean squared error, less the models' mean; empty without a race.
    logs: Vec<(Model, f64)>,
}

impl From<Outcome> for Raced {
    fn from(outcome: Outcome) -> Self {
        Self { outcome, logs: Vec::new() }
    }
}

struct Trial<'a> {
    values: &'a [f64],
    regressors: &'a [Regressor],
    season: usize,
    horizon: usize,
    non_negative: bool,
    /// What the models' logarithms were on average over a panel; empty outside of one.
    pooled: &'a [(Model, f64)],
}

impl Trial<'_> {
    fn run(&self, model: Model) -> Result<Outcome, FitError> {
        match model {
            Model::Auto => Ok(self.auto()?.outcome),
            Model::Average => {
                let members = [Model::SeasonalNaive, Model::Ets].map(|it| self.one(it));
                let [seasonal, smooth] = members;
                Ok(self.average(vec![seasonal?, smooth?], |_, _| 1.0).outcome)
            }
            _ => self.one(model),
        }
    }

    /// One model fitted to all values, and its replay with parameters of the first part.
    fn one(&self, model: Model) -> Result<Outcome, FitError> {
        let fitted = self.fit(model, self.values, None)?;
        let replay = match model {
            // without parameters every origin is honest
            Model::Naive => Some(self.replay(fitted.as_ref(), 1)),
            Model::SeasonalNaive => {
                (self.values.len() > self.season).then(|| self.replay(fitted.as_ref(), self.season))
            }
            _ => self.origin(fitted.as_ref()).and_then(|origin| {
                let head = self.fit(model, &self.values[..origin], Some(fitted.as_ref())).ok()?;
                Some(self.replay(head.as_ref(), origin))
            }),
        };
        Ok((fitted, replay))
    }

    /// Fits to values; `like` is a model of the same name whose form is taken over.
    fn fit(
        &self,
        model: Model,
        values: &[f64],
        like: Option<&dyn Fitted>,
    ) -> Result<Box<dyn Fitted>, FitError> {
        let season = self.season;
        if let Some(alike) = like.and_then(|it| it.refitted(values, season)) {
            return Ok(alike);
        }
        Ok(match model {
            Model::Naive => Box::new(naive::fit(values)?),
            Model::SeasonalNaive => Box::new(naive::fit_seasonal(values, season)?),
            Model::Theta => Box::new(theta::fit(values, season)?),
            Model::DynamicTheta => Box::new(theta::fit_dynamic(values, season)?),
            Model::Arima => Box::new(arima::fit(values, season, self.regressors, self.horizon)?),
            Model::Prophet => Box::new(prophet::fit(values, season, self.regressors, self.horizon)?),
            Model::Mstl => Box::new(mstl::fit(values, season)?),
            Model::Ces => Box::new(ces::fit(values, season)?),
            Model::Croston => Box::new(croston::fit(values)?),
            Model::Sba => Box::new(croston::fit_sba(values)?),
            Model::Tsb => Box::new(croston::fit_tsb(values)?),
            Model::Adida => Box::new(aggregate::fit_adida(values)?),
            Model::Imapa => Box::new(aggregate::fit_imapa(values)?),
            _ => Box::new(ets::fit(values, season)?),
        })
    }

    /// Weighs the candidates; see the head of this file.
    fn auto(&self) -> Result<Raced, FitError> {
        if self.values.len() < ets::MIN_VALUES {
            return Ok(self.one(Model::Naive)?.into());
        }
        // repeating a last season of zeros wins any race by chance
        if ets::is_intermittent(self.values) {
            let members = INTERMITTENT.map(|it| self.one(it));
            return Ok(self.average(members.into_iter().collect::<Result<_, _>>()?, |_, _| 1.0));
        }
        let smooth = self.one(Model::Ets)?;
        if smooth.1.is_none() {
            return Ok(smooth.into());
        }
        let smooth_origins = smooth.1.as_ref().map_or(0, |it| it.rows().count());
        let mut outcomes = vec![smooth];
        for model in MEMBERS {
            // without a season, smoothing with its share at 1 is the naive model already
            let told = model == Model::Ets || (model == Model::SeasonalNaive && self.season == 1);
            if !told
                && let Ok(outcome) = self.one(model)
                && outcome.1.is_some()
            {
                outcomes.push(outcome);
            }
        }
        // origins closer than a horizon speak of the same values
        let origins = smooth_origins as f64 / self.horizon as f64;
        if self.pooled.is_empty() {
            let power = (LEAST_POWER + origins / SURE_ORIGINS).min(MAX_POWER);
            return Ok(self.average(outcomes, |_, log| (-power * log).exp()));
        }
        let power = (origins / SURE_ORIGINS_BESIDE).min(MAX_POWER);
        let pooled = |model| self.pooled.iter().find(|it| it.0 == model).map_or(0.0, |it| it.1);
        Ok(self.average(outcomes, |model, log| {
            let apart = log.clamp(-FAR, FAR) - pooled(model);
            (-POOLED_POWER * pooled(model) - power * apart).exp()
        }))
    }

    /// The average of models by a weight from the logarithms of their mean squared errors, over the origins they share,
    /// less the models' mean.
    fn average(&self, outcomes: Vec<Outcome>, weigh: impl Fn(Model, f64) -> f64) -> Raced {
        let first = outcomes.iter().filter_map(|(_, it)| Some(it.as_ref()?.rows().next()?.0)).max();
        let Some(first) = first.filter(|_| outcomes.iter().all(|(_, it)| it.is_some())) else {
            let weight = 1.0 / outcomes.len() as f64;
            let members = outcomes.into_iter().map(|(fitted, _)| (weight, fitted)).collect();
            return Raced { outcome: (Box::new(FittedAverage { members }), None), logs: Vec::new() };
        };
        let cut = |(fitted, replay): Outcome| Some((fitted, replay?.since(first)));
        let outcomes: Vec<(Box<dyn Fitted>, Replay)> = outcomes.into_iter().filter_map(cut).collect();
        let log = |(_, replay): &(_, Replay)| replay.mean_square(self.values).max(f64::MIN_POSITIVE).ln();
        let logs: Vec<f64> = outcomes.iter().map(log).collect();
        let mean = logs.iter().sum::<f64>() / logs.len() as f64;
        let logs = outcomes.iter().zip(logs).map(|((fitted, _), log)| (fitted.model(), log - mean));
        let logs: Vec<(Model, f64)> = logs.collect();
        let mut members: Vec<(f64, Box<dyn Fitted>, Replay)> = Vec::new();
        for ((fitted, replay), (model, log)) in outcomes.into_iter().zip(&logs) {
            // an exact model gets all there is to get
            members.push((weigh(*model, *log).min(f64::MAX / 1e10), fitted, replay));
        }
        for least in [0.0, NEGLIGIBLE] {
            let total: f64 = members.iter().map(|it| it.0).sum();
            members.iter_mut().for_each(|it| it.0 /= total);
            members.retain(|it| it.0 > least);
        }
        let total: f64 = members.iter().map(|it| it.0).sum();
        members.iter_mut().for_each(|it| it.0 /= total);
        let replay = Replay::weighted(members.iter().map(|it| (it.0, it.2.clone())).collect());
        if members.len() == 1
            && let Some((_, fitted, replay)) = members.pop()
        {
            return Raced { outcome: (fitted, Some(replay)), logs };
        }
        let members = members.into_iter().map(|it| (it.0, it.1)).collect();
        Raced { outcome: (Box::new(FittedAverage { members }), Some(replay)), logs }
    }

    /// Where origins begin; `None` with too little history.
    fn origin(&self, fitted: &dyn Fitted) -> Option<usize> {
        let n = self.values.len();
        let least = (2 * self.season + 2).max(MIN_HEAD).max(fitted.parameters() + 4);
        let origin = ((n as f64 * HEAD_SHARE) as usize).max(least);
        (origin + MIN_ORIGINS <= n).then_some(origin)
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
