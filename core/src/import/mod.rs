//! A tool's CSV becomes sealed column segments of sales, with every refused row listed.
//!
//! [`Importer`] takes the file's bytes in chunks of any size, so that a worker can stream a file through it
//! and show progress. It keeps columns, never rows of text. Everything it makes is named by what it says
//! (ids are derived from shop, tool, receipt number and day), so that a second import of a file adds nothing.
//!
//! Rows in = rows kept + rows rejected, always.

mod csv;
mod guess;
mod intern;
pub mod paste;
mod preview;
mod rows;
mod seal;
mod text;
mod value;
pub mod xlsx;

pub use guess::{DateOrder, Field, Mapping, correct_mapping, guess_mapping, missing_fields};
pub use preview::{Preview, PreviewRow, preview};
pub use text::{TextRow, TextTable};

use crate::{
    id::{CustomerId, ShopId},
    money::Currency,
    privacy::seal::SecretKey,
    record::{Import, Record, SegmentRef},
    reject::{Reject, RejectReason},
    rng::Rng,
    time::{Period, Timestamp, Zone},
};
use csv::{Token, Tokenizer};
use rows::{RowError, Rows};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// What the importer must be told.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// Into which shop.
    pub shop: ShopId,
    /// Which tool wrote the file: part of every derived id. `csv` for any tool.
    pub source: String,
    /// File name as given, for the import's record.
    pub file_name: String,
    /// SHA-256 of the file as it was chosen, where the caller has it (a browser hashes with the processor's own
    /// instructions, many times faster than wasm). Absent: of the text, taken as it passes.
    pub file_sha256: Option<String>,
    /// Now, for the import's record.
    pub at: Timestamp,
    /// What amounts are in.
    pub currency: Currency,
    /// The local time of the file's dates.
    pub zone: Zone,
    /// Field → header, all of it; guessed from the header when absent.
    pub mapping: Option<Mapping>,
    /// Field → header where the guess is wrong.
    pub corrections: Mapping,
    /// Field delimiter; guessed from the header when absent.
    pub delimiter: Option<u8>,
    /// Order of day and month; judged from the whole column when absent.
    pub date_order: Option<DateOrder>,
    /// Keeps rows that equal an earlier row of the file in every field.
    pub keep_duplicates: bool,
    /// Any rejected row but a duplicate makes the whole import come to nothing: no segments, no people, and
    /// nothing kept; the rejects say why.
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

/// Bytes that are looked at before the delimiter is chosen.
const HEAD: usize = 64 * 1024;

impl ImportOptions {
    /// Everything guessed, duplicates held back, good rows kept.
    pub fn new(shop: ShopId, file_name: &str, at: Timestamp, currency: Currency, zone: Zone) -> Self {
        Self {
            shop,
            source: "csv".to_owned(),
            file_name: file_name.to_owned(),
            file_sha256: None,
            at,
            currency,
            zone,
            mapping: None,
            corrections: Mapping::new(),
            delimiter: None,
            date_order: None,
            keep_duplicates: false,
            all_or_nothing: false,
            personal: None,
            max_bytes: 512 << 20,
            max_rows: 5_000_000,
        }
    }
}

/// Field → position of its column.
#[derive(Clone, Debug, Default)]
struct Columns {
    index: BTreeMap<Field, usize>,
    /// The same as an array, for the inner loop.
    by_field: [Option<usize>; 17],
}

impl Columns {
    fn of(&self, field: Field) -> Option<usize> {
        self.by_field[field as usize]
    }
}

/// The first lines of a file: how it is written and what its columns mean.
struct Header {
    delimiter: u8,
    /// Bytes of the header with its line end, and of a byte-order mark before it.
    length: usize,
    lines: u64,
    names: Vec<String>,
}

fn whole_file(reason: RejectReason, column: Option<Field>, found: &[u8]) -> Reject {
    Reject { line: 0, column: column.map(|field| field.name().to_owned()), reason, found: shown(found) }
}

/// At most 80 characters of what stood there.
fn shown(found: &[u8]) -> String {
    let text = String::from_utf8_lossy(found.get(..400).unwrap_or(found));
    text.chars().filter(|character| !character.is_control()).take(80).collect()
}

/// Reads the header at the start of a file.
fn read_header(head: &[u8], delimiter: Option<u8>) -> Result<Header, Reject> {
    for (magic, name) in [(&b"PK\x03\x04"[..], "a zip archive or workbook"), (&[0x1f, 0x8b][..], "gzip")] {
        if head.starts_with(magic) {
            return Err(whole_file(RejectReason::NotText, None, name.as_bytes()));
        }
    }
    if head.starts_with(b"%PDF") {
        return Err(whole_file(RejectReason::Pdf, None, b"PDF"));
    }
    if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(xlsx::of_old_kind(head));
    }
    let wide = |bytes: &[u8]| {
        let zeros =
            |parity: usize| bytes.iter().skip(parity).step_by(2).take(200).filter(|b| **b == 0).count();
        bytes.len() > 3 && (zeros(0) > bytes.len().min(400) / 5) != (zeros(1) > bytes.len().min(400) / 5)
    };
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) || wide(head) {
        return Err(whole_file(RejectReason::NotUtf8, None, b"UTF-16"));
    }
    if head.contains(&0) {
        return Err(whole_file(RejectReason::NotText, None, b"bytes of value 0"));
    }
    let mark = if head.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
    let blank = head[mark..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r' | b' ' | b'\t')).count();
    let before = head[mark..mark + blank].iter().filter(|byte| **byte == b'\n').count() as u64;
    // Leading tabs may be empty header fields: only whole blank lines are skipped.
    let blank = head[mark..mark + blank].iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    let text = &head[mark + blank..];
    if text.trim_ascii().is_empty() {
        return Err(whole_file(RejectReason::EmptyFile, None, b""));
    }
    let delimiter = delimiter.unwrap_or_else(|| csv::sniff_delimiter(text));
    let mut tokens = Tokenizer::new(delimiter);
    match tokens.next(text, true) {
        Token::Record { length, lines, .. } => {
            let name = |index| String::from_utf8_lossy(tokens.field(text, index)).into_owned();
            let names = (0..tokens.len()).map(name).collect();
            Ok(Header { delimiter, length: mark + blank + length, lines: before + lines, names })
        }
        Token::Incomplete | Token::Unclosed { .. } => {
            let first_line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
            let found = shown(first_line);
            Err(Reject { line: before + 1, column: None, reason: RejectReason::UnclosedQuote, found })
        }
    }
}

/// Positions of the mapped headers; names what is missing.
fn columns(names: &[String], mapping: &Mapping) -> Result<Columns, Reject> {
    let found = names.join(" | ");
    let missing = |column: String| Reject {
        line: 1,
        column: Some(column),
        reason: RejectReason::MissingColumn,
        found: shown(found.as_bytes()),
    };
    if let Some(field) = missing_fields(mapping).first() {
        let name = match field {
            Field::Sku => "sku or name",
            Field::Price => "price or amount",
            other => other.name(),
        };
        return Err(missing(name.to_owned()));
    }
    let mut columns = Columns::default();
    for (&field, header) in mapping {
        let index = names
            .iter()
            .position(|name| name == header)
            .or_else(|| names.iter().position(|name| name.trim().eq_ignore_ascii_case(header.trim())));
        let index = index.ok_or_else(|| missing(header.clone()))?;
        columns.index.insert(field, index);
        columns.by_field[field as usize] = Some(index);
    }
    Ok(columns)
}

/// Reads a file in chunks.
#[derive(Debug)]
pub struct Importer {
    options: ImportOptions,
    progress: Progress,
    hash: Sha256,
    /// Bytes that do not make a whole record yet.
    buffer: Vec<u8>,
    /// None while the header has not been read.
    body: Option<Body>,
    /// 1-based line at the start of `buffer`.
    line: u64,
    rows: Rows,
    rejects: Vec<Reject>,
    rejected: BTreeMap<RejectReason, u64>,
}

#[derive(Debug)]
struct Body {
    tokens: Tokenizer,
    names: Vec<String>,
    mapping: Mapping,
    columns: Columns,
}

impl Importer {
    /// Ready for the first bytes.
    pub fn new(options: ImportOptions) -> Self {
        Self {
            options,
            progress: Progress::default(),
            hash: Sha256::new(),
            buffer: Vec::new(),
            body: None,
            line: 1,
            rows: Rows::default(),
            rejects: Vec::new(),
            rejected: BTreeMap::new(),
        }
    }

    /// Takes the next bytes. An error ends the import: the file as a whole cannot be read.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Reject> {
        self.progress.bytes += bytes.len() as u64;
        if self.progress.bytes > self.options.max_bytes {
            let most = format!("more than {} MB", self.options.max_bytes >> 20);
            return Err(whole_file(RejectReason::TooLarge, None, most.as_bytes()));
        }
        if self.options.file_sha256.is_none() {
            self.hash.update(bytes);
        }
        self.buffer.extend_from_slice(bytes);
        if self.body.is_none() && self.buffer.len() < HEAD {
            return Ok(());
        }
        self.read_records(false)
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        Progress { rejected: self.rejected.values().sum(), ..self.progress }
    }

    /// The end of the file: segments, people, rejects and counts.
    pub fn finish(mut self) -> Result<ImportOutcome, Reject> {
        self.read_records(true)?;
        if self.progress.rows == 0 {
            return Err(whole_file(RejectReason::EmptyFile, None, b"a header without rows"));
        }
        seal::outcome(self)
    }

    fn start(&mut self) -> Result<Body, Reject> {
        let header = read_header(&self.buffer, self.options.delimiter)?;
        let mapping = match self.options.mapping.take() {
            Some(mapping) => mapping,
            None => correct_mapping(guess_mapping(&header.names), &self.options.corrections),
        };
        let columns = columns(&header.names, &mapping)?;
        self.line += header.lines;
        self.buffer.drain(..header.length);
        Ok(Body { tokens: Tokenizer::new(header.delimiter), names: header.names, mapping, columns })
    }

    /// Takes every whole record out of the buffer; `last` says that no more bytes come.
    fn read_records(&mut self, last: bool) -> Result<(), Reject> {
        let mut body = match self.body.take() {
            Some(body) => body,
            None => self.start()?,
        };
        let buffer = std::mem::take(&mut self.buffer);
        let mut at = 0;
        while at < buffer.len() {
            let rest = &buffer[at..];
            match body.tokens.next(rest, last) {
                Token::Record { length, text, lines, ended } => {
                    self.record(&body, rest, text, ended)?;
                    at += length;
                    self.line += lines;
                }
                Token::Unclosed { quote } => at += self.unclosed(rest, quote)?,
                Token::Incomplete if rest.len() > csv::MAX_RECORD => {
                    let mut reject = whole_file(RejectReason::NotText, None, rest);
                    reject.line = self.line;
                    return Err(reject);
                }
                Token::Incomplete => break,
            }
        }
        self.buffer = buffer;
        self.buffer.drain(..at);
        self.body = Some(body);
        Ok(())
    }

    fn record(&mut self, body: &Body, rest: &[u8], text: usize, ended: bool) -> Result<(), Reject> {
        if rest[..text].trim_ascii().is_empty() {
            return Ok(());
        }
        self.count_row()?;
        let (fields, expected) = (body.tokens.len(), body.names.len());
        let surplus_empty = || (expected..fields).all(|index| body.tokens.field(rest, index).is_empty());
        let result = if fields < expected && !ended {
            Err(RowError { field: None, reason: RejectReason::HalfRow })
        } else if fields < expected || (fields > expected && !surplus_empty()) {
            Err(RowError { field: None, reason: RejectReason::WrongFieldCount })
        } else {
            self.rows.take(rest, text, &body.tokens, &body.columns, &self.options, self.line)
        };
        if let Err(RowError { field, reason }) = result {
            let index = field.and_then(|field| body.columns.of(field));
            let found = index.map_or(&rest[..text], |index| body.tokens.field(rest, index));
            let column = field.map(|field| match index {
                Some(index) => body.names[index].clone(),
                None => field.name().to_owned(),
            });
            self.reject(Reject { line: self.line, column, reason, found: shown(found) });
        }
        Ok(())
    }

    /// Gives up the line in which the quote was opened, so that one slip costs one row; says how far to go on.
    fn unclosed(&mut self, rest: &[u8], quote: usize) -> Result<usize, Reject> {
        self.count_row()?;
        let end =
            rest[quote..].iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| quote + end + 1);
        let found = shown(&rest[quote..end]);
        let line = self.line + rest[..quote].iter().filter(|byte| **byte == b'\n').count() as u64;
        self.reject(Reject { line, column: None, reason: RejectReason::UnclosedQuote, found });
        self.line = line + 1;
        Ok(end)
    }

    fn count_row(&mut self) -> Result<(), Reject> {
        self.progress.rows += 1;
        if self.progress.rows > self.options.max_rows {
            let most = format!("more than {} rows", self.options.max_rows);
            return Err(whole_file(RejectReason::TooLarge, None, most.as_bytes()));
        }
        Ok(())
    }

    fn reject(&mut self, reject: Reject) {
        *self.rejected.entry(reject.reason).or_default() += 1;
        if self.rejects.len() < MAX_LISTED_REJECTS {
            self.rejects.push(reject);
        }
    }
}
