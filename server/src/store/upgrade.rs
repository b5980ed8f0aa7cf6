//! What SQL alone cannot bring up to date: hashes by a newer rule, and projections that older releases did not fill.
//!
//! Rules 2: the hash of an event that carries a person's key covers the key's hash instead of the key; shelves,
//! prices, pieces, fields and places of keys are kept as rows. A database of rules 1 is read through once. Where a hash
//! changes, so do the digests after it: the database gets a new identity, and devices read it anew.

use super::{
    Store, StoreError, Tx,
    arrival::{self, Arrivals},
    erase,
    journal::confirmed,
    renew_server_epoch, stream_of,
};
use dukandar_core::{id::TenantId, sync::protocol::digest_step};
use sqlx::Row;

const RULES: &str = "2";
const PAGE: i64 = 1_000;

/// Brings an older database to the rules of this release; does nothing to one that is there.
pub async fn run(store: &dyn Store) -> Result<(), StoreError> {
    let rules = "SELECT value FROM meta WHERE name = 'rules'";
    let known = sqlx::query(rules).fetch_optional(store.pool()).await?;
    if known.map(|row| row.try_get::<String, _>("value")).transpose()?.as_deref() == Some(RULES) {
        return Ok(());
    }
    let mut tx = store.pool().begin_with(store.begin_append()).await?;
    // Names and prices come before what was sold.
    let streams =
        "SELECT tenant, stream FROM streams ORDER BY tenant, CASE stream WHEN 'tenant' THEN 0 ELSE 1 END";
    let mut is_changed = false;
    for row in sqlx::query(streams).fetch_all(&mut *tx).await? {
        let tenant = super::read_id(&row, "streams", "tenant")?;
        is_changed |= read_through(store, &mut tx, tenant, &row.try_get::<String, _>("stream")?).await?;
    }
    arrival::recount_all(&mut tx).await?;
    sqlx::query(
        "INSERT INTO meta (name, value) VALUES ('rules', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(RULES)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    if is_changed {
        renew_server_epoch(store).await?;
    }
    Ok(())
}

/// Fills what is kept of a stream's events and mends their hashes; true if one changed.
async fn read_through(
    store: &dyn Store,
    tx: &mut Tx,
    tenant: TenantId,
    stream: &str,
) -> Result<bool, StoreError> {
    let (mut digest, mut is_changed, mut version) = (String::new(), false, 0);
    loop {
        let rows = sqlx::query(
            "SELECT version, flags, hash, digest, body FROM events
             WHERE tenant = $1 AND stream = $2 AND version > $3 ORDER BY version LIMIT $4",
        )
        .bind(tenant.to_string())
        .bind(stream)
        .bind(version)
        .bind(PAGE)
        .fetch_all(&mut **tx)
        .await?;
        if rows.is_empty() {
            break;
        }
        let page = rows.iter().map(confirmed).collect::<Result<Vec<_>, _>>()?;
        let events: Vec<_> = page.iter().map(|confirmed| confirmed.event.clone()).collect();
        let mut arrivals = Arrivals::of(store, tx, tenant, &events).await?;
        arrivals.forget_sales();
        for (row, event) in rows.iter().zip(&events) {
            version = row.try_get("version")?;
            let hash = event.hash();
            digest = digest_step(&digest, &hash);
            if (row.try_get("hash")?, row.try_get("digest")?) != (hash.clone(), digest.clone()) {
                is_changed = true;
                sqlx::query(
                    "UPDATE events SET hash = $4, digest = $5 WHERE tenant = $1 AND stream = $2 AND version = $3",
                )
                .bind(tenant.to_string())
                .bind(stream)
                .bind(version)
                .bind(hash)
                .bind(&digest)
                .execute(&mut **tx)
                .await?;
            }
            erase::guard(store, tx, tenant, event, version as u64).await?;
            if let Ok(record) = event.record() {
                // What was not noted on arrival is not noted now.
                arrivals.note(tx, event, &record, version as u64).await?;
            }
        }
        arrivals.write(tx).await?;
    }
    if is_changed {
        sqlx::query("UPDATE streams SET digest = $3 WHERE tenant = $1 AND stream = $2")
            .bind(tenant.to_string())
            .bind(stream_of(stream).map(super::stream_name)?)
            .bind(&digest)
            .execute(&mut **tx)
            .await?;
        // Runs name the digest they lead to: they are cut again with the next push.
        sqlx::query("DELETE FROM event_segments WHERE tenant = $1 AND stream = $2")
            .bind(tenant.to_string())
            .bind(stream)
            .execute(&mut **tx)
            .await?;
    }
    Ok(is_changed)
}
