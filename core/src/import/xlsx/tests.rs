//! Sheets worked by hand, in the XML that Excel, LibreOffice and openpyxl write: shared and inline strings, 1900 and 1904.

#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;

const STYLES: &str = r##"<styleSheet><numFmts count="2"><numFmt numFmtId="164" formatCode="dd\-mmm\-yyyy\ hh:mm"/><numFmt numFmtId="165" formatCode="00000000000"/></numFmts>
<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="9"/><xf numFmtId="165"/></cellXfs></styleSheet>"##;
const STRINGS: &str = r#"<sst count="9"><si><t>Receipt</t></si><si><t>Date</t></si><si><t xml:space="preserve">Product </t></si><si><t>Price</t></si><si><r><t>Redmi </t></r><r><rPr><b/></rPr><t>13, black</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si><si><t/></si></sst>"#;

fn book(sheets: &str, date1904: bool) -> Book {
    let workbook = format!(
        r#"<x:workbook xmlns:x="m" xmlns:r="q"><x:workbookPr date1904="{}"/><x:sheets>{sheets}</x:sheets></x:workbook>"#,
        u8::from(date1904)
    );
    let relations = r#"<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Target="/xl/worksheets/sheet2.xml" Id="rId2"/></Relationships>"#;
    Book::read(&workbook, relations, Some(STYLES), Some(STRINGS)).unwrap_or_else(|reject| panic!("{reject}"))
}

fn one() -> Book {
    book(r#"<x:sheet name="Sheet1" sheetId="1" r:id="rId1"/>"#, false)
}

fn read(book: &Book, rows: &str) -> Sheet {
    book.sheet(0, &format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"))
        .unwrap_or_else(|reject| panic!("{reject}"))
}

#[test]
fn typed_cells_become_the_csv_of_the_same() {
    let rows = r#"<row r="2"><c r="A2" t="inlineStr"><is><t>Shop list</t></is></c></row>
<row r="4"><c r="A4" t="s"><v>0</v></c><c r="B4" t="s"><v>1</v></c><c r="C4" t="s"><v>2</v></c><c r="D4" t="s"><v>3</v></c><c r="E4" t="s"><v>5</v></c></row>
<row r="5"><c r="A5"><v>17</v></c><c r="B5" s="2"><v>39448.75</v></c><c r="C5" t="s"><v>4</v></c><c r="D5"><f>B2*1</f><v>42000.500000000007</v></c></row>
<row r="7"><c r="A7" t="str"><f>A5&amp;""</f><v>17</v></c><c r="B7" s="1"><v>39448</v></c><c r="C7" t="b"><v>1</v></c><c r="D7" t="e"><v>#REF!</v></c></row>"#;
    let sheet = read(&one(), rows);
    assert_eq!(
        sheet.csv().as_deref(),
        Ok(
            "\n\n\nReceipt,Date,Product,Price\n17,2008-01-01 18:00:00,\"Redmi 13, black\",42000.5\n\n17,2008-01-01,TRUE,#REF!\n"
        )
    );
    assert_eq!(sheet.errors, ["Sheet1!D7 #REF!"]);
    assert_eq!(sheet.address(7, Some("Price")), "Sheet1!D7");
    assert_eq!(sheet.address(7, None), "Sheet1!7");
    assert!(sheet.pasted().is_ok_and(|text| text.starts_with("\nShop list\n\nReceipt\tDate\t")));
}

#[test]
fn days_counted_from_1904_cells_without_addresses_and_what_formats_say() {
    let rows = r#"<row><c><v>1</v></c><c s="1"><v>37986</v></c></row><row><c s="3"><v>0.07</v></c><c s="4"><v>3001234567</v></c></row><row r="9"><c r="AB9"><v>4.90154203237518E+14</v></c></row>"#;
    let sheet = read(&book(r#"<x:sheet name="A" r:id="rId1"/>"#, true), rows);
    let expected =
        format!("1\t2008-01-01\n7%\t03001234567\n\n\n\n\n\n\n{}490154203237518\n", "\t".repeat(27));
    assert_eq!(sheet.pasted(), Ok(expected));
}

#[test]
fn a_merged_cells_words_and_days_stand_in_each_row_and_its_number_once() {
    let rows = r#"<row r="1"><c r="B1" t="inlineStr"><is><t>Day</t></is></c><c r="C1" t="inlineStr"><is><t>Sum</t></is></c></row>
<row r="2"><c r="B2" s="1"><v>39448</v></c><c r="C2"><v>5</v></c><c r="D2"><v>1</v></c></row><row r="3"><c r="D3"><v>2</v></c></row>"#;
    let sheet = one()
        .sheet(0, &format!(r#"<worksheet><sheetData>{rows}</sheetData><mergeCells><mergeCell ref="B2:B3"/><mergeCell ref="C2:C3"/></mergeCells></worksheet>"#))
        .unwrap_or_else(|reject| panic!("{reject}"));
    assert_eq!(
        sheet.csv().as_deref(),
        Ok("Day,Sum\n2008-01-01,5,1\n2008-01-01,,2\n"),
        "the empty first column is left out"
    );
}

#[test]
fn hidden_sheets_are_not_offered_unless_there_is_no_other() {
    let two =
        book(r#"<x:sheet name="Stock" r:id="rId2"/><x:sheet name="Old" r:id="rId1" state="hidden"/>"#, false);
    assert_eq!(two.names().collect::<Vec<_>>(), ["Stock"]);
    let part = |name: &str| Part { name: name.to_owned(), packed: 0..0, is_deflated: false };
    assert_eq!(
        two.part(&[part("xl/worksheets/Sheet2.xml")], 0).map(|it| it.name.as_str()),
        Ok("xl/worksheets/Sheet2.xml")
    );
    assert_eq!(book(r#"<x:sheet name="Old" r:id="rId1" state="veryHidden"/>"#, false).names().count(), 1);
}

#[test]
fn what_is_no_whole_workbook_is_named() {
    let reason =
        |found: Result<Sheet, Reject>| found.map(|_| ()).map_err(|reject| (reject.reason, reject.found));
    let cut = one().sheet(0, r#"<worksheet><sheetData><row r="3"><c r="A3"><v>1</v></c><c r="#);
    assert_eq!(reason(cut), Err((RejectReason::BrokenWorkbook, "Sheet1 ends in row 3".to_owned())));
    let empty = one().sheet(0, "<worksheet><sheetData/></worksheet>");
    assert_eq!(reason(empty), Err((RejectReason::EmptyFile, "Sheet1".to_owned())));
    let locked: Vec<u8> = b"\xd0\xcf\x11\xe0"
        .iter()
        .copied()
        .chain("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    assert_eq!(of_old_kind(&locked).reason, RejectReason::LockedWorkbook);
    assert_eq!(of_old_kind(b"\xd0\xcf\x11\xe0 Workbook").reason, RejectReason::OldWorkbook);
    assert_eq!(parts(b"PK\x03\x04 cut").map_err(|reject| reject.reason), Err(RejectReason::BrokenWorkbook));
    // The directory of a zip without parts: 22 bytes, by the specification.
    let bare: Vec<u8> = b"PK\x05\x06".iter().copied().chain([0; 18]).collect();
    assert_eq!(parts(&bare), Ok(Vec::new()));
    assert_eq!(parts_of(&[]).map_err(|reject| reject.reason), Err(RejectReason::NotText));
}
