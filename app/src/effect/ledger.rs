//! What sync changes in the database: the server's events and cursors in one transaction, own events out of
//! the outbox only when a pull has brought them home.
//!
//! "Needs attention" has two lists: what the server put aside (`quarantine`, [`PutAside`]) and what it took and noted
//! something of ([`flagged`]).

use super::{
    history,
    journal::{self, Identity, Stored},
    storage::{
        Db, EVENT_ORDER, EVENTS, FLAGGED, MANIFEST, META, OUTBOX, QUARANTINE, SEGMENTS, SENT, StorageError,
        Tx, from_text, to_text,
    },
};
use dukandar_core::{
    id::{EventId, PersonKeyId},
    record::{Import, PredictionIssued, PredictionOutcome, Record},
    sync::{
        client::{KEEP_MS, Kept, Saved, Waiting},
        event::{Confirmed, Event, Flag, PERSON_KEY, Stream},
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

/// An event that the server took and that someone should look at: `flags` say why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flagged {
    /// What the server noted.
    pub flags: Vec<Flag>,
    /// Its place in the server's order.
    pub version: u64,
    /// The event.
    pub event: Event,
    /// Of a clash, the earlier edits that this one had not seen and that no longer stand.
    #[serde(default)]
    pub lost: Vec<Event>,
}

/// What a client starts from.
pub struct Loaded {
    /// Cursors.
    pub saved: Saved,
    /// What waits.
    pub outbox: Vec<Waiting>,
    /// What came home.
    pub kept: Vec<Kept>,
    /// What the server put aside.
    pub aside: Vec<Waiting>,
}

/// Reads what a client starts from.
pub async fn load(db: &Db) -> Result<Loaded, StorageError> {
    let tx = db.read(&[META, OUTBOX, SENT, QUARANTINE])?;
    let identity: Option<Identity> = tx.meta(journal::IDENTITY).await?;
    let aside: Vec<PutAside> = texts(tx.values(QUARANTINE, &JsValue::UNDEFINED, ALL).await?)?;
    let is_own = |event: &Event| {
        identity.as_ref().is_some_and(|it| (it.device, it.epoch) == (event.device, event.epoch))
    };
    Ok(Loaded {
        saved: tx.meta(SAVED).await?.unwrap_or_default(),
        outbox: texts(tx.values(OUTBOX, &JsValue::UNDEFINED, ALL).await?)?,
        kept: texts(tx.values(SENT, &JsValue::UNDEFINED, ALL).await?)?,
        aside: aside.iter().map(|it| waiting(&it.event, !is_own(&it.event))).collect(),
    })
}

fn waiting(event: &Event, relay: bool) -> Waiting {
    Waiting { id: event.id, stream: event.stream, bytes: event.canonical().len(), relay }
}

fn texts<T: serde::de::DeserializeOwned>(values: Vec<JsValue>) -> Result<Vec<T>, StorageError> {
    values.iter().map(from_text).collect()
}

/// Own events in the outbox, in order.
pub async fn outbox(db: &Db) -> Result<Vec<Waiting>, StorageError> {
    texts(db.read(&[OUTBOX])?.values(OUTBOX, &JsValue::UNDEFINED, ALL).await?)
}

/// How many events wait, and how many need attention: put aside, or flagged.
pub async fn counts(db: &Db) -> Result<(u64, u64), StorageError> {
    let tx = db.read(&[OUTBOX, QUARANTINE, FLAGGED])?;
    Ok((tx.count(OUTBOX).await?, tx.count(QUARANTINE).await? + tx.count(FLAGGED).await?))
}

/// Events that the server took and that someone should look at, oldest first.
pub async fn flagged(db: &Db) -> Result<Vec<Flagged>, StorageError> {
    let mut found: Vec<Flagged> =
        texts(db.read(&[FLAGGED])?.values(FLAGGED, &JsValue::UNDEFINED, ALL).await?)?;
    dukandar_core::order::by_key(&mut found, |it| (it.event.at, it.event.id));
    Ok(found)
}

/// Someone has looked at a flagged event: out of the list, on this device.
pub async fn looked_at(db: &Db, id: EventId) -> Result<(), StorageError> {
    let tx = db.write(&[FLAGGED])?;
    tx.delete(FLAGGED, &key_of(id))?;
    tx.commit().await
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
        QUARANTINE,
        FLAGGED,
        MANIFEST,
        "ai_models",
        "model_predictions",
        "feature_store",
    ])?;
    let mut counters = journal::take_counters(&tx).await?;
    let mut wanted: Vec<Import> = tx.meta(WANTED).await?.unwrap_or_default();
    let (mut moved, had) = (false, wanted.len());
    let mut erased = Vec::new();
    for Confirmed { version, flags, event } in events {
        let moves = journal::moves_tables(&event.kind, &event.data);
        if event.kind != PERSON_KEY {
            erased.extend(event.person_key());
        }
        // It may have been put aside here and taken by the owner, or by a restored server.
        tx.delete(QUARANTINE, &key_of(event.id))?;
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
    // A new device reads years of history: what is older than this others have looked at long ago.
    let is_young = |it: &&Confirmed| seen_ms.saturating_sub(it.event.at.0) <= KEEP_MS;
    let asks = |it: &&Confirmed| it.flags.iter().any(|flag| flag.asks_for_a_look());
    for confirmed in events.iter().filter(asks).filter(is_young) {
        flag(&tx, confirmed).await?;
    }
    if !erased.is_empty() {
        destroy(&tx, &erased).await?;
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

/// Notes an event that someone should look at.
async fn flag(tx: &Tx<'_>, confirmed: &Confirmed) -> Result<(), StorageError> {
    let Confirmed { version, flags, event } = confirmed;
    let mut lost = Vec::new();
    if flags.contains(&Flag::Clash) {
        let base = event.data["base_version"].as_u64().unwrap_or_default();
        for value in tx.values(EVENTS, &JsValue::UNDEFINED, ALL).await? {
            let known: Stored = from_text(&value)?;
            let is_unseen = known.version.is_some_and(|it| it > base && it < *version);
            if is_unseen
                && (known.event.stream, &known.event.kind) == (event.stream, &event.kind)
                && known.event.device != event.device
                && known.event.data["id"] == event.data["id"]
            {
                lost.push(known.event);
            }
        }
    }
    let flagged = Flagged { flags: flags.clone(), version: *version, event: event.clone(), lost };
    tx.put(FLAGGED, &key_of(event.id), &to_text(&flagged)?)
}

/// Destroys these keys: no event on this device carries them any more. Their hashes stay, and with them the digests.
async fn destroy(tx: &Tx<'_>, keys: &[PersonKeyId]) -> Result<(), StorageError> {
    let names = |event: &Event| event.person_key().is_some_and(|key| keys.contains(&key));
    // Most events are told from a key by their text alone.
    let may_hold = |value: &JsValue| value.as_string().is_some_and(|text| text.contains(PERSON_KEY));
    for value in tx.values(EVENTS, &JsValue::UNDEFINED, ALL).await?.iter().filter(|value| may_hold(value)) {
        let known: Stored = from_text(value)?;
        if let Some(event) = known.event.without_key().filter(names) {
            tx.put(EVENTS, &journal::order_key(known.order), &to_text(&Stored { event, ..known })?)?;
        }
    }
    for value in tx.values(QUARANTINE, &JsValue::UNDEFINED, ALL).await? {
        let aside: PutAside = from_text(&value)?;
        if let Some(event) = aside.event.without_key().filter(names) {
            tx.put(QUARANTINE, &key_of(event.id), &to_text(&PutAside { event, ..aside })?)?;
        }
    }
    Ok(())
}

/// Puts an event aside: out of outbox and journal, under "Needs attention".
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

/// Forgets the places of what is confirmed of these streams; it stays and counts. `again` goes back into the outbox,
/// from among what came home or was put aside. What waits is not touched.
pub async fn rebuild(
    db: &Db,
    streams: &[Stream],
    again: &[EventId],
    saved: &Saved,
) -> Result<(), StorageError> {
    let tx = db.write(&[META, EVENTS, EVENT_ORDER, OUTBOX, SENT, QUARANTINE, FLAGGED])?;
    for value in tx.values(EVENTS, &JsValue::UNDEFINED, ALL).await? {
        let known: Stored = from_text(&value)?;
        let order = journal::order_key(known.order);
        if !streams.contains(&known.event.stream) || tx.get(OUTBOX, &order).await?.is_some() {
            continue;
        }
        if again.contains(&known.event.id)
            && let Some(kept) = tx.get(SENT, &order).await?
        {
            let kept: Kept = from_text(&kept)?;
            tx.put(OUTBOX, &order, &to_text(&kept.event)?)?;
            tx.delete(SENT, &order)?;
        }
        if known.version.is_some() {
            tx.put(EVENTS, &order, &to_text(&Stored { version: None, flags: Vec::new(), ..known })?)?;
        }
    }
    let identity: Option<Identity> = tx.meta(journal::IDENTITY).await?;
    let mut counters = journal::take_counters(&tx).await?;
    for id in again {
        let Some(aside) = tx.get(QUARANTINE, &key_of(*id)).await? else { continue };
        let PutAside { event, .. } = from_text(&aside)?;
        tx.delete(QUARANTINE, &key_of(*id))?;
        // Another device's is found again among what has no place.
        if identity.as_ref().is_some_and(|it| (it.device, it.epoch) == (event.device, event.epoch)) {
            let waits = waiting(&event, false);
            journal::put_event(&tx, &mut counters, None, Vec::new(), event)?;
            tx.put(OUTBOX, &journal::order_key(counters.order), &to_text(&waits)?)?;
        } else {
            journal::put_event(&tx, &mut counters, None, Vec::new(), event)?;
        }
    }
    journal::keep_counters(&tx, &counters)?;
    tx.set_meta(SAVED, saved)?;
    taken_back(&tx).await?;
    tx.commit().await
}

/// The right to read this stream is gone: what is confirmed of it goes, what waits stays.
pub async fn purge(db: &Db, stream: Stream, saved: &Saved) -> Result<(), StorageError> {
    let tx = db.write(&[META, EVENTS, EVENT_ORDER, OUTBOX, SENT, FLAGGED])?;
    for value in tx.values(EVENTS, &JsValue::UNDEFINED, ALL).await? {
        let known: Stored = from_text(&value)?;
        let order = journal::order_key(known.order);
        if known.event.stream == stream && tx.get(OUTBOX, &order).await?.is_none() {
            tx.delete(EVENTS, &order)?;
            tx.delete(EVENT_ORDER, &key_of(known.event.id))?;
            tx.delete(SENT, &order)?;
            tx.delete(FLAGGED, &key_of(known.event.id))?;
        }
    }
    tx.set_meta(SAVED, saved)?;
    taken_back(&tx).await?;
    tx.commit().await
}

/// Events of these streams that have no place and wait nowhere: a restored server has lost them. An import whose
/// segments are not all here is left out: whoever has them brings it back.
pub async fn orphans(db: &Db, streams: &[Stream]) -> Result<Vec<Waiting>, StorageError> {
    let tx = db.read(&[EVENTS, OUTBOX, SEGMENTS])?;
    let mut orphans = Vec::new();
    for value in tx.values(EVENTS, &JsValue::UNDEFINED, ALL).await? {
        let Stored { order, version: None, event, .. } = from_text(&value)? else { continue };
        if !streams.contains(&event.stream) || tx.get(OUTBOX, &journal::order_key(order)).await?.is_some() {
            continue;
        }
        if event.kind == "import"
            && let Ok(import) = Record::decode_as::<Import>(&event.kind, event.v, event.data.clone())
            && !missing_in(&tx, &import).await?.is_empty()
        {
            continue;
        }
        orphans.push(waiting(&event, true));
    }
    Ok(orphans)
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
    missing_in(&db.read(&[SEGMENTS])?, import).await
}

async fn missing_in(tx: &Tx<'_>, import: &Import) -> Result<Vec<String>, StorageError> {
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
