//! What needs a look, in a shop whose every fault was put there by hand; and what settling does to it.

use dukandar_core::{
    fold::{Fold, Order},
    id::{DocumentId, EventId, ProductId, SaleId, UserId},
    insight::anomalies::{AnomaliesAnswer, Figure, MOST_WRONG, Unusual, settled},
    money::Paisa,
    quantity::Quantity,
    reason::Reason,
    record::*,
    rng::Rng,
    sync::event::Stream,
    task::{Answer, Task, run},
    time::{Day, Timestamp, Zone},
};
use dukandar_tests::scripted_day::{self, SHOP, at};

/// 15-Nov-2026, the first day that is not over.
const TODAY: Day = Day(20_772);
const DAYS: i32 = 150;
const BILAL: UserId = UserId::from_u128(1);
const SANA: UserId = UserId::from_u128(2);
const CHARGER: u128 = 1;
const COVER: u128 = 2;

fn answer(records: &[Record]) -> AnomaliesAnswer {
    let mut fold = Fold::default();
    for (version, record) in (1..).zip(records) {
        record.validate().unwrap_or_else(|fault| panic!("{fault}"));
        let order = Order::Confirmed { version, stream: Stream::Shop(SHOP) };
        fold.record(EventId::from_u128(u128::from(version)), order, record.clone());
    }
    match run(&Task::Anomalies { shop: Some(SHOP), today: TODAY }, fold.tables()) {
        Ok(Answer::Anomalies(answer)) => *answer,
        other => panic!("no answer: {other:?}"),
    }
}

fn product(id: u128, name: &str) -> Record {
    let fields = ProductFields { name: Some(name.to_owned()), ..ProductFields::default() };
    Record::Product(Product { id: ProductId::from_u128(id), base_version: None, fields })
}

fn goods(id: u128, pieces: i64, cost: i64, at: Timestamp) -> Record {
    let line = StockLine {
        product: ProductId::from_u128(id),
        units: vec![],
        quantity: Quantity::pieces(pieces),
        unit_cost: Some(Paisa::rupees(cost)),
    };
    let id = DocumentId::from_u128(9_000 + id);
    Record::SupplierReceipt(SupplierReceipt {
        id,
        order: None,
        shop: SHOP,
        supplier: None,
        lines: vec![line],
        at,
    })
}

/// A bill of some pieces of one product at a price each, less a discount, in rupees.
fn sale(number: u128, at: Timestamp, staff: UserId, of: u128, pieces: i64, price: i64, off: i64) -> Record {
    let amount = Paisa::rupees(pieces * price - off);
    let line = SaleLine {
        product: ProductId::from_u128(of),
        units: vec![],
        quantity: Quantity::pieces(pieces),
        unit_price: Paisa::rupees(price),
        discount: Paisa::rupees(off),
        amount,
        unit_cost: None,
    };
    Record::Sale(Sale {
        id: SaleId::from_u128(number),
        shop: SHOP,
        number: number.to_string(),
        at,
        zone: Zone::KARACHI,
        customer: None,
        staff: Some(staff),
        lines: vec![line],
        payments: vec![Payment { method: PaymentMethod::Cash, amount, tendered: None }],
        approval: None,
    })
}

/// Five months of two products and two people, each with a little discount; nothing stands out.
fn quiet() -> Vec<Record> {
    let begin = at(Day(TODAY.0 - DAYS - 1), 600);
    let mut records = vec![
        scripted_day::shop(),
        product(CHARGER, "Charger 20 W"),
        product(COVER, "Cover"),
        goods(CHARGER, 5_000, 700, begin),
        goods(COVER, 5_000, 150, begin),
    ];
    let mut rng = Rng::seeded(11);
    let mut number = 100;
    for back in (1..=DAYS).rev() {
        let day = Day(TODAY.0 - back);
        for (minute, staff, of, price) in [(700, BILAL, CHARGER, 1_000), (800, SANA, COVER, 300)] {
            let pieces = 4 + i64::from(rng.poisson(4.0));
            let off = (pieces * price / 100) * (rng.below(3) as i64);
            records.push(sale(number, at(day, minute), staff, of, pieces, price, off));
            number += 1;
        }
    }
    records
}

fn of(answer: &AnomaliesAnswer, detector: Detector) -> Vec<&Unusual> {
    answer.rows.iter().filter(|row| row.detector == detector).collect()
}

fn only(answer: &AnomaliesAnswer, detector: Detector) -> &Unusual {
    match of(answer, detector)[..] {
        [one] => one,
        ref others => panic!("{detector:?}: {others:?}"),
    }
}

fn count(id: u128, of: u128, expected: i64, counted: i64, at: Timestamp) -> Record {
    let line = CountLine {
        product: ProductId::from_u128(of),
        expected: Quantity::pieces(expected),
        counted: Quantity::pieces(counted),
    };
    Record::Count(Count { id: DocumentId::from_u128(id), shop: SHOP, lines: vec![line], at })
}

fn closing(id: u128, day: Day, expected: i64, counted: i64) -> Record {
    Record::Closing(Closing {
        id: DocumentId::from_u128(id),
        shop: SHOP,
        day,
        expected: Paisa::rupees(expected),
        denominations: Default::default(),
        counted: Paisa::rupees(counted),
        staff: None,
        at: at(day, 1_300),
        opening: false,
        since: None,
        sums: None,
        floats: Default::default(),
        note: String::new(),
    })
}

#[test]
fn a_quiet_shop_has_nothing_to_look_at() {
    let answer = answer(&quiet());
    assert_eq!((answer.rows, answer.count), (vec![], 0));
}

#[test]
fn a_day_and_a_product_that_sold_five_times_as_much_are_found_with_what_was_expected() {
    let mut records = quiet();
    let day = Day(TODAY.0 - 3);
    records.push(sale(1, at(day, 900), SANA, CHARGER, 60, 1_000, 0));
    let answer = answer(&records);
    let shop = only(&answer, Detector::Sales);
    assert_eq!((shop.day, shop.reasons.len()), (day, 1));
    let Reason::UnusualSales { day: said, actual, expected } = shop.reasons[0] else { panic!("{shop:?}") };
    assert_eq!(said, day);
    assert!(actual.0 > 6_000_000 && (600_000..1_600_000).contains(&expected.0), "{shop:?}");
    assert_eq!(shop.amount, Paisa((actual - expected).0));
    let product = only(&answer, Detector::Product);
    assert_eq!((product.day, product.product), (day, Some(ProductId::from_u128(CHARGER))));
    let Reason::UnusualPieces { actual, expected, .. } = product.reasons[0] else { panic!("{product:?}") };
    assert!(actual >= 64.0 && (6.0..11.0).contains(&expected), "{product:?}");
    // Without a price of its own a piece is worth what it went for: a little under 1,000.
    let each = product.amount.as_units() / (actual - expected);
    assert!((970.0..=1_000.0).contains(&each), "{product:?}");
}

#[test]
fn what_an_empty_shelf_or_an_entered_holiday_explains_is_no_alarm() {
    // The shop is shut for three days of the last week.
    let from = Day(TODAY.0 - 5);
    let shut = |record: &Record| match record {
        Record::Sale(sale) => (from.0..from.0 + 3).contains(&sale.at.day(Zone::KARACHI).0),
        _ => false,
    };
    let mut records: Vec<Record> = quiet().into_iter().filter(|record| !shut(record)).collect();
    let drops = |answer: &AnomaliesAnswer| of(answer, Detector::Sales).len();
    assert!(drops(&answer(&records)) > 0, "three days without a sale stand out");
    let given = Given::Holiday(Day(from.0 + 2));
    records.push(Record::FeedRow(FeedRow::given(from, "Wedding", "holidays", &given, at(from, 0))));
    assert_eq!(answer(&records).rows, vec![]);
}

#[test]
fn a_count_that_lacks_goods_is_found_and_gone_when_they_are_counted_again() {
    let mut records = quiet();
    let when = at(Day(TODAY.0 - 2), 1_200);
    // The first count of a shelf whose goods were received: 40 chargers of 700 are missing.
    records.push(count(1, CHARGER, 3_800, 3_760, when));
    let found = answer(&records);
    let row = only(&found, Detector::Count);
    assert_eq!((row.amount, row.name.as_str()), (Paisa::rupees(28_000), "Charger 20 W"));
    let Reason::CountedOff { counted, book } = row.reasons[0] else { panic!("{row:?}") };
    assert_eq!(book - counted, 40.0);
    // One cover of 150 is not worth a look.
    records.push(count(2, COVER, 3_800, 3_799, when));
    assert_eq!(answer(&records).count, 1);
    records.push(count(3, CHARGER, 3_760, 3_800, Timestamp(when.0 + 60_000)));
    assert_eq!(answer(&records).rows, vec![]);
}

#[test]
fn a_shelf_below_zero_is_found_on_the_day_it_fell() {
    let mut records = quiet();
    records.push(product(7, "Handsfree"));
    records.push(goods(7, 3, 400, at(Day(TODAY.0 - 9), 600)));
    records.push(sale(1, at(Day(TODAY.0 - 8), 700), BILAL, 7, 2, 600, 0));
    records.push(sale(2, at(Day(TODAY.0 - 6), 700), BILAL, 7, 5, 600, 0));
    let answer = answer(&records);
    let row = only(&answer, Detector::BelowZero);
    assert_eq!(
        (row.day, row.found, row.amount),
        (Day(TODAY.0 - 6), Figure::Pieces(-4.0), Paisa::rupees(1_600))
    );
    assert_eq!(row.reasons, [Reason::BelowZero { units: -4.0 }]);
}

#[test]
fn a_price_far_from_that_products_own_is_found_unless_the_owner_said_yes() {
    let mut records = quiet();
    let day = Day(TODAY.0 - 1);
    records.push(sale(1, at(day, 900), BILAL, CHARGER, 2, 100, 0));
    let found = answer(&records);
    let row = only(&found, Detector::Price);
    assert_eq!((row.sale, row.found), (Some(SaleId::from_u128(1)), Figure::Money(Paisa::rupees(100))));
    let Figure::Money(usual) = row.expected else { panic!("{row:?}") };
    assert!((98_000..=100_000).contains(&usual.0), "{row:?}");
    assert!((Paisa::rupees(1_760)..=Paisa::rupees(1_800)).contains(&row.amount));

    let question = DocumentId::from_u128(77);
    let Some(Record::Sale(bill)) = records.last_mut() else { panic!("the sale was pushed last") };
    bill.approval = Some(question);
    let line = AskedLine {
        product: ProductId::from_u128(CHARGER),
        name: "Charger 20 W".to_owned(),
        quantity: Quantity::pieces(2),
        amount: Paisa::rupees(200),
    };
    for step in [ApprovalStep::Asked(vec![line]), ApprovalStep::Answered(true)] {
        let (id, user, at) = (question, Some(BILAL), at(day, 899));
        records.push(Record::Approval(Approval { id, shop: SHOP, user, at, step }));
    }
    assert_eq!(of(&answer(&records), Detector::Price), Vec::<&Unusual>::new());
}

#[test]
fn discounts_far_above_ones_own_and_the_others_are_found_with_their_giver() {
    let mut records = quiet();
    let day = Day(TODAY.0 - 2);
    // 12 % off: dear to the shop, yet no price of its own stands out.
    records.push(sale(1, at(day, 900), SANA, CHARGER, 10, 1_000, 1_200));
    let answer = answer(&records);
    let row = only(&answer, Detector::Discount);
    assert_eq!((row.user, row.day), (Some(SANA), day));
    let (Figure::Share(found), Figure::Share(expected)) = (row.found, row.expected) else {
        panic!("{row:?}")
    };
    assert!(found > 0.08 && expected <= 0.02, "{row:?}");
    assert_eq!(of(&answer, Detector::Price), Vec::<&Unusual>::new());
}

#[test]
fn a_drawer_is_off_by_more_than_this_shops_drawers_are() {
    let mut records = quiet();
    for back in 1..=20 {
        // Up to 50 rupees are lost every day.
        let lost = i64::from(back * 17 % 50);
        records.push(closing(back as u128, Day(TODAY.0 - back), 20_000, 20_000 - lost));
    }
    assert_eq!(answer(&records).rows, vec![]);
    records.push(closing(99, TODAY, 20_000, 18_500));
    let answer = answer(&records);
    let row = only(&answer, Detector::Closing);
    assert_eq!((row.day, row.amount), (TODAY, Paisa::rupees(1_500)));
    assert_eq!(
        row.reasons,
        [Reason::DrawerOff { counted: Paisa::rupees(18_500), expected: Paisa::rupees(20_000) }]
    );
}

fn settle(records: &mut Vec<Record>, it: &Unusual, said: SettledAs, note: &str) {
    let (issued, outcome) = settled(it, said, note, at(TODAY, 600));
    records.push(Record::PredictionIssued(issued));
    records.push(Record::PredictionOutcome(outcome));
}

#[test]
fn what_is_settled_leaves_the_list_and_the_last_word_stands() {
    let mut records = quiet();
    records.push(closing(1, Day(TODAY.0 - 30), 20_000, 20_000));
    records.push(closing(2, TODAY, 20_000, 18_500));
    let row = only(&answer(&records), Detector::Closing).clone();
    settle(&mut records, &row, SettledAs::WrongAlarm, "");
    settle(&mut records, &row, SettledAs::Explained, " to the supplier ");
    let answer = answer(&records);
    assert_eq!((answer.count, answer.settled.len()), (0, 1));
    let said = &answer.settled[0].said;
    assert_eq!(
        (said.settled, said.note.as_str(), &said.key),
        (SettledAs::Explained, "to the supplier", &row.key)
    );
    assert_eq!(answer.wrong, vec![], "no wrong alarm any more");
}

#[test]
fn wrong_alarms_raise_their_own_detectors_threshold_by_a_quarter_each_and_no_others() {
    let base = {
        let mut records = quiet();
        records.push(closing(1, Day(TODAY.0 - 30), 20_000, 20_000));
        records
    };
    let off_by = |records: &[Record], rupees: i64| {
        let mut records = records.to_vec();
        records.push(closing(99, TODAY, 20_000, 20_000 - rupees));
        records.push(count(98, CHARGER, 3_800, 3_799, at(TODAY, 1_200)));
        let answer = answer(&records);
        (of(&answer, Detector::Closing).len(), of(&answer, Detector::Count).len())
    };
    assert_eq!((off_by(&base, 199), off_by(&base, 200)), ((0, 1), (1, 1)));
    let mut records = base;
    for wrong in 1..=MOST_WRONG + 2 {
        let mut seen = records.clone();
        seen.push(closing(500 + u128::from(wrong), TODAY, 20_000, 2_000));
        let row = only(&answer(&seen), Detector::Closing).clone();
        settle(&mut records, &row, SettledAs::WrongAlarm, "");
        let limit = 200.0 * 1.25f64.powi(wrong.min(MOST_WRONG) as i32);
        let (below, above) = (limit.floor() as i64 - 1, limit.ceil() as i64);
        assert_eq!((off_by(&records, below), off_by(&records, above)), ((0, 1), (1, 1)), "after {wrong}");
    }
    assert_eq!(answer(&records).wrong, [(Detector::Closing, MOST_WRONG)]);
}

#[test]
fn all_travels_as_the_worker_sends_it_and_a_forecasts_outcome_settles_nothing() {
    let mut records = quiet();
    records.push(closing(1, Day(TODAY.0 - 30), 20_000, 20_000));
    records.push(closing(2, TODAY, 20_000, 18_500));
    records.push(sale(1, at(Day(TODAY.0 - 3), 900), SANA, CHARGER, 60, 1_000, 0));
    let row = only(&answer(&records), Detector::Closing).clone();
    settle(&mut records, &row, SettledAs::Mended, "");
    records.push(Record::PredictionOutcome(PredictionOutcome {
        prediction: dukandar_core::id::PredictionId::from_u128(5),
        actual_outcome: serde_json::json!({ "actual": [1.0], "total": 1.0 }),
        accuracy_score: Some(1.0),
        at: at(TODAY, 0),
    }));
    let given = answer(&records);
    assert_eq!((given.settled.len(), given.count), (1, 2));
    let bytes = postcard::to_allocvec(&given).unwrap();
    assert_eq!(postcard::from_bytes::<AnomaliesAnswer>(&bytes).unwrap(), given);
}
