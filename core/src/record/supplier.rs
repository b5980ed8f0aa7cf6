//! Suppliers, their bills and what they were paid.

use crate::{
    id::{DocumentId, ShopId, SupplierId},
    money::Paisa,
    privacy::seal::Sealed,
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};

/// A supplier is made or changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplier {
    /// Which supplier.
    pub id: SupplierId,
    /// The firm's name.
    pub name: String,
    /// Contact person and phone, sealed.
    pub person: Option<Sealed>,
    /// Days from order to arrival that they promise, until receipts teach better.
    pub lead_time_days: Option<u16>,
}

/// A supplier's bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierBill {
    /// Which document.
    pub id: DocumentId,
    /// From whom.
    pub supplier: SupplierId,
    /// For which shop.
    pub shop: ShopId,
    /// How much.
    pub amount: Paisa,
    /// When.
    pub at: Timestamp,
    /// Until when to pay.
    pub due: Option<Day>,
    /// Owed already when the books were opened: nothing was delivered for it here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub opening: bool,
    /// The bill that this one takes back, with the same amount of the other sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<DocumentId>,
}

/// A supplier is paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierPayment {
    /// Which document.
    pub id: DocumentId,
    /// Whom.
    pub supplier: SupplierId,
    /// From which shop's money.
    pub shop: ShopId,
    /// How much.
    pub amount: Paisa,
    /// When.
    pub at: Timestamp,
}
