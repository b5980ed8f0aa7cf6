//! Bulk bytes over plain HTTP: the column segments of imports and sealed runs of events, named by their hash, and the
//! model that lies beside the app. Works in page and worker.

use super::gzip;
use dukandar_core::{
    lifecycle_curve::cold_start::ColdStart, sync::event::Confirmed, table::segment::segment_name,
};
use dukandar_server::api::ApiError;
use js_sys::{Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Request, RequestInit, Response};

fn path(hash: &str) -> String {
    format!("/api/segment/{hash}")
}

/// Fetches a segment and holds its bytes against its name.
pub async fn get_segment(hash: &str) -> Result<Vec<u8>, ApiError> {
    get(&path(hash), hash).await
}

/// Fetches a sealed run of events, holds its bytes against its name and reads it.
pub async fn get_events(hash: &str) -> Result<Vec<Confirmed>, ApiError> {
    let bytes = get(&format!("/api/event-segment/{hash}"), hash).await?;
    let unreadable = |detail: String| ApiError::Unreadable { detail };
    let text = gzip::text(&bytes).await.map_err(|error| unreadable(format!("{error:?}")))?;
    serde_json::from_slice(text.as_bytes()).map_err(|error| unreadable(error.to_string()))
}

/// The model for products in their first weeks; offline the service worker has it.
pub async fn get_cold_start() -> Result<ColdStart, ApiError> {
    let bytes = bytes("/cold_start.bin").await?;
    ColdStart::from_bytes(&bytes).map_err(|error| ApiError::Unreadable { detail: error.to_string() })
}

async fn bytes(path: &str) -> Result<Vec<u8>, ApiError> {
    let response = send(path, &RequestInit::new()).await?;
    let buffer = JsFuture::from(response.array_buffer().map_err(offline)?).await.map_err(offline)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

async fn get(path: &str, hash: &str) -> Result<Vec<u8>, ApiError> {
    let bytes = bytes(path).await?;
    let found = segment_name(&bytes);
    if found != hash {
        return Err(ApiError::Unreadable { detail: format!("segment {hash} came as {found}") });
    }
    Ok(bytes)
}

/// Sends a segment; one that the server has already is no error.
pub async fn put_segment(hash: &str, bytes: &Uint8Array) -> Result<(), ApiError> {
    let options = RequestInit::new();
    options.set_method("PUT");
    options.set_body(bytes);
    send(&path(hash), &options).await.map(|_| ())
}

async fn send(path: &str, options: &RequestInit) -> Result<Response, ApiError> {
    let request = Request::new_with_str_and_init(path, options).map_err(offline)?;
    let scope = js_sys::global();
    let fetch: Function =
        Reflect::get(&scope, &"fetch".into()).and_then(JsCast::dyn_into).map_err(offline)?;
    let promise: Promise = fetch.call1(&scope, &request).and_then(JsCast::dyn_into).map_err(offline)?;
    let response: Response = JsFuture::from(promise).await.and_then(JsCast::dyn_into).map_err(offline)?;
    if response.ok() {
        return Ok(response);
    }
    // The server answers with the same typed error as its calls; a proxy's page does not.
    let text = match response.text() {
        Ok(promise) => JsFuture::from(promise).await.ok().and_then(|text| text.as_string()),
        Err(_) => None,
    };
    let typed = text.and_then(|text| serde_json::from_slice::<ApiError>(text.as_bytes()).ok());
    Err(typed.unwrap_or_else(|| match response.status() {
        401 => ApiError::Unauthorized,
        403 => ApiError::Forbidden { detail: path.to_owned() },
        404 => ApiError::NotFound { what: path.to_owned() },
        429 => ApiError::TooMany { retry_after_s: 30 },
        _ => ApiError::Unavailable,
    }))
}

fn offline(error: JsValue) -> ApiError {
    ApiError::Offline { detail: format!("{error:?}") }
}
