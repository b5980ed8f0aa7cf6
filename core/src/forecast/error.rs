//! Why there is no forecast: wishes that were refused, histories that could not be fitted.

use super::{MAX_HORIZON, Model};

/// Why wishes were refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ParamsError {
    /// No such horizon.
    #[error("horizon is {given}: 1 to {MAX_HORIZON} steps were expected")]
    Horizon {
        /// What was asked for.
        given: usize,
    },
    /// No such band.
    #[error("level is {given}: a percentage between 0 and 100, both excluded, was expected")]
    Level {
        /// What was asked for.
        given: f64,
    },
    /// No such model.
    #[error("model is {given:?}: one of {} was expected", Model::names())]
    Model {
        /// What was asked for.
        given: String,
    },
}

/// Why a history could not be fitted.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FitError {
    /// Too little data.
    #[error("too little data for {what}: {} more values are needed ({have} given, at least {need} expected)", need - have)]
    TooShort {
        /// Values there are.
        have: usize,
        /// Values that are needed.
        need: usize,
        /// For what.
        what: &'static str,
    },
    /// A known column ends too early.
    #[error("regressor {name} is known for {have} future steps: {need} were expected")]
    RegressorTooShort {
        /// Its name.
        name: String,
        /// Future steps it has.
        have: usize,
        /// Future steps that are forecast.
        need: usize,
    },
    /// A known column has a NaN or an infinite value.
    #[error("regressor {name} at index {index} is {value}: a finite number was expected")]
    RegressorNotFinite {
        /// Its name.
        name: String,
        /// Where, from 0.
        index: usize,
        /// What stood there.
        value: f64,
    },
    /// A value is NaN or infinite.
    #[error("value at index {index} is {value}: a finite number was expected")]
    NotFinite {
        /// Where, from 0.
        index: usize,
        /// What stood there.
        value: f64,
    },
}

/// Either, for [`forecast`].
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ForecastError {
    /// The wishes were refused.
    #[error(transparent)]
    Params(#[from] ParamsError),
    /// The history could not be fitted.
    #[error(transparent)]
    Fit(#[from] FitError),
}
