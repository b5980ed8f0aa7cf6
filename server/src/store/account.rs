//! Accounts: businesses, people, their grants, devices and sessions.

use super::{Store, StoreError, entropy, json, now_ms, read_id, read_json, word};
use dukandar_core::{
    id::{DeviceId, Id, PersonKeyId, ShopId, TenantId, UserId, of},
    privacy::{
        hex::Hex,
        seal::{SecretKey, WrappedKey},
    },
    role::Role,
    sync::{journal::Caller, protocol::DeviceInfo},
};
use sqlx::{Row, any::AnyRow};

/// A person as the sign-in finds them.
#[derive(Clone, Debug)]
pub struct Account {
    /// Who.
    pub user: UserId,
    /// Their business.
    pub tenant: TenantId,
    /// Argon2id in PHC form.
    pub password_hash: String,
}

/// What signing up stores.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The business.
    pub tenant: TenantId,
    /// Its name.
    pub business: String,
    /// Its key, under the server's.
    pub sealed_key: WrappedKey,
    /// Sign-in name, normalised.
    pub login: String,
    /// Argon2id in PHC form.
    pub password_hash: String,
}

/// Why an account was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The sign-in name is someone's.
    Login,
    /// The business is someone's.
    Tenant,
}

/// A session and the person behind it.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Who asks.
    pub caller: Caller,
    /// Their sign-in name.
    pub login: String,
    /// When the session ends unless renewed.
    pub expires_ms: i64,
    /// When it began.
    pub created_ms: i64,
    /// When its device was last heard of.
    pub last_seen_ms: i64,
}

/// Opens an account with its business; its user is the owner.
pub async fn open_account(store: &dyn Store, new: &NewAccount) -> Result<Result<UserId, Taken>, StoreError> {
    let user = UserId::fresh(now_ms() as u64, &mut entropy());
    let mut tx = store.pool().begin_with(store.begin_append()).await?;
    let claimed = sqlx::query(
        "INSERT INTO tenants (tenant, name, key_nonce, key_sealed, created_ms) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant) DO NOTHING",
    )
    .bind(new.tenant.to_string())
    .bind(&new.business)
    .bind(new.sealed_key.nonce.to_string())
    .bind(new.sealed_key.text.to_string())
    .bind(now_ms())
    .execute(&mut *tx)
    .await?;
    if claimed.rows_affected() == 0 {
        return Ok(Err(Taken::Tenant));
    }
    if !add_user(&mut tx, user, new.tenant, &new.login, &new.password_hash, Role::Owner, &[]).await? {
        return Ok(Err(Taken::Login));
    }
    tx.commit().await?;
    Ok(Ok(user))
}

/// Adds a person to a business; false if the sign-in name is taken.
async fn add_user(
    tx: &mut super::Tx,
    user: UserId,
    tenant: TenantId,
    login: &str,
    password_hash: &str,
    role: Role,
    shops: &[ShopId],
) -> Result<bool, StoreError> {
    let added = sqlx::query(
        "INSERT INTO users (user_id, login, password_hash, tenant, created_ms) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (login) DO NOTHING",
    )
    .bind(user.to_string())
    .bind(login)
    .bind(password_hash)
    .bind(tenant.to_string())
    .bind(now_ms())
    .execute(&mut **tx)
    .await?;
    if added.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query("INSERT INTO grants (tenant, user_id, role, shops, version) VALUES ($1, $2, $3, $4, 1)")
        .bind(tenant.to_string())
        .bind(user.to_string())
        .bind(word(&role))
        .bind(json(&shops))
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

/// The account of a sign-in name.
pub async fn account(store: &dyn Store, login: &str) -> Result<Option<Account>, StoreError> {
    let row = sqlx::query("SELECT user_id, tenant, password_hash FROM users WHERE login = $1")
        .bind(login)
        .fetch_optional(store.pool())
        .await?;
    row.map(|row| {
        Ok(Account {
            user: read_id(&row, "users", "user_id")?,
            tenant: read_id(&row, "users", "tenant")?,
            password_hash: row.try_get("password_hash")?,
        })
    })
    .transpose()
}

/// Registers a device, or renames it; false if it was revoked. New devices get the next number.
pub async fn register_device(
    store: &dyn Store,
    tenant: TenantId,
    device: DeviceId,
    name: &str,
) -> Result<bool, StoreError> {
    let mut tx = store.pool().begin_with(store.begin_append()).await?;
    // The tenant's row is the lock under which numbers are given.
    sqlx::query("UPDATE tenants SET name = name WHERE tenant = $1")
        .bind(tenant.to_string())
        .execute(&mut *tx)
        .await?;
    let renamed =
        sqlx::query("UPDATE devices SET name = $3, last_seen_ms = $4 WHERE tenant = $1 AND device = $2")
            .bind(tenant.to_string())
            .bind(device.to_string())
            .bind(name)
            .bind(now_ms())
            .execute(&mut *tx)
            .await?;
    if renamed.rows_affected() == 0 {
        sqlx::query(
            "INSERT INTO devices (tenant, device, number, name, last_seen_ms, revoked)
             SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, 0 FROM devices WHERE tenant = $1",
        )
        .bind(tenant.to_string())
        .bind(device.to_string())
        .bind(name)
        .bind(now_ms())
        .execute(&mut *tx)
        .await?;
    }
    let row = sqlx::query("SELECT revoked FROM devices WHERE tenant = $1 AND device = $2")
        .bind(tenant.to_string())
        .bind(device.to_string())
        .fetch_one(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(row.try_get::<i64, _>("revoked")? == 0)
}

/// The devices of a business, by number.
pub async fn devices(store: &dyn Store, tenant: TenantId) -> Result<Vec<DeviceInfo>, StoreError> {
    let rows = sqlx::query(
        "SELECT device, name, number, last_seen_ms, revoked FROM devices WHERE tenant = $1 ORDER BY number",
    )
    .bind(tenant.to_string())
    .fetch_all(store.pool())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(DeviceInfo {
                id: read_id(row, "devices", "device")?,
                name: row.try_get("name")?,
                number: row.try_get::<i64, _>("number")? as u32,
                last_seen_ms: row.try_get("last_seen_ms")?,
                revoked: row.try_get::<i64, _>("revoked")? != 0,
            })
        })
        .collect()
}

/// Revokes a device; false if there is none. Its sessions stay, so that what it still sends is put aside.
pub async fn revoke_device(
    store: &dyn Store,
    tenant: TenantId,
    device: DeviceId,
) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE devices SET revoked = 1 WHERE tenant = $1 AND device = $2")
        .bind(tenant.to_string())
        .bind(device.to_string())
        .execute(store.pool())
        .await?;
    Ok(done.rows_affected() > 0)
}

/// The tenant's key, opened with the server's.
pub async fn tenant_key(
    store: &dyn Store,
    server_key: &SecretKey,
    tenant: TenantId,
) -> Result<SecretKey, StoreError> {
    let row = sqlx::query("SELECT key_nonce, key_sealed FROM tenants WHERE tenant = $1")
        .bind(tenant.to_string())
        .fetch_one(store.pool())
        .await?;
    let hex = |column| row.try_get::<String, _>(column).map(|text| Hex::from(text.as_str()));
    let wrapped = WrappedKey { nonce: hex("key_nonce")?, text: hex("key_sealed")? };
    server_key.unwrap_key(key_name(tenant), &wrapped).map_err(|_| StoreError::Corrupt {
        table: "tenants",
        column: "key_sealed",
        found: "a key that does not open".to_owned(),
        expected: "a key sealed under this server's DUKANDAR_KEY",
    })
}

/// The name under which a tenant's key is sealed, so that two tenants' keys cannot be swapped.
pub fn key_name(tenant: TenantId) -> PersonKeyId {
    Id::<of::PersonKey>::from_u128(tenant.as_u128())
}

/// Begins a session.
pub async fn begin_session(
    store: &dyn Store,
    token_hash: &str,
    tenant: TenantId,
    user: UserId,
    device: DeviceId,
    expires_ms: i64,
) -> Result<(), StoreError> {
    // The moment to sweep: sign-ins are rare, and the index makes it cheap.
    sqlx::query("DELETE FROM sessions WHERE expires_ms < $1").bind(now_ms()).execute(store.pool()).await?;
    sqlx::query(
        "INSERT INTO sessions (token_hash, tenant, user_id, device, created_ms, expires_ms)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(token_hash)
    .bind(tenant.to_string())
    .bind(user.to_string())
    .bind(device.to_string())
    .bind(now_ms())
    .bind(expires_ms)
    .execute(store.pool())
    .await?;
    Ok(())
}

/// The session of a token, if it has not run out.
pub async fn session(store: &dyn Store, token_hash: &str, now_ms: i64) -> Result<Option<Signed>, StoreError> {
    let row = sqlx::query(
        "SELECT s.tenant, s.user_id, s.device, s.created_ms, s.expires_ms, u.login, g.role, g.shops, g.version,
             d.revoked, d.last_seen_ms
         FROM sessions s
         JOIN users u ON u.user_id = s.user_id
         JOIN grants g ON g.tenant = s.tenant AND g.user_id = s.user_id
         JOIN devices d ON d.tenant = s.tenant AND d.device = s.device
         WHERE s.token_hash = $1 AND s.expires_ms > $2",
    )
    .bind(token_hash)
    .bind(now_ms)
    .fetch_optional(store.pool())
    .await?;
    row.as_ref().map(signed).transpose()
}

fn signed(row: &AnyRow) -> Result<Signed, StoreError> {
    let role: String = row.try_get("role")?;
    let role: Role = serde_json::from_value(serde_json::Value::String(role.clone())).map_err(|_| {
        StoreError::Corrupt { table: "grants", column: "role", found: role, expected: "a role's name" }
    })?;
    Ok(Signed {
        caller: Caller {
            tenant: read_id(row, "sessions", "tenant")?,
            user: read_id(row, "sessions", "user_id")?,
            role,
            grant: row.try_get::<i64, _>("version")? as u32,
            shops: read_json(row, "grants", "shops")?,
            device: read_id(row, "sessions", "device")?,
            revoked: row.try_get::<i64, _>("revoked")? != 0,
        },
        login: row.try_get("login")?,
        expires_ms: row.try_get("expires_ms")?,
        created_ms: row.try_get("created_ms")?,
        last_seen_ms: row.try_get("last_seen_ms")?,
    })
}

/// Moves the end of a session.
pub async fn renew_session(store: &dyn Store, token_hash: &str, expires_ms: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE sessions SET expires_ms = $2 WHERE token_hash = $1")
        .bind(token_hash)
        .bind(expires_ms)
        .execute(store.pool())
        .await?;
    Ok(())
}

/// Ends a session.
pub async fn end_session(store: &dyn Store, token_hash: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sessions WHERE token_hash = $1").bind(token_hash).execute(store.pool()).await?;
    Ok(())
}

/// Notes when a device was last heard of, and gives its number.
pub async fn seen(store: &dyn Store, tenant: TenantId, device: DeviceId) -> Result<u32, StoreError> {
    sqlx::query("UPDATE devices SET last_seen_ms = $3 WHERE tenant = $1 AND device = $2")
        .bind(tenant.to_string())
        .bind(device.to_string())
        .bind(now_ms())
        .execute(store.pool())
        .await?;
    let row = sqlx::query("SELECT number FROM devices WHERE tenant = $1 AND device = $2")
        .bind(tenant.to_string())
        .bind(device.to_string())
        .fetch_one(store.pool())
        .await?;
    Ok(row.try_get::<i64, _>("number")? as u32)
}

/// Writes down who did what.
pub async fn audit(
    store: &dyn Store,
    tenant: TenantId,
    user: Option<UserId>,
    device: Option<DeviceId>,
    act: &str,
    detail: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO audit (tenant, id, at_ms, user_id, device, act, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(tenant.to_string())
    .bind(Id::<of::Event>::fresh(now_ms() as u64, &mut entropy()).to_string())
    .bind(now_ms())
    .bind(user.map(|user| user.to_string()))
    .bind(device.map(|device| device.to_string()))
    .bind(act)
    .bind(detail)
    .execute(store.pool())
    .await?;
    Ok(())
}
