//! What several test files share.

pub mod bench;
pub mod online_retail;
pub mod series_sets;
pub mod shop_tables;
pub mod tabular;
