//! Selling: the cart, and the one step that turns it into a receipt.

use super::{
    AppState, Problem,
    khata::{credit_draft, fresh},
};
use crate::effect::{
    clock,
    journal::{self, Append, Draft},
};
use dukandar_core::{
    customer::khata::plan,
    id::{CustomerId, ProductId, SaleId, UnitId},
    money::{Currency, Paisa},
    quantity::Quantity,
    record::{CreditEntry, CreditKind, InstalmentPlan, Payment, PaymentMethod, Sale, SaleLine},
    sync::event::Stream,
    time::Day,
};
use leptos::prelude::*;

/// The bill being made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cart {
    /// Who buys, if known.
    pub customer: Option<CustomerId>,
    /// What.
    pub lines: Vec<CartLine>,
}

/// One line of the cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CartLine {
    /// What.
    pub product: ProductId,
    /// As shown.
    pub name: String,
    /// Which pieces, where tracked.
    pub units: Vec<UnitId>,
    /// How many.
    pub quantity: Quantity,
    /// Asked for one.
    pub unit_price: Paisa,
    /// Taken off the line.
    pub discount: Paisa,
    /// What one costs the shop, if known.
    pub unit_cost: Option<Paisa>,
}

impl CartLine {
    /// quantity × price − discount; `None` when it does not fit.
    pub fn amount(&self) -> Option<Paisa> {
        self.quantity.times(self.unit_price)?.checked_add(-self.discount)
    }
}

impl Cart {
    /// What is to be paid; `None` when it does not fit.
    pub fn total(&self) -> Option<Paisa> {
        self.lines.iter().try_fold(Paisa::ZERO, |sum, line| sum.checked_add(line.amount()?))
    }

    /// Nothing in it.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

/// When what is bought on udhaar will be paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// By this day, where one was said.
    pub due: Option<Day>,
    /// Qist: in so many monthly parts; none where zero.
    pub months: u16,
}

/// A sale that is durable on this device: what the paper shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The sale as it stands in the journal.
    pub sale: Sale,
    /// Name of each line's product, in order.
    pub names: Vec<String>,
    /// Shop's name.
    pub shop_name: String,
    /// Shop's city.
    pub city: String,
    /// What amounts are in.
    pub currency: Currency,
}

impl AppState {
    /// Charges the cart. The receipt comes only after the sale is durable, in one commit with what the customer owes
    /// for it; the cart is emptied then.
    pub async fn sell(self, payments: Vec<Payment>, terms: Terms) -> Result<Receipt, Problem> {
        let cart = self.cart.get_untracked();
        let shop = untrack(|| self.writing_shop()).ok_or(Problem::NoShop)?;
        let total = cart.total().filter(|_| !cart.is_empty());
        let total = total.ok_or(Problem::Invalid { field: "cart", expected: "at least one line" })?;
        let sound = cart.lines.iter().all(|line| {
            line.quantity > Quantity::ZERO
                && line.unit_price >= Paisa::ZERO
                && line.amount().is_some_and(|amount| amount >= Paisa::ZERO)
        });
        if !sound {
            return Err(Problem::Invalid { field: "cart", expected: "quantities and prices above zero" });
        }
        if payments.iter().map(|payment| payment.amount).sum::<Paisa>() != total {
            return Err(Problem::Invalid { field: "payments", expected: "the bill's total" });
        }
        let on_credit =
            |payment: &&Payment| matches!(payment.method, PaymentMethod::Credit | PaymentMethod::Instalment);
        let owed: Paisa = payments.iter().filter(on_credit).map(|payment| payment.amount).sum();
        if payments.iter().any(|payment| payment.amount <= Paisa::ZERO) && total > Paisa::ZERO {
            return Err(Problem::Invalid { field: "payments", expected: "amounts above zero" });
        }
        if owed > Paisa::ZERO && cart.customer.is_none() {
            return Err(Problem::Invalid { field: "customer", expected: "who owes it" });
        }
        let today = untrack(|| self.today());
        let db = self.inner().db()?;
        let now = clock::now();
        let id = SaleId::fresh(now.0.unsigned_abs(), &mut clock::entropy());
        let lines = cart.lines.iter().map(|line| SaleLine {
            product: line.product,
            units: line.units.clone(),
            quantity: line.quantity,
            unit_price: line.unit_price,
            discount: line.discount,
            amount: line.amount().unwrap_or_default(),
            unit_cost: line.unit_cost,
        });
        let lines: Vec<SaleLine> = lines.collect();
        let exchanged = self.exchanged(id, shop.id, now).await?;
        let by_exchange = |payment: &&Payment| payment.method == PaymentMethod::TradeIn;
        let allowed: Paisa = payments.iter().filter(by_exchange).map(|payment| payment.amount).sum();
        if allowed != exchanged.as_ref().map_or(Paisa::ZERO, |(_, value)| *value) {
            return Err(Problem::Invalid {
                field: "payments",
                expected: "what is allowed for the exchanged phone",
            });
        }
        let (taken, pictures) = match exchanged {
            Some((prepared, _)) => (prepared.drafts, Some((prepared.trade.unit, prepared.photos))),
            None => (Vec::new(), None),
        };
        let made = journal::append(&db, Append::RECORDS, |identity, counters| {
            let count = counters.receipts.entry(shop.id).or_default();
            *count += 1;
            let sale = Sale {
                id,
                shop: shop.id,
                number: format!("{}-{}-{count}", shop.code, identity.device_number),
                at: now,
                zone: shop.zone,
                customer: cart.customer,
                staff: identity.actor,
                lines,
                payments,
            };
            let mut drafts = vec![Draft::new(Stream::Shop(shop.id), "sale", &sale)?];
            if let Some(customer) = cart.customer.filter(|_| owed > Paisa::ZERO) {
                drafts.push(credit_draft(&CreditEntry {
                    id: fresh(),
                    customer,
                    shop: shop.id,
                    amount: owed,
                    sale: Some(id),
                    at: now,
                    due: terms.due,
                    method: None,
                    kind: CreditKind::Plain,
                    undoes: None,
                })?);
                if terms.months > 0 {
                    let parts = plan(owed, terms.months, today);
                    let plan = InstalmentPlan { id: fresh(), customer, sale: id, parts };
                    drafts.push(Draft::new(Stream::Tenant, "instalment_plan", &plan)?);
                }
            }
            drafts.extend(taken);
            Ok((drafts, sale))
        })
        .await?;
        // Nothing forbids this append, so it always makes its sale.
        let Some(sale) = made else { return Err(Problem::NoShop) };
        self.cart.set(Cart::default());
        self.exchange.set(None);
        self.journal_changed();
        if let Some((unit, photos)) = pictures {
            // The sale stands whatever becomes of the pictures: that they were not kept is said at the screen's edge.
            if let Err(problem) = self.keep_photos(unit, photos).await {
                self.notice.set(Some(problem));
            }
        }
        Ok(Receipt {
            sale,
            names: cart.lines.into_iter().map(|line| line.name).collect(),
            shop_name: shop.name,
            city: shop.city,
            currency: shop.currency,
        })
    }
}
