//! What a building block refuses: one error that names the parameter, what was given and what was expected.
//!
//! Input: a number and its name. Output: the number, or [`InputError`]. NaN and infinity are refused everywhere.

/// A parameter that makes no sense.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{name} is {given}: {expected} was expected")]
pub struct InputError {
    /// The parameter.
    pub name: &'static str,
    /// What was given.
    pub given: f64,
    /// What would do.
    pub expected: &'static str,
}

impl InputError {
    pub(crate) fn new(name: &'static str, given: f64, expected: &'static str) -> Self {
        Self { name, given, expected }
    }
}

/// Refuses all but finite numbers above 0.
pub(crate) fn positive(name: &'static str, given: f64) -> Result<f64, InputError> {
    let fine = given.is_finite() && given > 0.0;
    if fine { Ok(given) } else { Err(InputError::new(name, given, "a finite number above 0")) }
}

/// Refuses all but finite numbers from 0.
pub(crate) fn not_negative(name: &'static str, given: f64) -> Result<f64, InputError> {
    let fine = given.is_finite() && given >= 0.0;
    if fine { Ok(given) } else { Err(InputError::new(name, given, "a finite number of at least 0")) }
}

/// Refuses NaN and infinity.
pub(crate) fn finite(name: &'static str, given: f64) -> Result<f64, InputError> {
    if given.is_finite() { Ok(given) } else { Err(InputError::new(name, given, "a finite number")) }
}
