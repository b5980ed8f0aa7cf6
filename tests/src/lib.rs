//! What several test files share.

pub mod shop_tables;
