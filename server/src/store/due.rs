//! Rows of accepted imports, written a few thousand lines a transaction: half a million at once would hold SQLite's
//! only writer for seconds, and every other push with it.
//!
//! What is left to do stands in `due_segments`, in the same transaction as the rows that are done: after a crash the
//! next step goes on where the last one committed, and rows that are there already change nothing. Devices see an
//! import at once and whole, by its event; only sums in SQL wait for the last step ([`finish`]).

use super::{SharedStore, Store, StoreError, arrival, project, read_id};
use dukandar_core::{id::TenantId, table::segment::Segment};
use sqlx::Row;
use std::{
    sync::{Arc, Weak},
    time::{Duration, Instant},
};
use tokio::sync::Notify;

/// Lines of one transaction.
pub const LINES_PER_STEP: usize = project::ROWS_PER_INSERT;
/// Products whose shelves are counted anew in one transaction.
const PRODUCTS_PER_STEP: usize = 500;
/// After this a worker looks even when nobody called.
const LOOK_AGAIN: Duration = Duration::from_secs(60);
/// Longest rest between two steps: whoever waits for the writer gets it then.
const LONGEST_REST: Duration = Duration::from_millis(200);

/// Writes what is due, step by step. It keeps the segment it is at.
pub struct Steps {
    lines: usize,
    segment: Option<(TenantId, String, Segment)>,
}

impl Default for Steps {
    fn default() -> Self {
        Self::of(LINES_PER_STEP)
    }
}

impl Steps {
    /// Steps of this many lines.
    pub fn of(lines: usize) -> Self {
        Self { lines, segment: None }
    }

    /// Does one step; false when nothing is due.
    pub async fn step(&mut self, store: &dyn Store) -> Result<bool, StoreError> {
        let next = sqlx::query("SELECT tenant, hash FROM due_segments ORDER BY position, hash LIMIT 1");
        let Some(row) = next.fetch_optional(store.pool()).await? else {
            self.segment = None;
            return Ok(false);
        };
        let (tenant, hash) = (read_id(&row, "due_segments", "tenant")?, row.try_get::<String, _>("hash")?);
        let held = self.segment.take().filter(|(of, name, _)| (*of, name) == (tenant, &hash));
        let segment = match held {
            Some((.., segment)) => segment,
            None => read(store, tenant, &hash).await?,
        };
        let mut tx = store.pool().begin_with(store.begin_append()).await?;
        let row = sqlx::query(store.lock_due())
            .bind(tenant.to_string())
            .bind(&hash)
            .fetch_optional(&mut *tx)
            .await?;
        let Some(row) = row else {
            // Another server is at it, or done with it.
            drop(tx);
            tokio::time::sleep(LONGEST_REST).await;
            return Ok(true);
        };
        let from = row.try_get::<i64, _>("next_line")? as usize;
        let next = if from < segment.lines() {
            let to = segment.lines().min(from.saturating_add(self.lines));
            if from == 0 {
                project::write_names(store, &mut tx, tenant, &segment).await?;
            }
            project::write_lines(store, &mut tx, tenant, &segment, from..to).await?;
            to
        } else {
            // Past the lines, the count goes on over products.
            let done = from - segment.lines();
            let products: Vec<_> =
                segment.products.iter().skip(done).take(PRODUCTS_PER_STEP).map(|row| row.id).collect();
            arrival::recount(store, &mut tx, tenant, segment.shop, &products).await?;
            from + products.len()
        };
        let is_done = next >= segment.lines() + segment.products.len();
        let progress = if is_done {
            "DELETE FROM due_segments WHERE tenant = $1 AND hash = $2 AND next_line <= $3"
        } else {
            "UPDATE due_segments SET next_line = $3 WHERE tenant = $1 AND hash = $2"
        };
        sqlx::query(progress)
            .bind(tenant.to_string())
            .bind(&hash)
            .bind(next as i64)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        self.segment = Some((tenant, hash, segment));
        Ok(true)
    }
}

async fn read(store: &dyn Store, tenant: TenantId, hash: &str) -> Result<Segment, StoreError> {
    let row = sqlx::query("SELECT bytes FROM segments WHERE tenant = $1 AND hash = $2")
        .bind(tenant.to_string())
        .bind(hash)
        .fetch_one(store.pool())
        .await?;
    Segment::decode(&row.try_get::<Vec<u8>, _>("bytes")?).map_err(|error| StoreError::Corrupt {
        table: "segments",
        column: "bytes",
        found: error.to_string(),
        expected: "a segment that was read when it was stored",
    })
}

/// Does all that is due, without rest: for whoever sums in SQL.
pub async fn finish(store: &dyn Store) -> Result<(), StoreError> {
    let mut steps = Steps::default();
    while steps.step(store).await? {}
    Ok(())
}

/// Works in the background for as long as anyone holds the store; `called` says that there may be more.
pub fn work(store: &SharedStore, called: Arc<Notify>) {
    let store: Weak<dyn Store> = Arc::downgrade(store);
    tokio::spawn(async move {
        let mut steps = Steps::default();
        loop {
            let Some(store) = store.upgrade() else { return };
            let began = Instant::now();
            let done = steps.step(&*store).await;
            drop(store);
            match done {
                // As long a rest as the step took.
                Ok(true) => tokio::time::sleep(began.elapsed().min(LONGEST_REST)).await,
                Ok(false) => _ = tokio::time::timeout(LOOK_AGAIN, called.notified()).await,
                Err(StoreError::Database(sqlx::Error::PoolClosed)) => return,
                Err(error) => {
                    tracing::warn!(%error, "rows of an import are not written yet");
                    tokio::time::sleep(Duration::from_secs(5)).await;
                }
            }
        }
    });
}
