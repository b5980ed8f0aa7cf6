//! One physical piece, known by IMEI or serial.

use crate::{
    id::{ProductId, ShopId, UnitId},
    money::Paisa,
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};

/// A piece is first seen or its state changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Which piece.
    pub id: UnitId,
    /// What it is.
    pub product: ProductId,
    /// Where it is.
    pub shop: ShopId,
    /// IMEI 1, 15 digits.
    pub imei1: Option<String>,
    /// IMEI 2, 15 digits.
    pub imei2: Option<String>,
    /// Serial, where there is no IMEI.
    pub serial: Option<String>,
    /// Tax state with the authority.
    pub pta: PtaState,
    /// Sixty days from first use, where tax is due.
    pub pta_deadline: Option<Day>,
    /// New or used.
    pub condition: Condition,
    /// Battery health in percent, used phones.
    pub battery_health_percent: Option<u8>,
    /// What it cost.
    pub cost: Option<Paisa>,
    /// Months of warranty from the day it is sold, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warranty_months: Option<u8>,
    /// When.
    pub at: Timestamp,
}

/// Registration with the Pakistan Telecommunication Authority (DIRBS).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PtaState {
    /// Approved, tax paid.
    Approved,
    /// Genuine IMEI, tax not paid.
    NonPta,
    /// Registered with a foreign passport for a while (CPID).
    Cpid,
    /// Locked to a foreign carrier, opened by a chip (JV).
    Jv,
    /// IMEI altered.
    Patched,
    /// Reported stolen or blocked.
    Blocked,
    /// Not asked yet.
    Unknown,
}

/// How new a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Sealed box: pin pack.
    New,
    /// Opened, complete box: kit or box.
    BoxOpened,
    /// Used.
    Used,
}
