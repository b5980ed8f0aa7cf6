//! What the simulator's users write down.

use super::{device::Content, world::SHOP};
use dukandar_core::{
    id::{DocumentId, ImportId, ProductId, SaleId},
    money::{Currency, Paisa},
    quantity::Quantity,
    record::{
        Import, Payment, PaymentMethod, Price, PriceKind, Product, ProductFields, Record, Sale, SaleLine,
        SegmentRef, StockLine, SupplierReceipt,
    },
    rng::Rng,
    time::{Day, Period, Timestamp, Zone},
};
use std::collections::BTreeMap;

pub fn name(product: ProductId, name: &str) -> Content {
    let fields = ProductFields { name: Some(name.to_owned()), ..ProductFields::default() };
    Content::Record(Record::Product(Product { id: product, base_version: None, fields }))
}

pub fn price(product: ProductId, rupees: i64, from: Timestamp) -> Content {
    let (kind, price) = (PriceKind::Retail, Paisa::rupees(rupees));
    Content::Record(Record::Price(Price { product, shop: None, kind, price, from }))
}

pub fn sale(rng: &mut Rng, product: ProductId, at: Timestamp) -> Sale {
    let amount = Paisa::rupees(1 + rng.below(90_000) as i64);
    Sale {
        id: SaleId::fresh(at.0.unsigned_abs(), rng),
        shop: SHOP,
        number: format!("HR-1-{}", rng.below(1_000)),
        at,
        zone: Zone::KARACHI,
        customer: None,
        staff: None,
        lines: vec![SaleLine {
            product,
            units: Vec::new(),
            quantity: Quantity::pieces(1),
            unit_price: amount,
            discount: Paisa::ZERO,
            amount,
            unit_cost: None,
        }],
        payments: vec![Payment { method: PaymentMethod::Cash, amount, tendered: None }],
        approval: None,
    }
}

pub fn receipt(rng: &mut Rng, product: ProductId, at: Timestamp) -> Content {
    let pieces = Quantity::pieces(1 + rng.below(9) as i64);
    Content::Record(Record::SupplierReceipt(SupplierReceipt {
        id: DocumentId::fresh(at.0.unsigned_abs(), rng),
        order: None,
        shop: SHOP,
        supplier: None,
        lines: vec![StockLine { product, units: Vec::new(), quantity: pieces, unit_cost: None }],
        at,
    }))
}

/// An import of no rows, whose one segment must be on the server first.
pub fn import(rng: &mut Rng, number: usize, at: Timestamp) -> Content {
    let hash = format!("{number:064x}");
    let period = Period { from: Day(20_000), to: Day(20_030) };
    Content::Record(Record::Import(Import {
        id: ImportId::fresh(at.0.unsigned_abs(), rng),
        shop: SHOP,
        file_name: "sales.csv".to_owned(),
        file_sha256: hash.clone(),
        at,
        currency: Currency::PKR,
        zone: Zone::KARACHI,
        mapping: BTreeMap::new(),
        segments: vec![SegmentRef { hash, period, bytes: 0, receipts: 0, lines: 0 }],
        rows: 0,
        kept: 0,
        rejected: BTreeMap::new(),
        rounded_prices: 0,
    }))
}
