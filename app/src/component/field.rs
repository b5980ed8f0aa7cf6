//! Fields of forms: a label above, the input, a hint or what is wrong below.

use super::icon;
use dukandar_core::{money::Paisa, quantity::Quantity};
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
    let (label, hint): (String, String) = (label.into(), hint.into());
    let id = fresh_id();
    let about = format!("{id}-about");
    let input = input(id.clone(), about.clone());
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
    field(label, hint, wrong, |id, about| {
        // Latin letters and digits run left to right in an Urdu form too; names decide by their first letter.
        let dir = if matches!(kind, "password" | "email" | "tel") { "ltr" } else { "auto" };
        view! {
            <input
                class="input"
                id=id
                name=name
                type=kind
                dir=dir
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

/// An amount or a count: end-aligned, with the digits' keyboard.
pub fn number_input(
    label: impl Into<String>,
    hint: impl Into<String>,
    value: RwSignal<String>,
    wrong: Signal<Option<String>>,
    name: &'static str,
) -> AnyView {
    field(label, hint, wrong, |id, about| {
        view! {
            <input
                class="input number"
                id=id
                name=name
                inputmode="decimal"
                dir="ltr"
                autocomplete="off"
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

/// One of several; `choices` are (value, words).
pub fn select(
    label: impl Into<String>,
    class: &'static str,
    name: &'static str,
    choices: Vec<(String, String)>,
    chosen: Signal<String>,
    on_change: impl Fn(String) + 'static,
) -> AnyView {
    let label: String = label.into();
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

/// Latin digits for Urdu and Arabic ones, without grouping and currency.
fn plain_digits(text: &str) -> Option<String> {
    let digits = text
        .trim()
        .trim_start_matches("Rs")
        .trim_start_matches(['.', ' ', '£', '$', '€'])
        .chars()
        .filter(|letter| !matches!(letter, ',' | '٬' | '،' | ' ' | '\u{a0}'))
        .map(|letter| match letter {
            '۰'..='۹' => char::from_digit(letter as u32 - '۰' as u32, 10),
            '٠'..='٩' => char::from_digit(letter as u32 - '٠' as u32, 10),
            '٫' | '.' => Some('.'),
            '0'..='9' => Some(letter),
            _ => None,
        })
        .collect::<Option<String>>()?;
    (!digits.is_empty()).then_some(digits)
}

/// A decimal number with at most `places` decimals, in units of its last place.
fn parse_scaled(text: &str, places: usize) -> Option<i64> {
    let digits = plain_digits(text)?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    if fraction.len() > places || fraction.contains('.') {
        return None;
    }
    format!("{whole}{fraction:0<places$}").parse().ok()
}

/// `1,250.50` → paisa.
pub fn parse_money(text: &str) -> Option<Paisa> {
    parse_scaled(text, 2).map(Paisa)
}

/// `12` or `1.5` → thousandths.
pub fn parse_pieces(text: &str) -> Option<Quantity> {
    parse_scaled(text, 3).map(Quantity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_a_shopkeeper_types_them() {
        assert_eq!(parse_money("1,250.50"), Some(Paisa(125_050)));
        assert_eq!(parse_money("Rs 2,50,000"), Some(Paisa::rupees(250_000)));
        assert_eq!(parse_money("۱۲۵۰"), Some(Paisa::rupees(1_250)));
        assert_eq!(parse_money(".5"), Some(Paisa(50)));
        for wrong in ["", "abc", "-5", "1.234", "1.2.3", "12 abc"] {
            assert_eq!(parse_money(wrong), None, "{wrong:?}");
        }
        assert_eq!(parse_pieces("1.5"), Some(Quantity(1_500)));
    }
}
