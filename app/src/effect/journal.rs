//! The device's journal: a record becomes durable together with its place in the outbox and its counters,
//! in one strict transaction. Page and worker both write here, and only here.

use super::{
    clock,
    storage::{Db, EVENT_ORDER, EVENTS, MANIFEST, META, OUTBOX, StorageError, Tx, from_text, to_text},
};
use dukandar_core::{
    id::{DeviceId, EpochId, EventId, ImportId, ShopId, TenantId, UserId},
    privacy::seal::SecretKey,
    record::{Import, Record},
    rng::Rng,
    role::Role,
    sync::{
        client::Waiting,
        event::{Event, Flag, Stream},
    },
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use wasm_bindgen::JsValue;

/// Meta row: who this device is.
pub const IDENTITY: &str = "identity";
/// Meta row: who stands at the counter.
pub const HAND: &str = "hand";
const COUNTERS: &str = "counters";

/// Who this device is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The business; made on the device, claimed at sign-up.
    pub tenant: TenantId,
    /// The tenant's key in hexadecimal: wraps each person's key.
    pub tenant_key: String,
    /// The device.
    pub device: DeviceId,
    /// Lifetime of this database.
    pub epoch: EpochId,
    /// Number in receipt numbers.
    pub device_number: u32,
    /// Version of the grant that events are written under; 0 before any sign-up.
    pub grant: u32,
    /// Who is signed in; in the hands of a writer, who stands at the counter.
    pub actor: Option<UserId>,
}

impl Identity {
    /// A device that nobody knows yet, with a business of its own.
    pub fn fresh(now: Timestamp, rng: &mut Rng) -> Self {
        let now_ms = now.0.unsigned_abs();
        Self {
            tenant: TenantId::fresh(now_ms, rng),
            tenant_key: SecretKey::fresh(rng).to_hex(),
            device: DeviceId::fresh(now_ms, rng),
            epoch: EpochId::fresh(now_ms, rng),
            device_number: 1,
            grant: 0,
            actor: None,
        }
    }
}

/// A person of the shop who has taken this counter: what is written from then on is theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hand {
    /// Who.
    pub user: UserId,
    /// As what.
    pub role: Role,
    /// Until this, unless somebody touches the screen later; a cashier stays beyond it.
    pub until: i64,
}

/// What counts up. One row, written in the same transaction as what it counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Events in local order.
    pub order: u64,
    /// Own events in this epoch.
    pub seq: u64,
    /// Changes of whatever tables are made of.
    pub version: u64,
    /// How often events were taken back (put aside, or to be read again): then adding what is new is not enough.
    #[serde(default)]
    pub taken_back: u64,
    /// Receipts printed, per shop.
    pub receipts: BTreeMap<ShopId, u64>,
    /// Quotations written, per shop.
    #[serde(default)]
    pub quotations: BTreeMap<ShopId, u64>,
}

/// An event as it lies in the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    /// Its place in this device's order: also its key.
    pub order: u64,
    /// Its place in the server's order, once confirmed.
    pub version: Option<u64>,
    /// What the server noted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// The event.
    pub event: Event,
}

/// A record on its way into the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    stream: Stream,
    kind: String,
    v: u16,
    data: Value,
}

impl Draft {
    /// A record of a kind that the caller knows: the page carries the writers of a few kinds, not of all.
    pub fn new<T: Serialize>(stream: Stream, kind: &str, record: &T) -> Result<Self, StorageError> {
        let (v, data) = Record::encode_as(kind, record).map_err(damaged)?;
        Ok(Self { stream, kind: kind.to_owned(), v, data })
    }

    /// A record of any kind.
    pub fn of(stream: Stream, record: &Record) -> Result<Self, StorageError> {
        let (kind, v, data) = record.encode().map_err(damaged)?;
        Ok(Self { stream, kind, v, data })
    }
}

fn damaged(error: impl ToString) -> StorageError {
    StorageError::Damaged(error.to_string())
}

/// Stores that an event is written to.
pub const EVENT_SPAN: [&str; 4] = [META, EVENTS, EVENT_ORDER, OUTBOX];

/// A number as a key.
pub fn order_key(order: u64) -> JsValue {
    // Local orders stay far below 2^53.
    JsValue::from_f64(order as f64)
}

/// Who this device is, if it has a business.
pub async fn identity(db: &Db) -> Result<Option<Identity>, StorageError> {
    db.read(&[META])?.meta(IDENTITY).await
}

/// Keeps who this device is.
pub async fn set_identity(db: &Db, identity: &Identity) -> Result<(), StorageError> {
    let tx = db.write(&[META])?;
    tx.set_meta(IDENTITY, identity)?;
    tx.commit().await
}

/// The counters as of now.
pub async fn counters(db: &Db) -> Result<Counters, StorageError> {
    Ok(db.read(&[META])?.meta(COUNTERS).await?.unwrap_or_default())
}

/// Reads and later writes back the counters inside a transaction.
pub async fn take_counters(tx: &Tx<'_>) -> Result<Counters, StorageError> {
    Ok(tx.meta(COUNTERS).await?.unwrap_or_default())
}

/// Writes the counters back.
pub fn keep_counters(tx: &Tx<'_>, counters: &Counters) -> Result<(), StorageError> {
    tx.set_meta(COUNTERS, counters)
}

/// What an append must know beside the records.
pub struct Append<'a> {
    /// Written when the database has no identity yet: the first record of a business.
    pub first: Option<&'a Identity>,
    /// An import whose segments are in staging: from now on they count. If it counts already, with the very
    /// same segments, nothing is written.
    pub reveal: Option<&'a Import>,
}

impl Append<'_> {
    /// Only records.
    pub const RECORDS: Append<'static> = Append { first: None, reveal: None };
}

/// Writes records as events: journal, outbox and counters in one strict transaction. `make` gets the identity
/// and the counters (for receipt numbers) and gives the records. When this returns `Ok`, the events survive a
/// power cut. `Ok(None)`: that import counts already.
pub async fn append<T>(
    db: &Db,
    how: Append<'_>,
    make: impl FnOnce(&Identity, &mut Counters) -> Result<(Vec<Draft>, T), StorageError>,
) -> Result<Option<T>, StorageError> {
    let tx = db.write(&[META, EVENTS, EVENT_ORDER, OUTBOX, MANIFEST])?;
    let identity = match (tx.meta::<Identity>(IDENTITY).await?, how.first) {
        (Some(identity), _) => identity,
        (None, Some(first)) => {
            tx.set_meta(IDENTITY, first)?;
            first.clone()
        }
        (None, None) => return Err(damaged("this database has no business yet")),
    };
    // In the same transaction, so that no record is written under the name of whoever stood there before.
    let identity = match tx.meta::<Hand>(HAND).await? {
        Some(hand) => Identity { actor: Some(hand.user), ..identity },
        None => identity,
    };
    if let Some(import) = how.reveal
        && !reveal(&tx, import).await?
    {
        return Ok(None);
    }
    let mut counters = take_counters(&tx).await?;
    let (drafts, made) = make(&identity, &mut counters)?;
    put_drafts(&tx, &identity, counters, drafts)?;
    tx.commit().await?;
    Ok(Some(made))
}

/// Writes records and counters inside a transaction that spans [`EVENT_SPAN`].
pub fn put_drafts(
    tx: &Tx<'_>,
    identity: &Identity,
    mut counters: Counters,
    drafts: Vec<Draft>,
) -> Result<(), StorageError> {
    let (now, mut rng) = (clock::now(), clock::entropy());
    let mut moved = false;
    for Draft { stream, kind, v, data } in drafts {
        counters.seq += 1;
        moved |= moves_tables(&kind, &data);
        let event = Event {
            id: EventId::fresh(now.0.unsigned_abs(), &mut rng),
            tenant: identity.tenant,
            stream,
            device: identity.device,
            epoch: identity.epoch,
            seq: counters.seq,
            at: now,
            grant: identity.grant,
            actor: identity.actor,
            kind,
            v,
            data,
        };
        let waiting = Waiting { id: event.id, stream, bytes: event.canonical().len(), relay: false };
        put_event(tx, &mut counters, None, Vec::new(), event)?;
        tx.put(OUTBOX, &order_key(counters.order), &to_text(&waiting)?)?;
    }
    // What no table reads leaves every answer as it is.
    counters.version += u64::from(moved);
    keep_counters(tx, &counters)
}

/// Writes an event that is not in the journal yet, in the next local order.
pub fn put_event(
    tx: &Tx<'_>,
    counters: &mut Counters,
    version: Option<u64>,
    flags: Vec<Flag>,
    event: Event,
) -> Result<(), StorageError> {
    counters.order += 1;
    let key = order_key(counters.order);
    let id = JsValue::from_str(&event.id.to_string());
    tx.put(EVENT_ORDER, &id, &key)?;
    tx.put(EVENTS, &key, &to_text(&Stored { order: counters.order, version, flags, event })?)
}

fn import_key(import: ImportId) -> String {
    format!("import:{import}")
}

/// Names an import's segments in the manifest, in place of what an earlier run of the same import named
/// (with duplicates kept, say). Returns false when they stand there already.
pub async fn reveal(tx: &Tx<'_>, import: &Import) -> Result<bool, StorageError> {
    let hashes: Vec<&str> = import.segments.iter().map(|segment| segment.hash.as_str()).collect();
    let before: Option<Vec<String>> = tx.meta(&import_key(import.id)).await?;
    if before.as_ref().is_some_and(|before| *before == hashes) {
        return Ok(false);
    }
    for hash in before.unwrap_or_default() {
        tx.delete(MANIFEST, &JsValue::from_str(&hash))?;
    }
    for hash in &hashes {
        tx.put(MANIFEST, &JsValue::from_str(hash), &JsValue::from_str(&import.id.to_string()))?;
    }
    tx.set_meta(&import_key(import.id), &hashes)?;
    Ok(true)
}

/// Events after a local order, at most `limit`.
pub async fn events_after(db: &Db, order: u64, limit: u32) -> Result<Vec<Stored>, StorageError> {
    let tx = db.read(&[EVENTS])?;
    let after = if order == 0 { JsValue::UNDEFINED } else { order_key(order) };
    let values = tx.values(EVENTS, &after, limit).await?;
    values.iter().map(from_text).collect()
}

/// Whether a record reaches the tables; others only lie in the journal. Of predictions' outcomes a person's word on
/// something unusual does, which has a key.
pub fn moves_tables(kind: &str, data: &Value) -> bool {
    match kind {
        "prediction_outcome" => data["actual_outcome"]["key"].is_string(),
        "prediction_issued" | "recommendation" | "device" | "grant" => false,
        _ => true,
    }
}
