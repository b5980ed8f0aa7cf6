//! Repairs.

use crate::{
    id::{CustomerId, DocumentId, ShopId, UnitId},
    money::Paisa,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A repair is taken in or moves on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepairJob {
    /// Which job; every step carries the same id.
    pub id: DocumentId,
    /// Where.
    pub shop: ShopId,
    /// Whose.
    pub customer: Option<CustomerId>,
    /// Which piece, if known.
    pub unit: Option<UnitId>,
    /// How far it is.
    pub step: RepairStep,
    /// What is asked for it.
    pub charge: Paisa,
    /// When.
    pub at: Timestamp,
}

/// Steps of a repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepairStep {
    /// Taken in.
    Received,
    /// Mended.
    Done,
    /// Given back.
    Delivered,
    /// Given back unmended.
    GivenUp,
}
