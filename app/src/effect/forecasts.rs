//! Forecasts kept in the database: one row a series, read once when a worker first needs them.

use super::storage::{Db, FORECASTS, StorageError};
use dukandar_core::demand::{Forecasts, SeriesForecast};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};

/// Everything that is kept. A row of another release that cannot be read counts as none: it is made again.
pub async fn read(db: &Db) -> Result<Forecasts, StorageError> {
    let rows = db.read(&[FORECASTS])?.values(FORECASTS, &JsValue::UNDEFINED, u32::MAX).await?;
    let mut known = Forecasts::default();
    for row in rows {
        let bytes = row.dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default();
        if let Ok(forecast) = postcard::from_bytes(&bytes) {
            known.keep(forecast);
        }
    }
    Ok(known)
}

/// Keeps forecasts in place of older ones of the same series.
pub async fn write(db: &Db, made: &[SeriesForecast]) -> Result<(), StorageError> {
    let tx = db.write_cache(&[FORECASTS])?;
    for forecast in made {
        let (shop, product) = (forecast.key.shop, forecast.key.product);
        let key = [shop.map(|id| id.to_string()), product.map(|id| id.to_string())];
        let key = key.map(|id| id.unwrap_or_else(|| "all".to_owned())).join("/");
        let bytes =
            postcard::to_allocvec(forecast).map_err(|error| StorageError::Damaged(error.to_string()))?;
        tx.put(FORECASTS, &key.into(), &JsValue::from(Uint8Array::from(bytes.as_slice())))?;
    }
    tx.commit().await
}
