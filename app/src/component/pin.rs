//! The owner's PIN on the screen: the padlock in the bar above, the sheet that asks for the PIN, and pages that are the
//! owner's.

use super::{Drawing, empty, icon, live, sheet, text_input};
use crate::i18n::{Lang, lang};
use dukandar_app::state::{AppState, Tried, app, is_pin};
use dukandar_core::role::Action;
use leptos::{ev, prelude::*, task::spawn_local};

/// What a right PIN does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opens {
    /// The counter, until it is locked again.
    Counter,
    /// One act.
    Once,
}

/// Asks for the PIN in a sheet; `on_ok` runs once, when it is right. The counter stays locked.
pub fn pin_sheet(open: RwSignal<bool>, on_ok: Callback<()>) -> AnyView {
    asking(open, Opens::Once, on_ok)
}

/// Does it at once where the counter is open, else when the owner has typed the PIN into the sheet behind `open`.
pub fn ask_pin(app: AppState, open: RwSignal<bool>, on_ok: Callback<()>) {
    if app.locked.get_untracked() {
        open.set(true);
    } else {
        on_ok.run(());
    }
}

fn asking(open: RwSignal<bool>, opens: Opens, on_ok: Callback<()>) -> AnyView {
    let title = Signal::derive(move || {
        let t = &lang().t().counter;
        let words = if opens == Opens::Once { t.once } else { t.unlock };
        words.to_owned()
    });
    sheet(open, title, "pin-sheet", move || form(app(), open, opens, on_ok))
}

/// What became of a try, in words; none where it was right.
pub fn tried_words(lang: Lang, tried: Tried) -> Option<String> {
    let t = &lang.t().counter;
    match tried {
        Tried::Right => None,
        Tried::Wrong(left) => Some(lang.plural(t.wrong, left.into())),
        Tried::Wait(minutes) => Some(lang.plural(t.wait, minutes.into())),
    }
}

fn form(app: AppState, open: RwSignal<bool>, opens: Opens, on_ok: Callback<()>) -> AnyView {
    let lang = lang();
    let t = &lang.t().counter;
    let (pin, wrong, busy) =
        (RwSignal::new(String::new()), RwSignal::new(None::<String>), RwSignal::new(false));
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = pin.get_untracked();
        if !is_pin(&typed) {
            return wrong.set(Some(t.pin_rule.to_owned()));
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let tried =
                if opens == Opens::Once { app.try_pin(&typed).await } else { app.unlock(&typed).await };
            busy.set(false);
            match tried.map(|tried| tried_words(lang, tried)) {
                Ok(None) => {
                    open.set(false);
                    on_ok.run(());
                }
                Ok(words) => {
                    pin.set(String::new());
                    wrong.set(words);
                }
                Err(problem) => wrong.set(Some(lang.problem(&problem))),
            }
        });
    };
    view! {
        <form class="sheet-body" on:submit=on_submit>
            {pin_input(t.enter, pin, wrong.into(), "pin")}
            <p class="fine">{t.forgotten}</p>
            <button class="button primary tall" type="submit" data-testid="pin-ok" disabled=move || busy.get()>{icon("check")} {if opens == Opens::Once { t.enter } else { t.unlock }}</button>
        </form>
    }
    .into_any()
}

/// A field for a PIN: hidden, with the digits' keyboard on a phone.
pub fn pin_input(
    label: &'static str,
    pin: RwSignal<String>,
    wrong: Signal<Option<String>>,
    name: &'static str,
) -> AnyView {
    text_input(label, lang().t().counter.pin_rule, pin, wrong, "password", name)
}

/// The padlock, where a PIN is set: locks with one tap, and asks for the PIN to unlock.
pub fn lock_button(app: AppState) -> AnyView {
    let asking_open = RwSignal::new(false);
    let button = move || {
        app.has_pin.get().then(|| {
            let t = &lang().t().counter;
            let locked = app.locked.get();
            let (name, words) = if locked { ("lock", t.unlock) } else { ("lock-open", t.lock) };
            let tap = move |_| if locked { asking_open.set(true) } else { app.lock() };
            view! {
                <button class="button quiet square" type="button" data-testid="lock" data-locked=locked.to_string() title=words aria-label=words on:click=tap>{icon(name)}</button>
            }
        })
    };
    view! { {live(button)} {asking(asking_open, Opens::Counter, Callback::new(|()| ()))} }.into_any()
}

/// A page that not everybody may see: in its place stands that it is the owner's, and the way to open it.
pub fn guard(action: Action, page: fn() -> AnyView) -> AnyView {
    let app = app();
    let may = Memo::new(move |_| app.may(action));
    let open = RwSignal::new(false);
    let shown = move || if may.get() { page() } else { closed(app, open) };
    view! { {live(shown)} {asking(open, Opens::Counter, Callback::new(|()| ()))} }.into_any()
}

/// What stands in the place of an owner's page.
pub fn closed(app: AppState, open: RwSignal<bool>) -> AnyView {
    let t = lang().t();
    let locked = app.locked.get();
    let unlock = locked.then(|| {
        view! { <button class="button primary" type="button" data-testid="unlock" on:click=move |_| open.set(true)>{icon("lock-open")} {t.counter.unlock}</button> }
    });
    let sell = view! { {unlock} <a class="button" href="/pos">{icon("receipt")} {t.nav.sell}</a> <a class="button" href="/day">{icon("banknote")} {t.day.title}</a> };
    let (title, words) = if locked {
        (t.counter.locked, t.counter.locked_page)
    } else {
        (t.counter.not_yours, t.trouble.forbidden)
    };
    view! {
        <h1>{title}</h1>
        <div class="card" data-testid="closed">{empty(Drawing::Counter, words, t.counter.till_closed, sell.into_any())}</div>
    }
    .into_any()
}
