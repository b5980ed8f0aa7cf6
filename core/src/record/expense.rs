//! Money that moves without a sale: expenses, the drawer, the day's closing, services.

use super::PaymentMethod;
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
    /// How much; negative where it takes an earlier one back.
    pub amount: Paisa,
    /// When.
    pub at: Timestamp,
    /// Out of what, where that was not the drawer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid: Option<PaymentMethod>,
    /// The expense that this one takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<DocumentId>,
}

/// Whether money that was paid like this moved the drawer: what is not said was cash.
fn is_cash(paid: Option<PaymentMethod>) -> bool {
    paid.is_none_or(|by| by == PaymentMethod::Cash)
}

impl Expense {
    /// What it does to the drawer.
    pub fn cash(&self) -> Paisa {
        if is_cash(self.paid) { -self.amount } else { Paisa::ZERO }
    }
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
    /// The movement that this one takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<DocumentId>,
}

/// Notes and coins of Pakistan, in rupees.
pub const DENOMINATIONS: [u32; 11] = [5_000, 1_000, 500, 100, 75, 50, 20, 10, 5, 2, 1];

/// Why cash moved, as a closing lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CashCause {
    /// Sold for cash.
    Sale,
    /// Given back for goods that came back.
    Return,
    /// Udhaar received.
    Udhaar,
    /// Kharcha.
    Expense,
    /// Paid to a supplier.
    Supplier,
    /// Put in or taken out by hand.
    Movement,
    /// Easyload and wallets.
    Service,
}

/// What moved for one cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashSum {
    /// How many times.
    pub count: i64,
    /// Signed: positive into the drawer.
    pub amount: Paisa,
}

/// What moved in a drawer between two counts, by cause.
pub type CashSums = BTreeMap<CashCause, CashSum>;

/// A drawer is counted: at the day's end, or at its beginning where `opening` says so. Either sets the drawer to what
/// was counted; what was written down for the time before and arrives later never changes it.
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
    /// Counted before the first customer came, not after the last.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub opening: bool,
    /// The count that `expected` builds on: what moved after this instant, until `at`, is in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// What the counting device knew to have moved since then: more by now has arrived later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sums: Option<CashSums>,
    /// Balances of wallets as they were looked up.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub floats: BTreeMap<Wallet, Paisa>,
    /// What the counting hand has to say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A balance that services are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wallet {
    /// Airtime to sell.
    Load,
    /// The shop's JazzCash account.
    JazzCash,
    /// The shop's Easypaisa account.
    Easypaisa,
}

impl Wallet {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Load, Self::JazzCash, Self::Easypaisa];
}

/// Easyload, cash in and out of a wallet, or a float that is filled up.
///
/// One rule for all kinds: `amount` is seen from the drawer, and the float moves against it. Of the commission `fee`
/// came over the counter; the operator credits the rest to the float.
///
/// | What | `amount` | Drawer | Float |
/// |---|---|---|---|
/// | Easyload of 500, operator gives 12 | +500 | +500 | −500 + 12 |
/// | 1,000 into a wallet, fee 10 | +1,000 | +1,000 + 10 | −1,000 |
/// | 5,000 out of a wallet, 50 kept | −5,000 | −5,000 + 50 | +5,000 |
/// | Float filled with 970, balance 1,000 | −970 | −970 | +970 + 30 |
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
    /// Of which balance; none: of airtime's where that is sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wallet: Option<Wallet>,
    /// The part of the commission that the customer paid over the counter.
    #[serde(default, skip_serializing_if = "Paisa::is_zero")]
    pub fee: Paisa,
    /// How `amount` was paid, where that was not cash: the drawer did not move then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid: Option<PaymentMethod>,
    /// The service that this one takes back: its amounts with the other sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<DocumentId>,
}

impl Service {
    /// What amounts like these do to the drawer and to the balance.
    pub fn effect(
        amount: Paisa,
        commission: Paisa,
        fee: Paisa,
        paid: Option<PaymentMethod>,
    ) -> (Paisa, Paisa) {
        let drawer = if is_cash(paid) { amount + fee } else { Paisa::ZERO };
        (drawer, commission - fee - amount)
    }

    /// What it does to the drawer.
    pub fn cash(&self) -> Paisa {
        Self::effect(self.amount, self.commission, self.fee, self.paid).0
    }

    /// What it does to the balance.
    pub fn float(&self) -> Paisa {
        Self::effect(self.amount, self.commission, self.fee, self.paid).1
    }

    /// Which balance it moves.
    pub fn moves(&self) -> Option<Wallet> {
        self.wallet.or((self.kind == ServiceKind::Easyload).then_some(Wallet::Load))
    }
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
    /// The shop fills its own balance up.
    TopUp,
}

impl ServiceKind {
    /// Which way `amount` goes: 1 where cash comes in.
    pub fn sign(self) -> i64 {
        match self {
            Self::Easyload | Self::WalletIn => 1,
            Self::WalletOut | Self::TopUp => -1,
        }
    }
}
