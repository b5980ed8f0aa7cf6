//! Decisions shown, taken and judged. Every prediction a person saw is kept: drift, retraining and
//! experiments live on this history, which cannot be made up afterwards.
//!
//! The columns are those of the seed's tables `ai_models`, `model_predictions` and `feature_store`.

use crate::{
    id::{CustomerId, DocumentId, FeatureRowId, ModelId, PredictionId, ProductId, ShopId},
    money::Paisa,
    quantity::Quantity,
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A customer was contacted, or held out so that the effect can be measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignContact {
    /// Who.
    pub customer: CustomerId,
    /// Which campaign.
    pub campaign: String,
    /// True: deliberately not contacted.
    pub held_out: bool,
    /// When.
    pub at: Timestamp,
}

/// A recommendation was shown, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommendation {
    /// To whom, if known.
    pub customer: Option<CustomerId>,
    /// Where.
    pub shop: ShopId,
    /// What.
    pub product: ProductId,
    /// Shown, or taken.
    pub taken: bool,
    /// When.
    pub at: Timestamp,
}

/// A price suggestion was accepted or refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceDecision {
    /// The suggestion.
    pub prediction: PredictionId,
    /// For what.
    pub product: ProductId,
    /// The price that was decided.
    pub price: Paisa,
    /// Whether it is the suggested one.
    pub accepted: bool,
    /// Why not, if not.
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// An order suggestion was accepted, changed or refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderDecision {
    /// The suggestion.
    pub prediction: PredictionId,
    /// For what.
    pub product: ProductId,
    /// Suggested.
    pub suggested: Quantity,
    /// Decided; zero is a refusal.
    pub decided: Quantity,
    /// The order it went into, if any.
    pub order: Option<DocumentId>,
    /// When.
    pub at: Timestamp,
}

/// Predictions that were shown at once, with the model and the inputs behind them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PredictionIssued {
    /// The model version.
    pub model: ModelVersion,
    /// The predictions.
    pub predictions: Vec<Prediction>,
    /// The inputs.
    pub features: Vec<FeatureRow>,
}

/// A row of `ai_models`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelVersion {
    /// Derived from name and version.
    pub id: ModelId,
    /// `sales_forecasting`, `customer_segmentation`, `inventory_optimization` …
    pub name: String,
    /// Semantic version of the algorithm.
    pub version: String,
    /// What it does inside.
    pub algorithm: String,
    /// `active`, `shadow`, `retired`.
    pub status: String,
    /// Measured accuracy, where it was measured.
    pub accuracy_metrics: Value,
    /// When it was last fitted.
    pub last_trained: Option<Timestamp>,
    /// When it is to be fitted again.
    pub next_training: Option<Timestamp>,
    /// Its parameters.
    pub configuration: Value,
}

/// A row of `model_predictions`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// Derived from model, shop, type, entity and date: shown twice, kept once.
    pub id: PredictionId,
    /// The model version.
    pub model_id: ModelId,
    /// For which shop.
    pub shop_id: ShopId,
    /// `forecast`, `reorder`, `segment` …
    pub prediction_type: String,
    /// The product or customer it speaks of, as a UUID; none for the shop as a whole.
    pub entity_id: Option<String>,
    /// What was predicted.
    pub prediction_data: Value,
    /// Measured coverage or accuracy behind it, 0–1; none where nothing was measured.
    pub confidence_score: Option<f64>,
    /// The day it was made for.
    pub prediction_date: Day,
    /// When it was shown.
    pub created_at: Timestamp,
}

/// A row of `feature_store`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeatureRow {
    /// Derived from shop, entity, set and time.
    pub id: FeatureRowId,
    /// Where.
    pub shop_id: ShopId,
    /// `product`, `customer`, `sale`, `shop`.
    pub entity_type: String,
    /// Which one, as a UUID.
    pub entity_id: String,
    /// Named set with its version: `demand_v1`, `rfm_v1`.
    pub feature_set: String,
    /// The values.
    pub features: Value,
    /// When they were computed.
    pub computed_at: Timestamp,
    /// When they are stale.
    pub expires_at: Option<Timestamp>,
}

/// What really happened, beside what was predicted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PredictionOutcome {
    /// Which prediction.
    pub prediction: PredictionId,
    /// The truth.
    pub actual_outcome: Value,
    /// 0–1.
    pub accuracy_score: Option<f64>,
    /// When it was judged.
    pub at: Timestamp,
}

/// What looks for something unusual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detector {
    /// A day's sales of the shop.
    Sales,
    /// A product's sales.
    Product,
    /// A shelf that was counted.
    Count,
    /// A price that goods went at.
    Price,
    /// Discounts of one person.
    Discount,
    /// A drawer that was counted.
    Closing,
    /// A shelf below zero.
    BelowZero,
}

/// What somebody said of something unusual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettledAs {
    /// It was so, and this is why.
    Explained,
    /// It was a mistake, and is put right.
    Mended,
    /// It was nothing out of the ordinary.
    WrongAlarm,
}

/// The `actual_outcome` of a prediction of type `anomaly`: somebody settled it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// What was settled, by the key it is shown under.
    pub key: String,
    /// Where.
    pub shop: ShopId,
    /// What had found it.
    pub detector: Detector,
    /// As what.
    pub settled: SettledAs,
    /// In words, or empty. Written even so: answers carry it as postcard, which leaves nothing out.
    #[serde(default)]
    pub note: String,
}

impl PredictionOutcome {
    /// What was settled, where the outcome is a person's word on something unusual.
    pub fn settlement(&self) -> Option<Settlement> {
        // Forecasts have outcomes too, which hold no key.
        self.actual_outcome.get("key")?;
        serde_json::from_value(self.actual_outcome.clone()).ok()
    }
}
