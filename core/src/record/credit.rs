//! Udhaar: entries, whose sum is the balance, and qist plans.

use crate::{
    id::{CustomerId, DocumentId, SaleId, ShopId},
    money::Paisa,
    record::PaymentMethod,
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
    /// By what it changed hands. Where nothing is said, a plain repayment was cash, and all else moved no money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<PaymentMethod>,
    /// What the entry is.
    #[serde(default, skip_serializing_if = "CreditKind::is_plain")]
    pub kind: CreditKind,
    /// The entry that this one takes back, with the same amount of the other sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<DocumentId>,
}

/// What an entry of the khata is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditKind {
    /// Given or received.
    #[default]
    Plain,
    /// A debt that nobody will pay is given up: no money comes of it.
    WriteOff,
    /// Goods of a sale on udhaar came back: the debt for them ends, and no money moves.
    Returned,
    /// Owed (or paid ahead) already when the books were opened: no money moves.
    Opening,
}

impl CreditKind {
    fn is_plain(&self) -> bool {
        *self == Self::Plain
    }
}

impl CreditEntry {
    /// What the entry put into the drawer, or took out of it (negative).
    pub fn cash(&self) -> Paisa {
        let is_cash = match self.method {
            Some(method) => method == PaymentMethod::Cash,
            // Entries from before methods were written, and those of importers.
            None => self.amount < Paisa::ZERO && self.kind == CreditKind::Plain && self.undoes.is_none(),
        };
        if is_cash { -self.amount } else { Paisa::ZERO }
    }
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
