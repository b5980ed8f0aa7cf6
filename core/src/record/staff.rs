//! What staff did beside selling.

use crate::{
    id::{ShopId, UserId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Something a member of staff did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffAct {
    /// Who.
    pub user: UserId,
    /// Where.
    pub shop: ShopId,
    /// What.
    pub act: StaffActKind,
    /// When.
    pub at: Timestamp,
}

/// Kinds of act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffActKind {
    /// Came.
    ClockIn,
    /// Left.
    ClockOut,
    /// Opened the drawer without a sale.
    DrawerOpened,
    /// Sold below the floor with the owner's word.
    PriceOverride,
}
