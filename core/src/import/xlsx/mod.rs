//! Workbooks (.xlsx): a sheet becomes the text that CSV files and pasted lists are read from, so that one importer and
//! one reader of lists serve them all.
//!
//! Question answered: what stands in the rows of this sheet? Input: the archive's bytes, and the unpacked text of the
//! parts that [`parts_of`] and [`Book::part`] name (a browser unpacks them by its own means). Output: [`Sheet`]: as CSV
//! or as tab-separated text, line n of which is row n of the sheet, and the cells that hold an error, by address. Cells
//! are typed by their number formats ([`format`]); a formula stands with the value that was saved with it. Words and days
//! of a merged cell stand in each of its rows, a number only in the first: it would be counted twice. Rows above the
//! header are titles and left blank. How it fails: a workbook that was never opened in a spreadsheet may hold formulas
//! without values, which are empty cells. Reference: ECMA-376 part 1, 18.3 and 18.4.
//!
//! Why not calamine: reading one sheet takes 227 KB brotli by it alone (0.38; opt-level z, fat LTO), against the 80 KB that
//! a lazy part may weigh; this takes 46 KB measured in the same way, of which the worker has number parsing and
//! formatting already. The inflater is the browser's.

mod format;
#[cfg(test)]
mod tests;
mod xml;
mod zip;

pub use zip::{Part, parts};

use super::whole_file;
use crate::reject::{Reject, RejectReason};
use format::Kind;
use std::{collections::BTreeMap, fmt::Write as _, rc::Rc};
use xml::{Node, Reader, Tag};

/// Most bytes of one unpacked part: what a phone can hold beside the tables.
pub const MOST_BYTES: usize = 48 << 20;
/// Most columns that are read: a sheet's own limit is 16,384.
const MOST_COLUMNS: u32 = 512;
/// Error cells that are named one by one.
const MOST_ERRORS: usize = 50;

fn broken(what: &str) -> Reject {
    whole_file(RejectReason::BrokenWorkbook, None, what.as_bytes())
}

/// What bytes that begin like an old Office file (OLE) are: a workbook under a password, or one of before 2007.
pub fn of_old_kind(bytes: &[u8]) -> Reject {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    match bytes.windows(name.len()).any(|it| it == name) {
        true => whole_file(RejectReason::LockedWorkbook, None, b".xlsx"),
        false => whole_file(RejectReason::OldWorkbook, None, b".xls"),
    }
}

/// The parts that say what the workbook is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Its sheets.
    pub workbook: Part,
    /// Where these lie.
    pub relations: Part,
    /// Formats of cells.
    pub styles: Option<Part>,
    /// Texts of cells.
    pub strings: Option<Part>,
}

/// Finds them; an archive without is no workbook.
pub fn parts_of(all: &[Part]) -> Result<Outline, Reject> {
    let find = |path: &str| all.iter().find(|part| part.name.eq_ignore_ascii_case(path)).cloned();
    let workbook = find("xl/workbook.xml")
        .ok_or_else(|| whole_file(RejectReason::NotText, None, b"a zip archive, no workbook"))?;
    let relations = find("xl/_rels/workbook.xml.rels").ok_or_else(|| broken("xl/_rels/workbook.xml.rels"))?;
    Ok(Outline { workbook, relations, styles: find("xl/styles.xml"), strings: find("xl/sharedStrings.xml") })
}

/// A workbook's sheets, and what their cells refer to.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// Name of each sheet that is not hidden, and its path.
    sheets: Vec<(String, String)>,
    strings: Vec<Rc<str>>,
    kinds: Vec<Kind>,
    is_1904: bool,
}

impl Book {
    /// Reads the unpacked parts of an [`Outline`].
    pub fn read(
        workbook: &str,
        relations: &str,
        styles: Option<&str>,
        strings: Option<&str>,
    ) -> Result<Self, Reject> {
        let mut targets = BTreeMap::new();
        for tag in tags(relations).filter(|tag| tag.name == "Relationship") {
            let Some((id, target)) = tag.attribute("Id").zip(tag.attribute("Target")) else { continue };
            let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            targets.insert(id.into_owned(), path);
        }
        let mut book = Self::default();
        let mut hidden = Vec::new();
        for tag in tags(workbook) {
            match tag.name {
                "workbookPr" => {
                    book.is_1904 =
                        tag.attribute("date1904").is_some_and(|it| matches!(it.as_ref(), "1" | "true"));
                }
                "sheet" => {
                    let path = tag.attribute("id").and_then(|id| targets.get(id.as_ref()).cloned());
                    let Some((name, path)) = tag.attribute("name").zip(path) else { continue };
                    let is_shown = tag.attribute("state").is_none_or(|state| state == "visible");
                    if is_shown { &mut book.sheets } else { &mut hidden }.push((name.into_owned(), path));
                }
                _ => {}
            }
        }
        if book.sheets.is_empty() {
            book.sheets = hidden;
        }
        if book.sheets.is_empty() {
            return Err(broken("it names no sheet"));
        }
        if let Some(styles) = styles {
            book.kinds = kinds(styles);
        }
        if let Some(strings) = strings {
            let mut reader = Reader::new(strings);
            while let Some(node) = reader.next() {
                if let Node::Open(tag) = node
                    && tag.name == "si"
                {
                    book.strings.push(reader.text_of(tag, "rPh").into());
                }
            }
        }
        Ok(book)
    }

    /// Names of the sheets.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.sheets.iter().map(|(name, _)| name.as_str())
    }

    /// Where a sheet lies in the archive.
    pub fn part<'a>(&self, all: &'a [Part], sheet: usize) -> Result<&'a Part, Reject> {
        let (name, path) = self.sheets.get(sheet).ok_or_else(|| broken("no such sheet"))?;
        all.iter().find(|part| part.name.eq_ignore_ascii_case(path)).ok_or_else(|| broken(name))
    }

    /// Reads the unpacked text of a sheet.
    pub fn sheet(&self, sheet: usize, xml: &str) -> Result<Sheet, Reject> {
        let name = self.sheets.get(sheet).map(|(name, _)| name.clone()).unwrap_or_default();
        let mut out = Sheet { name, rows: BTreeMap::new(), errors: Vec::new() };
        let (mut row, mut column, mut is_whole) = (0, 0, false);
        let mut reader = Reader::new(xml);
        while let Some(node) = reader.next() {
            match node {
                Node::Open(tag) if tag.name == "row" => {
                    row = tag.attribute("r").and_then(|it| it.parse().ok()).unwrap_or(row + 1);
                    column = 0;
                }
                Node::Open(tag) if tag.name == "c" => {
                    if let Some((at, of_row)) = tag.attribute("r").and_then(|it| place(&it)) {
                        (column, row) = (at, of_row);
                    }
                    let cell = self.cell(&mut reader, tag);
                    if let Some(cell) = cell.filter(|_| column < MOST_COLUMNS) {
                        out.put(row, column, cell);
                    }
                    column += 1;
                }
                Node::Open(tag) if tag.name == "mergeCell" => {
                    if let Some(range) = tag.attribute("ref") {
                        out.merge(&range);
                    }
                }
                Node::Close("worksheet") => is_whole = true,
                _ => {}
            }
        }
        if !is_whole {
            return Err(broken(&format!("{} ends in row {row}", out.name)));
        }
        if out.rows.is_empty() {
            return Err(whole_file(RejectReason::EmptyFile, None, out.name.as_bytes()));
        }
        Ok(out)
    }

    /// The cell that `tag` opens; none where it is empty.
    fn cell(&self, reader: &mut Reader<'_>, tag: Tag<'_>) -> Option<Cell> {
        if tag.is_empty {
            return None;
        }
        let (mut value, mut inline) = (String::new(), String::new());
        while let Some(node) = reader.next() {
            match node {
                Node::Open(open) if open.name == "v" => value = reader.text_of(open, ""),
                Node::Open(open) if open.name == "is" => inline = reader.text_of(open, "rPh"),
                Node::Close("c") => break,
                _ => {}
            }
        }
        let words = |text: Rc<str>| Cell { text, is_number: false, is_error: false };
        let cell = match tag.attribute("t").as_deref() {
            Some("s") => words(self.strings.get(value.parse::<usize>().ok()?)?.clone()),
            Some("inlineStr") => words(inline.into()),
            Some("b") => words(if value == "1" { "TRUE" } else { "FALSE" }.into()),
            Some("e") => Cell { is_error: true, ..words(value.into()) },
            Some("str" | "d") => words(value.into()),
            _ => match value.trim().parse::<f64>() {
                Ok(number) => {
                    let style = tag.attribute("s").and_then(|it| it.parse::<usize>().ok());
                    let kind = style.and_then(|style| self.kinds.get(style)).copied().unwrap_or_default();
                    let is_number = matches!(kind, Kind::Plain | Kind::Percent);
                    Cell { text: kind.text(number, self.is_1904).into(), is_number, is_error: false }
                }
                Err(_) => words(value.into()),
            },
        };
        (!cell.text.trim().is_empty()).then_some(cell)
    }
}

fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    Reader::new(text).filter_map(|node| if let Node::Open(tag) = node { Some(tag) } else { None })
}

/// What each style of cells makes of a number.
fn kinds(styles: &str) -> Vec<Kind> {
    let mut codes: BTreeMap<u32, Kind> = BTreeMap::new();
    let (mut kinds, mut is_in) = (Vec::new(), false);
    for node in Reader::new(styles) {
        match node {
            Node::Open(tag) if tag.name == "numFmt" => {
                let id = tag.attribute("numFmtId").and_then(|id| id.parse().ok());
                if let Some((id, code)) = id.zip(tag.attribute("formatCode")) {
                    codes.insert(id, Kind::of_code(&code));
                }
            }
            Node::Open(tag) if tag.name == "cellXfs" => is_in = !tag.is_empty,
            Node::Close("cellXfs") => is_in = false,
            Node::Open(tag) if tag.name == "xf" && is_in => {
                let id = tag.attribute("numFmtId").and_then(|id| id.parse().ok()).unwrap_or_default();
                kinds.push(codes.get(&id).copied().unwrap_or_else(|| Kind::of_number(id)));
            }
            _ => {}
        }
    }
    kinds
}

/// `C7` → column 2, row 7.
fn place(address: &str) -> Option<(u32, u32)> {
    let letters = address.bytes().take_while(u8::is_ascii_alphabetic).count();
    let column = address[..letters].bytes().try_fold(0u32, |sum, letter| {
        sum.checked_mul(26)?.checked_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    })?;
    Some((column.checked_sub(1)?, address[letters..].parse().ok()?))
}

/// 2 → `C`.
fn letters(mut column: u32) -> String {
    let mut out = Vec::new();
    loop {
        // A remainder of 26 is a letter.
        out.push((b'A' + (column % 26) as u8) as char);
        match (column / 26).checked_sub(1) {
            Some(rest) => column = rest,
            None => break,
        }
    }
    out.into_iter().rev().collect()
}

#[derive(Clone, Debug, PartialEq)]
struct Cell {
    text: Rc<str>,
    is_number: bool,
    is_error: bool,
}

/// The cells of one sheet that hold something.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Row, from 1 → column, from 0 → cell.
    rows: BTreeMap<u32, BTreeMap<u32, Cell>>,
    /// Cells that hold an error, as `Sheet1!C7 #REF!`.
    pub errors: Vec<String>,
}

impl Sheet {
    fn put(&mut self, row: u32, column: u32, cell: Cell) {
        if cell.is_error && self.errors.len() < MOST_ERRORS {
            self.errors.push(format!("{}!{}{row} {}", self.name, letters(column), cell.text));
        }
        self.rows.entry(row).or_default().insert(column, cell);
    }

    /// Repeats a merged cell's words in its rows that hold something else.
    fn merge(&mut self, range: &str) {
        let Some((from, to)) = range.split_once(':').and_then(|(from, to)| place(from).zip(place(to))) else {
            return;
        };
        let (column, first) = from;
        let cell = self.rows.get(&first).and_then(|row| row.get(&column)).cloned();
        if let Some(cell) = cell.filter(|cell| !cell.is_number && to.1 > first) {
            for (_, row) in self.rows.range_mut(first + 1..=to.1) {
                row.entry(column).or_insert_with(|| cell.clone());
            }
        }
    }

    /// The row of the headings: the first with two cells or more, as titles stand alone.
    fn header(&self) -> u32 {
        let wide = self.rows.iter().find(|(_, row)| row.len() > 1).or_else(|| self.rows.iter().next());
        wide.map_or(1, |(row, _)| *row)
    }

    /// Where a column of the text begins in the sheet.
    fn first_column(&self) -> u32 {
        self.rows.values().filter_map(|row| row.keys().next()).min().copied().unwrap_or_default()
    }

    /// The address of what a row holds under a heading; of the row where no such heading stands.
    pub fn address(&self, row: u64, heading: Option<&str>) -> String {
        let of = |heading: &str| {
            let row = self.rows.get(&self.header())?;
            row.iter()
                .find(|(_, cell)| cell.text.trim() == heading.trim())
                .map(|(column, _)| letters(*column))
        };
        let column = heading.and_then(of).unwrap_or_default();
        format!("{}!{column}{row}", self.name)
    }

    /// As comma-separated values: line n is row n.
    pub fn csv(&self) -> Result<String, Reject> {
        let header = self.header();
        let width =
            self.rows.get(&header).and_then(|row| row.keys().next_back()).copied().unwrap_or_default();
        self.text(',', Some((header, width)))
    }

    /// As cells apart by tabs, as from a clipboard: line n is row n.
    pub fn pasted(&self) -> Result<String, Reject> {
        self.text('\t', None)
    }

    fn text(&self, between: char, header: Option<(u32, u32)>) -> Result<String, Reject> {
        let (mut out, mut line, first) = (String::new(), 1, self.first_column());
        for (row, cells) in &self.rows {
            for _ in line..*row {
                out.push('\n');
            }
            line = *row;
            if header.is_some_and(|(header, _)| *row < header) {
                continue;
            }
            let last = cells.keys().next_back().copied().unwrap_or_default();
            for column in first..=last.max(header.map_or(0, |(_, width)| width)) {
                if column > first {
                    out.push(between);
                }
                let text = cells.get(&column).map_or("", |cell| cell.text.trim());
                let text = text.replace(['\n', '\r', '\t'], " ");
                if header.is_some() && text.contains([',', ';', '|', '"']) {
                    // Writing to a String cannot fail.
                    let _ = write!(out, "\"{}\"", text.replace('"', "\"\""));
                } else {
                    out.push_str(&text);
                }
            }
            if out.len() > MOST_BYTES {
                let most = format!("{}: more than {} MB", self.name, MOST_BYTES >> 20);
                return Err(whole_file(RejectReason::TooLarge, None, most.as_bytes()));
            }
        }
        out.push('\n');
        Ok(out)
    }
}
