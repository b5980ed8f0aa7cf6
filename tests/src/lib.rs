//! What several test files share.

pub mod bench;
pub mod complete_journey;
pub mod online_retail;
pub mod series_sets;
pub mod shop_tables;
pub mod tabular;

/// Cases of a property: `usual`, unless a soak asks for more by `PROPTEST_CASES` (which a number in a test's own
/// configuration would silence).
pub fn cases(usual: u32) -> u32 {
    number("PROPTEST_CASES").map_or(usual, |cases| cases as u32)
}

/// Where a test that plays through seeds begins: 0, unless a soak's round begins elsewhere by `FIRST_SEED`.
pub fn first_seed() -> u64 {
    number("FIRST_SEED").unwrap_or(0)
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}
