//! The first minutes: language, then the sample shop or the own one. No account.

use super::settings::language_choice;
use crate::{
    component::{icon, icon_as, select, sheet, text_input, toasts},
    i18n::lang,
};
use dukandar_app::state::{AppState, app};
use dukandar_core::money::Currency;
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Currencies a shop can open in.
const CURRENCIES: [&str; 5] = ["PKR", "AED", "SAR", "GBP", "USD"];

/// The page.
pub fn welcome() -> impl IntoView {
    let app = app();
    let busy = RwSignal::new(false);
    let opening = RwSignal::new(false);
    let navigate = use_navigate();
    let to_today = navigate.clone();
    let sample = Callback::new(move |()| {
        busy.set(true);
        let navigate = to_today.clone();
        spawn_local(async move {
            match app.enter_sample().await {
                Ok(()) => navigate("/", NavigateOptions { replace: true, ..Default::default() }),
                Err(problem) => toasts().say(untrack(lang).problem(&problem)),
            }
            busy.set(false);
        });
    });
    let form_title = Signal::derive(|| lang().t().welcome.own.to_owned());
    let words = move || {
        let t = &lang().t().welcome;
        view! {
            <div class="stack">
                <h1>{t.title}</h1>
                <p class="lead">{t.promise}</p>
                <ul class="points">{t.points.map(|point| view! { <li>{icon("check")} <span>{point}</span></li> })}</ul>
            </div>
        }
    };
    let doors = move || {
        let t = &lang().t().welcome;
        view! {
            <div class="doors">
                <div class="card stack">
                    <button class="button primary tall wide" type="button" data-testid="try-sample" disabled=move || busy.get() on:click=move |_| sample.run(())>
                        {icon("sparkles")} {move || if busy.get() { t.sample_busy } else { t.sample }}
                    </button>
                    <p class="fine">{t.sample_help}</p>
                </div>
                <div class="card stack">
                    <button class="button tall wide" type="button" data-testid="start-mine" on:click=move |_| opening.set(true)>
                        {icon("store")} {t.own}
                    </button>
                    <p class="fine">{t.own_help}</p>
                </div>
                <p class="flow"><span class="muted">{t.have_account}</span> <a class="chip" href="/login">{t.sign_in} {icon_as("chevron-right", "icon way")}</a></p>
            </div>
        }
    };
    view! {
        <div class="front pair" data-testid="welcome">
            {words}
            <div class="stack">
                {language_choice(app)}
                {doors}
            </div>
        </div>
        {sheet(opening, form_title, "own-shop", move || own_shop(app, opening))}
    }
}

fn own_shop(app: AppState, open: RwSignal<bool>) -> AnyView {
    let lang = lang();
    let t = &lang.t().welcome;
    let (name, city) = (RwSignal::new(String::new()), RwSignal::new("Lahore".to_owned()));
    let currency = RwSignal::new("PKR".to_owned());
    let wrong = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let navigate = use_navigate();
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if name.get_untracked().trim().is_empty() {
            wrong.set(Some(lang.t().stock.need_name.to_owned()));
            return;
        }
        busy.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            let currency = Currency::try_from(currency.get_untracked()).unwrap_or(Currency::PKR);
            match app.start_own_shop(&name.get_untracked(), &city.get_untracked(), currency).await {
                Ok(_) => {
                    open.set(false);
                    navigate("/", NavigateOptions { replace: true, ..Default::default() });
                }
                Err(problem) => {
                    busy.set(false);
                    wrong.set(Some(lang.problem(&problem)));
                }
            }
        });
    };
    let codes = CURRENCIES.map(|code| (code.to_owned(), code.to_owned())).to_vec();
    view! {
        <form class="sheet-body" on:submit=on_submit>
            {text_input(t.shop_name, t.shop_name_hint, name, wrong.into(), "text", "shop-name")}
            <div class="form two">
                {text_input(t.city, "", city, Signal::stored(None), "text", "city")}
                <div class="field"><span class="label">{t.currency}</span>{select(t.currency, "", "currency", codes, currency.into(), move |code| currency.set(code))}</div>
            </div>
            <button class="button primary tall" type="submit" data-testid="save" disabled=move || busy.get()>{icon("check")} {t.open_shop}</button>
        </form>
    }
    .into_any()
}
