//! What sync changes in the database: the server's events and cursors in one transaction, own events out of
//! the outbox only when a pull has brought them home.

use super::{
    history,
    journal::{self, Stored},
    storage::{
        Db, EVENT_ORDER, EVENTS, MANIFEST, META, OUTBOX, QUARANTINE, SEGMENTS, SENT, StorageError, Tx,
        from_text, to_text,
    },
};
use dukandar_core::{
    id::EventId,
    record::{Import, PredictionIssued, PredictionOutcome, Record},
    sync::{
        client::{KEEP_MS, Kept, Saved, Waiting},
        event::{Confirmed, Event, Stream},
        protocol::QuarantineReason,
    },
};
use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};

const SAVED: &str = "sync";
/// Imports of other devices whose segments are still to be fetched.
const WANTED: &str = "wanted";
const ALL: u32 = u32::MAX;

/// An event that the server put aside, as it lies under "Needs attention".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PutAside {
    /// The event.
    pub event: Event,
    /// Why.
    pub reason: QuarantineReason,
    /// In words.
    pub detail: String,
}

/// What a client starts from.
pub async fn load(db: &Db) -> Result<(Saved, Vec<Waiting>, Vec<Kept>), StorageError> {
    let tx = db.read(&[META, OUTBOX, SENT])?;
    let saved = tx.meta(SAVED).await?.unwrap_or_default();
    let outbox = texts(tx.values(OUTBOX, &JsValue::UNDEFINED, ALL).await?)?;
    let kept = texts(tx.values(SENT, &JsValue::UNDEFINED, ALL).await?)?;
    Ok((saved, outbox, kept))
}

fn texts<T: serde::de::DeserializeOwned>(values: Vec<JsValue>) -> Result<Vec<T>, StorageError> {
    values.iter().map(from_text).collect()
}

/// Own events in the outbox, in order.
pub async fn outbox(db: &Db) -> Result<Vec<Waiting>, StorageError> {
    texts(db.read(&[OUTBOX])?.values(OUTBOX, &JsValue::UNDEFINED, ALL).await?)
}

/// How many events wait, and how many are put aside.
pub async fn counts(db: &Db) -> Result<(u64, u64), StorageError> {
    let tx = db.read(&[OUTBOX, QUARANTINE])?;
    Ok((tx.count(OUTBOX).await?, tx.count(QUARANTINE).await?))
}

fn key_of(id: EventId) -> JsValue {
    JsValue::from_str(&id.to_string())
}

async fn stored(tx: &Tx<'_>, id: EventId) -> Result<Option<Stored>, StorageError> {
    let Some(order) = tx.get(EVENT_ORDER, &key_of(id)).await? else { return Ok(None) };
    tx.get(EVENTS, &order).await?.as_ref().map(from_text).transpose()
}

/// These events, to be pushed.
pub async fn events(db: &Db, ids: &[EventId]) -> Result<Vec<Event>, StorageError> {
    let tx = db.read(&[EVENTS, EVENT_ORDER])?;
    let mut events = Vec::with_capacity(ids.len());
    for id in ids {
        let found = stored(&tx, *id).await?;
        let found =
            found.ok_or_else(|| StorageError::Damaged(format!("event {id} is not in the journal")))?;
        events.push(found.event);
    }
    Ok(events)
}

/// Stores what a pull brought, takes own events home, keeps the cursors. Old proofs of sending are dropped.
pub async fn store_confirmed(
    db: &Db,
    events: &[Confirmed],
    home: &[EventId],
    seen_ms: i64,
    saved: &Saved,
) -> Result<(), StorageError> {
    let tx = db.write(&[
        META,
        EVENTS,
        EVENT_ORDER,
        OUTBOX,
        SENT,
        MANIFEST,
        "ai_models",
        "model_predictions",
        "feature_store",
    ])?;
    let mut counters = journal::take_counters(&tx).await?;
    let mut wanted: Vec<Import> = tx.meta(WANTED).await?.unwrap_or_default();
    let (mut moved, had) = (false, wanted.len());
    for Confirmed { version, flags, event } in events {
        let moves = journal::moves_tables(&event.kind);
        if let Some(known) = stored(&tx, event.id).await? {
            // An own sale comes home: its place in the server's order changes no figure.
            moved |= moves && !matches!(event.kind.as_str(), "sale" | "return");
            let order = known.order;
            let confirmed = Stored { version: Some(*version), flags: flags.clone(), ..known };
            tx.put(EVENTS, &journal::order_key(order), &to_text(&confirmed)?)?;
            continue;
        }
        moved |= moves;
        journal::put_event(&tx, &mut counters, Some(*version), flags.clone(), event.clone())?;
        // A record of a later release stays in the journal until this one is upgraded.
        // Of the kinds that matter here the readers are carried, not of all.
        let Event { kind, v, data, .. } = event;
        match kind.as_str() {
            "import" => wanted.extend(Record::decode_as::<Import>(kind, *v, data.clone())),
            "prediction_issued" => {
                if let Ok(issued) = Record::decode_as::<PredictionIssued>(kind, *v, data.clone()) {
                    history::keep(&tx, &issued).await?;
                }
            }
            "prediction_outcome" => {
                if let Ok(outcome) = Record::decode_as::<PredictionOutcome>(kind, *v, data.clone()) {
                    history::judge(&tx, &outcome).await?;
                }
            }
            _ => {}
        }
    }
    for id in home {
        let Some(order) = tx.get(EVENT_ORDER, &key_of(*id)).await? else { continue };
        let Some(waiting) = tx.get(OUTBOX, &order).await? else { continue };
        let kept = Kept { event: from_text(&waiting)?, seen_ms };
        tx.delete(OUTBOX, &order)?;
        tx.put(SENT, &order, &to_text(&kept)?)?;
    }
    for key in tx.keys(SENT).await? {
        let kept: Option<Kept> = tx.get(SENT, &key).await?.as_ref().map(from_text).transpose()?;
        match kept {
            Some(kept) if seen_ms.saturating_sub(kept.seen_ms) > KEEP_MS => tx.delete(SENT, &key)?,
            // In order of time: the first young one ends it.
            _ => break,
        }
    }
    if wanted.len() != had {
        tx.set_meta(WANTED, &wanted)?;
    }
    tx.set_meta(SAVED, saved)?;
    counters.version += u64::from(moved);
    journal::keep_counters(&tx, &counters)?;
    tx.commit().await
}

/// Puts an own event aside: out of outbox and journal, under "Needs attention".
pub async fn quarantine(
    db: &Db,
    id: EventId,
    reason: QuarantineReason,
    detail: String,
) -> Result<(), StorageError> {
    let tx = db.write(&[META, EVENTS, EVENT_ORDER, OUTBOX, QUARANTINE])?;
    if let Some(known) = stored(&tx, id).await? {
        let order = journal::order_key(known.order);
        tx.put(QUARANTINE, &key_of(id), &to_text(&PutAside { event: known.event, reason, detail })?)?;
        tx.delete(OUTBOX, &order)?;
        tx.delete(EVENTS, &order)?;
        tx.delete(EVENT_ORDER, &key_of(id))?;
        taken_back(&tx).await?;
    }
    tx.commit().await
}

/// The owner has spoken on an event that was put aside.
pub async fn settled(db: &Db, id: EventId) -> Result<(), StorageError> {
    let tx = db.write(&[QUARANTINE])?;
    tx.delete(QUARANTINE, &key_of(id))?;
    tx.commit().await
}

/// Forgets what is confirmed of these streams; `again` goes back into the outbox. What waits is not touched.
pub async fn rebuild(
    db: &Db,
    streams: &[Stream],
    again: &[EventId],
    saved: &Saved,
) -> Result<(), StorageError> {
    let tx = db.write(&[META, EVENTS, EVENT_ORDER, OUTBOX, SENT])?;
    for value in tx.values(EVENTS, &JsValue::UNDEFINED, ALL).await? {
        let known: Stored = from_text(&value)?;
        let order = journal::order_key(known.order);
        if !streams.contains(&known.event.stream) || tx.get(OUTBOX, &order).await?.is_some() {
            continue;
        }
        if again.contains(&known.event.id) {
            if let Some(kept) = tx.get(SENT, &order).await? {
                let kept: Kept = from_text(&kept)?;
                tx.put(OUTBOX, &order, &to_text(&kept.event)?)?;
                tx.delete(SENT, &order)?;
            }
            tx.put(EVENTS, &order, &to_text(&Stored { version: None, ..known })?)?;
        } else if known.version.is_some() {
            tx.delete(EVENTS, &order)?;
            tx.delete(EVENT_ORDER, &key_of(known.event.id))?;
        }
    }
    tx.set_meta(SAVED, saved)?;
    taken_back(&tx).await?;
    tx.commit().await
}

async fn taken_back(tx: &Tx<'_>) -> Result<(), StorageError> {
    let mut counters = journal::take_counters(tx).await?;
    counters.version += 1;
    counters.taken_back += 1;
    journal::keep_counters(tx, &counters)
}

/// Imports whose segments are still to be fetched.
pub async fn wanted(db: &Db) -> Result<Vec<Import>, StorageError> {
    Ok(db.read(&[META])?.meta(WANTED).await?.unwrap_or_default())
}

/// Which of these segments are here.
pub async fn missing(db: &Db, import: &Import) -> Result<Vec<String>, StorageError> {
    let tx = db.read(&[SEGMENTS])?;
    let mut missing = Vec::new();
    for segment in &import.segments {
        if tx.get(SEGMENTS, &segment.hash.as_str().into()).await?.is_none() {
            missing.push(segment.hash.clone());
        }
    }
    Ok(missing)
}

/// A segment's bytes.
pub async fn segment(db: &Db, hash: &str) -> Result<Option<Uint8Array>, StorageError> {
    let value = db.read(&[SEGMENTS])?.get(SEGMENTS, &hash.into()).await?;
    Ok(value.and_then(|value| value.dyn_into().ok()))
}

/// Keeps a fetched segment; it counts only once its import is complete.
pub async fn stage(db: &Db, hash: &str, bytes: &[u8]) -> Result<(), StorageError> {
    let tx = db.write(&[SEGMENTS])?;
    tx.put(SEGMENTS, &hash.into(), &JsValue::from(Uint8Array::from(bytes)))?;
    tx.commit().await
}

/// All segments of an import are here: from now on they count.
pub async fn reveal(db: &Db, import: &Import) -> Result<(), StorageError> {
    let tx = db.write(&[META, MANIFEST])?;
    journal::reveal(&tx, import).await?;
    let mut wanted: Vec<Import> = tx.meta(WANTED).await?.unwrap_or_default();
    wanted.retain(|other| other != import);
    tx.set_meta(WANTED, &wanted)?;
    let mut counters = journal::take_counters(&tx).await?;
    counters.version += 1;
    journal::keep_counters(&tx, &counters)?;
    tx.commit().await
}
