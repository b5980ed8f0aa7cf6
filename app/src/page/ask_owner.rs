//! A bill below what the seller may do: ask the owner here, on the owner's phone, or by a message; and the owner's side
//! of it, on whatever page the owner is.

use super::lazy::{Counter, counter};
use crate::{
    component::{bdi, icon, live, money, sheet, toasts},
    i18n::{Lang, lang},
};
use dukandar_app::{
    message::SyncPhase,
    state::{AppState, app},
};
use dukandar_core::{
    bargain::{Request, RequestLine},
    money::{Currency, Paisa},
};
use leptos::{prelude::*, task::spawn_local};

/// On the bill: that it is too low, and where the question stands.
pub fn low(app: AppState, asking: RwSignal<bool>) -> AnyView {
    let lang = lang();
    let t = &lang.t().bargain;
    let request = app.own_request();
    let until = request.as_ref().map(|it| lang.time(it.until, app.zone())).unwrap_or_default();
    let (tone, mark, words) = match request.as_ref().map(|it| it.answer) {
        None => ("banner", "triangle-alert", t.below_allowed.to_owned()),
        Some(None) => ("banner", "clock", t.waiting.to_owned()),
        Some(Some(true)) => ("banner calm", "circle-check", lang.fill(t.yes_until, &[&until])),
        Some(Some(false)) => ("banner bad", "x", t.said_no.to_owned()),
    };
    // While the question is on its way there is nothing to do, unless it cannot go.
    let asks =
        request.as_ref().is_none_or(|it| it.answer == Some(false) || (it.answer.is_none() && is_away(app)));
    let ask = asks.then(|| {
        view! { <button class="button" type="button" data-testid="ask-open" aria-haspopup="dialog" on:click=move |_| asking.set(true)>{icon("message-square")} {t.ask}</button> }
    });
    view! { <div class=tone role="status" data-testid="bill-low">{icon(mark)} <p>{words}</p> {ask}</div> }
        .into_any()
}

/// Whether no question can leave this device now.
fn is_away(app: AppState) -> bool {
    !app.online.get() || app.sync.with(|sync| sync.phase == SyncPhase::Offline)
}

/// The ways to the owner.
pub fn ask_sheet(app: AppState, open: RwSignal<bool>) -> AnyView {
    let title = Signal::derive(|| lang().t().bargain.ask.to_owned());
    sheet(open, title, "ask-sheet", move || counter(Counter::AskOwner(app, open)))
}

/// The sheet with the ways to the owner.
pub fn ways_sheet(app: AppState, open: RwSignal<bool>) -> AnyView {
    view! { <div class="sheet-body">{live(move || ways(app, open))}</div> }.into_any()
}

fn ways(app: AppState, open: RwSignal<bool>) -> AnyView {
    let lang = lang();
    let t = &lang.t().bargain;
    let obstacle = match app.account.with(Option::is_none) {
        true => Some(t.ask_alone),
        false => is_away(app).then_some(t.ask_offline),
    };
    let send = move |_| {
        spawn_local(async move {
            let lang = untrack(crate::i18n::lang);
            match app.ask_owner().await {
                Ok(()) => {
                    open.set(false);
                    toasts().say(lang.t().bargain.asked);
                }
                Err(problem) => {
                    toasts().say(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)]))
                }
            }
        });
    };
    let phone = match obstacle {
        Some(words) => view! { <div class="banner" role="status" data-testid="ask-away">{icon("cloud-off")} <p>{words}</p></div> }.into_any(),
        None => view! { <button class="button primary tall wide" type="button" data-testid="ask-phone" on:click=send>{icon("smartphone")} {t.ask_phone}</button> }.into_any(),
    };
    let message = format!("https://wa.me/?text={}", js_sys::encode_uri_component(&as_text(app, lang)));
    view! {
        {phone}
        <a class="button tall wide" href=message target="_blank" rel="noopener" data-testid="ask-message">{icon("share-2")} {t.ask_message}</a>
        <p class="fine">{t.ask_here}</p>
    }
    .into_any()
}

/// The question as the text of a message: what a cashier knows of it.
fn as_text(app: AppState, lang: Lang) -> String {
    let currency = app.currency();
    let shop = app.writing_shop().map(|shop| shop.name).unwrap_or_default();
    app.cart.with(|cart| {
        let total = lang.money(cart.total().unwrap_or_default(), currency);
        let mut lines = vec![lang.fill(lang.t().bargain.question, &[&shop, &total])];
        for line in &cart.lines {
            let amount = lang.money(line.amount().unwrap_or_default(), currency);
            let list = line.list.and_then(|list| line.quantity.times(list));
            let list =
                list.map(|list| format!(" ({} {})", lang.t().bargain.list, lang.money(list, currency)));
            let pieces = lang.quantity(line.quantity);
            lines.push(format!("{pieces} × {}: {amount}{}", line.name, list.unwrap_or_default()));
        }
        lines.join("\n")
    })
}

/// Above every page of whoever may answer: what is asked, by itself and without a reload.
pub fn requests() -> AnyView {
    let app = app();
    live(move || {
        let lang = lang();
        app.waiting_requests().into_iter().map(|request| question(app, lang, request)).collect_view()
    })
}

fn question(app: AppState, lang: Lang, request: Request) -> AnyView {
    let t = &lang.t().bargain;
    let currency = request.currency;
    let heading = lang.fill(t.question, &[&request.shop_name, &lang.money(request.total, currency)]);
    let margin = lang.money(request.margin, currency);
    let others = (request.unknown > 0).then(|| lang.plural(t.unknown, request.unknown));
    let tone = if request.margin < Paisa::ZERO { "strong down" } else { "strong" };
    let rows = request.lines.iter().map(|line| row(lang, line, request.currency)).collect_view();
    let when = lang.ago(request.at, app.now.get());
    let answer = |yes: bool,
                  class: &'static str,
                  id: &'static str,
                  mark: &'static str,
                  words: &'static str| {
        let request = request.clone();
        let say = move |_| {
            let request = request.clone();
            spawn_local(async move {
                let lang = untrack(crate::i18n::lang);
                let t = &lang.t().bargain;
                let said = if yes { t.yes_sent } else { t.no_sent };
                match app.answer_request(&request, yes).await {
                    Ok(()) => toasts().say(said),
                    Err(problem) => {
                        toasts().say(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)]))
                    }
                }
            });
        };
        view! { <button class=class type="button" data-testid=id on:click=say>{icon(mark)} {words}</button> }
    };
    view! {
        <section class="card stack attention no-print" role="status" data-testid="approval" aria-label=t.ask>
            <div class="flow"><h2 class="grow">{heading}</h2> <span class="fine">{when}</span></div>
            <ul class="stack">{rows}</ul>
            <p class="flow"><span>{t.margin}</span> <span class=tone data-testid="approval-margin">{bdi(margin)}</span> <span class="fine">{others}</span></p>
            <div class="flow">
                {answer(true, "button primary tall", "approval-yes", "check", t.yes)}
                {answer(false, "button tall", "approval-no", "x", t.no)}
            </div>
        </section>
    }
    .into_any()
}

fn row(lang: Lang, line: &RequestLine, currency: Currency) -> AnyView {
    let t = &lang.t().bargain;
    let part = |words: &'static str, amount: Option<Paisa>| {
        let amount = amount.map_or_else(|| bdi("–"), |amount| money(lang, amount, currency));
        view! { <span><small>{words}</small> {amount}</span> }
    };
    let pieces = format!("{} ×", lang.quantity(line.asked.quantity));
    view! {
        <li>
            <p class="strong">{bdi(pieces)} " " <bdi>{line.asked.name.clone()}</bdi></p>
            <p class="asked">
                {part(t.asked_price, Some(line.asked.amount))}
                {part(t.list, line.list)}
                {part(t.floor, line.floor)}
                {part(t.cost, line.cost)}
            </p>
        </li>
    }
    .into_any()
}
