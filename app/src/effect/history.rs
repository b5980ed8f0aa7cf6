//! The device's history of predictions: what was shown, in the seed's tables that are read by id, and what became
//! of it. Each prediction is written once and judged once, whichever tab or device does it first.

use super::{
    journal::{self, Draft, EVENT_SPAN, Identity},
    storage::{AI_MODELS, Db, FEATURE_STORE, META, MODEL_PREDICTIONS, StorageError, Tx, from_text, to_text},
};
use dukandar_core::{
    id::{PredictionId, ShopId},
    insight::predictions::{last_day, without_known},
    record::{ModelVersion, Prediction, PredictionIssued, PredictionOutcome},
    sync::event::Stream,
    time::Day,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use wasm_bindgen::JsValue;

/// Meta row: predictions that can be judged some day and were not yet.
const UNJUDGED: &str = "unjudged";

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Unjudged {
    id: PredictionId,
    /// The last day it speaks of.
    until: Day,
}

fn key(id: impl ToString) -> JsValue {
    JsValue::from_str(&id.to_string())
}

/// Puts predictions, their models and inputs into the tables, inside a transaction that spans them and `meta`.
pub async fn keep(tx: &Tx<'_>, issued: &PredictionIssued) -> Result<(), StorageError> {
    tx.put(AI_MODELS, &key(issued.model.id), &to_text(&issued.model)?)?;
    for row in &issued.features {
        tx.put(FEATURE_STORE, &key(row.id), &to_text(row)?)?;
    }
    let mut unjudged: Vec<Unjudged> = tx.meta(UNJUDGED).await?.unwrap_or_default();
    let before = unjudged.len();
    for row in &issued.predictions {
        if tx.get(MODEL_PREDICTIONS, &key(row.id)).await?.is_some() {
            // Another device showed it too; it may have been judged since.
            continue;
        }
        tx.put(MODEL_PREDICTIONS, &key(row.id), &to_text(row)?)?;
        unjudged.extend(last_day(row).map(|until| Unjudged { id: row.id, until }));
    }
    if unjudged.len() > before {
        tx.set_meta(UNJUDGED, &unjudged)?;
    }
    Ok(())
}

/// Writes an outcome beside its prediction. False: it was judged before, or is not here.
pub async fn judge(tx: &Tx<'_>, outcome: &PredictionOutcome) -> Result<bool, StorageError> {
    let Some(text) = tx.get(MODEL_PREDICTIONS, &key(outcome.prediction)).await? else { return Ok(false) };
    let mut row: Value = from_text(&text)?;
    if !row["actual_outcome"].is_null() {
        return Ok(false);
    }
    // The two columns that the seed's `model_predictions` has for this.
    row["actual_outcome"] = outcome.actual_outcome.clone();
    row["accuracy_score"] = outcome.accuracy_score.into();
    tx.put(MODEL_PREDICTIONS, &key(outcome.prediction), &to_text(&row)?)?;
    let mut unjudged: Vec<Unjudged> = tx.meta(UNJUDGED).await?.unwrap_or_default();
    unjudged.retain(|other| other.id != outcome.prediction);
    tx.set_meta(UNJUDGED, &unjudged)?;
    Ok(true)
}

/// Predictions whose last day is before `today` and that nobody has judged.
pub async fn due(db: &Db, today: Day) -> Result<Vec<Prediction>, StorageError> {
    let tx = db.read(&[META, MODEL_PREDICTIONS])?;
    let unjudged: Vec<Unjudged> = tx.meta(UNJUDGED).await?.unwrap_or_default();
    let mut due = Vec::new();
    for Unjudged { id, .. } in unjudged.into_iter().filter(|row| row.until < today) {
        if let Some(text) = tx.get(MODEL_PREDICTIONS, &key(id)).await? {
            due.push(from_text(&text)?);
        }
    }
    Ok(due)
}

/// The rows of these predictions that are here.
pub async fn rows(db: &Db, ids: &[PredictionId]) -> Result<Vec<Value>, StorageError> {
    let tx = db.read(&[MODEL_PREDICTIONS])?;
    let mut rows = Vec::new();
    for id in ids {
        if let Some(text) = tx.get(MODEL_PREDICTIONS, &key(id)).await? {
            rows.push(from_text(&text)?);
        }
    }
    Ok(rows)
}

/// Writes a model's row on this device only: no prediction speaks by it.
pub async fn write_model(db: &Db, model: &ModelVersion) -> Result<(), StorageError> {
    let tx = db.write_cache(&[AI_MODELS])?;
    tx.put(AI_MODELS, &key(model.id), &to_text(model)?)?;
    tx.commit().await
}

fn begin(db: &Db) -> Result<Tx<'_>, StorageError> {
    db.write(&[&EVENT_SPAN[..], &[AI_MODELS, MODEL_PREDICTIONS, FEATURE_STORE]].concat())
}

async fn commit(tx: Tx<'_>, identity: &Identity, drafts: Vec<Draft>) -> Result<bool, StorageError> {
    if drafts.is_empty() {
        return Ok(false);
    }
    let counters = journal::take_counters(&tx).await?;
    journal::put_drafts(&tx, identity, counters, drafts)?;
    tx.commit().await?;
    Ok(true)
}

/// Writes predictions that were shown, as records and in the tables; those on record already are left out.
/// Returns whether anything was new.
pub async fn write_shown(db: &Db, shop: ShopId, issued: Vec<PredictionIssued>) -> Result<bool, StorageError> {
    let Some(identity) = journal::identity(db).await? else { return Ok(false) };
    let tx = begin(db)?;
    let mut known = BTreeSet::new();
    for row in issued.iter().flat_map(|record| &record.predictions) {
        if tx.get(MODEL_PREDICTIONS, &key(row.id)).await?.is_some() {
            known.insert(row.id);
        }
    }
    let mut drafts = Vec::new();
    for record in without_known(issued, |id| known.contains(&id)) {
        keep(&tx, &record).await?;
        drafts.push(Draft::new(Stream::Shop(shop), "prediction_issued", &record)?);
    }
    commit(tx, &identity, drafts).await
}

/// Writes what became of predictions; those judged already are left out. Returns whether anything was new.
pub async fn write_outcomes(
    db: &Db,
    outcomes: Vec<(ShopId, PredictionOutcome)>,
) -> Result<bool, StorageError> {
    let Some(identity) = journal::identity(db).await? else { return Ok(false) };
    let tx = begin(db)?;
    let mut drafts = Vec::new();
    for (shop, outcome) in outcomes {
        if judge(&tx, &outcome).await? {
            drafts.push(Draft::new(Stream::Shop(shop), "prediction_outcome", &outcome)?);
        }
    }
    commit(tx, &identity, drafts).await
}
