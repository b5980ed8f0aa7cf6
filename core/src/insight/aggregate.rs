//! Plain aggregations over all sales lines: day totals, product × day, per-customer RFM.

use crate::{money::Paisa, quantity::Quantity, time::Day};
use serde::{Deserialize, Serialize};

/// Which aggregation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Aggregation {
    /// Revenue, pieces and lines by day.
    DayTotals,
    /// Revenue and pieces by product and day.
    ProductDay,
    /// Last day, receipts and spend by customer.
    CustomerRfm,
}

/// The answer, as columns in canonical order (day; product, day; customer).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Aggregate {
    /// By day.
    DayTotals {
        /// Day.
        day: Vec<Day>,
        /// Net revenue.
        revenue: Vec<Paisa>,
        /// Net pieces.
        quantity: Vec<Quantity>,
        /// Lines.
        lines: Vec<u32>,
    },
    /// By product and day.
    ProductDay {
        /// Position in `products`.
        product: Vec<u32>,
        /// Day.
        day: Vec<Day>,
        /// Net revenue.
        revenue: Vec<Paisa>,
        /// Net pieces.
        quantity: Vec<Quantity>,
    },
    /// By customer.
    CustomerRfm {
        /// Position in `customers`.
        customer: Vec<u32>,
        /// Last day with a sale (returns do not count).
        last: Vec<Day>,
        /// Sales receipts.
        receipts: Vec<u32>,
        /// Net spend.
        spend: Vec<Paisa>,
    },
}
