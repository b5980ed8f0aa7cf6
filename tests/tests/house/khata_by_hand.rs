//! The khata against small shops worked by hand: ageing, running balances, entries taken back, parts of a qist, what
//! moves the drawer; and its promises over arbitrary entries: balances are sums, ages add up to them, no order of
//! arrival changes a figure, and Today says the same.

use dukandar_core::{
    customer::{
        credit::{Account, accounts, debts},
        khata::{Ledger, ledger, list, over_limit, plan},
        rfm::balances,
    },
    demand::Forecasts,
    fold::{Fold, Order},
    id::{CustomerId, DeviceId, DocumentId, EpochId, EventId, SaleId, ShopId},
    insight::today,
    money::{Currency, Paisa},
    record::{CreditEntry, CreditKind, CreditLimit, Customer, InstalmentPlan, PaymentMethod, Record, Shop},
    role::{Action, Role},
    table::Tables,
    time::{Day, Timestamp, Zone},
};
use proptest::{collection::vec, prelude::*};

const SHOP: ShopId = ShopId::from_u128(1);
const ALI: CustomerId = CustomerId::from_u128(7);
const UTC: Zone = Zone { offset_minutes: 0 };

fn day(text: &str) -> Day {
    Day::parse(text).unwrap_or_else(|| panic!("{text} is a day"))
}

/// A plain entry at noon.
fn entry(id: u128, on: Day, rupees: i64) -> CreditEntry {
    CreditEntry {
        id: DocumentId::from_u128(id),
        customer: ALI,
        shop: SHOP,
        amount: Paisa::rupees(rupees),
        sale: None,
        at: Timestamp(on.start(UTC).0 + 12 * 3_600_000),
        due: None,
        method: None,
        kind: CreditKind::Plain,
        undoes: None,
    }
}

fn fold(records: impl IntoIterator<Item = Record>) -> Tables {
    let shop = Record::Shop(Shop {
        id: SHOP,
        name: "Hafeez".into(),
        code: "HC".into(),
        city: "Lahore".into(),
        currency: Currency::PKR,
        zone: UTC,
        bargaining: None,
    });
    let mut fold = Fold::default();
    for (seq, record) in [shop].into_iter().chain(records).enumerate() {
        let (device, epoch) = (DeviceId::from_u128(1), EpochId::from_u128(1));
        // The event's id follows from the record, so that another order of arrival is the same journal.
        let id = match &record {
            Record::CreditEntry(entry) => entry.id.as_u128(),
            _ => u128::MAX - seq as u128,
        };
        fold.record(EventId::from_u128(id), Order::Pending { device, epoch, seq: id as u64 }, record);
    }
    fold.into_tables()
}

fn entries(entries: impl IntoIterator<Item = CreditEntry>) -> Tables {
    fold(entries.into_iter().map(Record::CreditEntry))
}

fn account(tables: &Tables, on: &str) -> Account {
    accounts(tables, None, day(on)).values().copied().next().unwrap_or_default()
}

fn rupees(amounts: [Paisa; 4]) -> [i64; 4] {
    amounts.map(|amount| amount.0 / 100)
}

#[test]
fn the_oldest_debt_is_paid_first_and_ages_are_of_what_is_left() {
    // 1 January 1,000; 1 February 2,000; 1 March 3,000; paid back 1,500 on 10 March.
    let book = [("2026-01-01", 1_000), ("2026-02-01", 2_000), ("2026-03-01", 3_000), ("2026-03-10", -1_500)];
    let tables =
        entries(book.iter().enumerate().map(|(id, (on, amount))| entry(id as u128 + 1, day(on), *amount)));
    // The 1,000 of January are paid and 500 of February's 2,000.
    let march = account(&tables, "2026-03-15");
    assert_eq!((march.balance, march.since), (Paisa::rupees(4_500), Some(day("2026-02-01"))));
    assert_eq!(rupees(march.ages), [3_000, 1_500, 0, 0], "14 and 42 days old");
    // February's is due after 30 days, on 3 March; March's on the 31st.
    assert_eq!(march.overdue, Paisa::rupees(1_500));
    assert_eq!(march.next_due, Some((day("2026-03-31"), Paisa::rupees(3_000))));
    assert_eq!(account(&tables, "2026-03-31").due_today, Paisa::rupees(3_000));
    // A group ends with its last day: the 31st day after 1 March is 1 April.
    assert_eq!(rupees(account(&tables, "2026-03-31").ages), [3_000, 1_500, 0, 0]);
    assert_eq!(rupees(account(&tables, "2026-04-01").ages), [0, 4_500, 0, 0]);
    assert_eq!(rupees(account(&tables, "2026-05-02").ages), [0, 0, 4_500, 0], "62 and 90 days");
    assert_eq!(rupees(account(&tables, "2026-05-03").ages), [0, 0, 3_000, 1_500], "63 and 91 days");
    // Before the payment all three stood.
    assert_eq!(rupees(account(&tables, "2026-03-09").ages), [3_000, 2_000, 1_000, 0], "8, 36 and 67 days");
}

#[test]
fn what_is_paid_ahead_is_no_debt_of_any_age_and_pays_the_next() {
    let tables = entries([entry(1, day("2026-01-01"), -700), entry(2, day("2026-01-05"), 500)]);
    let ahead = account(&tables, "2026-01-06");
    assert_eq!((ahead.balance, rupees(ahead.ages), ahead.since), (Paisa::rupees(-200), [0; 4], None));
    let khata = list(&tables, None, day("2026-01-06"), 9);
    assert_eq!((khata.owing, khata.total.balance, khata.ahead), (0, Paisa::ZERO, Paisa::rupees(200)));
}

#[test]
fn an_entry_taken_back_leaves_the_age_of_the_debt_alone_and_stays_to_be_seen() {
    let paid = CreditEntry { method: Some(PaymentMethod::Cash), ..entry(2, day("2026-05-01"), -400) };
    let back = CreditEntry {
        id: DocumentId::from_u128(3),
        amount: -paid.amount,
        undoes: Some(paid.id),
        at: Timestamp(paid.at.0 + 60_000),
        ..paid.clone()
    };
    let tables = entries([entry(1, day("2026-01-01"), 400), paid, back.clone()]);
    let after = account(&tables, "2026-05-02");
    assert_eq!((rupees(after.ages), after.since), ([0, 0, 0, 400], Some(day("2026-01-01"))));
    let Ledger { lines, .. } = ledger(&tables, None, ALI, day("2026-05-02"));
    let told: Vec<_> = lines.iter().map(|line| (line.balance.0 / 100, line.is_undone)).collect();
    assert_eq!(told, [(400, true), (0, true), (400, false)], "newest first");
    assert_eq!(tables.cash.iter().map(|row| row.amount).sum::<Paisa>(), Paisa::ZERO, "no cash was left over");
    // What does not match its entry to the paisa takes nothing back: it counts as what it is.
    let odd = CreditEntry { amount: Paisa::rupees(399), ..back };
    let tables = entries([entry(1, day("2026-01-01"), 400), entry(2, day("2026-05-01"), -400), odd]);
    assert_eq!(rupees(account(&tables, "2026-05-02").ages), [399, 0, 0, 0]);
}

#[test]
fn only_cash_moves_the_drawer() {
    let on = day("2026-05-01");
    let moved = |change: &dyn Fn(&mut CreditEntry), amount| {
        let mut it = entry(1, on, amount);
        change(&mut it);
        let cash: Paisa = entries([it]).cash.iter().map(|row| row.amount).sum();
        cash.0 / 100
    };
    assert_eq!(moved(&|_| (), -500), 500, "as old entries say it");
    assert_eq!(moved(&|_| (), 500), 0, "goods");
    assert_eq!(moved(&|it| it.method = Some(PaymentMethod::Cash), -500), 500);
    assert_eq!(moved(&|it| it.method = Some(PaymentMethod::Cash), 500), -500, "lent out of the drawer");
    assert_eq!(moved(&|it| it.method = Some(PaymentMethod::Easypaisa), -500), 0);
    assert_eq!(moved(&|it| it.kind = CreditKind::WriteOff, -500), 0);
    assert_eq!(moved(&|it| it.undoes = Some(DocumentId::from_u128(9)), -500), 0, "goods taken back");
}

#[test]
fn a_write_off_ends_the_debt_and_only_the_owner_may_write_it() {
    let off = CreditEntry { kind: CreditKind::WriteOff, ..entry(2, day("2026-06-01"), -400) };
    let tables = entries([entry(1, day("2026-01-01"), 400), off.clone()]);
    assert_eq!(account(&tables, "2026-06-02"), Account::default());
    let action = Record::CreditEntry(off).action();
    assert!(Role::Owner.may(action) && !Role::Manager.may(action) && !Role::Cashier.may(action));
    assert_eq!(Record::CreditEntry(entry(1, day("2026-01-01"), -5)).action(), Action::Sell);
}

#[test]
fn a_qist_is_due_part_by_part() {
    let sale = SaleId::from_u128(5);
    let parts = plan(Paisa::rupees(10_000), 3, day("2026-01-31"));
    let told: Vec<_> = parts.iter().map(|part| (part.due.to_string(), part.amount.0 / 100)).collect();
    assert_eq!(
        told,
        [("2026-02-28", 3_333), ("2026-03-31", 3_333), ("2026-04-30", 3_334)]
            .map(|(due, amount)| (due.to_owned(), amount))
    );
    let owed = CreditEntry { sale: Some(sale), ..entry(1, day("2026-01-31"), 10_000) };
    let made = InstalmentPlan { id: DocumentId::from_u128(2), customer: ALI, sale, parts };
    let paid = entry(3, day("2026-02-20"), -4_000);
    let tables = fold([
        Record::InstalmentPlan(made.clone()),
        Record::CreditEntry(owed.clone()),
        Record::CreditEntry(paid),
    ]);
    let march = account(&tables, "2026-03-31");
    // 3,333 of February and 667 of March are paid.
    assert_eq!(
        (march.balance, march.overdue, march.due_today.0 / 100),
        (Paisa::rupees(6_000), Paisa::ZERO, 2_666)
    );
    assert_eq!(account(&tables, "2026-04-01").overdue, Paisa::rupees(2_666));
    assert_eq!(account(&tables, "2026-04-01").next_due, Some((day("2026-04-30"), Paisa::rupees(3_334))));
    // A plan that is not of this debt's size says nothing about it.
    let small = CreditEntry { amount: Paisa::rupees(9_000), ..owed };
    let tables = fold([Record::InstalmentPlan(made), Record::CreditEntry(small)]);
    assert_eq!(account(&tables, "2026-03-03").overdue, Paisa::rupees(9_000), "due after 30 days");
}

#[test]
fn a_limit_holds_until_it_is_changed_and_the_last_word_counts() {
    let limit = |limit| {
        let customer = Customer { id: ALI, code: None, person: None, limit: Some(limit), base_version: None };
        Record::Customer(customer)
    };
    let upto = |rupees| limit(CreditLimit::Upto(Paisa::rupees(rupees)));
    let of = |tables: &Tables| ledger(tables, None, ALI, day("2026-01-02")).row;
    assert_eq!(of(&fold([upto(500)])).limit, Some(Paisa::rupees(500)));
    let owing = of(&fold([upto(500), Record::CreditEntry(entry(1, day("2026-01-01"), 400))]));
    assert_eq!(over_limit(&owing, Paisa::rupees(100)), None, "up to it is fine");
    assert_eq!(over_limit(&owing, Paisa::rupees(101)), Some(Paisa::rupees(501)));
    assert_eq!(upto(-1).validate().map_err(|fault| fault.field), Err("limit".to_owned()));
    assert_eq!(upto(1).action(), Action::Forgive);
}

#[test]
fn entries_of_nothing_or_by_no_money_are_refused_with_their_field() {
    let fault = |change: &dyn Fn(&mut CreditEntry)| {
        let mut it = entry(1, day("2026-01-01"), -5);
        change(&mut it);
        Record::CreditEntry(it).validate().err().map(|fault| fault.field).unwrap_or_default()
    };
    assert_eq!(fault(&|_| ()), "");
    assert_eq!(fault(&|it| it.amount = Paisa::ZERO), "amount");
    assert_eq!(fault(&|it| it.method = Some(PaymentMethod::Credit)), "method");
    let cash_write_off = |it: &mut CreditEntry| {
        (it.kind, it.method) = (CreditKind::WriteOff, Some(PaymentMethod::Cash));
    };
    assert_eq!(fault(&cash_write_off), "method");
}

#[test]
fn an_entry_of_the_first_release_reads_and_writes_as_it_did() {
    let text = r#"{"amount":-500,"at":0,"customer":"00000000-0000-0000-0000-000000000007","due":null,"id":"00000000-0000-0000-0000-000000000001","sale":null,"shop":"00000000-0000-0000-0000-000000000001"}"#;
    let data: serde_json::Value = serde_json::from_str(text).unwrap();
    let read = Record::decode("credit_entry", 1, data.clone()).unwrap();
    assert_eq!(read.encode().unwrap().2, data, "its hash is of these fields");
}

/// (customer, days ago, paisa, takes the entry before it back).
fn book() -> impl Strategy<Value = Vec<CreditEntry>> {
    vec((0..4_u128, 0..200_i32, -900..900_i64, prop::bool::weighted(0.15)), 0..40).prop_map(|rows| {
        let mut made: Vec<CreditEntry> = Vec::new();
        for (id, (customer, ago, amount, takes_back)) in rows.into_iter().enumerate() {
            let id = DocumentId::from_u128(id as u128 + 1);
            let on = Day(20_000 - ago);
            let before = made.last().filter(|before| takes_back && before.undoes.is_none()).cloned();
            made.push(match before {
                Some(it) => CreditEntry { id, amount: -it.amount, undoes: Some(it.id), ..it },
                None => CreditEntry {
                    id,
                    customer: CustomerId::from_u128(customer + 1),
                    amount: Paisa(amount),
                    at: on.start(UTC),
                    ..entry(0, on, 0)
                },
            });
        }
        made
    })
}

proptest! {
    #[test]
    fn balances_are_sums_and_ages_add_up_to_them(book in book(), ago in 0..200_i32) {
        let today = Day(20_000 - ago);
        let tables = entries(book.clone());
        let found = accounts(&tables, None, today);
        for (position, row) in tables.customers.iter().enumerate() {
            let sum: Paisa = (book.iter())
                .filter(|it| it.customer == row.id && it.at.day(UTC) <= today)
                .map(|it| it.amount)
                .sum();
            let account = found.get(&(position as u32)).copied().unwrap_or_default();
            prop_assert_eq!(account.balance, sum);
            prop_assert_eq!(account.ages.iter().copied().sum::<Paisa>(), sum.max(Paisa::ZERO));
            prop_assert!(account.ages.iter().all(|part| *part >= Paisa::ZERO));
            prop_assert!(account.overdue + account.due_today <= sum.max(Paisa::ZERO));
            prop_assert_eq!(balances(&tables, None, today)[position], sum, "customers say the same");
            let told = ledger(&tables, None, row.id, today);
            prop_assert_eq!(told.lines.first().map_or(Paisa::ZERO, |line| line.balance), sum);
            prop_assert_eq!(told.row.account, account);
        }
    }

    #[test]
    fn no_order_of_arrival_changes_a_figure(book in book(), seed in any::<u64>()) {
        let mut other = book.clone();
        let mut rng = dukandar_core::rng::Rng::seeded(seed);
        for place in (1..other.len()).rev() {
            other.swap(place, rng.below(place + 1));
        }
        let today = Day(20_000);
        prop_assert_eq!(list(&entries(book), None, today, 99), list(&entries(other), None, today, 99));
    }

    #[test]
    fn today_and_the_khata_say_the_same(book in book()) {
        let tables = entries(book);
        let now = Timestamp(Day(20_000).start(UTC).0 + 9 * 3_600_000);
        let khata = list(&tables, None, Day(20_000), 2);
        let today = today::answer(&tables, None, now, &Forecasts::default());
        prop_assert_eq!((today.receivable, today.overdue), (khata.total.balance, khata.total.overdue));
        let open = debts(&tables, None, Day(20_000));
        prop_assert_eq!(khata.owing, open.len() as u64);
        prop_assert!(khata.rows.len() <= 2);
        prop_assert!(khata.rows.windows(2).all(|pair| pair[0].account.balance >= pair[1].account.balance));
        prop_assert_eq!(khata.rows.first().map(|row| row.account.balance), open.iter().map(|it| it.balance).max());
    }
}
