//! Everything the app says, as one struct: a language that lacks a sentence does not compile. `{0}`, `{1}` … stand for
//! arguments, see [`super::Lang::fill`].

pub use super::plural::{Plural, plural};

type S = &'static str;

/// One language.
#[allow(missing_docs, reason = "fields are named for the sentence they hold; en.rs says it in English")]
#[cfg_attr(test, derive(Debug))]
pub struct Messages {
    pub common: Common,
    pub nav: Nav,
    pub date: Dates,
    pub welcome: Welcome,
    pub login: Login,
    pub today: TodayText,
    pub sell: Sell,
    pub receipt: ReceiptText,
    pub stock: StockText,
    pub import: ImportText,
    pub reorder: ReorderText,
    pub customers: CustomersText,
    pub settings: SettingsText,
    pub sync: SyncText,
    pub attention: AttentionText,
    pub reason: Reasons,
    pub reject: Rejects,
    pub segment: Segments,
    pub trouble: Troubles,
    pub outlook: super::outlook::OutlookText,
    pub quality: super::quality::QualityText,
    pub khata: super::khata::KhataText,
    pub day: super::day::DayText,
    pub bargain: super::bargain::BargainText,
    pub papers: super::papers::PapersText,
    pub units: super::units::UnitText,
    pub opening: super::opening::OpeningText,
    pub counter: super::counter::CounterText,
    pub receive: super::receive::ReceiveText,
    pub camera: super::camera::CameraText,
    pub mistake: super::mistake::MistakeText,
}

#[allow(missing_docs, reason = "see Messages")]
#[cfg_attr(test, derive(Debug))]
pub struct Common {
    pub app: S,
    pub lakh: S,
    pub crore: S,
    pub close: S,
    pub cancel: S,
    pub save: S,
    pub undo: S,
    pub retry: S,
    pub clear: S,
    pub loading: S,
    pub view_table: S,
    pub day: S,
    pub expected: S,
    pub sold: S,
    pub low: S,
    pub high: S,
    pub sample: S,
    pub days: Plural,
    pub pieces: Plural,
    pub skip_to_content: S,
    pub show_more: S,
    pub not_found: S,
    pub not_found_help: S,
    pub no_match: S,
    pub no_match_help: S,
    pub comma: S,
    pub optional: S,
}

#[allow(missing_docs, reason = "see Messages")]
#[cfg_attr(test, derive(Debug))]
pub struct Nav {
    pub label: S,
    pub today: S,
    pub sell: S,
    pub stock: S,
    pub import: S,
    pub reorder: S,
    pub customers: S,
    pub settings: S,
    pub more: S,
}

#[allow(missing_docs, reason = "see Messages")]
#[cfg_attr(test, derive(Debug))]
pub struct Dates {
    pub weekdays: [S; 7],
    pub months: [S; 12],
    /// `{0}` day, `{1}` month, `{2}` year.
    pub full: S,
    /// `{0}` day, `{1}` month.
    pub short: S,
    /// `{0}` weekday, `{1}` date.
    pub with_weekday: S,
    pub today: S,
    pub yesterday: S,
    pub days_ago: Plural,
    pub just_now: S,
    pub minutes_ago: Plural,
    pub hours_ago: Plural,
}

#[allow(missing_docs, reason = "see Messages")]
#[cfg_attr(test, derive(Debug))]
pub struct Welcome {
    pub title: S,
    pub promise: S,
    pub sample: S,
    pub sample_help: S,
    pub sample_busy: S,
    pub own: S,
    pub own_help: S,
    pub shop_name: S,
    pub shop_name_hint: S,
    pub city: S,
    pub currency: S,
    pub open_shop: S,
    pub have_account: S,
    pub sign_in: S,
    pub points: [S; 3],
}

#[allow(missing_docs, reason = "see Messages")]
#[cfg_attr(test, derive(Debug))]
pub struct Login {
    pub sign_in: S,
    pub sign_up: S,
    pub why: S,
    pub login: S,
    pub login_hint: S,
    pub password: S,
    pub password_hint: S,
    pub business: S,
    pub to_sign_up: S,
    pub to_sign_in: S,
    pub busy: S,
    pub without: S,
}

#[allow(missing_docs, reason = "see Messages")]
#[cfg_attr(test, derive(Debug))]
pub struct TodayText {
    pub title: S,
    pub sales: S,
    pub profit: S,
    pub pieces: S,
    pub cash: S,
    pub receivable: S,
    pub payable: S,
    pub overdue: S,
    pub nothing_overdue: S,
    pub in_drawer: S,
    pub to_suppliers: S,
    /// `{0}` percentage, `{1}` weekday.
    pub more_than: S,
    pub less_than: S,
    pub same_as: S,
    pub nothing_before: S,
    /// `{0}` money, last week's figure.
    pub trend: S,
    pub trend_unit: S,
    /// `{0}` days, `{1}` low, `{2}` high.
    pub trend_total: S,
    pub trend_summary: S,
    pub trend_accuracy: S,
    pub trend_better: S,
    pub trend_coverage: S,
    pub trend_too_little: Plural,
    pub today_mark: S,
    pub band: S,
    pub actions: S,
    pub no_actions: S,
    pub at_stake: S,
    pub act_order: S,
    pub act_clear: S,
    pub act_collect: S,
    pub act_win_back: Plural,
    pub act_count: Plural,
    pub act_look: S,
    pub urgent: S,
    pub soon: S,
    pub later: S,
    pub data_until: S,
    /// `{0}` receipts, `{1}` products, `{2}` customers.
    pub counts: S,
    pub empty: S,
    pub empty_sell: S,
    pub empty_import: S,
    pub last_sale: S,
    pub day_sales: S,
    pub day_profit: S,
    pub more_than_before: S,
    pub less_than_before: S,
    pub same_as_before: S,
    pub nothing_the_day_before: S,
    pub sample_note: S,
    pub remove_sample: S,
}

#[allow(missing_docs, reason = "see Messages")]
#[cfg_attr(test, derive(Debug))]
pub struct Sell {
    pub title: S,
    pub search: S,
    pub search_hint: S,
    pub items: S,
    pub cart: S,
    pub cart_empty: S,
    pub cart_empty_help: S,
    pub lines: Plural,
    pub customer: S,
    pub no_customer: S,
    pub total: S,
    pub charge: S,
    pub clear_cart: S,
    pub cleared: S,
    pub removed: S,
    pub more_of: S,
    pub less_of: S,
    pub price_of: S,
    pub no_price: S,
    pub in_stock: S,
    pub out_of_stock: S,
    pub not_counted: S,
    pub cash: S,
    pub received: S,
    pub change: S,
    pub short_by: S,
    pub exact: S,
    pub confirm: S,
    pub not_found: S,
    pub no_products: S,
    pub no_products_help: S,
    pub keys: S,
}

#[allow(missing_docs, reason = "see Messages")]
#[cfg_attr(test, derive(Debug))]
pub struct ReceiptText {
    pub title: S,
    pub number: S,
    pub discount: S,
    pub total: S,
    pub change: S,
    pub print: S,
    pub next: S,
    pub share: S,
    pub thanks: S,
    pub not_here: S,
    pub not_here_help: S,
    pub width: S,
    pub saved_here: S,
    pub methods: [S; 8],
}

#[allow(missing_docs, reason = "see Messages")]
#[cfg_attr(test, derive(Debug))]
pub struct StockText {
    pub title: S,
    pub search: S,
    pub products: Plural,
    pub product: S,
    pub price: S,
    pub on_hand: S,
    pub sold_30: S,
    pub last_sold: S,
    pub never: S,
    pub not_counted: S,
    pub no_price: S,
    pub add: S,
    pub add_title: S,
    pub name: S,
    pub name_hint: S,
    pub sku: S,
    pub category: S,
    pub brand: S,
    pub cost: S,
    pub opening: S,
    pub imeis: S,
    pub set_price: S,
    pub count: S,
    pub counted: S,
    pub count_help: S,
    pub empty: S,
    pub import: S,
    pub saved: S,
    pub price_saved: S,
    pub count_saved: S,
    pub filter_all: S,
    pub filter_low: S,
    pub filter_uncounted: S,
    pub bad_number: S,
    pub need_name: S,
    pub forecast: S,
}

#[allow(missing_docs, reason = "see Messages")]
#[cfg_attr(test, derive(Debug))]
pub struct ImportText {
    pub title: S,
    pub drop: S,
    pub choose: S,
    pub formats: S,
    pub reading: S,
    pub preview: S,
    pub columns_help: S,
    pub column: S,
    pub means: S,
    pub example: S,
    pub ignore: S,
    pub currency: S,
    pub currency_turns: S,
    pub currency_refused: S,
    pub date_order: S,
    pub day_first: S,
    pub month_first: S,
    pub date_auto: S,
    pub keep_duplicates: S,
    pub keep_duplicates_help: S,
    pub on_reject: S,
    pub on_reject_help: S,
    pub start: S,
    pub running: S,
    pub rows_read: S,
    pub cancelled: S,
    pub done: S,
    pub nothing_new: S,
    pub rows_in: S,
    pub kept: S,
    pub already: S,
    pub rejected: S,
    pub receipts: S,
    pub rounded: S,
    pub span: S,
    pub duplicates_held: S,
    pub keep_them: S,
    pub rejects: S,
    pub line: S,
    pub why: S,
    pub found: S,
    pub download: S,
    pub whole_file: S,
    pub see_today: S,
    pub another: S,
    pub missing: S,
    /// In the order of core's `Field`.
    pub fields: [S; 17],
    pub first_rejects: S,
}

#[allow(missing_docs, reason = "see Messages")]
#[cfg_attr(test, derive(Debug))]
pub struct ReorderText {
    pub title: S,
    pub help: S,
    pub at_risk: S,
    pub stock: S,
    pub runway: S,
    pub runway_range: S,
    pub runway_beyond: S,
    pub runway_today: S,
    pub order: S,
    pub cost: S,
    pub cost_unknown: S,
    pub budget: S,
    pub no_budget: S,
    pub wanted: S,
    pub whatsapp: S,
    pub csv: S,
    pub order_text: S,
    pub empty: S,
    pub empty_help: S,
    pub uncounted: Plural,
    pub unplanned: Plural,
    pub count_now: S,
    pub dead: S,
    pub dead_line: S,
    pub tied_up: S,
    pub confidence: S,
    pub no_confidence: S,
    pub selected: Plural,
    pub include: S,
    pub pieces_of: S,
    pub place: S,
    pub refuse: S,
    pub placed: S,
    pub refused: S,
    pub on_the_way: S,
    pub on_the_way_help: S,
    pub supplier_unknown: S,
    pub arrived: S,
    pub arrived_help: S,
    pub received: S,
    pub take_back: S,
    pub taken_back: S,
}

#[allow(missing_docs, reason = "see Messages")]
#[cfg_attr(test, derive(Debug))]
pub struct CustomersText {
    pub title: S,
    pub grid: S,
    pub grid_help: S,
    pub frequent: S,
    pub recency_steps: [S; 5],
    pub frequency_steps: [S; 5],
    pub cell: S,
    pub segments: S,
    pub list: S,
    pub list_all: S,
    pub show_all: S,
    pub purchases: Plural,
    pub last_visit: S,
    pub spend: S,
    pub owes: S,
    pub unnamed: S,
    pub few_known: S,
    pub empty: S,
    pub receipts: S,
    pub favourites: S,
    pub never_bought: S,
    pub scores: S,
    pub recency: S,
    pub frequency: S,
    pub monetary: S,
    pub as_of: S,
    pub sell_to: S,
}

#[allow(missing_docs, reason = "see Messages")]
#[cfg_attr(test, derive(Debug))]
pub struct SettingsText {
    pub title: S,
    pub language: S,
    pub grouping: S,
    pub thousands: S,
    pub lakhs: S,
    pub shops: S,
    pub shop_all: S,
    pub add_shop: S,
    pub shop_added: S,
    pub devices: S,
    pub devices_sign_in: S,
    pub this_device: S,
    pub last_seen: S,
    pub revoked: S,
    pub revoke: S,
    pub sync: S,
    pub sync_now: S,
    pub storage: S,
    pub storage_kept: S,
    pub storage_may_go: S,
    pub storage_refused: S,
    pub sample: S,
    pub sample_help: S,
    pub remove_sample: S,
    pub sample_removed: S,
    pub account: S,
    pub signed_in_as: S,
    pub sign_out: S,
    pub sign_out_warning: S,
    pub sign_in: S,
    pub sign_in_help: S,
    pub install: S,
    pub install_help: S,
    pub version: S,
    pub show: S,
}

#[allow(missing_docs, reason = "see Messages")]
#[cfg_attr(test, derive(Debug))]
pub struct SyncText {
    pub local: S,
    pub saved: S,
    pub to_send: Plural,
    pub offline: S,
    pub sending: S,
    pub attention: Plural,
    pub sign_in: S,
    pub update_ready: S,
    pub update_now: S,
    pub update_cart: S,
}

#[allow(missing_docs, reason = "see Messages")]
#[cfg_attr(test, derive(Debug))]
pub struct AttentionText {
    pub title: S,
    pub none: S,
    pub aside: S,
    pub remarks: S,
    pub take: S,
    pub drop: S,
    pub taken: S,
    pub dropped: S,
    pub seen: S,
    /// Kinds of record as a shopkeeper names them; the first stands for all others.
    pub kinds: [S; 11],
    /// In the order of core's `QuarantineReason`.
    pub reasons: [S; 7],
    /// In the order of core's `Flag`.
    pub flags: [S; 7],
}

#[allow(missing_docs, reason = "see Messages")]
#[cfg_attr(test, derive(Debug))]
pub struct Reasons {
    pub sells: S,
    pub runs_out: S,
    pub runs_out_open: S,
    pub out: S,
    pub supplier_learned: S,
    pub supplier_assumed: S,
    pub on_order: S,
    pub no_sale: Plural,
    pub tied_up: S,
    pub stock_unknown: S,
    pub too_little: Plural,
    pub unusual_more: S,
    pub unusual_less: S,
    pub last_bought: Plural,
    pub last_bought_usual: S,
    pub owes: S,
    pub budget_cut: S,
    pub judged_by_alike: Plural,
    pub life_ends: S,
}

#[allow(missing_docs, reason = "see Messages")]
#[cfg_attr(test, derive(Debug))]
pub struct Rejects {
    pub empty_file: S,
    pub not_utf8: S,
    pub not_text: S,
    pub too_large: S,
    pub missing_column: S,
    pub wrong_field_count: S,
    pub unclosed_quote: S,
    pub half_row: S,
    pub not_a_number: S,
    pub out_of_range: S,
    pub not_a_date: S,
    pub mixed_date_order: S,
    pub negative_price: S,
    pub empty: S,
    pub duplicate_row: S,
    pub contradicts_receipt: S,
    pub unknown_reference: S,
    pub unknown_kind: S,
    pub malformed: S,
}

/// Name and what to do, in the order of core's `Segment`.
#[cfg_attr(test, derive(Debug))]
pub struct Segments {
    /// Names.
    pub names: [S; 8],
    /// One sentence each: what to do.
    pub advice: [S; 8],
}

#[allow(missing_docs, reason = "see Messages")]
#[cfg_attr(test, derive(Debug))]
pub struct Troubles {
    pub title: S,
    pub unauthorized: S,
    pub wrong_password: S,
    pub forbidden: S,
    pub device_revoked: S,
    pub not_found: S,
    pub login_taken: S,
    pub tenant_taken: S,
    pub too_many: S,
    pub invalid: S,
    pub too_large: S,
    pub other_protocol: S,
    pub unavailable: S,
    pub internal: S,
    pub offline: S,
    pub unreadable: S,
    pub storage_full: S,
    pub storage_unavailable: S,
    pub storage_blocked: S,
    pub storage_outdated: S,
    pub other_business: S,
    pub no_shop: S,
    pub not_here: S,
    pub file_unreadable: S,
    pub busy: S,
    pub not_saved: S,
    pub worker_down: S,
    pub other: S,
}
