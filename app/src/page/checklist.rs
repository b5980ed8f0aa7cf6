//! The first steps of a new shop, on Today: each ticks itself, and the card goes when all are done or it is hidden.

use super::opening;
use crate::{
    component::{icon, icon_as, live},
    i18n::lang,
};
use dukandar_app::state::{AppState, Asked};
use dukandar_core::{insight::today::Today, role::Action, task::Answer};
use gloo::storage::{LocalStorage, Storage};
use leptos::prelude::*;

/// Local storage: the card was hidden.
const HIDDEN: &str = "dukandar.checklist";

/// What the card needs to know beside Today's answer.
#[derive(Clone, Copy)]
pub struct Checklist {
    hidden: RwSignal<bool>,
    opening: ReadSignal<Asked>,
}

impl Checklist {
    /// Asks for it, unless the card is hidden.
    pub fn new(app: AppState) -> Self {
        let hidden = RwSignal::new(LocalStorage::get(HIDDEN).unwrap_or(false));
        Self { hidden, opening: opening::ask(app, move || !hidden.get() && !app.sample.get()) }
    }

    /// Whether it stands on the screen, as far as this shop is concerned.
    pub fn is_shown(self, app: AppState) -> bool {
        !self.hidden.get() && !app.sample.get() && app.may(Action::Administer)
    }
}

fn is_installed() -> bool {
    window().match_media("(display-mode: standalone)").ok().flatten().is_some_and(|list| list.matches())
}

/// The card; nothing where it is hidden or everything is done.
pub fn card(app: AppState, list: Checklist, today: &Today) -> AnyView {
    let (has_goods, has_sold) = (today.counts.products > 0, today.counts.receipts > 0);
    let shown = move || {
        if !list.is_shown(app) {
            return None;
        }
        let t = &lang().t().opening;
        let opened = list.opening.with(|asked| match asked.answer() {
            Some(Answer::Opening(it)) => it.done,
            _ => false,
        });
        let installed = is_installed();
        let steps = [
            (has_goods, "/opening"),
            (has_sold, "/pos"),
            (opened, "/opening"),
            (app.has_pin.get(), "/settings#pin"),
            (installed, "/settings"),
            (app.account.with(Option::is_some), "/login?new=1"),
        ];
        // Where the browser offers no installing there is nothing to do.
        let can_install = installed || app.installable.get();
        if steps.iter().enumerate().all(|(place, (done, _))| *done || (place == 4 && !can_install)) {
            return None;
        }
        let rows =
            steps.into_iter().zip(t.checks).enumerate().filter(|(place, _)| *place != 4 || can_install);
        let rows = rows.map(|(place, ((done, href), words))| {
            // After the first bill somebody else may stand at the counter tomorrow.
            let offer = (place == 3 && has_sold && !done).then(|| lang().t().counter.offer);
            let name = if done { "circle-check" } else { "circle" };
            let end = if done {
                view! { <span class="sr">{t.ticked}</span> }.into_any()
            } else {
                icon_as("chevron-right", "icon way")
            };
            let class = if done { "flow up" } else { "flow" };
            view! {
                <li>
                    <a class="row" href=href data-testid="check" data-done=done.to_string()>
                        <span class=class>{icon(name)} <span class="name">{words}</span></span>
                        <span class="end">{end}</span>
                        {offer.map(|words| view! { <span class="sub">{words}</span> })}
                    </a>
                </li>
            }
        });
        let hide = move |_| {
            // A browser that keeps nothing shows the card again next time.
            let _ = LocalStorage::set(HIDDEN, true);
            list.hidden.set(true);
        };
        Some(view! {
            <section class="card flush" data-testid="checklist">
                <div class="card-head">
                    <h2>{t.first_days}</h2>
                    <button class="button quiet" type="button" data-testid="checklist-hide" on:click=hide>{icon("x")} {t.hide}</button>
                </div>
                <ul class="list">{rows.collect_view()}</ul>
            </section>
        })
    };
    live(shown)
}
