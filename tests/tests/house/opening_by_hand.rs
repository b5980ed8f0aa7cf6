//! The opening day, what was asked for in vain, and how customers behave, against a small shop worked by hand: stock
//! taken over is no purchase, what was owed before is no sale and moves no cash, and whatever is taken back leaves
//! everything as it was.

use dukandar_core::{
    customer::credit::accounts,
    feature::behaviour::Behaviour,
    fold::{Fold, OPENING_FEED, Order},
    id::{CustomerId, DeviceId, DocumentId, EpochId, EventId, ProductId, SaleId, ShopId, SupplierId, UnitId},
    insight::{day, opening},
    inventory::asked,
    money::{Currency, Paisa},
    quantity::Quantity,
    record::{
        Closing, Condition, CreditEntry, CreditKind, FeedRow, Interaction, InteractionKind, Payment,
        PaymentMethod, Price, PriceKind, Product, ProductFields, PtaState, PurchaseOrder, Record, Sale,
        SaleLine, Shop, StockLine, Supplier, SupplierBill, SupplierReceipt, Unit,
    },
    table::{Tables, unit::Place},
    time::{Day, Timestamp, Zone},
};

const SHOP: ShopId = ShopId::from_u128(1);
const ALI: CustomerId = CustomerId::from_u128(7);
const TRADER: SupplierId = SupplierId::from_u128(8);
const REDMI: ProductId = ProductId::from_u128(21);
const COVER: ProductId = ProductId::from_u128(22);
const TODAY: Day = Day(20_000);

fn noon(day: Day) -> Timestamp {
    Timestamp(day.start(Zone::KARACHI).0 + 12 * 3_600_000)
}

fn document(id: u128) -> DocumentId {
    DocumentId::from_u128(id)
}

fn fold(records: impl IntoIterator<Item = Record>) -> Tables {
    let shop = Record::Shop(Shop {
        id: SHOP,
        name: "Hafeez".into(),
        code: "HC".into(),
        city: "Lahore".into(),
        currency: Currency::PKR,
        zone: Zone::KARACHI,
        bargaining: None,
    });
    let product = |id, name: &str| {
        let fields = ProductFields { name: Some(name.into()), ..ProductFields::default() };
        Record::Product(Product { id, base_version: None, fields })
    };
    let price = Record::Price(Price {
        product: REDMI,
        shop: None,
        kind: PriceKind::Retail,
        price: Paisa::rupees(42_000),
        from: noon(Day(1)),
    });
    let given = [shop, product(REDMI, "Redmi 13"), product(COVER, "Cover"), price];
    let mut fold = Fold::default();
    for (seq, record) in given.into_iter().chain(records).enumerate() {
        let (device, epoch) = (DeviceId::from_u128(1), EpochId::from_u128(1));
        let seq = seq as u64;
        fold.record(EventId::from_u128(u128::from(seq)), Order::Pending { device, epoch, seq }, record);
    }
    fold.into_tables()
}

fn line(product: ProductId, pieces: i64, cost: Option<i64>) -> StockLine {
    let unit_cost = cost.map(Paisa::rupees);
    StockLine { product, units: Vec::new(), quantity: Quantity::pieces(pieces), unit_cost }
}

fn taken_over(id: u128, lines: Vec<StockLine>) -> Record {
    let (order, supplier) = (None, None);
    Record::SupplierReceipt(SupplierReceipt {
        id: document(id),
        order,
        shop: SHOP,
        supplier,
        lines,
        at: noon(TODAY),
    })
}

fn due(id: u128, rupees: i64, on: Day, undoes: Option<u128>) -> Record {
    Record::CreditEntry(CreditEntry {
        id: document(id),
        customer: ALI,
        shop: SHOP,
        amount: Paisa::rupees(rupees),
        sale: None,
        at: noon(on),
        due: None,
        method: None,
        kind: CreditKind::Opening,
        undoes: undoes.map(document),
    })
}

fn bill(id: u128, rupees: i64, undoes: Option<u128>) -> Record {
    let (supplier, undoes) = (TRADER, undoes.map(document));
    let amount = Paisa::rupees(rupees);
    Record::SupplierBill(SupplierBill {
        id: document(id),
        supplier,
        shop: SHOP,
        amount,
        at: noon(TODAY),
        due: None,
        opening: true,
        undoes,
    })
}

fn supplier() -> Record {
    let person = None;
    Record::Supplier(Supplier { id: TRADER, name: "Hall Road".into(), person, lead_time_days: None })
}

#[test]
fn the_opening_adds_up_and_is_neither_purchase_nor_sale_nor_cash() {
    let counted = Record::Closing(Closing {
        id: document(90),
        shop: SHOP,
        day: TODAY,
        expected: Paisa::ZERO,
        denominations: Default::default(),
        counted: Paisa::rupees(5_000),
        staff: None,
        at: noon(TODAY),
        opening: true,
        since: None,
        sums: None,
        floats: Default::default(),
        note: String::new(),
    });
    let tables = fold([
        supplier(),
        taken_over(1, vec![line(REDMI, 3, Some(39_500)), line(COVER, 40, None)]),
        due(2, 12_500, Day(TODAY.0 - 70), None),
        due(3, -500, TODAY, None),
        bill(4, 120_000, None),
        counted,
    ]);
    let answer = opening::answer(&tables, 0);
    assert_eq!(answer.totals.pieces, Quantity::pieces(43));
    assert_eq!((answer.totals.at_cost, answer.totals.without_cost), (Paisa::rupees(118_500), 1));
    assert_eq!((answer.totals.dues, answer.totals.bills), (Paisa::rupees(12_000), Paisa::rupees(120_000)));
    assert_eq!(answer.cash.map(|(_, amount)| amount), Some(Paisa::rupees(5_000)));
    assert!(!answer.done);

    assert_eq!(tables.sales.receipts(), 0, "no sale");
    assert_eq!(tables.payable, [Paisa::rupees(120_000)]);
    assert!(tables.suppliers[0].lead_times_seen_days.is_empty(), "no lead time is learned");
    assert!(tables.stock.supplier.iter().all(|supplier| *supplier == dukandar_core::table::NONE));
    assert_eq!(tables.on_hand(Some(0), 0), Some(Quantity::pieces(3)));
    assert_eq!(tables.products[0].cost, Some(Paisa::rupees(39_500)));
    // 12,500 are 70 days old: of them 500 were paid ahead later, which settles the oldest first.
    let account = accounts(&tables, None, TODAY)[&0];
    assert_eq!((account.balance, account.ages[2]), (Paisa::rupees(12_000), Paisa::rupees(12_000)));
    let drawer = day::answer(&tables, 0, Timestamp(noon(TODAY).0 + 1));
    assert_eq!(drawer.expected, Paisa::rupees(5_000), "what was owed moves no cash");
    assert_eq!(drawer.profit.total, Paisa::ZERO);
}

#[test]
fn what_is_taken_back_is_gone_from_every_figure() {
    let tables = fold([
        supplier(),
        taken_over(1, vec![line(REDMI, 3, Some(39_500)), line(COVER, 40, None)]),
        taken_over(1, vec![line(REDMI, -3, Some(39_500)), line(COVER, -40, None)]),
        due(2, 12_500, TODAY, None),
        due(12, -12_500, TODAY, Some(2)),
        bill(4, 900, None),
        bill(14, -900, Some(4)),
        bill(5, 70, None),
        // Only the very amount takes a bill back.
        bill(15, -60, Some(5)),
    ]);
    let answer = opening::answer(&tables, 0);
    assert_eq!((answer.stock.len(), answer.dues.len(), answer.bills.len()), (0, 0, 2));
    assert_eq!(answer.totals.bills, Paisa::rupees(10));
    assert_eq!(tables.payable, [Paisa::rupees(10)]);
    assert_eq!(tables.on_hand(Some(0), 0), Some(Quantity::ZERO));
    assert_eq!(accounts(&tables, None, TODAY)[&0].balance, Paisa::ZERO);
}

#[test]
fn a_phone_taken_over_and_back_is_out_of_the_shop_and_can_be_entered_again() {
    let unit = UnitId::from_u128(31);
    let phone = Record::Unit(Unit {
        id: unit,
        product: REDMI,
        shop: SHOP,
        imei1: Some("490154203237518".into()),
        imei2: None,
        serial: None,
        pta: PtaState::Unknown,
        pta_deadline: None,
        condition: Condition::New,
        battery_health_percent: None,
        cost: None,
        warranty_months: None,
        at: noon(TODAY),
    });
    let receipt = |pieces| taken_over(1, vec![StockLine { units: vec![unit], ..line(REDMI, pieces, None) }]);
    let tables = fold([phone.clone(), receipt(1)]);
    assert_eq!(tables.units.rows[0].place, Place::Stock(SHOP));
    assert_eq!(opening::answer(&tables, 0).imeis, ["490154203237518"]);
    let tables = fold([phone, receipt(1), receipt(-1)]);
    assert_eq!(tables.units.rows[0].place, Place::Gone);
    assert!(opening::answer(&tables, 0).imeis.is_empty());
    assert_eq!(tables.on_hand(Some(0), 0), Some(Quantity::ZERO));
}

#[test]
fn the_newest_word_says_whether_an_opening_is_complete() {
    let says = |value: serde_json::Value| {
        Record::FeedRow(FeedRow {
            feed: OPENING_FEED.to_owned(),
            day: TODAY,
            name: SHOP.to_string(),
            value,
            source: "shop".to_owned(),
            at: noon(TODAY),
        })
    };
    assert!(opening::answer(&fold([says(true.into())]), 0).done);
    assert!(!opening::answer(&fold([says(true.into()), says(serde_json::Value::Null)]), 0).done);
}

fn noted(
    id: u128,
    kind: InteractionKind,
    product: Option<ProductId>,
    text: Option<&str>,
    on: Day,
) -> Interaction {
    let text = text.map(str::to_owned);
    Interaction {
        customer: Some(ALI),
        shop: SHOP,
        kind,
        product,
        text,
        minutes: None,
        at: noon(on),
        id: Some(document(id)),
        others: Vec::new(),
        undoes: None,
    }
}

#[test]
fn what_was_asked_for_in_vain_counts_times_its_price() {
    let asked_for = |id, product, text, ago: i32| {
        Record::Interaction(noted(id, InteractionKind::NotInStock, product, text, Day(TODAY.0 - ago)))
    };
    let mistaken = noted(6, InteractionKind::NotInStock, Some(REDMI), None, TODAY);
    let back = Interaction { id: Some(document(7)), undoes: Some(document(6)), ..mistaken.clone() };
    let order = Record::PurchaseOrder(PurchaseOrder {
        id: document(40),
        shop: SHOP,
        supplier: None,
        lines: vec![line(REDMI, 2, None)],
        at: noon(TODAY),
        expected: None,
    });
    let tables = fold([
        asked_for(1, Some(REDMI), None, 0),
        // The very name of a product means it.
        asked_for(2, None, Some(" redmi  13"), 29),
        asked_for(3, None, Some("Tecno Spark"), 3),
        asked_for(4, None, Some("tecno spark"), 2),
        asked_for(5, Some(COVER), None, 30),
        Record::Interaction(mistaken),
        Record::Interaction(back),
        Record::Interaction(noted(8, InteractionKind::Visit, Some(REDMI), None, TODAY)),
        order,
    ]);
    let answer = asked::answer(&tables, Some(0), TODAY);
    let rows: Vec<_> = answer
        .rows
        .iter()
        .map(|row| (row.name.as_str(), row.times, row.lost.map(|lost| lost.0 / 100)))
        .collect();
    assert_eq!(rows, [("Redmi 13", 2, Some(84_000)), ("Tecno Spark", 2, None)], "30 days with today");
    assert_eq!(answer.lost, Paisa::rupees(84_000));
    assert_eq!(answer.rows[0].on_order, Quantity::pieces(2));
    assert_eq!((answer.rows[0].last, answer.rows[1].last), (TODAY, Day(TODAY.0 - 2)));
    assert_eq!(asked::answer(&tables, Some(0), Day(TODAY.0 + 40)).rows, [], "forgotten after a month");
}

#[test]
fn behaviour_counts_what_was_noted_and_days_in_the_shop() {
    let minutes =
        |minutes, it: Interaction| Record::Interaction(Interaction { minutes: Some(minutes), ..it });
    let visit = |id, ago: i32| noted(id, InteractionKind::Visit, None, None, Day(TODAY.0 - ago));
    let sale = Record::Sale(Sale {
        id: SaleId::from_u128(5),
        shop: SHOP,
        number: "HC-1-1".into(),
        at: noon(Day(TODAY.0 - 1)),
        zone: Zone::KARACHI,
        customer: Some(ALI),
        staff: None,
        lines: vec![SaleLine {
            product: COVER,
            units: vec![],
            quantity: Quantity::pieces(1),
            unit_price: Paisa::rupees(350),
            discount: Paisa::ZERO,
            amount: Paisa::rupees(350),
            unit_cost: None,
        }],
        payments: vec![Payment { method: PaymentMethod::Cash, amount: Paisa::rupees(350), tendered: None }],
        approval: None,
    });
    let tables = fold([
        minutes(10, visit(1, 0)),
        minutes(30, visit(2, 1)),
        Record::Interaction(visit(3, 90)),
        Record::Interaction(noted(4, InteractionKind::Comparison, Some(REDMI), None, TODAY)),
        Record::Interaction(noted(5, InteractionKind::Negotiation, None, None, TODAY)),
        Record::Interaction(noted(6, InteractionKind::Referral, None, None, Day(TODAY.0 - 5))),
        sale,
    ]);
    let expected = Behaviour {
        // Today and yesterday; the sale was yesterday too, the third visit is too old, the one sent was another.
        visit_frequency: 2.0 * 30.0 / 90.0,
        time_spent_in_store: Some(20.0),
        product_comparison_count: 1,
        negotiation_attempts: 1,
        referral_count: 1,
        not_in_stock_count: 0,
    };
    assert_eq!(Behaviour::of(&tables, 0, TODAY), expected);
}

#[test]
fn records_that_lack_the_new_fields_read_and_write_as_they_did() {
    let bill = r#"{"amount":5,"at":0,"due":null,"id":"00000000-0000-0000-0000-000000000001","shop":"00000000-0000-0000-0000-000000000001","supplier":"00000000-0000-0000-0000-000000000008"}"#;
    let visit = r#"{"at":0,"customer":null,"kind":"not_in_stock","minutes":null,"product":null,"shop":"00000000-0000-0000-0000-000000000001","text":"Tecno"}"#;
    for (kind, text) in [("supplier_bill", bill), ("interaction", visit)] {
        let data: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(Record::decode(kind, 1, data.clone()).unwrap().encode().unwrap().2, data, "{kind}");
    }
}
