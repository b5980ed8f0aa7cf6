//! What became of order suggestions: taken, changed or refused.

use crate::{quantity::Quantity, time::Timestamp};
use serde::Serialize;

/// One answer to one suggestion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecidedRow {
    /// When.
    pub at: Timestamp,
    /// Position in `products`.
    pub product: u32,
    /// Pieces as suggested.
    pub suggested: Quantity,
    /// Pieces as decided; zero is a refusal.
    pub decided: Quantity,
}
