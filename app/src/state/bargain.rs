//! Bargaining: loose goods on the bill, an agreed total, who may go how low.

use super::{AppState, Cart, CartLine, LineKey, Problem, boot::shop_draft};
use crate::effect::{
    clock,
    journal::{self, Draft},
};
use dukandar_core::{
    bargain::{Judged, MOST, MOST_PIECES, Offer, Room, SpreadFault, judge, lowest, spread},
    id::DocumentId,
    insight::catalog::Catalog,
    money::Paisa,
    quantity::Quantity,
    record::{AskedLine, Bargaining, OpenKind, Product, ProductFields},
    role::{Action, Role},
    sync::event::Stream,
    time::Timestamp,
};
use leptos::prelude::*;

/// What became of agreeing on a total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// Discounts as they were, to go back to.
    pub before: Vec<(LineKey, Paisa)>,
    /// Off all lines together.
    pub off: Paisa,
    /// Lines that fell below their lowest amount.
    pub crossed: Vec<String>,
}

impl AppState {
    /// Whoever uses this device, as bargaining sees them. Tracked.
    pub fn seller(self) -> Role {
        if self.may(Action::Forgive) {
            Role::Owner
        } else if self.may(Action::EditProduct) {
            Role::Manager
        } else {
            Role::Cashier
        }
    }

    /// What the owner allows. Tracked.
    pub fn bargaining(self) -> Bargaining {
        self.writing_shop().and_then(|shop| shop.bargaining).unwrap_or_default()
    }

    /// Writes what the owner allows, for all branches.
    pub async fn set_bargaining(self, rules: Bargaining) -> Result<(), Problem> {
        if rules.cashier_percent > 100 {
            return Err(Problem::Invalid { field: "percent", expected: "0 to 100" });
        }
        let rows = self.shops.get_untracked().into_iter();
        let drafts = rows.map(|mut row| {
            row.bargaining = Some(rules.clone());
            shop_draft(&row)
        });
        self.write(drafts.collect::<Result<_, _>>()?).await
    }

    /// A cost in the letters of the shop's word, for those who may read it. Tracked.
    pub fn in_code(self, cost: Paisa) -> Option<String> {
        let rules = self.bargaining();
        let may = rules.code_for_staff || self.may(Action::SeeCost);
        rules.code.filter(|_| may).map(|code| code.encode(cost))
    }

    /// What is to be said of a line's price. Tracked.
    pub fn judged(self, line: &CartLine) -> Judged {
        let amount = line.amount().unwrap_or(Paisa(i64::MIN));
        judge(self.seller(), self.bargaining().cashier_percent, offer(line, amount))
    }

    /// Puts loose goods on the bill. Their product is written on first use, under an id that every device of the
    /// business derives alike; `is_known` says that it is in the books already.
    pub async fn add_open_item(
        self,
        kind: OpenKind,
        name: &str,
        price: Paisa,
        quantity: Quantity,
        is_known: bool,
    ) -> Result<(), Problem> {
        if price <= Paisa::ZERO || quantity.times(price).is_none_or(|amount| amount > MOST) {
            return Err(Problem::Invalid { field: "amount", expected: "an amount above zero" });
        }
        if quantity <= Quantity::ZERO || quantity > MOST_PIECES {
            return Err(Problem::Invalid { field: "quantity", expected: "pieces above zero" });
        }
        let db = self.inner().db()?;
        let identity = journal::identity(&db).await?.ok_or(Problem::NoShop)?;
        let product = kind.product(identity.tenant);
        if !is_known {
            let fields = ProductFields {
                name: Some(name.to_owned()),
                category: Some(kind.key().to_owned()),
                open: Some(kind),
                ..ProductFields::default()
            };
            let row = Product { id: product, base_version: None, fields };
            self.write(vec![Draft::new(Stream::Tenant, "product", &row)?]).await?;
        }
        self.cart.update(|cart| {
            let same = |line: &&mut CartLine| line.product == product && line.unit_price == price;
            if let Some(line) = cart.lines.iter_mut().find(same) {
                line.scale_to(line.quantity + quantity);
                return;
            }
            let slot = cart.lines.iter().filter(|line| line.product == product).map(|line| line.slot + 1);
            let slot = slot.max().unwrap_or_default();
            cart.lines.push(CartLine {
                product,
                slot,
                name: name.to_owned(),
                units: Vec::new(),
                costs: Vec::new(),
                quantity,
                unit_price: price,
                discount: Paisa::ZERO,
                unit_cost: None,
                list: Some(price),
                floor: None,
                open: true,
            });
        });
        Ok(())
    }

    /// Spreads what is taken off to come to the agreed total. A later total replaces the discounts of an earlier one.
    pub fn agree(self, total: Paisa) -> Result<Agreed, SpreadFault> {
        let cart = self.cart.get_untracked();
        // The owner may sell at any price; that floors and costs be kept is still what the owner would rather have.
        let role = match untrack(|| self.seller()) {
            Role::Owner => Role::Manager,
            other => other,
        };
        let percent = untrack(|| self.bargaining()).cashier_percent;
        let room = |line: &CartLine| {
            let amount = line.quantity.times(line.unit_price)?;
            let least = line.quantity.times(lowest(role, offer(line, amount).goods, percent))?;
            Some(Room { amount, lowest: least })
        };
        let rooms: Option<Vec<Room>> = cart.lines.iter().map(room).collect();
        let rooms = rooms.ok_or(SpreadFault::Unsound)?;
        let found = spread(&rooms, total)?;
        let before = cart.lines.iter().map(|line| (line.key(), line.discount)).collect();
        let named = |at: &usize| cart.lines.get(*at).map(|line| line.name.clone());
        let crossed = found.crossed.iter().filter_map(named).collect();
        let off = found.discounts.iter().copied().sum();
        self.restore_discounts(cart.lines.iter().map(CartLine::key).zip(found.discounts).collect());
        Ok(Agreed { before, off, crossed })
    }

    /// Takes over what the catalogue knows by now: a bill that was held, or came of a quotation, knows older floors or
    /// none. Tracked.
    pub fn renew_floors(self, catalog: &Catalog) {
        let floor = |line: &CartLine| {
            let item = catalog.items.iter().find(|item| item.id == line.product);
            item.filter(|_| !line.open).map(|item| item.floor)
        };
        let differs = |line: &CartLine| floor(line).is_some_and(|floor| floor != line.floor);
        if self.cart.with(|cart| cart.lines.iter().any(differs)) {
            self.cart.update(|cart| {
                for line in &mut cart.lines {
                    line.floor = floor(line).unwrap_or(line.floor);
                }
            });
        }
    }

    /// Sets discounts of lines that are still on the bill and large enough for them.
    pub fn restore_discounts(self, discounts: Vec<(LineKey, Paisa)>) {
        self.cart.update(|cart| {
            for (key, discount) in discounts {
                if let Some(line) = cart.lines.iter_mut().find(|line| line.key() == key)
                    && line.quantity.times(line.unit_price).is_some_and(|gross| discount <= gross)
                {
                    line.discount = discount;
                }
            }
        });
    }

    /// Whether this bill may be sold by whoever is here: the owner's word that allows it where one is needed, or in
    /// words why not.
    pub(super) fn cleared(self, cart: &Cart, now: Timestamp) -> Result<Option<DocumentId>, Problem> {
        let refused: Vec<&str> = (cart.lines.iter())
            .filter(|line| !untrack(|| self.judged(line)).allowed)
            .map(|line| line.name.as_str())
            .collect();
        if refused.is_empty() {
            return Ok(None);
        }
        let bill = asked_lines(cart);
        let allowed =
            self.approvals.with_untracked(|all| all.iter().find(|it| it.allows(&bill, now)).map(|it| it.id));
        allowed.map(Some).ok_or_else(|| Problem::BelowAllowed { names: refused.join(", ") })
    }
}

fn offer(line: &CartLine, amount: Paisa) -> Offer {
    Offer { goods: line.goods(), quantity: line.quantity, amount }
}

/// A bill as the owner is asked about it.
pub fn asked_lines(cart: &Cart) -> Vec<AskedLine> {
    let line = |line: &CartLine| AskedLine {
        product: line.product,
        name: line.name.clone(),
        quantity: line.quantity,
        amount: line.amount().unwrap_or_default(),
    };
    cart.lines.iter().map(line).collect()
}

/// Now, for whoever compares with an instant.
pub(super) fn present() -> Timestamp {
    clock::now()
}
