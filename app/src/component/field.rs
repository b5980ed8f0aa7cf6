//! Fields of forms: a label above, the input, a hint or what is wrong below.

use super::icon;
use leptos::{ev, prelude::*};
use std::cell::Cell;

thread_local! {
    static NEXT_ID: Cell<u32> = const { Cell::new(0) };
}

/// An id that no other element of the page has: it ties a label to its input.
fn fresh_id() -> String {
    NEXT_ID.with(|next| {
        let id = next.get();
        next.set(id + 1);
        format!("f{id}")
    })
}

/// Labels an input that `input` builds from the id and the id of its description.
pub fn field(
    label: impl Into<String>,
    hint: impl Into<String>,
    wrong: Signal<Option<String>>,
    input: impl FnOnce(String, String) -> AnyView,
) -> AnyView {
    let id = fresh_id();
    let about = format!("{id}-about");
    let input = input(id.clone(), about.clone());
    labelled(label.into(), hint.into(), wrong, id, about, input)
}

fn labelled(
    label: String,
    hint: String,
    wrong: Signal<Option<String>>,
    id: String,
    about: String,
    input: AnyView,
) -> AnyView {
    let below = move || match wrong.get() {
        Some(wrong) => view! { <span class="wrong">{icon("triangle-alert")} {wrong}</span> }.into_any(),
        None => view! { <span class="hint">{hint.clone()}</span> }.into_any(),
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {input}
            <div id=about aria-live="polite">{below}</div>
        </div>
    }
    .into_any()
}

/// A line of text.
pub fn text_input(
    label: impl Into<String>,
    hint: impl Into<String>,
    value: RwSignal<String>,
    wrong: Signal<Option<String>>,
    kind: &'static str,
    name: &'static str,
) -> AnyView {
    // Latin letters and digits run left to right in an Urdu form too; names decide by their first letter.
    let dir = if matches!(kind, "password" | "email" | "tel") { "ltr" } else { "auto" };
    input(label.into(), hint.into(), value, wrong, name, Look { class: "input", kind, dir, keyboard: None })
}

/// An amount or a count: end-aligned, with the digits' keyboard.
pub fn number_input(
    label: impl Into<String>,
    hint: impl Into<String>,
    value: RwSignal<String>,
    wrong: Signal<Option<String>>,
    name: &'static str,
) -> AnyView {
    let look = Look { class: "input number", kind: "text", dir: "ltr", keyboard: Some("decimal") };
    input(label.into(), hint.into(), value, wrong, name, look)
}

/// What tells one kind of input from another.
struct Look {
    class: &'static str,
    kind: &'static str,
    dir: &'static str,
    keyboard: Option<&'static str>,
}

fn input(
    label: String,
    hint: String,
    value: RwSignal<String>,
    wrong: Signal<Option<String>>,
    name: &'static str,
    look: Look,
) -> AnyView {
    field(label, hint, wrong, |id, about| {
        view! {
            <input
                class=look.class
                id=id
                name=name
                type=look.kind
                dir=look.dir
                inputmode=look.keyboard
                autocomplete=completion(name)
                data-testid=name
                aria-describedby=about
                aria-invalid=move || wrong.get().is_some().then_some("true")
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
        }
        .into_any()
    })
}

fn completion(name: &str) -> &'static str {
    match name {
        "login" => "username",
        "password" => "current-password",
        "new-password" => "new-password",
        "business" | "shop-name" => "organization",
        _ => "off",
    }
}

/// One of several; `choices` are (value, words).
pub fn select(
    label: impl Into<String>,
    class: &'static str,
    name: &'static str,
    choices: Vec<(String, String)>,
    chosen: Signal<String>,
    on_change: impl Fn(String) + 'static,
) -> AnyView {
    select_of(label.into(), class, name, choices, chosen, Box::new(on_change))
}

fn select_of(
    label: String,
    class: &'static str,
    name: &'static str,
    choices: Vec<(String, String)>,
    chosen: Signal<String>,
    on_change: Box<dyn Fn(String)>,
) -> AnyView {
    let options = choices.into_iter().map(|(value, words)| {
        let this = value.clone();
        view! { <option value=value selected=move || chosen.get() == this>{words}</option> }
    });
    view! {
        <span class=format!("select-wrap {class}")>
            <select
                class="select"
                aria-label=label
                data-testid=name
                on:change=move |event: ev::Event| on_change(event_target_value(&event))
            >
                {options.collect_view()}
            </select>
            {icon("chevron-down")}
        </span>
    }
    .into_any()
}
