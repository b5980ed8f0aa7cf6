//! Long work kept in the database, one row a shop: a reload does not do it again.

use super::storage::{ANSWERS, Db, StorageError};
use dukandar_core::{demand::study::Studies, id::ShopId};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};

fn key(shop: Option<ShopId>) -> JsValue {
    format!("studies {shop:?}").into()
}

/// What is kept. What another release wrote and this one cannot read counts as none.
pub async fn read(db: &Db, shop: Option<ShopId>) -> Result<Studies, StorageError> {
    let value = db.read(&[ANSWERS])?.get(ANSWERS, &key(shop)).await?;
    let bytes = value.and_then(|value| value.dyn_into::<Uint8Array>().ok());
    Ok(bytes.and_then(|bytes| postcard::from_bytes(&bytes.to_vec()).ok()).unwrap_or_default())
}

/// Keeps it in place of what was there.
pub async fn write(db: &Db, shop: Option<ShopId>, studies: &Studies) -> Result<(), StorageError> {
    let bytes = postcard::to_allocvec(studies).map_err(|error| StorageError::Damaged(error.to_string()))?;
    let tx = db.write_cache(&[ANSWERS])?;
    tx.put(ANSWERS, &key(shop), &JsValue::from(Uint8Array::from(bytes.as_slice())))?;
    tx.commit().await
}
