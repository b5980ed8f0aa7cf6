//! What the state holds beside signals: the open database, the worker's port, the other tabs.

use super::Problem;
use crate::effect::{port::Port, storage::Db, tabs::Tabs};
use crate::message::RequestId;
use gloo::events::EventListener;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::JsValue;

/// Handles of effects; none of them can leave the page's thread.
#[derive(Default)]
pub(super) struct Inner {
    pub db: RefCell<Option<Db>>,
    pub port: RefCell<Option<Port>>,
    pub tabs: RefCell<Option<Tabs>>,
    /// The file that was previewed and may be imported.
    pub file: RefCell<Option<web_sys::File>>,
    /// The import that runs.
    pub importing: Cell<Option<RequestId>>,
    /// All rejected rows of the last import, as CSV bytes.
    pub rejects: RefCell<Option<JsValue>>,
    /// Today has stood on the screen since the page was opened.
    pub was_painted: Cell<bool>,
    /// The browser's offer to install the app.
    pub install_prompt: RefCell<Option<JsValue>>,
    /// When somebody last touched the screen, by the device's clock.
    pub touched: Cell<i64>,
    /// Listeners that live as long as the page.
    pub listeners: RefCell<Vec<EventListener>>,
}

impl Inner {
    /// The open database.
    pub fn db(&self) -> Result<Db, Problem> {
        self.db.borrow().clone().ok_or(Problem::NoShop)
    }

    /// The worker's port.
    pub fn port(&self) -> Option<Port> {
        self.port.borrow().clone()
    }

    /// Listens until the page goes.
    pub fn listen(
        self: &Rc<Self>,
        target: &web_sys::EventTarget,
        event: &'static str,
        callback: impl FnMut(&web_sys::Event) + 'static,
    ) {
        self.listeners.borrow_mut().push(EventListener::new(target, event, callback));
    }
}
