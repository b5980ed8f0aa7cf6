//! What the books began with: stock taken over, suppliers' bills from before, and whether a shop says that this is all.
//! What customers owed stands among the khata's entries, cash among the counts of the drawer.

use crate::{
    id::{DocumentId, ShopId},
    record::{StockLine, SupplierBill},
    time::Timestamp,
};
use serde::Serialize;
use std::collections::BTreeSet;

/// The opening of all shops' books.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OpeningBook {
    /// Stock taken over, by (time, document, line); what was taken back is gone.
    pub stock: Vec<TakenOver>,
    /// What suppliers were owed, by (time, document); what was taken back is gone.
    pub bills: Vec<SupplierBill>,
    /// Shops that said their opening is complete.
    pub done: BTreeSet<ShopId>,
    /// IMEIs in the books, ascending: a list pasted twice names them again.
    pub imeis: BTreeSet<String>,
}

/// Goods of one line that lay on the shelf before the books began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TakenOver {
    /// The receipt that brought them into the books.
    pub receipt: DocumentId,
    /// Where.
    pub shop: ShopId,
    /// When it was written down.
    pub at: Timestamp,
    /// What.
    pub line: StockLine,
}
