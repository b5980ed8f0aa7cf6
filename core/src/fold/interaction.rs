//! Visits and what was asked for, without those that were taken back.

use super::{Placed, dimension::Aliases};
use crate::{
    id::{DocumentId, EventId, ProductId},
    record::{Interaction, Record},
    table::{NONE, Tables, interaction::InteractionRow},
};
use std::collections::BTreeSet;

/// The table, from all records.
pub(super) fn rows(tables: &Tables, records: &[Placed<'_>], aliases: &Aliases) -> Vec<InteractionRow> {
    let of = |placed: &Placed<'_>| match placed.record {
        Record::Interaction(it) => Some((placed.id, it.clone())),
        _ => None,
    };
    let mut found: Vec<(EventId, Interaction)> = records.iter().filter_map(of).collect();
    let gone: BTreeSet<DocumentId> = found.iter().filter_map(|(_, it)| it.undoes).collect();
    found.retain(|(_, it)| it.undoes.is_none() && it.id.is_none_or(|id| !gone.contains(&id)));
    crate::order::by_key(&mut found, |(id, it)| (it.at, *id));
    let product = |id: ProductId| tables.product(id).map_or(NONE, |place| place as u32);
    let row = |(_, it): (EventId, Interaction)| {
        let customer = it.customer.and_then(|id| tables.customer(aliases.resolve(id)));
        Some(InteractionRow {
            at: it.at,
            shop: tables.shop(it.shop)? as u32,
            customer: customer.map_or(NONE, |place| place as u32),
            kind: it.kind,
            product: it.product.map_or(NONE, product),
            others: it.others.into_iter().map(product).collect(),
            text: it.text,
            minutes: it.minutes,
        })
    };
    found.into_iter().filter_map(row).collect()
}
