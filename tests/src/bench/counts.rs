//! What means cannot show of slow movers: quantiles by pinball loss, and whether the whole distribution is right.
//!
//! Question answered: is the stock for a service level told well. Input: equally likely values of each step ahead.
//! Output: mean pinball loss over the in-sample naive error, beside that of two forecasts that know nothing; the
//! Kolmogorov–Smirnov distance of the randomised probability integral transform to the uniform.
//! References: Koenker & Bassett, Econometrica 46 (1978) (pinball); Czado, Gneiting & Held, Biometrics 65 (2009)
//! (randomised transform of counts).

use dukandar_core::{metric::mean_abs_difference, rng::Rng};

use super::run::{Material, Run};
use crate::series_sets::Case;

/// The quantiles that the issue names.
pub const QUANTILES: [f64; 3] = [0.5, 0.8, 0.95];

/// Losses at one quantile.
#[derive(Debug, Clone, Copy)]
pub struct Pinball {
    /// The quantile.
    pub quantile: f64,
    /// Of the model.
    pub ours: f64,
    /// Of saying 0.
    pub zero: f64,
    /// Of saying the history's own quantile.
    pub in_sample: f64,
}

/// The value that a share `p` of ascending values does not exceed.
fn quantile_of(ascending: &[f64], p: f64) -> f64 {
    let at = (p * ascending.len() as f64).ceil() as usize;
    ascending[at.clamp(1, ascending.len()) - 1]
}

fn loss(actual: f64, said: f64, quantile: f64) -> f64 {
    if actual >= said { quantile * (actual - said) } else { (1.0 - quantile) * (said - actual) }
}

/// Losses by quantile, the mean over the cases that have a scale.
pub fn pinball(material: &Material<'_>, run: &Run) -> Vec<Pinball> {
    let scaled = |(id, said)| {
        let case: &Case = &material.cases()[id];
        let scale = mean_abs_difference(&case.known, material.bench().set.mase_lag)?;
        (scale > 0.0).then_some((case, said, scale))
    };
    let cases: Vec<(&Case, &super::run::Said, f64)> = run.said.iter().filter_map(scaled).collect();
    let of = |quantile: f64| {
        let mut losses = [0.0; 3];
        for (case, said, scale) in &cases {
            let mut known = case.known.clone();
            known.sort_by(f64::total_cmp);
            let in_sample = quantile_of(&known, quantile);
            let weight = 1.0 / (scale * case.actual.len() as f64 * cases.len() as f64);
            for (y, slices) in case.actual.iter().zip(&said.slices) {
                let told = [quantile_of(slices, quantile).round(), 0.0, in_sample];
                for (sum, told) in losses.iter_mut().zip(told) {
                    *sum += weight * loss(*y, told, quantile);
                }
            }
        }
        Pinball { quantile, ours: losses[0], zero: losses[1], in_sample: losses[2] }
    };
    QUANTILES.into_iter().map(of).collect()
}

/// Distance of the randomised transform to the uniform over all cases and steps; values are taken as whole numbers.
pub fn pit_distance(material: &Material<'_>, run: &Run, seed: u64) -> f64 {
    let mut rng = Rng::seeded(seed);
    let mut seen = Vec::new();
    for (id, said) in &run.said {
        for (y, slices) in material.cases()[id].actual.iter().zip(&said.slices) {
            let y = y.round();
            let below = slices.iter().filter(|it| it.round() < y).count() as f64;
            let upto = slices.iter().filter(|it| it.round() <= y).count() as f64;
            seen.push((below + rng.uniform() * (upto - below)) / slices.len() as f64);
        }
    }
    seen.sort_by(f64::total_cmp);
    let n = seen.len() as f64;
    let gap = |(at, u): (usize, &f64)| (u - at as f64 / n).abs().max((u - (at + 1) as f64 / n).abs());
    seen.iter().enumerate().map(gap).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_and_losses_by_hand() {
        let values = [0.0, 0.0, 1.0, 3.0, 9.0];
        assert_eq!([0.2, 0.5, 0.8, 1.0].map(|p| quantile_of(&values, p)), [0.0, 1.0, 3.0, 9.0]);
        // one too few costs the quantile, one too many what is left of 1
        assert!((loss(3.0, 1.0, 0.8) - 1.6).abs() < 1e-12);
        assert!((loss(1.0, 3.0, 0.8) - 0.4).abs() < 1e-12);
    }
}
