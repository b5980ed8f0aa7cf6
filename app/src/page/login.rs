//! Sign in on a further device, or open an account for the shop of this one.

use crate::{
    component::{banner, icon, text_input, watch},
    i18n::lang,
};
use dukandar_app::state::{Boot, app};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

/// The page.
pub fn login() -> impl IntoView {
    let app = app();
    let navigate = use_navigate();
    let (name, password, business) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let wrong = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    // Without a shop on this device there is nothing to open an account for: sign in, or start a shop first.
    let can_sign_up = move || app.boot.get() == Boot::Ready && !app.sample.get();
    let asked_new = use_query_map().with_untracked(|query| query.get("new").is_some());
    let chosen = RwSignal::new(None::<bool>);
    let signing_up =
        Memo::new(move |_| can_sign_up() && chosen.get().unwrap_or(asked_new || app.account.get().is_none()));
    watch(move || {
        let shop = app.shops.with(|shops| shops.first().map(|shop| shop.name.clone()));
        if business.with_untracked(String::is_empty) {
            business.set(shop.unwrap_or_default());
        }
    });
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        wrong.set(None);
        let navigate = navigate.clone();
        spawn_local(async move {
            let (name, password) = (name.get_untracked(), password.get_untracked());
            let done = if signing_up.get_untracked() {
                app.sign_up(&name, &password, &business.get_untracked()).await
            } else {
                app.sign_in(&name, &password).await
            };
            busy.set(false);
            match done {
                Ok(()) => navigate("/", NavigateOptions { replace: true, ..Default::default() }),
                Err(problem) => wrong.set(Some(untrack(lang).problem(&problem))),
            }
        });
    };
    let form = move || {
        let t = &lang().t().login;
        let is_new = signing_up.get();
        let heading = if is_new { t.sign_up } else { t.sign_in };
        let submit = on_submit.clone();
        let password_name = if is_new { "new-password" } else { "password" };
        let swap = can_sign_up().then(|| {
            let words = if is_new { t.to_sign_in } else { t.to_sign_up };
            view! { <button class="button quiet" type="button" data-testid="swap-login" on:click=move |_| chosen.set(Some(!is_new))>{words}</button> }
        });
        view! {
            <h1>{heading}</h1>
            <p class="muted">{t.why}</p>
            <form class="card form" on:submit=submit>
                {text_input(t.login, t.login_hint, name, Signal::stored(None), "text", "login")}
                {text_input(t.password, t.password_hint, password, Signal::stored(None), "password", password_name)}
                {is_new.then(|| text_input(t.business, "", business, Signal::stored(None), "text", "business"))}
                {move || wrong.get().map(|words| view! { <div role="alert" data-testid="login-error">{banner("bad", "triangle-alert", words, ().into_any())}</div> })}
                <button class="button primary tall" type="submit" data-testid="save" disabled=move || busy.get()>
                    {icon("log-in")} {move || if busy.get() { t.busy } else { heading }}
                </button>
            </form>
            <div class="flow">{swap} <a class="button quiet" href="/">{t.without}</a></div>
        }
    };
    view! { <div class="front narrow-page">{form}</div> }
}
