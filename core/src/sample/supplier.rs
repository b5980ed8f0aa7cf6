//! Who the sample shop buys from (invented firms), and how long they take.

use super::journal::{Journal, at};
use crate::{
    id::SupplierId,
    record::{Record, Supplier},
    sync::event::Stream,
    time::Day,
};

/// A firm that supplies the shop.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// The firm.
    pub name: &'static str,
    /// Days from order to arrival that it promises.
    pub promised_days: u16,
    /// Shortest and longest that it really takes.
    pub lead_days: (u16, u16),
    /// Weekdays on which the shop orders there (0 = Monday).
    pub order_weekdays: [u8; 2],
    /// Days until its bill is due.
    pub credit_days: i32,
}

/// By position: leading brands, value brands, Vivo to HONOR, imports, shelf accessories, covers and glass.
pub const SUPPLIERS: [Terms; 6] = [
    Terms {
        name: "Ravi Mobile Distribution",
        promised_days: 3,
        lead_days: (2, 5),
        order_weekdays: [0, 3],
        credit_days: 14,
    },
    Terms {
        name: "Indus Telecom Traders",
        promised_days: 2,
        lead_days: (1, 4),
        order_weekdays: [1, 4],
        credit_days: 10,
    },
    Terms {
        name: "Margalla Smart Devices",
        promised_days: 3,
        lead_days: (2, 6),
        order_weekdays: [0, 4],
        credit_days: 14,
    },
    Terms {
        name: "Keamari Imports, Karachi",
        promised_days: 7,
        lead_days: (6, 12),
        order_weekdays: [2, 5],
        credit_days: 7,
    },
    Terms {
        name: "Data Accessories House",
        promised_days: 4,
        lead_days: (3, 7),
        order_weekdays: [1, 5],
        credit_days: 21,
    },
    Terms {
        name: "Hall Road Cover Market",
        promised_days: 1,
        lead_days: (1, 2),
        order_weekdays: [2, 5],
        credit_days: 0,
    },
];

/// Writes the suppliers and gives their ids.
pub fn introduce(journal: &mut Journal, day: Day) -> Vec<SupplierId> {
    let mut ids = Vec::with_capacity(SUPPLIERS.len());
    for terms in &SUPPLIERS {
        let id = journal.id();
        let name = terms.name.to_owned();
        let supplier = Supplier { id, name, person: None, lead_time_days: Some(terms.promised_days) };
        journal.push(Stream::Tenant, at(day, 8 * 60 + 30), Record::Supplier(supplier));
        ids.push(id);
    }
    ids
}
