//! Spikes, drops and level shifts of series, with a false-alarm rate that is kept.
//!
//! Question answered: which values of these series were not like the others, and what should they have been. Input:
//! regular series in any unit (NaN where a value is missing), steps per season, false alarms a value. Output: one
//! [`Point`] a value, in order. Each value is foretold one step ahead by a level and a season that odd values
//! hardly move ([`filter`](super::filter)); how surprising it is under that model is then calibrated on all the series
//! together ([`tail`](super::tail)), so that the rate holds for families that no model here is of; runs that are each too
//! small to be seen add up in sums ([`shift`](super::shift)), which take [`SHIFTS`] of the rate.
//!
//! Assumptions: few values are odd; steps are as good as independent given the level. How it fails: with less than
//! [`FEWEST`] values nothing is said; of counts near zero a single value cannot be a drop (a run of them is a shift); a
//! feast that nobody entered is a spike.

use super::{filter, normal, shift::Sums, tail::Tails};

/// Values below which a series tells nothing.
pub const FEWEST: usize = 28;

/// Share of the false alarms that are shifts.
const SHIFTS: f64 = 0.2;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Steps per season; 1 means none.
    pub season: usize,
    /// False alarms a value, more than 0 and below a tenth.
    pub rate: f64,
}

/// What an unusual value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alarm {
    /// Above the expected.
    Spike,
    /// Below it.
    Drop,
    /// Higher since the value at this position.
    Up(usize),
    /// Lower since then.
    Down(usize),
}

impl Alarm {
    /// One word for files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Spike => "spike",
            Self::Drop => "drop",
            Self::Up(_) => "level_up",
            Self::Down(_) => "level_down",
        }
    }
}

/// One value against what was usual.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Foretold from the values before; NaN where too little is known.
    pub expected: f64,
    /// Calibrated standard deviations: negative below the expected.
    pub score: f64,
    /// Share of ordinary values that are as far out, either way.
    pub p_value: f64,
    /// What it is, if anything.
    pub alarm: Option<Alarm>,
}

impl Point {
    const NOTHING: Self = Self { expected: f64::NAN, score: f64::NAN, p_value: f64::NAN, alarm: None };
}

/// What a series by itself says of its values; nothing where there are too few.
#[derive(Debug, Clone, PartialEq)]
pub struct Followed {
    length: usize,
    steps: Vec<filter::Step>,
}

/// Follows one series: the long part of [`watch`].
pub fn follow(values: &[f64], options: Options) -> Followed {
    let known = values.iter().filter(|value| value.is_finite()).count();
    let sums = Sums::new(SHIFTS * options.rate);
    let steps = if known < FEWEST { Vec::new() } else { filter::follow(values, options.season.max(1), sums) };
    Followed { length: values.len(), steps }
}

/// Judges series together: the more, the better rare is told from rarer.
pub fn judge(followed: &[Followed], options: Options) -> Vec<Vec<Point>> {
    let surprise = |step: &filter::Step| -normal::two_sided(step.score).ln();
    let surprises: Vec<Vec<f64>> =
        followed.iter().map(|it| it.steps.iter().map(surprise).collect()).collect();
    let tails = Tails::learn(&surprises);
    let point = |series: usize, step: &filter::Step| {
        let surprise = surprise(step);
        if surprise.is_nan() {
            return Point { expected: step.expected, ..Point::NOTHING };
        }
        // Lumps of small counts bend a tail; a value is never rarer than its own model says.
        let p_value = tails.chance(series, surprise).max((-surprise).exp());
        let above = step.score > 0.0;
        let alarm = match (step.shift, p_value <= (1.0 - SHIFTS) * options.rate) {
            (Some(from), _) if above => Some(Alarm::Up(from)),
            (Some(from), _) => Some(Alarm::Down(from)),
            (None, true) if above => Some(Alarm::Spike),
            (None, true) => Some(Alarm::Drop),
            (None, false) => None,
        };
        let score = normal::quantile(p_value / 2.0).copysign(step.score);
        Point { expected: step.expected, score, p_value, alarm }
    };
    let judged = |(series, it): (usize, &Followed)| match it.steps.is_empty() {
        true => vec![Point::NOTHING; it.length],
        false => it.steps.iter().map(|step| point(series, step)).collect(),
    };
    followed.iter().enumerate().map(judged).collect()
}

/// Both, for all series.
pub fn watch(series: &[Vec<f64>], options: Options) -> Vec<Vec<Point>> {
    let followed: Vec<Followed> = series.iter().map(|values| follow(values, options)).collect();
    judge(&followed, options)
}
