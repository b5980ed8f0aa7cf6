//! The fold's promises: permutation, duplication and split of its input change nothing; adding one by one equals
//! folding from scratch; shelves follow the journal's order and no clock; segments survive their bytes; hostile bytes
//! are refused. That the comparison one by one would see a broken append is itself tested, with bugs planted in it.

use dukandar_core::{
    fold::{Fold, Order, digest, lines_of_segment, movements_of, sale_lines_of},
    id::{DeviceId, EpochId, EventId, Id, ProductId, SaleId, ShopId},
    money::Paisa,
    quantity::Quantity,
    record::*,
    sync::event::Stream,
    table::{
        NONE, ReceiptKind, Tables,
        segment::{Segment, SegmentCustomer, SegmentProduct, line_total},
    },
    time::{Day, Timestamp, Zone},
};
use proptest::{
    collection::vec, prelude::*, sample::subsequence, strategy::ValueTree as _, test_runner::TestRunner,
};
use std::collections::BTreeMap;

fn id<T>(number: u8) -> Id<T> {
    Id::from_u128(u128::from(number) + 1)
}

/// Small numbers, so that records often speak of the same things at the same times.
fn record() -> impl Strategy<Value = Record> {
    let sale_line = (0..6_u8, 1..5_i64, 1..500_i64, prop::option::of(1..300_i64)).prop_map(
        |(product, pieces, price, cost)| SaleLine {
            product: id(product),
            units: vec![],
            quantity: Quantity::pieces(pieces),
            unit_price: Paisa(price),
            discount: Paisa(0),
            amount: Paisa(pieces * price),
            unit_cost: cost.map(Paisa),
        },
    );
    let stock_line =
        (0..6_u8, 1..20_i64, prop::option::of(1..300_i64)).prop_map(|(product, pieces, cost)| {
            let (quantity, unit_cost) = (Quantity::pieces(pieces), cost.map(Paisa));
            StockLine { product: id(product), units: vec![], quantity, unit_cost }
        });
    let at = (0..40_i64).prop_map(|hours| Timestamp(hours * 7_200_000));
    let text = prop::option::of("[a-c]{1,3}");
    prop_oneof![
        6 => (0..200_u8, 0..3_u8, at.clone(), prop::option::of(0..5_u8), vec(sale_line.clone(), 1..4), 0..2_i64)
            .prop_map(|(sale, shop, at, customer, lines, cash)| {
                let paid: Paisa = lines.iter().map(|line| line.amount).sum();
                let method = if cash == 1 { PaymentMethod::Cash } else { PaymentMethod::Card };
                Record::Sale(Sale {
                    id: id(sale), shop: id(shop), number: format!("S-{sale}"), at, zone: Zone::KARACHI,
                    customer: customer.map(id), staff: None, lines,
                    payments: vec![Payment { method, amount: paid, tendered: None }],
                    approval: None,
                })
            }),
        1 => (200..220_u8, 0..3_u8, at.clone(), vec(sale_line, 1..3)).prop_map(|(sale, shop, at, lines)| {
            let amount = lines.iter().map(|line| line.amount).sum();
            Record::Return(Return {
                id: id(sale), original: None, shop: id(shop), number: format!("R-{sale}"), at, zone: Zone::KARACHI,
                customer: None, staff: None, lines,
                payments: vec![Payment { method: PaymentMethod::Cash, amount, tendered: None }],
                of_lines: vec![], exchange: None,
            })
        }),
        2 => (0..6_u8, text.clone(), text.clone()).prop_map(|(product, name, brand)| {
            let fields = ProductFields { name, brand, ..ProductFields::default() };
            Record::Product(Product { id: id(product), base_version: None, fields })
        }),
        1 => (0..6_u8, prop::option::of(0..3_u8), at.clone(), 1..900_i64, any::<bool>())
            .prop_map(|(product, shop, from, price, retail)| Record::Price(Price {
                product: id(product), shop: shop.map(id), price: Paisa(price), from,
                kind: if retail { PriceKind::Retail } else { PriceKind::Cost },
            })),
        1 => (0..5_u8, text).prop_map(|(customer, code)| {
            Record::Customer(Customer { id: id(customer), code, person: None, limit: None, base_version: None })
        }),
        1 => (0..5_u8, 0..5_u8).prop_map(|(into, from)| {
            Record::CustomerMerge(CustomerMerge { into: id(into), from: id(from) })
        }),
        1 => (0..9_u8, 0..3_u8, at.clone(), vec(stock_line.clone(), 1..3)).prop_map(|(order, shop, at, lines)| {
            let supplier = Some(id(order % 2));
            Record::PurchaseOrder(PurchaseOrder { id: id(order), shop: id(shop), supplier, lines, at, expected: None })
        }),
        2 => (0..90_u8, prop::option::of(0..9_u8), 0..3_u8, at.clone(), vec(stock_line.clone(), 1..3))
            .prop_map(|(document, order, shop, at, lines)| Record::SupplierReceipt(SupplierReceipt {
                id: id(document), order: order.map(id), shop: id(shop), supplier: (document % 3 > 0).then(|| id(document % 2)), lines, at,
            })),
        1 => (0..90_u8, 0..3_u8, prop::option::of(0..5_u8), prop::option::of(0..6_u8), at.clone(), any::<bool>())
            .prop_map(|(document, shop, customer, product, at, back)| Record::Interaction(Interaction {
                customer: customer.map(id), shop: id(shop), kind: InteractionKind::NotInStock, product: product.map(id),
                text: Some(format!("words {}", document % 3)), minutes: None, at, id: Some(id(document)), others: vec![],
                undoes: back.then(|| id(document / 2)),
            })),
        1 => (0..90_u8, 0..3_u8, at.clone(), 0..6_u8, 0..9_i64, 0..9_i64)
            .prop_map(|(document, shop, at, product, expected, counted)| Record::Count(Count {
                id: id(document), shop: id(shop), at, lines: vec![CountLine {
                    product: id(product), expected: Quantity::pieces(expected), counted: Quantity::pieces(counted),
                }],
            })),
        1 => (0..90_u8, at.clone(), vec(stock_line, 1..3), any::<bool>()).prop_map(|(document, at, lines, out)| {
            let leg = if out { TransferLeg::Out } else { TransferLeg::In };
            Record::Transfer(Transfer { id: id(document), from: id(0), to: id(1), leg, lines, at })
        }),
        1 => (0..90_u8, 0..5_u8, 0..3_u8, -500..500_i64, at.clone(), 0..4_u8)
            .prop_map(|(document, customer, shop, amount, at, what)| Record::CreditEntry(CreditEntry {
                id: id(document), customer: id(customer), shop: id(shop), amount: Paisa(amount), sale: None, at, due: None,
                method: [None, Some(PaymentMethod::Cash), Some(PaymentMethod::Bank), None][usize::from(what)],
                kind: if what == 3 { CreditKind::WriteOff } else { CreditKind::Plain }, undoes: None,
            })),
        1 => (0..90_u8, 0..5_u8, 0..200_u8, vec((0..60_i32, 1..500_i64), 1..4))
            .prop_map(|(document, customer, sale, parts)| Record::InstalmentPlan(InstalmentPlan {
                id: id(document), customer: id(customer), sale: id(sale),
                parts: parts.into_iter().map(|(due, amount)| Instalment { due: Day(due), amount: Paisa(amount) }).collect(),
            })),
        1 => (0..90_u8, 0..3_u8, 0..4_u8, 1..500_i64, at.clone()).prop_map(|(document, shop, kind, amount, at)| {
            let (shop, amount) = (id(shop), Paisa(amount));
            match kind {
                0 => Record::Expense(Expense {
                    id: id(document), shop, category: "Tea".to_owned(), amount, at, paid: None, undoes: None,
                }),
                1 => Record::CashMovement(CashMovement {
                    id: id(document), shop, amount: -amount, reason: "Bank".to_owned(), at, undoes: None,
                }),
                2 => Record::StaffAct(StaffAct { user: id(document), shop, act: StaffActKind::ClockIn, at, taken_back: false }),
                _ => Record::Service(Service {
                    id: id(document), shop, kind: ServiceKind::WalletIn, customer: None, amount, commission: Paisa(9), at,
                    wallet: Some(Wallet::JazzCash), fee: Paisa(9), paid: None, undoes: None,
                }),
            }
        }),
        1 => (0..90_u8, 0..3_u8, 0..2_u8, 1..900_i64, at, any::<bool>())
            .prop_map(|(document, shop, supplier, amount, at, bill)| if bill {
                Record::SupplierBill(SupplierBill {
                    id: id(document), supplier: id(supplier), shop: id(shop), amount: Paisa(amount), at, due: None,
                    opening: document % 2 == 0, undoes: None,
                })
            } else {
                Record::Closing(Closing {
                    id: id(document), shop: id(shop), day: at.day(Zone::KARACHI), expected: Paisa(0),
                    denominations: Default::default(), counted: Paisa(amount), staff: None, at,
                    opening: false, since: None, sums: None, floats: Default::default(), note: String::new(),
                })
            }),
    ]
}

/// Records with their events' ids and places: the first part confirmed, the rest pending. One sale has one event.
fn journal() -> impl Strategy<Value = Vec<(EventId, Order, Record)>> {
    (vec(record(), 1..60), 0..60_usize).prop_map(|(records, confirmed)| {
        let mut sales = std::collections::BTreeSet::new();
        let fresh = |record: &Record| match record {
            Record::Sale(sale) => sales.insert(sale.id),
            Record::Return(back) => sales.insert(back.id),
            _ => true,
        };
        let placed = |(index, record): (usize, Record)| {
            let order = if index < confirmed {
                Order::Confirmed { version: index as u64 + 1, stream: Stream::Tenant }
            } else {
                let device: DeviceId = id((index % 2) as u8);
                Order::Pending { device, epoch: EpochId::from_u128(1), seq: index as u64 }
            };
            // Ids do not follow the order of places.
            (EventId::from_u128(((index as u128) * 7_919) % 104_729), order, record)
        };
        let mut fresh = fresh;
        records.into_iter().filter(|record| fresh(record)).enumerate().map(placed).collect()
    })
}

fn scratch(journal: &[(EventId, Order, Record)]) -> Tables {
    let mut fold = Fold::default();
    for (id, order, record) in journal {
        fold.record(*id, *order, record.clone());
    }
    fold.into_tables()
}

/// What could be wrong with appending a new sale to tables that stand.
#[derive(Clone, Copy, Debug)]
enum Bug {
    SaleLost,
    ShelfStays,
    MovementLost,
    DrawerStays,
    TenderForgotten,
    CustomerForgotten,
    LastLineTwice,
}

impl Bug {
    const ALL: [Self; 7] = [
        Self::SaleLost,
        Self::ShelfStays,
        Self::MovementLost,
        Self::DrawerStays,
        Self::TenderForgotten,
        Self::CustomerForgotten,
        Self::LastLineTwice,
    ];

    /// Tables as a fold with this bug would give them after appending to `before` what made them `sound`.
    fn planted(self, before: &Tables, sound: &Tables) -> Tables {
        let mut tables = sound.clone();
        match self {
            Self::SaleLost => tables.sales = before.sales.clone(),
            Self::ShelfStays => tables.stock.on_hand.clone_from(&before.stock.on_hand),
            Self::MovementLost => tables.stock.movements.clone_from(&before.stock.movements),
            Self::DrawerStays => tables.cash.clone_from(&before.cash),
            Self::TenderForgotten => tables.day.clone_from(&before.day),
            Self::CustomerForgotten => {
                tables.sales.customer.iter_mut().rev().take(1).for_each(|it| *it = NONE)
            }
            Self::LastLineTwice => {
                let sales = &mut tables.sales;
                sales.quantity.iter_mut().rev().take(1).for_each(|it| *it += *it);
            }
        }
        tables
    }
}

/// Adds records one by one, looks at the tables now and then, and compares them with those from scratch: the first
/// that differ. Looking in between is what makes the fold append.
fn first_difference(
    journal: &[(EventId, Order, Record)],
    looks: &[bool],
    bug: Option<Bug>,
) -> Option<(Tables, Tables)> {
    let mut fold = Fold::default();
    // The tables last seen, while nothing but sales came since.
    let mut before: Option<Tables> = None;
    for (index, (id, order, record)) in journal.iter().enumerate() {
        fold.record(*id, *order, record.clone());
        if sale_lines_of(record).is_empty() {
            before = None;
        }
        if !looks[index % looks.len()] && index + 1 < journal.len() {
            continue;
        }
        let mut found = fold.tables().clone();
        if let Some((bug, before)) = bug.zip(before.as_ref()) {
            found = bug.planted(before, &found);
        }
        let expected = scratch(&journal[..=index]);
        if found != expected {
            return Some((found, expected));
        }
        before = Some(found);
    }
    None
}

#[test]
fn each_planted_bug_is_seen_by_the_comparison_one_by_one() {
    for bug in Bug::ALL {
        let mut runner = TestRunner::deterministic();
        let cases = (journal(), vec(any::<bool>(), 60));
        let seen = (0..200).filter(|_| {
            let (journal, looks) = cases.new_tree(&mut runner).expect("a journal").current();
            first_difference(&journal, &looks, Some(bug)).is_some()
        });
        assert!(seen.count() >= 5, "{bug:?} would slip through");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(dukandar_tests::cases(200)))]

    #[test]
    fn permutation_and_duplication_change_nothing(
        (journal, shuffled, again) in journal().prop_flat_map(|journal| {
            let length = journal.len();
            (Just(journal.clone()), Just(journal.clone()).prop_shuffle(), subsequence(journal, 0..=length))
        })
    ) {
        let expected = scratch(&journal);
        let found = scratch(&[shuffled, again].concat());
        prop_assert_eq!(digest(&found), digest(&expected));
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn one_by_one_equals_from_scratch(journal in journal(), looks in vec(any::<bool>(), 60)) {
        if let Some((found, expected)) = first_difference(&journal, &looks, None) {
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn shelves_are_a_walk_through_the_journal_in_its_order(journal in journal()) {
        let tables = scratch(&journal);
        let mut walk = journal.clone();
        walk.sort_by_key(|(_, order, _)| *order);
        let mut shelves: BTreeMap<(ShopId, ProductId), Quantity> = BTreeMap::new();
        for (.., record) in &walk {
            let is_sale = !sale_lines_of(record).is_empty();
            for it in movements_of(record) {
                match shelves.get_mut(&(it.shop, it.product)) {
                    Some(shelf) => *shelf += it.quantity,
                    // Sold from a shelf that nobody had written down: moves nothing.
                    None if is_sale => {}
                    None => _ = shelves.insert((it.shop, it.product), it.quantity),
                }
            }
        }
        for (shop, row) in tables.shops.iter().enumerate() {
            for (product, of) in tables.products.iter().enumerate() {
                let expected = shelves.get(&(row.id, of.id)).copied();
                prop_assert_eq!(tables.stock.on_hand[shop * tables.products.len() + product], expected);
            }
        }
    }

    #[test]
    fn pending_records_that_are_confirmed_equal_confirmed_ones(journal in journal()) {
        let confirmed: Vec<_> = journal.iter().rev().enumerate().map(|(version, (id, _, record))| {
            let order = Order::Confirmed { version: version as u64 + 1, stream: Stream::Tenant };
            (*id, order, record.clone())
        }).collect();
        let mut fold = Fold::default();
        for (id, order, record) in journal.iter().chain(&confirmed) {
            fold.record(*id, *order, record.clone());
            fold.tables();
        }
        // Some were confirmed before, at another place: only where all were pending must both agree.
        if journal.iter().all(|(_, order, _)| matches!(order, Order::Pending { .. })) {
            prop_assert_eq!(fold.tables(), &scratch(&confirmed));
        }
    }

    #[test]
    fn stock_is_the_sum_of_movements_and_sales_the_sum_of_lines(journal in journal()) {
        let tables = scratch(&journal);
        let mut on_hand = vec![None; tables.stock.on_hand.len()];
        for it in &tables.stock.movements {
            let shelf: &mut Option<Quantity> = &mut on_hand[it.shop as usize * tables.products.len() + it.product as usize];
            *shelf = Some(shelf.unwrap_or_default() + it.quantity);
        }
        prop_assert_eq!(&on_hand, &tables.stock.on_hand);
        let lines: Vec<_> = journal.iter().flat_map(|(.., record)| sale_lines_of(record)).collect();
        prop_assert_eq!(lines.len(), tables.sales.lines());
        prop_assert_eq!(lines.iter().map(|line| line.amount).sum::<Paisa>(), tables.sales.amount.iter().copied().sum());
        let other: Quantity = journal.iter().filter(|(.., record)| sale_lines_of(record).is_empty())
            .flat_map(|(.., record)| movements_of(record)).map(|it| it.quantity).sum();
        let sold: Quantity = tables.stock.movements.iter()
            .filter(|it| it.cause == dukandar_core::table::MovementCause::Sold).map(|it| it.quantity).sum();
        let all: Quantity = tables.stock.on_hand.iter().flatten().copied().sum();
        prop_assert_eq!(all, other + sold);
    }

    #[test]
    fn segments_survive_their_bytes_and_folds_their_split(segment in segment(), cut in 0..20_usize) {
        let bytes = segment.encode();
        let decoded = Segment::decode(&bytes);
        prop_assert_eq!(decoded.as_ref(), Ok(&segment));
        let cut = cut.min(segment.receipts());
        let mut whole = Fold::default();
        whole.segment(segment.clone());
        let mut parts = Fold::default();
        parts.segment(part(&segment, cut..segment.receipts()));
        parts.tables();
        parts.segment(part(&segment, 0..cut));
        parts.segment(segment.clone());
        prop_assert_eq!(parts.tables(), whole.tables());
        let sum: Paisa = lines_of_segment(&segment).map(|line| line.amount).sum();
        prop_assert_eq!(sum, whole.tables().sales.amount.iter().copied().sum());
    }

    #[test]
    fn hostile_bytes_are_refused_without_panic(segment in segment(), flips in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4), cut in any::<prop::sample::Index>()) {
        let bytes = segment.encode();
        let cut = cut.index(bytes.len());
        prop_assert!(Segment::decode(&bytes[..cut]).is_err(), "a cut segment was taken");
        let mut changed = bytes.clone();
        for (place, value) in flips {
            let place = place.index(changed.len());
            changed[place] = value;
        }
        // Whatever is taken must be a segment: it has the same bytes again, or the fold can use it.
        if let Ok(segment) = Segment::decode(&changed) {
            let mut fold = Fold::default();
            fold.segment(segment);
            fold.tables();
        }
    }
}

/// A sound segment of a few receipts.
fn segment() -> impl Strategy<Value = Segment> {
    let line = (0..5_u32, -5_000..5_000_i64, 0..9_000_i64, 0..50_i64, prop::option::of(0..900_i64));
    let receipt =
        (0..1_000_i64, prop::option::of(0..3_u32), "[A-C]{0,2}[0-9]{1,3}", any::<bool>(), vec(line, 0..4));
    (vec(receipt, 0..20), any::<bool>(), any::<bool>()).prop_map(|(receipts, discounts, costs)| {
        let mut segment =
            Segment::empty(ShopId::from_u128(9), dukandar_core::money::Currency::PKR, Zone::KARACHI);
        segment.products = (0..5_u8)
            .map(|number| SegmentProduct {
                id: id(number),
                sku: Some(format!("{number}")),
                name: (number > 2).then(|| format!("چیز {number}")),
                category: None,
                brand: None,
            })
            .collect();
        segment.customers = (0..3_u8).map(|number| SegmentCustomer { id: id(number), code: None }).collect();
        let mut minute = 0;
        for (index, (gap, customer, number, back, lines)) in receipts.into_iter().enumerate() {
            minute += gap;
            segment.id.push(SaleId::from_u128(index as u128));
            segment.at.push(Timestamp(minute * 60_000));
            segment.kind.push(if back { ReceiptKind::Return } else { ReceiptKind::Sale });
            segment.customer.push(customer.unwrap_or(NONE));
            segment.number.push(number);
            for (product, quantity, price, discount, cost) in lines {
                let (quantity, price) = (Quantity(quantity), Paisa(price));
                let discount = if discounts { Paisa(discount) } else { Paisa::ZERO };
                segment.product.push(product);
                segment.quantity.push(quantity);
                segment.unit_price.push(price);
                segment.amount.push(line_total(quantity, price).unwrap_or_default() - discount);
                segment.discount.push(discount);
                segment.unit_cost.push(cost.filter(|_| costs).map(Paisa));
            }
            segment.first_line.push(segment.product.len() as u32);
        }
        // A column that says nothing is left out, as in the bytes.
        if segment.discount.iter().all(|discount| *discount == Paisa::ZERO) {
            segment.discount.clear();
        }
        if segment.unit_cost.iter().all(Option::is_none) {
            segment.unit_cost.clear();
        }
        segment
    })
}

/// Some receipts of a segment, under the same dictionaries.
fn part(segment: &Segment, receipts: std::ops::Range<usize>) -> Segment {
    let mut part = Segment::empty(segment.shop, segment.currency, segment.zone);
    part.products.clone_from(&segment.products);
    part.customers.clone_from(&segment.customers);
    for receipt in receipts {
        part.id.push(segment.id[receipt]);
        part.at.push(segment.at[receipt]);
        part.kind.push(segment.kind[receipt]);
        part.customer.push(segment.customer[receipt]);
        part.number.push(segment.number[receipt].clone());
        for line in segment.lines_of(receipt) {
            part.product.push(segment.product[line]);
            part.quantity.push(segment.quantity[line]);
            part.unit_price.push(segment.unit_price[line]);
            part.amount.push(segment.amount[line]);
            if !segment.discount.is_empty() {
                part.discount.push(segment.discount[line]);
            }
            if !segment.unit_cost.is_empty() {
                part.unit_cost.push(segment.unit_cost[line]);
            }
        }
        part.first_line.push(part.product.len() as u32);
    }
    part
}
