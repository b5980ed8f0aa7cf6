//! Tails of the normal distribution, of counts, and back.
//!
//! Question answered: how far out is this value. Input: a value, or a chance. Output: a chance, or standard deviations.
//! Assumptions: none. How it fails: beyond [`FAR`] standard deviations all are equally far.
//! References: Press et al., "Numerical recipes" (2007), 6.2.2 (erfc, relative error below 2e-7); Abramowitz & Stegun
//! (1964), 26.2.23 (quantile, error below 5e-4: less than any series tells).

/// Standard deviations that count at most.
pub(super) const FAR: f64 = 30.0;

/// Chance that a standard normal value is further out than `z`, either way; of no number none.
pub(super) fn two_sided(z: f64) -> f64 {
    let x = z.clamp(-FAR, FAR).abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.5 * x);
    let terms = [
        0.170_872_77,
        -0.822_152_23,
        1.488_515_87,
        -1.135_203_98,
        0.278_868_07,
        -0.186_288_06,
        0.096_784_18,
        0.374_091_96,
        1.000_023_68,
        -1.265_512_23,
    ];
    let sum = terms.iter().fold(0.0, |sum, term| sum * t + term);
    t * (sum - x * x).exp()
}

/// How far out a value is that only this share (up to a half) lies beyond; zero or more.
pub(super) fn quantile(beyond: f64) -> f64 {
    let t = (-2.0 * beyond.clamp(1e-190, 0.5).ln()).sqrt();
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let below = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    (t - above / below).max(0.0)
}

/// A count against its negative binomial (variance mean + excess × mean², Poisson at 0), as standard deviations: half
/// of the count's own chance is taken as beyond it.
pub(super) fn of_count(count: f64, mean: f64, excess: f64) -> f64 {
    if count.is_nan() {
        return count;
    }
    let mean = mean.max(1e-6);
    let step = |at: f64| match excess > 1e-9 {
        true => (at + 1.0 / excess) / (at + 1.0) * (mean / (mean + 1.0 / excess)),
        false => mean / (at + 1.0),
    };
    let mut chance = if excess > 1e-9 { (1.0 + excess * mean).powf(-1.0 / excess) } else { (-mean).exp() };
    let (mut below, mut at) = (0.0, 0.0);
    // No count that far out is worth its last terms.
    let last = count.min(mean + FAR * (mean + excess * mean * mean).sqrt() + FAR);
    while at < last {
        below += chance;
        chance *= step(at);
        at += 1.0;
    }
    if below + 0.5 * chance < 0.5 {
        return -quantile(below + 0.5 * chance);
    }
    let mut beyond = 0.5 * chance;
    while chance > 1e-4 * beyond && at < last + 10_000.0 {
        chance *= step(at);
        at += 1.0;
        beyond += chance;
    }
    quantile(beyond)
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn tails_and_quantiles_are_those_of_the_printed_tables() {
        for (z, beyond) in [(0.0, 1.0), (1.0, 0.317_311), (1.96, 0.049_996), (3.29, 0.001_002)] {
            assert!((two_sided(z) - beyond).abs() < 2e-6, "{z}: {}", two_sided(z));
            assert!((quantile(beyond / 2.0) - z).abs() < 1e-3, "{z}: {}", quantile(beyond / 2.0));
        }
        assert!((two_sided(6.0) / 1.973_175e-9 - 1.0).abs() < 1e-5);
    }

    #[test]
    fn a_count_is_as_far_out_as_its_chance_says() {
        // Poisson with mean 3: P(X ≥ 9) = 0.003803, P(9) = 0.002701; P(0) = 0.049787.
        assert!((of_count(9.0, 3.0, 0.0) - quantile(0.003_803 - 0.5 * 0.002_701)).abs() < 2e-3);
        assert!((of_count(0.0, 3.0, 0.0) + quantile(0.5 * 0.049_787)).abs() < 1e-6);
        // Geometric with mean 1 (excess 1): P(X ≥ 6) = 1/64, P(6) = 1/128.
        assert!((of_count(6.0, 1.0, 1.0) - quantile(1.0 / 64.0 - 0.5 / 128.0)).abs() < 1e-3);
        assert!(of_count(1e9, 2.0, 0.5) > 6.0);
    }
}
