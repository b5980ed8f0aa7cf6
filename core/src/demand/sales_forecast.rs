//! The seed's sales forecasting by its names: what model serves ([`SalesForecastModel`]), the shop's next month
//! ([`predict_next_month_sales`]), and boosted trees on the seed's columns over all products ([`SalesForecaster`]).
//!
//! Question answered by the trees: how many pieces of a product are sold on a day up to [`MAX_LEAD_DAYS`] days ahead.
//! Input: daily series in pieces with prices, and a calendar. Output: pieces, and the mean absolute error of [`SPLITS`]
//! expanding splits in time beside the average of 30 days. The seed's columns are used by name but for its `hour`, which
//! a day's sum does not have; its lags see the target's own day, ours only days before the forecast is made.
//!
//! Assumptions: products resemble each other on these columns. How it fails: [`TooFewDays`]. Reference: Friedman,
//! Annals of Statistics 29 (2001).

use super::{DemandForecast, Forecasts, MONTH_DAYS, SELLING_DAYS, by_product::SPLITS, forecast};
use crate::{
    calendar::Calendar,
    feature::{
        demand::{DailySeries, SalesByProduct},
        sales::{LagFeatures, PriceTier},
    },
    forecast::{Model, metrics::TemporalAccuracy},
    id::ProductId,
    learn::{
        Columns, Examples,
        bins::Binned,
        boosting::{BoostingParams, FittedBoosting},
    },
    rng::Rng,
    table::Tables,
    time::Day,
};
use serde::{Deserialize, Serialize};

/// Longest lead that the trees learn.
pub const MAX_LEAD_DAYS: i32 = 28;

/// Days of a series before its first target.
const WARM_DAYS: i32 = 30;

/// Rows that are learned from at most, and at least.
const MAX_ROWS: usize = 20_000;
const MIN_ROWS: usize = 200;

/// Revenue of a shop (of all shops when `shop` is none) in the next [`MONTH_DAYS`] days: the seed's
/// `predictNextMonthSales`.
pub fn predict_next_month_sales(
    tables: &Tables,
    shop: Option<usize>,
    today: Day,
    known: &Forecasts,
) -> DemandForecast {
    forecast(tables, shop, None, today, MONTH_DAYS, known)
}

/// The seed's names of algorithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the seed's own names")]
pub enum SalesAlgorithm {
    #[serde(rename = "ARIMA")]
    Arima,
    #[serde(rename = "LSTM")]
    Lstm,
    Prophet,
    Ensemble,
}

impl From<Model> for SalesAlgorithm {
    fn from(model: Model) -> Self {
        match model {
            Model::Arima => Self::Arima,
            Model::Lstm => Self::Lstm,
            Model::Prophet => Self::Prophet,
            _ => Self::Ensemble,
        }
    }
}

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rhythm {
    /// Each day.
    Daily,
    /// Each week.
    Weekly,
}

/// Columns by kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureNames {
    /// Of the day.
    pub temporal: Vec<String>,
    /// Of the year's course.
    pub seasonal: Vec<String>,
    /// Entered by the shop.
    pub external: Vec<String>,
}

/// What is promised at a horizon, and what was measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PredictionHorizon {
    /// The seed's aim for 1 − WAPE.
    pub target_accuracy: f64,
    /// Measured in a backtest on this shop's past; none where there was too little.
    pub accuracy: Option<f64>,
    /// Coverage of the interval that is shown for a sum of this length.
    pub confidence_interval: f64,
}

/// Day, week and month.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the seed's own names")]
pub struct PredictionHorizons {
    pub daily: PredictionHorizon,
    pub weekly: PredictionHorizon,
    pub monthly: PredictionHorizon,
}

/// The seed's `SalesForecastModel`: what serves, described.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SalesForecastModel {
    /// Who speaks.
    pub algorithm: SalesAlgorithm,
    /// What it sees.
    pub features: FeatureNames,
    /// How far, and how well.
    pub prediction_horizons: PredictionHorizons,
    /// How often forecasts are made anew (and after each day with sales).
    pub update_frequency: Rhythm,
    /// How often what is learned over all products is learned again.
    pub retrain_schedule: Rhythm,
}

impl SalesForecastModel {
    /// Of a forecast by `model`, with what a backtest measured; `external` are the columns that the shop entered.
    pub fn describe(model: Model, measured: Option<TemporalAccuracy>, external: Vec<String>) -> Self {
        let horizon =
            |target_accuracy, accuracy: fn(&TemporalAccuracy) -> Option<f64>, confidence_interval| {
                PredictionHorizon {
                    target_accuracy,
                    accuracy: measured.as_ref().and_then(accuracy),
                    confidence_interval,
                }
            };
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            algorithm: model.into(),
            features: FeatureNames {
                temporal: names(&["day_of_week", "sales_7d_lag", "sales_30d_avg"]),
                seasonal: names(&["week", "month"]),
                external,
            },
            prediction_horizons: PredictionHorizons {
                daily: horizon(0.92, |it| it.daily, 0.85),
                weekly: horizon(0.88, |it| it.weekly, 0.80),
                monthly: horizon(0.85, |it| it.monthly, 0.75),
            },
            update_frequency: Rhythm::Daily,
            retrain_schedule: Rhythm::Weekly,
        }
    }
}

/// A product's days.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductDays {
    /// Net pieces by day.
    pub series: DailySeries,
    /// Its tier.
    pub price_tier: Option<PriceTier>,
}

/// All that is needed to learn the days of all products and to answer for each of them, as plain data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DailyWork {
    rows: Vec<Row>,
    /// The columns of each of the next [`MAX_LEAD_DAYS`] days.
    ahead: Vec<(ProductId, Vec<[f32; 6]>)>,
    seed: u64,
}

/// What came of it: pieces in the next [`MAX_LEAD_DAYS`] days, by product, and the splits, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DailyLearned {
    /// In the products' order.
    pub ahead: Vec<(ProductId, f64)>,
    /// How wrong the trees were beside the average.
    pub scores: Vec<Score>,
}

/// Too little to learn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error(
    "{have} product days could be learned from: {MIN_ROWS} before the first of {SPLITS} splits were expected"
)]
pub struct TooFewDays {
    /// Rows there are.
    pub have: u32,
}

/// The seed's `SalesForecaster`.
#[derive(Debug)]
pub struct SalesForecaster {
    fitted: FittedBoosting,
    scores: Vec<Score>,
}

/// One split in time: mean absolute errors in pieces a day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Of the trees.
    pub mae: f64,
    /// Of the average of 30 days.
    pub mae_average: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Row {
    target: Day,
    columns: [f32; 6],
    sold: f64,
}

impl SalesForecaster {
    /// The columns, in their order.
    pub const FEATURES: [&'static str; 6] =
        ["day_of_week", "month", "is_weekend", "sales_7d_lag", "sales_30d_avg", "price_tier"];

    /// The columns of a day, when days before `known_until` are known.
    pub fn prepare_features(
        it: &ProductDays,
        calendar: &Calendar,
        target: Day,
        known_until: Day,
    ) -> [f32; 6] {
        let lags = LagFeatures::of(&it.series, target, known_until);
        let known = |value: Option<f64>| value.map_or(f32::NAN, |value| value as f32);
        let tier = it.price_tier.map_or(f32::NAN, |tier| tier as u8 as f32);
        let weekend = f32::from(u8::from(calendar.day(target).is_weekend));
        let (_, month, _) = target.parts();
        let day_of_week = target.0.rem_euclid(7) as f32;
        [day_of_week, month as f32, weekend, known(lags.sales_7d_lag), known(lags.sales_30d_avg), tier]
    }

    /// What there is to learn before `today`, for the products that still sell.
    pub fn work(tables: &Tables, shop: Option<usize>, today: Day, seed: u64) -> DailyWork {
        let series = SalesByProduct::build(tables, shop, today);
        let days = |product: usize| {
            let price = tables.products[product].price.map(|price| price.as_units());
            let price_tier = price.map(|price| PriceTier::of(price, tables));
            Some((product, ProductDays { series: series.series(product)?, price_tier }))
        };
        let products: Vec<(usize, ProductDays)> = (0..tables.products.len()).filter_map(days).collect();
        let sells =
            |product: usize| series.last_sale(product).is_some_and(|it| today.0 - it.0 <= SELLING_DAYS);
        let asked: Vec<(ProductId, &ProductDays)> = (products.iter())
            .filter(|(product, _)| sells(*product))
            .map(|(product, days)| (tables.products[*product].id, days))
            .collect();
        let known: Vec<&ProductDays> = products.iter().map(|(_, days)| days).collect();
        DailyWork::new(&known, &asked, &Calendar::of(tables, shop, today), today, seed)
    }

    /// Judges by splits in time, then learns from all days.
    fn train(rows: &[Row], seed: u64) -> Result<Self, TooFewDays> {
        let too_few = TooFewDays { have: rows.len() as u32 };
        let part = rows.len() / (SPLITS + 1);
        let mut scores = Vec::with_capacity(SPLITS);
        for split in 1..=SPLITS {
            let Some(first) = rows.get(split * part).filter(|_| part >= MIN_ROWS) else {
                return Err(too_few);
            };
            // days stay together: none is learned from and judged
            let known = rows.partition_point(|row| row.target < first.target);
            let test = &rows[known..((split + 1) * part).max(known + 1)];
            let fitted = learn(&rows[..known], seed).ok_or(too_few)?;
            let error = |said: &dyn Fn(&Row) -> f64| {
                test.iter().map(|row| (said(row) - row.sold).abs()).sum::<f64>() / test.len() as f64
            };
            let average = |row: &Row| if row.columns[4].is_nan() { 0.0 } else { f64::from(row.columns[4]) };
            let mae =
                error(&|row| fitted.predict_row(&row.columns).unwrap_or_else(|_| average(row)).max(0.0));
            scores.push(Score { mae, mae_average: error(&average) });
        }
        let fitted = learn(rows, seed).ok_or(too_few)?;
        Ok(Self { fitted, scores })
    }

    /// Pieces on a day with these columns.
    fn predict(&self, row: &[f32; 6]) -> f64 {
        // the row has the columns that the trees were grown on
        self.fitted.predict_row(row).unwrap_or_default().max(0.0)
    }
}

impl DailyWork {
    fn new(
        known: &[&ProductDays],
        asked: &[(ProductId, &ProductDays)],
        calendar: &Calendar,
        today: Day,
        seed: u64,
    ) -> Self {
        let row = |it: &ProductDays, lead: i32| {
            SalesForecaster::prepare_features(it, calendar, Day(today.0 + lead), today)
        };
        let ahead = |(product, it): &(ProductId, &ProductDays)| {
            (*product, (0..MAX_LEAD_DAYS).map(|lead| row(it, lead)).collect())
        };
        Self { rows: rows(known, calendar, seed), ahead: asked.iter().map(ahead).collect(), seed }
    }

    /// Judges the trees, lets them learn all of it and asks them.
    pub fn learn(&self) -> Result<DailyLearned, TooFewDays> {
        let trained = SalesForecaster::train(&self.rows, self.seed)?;
        let sum = |rows: &[[f32; 6]]| rows.iter().map(|row| trained.predict(row)).sum();
        let ahead = self.ahead.iter().map(|(product, rows)| (*product, sum(rows))).collect();
        Ok(DailyLearned { ahead, scores: trained.scores })
    }
}

/// In the order of their days.
fn rows(products: &[&ProductDays], calendar: &Calendar, seed: u64) -> Vec<Row> {
    let mut random = Rng::seeded(seed);
    let days = |it: &&ProductDays| it.series.net.len().saturating_sub(WARM_DAYS as usize);
    let all: usize = products.iter().map(days).sum();
    let kept = MAX_ROWS as f64 / all.max(1) as f64;
    let mut rows = Vec::with_capacity(all.min(MAX_ROWS));
    for it in products {
        for (place, sold) in it.series.net.iter().enumerate().skip(WARM_DAYS as usize) {
            let target = Day(it.series.from.0 + place as i32);
            let lead = random.below(MAX_LEAD_DAYS as usize) as i32;
            if random.chance(kept) {
                let columns = SalesForecaster::prepare_features(it, calendar, target, Day(target.0 - lead));
                rows.push(Row { target, columns, sold: *sold });
            }
        }
    }
    crate::order::by_key(&mut rows, |row| row.target);
    rows
}

/// `None` where the learner refuses the table, as it does without rows.
fn learn(rows: &[Row], seed: u64) -> Option<FittedBoosting> {
    let mut columns = Columns::new(rows.len());
    for (place, name) in SalesForecaster::FEATURES.iter().enumerate() {
        columns.push(name, rows.iter().map(|row| row.columns[place]).collect()).ok()?;
    }
    let target: Vec<f64> = rows.iter().map(|row| row.sold).collect();
    let binned = Binned::new(&columns).ok()?;
    BoostingParams { seed, ..BoostingParams::default() }
        .check()
        .ok()?
        .fit(&Examples::new(&binned, &target))
        .ok()
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn product(level: f64, days: i32) -> ProductDays {
        // one weekday sells three times as much
        let net = (0..days).map(|day| if day % 7 == 2 { 3.0 * level } else { level }).collect();
        ProductDays { series: DailySeries { from: Day(20_006), net }, price_tier: Some(PriceTier::Budget) }
    }

    #[test]
    fn a_weekday_that_sells_more_is_learned_and_beats_the_average() {
        let products: Vec<ProductDays> = (1..=9).map(|level| product(f64::from(level), 170)).collect();
        let calendar = Calendar::default();
        let (known, end) = (products.iter().collect::<Vec<_>>(), Day(20_006 + 170));
        let trained = SalesForecaster::train(&rows(&known, &calendar, 1), 1).unwrap();
        assert_eq!(trained.scores.len(), SPLITS);
        assert!(trained.scores.iter().all(|split| split.mae < 0.5 * split.mae_average));
        let asked = [(ProductId::from_u128(6), known[5])];
        let work = DailyWork::new(&known, &asked, &calendar, end, 1);
        let said: Vec<f64> = work.ahead[0].1.iter().map(|row| trained.predict(row)).collect();
        // day 170 is 2 past the busy weekday's round: 170 % 7 = 2
        assert!((said[0] - 18.0).abs() < 2.0 && (said[1] - 6.0).abs() < 2.0, "{said:?}");
        // four weeks of 18 + 6 · 6
        let learned = work.learn().unwrap();
        assert!((learned.ahead[0].1 - 216.0).abs() < 10.0, "{:?}", learned.ahead);
    }

    #[test]
    fn nothing_from_the_day_the_forecast_is_made_on_is_seen() {
        let it = product(2.0, 100);
        let mut other = it.clone();
        let known_until = Day(20_006 + 80);
        other.series.net[80..].fill(1e6);
        let calendar = Calendar::default();
        for ahead in 0..20 {
            let target = Day(known_until.0 + ahead);
            let row =
                |it: &ProductDays| SalesForecaster::prepare_features(it, &calendar, target, known_until);
            assert_eq!(row(&it), row(&other));
        }
    }

    #[test]
    fn too_few_days_are_refused() {
        let known = product(1.0, 60);
        let work = DailyWork::new(&[&known], &[], &Calendar::default(), Day(20_066), 1);
        let refused = work.learn().unwrap_err();
        assert_eq!(refused, TooFewDays { have: 30 });
    }

    #[test]
    fn the_description_carries_the_seed_s_aims_and_only_measured_accuracy() {
        let measured = TemporalAccuracy { daily: Some(0.5), weekly: None, monthly: Some(0.9) };
        let described =
            SalesForecastModel::describe(Model::Average, Some(measured), vec!["promotion".into()]);
        assert_eq!(described.algorithm, SalesAlgorithm::Ensemble);
        let horizons = described.prediction_horizons;
        assert_eq!((horizons.daily.accuracy, horizons.weekly.accuracy), (Some(0.5), None));
        assert_eq!(horizons.monthly.confidence_interval, 0.75);
    }
}
