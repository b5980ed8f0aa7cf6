//! Forecasts: the next month of the shop and its products, how right forecasts have been on its own past beside plain
//! habits, who answers for which goods, and what was looked at.

use super::{answered, now_and_shop};
use crate::{
    component::{Change, Figure, bdi, figures, list_card, page_head},
    i18n::{Lang, lang},
};
use dukandar_app::state::app;
use dukandar_core::{
    demand::by_product::{Goods, GoodsRecord, Learner},
    insight::{
        accuracy::{Accuracy, ErrorSheet},
        next_month::NextMonth,
    },
    task::{Answer, Task},
};
use leptos::prelude::*;

/// Products listed at most.
const SHOWN: usize = 50;

/// The page.
pub fn forecasts() -> impl IntoView {
    let app = app();
    let month = app.ask(move || Some(Task::NextMonth { shop: now_and_shop(app).1, today: app.today() }));
    let record = app.ask(move || Some(Task::Accuracy { shop: now_and_shop(app).1, today: app.today() }));
    let head = move || {
        let t = &lang().t().quality;
        page_head(t.title, t.about, ().into_any())
    };
    let first = answered(month, 4, |answer, _| match answer {
        Answer::NextMonth(month) => Some(ahead(lang(), month)),
        _ => None,
    });
    let second = answered(record, 8, |answer, _| match answer {
        Answer::Accuracy(accuracy) => Some(right(lang(), accuracy)),
        _ => None,
    });
    let third = answered(month, 8, |answer, _| match answer {
        Answer::NextMonth(month) => Some(who(lang(), month)),
        _ => None,
    });
    view! { {head} {first} {second} {third} }
}

fn card(id: &'static str, title: &'static str, below: Vec<String>, content: AnyView) -> AnyView {
    let below: Vec<AnyView> =
        below.into_iter().map(|line| view! { <p class="fine">{line}</p> }.into_any()).collect();
    view! { <section class="card stack" data-testid=id><h2>{title}</h2>{content}{below}</section> }.into_any()
}

/// The first cell of a row is its heading, the others are numbers.
fn table(head: &[&'static str], rows: Vec<Vec<String>>, id: &'static str) -> AnyView {
    let head: Vec<AnyView> =
        head.iter().map(|words| view! { <th scope="col" class="num">{*words}</th> }.into_any()).collect();
    let rows: Vec<AnyView> = rows
        .into_iter()
        .map(|row| {
            let mut cells = row.into_iter();
            let first = cells.next();
            let cells: Vec<AnyView> =
                cells.map(|cell| view! { <td class="num">{bdi(cell)}</td> }.into_any()).collect();
            view! { <tr data-testid=id><th scope="row" dir="auto">{first}</th>{cells}</tr> }.into_any()
        })
        .collect();
    view! {
        <div class="table-wrap" tabindex="0">
            <table class="table tight">
                <thead><tr><td></td>{head}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn missing(lang: Lang, days: u32) -> String {
    lang.plural(lang.t().quality.too_little, u64::from(days))
}

fn share(lang: Lang, share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| lang.percent(share))
}

fn number(lang: Lang, value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |value| lang.number(value, decimals))
}

/// The shop's month.
fn ahead(lang: Lang, month: &NextMonth) -> AnyView {
    let t = &lang.t().quality;
    let units = |value: f64| lang.units(value, month.currency);
    let (value, below) = match month.revenue {
        Some(total) => (units(total.mean), lang.fill(t.sure, &[&units(total.lo80), &units(total.hi80)])),
        None => ("–".to_owned(), missing(lang, month.more_days)),
    };
    let figure = Figure { label: t.month, value, change: Some(Change::plain(below)), id: "next-month" };
    let partial = month.is_partial.then(|| view! { <p class="fine" data-testid="partial">{t.partial}</p> });
    view! { {figures(vec![figure])} {partial} }.into_any()
}

/// How right forecasts have been.
fn right(lang: Lang, it: &Accuracy) -> AnyView {
    let t = &lang.t().quality;
    let whole = |count: u32| lang.whole(i64::from(count));
    let aim = match it.aim {
        Some(aim) => {
            let (tone, icon, words) = match aim.is_met {
                true => ("up", "circle-check", t.met),
                false => ("warn", "triangle-alert", t.missed),
            };
            let text = lang.fill(words, &[&lang.percent(aim.aim)]);
            (lang.percent(aim.reached), Change { tone, icon: Some(icon), text })
        }
        None => ("–".to_owned(), Change::plain(missing(lang, it.shop_more_days))),
    };
    let judged = match it.product_more_days {
        0 => lang.fill(t.of_products, &[&whole(it.products)]),
        days => missing(lang, days),
    };
    let top = figures(vec![
        Figure { label: t.kpi, value: aim.0, change: Some(aim.1), id: "accuracy-month" },
        Figure {
            label: t.judged,
            value: whole(it.judged),
            change: Some(Change::plain(judged)),
            id: "accuracy-products",
        },
    ]);
    if it.levels.is_empty() {
        return top;
    }
    let rows: Vec<Vec<String>> = (it.levels.iter().enumerate())
        .map(|(place, level)| {
            let name = format!("{}, {}", t.levels[level.level as usize], t.spans[place % 3]);
            let mut row = vec![name];
            row.extend([level.own, level.seasonal_naive, level.naive].map(|it| share(lang, it)));
            row
        })
        .collect();
    let days = whole(it.span_days.into());
    let how = lang.fill(t.right_how, &[&whole(it.forecasts), &whole(it.judged), &days, &lang.date(it.until)]);
    let levels = card("accuracy", t.right, vec![how], table(&t.columns, rows, "accuracy-row"));
    if it.sheets.is_empty() {
        return view! { {top} {levels} }.into_any();
    }
    let rows: Vec<Vec<String>> = (t.measures.iter().enumerate())
        .map(|(place, name)| {
            let mut row = vec![(*name).to_owned()];
            row.extend(it.sheets.iter().map(|sheet| measure(lang, sheet, place)));
            row
        })
        .collect();
    let held = match (it.coverage80, it.coverage95) {
        (Some(narrow), Some(wide)) => {
            lang.fill(lang.t().outlook.held, &[&lang.percent(narrow), &lang.percent(wide)])
        }
        _ => lang.t().outlook.unmeasured.to_owned(),
    };
    let below = vec![held, t.errors_unit.to_owned()];
    let errors = card("errors", t.errors, below, table(&t.columns, rows, "error-row"));
    let worth = it.impact.map(|impact| {
        let of = [impact.inventory_optimization, impact.stockout_reduction, impact.revenue_uplift];
        let rows = t.impact.iter().zip(of).map(|(name, it)| vec![(*name).to_owned(), share(lang, it)]);
        card("worth", t.worth, vec![t.worth_how.to_owned()], table(&[], rows.collect(), "worth-row"))
    });
    view! { {top} <div class="split">{levels} <div class="stack">{errors} {worth}</div></div> }.into_any()
}

/// In the order of the words.
fn measure(lang: Lang, sheet: &ErrorSheet, place: usize) -> String {
    match place {
        0 => share(lang, sheet.mape),
        1 => share(lang, Some(sheet.smape)),
        2 => share(lang, sheet.wape),
        7 => share(lang, sheet.bias),
        _ => {
            let of = [Some(sheet.mae), Some(sheet.rmse), sheet.mase, sheet.rmsse];
            number(lang, of[place - 3], 2)
        }
    }
}

/// Who answers, what was looked at, which methods speak, and the products.
fn who(lang: Lang, month: &NextMonth) -> AnyView {
    let t = &lang.t().quality;
    let whole = |count: u32| lang.whole(i64::from(count));
    let mut lines: Vec<String> = month.goods.iter().flat_map(|record| learned(lang, record)).collect();
    lines.extend(
        month
            .refused
            .iter()
            .map(|few| lang.fill(t.too_few, &[goods(lang, few.goods), &whole(few.have), &whole(few.need)])),
    );
    lines.extend(
        month.daily.map(|score| {
            lang.fill(t.daily, &[&lang.number(score.mae, 2), &lang.number(score.mae_average, 2)])
        }),
    );
    let answers = card("learners", t.who, lines, ().into_any());
    let mut looked: Vec<String> = t.looked_at.map(str::to_owned).to_vec();
    looked.push(lang.fill(t.entered, &[&whole(month.entered.days), &whole(month.entered.advertising)]));
    let looked = card("looked-at", t.looked, looked, ().into_any());
    let rows = month.voices.iter().map(|voice| {
        let speaks =
            lang.fill(t.speaks, &[&whole(voice.speaks), &whole(month.forecasts), &whole(voice.leads)]);
        view! {
            <li class="row" data-testid="voice">
                <span class="name">{lang.model(voice.model.name()).to_owned()}</span>
                <span class="amount">{bdi(lang.percent(voice.share))}</span>
                <span class="sub">{speaks}</span>
            </li>
        }
        .into_any()
    });
    let voices = list_card("voices", t.voices, ().into_any(), rows);
    let rows: Vec<Vec<String>> = (month.products.iter().take(SHOWN))
        .map(|it| {
            let range = it.series.map_or_else(
                || "–".to_owned(),
                |total| format!("{}–{}", lang.number(total.lo80, 0), lang.number(total.hi80, 0)),
            );
            vec![
                it.name.clone(),
                number(lang, it.series.map(|total| total.mean), 0),
                range,
                number(lang, it.inputs, 0),
                number(lang, it.daily, 0),
            ]
        })
        .collect();
    let how = vec![t.products_how.to_owned()];
    let products = card("month-products", t.products, how, table(&t.product_columns, rows, "month-product"));
    view! { <div class="split">{products} <div class="stack">{answers} {looked} {voices}</div></div> }
        .into_any()
}

fn goods(lang: Lang, goods: Goods) -> &'static str {
    lang.t().quality.goods[goods as usize]
}

fn learned(lang: Lang, record: &GoodsRecord) -> [String; 2] {
    let t = &lang.t().quality;
    let name = |learner: Learner| t.learners[learner as usize];
    let why = if record.learner == record.by_default {
        t.usual.to_owned()
    } else {
        lang.fill(t.instead, &[name(record.by_default)])
    };
    let errors: Vec<String> =
        record.mae.iter().map(|(it, mae)| format!("{} {}", name(*it), lang.number(*mae, 1))).collect();
    let answers = lang.fill(t.answers, &[goods(lang, record.goods), name(record.learner)]);
    let missed = lang.fill(t.missed_by, &[&errors.join(" · "), &lang.whole(i64::from(record.months))]);
    [format!("{answers} {why}"), missed]
}
