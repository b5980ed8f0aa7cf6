//! The seed's `InventoryOptimizationModel`: one product, three algorithms, by the seed's names.
//!
//! Question answered: how many of a product to order, from which position on, what to keep against surprise, how often
//! that suffices and what it costs a year? Input ([`Inputs`]): expected pieces by day, or quantiles of them, lead time with
//! its spread, costs in rupees, seasons, what is there. Output: [`Outputs`], and the order of now within [`Constraints`].
//!
//! - `ML_Enhanced`: [`super::policy`] on [`PATHS`] courses of demand drawn from the quantiles (between them, and beyond, as
//!   a normal would run), days independent; where only means are given, each day is Poisson.
//! - `Economic_Order_Quantity`: the economic order for the mean, z·σ of the same demand over the lead time above it, at
//!   Hadley & Whitin's chance of a stockout.
//! - `Dynamic_Programming`: the exact (s, S) of Zheng & Federgruen for independent review periods.
//!
//! Assumptions: those of each. How it fails: a figure that makes no sense is an error that names it.

use super::{
    basket::{self, Held, Item, allot},
    policy::{Costs, Policy, Terms},
};
use crate::{
    forecast::{SumLaw, interval::normal_quantile},
    inventory::{
        eoq::Steady,
        input::{InputError, finite, not_negative, positive},
        lead_demand::{LeadDemand, arrivals},
        lead_time::LeadTime,
        newsvendor, ss_policy,
    },
    rng::Rng,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Courses of demand that are drawn.
pub const PATHS: usize = 400;

const YEAR_DAYS: f64 = 365.25;

/// How levels are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Algorithm {
    /// Economic order and z·σ.
    #[serde(rename = "Economic_Order_Quantity")]
    EconomicOrderQuantity,
    /// Exact (s, S).
    #[serde(rename = "Dynamic_Programming")]
    DynamicProgramming,
    /// Sample paths of demand.
    #[default]
    #[serde(rename = "ML_Enhanced")]
    MlEnhanced,
}

/// Days from order to arrival.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LeadTimeDistribution {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    #[serde(default)]
    pub std: f64,
}

/// What is known of a product.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inputs {
    /// Expected pieces of each of the coming days.
    #[serde(default)]
    pub demand_forecast: Vec<f64>,
    /// Quantiles of each of those days, by chance.
    #[serde(default)]
    pub forecast_quantiles: BTreeMap<String, Vec<f64>>,
    /// From order to arrival.
    pub lead_time_distribution: LeadTimeDistribution,
    /// Holding, a year, as a part of the unit cost.
    pub holding_cost_rate: f64,
    /// A piece that was asked for in vain, in rupees.
    pub stockout_cost: f64,
    /// An order, in rupees.
    pub order_cost: f64,
    /// How many times as much as now is sold in each of the coming months.
    #[serde(default)]
    pub seasonality_factors: Vec<f64>,
    /// A piece, in rupees; where it is not given the holding rate is rupees a piece.
    #[serde(default = "one")]
    pub unit_cost: f64,
    /// Pieces on the shelf and on their way.
    #[serde(default)]
    pub stock: f64,
    /// Days between two looks at the orders.
    #[serde(default = "week")]
    pub review_days: usize,
}

fn one() -> f64 {
    1.0
}

fn week() -> usize {
    7
}

/// The seed's outputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outputs {
    /// Pieces of a usual order.
    pub optimal_order_quantity: f64,
    /// Order at this position or below.
    pub reorder_point: f64,
    /// Pieces kept against surprise.
    pub safety_stock: f64,
    /// Share of order cycles that end without a stockout.
    pub expected_service_level: f64,
    /// Holding, orders and lost sales, in rupees.
    pub total_cost_annual: f64,
}

/// Limits; none is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Constraints {
    /// Rupees for orders of now.
    #[serde(default)]
    pub max_investment: Option<f64>,
    /// Pieces that have room.
    #[serde(default)]
    pub storage_capacity: Option<f64>,
    /// Rupees below which the supplier delivers nothing.
    #[serde(default)]
    pub supplier_minimums: Option<f64>,
}

/// A product, how it is to be reckoned, and within what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct InventoryOptimizationModel {
    /// How.
    #[serde(default)]
    pub algorithm: Algorithm,
    /// What is known.
    pub inputs: Inputs,
    /// What was found; none before.
    #[serde(default)]
    pub outputs: Option<Outputs>,
    /// Within what.
    #[serde(default)]
    pub constraints: Constraints,
}

/// Levels found, with what sharing out needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The seed's outputs.
    pub outputs: Outputs,
    /// Whole pieces to order now, without any limit.
    pub order: usize,
    /// Rupees that each of them is worth, and below 0 those of further ones.
    pub worth: Vec<f64>,
}

/// Pieces beyond the order whose worth is told.
const FURTHER: usize = 100;

impl InventoryOptimizationModel {
    /// Finds the levels, and what is ordered now within the constraints: pieces, and which of them gave way.
    ///
    /// # Errors
    /// Where an input is no number that makes sense: it is named.
    pub fn solve(&mut self) -> Result<(usize, Vec<Held>), InputError> {
        let found = self.inputs.find(self.algorithm)?;
        self.outputs = Some(found.outputs);
        let item = self.inputs.item(&found, Some(0));
        let limits = self.constraints.limits(self.inputs.stock)?;
        let shared = allot(&[item], &limits);
        Ok((shared.pieces[0], shared.held))
    }
}

impl Constraints {
    /// For a basket of which so many pieces lie there already; the supplier is number 0.
    ///
    /// # Errors
    /// Where a limit is no number.
    pub fn limits(&self, stored: f64) -> Result<basket::Limits, InputError> {
        let read = |name, value: Option<f64>| value.map(|value| finite(name, value)).transpose();
        let minimum = read("supplier_minimums", self.supplier_minimums)?;
        Ok(basket::Limits {
            budget: read("max_investment", self.max_investment)?.map(paisa),
            space: read("storage_capacity", self.storage_capacity)?.map(|room| room - stored.max(0.0)),
            minimums: minimum.into_iter().map(|least| (0, paisa(least))).collect(),
        })
    }
}

/// Rupees in paisa.
pub fn paisa(rupees: f64) -> i64 {
    (rupees * 100.0).round() as i64
}

impl Inputs {
    fn lead(&self) -> LeadTime {
        let LeadTimeDistribution { mean, std } = self.lead_time_distribution;
        LeadTime { mean_days: mean, sd_days: std, learned: true }
    }

    fn costs(&self) -> Costs {
        Costs {
            unit_cost: self.unit_cost,
            lost: self.stockout_cost,
            holding_rate: self.holding_cost_rate,
            order: self.order_cost,
        }
    }

    /// The item of a basket.
    pub fn item(&self, found: &Found, supplier: Option<usize>) -> Item {
        Item { supplier, outlay: paisa(self.unit_cost), space: 1.0, worth: found.worth.clone() }
    }

    /// Levels and worth of pieces.
    ///
    /// # Errors
    /// Where an input is no number that makes sense: it is named.
    pub fn find(&self, algorithm: Algorithm) -> Result<Found, InputError> {
        finite("stock", self.stock)?;
        let law = self.law()?;
        let terms = Terms { seasons: &self.seasonality_factors, ..Terms::new(self.lead(), self.review_days) };
        let policy = Policy::new(&law, &terms, Some(&self.costs()))?;
        let position = self.stock.max(0.0);
        let outputs = match algorithm {
            Algorithm::MlEnhanced => Outputs {
                optimal_order_quantity: policy.batch,
                reorder_point: policy.reorder_point,
                safety_stock: policy.safety_stock,
                expected_service_level: policy.service_level,
                total_cost_annual: policy.annual_cost.unwrap_or_default(),
            },
            Algorithm::EconomicOrderQuantity => self.economic(&law)?,
            Algorithm::DynamicProgramming => self.exact(&law)?,
        };
        let order = match algorithm {
            Algorithm::MlEnhanced => policy.order(position),
            _ if position <= outputs.reorder_point => {
                let up_to = outputs.reorder_point + outputs.optimal_order_quantity;
                (up_to - position).ceil().max(0.0)
            }
            _ => 0.0,
        } as usize;
        let mut worth = policy.worth(position, if order > 0 { order + FURTHER } else { 0 }, 0.0);
        for (place, worth) in worth.iter_mut().enumerate() {
            *worth = if place < order { worth.max(1e-6) } else { worth.min(-1e-6) };
        }
        Ok(Found { outputs, order, worth })
    }

    fn economic(&self, law: &SumLaw) -> Result<Outputs, InputError> {
        let demand = LeadDemand::of_law(law, &arrivals(&self.lead())?, 0);
        let daily = law.mean(law.horizon() as f64) / law.horizon().max(1) as f64;
        let holding = positive("holding_cost_rate", self.unit_cost * self.holding_cost_rate)?;
        let year = positive("demand_forecast", daily * YEAR_DAYS)?;
        let steady = Steady { fixed_cost: self.order_cost, holding_cost: holding, demand_rate: year };
        let lot = steady.order()?;
        let short = holding * lot.quantity / (holding * lot.quantity + self.stockout_cost * year);
        let safety_stock = (normal_quantile(1.0 - short) * demand.sd).max(0.0);
        let missing = demand.shortage(demand.mean + safety_stock);
        Ok(Outputs {
            optimal_order_quantity: lot.quantity,
            reorder_point: demand.mean + safety_stock,
            safety_stock,
            expected_service_level: 1.0 - short,
            total_cost_annual: lot.cost
                + holding * safety_stock
                + self.stockout_cost * missing * year / lot.quantity,
        })
    }

    fn exact(&self, law: &SumLaw) -> Result<Outputs, InputError> {
        let review = self.review_days.max(1);
        let of_review = LeadDemand::of_law(law, &[1.0], review);
        let until = LeadDemand::of_law(law, &arrivals(&self.lead())?, review);
        let holding = self.unit_cost * self.holding_cost_rate * review as f64 / YEAR_DAYS;
        let costs = newsvendor::Costs { holding, stockout: self.stockout_cost };
        let (one, both) = (of_review.counts()?, until.counts()?);
        let found = ss_policy::exact(&costs, self.order_cost, &one, &both)?;
        let (point, up_to) = (found.reorder_point as f64, found.up_to as f64);
        Ok(Outputs {
            optimal_order_quantity: up_to - point,
            reorder_point: point,
            safety_stock: (point - until.mean).max(0.0),
            expected_service_level: 1.0 - until.above(point + 0.5),
            total_cost_annual: found.cost * YEAR_DAYS / review as f64,
        })
    }

    /// Sums of drawn courses.
    fn law(&self) -> Result<SumLaw, InputError> {
        let quantiles = self.quantiles()?;
        let days = quantiles.first().map_or(self.demand_forecast.len(), |it| it.1.len());
        positive("days of demand_forecast", days as f64)?;
        for value in self.demand_forecast.iter().chain(quantiles.iter().flat_map(|it| it.1.iter())) {
            not_negative("demand_forecast", *value)?;
        }
        let mut random = Rng::seeded(0);
        let mut paths = vec![vec![0.0; days]; PATHS];
        let mut order: Vec<usize> = (0..PATHS).collect();
        for day in 0..days {
            if quantiles.is_empty() {
                for path in &mut paths {
                    path[day] = f64::from(random.poisson(self.demand_forecast[day]));
                }
                continue;
            }
            for last in (1..PATHS).rev() {
                order.swap(last, random.below(last + 1));
            }
            for (slice, path) in order.iter().enumerate() {
                let z = normal_quantile((slice as f64 + 0.5) / PATHS as f64);
                paths[*path][day] = between(&quantiles, day, z);
            }
        }
        Ok(SumLaw::of(paths.iter().map(Vec::as_slice)))
    }

    /// By the normal's z of each chance, rising.
    fn quantiles(&self) -> Result<Vec<(f64, &Vec<f64>)>, InputError> {
        let mut found = Vec::new();
        for (chance, values) in &self.forecast_quantiles {
            let read: f64 = chance.trim().parse().unwrap_or(f64::NAN);
            if !(read > 0.0 && read < 1.0) {
                return Err(InputError::new("chance of forecast_quantiles", read, "a share between 0 and 1"));
            }
            found.push((normal_quantile(read), values));
        }
        crate::order::by(&mut found, |one, other| one.0.total_cmp(&other.0));
        let days = found.first().map_or(0, |it| it.1.len());
        if let Some((_, uneven)) = found.iter().find(|it| it.1.len() != days) {
            let expected = "as many as the other quantiles have";
            return Err(InputError::new("days of a quantile", uneven.len() as f64, expected));
        }
        Ok(found)
    }
}

/// A day's value at `z`, on lines between quantiles and on beyond them; none below 0.
fn between(quantiles: &[(f64, &Vec<f64>)], day: usize, z: f64) -> f64 {
    let at = |place: usize| (quantiles[place].0, quantiles[place].1[day]);
    let above = quantiles.partition_point(|it| it.0 < z).clamp(1, (quantiles.len() - 1).max(1));
    if quantiles.len() < 2 {
        return at(0).1;
    }
    let ((from, low), (to, high)) = (at(above - 1), at(above));
    (low + (high - low) * (z - from) / (to - from)).max(0.0)
}
