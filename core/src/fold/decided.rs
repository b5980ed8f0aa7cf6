//! What became of order suggestions, in time's order.

use super::Placed;
use crate::{
    id::EventId,
    record::{OrderDecision, Record},
    table::{Tables, decided::DecidedRow},
};

/// The table, from all records; decisions on products that nobody knows are none.
pub(super) fn rows(tables: &Tables, records: &[Placed<'_>]) -> Vec<DecidedRow> {
    let of = |placed: &Placed<'_>| match placed.record {
        Record::OrderDecision(it) => Some((placed.id, it.clone())),
        _ => None,
    };
    let mut found: Vec<(EventId, OrderDecision)> = records.iter().filter_map(of).collect();
    crate::order::by_key(&mut found, |(id, it)| (it.at, *id));
    let row = |(_, it): (EventId, OrderDecision)| {
        let product = tables.product(it.product)? as u32;
        Some(DecidedRow { at: it.at, product, suggested: it.suggested, decided: it.decided })
    };
    found.into_iter().filter_map(row).collect()
}
