//! Headers around every request and reply: who may send it, what a browser may do with it.

use super::REQUEST_ID;
use crate::{api::ApiError, http::api::refusal, service::Address};
use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Response, header},
    middleware::Next,
};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// Ids of requests are ours: one that comes along is dropped.
pub async fn own_request_id(mut request: Request, next: Next) -> Response<Body> {
    request.headers_mut().remove(&REQUEST_ID);
    next.run(request).await
}

/// Notes where the request came from. A proxy on this machine is believed about whom it serves.
pub async fn address(mut request: Request, next: Next) -> Response<Body> {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>().copied() {
        let address = match peer.ip() {
            ip if ip.is_loopback() => forwarded_for(request.headers()).unwrap_or(ip),
            ip => ip,
        };
        request.extensions_mut().insert(Address(address));
    }
    next.run(request).await
}

/// The last address is the one that our own proxy saw.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let list = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    list.rsplit(',').next()?.trim().parse().ok()
}

/// Refuses writes that another site's page sends, besides what `SameSite=Strict` refuses already.
pub async fn same_origin(request: Request, next: Next) -> Response<Body> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) || is_own(request.headers())
    {
        return next.run(request).await;
    }
    refusal(&ApiError::Forbidden { detail: "the request comes from another site".to_owned() })
}

fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(&HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    // Older browsers send Origin only; a client that is no browser sends neither.
    match (text(&header::ORIGIN), text(&header::HOST)) {
        (Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, authority)| authority == host)
        }
        (Some(_), None) => false,
        (None, _) => true,
    }
}

/// Answers of the API stay out of every cache unless they say otherwise.
pub async fn never_cached(mut response: Response<Body>) -> Response<Body> {
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// What browsers may do with what we send.
pub async fn headers(State(policy): State<Arc<HeaderValue>>, mut response: Response<Body>) -> Response<Body> {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, (*policy).clone());
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(self), microphone=(), geolocation=(), payment=()"),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_pages_of_this_origin_may_write() {
        assert!(is_own(&headers(&[("sec-fetch-site", "same-origin"), ("host", "shop.pk")])));
        assert!(!is_own(&headers(&[("sec-fetch-site", "same-site"), ("origin", "https://shop.pk")])));
        assert!(!is_own(&headers(&[("sec-fetch-site", "cross-site")])));
        assert!(is_own(&headers(&[("origin", "https://shop.pk"), ("host", "shop.pk")])));
        assert!(!is_own(&headers(&[("origin", "https://evil.pk"), ("host", "shop.pk")])));
        assert!(!is_own(&headers(&[("origin", "null"), ("host", "shop.pk")])));
        assert!(is_own(&headers(&[("host", "shop.pk")])));
    }

    #[test]
    fn the_proxy_is_believed_about_the_last_hop_only() {
        let chain = headers(&[("x-forwarded-for", "1.1.1.1, 2.2.2.2")]);
        assert_eq!(forwarded_for(&chain), Some(IpAddr::from([2, 2, 2, 2])));
        assert_eq!(forwarded_for(&headers(&[("x-forwarded-for", "who knows")])), None);
    }
}
