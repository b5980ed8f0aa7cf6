//! The records of the day, in order, and what receipts say beside their lines.

use super::{Placed, lines::Receipt};
use crate::{
    id::{EventId, UserId},
    money::Paisa,
    record::{PaymentMethod, Record, StaffAct},
    table::day::{DayBook, MemberRow, ReceiptNote},
    time::Timestamp,
};
use std::collections::BTreeMap;

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
    let back: Vec<StaffAct> = book.acts.extract_if(.., |it| it.taken_back).collect();
    // Wherever the counter-entry stands in the order: the act did not happen.
    let same = |it: &StaffAct, other: &StaffAct| {
        (it.user, it.shop, it.act, it.at) == (other.user, other.shop, other.act, other.at)
    };
    book.acts.retain(|it| !back.iter().any(|other| same(it, other)));
    book.members = members(records);
    book
}

/// The people of the business; what was said last stands.
fn members(records: &[Placed<'_>]) -> Vec<MemberRow> {
    let mut rows: BTreeMap<UserId, MemberRow> = BTreeMap::new();
    for placed in records {
        let Record::Member(it) = placed.record else { continue };
        let (user, role) = (it.user, it.role);
        let fresh = MemberRow { user, person: None, role, rates: Vec::new(), left: false };
        let row = rows.entry(user).or_insert(fresh);
        row.person = it.person.clone().or(row.person.take());
        (row.role, row.left) = (role, it.left);
        // A clock that runs behind cannot put a rate before an older one.
        let since = row.rates.last().map_or(it.at, |(since, _)| it.at.max(*since));
        if row.commission() != it.commission || row.rates.is_empty() {
            row.rates.push((since, it.commission));
        }
    }
    rows.into_values().collect()
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
    let note = ReceiptNote { staff: receipt.staff, paid, of: receipt.of };
    if note == ReceiptNote::default() {
        return;
    }
    let known = book.receipts.entry(receipt.id).or_insert_with(|| note.clone());
    if note.key() < known.key() {
        *known = note;
    }
}
