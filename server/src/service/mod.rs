//! What the calls of [`crate::api`] do: find the caller, check what they may, hand on to the store.

pub mod account;
pub mod sync;

use crate::{
    api::ApiError,
    auth::{self, Limiter, PasswordError, Passwords},
    store::{self, SharedStore, StoreError, account::Signed, now_ms},
};
use axum::http::{HeaderMap, HeaderValue, header, request::Parts};
use dukandar_core::{id::EpochId, privacy::seal::SecretKey, role::Action, sync::journal::Caller};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::{net::IpAddr, sync::Arc};
use tokio::sync::Notify;

/// What every request shares.
#[derive(Clone)]
pub struct Service {
    /// The database.
    pub store: SharedStore,
    /// Its identity.
    pub server_epoch: EpochId,
    /// Seals tenants' keys.
    pub server_key: Arc<SecretKey>,
    /// Hashes passwords.
    pub passwords: Arc<Passwords>,
    /// Brakes guessing.
    pub limiter: Arc<Limiter>,
    /// Rung after a push: rows of an import may be due.
    pub due: Arc<Notify>,
}

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The password hasher.
    #[error(transparent)]
    Password(#[from] PasswordError),
}

impl Service {
    /// The service over a store whose schema is up to date.
    pub async fn new(store: SharedStore, server_key: SecretKey) -> Result<Self, StartError> {
        let server_epoch = store::server_epoch(&*store).await?;
        let due = Arc::new(Notify::new());
        store::due::work(&store, due.clone());
        Ok(Self {
            due,
            store,
            server_epoch,
            server_key: Arc::new(server_key),
            passwords: Arc::new(Passwords::new()?),
            limiter: Arc::default(),
        })
    }

    /// The session that these headers carry.
    pub async fn session(&self, headers: &HeaderMap) -> Result<Option<Signed>, ApiError> {
        let Some(token) = auth::token_of(headers) else { return Ok(None) };
        let now = now_ms();
        let signed = store::account::session(&*self.store, &auth::token_hash(token), now).await?;
        // At most once a minute: a note of presence is not worth a write per call.
        if let Some(signed) = signed.as_ref().filter(|signed| now - signed.last_seen_ms > 60_000) {
            store::account::seen(&*self.store, signed.caller.tenant, signed.caller.device).await?;
        }
        Ok(signed)
    }

    /// Who these headers come from: signed in, and at a device that was not revoked.
    pub async fn caller(&self, headers: &HeaderMap) -> Result<Caller, ApiError> {
        let signed = self.session(headers).await?.ok_or(ApiError::Unauthorized)?;
        if signed.caller.revoked { Err(ApiError::DeviceRevoked) } else { Ok(signed.caller) }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if error.is_passing() {
            tracing::warn!(%error, "the store is not available");
            Self::Unavailable
        } else {
            tracing::error!(%error, "the store failed");
            Self::Internal
        }
    }
}

impl From<PasswordError> for ApiError {
    fn from(error: PasswordError) -> Self {
        tracing::error!(%error, "hashing failed");
        match error {
            PasswordError::Stopping => Self::Unavailable,
            PasswordError::Argon2(_) => Self::Internal,
        }
    }
}

/// Refuses what the caller's role does not allow.
pub fn require(caller: &Caller, action: Action) -> Result<(), ApiError> {
    if caller.role.may(action) {
        Ok(())
    } else {
        Err(ApiError::Forbidden { detail: format!("{:?} is not allowed to {action:?}", caller.role) })
    }
}

/// One call under way: the service, the request's head, and the reply's headers.
pub struct Call {
    /// What every request shares.
    pub service: Service,
    /// Head of the request.
    pub parts: Parts,
    reply: ResponseOptions,
}

/// Where a request came from.
#[derive(Clone, Copy, Debug)]
pub struct Address(pub IpAddr);

impl Call {
    /// The call that this server function answers.
    pub fn here() -> Result<Self, ApiError> {
        let call = || {
            Some(Self {
                service: use_context::<Service>()?,
                parts: use_context::<Parts>()?,
                reply: use_context::<ResponseOptions>()?,
            })
        };
        call().ok_or(ApiError::Internal)
    }

    /// Who asks.
    pub async fn caller(&self) -> Result<Caller, ApiError> {
        self.service.caller(&self.parts.headers).await
    }

    /// Gives or takes away the session cookie.
    pub fn set_cookie(&self, token: Option<&str>) {
        if let Ok(value) = HeaderValue::from_str(&auth::set_cookie(token)) {
            self.reply.insert_header(header::SET_COOKIE, value);
        }
    }

    /// Where the request came from, as far as it is known. None for the machine itself.
    pub fn address(&self) -> Option<IpAddr> {
        self.parts
            .extensions
            .get::<Address>()
            .map(|address| address.0)
            .filter(|address| !address.is_loopback())
    }
}
