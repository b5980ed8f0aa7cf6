//! Push, pull, segments, and events put aside.

use super::{Call, require};
use crate::{
    api::ApiError,
    store::{account::audit, journal, now_ms, segment, word},
};
use dukandar_core::{
    id::{DeviceId, EventId},
    role::Action,
    sync::{
        event::Confirmed,
        journal::Caller,
        protocol::{
            Attention, Cursor, PROTOCOL_VERSION, PUSH_MAX_BYTES, PUSH_MAX_EVENTS, Pull, PullReply, Push,
            PushReply, SegmentList, Verdict,
        },
    },
    time::Timestamp,
};

fn check_protocol(spoken: u32) -> Result<(), ApiError> {
    if spoken == PROTOCOL_VERSION {
        Ok(())
    } else {
        Err(ApiError::OtherProtocol { protocol: PROTOCOL_VERSION })
    }
}

/// A session belongs to one device: a browser that lost its database signs in anew.
fn check_device(caller: &Caller, device: DeviceId) -> Result<(), ApiError> {
    if caller.device == device { Ok(()) } else { Err(ApiError::Unauthorized) }
}

/// Takes events. A revoked device may still push: what it sends is put aside for the owner.
pub async fn push(call: &Call, request: Push) -> Result<PushReply, ApiError> {
    let signed = call.service.session(&call.parts.headers).await?.ok_or(ApiError::Unauthorized)?;
    let caller = signed.caller;
    check_protocol(request.protocol)?;
    check_device(&caller, request.device)?;
    let field = || "events".to_owned();
    if request.events.len() > PUSH_MAX_EVENTS {
        return Err(ApiError::Invalid {
            field: field(),
            expected: format!("at most {PUSH_MAX_EVENTS} events"),
        });
    }
    let bytes: usize = request.events.iter().map(|event| event.canonical().len()).sum();
    if request.events.len() > 1 && bytes > PUSH_MAX_BYTES {
        let expected = format!("at most {PUSH_MAX_BYTES} bytes, or one event");
        return Err(ApiError::Invalid { field: field(), expected });
    }
    let service = &call.service;
    let reply =
        journal::push(&*service.store, service.server_epoch, &caller, &request, Timestamp(now_ms())).await?;
    service.due.notify_one();
    tracing::info!(tenant = %caller.tenant, device = %caller.device, events = request.events.len(), bytes, "push");
    Ok(reply)
}

/// Answers what came after the cursors.
pub async fn pull(call: &Call, request: Pull) -> Result<PullReply, ApiError> {
    let caller = call.caller().await?;
    check_protocol(request.protocol)?;
    check_device(&caller, request.device)?;
    let service = &call.service;
    Ok(journal::pull(&*service.store, service.server_epoch, &caller, &request, Timestamp(now_ms())).await?)
}

/// Sealed runs of events after the cursors.
pub async fn segments(call: &Call, cursors: &[Cursor]) -> Result<SegmentList, ApiError> {
    let caller = call.caller().await?;
    let segments = segment::list(&*call.service.store, &caller, cursors).await?;
    Ok(SegmentList { server_epoch: call.service.server_epoch, server_time_ms: now_ms(), segments })
}

/// Events put aside that wait for the owner.
pub async fn attention(call: &Call) -> Result<Vec<Attention>, ApiError> {
    let caller = call.caller().await?;
    require(&caller, Action::Administer)?;
    Ok(journal::attention(&*call.service.store, caller.tenant).await?)
}

/// The owner's word on one of them.
pub async fn settle(call: &Call, event: EventId, verdict: Verdict) -> Result<Option<Confirmed>, ApiError> {
    let caller = call.caller().await?;
    require(&caller, Action::Administer)?;
    let store = &*call.service.store;
    let settled = journal::settle(store, &caller, event, verdict, Timestamp(now_ms())).await?;
    let what = format!(
        "event {event} waiting for a word{}",
        if verdict == Verdict::Take { " to take it" } else { "" }
    );
    let confirmed = settled.ok_or(ApiError::NotFound { what })?;
    let act = format!("settle-{}", word(&verdict));
    audit(store, caller.tenant, Some(caller.user), Some(caller.device), &act, &event.to_string()).await?;
    Ok(confirmed)
}
