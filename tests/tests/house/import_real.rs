//! The standard real input against figures of `tests/oracle/online_retail.py`, a plain Python reading of the
//! same file and rules.

use dukandar_core::{
    import::Field,
    money::Paisa,
    quantity::Quantity,
    reject::RejectReason,
    table::{NONE, ReceiptKind},
    time::Day,
};
use dukandar_tests::online_retail::{fold, import, options, outcome, tables, text};
use std::collections::BTreeMap;

#[test]
fn counts_match_the_python_oracle() {
    let it = outcome();
    assert_eq!((it.import.rows, it.import.kept), (541_909, 536_639));
    let rejected = BTreeMap::from([(RejectReason::DuplicateRow, 5_268), (RejectReason::NegativePrice, 2)]);
    assert_eq!(it.import.rejected, rejected);
    assert_eq!(it.import.rows, it.import.kept + it.import.rejected.values().sum::<u64>());
    assert_eq!(it.import.rounded_prices, 4);
    assert_eq!((it.receipts, it.returns), (25_898, 3_836));
    assert_eq!((it.customers, it.products), (4_372, 4_070));
    assert_eq!(it.unused_columns, ["Country"]);
    assert_eq!(it.import.mapping["customer"], "CustomerID");
    let span = it.period.map(|period| (period.from.to_string(), period.to.to_string()));
    assert_eq!(span, Some(("2010-12-01".to_owned(), "2011-12-09".to_owned())));
    assert_eq!(it.segments.len(), 13);
    assert_eq!(it.rejects.len(), 5_270);
    let negative: Vec<String> = (it.rejects.iter())
        .filter(|reject| reject.reason == RejectReason::NegativePrice)
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        negative,
        [
            "line 299985, column UnitPrice: negative_price (\"-11062.06\"); expected a price of zero or more",
            "line 299986, column UnitPrice: negative_price (\"-11062.06\"); expected a price of zero or more",
        ]
    );
}

#[test]
fn sums_match_the_python_oracle() {
    let sales = &tables().sales;
    assert_eq!((sales.receipts(), sales.lines()), (25_898, 536_639));
    assert_eq!(sales.amount.iter().copied().sum::<Paisa>(), Paisa(974_813_107));
    assert_eq!(sales.quantity.iter().copied().sum::<Quantity>(), Quantity::pieces(5_162_500));
    let free = sales.amount.iter().filter(|amount| amount.0 == 0).count();
    assert_eq!(free, 2_514);
    let lost = (0..sales.lines()).filter(|&line| sales.amount[line].0 == 0 && sales.quantity[line].0 < 0);
    assert_eq!(lost.count(), 1_336);
    let known: Paisa = (0..sales.lines())
        .filter(|&line| sales.customer[sales.receipt[line] as usize] != NONE)
        .map(|line| sales.amount[line])
        .sum();
    assert_eq!(known, Paisa(827_851_942));
    let returned: Paisa = (0..sales.receipts())
        .filter(|&receipt| sales.kind[receipt] == ReceiptKind::Return)
        .flat_map(|receipt| sales.lines_of(receipt))
        .map(|line| sales.amount[line])
        .sum();
    assert_eq!(returned, Paisa(-89_397_973));
    assert_eq!(tables().products.len(), 4_070);
    assert_eq!(tables().customers.len(), 4_372);
    assert!(tables().customers.iter().any(|row| row.code.as_deref() == Some("17850")));
}

#[test]
fn a_few_receipts_read_as_they_stand_in_the_file() {
    let tables = tables();
    let sales = &tables.sales;
    let find = |number: &str| (0..sales.receipts()).find(|&at| sales.number[at] == number).unwrap_or(0);
    let first = find("536365");
    assert_eq!(sales.lines_of(first).len(), 7);
    assert_eq!(sales.day[first], Day::parse("2010-12-01").unwrap_or_default());
    assert_eq!(sales.at[first].rfc3339(tables.shops[0].zone), "2010-12-01T08:26:00+00:00");
    let line = sales.lines_of(first).start;
    assert_eq!(tables.products[sales.product[line] as usize].label(), "WHITE HANGING HEART T-LIGHT HOLDER");
    assert_eq!((sales.quantity[line], sales.amount[line]), (Quantity::pieces(6), Paisa(1_530)));
    let back = find("C536379");
    assert_eq!(sales.kind[back], ReceiptKind::Return);
    assert_eq!(sales.amount[sales.lines_of(back).start], Paisa(-2_750));
    assert_eq!(tables.shops[0].currency.code(), "GBP");
}

#[test]
fn a_second_import_of_the_file_adds_nothing() {
    let again = import(text(), options());
    assert_eq!(again.segments, outcome().segments);
    assert_eq!(again.import.id, outcome().import.id);
    let mut both = dukandar_core::fold::Fold::default();
    for it in [outcome(), &again] {
        dukandar_tests::online_retail::segments(it).into_iter().for_each(|segment| both.segment(segment));
    }
    assert!(both.tables() == tables());
}

#[test]
fn chunks_of_any_size_give_the_same_segments() {
    let part = &text()[..3_000_000];
    let whole = import(part, options());
    for size in [997, 1 << 20] {
        let mut importer = dukandar_core::import::Importer::new(options());
        for chunk in part.chunks(size) {
            importer.push(chunk).unwrap_or_else(|reject| panic!("{reject}"));
        }
        assert!(importer.finish().is_ok_and(|it| it == whole), "chunks of {size} bytes");
    }
}

#[test]
fn one_tap_keeps_the_duplicates() {
    let it = import(text(), dukandar_core::import::ImportOptions { keep_duplicates: true, ..options() });
    assert_eq!((it.import.kept, it.import.rejected.len()), (541_907, 1));
    assert_eq!(fold(&it).sales.lines(), 541_907);
}

#[test]
fn the_segments_take_a_few_megabytes() {
    let bytes: u64 = outcome().segments.iter().map(|segment| segment.about.bytes).sum();
    assert!(bytes < 5_500_000, "{bytes} bytes");
}

#[test]
fn a_preview_shows_columns_and_values_before_anything_is_imported() {
    let zone = options().zone;
    let it = dukandar_core::import::preview(&text()[..65_536], None, None, zone);
    let it = it.unwrap_or_else(|reject| panic!("{reject}"));
    assert_eq!((it.delimiter, it.headers.len(), it.rows.len()), (',', 8, 10));
    assert!(it.missing.is_empty());
    let value = |field| it.rows[0].values[&field].as_deref().unwrap_or("?");
    assert_eq!(value(Field::Date), "2010-12-01 08:26");
    assert_eq!((value(Field::Quantity), value(Field::Price)), ("6", "2.55"));
}
