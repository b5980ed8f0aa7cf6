//! How a customer behaves in the shop: the five behavioural features of the seed, from what the till noted.
//!
//! Question: how does this customer come, look and bargain? Input: interactions noted at the till and receipts, until a
//! day. Output: [`Behaviour`]. Counts are of all time; `visit_frequency` is days with a visit or a receipt a month, over
//! the last [`VISIT_DAYS`] days; `time_spent_in_store` the mean of the minutes that were noted. How it fails: what nobody
//! noted did not happen; a shop that notes little sees counts that are too low, and all are zero where it notes nothing.

use crate::{
    record::InteractionKind,
    table::{Tables, interaction::InteractionRow},
    time::Day,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Days over which visits are counted.
pub const VISIT_DAYS: i32 = 90;
/// Days of a month.
const MONTH_DAYS: f64 = 30.0;

/// One customer's features, by the seed's names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Behaviour {
    /// Days in the shop a month.
    pub visit_frequency: f64,
    /// Minutes a visit, of those that were noted.
    pub time_spent_in_store: Option<f64>,
    /// How often products were compared.
    pub product_comparison_count: u32,
    /// How often there was bargaining.
    pub negotiation_attempts: u32,
    /// How many they sent.
    pub referral_count: u32,
    /// How often what they asked for was not there.
    pub not_in_stock_count: u32,
}

impl Behaviour {
    /// Of a customer (a position), by the end of `today`, over all shops.
    pub fn of(tables: &Tables, customer: usize, today: Day) -> Self {
        let day = |row: &InteractionRow| row.at.day(tables.zone(Some(row.shop as usize)));
        let mine = || {
            let all = tables.interactions.iter();
            all.filter(|row| row.customer as usize == customer && day(row) <= today)
        };
        let count = |kind| mine().filter(|row| row.kind == kind).count() as u32;
        let first = Day(today.0 - VISIT_DAYS + 1);
        let sales = &tables.sales;
        let (from, upto) =
            (sales.day.partition_point(|day| *day < first), sales.day.partition_point(|day| *day <= today));
        let bought = (from..upto).filter(|&receipt| sales.customer[receipt] as usize == customer);
        let mut days: BTreeSet<Day> = bought.map(|receipt| sales.day[receipt]).collect();
        // Who sent somebody was not here himself.
        days.extend(
            mine().filter(|row| row.kind != InteractionKind::Referral).map(day).filter(|day| *day >= first),
        );
        let minutes: Vec<f64> = mine().filter_map(|row| row.minutes).map(f64::from).collect();
        Self {
            visit_frequency: days.len() as f64 * MONTH_DAYS / f64::from(VISIT_DAYS),
            time_spent_in_store: (!minutes.is_empty())
                .then(|| minutes.iter().sum::<f64>() / minutes.len() as f64),
            product_comparison_count: count(InteractionKind::Comparison),
            negotiation_attempts: count(InteractionKind::Negotiation),
            referral_count: count(InteractionKind::Referral),
            not_in_stock_count: count(InteractionKind::NotInStock),
        }
    }
}
