//! On Settings: the owner's PIN, the opening day, and whether visits are noted at the till.

use crate::{
    component::{icon, live, pin_input, sheet, toasts},
    i18n::lang,
};
use dukandar_app::state::{AppState, is_pin};
use leptos::{ev, prelude::*, task::spawn_local};

/// Sets, changes and removes the PIN, and locks the counter.
pub fn pin(app: AppState) -> AnyView {
    let setting = RwSignal::new(false);
    let title = Signal::derive(|| lang().t().counter.set.to_owned());
    let shown = move || {
        let t = &lang().t().counter;
        let locked = app.is_locked();
        let (set, locks) = (app.has_pin.get() && !locked, app.has_pin.get() && !locked);
        let remove = move |_| {
            spawn_local(async move {
                let lang = untrack(lang);
                toasts().say(match app.remove_pin().await {
                    Ok(()) => lang.t().counter.removed.to_owned(),
                    Err(problem) => lang.problem(&problem),
                });
            });
        };
        let words = if set { t.change } else { t.set };
        let state = match (app.has_pin.get(), locked) {
            (_, true) => Some(t.locked),
            (true, false) => Some(t.is_set),
            (false, false) => None,
        };
        view! {
            <p class="muted">{t.pin_help}</p>
            {state.map(|words| view! { <p class="flow" data-testid="pin-state">{icon("shield-check")} {words}</p> })}
            {locked.then(|| view! { <p class="fine">{t.forgotten}</p> })}
            <div class="flow">
                {(!locked).then(|| view! { <button class="button" type="button" data-testid="pin-set" on:click=move |_| setting.set(true)>{icon("shield-check")} {words}</button> })}
                {locks.then(|| view! { <button class="button" type="button" data-testid="pin-lock" on:click=move |_| app.lock()>{icon("lock")} {t.lock}</button> })}
                {set.then(|| view! { <button class="button quiet danger" type="button" data-testid="pin-remove" on:click=remove>{t.remove}</button> })}
            </div>
        }
    };
    view! { {live(shown)} {sheet(setting, title, "pin-new", move || form(app, setting))} }.into_any()
}

fn form(app: AppState, open: RwSignal<bool>) -> AnyView {
    let lang = lang();
    let t = &lang.t().counter;
    let (pin, wrong) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = pin.get_untracked();
        if !is_pin(&typed) {
            return wrong.set(Some(t.pin_rule.to_owned()));
        }
        spawn_local(async move {
            match app.set_pin(&typed).await {
                Ok(()) => {
                    open.set(false);
                    toasts().say(t.is_set);
                }
                Err(problem) => wrong.set(Some(lang.problem(&problem))),
            }
        });
    };
    view! {
        <form class="sheet-body" on:submit=on_submit>
            <p class="fine">{t.pin_help}</p>
            {pin_input(t.pin, pin, wrong.into(), "new-pin")}
            <button class="button primary tall" type="submit" data-testid="save">{icon("check")} {t.set}</button>
        </form>
    }
    .into_any()
}

/// The way to the opening day.
pub fn opening() -> AnyView {
    live(|| {
        let t = &lang().t().opening;
        view! {
            <p class="muted">{t.about}</p>
            <div><a class="button" href="/opening">{icon("store")} {t.open_link}</a></div>
        }
    })
}

/// Whether the till notes visits.
pub fn visits(app: AppState) -> AnyView {
    view! {
        <p class="muted">{move || lang().t().counter.visits_help}</p>
        <label class="check">
            <input type="checkbox" data-testid="note-visits" prop:checked=move || app.noting.get() on:change=move |event| app.set_noting(event_target_checked(&event))/>
            <span>{move || lang().t().counter.note_visits}</span>
        </label>
    }
    .into_any()
}
