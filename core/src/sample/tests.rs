//! Oracles: sums over the records themselves, the calendar, and a second Luhn.

#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::{
    id::{CustomerId, PersonKeyId},
    money::Paisa,
    privacy::seal::WrappedKey,
    quantity::Quantity,
    record::{Person, PtaState},
};
use std::collections::{BTreeMap, BTreeSet};

fn afternoon(date: &str) -> Timestamp {
    at(Day::parse(date).unwrap(), 17 * 60 + 30)
}

fn sample(date: &str) -> Sample {
    generate(7, afternoon(date))
}

/// Signed stock movements of one record.
fn movements(record: &Record) -> Vec<(ShopId, ProductId, Quantity)> {
    match record {
        Record::Sale(sale) => {
            sale.lines.iter().map(|line| (sale.shop, line.product, -line.quantity)).collect()
        }
        Record::Return(back) => {
            back.lines.iter().map(|line| (back.shop, line.product, line.quantity)).collect()
        }
        Record::SupplierReceipt(r) => {
            r.lines.iter().map(|line| (r.shop, line.product, line.quantity)).collect()
        }
        Record::Adjustment(a) => a.lines.iter().map(|line| (a.shop, line.product, line.quantity)).collect(),
        Record::Count(c) => {
            c.lines.iter().map(|line| (c.shop, line.product, line.counted + -line.expected)).collect()
        }
        _ => Vec::new(),
    }
}

fn shelves(sample: &Sample) -> BTreeMap<(ShopId, ProductId), Quantity> {
    let mut shelves = BTreeMap::new();
    for entry in &sample.entries {
        for (shop, product, quantity) in movements(&entry.record) {
            let shelf: &mut Quantity = shelves.entry((shop, product)).or_default();
            if let Record::Count(count) = &entry.record {
                let line = count.lines.iter().find(|line| line.product == product).unwrap();
                assert_eq!(line.expected, *shelf, "the count knew another stock");
            }
            *shelf += quantity;
            assert!(*shelf >= Quantity::ZERO, "{} below zero at {:?}", product, entry.at);
        }
    }
    shelves
}

#[test]
fn one_seed_and_instant_give_identical_bytes_and_another_date_shifts_them() {
    let bytes = |sample: &Sample| format!("{:?}", sample.entries);
    let (one, two) = (sample("2026-11-23"), sample("2026-11-23"));
    assert_eq!(bytes(&one), bytes(&two));
    let later = sample("2026-11-24");
    assert_eq!(later.period.to.0, one.period.to.0 + 1);
    assert_eq!(later.period.from.0, one.period.from.0 + 1);
    assert_ne!(later.tenant, one.tenant);
    assert_ne!(bytes(&generate(8, afternoon("2026-11-23"))), bytes(&one));
}

#[test]
fn a_later_hour_only_adds_to_the_past() {
    let day = Day::parse("2026-11-23").unwrap();
    let (noon, night) = (generate(3, at(day, 13 * 60)), generate(3, at(day, 23 * 60 + 30)));
    let records =
        |sample: &Sample| sample.entries.iter().map(|entry| entry.record.clone()).collect::<Vec<_>>();
    let (noon, night) = (records(&noon), records(&night));
    assert!(noon.len() < night.len());
    assert!(night.starts_with(&noon));
}

#[test]
fn it_ends_today_and_nothing_lies_in_the_future() {
    for date in ["2024-01-05", "2026-11-23", "2031-06-30", "2035-12-31"] {
        let sample = sample(date);
        let now = afternoon(date);
        assert!(sample.entries.iter().all(|entry| entry.at <= now));
        assert!(sample.entries.is_sorted_by_key(|entry| (entry.at, entry.id)));
        let sales_today = |shop| {
            let today = |entry: &&Entry| entry.at.day(Zone::KARACHI) == sample.period.to;
            let sold = |entry: &&Entry| matches!(&entry.record, Record::Sale(sale) if sale.shop == shop);
            sample.entries.iter().filter(today).filter(sold).count()
        };
        assert!(sample.shops.into_iter().all(|shop| sales_today(shop) > 0), "{date}");
    }
}

#[test]
fn each_eid_lies_inside_twice_whatever_the_day() {
    for today in (Day::parse("2024-01-01").unwrap().0..Day::parse("2036-01-01").unwrap().0).map(Day) {
        let period = Period { from: Day(today.0 - HISTORY_DAYS + 1), to: today };
        let years = eid::years();
        assert!(years.iter().filter(|year| period.contains(year.fitr)).count() >= 2, "{today}");
        assert!(years.iter().filter(|year| period.contains(year.azha)).count() >= 2, "{today}");
    }
}

#[test]
fn stock_is_the_sum_of_its_movements_and_never_below_zero() {
    for seed in 0..3 {
        let sample = generate(seed, afternoon("2026-11-23"));
        let shelves = shelves(&sample);
        let mut fold = sample.into_fold();
        let tables = fold.tables();
        assert!(tables.rejects.is_empty(), "{:?}", tables.rejects.first());
        assert!(shelves.len() > 300);
        for ((shop, product), quantity) in shelves {
            let (shop, product) = (tables.shop(shop), tables.product(product).unwrap());
            assert_eq!(tables.on_hand(shop, product), Some(quantity));
        }
    }
}

#[test]
fn payments_equal_lines_and_lines_their_arithmetic() {
    let sample = sample("2026-11-23");
    let mut receipts = 0;
    for entry in &sample.entries {
        let (lines, payments) = match &entry.record {
            Record::Sale(sale) => (&sale.lines, &sale.payments),
            Record::Return(back) => (&back.lines, &back.payments),
            _ => continue,
        };
        receipts += 1;
        for line in lines {
            let full = line.quantity.times(line.unit_price).unwrap();
            assert_eq!(line.amount, full - line.discount);
            assert!(line.discount >= Paisa::ZERO && line.amount > Paisa::ZERO);
            assert!(line.units.is_empty() || Quantity::pieces(line.units.len() as i64) == line.quantity);
        }
        let due: Paisa = lines.iter().map(|line| line.amount).sum();
        let paid: Paisa = payments.iter().map(|payment| payment.amount).sum();
        assert_eq!(due, paid);
    }
    assert!(receipts > 20_000, "{receipts}");
}

#[test]
fn udhaar_matches_its_sales_and_stands_at_several_ages() {
    let sample = sample("2026-11-23");
    let mut balances: BTreeMap<CustomerId, Paisa> = BTreeMap::new();
    let mut credit_of_sales = Paisa::ZERO;
    let mut given = Paisa::ZERO;
    for entry in &sample.entries {
        match &entry.record {
            Record::Sale(sale) => {
                let credit = crate::record::PaymentMethod::Credit;
                let credit = sale.payments.iter().filter(|payment| payment.method == credit);
                credit_of_sales += credit.map(|payment| payment.amount).sum();
            }
            Record::CreditEntry(entry) => {
                *balances.entry(entry.customer).or_default() += entry.amount;
                if entry.amount > Paisa::ZERO {
                    given += entry.amount;
                }
            }
            _ => {}
        }
    }
    assert_eq!(given, credit_of_sales);
    assert!(balances.values().all(|balance| *balance >= Paisa::ZERO), "somebody paid more than they owed");
    let open: Vec<&Paisa> = balances.values().filter(|balance| **balance > Paisa::ZERO).collect();
    assert!(open.len() >= 15, "{}", open.len());
    let total: Paisa = open.into_iter().copied().sum();
    assert!((Paisa::rupees(200_000)..Paisa::rupees(6_000_000)).contains(&total), "{total:?}");
}

#[test]
fn imeis_are_two_different_ones_a_phone_never_repeated_and_of_mixed_tax_state() {
    let sample = sample("2026-11-23");
    let mut seen = BTreeSet::new();
    let mut states = BTreeMap::new();
    for entry in &sample.entries {
        let Record::Unit(unit) = &entry.record else { continue };
        for imei in [unit.imei1.as_ref().unwrap(), unit.imei2.as_ref().unwrap()] {
            assert!(seen.insert(imei.clone()), "{imei} twice");
        }
        *states.entry(format!("{:?}", unit.pta)).or_insert(0) += 1;
    }
    assert!(states.len() >= 5, "{states:?}");
    assert!(states[&format!("{:?}", PtaState::Approved)] > 1_000);
}

#[test]
fn a_unit_is_sold_only_while_it_is_here() {
    let sample = sample("2026-11-23");
    let mut here = BTreeSet::new();
    for entry in &sample.entries {
        match &entry.record {
            Record::Unit(unit) => assert!(here.insert((unit.shop, unit.id))),
            Record::Sale(sale) => {
                for unit in sale.lines.iter().flat_map(|line| &line.units) {
                    assert!(here.remove(&(sale.shop, *unit)), "{unit} sold and not here");
                }
            }
            Record::Return(back) => {
                here.extend(back.lines.iter().flat_map(|line| &line.units).map(|unit| (back.shop, *unit)));
            }
            _ => {}
        }
    }
}

#[test]
fn names_open_with_the_tenants_key_and_stand_in_both_scripts() {
    let sample = sample("2026-11-23");
    let mut keys: BTreeMap<PersonKeyId, WrappedKey> = BTreeMap::new();
    let (mut latin, mut urdu) = (0, 0);
    for entry in &sample.entries {
        match &entry.record {
            Record::PersonKey(key) => {
                keys.insert(key.id, key.wrapped.clone().unwrap());
            }
            Record::Customer(customer) => {
                let sealed = customer.person.as_ref().unwrap();
                let key = sample.tenant_key.unwrap_key(sealed.key, &keys[&sealed.key]).unwrap();
                let person: Person = key.open(sealed).unwrap();
                let name = person.name.unwrap();
                if name.is_ascii() {
                    latin += 1
                } else {
                    urdu += 1
                }
                assert_eq!(person.phones[0].len(), 11);
            }
            _ => {}
        }
    }
    assert_eq!(latin + urdu, customers::CUSTOMERS);
    assert!(latin > 500 && urdu > 200, "{latin} {urdu}");
}

#[test]
fn what_was_planted_is_found_where_it_was_planted() {
    for (seed, date) in [(1, "2026-11-23"), (2, "2025-04-10"), (3, "2028-03-13"), (4, "2024-05-26")] {
        let sample = generate(seed, afternoon(date));
        let shelves = shelves(&sample);
        let today = sample.period.to;
        let mut revenue: BTreeMap<Day, Paisa> = BTreeMap::new();
        let mut sold: BTreeMap<(ProductId, Day), i64> = BTreeMap::new();
        for entry in &sample.entries {
            let Record::Sale(sale) = &entry.record else { continue };
            let day = entry.at.day(Zone::KARACHI);
            for line in &sale.lines {
                *revenue.entry(day).or_default() += line.amount;
                *sold.entry((line.product, day)).or_default() += line.quantity.0 / 1_000;
            }
        }
        let sold_in = |product, from: i32, to: i32| -> i64 {
            let days = Day(today.0 - from)..=Day(today.0 - to);
            sold.iter().filter(|((p, day), _)| *p == product && days.contains(day)).map(|(_, n)| n).sum()
        };
        let shelf =
            |product| sample.shops.map(|shop| shelves.get(&(shop, product)).map_or(0, |q| q.0 / 1_000));

        let strike = sample.planted.strike;
        assert!((1..=14).contains(&(today.0 - strike.0)));
        let mut usual: Vec<Paisa> =
            (15..43).filter_map(|ago| revenue.get(&Day(today.0 - ago))).copied().collect();
        usual.sort_unstable();
        let median = usual[usual.len() / 2];
        let struck = revenue.get(&strike).copied().unwrap_or_default();
        assert!(struck.0 * 3 < median.0, "{date}: {struck:?} beside {median:?}");

        let dead = sample.planted.dead_stock;
        assert_eq!(shelf(dead), [branch::DEAD_PIECES, 0], "{date}");
        assert_eq!(sold_in(dead, 129, 0), 0);
        assert!(sold_in(dead, 729, 130) > 0);

        let out = sample.planted.stockout;
        assert_eq!(shelf(out), [0, 0], "{date}");
        assert_eq!(sold_in(out, 4, 0), 0);
        assert!(sold_in(out, 114, 25) >= 60, "{}", sold_in(out, 114, 25));

        let scarce = sample.planted.running_out.iter().filter(|product| {
            let a_day = sold_in(**product, 69, 10) as f64 / 60.0;
            let left = shelf(**product).iter().sum::<i64>();
            left > 0 && (left as f64) < 7.0 * a_day
        });
        assert!(scarce.count() >= 3, "{date}");
    }
}

#[test]
fn revenue_and_assortment_are_those_of_a_real_shop() {
    let sample = sample("2026-11-23");
    let products = sample
        .entries
        .iter()
        .filter(|entry| matches!(&entry.record, Record::Product(p) if p.fields.name.is_some()));
    let products = products.count();
    assert!((170..=210).contains(&products), "{products}");
    let mut revenue: BTreeMap<ShopId, Paisa> = BTreeMap::new();
    let (mut sales, mut returns) = (0, 0);
    for entry in &sample.entries {
        match &entry.record {
            Record::Sale(sale) => {
                *revenue.entry(sale.shop).or_default() += sale.lines.iter().map(|line| line.amount).sum();
                sales += 1;
            }
            Record::Return(_) => returns += 1,
            _ => {}
        }
    }
    for shop in sample.shops {
        let a_day = revenue[&shop].0 / 100 / i64::from(HISTORY_DAYS);
        assert!((200_000..=500_000).contains(&a_day), "{a_day}");
    }
    let share = f64::from(returns) / f64::from(sales);
    assert!((0.008..0.022).contains(&share), "{share}");
}

#[test]
fn the_drawer_of_the_tables_is_what_each_closing_expected() {
    let sample = sample("2026-11-23");
    let mut expected = BTreeMap::new();
    for entry in &sample.entries {
        if let Record::Closing(closing) = &entry.record {
            let notes = closing.denominations.iter().map(|(note, pieces)| i64::from(note * pieces)).sum();
            assert_eq!(closing.counted, Paisa::rupees(notes));
            expected.insert((closing.shop, closing.at), closing.expected);
        }
    }
    assert!(expected.len() > 40);
    let mut fold = sample.into_fold();
    let tables = fold.tables();
    let mut drawers = vec![Paisa::ZERO; tables.shops.len()];
    for row in &tables.cash {
        let drawer = &mut drawers[row.shop as usize];
        if row.counted() {
            assert_eq!(Some(&*drawer), expected.get(&(tables.shops[row.shop as usize].id, row.at)));
            *drawer = row.amount;
        } else {
            *drawer += row.amount;
        }
    }
}
