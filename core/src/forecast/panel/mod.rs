//! One model for all series of a panel: what the products of a shop, or the shops of a chain, teach each other.
//!
//! Question answered: what follows a stretch of history like this one, judged by every such stretch in the panel.
//! Input: regular series of one step and season in any units, known regressors beside them, and for each the model
//! that speaks unless another does better. Output: [`Panel`], kept for as long as it serves; of it, for each series,
//! [`Advice`] in the series' own unit. Method: models ([`learner`]) learn from all origins of all series at once; each
//! is fitted to what was known one horizon before the end, and judged by the origins since then; the winners are fitted
//! again to everything.
//!
//! Assumptions: series resemble each other once divided by their level; origins are exchangeable. How it fails:
//! fewer than [`MIN_SERIES`] series, or too few rows, is no panel; a series shorter than a cycle gets no advice.
//! References: Montero-Manso & Hyndman, IJF 37 (2021) (global models); Friedman, Annals of Statistics 29 (2001)
//! (boosting); Ke et al., NeurIPS 30 (2017) (histograms, leaf-wise growth); Breiman, Machine Learning 45 (2001).

mod learner;
pub mod rows;
pub mod sparse;
#[cfg(test)]
mod tests;

use super::{Model, Replay, Series, ensemble, ets};
use learner::Learned;
use serde::{Deserialize, Serialize};
use sparse::FittedSparse;
use std::collections::BTreeMap;

/// Fewest series that can teach each other.
pub const MIN_SERIES: usize = 8;

/// Who can speak for a panel.
pub const LEARNERS: [Model; 3] = [Model::Boosting, Model::Forest, Model::Lstm];

/// Series that models are judged on at most, drawn evenly from all.
const JUDGED: usize = 400;

/// How strongly the panel's part follows the errors over all series, and the series' own beside them. Set on held-out
/// ends of training parts, never on test parts.
const POOLED_POWER: f64 = 3.0;
const OWN_POWER: f64 = 1.0;

/// Logarithms of error ratios beyond this say no more.
const FAR: f64 = 2.0;

/// Who speaks for the series that one model would speak for by default, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Who would speak.
    pub by_default: Model,
    /// Who does.
    pub model: Model,
    /// Root mean squared error of each that was raced, as a part of the default's: below 1 it erred less. Geometric
    /// means over series, from origins that the models had not seen.
    pub errors: Vec<(Model, f64)>,
    /// Series that were judged.
    pub series: usize,
    /// Logarithms of squared errors to those of the series' own models, on average: of series that sell on most days,
    /// and of sparse ones.
    pooled: [f64; 2],
    /// Logarithms of the own models' squared errors to each other's mean, on average over series.
    pub(super) own: Vec<(Model, f64)>,
}

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
    /// Why this model.
    pub choice: Choice,
    is_sparse: bool,
    knows_closing: bool,
}

impl Advice {
    /// Its part of the forecast, 0 to 1; the rest is the series' own models', whose replay is `own`. It rests on the
    /// errors of both sides over all series and on this one.
    pub fn share(&self, own: Option<&Replay>, values: &[f64]) -> f64 {
        // a few sales of its own add nothing to the panel's level, and the series' own models know of no closing days
        let Some(own) = own.filter(|_| !self.is_sparse && !self.knows_closing) else { return 1.0 };
        let pooled = self.choice.pooled[usize::from(self.is_sparse)];
        let apart = ratio(&self.replay, own, values).map_or(0.0, |it| it - pooled);
        1.0 / (1.0 + (POOLED_POWER * pooled + OWN_POWER * apart).exp())
    }
}

/// Logarithm of the panel's mean squared error less that of the series' own models, over the origins they share.
fn ratio(theirs: &Replay, own: &Replay, values: &[f64]) -> Option<f64> {
    let own = own.since(theirs.first_origin()).mean_square(values);
    let theirs = theirs.mean_square(values);
    let known = own > 0.0 && theirs > 0.0 && own.is_finite() && theirs.is_finite();
    known.then(|| (theirs / own).ln().clamp(-FAR, FAR))
}

/// A model fitted to what was known one horizon before the end, and to everything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Speaker {
    model: Model,
    head: Learned,
    whole: Learned,
}

/// The level of sparse series, fitted to the same two.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Levels {
    head: Option<FittedSparse>,
    whole: Option<FittedSparse>,
}

/// What a panel has learned: advises its series, and others like them, until it is trained anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Panel {
    horizon: usize,
    regressors: Vec<String>,
    /// A regressor tells days on which nothing is ever sold.
    knows_closing: bool,
    choices: Vec<Choice>,
    speakers: Vec<Speaker>,
    levels: Levels,
}

/// Where the fit to the head ends and the replay begins: one place, or the replay would see what it is judged by.
/// `later` steps have come since the panel was trained.
fn first_origin(one: &Series, later: usize, horizon: usize) -> Option<usize> {
    one.values().len().checked_sub(horizon + later).filter(|origin| *origin > 0)
}

impl Panel {
    /// Trains on all series. `by_default` names for each of them who speaks if nobody errs less; `learners` are raced
    /// beside these. `None` where there is too little to learn from. Series no longer than the horizon teach only the
    /// fit to everything.
    pub fn train(
        series: &[Series],
        by_default: &[Model],
        learners: &[Model],
        horizon: usize,
        seed: u64,
    ) -> Option<Self> {
        let sparse: Vec<bool> = series.iter().map(|it| ets::is_intermittent(it.values())).collect();
        let head = |it: &Series| it.until(first_origin(it, 0, horizon)?);
        let known = series.iter().zip(&sparse).filter_map(|(it, sparse)| Some((head(it)?, *sparse)));
        let (heads, sparse_heads): (Vec<Series>, Vec<bool>) = known.unzip();
        let level = |of: &[Series], sparse: &[bool]| {
            let of: Vec<&Series> = of.iter().zip(sparse).filter(|it| *it.1).map(|it| it.0).collect();
            sparse::fit(&of, horizon).ok()
        };
        let levels = Levels { head: level(&heads, &sparse_heads), whole: level(series, &sparse) };
        let mut raced = by_default.to_vec();
        raced.extend(learners);
        crate::order::by(&mut raced, Ord::cmp);
        raced.dedup();
        let fits: Vec<(Model, Learned)> = raced
            .into_iter()
            .filter_map(|model| Some((model, Learned::fit(model, &heads, horizon, seed).ok()?)))
            .collect();
        let mut kinds: Vec<Model> = by_default.to_vec();
        crate::order::by(&mut kinds, Ord::cmp);
        kinds.dedup();
        let choices: Vec<Choice> = kinds
            .into_iter()
            .filter_map(|kind| {
                let of_kind = series.iter().zip(&sparse).zip(by_default).filter(|it| *it.1 == kind);
                let of_kind: Vec<(&Series, bool)> =
                    of_kind.map(|((one, sparse), _)| (one, *sparse)).collect();
                judge(kind, &of_kind, &fits, &levels, horizon)
            })
            .collect();
        let speakers = fits.into_iter().filter(|(model, _)| choices.iter().any(|it| it.model == *model));
        let speakers = speakers.map(|(model, head)| {
            let whole = Learned::fit(model, series, horizon, seed).ok()?;
            Some(Speaker { model, head, whole })
        });
        let speakers = speakers.collect::<Option<Vec<_>>>().filter(|it| !it.is_empty())?;
        let regressors = series.first().map(|it| names(it).map(str::to_owned).collect()).unwrap_or_default();
        let knows_closing = rows::Shape::of(series, horizon).has_idle();
        Some(Self { horizon, regressors, knows_closing, choices, speakers, levels })
    }

    /// Who speaks for whom.
    pub fn choices(&self) -> &[Choice] {
        &self.choices
    }

    /// Whether it knows these regressors, in this order.
    pub fn knows(&self, series: &Series) -> bool {
        names(series).eq(self.regressors.iter().map(String::as_str))
    }

    /// What it says of a series that has grown by `later` steps since the panel was trained; `None` of one it cannot
    /// speak of: too short, without any size, or with other regressors.
    pub fn advise(&self, one: &Series, by_default: Model, later: usize) -> Option<Advice> {
        if !self.knows(one) {
            return None;
        }
        let choice = self.choices.iter().find(|it| it.by_default == by_default).or(self.choices.first())?;
        let speaker = self.speakers.iter().find(|it| it.model == choice.model)?;
        let (n, first) = (one.values().len(), first_origin(one, later, self.horizon)?);
        let is_sparse = ets::is_intermittent(one.values());
        let level = if is_sparse { self.levels.whole.as_ref() } else { None };
        let mean = said(&speaker.whole, level.map(|it| (it, later)), one, n, self.horizon)?;
        let head = Head { learned: &speaker.head, levels: &self.levels, is_sparse, first };
        let replay = head.replay(one, self.horizon);
        if replay.is_none() && level.is_none() {
            return None;
        }
        // too short for an honest past: the level of the panel is still better than the series' own
        let replay = replay.unwrap_or_else(|| Replay::build(n, n, self.horizon, |_, _| {}));
        let (choice, knows_closing) = (choice.clone(), self.knows_closing);
        Some(Advice { model: choice.model, mean, replay, choice, is_sparse, knows_closing })
    }
}

fn names(series: &Series) -> impl Iterator<Item = &str> {
    series.regressors().iter().map(|it| it.name.as_str())
}

/// Advice for every series, `None` where there is none: `model` speaks for all.
pub fn advise(series: &[Series], model: Model, horizon: usize, seed: u64) -> Vec<Option<Advice>> {
    let panel = Panel::train(series, &vec![model; series.len()], &[], horizon, seed);
    series.iter().map(|one| panel.as_ref()?.advise(one, model, 0)).collect()
}

/// A fit to the head, for replays of the origins since then.
struct Head<'a> {
    learned: &'a Learned,
    levels: &'a Levels,
    is_sparse: bool,
    first: usize,
}

impl Head<'_> {
    fn replay(&self, one: &Series, horizon: usize) -> Option<Replay> {
        let level = if self.is_sparse { Some(self.levels.head.as_ref()?) } else { None };
        let mut silent = false;
        let replay = Replay::build(one.values().len(), self.first, horizon, |origin, row| {
            let level = level.map(|it| (it, origin - self.first));
            match said(self.learned, level, one, origin, row.len()) {
                Some(said) => row.copy_from_slice(&said),
                None => silent = true,
            }
        });
        (!silent).then_some(replay)
    }
}

/// Who speaks for the series that `kind` speaks for by default: who erred least since the head, if that is more than
/// chance, else that one.
fn judge(
    kind: Model,
    series: &[(&Series, bool)],
    fits: &[(Model, Learned)],
    levels: &Levels,
    horizon: usize,
) -> Option<Choice> {
    let fits: Vec<&(Model, Learned)> = fits.iter().collect();
    let default = fits.iter().position(|it| it.0 == kind).or((!fits.is_empty()).then_some(0))?;
    let every = series.len().div_ceil(JUDGED).max(1);
    let mut logs: Vec<Vec<f64>> = vec![Vec::new(); fits.len()];
    let mut to_own: Vec<[Vec<f64>; 2]> = vec![[Vec::new(), Vec::new()]; fits.len()];
    let mut own_logs: BTreeMap<Model, Vec<f64>> = BTreeMap::new();
    for (one, is_sparse) in series.iter().step_by(every) {
        let Some(first) = first_origin(one, 0, horizon) else { continue };
        let replays: Vec<Option<Replay>> = fits
            .iter()
            .map(|(_, learned)| Head { learned, levels, is_sparse: *is_sparse, first }.replay(one, horizon))
            .collect();
        let (own, raced) = ensemble::own_replay(one, horizon).unzip();
        for (model, log) in raced.unwrap_or_default() {
            own_logs.entry(model).or_default().push(log);
        }
        for (at, replay) in replays.iter().enumerate() {
            let ratio = replay.as_ref().zip(own.as_ref()).and_then(|(it, own)| ratio(it, own, one.values()));
            to_own[at][usize::from(*is_sparse)].extend(ratio);
        }
        let errors = replays.iter().map(|it| Some(it.as_ref()?.mean_square(one.values())));
        let errors: Option<Vec<f64>> = errors.map(|it| it.filter(|it| *it > 0.0 && it.is_finite())).collect();
        let Some(errors) = errors else { continue };
        for (log, error) in logs.iter_mut().zip(&errors) {
            log.push((error / errors[default]).ln().clamp(-FAR, FAR));
        }
    }
    let judged = logs[default].len();
    let mean = |log: &[f64]| log.iter().sum::<f64>() / log.len().max(1) as f64;
    let best = (0..fits.len()).min_by(|a, b| mean(&logs[*a]).total_cmp(&mean(&logs[*b]))).unwrap_or(default);
    let beats = |log: &[f64]| {
        let (mean, n) = (mean(log), log.len() as f64);
        let variance = log.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
        n >= MIN_SERIES as f64 && mean + (variance / n).sqrt() < 0.0
    };
    let chosen = if beats(&logs[best]) { best } else { default };
    let pooled = [0, 1].map(|sparse: usize| mean(&to_own[chosen][sparse]));
    let errors = fits.iter().zip(&logs).map(|((model, _), log)| (*model, (0.5 * mean(log)).exp())).collect();
    let own = own_logs.iter().map(|(model, logs)| (*model, mean(logs))).collect();
    Some(Choice { by_default: kind, model: fits[chosen].0, errors, series: judged, pooled, own })
}

/// The means of the steps after `origin`: of the learner, or in equal parts of it and of the sparse level, which comes
/// with the steps since it was fitted.
fn said(
    learned: &Learned,
    level: Option<(&FittedSparse, usize)>,
    one: &Series,
    origin: usize,
    steps: usize,
) -> Option<Vec<f64>> {
    let learned = learned.steps_after(one, origin, steps);
    match level {
        None => learned,
        Some((level, later)) => {
            let of_level = level.predict_steps(&one.values()[..origin], later, steps);
            Some(learned.map_or(of_level.clone(), |it| halves(&it, &of_level)))
        }
    }
}

fn halves(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| 0.5 * (a + b)).collect()
}
