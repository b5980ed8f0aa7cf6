//! The plan: what to order of a whole shop, within its limits. The seed's `InventoryOptimizationModel`.
//!
//! [`policy`] decides one product from sample paths of demand; [`basket`] shares out money and room; [`run`] goes over a
//! shop, and keeps what it found, so that a change of the limits shares out anew and forecasts nothing ([`run::Prepared`]),
//! and an event of stock looks at its own products alone; [`limits`] are the shop's; [`habit`] is what was learned from
//! orders decided before, [`substitute`] what was learned from empty shelves; [`model`] is the seed's interface to all of
//! it, with its three algorithms. [`touched`] tells which products an event of stock concerns.

pub mod basket;
pub mod habit;
pub mod limits;
pub mod look;
pub mod model;

pub mod policy;
pub mod run;
pub mod substitute;
pub mod touched;

use crate::money::{Currency, Paisa};
use policy::Costs;

/// Holding, a year, as a part of the cost: money, room, theft.
pub const HOLDING_RATE: f64 = 0.25;

/// Goodwill lost with a sale, as a part of its margin: who finds nothing may not come back.
pub const GOODWILL: f64 = 0.5;

/// Rupees that one product on an order costs: asking, counting, carrying in.
const ORDER_RUPEES: f64 = 50.0;

/// The same in money that is not rupees.
const ORDER_UNITS: f64 = 0.5;

/// What a shop's product costs; none where cost or price is unknown, or the price is below the cost.
pub fn shop_costs(currency: Currency, price: Option<Paisa>, cost: Option<Paisa>) -> Option<Costs> {
    let (price, cost) = (price?, cost.filter(|cost| *cost > Paisa::ZERO)?);
    let margin = (price.0 - cost.0) as f64 / 100.0;
    (margin > 0.0).then(|| Costs {
        unit_cost: cost.as_units(),
        lost: margin * (1.0 + GOODWILL),
        holding_rate: HOLDING_RATE,
        order: if currency == Currency::PKR { ORDER_RUPEES } else { ORDER_UNITS },
    })
}
