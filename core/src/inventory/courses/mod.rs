//! Courses that demand may take: what products teach each other about bursts, droughts and how little is known.
//!
//! Question answered: which courses may each product's next steps take, each as likely as any other? Input: every
//! product's past in pieces a step, the means that the forecast expects. Output ([`Courses`]): whole pieces. Method: by
//! the size of a product's sales. Of what sells fewer than [`SMALL`] pieces a step, a negative binomial with an unknown
//! level, whose prior all such products give ([`counts`]); of all else, stretches of real pasts, its own and others', these
//! brought to its own level ([`stretches`]). A forecast's own paths say well what is usual and too little of what is
//! rare, as one product's past has few rare days: on order levels that fail once in a hundred cycles others' pasts are
//! worth more (docs/bench-stock.md).
//!
//! Assumptions: products are alike once divided by their level. How it fails: alone, a product has but its own past.
//! Reference: Efron & Morris, JASA 70 (1975) (what the others teach).

pub mod counts;
pub mod stretches;
#[cfg(test)]
mod tests;

use crate::rng::Rng;
use counts::Pool;
use stretches::Stretches;

/// Pieces a step below which a product's sales are counts.
pub const SMALL: f64 = 5.0;

/// Courses of a product.
pub const COURSES: usize = 1_000;

/// Pieces that are added to averages which divide.
const LITTLE: f64 = 0.02;

/// One product's past and what is forecast of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Known<'a> {
    /// Pieces asked for, by step.
    pub past: &'a [f64],
    /// What the next steps' forecast is, a step on average; none without a forecast.
    pub forecast: Option<f64>,
}

impl Known<'_> {
    /// Pieces a step over the whole past.
    pub fn average(&self) -> f64 {
        self.past.iter().sum::<f64>() / self.past.len().max(1) as f64
    }

    fn is_small(&self) -> bool {
        self.average() < SMALL
    }
}

/// What all products teach each other from one origin.
#[derive(Clone, Debug)]
pub struct Courses<'a> {
    goods: &'a [Known<'a>],
    counts: Pool,
    stretches: Stretches,
}

impl<'a> Courses<'a> {
    /// Learns from all products' pasts; a step is `step_days` long.
    pub fn learn(goods: &'a [Known<'a>], step_days: f64) -> Self {
        let small: Vec<bool> = goods.iter().map(Known::is_small).collect();
        Self {
            goods,
            counts: Pool::learn(goods, &small, step_days),
            stretches: Stretches::learn(goods, &small),
        }
    }

    /// Courses of product number `good` over `horizon` steps, in whole pieces, some of them `paths` of its forecast where
    /// there are any. The same seed gives the same ones.
    pub fn of(&self, good: usize, horizon: usize, paths: &[Vec<f64>], seed: u64) -> Vec<Vec<f64>> {
        let mut random = Rng::seeded(seed);
        if self.goods[good].is_small() {
            return (0..COURSES)
                .map(|_| self.counts.course(&self.goods[good], horizon, &mut random))
                .collect();
        }
        let raw = self.stretches.courses(self.goods, good, horizon, paths, &mut random);
        raw.iter().map(|course| whole(course, &mut random)).collect()
    }
}

/// Whole pieces; what is left of one goes on to the next step.
pub fn whole(course: &[f64], random: &mut Rng) -> Vec<f64> {
    let (mut sum, mut before) = (random.uniform() - 0.5, 0.0);
    let step = |value: &f64| {
        sum += value;
        let pieces = (f64::round(sum) - before).max(0.0);
        before += pieces;
        pieces
    };
    course.iter().map(step).collect()
}
