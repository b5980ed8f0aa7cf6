//! What a file looks like before anything is imported: its columns, their likely meaning, and the first rows
//! with the values that would be read from them.

use super::{
    DateOrder, Field, Mapping, columns,
    csv::{Token, Tokenizer},
    guess_mapping, missing_fields, read_header,
    value::{self, Date},
};
use crate::{
    reject::{Reject, RejectReason},
    time::Zone,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The start of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// `,`, `;`, tab or `|`.
    pub delimiter: char,
    /// Column headers in order.
    pub headers: Vec<String>,
    /// The guess, or the mapping that was asked about.
    pub mapping: Mapping,
    /// Fields still needed, see [`missing_fields`].
    pub missing: Vec<Field>,
    /// Order of day and month as far as these rows tell: none when they leave it open.
    pub date_order: Option<DateOrder>,
    /// The first rows.
    pub rows: Vec<PreviewRow>,
}

/// One row as it stands and as it would be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreviewRow {
    /// Line of the file.
    pub line: u64,
    /// Text of every column.
    pub fields: Vec<String>,
    /// The value of each mapped field: `2010-12-01 08:26`, `6`, `2.55`, or why it cannot be read.
    pub values: BTreeMap<Field, Result<String, RejectReason>>,
}

/// Rows shown.
const ROWS: usize = 10;

/// Looks at the first bytes of a file (64 KB are plenty). `mapping` when the user has changed the guess.
pub fn preview(
    head: &[u8],
    mapping: Option<Mapping>,
    delimiter: Option<u8>,
    zone: Zone,
) -> Result<Preview, Reject> {
    let header = read_header(head, delimiter)?;
    let mapping = mapping.unwrap_or_else(|| guess_mapping(&header.names));
    let missing = missing_fields(&mapping);
    // Positions are shown for what is mapped, even while something is still missing.
    let positions: BTreeMap<Field, usize> = match columns(&header.names, &mapping) {
        Ok(columns) => columns.index,
        Err(reject) if missing.is_empty() => return Err(reject),
        Err(_) => (mapping.iter())
            .filter_map(|(&field, name)| Some((field, header.names.iter().position(|it| it == name)?)))
            .collect(),
    };
    let mut rows = Vec::new();
    let mut evidence = (0, 0);
    let mut tokens = Tokenizer::new(header.delimiter);
    let (mut at, mut line) = (header.length, header.lines + 1);
    // The last record of the head may be cut: it is not shown, unless it is all there is.
    while let Token::Record { length, text, lines, ended } = tokens.next(&head[at..], true) {
        if length == 0 || (!ended && !rows.is_empty()) {
            break;
        }
        let rest = &head[at..];
        let text_of =
            |index: usize| -> &[u8] { if index < tokens.len() { tokens.field(rest, index) } else { b"" } };
        if !rest[..text].trim_ascii().is_empty() {
            if let Some((Date::Open { first, second, .. }, _)) =
                positions.get(&Field::Date).and_then(|&index| value::instant(text_of(index), zone))
            {
                evidence.0 += u32::from(first > 12);
                evidence.1 += u32::from(second > 12);
            }
            if rows.len() < ROWS {
                let fields =
                    (0..tokens.len()).map(|index| String::from_utf8_lossy(text_of(index)).into_owned());
                let values =
                    positions.iter().map(|(&field, &index)| (field, shown(field, text_of(index), zone)));
                rows.push(PreviewRow { line, fields: fields.collect(), values: values.collect() });
            }
        }
        at += length;
        line += lines;
    }
    let date_order = match evidence {
        (0, 0) => None,
        (day_first, month_first) if day_first >= month_first => Some(DateOrder::DayFirst),
        _ => Some(DateOrder::MonthFirst),
    };
    let delimiter = char::from(header.delimiter);
    Ok(Preview { delimiter, headers: header.names, mapping, missing, date_order, rows })
}

/// A field's value in one plain form.
fn shown(field: Field, text: &[u8], zone: Zone) -> Result<String, RejectReason> {
    let decimal = |decimals: u32| {
        let scale = 10_i64.pow(decimals);
        let (value, _) = value::decimal(text, decimals)?;
        let sign = if value < 0 { "-" } else { "" };
        let (whole, rest) = (value.abs() / scale, value.abs() % scale);
        let digits = format!("{sign}{whole}.{rest:0width$}", width = decimals as usize);
        Ok(digits.trim_end_matches('0').trim_end_matches('.').to_owned())
    };
    match field {
        Field::Discount if let Some(share) = value::percent(text) => {
            share.map(|share| format!("{}%", share as f64 / 100.0))
        }
        Field::Quantity if !text.is_empty() => decimal(3),
        Field::Price | Field::Amount | Field::Discount | Field::Cost if !text.is_empty() => decimal(2),
        Field::Date => {
            let (date, of_day_ms) = value::instant(text, zone).ok_or(RejectReason::NotADate)?;
            let time = format!("{:02}:{:02}", of_day_ms / 3_600_000, of_day_ms / 60_000 % 60);
            Ok(match date {
                Date::Known(day) => format!("{day} {time}"),
                // The order is the whole column's matter.
                Date::Open { first, second, year } => format!("{first}/{second}/{year} {time}"),
            })
        }
        Field::Time if !text.is_empty() => {
            let of_day_ms = value::time_of_day(text).ok_or(RejectReason::NotADate)?;
            Ok(format!("{:02}:{:02}", of_day_ms / 3_600_000, of_day_ms / 60_000 % 60))
        }
        _ => std::str::from_utf8(text).map(str::to_owned).map_err(|_| RejectReason::NotUtf8),
    }
}
