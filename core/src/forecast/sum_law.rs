//! What joint sample paths say of the first 1, 2, … steps together, small enough to be kept for every product.
//!
//! Question answered: how likely is it that so many pieces are asked for within n steps? Input: equally likely paths.
//! Output ([`SumLaw`]): for each n the sums in [`CHANCES`], each slice as the mean of what lies in it, rising. So the mean
//! is the paths' own, the upper tail, from which safety stock is read, is cut finer than the rest, and what is short at a
//! level is exact at the ends of slices. Days that are wrong together stay so, as sums are taken on paths before they are
//! cut. How it fails: beyond the paths' last step it goes on in proportion; which slice follows which from one step to the
//! next is not kept.

use serde::{Deserialize, Serialize};

/// Chances of the slices, from the fewest pieces to the most.
pub const CHANCES: [f64; 24] = [
    0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025, 0.025, 0.02, 0.02,
    0.01, 0.01, 0.01, 0.01, 0.01, 0.005, 0.005,
];

/// The law of sums over the first steps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SumLaw {
    /// Step after step, each with as many values as there are [`CHANCES`].
    values: Vec<f32>,
}

impl SumLaw {
    /// From paths of equal chance; as long as the shortest.
    pub fn of<'a>(paths: impl Iterator<Item = &'a [f64]>) -> Self {
        let mut sums: Vec<Vec<f64>> = Vec::new();
        let mut horizon = usize::MAX;
        for path in paths {
            horizon = horizon.min(path.len());
            sums.resize_with(sums.len().max(path.len()), Vec::new);
            let mut sum = 0.0;
            for (step, value) in path.iter().enumerate() {
                sum += value;
                sums[step].push(sum);
            }
        }
        let mut law = Self::default();
        for mut step in sums.into_iter().take(horizon) {
            crate::order::floats(&mut step);
            law.push(&step);
        }
        law
    }

    /// Adds the next step's sums, rising.
    pub fn push(&mut self, rising: &[f64]) {
        let each = 1.0 / rising.len().max(1) as f64;
        let (mut place, mut left) = (0, each);
        for chance in CHANCES {
            let (mut open, mut sum) = (chance, 0.0);
            while open > 1e-12 && place < rising.len() {
                let taken = open.min(left);
                sum += taken * rising[place];
                (open, left) = (open - taken, left - taken);
                if left <= 1e-12 {
                    (place, left) = (place + 1, each);
                }
            }
            let last = rising.last().copied().unwrap_or(0.0);
            self.values.push(if open < chance { sum / (chance - open) } else { last } as f32);
        }
    }

    /// From what is expected of the first 1, 2, … steps and a quantile of a sum by mean and chance. A slice stands at its
    /// middle, and all are moved so that the mean holds.
    pub fn of_quantiles(means: &[f64], quantile: impl Fn(f64, f64) -> f64) -> Self {
        let mut law = Self::default();
        for &mean in means {
            let mut below = 0.0;
            let values = CHANCES.map(|chance| {
                below += chance;
                quantile(mean, below - 0.5 * chance).max(0.0)
            });
            let found: f64 = values.iter().zip(CHANCES).map(|(value, chance)| value * chance).sum();
            let scale = if found > 0.0 { mean / found } else { 0.0 };
            law.values.extend(values.map(|value| (scale * value) as f32));
        }
        law
    }

    /// Steps that it knows.
    pub fn horizon(&self) -> usize {
        self.values.len() / CHANCES.len()
    }

    /// Sums over the first `steps` with their chances, rising; beyond the horizon in proportion.
    pub fn over(&self, steps: usize) -> impl Iterator<Item = (f64, f64)> {
        let known = steps.min(self.horizon());
        let scale = if known > 0 { steps as f64 / known as f64 } else { 0.0 };
        let from = known.saturating_sub(1) * CHANCES.len();
        let slices = self.values.get(from..).unwrap_or_default().iter();
        slices.zip(CHANCES).map(move |(value, chance)| (scale * f64::from(*value), chance))
    }

    /// Expected sum over the first `steps`, a part of a step in proportion.
    pub fn mean(&self, steps: f64) -> f64 {
        let whole = |steps: f64| self.over(steps as usize).map(|(value, chance)| value * chance).sum::<f64>();
        let below = whole(steps.floor());
        below + (whole(steps.ceil()) - below) * steps.fract()
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn chances_are_all_there_is() {
        assert!((CHANCES.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn slices_are_means_of_what_lies_in_them() {
        // 200 paths that sell 1, 2, … 200 pieces on the first day and 10 on the second
        let paths: Vec<[f64; 2]> = (1..=200).map(|first| [f64::from(first), 10.0]).collect();
        let law = SumLaw::of(paths.iter().map(|path| path.as_slice()));
        assert_eq!(law.horizon(), 2);
        let first: Vec<f64> = law.over(1).map(|it| it.0).collect();
        // the least tenth is 1 to 20, the greatest two hundredths are 199 and 200
        assert_eq!((first[0], first[22], first[23]), (10.5, 199.0, 200.0));
        assert!((law.mean(1.0) - 100.5).abs() < 1e-4 && (law.mean(1.5) - 105.5).abs() < 1e-4);
        assert!((law.mean(4.0) - 221.0).abs() < 1e-3, "beyond the paths in proportion");
    }

    #[test]
    fn few_paths_fill_every_slice() {
        let paths = [[2.0], [6.0]];
        let law = SumLaw::of(paths.iter().map(|path| path.as_slice()));
        assert!((law.mean(1.0) - 4.0).abs() < 1e-6);
        assert_eq!(law.over(1).last(), Some((6.0, 0.005)));
        assert_eq!(SumLaw::of(std::iter::empty()).mean(3.0), 0.0);
    }

    #[test]
    fn quantiles_keep_the_mean() {
        let law = SumLaw::of_quantiles(&[3.0, 6.0], |mean, chance| 2.0 * mean * chance);
        assert!((law.mean(1.0) - 3.0).abs() < 1e-6 && (law.mean(2.0) - 6.0).abs() < 1e-6);
    }
}
