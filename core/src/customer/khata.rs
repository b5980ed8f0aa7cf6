//! The khata as its screens show it: who owes most, one customer's page, what a sale on udhaar would come to.
//!
//! Question: who owes how much and since when, and how did it come to that? Input: the tables and the day; figures
//! are [`credit`](super::credit)'s. Output: [`KhataList`] (largest dues first) and [`Ledger`] (entries with the
//! balance after each). A khata is asked for as of the very day, however long ago the last sale was: a debt does not
//! end with the books. How it fails: of a customer who is not on record the ledger is empty.

use super::credit::{Account, accounts, entries, undone};
use crate::{
    id::CustomerId,
    money::{Currency, Paisa},
    privacy::seal::Sealed,
    record::Instalment,
    table::{CreditRow, NONE, Tables},
    time::Day,
};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// Entries of a ledger, newest first, at most this many.
const LEDGER_ENTRIES: usize = 300;

/// A customer beside their khata.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KhataRow {
    /// Who.
    pub customer: CustomerId,
    /// The shop's number for them.
    pub code: Option<String>,
    /// Sealed name and phone.
    pub person: Option<Sealed>,
    /// May owe up to this; none: as much as they like.
    pub limit: Option<Paisa>,
    /// The figures.
    pub account: Account,
}

/// Answer to `Task::Khata`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KhataList {
    /// What amounts are in.
    pub currency: Currency,
    /// Sum over all who owe; the balance leaves out what was paid ahead.
    pub total: Account,
    /// Paid ahead by others, positive.
    pub ahead: Paisa,
    /// How many owe.
    pub owing: u64,
    /// Those who owe most, then by id.
    pub rows: Vec<KhataRow>,
}

/// One line of a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LedgerLine {
    /// The entry.
    pub entry: CreditRow,
    /// Its day in its shop.
    pub day: Day,
    /// Owed after it.
    pub balance: Paisa,
    /// It was taken back, or took another back.
    pub is_undone: bool,
}

/// Answer to `Task::Ledger`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    /// What amounts are in.
    pub currency: Currency,
    /// Who, and the figures.
    pub row: KhataRow,
    /// Newest first.
    pub lines: Vec<LedgerLine>,
}

/// Answers `Task::Khata`.
pub fn list(tables: &Tables, shop: Option<usize>, today: Day, limit: u32) -> KhataList {
    let mut total = Account::default();
    let mut ahead = Paisa::ZERO;
    let mut owing: Vec<(u32, Account)> = Vec::new();
    for (customer, account) in accounts(tables, shop, today) {
        if account.balance <= Paisa::ZERO {
            ahead += -account.balance;
            continue;
        }
        total.balance += account.balance;
        total.overdue += account.overdue;
        total.due_today += account.due_today;
        total.ages.iter_mut().zip(account.ages).for_each(|(sum, part)| *sum += part);
        total.since = total.since.into_iter().chain(account.since).min();
        owing.push((customer, account));
    }
    // Accounts stand in the order of ids: a stable sort keeps it among equal debts.
    crate::order::by_key(&mut owing, |(_, account)| Reverse(account.balance));
    let rows = owing.iter().take(limit as usize).map(|&(customer, account)| row(tables, customer, account));
    KhataList {
        currency: tables.currency(shop),
        total,
        ahead,
        owing: owing.len() as u64,
        rows: rows.collect(),
    }
}

fn row(tables: &Tables, customer: u32, account: Account) -> KhataRow {
    let row = &tables.customers[customer as usize];
    KhataRow {
        customer: row.id,
        code: row.code.clone(),
        person: row.person.clone(),
        limit: row.limit,
        account,
    }
}

/// Customers (positions in `customers`) beside their khata over all shops.
pub fn rows(tables: &Tables, customers: &[u32], today: Day) -> Vec<KhataRow> {
    let accounts = accounts(tables, None, today);
    customers.iter().map(|it| row(tables, *it, accounts.get(it).copied().unwrap_or_default())).collect()
}

/// Those who bought last, each once, newest first: at a till they come again soonest.
pub fn recent(tables: &Tables, limit: usize) -> Vec<u32> {
    let mut found: Vec<u32> = Vec::new();
    for &customer in tables.sales.customer.iter().rev() {
        if found.len() == limit {
            break;
        }
        if customer != NONE && !found.contains(&customer) {
            found.push(customer);
        }
    }
    found
}

/// Answers `Task::Ledger`.
pub fn ledger(tables: &Tables, shop: Option<usize>, customer: CustomerId, today: Day) -> Ledger {
    let currency = tables.currency(shop);
    let Some(position) = tables.customer(customer).map(|position| position as u32) else {
        let account = Account::default();
        let row = KhataRow { customer, code: None, person: None, limit: None, account };
        return Ledger { currency, row, lines: Vec::new() };
    };
    let gone = undone(tables, shop, today);
    let mut balance = Paisa::ZERO;
    let mut lines: Vec<LedgerLine> = entries(tables, shop, today)
        .filter(|(entry, _)| entry.customer == position)
        .map(|(entry, day)| {
            balance += entry.amount;
            LedgerLine { entry: *entry, day, balance, is_undone: gone.contains(&entry.id) }
        })
        .collect();
    lines.reverse();
    lines.truncate(LEDGER_ENTRIES);
    let account = accounts(tables, shop, today).get(&position).copied().unwrap_or_default();
    Ledger { currency, row: row(tables, position, account), lines }
}

/// Whether `more` on udhaar goes beyond what a customer may owe; then what they would owe.
pub fn over_limit(row: &KhataRow, more: Paisa) -> Option<Paisa> {
    let after = row.account.balance.checked_add(more)?;
    (more > Paisa::ZERO && row.limit.is_some_and(|limit| after > limit)).then_some(after)
}

/// A debt in equal parts, a month apart; the last takes what does not divide into whole rupees.
pub fn plan(total: Paisa, months: u16, today: Day) -> Vec<Instalment> {
    let each = Paisa(total.0 / i64::from(months.max(1)) / 100 * 100);
    let part = |number: u16| Instalment {
        due: today.months_later(number.into()),
        amount: if number == months { total - Paisa(each.0 * i64::from(months - 1)) } else { each },
    };
    (1..=months).map(part).filter(|part| part.amount > Paisa::ZERO).collect()
}
