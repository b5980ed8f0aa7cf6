//! Unpacking gzip with the browser's own means: no unpacker travels with the app.

use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStream, Response};

#[wasm_bindgen]
extern "C" {
    // web-sys has this class only behind an unstable flag.
    #[wasm_bindgen(js_name = DecompressionStream)]
    type Unpack;
    #[wasm_bindgen(constructor, catch, js_class = "DecompressionStream")]
    fn new(format: &str) -> Result<Unpack, JsValue>;
}

/// A stream of what a gzip stream holds.
pub fn unpacked(stream: &ReadableStream) -> Result<ReadableStream, JsValue> {
    let unpack = Unpack::new("gzip")?;
    // It has a readable and a writable end, which is all that a pair is.
    Ok(stream.pipe_through(unpack.unchecked_ref()))
}

/// The text that these gzip bytes hold.
pub async fn text(bytes: &[u8]) -> Result<String, JsValue> {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let packed = Blob::new_with_u8_array_sequence(&parts)?;
    let response = Response::new_with_opt_readable_stream(Some(&unpacked(&packed.stream())?))?;
    let text = JsFuture::from(response.text()?).await?;
    text.as_string().ok_or_else(|| JsValue::from_str("expected text"))
}
