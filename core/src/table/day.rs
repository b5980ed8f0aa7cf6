//! What the day is made of beside sales: counts of drawers, expenses, cash by hand, services, who came when.
//!
//! These are few: the records themselves stand here, in order of (time, event). What they do to drawers stands in
//! [`Tables::cash`](super::Tables::cash) too, in the one order that a drawer has.

use crate::{
    id::{SaleId, UserId},
    money::Paisa,
    record::{CashMovement, Closing, Expense, PaymentMethod, Service, StaffAct},
};
use serde::Serialize;
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
    /// Coming and going.
    pub acts: Vec<StaffAct>,
    /// What the sales columns do not hold of a receipt, where there is something.
    pub receipts: BTreeMap<SaleId, ReceiptNote>,
}

/// Who wrote a receipt, and what of it was not cash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReceiptNote {
    /// Who sold.
    pub staff: Option<UserId>,
    /// Tenders other than cash, signed: of a return negative.
    pub paid: Vec<(PaymentMethod, Paisa)>,
}

impl ReceiptNote {
    /// An order among notes of one receipt, so that of two copies the same one stands everywhere.
    pub fn key(&self) -> (Option<UserId>, Vec<(u8, Paisa)>) {
        (self.staff, self.paid.iter().map(|&(method, amount)| (method as u8, amount)).collect())
    }
}
