//! What a day earned.

use crate::{
    money::Paisa,
    record::PaymentMethod,
    table::Tables,
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};
use std::{cmp::Reverse, collections::BTreeMap};

/// Names given of lines without a cost.
const NAMED: usize = 3;

/// Revenue less cost of goods, plus commissions, less expenses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profit {
    /// Sold, net of returns and discounts.
    pub revenue: Paisa,
    /// What of it was sold cost the shop, where that is known.
    pub cost: Paisa,
    /// Earned by services.
    pub commissions: Paisa,
    /// Spent.
    pub expenses: Paisa,
    /// Lines whose cost nobody wrote down: no part of `total`.
    pub unknown: Unknown,
    /// Revenue of lines with a cost, less that cost, plus commissions, less expenses.
    pub total: Paisa,
}

/// Lines without a cost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unknown {
    /// How many.
    pub lines: u64,
    /// What they brought.
    pub revenue: Paisa,
    /// Some of them by name.
    pub names: Vec<String>,
}

/// Receipts of a shop's day.
fn receipts(tables: &Tables, shop: usize, day: Day) -> impl Iterator<Item = usize> {
    let sales = &tables.sales;
    let range = sales.day.partition_point(|it| *it < day)..sales.day.partition_point(|it| *it <= day);
    range.filter(move |&receipt| sales.shop[receipt] as usize == shop)
}

/// What a line's goods cost, if known.
fn cost(tables: &Tables, line: usize) -> Option<Paisa> {
    tables.sales.unit_cost[line].and_then(|cost| tables.sales.quantity[line].times(cost))
}

/// Whether an instant lies in a shop's day.
fn is_on(tables: &Tables, shop: usize, day: Day) -> impl Fn(Timestamp) -> bool {
    let zone = tables.zone(Some(shop));
    move |at| at.day(zone) == day
}

/// Expenses by category, most first.
pub fn expenses(tables: &Tables, shop: usize, day: Day) -> Vec<(String, Paisa)> {
    let (id, is_today) = (tables.shops[shop].id, is_on(tables, shop, day));
    let mut sums: BTreeMap<&str, Paisa> = BTreeMap::new();
    for it in tables.day.expenses.iter().filter(|it| it.shop == id && is_today(it.at)) {
        *sums.entry(it.category.trim()).or_default() += it.amount;
    }
    let mut sums: Vec<(String, Paisa)> =
        sums.into_iter().filter(|(_, sum)| sum.0 != 0).map(|(name, sum)| (name.to_owned(), sum)).collect();
    crate::order::by_key(&mut sums, |(name, sum)| (Reverse(*sum), name.clone()));
    sums
}

/// Tenders other than cash, in the order of the methods.
pub fn tenders(tables: &Tables, shop: usize, day: Day) -> Vec<(PaymentMethod, Paisa)> {
    let mut sums: BTreeMap<u8, (PaymentMethod, Paisa)> = BTreeMap::new();
    for receipt in receipts(tables, shop, day) {
        let note = tables.day.receipts.get(&tables.sales.id[receipt]);
        for &(method, amount) in note.iter().flat_map(|note| &note.paid) {
            sums.entry(method as u8).or_insert((method, Paisa::ZERO)).1 += amount;
        }
    }
    sums.into_values().filter(|(_, sum)| sum.0 != 0).collect()
}

/// The day's profit.
pub fn profit(tables: &Tables, shop: usize, day: Day, expenses: &[(String, Paisa)]) -> Profit {
    let (id, is_today) = (tables.shops[shop].id, is_on(tables, shop, day));
    let sales = &tables.sales;
    let mut it = Profit { expenses: expenses.iter().map(|(_, sum)| *sum).sum(), ..Profit::default() };
    for line in receipts(tables, shop, day).flat_map(|receipt| sales.lines_of(receipt)) {
        it.revenue += sales.amount[line];
        match cost(tables, line) {
            Some(cost) => it.cost += cost,
            None => {
                it.unknown.lines += 1;
                it.unknown.revenue += sales.amount[line];
                let name = tables.products[sales.product[line] as usize].label();
                if it.unknown.names.len() < NAMED && !it.unknown.names.contains(&name) {
                    it.unknown.names.push(name);
                }
            }
        }
    }
    let services = tables.day.services.iter().filter(|service| service.shop == id && is_today(service.at));
    it.commissions = services.map(|service| service.commission).sum();
    it.total = it.revenue - it.unknown.revenue - it.cost + it.commissions - it.expenses;
    it
}
