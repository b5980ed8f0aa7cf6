//! Nahi mila: what customers asked for in vain, as lost rupees.
//!
//! Question: what was asked for and not there, how often, and what did that cost? Input: the interactions of the last
//! [`ASKED_DAYS`] days that say so, by the very day (never as of an older end of the books). Output: a row a product,
//! and one for equal words that name no product: times, rupees (times × the price asked, else the average charged) and
//! what is known of the shelf. How it fails: a customer who asks twice is counted twice, and a price that was never set
//! or charged leaves the rupees open.

use super::reorder::prices;
use crate::{
    id::{ProductId, SupplierId},
    money::{Currency, Paisa},
    quantity::Quantity,
    record::InteractionKind,
    table::{NONE, Tables},
    time::Day,
};
use serde::{Deserialize, Serialize};
use std::{cmp::Reverse, collections::BTreeMap, ops::RangeInclusive};

/// Days that are looked back on.
pub const ASKED_DAYS: i32 = 30;

/// Answer to `Task::Asked`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AskedAnswer {
    /// What amounts are in.
    pub currency: Currency,
    /// Days looked back on.
    pub days: u16,
    /// Rupees of all rows whose price is known.
    pub lost: Paisa,
    /// By rupees lost, then by how often, then by name.
    pub rows: Vec<AskedFor>,
}

/// One product, or the same words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AskedFor {
    /// Which product; none where only words were written down.
    pub product: Option<ProductId>,
    /// Its name, or the words.
    pub name: String,
    /// How often.
    pub times: u32,
    /// When last.
    pub last: Day,
    /// Times × price, where a price is known.
    pub lost: Option<Paisa>,
    /// Pieces on the shelf by now; none when never counted.
    pub on_hand: Option<Quantity>,
    /// Pieces on their way.
    pub on_order: Quantity,
    /// Who delivered it last.
    pub supplier: Option<SupplierId>,
    /// What one costs, if known.
    pub cost: Option<Paisa>,
}

/// Words for comparing: case and spaces tell no two wishes apart.
fn folded(words: &str) -> String {
    words.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// What was asked for in vain on some days: product or [`NONE`], words, day. Words that are a product's very name mean it.
pub(super) fn in_vain(
    tables: &Tables,
    shop: Option<usize>,
    days: RangeInclusive<Day>,
) -> impl Iterator<Item = (u32, &str, Day)> {
    let named: BTreeMap<String, u32> =
        (tables.products.iter().zip(0..)).map(|(row, place)| (folded(&row.label()), place)).collect();
    tables.interactions.iter().filter_map(move |row| {
        let here = shop.is_none_or(|shop| row.shop as usize == shop);
        let day = row.at.day(tables.zone(Some(row.shop as usize)));
        if row.kind != InteractionKind::NotInStock || !here || !days.contains(&day) {
            return None;
        }
        let words = row.text.as_deref().unwrap_or_default();
        let product = match row.product {
            NONE => named.get(&folded(words)).copied().unwrap_or(NONE),
            product => product,
        };
        Some((product, words, day))
    })
}

/// Answers `Task::Asked`.
pub fn answer(tables: &Tables, shop: Option<usize>, today: Day) -> AskedAnswer {
    let mut found: BTreeMap<(u32, String), (String, u32, Day)> = BTreeMap::new();
    for (product, words, on) in in_vain(tables, shop, Day(today.0 - ASKED_DAYS + 1)..=today) {
        let key = if product == NONE { (NONE, folded(words)) } else { (product, String::new()) };
        let (_, times, last) = found.entry(key).or_insert_with(|| (words.trim().to_owned(), 0, on));
        *times += 1;
        *last = on.max(*last);
    }
    let prices = prices(tables, shop, today);
    let mut rows: Vec<AskedFor> = (found.into_iter())
        .map(|((product, _), (words, times, last))| {
            let Some(row) = tables.products.get(product as usize) else {
                return AskedFor {
                    product: None,
                    name: words,
                    times,
                    last,
                    lost: None,
                    on_hand: None,
                    on_order: Quantity::ZERO,
                    supplier: None,
                    cost: None,
                };
            };
            let place = product as usize;
            AskedFor {
                product: Some(row.id),
                name: row.label(),
                times,
                last,
                lost: prices[place].map(|price| Paisa(price.0.saturating_mul(i64::from(times)))),
                on_hand: tables.on_hand(shop, place),
                on_order: tables.on_order(shop, place),
                supplier: tables.supplier(shop, place).map(|supplier| tables.suppliers[supplier].id),
                cost: row.cost,
            }
        })
        .collect();
    crate::order::by(&mut rows, |a, b| {
        let key = |row: &AskedFor| (Reverse(row.lost), Reverse(row.times));
        key(a).cmp(&key(b)).then_with(|| (&a.name, a.product).cmp(&(&b.name, b.product)))
    });
    AskedAnswer {
        currency: tables.currency(shop),
        days: ASKED_DAYS as u16,
        lost: rows.iter().filter_map(|row| row.lost).sum(),
        rows,
    }
}
