//! What to order, when and how much.

pub mod asked;
pub mod budget;
pub mod dead_stock;
pub mod lead_time;
pub mod open_order;
pub mod reorder;
pub mod safety_stock;
pub mod simulate;
