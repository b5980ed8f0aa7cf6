//! Customers: the grid of recency and frequency, groups with what to do, the list, one customer.

use super::answered;
use crate::{
    component::{
        Drawing, Figure, badge, bdi, empty, figures, icon, icon_as, list_card, money, page_head, watch,
    },
    i18n::{Lang, lang, segment_index},
};
use dukandar_app::state::{AppState, app};
use dukandar_core::{
    customer::{
        khata::KhataRow,
        rfm::{CustomerList, CustomerProfile, RfmAnswer, RfmRow, Segment},
    },
    id::CustomerId,
    task::{Answer, Task},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::slice;

/// Rows of the list at once.
const PAGE: u32 = 30;
/// Below this share of sales with a known customer, groups say more about the till than about people.
const FEWEST_KNOWN: f64 = 0.3;

/// What the list is narrowed to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chosen {
    All,
    Cell(u8, u8),
    Group(Segment),
}

/// The page.
pub fn customers() -> impl IntoView {
    let app = app();
    let chosen = RwSignal::new(Chosen::All);
    let limit = RwSignal::new(PAGE);
    let rfm = app.ask(move || Some(Task::Rfm { shop: app.shop.get(), today: app.today() }));
    let list = app.ask(move || {
        let (segment, cell) = match chosen.get() {
            Chosen::All => (None, None),
            Chosen::Cell(recency, frequency) => (None, Some((recency, frequency))),
            Chosen::Group(segment) => (Some(segment), None),
        };
        Some(Task::Customers {
            shop: app.shop.get(),
            today: app.today(),
            segment,
            cell,
            offset: 0,
            limit: limit.get(),
        })
    });
    let choose = Callback::new(move |now: Chosen| {
        limit.set(PAGE);
        chosen.update(|chosen| *chosen = if *chosen == now { Chosen::All } else { now });
    });
    watch(move || {
        list.with(|asked| {
            if let Some(Answer::Customers(list)) = asked.answer() {
                open_rows(app, &list.rows);
            }
        });
    });
    let groups = answered(rfm, 8, move |answer, _| match answer {
        Answer::Rfm(rfm) => Some(overview(lang(), rfm, chosen, choose)),
        _ => None,
    });
    let rows = answered(list, 8, move |answer, _| match answer {
        Answer::Customers(list) => Some(rows(app, lang(), list, chosen, limit)),
        _ => None,
    });
    let head = move || {
        let lang = lang();
        let day = rfm.with(|asked| match asked.answer() {
            Some(Answer::Rfm(rfm)) => lang.fill(lang.t().customers.as_of, &[&lang.date(rfm.today)]),
            _ => String::new(),
        });
        page_head(lang.t().customers.title, day, ().into_any())
    };
    view! { {head} {groups} {rows} }
}

fn overview(lang: Lang, rfm: &RfmAnswer, chosen: RwSignal<Chosen>, choose: Callback<Chosen>) -> AnyView {
    let t = &lang.t().customers;
    if rfm.customers == 0 {
        return view! { <div class="card">{empty(Drawing::Counter, t.empty, "", ().into_any())}</div> }
            .into_any();
    }
    if rfm.known_customer_share < FEWEST_KNOWN {
        let share = lang.percent(rfm.known_customer_share);
        return view! { <div class="card">{empty(Drawing::Counter, lang.fill(t.few_known, &[&share]), "", ().into_any())}</div> }.into_any();
    }
    view! { <div class="split">{grid(lang, rfm, chosen, choose)} {segments(lang, rfm, chosen, choose)}</div> }
        .into_any()
}

/// Five shades by rank among the cells, so that one crowded cell does not wash out the rest.
fn heat(customers: u64, most: u64) -> &'static str {
    if customers == 0 {
        return "cell";
    }
    match (customers as f64 / most.max(1) as f64).sqrt() {
        share if share <= 0.2 => "cell heat-1",
        share if share <= 0.4 => "cell heat-2",
        share if share <= 0.6 => "cell heat-3",
        share if share <= 0.8 => "cell heat-4",
        _ => "cell heat-5",
    }
}

fn grid(lang: Lang, rfm: &RfmAnswer, chosen: RwSignal<Chosen>, choose: Callback<Chosen>) -> AnyView {
    let t = &lang.t().customers;
    let most = rfm.grid.iter().flatten().map(|cell| cell.customers).max().unwrap_or_default();
    // The latest visitors stand on top.
    let lines = (1..=5u8).rev().map(|recency| {
        let cells = (1..=5u8).map(|frequency| {
            let cell = rfm.grid[usize::from(recency) - 1][usize::from(frequency) - 1];
            let (r_words, f_words) = (t.recency_steps[usize::from(recency) - 1], t.frequency_steps[usize::from(frequency) - 1]);
            let count = lang.whole(cell.customers as i64);
            let words = lang.fill(t.cell, &[&count, &lang.money(cell.spend, rfm.currency), r_words, f_words]);
            let this = Chosen::Cell(recency, frequency);
            view! {
                <button
                    class=heat(cell.customers, most)
                    type="button"
                    data-testid=format!("cell-{recency}-{frequency}")
                    aria-label=words.clone()
                    title=words
                    aria-pressed=move || (chosen.get() == this).to_string()
                    on:click=move |_| choose.run(this)
                >
                    {bdi(count)}
                </button>
            }
        });
        view! { <span class="axis side">{t.recency_steps[usize::from(recency) - 1]}</span> {cells.collect_view()} }
    });
    let below = t.frequency_steps.map(|words| view! { <span class="axis">{words}</span> });
    view! {
        <section class="card" data-testid="rfm-grid">
            <div class="card-head"><h2>{t.grid}</h2></div>
            <div class="rfm" role="group" aria-label=t.grid>
                {lines.collect_view()}
                <span class="axis side fine">{t.frequent}</span>
                {below}
            </div>
            <p class="fine">{t.grid_help}</p>
        </section>
    }
    .into_any()
}

fn segments(lang: Lang, rfm: &RfmAnswer, chosen: RwSignal<Chosen>, choose: Callback<Chosen>) -> AnyView {
    let t = &lang.t().customers;
    let rows = rfm.segments.iter().filter(|count| count.customers > 0).map(|count| {
        let this = Chosen::Group(count.segment);
        view! {
            <li>
                <button class="row" type="button" data-testid=format!("segment-{}", segment_index(count.segment)) aria-pressed=move || (chosen.get() == this).to_string() on:click=move |_| choose.run(this)>
                    <span class="name">{lang.segment(count.segment)}</span>
                    <span class="amount">{bdi(lang.whole(count.customers as i64))}</span>
                    <span class="sub">{lang.advice(count.segment)}</span>
                    <span class="fine end">{money(lang, count.spend, rfm.currency)}</span>
                </button>
            </li>
        }
        .into_any()
    });
    list_card("segments", t.segments, ().into_any(), rows)
}

/// Opens the names of these rows; those who were erased or never named have nothing to open.
fn open_rows(app: AppState, rows: &[RfmRow]) {
    let sealed = rows.iter().filter_map(|row| Some((row.customer, row.person.clone()?)));
    app.open_names(sealed.collect());
}

/// Opens the name of one customer, whom another screen shows, and gives their khata over all shops.
pub fn open_name(
    app: AppState,
    customer: impl Fn() -> Option<CustomerId> + Copy + Send + Sync + 'static,
) -> Memo<Option<KhataRow>> {
    let asked =
        app.ask(move || customer().map(|customer| Task::Ledger { shop: None, customer, today: app.today() }));
    let row = Memo::new(move |_| {
        asked.with(|asked| match asked.answer() {
            Some(Answer::Ledger(ledger)) if Some(ledger.row.customer) == customer() => {
                Some(ledger.row.clone())
            }
            _ => None,
        })
    });
    watch(move || {
        if let Some(KhataRow { customer, person: Some(person), .. }) = row.get() {
            app.open_names(vec![(customer, person)]);
        }
    });
    row
}

/// A customer's name once it is open, else the shop's own number for them, else the end of their id.
pub fn who(app: AppState, lang: Lang, customer: CustomerId, code: Option<String>) -> AnyView {
    let code =
        code.unwrap_or_else(|| customer.to_string().split('-').next_back().unwrap_or_default().to_owned());
    let unnamed = lang.fill(lang.t().customers.unnamed, &[&code]);
    let words =
        move || app.person(customer).and_then(|person| person.name).unwrap_or_else(|| unnamed.clone());
    view! { <span dir="auto" data-testid="customer-name">{words}</span> }.into_any()
}

/// Their telephone numbers, once open.
pub fn phones(app: AppState, customer: CustomerId) -> Vec<String> {
    app.person(customer).map(|person| person.phones).unwrap_or_default()
}

fn visited(lang: Lang, row: &RfmRow) -> String {
    let t = lang.t();
    let ago = match row.recency_days {
        0 => t.date.today.to_owned(),
        1 => t.date.yesterday.to_owned(),
        days => lang.plural(t.date.days_ago, u64::from(days)),
    };
    format!(
        "{}: {ago} · {}",
        t.customers.last_visit,
        lang.plural(t.customers.purchases, u64::from(row.frequency_purchases))
    )
}

fn rows(
    app: AppState,
    lang: Lang,
    list: &CustomerList,
    chosen: RwSignal<Chosen>,
    limit: RwSignal<u32>,
) -> AnyView {
    let t = &lang.t().customers;
    if list.total == 0 {
        return ().into_any();
    }
    let title = match chosen.get() {
        Chosen::All => t.list_all.to_owned(),
        Chosen::Group(segment) => lang.segment(segment).to_owned(),
        Chosen::Cell(recency, frequency) => {
            format!(
                "{} · {}",
                t.recency_steps[usize::from(recency) - 1],
                t.frequency_steps[usize::from(frequency) - 1]
            )
        }
    };
    let shown = list.rows.iter().map(|row| {
        let customer = row.customer;
        let phone =
            move || phones(app, customer).into_iter().next().map(|phone| view! { {bdi(phone)} " · " });
        let owes = (row.balance.0 > 0).then(|| {
            badge("warn", "book-open", lang.fill(t.owes, &[&lang.money(row.balance, list.currency)]))
        });
        view! {
            <li>
                <a class="row" href=format!("/customers/{}", row.customer)>
                    <span class="name flow">{who(app, lang, customer, row.code.clone())} {owes}</span>
                    <span class="amount">{money(lang, row.monetary_total, list.currency)}</span>
                    <span class="sub">{phone} {visited(lang, row)}</span>
                    <span class="fine end">{lang.segment(row.segment)}</span>
                </a>
            </li>
        }
        .into_any()
    });
    let more = (list.total > list.rows.len() as u64).then(|| {
        view! { <button class="button wide" type="button" on:click=move |_| limit.update(|limit| *limit += PAGE)>{lang.t().common.show_more}</button> }
    });
    let all = (chosen.get() != Chosen::All).then(|| {
        view! { <button class="button quiet" type="button" on:click=move |_| chosen.set(Chosen::All)>{icon("x")} {t.show_all}</button> }
    });
    let of = lang.fill(t.list, &[&lang.whole(list.rows.len() as i64), &lang.whole(list.total as i64)]);
    let beside = view! { <span class="flow"><span class="fine">{of}</span>{all}</span> }.into_any();
    view! { {list_card("customer-list", title, beside, shown)} {more} }.into_any()
}

/// One customer.
pub fn customer() -> impl IntoView {
    let app = app();
    let params = use_params_map();
    let asked = app.ask(move || {
        let customer = params.with(|params| params.get("id"))?.parse().ok()?;
        Some(Task::Customer { customer, today: app.today() })
    });
    let body = answered(asked, 8, move |answer, _| match answer {
        Answer::Customer(profile) => Some(profile_view(app, lang(), profile)),
        _ => None,
    });
    let around = move || {
        let khata = format!("/khata/{}", params.with(|params| params.get("id")).unwrap_or_default());
        view! {
            <div class="flow">
                <a class="chip" href="/customers">{icon_as("arrow-left", "icon way")} {lang().t().customers.title}</a>
                <a class="chip" href=khata>{icon("book-open")} {lang().t().khata.title}</a>
            </div>
        }
    };
    view! { {around} {body} }
}

fn score(lang: Lang, label: &'static str, value: u8) -> AnyView {
    view! { <span class="fine flow">{label} <b class="score">{bdi(lang.whole(i64::from(value)))}</b></span> }
        .into_any()
}

fn profile_view(app: AppState, lang: Lang, profile: &CustomerProfile) -> AnyView {
    let t = &lang.t().customers;
    let Some(row) = &profile.rfm else {
        return view! { <div class="card">{empty(Drawing::Counter, t.never_bought, "", ().into_any())}</div> {behaviour(lang, profile)} }.into_any();
    };
    let figure = |label, value, id| Figure { label, value, change: None, id };
    let spent = lang.money(row.monetary_total, profile.currency);
    let ago = lang.plural(lang.t().date.days_ago, u64::from(row.recency_days));
    let mut all = vec![
        figure(t.spend, spent, "figure-spend"),
        figure(t.frequent, lang.whole(i64::from(row.frequency_purchases)), "figure-purchases"),
        figure(t.last_visit, ago, "figure-recency"),
    ];
    if row.balance.0 != 0 {
        let balance = lang.money(row.balance, profile.currency);
        all.push(figure(lang.t().today.receivable, balance, "figure-balance"));
    }
    let customer = row.customer;
    open_rows(app, slice::from_ref(row));
    let numbers = move || {
        let link = |phone: String| {
            let href = format!("tel:{}", phone.replace(' ', ""));
            view! { <a class="chip" href=href data-testid="customer-phone">{icon("smartphone")} {bdi(phone)}</a> }
        };
        phones(app, customer).into_iter().map(link).collect_view()
    };
    let choose = move |_| app.cart.update(|cart| cart.customer = Some(customer));
    let head = view! {
        <header class="page-head">
            <div><h1>{who(app, lang, customer, row.code.clone())}</h1><p class="fine">{lang.segment(row.segment)}</p></div>
            <div class="actions">{numbers} <a class="button primary" href="/pos" data-testid="sell-to" on:click=choose>{icon("receipt")} {t.sell_to}</a></div>
        </header>
    };
    view! {
        {head}
        {figures(all)}
        <section class="card stack">
            <p>{lang.advice(row.segment)}</p>
            <div class="flow"><span class="fine">{t.scores}</span> {score(lang, t.recency, row.r_score)} {score(lang, t.frequency, row.f_score)} {score(lang, t.monetary, row.m_score)}</div>
        </section>
        {behaviour(lang, profile)}
        <div class="split">{receipts(lang, profile)} {favourites(lang, profile)}</div>
    }
    .into_any()
}

/// How they come, look and bargain; nothing where nobody noted anything.
fn behaviour(lang: Lang, profile: &CustomerProfile) -> AnyView {
    let t = &lang.t().counter;
    let it = &profile.behaviour;
    let count = |count: u32| lang.whole(count.into());
    let values = [
        lang.number(it.visit_frequency, 1),
        it.time_spent_in_store.map_or("–".to_owned(), |minutes| lang.number(minutes, 0)),
        count(it.product_comparison_count),
        count(it.negotiation_attempts),
        count(it.referral_count),
        count(it.not_in_stock_count),
    ];
    let noted =
        it.product_comparison_count + it.negotiation_attempts + it.referral_count + it.not_in_stock_count;
    if noted == 0 && it.time_spent_in_store.is_none() {
        return ().into_any();
    }
    let rows = t.behaves.iter().zip(values).map(|(words, value)| {
        view! { <li class="row"><span class="name">{*words}</span><span class="amount">{bdi(value)}</span></li> }.into_any()
    });
    list_card("behaviour", t.behaviour, ().into_any(), rows)
}

fn receipts(lang: Lang, profile: &CustomerProfile) -> AnyView {
    let rows = profile.receipts.iter().map(|receipt| {
        view! {
            <li class="row">
                <span class="name">{lang.date(receipt.day)}</span>
                <span class="amount">{money(lang, receipt.amount, profile.currency)}</span>
                <span class="sub">{bdi(receipt.number.clone())}</span>
                <span class="fine end">{lang.plural(lang.t().sell.lines, u64::from(receipt.lines))}</span>
            </li>
        }
        .into_any()
    });
    list_card("customer-receipts", lang.t().customers.receipts, ().into_any(), rows)
}

fn favourites(lang: Lang, profile: &CustomerProfile) -> AnyView {
    let rows = profile.favourites.iter().map(|(product, name, quantity)| {
        view! {
            <li>
                <a class="row" href=format!("/stock/{product}")>
                    <span class="name" dir="auto">{name.clone()}</span>
                    <span class="amount">{bdi(lang.quantity(*quantity))}</span>
                </a>
            </li>
        }
        .into_any()
    });
    list_card("favourites", lang.t().customers.favourites, ().into_any(), rows)
}
