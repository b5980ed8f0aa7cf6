//! The day's answer against a day worked by hand, and scripted random days against a recount over their records.

use dukandar_core::{
    fold::{Fold, Order},
    id::{DocumentId, EventId, Id, ProductId, SaleId, ShopId, UserId},
    insight::day::{Act, DayAnswer},
    money::Paisa,
    quantity::Quantity,
    record::*,
    rng::Rng,
    sync::event::Stream,
    table::Tables,
    task::{Answer, Task, TaskError, run},
    time::{Day, Timestamp, Zone},
};
use dukandar_tests::scripted_day::{self, SHOP, Written, at, notes};

const TODAY: Day = Day(20_784);

fn fold<'a>(records: impl IntoIterator<Item = (EventId, &'a Record)>) -> Fold {
    let mut fold = Fold::default();
    for (version, (id, record)) in (1..).zip(records) {
        fold.record(id, Order::Confirmed { version, stream: Stream::Shop(SHOP) }, record.clone());
    }
    fold
}

fn answer(tables: &Tables, now: Timestamp) -> DayAnswer {
    match run(&Task::Day { shop: SHOP, now }, tables) {
        Ok(Answer::Day(day)) => *day,
        other => panic!("no day: {other:?}"),
    }
}

/// Records in order, each the event of its place.
fn day_of(records: &[Record], now: Timestamp) -> DayAnswer {
    let events = (1..).map(EventId::from_u128).zip(records);
    answer(&fold(events).into_tables(), now)
}

fn id<T>(number: u128) -> Id<T> {
    Id::from_u128(number)
}

fn line(product: u128, rupees: i64, discount: i64, cost: Option<i64>) -> SaleLine {
    SaleLine {
        product: ProductId::from_u128(product),
        units: vec![],
        quantity: Quantity::pieces(1),
        unit_price: Paisa::rupees(rupees),
        discount: Paisa::rupees(discount),
        amount: Paisa::rupees(rupees - discount),
        unit_cost: cost.map(Paisa::rupees),
    }
}

fn sale(
    number: u128,
    minute: i64,
    staff: Option<u128>,
    lines: Vec<SaleLine>,
    paid: &[(PaymentMethod, i64)],
) -> Record {
    let payment = |&(method, rupees): &(PaymentMethod, i64)| Payment {
        method,
        amount: Paisa::rupees(rupees),
        tendered: None,
    };
    Record::Sale(Sale {
        id: SaleId::from_u128(number),
        shop: SHOP,
        number: number.to_string(),
        at: at(TODAY, minute),
        zone: Zone::KARACHI,
        customer: None,
        staff: staff.map(UserId::from_u128),
        lines,
        payments: paid.iter().map(payment).collect(),
        approval: None,
    })
}

fn expense(number: u128, minute: i64, category: &str, rupees: i64, paid: Option<PaymentMethod>) -> Record {
    let (id, category, amount) = (id(number), category.to_owned(), Paisa::rupees(rupees));
    Record::Expense(Expense { id, shop: SHOP, category, amount, at: at(TODAY, minute), paid, undoes: None })
}

fn service(number: u128, minute: i64, kind: ServiceKind, wallet: Wallet, amounts: [i64; 3]) -> Service {
    let [amount, commission, fee] = amounts.map(Paisa::rupees);
    let (id, at, wallet) = (id(number), at(TODAY, minute), Some(wallet));
    Service {
        id,
        shop: SHOP,
        kind,
        customer: None,
        amount,
        commission,
        at,
        wallet,
        fee,
        paid: None,
        undoes: None,
    }
}

fn act(user: u128, minute: i64, act: StaffActKind) -> Record {
    Record::StaffAct(StaffAct {
        user: UserId::from_u128(user),
        shop: SHOP,
        act,
        at: at(TODAY, minute),
        taken_back: false,
    })
}

/// Opening, one of everything, in rupees.
fn by_hand() -> Vec<Record> {
    use PaymentMethod::*;
    let opening = day_of(&[scripted_day::shop()], at(TODAY, 540));
    let mut opening = opening.count(id(100), at(TODAY, 540), true, notes(5_000));
    opening.floats = [(Wallet::Load, Paisa::rupees(2_000)), (Wallet::JazzCash, Paisa::rupees(10_000))].into();
    let back = |number, minute, rupees| {
        let Record::Sale(it) =
            sale(number, minute, Some(1), vec![line(1, rupees, 0, Some(600))], &[(Cash, rupees)])
        else {
            unreachable!("a sale was made")
        };
        Record::Return(scripted_day::returned(it))
    };
    vec![
        scripted_day::shop(),
        Record::Closing(opening),
        act(1, 535, StaffActKind::ClockIn),
        sale(1, 600, Some(1), vec![line(1, 1_000, 100, Some(600)), line(2, 500, 0, None)], &[(Cash, 1_400)]),
        sale(2, 610, None, vec![line(1, 1_000, 0, Some(600))], &[(Cash, 300), (JazzCash, 700)]),
        back(3, 620, 950),
        expense(101, 630, "Tea and food", 250, None),
        expense(102, 640, "Rent", 40_000, Some(Bank)),
        Record::Service(service(103, 650, ServiceKind::Easyload, Wallet::Load, [500, 12, 0])),
        Record::Service(service(104, 660, ServiceKind::WalletIn, Wallet::JazzCash, [1_000, 10, 10])),
        Record::Service(service(105, 670, ServiceKind::WalletOut, Wallet::JazzCash, [-5_000, 50, 50])),
        Record::Service(service(106, 680, ServiceKind::TopUp, Wallet::Load, [-970, 30, 0])),
        Record::CashMovement(CashMovement {
            id: id(107),
            shop: SHOP,
            amount: Paisa::rupees(4_000),
            reason: "Owner put in".to_owned(),
            at: at(TODAY, 690),
            undoes: None,
        }),
        act(1, 715, StaffActKind::ClockOut),
    ]
}

#[test]
fn a_day_worked_by_hand() {
    let day = day_of(&by_hand(), at(TODAY, 720));
    let sum = |cause| day.sums.get(&cause).map(|sum| (sum.count, sum.amount.0 / 100));
    assert_eq!(sum(CashCause::Sale), Some((2, 1_700)));
    assert_eq!(sum(CashCause::Return), Some((1, -950)));
    assert_eq!(sum(CashCause::Expense), Some((1, -250)), "the rent came out of the bank");
    // +500, +1,000 + 10, −5,000 + 50, −970.
    assert_eq!(sum(CashCause::Service), Some((4, -4_410)));
    assert_eq!(sum(CashCause::Movement), Some((1, 4_000)));
    assert_eq!(day.expected, Paisa::rupees(5_000 + 1_700 - 950 - 250 - 4_410 + 4_000));
    let base = day.base.map(|base| (base.opening, base.counted, base.expected));
    assert_eq!(base, Some((true, Paisa::rupees(5_000), None)), "a first count is held against nothing");
    let floats: Vec<_> = day.floats.iter().map(|it| it.balance.map(|balance| balance.0 / 100)).collect();
    // 2,000 − 500 + 12 + 970 + 30; 10,000 − 1,000 + 5,000; Easypaisa was never looked up.
    assert_eq!(floats, [Some(2_512), Some(14_000), None]);
    let it = &day.profit;
    assert_eq!(
        [it.revenue, it.cost, it.commissions, it.expenses].map(|it| it.0 / 100),
        [1_450, 600, 102, 40_250]
    );
    assert_eq!((it.unknown.lines, it.unknown.revenue.0 / 100, it.unknown.names.len()), (1, 500, 1));
    assert_eq!(it.total, Paisa::rupees(1_450 - 500 - 600 + 102 - 40_250));
    let rupees =
        |sums: &[(String, Paisa)]| sums.iter().map(|it| (it.0.clone(), it.1.0 / 100)).collect::<Vec<_>>();
    assert_eq!(rupees(&day.expenses), [("Rent".to_owned(), 40_000), ("Tea and food".to_owned(), 250)]);
    assert_eq!(day.tenders, [(PaymentMethod::JazzCash, Paisa::rupees(700))]);
    assert_eq!(day.staff.len(), 2);
    let [nobody, one] = [&day.staff[0], &day.staff[1]];
    assert_eq!((nobody.user, nobody.receipts, nobody.sales), (None, 1, Paisa::rupees(1_000)));
    // Sold 1,400 and took 950 back; 100 off; (900 − 600) − (950 − 600).
    assert_eq!((one.receipts, one.sales.0, one.discounts.0, one.margin.0), (1, 45_000, 10_000, -5_000));
    assert_eq!((one.came, one.left, one.minutes), (Some(at(TODAY, 535)), Some(at(TODAY, 715)), 180));
    assert_eq!(day.entries.len(), 7);
    assert_eq!((day.day, day.since, day.until), (TODAY, at(TODAY, 540), at(TODAY, 690)));
    let unknown = run(&Task::Day { shop: ShopId::from_u128(9), now: Timestamp(0) }, &Tables::default());
    assert_eq!(unknown, Err(TaskError::UnknownShop(ShopId::from_u128(9))));
}

#[test]
fn what_is_taken_back_leaves_the_drawer_as_it_was() {
    let before = by_hand();
    let mut after = before.clone();
    for (number, record) in (200..).zip(&before) {
        let (document, minute) = (DocumentId::from_u128(number), 700);
        let at = at(TODAY, minute);
        after.extend(match record.clone() {
            Record::Expense(it) => {
                let undoes = Some(it.id);
                Some(Record::Expense(Expense { id: document, amount: -it.amount, at, undoes, ..it }))
            }
            Record::CashMovement(it) => {
                let undoes = Some(it.id);
                Some(Record::CashMovement(CashMovement {
                    id: document,
                    amount: -it.amount,
                    at,
                    undoes,
                    ..it
                }))
            }
            Record::Service(it) => {
                let (undoes, amount) = (Some(it.id), -it.amount);
                let (commission, fee) = (-it.commission, -it.fee);
                Some(Record::Service(Service { id: document, amount, commission, fee, at, undoes, ..it }))
            }
            _ => None,
        });
    }
    assert!(after.iter().all(|record| record.validate().is_ok()), "a counter-entry is a sound record");
    let day = day_of(&after, at(TODAY, 720));
    assert_eq!(day.expected, Paisa::rupees(5_000 + 1_700 - 950));
    assert_eq!(day.floats.iter().map(|it| it.moved).sum::<Paisa>(), Paisa::ZERO);
    assert_eq!((day.profit.commissions, day.profit.expenses), (Paisa::ZERO, Paisa::ZERO));
    assert!(day.expenses.is_empty());
    assert!(day.entries.len() == 14 && day.entries.iter().all(|entry| entry.undone));
    let expense = Act::Expense { category: "Rent".to_owned(), amount: Paisa(5), paid: None };
    assert_eq!(expense.clone().counter().counter(), expense);
}

#[test]
fn a_sale_that_arrives_after_the_closing_is_named_and_changes_nothing() {
    let mut records = by_hand();
    let open = day_of(&records, at(TODAY, 1_320));
    assert!(open.closed().is_none());
    let mut closing = open.count(id(300), at(TODAY, 1_320), false, notes(open.expected.0 / 100 - 90));
    closing.note = "one note missing".to_owned();
    records.push(Record::Closing(closing.clone()));
    let closed = day_of(&records, at(TODAY, 1_330));
    assert_eq!((closed.expected, closed.sums.len()), (closing.counted, 0));
    assert_eq!(closed.base.and_then(|base| base.expected), Some(closing.expected));
    let it = closed.closed().expect("the day is closed");
    assert_eq!(
        (it.difference(), it.began, &it.late),
        (Paisa::rupees(-90), Paisa::rupees(5_000), &CashSums::new())
    );
    // Another till sold at noon and was offline: its cash was in nobody's count.
    records.push(sale(50, 721, None, vec![line(1, 120, 0, None)], &[(PaymentMethod::Cash, 120)]));
    let late = day_of(&records, at(TODAY, 1_340));
    assert_eq!((late.expected, late.sums.len()), (closing.counted, 0), "the drawer is as it was counted");
    let it = late.closed().expect("the day is still closed");
    assert_eq!(
        (it.expected, it.counted, it.note.as_str()),
        (closing.expected, closing.counted, "one note missing")
    );
    assert_eq!(it.late, [(CashCause::Sale, CashSum { count: 1, amount: Paisa::rupees(120) })].into());
    assert_eq!(it.difference() - it.late_amount(), Paisa::rupees(-210));
    assert_eq!(late.profit.revenue, Paisa::rupees(1_570), "the day's sales are all its sales");
    // What is sold after the closing is the next closing's.
    records.push(sale(51, 1_350, None, vec![line(1, 10, 0, None)], &[(PaymentMethod::Cash, 10)]));
    assert_eq!(day_of(&records, at(TODAY, 1_360)).expected, closing.counted + Paisa::rupees(10));
    // The next morning begins with what was counted, and the shop that closes at one closes the evening's day.
    let morning = day_of(&records, at(Day(TODAY.0 + 1), 500));
    assert_eq!((morning.day, morning.expected), (Day(TODAY.0 + 1), closing.counted + Paisa::rupees(10)));
    let opened = morning.count(id(301), at(Day(TODAY.0 + 1), 510), true, notes(1_000));
    records.push(Record::Closing(opened));
    assert_eq!(day_of(&records, at(Day(TODAY.0 + 2), 60)).day, Day(TODAY.0 + 1));
    assert_eq!(day_of(&records, at(Day(TODAY.0 + 2), 360)).day, Day(TODAY.0 + 2));
}

#[test]
fn a_clock_that_runs_ahead_on_another_till_is_counted_once() {
    let mut records = by_hand();
    records.push(sale(60, 800, None, vec![line(1, 75, 0, None)], &[(PaymentMethod::Cash, 75)]));
    let day = day_of(&records, at(TODAY, 720));
    assert_eq!(day.until, at(TODAY, 800));
    let closing = day.count(id(300), at(TODAY, 721), false, notes(day.expected.0 / 100));
    assert_eq!((closing.at, closing.counted), (at(TODAY, 800), closing.expected));
    records.push(Record::Closing(closing));
    let closed = day_of(&records, at(TODAY, 722));
    assert_eq!((closed.expected, closed.closings[0].late.len()), (day.expected, 0));
}

/// Records in the order they came to a till.
type Arrived = Vec<(EventId, Record)>;

/// Everything in the order it came to the counting till: the opening, what it knew, the closing, the rest.
fn scripted(seed: u64) -> (Arrived, Vec<Written>, Vec<Written>, Closing) {
    let mut rng = Rng::seeded(seed);
    let acts = scripted_day::acts(&mut rng, TODAY, 541..1_320, 60);
    let after = scripted_day::acts(&mut rng, TODAY, 1_321..1_400, 8);
    let mut all: Arrived = vec![(id(1), scripted_day::shop())];
    let start = answer(&fold(all.iter().map(|(id, record)| (*id, record))).into_tables(), at(TODAY, 540));
    let mut opening = start.count(id(2), at(TODAY, 540), true, notes(3_000 + rng.below(9_000) as i64));
    opening.floats =
        Wallet::ALL.into_iter().map(|wallet| (wallet, Paisa(rng.below(900_000) as i64))).collect();
    all.push((id(2), Record::Closing(opening)));
    all.extend(acts.iter().filter(|it| it.known).map(|it| (it.id, it.record.clone())));
    let known = answer(&fold(all.iter().map(|(id, record)| (*id, record))).into_tables(), at(TODAY, 1_310));
    let closing = known.count(id(3), at(TODAY, 1_320), false, notes(rng.below(100_000) as i64));
    all.push((id(3), Record::Closing(closing.clone())));
    all.extend(acts.iter().filter(|it| !it.known).map(|it| (it.id, it.record.clone())));
    all.extend(after.iter().map(|it| (it.id, it.record.clone())));
    (all, acts, after, closing)
}

#[test]
fn scripted_days_equal_a_recount_over_their_records_in_any_order() {
    for seed in 0..dukandar_tests::cases(60).into() {
        let (all, acts, after, closing) = scripted(seed);
        let Record::Closing(opening) = &all[1].1 else { unreachable!("the opening comes first") };
        let known = || acts.iter().filter(|it| it.known).map(|it| &it.record);
        let late = || acts.iter().filter(|it| !it.known).map(|it| &it.record);
        let later = || after.iter().map(|it| &it.record);
        assert_eq!(closing.expected.0, opening.counted.0 + scripted_day::recount(known()), "seed {seed}");
        assert!(all.iter().all(|(_, record)| record.validate().is_ok()), "seed {seed}: a record is unsound");

        let now = at(TODAY, 1_410);
        let day = answer(&fold(all.iter().map(|(id, record)| (*id, record))).into_tables(), now);
        assert_eq!(day.expected.0, closing.counted.0 + scripted_day::recount(later()), "seed {seed}");
        let closed = &day.closings[0];
        assert_eq!((closed.expected, closed.counted), (closing.expected, closing.counted));
        assert_eq!(closed.late_amount().0, scripted_day::recount(late()), "seed {seed}");
        let everything = || all.iter().map(|(_, record)| record);
        assert_eq!(day.profit.total.0, scripted_day::profit(everything()), "seed {seed}");
        for float in &day.floats {
            let expected = opening.floats[&float.wallet].0 + scripted_day::float(everything(), float.wallet);
            assert_eq!(float.balance.map(|it| it.0), Some(expected), "seed {seed}: {:?}", float.wallet);
        }
        let net: Paisa = day.staff.iter().map(|row| row.sales).sum();
        assert_eq!(net, day.profit.revenue, "seed {seed}");

        // One by one, in an order of its own, looked at in between: the same answer.
        let mut shuffled = all.clone();
        let mut rng = Rng::seeded(seed + 1);
        for last in (1..shuffled.len()).rev() {
            shuffled.swap(last, rng.below(last + 1));
        }
        let mut piecewise = Fold::default();
        for (number, (id, record)) in shuffled.iter().enumerate() {
            let version = all.iter().position(|(known, _)| known == id).unwrap_or_default() as u64 + 1;
            piecewise.record(*id, Order::Confirmed { version, stream: Stream::Shop(SHOP) }, record.clone());
            if number % 3 == 0 {
                piecewise.tables();
            }
        }
        assert_eq!(answer(piecewise.tables(), now), day, "seed {seed}");
    }
}
