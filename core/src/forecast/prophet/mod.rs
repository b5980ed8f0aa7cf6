//! Piecewise trend, Fourier seasons and regressors, added up and fitted by maximum a posteriori: Prophet's model.
//!
//! Question answered: which bent line, which fixed seasons and which effects of known columns (holidays, promotions)
//! does a history show, and where do they lead. Input: a regular history in any unit, the steps per season, columns in
//! any units; a season of 7 is taken for days, which get a year as well once there are two. Output: means in the
//! history's unit. Priors as Taylor and Letham set them: a Laplace prior holds most bends at 0, wide normal ones hold
//! the rest; a half-normal one the noise.
//!
//! Assumptions: seasons do not change, noise is normal and without memory; the last slope goes on. A season longer
//! than half the history is left out. How it fails: fewer than [`MIN_VALUES`] values; a regressor without its future.
//! The Laplace prior's corner is rounded at [`CORNER`], so each step is a ridge regression (majorise, minimise).
//!
//! References: Taylor & Letham, American Statistician 72 (2018), 3.1 to 3.3; Hunter & Li, Annals of Statistics 33
//! (2005) (each step lowers the objective); Plackett, Biometrika 37 (1950) (one more value at a time, for replays).

use super::least_squares::Damped;
use super::{FitError, Fitted, Model, Regressor, Replay, check_regressors};

/// Fewest values that a line goes through.
pub const MIN_VALUES: usize = 2;

/// Bends there may be, and the share of the history that they lie in.
const BENDS: usize = 25;
const BENT_SHARE: f64 = 0.8;

/// Scale of the Laplace prior of bends, and of the normal priors of line, seasons and columns; all in units of the
/// largest value, and of the whole history's length.
const BEND_SCALE: f64 = 0.05;
const LINE_SCALE: f64 = 5.0;
const EFFECT_SCALE: f64 = 10.0;

/// A bend much smaller than this is none.
const CORNER: f64 = 1e-5;

/// Waves in a week, and at most in any other season.
const WEEK_WAVES: usize = 3;
const WAVES: usize = 10;

/// Days in a week and in a year.
const WEEK: usize = 7;
const YEAR_DAYS: f64 = 365.25;

/// Most steps, the gain that ends them, and the least variance of the noise (rounding alone).
const MAX_STEPS: usize = 100;
const LEAST_GAIN: f64 = 1e-6;
const LEAST_VARIANCE: f64 = 1e-14;

/// How the level may move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Growth {
    /// A bent line.
    Linear,
    /// Not at all.
    Flat,
}

/// What stands beside each value: 1, time, bends, waves, columns.
#[derive(Debug, Clone)]
struct Design {
    length: f64,
    growth: Growth,
    bends: Vec<f64>,
    /// Steps per season and waves in it.
    seasons: Vec<(f64, usize)>,
    /// Columns with their centre and spread.
    columns: Vec<(Regressor, f64, f64)>,
}

impl Design {
    fn new(values: &[f64], season: usize, regressors: &[Regressor], growth: Growth) -> Self {
        let n = values.len();
        let bent = (n as f64 * BENT_SHARE) as usize;
        let count = if growth == Growth::Linear { BENDS.min(bent.saturating_sub(1)) } else { 0 };
        let length = (n as f64 - 1.0).max(1.0);
        let bends =
            (1..=count).map(|j| (j as f64 * bent as f64 / (count as f64 + 1.0)).round() / length).collect();
        let mut seasons = Vec::new();
        if season > 1 && n >= 2 * season {
            let most = if season == WEEK { WEEK_WAVES } else { WAVES };
            seasons.push((season as f64, most.min(season / 2)));
        }
        if season == WEEK && n as f64 >= 2.0 * YEAR_DAYS - 1.0 {
            seasons.push((YEAR_DAYS, WAVES));
        }
        let columns = regressors.iter().filter_map(|column| {
            let known = &column.values[..n];
            let mean = known.iter().sum::<f64>() / n as f64;
            let spread = (known.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n as f64).sqrt();
            let size = known.iter().fold(0.0_f64, |a, v| a.max(v.abs()));
            (spread > 1e-9 * size).then(|| (column.clone(), mean, spread))
        });
        Self { length, growth, bends, seasons, columns: columns.collect() }
    }

    fn width(&self) -> usize {
        let waves = self.seasons.iter().map(|(steps, waves)| waves_wide(*steps, *waves)).sum::<usize>();
        let line = if self.growth == Growth::Linear { 2 } else { 1 };
        line + self.bends.len() + waves + self.columns.len()
    }

    /// Where the bends stand among the columns.
    fn bent(&self) -> std::ops::Range<usize> {
        let line = if self.growth == Growth::Linear { 2 } else { 1 };
        line..line + self.bends.len()
    }

    fn row(&self, t: usize, out: &mut Vec<f64>) {
        let time = t as f64 / self.length;
        out.clear();
        out.push(1.0);
        if self.growth == Growth::Linear {
            out.push(time);
        }
        out.extend(self.bends.iter().map(|bend| (time - bend).max(0.0)));
        for &(steps, waves) in &self.seasons {
            for wave in 1..=waves {
                let angle = std::f64::consts::TAU * wave as f64 * t as f64 / steps;
                out.push(angle.cos());
                // the fastest wave of an even season has its sine at 0 everywhere
                if 2.0 * wave as f64 != steps {
                    out.push(angle.sin());
                }
            }
        }
        // beyond a column's end its last value stands in, which only a replay over more values can meet
        for (column, centre, spread) in &self.columns {
            out.push((column.values[t.min(column.values.len() - 1)] - centre) / spread);
        }
    }
}

fn waves_wide(steps: f64, waves: usize) -> usize {
    2 * waves - usize::from(2.0 * waves as f64 == steps)
}

/// A fitted curve.
#[derive(Debug, Clone)]
pub struct FittedProphet {
    design: Design,
    /// Largest absolute value of the history: the unit of everything below.
    unit: f64,
    weights: Vec<f64>,
    /// Of the noise.
    variance: f64,
    /// Of the normal priors that touch the priors at the estimate.
    precisions: Vec<f64>,
    length: usize,
}

impl FittedProphet {
    /// Standard deviation of the noise in the history's unit.
    pub fn noise(&self) -> f64 {
        self.variance.sqrt() * self.unit
    }

    /// Regressors that were used, with what one unit of each adds.
    pub fn slopes(&self) -> impl Iterator<Item = (&str, f64)> {
        let first = self.weights.len() - self.design.columns.len();
        let columns = self.design.columns.iter().zip(&self.weights[first..]);
        columns.map(|((column, _, spread), weight)| (column.name.as_str(), weight * self.unit / spread))
    }

    /// The trend at step `t`, 0 being the first value, with every column at its mean.
    pub fn trend(&self, t: usize) -> f64 {
        let mut row = Vec::new();
        self.design.row(t, &mut row);
        row[..self.design.bent().end].iter().zip(&self.weights).map(|(x, w)| x * w).sum::<f64>() * self.unit
    }
}

/// Fits a bent line with seasons and columns. `season` 1 means none.
pub fn fit(
    values: &[f64],
    season: usize,
    regressors: &[Regressor],
    horizon: usize,
) -> Result<FittedProphet, FitError> {
    fit_growth(values, season, regressors, horizon, Growth::Linear)
}

/// The same with the growth given.
pub fn fit_growth(
    values: &[f64],
    season: usize,
    regressors: &[Regressor],
    horizon: usize,
    growth: Growth,
) -> Result<FittedProphet, FitError> {
    if values.len() < MIN_VALUES {
        return Err(FitError::TooShort { have: values.len(), need: MIN_VALUES, what: "a bent line" });
    }
    check_regressors(regressors, values.len(), horizon)?;
    let design = Design::new(values, season, regressors, growth);
    let unit = values.iter().fold(0.0_f64, |a, v| a.max(v.abs()));
    let unit = if unit > 0.0 { unit } else { 1.0 };
    let scaled: Vec<f64> = values.iter().map(|v| v / unit).collect();
    let mut posterior = Posterior::new(&design, &scaled);
    posterior.maximise();
    let Posterior { weights, variance, precisions, .. } = posterior;
    Ok(FittedProphet { design, unit, weights, variance, precisions, length: values.len() })
}

/// The log posterior by its sufficient figures.
struct Posterior {
    bent: std::ops::Range<usize>,
    line: usize,
    n: f64,
    /// Lower triangle of XᵀX, and Xᵀy and yᵀy.
    squares: Vec<f64>,
    along: Vec<f64>,
    power: f64,
    weights: Vec<f64>,
    variance: f64,
    precisions: Vec<f64>,
}

impl Posterior {
    fn new(design: &Design, scaled: &[f64]) -> Self {
        let (p, bent) = (design.width(), design.bent());
        let (mut squares, mut along, mut row) = (vec![0.0; p * p], vec![0.0; p], Vec::new());
        for (t, y) in scaled.iter().enumerate() {
            design.row(t, &mut row);
            for (i, x) in row.iter().enumerate() {
                along[i] += x * y;
                if *x != 0.0 {
                    squares[i * p..=i * p + i].iter_mut().zip(&row).for_each(|(s, other)| *s += x * other);
                }
            }
        }
        let (n, line) = (scaled.len() as f64, bent.start);
        let power: f64 = scaled.iter().map(|y| y * y).sum();
        let (weights, variance) = (vec![0.0; p], (power / n).max(LEAST_VARIANCE));
        Self { bent, line, n, squares, along, power, weights, variance, precisions: vec![0.0; p] }
    }

    /// Sum of squares that weights leave.
    fn left(&self, weights: &[f64]) -> f64 {
        let p = weights.len();
        let mut sum = self.power;
        for (i, w) in weights.iter().enumerate() {
            let cross: f64 = self.squares[i * p..i * p + i].iter().zip(weights).map(|(s, o)| s * o).sum();
            sum += w * (2.0 * cross + w * self.squares[i * p + i] - 2.0 * self.along[i]);
        }
        sum.max(0.0)
    }

    /// −log posterior, up to a constant. The noise's standard deviation has a half-normal prior of scale ½.
    fn objective(&self, weights: &[f64], variance: f64) -> f64 {
        let noise = 0.5 * self.n * variance.ln() + 2.0 * variance;
        let mut sum = noise + 0.5 * self.left(weights) / variance;
        for (i, w) in weights.iter().enumerate() {
            sum += if self.bent.contains(&i) {
                (w * w + CORNER * CORNER).sqrt() / BEND_SCALE
            } else {
                let scale = if i < self.line { LINE_SCALE } else { EFFECT_SCALE };
                0.5 * (w / scale).powi(2)
            };
        }
        sum
    }

    /// Precisions of the normal priors that touch the priors at these weights.
    fn touch(&mut self) {
        for (i, (precision, w)) in self.precisions.iter_mut().zip(&self.weights).enumerate() {
            *precision = if self.bent.contains(&i) {
                1.0 / (BEND_SCALE * (w * w + CORNER * CORNER).sqrt())
            } else {
                let scale = if i < self.line { LINE_SCALE } else { EFFECT_SCALE };
                1.0 / (scale * scale)
            };
        }
    }

    fn maximise(&mut self) {
        let (p, mut damped) = (self.weights.len(), Damped::default());
        self.weights[self.bent.clone()].fill(BEND_SCALE);
        let mut before = f64::INFINITY;
        let gradient: Vec<f64> = self.along.iter().map(|v| -v).collect();
        for _ in 0..MAX_STEPS {
            self.touch();
            let mut a = self.squares.clone();
            (0..p).for_each(|i| a[i * p + i] += self.variance * self.precisions[i]);
            // columns that repeat each other need a little help when there is no noise
            let solved = [0.0, 1e-12, 1e-9, 1e-6].into_iter().any(|help| damped.solve(&a, &gradient, help));
            if !solved {
                break;
            }
            self.weights.clone_from(&damped.step);
            // 4v² + nv − S = 0
            let left = self.left(&self.weights);
            let variance = 2.0 * left / (self.n + (self.n * self.n + 16.0 * left).sqrt());
            self.variance = variance.max(LEAST_VARIANCE);
            let now = self.objective(&self.weights, self.variance);
            if before - now <= LEAST_GAIN {
                break;
            }
            before = now;
        }
        self.touch();
    }
}

impl Fitted for FittedProphet {
    fn model(&self) -> Model {
        Model::Prophet
    }

    fn parameters(&self) -> usize {
        // bends that the prior holds at 0 are none
        let bent = self.design.bent();
        let straight = self.weights[bent.clone()].iter().filter(|w| w.abs() < 10.0 * CORNER).count();
        self.weights.len() - straight
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        let mut row = Vec::new();
        let mean = |t| {
            self.design.row(t, &mut row);
            row.iter().zip(&self.weights).map(|(x, w)| x * w).sum::<f64>() * self.unit
        };
        (self.length..self.length + horizon).map(mean).collect()
    }

    /// Scales of noise and priors are held; the curve is the one that they give with the values before each origin.
    fn replay(&self, values: &[f64], first_origin: usize, horizon: usize) -> Replay {
        let p = self.weights.len();
        let mut covariance = vec![0.0; p * p];
        (0..p).for_each(|i| covariance[i * p + i] = 1.0 / self.precisions[i]);
        let rows: Vec<Vec<f64>> = (0..values.len())
            .map(|t| {
                let mut row = Vec::with_capacity(p);
                self.design.row(t, &mut row);
                row
            })
            .collect();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let (mut weights, mut known, mut along) = (vec![0.0; p], 0, vec![0.0; p]);
        Replay::build(values.len(), first_origin, horizon, |origin, means| {
            while known < origin {
                let x = &rows[known];
                along.iter_mut().zip(covariance.chunks_exact(p)).for_each(|(a, row)| *a = dot(row, x));
                let spread = self.variance + dot(&along, x);
                let missed = values[known] / self.unit - dot(&weights, x);
                weights.iter_mut().zip(&along).for_each(|(w, a)| *w += a * missed / spread);
                for (row, a) in covariance.chunks_exact_mut(p).zip(&along) {
                    row.iter_mut().zip(&along).for_each(|(c, b)| *c -= a * b / spread);
                }
                known += 1;
            }
            for (mean, x) in means.iter_mut().zip(&rows[origin..]) {
                *mean = dot(&weights, x) * self.unit;
            }
        })
    }
}

#[cfg(test)]
mod tests;
