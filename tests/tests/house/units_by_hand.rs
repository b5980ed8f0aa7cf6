//! Pieces by IMEI against a small shop worked by hand: where each is, who stands in its history, what a used phone
//! and an exchange do to drawer, stock and day; and, over arbitrary records, that the table folded one by one, in any
//! order of arrival, is the one from scratch.

use dukandar_core::{
    fold::{Fold, Order},
    id::{CustomerId, DeviceId, DocumentId, EpochId, EventId, ProductId, SaleId, ShopId, UnitId},
    insight::unit::{UnitAsk, UnitsAnswer},
    money::{Currency, Paisa},
    quantity::Quantity,
    record::*,
    sync::event::Stream,
    table::{
        Tables,
        unit::{Happened, Place},
    },
    task::{Answer, Task, run},
    time::{Day, Timestamp, Zone},
};
use proptest::{collection::vec, prelude::*};

const SHOP: ShopId = ShopId::from_u128(1);
const OTHER: ShopId = ShopId::from_u128(2);
const PHONE: ProductId = ProductId::from_u128(10);
const USED: ProductId = ProductId::from_u128(11);
const ALI: CustomerId = CustomerId::from_u128(7);
const IMEI: &str = "490154203237518";
const IMEI2: &str = "356938035643809";
const HOUR: i64 = 3_600_000;

fn day() -> Day {
    Day::parse("2026-11-04").expect("a day")
}

fn at(hour: i64) -> Timestamp {
    Timestamp(day().start(Zone::KARACHI).0 + hour * HOUR)
}

fn shop(id: ShopId, name: &str, code: &str) -> Record {
    let (name, code, city) = (name.to_owned(), code.to_owned(), "Karachi".to_owned());
    Record::Shop(Shop {
        id,
        name,
        code,
        city,
        currency: Currency::PKR,
        zone: Zone::KARACHI,
        bargaining: None,
    })
}

fn unit(id: u128, product: ProductId, imei1: &str, hour: i64) -> Unit {
    Unit {
        id: UnitId::from_u128(id),
        product,
        shop: SHOP,
        imei1: Some(imei1.to_owned()),
        imei2: None,
        serial: None,
        pta: PtaState::Approved,
        pta_deadline: None,
        condition: Condition::New,
        battery_health_percent: None,
        cost: Some(Paisa::rupees(40_000)),
        warranty_months: None,
        at: at(hour),
    }
}

fn line(product: ProductId, units: &[u128], rupees: i64) -> SaleLine {
    SaleLine {
        product,
        units: units.iter().map(|id| UnitId::from_u128(*id)).collect(),
        quantity: Quantity::pieces(1),
        unit_price: Paisa::rupees(rupees),
        discount: Paisa::ZERO,
        amount: Paisa::rupees(rupees),
        unit_cost: Some(Paisa::rupees(40_000)),
    }
}

fn sale(id: u128, hour: i64, units: &[u128], payments: &[(PaymentMethod, i64)]) -> Record {
    let pay = |&(method, rupees): &(PaymentMethod, i64)| Payment {
        method,
        amount: Paisa::rupees(rupees),
        tendered: None,
    };
    let total = payments.iter().map(|(_, rupees)| rupees).sum();
    Record::Sale(Sale {
        id: SaleId::from_u128(id),
        shop: SHOP,
        number: format!("KHI-1-{id}"),
        at: at(hour),
        zone: Zone::KARACHI,
        customer: Some(ALI),
        staff: None,
        lines: vec![line(PHONE, units, total)],
        payments: payments.iter().map(pay).collect(),
        approval: None,
    })
}

fn came(id: u128, product: ProductId, units: &[u128], hour: i64) -> Record {
    Record::SupplierReceipt(SupplierReceipt {
        id: DocumentId::from_u128(id),
        order: None,
        shop: SHOP,
        supplier: None,
        lines: vec![StockLine {
            product,
            units: units.iter().map(|id| UnitId::from_u128(*id)).collect(),
            quantity: Quantity::pieces(units.len() as i64),
            unit_cost: Some(Paisa::rupees(40_000)),
        }],
        at: at(hour),
    })
}

/// The event's id follows from the place, the place in the journal is pending.
fn fold(records: &[Record]) -> Fold {
    let mut fold = Fold::default();
    for (seq, record) in records.iter().enumerate() {
        let (device, epoch) = (DeviceId::from_u128(1), EpochId::from_u128(1));
        let order = Order::Pending { device, epoch, seq: seq as u64 + 1 };
        record.validate().expect("a sound record");
        fold.record(EventId::from_u128(seq as u128 + 1), order, record.clone());
    }
    fold
}

fn ask(tables: &Tables, ask: UnitAsk) -> UnitsAnswer {
    match run(&Task::Units { shop: Some(SHOP), ask, today: day() }, tables) {
        Ok(Answer::Units(answer)) => *answer,
        other => panic!("{other:?}"),
    }
}

fn story(tables: &Tables, id: u128) -> Vec<Happened> {
    let answer = ask(tables, UnitAsk::One(UnitId::from_u128(id)));
    answer.one.expect("the piece").steps.iter().map(|step| step.what).collect()
}

#[test]
fn a_piece_from_purchase_to_sale_to_repair_and_back() {
    let mut records = vec![
        shop(SHOP, "Saddar", "KHI"),
        shop(OTHER, "Gulshan", "GUL"),
        Record::Unit(Unit {
            warranty_months: Some(12),
            imei2: Some(IMEI2.to_owned()),
            ..unit(100, PHONE, IMEI, 9)
        }),
        came(1, PHONE, &[100], 9),
    ];
    let mut fold = fold(&records);
    let found = ask(fold.tables(), UnitAsk::Find("7518".to_owned()));
    assert_eq!((found.units.len(), found.in_stock), (1, 1));
    assert_eq!(found.units[0].place, Place::Stock(SHOP));
    assert_eq!(
        ask(fold.tables(), UnitAsk::Find("۳۸۰۹".to_owned())).units.len(),
        1,
        "by the second IMEI, in Urdu digits"
    );
    assert!(ask(fold.tables(), UnitAsk::Find("518".to_owned())).units.is_empty(), "three digits are too few");

    records.push(sale(17, 12, &[100], &[(PaymentMethod::Cash, 50_000)]));
    let mut fold = self::fold(&records);
    let same = ask(fold.tables(), UnitAsk::Codes(vec![IMEI2.to_owned()]));
    let sold = same.units[0].sale.clone().expect("sold");
    assert_eq!((sold.number.as_str(), sold.day, sold.customer), ("KHI-1-17", day(), Some(ALI)));
    assert_eq!(sold.warranty, Day::parse("2027-11-04"));
    assert_eq!(same.in_stock, 0);

    let job = |step, hour| {
        Record::RepairJob(RepairJob {
            id: DocumentId::from_u128(50),
            shop: SHOP,
            customer: Some(ALI),
            unit: Some(UnitId::from_u128(100)),
            step,
            charge: Paisa::ZERO,
            at: at(hour),
        })
    };
    records.push(job(RepairStep::Received, 13));
    let mut fold = self::fold(&records);
    assert!(ask(fold.tables(), UnitAsk::One(UnitId::from_u128(100))).units[0].in_repair);
    records.extend([job(RepairStep::Done, 14), job(RepairStep::Delivered, 15)]);
    records.push(Record::Return(Return {
        id: SaleId::from_u128(18),
        original: Some(SaleId::from_u128(17)),
        shop: SHOP,
        number: "KHI-1-18".to_owned(),
        at: at(16),
        zone: Zone::KARACHI,
        customer: Some(ALI),
        staff: None,
        lines: vec![line(PHONE, &[100], 50_000)],
        payments: vec![Payment {
            method: PaymentMethod::Cash,
            amount: Paisa::rupees(50_000),
            tendered: None,
        }],
        of_lines: vec![],
        exchange: None,
    }));
    let leg = |leg, hour| {
        Record::Transfer(Transfer {
            id: DocumentId::from_u128(60),
            from: SHOP,
            to: OTHER,
            leg,
            lines: vec![StockLine {
                product: PHONE,
                units: vec![UnitId::from_u128(100)],
                quantity: Quantity::pieces(1),
                unit_cost: None,
            }],
            at: at(hour),
        })
    };
    records.extend([leg(TransferLeg::Out, 17), leg(TransferLeg::In, 18)]);
    let mut fold = self::fold(&records);
    use Happened::*;
    assert_eq!(
        story(fold.tables(), 100),
        [Received, Sold, RepairIn, RepairDone, RepairOut, Returned, Sent, Arrived]
    );
    let lies = &ask(fold.tables(), UnitAsk::One(UnitId::from_u128(100))).units[0];
    assert_eq!((lies.place, lies.shop.as_str(), lies.in_repair), (Place::Stock(OTHER), "Gulshan", false));
}

#[test]
fn a_day_with_an_exchange_and_a_used_phone_bought_for_cash() {
    // Opened with 20,000. Sold a phone for 50,000: 30,000 cash, an old phone for 20,000. Bought a used one for 15,000
    // out of the drawer. In the drawer: 20,000 + 30,000 − 15,000 = 35,000. On the shelf: 1 − 1 + 0, and 2 used ones.
    let opening = Closing {
        id: DocumentId::from_u128(70),
        shop: SHOP,
        day: day(),
        expected: Paisa::ZERO,
        denominations: Default::default(),
        counted: Paisa::rupees(20_000),
        staff: None,
        at: at(9),
        opening: true,
        since: None,
        sums: None,
        floats: Default::default(),
        note: String::new(),
    };
    let taken = |sale, unit, value, paid, hour| {
        Record::TradeIn(TradeIn {
            sale,
            shop: SHOP,
            unit: UnitId::from_u128(unit),
            product: USED,
            value: Paisa::rupees(value),
            at: at(hour),
            seller: Some(ALI),
            paid,
            check: None,
        })
    };
    let records = [
        shop(SHOP, "Saddar", "KHI"),
        Record::Closing(opening),
        Record::Unit(unit(100, PHONE, IMEI, 10)),
        came(1, PHONE, &[100], 10),
        sale(17, 12, &[100], &[(PaymentMethod::Cash, 30_000), (PaymentMethod::TradeIn, 20_000)]),
        Record::Unit(Unit {
            cost: Some(Paisa::rupees(20_000)),
            condition: Condition::Used,
            ..unit(101, USED, IMEI2, 12)
        }),
        taken(Some(SaleId::from_u128(17)), 101, 20_000, None, 12),
        Record::Unit(Unit { condition: Condition::Used, ..unit(102, USED, "352099001761481", 13) }),
        taken(None, 102, 15_000, Some(PaymentMethod::Cash), 13),
        Record::CashMovement(CashMovement {
            id: DocumentId::from_u128(71),
            shop: SHOP,
            amount: Paisa::rupees(-15_000),
            reason: "Used phone".to_owned(),
            at: at(13),
            undoes: None,
        }),
    ];
    let mut fold = fold(&records);
    let tables = fold.tables();
    let Ok(Answer::Day(answer)) = run(&Task::Day { shop: SHOP, now: at(20) }, tables) else {
        panic!("a day")
    };
    assert_eq!(answer.expected, Paisa::rupees(35_000));
    assert_eq!(answer.tenders, [(PaymentMethod::TradeIn, Paisa::rupees(20_000))]);
    let on_hand = |product| tables.product(product).and_then(|product| tables.on_hand(Some(0), product));
    assert_eq!(on_hand(PHONE), Some(Quantity::ZERO));
    assert_eq!(on_hand(USED), Some(Quantity::pieces(2)));
    assert!(tables.credit.is_empty(), "nobody owes anything");
    let used = ask(tables, UnitAsk::Product(USED));
    assert_eq!((used.in_stock, used.on_hand), (2, Some(Quantity::pieces(2))));
    assert_eq!(story(tables, 101), [Happened::TradedIn]);
    let one = ask(tables, UnitAsk::One(UnitId::from_u128(102))).one.expect("the piece");
    assert_eq!(one.trade.map(|trade| (trade.value, trade.seller)), Some((Paisa::rupees(15_000), Some(ALI))));
}

#[test]
fn near_deadlines_are_listed_by_days_left_and_only_of_what_is_in_stock() {
    let due = |id, imei, days: i32, pta| {
        Record::Unit(Unit { pta, pta_deadline: Some(Day(day().0 + days)), ..unit(id, PHONE, imei, 9) })
    };
    let mut records = vec![
        shop(SHOP, "Saddar", "KHI"),
        due(100, IMEI, 15, PtaState::NonPta),
        due(101, IMEI2, -2, PtaState::Cpid),
        due(102, "352099001761481", 16, PtaState::NonPta),
        due(103, "1", 3, PtaState::Approved),
        due(104, "2", 3, PtaState::NonPta),
        sale(17, 12, &[104], &[(PaymentMethod::Cash, 50_000)]),
    ];
    let listed = |records: &[Record]| {
        let answer = ask(fold(records).tables(), UnitAsk::Due);
        answer.units.iter().map(|it| (it.unit.id.as_u128(), it.days_left)).collect::<Vec<_>>()
    };
    assert_eq!(listed(&records), [(101, Some(-2)), (100, Some(15))]);
    // Tax is paid: it leaves the list, and the change stands in its history.
    records.push(Record::Unit(Unit { pta_deadline: None, ..unit(101, PHONE, IMEI2, 13) }));
    assert_eq!(listed(&records), [(100, Some(15))]);
    assert_eq!(story(fold(&records).tables(), 101), [Happened::Seen, Happened::pta(PtaState::Approved)]);
}

#[test]
fn a_number_written_twice_shows_each_the_other_and_a_second_sale_is_seen() {
    let records = [
        shop(SHOP, "Saddar", "KHI"),
        Record::Unit(unit(100, PHONE, IMEI, 9)),
        Record::Unit(unit(101, USED, IMEI, 10)),
        sale(17, 12, &[100], &[(PaymentMethod::Cash, 50_000)]),
        sale(18, 13, &[100], &[(PaymentMethod::Cash, 50_000)]),
    ];
    let mut fold = fold(&records);
    let answer = ask(fold.tables(), UnitAsk::One(UnitId::from_u128(100)));
    let one = answer.one.expect("the piece");
    assert!(one.sold_twice);
    assert_eq!(one.same.iter().map(|it| it.unit.id.as_u128()).collect::<Vec<_>>(), [101]);
    assert_eq!(ask(fold.tables(), UnitAsk::Codes(vec![IMEI.to_owned()])).units.len(), 2);
}

#[test]
fn a_hundred_thousand_pieces_are_told_apart_by_their_numbers() {
    let mut records = vec![shop(SHOP, "Saddar", "KHI")];
    records
        .extend((0..100_000_u128).map(|id| Record::Unit(unit(id + 1_000, PHONE, &format!("{id:015}"), 9))));
    let mut fold = fold(&records);
    let tables = fold.tables();
    let found = ask(tables, UnitAsk::Codes(vec!["000000000077777".to_owned()]));
    assert_eq!(found.units.iter().map(|it| it.unit.id.as_u128()).collect::<Vec<_>>(), [78_777]);
    assert_eq!(ask(tables, UnitAsk::Find("77777".to_owned())).units.len(), 1);
    assert_eq!(ask(tables, UnitAsk::Product(PHONE)).in_stock, 100_000);
}

/// Small numbers, so that records often speak of the same pieces.
fn record() -> impl Strategy<Value = Record> {
    let ids = vec(100..106_u128, 0..3);
    prop_oneof![
        3 => (100..106_u128, 0..3_usize, 0..20_i64).prop_map(|(id, pta, hour)| {
            Record::Unit(Unit { pta: PtaState::ALL[pta], ..unit(id, PHONE, &format!("{id}"), hour) })
        }),
        3 => (0..40_u128, 0..20_i64, ids.clone()).prop_map(|(id, hour, units)| sale(id, hour, &units, &[(PaymentMethod::Cash, 9)])),
        1 => (0..40_u128, 0..20_i64, ids.clone()).prop_map(|(id, hour, units)| came(id, PHONE, &units, hour)),
        1 => (100..106_u128, 0..20_i64).prop_map(|(unit, hour)| Record::TradeIn(TradeIn {
            sale: None, shop: OTHER, unit: UnitId::from_u128(unit), product: PHONE, value: Paisa(hour), at: at(hour),
            seller: Some(ALI), paid: None, check: None,
        })),
        1 => (100..106_u128, 0..20_i64, any::<bool>()).prop_map(|(unit, hour, back)| Record::RepairJob(RepairJob {
            id: DocumentId::from_u128(9), shop: SHOP, customer: None, unit: Some(UnitId::from_u128(unit)),
            step: if back { RepairStep::Delivered } else { RepairStep::Received }, charge: Paisa::ZERO, at: at(hour),
        })),
        1 => (0..3_u128).prop_map(|into| Record::CustomerMerge(CustomerMerge { into: CustomerId::from_u128(into), from: ALI })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(dukandar_tests::cases(200)))]

    #[test]
    fn pieces_one_by_one_in_any_order_are_those_from_scratch(
        (journal, shuffled) in vec(record(), 1..40).prop_flat_map(|records| {
            let journal: Vec<_> = records.into_iter().enumerate().map(|(place, record)| {
                let order = Order::Confirmed { version: place as u64 + 1, stream: Stream::Tenant };
                (EventId::from_u128((place as u128 * 7_919) % 104_729), order, record)
            }).collect();
            (Just(journal.clone()), Just(journal).prop_shuffle())
        })
    ) {
        let mut scratch = Fold::default();
        for (id, order, record) in &journal {
            scratch.record(*id, *order, record.clone());
        }
        let expected = scratch.tables().units.clone();
        let mut fold = Fold::default();
        for (id, order, record) in &shuffled {
            fold.record(*id, *order, record.clone());
            fold.tables();
        }
        prop_assert_eq!(&fold.tables().units, &expected);
        // Each number leads to its piece, and a piece that is sold has its sale.
        for row in &expected.rows {
            for code in row.codes() {
                prop_assert!(expected.with_code(code).any(|found| found.unit.id == row.unit.id));
            }
            prop_assert_eq!(row.sale().is_some(), row.place == Place::Sold);
        }
    }
}
