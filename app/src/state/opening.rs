//! The opening day: what lay on the shelves, what was owed to the shop and by it before the books began. Each list is
//! one commit; taking it back is another.

use super::{
    AppState, Problem,
    khata::{credit_draft, fresh},
};
use crate::effect::{clock, journal::Draft, storage::StorageError};
use dukandar_core::{
    fold::OPENING_FEED,
    id::{CustomerId, ProductId, ShopId, SupplierId},
    import::paste::{PastedRow, folded},
    insight::opening::OpeningAnswer,
    money::Paisa,
    quantity::Quantity,
    record::{
        CreditEntry, CreditKind, FeedRow, Person, Price, PriceKind, Product, ProductFields, StockLine,
        Supplier, SupplierBill, SupplierReceipt,
    },
    sync::event::Stream,
    table::ShopRow,
    time::{Day, Timestamp},
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Customers looked at for each name.
const FOUND: u32 = 20;

/// A step of the opening that can be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpeningStep {
    /// Goods and phones.
    Stock,
    /// What customers owed.
    Dues,
    /// What suppliers were owed.
    Bills,
}

/// Goods of one row; `product` where the list has it already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpeningGoods {
    /// Which product, if it is known.
    pub product: Option<ProductId>,
    /// What a new one is called and so on.
    pub fields: ProductFields,
    /// Pieces on the shelf, where said.
    pub quantity: Option<Quantity>,
    /// Price of one, where said.
    pub price: Option<Paisa>,
    /// Cost of one, where said.
    pub cost: Option<Paisa>,
}

impl OpeningGoods {
    /// A product that is known, of which nothing new is said.
    pub fn of(product: ProductId) -> Self {
        Self { product: Some(product), ..Self::default() }
    }

    /// Its product, with the records that make or price it.
    pub(super) fn product(&self, now: Timestamp, drafts: &mut Vec<Draft>) -> Result<ProductId, StorageError> {
        let id = self.product.unwrap_or_else(|| fresh_id(now));
        if self.product.is_none() {
            let row = Product { id, base_version: None, fields: self.fields.clone() };
            drafts.push(Draft::new(Stream::Tenant, "product", &row)?);
        }
        // What goods cost stands with the goods; only where none are there it needs a price of its own.
        let cost = self.cost.filter(|_| self.quantity.is_none());
        for (kind, price) in [(PriceKind::Retail, self.price), (PriceKind::Cost, cost)] {
            let Some(price) = price else { continue };
            drafts.push(Draft::new(
                Stream::Tenant,
                "price",
                &Price { product: id, shop: None, kind, price, from: now },
            )?);
        }
        Ok(id)
    }
}

fn fresh_id<T>(now: Timestamp) -> dukandar_core::id::Id<T> {
    dukandar_core::id::Id::fresh(now.0.unsigned_abs(), &mut clock::entropy())
}

/// Noon of a day, but never later than now.
fn at(since: Option<Day>, shop: &ShopRow) -> Timestamp {
    let now = clock::now();
    since.map_or(now, |day| Timestamp((day.start(shop.zone).0 + 12 * 3_600_000).min(now.0)))
}

impl AppState {
    fn opening_shop(self) -> Result<ShopRow, Problem> {
        untrack(|| self.writing_shop()).ok_or(Problem::NoShop)
    }

    /// Takes goods over: they lie on the shelf from now on, bought from nobody.
    pub async fn take_over(self, goods: Vec<OpeningGoods>) -> Result<(), Problem> {
        let (shop, now) = (self.opening_shop()?.id, clock::now());
        let (mut drafts, mut lines) = (Vec::new(), Vec::new());
        for it in goods {
            let product = it.product(now, &mut drafts)?;
            if let Some(quantity) = it.quantity {
                lines.push(StockLine { product, units: Vec::new(), quantity, unit_cost: it.cost });
            }
        }
        if !lines.is_empty() {
            drafts.push(receipt(shop, now, lines)?);
        }
        self.write(drafts).await
    }

    /// The customer of this very phone, or, where none is said, of this very name.
    async fn known_customer(self, name: &str, phone: &str) -> Result<Option<CustomerId>, Problem> {
        let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
        let query = if phone.is_empty() { name } else { phone };
        let found = self.find_customers(query.to_owned(), FOUND).await?;
        let is_them = |customer: CustomerId| {
            let Some(person) = untrack(|| self.person(customer)) else { return false };
            if phone.is_empty() {
                person.name.is_some_and(|known| folded(&known) == folded(name))
            } else {
                person.phones.iter().any(|known| digits(known) == digits(phone))
            }
        };
        Ok(found.into_iter().map(|row| row.customer).find(|customer| is_them(*customer)))
    }

    /// Writes down what customers owe from before; those whom the shop knows are found by phone or name.
    pub async fn open_dues(self, rows: Vec<PastedRow>) -> Result<(), Problem> {
        let shop = self.opening_shop()?;
        let mut known: BTreeMap<(String, String), CustomerId> = BTreeMap::new();
        let mut drafts = Vec::new();
        let mut people = Vec::new();
        for row in rows {
            let key = (folded(&row.name), row.phone.clone());
            let customer = match known.get(&key) {
                Some(customer) => *customer,
                None => match self.known_customer(&row.name, &row.phone).await? {
                    Some(customer) => customer,
                    None => {
                        let (id, new, person) = self.new_customer(&row.name, &row.phone).await?;
                        drafts.extend(new);
                        people.push((id, person));
                        id
                    }
                },
            };
            known.insert(key, customer);
            drafts.push(credit_draft(&CreditEntry {
                id: fresh(),
                customer,
                shop: shop.id,
                amount: row.amount,
                sale: None,
                at: at(row.since, &shop),
                due: None,
                method: None,
                kind: CreditKind::Opening,
                undoes: None,
            })?);
        }
        self.write(drafts).await?;
        self.know(people);
        Ok(())
    }

    /// Writes down what suppliers are owed from before. Equal names are one supplier.
    pub async fn open_bills(self, rows: Vec<PastedRow>) -> Result<(), Problem> {
        let shop = self.opening_shop()?;
        let first =
            self.shops.with_untracked(|shops| shops.first().map_or(shop.id, |row| row.id)).to_string();
        let mut drafts = Vec::new();
        for row in rows {
            // Named by what it says: a second list with the same name means the same firm, on any device.
            let id = SupplierId::derived("supplier", &[&first, &folded(&row.name)]);
            let mut person = None;
            if !row.phone.is_empty() {
                let contact = Person { phones: vec![row.phone.clone()], ..Person::default() };
                let (key, sealed) = self.seal(contact).await?;
                drafts.push(key);
                person = Some(sealed);
            }
            let supplier = Supplier { id, name: row.name.clone(), person, lead_time_days: None };
            drafts.push(Draft::new(Stream::Tenant, "supplier", &supplier)?);
            drafts.push(bill_draft(&SupplierBill {
                id: fresh(),
                supplier: id,
                shop: shop.id,
                amount: row.amount,
                at: at(row.since, &shop),
                due: None,
                opening: true,
                undoes: None,
            })?);
        }
        self.write(drafts).await
    }

    /// Takes a step back: each of its entries is answered by one of the other sign. All of them stay in the journal.
    pub async fn take_opening_back(self, known: &OpeningAnswer, step: OpeningStep) -> Result<(), Problem> {
        let (shop, now) = (known.shop, clock::now());
        let mut drafts = Vec::new();
        match step {
            OpeningStep::Stock => {
                let mut receipts: BTreeMap<_, Vec<StockLine>> = BTreeMap::new();
                for it in &known.stock {
                    receipts.entry(it.receipt).or_default().push(StockLine {
                        product: it.product,
                        units: it.units.clone(),
                        quantity: -it.quantity,
                        unit_cost: it.unit_cost,
                    });
                }
                for (id, lines) in receipts {
                    let back = SupplierReceipt { id, order: None, shop, supplier: None, lines, at: now };
                    drafts.push(Draft::new(Stream::Shop(shop), "supplier_receipt", &back)?);
                }
            }
            OpeningStep::Dues => {
                for it in &known.dues {
                    drafts.push(credit_draft(&CreditEntry {
                        id: fresh(),
                        customer: it.customer,
                        shop,
                        amount: -it.entry.amount,
                        sale: None,
                        // Not before what it takes back, however the clock stands.
                        at: now.max(it.entry.at),
                        due: None,
                        method: None,
                        kind: CreditKind::Opening,
                        undoes: Some(it.entry.id),
                    })?);
                }
            }
            OpeningStep::Bills => {
                for it in &known.bills {
                    drafts.push(bill_draft(&SupplierBill {
                        id: fresh(),
                        supplier: it.supplier,
                        shop,
                        amount: -it.amount,
                        at: now,
                        due: None,
                        opening: true,
                        undoes: Some(it.id),
                    })?);
                }
            }
        }
        self.write(drafts).await
    }

    /// Says that the opening is complete, or that it is not.
    pub async fn opening_done(self, shop: ShopId, done: bool) -> Result<(), Problem> {
        let value = if done { serde_json::Value::Bool(true) } else { serde_json::Value::Null };
        let row = FeedRow {
            feed: OPENING_FEED.to_owned(),
            day: untrack(|| self.today()),
            name: shop.to_string(),
            value,
            source: "shop".to_owned(),
            at: clock::now(),
        };
        self.write(vec![Draft::new(Stream::Tenant, "feed_row", &row)?]).await
    }
}

fn receipt(shop: ShopId, at: Timestamp, lines: Vec<StockLine>) -> Result<Draft, StorageError> {
    let receipt = SupplierReceipt { id: fresh(), order: None, shop, supplier: None, lines, at };
    Draft::new(Stream::Shop(shop), "supplier_receipt", &receipt)
}

fn bill_draft(bill: &SupplierBill) -> Result<Draft, StorageError> {
    Draft::new(Stream::Shop(bill.shop), "supplier_bill", bill)
}
