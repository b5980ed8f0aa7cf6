//! How sure a difference between two forecasters is: the paired bootstrap over series.
//!
//! Question answered: within which ends does the mean difference of a score lie, were other series of the same kind
//! drawn. Input: scores by case of both. Output: mean of ours − theirs and its central 95 % interval. Cases of one
//! series (several origins) are drawn together, as they are no independent witnesses.
//! Reference: Efron & Tibshirani, "An introduction to the bootstrap" (1993), ch. 13 (percentile interval).

use std::collections::BTreeMap;

use dukandar_core::rng::Rng;

use crate::series_sets::Scores;

/// Draws.
const RESAMPLES: usize = 2_000;

/// A mean difference and its 95 % interval.
#[derive(Debug, Clone, Copy)]
pub struct Difference {
    /// Mean of ours − theirs.
    pub mean: f64,
    /// Lower end.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
}

/// The series of a case.
pub fn series_of(case: &str) -> &str {
    case.split('@').next().unwrap_or(case)
}

/// Ours − theirs over the cases that both have; `None` without any.
pub fn paired(ours: &Scores, theirs: &Scores, seed: u64) -> Option<Difference> {
    let mut by_series: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for (case, own) in ours {
        if let Some(other) = theirs.get(case) {
            let (sum, count) = by_series.entry(series_of(case)).or_default();
            *sum += own - other;
            *count += 1.0;
        }
    }
    let series: Vec<(f64, f64)> = by_series.into_values().collect();
    let mean_of = |drawn: &mut dyn Iterator<Item = (f64, f64)>| {
        let (sum, count) = drawn.fold((0.0, 0.0), |(s, n), (sum, count)| (s + sum, n + count));
        sum / count
    };
    let mean = mean_of(&mut series.iter().copied());
    let mut rng = Rng::seeded(seed);
    let mut draw = || mean_of(&mut (0..series.len()).map(|_| series[rng.below(series.len())]));
    let mut means: Vec<f64> = (0..RESAMPLES).map(|_| draw()).collect();
    means.sort_by(f64::total_cmp);
    let at = |share: f64| means[(share * RESAMPLES as f64) as usize];
    (!series.is_empty()).then(|| Difference { mean, lo: at(0.025), hi: at(0.975) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(values: impl Iterator<Item = f64>) -> Scores {
        values.enumerate().map(|(at, value)| (format!("s{at}@9"), value)).collect()
    }

    #[test]
    fn the_interval_of_normal_differences_is_that_of_the_normal() {
        let mut rng = Rng::seeded(1);
        let ours = scores((0..400).map(|_| 0.3 + rng.normal()));
        let found = paired(&ours, &scores((0..400).map(|_| 0.0)), 2).expect("cases");
        // standard error 1/√400, 1.96 of them
        assert!((found.hi - found.lo - 2.0 * 1.96 / 20.0).abs() < 0.02, "{found:?}");
        assert!(found.lo < found.mean && found.mean < found.hi);
    }

    #[test]
    fn cases_of_one_series_are_one_witness() {
        let ours: Scores = (0..9).map(|at| (format!("only@{at}"), at as f64)).collect();
        let theirs: Scores = ours.keys().map(|case| (case.clone(), 0.0)).collect();
        let found = paired(&ours, &theirs, 3).expect("cases");
        assert_eq!((found.lo, found.mean, found.hi), (4.0, 4.0, 4.0));
    }
}
