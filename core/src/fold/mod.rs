//! Journal → tables. Equal sets of records and segments give equal tables, whatever the order, number of
//! copies or pieces they came in; tables after one more record equal those made from scratch.
//!
//! Order matters only where two records speak of the same thing (the name of a product, a customer's code):
//! there what the server confirmed later wins, and what no server has seen yet comes after that, by device
//! and sequence number.
//!
//! Stages, each a pure function of what was added: [`dimension`] (who and what), [`sales`] (columns),
//! [`stock`] (shelves), [`money`] (khata, suppliers, drawer), [`unit`] (pieces by IMEI), [`day`] (counts, expenses, services),
//! [`context`] (entered days), [`approval`] (questions to the owner), [`opening`] (what the books began with),
//! [`interaction`] (visits and what was asked for), [`settled`] (what people said of something unusual), [`decided`] (what
//! became of order suggestions). A sale that is newer than all others is
//! appended instead; the tests hold both ways equal.

mod approval;
mod context;
mod day;
mod decided;
mod digest;
mod dimension;
mod interaction;
mod lines;
mod money;
mod opening;
mod sales;
mod settled;
mod stock;
#[cfg(test)]
mod tests;
mod unit;

pub use digest::digest;
pub use lines::{SaleLineRow, lines_of_segment, sale_lines_of};
pub use opening::FEED as OPENING_FEED;
pub use stock::{StockMove, movements_of};

use crate::{
    id::{DeviceId, EpochId, EventId, SaleId},
    record::{Record, RecordError},
    reject::{Reject, RejectReason},
    sync::event::{Event, Stream},
    table::{Tables, segment::Segment},
};
use std::collections::{BTreeMap, HashSet};

/// A record's place: the server's, or that of its device while the server has not spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// Position in its stream.
    Confirmed {
        /// Version from 1.
        version: u64,
        /// The stream, to tell equal versions apart.
        stream: Stream,
    },
    /// Not yet seen by the server.
    Pending {
        /// The writing device.
        device: DeviceId,
        /// Its database's lifetime.
        epoch: EpochId,
        /// Position within it.
        seq: u64,
    },
}

impl Order {
    /// The place of an event: `version` as confirmed by the server, or none yet.
    pub fn of(event: &Event, version: Option<u64>) -> Self {
        match version {
            Some(version) => Self::Confirmed { version, stream: event.stream },
            None => Self::Pending { device: event.device, epoch: event.epoch, seq: event.seq },
        }
    }
}

/// A record with its place and the id of its event.
struct Placed<'a> {
    id: EventId,
    order: Order,
    record: &'a Record,
}

/// Takes records and segments in any order and gives tables.
#[derive(Clone, Debug, Default)]
pub struct Fold {
    segments: Vec<Segment>,
    /// Boxed: a map's nodes stand half empty, and a record takes 250 bytes.
    records: BTreeMap<EventId, (Order, Box<Record>)>,
    unread: BTreeMap<EventId, Reject>,

    tables: Tables,
    /// Customers that became others, as of the last rebuild.
    aliases: dimension::Aliases,
    /// Sales in the tables, to see a second copy.
    sale_ids: HashSet<SaleId>,
    /// What appending to the stock needs to know.
    shelves: stock::Shelves,
    /// Cash row → its record.
    cash_ids: Vec<u128>,
    /// Sales that were added since the tables were made.
    new_sales: Vec<EventId>,
    /// What must be made anew.
    stale: Stale,
}

/// How much of the tables no longer stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Stale {
    #[default]
    Nothing,
    /// Everything but the sales columns.
    Small,
    All,
}

impl Fold {
    /// Adds a sealed segment; a segment that came before changes nothing.
    pub fn segment(&mut self, segment: Segment) {
        if !self.segments.contains(&segment) {
            self.segments.push(segment);
            self.stale = Stale::All;
        }
    }

    /// Adds an event, or moves it to its confirmed place. What cannot be read ends among the tables' rejects.
    pub fn event(&mut self, event: &Event, version: Option<u64>) {
        match event.record() {
            Ok(record) => self.record(event.id, Order::of(event, version), record),
            Err(error) => {
                let reason = match error {
                    RecordError::Unknown { .. } => RejectReason::UnknownKind,
                    RecordError::Malformed { .. } => RejectReason::Malformed,
                };
                let found = format!("{} v{} of event {}", event.kind, event.v, event.id);
                self.unread.insert(event.id, Reject { line: 0, column: None, reason, found });
                self.stale = self.stale.max(Stale::Small);
            }
        }
    }

    /// Adds a record under the id of its event. A confirmed place stands against a pending one.
    pub fn record(&mut self, id: EventId, order: Order, record: Record) {
        // Keys are no table's matter; a shop has as many of them as customers.
        if matches!(record, Record::PersonKey(_)) {
            return;
        }
        if let Some((known, _)) = self.records.get_mut(&id) {
            if order < *known {
                let before = std::mem::replace(known, order);
                match lines::Receipt::of(&record) {
                    None => self.stale_by(&record),
                    // The place of a sale matters only to shelves whose first movement lies in between. Tables
                    // that are stale are made anew in any case.
                    Some(receipt) if self.stale == Stale::Nothing => {
                        if self.shelves.move_with(&self.tables, &receipt, before, order) {
                            self.stale = Stale::Small;
                        }
                    }
                    Some(_) => {}
                }
            }
            return;
        }
        if lines::Receipt::of(&record).is_some() {
            self.new_sales.push(id);
            if matches!(&record, Record::Sale(sale) if sale.approval.is_some()) {
                // The question that it used is used now.
                self.stale = self.stale.max(Stale::Small);
            }
        } else {
            self.stale_by(&record);
        }
        self.records.insert(id, (order, Box::new(record)));
    }

    fn stale_by(&mut self, record: &Record) {
        let stale = if matches!(record, Record::CustomerMerge(_)) { Stale::All } else { Stale::Small };
        self.stale = self.stale.max(stale);
    }

    /// The tables as of everything added so far. After a new sale this appends; else it rebuilds what changed.
    pub fn tables(&mut self) -> &Tables {
        if self.stale == Stale::Nothing && !self.append_new_sales() {
            self.stale = Stale::All;
        }
        if self.stale != Stale::Nothing {
            self.rebuild();
        }
        &self.tables
    }

    /// Gives the tables away, for a caller that adds nothing more.
    pub fn into_tables(mut self) -> Tables {
        self.tables();
        self.tables
    }

    /// Sales that are newer than all others go to the end of the columns; false when that cannot be.
    fn append_new_sales(&mut self) -> bool {
        let mut new_sales = std::mem::take(&mut self.new_sales);
        let receipt_of =
            |id: &EventId| self.records.get(id).and_then(|(_, record)| lines::Receipt::of(record));
        crate::order::by_key(&mut new_sales, |id| {
            receipt_of(id).map(|receipt| (receipt.day(), receipt.at, receipt.id))
        });
        for id in new_sales {
            let Some((order, record)) = self.records.get(&id) else { return false };
            let Some(receipt) = lines::Receipt::of(record) else { return false };
            if self.sale_ids.contains(&receipt.id)
                || !sales::append(&mut self.tables, &receipt, &self.aliases)
            {
                return false;
            }
            self.sale_ids.insert(receipt.id);
            stock::append(&mut self.tables, &mut self.shelves, receipt.id, *order);
            money::append(&mut self.tables, &mut self.cash_ids, &receipt);
            unit::append(&mut self.tables.units, &receipt, &self.aliases);
            day::note(&mut self.tables.day, &receipt);
        }
        true
    }

    /// Records in their order.
    fn placed(&self) -> Vec<Placed<'_>> {
        let mut placed: Vec<_> = self.records.iter().collect();
        crate::order::by_key(&mut placed, |(id, (order, _))| (*order, **id));
        placed.into_iter().map(|(&id, (order, record))| Placed { id, order: *order, record }).collect()
    }

    fn rebuild(&mut self) {
        let sales_changed = self.stale == Stale::All || !self.new_sales.is_empty();
        self.stale = Stale::Nothing;
        self.new_sales.clear();
        let mut old = std::mem::take(&mut self.tables);
        let records = self.placed();
        let aliases = dimension::Aliases::of(&records);
        let mut tables = dimension::tables(&self.segments, &records, &aliases);
        let same_positions = tables.shops.iter().map(|row| row.id).eq(old.shops.iter().map(|row| row.id))
            && tables.products.iter().map(|row| row.id).eq(old.products.iter().map(|row| row.id))
            && tables.customers.iter().map(|row| row.id).eq(old.customers.iter().map(|row| row.id));
        if sales_changed || !same_positions {
            tables.sales = sales::columns(&tables, &self.segments, &records, &aliases);
        } else {
            tables.sales = std::mem::take(&mut old.sales);
        }
        let shelves = stock::fill(&mut tables, &records);
        let cash_ids = money::fill(&mut tables, &records, &aliases);
        tables.units = unit::fill(&records, &aliases);
        tables.day = day::book(&records);
        tables.context = context::table(&records);
        tables.approvals = approval::table(&records);
        tables.opening = opening::book(&records);
        tables.interactions = interaction::rows(&tables, &records, &aliases);
        tables.settled = settled::table(&records);
        tables.decided = decided::rows(&tables, &records);
        tables.rejects = self.unread.values().cloned().collect();
        self.sale_ids = tables.sales.id.iter().copied().collect();
        (self.tables, self.aliases) = (tables, aliases);
        (self.shelves, self.cash_ids) = (shelves, cash_ids);
    }
}
