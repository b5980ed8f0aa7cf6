//! Where the generator writes: records with their instant and stream; what lies after `now` has not happened.

use crate::{
    id::{EventId, Id},
    record::Record,
    sync::event::Stream,
    time::{Day, Timestamp, Zone},
};

/// One record as it would lie in a journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Deterministic: position in the sample.
    pub id: EventId,
    /// The log it belongs to.
    pub stream: Stream,
    /// When.
    pub at: Timestamp,
    /// What.
    pub record: Record,
}

/// The generator's output while it grows.
pub struct Journal {
    now: Timestamp,
    base: u128,
    issued: u128,
    entries: Vec<(Stream, Timestamp, Record)>,
}

impl Journal {
    /// An empty journal that ends at `now`; ids count up from `base`, whose low 48 bits are free for that.
    pub fn new(now: Timestamp, base: u128) -> Self {
        Self { now, base: base & !0xffff_ffff_ffff, issued: 0, entries: Vec::new() }
    }

    /// The next id, unique in the sample whatever it names.
    pub fn id<T>(&mut self) -> Id<T> {
        self.issued += 1;
        Id::from_u128(self.base | self.issued)
    }

    /// Writes a record, unless it lies in the future.
    pub fn push(&mut self, stream: Stream, at: Timestamp, record: Record) {
        if at <= self.now {
            self.entries.push((stream, at, record));
        }
    }

    /// All records in order of time; acts of one instant keep the order in which they were written.
    pub fn finish(mut self) -> Vec<Entry> {
        crate::order::by_key(&mut self.entries, |&(_, at, _)| at);
        let first = self.base | (self.issued + 1);
        let entries = self.entries.into_iter().zip(first..);
        entries
            .map(|((stream, at, record), id)| Entry { id: EventId::from_u128(id), stream, at, record })
            .collect()
    }
}

/// The instant of a minute of a local day.
pub fn at(day: Day, minute: i64) -> Timestamp {
    Timestamp(day.start(Zone::KARACHI).0 + minute * 60_000)
}
