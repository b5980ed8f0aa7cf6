//! Three languages, switched in place.
//!
//! A page takes one [`Lang`] and builds its view from it; when the language changes the view is built anew
//! and the state beneath (cart, search, answers) stays as it is.

use dukandar_app::state::app;
pub use dukandar_app::{
    plain::{Lang, Locale, Messages},
    sentence::segment_index,
};
use leptos::prelude::*;

/// The language of this moment. Reading it inside a view makes that view follow a switch.
pub fn lang() -> Lang {
    let app = app();
    Lang { locale: app.locale.get(), grouping: app.numbers.get().grouping }
}
