//! Few pieces a step: a negative binomial whose level is uncertain, with the prior that all products of the kind give.
//!
//! Question answered: how much may be asked for of what rarely sells, where its own past leaves most open? Input: pasts
//! of all small sellers. Output: courses of whole pieces. Method: a product's level is gamma distributed before its past is
//! seen, with mean and variance of all products' levels; sales discounted by age ([`HALF_LIFE_DAYS`]) move it, and
//! [`OF_FORECAST`] of the logarithm of what the forecast says beyond it. Around a level sales are negative binomial,
//! variance φ × mean: φ from the differences of neighbouring steps, so that a moving level does not count, drawn to all
//! products' by a prior worth [`PRIOR_PIECES`] sold pieces. Each course draws a level of its own: what is not known of
//! the level is common to its steps.
//!
//! Assumptions: a step is independent of the one before, given the level. How it fails: with nothing ever sold it says
//! nothing; a season is not seen. Constants were chosen on the learning part of carparts. References: Efron & Morris, JASA
//! 70 (1975); Snyder, Ord & Beaumont, IJF 28 (2012) (negative binomial for slow spare parts); Marsaglia & Tsang, ACM TOMS
//! 26 (2000) (gamma draws).

use super::{Known, LITTLE};
use crate::rng::Rng;

/// Days after which a sale teaches half as much of the level.
pub const HALF_LIFE_DAYS: f64 = 200.0;

/// Sold pieces that all products' φ is worth against one's own.
pub const PRIOR_PIECES: f64 = 2.0;

/// How far the level follows the product's own forecast.
pub const OF_FORECAST: f64 = 0.4;

/// Least φ: just above a Poisson's.
const LEAST_PHI: f64 = 1.02;

/// Least variance of levels between products, as a part of what is seen.
const LEAST_BETWEEN: f64 = 0.05;

/// What all small sellers have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Pool {
    keep: f64,
    phi: f64,
    /// Gamma prior of a level: shape and rate; none where nothing was ever sold.
    prior: Option<(f64, f64)>,
}

/// Discounted pieces and steps.
fn discounted(past: &[f64], keep: f64) -> (f64, f64) {
    past.iter().fold((0.0, 0.0), |(pieces, steps), value| (keep * pieces + value, keep * steps + 1.0))
}

/// Variance between neighbouring steps and mean, both summed over steps.
fn scatter(past: &[f64]) -> (f64, f64) {
    let squares: f64 = past.windows(2).map(|it| (it[1] - it[0]).powi(2)).sum();
    let steps = past.len() as f64;
    let variance = squares / (2.0 * (steps - 1.0).max(1.0));
    (steps * variance, past.iter().sum())
}

impl Pool {
    /// Of the products that are `small`.
    pub fn learn(goods: &[Known<'_>], small: &[bool], step_days: f64) -> Self {
        let keep = 0.5_f64.powf(step_days / HALF_LIFE_DAYS);
        let pasts: Vec<&[f64]> =
            goods.iter().zip(small).filter(|it| *it.1 && !it.0.past.is_empty()).map(|it| it.0.past).collect();
        let (squares, sold) = pasts.iter().fold((0.0, 0.0), |sum, past| {
            let (squares, sold) = scatter(past);
            (sum.0 + squares, sum.1 + sold)
        });
        if sold <= 0.0 {
            return Self { keep, phi: LEAST_PHI, prior: None };
        }
        let phi = (squares / sold).max(LEAST_PHI);
        let count = pasts.len() as f64;
        let levels: Vec<(f64, f64)> = pasts.iter().map(|past| discounted(past, keep)).collect();
        let mean = levels.iter().map(|(pieces, steps)| pieces / steps).sum::<f64>() / count;
        let spread =
            levels.iter().map(|(pieces, steps)| (pieces / steps - mean).powi(2)).sum::<f64>() / count;
        // what levels scatter by chance is no difference between products
        let noise = |past: &&[f64]| {
            let (_, steps) = discounted(past, keep);
            let (_, squared) = discounted(past, keep * keep);
            squared / (steps * steps)
        };
        let chance = phi * mean * pasts.iter().map(noise).sum::<f64>() / count;
        let between = (spread - chance).max(LEAST_BETWEEN * spread.max(mean * mean));
        let prior = (mean > 0.0).then(|| (mean * mean / between, mean / between));
        Self { keep, phi, prior }
    }

    /// φ of one product.
    fn phi(&self, past: &[f64]) -> f64 {
        let (squares, sold) = scatter(past);
        ((PRIOR_PIECES * self.phi + squares) / (PRIOR_PIECES + sold)).max(LEAST_PHI)
    }

    /// One course.
    pub fn course(&self, good: &Known<'_>, horizon: usize, random: &mut Rng) -> Vec<f64> {
        let Some((shape, rate)) = self.prior else { return vec![0.0; horizon] };
        let phi = self.phi(good.past);
        let (pieces, steps) = discounted(good.past, self.keep);
        let (shape, rate) = (shape + pieces / phi, rate + steps / phi);
        let mean = shape / rate;
        let told = good.forecast.unwrap_or(mean);
        let moved = ((told + LITTLE) / (mean + LITTLE)).powf(OF_FORECAST);
        let level = moved * gamma(shape, random) / rate;
        let spread = phi - 1.0;
        let step = |_| {
            let around = gamma(level / spread, random) * spread;
            f64::from(random.poisson(around))
        };
        (0..horizon).map(step).collect()
    }
}

/// A gamma draw of this shape and rate 1; shape 0 is 0.
fn gamma(shape: f64, random: &mut Rng) -> f64 {
    if shape < 1.0 {
        if shape <= 0.0 {
            return 0.0;
        }
        let lift = (1.0 - random.uniform()).powf(1.0 / shape);
        return gamma(shape + 1.0, random) * lift;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = random.normal();
        let v = (1.0 + c * x).powi(3);
        if v > 0.0 && (1.0 - random.uniform()).ln() < 0.5 * x * x + d - d * v + d * v.ln() {
            return d * v;
        }
    }
}
