//! The shop's people: who they are, what they may do, what they earn by selling, when they come and go.

use crate::{
    id::{ShopId, UserId},
    money::Paisa,
    privacy::seal::Sealed,
    role::Role,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A person of the shop is named or changes. They need no account: sales and acts carry their `user`, which the
/// naming device made. All but the person is said anew each time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who, as other records name them.
    pub user: UserId,
    /// Name and PIN as JSON of [`Person`](super::Person), sealed under the person's key; none: as before.
    pub person: Option<Sealed>,
    /// As what they stand at the counter.
    pub role: Role,
    /// What they earn of what they sell from now on.
    pub commission: Option<Commission>,
    /// No longer with the shop.
    pub left: bool,
    /// When this was said.
    pub at: Timestamp,
}

/// How a commission is reckoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Commission {
    /// Hundredths of a percent of what was sold.
    OfSales(u32),
    /// Hundredths of a percent of the margin, of lines whose cost is known and that made one.
    OfMargin(u32),
    /// For each piece of a product that has IMEIs.
    PerPhone(Paisa),
}

/// A PIN as it is kept: salted and stretched, see the app's `state::pin`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// Random, hexadecimal.
    pub salt: String,
    /// PBKDF2-HMAC-SHA-256 of the PIN, hexadecimal.
    pub hash: String,
    /// Its rounds.
    pub rounds: u32,
}

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
    /// A counter-entry: the same act of the same person at the same instant did not happen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub taken_back: bool,
}

/// Kinds of act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
