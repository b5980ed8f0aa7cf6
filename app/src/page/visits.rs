//! At the till beside selling: who came and what they did (where the shop notes it), what was asked for and not there,
//! and the offers that run.

use super::{
    find::find,
    lazy::{Counter, Missing, counter},
};
use crate::{
    component::{badge, icon, live, sheet, text_input, toasts},
    i18n::{Lang, lang},
};
use dukandar_app::state::{AppState, Note};
use dukandar_core::{
    id::ProductId,
    insight::catalog::Catalog,
    record::{Interaction, InteractionKind},
    table::context::SpanKind,
    task::{Answer, Task},
};
use leptos::{ev, prelude::*, task::spawn_local};
use std::sync::Arc;

/// In the order of their words.
const KINDS: [InteractionKind; 4] = [
    InteractionKind::Visit,
    InteractionKind::Comparison,
    InteractionKind::Negotiation,
    InteractionKind::Referral,
];
/// What is offered for the time in the shop.
const MINUTES: [u16; 4] = [5, 15, 30, 60];
/// Products offered while something is typed.
const SHOWN: usize = 6;

/// Writes a note down and says so, with a way back.
fn write(app: AppState, note: Note, said: String) {
    let lang = untrack(lang);
    spawn_local(async move {
        match app.note(note).await {
            Ok(it) => toasts().undo(said, move || back(app, it.clone())),
            Err(problem) => toasts().say(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)])),
        }
    });
}

fn back(app: AppState, it: Interaction) {
    spawn_local(async move {
        if let Err(problem) = app.take_note_back(it).await {
            let lang = untrack(lang);
            toasts().say(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)]));
        }
    });
}

/// What is on the bill.
fn on_bill(app: AppState) -> Vec<(ProductId, String)> {
    app.cart.with(|cart| cart.lines.iter().map(|line| (line.product, line.name.clone())).collect())
}

/// The button that notes visits; nothing where the shop notes none.
pub fn button(app: AppState) -> AnyView {
    let open = RwSignal::new(false);
    let title = Signal::derive(|| lang().t().counter.visit.to_owned());
    let shown = move || {
        app.noting.get().then(|| {
            view! { <button class="button" type="button" data-testid="visit-open" aria-haspopup="dialog" on:click=move |_| open.set(true)>{icon("users")} {title.get()}</button> }
        })
    };
    view! { {live(shown)} {sheet(open, title, "visit", move || counter(Counter::Visit(app, open)))} }
        .into_any()
}

/// The sheet that notes a visit.
pub fn form(app: AppState, open: RwSignal<bool>) -> AnyView {
    let lang = lang();
    let t = &lang.t().counter;
    let minutes = RwSignal::new(None::<u16>);
    let compared = untrack(|| on_bill(app));
    let names: Vec<String> = compared.iter().map(|(_, name)| name.clone()).collect();
    let about = (!names.is_empty())
        .then(|| view! { <p class="fine" dir="auto">{format!("{}: {}", t.compared, names.join(lang.t().common.comma))}</p> });
    let times = MINUTES.map(|value| {
        let tap = move |_| minutes.update(|it| *it = (*it != Some(value)).then_some(value));
        view! { <button class="button" type="button" data-testid=format!("minutes-{value}") aria-pressed=move || (minutes.get() == Some(value)).to_string() on:click=tap>{lang.whole(value.into())}</button> }
    });
    let compared = StoredValue::new(compared);
    let kinds = KINDS.into_iter().enumerate().map(|(place, kind)| {
        let tap = move |_| {
            open.set(false);
            let products = if kind == InteractionKind::Comparison {
                compared.with_value(|all| all.iter().map(|(product, _)| *product).collect())
            } else {
                Vec::new()
            };
            let customer = app.cart.with_untracked(|cart| cart.customer);
            let note = Note { kind, customer, products, text: None, minutes: minutes.get_untracked() };
            write(app, note, t.noted[place].to_owned());
        };
        view! { <button class="button tall wide" type="button" data-testid=format!("visit-{place}") on:click=tap>{t.kinds[place]}</button> }
    });
    view! {
        <div class="sheet-body">
            <fieldset class="stack"><legend class="fine">{t.minutes}</legend><div class="flow">{times}</div></fieldset>
            {kinds.collect_view()}
            {about}
        </div>
    }
    .into_any()
}

/// Notes words that were asked for and name no product.
pub fn missing_words(app: AppState, words: &str) {
    let lang = untrack(lang);
    let words = words.trim().to_owned();
    let said = lang.fill(lang.t().counter.missing_noted, &[&words]);
    let customer = app.cart.with_untracked(|cart| cart.customer);
    let kind = InteractionKind::NotInStock;
    write(app, Note { kind, customer, products: Vec::new(), text: Some(words), minutes: None }, said);
}

/// Nahi mila: one tap where something is typed that the shop does not have, else a sheet that asks what it was.
pub fn missing_button(
    app: AppState,
    catalog: RwSignal<Option<Arc<Catalog>>>,
    query: RwSignal<String>,
    pick: RwSignal<bool>,
) -> AnyView {
    let open = RwSignal::new(false);
    let title = Signal::derive(|| lang().t().counter.missing.to_owned());
    let tap = move |_| {
        let typed = query.get_untracked();
        let is_known = catalog.with_untracked(|catalog| {
            catalog.as_ref().is_some_and(|catalog| find(catalog, &typed).next().is_some())
        });
        if typed.trim().is_empty() || is_known {
            open.set(true);
        } else {
            missing_words(app, &typed);
            query.set(String::new());
        }
    };
    view! {
        <button class="button" type="button" data-testid="missing-open" on:click=tap>{icon("search-x")} {move || title.get()}</button>
        {sheet(open, title, "missing-sheet", move || counter(Counter::Missing(Missing { app, catalog, query, open, pick })))}
    }
    .into_any()
}

/// The sheet that asks what was wanted.
pub fn missing_form(Missing { app, catalog, query, open, pick }: Missing) -> AnyView {
    let lang = lang();
    let t = &lang.t().counter;
    let words = RwSignal::new(query.get_untracked());
    let wrong = RwSignal::new(None::<String>);
    let done = move || {
        open.set(false);
        query.set(String::new());
    };
    let hits = move || {
        let typed = words.get();
        wrong.set(None);
        if typed.trim().is_empty() {
            return None;
        }
        let rows = catalog.with(|catalog| {
            let found = catalog.as_ref().map(|catalog| find(catalog, &typed).take(SHOWN).collect::<Vec<_>>());
            found.unwrap_or_default().into_iter().map(|item| (item.id, item.name.clone())).collect::<Vec<_>>()
        });
        let rows = rows.into_iter().map(|(product, name)| {
            let shown = name.clone();
            let tap = move |_| {
                let customer = app.cart.with_untracked(|cart| cart.customer);
                let kind = InteractionKind::NotInStock;
                let note = Note { kind, customer, products: vec![product], text: None, minutes: None };
                write(app, note, lang.fill(t.missing_noted, &[&name]));
                done();
            };
            view! { <li><button class="row" type="button" data-testid="missing-hit" on:click=tap><span class="name" dir="auto">{shown}</span></button></li> }
        });
        Some(view! { <ul class="list">{rows.collect_view()}</ul> })
    };
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = words.get_untracked();
        if typed.trim().is_empty() {
            return wrong.set(Some(t.missing_need.to_owned()));
        }
        missing_words(app, &typed);
        done();
    };
    // Who asked: the customer on the bill, or one that is chosen now.
    let asker = move || {
        app.cart.with(|cart| cart.customer.is_none()).then(|| {
            view! { <button class="button" type="button" data-testid="missing-who" on:click=move |_| pick.set(true)>{icon("users")} {lang.t().khata.choose}</button> }
        })
    };
    view! {
        <form class="sheet-body" on:submit=on_submit>
            <p class="fine">{t.missing_about}</p>
            {text_input(t.missing_what, "", words, wrong.into(), "text", "missing-words")}
            {live(hits)}
            {live(asker)}
            <button class="button primary tall" type="submit" data-testid="missing-save">{icon("check")} {t.missing_write}</button>
        </form>
    }
    .into_any()
}

/// Offers that run today, for the customer at the till.
pub fn offers(app: AppState) -> AnyView {
    let asked = app.ask(move || app.cart.with(|cart| cart.customer.is_some()).then_some(Task::Context));
    live(move || {
        let lang = lang();
        let today = app.today();
        let has_customer = app.cart.with(|cart| cart.customer.is_some());
        asked.with(|asked| match asked.answer() {
            Some(Answer::Context(context)) if has_customer => {
                let runs = context.spans.iter().filter(|span| {
                    span.kind == SpanKind::Promotion && span.from <= today && today <= span.until
                });
                let marks: Vec<AnyView> =
                    runs.map(|span| offer(lang, &span.name, &lang.date(span.until))).collect();
                (!marks.is_empty()).then(|| view! { <p class="flow pad" data-testid="offers">{marks}</p> })
            }
            _ => None,
        })
    })
}

fn offer(lang: Lang, name: &str, until: &str) -> AnyView {
    let t = &lang.t().counter;
    badge("good", "percent", format!("{}: {}", t.offers, lang.fill(t.offer_until, &[name, until])))
}
