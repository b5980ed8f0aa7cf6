//! The theta method and its dynamic, optimised form.
//!
//! Question answered: where does a series go when its short-term movement (a smoothed level) and its long-term line
//! both have a say. Input: a regular history in any unit, the steps per season. Output: means in that unit. The
//! season, when its autocorrelation is significant, is taken out before and put in again after.
//!
//! With w = 1 − 1/θ, a smoothed level l and the line A + B·t of the values known so far, the mean of y_t is
//! l_{t−1} + w·[(1 − α)^{t−1}·A + (1 − (1 − α)^t)/α·B], and l_t = α·y_t + (1 − α)·l_{t−1}. [`fit`] is the standard
//! method: θ = 2 and one line for the whole history. [`fit_dynamic`] optimises θ and lets the line follow the
//! values. For a given α the mean is linear in w and in the initial level, so both come from a least-squares system
//! of two unknowns and the search is one for α alone.
//!
//! Assumptions: seasonal effects that stay; a trend that half goes on. How it fails: fewer than [`MIN_VALUES`] values.
//! References: Assimakopoulos & Nikolopoulos, IJF 16 (2000); Hyndman & Billah, IJF 19 (2003); Fiorucci, Pellegrini,
//! Louzada, Petropoulos & Koehler, IJF 32 (2016), section 3 (state space form, DOTM).

use super::decompose::Effects;
use super::{FitError, Fitted, Model, Replay};

/// Fewest values that a level and a line can be estimated from.
pub const MIN_VALUES: usize = 4;

/// Range of α: as in Fiorucci et al.; a level that hardly moves would leave everything to the line.
const ALPHA: (f64, f64) = (0.1, 0.99);

/// Points of the first, coarse search for α, and steps of the fine one.
const COARSE: usize = 12;
const FINE: usize = 14;

/// First errors that don't count: the line is not yet one.
const WARM: usize = 3;

/// Weight of the line in the standard method: θ = 2.
const STANDARD_WEIGHT: f64 = 0.5;

/// A fitted theta model.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedTheta {
    alpha: f64,
    /// w
    weight: f64,
    start: State,
    last: State,
    dynamic: bool,
    effects: Effects,
}

impl FittedTheta {
    /// Smoothing of the level.
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// Share w of the line; θ = 1 / (1 − w).
    pub fn weight(&self) -> f64 {
        self.weight
    }
}

/// After `known` values.
#[derive(Debug, Clone, Copy, PartialEq)]
struct State {
    known: usize,
    level: f64,
    /// (1 − α)^known
    decay: f64,
    mean: f64,
    intercept: f64,
    slope: f64,
}

impl State {
    fn new(level: f64, intercept: f64, slope: f64) -> Self {
        Self { known: 0, level, decay: 1.0, mean: 0.0, intercept, slope }
    }

    /// What stands beside w in the next value's mean.
    #[inline]
    fn line(&self, alpha: f64) -> f64 {
        self.decay * self.intercept + (1.0 - self.decay * (1.0 - alpha)) / alpha * self.slope
    }

    #[inline]
    fn learn(&mut self, alpha: f64, dynamic: bool, y: f64) {
        self.known += 1;
        self.level += alpha * (y - self.level);
        self.decay *= 1.0 - alpha;
        if !dynamic {
            return;
        }
        let t = self.known as f64;
        if self.known > 1 {
            self.slope = ((t - 2.0) * self.slope + 6.0 * (y - self.mean) / t) / (t + 1.0);
        }
        self.mean += (y - self.mean) / t;
        self.intercept = self.mean - 0.5 * (t + 1.0) * self.slope;
    }
}

/// What least squares found for one α.
struct Trial {
    cost: f64,
    weight: f64,
    level: f64,
}

/// Runs through the values once and solves for initial level and, when it is free, the line's weight.
fn trial(y: &[f64], alpha: f64, dynamic: bool, line: (f64, f64)) -> Trial {
    let mut state = State::new(0.0, line.0, line.1);
    let warm = if y.len() > 2 * WARM { WARM } else { 1 };
    // of residual, initial level's and line's share: sums of products
    let (mut rr, mut ru, mut rv, mut uu, mut uv, mut vv) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for &value in y {
        if state.known >= warm {
            let (r, u, v) = (value - state.level, state.decay, state.line(alpha));
            rr += r * r;
            ru += r * u;
            rv += r * v;
            uu += u * u;
            uv += u * v;
            vv += v * v;
        }
        state.learn(alpha, dynamic, value);
    }
    let free = (uu * rv - uv * ru) / (uu * vv - uv * uv);
    // a constant or too short history does not tell the two apart
    let weight = if dynamic && free.is_finite() { free.clamp(0.0, 1.0) } else { STANDARD_WEIGHT };
    let level = (ru - weight * uv) / uu;
    let cost = rr - 2.0 * (level * ru + weight * rv)
        + level * level * uu
        + 2.0 * level * weight * uv
        + weight * weight * vv;
    Trial { cost, weight, level }
}

/// The standard theta method.
pub fn fit(values: &[f64], season: usize) -> Result<FittedTheta, FitError> {
    fit_with(values, season, false)
}

/// The dynamic optimised theta model.
pub fn fit_dynamic(values: &[f64], season: usize) -> Result<FittedTheta, FitError> {
    fit_with(values, season, true)
}

fn fit_with(values: &[f64], season: usize, dynamic: bool) -> Result<FittedTheta, FitError> {
    if values.len() < MIN_VALUES {
        return Err(FitError::TooShort { have: values.len(), need: MIN_VALUES, what: "the theta method" });
    }
    let effects = Effects::when_significant(values, season);
    let y: Vec<f64> = values.iter().enumerate().map(|(t, v)| effects.without(t, *v)).collect();
    let line = if dynamic {
        (y[0], 0.0)
    } else {
        let (level, slope) = super::ets::line(&y);
        // time counts from 1 here
        (level - slope, slope)
    };
    let cost = |alpha: f64| trial(&y, alpha, dynamic, line).cost;
    let width = (ALPHA.1 - ALPHA.0) / COARSE as f64;
    let mut best = (ALPHA.0, cost(ALPHA.0));
    for step in 1..=COARSE {
        let alpha = ALPHA.0 + width * step as f64;
        let found = cost(alpha);
        if found < best.1 {
            best = (alpha, found);
        }
    }
    let alpha = golden(cost, (best.0 - width).max(ALPHA.0), (best.0 + width).min(ALPHA.1));
    let Trial { weight, level, .. } = trial(&y, alpha, dynamic, line);
    let start = State::new(level, line.0, line.1);
    let mut last = start;
    y.iter().for_each(|value| last.learn(alpha, dynamic, *value));
    Ok(FittedTheta { alpha, weight, start, last, dynamic, effects })
}

/// Golden-section search for the least value between two ends.
fn golden(cost: impl Fn(f64) -> f64, mut lo: f64, mut hi: f64) -> f64 {
    const RATIO: f64 = 0.618_033_988_749_894_8;
    let (mut a, mut b) = (hi - RATIO * (hi - lo), lo + RATIO * (hi - lo));
    let (mut at_a, mut at_b) = (cost(a), cost(b));
    for _ in 0..FINE {
        if at_a <= at_b {
            (hi, b, at_b) = (b, a, at_a);
            a = hi - RATIO * (hi - lo);
            at_a = cost(a);
        } else {
            (lo, a, at_a) = (a, b, at_b);
            b = lo + RATIO * (hi - lo);
            at_b = cost(b);
        }
    }
    if at_a <= at_b { a } else { b }
}

impl FittedTheta {
    /// Means after `state`: each is taken for the value when the next one is sought.
    fn project(&self, mut state: State, row: &mut [f64]) {
        for mean in row {
            let t = state.known;
            let next = state.level + self.weight * state.line(self.alpha);
            state.learn(self.alpha, self.dynamic, next);
            *mean = self.effects.with(t, next);
        }
    }
}

impl Fitted for FittedTheta {
    fn model(&self) -> Model {
        if self.dynamic { Model::DynamicTheta } else { Model::Theta }
    }

    fn parameters(&self) -> usize {
        // α, the initial level, and the line's slope or weight
        3 + self.effects.parameters()
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        let mut means = vec![0.0; horizon];
        self.project(self.last, &mut means);
        means
    }

    fn replay(&self, values: &[f64], first_origin: usize, horizon: usize) -> Replay {
        let mut state = self.start;
        Replay::build(values.len(), first_origin, horizon, |origin, row| {
            while state.known < origin {
                let y = self.effects.without(state.known, values[state.known]);
                state.learn(self.alpha, self.dynamic, y);
            }
            self.project(state, row);
        })
    }
}

#[cfg(test)]
mod tests;
