//! Temporal aggregation for intermittent demand: ADIDA and IMAPA.
//!
//! Question answered: how much per step will be asked for of something that is asked for now and then. Input: a
//! regular history in any unit, zeros for steps without demand. Output: one mean per step, the same for every step
//! ahead, in that unit. ADIDA sums the history up in buckets as long as the average gap between demands, counted back
//! from the end, smooths the sums exponentially and spreads the result evenly over its steps; IMAPA averages that over
//! all bucket lengths from 1 to the average gap.
//!
//! Each length's smoothing figure is the one of [`ALPHAS`] with the least squared one-bucket error; smoothing starts
//! with the first bucket. Assumptions: no season, no trend. How it fails: fewer than [`MIN_VALUES`] values; a history
//! of zeros has a mean of zero. References: Nikolopoulos, Syntetos, Boylan, Petropoulos & Assimakopoulos, Journal of
//! the Operational Research Society 62 (2011) (ADIDA); Petropoulos & Kourentzes, the same 66 (2015) (IMAPA).

use super::{FitError, Fitted, Model, Replay};

/// Fewest values.
pub const MIN_VALUES: usize = 2;

/// Smoothing figures that are tried, the slowest first.
const ALPHAS: [f64; 5] = [0.1, 0.15, 0.2, 0.25, 0.3];

/// Longest bucket: two months of days.
const MAX_BUCKET: usize = 60;

/// A bucket length with its smoothing.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bucket {
    steps: usize,
    alpha: f64,
}

impl Bucket {
    /// The smoothing with the least squared error over the buckets that end with the history.
    fn fit(values: &[f64], steps: usize) -> Self {
        let rates: Vec<f64> = buckets(values, steps).collect();
        let cost = |alpha: f64| {
            let (mut level, mut cost) = (rates[0], 0.0);
            for rate in &rates[1..] {
                let e = rate - level;
                cost += e * e;
                level += alpha * e;
            }
            cost
        };
        let mut best = (ALPHAS[0], cost(ALPHAS[0]));
        for alpha in &ALPHAS[1..] {
            let found = cost(*alpha);
            if found < best.1 {
                best = (*alpha, found);
            }
        }
        Self { steps, alpha: best.0 }
    }

    /// The mean per step after the whole of `values`.
    fn mean(self, values: &[f64]) -> f64 {
        let smoothed = buckets(values, self.steps).reduce(|level, rate| level + self.alpha * (rate - level));
        smoothed.unwrap_or_default()
    }

    /// Adds the mean per step after the first 0, 1, 2, … of `values`, times `share`, to `means`: every origin has its
    /// own buckets, which are those of the origin a bucket earlier and one more.
    fn add_means(self, values: &[f64], share: f64, means: &mut [f64]) {
        let mut own = vec![0.0; values.len() + 1];
        let mut sum = 0.0;
        for origin in 1..=values.len() {
            sum += values[origin - 1];
            own[origin] = if origin < self.steps {
                // not one whole bucket is known yet
                sum / origin as f64
            } else {
                let rate = values[origin - self.steps..origin].iter().sum::<f64>() / self.steps as f64;
                let before = if origin < 2 * self.steps { rate } else { own[origin - self.steps] };
                before + self.alpha * (rate - before)
            };
        }
        means.iter_mut().zip(&own).for_each(|(mean, own)| *mean += share * own);
    }
}

/// Demand per step in each bucket, oldest first; the last one ends with the history, what is left over at its
/// beginning is not used.
fn buckets(values: &[f64], steps: usize) -> impl Iterator<Item = f64> {
    values[values.len() % steps..].chunks_exact(steps).map(move |it| it.iter().sum::<f64>() / steps as f64)
}

/// A fitted aggregation.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedAggregate {
    model: Model,
    buckets: Vec<Bucket>,
    mean: f64,
}

/// The average gap between demands in steps, at least 1, and such that there are two buckets.
fn average_gap(values: &[f64]) -> usize {
    let last = values.iter().rposition(|v| *v != 0.0).map_or(0, |at| at + 1);
    let demands = values.iter().filter(|v| **v != 0.0).count().max(1);
    let gap = (last as f64 / demands as f64).round() as usize;
    gap.clamp(1, MAX_BUCKET.min(values.len() / 2).max(1))
}

/// One bucket length.
pub fn fit_adida(values: &[f64]) -> Result<FittedAggregate, FitError> {
    fit_as(values, Model::Adida)
}

/// All lengths up to it.
pub fn fit_imapa(values: &[f64]) -> Result<FittedAggregate, FitError> {
    fit_as(values, Model::Imapa)
}

fn fit_as(values: &[f64], model: Model) -> Result<FittedAggregate, FitError> {
    if values.len() < MIN_VALUES {
        let have = values.len();
        return Err(FitError::TooShort { have, need: MIN_VALUES, what: "temporal aggregation" });
    }
    let longest = average_gap(values);
    let shortest = if model == Model::Imapa { 1 } else { longest };
    let buckets: Vec<Bucket> = (shortest..=longest).map(|steps| Bucket::fit(values, steps)).collect();
    let mean = buckets.iter().map(|bucket| bucket.mean(values)).sum::<f64>() / buckets.len() as f64;
    Ok(FittedAggregate { model, buckets, mean })
}

impl Fitted for FittedAggregate {
    fn model(&self) -> Model {
        self.model
    }

    fn parameters(&self) -> usize {
        // a level and its smoothing: several lengths say nearly the same
        2
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        vec![self.mean; horizon]
    }

    fn replay(&self, values: &[f64], first_origin: usize, horizon: usize) -> Replay {
        let mut means = vec![0.0; values.len() + 1];
        let share = 1.0 / self.buckets.len() as f64;
        self.buckets.iter().for_each(|bucket| bucket.add_means(values, share, &mut means));
        Replay::build(values.len(), first_origin, horizon, |origin, row| row.fill(means[origin]))
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn steady_demand_every_third_step_is_a_third_of_its_size() {
        let y: Vec<f64> = (1..=60).map(|t| if t % 3 == 0 { 6.0 } else { 0.0 }).collect();
        assert_eq!(average_gap(&y), 3);
        assert!((fit_adida(&y).unwrap().predict(2)[1] - 2.0).abs() < 1e-9);
    }

    #[test]
    fn buckets_and_smoothing_match_hand_arithmetic() {
        // counted back from the end: (3 + 0), (0 + 5), (0 + 1), the leading 9 is left over
        let y = [9.0, 3.0, 0.0, 0.0, 5.0, 0.0, 1.0];
        let rates: Vec<f64> = buckets(&y, 2).collect();
        assert_eq!(rates, [1.5, 2.5, 0.5]);
        // 1.5 → 1.5 + .2·1 = 1.7 → 1.7 − .2·1.2 = 1.46
        assert!((Bucket { steps: 2, alpha: 0.2 }.mean(&y) - 1.46).abs() < 1e-12);
        // last demand at the 7th step, four of them: 7 / 4 rounds to 2
        assert_eq!(average_gap(&y), 2);
    }

    #[test]
    fn imapa_is_the_average_of_its_lengths() {
        let y: Vec<f64> = (0..48).map(|t| if t % 4 == 1 { 2.0 + f64::from(t % 5) } else { 0.0 }).collect();
        let fitted = fit_imapa(&y).unwrap();
        assert_eq!(fitted.buckets.len(), 4);
        let by_hand: f64 = fitted.buckets.iter().map(|it| it.mean(&y) / 4.0).sum();
        assert!((fitted.predict(1)[0] - by_hand).abs() < 1e-12);
    }

    #[test]
    fn replay_is_the_mean_of_the_same_buckets_at_each_origin() {
        let y: Vec<f64> = (0..50).map(|t| if t % 3 == 1 { 1.0 + f64::from(t % 7) } else { 0.0 }).collect();
        for fitted in [fit_adida(&y[..40]).unwrap(), fit_imapa(&y[..40]).unwrap()] {
            for (origin, row) in fitted.replay(&y, 20, 2).rows() {
                let then = fitted.buckets.iter().map(|it| it.mean(&y[..origin])).sum::<f64>();
                assert!((row[0] - then / fitted.buckets.len() as f64).abs() < 1e-9, "{origin}");
            }
        }
    }

    #[test]
    fn odd_histories_give_finite_means_and_too_short_ones_a_clear_error() {
        for fit in [fit_adida, fit_imapa] {
            for y in [&[0.0; 20][..], &[3.0; 9], &[0.0, 1e12, 0.0, 2.0], &[-2.0, 0.0, 1.0], &[1.0, -1.0]] {
                let fitted = fit(y).unwrap();
                assert!(fitted.predict(400).iter().all(|m| m.is_finite()), "{y:?}");
                assert!(fitted.replay(y, 0, 2).rows().all(|(_, row)| row.iter().all(|m| m.is_finite())));
            }
            assert_eq!(fit(&[0.0; 20]).unwrap().predict(2), [0.0; 2]);
            assert!((fit(&[3.0; 9]).unwrap().predict(1)[0] - 3.0).abs() < 1e-9);
            assert!(matches!(fit(&[1.0]), Err(FitError::TooShort { have: 1, need: 2, .. })));
        }
    }
}
