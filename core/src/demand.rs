//! Demand ahead: daily series of a product or a shop out of the tables, forecast with bands.
//!
//! Question: how much will be sold on each of the next days, and how sure is that? Input: sales lines (pieces, or
//! whole currency units for a shop) summed by local calendar day ([`crate::feature::demand`]), days without a sale
//! counting 0, from the first sale to the day before `today`: `today` itself is partial. Output: mean and 80/95 %
//! bands a day, and the total over the horizon with its own band (calibrated on sums).
//!
//! Model: [`crate::forecast`], exponential smoothing averaged with seasonal naive by what each did inside the
//! history, season 7, which also learns a weekly closing day. Returns lower the day they came back on; negative days
//! train as 0.
//!
//! How it fails: [`ForecastState::TooLittleData`] below [`MIN_HISTORY_DAYS`] days since the first sale or
//! [`MIN_SALE_DAYS`] days with a sale, with an estimate of how many more days unlock it: the missing days of
//! history, or, where sales are missing, as many as they took so far. It never falls back to a made-up rate.
//! Days on which the shelf was empty count as days without demand, so a product that was often out is
//! forecast too low (unconstraining needs the stock history, which comes later).

use crate::{
    feature::demand::{DailySeries, SalesByProduct, daily_revenue},
    forecast::{self, FittedForecast, Forecast, ForecastParams, Model, Season, Series},
    id::{ProductId, ShopId},
    table::{ReceiptKind, Tables},
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Days since the first sale that a forecast needs: four of each weekday.
pub const MIN_HISTORY_DAYS: u32 = 28;

/// Days with a sale that a forecast needs: one could be chance.
pub const MIN_SALE_DAYS: u32 = 3;

/// Longest history that is learned from: two years of days.
const MAX_TRAINING_DAYS: usize = 730;

/// Sales older than this make the data an imported past, asked about as of its own end.
const STALE_AFTER_DAYS: i32 = 30;

/// Days to the same weekday.
const SEASON_DAYS: usize = 7;

/// What a series counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Net pieces of a product.
    Pieces,
    /// Net revenue of a shop in whole currency units.
    Revenue,
}

/// Why there is no forecast, or how good it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ForecastState {
    /// Not enough history: this many more days unlock it.
    TooLittleData {
        /// Days.
        more_days: u32,
    },
    /// A forecast, with what backtests on this very series say of it.
    Ready {
        /// Model that spoke, by its name in the lab (`seasonal_naive`, `ets`, `average`).
        model: String,
        /// Version of the forecasting code.
        version: String,
        /// Weighted absolute percentage error in rolling-origin backtests, and naive's beside it.
        wape: Option<f64>,
        /// The same of seasonal naive.
        wape_naive: Option<f64>,
        /// Share of backtest days inside the 80 % band: the confidence that was measured.
        coverage80: Option<f64>,
        /// The same for 95 %.
        coverage95: Option<f64>,
    },
}

/// Answer to `Task::Forecast`. `mean` and the bands are empty when there is too little data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DemandForecast {
    /// Which shop; none for all.
    pub shop: Option<ShopId>,
    /// Which product; none for the whole shop.
    pub product: Option<ProductId>,
    /// What is counted.
    pub measure: Measure,
    /// First day of `history`.
    pub history_from: Day,
    /// What was sold net of returns, by day, up to the day before `today`.
    pub history: Vec<f64>,
    /// First day of the forecast (`today`).
    pub from: Day,
    /// Expected value by day.
    pub mean: Vec<f64>,
    /// Lower bound of the 80 % band.
    pub lo80: Vec<f64>,
    /// Upper bound.
    pub hi80: Vec<f64>,
    /// Lower bound of the 95 % band.
    pub lo95: Vec<f64>,
    /// Upper bound.
    pub hi95: Vec<f64>,
    /// Total over the horizon with its own 80 % band (calibrated on sums, not summed from daily bands).
    pub total: Option<Total>,
    /// How good it is, or why there is none.
    pub state: ForecastState,
}

/// A sum over the horizon.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Total {
    /// Expected.
    pub mean: f64,
    /// 80 % band.
    pub lo80: f64,
    /// 80 % band.
    pub hi80: f64,
}

/// The day to ask about at `now`: see [`effective_day`].
pub fn effective_today(tables: &Tables, shop: Option<usize>, now: Timestamp) -> Day {
    effective_day(tables, shop, now.day(tables.zone(shop)))
}

/// `today`, or, when the newest sale is more than 30 days older than that (an imported past), the day after that
/// sale: what comes next is then asked as of its own end, since the days after it are unknown, not empty. Every task
/// that carries a day goes through this, and every answer carries the day it is of; screens show it as "as of".
pub fn effective_day(tables: &Tables, shop: Option<usize>, today: Day) -> Day {
    match last_sale_day(tables, shop) {
        Some(last) if today.0 - last.0 > STALE_AFTER_DAYS => Day(last.0 + 1),
        _ => today,
    }
}

/// Day of the newest sale receipt of `shop`, or of any.
pub fn last_sale_day(tables: &Tables, shop: Option<usize>) -> Option<Day> {
    let sales = &tables.sales;
    let of_shop = |receipt: &usize| {
        sales.kind[*receipt] == ReceiptKind::Sale
            && shop.is_none_or(|shop| sales.shop[*receipt] as usize == shop)
    };
    (0..sales.receipts()).rev().find(of_shop).map(|receipt| sales.day[receipt])
}

/// Answers `Task::Forecast`: pieces of a product, or revenue when `product` is none.
pub fn forecast(
    tables: &Tables,
    shop: Option<usize>,
    product: Option<usize>,
    today: Day,
    horizon_days: u16,
) -> DemandForecast {
    match product {
        Some(product) => {
            let sales = SalesByProduct::build(tables, shop, today);
            forecast_product(tables, shop, &sales, product, horizon_days)
        }
        None => {
            let series = daily_revenue(tables, shop, today);
            let mut answer = forecast_series(series, Measure::Revenue, today, horizon_days);
            answer.shop = shop.map(|shop| tables.shops[shop].id);
            answer
        }
    }
}

/// Forecasts of the products at these positions: a slice of them at a time, so that a worker can report progress.
pub fn forecast_products(
    tables: &Tables,
    shop: Option<usize>,
    sales: &SalesByProduct,
    horizon_days: u16,
    products: Range<usize>,
) -> Vec<DemandForecast> {
    products.map(|product| forecast_product(tables, shop, sales, product, horizon_days)).collect()
}

fn forecast_product(
    tables: &Tables,
    shop: Option<usize>,
    sales: &SalesByProduct,
    product: usize,
    horizon_days: u16,
) -> DemandForecast {
    let mut answer = forecast_series(sales.series(product), Measure::Pieces, sales.today(), horizon_days);
    answer.shop = shop.map(|shop| tables.shops[shop].id);
    answer.product = Some(tables.products[product].id);
    answer
}

fn forecast_series(
    series: Option<DailySeries>,
    measure: Measure,
    today: Day,
    horizon_days: u16,
) -> DemandForecast {
    let missing = missing_days(series.as_ref());
    let mut answer = DemandForecast {
        shop: None,
        product: None,
        measure,
        history_from: series.as_ref().map_or(today, |series| series.from),
        history: Vec::new(),
        from: today,
        mean: Vec::new(),
        lo80: Vec::new(),
        hi80: Vec::new(),
        lo95: Vec::new(),
        hi95: Vec::new(),
        total: None,
        state: ForecastState::TooLittleData { more_days: missing },
    };
    let Some(series) = series else { return answer };
    if let Some(ahead) =
        (missing == 0).then(|| Ahead::fit(&series, usize::from(horizon_days.max(1)))).flatten()
    {
        let band = |level: f64, daily: &Forecast| {
            let band = daily.bands.iter().find(|band| band.level == level);
            band.map(|band| (band.lo.clone(), band.hi.clone())).unwrap_or_default()
        };
        let daily = ahead.daily();
        (answer.lo80, answer.hi80) = band(80.0, &daily);
        (answer.lo95, answer.hi95) = band(95.0, &daily);
        answer.mean = daily.mean;
        answer.total = ahead.total();
        answer.state = ahead.state();
    }
    answer.history = series.net;
    answer
}

/// Days until there is enough to forecast; 0 when there is.
pub fn missing_days(series: Option<&DailySeries>) -> u32 {
    let Some(series) = series else { return MIN_HISTORY_DAYS };
    let (days, sale_days) = (series.net.len() as u32, series.sale_days() as u32);
    let for_history = MIN_HISTORY_DAYS.saturating_sub(days);
    let for_sales = match (MIN_SALE_DAYS.saturating_sub(sale_days), sale_days) {
        (0, _) => 0,
        (_, 0) => MIN_HISTORY_DAYS,
        // As long a wait for each missing sale as for each of those there were.
        (missing, seen) => (missing * days).div_ceil(seen).max(1),
    };
    for_history.max(for_sales)
}

/// A fitted series: what decisions look ahead with. Each look costs its own calibration, so take what is needed.
#[derive(Debug)]
pub struct Ahead(FittedForecast);

impl Ahead {
    /// Levels of the bands in percent. The upper end of the middle one is the 95 % quantile.
    pub const LEVELS: [f64; 3] = [80.0, 90.0, 95.0];

    /// Fits; none where the models find the series too short.
    pub fn fit(series: &DailySeries, horizon_days: usize) -> Option<Self> {
        let mut values = series.demand();
        values.drain(..values.len().saturating_sub(MAX_TRAINING_DAYS));
        let series = Series::new(values, Season::Every(SEASON_DAYS)).ok()?;
        let params = ForecastParams {
            model: Model::Auto,
            horizon: horizon_days,
            levels: Self::LEVELS.to_vec(),
            non_negative: true,
        };
        Some(Self(params.check().ok()?.fit(&series).ok()?))
    }

    /// Each day.
    pub fn daily(&self) -> Forecast {
        self.0.predict()
    }

    /// The first 1, 2, … days together, with bands of their own.
    pub fn sums(&self) -> Forecast {
        self.0.predict_sums()
    }

    /// The sum over the whole horizon.
    pub fn total(&self) -> Option<Total> {
        let sums = self.sums();
        let band = sums.bands.iter().find(|band| band.level == Self::LEVELS[0])?;
        Some(Total { mean: *sums.mean.last()?, lo80: *band.lo.last()?, hi80: *band.hi.last()? })
    }

    /// Share of past days that lay inside the 80 % band, where it could be measured.
    pub fn coverage80(&self) -> Option<f64> {
        self.0.record()?.coverage.first().copied()
    }

    fn state(&self) -> ForecastState {
        let record = self.0.record();
        let coverage = record.as_ref().map_or(&[][..], |record| &record.coverage);
        ForecastState::Ready {
            model: self.0.model().name().to_owned(),
            version: forecast::VERSION.to_string(),
            wape: record.as_ref().and_then(|record| record.wape),
            wape_naive: record.as_ref().and_then(|record| record.wape_naive),
            coverage80: coverage.first().copied(),
            coverage95: coverage.last().copied(),
        }
    }
}
