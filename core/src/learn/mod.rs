//! Learners on tables of columns: boosted trees and random forests, shared by forecasts, demand and prices.
//!
//! Question answered: what is the target of a row, given its columns. Input: [`Columns`], numbers or categories in
//! any units (NaN is "not known"), cut into bins once ([`bins::Binned`]); a target for each row. Output: one figure a
//! row in the target's unit, and how much each column gained. Each learner's parameters are checked once, only
//! checked ones fit, fitting returns a type of its own, and only that predicts.
//!
//! Assumptions: rows are exchangeable given their columns; time enters as columns only. How it fails:
//! [`LearnError`] names the column or row; nothing panics and no NaN comes out. Trees say nothing beyond the range of
//! what they saw. References stand in each file.

pub mod bins;
pub mod boosting;
pub mod forest;
mod grow;
pub mod loss;
mod scan;
#[cfg(test)]
mod tests;
pub mod tree;

/// Most rows that one learner takes: their count must fit beside a gradient's sum.
pub const MAX_ROWS: usize = 1 << 23;

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name, for messages and reasons.
    pub name: String,
    /// One value a row; NaN is "not known".
    pub values: Vec<f32>,
    /// Whether values are labels without an order (a store's number) and not amounts.
    pub categorical: bool,
}

/// A table by columns, all of one length, without infinite values.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Columns {
    rows: usize,
    columns: Vec<Column>,
}

impl Columns {
    /// An empty table of so many rows.
    pub fn new(rows: usize) -> Self {
        Self { rows, columns: Vec::new() }
    }

    /// Adds a column of amounts.
    pub fn push(&mut self, name: &str, values: Vec<f32>) -> Result<(), LearnError> {
        self.add(Column { name: name.to_owned(), values, categorical: false })
    }

    /// Adds a column of labels.
    pub fn push_categories(&mut self, name: &str, values: Vec<f32>) -> Result<(), LearnError> {
        self.add(Column { name: name.to_owned(), values, categorical: true })
    }

    fn add(&mut self, column: Column) -> Result<(), LearnError> {
        let have = column.values.len();
        if have != self.rows {
            return Err(LearnError::Rows { what: column.name, have, need: self.rows });
        }
        if let Some(row) = column.values.iter().position(|v| v.is_infinite()) {
            let value = f64::from(column.values[row]);
            return Err(LearnError::NotFinite { what: column.name, row, value });
        }
        self.columns.push(column);
        Ok(())
    }

    /// The columns, in the order they were added.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Rows.
    pub fn rows(&self) -> usize {
        self.rows
    }
}

/// What a learner learns from.
#[derive(Debug, Clone, Copy)]
pub struct Examples<'a> {
    /// The columns, in bins.
    pub table: &'a bins::Binned,
    /// What is to be explained, one a row, in any unit.
    pub target: &'a [f64],
    /// How much each row counts; all the same when absent.
    pub weights: Option<&'a [f64]>,
    /// Rows that are not learned from, only scored (for stopping early). May be empty.
    pub holdout: &'a [usize],
}

impl<'a> Examples<'a> {
    /// All rows, counting the same.
    pub fn new(table: &'a bins::Binned, target: &'a [f64]) -> Self {
        Self { table, target, weights: None, holdout: &[] }
    }

    /// Checks lengths and values; the rows to learn from.
    fn check(&self) -> Result<Vec<u32>, LearnError> {
        let rows = self.table.rows();
        if rows > MAX_ROWS {
            return Err(LearnError::TooManyRows { have: rows });
        }
        let figures = [("target", Some(self.target)), ("weights", self.weights)];
        for (what, values) in figures.into_iter().filter_map(|(what, values)| Some((what, values?))) {
            if values.len() != rows {
                return Err(LearnError::Rows { what: what.to_owned(), have: values.len(), need: rows });
            }
            let bad = |v: &f64| !v.is_finite() || (what == "weights" && *v < 0.0);
            if let Some(row) = values.iter().position(bad) {
                return Err(LearnError::NotFinite { what: what.to_owned(), row, value: values[row] });
            }
        }
        let mut kept = vec![true; rows];
        for &row in self.holdout {
            *kept.get_mut(row).ok_or(LearnError::Holdout { row, rows })? = false;
        }
        let train: Vec<u32> = (0..rows as u32).filter(|row| kept[*row as usize]).collect();
        let total = self.weights.map_or(1.0, |w| train.iter().map(|r| w[*r as usize]).sum());
        if train.is_empty() || self.table.bins().is_empty() || total <= 0.0 {
            return Err(LearnError::Empty);
        }
        Ok(train)
    }
}

/// Why a learner's parameters were refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{name} is {given}: {expected} was expected")]
pub struct ParamError {
    /// Which.
    pub name: &'static str,
    /// What was given.
    pub given: f64,
    /// What was expected.
    pub expected: &'static str,
}

/// Refuses a parameter unless it is as expected.
pub(crate) fn demand(
    ok: bool,
    name: &'static str,
    given: f64,
    expected: &'static str,
) -> Result<(), ParamError> {
    if ok { Ok(()) } else { Err(ParamError { name, given, expected }) }
}

/// Gains as parts of their sum, by column name.
fn shares<'a>(bins: &'a bins::Bins, gains: &[f64]) -> Vec<(&'a str, f64)> {
    let total: f64 = gains.iter().sum();
    let part = |gain: &f64| if total > 0.0 { gain / total } else { 0.0 };
    bins.cuts().iter().zip(gains).map(|(cuts, gain)| (cuts.name.as_str(), part(gain))).collect()
}

/// Why a table could not be learned from or predicted for.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LearnError {
    /// Of another length.
    #[error("{what} has {have} rows: {need} were expected")]
    Rows {
        /// Which column.
        what: String,
        /// Rows it has.
        have: usize,
        /// Rows of the table.
        need: usize,
    },
    /// A value that cannot be.
    #[error(
        "{what} at row {row} is {value}: a finite number was expected, in weights and counts none below 0"
    )]
    NotFinite {
        /// Which column.
        what: String,
        /// Where, from 0.
        row: usize,
        /// What stood there.
        value: f64,
    },
    /// Held-out rows beyond the table.
    #[error("held-out row {row} is not in a table of {rows} rows")]
    Holdout {
        /// The row.
        row: usize,
        /// Rows there are.
        rows: usize,
    },
    /// Nothing to learn from.
    #[error("nothing to learn from: at least one row of positive weight and one column were expected")]
    Empty,
    /// Too much to learn from.
    #[error("{have} rows: at most {MAX_ROWS} were expected")]
    TooManyRows {
        /// Rows given.
        have: usize,
    },
    /// The table to predict for has other columns.
    #[error("column {index} is {have:?}: {need:?} was expected")]
    Column {
        /// Which, from 0.
        index: usize,
        /// Its name, empty when it is missing.
        have: String,
        /// The name in training, empty when there was none.
        need: String,
    },
    /// A row has other columns than in training.
    #[error("the row has {have} values: {need} were expected")]
    Width {
        /// Values given.
        have: usize,
        /// Columns in training.
        need: usize,
    },
}
