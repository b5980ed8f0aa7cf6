//! The products as the till, the stock list and search show them.

use crate::{
    id::ProductId,
    money::{Currency, Paisa},
    quantity::Quantity,
    time::Day,
};
use serde::{Deserialize, Serialize};

/// Answer to `Task::Catalog`: products by what sold most in the last 90 days, then by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    /// What prices are in.
    pub currency: Currency,
    /// The products.
    pub items: Vec<CatalogItem>,
}

/// One product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CatalogItem {
    /// Which product.
    pub id: ProductId,
    /// Name, else code.
    pub name: String,
    /// Code or barcode; empty when none.
    pub sku: String,
    /// Category; empty when none.
    pub category: String,
    /// Brand; empty when none.
    pub brand: String,
    /// Price asked: the set one, else the last one charged.
    pub price: Option<Paisa>,
    /// Replacement cost, if known.
    pub cost: Option<Paisa>,
    /// Pieces on the shelf; none when never counted.
    pub on_hand: Option<Quantity>,
    /// Net pieces sold in the last 30 days.
    pub sold_30d: Quantity,
    /// Last day it was sold.
    pub last_sold: Option<Day>,
    /// Pieces a unit's IMEIs: 0 where pieces are not tracked.
    pub imei_count: u8,
}
