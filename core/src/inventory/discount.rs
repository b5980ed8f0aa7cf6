//! Order quantities when the supplier sells more for less.
//!
//! Question: is a bigger lot worth its discount? Input: K rupees an order, i rupees of holding a rupee and unit of
//! time, λ pieces a unit of time, price steps (from how many pieces, at what rupees a piece). Output: Q pieces, the
//! step it falls into, rupees a unit of time with the goods.
//!
//! Method: all-units (one price for the whole lot): each step's own EOQ, or its first piece where that is more.
//! Incremental (the price for the pieces within the step): with the surcharge c̄ⱼ = Σ cᵢ(bᵢ₊₁ − bᵢ) − cⱼbⱼ as part of
//! the order cost each step's own EOQ where it falls into the step. Equal cost: the smaller lot. Assumption: as
//! the EOQ's. How it fails: pieces that age or drop in price are bought for too long ahead.
//! Reference: Snyder & Shen (2nd ed. 2019), section 3.4 (examples 3.5 and problem 3.12).

use super::input::{InputError, not_negative, positive};

/// One step of a price list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PriceStep {
    /// From how many pieces.
    pub from: f64,
    /// Rupees a piece.
    pub unit_cost: f64,
}

/// Which pieces a step's price is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discount {
    /// All of the lot.
    AllUnits,
    /// Those within the step.
    Incremental,
}

/// What an order costs beside the goods.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// K: rupees an order.
    pub fixed_cost: f64,
    /// i: rupees of holding a rupee of goods and unit of time.
    pub holding_rate: f64,
    /// λ: pieces a unit of time.
    pub demand_rate: f64,
}

/// The lot that costs least.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DiscountedLot {
    /// Q: pieces.
    pub quantity: f64,
    /// The step it falls into, from 0.
    pub step: usize,
    /// Rupees a unit of time with the goods.
    pub cost: f64,
}

fn check(terms: &Terms, steps: &[PriceStep]) -> Result<(), InputError> {
    positive("fixed_cost", terms.fixed_cost)?;
    positive("holding_rate", terms.holding_rate)?;
    positive("demand_rate", terms.demand_rate)?;
    match steps.first() {
        None => return Err(InputError::new("number of price steps", 0.0, "at least one")),
        Some(first) if first.from != 0.0 => {
            return Err(InputError::new("first price step", first.from, "a step from 0 pieces"));
        }
        Some(_) => {}
    }
    for step in steps {
        not_negative("price step", step.from)?;
        positive("unit_cost", step.unit_cost)?;
    }
    for pair in steps.windows(2) {
        if pair[1].from <= pair[0].from {
            return Err(InputError::new("price step", pair[1].from, "more pieces than the step before"));
        }
        if pair[1].unit_cost >= pair[0].unit_cost {
            return Err(InputError::new("unit_cost", pair[1].unit_cost, "less than in the step before"));
        }
    }
    Ok(())
}

/// The lot that costs least under these `steps`.
///
/// # Errors
/// Where a parameter is no finite number above 0, or steps do not start at 0 pieces, rise and become cheaper.
pub fn discounted_order(
    terms: &Terms,
    steps: &[PriceStep],
    discount: Discount,
) -> Result<DiscountedLot, InputError> {
    check(terms, steps)?;
    let Terms { fixed_cost, holding_rate, demand_rate } = *terms;
    let mut best = DiscountedLot { quantity: 0.0, step: 0, cost: f64::INFINITY };
    let mut surcharge = 0.0;
    for (index, step) in steps.iter().enumerate() {
        let end = steps.get(index + 1).map_or(f64::INFINITY, |next| next.from);
        if discount == Discount::Incremental && index > 0 {
            surcharge += (steps[index - 1].unit_cost - step.unit_cost) * step.from;
        }
        let (order, holding) = (fixed_cost + surcharge, holding_rate * step.unit_cost);
        let own = (2.0 * order * demand_rate / holding).sqrt();
        let quantity = match discount {
            Discount::AllUnits => own.max(step.from),
            Discount::Incremental => own,
        };
        // A step whose best lot lies outside is beaten by a neighbour.
        if quantity < step.from || quantity >= end {
            continue;
        }
        let cost = step.unit_cost * demand_rate
            + 0.5 * holding_rate * surcharge
            + order * demand_rate / quantity
            + 0.5 * holding * quantity;
        if cost < best.cost {
            best = DiscountedLot { quantity, step: index, cost };
        }
    }
    Ok(best)
}
