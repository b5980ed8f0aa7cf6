//! What to order, when and how much.

pub mod reorder;
