//! On Reorder: what was asked for and not there, as lost rupees; a tap orders it or makes the product.

use super::{open_orders::take_back, product::add_named_sheet};
use crate::{
    component::{badge, icon, list_card, live, money, toasts},
    i18n::{Lang, lang},
};
use dukandar_app::state::AppState;
use dukandar_core::{
    inventory::asked::{AskedAnswer, AskedFor},
    quantity::Quantity,
    role::Action,
    task::{Answer, Task},
};
use leptos::{prelude::*, task::spawn_local};

/// Rows shown at most: they stand by rupees lost.
const SHOWN: usize = 10;

/// The card; nothing where nobody asked in vain.
pub fn card(app: AppState) -> AnyView {
    let asked = app.ask(move || Some(Task::Asked { shop: app.shop.get(), today: app.today() }));
    let making = RwSignal::new(None::<String>);
    let shown = live(move || {
        asked.with(|asked| match asked.answer() {
            Some(Answer::Asked(answer)) if !answer.rows.is_empty() => Some(list(app, lang(), answer, making)),
            _ => None,
        })
    });
    view! { {shown} {add_named_sheet(making)} }.into_any()
}

fn list(app: AppState, lang: Lang, answer: &AskedAnswer, making: RwSignal<Option<String>>) -> AnyView {
    let t = &lang.t().counter;
    let rows = answer.rows.iter().take(SHOWN).map(|row| line(app, lang, answer, row, making));
    let days = lang.fill(t.asked_help, &[&lang.whole(answer.days.into())]);
    let about = view! { <li class="pad fine">{days}</li> }.into_any();
    let beside = view! {
        <span class="flow"><b data-testid="asked-lost">{money(lang, answer.lost, answer.currency)}</b><span class="fine">{t.lost}</span></span>
    };
    let rows = std::iter::once(about).chain(rows);
    list_card("asked", t.asked, beside.into_any(), rows)
}

fn line(
    app: AppState,
    lang: Lang,
    answer: &AskedAnswer,
    row: &AskedFor,
    making: RwSignal<Option<String>>,
) -> AnyView {
    let t = &lang.t().counter;
    let why = format!(
        "{} · {}",
        lang.plural(t.times, row.times.into()),
        lang.fill(t.last, &[&lang.date(row.last)])
    );
    let shelf = row.on_hand.map(|left| match left.0 {
        0 | i64::MIN..0 => lang.t().sell.out_of_stock.to_owned(),
        _ => lang.fill(lang.t().sell.in_stock, &[&lang.quantity(left)]),
    });
    let why = [Some(why), shelf].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let lost = match row.lost {
        Some(lost) => money(lang, lost, answer.currency),
        None => view! { <span class="fine">{t.no_price}</span> }.into_any(),
    };
    let act = match row.product {
        _ if row.on_order.0 > 0 => {
            badge("good", "truck", lang.fill(t.on_the_way, &[&lang.quantity(row.on_order)]))
        }
        Some(_) if app.may(Action::Order) => {
            let label = format!("{}: {}", t.add_order, row.name);
            let row = row.clone();
            view! { <button class="button" type="button" data-testid="asked-order" aria-label=label on:click=move |_| order(app, &row)>{icon("truck")} {t.add_order}</button> }.into_any()
        }
        None if app.may(Action::EditProduct) => {
            let (label, name) = (format!("{}: {}", t.make, row.name), row.name.clone());
            view! { <button class="button" type="button" data-testid="asked-make" aria-label=label on:click=move |_| making.set(Some(name.clone()))>{icon("plus")} {t.make}</button> }.into_any()
        }
        _ => ().into_any(),
    };
    view! {
        <li class="flow pad" data-testid="asked-row">
            <span class="grow"><span class="strong" dir="auto">{row.name.clone()}</span><br/><span class="fine">{why}</span></span>
            <b>{lost}</b>
            {act}
        </li>
    }
    .into_any()
}

/// As many as were asked for, from whom it last came.
fn order(app: AppState, row: &AskedFor) {
    let Some(product) = row.product else { return };
    let lang = untrack(lang);
    let (supplier, pieces, cost) = (row.supplier, Quantity::pieces(row.times.into()), row.cost);
    spawn_local(async move {
        match app.order_one(product, supplier, pieces, cost).await {
            Ok(order) => {
                toasts().undo(lang.t().counter.ordered, move || take_back(app, vec![order.clone()]));
            }
            Err(problem) => toasts().say(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)])),
        }
    });
}
