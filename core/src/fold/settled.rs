//! What people said of something unusual: of each the word that was written last.

use super::Placed;
use crate::{record::Record, table::settled::SettledRow};
use std::collections::BTreeMap;

/// The table by key, from records in their order.
pub(super) fn table(records: &[Placed<'_>]) -> Vec<SettledRow> {
    let mut rows: BTreeMap<String, SettledRow> = BTreeMap::new();
    for placed in records {
        if let Record::PredictionOutcome(outcome) = placed.record
            && let Some(said) = outcome.settlement()
        {
            rows.insert(said.key.clone(), SettledRow { said, at: outcome.at });
        }
    }
    rows.into_values().collect()
}
