//! The seed's event `inventory_updated`: which products' forecasts and suggestions a record changes.
//!
//! What is sold, comes in, is counted, moved, ordered or decided on today touches its own products, as today is in no
//! history. What is dated before, and whatever else may move a plan (prices, products, suppliers, entered days), touches
//! all of them.

use crate::{
    id::ProductId,
    record::Record,
    time::{Day, Timestamp},
};
use std::collections::BTreeSet;

/// What must be looked at again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Touched {
    /// These products; none where a record moves no plan.
    Products(BTreeSet<ProductId>),
    /// Everything.
    All,
}

impl Default for Touched {
    fn default() -> Self {
        Self::Products(BTreeSet::new())
    }
}

impl Touched {
    /// By one record, for a plan of `today`. `day` tells a record's local day.
    pub fn by(record: &Record, today: Day, day: impl Fn(Timestamp) -> Day) -> Self {
        let of = |at: Timestamp, products: &mut dyn Iterator<Item = ProductId>| match day(at) < today {
            true => Self::All,
            false => Self::Products(products.collect()),
        };
        match record {
            Record::Sale(it) => of(it.at, &mut it.lines.iter().map(|line| line.product)),
            Record::Return(it) => of(it.at, &mut it.lines.iter().map(|line| line.product)),
            Record::PurchaseOrder(it) => of(it.at, &mut it.lines.iter().map(|line| line.product)),
            Record::SupplierReceipt(it) => of(it.at, &mut it.lines.iter().map(|line| line.product)),
            Record::Count(it) => of(it.at, &mut it.lines.iter().map(|line| line.product)),
            Record::Adjustment(it) => of(it.at, &mut it.lines.iter().map(|line| line.product)),
            Record::Transfer(it) => of(it.at, &mut it.lines.iter().map(|line| line.product)),
            Record::TradeIn(it) => of(it.at, &mut std::iter::once(it.product)),
            Record::OrderDecision(it) => of(it.at, &mut std::iter::once(it.product)),
            Record::Interaction(it) => of(it.at, &mut std::iter::empty()),
            Record::CreditEntry(_)
            | Record::InstalmentPlan(_)
            | Record::SupplierBill(_)
            | Record::SupplierPayment(_)
            | Record::Expense(_)
            | Record::Closing(_)
            | Record::CashMovement(_)
            | Record::Member(_)
            | Record::StaffAct(_)
            | Record::Service(_)
            | Record::Approval(_)
            | Record::Customer(_)
            | Record::Device(_)
            | Record::Grant(_)
            | Record::PersonKey(_)
            | Record::Recommendation(_)
            | Record::PredictionIssued(_)
            | Record::PredictionOutcome(_) => Self::default(),
            _ => Self::All,
        }
    }

    /// Adds what another record touches.
    pub fn add(&mut self, other: Self) {
        match (&mut *self, other) {
            (Self::Products(own), Self::Products(more)) => own.extend(more),
            _ => *self = Self::All,
        }
    }
}
