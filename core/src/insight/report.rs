//! The sales report: the seed's `SalesAnalytics` (summary, trends, top products, insights).
//!
//! Question: how did a period go? Input: sales lines of the period. Output: totals, revenue by day, week and
//! month, ten best products, customers by segment as of the period's last day, and days out of the ordinary.
//! Days without a sale count 0, from the first to the last day of the period on which the shop sold anything.

use crate::{
    anomaly,
    customer::rfm::{RfmTable, SegmentCount},
    id::ProductId,
    money::{Currency, Paisa},
    quantity::{Quantity, divide_half_even},
    reason::Reason,
    table::{NONE, ReceiptKind, Tables},
    time::{Day, Period},
};
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Answer to `Task::Report`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Days asked for.
    pub period: Period,
    /// What amounts are in.
    pub currency: Currency,
    /// Totals.
    pub summary: Summary,
    /// By day, week and month.
    pub trends: Trends,
    /// Ten products with the most net revenue.
    pub top_products: Vec<ProductTotal>,
    /// Customers by RFM segment as of the period's last day.
    pub rfm: Vec<SegmentCount>,
    /// What stands out.
    pub insights: Vec<Reason>,
}

/// Totals of a period.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Net revenue: sales less returns.
    pub revenue: Paisa,
    /// Net pieces.
    pub quantity: Quantity,
    /// Sales receipts.
    pub sales: u64,
    /// Return receipts.
    pub returns: u64,
    /// Amount of the returns (positive).
    pub returned: Paisa,
    /// Lines.
    pub lines: u64,
    /// Customers known by name or number.
    pub customers: u64,
    /// Share of net revenue with a known customer, 0–1.
    pub known_customer_share: f64,
    /// Products sold.
    pub products: u64,
    /// Revenue ÷ sales receipts.
    pub average_order_value: Paisa,
    /// Revenue − cost over lines whose cost is known.
    pub profit: Option<Paisa>,
}

/// Net revenue over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trends {
    /// First day of the period and revenue of each day.
    pub daily: Vec<(Day, Paisa)>,
    /// Monday and revenue of each week.
    pub weekly: Vec<(Day, Paisa)>,
    /// First of the month and revenue.
    pub monthly: Vec<(Day, Paisa)>,
}

/// One product's totals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductTotal {
    /// Which product.
    pub product: ProductId,
    /// Its code.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Net revenue.
    pub revenue: Paisa,
    /// Net pieces.
    pub quantity: Quantity,
}

/// Products listed.
const TOP: usize = 10;
/// Unusual days named, the most unusual first.
const UNUSUAL_DAYS: usize = 3;

/// Answers `Task::Report`.
pub fn answer(tables: &Tables, shop: Option<usize>, period: Period) -> Report {
    let daily = daily(tables, shop, period);
    Report {
        period,
        currency: tables.currency(shop),
        summary: summary(tables, shop, period),
        top_products: top_products(tables, shop, period),
        rfm: RfmTable::build(tables, shop, period.to).segment_counts(),
        insights: insights(tables, shop, period),
        trends: Trends {
            weekly: sums(&daily, |day| Day(day.0 - i32::from(day.weekday()))),
            monthly: sums(&daily, |day| Day(day.0 - day.date().day0() as i32)),
            daily,
        },
    }
}

/// Receipts of the period, of all shops.
fn receipts(tables: &Tables, period: Period) -> Range<usize> {
    let days = &tables.sales.day;
    let from = days.partition_point(|day| *day < period.from);
    from..days.partition_point(|day| *day <= period.to).max(from)
}

fn in_shop(tables: &Tables, shop: Option<usize>) -> impl Fn(&usize) -> bool {
    move |receipt| shop.is_none_or(|shop| tables.sales.shop[*receipt] as usize == shop)
}

fn summary(tables: &Tables, shop: Option<usize>, period: Period) -> Summary {
    let sales = &tables.sales;
    let mut it = Summary::default();
    let (mut customers, mut products) =
        (vec![false; tables.customers.len()], vec![false; tables.products.len()]);
    let mut known = Paisa::ZERO;
    for receipt in receipts(tables, period).filter(in_shop(tables, shop)) {
        let lines = sales.lines_of(receipt);
        let amount: Paisa = sales.amount[lines.clone()].iter().copied().sum();
        match sales.kind[receipt] {
            ReceiptKind::Sale => it.sales += 1,
            ReceiptKind::Return => {
                it.returns += 1;
                it.returned += -amount;
            }
        }
        it.revenue += amount;
        it.lines += lines.len() as u64;
        let customer = sales.customer[receipt];
        if customer != NONE {
            known += amount;
            customers[customer as usize] = true;
        }
        for line in lines {
            it.quantity += sales.quantity[line];
            products[sales.product[line] as usize] = true;
            // A cost that does not fit 64 bits times its quantity is no cost.
            if let Some(cost) = sales.unit_cost[line].and_then(|cost| sales.quantity[line].times(cost)) {
                it.profit = Some(it.profit.unwrap_or_default() + sales.amount[line] - cost);
            }
        }
    }
    it.customers = customers.iter().filter(|bought| **bought).count() as u64;
    it.products = products.iter().filter(|sold| **sold).count() as u64;
    if it.revenue > Paisa::ZERO {
        it.known_customer_share = (known.0 as f64 / it.revenue.0 as f64).clamp(0.0, 1.0);
    }
    if it.sales > 0 {
        let average = divide_half_even(i128::from(it.revenue.0), i128::from(it.sales));
        it.average_order_value = Paisa(i64::try_from(average).unwrap_or_default());
    }
    it
}

/// Net revenue of every day from the first to the last receipt within the period.
fn daily(tables: &Tables, shop: Option<usize>, period: Period) -> Vec<(Day, Paisa)> {
    let sales = &tables.sales;
    let mut days: Vec<(Day, Paisa)> = Vec::new();
    for receipt in receipts(tables, period).filter(in_shop(tables, shop)) {
        let day = sales.day[receipt];
        let from = days.last().map_or(day.0, |(last, _)| last.0 + 1);
        days.extend((from..=day.0).map(|day| (Day(day), Paisa::ZERO)));
        if let Some((_, revenue)) = days.last_mut() {
            *revenue += sales.amount[sales.lines_of(receipt)].iter().copied().sum();
        }
    }
    days
}

/// Sums of neighbours that share a bucket.
fn sums(daily: &[(Day, Paisa)], bucket: impl Fn(Day) -> Day) -> Vec<(Day, Paisa)> {
    let mut sums: Vec<(Day, Paisa)> = Vec::new();
    for &(day, revenue) in daily {
        match sums.last_mut().filter(|(last, _)| *last == bucket(day)) {
            Some((_, sum)) => *sum += revenue,
            None => sums.push((bucket(day), revenue)),
        }
    }
    sums
}

/// By net revenue, most first; equals by id.
fn top_products(tables: &Tables, shop: Option<usize>, period: Period) -> Vec<ProductTotal> {
    let sales = &tables.sales;
    let mut totals = vec![(Paisa::ZERO, Quantity::ZERO); tables.products.len()];
    for receipt in receipts(tables, period).filter(in_shop(tables, shop)) {
        for line in sales.lines_of(receipt) {
            let (revenue, quantity) = &mut totals[sales.product[line] as usize];
            *revenue += sales.amount[line];
            *quantity += sales.quantity[line];
        }
    }
    let mut order: Vec<usize> =
        (0..totals.len()).filter(|&product| totals[product].0 > Paisa::ZERO).collect();
    crate::order::by_key(&mut order, |&product| std::cmp::Reverse(totals[product].0));
    let total = |product: usize| {
        let row = &tables.products[product];
        ProductTotal {
            product: row.id,
            sku: row.fields.sku.clone().unwrap_or_default(),
            name: row.label(),
            revenue: totals[product].0,
            quantity: totals[product].1,
        }
    };
    order.into_iter().take(TOP).map(total).collect()
}

/// Days of the period that sold far more or less than their weekday usually does, measured on all days before. Days
/// of trade come first: of a day without any sale the owner knows that the shop was closed.
fn insights(tables: &Tables, shop: Option<usize>, period: Period) -> Vec<Reason> {
    let Some(all) = tables.sales.period() else { return Vec::new() };
    let history = daily(tables, shop, Period { from: all.from, to: period.to });
    let values: Vec<f64> = history.iter().map(|(_, revenue)| revenue.as_units()).collect();
    let first = history.partition_point(|(day, _)| *day < period.from);
    let mut unusual: Vec<anomaly::DayScore> = (first..values.len())
        .filter_map(|index| anomaly::score(&values, index))
        .filter(|day| day.score.abs() >= anomaly::UNUSUAL)
        .collect();
    crate::order::by(&mut unusual, |a, b| {
        let was_closed = |day: &anomaly::DayScore| history[day.index].1 == Paisa::ZERO;
        was_closed(a).cmp(&was_closed(b)).then(b.score.abs().total_cmp(&a.score.abs()))
    });
    let reason = |day: anomaly::DayScore| Reason::UnusualSales {
        day: history[day.index].0,
        actual: history[day.index].1,
        expected: Paisa((day.expected * 100.0).round() as i64),
    };
    unusual.into_iter().take(UNUSUAL_DAYS).map(reason).collect()
}
