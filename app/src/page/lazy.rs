//! What a till does not need in order to stand there is in parts of the program by themselves: pages of the back office,
//! fetched when one of them is first opened (the service worker has them from its install on), and the till's sheets with
//! the receipt, fetched as soon as the till stands. Only builds for customers are cut up (app/build.rs); in others
//! everything is there from the start.

#![cfg_attr(split, allow(unsafe_code, reason = "the macro declares the cut functions as imports"))]

use super::{
    ask_owner, bargain, holding, pick,
    product::{self, Subject},
    receipt, unit_pick, visits,
};
use crate::{
    component::{failed, guard, live, loading},
    i18n::lang,
};
use dukandar_app::state::{AppState, CartLine};
use dukandar_core::role::Action;
use dukandar_core::{id::CustomerId, insight::catalog::Catalog};
#[cfg(split)]
use leptos::wasm_split::wasm_split;
use leptos::{prelude::*, reactive::computed::ScopedFuture, task::spawn_local, wasm_split::SplitLoaderError};
use std::{
    cell::Cell,
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll, Waker},
};

/// A page that is fetched, each variant in one chunk.
#[derive(Clone, Copy)]
pub enum Page {
    /// `/`: first of all, so it waits for nothing else.
    Today,
    /// What is looked at between customers.
    Office(Office),
    /// The sheet of the camera that scans.
    Camera(super::camera::Into),
}

/// A page of the back office; all are one chunk.
#[derive(Clone, Copy)]
pub enum Office {
    /// `/sales`
    Sales,
    /// `/sales/:id/return`
    TakeBack,
    /// `/stock`
    Stock,
    /// `/stock/import`
    Import,
    /// `/stock/:id`
    Product,
    /// `/stock/classes`
    Classes,
    /// `/reorder`
    Reorder,
    /// `/customers`
    Customers,
    /// `/customers/:id`
    Customer,
    /// `/khata`
    Khata,
    /// `/khata/:id`
    Ledger,
    /// `/day`
    Day,
    /// `/forecasts`
    Forecasts,
    /// `/opening`
    Opening,
    /// `/settings`
    Settings,
    /// `/welcome`
    Welcome,
    /// `/login`
    Login,
    /// `/units/:id`
    Unit,
    /// `/units/:id/paper`
    UnitPaper,
    /// `/used`
    Used,
    /// `/anomalies`
    Unusual,
}

/// What opens at the till, one chunk: each with what its sheet needs.
#[derive(Clone)]
pub enum Counter {
    /// Loose goods by an amount.
    OpenItem(bargain::Haggle),
    /// The agreed total.
    Agree(bargain::Haggle),
    /// A discount on one line.
    Discount(AppState, RwSignal<bool>, CartLine),
    /// The owner is asked for a yes.
    AskOwner(AppState, RwSignal<bool>),
    /// Held bills, quotation, goods back.
    Hold(AppState, RwSignal<bool>, Callback<String>),
    /// Who is it?
    Customer(AppState, RwSignal<bool>, Callback<CustomerId>),
    /// Which piece?
    Piece(AppState, RwSignal<bool>, Subject, Callback<Subject>),
    /// A new product.
    AddProduct(AppState, RwSignal<bool>, String),
    /// Somebody came.
    Visit(AppState, RwSignal<bool>),
    /// What was asked for and is not there.
    Missing(Missing),
    /// `/sales/:id`
    Receipt,
    /// `/quotes/:id`
    Quotation,
}

/// What the sheet of missing goods needs.
#[derive(Clone, Copy)]
pub struct Missing {
    /// Where it is noted.
    pub app: AppState,
    /// Products to choose from.
    pub catalog: RwSignal<Option<Arc<Catalog>>>,
    /// What was searched for.
    pub query: RwSignal<String>,
    /// The sheet.
    pub open: RwSignal<bool>,
    /// The sheet that finds a customer.
    pub pick: RwSignal<bool>,
}

/// What the router shows for a page: its skeleton until it is there, and a way to try again where it could not be had.
pub fn lazy(page: Page) -> impl Fn() -> AnyView + Clone + Send + 'static {
    move || shown(Rc::new(move || Box::pin(fetched(page))))
}

/// A page of the till's chunk.
pub fn counter_page(part: fn() -> Counter) -> impl Fn() -> AnyView + Clone + Send + 'static {
    move || counter(part())
}

/// A sheet or page of the till's chunk: at once where the chunk is here.
pub fn counter(part: Counter) -> AnyView {
    shown(Rc::new(move || Box::pin(of_counter(part.clone()))))
}

/// Fetches the till's chunk ahead of its first use; what fails now is tried again then.
pub fn warm_counter() {
    #[cfg(split)]
    spawn_local(async {
        let _ = counter_ahead().await;
    });
}

type Fetching = Pin<Box<dyn Future<Output = Result<AnyView, SplitLoaderError>>>>;

fn shown(fetch: Rc<dyn Fn() -> Fetching>) -> AnyView {
    // What is here already answers at the first asking: then nothing flickers, and a dialog finds its first field.
    let mut first = fetch();
    if let Poll::Ready(Ok(view)) = first.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        return view;
    }
    let state = RwSignal::new(None::<bool>);
    // Built once, under its place's owner, and handed over by the signal that says so.
    let built: Rc<Cell<Option<AnyView>>> = Rc::default();
    let place = StoredValue::new_local((fetch, built));
    let wait = move |fetching: Fetching| {
        let built = place.with_value(|(_, built)| built.clone());
        spawn_local(ScopedFuture::new(async move {
            let view = fetching.await.ok();
            // Closed or left meanwhile: there is no place for it any more.
            if state.try_get_untracked().is_some() {
                let is_here = view.is_some();
                built.set(view);
                state.set(Some(is_here));
            }
        }));
    };
    wait(first);
    let again = Callback::new(move |()| {
        state.set(None);
        wait(place.with_value(|(fetch, _)| fetch()));
    });
    live(move || match state.get() {
        None => view! { <div class="card">{loading(8)}</div> }.into_any(),
        Some(true) => place.with_value(|(_, built)| built.take()).into_any(),
        Some(false) => {
            view! { <div class="card">{failed(lang().t().trouble.offline.to_owned(), Some(again))}</div> }
                .into_any()
        }
    })
}

async fn fetched(page: Page) -> Result<AnyView, SplitLoaderError> {
    #[cfg(split)]
    return match page {
        Page::Today => today().await,
        Page::Office(page) => office(page).await,
        Page::Camera(into) => camera(into).await,
    };
    #[cfg(not(split))]
    match page {
        Page::Today => today(),
        Page::Office(page) => office(page),
        Page::Camera(into) => camera(into),
    }
}

#[cfg_attr(split, wasm_split(today, wasm_split_path = ::leptos::wasm_split, fallible))]
fn today() -> Result<AnyView, SplitLoaderError> {
    Ok(guard(Action::SeeReports, || super::today().into_any()))
}

#[cfg_attr(split, wasm_split(camera, wasm_split_path = ::leptos::wasm_split, fallible))]
fn camera(into: super::camera::Into) -> Result<AnyView, SplitLoaderError> {
    Ok(super::camera::scanner(into))
}

#[cfg_attr(split, wasm_split(office, wasm_split_path = ::leptos::wasm_split, fallible))]
fn office(page: Office) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        Office::Sales => super::sales().into_any(),
        Office::TakeBack => super::take_back().into_any(),
        Office::Stock => super::stock().into_any(),
        Office::Import => guard(Action::Import, || super::import().into_any()),
        Office::Product => guard(Action::SeeReports, || super::product().into_any()),
        Office::Classes => guard(Action::SeeReports, || super::classes().into_any()),
        Office::Reorder => guard(Action::SeeReports, || super::reorder().into_any()),
        Office::Customers => super::customers().into_any(),
        Office::Customer => super::customer().into_any(),
        Office::Khata => super::khata().into_any(),
        Office::Ledger => super::ledger().into_any(),
        Office::Day => super::day().into_any(),
        Office::Forecasts => guard(Action::SeeReports, || super::forecasts().into_any()),
        Office::Opening => guard(Action::EditProduct, super::opening),
        Office::Settings => super::settings().into_any(),
        Office::Welcome => super::welcome().into_any(),
        Office::Login => super::login().into_any(),
        Office::Unit => super::unit().into_any(),
        Office::UnitPaper => super::unit_paper().into_any(),
        Office::Used => super::used().into_any(),
        Office::Unusual => guard(Action::SeeReports, || super::unusual().into_any()),
    })
}

async fn of_counter(part: Counter) -> Result<AnyView, SplitLoaderError> {
    #[cfg(split)]
    return counter_part(part).await;
    #[cfg(not(split))]
    counter_part(part)
}

#[cfg_attr(
    split,
    wasm_split(counter, wasm_split_path = ::leptos::wasm_split, fallible, preload(counter_ahead))
)]
fn counter_part(part: Counter) -> Result<AnyView, SplitLoaderError> {
    Ok(match part {
        Counter::OpenItem(haggle) => bargain::open_form(haggle),
        Counter::Agree(haggle) => bargain::agree_form(haggle),
        Counter::Discount(app, open, line) => bargain::discount_form(app, open, line),
        Counter::AskOwner(app, open) => ask_owner::ways_sheet(app, open),
        Counter::Hold(app, open, go) => holding::body(app, open, go),
        Counter::Customer(app, open, chosen) => pick::pick_form(app, open, chosen),
        Counter::Piece(app, open, about, without) => unit_pick::pick_form(app, open, about, without),
        Counter::AddProduct(app, open, name) => product::add_form(app, open, name),
        Counter::Visit(app, open) => visits::form(app, open),
        Counter::Missing(it) => visits::missing_form(it),
        Counter::Receipt => receipt::receipt().into_any(),
        Counter::Quotation => receipt::quotation().into_any(),
    })
}
