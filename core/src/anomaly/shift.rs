//! Level shifts: two cumulative sums, one for each way.
//!
//! Question answered: have the values of late been above, or below, what was expected for too long. Input: scores in
//! standard deviations, one after the other. Output: an alarm with the value the run began at. A single score counts
//! at most [`MOST`], so that no spike is taken for a shift. The threshold is Siegmund's for the false-alarm rate.
//!
//! Assumption: scores are as good as independent. How it fails: slow drift below [`SLACK`] is never seen.
//! References: Page, Biometrika 41 (1954); Siegmund, "Sequential analysis" (1985), 2.6 (mean time to a false alarm).

/// Standard deviations that are let pass.
const SLACK: f64 = 0.5;

/// What one value counts at most.
const MOST: f64 = 2.5;

/// Neighbours that may go together.
const LAGS: usize = 8;

/// Spread that scores are granted at most.
const WIDEST: f64 = 2.0;

/// Sums of one series.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sums {
    threshold: f64,
    middle: f64,
    spread: f64,
    up: Run,
    down: Run,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Run {
    sum: f64,
    /// First value of it.
    from: usize,
}

impl Sums {
    /// With this many false alarms a value, both ways together.
    pub fn new(rate: f64) -> Self {
        let (up, down) = (Run::default(), Run::default());
        Self { threshold: threshold(rate / 2.0), middle: 0.0, spread: 1.0, up, down }
    }

    /// For a series whose scores are these: their own middle and spread, neighbours that go together included, count as
    /// none and one. Scores that are narrower than they should be are believed.
    pub fn fitted(mut self, scores: impl Iterator<Item = f64>) -> Self {
        let scores: Vec<f64> =
            scores.filter(|score| score.is_finite()).map(|score| score.clamp(-MOST, MOST)).collect();
        let count = scores.len().max(1) as f64;
        self.middle = scores.iter().sum::<f64>() / count;
        let product = |lag: usize| {
            let pairs = scores.iter().zip(scores.iter().skip(lag));
            pairs.map(|(a, b)| (a - self.middle) * (b - self.middle)).sum::<f64>() / count
        };
        let together: f64 = (1..LAGS).map(|lag| 2.0 * (1.0 - lag as f64 / LAGS as f64) * product(lag)).sum();
        self.spread = (product(0) + together.max(0.0)).sqrt().clamp(1.0, WIDEST);
        self
    }

    /// Takes the score of the value at `index`; the run's begin where it is an alarm. Both sums begin anew then.
    pub fn take(&mut self, index: usize, score: f64) -> Option<usize> {
        let score = (score.clamp(-MOST, MOST) - self.middle) / self.spread;
        let alarm = [(&mut self.up, score), (&mut self.down, -score)].map(|(run, score)| {
            if run.sum <= 0.0 {
                run.from = index;
            }
            run.sum = (run.sum + score - SLACK).max(0.0);
            (run.sum >= self.threshold).then_some(run.from)
        });
        let from = alarm[0].or(alarm[1])?;
        (self.up, self.down) = (Run::default(), Run::default());
        Some(from)
    }
}

/// The sum that is reached once in 1 ÷ rate values.
fn threshold(rate: f64) -> f64 {
    let values = |sum: f64| {
        let reach = 2.0 * SLACK * (sum + 1.166);
        (reach.exp() - reach - 1.0) / (2.0 * SLACK * SLACK)
    };
    let (mut low, mut high) = (0.0, 60.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if values(middle) * rate < 1.0 { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::rng::Rng;

    #[test]
    fn the_threshold_is_the_printed_one() {
        // Montgomery, table 9.3: k = 0.5, h = 4 → 168 values one way; h = 5 → 465 both ways.
        assert!((threshold(1.0 / 336.0) - 4.0).abs() < 0.1, "{}", threshold(1.0 / 336.0));
        assert!((threshold(0.5 / 465.0) - 5.0).abs() < 0.1, "{}", threshold(0.5 / 465.0));
    }

    #[test]
    fn false_alarms_come_at_about_the_rate_that_was_set() {
        let mut rng = Rng::seeded(1);
        let mut sums = Sums::new(0.002);
        let alarms = (0..200_000).filter(|index| sums.take(*index, rng.normal()).is_some()).count();
        assert!((280..=480).contains(&alarms), "{alarms} of about 400");
    }

    #[test]
    fn one_spike_is_no_shift_and_a_run_is_with_its_begin() {
        let mut sums = Sums::new(0.001);
        let scores = [0.0, 0.1, 90.0, 0.0, -0.2, -0.9, -0.4, 3.0, 2.0, 3.0, 2.5, 3.0, 3.0];
        let found: Vec<Option<usize>> =
            scores.iter().enumerate().map(|(index, score)| sums.take(index, *score)).collect();
        assert_eq!(found.iter().flatten().collect::<Vec<_>>(), [&7]);
    }
}
