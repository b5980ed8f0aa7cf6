//! Goods: new products, prices, counts.

use super::{AppState, Problem};
use crate::{
    effect::{
        clock,
        journal::{self, Append, Draft},
    },
    message::ToWorker,
};
use dukandar_core::{
    id::{DocumentId, ProductId},
    money::Paisa,
    quantity::Quantity,
    record::{Count, CountLine, Price, PriceKind, Product, ProductFields},
    sync::event::Stream,
};
use leptos::prelude::untrack;

/// A product as entered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewProduct {
    /// Name, code, category and so on; the name is needed.
    pub fields: ProductFields,
    /// Retail price.
    pub price: Option<Paisa>,
    /// What one costs.
    pub cost: Option<Paisa>,
    /// Pieces on the shelf of the branch that is written to.
    pub on_hand: Option<Quantity>,
}

impl AppState {
    /// Writes records: durable when this returns. Figures follow by themselves.
    pub(super) async fn write(self, drafts: Vec<Draft>) -> Result<(), Problem> {
        let db = self.inner().db()?;
        journal::append(&db, Append::RECORDS, |_, _| Ok((drafts, ()))).await?;
        self.journal_changed();
        Ok(())
    }

    /// Tells worker and other tabs that there is something new.
    pub(super) fn journal_changed(self) {
        let inner = self.inner();
        if let Some(port) = inner.port() {
            port.post(&ToWorker::JournalChanged, None);
        }
        if let Some(tabs) = inner.tabs.borrow().as_ref() {
            tabs.tell();
        }
        self.ask_persistence();
    }

    /// Adds a product with its price, cost and stock.
    pub async fn add_product(self, new: NewProduct) -> Result<ProductId, Problem> {
        let name = new.fields.name.as_deref().unwrap_or_default().trim();
        if name.is_empty() {
            return Err(Problem::Invalid { field: "name", expected: "the product's name" });
        }
        if new.price.is_some_and(|price| price < Paisa::ZERO)
            || new.cost.is_some_and(|cost| cost < Paisa::ZERO)
        {
            return Err(Problem::Invalid { field: "price", expected: "a price of zero or more" });
        }
        let shop = untrack(|| self.writing_shop()).ok_or(Problem::NoShop)?;
        let (now, mut rng) = (clock::now(), clock::entropy());
        let product = ProductId::fresh(now.0.unsigned_abs(), &mut rng);
        let row = Product { id: product, base_version: None, fields: new.fields };
        let mut drafts = vec![Draft::new(Stream::Tenant, "product", &row)?];
        for (kind, price) in [(PriceKind::Retail, new.price), (PriceKind::Cost, new.cost)] {
            let Some(price) = price else { continue };
            let price = Price { product, shop: None, kind, price, from: now };
            drafts.push(Draft::new(Stream::Tenant, "price", &price)?);
        }
        if let Some(counted) = new.on_hand {
            let line = CountLine { product, expected: Quantity::ZERO, counted };
            let id = DocumentId::fresh(now.0.unsigned_abs(), &mut rng);
            let count = Count { id, shop: shop.id, lines: vec![line], at: now };
            drafts.push(Draft::new(Stream::Shop(shop.id), "count", &count)?);
        }
        self.write(drafts).await?;
        Ok(product)
    }

    /// Changes fields of a product; `None` fields stay as they are.
    pub async fn edit_product(self, product: ProductId, fields: ProductFields) -> Result<(), Problem> {
        let row = Product { id: product, base_version: None, fields };
        self.write(vec![Draft::new(Stream::Tenant, "product", &row)?]).await
    }

    /// Sets a price from now on, in all branches.
    pub async fn set_price(self, product: ProductId, kind: PriceKind, price: Paisa) -> Result<(), Problem> {
        if price < Paisa::ZERO {
            return Err(Problem::Invalid { field: "price", expected: "a price of zero or more" });
        }
        let price = Price { product, shop: None, kind, price, from: clock::now() };
        self.write(vec![Draft::new(Stream::Tenant, "price", &price)?]).await
    }

    /// Writes down what was counted on the shelf of the branch that is written to.
    pub async fn count_stock(self, lines: Vec<CountLine>) -> Result<(), Problem> {
        let shop = untrack(|| self.writing_shop()).ok_or(Problem::NoShop)?;
        if lines.iter().any(|line| line.counted < Quantity::ZERO) {
            return Err(Problem::Invalid { field: "counted", expected: "zero or more pieces" });
        }
        let now = clock::now();
        let id = DocumentId::fresh(now.0.unsigned_abs(), &mut clock::entropy());
        let count = Count { id, shop: shop.id, lines, at: now };
        self.write(vec![Draft::new(Stream::Shop(shop.id), "count", &count)?]).await
    }
}
