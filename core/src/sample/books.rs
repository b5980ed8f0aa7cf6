//! Money of a branch beside the till: udhaar that is paid back, expenses, suppliers, the evening's deposit and
//! the closing.

use super::{
    branch::{Branch, Business},
    journal::{Journal, at},
    season,
};
use crate::{
    money::Paisa,
    record::{CashMovement, Closing, CreditEntry, CreditKind, Expense, Record, SupplierPayment},
    rng::Rng,
    time::Day,
};
use chrono::Datelike;
use std::collections::BTreeMap;

/// Cash that stays in the drawer overnight.
const FLOAT: Paisa = Paisa::rupees(25_000);
/// Days before the last since when the drawer is counted each evening.
const CLOSED_DAYS: i32 = 24;

const NOTES: [u32; 10] = [5_000, 1_000, 500, 100, 50, 20, 10, 5, 2, 1];

impl Branch {
    /// Settles the day's money.
    pub fn settle(&mut self, journal: &mut Journal, rng: &mut Rng, business: &Business<'_>, day: Day) {
        if day == business.first {
            self.cash(journal, day, 8 * 60 + 45, FLOAT, "Opening float");
        }
        if season::factor(day, business.years) <= 0.0 {
            return;
        }
        self.expenses(journal, rng, day);
        let overdue: Vec<Day> = self.repayments.range(..=day).map(|(day, _)| *day).collect();
        for key in overdue {
            for (customer, amount) in self.repayments.remove(&key).unwrap_or_default() {
                let instant = at(day, 13 * 60 + rng.below(500) as i64);
                let entry = CreditEntry {
                    id: journal.id(),
                    customer,
                    shop: self.shop,
                    amount: -amount,
                    sale: None,
                    at: instant,
                    due: None,
                    method: None,
                    kind: CreditKind::Plain,
                    undoes: None,
                };
                journal.push(self.stream(), instant, Record::CreditEntry(entry));
                self.drawer += amount;
            }
        }
        self.pay_suppliers(journal, day);
        let spare = self.drawer - FLOAT;
        if spare > Paisa::ZERO {
            self.cash(journal, day, 22 * 60 + 50, -spare, "Deposited in bank");
        }
        if business.today.0 - day.0 <= CLOSED_DAYS {
            self.close(journal, rng, day);
        }
    }

    fn cash(&mut self, journal: &mut Journal, day: Day, minute: i64, amount: Paisa, reason: &str) {
        self.drawer += amount;
        let movement = CashMovement {
            id: journal.id(),
            shop: self.shop,
            amount,
            reason: reason.to_owned(),
            at: at(day, minute),
            undoes: None,
        };
        journal.push(self.stream(), movement.at, Record::CashMovement(movement));
    }

    /// Tea every day, the rest on its day of the month.
    fn expenses(&mut self, journal: &mut Journal, rng: &mut Rng, day: Day) {
        let size = self.scale;
        let mut spent = vec![("Tea and food", 450.0 + 300.0 * rng.uniform())];
        match day.date().day() {
            1 => spent.push(("Wages", 96_000.0 * size)),
            5 => spent.push(("Rent", 120_000.0 * size)),
            12 => spent.push(("Electricity", (28_000.0 + 9_000.0 * rng.uniform()) * size)),
            15 => spent.push(("Internet", 3_500.0)),
            _ if rng.chance(0.06) => spent.push(("Transport", 600.0 + 900.0 * rng.uniform())),
            _ => {}
        }
        for (category, rupees) in spent {
            let amount = Paisa::rupees((rupees / 10.0).round() as i64 * 10);
            let expense = Expense {
                id: journal.id(),
                shop: self.shop,
                category: category.to_owned(),
                amount,
                at: at(day, 15 * 60 + rng.below(300) as i64),
                paid: None,
                undoes: None,
            };
            self.drawer += -amount;
            journal.push(self.stream(), expense.at, Record::Expense(expense));
        }
    }

    /// The drawer is counted; now and then a note is missing.
    fn close(&mut self, journal: &mut Journal, rng: &mut Rng, day: Day) {
        let expected = self.drawer;
        let slip =
            if rng.chance(0.15) { Paisa::rupees(10 * (1 + rng.below(20) as i64)) } else { Paisa::ZERO };
        let counted = expected - slip;
        let mut rest = (counted.0.max(0) / 100) as u32;
        let mut denominations = BTreeMap::new();
        for note in NOTES {
            if rest >= note {
                denominations.insert(note, rest / note);
                rest %= note;
            }
        }
        self.drawer = counted;
        let closing = Closing {
            id: journal.id(),
            shop: self.shop,
            day,
            expected,
            denominations,
            counted,
            staff: Some(self.staff[0]),
            at: at(day, 22 * 60 + 55),
            opening: false,
            since: None,
            sums: None,
            floats: BTreeMap::new(),
            note: String::new(),
        };
        journal.push(self.stream(), closing.at, Record::Closing(closing));
    }

    /// Bills are paid, some days late, with money fetched from the bank for it.
    fn pay_suppliers(&mut self, journal: &mut Journal, day: Day) {
        let due: Vec<Day> = self.bills.range(..=day).map(|(day, _)| *day).collect();
        for key in due {
            for (supplier, amount) in self.bills.remove(&key).unwrap_or_default() {
                self.cash(journal, day, 15 * 60 + 55, amount, "Withdrawn from bank");
                self.drawer += -amount;
                let payment = SupplierPayment {
                    id: journal.id(),
                    supplier,
                    shop: self.shop,
                    amount,
                    at: at(day, 16 * 60),
                };
                journal.push(self.stream(), payment.at, Record::SupplierPayment(payment));
            }
        }
    }
}
