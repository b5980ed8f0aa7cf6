//! Udhaar by age: what each customer still owes, and since when.
//!
//! Question: which debts are open, how old are they, and which are overdue? Input: khata entries in order (positive:
//! owes more, negative: paid back or written off). Output per customer: balance, its parts by age, the parts past
//! their due day and due today, the day of the oldest open entry. Payments settle the oldest entries first (FIFO),
//! as a shop's khata does; what is paid ahead settles the next entry. An entry without a due day is due
//! [`CREDIT_DAYS`] days later; one that a plan pays in parts (qist) is due part by part. An entry that was taken
//! back counts for nothing, and so does what took it back: neither makes an old debt young again. Goods that come back
//! lower the debt of their own sale first, from its last part on: a qist then ends sooner, its next part stays as agreed.
//! How it fails: a payment meant for a certain bill still settles the oldest one.

use crate::{
    id::{DocumentId, SaleId},
    money::Paisa,
    record::CreditKind,
    table::{CreditRow, Tables},
    time::Day,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Days of credit where no due day was written.
pub const CREDIT_DAYS: i32 = 30;

/// Last days of all age groups but the last: 0–30, 31–60, 61–90, more than 90.
pub const AGE_ENDS: [i32; 3] = [30, 60, 90];

/// What one customer owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Debt {
    /// Position in `customers`.
    pub customer: u32,
    /// Owed in all; positive.
    pub balance: Paisa,
    /// Of it, past its due day.
    pub overdue: Paisa,
    /// Day of the oldest open entry.
    pub since: Day,
}

/// One customer's khata in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Owed in all; negative: paid ahead.
    pub balance: Paisa,
    /// Of it by days since the entry, see [`AGE_ENDS`]; nothing where nothing is owed.
    pub ages: [Paisa; 4],
    /// Past its due day.
    pub overdue: Paisa,
    /// Due today.
    pub due_today: Paisa,
    /// Day of the oldest open entry.
    pub since: Option<Day>,
    /// The next due day from today on, and how much.
    pub next_due: Option<(Day, Paisa)>,
}

struct Open {
    sale: Option<SaleId>,
    amount: i64,
    day: Day,
    due: Day,
}

#[derive(Default)]
struct Khata {
    open: VecDeque<Open>,
    paid_ahead: i64,
}

impl Khata {
    fn enter(&mut self, amount: i64, day: Day, due: Option<Day>, sale: Option<SaleId>) {
        if amount > 0 {
            let covered = amount.min(self.paid_ahead);
            self.paid_ahead -= covered;
            if amount > covered {
                let due = due.unwrap_or(Day(day.0 + CREDIT_DAYS));
                self.open.push_back(Open { sale, amount: amount - covered, day, due });
            }
            return;
        }
        self.pay(-amount);
    }

    /// Goods of this sale came back: what is still owed for it ends, the last part first, so that a qist is over
    /// sooner. What was paid for them already settles other debts.
    fn give_back(&mut self, amount: i64, sale: SaleId) {
        let mut left = amount;
        for open in self.open.iter_mut().rev().filter(|open| open.sale == Some(sale)) {
            let settled = left.min(open.amount);
            open.amount -= settled;
            left -= settled;
        }
        self.open.retain(|open| open.amount > 0);
        self.pay(left);
    }

    fn pay(&mut self, mut paid: i64) {
        while paid > 0 {
            let Some(oldest) = self.open.front_mut() else { break };
            let settled = paid.min(oldest.amount);
            oldest.amount -= settled;
            paid -= settled;
            if oldest.amount == 0 {
                self.open.pop_front();
            }
        }
        self.paid_ahead += paid;
    }

    fn account(&self, today: Day) -> Account {
        let mut account = Account {
            balance: Paisa(-self.paid_ahead),
            since: self.open.front().map(|open| open.day),
            ..Account::default()
        };
        for open in &self.open {
            let amount = Paisa(open.amount);
            account.balance += amount;
            account.ages[AGE_ENDS.partition_point(|end| *end < today.0 - open.day.0)] += amount;
            if open.due < today {
                account.overdue += amount;
                continue;
            }
            if open.due == today {
                account.due_today += amount;
            }
            match &mut account.next_due {
                Some((day, sum)) if *day == open.due => *sum += amount,
                Some((day, _)) if *day < open.due => {}
                next => *next = Some((open.due, amount)),
            }
        }
        account
    }
}

/// Entries by the end of `today` with their days, in order. `shop: None` means all shops together.
pub(super) fn entries(
    tables: &Tables,
    shop: Option<usize>,
    today: Day,
) -> impl Iterator<Item = (&CreditRow, Day)> {
    let dated = tables.credit.iter().map(|row| (row, row.at.day(tables.zone(Some(row.shop as usize)))));
    dated.filter(move |(row, day)| *day <= today && shop.is_none_or(|shop| row.shop as usize == shop))
}

/// Entries that were taken back, and those that took them back. Only the very amount takes an entry back.
pub(super) fn undone(tables: &Tables, shop: Option<usize>, today: Day) -> BTreeSet<DocumentId> {
    let mut gone = BTreeSet::new();
    if tables.credit.iter().all(|row| row.undoes.is_none()) {
        return gone;
    }
    let by_id: BTreeMap<_, _> =
        entries(tables, shop, today).map(|(row, _)| (row.id, (row.customer, row.amount))).collect();
    for (row, _) in entries(tables, shop, today) {
        let first = row.undoes.filter(|id| by_id.get(id) == Some(&(row.customer, -row.amount)));
        if let Some(first) = first.filter(|first| !gone.contains(first)) {
            gone.extend([first, row.id]);
        }
    }
    gone
}

/// The khata of everyone who has one, by position in `customers`.
pub fn accounts(tables: &Tables, shop: Option<usize>, today: Day) -> BTreeMap<u32, Account> {
    let gone = undone(tables, shop, today);
    let mut khatas: BTreeMap<u32, Khata> = BTreeMap::new();
    for (entry, day) in entries(tables, shop, today) {
        let khata = khatas.entry(entry.customer).or_default();
        if gone.contains(&entry.id) {
            continue;
        }
        if let (CreditKind::Returned, Some(sale), ..=0) = (entry.kind, entry.sale, entry.amount.0) {
            khata.give_back(-entry.amount.0, sale);
            continue;
        }
        let plan = entry.sale.and_then(|sale| {
            let place = tables.plans.binary_search_by_key(&sale, |(sale, _)| *sale).ok()?;
            Some(&tables.plans[place].1)
        });
        // A plan that does not add up to its debt says nothing about it.
        match plan.filter(|parts| parts.iter().map(|part| part.amount).sum::<Paisa>() == entry.amount) {
            Some(parts) => {
                parts.iter().for_each(|part| khata.enter(part.amount.0, day, Some(part.due), entry.sale));
            }
            None => khata.enter(entry.amount.0, day, entry.due, entry.sale),
        }
    }
    khatas.into_iter().map(|(customer, khata)| (customer, khata.account(today))).collect()
}

/// Open debts by the end of `today`, in the order of the customer table. `shop: None` means all shops together.
pub fn debts(tables: &Tables, shop: Option<usize>, today: Day) -> Vec<Debt> {
    let open = accounts(tables, shop, today).into_iter().filter_map(|(customer, account)| {
        let Account { balance, overdue, since, .. } = account;
        Some(Debt { customer, balance, overdue, since: since? })
    });
    open.collect()
}
