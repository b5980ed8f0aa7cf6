//! A small recurrent network (LSTM), one for all series of a panel.
//!
//! Question answered: what are the next `horizon` values of each of many series that behave alike. Input: the panel's
//! [`Series`], with the same known columns beside each or with none; any units, each window is brought to mean 0 and
//! spread 1. Output: means in each series' own unit. An LSTM reads the last `window` values; a layer that is shared by
//! all steps ahead joins what it remembers with what is known of the target's step (columns, the same phase of the
//! season in the past) and corrects the mean of the last same-phase values.
//!
//! Assumptions: series share their dynamics; what is known of the future is right. How it fails: [`FitError`] when no
//! series holds a window and a horizon, or a known column ends early. Values are never read behind the origin. Loss:
//! Huber's, so that one outlier does not steer. Trained by Adam on windows drawn with a seed, an epoch at a time.
//!
//! References: Hochreiter & Schmidhuber, "Long short-term memory", Neural Computation 9 (1997), with the forget gate
//! of Gers, Schmidhuber & Cummins (2000); Kingma & Ba, "Adam", ICLR 2015, algorithm 1; Wen et al., "A multi-horizon
//! quantile recurrent forecaster", 2017 (one decoder for all steps ahead).

mod network;
#[cfg(test)]
mod tests;

use network::{Batch, Shape};

use super::{FitError, MAX_HORIZON, Series, check_regressors};
use crate::learn::{ParamError, demand};
use crate::rng::Rng;
use serde::{Deserialize, Serialize};

/// Past values of the target's phase of the season that are averaged.
const CYCLES: usize = 4;

/// Values are cut so many spreads from their window's mean: sums of them stay finite.
const MAX_SCALED: f64 = 1e6;

/// What is wished, unchecked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LstmParams {
    /// Units that remember.
    pub hidden: usize,
    /// Steps that are read; four seasons, and 28 at least, when absent.
    pub window: Option<usize>,
    /// Epochs.
    pub epochs: usize,
    /// Windows that are learned from in one epoch.
    pub windows_per_epoch: usize,
    /// Windows between two steps of the weights.
    pub batch: usize,
    /// Adam's rate in the first epoch; it falls to 0 along a half cosine.
    pub learning_rate: f64,
    /// Longest gradient.
    pub clip: f64,
    /// Seed of all draws.
    pub seed: u64,
}

impl Default for LstmParams {
    fn default() -> Self {
        Self {
            hidden: 32,
            window: None,
            epochs: 12,
            windows_per_epoch: 1024,
            batch: 32,
            learning_rate: 0.005,
            clip: 1.0,
            seed: 1,
        }
    }
}

/// Checked wishes: only these can fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CheckedLstm(LstmParams);

impl LstmParams {
    /// Checks every figure.
    pub fn check(self) -> Result<CheckedLstm, ParamError> {
        let count = |name, given: usize, most: usize, expected| {
            demand((1..=most).contains(&given), name, given as f64, expected)
        };
        let rate =
            |name, given: f64| demand(given > 0.0 && given.is_finite(), name, given, "a number above 0");
        count("hidden", self.hidden, 256, "a number from 1 to 256")?;
        count("window", self.window.unwrap_or(1), 1000, "a number from 1 to 1000")?;
        count("epochs", self.epochs, 10_000, "a number from 1 to 10000")?;
        count("windows_per_epoch", self.windows_per_epoch, 1_000_000, "a number from 1 to 1000000")?;
        count("batch", self.batch, 10_000, "a number from 1 to 10000")?;
        rate("learning_rate", self.learning_rate)?;
        rate("clip", self.clip)?;
        Ok(CheckedLstm(self))
    }
}

impl CheckedLstm {
    /// Fits all epochs.
    pub fn fit(&self, panel: &[Series], horizon: usize) -> Result<FittedLstm, FitError> {
        let mut run = self.start(panel, horizon)?;
        while run.step() {}
        Ok(run.finish())
    }

    /// Begins to fit: an epoch with each [`Run::step`], so that a worker can tell how far it is, or stop.
    pub fn start(&self, panel: &[Series], horizon: usize) -> Result<Run, FitError> {
        let params = self.0;
        let horizon = horizon.clamp(1, MAX_HORIZON);
        let known = panel.first().map_or(0, |series| series.regressors().len());
        // Columns that some series lack can't be read for all.
        let known = if panel.iter().all(|series| series.regressors().len() == known) { known } else { 0 };
        for series in panel.iter().filter(|_| known > 0) {
            check_regressors(series.regressors(), series.values().len(), horizon)?;
        }
        let season = panel.iter().map(Series::season).max().unwrap_or(1);
        let window = params.window.unwrap_or((CYCLES * season).clamp(28, 120));
        let longest = panel.iter().map(|series| series.values().len()).max().unwrap_or(0);
        if longest < window + horizon {
            let what = "a network over all series";
            return Err(FitError::TooShort { have: longest, need: window + horizon, what });
        }
        let shape = Shape { inputs: 2 + known, known: 3 + 2 * known, hidden: params.hidden, window, horizon };
        let series: Vec<Prepared> = panel.iter().map(Prepared::new).collect();
        let columns =
            (0..known).map(|at| Standard::learn(panel.iter().map(|it| &it.regressors()[at].values)));
        let columns: Vec<Standard> = columns.collect();
        let mut ends = Vec::new();
        let mut total = 0;
        for it in &series {
            total += (it.values.len() + 1).saturating_sub(window + horizon);
            ends.push(total);
        }
        let mut rng = Rng::seeded(params.seed);
        let weights = shape.initial(&mut rng);
        let zeros = vec![0.0; weights.len()];
        let fitted = FittedLstm { shape, weights, columns, series };
        Ok(Run {
            params,
            fitted,
            ends,
            rng,
            first: zeros.clone(),
            second: zeros,
            steps: 0,
            epoch: 0,
            loss: f64::NAN,
        })
    }
}

/// A known column brought to mean 0 and spread 1 over the panel.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Standard {
    mean: f64,
    spread: f64,
}

impl Standard {
    fn learn<'a>(columns: impl Iterator<Item = &'a Vec<f64>>) -> Self {
        let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
        for value in columns.flatten() {
            count += 1.0;
            sum += value;
            squares += value * value;
        }
        let mean = sum / f64::max(count, 1.0);
        let variance = squares / f64::max(count, 1.0) - mean * mean;
        // A column that never changes tells nothing: it stays 0.
        Self {
            mean,
            spread: if variance > 1e-12 * (mean * mean).max(1e-12) { variance.sqrt() } else { f64::INFINITY },
        }
    }

    fn of(&self, value: f64) -> f64 {
        (value - self.mean) / self.spread
    }
}

/// What is kept of a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Prepared {
    values: Vec<f64>,
    season: usize,
    columns: Vec<Vec<f64>>,
}

impl Prepared {
    fn new(series: &Series) -> Self {
        let columns = series.regressors().iter().map(|it| it.values.clone()).collect();
        Self { values: series.values().to_vec(), season: series.season(), columns }
    }
}

/// A fit under way.
#[derive(Debug)]
pub struct Run {
    params: LstmParams,
    fitted: FittedLstm,
    /// Windows that can be drawn up to and with each series.
    ends: Vec<usize>,
    rng: Rng,
    /// Adam's moments.
    first: Vec<f64>,
    second: Vec<f64>,
    steps: i32,
    epoch: usize,
    loss: f64,
}

impl Run {
    /// Epochs trained so far, and how many there will be.
    pub fn progress(&self) -> (usize, usize) {
        (self.epoch, self.params.epochs)
    }

    /// Mean loss of the last epoch, in spreads of the windows.
    pub fn loss(&self) -> f64 {
        self.loss
    }

    /// Trains one epoch; false when that was the last.
    pub fn step(&mut self) -> bool {
        let LstmParams { batch, windows_per_epoch, .. } = self.params;
        let batches = windows_per_epoch.div_ceil(batch);
        let mut sum = 0.0;
        for index in 0..batches {
            let mut windows = Batch::new(self.fitted.shape, batch);
            for at in 0..batch {
                let drawn = self.rng.below(self.ends.last().copied().unwrap_or(0));
                let series = self.ends.partition_point(|end| *end <= drawn);
                let before = if series == 0 { 0 } else { self.ends[series - 1] };
                let origin = self.fitted.shape.window + drawn - before;
                self.fitted.encode(&self.fitted.series[series], origin, at, &mut windows);
            }
            let mut slope = vec![0.0; self.fitted.weights.len()];
            sum += self.fitted.shape.learn(&self.fitted.weights, &windows, &mut slope);
            let done = (self.epoch as f64 + index as f64 / batches as f64) / self.params.epochs as f64;
            self.move_weights(&slope, (1.0 + (std::f64::consts::PI * done).cos()) / 2.0);
        }
        self.loss = sum / batches as f64;
        self.epoch += 1;
        self.epoch < self.params.epochs
    }

    /// One step of Adam along a gradient no longer than allowed.
    fn move_weights(&mut self, slope: &[f64], part: f64) {
        const DECAY: (f64, f64) = (0.9, 0.999);
        let length = slope.iter().map(|g| g * g).sum::<f64>().sqrt();
        // A gradient that is no number teaches nothing; the weights stay sound.
        if !length.is_finite() {
            return;
        }
        let shrink = (self.params.clip / length.max(f64::MIN_POSITIVE)).min(1.0);
        self.steps += 1;
        let (a, b) = (1.0 - DECAY.0.powi(self.steps), 1.0 - DECAY.1.powi(self.steps));
        let rate = part * self.params.learning_rate;
        let moments = self.first.iter_mut().zip(&mut self.second);
        for ((weight, slope), (first, second)) in self.fitted.weights.iter_mut().zip(slope).zip(moments) {
            let slope = slope * shrink;
            *first += (1.0 - DECAY.0) * (slope - *first);
            *second += (1.0 - DECAY.1) * (slope * slope - *second);
            *weight -= rate * (*first / a) / ((*second / b).sqrt() + 1e-8);
        }
    }

    /// The network as trained so far.
    pub fn finish(self) -> FittedLstm {
        self.fitted
    }
}

/// A fitted network with the panel it was fitted to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedLstm {
    shape: Shape,
    weights: Vec<f64>,
    columns: Vec<Standard>,
    series: Vec<Prepared>,
}

impl FittedLstm {
    /// The means of the steps after the series of that index; empty when there is no such series.
    pub fn predict(&self, series: usize) -> Vec<f64> {
        self.series.get(series).map_or_else(Vec::new, |it| self.after(it, it.values.len()))
    }

    /// The means of the steps after another series, with the same known columns.
    pub fn predict_for(&self, series: &Series) -> Result<Vec<f64>, FitError> {
        let have = series.regressors().len();
        if have < self.columns.len() {
            let name = format!("number {}", have + 1);
            return Err(FitError::RegressorTooShort { name, have: 0, need: self.shape.horizon });
        }
        check_regressors(series.regressors(), series.values().len(), self.shape.horizon)?;
        Ok(self.after(&Prepared::new(series), series.values().len()))
    }

    /// The same without the panel: speaks of whatever series it is given.
    pub(super) fn without_panel(self) -> Self {
        Self { series: Vec::new(), ..self }
    }

    /// Means of the `steps` after `origin` of any series with the same known columns, from what was known there; `None`
    /// of one that lacks them.
    pub(super) fn steps_after(&self, series: &Series, origin: usize, steps: usize) -> Option<Vec<f64>> {
        let reach = origin + self.shape.horizon;
        let known = series.regressors().iter().filter(|it| it.values.len() >= reach).count();
        if origin == 0 || known < self.columns.len() {
            return None;
        }
        let mut means = self.after(&Prepared::new(series), origin);
        means.truncate(steps);
        Some(means)
    }

    /// Weights of the network.
    pub fn parameters(&self) -> usize {
        self.weights.len()
    }

    fn after(&self, series: &Prepared, origin: usize) -> Vec<f64> {
        let mut batch = Batch::new(self.shape, 1);
        let (mean, spread) = self.encode(series, origin, 0, &mut batch);
        self.shape.predict(&self.weights, &batch).into_iter().map(|z| mean + spread * z).collect()
    }

    /// Writes what is known at an origin to place `at` of a batch, and what followed, as far as it is known; the
    /// window's mean and spread.
    fn encode(&self, series: &Prepared, origin: usize, at: usize, batch: &mut Batch) -> (f64, f64) {
        let Shape { window, horizon, .. } = self.shape;
        let values = &series.values;
        let past = &values[origin.saturating_sub(window)..origin];
        let count = past.len() as f64;
        // Squares of huge values would overflow: scale first.
        let largest = past.iter().fold(0.0_f64, |a, v| a.max(v.abs())).max(f64::MIN_POSITIVE);
        let mean = past.iter().map(|v| v / largest).sum::<f64>() / count;
        let variance = past.iter().map(|v| (v / largest - mean).powi(2)).sum::<f64>() / count;
        // A window that hardly varies would blow its noise up; one of zeros has no scale at all.
        let spread = variance.sqrt().max(1e-3 * mean.abs()) * largest;
        let (mean, spread) = (mean * largest, if spread > f64::MIN_POSITIVE { spread } else { 1.0 });
        let scaled = |index: usize| ((values[index] - mean) / spread).clamp(-MAX_SCALED, MAX_SCALED);
        for step in 0..window {
            let cells = batch.input(step, at);
            // Before a short series began there is nothing: the mean, with columns at theirs.
            let Some(t) = (origin + step).checked_sub(window) else { continue };
            cells[0] = scaled(t);
            cells[1] = t.checked_sub(series.season).map_or(0.0, scaled);
            for ((cell, standard), column) in cells[2..].iter_mut().zip(&self.columns).zip(&series.columns) {
                *cell = standard.of(column[t]);
            }
        }
        for ahead in 0..horizon {
            let back = (ahead / series.season + 1) * series.season;
            let same =
                (0..CYCLES).filter_map(|cycle| (origin + ahead).checked_sub(back + cycle * series.season));
            let same: Vec<usize> = same.collect();
            let over = |value: &dyn Fn(usize) -> f64| {
                same.iter().map(|t| value(*t)).sum::<f64>() / same.len().max(1) as f64
            };
            let base = over(&scaled);
            let cells = batch.known(ahead, at);
            cells[0] = same.first().map_or(0.0, |t| scaled(*t));
            cells[1] = base;
            cells[2] = (ahead + 1) as f64 / horizon as f64;
            let pairs = cells[3..].chunks_exact_mut(2).zip(self.columns.iter().zip(&series.columns));
            for (cells, (standard, column)) in pairs {
                cells[0] = standard.of(column[origin + ahead]);
                cells[1] = over(&|t| standard.of(column[t]));
            }
            let target = values.get(origin + ahead).map_or(0.0, |_| scaled(origin + ahead));
            batch.set_target(ahead, at, base, target);
        }
        (mean, spread)
    }
}
