//! One step ahead, and how far off it was: a level and a season that odd values hardly move.
//!
//! Question answered: what was to be expected of each value from those before it, and by how many standard deviations was
//! that wrong. Input: a series, its season, a way to tell level shifts. Output: [`Step`]s. Counts of few pieces are
//! negative binomial about level × season. Other series are level + slope + season of the value itself, its root
//! or its logarithm, whichever makes the errors likeliest (Box & Cox's Jacobian, errors as Laplace's, which a tenth of odd
//! values does not bend). An error moves level and season by at most [`CLIP`] standard deviations; how
//! fast they follow is what foretells best. The first [`CYCLES`] cycles tell where level and season begin.
//!
//! Assumptions: one spread over time (in the chosen scale), one season. How it fails: a season of which there are no
//! two cycles is left out; the first cycles are judged by a begin that they themselves told.
//! References: Gelper, Fried & Croux, J. Forecasting 29 (2010) (robust smoothing); Box & Cox, JRSS B 26 (1964).

use super::{median, normal, shift::Sums};

/// Standard deviations of an error that count at most.
const CLIP: f64 = 2.5;

/// Cycles that tell the begin.
const CYCLES: usize = 8;

/// Shares of an error that the level follows by.
const FOLLOW: [f64; 6] = [0.02, 0.05, 0.1, 0.2, 0.4, 0.7];

/// Shares of it that the slope follows by.
const SLOPES: [f64; 2] = [0.0, 0.02];

/// A slope fades by this a step.
const DAMPED: f64 = 0.98;

/// Share of an error that its place in the season follows by.
const SEASON: f64 = 0.05;

/// Counts with a greater mean are not counted piece by piece.
const FEW: f64 = 25.0;

/// Largest errors that a choice does not look at.
const TRIMMED: f64 = 0.1;

/// Share of its level that a series moves by at least, or it stands still.
const STILL: f64 = 1e-7;

/// A season must be better by this.
const WORTH: f64 = 0.01;

/// One value against what was expected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    /// Expected, in the data's unit.
    pub expected: f64,
    /// Standard deviations above it; NaN where there is no value.
    pub score: f64,
    /// Where the run began that ended in a level shift here.
    pub shift: Option<usize>,
}

/// Scales that values are looked at in.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Scale {
    Plain,
    Root,
    /// Logarithm of the value and this.
    Log(f64),
}

impl Scale {
    fn of(self, value: f64) -> f64 {
        match self {
            Self::Plain => value,
            Self::Root => (value + 0.375).sqrt(),
            Self::Log(more) => (value + more).ln(),
        }
    }

    fn back(self, scaled: f64) -> f64 {
        match self {
            Self::Plain => scaled,
            Self::Root => scaled.max(0.0).powi(2) - 0.375,
            Self::Log(more) => scaled.min(700.0).exp() - more,
        }
    }

    /// Logarithm of the scale's slope at a value.
    fn steepness(self, value: f64) -> f64 {
        match self {
            Self::Plain => 0.0,
            Self::Root => -0.5 * (value + 0.375).ln() - std::f64::consts::LN_2,
            Self::Log(more) => -(value + more).ln(),
        }
    }
}

/// What a series is followed by.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ways {
    season: usize,
    level: f64,
    slope: f64,
    /// Errors' standard deviation, or the excess of counts.
    spread: f64,
}

/// Follows a series; `sums` tells shifts, after which the level begins anew.
pub(super) fn follow(values: &[f64], season: usize, sums: Sums) -> Vec<Step> {
    let known: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    if known.is_empty() {
        return values.iter().map(|_| Step { expected: f64::NAN, score: f64::NAN, shift: None }).collect();
    }
    let seasons: &[usize] = if season >= 2 && values.len() >= 2 * season { &[1, season] } else { &[1] };
    let mean = known.iter().sum::<f64>() / known.len() as f64;
    let few = mean < FEW && known.iter().all(|value| *value >= 0.0 && value.fract() == 0.0);
    if few { counts(values, seasons, sums) } else { amounts(values, &known, seasons, sums) }
}

fn amounts(values: &[f64], known: &[f64], seasons: &[usize], sums: Sums) -> Vec<Step> {
    let mut scales = vec![Scale::Plain];
    if known.iter().all(|value| *value >= 0.0) {
        let usual = median(known.iter().copied().filter(|value| *value > 0.0).collect());
        scales.push(Scale::Root);
        scales.push(Scale::Log(if usual > 0.0 { 0.01 * usual } else { 1.0 }));
    }
    let mut best: Option<(f64, Scale, Vec<f64>, Ways)> = None;
    for scale in scales {
        let scaled: Vec<f64> = values.iter().map(|value| scale.of(*value)).collect();
        let steep = known.iter().map(|value| scale.steepness(*value)).sum::<f64>() / known.len() as f64;
        for &season in seasons {
            let begin = Begin::of(&scaled, season);
            for (level, slope) in FOLLOW.into_iter().flat_map(|level| SLOPES.map(|slope| (level, slope))) {
                let ways = Ways { season, level, slope, spread: begin.spread };
                let errors = run(&scaled, &begin, ways, None);
                let mut size: Vec<f64> =
                    errors.iter().map(|it| it.1.abs()).filter(|it| it.is_finite()).collect();
                crate::order::floats(&mut size);
                let kept = size.len() - (size.len() as f64 * TRIMMED) as usize;
                let mean = size[..kept].iter().sum::<f64>() / kept as f64;
                let cost = mean.max(1e-12).ln() - steep + if season > 1 { WORTH } else { 0.0 };
                if best.as_ref().is_none_or(|best| cost < best.0) {
                    let spread = (1.4826 * median(size)).max(0.01 * STILL * (1.0 + begin.level.abs()));
                    best = Some((cost, scale, scaled.clone(), Ways { spread, ..ways }));
                }
            }
        }
    }
    // There is the plain scale at least.
    let Some((_, scale, scaled, ways)) = best else { return Vec::new() };
    let begin = Begin { spread: ways.spread, ..Begin::of(&scaled, ways.season) };
    // A series that hardly ever moves has no spread: whatever moves is far out, and what the level then moves by is not.
    let spread = begin.scale(ways.spread);
    let sums = sums.fitted(run(&scaled, &begin, ways, None).iter().map(|it| it.1 / spread));
    let steps = run(&scaled, &begin, ways, Some(sums)).into_iter();
    let far = |error: f64| (error / spread).clamp(-normal::FAR, normal::FAR);
    steps.map(|(mean, error, shift)| Step { expected: scale.back(mean), score: far(error), shift }).collect()
}

/// Where level and season begin.
#[derive(Debug, Clone, PartialEq)]
struct Begin {
    level: f64,
    season: Vec<f64>,
    spread: f64,
}

impl Begin {
    /// What an error is divided by.
    fn scale(&self, spread: f64) -> f64 {
        spread.max(STILL * (1.0 + self.level.abs()))
    }

    fn of(values: &[f64], season: usize) -> Self {
        let first = &values[..values.len().min((CYCLES * season).max(28))];
        let middle = |values: &[f64]| median(values.iter().copied().filter(|it| it.is_finite()).collect());
        let half = season.max(3) / 2;
        let rest: Vec<f64> = (0..first.len())
            .map(|t| first[t] - middle(&first[t.saturating_sub(half)..(t + half + 1).min(first.len())]))
            .collect();
        let mut effects = vec![0.0; season];
        if season > 1 {
            for (place, effect) in effects.iter_mut().enumerate() {
                *effect = middle(&rest.iter().copied().skip(place).step_by(season).collect::<Vec<_>>());
            }
        }
        let flat: Vec<f64> = first.iter().enumerate().map(|(t, value)| value - effects[t % season]).collect();
        let level = middle(&flat[..flat.len().min(season.max(14))]);
        let moved: Vec<f64> = flat.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
        let spread =
            (1.4826 / std::f64::consts::SQRT_2 * middle(&moved)).max(0.01 * STILL * (1.0 + level.abs()));
        Self { level, season: effects, spread }
    }
}

/// Expected, error and shift of every value.
fn run(values: &[f64], begin: &Begin, ways: Ways, mut sums: Option<Sums>) -> Vec<(f64, f64, Option<usize>)> {
    let Begin { mut level, mut season, .. } = begin.clone();
    let (mut slope, most, scale) = (0.0, CLIP * ways.spread, begin.scale(ways.spread));
    let mut steps = Vec::with_capacity(values.len());
    for (t, value) in values.iter().enumerate() {
        let place = t % season.len();
        let mean = level + slope + season[place];
        let error = value - mean;
        level += slope;
        slope *= DAMPED;
        let mut shift = None;
        if error.is_finite() {
            let moved = error.clamp(-most, most);
            level += ways.level * moved;
            slope += ways.slope * ways.level * moved;
            if season.len() > 1 {
                season[place] += SEASON * moved;
            }
            shift = sums.as_mut().and_then(|sums| sums.take(t, error / scale));
            if let Some(from) = shift {
                let run = (from..=t).filter(|at| values[*at].is_finite());
                level = median(run.map(|at| values[at] - season[at % season.len()]).collect());
                slope = 0.0;
            }
        }
        steps.push((mean, error, shift));
    }
    steps
}

fn counts(values: &[f64], seasons: &[usize], sums: Sums) -> Vec<Step> {
    let mut best: Option<(f64, Vec<f64>, Ways)> = None;
    for &season in seasons {
        let begin = begin_of_counts(values, season);
        for level in FOLLOW {
            let mut ways = Ways { season, level, slope: 0.0, spread: 0.3 };
            let mut cost = f64::MAX;
            for _ in 0..2 {
                let steps = run_of_counts(values, &begin, ways, None);
                (cost, ways.spread) = judged(values, &steps, ways.spread);
            }
            cost += if season > 1 { WORTH } else { 0.0 };
            if best.as_ref().is_none_or(|best| cost < best.0) {
                best = Some((cost, begin.clone(), ways));
            }
        }
    }
    let Some((_, begin, ways)) = best else { return Vec::new() };
    let before = run_of_counts(values, &begin, ways, None);
    let scores = values.iter().zip(&before);
    let scores =
        scores.map(|(value, step)| normal::of_count(*value, step.expected, ways.spread)).collect::<Vec<_>>();
    run_of_counts(values, &begin, ways, Some(sums.fitted(scores.into_iter())))
}

/// Levels by place in the season: the trimmed mean of the first cycles, drawn to that of all places.
fn begin_of_counts(values: &[f64], season: usize) -> Vec<f64> {
    let first = &values[..values.len().min((CYCLES * season).max(28))];
    let mean = |values: Vec<f64>| {
        let mut values: Vec<f64> = values.into_iter().filter(|it| it.is_finite()).collect();
        crate::order::floats(&mut values);
        let kept = &values[..values.len() - values.len() / 10];
        (kept.iter().sum::<f64>(), kept.len() as f64)
    };
    let (sum, count) = mean(first.to_vec());
    let all = (sum / count.max(1.0)).max(0.02);
    let of = |place: usize| {
        let (sum, count) = mean(first.iter().copied().skip(place).step_by(season).collect());
        ((sum + all) / (count + 1.0)).max(0.01)
    };
    (0..season).map(of).collect()
}

fn deviation(mean: f64, excess: f64) -> f64 {
    (mean + excess * mean * mean).sqrt()
}

fn run_of_counts(values: &[f64], begin: &[f64], ways: Ways, mut sums: Option<Sums>) -> Vec<Step> {
    let mut level = 1.0;
    let mut season = begin.to_vec();
    let floor = 0.005;
    let mut steps = Vec::with_capacity(values.len());
    for (t, value) in values.iter().enumerate() {
        let place = t % season.len();
        let mean = (level * season[place]).max(floor);
        let (mut score, mut shift) = (f64::NAN, None);
        if value.is_finite() {
            let most = CLIP * deviation(mean, ways.spread).max(0.4);
            let moved = (value - mean).clamp(-most, most);
            // By the share of all that this place stands for, so that rare places do not swing the level.
            let usual = season.iter().sum::<f64>() / season.len() as f64;
            level = (level + ways.level * moved / season[place].max(usual)).max(0.01);
            if season.len() > 1 {
                season[place] = (season[place] + SEASON * moved / level).max(floor);
            }
            if sums.is_some() {
                score = normal::of_count(*value, mean, ways.spread);
            }
            shift = sums.as_mut().and_then(|sums| sums.take(t, score));
            if let Some(from) = shift {
                let run: Vec<usize> = (from..=t).filter(|at| values[*at].is_finite()).collect();
                let sold: f64 = run.iter().map(|at| values[*at]).sum();
                let usual: f64 = run.iter().map(|at| season[at % season.len()]).sum();
                level = (sold / usual).max(0.01);
            }
        }
        steps.push(Step { expected: mean, score, shift });
    }
    steps
}

/// How unlikely (Poisson's deviance, odd values drawn in), and the excess of the variance over the mean by mean².
fn judged(values: &[f64], steps: &[Step], excess: f64) -> (f64, f64) {
    let (mut cost, mut count, mut over, mut squares) = (0.0, 0.0, 0.0, 0.0);
    for (value, step) in values.iter().zip(steps).filter(|(value, _)| value.is_finite()) {
        let mean = step.expected;
        let most = 1.4 * CLIP * deviation(mean, excess).max(0.4);
        let error = (value - mean).clamp(-most, most);
        cost += mean - (mean + error).max(0.0) * mean.ln();
        over += error * error - mean;
        squares += mean * mean;
        count += 1.0;
    }
    (cost / f64::max(count, 1.0), (over / f64::max(squares, 1e-9)).clamp(0.0, 5.0))
}
