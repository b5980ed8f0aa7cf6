//! Dukandar's core: what a shop writes down becomes tables, features, models and decisions.
//!
//! Pure: no clock, no I/O, no randomness but a seeded one. It runs the same natively and in a browser's worker.
//! Modules stand in tiers; each uses its own tier's vocabulary and earlier tiers only (held by `tests/tidy.rs`).

// vocabulary
pub mod code_word;
pub mod id;
pub mod imei;
pub mod metric;
pub mod money;
pub mod order;
pub mod quantity;
pub mod reason;
pub mod reject;
pub mod rng;
pub mod role;
pub mod time;

// records
pub mod privacy;
pub mod record;
pub mod sync;

// tables
pub mod fold;
pub mod import;
pub mod sample;
pub mod table;

// features
pub mod calendar;
pub mod feature;
pub mod search;

// models
pub mod anomaly;
pub mod customer;
pub mod demand;
pub mod forecast;
pub mod learn;
pub mod lifecycle_curve;

// decisions
pub mod bargain;
pub mod insight;
pub mod inventory;
pub mod paper;
pub mod task;

// Each test module takes wasm_bindgen_test for its `#[test]` there, so that the tests run in a browser's worker too.
#[cfg(all(test, target_family = "wasm"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
