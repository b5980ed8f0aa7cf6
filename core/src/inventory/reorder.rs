//! Reorder suggestions: the seed's `ReorderSuggestion` with its reason.

use crate::{
    id::{ProductId, SupplierId},
    money::{Currency, Paisa},
    quantity::Quantity,
    reason::Reason,
    time::Day,
};
use serde::{Deserialize, Serialize};

/// Answer to `Task::Reorder`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReorderPlan {
    /// As of.
    pub today: Day,
    /// What amounts are in.
    pub currency: Currency,
    /// Suggestions by rupees at risk, most first.
    pub suggestions: Vec<ReorderSuggestion>,
    /// Cost of all of them together, where costs are known.
    pub total_cost: Paisa,
    /// Cost before any budget cut.
    pub wanted_cost: Paisa,
    /// Products that sell and whose stock was never counted.
    pub uncounted: u64,
    /// Phansa maal: products with stock and no sale for long.
    pub dead_stock: Vec<DeadStock>,
}

/// One product to order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReorderSuggestion {
    /// Which product.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// From whom it last came.
    pub supplier: Option<SupplierId>,
    /// Pieces on the shelf; none when never counted.
    pub current_stock: Option<Quantity>,
    /// How many to order, whole pieces.
    pub suggested_order_quantity: Quantity,
    /// Order when the shelf falls to this.
    pub reorder_point: Quantity,
    /// Pieces kept against surprise.
    pub safety_stock: Quantity,
    /// Expected pieces a day over the lead time.
    pub daily_demand: f64,
    /// Days until the shelf is empty: 80 % range and middle; none beyond the horizon.
    pub days_until_stockout: Option<(f64, f64, Option<f64>)>,
    /// Under 7 days high, under 14 medium, else low.
    pub urgency: Urgency,
    /// Margin (or revenue where cost is unknown) expected to be lost without an order.
    pub at_risk: Paisa,
    /// What the order costs, where cost is known.
    pub order_cost: Option<Paisa>,
    /// Measured coverage of the forecast behind it, 0–1.
    pub confidence: Option<f64>,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// A product that lies and does not sell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeadStock {
    /// Which product.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// Pieces.
    pub on_hand: Quantity,
    /// At cost (or price where cost is unknown).
    pub tied_up: Paisa,
    /// Days since the last sale, or since it came.
    pub idle_days: u32,
}

/// The seed's urgency: stock for less than 7 days is high, less than 14 medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Now.
    High,
    /// This week.
    Medium,
    /// When there is time.
    Low,
}
