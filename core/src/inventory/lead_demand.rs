//! Demand until an order arrives, from joint sample paths over a lead time that is itself uncertain.
//!
//! Question: how many pieces are asked for between an order and its arrival (and the review after it), and how many to
//! keep against surprise? Input: equally likely courses of demand in pieces a day, the supplier's [`LeadTime`], days of
//! review. Output ([`LeadDemand`]): mean and deviation in pieces, the level that suffices with a chance, safety stock,
//! pieces missed at a stock.
//!
//! Method: the lead time is normal, put on whole days so that its mean stays (the second difference of its loss: each
//! moment between two days is shared out by nearness) and cut at 0; every path is summed over every such number of days
//! and weighs as much as the days are likely. What is wrong on all days of a path stays wrong together. Assumption:
//! lead time and demand are independent. How it fails: deliveries that are rarely, but very late are more skewed than a
//! normal; paths that end before the goods arrive are an error. Reference: Silver, Pyke & Thomas (4th ed. 2017), ch. 6
//! (safety stock under random lead times), here on sample paths in place of its normal.

use super::{
    counts::Counts,
    input::{InputError, finite, not_negative},
    lead_time::LeadTime,
    normal_loss::normal_loss,
};
use crate::forecast::sum_law::SumLaw;

/// Chance of arriving later than the paths reach that is still taken as arriving with their last day.
const LATE: f64 = 1e-3;

/// Chances of a number of days that are left out.
const NEVER: f64 = 1e-9;

/// Deviations of the lead time after the mean that are looked at.
const LATEST: f64 = 4.0;

/// Demand over lead time and review.
#[derive(Clone, Debug, PartialEq)]
pub struct LeadDemand {
    /// Pieces and their chance, rising.
    values: Vec<(f64, f64)>,
    /// Expected pieces.
    pub mean: f64,
    /// Standard deviation in pieces.
    pub sd: f64,
}

/// Chances of arrival after 0, 1, 2, … days, up to `longest`.
fn arrival(lead: &LeadTime, longest: usize) -> Result<Vec<f64>, InputError> {
    let mean = not_negative("lead time mean_days", lead.mean_days)?;
    let sd = not_negative("lead time sd_days", lead.sd_days)?;
    let late = |day: f64| {
        if sd > 0.0 { sd * normal_loss((day - mean) / sd) } else { (mean - day).max(0.0) }
    };
    // one more before the first day and after the last
    let losses: Vec<f64> = (0..longest + 3).map(|day| late(day as f64 - 1.0)).collect();
    let chance = |day: usize| (losses[day] - 2.0 * losses[day + 1] + losses[day + 2]).max(0.0);
    let mut chances: Vec<f64> = (0..=longest).map(chance).collect();
    let later = losses[longest + 1] - losses[longest + 2];
    if later > LATE {
        let expected = "as many days as lead time and review may take";
        return Err(InputError::new("days of the paths", longest as f64, expected));
    }
    // before day 0 is at once, after the last day with it
    let rest = (1.0 - chances[1..].iter().sum::<f64>() - later).max(0.0);
    chances[0] = rest;
    chances[longest] += later;
    Ok(chances)
}

/// Chances of arrival after 0, 1, 2, … days, as far as goods may take.
///
/// # Errors
/// Where the lead time is not finite or below 0.
pub fn arrivals(lead: &LeadTime) -> Result<Vec<f64>, InputError> {
    let latest = not_negative("lead time mean_days", lead.mean_days)?
        + LATEST * not_negative("lead time sd_days", lead.sd_days)?;
    arrival(lead, latest.ceil() as usize + 1)
}

/// Sums until arrival and through the review after it, with their chances.
fn values(law: &SumLaw, arrivals: &[f64], review_days: usize) -> impl Iterator<Item = (f64, f64)> {
    let days = arrivals.iter().enumerate().filter(|(_, chance)| **chance > NEVER);
    days.flat_map(move |(day, chance)| {
        law.over(review_days + day).map(move |(value, slice)| (value, slice * chance))
    })
}

/// Pieces expected to be asked for in vain before goods arrive, when `available` are there.
pub fn shortage(law: &SumLaw, arrivals: &[f64], available: f64) -> f64 {
    values(law, arrivals, 0).map(|(value, chance)| (value - available).max(0.0) * chance).sum()
}

impl LeadDemand {
    /// Over `lead` and `review_days` on `paths` of equal chance.
    ///
    /// # Errors
    /// Where there are no paths, they are too short for the lead time, or a value is not finite.
    pub fn over(paths: &[&[f64]], lead: &LeadTime, review_days: usize) -> Result<Self, InputError> {
        let Some(horizon) = paths.iter().map(|path| path.len()).min() else {
            return Err(InputError::new("number of paths", 0.0, "at least one"));
        };
        let Some(longest) = horizon.checked_sub(review_days) else {
            let expected = "as many days as lead time and review may take";
            return Err(InputError::new("days of the paths", horizon as f64, expected));
        };
        let chances = arrival(lead, longest)?;
        let mut values = Vec::new();
        for path in paths {
            let mut sum: f64 = path[..review_days].iter().sum();
            for (day, chance) in chances.iter().enumerate() {
                if *chance > NEVER {
                    values.push((finite("demand on a path", sum)?, *chance));
                }
                sum += path.get(review_days + day).copied().unwrap_or(0.0);
            }
        }
        Ok(Self::of(values))
    }

    /// The same from a law of sums and the chances of arrival ([`arrivals`]).
    pub fn of_law(law: &SumLaw, arrivals: &[f64], review_days: usize) -> Self {
        Self::of(values(law, arrivals, review_days).collect())
    }

    fn of(mut values: Vec<(f64, f64)>) -> Self {
        values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let all: f64 = values.iter().map(|(_, chance)| chance).sum();
        values.iter_mut().for_each(|(_, chance)| *chance /= all.max(f64::MIN_POSITIVE));
        let mean: f64 = values.iter().map(|(value, chance)| value * chance).sum();
        let variance: f64 = values.iter().map(|(value, chance)| (value - mean).powi(2) * chance).sum();
        Self { values, mean, sd: variance.sqrt() }
    }

    /// In whole pieces.
    ///
    /// # Errors
    /// Where nothing is known of it.
    pub fn counts(&self) -> Result<Counts, InputError> {
        let most = self.values.last().map_or(0.0, |it| it.0.round().max(0.0));
        let mut chances = vec![0.0; most as usize + 1];
        for (value, chance) in &self.values {
            chances[value.round().clamp(0.0, most) as usize] += chance;
        }
        Counts::from_chances(&chances)
    }

    /// Chances that more than each of these levels are asked for; they must rise.
    pub fn above_each(&self, rising: impl Iterator<Item = f64>) -> impl Iterator<Item = f64> {
        let (mut place, mut left) = (0, 1.0);
        rising.map(move |pieces| {
            while let Some((_, chance)) = self.values.get(place).filter(|it| it.0 <= pieces) {
                left -= chance;
                place += 1;
            }
            f64::max(left, 0.0)
        })
    }

    /// Chance that more than `pieces` are asked for.
    pub fn above(&self, pieces: f64) -> f64 {
        self.values.iter().rev().take_while(|it| it.0 > pieces).map(|it| it.1).sum()
    }

    /// Fewest pieces that suffice with chance `service_level`.
    ///
    /// # Errors
    /// Where `service_level` is no share between 0 and 1.
    pub fn level(&self, service_level: f64) -> Result<f64, InputError> {
        if !(0.0..=1.0).contains(&service_level) {
            return Err(InputError::new("service_level", service_level, "a share from 0 to 1"));
        }
        let mut below = 0.0;
        let enough = self.values.iter().find(|(_, chance)| {
            below += chance;
            // the last digits of a sum must not ask for one path more
            below >= service_level - 1e-12
        });
        // never empty: `over` refuses no paths
        Ok(enough.or(self.values.last()).map_or(0.0, |(value, _)| *value))
    }

    /// Pieces kept against surprise: what [`Self::level`] is above the mean.
    ///
    /// # Errors
    /// Where `service_level` is no share between 0 and 1.
    pub fn safety_stock(&self, service_level: f64) -> Result<f64, InputError> {
        Ok((self.level(service_level)? - self.mean).max(0.0))
    }

    /// Pieces expected to be asked for in vain when `available` are there.
    pub fn shortage(&self, available: f64) -> f64 {
        self.values.iter().map(|(value, chance)| (value - available).max(0.0) * chance).sum()
    }
}
