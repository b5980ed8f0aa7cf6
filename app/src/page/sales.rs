//! Sales: the receipts and returns of this shop's devices, the newest first, found by number, customer, amount or IMEI;
//! beside them the quotations that wait.

use crate::{
    component::{Drawing, badge, bdi, empty, icon, live, loading, money, no_match, page_head, watch},
    i18n::{Lang, lang},
};
use dukandar_app::state::{AppState, app};
use dukandar_core::{
    paper::{Kind, Written},
    time::Zone,
};
use leptos::{prelude::*, task::spawn_local};

/// Rows at once; more letters are quicker than scrolling.
const SHOWN: usize = 60;

/// The page.
pub fn sales() -> impl IntoView {
    let app = app();
    let query = RwSignal::new(String::new());
    let quotes = RwSignal::new(false);
    let found = RwSignal::new(None::<Vec<Written>>);
    let turn = StoredValue::new(0_u32);
    watch(move || {
        let (text, quotations) = (query.get(), quotes.get());
        app.version.track();
        if app.boot.get() != dukandar_app::state::Boot::Ready {
            return;
        }
        let mine = turn.get_value() + 1;
        turn.set_value(mine);
        spawn_local(async move {
            let names = text.trim().is_empty();
            let rows = async { app.papers(quotations, app.search_of(text).await?, SHOWN).await };
            let rows = rows.await;
            if turn.try_get_value() == Some(mine) {
                match rows {
                    Ok(rows) => found.set(Some(rows)),
                    Err(problem) => app.notice.set(Some(problem)),
                }
            }
            if names {
                // Opens the names of those who bought last; without its worker the list goes without.
                let _ = app.find_customers(String::new(), SHOWN as u32).await;
            }
        });
    });
    let tab = move |this: bool, id: &'static str| {
        let words = move || {
            let t = &lang().t().papers;
            if this { t.quotes } else { t.receipts }
        };
        view! {
            <label class="choice">
                <input type="radio" name="papers" data-testid=id prop:checked=move || quotes.get() == this on:change=move |_| { found.set(None); quotes.set(this); }/>
                <span>{words}</span>
            </label>
        }
    };
    let list = live(move || {
        let lang = lang();
        let t = &lang.t().papers;
        let Some(rows) = found.get() else {
            return view! { <div class="card">{loading(6)}</div> }.into_any();
        };
        if !rows.is_empty() {
            let rows = rows.iter().map(|it| row(app, lang, it)).collect_view();
            return view! { <div class="card flush"><ul class="list">{rows}</ul></div> }.into_any();
        }
        let typed = query.get();
        let nothing = if typed.trim().is_empty() {
            let (words, help) =
                if quotes.get() { (t.no_quotes, t.no_quotes_help) } else { (t.no_sales, t.no_sales_help) };
            empty(Drawing::Ledger, words, help, ().into_any())
        } else {
            no_match(&typed, move || query.set(String::new()))
        };
        view! { <div class="card">{nothing}</div> }.into_any()
    });
    view! {
        {move || page_head(lang().t().papers.sales, "", ().into_any())}
        <div class="flow">
            <div class="search">
                {icon("search")}
                <input
                    class="input"
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    data-testid="sales-search"
                    aria-label=move || lang().t().papers.search
                    placeholder=move || lang().t().papers.search
                    prop:value=move || query.get()
                    on:input=move |event| query.set(event_target_value(&event))
                />
            </div>
            <div class="segmented" role="radiogroup" aria-label=move || lang().t().papers.sales>
                {tab(false, "tab-receipts")} {tab(true, "tab-quotes")}
            </div>
        </div>
        {list}
    }
}

fn row(app: AppState, lang: Lang, it: &Written) -> AnyView {
    let t = &lang.t().papers;
    let shop = app.shops.with(|shops| shops.iter().find(|row| row.id == it.shop()).cloned());
    let zone = shop.as_ref().map_or(Zone::KARACHI, |shop| shop.zone);
    let currency = shop.map_or(dukandar_core::money::Currency::PKR, |shop| shop.currency);
    let place = if it.kind() == Kind::Quotation { "quotes" } else { "sales" };
    let mark = match it {
        Written::Return(_) => Some(badge("warn", "undo-2", t.returned)),
        Written::Quotation(quote) if quote.valid_until < app.now.get() => {
            Some(badge("warn", "clock", t.quote_over))
        }
        _ => None,
    };
    let amount = if it.kind() == Kind::Return { -it.total() } else { it.total() };
    let customer = it.customer();
    let who = live(move || {
        let name = customer.and_then(|it| app.person(it)).and_then(|person| person.name);
        name.map(|name| view! { " · " <bdi>{name}</bdi> })
    });
    let (day, time) = (lang.date(it.at().day(zone)), lang.time(it.at(), zone));
    view! {
        <li>
            <a class="row" href=format!("/{place}/{}", it.id()) data-testid="sale-row">
                <span class="name flow">{bdi(it.number())} {mark}</span>
                <span class="amount">{money(lang, amount, currency)}</span>
                <span class="sub"><bdi>{day}</bdi> " " {bdi(time)} {who}</span>
            </a>
        </li>
    }
    .into_any()
}
