//! At the counter: prices, discounts, drawers.
//!
//! Question answered: which bill went at a price that these goods never go at, who gave far more discount than they and
//! the others do, which drawer held another sum than it should have. Input: sales lines, who sold, counts of drawers.
//! Output: [`Unusual`]s. Each is held against the shop's own past by its middle and the middle distance from it
//! (Iglewicz & Hoaglin 1993), and counts from [`FAR`] such distances on; and it must be worth a look in rupees. A
//! bill that the owner said yes to is nobody's mistake.
//!
//! Assumption: past prices, discounts and drawers were mostly right. How it fails: less than [`FEWEST`] of them tell nothing
//! (of drawers: then [`DRAWER`] rupees are the limit); a used phone is priced by its piece, so that its product's prices
//! spread and little stands out.

use super::{Figure, Patience, Unusual, middle, middle_and_spread, paisa};
use crate::{
    id::{SaleId, UserId},
    insight::day,
    money::Paisa,
    reason::Reason,
    record::Detector,
    table::{ReceiptKind, Tables},
    time::Day,
};
use std::collections::{BTreeMap, BTreeSet};

/// Days of bills that can still be looked at, and of drawers.
const LOOK_BACK: i32 = 14;
const DRAWER_LOOK_BACK: i32 = 30;

/// Days that tell what is usual of prices, of discounts.
const PRICE_DAYS: i32 = 180;
const DISCOUNT_DAYS: i32 = 60;

/// Robust standard deviations from which something stands out.
const FAR: f64 = 4.0;

/// Past values below which nothing is said.
const FEWEST: usize = 8;

/// A price is apart by this share of the usual at least, and by these rupees for the line.
const PRICE_SHARE: f64 = 0.2;
const PRICE_RUPEES: Paisa = Paisa::rupees(300);

/// Prices spread by this share at least.
const PRICE_SPREAD: f64 = 0.03;

/// A day's discounts are above the usual by this share of the bills at least, and by these rupees.
const DISCOUNT_SHARE: f64 = 0.03;
const DISCOUNT_RUPEES: Paisa = Paisa::rupees(500);
const DISCOUNT_SPREAD: f64 = 0.005;

/// A drawer may be off by this.
const DRAWER: Paisa = Paisa::rupees(200);

pub(super) fn unusual(tables: &Tables, shop: usize, today: Day, patience: Patience<'_>) -> Vec<Unusual> {
    let mut found = prices(tables, shop, today, patience.threshold(tables, Detector::Price));
    found.extend(discounts(tables, shop, today, patience.threshold(tables, Detector::Discount)));
    found.extend(drawers(tables, shop, today, patience.threshold(tables, Detector::Closing)));
    found
}

/// Receipts of sales of the shop within so many days, today included.
fn sales_within(tables: &Tables, shop: usize, today: Day, days: i32) -> impl Iterator<Item = usize> {
    let sales = &tables.sales;
    let from = sales.day.partition_point(|day| day.0 <= today.0 - days);
    let upto = sales.day.partition_point(|day| *day <= today);
    (from..upto).filter(move |&receipt| {
        sales.shop[receipt] as usize == shop && sales.kind[receipt] == ReceiptKind::Sale
    })
}

fn prices(tables: &Tables, shop: usize, today: Day, slow: f64) -> Vec<Unusual> {
    let sales = &tables.sales;
    let allowed: BTreeSet<SaleId> = tables.approvals.iter().filter_map(|row| row.used).collect();
    // Product → logarithms of what one went for so far.
    let mut past: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    let mut found = Vec::new();
    for receipt in sales_within(tables, shop, today, PRICE_DAYS + LOOK_BACK) {
        let id = sales.id[receipt];
        let is_recent = sales.day[receipt].0 > today.0 - LOOK_BACK && !allowed.contains(&id);
        for (place, line) in sales.lines_of(receipt).enumerate() {
            let row = &tables.products[sales.product[line] as usize];
            let quantity = sales.quantity[line].as_units();
            let each = sales.amount[line].as_units() / quantity;
            if row.fields.open.is_some() || quantity <= 0.0 || each <= 0.0 {
                continue;
            }
            let before = past.entry(sales.product[line]).or_default();
            if is_recent
                && before.len() >= FEWEST
                && let Some((centre, spread)) = middle_and_spread(before)
            {
                let usual = centre.exp();
                let amount = paisa((each - usual).abs() * quantity);
                let far = (each.ln() - centre).abs() / spread.max(PRICE_SPREAD);
                let apart = (each / usual - 1.0).abs();
                if far >= FAR * slow
                    && apart >= PRICE_SHARE
                    && amount.0 as f64 >= PRICE_RUPEES.0 as f64 * slow
                {
                    let (price, usual) = (paisa(each), paisa(usual));
                    found.push(Unusual {
                        key: format!("price:{id}:{place}"),
                        detector: Detector::Price,
                        shop: tables.shops[shop].id,
                        day: sales.day[receipt],
                        product: Some(row.id),
                        name: row.label(),
                        user: tables.day.receipts.get(&id).and_then(|note| note.staff),
                        sale: Some(id),
                        found: Figure::Money(price),
                        expected: Figure::Money(usual),
                        amount,
                        reasons: vec![Reason::PriceOff { price, usual }],
                    });
                }
            }
            before.push(each.ln());
        }
    }
    found
}

/// Discounts and bills before them, in rupees.
type Given = (f64, f64);

fn share((discount, gross): Given) -> f64 {
    if gross > 0.0 { discount / gross } else { 0.0 }
}

fn discounts(tables: &Tables, shop: usize, today: Day, slow: f64) -> Vec<Unusual> {
    let sales = &tables.sales;
    let mut days: BTreeMap<(Day, UserId), Given> = BTreeMap::new();
    for receipt in sales_within(tables, shop, today, DISCOUNT_DAYS + LOOK_BACK) {
        let Some(user) = tables.day.receipts.get(&sales.id[receipt]).and_then(|note| note.staff) else {
            continue;
        };
        let sum = days.entry((sales.day[receipt], user)).or_default();
        for line in sales.lines_of(receipt) {
            let discount = sales.discount[line].as_units();
            *sum = (sum.0 + discount, sum.1 + discount + sales.amount[line].as_units());
        }
    }
    let mut found = Vec::new();
    for (&(day, user), &given) in days.range((Day(today.0 - LOOK_BACK + 1), UserId::from_u128(0))..) {
        let before = days.iter().filter(|((other, _), _)| *other < day && day.0 - other.0 <= DISCOUNT_DAYS);
        let of = |is_own: bool| -> Vec<f64> {
            let whose = before.clone().filter(|((_, other), _)| (*other == user) == is_own);
            whose.map(|(_, given)| share(*given)).collect()
        };
        let (own, others) = (of(true), of(false));
        let all: Vec<f64> = own.iter().chain(&others).copied().collect();
        let Some((_, spread)) = middle_and_spread(&all).filter(|_| all.len() >= FEWEST) else { continue };
        // Above what they usually give, and above what the others do.
        let usual = [own, others].into_iter().filter_map(middle).fold(0.0, f64::max);
        let above = share(given) - usual;
        let amount = paisa(above * given.1);
        let far = above / spread.max(DISCOUNT_SPREAD);
        let least = DISCOUNT_RUPEES.0 as f64 * slow;
        if far >= FAR * slow && above >= DISCOUNT_SHARE && amount.0 as f64 >= least {
            let id = tables.shops[shop].id;
            found.push(Unusual {
                key: format!("discount:{id}:{user}:{day}"),
                detector: Detector::Discount,
                shop: id,
                day,
                product: None,
                name: String::new(),
                user: Some(user),
                sale: None,
                found: Figure::Share(share(given)),
                expected: Figure::Share(usual),
                amount,
                reasons: vec![Reason::DiscountsOff { share: share(given), usual }],
            });
        }
    }
    found
}

fn drawers(tables: &Tables, shop: usize, today: Day, slow: f64) -> Vec<Unusual> {
    let id = tables.shops[shop].id;
    let mut past: Vec<f64> = Vec::new();
    let mut found = Vec::new();
    for count in tables.day.counts.iter().filter(|it| it.shop == id && it.day <= today) {
        // What was written down for its time and came later belongs to it.
        let expected = count.expected + day::closed(tables, shop, count).late_amount();
        let off = (count.counted - expected).as_units();
        let usual = middle_and_spread(&past).filter(|_| past.len() >= FEWEST);
        let least = usual.map_or(0.0, |(_, spread)| FAR * spread).max(DRAWER.as_units());
        // A drawer that nobody had counted before has no past to be held against.
        let has_begun = count.since.is_some() || !past.is_empty();
        if has_begun && off.abs() >= least * slow && count.day.0 > today.0 - DRAWER_LOOK_BACK {
            found.push(Unusual {
                key: format!("drawer:{}", count.id),
                detector: Detector::Closing,
                shop: id,
                day: count.day,
                product: None,
                name: count.note.clone(),
                user: count.staff,
                sale: None,
                found: Figure::Money(count.counted),
                expected: Figure::Money(expected),
                amount: paisa(off.abs()),
                reasons: vec![Reason::DrawerOff { counted: count.counted, expected }],
            });
        }
        past.push(off);
    }
    found
}
