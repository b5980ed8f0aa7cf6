//! Tests of what learns: forecasts against published values, peers and properties; boosting, forest, cold start; timings.
//!
//! One binary for many files, as linking takes longer than most of them run.

#![allow(clippy::unwrap_used, reason = "a helper of a test may stop it, as the test itself may")]

mod anomaly_series;
mod forecast_arima;
mod forecast_censored;
mod forecast_lstm;
mod forecast_models;
mod forecast_peers;
mod forecast_properties;
mod forecast_reconcile;
mod learn_trees;
mod lifecycle_cold_start;
mod predictions_kept;
mod timings;
