//! What the API tests share: databases of their own, a business with devices, calls without a socket.
#![allow(dead_code, reason = "each test binary uses its part")]

pub mod postgres;
pub mod process;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, Response, StatusCode, header},
};
use dukandar_core::{
    id::{DeviceId, EpochId, EventId, Id, ProductId, SaleId, ShopId, TenantId, UserId},
    money::{Currency, Paisa},
    privacy::seal::SecretKey,
    quantity::Quantity,
    record::{Payment, PaymentMethod, Record, Sale, SaleLine, Shop},
    rng::Rng,
    role::Role,
    sync::{
        event::{Event, Stream},
        journal::Caller,
        protocol::{PROTOCOL_VERSION, Push, Session, SignUp},
    },
    time::{Timestamp, Zone},
};
use dukandar_server::{
    api::ApiError,
    http,
    service::Service,
    store::{self, SharedStore},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tower::ServiceExt as _;

/// A folder that goes when the test ends.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let unique = Id::<()>::fresh(store::now_ms() as u64, &mut store::entropy());
        let path = std::env::temp_dir().join(format!("dukandar-{name}-{unique}"));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs the test on SQLite and on a Postgres of its own.
pub async fn on_both(name: &str, test: impl AsyncFn(SharedStore)) {
    let folder = Folder::new(name);
    test(store::open(None, folder.path()).await.unwrap()).await;
    let postgres = postgres::Postgres::start();
    let store = store::open(Some(&postgres.url()), folder.path()).await.unwrap();
    test(store.clone()).await;
    store.pool().close().await;
}

pub const TENANT: TenantId = TenantId::from_u128(0x7001);
pub const SHOP: ShopId = ShopId::from_u128(0x7002);
pub const DEVICE: DeviceId = DeviceId::from_u128(0x7003);
pub const EPOCH: EpochId = EpochId::from_u128(0x7004);

pub fn caller(role: Role) -> Caller {
    Caller {
        tenant: TENANT,
        user: UserId::from_u128(0x7005),
        role,
        grant: 1,
        shops: vec![],
        device: DEVICE,
        revoked: false,
    }
}

/// A device that writes events in order.
#[derive(Clone)]
pub struct Pen {
    pub tenant: TenantId,
    pub device: DeviceId,
    pub epoch: EpochId,
    pub at: Timestamp,
    pub seq: u64,
    pub rng: Rng,
}

impl Pen {
    pub fn new(device: DeviceId, seed: u64) -> Self {
        let at = Timestamp(store::now_ms());
        Self { tenant: TENANT, device, epoch: EPOCH, at, seq: 0, rng: Rng::seeded(seed) }
    }

    pub fn write(&mut self, stream: Stream, record: &Record) -> Event {
        let (kind, v, data) = record.encode().unwrap();
        self.seq += 1;
        Event {
            id: EventId::fresh(self.at.0 as u64, &mut self.rng),
            tenant: self.tenant,
            stream,
            device: self.device,
            epoch: self.epoch,
            seq: self.seq,
            at: self.at,
            grant: 0,
            actor: None,
            kind,
            v,
            data,
        }
    }

    pub fn shop(&mut self, id: ShopId) -> Event {
        let shop = Shop {
            id,
            name: "Hall Road".to_owned(),
            code: "HR".to_owned(),
            city: "Lahore".to_owned(),
            currency: Currency::PKR,
            zone: Zone::KARACHI,
            bargaining: None,
        };
        self.write(Stream::Tenant, &Record::Shop(shop))
    }

    pub fn sale(&mut self, shop: ShopId, pieces: i64, rupees: i64) -> Event {
        let sale = self.sale_record(shop, pieces, rupees);
        self.write(Stream::Shop(shop), &Record::Sale(sale))
    }

    pub fn sale_record(&mut self, shop: ShopId, pieces: i64, rupees: i64) -> Sale {
        let amount = Paisa::rupees(pieces * rupees);
        let line = SaleLine {
            product: ProductId::from_u128(0x8000 + rupees.unsigned_abs() as u128 % 7),
            units: vec![],
            quantity: Quantity::pieces(pieces),
            unit_price: Paisa::rupees(rupees),
            discount: Paisa::ZERO,
            amount,
            unit_cost: None,
        };
        Sale {
            id: SaleId::fresh(self.at.0 as u64, &mut self.rng),
            shop,
            number: format!("HR-1-{}", self.seq + 1),
            at: self.at,
            zone: Zone::KARACHI,
            customer: None,
            staff: None,
            lines: vec![line],
            payments: vec![Payment { method: PaymentMethod::Cash, amount, tendered: None }],
            approval: None,
        }
    }

    pub fn push(&self, events: &[Event]) -> Push {
        Push {
            protocol: PROTOCOL_VERSION,
            device: self.device,
            epoch: self.epoch,
            events: events.to_vec(),
            relay: false,
        }
    }
}

/// A server without a socket.
pub struct Api {
    pub app: Router,
    pub service: Service,
    folder: Folder,
}

/// A reply in memory.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json<T: DeserializeOwned>(&self) -> T {
        let text = String::from_utf8_lossy(&self.body);
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {text}"))
    }

    pub fn error(&self) -> ApiError {
        assert!(self.status.as_u16() >= 400, "{self:?}");
        self.json()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The session cookie as a browser would send it back.
    pub fn cookie(&self) -> String {
        self.header("set-cookie").split(';').next().unwrap_or_default().to_owned()
    }
}

impl Api {
    pub async fn new(name: &str) -> Self {
        let folder = Folder::new(name);
        let store = store::open(None, &folder.path().join("data")).await.unwrap();
        let key = SecretKey::fresh(&mut Rng::seeded(1));
        let service = Service::new(store, key).await.unwrap();
        let dist = folder.path().join("dist");
        std::fs::create_dir_all(&dist).unwrap();
        Self { app: http::router(service.clone(), &dist), service, folder }
    }

    pub fn dist(&self) -> PathBuf {
        self.folder.path().join("dist")
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let response: Response<Body> = self.app.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Reply { status: head.status, headers: head.headers, body }
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Reply {
        self.send(Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
    }

    /// Calls as the app does: the arguments by name in JSON.
    pub async fn call(&self, name: &str, cookie: &str, arguments: &Value) -> Reply {
        let request = Request::post(format!("/api/{name}"))
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(arguments.to_string())).unwrap()).await
    }

    pub async fn ask<T: Serialize>(&self, name: &str, cookie: &str, request: &T) -> Reply {
        self.call(name, cookie, &json!({ "request": request })).await
    }

    /// Signs up and gives the cookie.
    pub async fn sign_up(&self, request: &SignUp) -> (Session, String) {
        let reply = self.ask("sign-up", "", request).await;
        assert_eq!(reply.status, 200, "{:?}", String::from_utf8_lossy(&reply.body));
        (reply.json(), reply.cookie())
    }
}

pub fn sign_up() -> SignUp {
    SignUp {
        login: "0300 1234567".to_owned(),
        password: "hall road 7".to_owned(),
        business: "Bilal Mobiles".to_owned(),
        tenant: TENANT,
        device: DEVICE,
        device_name: "Counter".to_owned(),
        tenant_key: SecretKey::fresh(&mut Rng::seeded(2)).to_hex(),
    }
}
