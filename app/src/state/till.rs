//! Selling: the cart, and the one step that turns it into a receipt.

use super::{
    AppState, GoingBack, Problem, Taken,
    give_back::with_exchanged,
    held::{ended, promised},
    khata::{credit_draft, fresh},
};
use crate::effect::{
    clock,
    journal::{self, Append, Draft},
};
use dukandar_core::{
    bargain::{
        Goods, MOST,
        pieces::{by_cost, cost_of},
    },
    customer::khata::plan,
    id::{CustomerId, ProductId, SaleId, UnitId},
    money::{Currency, Paisa},
    paper::exchanged,
    quantity::{Quantity, divide_half_even},
    record::{
        CreditEntry, CreditKind, InstalmentPlan, Payment, PaymentMethod, Quotation, QuotationEnd, Sale,
        SaleLine,
    },
    role::Action,
    sync::event::Stream,
    time::Day,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The bill being made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cart {
    /// Who buys, if known.
    pub customer: Option<CustomerId>,
    /// What.
    pub lines: Vec<CartLine>,
    /// Goods that come back and pay a part of it.
    pub exchange: Option<GoingBack>,
    /// The used phone that is taken in exchange.
    pub taken: Option<Taken>,
    /// The quotation that it was made of.
    pub quotation: Option<Quotation>,
}

/// One line of the cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartLine {
    /// What.
    pub product: ProductId,
    /// Tells lines of one product apart: loose goods of a kind at several prices.
    pub slot: u32,
    /// As shown.
    pub name: String,
    /// Which pieces, where tracked.
    pub units: Vec<UnitId>,
    /// What each of these pieces costs the shop, place by place.
    #[serde(default)]
    pub costs: Vec<Option<Paisa>>,
    /// How many.
    pub quantity: Quantity,
    /// Asked for one.
    pub unit_price: Paisa,
    /// Taken off the line.
    pub discount: Paisa,
    /// What one costs the shop, if known; of pieces by their numbers `costs` says it.
    pub unit_cost: Option<Paisa>,
    /// The list price of one, if it has one: what is charged below it is a discount.
    pub list: Option<Paisa>,
    /// Its floor, if the owner set one.
    pub floor: Option<Paisa>,
    /// Loose goods: the price that was typed is what is asked for them.
    pub open: bool,
}

/// Which line of a bill.
pub type LineKey = (ProductId, u32);

impl CartLine {
    /// quantity × price − discount; `None` when it does not fit.
    pub fn amount(&self) -> Option<Paisa> {
        self.quantity.times(self.unit_price)?.checked_add(-self.discount)
    }

    /// Which line this is.
    pub fn key(&self) -> LineKey {
        (self.product, self.slot)
    }

    /// What is known of its goods.
    pub fn goods(&self) -> Goods {
        Goods { list: self.list, floor: self.floor, cost: self.mean_cost() }
    }

    /// What all of it costs the shop; none where that is not known of all.
    pub fn cost(&self) -> Option<Paisa> {
        cost_of(self.quantity, self.unit_cost, &self.costs)
    }

    /// What one costs, as the mean of all.
    fn mean_cost(&self) -> Option<Paisa> {
        if self.costs.is_empty() || self.quantity <= Quantity::ZERO {
            return self.unit_cost;
        }
        let cost = i128::from(self.cost()?.0) * 1_000;
        i64::try_from(divide_half_even(cost, i128::from(self.quantity.0))).ok().map(Paisa)
    }

    /// One piece fewer.
    pub fn less(&mut self) {
        self.scale_to(self.quantity + Quantity::pieces(-1));
        let pieces = usize::try_from(self.quantity.0 / 1_000).unwrap_or_default();
        self.units.truncate(pieces);
        self.costs.truncate(pieces);
    }

    /// Another number of pieces: what was taken off goes with them.
    pub fn scale_to(&mut self, quantity: Quantity) {
        if self.quantity > Quantity::ZERO && self.discount > Paisa::ZERO {
            let scaled = i128::from(self.discount.0) * i128::from(quantity.0) / i128::from(self.quantity.0);
            self.discount = Paisa(i64::try_from(scaled).unwrap_or_default());
        }
        self.quantity = quantity;
    }

    /// Another price: a discount was agreed on with the old one.
    pub fn reprice(&mut self, price: Paisa) {
        (self.unit_price, self.discount) = (price, Paisa::ZERO);
        if self.open {
            self.list = Some(price);
        }
    }

    /// The line as it is written down, one for each cost of its pieces: what is charged below the list price is a
    /// discount, and counts as one given.
    pub fn written(&self) -> Vec<SaleLine> {
        let amount = self.amount().unwrap_or_default();
        let (mut unit_price, mut discount) = (self.unit_price, self.discount);
        if let Some(list) = self.list.filter(|list| *list > self.unit_price)
            && let Some(gross) = self.quantity.times(list)
        {
            (unit_price, discount) = (list, gross - amount);
        }
        let line = SaleLine {
            product: self.product,
            units: self.units.clone(),
            quantity: self.quantity,
            unit_price,
            discount,
            amount,
            unit_cost: self.unit_cost,
        };
        by_cost(&line, &self.costs)
    }
}

impl Cart {
    /// What is to be paid; `None` when it does not fit.
    pub fn total(&self) -> Option<Paisa> {
        self.lines.iter().try_fold(Paisa::ZERO, |sum, line| sum.checked_add(line.amount()?))
    }

    /// No goods on it.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Nothing on it that could be lost.
    pub fn is_blank(&self) -> bool {
        self.lines.is_empty() && self.exchange.is_none() && self.taken.is_none()
    }

    /// Its lines as they are written down, each with its product's name.
    pub fn written(&self) -> (Vec<SaleLine>, Vec<String>) {
        let parts = |line: &CartLine| {
            line.written().into_iter().map(|it| (it, line.name.clone())).collect::<Vec<_>>()
        };
        self.lines.iter().flat_map(parts).unzip()
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
                && line.discount >= Paisa::ZERO
                && line.amount().is_some_and(|amount| (Paisa::ZERO..=MOST).contains(&amount))
        });
        if !sound {
            return Err(Problem::Invalid { field: "cart", expected: "quantities and prices above zero" });
        }
        let back = self.checked(cart.exchange.as_ref()).await?;
        let swapped = back.as_ref().map_or(Paisa::ZERO, |back| exchanged(total, back.value()));
        let payments = with_exchanged(payments, swapped);
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
        if !untrack(|| self.may(Action::Sell)) {
            return Err(Problem::NotAllowed);
        }
        let today = untrack(|| self.today());
        let db = self.inner().db()?;
        let now = clock::now();
        let (lines, names) = cart.written();
        let approval = if promised(&cart, &lines, now) { None } else { self.cleared(&cart, now)? };
        let id = SaleId::fresh(now.0.unsigned_abs(), &mut clock::entropy());
        let by_exchange = |payment: &&Payment| payment.method == PaymentMethod::TradeIn;
        let allowed: Paisa = payments.iter().filter(by_exchange).map(|payment| payment.amount).sum();
        if allowed != cart.taken.as_ref().map_or(Paisa::ZERO, |taken| taken.value) {
            return Err(Problem::Invalid {
                field: "payments",
                expected: "what is allowed for the exchanged phone",
            });
        }
        let taken = match &cart.taken {
            Some(taken) => taken.drafts(Some((id, cart.customer)), shop.id, now, None)?,
            None => Vec::new(),
        };
        let made = journal::append(&db, Append::RECORDS, |identity, counters| {
            let sale = Sale {
                id,
                shop: shop.id,
                number: counters.next_receipt(&shop, identity),
                at: now,
                zone: shop.zone,
                customer: cart.customer,
                staff: identity.actor,
                lines,
                payments,
                approval,
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
            if let Some(back) = back {
                let number = counters.next_receipt(&shop, identity);
                drafts.extend(back.drafts(number, (&shop, now), identity, Some((id, swapped)))?.0);
            }
            if let Some(quotation) = &cart.quotation {
                drafts.push(ended(quotation, QuotationEnd::Taken)?);
            }
            drafts.extend(taken);
            Ok((drafts, sale))
        })
        .await?;
        // Nothing forbids this append, so it always makes its sale.
        let Some(sale) = made else { return Err(Problem::NoShop) };
        self.cart.set(Cart::default());
        self.journal_changed();
        Ok(Receipt { sale, names, shop_name: shop.name, city: shop.city, currency: shop.currency })
    }
}
