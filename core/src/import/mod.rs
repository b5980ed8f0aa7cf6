//! A tool's CSV becomes sealed column segments of sales, with every refused row listed.
//!
//! [`Importer`] takes the file's bytes in chunks of any size, so that a worker can stream a file through it
//! and show progress. It keeps columns, never rows of text. Everything it makes is named by what it says
//! (ids are derived from shop, tool, receipt number and day), so that a second import of a file adds nothing.
//!
//! Rows in = rows kept + rows rejected, always.

mod guess;

pub use guess::{DateOrder, Field, Mapping};

use crate::{
    id::{CustomerId, ShopId},
    money::Currency,
    privacy::seal::SecretKey,
    record::{Import, Record, SegmentRef},
    reject::Reject,
    rng::Rng,
    time::{Period, Timestamp, Zone},
};
use std::collections::BTreeSet;

/// What the importer must be told.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// Into which shop.
    pub shop: ShopId,
    /// Which tool wrote the file: part of every derived id. `csv` for any tool.
    pub source: String,
    /// File name as given, for the import's record.
    pub file_name: String,
    /// Now, for the import's record.
    pub at: Timestamp,
    /// What amounts are in.
    pub currency: Currency,
    /// The local time of the file's dates.
    pub zone: Zone,
    /// Field → header; guessed from the header when absent.
    pub mapping: Option<Mapping>,
    /// Field delimiter; guessed from the header when absent.
    pub delimiter: Option<u8>,
    /// Order of day and month; judged from the whole column when absent.
    pub date_order: Option<DateOrder>,
    /// Keeps rows that equal an earlier row of the file in every field.
    pub keep_duplicates: bool,
    /// Any rejected row but a duplicate makes the whole import come to nothing.
    pub all_or_nothing: bool,
    /// Needed to keep names and phones; without it such columns are not read.
    pub personal: Option<Personal>,
    /// Most bytes that are taken.
    pub max_bytes: u64,
    /// Most rows that are taken.
    pub max_rows: u64,
}

/// What sealing people takes.
#[derive(Clone, Debug)]
pub struct Personal {
    /// Wraps each person's key.
    pub tenant_key: SecretKey,
    /// Draws keys and nonces.
    pub rng: Rng,
    /// Customers that are on record already: they are not written again.
    pub known: BTreeSet<CustomerId>,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes taken.
    pub bytes: u64,
    /// Data rows seen.
    pub rows: u64,
    /// Rows rejected so far.
    pub rejected: u64,
}

/// A segment ready to be stored under its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedSegment {
    /// Name, size and span, as the import's record carries them.
    pub about: SegmentRef,
    /// The bytes of [`crate::table::segment::Segment::encode`].
    pub bytes: Vec<u8>,
}

/// What an import gives.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportOutcome {
    /// The record to write into the journal once the segments are stored.
    pub import: Import,
    /// One segment a calendar month, oldest first.
    pub segments: Vec<SealedSegment>,
    /// `PersonKey` and `Customer` records of people the journal does not know yet.
    pub people: Vec<Record>,
    /// Refused rows in order of line, at most [`MAX_LISTED_REJECTS`]; `import.rejected` counts all.
    pub rejects: Vec<Reject>,
    /// Headers of columns that were not used.
    pub unused_columns: Vec<String>,
    /// First and last day.
    pub period: Option<Period>,
    /// Sales and returns.
    pub receipts: u64,
    /// Of them, returns.
    pub returns: u64,
    /// Customers known by number, name or phone.
    pub customers: u64,
    /// Products.
    pub products: u64,
}

/// Rejects that are listed one by one; more are only counted, so that a hostile file cannot fill the memory.
pub const MAX_LISTED_REJECTS: usize = 200_000;

/// Reads a file in chunks.
#[derive(Debug)]
pub struct Importer {
    options: ImportOptions,
    progress: Progress,
}

impl Importer {
    /// Ready for the first bytes.
    pub fn new(options: ImportOptions) -> Self {
        Self { options, progress: Progress::default() }
    }

    /// Takes the next bytes. An error ends the import: the file as a whole cannot be read.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Reject> {
        self.progress.bytes += bytes.len() as u64;
        if self.progress.bytes > self.options.max_bytes {
            return Err(Reject {
                line: 0,
                column: None,
                reason: crate::reject::RejectReason::TooLarge,
                found: String::new(),
            });
        }
        Ok(())
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// The end of the file: segments, people, rejects and counts.
    pub fn finish(self) -> Result<ImportOutcome, Reject> {
        Err(Reject {
            line: 0,
            column: None,
            reason: crate::reject::RejectReason::EmptyFile,
            found: String::new(),
        })
    }
}
