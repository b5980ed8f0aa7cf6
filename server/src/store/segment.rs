//! Immutable bytes named by their SHA-256: column segments of imports, and sealed runs of a stream's events.

use super::{Store, StoreError, journal::confirmed, now_ms, stream_name, stream_of};
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

/// Sealed runs after these cursors, newest first.
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

/// Seals every whole run of a stream's tail.
pub async fn seal_events(store: &dyn Store, tenant: TenantId, stream: Stream) -> Result<(), StoreError> {
    let (tenant, stream) = (tenant.to_string(), stream_name(stream));
    loop {
        let row = sqlx::query(
            "SELECT head, (SELECT coalesce(max(last_version), 0) FROM event_segments e
                 WHERE e.tenant = s.tenant AND e.stream = s.stream) AS sealed
             FROM streams s WHERE tenant = $1 AND stream = $2",
        )
        .bind(&tenant)
        .bind(&stream)
        .fetch_one(store.pool())
        .await?;
        let (head, sealed) = (row.try_get::<i64, _>("head")?, row.try_get::<i64, _>("sealed")?);
        let last = sealed + EVENTS_PER_SEGMENT as i64;
        if head < last {
            return Ok(());
        }
        let rows = sqlx::query(
            "SELECT version, flags, digest, body FROM events
             WHERE tenant = $1 AND stream = $2 AND version > $3 AND version <= $4 ORDER BY version",
        )
        .bind(&tenant)
        .bind(&stream)
        .bind(sealed)
        .bind(last)
        .fetch_all(store.pool())
        .await?;
        let digest: String = rows.last().map(|row| row.try_get("digest")).transpose()?.unwrap_or_default();
        let events: Vec<Confirmed> = rows.iter().map(confirmed).collect::<Result<_, _>>()?;
        let bytes = compress(&super::json(&events))?;
        // Two servers may seal the same run at once: equal bytes, and the second changes nothing.
        sqlx::query(
            "INSERT INTO event_segments (tenant, stream, first_version, last_version, hash, size, digest, bytes)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        )
        .bind(&tenant)
        .bind(&stream)
        .bind(sealed + 1)
        .bind(last)
        .bind(segment_name(&bytes))
        .bind(bytes.len() as i64)
        .bind(digest)
        .bind(bytes)
        .execute(store.pool())
        .await?;
    }
}

fn compress(text: &str) -> Result<Vec<u8>, StoreError> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes())?;
    Ok(encoder.finish()?)
}
