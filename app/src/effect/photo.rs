//! Photos of phones and papers: made small on the page, kept sealed in this device's database.

use super::storage::{Db, META, StorageError};
use dukandar_core::{id::UnitId, privacy::seal::Sealed};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, File, HtmlCanvasElement, HtmlImageElement, Url};

/// Longest side in pixels.
const SIDE: f64 = 1_280.0;
/// Most bytes of a kept photo.
const MOST_BYTES: usize = 200 * 1_024;
/// Tried one after the other until it is small enough.
const QUALITIES: [f64; 5] = [0.82, 0.7, 0.55, 0.4, 0.25];

/// The picture as a small JPEG's data URL; none where the file is no picture, or cannot be made that small.
pub async fn shrink(file: &File) -> Option<String> {
    let url = Url::create_object_url_with_blob(file).ok()?;
    let small = draw(&url).await;
    // An address that was given back already is none the worse for it.
    let _ = Url::revoke_object_url(&url);
    small
}

async fn draw(url: &str) -> Option<String> {
    let image = HtmlImageElement::new().ok()?;
    image.set_src(url);
    JsFuture::from(image.decode()).await.ok()?;
    let (width, height) = (f64::from(image.natural_width()), f64::from(image.natural_height()));
    let scale = (SIDE / width.max(height)).min(1.0);
    let document = web_sys::window()?.document()?;
    let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.unchecked_into();
    // A picture has at least one pixel each way, also after it was made small.
    canvas.set_width((width * scale).max(1.0) as u32);
    canvas.set_height((height * scale).max(1.0) as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.unchecked_into();
    let (wide, high) = (f64::from(canvas.width()), f64::from(canvas.height()));
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, wide, high).ok()?;
    QUALITIES.iter().find_map(|quality| {
        let quality = JsValue::from_f64(*quality);
        let data = canvas.to_data_url_with_type_and_encoder_options("image/jpeg", &quality).ok()?;
        (bytes(&data) <= MOST_BYTES && data.starts_with("data:image/jpeg")).then_some(data)
    })
}

/// Bytes of the picture in a data URL.
pub fn bytes(data: &str) -> usize {
    data.len().saturating_sub("data:image/jpeg;base64,".len()) / 4 * 3
}

fn key(unit: UnitId) -> String {
    format!("photos:{unit}")
}

/// The photos of a piece, sealed.
pub async fn read(db: &Db, unit: UnitId) -> Result<Vec<Sealed>, StorageError> {
    Ok(db.read(&[META])?.meta(&key(unit)).await?.unwrap_or_default())
}

/// Keeps these photos of a piece, in place of those it had.
pub async fn keep(db: &Db, unit: UnitId, photos: &[Sealed]) -> Result<(), StorageError> {
    let tx = db.write(&[META])?;
    tx.set_meta(&key(unit), &photos)?;
    tx.commit().await
}
