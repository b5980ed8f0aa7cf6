//! Backtests: what each model would have said from past origins, beside what came, always beside naive.
//!
//! Question answered: how wrong would a forecast have been on this very history, per series and for their sum. Input:
//! regular histories, the models, K origins. Output: one [`Row`] of metrics per level, series, origin and model.
//! Origins do not overlap: with n values and horizon H they are n − K·H, …, n − 2H, n − H; each model is fitted anew
//! to the values before the origin and sees nothing after it.
//!
//! Levels: each series (`product`), sums over groups of series (`category`, `shop`, `all`), and for daily data the
//! same in sums of 7 and 28 days (`product/week`, `all/month`). MASE and MSIS scale by the seasonal naive's in-sample
//! error, RMSSE by lag 1 (by the season with a single origin, as in competitions); sums of days by lag 1 of the
//! history's own sums. Bands are of one series' steps: sums have no coverage, as ends cannot be added up.
//!
//! Assumption: histories that are summed cover the same times. How it fails: a history that is too short for a model
//! at an origin gives a [`Refused`] that says how much is missing. The clock is the caller's, as core has none.
//! Reference: Tashman, IJF 16 (2000); the metrics' references stand in [`crate::metric`].

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Advice, CheckedParams, FitError, Forecast, ForecastParams, Model, ParamsError, Regressor, Season, Series,
    table,
};
use crate::metric::{Intervals, MetricError, Pairs, mean_abs_difference, mean_squared_difference};

/// What to backtest.
#[derive(Debug, Clone, PartialEq)]
pub struct BacktestParams {
    /// Steps ahead.
    pub horizon: usize,
    /// Origins, at least 1.
    pub origins: usize,
    /// Steps per season.
    pub season: Season,
    /// Models; naive and seasonal naive come along uninvited.
    pub models: Vec<Model>,
    /// Whether forecasts stay at or above zero; `None`: where the history does.
    pub non_negative: Option<bool>,
    /// Whether a step is a day, so that weeks and months can be summed.
    pub daily: bool,
}

/// A history by name.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    /// Series.
    pub id: &'a str,
    /// Regular values.
    pub values: &'a [f64],
    /// Known columns over the same steps or more.
    pub regressors: &'a [Regressor],
}

impl History<'_> {
    /// What was known at an origin; regressors reach further, as they do for a real forecast.
    fn known(&self, origin: usize, season: Season) -> Result<Series, FitError> {
        let series = Series::new(self.values[..origin].to_vec(), season)?;
        Ok(series.with_regressors(self.regressors.to_vec()))
    }
}

/// One model's forecast from one origin.
#[derive(Debug, Clone)]
pub struct Trial<'a> {
    /// Where it is from.
    pub history: History<'a>,
    /// Values known.
    pub origin: usize,
    /// The model that was asked for.
    pub model: Model,
    /// What it said.
    pub forecast: Forecast,
    /// What the horizon's sum stays below with 90 %, for the replay of stock.
    pub stock: Option<f64>,
    /// What fit and forecast took on the caller's clock.
    pub seconds: f64,
}

impl Trial<'_> {
    /// What came and what was said, in sums of so many steps, as far as whole ones go.
    pub(super) fn pairs(&self, steps: usize) -> Vec<(f64, f64)> {
        let actual = &self.history.values[self.origin..self.origin + self.forecast.mean.len()];
        in_sums(actual, steps).into_iter().zip(in_sums(&self.forecast.mean, steps)).collect()
    }
}

/// A trial that could not be held.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    /// Series.
    pub series_id: String,
    /// Values that would have been known.
    pub origin: usize,
    /// The model.
    pub model: Model,
    /// Why.
    pub error: FitError,
}

/// A sum of series that is judged as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// `category`, `shop` or `all`.
    pub level: String,
    /// Its name in `series_id`.
    pub id: String,
    /// Ids of the series in it.
    pub members: Vec<String>,
}

/// One line of the lab's table.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Row {
    /// `product`, `all`, `product/week` …
    pub level: String,
    /// Series or group.
    pub series_id: String,
    /// Values known.
    pub origin: usize,
    /// Model asked for.
    pub model: Model,
    /// Metrics.
    #[serde(flatten)]
    pub scores: Scores,
    /// Fit and forecast; of a group, the sum.
    pub seconds: f64,
}

/// Every metric; `None` where its definition divides by zero or does not apply.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[allow(missing_docs, reason = "defined one by one in crate::metric")]
pub struct Scores {
    pub mape: Option<f64>,
    pub smape: f64,
    pub mae: f64,
    pub rmse: f64,
    pub wape: Option<f64>,
    pub mase: Option<f64>,
    pub rmsse: Option<f64>,
    pub bias: Option<f64>,
    pub coverage80: Option<f64>,
    pub coverage95: Option<f64>,
    pub msis95: Option<f64>,
}

/// Why a backtest could not be held at all.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BacktestError {
    /// No origin.
    #[error("origins is 0: at least 1 was expected")]
    NoOrigins,
    /// No such forecast.
    #[error(transparent)]
    Params(#[from] ParamsError),
    /// A forecast that is not finite: a fault of ours, reported rather than averaged away.
    #[error(transparent)]
    Metric(#[from] MetricError),
}

impl BacktestParams {
    fn models(&self) -> Vec<Model> {
        let mut models = self.models.clone();
        models.extend([Model::SeasonalNaive, Model::Naive]);
        let mut seen = Vec::new();
        models.retain(|model| {
            !seen.contains(model) && {
                seen.push(*model);
                true
            }
        });
        models
    }

    fn checked(&self, model: Model, values: &[f64]) -> Result<CheckedParams, ParamsError> {
        let non_negative = self.non_negative.unwrap_or_else(|| values.iter().all(|v| *v >= 0.0));
        ForecastParams { model, horizon: self.horizon, levels: vec![80.0, 95.0], non_negative }.check()
    }
}

/// What the panel says of one history from each origin, origins rising, by the model that speaks.
pub type Told = BTreeMap<Model, Vec<Option<Advice>>>;

/// What the panel of all histories says of each; nothing after an origin is seen. Nothing where no model hears one.
pub fn advise(histories: &[History<'_>], params: &BacktestParams) -> Vec<Told> {
    let mut advice: Vec<Told> = histories.iter().map(|_| Told::new()).collect();
    let speakers: BTreeSet<Model> = params.models.iter().filter_map(|it| it.speaker()).collect();
    for back in (1..=params.origins).rev() {
        let known = histories.iter().map(|it| {
            let origin = it.values.len().checked_sub(back * params.horizon)?;
            it.known(origin, params.season).ok()
        });
        let known: Vec<Option<Series>> = known.collect();
        for speaker in &speakers {
            let mut told = table::advise(known.iter().flatten(), *speaker, params.horizon).into_iter();
            for (advice, known) in advice.iter_mut().zip(&known) {
                let told = known.as_ref().and_then(|_| told.next().flatten());
                advice.entry(*speaker).or_default().push(told);
            }
        }
    }
    advice
}

/// Every model from every origin of one history, with what [`advise`] gave for it. `clock` gives seconds on any steady
/// clock; they do not hold the panel's.
pub fn trials<'a>(
    history: History<'a>,
    params: &BacktestParams,
    told: &Told,
    clock: &mut dyn FnMut() -> f64,
) -> Result<(Vec<Trial<'a>>, Vec<Refused>), BacktestError> {
    if params.origins == 0 {
        return Err(BacktestError::NoOrigins);
    }
    let (mut held, mut refused) = (Vec::new(), Vec::new());
    let n = history.values.len();
    for back in (1..=params.origins).rev() {
        let reach = back * params.horizon;
        for model in params.models() {
            let mut refuse = |origin, error| {
                refused.push(Refused { series_id: history.id.to_owned(), origin, model, error });
            };
            let Some(origin) = n.checked_sub(reach).filter(|origin| *origin > 0) else {
                refuse(0, FitError::TooShort { have: n, need: reach + 1, what: "the first origin" });
                continue;
            };
            let checked = params.checked(model, &history.values[..origin])?;
            let heard = model.speaker().and_then(|it| told.get(&it)?.get(params.origins - back)?.clone());
            let start = clock();
            let known = history.known(origin, params.season);
            let forecast = known.and_then(|it| checked.fit_advised(&it, heard));
            match forecast.map(|fitted| (fitted.predict(), fitted.predict_sums())) {
                Ok((forecast, sums)) => {
                    let stock = sums.bands.first().and_then(|band| band.hi.last()).copied();
                    held.push(Trial { history, origin, model, forecast, stock, seconds: clock() - start });
                }
                Err(error) => refuse(origin, error),
            }
        }
    }
    Ok((held, refused))
}

/// The rows of trials: one per series, origin and model, then one per group; weeks and months when daily.
pub fn rows(
    trials: &[Trial<'_>],
    groups: &[Group],
    params: &BacktestParams,
) -> Result<Vec<Row>, BacktestError> {
    let mut rows = Vec::new();
    for trial in trials {
        let known = &trial.history.values[..trial.origin];
        let actual = &trial.history.values[trial.origin..trial.origin + params.horizon];
        let season = trial.forecast.season;
        let lag = if params.origins == 1 { season } else { 1 };
        let mut scores = scores(actual, &trial.forecast.mean, known, season, lag)?;
        for band in &trial.forecast.bands {
            let ends = Intervals::new(actual, &band.lo, &band.hi)?;
            if band.level == 80.0 {
                scores.coverage80 = Some(ends.coverage());
            } else {
                scores.coverage95 = Some(ends.coverage());
                scores.msis95 = mean_abs_difference(known, season).and_then(|scale| ends.msis(0.05, scale));
            }
        }
        let sum = Sum {
            level: "product",
            id: trial.history.id,
            origin: trial.origin,
            model: trial.model,
            known: known.to_vec(),
            actual: actual.to_vec(),
            mean: trial.forecast.mean.clone(),
            seconds: trial.seconds,
        };
        rows.push(sum.row(sum.level.to_owned(), scores));
        rows.extend(sum.spans(params)?);
    }
    for group in groups {
        for sum in sums(trials, group, params) {
            let season = trials.first().map_or(1, |trial| trial.forecast.season);
            let scores = scores(&sum.actual, &sum.mean, &sum.known, season, 1)?;
            rows.push(sum.row(sum.level.to_owned(), scores));
            rows.extend(sum.spans(params)?);
        }
    }
    Ok(rows)
}

/// Actual and forecast of one series or of a sum.
struct Sum<'a> {
    level: &'a str,
    id: &'a str,
    origin: usize,
    model: Model,
    known: Vec<f64>,
    actual: Vec<f64>,
    mean: Vec<f64>,
    seconds: f64,
}

impl Sum<'_> {
    fn row(&self, level: String, scores: Scores) -> Row {
        let (origin, model, seconds) = (self.origin, self.model, self.seconds);
        Row { level, series_id: self.id.to_owned(), origin, model, scores, seconds }
    }

    /// Rows for sums of 7 and 28 days, as far as the horizon holds whole ones.
    fn spans(&self, params: &BacktestParams) -> Result<Vec<Row>, BacktestError> {
        let mut rows = Vec::new();
        for (name, days) in [("week", 7), ("month", 28)] {
            if params.daily && params.horizon >= days {
                // the history in sums that end at the origin
                let (_, known) = self.known.split_at(self.known.len() % days);
                let [known, actual, mean] = [known, &self.actual, &self.mean].map(|v| in_sums(v, days));
                rows.push(self.row(format!("{}/{name}", self.level), scores(&actual, &mean, &known, 1, 1)?));
            }
        }
        Ok(rows)
    }
}

fn in_sums(values: &[f64], days: usize) -> Vec<f64> {
    values.chunks_exact(days).map(|chunk| chunk.iter().sum()).collect()
}

/// Sums over a group's members by model and origin, where every member of it has a trial and the same length.
fn sums<'a>(trials: &[Trial<'a>], group: &'a Group, params: &BacktestParams) -> Vec<Sum<'a>> {
    let mut sums: Vec<(Sum<'a>, usize)> = Vec::new();
    let members: BTreeSet<&str> = group.members.iter().map(String::as_str).collect();
    for trial in trials.iter().filter(|trial| members.contains(trial.history.id)) {
        let (known, rest) = trial.history.values.split_at(trial.origin);
        let actual = &rest[..params.horizon];
        let same = |sum: &Sum<'_>| sum.model == trial.model && sum.origin == trial.origin;
        match sums.iter_mut().find(|(sum, _)| same(sum)) {
            Some((sum, count)) => {
                let pairs = [
                    (&mut sum.known, known),
                    (&mut sum.actual, actual),
                    (&mut sum.mean, &trial.forecast.mean),
                ];
                for (to, from) in pairs {
                    to.iter_mut().zip(from).for_each(|(a, b)| *a += b);
                }
                sum.seconds += trial.seconds;
                *count += 1;
            }
            None => {
                let first = Sum {
                    level: &group.level,
                    id: &group.id,
                    origin: trial.origin,
                    model: trial.model,
                    known: known.to_vec(),
                    actual: actual.to_vec(),
                    mean: trial.forecast.mean.clone(),
                    seconds: trial.seconds,
                };
                sums.push((first, 1));
            }
        }
    }
    sums.into_iter().filter(|(_, count)| *count == members.len()).map(|(sum, _)| sum).collect()
}

fn scores(
    actual: &[f64],
    mean: &[f64],
    known: &[f64],
    season: usize,
    rmsse_lag: usize,
) -> Result<Scores, MetricError> {
    let pairs = Pairs::new(actual, mean)?;
    Ok(Scores {
        mape: pairs.mape(),
        smape: pairs.smape(),
        mae: pairs.mae(),
        rmse: pairs.rmse(),
        wape: pairs.wape(),
        mase: mean_abs_difference(known, season).and_then(|scale| pairs.mase(scale)),
        rmsse: mean_squared_difference(known, rmsse_lag).and_then(|scale| pairs.rmsse(scale)),
        bias: pairs.bias(),
        coverage80: None,
        coverage95: None,
        msis95: None,
    })
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn params(models: Vec<Model>) -> BacktestParams {
        let season = Season::Every(7);
        BacktestParams { horizon: 7, origins: 2, season, models, non_negative: None, daily: true }
    }

    fn alone<'a>(id: &'a str, values: &'a [f64]) -> History<'a> {
        History { id, values, regressors: &[] }
    }

    fn weekly(n: usize) -> Vec<f64> {
        (0..n).map(|t| [5.0, 6.0, 7.0, 8.0, 9.0, 20.0, 0.0][t % 7]).collect()
    }

    #[test]
    fn seasonal_naive_is_perfect_on_a_pure_week_and_naive_is_not() {
        let values = weekly(56);
        let mut ticks = 0.0;
        let mut clock = || {
            ticks += 1.0;
            ticks
        };
        let params = params(vec![]);
        let (held, refused) = trials(alone("A", &values), &params, &Told::new(), &mut clock).unwrap();
        assert!(refused.is_empty());
        let rows = rows(&held, &[], &params).unwrap();
        // two models, two origins, day and week
        assert_eq!(rows.len(), 8);
        for row in &rows {
            assert_eq!(row.scores.mae == 0.0, row.model == Model::SeasonalNaive, "{row:?}");
            assert_eq!(row.seconds, 1.0);
        }
        assert_eq!((rows[0].origin, rows[7].origin), (42, 49));
    }

    #[test]
    fn no_model_sees_past_its_origin() {
        let values = weekly(56);
        let mut other = values.clone();
        other[49..].iter_mut().for_each(|v| *v += 1000.0);
        let params = params(vec![Model::Auto]);
        let (before, _) = trials(alone("A", &values), &params, &Told::new(), &mut || 0.0).unwrap();
        let (after, _) = trials(alone("A", &other), &params, &Told::new(), &mut || 0.0).unwrap();
        for (a, b) in before.iter().zip(&after) {
            assert_eq!(a.forecast, b.forecast);
        }
    }

    #[test]
    fn a_group_is_the_sum_of_its_members() {
        let (a, b) = (weekly(42), weekly(42).iter().map(|v| 100.0 - v).collect::<Vec<_>>());
        let params = params(vec![]);
        let mut held = trials(alone("A", &a), &params, &Told::new(), &mut || 0.0).unwrap().0;
        held.extend(trials(alone("B", &b), &params, &Told::new(), &mut || 0.0).unwrap().0);
        let members = vec!["A".to_owned(), "B".to_owned()];
        let all = Group { level: "all".into(), id: "all".into(), members };
        let rows = rows(&held, &[all], &params).unwrap();
        let naive = rows.iter().filter(|row| row.level == "all" && row.model == Model::Naive);
        // the sum is 100 on every day: the members' errors cancel out
        assert_eq!(naive.map(|row| row.scores.mae).collect::<Vec<_>>(), [0.0, 0.0]);
    }

    #[test]
    fn too_short_a_history_is_refused_with_what_is_missing() {
        let values = weekly(10);
        let (held, refused) =
            trials(alone("A", &values), &params(vec![]), &Told::new(), &mut || 0.0).unwrap();
        assert_eq!(held.len() + refused.len(), 4);
        assert!(refused.iter().any(|r| matches!(r.error, FitError::TooShort { have: 10, need: 15, .. })));
    }
}
