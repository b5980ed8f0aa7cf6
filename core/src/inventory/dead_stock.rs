//! Phansa maal: goods that lie on the shelf and do not sell.
//!
//! Input: stock, its movements, the day of each product's last sale. Output: products with pieces on the shelf and
//! neither a sale nor an arrival for [`IDLE_DAYS`] days, by the money that lies in them, each with a way to clear it: what
//! lay for n days is expected to lie for n more (nothing else is known of it), which costs [`HOLDING_RATE`] and, of what
//! ages, [`AGEING_RATE`] a year of its cost; a price lower by that, at most by [`MOST_OFF`] and never below the product's
//! own least price, is no loss. What was bought together with a piece most often is named to be offered with it. How it
//! fails: goods whose arrival was never written down count from their oldest known movement; without price and cost no
//! price is named.

use crate::{
    feature::demand::SalesByProduct,
    id::ProductId,
    inventory::plan::HOLDING_RATE,
    money::Paisa,
    quantity::Quantity,
    reason::Reason,
    table::{MovementCause, Tables},
    time::Day,
};
use serde::{Deserialize, Serialize};

/// Days without a sale or an arrival.
pub const IDLE_DAYS: u32 = 60;

/// What a piece loses in a year by newer ones coming out.
pub const AGEING_RATE: f64 = 0.3;

/// Most that a price is lowered by.
pub const MOST_OFF: f64 = 0.35;

/// Steps of a price tag.
const TAG: i64 = 1_000;

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
    /// How to be rid of it: a price, or what to sell it with.
    pub clearance: Vec<Reason>,
    /// Money that comes free at that price.
    pub freed: Option<Paisa>,
}

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
    let mut places = Vec::new();
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
        let asked = prices[product].filter(|price| *price > Paisa::ZERO);
        let tag = asked.map(|price| clear_at(price, row.cost, row.floor, idle_days));
        let mut clearance: Vec<Reason> = Vec::new();
        if let Some((price, share)) = tag {
            clearance.push(Reason::ClearAt { price, share });
        }
        let value = row.cost.or(prices[product]).and_then(|price| on_hand.times(price));
        found.push(DeadStock {
            product: row.id,
            name: row.label(),
            on_hand,
            tied_up: value.unwrap_or_default(),
            idle_days,
            clearance,
            freed: tag.and_then(|(price, _)| on_hand.times(price)),
        });
        places.push(product);
    }
    let partners = partners(tables, shop, &places);
    for (stock, other) in found.iter_mut().zip(partners) {
        if let Some(other) = other {
            stock.clearance.push(Reason::SellWith { name: tables.products[other].label() });
        }
    }
    crate::order::by_key(&mut found, |stock| std::cmp::Reverse(stock.tied_up));
    found
}

/// Price to be rid of it, and what it costs to keep it as long again, as a part of the price asked.
fn clear_at(price: Paisa, cost: Option<Paisa>, floor: Option<Paisa>, idle_days: u32) -> (Paisa, f64) {
    let cost = cost.filter(|cost| *cost > Paisa::ZERO).unwrap_or(price);
    let keeping = cost.as_units() * (HOLDING_RATE + AGEING_RATE) * f64::from(idle_days) / 365.25;
    let share = (keeping / price.as_units()).min(MOST_OFF);
    // as on a price tag: tens of rupees
    let lowered = ((price.0 as f64 * (1.0 - share)) as i64 / TAG * TAG).max(floor.map_or(0, |floor| floor.0));
    (Paisa(if lowered > 0 { lowered.min(price.0) } else { price.0 }), share)
}

/// For each of `products`, in their order, what stands with it on receipts most often, at least twice.
fn partners(tables: &Tables, shop: Option<usize>, products: &[usize]) -> Vec<Option<usize>> {
    let sales = &tables.sales;
    let mut place = vec![None; tables.products.len()];
    products.iter().enumerate().for_each(|(at, product)| place[*product] = Some(at));
    let mut together: Vec<(usize, usize)> = Vec::new();
    for receipt in 0..sales.receipts() {
        if shop.is_some_and(|shop| sales.shop[receipt] as usize != shop) {
            continue;
        }
        let lines = || sales.lines_of(receipt).map(|line| sales.product[line] as usize);
        for dead in lines().filter_map(|product| place[product]) {
            together.extend(lines().filter(|other| place[*other].is_none()).map(|other| (dead, other)));
        }
    }
    crate::order::by(&mut together, Ord::cmp);
    let mut best = vec![None; products.len()];
    let mut most = vec![1; products.len()];
    for same in together.chunk_by(|one, other| one == other) {
        let (dead, other) = same[0];
        if same.len() > most[dead] {
            (most[dead], best[dead]) = (same.len(), Some(other));
        }
    }
    best
}

/// Product → day of its newest arrival, else of its oldest movement of any other kind but a sale.
pub(super) fn arrivals(tables: &Tables, shop: Option<usize>) -> Vec<Option<Day>> {
    let mut arrived = vec![None; tables.products.len()];
    let mut oldest = vec![None; tables.products.len()];
    let mut away = vec![0i64; tables.products.len()];
    for movement in &tables.stock.movements {
        if shop.is_some_and(|shop| movement.shop as usize != shop) {
            continue;
        }
        let day = movement.at.day(tables.zone(Some(movement.shop as usize)));
        let product = movement.product as usize;
        match movement.cause {
            MovementCause::Received | MovementCause::TradedIn => arrived[product] = Some(day),
            MovementCause::Transferred if movement.quantity > Quantity::ZERO => {
                // What went to another shop and came back has not arrived: it lies as it lay.
                let back = away[product].min(movement.quantity.0);
                away[product] -= back;
                if movement.quantity.0 > back {
                    arrived[product] = Some(day);
                }
            }
            MovementCause::Transferred => {
                away[product] -= movement.quantity.0;
                oldest[product] = oldest[product].or(Some(day));
            }
            MovementCause::Sold => {}
            _ => oldest[product] = oldest[product].or(Some(day)),
        }
    }
    arrived.into_iter().zip(oldest).map(|(arrived, oldest)| arrived.or(oldest)).collect()
}
