//! Stretching a short secret: PBKDF2 by the browser's own cryptography.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// PBKDF2-HMAC-SHA-256 of `secret`, 32 bytes in lower-case hexadecimal; none where the browser has no cryptography for
/// this page (plain http, but for localhost).
pub async fn stretched(secret: &str, salt: &[u8], rounds: u32) -> Option<String> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).ok()?;
    let subtle = Reflect::get(&crypto, &"subtle".into()).ok().filter(|it| it.is_object())?;
    let raw = Uint8Array::from(secret.as_bytes());
    let uses = Array::of1(&"deriveBits".into());
    let given: Array =
        [&"raw".into(), &raw.into(), &"PBKDF2".into(), &JsValue::FALSE, &uses.into()].into_iter().collect();
    let key = call(&subtle, "importKey", &given).await?;
    let how = Object::new();
    for (name, value) in [
        ("name", "PBKDF2".into()),
        ("hash", "SHA-256".into()),
        ("salt", Uint8Array::from(salt).into()),
        ("iterations", JsValue::from_f64(rounds.into())),
    ] {
        Reflect::set(&how, &name.into(), &value).ok()?;
    }
    let bits =
        call(&subtle, "deriveBits", &[&how.into(), &key, &JsValue::from_f64(256.0)].into_iter().collect())
            .await?;
    Some(dukandar_core::privacy::seal::to_hex(&Uint8Array::new(&bits).to_vec()))
}

async fn call(subtle: &JsValue, method: &str, given: &Array) -> Option<JsValue> {
    let function: Function = Reflect::get(subtle, &method.into()).ok()?.dyn_into().ok()?;
    let promise: Promise = function.apply(subtle, given).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}
