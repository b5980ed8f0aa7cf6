//! Seasonal ARIMA with regressors, its orders chosen by AICc.
//!
//! Question answered: what follows from a history whose changes depend on its last changes, those a season ago, and
//! known columns beside it. Input: a regular history in any unit, the steps per season, regressors in any units.
//! Output: means in the history's unit. Model: y = xβ + η with η a seasonal ARIMA(p, d, q)(P, D, Q)m; differences by
//! tests, the rest by a stepwise walk on the exact likelihood; with at most one difference in all a constant (mean
//! or drift) may be chosen.
//!
//! Assumptions: linear, normal noise, one season. A season longer than half the history is not used. Regressors
//! that do not vary inside the history, or say what others say, are dropped. How it fails: fewer than
//! [`MIN_VALUES`] values; a regressor without its future.
//!
//! References: Hyndman & Khandakar, J. Statistical Software 27 (2008) (choice of orders); Box, Jenkins & Reinsel,
//! "Time series analysis", 3rd ed. (1994), ch. 9 (seasonal models); Pankratz, "Forecasting with dynamic regression
//! models" (1991), ch. 4 (regression with ARIMA errors).

mod differencing;
mod likelihood;
mod search;
#[cfg(test)]
mod tests;

use super::{FitError, Fitted, Model, Regressor, Replay, check_regressors};
use likelihood::{Factors, Filter};
use search::{Candidate, Search};

/// Fewest values that a level and its differences can be judged from.
pub const MIN_VALUES: usize = 4;

/// A column that others explain up to this share of its length says nothing of its own.
const COLLINEAR: f64 = 1e-6;

/// What was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Orders {
    /// Regular autoregression, differences, moving average: p, d, q.
    pub regular: [usize; 3],
    /// Seasonal ones: P, D, Q.
    pub seasonal: [usize; 3],
    /// Steps per season, 1 for none.
    pub season: usize,
    /// Whether the differenced history has a mean of its own.
    pub constant: bool,
}

/// A fitted model.
#[derive(Debug, Clone)]
pub struct FittedArima {
    orders: Orders,
    factors: Factors,
    /// Mean of the differenced history.
    constant: f64,
    /// Columns that were kept, with their slopes.
    regressors: Vec<(Regressor, f64)>,
    /// (1 − B)ᵈ(1 − Bᵐ)ᴰ without its leading 1.
    differences: Vec<(usize, f64)>,
    values: Vec<f64>,
    variance: f64,
    log_likelihood: f64,
    aicc: f64,
}

impl FittedArima {
    /// What was chosen.
    pub fn orders(&self) -> Orders {
        self.orders
    }

    /// φ, θ, Φ and Θ; the moving averages with a plus: 1 + θB + …
    pub fn coefficients(&self) -> [&[f64]; 4] {
        [0, 1, 2, 3].map(|at| self.factors.factor(at))
    }

    /// Mean of the differenced history, 0 when none was estimated.
    pub fn constant(&self) -> f64 {
        self.constant
    }

    /// Regressors that were kept, with what one unit of each adds.
    pub fn slopes(&self) -> impl Iterator<Item = (&str, f64)> {
        self.regressors.iter().map(|(column, slope)| (column.name.as_str(), *slope))
    }

    /// Variance of the noise.
    pub fn variance(&self) -> f64 {
        self.variance
    }

    /// Of the differenced history.
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// Corrected Akaike criterion; comparable only between equal differences.
    pub fn aicc(&self) -> f64 {
        self.aicc
    }

    /// What the regressors add at time `t`. Beyond their end the last value stands in, which only a replay over
    /// more values than were promised can meet.
    fn known_part(&self, t: usize) -> f64 {
        let at = |column: &Regressor| column.values[t.min(column.values.len() - 1)];
        self.regressors.iter().map(|(column, slope)| slope * at(column)).sum()
    }

    /// Steps that differences take from the front.
    fn lost(&self) -> usize {
        self.orders.regular[1] + self.orders.seasonal[1] * self.orders.season
    }

    fn walk_through(&self, values: &[f64], horizon: usize) -> Walk<'_> {
        let mut rest: Vec<f64> =
            values.iter().enumerate().map(|(t, value)| value - self.known_part(t)).collect();
        let before = |t: usize| self.differences.iter().map(|(lag, c)| c * rest[t - lag]).sum::<f64>();
        let changes = (self.lost()..rest.len()).map(|t| rest[t] + before(t) - self.constant).collect();
        rest.resize(values.len() + horizon, 0.0);
        let mut filter = Filter::default();
        filter.start(&self.factors);
        Walk {
            model: self,
            changes,
            ahead: rest.clone(),
            rest,
            filter,
            known: self.lost(),
            scratch: Vec::new(),
        }
    }
}

/// A fitted model on its way through a history, from origin to origin.
struct Walk<'a> {
    model: &'a FittedArima,
    /// What regressors leave.
    rest: Vec<f64>,
    /// The same, with forecasts from the last origin on.
    ahead: Vec<f64>,
    /// Differences of `rest`, without their mean.
    changes: Vec<f64>,
    filter: Filter,
    known: usize,
    scratch: Vec<f64>,
}

impl Walk<'_> {
    /// Means of what follows the first `origin` values; origins must not fall.
    fn means(&mut self, origin: usize, row: &mut [f64]) {
        let (model, lost) = (self.model, self.model.lost());
        if origin < lost {
            // nothing to difference yet: the last value, or nothing at all
            let last = if origin > 0 { self.rest[origin - 1] } else { 0.0 };
            (0..).zip(row).for_each(|(h, mean)| *mean = last + model.known_part(origin + h));
            return;
        }
        while self.known < origin {
            self.filter.step(self.changes[self.known - lost]);
            self.known += 1;
        }
        self.filter.project(&mut self.scratch, row);
        self.ahead[origin - lost..origin].copy_from_slice(&self.rest[origin - lost..origin]);
        for (t, mean) in (origin..).zip(row) {
            let before: f64 = model.differences.iter().map(|(lag, c)| c * self.ahead[t - lag]).sum();
            self.ahead[t] = *mean + model.constant - before;
            *mean = self.ahead[t] + model.known_part(t);
        }
    }
}

/// Chooses the orders and estimates the model. `season` 1 means none.
pub fn fit(
    values: &[f64],
    season: usize,
    regressors: &[Regressor],
    horizon: usize,
) -> Result<FittedArima, FitError> {
    check(values, regressors, horizon)?;
    let season = if season > 1 && values.len() > 2 * season { season } else { 1 };
    let kept = independent(regressors, values.len(), 0, 0, season);
    let plain = without_columns(values, &kept);
    let seasonal = differencing::of_season(&plain, season);
    let after = if seasonal == 1 { differencing::difference(&plain, season) } else { plain };
    let d = differencing::of_level(&after);
    let (mut search, kept) = prepare(values, season, d, seasonal, kept);
    let best = search.walk();
    Ok(finish(values, best, &mut search, kept, [d, seasonal]))
}

/// Estimates a model whose orders were chosen before.
pub fn fit_orders(
    values: &[f64],
    orders: Orders,
    regressors: &[Regressor],
    horizon: usize,
) -> Result<FittedArima, FitError> {
    check(values, regressors, horizon)?;
    let [p, d, q] = orders.regular;
    let [seasonal_p, seasonal_d, seasonal_q] = orders.seasonal;
    let season = orders.season.max(1);
    let kept = independent(regressors, values.len(), d, seasonal_d, season);
    let need = d + seasonal_d * season + p + q + seasonal_p + seasonal_q + kept.len() + 3;
    if values.len() < need {
        return Err(FitError::TooShort { have: values.len(), need, what: "these ARIMA orders" });
    }
    let (mut search, kept) = prepare(values, season, d, seasonal_d, kept);
    let found = search.estimate([p, q, seasonal_p, seasonal_q], orders.constant);
    let found =
        found.ok_or(FitError::TooShort { have: values.len(), need: need + 1, what: "these ARIMA orders" })?;
    Ok(finish(values, found, &mut search, kept, [d, seasonal_d]))
}

fn check(values: &[f64], regressors: &[Regressor], horizon: usize) -> Result<(), FitError> {
    if values.len() < MIN_VALUES {
        return Err(FitError::TooShort { have: values.len(), need: MIN_VALUES, what: "ARIMA" });
    }
    check_regressors(regressors, values.len(), horizon)
}

fn differenced(values: &[f64], d: usize, seasonal: usize, season: usize) -> Vec<f64> {
    let mut now = values.to_vec();
    for lag in std::iter::repeat_n(1, d).chain(std::iter::repeat_n(season, seasonal)) {
        now = differencing::difference(&now, lag);
    }
    now
}

/// Regressors that say something of their own after these differences, beside a constant.
fn independent(
    regressors: &[Regressor],
    length: usize,
    d: usize,
    seasonal: usize,
    season: usize,
) -> Vec<Regressor> {
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let mut kept = Vec::new();
    for regressor in regressors {
        let mut column = differenced(&regressor.values[..length], d, seasonal, season);
        // no more columns than a third of the values could tell apart
        if column.is_empty() || 3 * (kept.len() + 1) > column.len() {
            break;
        }
        let size = regressor.values[..length].iter().fold(0.0_f64, |a, v| a.max(v.abs()));
        let mean = column.iter().sum::<f64>() / column.len() as f64;
        column.iter_mut().for_each(|v| *v -= mean);
        let before = norm(&column);
        for other in &basis {
            let along: f64 = column.iter().zip(other).map(|(a, b)| a * b).sum();
            column.iter_mut().zip(other).for_each(|(v, b)| *v -= along * b);
        }
        let left = norm(&column);
        if left <= COLLINEAR * before || left <= COLLINEAR * size {
            continue;
        }
        column.iter_mut().for_each(|v| *v /= left);
        basis.push(column);
        kept.push(regressor.clone());
    }
    kept
}

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|v| v * v).sum::<f64>().sqrt()
}

/// The history without what a plain regression on the columns explains: differences are judged on this.
fn without_columns(values: &[f64], columns: &[Regressor]) -> Vec<f64> {
    let mut left = values.to_vec();
    let mut basis: Vec<Vec<f64>> = vec![vec![1.0 / (values.len() as f64).sqrt(); values.len()]];
    let project_out = |from: &mut [f64], direction: &[f64]| {
        let along: f64 = from.iter().zip(direction).map(|(a, b)| a * b).sum();
        from.iter_mut().zip(direction).for_each(|(v, b)| *v -= along * b);
    };
    for column in columns {
        let mut own = column.values[..values.len()].to_vec();
        basis.iter().for_each(|other| project_out(&mut own, other));
        let length = norm(&own);
        own.iter_mut().for_each(|v| *v /= length);
        project_out(&mut left, &own);
        basis.push(own);
    }
    left
}

fn prepare(
    values: &[f64],
    season: usize,
    d: usize,
    seasonal: usize,
    columns: Vec<Regressor>,
) -> (Search, Vec<Regressor>) {
    let kept = independent(&columns, values.len(), d, seasonal, season);
    let of_columns =
        kept.iter().map(|column| differenced(&column.values[..values.len()], d, seasonal, season)).collect();
    let of_values = differenced(values, d, seasonal, season);
    (Search::new(of_values, of_columns, season, d + seasonal <= 1), kept)
}

fn finish(
    values: &[f64],
    found: Candidate,
    search: &mut Search,
    kept: Vec<Regressor>,
    [d, seasonal]: [usize; 2],
) -> FittedArima {
    let [p, q, seasonal_p, seasonal_q] = found.shape.orders;
    let season = found.shape.season;
    let n = (values.len() - d - seasonal * season) as f64;
    let linear = &found.point[found.shape.parameters()..];
    let (constant, slopes) =
        if found.constant { (linear[0] * search.unit, &linear[1..]) } else { (0.0, linear) };
    let slopes = slopes.iter().zip(&search.column_units).map(|(slope, unit)| slope * search.unit / unit);
    let in_units = 2.0 * n * search.unit.ln();
    let normal = n * (1.0 + std::f64::consts::TAU.ln());
    FittedArima {
        orders: Orders {
            regular: [p, d, q],
            seasonal: [seasonal_p, seasonal, seasonal_q],
            season,
            constant: found.constant,
        },
        factors: found.factors(),
        constant,
        regressors: kept.into_iter().zip(slopes).collect(),
        differences: differencing::polynomial(d, seasonal, season),
        values: values.to_vec(),
        variance: search.variance(&found),
        log_likelihood: -0.5 * (found.deviance + in_units + normal),
        aicc: found.aicc + in_units + normal,
    }
}

impl Fitted for FittedArima {
    fn model(&self) -> Model {
        Model::Arima
    }

    fn parameters(&self) -> usize {
        let [p, _, q] = self.orders.regular;
        let [seasonal_p, _, seasonal_q] = self.orders.seasonal;
        p + q + seasonal_p + seasonal_q + usize::from(self.orders.constant) + self.regressors.len()
    }

    fn refitted(&self, values: &[f64], _season: usize) -> Option<Box<dyn Fitted>> {
        let regressors: Vec<Regressor> = self.regressors.iter().map(|it| it.0.clone()).collect();
        let fitted = fit_orders(values, self.orders, &regressors, 0).ok()?;
        Some(Box::new(fitted))
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        let mut means = vec![0.0; horizon];
        self.walk_through(&self.values, horizon).means(self.values.len(), &mut means);
        means
    }

    fn replay(&self, values: &[f64], first_origin: usize, horizon: usize) -> Replay {
        let mut walk = self.walk_through(values, horizon);
        Replay::build(values.len(), first_origin, horizon, |origin, row| walk.means(origin, row))
    }
}
