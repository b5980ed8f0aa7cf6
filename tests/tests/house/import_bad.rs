//! Bad input, and what it gets: a message that names line, column and expectation; good rows stay, or nothing.

use dukandar_core::{
    import::{DateOrder, ImportOptions, ImportOutcome, Importer, Personal, preview},
    money::Paisa,
    privacy::seal::SecretKey,
    quantity::Quantity,
    record::{Person, Record},
    reject::{Reject, RejectReason},
    rng::Rng,
    table::{ReceiptKind, Tables},
    time::{Day, Zone},
};
use dukandar_tests::online_retail::{fold, options, segments};

const HEADER: &str = "Receipt,Date,SKU,Item,Qty,Price,Customer ID\n";

fn import_with(bytes: &[u8], options: ImportOptions) -> Result<ImportOutcome, Reject> {
    let mut importer = Importer::new(options);
    for chunk in bytes.chunks(1_000) {
        importer.push(chunk)?;
    }
    importer.finish()
}

fn import(bytes: &[u8]) -> Result<ImportOutcome, Reject> {
    import_with(bytes, options())
}

/// The import of rows under the usual header, which as a file is sound.
fn rows(rows: &str) -> ImportOutcome {
    let it = import(format!("{HEADER}{rows}").as_bytes()).unwrap_or_else(|reject| panic!("{reject}"));
    assert_eq!(it.import.rows, it.import.kept + it.import.rejected.values().sum::<u64>());
    it
}

fn refused(bytes: &[u8]) -> Reject {
    import(bytes).err().unwrap_or_else(|| panic!("the file was taken"))
}

fn listed(it: &ImportOutcome) -> Vec<(u64, Option<&str>, RejectReason)> {
    it.rejects.iter().map(|reject| (reject.line, reject.column.as_deref(), reject.reason)).collect()
}

fn tables(it: &ImportOutcome) -> Tables {
    fold(it)
}

#[test]
fn an_empty_file_and_a_header_alone() {
    for text in ["", "\n\n", "\u{feff}", HEADER] {
        assert_eq!(refused(text.as_bytes()).reason, RejectReason::EmptyFile, "{text:?}");
    }
    assert!(refused(b"").to_string().contains("expected a header and at least one row"));
}

#[test]
fn a_discount_in_percent_is_a_share_of_the_line() {
    let text = "Date,Item,Qty,Price,Discount\n\
                2026-01-02,A,2,100,10%\n2026-01-02,B,-1,50,۲۰٪\n2026-01-02,C,3,0.05,50 %\n2026-01-02,D,1,9,120%\n";
    let it = import(text.as_bytes()).unwrap_or_else(|reject| panic!("{reject}"));
    assert_eq!(listed(&it), [(5, Some("Discount"), RejectReason::OutOfRange)]);
    let sales = tables(&it).sales;
    let mut lines: Vec<_> = sales.amount.iter().zip(&sales.discount).map(|(a, d)| (a.0, d.0)).collect();
    lines.sort_unstable();
    // Half of 15 paisa is 7.5: half-even, 8 off.
    assert_eq!(lines, [(-4_000, -1_000), (7, 8), (18_000, 2_000)]);
    // Where only the total after the discount is known, the price comes out before it.
    let text = "Date,Item,Qty,Amount,Discount\n2026-01-02,A,2,180,10%\n2026-01-02,B,1,5,100%\n2026-01-02,C,1,0,100%\n";
    let it = import(text.as_bytes()).unwrap_or_else(|reject| panic!("{reject}"));
    assert_eq!(listed(&it), [(3, Some("Discount"), RejectReason::OutOfRange)]);
    let sales = tables(&it).sales;
    let mut lines: Vec<_> = sales.amount.iter().zip(&sales.discount).map(|(a, d)| (a.0, d.0)).collect();
    lines.sort_unstable();
    assert_eq!(lines, [(0, 0), (18_000, 2_000)]);
}

#[test]
fn utf_16_and_archives_are_told_apart() {
    let wide: Vec<u8> = HEADER.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [vec![0xff, 0xfe], wide.clone()].concat();
    for bytes in [wide, marked] {
        assert_eq!(refused(&bytes).reason, RejectReason::NotUtf8);
    }
    for magic in [&b"PK\x03\x04rest of a workbook"[..], &[0x1f, 0x8b, 8, 0], b"a,b\n\0\0\0\0"] {
        assert_eq!(refused(magic).reason, RejectReason::NotText, "{magic:?}");
    }
    assert_eq!(refused(b"%PDF-1.7").reason, RejectReason::Pdf);
    // One byte of another encoding costs one row.
    let mut text = format!("{HEADER}1,2026-11-23,A,Tea,1,5,\n2,2026-11-23,B,Caf").into_bytes();
    text.extend_from_slice(b"\xe9,1,5,\n");
    let it = import(&text).unwrap_or_else(|reject| panic!("{reject}"));
    assert_eq!(listed(&it), [(3, Some("Item"), RejectReason::NotUtf8)]);
}

#[test]
fn wrong_delimiter_and_missing_columns_name_the_column() {
    let text = "Receipt,Date,SKU,Qty,Price\n1,2026-11-23,A,1,5\n";
    let wrong = import_with(text.as_bytes(), ImportOptions { delimiter: Some(b';'), ..options() });
    let wrong = wrong.err().unwrap_or_else(|| panic!("taken"));
    assert_eq!((wrong.line, wrong.reason), (1, RejectReason::MissingColumn));
    assert!(wrong.to_string().contains("delimiter"), "{wrong}");

    let missing = refused(b"Receipt,SKU,Qty,Price\n1,A,1,5\n");
    assert_eq!(missing.column.as_deref(), Some("date"));
    assert_eq!(refused(b"Date,Qty,Price\n2026-11-23,1,5\n").column.as_deref(), Some("sku or name"));
    assert_eq!(refused(b"Date,SKU,Qty\n2026-11-23,A,1\n").column.as_deref(), Some("price or amount"));
    assert_eq!(refused(b"one line of prose").reason, RejectReason::MissingColumn);

    for delimiter in [";", "\t", "|"] {
        let it = import(text.replace(',', delimiter).as_bytes());
        assert_eq!(it.map(|it| it.import.kept), Ok(1), "{delimiter:?}");
    }
}

#[test]
fn half_a_row_and_wrong_field_counts() {
    let it = rows("1,2026-11-23,A,Tea,1,5,\n1,2026-11-23\n1,2026-11-23,A,Tea,2,5,,extra\n2,2026-11-23,A,T");
    use RejectReason::*;
    assert_eq!(listed(&it), [(3, None, WrongFieldCount), (4, None, WrongFieldCount), (5, None, HalfRow)]);
    assert_eq!(rows("1,2026-11-23,A,Tea,1,5,").import.kept, 1, "a last line without its end is whole");
    assert_eq!(rows("1,2026-11-23,A,Tea,1,5,,,\n").import.kept, 1, "empty fields at the end are no matter");
}

#[test]
fn an_open_quote_costs_one_row() {
    let it = rows("1,2026-11-23,A,\"Tea, 1,5,\n2,2026-11-23,A,Tea,1,5,\n3,2026-11-23,\"A\nB\",Tea,1,5,\n");
    // The quote of line 2 closes at the one on line 4: what it swallowed is one malformed row of two lines.
    assert!(it.import.rejected.values().sum::<u64>() >= 1);
    let it = rows("1,2026-11-23,A,\"Tea,1,5,\n2,2026-11-23,A,Tea,1,5,\n3,2026-11-23,A,Tea,1,5,\n");
    assert_eq!(listed(&it), [(2, None, RejectReason::UnclosedQuote)]);
    assert_eq!(it.import.kept, 2);
    let quoted = rows("1,2026-11-23,A,\"Tea, \"\"best\"\"\nof all\",1,5,\n2,bad,A,Tea,1,5,\n");
    assert_eq!(listed(&quoted), [(4, Some("Date"), RejectReason::NotADate)], "lines count inside quotes");
    let name = tables(&quoted).products[0].label();
    assert_eq!(name, "Tea, \"best\"\nof all");
}

#[test]
fn too_large_a_file_is_refused_before_the_memory_is() {
    let line = "1,2026-11-23,A,Tea,1,5,\n".repeat(50_000);
    let text = format!("{HEADER}{line}");
    let small = ImportOptions { max_bytes: 1 << 20, ..options() };
    let reject = import_with(text.as_bytes(), small).err().unwrap_or_else(|| panic!("taken"));
    assert_eq!((reject.reason, reject.found.as_str()), (RejectReason::TooLarge, "more than 1 MB"));
    let few = ImportOptions { max_rows: 10, ..options() };
    let reject = import_with(text.as_bytes(), few).err().unwrap_or_else(|| panic!("taken"));
    assert_eq!(reject.reason, RejectReason::TooLarge);
    let endless = [HEADER.as_bytes(), &vec![b'x'; 300_000]].concat();
    assert_eq!(refused(&endless).reason, RejectReason::NotText, "a line without end");
}

#[test]
fn two_orders_of_day_and_month_in_one_column() {
    let dates = ["23/11/2026", "24/11/2026", "11/25/2026", "05/11/2026"];
    let text: String =
        (dates.iter().enumerate()).map(|(n, date)| format!("{n},{date},A,Tea,1,5,\n")).collect();
    let it = rows(&text);
    assert_eq!(listed(&it), [(4, Some("Date"), RejectReason::MixedDateOrder)]);
    assert_eq!(it.rejects[0].found, "11/25/2026");
    let days: Vec<String> = tables(&it).sales.day.iter().map(Day::to_string).collect();
    assert_eq!(days, ["2026-11-05", "2026-11-23", "2026-11-24"], "the order of most rows holds for all");

    let us = rows("1,11/23/2026,A,Tea,1,5,\n2,11/05/2026,A,Tea,1,5,\n");
    assert_eq!(tables(&us).sales.day[0].to_string(), "2026-11-05");
    let chosen = ImportOptions { date_order: Some(DateOrder::MonthFirst), ..options() };
    let it =
        import_with(format!("{HEADER}{text}").as_bytes(), chosen).unwrap_or_else(|reject| panic!("{reject}"));
    assert_eq!(it.import.kept, 2);
    assert_eq!(listed(&it)[0], (2, Some("Date"), RejectReason::NotADate));
}

#[test]
fn one_day_written_in_two_ways_is_one_receipt() {
    let it = rows("7,2026-11-23 10:00,A,Tea,1,5,\n7,23/11/2026 09:00,B,Milk,1,6,\n8,24/11/2026,A,Tea,1,5,\n");
    assert_eq!((it.receipts, it.import.kept), (2, 3));
    assert_eq!(tables(&it).sales.lines_of(0).len(), 2);
}

#[test]
fn negative_prices_and_numbers_out_of_range() {
    let it = rows(
        "1,2026-11-23,A,Tea,1,-5,\n2,2026-11-23,A,Tea,x,5,\n3,2026-11-23,A,Tea,1,99999999999999,\n\
         4,2026-11-23,A,Tea,,5,\n5,2026-11-23,,,1,5,\n,2026-11-23,A,Tea,1,5,\n7,2026-02-30,A,Tea,1,5,\n",
    );
    use RejectReason::*;
    assert_eq!(
        listed(&it),
        [
            (2, Some("Price"), NegativePrice),
            (3, Some("Qty"), NotANumber),
            (4, Some("Price"), OutOfRange),
            (5, Some("Qty"), Empty),
            (6, Some("SKU"), Empty),
            (7, Some("Receipt"), Empty),
            (8, Some("Date"), NotADate),
        ]
    );
    assert_eq!((it.import.kept, it.segments.len()), (0, 0));
}

#[test]
fn urdu_digits_and_thousands_separators() {
    let it = rows("۱,۲۳/۱۱/۲۰۲۶,الف,چائے,۲,\"۱٬۲۵۰٫۵\",\n2,23/11/2026,B,Milk,\"1,000\",Rs 1.50/-,\n");
    assert!(it.rejects.is_empty(), "{:?}", it.rejects);
    let sales = &tables(&it).sales;
    let lines: Vec<_> = (0..2).map(|line| (sales.quantity[line], sales.amount[line])).collect();
    assert!(lines.contains(&(Quantity::pieces(2), Paisa(250_100))));
    assert!(lines.contains(&(Quantity::pieces(1_000), Paisa(150_000))));
}

#[test]
fn all_or_nothing_keeps_nothing_for_one_bad_row_and_everything_for_duplicates() {
    let strict = || ImportOptions { all_or_nothing: true, ..options() };
    let good = format!("{HEADER}1,2026-11-23,A,Tea,1,5,\n1,2026-11-23,A,Tea,1,5,\n");
    let it = import_with(good.as_bytes(), strict()).unwrap_or_else(|reject| panic!("{reject}"));
    assert_eq!((it.import.kept, it.import.rejected[&RejectReason::DuplicateRow]), (1, 1));
    let bad = format!("{good}2,never,A,Tea,1,5,\n");
    let it = import_with(bad.as_bytes(), strict()).unwrap_or_else(|reject| panic!("{reject}"));
    assert_eq!((it.import.kept, it.segments.len(), it.rejects.len()), (0, 0, 2));
}

#[test]
fn receipts_stay_whole_and_contradictions_are_named() {
    let it = rows(
        "1,2026-11-23,A,Tea,1,5,17\n2,2026-11-23,A,Tea,1,5,\n1,2026-11-23,B,Milk,1,6,18\n\
                   1,2026-11-23,C,Salt,1,7,\n1,2026-11-24,A,Tea,1,5,18\n",
    );
    assert_eq!(listed(&it), [(4, Some("Customer ID"), RejectReason::ContradictsReceipt)]);
    assert_eq!((it.receipts, it.customers), (3, 2), "a number may come again on another day");
    let tables = tables(&it);
    let whole = (0..3).find(|&receipt| tables.sales.lines_of(receipt).len() == 2);
    assert!(whole.is_some_and(|receipt| tables.sales.number[receipt] == "1"));
}

#[test]
fn returns_are_known_by_letter_by_sign_and_by_word() {
    let it = import(
        b"Receipt,Date,SKU,Qty,Price,Type\nC1,2026-11-23,A,-1,5,\n2,2026-11-23,A,-1,5,\n3,2026-11-23,A,-1,0,\n\
          4,2026-11-23,A,2,5,Refund\nC5,2026-11-23,A,1,5,Sale\n6,2026-11-23,A,-1,5,\n6,2026-11-23,B,1,9,\n",
    );
    let it = it.unwrap_or_else(|reject| panic!("{reject}"));
    let sales = &tables(&it).sales;
    let returns: Vec<&str> = (0..sales.receipts())
        .filter(|&receipt| sales.kind[receipt] == ReceiptKind::Return)
        .map(|receipt| sales.number[receipt].as_str())
        .collect();
    let mut sorted = returns.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, ["2", "4", "C1"], "a write-off, a C without return and an exchange are none");
    let refund = (0..sales.receipts()).find(|&receipt| sales.number[receipt] == "4").unwrap_or(0);
    assert_eq!(sales.amount[sales.lines_of(refund).start], Paisa(-1_000));
}

#[test]
fn totals_without_prices_and_discounts_sum_to_the_paisa() {
    let it = import(b"Date,Item,Qty,Net sales,Discounts\n2026-11-23,Tea,3,10.00,0\n2026-11-23,Milk,2,9,1\n");
    let sales = tables(&it.unwrap_or_else(|reject| panic!("{reject}"))).sales;
    let mut amounts: Vec<i64> = sales.amount.iter().map(|amount| amount.0).collect();
    amounts.sort_unstable();
    assert_eq!(amounts, [900, 1_000]);
    assert_eq!(sales.receipts(), 2, "without receipt numbers each row stands for itself");
}

#[test]
fn names_and_phones_are_sealed_and_never_stand_in_segments() {
    let text = "Date,Receipt,Item,Qty,Price,Customer name,Phone\n\
                2026-11-23,1,Tea,1,5,Ali Khan,0300-1234567\n2026-11-24,2,Tea,1,5,Ali K.,+92 300 1234567\n\
                2026-11-24,3,Tea,1,5,Sana,\n2026-11-24,4,Tea,1,5,,\n";
    let key = SecretKey::fresh(&mut Rng::seeded(1));
    let personal = |seed, known| Some(Personal { tenant_key: key.clone(), rng: Rng::seeded(seed), known });
    let with = |personal| {
        let it = import_with(text.as_bytes(), ImportOptions { personal, ..options() });
        it.unwrap_or_else(|reject| panic!("{reject}"))
    };
    let it = with(personal(2, Default::default()));
    assert_eq!(it.customers, 2, "two spellings of one phone are one customer");
    for segment in &it.segments {
        let text = String::from_utf8_lossy(&segment.bytes).into_owned();
        assert!(!text.contains("Ali") && !text.contains("1234567"));
    }
    let mut people = Vec::new();
    for pair in it.people.chunks(2) {
        let [Record::PersonKey(person_key), Record::Customer(customer)] = pair else {
            panic!("expected a key and a customer, got {pair:?}")
        };
        let wrapped = person_key.wrapped.as_ref().unwrap_or_else(|| panic!("no key"));
        let opened = key.unwrap_key(person_key.id, wrapped);
        let opened = opened.unwrap_or_else(|error| panic!("{error}"));
        let sealed = customer.person.clone().unwrap_or_else(|| panic!("no person"));
        people.push(opened.open::<Person>(&sealed).unwrap_or_else(|error| panic!("{error}")));
    }
    people.sort_by_key(|person| person.name.clone());
    assert_eq!(people.len(), 2);
    assert_eq!(people[0].name.as_deref(), Some("Ali Khan"));
    assert_eq!(people[0].phones, ["+923001234567"]);

    let ids: std::collections::BTreeSet<_> =
        segments(&it).iter().flat_map(|segment| segment.customers.clone()).map(|row| row.id).collect();
    let again = with(personal(3, ids));
    assert_eq!(again.segments, it.segments, "other keys, same rows");
    assert!(again.people.is_empty(), "known people are not written again");
    assert_eq!(with(None).customers, 0, "without a key nobody is named");
}

#[test]
fn a_preview_says_what_cannot_be_read() {
    let zone = Zone::KARACHI;
    let it = preview(b"Bill No;Dated;Item;Qty;Rate\n7;23/11/2026;Tea;x;5\n", None, None, zone);
    let it = it.unwrap_or_else(|reject| panic!("{reject}"));
    assert_eq!((it.delimiter, it.missing.len()), (';', 1), "Dated is not known for a date");
    let mapping = {
        let mut mapping = it.mapping.clone();
        mapping.insert(dukandar_core::import::Field::Date, "Dated".to_owned());
        mapping
    };
    let it = preview(b"Bill No;Dated;Item;Qty;Rate\n7;23/11/2026;Tea;x;5\n", Some(mapping), None, zone);
    let it = it.unwrap_or_else(|reject| panic!("{reject}"));
    assert_eq!((it.missing.len(), it.date_order), (0, Some(DateOrder::DayFirst)));
    let values = &it.rows[0].values;
    assert_eq!(values[&dukandar_core::import::Field::Quantity], Err(RejectReason::NotANumber));
    assert_eq!(values[&dukandar_core::import::Field::Price].as_deref(), Ok("5"));
}
