//! Pages that a till does not need to sell are parts of the program by themselves, fetched when one of them is first
//! opened (the service worker has them from its install on). Only builds for customers are cut up (app/build.rs); in
//! others every page is there from the start.

#![cfg_attr(split, allow(unsafe_code, reason = "the macro declares the cut functions as imports"))]

use crate::{
    component::{failed, guard, live, loading},
    i18n::lang,
};
use dukandar_core::role::Action;
#[cfg(split)]
use leptos::wasm_split::wasm_split;
use leptos::{prelude::*, reactive::computed::ScopedFuture, task::spawn_local, wasm_split::SplitLoaderError};
use std::{cell::Cell, rc::Rc};

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
}

/// What the router shows for a page: its skeleton until it is there, and a way to try again where it could not be had.
pub fn lazy(page: Page) -> impl Fn() -> AnyView + Clone + Send + 'static {
    move || {
        let state = RwSignal::new(None::<bool>);
        // Built once, under the route's owner, and handed over to the page by the signal that says so.
        let built: Rc<Cell<Option<AnyView>>> = Rc::default();
        let place = StoredValue::new_local(built.clone());
        let fetch = Callback::new(move |()| {
            state.set(None);
            let built = place.with_value(Rc::clone);
            spawn_local(ScopedFuture::new(async move {
                let view = fetched(page).await.ok();
                state.set(Some(view.is_some()));
                built.set(view);
            }));
        });
        fetch.run(());
        live(move || match state.get() {
            None => view! { <div class="card">{loading(8)}</div> }.into_any(),
            Some(true) => place.with_value(|built| built.take()).into_any(),
            Some(false) => {
                view! { <div class="card">{failed(lang().t().trouble.offline.to_owned(), Some(fetch))}</div> }
                    .into_any()
            }
        })
    }
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
    })
}
