//! Shelves: signed movements, and what lies there now.
//!
//! A shelf (shop × product) is known from its first receipt, count or other movement of stock on; what was
//! sold before that came from goods nobody wrote down and moves nothing. For a sale of this till "before" is
//! the journal's order, never a clock, which may be years behind; a sale out of an imported file has no place
//! in that order, so there its time decides. A count is the difference to what the counting device believed,
//! so that sales it had not seen yet still count.

use super::{Order, Placed, lines::Receipt};
use crate::{
    id::{DocumentId, ProductId, SaleId, ShopId, SupplierId},
    money::Paisa,
    quantity::Quantity,
    record::{PurchaseOrder, Record, StockLine, TransferLeg},
    table::{Movement, MovementCause, NONE, OpenOrderLine, Stock, Tables},
    time::Timestamp,
};
use std::collections::{BTreeMap, HashMap};

/// One signed movement as a record says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockMove {
    /// Where.
    pub shop: ShopId,
    /// What.
    pub product: ProductId,
    /// Signed change.
    pub quantity: Quantity,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub cause: MovementCause,
}

/// The movements a record makes; none for most kinds.
pub fn movements_of(record: &Record) -> Vec<StockMove> {
    let moved = |shop, at, cause, sign: i64, lines: &[StockLine]| {
        let one = |line: &StockLine| StockMove {
            shop,
            product: line.product,
            quantity: Quantity(line.quantity.0 * sign),
            at,
            cause,
        };
        lines.iter().map(one).collect()
    };
    if let Some(receipt) = Receipt::of(record) {
        let one = |line: &crate::record::SaleLine| StockMove {
            shop: receipt.shop,
            product: line.product,
            quantity: Quantity(-line.quantity.0 * receipt.sign()),
            at: receipt.at,
            cause: MovementCause::Sold,
        };
        return receipt.lines.iter().map(one).collect();
    }
    match record {
        Record::SupplierReceipt(it) => moved(it.shop, it.at, MovementCause::Received, 1, &it.lines),
        Record::Adjustment(it) => moved(it.shop, it.at, MovementCause::Adjusted, 1, &it.lines),
        Record::Transfer(it) => match it.leg {
            TransferLeg::Out => moved(it.from, it.at, MovementCause::Transferred, -1, &it.lines),
            TransferLeg::In => moved(it.to, it.at, MovementCause::Transferred, 1, &it.lines),
        },
        Record::Count(it) => (it.lines.iter())
            .map(|line| StockMove {
                shop: it.shop,
                product: line.product,
                quantity: line.counted + -line.expected,
                at: it.at,
                cause: MovementCause::Counted,
            })
            .collect(),
        Record::TradeIn(it) => vec![StockMove {
            shop: it.shop,
            product: it.product,
            quantity: Quantity::pieces(1),
            at: it.at,
            cause: MovementCause::TradedIn,
        }],
        _ => Vec::new(),
    }
}

/// Where a shelf's own movements begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// In the journal.
    order: Order,
    /// In time.
    at: Timestamp,
}

impl Known {
    /// Whether a sale at this place, or for want of one at this time, moves the shelf.
    fn is_before(self, place: Option<Order>, at: Timestamp) -> bool {
        place.map_or(self.at <= at, |place| self.order < place)
    }
}

/// What [`fill`] leaves for sales that are appended later.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelves {
    /// Movement → its record, to keep the order of equal times.
    movement_ids: Vec<u128>,
    /// Shelf → where it becomes known.
    known: Vec<Option<Known>>,
}

impl Shelves {
    /// Whether a sale that goes from one place in the journal to another moves other shelves than it did.
    pub fn move_with(&self, tables: &Tables, receipt: &Receipt<'_>, from: Order, to: Order) -> bool {
        receipt.lines.iter().any(|line| {
            let place = tables.shop(receipt.shop).zip(tables.product(line.product));
            let shelf = place.and_then(|(shop, product)| self.known[shop * tables.products.len() + product]);
            let moved = |order| shelf.is_some_and(|it| it.is_before(Some(order), receipt.at));
            moved(from) != moved(to)
        })
    }
}

/// Fills `tables.stock`.
pub(super) fn fill(tables: &mut Tables, records: &[Placed<'_>]) -> Shelves {
    let shelves = tables.shops.len() * tables.products.len();
    let mut moves: Vec<(u128, u32, Movement)> = Vec::new();
    let mut known: Vec<Option<Known>> = vec![None; shelves];
    for placed in records {
        if Receipt::of(placed.record).is_some() {
            continue;
        }
        for (line, it) in movements_of(placed.record).into_iter().enumerate() {
            let Some((shop, product)) = tables.shop(it.shop).zip(tables.product(it.product)) else {
                continue;
            };
            let shelf = known[shop * tables.products.len() + product]
                .get_or_insert(Known { order: placed.order, at: it.at });
            shelf.order = shelf.order.min(placed.order);
            shelf.at = shelf.at.min(it.at);
            let movement = Movement {
                at: it.at,
                shop: shop as u32,
                product: product as u32,
                quantity: it.quantity,
                cause: it.cause,
            };
            moves.push((placed.id.as_u128(), line as u32, movement));
        }
    }
    if !moves.is_empty() {
        sold(tables, records, &known, &mut moves);
    }
    moves.sort_unstable_by_key(|(id, line, movement)| (movement.at, *id, *line));

    let orders = open_orders(tables, records);
    let mut on_order = vec![Quantity::ZERO; shelves];
    for line in &orders {
        on_order[line.shop as usize * tables.products.len() + line.product as usize] += line.left;
    }
    let mut stock = Stock {
        on_hand: vec![None; shelves],
        on_order,
        orders,
        supplier: newest_supplier(tables, records),
        movements: Vec::with_capacity(moves.len()),
    };
    let mut movement_ids = Vec::with_capacity(moves.len());
    for (id, _, movement) in moves {
        let shelf =
            &mut stock.on_hand[movement.shop as usize * tables.products.len() + movement.product as usize];
        *shelf = Some(shelf.unwrap_or_default() + movement.quantity);
        stock.movements.push(movement);
        movement_ids.push(id);
    }
    tables.stock = stock;
    Shelves { movement_ids, known }
}

/// Movements by sales of shelves that were known by then.
fn sold(
    tables: &Tables,
    records: &[Placed<'_>],
    known: &[Option<Known>],
    moves: &mut Vec<(u128, u32, Movement)>,
) {
    let mut places: HashMap<SaleId, Order> = HashMap::new();
    for placed in records {
        if let Some(receipt) = Receipt::of(placed.record) {
            let place = places.entry(receipt.id).or_insert(placed.order);
            *place = placed.order.min(*place);
        }
    }
    let sales = &tables.sales;
    for receipt in 0..sales.receipts() {
        let (at, shop) = (sales.at[receipt], sales.shop[receipt]);
        let place = places.get(&sales.id[receipt]).copied();
        for (number, line) in sales.lines_of(receipt).enumerate() {
            let product = sales.product[line];
            let shelf = known[shop as usize * tables.products.len() + product as usize];
            if shelf.is_some_and(|it| it.is_before(place, at)) {
                let quantity = -sales.quantity[line];
                let movement = Movement { at, shop, product, quantity, cause: MovementCause::Sold };
                moves.push((sales.id[receipt].as_u128(), number as u32, movement));
            }
        }
    }
}

/// What each order still lacks. Further records of an order change it: their lines are added, so that a negative
/// one takes goods back; the oldest says when, where and from whom.
fn open_orders(tables: &Tables, records: &[Placed<'_>]) -> Vec<OpenOrderLine> {
    let mut heads: BTreeMap<DocumentId, &PurchaseOrder> = BTreeMap::new();
    let mut open: BTreeMap<(DocumentId, ProductId), (i64, Option<Paisa>)> = BTreeMap::new();
    for placed in records {
        let Record::PurchaseOrder(order) = placed.record else { continue };
        let head = heads.entry(order.id).or_insert(order);
        if order.at < head.at {
            *head = order;
        }
        for line in &order.lines {
            let (left, cost) = open.entry((order.id, line.product)).or_insert((0, None));
            *left += line.quantity.0;
            *cost = cost.or(line.unit_cost);
        }
    }
    for placed in records {
        let Record::SupplierReceipt(receipt) = placed.record else { continue };
        let Some(order) = receipt.order else { continue };
        for line in &receipt.lines {
            if let Some((left, _)) = open.get_mut(&(order, line.product)) {
                *left -= line.quantity.0;
            }
        }
    }
    let mut lines = Vec::new();
    for ((order, product), (left, unit_cost)) in open.into_iter().filter(|(_, (left, _))| *left > 0) {
        let Some(head) = heads.get(&order) else { continue };
        let Some((shop, product)) = tables.shop(head.shop).zip(tables.product(product)) else { continue };
        lines.push(OpenOrderLine {
            order,
            at: head.at,
            shop: shop as u32,
            supplier: head.supplier.map_or(NONE, |id| supplier_at(tables, id)),
            expected: head.expected,
            product: product as u32,
            left: Quantity(left),
            unit_cost,
        });
    }
    crate::order::by_key(&mut lines, |line| (line.at, line.order, line.product));
    lines
}

/// Position of a supplier, or [`NONE`].
fn supplier_at(tables: &Tables, id: SupplierId) -> u32 {
    tables.suppliers.binary_search_by_key(&id, |row| row.id).map_or(NONE, |it| it as u32)
}

/// Who delivered last, by shelf.
fn newest_supplier(tables: &Tables, records: &[Placed<'_>]) -> Vec<u32> {
    let shelves = tables.shops.len() * tables.products.len();
    let (mut newest, mut supplier) = (vec![(Timestamp(i64::MIN), 0); shelves], vec![NONE; shelves]);
    for placed in records {
        let Record::SupplierReceipt(receipt) = placed.record else { continue };
        let Some(id) = receipt.supplier else { continue };
        let position = supplier_at(tables, id);
        for line in &receipt.lines {
            let Some((shop, product)) = tables.shop(receipt.shop).zip(tables.product(line.product)) else {
                continue;
            };
            let shelf = shop * tables.products.len() + product;
            let key = (receipt.at, receipt.id.as_u128());
            if key >= newest[shelf] {
                (newest[shelf], supplier[shelf]) = (key, position);
            }
        }
    }
    supplier
}

/// Moves stock by the receipt that was just appended to the sales (the last one), from its place in the journal.
pub(super) fn append(tables: &mut Tables, shelves: &mut Shelves, sale: SaleId, place: Order) {
    let products = tables.products.len();
    let Some(receipt) = tables.sales.receipts().checked_sub(1) else { return };
    let (at, shop) = (tables.sales.at[receipt], tables.sales.shop[receipt]);
    let id = sale.as_u128();
    let (movements, ids) = (&mut tables.stock.movements, &mut shelves.movement_ids);
    // Goods may have arrived later than this sale was made: it goes to its place by (time, record).
    let mut index = movements.partition_point(|movement| movement.at < at);
    while movements.get(index).is_some_and(|movement| movement.at == at) && ids[index] < id {
        index += 1;
    }
    for line in tables.sales.lines_of(receipt) {
        let product = tables.sales.product[line];
        let shelf = shop as usize * products + product as usize;
        if !shelves.known[shelf].is_some_and(|it| it.is_before(Some(place), at)) {
            continue;
        }
        let quantity = -tables.sales.quantity[line];
        movements.insert(index, Movement { at, shop, product, quantity, cause: MovementCause::Sold });
        ids.insert(index, id);
        index += 1;
        let on_hand = &mut tables.stock.on_hand[shelf];
        *on_hand = Some(on_hand.unwrap_or_default() + quantity);
    }
}
