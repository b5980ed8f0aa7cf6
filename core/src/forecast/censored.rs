//! Demand behind an empty shelf: what would have been sold on days that were censored.
//!
//! Question answered: given daily sales and the days on which the shelf was empty or sold out, what was demand?
//! Input: sales in any unit, one a step and oldest first, a flag beside each, steps per season. Output: the same
//! history with each censored step replaced by its expected demand, never less than what was sold.
//!
//! Model: demand of step t is a count with mean μ_t = λ_t · p_{t mod m} and variance μ + a·μ² (Poisson where a = 0,
//! else negative binomial); of large volumes and of fractions a normal with variance s·μ. λ is a level that moves
//! slowly: the likelihood of each step is weighted by exp(−|t − s| / 28) around it. Fitted by EM: a censored step
//! counts as E[X | X ≥ sold] under the present figures, which is Tobit's model on counts; then level, profile and
//! variance are taken anew as if all were observed. A step with nothing sold on an empty shelf says nothing, has no
//! weight and gets μ. Season profiles are shrunk to 1 by [`PROFILE_PRIOR`] steps' worth of demand.
//!
//! Assumptions: who finds the shelf empty does not come back another day and buys nothing else instead; demand on
//! such days is like that of its neighbours. How it fails: a product that is gone for good is given demand for as
//! long as its shelf is called empty, so ask only about products that are still carried. Where no step was observed
//! at all the history is given back as it is. The imputed steps are means: their spread is smaller than real days'.
//!
//! References: Tobin, Econometrica 26 (1958); Dempster, Laird & Rubin, JRSS B 39 (1977); Nahmias, "Demand estimation
//! in lost sales inventory systems", Naval Research Logistics 41 (1994); Loader, Local Regression and Likelihood
//! (1999), ch. 4.

/// Steps over which the weight of a neighbour falls by e.
const REACH: f64 = 28.0;

/// Steps of average demand that the profile of the season is pulled to 1 by.
const PROFILE_PRIOR: f64 = 2.0;

/// Steps of average demand that the local level is pulled to the whole history's by.
const LEVEL_PRIOR: f64 = 1.0;

/// Means above this are taken as normal: counting up a tail would take long and give the same.
const LARGE_MEAN: f64 = 150.0;

/// Rounds of EM at most; it stops when no mean moves by a thousandth.
const ROUNDS: usize = 30;

/// Terms of a far tail at most: the next ones are of no weight unless one day is an outlier of thousands.
const MAX_TAIL: usize = 2_000;

/// Most that variance may grow with the mean's square: one outlier must not make every tail endless.
const MAX_DISPERSION: f64 = 8.0;

/// A history without its empty shelves.
#[derive(Clone, Debug, PartialEq)]
pub struct Unconstrained {
    /// Observed values, and expected demand where the shelf was empty; none below 0.
    pub values: Vec<f64>,
    /// Which steps were censored, as given.
    pub censored: Vec<bool>,
    /// What the model expects of each step, whatever was sold.
    pub mean: Vec<f64>,
    /// Sum of what could not be sold: `values` less what was given, over the censored steps.
    pub lost: f64,
}

/// Why demand could not be estimated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CensoredError {
    /// The two columns belong together.
    #[error("{values} values but {flags} flags of censored steps: one for each was expected")]
    Length {
        /// Values given.
        values: usize,
        /// Flags given.
        flags: usize,
    },
    /// A value is NaN or infinite.
    #[error("value at index {index} is {value}: a finite number was expected")]
    NotFinite {
        /// Where, from 0.
        index: usize,
        /// What stood there.
        value: f64,
    },
}

/// Estimates demand; see the head of this file. `season`: steps to the same weekday, 1 for none. Negative values
/// (returns) count as 0.
pub fn unconstrain(values: &[f64], censored: &[bool], season: usize) -> Result<Unconstrained, CensoredError> {
    if values.len() != censored.len() {
        return Err(CensoredError::Length { values: values.len(), flags: censored.len() });
    }
    if let Some(index) = values.iter().position(|it| !it.is_finite()) {
        return Err(CensoredError::NotFinite { index, value: values[index] });
    }
    let sold: Vec<f64> = values.iter().map(|it| it.max(0.0)).collect();
    // An empty shelf without a sale bears no information.
    let weight: Vec<f64> =
        (sold.iter().zip(censored)).map(|(sold, censored)| f64::from(!censored || *sold > 0.0)).collect();
    let mut em = Em {
        season: season.clamp(1, (values.len() / 2).max(1)),
        counts: sold.iter().all(|it| it.fract() == 0.0),
        demand: sold.clone(),
        square: vec![0.0; sold.len()],
        mean: Vec::new(),
        dispersion: 0.0,
        scale: 1.0,
        weight,
    };
    em.mean = em.means(&vec![1.0; em.season]);
    em.spread(censored);
    if censored.contains(&true) {
        let mut profile = vec![1.0; em.season];
        for _ in 0..ROUNDS {
            em.expect(&sold, censored);
            profile = em.profile(&profile);
            let mean = em.means(&profile);
            let moved = mean.iter().zip(&em.mean).any(|(new, old)| (new - old).abs() > 1e-3 * (old + 1e-3));
            em.mean = mean;
            em.spread(censored);
            if !moved {
                break;
            }
        }
        em.expect(&sold, censored);
    }
    let lost = em.demand.iter().zip(&sold).map(|(demand, sold)| demand - sold).sum();
    Ok(Unconstrained { values: em.demand, censored: censored.to_vec(), mean: em.mean, lost })
}

/// Figures of one round.
struct Em {
    season: usize,
    /// Whole numbers only.
    counts: bool,
    weight: Vec<f64>,
    /// Demand, given what was sold.
    demand: Vec<f64>,
    /// Its expected squared distance from the mean.
    square: Vec<f64>,
    mean: Vec<f64>,
    /// a of the negative binomial.
    dispersion: f64,
    /// Variance ÷ mean, of the normal.
    scale: f64,
}

impl Em {
    /// E: demand of each step, and its squared distance from the mean.
    fn expect(&mut self, sold: &[f64], censored: &[bool]) {
        for t in 0..sold.len() {
            let mean = self.mean[t];
            let (demand, square) = match censored[t] {
                false => (sold[t], (sold[t] - mean).powi(2)),
                true if self.counts && mean <= LARGE_MEAN && sold[t] <= 20.0 * LARGE_MEAN => {
                    count_above(mean, self.dispersion, sold[t])
                }
                true => normal_above(mean, (self.scale * mean).sqrt(), sold[t]),
            };
            (self.demand[t], self.square[t]) = (demand.max(sold[t]), square);
        }
    }

    /// M: the level around each step times its place in the season.
    fn means(&self, profile: &[f64]) -> Vec<f64> {
        let place = |t: usize| profile[t % self.season];
        let n = self.demand.len();
        let total: f64 = (0..n).map(|t| self.weight[t] * self.demand[t]).sum();
        let exposed: f64 = (0..n).map(|t| self.weight[t] * place(t)).sum();
        let overall = if exposed > 0.0 { total / exposed } else { 0.0 };
        let fade = (-1.0 / REACH).exp();
        let (mut demand, mut exposure) = (vec![LEVEL_PRIOR * overall; n], vec![LEVEL_PRIOR; n]);
        // Σ_s w_s x_s fade^|t−s| in two sweeps; the second one leaves the step itself out.
        let (mut a, mut b) = (0.0, 0.0);
        for t in 0..n {
            (a, b) = (a * fade + self.weight[t] * self.demand[t], b * fade + self.weight[t] * place(t));
            (demand[t], exposure[t]) = (demand[t] + a, exposure[t] + b);
        }
        (a, b) = (0.0, 0.0);
        for t in (0..n).rev() {
            (demand[t], exposure[t]) = (demand[t] + a * fade, exposure[t] + b * fade);
            (a, b) = (a * fade + self.weight[t] * self.demand[t], b * fade + self.weight[t] * place(t));
        }
        (0..n).map(|t| place(t) * demand[t] / exposure[t]).collect()
    }

    /// M: demand of each place in the season ÷ what the level alone expects there; 1 on average.
    fn profile(&self, old: &[f64]) -> Vec<f64> {
        let mut profile = vec![1.0; self.season];
        if self.season == 1 {
            return profile;
        }
        let n = self.demand.len();
        let level: Vec<f64> =
            (0..n).map(|t| self.mean[t] / old[t % self.season].max(f64::MIN_POSITIVE)).collect();
        let prior = PROFILE_PRIOR * level.iter().sum::<f64>() / n as f64;
        for (place, slot) in profile.iter_mut().enumerate() {
            let steps = (place..n).step_by(self.season);
            let of = |values: &[f64]| steps.clone().map(|t| self.weight[t] * values[t]).sum::<f64>();
            let expected = of(&level) + prior;
            *slot = if expected > 0.0 { (of(&self.demand) + prior) / expected } else { 1.0 };
        }
        let average = profile.iter().sum::<f64>() / self.season as f64;
        profile.iter_mut().for_each(|it| *it /= average);
        profile
    }

    /// M: the variance, by moments.
    fn spread(&mut self, censored: &[bool]) {
        if self.square.iter().all(|it| *it == 0.0) {
            // The first round knows the observed steps only.
            for t in (0..censored.len()).filter(|&t| !censored[t]) {
                self.square[t] = (self.demand[t] - self.mean[t]).powi(2);
            }
        }
        let (mut over, mut squares, mut square, mut means) = (0.0, 0.0, 0.0, 0.0);
        for t in 0..self.mean.len() {
            let (weight, mean) = (self.weight[t], self.mean[t]);
            over += weight * (self.square[t] - mean);
            squares += weight * mean * mean;
            square += weight * self.square[t];
            means += weight * mean;
        }
        self.dispersion = if squares > 0.0 { (over / squares).clamp(0.0, MAX_DISPERSION) } else { 0.0 };
        self.scale = if means > 0.0 { square / means } else { 1.0 };
    }
}

/// E[X | X ≥ `least`] and E[(X − mean)² | X ≥ `least`] of a count with this mean and variance mean + a·mean².
///
/// Neighbours have the ratio p(x + 1)/p(x) = mean·(1 + a·x) / ((x + 1)·(1 + a·mean)). What lies below `least` is
/// summed and taken from the whole, which is short however long the tail is. Where nearly all lies below, that would
/// cancel: there the tail itself is summed, upwards from weight 1 at `least`.
pub fn count_above(mean: f64, dispersion: f64, least: f64) -> (f64, f64) {
    if mean <= 0.0 {
        return (least, (least - mean).powi(2));
    }
    let ratio = |x: f64| mean * (1.0 + dispersion * x) / ((x + 1.0) * (1.0 + dispersion * mean));
    let none = if dispersion > 1e-9 { -(dispersion * mean).ln_1p() / dispersion } else { -mean };
    let (mut x, mut weight) = (0.0, none.exp());
    let (mut all, mut first, mut second) = (1.0, mean, mean + dispersion * mean * mean);
    while x < least && all > 1e-6 {
        all -= weight;
        first -= weight * x;
        second -= weight * (x - mean) * (x - mean);
        weight *= ratio(x);
        x += 1.0;
    }
    if all > 1e-6 {
        return (first / all, second / all);
    }
    (x, weight) = (least, 1.0);
    (all, first, second) = (0.0, 0.0, 0.0);
    for _ in 0..MAX_TAIL {
        all += weight;
        first += weight * x;
        second += weight * (x - mean) * (x - mean);
        let next = ratio(x);
        weight *= next;
        x += 1.0;
        // What is left is less than a geometric series of the greatest ratio to come: this one, or the limit.
        let most = next.max(dispersion * mean / (1.0 + dispersion * mean));
        let distance = (x - mean) * (x - mean) + 1.0;
        if most < 1.0 && weight * distance < 1e-10 * (1.0 - most) * (all + second) {
            break;
        }
    }
    (first / all, second / all)
}

/// E[X | X ≥ `least`] and E[(X − mean)² | X ≥ `least`] of a normal.
pub fn normal_above(mean: f64, sd: f64, least: f64) -> (f64, f64) {
    if sd <= 0.0 {
        return (mean.max(least), (mean.max(least) - mean).powi(2));
    }
    let z = (least - mean) / sd;
    let hazard = normal_hazard(z);
    (mean + sd * hazard, sd * sd * (1.0 + z * hazard))
}

/// φ(z) / (1 − Φ(z)). Right of 1 by Laplace's continued fraction 1 − Φ = φ/(z + 1/(z + 2/(z + …))), elsewhere by the
/// series Φ = ½ + φ·(z + z³/3 + z⁵/15 + …); Abramowitz & Stegun (1964), 26.2.14 and 26.2.11.
fn normal_hazard(z: f64) -> f64 {
    let density = (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
    if z > 1.0 {
        return (1..=100).rev().fold(z, |below, k| z + f64::from(k) / below);
    }
    if z < -8.0 {
        return density;
    }
    let (mut term, mut sum, mut k) = (z, z, 1.0);
    while f64::abs(term) > 1e-17 * f64::abs(sum) {
        k += 2.0;
        term *= z * z / k;
        sum += term;
    }
    density / (0.5 - density * sum)
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::rng::Rng;

    fn near(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() <= tolerance, "{a} {b}");
    }

    #[test]
    fn tails_of_counts_match_hand_arithmetic() {
        // Poisson(1): P(X ≥ 1) = 1 − e⁻¹, so E = 1/(1 − e⁻¹); P(X ≥ 2) = 1 − 2/e, E = (1 − 1/e)/(1 − 2/e)
        let e = std::f64::consts::E;
        near(count_above(1.0, 0.0, 0.0).0, 1.0, 1e-9);
        near(count_above(1.0, 0.0, 0.0).1, 1.0, 1e-8);
        near(count_above(1.0, 0.0, 1.0).0, 1.0 / (1.0 - 1.0 / e), 1e-9);
        near(count_above(1.0, 0.0, 2.0).0, (1.0 - 1.0 / e) / (1.0 - 2.0 / e), 1e-9);
        // a = 1 is geometric and forgets: E[X | X ≥ c] = c + mean, variance mean + mean²
        near(count_above(3.0, 1.0, 5.0).0, 8.0, 1e-7);
        near(count_above(3.0, 1.0, 0.0).1, 12.0, 1e-6);
        // far out, where 1 − cdf would cancel to nothing: the next ratios are 1/51, 1/52 …
        near(count_above(1.0, 0.0, 50.0).0, 50.0 + 1.0 / 51.0, 1e-3);
    }

    #[test]
    fn tails_of_the_normal_match_published_values() {
        // φ(0)/½ = √(2/π); Mills' ratio at 2: .05399097/.02275013
        near(normal_above(0.0, 1.0, 0.0).0, (2.0 / std::f64::consts::PI).sqrt(), 1e-12);
        near(normal_above(0.0, 1.0, 2.0).0, 0.053_990_97 / 0.022_750_13, 1e-6);
        near(normal_above(0.0, 1.0, -1.0).0, 0.241_970_72 / 0.841_344_75, 1e-7);
        near(normal_above(5.0, 2.0, -100.0).0, 5.0, 1e-9);
        near(normal_hazard(1.0), normal_hazard(1.0 + 1e-9), 1e-7);
        assert!(normal_above(0.0, 1.0, 40.0).0 > 40.0);
    }

    #[test]
    fn a_simulated_mean_and_its_weekdays_are_found_again_where_dropping_days_is_biased() {
        let mut rng = Rng::seeded(11);
        let profile = [0.5, 0.8, 1.0, 1.0, 1.2, 1.5, 1.0];
        let demand: Vec<f64> = (0..700).map(|t| f64::from(rng.poisson(4.0 * profile[t % 7]))).collect();
        // Four pieces every morning.
        let sold: Vec<f64> = demand.iter().map(|it| it.min(4.0)).collect();
        let censored: Vec<bool> = sold.iter().map(|it| *it == 4.0).collect();
        let found = unconstrain(&sold, &censored, 7).unwrap();
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let truth = mean(&demand);
        let kept: Vec<f64> = sold.iter().zip(&censored).filter(|it| !it.1).map(|(sold, _)| *sold).collect();
        assert!(mean(&kept) < 0.65 * truth && mean(&sold) < 0.82 * truth, "the trap is there");
        near(mean(&found.values) / truth, 1.0, 0.06);
        near(mean(&found.mean[350..357]) / 4.0, 1.0, 0.15);
        let day = |place: usize| found.mean.iter().skip(place).step_by(7).sum::<f64>() / 400.0;
        near(day(0), 0.5, 0.12);
        assert!(day(5) > day(2) && day(2) > day(0));
        near(found.lost, found.values.iter().sum::<f64>() - sold.iter().sum::<f64>(), 1e-9);
    }

    #[test]
    fn an_empty_week_gets_its_weekdays_and_a_closed_day_stays_at_nothing() {
        let mut sold: Vec<f64> = (0..70).map(|t| [0.0, 2.0, 2.0, 2.0, 4.0, 6.0, 2.0][t % 7]).collect();
        let mut censored = vec![false; 70];
        for t in 35..42 {
            (sold[t], censored[t]) = (0.0, true);
        }
        let found = unconstrain(&sold, &censored, 7).unwrap();
        let week = &found.values[35..42];
        assert!(week[0] < 0.8, "closed on that weekday: {week:?}");
        assert!(week[5] > 4.5 && week[5] > week[4] && week[4] > week[1], "{week:?}");
        near(week.iter().sum::<f64>(), 18.0, 1.5);
        assert_eq!(found.values[..35], sold[..35]);
    }

    #[test]
    fn the_level_is_that_of_the_neighbours() {
        let mut sold: Vec<f64> = (0..200).map(|t| if t < 100 { 2.0 } else { 20.0 }).collect();
        let mut censored = vec![false; 200];
        for t in [40, 41, 42, 160, 161, 162] {
            (sold[t], censored[t]) = (0.0, true);
        }
        let values = unconstrain(&sold, &censored, 1).unwrap().values;
        assert!(values[41] < 5.0 && values[161] > 16.0, "{} {}", values[41], values[161]);
    }

    #[test]
    fn bad_and_thin_histories_have_their_answers() {
        assert_eq!(
            unconstrain(&[1.0], &[], 7).unwrap_err().to_string(),
            "1 values but 0 flags of censored steps: one for each was expected"
        );
        assert!(matches!(
            unconstrain(&[1.0, f64::NAN], &[false, true], 7),
            Err(CensoredError::NotFinite { index: 1, .. })
        ));
        let plain = |values: &[f64], censored: &[bool]| unconstrain(values, censored, 7).unwrap().values;
        assert!(plain(&[], &[]).is_empty());
        assert_eq!(plain(&[3.0], &[false]), [3.0]);
        assert_eq!(plain(&[0.0], &[true]), [0.0], "nothing is known");
        assert_eq!(plain(&[0.0; 9], &[true; 9]), [0.0; 9]);
        assert_eq!(plain(&[0.0, 0.0], &[false, true]), [0.0, 0.0]);
        assert!(plain(&[2.0, 0.0], &[false, true])[1] > 1.0);
        assert_eq!(plain(&[-2.0, 1.0, 1.0], &[false; 3]), [0.0, 1.0, 1.0]);
        // all days sold out, huge values, fractions, an outlier
        for values in [[5.0; 20], [1e9; 20], [0.25; 20]] {
            let values = plain(&values, &[true; 20]);
            assert!(values.iter().all(|it| it.is_finite()), "{values:?}");
        }
        let mut values = [1.0; 60];
        values[30] = 1e6;
        let mut censored = [false; 60];
        (values[50], censored[50]) = (0.0, true);
        assert!(plain(&values, &censored).iter().all(|it| it.is_finite()));
    }
}
