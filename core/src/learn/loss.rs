//! What a boosted model is to be good at: the loss, its gradient and curvature, the best constant.
//!
//! With s the score: squared (y − s)²/2; absolute |y − s|; quantile α, (α − 1{y < s})(y − s); Poisson e^s − y·s and
//! Tweedie −y·e^((1−ρ)s)/(1−ρ) + e^((2−ρ)s)/(2−ρ), both with a prediction of e^s. Absolute and quantile losses have no
//! curvature: their trees follow the gradient's sign and their leaves take the quantile of what is left over.
//!
//! References: Friedman, "Greedy function approximation", Annals of Statistics 29 (2001), section 4; Yang, Qian & Zou,
//! "Insurance premium prediction via gradient tree-boosted Tweedie compound Poisson models", JBES 36 (2018).

use serde::{Deserialize, Serialize};

use super::{LearnError, ParamError, demand};

/// A Poisson curvature is raised by e^this, so that a leaf of few expected units takes no huge step.
const POISSON_DAMPING: f64 = 0.7;

/// Scores beyond ± this would overflow e^s.
const MAX_SCORE: f64 = 500.0;

/// What is minimised.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// Squared error: the mean.
    Squared,
    /// Absolute error: the median.
    Absolute,
    /// Pinball loss: the quantile of this level, between 0 and 1.
    Quantile(f64),
    /// Counts with variance = mean: the mean, never negative.
    Poisson,
    /// Amounts or counts with many zeros, variance = mean^power, power between 1 and 2: the mean, never negative.
    Tweedie(f64),
}

impl Loss {
    /// Checks level or power.
    pub(super) fn check(&self) -> Result<(), ParamError> {
        match *self {
            Self::Quantile(level) => {
                demand(level > 0.0 && level < 1.0, "quantile", level, "a level between 0 and 1")
            }
            Self::Tweedie(power) => {
                demand(power > 1.0 && power < 2.0, "tweedie", power, "a power between 1 and 2")
            }
            _ => Ok(()),
        }
    }

    /// Refuses targets that cannot be.
    pub(super) fn check_target(&self, target: &[f64]) -> Result<(), LearnError> {
        if self.log_link()
            && let Some(row) = target.iter().position(|y| *y < 0.0)
        {
            return Err(LearnError::NotFinite { what: "target".to_owned(), row, value: target[row] });
        }
        Ok(())
    }

    fn log_link(&self) -> bool {
        matches!(self, Self::Poisson | Self::Tweedie(_))
    }

    /// The quantile that leaves take, for losses without curvature.
    pub(super) fn level(&self) -> Option<f64> {
        match *self {
            Self::Absolute => Some(0.5),
            Self::Quantile(level) => Some(level),
            _ => None,
        }
    }

    /// Whether curvatures differ between rows of one weight.
    pub(super) fn curved(&self) -> bool {
        self.log_link()
    }

    /// The prediction for a score.
    pub(super) fn predict(&self, score: f64) -> f64 {
        if self.log_link() { score.clamp(-MAX_SCORE, MAX_SCORE).exp() } else { score }
    }

    /// The best score when no column is known; `pairs` are targets and their weights.
    pub(super) fn start(&self, pairs: &mut [(f64, f64)]) -> f64 {
        if let Some(level) = self.level() {
            return quantile(pairs, level);
        }
        let weight: f64 = pairs.iter().map(|(_, w)| w).sum();
        let mean = pairs.iter().map(|(y, w)| y * w).sum::<f64>() / weight;
        // All zeros: as good as none, and still a number.
        if self.log_link() { mean.max(1e-9).ln() } else { mean }
    }

    /// Gradient and curvature in the score.
    #[inline(always)]
    pub(super) fn slope(&self, target: f64, score: f64) -> (f64, f64) {
        match *self {
            Self::Squared => (score - target, 1.0),
            Self::Absolute => (
                if score > target {
                    1.0
                } else if score < target {
                    -1.0
                } else {
                    0.0
                },
                1.0,
            ),
            Self::Quantile(level) => (if target < score { 1.0 - level } else { -level }, 1.0),
            Self::Poisson => {
                let mean = self.predict(score);
                (mean - target, mean * POISSON_DAMPING.exp())
            }
            Self::Tweedie(power) => {
                let score = score.clamp(-MAX_SCORE, MAX_SCORE);
                let (a, b) = (((1.0 - power) * score).exp(), ((2.0 - power) * score).exp());
                (b - target * a, (power - 1.0) * target * a + (2.0 - power) * b)
            }
        }
    }

    /// The loss itself, less what does not hang on the score.
    pub(super) fn of(&self, target: f64, score: f64) -> f64 {
        let error = target - score;
        match *self {
            Self::Squared => error * error / 2.0,
            Self::Absolute => error.abs(),
            Self::Quantile(level) => (level - f64::from(u8::from(error < 0.0))) * error,
            Self::Poisson => self.predict(score) - target * score,
            Self::Tweedie(power) => {
                let score = score.clamp(-MAX_SCORE, MAX_SCORE);
                ((2.0 - power) * score).exp() / (2.0 - power)
                    - target * ((1.0 - power) * score).exp() / (1.0 - power)
            }
        }
    }
}

/// The weighted quantile: the value where the weight below it reaches `level`, halfway to the next when it does so
/// exactly. The pairs are put in order.
pub(super) fn quantile(pairs: &mut [(f64, f64)], level: f64) -> f64 {
    pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let goal = level * pairs.iter().map(|(_, w)| w).sum::<f64>();
    let mut below = 0.0;
    for (index, (value, weight)) in pairs.iter().enumerate() {
        below += weight;
        if (below - goal).abs() <= 1e-12 * goal {
            let next = pairs[index + 1..].iter().find(|(_, w)| *w > 0.0).map_or(*value, |it| it.0);
            return value / 2.0 + next / 2.0;
        }
        if below > goal {
            return *value;
        }
    }
    pairs.last().map_or(0.0, |it| it.0)
}
