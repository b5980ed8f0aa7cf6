//! The seed's `ForecastingMetrics` of a backtest: how wrong, at day, week and month, and what that is worth in stock.
//!
//! Question answered: how good is a model over a whole panel, in one sheet. Input: [`Trial`]s of one backtest. Output:
//! errors pooled over trials, accuracy (1 − WAPE) by the level it was summed to, and three shares from a replay. Units:
//! shares are 0–1 (below 0 where it got worse), `rmse` and `mae` in the data's.
//!
//! The replay stocks each series for one horizon from each origin and then lets come what came. A shop by habit takes the
//! average of the last [`HABIT_STEPS`] steps for the horizon and [`HABIT_SPARE`] of it more; we take the model's 90 % quantile
//! of the horizon's sum (upper end of the 80 % band). What is left over costs holding, what lacks is a stockout and
//! revenue lost; nothing is carried over or ordered in between.
//!
//! Assumptions: demand is what was sold; a piece is worth the same in all series. How it fails: `None` where nothing
//! was sold, left or lacking to compare with.

use super::Model;
use super::backtest::{BacktestParams, Trial};
use serde::{Deserialize, Serialize};

/// Steps that the habit looks back.
pub const HABIT_STEPS: usize = 28;

/// What the habit adds, as a share: a week in hand on four.
pub const HABIT_SPARE: f64 = 0.25;

/// How wrong.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Accuracy {
    /// Mean |e| ÷ |y| over steps with y ≠ 0.
    pub mape: Option<f64>,
    /// Root of the mean square.
    pub rmse: f64,
    /// Mean |e|.
    pub mae: f64,
    /// Mean 2·|e| ÷ (|y| + |f|).
    pub smape: f64,
}

/// Against the shop by habit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BusinessImpact {
    /// Part of the left-over stock that is saved.
    pub inventory_optimization: Option<f64>,
    /// Part of the stockouts that is avoided.
    pub stockout_reduction: Option<f64>,
    /// More sold, as a share.
    pub revenue_uplift: Option<f64>,
}

/// 1 − WAPE by what is summed before it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TemporalAccuracy {
    /// Single days of single series.
    pub daily: Option<f64>,
    /// Sums of 7 days of single series.
    pub weekly: Option<f64>,
    /// Sums of 28 days of single series.
    pub monthly: Option<f64>,
}

/// The sheet.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ForecastingMetrics {
    /// How wrong.
    pub accuracy: Accuracy,
    /// What it is worth.
    pub business_impact: BusinessImpact,
    /// By level of time; steps that are not days have none.
    pub temporal_accuracy: TemporalAccuracy,
}

impl ForecastingMetrics {
    /// Of one model's trials; `None` without any.
    pub fn of(trials: &[Trial<'_>], params: &BacktestParams, model: Model) -> Option<Self> {
        let trials: Vec<&Trial<'_>> = trials.iter().filter(|trial| trial.model == model).collect();
        let mut pairs = Vec::new();
        trials.iter().for_each(|trial| pairs.extend(trial.pairs(1)));
        if pairs.is_empty() {
            return None;
        }
        let at = |days: usize| {
            let sums: Vec<(f64, f64)> = trials.iter().flat_map(|trial| trial.pairs(days)).collect();
            if params.daily { accuracy(&sums) } else { None }
        };
        let temporal_accuracy = TemporalAccuracy { daily: at(1), weekly: at(7), monthly: at(28) };
        Some(Self { accuracy: Accuracy::of(&pairs), business_impact: impact(&trials), temporal_accuracy })
    }
}

impl Accuracy {
    fn of(pairs: &[(f64, f64)]) -> Self {
        let n = pairs.len() as f64;
        let mean = |of: fn(f64, f64) -> f64| pairs.iter().map(|(y, f)| of(*y, *f)).sum::<f64>() / n;
        let sold = pairs.iter().filter(|(y, _)| *y != 0.0).count();
        let relative = |(y, f): &(f64, f64)| if *y == 0.0 { 0.0 } else { (y - f).abs() / y.abs() };
        Self {
            mape: (sold > 0).then(|| pairs.iter().map(relative).sum::<f64>() / sold as f64),
            rmse: mean(|y, f| (y - f) * (y - f)).sqrt(),
            mae: mean(|y, f| (y - f).abs()),
            smape: mean(|y, f| if y == f { 0.0 } else { 2.0 * (y - f).abs() / (y.abs() + f.abs()) }),
        }
    }
}

fn accuracy(pairs: &[(f64, f64)]) -> Option<f64> {
    let sold: f64 = pairs.iter().map(|(y, _)| y.abs()).sum();
    (sold > 0.0).then(|| 1.0 - pairs.iter().map(|(y, f)| (y - f).abs()).sum::<f64>() / sold)
}

/// What a stock led to.
#[derive(Debug, Clone, Copy, Default)]
struct Outcome {
    left: f64,
    stockouts: f64,
    sold: f64,
}

impl Outcome {
    fn add(&mut self, stock: f64, demand: f64) {
        self.left += (stock - demand).max(0.0);
        self.stockouts += f64::from(u8::from(demand > stock));
        self.sold += demand.min(stock);
    }
}

fn impact(trials: &[&Trial<'_>]) -> BusinessImpact {
    let (mut habit, mut ours) = (Outcome::default(), Outcome::default());
    for trial in trials {
        let Some(stock) = trial.stock else { continue };
        let (known, rest) = trial.history.values.split_at(trial.origin);
        let steps = trial.forecast.mean.len();
        let recent = &known[known.len().saturating_sub(HABIT_STEPS)..];
        let average = recent.iter().sum::<f64>() / recent.len() as f64;
        let demand = rest[..steps].iter().sum::<f64>().max(0.0);
        habit.add((average * steps as f64 * (1.0 + HABIT_SPARE)).max(0.0), demand);
        ours.add(stock, demand);
    }
    let less = |ours: f64, habit: f64| (habit > 0.0).then(|| 1.0 - ours / habit);
    BusinessImpact {
        inventory_optimization: less(ours.left, habit.left),
        stockout_reduction: less(ours.stockouts, habit.stockouts),
        revenue_uplift: less(ours.sold, habit.sold).map(|less| -less),
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::super::{Forecast, Season, backtest::History};
    use super::*;

    fn trial<'a>(values: &'a [f64], mean: [f64; 2], stock: f64) -> Trial<'a> {
        let forecast =
            Forecast { mean: mean.to_vec(), bands: Vec::new(), model: Model::Ets, season: 1, version: 0 };
        let history = History { id: "A", values, regressors: &[] };
        let origin = values.len() - 2;
        Trial { history, origin, model: Model::Ets, forecast, stock: Some(stock), seconds: 0.0 }
    }

    fn params(daily: bool) -> BacktestParams {
        let (season, models) = (Season::Every(1), vec![Model::Ets]);
        BacktestParams { horizon: 2, origins: 1, season, models, non_negative: None, daily }
    }

    #[test]
    fn the_sheet_is_what_a_hand_makes_of_two_trials() {
        // habit: average 4 × 2 steps × 1.25 = 10; average 2: 5
        let (a, b) = ([4.0, 4.0, 6.0, 6.0], [2.0, 2.0, 0.0, 2.0]);
        let trials = [trial(&a, [5.0, 7.0], 13.0), trial(&b, [1.0, 1.0], 3.0)];
        let sheet = ForecastingMetrics::of(&trials, &params(true), Model::Ets).unwrap();
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        close(sheet.accuracy.mae, 1.0);
        close(sheet.accuracy.rmse, 1.0);
        close(sheet.accuracy.mape.unwrap(), (1.0 / 6.0 + 1.0 / 6.0 + 0.5) / 3.0);
        close(sheet.accuracy.smape, (2.0 / 11.0 + 2.0 / 13.0 + 2.0 + 2.0 / 3.0) / 4.0);
        close(sheet.temporal_accuracy.daily.unwrap(), 1.0 - 4.0 / 14.0);
        assert_eq!(sheet.temporal_accuracy.weekly, None, "no seven days in two");
        // habit: 10 for 12 (2 lacking, 10 sold), 5 for 2 (3 left); ours: 13 for 12 (1 left), 3 for 2 (1 left)
        let impact = sheet.business_impact;
        close(impact.inventory_optimization.unwrap(), 1.0 - 2.0 / 3.0);
        close(impact.stockout_reduction.unwrap(), 1.0);
        close(impact.revenue_uplift.unwrap(), 14.0 / 12.0 - 1.0);
    }

    #[test]
    fn without_trials_or_days_nothing_is_claimed() {
        assert_eq!(ForecastingMetrics::of(&[], &params(true), Model::Ets), None);
        let a = [0.0; 4];
        let sheet =
            ForecastingMetrics::of(&[trial(&a, [0.0, 0.0], 0.0)], &params(false), Model::Ets).unwrap();
        assert_eq!(sheet.temporal_accuracy.daily, None);
        assert_eq!(sheet.accuracy.mape, None);
        assert_eq!(sheet.business_impact.stockout_reduction, None);
    }
}
