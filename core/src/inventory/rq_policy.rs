//! (r,Q): order Q pieces whenever stock and orders fall to r, watched all the time.
//!
//! Question: at what stock to order, and how much? Input ([`Review`]): h and p rupees a piece and unit of time, K
//! rupees an order, demand of a unit of time (normal with mean and deviation, or Poisson), lead time L in units of time.
//! Output ([`Policy`]): r and Q in pieces; the cost of any r and Q in rupees a unit of time, exact for normal lead-time
//! demand; for Poisson demand the best r and Q with their cost.
//!
//! Approximations: expected inventory level (p is rupees a piece, not a piece and time), EOQ with backorders, EOQ plus
//! safety stock, loss functions. They are solved to the last digits. Exact cost: (Kλ + ∫ g from r to r + Q) ÷ Q, the
//! integral by the second-order loss. Exact Poisson: the window r + 1 … r + Q grows to the cheaper side as long as the
//! next level costs no more than the mean so far. Assumption: demand waits; lead time is known; orders do not cross. How
//! it fails: the expected-inventory-level approximation has no answer where p·λ ≤ h·Q (an error says so).
//! References: Hadley & Whitin (1963); Zheng, Management Science 38 (1992) 87–103; Federgruen & Zheng, Operations
//! Research 40 (1992) 808–813; Snyder & Shen (2nd ed. 2019), eqs. 5.7, 5.9, 5.16–5.18, 5.21, 5.28–5.29, 5.48.

use super::{
    counts::Counts,
    eoq::Steady,
    input::{InputError, finite, not_negative, positive},
    newsvendor::Costs,
    normal_loss::{normal_loss, normal_loss_inverse, normal_second_loss},
    safety_stock::normal_quantile,
};

/// Rounds of an approximation that settles.
const ROUNDS: usize = 10_000;

/// Costs and normal demand under continuous review.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Review {
    /// h and p.
    pub costs: Costs,
    /// K: rupees an order.
    pub fixed_cost: f64,
    /// Pieces a unit of time.
    pub demand_mean: f64,
    /// Their standard deviation.
    pub demand_sd: f64,
    /// L in units of time.
    pub lead_time: f64,
}

/// When to order, and how much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    /// r: pieces in stock and on order.
    pub reorder_point: f64,
    /// Q: pieces.
    pub quantity: f64,
}

impl Review {
    /// Mean and standard deviation of demand over the lead time, after a look at all parameters.
    fn lead_demand(&self) -> Result<(f64, f64), InputError> {
        self.costs.checked()?;
        positive("fixed_cost", self.fixed_cost)?;
        positive("demand_mean", self.demand_mean)?;
        positive("demand_sd", self.demand_sd)?;
        positive("lead_time", self.lead_time)?;
        Ok((self.demand_mean * self.lead_time, self.demand_sd * self.lead_time.sqrt()))
    }

    fn steady(&self) -> Steady {
        Steady {
            fixed_cost: self.fixed_cost,
            holding_cost: self.costs.holding,
            demand_rate: self.demand_mean,
        }
    }

    /// Exact rupees a unit of time at this policy (normal lead-time demand).
    ///
    /// # Errors
    /// Where a parameter is no finite number above 0 (the reorder point may be any).
    pub fn cost(&self, policy: &Policy) -> Result<f64, InputError> {
        let (mean, sd) = self.lead_demand()?;
        let r = finite("reorder_point", policy.reorder_point)?;
        let q = positive("order_quantity", policy.quantity)?;
        let Costs { holding, stockout } = self.costs;
        let (low, high) = ((r - mean) / sd, (r + q - mean) / sd);
        let missing = sd * sd * (normal_second_loss(low) - normal_second_loss(high));
        let integral = holding * (r + 0.5 * q - mean) * q + (holding + stockout) * missing;
        Ok((self.fixed_cost * self.demand_mean + integral) / q)
    }

    /// The best r for a given Q: where the levels r and r + Q cost the same.
    ///
    /// # Errors
    /// Where a parameter is no finite number above 0.
    pub fn best_reorder_point(&self, quantity: f64) -> Result<f64, InputError> {
        let (mean, sd) = self.lead_demand()?;
        positive("order_quantity", quantity)?;
        let cost = |y: f64| self.costs.normal_cost(y, mean, sd);
        let best = mean + normal_quantile(self.costs.ratio()) * sd;
        let (mut low, mut high) = (best - quantity, best);
        loop {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                return Ok(middle);
            }
            if cost(middle) < cost(middle + quantity) { high = middle } else { low = middle }
        }
    }

    /// Expected-inventory-level approximation, with the approximate cost; here p is rupees a piece missing.
    ///
    /// # Errors
    /// Where a parameter is no finite number above 0, missing pieces cost too little to be worth a reorder point, or r and Q
    /// do not settle.
    pub fn expected_inventory_level(&self) -> Result<(Policy, f64), InputError> {
        let (mean, sd) = self.lead_demand()?;
        let Costs { holding, stockout } = self.costs;
        let loss = |r: f64| sd * normal_loss((r - mean) / sd);
        let begin = (mean, self.steady().order()?.quantity);
        let (r, q) = self.settle(begin, |q| {
            let missed = q * holding / (stockout * self.demand_mean);
            if missed >= 1.0 {
                let expected = "more than holding_cost × quantity ÷ demand_mean";
                return Err(InputError::new("stockout_cost", stockout, expected));
            }
            // by symmetry: a small chance keeps its digits
            let r = mean - sd * normal_quantile(missed);
            Ok((r, (2.0 * self.demand_mean * (self.fixed_cost + stockout * loss(r)) / holding).sqrt()))
        })?;
        let orders = self.demand_mean / q;
        let cost = holding * (r - mean + 0.5 * q) + orders * (self.fixed_cost + stockout * loss(r));
        Ok((Policy { reorder_point: r, quantity: q }, cost))
    }

    /// EOQ with backorders, and the best r for it.
    ///
    /// # Errors
    /// Where a parameter is no finite number above 0.
    pub fn eoq_with_backorders(&self) -> Result<Policy, InputError> {
        self.lead_demand()?;
        let quantity = self.steady().order_with_backorders(self.costs.stockout)?.quantity;
        Ok(Policy { reorder_point: self.best_reorder_point(quantity)?, quantity })
    }

    /// EOQ, and the newsvendor's level over the lead time.
    ///
    /// # Errors
    /// Where a parameter is no finite number above 0.
    pub fn eoq_plus_safety_stock(&self) -> Result<Policy, InputError> {
        let (mean, sd) = self.lead_demand()?;
        let reorder_point = mean + normal_quantile(self.costs.ratio()) * sd;
        Ok(Policy { reorder_point, quantity: self.steady().order()?.quantity })
    }

    /// Loss-function approximation.
    ///
    /// # Errors
    /// Where a parameter is no finite number above 0, or r and Q do not settle.
    pub fn loss_function(&self) -> Result<Policy, InputError> {
        let (mean, sd) = self.lead_demand()?;
        let Costs { holding, stockout } = self.costs;
        let begin = (mean, self.steady().order()?.quantity);
        let (reorder_point, quantity) = self.settle(begin, |q| {
            let z = normal_loss_inverse(holding * q / ((holding + stockout) * sd));
            let missing = (holding + stockout) * sd * sd * normal_second_loss(z);
            let q = (2.0 * (self.fixed_cost * self.demand_mean + missing) / holding).sqrt();
            Ok((mean + z * sd, q))
        })?;
        Ok(Policy { reorder_point, quantity })
    }

    /// Repeats a step, from Q to the next r and Q, until it changes neither.
    fn settle(
        &self,
        begin: (f64, f64),
        step: impl Fn(f64) -> Result<(f64, f64), InputError>,
    ) -> Result<(f64, f64), InputError> {
        let mut at = begin;
        for _ in 0..ROUNDS {
            let before = at;
            at = step(before.1)?;
            if settled(before, at) {
                return Ok(at);
            }
        }
        let expected = "costs and demand for which r and Q settle within 10,000 rounds";
        Err(InputError::new("fixed_cost", self.fixed_cost, expected))
    }
}

fn settled(before: (f64, f64), now: (f64, f64)) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-14 * now.1;
    near(before.0, now.0) && near(before.1, now.1)
}

/// The best whole r and Q for Poisson demand, and rupees a unit of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WholePolicy {
    /// r: pieces in stock and on order.
    pub reorder_point: i64,
    /// Q: pieces.
    pub quantity: i64,
    /// Rupees a unit of time.
    pub cost: f64,
}

/// The best (r,Q) for Poisson demand of `demand_mean` pieces a unit of time.
///
/// # Errors
/// Where a parameter is no finite number above 0 (lead time: at least 0).
pub fn poisson(
    costs: &Costs,
    fixed_cost: f64,
    demand_mean: f64,
    lead_time: f64,
) -> Result<WholePolicy, InputError> {
    costs.checked()?;
    let orders = positive("fixed_cost", fixed_cost)? * positive("demand_mean", demand_mean)?;
    let demand = Counts::poisson(demand_mean * not_negative("lead_time", lead_time)?)?;
    let cost = |y: i64| demand.cost(y, costs.holding, costs.stockout);
    let level = demand.quantile(costs.ratio());
    let (mut reorder_point, mut quantity) = (level - 1, 1);
    let mut sum = orders + cost(level);
    loop {
        let (lower, upper) = (cost(reorder_point), cost(reorder_point + quantity + 1));
        if lower.min(upper) * quantity as f64 > sum {
            return Ok(WholePolicy { reorder_point, quantity, cost: sum / quantity as f64 });
        }
        reorder_point -= i64::from(lower < upper);
        quantity += 1;
        sum += lower.min(upper);
    }
}
