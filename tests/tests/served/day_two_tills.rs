//! A scripted day of one shop on two tills, one of them without a network from noon to six: 300 sales (some on udhaar, some by
//! IMEI), 20 returns of them, 10 used phones taken in, 5 transfers with a branch, 30 entries of the khata. The closing is
//! held against a recount by SQL over the server's journal and against sums over the records in plain numbers.

use crate::api::{DEVICE, Pen, caller, on_both};
use dukandar_core::{
    fold::Fold,
    id::{CustomerId, DeviceId, DocumentId, ProductId, SaleId, ShopId, SupplierId, UnitId},
    insight::day::DayAnswer,
    money::Paisa,
    paper::refund::{self, Brought},
    quantity::Quantity,
    record::*,
    rng::Rng,
    role::Role,
    sync::{
        event::{Event, Stream},
        journal::Caller,
        protocol::{Cursor, PROTOCOL_VERSION, Pull},
    },
    table::Tables,
    task::{Answer, Task, run},
    time::{Day, Timestamp, Zone},
};
use dukandar_server::{
    sql_report::{self, SqlReportArgs},
    store::{self, Store, journal},
};
use dukandar_tests::scripted_day::{SHOP, at, notes, recount, shop};
use serde_json::Value;
use std::collections::BTreeMap;

const BRANCH: ShopId = ShopId::from_u128(0x52);
const PRODUCTS: u128 = 12;
const PHONE: ProductId = ProductId::from_u128(0x60);
const USED: ProductId = ProductId::from_u128(0x61);
const CUSTOMERS: u128 = 9;

fn below(rng: &mut Rng, n: i64) -> i64 {
    rng.below(n as usize) as i64
}

fn document(n: u128) -> DocumentId {
    DocumentId::from_u128(n)
}

/// The day's acts in order of time; each with the till that wrote it.
struct Script {
    rng: Rng,
    day: Day,
    acts: Vec<(Timestamp, bool, Record)>,
    next: u128,
}

impl Script {
    /// A minute between opening and closing, a till, a number for what is written.
    fn moment(&mut self) -> (Timestamp, bool, u128) {
        self.next += 1;
        // Seconds apart, so that no two acts of the day are at one instant.
        let minute = 541 + below(&mut self.rng, 770);
        (Timestamp(at(self.day, minute).0 + self.next as i64), self.rng.chance(0.4), 10_000 + self.next)
    }

    fn sale(&mut self, unit: Option<UnitId>) -> (Timestamp, bool, Sale) {
        let (at, till, id) = self.moment();
        let rng = &mut self.rng;
        let mut lines: Vec<SaleLine> = (0..1 + rng.below(3))
            .map(|_| {
                let (pieces, price) = (1 + below(rng, 3), Paisa(10_000 + below(rng, 400_000)));
                let discount = Paisa(if rng.chance(0.3) { below(rng, 9_999) } else { 0 });
                SaleLine {
                    product: ProductId::from_u128(1 + rng.below(PRODUCTS as usize) as u128),
                    units: vec![],
                    quantity: Quantity::pieces(pieces),
                    unit_price: price,
                    discount,
                    amount: Paisa(price.0 * pieces) - discount,
                    unit_cost: None,
                }
            })
            .collect();
        if let Some(unit) = unit {
            let price = Paisa::rupees(40_000 + below(rng, 20_000));
            lines = vec![SaleLine {
                product: PHONE,
                units: vec![unit],
                quantity: Quantity::pieces(1),
                unit_price: price,
                discount: Paisa::ZERO,
                amount: price,
                unit_cost: None,
            }];
        }
        let total: Paisa = lines.iter().map(|line| line.amount).sum();
        let customer =
            rng.chance(0.3).then(|| CustomerId::from_u128(1 + rng.below(CUSTOMERS as usize) as u128));
        let cash = if rng.chance(0.6) { total } else { Paisa(below(rng, total.0)) };
        let other = if customer.is_some() { PaymentMethod::Credit } else { PaymentMethod::JazzCash };
        let parts = [(PaymentMethod::Cash, cash), (other, total - cash)].into_iter();
        let pay = |(method, amount)| Payment { method, amount, tendered: None };
        let payments = parts.filter(|(_, amount)| *amount > Paisa::ZERO).map(pay).collect();
        let number = format!("HC-{}-{id}", if till { 2 } else { 1 });
        let (id, staff, approval) = (SaleId::from_u128(id), None, None);
        (
            at,
            till,
            Sale {
                id,
                shop: SHOP,
                number,
                at,
                zone: Zone::KARACHI,
                customer,
                staff,
                lines,
                payments,
                approval,
            },
        )
    }

    /// The sale and what is owed for it, in one commit.
    fn sell(&mut self, (at, till, sale): (Timestamp, bool, Sale)) {
        let owed: Paisa =
            sale.payments.iter().filter(|it| it.method == PaymentMethod::Credit).map(|it| it.amount).sum();
        self.next += 1;
        let entry = sale.customer.filter(|_| owed > Paisa::ZERO).map(|customer| {
            let id = document(20_000 + self.next);
            Record::CreditEntry(credit(id, customer, owed, at, Some(sale.id), None, CreditKind::Plain))
        });
        self.acts.push((at, till, Record::Sale(sale)));
        self.acts.extend(entry.map(|entry| (at, till, entry)));
    }

    /// One line of a sale comes back, some minutes later at either till; what is owed for it goes down first.
    fn take_back(&mut self, sale: &Sale) {
        self.next += 1;
        let (id, till) = (10_000 + self.next, self.rng.chance(0.4));
        let at = Timestamp(sale.at.0 + 1_000 + self.next as i64);
        let line = &sale.lines[0];
        let pieces = 1 + below(&mut self.rng, line.quantity.0 / 1_000);
        let brought = [Brought { line: 0, quantity: Quantity::pieces(pieces), units: line.units.clone() }];
        let lines = refund::lines(sale, &[], &brought).unwrap();
        let total: Paisa = lines.iter().map(|line| line.amount).sum();
        let owed = refund::still_owed(sale, &[], Paisa(i64::MAX));
        let payments = refund::payments(total, owed, Paisa::ZERO, PaymentMethod::Cash);
        let lowered: Paisa =
            payments.iter().filter(|it| it.method == PaymentMethod::Credit).map(|it| it.amount).sum();
        let back = Return {
            id: SaleId::from_u128(id),
            original: Some(sale.id),
            shop: SHOP,
            number: format!("HC-1-{id}"),
            at,
            zone: Zone::KARACHI,
            customer: sale.customer,
            staff: None,
            lines,
            payments,
            of_lines: vec![0],
            exchange: None,
        };
        self.acts.push((at, till, Record::Return(back)));
        if let Some(customer) = sale.customer.filter(|_| lowered > Paisa::ZERO) {
            let id = document(20_000 + self.next);
            let entry = credit(id, customer, -lowered, at, Some(sale.id), None, CreditKind::Returned);
            self.acts.push((at, till, Record::CreditEntry(entry)));
        }
    }

    /// A used phone: in part payment of a sale, or bought for cash out of the drawer.
    fn trade_in(&mut self, number: u128) {
        let (mut at, mut till, id) = self.moment();
        let (unit, value) =
            (UnitId::from_u128(0x9000 + number), Paisa::rupees(5_000 + below(&mut self.rng, 9_000)));
        let mut of_sale = None;
        if number.is_multiple_of(2) {
            let (when, whose, mut sale) = self.sale(None);
            (at, till) = (when, whose);
            sale.customer = None;
            sale.lines[0].unit_price = Paisa::rupees(60_000);
            let line = &mut sale.lines[0];
            line.amount = line.quantity.times(line.unit_price).unwrap() - line.discount;
            let total: Paisa = sale.lines.iter().map(|line| line.amount).sum();
            let pay = |method, amount| Payment { method, amount, tendered: None };
            sale.payments = vec![pay(PaymentMethod::TradeIn, value), pay(PaymentMethod::Cash, total - value)];
            of_sale = Some(sale.id);
            self.acts.push((at, till, Record::Sale(sale)));
        } else {
            self.acts.push((
                at,
                till,
                Record::CashMovement(CashMovement {
                    id: document(30_000 + number),
                    shop: SHOP,
                    amount: -value,
                    reason: "Used phone".to_owned(),
                    at,
                    undoes: None,
                }),
            ));
        }
        let piece = Unit { cost: Some(value), condition: Condition::Used, ..piece(unit, USED, id, at) };
        self.acts.push((at, till, Record::Unit(piece)));
        let paid = of_sale.is_none().then_some(PaymentMethod::Cash);
        let (seller, check) = (None, None);
        let trade =
            TradeIn { sale: of_sale, shop: SHOP, unit, product: USED, value, at, seller, paid, check };
        self.acts.push((at, till, Record::TradeIn(trade)));
    }
}

fn piece(id: UnitId, product: ProductId, number: u128, at: Timestamp) -> Unit {
    Unit {
        id,
        product,
        shop: SHOP,
        imei1: None,
        imei2: None,
        serial: Some(format!("S{number}")),
        pta: PtaState::Approved,
        pta_deadline: None,
        condition: Condition::New,
        battery_health_percent: None,
        cost: None,
        warranty_months: None,
        at,
    }
}

fn credit(
    id: DocumentId,
    customer: CustomerId,
    amount: Paisa,
    at: Timestamp,
    sale: Option<SaleId>,
    method: Option<PaymentMethod>,
    kind: CreditKind,
) -> CreditEntry {
    CreditEntry { id, customer, shop: SHOP, amount, sale, at, due: None, method, kind, undoes: None }
}

/// 300 sales, 20 returns, 10 trade-ins, 5 transfers, 30 entries of the khata, in order of time.
fn script(seed: u64, day: Day) -> Vec<(Timestamp, bool, Record)> {
    let mut script = Script { rng: Rng::seeded(seed), day, acts: Vec::new(), next: 0 };
    let mut sales = Vec::new();
    for number in 0..295_u128 {
        let unit = (number < 20).then(|| UnitId::from_u128(0x8000 + number));
        let sale = script.sale(unit);
        sales.push(sale.2.clone());
        script.sell(sale);
    }
    // Every fifteenth comes back; two of them are phones.
    for sale in sales.iter().step_by(15).take(20) {
        script.take_back(sale);
    }
    // Five of these are sales too.
    (0..10).for_each(|number| script.trade_in(number));
    for number in 0..5_u128 {
        let (at, till, id) = script.moment();
        let line = StockLine {
            product: ProductId::from_u128(1 + number),
            units: vec![],
            quantity: Quantity::pieces(2 + number as i64),
            unit_cost: None,
        };
        let (from, to) = if number < 3 { (SHOP, BRANCH) } else { (BRANCH, SHOP) };
        let leg = |leg, at| {
            Record::Transfer(Transfer { id: document(id), from, to, leg, lines: vec![line.clone()], at })
        };
        script.acts.push((at, till, leg(TransferLeg::Out, at)));
        script.acts.push((at, till, leg(TransferLeg::In, Timestamp(at.0 + 1))));
    }
    for _ in 0..30 {
        let (at, till, id) = script.moment();
        let rng = &mut script.rng;
        let amount = Paisa(1 + below(rng, 2_000_000));
        let method = [PaymentMethod::Cash, PaymentMethod::Easypaisa][rng.below(2)];
        let customer = CustomerId::from_u128(1 + rng.below(CUSTOMERS as usize) as u128);
        let amount = if rng.chance(0.7) { -amount } else { amount };
        let entry = credit(document(id), customer, amount, at, None, Some(method), CreditKind::Plain);
        script.acts.push((at, till, Record::CreditEntry(entry)));
    }
    script.acts.sort_by_key(|(at, ..)| *at);
    script.acts
}

/// What the shop has before it opens.
fn before(day: Day) -> Vec<(Stream, Record)> {
    let Record::Shop(own) = shop() else { panic!("a shop is a shop") };
    let branch = Shop { id: BRANCH, name: "Saddar".to_owned(), code: "SD".to_owned(), ..own.clone() };
    let opened = at(day, 480);
    let mut lines: Vec<StockLine> = (1..=PRODUCTS)
        .map(|product| StockLine {
            product: ProductId::from_u128(product),
            units: vec![],
            quantity: Quantity::pieces(500),
            unit_cost: None,
        })
        .collect();
    let units: Vec<UnitId> = (0..20).map(|number| UnitId::from_u128(0x8000 + number)).collect();
    let quantity = Quantity::pieces(20);
    lines.push(StockLine { product: PHONE, units: units.clone(), quantity, unit_cost: None });
    let came = |id, shop, lines: &[StockLine]| {
        let supplier = Some(SupplierId::from_u128(1));
        let receipt = SupplierReceipt {
            id: document(id),
            order: None,
            shop,
            supplier,
            lines: lines.to_vec(),
            at: opened,
        };
        (Stream::Shop(shop), Record::SupplierReceipt(receipt))
    };
    let mut all = vec![
        (Stream::Tenant, Record::Shop(own)),
        (Stream::Tenant, Record::Shop(branch)),
        came(1, SHOP, &lines),
        came(2, BRANCH, &lines[..PRODUCTS as usize]),
    ];
    let pieces = units.iter().map(|&unit| piece(unit, PHONE, unit.as_u128(), opened));
    all.extend(pieces.map(|unit| (Stream::Shop(SHOP), Record::Unit(unit))));
    all
}

fn day_of(tables: &Tables, now: Timestamp) -> DayAnswer {
    match run(&Task::Day { shop: SHOP, now }, tables) {
        Ok(Answer::Day(day)) => *day,
        other => panic!("no day: {other:?}"),
    }
}

/// Pieces of each product in the shop, by the records alone.
fn shelf(records: &[Record]) -> BTreeMap<ProductId, i64> {
    let mut pieces = BTreeMap::new();
    let mut add =
        |product, quantity: Quantity, sign: i64| *pieces.entry(product).or_insert(0) += sign * quantity.0;
    for record in records {
        match record {
            Record::SupplierReceipt(it) if it.shop == SHOP => {
                it.lines.iter().for_each(|line| add(line.product, line.quantity, 1));
            }
            Record::Sale(it) => it.lines.iter().for_each(|line| add(line.product, line.quantity, -1)),
            Record::Return(it) => it.lines.iter().for_each(|line| add(line.product, line.quantity, 1)),
            Record::TradeIn(it) => add(it.product, Quantity::pieces(1), 1),
            Record::Transfer(it) => {
                let sign = match it.leg {
                    TransferLeg::Out if it.from == SHOP => -1,
                    TransferLeg::In if it.to == SHOP => 1,
                    _ => 0,
                };
                it.lines.iter().for_each(|line| add(line.product, line.quantity, sign));
            }
            _ => {}
        }
    }
    pieces
}

async fn pulled(store: &dyn Store) -> Fold {
    let epoch = store::server_epoch(store).await.unwrap();
    let mut fold = Fold::default();
    let mut cursors = vec![];
    loop {
        let pull = Pull { protocol: PROTOCOL_VERSION, device: DEVICE, cursors: cursors.clone(), limit: 400 };
        let reply = journal::pull(store, epoch, &caller(Role::Owner), &pull, Timestamp(0)).await.unwrap();
        for confirmed in reply.pages.iter().flat_map(|page| &page.events) {
            fold.event(&confirmed.event, Some(confirmed.version));
        }
        if !reply.more {
            return fold;
        }
        for page in &reply.pages {
            let Some(last) = page.events.last() else { continue };
            cursors.retain(|cursor: &Cursor| cursor.stream != page.stream);
            cursors.push(Cursor { stream: page.stream, version: last.version });
        }
    }
}

/// Whether an act was written where there was no network: the second till, from noon to six.
fn is_cut_off(day: Day, when: Timestamp, second: bool) -> bool {
    second && (at(day, 720)..at(day, 1_080)).contains(&when)
}

#[tokio::test]
async fn the_closing_of_two_tills_equals_a_recount_by_sql_to_the_paisa() {
    on_both("two-tills", async |store| {
        let (owner, epoch) = (caller(Role::Owner), store::server_epoch(&*store).await.unwrap());
        let day = Day(Timestamp(store::now_ms()).day(Zone::KARACHI).0 - 1);
        let acts = script(29, day);
        let (mut counter, mut second) = (Pen::new(DEVICE, 1), Pen::new(DeviceId::from_u128(0x7103), 2));
        let stream_of = |record: &Record| match record {
            Record::Transfer(it) if it.leg == TransferLeg::Out => Stream::Shop(it.from),
            Record::Transfer(it) => Stream::Shop(it.to),
            _ => Stream::Shop(SHOP),
        };
        let push = async |pen: &Pen, events: &[Event]| {
            let caller = Caller { device: pen.device, ..owner.clone() };
            for part in events.chunks(200) {
                let now = Timestamp(store::now_ms());
                let reply = journal::push(&*store, epoch, &caller, &pen.push(part), now).await.unwrap();
                assert_eq!(reply.outcomes.len(), part.len());
            }
        };
        let count = async |opening: bool, minute: i64, pen: &mut Pen, id: u128| {
            let mut fold = pulled(&*store).await;
            let known = day_of(fold.tables(), at(day, minute));
            let closing = known.count(document(id), at(day, minute), opening, notes(25_000));
            let event = pen.write(Stream::Shop(SHOP), &Record::Closing(closing.clone()));
            push(pen, &[event]).await;
            closing
        };
        let began: Vec<Event> =
            before(day).iter().map(|(stream, record)| counter.write(*stream, record)).collect();
        push(&counter, &began).await;
        count(true, 540, &mut counter, 901).await;

        // Until six: what the second till writes from noon on stays on it.
        let six = at(day, 1_080);
        let mut waiting = Vec::new();
        let mut sent = (Vec::new(), Vec::new());
        for (when, till, record) in acts.iter().filter(|(when, ..)| *when < six) {
            let pen = if *till { &mut second } else { &mut counter };
            let event = pen.write(stream_of(record), record);
            if is_cut_off(day, *when, *till) {
                waiting.push(event);
            } else if *till {
                sent.1.push(event);
            } else {
                sent.0.push(event);
            }
        }
        push(&counter, &sent.0).await;
        push(&second, &sent.1).await;
        assert!(
            waiting.len() > 30,
            "half a day without a network leaves something to send: {}",
            waiting.len()
        );

        // At six the drawer is looked into at the counter, which cannot know of the other till's afternoon.
        let unknown: Vec<&Record> = acts
            .iter()
            .filter(|(when, till, _)| is_cut_off(day, *when, *till))
            .map(|(.., record)| record)
            .collect();
        let told = day_of(pulled(&*store).await.tables(), six).expected;
        let until_six = acts.iter().filter(|(when, ..)| *when < six).map(|(.., record)| record);
        let all: i64 = recount(until_six);
        assert_eq!(told.0, Paisa::rupees(25_000).0 + all - recount(unknown.into_iter()));

        // The line is back; the evening goes on at both.
        push(&second, &waiting).await;
        let mut evening = (Vec::new(), Vec::new());
        for (_, till, record) in acts.iter().filter(|(when, ..)| *when >= six) {
            if *till {
                evening.1.push(second.write(stream_of(record), record));
            } else {
                evening.0.push(counter.write(stream_of(record), record));
            }
        }
        push(&counter, &evening.0).await;
        push(&second, &evening.1).await;
        let closing = count(false, 1_330, &mut counter, 902).await;

        let plain = Paisa(Paisa::rupees(25_000).0 + recount(acts.iter().map(|(.., record)| record)));
        assert_eq!(closing.expected, plain, "the closing against sums in plain numbers");
        let asked = SqlReportArgs { shop: Some(SHOP.to_string()), ..SqlReportArgs::default() };
        let report: Value = serde_json::from_str(&sql_report::text(&*store, &asked).await.unwrap()).unwrap();
        let closings = report["closings"].as_array().unwrap();
        assert_eq!(closings.len(), 1);
        assert_eq!(closings[0]["recount"], plain.as_units(), "the closing against the recount by SQL");

        let mut fold = pulled(&*store).await;
        let tables = fold.tables();
        assert_eq!(tables.rejects, []);
        assert!(day_of(tables, at(day, 1_331)).closings[0].late.is_empty());
        let position = tables.shop(SHOP).unwrap();
        let mut records: Vec<Record> = before(day).into_iter().map(|(_, record)| record).collect();
        records.extend(acts.iter().map(|(.., record)| record.clone()));
        for (product, pieces) in shelf(&records) {
            let found = tables.on_hand(Some(position), tables.product(product).unwrap());
            assert_eq!(found, Some(Quantity(pieces)), "{product}");
        }
        let owed: i64 = acts
            .iter()
            .filter_map(|(.., record)| match record {
                Record::CreditEntry(entry) => Some(entry.amount.0),
                _ => None,
            })
            .sum();
        assert_eq!(tables.credit.iter().map(|row| row.amount.0).sum::<i64>(), owed);
        let counts = |kind: fn(&Record) -> bool| acts.iter().filter(|(.., record)| kind(record)).count();
        assert_eq!(counts(|it| matches!(it, Record::Sale(_))), 300);
        assert_eq!(counts(|it| matches!(it, Record::Return(_))), 20);
        assert_eq!(counts(|it| matches!(it, Record::TradeIn(_))), 10);
        assert_eq!(counts(|it| matches!(it, Record::Transfer(it) if it.leg == TransferLeg::Out)), 5);
        assert_eq!(counts(|it| matches!(it, Record::CreditEntry(it) if it.sale.is_none())), 30);
    })
    .await;
}
