//! Orders on their way: what was ordered and has not arrived.
//!
//! Input: the tables' open order lines. Output: one entry an order, newest first. What is on its way counts in the
//! inventory position ([`super::reorder`]), so that the same need is not suggested twice; an order that never
//! arrives must therefore be taken back, or it hides the need.

use crate::{
    id::{DocumentId, ProductId, ShopId, SupplierId},
    money::Paisa,
    quantity::Quantity,
    table::Tables,
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};

/// An order that lacks something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenOrder {
    /// Which order.
    pub id: DocumentId,
    /// For which shop.
    pub shop: ShopId,
    /// When it was written.
    pub at: Timestamp,
    /// From whom, if said.
    pub supplier: Option<SupplierId>,
    /// The firm's name, where it is known.
    pub supplier_name: Option<String>,
    /// When it should arrive, if said.
    pub expected: Option<Day>,
    /// What has not arrived.
    pub lines: Vec<OpenLine>,
    /// Cost of that, where costs are known.
    pub cost: Paisa,
}

/// One product of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenLine {
    /// Which product.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// Pieces that have not arrived.
    pub left: Quantity,
    /// What one costs, if said.
    pub unit_cost: Option<Paisa>,
    /// IMEIs that each piece has; zero where pieces have none.
    pub imei_count: u8,
}

/// Open orders of a shop (position), or of all.
pub fn open_orders(tables: &Tables, shop: Option<usize>) -> Vec<OpenOrder> {
    let mut orders: Vec<OpenOrder> = Vec::new();
    let lines = tables.stock.orders.iter();
    for line in lines.filter(|line| shop.is_none_or(|shop| line.shop as usize == shop)) {
        let row = &tables.products[line.product as usize];
        let open = OpenLine {
            product: row.id,
            name: row.label(),
            left: line.left,
            unit_cost: line.unit_cost,
            imei_count: row.fields.imei_count.unwrap_or_default(),
        };
        let cost = line.unit_cost.and_then(|cost| line.left.times(cost)).unwrap_or_default();
        // Lines of an order stand together.
        match orders.last_mut().filter(|order| order.id == line.order) {
            Some(order) => {
                order.cost += cost;
                order.lines.push(open);
            }
            None => {
                let supplier = tables.suppliers.get(line.supplier as usize);
                orders.push(OpenOrder {
                    id: line.order,
                    shop: tables.shops[line.shop as usize].id,
                    at: line.at,
                    supplier: supplier.map(|row| row.id),
                    supplier_name: supplier.map(|row| row.name.clone()).filter(|name| !name.is_empty()),
                    expected: line.expected,
                    lines: vec![open],
                    cost,
                });
            }
        }
    }
    orders.reverse();
    orders
}
