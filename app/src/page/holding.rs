//! The till's own drawer of papers: the open bill is held, quoted or given back; held bills are taken up again.

use super::{
    lazy::{Counter, counter},
    take_back::unseen,
};
use crate::{
    component::{bdi, icon, live, money, number_input, sheet, text_input, toasts},
    i18n::{Lang, lang},
};
use dukandar_app::state::{AppState, Held, Problem};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Days that a quotation holds unless told.
const DAYS: i64 = 3;

/// Buttons of the till's tool row: held bills with their count, and the list of sales.
pub fn button(app: AppState) -> AnyView {
    let open = RwSignal::new(false);
    let title = Signal::derive(|| lang().t().papers.held.to_owned());
    let navigate = use_navigate();
    let go = Callback::new(move |path: String| {
        open.set(false);
        navigate(&path, NavigateOptions::default());
    });
    let count = move || {
        let count = app.held.with(Vec::len);
        (count > 0)
            .then(|| view! { <span class="badge warn" data-testid="held-count">{count.to_string()}</span> })
    };
    view! {
        <button class="button" type="button" data-testid="hold-open" aria-haspopup="dialog" on:click=move |_| open.set(true)>
            {icon("clock")} {move || lang().t().papers.hold} {count}
        </button>
        <a class="button" href="/sales" data-testid="sales-open">{icon("file-text")} {move || lang().t().papers.sales}</a>
        {sheet(open, title, "hold-sheet", move || counter(Counter::Hold(app, open, go)))}
    }
    .into_any()
}

fn said(lang: Lang, problem: &Problem) {
    toasts().say(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(problem)]));
}

/// The sheet with held bills and what is done with the open one.
pub fn body(app: AppState, open: RwSignal<bool>, go: Callback<String>) -> AnyView {
    let lang = untrack(lang);
    let t = &lang.t().papers;
    let with_bill = app.cart.with_untracked(|cart| !cart.is_empty()).then(|| {
        view! { {hold_form(app, lang, open)} {quote_form(app, lang, go)} {unseen(app, go)} }
    });
    let held = live(move || {
        let held = app.held.get();
        if held.is_empty() {
            return view! { <p class="fine" data-testid="none-held">{t.none_held}</p> }.into_any();
        }
        let rows = held.iter().enumerate().map(|(index, it)| row(app, lang, open, index, it));
        view! { <ul class="list">{rows.collect_view()}</ul> }.into_any()
    });
    view! { <div class="sheet-body">{held} {with_bill}</div> }.into_any()
}

fn row(app: AppState, lang: Lang, open: RwSignal<bool>, index: usize, it: &Held) -> AnyView {
    let t = &lang.t().papers;
    let customer = it.cart.customer.and_then(|customer| app.person(customer)).and_then(|person| person.name);
    let since = lang.time(it.at, app.zone());
    let name =
        Some(it.name.clone()).filter(|name| !name.is_empty()).or(customer).unwrap_or_else(|| since.clone());
    let taken = it.cart.taken.iter().map(|taken| format!("{}: {}", lang.t().units.exchange, taken.name));
    let goods = it.cart.lines.iter().map(|line| line.name.clone()).chain(taken).collect::<Vec<_>>();
    let total = it.cart.total().unwrap_or_default();
    let resume = move |_| match app.resume(index) {
        Ok(()) => open.set(false),
        Err(problem) => said(lang, &problem),
    };
    view! {
        <li>
            <button class="row" type="button" data-testid="resume" on:click=resume>
                <span class="name" dir="auto">{name}</span>
                <span class="amount">{money(lang, total, app.currency())}</span>
                <span class="sub"><bdi>{goods.join(lang.t().common.comma)}</bdi> " · " {bdi(since)}</span>
                <span class="end fine">{t.resume}</span>
            </button>
        </li>
    }
    .into_any()
}

fn hold_form(app: AppState, lang: Lang, open: RwSignal<bool>) -> AnyView {
    let t = &lang.t().papers;
    let name = RwSignal::new(String::new());
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        match app.hold(name.get_untracked().trim().to_owned()) {
            Ok(()) => {
                open.set(false);
                toasts().say(t.held_said);
            }
            Err(problem) => said(lang, &problem),
        }
    };
    view! {
        <form class="stack" on:submit=on_submit>
            {text_input(t.held_name, t.held_help, name, Signal::stored(None), "text", "held-name")}
            <button class="button primary tall wide" type="submit" data-testid="hold">{icon("clock")} {t.hold}</button>
        </form>
    }
    .into_any()
}

fn quote_form(app: AppState, lang: Lang, go: Callback<String>) -> AnyView {
    let t = &lang.t().papers;
    let days = RwSignal::new(DAYS.to_string());
    let wrong = RwSignal::new(None);
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = days.get_untracked().trim().parse::<i64>().ok().filter(|days| (1..=365).contains(days));
        let Some(days) = typed else { return wrong.set(Some(lang.t().stock.bad_number.to_owned())) };
        spawn_local(async move {
            match app.quote(days).await {
                Ok(made) => go.run(format!("/quotes/{}", made.id)),
                Err(problem) => said(lang, &problem),
            }
        });
    };
    view! {
        <form class="stack" on:submit=on_submit>
            {number_input(t.quote_days, "", days, wrong.into(), "quote-days")}
            <button class="button tall wide" type="submit" data-testid="quote">{icon("file-text")} {t.quote_save}</button>
        </form>
    }
    .into_any()
}
