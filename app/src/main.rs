//! The page: language, state, frame and routes. Everything that computes runs in the worker.

mod chart;
mod component;
mod i18n;
mod page;

use component::{Drawing, empty, guard, provide_toasts, shell};
use dukandar_app::state::AppState;
use dukandar_core::role::Action;
use i18n::lang;
use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Route, Router},
    path,
};

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app);
}

fn app() -> impl IntoView {
    AppState::provide();
    provide_toasts();
    provide_context(page::bill::LastReceipt(RwSignal::new(None)));
    // index.html painted a shell while this was loading.
    if let Some(painted) = document().get_element_by_id("shell") {
        painted.remove();
    }
    view! { <Router>{shell(routes())}</Router> }
}

fn routes() -> AnyView {
    view! {
        <FlatRoutes fallback=not_found>
            <Route path=path!("/") view=|| guard(Action::SeeReports, || page::today().into_any())/>
            <Route path=path!("/pos") view=page::sell/>
            <Route path=path!("/sales/:id") view=page::receipt/>
            <Route path=path!("/stock") view=page::stock/>
            <Route path=path!("/stock/import") view=|| guard(Action::Import, || page::import().into_any())/>
            <Route path=path!("/stock/:id") view=|| guard(Action::SeeReports, || page::product().into_any())/>
            <Route path=path!("/reorder") view=|| guard(Action::SeeReports, || page::reorder().into_any())/>
            <Route path=path!("/customers") view=page::customers/>
            <Route path=path!("/customers/:id") view=page::customer/>
            <Route path=path!("/khata") view=page::khata/>
            <Route path=path!("/khata/:id") view=page::ledger/>
            <Route path=path!("/day") view=page::day/>
            <Route path=path!("/forecasts") view=|| guard(Action::SeeReports, || page::forecasts().into_any())/>
            <Route path=path!("/opening") view=|| guard(Action::EditProduct, page::opening)/>
            <Route path=path!("/settings") view=page::settings/>
            <Route path=path!("/welcome") view=page::welcome/>
            <Route path=path!("/login") view=page::login/>
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
