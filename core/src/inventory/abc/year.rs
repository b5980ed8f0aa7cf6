//! The last year of the books by product: what each brought in, with what it went, and who bought it.
//!
//! Question answered: what do the receipts of a span of days say of each product beside its own price? Input: sales lines
//! and what was asked for in vain. Output: [`Year`]. Amounts are paisa net of returns; a line's cost is its own, else what
//! the product costs now.
//!
//! **Basket pull**: of a bill with several products the one with the largest amount is taken to be what the customer came
//! for; what went with it counts as pulled by it. Pull = pulled ÷ (own + pulled), 0–1: the part of such bills that would
//! be lost beside the product itself. **In vain** = times asked for ÷ (those + pieces sold) in [`VAIN_DAYS`] days.
//! Criticality = 1 − (1 − pull) · (1 − in vain): either is reason enough.
//!
//! How it fails: a cheap thing that somebody came for looks pulled by the dear one they took along; who asks twice counts
//! twice. Reference: Gruen, Corsten & Bharadwaj, "Retail out-of-stocks" (2002) (of those who do not find a thing, about 3 of
//! 10 buy elsewhere, and their whole basket with it).

use super::substitute::Bought;
use crate::{
    inventory::asked::in_vain,
    table::{NONE, ReceiptKind, Tables},
    time::Day,
};

/// Days that are looked back on for what was asked for in vain.
pub const VAIN_DAYS: i32 = 90;

/// Sums by product.
#[derive(Clone, Debug, Default)]
pub struct Year {
    /// Net amounts.
    pub revenue: Vec<i64>,
    /// The part of them whose cost is known.
    pub costed: Vec<i64>,
    /// That cost.
    pub cost: Vec<i64>,
    /// Amounts of its sales, returns not taken off.
    pub own: Vec<i64>,
    /// Amounts of what went with it where it was the largest line.
    pub pulled: Vec<i64>,
    /// Sold pieces, returns not taken off, in units.
    pub pieces: Vec<f64>,
    /// The same of the last [`VAIN_DAYS`] days.
    pub recent: Vec<f64>,
    /// Times it was asked for in vain in those.
    pub vain: Vec<u32>,
    bills: Vec<Vec<u32>>,
    buyers: Vec<Vec<u32>>,
    all_bills: usize,
    all_buyers: usize,
}

impl Year {
    /// Of the days from `from` to the day before `until`.
    pub fn read(tables: &Tables, shop: Option<usize>, from: Day, until: Day) -> Self {
        let count = tables.products.len();
        let mut year = Self {
            revenue: vec![0; count],
            costed: vec![0; count],
            cost: vec![0; count],
            own: vec![0; count],
            pulled: vec![0; count],
            pieces: vec![0.0; count],
            recent: vec![0.0; count],
            vain: vec![0; count],
            bills: vec![Vec::new(); count],
            buyers: vec![Vec::new(); count],
            ..Self::default()
        };
        let sales = &tables.sales;
        let span =
            sales.day.partition_point(|day| *day < from)..sales.day.partition_point(|day| *day < until);
        let mut known = vec![false; tables.customers.len()];
        let mut bill: Vec<(usize, i64)> = Vec::new();
        for receipt in span {
            if shop.is_some_and(|shop| sales.shop[receipt] as usize != shop) {
                continue;
            }
            bill.clear();
            for line in sales.lines_of(receipt) {
                let product = sales.product[line] as usize;
                let (amount, pieces) = (sales.amount[line], sales.quantity[line]);
                year.revenue[product] += amount.0;
                let each = sales.unit_cost[line].or(tables.products[product].cost);
                if let Some(cost) = each.and_then(|each| pieces.times(each)) {
                    year.costed[product] += amount.0;
                    year.cost[product] += cost.0;
                }
                if pieces.0 > 0 {
                    year.pieces[product] += pieces.as_units();
                    if sales.day[receipt].0 >= until.0 - VAIN_DAYS {
                        year.recent[product] += pieces.as_units();
                    }
                    match bill.iter_mut().find(|it| it.0 == product) {
                        Some(it) => it.1 += amount.0,
                        None => bill.push((product, amount.0)),
                    }
                }
            }
            if sales.kind[receipt] == ReceiptKind::Sale {
                year.bill(receipt as u32, &bill, sales.customer[receipt], &mut known);
            }
        }
        year.all_buyers = known.into_iter().filter(|it| *it).count();
        for list in &mut year.buyers {
            list.sort_unstable();
            list.dedup();
        }
        year.count_vain(tables, shop, until);
        year
    }

    fn bill(&mut self, receipt: u32, bill: &[(usize, i64)], customer: u32, known: &mut [bool]) {
        self.all_bills += usize::from(!bill.is_empty());
        let all: i64 = bill.iter().map(|it| it.1.max(0)).sum();
        // Of equal amounts the first by id: the order of a bill's lines says nothing.
        let anchor = bill.iter().max_by_key(|it| (it.1, std::cmp::Reverse(it.0)));
        if let Some(&(product, amount)) = anchor {
            self.pulled[product] += all - amount.max(0);
        }
        for &(product, amount) in bill {
            self.own[product] += amount.max(0);
            self.bills[product].push(receipt);
            if customer != NONE {
                self.buyers[product].push(customer);
                known[customer as usize] = true;
            }
        }
    }

    fn count_vain(&mut self, tables: &Tables, shop: Option<usize>, until: Day) {
        // Today counts: who asked this morning is known this noon.
        for (product, ..) in in_vain(tables, shop, Day(until.0 - VAIN_DAYS)..=until) {
            // Words that name no product have no place here.
            if let Some(times) = self.vain.get_mut(product as usize) {
                *times += 1;
            }
        }
    }

    /// What of a product's bills would go with it, 0–1.
    pub fn pull(&self, product: usize) -> f64 {
        let (own, pulled) = (self.own[product] as f64, self.pulled[product] as f64);
        if own + pulled > 0.0 { pulled / (own + pulled) } else { 0.0 }
    }

    /// Amount that goes with one piece.
    pub fn pulled_by_one(&self, product: usize) -> f64 {
        if self.pieces[product] > 0.0 { self.pulled[product] as f64 / self.pieces[product] } else { 0.0 }
    }

    /// None of what never sold and was never asked for.
    pub fn criticality(&self, product: usize) -> Option<f64> {
        let (vain, recent) = (f64::from(self.vain[product]), self.recent[product]);
        let missed = if vain > 0.0 { vain / (vain + recent) } else { 0.0 };
        (self.pieces[product] > 0.0 || vain > 0.0).then(|| 1.0 - (1.0 - self.pull(product)) * (1.0 - missed))
    }

    /// Who bought what.
    pub fn bought(&self) -> Bought<'_> {
        Bought {
            bills: &self.bills,
            buyers: &self.buyers,
            all_bills: self.all_bills,
            all_buyers: self.all_buyers,
        }
    }
}
