//! Invented shops to train on: a family of lives of its own, which no forecast model here assumes.
//!
//! A shop has 104 weeks, 3 to 6 categories, 4 to 8 brands, 4 price bands and 100 to 160 launches in uniformly drawn
//! weeks. A week's mean = level × brand × band × category × product × launch shape × end × season × week:
//! - level: .4 to 25 pieces a week, uniform in its logarithm; brand and category lognormal with σ .5;
//! - band: 1, .7, .4, .25 from cheap to dear, each to a power of 0 to 1.5 that is the shop's; prices lognormal (σ .25)
//!   around 1, 2.5, 6, 12;
//! - product: lognormal, σ .5 to 1.3 by shop;
//! - launch shape by category: (1 − e^(−(age+1)/ramp)) · (plateau + (1 − plateau)·e^(−age/fade)), ramp .3 to 4 weeks, fade
//!   5 to 40, plateau .1 to 1; each product's fade is off by a lognormal, σ .3;
//! - end: Weibull hazard with shape 1 to 2.5 and scale 26 to 110 weeks by category; from then on demand falls by 30 % a week;
//!   one product in eight is a flop that ends after 1 to 8 weeks;
//! - season: a yearly sine of amplitude 0 to .4 at any phase, and two rushes of 2 to 4 weeks at 1.3 to 2.5 times;
//! - week: lognormal AR(1), ρ .7, σ .1 to .25.
//!
//! Pieces are negative binomial, shape .6 to 8 by category; in one week of 150 somebody buys in bulk, 5 to 20 weeks'
//! worth. As in any file, a launch is the first week with a sale.
//!
//! References: Bass, Management Science 15 (1969), Norton & Bass, Management Science 33 (1987) (launch and succession); Weibull,
//! J. Appl. Mech. 18 (1951).

use super::training::{Launch, Shop};
use crate::{
    lifecycle_curve::{Attributes, Life},
    rng::Rng,
    sample::{lognormal, negative_binomial},
};

const WEEKS: usize = 104;
const YEAR_WEEKS: f64 = 52.0;
const BAND_PRICE: [f64; 4] = [1.0, 2.5, 6.0, 12.0];
const BAND_DEMAND: [f64; 4] = [1.0, 0.7, 0.4, 0.25];

/// So many shops; more of them begin with the same ones.
pub fn shops(count: usize, seed: u64) -> Vec<Shop> {
    let mut rng = Rng::seeded(seed);
    (0..count).map(|_| shop(&mut rng)).collect()
}

/// How products of a category live.
struct Category {
    demand: f64,
    ramp: f64,
    fade: f64,
    plateau: f64,
    end_shape: f64,
    end_weeks: f64,
    scatter: f64,
}

fn between(rng: &mut Rng, low: f64, high: f64) -> f64 {
    low + (high - low) * rng.uniform()
}

fn category(rng: &mut Rng) -> Category {
    Category {
        demand: lognormal(rng, 0.5),
        ramp: between(rng, 0.3, 4.0),
        fade: between(rng, 5.0, 40.0),
        plateau: between(rng, 0.1, 1.0),
        end_shape: between(rng, 1.0, 2.5),
        end_weeks: between(rng, 26.0, 110.0),
        scatter: between(rng, 0.6, 8.0),
    }
}

fn shop(rng: &mut Rng) -> Shop {
    let categories: Vec<Category> = (0..3 + rng.below(4)).map(|_| category(rng)).collect();
    let brands: Vec<f64> = (0..4 + rng.below(5)).map(|_| lognormal(rng, 0.5)).collect();
    let level = between(rng, 0.4f64.ln(), 25f64.ln()).exp();
    let (steep, spread) = (between(rng, 0.0, 1.5), between(rng, 0.5, 1.3));
    let busy = busy(rng);
    let mut launches = Vec::new();
    for _ in 0..100 + rng.below(61) {
        let (kind, brand, band) = (rng.below(categories.len()), rng.below(brands.len()), rng.below(4));
        let category = &categories[kind];
        let of_kind = level * brands[brand] * category.demand * BAND_DEMAND[band].powf(steep);
        let scale = of_kind * lognormal(rng, spread);
        let weekly = life(rng, category, scale, &busy);
        let Some(week) = weekly.iter().position(|it| *it > 0.0) else { continue };
        let attributes = Attributes {
            brand: Some(brand.to_string()),
            category: Some(kind.to_string()),
            band: band as u8,
            price: Some(BAND_PRICE[band] * lognormal(rng, 0.25)),
            storage_gb: None,
        };
        let life = Life { attributes, weekly: weekly[week..].to_vec(), succeeded_week: None };
        launches.push(Launch { week, life });
    }
    Shop { weeks: WEEKS, launches }
}

/// How busy each week is.
fn busy(rng: &mut Rng) -> Vec<f64> {
    let (amplitude, phase) = (between(rng, 0.0, 0.4), rng.uniform());
    let (sigma, mut state) = (between(rng, 0.1, 0.25), 0.0);
    let mut busy = Vec::with_capacity(WEEKS);
    for week in 0..WEEKS {
        state = 0.7 * state + sigma * rng.normal();
        let turn = std::f64::consts::TAU * (week as f64 / YEAR_WEEKS + phase);
        busy.push((1.0 + amplitude * turn.sin()) * state.exp());
    }
    for _ in 0..2 {
        let (from, length, times) = (rng.below(WEEKS), 2 + rng.below(3), between(rng, 1.3, 2.5));
        busy.iter_mut().skip(from).take(length).for_each(|it| *it *= times);
    }
    busy
}

/// Pieces of every week of the shop, zero before the launch.
fn life(rng: &mut Rng, category: &Category, scale: f64, busy: &[f64]) -> Vec<f64> {
    const FLOP: f64 = 0.125;
    const BULK: f64 = 1.0 / 150.0;
    let launch = rng.below(WEEKS);
    let fade = category.fade * lognormal(rng, 0.3);
    let end = if rng.chance(FLOP) {
        between(rng, 1.0, 8.0)
    } else {
        category.end_weeks * (-(1.0 - rng.uniform()).ln()).powf(1.0 / category.end_shape)
    };
    let mut weekly = vec![0.0; launch];
    for (age, busy) in busy[launch..].iter().enumerate() {
        let age = age as f64;
        let launched = 1.0 - (-(age + 1.0) / category.ramp).exp();
        let faded = category.plateau + (1.0 - category.plateau) * (-age / fade).exp();
        let mean = scale * launched * faded * 0.7f64.powf((age - end).max(0.0)) * busy;
        let bulk = if rng.chance(BULK) { mean * between(rng, 5.0, 20.0) } else { 0.0 };
        let pieces = negative_binomial(rng, mean, category.scatter) + rng.poisson(bulk);
        weekly.push(f64::from(pieces));
    }
    weekly
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn one_seed_gives_the_same_shops_and_more_of_them_begin_alike() {
        let three = shops(3, 7);
        assert_eq!(three[..2], shops(2, 7)[..]);
        assert_ne!(three[0], three[1]);
        assert_ne!(three[0], shops(1, 8)[0]);
    }

    #[test]
    fn every_life_begins_with_a_sale_and_lasts_to_the_shops_last_week() {
        for shop in shops(5, 1) {
            assert!(shop.launches.len() > 60, "{}", shop.launches.len());
            for Launch { week, life } in &shop.launches {
                assert!(life.weekly[0] > 0.0);
                assert_eq!(week + life.weekly.len(), shop.weeks);
                assert!(life.weekly.iter().all(|it| it.is_finite() && *it >= 0.0 && it.fract() == 0.0));
            }
        }
    }
}
