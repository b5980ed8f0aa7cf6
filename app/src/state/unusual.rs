//! Something unusual is settled: what was shown, and what somebody says of it.

use super::{AppState, Problem};
use crate::effect::{clock, journal::Draft};
use dukandar_core::{
    insight::anomalies::{Unusual, settled},
    record::SettledAs,
    role::Action,
    sync::event::Stream,
};
use leptos::prelude::*;

impl AppState {
    /// Writes what somebody says of it; it leaves the list here and, later, everywhere.
    pub async fn settle_unusual(self, it: &Unusual, said: SettledAs, note: &str) -> Result<(), Problem> {
        if !untrack(|| self.may(Action::SeeReports)) {
            return Err(Problem::NotAllowed);
        }
        let (issued, outcome) = settled(it, said, note, clock::now());
        let stream = Stream::Shop(it.shop);
        let drafts = [
            Draft::new(stream, "prediction_issued", &issued)?,
            Draft::new(stream, "prediction_outcome", &outcome)?,
        ];
        self.write(drafts.into()).await
    }
}
