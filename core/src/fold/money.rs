//! The khata, what suppliers are owed, and the drawer.
//!
//! Where a record does not say how it was paid (an expense, a supplier's payment, udhaar paid back) it is
//! taken as cash: that is how a counter works, and a closing sets the drawer right every evening.

use super::{Placed, dimension::Aliases, lines::Receipt};
use crate::{
    id::{SaleId, ShopId},
    money::Paisa,
    record::{CashCause, PaymentMethod, Record},
    table::{CashRow, CreditRow, Tables},
    time::Timestamp,
};
use std::collections::BTreeMap;

/// Fills `credit`, `payable` and `cash`; gives the record behind each cash row.
pub(super) fn fill(tables: &mut Tables, records: &[Placed<'_>], aliases: &Aliases) -> Vec<u128> {
    let mut credit = Vec::new();
    let mut payable = vec![Paisa::ZERO; tables.suppliers.len()];
    let mut cash = Vec::new();
    let mut plans = BTreeMap::new();
    for placed in records {
        if let Some((shop, at, amount, counted)) = cash_of(placed.record)
            && let Some(shop) = tables.shop(shop)
        {
            let id = Receipt::of(placed.record).map_or(placed.id.as_u128(), |receipt| receipt.id.as_u128());
            let cause = (!counted).then(|| cause_of(placed.record));
            cash.push((id, CashRow { shop: shop as u32, amount, at, cause }));
        }
        match placed.record {
            Record::CreditEntry(entry) => {
                let customer = tables.customer(aliases.resolve(entry.customer));
                if let Some((customer, shop)) = customer.zip(tables.shop(entry.shop)) {
                    let (customer, shop) = (customer as u32, shop as u32);
                    let row = CreditRow {
                        id: entry.id,
                        customer,
                        shop,
                        amount: entry.amount,
                        at: entry.at,
                        due: entry.due,
                        sale: entry.sale,
                        method: entry.method,
                        kind: entry.kind,
                        undoes: entry.undoes,
                    };
                    credit.push((entry.at, entry.id, placed.id, row));
                }
            }
            // A later plan of the same sale takes an earlier one's place.
            Record::InstalmentPlan(plan) => _ = plans.insert(plan.sale, plan.parts.clone()),
            Record::SupplierBill(bill) => owe(tables, &mut payable, bill.supplier, bill.amount),
            Record::SupplierPayment(it) => owe(tables, &mut payable, it.supplier, -it.amount),
            _ => {}
        }
    }
    crate::order::by_key(&mut credit, |&(at, document, event, _)| (at, document, event));
    // Two copies of one sale in two events move cash once. What moved in the instant of a count was counted.
    crate::order::by_key(&mut cash, |(id, row)| (row.shop, row.at, row.counted(), *id, row.amount));
    cash.dedup_by_key(|(id, _)| *id);
    tables.credit = credit.into_iter().map(|(.., row)| row).collect();
    for parts in plans.values_mut() {
        crate::order::by_key(parts, |part| part.due);
    }
    tables.plans = plans.into_iter().collect::<Vec<(SaleId, _)>>();
    tables.payable = payable;
    let (ids, rows) = cash.into_iter().unzip();
    tables.cash = rows;
    ids
}

fn owe(tables: &Tables, payable: &mut [Paisa], supplier: crate::id::SupplierId, amount: Paisa) {
    if let Ok(position) = tables.suppliers.binary_search_by_key(&supplier, |row| row.id) {
        payable[position] += amount;
    }
}

/// What a record does to a drawer: shop, when, how much, and whether it is a count.
fn cash_of(record: &Record) -> Option<(ShopId, Timestamp, Paisa, bool)> {
    if let Some(receipt) = Receipt::of(record) {
        let paid: Paisa = (receipt.payments.iter())
            .filter(|payment| payment.method == PaymentMethod::Cash)
            .map(|payment| payment.amount)
            .sum();
        let amount = Paisa(paid.0 * receipt.sign());
        return (amount != Paisa::ZERO).then_some((receipt.shop, receipt.at, amount, false));
    }
    match record {
        Record::Expense(it) => moved((it.shop, it.at, it.cash(), false)),
        Record::CashMovement(it) => Some((it.shop, it.at, it.amount, false)),
        Record::SupplierPayment(it) => Some((it.shop, it.at, -it.amount, false)),
        Record::Service(it) => moved((it.shop, it.at, it.cash(), false)),
        Record::Closing(it) => Some((it.shop, it.at, it.counted, true)),
        Record::CreditEntry(it) if it.cash() != Paisa::ZERO => Some((it.shop, it.at, it.cash(), false)),
        _ => None,
    }
}

/// Nothing where no cash moved.
fn moved(row: (ShopId, Timestamp, Paisa, bool)) -> Option<(ShopId, Timestamp, Paisa, bool)> {
    (row.2 != Paisa::ZERO).then_some(row)
}

/// Why a record moves cash.
fn cause_of(record: &Record) -> CashCause {
    match record {
        Record::Return(_) => CashCause::Return,
        Record::CreditEntry(_) => CashCause::Udhaar,
        Record::Expense(_) => CashCause::Expense,
        Record::SupplierPayment(_) => CashCause::Supplier,
        Record::CashMovement(_) => CashCause::Movement,
        Record::Service(_) => CashCause::Service,
        _ => CashCause::Sale,
    }
}

/// Moves cash by a receipt that was just appended.
pub(super) fn append(tables: &mut Tables, ids: &mut Vec<u128>, receipt: &Receipt<'_>) {
    let paid: Paisa = (receipt.payments.iter())
        .filter(|payment| payment.method == PaymentMethod::Cash)
        .map(|payment| payment.amount)
        .sum();
    let Some(shop) = tables.shop(receipt.shop).filter(|_| paid != Paisa::ZERO) else { return };
    let cause = Some(if receipt.sign() < 0 { CashCause::Return } else { CashCause::Sale });
    let row = CashRow { shop: shop as u32, amount: Paisa(paid.0 * receipt.sign()), at: receipt.at, cause };
    let key = (row.shop, row.at, receipt.id.as_u128());
    let mut place = tables.cash.partition_point(|it| (it.shop, it.at) < (key.0, key.1));
    let is_before = |it: &CashRow| (it.shop, it.at) == (key.0, key.1) && !it.counted();
    while tables.cash.get(place).is_some_and(is_before) && ids[place] < key.2 {
        place += 1;
    }
    tables.cash.insert(place, row);
    ids.insert(place, key.2);
}
