//! The device around the app: network, visibility, kept storage, installing, updating.

use super::{AppState, Boot, boot::coarse};
use crate::effect::clock;
use gloo::timers::callback::Interval;
use js_sys::{Function, Promise, Reflect};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorkerRegistration, VisibilityState};

/// Whether the browser promised to keep the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Persistence {
    /// Not asked yet: it is asked after the first real record.
    #[default]
    NotAsked,
    /// The browser will not clear it by itself.
    Granted,
    /// The browser may clear it when the disk is full: a backup or an account guards against that.
    Refused,
}

const MINUTE_MS: u32 = 60_000;

impl AppState {
    pub(super) fn watch_device(self) {
        let (Some(window), inner) = (web_sys::window(), self.inner()) else { return };
        self.online.set(window.navigator().on_line());
        inner.listen(&window, "online", move |_| {
            self.online.set(true);
            self.sync_now();
        });
        inner.listen(&window, "offline", move |_| self.online.set(false));
        if let Some(document) = window.document() {
            let page = document.clone();
            inner.listen(&document, "visibilitychange", move |_| {
                if page.visibility_state() == VisibilityState::Visible {
                    self.tick();
                    self.sync_now();
                }
            });
        }
        inner.listen(&window, "beforeinstallprompt", move |event| {
            // Kept, so that the app offers it at its own moment.
            event.prevent_default();
            *self.inner().install_prompt.borrow_mut() = Some(JsValue::from(event.clone()));
            self.installable.set(true);
        });
        inner.listen(&window, "appinstalled", move |_| self.installable.set(false));
        for event in ["pointerdown", "keydown"] {
            inner.listen(&window, event, move |_| self.touch());
        }
        Interval::new(MINUTE_MS, move || self.tick()).forget();
        let persisted: Result<Promise, JsValue> = window.navigator().storage().persisted();
        spawn_local(async move {
            if let Ok(persisted) = persisted
                && JsFuture::from(persisted).await.is_ok_and(|persisted| persisted.is_truthy())
            {
                self.persistence.set(Persistence::Granted);
            }
        });
        spawn_local(self.watch_updates());
    }

    fn tick(self) {
        let now = coarse(clock::now());
        if self.now.get_untracked() < now {
            self.now.set(now);
        }
        self.relock(clock::now());
    }

    /// Opens the browser's own dialogue for installing.
    pub fn install(self) {
        let Some(prompt) = self.inner().install_prompt.borrow_mut().take() else { return };
        self.installable.set(false);
        if let Ok(open) = Reflect::get(&prompt, &"prompt".into()).and_then(JsCast::dyn_into::<Function>) {
            // Refusing is an answer too; the browser offers again some day.
            let _ = open.call0(&prompt);
        }
    }

    /// Registers the service worker (release builds only) and watches for a newer version.
    async fn watch_updates(self) {
        let Some(window) = web_sys::window() else { return };
        let revision = window
            .document()
            .and_then(|page| page.query_selector("meta[name=dukandar-revision]").ok().flatten())
            .and_then(|meta| meta.get_attribute("content"));
        // `make dev` has no service worker; plain http in a LAN allows none.
        if revision.is_none_or(|revision| revision == "dev") || !window.is_secure_context() {
            return;
        }
        let container = window.navigator().service_worker();
        let Ok(registered) = JsFuture::from(container.register("/sw.js")).await else { return };
        let Ok(registration) = registered.dyn_into::<ServiceWorkerRegistration>() else { return };
        if registration.waiting().is_some() {
            self.update_ready.set(true);
        }
        let (found, looked_at) = (registration.clone(), registration.clone());
        if let Some(document) = window.document() {
            let page = document.clone();
            self.inner().listen(&document, "visibilitychange", move |_| {
                // An installed app may stay open for weeks: look for a new version whenever it comes to the front.
                if page.visibility_state() == VisibilityState::Visible {
                    let _ = looked_at.update();
                }
            });
        }
        self.inner().listen(&registration, "updatefound", move |_| {
            let Some(installing) = found.installing() else { return };
            let (incoming, found) = (installing.clone(), found.clone());
            self.inner().listen(&installing, "statechange", move |_| {
                // The first version of all takes over by itself: only a second one has to wait.
                let has_older = web_sys::window()
                    .is_some_and(|window| window.navigator().service_worker().controller().is_some());
                if incoming.state() == web_sys::ServiceWorkerState::Installed && has_older {
                    self.update_ready.set(found.waiting().is_some());
                }
            });
        });
    }

    /// Takes the new version and reloads, when no bill is open. Returns whether it does.
    pub fn apply_update(self) -> bool {
        if !self.cart.with_untracked(super::Cart::is_empty) {
            return false;
        }
        let Some(window) = web_sys::window() else { return false };
        let container = window.navigator().service_worker();
        self.inner().listen(&container, "controllerchange", move |_| {
            if let Some(window) = web_sys::window() {
                let _ = window.location().reload();
            }
        });
        spawn_local(async move {
            let Ok(found) = JsFuture::from(container.get_registration()).await else { return };
            let registration = found.dyn_into::<ServiceWorkerRegistration>().ok();
            if let Some(waiting) = registration.and_then(|registration| registration.waiting()) {
                // public/sw.js listens for these very words.
                let _ = waiting.post_message(&"skip-waiting".into());
            }
        });
        true
    }

    /// Asks the browser to keep the data; called after the first real record.
    pub(super) fn ask_persistence(self) {
        if self.persistence.get_untracked() != Persistence::NotAsked || self.sample.get_untracked() {
            return;
        }
        let Some(window) = web_sys::window() else { return };
        let asked: Result<Promise, JsValue> = window.navigator().storage().persist();
        spawn_local(async move {
            let granted = match asked {
                Ok(promise) => JsFuture::from(promise).await.is_ok_and(|granted| granted.is_truthy()),
                Err(_) => false,
            };
            self.persistence.set(if granted { Persistence::Granted } else { Persistence::Refused });
        });
    }

    /// Reloads the page, after a newer version took the database over.
    pub fn reload(self) {
        if let Some(window) = web_sys::window() {
            self.boot.set(Boot::Loading);
            let _ = window.location().reload();
        }
    }
}
