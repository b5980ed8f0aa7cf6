//! Orders on their way: send one on, write down what came, take back what will not come.

use crate::{
    component::{icon, list_card, money, sheet_about, toasts},
    i18n::{Lang, lang},
};
use dukandar_app::{
    plain::csv::csv,
    state::{AppState, save_csv},
};
use dukandar_core::{
    inventory::{open_order::OpenOrder, reorder::ReorderPlan},
    record::{PurchaseOrder, StockLine},
};
use leptos::{prelude::*, task::spawn_local};

/// The order whose goods are being written down.
pub type Receiving = RwSignal<Option<OpenOrder>>;

/// The card; nothing while nothing is on its way.
pub fn open_orders(app: AppState, lang: Lang, plan: &ReorderPlan, receiving: Receiving) -> AnyView {
    if plan.open_orders.is_empty() {
        return ().into_any();
    }
    let t = &lang.t().reorder;
    let rows = plan.open_orders.iter().map(|order| row(app, lang, plan, order, receiving));
    let help = view! { <span class="fine">{t.on_the_way_help}</span> }.into_any();
    list_card("open-orders", t.on_the_way, help, rows)
}

fn row(app: AppState, lang: Lang, plan: &ReorderPlan, order: &OpenOrder, receiving: Receiving) -> AnyView {
    let t = &lang.t().reorder;
    let supplier = order.supplier_name.clone().unwrap_or_else(|| t.supplier_unknown.to_owned());
    let day = lang.date(order.at.day(untrack(|| app.zone())));
    let shops = app.shops.get_untracked();
    // With one branch its name says nothing.
    let shop =
        shops.iter().find(|shop| shop.id == order.shop && shops.len() > 1).map(|shop| shop.name.clone());
    let count = lang.plural(t.selected, order.lines.len() as u64);
    let about = [Some(day), shop].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let lines = order.lines.iter().map(|line| {
        view! { <li class="pair"><span dir="auto">{line.name.clone()}</span><span class="num">{lang.quantity(line.left)}</span></li> }
    });
    let link = format!("https://wa.me/?text={}", js_sys::encode_uri_component(&as_text(app, lang, order)));
    let (to_save, to_receive, to_drop) = (order.clone(), order.clone(), order.clone());
    let save = move |_| {
        if save_csv("order.csv", &as_csv(lang, &to_save).into()).is_err() {
            toasts().say(lang.t().trouble.title);
        }
    };
    let take_back = move |_| take_back(app, vec![as_record(&to_drop)]);
    view! {
        <li class="stack pad" data-testid="open-order">
            <div class="flow">
                <span class="grow"><span class="strong" dir="auto">{supplier}</span><br/><span class="fine">{about}</span></span>
                <b>{money(lang, order.cost, plan.currency)}</b>
            </div>
            <details class="more">
                <summary>{icon("chevron-down")} {count}</summary>
                <ul>{lines.collect_view()}</ul>
            </details>
            <div class="flow">
                <a class="button" href=link target="_blank" rel="noopener" data-testid="order-whatsapp">{icon("message-square")} {t.whatsapp}</a>
                <button class="button" type="button" data-testid="order-csv" on:click=save>{icon("download")} {t.csv}</button>
                <button class="button" type="button" data-testid="order-arrived" on:click=move |_| receiving.set(Some(to_receive.clone()))>{icon("package")} {t.arrived}</button>
                <button class="button quiet danger" type="button" data-testid="order-take-back" on:click=take_back>{icon("undo-2")} {t.take_back}</button>
            </div>
        </li>
    }
    .into_any()
}

/// Takes orders back and says so.
pub fn take_back(app: AppState, orders: Vec<PurchaseOrder>) {
    spawn_local(async move {
        let done = app.take_back_orders(orders).await;
        let lang = untrack(lang);
        toasts().say(match done {
            Ok(()) => lang.t().reorder.taken_back.to_owned(),
            Err(problem) => lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)]),
        });
    });
}

/// What an order lacks, as a record of it.
fn as_record(order: &OpenOrder) -> PurchaseOrder {
    let lines = order.lines.iter().map(|line| StockLine {
        product: line.product,
        units: Vec::new(),
        quantity: line.left,
        unit_cost: line.unit_cost,
    });
    PurchaseOrder {
        id: order.id,
        shop: order.shop,
        supplier: order.supplier,
        lines: lines.collect(),
        at: order.at,
        expected: order.expected,
    }
}

fn as_text(app: AppState, lang: Lang, order: &OpenOrder) -> String {
    let shop = app.shops.with_untracked(|shops| {
        shops.iter().find(|shop| shop.id == order.shop).map(|shop| shop.name.clone()).unwrap_or_default()
    });
    let mut out = vec![lang.fill(lang.t().reorder.order_text, &[&shop])];
    out.extend(order.lines.iter().map(|line| format!("{} × {}", lang.quantity(line.left), line.name)));
    out.join("\n")
}

fn as_csv(lang: Lang, order: &OpenOrder) -> String {
    let t = lang.t();
    let mut rows = vec![[t.stock.product, t.reorder.order, t.reorder.cost].map(str::to_owned).to_vec()];
    rows.extend(order.lines.iter().map(|line| {
        let cost = line.unit_cost.and_then(|cost| line.left.times(cost));
        let cost = cost.map(|cost| format!("{:.2}", cost.as_units())).unwrap_or_default();
        vec![line.name.clone(), format!("{}", line.left.0 / 1_000), cost]
    }));
    csv(&rows)
}

/// Asks how much of an order came, and the numbers of its phones.
pub fn receive_sheet(receiving: Receiving) -> AnyView {
    let title = |_: &OpenOrder| lang().t().reorder.arrived.to_owned();
    sheet_about(receiving, title, "receive", super::receive::form)
}
