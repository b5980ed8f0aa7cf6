//! Shelves: counts that differ from the books, and books that say less than nothing.
//!
//! Question answered: where did goods go that nobody sold, and where are the books wrong. Input: the signed movements of
//! stock. Output: [`Unusual`]s. A shelf's first count tells what is there and differs from nothing. Of several counts in
//! [`LOOK_BACK`] days the last stands, with what all of them found missing together: a count that is mended by counting
//! again is gone. Missing goods count from [`MISSING`] rupees on, goods too many from [`OVER`] times that.
//!
//! Assumption: goods are worth what they cost, else what they sell for. How it fails: a shelf that is never counted
//! loses in silence.

use super::{Figure, Patience, Unusual};
use crate::{
    money::Paisa,
    quantity::Quantity,
    reason::Reason,
    record::Detector,
    table::{MovementCause, Tables},
    time::Day,
};

/// Days that can still be looked at.
const LOOK_BACK: i32 = 30;

/// Missing goods worth less than this are let pass.
const MISSING: Paisa = Paisa::rupees(500);

/// Goods too many are let pass up to so many times as much.
const OVER: f64 = 4.0;

/// What is known of one shelf.
#[derive(Clone, Copy, Debug, Default)]
struct Shelf {
    /// By the books; none before the first movement that is not a sale.
    book: Option<i64>,
    /// Since when it is below zero.
    below: Option<Day>,
    /// The last count of late, what the books said before the first of them, and what all of them changed.
    counted: Option<(Day, i64)>,
    changed: i64,
}

pub(super) fn unusual(tables: &Tables, shop: usize, today: Day, patience: Patience<'_>) -> Vec<Unusual> {
    let zone = tables.zone(Some(shop));
    let mut shelves = vec![Shelf::default(); tables.products.len()];
    for it in tables.stock.movements.iter().filter(|it| it.shop as usize == shop) {
        let day = it.at.day(zone);
        let shelf = &mut shelves[it.product as usize];
        let is_count = it.cause == MovementCause::Counted;
        let Some(before) = shelf.book.or((it.cause != MovementCause::Sold).then_some(0)) else { continue };
        let is_first = shelf.book.is_none();
        let book = before + it.quantity.0;
        shelf.book = Some(book);
        if is_count && !is_first && day.0 > today.0 - LOOK_BACK {
            shelf.counted = Some((day, book));
            shelf.changed += it.quantity.0;
        }
        match (shelf.below, book < 0) {
            (None, true) => shelf.below = Some(day),
            (_, false) => shelf.below = None,
            (Some(_), true) => {}
        }
    }
    let least = |detector| MISSING.0 as f64 * patience.threshold(tables, detector);
    let (least_counted, least_below) = (least(Detector::Count), least(Detector::BelowZero));
    let mut found = Vec::new();
    for (product, shelf) in shelves.iter().enumerate() {
        let row = &tables.products[product];
        let worth = |pieces: i64| {
            let each = row.cost.or(row.price)?;
            Quantity(pieces.abs()).times(each)
        };
        let units = |thousandths: i64| Quantity(thousandths).as_units();
        let mut push = |what, detector, day, figures: (f64, f64), amount, reason| {
            let shop = tables.shops[shop].id;
            found.push(Unusual {
                key: format!("{what}:{shop}:{}:{day}", row.id),
                detector,
                shop,
                day,
                product: Some(row.id),
                name: row.label(),
                user: None,
                sale: None,
                found: Figure::Pieces(figures.0),
                expected: Figure::Pieces(figures.1),
                amount,
                reasons: vec![reason],
            });
        };
        if let Some((day, counted)) = shelf.counted
            && let Some(amount) = worth(shelf.changed)
            && amount.0 as f64 >= least_counted * if shelf.changed > 0 { OVER } else { 1.0 }
            && shelf.changed != 0
        {
            let (counted, book) = (units(counted), units(counted - shelf.changed));
            let reason = Reason::CountedOff { counted, book };
            push("count", Detector::Count, day, (counted, book), amount, reason);
        }
        if let (Some(day), Some(book)) = (shelf.below, shelf.book)
            && let Some(amount) = worth(book)
            && amount.0 as f64 >= least_below
        {
            let reason = Reason::BelowZero { units: units(book) };
            push("below", Detector::BelowZero, day, (units(book), 0.0), amount, reason);
        }
    }
    found
}
