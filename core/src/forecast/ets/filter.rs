//! The recursions of exponential smoothing and their derivatives.
//!
//! Question answered: given smoothing parameters and initial states, which one-step errors follow, and how do they
//! change with every parameter. Input: a history, a [`Form`], a [`Point`]. Output: the sum of squared (relative)
//! errors with the likelihood's determinant, and the Gauss–Newton system of its square root.
//!
//! With q = l + φ·b, additive or no season: μ = q + s, e = y − μ, l ← q + α·e, b ← φ·b + β·e, s ← s + γ·e;
//! multiplicative season: μ = q·s, l ← q + α·e/s, b ← φ·b + β·e/s, s ← s + γ·e/q. The kind of error (additive e or
//! relative e/μ) changes the likelihood only. Derivatives are carried forward beside the states (one lane per
//! parameter), which makes the fit a least-squares problem of a dozen steps instead of a blind search.
//!
//! How it fails: a multiplicative form whose level, season or mean leaves the positive numbers costs infinity.
//! Reference: Hyndman, Koehler, Ord & Snyder, "Forecasting with exponential smoothing" (2008), tables 2.1–2.3 and
//! eq. 5.2 (likelihood).

use super::{Error, Form, Seasonal, Trend};

/// Smoothing parameters in natural units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Smoothing {
    /// Of the level.
    pub alpha: f64,
    /// Of the trend.
    pub beta: f64,
    /// Damping of the trend; 1 for none.
    pub phi: f64,
    /// Of the season.
    pub gamma: f64,
}

/// Level, trend and one season of effects; the effect for time t stands at t mod season.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// l
    pub level: f64,
    /// b, 0 without trend
    pub trend: f64,
    /// s, empty without season
    pub season: Vec<f64>,
}

impl State {
    /// Takes over another state without allocating.
    pub fn copy_from(&mut self, other: &Self) {
        self.level = other.level;
        self.trend = other.trend;
        self.season.clear();
        self.season.extend_from_slice(&other.season);
    }

    /// The one-step mean for time `t`.
    #[inline]
    pub fn mean(&self, form: Form, phi: f64, t: usize) -> f64 {
        let q = self.level + phi * self.trend;
        match form.seasonal {
            Seasonal::None => q,
            Seasonal::Additive => q + self.season[t % self.season.len()],
            Seasonal::Multiplicative => q * self.season[t % self.season.len()],
        }
    }

    /// Learns `y` at time `t`.
    #[inline]
    pub fn update(&mut self, form: Form, p: Smoothing, t: usize, y: f64) {
        let q = self.level + p.phi * self.trend;
        let mut e = y - q;
        match form.seasonal {
            Seasonal::None => {}
            Seasonal::Additive => {
                let at = t % self.season.len();
                e -= self.season[at];
                self.season[at] += p.gamma * e;
            }
            Seasonal::Multiplicative => {
                let at = t % self.season.len();
                let s = self.season[at];
                e = y - q * s;
                self.season[at] = s + p.gamma * e / q;
                e /= s;
            }
        }
        self.level = q + p.alpha * e;
        self.trend = p.phi * self.trend + p.beta * e;
    }
}

/// Where the search stands: the smoothing parameters as shares of their ranges, and the initial states.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Point {
    /// Of α, β, φ, γ within their bounds, [`LEAST`] to [`MOST`]; only those of the form are used.
    pub shares: [f64; 4],
    /// Before the first value.
    pub initial: State,
}

/// The usual region: 0 < α < 1, 0 < β < α, 0 < γ < 1 − α, .8 < φ < .98.
const PHI: (f64, f64) = (0.8, 0.98);
/// Bounds of a share.
const LEAST: f64 = 1e-4;
const MOST: f64 = 1.0 - 1e-4;

impl Point {
    /// The smoothing parameters.
    pub fn smoothing(&self, form: Form) -> Smoothing {
        let [alpha, b, f, g] = self.shares;
        Smoothing {
            alpha,
            beta: if form.trend == Trend::None { 0.0 } else { alpha * b },
            phi: if form.trend == Trend::Damped { PHI.0 + (PHI.1 - PHI.0) * f } else { 1.0 },
            gamma: if form.seasonal == Seasonal::None { 0.0 } else { (1.0 - alpha) * g },
        }
    }

    /// Which shares the form uses, in lane order.
    fn used(form: Form) -> impl Iterator<Item = usize> {
        let used =
            [true, form.trend != Trend::None, form.trend == Trend::Damped, form.seasonal != Seasonal::None];
        (0..4).filter(move |at| used[*at])
    }

    /// Derivatives of (α, β, φ, γ) by each share that the form uses, in lane order; returns how many.
    fn seeds(&self, form: Form, seeds: &mut [[f64; 4]; 4]) -> usize {
        let [alpha, b, _, g] = self.shares;
        let trended = if form.trend == Trend::None { 0.0 } else { b };
        let seasonal = if form.seasonal == Seasonal::None { 0.0 } else { g };
        let all = [
            [1.0, trended, 0.0, -seasonal],
            [0.0, alpha, 0.0, 0.0],
            [0.0, 0.0, PHI.1 - PHI.0, 0.0],
            [0.0, 0.0, 0.0, 1.0 - alpha],
        ];
        let mut n = 0;
        for at in Self::used(form) {
            seeds[n] = all[at];
            n += 1;
        }
        n
    }

    /// Takes those lanes out of the system whose share is at its bound and would leave it.
    pub fn hold_bounds(&self, form: Form, a: &mut [f64], g: &mut [f64]) {
        let lanes = g.len();
        for (lane, at) in Self::used(form).enumerate() {
            let share = self.shares[at];
            if (share <= LEAST && g[lane] > 0.0) || (share >= MOST && g[lane] < 0.0) {
                g[lane] = 0.0;
                for other in 0..lanes {
                    a[lane * lanes + other] = 0.0;
                    a[other * lanes + lane] = 0.0;
                }
            }
        }
    }

    /// Moves by `step` (in lane order) into `to`. Seasonal effects keep their sum: the last one balances.
    pub fn moved(&self, form: Form, free_season: bool, step: &[f64], to: &mut Self) {
        to.shares = self.shares;
        to.initial.copy_from(&self.initial);
        let mut lanes = step.iter();
        let mut next = || lanes.next().copied().unwrap_or(0.0);
        for at in Self::used(form) {
            to.shares[at] = (to.shares[at] + next()).clamp(LEAST, MOST);
        }
        to.initial.level += next();
        if form.trend != Trend::None {
            to.initial.trend += next();
        }
        if free_season && let Some((last, effects)) = to.initial.season.split_last_mut() {
            for effect in effects {
                let change = next();
                *effect += change;
                *last -= change;
            }
        }
    }
}

/// Cost of a point: Σ e² for additive errors, Σ (e/μ)² · exp(2·mean ln μ) for relative ones. Its logarithm times n is
/// −2·log-likelihood but for a constant, so both kinds compare.
pub(super) fn cost(form: Form, point: &Point, state: &mut State, y: &[f64]) -> f64 {
    let p = point.smoothing(form);
    state.copy_from(&point.initial);
    match form.seasonal {
        Seasonal::None => cost_none(form, p, state, y),
        Seasonal::Additive => cost_additive(form, p, state, y),
        Seasonal::Multiplicative => cost_multiplicative(form, p, state, y),
    }
}

fn cost_none(form: Form, p: Smoothing, state: &State, y: &[f64]) -> f64 {
    let (mut l, mut b) = (state.level, state.trend);
    let mut tally = Tally::new(form.error);
    for &value in y {
        let q = l + p.phi * b;
        let e = value - q;
        tally.add(e, q);
        l = q + p.alpha * e;
        b = p.phi * b + p.beta * e;
    }
    tally.cost(y.len())
}

fn cost_additive(form: Form, p: Smoothing, state: &mut State, y: &[f64]) -> f64 {
    let (mut l, mut b) = (state.level, state.trend);
    let mut tally = Tally::new(form.error);
    for cycle in y.chunks(state.season.len()) {
        for (&value, s) in cycle.iter().zip(&mut state.season) {
            let q = l + p.phi * b;
            let mean = q + *s;
            let e = value - mean;
            tally.add(e, mean);
            l = q + p.alpha * e;
            b = p.phi * b + p.beta * e;
            *s += p.gamma * e;
        }
    }
    tally.cost(y.len())
}

fn cost_multiplicative(form: Form, p: Smoothing, state: &mut State, y: &[f64]) -> f64 {
    let (mut l, mut b) = (state.level, state.trend);
    let mut tally = Tally::new(form.error);
    for cycle in y.chunks(state.season.len()) {
        for (&value, s) in cycle.iter().zip(&mut state.season) {
            let q = l + p.phi * b;
            if !(q > 0.0 && *s > 0.0) {
                return f64::INFINITY;
            }
            let mean = q * *s;
            let e = value - mean;
            tally.add(e, mean);
            let relative = e / *s;
            *s += p.gamma * e / q;
            l = q + p.alpha * relative;
            b = p.phi * b + p.beta * relative;
        }
    }
    tally.cost(y.len())
}

/// Means of relative errors within which two can be multiplied.
const USABLE: std::ops::Range<f64> = 1e-150..1e150;

/// Sums up a cost. Logarithms are taken of products, a few dozen factors at a time: a log per value is the dear part.
struct Tally {
    error: Error,
    sum: f64,
    product: f64,
    exponent: i64,
    positive: bool,
}

impl Tally {
    fn new(error: Error) -> Self {
        Self { error, sum: 0.0, product: 1.0, exponent: 0, positive: true }
    }

    #[inline]
    fn add(&mut self, e: f64, mean: f64) {
        match self.error {
            Error::Additive => self.sum += e * e,
            Error::Multiplicative => {
                self.positive &= USABLE.contains(&mean);
                let relative = e / mean;
                self.sum += relative * relative;
                self.product *= mean;
                // keep the running product within range: its binary exponent moves to a counter
                if self.positive && !USABLE.contains(&self.product) {
                    let exponent = self.product.log2().floor();
                    self.product *= (-exponent).exp2();
                    self.exponent += exponent as i64;
                }
            }
        }
    }

    fn cost(&self, n: usize) -> f64 {
        let cost = match self.error {
            Error::Additive => self.sum,
            Error::Multiplicative => {
                let log = self.product.ln() + self.exponent as f64 * std::f64::consts::LN_2;
                self.sum * (2.0 * log / n as f64).exp()
            }
        };
        if self.positive && cost.is_finite() { cost } else { f64::INFINITY }
    }
}

/// Buffers of the derivative pass, reused over forms and steps.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    level: Vec<f64>,
    trend: Vec<f64>,
    season: Vec<f64>,
    mean: Vec<f64>,
    determinant: Vec<f64>,
    /// Lower triangle of JᵀJ, row by row.
    pub a: Vec<f64>,
    /// Jᵀ·residual.
    pub g: Vec<f64>,
}

impl Lanes {
    fn reset(&mut self, lanes: usize, season: usize) {
        for (buffer, length) in [
            (&mut self.level, lanes),
            (&mut self.trend, lanes),
            (&mut self.season, lanes * season),
            (&mut self.mean, lanes),
            (&mut self.determinant, lanes),
            (&mut self.a, lanes * lanes),
            (&mut self.g, lanes),
        ] {
            buffer.clear();
            buffer.resize(length, 0.0);
        }
    }

    /// Runs the recursion with all derivatives and leaves the Gauss–Newton system in `a` and `g`.
    pub fn linearise(&mut self, form: Form, point: &Point, free_season: bool, state: &mut State, y: &[f64]) {
        let p = point.smoothing(form);
        let m = point.initial.season.len();
        let mut seeds = [[0.0; 4]; 4];
        let coordinates = point.seeds(form, &mut seeds);
        let lanes = super::lanes(form, m, free_season);
        self.reset(lanes, m);
        state.copy_from(&point.initial);
        self.level[coordinates] = 1.0;
        let mut lane = coordinates + 1;
        if form.trend != Trend::None {
            self.trend[lane] = 1.0;
            lane += 1;
        }
        if free_season && m > 0 {
            for at in 0..m - 1 {
                self.season[at * lanes + lane + at] = 1.0;
                self.season[(m - 1) * lanes + lane + at] = -1.0;
            }
        }
        let mut sum = 0.0;
        for (t, &value) in y.iter().enumerate() {
            let at = if m == 0 { 0 } else { t % m };
            let q = state.level + p.phi * state.trend;
            for (seed, level) in seeds[..coordinates].iter().zip(&mut self.level) {
                *level += seed[2] * state.trend;
            }
            let effects = if m == 0 { &mut [][..] } else { &mut self.season[at * lanes..(at + 1) * lanes] };
            let mut steps = Steps { level: &mut self.level, trend: &mut self.trend, mean: &mut self.mean };
            let mean = state.mean(form, p.phi, t);
            let e = value - mean;
            // what level and trend learn, and what the season learns
            let (learnt, learnt_season) = match form.seasonal {
                Seasonal::None => {
                    steps.none(p);
                    (e, 0.0)
                }
                Seasonal::Additive => {
                    steps.additive(p, effects);
                    (e, e)
                }
                Seasonal::Multiplicative => {
                    let s = state.season[at];
                    steps.multiplicative(p, effects, q, s, e);
                    (e / s, e / q)
                }
            };
            for (lane, seed) in seeds[..coordinates].iter().enumerate() {
                self.level[lane] += seed[0] * learnt;
                self.trend[lane] += seed[2] * state.trend + seed[1] * learnt;
                if m > 0 {
                    effects[lane] += seed[3] * learnt_season;
                }
            }
            state.update(form, p, t, value);
            sum += self.accumulate(form.error, value, mean);
        }
        if form.error == Error::Multiplicative {
            self.add_determinant(sum, y.len());
        }
    }

    /// Adds one value's residual to JᵀJ and Jᵀr; the residual is e, or e/μ.
    #[inline]
    fn accumulate(&mut self, error: Error, value: f64, mean: f64) -> f64 {
        let (residual, slope) = match error {
            Error::Additive => (value - mean, -1.0),
            Error::Multiplicative => ((value - mean) / mean, -value / (mean * mean)),
        };
        let lanes = self.mean.len();
        for (i, row) in self.a.chunks_exact_mut(lanes).enumerate() {
            let factor = slope * slope * self.mean[i];
            for (a, d) in row[..=i].iter_mut().zip(&self.mean) {
                *a += factor * d;
            }
        }
        for (g, d) in self.g.iter_mut().zip(&self.mean) {
            *g += residual * slope * d;
        }
        if error == Error::Multiplicative {
            for (sum, d) in self.determinant.iter_mut().zip(&self.mean) {
                *sum += d / mean;
            }
        }
        residual * residual
    }

    /// Relative errors times G = exp(mean ln μ): adds the derivative of G. G² itself cancels in the step.
    fn add_determinant(&mut self, sum: f64, n: usize) {
        let lanes = self.mean.len();
        self.determinant.iter_mut().for_each(|d| *d /= n as f64);
        let (d, g) = (&self.determinant, &mut self.g);
        for (i, row) in self.a.chunks_exact_mut(lanes).enumerate() {
            for (j, a) in row[..=i].iter_mut().enumerate() {
                *a += g[i] * d[j] + d[i] * g[j] + sum * d[i] * d[j];
            }
        }
        g.iter_mut().zip(d).for_each(|(g, d)| *g += sum * d);
    }
}

/// One step of every lane: level, trend and mean of the derivative.
struct Steps<'a> {
    level: &'a mut [f64],
    trend: &'a mut [f64],
    mean: &'a mut [f64],
}

impl Steps<'_> {
    #[inline]
    fn none(&mut self, p: Smoothing) {
        let lanes = self.level.iter_mut().zip(self.trend.iter_mut()).zip(self.mean.iter_mut());
        for ((level, trend), mean) in lanes {
            let q = *level + p.phi * *trend;
            *mean = q;
            *level = q - p.alpha * q;
            *trend = p.phi * *trend - p.beta * q;
        }
    }

    #[inline]
    fn additive(&mut self, p: Smoothing, effects: &mut [f64]) {
        let lanes = self.level.iter_mut().zip(self.trend.iter_mut()).zip(self.mean.iter_mut()).zip(effects);
        for (((level, trend), mean), effect) in lanes {
            let q = *level + p.phi * *trend;
            let d = q + *effect;
            *mean = d;
            *level = q - p.alpha * d;
            *trend = p.phi * *trend - p.beta * d;
            *effect -= p.gamma * d;
        }
    }

    #[inline]
    fn multiplicative(&mut self, p: Smoothing, effects: &mut [f64], q: f64, s: f64, e: f64) {
        let (by_s, by_q) = (1.0 / s, 1.0 / q);
        let (relative, by_level) = (e * by_s, e * by_q);
        let lanes = self.level.iter_mut().zip(self.trend.iter_mut()).zip(self.mean.iter_mut()).zip(effects);
        for (((level, trend), mean), effect) in lanes {
            let dq = *level + p.phi * *trend;
            let d = s * dq + q * *effect;
            let learnt = -(d + relative * *effect) * by_s;
            *mean = d;
            *level = dq + p.alpha * learnt;
            *trend = p.phi * *trend + p.beta * learnt;
            *effect -= p.gamma * (d + by_level * dq) * by_q;
        }
    }
}
