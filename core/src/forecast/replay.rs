//! Forecasts from many origins inside a history, and what they missed by.
//!
//! Question answered: what would a model with these parameters have said on each past day. Input: rows of means, one
//! per origin, filled by the model. Output: the same rows, or their errors. Unit: the data's. Assumption: none.
//! How it fails: it cannot; an origin at the end of the history simply has a shorter row.

/// Means by origin, as [`super::Fitted::replay`] gives them.
#[derive(Debug, Clone, PartialEq)]
pub struct Replay(Rows);

/// Actual values minus means, by origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Errors(Rows);

/// One row per origin in `first_origin..length`; the row of origin o has min(horizon, length − o) entries.
#[derive(Debug, Clone, PartialEq)]
struct Rows {
    first_origin: usize,
    horizon: usize,
    length: usize,
    entries: Vec<f64>,
}

impl Rows {
    fn iter(&self) -> impl Iterator<Item = (usize, &[f64])> {
        let rows = self.entries.chunks_exact(self.horizon.max(1));
        (self.first_origin..self.length)
            .zip(rows)
            .map(move |(origin, row)| (origin, &row[..self.horizon.min(self.length - origin)]))
    }

    fn iter_mut(&mut self) -> impl Iterator<Item = (usize, &mut [f64])> {
        let (horizon, length) = (self.horizon, self.length);
        let rows = self.entries.chunks_exact_mut(horizon.max(1));
        (self.first_origin..length)
            .zip(rows)
            .map(move |(origin, row)| (origin, &mut row[..horizon.min(length - origin)]))
    }
}

impl Replay {
    /// Asks `means(origin, row)` to fill one row per origin, origins rising; rows shorten towards the end.
    pub fn build(
        length: usize,
        first_origin: usize,
        horizon: usize,
        mut means: impl FnMut(usize, &mut [f64]),
    ) -> Self {
        let first_origin = first_origin.min(length);
        let entries = vec![0.0; (length - first_origin) * horizon];
        let mut rows = Rows { first_origin, horizon, length, entries };
        rows.iter_mut().for_each(|(origin, row)| means(origin, row));
        Self(rows)
    }

    /// Origins (values known) with the means of what follows.
    pub fn rows(&self) -> impl Iterator<Item = (usize, &[f64])> {
        self.0.iter()
    }

    /// Means below zero become zero.
    pub fn clipped(mut self) -> Self {
        self.0.entries.iter_mut().for_each(|mean| *mean = mean.max(0.0));
        self
    }

    /// The weighted sum of replays of the same origins and horizon.
    pub fn weighted(replays: Vec<(f64, Self)>) -> Self {
        let first = replays.iter().map(|(_, it)| it.0.first_origin).max().unwrap_or(0);
        let mut cut = replays.into_iter().map(|(weight, it)| (weight, it.since(first)));
        let Some((weight, mut sum)) = cut.next() else { return Self::build(0, 0, 0, |_, _| {}) };
        sum.0.entries.iter_mut().for_each(|it| *it *= weight);
        for (weight, it) in cut {
            debug_assert_eq!((sum.0.length, sum.0.horizon), (it.0.length, it.0.horizon));
            sum.0.entries.iter_mut().zip(&it.0.entries).for_each(|(sum, it)| *sum += weight * it);
        }
        sum
    }

    /// The same without the origins before `first`.
    pub fn since(&self, first: usize) -> Self {
        let first_origin = first.clamp(self.0.first_origin, self.0.length);
        let entries = self.0.entries[(first_origin - self.0.first_origin) * self.0.horizon..].to_vec();
        Self(Rows { first_origin, entries, ..self.0 })
    }

    /// The first origin.
    pub fn first_origin(&self) -> usize {
        self.0.first_origin
    }

    /// Mean squared error over all origins and steps; infinite without any.
    pub fn mean_square(&self, values: &[f64]) -> f64 {
        let (mut sum, mut count) = (0.0, 0.0);
        for (origin, row) in self.rows() {
            for (mean, y) in row.iter().zip(&values[origin..]) {
                sum += (y - mean) * (y - mean);
                count += 1.0;
            }
        }
        if count > 0.0 { sum / count } else { f64::INFINITY }
    }

    /// What the means missed `values` by, times `widen` (1 for honest errors).
    pub fn errors(&self, values: &[f64], widen: f64) -> Errors {
        let mut rows = self.0.clone();
        for (origin, row) in rows.iter_mut() {
            row.iter_mut().zip(&values[origin..]).for_each(|(e, y)| *e = (y - *e) * widen);
        }
        Errors(rows)
    }
}

impl Errors {
    /// Origins with the errors of what followed.
    pub fn rows(&self) -> impl Iterator<Item = (usize, &[f64])> {
        self.0.iter()
    }

    /// The first origin.
    pub fn first_origin(&self) -> usize {
        self.0.first_origin
    }

    /// Values known at the end of the history.
    pub fn length(&self) -> usize {
        self.0.length
    }

    /// Errors of the sums of the first 1, 2, … steps.
    pub fn accumulated(mut self) -> Self {
        for (_, row) in self.0.iter_mut() {
            let mut sum = 0.0;
            for e in row {
                sum += *e;
                *e = sum;
            }
        }
        self
    }

    /// What was known of these errors when the history had only `length` values.
    pub fn until(&self, length: usize) -> Self {
        let length = length.clamp(self.0.first_origin, self.0.length);
        let entries = self.0.entries[..(length - self.0.first_origin) * self.0.horizon].to_vec();
        Self(Rows { length, entries, ..self.0 })
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn errors_sums_and_cuts_match_hand_arithmetic() {
        let replay = Replay::build(5, 2, 2, |origin, row| row.fill(origin as f64));
        let errors = replay.errors(&[0.0, 0.0, 5.0, 7.0, 9.0], 1.0);
        let rows: Vec<(usize, Vec<f64>)> = errors.rows().map(|(o, r)| (o, r.to_vec())).collect();
        assert_eq!(rows, [(2, vec![3.0, 5.0]), (3, vec![4.0, 6.0]), (4, vec![5.0])]);
        let until: Vec<Vec<f64>> = errors.until(4).rows().map(|(_, r)| r.to_vec()).collect();
        assert_eq!(until, [vec![3.0, 5.0], vec![4.0]]);
        let sums: Vec<Vec<f64>> = errors.accumulated().rows().map(|(_, r)| r.to_vec()).collect();
        assert_eq!(sums, [vec![3.0, 8.0], vec![4.0, 10.0], vec![5.0]]);
    }
}
