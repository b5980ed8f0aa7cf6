//! The screens. Each reads `state` and builds its view from components; none computes a figure.

mod abc;
mod ask_owner;
mod asked;
mod at_counter;
mod attention;
mod bargain;
pub mod bill;
mod camera;
mod checklist;
mod clock_note;
mod customers;
mod day;
mod day_forms;
mod find;
mod forecasts;
mod holding;
mod import;
mod khata;
pub mod lazy;
mod ledger;
mod life;
mod limits;
mod login;
mod open_orders;
mod opening;
mod opening_forms;
mod outlook;
mod own_days;
mod paper_settings;
mod paper_view;
mod pay;
mod pick;
mod pin_card;
mod product;
mod receipt;
mod receive;
mod reorder;
mod rules;
mod sales;
mod sell;
mod settings;
mod staff_card;
mod staff_day;
mod stock;
mod take_back;
mod today;
mod transfers;
mod unit;
mod unit_facts;
mod unit_list;
mod unit_paper;
mod unit_pick;
mod unusual;
mod used;
mod visits;
mod welcome;

pub use abc::classes;
pub use ask_owner::requests;
pub use customers::{customer, customers};
pub use day::day;
pub use forecasts::forecasts;
pub use import::import;
pub use khata::khata;
pub use ledger::ledger;
pub use login::login;
pub use opening::opening;
pub use outlook::product;
pub use reorder::reorder;
pub use sales::sales;
pub use sell::sell;
pub use settings::settings;
pub use stock::stock;
pub use take_back::take_back;
pub use today::today;
pub use unit::unit;
pub use unit_paper::unit_paper;
pub use unusual::unusual;
pub use used::used;
pub use welcome::welcome;

use crate::{
    component::{failed, live, loading},
    i18n::lang,
};
use dukandar_app::state::{AppState, Asked};
use dukandar_core::{id::ShopId, task::Answer, time::Timestamp};
use leptos::prelude::*;

/// What nearly every question needs.
fn now_and_shop(app: AppState) -> (Timestamp, Option<ShopId>) {
    (app.now.get(), app.shop.get())
}

/// The view of an answer, or what stands in its place. `show` is told whether a newer answer is on its way.
fn answered(
    asked: ReadSignal<Asked>,
    lines: usize,
    show: impl Fn(&Answer, bool) -> Option<AnyView> + Send + 'static,
) -> AnyView {
    answered_by(asked, lines, Box::new(show))
}

type Show = Box<dyn Fn(&Answer, bool) -> Option<AnyView> + Send>;

fn answered_by(asked: ReadSignal<Asked>, lines: usize, show: Show) -> AnyView {
    live(move || {
        asked.with(|asked| match asked {
            Asked::Loading => view! { <div class="card">{loading(lines)}</div> }.into_any(),
            Asked::Failed(problem) => {
                view! { <div class="card">{failed(lang().problem(problem), None)}</div> }.into_any()
            }
            Asked::Ready { answer, stale } => show(answer, *stale).unwrap_or_else(|| ().into_any()),
        })
    })
}
