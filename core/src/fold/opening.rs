//! What the books began with.
//!
//! A receipt without order and supplier is stock taken over on the opening day. It says nothing of lead times or of who
//! delivers, which speak of orders and suppliers only.

use super::Placed;
use crate::{
    id::{DocumentId, ProductId, ShopId, UnitId},
    record::{Record, SupplierBill, SupplierReceipt, Unit},
    table::opening::{OpeningBook, TakenOver},
};
use std::collections::{BTreeMap, BTreeSet};

/// The feed in which a shop says that its opening is complete: the name is the shop's id.
pub const FEED: &str = "opening";

/// The table, from records in their order.
pub(super) fn book(records: &[Placed<'_>]) -> OpeningBook {
    let mut book = OpeningBook::default();
    let mut receipts: Vec<&SupplierReceipt> = Vec::new();
    let mut bills: Vec<&SupplierBill> = Vec::new();
    let mut units: BTreeMap<UnitId, &Unit> = BTreeMap::new();
    for placed in records {
        match placed.record {
            Record::SupplierReceipt(it) if it.order.is_none() && it.supplier.is_none() => receipts.push(it),
            Record::SupplierBill(it) if it.opening => bills.push(it),
            Record::Unit(it) => _ = units.insert(it.id, it),
            Record::FeedRow(row) if row.feed == FEED => {
                if let Ok(shop) = row.name.parse::<ShopId>() {
                    // The newest word stands: records come in their order.
                    if row.value.is_null() {
                        book.done.remove(&shop)
                    } else {
                        book.done.insert(shop)
                    };
                }
            }
            _ => {}
        }
    }
    // A phone whose receipt was taken back can be entered again.
    let taken_back = receipts.iter().flat_map(|it| &it.lines).filter(|line| line.quantity.0 < 0);
    for unit in taken_back.flat_map(|line| &line.units) {
        units.remove(unit);
    }
    let numbers = units.into_values().flat_map(|it| [&it.imei1, &it.imei2]);
    book.imeis = numbers.flatten().cloned().collect();
    book.stock = stock(receipts);
    book.bills = standing(bills);
    book
}

/// Lines whose pieces were not taken back. Of one receipt the lines of a product are one.
fn stock(mut receipts: Vec<&SupplierReceipt>) -> Vec<TakenOver> {
    crate::order::by_key(&mut receipts, |it| (it.at, it.id));
    let mut places: BTreeMap<(DocumentId, ProductId), usize> = BTreeMap::new();
    let mut found: Vec<TakenOver> = Vec::new();
    for receipt in receipts {
        for line in &receipt.lines {
            match places.get(&(receipt.id, line.product)) {
                Some(&place) => found[place].line.quantity += line.quantity,
                None => {
                    places.insert((receipt.id, line.product), found.len());
                    let (at, shop, line) = (receipt.at, receipt.shop, line.clone());
                    found.push(TakenOver { receipt: receipt.id, shop, at, line });
                }
            }
        }
    }
    found.retain(|it| it.line.quantity.0 != 0);
    found
}

/// Bills that were not taken back, and take none back. Only the very amount takes a bill back.
fn standing(mut bills: Vec<&SupplierBill>) -> Vec<SupplierBill> {
    crate::order::by_key(&mut bills, |it| (it.at, it.id));
    let amounts: BTreeMap<DocumentId, _> = bills.iter().map(|it| (it.id, it.amount)).collect();
    let taken = |it: &&&SupplierBill| it.undoes.is_some_and(|id| amounts.get(&id) == Some(&-it.amount));
    let gone: BTreeSet<DocumentId> =
        bills.iter().filter(taken).flat_map(|it| it.undoes.into_iter().chain([it.id])).collect();
    bills.into_iter().filter(|it| !gone.contains(&it.id)).cloned().collect()
}
