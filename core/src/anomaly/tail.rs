//! How rare is rare: the tail of many series' scores, so that a threshold means the false-alarm rate that was set.
//!
//! Question answered: how often would an ordinary value be as surprising as this one. Input: for each series, surprises
//! (−ln p under a model that need not be right). Output: chances that hold whatever the model's family. Each series has
//! its own [`BODY`] point; what lies beyond is generalised Pareto, with one shape and one scale for all series and each
//! series' own factor on the scale, drawn to 1 by [`OWN`] values. Shape 0 is the exponential that surprises have
//! where the model is right.
//!
//! Odd values belong to no tail: its outermost part counts only as "that far or further". That part is a quarter at
//! first; how many more values than there should be lie far out then says how much of it is needed.
//!
//! Assumption: at most one value in forty is odd. How it fails: with less than [`FEWEST`] values beyond their
//! points the shape is 0 and the model is believed. Reference: Coles, "An introduction to statistical modeling of
//! extreme values" (2001), ch. 4.

/// Share of a series that lies before its tail.
const BODY: f64 = 0.9;

/// Of the tail the share that at most, and at least, only counts as far out.
const MOST_CENSORED: f64 = 0.25;
const LEAST_CENSORED: f64 = 0.03;

/// Of the tail the share by which odd values are counted: more of them than this are odd.
const FAR: f64 = 0.02;

/// Less than this surprises nobody: series of few pieces have nothing beyond for long.
const PLAIN: f64 = 1.0;

/// Values beyond which a tail is looked at.
const FEWEST: usize = 20;

/// Values that speak for a series being like the others.
const OWN: f64 = 30.0;

/// What is known of shapes beforehand: about 0, give or take this much, as much as one whole sample says.
const SHAPE_SPREAD: f64 = 0.15;

/// Most values that the shape is learned from.
const LEARNED: usize = 600;

/// The tails of some series.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tails {
    shape: f64,
    scale: f64,
    own: Vec<Own>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Own {
    /// Where its tail begins, and the share beyond it.
    from: f64,
    share: f64,
    factor: f64,
}

impl Tails {
    /// Learns from surprises by series; values that are not numbers are left out.
    pub fn learn(series: &[Vec<f64>]) -> Self {
        let sorted: Vec<Vec<f64>> = series.iter().map(|values| ascending(values.iter().copied())).collect();
        let all = ascending(sorted.iter().flatten().copied());
        let common = at(&all, BODY).unwrap_or(-(1.0 - BODY).ln());
        let mut own: Vec<Own> = sorted.iter().map(|values| Own::of(values, common)).collect();
        let beyond = |values: &[f64], from: f64| -> Vec<f64> {
            values.iter().map(|value| value - from).filter(|excess| *excess > 0.0).collect()
        };
        let excesses: Vec<Vec<f64>> =
            sorted.iter().zip(&own).map(|(values, own)| beyond(values, own.from)).collect();
        let pooled = ascending(excesses.iter().flatten().copied());
        if pooled.len() < FEWEST {
            return Self { shape: 0.0, scale: 1.0, own };
        }
        let cap = at(&pooled, 1.0 - MOST_CENSORED).unwrap_or(f64::MAX);
        let mean = |values: &[f64]| values.iter().map(|value| value.min(cap)).sum::<f64>();
        let usual = mean(&pooled) / pooled.len() as f64;
        for (own, excess) in own.iter_mut().zip(&excesses) {
            own.factor = (mean(excess) + OWN * usual) / (excess.len() as f64 + OWN) / usual;
        }
        let scaled = excesses.iter().zip(&own);
        let scaled =
            ascending(scaled.flat_map(|(excess, own)| excess.iter().map(|value| value / own.factor)));
        let (shape, scale) = fit(&scaled, MOST_CENSORED);
        let far = scaled.len() - scaled.partition_point(|x| survival(x / scale, shape) >= FAR);
        let odd = (far as f64 / scaled.len() as f64 - FAR).max(0.0);
        let (shape, scale) = fit(&scaled, (LEAST_CENSORED + 6.0 * odd).min(MOST_CENSORED));
        Self { shape, scale, own }
    }

    /// Chance of a surprise as great or greater in a series of those that were learned from.
    pub fn chance(&self, series: usize, surprise: f64) -> f64 {
        let own = self.own[series];
        let beyond = surprise - own.from;
        if beyond <= 0.0 {
            // From 1 at no surprise at all to the share at the tail's begin.
            return own.share.powf((surprise / own.from.max(1e-9)).clamp(0.0, 1.0));
        }
        own.share * survival(beyond / (self.scale * own.factor), self.shape)
    }
}

impl Own {
    fn of(values: &[f64], common: f64) -> Self {
        let count = values.len() as f64;
        let from = at(values, BODY).map_or(common, |own| (own * count + common * OWN) / (count + OWN));
        let from = from.max(PLAIN);
        let beyond = values.len() - values.partition_point(|value| *value <= from);
        // One more of each: no share is nothing.
        Self { from, share: (beyond as f64 + (1.0 - BODY)) / (count + 1.0), factor: 1.0 }
    }
}

fn ascending(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    crate::order::floats(&mut values);
    values
}

/// The value below which a share of the others lies.
fn at(ascending: &[f64], share: f64) -> Option<f64> {
    ascending.get(((ascending.len() as f64 * share) as usize).min(ascending.len().checked_sub(1)?)).copied()
}

/// Chance beyond x scales.
fn survival(x: f64, shape: f64) -> f64 {
    if shape.abs() < 1e-9 { (-x).exp() } else { (1.0 + shape * x).max(1e-300).powf(-1.0 / shape) }
}

/// Shape and scale that the excesses, ascending, are likeliest under; the last share of them is only known to be far.
fn fit(excesses: &[f64], censored: f64) -> (f64, f64) {
    let step = excesses.len().div_ceil(LEARNED);
    let thinned: Vec<f64> = excesses.iter().copied().skip(step / 2).step_by(step).collect();
    let inner = thinned.len() - (thinned.len() as f64 * censored) as usize;
    let (inner, outer) = thinned.split_at(inner);
    let cap = inner.last().copied().unwrap_or(1.0);
    let weight = step as f64;
    let usual = (inner.iter().sum::<f64>() + cap * outer.len() as f64) / inner.len() as f64;
    let likelihood = |shape: f64, scale: f64| -> f64 {
        let log = |x: f64| match shape.abs() < 1e-9 {
            true => x / scale,
            false => (1.0 + shape * x / scale).max(1e-300).ln() / shape,
        };
        let inside: f64 = inner.iter().map(|x| -scale.ln() - (1.0 + shape) * log(*x)).sum();
        weight * (inside - outer.len() as f64 * log(cap)) - 0.5 * (shape / SHAPE_SPREAD).powi(2)
    };
    let mut best = (f64::MIN, 0.0, usual);
    for shape in (-6..=30).map(|step| f64::from(step) * 0.05) {
        for scale in (-20..=20).map(|step| usual * (f64::from(step) * 0.05).exp()) {
            let found = likelihood(shape, scale);
            if found > best.0 {
                best = (found, shape, scale);
            }
        }
    }
    (best.1, best.2)
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::rng::Rng;

    /// Surprises whose chance of being beyond s is known.
    fn learned(of: impl Fn(f64) -> f64) -> Tails {
        let mut rng = Rng::seeded(5);
        let series: Vec<Vec<f64>> =
            (0..40).map(|_| (0..400).map(|_| of(1.0 - rng.uniform())).collect()).collect();
        Tails::learn(&series)
    }

    #[test]
    fn exponential_and_heavy_tails_are_told_by_their_own_chances() {
        let plain = learned(|p| -p.ln());
        let heavy = learned(|p| 2.0 * (p.powf(-0.5) - 1.0));
        for p in [0.02, 0.005, 0.001] {
            let share =
                |tails: &Tails, s: f64| (0..40).map(|series| tails.chance(series, s)).sum::<f64>() / 40.0 / p;
            let (plain, heavy) = (share(&plain, -f64::ln(p)), share(&heavy, 2.0 * (p.powf(-0.5) - 1.0)));
            assert!((0.8..1.25).contains(&plain) && (0.7..1.4).contains(&heavy), "{p}: {plain} {heavy}");
        }
    }

    #[test]
    fn a_few_values_out_of_the_ordinary_do_not_hide_each_other() {
        let mut rng = Rng::seeded(5);
        let mut series: Vec<f64> = (0..1_000).map(|_| -(1.0 - rng.uniform()).ln()).collect();
        series[..8].fill(60.0);
        assert!(Tails::learn(&[series]).chance(0, 60.0) < 1e-4);
    }

    #[test]
    fn without_anything_to_learn_from_the_model_is_believed() {
        let tails = Tails::learn(&[vec![]]);
        assert!((tails.chance(0, -f64::ln(0.001)) - 0.001).abs() < 1e-4);
        assert!(tails.chance(0, 0.0) > 0.99);
    }
}
