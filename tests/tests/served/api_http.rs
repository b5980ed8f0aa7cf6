//! The API as a client meets it: accounts, sessions, refusals with their status, segments, files, headers.

use crate::api::{Api, DEVICE, Pen, SHOP, TENANT, sign_up};
use axum::{
    body::Body,
    http::{Request, header},
};
use dukandar_core::{
    id::{DeviceId, TenantId},
    money::Currency,
    role::Role,
    sync::protocol::{
        DeviceInfo, Outcome, PROTOCOL_VERSION, Pull, PullReply, PushReply, Session, SignIn, SignUp,
    },
    table::segment::{Segment, segment_name},
    time::Zone,
};
use dukandar_server::{
    api::ApiError,
    auth::{ATTEMPTS_PER_ADDRESS, ATTEMPTS_PER_LOGIN, SESSION_MS},
    http::CALL_MAX_BYTES,
    service::Address,
    store::now_ms,
};
use serde_json::json;
use std::net::IpAddr;

fn sign_in(device: DeviceId) -> SignIn {
    SignIn {
        login: "+92-300-1234567".to_owned(),
        password: "hall road 7".to_owned(),
        device,
        device_name: "Tablet".to_owned(),
    }
}

fn pull(device: DeviceId) -> Pull {
    Pull { protocol: PROTOCOL_VERSION, device, cursors: vec![], limit: 100 }
}

#[tokio::test]
async fn a_second_device_signs_in_and_finds_key_journal_and_the_next_number() {
    let api = Api::new("two-devices").await;
    let (first, cookie) = api.sign_up(&sign_up()).await;
    assert_eq!((first.login.as_str(), first.role, first.device_number), ("+923001234567", Role::Owner, 1));
    assert_eq!(first.tenant_key, sign_up().tenant_key);
    let mut pen = Pen::new(DEVICE, 1);
    let events = [pen.shop(SHOP), pen.sale(SHOP, 2, 1_500)];
    let reply: PushReply = api.ask("push", &cookie, &pen.push(&events)).await.json();
    assert!(reply.outcomes.iter().all(|outcome| matches!(outcome, Outcome::Accepted { .. })), "{reply:?}");

    let tablet = DeviceId::from_u128(0x7103);
    let reply = api.ask("sign-in", "", &sign_in(tablet)).await;
    let (second, tablet_cookie): (Session, String) = (reply.json(), reply.cookie());
    assert_eq!((second.tenant, second.device_number), (TENANT, 2));
    assert_eq!(second.tenant_key, first.tenant_key);
    let seen: PullReply = api.ask("pull", &tablet_cookie, &pull(tablet)).await.json();
    let found: Vec<_> = seen.pages.iter().flat_map(|page| &page.events).map(|event| &event.event).collect();
    assert_eq!(found, events.iter().collect::<Vec<_>>());
    assert_eq!(seen.server_epoch, first.server_epoch);
    let devices: Vec<DeviceInfo> = api.call("devices", &cookie, &json!({})).await.json();
    let listed: Vec<_> = devices.iter().map(|device| (device.number, device.name.as_str())).collect();
    assert_eq!(listed, [(1, "Counter"), (2, "Tablet")]);
}

#[tokio::test]
async fn what_is_taken_is_told_apart() {
    let api = Api::new("taken").await;
    api.sign_up(&sign_up()).await;
    let same_login = SignUp { tenant: TenantId::from_u128(1), ..sign_up() };
    let same_tenant = SignUp { login: "ali@example.com".to_owned(), ..sign_up() };
    for (request, expected) in [(same_login, ApiError::LoginTaken), (same_tenant, ApiError::TenantTaken)] {
        let reply = api.ask("sign-up", "", &request).await;
        assert_eq!((reply.status.as_u16(), reply.error()), (409, expected));
        assert_eq!(reply.cookie(), "");
    }
    // Nothing of the refused sign-ups is left: the name is still free.
    let fresh = SignUp { login: "ali@example.com".to_owned(), tenant: TenantId::from_u128(2), ..sign_up() };
    api.sign_up(&fresh).await;
}

#[tokio::test]
async fn bad_fields_are_named_with_what_was_expected() {
    let api = Api::new("fields").await;
    let cases = [
        ("login", SignUp { login: "bilal".to_owned(), ..sign_up() }),
        ("password", SignUp { password: "1234567".to_owned(), ..sign_up() }),
        ("password", SignUp { password: "x".repeat(513), ..sign_up() }),
        ("business", SignUp { business: "  ".to_owned(), ..sign_up() }),
        ("device_name", SignUp { device_name: "a\0b".to_owned(), ..sign_up() }),
        ("tenant_key", SignUp { tenant_key: "abc".to_owned(), ..sign_up() }),
    ];
    for (expected, request) in cases {
        let reply = api.ask("sign-up", "", &request).await;
        let ApiError::Invalid { field, .. } = reply.error() else { panic!("{reply:?}") };
        assert_eq!((reply.status.as_u16(), field.as_str()), (422, expected));
    }
    let reply = api.call("sign-up", "", &json!({ "request": { "login": 7 } })).await;
    assert_eq!(reply.status, 422);
    assert!(matches!(reply.error(), ApiError::Invalid { field, .. } if field == "request"));
    let broken =
        Request::post("/api/pull").header(header::CONTENT_TYPE, "application/json").body(Body::from("{\"re"));
    assert_eq!(api.send(broken.unwrap()).await.status, 422);
}

#[tokio::test]
async fn every_call_but_the_open_ones_asks_who_is_there() {
    let api = Api::new("unauthorized").await;
    let pen = Pen::new(DEVICE, 1);
    let no_cookie = "";
    let forged = format!("__Host-dukandar={}", "ab".repeat(32));
    for cookie in [no_cookie, &forged] {
        let calls = [
            api.ask("push", cookie, &pen.push(&[])).await,
            api.ask("pull", cookie, &pull(DEVICE)).await,
            api.call("segments", cookie, &json!({ "cursors": [] })).await,
            api.call("devices", cookie, &json!({})).await,
            api.call("revoke-device", cookie, &json!({ "device": DEVICE })).await,
            api.call("attention", cookie, &json!({})).await,
            api.call("settle", cookie, &json!({ "event": DEVICE, "verdict": "take" })).await,
            api.get(&format!("/api/segment/{}", "a".repeat(64)), cookie).await,
            api.get(&format!("/api/event-segment/{}", "a".repeat(64)), cookie).await,
        ];
        for reply in calls {
            assert_eq!((reply.status.as_u16(), reply.error()), (401, ApiError::Unauthorized));
            assert_eq!(reply.header("cache-control"), "no-store");
        }
        let reply = api.call("who-am-i", cookie, &json!({})).await;
        assert_eq!((reply.status.as_u16(), reply.json::<Option<Session>>()), (200, None));
    }
    let reply = api.ask("sign-in", "", &sign_in(DEVICE)).await;
    assert_eq!((reply.status.as_u16(), reply.error()), (401, ApiError::WrongPassword));
}

#[tokio::test]
async fn a_session_is_renewed_by_use_ends_by_sign_out_and_by_time() {
    let api = Api::new("sessions").await;
    let (_, cookie) = api.sign_up(&sign_up()).await;
    let pool = api.service.store.pool();
    let age = async |ms: i64| {
        sqlx::query("UPDATE sessions SET expires_ms = $1")
            .bind(now_ms() + SESSION_MS - ms)
            .execute(pool)
            .await
            .unwrap();
    };
    let who = async || api.call("who-am-i", &cookie, &json!({})).await;
    assert_eq!(who().await.cookie(), "", "a fresh session needs no renewal");
    age(2 * 24 * 60 * 60 * 1_000).await;
    assert_eq!(who().await.cookie(), cookie, "used after a day, it is renewed");
    assert_eq!(who().await.cookie(), "");
    age(SESSION_MS + 1).await;
    assert_eq!(who().await.json::<Option<Session>>(), None);

    let reply = api.ask("sign-in", "", &sign_in(DEVICE)).await;
    let cookie = reply.cookie();
    assert!(reply.header("set-cookie").contains("HttpOnly; Secure; SameSite=Strict"));
    let out = api.call("sign-out", &cookie, &json!({})).await;
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(api.ask("pull", &cookie, &pull(DEVICE)).await.status, 401);
    let stored: Vec<String> =
        sqlx::query_scalar("SELECT token_hash FROM sessions").fetch_all(pool).await.unwrap();
    assert!(stored.iter().all(|hash| !cookie.contains(hash.as_str())), "only hashes are stored");
}

#[tokio::test]
async fn a_session_belongs_to_one_device() {
    let api = Api::new("device").await;
    let (_, cookie) = api.sign_up(&sign_up()).await;
    let other = Pen::new(DeviceId::from_u128(5), 1);
    assert_eq!(api.ask("push", &cookie, &other.push(&[])).await.status, 401);
    assert_eq!(api.ask("pull", &cookie, &pull(DeviceId::from_u128(5))).await.status, 401);
}

#[tokio::test]
async fn a_revoked_device_may_hand_in_what_it_has_and_no_more() {
    let api = Api::new("revoke").await;
    let (_, cookie) = api.sign_up(&sign_up()).await;
    let tablet = DeviceId::from_u128(0x7103);
    let tablet_cookie = api.ask("sign-in", "", &sign_in(tablet)).await.cookie();
    let mut pen = Pen::new(DEVICE, 1);
    let shop = pen.shop(SHOP);
    api.ask("push", &cookie, &pen.push(&[shop])).await;

    let own = api.call("revoke-device", &cookie, &json!({ "device": DEVICE })).await;
    assert_eq!(own.status, 422);
    let missing = api.call("revoke-device", &cookie, &json!({ "device": DeviceId::from_u128(9) })).await;
    assert_eq!(missing.status, 404);
    assert_eq!(api.call("revoke-device", &cookie, &json!({ "device": tablet })).await.status, 200);

    for reply in [
        api.ask("pull", &tablet_cookie, &pull(tablet)).await,
        api.call("who-am-i", &tablet_cookie, &json!({})).await,
        api.call("attention", &tablet_cookie, &json!({})).await,
        api.ask("sign-in", "", &sign_in(tablet)).await,
    ] {
        assert_eq!((reply.status.as_u16(), reply.error()), (403, ApiError::DeviceRevoked));
    }
    let mut late = Pen::new(tablet, 2);
    let sale = late.sale(SHOP, 1, 900);
    let reply: PushReply =
        api.ask("push", &tablet_cookie, &late.push(std::slice::from_ref(&sale))).await.json();
    assert!(matches!(reply.outcomes[..], [Outcome::Quarantined { .. }]));
    let take = json!({ "event": sale.id, "verdict": "take" });
    let taken = api.call("settle", &cookie, &take).await;
    assert_eq!(
        (taken.status.as_u16(), taken.json::<serde_json::Value>()["version"].clone()),
        (200, json!(1))
    );
    assert_eq!(api.call("settle", &cookie, &take).await.status, 404);
}

#[tokio::test]
async fn only_an_owner_administers() {
    let api = Api::new("forbidden").await;
    let (session, cookie) = api.sign_up(&sign_up()).await;
    let demote = "UPDATE grants SET role = 'cashier' WHERE user_id = $1";
    sqlx::query(demote).bind(session.user.to_string()).execute(api.service.store.pool()).await.unwrap();
    let hash = "a".repeat(64);
    let put =
        Request::put(format!("/api/segment/{hash}")).header(header::COOKIE, &cookie).body(Body::empty());
    for reply in [
        api.call("revoke-device", &cookie, &json!({ "device": DEVICE })).await,
        api.call("attention", &cookie, &json!({})).await,
        api.call("settle", &cookie, &json!({ "event": DEVICE, "verdict": "take" })).await,
        api.send(put.unwrap()).await,
    ] {
        assert_eq!(reply.status, 403);
        assert!(matches!(reply.error(), ApiError::Forbidden { .. }));
    }
}

#[tokio::test]
async fn guessing_is_braked_by_name_and_by_address() {
    let api = Api::new("brake").await;
    api.sign_up(&sign_up()).await;
    let guess = |login: String| SignIn { login, password: "guess guess".to_owned(), ..sign_in(DEVICE) };
    for _ in 0..ATTEMPTS_PER_LOGIN {
        assert_eq!(api.ask("sign-in", "", &guess("03001234567".to_owned())).await.status, 401);
    }
    // The right password does not help any more; another name is free.
    let reply = api.ask("sign-in", "", &sign_in(DEVICE)).await;
    let ApiError::TooMany { retry_after_s } = reply.error() else { panic!("{reply:?}") };
    assert_eq!(
        (reply.status.as_u16(), reply.header("retry-after")),
        (429, retry_after_s.to_string().as_str())
    );
    assert_eq!(api.ask("sign-in", "", &guess("03007654321".to_owned())).await.status, 401);

    let from = async |address: [u8; 4], number: usize| {
        let body = json!({ "request": guess(format!("0311{number:07}")) });
        let mut request = Request::post("/api/sign-in")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        request.extensions_mut().insert(Address(IpAddr::from(address)));
        api.send(request).await.status.as_u16()
    };
    for number in 0..ATTEMPTS_PER_ADDRESS {
        assert_eq!(from([9, 9, 9, 9], number).await, 401);
    }
    assert_eq!(from([9, 9, 9, 9], 1_000).await, 429);
    assert_eq!(from([8, 8, 8, 8], 1_000).await, 401);
}

#[tokio::test]
async fn pages_of_other_sites_write_nothing() {
    let api = Api::new("csrf").await;
    let (_, cookie) = api.sign_up(&sign_up()).await;
    for (name, value) in
        [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.pk")]
    {
        let request = Request::post("/api/sign-out")
            .header(header::COOKIE, &cookie)
            .header(header::HOST, "127.0.0.1:3000")
            .header(header::CONTENT_TYPE, "application/json")
            .header(name, value)
            .body(Body::from("{}"));
        let reply = api.send(request.unwrap()).await;
        assert_eq!(reply.status, 403, "{name}: {value}");
    }
    assert!(api.call("who-am-i", &cookie, &json!({})).await.json::<Option<Session>>().is_some());
}

#[tokio::test]
async fn what_does_not_exist_or_is_too_large_is_said_so() {
    let api = Api::new("limits").await;
    let (_, cookie) = api.sign_up(&sign_up()).await;
    for path in ["/api/nothing", "/api/push", "/api/segment/abc/def"] {
        let reply = api.get(path, &cookie).await;
        assert_eq!(reply.status, 404, "{path}");
        assert!(matches!(reply.error(), ApiError::NotFound { .. }));
    }
    let huge =
        Request::post("/api/push")
            .header(header::COOKIE, &cookie)
            .body(Body::from(vec![b' '; CALL_MAX_BYTES + 1]));
    let reply = api.send(huge.unwrap()).await;
    assert_eq!(
        (reply.status.as_u16(), reply.error()),
        (413, ApiError::TooLarge { max_bytes: CALL_MAX_BYTES as u64 })
    );

    let mut pen = Pen::new(DEVICE, 1);
    let many: Vec<_> = (0..501).map(|_| pen.shop(SHOP)).collect();
    assert_eq!(api.ask("push", &cookie, &pen.push(&many)).await.status, 422);
    let mut large = [pen.shop(SHOP), pen.shop(SHOP)];
    large[0].data["city"] = "x".repeat(300_000).into();
    assert_eq!(api.ask("push", &cookie, &pen.push(&large)).await.status, 422);
    assert_eq!(api.ask("push", &cookie, &pen.push(&large[..1])).await.status, 200);

    let mut newer = pen.push(&[]);
    newer.protocol = PROTOCOL_VERSION + 1;
    let reply = api.ask("push", &cookie, &newer).await;
    assert_eq!(
        (reply.status.as_u16(), reply.error()),
        (426, ApiError::OtherProtocol { protocol: PROTOCOL_VERSION })
    );
}

#[tokio::test]
async fn a_segment_is_stored_under_its_hash_and_given_to_its_own_only() {
    let api = Api::new("segments").await;
    let (_, cookie) = api.sign_up(&sign_up()).await;
    let bytes = Segment::empty(SHOP, Currency::PKR, Zone::KARACHI).encode();
    let hash = segment_name(&bytes);
    let put = async |hash: &str, bytes: &[u8]| {
        let request = Request::put(format!("/api/segment/{hash}")).header(header::COOKIE, &cookie);
        api.send(request.body(Body::from(bytes.to_vec())).unwrap()).await
    };
    for _ in 0..2 {
        assert_eq!(put(&hash, &bytes).await.status, 204);
    }
    assert_eq!(put(&"0".repeat(64), &bytes).await.status, 422);
    assert_eq!(put("nothing", &bytes).await.status, 422);
    let torn = &bytes[..bytes.len() - 1];
    let reply = put(&segment_name(torn), torn).await;
    assert!(matches!(reply.error(), ApiError::Invalid { field, .. } if field == "body"));

    let path = format!("/api/segment/{hash}");
    let reply = api.get(&path, &cookie).await;
    assert_eq!((reply.status.as_u16(), &reply.body), (200, &bytes));
    assert!(reply.header("cache-control").contains("immutable"));
    let tag = reply.header("etag").to_owned();
    let again = Request::get(&path)
        .header(header::COOKIE, &cookie)
        .header(header::IF_NONE_MATCH, tag)
        .body(Body::empty());
    let again = api.send(again.unwrap()).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    assert_eq!(api.get(&format!("/api/segment/{}", "0".repeat(64)), &cookie).await.status, 404);

    let stranger = SignUp {
        login: "stranger@example.com".to_owned(),
        tenant: TenantId::from_u128(2),
        device: DeviceId::from_u128(3),
        ..sign_up()
    };
    let (_, stranger) = api.sign_up(&stranger).await;
    assert_eq!(api.get(&path, &stranger).await.status, 404);
}

#[tokio::test]
async fn the_app_is_served_with_its_policy_and_cached_by_name() {
    let api = Api::new("files").await;
    let write = |name: &str, text: &str| std::fs::write(api.dist().join(name), text).unwrap();
    write("index.html", "<!doctype html>page");
    write("sw.js", "// worker");
    write("app-0123456789abcdef.js", "// app");
    write("app-0123456789abcdef.js.br", "compressed");
    for path in ["/", "/stock", "/customers/7"] {
        let reply = api.get(path, "").await;
        assert_eq!(
            (reply.status.as_u16(), reply.body.as_slice()),
            (200, &b"<!doctype html>page"[..]),
            "{path}"
        );
        assert_eq!(reply.header("cache-control"), "no-cache");
        assert!(reply.header("content-security-policy").contains("'wasm-unsafe-eval'"));
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(reply.header("x-request-id").len(), 16);
    }
    assert_eq!(api.get("/sw.js", "").await.header("cache-control"), "no-cache");
    assert_eq!(api.get("/icons/none.svg", "").await.status, 404);
    let hashed = Request::get("/app-0123456789abcdef.js")
        .header(header::ACCEPT_ENCODING, "br, gzip")
        .body(Body::empty());
    let hashed = api.send(hashed.unwrap()).await;
    assert_eq!((hashed.header("content-encoding"), hashed.body.as_slice()), ("br", &b"compressed"[..]));
    assert!(hashed.header("cache-control").contains("immutable"));
    let health = api.get("/api/health", "").await;
    assert_eq!(health.status, 200);
    assert_eq!(health.json::<serde_json::Value>()["database"], "reachable");
    api.service.store.pool().close().await;
    assert_eq!(api.get("/api/health", "").await.status, 503);
    assert_eq!(
        api.call("who-am-i", &format!("__Host-dukandar={}", "a".repeat(64)), &json!({})).await.status,
        503
    );
}
