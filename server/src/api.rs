//! The calls between app and server. Each is thin: it finds the caller and hands on to a module of the server.
//!
//! Every call names its endpoint, so that an older app kept in a phone's cache still reaches it. One codec,
//! JSON, serves all. Bulk bytes travel as plain HTTP beside these: `PUT` and `GET /api/segment/{sha256}`,
//! `GET /api/event-segment/{sha256}`.

#![expect(
    missing_docs,
    reason = "the macro makes a struct of each call's arguments; they are documented as arguments"
)]

use dukandar_core::{
    id::{DeviceId, EventId},
    sync::{
        event::Confirmed,
        protocol::{
            Attention, Cursor, DeviceInfo, Pull, PullReply, Push, PushReply, SegmentList, Session, SignIn,
            SignUp, Verdict,
        },
    },
};
use leptos::prelude::server;
use serde::{Deserialize, Serialize};
use server_fn::{
    codec::{Json, JsonEncoding},
    error::{FromServerFnError, ServerFnErrorErr},
};

#[cfg(feature = "ssr")]
use crate::service::{self, Call};

/// Why a call failed. None of these loses anything the device holds: the outbox stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ApiError {
    /// Nobody is signed in, or the session has run out: sign in again, then go on.
    #[error("nobody is signed in on this device")]
    Unauthorized,
    /// Sign-in name and password do not belong together.
    #[error("this sign-in name and password do not belong together")]
    WrongPassword,
    /// The signed-in person's role does not allow this, or the request came from another site.
    #[error("not allowed: {detail}")]
    Forbidden {
        /// What was refused.
        detail: String,
    },
    /// This device was revoked by the owner.
    #[error("this device was revoked by the owner")]
    DeviceRevoked,
    /// There is no such thing.
    #[error("{what} does not exist")]
    NotFound {
        /// What was looked for.
        what: String,
    },
    /// Someone signed up with this name before.
    #[error("there is an account of this name already")]
    LoginTaken,
    /// The business that this device brings was claimed by another account.
    #[error("this business belongs to an account already: sign in to it")]
    TenantTaken,
    /// Too many attempts.
    #[error("too many attempts: try again in {retry_after_s} s")]
    TooMany {
        /// Seconds to wait.
        retry_after_s: u32,
    },
    /// A field is not what it should be.
    #[error("{field}: expected {expected}")]
    Invalid {
        /// Which field.
        field: String,
        /// What it should be.
        expected: String,
    },
    /// More bytes than the server takes at once.
    #[error("too large: at most {max_bytes} bytes")]
    TooLarge {
        /// The most it takes.
        max_bytes: u64,
    },
    /// The app speaks an older or newer protocol than the server.
    #[error("the server speaks protocol {protocol}: update the app")]
    OtherProtocol {
        /// What the server speaks.
        protocol: u32,
    },
    /// The server cannot reach its database, or is being stopped: try again later.
    #[error("the server is not available: try again later")]
    Unavailable,
    /// The server failed; its log says why under the reply's `x-request-id`.
    #[error("the server failed")]
    Internal,
    /// Made on the device: no answer came.
    #[error("no answer from the server: {detail}")]
    Offline {
        /// What the browser said.
        detail: String,
    },
    /// Made on the device: the answer could not be read (a proxy's page, or a newer server).
    #[error("the server's answer could not be read: {detail}")]
    Unreadable {
        /// What the parser said.
        detail: String,
    },
}

impl ApiError {
    /// The HTTP status, decided here for every route.
    pub fn status(&self) -> u16 {
        match self {
            Self::Unauthorized | Self::WrongPassword => 401,
            Self::Forbidden { .. } | Self::DeviceRevoked => 403,
            Self::NotFound { .. } => 404,
            Self::LoginTaken | Self::TenantTaken => 409,
            Self::TooLarge { .. } => 413,
            Self::Invalid { .. } => 422,
            Self::OtherProtocol { .. } => 426,
            Self::TooMany { .. } => 429,
            Self::Internal => 500,
            Self::Unavailable | Self::Offline { .. } | Self::Unreadable { .. } => 503,
        }
    }

    /// Whether the same call may succeed later without anyone doing anything.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::TooMany { .. }
                | Self::Unavailable
                | Self::Internal
                | Self::Offline { .. }
                | Self::Unreadable { .. }
        )
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        use ServerFnErrorErr as Of;
        match error {
            Of::Request(detail) => Self::Offline { detail },
            Of::Deserialization(detail) => Self::Unreadable { detail },
            Of::Args(expected) | Of::MissingArg(expected) | Of::Serialization(expected) => {
                Self::Invalid { field: "request".to_owned(), expected }
            }
            Of::Registration(_)
            | Of::UnsupportedRequestMethod(_)
            | Of::ServerError(_)
            | Of::MiddlewareError(_)
            | Of::Response(_) => Self::Internal,
        }
    }
}

/// Opens an account, claims the business the device has made, and signs in.
#[server(name = SignUpCall, prefix = "/api", endpoint = "sign-up", input = Json, output = Json)]
pub async fn sign_up(request: SignUp) -> Result<Session, ApiError> {
    service::account::sign_up(&Call::here()?, request).await
}

/// Signs in on a device.
#[server(name = SignInCall, prefix = "/api", endpoint = "sign-in", input = Json, output = Json)]
pub async fn sign_in(request: SignIn) -> Result<Session, ApiError> {
    service::account::sign_in(&Call::here()?, request).await
}

/// Ends the session of this browser.
#[server(name = SignOutCall, prefix = "/api", endpoint = "sign-out", input = Json, output = Json)]
pub async fn sign_out() -> Result<(), ApiError> {
    service::account::sign_out(&Call::here()?).await
}

/// Who is signed in here, if anyone. Renews the session.
#[server(name = WhoAmICall, prefix = "/api", endpoint = "who-am-i", input = Json, output = Json)]
pub async fn who_am_i() -> Result<Option<Session>, ApiError> {
    service::account::who_am_i(&Call::here()?).await
}

/// Hands events to the server's journal.
#[server(name = PushCall, prefix = "/api", endpoint = "push", input = Json, output = Json)]
pub async fn push(request: Push) -> Result<PushReply, ApiError> {
    service::sync::push(&Call::here()?, request).await
}

/// Reads what came after the cursors.
#[server(name = PullCall, prefix = "/api", endpoint = "pull", input = Json, output = Json)]
pub async fn pull(request: Pull) -> Result<PullReply, ApiError> {
    service::sync::pull(&Call::here()?, request).await
}

/// The sealed runs of events after these cursors, newest first; streams not named from their start.
/// Their bytes are at `GET /api/event-segment/{hash}`.
#[server(name = SegmentsCall, prefix = "/api", endpoint = "segments", input = Json, output = Json)]
pub async fn segments(cursors: Vec<Cursor>) -> Result<SegmentList, ApiError> {
    service::sync::segments(&Call::here()?, &cursors).await
}

/// The devices of the business, by number.
#[server(name = DevicesCall, prefix = "/api", endpoint = "devices", input = Json, output = Json)]
pub async fn devices() -> Result<Vec<DeviceInfo>, ApiError> {
    service::account::list_devices(&Call::here()?).await
}

/// Revokes a device: its sessions end, and what it still sends is put aside for the owner.
#[server(name = RevokeDeviceCall, prefix = "/api", endpoint = "revoke-device", input = Json, output = Json)]
pub async fn revoke_device(device: DeviceId) -> Result<(), ApiError> {
    service::account::revoke(&Call::here()?, device).await
}

/// Events put aside that wait for the owner's word, oldest first.
#[server(name = AttentionCall, prefix = "/api", endpoint = "attention", input = Json, output = Json)]
pub async fn attention() -> Result<Vec<Attention>, ApiError> {
    service::sync::attention(&Call::here()?).await
}

/// The owner's word on an event that was put aside; returns it with its place if it was taken.
#[server(name = SettleCall, prefix = "/api", endpoint = "settle", input = Json, output = Json)]
pub async fn settle(event: EventId, verdict: Verdict) -> Result<Option<Confirmed>, ApiError> {
    service::sync::settle(&Call::here()?, event, verdict).await
}

/// Makes every call known to the server: linkers may drop the macro's own registrations.
#[cfg(feature = "ssr")]
pub fn register() {
    use server_fn::axum::register_explicit;
    register_explicit::<SignUpCall>();
    register_explicit::<SignInCall>();
    register_explicit::<SignOutCall>();
    register_explicit::<WhoAmICall>();
    register_explicit::<PushCall>();
    register_explicit::<PullCall>();
    register_explicit::<SegmentsCall>();
    register_explicit::<DevicesCall>();
    register_explicit::<RevokeDeviceCall>();
    register_explicit::<AttentionCall>();
    register_explicit::<SettleCall>();
}
