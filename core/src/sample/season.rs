//! How busy a day is: the sample's demand has a family of its own that no forecast model here assumes.
//!
//! Mean of a day = base × weekday × payday × Ramadan and Eid × weddings × launch curve × price response,
//! times lognormal noise of the branch's day; pieces are Poisson (phones) or negative binomial (accessories:
//! Poisson with a gamma-distributed mean) around it.

use super::eid::EidYear;
use crate::{rng::Rng, time::Day};
use chrono::Datelike;

/// Monday … Sunday: Friday pauses for Jumma, half the bazaar rests on Sunday.
const WEEKDAY: [f64; 7] = [1.02, 0.98, 0.98, 1.03, 0.86, 1.28, 0.72];

/// What kind of day it is for trade. 0 on the two days of Eid when shutters stay down.
pub fn factor(day: Day, years: &[EidYear]) -> f64 {
    let date = day.date();
    let payday = match date.day() {
        1..=5 => 1.22,
        6..=10 => 1.10,
        11..=24 => 0.94,
        _ => 1.0,
    };
    let in_ramadan = years.iter().any(|year| (year.ramadan..year.fitr).contains(&day));
    let weddings = match date.month() {
        _ if in_ramadan => 1.0,
        11 | 12 | 1 | 2 => 1.10,
        _ => 1.0,
    };
    WEEKDAY[usize::from(day.weekday())] * payday * weddings * islamic(day, years)
}

/// Slump in Ramadan, rush in its last ten days up to chand raat, closed shutters, and the weddings after Azha.
fn islamic(day: Day, years: &[EidYear]) -> f64 {
    for year in years {
        match year.fitr.0 - day.0 {
            1 => return 2.6,
            2..=5 => return 2.0,
            6..=10 => return 1.55,
            11..=30 if day >= year.ramadan => return 0.80,
            -1..=0 => return 0.0,
            -3..=-2 => return 0.35,
            _ => {}
        }
        match year.azha.0 - day.0 {
            1..=7 => return 1.40,
            -1..=0 => return 0.0,
            -3..=-2 => return 0.35,
            -23..=-4 => return 1.08,
            _ => {}
        }
    }
    1.0
}

/// Whether the day lies in Ramadan, when trade moves behind iftar.
pub fn is_ramadan(day: Day, years: &[EidYear]) -> bool {
    years.iter().any(|year| (year.ramadan..year.fitr).contains(&day))
}

/// When a model is on sale.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    /// Launched on this day; none when it was there before the shop's first day.
    pub launch: Option<Day>,
    /// No longer ordered from this day on.
    pub end: Option<Day>,
}

impl Life {
    /// Demand relative to a settled model: ramp, early boom and decay after a launch; logistic end.
    pub fn factor(self, day: Day) -> f64 {
        let boom = match self.launch {
            Some(launch) if day < launch => return 0.0,
            Some(launch) => {
                let age = f64::from(day.0 - launch.0);
                (1.0 - (-(age + 2.0) / 9.0).exp()) * (0.55 + 1.3 * (-age / 120.0).exp())
            }
            None => 1.0,
        };
        let fade = self.end.map_or(1.0, |end| {
            let past = f64::from(day.0 - end.0 + 30);
            (1.0 / (1.0 + (past / 14.0).exp())).max(0.12)
        });
        boom * fade
    }
}

/// Noise of a day with mean 1: exp(σz − σ²/2).
pub fn lognormal(rng: &mut Rng, sigma: f64) -> f64 {
    (sigma * rng.normal() - sigma * sigma / 2.0).exp()
}

/// Negative binomial count with this mean and variance mean + mean²/shape.
pub fn negative_binomial(rng: &mut Rng, mean: f64, shape: f64) -> u32 {
    let rate = gamma(rng, shape) * mean / shape;
    rng.poisson(rate)
}

/// Gamma with this shape and scale 1, for shapes of 1 and more (Marsaglia & Tsang 2000); smaller shapes by
/// their boost: gamma(a) = gamma(a + 1) · u^(1/a).
pub fn gamma(rng: &mut Rng, shape: f64) -> f64 {
    if shape < 1.0 {
        return gamma(rng, shape + 1.0) * (1.0 - rng.uniform()).powf(1.0 / shape);
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let z = rng.normal();
        let v = (1.0 + c * z).powi(3);
        if v > 0.0 && (1.0 - rng.uniform()).ln() < 0.5 * z * z + d - d * v + d * v.ln() {
            return d * v;
        }
    }
}

/// Minute of the day of a sale: opens 11:30, busiest in the evening; in Ramadan behind iftar and tarawih.
pub fn minute(rng: &mut Rng, ramadan: bool) -> i64 {
    //                       11:30 13    15    17    19    21   (to 22:30)
    let plain: [f64; 6] = [0.10, 0.13, 0.18, 0.24, 0.25, 0.10];
    let fasting: [f64; 6] = [0.12, 0.20, 0.17, 0.05, 0.16, 0.30];
    let slot = rng.weighted(if ramadan { &fasting } else { &plain });
    let starts = [690, 780, 900, 1_020, 1_140, 1_260, 1_350];
    starts[slot] + rng.below((starts[slot + 1] - starts[slot]) as usize) as i64
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn gamma_has_its_mean_and_variance() {
        let mut rng = Rng::seeded(4);
        for shape in [0.5, 1.0, 6.0] {
            let draws: Vec<f64> = (0..20_000).map(|_| gamma(&mut rng, shape)).collect();
            let mean = draws.iter().sum::<f64>() / 20_000.0;
            let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 20_000.0;
            assert!((mean / shape - 1.0).abs() < 0.05 && (variance / shape - 1.0).abs() < 0.1, "{shape}");
        }
    }

    #[test]
    fn chand_raat_is_the_busiest_and_eid_is_closed() {
        let years = crate::sample::eid::years();
        let fitr = Day::parse("2025-03-31").unwrap();
        assert_eq!(factor(fitr, &years), 0.0);
        let slump = factor(Day(fitr.0 - 21), &years);
        assert!(factor(Day(fitr.0 - 1), &years) > 2.0 * slump);
    }
}
