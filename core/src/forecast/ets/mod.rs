//! Exponential smoothing with trend and season (ETS), the form chosen by AICc.
//!
//! Question answered: where are level, trend and season of a series now, and what follows from them. Input: a
//! regular history in any unit, the steps per season. Output: means in that unit. Forms: error additive or relative
//! (the latter for histories above zero), trend none, additive or damped, season none, additive or multiplicative
//! (with relative errors only, as the other pairing is unstable): fifteen for positive histories, six for others. Trends
//! that multiply are left out, as in the references' own software by default: their forecasts run away.
//!
//! Assumptions: one source of error; level, trend and season wander smoothly. An intermittent history (half zeros or
//! more) gets a level alone, with a season only after [`SPARSE_CYCLES`] cycles. How it fails: fewer than [`MIN_VALUES`] values; fewer than two seasons give a form
//! without season. Initial states are estimated with the smoothing parameters by damped Gauss–Newton steps on
//! exact derivatives; seasons longer than [`MAX_FREE_SEASON`] keep the initial effects of their first cycles.
//!
//! References: Hyndman, Koehler, Ord & Snyder, "Forecasting with exponential smoothing" (2008), ch. 2, 5 and 7;
//! Hyndman, Koehler, Snyder & Grose, IJF 18 (2002), sections 3 and 4 (choice by information criterion).

mod filter;
#[cfg(test)]
mod tests;

pub use filter::{Smoothing, State};

use super::least_squares::Damped;
use super::{FitError, Fitted, Model, Replay};
use filter::{Lanes, Point, cost};

/// Fewest values that a level can be estimated from.
pub const MIN_VALUES: usize = 4;

/// Longest season whose initial effects are estimated.
pub const MAX_FREE_SEASON: usize = 24;

/// Most Gauss–Newton steps for one form.
const MAX_STEPS: usize = 25;

/// Cycles that an intermittent history must have before a season is believed.
const SPARSE_CYCLES: usize = 10;

/// A relative gain below this ends the search, first while forms race, then for the winner.
const RACE_TOLERANCE: f64 = 1e-4;
const TOLERANCE: f64 = 1e-7;

/// A form that would need so many more steps as good as its last one is out of the race.
const HOPELESS: f64 = 4.0;

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

/// Whether at least half of the values are zero: then a few sales look like a trend or a season to any criterion
/// that believes in normal errors.
pub fn is_intermittent(values: &[f64]) -> bool {
    2 * values.iter().filter(|v| **v == 0.0).count() >= values.len()
}

/// Chooses the form by AICc and fits it. `season` 1 means none. The season is chosen on forms without trend, the
/// trend then beside that season: as good as the full race on the M3 months, in 60 % of its time.
pub fn fit(values: &[f64], season: usize) -> Result<FittedEts, FitError> {
    let mut search = Search::new(values, season)?;
    let positive = values.iter().all(|v| *v > 0.0);
    let errors: &[Error] =
        if positive { &[Error::Additive, Error::Multiplicative] } else { &[Error::Additive] };
    let mut best: Option<Candidate> = None;
    let mut race = |trend: Trend, seasonal: Seasonal, best: &mut Option<Candidate>| {
        for &error in errors {
            let form = Form { error, trend, seasonal };
            let record = best.as_ref().map_or(f64::INFINITY, |b| b.aicc);
            if let Some(candidate) = search.candidate(form, record).filter(|c| c.aicc < record) {
                *best = Some(candidate);
            }
        }
    };
    let sparse = is_intermittent(values);
    race(Trend::None, Seasonal::None, &mut best);
    if !sparse || values.len() >= SPARSE_CYCLES * season {
        race(Trend::None, Seasonal::Additive, &mut best);
        race(Trend::None, Seasonal::Multiplicative, &mut best);
    }
    if let Some(seasonal) = best.as_ref().map(|b| b.form.seasonal).filter(|_| !sparse) {
        race(Trend::Additive, seasonal, &mut best);
        race(Trend::Damped, seasonal, &mut best);
    }
    // a history too short for any AICc still has a level
    let plain = Form { error: Error::Additive, trend: Trend::None, seasonal: Seasonal::None };
    let best = best.unwrap_or_else(|| search.start(plain, f64::INFINITY));
    Ok(search.finish(best))
}

/// Fits one given form, for a history whose form was chosen before.
pub fn fit_form(values: &[f64], season: usize, form: Form) -> Result<FittedEts, FitError> {
    let mut search = Search::new(values, season)?;
    if form.seasonal != Seasonal::None && !search.has_season() {
        let need = 2 * season.max(2);
        return Err(FitError::TooShort { have: values.len(), need, what: "seasonal smoothing" });
    }
    let candidate = search.start(form, f64::INFINITY);
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
    cost: f64,
    penalty: f64,
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
    /// Sum of squares that is rounding alone: a constant or exactly seasonal history.
    noise_floor: f64,
}

impl<'a> Search<'a> {
    fn new(values: &'a [f64], season: usize) -> Result<Self, FitError> {
        if values.len() < MIN_VALUES {
            let have = values.len();
            return Err(FitError::TooShort { have, need: MIN_VALUES, what: "exponential smoothing" });
        }
        let empty = State { level: 0.0, trend: 0.0, season: Vec::new() };
        let trial = Point { shares: [0.5; 4], initial: empty.clone() };
        let noise_floor = (values.iter().map(|v| v * v).sum::<f64>() * 1e-24).max(f64::MIN_POSITIVE);
        let (lanes, damped) = (Lanes::default(), Damped::default());
        Ok(Self { values, season, state: empty, trial, lanes, damped, noise_floor })
    }

    fn has_season(&self) -> bool {
        self.season > 1 && self.values.len() >= 2 * self.season
    }

    fn free_season(&self) -> bool {
        self.season <= MAX_FREE_SEASON
    }

    /// Fits `form` when the history allows it and its AICc is defined.
    fn candidate(&mut self, form: Form, record: f64) -> Option<Candidate> {
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
        let mut candidate = self.start(form, penalty);
        self.improve(&mut candidate, RACE_TOLERANCE, record);
        Some(candidate)
    }

    /// The best of a few starts.
    fn start(&mut self, form: Form, penalty: f64) -> Candidate {
        let mut point = Point { shares: [0.5; 4], initial: self.initial(form) };
        let cost = self.best_start(form, &mut point);
        let aicc = self.aicc(cost, penalty);
        Candidate { form, point, cost, penalty, aicc }
    }

    fn aicc(&self, cost: f64, penalty: f64) -> f64 {
        let n = self.values.len() as f64;
        n * (cost.max(self.noise_floor) / n).ln() + penalty
    }

    /// Damped Gauss–Newton steps until the gain is below `tolerance`, or hopeless against another form's AICc.
    fn improve(&mut self, candidate: &mut Candidate, tolerance: f64, record: f64) {
        let (form, free_season) = (candidate.form, self.free_season());
        let mut damping = 1e-2;
        for step in 1..=MAX_STEPS {
            if candidate.cost <= self.noise_floor || candidate.cost == f64::INFINITY {
                break;
            }
            self.lanes.linearise(form, &candidate.point, free_season, &mut self.state, self.values);
            candidate.point.hold_bounds(form, &mut self.lanes.a, &mut self.lanes.g);
            let before = candidate.cost;
            for _ in 0..8 {
                if self.damped.solve(&self.lanes.a, &self.lanes.g, damping) {
                    candidate.point.moved(form, free_season, &self.damped.step, &mut self.trial);
                    let found = cost(form, &self.trial, &mut self.state, self.values);
                    if found < candidate.cost {
                        candidate.cost = found;
                        std::mem::swap(&mut candidate.point, &mut self.trial);
                        damping = (damping * 0.2).max(1e-9);
                        break;
                    }
                }
                damping *= 6.0;
            }
            let aicc = self.aicc(candidate.cost, candidate.penalty);
            let gain = candidate.aicc - aicc;
            candidate.aicc = aicc;
            // steps gain less and less: one that needs many more like the last will not arrive
            let hopeless = step > 1 && aicc - HOPELESS * gain > record;
            if before - candidate.cost <= tolerance * before || hopeless {
                break;
            }
        }
    }

    fn best_start(&mut self, form: Form, point: &mut Point) -> f64 {
        let mut best = f64::INFINITY;
        let mut best_shares = point.shares;
        let betas: &[f64] = if form.trend == Trend::None { &[0.1] } else { &[0.05, 0.3] };
        let gammas: &[f64] = if form.seasonal == Seasonal::None { &[0.1] } else { &[0.03, 0.2] };
        for alpha in [0.05, 0.2, 0.5, 0.85] {
            for beta in betas {
                for gamma in gammas {
                    point.shares = [alpha, *beta, 0.7, *gamma];
                    let found = cost(form, point, &mut self.state, self.values);
                    if found < best {
                        best = found;
                        best_shares = point.shares;
                    }
                }
            }
        }
        point.shares = best_shares;
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

    fn finish(mut self, mut best: Candidate) -> FittedEts {
        self.improve(&mut best, TOLERANCE, f64::INFINITY);
        let Candidate { form, point, aicc, .. } = best;
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

    fn refitted(&self, values: &[f64], season: usize) -> Option<Box<dyn Fitted>> {
        let fitted = fit_form(values, season, self.form).ok()?;
        Some(Box::new(fitted))
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
