//! Files for the browser's downloads, or for another app.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlCanvasElement, Url};

/// Hands text or bytes to the browser's downloads as a CSV file.
pub fn save_csv(name: &str, content: &JsValue) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type("text/csv;charset=utf-8");
    save(name, &Blob::new_with_str_sequence_and_options(&Array::of1(content), &options)?)
}

fn save(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    let page = web_sys::window().and_then(|window| window.document()).ok_or(JsValue::NULL)?;
    let link: HtmlAnchorElement = page.create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&url)
}

/// Hands a picture to another app (WhatsApp, say) where the browser shares files, else to the downloads.
pub async fn share_png(canvas: &HtmlCanvasElement, name: &str) -> Result<(), JsValue> {
    let made = Promise::new(&mut |resolve, reject| {
        if let Err(error) = canvas.to_blob(&resolve) {
            // Called with what was thrown; a promise takes it whatever it is.
            let _ = reject.call1(&JsValue::NULL, &error);
        }
    });
    let blob: Blob = JsFuture::from(made).await?.dyn_into()?;
    let navigator = web_sys::window().ok_or(JsValue::NULL)?.navigator();
    let offer = Object::new();
    let kind = Object::new();
    Reflect::set(&kind, &"type".into(), &"image/png".into())?;
    let class: Function = Reflect::get(&js_sys::global(), &"File".into())?.dyn_into()?;
    let file = Reflect::construct(&class, &Array::of3(&Array::of1(&blob), &name.into(), &kind))?;
    Reflect::set(&offer, &"files".into(), &Array::of1(&file))?;
    let method = |name: &str| Reflect::get(&navigator, &name.into()).and_then(JsCast::dyn_into::<Function>);
    let can =
        method("canShare").and_then(|can| can.call1(&navigator, &offer)).is_ok_and(|can| can.is_truthy());
    if !can {
        return save(name, &blob);
    }
    let shared = method("share")?.call1(&navigator, &offer)?;
    match JsFuture::from(Promise::resolve(&shared)).await {
        Ok(_) => Ok(()),
        // Whoever closes the list of apps wants no file either.
        Err(error) if Reflect::get(&error, &"name".into()).is_ok_and(|name| name == "AbortError") => Ok(()),
        // Not let through (the tap was too long ago, say): the picture is not lost for that.
        Err(_) => save(name, &blob),
    }
}
