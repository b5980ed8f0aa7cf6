//! A small shop written straight into tables, for tests of features, models and decisions by hand.
//!
//! One zone (UTC), receipts of one line each unless said otherwise. It knows nothing of the journal.

use dukandar_core::{
    id::{CustomerId, DocumentId, ProductId, SaleId, ShopId, SupplierId},
    money::{Currency, Paisa},
    quantity::Quantity,
    record::{CashCause, CreditKind, ProductFields},
    table::{CashRow, CreditRow, CustomerRow, NONE, ProductRow, ReceiptKind, ShopRow, SupplierRow, Tables},
    time::{Day, Timestamp, Zone},
};

/// The zone of every shop here.
pub const UTC: Zone = Zone { offset_minutes: 0 };

/// One receipt to be: add them in any order, [`ShopTables::build`] sorts by time.
#[derive(Clone, Debug)]
struct Receipt {
    at: Timestamp,
    shop: u32,
    customer: u32,
    kind: ReceiptKind,
    lines: Vec<(u32, i64, i64)>,
}

/// Builds [`Tables`].
#[derive(Clone, Debug, Default)]
pub struct ShopTables {
    tables: Tables,
    receipts: Vec<Receipt>,
}

impl ShopTables {
    /// Shops, products and customers with ids 1, 2, 3 …; prices 100, costs 60 rupees.
    pub fn new(shops: usize, products: usize, customers: usize) -> Self {
        let mut tables = Tables::default();
        for shop in 1..=shops as u128 {
            tables.shops.push(ShopRow {
                id: ShopId::from_u128(shop),
                name: format!("shop {shop}"),
                code: format!("S{shop}"),
                city: "Lahore".into(),
                currency: Currency::PKR,
                zone: UTC,
                bargaining: None,
            });
        }
        for product in 1..=products as u128 {
            tables.products.push(ProductRow {
                id: ProductId::from_u128(product),
                fields: ProductFields { name: Some(format!("product {product}")), ..Default::default() },
                price: Some(Paisa::rupees(100)),
                cost: Some(Paisa::rupees(60)),
                floor: None,
            });
        }
        for customer in 1..=customers as u128 {
            tables.customers.push(CustomerRow {
                id: CustomerId::from_u128(customer),
                code: Some(customer.to_string()),
                person: None,
                limit: None,
            });
        }
        tables.stock.on_hand = vec![None; shops * products];
        tables.stock.on_order = vec![Quantity::ZERO; shops * products];
        tables.stock.supplier = vec![NONE; shops * products];
        Self { tables, receipts: Vec::new() }
    }

    /// The tables so far, to set what has no method here.
    pub fn tables(&mut self) -> &mut Tables {
        &mut self.tables
    }

    /// A supplier with promised and seen lead times; its position.
    pub fn supplier(&mut self, promised: Option<u16>, seen: &[u16]) -> u32 {
        let position = self.tables.suppliers.len() as u32;
        self.tables.suppliers.push(SupplierRow {
            id: SupplierId::from_u128(u128::from(position) + 1),
            name: format!("supplier {}", position + 1),
            lead_time_days: promised,
            lead_times_seen_days: seen.to_vec(),
        });
        position
    }

    /// Stock of product `product` (position) in the first shop.
    pub fn stock(&mut self, product: usize, on_hand: i64, supplier: u32) -> &mut Self {
        self.tables.stock.on_hand[product] = Some(Quantity::pieces(on_hand));
        self.tables.stock.supplier[product] = supplier;
        self
    }

    /// A sale at an hour of a day: lines are (product position, pieces, rupees for the line).
    pub fn sale_at(
        &mut self,
        day: i32,
        hour: i64,
        shop: u32,
        customer: Option<u32>,
        lines: &[(u32, i64, i64)],
    ) -> &mut Self {
        let at = Timestamp(Day(day).start(UTC).0 + hour * 3_600_000);
        let customer = customer.unwrap_or(NONE);
        self.receipts.push(Receipt { at, shop, customer, kind: ReceiptKind::Sale, lines: lines.to_vec() });
        self
    }

    /// A sale at noon in the first shop.
    pub fn sale(
        &mut self,
        day: i32,
        customer: Option<u32>,
        product: u32,
        pieces: i64,
        rupees: i64,
    ) -> &mut Self {
        self.sale_at(day, 12, 0, customer, &[(product, pieces, rupees)])
    }

    /// A return at noon in the first shop; pieces and rupees are given positive.
    pub fn refund(
        &mut self,
        day: i32,
        customer: Option<u32>,
        product: u32,
        pieces: i64,
        rupees: i64,
    ) -> &mut Self {
        self.sale(day, customer, product, -pieces, -rupees);
        if let Some(receipt) = self.receipts.last_mut() {
            receipt.kind = ReceiptKind::Return;
        }
        self
    }

    /// An entry of the khata in the first shop.
    pub fn credit(&mut self, day: i32, customer: u32, rupees: i64, due: Option<i32>) -> &mut Self {
        let at = Day(day).start(UTC);
        let due = due.map(Day);
        let id = DocumentId::from_u128(self.tables.credit.len() as u128 + 1);
        self.tables.credit.push(CreditRow {
            id,
            customer,
            shop: 0,
            amount: Paisa::rupees(rupees),
            at,
            due,
            sale: None,
            method: None,
            kind: CreditKind::Plain,
            undoes: None,
        });
        self
    }

    /// A movement of the first shop's drawer.
    pub fn cash(&mut self, day: i32, rupees: i64, counted: bool) -> &mut Self {
        let at = Day(day).start(UTC);
        let cause = (!counted).then_some(CashCause::Movement);
        self.tables.cash.push(CashRow { shop: 0, amount: Paisa::rupees(rupees), at, cause });
        self
    }

    /// The tables, receipts in the order of time.
    pub fn build(&self) -> Tables {
        let mut tables = self.tables.clone();
        let mut receipts = self.receipts.clone();
        receipts.sort_by_key(|receipt| receipt.at);
        let sales = &mut tables.sales;
        for (position, receipt) in receipts.iter().enumerate() {
            sales.id.push(SaleId::from_u128(position as u128 + 1));
            sales.at.push(receipt.at);
            sales.day.push(receipt.at.day(UTC));
            sales.shop.push(receipt.shop);
            sales.customer.push(receipt.customer);
            sales.kind.push(receipt.kind);
            sales.number.push(format!("S1-D1-{}", position + 1));
            sales.first_line.push(sales.product.len() as u32);
            for &(product, pieces, rupees) in &receipt.lines {
                sales.product.push(product);
                sales.receipt.push(position as u32);
                sales.quantity.push(Quantity::pieces(pieces));
                sales.amount.push(Paisa::rupees(rupees));
                sales.discount.push(Paisa::ZERO);
                sales.unit_cost.push(Some(Paisa::rupees(60)));
            }
        }
        sales.first_line.push(sales.product.len() as u32);
        tables
    }
}
