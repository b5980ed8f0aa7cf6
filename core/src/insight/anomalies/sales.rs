//! Days and stretches of sales that were not like the others: of the shop in rupees, of its products in pieces.
//!
//! Question answered: which of the last [`LOOK_BACK`] days sold far more or less than could be expected, or began another
//! level. Input: net sales by day. Output: [`Unusual`]s. Days that an empty shelf, a holiday or an offer explains
//! are left out of it. Of a shop's revenue one day in [`ONCE_IN_DAYS`] is a false alarm, of all its products together
//! one a fortnight at most.
//!
//! Assumption: what the detector says ([`crate::anomaly::series`]). How it fails: products that rarely sell have no drops.

use super::{Figure, Patience, Unusual, paisa};
use crate::{
    anomaly::{self, Alarm, FEWEST, Options, Point},
    calendar::Calendar,
    feature::{
        availability::Availability,
        demand::{SalesByProduct, daily_revenue},
    },
    money::Paisa,
    reason::Reason,
    record::Detector,
    table::Tables,
    time::Day,
};

/// Days that can still be looked at.
pub const LOOK_BACK: usize = 14;

/// Days that tell what is usual.
const HISTORY: usize = 400;

/// Days between false alarms of a shop's revenue.
const ONCE_IN_DAYS: f64 = 200.0;

/// Days between false alarms of all products together.
const PRODUCTS_ONCE_IN_DAYS: f64 = 14.0;

/// False alarms a day that one product may have at most.
const MOST_OFTEN: f64 = 0.003;

/// Products that are watched at most, by what they brought in of late.
const MOST_PRODUCTS: usize = 300;

/// Days with sales below which a product tells nothing.
const SALE_DAYS: usize = 8;

/// Days that a product must have sold in.
const SELLING_DAYS: i32 = 90;

const WEEK: usize = 7;

/// A series from a day on, of at most [`HISTORY`] days.
struct Watched {
    from: Day,
    values: Vec<f64>,
}

impl Watched {
    fn new(from: Day, net: &[f64], hidden: impl Fn(usize) -> bool) -> Self {
        let skipped = net.len().saturating_sub(HISTORY);
        let value = |at: usize| if hidden(at) { f64::NAN } else { net[at].max(0.0) };
        Self { from: Day(from.0 + skipped as i32), values: (skipped..net.len()).map(value).collect() }
    }

    /// Points of the last days, with their places.
    fn alarms<'a>(&self, points: &'a [Point]) -> impl Iterator<Item = (usize, &'a Point, Alarm)> {
        let recent = points.len().saturating_sub(LOOK_BACK);
        points.iter().enumerate().skip(recent).filter_map(|(at, point)| Some((at, point, point.alarm?)))
    }

    fn day(&self, at: usize) -> Day {
        Day(self.from.0 + at as i32)
    }

    /// A day, before and since a shift that was seen at `at`.
    fn shifted(&self, points: &[Point], from: usize, at: usize) -> (f64, f64) {
        let mean = |values: &mut dyn Iterator<Item = f64>| {
            let (sum, count) = values
                .filter(|value| value.is_finite())
                .fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
            sum / f64::max(count, 1.0)
        };
        let before = mean(&mut points[from..=at].iter().map(|point| point.expected));
        (before, mean(&mut self.values[from..=at].iter().copied()))
    }
}

pub(super) fn unusual(tables: &Tables, shop: usize, today: Day, patience: Patience<'_>) -> Vec<Unusual> {
    let calendar = Calendar::of(tables, Some(shop), today);
    let explained = |day: Day| {
        let flags = calendar.day(day);
        flags.is_holiday || flags.is_promotion || flags.is_eid_season
    };
    let mut found = of_shop(tables, shop, today, patience, &explained);
    found.extend(of_products(tables, shop, today, patience, &explained));
    found
}

fn of_shop(
    tables: &Tables,
    shop: usize,
    today: Day,
    patience: Patience<'_>,
    explained: &dyn Fn(Day) -> bool,
) -> Vec<Unusual> {
    let Some(series) = daily_revenue(tables, Some(shop), today) else { return Vec::new() };
    let watched = Watched::new(series.from, &series.net, |at| explained(Day(series.from.0 + at as i32)));
    let rate = patience.rate(tables, Detector::Sales) / ONCE_IN_DAYS;
    let points = anomaly::watch(std::slice::from_ref(&watched.values), Options { season: WEEK, rate });
    let id = tables.shops[shop].id;
    let one = |(at, point, alarm): (usize, &Point, Alarm)| {
        let (day, actual, expected) = (watched.day(at), watched.values[at], point.expected);
        let (key, found, usual, amount, reason) = match alarm {
            Alarm::Spike | Alarm::Drop => {
                let (actual, expected) = (paisa(actual), paisa(expected));
                let reason = Reason::UnusualSales { day, actual, expected };
                (format!("sales:{id}:{day}"), actual, expected, Paisa((actual - expected).0.abs()), reason)
            }
            Alarm::Up(from) | Alarm::Down(from) => {
                let since = watched.day(from);
                let (before, now) = watched.shifted(&points[0], from, at);
                let apart = (now - before).abs() * (at + 1 - from) as f64;
                let (before, now) = (paisa(before), paisa(now));
                let reason = Reason::SalesShifted { since, before, now };
                (format!("level:{id}:{since}"), now, before, paisa(apart), reason)
            }
        };
        Unusual {
            key,
            detector: Detector::Sales,
            shop: id,
            day,
            product: None,
            name: String::new(),
            user: None,
            sale: None,
            found: Figure::Money(found),
            expected: Figure::Money(usual),
            amount,
            reasons: vec![reason],
        }
    };
    watched.alarms(&points[0]).map(one).collect()
}

/// What one piece of each product went for of late, for those without a price of their own; 0 of what was not sold.
fn prices(tables: &Tables, shop: usize, today: Day) -> Vec<f64> {
    let sales = &tables.sales;
    let mut sums = vec![(0.0, 0.0); tables.products.len()];
    let from = sales.day.partition_point(|day| day.0 < today.0 - SELLING_DAYS);
    let upto = sales.day.partition_point(|day| *day < today);
    for receipt in (from..upto).filter(|&receipt| sales.shop[receipt] as usize == shop) {
        for line in sales.lines_of(receipt) {
            let sum = &mut sums[sales.product[line] as usize];
            *sum = (sum.0 + sales.amount[line].as_units(), sum.1 + sales.quantity[line].as_units());
        }
    }
    sums.into_iter()
        .map(|(amount, pieces)| if pieces > 0.0 { (amount / pieces).max(0.0) } else { 0.0 })
        .collect()
}

fn of_products(
    tables: &Tables,
    shop: usize,
    today: Day,
    patience: Patience<'_>,
    explained: &dyn Fn(Day) -> bool,
) -> Vec<Unusual> {
    let sales = SalesByProduct::build(tables, Some(shop), today);
    let shelves = Availability::build(tables, Some(shop), today);
    let went_at = prices(tables, shop, today);
    let price =
        |product: usize| tables.products[product].price.map_or(went_at[product], |price| price.as_units());
    let mut watched: Vec<(f64, usize, Watched)> = Vec::new();
    for product in 0..tables.products.len() {
        // Loose goods are many things under one name.
        let is_open = tables.products[product].fields.open.is_some();
        let is_selling = sales.last_sale(product).is_some_and(|last| today.0 - last.0 <= SELLING_DAYS);
        let Some(series) = sales.series(product).filter(|_| is_selling && !is_open) else { continue };
        if series.net.len() < FEWEST || series.sale_days() < SALE_DAYS {
            continue;
        }
        let empty = shelves.censored(product, series.from);
        let hidden =
            |at: usize| empty.get(at).copied().unwrap_or(false) || explained(Day(series.from.0 + at as i32));
        let worth = series.recent(SELLING_DAYS as usize) * price(product);
        watched.push((worth, product, Watched::new(series.from, &series.net, hidden)));
    }
    // Stable: equals stay in the order of their ids.
    crate::order::by(&mut watched, |a, b| b.0.total_cmp(&a.0));
    watched.truncate(MOST_PRODUCTS);
    let each = PRODUCTS_ONCE_IN_DAYS * watched.len().max(1) as f64;
    let rate = patience.rate(tables, Detector::Product) * (1.0 / each).min(MOST_OFTEN);
    let options = Options { season: WEEK, rate };
    let followed: Vec<anomaly::Followed> =
        watched.iter().map(|(_, _, it)| anomaly::follow(&it.values, options)).collect();
    let judged = anomaly::judge(&followed, options);
    let id = tables.shops[shop].id;
    let mut found = Vec::new();
    for ((_, product, it), points) in watched.iter().zip(&judged) {
        let row = &tables.products[*product];
        for (at, point, alarm) in it.alarms(points) {
            let (day, actual, expected) = (it.day(at), it.values[at], point.expected);
            let (key, figures, pieces, reason) = match alarm {
                Alarm::Spike | Alarm::Drop => {
                    let reason = Reason::UnusualPieces { day, actual, expected };
                    let key = format!("pieces:{id}:{}:{day}", row.id);
                    (key, (actual, expected), (actual - expected).abs(), reason)
                }
                Alarm::Up(from) | Alarm::Down(from) => {
                    let since = it.day(from);
                    let (before, now) = it.shifted(points, from, at);
                    let pieces = (now - before).abs() * (at + 1 - from) as f64;
                    let week = WEEK as f64;
                    let (before, now) = (before * week, now * week);
                    let reason = Reason::PiecesShifted { since, before, now };
                    (format!("pace:{id}:{}:{since}", row.id), (now, before), pieces, reason)
                }
            };
            found.push(Unusual {
                key,
                detector: Detector::Product,
                shop: id,
                day,
                product: Some(row.id),
                name: row.label(),
                user: None,
                sale: None,
                found: Figure::Pieces(figures.0),
                expected: Figure::Pieces(figures.1),
                amount: paisa(pieces * price(*product)),
                reasons: vec![reason],
            });
        }
    }
    found
}
