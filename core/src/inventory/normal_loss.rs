//! Tail and losses of the standard normal, to the last digits also far out.
//!
//! Question: how often, and by how much, does a normal demand exceed z? Input: z, without unit. Output: the tail
//! 1 − Φ(z), the loss G(z) = E(Z − z)⁺ and the second-order loss G₂(z) = ½·E((Z − z)⁺)² = ∫ G from z on.
//!
//! Method: near the middle from Φ; right of 2, where those differences cancel, from Laplace's continued fraction
//! 1 − Φ = φ ÷ (z + t), t = 1 ÷ (z + 2u), u = 1 ÷ (z + 3 ÷ (z + …)): G = φ·t ÷ (z + t) and G₂ = φ·t·u ÷ (z + t) have no
//! difference left. Left of 0 by symmetry. How it fails: right of 39 everything underflows to 0.
//! References: Abramowitz & Stegun (1964), 26.2.14; Snyder & Shen, "Fundamentals of Supply Chain Theory" (2nd ed.
//! 2019), appendix C (losses).

use super::safety_stock::normal_cdf;

/// From here on the continued fraction.
const FAR: f64 = 2.0;

/// Terms that settle it from [`FAR`] on.
const TERMS: u32 = 100;

/// From here on φ, and with it all the rest, is 0 to a float.
const BEYOND: f64 = 39.0;

pub(super) fn density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt()
}

/// t and u of the continued fraction.
fn fraction(z: f64) -> (f64, f64) {
    let below = (3..=TERMS).rev().fold(z, |below, k| z + f64::from(k) / below);
    let u = 1.0 / below;
    (1.0 / (z + 2.0 * u), u)
}

/// 1 − Φ(z).
pub fn normal_tail(z: f64) -> f64 {
    if z > FAR { density(z) / (z + fraction(z).0) } else { 1.0 - normal_cdf(z) }
}

/// G: expected excess of a standard normal over `z`.
pub fn normal_loss(z: f64) -> f64 {
    if z > BEYOND {
        return 0.0;
    }
    if z < 0.0 {
        return normal_loss(-z) - z;
    }
    if z > FAR {
        let (t, _) = fraction(z);
        return density(z) * t / (z + t);
    }
    density(z) - z * normal_tail(z)
}

/// G₂: half the expected square of the excess of a standard normal over `z`.
pub fn normal_second_loss(z: f64) -> f64 {
    if z < 0.0 {
        return 0.5 * (z * z + 1.0) - normal_second_loss(-z);
    }
    if z > FAR {
        let (t, u) = fraction(z);
        return density(z) * t * u / (z + t);
    }
    0.5 * ((z * z + 1.0) * normal_tail(z) - z * density(z))
}

/// z at which G(z) = `loss`, by Newton's method from the left, where a falling convex curve is never overshot.
pub(super) fn normal_loss_inverse(loss: f64) -> f64 {
    let mut z = -loss;
    for _ in 0..500 {
        let step = (normal_loss(z) - loss) / normal_tail(z);
        z += step;
        if step.is_nan() || step.abs() <= 1e-15 * z.abs().max(1.0) {
            break;
        }
    }
    z
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn far_losses_keep_their_digits() {
        // mpmath, 40 digits: tail, loss, second-order loss
        for (z, tail, loss, second) in TABLE {
            for (ours, theirs) in
                [(normal_tail(z), tail), (normal_loss(z), loss), (normal_second_loss(z), second)]
            {
                assert!((ours - theirs).abs() <= 4e-14 * theirs, "{z}: {ours} {theirs}");
            }
        }
    }

    #[test]
    fn the_inverse_of_the_loss_gives_the_loss() {
        for loss in [1e-30, 1e-9, 0.01, 0.3989, 1.0, 25.0] {
            assert!((normal_loss(normal_loss_inverse(loss)) / loss - 1.0).abs() < 1e-12, "{loss}");
        }
    }

    const TABLE: [(f64, f64, f64, f64); 8] = [
        (-3.0, 0.9986501019683699, 3.0003821543170477, 4.999898282459757),
        (0.0, 0.5, 0.3989422804014327, 0.25),
        (0.5, 0.3085375387259869, 0.19779655740130603, 0.10481963001266693),
        (1.9, 0.0287165598160018, 0.011054351124273172, 0.003856646339941386),
        (2.1, 0.017864420562816556, 0.006468312798512425, 0.0021404818429702323),
        (4.0, 3.1671241833119924e-05, 7.145258432405667e-06, 1.545104051748627e-06),
        (8.5, 9.479534822203318e-18, 1.0863103279672944e-18, 1.2294851724065805e-19),
        (20.0, 2.7536241186062337e-89, 1.3700124947295798e-90, 6.799564573536905e-92),
    ];
}
