//! The device's database: stores, strict transactions, and errors that can be told apart.
//!
//! Stores and their keys:
//! `meta` name → JSON text · `events` local order → JSON of the event with its place in the server's order ·
//! `event_order` event id → local order · `outbox`, `sent` local order → what waits, what came home ·
//! `quarantine` event id → JSON · `flagged` event id → JSON of an event that someone should look at · `segments` hash → bytes (staging until `manifest` names them) · `manifest`
//! hash → import id · `answers` question → bytes · `ai_models`, `model_predictions`, `feature_store` id → JSON
//! (the seed's tables).

use indexed_db_futures::{
    Build, BuildPrimitive, KeyRange,
    database::Database,
    error::{Error, OpenDbError, UnexpectedDataError},
    object_store::ObjectStore,
    query_source::QuerySource,
    transaction::{Transaction, TransactionDurability, TransactionMode, TransactionOptions},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::JsValue;

/// Why the device's storage did not do what was asked. Nothing acknowledged is lost by any of these.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum StorageError {
    /// The disk, or the browser's share of it, is full.
    #[error("the device's storage is full")]
    Full,
    /// There is no database here: private mode, or switched off.
    #[error("the browser keeps no data in this mode")]
    Unavailable,
    /// An older version of the app holds the database in another tab.
    #[error("another tab holds the database with an older version of the app")]
    Blocked,
    /// A newer version of the app has taken the database over: reload.
    #[error("a newer version of the app is open in another tab")]
    Outdated,
    /// The browser refused the operation.
    #[error("the device's storage refused: {0}")]
    Refused(String),
    /// What was read is not what was written.
    #[error("stored data is damaged: {0}")]
    Damaged(String),
}
/// Database of the own business.
pub const OWN: &str = "dukandar";
/// Database of the sample shop: it never syncs, and leaving the sample deletes it.
pub const SAMPLE: &str = "dukandar-sample";

/// 2 added `flagged`; stores that are missing are made when a database is opened with a higher version.
const VERSION: u8 = 3;

/// Name → JSON text.
pub const META: &str = "meta";
/// Local order → event.
pub const EVENTS: &str = "events";
/// Event id → local order: finds an event again.
pub const EVENT_ORDER: &str = "event_order";
/// Local order → event id, of events that the server has not confirmed.
pub const OUTBOX: &str = "outbox";
/// Local order → own event that a pull has brought home, kept for a server that loses it.
pub const SENT: &str = "sent";
/// Event id → what the server said.
pub const QUARANTINE: &str = "quarantine";
/// Event id → what the server noted and someone should look at.
pub const FLAGGED: &str = "flagged";
/// Hash → bytes.
pub const SEGMENTS: &str = "segments";
/// Hash → import id: the segments that count.
pub const MANIFEST: &str = "manifest";
/// Question → answer.
pub const ANSWERS: &str = "answers";
/// Model id → row.
pub const AI_MODELS: &str = "ai_models";
/// Prediction id → row.
pub const MODEL_PREDICTIONS: &str = "model_predictions";
/// Feature row id → row.
pub const FEATURE_STORE: &str = "feature_store";

/// Shop and product → forecast.
pub const FORECASTS: &str = "forecasts";

const STORES: [&str; 14] = [
    META,
    EVENTS,
    EVENT_ORDER,
    OUTBOX,
    SENT,
    QUARANTINE,
    FLAGGED,
    SEGMENTS,
    MANIFEST,
    ANSWERS,
    AI_MODELS,
    MODEL_PREDICTIONS,
    FEATURE_STORE,
    FORECASTS,
];

/// An open database.
#[derive(Clone)]
pub struct Db {
    database: Database,
    outdated: Rc<Cell<bool>>,
}

impl Db {
    /// Opens the database, making its stores on the first visit.
    pub async fn open(name: &str) -> Result<Self, StorageError> {
        let blocked = Rc::new(Cell::new(false));
        let seen = blocked.clone();
        let request = Database::open(name)
            .with_version(VERSION)
            .with_on_blocked(move |_| {
                seen.set(true);
                Ok(())
            })
            .with_on_upgrade_needed(|_, database| {
                let present: Vec<String> = database.object_store_names().collect();
                for store in STORES {
                    if !present.iter().any(|name| name == store) {
                        database.create_object_store(store).build()?;
                    }
                }
                Ok(())
            });
        let database = request.await.map_err(|error| match (blocked.get(), error) {
            (true, _) => StorageError::Blocked,
            (false, error) => open_error(error),
        })?;
        let outdated = Rc::new(Cell::new(false));
        give_way(database.clone(), outdated.clone());
        Ok(Self { database, outdated })
    }

    /// Deletes a database with all it holds.
    pub async fn delete(name: &str) -> Result<(), StorageError> {
        Database::delete_by_name(name).map_err(open_error)?.await.map_err(storage_error)
    }

    /// A reading transaction.
    pub fn read(&self, stores: &[&str]) -> Result<Tx<'_>, StorageError> {
        self.begin(stores, TransactionMode::Readonly, TransactionDurability::Default)
    }

    /// A writing transaction that is durable (`strict`) once [`Tx::commit`] returns; dropped, it leaves nothing.
    pub fn write(&self, stores: &[&str]) -> Result<Tx<'_>, StorageError> {
        self.begin(stores, TransactionMode::Readwrite, TransactionDurability::Strict)
    }

    /// A writing transaction for what can be made again: it does not wait for the disk.
    pub fn write_cache(&self, stores: &[&str]) -> Result<Tx<'_>, StorageError> {
        self.begin(stores, TransactionMode::Readwrite, TransactionDurability::Relaxed)
    }

    fn begin(
        &self,
        stores: &[&str],
        mode: TransactionMode,
        durability: TransactionDurability,
    ) -> Result<Tx<'_>, StorageError> {
        if self.outdated.get() {
            return Err(StorageError::Outdated);
        }
        let options = TransactionOptions::new().with_durability(durability);
        let transaction = self
            .database
            .transaction(stores)
            .with_mode(mode)
            .with_options(options)
            .build()
            .map_err(storage_error)?;
        Ok(Tx(transaction))
    }
}

/// Lets go of the database when a newer version of the app, or a deletion, asks for it.
fn give_way(database: Database, outdated: Rc<Cell<bool>>) {
    wasm_bindgen_futures::spawn_local(async move {
        let Ok(mut changes) = database.version_changes() else { return };
        if changes.recv().await.is_some() {
            outdated.set(true);
            database.close();
        }
    });
}

/// A transaction. Between its requests nothing else may be awaited: it would end by itself.
pub struct Tx<'a>(Transaction<'a>);

impl Tx<'_> {
    fn store(&self, name: &str) -> Result<ObjectStore<'_>, StorageError> {
        self.0.object_store(name).map_err(storage_error)
    }

    /// One value.
    pub async fn get(&self, store: &str, key: &JsValue) -> Result<Option<JsValue>, StorageError> {
        let store = self.store(store)?;
        let request = store.get::<JsValue, JsValue, _>(KeyRange::Only(key.clone())).primitive();
        request.map_err(storage_error)?.await.map_err(storage_error)
    }

    /// Values in order of key, at most `limit`, from the first key beyond `after`.
    pub async fn values(
        &self,
        store: &str,
        after: &JsValue,
        limit: u32,
    ) -> Result<Vec<JsValue>, StorageError> {
        let store = self.store(store)?;
        let all = store.get_all::<JsValue>();
        let found = if after.is_undefined() {
            all.with_limit(limit).primitive().map_err(storage_error)?.await
        } else {
            let range = KeyRange::LowerBound(after.clone(), true);
            all.with_query::<JsValue, _>(range).with_limit(limit).primitive().map_err(storage_error)?.await
        };
        found.map_err(storage_error)?.collect::<Result<_, _>>().map_err(storage_error)
    }

    /// All keys in order.
    pub async fn keys(&self, store: &str) -> Result<Vec<JsValue>, StorageError> {
        let store = self.store(store)?;
        let request = store.get_all_keys::<JsValue>().primitive().map_err(storage_error)?;
        request.await.map_err(storage_error)?.collect::<Result<_, _>>().map_err(storage_error)
    }

    /// How many.
    pub async fn count(&self, store: &str) -> Result<u64, StorageError> {
        let store = self.store(store)?;
        let count = store.count().primitive().map_err(storage_error)?.await.map_err(storage_error)?;
        Ok(u64::from(count))
    }

    /// Writes a value, in place of an earlier one of this key.
    pub fn put(&self, store: &str, key: &JsValue, value: &JsValue) -> Result<(), StorageError> {
        let store = self.store(store)?;
        // The request goes out unawaited: a failure aborts the transaction and shows at commit.
        store.put(value).with_key(key).without_key_type().primitive().map_err(storage_error)?;
        Ok(())
    }

    /// Removes a value.
    pub fn delete(&self, store: &str, key: &JsValue) -> Result<(), StorageError> {
        let store = self.store(store)?;
        store.delete::<JsValue, _>(KeyRange::Only(key.clone())).primitive().map_err(storage_error)?;
        Ok(())
    }

    /// Removes everything in a store.
    pub fn clear(&self, store: &str) -> Result<(), StorageError> {
        self.store(store)?.clear().map_err(storage_error)?;
        Ok(())
    }

    /// A value of `meta`.
    pub async fn meta<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, StorageError> {
        match self.get(META, &key.into()).await? {
            None => Ok(None),
            Some(value) => from_text(&value).map(Some),
        }
    }

    /// Writes a value of `meta`.
    pub fn set_meta<T: Serialize>(&self, key: &str, value: &T) -> Result<(), StorageError> {
        self.put(META, &key.into(), &to_text(value)?)
    }

    /// Makes everything written durable. Only after this may anything be acknowledged.
    pub async fn commit(self) -> Result<(), StorageError> {
        self.0.commit().await.map_err(storage_error)
    }
}

/// A value as JSON text.
pub fn to_text<T: Serialize>(value: &T) -> Result<JsValue, StorageError> {
    serde_json::to_string(value)
        .map(|text| JsValue::from_str(&text))
        .map_err(|error| StorageError::Damaged(error.to_string()))
}

/// A value from JSON text.
pub fn from_text<T: DeserializeOwned>(value: &JsValue) -> Result<T, StorageError> {
    let text = value.as_string().ok_or_else(|| StorageError::Damaged("expected text".to_owned()))?;
    // As bytes, as server functions read theirs: the page carries one reader of every type and not two.
    serde_json::from_slice(text.as_bytes()).map_err(|error| StorageError::Damaged(error.to_string()))
}

fn open_error(error: OpenDbError) -> StorageError {
    match error {
        OpenDbError::Base(error) => match storage_error(error) {
            // Firefox and older Chromium answer so in private mode.
            StorageError::Refused(text) if text.contains("InvalidStateError") => StorageError::Unavailable,
            StorageError::Refused(text) if text.contains("VersionError") => StorageError::Outdated,
            other => other,
        },
        OpenDbError::VersionZero | OpenDbError::UnsupportedEnvironment | OpenDbError::NullFactory => {
            StorageError::Unavailable
        }
    }
}

/// Tells "full" and "not allowed" from everything else.
pub fn storage_error(error: Error) -> StorageError {
    match error {
        Error::DomException(exception) => {
            let exception = web_sys::DomException::from(exception);
            match exception.name().as_str() {
                "QuotaExceededError" => StorageError::Full,
                "SecurityError" => StorageError::Unavailable,
                name => StorageError::Refused(format!("{name}: {}", exception.message())),
            }
        }
        // A commit that the browser turns into an abort: it could not write to its disk.
        Error::MissingData(UnexpectedDataError::TransactionAborted) => StorageError::Full,
        other => StorageError::Refused(other.to_string()),
    }
}
