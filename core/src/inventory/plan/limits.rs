//! A shop's limits on what it orders, and how a plan is cut to them.
//!
//! Input: what the shop wishes ([`Wish`]), with the worth of each piece, and [`Limits`]. Output: pieces to order, reasons
//! for what was changed, and which limit gave way. How it fails: a limit below 0 counts as 0; room that is already
//! overfull lets nothing in.

use super::basket::{Allotment, Held, Item, Limits as Bounds, allot};
use crate::{
    id::SupplierId, inventory::reorder::ReorderSuggestion, money::Paisa, quantity::Quantity, reason::Reason,
};
use serde::{Deserialize, Serialize};

/// The seed's `constraints`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Most money for all orders of today.
    pub max_investment: Option<Paisa>,
    /// Most pieces that shelves and store hold.
    pub storage_capacity: Option<u32>,
    /// Least order of a supplier.
    pub supplier_minimums: Vec<(SupplierId, Paisa)>,
}

impl Limits {
    /// Money alone is limited.
    pub fn of_budget(max_investment: Option<Paisa>) -> Self {
        Self { max_investment, ..Self::default() }
    }
}

/// A product to order, with what its pieces are worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// What is told of it, before any limit.
    pub suggestion: ReorderSuggestion,
    /// Pieces wished.
    pub pieces: usize,
    /// Outlay of one.
    pub outlay: Paisa,
    /// Rupees that each further piece is worth, falling: those of the wish above 0, further ones below.
    pub worth: Vec<f64>,
}

/// Cuts wishes to limits. `stored` pieces lie there or are on their way; `name` tells a supplier's.
pub(super) fn keep_to(
    limits: &Limits,
    wishes: &mut [Wish],
    stored: f64,
    name: impl Fn(SupplierId) -> String,
) -> Vec<Reason> {
    let place = |supplier: SupplierId| limits.supplier_minimums.iter().position(|it| it.0 == supplier);
    let item = |wish: &Wish| {
        let supplier = wish.suggestion.supplier.and_then(place);
        let reach = if supplier.is_some() { wish.worth.len() } else { wish.pieces };
        Item { supplier, outlay: wish.outlay.0.max(0), space: 1.0, worth: wish.worth[..reach].to_vec() }
    };
    let items: Vec<Item> = wishes.iter().map(item).collect();
    let room = limits.storage_capacity.map(|capacity| f64::from(capacity) - stored);
    let bounds = Bounds {
        budget: limits.max_investment.map(|it| it.0),
        space: room,
        minimums: limits.supplier_minimums.iter().map(|it| it.1.0).enumerate().collect(),
    };
    let found = allot(&items, &bounds);
    let wanted: Paisa = wishes.iter().map(|it| Paisa(it.outlay.0.saturating_mul(it.pieces as i64))).sum();
    let pieces: usize = wishes.iter().map(|it| it.pieces).sum();
    let told = |held: &Held| match *held {
        Held::Budget => Some(Reason::BudgetShort {
            wanted,
            budget: limits.max_investment.unwrap_or_default().max(Paisa::ZERO),
        }),
        Held::Space => {
            Some(Reason::StorageShort { wanted: pieces as f64, room: room.unwrap_or(0.0).max(0.0) })
        }
        Held::BelowMinimum(at) | Held::MinimumOutOfReach(at) => {
            let (supplier, minimum) = limits.supplier_minimums[at];
            let out_of_reach = matches!(held, Held::MinimumOutOfReach(_));
            Some(Reason::BelowMinimum { supplier: name(supplier), minimum, out_of_reach })
        }
        Held::RaisedToMinimum(_) => None,
    };
    let gave_way = found.held.iter().filter_map(told).collect();
    for ((wish, item), got) in wishes.iter_mut().zip(&items).zip(&found.pieces) {
        if *got != wish.pieces {
            let reason = changed(limits, wish, item, *got, &found, &told);
            wish.suggestion.reasons.push(reason);
        }
        order(&mut wish.suggestion, *got);
    }
    gave_way
}

/// Why a wish is not what it was.
fn changed(
    limits: &Limits,
    wish: &Wish,
    item: &Item,
    got: usize,
    found: &Allotment,
    told: &impl Fn(&Held) -> Option<Reason>,
) -> Reason {
    let units = wish.pieces as f64;
    let minimum = item.supplier.map_or(Paisa::ZERO, |at| limits.supplier_minimums[at].1);
    if got > wish.pieces {
        return Reason::RaisedToMinimum { units, minimum };
    }
    let of_supplier = |held: &&Held| match held {
        Held::BelowMinimum(at) | Held::MinimumOutOfReach(at) => item.supplier == Some(*at),
        _ => false,
    };
    if let Some(reason) = found.held.iter().find(of_supplier).and_then(told) {
        return reason;
    }
    let is_held = |held: Held| found.held.contains(&held);
    match is_held(Held::Space) && !is_held(Held::Budget) {
        true => Reason::StorageCut { units },
        false => Reason::BudgetCut { units },
    }
}

/// Puts a number of pieces into a suggestion.
pub(super) fn order(suggestion: &mut ReorderSuggestion, pieces: usize) {
    suggestion.suggested_order_quantity = Quantity::pieces(pieces as i64);
    suggestion.order_cost = suggestion.unit_cost.map(|cost| Paisa(cost.0.saturating_mul(pieces as i64)));
}
