//! Estimation of one seasonal ARMA with regressors, and the walk through orders by AICc.
//!
//! Question answered: which orders, and which coefficients, make a series that stands still least surprising. Input:
//! the differenced history and the equally differenced regressors. Output: the candidate with the least AICc.
//! Method: damped Gauss–Newton steps on standardised innovations, times |F|^(1/2n) so that their squares are the
//! exact likelihood; a neighbour starts where its predecessor ended, as orders nest. Assumptions: normal noise.
//! How it fails: it does not: white noise around a constant is always admissible.
//! Reference: Hyndman & Khandakar, J. Statistical Software 27 (2008), 3.2.

use super::likelihood::{Factors, Filter, MAX_FACTOR, Shape};
use crate::forecast::least_squares::Damped;

/// Highest orders: p, q, P, Q.
const HIGHEST: [usize; 4] = [MAX_FACTOR, MAX_FACTOR, 2, 2];

/// Roots must lie that far outside of the unit circle, regular and (in whole seasons) seasonal ones. Set on held-out
/// ends of training parts.
const REGULAR_RADIUS: f64 = 1.05;
const SEASONAL_RADIUS: f64 = 1.001;

/// Most Gauss–Newton steps for one candidate.
const MAX_STEPS: usize = 30;

/// A smaller gain of AICc ends a candidate's search, first in the race and then for the winner.
const RACE_GAIN: f64 = 0.02;
const LAST_GAIN: f64 = 1e-7;

/// A candidate that would need so many more steps as good as its last one is out of the race.
const HOPELESS: f64 = 3.0;

/// Most candidates in one walk.
const MAX_CANDIDATES: usize = 94;

/// Step of the difference quotients, in units of standardised coordinates.
const STEP: f64 = 1e-5;

/// Coordinates beyond this are the edge of the admissible.
const EDGE: f64 = 4.0;

/// A process with its estimates. `point` holds the coordinates of the factors, then the constant, then the slopes.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub shape: Shape,
    pub constant: bool,
    pub point: Vec<f64>,
    /// −2 log-likelihood, up to a constant of the series.
    pub deviance: f64,
    pub aicc: f64,
}

impl Candidate {
    pub fn factors(&self) -> Factors {
        Factors::new(self.shape, &self.point[..self.shape.parameters()])
    }
}

/// A differenced history and everything the search needs.
pub(super) struct Search {
    /// In units of its own root mean square.
    series: Vec<f64>,
    columns: Vec<Vec<f64>>,
    /// Those units.
    pub unit: f64,
    pub column_units: Vec<f64>,
    season: usize,
    may_have_constant: bool,
    filter: Filter,
    cleaned: Vec<f64>,
    /// |F|^(1/2n) of the last evaluation.
    scale: f64,
    /// Scaled innovations at the trial point, at the point, and after a small step in each coordinate.
    trial: Vec<f64>,
    base: Vec<f64>,
    slopes: Vec<Vec<f64>>,
    a: Vec<f64>,
    g: Vec<f64>,
    damped: Damped,
}

fn rms(values: &[f64]) -> f64 {
    (values.iter().map(|v| v * v).sum::<f64>() / values.len().max(1) as f64).sqrt()
}

impl Search {
    /// `series` and `columns` must be as long as each other.
    pub fn new(
        mut series: Vec<f64>,
        mut columns: Vec<Vec<f64>>,
        season: usize,
        may_have_constant: bool,
    ) -> Self {
        let scale = |values: &mut Vec<f64>| {
            let unit = Some(rms(values)).filter(|unit| *unit > 0.0).unwrap_or(1.0);
            values.iter_mut().for_each(|v| *v /= unit);
            unit
        };
        let unit = scale(&mut series);
        let column_units = columns.iter_mut().map(scale).collect();
        Self {
            series,
            columns,
            unit,
            column_units,
            season,
            may_have_constant,
            filter: Filter::default(),
            cleaned: Vec::new(),
            scale: 1.0,
            trial: Vec::new(),
            base: Vec::new(),
            slopes: Vec::new(),
            a: Vec::new(),
            g: Vec::new(),
            damped: Damped::default(),
        }
    }

    /// Scaled innovations into `trial`, and −2 log-likelihood; infinite where it is not defined.
    fn evaluate(&mut self, shape: Shape, constant: bool, point: &[f64]) -> f64 {
        let (inner, linear) = point.split_at(shape.parameters());
        if inner.iter().any(|u| u.abs() > EDGE) || !self.filter.start(&Factors::new(shape, inner)) {
            return f64::INFINITY;
        }
        self.cleaned.clone_from(&self.series);
        let (level, slopes) = if constant { (linear[0], &linear[1..]) } else { (0.0, linear) };
        self.cleaned.iter_mut().for_each(|v| *v -= level);
        for (slope, column) in slopes.iter().zip(&self.columns) {
            self.cleaned.iter_mut().zip(column).for_each(|(v, x)| *v -= slope * x);
        }
        let log = self.filter.innovations(&self.cleaned, &mut self.trial);
        let n = self.series.len() as f64;
        let scale = (log / (2.0 * n)).exp();
        self.scale = scale;
        let mut sum = 0.0;
        for v in &mut self.trial {
            *v *= scale;
            sum += *v * *v;
        }
        if !sum.is_finite() {
            return f64::INFINITY;
        }
        // rounding alone is no information
        n * (sum / n).max(1e-24).ln()
    }

    /// Variance of the noise, in the history's unit.
    pub fn variance(&mut self, found: &Candidate) -> f64 {
        let n = self.series.len() as f64;
        self.evaluate(found.shape, found.constant, &found.point);
        (found.deviance / n).exp() / self.scale.powi(2) * self.unit.powi(2)
    }

    fn penalty(&self, parameters: usize) -> Option<f64> {
        let (n, k) = (self.series.len() as f64, parameters as f64 + 1.0);
        (n - k - 1.0 > 0.0).then(|| 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0))
    }

    /// Estimates one process. `None`: more figures than the series can bear, or a process at the edge.
    fn candidate(&mut self, start: Candidate, record: f64, least_gain: f64) -> Option<Candidate> {
        let penalty = self.penalty(start.point.len())?;
        let mut found = start;
        self.improve(&mut found, penalty, record, least_gain);
        let sound =
            found.deviance.is_finite() && found.factors().well_inside(REGULAR_RADIUS, SEASONAL_RADIUS);
        sound.then_some(found)
    }

    fn improve(&mut self, found: &mut Candidate, penalty: f64, record: f64, least_gain: f64) {
        let (shape, constant) = (found.shape, found.constant);
        found.deviance = self.evaluate(shape, constant, &found.point);
        found.aicc = found.deviance + penalty;
        let k = found.point.len();
        if k == 0 || !found.deviance.is_finite() {
            return;
        }
        std::mem::swap(&mut self.base, &mut self.trial);
        let mut damping = 1e-2;
        let mut moved = found.point.clone();
        for step in 1..=MAX_STEPS {
            self.linearise(found);
            let before = found.deviance;
            for _ in 0..6 {
                if self.damped.solve(&self.a, &self.g, damping) {
                    for ((to, from), by) in moved.iter_mut().zip(&found.point).zip(&self.damped.step) {
                        *to = from + by.clamp(-1.0, 1.0);
                    }
                    let deviance = self.evaluate(shape, constant, &moved);
                    if deviance < found.deviance {
                        found.deviance = deviance;
                        std::mem::swap(&mut found.point, &mut moved);
                        std::mem::swap(&mut self.base, &mut self.trial);
                        damping = (damping * 0.1).max(1e-9);
                        break;
                    }
                }
                damping *= 8.0;
            }
            let gain = before - found.deviance;
            found.aicc = found.deviance + penalty;
            let hopeless = step > 1 && found.aicc - HOPELESS * gain > record;
            if gain <= least_gain || hopeless {
                break;
            }
        }
    }

    /// Normal equations at the point whose innovations stand in `base`.
    fn linearise(&mut self, found: &Candidate) {
        let k = found.point.len();
        self.slopes.resize_with(k.max(self.slopes.len()), Vec::new);
        let mut point = found.point.clone();
        for at in 0..k {
            // towards zero: there the process is further from the edge
            let step = if point[at] > 0.0 { -STEP } else { STEP };
            let here = point[at];
            point[at] = here + step;
            self.evaluate(found.shape, found.constant, &point);
            point[at] = here;
            for (slope, base) in self.trial.iter_mut().zip(&self.base) {
                *slope = (*slope - base) / step;
            }
            std::mem::swap(&mut self.slopes[at], &mut self.trial);
        }
        self.a.clear();
        self.a.resize(k * k, 0.0);
        self.g.clear();
        for i in 0..k {
            let dot = |other: &[f64]| self.slopes[i].iter().zip(other).map(|(a, b)| a * b).sum::<f64>();
            for j in 0..=i {
                self.a[i * k + j] = dot(&self.slopes[j]);
            }
            self.g.push(dot(&self.base));
        }
    }

    /// A process to start from: coordinates all 0, the rest by least squares in the first steps.
    fn blank(&self, orders: [usize; 4], constant: bool) -> Candidate {
        let shape = Shape { orders, season: self.season };
        let point = vec![0.0; shape.parameters() + usize::from(constant) + self.columns.len()];
        Candidate { shape, constant, point, deviance: f64::INFINITY, aicc: f64::INFINITY }
    }

    /// The same process with other orders: what both have is kept.
    fn neighbour(&self, from: &Candidate, orders: [usize; 4], constant: bool) -> Candidate {
        let mut next = self.blank(orders, constant);
        let (mut read, mut write) = (0, 0);
        for (had, has) in from.shape.orders.into_iter().zip(orders) {
            let both = had.min(has);
            next.point[write..write + both].copy_from_slice(&from.point[read..read + both]);
            read += had;
            write += has;
        }
        if from.constant && constant {
            next.point[write] = from.point[read];
        }
        let (read, write) = (read + usize::from(from.constant), write + usize::from(constant));
        next.point[write..].copy_from_slice(&from.point[read..]);
        next
    }

    /// Estimates the process of given orders.
    pub fn estimate(&mut self, orders: [usize; 4], constant: bool) -> Option<Candidate> {
        let start = self.started(orders, constant);
        let mut found = self.candidate(start, f64::INFINITY, RACE_GAIN)?;
        self.finish(&mut found);
        Some(found)
    }

    /// A blank process with a first guess: a moving average that undoes differences that went too far.
    fn started(&self, orders: [usize; 4], constant: bool) -> Candidate {
        let mut start = self.blank(orders, constant);
        let [p, q, seasonal_p, seasonal_q] = orders;
        for (has, at, guess) in [
            (p > 0, 0, 0.1),
            (q > 0, p, 0.3),
            (seasonal_p > 0, p + q, 0.1),
            (seasonal_q > 0, p + q + seasonal_p, 0.5),
        ] {
            if has {
                start.point[at] = guess;
            }
        }
        start
    }

    /// Last steps of the winner.
    pub fn finish(&mut self, found: &mut Candidate) {
        if let Some(penalty) = self.penalty(found.point.len()) {
            let mut better = found.clone();
            self.improve(&mut better, penalty, f64::INFINITY, LAST_GAIN);
            if better.factors().well_inside(1.0, 1.0) {
                *found = better;
            }
        }
    }

    /// The stepwise walk.
    pub fn walk(&mut self) -> Candidate {
        let constant = self.may_have_constant;
        let seasonal = usize::from(self.season > 1);
        let mut seen: Vec<([usize; 4], bool)> = Vec::new();
        let blank = self.blank([0; 4], constant);
        let mut best = match self.candidate(blank, f64::INFINITY, RACE_GAIN) {
            Some(found) => found,
            None => {
                // too short for any criterion: the level alone
                let mut level = self.blank([0; 4], constant);
                self.improve(&mut level, 0.0, f64::INFINITY, RACE_GAIN);
                return level;
            }
        };
        seen.push(([0; 4], constant));
        for orders in [[1, 0, seasonal, 0], [0, 1, 0, seasonal]] {
            seen.push((orders, constant));
            let start = self.started(orders, constant);
            self.challenge(start, &mut best);
        }
        let rich = [2, 2, seasonal, seasonal];
        seen.push((rich, constant));
        let start = self.neighbour(&best, rich, constant);
        self.challenge(start, &mut best);
        while seen.len() < MAX_CANDIDATES && self.advance(&mut seen, &mut best) {}
        self.finish(&mut best);
        best
    }

    /// Tries the neighbours of `best` that were not seen yet, until one is better.
    fn advance(&mut self, seen: &mut Vec<([usize; 4], bool)>, best: &mut Candidate) -> bool {
        const MOVES: [[isize; 4]; 16] = [
            [0, 0, -1, 0],
            [0, 0, 0, -1],
            [0, 0, 1, 0],
            [0, 0, 0, 1],
            [0, 0, -1, -1],
            [0, 0, -1, 1],
            [0, 0, 1, -1],
            [0, 0, 1, 1],
            [-1, 0, 0, 0],
            [0, -1, 0, 0],
            [1, 0, 0, 0],
            [0, 1, 0, 0],
            [-1, -1, 0, 0],
            [-1, 1, 0, 0],
            [1, -1, 0, 0],
            [1, 1, 0, 0],
        ];
        let moved = |from: usize, by: isize, highest: usize| {
            from.checked_add_signed(by).filter(|order| *order <= highest)
        };
        let toggled = (best.shape.orders, !best.constant);
        let mut tries: Vec<([usize; 4], bool)> = Vec::with_capacity(MOVES.len() + 1);
        for by in MOVES {
            let mut orders = [0; 4];
            let inside = (0..4).all(|at| {
                let order = moved(best.shape.orders[at], by[at], HIGHEST[at]);
                orders[at] = order.unwrap_or(0);
                order.is_some()
            });
            if inside && (self.season > 1 || by[2] == 0 && by[3] == 0) {
                tries.push((orders, best.constant));
            }
        }
        if self.may_have_constant {
            tries.push(toggled);
        }
        for (orders, constant) in tries {
            if seen.contains(&(orders, constant)) {
                continue;
            }
            seen.push((orders, constant));
            let start = self.neighbour(best, orders, constant);
            if self.challenge(start, best) {
                return true;
            }
        }
        false
    }

    fn challenge(&mut self, start: Candidate, best: &mut Candidate) -> bool {
        match self.candidate(start, best.aicc, RACE_GAIN) {
            Some(found) if found.aicc < best.aicc => {
                *best = found;
                true
            }
            _ => false,
        }
    }
}
