//! A sales file's products that were launched within it, by whole weeks: what curves of new products are judged on.
//!
//! Input: the tables of an import. Output: [`Shop`]. A product is new when it was not sold in the first [`FIRST_WEEK`]
//! weeks; its launch is the first week with a sale. Files seldom name brand and category: the first word of a name
//! ("RED RETROSPOT BAG") then says of which design a product is, the last one what it is. The price is the first one that
//! was paid. How it fails: a file of less than [`FIRST_WEEK`] weeks has no launches.

use crate::{
    lifecycle_curve::{
        Attributes, Life,
        cold_start::{
            MOST_OWN_WEEKS,
            training::{Launch, Shop},
        },
    },
    table::Tables,
};

/// A product that is sold before this week may be older than the file.
pub const FIRST_WEEK: usize = 8;

/// Whether a product was first sold in the last weeks of the records, and not in their first: one that
/// [`ColdStart`](crate::lifecycle_curve::cold_start::ColdStart) can speak of.
pub fn has_newcomers(tables: &Tables) -> bool {
    let sales = &tables.sales;
    let (Some(first), Some(last)) = (sales.day.first(), sales.day.last()) else { return false };
    let newest = last.0 - 7 * (MOST_OWN_WEEKS as i32 + 1);
    let mut is_new = vec![true; tables.products.len()];
    let of = |line: usize| (sales.product[line] as usize, sales.day[sales.receipt[line] as usize].0);
    for (product, day) in (0..sales.lines()).map(of) {
        if day <= newest || day <= first.0 + 7 * FIRST_WEEK as i32 {
            is_new[product] = false;
        }
    }
    (0..sales.lines()).any(|line| is_new[of(line).0])
}

/// Products that start within the records, with price bands that begin at these prices; at the quartiles of prices
/// where none are given.
pub fn launches(tables: &Tables, bands: Option<&[f64]>) -> Shop {
    let sales = &tables.sales;
    let (Some(first), Some(last)) = (sales.day.first(), sales.day.last()) else {
        return Shop { weeks: 0, launches: Vec::new() };
    };
    let weeks = ((last.0 - first.0) / 7) as usize;
    let mut by_week = vec![vec![0.0; weeks]; tables.products.len()];
    let mut price: Vec<Option<f64>> = vec![None; tables.products.len()];
    for line in 0..sales.lines() {
        let product = sales.product[line] as usize;
        let week = ((sales.day[sales.receipt[line] as usize].0 - first.0) / 7) as usize;
        let pieces = sales.quantity[line].as_units();
        if week < weeks {
            by_week[product][week] += pieces;
            if pieces > 0.0 {
                price[product].get_or_insert(sales.amount[line].as_units() / pieces);
            }
        }
    }
    let quartiles = quartiles(price.iter().flatten().copied().collect());
    let bands = bands.unwrap_or(&quartiles);
    let launch = |(product, by_week): (usize, Vec<f64>)| {
        let week = by_week.iter().position(|it| *it > 0.0).filter(|it| *it >= FIRST_WEEK)?;
        let row = &tables.products[product];
        let name = row.label();
        let word = |it: Option<&str>| it.map(str::to_lowercase);
        let price = price[product];
        let attributes = Attributes {
            brand: row.fields.brand.clone().or_else(|| word(name.split(' ').next())),
            category: row.fields.category.clone().or_else(|| word(name.split(' ').next_back())),
            band: price.map_or(0, |price| bands.iter().filter(|end| price >= **end).count() as u8),
            price,
            storage_gb: row.fields.storage_gb,
        };
        let life = Life { attributes, weekly: by_week[week..].to_vec(), succeeded_week: None };
        Some(Launch { week, life })
    };
    Shop { weeks, launches: by_week.into_iter().enumerate().filter_map(launch).collect() }
}

fn quartiles(mut prices: Vec<f64>) -> Vec<f64> {
    crate::order::floats(&mut prices);
    let at = |part: usize| prices.get(prices.len() * part / 4).copied();
    (1..4).filter_map(at).collect()
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn quartiles_of_eight_prices_by_hand() {
        let prices = vec![8.0, 1.0, 3.0, 2.0, 5.0, 4.0, 7.0, 6.0];
        assert_eq!(quartiles(prices), [3.0, 5.0, 7.0]);
        assert!(quartiles(Vec::new()).is_empty());
    }
}
