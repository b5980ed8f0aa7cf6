//! One product: what it is, what will sell of it, why that is believed, and what the forecast knew of.

use super::{
    answered,
    life::life,
    now_and_shop,
    product::{count_sheet, floor_sheet, price_sheet},
    unit_list,
};
use crate::page::product::Subject;
use crate::{
    chart::{Mark, Series, trend},
    component::{Change, Drawing, Figure, badge, bdi, empty, figures, icon, icon_as, page_head},
    i18n::{Lang, lang},
};
use dukandar_app::state::app;
use dukandar_core::{
    demand::{DemandForecast, ForecastState, PeriodTotal, Seen, SeenKind},
    money::Currency,
    role::Action,
    task::{Answer, Task},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// What the range can be asked for: the same chance for day, week and month, or one for each.
const LEVELS: [[f64; 3]; 3] = [[80.0; 3], [95.0; 3], [85.0, 80.0, 75.0]];

/// One product.
pub fn product() -> impl IntoView {
    let app = app();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")).and_then(|id| id.parse().ok()));
    let (pricing, counting, flooring) = (RwSignal::new(None), RwSignal::new(None), RwSignal::new(None));
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
        let (to_price, to_count, to_floor) =
            (Subject::from(&item), Subject::from(&item), Subject::from(&item));
        let floor = app.may(Action::EditProduct).then(|| {
            let words = lang.t().bargain.floor;
            view! { <button class="button" type="button" data-testid="floor-open" on:click=move |_| flooring.set(Some(to_floor.clone()))>{icon("shield-check")} {words}</button> }
        });
        let actions = view! {
            <button class="button" type="button" data-testid="count-open" on:click=move |_| counting.set(Some(to_count.clone()))>{icon("pencil")} {t.count}</button>
            {floor}
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
        if let Some(floor) = item.floor.filter(|_| app.may(Action::SeeCost)) {
            all.push(Figure {
                label: lang.t().bargain.floor,
                value: lang.money(floor, currency),
                change: None,
                id: "figure-floor",
            });
        }
        // A cashier never sees cost.
        if let Some(cost) = item.cost.filter(|_| app.may(Action::SeeCost)) {
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
    let adding = RwSignal::new(None);
    let units = unit_list::card(app, Memo::new(move |_| item.get().map(|(item, _)| item)), adding);
    let level = RwSignal::new(LEVELS[0]);
    let ahead = answered(forecast, 6, move |answer, _| match answer {
        Answer::Forecast(forecast) => Some(outlook(lang(), forecast, app.currency(), level)),
        _ => None,
    });
    view! {
        {head}
        {units}
        {super::abc::card(app, id)}
        {ahead}
        {price_sheet(pricing, Callback::new(|_| ()))}
        {count_sheet(counting)}
        {floor_sheet(flooring)}
        {unit_list::add_sheet(adding)}
    }
}

/// Forecast, reasons and what was known; or how many days are missing.
fn outlook(lang: Lang, forecast: &DemandForecast, currency: Currency, level: RwSignal<[f64; 3]>) -> AnyView {
    let heading = lang.t().stock.forecast;
    if let ForecastState::TooLittleData { more_days } = &forecast.state {
        let words = lang.plural(lang.t().today.trend_too_little, u64::from(*more_days));
        return view! {
            <section class="card stack" data-testid="product-forecast">
                <h2>{heading}</h2>
                <p data-testid="too-little">{words}</p>
            </section>
            {life_card(lang, forecast, true)}
            {known(lang, forecast)}
        }
        .into_any();
    }
    let chosen = level.get();
    let mut series = Series::of(forecast, currency);
    if chosen == LEVELS[1] {
        (series.lo, series.hi) = (forecast.lo95.clone(), forecast.hi95.clone());
    }
    series.marks = forecast
        .seen
        .iter()
        .map(|seen| Mark { from: seen.from, until: seen.until, words: words(lang, seen) })
        .collect();
    let rows: Vec<[String; 3]> =
        forecast.totals.iter().zip(chosen).map(|(total, level)| period(lang, total, level)).collect();
    let summary = rows.iter().map(|row| row.join(": ")).collect::<Vec<_>>().join("; ");
    let rows = rows.into_iter().map(|[period, expected, range]| {
        view! {
            <tr data-testid="period">
                <th scope="row">{period}</th>
                <td class="num strong">{bdi(expected)}</td>
                <td class="num">{bdi(range)}</td>
            </tr>
        }
    });
    let t = lang.t();
    view! {
        <section class="card stack" data-testid="product-forecast">
            <div class="card-head"><h2>{heading}</h2>{levels(lang, level)}</div>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col"><span class="sr">{t.common.day}</span></th>
                        <th scope="col" class="num">{t.common.expected}</th>
                        <th scope="col" class="num">{t.outlook.range_head}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
            {trend(series, summary)}
        </section>
        <div class="split">
            <section class="card stack" data-testid="product-why">
                <h2>{t.outlook.why}</h2>
                {why(lang, forecast).into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
            </section>
            <div class="stack">{life_card(lang, forecast, false)} {known(lang, forecast)}</div>
        </div>
    }
    .into_any()
}

fn life_card(lang: Lang, forecast: &DemandForecast, is_new: bool) -> Option<AnyView> {
    forecast.life.as_ref().map(|it| life(lang, it, is_new))
}

fn levels(lang: Lang, level: RwSignal<[f64; 3]>) -> AnyView {
    let choice = |of: [f64; 3]| {
        let words = if of[0] == of[1] {
            format!("{}%", of[0])
        } else {
            format!("{} / {} / {}%", of[0], of[1], of[2])
        };
        view! {
            <label class="choice">
                <input type="radio" name="level" data-testid=format!("level-{}", of[0]) prop:checked=move || level.get() == of on:change=move |_| level.set(of)/>
                <span>{bdi(words)}</span>
            </label>
        }
    };
    view! { <div class="segmented" role="radiogroup" aria-label=lang.t().outlook.level>{LEVELS.map(choice)}</div> }.into_any()
}

/// Of a sum of days: which, expected, range.
fn period(lang: Lang, total: &PeriodTotal, level: f64) -> [String; 3] {
    let t = &lang.t().outlook;
    let whole = |value: f64| lang.number(value.max(0.0), 1);
    let pieces = |value: f64| lang.whole(value.max(0.0).round() as i64);
    let name = match total.days {
        1 => t.today.to_owned(),
        days => lang.fill(t.next, &[&lang.whole(i64::from(days))]),
    };
    let range = total.band(level).map(|(lo, hi)| format!("{} – {}", pieces(lo), pieces(hi)));
    [name, whole(total.mean), range.unwrap_or_default()]
}

/// Which model speaks and how good it was, in words.
fn why(lang: Lang, forecast: &DemandForecast) -> Vec<String> {
    let t = &lang.t().outlook;
    let ForecastState::Ready { voices, wape, wape_naive, better, origins, coverage80, coverage95, .. } =
        &forecast.state
    else {
        return Vec::new();
    };
    let percent = |share: f64| lang.percent(share);
    let mut lines = vec![lang.voices(voices)];
    lines.extend(forecast.choice.as_ref().and_then(|it| lang.choice(it)));
    if let Some(better) = better {
        let sentence = if *better >= 0.0 { t.better } else { t.worse };
        lines.push(lang.fill(sentence, &[&percent(better.abs())]));
    }
    if let (Some(wape), Some(naive)) = (wape, wape_naive) {
        let tried = lang.plural(t.origins, u64::from(*origins));
        lines.push(format!("{} {tried}", lang.fill(t.error, &[&percent(*wape), &percent(*naive)])));
    }
    lines.push(match (coverage80, coverage95) {
        (Some(narrow), Some(wide)) => lang.fill(t.held, &[&percent(*narrow), &percent(*wide)]),
        _ => t.unmeasured.to_owned(),
    });
    if let Some(judged) = forecast.judged {
        let count = lang.whole(i64::from(judged.forecasts));
        lines.push(lang.fill(t.judged, &[&count, &percent(judged.accuracy), &percent(judged.inside80)]));
    }
    lines
}

/// Days that were not like others, newest first.
fn known(lang: Lang, forecast: &DemandForecast) -> AnyView {
    let t = &lang.t().outlook;
    let rows = forecast.seen.iter().rev().map(|seen| {
        let (tone, mark) = match seen.kind {
            SeenKind::Holiday => ("good", "calendar"),
            SeenKind::Promotion => ("good", "tag"),
            SeenKind::NoStock => ("warn", "package"),
        };
        let kind = match seen.kind {
            SeenKind::Holiday => t.holiday,
            SeenKind::Promotion => t.promotion,
            SeenKind::NoStock => t.no_stock,
        };
        view! {
            <li class="flow" data-testid="seen">
                {badge(tone, mark, kind)}
                <span class="grow" dir="auto">{seen.name.clone()}</span>
                <span class="fine">{lang.days(seen.from, seen.until)}</span>
            </li>
        }
    });
    let list = if forecast.seen.is_empty() {
        view! { <p class="muted">{t.seen_none}</p> }.into_any()
    } else {
        view! { <ul class="stack">{rows.collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="card stack" data-testid="product-known">
            <h2>{t.seen}</h2>
            {list}
            <div><a class="button" href="/settings#own-days">{icon("plus")} {t.seen_add}</a></div>
        </section>
    }
    .into_any()
}

fn words(lang: Lang, seen: &Seen) -> String {
    let t = &lang.t().outlook;
    match seen.kind {
        SeenKind::NoStock => t.no_stock.to_owned(),
        _ => seen.name.clone(),
    }
}
