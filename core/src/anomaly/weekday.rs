//! Days that were not like others: robust z-scores against the same weekday of the weeks before.
//!
//! Question: was a day's figure out of the ordinary? Input: one value a day, of which negative ones count as 0.
//! Output: for a day, what was expected and a score. All of it happens on ln(1 + value), since a shop's days differ
//! by factors: half as much is as odd as twice as much, and a day without trade can stand out at all. Expected is the median of the
//! same weekday over the [`WEEKS`] weeks before; the scale is 1.4826 × the median absolute deviation of those weeks'
//! values from their own weekdays' medians (the factor makes it a standard deviation for normal values); the score
//! is (value − expected) ÷ scale, and a day is unusual from [`UNUSUAL`] on, either way. Medians bear up to half
//! the days being odd themselves. A weekday whose median is 0 is one on which the shop is closed: nothing sold
//! then is as expected, and such days say nothing about the scale.
//!
//! Assumption: weekdays differ, weeks hardly. How it fails: with fewer than [`WEEKS`] weeks before a day, or a
//! scale of 0, there is no score; a feast or a long trend shows as unusual.
//! Reference: Iglewicz & Hoaglin, "How to detect and handle outliers" (1993), ch. 3.

use super::median;

/// Weeks that say what is usual.
pub const WEEKS: usize = 8;

/// Score from which on a day is unusual.
pub const UNUSUAL: f64 = 4.0;

const WEEK_DAYS: usize = 7;

/// One day's value against what was usual.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DayScore {
    /// Position in the series.
    pub index: usize,
    /// The value.
    pub value: f64,
    /// Median of the same weekday in the weeks before.
    pub expected: f64,
    /// Robust z-score; negative below the expected.
    pub score: f64,
}

/// The score of the day at `index`, if there is enough before it.
pub fn score(values: &[f64], index: usize) -> Option<DayScore> {
    let value = *values.get(index)?;
    let log = |value: &f64| value.max(0.0).ln_1p();
    let before: Vec<f64> = values[index.checked_sub(WEEKS * WEEK_DAYS)?..index].iter().map(log).collect();
    let mut residuals = Vec::with_capacity(before.len());
    let mut expected = 0.0;
    for weekday in 0..WEEK_DAYS {
        let same = before.iter().skip(weekday).step_by(WEEK_DAYS);
        let usual = median(same.clone().copied().collect());
        if usual > 0.0 {
            residuals.extend(same.map(|other| (other - usual).abs()));
        }
        // The window begins on the day's own weekday.
        if weekday == 0 {
            expected = usual;
        }
    }
    let scale = 1.4826 * median(residuals);
    let score = (log(&value) - expected) / scale;
    (scale > 0.0).then(|| DayScore { index, value, expected: expected.exp_m1(), score })
}

/// The most unusual of the last `days` days, if any is unusual.
pub fn most_unusual(values: &[f64], days: usize) -> Option<DayScore> {
    let recent = values.len().saturating_sub(days)..values.len();
    let unusual = recent.filter_map(|index| score(values, index)).filter(|day| day.score.abs() >= UNUSUAL);
    unusual.max_by(|a, b| a.score.abs().total_cmp(&b.score.abs()))
}
