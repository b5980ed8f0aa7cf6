//! What several test files share.

pub mod online_retail;
pub mod series_sets;
pub mod shop_tables;
