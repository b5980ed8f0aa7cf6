//! The words of Urdu and Roman Urdu as parts of the page by themselves: a reader of one needs neither of the others. Those
//! of the screen's language are fetched before the page stands, the rest when it does: a paper may be in any of them.

#![cfg_attr(split, allow(unsafe_code, reason = "the macro declares the cut functions as imports"))]

use dukandar_app::plain::Locale;
#[cfg(split)]
use dukandar_app::plain::{Messages, ROMAN, UR, words};
#[cfg(split)]
use leptos::wasm_split::{SplitLoaderError, wasm_split};

/// Fetches a language's words; `false` where they could not be had.
#[cfg(split)]
pub async fn fetch(locale: Locale) -> bool {
    if words::is_here(locale) {
        return true;
    }
    let fetched = match locale {
        Locale::English => return true,
        Locale::Urdu => urdu().await,
        Locale::RomanUrdu => roman().await,
    };
    fetched.map(|it| words::provide(locale, it)).is_ok()
}

/// Nothing is to be fetched: the page is in one part.
#[cfg(not(split))]
pub async fn fetch(_: Locale) -> bool {
    true
}

#[cfg(split)]
#[wasm_split(urdu, wasm_split_path = ::leptos::wasm_split, fallible)]
fn urdu() -> Result<&'static Messages, SplitLoaderError> {
    Ok(&UR)
}

#[cfg(split)]
#[wasm_split(roman, wasm_split_path = ::leptos::wasm_split, fallible)]
fn roman() -> Result<&'static Messages, SplitLoaderError> {
    Ok(&ROMAN)
}
