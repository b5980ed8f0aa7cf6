//! Stock: what is on the shelf, what it costs, adding, pricing and counting.

use super::{
    answered,
    find::find,
    now_and_shop,
    product::{Subject, add_sheet, count_sheet, price_sheet},
    unit_list,
};
use crate::{
    component::{Drawing, badge, bdi, empty, icon, live, money, no_match, page_head},
    i18n::{Lang, lang},
};
use dukandar_app::state::app;
use dukandar_core::{
    insight::catalog::{Catalog, CatalogItem},
    role::Action,
    task::{Answer, Task},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Rows drawn at once.
const SHOWN: usize = 50;

/// Which products are listed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Filter {
    All,
    NoneLeft,
    Uncounted,
    /// No products, but pieces whose PTA day is near.
    TaxDue,
}

impl Filter {
    fn keeps(self, item: &CatalogItem) -> bool {
        match self {
            Self::All | Self::TaxDue => true,
            Self::NoneLeft => item.on_hand.is_some_and(|left| left.0 <= 0),
            Self::Uncounted => item.on_hand.is_none(),
        }
    }
}

/// What the list shows and what is being changed.
#[derive(Clone, Copy)]
struct List {
    query: RwSignal<String>,
    filter: RwSignal<Filter>,
    limit: RwSignal<usize>,
    adding: RwSignal<bool>,
    pricing: RwSignal<Option<Subject>>,
    counting: RwSignal<Option<Subject>>,
    /// Whether pieces are found by what is typed.
    pieces: RwSignal<bool>,
}

/// The list.
pub fn stock() -> impl IntoView {
    let app = app();
    let asked_filter = use_query_map().with_untracked(|query| query.get("show"));
    let list = List {
        query: RwSignal::new(String::new()),
        filter: RwSignal::new(if asked_filter.as_deref() == Some("uncounted") {
            Filter::Uncounted
        } else {
            Filter::All
        }),
        limit: RwSignal::new(SHOWN),
        adding: RwSignal::new(false),
        pricing: RwSignal::new(None),
        counting: RwSignal::new(None),
        pieces: RwSignal::new(false),
    };
    let asked = app.ask(move || {
        let (now, shop) = now_and_shop(app);
        Some(Task::Catalog { shop, now })
    });
    let head = move || {
        let lang = lang();
        let t = &lang.t().stock;
        let count = asked.with(|asked| match asked.answer() {
            Some(Answer::Catalog(catalog)) => lang.plural(t.products, catalog.items.len() as u64),
            _ => String::new(),
        });
        // What one may not do is not offered.
        let import = app.may(Action::Import).then(|| {
            view! { <a class="button" href="/stock/import">{icon("upload")} {t.import}</a> }
        });
        let add = app.may(Action::EditProduct).then(|| {
            view! { <button class="button primary" type="button" data-testid="add-product-open" on:click=move |_| list.adding.set(true)>{icon("plus")} {t.add}</button> }
        });
        let classes = app.may(Action::SeeReports).then(|| {
            view! { <a class="button" href="/stock/classes" data-testid="classes-open">{icon("chart-column")} {lang.abc().open}</a> }
        });
        let actions = view! {
            {classes}
            <a class="button" href="/used" data-testid="used-open">{icon("smartphone")} {lang.t().units.used}</a>
            {import}
            {add}
        };
        page_head(t.title, count, actions.into_any())
    };
    let rows = answered(asked, 10, move |answer, _| match answer {
        Answer::Catalog(catalog) => (list.filter.get() != Filter::TaxDue).then(|| table(list, catalog)),
        _ => None,
    });
    view! {
        {head}
        {tools(list)}
        {unit_list::found(app, list.query, list.pieces)}
        {live(move || if list.filter.get() == Filter::TaxDue { unit_list::due(app) } else { ().into_any() })}
        {rows}
        {add_sheet(list.adding)}
        {price_sheet(list.pricing, Callback::new(|_| ()))}
        {count_sheet(list.counting)}
    }
}

/// Search and filter, kept while the list changes.
fn tools(list: List) -> AnyView {
    let choice = move |filter: Filter, words: fn(Lang) -> &'static str| {
        view! {
            <label class="choice">
                <input type="radio" name="stock-filter" prop:checked=move || list.filter.get() == filter on:change=move |_| { list.limit.set(SHOWN); list.filter.set(filter); }/>
                <span>{move || words(lang())}</span>
            </label>
        }
    };
    view! {
        <div class="flow">
            <div class="search">
                {icon("search")}
                <input
                    class="input"
                    type="search"
                    autocomplete="off"
                    data-testid="stock-search"
                    aria-label=move || lang().t().stock.search
                    placeholder=move || lang().t().stock.search
                    prop:value=move || list.query.get()
                    on:input=move |event| { list.limit.set(SHOWN); list.query.set(event_target_value(&event)); }
                />
            </div>
            <div class="segmented" role="group" aria-label=move || lang().t().stock.search>
                {choice(Filter::All, |lang| lang.t().stock.filter_all)}
                {choice(Filter::NoneLeft, |lang| lang.t().stock.filter_low)}
                {choice(Filter::Uncounted, |lang| lang.t().stock.filter_uncounted)}
                {choice(Filter::TaxDue, |lang| lang.t().units.due_list)}
            </div>
        </div>
    }
    .into_any()
}

fn on_hand(lang: Lang, item: &CatalogItem) -> AnyView {
    let t = &lang.t().stock;
    match item.on_hand {
        None => badge("", "info", t.not_counted),
        Some(left) if left.0 <= 0 => badge("warn", "triangle-alert", lang.t().sell.out_of_stock),
        Some(left) => bdi(lang.quantity(left)),
    }
}

fn price(lang: Lang, item: &CatalogItem, catalog: &Catalog) -> AnyView {
    match item.price {
        Some(price) => money(lang, price, catalog.currency),
        None => badge("warn", "tag", lang.t().stock.no_price),
    }
}

fn table(list: List, catalog: &Catalog) -> AnyView {
    let lang = lang();
    let t = &lang.t().stock;
    if catalog.items.is_empty() {
        let actions = view! {
            <button class="button primary" type="button" on:click=move |_| list.adding.set(true)>{icon("plus")} {t.add}</button>
            <a class="button" href="/stock/import">{icon("upload")} {t.import}</a>
        };
        return view! { <div class="card">{empty(Drawing::Shelf, t.empty, "", actions.into_any())}</div> }
            .into_any();
    }
    let (query, filter, limit) = (list.query.get(), list.filter.get(), list.limit.get());
    let hits: Vec<&CatalogItem> =
        find(catalog, &query).filter(|item| filter.keeps(item)).take(limit + 1).collect();
    if hits.is_empty() {
        // A number may be that of a piece: those are listed above.
        if list.pieces.get() {
            return ().into_any();
        }
        let what = match filter {
            _ if !query.trim().is_empty() => query.clone(),
            Filter::NoneLeft => t.filter_low.to_owned(),
            _ => t.filter_uncounted.to_owned(),
        };
        let clear = move || {
            list.query.set(String::new());
            list.filter.set(Filter::All);
        };
        return view! { <div class="card">{no_match(&what, clear)}</div> }.into_any();
    }
    let rows = hits.iter().take(limit).map(|item| row(lang, list, item, catalog));
    let more = (hits.len() > limit).then(|| {
        view! {
            <div class="pad"><button class="button wide" type="button" on:click=move |_| list.limit.update(|limit| *limit += SHOWN)>{lang.t().common.show_more}</button></div>
        }
    });
    view! {
        <div class="card flush">
            <div class="table-wrap">
                <table class="table" data-testid="stock-table">
                    <thead>
                        <tr>
                            <th scope="col">{t.product}</th>
                            <th scope="col" class="num wide-only">{t.price}</th>
                            <th scope="col" class="num">{t.on_hand}</th>
                            <th scope="col" class="num wide-only">{t.sold_30}</th>
                            <th scope="col" class="wide-only">{t.last_sold}</th>
                            <th scope="col" class="wide-only"><span class="sr">{t.set_price}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
            {more}
        </div>
    }
    .into_any()
}

fn row(lang: Lang, list: List, item: &CatalogItem, catalog: &Catalog) -> AnyView {
    let t = &lang.t().stock;
    let codes: Vec<&str> = [&item.sku, &item.brand, &item.category]
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(String::as_str)
        .collect();
    let (to_price, to_count) = (Subject::from(item), Subject::from(item));
    let (may_price, may_count) = (app().may(Action::EditProduct), app().may(Action::MoveStock));
    let last = item.last_sold.map_or_else(|| t.never.to_owned(), |day| lang.date(day));
    view! {
        <tr>
            <th scope="row">
                <a href=format!("/stock/{}", item.id) dir="auto">{item.name.clone()}</a>
                <div class="sub"><bdi>{codes.join(" · ")}</bdi></div>
                <div class="narrow sub">{price(lang, item, catalog)}</div>
            </th>
            <td class="num wide-only">{price(lang, item, catalog)}</td>
            <td class="num">{on_hand(lang, item)}</td>
            <td class="num wide-only">{bdi(lang.quantity(item.sold_30d))}</td>
            <td class="wide-only date">{last}</td>
            <td class="num wide-only">
                {may_price.then(|| view! { <button class="button quiet square" type="button" aria-label=format!("{}: {}", t.set_price, item.name) title=t.set_price on:click=move |_| list.pricing.set(Some(to_price.clone()))>{icon("tag")}</button> })}
                {may_count.then(|| view! { <button class="button quiet square" type="button" aria-label=format!("{}: {}", t.count, item.name) title=t.count on:click=move |_| list.counting.set(Some(to_count.clone()))>{icon("pencil")}</button> })}
            </td>
        </tr>
    }
    .into_any()
}
