//! The parts that every screen is made of: plain functions from data to a view.

mod field;
mod figure;
mod money;
mod sheet;
mod shell;
mod state;
mod toast;

pub use field::{field, number_input, select, text_input};
pub use figure::{Change, Figure, change_between, figures};
pub use money::{bdi, money, rough};
pub use sheet::sheet;
pub use shell::{page_head, shell};
pub use state::{Drawing, empty, failed, loading, no_match};
pub use toast::{Toasts, provide_toasts, toasts, toasts_view};

use leptos::prelude::*;

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
    let word: String = word.into();
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
    let title: String = title.into();
    let rows: Vec<AnyView> = rows.into_iter().collect();
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
    let text: String = text.into();
    view! {
        <div class=format!("banner {tone}") role="status">
            {icon(icon_name)}
            <p>{text}</p>
            {action}
        </div>
    }
    .into_any()
}
