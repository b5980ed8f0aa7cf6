//! Spending a fixed sum where it saves most.
//!
//! Question: which pieces of a wish list to order when money is short? Input: wishes with the outlay of one piece,
//! what one lost sale costs, demand over the protection interval and pieces already available. Output: pieces a
//! wish. The k-th further piece is worth P(demand > available + k − 1) × value of a sale; pieces are bought in
//! the order of worth per rupee until none fits (marginal analysis: worth falls with k, so that the greedy
//! choice is best but for the last, indivisible piece). Equal worth: the earlier wish first.
//! Reference: Silver, Pyke & Thomas (4th ed. 2017), ch. 9 (newsvendor under a budget).

use super::safety_stock::{IntervalDemand, normal_cdf};
use crate::money::Paisa;
use std::{cmp::Ordering, collections::BinaryHeap};

/// One product that would be ordered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wish {
    /// Pieces wished.
    pub pieces: u64,
    /// Outlay of one.
    pub outlay: Paisa,
    /// What a lost sale costs.
    pub value: Paisa,
    /// Pieces on hand and on order.
    pub available: f64,
    /// Demand until the next chance.
    pub demand: IntervalDemand,
}

impl Wish {
    /// Worth of the piece after `have` bought ones, per paisa of outlay.
    fn worth(&self, have: u64) -> f64 {
        let stock = self.available + have as f64;
        let wanted = if self.demand.sd > 0.0 {
            // Half a piece: demand comes in whole ones.
            1.0 - normal_cdf((stock + 0.5 - self.demand.mean) / self.demand.sd)
        } else {
            f64::from(stock + 0.5 < self.demand.mean)
        };
        if self.outlay.0 > 0 {
            wanted * self.value.as_units() / self.outlay.as_units()
        } else {
            f64::INFINITY
        }
    }
}

#[derive(PartialEq)]
struct Next {
    worth: f64,
    wish: usize,
}

impl Eq for Next {}
impl PartialOrd for Next {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Next {
    fn cmp(&self, other: &Self) -> Ordering {
        self.worth.total_cmp(&other.worth).then_with(|| other.wish.cmp(&self.wish))
    }
}

/// Pieces of each wish that `budget` buys. Their outlay never exceeds it.
pub fn spend(wishes: &[Wish], budget: Paisa) -> Vec<u64> {
    let mut left = budget.0.max(0);
    let mut bought = vec![0u64; wishes.len()];
    let asked = |(_, wish): &(usize, &Wish)| wish.pieces > 0;
    let first = wishes.iter().enumerate().filter(asked);
    let mut next: BinaryHeap<Next> =
        first.map(|(wish, asked)| Next { worth: asked.worth(0), wish }).collect();
    while let Some(Next { wish, .. }) = next.pop() {
        let asked = &wishes[wish];
        let outlay = asked.outlay.0.max(0);
        if outlay > left {
            continue;
        }
        left -= outlay;
        bought[wish] += 1;
        if bought[wish] < asked.pieces {
            next.push(Next { worth: asked.worth(bought[wish]), wish });
        }
    }
    bought
}
