//! What the owner allows at the counter: how much a cashier may take off, and the letters that costs are written in.

use crate::{
    component::{icon, live, number_input, text_input, toasts},
    i18n::lang,
};
use dukandar_app::{plain::typed::parse_pieces, state::AppState};
use dukandar_core::{
    code_word::CodeWord,
    money::{Currency, Paisa},
    record::Bargaining,
    role::Action,
};
use leptos::{ev, prelude::*, task::spawn_local};

/// The card's body.
pub fn rules(app: AppState) -> AnyView {
    // Shops and rights are told anew without having changed: then what was typed stays.
    let known = Memo::new(move |_| app.may(Action::Administer).then(|| (app.bargaining(), app.currency())));
    live(move || match known.get() {
        Some((known, currency)) => form(app, known, currency),
        None => view! { <p class="muted">{lang().t().bargain.owner_only}</p> }.into_any(),
    })
}

fn form(app: AppState, known: Bargaining, currency: Currency) -> AnyView {
    let lang = lang();
    let t = &lang.t().bargain;
    let percent = RwSignal::new(known.cashier_percent.to_string());
    let code = RwSignal::new(known.code.map(String::from).unwrap_or_default());
    let for_staff = RwSignal::new(known.code_for_staff);
    let tried = RwSignal::new(false);
    let read_code = move || match code.get() {
        text if text.trim().is_empty() => Ok(None),
        text => CodeWord::parse(&text).map(Some),
    };
    let read_percent = move || parse_pieces(&percent.get()).filter(|it| it.0 % 1_000 == 0 && it.0 <= 100_000);
    // Once it was tried to save, what is wrong is said for as long as it is.
    let bad_percent =
        Signal::derive(move || (tried.get() && read_percent().is_none()).then(|| t.bad_percent.to_owned()));
    let bad_code =
        Signal::derive(move || (tried.get() && read_code().is_err()).then(|| t.bad_code.to_owned()));
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let (Some(whole), Ok(word)) = untrack(|| (read_percent(), read_code())) else { return };
        // At most 100, as was just seen.
        let cashier_percent = (whole.0 / 1_000) as u8;
        let rules = Bargaining { cashier_percent, code: word, code_for_staff: for_staff.get_untracked() };
        spawn_local(async move {
            toasts().say(match app.set_bargaining(rules).await {
                Ok(()) => t.rules_said.to_owned(),
                Err(problem) => lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)]),
            });
        });
    };
    let example = move || {
        let amount = Paisa::rupees(45_000);
        let word = read_code().ok().flatten()?;
        let words = lang.fill(t.code_example, &[&lang.money(amount, currency), &word.encode(amount)]);
        Some(view! { <p class="fine" data-testid="code-example">{words}</p> })
    };
    view! {
        <form class="stack" on:submit=on_submit>
            {number_input(t.percent, t.percent_help, percent, bad_percent, "cashier-percent")}
            {text_input(t.code, t.code_help, code, bad_code, "text", "code-word")}
            {live(example)}
            <label class="check">
                <input type="checkbox" data-testid="code-staff" prop:checked=move || for_staff.get() on:change=move |event| for_staff.set(event_target_checked(&event))/>
                <span>{t.code_staff}</span>
            </label>
            <div><button class="button" type="submit" data-testid="rules-save">{icon("check")} {lang.t().common.save}</button></div>
        </form>
    }
    .into_any()
}
