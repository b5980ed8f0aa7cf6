//! Economic order and production quantities for steady demand.
//!
//! Question: how many pieces at once, when each order costs something and so does holding? Input ([`Steady`]): K
//! rupees an order, h rupees a piece and unit of time, λ pieces a unit of time; where demand may wait, p rupees a
//! piece and unit of time of waiting; where pieces arrive one by one, μ pieces made a unit of time. Output
//! ([`Lot`]): Q pieces, cost in rupees a unit of time (without the goods themselves), the share of demand that
//! waits.
//!
//! Assumption: demand is known, steady and endless; lead time is known. How it fails: on demand that varies it keeps no
//! safety stock, though its cost is flat around Q. References: Harris, "How many parts to make at once" (1913); Taft
//! (1918); Snyder & Shen (2nd ed. 2019), eqs. 3.4–3.5 (EOQ), 3.27–3.29 (backorders), 3.31–3.32 (EPQ).

use super::input::{InputError, positive};

/// What an order costs and what demand does to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steady {
    /// K: rupees an order.
    pub fixed_cost: f64,
    /// h: rupees a piece and unit of time.
    pub holding_cost: f64,
    /// λ: pieces a unit of time.
    pub demand_rate: f64,
}

/// How many at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lot {
    /// Q: pieces.
    pub quantity: f64,
    /// Rupees a unit of time, without the goods.
    pub cost: f64,
    /// Share of the demand that waits for the next lot.
    pub waiting: f64,
}

impl Steady {
    fn checked(&self) -> Result<&Self, InputError> {
        positive("fixed_cost", self.fixed_cost)?;
        positive("holding_cost", self.holding_cost)?;
        positive("demand_rate", self.demand_rate)?;
        Ok(self)
    }

    fn lot(&self, holding: f64, waiting: f64) -> Lot {
        let Self { fixed_cost, demand_rate, .. } = *self;
        let quantity = (2.0 * fixed_cost * demand_rate / holding).sqrt();
        Lot { quantity, cost: (2.0 * fixed_cost * demand_rate * holding).sqrt(), waiting }
    }

    /// The share of demand that waits, h ÷ (h + p).
    fn share_waiting(&self, stockout_cost: f64) -> Result<f64, InputError> {
        positive("stockout_cost", stockout_cost)?;
        Ok(self.holding_cost / (self.holding_cost + stockout_cost))
    }

    /// The share of the time in which nothing is made, 1 − λ ÷ μ.
    fn idle(&self, production_rate: f64) -> Result<f64, InputError> {
        positive("production_rate", production_rate)?;
        if production_rate <= self.demand_rate {
            let expected = "more than demand_rate";
            return Err(InputError::new("production_rate", production_rate, expected));
        }
        Ok(1.0 - self.demand_rate / production_rate)
    }

    /// EOQ: nothing waits.
    ///
    /// # Errors
    /// Where a parameter is no finite number above 0.
    pub fn order(&self) -> Result<Lot, InputError> {
        Ok(self.checked()?.lot(self.holding_cost, 0.0))
    }

    /// EOQ where demand waits at `stockout_cost` a piece and unit of time.
    ///
    /// # Errors
    /// Where a parameter is no finite number above 0.
    pub fn order_with_backorders(&self, stockout_cost: f64) -> Result<Lot, InputError> {
        let waiting = self.checked()?.share_waiting(stockout_cost)?;
        Ok(self.lot(self.holding_cost * (1.0 - waiting), waiting))
    }

    /// EPQ: pieces arrive one by one, `production_rate` a unit of time.
    ///
    /// # Errors
    /// Where a parameter is no finite number above 0, or less is made than asked for.
    pub fn production(&self, production_rate: f64) -> Result<Lot, InputError> {
        let idle = self.checked()?.idle(production_rate)?;
        Ok(self.lot(self.holding_cost * idle, 0.0))
    }

    /// EPQ where demand waits.
    ///
    /// # Errors
    /// Where a parameter is no finite number above 0, or less is made than asked for.
    pub fn production_with_backorders(
        &self,
        production_rate: f64,
        stockout_cost: f64,
    ) -> Result<Lot, InputError> {
        let idle = self.checked()?.idle(production_rate)?;
        let waiting = self.share_waiting(stockout_cost)?;
        Ok(self.lot(self.holding_cost * (1.0 - waiting) * idle, waiting))
    }
}
