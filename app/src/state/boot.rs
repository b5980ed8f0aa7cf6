//! Opening what the device holds: the own shop, the sample shop, or nothing yet.

use super::{Account, AppState, Problem};
use crate::{
    effect::{
        clock,
        journal::{self, Append, Draft, Identity},
        port::Port,
        storage::{self, Db, META, StorageError},
        tabs::Tabs,
    },
    message::{FromWorker, SyncPhase, ToWorker},
};
use dukandar_core::{
    id::ShopId,
    money::Currency,
    record::{Device, Shop},
    sync::event::Stream,
    table::ShopRow,
    time::{Timestamp, Zone},
};
use gloo::storage::Storage;
use leptos::{prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far the app is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Boot {
    /// The database is being opened.
    Loading,
    /// No shop here yet: sample or own?
    Welcome,
    /// A shop is open.
    Ready,
    /// The browser keeps no data here: nothing can be sold safely, and the page says why.
    StorageUnavailable(StorageError),
}

/// Local storage: this browser looks at the sample shop.
const SAMPLE_FLAG: &str = "dukandar.sample";
/// Meta rows that the page and the worker share.
const SHOPS: &str = "shops";
const SAMPLE_BORN: &str = "sample";
/// The sample shop of everyone: one seed.
const SAMPLE_SEED: u64 = 2026;
/// Tasks see the present in steps, so that a screen is not recomputed every second.
const STEP_MS: i64 = 600_000;

/// The step that an instant lies in.
pub(super) fn coarse(now: Timestamp) -> Timestamp {
    Timestamp(now.0.div_euclid(STEP_MS) * STEP_MS)
}

/// When a sample shop's generated past ends.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct SampleBorn {
    seed: u64,
    now: Timestamp,
}

impl AppState {
    pub(super) fn start(self) {
        self.locale.get_untracked().apply();
        self.watch_device();
        self.keep_bills();
        self.start_worker();
        self.sample.set(gloo::storage::LocalStorage::get(SAMPLE_FLAG).unwrap_or(false));
        spawn_local(self.open());
    }

    /// Whether a shop is open; tracked.
    pub(super) fn is_open(self) -> bool {
        self.boot.with(|boot| *boot == Boot::Ready)
    }

    fn start_worker(self) {
        let port = Port::start(move |message| self.hear(message));
        *self.inner().port.borrow_mut() = Some(port);
    }

    /// What the worker says without being asked.
    fn hear(self, message: FromWorker) {
        match message {
            FromWorker::Tables { version, shops, lines } => {
                self.lines.set(Some(lines));
                if !shops.is_empty() && self.shops.with_untracked(|old| *old != shops) {
                    self.shops.set(shops);
                }
                if self.version.get_untracked() != version {
                    // What was just written must not lie in the future of the next question.
                    self.now.set(clock::now());
                    self.version.set(version);
                }
                // A further device has tables without a shop until the first pull.
                let has_shop = self.shops.with_untracked(|shops| !shops.is_empty());
                if has_shop && self.boot.with_untracked(|boot| *boot == Boot::Loading) {
                    self.boot.set(Boot::Ready);
                }
            }
            FromWorker::JournalChanged => {
                if let Some(tabs) = self.inner().tabs.borrow().as_ref() {
                    tabs.tell();
                }
            }
            FromWorker::Sync(sync) => {
                // Whatever the first sync came to, the pages can say so better than a blank screen.
                let is_over = !matches!(sync.phase, SyncPhase::Busy | SyncPhase::LocalOnly);
                if is_over && self.boot.with_untracked(|boot| *boot == Boot::Loading) {
                    self.boot.set(Boot::Ready);
                }
                self.sync.set(sync);
            }
            FromWorker::Forecasting(progress) => self.forecasting.set(progress),
            FromWorker::Renewed => self.round.update(|round| *round += 1),
            FromWorker::Unavailable(error) => self.notice.set(Some(error.into())),
            FromWorker::Crashed { detail } => {
                web_sys::console::warn_1(&format!("the worker was started again: {detail}").into());
                self.notice.set(Some(crate::message::Failure::Crashed.into()));
            }
            _ => {}
        }
    }

    async fn open(self) {
        let name = if self.sample.get_untracked() { storage::SAMPLE } else { storage::OWN };
        match self.open_database(name).await {
            Ok(()) => {}
            Err(Problem::Storage(error)) => self.boot.set(Boot::StorageUnavailable(error)),
            Err(problem) => self.notice.set(Some(problem)),
        }
    }

    async fn open_database(self, name: &'static str) -> Result<(), Problem> {
        let db = Db::open(name).await?;
        let tx = db.read(&[META])?;
        let shops: Vec<ShopRow> = tx.meta(SHOPS).await?.unwrap_or_default();
        let born: Option<SampleBorn> = tx.meta(SAMPLE_BORN).await?;
        drop(tx);
        if born.is_some_and(|born| born.now.day(Zone::KARACHI) != clock::now().day(Zone::KARACHI)) {
            // The sample's past ends today, every day: yesterday's is thrown away with what was tried in it.
            drop(db);
            Db::delete(storage::SAMPLE).await?;
            return Box::pin(self.enter_sample()).await;
        }
        let identity = journal::identity(&db).await?;
        let counters = journal::counters(&db).await?;
        let account = Account::load(&db).await?;
        self.load_pin(&db).await?;
        let inner = self.inner();
        *inner.db.borrow_mut() = Some(db);
        *inner.tabs.borrow_mut() = Tabs::join(name, move || {
            if let Some(port) = self.inner().port() {
                port.post(&ToWorker::JournalChanged, None);
            }
        });
        let is_empty = shops.is_empty();
        self.shops.set(shops);
        self.version.set(counters.version);
        self.account.set(account.clone());
        if identity.is_none() || (is_empty && account.is_none() && name == storage::OWN) {
            self.boot.set(Boot::Welcome);
            return Ok(());
        }
        let database = name.to_owned();
        let greeting = match born {
            Some(SampleBorn { seed, now }) => ToWorker::OpenSample { database, seed, now },
            None => ToWorker::Open { database },
        };
        if let Some(port) = inner.port() {
            port.open(greeting);
        }
        // Without a branch to show, the pages wait for the tables.
        if !is_empty {
            self.boot.set(Boot::Ready);
        }
        Ok(())
    }

    /// One tap in: the sample shop, generated on the device, without a network.
    pub async fn enter_sample(self) -> Result<(), Problem> {
        self.boot.set(Boot::Loading);
        self.forget_screen();
        let db = Db::open(storage::SAMPLE).await?;
        if journal::identity(&db).await?.is_none() {
            let born = SampleBorn { seed: SAMPLE_SEED, now: clock::now() };
            let tx = db.write(&[META])?;
            tx.set_meta(SAMPLE_BORN, &born)?;
            tx.commit().await?;
            journal::set_identity(&db, &Identity::fresh(clock::now(), &mut clock::entropy())).await?;
        }
        let _ = gloo::storage::LocalStorage::set(SAMPLE_FLAG, true);
        self.sample.set(true);
        self.open_database(storage::SAMPLE).await
    }

    /// One tap out: the sample shop and what was tried in it are gone.
    pub async fn leave_sample(self) -> Result<(), Problem> {
        self.boot.set(Boot::Loading);
        gloo::storage::LocalStorage::delete(SAMPLE_FLAG);
        self.drop_bills();
        self.sample.set(false);
        self.forget_screen();
        // A worker of its own for each database: nothing of the sample stays in its memory.
        if let Some(port) = self.inner().port() {
            port.restart();
        }
        Db::delete(storage::SAMPLE).await?;
        self.open_database(storage::OWN).await
    }

    fn forget_screen(self) {
        self.cart.set(super::Cart::default());
        self.shop.set(None);
        self.shops.set(Vec::new());
        self.import.set(super::ImportState::Idle);
        self.lines.set(None);
        self.approvals.set(Vec::new());
        self.people.update(BTreeMap::clear);
        self.team.update(Vec::clear);
        self.hand.set(None);
        let inner = self.inner();
        *inner.db.borrow_mut() = None;
        *inner.tabs.borrow_mut() = None;
    }

    /// The first own shop of this device. No account is needed.
    pub async fn start_own_shop(self, name: &str, city: &str, currency: Currency) -> Result<ShopId, Problem> {
        let name = name.trim();
        if name.is_empty() {
            return Err(Problem::Invalid { field: "name", expected: "the shop's name" });
        }
        if self.sample.get_untracked() {
            self.leave_sample().await?;
        }
        let (now, mut rng) = (clock::now(), clock::entropy());
        let id = ShopId::fresh(now.0.unsigned_abs(), &mut rng);
        let row = ShopRow {
            id,
            name: name.to_owned(),
            code: shop_code(name, &[]),
            city: city.trim().to_owned(),
            currency,
            zone: Zone::KARACHI,
            bargaining: None,
        };
        let db = self.inner().db()?;
        let first = Identity::fresh(now, &mut rng);
        let how = Append { first: Some(&first), ..Append::RECORDS };
        journal::append(&db, how, |identity, counters| {
            let is_first = counters.order == 0;
            let mut drafts = vec![shop_draft(&row)?];
            if is_first {
                let device =
                    Device { id: identity.device, name: device_name(), number: identity.device_number };
                drafts.push(Draft::new(Stream::Tenant, "device", &device)?);
            }
            Ok((drafts, ()))
        })
        .await?;
        let mut shops = self.shops.get_untracked();
        shops.push(row);
        dukandar_core::order::by_key(&mut shops, |row| row.id);
        let tx = db.write(&[META])?;
        tx.set_meta(SHOPS, &shops)?;
        tx.commit().await?;
        self.open_database(storage::OWN).await?;
        self.journal_changed();
        Ok(id)
    }
}

/// What people call this device, until they name it.
pub(super) fn device_name() -> String {
    let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok()).unwrap_or_default();
    let known = ["iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux"];
    known.into_iter().find(|name| agent.contains(name)).unwrap_or("Browser").to_owned()
}

/// A branch as a record.
pub(super) fn shop_draft(row: &ShopRow) -> Result<Draft, StorageError> {
    let ShopRow { id, name, code, city, currency, zone, bargaining } = row.clone();
    Draft::new(Stream::Tenant, "shop", &Shop { id, name, code, city, currency, zone, bargaining })
}

/// Up to three initials in Latin letters for receipt numbers; `S` where the name has none. A number makes it
/// another one than those in use: two branches never print the same receipt number.
pub(super) fn shop_code(name: &str, used: &[ShopRow]) -> String {
    let initials: String = name
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .filter(char::is_ascii_alphanumeric)
        .take(3)
        .collect();
    let stem = if initials.is_empty() { "S".to_owned() } else { initials.to_ascii_uppercase() };
    let numbered = (2..).map(|number: u32| format!("{stem}{number}"));
    let mut codes = std::iter::once(stem.clone()).chain(numbered);
    codes.find(|code| used.iter().all(|shop| shop.code != *code)).unwrap_or(stem)
}
