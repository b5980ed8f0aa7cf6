//! What was shown becomes a record: the seed's `ai_models`, `model_predictions` and `feature_store` rows.
//!
//! Input: an answer as a screen shows it, the shop whose log keeps it, the instant. Output: `PredictionIssued`
//! records. Ids derive from model, version, shop, scope, type, entity and date, so that what is shown twice in a
//! day is one prediction, on every device; [`without_known`] drops what the journal holds already. No record grows
//! beyond [`MAX_RECORD_BYTES`] (a push may carry 256 KiB), and of a long list the first [`MAX_PREDICTIONS`] are
//! kept: lists are ranked, and nobody read further.
//!
//! [`outcomes`] judges forecasts whose last day has passed. Only forecasts can be judged from sales alone:
//! whether an order or a segment was right depends on what was done about it.

use super::today::{ActionKind, Today};
use crate::{
    customer::rfm::{self, CustomerList, RfmAnswer, RfmRow},
    demand::{self, DemandForecast, ForecastState, Forecasts, Judged},
    feature::{
        self,
        demand::{SalesByProduct, SeriesFeatures, daily_revenue},
    },
    forecast,
    id::{Id, ModelId, PredictionId, ProductId, ShopId},
    inventory::reorder::{self, ReorderPlan, ReorderSuggestion},
    record::{FeatureRow, ModelVersion, Prediction, PredictionIssued, PredictionOutcome},
    table::Tables,
    time::{Day, Timestamp},
};
use serde::Serialize;
use serde_json::{Value, json};

/// Most bytes of one record as JSON: a quarter of what one push may carry.
pub const MAX_RECORD_BYTES: usize = 64 * 1024;

/// Most predictions kept of one answer.
pub const MAX_PREDICTIONS: usize = 500;

/// Most days of a forecast that are kept.
const MAX_DAYS: usize = 92;

const FORECAST_MODEL: &str = "sales_forecasting";
const REORDER_MODEL: &str = "inventory_optimization";

/// Features are stale when the next day's sales are in.
const FEATURES_LIVE_MS: i64 = 86_400_000;

/// A day, after which each series has a value more and every choice is made anew.
const TRAINED_FOR_MS: i64 = 86_400_000;

/// Where and when something was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The shop whose log keeps it: the one asked about, or the device's own when all were.
    pub shop: ShopId,
    /// Whether it spoke of all shops together.
    pub all_shops: bool,
    /// When.
    pub at: Timestamp,
}

/// What one prediction says.
struct Said {
    kind: &'static str,
    entity: Option<(&'static str, String)>,
    data: Value,
    confidence: Option<f64>,
    features: Option<(&'static str, Value)>,
}

/// A forecast; nothing when there was too little data.
pub fn of_forecast(shown: Shown, answer: &DemandForecast) -> Vec<PredictionIssued> {
    let ForecastState::Ready { model, version, wape, wape_naive, coverage80, coverage95, .. } = &answer.state
    else {
        return Vec::new();
    };
    let days = answer.mean.len().min(MAX_DAYS);
    let rounded =
        |values: &[f64]| -> Vec<f64> { values.iter().take(days).map(|value| round(*value)).collect() };
    let total = answer.total.map(|total| [total.mean, total.lo80, total.hi80].map(round));
    let said = Said {
        kind: "forecast",
        entity: answer.product.map(|product| ("product", product.to_string())),
        data: json!({
            "measure": answer.measure,
            "model": model,
            "horizon_days": answer.mean.len(),
            "mean": rounded(&answer.mean),
            "lo80": rounded(&answer.lo80),
            "hi80": rounded(&answer.hi80),
            "lo95": rounded(&answer.lo95),
            "hi95": rounded(&answer.hi95),
            "total": total,
            "wape": wape.map(round),
            "wape_naive": wape_naive.map(round),
            "coverage95": coverage95.map(round),
        }),
        confidence: *coverage80,
        features: Some((feature::SERIES, value(&SeriesFeatures::of(&answer.history)))),
    };
    let configuration =
        json!({ "candidates": forecast::Model::ALL, "season_days": 7, "levels": demand::Ahead::LEVELS });
    let model = model_version(FORECAST_MODEL, version, "auto", configuration);
    records(shown, model, answer.from, vec![said])
}

/// A reorder plan: one prediction a suggestion, with its `demand_v1`.
pub fn of_reorder(shown: Shown, plan: &ReorderPlan) -> Vec<PredictionIssued> {
    let said = plan.suggestions.iter().map(|suggestion: &ReorderSuggestion| Said {
        kind: "reorder",
        entity: Some(("product", suggestion.product.to_string())),
        data: json!({
            "suggested_order_quantity": suggestion.suggested_order_quantity,
            "current_stock": suggestion.current_stock,
            "reorder_point": suggestion.reorder_point,
            "safety_stock": suggestion.safety_stock,
            "days_until_stockout": suggestion.days_until_stockout,
            "urgency": suggestion.urgency,
            "at_risk": suggestion.at_risk,
            "reasons": suggestion.reasons,
        }),
        confidence: suggestion.confidence,
        features: Some((feature::DEMAND, value(&suggestion.features))),
    });
    let configuration = json!({ "review_days": reorder::REVIEW_DAYS, "holding_rate": crate::inventory::plan::HOLDING_RATE, "goodwill": crate::inventory::plan::GOODWILL });
    let model = model_version(REORDER_MODEL, reorder::VERSION, "ML_Enhanced", configuration);
    records(shown, model, plan.today, said.collect())
}

/// Segments of a shop as a whole; nothing while too few customers are known for them to be shown.
pub fn of_rfm(shown: Shown, answer: &RfmAnswer) -> Vec<PredictionIssued> {
    if answer.known_customer_share < rfm::MIN_KNOWN_SHARE {
        return Vec::new();
    }
    let said = Said {
        kind: "segments",
        entity: None,
        data: json!({ "customers": answer.customers, "segments": answer.segments }),
        confidence: None,
        features: None,
    };
    records(shown, rfm_model(), answer.today, vec![said])
}

/// Segments of listed customers, with their `rfm_v1`.
pub fn of_customers(shown: Shown, today: Day, list: &CustomerList) -> Vec<PredictionIssued> {
    let said = list.rows.iter().map(|row: &RfmRow| Said {
        kind: "segment",
        entity: Some(("customer", row.customer.to_string())),
        data: json!({
            "segment": row.segment,
            "r_score": row.r_score,
            "f_score": row.f_score,
            "m_score": row.m_score,
        }),
        confidence: None,
        features: Some((
            feature::RFM,
            json!({
                "recency_days": row.recency_days,
                "frequency_purchases": row.frequency_purchases,
                "monetary_total_paisa": row.monetary_total,
            }),
        )),
    });
    records(shown, rfm_model(), today, said.collect())
}

/// The first screen: its trend, and each action by what it speaks of.
pub fn of_today(shown: Shown, answer: &Today) -> Vec<PredictionIssued> {
    let said = answer.actions.iter().map(|action| {
        let (kind, entity) = match &action.kind {
            ActionKind::Order { product, .. } => ("action_order", Some(("product", product.to_string()))),
            ActionKind::Clear { product, .. } => ("action_clear", Some(("product", product.to_string()))),
            ActionKind::Collect { customer } => ("action_collect", Some(("customer", customer.to_string()))),
            ActionKind::WinBack { .. } => ("action_win_back", None),
            ActionKind::CountStock { .. } => ("action_count_stock", None),
            ActionKind::LookAt { .. } => ("action_look_at", None),
        };
        Said {
            kind,
            entity,
            data: json!({ "amount": action.amount, "urgency": action.urgency, "reasons": action.reasons }),
            confidence: None,
            features: None,
        }
    });
    let configuration =
        json!({ "most": super::action::MOST, "most_of_a_kind": super::action::MOST_OF_A_KIND });
    let model = model_version("action_ranking", super::action::VERSION, "rupees_at_stake", configuration);
    let mut issued = of_forecast(shown, &answer.trend);
    issued.extend(records(shown, model, answer.trend.from, said.collect()));
    issued
}

/// Leaves out predictions (and their features) that are known already, and records that become empty.
pub fn without_known(
    issued: Vec<PredictionIssued>,
    known: impl Fn(PredictionId) -> bool,
) -> Vec<PredictionIssued> {
    let fresh = issued.into_iter().map(|mut record| {
        record.predictions.retain(|prediction| !known(prediction.id));
        let entities: Vec<Option<&String>> =
            record.predictions.iter().map(|prediction| prediction.entity_id.as_ref()).collect();
        let shops: Vec<String> = record.predictions.iter().map(|row| row.shop_id.to_string()).collect();
        record.features.retain(|row| {
            entities.contains(&Some(&row.entity_id))
                || (entities.contains(&None) && shops.contains(&row.entity_id))
        });
        record
    });
    fresh.filter(|record| !record.predictions.is_empty()).collect()
}

/// The last day a prediction speaks of, where sales alone can judge it then: of forecasts.
pub fn last_day(prediction: &Prediction) -> Option<Day> {
    let days = prediction.prediction_data["mean"].as_array().filter(|days| !days.is_empty())?.len();
    (prediction.prediction_type == "forecast").then(|| Day(prediction.prediction_date.0 + days as i32 - 1))
}

/// Days back from `today` on which a forecast that can be judged by now may have been shown.
const JUDGED_DAYS: i32 = 120;

/// The predictions that forecasts of a series would be kept as, had they been shown on the days before `today`.
pub fn forecast_ids(
    shop: ShopId,
    all_shops: bool,
    product: Option<ProductId>,
    today: Day,
) -> Vec<PredictionId> {
    let entity = product.map_or_else(|| shop.to_string(), |product| product.to_string());
    let version = forecast::VERSION.to_string();
    let shown_on = |date| Key { shop, all_shops, entity: entity.clone(), date };
    let days = today.0 - JUDGED_DAYS..today.0;
    days.map(|day| shown_on(Day(day)).prediction(FORECAST_MODEL, &version, "forecast")).collect()
}

/// What became of forecasts, from rows of `model_predictions`; none where none of them was judged.
pub fn judged(rows: &[Value]) -> Option<Judged> {
    let score =
        |row: &Value| Some((row["accuracy_score"].as_f64()?, row["actual_outcome"]["inside80"].as_f64()?));
    let scores: Vec<(f64, f64)> = rows.iter().filter_map(score).collect();
    let count = scores.len() as f64;
    (!scores.is_empty()).then(|| Judged {
        forecasts: scores.len() as u32,
        accuracy: scores.iter().map(|score| score.0).sum::<f64>() / count,
        inside80: scores.iter().map(|score| score.1).sum::<f64>() / count,
    })
}

/// What a run over a whole shop chose, as a row of `ai_models`: how often each model won, and when it is due again.
pub fn of_training(at: Timestamp, known: &Forecasts) -> ModelVersion {
    let configuration = json!({
        "candidates": forecast::Model::ALL,
        "season_days": 7,
        "levels": demand::Ahead::LEVELS,
        "won": known.winners(),
        "chosen": known.choices(),
    });
    let version = forecast::VERSION.to_string();
    ModelVersion {
        last_trained: Some(at),
        next_training: Some(Timestamp(at.0.saturating_add(TRAINED_FOR_MS))),
        ..model_version("shop_forecasting", &version, "auto", configuration)
    }
}

/// What became of forecasts whose last day is before `today`, by sales in the tables. `today` should be
/// [`crate::demand::effective_today`]: of an imported past the days after its end are unknown, not empty.
/// Accuracy is 1 − Σ|actual − mean| ÷ Σ actual, at least 0; none where nothing was sold.
pub fn outcomes(
    tables: &Tables,
    predictions: &[Prediction],
    today: Day,
    at: Timestamp,
) -> Vec<PredictionOutcome> {
    let mut by_shop: Vec<(Option<usize>, SalesByProduct)> = Vec::new();
    let mut outcomes = Vec::new();
    for prediction in predictions.iter().filter(|row| last_day(row).is_some_and(|last| last < today)) {
        let Some(mean) = numbers(&prediction.prediction_data["mean"]) else { continue };
        let from = prediction.prediction_date;
        let all_shops = prediction.prediction_data["all_shops"] == json!(true);
        let shop = if all_shops { None } else { tables.shop(prediction.shop_id) };
        if !all_shops && shop.is_none() {
            continue;
        }
        let series = match &prediction.entity_id {
            None => daily_revenue(tables, shop, today),
            Some(entity) => {
                let product = entity.parse::<ProductId>().ok().and_then(|id| tables.product(id));
                let Some(product) = product else { continue };
                if !by_shop.iter().any(|(of, _)| *of == shop) {
                    by_shop.push((shop, SalesByProduct::build(tables, shop, today)));
                }
                by_shop.iter().find(|(of, _)| *of == shop).and_then(|(_, sales)| sales.series(product))
            }
        };
        let Some(series) = series else { continue };
        let on =
            |day: i32| usize::try_from(day - series.from.0).ok().and_then(|at| series.net.get(at)).copied();
        let actual: Vec<f64> =
            (0..mean.len() as i32).map(|step| on(from.0 + step).unwrap_or_default()).collect();
        outcomes.push(PredictionOutcome {
            prediction: prediction.id,
            accuracy_score: accuracy(&actual, &mean),
            actual_outcome: json!({
                "actual": actual.iter().map(|value| round(*value)).collect::<Vec<_>>(),
                "total": round(actual.iter().sum()),
                "inside80": inside(&actual, &prediction.prediction_data),
            }),
            at,
        });
    }
    outcomes
}

fn accuracy(actual: &[f64], mean: &[f64]) -> Option<f64> {
    let sold: f64 = actual.iter().map(|value| value.abs()).sum();
    let missed: f64 = actual.iter().zip(mean).map(|(actual, mean)| (actual - mean).abs()).sum();
    (sold > 0.0).then(|| round((1.0 - missed / sold).max(0.0)))
}

/// Share of days inside the 80 % band.
fn inside(actual: &[f64], data: &Value) -> Option<f64> {
    let (lo, hi) = (numbers(&data["lo80"])?, numbers(&data["hi80"])?);
    let held =
        actual.iter().zip(lo.iter().zip(&hi)).filter(|(actual, (lo, hi))| (**lo..=**hi).contains(*actual));
    Some(round(held.count() as f64 / actual.len() as f64))
}

fn numbers(value: &Value) -> Option<Vec<f64>> {
    value.as_array()?.iter().map(Value::as_f64).collect()
}

/// Four decimals: what a record keeps of a float.
pub(super) fn round(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

fn value(features: &impl Serialize) -> Value {
    // Plain structs of numbers always serialise.
    serde_json::to_value(features).unwrap_or_default()
}

fn rfm_model() -> ModelVersion {
    let configuration = json!({ "quintiles": "competition_rank", "segments": 8 });
    model_version("customer_segmentation", rfm::VERSION, "rfm", configuration)
}

pub(super) fn model_version(
    name: &str,
    version: &str,
    algorithm: &str,
    configuration: Value,
) -> ModelVersion {
    ModelVersion {
        id: ModelId::derived("model", &[name, version]),
        name: name.to_owned(),
        version: version.to_owned(),
        algorithm: algorithm.to_owned(),
        status: "active".to_owned(),
        // Measured for each series: it stands with each prediction.
        accuracy_metrics: json!({}),
        // Fitted anew whenever it is asked.
        last_trained: None,
        next_training: None,
        configuration,
    }
}

/// Rows of one model, cut into records that travel.
fn records(shown: Shown, model: ModelVersion, date: Day, said: Vec<Said>) -> Vec<PredictionIssued> {
    let empty = || PredictionIssued { model: model.clone(), predictions: Vec::new(), features: Vec::new() };
    let mut issued = Vec::new();
    let mut current = empty();
    let mut bytes = size(&model);
    for said in said.into_iter().take(MAX_PREDICTIONS) {
        let (prediction, features) = rows(shown, &model, date, said);
        let more = size(&prediction) + features.as_ref().map_or(0, size) + 2;
        if bytes + more > MAX_RECORD_BYTES && !current.predictions.is_empty() {
            issued.push(std::mem::replace(&mut current, empty()));
            bytes = size(&model);
        }
        bytes += more;
        current.predictions.push(prediction);
        current.features.extend(features);
    }
    if !current.predictions.is_empty() {
        issued.push(current);
    }
    issued
}

fn size(row: &impl Serialize) -> usize {
    serde_json::to_string(row).map_or(0, |text| text.len())
}

/// The prediction that a reorder suggestion is kept as: an answer to it names it.
pub fn reorder_id(shop: ShopId, all_shops: bool, today: Day, product: ProductId) -> PredictionId {
    let key = Key { shop, all_shops, entity: product.to_string(), date: today };
    key.prediction(REORDER_MODEL, reorder::VERSION, "reorder")
}

/// What makes a prediction or a feature row the same one again.
struct Key {
    shop: ShopId,
    all_shops: bool,
    entity: String,
    date: Day,
}

impl Key {
    fn prediction(&self, model: &str, version: &str, kind: &str) -> PredictionId {
        self.derived("prediction", &[model, version, kind])
    }

    fn derived<Kind>(&self, what: &str, before: &[&str]) -> Id<Kind> {
        let scope = if self.all_shops { "all" } else { "shop" };
        let (shop, date) = (self.shop.to_string(), self.date.to_string());
        Id::derived(what, &[before, &[&shop, scope, &self.entity, &date]].concat())
    }
}

fn rows(shown: Shown, model: &ModelVersion, date: Day, said: Said) -> (Prediction, Option<FeatureRow>) {
    let (entity_type, entity_id) = said.entity.clone().unwrap_or(("shop", shown.shop.to_string()));
    let key = Key { shop: shown.shop, all_shops: shown.all_shops, entity: entity_id.clone(), date };
    let mut data = said.data;
    data["all_shops"] = json!(shown.all_shops);
    let features = said.features.map(|(set, features)| FeatureRow {
        id: key.derived("feature", &[set]),
        shop_id: shown.shop,
        entity_type: entity_type.to_owned(),
        entity_id: entity_id.clone(),
        feature_set: set.to_owned(),
        features,
        computed_at: shown.at,
        expires_at: Some(Timestamp(shown.at.0.saturating_add(FEATURES_LIVE_MS))),
    });
    let prediction = Prediction {
        id: key.prediction(&model.name, &model.version, said.kind),
        model_id: model.id,
        shop_id: shown.shop,
        prediction_type: said.kind.to_owned(),
        entity_id: said.entity.map(|(_, id)| id),
        prediction_data: data,
        confidence_score: said.confidence.map(round),
        prediction_date: date,
        created_at: shown.at,
    };
    (prediction, features)
}
