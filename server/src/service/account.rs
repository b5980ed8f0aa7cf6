//! Signing up, in and out; devices.

use super::{Call, require};
use crate::{
    api::ApiError,
    auth::{
        ATTEMPTS_PER_ADDRESS, ATTEMPTS_PER_LOGIN, RENEW_AFTER_MS, SESSION_LONGEST_MS, SESSION_MS,
        fresh_token, token_hash, token_of,
    },
    login::{PASSWORD_MAX_BYTES, PASSWORD_MIN_CHARS, normalise},
    store::{
        account::{
            NewAccount, Signed, Taken, account, audit, begin_session, devices, end_session, key_name,
            open_account, register_device, renew_session, revoke_device, seen, session, tenant_key,
        },
        entropy, now_ms,
    },
};
use dukandar_core::{
    id::{DeviceId, TenantId, UserId},
    privacy::seal::SecretKey,
    role::Action,
    sync::protocol::{DeviceInfo, Session, SignIn, SignUp},
};

fn invalid(field: &str, expected: impl Into<String>) -> ApiError {
    ApiError::Invalid { field: field.to_owned(), expected: expected.into() }
}

/// A text of 1 to `most` characters without control characters.
fn text(field: &str, typed: &str, most: usize) -> Result<String, ApiError> {
    let typed = typed.trim();
    let length = typed.chars().count();
    if (1..=most).contains(&length) && !typed.chars().any(char::is_control) {
        Ok(typed.to_owned())
    } else {
        Err(invalid(field, format!("1 to {most} characters")))
    }
}

fn login(typed: &str) -> Result<String, ApiError> {
    normalise(typed)
        .ok_or_else(|| invalid("login", "a mobile number such as 0300 1234567, or an e-mail address"))
}

fn brake(call: &Call, login: &str) -> Result<(), ApiError> {
    let (limiter, now) = (&call.service.limiter, now_ms());
    let by_login = limiter.attempt(&format!("login {login}"), ATTEMPTS_PER_LOGIN, now);
    let by_address = match call.address() {
        Some(address) => limiter.attempt(&format!("address {address}"), ATTEMPTS_PER_ADDRESS, now),
        None => Ok(()),
    };
    by_login.and(by_address).map_err(|retry_after_s| ApiError::TooMany { retry_after_s })
}

/// Opens an account and signs its owner in.
pub async fn sign_up(call: &Call, request: SignUp) -> Result<Session, ApiError> {
    let login = login(&request.login)?;
    if request.password.chars().count() < PASSWORD_MIN_CHARS {
        return Err(invalid("password", format!("at least {PASSWORD_MIN_CHARS} characters")));
    }
    if request.password.len() > PASSWORD_MAX_BYTES {
        return Err(invalid("password", format!("at most {PASSWORD_MAX_BYTES} bytes")));
    }
    let business = text("business", &request.business, 120)?;
    let device_name = text("device_name", &request.device_name, 120)?;
    let key = SecretKey::from_hex(&request.tenant_key)
        .map_err(|_| invalid("tenant_key", "64 hexadecimal digits, made on the device"))?;
    brake(call, &login)?;

    let service = &call.service;
    let new = NewAccount {
        tenant: request.tenant,
        business,
        sealed_key: service.server_key.wrap(key_name(request.tenant), &key, &mut entropy()),
        login: login.clone(),
        password_hash: service.passwords.hash(request.password).await?,
    };
    let user = match open_account(&*service.store, &new).await? {
        Ok(user) => user,
        Err(Taken::Login) => return Err(ApiError::LoginTaken),
        Err(Taken::Tenant) => return Err(ApiError::TenantTaken),
    };
    service.limiter.forget(&format!("login {login}"));
    begin(call, request.tenant, user, request.device, &device_name, "sign-up").await
}

/// Signs in on a device.
pub async fn sign_in(call: &Call, request: SignIn) -> Result<Session, ApiError> {
    let login = login(&request.login)?;
    let device_name = text("device_name", &request.device_name, 120)?;
    if request.password.len() > PASSWORD_MAX_BYTES {
        return Err(ApiError::WrongPassword);
    }
    brake(call, &login)?;
    let service = &call.service;
    let known = account(&*service.store, &login).await?;
    let hash = known.as_ref().map(|account| account.password_hash.clone());
    let opens = service.passwords.check(request.password, hash).await?;
    let Some(account) = known.filter(|_| opens) else {
        tracing::info!(address = ?call.address(), "sign-in refused");
        return Err(ApiError::WrongPassword);
    };
    service.limiter.forget(&format!("login {login}"));
    begin(call, account.tenant, account.user, request.device, &device_name, "sign-in").await
}

async fn begin(
    call: &Call,
    tenant: TenantId,
    user: UserId,
    device: DeviceId,
    device_name: &str,
    act: &str,
) -> Result<Session, ApiError> {
    let store = &*call.service.store;
    if !register_device(store, tenant, device, device_name).await? {
        return Err(ApiError::DeviceRevoked);
    }
    // A browser has one session: what it held before ends here.
    if let Some(old) = token_of(&call.parts.headers) {
        end_session(store, &token_hash(old)).await?;
    }
    let (token, hash) = fresh_token();
    begin_session(store, &hash, tenant, user, device, now_ms() + SESSION_MS).await?;
    audit(store, tenant, Some(user), Some(device), act, device_name).await?;
    let signed = session(store, &hash, now_ms()).await?.ok_or(ApiError::Internal)?;
    let reply = describe(call, &signed).await?;
    call.set_cookie(Some(&token));
    tracing::info!(%tenant, %user, %device, "{act}");
    Ok(reply)
}

async fn describe(call: &Call, signed: &Signed) -> Result<Session, ApiError> {
    let (service, caller) = (&call.service, &signed.caller);
    let key = tenant_key(&*service.store, &service.server_key, caller.tenant).await?;
    Ok(Session {
        user: caller.user,
        login: signed.login.clone(),
        tenant: caller.tenant,
        role: caller.role,
        grant: caller.grant,
        shops: caller.shops.clone(),
        device_number: seen(&*service.store, caller.tenant, caller.device).await?,
        tenant_key: key.to_hex(),
        server_epoch: service.server_epoch,
    })
}

/// Ends the session of this browser.
pub async fn sign_out(call: &Call) -> Result<(), ApiError> {
    if let Some(token) = token_of(&call.parts.headers) {
        end_session(&*call.service.store, &token_hash(token)).await?;
    }
    call.set_cookie(None);
    Ok(())
}

/// Who is signed in here, if anyone. Moves the end of the session, at most once a day.
pub async fn who_am_i(call: &Call) -> Result<Option<Session>, ApiError> {
    let Some(signed) = call.service.session(&call.parts.headers).await? else { return Ok(None) };
    if signed.caller.revoked {
        return Err(ApiError::DeviceRevoked);
    }
    let now = now_ms();
    let renewed_at = signed.expires_ms - SESSION_MS;
    let may_live_on = now + SESSION_MS <= signed.created_ms + SESSION_LONGEST_MS;
    if now - renewed_at >= RENEW_AFTER_MS
        && may_live_on
        && let Some(token) = token_of(&call.parts.headers)
    {
        renew_session(&*call.service.store, &token_hash(token), now + SESSION_MS).await?;
        call.set_cookie(Some(token));
    }
    describe(call, &signed).await.map(Some)
}

/// The devices of the business.
pub async fn list_devices(call: &Call) -> Result<Vec<DeviceInfo>, ApiError> {
    let caller = call.caller().await?;
    Ok(devices(&*call.service.store, caller.tenant).await?)
}

/// Revokes a device.
pub async fn revoke(call: &Call, device: DeviceId) -> Result<(), ApiError> {
    let caller = call.caller().await?;
    require(&caller, Action::Administer)?;
    if device == caller.device {
        return Err(invalid("device", "another device than the one in hand"));
    }
    let store = &*call.service.store;
    if !revoke_device(store, caller.tenant, device).await? {
        return Err(ApiError::NotFound { what: format!("device {device}") });
    }
    audit(store, caller.tenant, Some(caller.user), Some(device), "revoke-device", "").await?;
    Ok(())
}
