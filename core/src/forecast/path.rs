//! Joint sample paths: the engine's own currency. What a lead time, a week or a branch needs is summed on paths, never
//! on the ends of bands, since days that are wrong together do not cancel out.
//!
//! Question answered: which courses may the next steps take, each as likely as any other. Input: means, the marginal
//! distribution of each step, and the errors that the model made from past origins. Output: `count` paths of `horizon`
//! steps in the data's unit. Method: each step's marginal is cut into `count` equally likely slices, one for each path;
//! which slice a path gets is its rank in a template, and templates are rows of past errors from one origin (Schaake
//! shuffle), so that what was wrong together in the past is wrong together on a path. A row that ends before the
//! horizon (an origin near the end) goes on with the rows' own correlation from step to step.
//!
//! Assumptions: the dependence between steps stays what it was. How it fails: without past errors steps are independent.
//! References: Clark et al., J. Hydrometeorology 5 (2004) (Schaake shuffle); Schefzik, Thorarinsdottir & Gneiting,
//! Statistical Science 28 (2013) (ensemble copula coupling).

use super::{Band, interval::quantile_at, marginal::Marginal, sum_law::SumLaw};
use crate::rng::Rng;

/// How steps were wrong together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Templates {
    /// Errors over their expected size, one row per origin, nearest step first.
    pub rows: Vec<Vec<f64>>,
    /// Variance, in the same unit, of what all steps of a path have in common beside that: neighbouring origins share
    /// a level and parameters, so that their rows hardly show how wrong those can be.
    pub shared: f64,
}

/// Equally likely courses of the next steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Paths {
    horizon: usize,
    /// Path after path.
    values: Vec<f64>,
}

impl Paths {
    /// Draws `count` paths around `means` from each step's marginal, ordered like `templates`.
    pub(super) fn draw(
        means: &[f64],
        marginal: &Marginal,
        templates: &Templates,
        count: usize,
        seed: u64,
    ) -> Self {
        let horizon = means.len();
        let shapes = shapes(templates, horizon, count, &mut Rng::seeded(seed));
        let mut values = vec![0.0; count * horizon];
        let mut order: Vec<usize> = (0..count).collect();
        for (step, slices) in marginal.slices(means, count).iter().enumerate() {
            let at = |path: usize| shapes[path * horizon + step];
            order.sort_unstable_by(|a, b| at(*a).total_cmp(&at(*b)));
            for (path, value) in order.iter().zip(slices) {
                values[path * horizon + step] = *value;
            }
        }
        Self { horizon, values }
    }

    /// The same paths where nothing can be below zero.
    pub(super) fn clipped(mut self) -> Self {
        self.values.iter_mut().for_each(|value| *value = value.max(0.0));
        self
    }

    /// Steps of each path.
    pub fn horizon(&self) -> usize {
        self.horizon
    }

    /// The paths.
    pub fn iter(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.horizon.max(1))
    }

    /// The sum of the first `steps` on each path, ascending.
    pub fn sums(&self, steps: usize) -> Vec<f64> {
        let mut sums: Vec<f64> = self.iter().map(|path| path.iter().take(steps).sum()).collect();
        crate::order::floats(&mut sums);
        sums
    }

    /// Central bands of the sums of the first 1, 2, … steps around `means` of those sums, for levels in percent,
    /// narrowest first; each holds the mean and the narrower ones. Beside them the law of those sums.
    pub(super) fn sum_bands(&self, means: &[f64], levels: &[f64]) -> (Vec<Band>, SumLaw) {
        let empty = |level: &f64| Band { level: *level, lo: Vec::new(), hi: Vec::new() };
        let mut bands: Vec<Band> = levels.iter().map(empty).collect();
        let mut law = SumLaw::default();
        for (step, mean) in means.iter().enumerate() {
            let sums = self.sums(step + 1);
            law.push(&sums);
            let (mut lo, mut hi) = (*mean, *mean);
            for band in &mut bands {
                let tail = (1.0 - band.level / 100.0) / 2.0;
                lo = lo.min(quantile_at(&sums, tail));
                hi = hi.max(quantile_at(&sums, 1.0 - tail));
                band.lo.push(lo);
                band.hi.push(hi);
            }
        }
        (bands, law)
    }
}

/// One template per path; only how its entries rank among the other paths' matters. Every row serves equally often, up
/// to one: whole rows, and shorter ones where there are too few of those.
fn shapes(templates: &Templates, horizon: usize, count: usize, random: &mut Rng) -> Vec<f64> {
    let (templates, shared) = (&templates.rows, templates.shared.sqrt());
    let longest = templates.iter().map(Vec::len).max().unwrap_or(0);
    // as long as possible, but enough of them to tell the paths apart
    let long_enough = |length: &usize| templates.iter().filter(|row| row.len() >= *length).count() >= ENOUGH;
    let least = (1..=longest).rev().find(long_enough).unwrap_or(1);
    let mut rows: Vec<&[f64]> =
        templates.iter().map(Vec::as_slice).filter(|row| row.len() >= least).collect();
    let (kept, fresh) = continuation(templates);
    let mut shapes = Vec::with_capacity(count * horizon);
    for path in 0..count {
        let turn = path % rows.len().max(1);
        if turn == 0 {
            shuffle(&mut rows, random);
        }
        let row = rows.get(turn).copied().unwrap_or_default();
        let common = shared * random.normal();
        let mut last = 0.0;
        for step in 0..horizon {
            last = match row.get(step) {
                // paths with the same row differ by less than rows do
                Some(e) => e + JITTER * random.normal(),
                None => kept * last + fresh * random.normal(),
            };
            shapes.push(common + last);
        }
    }
    shapes
}

/// Rows that show how steps hang together.
const ENOUGH: usize = 10;

/// Spread, in expected sizes of an error, of paths that share a row.
const JITTER: f64 = 0.1;

/// How much of a scaled error the next step keeps, and the spread of what is new.
fn continuation(templates: &[Vec<f64>]) -> (f64, f64) {
    let (mut both, mut square) = (0.0, 0.0);
    for pair in templates.iter().flat_map(|row| row.windows(2)) {
        both += pair[0] * pair[1];
        square += 0.5 * (pair[0] * pair[0] + pair[1] * pair[1]);
    }
    let kept: f64 = if square > 0.0 { (both / square).clamp(0.0, 0.99) } else { 0.0 };
    (kept, (1.0 - kept * kept).sqrt())
}

/// Fisher and Yates.
fn shuffle(rows: &mut [&[f64]], random: &mut Rng) {
    for last in (1..rows.len()).rev() {
        rows.swap(last, random.below(last + 1));
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::super::{ForecastParams, Model, Season, Series};
    use super::*;

    fn series(values: Vec<f64>, season: usize) -> Series {
        Series::new(values, Season::Every(season)).unwrap()
    }

    fn paths(model: Model, values: Vec<f64>, count: usize) -> (Vec<f64>, Paths) {
        let params = ForecastParams { model, horizon: 7, non_negative: false, ..Default::default() };
        let fitted = params.check().unwrap().fit(&series(values, 1)).unwrap();
        (fitted.predict().mean, fitted.paths(count, 3).unwrap())
    }

    fn random_walk(n: usize) -> Vec<f64> {
        let mut random = Rng::seeded(11);
        let step = |level: &mut f64, _: usize| {
            *level += random.normal();
            Some(*level)
        };
        (0..n).scan(0.0, step).collect()
    }

    fn variance(values: impl Iterator<Item = f64>) -> f64 {
        let values: Vec<f64> = values.collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n
    }

    #[test]
    fn each_step_holds_the_slices_of_its_marginal_whatever_the_order() {
        let errors = super::super::Replay::build(30, 10, 3, |_, row| row.fill(0.0));
        let values: Vec<f64> = random_walk(30);
        let errors = errors.errors(&values, 1.0);
        let marginal = Marginal::learn(&errors, &values, 1).unwrap();
        let drawn = Paths::draw(&[1.0, 2.0, 3.0], &marginal, &marginal.templates(&errors), 50, 1);
        for (step, slices) in marginal.slices(&[1.0, 2.0, 3.0], 50).iter().enumerate() {
            let mut at: Vec<f64> = drawn.iter().map(|path| path[step]).collect();
            at.sort_unstable_by(f64::total_cmp);
            assert_eq!(&at, slices);
        }
    }

    #[test]
    fn a_random_walk_s_sums_spread_as_its_theory_says() {
        // var(S₁ + … + S₇) = Σ k² = 140 against Σ k = 28 if days were independent
        let (_, paths) = paths(Model::Naive, random_walk(400), 1000);
        let sums = variance(paths.sums(7).into_iter());
        let days: f64 = (0..7).map(|step| variance(paths.iter().map(move |path| path[step]))).sum();
        assert!((sums / days / 5.0 - 1.0).abs() < 0.2, "{}", sums / days);
    }

    #[test]
    fn noise_about_a_level_sums_as_independent_days() {
        let mut random = Rng::seeded(5);
        let values: Vec<f64> = (0..600).map(|_| 50.0 + random.normal()).collect();
        let (_, paths) = paths(Model::Ets, values, 1000);
        let sums = variance(paths.sums(7).into_iter());
        let days: f64 = (0..7).map(|step| variance(paths.iter().map(move |path| path[step]))).sum();
        assert!((sums / days - 1.0).abs() < 0.3, "{}", sums / days);
    }

    #[test]
    fn the_same_seed_gives_the_same_paths_and_another_one_others() {
        let params = ForecastParams { horizon: 5, ..Default::default() };
        let fitted = params.check().unwrap().fit(&series(random_walk(60), 1)).unwrap();
        assert_eq!(fitted.paths(20, 1), fitted.paths(20, 1));
        assert_ne!(fitted.paths(20, 1), fitted.paths(20, 2));
        assert!(fitted.paths(20, 1).unwrap().iter().flatten().all(|value| *value >= 0.0));
    }

    #[test]
    fn bands_of_sums_hold_their_mean_and_each_other() {
        let (mean, paths) = paths(Model::Naive, random_walk(80), 100);
        let sums: Vec<f64> = mean
            .iter()
            .scan(0.0, |sum, it| {
                *sum += it;
                Some(*sum)
            })
            .collect();
        let (bands, law) = paths.sum_bands(&sums, &[75.0, 95.0]);
        assert_eq!(law.horizon(), sums.len());
        for (step, mean) in sums.iter().enumerate() {
            assert!(bands[1].lo[step] <= bands[0].lo[step] && bands[0].lo[step] <= *mean);
            assert!(*mean <= bands[0].hi[step] && bands[0].hi[step] <= bands[1].hi[step]);
        }
    }

    #[test]
    fn without_past_errors_and_with_one_short_row_paths_still_differ() {
        let mut random = Rng::seeded(1);
        for rows in [vec![], vec![vec![1.0]], vec![vec![1.0, 0.5]]] {
            let shapes = shapes(&Templates { rows, shared: 0.0 }, 4, 30, &mut random);
            assert_eq!(shapes.len(), 120);
            assert!(shapes.iter().all(|it| it.is_finite()));
            assert!(variance(shapes.chunks_exact(4).map(|path| path[3])) > 0.0);
        }
    }
}
