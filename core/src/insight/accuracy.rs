//! How good the forecasts have been on this shop's own past: the seed's `ForecastingMetrics`, and its aim of more than
//! 85 % monthly accuracy, met or missed.
//!
//! Input: [`Past`] and what was found of it. Output: accuracy = 1 − WAPE of [`Model::Auto`], as the screens use it
//! (each series by itself), beside repeating the last week and the last day, at day, week and month (28 days), of single
//! products in pieces, of categories (sums of their judged products, in pieces) and of the shop (its revenue's own
//! forecast, in currency units); for products day by day also the other errors and the bands' measured coverage; and
//! what following the forecasts would have been worth in stock ([`crate::forecast::metrics`]). Shares are 0–1; MAE and
//! RMSE pieces a day; MASE and RMSSE are means over products and origins, scaled by the last week's and the last day's
//! in-sample error.
//!
//! How it fails: what was not found yet is left out, and `judged` says of how many products the figures are. Without
//! any, `None`s and the days that are missing.

use crate::{
    demand::{
        past::{Past, PastForecast, PastWork, SPAN_DAYS},
        study::{Found, Piece, Studies},
    },
    forecast::{
        Forecast, Model, Season,
        backtest::{BacktestParams, History, Trial},
        metrics::{BusinessImpact, ForecastingMetrics},
    },
    metric::{Pairs, mean_abs_difference, mean_squared_difference},
    table::Tables,
    time::Day,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The seed's aim for a shop's month.
pub const MONTHLY_AIM: f64 = 0.85;

/// Spans by name: days that are summed before they are compared.
const SPANS: [usize; 3] = [1, 7, SPAN_DAYS];

/// Days to the same weekday.
const WEEK: usize = 7;

/// Answer to `Task::Accuracy`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// Judged by the days before this one.
    pub until: Day,
    /// Days that each forecast was judged by.
    pub span_days: u16,
    /// Products that are in the figures.
    pub judged: u32,
    /// Products that could be in them.
    pub products: u32,
    /// Forecasts of products that are in the figures.
    pub forecasts: u32,
    /// By product, category and shop, each at day, week and month; what could not be judged is not in it.
    pub levels: Vec<LevelAccuracy>,
    /// Of single products day by day: ours, repeating the last week, repeating the last day.
    pub sheets: Vec<ErrorSheet>,
    /// Share of products' days inside the 80 % band.
    pub coverage80: Option<f64>,
    /// The same for 95 %.
    pub coverage95: Option<f64>,
    /// What following the forecasts would have been worth.
    pub impact: Option<BusinessImpact>,
    /// The shop's month against [`MONTHLY_AIM`].
    pub aim: Option<Aim>,
    /// Days until the shop's revenue, and the first product, can be judged; 0 when they can.
    pub shop_more_days: u32,
    /// See there.
    pub product_more_days: u32,
}

/// What was summed before it was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Single products.
    Product,
    /// Products of a category together.
    Category,
    /// All revenue.
    Shop,
}

/// 1 − WAPE at one level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LevelAccuracy {
    /// Of what.
    pub level: Level,
    /// Days together.
    pub days: u16,
    /// Ours.
    pub own: Option<f64>,
    /// Repeating the last week's.
    pub seasonal_naive: Option<f64>,
    /// Repeating the last day's.
    pub naive: Option<f64>,
}

/// All errors of one model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "defined one by one in crate::metric; shares, not percent")]
pub struct ErrorSheet {
    pub model: Model,
    pub mape: Option<f64>,
    pub rmse: f64,
    pub mae: f64,
    pub smape: f64,
    pub wape: Option<f64>,
    pub mase: Option<f64>,
    pub rmsse: Option<f64>,
    pub bias: Option<f64>,
}

/// An aim and what was reached.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Aim {
    /// The seed's.
    pub aim: f64,
    /// Measured.
    pub reached: f64,
    /// Whether it is above the aim.
    pub is_met: bool,
}

/// What is to be done for an answer, the shop first.
pub fn pieces(tables: &Tables, shop: Option<usize>, today: Day) -> Vec<Piece> {
    let past = Past::of(tables, shop, today);
    past.works.iter().map(|work| Piece::Past(work.batch(&past.calendar))).collect()
}

/// Answers `Task::Accuracy` from what was found.
pub fn answer(tables: &Tables, shop: Option<usize>, today: Day, known: &Studies) -> Accuracy {
    let past = Past::of(tables, shop, today);
    let judged: Vec<(&PastWork, &[Option<PastForecast>])> = (past.works.iter())
        .filter_map(|work| match known.found(&Piece::Past(work.batch(&past.calendar)))? {
            Found::Past(made) => Some((work, made.as_slice())),
            Found::Goods(_) | Found::Daily(_) => None,
        })
        .collect();
    let (of_shop, of_products): (Vec<Said<'_>>, Vec<Said<'_>>) =
        judged.iter().flat_map(|(work, made)| said(work, made)).partition(|it| it.work.product.is_none());
    let categories = by_category(tables, &of_products);
    let mut levels = level(Level::Product, of_products.iter().map(Said::columns).collect());
    levels.extend(level(Level::Category, categories));
    levels.extend(level(Level::Shop, of_shop.iter().map(Said::columns).collect()));
    let month = levels.iter().find(|it| it.level == Level::Shop && usize::from(it.days) == SPAN_DAYS);
    let aim = month.and_then(|it| it.own).map(|reached| Aim {
        aim: MONTHLY_AIM,
        reached,
        is_met: reached > MONTHLY_AIM,
    });
    let (coverage80, coverage95) = (coverage(&of_products, 80.0), coverage(&of_products, 95.0));
    Accuracy {
        until: crate::demand::past::week(today),
        span_days: SPAN_DAYS as u16,
        judged: judged.iter().filter(|(work, _)| work.product.is_some()).count() as u32,
        products: past.products,
        forecasts: of_products.len() as u32,
        levels,
        sheets: sheets(&of_products),
        coverage80,
        coverage95,
        impact: impact(&of_products),
        aim,
        shop_more_days: past.shop_more_days,
        product_more_days: past.product_more_days,
    }
}

/// One forecast from a past day, with what came.
struct Said<'a> {
    work: &'a PastWork,
    origin: usize,
    own: &'a PastForecast,
}

/// What came, and what each of the three said.
#[derive(Clone, Debug, PartialEq)]
struct Columns {
    actual: Vec<f64>,
    said: [Vec<f64>; 3],
}

const MODELS: [Model; 3] = [Model::Auto, Model::SeasonalNaive, Model::Naive];

fn said<'a>(work: &'a PastWork, made: &'a [Option<PastForecast>]) -> Vec<Said<'a>> {
    let both = work.origins.iter().zip(made);
    both.filter_map(|((origin, _), own)| Some(Said { work, origin: *origin, own: own.as_ref()? })).collect()
}

impl Said<'_> {
    fn known(&self) -> &[f64] {
        &self.work.values[..self.origin]
    }

    fn columns(&self) -> Columns {
        let known = self.known();
        let repeated = |season: usize| -> Vec<f64> {
            known[known.len() - season..].iter().copied().cycle().take(SPAN_DAYS).collect()
        };
        Columns {
            actual: self.work.values[self.origin..self.origin + SPAN_DAYS].to_vec(),
            said: [self.own.mean.clone(), repeated(WEEK), repeated(1)],
        }
    }
}

/// Sums by category and origin: all series end on one day, so equal distances from the end are equal days.
fn by_category(tables: &Tables, said: &[Said<'_>]) -> Vec<Columns> {
    let mut sums: BTreeMap<(&str, usize), Columns> = BTreeMap::new();
    for it in said {
        let Some(product) = it.work.product else { continue };
        let category = tables.products[product].fields.category.as_deref().unwrap_or_default();
        let columns = it.columns();
        let back = it.work.values.len() - it.origin;
        match sums.get_mut(&(category, back)) {
            Some(sum) => {
                add(&mut sum.actual, &columns.actual);
                sum.said.iter_mut().zip(&columns.said).for_each(|(sum, said)| add(sum, said));
            }
            None => _ = sums.insert((category, back), columns),
        }
    }
    sums.into_values().collect()
}

fn add(sum: &mut [f64], values: &[f64]) {
    sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
}

fn in_sums(values: &[f64], days: usize) -> impl Iterator<Item = f64> {
    values.chunks_exact(days).map(|chunk| chunk.iter().sum())
}

fn level(level: Level, columns: Vec<Columns>) -> Vec<LevelAccuracy> {
    let at = |days: usize| {
        let actual: Vec<f64> = columns.iter().flat_map(|it| in_sums(&it.actual, days)).collect();
        let accuracy = |model: usize| {
            let said: Vec<f64> = columns.iter().flat_map(|it| in_sums(&it.said[model], days)).collect();
            Some(1.0 - Pairs::new(&actual, &said).ok()?.wape()?)
        };
        let days = days as u16;
        LevelAccuracy { level, days, own: accuracy(0), seasonal_naive: accuracy(1), naive: accuracy(2) }
    };
    if columns.is_empty() { Vec::new() } else { SPANS.map(at).to_vec() }
}

fn sheets(said: &[Said<'_>]) -> Vec<ErrorSheet> {
    let columns: Vec<Columns> = said.iter().map(Said::columns).collect();
    let actual: Vec<f64> = columns.iter().flat_map(|it| it.actual.clone()).collect();
    let sheet = |(place, model): (usize, &Model)| {
        let all: Vec<f64> = columns.iter().flat_map(|it| it.said[place].clone()).collect();
        let pairs = Pairs::new(&actual, &all).ok()?;
        let scaled = |scale: &dyn Fn(&Said<'_>, Pairs<'_>) -> Option<f64>| {
            let each = columns
                .iter()
                .zip(said)
                .filter_map(|(it, said)| scale(said, Pairs::new(&it.actual, &it.said[place]).ok()?));
            mean(each)
        };
        Some(ErrorSheet {
            model: *model,
            mape: pairs.mape().map(|percent| percent / 100.0),
            rmse: pairs.rmse(),
            mae: pairs.mae(),
            smape: pairs.smape() / 100.0,
            wape: pairs.wape(),
            mase: scaled(&|it, pairs| pairs.mase(mean_abs_difference(it.known(), WEEK)?)),
            rmsse: scaled(&|it, pairs| pairs.rmsse(mean_squared_difference(it.known(), 1)?)),
            bias: pairs.bias(),
        })
    };
    MODELS.iter().enumerate().filter_map(sheet).collect()
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0u32), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

fn coverage(said: &[Said<'_>], level: f64) -> Option<f64> {
    let inside = said.iter().flat_map(|it| {
        let band = it.own.bands.iter().find(|band| band.level == level);
        let days = band.map(|band| band.lo.iter().zip(&band.hi)).into_iter().flatten();
        let actual = &it.work.values[it.origin..];
        days.zip(actual).map(|((lo, hi), y)| f64::from(u8::from((*lo..=*hi).contains(y))))
    });
    mean(inside)
}

fn impact(said: &[Said<'_>]) -> Option<BusinessImpact> {
    let trials: Vec<Trial<'_>> = (said.iter())
        .map(|it| Trial {
            history: History { id: "", values: &it.work.values, regressors: &[] },
            origin: it.origin,
            model: Model::Auto,
            forecast: Forecast {
                mean: it.own.mean.clone(),
                bands: Vec::new(),
                model: Model::Auto,
                season: WEEK,
                version: 0,
            },
            stock: it.own.stock,
            seconds: 0.0,
        })
        .collect();
    let params = BacktestParams {
        horizon: SPAN_DAYS,
        origins: 1,
        season: Season::Every(WEEK),
        models: Vec::new(),
        non_negative: None,
        daily: true,
    };
    Some(ForecastingMetrics::of(&trials, &params, Model::Auto)?.business_impact)
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::forecast::Band;

    /// Four weeks known, four to come.
    fn work(before: f64, after: f64) -> PastWork {
        let mut values = vec![before; 28];
        values.extend([after; 28]);
        PastWork { product: Some(0), from: Day(100), values, origins: Vec::new() }
    }

    fn forecast(mean: f64) -> PastForecast {
        let band = |level: f64, half: f64| Band {
            level,
            lo: vec![mean - half; SPAN_DAYS],
            hi: vec![mean + half; SPAN_DAYS],
        };
        let bands = vec![band(80.0, 1.0), band(95.0, 2.0)];
        PastForecast { mean: vec![mean; SPAN_DAYS], bands, stock: Some(28.0 * (mean + 1.0)) }
    }

    #[test]
    fn accuracy_is_what_a_hand_makes_of_two_products() {
        // one sells 4 a day after 2, forecast 3; the other 10 after 10, forecast 11
        let (a, b) = (work(2.0, 4.0), work(10.0, 10.0));
        let (first, second) = (forecast(3.0), forecast(11.0));
        let said = [Said { work: &a, origin: 28, own: &first }, Said { work: &b, origin: 28, own: &second }];
        let close = |a: Option<f64>, b: f64| assert!((a.unwrap() - b).abs() < 1e-12, "{a:?} {b}");
        for it in level(Level::Product, said.iter().map(Said::columns).collect()) {
            // 2 wrong of 14, and 2 of 14 by either habit
            close(it.own, 1.0 - 2.0 / 14.0);
            close(it.seasonal_naive, 1.0 - 2.0 / 14.0);
            close(it.naive, 1.0 - 2.0 / 14.0);
        }
        let mut tables = Tables::default();
        tables.products.push(crate::table::ProductRow {
            id: crate::id::ProductId::from_u128(1),
            fields: crate::record::ProductFields::default(),
            price: None,
            cost: None,
            floor: None,
        });
        // both in one category: 14 come, 14 were said by us, 12 by habit
        let together = level(Level::Category, by_category(&tables, &said));
        close(together[2].own, 1.0);
        close(together[2].naive, 1.0 - 2.0 / 14.0);
        let sheet = sheets(&said);
        assert_eq!(sheet.iter().map(|it| it.model).collect::<Vec<_>>(), MODELS);
        close(sheet[0].mape, (0.25 + 0.1) / 2.0);
        close(sheet[0].bias, 0.0);
        assert_eq!((sheet[0].mae, sheet[0].rmse), (1.0, 1.0));
        close(sheet[2].bias, -2.0 / 14.0);
        // both within 1 of what came
        assert_eq!((coverage(&said, 80.0), coverage(&said, 95.0)), (Some(1.0), Some(1.0)));
        // habit: 2 · 28 · 1.25 = 70 for 112, 350 for 280; ours: 112 for 112, 336 for 280
        let impact = impact(&said).unwrap();
        close(impact.inventory_optimization, 1.0 - 56.0 / 70.0);
        close(impact.stockout_reduction, 1.0);
        close(impact.revenue_uplift, 392.0 / 350.0 - 1.0);
    }

    #[test]
    fn an_empty_shop_is_told_how_long_it_takes_and_nothing_is_claimed() {
        let answer = answer(&Tables::default(), None, Day(20_000), &Studies::default());
        assert!(answer.levels.is_empty() && answer.sheets.is_empty() && answer.aim.is_none());
        assert!((56..=62).contains(&answer.shop_more_days) && (56..=62).contains(&answer.product_more_days));
    }
}
