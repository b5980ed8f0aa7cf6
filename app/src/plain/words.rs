//! Where the words of a language are. Where the page is cut into parts (app/build.rs) those of Urdu and Roman Urdu are
//! parts of their own, handed over by [`provide`] when they are there; English is always there and stands in for them.

use super::{Locale, Messages, en};
#[cfg(not(split))]
use super::{roman, ur};
#[cfg(split)]
use std::sync::OnceLock;

#[cfg(split)]
static FETCHED: [OnceLock<&'static Messages>; 2] = [OnceLock::new(), OnceLock::new()];

/// Takes a language's words that were fetched.
#[cfg(split)]
pub fn provide(locale: Locale, words: &'static Messages) {
    if let Some(place) = place(locale) {
        // A second fetch brings the same words.
        let _ = FETCHED[place].set(words);
    }
}

/// Whether a language's words are here.
#[cfg(split)]
pub fn is_here(locale: Locale) -> bool {
    place(locale).is_none_or(|place| FETCHED[place].get().is_some())
}

#[cfg(split)]
fn place(locale: Locale) -> Option<usize> {
    match locale {
        Locale::English => None,
        Locale::Urdu => Some(0),
        Locale::RomanUrdu => Some(1),
    }
}

/// The words of a language.
#[cfg(split)]
pub(super) fn of(locale: Locale) -> &'static Messages {
    place(locale).and_then(|place| FETCHED[place].get().copied()).unwrap_or(&en::EN)
}

/// The words of a language.
#[cfg(not(split))]
pub(super) fn of(locale: Locale) -> &'static Messages {
    match locale {
        Locale::English => &en::EN,
        Locale::Urdu => &ur::UR,
        Locale::RomanUrdu => &roman::ROMAN,
    }
}
