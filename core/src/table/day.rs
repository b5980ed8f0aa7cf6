//! What the day is made of beside sales: counts of drawers, expenses, cash by hand, services, who came when.
//!
//! These are few: the records themselves stand here, in order of (time, event). What they do to drawers stands in
//! [`Tables::cash`](super::Tables::cash) too, in the one order that a drawer has.

use crate::{
    id::{SaleId, UserId},
    money::Paisa,
    privacy::seal::Sealed,
    record::{CashMovement, Closing, Commission, Expense, PaymentMethod, Service, StaffAct},
    role::Role,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The records of all shops' days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DayBook {
    /// Drawers as they were counted, openings and closings.
    pub counts: Vec<Closing>,
    /// Expenses.
    pub expenses: Vec<Expense>,
    /// Cash put in and taken out by hand.
    pub movements: Vec<CashMovement>,
    /// Easyload and wallets.
    pub services: Vec<Service>,
    /// Coming and going; what was taken back is gone.
    pub acts: Vec<StaffAct>,
    /// The people of the business, by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<MemberRow>,
    /// What the sales columns do not hold of a receipt, where there is something.
    pub receipts: BTreeMap<SaleId, ReceiptNote>,
}

/// A person of the business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    /// Who.
    pub user: UserId,
    /// Sealed name and PIN.
    pub person: Option<Sealed>,
    /// As what they stand at the counter.
    pub role: Role,
    /// What they earn of a sale, from when on: rising in time.
    pub rates: Vec<(Timestamp, Option<Commission>)>,
    /// No longer with the shop.
    pub left: bool,
}

impl MemberRow {
    /// What they earned of a sale at an instant; before they were named, what was said first.
    pub fn rate(&self, at: Timestamp) -> Option<Commission> {
        let known = self.rates.partition_point(|(since, _)| *since <= at).max(1);
        self.rates.get(known - 1).and_then(|(_, rate)| *rate)
    }

    /// What they earn now.
    pub fn commission(&self) -> Option<Commission> {
        self.rates.last().and_then(|(_, rate)| *rate)
    }
}

/// Who wrote a receipt, and what of it was not cash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReceiptNote {
    /// Who sold.
    pub staff: Option<UserId>,
    /// Tenders other than cash, signed: of a return negative.
    pub paid: Vec<(PaymentMethod, Paisa)>,
    /// Of a return: the sale whose goods came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<SaleId>,
}

impl ReceiptNote {
    /// An order among notes of one receipt, so that of two copies the same one stands everywhere.
    pub fn key(&self) -> (Option<UserId>, Vec<(u8, Paisa)>, Option<SaleId>) {
        (self.staff, self.paid.iter().map(|&(method, amount)| (method as u8, amount)).collect(), self.of)
    }
}
