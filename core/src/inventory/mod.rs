//! What to order, when and how much.

pub mod abc;
pub mod asked;
pub mod counts;
pub mod courses;
pub mod dead_stock;
pub mod discount;
pub mod eoq;
pub mod horizon;
pub mod input;
pub mod lead_demand;
pub mod lead_time;
mod moments;
pub mod newsvendor;
pub mod normal_loss;
pub mod open_order;
pub mod plan;
pub mod reorder;
pub mod rq_policy;
pub mod safety_stock;
pub mod simulate;
pub mod ss_policy;
pub mod transfer;
pub mod wagner_whitin;
