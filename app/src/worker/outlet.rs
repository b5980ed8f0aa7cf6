//! What the worker says: messages to the page, with bulk bytes handed over beside them.

use dukandar_app::message::{Failure, FromWorker, RequestId};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use web_sys::DedicatedWorkerGlobalScope;

/// The worker's global scope.
pub fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Says something to the page.
pub fn post(message: &FromWorker) {
    send(message, None);
}

/// Says something with bulk bytes beside it.
pub fn post_with(message: &FromWorker, bulk: &[u8]) {
    send(message, Some(&Uint8Array::from(bulk)));
}

/// No answer, and why.
pub fn fail(id: RequestId, failure: impl Into<Failure>) {
    post(&FromWorker::Failed { id, failure: failure.into() });
}

/// A word for whoever looks into the browser's console.
pub fn warn(text: &str) {
    web_sys::console::warn_1(&text.into());
}

fn send(message: &FromWorker, bulk: Option<&Uint8Array>) {
    // A message of plain data always serialises.
    let bytes = postcard::to_allocvec(message).unwrap_or_default();
    let buffer = Uint8Array::from(bytes.as_slice()).buffer();
    let (parts, transfer) = (Array::of1(&buffer), Array::of1(&buffer));
    if let Some(bulk) = bulk {
        parts.push(bulk);
        transfer.push(&bulk.buffer());
    }
    if scope().post_message_with_transfer(&parts, &transfer).is_err() {
        web_sys::console::error_1(&"a message to the page could not be sent".into());
    }
}

/// A panic is the last thing this worker says; the page starts another one.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        post(&FromWorker::Crashed { detail: panic.to_string() });
    }));
}
