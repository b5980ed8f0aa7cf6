//! What was not like the rest and needs a look: sales, shelves, prices, discounts, drawers; and how each is settled.
//!
//! Question answered: what of the last weeks should the owner look at. Input: the tables, the shop or all, the first day
//! that is not over. Output: [`AnomaliesAnswer`], most rupees first, each with what was found, what was expected, and a
//! key that stays the same while the thing does. Sales are judged by [`crate::anomaly`] at a set rate of false alarms;
//! the others by plain rules against the shop's own past ([`shelf`], [`counter`]). What was settled
//! ([`Settlement`]) is gone from the list.
//!
//! A word "wrong alarm" makes its detector slower to speak in that shop: each of the last [`REMEMBERED_DAYS`] days halves
//! the rate of false alarms that sales may have, and raises what the others let pass by a quarter; at most [`MOST_WRONG`]
//! count.
//!
//! Assumption: the last weeks are what can still be mended. How it fails: with little history little is said; what a shop
//! never writes down (counts, closings) cannot be judged.

mod counter;
mod sales;
mod settle;
mod shelf;

pub use settle::settled;

use crate::{
    id::{ProductId, SaleId, ShopId, UserId},
    money::{Currency, Paisa},
    reason::Reason,
    record::{Detector, SettledAs, Settlement},
    table::{Tables, settled::SettledRow},
    time::Day,
};
use serde::{Deserialize, Serialize};
use std::{cmp::Reverse, collections::BTreeSet};

/// Version of detectors and rules, kept with what was settled.
pub const VERSION: &str = "1.0.0";

/// Listed at most.
const MOST: usize = 60;

/// Settled ones shown, newest first.
const MOST_SETTLED: usize = 20;

/// Days that a wrong alarm is remembered.
pub const REMEMBERED_DAYS: i32 = 180;

/// Wrong alarms of a detector that count.
pub const MOST_WRONG: u32 = 6;

/// Answer to `Task::Anomalies`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnomaliesAnswer {
    /// Which shop; none for all.
    pub shop: Option<ShopId>,
    /// What amounts are in.
    pub currency: Currency,
    /// What needs a look, most rupees first.
    pub rows: Vec<Unusual>,
    /// How many there are, listed or not.
    pub count: u64,
    /// What was settled, newest first.
    pub settled: Vec<SettledRow>,
    /// Detectors that are slower to speak here, by how many wrong alarms.
    pub wrong: Vec<(Detector, u32)>,
}

/// What was found, and what was expected instead.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Figure {
    /// Rupees.
    Money(Paisa),
    /// Pieces.
    Pieces(f64),
    /// A share of 1.
    Share(f64),
}

/// One thing to look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unusual {
    /// The same as long as the thing is the same.
    pub key: String,
    /// What found it.
    pub detector: Detector,
    /// Where.
    pub shop: ShopId,
    /// When.
    pub day: Day,
    /// Of which product.
    pub product: Option<ProductId>,
    /// The product's name, or the bill's number, or empty.
    pub name: String,
    /// Whose doing.
    pub user: Option<UserId>,
    /// On which bill.
    pub sale: Option<SaleId>,
    /// What was found.
    pub found: Figure,
    /// What was expected.
    pub expected: Figure,
    /// Rupees at stake, zero or more.
    pub amount: Paisa,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// How slow to speak each detector is in one shop.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Patience<'a> {
    settled: &'a [SettledRow],
    shop: ShopId,
    since: Day,
}

impl Patience<'_> {
    fn wrong(&self, tables: &Tables, detector: Detector) -> u32 {
        let zone = tables.zone(tables.shop(self.shop));
        let counts = |row: &&SettledRow| {
            let Settlement { shop, detector: of, settled, .. } = &row.said;
            (*shop, *of, *settled) == (self.shop, detector, SettledAs::WrongAlarm)
                && row.at.day(zone) >= self.since
        };
        (self.settled.iter().filter(counts).count() as u32).min(MOST_WRONG)
    }

    /// What a false-alarm rate is multiplied by.
    fn rate(&self, tables: &Tables, detector: Detector) -> f64 {
        0.5f64.powi(self.wrong(tables, detector) as i32)
    }

    /// What a threshold is multiplied by.
    fn threshold(&self, tables: &Tables, detector: Detector) -> f64 {
        1.25f64.powi(self.wrong(tables, detector) as i32)
    }
}

/// All detectors, in the order of their names.
const DETECTORS: [Detector; 7] = [
    Detector::Sales,
    Detector::Product,
    Detector::Count,
    Detector::Price,
    Detector::Discount,
    Detector::Closing,
    Detector::BelowZero,
];

/// Answers `Task::Anomalies`; `shop` is a position.
pub fn answer(tables: &Tables, shop: Option<usize>, today: Day) -> AnomaliesAnswer {
    let shops: Vec<usize> = shop.map_or_else(|| (0..tables.shops.len()).collect(), |shop| vec![shop]);
    let mut rows = Vec::new();
    let mut wrong = vec![0; DETECTORS.len()];
    for &shop in &shops {
        let since = Day(today.0 - REMEMBERED_DAYS);
        let patience = Patience { settled: &tables.settled, shop: tables.shops[shop].id, since };
        for (sum, detector) in wrong.iter_mut().zip(DETECTORS) {
            *sum += patience.wrong(tables, detector);
        }
        rows.extend(sales::unusual(tables, shop, today, patience));
        rows.extend(shelf::unusual(tables, shop, today, patience));
        rows.extend(counter::unusual(tables, shop, today, patience));
    }
    let known: BTreeSet<&str> = tables.settled.iter().map(|row| row.said.key.as_str()).collect();
    rows.retain(|row| !known.contains(row.key.as_str()));
    crate::order::by_key(&mut rows, |row| (Reverse(row.amount), row.key.clone()));
    let count = rows.len() as u64;
    rows.truncate(MOST);
    let here = |row: &&SettledRow| shops.iter().any(|shop| tables.shops[*shop].id == row.said.shop);
    let mut settled: Vec<SettledRow> = tables.settled.iter().filter(here).cloned().collect();
    crate::order::by_key(&mut settled, |row| Reverse(row.at));
    settled.truncate(MOST_SETTLED);
    AnomaliesAnswer {
        shop: shop.map(|shop| tables.shops[shop].id),
        currency: tables.currency(shop),
        rows,
        count,
        settled,
        wrong: DETECTORS.into_iter().zip(wrong).filter(|(_, count)| *count > 0).collect(),
    }
}

/// The middle value, or the mean of the two in the middle; none of none.
fn middle(mut values: Vec<f64>) -> Option<f64> {
    crate::order::floats(&mut values);
    let upper = values.get(values.len() / 2)?;
    let lower = values[(values.len() - 1) / 2];
    Some(0.5 * (lower + upper))
}

/// Middle, and the middle distance from it as a standard deviation.
fn middle_and_spread(values: &[f64]) -> Option<(f64, f64)> {
    let centre = middle(values.to_vec())?;
    let spread = middle(values.iter().map(|value| (value - centre).abs()).collect())?;
    Some((centre, 1.4826 * spread))
}

/// Whole paisa of an amount in rupees.
fn paisa(rupees: f64) -> Paisa {
    Paisa((rupees * 100.0).round() as i64)
}
