//! Rows pasted out of a spreadsheet, a message or another khata's statement: which column is what, and what is wrong
//! with which row.
//!
//! Question: what does the shop own, who owes it, whom does it owe, on the day the books are opened? Input: text as it
//! came from a clipboard (cells apart by tabs, else by semicolons, commas or wide gaps; a header or none; columns in any
//! order), and what the list is of. Output: [`Pasted`]: rows that can be written down, and of every other line its
//! number, what stood there and what was expected. A bad row never takes a good one with it.
//!
//! Columns are known by their headers in English, Urdu and Roman Urdu ([`header`]), else by what stands in them: words
//! are names, small numbers pieces, the larger of two amounts the price. How it fails: without a header, of two columns
//! of like numbers the first is taken for the pieces; the preview shows which.

mod header;
mod statement;
#[cfg(test)]
mod tests;

use super::{
    DateOrder,
    value::{decimal, instant},
};
use crate::{
    money::Paisa,
    quantity::Quantity,
    time::{Day, Zone},
};
use std::collections::BTreeMap;

/// What a pasted list is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasteKind {
    /// What lies on the shelves.
    Goods,
    /// What customers owe.
    Dues,
    /// What suppliers are owed.
    Suppliers,
}

/// What a column can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PasteField {
    /// Of the product, the customer, the supplier.
    Name,
    /// Telephone number.
    Phone,
    /// Product code.
    Code,
    /// Pieces.
    Quantity,
    /// Asked for one.
    Price,
    /// Paid for one.
    Cost,
    /// Owed in all.
    Amount,
    /// Of a statement: given.
    Gave,
    /// Of a statement: received.
    Got,
    /// Of a statement: owed after the entry.
    Balance,
    /// Since when.
    Date,
}

/// One row that can be written down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PastedRow {
    /// Its line in the text, from 1.
    pub line: u32,
    /// Name; of a statement that names nobody, empty.
    pub name: String,
    /// Telephone number, empty where there is none.
    pub phone: String,
    /// Product code, empty where there is none.
    pub code: String,
    /// Pieces, where said.
    pub quantity: Option<Quantity>,
    /// Price of one, where said.
    pub price: Option<Paisa>,
    /// Cost of one, where said.
    pub cost: Option<Paisa>,
    /// Owed; negative: paid ahead, or an entry of a statement that was received.
    pub amount: Paisa,
    /// Since when, where said.
    pub since: Option<Day>,
}

/// What was expected instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasteWhy {
    /// A value of this column's kind.
    Value(PasteField),
    /// A day that has come.
    Future,
    /// Each name once; it stands in this line already.
    Twice(u32),
    /// A row; this is a sum of rows.
    Sum,
    /// Given or received, so that the balance after it is the one that stands there.
    Balance,
    /// Both a name and figures.
    Columns,
}

/// A line that cannot be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasteFault {
    /// Its number, from 1.
    pub line: u32,
    /// What stood there.
    pub found: String,
    /// What was expected.
    pub why: PasteWhy,
}

/// A pasted list, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    /// What each column was taken for.
    pub columns: Vec<Option<PasteField>>,
    /// The line that names the columns, from 1; none where they were guessed.
    pub header: Option<u32>,
    /// Entries of one customer's statement instead of one row a customer.
    pub is_statement: bool,
    /// What can be written down, in order.
    pub rows: Vec<PastedRow>,
    /// What cannot.
    pub faults: Vec<PasteFault>,
}

impl Pasted {
    /// The text without the rows that were written down: the header and what is to be mended.
    pub fn left(&self, text: &str) -> String {
        let keeps =
            |number: u32| self.header == Some(number) || self.faults.iter().any(|fault| fault.line == number);
        if self.faults.is_empty() {
            return String::new();
        }
        let lines = text.lines().zip(1..).filter(|&(_, number)| keeps(number));
        lines.map(|(line, _)| line).collect::<Vec<_>>().join("\n")
    }
}

/// A line's number and its cells.
type Line = (u32, Vec<String>);

/// More pieces than a shelf holds, in thousandths; more rupees than one row is about, in paisa: slips of the finger.
const MOST_PIECES: i64 = 1_000_000_000;
const MOST_MONEY: i64 = 100_000_000_000;

/// Reads a pasted list. `today`: no debt is younger.
pub fn read(kind: PasteKind, text: &str, today: Day) -> Pasted {
    let text = text.trim_start_matches('\u{feff}');
    if kind == PasteKind::Dues
        && let Some(read) = statement::of_plain_text(text, today)
    {
        return read;
    }
    let lines = cells(text);
    let mut pasted = Pasted::default();
    let header = header::find(kind, &lines);
    let first = match header {
        Some((at, columns)) => {
            pasted.header = Some(lines[at].0);
            pasted.columns = columns;
            at + 1
        }
        None => {
            pasted.columns = header::guess(kind, &lines);
            0
        }
    };
    let has = |field| pasted.columns.contains(&Some(field));
    pasted.is_statement =
        kind == PasteKind::Dues && !has(PasteField::Name) && (has(PasteField::Gave) || has(PasteField::Got));
    if pasted.is_statement {
        statement::of_columns(&mut pasted, &lines, first, today);
        return pasted;
    }
    // Above a header stand titles; a line with several cells is a row that came too early.
    for (line, cells) in lines.iter().take(first.saturating_sub(1)).filter(|(_, cells)| cells.len() > 2) {
        pasted.faults.push(fault(*line, &cells.join(" "), PasteWhy::Columns));
    }
    let mut seen: BTreeMap<(String, String), u32> = BTreeMap::new();
    for (line, cells) in &lines[first.min(lines.len())..] {
        match row(kind, &pasted.columns, *line, cells, today) {
            Ok(row) => {
                let key = (folded(&row.name), row.phone.clone());
                match seen.get(&key) {
                    Some(&before) => {
                        pasted.faults.push(fault(*line, &row.name, PasteWhy::Twice(before)));
                    }
                    None => {
                        seen.insert(key, *line);
                        pasted.rows.push(row);
                    }
                }
            }
            Err(wrong) => pasted.faults.push(wrong),
        }
    }
    pasted
}

/// A name for comparing: case and spaces do not tell two apart.
pub fn folded(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

fn fault(line: u32, found: &str, why: PasteWhy) -> PasteFault {
    PasteFault { line, found: found.trim().to_owned(), why }
}

/// The cells of every line that holds something.
fn cells(text: &str) -> Vec<Line> {
    let has = |sign: char| text.contains(sign);
    let comma = |letter: char| letter == ',' || letter == '،';
    let split = |line: &str| -> Vec<String> {
        if has('\t') {
            line.split('\t').map(cell).collect()
        } else if has(';') {
            line.split(';').map(cell).collect()
        } else if line.contains(comma) {
            by_commas(line)
        } else {
            line.split("  ").filter(|part| !part.trim().is_empty()).map(cell).collect()
        }
    };
    let lines = text.lines().zip(1..).map(|(line, number)| (number, split(line)));
    lines.filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty())).collect()
}

fn cell(text: &str) -> String {
    let text = text.trim();
    let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.map_or(text.to_owned(), |inner| inner.replace("\"\"", "\"").trim().to_owned())
}

/// A line of comma-separated values. Where a hand typed a space after its commas, `1,500` is one number.
fn by_commas(line: &str) -> Vec<String> {
    let spaced = [", ", "، "].iter().any(|sign| line.contains(sign));
    let (mut cells, mut current, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let ends = !spaced || letters.peek().is_none_or(|next| next.is_whitespace());
        match letter {
            '"' => {
                quoted = !quoted;
                current.push(letter);
            }
            ',' | '،' if !quoted && ends => cells.push(cell(&std::mem::take(&mut current))),
            _ => current.push(letter),
        }
    }
    cells.push(cell(&current));
    cells
}

fn number(text: &str, decimals: u32, most: i64) -> Option<i64> {
    let (value, _) = decimal(text.as_bytes(), decimals).ok()?;
    (value.abs() <= most).then_some(value)
}

/// An amount with its sign; where nothing stands, or only a dash, there is none.
fn amount(text: &str) -> Result<Option<Paisa>, ()> {
    if matches!(text.trim(), "" | "-" | "–" | "—") {
        return Ok(None);
    }
    number(text, 2, MOST_MONEY).map(|paisa| Some(Paisa(paisa))).ok_or(())
}

/// A day as written; day before month where it could be either.
fn day(text: &str) -> Option<Day> {
    let utc = Zone { offset_minutes: 0 };
    instant(text.trim().as_bytes(), utc).and_then(|(date, _)| date.resolve(DateOrder::DayFirst))
}

/// Whether this is a telephone number of the country, or of another one.
fn is_phone(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let only = text.chars().all(|it| it.is_ascii_digit() || "+-() ".contains(it));
    let starts =
        text.trim_start().starts_with('+') || ["0", "92", "3"].iter().any(|it| digits.starts_with(it));
    only && starts && (10..=13).contains(&digits.len())
}

fn row(
    kind: PasteKind,
    columns: &[Option<PasteField>],
    line: u32,
    cells: &[String],
    today: Day,
) -> Result<PastedRow, PasteFault> {
    let at = |field: PasteField| -> &str {
        let place = columns.iter().position(|column| *column == Some(field));
        place.and_then(|place| cells.get(place)).map_or("", String::as_str)
    };
    let wrong = |field: PasteField| {
        let found = Some(at(field)).filter(|found| !found.is_empty()).map(str::to_owned);
        fault(line, &found.unwrap_or_else(|| cells.join(" ")), PasteWhy::Value(field))
    };
    let money = |field: PasteField| -> Result<Option<Paisa>, PasteFault> {
        let found = amount(at(field)).map_err(|()| wrong(field))?;
        if found.is_some_and(|amount| amount < Paisa::ZERO) { Err(wrong(field)) } else { Ok(found) }
    };
    let name = at(PasteField::Name).to_owned();
    if header::is_sum(&name) {
        return Err(fault(line, &cells.join(" "), PasteWhy::Sum));
    }
    let phone = at(PasteField::Phone).to_owned();
    if name.is_empty() && (kind != PasteKind::Dues || phone.is_empty()) {
        return Err(wrong(PasteField::Name));
    }
    let mut row = PastedRow { line, name, phone, ..PastedRow::default() };
    if kind == PasteKind::Goods {
        row.code = at(PasteField::Code).to_owned();
        row.quantity = match at(PasteField::Quantity) {
            "" => None,
            text => {
                let pieces = number(text, 3, MOST_PIECES).filter(|pieces| *pieces >= 0);
                Some(Quantity(pieces.ok_or_else(|| wrong(PasteField::Quantity))?))
            }
        };
        (row.price, row.cost) = (money(PasteField::Price)?, money(PasteField::Cost)?);
        // A name alone is as good as any: its price and its pieces come later. Words in a wrong column are not.
        return Ok(row);
    }
    let owed = amount(at(PasteField::Amount)).ok().flatten().filter(|owed| *owed != Paisa::ZERO);
    let owed = owed.filter(|owed| kind == PasteKind::Dues || *owed > Paisa::ZERO);
    row.amount = owed.ok_or_else(|| wrong(PasteField::Amount))?;
    row.since = match at(PasteField::Date) {
        "" => None,
        text => Some(day(text).ok_or_else(|| wrong(PasteField::Date))?),
    };
    if row.since.is_some_and(|since| since > today) {
        return Err(fault(line, at(PasteField::Date), PasteWhy::Future));
    }
    Ok(row)
}
