//! Plain aggregations over all sales lines: day totals, product × day, per-customer RFM.
//!
//! The tables' order does the work: receipts stand by day, so day totals are one pass without a look-up;
//! product × day is one counting sort by product, which keeps the days' order within each product.

use crate::{
    money::Paisa,
    quantity::Quantity,
    table::{NONE, ReceiptKind, Tables},
    time::Day,
};
use serde::{Deserialize, Serialize};

/// Which aggregation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Aggregation {
    /// Revenue, pieces and lines by day.
    DayTotals,
    /// Revenue and pieces by product and day.
    ProductDay,
    /// Last day, receipts and spend by customer.
    CustomerRfm,
}

/// The answer, as columns in canonical order (day; product, day; customer).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Aggregate {
    /// By day.
    DayTotals {
        /// Day.
        day: Vec<Day>,
        /// Net revenue.
        revenue: Vec<Paisa>,
        /// Net pieces.
        quantity: Vec<Quantity>,
        /// Lines.
        lines: Vec<u32>,
    },
    /// By product and day.
    ProductDay {
        /// Position in `products`.
        product: Vec<u32>,
        /// Day.
        day: Vec<Day>,
        /// Net revenue.
        revenue: Vec<Paisa>,
        /// Net pieces.
        quantity: Vec<Quantity>,
    },
    /// By customer.
    CustomerRfm {
        /// Position in `customers`.
        customer: Vec<u32>,
        /// Last day with a sale (returns do not count).
        last: Vec<Day>,
        /// Sales receipts.
        receipts: Vec<u32>,
        /// Net spend.
        spend: Vec<Paisa>,
    },
}

/// Answers `Task::Aggregate`.
pub fn aggregate(tables: &Tables, aggregation: Aggregation) -> Aggregate {
    match aggregation {
        Aggregation::DayTotals => day_totals(tables),
        Aggregation::ProductDay => product_day(tables),
        Aggregation::CustomerRfm => customer_rfm(tables),
    }
}

fn day_totals(tables: &Tables) -> Aggregate {
    let sales = &tables.sales;
    let (mut day, mut revenue, mut quantity, mut lines) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut from = 0;
    while from < sales.receipts() {
        let today = sales.day[from];
        let to = from + sales.day[from..].partition_point(|day| *day <= today);
        let range = sales.first_line[from] as usize..sales.first_line[to] as usize;
        day.push(today);
        revenue.push(sales.amount[range.clone()].iter().copied().sum());
        quantity.push(sales.quantity[range.clone()].iter().copied().sum());
        lines.push(range.len() as u32);
        from = to;
    }
    Aggregate::DayTotals { day, revenue, quantity, lines }
}

fn product_day(tables: &Tables) -> Aggregate {
    let sales = &tables.sales;
    let mut place = vec![0_u32; tables.products.len() + 1];
    for &product in &sales.product {
        place[product as usize + 1] += 1;
    }
    for product in 0..tables.products.len() {
        place[product + 1] += place[product];
    }
    // Lines by product; within a product they stay in order of day.
    let mut sorted = vec![(Day(0), 0_i64, 0_i64); sales.lines()];
    let mut next = place.clone();
    for receipt in 0..sales.receipts() {
        let day = sales.day[receipt];
        for line in sales.lines_of(receipt) {
            let slot = &mut next[sales.product[line] as usize];
            sorted[*slot as usize] = (day, sales.amount[line].0, sales.quantity[line].0);
            *slot += 1;
        }
    }
    let (mut product, mut day, mut revenue, mut quantity) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for index in 0..tables.products.len() {
        let mut lines = sorted[place[index] as usize..place[index + 1] as usize].iter().copied().peekable();
        while let Some((today, mut amount, mut pieces)) = lines.next() {
            while let Some((_, more, more_pieces)) = lines.next_if(|(day, ..)| *day == today) {
                amount += more;
                pieces += more_pieces;
            }
            product.push(index as u32);
            day.push(today);
            revenue.push(Paisa(amount));
            quantity.push(Quantity(pieces));
        }
    }
    Aggregate::ProductDay { product, day, revenue, quantity }
}

fn customer_rfm(tables: &Tables) -> Aggregate {
    let sales = &tables.sales;
    let mut by_customer = vec![(Day(0), 0_u32, Paisa::ZERO); tables.customers.len()];
    for receipt in 0..sales.receipts() {
        let customer = sales.customer[receipt];
        if customer == NONE {
            continue;
        }
        let (last, receipts, spend) = &mut by_customer[customer as usize];
        *spend += sales.amount[sales.lines_of(receipt)].iter().copied().sum();
        if sales.kind[receipt] == ReceiptKind::Sale {
            // Receipts stand by day: the newest comes last.
            *last = sales.day[receipt];
            *receipts += 1;
        }
    }
    let (mut customer, mut last, mut receipts, mut spend) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (index, (last_day, count, total)) in by_customer.into_iter().enumerate() {
        if count > 0 {
            customer.push(index as u32);
            last.push(last_day);
            receipts.push(count);
            spend.push(total);
        }
    }
    Aggregate::CustomerRfm { customer, last, receipts, spend }
}
