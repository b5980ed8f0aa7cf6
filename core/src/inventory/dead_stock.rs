//! Phansa maal: goods that lie on the shelf and do not sell.
//!
//! Input: stock, its movements, the day of each product's last sale. Output: products with pieces on the shelf and
//! neither a sale nor an arrival for [`IDLE_DAYS`] days, by the money that lies in them. How it fails: goods whose
//! arrival was never written down count from their oldest known movement.

use super::reorder::DeadStock;
use crate::{
    feature::demand::SalesByProduct,
    money::Paisa,
    quantity::Quantity,
    table::{MovementCause, Tables},
    time::Day,
};

/// Days without a sale or an arrival.
pub const IDLE_DAYS: u32 = 60;

/// Dead stock as of `today`, most money first, then by id. `prices` are rupees asked, by product.
pub fn dead_stock(
    tables: &Tables,
    shop: Option<usize>,
    today: Day,
    sales: &SalesByProduct,
    prices: &[Option<Paisa>],
) -> Vec<DeadStock> {
    let arrived = arrivals(tables, shop);
    let mut found: Vec<DeadStock> = Vec::new();
    for (product, row) in tables.products.iter().enumerate() {
        let Some(on_hand) = tables.on_hand(shop, product).filter(|on_hand| *on_hand > Quantity::ZERO) else {
            continue;
        };
        if row.fields.open.is_some() {
            continue;
        }
        let Some(since) = sales.last_sale(product).max(arrived[product]) else { continue };
        let idle_days = (today.0 - since.0).max(0) as u32;
        if idle_days < IDLE_DAYS {
            continue;
        }
        let value = row.cost.or(prices[product]).and_then(|price| on_hand.times(price));
        found.push(DeadStock {
            product: row.id,
            name: row.label(),
            on_hand,
            tied_up: value.unwrap_or_default(),
            idle_days,
        });
    }
    crate::order::by_key(&mut found, |stock| std::cmp::Reverse(stock.tied_up));
    found
}

/// Product → day of its newest arrival, else of its oldest movement of any other kind but a sale.
pub(super) fn arrivals(tables: &Tables, shop: Option<usize>) -> Vec<Option<Day>> {
    let mut arrived = vec![None; tables.products.len()];
    let mut oldest = vec![None; tables.products.len()];
    for movement in &tables.stock.movements {
        if shop.is_some_and(|shop| movement.shop as usize != shop) {
            continue;
        }
        let day = movement.at.day(tables.zone(Some(movement.shop as usize)));
        let product = movement.product as usize;
        match movement.cause {
            MovementCause::Received | MovementCause::TradedIn => arrived[product] = Some(day),
            MovementCause::Transferred if movement.quantity > Quantity::ZERO => arrived[product] = Some(day),
            MovementCause::Sold => {}
            _ => oldest[product] = oldest[product].or(Some(day)),
        }
    }
    arrived.into_iter().zip(oldest).map(|(arrived, oldest)| arrived.or(oldest)).collect()
}
