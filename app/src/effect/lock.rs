//! Web Locks: one holder among all tabs and workers of this browser. The browser frees a lock when its holder dies.

use js_sys::{Function, Object, Promise, Reflect};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    // web-sys has this API only behind an unstable flag.
    type Locks;
    #[wasm_bindgen(method, catch)]
    fn request(this: &Locks, name: &str, options: &Object, callback: &Function) -> Result<Promise, JsValue>;
}

/// A lock that is held until this is dropped.
pub struct Held(Function);

impl Drop for Held {
    fn drop(&mut self) {
        // Settles the promise that the browser waits for.
        let _ = self.0.call0(&JsValue::NULL);
    }
}

/// What a request came to.
pub enum Request {
    /// It is ours.
    Held(Held),
    /// Somebody else holds it.
    Taken,
    /// The browser has no locks (plain http in a LAN): one tab must do.
    Unknown,
}

/// Asks for a lock without waiting; `steal` takes it from a holder that shows no sign of life.
pub async fn take(name: &str, steal: bool) -> Request {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).unwrap_or(JsValue::UNDEFINED);
    let locks = Reflect::get(&navigator, &"locks".into()).unwrap_or(JsValue::UNDEFINED);
    if locks.is_undefined() {
        return Request::Unknown;
    }
    let locks: Locks = locks.unchecked_into();
    let options = Object::new();
    let _ = Reflect::set(&options, &if steal { "steal" } else { "ifAvailable" }.into(), &JsValue::TRUE);
    let granted: Rc<RefCell<Option<Held>>> = Rc::default();
    let slot = granted.clone();
    let answered = Promise::new(&mut |answer, _| {
        let slot = slot.clone();
        let callback = Closure::once_into_js(move |lock: JsValue| -> Promise {
            let held = Promise::new(&mut |release, _| {
                if !lock.is_null() {
                    *slot.borrow_mut() = Some(Held(release));
                }
            });
            let _ = answer.call0(&JsValue::NULL);
            if lock.is_null() { Promise::resolve(&JsValue::UNDEFINED) } else { held }
        });
        // A stolen lock rejects its holder's promise: the holder only loses the lock, which is what it means.
        if let Ok(request) = locks.request(name, &options, callback.unchecked_ref()) {
            let ignore = Closure::once_into_js(|_: JsValue| {});
            let _ = Reflect::get(&request, &"catch".into())
                .and_then(JsCast::dyn_into::<Function>)
                .and_then(|catch| catch.call1(&request, &ignore));
        }
    });
    if wasm_bindgen_futures::JsFuture::from(answered).await.is_err() {
        return Request::Unknown;
    }
    match granted.take() {
        Some(held) => Request::Held(held),
        None => Request::Taken,
    }
}
