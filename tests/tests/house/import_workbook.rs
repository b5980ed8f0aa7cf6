//! Workbooks that two tools wrote give what the CSV of the same gives; what is no whole workbook is named.

use dukandar_core::{
    import::{
        ImportOutcome, Importer,
        xlsx::{self, Book, Outline, Part, Sheet},
    },
    reject::{Reject, RejectReason},
};
use dukandar_tests::online_retail::options;
use std::io::Read as _;

/// The four lines that both workbooks hold, as CSV.
const CSV: &str = "Receipt,Date,Code,Product,Quantity,Price\nR1,2026-10-05 14:30:00,CHG,Charger 20W,2,1500.5\nR1,2026-10-05 14:30:00,CVR,\"Cover, clear\",1,350\nR2,2026-10-06 09:00:00,R13,Redmi 13 “blue”,1,42000\nR3,2026-11-01 23:59:59,گلاس,گلاس A15,3,0.3\n";

fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/data/workbooks/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A part's text, unpacked by another unpacker than a browser's.
fn text(bytes: &[u8], part: &Part) -> String {
    let packed = &bytes[part.packed.clone()];
    let mut text = String::new();
    let read = match part.is_deflated {
        true => flate2::read::DeflateDecoder::new(packed).read_to_string(&mut text),
        false => { packed }.read_to_string(&mut text),
    };
    read.unwrap_or_else(|error| panic!("{}: {error}", part.name));
    text
}

fn opened(bytes: &[u8]) -> Result<(Book, Vec<Part>), Reject> {
    let parts = xlsx::parts(bytes)?;
    let Outline { workbook, relations, styles, strings } = xlsx::parts_of(&parts)?;
    let optional = |part: Option<Part>| part.map(|part| text(bytes, &part));
    let (styles, strings) = (optional(styles), optional(strings));
    let book =
        Book::read(&text(bytes, &workbook), &text(bytes, &relations), styles.as_deref(), strings.as_deref())?;
    Ok((book, parts))
}

fn sheet(bytes: &[u8]) -> Result<Sheet, Reject> {
    let (book, parts) = opened(bytes)?;
    let part = book.part(&parts, 0)?;
    book.sheet(0, &text(bytes, part))
}

fn import(csv: &str) -> ImportOutcome {
    let mut importer = Importer::new(options());
    importer.push(csv.as_bytes()).and_then(|()| importer.finish()).unwrap_or_else(|reject| panic!("{reject}"))
}

#[test]
fn two_tools_workbooks_give_what_the_csv_of_the_same_gives() {
    let plain = import(CSV);
    assert_eq!((plain.import.kept, plain.import.rejected.len()), (4, 0));
    for name in ["openpyxl.xlsx", "xlsxwriter-1904.xlsx"] {
        let sheet = sheet(&file(name)).unwrap_or_else(|reject| panic!("{name}: {reject}"));
        let csv = sheet.csv().unwrap_or_else(|reject| panic!("{name}: {reject}"));
        let found = import(&csv);
        assert_eq!(found.segments, plain.segments, "{name}: {csv}");
        assert_eq!(found.receipts, 3, "{name}");
    }
}

#[test]
fn titles_leave_lines_as_rows_and_an_error_cell_is_refused_by_its_address() {
    let sheet = sheet(&file("openpyxl.xlsx")).unwrap_or_else(|reject| panic!("{reject}"));
    assert_eq!(sheet.errors, ["Sales 2026!F9 #REF!"]);
    let csv = sheet.csv().unwrap_or_else(|reject| panic!("{reject}"));
    assert_eq!(csv.lines().nth(3), Some("Receipt,Date,Code,Product,Quantity,Price"));
    let found = import(&csv);
    let [reject] = found.rejects.as_slice() else { panic!("{:?}", found.rejects) };
    assert_eq!((reject.line, reject.reason, reject.found.as_str()), (9, RejectReason::NotANumber, "#REF!"));
    assert_eq!(sheet.address(reject.line, reject.column.as_deref()), "Sales 2026!F9");
    assert_eq!(found.import.rows, found.import.kept + 1);
}

#[test]
fn hidden_sheets_are_not_offered_and_empty_ones_are_said() {
    let bytes = file("openpyxl.xlsx");
    let (book, parts) = opened(&bytes).unwrap_or_else(|reject| panic!("{reject}"));
    assert_eq!(book.names().collect::<Vec<_>>(), ["Sales 2026", "Empty"]);
    let part = book.part(&parts, 1).unwrap_or_else(|reject| panic!("{reject}"));
    let empty =
        book.sheet(1, &text(&bytes, part)).map(|_| ()).map_err(|reject| (reject.reason, reject.found));
    assert_eq!(empty, Err((RejectReason::EmptyFile, "Empty".to_owned())));
}

#[test]
fn a_workbook_cut_anywhere_is_refused_and_none_of_its_bytes_make_the_reader_panic() {
    let bytes = file("openpyxl.xlsx");
    for cut in 4..bytes.len() - 1 {
        let found = xlsx::parts(&bytes[..cut]).map(|_| ()).map_err(|reject| reject.reason);
        assert_eq!(found, Err(RejectReason::BrokenWorkbook), "cut at {cut}");
    }
    // Every byte of the directory changed, one at a time: named or read, never a panic.
    for at in bytes.len() - 600..bytes.len() {
        let mut bad = bytes.clone();
        bad[at] ^= 0xff;
        if let Ok(parts) = xlsx::parts(&bad) {
            assert!(parts.iter().all(|part| part.packed.end <= bad.len()));
        }
    }
}
