//! Exponential smoothing with trend and season (ETS), the form chosen by AICc.
//!
//! Question answered: where are level, trend and season of a series now, and what follows from them. Input: a
//! regular history in any unit, the steps per season. Output: means in that unit. Forms: error additive or relative
//! (the latter for histories above zero), trend none, additive or damped, season none, additive or multiplicative
//! (with relative errors only, as the other pairing is unstable): fifteen for positive histories, six for others.
//!
//! Assumptions: one source of error; level, trend and season wander smoothly. A demand of mostly zeros ends at a
//! small α, near its mean. How it fails: fewer than [`MIN_VALUES`] values; fewer than two seasons give a form
//! without season. Initial states are estimated with the smoothing parameters by damped Gauss–Newton steps on
//! exact derivatives; seasons longer than [`MAX_FREE_SEASON`] keep the initial effects of their first cycles.
//!
//! References: Hyndman, Koehler, Ord & Snyder, "Forecasting with exponential smoothing" (2008), ch. 2, 5 and 7;
//! Hyndman, Koehler, Snyder & Grose, IJF 18 (2002), sections 3 and 4 (choice by information criterion).

mod filter;

pub use filter::{Smoothing, State};

use super::least_squares::Damped;
use super::{FitError, Fitted, Model, Replay};
use filter::{Lanes, Point, cost, logit};

/// Fewest values that a level can be estimated from.
pub const MIN_VALUES: usize = 4;

/// Longest season whose initial effects are estimated.
pub const MAX_FREE_SEASON: usize = 24;

/// Most Gauss–Newton steps for one form.
const MAX_STEPS: usize = 25;

/// A relative gain below this ends the search.
const TOLERANCE: f64 = 1e-5;

/// How errors enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// y = μ + e
    Additive,
    /// y = μ·(1 + ε)
    Multiplicative,
}

/// How the trend enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    /// A level alone.
    None,
    /// A straight line.
    Additive,
    /// A line that flattens.
    Damped,
}

/// How the season enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seasonal {
    /// Not at all.
    None,
    /// As so many units more or less.
    Additive,
    /// As a factor.
    Multiplicative,
}

/// One member of the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// Error.
    pub error: Error,
    /// Trend.
    pub trend: Trend,
    /// Season.
    pub seasonal: Seasonal,
}

/// A fitted member of the family.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedEts {
    form: Form,
    smoothing: Smoothing,
    point: Point,
    last: State,
    length: usize,
    aicc: f64,
    parameters: usize,
}

impl FittedEts {
    /// The form that was chosen.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Its smoothing parameters.
    pub fn smoothing(&self) -> Smoothing {
        self.smoothing
    }

    /// Before the first value.
    pub fn initial(&self) -> &State {
        &self.point.initial
    }

    /// Corrected Akaike criterion, up to a constant of the history.
    pub fn aicc(&self) -> f64 {
        self.aicc
    }
}

/// Chooses the form by AICc and fits it. `season` 1 means none.
pub fn fit(values: &[f64], season: usize) -> Result<FittedEts, FitError> {
    let mut search = Search::new(values, season)?;
    let positive = values.iter().all(|v| *v > 0.0);
    let errors: &[Error] =
        if positive { &[Error::Additive, Error::Multiplicative] } else { &[Error::Additive] };
    let mut best: Option<Candidate> = None;
    for seasonal in [Seasonal::None, Seasonal::Additive, Seasonal::Multiplicative] {
        for trend in [Trend::None, Trend::Additive, Trend::Damped] {
            for &error in errors {
                let form = Form { error, trend, seasonal };
                if let Some(candidate) = search.candidate(form)
                    && best.as_ref().is_none_or(|b| candidate.aicc < b.aicc)
                {
                    best = Some(candidate);
                }
            }
        }
    }
    // a history too short for any AICc still has a level
    let plain = Form { error: Error::Additive, trend: Trend::None, seasonal: Seasonal::None };
    let best = best.unwrap_or_else(|| search.estimate(plain, f64::INFINITY));
    Ok(search.finish(best))
}

/// Fits one given form, for a history whose form was chosen before.
pub fn fit_form(values: &[f64], season: usize, form: Form) -> Result<FittedEts, FitError> {
    let mut search = Search::new(values, season)?;
    if form.seasonal != Seasonal::None && !search.has_season() {
        let need = 2 * season.max(2);
        return Err(FitError::TooShort { have: values.len(), need, what: "seasonal smoothing" });
    }
    let candidate = search.estimate(form, f64::INFINITY);
    Ok(search.finish(candidate))
}

/// Estimated figures of a form, σ apart: coordinates and initial states.
fn lanes(form: Form, season: usize, free_season: bool) -> usize {
    let trend = match form.trend {
        Trend::None => 0,
        Trend::Additive => 2,
        Trend::Damped => 3,
    };
    let seasonal = match form.seasonal {
        Seasonal::None => 0,
        _ if free_season => season,
        _ => 1,
    };
    2 + trend + seasonal
}

struct Candidate {
    form: Form,
    point: Point,
    aicc: f64,
}

/// The history and every buffer of the search.
struct Search<'a> {
    values: &'a [f64],
    season: usize,
    state: State,
    trial: Point,
    lanes: Lanes,
    damped: Damped,
}

impl<'a> Search<'a> {
    fn new(values: &'a [f64], season: usize) -> Result<Self, FitError> {
        if values.len() < MIN_VALUES {
            let have = values.len();
            return Err(FitError::TooShort { have, need: MIN_VALUES, what: "exponential smoothing" });
        }
        let empty = State { level: 0.0, trend: 0.0, season: Vec::new() };
        let trial = Point { u: [0.0; 4], initial: empty.clone() };
        Ok(Self { values, season, state: empty, trial, lanes: Lanes::default(), damped: Damped::default() })
    }

    fn has_season(&self) -> bool {
        self.season > 1 && self.values.len() >= 2 * self.season
    }

    fn free_season(&self) -> bool {
        self.season <= MAX_FREE_SEASON
    }

    /// Fits `form` when the history allows it and its AICc is defined.
    fn candidate(&mut self, form: Form) -> Option<Candidate> {
        if form.seasonal != Seasonal::None && !self.has_season() {
            return None;
        }
        if form.seasonal == Seasonal::Multiplicative && form.error == Error::Additive {
            return None;
        }
        if form.seasonal == Seasonal::Multiplicative && self.values.iter().any(|v| *v <= 0.0) {
            return None;
        }
        let n = self.values.len() as f64;
        // σ and, where they are not estimated, the effects of a long season count as well
        let k = 1.0 + lanes(form, self.season, true) as f64;
        if n - k - 1.0 <= 0.0 {
            return None;
        }
        let penalty = 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0);
        Some(self.estimate(form, penalty)).filter(|c| c.aicc < f64::INFINITY)
    }

    /// Least squares from the best of a few starts.
    fn estimate(&mut self, form: Form, penalty: f64) -> Candidate {
        let mut point = Point { u: [0.0; 4], initial: self.initial(form) };
        let mut best = self.best_start(form, &mut point);
        let mut damping = 1e-2;
        for _ in 0..MAX_STEPS {
            if best <= self.noise_floor() || best == f64::INFINITY {
                break;
            }
            self.lanes.linearise(form, &point, self.free_season(), &mut self.state, self.values);
            let before = best;
            for _ in 0..8 {
                if self.damped.solve(&self.lanes.a, &self.lanes.g, damping) {
                    point.moved(form, self.season <= MAX_FREE_SEASON, &self.damped.step, &mut self.trial);
                    let found = cost(form, &self.trial, &mut self.state, self.values);
                    if found < best {
                        best = found;
                        std::mem::swap(&mut point, &mut self.trial);
                        damping = (damping * 0.2).max(1e-9);
                        break;
                    }
                }
                damping *= 6.0;
            }
            if before - best <= TOLERANCE * before {
                break;
            }
        }
        let n = self.values.len() as f64;
        let aicc = n * (best.max(self.noise_floor()) / n).ln() + penalty;
        Candidate { form, point, aicc }
    }

    /// Sum of squares that is rounding alone: a constant or exactly seasonal history.
    fn noise_floor(&self) -> f64 {
        let size: f64 = self.values.iter().map(|v| v * v).sum();
        (size * 1e-24).max(f64::MIN_POSITIVE)
    }

    fn best_start(&mut self, form: Form, point: &mut Point) -> f64 {
        let mut best = f64::INFINITY;
        let mut best_u = point.u;
        let betas: &[f64] = if form.trend == Trend::None { &[0.1] } else { &[0.05, 0.3] };
        let gammas: &[f64] = if form.seasonal == Seasonal::None { &[0.1] } else { &[0.03, 0.2] };
        for alpha in [0.05, 0.2, 0.5, 0.85] {
            for beta in betas {
                for gamma in gammas {
                    point.u = [logit(alpha), logit(*beta), logit(0.7), logit(*gamma)];
                    let found = cost(form, point, &mut self.state, self.values);
                    if found < best {
                        best = found;
                        best_u = point.u;
                    }
                }
            }
        }
        point.u = best_u;
        best
    }

    /// Initial states from the first cycles, or from a line through the first values.
    fn initial(&self, form: Form) -> State {
        let y = self.values;
        if form.seasonal == Seasonal::None {
            let head = &y[..y.len().min(10)];
            let (level, slope) = line(head);
            return match form.trend {
                Trend::None => State {
                    level: head.iter().sum::<f64>() / head.len() as f64,
                    trend: 0.0,
                    season: Vec::new(),
                },
                _ => State { level: level - slope, trend: slope, season: Vec::new() },
            };
        }
        let m = self.season;
        let cycles = (y.len() / m).min(4);
        let means: Vec<f64> =
            y.chunks_exact(m).take(cycles).map(|c| c.iter().sum::<f64>() / m as f64).collect();
        let (level, per_cycle) = line(&means);
        let slope = per_cycle / m as f64;
        let middle = (m as f64 - 1.0) / 2.0;
        let at = |t: usize| level + slope * (t as f64 - middle);
        let mut season = vec![0.0; m];
        let ratio = form.seasonal == Seasonal::Multiplicative;
        for (t, &value) in y[..cycles * m].iter().enumerate() {
            // a line through the first cycles may touch zero: then the overall level stands in
            let base = if at(t) > 0.0 { at(t) } else { means[0] };
            season[t % m] += if ratio { value / base } else { value - at(t) } / cycles as f64;
        }
        let mean = season.iter().sum::<f64>() / m as f64;
        season.iter_mut().for_each(|s| if ratio { *s /= mean } else { *s -= mean });
        match form.trend {
            Trend::None => State { level: means[0], trend: 0.0, season },
            _ => State { level: at(0) - slope, trend: slope, season },
        }
    }

    fn finish(mut self, best: Candidate) -> FittedEts {
        let Candidate { form, point, aicc } = best;
        let smoothing = point.smoothing(form);
        self.state.copy_from(&point.initial);
        for (t, &y) in self.values.iter().enumerate() {
            self.state.update(form, smoothing, t, y);
        }
        FittedEts {
            form,
            smoothing,
            last: self.state,
            length: self.values.len(),
            aicc,
            parameters: lanes(form, self.season, true),
            point,
        }
    }
}

/// Level at index 0 and slope of the least-squares line.
pub(super) fn line(y: &[f64]) -> (f64, f64) {
    let n = y.len() as f64;
    let middle = (n - 1.0) / 2.0;
    let mean = y.iter().sum::<f64>() / n;
    let (mut xy, mut xx) = (0.0, 0.0);
    for (t, v) in y.iter().enumerate() {
        let x = t as f64 - middle;
        xy += x * (v - mean);
        xx += x * x;
    }
    let slope = if xx > 0.0 { xy / xx } else { 0.0 };
    (mean - slope * middle, slope)
}

/// Writes the means that follow `state` at time `t`.
fn project(form: Form, phi: f64, state: &State, t: usize, row: &mut [f64]) {
    let mut damping = phi;
    let mut reach = 0.0;
    for (h, mean) in row.iter_mut().enumerate() {
        reach += damping;
        damping *= phi;
        let q = state.level + reach * state.trend;
        *mean = match form.seasonal {
            Seasonal::None => q,
            Seasonal::Additive => q + state.season[(t + h) % state.season.len()],
            Seasonal::Multiplicative => q * state.season[(t + h) % state.season.len()],
        };
    }
}

impl Fitted for FittedEts {
    fn model(&self) -> Model {
        Model::Ets
    }

    fn parameters(&self) -> usize {
        self.parameters
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        let mut means = vec![0.0; horizon];
        project(self.form, self.smoothing.phi, &self.last, self.length, &mut means);
        means
    }

    fn replay(&self, values: &[f64], first_origin: usize, horizon: usize) -> Replay {
        let mut state = self.point.initial.clone();
        let mut known = 0;
        Replay::build(values.len(), first_origin, horizon, |origin, row| {
            while known < origin {
                state.update(self.form, self.smoothing, known, values[known]);
                known += 1;
            }
            project(self.form, self.smoothing.phi, &state, origin, row);
        })
    }
}
