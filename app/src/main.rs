//! The page: language, state, frame and routes. Everything that computes runs in the worker.

mod chart;
mod component;
mod i18n;
mod page;
mod words;

use component::{Drawing, empty, provide_toasts, shell};
use dukandar_app::{plain::Locale, state::AppState};
use i18n::lang;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    components::{FlatRoutes, Route, Router},
    path,
};
use page::lazy::{Counter, Office, Page, counter_page, lazy};

fn main() {
    console_error_panic_hook::set_once();
    let locale = Locale::at_start();
    if locale == Locale::English {
        return leptos::mount::mount_to_body(app);
    }
    // Leptos has no executor of its own before something is mounted.
    wasm_bindgen_futures::spawn_local(async move {
        // Without them the page speaks English until it is opened again.
        words::fetch(locale).await;
        leptos::mount::mount_to_body(app);
    });
}

fn app() -> impl IntoView {
    AppState::provide();
    provide_toasts();
    // A paper may be in any language, and a switch should not wait.
    spawn_local(async {
        for locale in Locale::ALL {
            words::fetch(locale).await;
        }
    });
    provide_context(page::bill::LastReceipt(RwSignal::new(None)));
    // index.html painted a shell while this was loading.
    if let Some(painted) = document().get_element_by_id("shell") {
        painted.remove();
    }
    view! { <Router>{shell(view! { {page::requests()} {routes()} }.into_any())}</Router> }
}

fn routes() -> AnyView {
    view! {
        <FlatRoutes fallback=not_found>
            <Route path=path!("/") view=lazy(Page::Today)/>
            <Route path=path!("/pos") view=page::sell/>
            <Route path=path!("/sales") view=lazy(Page::Office(Office::Sales))/>
            <Route path=path!("/sales/:id") view=counter_page(|| Counter::Receipt)/>
            <Route path=path!("/sales/:id/return") view=lazy(Page::Office(Office::TakeBack))/>
            <Route path=path!("/quotes/:id") view=counter_page(|| Counter::Quotation)/>
            <Route path=path!("/stock") view=lazy(Page::Office(Office::Stock))/>
            <Route path=path!("/stock/import") view=lazy(Page::Office(Office::Import))/>
            <Route path=path!("/stock/classes") view=lazy(Page::Office(Office::Classes))/>
            <Route path=path!("/stock/:id") view=lazy(Page::Office(Office::Product))/>
            <Route path=path!("/units/:id") view=lazy(Page::Office(Office::Unit))/>
            <Route path=path!("/units/:id/paper") view=lazy(Page::Office(Office::UnitPaper))/>
            <Route path=path!("/used") view=lazy(Page::Office(Office::Used))/>
            <Route path=path!("/reorder") view=lazy(Page::Office(Office::Reorder))/>
            <Route path=path!("/customers") view=lazy(Page::Office(Office::Customers))/>
            <Route path=path!("/customers/:id") view=lazy(Page::Office(Office::Customer))/>
            <Route path=path!("/khata") view=lazy(Page::Office(Office::Khata))/>
            <Route path=path!("/khata/:id") view=lazy(Page::Office(Office::Ledger))/>
            <Route path=path!("/day") view=lazy(Page::Office(Office::Day))/>
            <Route path=path!("/forecasts") view=lazy(Page::Office(Office::Forecasts))/>
            <Route path=path!("/anomalies") view=lazy(Page::Office(Office::Unusual))/>
            <Route path=path!("/opening") view=lazy(Page::Office(Office::Opening))/>
            <Route path=path!("/settings") view=lazy(Page::Office(Office::Settings))/>
            <Route path=path!("/welcome") view=lazy(Page::Office(Office::Welcome))/>
            <Route path=path!("/login") view=lazy(Page::Office(Office::Login))/>
        </FlatRoutes>
    }
    .into_any()
}

fn not_found() -> AnyView {
    view! {
        {move || {
            let t = lang().t();
            let home = view! { <a class="button primary" href="/">{t.nav.today}</a> };
            view! {
                <h1>{t.common.not_found}</h1>
                <div class="card">{empty(Drawing::Ledger, t.common.not_found_help, "", home.into_any())}</div>
            }
        }}
    }
    .into_any()
}
