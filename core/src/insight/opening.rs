//! The opening day as it stands in the books: stock taken over, what customers owed and suppliers were owed, and the
//! sums to hold against the paper they came from.
//!
//! Question: what did this shop's books begin with? Input: the tables and the shop. Output: [`OpeningAnswer`], exact to
//! the paisa. What was taken back is gone from it. How it fails: stock whose cost nobody said counts nothing in the sum
//! of costs, and how many such lines there are is said beside it.

use crate::{
    id::{CustomerId, DocumentId, ProductId, ShopId, SupplierId, UnitId},
    money::{Currency, Paisa},
    privacy::seal::Sealed,
    quantity::Quantity,
    record::{CreditKind, SupplierBill},
    table::{CreditRow, Tables, opening::TakenOver},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Answer to `Task::Opening`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpeningAnswer {
    /// Which shop.
    pub shop: ShopId,
    /// What amounts are in.
    pub currency: Currency,
    /// Stock taken over, oldest first.
    pub stock: Vec<OpeningStock>,
    /// What customers owed, oldest first.
    pub dues: Vec<OpeningDue>,
    /// What suppliers were owed, oldest first.
    pub bills: Vec<OpeningBill>,
    /// The drawer as it was first counted.
    pub cash: Option<(Timestamp, Paisa)>,
    /// The sums.
    pub totals: OpeningTotals,
    /// The shop said that this is all.
    pub done: bool,
    /// IMEIs in the books, ascending.
    pub imeis: Vec<String>,
}

/// What to hold against the paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningTotals {
    /// Pieces taken over.
    pub pieces: Quantity,
    /// At what they cost, where said.
    pub at_cost: Paisa,
    /// Lines of which nobody said what one cost.
    pub without_cost: u64,
    /// Owed by customers, less what they had paid ahead.
    pub dues: Paisa,
    /// Owed to suppliers.
    pub bills: Paisa,
}

/// Goods of one line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpeningStock {
    /// The receipt.
    pub receipt: DocumentId,
    /// What.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// Which pieces, where tracked.
    pub units: Vec<UnitId>,
    /// How many.
    pub quantity: Quantity,
    /// What one cost, if said.
    pub unit_cost: Option<Paisa>,
    /// When it was written down.
    pub at: Timestamp,
}

/// What one customer owed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpeningDue {
    /// Who.
    pub customer: CustomerId,
    /// The shop's number for them.
    pub code: Option<String>,
    /// Sealed name and phone.
    pub person: Option<Sealed>,
    /// The entry.
    pub entry: CreditRow,
}

/// What one supplier was owed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpeningBill {
    /// The bill.
    pub id: DocumentId,
    /// Whom.
    pub supplier: SupplierId,
    /// The firm.
    pub name: String,
    /// How much.
    pub amount: Paisa,
    /// Since when.
    pub at: Timestamp,
}

/// Answers `Task::Opening`; `shop` is a position.
pub fn answer(tables: &Tables, shop: usize) -> OpeningAnswer {
    let row = &tables.shops[shop];
    let book = &tables.opening;
    let taken_over = |it: &TakenOver| {
        let product = it.line.product;
        let name = tables.product(product).map(|place| tables.products[place].label());
        OpeningStock {
            receipt: it.receipt,
            product,
            name: name.unwrap_or_else(|| product.to_string()),
            units: it.line.units.clone(),
            quantity: it.line.quantity,
            unit_cost: it.line.unit_cost,
            at: it.at,
        }
    };
    let stock: Vec<OpeningStock> = book.stock.iter().filter(|it| it.shop == row.id).map(taken_over).collect();
    let bill = |it: &SupplierBill| {
        let place = tables.suppliers.binary_search_by_key(&it.supplier, |row| row.id).ok();
        OpeningBill {
            id: it.id,
            supplier: it.supplier,
            name: place.map(|place| tables.suppliers[place].name.clone()).unwrap_or_default(),
            amount: it.amount,
            at: it.at,
        }
    };
    let bills: Vec<OpeningBill> = book.bills.iter().filter(|it| it.shop == row.id).map(bill).collect();
    let mine = tables.credit.iter().filter(|it| it.shop as usize == shop && it.kind == CreditKind::Opening);
    let gone: BTreeSet<DocumentId> =
        mine.clone().filter_map(|it| Some([it.undoes?, it.id])).flatten().collect();
    let due = |entry: &CreditRow| {
        let row = &tables.customers[entry.customer as usize];
        OpeningDue { customer: row.id, code: row.code.clone(), person: row.person.clone(), entry: *entry }
    };
    let dues: Vec<OpeningDue> = mine.filter(|it| !gone.contains(&it.id)).map(due).collect();
    let first = tables.day.counts.iter().find(|count| count.shop == row.id);
    let cost = |it: &OpeningStock| it.unit_cost.and_then(|cost| it.quantity.times(cost));
    OpeningAnswer {
        shop: row.id,
        currency: row.currency,
        cash: first.map(|count| (count.at, count.counted)),
        totals: OpeningTotals {
            pieces: stock.iter().map(|it| it.quantity).sum(),
            at_cost: stock.iter().filter_map(cost).sum(),
            without_cost: stock.iter().filter(|it| it.unit_cost.is_none()).count() as u64,
            dues: dues.iter().map(|it| it.entry.amount).sum(),
            bills: bills.iter().map(|it| it.amount).sum(),
        },
        stock,
        dues,
        bills,
        done: book.done.contains(&row.id),
        imeis: book.imeis.iter().cloned().collect(),
    }
}
