//! The calls of [`crate::api`], run by leptos, their errors mapped to HTTP in one place.

use super::CALL_MAX_BYTES;
use crate::{api::ApiError, service::Service};
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use leptos::prelude::provide_context;
use server_fn::error::{FromServerFnError as _, SERVER_FN_ERROR_HEADER};

/// An error as a reply.
pub fn refusal(error: &ApiError) -> Response<Body> {
    let mut response = Response::new(Body::from(error.ser()));
    *response.status_mut() =
        StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let ApiError::TooMany { retry_after_s } = error {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(*retry_after_s));
    }
    response
}

/// Answers a call.
pub async fn call(State(service): State<Service>, request: Request) -> Response<Body> {
    let (method, path) = (request.method().clone(), request.uri().path());
    if server_fn::axum::get_server_fn_service(path, method.clone()).is_none() {
        return refusal(&ApiError::NotFound { what: format!("{method} {path}") });
    }
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, CALL_MAX_BYTES).await else {
        return refusal(&ApiError::TooLarge { max_bytes: CALL_MAX_BYTES as u64 });
    };
    let mut request = Request::from_parts(head, Body::from(body));
    // Our clients read JSON; leptos would answer a form's `text/html` with a redirect.
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let context = move || provide_context(service.clone());
    let response = leptos_axum::handle_server_fns_with_context(context, request).await.into_response();
    if response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        with_status(response).await
    } else {
        response
    }
}

/// An error that leptos has put into a reply gets the status it stands for.
async fn with_status(response: Response<Body>) -> Response<Body> {
    let body = to_bytes(response.into_body(), CALL_MAX_BYTES).await.unwrap_or_default();
    refusal(&match ApiError::de(body) {
        // On the server this says that the request could not be read.
        ApiError::Unreadable { detail } => {
            ApiError::Invalid { field: "request".to_owned(), expected: detail }
        }
        error => error,
    })
}
