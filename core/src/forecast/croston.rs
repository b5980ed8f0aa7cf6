//! Croston's method, its correction by Syntetos and Boylan, and the method of Teunter, Syntetos and Babai.
//!
//! Question answered: how much per step will be asked for of something that is asked for now and then. Input: a
//! regular history in any unit, zeros for steps without demand. Output: one mean per step, the same for every step
//! ahead, in that unit. Croston smooths the sizes of demands and the gaps between them and divides; [`fit_sba`]
//! multiplies that by 1 − α/2, which takes most of its bias away; [`fit_tsb`] smooths the sizes and, at every step,
//! the chance of any demand, so that its mean falls while nothing is asked for.
//!
//! Smoothing figures are those with the least squared one-step error inside the history, from grids within the ranges
//! that the literature advises; ties go to the slower one.
//!
//! Assumptions: sizes and gaps do not depend on each other; no season, no trend. How it fails: fewer than
//! [`MIN_VALUES`] values; a history of zeros has a mean of zero. References: Croston, Operational Research Quarterly 23
//! (1972); Syntetos & Boylan, IJF 21 (2005); Teunter, Syntetos & Babai, EJOR 214 (2011); Kourentzes, International
//! Journal of Production Economics 156 (2014) (choice of the figures).

use super::{FitError, Fitted, Model, Replay};

/// Fewest values.
pub const MIN_VALUES: usize = 2;

/// Smoothing figures that are tried, the slowest first. On held-out ends of training parts slower ones, which few
/// demands often seem to call for, did worse.
const ALPHAS: [f64; 5] = [0.1, 0.15, 0.2, 0.25, 0.3];

/// A fitted intermittent model.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedCroston {
    model: Model,
    smoothing: Smoothing,
    start: State,
    last: State,
}

impl FittedCroston {
    /// Smoothing of sizes.
    pub fn alpha(&self) -> f64 {
        self.smoothing.size
    }

    /// Smoothing of gaps or, for TSB, of the chance of demand.
    pub fn beta(&self) -> f64 {
        self.smoothing.occurrence
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Smoothing {
    size: f64,
    occurrence: f64,
}

/// What is known after some values.
#[derive(Debug, Clone, Copy, PartialEq)]
struct State {
    size: f64,
    /// Steps between demands; for TSB the chance of demand in a step.
    occurrence: f64,
    /// Steps since the last demand.
    since: f64,
}

impl State {
    /// Averages over the whole history: a neutral start for few demands.
    fn start(model: Model, values: &[f64]) -> Self {
        let demands = values.iter().filter(|v| **v != 0.0).count();
        if demands == 0 {
            let occurrence = if model == Model::Tsb { 0.0 } else { 1.0 };
            return Self { size: 0.0, occurrence, since: 0.0 };
        }
        let size = values.iter().sum::<f64>() / demands as f64;
        let rate = demands as f64 / values.len() as f64;
        Self { size, occurrence: if model == Model::Tsb { rate } else { 1.0 / rate }, since: 0.0 }
    }

    fn mean(&self, model: Model, smoothing: Smoothing) -> f64 {
        match model {
            Model::Tsb => self.size * self.occurrence,
            Model::Sba => (1.0 - 0.5 * smoothing.occurrence) * self.size / self.occurrence,
            _ => self.size / self.occurrence,
        }
    }

    fn learn(&mut self, model: Model, smoothing: Smoothing, y: f64) {
        self.since += 1.0;
        let demand = y != 0.0;
        if model == Model::Tsb {
            self.occurrence += smoothing.occurrence * (f64::from(demand) - self.occurrence);
        } else if demand {
            self.occurrence += smoothing.occurrence * (self.since - self.occurrence);
        }
        if demand {
            self.size += smoothing.size * (y - self.size);
            self.since = 0.0;
        }
    }
}

/// Croston's method.
pub fn fit(values: &[f64]) -> Result<FittedCroston, FitError> {
    fit_as(values, Model::Croston)
}

/// Croston's method with Syntetos and Boylan's factor.
pub fn fit_sba(values: &[f64]) -> Result<FittedCroston, FitError> {
    fit_as(values, Model::Sba)
}

/// The method of Teunter, Syntetos and Babai.
pub fn fit_tsb(values: &[f64]) -> Result<FittedCroston, FitError> {
    fit_as(values, Model::Tsb)
}

fn fit_as(values: &[f64], model: Model) -> Result<FittedCroston, FitError> {
    if values.len() < MIN_VALUES {
        let have = values.len();
        return Err(FitError::TooShort { have, need: MIN_VALUES, what: "a model of intermittent demand" });
    }
    let start = State::start(model, values);
    let mut best = (f64::INFINITY, Smoothing { size: ALPHAS[0], occurrence: ALPHAS[0] });
    for size in ALPHAS {
        for occurrence in ALPHAS {
            // Croston's two smooth with one figure, as in the paper
            if model != Model::Tsb && occurrence != size {
                continue;
            }
            let smoothing = Smoothing { size, occurrence };
            let (mut state, mut cost) = (start, 0.0);
            for &y in values {
                let e = y - state.mean(model, smoothing);
                cost += e * e;
                state.learn(model, smoothing, y);
            }
            if cost < best.0 {
                best = (cost, smoothing);
            }
        }
    }
    let smoothing = best.1;
    let mut last = start;
    values.iter().for_each(|y| last.learn(model, smoothing, *y));
    Ok(FittedCroston { model, smoothing, start, last })
}

impl Fitted for FittedCroston {
    fn model(&self) -> Model {
        self.model
    }

    fn parameters(&self) -> usize {
        // two starts and the smoothing figures
        if self.model == Model::Tsb { 4 } else { 3 }
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        vec![self.last.mean(self.model, self.smoothing); horizon]
    }

    fn replay(&self, values: &[f64], first_origin: usize, horizon: usize) -> Replay {
        let (mut state, mut known) = (self.start, 0);
        Replay::build(values.len(), first_origin, horizon, |origin, row| {
            while known < origin {
                state.learn(self.model, self.smoothing, values[known]);
                known += 1;
            }
            row.fill(state.mean(self.model, self.smoothing));
        })
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    type Fit = fn(&[f64]) -> Result<FittedCroston, FitError>;

    const FITS: [Fit; 3] = [fit, fit_sba, fit_tsb];

    #[test]
    fn steady_demand_every_third_step_is_a_third_of_its_size() {
        let y: Vec<f64> = (1..=60).map(|t| if t % 3 == 0 { 6.0 } else { 0.0 }).collect();
        assert!((fit(&y).unwrap().predict(2)[1] - 2.0).abs() < 1e-9);
        let sba = fit_sba(&y).unwrap();
        assert!((sba.predict(1)[0] - 2.0 * (1.0 - sba.beta() / 2.0)).abs() < 1e-9);
        // right after a demand the chance stands above its average: at β + β·(1 − β)³ + β·(1 − β)⁶ + …
        let tsb = fit_tsb(&y).unwrap();
        let chance = tsb.beta() / (1.0 - (1.0 - tsb.beta()).powi(3));
        assert!((tsb.predict(1)[0] - 6.0 * chance).abs() < 0.01, "{}", tsb.predict(1)[0]);
    }

    #[test]
    fn recursions_match_hand_arithmetic() {
        let smoothing = Smoothing { size: 0.5, occurrence: 0.1 };
        let mut croston = State { size: 4.0, occurrence: 2.0, since: 0.0 };
        let mut tsb = State { size: 4.0, occurrence: 0.5, since: 0.0 };
        for y in [0.0, 0.0, 10.0] {
            croston.learn(Model::Croston, smoothing, y);
            tsb.learn(Model::Tsb, smoothing, y);
        }
        // size 4 + .5·6 = 7; gap 2 + .1·(3 − 2) = 2.1; chance .5·.9·.9 = .405, then .405 + .1·.595 = .4645
        assert_eq!(croston, State { size: 7.0, occurrence: 2.1, since: 0.0 });
        assert!((tsb.mean(Model::Tsb, smoothing) - 7.0 * 0.4645).abs() < 1e-12);
        assert!((croston.mean(Model::Sba, smoothing) - 0.95 * 7.0 / 2.1).abs() < 1e-12);
    }

    #[test]
    fn only_tsb_forgets_what_nobody_asks_for() {
        let mut y: Vec<f64> = (0..40).map(|t| if t % 2 == 0 { 5.0 } else { 0.0 }).collect();
        y.extend([0.0; 40]);
        let [croston, _, tsb] = FITS.map(|fit| fit(&y).unwrap().predict(1)[0]);
        assert!(tsb < 0.1 && croston > 0.5, "{tsb} {croston}");
    }

    #[test]
    fn replay_is_the_state_at_each_origin() {
        let y: Vec<f64> = (0..30).map(|t| if t % 4 == 1 { 3.0 + f64::from(t) } else { 0.0 }).collect();
        for fit in FITS {
            let fitted = fit(&y[..20]).unwrap();
            let replay = fitted.replay(&y, 20, 3);
            let (origin, row) = replay.rows().next().unwrap();
            assert_eq!((origin, row), (20, &fitted.predict(3)[..]));
        }
    }

    #[test]
    fn odd_histories_give_finite_means_and_too_short_ones_a_clear_error() {
        for fit in FITS {
            for y in [&[0.0; 20][..], &[3.0; 9], &[0.0, 1e12, 0.0, 2.0], &[-2.0, 0.0, 1.0], &[1.0, -1.0]] {
                assert!(fit(y).unwrap().predict(400).iter().all(|m| m.is_finite()), "{y:?}");
            }
            assert_eq!(fit(&[0.0; 20]).unwrap().predict(2), [0.0; 2]);
            assert!((fit_tsb(&[3.0; 9]).unwrap().predict(1)[0] - 3.0).abs() < 1e-9);
            assert!(matches!(fit(&[1.0]), Err(FitError::TooShort { have: 1, need: 2, .. })));
        }
    }
}
