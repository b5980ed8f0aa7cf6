//! Udhaar by age: what each customer still owes, and since when.
//!
//! Question: which debts are open and which are overdue? Input: khata entries in order (positive: owes more,
//! negative: paid back). Output per customer: balance, the part past its due day, the day of the oldest open
//! entry. Payments settle the oldest entries first (FIFO), as a shop's khata does; what is paid ahead settles
//! the next entry. An entry without a due day is due [`CREDIT_DAYS`] days later.
//! How it fails: a payment meant for a certain bill still settles the oldest one.

use crate::{money::Paisa, table::Tables, time::Day};
use std::collections::{BTreeMap, VecDeque};

/// Days of credit where no due day was written.
pub const CREDIT_DAYS: i32 = 30;

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

struct Open {
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
    fn enter(&mut self, amount: i64, day: Day, due: Option<Day>) {
        if amount > 0 {
            let covered = amount.min(self.paid_ahead);
            self.paid_ahead -= covered;
            if amount > covered {
                let due = due.unwrap_or(Day(day.0 + CREDIT_DAYS));
                self.open.push_back(Open { amount: amount - covered, day, due });
            }
            return;
        }
        let mut paid = -amount;
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
}

/// Open debts by the end of `today`, in the order of the customer table. `shop: None` means all shops together.
pub fn debts(tables: &Tables, shop: Option<usize>, today: Day) -> Vec<Debt> {
    let mut khatas: BTreeMap<u32, Khata> = BTreeMap::new();
    for entry in &tables.credit {
        let day = entry.at.day(tables.zone(Some(entry.shop as usize)));
        if day <= today && shop.is_none_or(|shop| entry.shop as usize == shop) {
            khatas.entry(entry.customer).or_default().enter(entry.amount.0, day, entry.due);
        }
    }
    let open = khatas.into_iter().filter_map(|(customer, khata)| {
        let since = khata.open.front()?.day;
        let sum = |overdue_only: bool| {
            let counted = khata.open.iter().filter(|open| !overdue_only || open.due < today);
            Paisa(counted.map(|open| open.amount).sum())
        };
        Some(Debt { customer, balance: sum(false), overdue: sum(true), since })
    });
    open.collect()
}
