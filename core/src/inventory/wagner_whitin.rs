//! Which periods to order in, when demand of each is known and varies.
//!
//! Question: in which periods is ordered, for how many periods ahead? Input: periods, each with its demand in pieces,
//! K rupees an order, h rupees to keep a piece from this period to the next, c rupees a piece. Output ([`Schedule`]):
//! pieces a period, rupees in all, and for every period the cost from there on and the next one that orders.
//!
//! Method: dynamic programming backwards over the first order, θₜ = min over s > t of Kₜ·[any demand] + cₜ·D(t, s) +
//! holding + θₛ with θ after the end 0; equal cost: the nearest s. No planning-horizon theorem is used, so that prices
//! that rise (buying ahead) are right; a sum that already exceeds the best ends the search, since nothing is below 0.
//! Assumption: demand is known and met on time, an order arrives at once, the last period ends it all. How it fails:
//! without safety stock on demand that is a guess; replanned each period it changes its mind.
//! References: Wagner & Whitin, Management Science 5 (1958) 89–96; Snyder & Shen (2nd ed. 2019), eq. 3.39, alg. 3.1.

use super::input::{InputError, not_negative};

/// One period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Period {
    /// Pieces asked for.
    pub demand: f64,
    /// K: rupees an order here.
    pub fixed_cost: f64,
    /// h: rupees to keep a piece until the next period.
    pub holding_cost: f64,
    /// c: rupees a piece here; 0 where it makes no difference.
    pub unit_cost: f64,
}

/// When to order how much. Periods count from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// Pieces ordered in each period.
    pub orders: Vec<f64>,
    /// Rupees in all.
    pub cost: f64,
    /// Rupees from each period on, if nothing is in stock; one more, 0, for the end.
    pub costs_to_go: Vec<f64>,
    /// The period until which an order here lasts.
    pub next: Vec<usize>,
}

/// The cheapest schedule.
///
/// # Errors
/// Where a parameter is no finite number of at least 0.
pub fn schedule(periods: &[Period]) -> Result<Schedule, InputError> {
    for period in periods {
        not_negative("demand", period.demand)?;
        not_negative("fixed_cost", period.fixed_cost)?;
        not_negative("holding_cost", period.holding_cost)?;
        not_negative("unit_cost", period.unit_cost)?;
    }
    let end = periods.len();
    let mut costs_to_go = vec![0.0; end + 1];
    let mut next = vec![end; end];
    for first in (0..end).rev() {
        let order = periods[first];
        let (mut best, mut here) = (f64::INFINITY, 0.0);
        let (mut unit, mut ordered) = (order.unit_cost, false);
        for (until, period) in periods.iter().enumerate().skip(first) {
            if period.demand > 0.0 && !ordered {
                ordered = true;
                here += order.fixed_cost;
            }
            here += unit * period.demand;
            unit += period.holding_cost;
            let cost = here + costs_to_go[until + 1];
            if cost < best {
                best = cost;
                next[first] = until + 1;
            }
            if here > best {
                break;
            }
        }
        costs_to_go[first] = best;
    }
    let mut orders = vec![0.0; end];
    let mut first = 0;
    while first < end {
        orders[first] = periods[first..next[first]].iter().map(|period| period.demand).sum();
        first = next[first];
    }
    Ok(Schedule { orders, cost: costs_to_go[0], costs_to_go, next })
}
