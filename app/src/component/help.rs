//! Two sentences of help on every screen, shown until they are closed; the button beside the sync state brings them
//! back. Which screens are closed is remembered in the browser.

use super::{icon, live};
use crate::i18n::lang;
use dukandar_app::plain::help::route_of;
use gloo::storage::{LocalStorage, Storage};
use leptos::prelude::*;

/// Local storage: routes whose help was closed.
const CLOSED: &str = "dukandar.help";

/// Which screens' help is closed.
#[derive(Clone, Copy)]
pub struct Help {
    closed: RwSignal<Vec<String>>,
    path: Memo<String>,
}

impl Help {
    /// As this browser was left.
    pub fn load(path: Memo<String>) -> Self {
        Self { closed: RwSignal::new(LocalStorage::get(CLOSED).unwrap_or_default()), path }
    }

    fn route(self) -> Option<&'static str> {
        self.path.with(|path| route_of(path))
    }

    fn is_open(self) -> bool {
        self.route().is_some_and(|route| self.closed.with(|closed| !closed.iter().any(|it| it == route)))
    }

    fn toggle(self) {
        let (Some(route), is_open) = untrack(|| (self.route(), self.is_open())) else { return };
        self.closed.update(|closed| {
            closed.retain(|it| it != route);
            if is_open {
                closed.push(route.to_owned());
            }
        });
        // A browser that keeps nothing shows the help again next time.
        let _ = LocalStorage::set(CLOSED, self.closed.get_untracked());
    }
}

/// The button in the bar above.
pub fn help_button(help: Help) -> AnyView {
    let button = move || {
        help.route().map(|_| {
            let words = lang().t().counter.help;
            view! {
                <button class="button quiet square" type="button" data-testid="help" title=words aria-label=words aria-expanded=move || help.is_open().to_string() aria-controls="help" on:click=move |_| help.toggle()>
                    {icon("circle-question-mark")}
                </button>
            }
        })
    };
    live(button)
}

/// The sentences.
pub fn help_band(help: Help) -> AnyView {
    let band = move || {
        let lang = lang();
        let sentences = help.path.with(|path| lang.help(path)).filter(|_| help.is_open())?;
        Some(view! {
            <p class="help">
                <span class="grow">{sentences.join(" ")}</span>
                <button class="button quiet square" type="button" data-testid="help-close" aria-label=lang.t().counter.help_close on:click=move |_| help.toggle()>{icon("x")}</button>
            </p>
        })
    };
    view! { <div id="help" class="help-place no-print" data-testid="help-band">{live(band)}</div> }.into_any()
}
