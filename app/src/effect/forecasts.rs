//! Forecasts kept in the database, and what was learned for them: one row a series, and one a shop, read once when a
//! worker first needs them.

use super::storage::{Db, FORECASTS, StorageError, Tx};
use dukandar_core::demand::{Forecasts, Learned, SeriesForecast};
use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use wasm_bindgen::{JsCast, JsValue};

#[derive(Serialize, Deserialize)]
enum Row<'a> {
    Made(Cow<'a, SeriesForecast>),
    Learned(Cow<'a, Learned>),
}

/// Everything that is kept. A row of another release that cannot be read counts as none: it is made again.
pub async fn read(db: &Db) -> Result<Forecasts, StorageError> {
    let rows = db.read(&[FORECASTS])?.values(FORECASTS, &JsValue::UNDEFINED, u32::MAX).await?;
    let mut known = Forecasts::default();
    for row in rows {
        let bytes = row.dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default();
        match postcard::from_bytes(&bytes) {
            Ok(Row::Made(forecast)) => known.keep(forecast.into_owned()),
            Ok(Row::Learned(learned)) => known.keep_learned(learned.into_owned()),
            Err(_) => {}
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
        put(&tx, key, &Row::Made(Cow::Borrowed(forecast)))?;
    }
    tx.commit().await
}

/// Keeps what a shop's products have learned, in place of what they knew before.
pub async fn write_learned(db: &Db, learned: &Learned) -> Result<(), StorageError> {
    let tx = db.write_cache(&[FORECASTS])?;
    let shop = learned.shop.map_or_else(|| "all".to_owned(), |id| id.to_string());
    put(&tx, format!("learned/{shop}"), &Row::Learned(Cow::Borrowed(learned)))?;
    tx.commit().await
}

fn put(tx: &Tx<'_>, key: String, row: &Row<'_>) -> Result<(), StorageError> {
    let bytes = postcard::to_allocvec(row).map_err(|error| StorageError::Damaged(error.to_string()))?;
    tx.put(FORECASTS, &key.into(), &JsValue::from(Uint8Array::from(bytes.as_slice())))
}
