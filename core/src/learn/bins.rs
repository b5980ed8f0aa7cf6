//! Columns in bins: each value becomes a code of one byte, so that a split is looked for among at most 255 cuts.
//!
//! Amounts are cut at quantiles (every distinct value has a bin of its own while there are few enough); labels get a
//! code each, the most frequent ones first. Code 0 means "not known" and, for labels, "seen too rarely".
//! Input: [`Columns`]. Output: [`Binned`], codes row by row; [`Bins`], the cuts, which code later rows the same way.
//!
//! Assumption: order within a bin does not matter. Reference: Ke et al., "LightGBM: a highly efficient gradient
//! boosting decision tree", NeurIPS 2017, section 2.1 (histogram-based split finding).

use serde::{Deserialize, Serialize};

use super::{Column, Columns, LearnError};

/// Most bins of a column beside "not known".
pub const MAX_BINS: usize = 254;

/// How one column's values become codes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cuts {
    /// The column's name.
    pub name: String,
    /// Whether values are labels.
    pub categorical: bool,
    /// Amounts: upper ends of all bins but the last, rising. Labels: those with a code, rising.
    values: Vec<f32>,
}

impl Cuts {
    fn learn(column: &Column, max_bins: usize) -> Self {
        let mut sorted: Vec<f32> = column.values.iter().copied().filter(|v| !v.is_nan()).collect();
        sorted.sort_unstable_by(f32::total_cmp);
        let mut distinct: Vec<(f32, usize)> = Vec::new();
        for value in sorted {
            match distinct.last_mut() {
                Some((last, count)) if *last == value => *count += 1,
                _ => distinct.push((value, 1)),
            }
        }
        let values =
            if column.categorical { labels(distinct, max_bins) } else { quantiles(&distinct, max_bins) };
        Self { name: column.name.clone(), categorical: column.categorical, values }
    }

    /// The code of a value.
    pub fn code(&self, value: f32) -> u8 {
        if value.is_nan() {
            return 0;
        }
        if self.categorical {
            return self.values.binary_search_by(|it| it.total_cmp(&value)).map_or(0, |at| at as u8 + 1);
        }
        self.values.partition_point(|cut| *cut < value) as u8 + 1
    }

    /// How many codes there are, "not known" among them.
    pub fn codes(&self) -> usize {
        self.values.len() + if self.categorical { 1 } else { 2 }
    }
}

/// The most frequent labels, rising.
fn labels(mut distinct: Vec<(f32, usize)>, max_bins: usize) -> Vec<f32> {
    crate::order::by(&mut distinct, |a, b| b.1.cmp(&a.1).then(a.0.total_cmp(&b.0)));
    distinct.truncate(max_bins);
    let mut labels: Vec<f32> = distinct.into_iter().map(|(label, _)| label).collect();
    labels.sort_unstable_by(f32::total_cmp);
    labels
}

/// Cuts halfway between neighbours, so that bins hold about equally many values; a value that fills more than its
/// share stands alone.
fn quantiles(distinct: &[(f32, usize)], max_bins: usize) -> Vec<f32> {
    let mut cuts = Vec::new();
    let mut left: usize = distinct.iter().map(|it| it.1).sum();
    let mut held = 0;
    let all = distinct.len() <= max_bins;
    for pair in distinct.windows(2) {
        let ((low, count), (high, next)) = (pair[0], pair[1]);
        if cuts.len() + 1 == max_bins {
            break;
        }
        held += count;
        let share = left as f64 / (max_bins - cuts.len()) as f64;
        // The next value would overfill this bin by more than what is missing now: cut here.
        let full = held as f64 >= share || (held + next) as f64 - share > share - held as f64;
        if all || full {
            // Halving first: the sum of two huge values would overflow.
            let middle = low / 2.0 + high / 2.0;
            cuts.push(if middle < high { middle } else { low });
            left -= held;
            held = 0;
        }
    }
    cuts
}

/// The cuts of all columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bins(Vec<Cuts>);

impl Bins {
    /// The columns' cuts.
    pub fn cuts(&self) -> &[Cuts] {
        &self.0
    }

    /// How many columns.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The codes of a table with the same columns, row by row.
    pub fn code(&self, columns: &Columns) -> Result<Vec<u8>, LearnError> {
        let name = |it: Option<&str>| it.unwrap_or_default().to_owned();
        for index in 0..self.len().max(columns.columns().len()) {
            let have = columns.columns().get(index).map(|it| it.name.as_str());
            let need = self.0.get(index).map(|it| it.name.as_str());
            if have != need {
                return Err(LearnError::Column { index, have: name(have), need: name(need) });
            }
        }
        let width = self.len();
        let mut codes = vec![0; columns.rows() * width];
        for (at, (cuts, column)) in self.0.iter().zip(columns.columns()).enumerate() {
            for (row, value) in column.values.iter().enumerate() {
                codes[row * width + at] = cuts.code(*value);
            }
        }
        Ok(codes)
    }

    /// The codes of whole rows, their values in the columns' order.
    pub fn code_rows(&self, rows: &[f32]) -> Result<Vec<u8>, LearnError> {
        let need = self.len();
        match rows.len().checked_rem(need.max(1)) {
            Some(0) => Ok(self.0.iter().cycle().zip(rows).map(|(cuts, value)| cuts.code(*value)).collect()),
            _ => Err(LearnError::Width { have: rows.len(), need }),
        }
    }
}

/// A table in bins: made once, learned from as often as wished.
#[derive(Debug, Clone, PartialEq)]
pub struct Binned {
    bins: Bins,
    rows: usize,
    codes: Vec<u8>,
}

impl Binned {
    /// Cuts the columns and codes them.
    pub fn new(columns: &Columns) -> Result<Self, LearnError> {
        let bins = Bins(columns.columns().iter().map(|column| Cuts::learn(column, MAX_BINS)).collect());
        Self::with(bins, columns)
    }

    /// Codes the columns by cuts made before.
    pub fn with(bins: Bins, columns: &Columns) -> Result<Self, LearnError> {
        let codes = bins.code(columns)?;
        Ok(Self { bins, rows: columns.rows(), codes })
    }

    /// The cuts.
    pub fn bins(&self) -> &Bins {
        &self.bins
    }

    /// Rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Codes, row by row.
    pub fn codes(&self) -> &[u8] {
        &self.codes
    }
}
