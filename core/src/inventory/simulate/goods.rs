//! What is replayed: a product with its demand, costs and lead time, mended where the file says nothing sensible.
//!
//! Question answered: what may the replay take these figures for? Input: demand by step and whatever is known of price,
//! cost and lead time. Output: a [`Good`] and a sentence ([`Mended`]) for everything that was assumed or changed. How it
//! fails: [`StockError`] where no past or no future is left.

use super::{Costs, lead::Lead};
use crate::inventory::{
    eoq::Steady,
    input::{InputError, not_negative, positive},
    lead_time::{ASSUMED_DAYS, ASSUMED_VARIATION},
};

/// Longest lead time that is believed, in days.
const MAX_LEAD_DAYS: f64 = 180.0;

/// What holds for the whole house.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct House {
    /// Days of a step.
    pub step_days: f64,
    /// Price where the file has neither price nor cost.
    pub price: f64,
    /// Margin, as a part of the price, where cost or price is unknown.
    pub margin: f64,
    /// Holding cost of a year, as a part of the cost.
    pub holding_rate: f64,
    /// Cost of an order.
    pub order_cost: f64,
    /// Goodwill lost with a piece, as a part of its margin.
    pub goodwill: f64,
    /// Steps between two forecasts and two reviews.
    pub review: usize,
    /// Steps per season of the forecast.
    pub season: usize,
    /// Lives with other lead times, averaged.
    pub runs: usize,
    /// Of all that is drawn.
    pub seed: u64,
}

/// What is assumed where nothing is told: days, a phone shop's cheap goods, a week between reviews.
impl Default for House {
    fn default() -> Self {
        Self {
            step_days: 1.0,
            price: 1_250.0,
            margin: 0.2,
            holding_rate: 0.25,
            order_cost: 100.0,
            goodwill: 0.5,
            review: 7,
            season: 7,
            runs: 3,
            seed: 1,
        }
    }
}

impl House {
    /// Itself, if every figure makes sense.
    ///
    /// # Errors
    /// Where one does not.
    pub fn checked(self) -> Result<Self, InputError> {
        positive("step_days", self.step_days)?;
        positive("price", self.price)?;
        positive("margin", self.margin)?;
        if self.margin >= 1.0 {
            return Err(InputError::new("margin", self.margin, "a part of the price below 1"));
        }
        positive("holding_rate", self.holding_rate)?;
        positive("order_cost", self.order_cost)?;
        not_negative("goodwill", self.goodwill)?;
        positive("review", self.review as f64)?;
        positive("season", self.season as f64)?;
        positive("runs", self.runs as f64)?;
        Ok(self)
    }

    /// So many days, in steps.
    pub fn steps(&self, days: f64) -> f64 {
        days / self.step_days
    }
}

/// What a file says of a product; none where it says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Told {
    /// Price of a piece.
    pub price: Option<f64>,
    /// Cost of a piece.
    pub cost: Option<f64>,
    /// Mean lead time in days.
    pub lead_days: Option<f64>,
    /// Its standard deviation.
    pub lead_sd_days: Option<f64>,
    /// Pieces on the shelf before the first step that is lived.
    pub stock: Option<f64>,
}

/// A product that is ready for the replay.
#[derive(Clone, Debug, PartialEq)]
pub struct Good {
    /// Its id.
    pub id: String,
    /// Pieces asked for, by step.
    pub demand: Vec<f64>,
    /// The first step that is lived; what is before teaches.
    pub from: usize,
    /// Costs.
    pub costs: Costs,
    /// Lead time.
    pub lead: Lead,
    /// On the shelf before the first step.
    pub opening: f64,
}

/// Something that was assumed or changed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Mended {
    /// Neither price nor cost.
    #[error("price and cost are unknown: {0} a piece and the usual margin are assumed")]
    Price(f64),
    /// No cost.
    #[error("cost is unknown or 0: the usual margin below the price is assumed")]
    Cost,
    /// Sells at a loss.
    #[error("the price {price} is below the cost {cost}: a lost sale counts no margin")]
    NoMargin {
        /// Price.
        price: f64,
        /// Cost.
        cost: f64,
    },
    /// No lead time.
    #[error("lead time is unknown: {0} days are assumed")]
    Lead(f64),
    /// A lead time that no supplier has.
    #[error("a lead time of {0} days is too long to plan with: {MAX_LEAD_DAYS} days are taken")]
    LongLead(f64),
    /// Less than nothing was asked for.
    #[error("demand is below 0 at {count} steps (the first is {first}): these count as 0")]
    Demand {
        /// Steps.
        count: usize,
        /// The first, from 0.
        first: usize,
    },
    /// Less than nothing on the shelf.
    #[error("the stock {0} is below 0: it counts as 0")]
    Stock(f64),
}

/// Why there is nothing to replay.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StockError {
    /// Too little before the first lived step.
    #[error("{have} steps come before the first that is lived; at least {need} were expected to learn from")]
    Past {
        /// Steps there are.
        have: usize,
        /// Steps needed.
        need: usize,
    },
    /// Nothing after it.
    #[error("no step is left to live: the series has {have} and {from} teach")]
    Future {
        /// Steps there are.
        have: usize,
        /// Steps that teach.
        from: usize,
    },
    /// Demand that is no number.
    #[error("demand at step {0} is not finite; a number of pieces was expected")]
    Demand(usize),
}

/// Fewest steps to learn from.
pub const MIN_PAST: usize = 12;

impl Good {
    /// Checks and mends.
    pub fn new(
        id: &str,
        demand: &[f64],
        from: usize,
        told: &Told,
        house: &House,
    ) -> Result<(Self, Vec<Mended>), StockError> {
        if let Some(at) = demand.iter().position(|it| !it.is_finite()) {
            return Err(StockError::Demand(at));
        }
        if from < MIN_PAST {
            return Err(StockError::Past { have: from, need: MIN_PAST });
        }
        if from >= demand.len() {
            return Err(StockError::Future { have: demand.len(), from });
        }
        let mut mended = Vec::new();
        if let Some(first) = demand.iter().position(|it| *it < 0.0) {
            let count = demand.iter().filter(|it| **it < 0.0).count();
            mended.push(Mended::Demand { count, first });
        }
        let demand: Vec<f64> = demand.iter().map(|it| it.round().max(0.0)).collect();
        let real = |given: Option<f64>| given.filter(|it| it.is_finite() && *it > 0.0);
        let (price, cost) = match (real(told.price), real(told.cost)) {
            (Some(price), Some(cost)) => {
                if price < cost {
                    mended.push(Mended::NoMargin { price, cost });
                }
                (price, cost)
            }
            (Some(price), None) => {
                mended.push(Mended::Cost);
                (price, price * (1.0 - house.margin))
            }
            (None, Some(cost)) => {
                mended.push(Mended::Price(cost / (1.0 - house.margin)));
                (cost / (1.0 - house.margin), cost)
            }
            (None, None) => {
                mended.push(Mended::Price(house.price));
                (house.price, house.price * (1.0 - house.margin))
            }
        };
        let lead_days = real(told.lead_days).unwrap_or_else(|| {
            mended.push(Mended::Lead(ASSUMED_DAYS));
            ASSUMED_DAYS
        });
        if lead_days > MAX_LEAD_DAYS {
            mended.push(Mended::LongLead(lead_days));
        }
        let lead_days = lead_days.min(MAX_LEAD_DAYS);
        let spread = told.lead_sd_days.filter(|it| it.is_finite() && *it >= 0.0);
        let lead_sd = spread.unwrap_or(ASSUMED_VARIATION * lead_days);
        let lead = Lead::new(house.steps(lead_days), house.steps(lead_sd));
        let margin = (price - cost).max(0.0);
        let costs = Costs {
            price,
            cost,
            holding: cost * house.holding_rate * house.step_days / 365.25,
            order: house.order_cost,
            goodwill: house.goodwill * margin,
        };
        if let Some(stock) = told.stock.filter(|it| *it < 0.0) {
            mended.push(Mended::Stock(stock));
        }
        let mut good = Self { id: id.to_owned(), demand, from, costs, lead, opening: 0.0 };
        let usual = || (good.average(from, house) * (good.lead.mean() + house.steps(7.0))).ceil();
        good.opening = told.stock.map_or_else(usual, |it| it.round().max(0.0));
        Ok((good, mended))
    }

    /// Pieces a step over the last four weeks before `step`, or the last twelve steps where those are more.
    pub fn average(&self, step: usize, house: &House) -> f64 {
        let window = (house.steps(28.0).round() as usize).max(12).min(step.max(1));
        self.demand[step.saturating_sub(window)..step].iter().sum::<f64>() / window as f64
    }

    /// What is lived.
    pub fn future(&self) -> &[f64] {
        &self.demand[self.from..]
    }

    /// What was asked for up to `later` steps after what teaches.
    pub fn known(&self, later: usize) -> &[f64] {
        &self.demand[..(self.from + later).min(self.demand.len())]
    }

    /// The economic order for so many pieces a step; those of a step where ordering or holding costs nothing.
    pub fn economic_order(&self, per_step: f64) -> f64 {
        let Costs { order, holding, .. } = self.costs;
        let steady = Steady { fixed_cost: order, holding_cost: holding, demand_rate: per_step };
        steady.order().map_or(per_step, |lot| lot.quantity)
    }
}
