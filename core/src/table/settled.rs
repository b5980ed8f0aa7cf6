//! What people said of something unusual that was shown.

use crate::{record::Settlement, time::Timestamp};
use serde::{Deserialize, Serialize};

/// The newest word on one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettledRow {
    /// What was said.
    pub said: Settlement,
    /// When.
    pub at: Timestamp,
}
