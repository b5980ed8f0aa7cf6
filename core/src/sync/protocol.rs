//! What device and server say to each other. Used by the server functions, the app and the simulator.
//! A golden test holds the hash of this schema: a change forces a new [`PROTOCOL_VERSION`].

use super::event::{Confirmed, Event, Stream};
use crate::id::{DeviceId, EpochId, EventId, ShopId, TenantId, UserId};
use crate::role::Role;
use serde::{Deserialize, Serialize};

/// Version of these shapes; sent with every push and pull.
pub const PROTOCOL_VERSION: u32 = 2;
/// Most events in one push.
pub const PUSH_MAX_EVENTS: usize = 500;
/// Most bytes of canonical events in one push (a single larger event is sent alone).
pub const PUSH_MAX_BYTES: usize = 256 * 1024;
/// Most events in one pull page.
pub const PULL_MAX_EVENTS: u32 = 1_000;

/// Device → server: these events, in order of `seq`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Push {
    /// [`PROTOCOL_VERSION`] of the sender.
    pub protocol: u32,
    /// The device.
    pub device: DeviceId,
    /// Its database's lifetime.
    pub epoch: EpochId,
    /// The events.
    pub events: Vec<Event>,
    /// Whether a restored server has lost them and this device brings them back: then they may be of any device.
    #[serde(default)]
    pub relay: bool,
}

/// Server → device: what became of each pushed event, same order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PushReply {
    /// Identity of the server's database; changes when it was restored from a backup.
    pub server_epoch: EpochId,
    /// One per event.
    pub outcomes: Vec<Outcome>,
}

/// What became of one pushed event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// In the log at this version (now or since an earlier push of the same event).
    Accepted {
        /// Which event.
        id: EventId,
        /// Its place.
        version: u64,
    },
    /// Permanently invalid: kept aside, acknowledged, shown under "Needs attention".
    Quarantined {
        /// Which event.
        id: EventId,
        /// Why.
        reason: QuarantineReason,
        /// The problem in words, for the log.
        detail: String,
    },
    /// Refers to a segment that has not been uploaded yet: send that first, then push again.
    NeedsSegments {
        /// Which event.
        id: EventId,
        /// The missing hashes.
        hashes: Vec<String>,
    },
}

/// Why an event was put aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuarantineReason {
    /// The same id came before with other content.
    HashMismatch,
    /// The same (device, epoch, seq) came before with another id.
    SeqReused,
    /// The record does not have its kind's shape, or its sums are wrong.
    Malformed,
    /// The sender's role may not do this.
    Forbidden,
    /// The device was revoked.
    RevokedDevice,
    /// It names another tenant, or a shop that is not the tenant's.
    WrongTenant,
    /// Brought back to a restored server by someone who may not write such a record: the owner may take it.
    Relayed,
}

/// Device → server: what came after these cursors?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pull {
    /// [`PROTOCOL_VERSION`] of the sender.
    pub protocol: u32,
    /// The device.
    pub device: DeviceId,
    /// Last version seen per stream; streams not named are sent from the start.
    pub cursors: Vec<Cursor>,
    /// Most events wanted in this page.
    pub limit: u32,
}

/// How far a device has read a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The log.
    pub stream: Stream,
    /// Last version seen; 0 for none.
    pub version: u64,
}

/// Server → device: a page of each stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PullReply {
    /// Identity of the server's database.
    pub server_epoch: EpochId,
    /// Server's clock, to clamp the device's display clock (milliseconds since 1970).
    pub server_time_ms: i64,
    /// Pages, tenant stream first.
    pub pages: Vec<StreamPage>,
    /// Whether to pull again at once.
    pub more: bool,
}

/// Events of one stream after a cursor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StreamPage {
    /// The log.
    pub stream: Stream,
    /// Its newest version on the server.
    pub head: u64,
    /// Digest of the whole stream up to the last event of this page, see [`digest_step`].
    pub digest: String,
    /// Events in order of version.
    pub events: Vec<Confirmed>,
}

/// Chained digest of a stream: SHA-256 of the previous digest (hex) and the event's hash (hex). Starts empty.
pub fn digest_step(previous: &str, event_hash: &str) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    hash.update(previous.as_bytes());
    hash.update(event_hash.as_bytes());
    crate::privacy::seal::to_hex(&hash.finalize())
}

impl QuarantineReason {
    /// Whether nothing but the owner's word is missing.
    pub fn may_be_taken(self) -> bool {
        matches!(self, Self::RevokedDevice | Self::Relayed)
    }
}

/// Server → device: the sealed runs after some cursors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentList {
    /// Identity of the server's database.
    pub server_epoch: EpochId,
    /// Server's clock (milliseconds since 1970).
    pub server_time_ms: i64,
    /// The runs, newest first.
    pub segments: Vec<EventSegment>,
}

/// A sealed run of one stream's events, for the first sync: named by the hash of its bytes and immutable, but for an
/// erasure, after which it bears another name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventSegment {
    /// The log.
    pub stream: Stream,
    /// First version in it.
    pub first: u64,
    /// Last version in it.
    pub last: u64,
    /// SHA-256 of the bytes: a gzip'ed JSON array of [`Confirmed`].
    pub hash: String,
    /// Size of the bytes.
    pub bytes: u64,
    /// Digest of the stream up to `last`.
    pub digest: String,
}

/// Who is signed in, and what they may see. Reply of sign-up, sign-in and "who am I".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The person.
    pub user: UserId,
    /// Sign-in name (mobile number or e-mail).
    pub login: String,
    /// The business.
    pub tenant: TenantId,
    /// Their role.
    pub role: Role,
    /// Version of their grant.
    pub grant: u32,
    /// Shops they may read; empty means all.
    pub shops: Vec<ShopId>,
    /// Device number given to this device, for receipt numbers.
    pub device_number: u32,
    /// The tenant's key in hexadecimal: opens personal data on this device.
    pub tenant_key: String,
    /// Identity of the server's database.
    pub server_epoch: EpochId,
}

/// A new business and its owner; the device brings the tenant it has made before any sign-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUp {
    /// Mobile number or e-mail.
    pub login: String,
    /// At least 8 characters.
    pub password: String,
    /// The business's name.
    pub business: String,
    /// Made on the device.
    pub tenant: TenantId,
    /// This device.
    pub device: DeviceId,
    /// What people call it.
    pub device_name: String,
    /// The tenant's key in hexadecimal, made on the device.
    pub tenant_key: String,
}

/// An owner or member of staff signs in on a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// Mobile number or e-mail.
    pub login: String,
    /// The password.
    pub password: String,
    /// This device.
    pub device: DeviceId,
    /// What people call it.
    pub device_name: String,
}

/// A device of the business, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceInfo {
    /// The device.
    pub id: DeviceId,
    /// What people call it.
    pub name: String,
    /// Its number in receipt numbers.
    pub number: u32,
    /// When it last spoke to the server (milliseconds since 1970, server's clock).
    pub last_seen_ms: i64,
    /// Whether the owner revoked it.
    pub revoked: bool,
}

/// An event that was put aside and waits for the owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attention {
    /// The event as it came.
    pub event: Event,
    /// Why it was put aside.
    pub reason: QuarantineReason,
    /// The problem in words.
    pub detail: String,
    /// When it came (milliseconds since 1970, server's clock).
    pub arrived_ms: i64,
}

/// The owner's word on an event that was put aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Into the journal after all. Only events of a revoked device and relayed ones can be taken.
    Take,
    /// Not wanted: it stays on record, and out of "Needs attention".
    Refuse,
}
