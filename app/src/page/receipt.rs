//! The receipt: on the screen as on the roll, printed, or sent as text.

use super::{
    bill::LastReceipt,
    customers::{open_name, who},
    unit_pick::numbers,
};
use crate::{
    component::{Drawing, bdi, empty, icon, loading, money, toasts, watch},
    i18n::{Lang, lang},
};
use dukandar_app::state::{AppState, Receipt, app};
use dukandar_core::{
    id::ProductId,
    money::Paisa,
    record::Payment,
    task::{Answer, Task},
};
use gloo::storage::{LocalStorage, Storage};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use std::collections::HashMap;

const PAPER_KEY: &str = "dukandar.paper";

/// What is known of the asked receipt.
#[derive(Clone)]
enum Found {
    Looking,
    Missing,
    Here(Box<Receipt>),
}

/// The page.
pub fn receipt() -> impl IntoView {
    let app = app();
    let LastReceipt(last) = expect_context();
    let params = use_params_map();
    let found = RwSignal::new(Found::Looking);
    let is_nameless = RwSignal::new(false);
    watch(move || {
        let id = params.with(|params| params.get("id")).unwrap_or_default();
        let fresh =
            last.with_untracked(|last| last.clone().filter(|receipt| receipt.sale.id.to_string() == id));
        if let Some(receipt) = fresh {
            found.set(Found::Here(Box::new(receipt)));
            return;
        }
        let Ok(id) = id.parse() else { return found.set(Found::Missing) };
        // A deep link waits for the database.
        if app.boot.get() != dukandar_app::state::Boot::Ready {
            return;
        }
        spawn_local(async move {
            match app.receipt(id).await {
                Ok(Some(receipt)) => {
                    is_nameless.set(true);
                    found.set(Found::Here(Box::new(receipt)));
                }
                Ok(None) => found.set(Found::Missing),
                Err(problem) => {
                    found.set(Found::Missing);
                    toasts().say(untrack(lang).problem(&problem));
                }
            }
        });
    });
    let customer = move || {
        found.with(|found| match found {
            Found::Here(receipt) => receipt.sale.customer,
            _ => None,
        })
    };
    open_name(app, customer);
    let is_narrow = RwSignal::new(LocalStorage::get(PAPER_KEY).unwrap_or(false));
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.alt_key() && event.code() == "KeyP" {
            event.prevent_default();
            print();
        }
    });
    on_cleanup(move || handle.remove());
    // A receipt out of the journal has its lines by id; the catalogue has the names.
    let catalog = app
        .ask(move || is_nameless.get().then(|| Task::Catalog { shop: app.shop.get(), now: app.now.get() }));
    let names = Memo::new(move |_| {
        catalog.with(|asked| match asked.answer() {
            Some(Answer::Catalog(catalog)) => {
                catalog.items.iter().map(|item| (item.id, item.name.clone())).collect()
            }
            _ => HashMap::<ProductId, String>::new(),
        })
    });
    move || {
        let lang = lang();
        found.with(|found| match found {
            Found::Looking => view! { <div class="card">{loading(6)}</div> }.into_any(),
            Found::Missing => {
                let t = &lang.t().receipt;
                let back = view! { <a class="button primary" href="/pos">{t.next}</a> };
                view! { <div class="card">{empty(Drawing::Ledger, t.not_here, t.not_here_help, back.into_any())}</div> }.into_any()
            }
            Found::Here(receipt) => {
                let mut receipt = receipt.as_ref().clone();
                names.with(|names| {
                    for (line, name) in receipt.sale.lines.iter().zip(&mut receipt.names).filter(|(_, name)| name.is_empty()) {
                        *name = names.get(&line.product).cloned().unwrap_or_else(|| "…".to_owned());
                    }
                });
                page(app, lang, &receipt, is_narrow)
            }
        })
    }
}

fn print() {
    // Refused only where a page may not print, and then there is nothing to print on.
    let _ = window().print();
}

fn page(app: AppState, lang: Lang, receipt: &Receipt, is_narrow: RwSignal<bool>) -> AnyView {
    let t = &lang.t().receipt;
    let text = as_text(app, lang, receipt);
    let share = format!("https://wa.me/?text={}", js_sys::encode_uri_component(&text));
    let width = |narrow: bool, words: &'static str| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="paper"
                    prop:checked=move || is_narrow.get() == narrow
                    on:change=move |_| {
                        // Kept where the browser keeps anything; else for this receipt.
                        let _ = LocalStorage::set(PAPER_KEY, narrow);
                        is_narrow.set(narrow);
                    }
                />
                <span><bdi dir="ltr">{words}</bdi></span>
            </label>
        }
    };
    view! {
        <header class="page-head no-print">
            <div>
                <h1>{t.title}</h1>
                <p class="fine" role="status" data-testid="saved-here">{t.saved_here}</p>
            </div>
            <div class="actions">
                <a class="button primary" href="/pos" data-testid="next-sale">{icon("plus")} {t.next}</a>
                <button class="button" type="button" on:click=move |_| print()>{icon("printer")} {t.print}</button>
                <a class="button" href=share target="_blank" rel="noopener">{icon("share-2")} {t.share}</a>
            </div>
        </header>
        {paper(app, lang, receipt, is_narrow)}
        <fieldset class="no-print flow">
            <legend class="fine">{t.width}</legend>
            <div class="segmented">{width(false, "80 mm")} {width(true, "58 mm")}</div>
        </fieldset>
    }
    .into_any()
}

fn paper(app: AppState, lang: Lang, receipt: &Receipt, is_narrow: RwSignal<bool>) -> AnyView {
    let t = &lang.t().receipt;
    let sale = &receipt.sale;
    let amount = |amount| money(lang, amount, receipt.currency);
    let total: Paisa = sale.lines.iter().map(|line| line.amount).sum();
    let rows = sale.lines.iter().zip(&receipt.names).map(|(line, name)| {
        let discount = (line.discount.0 != 0).then(|| {
            view! { <div class="pair fine"><span>{t.discount}</span>{amount(-line.discount)}</div> }
        });
        let units = line.units.clone();
        let each =
            format!("{} × {}", lang.quantity(line.quantity), lang.money(line.unit_price, receipt.currency));
        view! {
            <tr>
                <th scope="row"><span dir="auto">{name.clone()}</span>{numbers(app, move || units.clone())}<div>{bdi(each)}</div>{discount}</th>
                <td class="num">{amount(line.amount)}</td>
            </tr>
        }
    });
    // What was handed over says more than what stayed in the drawer.
    let handed = |payment: &Payment| payment.tendered.unwrap_or(payment.amount);
    let payments = sale.payments.iter().map(|payment| {
        view! { <div class="pair"><span>{lang.method(payment.method)}</span>{amount(handed(payment))}</div> }
    });
    let back = sale.payments.iter().map(|payment| handed(payment) - payment.amount).sum::<Paisa>();
    let back = (back.0 > 0).then(|| {
        view! { <div class="pair" data-testid="receipt-change"><span>{t.change}</span>{amount(back)}</div> }
    });
    let customer = sale.customer.map(|customer| {
        view! { <div class="pair" data-testid="receipt-customer"><span>{lang.t().sell.customer}</span>{who(app, lang, customer, None)}</div> }
    });
    let day = sale.at.day(sale.zone);
    view! {
        <article class=move || if is_narrow.get() { "paper narrow-roll" } else { "paper" } data-testid="receipt">
            <h2 dir="auto">{receipt.shop_name.clone()}</h2>
            <p class="centre" dir="auto">{receipt.city.clone()}</p>
            <hr/>
            <div class="pair"><span>{t.number} " " {bdi(sale.number.clone())}</span><span>{lang.date(day)}", " {bdi(lang.time(sale.at, sale.zone))}</span></div>
            {customer}
            <table><tbody>{rows.collect_view()}</tbody></table>
            <hr/>
            <div class="total"><span>{t.total}</span>{amount(total)}</div>
            {payments.collect_view()}
            {back}
            <hr/>
            <p class="centre">{t.thanks}</p>
        </article>
    }
    .into_any()
}

/// The same as plain text, for a message.
fn as_text(app: AppState, lang: Lang, receipt: &Receipt) -> String {
    let t = &lang.t().receipt;
    let sale = &receipt.sale;
    let mut out = vec![
        receipt.shop_name.clone(),
        format!("{} {}, {}", t.number, sale.number, lang.date(sale.at.day(sale.zone))),
    ];
    for (line, name) in sale.lines.iter().zip(&receipt.names) {
        out.push(format!(
            "{} × {name}: {}",
            lang.quantity(line.quantity),
            lang.money(line.amount, receipt.currency)
        ));
        let codes = app
            .codes
            .with(|codes| line.units.iter().filter_map(|unit| codes.get(unit).cloned()).collect::<Vec<_>>());
        out.extend(codes.into_iter().map(|code| format!("IMEI {code}")));
    }
    let total = sale.lines.iter().map(|line| line.amount).sum();
    out.push(format!("{}: {}", t.total, lang.money(total, receipt.currency)));
    out.push(t.thanks.to_owned());
    out.join("\n")
}
