//! One level for every sparse series of a panel: what the others teach about how much to believe a few sales.
//!
//! Question answered: how much is sold on average of something that rarely sells. Input: series of counts with many
//! zeros, of one step and season. Output: means of the next steps in the same unit. Method: a series' own level is the
//! average of two exponential smoothings and of a moving average, whose reach is chosen over the panel; a high level is
//! partly luck and a shop's range shrinks, so the forecast is c·level^p, p chosen by scaled squared error and c by no
//! bias, both over many origins inside the panel; a season's positions share one profile, drawn towards none.
//!
//! Assumptions: the panel's series are of one kind, and what happened to levels after past origins happens again. How
//! it fails: fewer than [`super::MIN_SERIES`] series or too few origins is [`FitError::TooShort`].
//! References: Brown, "Smoothing, forecasting and prediction" (1963); Efron & Morris, JASA 70 (1975) (what is high by
//! luck falls back); Syntetos & Boylan, IJF 21 (2005) (why levels of sparse demand are biased).

use super::super::{FitError, Series};
use serde::{Deserialize, Serialize};

/// Reaches that are tried: factors of the shortest one.
const REACHES: [usize; 4] = [1, 2, 4, 8];

/// Powers that are tried.
const POWERS: [f64; 6] = [1.0, 1.1, 1.2, 1.3, 1.4, 1.5];

/// Smoothing parameters and moving average of the shortest reach.
const ALPHAS: [f64; 2] = [0.1, 0.2];
const SPAN: usize = 12;

/// Steps that a level is judged by, and origins at most.
const AHEAD: usize = 6;
const ORIGINS: usize = 24;

/// Added to every variance, so that a series with one sale does not outweigh all others.
const VARIANCE_FLOOR: f64 = 0.1;

/// Cycles whose worth of doubt draws the profile to 1.
const PROFILE_PRIOR: f64 = 8.0;

/// What the panel taught.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedSparse {
    reach: usize,
    power: f64,
    factor: f64,
    profile: Vec<f64>,
    horizon: usize,
}

/// Fits to the given sparse series, all of one season.
pub fn fit(series: &[&Series], horizon: usize) -> Result<FittedSparse, FitError> {
    let too_short = |have, need, what| Err(FitError::TooShort { have, need, what });
    if series.len() < super::MIN_SERIES {
        return too_short(series.len(), super::MIN_SERIES, "a panel of sparse series");
    }
    let mut best: Option<(f64, FittedSparse)> = None;
    let longest = series.iter().map(|it| it.values().len()).max().unwrap_or(0);
    let season = series.first().map_or(1, |it| it.season());
    for reach in REACHES {
        let trials = trials(series, reach, AHEAD * reach);
        for power in POWERS {
            let Some((factor, error)) = judge(&trials, power) else { continue };
            if best.as_ref().is_none_or(|(least, _)| error < *least) {
                let profile = profile(series, season);
                best = Some((error, FittedSparse { reach, power, factor, profile, horizon }));
            }
        }
    }
    match best {
        Some((_, fitted)) => Ok(fitted),
        None => too_short(longest, SPAN + AHEAD + 1, "levels of sparse series"),
    }
}

/// A level and what followed it.
struct Trial {
    level: f64,
    mean: f64,
    /// Of the steps around their mean.
    spread: f64,
    variance: f64,
}

fn trials(series: &[&Series], reach: usize, ahead: usize) -> Vec<Trial> {
    let mut trials = Vec::new();
    for one in series {
        let values = one.values();
        let last = values.len().saturating_sub(ahead);
        let first = (SPAN * reach + 1).max(last.saturating_sub(ORIGINS * reach - 1));
        let origins = (first..=last).step_by(reach);
        for (origin, level) in levels(values, reach, origins) {
            let (known, future) = (&values[..origin], &values[origin..origin + ahead]);
            let (mean, spread) = moments(future);
            let variance = 2.0 * moments(known).1 + VARIANCE_FLOOR;
            trials.push(Trial { level, mean, spread, variance });
        }
    }
    trials
}

fn moments(values: &[f64]) -> (f64, f64) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (mean, values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / values.len() as f64)
}

/// The factor without bias, and the scaled error it leaves.
fn judge(trials: &[Trial], power: f64) -> Option<(f64, f64)> {
    let raised: f64 = trials.iter().map(|it| it.level.powf(power)).sum();
    let sold: f64 = trials.iter().map(|it| it.mean).sum();
    if raised <= 0.0 || sold <= 0.0 {
        return None;
    }
    let factor = sold / raised;
    let error = |it: &Trial| {
        let away = it.mean - factor * it.level.powf(power);
        ((away * away + it.spread) / it.variance).sqrt()
    };
    Some((factor, trials.iter().map(error).sum::<f64>() / trials.len() as f64))
}

/// The level before each origin, origins rising.
fn levels(values: &[f64], reach: usize, origins: impl Iterator<Item = usize>) -> Vec<(usize, f64)> {
    let span = SPAN * reach;
    let alphas = ALPHAS.map(|alpha| alpha / reach as f64);
    let head = values.len().min(span / 2).max(1);
    let start = values[..head].iter().sum::<f64>() / head as f64;
    let (mut smooth, mut at) = ([start; 2], 0);
    let mut found = Vec::new();
    for origin in origins {
        for value in &values[at..origin] {
            smooth.iter_mut().zip(alphas).for_each(|(level, alpha)| *level += alpha * (value - *level));
        }
        at = origin;
        let recent = &values[origin.saturating_sub(span)..origin];
        let mean = recent.iter().sum::<f64>() / recent.len().max(1) as f64;
        found.push((origin, ((smooth[0] + smooth[1] + mean) / 3.0).max(0.0)));
    }
    found
}

/// How much each position of the season sells, over the panel, by place from the end of the history; near 1.
fn profile(series: &[&Series], season: usize) -> Vec<f64> {
    let (mut sold, mut seen) = (vec![0.0; season], vec![0.0; season]);
    for one in series {
        // counted back from the end, where all series of a shop meet
        for (back, value) in one.values().iter().rev().enumerate() {
            sold[season - 1 - back % season] += value.max(0.0);
            seen[season - 1 - back % season] += 1.0;
        }
    }
    let mean = sold.iter().sum::<f64>() / seen.iter().sum::<f64>();
    if mean <= 0.0 {
        return vec![1.0; season];
    }
    let cycles = seen.iter().sum::<f64>() / (season * series.len()) as f64;
    let trust = (cycles / (cycles + PROFILE_PRIOR)).powi(2);
    sold.iter().zip(&seen).map(|(sold, seen)| 1.0 + trust * (sold / seen / mean - 1.0)).collect()
}

impl FittedSparse {
    /// Means of the next steps of a series.
    pub fn predict(&self, series: &Series) -> Vec<f64> {
        self.predict_steps(series.values(), 0, self.horizon)
    }

    /// Means of the `steps` after the given values, which end `later` steps after the histories that were learned from.
    pub(super) fn predict_steps(&self, values: &[f64], later: usize, steps: usize) -> Vec<f64> {
        let level = levels(values, self.reach, std::iter::once(values.len()));
        let level = level.first().map_or(0.0, |it| self.factor * it.1.powf(self.power));
        (0..steps).map(|step| level * self.profile[(later + step) % self.profile.len()]).collect()
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::super::super::Season;
    use super::*;

    fn near(have: f64, need: f64) {
        assert!((have - need).abs() < 1e-12, "{have}, by hand {need}");
    }

    #[test]
    fn level_after_one_sale_by_hand() {
        let mut values = vec![0.0; 12];
        values.push(6.0);
        // smoothed at .1 and .2 from nothing, and a twelfth of the last twelve
        let level = levels(&values, 1, std::iter::once(13))[0].1;
        near(level, (0.6 + 1.2 + 0.5) / 3.0);
        // what comes after the origin does not count
        values.extend([1e9; 5]);
        near(levels(&values, 1, std::iter::once(13))[0].1, level);
    }

    #[test]
    fn factor_and_error_by_hand() {
        let trial = |level, mean, spread, variance| Trial { level, mean, spread, variance };
        let doubled = [trial(1.0, 2.0, 0.0, 1.0), trial(4.0, 8.0, 0.0, 1.0)];
        assert_eq!(judge(&doubled, 1.0), Some((2.0, 0.0)));
        // 10 sold on 1 + 8, which misses 2 and 8 by 8/9 each
        let (factor, error) = judge(&doubled, 1.5).unwrap();
        near(factor, 10.0 / 9.0);
        near(error, 8.0 / 9.0);
        // spread around an exact mean is error too, in the series' own unit
        assert_eq!(judge(&[trial(1.0, 1.0, 12.0, 3.0)], 1.0), Some((1.0, 2.0)));
        assert_eq!(judge(&[trial(0.0, 0.0, 0.0, 1.0)], 1.0), None);
    }

    #[test]
    fn profile_is_drawn_to_one_and_steps_follow_it_by_hand() {
        let values: Vec<f64> = (0..16).map(|t| f64::from(t % 2) * 2.0).collect();
        let one = Series::new(values, Season::Every(2)).unwrap();
        // eight cycles against a doubt of eight: a quarter of the way from 1 to 0 and 2
        let profile = profile(&[&one, &one], 2);
        near(profile[0], 0.75);
        near(profile[1], 1.25);
        // 2 · 4^1.5 = 16
        let fitted = FittedSparse { reach: 1, power: 1.5, factor: 2.0, profile, horizon: 3 };
        let constant = [4.0; 30];
        for (later, by_hand) in [(0, [12.0, 20.0, 12.0]), (1, [20.0, 12.0, 20.0])] {
            let said = fitted.predict_steps(&constant, later, 3);
            said.iter().zip(by_hand).for_each(|(have, need)| near(*have, need));
        }
    }
}
