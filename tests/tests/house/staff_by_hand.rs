//! Commission, hours and attendance against figures worked by hand, and random months against a plain recount.

use dukandar_core::{
    fold::{Fold, Order},
    id::{EventId, ProductId, SaleId, UserId},
    insight::staff::{StaffAnswer, StaffDay, earned},
    money::Paisa,
    quantity::Quantity,
    record::*,
    rng::Rng,
    role::Role,
    sync::event::Stream,
    task::{Answer, Task, run},
    time::{Day, Timestamp, Zone},
};
use dukandar_tests::scripted_day::{self, SHOP, at};

/// 15-Nov-2026.
const TODAY: Day = Day(20_772);
const BILAL: UserId = UserId::from_u128(1);
const SANA: UserId = UserId::from_u128(2);

fn answer(records: &[Record], now: Timestamp) -> StaffAnswer {
    let mut fold = Fold::default();
    for (version, record) in (1..).zip(records) {
        record.validate().unwrap_or_else(|fault| panic!("{fault}"));
        let order = Order::Confirmed { version, stream: Stream::Shop(SHOP) };
        fold.record(EventId::from_u128(u128::from(version)), order, record.clone());
    }
    match run(&Task::Staff { shop: SHOP, now }, fold.tables()) {
        Ok(Answer::Staff(staff)) => *staff,
        other => panic!("no answer: {other:?}"),
    }
}

fn member(user: UserId, commission: Option<Commission>, at: Timestamp) -> Record {
    Record::Member(Member { user, person: None, role: Role::Cashier, commission, left: false, at })
}

fn product(id: u128, imei_count: Option<u8>) -> Record {
    let fields = ProductFields { name: Some(format!("P{id}")), imei_count, ..ProductFields::default() };
    Record::Product(Product { id: ProductId::from_u128(id), base_version: None, fields })
}

/// `(product, pieces, paisa a piece, paisa off, paisa of cost)`.
type Line = (u128, i64, i64, i64, Option<i64>);

fn lines(of: &[Line]) -> Vec<SaleLine> {
    let line = |&(product, pieces, price, off, cost): &Line| SaleLine {
        product: ProductId::from_u128(product),
        units: vec![],
        quantity: Quantity::pieces(pieces),
        unit_price: Paisa(price),
        discount: Paisa(off),
        amount: Paisa(pieces * price - off),
        unit_cost: cost.map(Paisa),
    };
    of.iter().map(line).collect()
}

fn sale(number: u128, at: Timestamp, staff: Option<UserId>, of: &[Line]) -> Sale {
    let lines = lines(of);
    let amount = lines.iter().map(|line| line.amount).sum();
    Sale {
        id: SaleId::from_u128(number),
        shop: SHOP,
        number: number.to_string(),
        at,
        zone: Zone::KARACHI,
        customer: None,
        staff,
        lines,
        payments: vec![Payment { method: PaymentMethod::Cash, amount, tendered: None }],
        approval: None,
    }
}

fn back(number: u128, at: Timestamp, staff: Option<UserId>, original: Option<u128>, of: &[Line]) -> Record {
    let it = scripted_day::returned(sale(number, at, staff, of));
    Record::Return(Return { original: original.map(SaleId::from_u128), ..it })
}

fn act(user: UserId, at: Timestamp, act: StaffActKind, taken_back: bool) -> Record {
    Record::StaffAct(StaffAct { user, shop: SHOP, act, at, taken_back })
}

fn row(rows: &[StaffDay], user: UserId) -> StaffDay {
    rows.iter().find(|row| row.user == Some(user)).cloned().unwrap_or_default()
}

#[test]
fn a_line_earns_what_a_pencil_says() {
    let one = Quantity::pieces(1);
    let of = |rate, quantity, amount, cost: Option<i64>, is_phone| {
        earned(rate, quantity, Paisa(amount), cost.map(Paisa), is_phone).0
    };
    // 2 % of Rs 1,450 is Rs 29; 2.5 % of 1 paisa less than Rs 0.60 is 1.475, of Rs 0.60 it is 1.5: up.
    assert_eq!(of(Commission::OfSales(200), one, 145_000, None, false), 2_900);
    assert_eq!([59, 60].map(|paisa| of(Commission::OfSales(250), one, paisa, None, false)), [1, 2]);
    // 10 % of what is left of 1,450 after 1,000; nothing where the cost is unknown or was not reached.
    assert_eq!(of(Commission::OfMargin(1_000), one, 145_000, Some(100_000), false), 4_500);
    assert_eq!(of(Commission::OfMargin(1_000), one, 145_000, None, false), 0);
    assert_eq!(of(Commission::OfMargin(1_000), one, 90_000, Some(100_000), false), 0);
    assert_eq!(of(Commission::PerPhone(Paisa::rupees(150)), Quantity::pieces(2), 1, None, true), 30_000);
    assert_eq!(of(Commission::PerPhone(Paisa::rupees(150)), one, 1, None, false), 0);
    // What comes back whole takes back exactly what it earned, a loss as little as it gave.
    let rates = [Commission::OfSales(333), Commission::OfMargin(777), Commission::PerPhone(Paisa(999))];
    for (rate, cost) in rates.into_iter().flat_map(|rate| [(rate, 31_415), (rate, 99_999)]) {
        let gave = of(rate, Quantity::pieces(3), 54_321, Some(cost), true);
        assert_eq!(of(rate, Quantity::pieces(-3), -54_321, Some(-cost), true), -gave, "{rate:?}");
    }
}

#[test]
fn a_month_worked_by_hand() {
    use StaffActKind::{ClockIn, ClockOut};
    let day = |number: i32| Day(TODAY.0 - 15 + number);
    let mut records = vec![
        scripted_day::shop(),
        product(1, None),
        product(2, Some(2)),
        member(BILAL, Some(Commission::OfSales(200)), at(day(1), 0)),
        member(SANA, Some(Commission::PerPhone(Paisa::rupees(300))), at(day(1), 0)),
        Record::Sale(sale(1, at(day(2), 600), Some(BILAL), &[(1, 2, 150_000, 10_000, Some(100_000))])),
        Record::Sale(sale(
            2,
            at(day(2), 610),
            Some(SANA),
            &[(2, 1, 4_000_000, 0, Some(3_800_000)), (1, 1, 150_000, 0, None)],
        )),
        Record::Sale(sale(3, at(day(0), 610), Some(BILAL), &[(1, 1, 500_000, 0, None)])),
    ];
    // From the tenth on Bilal earns 3 %.
    records.push(member(BILAL, Some(Commission::OfSales(300)), at(day(10), 0)));
    records.push(Record::Sale(sale(
        4,
        at(TODAY, 700),
        Some(BILAL),
        &[(1, 1, 150_000, 5_000, Some(100_000))],
    )));
    // Sana takes back one of the two that Bilal sold at 2 %; and something without a receipt.
    records.push(back(5, at(TODAY, 720), Some(SANA), Some(1), &[(1, 1, 145_000, 0, Some(100_000))]));
    records.push(back(6, at(TODAY, 730), Some(SANA), None, &[(2, 1, 3_900_000, 0, Some(3_800_000))]));
    // Hours: over midnight; a going that was forgotten; a going corrected.
    records.extend([
        act(BILAL, at(day(2), 600), ClockIn, false),
        act(BILAL, at(day(3), 30), ClockOut, false),
        act(BILAL, at(day(4), 600), ClockIn, false),
        act(BILAL, at(TODAY, 540), ClockIn, false),
        act(SANA, at(TODAY, 600), ClockIn, false),
        act(SANA, at(TODAY, 605), ClockOut, false),
        act(SANA, at(TODAY, 605), ClockOut, true),
        act(SANA, at(TODAY, 725), ClockOut, false),
    ]);
    let found = answer(&records, at(TODAY, 740));
    assert_eq!((found.month.from, found.month.to), (day(1), TODAY));

    let bilal = row(&found.today, BILAL);
    // 1,450 sold and 1,450 of an earlier day come back: 3 % of the one less 2 % of the other.
    assert_eq!((bilal.receipts, bilal.sales.0, bilal.returns.0), (1, 0, 145_000));
    assert_eq!((bilal.commission.0, bilal.margin.0), (4_350 - 2_900, 45_000 - 45_000));
    assert_eq!((bilal.came, bilal.left, bilal.minutes), (Some(at(TODAY, 540)), None, 0));
    let bilal = row(&found.of_month, BILAL);
    // 2 % of 2,900 + 3 % of 1,450 − 2 % of 1,450; the sale of October is October's.
    assert_eq!((bilal.commission.0, bilal.sales.0), (5_800 + 4_350 - 2_900, 290_000));
    assert_eq!((bilal.receipts, bilal.minutes), (2, 870), "14 h 30 over midnight, the forgotten day nothing");

    let sana = row(&found.today, SANA);
    assert_eq!((sana.receipts, sana.sales.0, sana.returns.0), (0, -3_900_000, 3_900_000));
    assert_eq!((sana.commission.0, sana.minutes), (-30_000, 125));
    let sana = row(&found.of_month, SANA);
    assert_eq!((sana.commission.0, sana.receipts), (0, 1), "one phone sold, one taken back");

    let missing: Vec<_> =
        found.attended.iter().filter(|it| it.missing).map(|it| (it.user, it.came)).collect();
    assert_eq!(missing, [(BILAL, at(day(4), 600))]);
    let open = found.attended.iter().filter(|it| it.went.is_none() && !it.missing).count();
    assert_eq!(open, 1, "Bilal is here");
    let tomorrow = answer(&records, at(Day(TODAY.0 + 1), 600));
    assert_eq!(
        tomorrow.attended.iter().filter(|it| it.missing).count(),
        2,
        "16 hours later that is missing too"
    );
}

/// Each sale and return again, in the order they were written, with nothing of core but its records.
#[test]
fn random_months_equal_a_recount_of_their_records() {
    for seed in 0..20 {
        let mut rng = Rng::seeded(seed);
        let users = [BILAL, SANA];
        let share = [1 + rng.below(1_000) as u32, 1 + rng.below(3_000) as u32];
        let mut records = vec![
            scripted_day::shop(),
            product(1, None),
            member(BILAL, Some(Commission::OfSales(share[0])), at(TODAY, 0)),
            member(SANA, Some(Commission::OfMargin(share[1])), at(TODAY, 0)),
        ];
        let mut sums = [(0, 0), (0, 0)];
        for number in 1..60_u128 {
            let (who, minute) = (rng.below(2), 600 + number as i64);
            let price = 1 + rng.below(9_000_000) as i64;
            let cost = rng.chance(0.8).then(|| rng.below(9_000_000) as i64);
            let line = (1, 1 + rng.below(3) as i64, price, rng.below(price as usize) as i64, cost);
            let it = sale(number, at(TODAY, minute), Some(users[who]), &[line]);
            let amount = i128::from(it.lines[0].amount.0);
            let base = match (who, cost) {
                (0, _) => amount,
                (_, Some(cost)) => (amount - i128::from(cost * line.1)).max(0),
                _ => 0,
            };
            let gave = (base * i128::from(share[who]) * 2 + 10_000) / 20_000;
            let comes_back = rng.chance(0.2);
            if !comes_back {
                sums[who].0 += amount;
                sums[who].1 += gave;
            }
            records.push(Record::Sale(it));
            if comes_back {
                let taker = Some(users[rng.below(2)]);
                records.push(back(1_000 + number, at(TODAY, minute + 60), taker, Some(number), &[line]));
            }
        }
        let found = answer(&records, at(TODAY, 1_000));
        for (user, (sales, commission)) in users.into_iter().zip(sums) {
            let row = row(&found.of_month, user);
            assert_eq!(
                (i128::from(row.sales.0), i128::from(row.commission.0)),
                (sales, commission),
                "seed {seed}"
            );
        }
    }
}
