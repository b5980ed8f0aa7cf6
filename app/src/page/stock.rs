//! Stock: what is on the shelf, what it costs, adding, pricing and counting; one product with its demand ahead.

use super::{
    answered,
    find::find,
    now_and_shop,
    product::{Subject, add_sheet, count_sheet, price_sheet},
};
use crate::{
    chart::{Series, trend},
    component::{
        Change, Drawing, Figure, badge, bdi, empty, figures, icon, icon_as, loading, money, no_match,
        page_head,
    },
    i18n::{Lang, lang},
};
use dukandar_app::state::{Asked, app};
use dukandar_core::{
    demand::{DemandForecast, ForecastState},
    insight::catalog::{Catalog, CatalogItem},
    task::{Answer, Task},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use std::sync::Arc;

/// Rows drawn at once.
const SHOWN: usize = 50;

/// Which products are listed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Filter {
    All,
    NoneLeft,
    Uncounted,
}

impl Filter {
    fn keeps(self, item: &CatalogItem) -> bool {
        match self {
            Self::All => true,
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
        let actions = view! {
            <a class="button" href="/stock/import">{icon("upload")} {t.import}</a>
            <button class="button primary" type="button" data-testid="add-product-open" on:click=move |_| list.adding.set(true)>{icon("plus")} {t.add}</button>
        };
        page_head(t.title, count, actions.into_any())
    };
    let rows = answered(asked, 10, move |answer, _| match answer {
        Answer::Catalog(catalog) => Some(table(list, catalog)),
        _ => None,
    });
    view! {
        {head}
        {tools(list)}
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
                <button class="button quiet square" type="button" aria-label=format!("{}: {}", t.set_price, item.name) title=t.set_price on:click=move |_| list.pricing.set(Some(to_price.clone()))>{icon("tag")}</button>
                <button class="button quiet square" type="button" aria-label=format!("{}: {}", t.count, item.name) title=t.count on:click=move |_| list.counting.set(Some(to_count.clone()))>{icon("pencil")}</button>
            </td>
        </tr>
    }
    .into_any()
}

/// One product.
pub fn product() -> impl IntoView {
    let app = app();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")).and_then(|id| id.parse().ok()));
    let (pricing, counting) = (RwSignal::new(None), RwSignal::new(None));
    let catalog = app.ask(move || {
        let (now, shop) = now_and_shop(app);
        Some(Task::Catalog { shop, now })
    });
    let forecast = app.ask(move || {
        let product = id.get()?;
        Some(Task::Forecast {
            shop: app.shop.get(),
            product: Some(product),
            today: app.today(),
            horizon_days: 28,
        })
    });
    let item = Memo::new(move |_| {
        catalog.with(|asked| match asked.answer() {
            Some(Answer::Catalog(catalog)) => catalog
                .items
                .iter()
                .find(|item| Some(item.id) == id.get())
                .map(|item| (item.clone(), catalog.currency)),
            _ => None,
        })
    });
    let head = answered(catalog, 4, move |_, _| {
        let lang = lang();
        let t = &lang.t().stock;
        let Some((item, currency)) = item.get() else {
            let back = view! { <a class="button primary" href="/stock">{t.title}</a> };
            return Some(view! { <div class="card">{empty(Drawing::Shelf, lang.t().trouble.not_here, "", back.into_any())}</div> }.into_any());
        };
        let (to_price, to_count) = (Subject::from(&item), Subject::from(&item));
        let actions = view! {
            <button class="button" type="button" data-testid="count-open" on:click=move |_| counting.set(Some(to_count.clone()))>{icon("pencil")} {t.count}</button>
            <button class="button primary" type="button" data-testid="price-open" on:click=move |_| pricing.set(Some(to_price.clone()))>{icon("tag")} {t.set_price}</button>
        };
        let codes: Vec<&str> = [&item.sku, &item.brand, &item.category]
            .into_iter()
            .filter(|text| !text.is_empty())
            .map(String::as_str)
            .collect();
        let mut all = vec![
            Figure {
                label: t.on_hand,
                value: item.on_hand.map_or_else(|| "–".to_owned(), |left| lang.quantity(left)),
                change: item.on_hand.is_none().then(|| Change::plain(t.not_counted)),
                id: "figure-on-hand",
            },
            Figure {
                label: t.price,
                value: item.price.map_or_else(|| "–".to_owned(), |price| lang.money(price, currency)),
                change: item.price.is_none().then(|| Change::plain(t.no_price)),
                id: "figure-price",
            },
            Figure {
                label: t.sold_30,
                value: lang.quantity(item.sold_30d),
                change: item
                    .last_sold
                    .map(|day| Change::plain(format!("{}: {}", t.last_sold, lang.date(day)))),
                id: "figure-sold",
            },
        ];
        if let Some(cost) = item.cost {
            all.push(Figure {
                label: t.cost,
                value: lang.money(cost, currency),
                change: None,
                id: "figure-cost",
            });
        }
        Some(
            view! {
                <a class="chip" href="/stock">{icon_as("arrow-left", "icon way")} {t.title}</a>
                {page_head(item.name.clone(), codes.join(" · "), actions.into_any())}
                {figures(all)}
            }
            .into_any(),
        )
    });
    let ahead = move || {
        forecast.with(|asked| match asked {
            Asked::Loading => view! { <div class="card">{loading(6)}</div> }.into_any(),
            Asked::Failed(_) => ().into_any(),
            Asked::Ready { answer, .. } => match Arc::as_ref(answer) {
                Answer::Forecast(forecast) => demand(lang(), forecast, app.currency()),
                _ => ().into_any(),
            },
        })
    };
    view! { {head} {ahead} {price_sheet(pricing, Callback::new(|_| ()))} {count_sheet(counting)} }
}

fn demand(lang: Lang, forecast: &DemandForecast, currency: dukandar_core::money::Currency) -> AnyView {
    let t = &lang.t().today;
    let sure = match (&forecast.state, forecast.total) {
        (ForecastState::TooLittleData { more_days }, _) => {
            lang.plural(t.trend_too_little, u64::from(*more_days))
        }
        (_, Some(total)) => {
            let pieces = |number: f64| lang.number(number.max(0.0).round(), 0);
            lang.fill(
                t.trend_total,
                &[
                    &pieces(total.lo80),
                    &lang.plural(lang.t().common.pieces, total.hi80.max(0.0).round() as u64),
                ],
            )
        }
        _ => String::new(),
    };
    let quality = super::today::quality(lang, &forecast.state);
    let title = lang.fill(t.trend, &[&lang.whole(forecast.mean.len() as i64)]);
    let chart = (forecast.history.len() + forecast.mean.len() >= 2 && !forecast.mean.is_empty())
        .then(|| trend(Series::of(forecast, currency), format!("{title}: {sure}")));
    view! {
        <section class="card" data-testid="product-forecast">
            <div class="card-head"><h2>{lang.t().stock.forecast}</h2><span class="fine">{sure}</span></div>
            {chart}
            <p class="fine">{quality}</p>
        </section>
    }
    .into_any()
}
