//! One hash of all tables: equal on every device that holds the same records.

use crate::{
    privacy::seal::to_hex,
    table::{ReceiptKind, Tables},
};
use sha2::{Digest, Sha256};

/// Lower-case hexadecimal SHA-256 over every table in its canonical order.
pub fn digest(tables: &Tables) -> String {
    let mut hash = Feed { hash: Sha256::new(), buffer: Vec::with_capacity(1 << 16) };
    // Rows are few; their JSON has fields in a fixed order.
    for rows in [
        serde_json::to_vec(&tables.shops),
        serde_json::to_vec(&tables.products),
        serde_json::to_vec(&tables.customers),
        serde_json::to_vec(&tables.suppliers),
        serde_json::to_vec(&tables.payable),
        serde_json::to_vec(&tables.day),
        serde_json::to_vec(&tables.context),
        serde_json::to_vec(&tables.approvals),
        serde_json::to_vec(&tables.opening),
        serde_json::to_vec(&tables.interactions),
        serde_json::to_vec(&tables.decided),
        serde_json::to_vec(&tables.settled),
        serde_json::to_vec(&tables.rejects),
    ] {
        // Plain structs with string keys always serialise.
        let rows = rows.unwrap_or_default();
        hash.number(rows.len() as i64);
        hash.bytes(&rows);
    }
    let sales = &tables.sales;
    hash.number(sales.receipts() as i64);
    for receipt in 0..sales.receipts() {
        hash.bytes(&sales.id[receipt].as_u128().to_le_bytes());
        hash.number(sales.at[receipt].0);
        hash.number(i64::from(sales.day[receipt].0));
        hash.number(i64::from(sales.shop[receipt]));
        hash.number(i64::from(sales.customer[receipt]));
        hash.number(i64::from(sales.kind[receipt] == ReceiptKind::Return));
        hash.number(sales.number[receipt].len() as i64);
        hash.bytes(sales.number[receipt].as_bytes());
        let lines = sales.lines_of(receipt);
        hash.number(lines.len() as i64);
        for line in lines {
            hash.number(i64::from(sales.product[line]));
            hash.number(sales.quantity[line].0);
            hash.number(sales.amount[line].0);
            hash.number(sales.discount[line].0);
            hash.number(sales.unit_cost[line].map_or(i64::MIN, |cost| cost.0));
        }
    }
    let stock = &tables.stock;
    hash.number(stock.on_hand.len() as i64);
    stock.on_hand.iter().for_each(|it| hash.number(it.map_or(i64::MIN, |quantity| quantity.0)));
    stock.on_order.iter().for_each(|it| hash.number(it.0));
    stock.supplier.iter().for_each(|it| hash.number(i64::from(*it)));
    hash.number(stock.orders.len() as i64);
    for it in &stock.orders {
        hash.bytes(&it.order.as_u128().to_le_bytes());
        hash.number(i64::from(it.product));
        hash.number(it.left.0);
    }
    hash.number(stock.movements.len() as i64);
    for it in &stock.movements {
        hash.number(it.at.0);
        hash.number(i64::from(it.shop));
        hash.number(i64::from(it.product));
        hash.number(it.quantity.0);
        hash.number(it.cause as i64);
    }
    hash.number(tables.credit.len() as i64);
    for it in &tables.credit {
        hash.number(i64::from(it.customer));
        hash.number(i64::from(it.shop));
        hash.number(it.amount.0);
        hash.number(it.at.0);
        hash.number(it.due.map_or(i64::MIN, |day| i64::from(day.0)));
        hash.bytes(&it.id.as_u128().to_le_bytes());
        hash.bytes(&it.undoes.map_or(0, |id| id.as_u128()).to_le_bytes());
        hash.number(it.kind as i64);
        hash.number(it.method.map_or(-1, |method| method as i64));
    }
    hash.number(tables.plans.len() as i64);
    for (sale, parts) in &tables.plans {
        hash.bytes(&sale.as_u128().to_le_bytes());
        hash.number(parts.len() as i64);
        for part in parts {
            hash.number(i64::from(part.due.0));
            hash.number(part.amount.0);
        }
    }
    hash.number(tables.cash.len() as i64);
    for it in &tables.cash {
        hash.number(i64::from(it.shop));
        hash.number(it.amount.0);
        hash.number(it.at.0);
        hash.number(it.cause.map_or(-1, |cause| cause as i64));
    }
    hash.number(tables.units.rows.len() as i64);
    for row in &tables.units.rows {
        // As above: plain structs always serialise.
        let row = serde_json::to_vec(row).unwrap_or_default();
        hash.number(row.len() as i64);
        hash.bytes(&row);
    }
    hash.finish()
}

/// Gathers small writes: one call of the hash for many numbers.
struct Feed {
    hash: Sha256,
    buffer: Vec<u8>,
}

impl Feed {
    fn number(&mut self, number: i64) {
        self.bytes(&number.to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= 1 << 16 {
            self.hash.update(&self.buffer);
            self.buffer.clear();
        }
    }

    fn finish(mut self) -> String {
        self.hash.update(&self.buffer);
        to_hex(&self.hash.finalize())
    }
}
