//! A B C of the stock: the grid of value by steadiness with counts and money, the list behind a box with its reasons, and
//! on a product's page its class.

use super::answered;
use crate::{
    component::{Drawing, badge, bdi, empty, icon_as, list_card, live, money, page_head},
    i18n::{Lang, lang},
};
use dukandar_app::state::{AppState, app};
use dukandar_core::{
    id::ProductId,
    inventory::abc::{AbcAnswer, AbcRow, Class, Xyz},
    money::Currency,
    role::Action,
    task::{Answer, Task},
};
use leptos::prelude::*;

/// Rows drawn at once.
const SHOWN: usize = 30;

/// A box of the grid: row and column.
type Chosen = Option<(usize, usize)>;

/// The page.
pub fn classes() -> impl IntoView {
    let app = app();
    let chosen = RwSignal::new(None::<(usize, usize)>);
    let limit = RwSignal::new(SHOWN);
    let asked = app.ask(move || Some(Task::Abc { shop: app.shop.get(), today: app.today(), product: None }));
    let head = move || {
        let lang = lang();
        let day = asked.with(|asked| match asked.answer() {
            Some(Answer::Abc(answer)) => lang.fill(lang.t().customers.as_of, &[&lang.date(answer.today)]),
            _ => String::new(),
        });
        page_head(lang.abc().title, day, ().into_any())
    };
    let body = answered(asked, 10, move |answer, _| match answer {
        Answer::Abc(answer) => Some(page(lang(), answer, chosen, limit)),
        _ => None,
    });
    let back = live(
        move || view! { <a class="chip" href="/stock">{icon_as("arrow-left", "icon way")} {lang().t().stock.title}</a> },
    );
    view! { {back} {head} {body} }
}

fn page(lang: Lang, answer: &AbcAnswer, chosen: RwSignal<Chosen>, limit: RwSignal<usize>) -> AnyView {
    let t = lang.abc();
    if answer.products.is_empty() {
        let sell = view! { <a class="button primary" href="/pos">{lang.t().nav.sell}</a> };
        return view! { <div class="card">{empty(Drawing::Shelf, t.none, t.none_help, sell.into_any())}</div> }
            .into_any();
    }
    view! { {grid(lang, answer, chosen, limit)} {list(lang, answer, chosen.get(), limit)} }.into_any()
}

fn grid(lang: Lang, answer: &AbcAnswer, chosen: RwSignal<Chosen>, limit: RwSignal<usize>) -> AnyView {
    let t = lang.abc();
    let most = answer.grid.iter().flatten().map(|cell| cell.products).max().unwrap_or_default();
    let lines = Class::ALL.map(|class| {
        let cells = (0..4).map(|column| {
            let cell = answer.grid[class as usize][column];
            let (count, sold) = (lang.whole(cell.products.into()), lang.compact(cell.revenue, answer.currency));
            let words = lang.fill(
                t.cell,
                &[&count, &sold, &lang.compact(cell.stock, answer.currency), class.name(), t.columns[column]],
            );
            let this = (class as usize, column);
            // Five shades by the root of the share, so that one crowded box does not wash out the rest.
            let shade = (5.0 * (f64::from(cell.products) / f64::from(most.max(1))).sqrt()).ceil();
            let choose = move |_| {
                limit.set(SHOWN);
                chosen.update(|chosen| *chosen = if *chosen == Some(this) { None } else { Some(this) });
            };
            view! {
                <button class=format!("cell heat-{shade}") type="button" data-testid=format!("abc-{}-{column}", class.name()) title=words.clone() aria-pressed=move || (chosen.get() == Some(this)).to_string() on:click=choose>
                    <b>{bdi(count)}</b>
                    // Where a box is narrow the word stands below the number.
                    {(cell.products > 0).then(|| bdi(sold.replace('\u{a0}', " ")))}
                    <span class="sr">{words}</span>
                </button>
            }
        });
        view! { <span class="axis side"><b>{class.name()}</b></span> {cells.collect_view()} }
    });
    let heads = t.columns.map(|words| view! { <span class="axis">{words}</span> });
    let rules = Class::ALL.map(|class| {
        view! { <li><b>{class.name()}</b> " · " {lang.class_rule(class)}</li> }
    });
    view! {
        <section class="card stack" data-testid="abc-grid">
            <div class="card-head"><h2>{t.grid}</h2></div>
            <div class="rfm abc" role="group" aria-label=t.grid>
                <span></span>
                {heads}
                {lines}
            </div>
            <ul class="fine">{rules}</ul>
            <p class="fine">{t.grid_help}</p>
        </section>
    }
    .into_any()
}

fn column(row: &AbcRow) -> usize {
    row.xyz.map_or(3, |it| it as usize)
}

fn list(lang: Lang, answer: &AbcAnswer, chosen: Chosen, limit: RwSignal<usize>) -> AnyView {
    let t = lang.abc();
    let here = |row: &&AbcRow| chosen.is_none_or(|chosen| chosen == (row.class as usize, column(row)));
    let shown = limit.get();
    let mut rows: Vec<AnyView> = answer
        .products
        .iter()
        .filter(here)
        .take(shown)
        .map(|row| product(lang, answer.currency, row))
        .collect();
    if rows.is_empty() {
        rows.push(view! { <li class="pad fine">{t.nothing_here}</li> }.into_any());
    }
    let count = answer.products.iter().filter(here).count();
    if count > shown {
        rows.push(view! {
            <li class="pad"><button class="button wide" type="button" on:click=move |_| limit.update(|limit| *limit += SHOWN)>{lang.t().common.show_more}</button></li>
        }.into_any());
    }
    let title = chosen.map_or(t.all.to_owned(), |(class, column)| {
        format!("{} · {}", Class::ALL[class].name(), t.columns[column])
    });
    if let Some((class, column)) = chosen {
        let xyz = [Xyz::X, Xyz::Y, Xyz::Z].get(column).copied();
        let advice = lang.class_advice(Class::ALL[class], xyz);
        rows.insert(0, view! { <li class="pad" data-testid="abc-advice">{advice}</li> }.into_any());
    }
    let beside = view! { <span class="fine"><span data-testid="abc-count">{lang.plural(lang.t().stock.products, count as u64)}</span> " · " {t.in_year}</span> };
    list_card("abc-list", title, beside.into_any(), rows)
}

fn product(lang: Lang, currency: Currency, row: &AbcRow) -> AnyView {
    let t = lang.abc();
    let stock =
        (row.stock.0 > 0).then(|| view! { " · " {money(lang, row.stock, currency)} " " {t.on_shelf} });
    view! {
        <li data-testid="abc-row">
            <a class="row" href=format!("/stock/{}", row.product)>
                <span class="name" dir="auto">{row.name.clone()}</span>
                <span class="amount">{money(lang, row.revenue, currency)}</span>
                <span class="sub whole">{class_badge(lang, row)} " " {lang.reasons(&row.reasons, currency)} {stock}</span>
            </a>
        </li>
    }
    .into_any()
}

fn class_badge(lang: Lang, row: &AbcRow) -> AnyView {
    let (tone, mark) = match row.class {
        Class::A => ("good", "sparkles"),
        Class::B => ("", "calendar"),
        Class::C => ("", "package"),
    };
    let t = lang.abc();
    let words = format!("{} · {}", lang.fill(t.class, &[row.class.name()]), t.columns[column(row)]);
    badge(tone, mark, words)
}

/// On a product's page: its class, why, what to do and what could stand in for it; nothing for who may not see reports.
pub fn card(app: AppState, id: Memo<Option<ProductId>>) -> AnyView {
    let asked = app.ask(move || {
        let product = id.get().filter(|_| app.may(Action::SeeReports))?;
        Some(Task::Abc { shop: app.shop.get(), today: app.today(), product: Some(product) })
    });
    live(move || {
        asked.with(|asked| match asked.answer() {
            Some(Answer::Abc(answer)) => {
                answer.products.first().map(|row| about(lang(), answer.currency, row))
            }
            _ => None,
        })
    })
}

fn about(lang: Lang, currency: Currency, row: &AbcRow) -> AnyView {
    let t = lang.abc();
    let others = row.substitutes.iter().map(|it| {
        view! { <li><a class="button" dir="auto" href=format!("/stock/{}", it.product)>{it.name.clone()}</a></li> }
    });
    let others = (!row.substitutes.is_empty()).then(|| {
        view! { <h3>{t.instead}</h3> <ul class="flow">{others.collect_view()}</ul> }
    });
    view! {
        <section class="card stack" data-testid="product-class">
            <div class="card-head"><h2>{t.open}</h2>{class_badge(lang, row)}</div>
            <p>{lang.class_advice(row.class, row.xyz)}</p>
            <p class="fine">{lang.class_rule(row.class)} " · " {lang.reasons(&row.reasons, currency)}</p>
            {others}
        </section>
    }
    .into_any()
}
