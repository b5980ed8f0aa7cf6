//! Settling: what was shown and what somebody said of it become a prediction and its outcome, so that what the alarms
//! were worth can be counted from the same tables as every other model's predictions.

use super::{Unusual, VERSION};
use crate::{
    id::PredictionId,
    insight::predictions::model_version,
    record::{Prediction, PredictionIssued, PredictionOutcome, SettledAs, Settlement},
    time::Timestamp,
};
use serde_json::json;

/// The two records, which belong in one commit. Settled twice it is one prediction, of which the last word stands.
pub fn settled(
    it: &Unusual,
    said: SettledAs,
    note: &str,
    at: Timestamp,
) -> (PredictionIssued, PredictionOutcome) {
    let configuration = json!({ "false_alarms": "one a fortnight" });
    let model = model_version("anomaly_detection", VERSION, "calibrated_tail", configuration);
    let id = PredictionId::derived("prediction", &["anomaly_detection", &it.key]);
    let entity = it.product.map(|id| id.to_string()).or_else(|| it.user.map(|id| id.to_string()));
    let prediction = Prediction {
        id,
        model_id: model.id,
        shop_id: it.shop,
        prediction_type: "anomaly".to_owned(),
        entity_id: entity,
        prediction_data: json!({
            "key": it.key,
            "detector": it.detector,
            "found": it.found,
            "expected": it.expected,
            "amount": it.amount,
            "reasons": it.reasons,
        }),
        confidence_score: None,
        prediction_date: it.day,
        created_at: at,
    };
    let said = Settlement {
        key: it.key.clone(),
        shop: it.shop,
        detector: it.detector,
        settled: said,
        note: note.trim().to_owned(),
    };
    let outcome = PredictionOutcome {
        prediction: id,
        accuracy_score: Some(if said.settled == SettledAs::WrongAlarm { 0.0 } else { 1.0 }),
        // A plain struct always serialises.
        actual_outcome: serde_json::to_value(&said).unwrap_or_default(),
        at,
    };
    (PredictionIssued { model, predictions: vec![prediction], features: Vec::new() }, outcome)
}
