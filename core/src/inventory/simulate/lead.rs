//! Lead times as the replay draws them and policies know them: so many whole steps, with their chances.
//!
//! Question answered: how likely is each number of steps between an order and its arrival? Input: mean and standard
//! deviation in steps. Output: the chance of 1, 2, … steps. A lognormal of these moments is rounded to whole steps: goods
//! are rarely early and sometimes very late. What is longer than 999 of 1,000 is left out.
//!
//! Assumptions: orders are late independently of each other. How it fails: a mean below a step is one step.
//! Reference: Silver, Pyke & Thomas (4th ed. 2017), 6.10.

use crate::{
    inventory::safety_stock::{normal_cdf, normal_quantile},
    rng::Rng,
};

/// Share of orders that the longest lead time covers.
const COVERED: f64 = 0.999;

/// Days, weeks or months until an order arrives.
#[derive(Clone, Debug, PartialEq)]
pub struct Lead {
    chances: Vec<f64>,
}

impl Lead {
    /// From mean and standard deviation in steps, both finite and not negative.
    pub fn new(mean: f64, sd: f64) -> Self {
        let mean = mean.max(1.0);
        if sd <= 0.0 {
            let steps = mean.round() as usize;
            return Self { chances: (1..=steps).map(|it| f64::from(u8::from(it == steps))).collect() };
        }
        let variance = (1.0 + (sd / mean).powi(2)).ln();
        let (middle, spread) = (mean.ln() - 0.5 * variance, variance.sqrt());
        let below = |steps: f64| normal_cdf((steps.ln() - middle) / spread);
        let longest = (middle + spread * normal_quantile(COVERED)).exp().round().max(1.0) as usize;
        let chance = |steps: usize| {
            let lower = if steps == 1 { 0.0 } else { below(steps as f64 - 0.5) };
            below(steps as f64 + 0.5) - lower
        };
        let mut chances: Vec<f64> = (1..=longest).map(chance).collect();
        let total: f64 = chances.iter().sum();
        chances.iter_mut().for_each(|it| *it /= total);
        Self { chances }
    }

    /// Mean steps, of the whole steps that are drawn.
    pub fn mean(&self) -> f64 {
        self.chances.iter().zip(1u32..).map(|(chance, steps)| chance * f64::from(steps)).sum()
    }

    /// Their standard deviation.
    pub fn sd(&self) -> f64 {
        let mean = self.mean();
        let square = |(chance, steps): (&f64, u32)| chance * (f64::from(steps) - mean).powi(2);
        self.chances.iter().zip(1u32..).map(square).sum::<f64>().sqrt()
    }

    /// The longest.
    pub fn longest(&self) -> usize {
        self.chances.len()
    }

    /// One order's.
    pub fn draw(&self, random: &mut Rng) -> usize {
        1 + random.weighted(&self.chances)
    }

    /// The lead times of orders placed at each of `steps`.
    pub fn draws(&self, steps: usize, seed: u64) -> Vec<usize> {
        let mut random = Rng::seeded(seed);
        (0..steps).map(|_| self.draw(&mut random)).collect()
    }
}
