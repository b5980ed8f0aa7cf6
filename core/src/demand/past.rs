//! What would have been said: forecasts from past days, made as those of the screens are, and what came after them.
//!
//! Question answered: how wrong were our forecasts on this shop's own past, beside repeating the last day or week?
//! Input: sales by day before the newest [`week`] began. Output: for each series up to [`ORIGINS`] forecasts of
//! [`SPAN_DAYS`] days, one after the other, that end there: [`PastWork`] is what must be made, [`PastForecast`] what is
//! kept of it. Units as in [`crate::demand`].
//!
//! An origin counts where the screens would have forecast then: enough history, and a sale in the [`SELLING_DAYS`]
//! before. Products that have died since are judged too. Assumptions: entered holidays and offers were known before they
//! came. What products learn from each other once a week is not heard: each series is forecast by itself.
//!
//! How it fails: a series without an origin is judged not at all. A day with an empty shelf counts as what was sold on
//! it, so that a forecast of what was wanted looks too high there.
//!
//! Reference: Tashman, IJF 16 (2000) (rolling origins).

use super::{
    Ahead, Batch, DailySeries, PRODUCT_DAYS, SELLING_DAYS, SalesByProduct, SeriesKey, SeriesWork,
    daily_revenue, missing_days,
};
use crate::{
    calendar::Calendar, feature::availability::Availability, forecast::Band, table::Tables, time::Day,
};
use serde::{Deserialize, Serialize};

/// Origins of a series, as the seed's splits.
pub const ORIGINS: usize = 5;

/// Days that each of them is judged by: four weeks.
pub const SPAN_DAYS: usize = PRODUCT_DAYS as usize;

/// Products that are judged at most, by what they brought in over those days.
pub const MOST_PRODUCTS: usize = 200;

/// The Monday that `day` lies after, or on: what was learned in a week is judged until it ends.
pub fn week(day: Day) -> Day {
    Day(day.0 - i32::from(day.weekday()))
}

/// A series with its origins.
#[derive(Clone, Debug, PartialEq)]
pub struct PastWork {
    /// Position of the product; none for the revenue of all.
    pub product: Option<usize>,
    /// Day of the first value.
    pub from: Day,
    /// What was sold up to the end of the last origin's days, by day, none below 0.
    pub values: Vec<f64>,
    /// Values known at each origin, oldest first, with what must be forecast from there.
    pub origins: Vec<(usize, SeriesWork)>,
}

/// Of a forecast from a past day what judges need.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PastForecast {
    /// Expected by day.
    pub mean: Vec<f64>,
    /// Bands of 80 and 95 %.
    pub bands: Vec<Band>,
    /// What the days together stay below with 90 %.
    pub stock: Option<f64>,
}

impl PastForecast {
    /// Of a forecast.
    pub fn of(ahead: &Ahead) -> Self {
        let at = |level: f64, bands: &[Band]| bands.get(Ahead::place(level)).cloned();
        let bands = [80.0, 95.0].into_iter().filter_map(|level| at(level, &ahead.daily.bands)).collect();
        let stock = at(80.0, &ahead.sums.bands).and_then(|band| band.hi.last().copied());
        Self { mean: ahead.daily.mean.clone(), bands, stock }
    }
}

/// What is judged of a shop: its revenue first, where there is enough of it, then the products.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    /// What kind of day each day is.
    pub calendar: Calendar,
    /// Series with an origin at least.
    pub works: Vec<PastWork>,
    /// Products that could be judged, of which only the first [`MOST_PRODUCTS`] are.
    pub products: u32,
    /// Days until the shop's first origin, 0 when there is one; the same of the product that is nearest to it.
    pub shop_more_days: u32,
    /// See there.
    pub product_more_days: u32,
}

impl Past {
    /// Of a shop, or of all, as of `today`.
    pub fn of(tables: &Tables, shop: Option<usize>, today: Day) -> Self {
        let end = week(today);
        let calendar = Calendar::of(tables, shop, end);
        let (sales, shelves) =
            (SalesByProduct::build(tables, shop, end), Availability::build(tables, shop, end));
        let work = |product: Option<usize>, series: &DailySeries| {
            let censored = product.map(|it| shelves.censored(it, series.from)).unwrap_or_default();
            PastWork::new(super::key(tables, shop, product), product, series, &censored, &calendar)
        };
        let revenue = daily_revenue(tables, shop, end);
        let shop_work = revenue.as_ref().map(|series| work(None, series)).filter(PastWork::has_origins);
        let mut product_more_days = more_days(None);
        let mut products: Vec<(f64, PastWork)> = Vec::new();
        for product in 0..tables.products.len() {
            let Some(series) = sales.series(product) else { continue };
            product_more_days = product_more_days.min(more_days(Some(&series)));
            let price = tables.products[product].price.map_or(0.0, |price| price.as_units());
            let work = work(Some(product), &series);
            if work.has_origins() {
                products.push((series.recent(ORIGINS * SPAN_DAYS) * price, work));
            }
        }
        // stable: equals stay in the order of their ids
        crate::order::by(&mut products, |a, b| b.0.total_cmp(&a.0));
        // weeks are judged whole
        let wait = |more: u32, begun: bool| match more {
            0 => 0,
            more => {
                let first = if begun { end } else { today };
                (week(Day(first.0 + more as i32 + 6)).0 - today.0).max(1) as u32
            }
        };
        let shop_more_days = wait(more_days(revenue.as_ref()), revenue.is_some());
        let count = products.len() as u32;
        let shown = products.into_iter().take(MOST_PRODUCTS).map(|(_, work)| work);
        Self {
            works: shop_work.into_iter().chain(shown).collect(),
            calendar,
            products: count,
            shop_more_days,
            product_more_days: if count > 0 { 0 } else { wait(product_more_days, revenue.is_some()) },
        }
    }
}

/// Days until a series has its first origin.
fn more_days(series: Option<&DailySeries>) -> u32 {
    let days = series.map_or(0, |series| series.net.len());
    let first = series.map(|series| DailySeries {
        from: series.from,
        net: series.net[..days.saturating_sub(SPAN_DAYS)].to_vec(),
    });
    match missing_days(first.as_ref()) {
        0 => 0,
        // not even the days to judge by are over
        more if days < SPAN_DAYS => more + (SPAN_DAYS - days) as u32,
        more => more,
    }
}

impl PastWork {
    fn new(
        key: SeriesKey,
        product: Option<usize>,
        series: &DailySeries,
        censored: &[bool],
        calendar: &Calendar,
    ) -> Self {
        let mut origins = Vec::with_capacity(ORIGINS);
        for back in (1..=ORIGINS).rev() {
            let Some(origin) = series.net.len().checked_sub(back * SPAN_DAYS) else { continue };
            let known = DailySeries { from: series.from, net: series.net[..origin].to_vec() };
            let quiet = known.net.iter().rev().take_while(|value| **value <= 0.0).count();
            if missing_days(Some(&known)) == 0 && quiet <= SELLING_DAYS as usize {
                let shelf = &censored[..origin.min(censored.len())];
                origins.push((origin, SeriesWork::new(key, &known, shelf, PRODUCT_DAYS, None, calendar)));
            }
        }
        Self { product, from: series.from, values: series.demand(), origins }
    }

    fn has_origins(&self) -> bool {
        !self.origins.is_empty()
    }

    /// What a helper makes.
    pub fn batch(&self, calendar: &Calendar) -> Batch {
        let works = self.origins.iter().map(|(_, work)| work.clone()).collect();
        Batch { calendar: calendar.clone(), works }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn work(net: Vec<f64>) -> PastWork {
        let key = SeriesKey { shop: None, product: None };
        PastWork::new(key, None, &DailySeries { from: Day(100), net }, &[], &Calendar::default())
    }

    #[test]
    fn a_week_begins_on_monday() {
        // 2026-11-23 is a Monday
        let monday = Day::parse("2026-11-23").unwrap();
        assert!((0..7).all(|day| week(Day(monday.0 + day)) == monday));
    }

    #[test]
    fn origins_are_four_weeks_apart_and_see_only_what_came_before() {
        let known = |values: &PastWork| values.origins.iter().map(|(origin, _)| *origin).collect::<Vec<_>>();
        assert_eq!(known(&work(vec![1.0; 168])), [28, 56, 84, 112, 140]);
        assert_eq!(known(&work(vec![1.0; 90])), [34, 62], "the first two have less than 28 days before them");
        assert!(!work(vec![1.0; 55]).has_origins());
        let mut other = vec![1.0; 168];
        other[140..].fill(50.0);
        assert_eq!(work(other).origins, work(vec![1.0; 168]).origins);
    }

    #[test]
    fn what_had_not_sold_for_long_was_not_forecast() {
        let mut dead = vec![0.0; 300];
        dead[..60].fill(2.0);
        // 60 days with sales, then 90 without: origins at 160 and later are too late
        assert!(!work(dead).has_origins());
    }

    #[test]
    fn what_is_missing_until_the_first_judgement_is_told() {
        let series = |days: usize| DailySeries { from: Day(100), net: vec![1.0; days] };
        assert_eq!(more_days(None), 56);
        assert_eq!(more_days(Some(&series(10))), 46);
        assert_eq!(more_days(Some(&series(40))), 16);
        assert_eq!(more_days(Some(&series(56))), 0);
    }
}
