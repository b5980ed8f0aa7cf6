//! Money that moves without a sale: expenses, the drawer, the day's closing, services.

use crate::{
    id::{CustomerId, DocumentId, ShopId, UserId},
    money::Paisa,
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Kharcha.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expense {
    /// Which document.
    pub id: DocumentId,
    /// Where.
    pub shop: ShopId,
    /// Rent, wages, electricity, tea …
    pub category: String,
    /// How much.
    pub amount: Paisa,
    /// When.
    pub at: Timestamp,
}

/// Cash is put into the drawer or taken out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashMovement {
    /// Which document.
    pub id: DocumentId,
    /// Where.
    pub shop: ShopId,
    /// Signed: positive into the drawer.
    pub amount: Paisa,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// The day's end at one drawer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// Which document.
    pub id: DocumentId,
    /// Where.
    pub shop: ShopId,
    /// Which day.
    pub day: Day,
    /// What should be in the drawer.
    pub expected: Paisa,
    /// Notes counted: denomination in rupees → pieces.
    pub denominations: BTreeMap<u32, u32>,
    /// What was in the drawer.
    pub counted: Paisa,
    /// Who counted.
    pub staff: Option<UserId>,
    /// When.
    pub at: Timestamp,
}

/// Easyload, or cash in and out of a wallet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Which document.
    pub id: DocumentId,
    /// Where.
    pub shop: ShopId,
    /// What.
    pub kind: ServiceKind,
    /// For whom, if known.
    pub customer: Option<CustomerId>,
    /// Amount moved; positive: the customer gave cash.
    pub amount: Paisa,
    /// What the shop earned.
    pub commission: Paisa,
    /// When.
    pub at: Timestamp,
}

/// Kinds of service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceKind {
    /// Airtime.
    Easyload,
    /// Money into a wallet.
    WalletIn,
    /// Money out of a wallet.
    WalletOut,
}
