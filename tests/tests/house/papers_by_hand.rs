//! Returns, exchanges and papers against figures worked by hand; partial returns against the sale they are of; the QR
//! code against another encoder.

use dukandar_core::{
    customer::credit::{Account, accounts},
    fold::{Fold, Order},
    id::{CustomerId, DeviceId, DocumentId, EpochId, EventId, ProductId, SaleId, ShopId, UnitId, UserId},
    insight::day::DayAnswer,
    money::{Currency, Paisa},
    paper::{
        self, Names, Tender, Written, qr,
        refund::{self, Brought, RefundFault},
    },
    quantity::Quantity,
    record::*,
    role::{Action, Role},
    table::Tables,
    task::{Answer, Task, run},
    time::{Day, Timestamp, Zone},
};
use proptest::prelude::*;
use std::collections::BTreeMap;

const SHOP: ShopId = ShopId::from_u128(1);
const ALI: CustomerId = CustomerId::from_u128(7);
const SALE: SaleId = SaleId::from_u128(100);
const BACK: SaleId = SaleId::from_u128(200);
const TODAY: Day = Day(20_784);

fn at(minute: i64) -> Timestamp {
    Timestamp(TODAY.start(Zone::KARACHI).0 + minute * 60_000)
}

fn line(product: u128, milli: i64, price: Paisa, discount: Paisa) -> SaleLine {
    let quantity = Quantity(milli);
    let gross = quantity.times(price).unwrap_or_default();
    SaleLine {
        product: ProductId::from_u128(product),
        units: vec![],
        quantity,
        unit_price: price,
        discount,
        amount: gross - discount,
        unit_cost: Some(Paisa(price.0 / 2)),
    }
}

fn pay(method: PaymentMethod, rupees: i64) -> Payment {
    Payment { method, amount: Paisa::rupees(rupees), tendered: None }
}

fn sale(lines: Vec<SaleLine>, payments: Vec<Payment>) -> Sale {
    Sale {
        id: SALE,
        shop: SHOP,
        number: "HC-1-1".into(),
        at: at(600),
        zone: Zone::KARACHI,
        customer: Some(ALI),
        staff: Some(UserId::from_u128(9)),
        lines,
        payments,
        approval: None,
    }
}

fn brought(line: usize, milli: i64) -> Brought {
    Brought { line, quantity: Quantity(milli), units: vec![] }
}

fn back(id: SaleId, sale: &Sale, of: &[Brought], lines: Vec<SaleLine>, payments: Vec<Payment>) -> Return {
    Return {
        id,
        original: Some(sale.id),
        shop: SHOP,
        number: "HC-1-2".into(),
        at: at(700),
        zone: Zone::KARACHI,
        customer: sale.customer,
        staff: sale.staff,
        of_lines: of.iter().map(|it| it.line as u32).collect(),
        lines,
        payments,
        exchange: None,
    }
}

#[test]
fn parts_of_a_discounted_line_come_to_what_was_paid_for_it() {
    // 3 × 333.33 less 100 = 899.99: a third is 299.996…
    let sale = sale(vec![line(1, 3_000, Paisa(33_333), Paisa(10_000))], vec![]);
    let mut returns = Vec::new();
    let mut given = Vec::new();
    for turn in 0..3 {
        let lines = refund::lines(&sale, &returns, &[brought(0, 1_000)]).unwrap();
        assert_eq!(lines[0].quantity, Quantity::pieces(1));
        given.push(lines[0].amount.0);
        returns.push(back(SaleId::from_u128(turn), &sale, &[brought(0, 1_000)], lines, vec![]));
    }
    assert_eq!(given, [30_000, 29_999, 30_000]);
    assert_eq!(given.iter().sum::<i64>(), 89_999);
    let fault = refund::lines(&sale, &returns, &[brought(0, 1_000)]);
    assert_eq!(fault, Err(RefundFault::TooMany { line: 0, left: Quantity::ZERO }));
}

#[test]
fn what_cannot_come_back_is_refused_with_its_line() {
    let (a, b, other) = (UnitId::from_u128(1), UnitId::from_u128(2), UnitId::from_u128(3));
    let tracked = SaleLine { units: vec![a, b], ..line(1, 2_000, Paisa::rupees(50_000), Paisa::ZERO) };
    let sale = sale(vec![tracked, line(2, 1_000, Paisa::rupees(500), Paisa::ZERO)], vec![]);
    let with = |units: &[UnitId], milli| Brought { units: units.to_vec(), ..brought(0, milli) };
    assert_eq!(refund::lines(&sale, &[], &[]), Err(RefundFault::Nothing));
    assert_eq!(refund::lines(&sale, &[], &[brought(1, 0)]), Err(RefundFault::Nothing));
    assert_eq!(refund::lines(&sale, &[], &[brought(2, 1_000)]), Err(RefundFault::NoSuchLine(2)));
    assert_eq!(refund::lines(&sale, &[], &[with(&[other], 1_000)]), Err(RefundFault::OtherPieces(0)));
    assert_eq!(refund::lines(&sale, &[], &[with(&[], 1_000)]), Err(RefundFault::OtherPieces(0)));
    assert_eq!(
        refund::lines(&sale, &[], &[brought(1, 1_000), brought(1, 1_000)]),
        Err(RefundFault::TooMany { line: 1, left: Quantity::ZERO }),
        "one line named twice"
    );
    let first = with(&[b], 1_000);
    let lines = refund::lines(&sale, &[], std::slice::from_ref(&first)).unwrap();
    assert_eq!((lines[0].units.as_slice(), lines[0].amount), ([b].as_slice(), Paisa::rupees(50_000)));
    let returns = [back(BACK, &sale, &[first], lines, vec![])];
    assert_eq!(refund::left(&sale, &returns)[0].units, [a]);
    assert_eq!(refund::lines(&sale, &returns, &[with(&[b], 1_000)]), Err(RefundFault::OtherPieces(0)));
    // A return of another sale takes nothing away.
    let elsewhere = Return { original: Some(BACK), ..returns[0].clone() };
    assert_eq!(refund::left(&sale, &[elsewhere])[0].quantity, Quantity::pieces(2));
    // An older device's return names no lines: it is taken from the first lines of its product.
    let nameless = Return { of_lines: vec![], ..returns[0].clone() };
    assert_eq!(refund::left(&sale, &[nameless])[0].quantity, Quantity::pieces(1));
}

fn any_line() -> impl Strategy<Value = SaleLine> {
    (1..9_000_i64, 0..5_000_000_i64, 0..100_i64).prop_map(|(milli, price, percent)| {
        let gross = Quantity(milli).times(Paisa(price)).unwrap_or_default();
        line(1, milli, Paisa(price), Paisa(gross.0 * percent / 100))
    })
}

proptest! {
    #[test]
    fn partial_returns_are_valid_records_and_sum_to_the_whole(sold in any_line(), cuts in prop::collection::vec(1..4_000_i64, 0..6)) {
        let sale = sale(vec![sold.clone()], vec![]);
        let mut returns: Vec<Return> = Vec::new();
        let mut left = sold.quantity.0;
        for cut in cuts.into_iter().chain([i64::MAX]) {
            let milli = cut.min(left);
            if milli == 0 { break }
            let of = [brought(0, milli)];
            let lines = refund::lines(&sale, &returns, &of).unwrap();
            let total = lines[0].amount;
            let payments = refund::payments(total, Paisa::ZERO, Paisa::ZERO, PaymentMethod::Cash);
            let made = back(SaleId::from_u128(returns.len() as u128), &sale, &of, lines, payments);
            prop_assert_eq!(Record::Return(made.clone()).validate(), Ok(()));
            left -= milli;
            returns.push(made);
        }
        prop_assert_eq!(left, 0);
        let given: i64 = returns.iter().map(|it| it.lines[0].amount.0).sum();
        prop_assert_eq!(given, sold.amount.0);
    }
}

fn shop() -> Record {
    Record::Shop(Shop {
        id: SHOP,
        name: "Hafeez".into(),
        code: "HC".into(),
        city: "Lahore".into(),
        currency: Currency::PKR,
        zone: Zone::KARACHI,
        bargaining: None,
    })
}

fn fold(records: &[Record]) -> Tables {
    let mut fold = Fold::default();
    for (seq, record) in records.iter().enumerate() {
        let (device, epoch, seq) = (DeviceId::from_u128(1), EpochId::from_u128(1), seq as u64);
        fold.record(EventId::from_u128(seq.into()), Order::Pending { device, epoch, seq }, record.clone());
    }
    fold.into_tables()
}

fn day(tables: &Tables) -> DayAnswer {
    match run(&Task::Day { shop: SHOP, now: at(900) }, tables) {
        Ok(Answer::Day(day)) => *day,
        other => panic!("no day: {other:?}"),
    }
}

fn khata(tables: &Tables, on: Day) -> Account {
    accounts(tables, None, on).values().copied().next().unwrap_or_default()
}

fn credit(id: u128, rupees: i64, minute: i64, sale: Option<SaleId>, kind: CreditKind) -> CreditEntry {
    CreditEntry {
        id: DocumentId::from_u128(id),
        customer: ALI,
        shop: SHOP,
        amount: Paisa::rupees(rupees),
        sale,
        at: at(minute),
        due: None,
        method: None,
        kind,
        undoes: None,
    }
}

/// 1,000 sold, 400 in cash and 600 on qist of three months; 700 of it comes back: 600 less owed, 100 in cash.
#[test]
fn goods_on_udhaar_that_come_back_lower_the_debt_before_money_is_given() {
    use PaymentMethod::Cash;
    let lines = vec![
        line(1, 1_000, Paisa::rupees(700), Paisa::ZERO),
        line(2, 1_000, Paisa::rupees(300), Paisa::ZERO),
    ];
    let sale = sale(lines, vec![pay(Cash, 400), pay(PaymentMethod::Instalment, 600)]);
    let parts: Vec<_> = (1..=3).map(|part| (TODAY.0 + 30 * part, 200)).collect();
    let plan = InstalmentPlan {
        id: DocumentId::from_u128(3),
        customer: ALI,
        sale: SALE,
        parts: parts
            .iter()
            .map(|&(due, rupees)| Instalment { due: Day(due), amount: Paisa::rupees(rupees) })
            .collect(),
    };
    let sold = [
        shop(),
        Record::Sale(sale.clone()),
        Record::CreditEntry(credit(2, 600, 600, Some(SALE), CreditKind::Plain)),
        Record::InstalmentPlan(plan),
    ];
    let before = fold(&sold);
    assert_eq!(khata(&before, TODAY).balance, Paisa::rupees(600));

    let of = [brought(0, 1_000)];
    let lines = refund::lines(&sale, &[], &of).unwrap();
    let owed = refund::still_owed(&sale, &[], Paisa::rupees(600));
    assert_eq!(owed, Paisa::rupees(600));
    let payments = refund::payments(Paisa::rupees(700), owed, Paisa::ZERO, PaymentMethod::Cash);
    assert_eq!(payments, [pay(PaymentMethod::Credit, 600), pay(PaymentMethod::Cash, 100)]);
    let made = back(BACK, &sale, &of, lines, payments);
    let entry = credit(4, -600, 700, Some(SALE), CreditKind::Returned);
    assert_eq!(entry.cash(), Paisa::ZERO, "no money moved");
    let after = fold(&[&sold[..], &[Record::Return(made.clone()), Record::CreditEntry(entry)]].concat());
    assert_eq!(khata(&after, TODAY).balance, Paisa::ZERO);
    let day = day(&after);
    assert_eq!(day.expected, Paisa::rupees(300), "400 in, 100 out");
    // Nothing of the sale is owed any more: what comes back later is paid out.
    let returns = [made];
    assert_eq!(refund::still_owed(&sale, &returns, Paisa::rupees(5_000)), Paisa::ZERO);
    // Paid meanwhile: the debt of the sale is no more than what is owed in all.
    assert_eq!(refund::still_owed(&sale, &[], Paisa::rupees(150)), Paisa::rupees(150));
    assert_eq!(refund::still_owed(&sale, &[], Paisa::rupees(-50)), Paisa::ZERO);
}

/// Three parts of 200; 250 comes back: the last is gone, the middle is 150, the next stays as agreed. An older debt of
/// another day is left alone.
#[test]
fn a_return_shortens_its_own_qist_from_the_end() {
    let plan = InstalmentPlan {
        id: DocumentId::from_u128(3),
        customer: ALI,
        sale: SALE,
        parts: (1..=3)
            .map(|it| Instalment { due: Day(TODAY.0 + 30 * it), amount: Paisa::rupees(200) })
            .collect(),
    };
    let tables = fold(&[
        shop(),
        Record::CreditEntry(credit(1, 1_000, 500, None, CreditKind::Plain)),
        Record::CreditEntry(credit(2, 600, 600, Some(SALE), CreditKind::Plain)),
        Record::InstalmentPlan(plan),
        Record::CreditEntry(credit(4, -250, 700, Some(SALE), CreditKind::Returned)),
    ]);
    let owed_after = |days: i32| {
        let account = khata(&tables, Day(TODAY.0 + days));
        (account.balance.0 / 100, account.overdue.0 / 100)
    };
    assert_eq!(owed_after(0), (1_350, 0));
    // The older debt and the first part are due on the 30th day.
    assert_eq!(owed_after(31), (1_350, 1_200));
    assert_eq!(owed_after(61), (1_350, 1_350));
}

/// 1,000 comes back for a bill of 1,500: the drawer holds the 500 of the difference, and both papers say what changed
/// places.
#[test]
fn an_exchange_leaves_the_difference_in_the_drawer() {
    use PaymentMethod::Cash;
    let first = Sale {
        customer: None,
        ..sale(vec![line(1, 1_000, Paisa::rupees(1_000), Paisa::ZERO)], vec![pay(Cash, 1_000)])
    };
    let second = Sale {
        id: SaleId::from_u128(101),
        at: at(700),
        lines: vec![line(2, 1_000, Paisa::rupees(1_500), Paisa::ZERO)],
        payments: vec![pay(Cash, 1_000), Payment { tendered: Some(Paisa::rupees(1_000)), ..pay(Cash, 500) }],
        ..first.clone()
    };
    let swapped = paper::exchanged(Paisa::rupees(1_500), Paisa::rupees(1_000));
    let lines = refund::lines(&first, &[], &[brought(0, 1_000)]).unwrap();
    let payments = refund::payments(Paisa::rupees(1_000), Paisa::ZERO, swapped, PaymentMethod::Bank);
    assert_eq!(payments, [pay(Cash, 1_000)]);
    let made =
        Return { exchange: Some(second.id), ..back(BACK, &first, &[brought(0, 1_000)], lines, payments) };
    let records = [shop(), Record::Sale(first), Record::Sale(second.clone()), Record::Return(made.clone())];
    for record in &records {
        assert_eq!(record.validate(), Ok(()));
    }
    let tables = fold(&records);
    let day = day(&tables);
    assert_eq!(day.expected, Paisa::rupees(1_500));
    // The difference, of which a note of 1,000 was handed over.
    let names = Names { exchanged: swapped, ..Names::default() };
    let of_sale = paper::document(&Written::Sale(second), Zone::KARACHI, names.clone());
    let tenders = [(Tender::Exchanged, Paisa::rupees(1_000)), (Tender::Paid(Cash), Paisa::rupees(1_000))];
    assert_eq!((of_sale.tenders.as_slice(), of_sale.change), (tenders.as_slice(), Paisa::rupees(500)));
    let of_return = paper::document(&Written::Return(made), Zone::KARACHI, names);
    assert_eq!(of_return.tenders, [(Tender::Exchanged, Paisa::rupees(1_000))]);
    // A dearer return: the rest goes off the udhaar first, then by the way that was chosen.
    let rest = refund::payments(
        Paisa::rupees(2_000),
        Paisa::rupees(300),
        Paisa::rupees(1_500),
        PaymentMethod::Easypaisa,
    );
    let expected = [pay(Cash, 1_500), pay(PaymentMethod::Credit, 300), pay(PaymentMethod::Easypaisa, 200)];
    assert_eq!(rest, expected);
}

#[test]
fn only_owner_and_manager_take_goods_back_unseen_and_records_say_so() {
    let sale = sale(vec![line(1, 1_000, Paisa::rupees(500), Paisa::ZERO)], vec![]);
    let with =
        back(BACK, &sale, &[brought(0, 1_000)], sale.lines.clone(), vec![pay(PaymentMethod::Cash, 500)]);
    let without = Return { original: None, of_lines: vec![], ..with.clone() };
    let may = |record: Return, role: Role| role.may(Record::Return(record).action());
    assert!(may(with.clone(), Role::Cashier));
    assert!(!may(without.clone(), Role::Cashier) && !Role::Accountant.may(Action::ReturnUnseen));
    assert!(may(without.clone(), Role::Owner) && may(without, Role::Manager));
    let unpaired = Return { of_lines: vec![0, 1], ..with };
    assert_eq!(Record::Return(unpaired).validate().map_err(|fault| fault.field), Err("of_lines".to_owned()));
    let lost = credit(1, -5, 1, None, CreditKind::Returned);
    assert_eq!(Record::CreditEntry(lost).validate().map_err(|fault| fault.field), Err("sale".to_owned()));
}

#[test]
fn what_older_devices_wrote_of_returns_keeps_its_bytes() {
    let sale = sale(vec![line(1, 1_000, Paisa::rupees(500), Paisa::ZERO)], vec![]);
    let old = Return { of_lines: vec![], ..back(BACK, &sale, &[], sale.lines.clone(), vec![]) };
    let fields: Vec<String> =
        serde_json::to_value(&old).unwrap().as_object().unwrap().keys().cloned().collect();
    let expected =
        ["at", "customer", "id", "lines", "number", "original", "payments", "shop", "staff", "zone"];
    assert_eq!(fields, expected);
    let quotation = r#"{"at":1,"customer":null,"id":"00000000-0000-0000-0000-000000000001","lines":[],"shop":"00000000-0000-0000-0000-000000000002","valid_until":2}"#;
    let value: serde_json::Value = serde_json::from_str(quotation).unwrap();
    let read: Quotation = Record::decode_as("quotation", 1, value.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), value);
}

#[test]
fn a_search_finds_by_number_amount_customer_and_piece() {
    let unit = UnitId::from_u128(5);
    let sold = SaleLine { units: vec![unit], ..line(1, 1_000, Paisa::rupees(52_500), Paisa::ZERO) };
    let it = Written::Sale(Sale { number: "HC-1-42".into(), ..sale(vec![sold], vec![]) });
    let search = |text: &str| paper::Search { text: text.into(), ..Default::default() };
    for (text, holds) in
        [("", true), ("hc-1-4", true), ("52,500", true), ("Rs 52500", true), ("525", false), ("HC-2", false)]
    {
        assert_eq!(search(text).finds(&it), holds, "{text}");
    }
    assert!(paper::Search { customers: vec![ALI], ..search("ali") }.finds(&it));
    assert!(paper::Search { units: vec![unit], ..search("3569") }.finds(&it));
    assert!(!paper::Search { customers: vec![CustomerId::from_u128(8)], ..search("ali") }.finds(&it));
}

#[test]
fn a_paper_names_its_pieces_its_change_and_what_is_owed() {
    let unit = UnitId::from_u128(5);
    let sold = SaleLine { units: vec![unit], ..line(1, 1_000, Paisa::rupees(900), Paisa::rupees(100)) };
    let cash = Payment { tendered: Some(Paisa::rupees(500)), ..pay(PaymentMethod::Cash, 300) };
    let it = Written::Sale(sale(vec![sold], vec![cash, pay(PaymentMethod::Credit, 500)]));
    let names = Names {
        lines: vec!["Redmi".into()],
        imeis: BTreeMap::from([(unit, "356938035643809".to_owned())]),
        balance: Some(Paisa::rupees(700)),
        ..Names::default()
    };
    let found = paper::document(&it, Zone::KARACHI, names);
    assert_eq!((found.lines[0].name.as_str(), found.lines[0].imeis.len()), ("Redmi", 1));
    assert_eq!(
        (found.total, found.discount, found.change),
        (Paisa::rupees(800), Paisa::rupees(100), Paisa::rupees(200))
    );
    assert_eq!(found.owed, Some(Paisa::rupees(700)));
}

/// The standard leaves the choice of the mask to the writer and puts it into the code: of our eight, exactly one is the
/// other encoder's.
#[test]
fn our_code_is_that_of_another_encoder() {
    use qrcode::{EcLevel, QrCode, Version, bits::Bits, types::Color};
    let words = ["", "HC-1-7", "Hafeez Centre\nHC-1-7\n05-Mar-2026\nRs 99,500", &"دکان ".repeat(11)];
    for text in words {
        let version = qr::code(text).map(|code| (code.size as i16 - 17) / 4).unwrap();
        let mut bits = Bits::new(Version::Normal(version));
        bits.push_byte_data(text.as_bytes()).unwrap();
        bits.push_terminator(EcLevel::L).unwrap();
        let theirs: Vec<bool> = QrCode::with_bits(bits, EcLevel::L)
            .unwrap()
            .into_colors()
            .into_iter()
            .map(|color| color == Color::Dark)
            .collect();
        let same = (0..8).filter(|mask| qr::masked(text.as_bytes(), *mask).unwrap().dark == theirs).count();
        assert_eq!(same, 1, "version {version}: {text}");
    }
}
