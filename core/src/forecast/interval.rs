//! Bands from the model's own record: what it would have missed by, from many origins inside the history.
//!
//! Question answered: between which ends will the value h steps ahead lie with a given probability. Input: a replay of
//! the model over history that its parameters did not see (or, when there is too little, that they did: then widened
//! for the estimated figures), the means of the future. Output: one band per level, nested, each holding the mean.
//!
//! Method: split conformal prediction on the signed errors. Every error is divided by its expected size, a power of
//! the step times a factor of the season's position (a closing day is surer than a Saturday) times the square root of
//! the level before the origin, so that errors of all steps and days speak about one distribution; its quantiles,
//! widened for a small number of independent errors as Student's t is against the normal, are scaled back; so is each
//! step's size for what its own few errors do not show ([`DRIFT`]), far steps having fewest. Few errors lean on the normal's shape.
//!
//! Assumptions: errors of the past and the future are exchangeable once scaled. How it fails: a break in the series
//! makes the bands too narrow after it; a constant history has bands of no width.
//!
//! References: Vovk, Gammerman & Shafer, "Algorithmic learning in a random world" (2005), ch. 2; Stankevičiūtė, Alaa &
//! van der Schaar, NeurIPS 34 (2021) (multi-step); Hill, CACM 13 (1970) (Student's t from the normal).

use super::{Errors, path::Templates};

/// A central prediction interval for each step.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Band {
    /// Coverage in percent.
    pub level: f64,
    /// Lower end of each step.
    pub lo: Vec<f64>,
    /// Upper end of each step.
    pub hi: Vec<f64>,
}

/// What past errors say about the future's.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Expected size of an error by step, as far as errors were seen.
    by_step: Vec<f64>,
    /// Expected size of an error one step ahead.
    size: f64,
    /// The size grows as step^growth.
    growth: f64,
    /// Factor of each season position, at (values known) mod season for the first step.
    position: Vec<f64>,
    /// Values known, which fixes the first step's position.
    length: usize,
    /// Factor of each origin, by what was sold before it; the first one's index is `first_origin`.
    volume: Vec<f64>,
    first_origin: usize,
    /// Errors over their expected size, ascending.
    scaled: Vec<f64>,
    /// Errors that count as independent.
    independent: f64,
    /// Factor of each step for what its few independent errors do not show.
    doubt: Vec<f64>,
}

/// Pseudo-errors that pull a season position's factor to 1.
const POSITION_PRIOR: f64 = 8.0;

/// Errors of neighbouring origins share a level, a trend and parameters that will be others by the time of the
/// forecast. A few origins hardly show that: their errors' variance is raised as if the mean of so many of them were
/// in doubt. Set on held-out ends of training parts.
const DRIFT: f64 = 5.0;

/// Most that doubt adds to a variance, in variances: one error alone is no measure of how wrong it is.
const MOST_DOUBT: f64 = 1.5;

/// Errors that grow with the step share a drift, so that windows which overlap say the same: fully so from a growth of
/// one over this. Errors that do not grow say something new each time. Set with [`DRIFT`].
const OVERLAP: f64 = 6.0;

/// Growth of the error with the step: from none to a little more than a sum of errors that all agree.
const GROWTH: (f64, f64) = (0.0, 1.2);

impl Calibration {
    /// Learns from errors inside the history; `None` without any.
    pub fn learn(errors: &Errors, values: &[f64], season: usize) -> Option<Self> {
        let volume = volumes(values, errors.first_origin(), season);
        let mut by_step: Vec<(f64, f64)> = Vec::new();
        for ((_, row), volume) in errors.rows().zip(&volume) {
            by_step.resize(by_step.len().max(row.len()), (0.0, 0.0));
            for ((square, count), e) in by_step.iter_mut().zip(row) {
                *square += (e / volume).powi(2);
                *count += 1.0;
            }
        }
        if by_step.is_empty() {
            return None;
        }
        let (size, growth) = power_law(&by_step);
        let mut calibration = Self {
            by_step: (1..=by_step.len()).map(|h| size * (h as f64).powf(growth)).collect(),
            size,
            growth,
            position: vec![1.0; season.max(1)],
            length: errors.length(),
            volume,
            first_origin: errors.first_origin(),
            scaled: Vec::new(),
            independent: independent(&by_step, growth),
            doubt: doubt(&by_step, growth),
        };
        if size > 0.0 {
            calibration.learn_positions(errors);
            calibration.scaled = calibration.scale(errors);
            crate::order::floats(&mut calibration.scaled);
        }
        Some(calibration)
    }

    fn expected(&self, origin: usize, h: usize) -> f64 {
        let by_step = self.by_step.get(h).copied();
        let by_step = by_step.unwrap_or_else(|| self.size * ((h + 1) as f64).powf(self.growth));
        by_step * self.position[(origin + h) % self.position.len()] * self.volume[origin - self.first_origin]
    }

    fn learn_positions(&mut self, errors: &Errors) {
        let season = self.position.len();
        if season == 1 {
            return;
        }
        let mut sums = vec![(0.0, 0.0); season];
        for (origin, row) in errors.rows() {
            // one season of steps holds each position once: further ones repeat the same values
            for (h, e) in row.iter().enumerate().take(season) {
                let (square, count) = &mut sums[(origin + h) % season];
                *square += (e / self.expected(origin, h)).powi(2);
                *count += 1.0;
            }
        }
        // each value was met from up to `season` origins: they count as one
        for (factor, (square, count)) in self.position.iter_mut().zip(sums) {
            let seen = count / season as f64;
            let mean_square = if count > 0.0 { square / count } else { 1.0 };
            *factor = ((mean_square * seen + POSITION_PRIOR) / (seen + POSITION_PRIOR)).sqrt();
        }
    }

    /// Errors over their expected size, in the order of origins and steps.
    fn scale(&self, errors: &Errors) -> Vec<f64> {
        let rows = errors.rows();
        rows.flat_map(|(origin, row)| row.iter().enumerate().map(move |(h, e)| e / self.expected(origin, h)))
            .collect()
    }

    /// How steps were wrong together.
    pub(super) fn templates(&self, errors: &Errors) -> Templates {
        let scaled = |(origin, row): (usize, &[f64])| {
            let sized = |(h, e): (usize, &f64)| e / self.expected(origin, h).max(f64::MIN_POSITIVE);
            row.iter().enumerate().map(sized).collect()
        };
        Templates { rows: errors.rows().map(scaled).collect(), shared: DRIFT / self.independent }
    }

    /// Expected size of the error `step` steps (from 0) after the history.
    pub(super) fn size_at(&self, step: usize) -> f64 {
        self.expected(self.length, step) * self.doubt_at(step)
    }

    /// Steps further than any that was seen are doubted as the last one is.
    fn doubt_at(&self, step: usize) -> f64 {
        self.doubt.get(step).or(self.doubt.last()).copied().unwrap_or(1.0)
    }

    /// Scaled error that the next one stays below with probability `p`; 0 when nothing was ever missed.
    pub(super) fn quantile(&self, p: f64) -> f64 {
        if self.scaled.is_empty() {
            return 0.0;
        }
        let tail = p.min(1.0 - p);
        let normal = normal_quantile(p);
        let factor = student_factor(normal, self.independent);
        // how many independent errors lie beyond the end: few say little about its place
        let beyond = self.independent * tail;
        let trust = beyond / (beyond + 0.5);
        factor * (trust * quantile(&self.scaled, p) + (1.0 - trust) * normal)
    }

    /// Scaled error that is exceeded downwards with probability `tail` (lower end) or upwards (upper end).
    fn ends(&self, tail: f64) -> (f64, f64) {
        (self.quantile(tail).min(0.0), self.quantile(1.0 - tail).max(0.0))
    }

    /// Both ends for a level in percent.
    fn level_ends(&self, level: f64) -> (f64, f64) {
        self.ends((1.0 - level / 100.0) / 2.0)
    }

    /// The bands around `mean`, one per level in the order given.
    pub fn bands(&self, mean: &[f64], levels: &[f64]) -> Vec<Band> {
        let mut bands: Vec<Band> = Vec::with_capacity(levels.len());
        let mut widest = (0.0f64, 0.0f64);
        for &level in levels {
            let ends = self.level_ends(level);
            widest = (widest.0.min(ends.0), widest.1.max(ends.1));
            let sized = |end: f64| {
                let steps = mean.iter().enumerate();
                steps.map(|(h, m)| m + end * self.size_at(h)).collect()
            };
            bands.push(Band { level, lo: sized(widest.0), hi: sized(widest.1) });
        }
        bands
    }
}

/// Steps whose mean is the level that errors are compared by, a season where that is longer.
const VOLUME_STEPS: usize = 28;

/// Share of the mean that is added to every level: a quiet month is no proof of silence.
const VOLUME_FLOOR: f64 = 0.2;

/// How the size of errors follows the level, by origin up to the end of `values`: with its square root, as counts do.
/// Errors of histories with values below zero have one size.
fn volumes(values: &[f64], first_origin: usize, season: usize) -> Vec<f64> {
    let origins = values.len() + 1 - first_origin;
    let floor = VOLUME_FLOOR * values.iter().sum::<f64>() / values.len().max(1) as f64;
    if floor <= 0.0 || values.iter().any(|v| *v < 0.0) {
        return vec![1.0; origins];
    }
    let steps = season.max(VOLUME_STEPS);
    (first_origin..=values.len())
        .map(|origin| {
            let recent = &values[origin.saturating_sub(steps)..origin];
            (floor + recent.iter().sum::<f64>() / recent.len().max(1) as f64).sqrt()
        })
        .collect()
}

/// Share of the errors of the later half of origins that lay within bands learnt from the earlier half, per level.
/// Empty with fewer than ten origins in a half.
pub fn measured_coverage(errors: &Errors, values: &[f64], season: usize, levels: &[f64]) -> Vec<f64> {
    let middle = (errors.first_origin() + errors.length()) / 2;
    if middle - errors.first_origin() < 10 {
        return Vec::new();
    }
    // all values only place the later origins' levels: the errors are those that were known by the middle
    let known = errors.until(middle);
    let Some(earlier) = Calibration::learn(&known, values, season) else { return Vec::new() };
    let ends: Vec<(f64, f64)> = levels.iter().map(|level| earlier.level_ends(*level)).collect();
    let mut inside = vec![0usize; levels.len()];
    let mut count = 0usize;
    for (origin, row) in errors.rows().filter(|(origin, _)| *origin >= middle) {
        for (h, &e) in row.iter().enumerate() {
            let size = earlier.expected(origin, h) * earlier.doubt_at(h);
            count += 1;
            for (inside, (lo, hi)) in inside.iter_mut().zip(&ends) {
                *inside += usize::from((lo * size..=hi * size).contains(&e));
            }
        }
    }
    inside.into_iter().map(|n| n as f64 / count as f64).collect()
}

/// Size and growth of errors from (Σe², count) per step: a line through the logarithms, weighted by count.
fn power_law(by_step: &[(f64, f64)]) -> (f64, f64) {
    let (mut squares, mut total) = (0.0, 0.0);
    for (square, count) in by_step {
        squares += square;
        total += count;
    }
    if squares <= 0.0 || total == 0.0 {
        return (0.0, 0.0);
    }
    let (mut w, mut x, mut y, mut xx, mut xy) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (h, (square, count)) in by_step.iter().enumerate().filter(|(_, s)| s.0 > 0.0) {
        let (log_step, log_size) = (((h + 1) as f64).ln(), 0.5 * (square / count).ln());
        w += count;
        x += count * log_step;
        y += count * log_size;
        xx += count * log_step * log_step;
        xy += count * log_step * log_size;
    }
    let spread = xx - x * x / w;
    let growth = if spread > 1e-12 { (xy - x * y / w) / spread } else { 0.5 };
    let growth = growth.clamp(GROWTH.0, GROWTH.1);
    // the size is then the one that fits the mean square over all steps
    let unit: f64 = by_step.iter().enumerate().map(|(h, s)| s.1 * ((h + 1) as f64).powf(2.0 * growth)).sum();
    ((squares / unit).sqrt(), growth)
}

/// How many independent errors the overlapping ones are worth, on average over steps. Errors of a random walk h steps
/// ahead share all but one step with their neighbour's (count / h remain), errors that do not grow share nothing.
fn independent(by_step: &[(f64, f64)], growth: f64) -> f64 {
    let overlap = (2.0 * growth).min(1.0);
    let (mut worth, mut total) = (0.0, 0.0);
    for (h, (_, count)) in by_step.iter().enumerate() {
        worth += count * count / ((h + 1) as f64).powf(overlap);
        total += count;
    }
    worth / total
}

/// What each step's size is multiplied by: far steps were seen from fewer origins, and those overlap more.
fn doubt(by_step: &[(f64, f64)], growth: f64) -> Vec<f64> {
    let overlap = (OVERLAP * growth).min(1.0);
    let of_step = |(h, (_, count)): (usize, &(f64, f64))| {
        let seen = count / ((h + 1) as f64).powf(overlap);
        (1.0 + (DRIFT / seen).min(MOST_DOUBT)).sqrt()
    };
    by_step.iter().enumerate().map(of_step).collect()
}

/// Linear between order statistics, at (n + 1)·p: the conformal index where it exists, else the extreme value.
fn quantile(ascending: &[f64], p: f64) -> f64 {
    at_place(ascending, (ascending.len() as f64 + 1.0) * p - 1.0)
}

/// Linear between the middles of equally likely slices, at n·p − ½; 0 of nothing.
pub(super) fn quantile_at(ascending: &[f64], p: f64) -> f64 {
    at_place(ascending, ascending.len() as f64 * p - 0.5)
}

fn at_place(ascending: &[f64], place: f64) -> f64 {
    let n = ascending.len();
    if n == 0 {
        return 0.0;
    }
    let place = place.clamp(0.0, n as f64 - 1.0);
    let below = place.floor() as usize;
    let above = (below + 1).min(n - 1);
    ascending[below] + (ascending[above] - ascending[below]) * (place - below as f64)
}

/// Newton's method on the normal distribution's series around 0.
pub fn normal_quantile(p: f64) -> f64 {
    let mut x = 0.0f64;
    for _ in 0..60 {
        let density = (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt();
        let (mut term, mut sum, mut k) = (x, x, 1.0);
        while term.abs() > 1e-17 * sum.abs() {
            k += 2.0;
            term *= x * x / k;
            sum += term;
        }
        let step = ((0.5 + density * sum - p) / density).clamp(-1.0, 1.0);
        x = (x - step).clamp(-6.0, 6.0);
        if step.abs() < 1e-13 {
            break;
        }
    }
    x
}

/// Student's t with `freedom` degrees over the normal quantile (Cornish–Fisher to the second order).
fn student_factor(z: f64, freedom: f64) -> f64 {
    let v = freedom.max(2.0);
    let z2 = z * z;
    1.0 + (z2 + 1.0) / (4.0 * v) + (5.0 * z2 * z2 + 16.0 * z2 + 3.0) / (96.0 * v * v)
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn normal_quantiles_match_the_table() {
        for (p, z) in [(0.5, 0.0), (0.9, 1.2815515655), (0.975, 1.9599639845), (0.999, 3.0902323062)] {
            assert!((normal_quantile(p) - z).abs() < 1e-9, "{p}");
            assert!((normal_quantile(1.0 - p) + z).abs() < 1e-9, "{p}");
        }
    }

    #[test]
    fn student_quantiles_match_the_table() {
        // t(.975): 2.228 for 10 degrees, 2.042 for 30
        assert!((1.959964 * student_factor(1.959964, 10.0) - 2.228).abs() < 5e-3);
        assert!((1.959964 * student_factor(1.959964, 30.0) - 2.042).abs() < 1e-3);
    }

    #[test]
    fn power_law_recovers_a_random_walk() {
        let by_step: Vec<(f64, f64)> = (1..=10).map(|h| (9.0 * f64::from(h) * 50.0, 50.0)).collect();
        let (size, growth) = power_law(&by_step);
        assert!((size - 3.0).abs() < 1e-9 && (growth - 0.5).abs() < 1e-9);
    }

    #[test]
    fn doubt_by_hand() {
        // a random walk: 20 origins say as much of step 4 as 5 that do not overlap; one says little, but not nothing
        let seen = [(1.0, 20.0), (1.0, 20.0), (1.0, 20.0), (1.0, 20.0), (1.0, 1.0)];
        let walk = doubt(&seen, 0.5);
        for (step, variance) in [(0, 1.25), (1, 1.5), (3, 2.0), (4, 2.5)] {
            assert!((walk[step] * walk[step] - variance).abs() < 1e-12, "{step}");
        }
        // errors that do not grow with the step do not overlap
        assert!(doubt(&seen, 0.0)[..4].iter().all(|it| (it * it - 1.25).abs() < 1e-12));
    }

    #[test]
    fn quantile_sits_at_the_conformal_index() {
        let ascending: Vec<f64> = (1..=19).map(f64::from).collect();
        assert_eq!(quantile(&ascending, 0.95), 19.0);
        assert_eq!(quantile(&ascending, 0.5), 10.0);
        assert_eq!(quantile(&[2.0], 0.1), 2.0);
    }
}
