//! RFM scores and named segments.
//!
//! Question: who buys how recently, how often and for how much, and what should be done about it?
//! Scores are quintiles (Hughes 1994), not equal-width bins, which outliers swamp.

use crate::{
    id::{CustomerId, ProductId},
    money::{Currency, Paisa},
    privacy::seal::Sealed,
    quantity::Quantity,
    time::Day,
};
use serde::{Deserialize, Serialize};

/// The seed's eight segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Segment {
    /// High value, frequent customers.
    Champions,
    /// Regular buyers with good value.
    LoyalCustomers,
    /// Recent customers with potential.
    PotentialLoyalists,
    /// First-time or very recent buyers.
    NewCustomers,
    /// Good potential but need nurturing.
    Promising,
    /// Declining engagement.
    CustomersNeedingAttention,
    /// High churn probability.
    AtRisk,
    /// Inactive customers.
    Lost,
}

/// Customers and money of one segment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SegmentCount {
    /// Which segment.
    pub segment: Segment,
    /// Customers in it.
    pub customers: u64,
    /// Their net spend.
    pub spend: Paisa,
}

/// Answer to `Task::Rfm`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RfmAnswer {
    /// As of.
    pub today: Day,
    /// What amounts are in.
    pub currency: Currency,
    /// Share of net revenue with a known customer, 0–1. Below 0.3 segments are not shown.
    pub known_customer_share: f64,
    /// Customers scored.
    pub customers: u64,
    /// `grid[r − 1][f − 1]`: customers with that recency and frequency score, and their spend.
    pub grid: [[Cell; 5]; 5],
    /// All eight, in the order of [`Segment`].
    pub segments: Vec<SegmentCount>,
}

/// One cell of the grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Customers.
    pub customers: u64,
    /// Net spend.
    pub spend: Paisa,
}

/// One customer's scores and what they rest on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RfmRow {
    /// Who.
    pub customer: CustomerId,
    /// The shop's number for them.
    pub code: Option<String>,
    /// Sealed name and phone.
    pub person: Option<Sealed>,
    /// Days since the last purchase.
    pub recency_days: u32,
    /// Purchases.
    pub frequency_purchases: u32,
    /// Net spend.
    pub monetary_total: Paisa,
    /// 5 = most recent fifth.
    pub r_score: u8,
    /// 5 = most frequent fifth.
    pub f_score: u8,
    /// 5 = highest spend.
    pub m_score: u8,
    /// Named segment.
    pub segment: Segment,
    /// Owes, if anything.
    pub balance: Paisa,
}

/// Answer to `Task::Customers`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomerList {
    /// What amounts are in.
    pub currency: Currency,
    /// How many match in all.
    pub total: u64,
    /// The asked page, by spend.
    pub rows: Vec<RfmRow>,
}

/// Answer to `Task::Customer`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomerProfile {
    /// What amounts are in.
    pub currency: Currency,
    /// Scores; none when they never bought.
    pub rfm: Option<RfmRow>,
    /// Latest receipts, newest first, at most 50.
    pub receipts: Vec<CustomerReceipt>,
    /// Most bought products, at most 10.
    pub favourites: Vec<(ProductId, String, Quantity)>,
}

/// One receipt of a customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomerReceipt {
    /// Number.
    pub number: String,
    /// Day.
    pub day: Day,
    /// Net amount.
    pub amount: Paisa,
    /// Lines.
    pub lines: u32,
}
