//! Everything over HTTP: the calls, bulk bytes, health, the app's files, and the headers around them.

pub mod api;
pub mod bytes;
pub mod files;
pub mod guard;

use crate::service::Service;
use axum::{
    Router,
    body::Body,
    http::{HeaderName, HeaderValue, Request, Response},
    middleware,
    routing::{any, get},
};
use std::{path::Path, sync::Arc, time::Duration};
use tower_http::{
    compression::{
        CompressionLayer, CompressionLevel, DefaultPredicate, Predicate, predicate::NotForContentType,
    },
    request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    trace::TraceLayer,
};
use tracing::{Span, info_span};

/// Most bytes of a call: a push of 256 KiB, or one larger event.
pub const CALL_MAX_BYTES: usize = 8 * 1_024 * 1_024;
/// Most bytes of a segment.
pub const SEGMENT_MAX_BYTES: usize = 32 * 1_024 * 1_024;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The whole server as a router, with the app's files from `dist`.
pub fn router(service: Service, dist: &Path) -> Router {
    crate::api::register();
    let compressed = DefaultPredicate::new().and(NotForContentType::const_new("application/gzip"));
    let api = Router::new()
        .route("/api/health", get(bytes::health))
        .route("/api/segment/{hash}", get(bytes::segment).put(bytes::put_segment))
        .route("/api/event-segment/{hash}", get(bytes::event_segment))
        .route("/api/{*call}", any(api::call))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(compressed))
        .layer(middleware::from_fn(guard::same_origin))
        .layer(middleware::map_response(guard::never_cached));
    let files = files::Files::of(dist);
    Router::new()
        .merge(api)
        .with_state(service)
        .fallback_service(files.service())
        .layer(middleware::map_response_with_state(Arc::new(files.policy()), guard::headers))
        .layer(middleware::from_fn(guard::address))
        .layer(TraceLayer::new_for_http().make_span_with(span).on_request(()).on_response(log).on_failure(()))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID.clone()))
        .layer(SetRequestIdLayer::new(REQUEST_ID.clone(), FreshId))
        .layer(middleware::from_fn(guard::own_request_id))
}

/// Every request gets an id of ours, which the reply and each line of the log carry.
#[derive(Clone)]
struct FreshId;

impl MakeRequestId for FreshId {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        let mut bytes = [0; 8];
        crate::store::entropy().fill(&mut bytes);
        HeaderValue::from_str(&dukandar_core::privacy::seal::to_hex(&bytes)).ok().map(RequestId::new)
    }
}

fn span(request: &Request<Body>) -> Span {
    let id = request.headers().get(&REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    info_span!("request", id, method = %request.method(), path = request.uri().path())
}

fn log(response: &Response<Body>, latency: Duration, _: &Span) {
    let (status, ms) = (response.status().as_u16(), latency.as_millis() as u64);
    if status >= 500 {
        tracing::error!(status, ms, "answered");
    } else {
        tracing::debug!(status, ms, "answered");
    }
}
