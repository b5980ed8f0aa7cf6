//! XYZ: how much a product's weeks differ, once what moved its whole category is taken out.
//!
//! Question answered: can its demand be told in advance? Input: net pieces of the last [`WEEKS`] whole weeks of each
//! product, weeks with an empty shelf left out, and its category. Output: the coefficient of variation of de-seasonalised
//! weekly demand, and X, Y or Z: at most [`X_ENDS`], at most [`Y_ENDS`], more.
//!
//! One year of one product tells no season, so the season is its category's: in week w the others sold n(w), on average n̄;
//! the index is 1 + k · (n(w) ÷ n̄ − 1) with k = 1 − (1 ÷ n̄) ÷ variance of n(w) ÷ n̄, at least 0: what chance alone
//! does to counts is no season. Without its own pieces, so that no product explains itself.
//!
//! How it fails: fewer than [`MIN_WEEKS`] weeks say nothing; growth counts as variation.
//! References: Scholz-Reiter, Heger, Meinecke & Bergmann, IJPPM 61 (2012) (limits 0.5 and 1); Withycombe, "Forecasting with
//! combined seasonal indices", IJF 5 (1989); Miller & Williams, "Shrinkage estimators of time series seasonal factors",
//! IJF 19 (2003).

use crate::{
    feature::{availability::ShelfDay, demand::DailySeries},
    inventory::moments::moments,
    time::Day,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Weeks that are looked back on.
pub const WEEKS: usize = 52;
/// Weeks that a variation needs.
pub const MIN_WEEKS: usize = 8;
/// Up to here demand is steady.
pub const X_ENDS: f64 = 0.5;
/// Up to here it swings; beyond, it cannot be told.
pub const Y_ENDS: f64 = 1.0;

/// A week in which the shelf was empty on so many days shows no demand.
const EMPTY_DAYS: usize = 4;
/// No week counts as more than this many times the usual, or less than its inverse.
const MOST_SEASON: f64 = 4.0;

/// How steady demand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Xyz {
    /// Steady.
    X,
    /// Swings.
    Y,
    /// Cannot be told.
    Z,
}

impl Xyz {
    /// Of a coefficient of variation.
    pub fn of(variation: f64) -> Self {
        match variation {
            it if it <= X_ENDS => Self::X,
            it if it <= Y_ENDS => Self::Y,
            _ => Self::Z,
        }
    }

    /// One letter.
    pub fn name(self) -> &'static str {
        ["X", "Y", "Z"][self as usize]
    }
}

/// Net pieces of each whole week, the newest first, none where the shelf was empty.
pub type Weeks = Vec<Option<f64>>;

/// The whole weeks of a series that ends the day before `today`; `shelf` are its days from `series.from` on, or empty.
pub fn weeks(series: &DailySeries, shelf: &[ShelfDay], today: Day) -> Weeks {
    let end = usize::try_from(today.0 - series.from.0).unwrap_or(0).min(series.net.len());
    (1..=(end / 7).min(WEEKS))
        .map(|back| {
            let days = end - 7 * back..end - 7 * (back - 1);
            let of_shelf = shelf.get(days.clone()).unwrap_or_default();
            let empty = of_shelf.iter().filter(|it| **it == ShelfDay::Empty).count();
            (empty < EMPTY_DAYS).then(|| series.net[days].iter().sum::<f64>().max(0.0))
        })
        .collect()
}

/// Product → coefficient of variation, none where its weeks are too few or all empty. `groups` are their categories.
pub fn variation(products: &[Weeks], groups: &[&str]) -> Vec<Option<f64>> {
    let mut totals: BTreeMap<&str, [f64; WEEKS]> = BTreeMap::new();
    for (weeks, group) in products.iter().zip(groups) {
        let total = totals.entry(group).or_insert([0.0; WEEKS]);
        for (sum, week) in total.iter_mut().zip(weeks) {
            *sum += week.unwrap_or(0.0);
        }
    }
    let of = |weeks: &Weeks, group: &&str| {
        let total = totals.get(group)?;
        let others: Vec<f64> =
            weeks.iter().zip(total).map(|(own, all)| (all - own.unwrap_or(0.0)).max(0.0)).collect();
        let index = season(&others);
        let level: Vec<f64> =
            weeks.iter().zip(index).filter_map(|(week, index)| week.map(|week| week / index)).collect();
        if level.len() < MIN_WEEKS {
            return None;
        }
        let (mean, variance) = moments(&level);
        (mean > 0.0).then(|| variance.sqrt() / mean)
    };
    products.iter().zip(groups).map(|(weeks, group)| of(weeks, group)).collect()
}

/// Week → how many times the usual the others sold, as far as that is more than chance.
fn season(others: &[f64]) -> Vec<f64> {
    let (mean, variance) = moments(others);
    if mean <= 0.0 || variance <= 0.0 {
        return vec![1.0; others.len()];
    }
    let kept = (1.0 - mean / variance).max(0.0);
    let index = |sold: &f64| (1.0 + kept * (sold / mean - 1.0)).clamp(1.0 / MOST_SEASON, MOST_SEASON);
    others.iter().map(index).collect()
}
