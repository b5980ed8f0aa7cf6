//! A small file as text by column: what the lab reads before a model gets numbers.

use super::{
    csv::{Token, Tokenizer},
    read_header, shown, value,
};
use crate::{
    money::Paisa,
    reject::{Reject, RejectReason},
    time::{Day, Zone},
};

/// A CSV with its header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextTable {
    /// Column names in order.
    pub headers: Vec<String>,
    /// Rows, as many fields each as there are headers.
    pub rows: Vec<TextRow>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextRow {
    /// Line of the file.
    pub line: u64,
    /// Fields, blanks around them cut off.
    pub fields: Vec<String>,
}

impl TextTable {
    /// Reads a whole file; the first bad row ends it.
    pub fn read(bytes: &[u8]) -> Result<Self, Reject> {
        let header = read_header(bytes, None)?;
        let mut tokens = Tokenizer::new(header.delimiter);
        let (mut at, mut line) = (header.length, header.lines + 1);
        let mut rows = Vec::new();
        while at < bytes.len() {
            let rest = &bytes[at..];
            let reject = |reason, found: &[u8]| Reject { line, column: None, reason, found: shown(found) };
            let Token::Record { length, text, lines, ended } = tokens.next(rest, true) else {
                let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                return Err(reject(RejectReason::UnclosedQuote, &rest[..end]));
            };
            let found = &rest[..text];
            if !found.trim_ascii().is_empty() {
                if tokens.len() != header.names.len() {
                    let half = !ended && tokens.len() < header.names.len();
                    let reason = if half { RejectReason::HalfRow } else { RejectReason::WrongFieldCount };
                    return Err(reject(reason, found));
                }
                let field = |index| std::str::from_utf8(tokens.field(rest, index)).map(str::to_owned);
                let fields = (0..tokens.len()).map(field).collect::<Result<_, _>>();
                rows.push(TextRow {
                    line,
                    fields: fields.map_err(|_| reject(RejectReason::NotUtf8, found))?,
                });
            }
            at += length;
            line += lines;
        }
        if rows.is_empty() {
            return Err(Reject {
                line: 0,
                column: None,
                reason: RejectReason::EmptyFile,
                found: String::new(),
            });
        }
        Ok(Self { headers: header.names, rows })
    }

    /// Position of a column by its name, whatever its case.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.headers.iter().position(|header| header.trim().eq_ignore_ascii_case(name))
    }

    /// Position of a column that must be there.
    pub fn column(&self, name: &str) -> Result<usize, Reject> {
        self.find(name).ok_or_else(|| Reject {
            line: 1,
            column: Some(name.to_owned()),
            reason: RejectReason::MissingColumn,
            found: shown(self.headers.join(",").as_bytes()),
        })
    }

    /// A refusal of one field.
    pub fn refuse(&self, row: &TextRow, column: usize, reason: RejectReason) -> Reject {
        let found = shown(row.fields[column].as_bytes());
        Reject { line: row.line, column: Some(self.headers[column].clone()), reason, found }
    }

    /// An amount of money.
    pub fn paisa(&self, row: &TextRow, column: usize) -> Result<Paisa, Reject> {
        let amount = value::decimal(row.fields[column].as_bytes(), 2);
        amount.map(|(amount, _)| Paisa(amount)).map_err(|reason| self.refuse(row, column, reason))
    }

    /// A finite number in any digits, `1,250.50` too.
    pub fn number(&self, row: &TextRow, column: usize) -> Result<f64, Reject> {
        let text = &row.fields[column];
        let plain = text.parse().ok().filter(|number: &f64| number.is_finite());
        plain
            .or_else(|| value::number(text))
            .ok_or_else(|| self.refuse(row, column, RejectReason::NotANumber))
    }

    /// A day: a date with or without a time, the year first or the month by its name.
    pub fn day(&self, row: &TextRow, column: usize) -> Result<Day, Reject> {
        match value::instant(row.fields[column].as_bytes(), Zone { offset_minutes: 0 }) {
            Some((value::Date::Known(day), _)) => Ok(day),
            _ => Err(self.refuse(row, column, RejectReason::NotADate)),
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn the_first_bad_field_is_named_with_its_line() {
        let table = TextTable::read(b"id,date,amount\na,2026-11-23,1.50\n\nb,23/11/2026,x\n");
        let table = table.unwrap_or_else(|reject| panic!("{reject}"));
        let (good, bad) = (&table.rows[0], &table.rows[1]);
        assert_eq!(table.paisa(good, 2), Ok(Paisa(150)));
        assert_eq!(table.day(good, 1).map(|day| day.to_string()), Ok("2026-11-23".to_owned()));
        let refused = table.paisa(bad, 2).err().map(|reject| reject.to_string()).unwrap_or_default();
        assert!(refused.starts_with("line 4, column amount: not_a_number"), "{refused}");
        assert_eq!(table.day(bad, 1).map_err(|reject| reject.reason), Err(RejectReason::NotADate));
        assert_eq!(table.column("who").map_err(|reject| reject.reason), Err(RejectReason::MissingColumn));
        let half = TextTable::read(b"id,date\na\n").map_err(|reject| (reject.line, reject.reason));
        assert_eq!(half, Err((2, RejectReason::WrongFieldCount)));
    }
}
