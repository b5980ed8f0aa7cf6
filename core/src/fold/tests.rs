//! The fold by example: what a sale takes from a shelf, and tables after one more sale.

#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::{Fold, Order};
use crate::{
    id::{DocumentId, EventId, ProductId, SaleId, ShopId},
    money::{Currency, Paisa},
    quantity::Quantity,
    record::{Payment, PaymentMethod, Record, Sale, SaleLine, StockLine, SupplierReceipt},
    sync::event::Stream,
    table::{
        NONE, ReceiptKind,
        segment::{Segment, SegmentProduct},
    },
    time::{Timestamp, Zone},
};

const SHOP: ShopId = ShopId::from_u128(1);
const PRODUCT: ProductId = ProductId::from_u128(2);
const DAY_MS: i64 = 86_400_000;

/// Adds a record at the next place of the shop's stream.
fn add(fold: &mut Fold, version: u64, record: Record) {
    let order = Order::Confirmed { version, stream: Stream::Shop(SHOP) };
    fold.record(EventId::from_u128(u128::from(version)), order, record);
}

fn sale(number: u128, at: Timestamp, pieces: i64) -> Record {
    let amount = Paisa::rupees(10 * pieces);
    Record::Sale(Sale {
        id: SaleId::from_u128(number),
        shop: SHOP,
        number: number.to_string(),
        at,
        zone: Zone::KARACHI,
        customer: None,
        staff: None,
        lines: vec![SaleLine {
            product: PRODUCT,
            units: vec![],
            quantity: Quantity::pieces(pieces),
            unit_price: Paisa::rupees(10),
            discount: Paisa::ZERO,
            amount,
            unit_cost: None,
        }],
        payments: vec![Payment { method: PaymentMethod::Cash, amount, tendered: None }],
        approval: None,
    })
}

fn goods(at: Timestamp, pieces: i64) -> Record {
    let quantity = Quantity::pieces(pieces);
    Record::SupplierReceipt(SupplierReceipt {
        id: DocumentId::from_u128(3),
        order: None,
        shop: SHOP,
        supplier: None,
        lines: vec![StockLine { product: PRODUCT, units: vec![], quantity, unit_cost: None }],
        at,
    })
}

fn on_hand(fold: &mut Fold) -> Option<Quantity> {
    fold.tables().on_hand(None, 0)
}

#[test]
fn a_sale_from_a_clock_years_behind_takes_from_the_shelf() {
    let mut fold = Fold::default();
    add(&mut fold, 1, goods(Timestamp(20_000 * DAY_MS), 10));
    add(&mut fold, 2, sale(1, Timestamp(0), 3));
    assert_eq!(on_hand(&mut fold), Some(Quantity::pieces(7)));
    // Appended, not rebuilt: newer than the last one, and still before the goods came by its clock.
    add(&mut fold, 3, sale(2, Timestamp(DAY_MS), 2));
    assert_eq!(on_hand(&mut fold), Some(Quantity::pieces(5)));
}

#[test]
fn a_sale_written_before_the_first_goods_takes_nothing_whatever_its_clock_says() {
    let mut fold = Fold::default();
    add(&mut fold, 1, sale(1, Timestamp(30_000 * DAY_MS), 3));
    add(&mut fold, 2, goods(Timestamp(20_000 * DAY_MS), 10));
    assert_eq!(on_hand(&mut fold), Some(Quantity::pieces(10)));
}

#[test]
fn a_sale_that_the_server_places_before_the_first_goods_gives_back_what_it_took() {
    let mut fold = Fold::default();
    let Record::Sale(mine) = sale(1, Timestamp(20_001 * DAY_MS), 3) else { unreachable!("a sale was made") };
    add(&mut fold, 5, goods(Timestamp(20_000 * DAY_MS), 10));
    let (id, stream) = (EventId::from_u128(99), Stream::Shop(SHOP));
    let pending = Order::Pending {
        device: crate::id::DeviceId::from_u128(1),
        epoch: crate::id::EpochId::from_u128(1),
        seq: 1,
    };
    fold.record(id, pending, Record::Sale(mine.clone()));
    assert_eq!(on_hand(&mut fold), Some(Quantity::pieces(7)));
    fold.record(id, Order::Confirmed { version: 4, stream }, Record::Sale(mine));
    assert_eq!(on_hand(&mut fold), Some(Quantity::pieces(10)));
}

#[test]
fn an_imported_past_takes_nothing_from_a_shelf_that_was_counted_later() {
    let mut segment = Segment::empty(SHOP, Currency::PKR, Zone::KARACHI);
    segment.products.push(SegmentProduct { id: PRODUCT, sku: None, name: None, category: None, brand: None });
    for (number, day) in [(1, 10_000), (2, 20_001)] {
        segment.id.push(SaleId::from_u128(number));
        segment.at.push(Timestamp(day * DAY_MS));
        segment.kind.push(ReceiptKind::Sale);
        segment.customer.push(NONE);
        segment.number.push(number.to_string());
        segment.product.push(0);
        segment.quantity.push(Quantity::pieces(4));
        segment.unit_price.push(Paisa::rupees(10));
        segment.amount.push(Paisa::rupees(40));
        segment.first_line.push(segment.product.len() as u32);
    }
    let mut fold = Fold::default();
    fold.segment(segment);
    add(&mut fold, 1, goods(Timestamp(20_000 * DAY_MS), 10));
    assert_eq!(on_hand(&mut fold), Some(Quantity::pieces(6)), "only the sale of the day after");
}

#[test]
fn one_more_sale_gives_the_tables_that_all_together_give() {
    let records = [goods(Timestamp(0), 10), sale(1, Timestamp(DAY_MS), 1), sale(2, Timestamp(2 * DAY_MS), 2)];
    let (mut step_by_step, mut at_once) = (Fold::default(), Fold::default());
    for (version, record) in (1..).zip(&records) {
        add(&mut step_by_step, version, record.clone());
        step_by_step.tables();
        add(&mut at_once, version, record.clone());
    }
    assert_eq!(step_by_step.tables(), at_once.tables());
    assert_eq!(at_once.tables().cash.iter().map(|row| row.amount).sum::<Paisa>(), Paisa::rupees(30));
}
