//! The distribution of each single step ahead: of errors for what sells by the dozen, of counts for what rarely sells.
//!
//! Question answered: below which value does step h stay with probability p. Input: the means ahead, the errors from past
//! origins, the history. Output: quantiles in the data's unit. Method: an ordinary history's errors are calibrated by
//! their size ([`Calibration`]); of an intermittent history of counts, where an error's size says nothing about its
//! sign, each step is negative binomial, its variance over its mean that of the history, drawn towards
//! [`PRIOR_EXCESS`] and widened for a mean that is itself in doubt, with some more zeros ([`GONE`]), about its mean.
//!
//! Assumptions: those of [`Calibration`]; counts of one series are of one dispersion. How it fails: it cannot; without
//! errors there is no marginal. References: Snyder, Ord & Beaumont, IJF 28 (2012) (negative binomial for slow movers);
//! Kolassa, IJF 32 (2016) (predictive distributions of counts).

use super::{Band, Errors, ets, interval::Calibration, path::Templates};

/// Variance over mean, less 1, of a history that says nothing, and the values it is worth.
const PRIOR_EXCESS: f64 = 1.0;
const PRIOR_VALUES: f64 = 10.0;

/// What the doubt about the mean adds to the excess. Set on held-out ends of training parts.
const DOUBT: f64 = 1.5;

/// Chance that nothing is asked for any more, beside what the counts' own zeros say: a range shrinks. Set likewise.
const GONE: f64 = 0.1;

/// A history with larger values is not counted piece by piece.
const MOST: f64 = 10_000.0;

/// Share of values between whole numbers that a history of counts may have: days estimated for an empty shelf.
const ESTIMATED: f64 = 0.2;

/// How a single step ahead is distributed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Marginal {
    /// Errors of a size.
    Scaled(Calibration),
    /// Counts, by their variance over their mean; only how steps hang together is the errors'.
    Counts { dispersion: f64, calibration: Calibration },
}

impl Marginal {
    /// Learns from errors inside the history; `None` without any.
    pub(super) fn learn(errors: &Errors, values: &[f64], season: usize) -> Option<Self> {
        let calibration = Calibration::learn(errors, values, season)?;
        Some(match is_counts(values) {
            true => Self::Counts { dispersion: dispersion(values), calibration },
            false => Self::Scaled(calibration),
        })
    }

    /// For each step, the middles of `count` equally likely slices of its values, ascending.
    pub(super) fn slices(&self, means: &[f64], count: usize) -> Vec<Vec<f64>> {
        let middles: Vec<f64> = (0..count).map(|slice| (slice as f64 + 0.5) / count as f64).collect();
        match self {
            Self::Counts { dispersion, .. } => {
                means.iter().map(|mean| quantiles_of_counts(*mean, *dispersion, &middles)).collect()
            }
            Self::Scaled(calibration) => {
                let ends: Vec<f64> = middles.iter().map(|p| calibration.quantile(*p)).collect();
                let at = |(step, mean): (usize, &f64)| {
                    let size = calibration.size_at(step);
                    ends.iter().map(|end| mean + end * size).collect()
                };
                means.iter().enumerate().map(at).collect()
            }
        }
    }

    /// The bands around `means`, one per level in the order given; each holds the mean and the narrower ones.
    pub(super) fn bands(&self, means: &[f64], levels: &[f64]) -> Vec<Band> {
        let dispersion = match self {
            Self::Scaled(calibration) => return calibration.bands(means, levels),
            Self::Counts { dispersion, .. } => *dispersion,
        };
        let mut bands: Vec<Band> = Vec::with_capacity(levels.len());
        for &level in levels {
            let tail = (1.0 - level / 100.0) / 2.0;
            let ends = means.iter().map(|mean| quantiles_of_counts(*mean, dispersion, &[tail, 1.0 - tail]));
            let (lo, hi) =
                ends.zip(means).map(|(ends, mean)| (ends[0].min(*mean), ends[1].max(*mean))).unzip();
            bands.push(Band { level, lo, hi });
        }
        bands
    }

    /// How steps were wrong together; nothing is known without errors.
    pub(super) fn templates(&self, errors: &Errors) -> Templates {
        let (Self::Scaled(calibration) | Self::Counts { calibration, .. }) = self;
        calibration.templates(errors)
    }
}

/// Whether a history counts what rarely sells.
fn is_counts(values: &[f64]) -> bool {
    let between = values.iter().filter(|v| v.fract() != 0.0).count() as f64;
    ets::is_intermittent(values)
        && between <= ESTIMATED * values.len() as f64
        && values.iter().all(|v| (0.0..=MOST).contains(v))
}

/// Variance over mean, above 1.
fn dispersion(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n;
    let excess = if mean > 0.0 { (variance / mean - 1.0).max(0.0) } else { 0.0 };
    1.0 + DOUBT * (n * excess + PRIOR_VALUES * PRIOR_EXCESS) / (n + PRIOR_VALUES)
}

/// Quantiles of counts of this mean that are 0 with probability [`GONE`] and else negative binomial, for rising
/// probabilities below 1.
fn quantiles_of_counts(mean: f64, dispersion: f64, rising: &[f64]) -> Vec<f64> {
    let alive = 1.0 - GONE;
    let rising: Vec<f64> = rising.iter().map(|p| ((p - GONE) / alive).max(0.0)).collect();
    negative_binomial_quantiles(mean / alive, dispersion, &rising)
}

/// Quantiles of the negative binomial of this mean and variance over mean (above 1), for rising probabilities below 1.
fn negative_binomial_quantiles(mean: f64, dispersion: f64, rising: &[f64]) -> Vec<f64> {
    if mean <= 0.0 {
        return vec![0.0; rising.len()];
    }
    let size = mean / (dispersion - 1.0);
    let kept = 1.0 - 1.0 / dispersion;
    let mut chance = dispersion.powf(-size);
    let (mut count, mut below) = (0.0, chance);
    // far out, rounding keeps the sum of chances from ever passing a probability near 1
    let far = mean + 40.0 * (mean * dispersion).sqrt() + 40.0 * dispersion;
    let quantile = |p: &f64| {
        while below < *p && count < far {
            chance *= (size + count) / (count + 1.0) * kept;
            count += 1.0;
            below += chance;
        }
        count
    };
    rising.iter().map(quantile).collect()
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn counts_of_size_one_are_geometric() {
        // mean 1, variance 2: size 1, P(k) = 2^-(k + 1), below k: 1 - 2^-(k + 1)
        let found = negative_binomial_quantiles(1.0, 2.0, &[0.49, 0.51, 0.74, 0.76, 0.874, 0.876]);
        assert_eq!(found, [0.0, 1.0, 1.0, 2.0, 2.0, 3.0]);
    }

    #[test]
    fn counts_have_their_mean_and_variance() {
        let count = 20_000;
        let middles: Vec<f64> = (0..count).map(|k| (f64::from(k) + 0.5) / f64::from(count)).collect();
        for (mean, dispersion) in [(0.3, 1.8), (2.5, 1.2), (40.0, 3.0)] {
            let drawn = negative_binomial_quantiles(mean, dispersion, &middles);
            let average = drawn.iter().sum::<f64>() / f64::from(count);
            let variance = drawn.iter().map(|v| (v - average).powi(2)).sum::<f64>() / f64::from(count);
            assert!((average / mean - 1.0).abs() < 2e-3, "{average} of {mean}");
            assert!((variance / (mean * dispersion) - 1.0).abs() < 2e-2, "{variance}");
        }
    }

    #[test]
    fn counts_that_may_be_gone_keep_their_mean_and_add_their_zeros() {
        let count = 20_000;
        let middles: Vec<f64> = (0..count).map(|k| (f64::from(k) + 0.5) / f64::from(count)).collect();
        let (whole, alive) = (quantiles_of_counts(1.8, 2.0, &middles), 1.0 - GONE);
        assert!((whole.iter().sum::<f64>() / f64::from(count) / 1.8 - 1.0).abs() < 2e-3);
        // size 1.8 / .9 = 2: a quarter of what is left is 0 by itself
        let zeros = whole.iter().filter(|v| **v == 0.0).count() as f64 / f64::from(count);
        assert!((zeros - (GONE + 0.25 * alive)).abs() < 1e-4, "{zeros}");
    }

    #[test]
    fn dispersion_by_hand() {
        // mean 1/2, variance 3/4: excess 1/2 on 4 values, 1 on ten: 12/14, widened
        let found = dispersion(&[0.0, 0.0, 0.0, 2.0]);
        assert!((found - (1.0 + DOUBT * 12.0 / 14.0)).abs() < 1e-12, "{found}");
    }

    #[test]
    fn only_whole_pieces_that_rarely_sell_are_counts() {
        assert!(is_counts(&[0.0, 0.0, 3.0]));
        assert!(!is_counts(&[0.0, 2.0, 3.0]));
        assert!(!is_counts(&[0.0, 0.0, 3.5]));
        assert!(!is_counts(&[0.0, 0.0, -1.0]));
        assert!(!is_counts(&[0.0, 0.0, 20_000.0]));
    }
}
