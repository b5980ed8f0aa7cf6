//! The records of the day, in order, and what receipts say beside their lines.

use super::{Placed, lines::Receipt};
use crate::{
    id::EventId,
    money::Paisa,
    record::{PaymentMethod, Record},
    table::day::{DayBook, ReceiptNote},
    time::Timestamp,
};

/// The table, from all records.
pub(super) fn book(records: &[Placed<'_>]) -> DayBook {
    let mut book = DayBook::default();
    for placed in records {
        if let Some(receipt) = Receipt::of(placed.record) {
            note(&mut book, &receipt);
        }
    }
    book.counts = ordered(records, |record| match record {
        Record::Closing(it) => Some((it.at, it)),
        _ => None,
    });
    book.expenses = ordered(records, |record| match record {
        Record::Expense(it) => Some((it.at, it)),
        _ => None,
    });
    book.movements = ordered(records, |record| match record {
        Record::CashMovement(it) => Some((it.at, it)),
        _ => None,
    });
    book.services = ordered(records, |record| match record {
        Record::Service(it) => Some((it.at, it)),
        _ => None,
    });
    book.acts = ordered(records, |record| match record {
        Record::StaffAct(it) => Some((it.at, it)),
        _ => None,
    });
    book
}

/// Those of one kind, by (time, event).
fn ordered<T: Clone>(records: &[Placed<'_>], pick: fn(&Record) -> Option<(Timestamp, &T)>) -> Vec<T> {
    let mut found: Vec<(Timestamp, EventId, &T)> =
        records.iter().filter_map(|it| pick(it.record).map(|(at, record)| (at, it.id, record))).collect();
    crate::order::by_key(&mut found, |&(at, id, _)| (at, id));
    found.into_iter().map(|(.., record)| record.clone()).collect()
}

/// Notes what a receipt says beside its lines.
pub(super) fn note(book: &mut DayBook, receipt: &Receipt<'_>) {
    let other = receipt.payments.iter().filter(|payment| payment.method != PaymentMethod::Cash);
    let paid = other.map(|payment| (payment.method, Paisa(payment.amount.0 * receipt.sign()))).collect();
    let note = ReceiptNote { staff: receipt.staff, paid };
    if note == ReceiptNote::default() {
        return;
    }
    let known = book.receipts.entry(receipt.id).or_insert_with(|| note.clone());
    if note.key() < known.key() {
        *known = note;
    }
}
