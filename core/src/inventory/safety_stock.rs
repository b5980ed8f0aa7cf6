//! Safety stock and what is lost without it, for normally distributed demand over a protection interval.
//!
//! Question: how many pieces guard against surprise until an order can arrive? Input: demand over the interval
//! as mean and standard deviation in pieces, its lead time's deviation in days, a cycle service level. Output:
//! pieces. Symbols: z = Φ⁻¹(service level), σ² = σ_D² + d²·σ_L² (d pieces a day, σ_L days), safety stock = z·σ,
//! expected shortage with x pieces = σ·G((x − μ) ÷ σ) with the standard loss G(z) = φ(z) − z·(1 − Φ(z)).
//!
//! Assumption: the sum over the interval is near normal; for a few pieces a month its tail is rough. How it
//! fails: σ = 0 means no doubt, then nothing is kept and the shortage is max(μ − x, 0).
//! References: Silver, Pyke & Thomas, "Inventory and Production Management in Supply Chains" (4th ed. 2017),
//! ch. 6; Marsaglia, "Evaluating the normal distribution", JSS 11 (2004) (the series of Φ).

use super::normal_loss::density;
pub use super::normal_loss::normal_loss;
pub use crate::forecast::interval::normal_quantile;

/// Share of order cycles without a stockout.
pub const SERVICE_LEVEL: f64 = 0.95;

/// Φ: probability that a standard normal is at most `z`.
pub fn normal_cdf(z: f64) -> f64 {
    // Beyond 8 the tail is smaller than the rounding of 1.
    if z.abs() > 8.0 {
        return if z > 0.0 { 1.0 } else { 0.0 };
    }
    let (mut term, mut sum, mut k) = (z, z, 1.0);
    while term.abs() > 1e-17 * sum.abs() {
        k += 2.0;
        term *= z * z / k;
        sum += term;
    }
    (0.5 + sum * density(z)).clamp(0.0, 1.0)
}

/// Demand over a protection interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IntervalDemand {
    /// Expected pieces.
    pub mean: f64,
    /// Standard deviation in pieces, of demand and lead time together.
    pub sd: f64,
}

impl IntervalDemand {
    /// From a forecast's 95 % quantile over the interval, pieces a day and the deviation of the lead time.
    pub fn new(mean: f64, quantile95: f64, daily: f64, lead_time_sd_days: f64) -> Self {
        let of_demand = (quantile95 - mean).max(0.0) / normal_quantile(0.95);
        Self { mean, sd: of_demand.hypot(daily * lead_time_sd_days) }
    }

    /// Pieces kept against surprise.
    pub fn safety_stock(&self, service_level: f64) -> f64 {
        normal_quantile(service_level).max(0.0) * self.sd
    }

    /// Pieces expected to be asked for in vain when `available` are there.
    pub fn shortage(&self, available: f64) -> f64 {
        if self.sd > 0.0 {
            self.sd * normal_loss((available - self.mean) / self.sd)
        } else {
            (self.mean - available).max(0.0)
        }
    }
}
