//! Complex exponential smoothing: level and an unseen companion of it move together, which gives level, trend and
//! what lies between them without a choice among trends.
//!
//! Question answered: where does a series go whose trend may come and go. Input: a regular history in any unit, the
//! steps per season. Output: means in that unit. Forms, chosen by AICc: none; simple (level and companion a season
//! ago); partial (an additive season beside them); full (a season with a companion of its own).
//!
//! With level l, companion c and error e = y − μ: l ← l − (1 − α₁)·c + (α₀ − α₁)·e and c ← l + (1 − α₀)·c + (α₀ + α₁)·e,
//! both of one step ago, or of one season ago in the simple form. A seasonal pair follows the same with β₀ and β₁; a
//! partial season is s ← s + β·e. Initial states come from a first guess that is smoothed forwards, backwards in time
//! and is then the start of the last pass; so only the two to four smoothing figures are searched, by damped
//! Gauss–Newton steps on differences of the errors.
//!
//! Assumptions: one source of error. How it fails: fewer than [`MIN_VALUES`] values; fewer than two seasons give the
//! form without season. References: Svetunkov, Kourentzes & Ord, "Complex exponential smoothing", Naval Research
//! Logistics 69 (2022), eqs 11–13 and section 5 (seasonal forms).

use super::decompose::Effects;
use super::least_squares::Damped;
use super::{FitError, Fitted, Model, Replay};

/// Fewest values that a level and its companion can be estimated from.
pub const MIN_VALUES: usize = 5;

/// Most Gauss–Newton steps, and the relative gain that ends them.
const MAX_STEPS: usize = 20;
const TOLERANCE: f64 = 1e-5;

/// Bounds of α₀, α₁ (β₀, β₁ alike) and of a partial season's β.
const COMPLEX: [(f64, f64); 2] = [(0.01, 1.8), (0.01, 1.9)];
const PARTIAL: (f64, f64) = (0.01, 1.5);

/// How many times the largest size seen a mean may be: the model has trends that grow by a factor.
const REACH: f64 = 10.0;

/// Companion of a first guess, as a share of the level.
const COMPANION: f64 = 1.0 / 1.1;

/// How the season enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Not at all.
    None,
    /// Level and companion of a season ago.
    Simple,
    /// An additive season.
    Partial,
    /// A season with a companion.
    Full,
}

impl Form {
    fn parameters(self) -> usize {
        match self {
            Self::None | Self::Simple => 2,
            Self::Partial => 3,
            Self::Full => 4,
        }
    }
}

/// α₀, α₁ and, where the form has them, β₀ (or β) and β₁.
type Gains = [f64; 4];

/// Level and companion, and the season's; the pair for time t stands at t mod its length.
#[derive(Debug, Clone, PartialEq, Default)]
struct State {
    level: Vec<[f64; 2]>,
    season: Vec<[f64; 2]>,
}

impl State {
    fn copy_from(&mut self, other: &Self) {
        self.level.clone_from(&other.level);
        self.season.clone_from(&other.season);
    }

    /// Learns `learn(mean)` for the positions `at` and `at_season`; returns the error.
    #[inline]
    fn step(
        &mut self,
        form: Form,
        g: &Gains,
        at: usize,
        at_season: usize,
        value: impl Fn(f64) -> f64,
    ) -> (f64, f64) {
        let [l, c] = self.level[at];
        let mean = if form as u8 >= Form::Partial as u8 { l + self.season[at_season][0] } else { l };
        let e = value(mean) - mean;
        self.level[at] = [l - (1.0 - g[1]) * c + (g[0] - g[1]) * e, l + (1.0 - g[0]) * c + (g[0] + g[1]) * e];
        match form {
            Form::Partial => self.season[at_season][0] += g[2] * e,
            Form::Full => {
                let [s, c] = self.season[at_season];
                self.season[at_season] =
                    [s - (1.0 - g[3]) * c + (g[2] - g[3]) * e, s + (1.0 - g[2]) * c + (g[2] + g[3]) * e];
            }
            Form::None | Form::Simple => {}
        }
        (mean, e)
    }

    /// Runs through the values, forwards or backwards in time; returns Σ e² and, when wished, every error.
    fn run(
        &mut self,
        form: Form,
        g: &Gains,
        y: &[f64],
        backwards: bool,
        mut errors: Option<&mut Vec<f64>>,
    ) -> f64 {
        let (levels, season) = (self.level.len(), self.season.len().max(1));
        let (mut at, mut at_season) = (0, 0);
        if backwards {
            (at, at_season) = (y.len() % levels, y.len() % season);
        }
        let mut sum = 0.0;
        for index in 0..y.len() {
            let value = if backwards {
                at = if at == 0 { levels - 1 } else { at - 1 };
                at_season = if at_season == 0 { season - 1 } else { at_season - 1 };
                y[y.len() - 1 - index]
            } else {
                y[index]
            };
            let (_, e) = self.step(form, g, at, at_season, |_| value);
            sum += e * e;
            if let Some(errors) = errors.as_deref_mut() {
                errors.push(e);
            }
            if !backwards {
                at = if at + 1 == levels { 0 } else { at + 1 };
                at_season = if at_season + 1 == season { 0 } else { at_season + 1 };
            }
        }
        sum
    }

    /// Writes the means that follow at time `t`: each is taken for the value when the next one is sought. Growth that
    /// leaves every size seen so far, `size` and the state's own, by [`REACH`] ends there.
    fn project(&mut self, form: Form, g: &Gains, t: usize, size: f64, row: &mut [f64]) {
        let (levels, season) = (self.level.len(), self.season.len().max(1));
        let pairs = self.level.iter().chain(&self.season);
        let limit = REACH * pairs.fold(size, |most, pair| most.max(pair[0].abs()));
        let mut last = 0.0;
        for (h, mean) in row.iter_mut().enumerate() {
            let next = self.step(form, g, (t + h) % levels, (t + h) % season, |mean| mean).0;
            if next.is_nan() || next.abs() > limit {
                self.level.fill([last, last * COMPANION]);
                self.season.fill([0.0; 2]);
                *mean = last;
            } else {
                *mean = next;
                last = next;
            }
        }
    }
}

/// A fitted complex smoothing model.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedCes {
    form: Form,
    gains: Gains,
    start: State,
    last: State,
    length: usize,
    /// Largest absolute value of the history.
    size: f64,
    aicc: f64,
}

impl FittedCes {
    /// The form that was chosen.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Corrected Akaike criterion, up to a constant of the history.
    pub fn aicc(&self) -> f64 {
        self.aicc
    }
}

/// Chooses the form by AICc and fits it. `season` 1 means none.
pub fn fit(values: &[f64], season: usize) -> Result<FittedCes, FitError> {
    let mut best = fit_form(values, season, Form::None)?;
    if season > 1 && values.len() >= 2 * season {
        for form in [Form::Simple, Form::Partial, Form::Full] {
            let found = fit_form(values, season, form)?;
            if found.aicc < best.aicc {
                best = found;
            }
        }
    }
    Ok(best)
}

/// Fits one given form, for a history whose form was chosen before.
pub fn fit_form(values: &[f64], season: usize, form: Form) -> Result<FittedCes, FitError> {
    let need = if form == Form::None { MIN_VALUES } else { MIN_VALUES.max(2 * season) };
    if values.len() < need {
        return Err(FitError::TooShort { have: values.len(), need, what: "complex smoothing" });
    }
    let mut search = Search::new(values, season, form);
    let mut gains = [1.3, 1.0, if form == Form::Partial { 0.1 } else { 1.3 }, 1.0];
    let mut cost = search.cost(&gains);
    search.improve(&mut gains, &mut cost);
    let n = values.len() as f64;
    let k = 1.0 + form.parameters() as f64;
    let freedom = (n - k - 1.0).max(0.5);
    let aicc = n * (cost.max(search.noise_floor) / n).ln() + 2.0 * k + 2.0 * k * (k + 1.0) / freedom;
    let start = search.begin(&gains);
    let size = values.iter().fold(0.0f64, |most, v| most.max(v.abs()));
    let mut last = start.clone();
    last.run(form, &gains, values, false, None);
    Ok(FittedCes { form, gains, start, last, length: values.len(), size, aicc })
}

/// The history, the first guess of its states and every buffer of the search.
struct Search<'a> {
    y: &'a [f64],
    form: Form,
    guess: State,
    state: State,
    errors: Vec<f64>,
    moved: Vec<f64>,
    jacobian: Vec<f64>,
    noise_floor: f64,
}

impl<'a> Search<'a> {
    fn new(y: &'a [f64], season: usize, form: Form) -> Self {
        let pair = |level: f64| [level, level * COMPANION];
        let head = &y[..y.len().min(season.max(10))];
        let mean = head.iter().sum::<f64>() / head.len() as f64;
        let level = match form {
            Form::Simple => y[..season].iter().map(|v| pair(*v)).collect(),
            _ => vec![pair(mean)],
        };
        let season = match form {
            Form::None | Form::Simple => Vec::new(),
            Form::Partial => Effects::additive(y, season).iter().map(|s| [*s, 0.0]).collect(),
            Form::Full => Effects::additive(y, season).iter().map(|s| pair(*s)).collect(),
        };
        let noise_floor = (y.iter().map(|v| v * v).sum::<f64>() * 1e-24).max(f64::MIN_POSITIVE);
        let guess = State { level, season };
        let (errors, moved, jacobian) = (Vec::new(), Vec::new(), Vec::new());
        Self { y, form, state: guess.clone(), guess, errors, moved, jacobian, noise_floor }
    }

    /// Initial states for these gains: forwards from the guess, then backwards.
    fn begin(&mut self, gains: &Gains) -> State {
        self.state.copy_from(&self.guess);
        self.state.run(self.form, gains, self.y, false, None);
        self.state.run(self.form, gains, self.y, true, None);
        self.state.clone()
    }

    fn errors(&mut self, gains: &Gains, into: &mut Vec<f64>) -> f64 {
        self.state.copy_from(&self.guess);
        self.state.run(self.form, gains, self.y, false, None);
        self.state.run(self.form, gains, self.y, true, None);
        into.clear();
        let cost = self.state.run(self.form, gains, self.y, false, Some(into));
        if cost.is_finite() { cost } else { f64::INFINITY }
    }

    fn cost(&mut self, gains: &Gains) -> f64 {
        let mut errors = std::mem::take(&mut self.errors);
        let cost = self.errors(gains, &mut errors);
        self.errors = errors;
        cost
    }

    fn bounds(&self, at: usize) -> (f64, f64) {
        if at == 2 && self.form == Form::Partial { PARTIAL } else { COMPLEX[at % 2] }
    }

    /// Damped Gauss–Newton steps on one-sided differences.
    fn improve(&mut self, gains: &mut Gains, cost: &mut f64) {
        let k = self.form.parameters();
        let (mut damped, mut damping) = (Damped::default(), 1e-2);
        let (mut a, mut g) = ([0.0; 16], [0.0; 4]);
        for _ in 0..MAX_STEPS {
            *cost = self.cost(gains);
            if *cost <= self.noise_floor || !cost.is_finite() {
                return;
            }
            let n = self.y.len();
            let mut jacobian = std::mem::take(&mut self.jacobian);
            jacobian.clear();
            for at in 0..k {
                let mut aside = *gains;
                let width = if aside[at] + 1e-5 > self.bounds(at).1 { -1e-5 } else { 1e-5 };
                aside[at] += width;
                let mut moved = std::mem::take(&mut self.moved);
                self.errors(&aside, &mut moved);
                jacobian.extend(moved.iter().zip(&self.errors).map(|(m, e)| (m - e) / width));
                self.moved = moved;
            }
            for i in 0..k {
                let row = &jacobian[i * n..(i + 1) * n];
                let dot = |other: &[f64]| -> f64 { row.iter().zip(other).map(|(x, y)| x * y).sum() };
                g[i] = dot(&self.errors);
                for j in 0..=i {
                    a[i * k + j] = dot(&jacobian[j * n..(j + 1) * n]);
                }
            }
            self.jacobian = jacobian;
            for i in 0..k {
                let (lo, hi) = self.bounds(i);
                if (gains[i] <= lo && g[i] > 0.0) || (gains[i] >= hi && g[i] < 0.0) {
                    g[i] = 0.0;
                    for j in 0..k {
                        (a[i * k + j], a[j * k + i]) = (0.0, 0.0);
                    }
                }
            }
            let before = *cost;
            for _ in 0..8 {
                if damped.solve(&a[..k * k], &g[..k], damping) {
                    let mut trial = *gains;
                    for (at, step) in damped.step.iter().enumerate() {
                        let (lo, hi) = self.bounds(at);
                        trial[at] = (trial[at] + step).clamp(lo, hi);
                    }
                    let found = self.cost(&trial);
                    if found < *cost {
                        (*gains, *cost) = (trial, found);
                        damping = (damping * 0.2).max(1e-9);
                        break;
                    }
                }
                damping *= 6.0;
            }
            if before - *cost <= TOLERANCE * before {
                return;
            }
        }
    }
}

impl Fitted for FittedCes {
    fn model(&self) -> Model {
        Model::Ces
    }

    fn parameters(&self) -> usize {
        self.form.parameters()
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        let mut means = vec![0.0; horizon];
        self.last.clone().project(self.form, &self.gains, self.length, self.size, &mut means);
        means
    }

    fn replay(&self, values: &[f64], first_origin: usize, horizon: usize) -> Replay {
        let mut state = self.start.clone();
        let (levels, season) = (state.level.len(), state.season.len().max(1));
        let mut ahead = State::default();
        let mut known = 0;
        Replay::build(values.len(), first_origin, horizon, |origin, row| {
            while known < origin {
                state.step(self.form, &self.gains, known % levels, known % season, |_| values[known]);
                known += 1;
            }
            ahead.copy_from(&state);
            ahead.project(self.form, &self.gains, origin, self.size, row);
        })
    }
}

#[cfg(test)]
mod tests;
