//! Demand ahead: daily series of a product or a shop out of the tables, forecast with bands.
//!
//! Input: sales lines (pieces, or paisa for a whole shop) summed by local calendar day, days without a sale
//! counting 0, from the product's first sale to the day before `today`. Output: mean and 80/95 % bands a day.

use crate::{
    id::{ProductId, ShopId},
    time::Day,
};
use serde::{Deserialize, Serialize};

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
        /// Model that won, by its name in the lab (`seasonal_naive`, `ets`, `average`).
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

/// Answer to `Task::Forecast`.
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
    /// What was sold, by day, up to the day before `today`.
    pub history: Vec<f64>,
    /// First day of the forecast (`today`).
    pub from: Day,
    /// Expected value by day; empty when there is too little data.
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
