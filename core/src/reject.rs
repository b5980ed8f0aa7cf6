//! What was refused, where, and what was expected. Every refusal of a row or a record ends as one of these.

use serde::{Deserialize, Serialize};

/// One refused row or field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// 1-based line of the file as an editor counts (the header is line 1); 0 for the file as a whole.
    pub line: u64,
    /// Header of the column, when one column is to blame.
    pub column: Option<String>,
    /// What is wrong.
    pub reason: RejectReason,
    /// What stood there, cut to 80 characters.
    pub found: String,
}

/// Why something was refused. The app puts it into the reader's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectReason {
    /// The file has no rows.
    EmptyFile,
    /// The bytes are not UTF-8 text (UTF-16 and others).
    NotUtf8,
    /// The bytes are an archive or another binary format.
    NotText,
    /// The file is larger than can be read here.
    TooLarge,
    /// The header lacks a column that is needed, or the delimiter is not the one expected.
    MissingColumn,
    /// The row has fewer or more fields than the header.
    WrongFieldCount,
    /// A quoted field never ends.
    UnclosedQuote,
    /// The file ends inside a row.
    HalfRow,
    /// Not a number.
    NotANumber,
    /// A number that does not fit, or is not finite.
    OutOfRange,
    /// Not a date or time of the chosen order.
    NotADate,
    /// Days and months stand in two orders in one column.
    MixedDateOrder,
    /// A price below zero.
    NegativePrice,
    /// A field that must not be empty is empty.
    Empty,
    /// Every field equals an earlier row of the file.
    DuplicateRow,
    /// The rows of one receipt contradict each other (time, customer or shop).
    ContradictsReceipt,
    /// A sale that names a product, customer or shop that does not exist.
    UnknownReference,
    /// The record's kind or version is not known here; it is kept for an upgrade.
    UnknownKind,
    /// The record does not have the shape of its kind.
    Malformed,
    /// A workbook of before 2007 (.xls).
    OldWorkbook,
    /// A workbook that only its password opens.
    LockedWorkbook,
    /// A workbook that ends too early, or of which a part is missing.
    BrokenWorkbook,
    /// A PDF.
    Pdf,
}

impl RejectReason {
    /// What was expected, in English, for the lab and the logs.
    pub fn expected(self) -> &'static str {
        match self {
            Self::EmptyFile => "a header and at least one row",
            Self::NotUtf8 => "text in UTF-8 (save as CSV UTF-8)",
            Self::NotText => "a text file, not an archive or a workbook",
            Self::TooLarge => "a file that fits this device's memory",
            Self::MissingColumn => "a header that names this column (delimiter , ; tab or |)",
            Self::WrongFieldCount => "as many fields as the header",
            Self::UnclosedQuote => "a closing quote",
            Self::HalfRow => "a whole row",
            Self::NotANumber => "a number such as 1,250.50",
            Self::OutOfRange => "a number of a size that a shop can have",
            Self::NotADate => "a date such as 2026-11-23 14:05 or 23/11/2026",
            Self::MixedDateOrder => "one order of day and month in the whole column",
            Self::NegativePrice => "a price of zero or more",
            Self::Empty => "a value",
            Self::DuplicateRow => "a row that differs from all earlier ones",
            Self::ContradictsReceipt => "one time, customer and shop for all rows of a receipt",
            Self::UnknownReference => "an id that exists",
            Self::UnknownKind => "a record kind that this version knows",
            Self::Malformed => "the fields of this record kind",
            Self::OldWorkbook => "a workbook saved as .xlsx, or CSV",
            Self::LockedWorkbook => "a workbook without a password",
            Self::BrokenWorkbook => "a whole workbook",
            Self::Pdf => "the text of the PDF, copied out of it",
        }
    }

    /// A stable name for CSV and JSON.
    pub fn name(self) -> String {
        // A unit variant always serialises to its name.
        serde_json::to_value(self)
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default()
    }
}

impl std::fmt::Display for Reject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => f.write_str("the whole file")?,
            line => write!(f, "line {line}")?,
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {} ({:?}); expected {}", self.reason.name(), self.found, self.reason.expected())
    }
}
