//! The newsvendor: how much to have before demand shows.
//!
//! Question: up to how many pieces, when one left over costs h and one missing costs p? Input: h and p in rupees a
//! piece and period, demand of a period as a normal, a Poisson or any chances of whole pieces, or values that were
//! seen; for stock under periodic review with lead time L, demand of L + 1 periods. Output ([`Level`]): S pieces and
//! the expected rupees a period there.
//!
//! Method: S is the least level with P(D ≤ S) ≥ p ÷ (p + h). Assumption: what is left serves or is worth its cost later;
//! h and p are known. How it fails: a normal gives halves and, for a few pieces, negative demand: use counts there.
//! References: Arrow, Harris & Marschak, Econometrica 19 (1951); Snyder & Shen (2nd ed. 2019), 4.3 (eq. 4.6: the cost).

use super::{
    counts::Counts,
    input::{InputError, finite, not_negative, positive},
    normal_loss::{density, normal_loss},
    safety_stock::normal_quantile,
};

/// What a piece too many or too few costs, in rupees a period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Costs {
    /// h: a piece left over.
    pub holding: f64,
    /// p: a piece missing.
    pub stockout: f64,
}

/// A stock level and its price.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// S: pieces.
    pub level: f64,
    /// Expected rupees a period.
    pub cost: f64,
}

impl Costs {
    pub(super) fn checked(&self) -> Result<&Self, InputError> {
        positive("holding_cost", self.holding)?;
        positive("stockout_cost", self.stockout)?;
        Ok(self)
    }

    /// p ÷ (p + h): the chance with which demand should be met.
    pub fn ratio(&self) -> f64 {
        self.stockout / (self.stockout + self.holding)
    }

    /// Expected cost at level `y` of a normal demand.
    pub(super) fn normal_cost(&self, y: f64, mean: f64, sd: f64) -> f64 {
        if sd > 0.0 {
            let z = (y - mean) / sd;
            sd * (self.holding * normal_loss(-z) + self.stockout * normal_loss(z))
        } else {
            self.holding * (y - mean).max(0.0) + self.stockout * (mean - y).max(0.0)
        }
    }
}

/// Normal demand of `mean` and `sd` pieces a period, to be met over `lead_time` + 1 periods.
///
/// # Errors
/// Where a cost is no finite number above 0, or a parameter of demand none of at least 0.
pub fn normal(costs: &Costs, mean: f64, sd: f64, lead_time: f64) -> Result<Level, InputError> {
    costs.checked()?;
    not_negative("demand_mean", mean)?;
    not_negative("demand_sd", sd)?;
    let periods = not_negative("lead_time", lead_time)? + 1.0;
    let (mean, sd) = (mean * periods, sd * periods.sqrt());
    let z = normal_quantile(costs.ratio());
    Ok(Level { level: mean + z * sd, cost: (costs.holding + costs.stockout) * density(z) * sd })
}

/// Demand in whole pieces.
///
/// # Errors
/// Where a cost is no finite number above 0.
pub fn counts(costs: &Costs, demand: &Counts) -> Result<Level, InputError> {
    let level = demand.quantile(costs.checked()?.ratio());
    Ok(Level { level: level as f64, cost: demand.cost(level, costs.holding, costs.stockout) })
}

/// Demand that was seen, each value as likely as any other.
///
/// # Errors
/// Where a cost is no finite number above 0, or there is no value, or one is not finite.
pub fn empirical(costs: &Costs, seen: &[f64]) -> Result<Level, InputError> {
    costs.checked()?;
    for &value in seen {
        finite("demand seen", value)?;
    }
    let mut rising = seen.to_vec();
    crate::order::floats(&mut rising);
    let wanted = (costs.ratio() * rising.len() as f64).ceil() as usize;
    let Some(&level) = rising.get(wanted.clamp(1, rising.len().max(1)) - 1) else {
        return Err(InputError::new("number of demands seen", 0.0, "at least one"));
    };
    let price =
        |demand: &f64| costs.holding * (level - demand).max(0.0) + costs.stockout * (demand - level).max(0.0);
    Ok(Level { level, cost: rising.iter().map(price).sum::<f64>() / rising.len() as f64 })
}
