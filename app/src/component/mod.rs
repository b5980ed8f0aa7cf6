//! The parts that every screen is made of: plain functions from data to a view.

mod field;
mod figure;
mod help;
mod money;
mod pin;
mod sheet;
mod shell;
mod state;
mod toast;

pub use field::{field, number_input, select, text_input};
pub use figure::{Change, Figure, change_between, figures};
pub use money::{bdi, money, rough};
pub use pin::{ask_pin, guard, pin_input, pin_sheet, tried_words};
pub use sheet::{sheet, sheet_about};
pub use shell::{page_head, shell};
pub use state::{Drawing, empty, failed, loading, no_match};
pub use toast::{Toasts, provide_toasts, toasts, toasts_view};

use leptos::prelude::*;

/// A part of the page that is built again when what it reads changes. Boxed, so that Leptos' machinery for it is
/// compiled once and not for every closure.
pub fn live<V: IntoAny>(part: impl Fn() -> V + Send + 'static) -> AnyView {
    let part: Box<dyn Fn() -> AnyView + Send> = Box::new(move || part().into_any());
    view! { {part} }.into_any()
}

/// Does something whenever what it reads changes. Boxed for the same reason.
pub fn watch(act: impl Fn() + 'static) {
    let act: Box<dyn Fn()> = Box::new(act);
    Effect::new(move |_: Option<()>| act());
}

/// A drawing of the icon sprite; never read aloud, a word stands beside it or on its button.
pub fn icon(name: &'static str) -> AnyView {
    icon_as(name, "icon")
}

/// The same in another size (`icon small`) or mirrored from right to left (`icon way`).
pub fn icon_as(name: &'static str, class: &'static str) -> AnyView {
    let href = format!("/icons.svg#{name}");
    view! { <svg class=class aria-hidden="true" viewBox="0 0 24 24"><use href=href></use></svg> }.into_any()
}

/// Colour, icon and word together.
pub fn badge(tone: &'static str, icon_name: &'static str, word: impl Into<String>) -> AnyView {
    badge_of(tone, icon_name, word.into())
}

fn badge_of(tone: &'static str, icon_name: &'static str, word: String) -> AnyView {
    view! { <span class=format!("badge {tone}")>{icon_as(icon_name, "icon small")} {word}</span> }.into_any()
}

/// A card with a heading, something beside it, and a list that reaches the card's edges. `id` is the anchor that
/// links and tests name.
pub fn list_card(
    id: &'static str,
    title: impl Into<String>,
    beside: AnyView,
    rows: impl IntoIterator<Item = AnyView>,
) -> AnyView {
    list_card_of(id, title.into(), beside, rows.into_iter().collect())
}

fn list_card_of(id: &'static str, title: String, beside: AnyView, rows: Vec<AnyView>) -> AnyView {
    view! {
        <section class="card flush" id=id data-testid=id>
            <div class="card-head"><h2>{title}</h2>{beside}</div>
            <ul class="list">{rows}</ul>
        </section>
    }
    .into_any()
}

/// A band across the page: what happened and, beside it, what can be done.
pub fn banner(
    tone: &'static str,
    icon_name: &'static str,
    text: impl Into<String>,
    action: AnyView,
) -> AnyView {
    banner_of(tone, icon_name, text.into(), action)
}

fn banner_of(tone: &'static str, icon_name: &'static str, text: String, action: AnyView) -> AnyView {
    view! {
        <div class=format!("banner {tone}") role="status">
            {icon(icon_name)}
            <p>{text}</p>
            {action}
        </div>
    }
    .into_any()
}
