//! Demand in whole pieces: its chances, and what is left over or missing at a stock level.
//!
//! Question: with y pieces, how many are expected to be left, how many to be asked for in vain? Input: a Poisson
//! mean, the chances of 0, 1, 2, … pieces, or counts that were seen. Output: masses, P(D ≤ y), E(D − y)⁺, E(y − D)⁺ and
//! the newsvendor cost h·E(y − D)⁺ + p·E(D − y)⁺, all in pieces or rupees.
//!
//! Method: Poisson masses go out from the mode by their ratios until they no longer count beside it, then are made
//! to add up to 1 (no factorial, nothing overflows); losses are sums of tails from either end, never differences.
//! Assumption: chances are known. How it fails: a Poisson is too narrow for demand that comes in bursts.
//! Reference: Zipkin, "Foundations of Inventory Management" (2000), appendix C (losses as sums of tails).

use super::input::{InputError, not_negative, positive};

/// Masses below this share of the largest one are left out.
const NOTHING: f64 = 1e-20;

/// Largest Poisson mean whose masses are written out one by one.
const MOST_MEAN: f64 = 1e6;

/// A distribution on whole pieces from 0 on.
#[derive(Clone, Debug, PartialEq)]
pub struct Counts {
    first: i64,
    masses: Vec<f64>,
    mean: f64,
    /// P(D ≤ y), E(D − y)⁺ and E(y − D)⁺ for y from `first` on.
    below: Vec<f64>,
    missing: Vec<f64>,
    left: Vec<f64>,
}

impl Counts {
    /// Poisson.
    ///
    /// # Errors
    /// Where `mean` is no finite number from 0 to a million.
    pub fn poisson(mean: f64) -> Result<Self, InputError> {
        not_negative("demand_mean", mean)?;
        if mean > MOST_MEAN {
            return Err(InputError::new("demand_mean", mean, "at most 1,000,000 pieces"));
        }
        let mode = mean.floor();
        let mut lower = Vec::new();
        let (mut mass, mut k) = (1.0, mode);
        while k > 0.0 && mass > NOTHING {
            mass *= k / mean;
            k -= 1.0;
            lower.push(mass);
        }
        let first = mode as i64 - lower.len() as i64;
        let mut masses: Vec<f64> = lower.into_iter().rev().collect();
        (mass, k) = (1.0, mode);
        while mass > NOTHING {
            masses.push(mass);
            k += 1.0;
            mass *= mean / k;
        }
        Ok(Self::from_weights(first, masses))
    }

    /// The chances of 0, 1, 2, … pieces, or any weights in proportion to them.
    ///
    /// # Errors
    /// Where a weight is negative or no number, or none is above 0.
    pub fn from_chances(chances: &[f64]) -> Result<Self, InputError> {
        for &chance in chances {
            not_negative("demand chance", chance)?;
        }
        positive("sum of demand chances", chances.iter().sum())?;
        Ok(Self::from_weights(0, chances.to_vec()))
    }

    /// Counts that were seen, each as likely as any other.
    ///
    /// # Errors
    /// Where there is none.
    pub fn seen(counts: &[u32]) -> Result<Self, InputError> {
        let Some(&largest) = counts.iter().max() else {
            return Err(InputError::new("number of counts seen", 0.0, "at least one"));
        };
        let mut weights = vec![0.0; largest as usize + 1];
        counts.iter().for_each(|&count| weights[count as usize] += 1.0);
        Ok(Self::from_weights(0, weights))
    }

    fn from_weights(first: i64, mut masses: Vec<f64>) -> Self {
        // small ones first
        let (front, back) = masses.split_at(masses.len() / 2);
        let all = front.iter().sum::<f64>() + back.iter().rev().sum::<f64>();
        masses.iter_mut().for_each(|mass| *mass /= all);
        let mean = masses.iter().enumerate().map(|(at, mass)| (first + at as i64) as f64 * mass).sum();
        let n = masses.len();
        let (mut below, mut left) = (vec![0.0; n], vec![0.0; n]);
        let mut at_most = 0.0;
        for at in 0..n {
            left[at] = if at > 0 { left[at - 1] + at_most } else { 0.0 };
            at_most += masses[at];
            below[at] = at_most;
        }
        let mut missing = vec![0.0; n];
        let mut above = 0.0;
        for at in (0..n.saturating_sub(1)).rev() {
            above += masses[at + 1];
            missing[at] = missing[at + 1] + above;
        }
        Self { first, masses, mean, below, missing, left }
    }

    /// Fewest pieces that are asked for.
    pub fn first(&self) -> i64 {
        self.first
    }

    /// Their chances from [`Self::first`] on.
    pub fn masses(&self) -> &[f64] {
        &self.masses
    }

    /// Expected pieces.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// P(D = `y`).
    pub fn mass(&self, y: i64) -> f64 {
        usize::try_from(y - self.first).ok().and_then(|at| self.masses.get(at)).copied().unwrap_or(0.0)
    }

    /// P(D ≤ `y`).
    pub fn at_most(&self, y: i64) -> f64 {
        let Ok(at) = usize::try_from(y - self.first) else { return 0.0 };
        self.below.get(at).copied().unwrap_or(1.0)
    }

    /// Fewest pieces that suffice with chance `p`.
    pub fn quantile(&self, p: f64) -> i64 {
        let at = self.below.partition_point(|below| *below < p);
        self.first + at.min(self.masses.len().saturating_sub(1)) as i64
    }

    /// E(D − `y`)⁺.
    pub fn missing(&self, y: i64) -> f64 {
        let Ok(at) = usize::try_from(y - self.first) else { return self.mean - y as f64 };
        self.missing.get(at).copied().unwrap_or(0.0)
    }

    /// E(`y` − D)⁺.
    pub fn left(&self, y: i64) -> f64 {
        let Ok(at) = usize::try_from(y - self.first) else { return 0.0 };
        self.left.get(at).copied().unwrap_or(y as f64 - self.mean)
    }

    /// Newsvendor cost: `holding` a piece left, `stockout` a piece missing.
    pub fn cost(&self, y: i64, holding: f64, stockout: f64) -> f64 {
        holding * self.left(y) + stockout * self.missing(y)
    }
}
