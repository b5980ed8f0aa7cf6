//! Tests of everything else between a record and a word on the screen.
//!
//! One binary for many files, as linking takes longer than most of them run.

#![allow(clippy::unwrap_used, reason = "a helper of a test may stop it, as the test itself may")]

mod abc_by_hand;
mod anomalies_by_hand;
mod barcode;
mod bargain_by_hand;
mod bargain_spread;
mod day_by_hand;
mod fold_properties;
mod import_bad;
mod import_real;
mod import_workbook;
mod inventory_properties;
mod inventory_vectors;
mod khata_by_hand;
mod life_by_hand;
mod opening_by_hand;
mod papers_by_hand;
mod plan_by_hand;
mod reorder_by_hand;
mod report_real;
mod rfm_real;
mod rfm_scores;
mod segment_kmeans;
mod staff_by_hand;
mod sync_wire;
mod today_by_hand;
mod today_sample;
mod transfers_by_hand;
mod units_by_hand;

// The app's parts that need no browser, with the tests that stand beside them. Included by path: as a package the app
// builds Leptos, which takes minutes and tests nothing more.
#[path = "../../../app/src/plain/mod.rs"]
#[allow(dead_code, unused_imports, missing_docs, reason = "the page uses what these tests do not")]
mod plain;
