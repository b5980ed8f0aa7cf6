//! Rules of a chart.

/// A step such that at most four rules cover `span`: 1, 2, 2.5 or 5 times a power of ten.
pub fn rule_step(span: f64) -> f64 {
    let raw = (span / 4.0).max(f64::MIN_POSITIVE);
    let power = 10f64.powf(raw.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .map(|factor| factor * power)
        .into_iter()
        .find(|&step| step >= raw)
        .unwrap_or(raw)
}

#[cfg(test)]
mod tests {
    use super::rule_step;

    #[test]
    fn rules_are_round_and_at_most_four() {
        for span in [0.7, 3.0, 9.0, 41.0, 260_000.0, 1_234_567.0] {
            let step = rule_step(span);
            assert!(span / step <= 4.0 && span / step > 1.5, "{span} in steps of {step}");
        }
        assert_eq!(rule_step(100.0), 25.0);
        assert_eq!(rule_step(400_000.0), 100_000.0);
    }
}
