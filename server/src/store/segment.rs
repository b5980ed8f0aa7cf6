//! Immutable bytes named by their SHA-256: column segments of imports, and sealed runs of a stream's events.

use super::{Store, StoreError, Tx, journal::confirmed, now_ms, stream_name, stream_of};
use dukandar_core::{
    id::{ShopId, TenantId},
    sync::{
        event::{Confirmed, Stream},
        journal::{Caller, cursor_of},
        protocol::{Cursor, EventSegment},
    },
    table::segment::segment_name,
};
use flate2::{Compression, write::GzEncoder};
use sqlx::Row;
use std::io::Write as _;

/// Events in one sealed run. A stream's tail shorter than this is read page by page.
pub const EVENTS_PER_SEGMENT: u64 = 2_000;

/// Keeps a column segment; storing it again changes nothing.
pub async fn put(
    store: &dyn Store,
    tenant: TenantId,
    hash: &str,
    shop: ShopId,
    bytes: &[u8],
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO segments (tenant, hash, shop, size, stored_ms, bytes) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING",
    )
    .bind(tenant.to_string())
    .bind(hash)
    .bind(shop.to_string())
    .bind(bytes.len() as i64)
    .bind(now_ms())
    .bind(bytes.to_vec())
    .execute(store.pool())
    .await?;
    Ok(())
}

/// The bytes of a column segment, if the caller may read its shop.
pub async fn get(store: &dyn Store, caller: &Caller, hash: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let row = sqlx::query("SELECT shop, bytes FROM segments WHERE tenant = $1 AND hash = $2")
        .bind(caller.tenant.to_string())
        .bind(hash)
        .fetch_optional(store.pool())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let shop = super::read_id(&row, "segments", "shop")?;
    Ok(if caller.reaches(Stream::Shop(shop)) { Some(row.try_get("bytes")?) } else { None })
}

/// The bytes of a sealed run of events, if the caller may read its stream.
pub async fn get_events(
    store: &dyn Store,
    caller: &Caller,
    hash: &str,
) -> Result<Option<Vec<u8>>, StoreError> {
    let row = sqlx::query("SELECT stream, bytes FROM event_segments WHERE tenant = $1 AND hash = $2")
        .bind(caller.tenant.to_string())
        .bind(hash)
        .fetch_optional(store.pool())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let stream = stream_of(&row.try_get::<String, _>("stream")?)?;
    Ok(if caller.reaches(stream) { Some(row.try_get("bytes")?) } else { None })
}

/// Sealed runs after these cursors, newest first. The shops' runs are cut by count, not by month: what a device
/// fetches at once stays the same whether a shop sells ten or a thousand times a day.
pub async fn list(
    store: &dyn Store,
    caller: &Caller,
    cursors: &[Cursor],
) -> Result<Vec<EventSegment>, StoreError> {
    let rows = sqlx::query(
        "SELECT stream, first_version, last_version, hash, size, digest FROM event_segments
         WHERE tenant = $1 ORDER BY last_version DESC, stream",
    )
    .bind(caller.tenant.to_string())
    .fetch_all(store.pool())
    .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let segment = EventSegment {
            stream: stream_of(&row.try_get::<String, _>("stream")?)?,
            first: row.try_get::<i64, _>("first_version")? as u64,
            last: row.try_get::<i64, _>("last_version")? as u64,
            hash: row.try_get("hash")?,
            bytes: row.try_get::<i64, _>("size")? as u64,
            digest: row.try_get("digest")?,
        };
        if caller.reaches(segment.stream) && segment.first > cursor_of(cursors, segment.stream) {
            found.push(segment);
        }
    }
    Ok(found)
}

/// Seals every whole run of a stream's tail, each under the stream's lock, so that no erasure comes in between.
pub async fn seal_events(store: &dyn Store, tenant: TenantId, stream: Stream) -> Result<(), StoreError> {
    while due(store, tenant, stream).await?.is_some() {
        let mut tx = store.pool().begin_with(store.begin_append()).await?;
        let lock = sqlx::query(store.lock_head()).bind(tenant.to_string()).bind(stream_name(stream));
        lock.fetch_optional(&mut *tx).await?;
        // Another server may have sealed it since.
        let Some((first, last)) = due(store, tenant, stream).await? else { return Ok(()) };
        let run = cut(&mut tx, tenant, stream, first, last).await?;
        sqlx::query(
            "INSERT INTO event_segments (tenant, stream, first_version, last_version, hash, size, digest, bytes)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        )
        .bind(tenant.to_string())
        .bind(stream_name(stream))
        .bind(first)
        .bind(last)
        .bind(segment_name(&run.bytes))
        .bind(run.bytes.len() as i64)
        .bind(run.digest)
        .bind(run.bytes)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Cuts the run that holds this version anew, if it is sealed: it bears another name then, and the same digest.
pub async fn cut_anew(tx: &mut Tx, tenant: TenantId, stream: Stream, version: u64) -> Result<(), StoreError> {
    let row = sqlx::query(
        "SELECT first_version, last_version FROM event_segments
         WHERE tenant = $1 AND stream = $2 AND first_version <= $3 AND last_version >= $3",
    )
    .bind(tenant.to_string())
    .bind(stream_name(stream))
    .bind(version as i64)
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(()) };
    let (first, last) = (row.try_get::<i64, _>("first_version")?, row.try_get::<i64, _>("last_version")?);
    let run = cut(tx, tenant, stream, first, last).await?;
    sqlx::query(
        "UPDATE event_segments SET hash = $4, size = $5, bytes = $6
         WHERE tenant = $1 AND stream = $2 AND first_version = $3",
    )
    .bind(tenant.to_string())
    .bind(stream_name(stream))
    .bind(first)
    .bind(segment_name(&run.bytes))
    .bind(run.bytes.len() as i64)
    .bind(run.bytes)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// First and last version of the next whole run of a stream's tail, if there is one.
async fn due(store: &dyn Store, tenant: TenantId, stream: Stream) -> Result<Option<(i64, i64)>, StoreError> {
    let row = sqlx::query(
        "SELECT head, (SELECT coalesce(max(last_version), 0) FROM event_segments e
             WHERE e.tenant = s.tenant AND e.stream = s.stream) AS sealed
         FROM streams s WHERE tenant = $1 AND stream = $2",
    )
    .bind(tenant.to_string())
    .bind(stream_name(stream))
    .fetch_one(store.pool())
    .await?;
    let (head, sealed) = (row.try_get::<i64, _>("head")?, row.try_get::<i64, _>("sealed")?);
    let last = sealed + EVENTS_PER_SEGMENT as i64;
    Ok((head >= last).then_some((sealed + 1, last)))
}

/// A run as it is stored.
struct Cut {
    digest: String,
    bytes: Vec<u8>,
}

async fn cut(
    tx: &mut Tx,
    tenant: TenantId,
    stream: Stream,
    first: i64,
    last: i64,
) -> Result<Cut, StoreError> {
    let rows = sqlx::query(
        "SELECT version, flags, digest, body FROM events
         WHERE tenant = $1 AND stream = $2 AND version >= $3 AND version <= $4 ORDER BY version",
    )
    .bind(tenant.to_string())
    .bind(stream_name(stream))
    .bind(first)
    .bind(last)
    .fetch_all(&mut **tx)
    .await?;
    let digest = rows.last().map(|row| row.try_get("digest")).transpose()?.unwrap_or_default();
    let events: Vec<Confirmed> = rows.iter().map(confirmed).collect::<Result<_, _>>()?;
    Ok(Cut { digest, bytes: compress(&super::json(&events))? })
}

fn compress(text: &str) -> Result<Vec<u8>, StoreError> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes())?;
    Ok(encoder.finish()?)
}
