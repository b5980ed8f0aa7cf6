//! Who it is: find a customer by name, phone or number, or write a new one down. Names are opened by the worker.

use super::{
    customers::{phones, who},
    lazy::{Counter, counter},
};
use crate::{
    component::{badge, bdi, icon, live, sheet, text_input, watch},
    i18n::{Lang, lang},
};
use dukandar_app::{
    plain::khata::is_phone,
    state::{AppState, app},
};
use dukandar_core::{
    customer::khata::KhataRow,
    id::CustomerId,
    money::{Currency, Paisa},
};
use leptos::{ev, prelude::*, task::spawn_local};

/// Customers listed at once: more letters are quicker than scrolling.
const SHOWN: u32 = 12;

/// Asks who, and says it to `chosen`.
pub fn pick_sheet(open: RwSignal<bool>, chosen: Callback<CustomerId>) -> AnyView {
    let title = Signal::derive(|| lang().t().khata.find.to_owned());
    sheet(open, title, "pick", move || counter(Counter::Customer(app(), open, chosen)))
}

/// What a customer owes, or has paid ahead, as a badge; nothing where they are even.
pub fn dues(lang: Lang, balance: Paisa, currency: Currency) -> Option<AnyView> {
    let amount = |amount| lang.money(amount, currency);
    match balance {
        Paisa::ZERO => None,
        owed if owed > Paisa::ZERO => {
            Some(badge("warn", "book-open", lang.fill(lang.t().customers.owes, &[&amount(owed)])))
        }
        ahead => Some(badge("good", "check", format!("{}: {}", lang.t().khata.paid_ahead, amount(-ahead)))),
    }
}

/// The sheet that finds a customer or takes a new one.
pub fn pick_form(app: AppState, open: RwSignal<bool>, chosen: Callback<CustomerId>) -> AnyView {
    let t = &untrack(lang).t().khata;
    let query = RwSignal::new(String::new());
    let found = RwSignal::new(None::<Vec<KhataRow>>);
    let adding = RwSignal::new(false);
    let turn = StoredValue::new(0_u32);
    watch(move || {
        let query = query.get();
        app.version.track();
        let mine = turn.get_value() + 1;
        turn.set_value(mine);
        spawn_local(async move {
            // Without its worker the sheet still takes a new customer's name, and says then what is wrong.
            let rows = app.find_customers(query, SHOWN).await.unwrap_or_default();
            if turn.try_get_value() == Some(mine) {
                found.set(Some(rows));
            }
        });
    });
    let take = move |customer| {
        open.set(false);
        chosen.run(customer);
    };
    let list = move || {
        let lang = lang();
        let rows = found.get()?;
        if rows.is_empty() {
            return Some(view! { <p class="muted" data-testid="nobody">{t.nobody}</p> }.into_any());
        }
        let row = |row: KhataRow| {
            let id = row.customer;
            let first_phone = move || phones(app, id).into_iter().next().map(bdi);
            view! {
                <li>
                    <button class="row" type="button" data-testid="customer-hit" on:click=move |_| take(id)>
                        <span class="name">{who(app, lang, id, row.code)}</span>
                        <span class="end">{dues(lang, row.account.balance, app.currency())}</span>
                        <span class="sub">{first_phone}</span>
                    </button>
                </li>
            }
        };
        Some(view! { <ul class="list">{rows.into_iter().map(row).collect_view()}</ul> }.into_any())
    };
    let body = move || {
        if adding.get() {
            return new_form(app, query.get_untracked(), take);
        }
        view! {
            <div class="search">
                {icon("search")}
                <input
                    class="input"
                    type="search"
                    autofocus
                    autocomplete="off"
                    data-testid="customer-search"
                    aria-label=t.find_hint
                    placeholder=t.find_hint
                    on:input=move |event| query.set(event_target_value(&event))
                />
            </div>
            <button class="button tall" type="button" data-testid="customer-new" on:click=move |_| adding.set(true)>{icon("plus")} {t.new}</button>
            {live(list)}
        }
        .into_any()
    };
    view! { <div class="sheet-body">{live(body)}</div> }.into_any()
}

/// Name and phone of somebody new; what was searched for stands in its field already.
fn new_form(app: AppState, typed: String, take: impl Fn(CustomerId) + Copy + 'static) -> AnyView {
    let lang = untrack(lang);
    let t = lang.t();
    let (typed_phone, typed_name) =
        if is_phone(&typed) { (typed, String::new()) } else { (String::new(), typed) };
    let (name, phone) = (RwSignal::new(typed_name), RwSignal::new(typed_phone));
    let (no_name, no_phone) = (RwSignal::new(None), RwSignal::new(None));
    let saving = RwSignal::new(false);
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let (name, phone) = (name.get_untracked(), phone.get_untracked());
        let is_nameless = name.trim().is_empty();
        let is_wrong = !phone.trim().is_empty() && !is_phone(&phone);
        no_name.set(is_nameless.then(|| t.stock.need_name.to_owned()));
        no_phone.set(is_wrong.then(|| t.khata.bad_phone.to_owned()));
        if is_nameless || is_wrong || saving.get_untracked() {
            return;
        }
        saving.set(true);
        spawn_local(async move {
            match app.add_customer(&name, &phone).await {
                Ok(customer) => take(customer),
                Err(problem) => {
                    saving.set(false);
                    no_name.set(Some(lang.fill(t.trouble.not_saved, &[&lang.problem(&problem)])));
                }
            }
        });
    };
    view! {
        <form class="stack" on:submit=on_submit>
            {text_input(t.stock.name, "", name, no_name.into(), "text", "customer-name-new")}
            {text_input(t.khata.phone, t.common.optional, phone, no_phone.into(), "tel", "customer-phone-new")}
            <button class="button primary tall wide" type="submit" data-testid="customer-save" disabled=move || saving.get()>{icon("check")} {t.common.save}</button>
        </form>
    }
    .into_any()
}
