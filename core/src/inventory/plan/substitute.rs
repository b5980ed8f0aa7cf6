//! Who takes the A15 when the A05 is out: demand that moves between products, learned from empty shelves.
//!
//! Question answered: while a product is out, which other one sells more, by how many pieces a day, and which part of the
//! customers does that keep? Input: daily sales and shelves ([`Availability`]), what was asked for in vain ("nahi mila").
//! Output: for each product that was out often enough those that took over ([`Moved`]). Method: the other's mean on days
//! when both stood on the shelf, against days when the first one was empty; a difference counts from two standard errors.
//! The part is the pieces that moved ÷ what the first one sells when it is there, and no more than those taps leave over.
//!
//! Assumption: nothing else differs between the two kinds of days; that is why they must be [`MIN_DAYS`] each, from the
//! last [`LOOK_BACK_DAYS`] days, and why a product that was out most of last month is left alone: its neighbours' own
//! forecasts know of it by now. How it fails: a season in which both go out tells nothing. Reference: Kök & Fisher,
//! Operations Research 55 (2007) (substitution from stockouts), much simplified.

use crate::{
    feature::{
        availability::{Availability, ShelfDay},
        demand::SalesByProduct,
    },
    inventory::moments::moments,
    money::Paisa,
    record::InteractionKind,
    table::Tables,
    time::Day,
};

/// Days that are looked back on.
pub const LOOK_BACK_DAYS: i32 = 180;

/// Fewest days of each kind.
pub const MIN_DAYS: usize = 10;

/// Neighbours of a product that are looked at: those that sell most.
const MOST_NEIGHBOURS: usize = 12;

/// Standard errors from which a difference counts.
const SURE: f64 = 2.0;

/// How far apart prices of neighbours may be.
const PRICES_APART: f64 = 1.6;

/// Days of the last month in which a product must have been there, for its absence to be news.
const RECENT: usize = 28;

/// Demand that moves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moved {
    /// Who takes it: position.
    pub to: usize,
    /// Pieces a day.
    pub daily: f64,
    /// Part of the first one's customers.
    pub share: f64,
}

/// By the product that is out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Substitutes {
    /// Whose customers, and where they go.
    moved: Vec<(usize, Moved)>,
}

impl Substitutes {
    /// Learns from all products that were out.
    pub fn learn(
        tables: &Tables,
        shop: Option<usize>,
        sales: &SalesByProduct,
        shelves: &Availability,
        prices: &[Option<Paisa>],
    ) -> Self {
        let today = sales.today();
        let from = Day(today.0 - LOOK_BACK_DAYS);
        let course = |product: usize| -> Option<Vec<Seen>> {
            let series = sales.series(product)?;
            let days = shelves.days(product, from);
            let sold = |day: usize| {
                let at = from.0 + day as i32 - series.from.0;
                usize::try_from(at).ok().and_then(|at| series.net.get(at)).copied()
            };
            let seen = |(day, shelf): (usize, &ShelfDay)| Seen { shelf: *shelf, sold: sold(day) };
            Some(days.iter().enumerate().map(seen).collect())
        };
        let was_out = |product: &usize| {
            let days = shelves.days(*product, from);
            days.iter().filter(|day| **day == ShelfDay::Empty).count() >= MIN_DAYS
        };
        let mut moved = Vec::new();
        let mut shelf: Option<Shelf<'_>> = None;
        for product in (0..tables.products.len()).filter(|it| sales.last_sale(*it).is_some()).filter(was_out)
        {
            let Some(own) = course(product) else { continue };
            let there: Vec<f64> =
                own.iter().filter(|it| it.shelf == ShelfDay::Stocked).filter_map(|it| it.sold).collect();
            let (daily, _) = moments(&there);
            if there.len() < MIN_DAYS || daily <= 0.0 {
                continue;
            }
            let out_days = own.iter().filter(|it| it.shelf == ShelfDay::Empty).count() as f64;
            let left = 1.0 - (taps(tables, shop, product, from, today) / (daily * out_days)).min(1.0);
            let shelf = shelf.get_or_insert_with(|| Shelf::new(tables, sales, prices));
            let neighbours = shelf.neighbours(tables, product);
            let other = |to: usize| {
                let other = course(to)?;
                let daily_moved = uplift(&own, &other)?;
                Some(Moved { to, daily: daily_moved, share: daily_moved / daily })
            };
            let mut takers: Vec<Moved> = neighbours.into_iter().filter_map(other).collect();
            let all: f64 = takers.iter().map(|it| it.share).sum();
            let scale = if all > left { left / all } else { 1.0 };
            takers.iter_mut().for_each(|it| {
                it.share *= scale;
                it.daily *= scale;
            });
            takers.retain(|it| it.share > 0.0);
            moved.extend(takers.into_iter().map(|taker| (product, taker)));
        }
        Self { moved }
    }

    /// Who takes a product's customers.
    pub fn takers(&self, product: usize) -> impl Iterator<Item = &Moved> {
        self.moved.iter().filter(move |it| it.0 == product).map(|it| &it.1)
    }

    /// From whom a product takes customers.
    pub fn givers(&self, product: usize) -> impl Iterator<Item = &(usize, Moved)> {
        self.moved.iter().filter(move |it| it.1.to == product)
    }

    /// Whether a product that is out now was there for most of last month: its neighbours' forecasts do not know yet.
    pub fn is_news(shelves: &Availability, product: usize, today: Day) -> bool {
        let days = shelves.days(product, Day(today.0 - RECENT as i32));
        days.iter().filter(|day| **day == ShelfDay::Empty).count() < RECENT / 2
    }
}

#[derive(Clone, Copy)]
struct Seen {
    shelf: ShelfDay,
    sold: Option<f64>,
}

/// Pieces a day that `other` sells more while `own` is empty; none where that may be chance.
fn uplift(own: &[Seen], other: &[Seen]) -> Option<f64> {
    let (mut out, mut there) = (Vec::new(), Vec::new());
    for (own, other) in own.iter().zip(other).filter(|it| it.1.shelf == ShelfDay::Stocked) {
        let Some(sold) = other.sold else { continue };
        match own.shelf {
            ShelfDay::Empty => out.push(sold),
            ShelfDay::Stocked => there.push(sold),
            _ => {}
        }
    }
    if out.len() < MIN_DAYS || there.len() < MIN_DAYS {
        return None;
    }
    let ((mean_out, variance_out), (mean_there, variance_there)) = (moments(&out), moments(&there));
    let difference = mean_out - mean_there;
    let error = (variance_out / out.len() as f64 + variance_there / there.len() as f64).sqrt();
    (difference > SURE * error && difference > 0.0).then_some(difference)
}

/// Products that sell, those that sell most first.
struct Shelf<'a> {
    prices: &'a [Option<Paisa>],
    selling: Vec<(usize, f64)>,
}

impl<'a> Shelf<'a> {
    fn new(tables: &Tables, sales: &SalesByProduct, prices: &'a [Option<Paisa>]) -> Self {
        let sold = |product| sales.series(product).map_or(0.0, |it| it.recent(LOOK_BACK_DAYS as usize));
        let mut selling: Vec<(usize, f64)> = (0..tables.products.len()).map(|it| (it, sold(it))).collect();
        selling.retain(|it| it.1 > 0.0);
        crate::order::by(&mut selling, |one, other| other.1.total_cmp(&one.1));
        Self { prices, selling }
    }

    /// Products of the same category and a near price.
    fn neighbours(&self, tables: &Tables, product: usize) -> Vec<usize> {
        let category = &tables.products[product].fields.category;
        let near = |other: usize| match (self.prices[product], self.prices[other]) {
            (Some(own), Some(other)) if own.0 > 0 && other.0 > 0 => {
                let apart = own.as_units() / other.as_units();
                (1.0 / PRICES_APART..=PRICES_APART).contains(&apart)
            }
            _ => false,
        };
        let alike = |other: &usize| {
            *other != product && near(*other) && tables.products[*other].fields.category == *category
        };
        self.selling.iter().map(|it| it.0).filter(alike).take(MOST_NEIGHBOURS).collect()
    }
}

/// How often a product was asked for in vain.
fn taps(tables: &Tables, shop: Option<usize>, product: usize, from: Day, today: Day) -> f64 {
    let counts = |row: &&crate::table::interaction::InteractionRow| {
        let day = row.at.day(tables.zone(Some(row.shop as usize)));
        row.kind == InteractionKind::NotInStock
            && row.product as usize == product
            && shop.is_none_or(|shop| row.shop as usize == shop)
            && day >= from
            && day < today
    };
    tables.interactions.iter().filter(counts).count() as f64
}
