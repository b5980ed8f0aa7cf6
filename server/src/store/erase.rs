//! Destroying a person's key: it leaves every row and every sealed run that holds it, in the transaction that takes
//! the erasure. Hashes and digests stay, see [`Event::without_key`].
//!
//! SQLite overwrites what it frees (`secure_delete`) and its log is cut afterwards; Postgres frees the old row
//! versions at the next vacuum. Copies made before, backups among them, still hold the key.

use super::{Store, StoreError, Tx, now_ms, read_json, segment, stream_name, stream_of};
use dukandar_core::{
    id::{PersonKeyId, TenantId},
    sync::event::{Event, PERSON_KEY},
};
use sqlx::Row;

/// Whether this key was destroyed.
pub async fn is_erased(tx: &mut Tx, tenant: TenantId, key: PersonKeyId) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT key_id FROM erased_keys WHERE tenant = $1 AND key_id = $2")
        .bind(tenant.to_string())
        .bind(key.to_string())
        .fetch_optional(&mut **tx)
        .await?;
    Ok(row.is_some())
}

/// To be told of every appended event: notes where a key stands, and destroys it once its erasure is there,
/// whichever of the two came first. Returns whether a key was destroyed.
pub async fn guard(
    store: &dyn Store,
    tx: &mut Tx,
    tenant: TenantId,
    event: &Event,
    version: u64,
) -> Result<bool, StoreError> {
    let Some(key) = event.person_key() else { return Ok(false) };
    if event.kind == PERSON_KEY {
        sqlx::query("INSERT INTO person_keys (tenant, key_id, stream, version) VALUES ($1, $2, $3, $4)")
            .bind(tenant.to_string())
            .bind(key.to_string())
            .bind(stream_name(event.stream))
            .bind(version as i64)
            .execute(&mut **tx)
            .await?;
        if !is_erased(tx, tenant, key).await? {
            return Ok(false);
        }
    } else {
        let erased =
            "INSERT INTO erased_keys (tenant, key_id, erased_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        sqlx::query(erased)
            .bind(tenant.to_string())
            .bind(key.to_string())
            .bind(now_ms())
            .execute(&mut **tx)
            .await?;
    }
    destroy(store, tx, tenant, key).await?;
    Ok(true)
}

async fn destroy(
    store: &dyn Store,
    tx: &mut Tx,
    tenant: TenantId,
    key: PersonKeyId,
) -> Result<(), StoreError> {
    let tenant_name = tenant.to_string();
    let places = sqlx::query("SELECT stream, version FROM person_keys WHERE tenant = $1 AND key_id = $2")
        .bind(&tenant_name)
        .bind(key.to_string())
        .fetch_all(&mut **tx)
        .await?;
    for place in places {
        let (stream, version) = (place.try_get::<String, _>("stream")?, place.try_get::<i64, _>("version")?);
        // A sealed run is cut under the stream's lock; under the same lock it is cut anew.
        let lock = sqlx::query(store.lock_head()).bind(&tenant_name).bind(&stream);
        lock.fetch_optional(&mut **tx).await?;
        let row = sqlx::query("SELECT body FROM events WHERE tenant = $1 AND stream = $2 AND version = $3")
            .bind(&tenant_name)
            .bind(&stream)
            .bind(version)
            .fetch_one(&mut **tx)
            .await?;
        let stored: Event = read_json(&row, "events", "body")?;
        let Some(keyless) = stored.without_key() else { continue };
        sqlx::query("UPDATE events SET body = $4 WHERE tenant = $1 AND stream = $2 AND version = $3")
            .bind(&tenant_name)
            .bind(&stream)
            .bind(version)
            .bind(keyless.canonical())
            .execute(&mut **tx)
            .await?;
        segment::cut_anew(tx, tenant, stream_of(&stream)?, version as u64).await?;
    }
    let aside = sqlx::query("SELECT event_id, hash, body FROM quarantine WHERE tenant = $1 AND body LIKE $2")
        .bind(&tenant_name)
        .bind(format!("%{key}%"))
        .fetch_all(&mut **tx)
        .await?;
    for row in aside {
        let stored: Event = read_json(&row, "quarantine", "body")?;
        let Some(keyless) = stored.without_key().filter(|event| event.person_key() == Some(key)) else {
            continue;
        };
        sqlx::query("UPDATE quarantine SET body = $4 WHERE tenant = $1 AND event_id = $2 AND hash = $3")
            .bind(&tenant_name)
            .bind(row.try_get::<String, _>("event_id")?)
            .bind(row.try_get::<String, _>("hash")?)
            .bind(keyless.canonical())
            .execute(&mut **tx)
            .await?;
    }
    sqlx::query("DELETE FROM person_keys WHERE tenant = $1 AND key_id = $2")
        .bind(&tenant_name)
        .bind(key.to_string())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
