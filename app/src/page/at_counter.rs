//! Who stands at the counter: a button with the name, and the sheet in which one takes the counter, comes or goes.

use crate::{
    component::{badge, icon, live, pin_input, sheet, toasts, tried_words},
    i18n::{Lang, lang},
};
use dukandar_app::state::{AppState, Problem, TeamMember, Tried, is_pin};
use dukandar_core::id::UserId;
use leptos::{ev, prelude::*, task::spawn_local};

/// What a typed PIN is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    Take,
    Come,
    Go,
}

/// The button; nothing where no person was named.
pub fn button(app: AppState) -> AnyView {
    let open = RwSignal::new(false);
    let title = Signal::derive(|| lang().staff().who.to_owned());
    let shown = move || {
        let team = app.active_team();
        (!team.is_empty()).then(|| {
            let words = here(app, lang()).unwrap_or_else(|| title.get());
            view! { <button class="button" type="button" data-testid="hand-open" aria-haspopup="dialog" on:click=move |_| open.set(true)>{icon("user")} <span dir="auto">{words}</span></button> }
        })
    };
    view! { {live(shown)} {sheet(open, title, "hand-sheet", move || body(app, open))} }.into_any()
}

/// Whose the counter is, by name; none while it is locked and nobody's.
fn here(app: AppState, lang: Lang) -> Option<String> {
    let hand = app.hand.get();
    match hand {
        Some(hand) => Some(app.member(hand.user).map(|it| it.name).unwrap_or_default()),
        None => (!app.is_locked()).then(|| lang.role(dukandar_core::role::Role::Owner).to_owned()),
    }
}

fn body(app: AppState, open: RwSignal<bool>) -> AnyView {
    let chosen = RwSignal::new(None::<UserId>);
    let shown = move || {
        let lang = lang();
        let t = lang.staff();
        let hand = app.hand.get().map(|hand| hand.user);
        let leave = move |_| {
            spawn_local(async move {
                match app.leave_counter().await {
                    Ok(()) => open.set(false),
                    Err(problem) => toasts().say(untrack(crate::i18n::lang).problem(&problem)),
                }
            });
        };
        let now = here(app, lang).map(|name| {
            let leave = hand.map(|_| view! { <button class="button" type="button" data-testid="hand-leave" on:click=leave>{icon("log-out")} {t.leave}</button> });
            view! { <p class="flow" data-testid="hand-now"><span class="grow" dir="auto">{lang.fill(t.at_counter, &[&name])}</span> {leave}</p> }
        });
        let rows = app.active_team().into_iter().map(|it| {
            let user = it.user;
            view! {
                <button class="button tall wide" type="button" data-testid="hand-name" aria-pressed=move || (chosen.get() == Some(user)).to_string() on:click=move |_| chosen.set(Some(user))>
                    <span class="grow" dir="auto">{it.name}</span> {badge("", "user", lang.role(it.role))}
                </button>
            }
        });
        view! { {now} <p class="fine">{t.choose}</p> {rows.collect_view()} }
    };
    let form =
        move || chosen.get().and_then(|user| untrack(|| app.member(user))).map(|it| pin_form(app, open, it));
    view! { <div class="sheet-body">{live(shown)} {live(form)}</div> }.into_any()
}

fn pin_form(app: AppState, open: RwSignal<bool>, it: TeamMember) -> AnyView {
    let lang = lang();
    let t = lang.staff();
    let (pin, wrong, busy) =
        (RwSignal::new(String::new()), RwSignal::new(None::<String>), RwSignal::new(false));
    let (user, name) = (it.user, StoredValue::new(it.name));
    let act = move |wish: Wish| {
        let typed = pin.get_untracked();
        if !is_pin(&typed) {
            return wrong.set(Some(lang.t().counter.pin_rule.to_owned()));
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let done = do_it(app, user, wish, &typed).await;
            busy.set(false);
            let words = match wish {
                Wish::Take => t.took,
                Wish::Come => t.came,
                Wish::Go => t.went,
            };
            match done.map(|tried| tried_words(lang, tried)) {
                Ok(None) => {
                    toasts().say(lang.fill(words, &[&name.get_value()]));
                    open.set(false);
                }
                Ok(said) => {
                    pin.set(String::new());
                    wrong.set(said);
                }
                Err(problem) => wrong.set(Some(lang.problem(&problem))),
            }
        });
    };
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        act(if app.has_pin.get_untracked() { Wish::Take } else { Wish::Come });
    };
    let take = if app.has_pin.get_untracked() {
        view! { <button class="button primary tall" type="submit" data-testid="hand-take" disabled=move || busy.get()>{icon("check")} {t.take}</button> }.into_any()
    } else {
        view! { <p class="banner" data-testid="hand-no-owner">{icon("info")} <a href="/settings#pin">{t.no_owner_pin}</a></p> }.into_any()
    };
    view! {
        <form class="stack" on:submit=on_submit>
            {pin_input(t.pin, pin, wrong.into(), "hand-pin")}
            {take}
            <div class="flow">
                <button class="button" type="button" data-testid="hand-come" on:click=move |_| act(Wish::Come)>{icon("log-in")} {t.come}</button>
                <button class="button" type="button" data-testid="hand-go" on:click=move |_| act(Wish::Go)>{icon("log-out")} {t.go}</button>
            </div>
        </form>
    }
    .into_any()
}

async fn do_it(app: AppState, user: UserId, wish: Wish, pin: &str) -> Result<Tried, Problem> {
    if wish == Wish::Take {
        return app.take_counter(user, pin).await;
    }
    let shop = untrack(|| app.writing_shop()).ok_or(Problem::NoShop)?.id;
    app.clock_member(shop, user, wish == Wish::Come, pin).await
}
