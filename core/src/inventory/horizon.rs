//! Stock over a known number of periods, then it ends: the best rule for each period.
//!
//! Question: until a model's end of life, below what stock is ordered in each period, and up to where? Input:
//! periods with h, p, c rupees a piece, K rupees an order, discount γ to the next, demand (normal, or counts); at the end
//! h and p once more for what is left or owed; stock at the start in pieces. Output ([`Plan`]): s and S a period,
//! expected discounted rupees in all.
//!
//! Method: dynamic programming backwards on whole pieces, θₜ(x) = min over y ≥ x of K·[y > x] + c(y − x) + g(y) + γ·E
//! θₜ₊₁(y − D); the grid holds every stock that may be reached, so that nothing is clipped at its ends. Equal cost: no
//! order, then the smaller one. A normal demand moves the stock by whole pieces within 4 standard deviations, as
//! the published figures do: 3 in 100,000 of the later cost is left out a period. Assumption: demand waits,
//! arrives at once, periods independent. How it fails: (s,S) describes the best rule only where Kₜ ≥ γ·Kₜ₊₁;
//! [`Levels`] then tells the rule at low stock. References: Scarf (1960); Snyder & Shen (2nd ed. 2019), eq. 4.66,
//! alg. 4.1.

use super::{
    counts::Counts,
    input::{InputError, not_negative, positive},
    newsvendor::Costs,
    safety_stock::normal_cdf,
};

/// Standard deviations of a normal demand that are looked at.
const SPREAD: f64 = 4.0;

/// Stock levels times periods times demands that are still worked through.
const MOST_STEPS: f64 = 2e9;

/// Demand of one period.
#[derive(Clone, Debug, PartialEq)]
pub enum Demand {
    /// Mean and standard deviation in pieces.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        sd: f64,
    },
    /// Whole pieces.
    Counts(Counts),
}

/// One period.
#[derive(Clone, Debug, PartialEq)]
pub struct Period {
    /// h: rupees a piece left.
    pub holding_cost: f64,
    /// p: rupees a piece owed.
    pub stockout_cost: f64,
    /// c: rupees a piece.
    pub unit_cost: f64,
    /// K: rupees an order.
    pub fixed_cost: f64,
    /// γ: what a rupee of the next period is worth in this one.
    pub discount: f64,
    /// What is asked for.
    pub demand: Demand,
}

/// A period's rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    /// s: the highest stock at which it is still up to S.
    pub reorder_point: i64,
    /// S.
    pub up_to: i64,
}

/// The best rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// One a period; none where even the lowest stock is not worth an order.
    pub levels: Vec<Option<Levels>>,
    /// Expected discounted rupees from the start on.
    pub cost: f64,
}

impl Period {
    fn check(&self) -> Result<(), InputError> {
        not_negative("holding_cost", self.holding_cost)?;
        not_negative("stockout_cost", self.stockout_cost)?;
        not_negative("unit_cost", self.unit_cost)?;
        not_negative("fixed_cost", self.fixed_cost)?;
        positive("discount", self.discount)?;
        if self.discount > 1.0 {
            return Err(InputError::new("discount", self.discount, "a share above 0 and up to 1"));
        }
        if let Demand::Normal { mean, sd } = self.demand {
            not_negative("demand_mean", mean)?;
            not_negative("demand_sd", sd)?;
            if mean + SPREAD * sd > MOST_STEPS {
                return Err(InputError::new("demand_mean", mean, "fewer pieces, or larger units"));
            }
        }
        Ok(())
    }

    /// Fewest pieces, and the chances from there on.
    fn masses(&self) -> (i64, Vec<f64>) {
        match &self.demand {
            Demand::Counts(counts) => (counts.first(), counts.masses().to_vec()),
            Demand::Normal { mean, sd } if *sd > 0.0 => {
                let first = (mean - SPREAD * sd).round().max(0.0) as i64;
                let last = (mean + SPREAD * sd).round() as i64;
                let below = |pieces: f64| normal_cdf((pieces - mean) / sd);
                let mass = |pieces: i64| below(pieces as f64 + 0.5) - below(pieces as f64 - 0.5);
                (first, (first..=last).map(mass).collect())
            }
            Demand::Normal { mean, .. } => (mean.round() as i64, vec![1.0]),
        }
    }

    fn own_cost(&self, y: i64) -> f64 {
        let costs = Costs { holding: self.holding_cost, stockout: self.stockout_cost };
        match &self.demand {
            Demand::Counts(counts) => counts.cost(y, costs.holding, costs.stockout),
            Demand::Normal { mean, sd } => costs.normal_cost(y as f64, *mean, *sd),
        }
    }
}

/// The best rules from `stock` on; at the end a piece left costs `ending.holding`, one owed `ending.stockout`.
///
/// # Errors
/// Where a parameter makes no sense, or the grid of stock levels grows too large.
pub fn plan(periods: &[Period], ending: &Costs, stock: i64) -> Result<Plan, InputError> {
    not_negative("terminal_holding_cost", ending.holding)?;
    not_negative("terminal_stockout_cost", ending.stockout)?;
    periods.iter().try_for_each(Period::check)?;
    let demands: Vec<(i64, Vec<f64>)> = periods.iter().map(Period::masses).collect();
    let most: f64 = demands.iter().map(|(first, masses)| *first as f64 + masses.len() as f64).sum();
    let widest = demands.iter().map(|(_, masses)| masses.len()).max().unwrap_or(0);
    let steps = (2.0 * most + (stock as f64).abs()) * widest as f64 * periods.len() as f64;
    if steps > MOST_STEPS {
        return Err(InputError::new("demand over all periods", most, "fewer periods or larger units"));
    }
    // Nothing reaches lower than all demand below the start, and more than all demand is never wanted.
    let (low, high) = (stock.min(0) - most as i64, stock.max(most as i64));
    let end = |x: i64| if x > 0 { ending.holding * x as f64 } else { -ending.stockout * x as f64 };
    let mut after: Vec<f64> = (low..=high).map(end).collect();
    let mut start = low;
    let mut levels = Vec::with_capacity(periods.len());
    for (period, (first, masses)) in periods.iter().zip(&demands).rev() {
        let largest = first + masses.len() as i64;
        let from = start + largest;
        let value = |y: i64| {
            let later: f64 = masses
                .iter()
                .enumerate()
                .map(|(at, mass)| mass * after[(y - first - at as i64 - start) as usize])
                .sum();
            period.own_cost(y) + period.discount * later
        };
        let stay: Vec<f64> = (from..=high).map(value).collect();
        let mut best = Vec::with_capacity(stay.len());
        // the cheapest level above, goods included, from the top down
        let mut above: Option<(i64, f64)> = None;
        for (x, &here) in (from..=high).rev().zip(stay.iter().rev()) {
            let paid = period.unit_cost * x as f64;
            let ordered = above.map(|(y, value)| (y, period.fixed_cost + value - paid));
            best.push(match ordered {
                Some((y, cost)) if cost < here => (y, cost),
                _ => (x, here),
            });
            if above.is_none_or(|(_, value)| here + paid <= value) {
                above = Some((x, here + paid));
            }
        }
        best.reverse();
        levels.push(best.first().filter(|(up_to, _)| *up_to > from).map(|&(up_to, _)| {
            let same = best.iter().take_while(|(y, _)| *y == up_to).count() as i64;
            Levels { reorder_point: from + same - 1, up_to }
        }));
        after = best.into_iter().map(|(_, cost)| cost).collect();
        start = from;
    }
    levels.reverse();
    Ok(Plan { levels, cost: after[(stock - start) as usize] })
}
