//! The sales report: the seed's `SalesAnalytics` (summary, trends, top products, insights).

use crate::{
    customer::rfm::SegmentCount,
    id::ProductId,
    money::{Currency, Paisa},
    quantity::Quantity,
    reason::Reason,
    time::{Day, Period},
};
use serde::{Deserialize, Serialize};

/// Answer to `Task::Report`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Days asked for.
    pub period: Period,
    /// What amounts are in.
    pub currency: Currency,
    /// Totals.
    pub summary: Summary,
    /// By day, week and month.
    pub trends: Trends,
    /// Ten products with the most net revenue.
    pub top_products: Vec<ProductTotal>,
    /// Customers by RFM segment as of the period's last day.
    pub rfm: Vec<SegmentCount>,
    /// What stands out.
    pub insights: Vec<Reason>,
}

/// Totals of a period.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Net revenue: sales less returns.
    pub revenue: Paisa,
    /// Net pieces.
    pub quantity: Quantity,
    /// Sales receipts.
    pub sales: u64,
    /// Return receipts.
    pub returns: u64,
    /// Amount of the returns (positive).
    pub returned: Paisa,
    /// Lines.
    pub lines: u64,
    /// Customers known by name or number.
    pub customers: u64,
    /// Share of net revenue with a known customer, 0–1.
    pub known_customer_share: f64,
    /// Products sold.
    pub products: u64,
    /// Revenue ÷ sales receipts.
    pub average_order_value: Paisa,
    /// Revenue − cost over lines whose cost is known.
    pub profit: Option<Paisa>,
}

/// Net revenue over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trends {
    /// First day of the period and revenue of each day.
    pub daily: Vec<(Day, Paisa)>,
    /// Monday and revenue of each week.
    pub weekly: Vec<(Day, Paisa)>,
    /// First of the month and revenue.
    pub monthly: Vec<(Day, Paisa)>,
}

/// One product's totals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductTotal {
    /// Which product.
    pub product: ProductId,
    /// Its code.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Net revenue.
    pub revenue: Paisa,
    /// Net pieces.
    pub quantity: Quantity,
}
