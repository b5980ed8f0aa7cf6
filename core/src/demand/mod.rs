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
//! Days on which the shelf was empty are no days without demand: what would have been sold is estimated
//! ([`crate::forecast::censored`]) where the stock's movements tell them ([`crate::feature::availability`]); where
//! nobody writes down arrivals, a product that was often out is forecast too low.
//!
//! [`ahead`] has the unit of work that a pool of workers shares, and the forecasts that were made before;
//! [`seen`] what the models see beside the sales; [`past`] what would have been said from past days, [`study`] long work in
//! pieces.

mod ahead;
pub mod by_product;
pub mod launches;
mod lesson;
mod life;
pub mod past;
pub mod sales_forecast;
mod seen;
pub mod study;

pub use ahead::{Ahead, Batch, Forecasts, SeriesForecast, SeriesKey, SeriesWork};
pub use lesson::{LESSON_DAYS, Learned, Lesson};
pub use life::{LifeBook, LifeCycle, Phase, Successor};
pub use seen::{Seen, SeenKind};

use by_product::Goods;

use crate::{
    calendar::Calendar,
    feature::availability::Availability,
    feature::demand::{DailySeries, SalesByProduct, daily_revenue},
    forecast::{Band, panel::Choice},
    id::{ProductId, ShopId},
    table::{ReceiptKind, Tables},
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};

/// Days since the first sale that a forecast needs: four of each weekday.
pub const MIN_HISTORY_DAYS: u32 = 28;

/// Days with a sale that a forecast needs: one could be chance.
pub const MIN_SALE_DAYS: u32 = 3;

/// Days ahead that a product is looked at: what Reorder and the product's page share.
pub const PRODUCT_DAYS: u16 = 28;

/// Days ahead that revenue is looked at: the next month.
pub const MONTH_DAYS: u16 = 30;

/// Products without a sale for longer are not reordered, and not forecast before somebody asks.
pub const SELLING_DAYS: i32 = 90;

/// Sales older than this make the data an imported past, asked about as of its own end.
const STALE_AFTER_DAYS: i32 = 30;

/// Days of the past that charts show at most.
const SHOWN_DAYS: i32 = 84;

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
        /// The models by name with their shares of the mean, largest first: one, where one speaks alone.
        voices: Vec<(String, f64)>,
        /// Version of the forecasting code.
        version: String,
        /// Weighted absolute percentage error in rolling-origin backtests, and naive's beside it.
        wape: Option<f64>,
        /// The same of seasonal naive.
        wape_naive: Option<f64>,
        /// How much less it errs than seasonal naive, as a share of that one's error; below 0 it errs more.
        better: Option<f64>,
        /// Origins inside the history that it was judged from.
        origins: u32,
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
    /// The next day, the next 7 days and the whole horizon, each as one sum with its own bands.
    pub totals: Vec<PeriodTotal>,
    /// What was not like other days, in the part of the history that charts show and in the days ahead.
    pub seen: Vec<Seen>,
    /// How good it is, or why there is none.
    pub state: ForecastState,
    /// Why that model speaks which has learned from all products of the shop, where one does.
    pub choice: Option<Choice>,
    /// Where a product stands between launch and end, where that is known.
    pub life: Option<LifeCycle>,
    /// What became of earlier forecasts, filled by whoever keeps them.
    pub judged: Option<Judged>,
}

/// What became of the forecasts of a series that were shown before and whose last day has passed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// How many.
    pub forecasts: u32,
    /// Mean of their accuracies, 1 − WAPE by day.
    pub accuracy: f64,
    /// Share of their days that lay inside the 80 % band.
    pub inside80: f64,
}

/// A sum of the first days ahead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PeriodTotal {
    /// So many days.
    pub days: u16,
    /// Expected.
    pub mean: f64,
    /// Its bands, narrowest first.
    pub bands: Vec<LevelBand>,
}

impl PeriodTotal {
    /// Both ends of the band of a level in percent.
    pub fn band(&self, level: f64) -> Option<(f64, f64)> {
        self.bands.iter().find(|band| band.level == level).map(|band| (band.lo, band.hi))
    }
}

/// A band of one sum.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LevelBand {
    /// Coverage in percent.
    pub level: f64,
    /// Lower end.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
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
    known: &Forecasts,
) -> DemandForecast {
    let mut life = None;
    let (series, censored, measure) = match product {
        Some(product) => {
            let sales = SalesByProduct::build(tables, shop, today);
            let shelves = Availability::build(tables, shop, today);
            let goods = Goods::of(tables, product);
            life = LifeBook::new(tables, goods, &sales, &shelves, known.cold_start())
                .and_then(|book| book.of(product));
            let series = sales.series(product);
            let censored = series.as_ref().map(|it| shelves.censored(product, it.from)).unwrap_or_default();
            (series, censored, Measure::Pieces)
        }
        None => (daily_revenue(tables, shop, today), Vec::new(), Measure::Revenue),
    };
    let (key, calendar) = (key(tables, shop, product), Calendar::of(tables, shop, today));
    let missing = missing_days(series.as_ref());
    let mut answer = DemandForecast {
        shop: key.shop,
        product: key.product,
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
        totals: Vec::new(),
        seen: Vec::new(),
        state: ForecastState::TooLittleData { more_days: missing },
        choice: None,
        life,
        judged: None,
    };
    let Some(series) = series else { return answer };
    let shown_from = Day(series.from.0.max(today.0 - SHOWN_DAYS));
    answer.seen = seen::spans(&calendar, shown_from, Day(today.0 + i32::from(horizon_days.max(1)) - 1));
    let since = (shown_from.0 - series.from.0) as usize;
    answer.seen.extend(seen::empty_shelves(censored.get(since..).unwrap_or_default(), shown_from));
    crate::order::by(&mut answer.seen, Ord::cmp);
    let work = work(tables, shop, product, &series, &censored, horizon_days, &calendar);
    if let Some(ahead) = (missing == 0).then(|| known.ahead(&work, &calendar)).flatten() {
        answer.tell(ahead);
    }
    answer.history = series.net;
    answer
}

impl DemandForecast {
    fn tell(&mut self, ahead: Ahead) {
        let coverage = |level: f64| ahead.coverage(level);
        let record = ahead.record.as_ref();
        let mut voices: Vec<(String, f64)> =
            ahead.voices.iter().map(|it| (it.model.name().to_owned(), it.weight)).collect();
        crate::order::by(&mut voices, |one, other| other.1.total_cmp(&one.1));
        let (wape, wape_naive) = (record.and_then(|it| it.wape), record.and_then(|it| it.wape_naive));
        self.state = ForecastState::Ready {
            model: ahead.daily.model.name().to_owned(),
            voices,
            version: ahead.daily.version.to_string(),
            wape,
            wape_naive,
            better: wape.zip(wape_naive.filter(|naive| *naive > 0.0)).map(|(own, naive)| 1.0 - own / naive),
            origins: record.map_or(0, |it| it.origins as u32),
            coverage80: coverage(80.0),
            coverage95: coverage(95.0),
        };
        self.totals = totals(&ahead);
        self.total = self.totals.last().and_then(|total| {
            let (lo80, hi80) = total.band(80.0)?;
            Some(Total { mean: total.mean, lo80, hi80 })
        });
        let band = |level: f64| {
            let band = ahead.daily.bands.get(Ahead::place(level));
            band.map(|Band { lo, hi, .. }| (lo.clone(), hi.clone())).unwrap_or_default()
        };
        (self.lo80, self.hi80) = band(80.0);
        (self.lo95, self.hi95) = band(95.0);
        self.choice = ahead.choice;
        self.mean = ahead.daily.mean;
    }
}

/// The sums of the next day, the next week and the whole horizon.
fn totals(ahead: &Ahead) -> Vec<PeriodTotal> {
    let sums = &ahead.sums;
    let mut days = vec![1, 7, sums.mean.len()];
    days.retain(|days| (1..=sums.mean.len()).contains(days));
    days.dedup();
    let total = |days: usize| PeriodTotal {
        days: days as u16,
        mean: sums.mean[days - 1],
        bands: (sums.bands.iter())
            .map(|band| LevelBand { level: band.level, lo: band.lo[days - 1], hi: band.hi[days - 1] })
            .collect(),
    };
    days.into_iter().map(total).collect()
}

fn key(tables: &Tables, shop: Option<usize>, product: Option<usize>) -> SeriesKey {
    SeriesKey {
        shop: shop.map(|shop| tables.shops[shop].id),
        product: product.map(|product| tables.products[product].id),
    }
}

/// The series of a product, or of a shop's revenue, as every screen looks ahead of it, so that its forecast is made once.
pub(crate) fn work(
    tables: &Tables,
    shop: Option<usize>,
    product: Option<usize>,
    series: &DailySeries,
    censored: &[bool],
    horizon_days: u16,
    calendar: &Calendar,
) -> SeriesWork {
    let by_default = product.map(|product| by_product::Learner::model_of(tables, product));
    SeriesWork::new(key(tables, shop, product), series, censored, horizon_days, by_default, calendar)
}

/// Everything that the screens of a shop look ahead of: its revenue, and each product that sells and has enough
/// history. What of it must be done is [`Forecasts::due`].
pub fn works(tables: &Tables, shop: Option<usize>, today: Day) -> Batch {
    let enough = |series: &DailySeries| missing_days(Some(series)) == 0;
    let calendar = Calendar::of(tables, shop, today);
    let shelves = Availability::build(tables, shop, today);
    let work = |product: Option<usize>, series: DailySeries, horizon_days: u16| {
        let censored = product.map(|product| shelves.censored(product, series.from)).unwrap_or_default();
        work(tables, shop, product, &series, &censored, horizon_days, &calendar)
    };
    let revenue = daily_revenue(tables, shop, today).filter(enough);
    let mut works: Vec<SeriesWork> =
        revenue.into_iter().map(|series| work(None, series, MONTH_DAYS)).collect();
    let sales = SalesByProduct::build(tables, shop, today);
    for product in 0..tables.products.len() {
        let sells = sales.last_sale(product).is_some_and(|last| today.0 - last.0 <= SELLING_DAYS);
        if !sells || tables.products[product].fields.retired == Some(true) {
            continue;
        }
        let series = sales.series(product).filter(enough);
        works.extend(series.map(|series| work(Some(product), series, PRODUCT_DAYS)));
    }
    Batch { calendar, works }
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
