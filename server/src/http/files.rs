//! The app's files from `dist`: compressed siblings where they lie, hashed names for ever, the page for any
//! path a person may type.

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header},
    middleware,
    response::IntoResponse,
};
use std::path::{Path, PathBuf};
use tower_http::services::{ServeDir, ServeFile};

/// What the page may do when the build wrote no policy of its own (`csp.txt`).
const STRICT_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// A folder with the built app.
pub struct Files {
    dist: PathBuf,
}

impl Files {
    /// The files of this folder.
    pub fn of(dist: &Path) -> Self {
        Self { dist: dist.to_owned() }
    }

    /// The Content-Security-Policy: the build's, which knows the hashes of the page's scripts.
    pub fn policy(&self) -> HeaderValue {
        let built = std::fs::read_to_string(self.dist.join("csp.txt")).ok();
        let text = built.as_deref().map(str::trim).filter(|text| !text.is_empty()).unwrap_or(STRICT_POLICY);
        HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(STRICT_POLICY))
    }

    /// Serves them.
    pub fn service(&self) -> Router {
        let page = ServeFile::new(self.dist.join("index.html")).precompressed_br().precompressed_gzip();
        let files = ServeDir::new(&self.dist).precompressed_br().precompressed_gzip().fallback(page);
        Router::new().fallback_service(files).layer(middleware::from_fn(cached))
    }
}

/// Caching by the kind of name; and a file that is not there is not answered with the page.
async fn cached(request: Request, next: middleware::Next) -> Response<Body> {
    let path = request.uri().path().to_owned();
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let navigation = is_navigation(&path, request.headers());
    let mut response = next.run(request).await;
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page && !navigation && path != "/" && !path.ends_with(".html") {
        return (StatusCode::NOT_FOUND, "there is no such file\n").into_response();
    }
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        let rule = if is_hashed(&path) { "public, max-age=31536000, immutable" } else { "no-cache" };
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(rule));
    }
    response
}

/// Whether a person's browser is going somewhere: a path without an extension, as the app's own links are.
fn is_navigation(path: &str, headers: &HeaderMap) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    let mode = headers.get("sec-fetch-mode").map(|mode| mode.as_bytes() == b"navigate");
    !last.contains('.') && mode.unwrap_or(true)
}

/// Whether the name carries the hash of the content, as Trunk writes it: `app-0123456789abcdef.js`.
fn is_hashed(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    last.split(['-', '_', '.'])
        .any(|part| part.len() == 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        assert!(is_hashed("/app-0123456789abcdef.js"));
        assert!(is_hashed("/app-0123456789abcdef_bg.wasm"));
        for path in
            ["/", "/sw.js", "/index.html", "/manifest.webmanifest", "/worker.js", "/stock/0123456789abcdex"]
        {
            assert!(!is_hashed(path), "{path}");
        }
    }

    #[test]
    fn a_path_of_the_app_is_a_navigation_a_missing_file_is_not() {
        let none = HeaderMap::new();
        assert!(is_navigation("/stock", &none) && is_navigation("/customers/7", &none));
        assert!(!is_navigation("/icons/none.svg", &none));
        let fetched: HeaderMap =
            [("sec-fetch-mode".parse().unwrap(), "cors".parse().unwrap())].into_iter().collect();
        assert!(!is_navigation("/stock", &fetched));
    }
}
