//! Yardsticks that models and their judges share: how far a forecast was from what happened.
//!
//! Question answered: how good is a point forecast (or a band) on values that the model never saw.
//! Inputs: actual values and forecasts of the same length and unit, the history before them for the scaled
//! errors. Output: one number, or `None` where the definition divides by zero.
//! Assumptions: none on the model. How it fails: [`MetricError`] names lengths or the index of a value that is
//! not finite.
//!
//! With e = actual − forecast:
//! MAE = mean |e|; RMSE = √mean e²; MAPE = mean 100·|e/y| over y ≠ 0; sMAPE = mean 200·|e|/(|y|+|f|), a term
//! with y = f = 0 counting as 0; WAPE = Σ|e|/Σ|y|; bias = Σ(f − y)/Σ|y|, so positive means too high;
//! MASE = MAE / in-sample mean |x_t − x_{t−m}|; RMSSE = √(mean e² / in-sample mean (x_t − x_{t−l})²);
//! MSIS = mean interval score / in-sample mean |x_t − x_{t−m}|.
//!
//! References: Hyndman & Koehler, "Another look at measures of forecast accuracy", IJF 22 (2006), eq. 4 (MASE);
//! Makridakis, Spiliotis & Assimakopoulos, "The M4 competition", IJF 36 (2020), eq. 1–3 (sMAPE, MASE, MSIS);
//! the same authors, "M5 accuracy competition", IJF 38 (2022), eq. 1 (RMSSE); Gneiting & Raftery, JASA 102 (2007),
//! eq. 43 (interval score).
//!
//! Of partitions: silhouette = mean (b − a)/max(a, b), a and b the mean distances to the own and to the next cluster
//! (Rousseeuw, J. Comput. Appl. Math. 20 (1987)); adjusted Rand index (Hubert & Arabie, J. Classification 2 (1985)).

use ndarray::ArrayView2;

/// Why a metric could not be taken.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MetricError {
    /// Two columns that belong together differ in length.
    #[error("{actual} actual values but {other} {what}: one for each was expected")]
    Length {
        /// How many actual values there are.
        actual: usize,
        /// How many of the other column.
        other: usize,
        /// The other column's name.
        what: &'static str,
    },
    /// Nothing to measure.
    #[error("no values to measure: at least one pair of actual and forecast was expected")]
    Empty,
    /// A value is NaN or infinite.
    #[error("{what} at index {index} is {value}: a finite number was expected")]
    NotFinite {
        /// The column.
        what: &'static str,
        /// Where in it, from 0.
        index: usize,
        /// What stood there.
        value: f64,
    },
}

/// Actual values beside their forecasts, checked once: equal lengths, not empty, all finite.
#[derive(Debug, Clone, Copy)]
pub struct Pairs<'a> {
    actual: &'a [f64],
    forecast: &'a [f64],
}

impl<'a> Pairs<'a> {
    /// Checks the two columns.
    pub fn new(actual: &'a [f64], forecast: &'a [f64]) -> Result<Self, MetricError> {
        if actual.is_empty() {
            return Err(MetricError::Empty);
        }
        same_length(actual, forecast, "forecasts")?;
        finite(actual, "actual")?;
        finite(forecast, "forecast")?;
        Ok(Self { actual, forecast })
    }

    fn mean(&self, term: impl Fn(f64, f64) -> f64) -> f64 {
        self.sum(term) / self.actual.len() as f64
    }

    fn sum(&self, term: impl Fn(f64, f64) -> f64) -> f64 {
        self.actual.iter().zip(self.forecast).map(|(&y, &f)| term(y, f)).sum()
    }

    /// Mean absolute error, in the unit of the data.
    pub fn mae(&self) -> f64 {
        self.mean(|y, f| (y - f).abs())
    }

    /// Mean squared error, in the squared unit of the data.
    pub fn mse(&self) -> f64 {
        self.mean(|y, f| (y - f) * (y - f))
    }

    /// Root mean squared error, in the unit of the data.
    pub fn rmse(&self) -> f64 {
        self.mse().sqrt()
    }

    /// Mean absolute percentage error in percent, over the actual values that are not zero.
    pub fn mape(&self) -> Option<f64> {
        let nonzero = self.actual.iter().filter(|y| **y != 0.0).count();
        let sum = self.sum(|y, f| if y == 0.0 { 0.0 } else { 100.0 * ((y - f) / y).abs() });
        (nonzero > 0).then(|| sum / nonzero as f64)
    }

    /// Symmetric mean absolute percentage error in percent, 0 to 200.
    pub fn smape(&self) -> f64 {
        self.mean(|y, f| {
            let size = y.abs() + f.abs();
            if size == 0.0 { 0.0 } else { 200.0 * (y - f).abs() / size }
        })
    }

    /// Weighted absolute percentage error as a share: Σ|e| / Σ|y|. `None` when every actual value is zero.
    pub fn wape(&self) -> Option<f64> {
        ratio(self.sum(|y, f| (y - f).abs()), self.sum(|y, _| y.abs()))
    }

    /// Bias as a share: Σ(forecast − actual) / Σ|y|; positive means that the forecast was too high.
    pub fn bias(&self) -> Option<f64> {
        ratio(self.sum(|y, f| f - y), self.sum(|y, _| y.abs()))
    }

    /// Mean absolute scaled error; `scale` is [`mean_abs_difference`] of the history.
    pub fn mase(&self, scale: f64) -> Option<f64> {
        ratio(self.mae(), scale)
    }

    /// Root mean squared scaled error; `scale` is [`mean_squared_difference`] of the history.
    pub fn rmsse(&self, scale: f64) -> Option<f64> {
        ratio(self.mse(), scale).map(f64::sqrt)
    }
}

/// A band around the future: actual values beside lower and upper ends, checked once.
#[derive(Debug, Clone, Copy)]
pub struct Intervals<'a> {
    actual: &'a [f64],
    lo: &'a [f64],
    hi: &'a [f64],
}

impl<'a> Intervals<'a> {
    /// Checks the three columns.
    pub fn new(actual: &'a [f64], lo: &'a [f64], hi: &'a [f64]) -> Result<Self, MetricError> {
        if actual.is_empty() {
            return Err(MetricError::Empty);
        }
        same_length(actual, lo, "lower ends")?;
        same_length(actual, hi, "upper ends")?;
        finite(actual, "actual")?;
        finite(lo, "lower end")?;
        finite(hi, "upper end")?;
        Ok(Self { actual, lo, hi })
    }

    fn mean(&self, term: impl Fn(f64, f64, f64) -> f64) -> f64 {
        let ends = self.lo.iter().zip(self.hi);
        let sum: f64 = self.actual.iter().zip(ends).map(|(&y, (&lo, &hi))| term(y, lo, hi)).sum();
        sum / self.actual.len() as f64
    }

    /// Share of actual values that lay within the band, ends included.
    pub fn coverage(&self) -> f64 {
        self.mean(|y, lo, hi| if (lo..=hi).contains(&y) { 1.0 } else { 0.0 })
    }

    /// Mean interval score for a band that should miss a share `alpha` of the values, in the data's unit.
    pub fn interval_score(&self, alpha: f64) -> f64 {
        self.mean(|y, lo, hi| (hi - lo) + 2.0 / alpha * ((lo - y).max(0.0) + (y - hi).max(0.0)))
    }

    /// Mean scaled interval score; `scale` is [`mean_abs_difference`] of the history.
    pub fn msis(&self, alpha: f64, scale: f64) -> Option<f64> {
        ratio(self.interval_score(alpha), scale)
    }
}

/// Mean |x_t − x_{t−lag}| of a history: the in-sample error of the (seasonal) naive forecast, the scale of MASE
/// and MSIS. `None` when the history is not longer than `lag` or `lag` is 0.
pub fn mean_abs_difference(history: &[f64], lag: usize) -> Option<f64> {
    mean_difference(history, lag, f64::abs)
}

/// Mean (x_t − x_{t−lag})² of a history, the scale of RMSSE. `None` as for [`mean_abs_difference`].
pub fn mean_squared_difference(history: &[f64], lag: usize) -> Option<f64> {
    mean_difference(history, lag, |d| d * d)
}

fn mean_difference(history: &[f64], lag: usize, size: impl Fn(f64) -> f64) -> Option<f64> {
    if lag == 0 || history.len() <= lag {
        return None;
    }
    let sum: f64 = history[lag..].iter().zip(history).map(|(x, before)| size(x - before)).sum();
    Some(sum / (history.len() - lag) as f64)
}

fn ratio(numerator: f64, denominator: f64) -> Option<f64> {
    (denominator > 0.0).then(|| numerator / denominator)
}

fn same_length(actual: &[f64], other: &[f64], what: &'static str) -> Result<(), MetricError> {
    if actual.len() == other.len() {
        return Ok(());
    }
    Err(MetricError::Length { actual: actual.len(), other: other.len(), what })
}

fn finite(values: &[f64], what: &'static str) -> Result<(), MetricError> {
    match values.iter().position(|v| !v.is_finite()) {
        Some(index) => Err(MetricError::NotFinite { what, index, value: values[index] }),
        None => Ok(()),
    }
}

/// Mean silhouette of points (one a row) under a partition, −1 to 1: how much nearer each is to its own cluster than
/// to the next one. A point alone in its cluster counts 0. `None` with fewer than two clusters or without points.
pub fn silhouette(points: ArrayView2<f64>, cluster: &[usize]) -> Option<f64> {
    let clusters = cluster.iter().max()? + 1;
    let mut sizes = vec![0usize; clusters];
    cluster.iter().for_each(|&own| sizes[own] += 1);
    if sizes.iter().filter(|size| **size > 0).count() < 2 {
        return None;
    }
    let mut sum = 0.0;
    let mut distances = vec![0.0; clusters];
    for (point, &own) in points.rows().into_iter().zip(cluster).filter(|(_, own)| sizes[**own] > 1) {
        distances.fill(0.0);
        for (other, &of) in points.rows().into_iter().zip(cluster) {
            let square: f64 = point.iter().zip(other).map(|(a, b)| (a - b) * (a - b)).sum();
            distances[of] += square.sqrt();
        }
        let within = distances[own] / (sizes[own] - 1) as f64;
        let others = (0..clusters).filter(|&other| other != own && sizes[other] > 0);
        let next = others.map(|other| distances[other] / sizes[other] as f64).fold(f64::INFINITY, f64::min);
        let wider = within.max(next);
        sum += if wider > 0.0 { (next - within) / wider } else { 0.0 };
    }
    Some(sum / cluster.len() as f64)
}

/// Agreement of two partitions of the same points beyond chance: 1 = the same groups, 0 = as by chance. `None` when
/// they differ in length or leave no choice (all points together, or all apart, in both).
pub fn adjusted_rand_index(a: &[usize], b: &[usize]) -> Option<f64> {
    if a.len() != b.len() {
        return None;
    }
    let (rows, columns) = (a.iter().max()? + 1, b.iter().max()? + 1);
    let mut table = vec![0u64; rows * columns];
    a.iter().zip(b).for_each(|(&a, &b)| table[a * columns + b] += 1);
    let pairs = |count: u64| (count * count.saturating_sub(1) / 2) as f64;
    let together: f64 = table.iter().map(|&count| pairs(count)).sum();
    let of_rows: f64 = table.chunks_exact(columns).map(|row| pairs(row.iter().sum())).sum();
    let of_columns: f64 =
        (0..columns).map(|column| pairs(table.iter().skip(column).step_by(columns).sum())).sum();
    let expected = of_rows * of_columns / pairs(a.len() as u64);
    let most = 0.5 * (of_rows + of_columns);
    ((most - expected).abs() > 0.0).then(|| (together - expected) / (most - expected))
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    // Worked by hand: y = 10, 0, 20, 30; f = 12, 0, 15, 33, so e = −2, 0, 5, −3.
    const Y: [f64; 4] = [10.0, 0.0, 20.0, 30.0];
    const F: [f64; 4] = [12.0, 0.0, 15.0, 33.0];

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn point_errors_match_hand_arithmetic() {
        let p = Pairs::new(&Y, &F).unwrap();
        assert!(close(p.mae(), 10.0 / 4.0));
        assert!(close(p.rmse(), (38.0f64 / 4.0).sqrt()));
        assert!(close(p.mape().unwrap(), (20.0 + 25.0 + 10.0) / 3.0));
        assert!(close(p.smape(), (400.0 / 22.0 + 0.0 + 1000.0 / 35.0 + 600.0 / 63.0) / 4.0));
        assert!(close(p.wape().unwrap(), 10.0 / 60.0));
        assert!(close(p.bias().unwrap(), 0.0));
        assert!(close(p.mase(5.0).unwrap(), 0.5));
        assert!(close(p.rmsse(9.5).unwrap(), 1.0));
    }

    #[test]
    fn bias_is_positive_when_the_forecast_is_too_high() {
        assert!(Pairs::new(&[10.0], &[11.0]).unwrap().bias().unwrap() > 0.0);
    }

    #[test]
    fn scales_match_hand_arithmetic() {
        let x = [1.0, 4.0, 2.0, 8.0];
        assert!(close(mean_abs_difference(&x, 1).unwrap(), 11.0 / 3.0));
        assert!(close(mean_squared_difference(&x, 2).unwrap(), (1.0 + 16.0) / 2.0));
        assert_eq!(mean_abs_difference(&x, 4), None);
        assert_eq!(mean_abs_difference(&x, 0), None);
    }

    #[test]
    fn band_scores_match_hand_arithmetic() {
        let band = Intervals::new(&Y, &[8.0, 1.0, 15.0, 20.0], &[12.0, 2.0, 25.0, 28.0]).unwrap();
        assert!(close(band.coverage(), 0.5));
        // widths 4, 1, 10, 8; misses 1 below and 2 above, each times 2 / .05
        assert!(close(band.interval_score(0.05), (23.0 + 40.0 * 3.0) / 4.0));
        assert!(close(band.msis(0.05, 2.0).unwrap(), 143.0 / 8.0));
    }

    #[test]
    fn a_division_by_zero_is_none_and_bad_columns_name_their_place() {
        let zeros = Pairs::new(&[0.0, 0.0], &[1.0, 2.0]).unwrap();
        assert_eq!((zeros.mape(), zeros.wape(), zeros.mase(0.0)), (None, None, None));
        assert_eq!(Pairs::new(&[], &[]).unwrap_err(), MetricError::Empty);
        let error = Pairs::new(&[1.0, f64::NAN], &[1.0, 2.0]).unwrap_err();
        assert_eq!(error.to_string(), "actual at index 1 is NaN: a finite number was expected");
        assert!(matches!(Pairs::new(&[1.0], &[]), Err(MetricError::Length { actual: 1, other: 0, .. })));
    }
}
