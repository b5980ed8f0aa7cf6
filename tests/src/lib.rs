//! What several test files share.

pub mod online_retail;
pub mod shop_tables;
