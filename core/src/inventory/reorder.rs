//! Reorder suggestions: the seed's `ReorderSuggestion` with its reason.
//!
//! Question: what to order today, how much, and what is lost without it? Input: the law of demand of every product with a
//! sale in the last [`SELLING_DAYS`](crate::demand::SELLING_DAYS) days, its supplier's lead time, stock on hand and on
//! order, price and cost. Output: an (s, S) decision a product ([`super::plan::policy`]) with a review period of
//! [`REVIEW_DAYS`] (a shop looks at its orders once a week), shared out under the shop's [`Limits`]
//! ([`super::plan::basket`]):
//!
//! - days until stockout: where the summed forecast meets the stock, with the ends of its 80 % band as range;
//! - at risk: pieces asked for in vain over lead time and review without an order × margin (price where cost is unknown).
//!
//! Where the shelf was never counted nothing is assumed about it: the order covers what is expected over lead time and
//! review, urgency is medium, `at_risk` is the margin of all that demand, and the reason says so. Of such products only
//! the [`MOST_UNCOUNTED`] that earned most are planned, as a forecast of thousands takes a device many seconds; the others
//! are counted in `unplanned`. Where cost is unknown, price stands for it in the budget.
//!
//! How it fails: products with too little history get no suggestion (never a made-up demand) and are counted in
//! `too_new`; a shelf that was often empty hides demand. Reference: Silver, Pyke & Thomas (4th ed. 2017), ch. 6.

use super::{
    dead_stock::DeadStock,
    lead_time::LeadTime,
    open_order::OpenOrder,
    plan::{limits::Limits, run::ReorderRun},
};
use crate::{
    demand::{Forecasts, PRODUCT_DAYS, SELLING_DAYS},
    feature::demand::DemandFeatures,
    id::{ProductId, SupplierId},
    money::{Currency, Paisa},
    quantity::Quantity,
    reason::Reason,
    table::Tables,
    time::Day,
};
use serde::{Deserialize, Serialize};

/// Version of the policy, kept with every suggestion.
pub const VERSION: &str = "2.0.0";

/// Days between two looks at the orders.
pub const REVIEW_DAYS: f64 = 7.0;

/// Most products whose stock was never counted that are planned.
pub const MOST_UNCOUNTED: usize = 400;

/// Answer to `Task::Reorder`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReorderPlan {
    /// As of: the day that was asked for, or, of sales that ended long before it, the day after the last one
    /// ([`crate::demand::effective_day`]).
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
    /// Of them those that were left out, as others earned more: see [`MOST_UNCOUNTED`].
    pub unplanned: u64,
    /// Products that sell and have too little history for a forecast.
    pub too_new: u64,
    /// Phansa maal: products with stock and no sale for long.
    pub dead_stock: Vec<DeadStock>,
    /// Orders that have not all arrived, newest first.
    pub open_orders: Vec<OpenOrder>,
    /// Limits that the plan could not keep to without leaving something out: which gave way, and by how much.
    pub gave_way: Vec<Reason>,
    /// Suppliers of what is suggested, with their names, by name.
    pub suppliers: Vec<(SupplierId, String)>,
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
    /// How many to order, whole pieces; none where the budget did not reach.
    pub suggested_order_quantity: Quantity,
    /// What one costs, if known.
    pub unit_cost: Option<Paisa>,
    /// The seed's `optimal_order_quantity`: pieces of a usual order.
    pub optimal_order_quantity: Quantity,
    /// Share of order cycles that end without a stockout.
    pub expected_service_level: f64,
    /// Holding, orders and lost sales of a year, where costs are known.
    pub total_cost_annual: Option<Paisa>,
    /// Order when the shelf falls to this.
    pub reorder_point: Quantity,
    /// Pieces kept against surprise.
    pub safety_stock: Quantity,
    /// Expected pieces a day over lead time and review.
    pub daily_demand: f64,
    /// Days until the shelf is empty: 80 % range and middle; none beyond the horizon.
    pub days_until_stockout: Option<(f64, f64, Option<f64>)>,
    /// Under 7 days high, under 14 medium, else low; medium where stock is unknown.
    pub urgency: Urgency,
    /// Margin (or revenue where cost is unknown) expected to be lost without an order.
    pub at_risk: Paisa,
    /// What the order costs, where cost is known.
    pub order_cost: Option<Paisa>,
    /// Measured coverage of the forecast behind it, 0–1.
    pub confidence: Option<f64>,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The values behind it, for the record.
    pub features: DemandFeatures,
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

impl Urgency {
    /// By days until the shelf is empty; beyond the horizon is low.
    pub fn of_days(days: Option<f64>) -> Self {
        match days {
            Some(days) if days < 7.0 => Self::High,
            Some(days) if days < 14.0 => Self::Medium,
            _ => Self::Low,
        }
    }
}

/// Which products are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All that sell.
    Selling,
    /// Of them only those whose stock is known.
    Counted,
}

/// Answers `Task::Reorder` in one go.
pub fn answer(
    tables: &Tables,
    shop: Option<usize>,
    today: Day,
    limits: &Limits,
    known: &Forecasts,
) -> ReorderPlan {
    let mut run = ReorderRun::new(tables, shop, today, Scope::Selling, known);
    run.step(0..run.len());
    run.finish().plan(limits)
}

/// How far ahead a product is looked at: as far as "days until stockout" can see, further only where goods take that long.
pub(super) fn horizon_days(lead: &LeadTime) -> u16 {
    PRODUCT_DAYS.max((lead.mean_days + REVIEW_DAYS).ceil() as u16)
}

/// What the sale of a piece earns: its margin, or its price where the cost is unknown.
pub(super) fn earned_by_one(price: Option<Paisa>, cost: Option<Paisa>) -> Paisa {
    Paisa((price.unwrap_or_default() - cost.unwrap_or_default()).0.max(0))
}

/// Value of a running sum after so many days, a part of a day in proportion.
pub(super) fn at(sums: &[f64], days: f64) -> f64 {
    let after = |days: usize| if days == 0 { 0.0 } else { sums[(days - 1).min(sums.len() - 1)] };
    let below = after(days.floor() as usize);
    below + (after(days.ceil() as usize) - below) * days.fract()
}

/// Product → price asked: the set one, else the average charged in the last [`SELLING_DAYS`] days.
pub(super) fn prices(tables: &Tables, shop: Option<usize>, today: Day) -> Vec<Option<Paisa>> {
    let sales = &tables.sales;
    let since = sales.day.partition_point(|day| day.0 < today.0 - SELLING_DAYS);
    let upto = sales.day.partition_point(|&day| day < today);
    let mut charged = vec![(0i64, 0i64); tables.products.len()];
    for receipt in since..upto {
        if shop.is_some_and(|shop| sales.shop[receipt] as usize != shop) {
            continue;
        }
        for line in sales.lines_of(receipt).filter(|&line| sales.quantity[line].0 > 0) {
            let (amount, quantity) = &mut charged[sales.product[line] as usize];
            *amount += sales.amount[line].0;
            *quantity += sales.quantity[line].0;
        }
    }
    let average = |(amount, quantity): (i64, i64)| {
        (quantity > 0).then(|| Paisa((amount as f64 * 1_000.0 / quantity as f64).round() as i64))
    };
    tables.products.iter().zip(charged).map(|(row, charged)| row.price.or_else(|| average(charged))).collect()
}
