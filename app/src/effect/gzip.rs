//! Unpacking gzip and parts of workbooks with the browser's own means: no unpacker travels with the app.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStream, ReadableStreamDefaultReader, Response};

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
    through(stream, "gzip")
}

fn through(stream: &ReadableStream, format: &str) -> Result<ReadableStream, JsValue> {
    let unpack = Unpack::new(format)?;
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

/// What a raw deflate stream holds; none where that is more than `most` bytes.
pub async fn inflated(bytes: &[u8], most: usize) -> Result<Option<Vec<u8>>, JsValue> {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let packed = Blob::new_with_u8_array_sequence(&parts)?;
    let stream = through(&packed.stream(), "deflate-raw")?;
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut out = Vec::new();
    loop {
        let read = JsFuture::from(reader.read()).await?;
        if Reflect::get(&read, &"done".into())?.is_truthy() {
            return Ok(Some(out));
        }
        let chunk: js_sys::Uint8Array = Reflect::get(&read, &"value".into())?.dyn_into()?;
        let from = out.len();
        if from + chunk.length() as usize > most {
            // The promise settles when the browser has let go; nobody waits for that.
            let _ = reader.cancel();
            return Ok(None);
        }
        out.resize(from + chunk.length() as usize, 0);
        chunk.copy_to(&mut out[from..]);
    }
}
