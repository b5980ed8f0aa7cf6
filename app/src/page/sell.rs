//! Sell: find it, put it on the bill, take the money. Never waits for the worker or the network.

use super::{
    answered, at_counter, bargain,
    bill::{self, Buyer},
    camera::scan_button,
    clock_note::clock_note,
    customers::open_name,
    find::{by_code, find},
    holding,
    lazy::warm_counter,
    now_and_shop,
    pay::pay_sheet,
    pick::pick_sheet,
    product::{Subject, add_sheet, price_sheet},
    take_back::payable,
    unit_pick::{self, UnitPick},
    visits,
};
use crate::{
    component::{Drawing, bdi, empty, icon, money, sheet, toasts, watch},
    i18n::lang,
};
use dukandar_app::{
    plain::scan::{Burst, whole},
    state::{AppState, app},
};
use dukandar_core::{
    imei,
    insight::catalog::{Catalog, CatalogItem},
    task::{Answer, Task},
};
use leptos::{ev, html, prelude::*};
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// Tiles drawn at once; searching is quicker than scrolling further.
const SHOWN: usize = 60;

#[derive(Clone, Copy)]
struct Till {
    app: AppState,
    catalog: RwSignal<Option<Arc<Catalog>>>,
    query: RwSignal<String>,
    limit: RwSignal<usize>,
    search: NodeRef<html::Input>,
    paying: RwSignal<bool>,
    submit: RwSignal<u32>,
    priceless: RwSignal<Option<Subject>>,
    picking: RwSignal<bool>,
    piece: RwSignal<Option<Subject>>,
    /// Whether pieces are found by what is typed.
    pieces: RwSignal<bool>,
}

impl Till {
    fn focus(self) {
        if let Some(search) = self.search.get_untracked() {
            // The field is on the page as long as the reference is filled.
            let _ = search.focus();
        }
    }

    /// One tap or one scan.
    fn put(self, item: &CatalogItem) {
        match item.price {
            Some(_) if item.imei_count > 0 || item.units > 0 => self.piece.set(Some(item.into())),
            Some(price) => bill::add(self.app, item, price),
            None => self.priceless.set(Some(item.into())),
        }
        self.query.set(String::new());
        self.focus();
    }

    /// A code came in; says so when no product has it.
    fn scanned(self, code: &str) {
        let by_code = |code: &str| {
            self.catalog.with_untracked(|catalog| {
                catalog.as_ref().and_then(|catalog| by_code(catalog, code).cloned())
            })
        };
        let typed = self.query.get_untracked();
        let code = whole(code, &typed, |field| unit_pick::is_code(field) || by_code(field).is_some());
        match by_code(code) {
            Some(item) => self.put(&item),
            None if unit_pick::is_code(code) => self.find_piece(code),
            None => {
                let lang = untrack(lang);
                toasts().say(lang.fill(lang.t().sell.not_found, &[code]));
                self.query.set(String::new());
            }
        }
    }

    /// The piece with this IMEI goes on the bill at once.
    fn find_piece(self, code: &str) {
        let done = Callback::new(move |()| {
            self.piece.set(None);
            self.query.set(String::new());
            self.focus();
        });
        unit_pick::scan(self.app, code.to_owned(), done);
    }

    /// The item of a subject.
    fn item(self, about: &Subject) -> Option<CatalogItem> {
        self.catalog.with_untracked(|catalog| {
            catalog
                .as_ref()
                .and_then(|catalog| catalog.items.iter().find(|item| item.id == about.id).cloned())
        })
    }

    /// Enter in the search: the very code, or the only product that is left.
    fn enter(self) {
        let query = self.query.get_untracked();
        let found = self.catalog.with_untracked(|catalog| {
            let catalog = catalog.as_ref()?;
            let mut hits = find(catalog, &query);
            let only = hits.next().filter(|_| hits.next().is_none() && !query.trim().is_empty());
            by_code(catalog, &query).or(only).cloned()
        });
        match found {
            Some(item) => self.put(&item),
            None if imei::ending(&query).is_some() => self.find_piece(&query),
            None => {}
        }
    }

    fn pay(self) {
        if self.app.cart.with_untracked(|cart| !cart.is_empty()) {
            self.paying.set(true);
        }
    }
}

/// The page.
pub fn sell() -> impl IntoView {
    let app = app();
    let till = Till {
        app,
        catalog: RwSignal::new(None),
        query: RwSignal::new(String::new()),
        limit: RwSignal::new(SHOWN),
        search: NodeRef::new(),
        paying: RwSignal::new(false),
        submit: RwSignal::new(0),
        priceless: RwSignal::new(None),
        picking: RwSignal::new(false),
        piece: RwSignal::new(None),
        pieces: RwSignal::new(false),
    };
    provide_context(UnitPick(till.piece));
    let asked = app.ask(move || {
        let (now, shop) = now_and_shop(app);
        Some(Task::Catalog { shop, now })
    });
    watch(move || {
        asked.with(|asked| {
            if let Some(Answer::Catalog(catalog)) = asked.answer() {
                till.catalog.set(Some(Arc::new(catalog.clone())));
            }
        });
    });
    watch(move || {
        if till.search.get().is_some() {
            till.focus();
        }
    });
    listen(till);
    warm_counter();
    let haggle = bargain::Haggle::provide(app, till.catalog);
    watch(move || {
        if let Some(catalog) = till.catalog.get() {
            app.renew_floors(&catalog);
        }
    });
    let row = open_name(app, move || app.cart.with(|cart| cart.customer));
    let buyer = Buyer { row, pick: till.picking };

    let adding = RwSignal::new(false);
    let bill_open = RwSignal::new(false);
    let pay = Callback::new(move |()| {
        bill_open.set(false);
        till.pay();
    });
    let priced = Callback::new(move |(about, price): (Subject, _)| match till.item(&about) {
        Some(item) if item.imei_count > 0 || item.units > 0 => {
            till.piece.set(Some(Subject { price: Some(price), ..about }));
        }
        Some(item) => bill::add(app, &item, price),
        None => {}
    });
    let without = Callback::new(move |about: Subject| {
        if let Some((item, price)) = till.item(&about).zip(about.price) {
            bill::add(app, &item, price);
        }
        till.focus();
    });
    let found = Callback::new(move |()| {
        till.query.set(String::new());
        till.focus();
    });
    let bill_title = Signal::derive(|| lang().t().sell.cart.to_owned());
    let bill_body = move || view! { {bill::lines(app, buyer)} {bill::foot(app, pay)} }.into_any();
    let products = answered(asked, 8, move |_, _| {
        let catalog = till.catalog.get()?;
        Some(tiles(till, &catalog, adding))
    });
    view! {
        <h1 class="sr">{move || lang().t().sell.title}</h1>
        {clock_note(app)}
        <div class="till">
            <section class="till-items" aria-label=move || lang().t().sell.items>
                {search_field(till)}
                <div class="till-tools flow no-print">
                    {at_counter::button(app)}
                    {bargain::button(haggle)}
                    {holding::button(app)}
                    {unit_pick::button()}
                    {visits::button(app)}
                    {visits::missing_button(app, till.catalog, till.query, till.picking)}
                </div>
                {unit_pick::hits(app, till.query, found, till.pieces)}
                {products}
            </section>
            <section class="bill card flush" aria-label=move || lang().t().sell.cart>
                <div class="card-head">
                    <h2>{move || lang().t().sell.cart}</h2>
                    <span class="fine">{move || summary(app)}</span>
                </div>
                {bill::lines(app, buyer)}
                {bill::foot(app, pay)}
            </section>
        </div>
        {bill_bar(app, bill_open, pay)}
        {sheet(bill_open, bill_title, "bill-sheet", bill_body)}
        {pay_sheet(app, buyer, till.paying, till.submit)}
        {pick_sheet(till.picking, Callback::new(move |who| app.cart.update(|cart| cart.customer = Some(who))))}
        {price_sheet(till.priceless, priced)}
        {unit_pick::pick_sheet(till.piece, without)}
        {add_sheet(adding)}
        {bargain::sheets(haggle)}
        <p class="fine from-desktop no-print">{move || lang().t().sell.keys}</p>
    }
}

/// How much is on the bill, and in which branch it will be written down.
fn summary(app: AppState) -> String {
    let lang = lang();
    let items = lang.plural(lang.t().sell.lines, app.cart.with(|cart| cart.lines.len() as u64));
    match app.writing_shop() {
        Some(shop) if app.shops.with(|shops| shops.len() > 1) => format!("{items} · {}", shop.name),
        _ => items,
    }
}

/// On a phone the bill waits below, with its total and the button to charge it.
fn bill_bar(app: AppState, open: RwSignal<bool>, pay: Callback<()>) -> AnyView {
    let count = move || summary(app);
    let bar = move || {
        app.cart.with(|cart| !cart.is_empty()).then(|| {
            view! {
                <div class="bill-bar no-print">
                    <button class="peek" type="button" data-testid="open-bill" aria-haspopup="dialog" on:click=move |_| open.set(true)>
                        <span class="fine">{count}</span>
                        <b>{move || money(lang(), payable(app), app.currency())}</b>
                    </button>
                    <button class="button primary tall" type="button" data-testid="charge-phone" on:click=move |_| pay.run(())>
                        {icon("banknote")} {move || lang().t().sell.charge}
                    </button>
                </div>
            }
        })
    };
    view! { {bar} }.into_any()
}

fn search_field(till: Till) -> AnyView {
    // On a touch screen the field keeps the focus for a scanner without raising the keyboard, until it is tapped.
    let tapped = RwSignal::new(!matches_media("(pointer: coarse)"));
    let read = Callback::new(move |code: String| till.scanned(&code));
    view! {
        <div class="search-row">
            <div class="search">
                {icon("search")}
                <input
                    class="input"
                    type="search"
                    node_ref=till.search
                    inputmode=move || if tapped.get() { "search" } else { "none" }
                    autocomplete="off"
                    spellcheck="false"
                    data-testid="pos-search"
                    aria-label=move || format!("{}: {}", lang().t().sell.search, lang().t().sell.search_hint)
                    placeholder=move || lang().t().sell.search
                    prop:value=move || till.query.get()
                    on:pointerdown=move |_| tapped.set(true)
                    on:input=move |event| { till.limit.set(SHOWN); till.query.set(event_target_value(&event)); }
                />
            </div>
            {scan_button(read, Some(Callback::new(move |()| till.focus())))}
        </div>
    }
    .into_any()
}

fn matches_media(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|list| list.matches())
}

fn tiles(till: Till, catalog: &Catalog, adding: RwSignal<bool>) -> AnyView {
    let lang = lang();
    let t = &lang.t().sell;
    if catalog.items.iter().all(|item| item.open.is_some()) {
        let actions = view! {
            <button class="button primary" type="button" on:click=move |_| adding.set(true)>{icon("plus")} {lang.t().stock.add}</button>
            <a class="button" href="/stock/import">{icon("upload")} {lang.t().stock.import}</a>
        };
        return view! { <div class="card">{empty(Drawing::Shelf, t.no_products, t.no_products_help, actions.into_any())}</div> }.into_any();
    }
    let query = till.query.get();
    let limit = till.limit.get();
    let hits: Vec<&CatalogItem> = find(catalog, &query).take(limit + 1).collect();
    // A number may be that of a piece: those are listed above.
    if hits.is_empty() && till.pieces.get() {
        return ().into_any();
    }
    if hits.is_empty() {
        let clear = move || {
            till.query.set(String::new());
            till.focus();
        };
        let missing = move |_| {
            visits::missing_words(till.app, &till.query.get_untracked());
            clear();
        };
        let words = lang.t();
        let buttons = view! {
            <button class="button primary" type="button" data-testid="missing" on:click=missing>{icon("search-x")} {words.counter.missing}</button>
            <button class="button" type="button" on:click=move |_| clear()>{words.common.clear}</button>
        };
        let nothing = lang.fill(words.common.no_match, &[&query]);
        return view! { <div class="card">{empty(Drawing::Shelf, nothing, words.common.no_match_help, buttons.into_any())}</div> }.into_any();
    }
    let shown = hits.iter().take(limit).map(|item| {
        let price = match item.price {
            Some(price) => money(lang, price, catalog.currency),
            None => view! { <span class="warn">{t.no_price}</span> }.into_any(),
        };
        let stock = match item.on_hand {
            None => view! { <span class="sub">{t.not_counted}</span> }.into_any(),
            Some(left) if left.0 <= 0 => view! { <span class="sub warn">{t.out_of_stock}</span> }.into_any(),
            Some(left) => {
                view! { <span class="sub">{lang.fill(t.in_stock, &[&lang.quantity(left)])}</span> }.into_any()
            }
        };
        let name = item.name.clone();
        let code = item.cost.and_then(|cost| till.app.in_code(cost));
        let code =
            code.map(|code| view! { <span class="sub code" data-testid="tile-code">{bdi(code)}</span> });
        let item = (*item).clone();
        view! {
            <button class="tile" type="button" data-testid="product" on:click=move |_| till.put(&item)>
                <span class="name">{name}</span>
                {stock}
                {code}
                <span class="price">{price}</span>
            </button>
        }
    });
    let more = (hits.len() > limit).then(|| {
        view! {
            <div class="pad"><button class="button wide" type="button" on:click=move |_| till.limit.update(|limit| *limit += SHOWN)>{lang.t().common.show_more}</button></div>
        }
    });
    view! { <div class="card flush"><div class="tiles">{shown.collect_view()}</div>{more}</div> }.into_any()
}

/// Whether no field takes the key.
fn typed_nowhere(event: &ev::KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_none_or(|element| !matches!(element.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA"))
}

/// Keys of the whole page: the scanner's burst and the shortcuts of the trade.
fn listen(till: Till) {
    let burst = StoredValue::new(Burst::default());
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.alt_key() {
            match event.code().as_str() {
                "Digit3" => till.focus(),
                "Digit5" => till.picking.set(true),
                "KeyD" => till.pay(),
                "KeyX" if till.paying.get_untracked() => till.submit.update(|count| *count += 1),
                _ => return,
            }
            event.prevent_default();
            return;
        }
        if event.ctrl_key() || event.meta_key() {
            return;
        }
        let key = event.key();
        let code = burst.try_update_value(|burst| burst.key(&key, event.time_stamp())).flatten();
        let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let in_search = field.is_some() && field.as_ref() == till.search.get_untracked().as_ref();
        if let Some(code) = code {
            event.prevent_default();
            event.stop_propagation();
            // What the scanner typed into another field is taken out of it again.
            if let Some(field) = field.filter(|_| !in_search) {
                let kept = field.value();
                field.set_value(kept.strip_suffix(code.as_str()).unwrap_or(&kept));
            }
            till.scanned(&code);
        } else if in_search && key == "Enter" {
            event.prevent_default();
            till.enter();
        } else if typed_nowhere(&event)
            && key.chars().count() == 1
            && key != " "
            && !till.paying.get_untracked()
            && !till.picking.get_untracked()
            && document().query_selector("dialog[open]").is_ok_and(|open| open.is_none())
        {
            // A letter typed nowhere is meant for the search; it lands there because the focus does.
            till.focus();
        }
    });
    on_cleanup(move || handle.remove());
}
