//! Questions to the owner with their newest answer. An answer without its question waits for it.

use super::Placed;
use crate::{
    id::{DocumentId, SaleId},
    record::{ApprovalStep, Record},
    table::approval::ApprovalRow,
};
use std::collections::BTreeMap;

/// The table, from records in their order.
pub(super) fn table(records: &[Placed<'_>]) -> Vec<ApprovalRow> {
    let mut rows: BTreeMap<DocumentId, ApprovalRow> = BTreeMap::new();
    let mut answers: BTreeMap<DocumentId, bool> = BTreeMap::new();
    let mut used: BTreeMap<DocumentId, SaleId> = BTreeMap::new();
    for placed in records {
        match placed.record {
            Record::Approval(it) => match &it.step {
                ApprovalStep::Answered(yes) => _ = answers.insert(it.id, *yes),
                ApprovalStep::Asked(lines) => {
                    // A question is asked once: what comes later under its name changes nothing.
                    rows.entry(it.id).or_insert_with(|| ApprovalRow {
                        id: it.id,
                        shop: it.shop,
                        at: it.at,
                        user: it.user,
                        lines: lines.clone(),
                        answer: None,
                        used: None,
                    });
                }
            },
            Record::Sale(sale) => {
                if let Some(id) = sale.approval {
                    let first = used.entry(id).or_insert(sale.id);
                    *first = sale.id.min(*first);
                }
            }
            _ => {}
        }
    }
    let mut rows: Vec<ApprovalRow> = rows.into_values().collect();
    for row in &mut rows {
        (row.answer, row.used) = (answers.get(&row.id).copied(), used.get(&row.id).copied());
    }
    crate::order::by_key(&mut rows, |row| (row.at, row.id));
    rows
}
