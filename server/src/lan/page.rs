//! The page that leads a phone to trust the server: steps in English and Urdu, the certificate, a QR code.

use super::{Ports, addresses, authority::Authority, url};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
    routing::get,
};
use qrcode::{QrCode, render::svg};
use std::{net::IpAddr, sync::Arc};

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

const STYLE: &str = "
:root { color-scheme: light; font: 1.0625rem/1.6 system-ui, sans-serif; color: #1c1b18; background: #faf7f1; }
body { max-width: 34rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
section { background: #fff; border: 1px solid #e4ddd0; border-radius: .75rem; padding: 1rem 1.25rem; margin: 1rem 0; }
section[lang=ur] { font-family: 'Noto Nastaliq Urdu', 'Noto Sans Arabic', serif; line-height: 2.2; }
ol { padding-inline-start: 1.5rem; }
li { margin: .35rem 0; }
a.button { display: block; margin: .75rem 0; padding: .8rem 1rem; border-radius: .6rem; text-align: center;
  background: #14532d; color: #fff; text-decoration: none; font-weight: 600; }
img { display: block; width: 14rem; height: 14rem; margin: 1rem auto; }
code { direction: ltr; unicode-bidi: isolate; }
";

#[derive(Clone)]
struct Page {
    authority: Arc<Authority>,
    ports: Ports,
}

/// The plain-http site of the page.
pub fn router(authority: Arc<Authority>, ports: Ports) -> Router {
    Router::new()
        .route("/", get(page))
        .with_state(Page { authority: authority.clone(), ports })
        .merge(trust(authority, ports))
}

/// The page at `/trust`, for the app's own site.
pub fn trust(authority: Arc<Authority>, ports: Ports) -> Router {
    Router::new()
        .route("/trust", get(page))
        .route("/trust/dukandar-ca.crt", get(certificate))
        .route("/trust/qr.svg", get(qr))
        .route("/trust/style.css", get(([(header::CONTENT_TYPE, "text/css")], STYLE)))
        .with_state(Page { authority, ports })
}

/// The address under which the visitor reached us, else the first in the shop's network.
fn own_address(headers: &HeaderMap) -> IpAddr {
    let known = addresses();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let typed = host.rsplit_once(':').map_or(host, |(name, _)| name).parse().ok();
    let first = || known.iter().copied().find(|address| !address.is_loopback());
    typed
        .filter(|address| known.contains(address))
        .or_else(first)
        .unwrap_or(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST))
}

async fn certificate(State(page): State<Page>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/x-x509-ca-cert"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"dukandar-ca.crt\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, page.authority.pem().to_owned()).into_response()
}

async fn qr(State(page): State<Page>, headers: HeaderMap) -> Response {
    let target = url("http", own_address(&headers), page.ports.http);
    match QrCode::new(target.as_bytes()) {
        Ok(code) => {
            let image = code.render::<svg::Color>().min_dimensions(224, 224).build();
            ([(header::CONTENT_TYPE, "image/svg+xml")], image).into_response()
        }
        Err(error) => (axum::http::StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn page(State(page): State<Page>, headers: HeaderMap) -> Response {
    let address = own_address(&headers);
    let (app, here) = (url("https", address, page.ports.https), url("http", address, page.ports.http));
    let body = format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Dukandar on this phone</title>
<link rel="stylesheet" href="/trust/style.css">
</head>
<body>
<h1>Dukandar on this phone</h1>
<p>Do this once on each phone of the shop. Nobody outside the shop is involved.</p>
<section>
<h2>Android</h2>
<ol>
<li><a class="button" href="/trust/dukandar-ca.crt" download>1. Download the certificate</a></li>
<li>Open Settings and search for <b>CA certificate</b>. Choose <b>Install anyway</b> and pick <code>dukandar-ca.crt</code> from Downloads.</li>
<li><a class="button" href="{app}">3. Open Dukandar</a></li>
<li>In the browser's menu choose <b>Install app</b>.</li>
</ol>
<h2>iPhone</h2>
<ol>
<li>Download the certificate above and allow the profile.</li>
<li>Settings → General → VPN &amp; Device Management: install <b>Dukandar in this shop</b>.</li>
<li>Settings → General → About → Certificate Trust Settings: switch it on.</li>
<li>Open Dukandar, then Share → Add to Home Screen.</li>
</ol>
</section>
<section lang="ur" dir="rtl">
<h2>اینڈرائیڈ فون</h2>
<p>یہ کام دکان کے ہر فون پر صرف ایک بار کرنا ہے۔ دکان سے باہر کسی کا اس میں کوئی دخل نہیں۔</p>
<ol>
<li><a class="button" href="/trust/dukandar-ca.crt" download>۱۔ سرٹیفکیٹ ڈاؤن لوڈ کریں</a></li>
<li>فون کی سیٹنگز کھولیں اور <b dir="ltr">CA certificate</b> تلاش کریں۔ «پھر بھی انسٹال کریں» دبائیں اور ڈاؤن لوڈز میں سے <code>dukandar-ca.crt</code> چنیں۔</li>
<li><a class="button" href="{app}">۳۔ دکاندار کھولیں</a></li>
<li>براؤزر کے مینو میں «ایپ انسٹال کریں» دبائیں۔</li>
</ol>
<h2>آئی فون</h2>
<ol>
<li>اوپر سے سرٹیفکیٹ ڈاؤن لوڈ کریں اور پروفائل کی اجازت دیں۔</li>
<li>سیٹنگز، پھر <span dir="ltr">General → VPN &amp; Device Management</span> میں <b dir="ltr">Dukandar in this shop</b> انسٹال کریں۔</li>
<li>سیٹنگز، پھر <span dir="ltr">General → About → Certificate Trust Settings</span> میں اسے آن کریں۔</li>
<li>دکاندار کھولیں، شیئر دبائیں اور ہوم اسکرین پر شامل کریں۔</li>
</ol>
</section>
<section>
<h2>The next phone · <span lang="ur" dir="rtl">اگلا فون</span></h2>
<p>Scan this code, or type <code>{here}</code></p>
<p lang="ur" dir="rtl">یہ کوڈ اسکین کریں، یا یہ پتا لکھیں: <code>{here}</code></p>
<img src="/trust/qr.svg" alt="QR code of {here}" width="224" height="224">
</section>
</body>
</html>
"#
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, body).into_response()
}
