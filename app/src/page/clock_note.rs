//! Says at the till when the device's clock has gone back: an empty battery or a slip in the settings puts sales into the
//! wrong day. Nothing is held up: order is by the device's own count, not by its clock.

use crate::{
    component::{banner, live, watch},
    i18n::lang,
};
use dukandar_app::state::AppState;
use dukandar_core::time::Timestamp;
use gloo::storage::{LocalStorage, Storage};
use leptos::prelude::*;

/// Local storage: the latest time seen on this device, in milliseconds.
const SEEN: &str = "dukandar.seen";
/// Clocks are put right by minutes; nobody need hear of that.
const SLACK_MS: i64 = 60 * 60 * 1_000;

/// The note; nothing while the clock goes on.
pub fn clock_note(app: AppState) -> AnyView {
    let seen = RwSignal::new(None::<i64>);
    watch(move || {
        let now = app.clock().0;
        let latest: i64 = LocalStorage::get(SEEN).unwrap_or(now);
        let is_back = now + SLACK_MS < latest;
        seen.set(is_back.then_some(latest));
        if !is_back {
            // Where nothing is kept, nothing is compared.
            let _ = LocalStorage::set(SEEN, now.max(latest));
        }
    });
    let right = move |_| {
        // As above.
        let _ = LocalStorage::set(SEEN, app.clock().0);
        seen.set(None);
    };
    live(move || {
        let latest = seen.get()?;
        let lang = lang();
        let t = &lang.t().mistake;
        let date = |at: i64| lang.date(Timestamp(at).day(app.zone()));
        let words =
            format!("{} {}", lang.fill(t.clock_back, &[&date(app.clock().0), &date(latest)]), t.clock_kept);
        let button = view! { <button class="button" type="button" data-testid="clock-right" on:click=right>{t.clock_right}</button> };
        Some(
            view! { <div class="no-print" data-testid="clock-back">{banner("warn", "clock", words, button.into_any())}</div> },
        )
    })
}
