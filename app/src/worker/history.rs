//! Predictions become records: an answer that a screen shows is written down once, and judged once its last day
//! has passed. Done here, where answers are made, so that the page carries none of it.
//!
//! Judged is only when sync has nothing more to fetch: sales of another device count too. What a device sold
//! offline and sends later still is not in an outcome that was written before.

use crate::engine::Engine;
use dukandar_app::effect::{clock, history, storage::StorageError};
use dukandar_core::{
    demand::{Judged, effective_today},
    id::{PredictionId, ShopId},
    insight::predictions::{self, Shown},
    record::{Prediction, PredictionOutcome},
    task::{Answer, Task},
    time::Day,
};
use std::collections::BTreeSet;

/// What was written since this worker began, to skip it without asking the database.
#[derive(Default)]
pub struct History {
    shown: BTreeSet<PredictionId>,
    /// Day and version of the tables at the last look for something to judge.
    looked: Option<(Day, u64)>,
}

/// The shop a screen asked about, for answers that hold predictions.
fn asked_for(task: &Task) -> Option<Option<ShopId>> {
    match task {
        Task::Today { shop, .. }
        | Task::Forecast { shop, .. }
        | Task::Reorder { shop, .. }
        | Task::Rfm { shop, .. }
        | Task::Customers { shop, .. } => Some(*shop),
        Task::Catalog { .. }
        | Task::Report { .. }
        | Task::Customer { .. }
        | Task::Context
        | Task::Asked { .. }
        | Task::Opening { .. }
        | Task::Day { .. }
        | Task::Team
        | Task::Staff { .. }
        | Task::Units { .. }
        | Task::Abc { .. }
        | Task::Transfers { .. }
        | Task::Anomalies { .. }
        | Task::Branches { .. }
        | Task::NextMonth { .. }
        | Task::Accuracy { .. }
        | Task::Aggregate(_)
        | Task::Khata { .. }
        | Task::Ledger { .. }
        | Task::Approvals { .. } => None,
    }
}

impl Engine {
    /// A screen shows this answer. Returns whether something new was written.
    pub async fn note_shown(&mut self, task: &Task, answer: &Answer) -> Result<bool, StorageError> {
        let Some(asked) = asked_for(task) else { return Ok(false) };
        let Some(first) = self.tables().shops.first().map(|row| row.id) else { return Ok(false) };
        let shown = Shown { shop: asked.unwrap_or(first), all_shops: asked.is_none(), at: clock::now() };
        let issued = match (answer, task) {
            (Answer::Today(today), _) => predictions::of_today(shown, today),
            (Answer::Forecast(forecast), _) => predictions::of_forecast(shown, forecast),
            // Under another budget the same products are spoken of: they are kept already.
            (Answer::Reorder(plan), _)
                if plan.suggestions.iter().all(|it| {
                    let id = predictions::reorder_id(shown.shop, shown.all_shops, plan.today, it.product);
                    self.history.shown.contains(&id)
                }) =>
            {
                return Ok(false);
            }
            (Answer::Reorder(plan), _) => predictions::of_reorder(shown, plan),
            (Answer::Rfm(rfm), _) => predictions::of_rfm(shown, rfm),
            (Answer::Customers(list), Task::Customers { today, .. }) => {
                predictions::of_customers(shown, *today, list)
            }
            _ => return Ok(false),
        };
        let issued = predictions::without_known(issued, |id| self.history.shown.contains(&id));
        if issued.is_empty() {
            return Ok(false);
        }
        let ids: Vec<PredictionId> =
            issued.iter().flat_map(|record| &record.predictions).map(|row| row.id).collect();
        let written = history::write_shown(&self.db, shown.shop, issued).await?;
        self.history.shown.extend(ids);
        Ok(written)
    }

    /// What became of forecasts of the same series that were shown before.
    pub async fn judged(&mut self, task: &Task) -> Result<Option<Judged>, StorageError> {
        let Task::Forecast { shop, product, today, .. } = *task else { return Ok(None) };
        let Some(first) = self.tables().shops.first().map(|row| row.id) else { return Ok(None) };
        let ids = predictions::forecast_ids(shop.unwrap_or(first), shop.is_none(), product, today);
        Ok(predictions::judged(&history::rows(&self.db, &ids).await?))
    }

    /// Writes down what a run over the whole shop chose.
    pub async fn note_training(&self) -> Result<(), StorageError> {
        history::write_model(&self.db, &predictions::of_training(clock::now(), &self.forecasts)).await
    }

    /// Judges predictions whose last day has passed. Returns whether something new was written.
    pub async fn judge(&mut self) -> Result<bool, StorageError> {
        let (now, version) = (clock::now(), self.version);
        let today = effective_today(self.tables(), None, now);
        if self.history.looked.replace((today, version)) == Some((today, version)) {
            return Ok(false);
        }
        let due = history::due(&self.db, today).await?;
        let mut outcomes: Vec<(ShopId, PredictionOutcome)> = Vec::new();
        let tables = self.tables();
        for row in due {
            // A branch whose books end earlier than the others' is judged as of its own end.
            let all_shops = row.prediction_data["all_shops"] == serde_json::Value::Bool(true);
            let shop = if all_shops { None } else { tables.shop(row.shop_id) };
            let (shop_id, today) = (row.shop_id, effective_today(tables, shop, now));
            let rows: [Prediction; 1] = [row];
            let judged = predictions::outcomes(tables, &rows, today, now);
            outcomes.extend(judged.into_iter().map(|outcome| (shop_id, outcome)));
        }
        if outcomes.is_empty() { Ok(false) } else { history::write_outcomes(&self.db, outcomes).await }
    }
}
