//! One boosted model for all series of a panel: what the products of a shop, or the shops of a chain, teach each other.
//!
//! Question answered: what follows a stretch of history like this one, judged by every such stretch in the panel.
//! Input: regular series of one step and season in any units, known regressors beside them. Output: means of each
//! series' next steps in its own unit. Method: every origin of every series gives rows, one per step ahead, of figures
//! relative to that series' own size ([`rows`]); boosted trees learn, by absolute error, how the value differs from
//! the base that did best over the panel (the last cycle, or the average of several, on like days where there are
//! regressors). All steps share one model, the step being a column.
//!
//! Assumptions: series resemble each other once divided by their level; origins are exchangeable. How it fails:
//! fewer than [`MIN_SERIES`] series or [`MIN_ROWS`] rows is [`FitError::TooShort`]; a series shorter than a cycle gets
//! no prediction. References: Montero-Manso & Hyndman, IJF 37 (2021) (global models); Friedman, Annals of Statistics
//! 29 (2001) (boosting); Ke et al., NeurIPS 30 (2017) (histograms, leaf-wise growth).

pub mod rows;
pub mod sparse;
#[cfg(test)]
mod tests;

use super::{FitError, Model, Replay, Series, ensemble, ets};
use crate::learn::{
    Examples,
    bins::Binned,
    boosting::{BoostingParams, CheckedBoosting, FittedBoosting},
    loss::Loss,
};
use rows::{Base, Shape};
use sparse::FittedSparse;

/// Fewest series that can teach each other.
pub const MIN_SERIES: usize = 8;

/// Fewest rows that the trees are grown on.
pub const MIN_ROWS: usize = 500;

/// Part of zeros (on days that can sell) from which the median is no forecast of what is sold in sum: the mean is
/// learned instead.
const SPARSE: f64 = 0.1;

/// Rows that are learned from at most, drawn from all there are.
const MAX_ROWS: usize = 80_000;

/// What the panel says about one of its series.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    /// Who says it.
    pub model: Model,
    /// Means of the next steps.
    pub mean: Vec<f64>,
    /// What it would have said from the last origins of the history, knowing nothing of any series after the first of
    /// them.
    pub replay: Replay,
    /// Its part of the forecast, 0 to 1; the rest is the series' own models'.
    pub share: f64,
}

/// How strongly the part follows the whole panel's errors, and the series' own beside them. Set on held-out ends of
/// training parts, never on test parts.
const POOLED_POWER: f64 = 3.0;
const OWN_POWER: f64 = 1.0;

/// Both fits of both kinds of panel model.
struct Fits {
    head: FittedPanel,
    whole: FittedPanel,
    head_levels: Option<FittedSparse>,
    whole_levels: Option<FittedSparse>,
}

/// Advice for every series, `None` where there is none, as for one no longer than the horizon. Fits the panel twice:
/// to what was known one horizon before the end, for honest errors, and to everything. The part that the panel gets
/// rests on the errors of both sides from the origins since then, over all series (sparse and other ones apart) and on
/// the series itself.
pub fn advise(series: &[Series], horizon: usize, seed: u64) -> Vec<Option<Advice>> {
    let nobody = || series.iter().map(|_| None).collect();
    let sparse: Vec<bool> = series.iter().map(|it| ets::is_intermittent(it.values())).collect();
    let Some(fits) = Fits::new(series, &sparse, horizon, seed) else { return nobody() };
    let advised = series.iter().zip(&sparse).map(|(it, sparse)| fits.advise(it, *sparse, horizon));
    let mut advised: Vec<Option<Advice>> = advised.collect();
    let ratio = |(one, advice): (&Series, &Option<Advice>)| {
        let (advice, own) = (advice.as_ref()?, ensemble::own_replay(one, horizon)?);
        let own = own.since(advice.replay.first_origin()).mean_square(one.values());
        let theirs = advice.replay.mean_square(one.values());
        let known = own > 0.0 && theirs > 0.0 && own.is_finite() && theirs.is_finite();
        known.then(|| (theirs / own).ln().clamp(-FAR, FAR))
    };
    let ratios: Vec<Option<f64>> = series.iter().zip(&advised).map(ratio).collect();
    let pooled = |kind: bool| {
        let of_kind = ratios.iter().zip(&sparse).filter(|(_, sparse)| **sparse == kind);
        let (sum, count) =
            of_kind.filter_map(|(it, _)| *it).fold((0.0, 0.0), |(sum, n), it| (sum + it, n + 1.0));
        if count > 0.0 { sum / count } else { 0.0 }
    };
    let pooled = [pooled(false), pooled(true)];
    for (((advice, ratio), sparse), one) in advised.iter_mut().zip(&ratios).zip(&sparse).zip(series) {
        let Some(advice) = advice else { continue };
        let pooled = pooled[usize::from(*sparse)];
        let own = ratio.map_or(0.0, |it| it - pooled);
        // a few sales of its own add nothing to the panel's level, and the series' own models know of no regressors
        let alone = *sparse || !one.regressors().is_empty();
        let share = 1.0 / (1.0 + (POOLED_POWER * pooled + OWN_POWER * own).exp());
        advice.share = if alone { 1.0 } else { share };
    }
    advised
}

/// Logarithms of error ratios beyond this say no more.
const FAR: f64 = 2.0;

/// Where the fit to the head ends and the replay begins: one place, or the replay would see what it is judged by.
fn first_origin(one: &Series, horizon: usize) -> Option<usize> {
    one.values().len().checked_sub(horizon).filter(|origin| *origin > 0)
}

impl Fits {
    /// Of all series; those no longer than the horizon teach only the fit to everything.
    fn new(series: &[Series], sparse: &[bool], horizon: usize, seed: u64) -> Option<Self> {
        let head = |it: &Series| it.until(first_origin(it, horizon)?);
        let known = series.iter().zip(sparse).filter_map(|(it, sparse)| Some((head(it)?, *sparse)));
        let (heads, sparse_heads): (Vec<Series>, Vec<bool>) = known.unzip();
        let levels = |of: &[Series], sparse: &[bool]| {
            let of: Vec<&Series> = of.iter().zip(sparse).filter(|it| *it.1).map(|it| it.0).collect();
            sparse::fit(&of, horizon).ok()
        };
        let (head, whole) = (fit(&heads, horizon, seed).ok()?, fit(series, horizon, seed).ok()?);
        let (head_levels, whole_levels) = (levels(&heads, &sparse_heads), levels(series, sparse));
        Some(Self { head, whole, head_levels, whole_levels })
    }

    fn advise(&self, one: &Series, sparse: bool, horizon: usize) -> Option<Advice> {
        let (n, first) = (one.values().len(), first_origin(one, horizon)?);
        let (head_level, level) =
            if sparse { (&self.head_levels, &self.whole_levels) } else { (&None, &None) };
        let mean = said(&self.whole, level.as_ref().map(|it| (it, 0)), one, n, horizon)?;
        let mut silent = sparse && head_level.is_none();
        let replay = Replay::build(n, first, horizon, |origin, row| {
            let head_level = head_level.as_ref().map(|it| (it, origin - first));
            match said(&self.head, head_level, one, origin, row.len()) {
                Some(said) => row.copy_from_slice(&said),
                None => silent = true,
            }
        });
        if silent && level.is_none() {
            return None;
        }
        // too short for an honest past: the level of the panel is still better than the series' own
        let replay = if silent { replay.since(n) } else { replay };
        Some(Advice { model: Model::Boosting, mean, replay, share: 0.5 })
    }
}

/// The means of the steps after `origin`: of the trees, or in equal parts of the trees and of the sparse level, which
/// comes with the steps since it was fitted.
fn said(
    trees: &FittedPanel,
    level: Option<(&FittedSparse, usize)>,
    one: &Series,
    origin: usize,
    steps: usize,
) -> Option<Vec<f64>> {
    let of_trees = trees.predict_steps(one, origin, steps);
    match level {
        None => of_trees,
        Some((level, later)) => {
            let of_level = level.predict_steps(&one.values()[..origin], later, steps);
            Some(of_trees.map_or(of_level.clone(), |it| halves(&it, &of_level)))
        }
    }
}

fn halves(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| 0.5 * (a + b)).collect()
}

/// A fitted model of the whole panel.
#[derive(Debug, Clone)]
pub struct FittedPanel {
    shape: Shape,
    base: Base,
    booster: FittedBoosting,
}

/// The trees' parameters here: fewer and faster ones than the seed's, which learn the same from these few columns.
fn params(loss: Loss, seed: u64) -> BoostingParams {
    BoostingParams {
        loss,
        n_estimators: 250,
        learning_rate: 0.05,
        num_leaves: 31,
        min_data_in_leaf: 50,
        seed,
        ..BoostingParams::default()
    }
}

/// Fits the panel; every series must have the same season and the same regressors by name.
pub fn fit(series: &[Series], horizon: usize, seed: u64) -> Result<FittedPanel, FitError> {
    let too_short = |have, need, what| Err(FitError::TooShort { have, need, what });
    if series.len() < MIN_SERIES {
        return too_short(series.len(), MIN_SERIES, "a panel of series");
    }
    let named = series.iter().max_by_key(|it| it.regressors().len()).map_or(&[][..], Series::regressors);
    for one in series {
        for (at, regressor) in named.iter().enumerate() {
            if one.regressors().get(at).is_none_or(|it| it.name != regressor.name) {
                let name = regressor.name.clone();
                return Err(FitError::RegressorTooShort { name, have: 0, need: horizon });
            }
        }
        super::check_regressors(one.regressors(), one.values().len(), horizon)?;
    }
    let shape = Shape::of(series, horizon);
    let loss = if rows::zeros(series, &shape) > SPARSE { Loss::Squared } else { Loss::Absolute };
    let drawn = rows::draw(series, &shape, MAX_ROWS, seed);
    if drawn.len() < MIN_ROWS {
        return too_short(drawn.len(), MIN_ROWS, "rows of a panel");
    }
    let (table, base, target) = rows::examples(series, &shape, &drawn);
    // the columns are ours: all of one length and finite or unknown, so neither step can refuse them
    let checked: Result<CheckedBoosting, _> = params(loss, seed).check();
    let fitted = checked.ok().zip(Binned::new(&table).ok());
    let fitted = fitted.and_then(|(checked, binned)| checked.fit(&Examples::new(&binned, &target)).ok());
    match fitted {
        Some(booster) => Ok(FittedPanel { shape, base, booster }),
        None => too_short(drawn.len(), MIN_ROWS, "rows of a panel"),
    }
}

impl FittedPanel {
    /// Means of the next steps of a series (of the panel, or like those in it); `None` when it is shorter than a
    /// cycle or has nothing but zeros in its last ones.
    pub fn predict(&self, series: &Series) -> Option<Vec<f64>> {
        self.predict_steps(series, series.values().len(), self.shape.horizon())
    }

    /// Means of the `steps` after `origin`, from what was known there.
    fn predict_steps(&self, series: &Series, origin: usize, steps: usize) -> Option<Vec<f64>> {
        let window = rows::Window::at(series, &self.shape, origin)?;
        let mut row = Vec::new();
        (0..steps)
            .map(|step| {
                if self.shape.is_idle(series, origin + step) {
                    return Some(0.0);
                }
                row.clear();
                window.row(step, &mut row);
                let advice = self.booster.predict_row(&row).ok()?;
                Some((window.base(self.base, step) + advice) * window.scale())
            })
            .collect()
    }

    /// What the trees' advice is added to.
    pub fn base(&self) -> Base {
        self.base
    }

    /// What the trees asked most, by the part that each column gained, largest first.
    pub fn importances(&self) -> Vec<(&str, f64)> {
        self.booster.importances()
    }
}
