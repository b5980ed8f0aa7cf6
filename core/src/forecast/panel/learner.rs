//! Who can speak for a panel: boosted trees, a random forest, a recurrent network.
//!
//! Question answered: what follows any origin of any series of the panel, by one model of them all. Input: the panel's
//! series, all of one season and with the same regressors. Output: means of the next steps in each series' own unit.
//! Trees learn the rows of [`super::rows`], as they differ from the base that did best over the panel (the last cycle,
//! or the average of several, on like days where there are regressors); the network reads windows itself
//! ([`super::super::lstm`]).
//!
//! How it fails: [`FitError`] with fewer than [`super::MIN_SERIES`] series or [`MIN_ROWS`] rows, or where one series
//! lacks a regressor; a series shorter than a cycle, or with nothing but zeros in its last ones, gets no mean.

use super::{
    super::{FitError, Model, Series, lstm},
    MIN_SERIES,
    rows::{self, Base, Shape},
};
use crate::learn::{
    Examples,
    bins::Binned,
    boosting::{BoostingParams, FittedBoosting},
    forest::{FittedForest, ForestParams},
    loss::Loss,
};
use serde::{Deserialize, Serialize};

/// Fewest rows that trees are grown on.
pub const MIN_ROWS: usize = 500;

/// Part of zeros (on days that can sell) from which the median is no forecast of what is sold in sum: the mean is
/// learned instead.
const SPARSE: f64 = 0.1;

/// Rows that boosting learns from at most, drawn from all there are.
const MAX_ROWS: usize = 80_000;

/// The same for the forest, whose trees see all of their rows at every depth.
const MAX_FOREST_ROWS: usize = 20_000;

/// One model of a whole panel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Learned {
    Trees { shape: Shape, base: Base, trees: Trees },
    Network(lstm::FittedLstm),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Trees {
    Boosting(FittedBoosting),
    Forest(FittedForest),
}

/// The trees' parameters here: fewer and faster ones than the seed's, which learn the same from these few columns.
fn boosting(loss: Loss, seed: u64) -> BoostingParams {
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

/// The same of the forest: fewer trees and larger leaves than the seed's, as its rows say nearly the same many times.
fn forest(seed: u64) -> ForestParams {
    ForestParams { n_estimators: 100, max_depth: 10, min_data_in_leaf: 20, feature_fraction: 0.4, seed }
}

impl Learned {
    /// Fits one of [`super::LEARNERS`]; another model's name means boosting.
    pub fn fit(model: Model, series: &[Series], horizon: usize, seed: u64) -> Result<Self, FitError> {
        check(series, horizon)?;
        if model == Model::Lstm {
            // the figures are sound, so they cannot be refused
            let params = lstm::LstmParams { seed, ..lstm::LstmParams::default() }.check();
            return match params {
                Ok(params) => params.fit(series, horizon).map(|it| Self::Network(it.without_panel())),
                Err(_) => Err(too_few_rows(0)),
            };
        }
        let shape = Shape::of(series, horizon);
        let zeros = rows::zeros(series, &shape);
        let loss = if zeros > SPARSE { Loss::Squared } else { Loss::Absolute };
        let most = if model == Model::Forest { MAX_FOREST_ROWS } else { MAX_ROWS };
        let drawn = rows::draw(series, &shape, most, seed);
        if drawn.len() < MIN_ROWS {
            return Err(too_few_rows(drawn.len()));
        }
        let (table, base, target) = rows::examples(series, &shape, &drawn, zeros);
        // the columns are ours: all of one length and finite or unknown, so none of these steps can refuse them
        let grown = Binned::new(&table).ok().and_then(|binned| {
            let examples = Examples::new(&binned, &target);
            match model {
                Model::Forest => Some(Trees::Forest(forest(seed).check().ok()?.fit(&examples).ok()?)),
                _ => Some(Trees::Boosting(boosting(loss, seed).check().ok()?.fit(&examples).ok()?)),
            }
        });
        grown.map(|trees| Self::Trees { shape, base, trees }).ok_or_else(|| too_few_rows(drawn.len()))
    }

    /// Means of the `steps` after `origin`, from what was known there.
    pub fn steps_after(&self, series: &Series, origin: usize, steps: usize) -> Option<Vec<f64>> {
        let (shape, base, trees) = match self {
            Self::Network(network) => return network.steps_after(series, origin, steps),
            Self::Trees { shape, base, trees } => (shape, base, trees),
        };
        let window = rows::Window::at(series, shape, origin)?;
        let mut rows = Vec::new();
        let is_idle = |step: usize| shape.is_idle(series, origin + step);
        let able: Vec<usize> = (0..steps).filter(|step| !is_idle(*step)).collect();
        able.iter().for_each(|step| window.row(*step, &mut rows));
        let away = match trees {
            Trees::Boosting(fitted) => fitted.predict_rows(&rows),
            Trees::Forest(fitted) => fitted.predict_rows(&rows),
        };
        let mut means = vec![0.0; steps];
        for (step, away) in able.into_iter().zip(away.ok()?) {
            means[step] = (window.base(*base, step) + away) * window.scale();
        }
        Some(means)
    }
}

fn too_few_rows(have: usize) -> FitError {
    FitError::TooShort { have, need: MIN_ROWS.max(have + 1), what: "rows of a panel" }
}

/// Every series must have the same regressors by name, each known over the horizon.
fn check(series: &[Series], horizon: usize) -> Result<(), FitError> {
    if series.len() < MIN_SERIES {
        return Err(FitError::TooShort { have: series.len(), need: MIN_SERIES, what: "a panel of series" });
    }
    let named = series.iter().max_by_key(|it| it.regressors().len()).map_or(&[][..], Series::regressors);
    for one in series {
        for (at, regressor) in named.iter().enumerate() {
            if one.regressors().get(at).is_none_or(|it| it.name != regressor.name) {
                let name = regressor.name.clone();
                return Err(FitError::RegressorTooShort { name, have: 0, need: horizon });
            }
        }
        super::super::check_regressors(one.regressors(), one.values().len(), horizon)?;
    }
    Ok(())
}
