//! Bulk bytes beside the calls: segments by the hash of their bytes, and the health of the server.

use super::{SEGMENT_MAX_BYTES, api::refusal};
use crate::{
    api::ApiError,
    service::{Service, require},
    store::segment,
};
use axum::{
    Json,
    body::{Body, Bytes, to_bytes},
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use dukandar_core::{
    record::validate::is_hash,
    role::Action,
    sync::{event::Stream, journal::Caller},
    table::segment::{Segment, segment_name},
};
use serde_json::json;

/// Whether the server can do its work: its database answers.
pub async fn health(State(service): State<Service>) -> Response<Body> {
    let database = match sqlx::query("SELECT 1").execute(service.store.pool()).await {
        Ok(_) => "reachable",
        Err(error) => {
            tracing::error!(%error, "health: the database does not answer");
            "unreachable"
        }
    };
    let status = if database == "reachable" { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let report = json!({
        "status": if status == StatusCode::OK { "ok" } else { "failing" },
        "database": database,
        "store": service.store.name(),
        "version": env!("CARGO_PKG_VERSION"),
        "commit": option_env!("DUKANDAR_COMMIT").unwrap_or("unknown"),
        "server_epoch": service.server_epoch,
    });
    (status, Json(report)).into_response()
}

/// Keeps a column segment of an import.
pub async fn put_segment(
    State(service): State<Service>,
    Path(hash): Path<String>,
    request: Request,
) -> Response<Body> {
    let put = async || -> Result<StatusCode, ApiError> {
        // Before the body is read: a stranger's megabytes are not taken in.
        let caller = service.caller(request.headers()).await?;
        require(&caller, Action::Import)?;
        let bytes = to_bytes(request.into_body(), SEGMENT_MAX_BYTES).await;
        let bytes = bytes.map_err(|_| ApiError::TooLarge { max_bytes: SEGMENT_MAX_BYTES as u64 })?;
        let segment = read(&hash, &bytes).await?;
        if !caller.reaches(Stream::Shop(segment.shop)) {
            return Err(ApiError::Forbidden { detail: "the sender has no part in this shop".to_owned() });
        }
        segment::put(&*service.store, caller.tenant, &hash, segment.shop, &bytes).await?;
        tracing::info!(tenant = %caller.tenant, %hash, bytes = bytes.len(), lines = segment.lines(), "segment stored");
        Ok(StatusCode::NO_CONTENT)
    };
    put().await.map_or_else(|error| refusal(&error), IntoResponse::into_response)
}

/// Hashes and decodes away from the async threads: a segment may hold a month of a busy shop.
async fn read(hash: &str, bytes: &Bytes) -> Result<Segment, ApiError> {
    let (name, bytes) = (hash.to_owned(), bytes.clone());
    let reading = tokio::task::spawn_blocking(move || {
        let invalid = |field: &str, expected: String| ApiError::Invalid { field: field.to_owned(), expected };
        if !is_hash(&name) {
            return Err(invalid("hash", "64 lower-case hexadecimal digits".to_owned()));
        }
        let found = segment_name(&bytes);
        if found != name {
            return Err(invalid("hash", format!("{found}, the SHA-256 of the bytes sent")));
        }
        let segment = Segment::decode(&bytes).map_err(|error| invalid("body", error.to_string()))?;
        if holds_nul(&segment) {
            return Err(invalid("body", "names, codes and numbers without NUL characters".to_owned()));
        }
        Ok(segment)
    });
    reading.await.map_err(|_| ApiError::Internal)?
}

/// No SQL text column keeps a NUL character.
fn holds_nul(segment: &Segment) -> bool {
    let products = segment.products.iter().flat_map(|row| [&row.sku, &row.name, &row.category, &row.brand]);
    let codes = segment.customers.iter().map(|row| &row.code);
    let mut texts = products.chain(codes).flatten().chain(&segment.number);
    texts.any(|text| text.contains('\0'))
}

/// Gives a column segment.
pub async fn segment(
    State(service): State<Service>,
    Path(hash): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    give(&service, &hash, &headers, "application/octet-stream", async |caller| {
        segment::get(&*service.store, caller, &hash).await
    })
    .await
}

/// Gives a sealed run of events.
pub async fn event_segment(
    State(service): State<Service>,
    Path(hash): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    give(&service, &hash, &headers, "application/gzip", async |caller| {
        segment::get_events(&*service.store, caller, &hash).await
    })
    .await
}

async fn give(
    service: &Service,
    hash: &str,
    headers: &HeaderMap,
    content_type: &'static str,
    get: impl AsyncFnOnce(&Caller) -> Result<Option<Vec<u8>>, crate::store::StoreError>,
) -> Response<Body> {
    let given = async || -> Result<Response<Body>, ApiError> {
        let caller = service.caller(headers).await?;
        let bytes = if is_hash(hash) { get(&caller).await? } else { None };
        let bytes = bytes.ok_or_else(|| ApiError::NotFound { what: format!("segment {hash}") })?;
        let tag = format!("\"{hash}\"");
        // The name is the hash of the content: whoever has it has the content.
        let known =
            headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
        let mut response = Response::new(if known { Body::empty() } else { Body::from(bytes) });
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let reply = response.headers_mut();
        reply.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        reply.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            reply.insert(header::ETAG, tag);
        }
        Ok(response)
    };
    given().await.unwrap_or_else(|error| refusal(&error))
}
