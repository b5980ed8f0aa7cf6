//! Udhaar: entries, whose sum is the balance, and qist plans.

use crate::{
    id::{CustomerId, DocumentId, SaleId, ShopId},
    money::Paisa,
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};

/// One entry of the khata. Positive: the customer owes more (diye); negative: paid back (mile).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditEntry {
    /// Which document.
    pub id: DocumentId,
    /// Who.
    pub customer: CustomerId,
    /// Where.
    pub shop: ShopId,
    /// Signed.
    pub amount: Paisa,
    /// The sale behind it, if any.
    pub sale: Option<SaleId>,
    /// When.
    pub at: Timestamp,
    /// When it should be paid.
    pub due: Option<Day>,
}

/// A debt in parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstalmentPlan {
    /// Which plan.
    pub id: DocumentId,
    /// Who.
    pub customer: CustomerId,
    /// The sale behind it.
    pub sale: SaleId,
    /// What is due when.
    pub parts: Vec<Instalment>,
}

/// One part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instalment {
    /// When.
    pub due: Day,
    /// How much.
    pub amount: Paisa,
}
