//! Tests that meet the server or the journal as a whole: the API over HTTP, SQLite and real Postgres, SQL recounts, convergence.
//!
//! One binary for many files, as linking takes longer than most of them run.

#![allow(clippy::unwrap_used, reason = "a helper of a test may stop it, as the test itself may")]

mod api;
mod api_arrivals;
mod api_conformance;
mod api_crash;
mod api_http;
mod api_lan;
mod api_sql;
mod api_wait;
mod day_sql;
mod day_two_tills;
mod staff_sql;
mod sync_convergence;
mod sync_sim;
