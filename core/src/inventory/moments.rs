//! Mean and variance of what was seen.
//!
//! Input: values. Output: their mean and their variance as of a sample (divided by one less than their number). How it
//! fails: of no values both are 0, and one value varies by 0.

/// Mean and sample variance.
pub(super) fn moments(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count.max(1.0);
    (mean, values.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0))
}
