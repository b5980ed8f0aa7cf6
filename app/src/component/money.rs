//! Amounts and codes: left to right in every language, never broken over lines.

use crate::i18n::Lang;
use dukandar_core::money::{Currency, Paisa};
use leptos::prelude::*;

/// Text in Latin letters that keeps its own direction: amounts, codes, phone numbers.
pub fn bdi(text: impl Into<String>) -> AnyView {
    bdi_of(text.into())
}

fn bdi_of(text: String) -> AnyView {
    view! { <bdi dir="ltr">{text}</bdi> }.into_any()
}

/// An amount in full.
pub fn money(lang: Lang, amount: Paisa, currency: Currency) -> AnyView {
    bdi(lang.money(amount, currency))
}

/// An estimated amount, in whole rupees.
pub fn rough(lang: Lang, amount: Paisa, currency: Currency) -> AnyView {
    bdi(lang.rough(amount, currency))
}
