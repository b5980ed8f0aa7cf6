//! Gradient boosted regression trees, histogram-based and grown leaf by leaf.
//!
//! Question answered: the mean, median, quantile or expected count of a target, given a row's columns. Input:
//! [`Examples`]. Output: [`FittedBoosting`], which predicts in the target's unit and says what each column gained.
//! Each tree sees a part of the columns (`feature_fraction`) and of the rows (`bagging_fraction`, drawn anew every
//! `bagging_freq` trees) and adds `learning_rate` times what its leaves found best.
//!
//! Assumptions: see [`super`]. How it fails: [`ParamError`], [`LearnError`]; a target without variation, or fewer rows
//! than two leaves need, gives the best constant. Same seed, same bytes, on every machine.
//!
//! References: Friedman, "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29 (2001);
//! Friedman, "Stochastic gradient boosting", CSDA 38 (2002); Ke et al., "LightGBM", NeurIPS 2017, whose names the
//! parameters bear.

use serde::{Deserialize, Serialize};

use super::bins::Bins;
use super::grow::{Grower, Limits, Place};
use super::loss::{Loss, quantile};
use super::scan::Rule;
use super::tree::{Tree, add_all};
use super::{Columns, Examples, LearnError, ParamError, demand, shares};
use crate::rng::Rng;

/// What is wished, unchecked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoostingParams {
    /// What is minimised.
    pub loss: Loss,
    /// Trees at most.
    pub n_estimators: usize,
    /// Part of each tree's advice that is followed.
    pub learning_rate: f64,
    /// Leaves of a tree at most.
    pub num_leaves: usize,
    /// Questions from root to leaf at most.
    pub max_depth: usize,
    /// Rows of a leaf at least.
    pub min_data_in_leaf: usize,
    /// Ridge on the leaves' values.
    pub lambda: f64,
    /// Part of the columns that each tree sees.
    pub feature_fraction: f64,
    /// Part of the rows that each tree sees.
    pub bagging_fraction: f64,
    /// Trees that see the same rows; 0 when all see all.
    pub bagging_freq: usize,
    /// Trees without a better loss on the held-out rows after which training ends; only with such rows.
    pub early_stopping_rounds: Option<usize>,
    /// Seed of all draws.
    pub seed: u64,
}

impl Default for BoostingParams {
    fn default() -> Self {
        Self {
            loss: Loss::Squared,
            n_estimators: 1000,
            learning_rate: 0.01,
            num_leaves: 31,
            max_depth: 64,
            min_data_in_leaf: 20,
            lambda: 0.0,
            feature_fraction: 0.8,
            bagging_fraction: 0.8,
            bagging_freq: 5,
            early_stopping_rounds: None,
            seed: 1,
        }
    }
}

/// Checked wishes: only these can fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CheckedBoosting(BoostingParams);

impl BoostingParams {
    /// Checks every figure.
    pub fn check(self) -> Result<CheckedBoosting, ParamError> {
        let count = |name, given: usize, least: usize, most: usize, expected| {
            demand((least..=most).contains(&given), name, given as f64, expected)
        };
        let part = |name, given: f64| {
            demand(given > 0.0 && given <= 1.0, name, given, "a part above 0 and at most 1")
        };
        self.loss.check()?;
        count("n_estimators", self.n_estimators, 1, 100_000, "a number from 1 to 100000")?;
        count("num_leaves", self.num_leaves, 2, 32_768, "a number from 2 to 32768")?;
        count("max_depth", self.max_depth, 1, usize::MAX, "at least 1")?;
        count("min_data_in_leaf", self.min_data_in_leaf, 1, usize::MAX, "at least 1")?;
        part("learning_rate", self.learning_rate)?;
        part("feature_fraction", self.feature_fraction)?;
        part("bagging_fraction", self.bagging_fraction)?;
        demand(self.lambda >= 0.0 && self.lambda.is_finite(), "lambda", self.lambda, "0 or more")?;
        if let Some(rounds) = self.early_stopping_rounds {
            count("early_stopping_rounds", rounds, 1, usize::MAX, "at least 1")?;
        }
        Ok(CheckedBoosting(self))
    }
}

impl CheckedBoosting {
    /// Fits all trees.
    pub fn fit(&self, examples: &Examples<'_>) -> Result<FittedBoosting, LearnError> {
        let mut run = self.start(examples)?;
        while run.step() {}
        Ok(run.finish())
    }

    /// Begins to fit: a tree with each [`Run::step`], so that a worker can tell how far it is, or stop.
    pub fn start<'a>(&self, examples: &Examples<'a>) -> Result<Run<'a>, LearnError> {
        let train = examples.check()?;
        let params = self.0;
        params.loss.check_target(examples.target)?;
        let weight = |row: usize| examples.weights.map_or(1.0, |w| w[row]);
        let mut pairs: Vec<(f64, f64)> =
            train.iter().map(|row| (examples.target[*row as usize], weight(*row as usize))).collect();
        let first = params.loss.start(&mut pairs);
        let limits = Limits {
            rule: Rule {
                min_rows: params.min_data_in_leaf as f64,
                min_curvature: MIN_CURVATURE,
                lambda: params.lambda,
            },
            max_leaves: params.num_leaves,
            max_depth: params.max_depth,
            columns_per_split: usize::MAX,
            min_gain: 0.0,
            best_first: true,
        };
        let bins = examples.table.bins().clone();
        let fitted = FittedBoosting {
            loss: params.loss,
            start: first,
            trees: Vec::new(),
            gains: vec![0.0; bins.len()],
            bins,
        };
        Ok(Run {
            params,
            examples: *examples,
            scores: vec![first; examples.table.rows()],
            outside: vec![false; examples.table.rows()],
            bag: train.clone(),
            train,
            grower: Grower::new(limits),
            rng: Rng::seeded(params.seed),
            fitted,
            done: 0,
            best: (f64::INFINITY, 0),
            gradients: Vec::new(),
            curvatures: Vec::new(),
        })
    }
}

/// Curvature of a leaf at least: less of it would divide by next to nothing.
const MIN_CURVATURE: f64 = 1e-3;

/// A fit under way.
#[derive(Debug)]
pub struct Run<'a> {
    params: BoostingParams,
    examples: Examples<'a>,
    /// Rows that may be learned from, and those that the next tree sees.
    train: Vec<u32>,
    bag: Vec<u32>,
    /// Whether a row is not in the bag.
    outside: Vec<bool>,
    scores: Vec<f64>,
    grower: Grower,
    rng: Rng,
    fitted: FittedBoosting,
    done: usize,
    /// Least loss on the held-out rows, and how many trees had it.
    best: (f64, usize),
    gradients: Vec<f64>,
    curvatures: Vec<f64>,
}

impl Run<'_> {
    /// Trees tried so far, and how many there will be at most.
    pub fn progress(&self) -> (usize, usize) {
        (self.done, self.params.n_estimators)
    }

    /// Grows one tree; false when training is over.
    pub fn step(&mut self) -> bool {
        if self.done >= self.params.n_estimators {
            return false;
        }
        self.draw_rows();
        self.done += 1;
        if !self.slopes() {
            self.done = self.params.n_estimators;
            return false;
        }
        let mut tree = self.grower.grow(&mut self.rng);
        // Without a split a tree says nothing; other columns or rows may have one.
        if !tree.nodes.is_empty() {
            self.fill(&mut tree);
            self.fitted.trees.push(tree);
        }
        !self.stops_early() && self.done < self.params.n_estimators
    }

    /// The model, with the trees up to the best loss on the held-out rows if there are any.
    pub fn finish(self) -> FittedBoosting {
        let mut fitted = self.fitted;
        if self.params.early_stopping_rounds.is_some() && !self.examples.holdout.is_empty() {
            fitted.trees.truncate(self.best.1);
        }
        fitted
    }

    /// Draws the rows and columns of the next tree.
    fn draw_rows(&mut self) {
        let BoostingParams { bagging_fraction, bagging_freq, feature_fraction, .. } = self.params;
        let rows = self.outside.len();
        if bagging_freq > 0 && self.done.is_multiple_of(bagging_freq) && bagging_fraction < 1.0 {
            let mut wanted = ((bagging_fraction * self.train.len() as f64) as usize).max(1);
            self.bag.clear();
            for (index, row) in self.train.iter().enumerate() {
                let left = self.train.len() - index;
                if self.rng.below(left) < wanted {
                    self.bag.push(*row);
                    wanted -= 1;
                }
            }
        }
        if self.done == 0 || self.bag.len() < self.train.len() {
            self.outside.clear();
            self.outside.resize(rows, true);
            self.bag.iter().for_each(|row| self.outside[*row as usize] = false);
        }
        let bins = self.fitted.bins.cuts();
        let mut wanted = ((feature_fraction * bins.len() as f64) as usize).max(1);
        let mut places = Vec::new();
        for (column, cuts) in bins.iter().enumerate() {
            if self.rng.below(bins.len() - column) < wanted {
                places.push(Place { column, codes: cuts.codes(), categorical: cuts.categorical });
                wanted -= 1;
            }
        }
        self.grower.take_rows((self.examples.table.codes(), bins.len()), &places, &self.bag);
    }

    /// Gradients and curvatures of the rows in the bag; false when there is nothing left to learn.
    fn slopes(&mut self) -> bool {
        let Examples { target, weights, .. } = self.examples;
        let loss = self.params.loss;
        self.gradients.clear();
        self.curvatures.clear();
        if loss == Loss::Squared && weights.is_none() {
            let slope = |row: &u32| self.scores[*row as usize] - target[*row as usize];
            self.gradients.extend(self.bag.iter().map(slope));
        } else {
            for row in &self.bag {
                let row = *row as usize;
                let (gradient, curvature) = loss.slope(target[row], self.scores[row]);
                let weight = weights.map_or(1.0, |w| w[row]);
                self.gradients.push(weight * gradient);
                self.curvatures.push(weight * curvature);
            }
        }
        let curved = loss.curved() || weights.is_some();
        self.grower.take_gradients(&self.gradients, curved.then_some(&self.curvatures))
    }

    /// Gives the leaves their values and adds them to the scores.
    fn fill(&mut self, tree: &mut Tree) {
        let Examples { target, weights, table, .. } = self.examples;
        let mut pairs = Vec::new();
        for leaf in &self.grower.leaves {
            let rows = self.grower.rows(leaf);
            let value = match self.params.loss.level() {
                None => {
                    let (gradient, curvature) = self.grower.sums(leaf);
                    -gradient / (curvature + self.params.lambda)
                }
                Some(level) => {
                    pairs.clear();
                    pairs.extend(rows.iter().map(|row| {
                        let row = self.bag[*row as usize] as usize;
                        (target[row] - self.scores[row], weights.map_or(1.0, |w| w[row]))
                    }));
                    quantile(&mut pairs, level)
                }
            };
            // The scores see what the leaf will hold, rounded as it is kept.
            let value = (self.params.learning_rate * value) as f32;
            tree.leaves.push(value);
            for row in rows {
                self.scores[self.bag[*row as usize] as usize] += f64::from(value);
            }
        }
        for (column, gain) in &self.grower.gains {
            self.fitted.gains[*column] += gain;
        }
        let codes = table.codes().chunks_exact(self.fitted.bins.len());
        for ((codes, score), outside) in codes.zip(&mut self.scores).zip(&self.outside) {
            if *outside {
                *score += tree.value(codes);
            }
        }
    }

    /// Whether the held-out rows have not been better told for long.
    fn stops_early(&mut self) -> bool {
        let Examples { target, weights, holdout, .. } = self.examples;
        let Some(rounds) = self.params.early_stopping_rounds.filter(|_| !holdout.is_empty()) else {
            return false;
        };
        let loss = |row: &usize| {
            weights.map_or(1.0, |w| w[*row]) * self.params.loss.of(target[*row], self.scores[*row])
        };
        let sum: f64 = holdout.iter().map(loss).sum();
        let trees = self.fitted.trees.len();
        if sum < self.best.0 {
            self.best = (sum, trees);
        }
        trees >= self.best.1 + rounds
    }
}

/// A fitted model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedBoosting {
    loss: Loss,
    bins: Bins,
    start: f64,
    trees: Vec<Tree>,
    gains: Vec<f64>,
}

impl FittedBoosting {
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
        let mut scores = vec![self.start; rows];
        add_all(&self.trees, codes, self.bins.len(), &mut scores);
        scores.iter_mut().for_each(|score| *score = self.loss.predict(*score));
        scores
    }

    /// How much each column lowered the loss in training, as parts of 1, by name, in the columns' order.
    pub fn importances(&self) -> Vec<(&str, f64)> {
        shares(&self.bins, &self.gains)
    }

    /// The trees.
    pub fn trees(&self) -> &[Tree] {
        &self.trees
    }

    /// How rows become codes.
    pub fn bins(&self) -> &Bins {
        &self.bins
    }
}
