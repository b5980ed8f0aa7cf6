//! Stock moves by signed movements; a count becomes a difference against what was known then.

use crate::{
    id::{DocumentId, ProductId, ShopId, SupplierId, UnitId},
    money::Paisa,
    quantity::Quantity,
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};

/// Goods and how many, for orders, receipts and transfers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockLine {
    /// What.
    pub product: ProductId,
    /// Which pieces, where tracked.
    #[serde(default)]
    pub units: Vec<UnitId>,
    /// How many.
    pub quantity: Quantity,
    /// What one costs, where it matters.
    #[serde(default)]
    pub unit_cost: Option<Paisa>,
}

/// Goods are ordered from a supplier. A further record of the same id changes the order: its lines are added,
/// so that negative quantities take goods back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseOrder {
    /// Which order.
    pub id: DocumentId,
    /// For which shop.
    pub shop: ShopId,
    /// From whom.
    pub supplier: Option<SupplierId>,
    /// What.
    pub lines: Vec<StockLine>,
    /// When.
    pub at: Timestamp,
    /// Expected arrival.
    pub expected: Option<Day>,
}

/// Goods arrive. A further record of the same id changes the receipt: its lines are added, so that negative quantities
/// take back what was written down by mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierReceipt {
    /// Which receipt.
    pub id: DocumentId,
    /// The order it answers, if any: the time between the two is the lead time.
    pub order: Option<DocumentId>,
    /// Where.
    pub shop: ShopId,
    /// From whom; none for stock taken over on the opening day.
    pub supplier: Option<SupplierId>,
    /// What came.
    pub lines: Vec<StockLine>,
    /// When.
    pub at: Timestamp,
}

/// Shelves were counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Which count.
    pub id: DocumentId,
    /// Where.
    pub shop: ShopId,
    /// Counted, and what the device believed at that moment: the difference is the movement.
    pub lines: Vec<CountLine>,
    /// When.
    pub at: Timestamp,
}

/// One counted product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountLine {
    /// What.
    pub product: ProductId,
    /// What the device believed.
    pub expected: Quantity,
    /// What was on the shelf.
    pub counted: Quantity,
}

/// Stock is corrected by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    /// Which document.
    pub id: DocumentId,
    /// Where.
    pub shop: ShopId,
    /// Signed quantities.
    pub lines: Vec<StockLine>,
    /// Why.
    pub reason: AdjustmentReason,
    /// When.
    pub at: Timestamp,
}

/// Why stock was corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdjustmentReason {
    /// Broken or spoiled.
    Damage,
    /// Gone without a trace.
    Loss,
    /// Used in the shop.
    OwnUse,
    /// A mistake is mended.
    Correction,
}

/// Goods travel between shops: out of one, through transit, into the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Which transfer; sending and receiving carry the same id.
    pub id: DocumentId,
    /// From.
    pub from: ShopId,
    /// To.
    pub to: ShopId,
    /// Sent or received.
    pub leg: TransferLeg,
    /// What.
    pub lines: Vec<StockLine>,
    /// When.
    pub at: Timestamp,
}

/// Which end of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferLeg {
    /// Left the first shop.
    Out,
    /// Reached the second.
    In,
}
