//! What a person was shown is written down: each forecast and suggestion once, with its model and inputs.

use super::{AppState, Problem};
use crate::{
    effect::{
        clock,
        journal::{self, Append, Draft},
    },
    message::ToWorker,
};
use dukandar_core::{
    id::{PredictionId, ShopId},
    insight::predictions::{self, Shown},
    record::{PredictionIssued, Record},
    sync::event::Stream,
    task::Answer,
};
use leptos::{prelude::*, task::spawn_local};

impl AppState {
    /// A screen shows this answer, asked for this shop (none: all together). Predictions that were shown
    /// before are not written again.
    pub fn shown(self, answer: &Answer, shop: Option<ShopId>) {
        let at = clock::now();
        let Some(first) = untrack(|| self.writing_shop()).map(|row| row.id) else { return };
        let shown = Shown { shop: shop.unwrap_or(first), all_shops: shop.is_none(), at };
        let issued = match answer {
            Answer::Today(today) => predictions::of_today(shown, today),
            Answer::Forecast(forecast) => predictions::of_forecast(shown, forecast),
            Answer::Reorder(plan) => predictions::of_reorder(shown, plan),
            Answer::Rfm(rfm) => predictions::of_rfm(shown, rfm),
            Answer::Customers(list) => predictions::of_customers(shown, untrack(|| self.today()), list),
            _ => return,
        };
        spawn_local(async move {
            // A history that cannot be kept now is no reason to disturb anyone: the disk's state shows elsewhere.
            if let Err(error) = self.record_shown(shown.shop, issued).await {
                web_sys::console::warn_1(&format!("predictions shown were not kept: {error}").into());
            }
        });
    }

    async fn record_shown(self, shop: ShopId, issued: Vec<PredictionIssued>) -> Result<(), Problem> {
        let inner = self.inner();
        // A signal may run twice in a row: what is being written counts as known.
        let issued = predictions::without_known(issued, |id| inner.recorded.borrow().contains(&id));
        let ids: Vec<PredictionId> =
            issued.iter().flat_map(|record| &record.predictions).map(|row| row.id).collect();
        inner.recorded.borrow_mut().extend(&ids);
        let written = self.record_fresh(shop, issued, &ids).await;
        if written.is_err() {
            inner.recorded.borrow_mut().retain(|id| !ids.contains(id));
        }
        written
    }

    async fn record_fresh(
        self,
        shop: ShopId,
        issued: Vec<PredictionIssued>,
        ids: &[PredictionId],
    ) -> Result<(), Problem> {
        let db = self.inner().db()?;
        let known = journal::known_predictions(&db, ids.iter().copied()).await?;
        let fresh = predictions::without_known(issued, |id| known.contains(&id));
        if fresh.is_empty() {
            return Ok(());
        }
        let stream = Stream::Shop(shop);
        let drafts =
            fresh.into_iter().map(|record| Draft { stream, record: Record::PredictionIssued(record) });
        let drafts = drafts.collect();
        journal::append(&db, Append::RECORDS, |_, _| (drafts, ())).await?;
        if let Some(port) = self.inner().port() {
            port.post(&ToWorker::SyncNow, None);
        }
        Ok(())
    }
}
