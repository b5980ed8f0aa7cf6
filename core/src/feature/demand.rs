//! `series_v1` and `demand_v1`: what was sold by day, and what a reorder suggestion rests on.
//!
//! Units: net pieces (or net revenue in whole currency units) by local calendar day. A day without a sale counts 0;
//! a weekly closing day is such a day, and the forecast's season of 7 learns it. Returns are netted on the day
//! they came back, so a day can be negative: shown as it is, floored at 0 where demand is learned, since nobody
//! demands less than nothing. The day `today` is partial and left out.

use crate::{
    quantity::Quantity,
    table::{ReceiptKind, Tables},
    time::Day,
};
use serde::{Deserialize, Serialize};

/// The values of `demand_v1`, as kept in `feature_store`. Units are pieces and days; money is paisa.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DemandFeatures {
    /// Days since the first sale.
    pub history_days: u32,
    /// Days with net sales.
    pub sale_days: u32,
    /// Net pieces of the last 28 days.
    pub units_28d: f64,
    /// Net pieces of the last 90 days.
    pub units_90d: f64,
    /// Days since the last sale.
    pub last_sale_days: u32,
    /// Expected pieces a day over the horizon.
    pub expected_daily_units: f64,
    /// On the shelf; none when never counted.
    pub on_hand_units: Option<f64>,
    /// Ordered, not arrived.
    pub on_order_units: f64,
    /// Mean days from order to arrival.
    pub lead_time_days: f64,
    /// Their standard deviation.
    pub lead_time_sd_days: f64,
    /// Asked of customers.
    pub price_paisa: Option<i64>,
    /// Paid to replace one.
    pub cost_paisa: Option<i64>,
}

/// The values of `series_v1`: a daily history in short, in its own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesFeatures {
    /// Days since the first sale.
    pub history_days: u32,
    /// Days with net sales.
    pub sale_days: u32,
    /// Net sum of the last 7 days.
    pub sum_7d: f64,
    /// Net sum of the last 28 days.
    pub sum_28d: f64,
    /// Net sum of the last 90 days.
    pub sum_90d: f64,
}

impl SeriesFeatures {
    /// Of net values by day.
    pub fn of(net: &[f64]) -> Self {
        let recent = |days: usize| net.iter().rev().take(days).sum();
        Self {
            history_days: net.len() as u32,
            sale_days: net.iter().filter(|value| **value > 0.0).count() as u32,
            sum_7d: recent(7),
            sum_28d: recent(28),
            sum_90d: recent(90),
        }
    }
}

/// One value a day from `from` on, without gaps.
#[derive(Clone, Debug, PartialEq)]
pub struct DailySeries {
    /// Day of the first value: the first sale.
    pub from: Day,
    /// Net values; the last one is of the day before `today`.
    pub net: Vec<f64>,
}

impl DailySeries {
    /// What demand is learned from: no day below 0.
    pub fn demand(&self) -> Vec<f64> {
        self.net.iter().map(|value| value.max(0.0)).collect()
    }

    /// Days with net sales.
    pub fn sale_days(&self) -> usize {
        self.net.iter().filter(|value| **value > 0.0).count()
    }

    /// Sum of the last `days` values.
    pub fn recent(&self, days: usize) -> f64 {
        self.net.iter().rev().take(days).sum()
    }
}

/// Sales lines before `today`, gathered by product: one pass, then each product's series is cheap.
#[derive(Clone, Debug, Default)]
pub struct SalesByProduct {
    today: Day,
    /// Product → its first entry; one more closes the last.
    first: Vec<u32>,
    day: Vec<Day>,
    quantity: Vec<Quantity>,
    /// Product → day of its last sale.
    last_sale: Vec<Option<Day>>,
}

impl SalesByProduct {
    /// Gathers the lines of `shop`, or of all shops.
    pub fn build(tables: &Tables, shop: Option<usize>, today: Day) -> Self {
        let sales = &tables.sales;
        let upto = sales.day.partition_point(|&day| day < today);
        let here = |receipt: &usize| shop.is_none_or(|shop| sales.shop[*receipt] as usize == shop);
        let mut first = vec![0u32; tables.products.len() + 1];
        for receipt in (0..upto).filter(here) {
            for &product in &sales.product[sales.lines_of(receipt)] {
                first[product as usize + 1] += 1;
            }
        }
        for product in 0..tables.products.len() {
            first[product + 1] += first[product];
        }
        let entries = first.last().copied().unwrap_or(0) as usize;
        let mut next = first.clone();
        let mut day = vec![Day(0); entries];
        let mut quantity = vec![Quantity::ZERO; entries];
        let mut last_sale = vec![None; tables.products.len()];
        for receipt in (0..upto).filter(here) {
            for line in sales.lines_of(receipt) {
                let product = sales.product[line] as usize;
                let at = next[product] as usize;
                next[product] += 1;
                day[at] = sales.day[receipt];
                quantity[at] = sales.quantity[line];
                if sales.kind[receipt] == ReceiptKind::Sale {
                    last_sale[product] = Some(sales.day[receipt]);
                }
            }
        }
        Self { today, first, day, quantity, last_sale }
    }

    /// The day that was asked for: the first one that is not in the series.
    pub fn today(&self) -> Day {
        self.today
    }

    /// Day of the last sale before `today`.
    pub fn last_sale(&self, product: usize) -> Option<Day> {
        self.last_sale[product]
    }

    /// Net pieces by day from the first day with a positive line on; none when it never sold.
    pub fn series(&self, product: usize) -> Option<DailySeries> {
        let entries = self.first[product] as usize..self.first[product + 1] as usize;
        let (days, quantities) = (&self.day[entries.clone()], &self.quantity[entries]);
        let sold = quantities.iter().position(|quantity| quantity.0 > 0)?;
        let from = days[sold];
        let mut net = vec![0.0; (self.today.0 - from.0) as usize];
        for (day, quantity) in days[sold..].iter().zip(&quantities[sold..]) {
            net[(day.0 - from.0) as usize] += quantity.as_units();
        }
        Some(DailySeries { from, net })
    }
}

/// Net revenue by day, in whole currency units, from the first sale to the day before `today`.
pub fn daily_revenue(tables: &Tables, shop: Option<usize>, today: Day) -> Option<DailySeries> {
    let sales = &tables.sales;
    let upto = sales.day.partition_point(|&day| day < today);
    let here = |receipt: &usize| shop.is_none_or(|shop| sales.shop[*receipt] as usize == shop);
    let first = (0..upto).filter(here).find(|&receipt| sales.kind[receipt] == ReceiptKind::Sale)?;
    let from = sales.day[first];
    let mut paisa = vec![0i64; (today.0 - from.0) as usize];
    for receipt in (first..upto).filter(here) {
        let amounts = &sales.amount[sales.lines_of(receipt)];
        paisa[(sales.day[receipt].0 - from.0) as usize] += amounts.iter().map(|amount| amount.0).sum::<i64>();
    }
    Some(DailySeries { from, net: paisa.into_iter().map(|paisa| paisa as f64 / 100.0).collect() })
}
