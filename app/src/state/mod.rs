//! What pages read and do: signals and actions. There is one [`AppState`].
//!
//! Pages call `app()` and read its signals; no page touches storage, network or the worker. Actions that
//! can fail return a [`Problem`] that the page puts into the reader's language.

mod account;
mod approval;
mod ask;
mod attention;
mod bargain;
mod boot;
mod camera;
mod context;
mod day;
mod device;
mod file;
mod give_back;
mod held;
mod import;
mod inner;
mod khata;
mod locale;
mod opening;
mod order;
mod people;
mod pin;
mod printer;
mod problem;
mod receipt;
mod shop;
mod stock;
mod taken;
mod team;
mod till;
mod transfer;
mod units;
mod unusual;
mod visit;

pub use crate::effect::journal::Hand;
pub use crate::plain::Locale;
pub use account::Account;
pub use ask::Asked;
pub use attention::{Noted, SetAside};
pub use bargain::{Agreed, asked_lines};
pub use boot::Boot;
pub use camera::{Camera, CameraTrouble, cameras, next_look, open_camera};
pub use day::Counted;
pub use device::Persistence;
pub use file::{save_csv, share_png};
pub use give_back::{GoingBack, due};
pub use held::Held;
pub use import::ImportState;
pub use khata::Act;
pub use locale::Numbers;
pub use opening::{OpeningGoods, OpeningStep};
pub use order::{Came, Decision};
pub use pin::{Tried, is_pin};
pub use printer::{Printer, PrinterTrouble};
pub use problem::Problem;
pub use receipt::Paper;
pub use stock::NewProduct;
pub use taken::Taken;
pub use team::{MemberEdit, TeamMember};
pub use till::{Cart, CartLine, LineKey, Receipt, Terms};
pub use units::{Intake, small_photo};
pub use visit::Note;

use crate::{effect::clock, message::SyncState, plain::paper_style::PaperStyle};
use dukandar_core::{
    bargain::Request,
    id::{CustomerId, ShopId, UnitId},
    money::{Currency, Grouping},
    privacy::seal::Sealed,
    record::Person,
    table::ShopRow,
    time::{Day, Timestamp, Zone},
};
use inner::Inner;
use leptos::prelude::*;
use std::{cell::Cell, collections::BTreeMap, rc::Rc};

/// The state of the app. Copied freely: its fields are handles.
#[derive(Clone, Copy)]
pub struct AppState {
    /// How far the app is.
    pub boot: RwSignal<Boot>,
    /// Language of the screen. Change it with [`AppState::set_locale`].
    pub locale: RwSignal<Locale>,
    /// Grouping of digits.
    pub numbers: RwSignal<Numbers>,
    /// True in the sample shop.
    pub sample: RwSignal<bool>,
    /// The branches.
    pub shops: RwSignal<Vec<ShopRow>>,
    /// The branch that is looked at; none for all together.
    pub shop: RwSignal<Option<ShopId>>,
    /// The present, in steps of ten minutes: for tasks. Exact instants are taken when something is written.
    pub now: RwSignal<Timestamp>,
    /// Version of the tables; answers of an older one are shown as stale.
    pub version: RwSignal<u64>,
    /// The bill being made. It outlives language switches and page changes.
    pub cart: RwSignal<Cart>,
    /// What the owner was asked in the last half hour, oldest first.
    pub approvals: RwSignal<Vec<Request>>,
    /// Bills that wait.
    pub held: RwSignal<Vec<Held>>,
    /// How papers look.
    pub paper_style: RwSignal<PaperStyle>,
    /// The receipt printer that this device remembers.
    pub printer: RwSignal<Option<Printer>>,
    /// Numbers of pieces that a screen has asked for.
    pub codes: RwSignal<BTreeMap<UnitId, String>>,
    /// Sales lines in the books; none until the tables were read.
    pub lines: RwSignal<Option<u64>>,
    /// Names that a screen has asked for, in memory only; none where the person was erased.
    people: RwSignal<BTreeMap<CustomerId, (Sealed, Option<Person>)>>,
    /// Where sync stands.
    pub sync: RwSignal<SyncState>,
    /// Whether the browser has a network.
    pub online: RwSignal<bool>,
    /// Who is signed in.
    pub account: RwSignal<Option<Account>>,
    /// A PIN is set on this device.
    pub has_pin: RwSignal<bool>,
    /// The counter is locked: see [`AppState::may`].
    pub locked: RwSignal<bool>,
    /// The people of the shop, opened.
    pub team: RwSignal<Vec<TeamMember>>,
    /// Who of them stands at the counter; it is locked then.
    pub hand: RwSignal<Option<Hand>>,
    /// The till shows the button that notes visits. Change it with [`AppState::set_noting`].
    pub noting: RwSignal<bool>,
    /// Whether the browser promised to keep the data.
    pub persistence: RwSignal<Persistence>,
    /// The browser offers to install the app: [`AppState::install`] opens its dialogue.
    pub installable: RwSignal<bool>,
    /// A new version of the app waits: [`AppState::apply_update`] takes it when the cart is empty.
    pub update_ready: RwSignal<bool>,
    /// The import that is prepared, runs, or is done.
    pub import: RwSignal<ImportState>,
    /// Many forecasts are being made: how many are done of how many.
    pub forecasting: RwSignal<Option<(u32, u32)>>,
    /// The last problem that no page was waiting for, for a message at the screen's edge.
    pub notice: RwSignal<Option<Problem>>,
    /// Counts how often everything was asked again by hand.
    round: RwSignal<u64>,
    inner: StoredValue<Rc<Inner>, LocalStorage>,
}

thread_local! {
    static APP: Cell<Option<AppState>> = const { Cell::new(None) };
}

/// The state, from any component, and from what a component has set going.
pub fn app() -> AppState {
    // The root provides it before the first component is built.
    APP.get().expect("AppState::provide has run")
}

impl AppState {
    /// Makes the state, keeps it for [`app`] and opens what this device holds. Called once, by the root.
    pub fn provide() -> Self {
        let state = Self {
            boot: RwSignal::new(Boot::Loading),
            locale: RwSignal::new(Locale::at_start()),
            numbers: RwSignal::new(Numbers::load()),
            sample: RwSignal::new(false),
            shops: RwSignal::new(Vec::new()),
            shop: RwSignal::new(None),
            now: RwSignal::new(boot::coarse(clock::now())),
            version: RwSignal::new(0),
            cart: RwSignal::new(Cart::default()),
            approvals: RwSignal::new(Vec::new()),
            held: RwSignal::new(Vec::new()),
            paper_style: RwSignal::new(printer::kept_style()),
            printer: RwSignal::new(printer::kept()),
            codes: RwSignal::new(BTreeMap::new()),
            lines: RwSignal::new(None),
            people: RwSignal::new(BTreeMap::new()),
            sync: RwSignal::new(SyncState::default()),
            online: RwSignal::new(true),
            account: RwSignal::new(None),
            has_pin: RwSignal::new(false),
            locked: RwSignal::new(false),
            team: RwSignal::new(Vec::new()),
            hand: RwSignal::new(None),
            noting: RwSignal::new(Self::notes_visits_at_start()),
            persistence: RwSignal::new(Persistence::default()),
            installable: RwSignal::new(false),
            update_ready: RwSignal::new(false),
            import: RwSignal::new(ImportState::Idle),
            forecasting: RwSignal::new(None),
            notice: RwSignal::new(None),
            round: RwSignal::new(0),
            inner: StoredValue::new_local(Rc::default()),
        };
        APP.set(Some(state));
        state.start();
        state.watch_approvals();
        state.watch_team();
        state
    }

    fn inner(self) -> Rc<Inner> {
        self.inner.get_value()
    }

    /// Switches the language in place; cart and page stay.
    pub fn set_locale(self, locale: Locale) {
        locale.apply();
        self.locale.set(locale);
    }

    /// Switches how digits are grouped.
    pub fn set_grouping(self, grouping: Grouping) {
        let numbers = Numbers { grouping };
        numbers.keep();
        self.numbers.set(numbers);
    }

    /// The branch that is written to: the one looked at, else the first.
    pub fn writing_shop(self) -> Option<ShopRow> {
        let chosen = self.shop.get();
        self.shops
            .with(|shops| shops.iter().find(|row| Some(row.id) == chosen).or_else(|| shops.first()).cloned())
    }

    /// Currency of the branch that is looked at.
    pub fn currency(self) -> Currency {
        self.writing_shop().map_or(Currency::PKR, |row| row.currency)
    }

    /// Local time of the branch that is looked at.
    pub fn zone(self) -> Zone {
        self.writing_shop().map_or(Zone::KARACHI, |row| row.zone)
    }

    /// The present day in the branch, for tasks.
    pub fn today(self) -> Day {
        self.now.get().day(self.zone())
    }

    /// Chooses the branch that is looked at; none for all together.
    pub fn select_shop(self, shop: Option<ShopId>) {
        self.shop.set(shop);
    }
}
