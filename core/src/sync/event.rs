//! An event: one record in its envelope, as it lies in journals and travels between them.

use crate::{
    id::{DeviceId, EpochId, EventId, ShopId, TenantId, UserId},
    privacy::seal::to_hex,
    record::{Record, RecordError},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Which log an event belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    /// Products, customers, suppliers, settings: the business as a whole.
    Tenant,
    /// What happened in one shop.
    Shop(ShopId),
}

/// One act in its envelope. Wire form: JSON with sorted keys; hash: SHA-256 of that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// UUIDv7 made by the device.
    pub id: EventId,
    /// The business.
    pub tenant: TenantId,
    /// The log.
    pub stream: Stream,
    /// The device that wrote it.
    pub device: DeviceId,
    /// The lifetime of that device's database.
    pub epoch: EpochId,
    /// 1, 2, 3 … without a gap within (device, epoch).
    pub seq: u64,
    /// Wall clock of the device, for display; order never depends on it once the server has spoken.
    pub at: Timestamp,
    /// Version of the grant it was written under; 0 before any sign-up.
    pub grant: u32,
    /// Who, if signed in.
    pub actor: Option<UserId>,
    /// Record kind.
    pub kind: String,
    /// Version of the kind.
    pub v: u16,
    /// The record's fields.
    pub data: serde_json::Value,
}

impl Event {
    /// The record inside.
    pub fn record(&self) -> Result<Record, RecordError> {
        Record::decode(&self.kind, self.v, self.data.clone())
    }

    /// The bytes that travel and are hashed: compact JSON, keys sorted at every level.
    pub fn canonical(&self) -> String {
        // Through Value, whose map is ordered by key; an Event always serialises.
        serde_json::to_value(self).map(|value| value.to_string()).unwrap_or_default()
    }

    /// Lower-case hexadecimal SHA-256 of the canonical bytes.
    pub fn hash(&self) -> String {
        to_hex(&Sha256::digest(self.canonical().as_bytes()))
    }
}

/// An event with its place in the server's order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Confirmed {
    /// Position in its stream, from 1, without a gap.
    pub version: u64,
    /// What the server noted on arrival.
    #[serde(default)]
    pub flags: Vec<Flag>,
    /// The event.
    pub event: Event,
}

/// Accepted, but someone should look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Stock went below zero.
    Oversold,
    /// The price had changed before.
    StalePrice,
    /// Written more than a day before it arrived.
    Late,
    /// Written under a grant or lease that had run out.
    ExpiredLease,
    /// The same piece was sold before.
    UnitSoldTwice,
    /// Another edit of the same field came first.
    Clash,
}
