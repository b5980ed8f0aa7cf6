//! Today: what a shopkeeper asks first, then the trend with its band and at most five things to do.

use super::{
    answered,
    checklist::{self, Checklist},
    now_and_shop, unusual,
};
use crate::{
    chart::{Series, trend},
    component::{
        Change, Drawing, Figure, badge, bdi, change_between, empty, figures, icon, icon_as, list_card, live,
        page_head, rough,
    },
    i18n::{Lang, lang},
};
use dukandar_app::state::{AppState, app};
use dukandar_core::{
    demand::{ForecastState, Total},
    insight::branches::BranchesAhead,
    insight::today::{Action, ActionKind, Today},
    inventory::reorder::Urgency,
    quantity::Quantity,
    task::{Answer, Task},
    time::Zone,
};
use leptos::prelude::*;

/// The page.
pub fn today() -> impl IntoView {
    let app = app();
    let asked = app.ask(move || {
        let (now, shop) = now_and_shop(app);
        Some(Task::Today { shop, now })
    });
    let list = Checklist::new(app);
    // Beside each other where all are looked at.
    let branches = app.ask(move || {
        let (now, shop) = now_and_shop(app);
        let several = shop.is_none() && app.shops.with(|shops| shops.len() > 1);
        several.then_some(Task::Branches { now })
    });
    let page = answered(asked, 8, move |answer, _| match answer {
        Answer::Today(today) => Some(page(app, lang(), today, list)),
        _ => None,
    });
    let ahead = live(move || {
        let several = app.shop.get().is_none();
        branches.with(|asked| match asked.answer() {
            Some(Answer::Branches(ahead)) if several => Some(branches_card(lang(), ahead)),
            _ => None,
        })
    });
    view! { {page} {unusual::card(app)} {ahead} }
}

/// The next month of each branch and of all together.
fn branches_card(lang: Lang, ahead: &BranchesAhead) -> AnyView {
    let t = &lang.t().outlook;
    let amount = |value: f64| lang.units(value, ahead.currency);
    let row = |name: String, total: Option<Total>, more_days: u32| {
        let (mean, range) = match total {
            Some(total) => {
                (amount(total.mean), lang.fill(t.range, &[&amount(total.lo80), &amount(total.hi80)]))
            }
            None => (String::new(), lang.plural(lang.t().today.trend_too_little, u64::from(more_days))),
        };
        view! {
            <li class="row" data-testid="branch">
                <span class="name" dir="auto">{name}</span>
                <span class="amount">{bdi(mean)}</span>
                <span class="sub">{range}</span>
            </li>
        }
        .into_any()
    };
    let mut rows: Vec<AnyView> =
        ahead.branches.iter().map(|it| row(it.name.clone(), it.total, it.more_days)).collect();
    rows.extend(ahead.whole.map(|whole| row(t.together.to_owned(), Some(whole), 0)));
    let days = lang.fill(t.next, &[&lang.whole(i64::from(ahead.days))]);
    list_card("branches", t.branches, view! { <span class="fine">{days}</span> }.into_any(), rows)
}

fn page(app: AppState, lang: Lang, today: &Today, list: Checklist) -> AnyView {
    let t = lang.t();
    let sell = view! {
        <a class="button primary from-tablet" href="/pos">{icon("plus")} {t.receipt.next}</a>
    };
    let head = page_head(t.today.title, lang.long_date(today.day), sell.into_any());
    if today.counts.receipts == 0 && today.counts.products == 0 {
        let actions = move || {
            view! {
                <a class="button primary" href="/pos">{icon("receipt")} {t.today.empty_sell}</a>
                <a class="button" href="/stock/import">{icon("upload")} {t.today.empty_import}</a>
            }
        };
        // The first steps say the same and more.
        let nothing = live(move || {
            (!list.is_shown(app)).then(|| {
                view! { <div class="card">{empty(Drawing::Ledger, t.today.empty, "", actions().into_any())}</div> }
            })
        });
        return view! { {head} {checklist::card(app, list, today)} {nothing} <p class="fine">{quality(lang, &today.trend.state)}</p> }.into_any();
    }
    // Figures of a file that ends years ago would all be zero without a word.
    let past = (today.as_of != today.day)
        .then(|| view! { <p class="fine" data-testid="as-of">{lang.fill(t.today.last_sale, &[&lang.date(today.as_of)])}</p> });
    view! {
        {head}
        {past}
        {checklist::card(app, list, today)}
        {figures(key_figures(lang, today))}
        <div class="split">
            {trend_card(lang, today)}
            {actions_card(lang, today)}
        </div>
        {age(lang, today)}
    }
    .into_any()
}

fn key_figures(lang: Lang, today: &Today) -> Vec<Figure> {
    let t = &lang.t().today;
    let money = |amount| lang.money(amount, today.currency);
    let is_whole = today.as_of != today.day;
    let weekday = lang.weekday(today.as_of);
    let compared = |now, before| Some(change_between(lang, now, before, weekday, is_whole));
    let mut all = vec![Figure {
        label: if is_whole { t.day_sales } else { t.sales },
        value: money(dukandar_core::money::Paisa(today.sales.now)),
        change: compared(today.sales.now, today.sales.before),
        id: "figure-sales",
    }];
    if let Some(profit) = today.profit {
        all.push(Figure {
            label: if is_whole { t.day_profit } else { t.profit },
            value: money(dukandar_core::money::Paisa(profit.now)),
            change: compared(profit.now, profit.before),
            id: "figure-profit",
        });
    }
    all.push(Figure {
        label: t.pieces,
        value: lang.quantity(Quantity(today.pieces.now)),
        change: compared(today.pieces.now, today.pieces.before),
        id: "figure-pieces",
    });
    if let Some(cash) = today.cash {
        all.push(Figure {
            label: t.cash,
            value: money(cash),
            change: Some(Change::plain(t.in_drawer)),
            id: "figure-cash",
        });
    }
    let overdue = if today.overdue.0 > 0 {
        Change { tone: "warn", icon: Some("clock"), text: lang.fill(t.overdue, &[&money(today.overdue)]) }
    } else {
        Change::plain(t.nothing_overdue)
    };
    all.push(Figure {
        label: t.receivable,
        value: money(today.receivable),
        change: Some(overdue),
        id: "figure-receivable",
    });
    all.push(Figure {
        label: t.payable,
        value: money(today.payable),
        change: Some(Change::plain(t.to_suppliers)),
        id: "figure-payable",
    });
    all
}

fn trend_card(lang: Lang, today: &Today) -> AnyView {
    let t = &lang.t().today;
    let forecast = &today.trend;
    let units = |value: f64| lang.units(value, today.currency);
    let compact =
        |value: f64| lang.compact(dukandar_core::money::Paisa::rupees(value.round() as i64), today.currency);
    let days = lang.whole(forecast.mean.len() as i64);
    let title = match forecast.mean.len() {
        0 => t.trend_unit.to_owned(),
        _ => lang.fill(t.trend, &[&days]),
    };
    let (sure, summary) = match forecast.total {
        Some(total) => (
            lang.fill(t.trend_total, &[&compact(total.lo80), &compact(total.hi80)]),
            lang.fill(
                t.trend_summary,
                &[&lang.date(today.as_of), &days, &units(total.mean), &units(total.lo80), &units(total.hi80)],
            ),
        ),
        None => (String::new(), t.trend_unit.to_owned()),
    };
    let quality = quality(lang, &forecast.state);
    let chart = if forecast.history.len() + forecast.mean.len() >= 2 {
        trend(Series { is_past: today.as_of != today.day, ..Series::of(forecast, today.currency) }, summary)
    } else {
        ().into_any()
    };
    view! {
        <section class="card" data-testid="trend">
            <div class="card-head"><h2>{title}</h2><span class="fine">{sure}</span></div>
            {chart}
            <p class="fine" data-testid="trend-quality">{quality}</p>
        </section>
    }
    .into_any()
}

/// How good a forecast is, as measured on the shop's own sales; or what unlocks one.
pub fn quality(lang: Lang, state: &ForecastState) -> String {
    let t = &lang.t().today;
    match state {
        ForecastState::TooLittleData { more_days } => lang.plural(t.trend_too_little, u64::from(*more_days)),
        ForecastState::Ready { model, wape, wape_naive, coverage80, .. } => {
            let mut parts = Vec::new();
            if let Some(error) = wape {
                parts.push(lang.fill(t.trend_accuracy, &[lang.model(model), &lang.percent(*error)]));
            }
            if let Some(naive) = wape_naive {
                parts.push(lang.fill(t.trend_better, &[&lang.percent(*naive)]));
            }
            if let Some(share) = coverage80 {
                parts.push(lang.fill(t.trend_coverage, &[&lang.percent(*share)]));
            }
            parts.join(" · ")
        }
    }
}

fn actions_card(lang: Lang, today: &Today) -> AnyView {
    let t = &lang.t().today;
    let list = if today.actions.is_empty() {
        empty(Drawing::Counter, t.no_actions, "", ().into_any())
    } else {
        let rows = today.actions.iter().take(5).map(|action| act(lang, today, action));
        view! { <ul class="list">{rows.collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="card flush" data-testid="actions">
            <div class="card-head"><h2>{t.actions}</h2></div>
            {list}
        </section>
    }
    .into_any()
}

fn act(lang: Lang, today: &Today, action: &Action) -> AnyView {
    let t = &lang.t().today;
    let count = |quantity: Quantity| lang.quantity(quantity);
    let (what, href) = match &action.kind {
        ActionKind::Order { name, quantity, .. } => {
            (lang.fill(t.act_order, &[&count(*quantity), name]), "/reorder".to_owned())
        }
        ActionKind::Clear { product, name, quantity } => {
            (lang.fill(t.act_clear, &[&count(*quantity), name]), format!("/stock/{product}"))
        }
        ActionKind::Collect { customer } => (t.act_collect.to_owned(), format!("/khata/{customer}")),
        ActionKind::WinBack { customers } => {
            (lang.plural(t.act_win_back, *customers), "/customers".to_owned())
        }
        ActionKind::CountStock { products } => {
            (lang.plural(t.act_count, *products), "/stock?show=uncounted".to_owned())
        }
        ActionKind::LookAt { day } => (lang.fill(t.act_look, &[&lang.date(*day)]), "/anomalies".to_owned()),
    };
    let urgency = match action.urgency {
        Urgency::High => Some(badge("warn", "clock", lang.urgency(action.urgency))),
        Urgency::Medium => Some(badge("", "calendar", lang.urgency(action.urgency))),
        Urgency::Low => None,
    };
    let inner = view! {
        <span class="name"><span>{what}</span> {urgency}</span>
        <span class="amount">{rough(lang, action.amount, today.currency)}<small>{t.at_stake}</small></span>
        <span class="sub">{lang.reasons(&action.reasons, today.currency)}</span>
    };
    view! { <li><a class="act" href=href>{inner} {icon_as("chevron-right", "icon way")}</a></li> }.into_any()
}

fn age(lang: Lang, today: &Today) -> AnyView {
    let t = &lang.t().today;
    let counts = lang.fill(
        t.counts,
        &[
            &lang.whole(today.counts.receipts as i64),
            &lang.whole(today.counts.products as i64),
            &lang.whole(today.counts.customers as i64),
        ],
    );
    let newest = today.newest_record.map(|at| {
        let day = at.day(Zone::KARACHI);
        lang.fill(t.data_until, &[&format!("{}, {}", lang.date(day), lang.time(at, Zone::KARACHI))])
    });
    view! { <p class="fine" data-testid="data-age">{[newest, Some(counts)].into_iter().flatten().collect::<Vec<_>>().join(" · ")}</p> }.into_any()
}
