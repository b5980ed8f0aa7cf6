//! What several test files share.

pub mod bench;
pub mod online_retail;
pub mod scripted_day;
pub mod series_sets;
pub mod shop_tables;
pub mod tabular;

use dukandar_core::lifecycle_curve::cold_start::ColdStart;

/// Cases of a property: `usual`, unless a soak asks for more by `PROPTEST_CASES` (which a number in a test's own
/// configuration would silence).
pub fn cases(usual: u32) -> u32 {
    number("PROPTEST_CASES").map_or(usual, |cases| cases as u32)
}

/// Where a test that plays through seeds begins: 0, unless a soak's round begins elsewhere by `FIRST_SEED`.
pub fn first_seed() -> u64 {
    number("FIRST_SEED").unwrap_or(0)
}

/// The model that the app ships for products in their first weeks; `tools/cold-start.sh` trained it.
pub fn shipped_cold_start() -> ColdStart {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../public/cold_start.bin");
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert!(bytes.len() <= 300_000, "{path} has {} bytes", bytes.len());
    ColdStart::from_bytes(&bytes).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}
