//! Bargaining against cases worked by hand: floors and rules in the tables, questions to the owner and what becomes of
//! them, loose goods that no suggestion speaks of, and who may write what.

use dukandar_core::{
    bargain::{HOLDS_MS, Request},
    code_word::CodeWord,
    demand::Forecasts,
    fold::{Fold, Order},
    id::{DeviceId, DocumentId, EpochId, EventId, ProductId, SaleId, ShopId, TenantId, UserId},
    inventory::{plan::limits::Limits, reorder::answer},
    money::{Currency, Paisa},
    quantity::Quantity,
    record::{
        Approval, ApprovalStep, AskedLine, Bargaining, OpenKind, Payment, PaymentMethod, Price, PriceKind,
        Product, ProductFields, Record, Sale, SaleLine, Shop,
    },
    role::Role,
    sync::{
        event::{Event, Stream},
        journal::{Caller, Journal},
        protocol::{Outcome, Push, QuarantineReason},
    },
    table::Tables,
    task::{Answer, Task, run},
    time::{Day, Timestamp, Zone},
};
use dukandar_tests::shop_tables::ShopTables;

const SHOP: ShopId = ShopId::from_u128(1);
const PHONE: ProductId = ProductId::from_u128(2);
const TENANT: TenantId = TenantId::from_u128(9);
const NOW: Timestamp = Timestamp(1_800_000_000_000);

fn shop(bargaining: Option<Bargaining>) -> Record {
    Record::Shop(Shop {
        id: SHOP,
        name: "Hafeez".into(),
        code: "HC".into(),
        city: "Lahore".into(),
        currency: Currency::PKR,
        zone: Zone::KARACHI,
        bargaining,
    })
}

fn price(kind: PriceKind, rupees: i64, from: i64) -> Record {
    let (product, shop) = (PHONE, None);
    Record::Price(Price { product, shop, kind, price: Paisa::rupees(rupees), from: Timestamp(from) })
}

fn asked(pieces: i64, rupees: i64) -> AskedLine {
    let (quantity, amount) = (Quantity::pieces(pieces), Paisa::rupees(rupees));
    AskedLine { product: PHONE, name: "Redmi".to_owned(), quantity, amount }
}

fn step(at: i64, step: ApprovalStep) -> Record {
    let (id, user) = (DocumentId::from_u128(5), Some(UserId::from_u128(6)));
    Record::Approval(Approval { id, shop: SHOP, at: Timestamp(at), user, step })
}

fn sale(id: u128, approval: Option<DocumentId>) -> Record {
    let line = SaleLine {
        product: PHONE,
        units: vec![],
        quantity: Quantity::pieces(2),
        unit_price: Paisa::rupees(50_000),
        discount: Paisa::rupees(6_000),
        amount: Paisa::rupees(94_000),
        unit_cost: None,
    };
    Record::Sale(Sale {
        id: SaleId::from_u128(id),
        shop: SHOP,
        number: format!("HC-1-{id}"),
        at: NOW,
        zone: Zone::KARACHI,
        customer: None,
        staff: None,
        payments: vec![Payment { method: PaymentMethod::Cash, amount: line.amount, tendered: None }],
        lines: vec![line],
        approval,
    })
}

/// Folds records in this order; the last one as an addition to tables that stand already.
fn fold(records: Vec<Record>) -> Tables {
    let (device, epoch) = (DeviceId::from_u128(1), EpochId::from_u128(1));
    let mut fold = Fold::default();
    let count = records.len();
    for (seq, record) in records.into_iter().enumerate() {
        if seq + 1 == count {
            fold.tables();
        }
        let order = Order::Pending { device, epoch, seq: seq as u64 };
        fold.record(EventId::from_u128(seq as u128 + 1), order, record);
    }
    fold.into_tables()
}

fn requests(tables: &Tables, now: i64) -> Vec<Request> {
    let task = Task::Approvals { shop: Some(SHOP), now: Timestamp(now) };
    let Ok(Answer::Approvals(found)) = run(&task, tables) else { panic!("a shop has its questions") };
    found.requests
}

#[test]
fn the_newest_floor_stands_and_zero_takes_it_off() {
    let of = |floors: &[(i64, i64)]| {
        let floors = floors.iter().map(|&(rupees, from)| price(PriceKind::Floor, rupees, from));
        fold([shop(None), price(PriceKind::Retail, 50_000, 1)].into_iter().chain(floors).collect()).products
            [0]
        .floor
    };
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[(48_000, 2), (47_000, 3), (40_000, 1)]), Some(Paisa::rupees(47_000)));
    assert_eq!(of(&[(48_000, 2), (0, 3)]), None);
    let tables = fold(vec![shop(None), price(PriceKind::Floor, 47_000, 1)]);
    let Ok(Answer::Catalog(catalog)) = run(&Task::Catalog { shop: None, now: NOW }, &tables) else {
        panic!("a catalogue")
    };
    assert_eq!(catalog.items[0].floor, Some(Paisa::rupees(47_000)));
}

#[test]
fn the_owners_rules_stay_when_a_shop_is_written_without_them() {
    let rules =
        Bargaining { cashier_percent: 3, code: CodeWord::parse("BLACKHORSE").ok(), code_for_staff: true };
    let tables = fold(vec![shop(Some(rules.clone())), shop(None)]);
    assert_eq!(tables.shops[0].bargaining, Some(rules));
    let text = serde_json::to_string(&shop(None).encode().unwrap().2).unwrap();
    assert!(!text.contains("bargaining"), "an older shop keeps its bytes: {text}");
    let text = serde_json::to_string(&sale(1, None).encode().unwrap().2).unwrap();
    assert!(!text.contains("approval"), "an older sale keeps its bytes: {text}");
}

#[test]
fn a_question_is_answered_used_once_and_forgotten_after_half_an_hour() {
    let ask = step(NOW.0, ApprovalStep::Asked(vec![asked(2, 94_000)]));
    let goods = || vec![shop(None), price(PriceKind::Retail, 50_000, 1), price(PriceKind::Cost, 48_000, 1)];
    let with = |more: Vec<Record>| {
        let records: Vec<Record> = goods()
            .into_iter()
            .chain([price(PriceKind::Floor, 49_000, 1), ask.clone()])
            .chain(more)
            .collect();
        fold(records)
    };
    let open = &requests(&with(vec![]), NOW.0 + 1)[0];
    // 94,000 for two that cost 96,000, floor 98,000, list 100,000.
    assert_eq!((open.total, open.margin, open.unknown), (Paisa::rupees(94_000), Paisa::rupees(-2_000), 0));
    let line = &open.lines[0];
    let known = [line.list, line.floor, line.cost].map(|it| it.unwrap().0 / 100);
    assert_eq!(known, [100_000, 98_000, 96_000]);
    let bill = [asked(2, 94_000)];
    assert!(open.waits(NOW) && !open.allows(&bill, NOW));

    let yes = &requests(&with(vec![step(NOW.0 + 5, ApprovalStep::Answered(true))]), NOW.0 + 9)[0];
    assert!(yes.allows(&bill, NOW) && !yes.waits(NOW));
    let renamed = AskedLine { name: "Note 13".to_owned(), ..asked(2, 94_000) };
    assert!(
        yes.allows(&[renamed], Timestamp(NOW.0 + HOLDS_MS)),
        "names do not matter, and the end is in time"
    );
    for (other, why) in [
        (vec![asked(2, 93_999)], "another amount"),
        (vec![asked(1, 94_000)], "fewer pieces"),
        (vec![asked(2, 94_000), asked(2, 94_000)], "a line more"),
        (vec![], "no line"),
    ] {
        assert!(!yes.allows(&other, NOW), "{why}");
    }
    assert!(!yes.allows(&bill, Timestamp(NOW.0 + HOLDS_MS + 1)), "too late");

    let no = &requests(&with(vec![step(NOW.0 + 5, ApprovalStep::Answered(false))]), NOW.0 + 9)[0];
    assert!(!no.allows(&bill, NOW) && no.answer == Some(false));
    let sold =
        with(vec![step(NOW.0 + 5, ApprovalStep::Answered(true)), sale(7, Some(DocumentId::from_u128(5)))]);
    assert_eq!(sold.sales.receipts(), 1);
    let used = &requests(&sold, NOW.0 + 9)[0];
    assert!(used.used && !used.allows(&bill, NOW), "a word holds for one sale");
    assert_eq!(requests(&with(vec![]), NOW.0 + HOLDS_MS + 1), [], "an old question is of no use");
}

#[test]
fn loose_goods_that_sell_every_day_are_never_suggested() {
    let mut shop = ShopTables::new(1, 2, 0);
    for day in 0..100 {
        shop.sale(day, None, 0, 2, 200);
        shop.sale(day, None, 1, 2, 200);
    }
    let plan = |shop: &ShopTables| {
        answer(&shop.build(), Some(0), Day(100), &Limits::default(), &Forecasts::default())
    };
    let before = plan(&shop);
    assert_eq!((before.suggestions.len(), before.uncounted), (2, 2), "as goods that were never counted");
    shop.tables().products[1].fields.open = Some(OpenKind::Cover);
    let after = plan(&shop);
    assert_eq!((after.suggestions.len(), after.uncounted, after.too_new), (1, 1, 0));
    assert_eq!(after.suggestions[0].product, ProductId::from_u128(1));
    // A count by mistake makes no dead stock of them either.
    shop.stock(1, 50, 0);
    let late = answer(&shop.build(), Some(0), Day(400), &Limits::default(), &Forecasts::default());
    assert!(late.dead_stock.iter().all(|it| it.product != ProductId::from_u128(2)), "{:?}", late.dead_stock);
}

/// What the server makes of one record by this role.
fn taken(role: Role, stream: Stream, record: Record) -> Result<(), QuarantineReason> {
    let (device, epoch) = (DeviceId::from_u128(3), EpochId::from_u128(4));
    let caller = |role| Caller {
        tenant: TENANT,
        user: UserId::from_u128(2),
        role,
        grant: 1,
        shops: vec![],
        device,
        revoked: false,
    };
    let event = |seq: u64, stream, record: &Record| {
        let (kind, v, data) = record.encode().unwrap();
        let id = EventId::from_u128(u128::from(seq));
        let (at, grant, actor) = (Timestamp(0), 1, None);
        Event { id, tenant: TENANT, stream, device, epoch, seq, at, grant, actor, kind, v, data }
    };
    let mut journal = Journal::new(EpochId::from_u128(8));
    let mut push = |role, event| {
        let push = Push { protocol: 2, device, epoch, events: vec![event], relay: false };
        journal.push(&caller(role), &push, Timestamp(10)).outcomes.remove(0)
    };
    push(Role::Owner, event(1, Stream::Tenant, &shop(None)));
    match push(role, event(2, stream, &record)) {
        Outcome::Accepted { .. } => Ok(()),
        Outcome::Quarantined { reason, .. } => Err(reason),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_cashier_asks_and_makes_loose_goods_and_only_the_owner_answers() {
    let here = Stream::Shop(SHOP);
    let ask = || step(0, ApprovalStep::Asked(vec![asked(1, 5)]));
    let answer = || step(0, ApprovalStep::Answered(true));
    for role in [Role::Cashier, Role::Manager, Role::Owner] {
        assert_eq!(taken(role, here, ask()), Ok(()), "{role:?}");
        let answers = if role == Role::Owner { Ok(()) } else { Err(QuarantineReason::Forbidden) };
        assert_eq!(taken(role, here, answer()), answers, "{role:?}");
    }
    assert_eq!(taken(Role::Accountant, here, ask()), Err(QuarantineReason::Forbidden));
    let empty = step(0, ApprovalStep::Asked(vec![]));
    assert_eq!(taken(Role::Owner, here, empty), Err(QuarantineReason::Malformed));

    let product = |id: ProductId, change: fn(&mut ProductFields)| {
        let mut fields = ProductFields {
            name: Some("Cover".to_owned()),
            category: Some("cover".to_owned()),
            open: Some(OpenKind::Cover),
            ..ProductFields::default()
        };
        change(&mut fields);
        Record::Product(Product { id, base_version: None, fields })
    };
    let own = OpenKind::Cover.product(TENANT);
    let write = |role, record| taken(role, Stream::Tenant, record);
    assert_eq!(write(Role::Cashier, product(own, |_| ())), Ok(()));
    assert_eq!(write(Role::Cashier, product(PHONE, |_| ())), Err(QuarantineReason::Malformed), "not its id");
    assert_eq!(
        write(Role::Cashier, product(own, |it| it.retired = Some(true))),
        Err(QuarantineReason::Malformed)
    );
    assert_eq!(write(Role::Cashier, product(own, |it| it.open = None)), Err(QuarantineReason::Forbidden));
    assert_eq!(
        write(Role::Cashier, shop(Some(Bargaining { cashier_percent: 100, ..Default::default() }))),
        Err(QuarantineReason::Forbidden)
    );
    let absurd = shop(Some(Bargaining { cashier_percent: 101, ..Default::default() }));
    assert_eq!(write(Role::Owner, absurd), Err(QuarantineReason::Malformed));
    assert_ne!(own, OpenKind::Glass.product(TENANT));
    assert_ne!(own, OpenKind::Cover.product(TenantId::from_u128(10)), "two businesses share no product");
}
