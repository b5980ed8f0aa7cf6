//! What happened with customers without a sale: visits, comparisons, bargaining, referrals, and what was asked for and
//! not there.

use crate::{record::InteractionKind, time::Timestamp};
use serde::Serialize;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InteractionRow {
    /// When.
    pub at: Timestamp,
    /// Position in `shops`.
    pub shop: u32,
    /// Position in `customers`, or [`NONE`](super::NONE).
    pub customer: u32,
    /// What.
    pub kind: InteractionKind,
    /// About which product: position in `products`, or [`NONE`](super::NONE).
    pub product: u32,
    /// What it was compared with, as positions.
    pub others: Vec<u32>,
    /// What was asked for in words.
    pub text: Option<String>,
    /// Minutes in the shop, if noted.
    pub minutes: Option<u16>,
}
