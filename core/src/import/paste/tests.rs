//! Lists as shops keep them, each row worked by hand.

#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;

const TODAY: Day = Day(20_784); // 2026-11-27

fn goods(text: &str) -> Pasted {
    read(PasteKind::Goods, text, TODAY)
}

fn dues(text: &str) -> Pasted {
    read(PasteKind::Dues, text, TODAY)
}

/// (name, pieces, rupees asked, rupees paid) of each row.
type Plain<'a> = (&'a str, Option<i64>, Option<i64>, Option<i64>);

fn plain(pasted: &Pasted) -> Vec<Plain<'_>> {
    let whole = |paisa: Option<Paisa>| paisa.map(|paisa| paisa.0 / 100);
    let rows = pasted.rows.iter();
    let pieces = |row: &PastedRow| row.quantity.map(|pieces| pieces.0 / 1_000);
    rows.map(|row| (row.name.as_str(), pieces(row), whole(row.price), whole(row.cost))).collect()
}

fn owed(pasted: &Pasted) -> Vec<(&str, &str, i64, Option<String>)> {
    let rows = pasted.rows.iter();
    rows.map(|row| {
        (row.name.as_str(), row.phone.as_str(), row.amount.0 / 100, row.since.map(|day| day.to_string()))
    })
    .collect()
}

fn why(pasted: &Pasted) -> Vec<(u32, PasteWhy)> {
    pasted.faults.iter().map(|fault| (fault.line, fault.why)).collect()
}

#[test]
fn columns_are_known_by_their_headers_in_three_languages_and_any_order() {
    let expected =
        [("Redmi 13", Some(3), Some(42_000), Some(39_500)), ("Cover", Some(40), Some(350), Some(120))];
    for text in [
        "Name\tQty\tPrice\tCost\nRedmi 13\t3\t42,000\t39,500\nCover\t40\t350\t120",
        "Cost Price\tSale Price\tItem Name\tStock\n39500\tRs 42,000\tRedmi 13\t3\n120\t350/-\tCover\t40",
        "خرید\tقیمت\tتعداد\tنام\n۳۹۵۰۰\t۴۲۰۰۰\t۳\tRedmi 13\n۱۲۰\t۳۵۰\t۴۰\tCover",
        "naam,adad,qeemat,kharid\nRedmi 13,3,42000,39500\nCover,40,350,120",
        "Shop stock list\nMaal, Tadad, Qeemat, Lagat\nRedmi 13, 3, 42,000, 39,500\nCover, 40, 350, 120",
        "Redmi 13\t3\t42000\t39500\nCover\t40\t350\t120",
        "42000\t39500\tRedmi 13\t3\n350\t120\tCover\t40",
    ] {
        let read = goods(text);
        assert_eq!(plain(&read), expected, "{text}");
        assert_eq!(read.faults, [], "{text}");
    }
}

#[test]
fn a_bad_row_is_named_with_what_was_expected_and_takes_no_good_one_with_it() {
    let read = goods(
        "Name\tQty\tPrice\nRedmi 13\tthree\t42000\nCover\t40\t350\n\t5\t100\nGlass\t2\t-50\ncover\t1\t1\nTotal\t40\t\nUSB\t\t",
    );
    assert_eq!(plain(&read), [("Cover", Some(40), Some(350), None), ("USB", None, None, None)]);
    let expected = [
        (2, PasteWhy::Value(PasteField::Quantity)),
        (4, PasteWhy::Value(PasteField::Name)),
        (5, PasteWhy::Value(PasteField::Price)),
        (6, PasteWhy::Twice(3)),
        (7, PasteWhy::Sum),
    ];
    assert_eq!(why(&read), expected);
    assert_eq!(read.faults[0].found, "three");
}

#[test]
fn what_is_left_after_the_good_rows_is_the_header_and_the_rows_to_mend() {
    let text = "Name\tQty\nRedmi\tx\nCover\t4";
    assert_eq!(goods(text).left(text), "Name\tQty\nRedmi\tx");
    assert_eq!(goods("Name\tQty\nCover\t4").left("Name\tQty\nCover\t4"), "");
}

#[test]
fn dues_are_read_with_phones_and_days() {
    let read = dues(
        "Name\tMobile\tBalance\tDate\nAli Raza\t0300-1234567\t12,500\t5-Oct-2026\nBilal\t\t-500\t\nSana\t0321 7654321\tnone\t\nUmar\t\t700\t01/12/2026",
    );
    assert_eq!(
        owed(&read),
        [("Ali Raza", "0300-1234567", 12_500, Some("2026-10-05".to_owned())), ("Bilal", "", -500, None)]
    );
    assert_eq!(why(&read), [(4, PasteWhy::Value(PasteField::Amount)), (5, PasteWhy::Future)]);
    let bare = dues("Ali Raza\t03001234567\t12500\nعلی\t03217654321\t900");
    assert_eq!(owed(&bare), [("Ali Raza", "03001234567", 12_500, None), ("علی", "03217654321", 900, None)]);
}

#[test]
fn a_statement_in_columns_becomes_entries_whose_balances_follow() {
    let text = "Digi Khata\nCustomer Name: Ali Raza\nPhone: 03001234567\nDate\tDetails\tYou Gave\tYou Got\tBalance\n01-Oct-2026\tCover\t1,500\t\t1,500\n05-Oct-2026\t\t\t500\t1,000\n09-Oct-2026\tGlass\t300\t\t9,999\nTotal\t\t1,800\t500\t";
    let read = dues(text);
    assert!(read.is_statement);
    let ali = |rupees, on: &str| ("Ali Raza", "03001234567", rupees, Some(on.to_owned()));
    assert_eq!(owed(&read), [ali(1_500, "2026-10-01"), ali(-500, "2026-10-05")]);
    assert_eq!(why(&read), [(8, PasteWhy::Sum), (7, PasteWhy::Balance)]);
}

#[test]
fn a_statement_as_the_text_of_a_pdf_takes_its_sides_from_the_balances() {
    let text = "Statement\nName: Bilal\n03217654321\nDate Details Debit Credit Balance\n01 Oct 2026 Cover + glass 1,500 1,500\n05 Oct 2026 Cash 500 1,000\n06/10/2026 Charger 700 0 1,700\nPage 1 of 1";
    let read = dues(text);
    let amounts: Vec<i64> = read.rows.iter().map(|row| row.amount.0 / 100).collect();
    assert_eq!(amounts, [1_500, -500, 700]);
    assert_eq!(owed(&read)[0], ("Bilal", "03217654321", 1_500, Some("2026-10-01".to_owned())));
    assert_eq!(read.faults, []);
    // A statement of one month: what was owed before it stands in its first balance.
    let read = dues("01 Oct 2026 Cover 500 2,500\n02 Oct 2026 Cash 300 2,200");
    assert_eq!(read.rows.len() + read.faults.len(), 2, "{read:?}");
}

#[test]
fn suppliers_are_owed_amounts_above_zero() {
    let read = read(
        PasteKind::Suppliers,
        "Supplier\tBaqaya\nHall Road Traders\t1,20,000\nKhan Mobile\t-5\nZeeshan\t0",
        TODAY,
    );
    assert_eq!(owed(&read), [("Hall Road Traders", "", 120_000, None)]);
    assert_eq!(why(&read), [3, 4].map(|line| (line, PasteWhy::Value(PasteField::Amount))));
}
