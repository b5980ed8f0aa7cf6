//! The reader of barcodes, for browsers that have none of their own: a worker by itself, so that no picture holds up a
//! hand. It is sent pixels (RGBA), width and height, and answers with the code or null; first it says that it listens.

mod decode;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn main() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let outlet = scope.clone();
    let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let parts = Array::from(&event.data());
        let side = |at| parts.get(at).as_f64().unwrap_or_default() as u32;
        let pixels = Uint8Array::new(&parts.get(0)).to_vec();
        let found = decode::read(&pixels, side(1), side(2));
        // The page is there as long as its worker is.
        let _ = outlet.post_message(&found.map_or(JsValue::NULL, JsValue::from));
    });
    scope.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    hear.forget();
    // As above.
    let _ = scope.post_message(&JsValue::NULL);
}
