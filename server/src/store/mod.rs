//! Where the server keeps accounts and journals: SQLite in the data folder, or Postgres.
//!
//! [`Store`] holds what differs between the two; all else is one SQL text for both. One conformance suite
//! (`tests/tests/served/api_conformance.rs`) runs on both, beside the journal in memory of core.

pub mod account;
mod arrival;
pub mod due;
mod erase;
pub mod journal;
pub mod postgres;
pub mod project;
pub mod segment;
pub mod sqlite;
mod upgrade;

use dukandar_core::{
    id::{EpochId, Id},
    rng::Rng,
    sync::event::Stream,
};
use sqlx::{Any, AnyPool, Row, Transaction, any::AnyRow, migrate::Migrator};
use std::{path::Path, sync::Arc};

/// A database the server can stand on: connections, and the statements that differ.
pub trait Store: Send + Sync {
    /// `sqlite` or `postgres`, for logs.
    fn name(&self) -> &'static str;
    /// Connections.
    fn pool(&self) -> &AnyPool;
    /// Schema steps.
    fn migrations(&self) -> &'static Migrator;
    /// Begins a transaction that will append: nobody else appends to the same rows until it ends.
    fn begin_append(&self) -> &'static str;
    /// Reads and locks the head of a stream: `$1` tenant, `$2` stream → head, digest.
    fn lock_head(&self) -> &'static str;
    /// Which of these exist: `$1` tenant, `$2` JSON array of event ids → event_id, hash, version.
    fn events_by_id(&self) -> &'static str;
    /// Which of these were put aside: `$1` tenant, `$2` JSON array of event ids → event_id, hash, reason, detail.
    fn quarantined_by_id(&self) -> &'static str;
    /// Writes rows given as a JSON array `$2` for tenant `$1`; what is there already stays.
    fn insert(&self, table: Projection) -> &'static str;
    /// The texts of a JSON array `$2`, as what follows IN.
    fn among(&self) -> &'static str;
    /// Reads and locks what is due of a segment: `$1` tenant, `$2` hash → next_line; nothing where another server
    /// is at it.
    fn lock_due(&self) -> &'static str;
    /// Said after a key was destroyed, so that no freed page keeps it.
    fn after_erasure(&self) -> Option<&'static str>;
    /// Sets what became of a prediction: `$1` tenant, `$2` id, `$3` JSON, `$4` score or null.
    fn judge_prediction(&self) -> &'static str;
}

/// Tables that are filled with many rows at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Projection {
    /// Lines of sales and returns.
    SaleLines,
    /// Products as edited by hand; fields that are null leave what is there.
    Products,
    /// Products as an import names them: what a hand has written stays.
    ProductNames,
    /// Model versions.
    AiModels,
    /// Predictions.
    ModelPredictions,
    /// Inputs of predictions.
    FeatureStore,
}

/// A store shared by all requests.
pub type SharedStore = Arc<dyn Store>;
/// A transaction on either database.
pub type Tx = Transaction<'static, Any>;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or cannot be reached.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A migration failed.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A stored value is not what it was when written.
    #[error("{table}.{column} holds {found:?}: expected {expected}")]
    Corrupt {
        /// Where.
        table: &'static str,
        /// Which column.
        column: &'static str,
        /// What stands there.
        found: String,
        /// What should.
        expected: &'static str,
    },
    /// The folder for the database cannot be made.
    #[error("data folder: {0}")]
    Folder(#[from] std::io::Error),
    /// Neither `sqlite:` nor `postgres:`.
    #[error("database URL: expected sqlite://… or postgres://…, found {0:?}")]
    UnknownDatabase(String),
}

impl StoreError {
    /// Whether the database is out of reach or busy, and the same call may work in a moment.
    pub fn is_passing(&self) -> bool {
        use sqlx::Error::{Io, PoolClosed, PoolTimedOut};
        match self {
            Self::Database(PoolTimedOut | PoolClosed | Io(_)) => true,
            // 5: SQLITE_BUSY. 40001, 40P01: serialisation failure and deadlock in Postgres. 57P0x: shutting down.
            Self::Database(sqlx::Error::Database(error)) => {
                matches!(error.code().as_deref(), Some("5" | "40001" | "40P01" | "57P01" | "57P02" | "57P03"))
            }
            _ => false,
        }
    }
}

/// Opens the database of this URL and brings its schema up to date. Without a URL: SQLite in `data`.
pub async fn open(url: Option<&str>, data: &Path) -> Result<SharedStore, StoreError> {
    sqlx::any::install_default_drivers();
    let store: SharedStore = match url {
        None => {
            std::fs::create_dir_all(data)?;
            Arc::new(sqlite::Sqlite::open(&data.join("dukandar.sqlite")).await?)
        }
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            Arc::new(postgres::Postgres::open(url).await?)
        }
        Some(url) => match url.strip_prefix("sqlite://") {
            Some(path) => Arc::new(sqlite::Sqlite::open(Path::new(path)).await?),
            None => return Err(StoreError::UnknownDatabase(url.to_owned())),
        },
    };
    store.migrations().run(store.pool()).await?;
    upgrade::run(&*store).await?;
    Ok(store)
}

/// Identity of the database, made once.
pub async fn server_epoch(store: &dyn Store) -> Result<EpochId, StoreError> {
    let fresh = EpochId::fresh(now_ms() as u64, &mut entropy());
    sqlx::query("INSERT INTO meta (name, value) VALUES ('server_epoch', $1) ON CONFLICT (name) DO NOTHING")
        .bind(fresh.to_string())
        .execute(store.pool())
        .await?;
    let row =
        sqlx::query("SELECT value FROM meta WHERE name = 'server_epoch'").fetch_one(store.pool()).await?;
    read_id(&row, "meta", "value")
}

/// Gives the database a new identity: devices offer again what they pushed in the last weeks. For use after a
/// restore from a backup.
pub async fn renew_server_epoch(store: &dyn Store) -> Result<EpochId, StoreError> {
    sqlx::query("DELETE FROM meta WHERE name = 'server_epoch'").execute(store.pool()).await?;
    server_epoch(store).await
}

/// The name of a stream in tables.
pub fn stream_name(stream: Stream) -> String {
    match stream {
        Stream::Tenant => "tenant".to_owned(),
        Stream::Shop(shop) => shop.to_string(),
    }
}

/// The stream of this name.
pub fn stream_of(name: &str) -> Result<Stream, StoreError> {
    if name == "tenant" {
        return Ok(Stream::Tenant);
    }
    let corrupt = || StoreError::Corrupt {
        table: "streams",
        column: "stream",
        found: name.to_owned(),
        expected: "'tenant' or a shop's id",
    };
    name.parse().map(Stream::Shop).map_err(|_| corrupt())
}

/// Reads an id from a text column.
pub fn read_id<T>(row: &AnyRow, table: &'static str, column: &'static str) -> Result<Id<T>, StoreError> {
    let found: String = row.try_get(column)?;
    found.parse().map_err(|_| StoreError::Corrupt { table, column, found, expected: "a UUID" })
}

/// Reads JSON from a text column.
pub fn read_json<T: serde::de::DeserializeOwned>(
    row: &AnyRow,
    table: &'static str,
    column: &'static str,
) -> Result<T, StoreError> {
    let found: String = row.try_get(column)?;
    serde_json::from_str(&found).map_err(|_| StoreError::Corrupt {
        table,
        column,
        found,
        expected: "JSON of its type",
    })
}

/// A word that serde writes for a unit variant, such as a role's name.
pub fn word<T: serde::Serialize>(value: &T) -> String {
    // Unit variants serialise to strings.
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// JSON text of a value that always serialises.
pub fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The server's clock.
pub fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map(|since| since.as_millis() as i64).unwrap_or_default()
}

/// Fresh randomness from the operating system.
pub fn entropy() -> Rng {
    let mut bytes = [0; 32];
    #[expect(clippy::expect_used, reason = "without the system's randomness no key or token may be made")]
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    Rng::from_entropy(bytes)
}
