//! Bills that wait: the open one, over a reload; held ones, under a name; quotations, until a day. The first two lie in
//! local storage, in sums and ids only: no name of a customer stands there.

use super::{AppState, Boot, Cart, CartLine, Problem};
use crate::effect::{
    clock,
    journal::{self, Append, Draft},
    storage::StorageError,
};
use dukandar_core::{
    id::DocumentId,
    record::{Quotation, QuotationEnd, SaleLine},
    sync::event::Stream,
    time::Timestamp,
};
use gloo::storage::{LocalStorage, Storage};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

const DAY_MS: i64 = 86_400_000;

/// A bill that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Whose, as the cashier calls it; may be empty.
    pub name: String,
    /// Since when.
    pub at: Timestamp,
    /// The bill.
    pub cart: Cart,
}

impl AppState {
    /// Where the open bill or the held ones of this shop lie.
    fn place(self, what: &str) -> String {
        let shop = if self.sample.get_untracked() { "sample" } else { "own" };
        format!("dukandar.{what}.{shop}")
    }

    /// Brings the bills back whenever a shop is opened, and keeps them from then on. Tabs of one shop share them.
    pub(super) fn keep_bills(self) {
        Effect::new(move |_| {
            if self.boot.get() == Boot::Ready {
                self.bring_bills();
            }
        });
        Effect::new(move |_| {
            let cart = self.cart.get();
            if self.boot.get_untracked() == Boot::Ready {
                // Where local storage is refused the bill lives as long as the page.
                let _ = LocalStorage::set(self.place("cart"), cart);
            }
        });
        if let Some(window) = web_sys::window() {
            self.inner().listen(&window, "storage", move |_| {
                if self.boot.get_untracked() == Boot::Ready {
                    self.bring_bills();
                }
            });
        }
    }

    fn bring_bills(self) {
        let cart: Cart = LocalStorage::get(self.place("cart")).unwrap_or_default();
        if self.cart.with_untracked(|open| *open != cart) {
            self.cart.set(cart);
        }
        self.held.set(LocalStorage::get(self.place("held")).unwrap_or_default());
    }

    /// What waited in the sample shop goes with it.
    pub(super) fn drop_bills(self) {
        ["cart", "held"].into_iter().for_each(|what| LocalStorage::delete(self.place(what)));
    }

    fn keep_held(self) -> Result<(), Problem> {
        let refused = |_| Problem::Invalid { field: "held", expected: "a browser that keeps local data" };
        self.held.with_untracked(|held| LocalStorage::set(self.place("held"), held)).map_err(refused)
    }

    /// Puts the open bill aside; it is emptied only once the held one is kept.
    pub fn hold(self, name: String) -> Result<(), Problem> {
        let cart = self.cart.get_untracked();
        if cart.is_blank() {
            return Ok(());
        }
        self.held.update(|held| held.push(Held { name, at: clock::now(), cart }));
        if let Err(problem) = self.keep_held() {
            self.held.update(|held| _ = held.pop());
            return Err(problem);
        }
        self.cart.set(Cart::default());
        Ok(())
    }

    /// Takes a held bill up again; one that is open meanwhile is held in its place.
    pub fn resume(self, index: usize) -> Result<(), Problem> {
        self.hold(String::new())?;
        let taken = self.held.try_update(|held| (index < held.len()).then(|| held.remove(index))).flatten();
        if let Some(taken) = taken {
            self.cart.set(taken.cart);
            self.keep_held()?;
        }
        Ok(())
    }

    /// Promises the open bill's prices for some days; the bill stays open.
    pub async fn quote(self, days: i64) -> Result<Quotation, Problem> {
        let cart = self.cart.get_untracked();
        let shop = untrack(|| self.writing_shop()).ok_or(Problem::NoShop)?;
        let (lines, _) = cart.written();
        if lines.is_empty() || days < 1 {
            return Err(Problem::Invalid { field: "quotation", expected: "a bill with lines, and days" });
        }
        let db = self.inner().db()?;
        let at = clock::now();
        // Nobody promises what they may not sell.
        self.cleared(&cart, at)?;
        let id = DocumentId::fresh(at.0.unsigned_abs(), &mut clock::entropy());
        let valid_until = Timestamp(at.0 + days * DAY_MS);
        let made = journal::append(&db, Append::RECORDS, |identity, counters| {
            let number = counters.next_quotation(&shop, identity);
            let (customer, ended) = (cart.customer, None);
            let made = Quotation { id, shop: shop.id, customer, lines, at, valid_until, number, ended };
            Ok((vec![quotation_draft(&made)?], made))
        })
        .await?;
        made.ok_or(Problem::NoShop)
    }

    /// Says that nobody wants it any more.
    pub async fn drop_quotation(self, quotation: Quotation) -> Result<(), Problem> {
        self.write(vec![ended(&quotation, QuotationEnd::Dropped)?]).await
    }

    /// Puts a quotation on the bill at its prices; a bill that is open is held meanwhile. False: it ran out.
    pub fn bill_of(self, quotation: Quotation, names: &[String]) -> Result<bool, Problem> {
        self.hold(String::new())?;
        let holds = clock::now() <= quotation.valid_until;
        let before = |index: usize, line: &SaleLine| {
            quotation.lines[..index].iter().filter(|other| other.product == line.product).count() as u32
        };
        let lines = quotation.lines.iter().enumerate().map(|(index, line)| CartLine {
            product: line.product,
            slot: before(index, line),
            name: names.get(index).cloned().unwrap_or_default(),
            costs: vec![line.unit_cost; line.units.len()],
            units: line.units.clone(),
            quantity: line.quantity,
            unit_price: line.unit_price,
            discount: line.discount,
            unit_cost: line.unit_cost,
            list: Some(line.unit_price),
            floor: None,
            open: false,
        });
        let lines = lines.collect();
        let cart =
            Cart { customer: quotation.customer, lines, quotation: Some(quotation), ..Cart::default() };
        self.cart.set(cart);
        Ok(holds)
    }
}

/// Whether these lines are those of the bill's quotation, in time: whoever promised them was allowed to.
pub(super) fn promised(cart: &Cart, lines: &[SaleLine], now: Timestamp) -> bool {
    cart.quotation.as_ref().is_some_and(|quotation| now <= quotation.valid_until && quotation.lines == lines)
}

fn quotation_draft(quotation: &Quotation) -> Result<Draft, StorageError> {
    Draft::new(Stream::Shop(quotation.shop), "quotation", quotation)
}

/// The further record that says what became of a quotation.
pub(super) fn ended(quotation: &Quotation, end: QuotationEnd) -> Result<Draft, StorageError> {
    quotation_draft(&Quotation { ended: Some(end), ..quotation.clone() })
}
