//! Goods that come back: refunded, off the udhaar, or exchanged for what is on the open bill. One act is one commit.

use super::{
    AppState, Problem,
    khata::{credit_draft, fresh},
};
use crate::effect::{
    clock,
    journal::{self, Append, Draft, Identity},
    storage::StorageError,
};
use dukandar_core::{
    id::{CustomerId, SaleId, UnitId},
    money::Paisa,
    paper::{
        Wanted, Written, exchanged,
        refund::{self, Brought},
    },
    quantity::Quantity,
    record::{CreditEntry, CreditKind, Payment, PaymentMethod, Return, SaleLine},
    role::Action,
    sync::event::Stream,
    table::ShopRow,
    time::Timestamp,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What comes back, and how it is settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoingBack {
    /// The sale that it is of; none without a receipt.
    pub original: Option<SaleId>,
    /// Which lines of the sale; without a receipt the lines themselves are in `lines`.
    pub brought: Vec<(usize, i64, Vec<UnitId>)>,
    /// The lines, priced.
    pub lines: Vec<SaleLine>,
    /// Who brings it.
    pub customer: Option<CustomerId>,
    /// What they owe in all.
    pub balance: Paisa,
    /// By which money is given.
    pub way: PaymentMethod,
}

impl GoingBack {
    /// What it is worth.
    pub fn value(&self) -> Paisa {
        self.lines.iter().map(|line| line.amount).sum()
    }

    /// The lines that are brought, as policy reads them.
    pub fn brought(&self) -> Vec<Brought> {
        let one = |(line, quantity, units): &(usize, i64, Vec<_>)| Brought {
            line: *line,
            quantity: Quantity(*quantity),
            units: units.clone(),
        };
        self.brought.iter().map(one).collect()
    }
}

/// A return that was checked against the journal as of now.
pub(super) struct Checked {
    back: GoingBack,
    owed: Paisa,
}

impl Checked {
    pub(super) fn value(&self) -> Paisa {
        self.back.value()
    }

    /// The records of the return; `exchange` is the sale that a part of it pays, and which part.
    pub(super) fn drafts(
        self,
        number: String,
        (shop, at): (&ShopRow, Timestamp),
        identity: &Identity,
        exchange: Option<(SaleId, Paisa)>,
    ) -> Result<(Vec<Draft>, Return), StorageError> {
        let Self { back, owed } = self;
        let total = back.value();
        let exchanged = exchange.map_or(Paisa::ZERO, |(_, exchanged)| exchanged);
        let payments = refund::payments(total, owed, exchanged, back.way);
        let lowered: Paisa =
            payments.iter().filter(|it| it.method == PaymentMethod::Credit).map(|it| it.amount).sum();
        let made = Return {
            id: SaleId::fresh(at.0.unsigned_abs(), &mut clock::entropy()),
            original: back.original,
            shop: shop.id,
            number,
            at,
            zone: shop.zone,
            customer: back.customer,
            staff: identity.actor,
            of_lines: back.brought.iter().map(|(line, ..)| *line as u32).collect(),
            lines: back.lines,
            payments,
            exchange: exchange.map(|(sale, _)| sale),
        };
        let mut drafts = vec![Draft::new(Stream::Shop(shop.id), "return", &made)?];
        if let Some(customer) = back.customer.filter(|_| lowered > Paisa::ZERO) {
            drafts.push(credit_draft(&CreditEntry {
                id: fresh(),
                customer,
                shop: shop.id,
                amount: -lowered,
                sale: back.original,
                at,
                due: None,
                method: None,
                kind: CreditKind::Returned,
                undoes: None,
            })?);
        }
        Ok((drafts, made))
    }
}

/// The payments of a bill of which goods pay a part: that part stands as cash, as it does in the return.
pub(super) fn with_exchanged(mut payments: Vec<Payment>, exchanged: Paisa) -> Vec<Payment> {
    if exchanged > Paisa::ZERO {
        payments.retain(|payment| payment.amount > Paisa::ZERO);
        let part = Payment { method: PaymentMethod::Cash, amount: exchanged, tendered: None };
        payments.insert(0, part);
    }
    payments
}

impl AppState {
    /// Looks at what came back since the page was opened: never more than was sold, and at the same worth.
    pub(super) async fn checked(self, back: Option<&GoingBack>) -> Result<Option<Checked>, Problem> {
        let Some(back) = back else { return Ok(None) };
        let changed = Problem::Invalid { field: "return", expected: "no more than is left of the sale" };
        let Some(original) = back.original else {
            let sound = untrack(|| self.may(Action::ReturnUnseen)) && !back.lines.is_empty();
            let refused = Problem::Invalid { field: "return", expected: "owner or manager" };
            return if sound {
                Ok(Some(Checked { back: back.clone(), owed: Paisa::ZERO }))
            } else {
                Err(refused)
            };
        };
        let paper = self.paper(Wanted::Receipt(original)).await?;
        let Some((Written::Sale(sale), returns)) = paper.map(|paper| (paper.written, paper.returns)) else {
            return Err(changed);
        };
        match refund::lines(&sale, &returns, &back.brought()) {
            Ok(lines) if lines == back.lines => {
                let owed = refund::still_owed(&sale, &returns, back.balance);
                Ok(Some(Checked { back: back.clone(), owed }))
            }
            _ => Err(changed),
        }
    }

    /// Takes goods back for money or off the udhaar; gives the return as it stands in the journal.
    pub async fn give_back(self, back: GoingBack) -> Result<Return, Problem> {
        let shop = untrack(|| self.writing_shop()).ok_or(Problem::NoShop)?;
        let Some(checked) = self.checked(Some(&back)).await? else { return Err(Problem::NoShop) };
        let db = self.inner().db()?;
        let now = clock::now();
        let made = journal::append(&db, Append::RECORDS, |identity, counters| {
            let number = counters.next_receipt(&shop, identity);
            checked.drafts(number, (&shop, now), identity, None)
        })
        .await?;
        let Some(made) = made else { return Err(Problem::NoShop) };
        self.journal_changed();
        Ok(made)
    }
}

impl journal::Counters {
    /// The next number of a receipt, return or sale: SHOP-DEVICE-n.
    pub(super) fn next_receipt(&mut self, shop: &ShopRow, identity: &Identity) -> String {
        let count = self.receipts.entry(shop.id).or_default();
        *count += 1;
        format!("{}-{}-{count}", shop.code, identity.device_number)
    }

    /// The next number of a quotation: SHOP-DEVICE-Qn.
    pub(super) fn next_quotation(&mut self, shop: &ShopRow, identity: &Identity) -> String {
        let count = self.quotations.entry(shop.id).or_default();
        *count += 1;
        format!("{}-{}-Q{count}", shop.code, identity.device_number)
    }
}

/// What the cashier sees beside a bill that goods pay a part of: what is left to pay, or to give.
pub fn due(total: Paisa, back: Option<&GoingBack>) -> (Paisa, Paisa) {
    let value = back.map_or(Paisa::ZERO, GoingBack::value);
    let exchanged = exchanged(total, value);
    (total - exchanged, value - exchanged)
}
