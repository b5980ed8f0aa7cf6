//! (s,S): at each review, order up to S where stock and orders are at s or below.
//!
//! Question: below what stock is an order worth its cost, and up to where? Input: h and p rupees a piece and period, K
//! rupees an order, demand of one period and of L + 1 periods (L: lead time). Output: s and S in pieces; exact: expected
//! rupees a period.
//!
//! Exact method: with m(j), the expected visits j pieces below S in a cycle (m(0) = 1 ÷ (1 − P(D = 0)), m(j) = m(0)·Σ
//! P(D = i)·m(j − i)), and M their sums, c(s,S) = (K + Σ m(j)·G(S − j)) ÷ M(S − s), G the newsvendor cost; S walks up
//! while G(S) may still be below the best cost, s follows. Power approximation: a regression on solved cases, for mean
//! and deviation only. Assumption: demand waits, periods are alike and independent. How it fails: the power approximation
//! far from those cases (in Ehrhardt's first paper, 1979: p ÷ h 4 to 99, K ÷ h 32 and 64, σ² ÷ μ 1 to 9, μ 2 to 16).
//! References: Zheng & Federgruen, Operations Research 39 (1991) 654–665 (the algorithm); Ehrhardt & Mosier,
//! Management Science 30 (1984) 618–622; Snyder & Shen (2nd ed. 2019), eqs. 4.77–4.80.

use super::{
    counts::Counts,
    input::{InputError, not_negative, positive},
    newsvendor::Costs,
};

/// The best policy in whole pieces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    /// s: at this many or fewer is ordered.
    pub reorder_point: i64,
    /// S: up to here.
    pub up_to: i64,
    /// Expected rupees a period.
    pub cost: f64,
}

/// m(j), as far as it was asked for.
struct Visits<'a> {
    demand: &'a Counts,
    visits: Vec<f64>,
}

impl<'a> Visits<'a> {
    fn new(demand: &'a Counts) -> Self {
        Self { demand, visits: vec![1.0 / (1.0 - demand.mass(0))] }
    }

    fn at(&mut self, below: usize) -> f64 {
        while self.visits.len() <= below {
            let j = self.visits.len() as i64;
            let first = self.demand.first().max(1);
            let masses = &self.demand.masses()[(first - self.demand.first()) as usize..];
            let steps = (first..=j).zip(masses);
            let sum: f64 = steps.map(|(step, mass)| mass * self.visits[(j - step) as usize]).sum();
            self.visits.push(self.visits[0] * sum);
        }
        self.visits[below]
    }
}

/// The exact problem while it is solved.
struct Search<'a> {
    costs: &'a Costs,
    fixed_cost: f64,
    lead_demand: &'a Counts,
    visits: Visits<'a>,
}

impl Search<'_> {
    fn level(&self, y: i64) -> f64 {
        self.lead_demand.cost(y, self.costs.holding, self.costs.stockout)
    }

    /// c(s,S).
    fn cost(&mut self, s: i64, up_to: i64) -> f64 {
        let (mut sum, mut periods) = (self.fixed_cost, 0.0);
        for y in ((s + 1)..=up_to).rev() {
            let visits = self.visits.at((up_to - y) as usize);
            periods += visits;
            sum += visits * self.level(y);
        }
        sum / periods
    }
}

/// The best (s,S): `demand` of one period, `lead_demand` of lead time and one period.
///
/// # Errors
/// Where a cost is no finite number above 0 (K: at least 0), or nothing is ever asked for.
pub fn exact(
    costs: &Costs,
    fixed_cost: f64,
    demand: &Counts,
    lead_demand: &Counts,
) -> Result<Policy, InputError> {
    costs.checked()?;
    not_negative("fixed_cost", fixed_cost)?;
    positive("demand_mean", demand.mean())?;
    let mut search = Search { costs, fixed_cost, lead_demand, visits: Visits::new(demand) };
    let lowest = lead_demand.quantile(costs.ratio());
    let (mut s, mut up_to) = (lowest - 1, lowest);
    let mut best = search.cost(s, up_to);
    while best > search.level(s) {
        s -= 1;
        best = search.cost(s, up_to);
    }
    let mut tried = up_to + 1;
    while search.level(tried) <= best {
        let cost = search.cost(s, tried);
        if cost < best {
            up_to = tried;
            best = cost;
            while best <= search.level(s + 1) && s + 1 < up_to {
                s += 1;
                best = search.cost(s, up_to);
            }
        }
        tried += 1;
    }
    Ok(Policy { reorder_point: s, up_to, cost: best })
}

/// [`exact`] for Poisson demand of `demand_mean` pieces a period and a lead time in whole or part periods.
///
/// # Errors
/// Where a parameter is no finite number above 0 (K and lead time: at least 0).
pub fn poisson(
    costs: &Costs,
    fixed_cost: f64,
    demand_mean: f64,
    lead_time: f64,
) -> Result<Policy, InputError> {
    let demand = Counts::poisson(positive("demand_mean", demand_mean)?)?;
    let periods = not_negative("lead_time", lead_time)? + 1.0;
    exact(costs, fixed_cost, &demand, &Counts::poisson(demand_mean * periods)?)
}

/// s and S of an approximation, without their cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Approximation {
    /// s: pieces.
    pub reorder_point: f64,
    /// S: pieces.
    pub up_to: f64,
}

/// The power approximation for demand of `mean` and `sd` pieces a period, S = s + Q.
///
/// # Errors
/// Where a parameter is no finite number above 0 (lead time: at least 0).
pub fn power_approximation(
    costs: &Costs,
    fixed_cost: f64,
    mean: f64,
    sd: f64,
    lead_time: f64,
) -> Result<Approximation, InputError> {
    let Costs { holding, stockout } = *costs.checked()?;
    positive("fixed_cost", fixed_cost)?;
    positive("demand_mean", mean)?;
    positive("demand_sd", sd)?;
    let periods = not_negative("lead_time", lead_time)? + 1.0;
    let (lead_mean, lead_sd) = (mean * periods, sd * periods.sqrt());
    let scatter = 1.0 + (lead_sd / mean).powi(2);
    let span = 1.30 * mean.powf(0.494) * (fixed_cost / holding).powf(0.506) * scatter.powf(0.116);
    let z = (span * holding / (lead_sd * stockout)).sqrt();
    let reorder_point = 0.973 * lead_mean + lead_sd * (0.183 / z + 1.063 - 2.192 * z);
    Ok(Approximation { reorder_point, up_to: reorder_point + span })
}

impl Approximation {
    /// As the paper bounds it: where Q is no more than one and a half periods of demand (`mean` pieces each), neither s
    /// nor S is above the newsvendor's `level` over lead time and one period.
    pub fn bounded(self, mean: f64, level: f64) -> Self {
        if self.up_to - self.reorder_point > 1.5 * mean {
            return self;
        }
        Self { reorder_point: self.reorder_point.min(level), up_to: self.up_to.min(level) }
    }
}
