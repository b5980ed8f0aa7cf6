//! Random forest regression: the mean of deep trees, each grown on rows drawn with replacement.
//!
//! Question answered: the mean of a target, given a row's columns. Input: [`Examples`]; weights are the chances of a
//! row to be drawn. Output: [`FittedForest`], which predicts in the target's unit and says what each column gained.
//! Split on the same bins as boosting; `feature_fraction` of the columns is drawn anew for every split.
//!
//! Assumptions: see [`super`]. How it fails: [`ParamError`], [`LearnError`]; a target without variation gives that
//! constant. Never beyond the targets it saw. Same seed, same bytes, on every machine.
//!
//! Reference: Breiman, "Random forests", Machine Learning 45 (2001).

use serde::{Deserialize, Serialize};

use super::bins::Bins;
use super::grow::{Grower, Limits, Place};
use super::scan::Rule;
use super::tree::{Tree, add_all};
use super::{Columns, Examples, LearnError, ParamError, demand, shares};
use crate::rng::Rng;

/// What is wished, unchecked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ForestParams {
    /// Trees.
    pub n_estimators: usize,
    /// Questions from root to leaf at most.
    pub max_depth: usize,
    /// Rows of a leaf at least.
    pub min_data_in_leaf: usize,
    /// Part of the columns that is looked at for each split.
    pub feature_fraction: f64,
    /// Seed of all draws.
    pub seed: u64,
}

impl Default for ForestParams {
    fn default() -> Self {
        Self { n_estimators: 500, max_depth: 10, min_data_in_leaf: 1, feature_fraction: 1.0, seed: 1 }
    }
}

/// Checked wishes: only these can fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CheckedForest(ForestParams);

impl ForestParams {
    /// Checks every figure.
    pub fn check(self) -> Result<CheckedForest, ParamError> {
        let (trees, part) = (self.n_estimators, self.feature_fraction);
        demand((1..=100_000).contains(&trees), "n_estimators", trees as f64, "a number from 1 to 100000")?;
        // A tree of depth 20 has a million leaves: more than rows, on any table that is served.
        let depth = self.max_depth;
        demand((1..=20).contains(&depth), "max_depth", depth as f64, "a number from 1 to 20")?;
        demand(self.min_data_in_leaf >= 1, "min_data_in_leaf", self.min_data_in_leaf as f64, "at least 1")?;
        demand(part > 0.0 && part <= 1.0, "feature_fraction", part, "a part above 0 and at most 1")?;
        Ok(CheckedForest(self))
    }
}

impl CheckedForest {
    /// Fits all trees.
    pub fn fit(&self, examples: &Examples<'_>) -> Result<FittedForest, LearnError> {
        let mut run = self.start(examples)?;
        while run.step() {}
        Ok(run.finish())
    }

    /// Begins to fit: a tree with each [`Run::step`], so that a worker can tell how far it is, or stop.
    pub fn start<'a>(&self, examples: &Examples<'a>) -> Result<Run<'a>, LearnError> {
        let train = examples.check()?;
        let params = self.0;
        let bins = examples.table.bins().clone();
        let wanted = (params.feature_fraction * bins.len() as f64).round() as usize;
        let limits = Limits {
            rule: Rule { min_rows: params.min_data_in_leaf as f64, min_curvature: 0.0, lambda: 0.0 },
            max_leaves: usize::MAX,
            max_depth: params.max_depth,
            columns_per_split: wanted.max(1),
            min_gain: 0.0,
            best_first: false,
        };
        let weight = |row: &u32| examples.weights.map_or(1.0, |w| w[*row as usize]);
        let mut total = 0.0;
        let mut reach = Vec::with_capacity(train.len());
        for row in &train {
            total += weight(row);
            reach.push(total);
        }
        let mean = train.iter().map(|row| weight(row) * examples.target[*row as usize]).sum::<f64>() / total;
        let fitted = FittedForest { mean, trees: Vec::new(), gains: vec![0.0; bins.len()], bins };
        Ok(Run {
            params,
            examples: *examples,
            train,
            reach,
            grower: Grower::new(limits),
            rng: Rng::seeded(params.seed),
            fitted,
        })
    }
}

/// A fit under way.
#[derive(Debug)]
pub struct Run<'a> {
    params: ForestParams,
    examples: Examples<'a>,
    train: Vec<u32>,
    /// Weights summed so far, row by row.
    reach: Vec<f64>,
    grower: Grower,
    rng: Rng,
    fitted: FittedForest,
}

impl Run<'_> {
    /// Trees grown so far, and how many there will be.
    pub fn progress(&self) -> (usize, usize) {
        (self.fitted.trees.len(), self.params.n_estimators)
    }

    /// Grows one tree; false when that was the last.
    pub fn step(&mut self) -> bool {
        let mut bag: Vec<u32> = (0..self.train.len()).map(|_| self.draw()).collect();
        bag.sort_unstable();
        let cuts = self.fitted.bins.cuts().iter().enumerate();
        let places: Vec<Place> = cuts
            .map(|(column, it)| Place { column, codes: it.codes(), categorical: it.categorical })
            .collect();
        self.grower.take_rows((self.examples.table.codes(), places.len()), &places, &bag);
        let away = |row: &u32| self.fitted.mean - self.examples.target[*row as usize];
        let gradients: Vec<f64> = bag.iter().map(away).collect();
        let varied = self.grower.take_gradients(&gradients, None);
        let mut tree = self.grower.grow(&mut self.rng);
        for leaf in &self.grower.leaves {
            let (gradient, rows) = self.grower.sums(leaf);
            tree.leaves.push(if varied { (-gradient / rows) as f32 } else { 0.0 });
        }
        for (column, gain) in &self.grower.gains {
            self.fitted.gains[*column] += gain;
        }
        self.fitted.trees.push(tree);
        self.fitted.trees.len() < self.params.n_estimators
    }

    /// A row, with a chance in proportion to its weight.
    fn draw(&mut self) -> u32 {
        let index = if self.examples.weights.is_none() {
            self.rng.below(self.train.len())
        } else {
            let goal = self.rng.uniform() * self.reach.last().copied().unwrap_or_default();
            self.reach.partition_point(|reach| *reach <= goal).min(self.train.len() - 1)
        };
        self.train[index]
    }

    /// The forest of the trees grown so far.
    pub fn finish(self) -> FittedForest {
        self.fitted
    }
}

/// A fitted forest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedForest {
    bins: Bins,
    /// Mean of the target; leaves hold what lies above it.
    mean: f64,
    trees: Vec<Tree>,
    gains: Vec<f64>,
}

impl FittedForest {
    /// What is expected for each row of a table with the same columns.
    pub fn predict(&self, columns: &Columns) -> Result<Vec<f64>, LearnError> {
        let codes = self.bins.code(columns)?;
        Ok(self.predict_codes(&codes, columns.rows()))
    }

    /// What is expected for one row, its values in the columns' order.
    pub fn predict_row(&self, row: &[f32]) -> Result<f64, LearnError> {
        if row.len() != self.bins.len() {
            return Err(LearnError::Width { have: row.len(), need: self.bins.len() });
        }
        Ok(self.predict_rows(row)?[0])
    }

    /// What is expected for several rows, one after the other, their values in the columns' order.
    pub fn predict_rows(&self, rows: &[f32]) -> Result<Vec<f64>, LearnError> {
        let codes = self.bins.code_rows(rows)?;
        Ok(self.predict_codes(&codes, rows.len() / self.bins.len().max(1)))
    }

    fn predict_codes(&self, codes: &[u8], rows: usize) -> Vec<f64> {
        let mut sums = vec![0.0; rows];
        add_all(&self.trees, codes, self.bins.len(), &mut sums);
        let trees = self.trees.len().max(1) as f64;
        sums.iter().map(|sum| self.mean + sum / trees).collect()
    }

    /// How much each column lowered the squared error in training, as parts of 1, by name, in the columns' order.
    pub fn importances(&self) -> Vec<(&str, f64)> {
        shares(&self.bins, &self.gains)
    }

    /// The trees.
    pub fn trees(&self) -> &[Tree] {
        &self.trees
    }
}
