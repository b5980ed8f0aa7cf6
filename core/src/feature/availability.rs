//! `availability_v1`: on which days a product's shelf was empty, so that nobody could buy it.
//!
//! Input: the signed movements of stock ([`crate::table::Stock::movements`]). Output: one [`ShelfDay`] for each local
//! calendar day up to the day before `today`. A day is censored, which means that demand was at least what was
//! sold, when it opened with an empty shelf and nothing came in, or when a sale emptied the shelf.
//!
//! How it can be wrong: stock is what the records say. A shelf that sold while the records called it empty was not
//! empty, so such a day counts as observed; so does every day on which the records say less than nothing. Before the first movement that is not a sale nothing is known of a
//! shelf, and its days count as observed too. Over all shops a day is censored only where every shelf that is known
//! was empty or sold out: until then a customer could be sent to the other branch.

use crate::{
    quantity::Quantity,
    table::{MovementCause, Tables},
    time::Day,
};

/// What the records say of a shelf on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ShelfDay {
    /// Nothing is known: no goods were received or counted yet.
    Unknown,
    /// There were goods all day: what was sold is what was asked for.
    Stocked,
    /// A sale emptied the shelf: at least as many were asked for as were sold.
    SoldOut,
    /// Empty from opening to closing.
    Empty,
}

impl ShelfDay {
    /// Whether demand of that day is only known to be at least what was sold.
    pub fn is_censored(self) -> bool {
        matches!(self, Self::SoldOut | Self::Empty)
    }
}

#[derive(Clone, Copy, Debug)]
struct Move {
    day: Day,
    shop: u32,
    quantity: Quantity,
    sold: bool,
}

/// Movements before `today`, gathered by product: one pass, then each product's days are cheap.
#[derive(Clone, Debug, Default)]
pub struct Availability {
    today: Day,
    /// Product → its first movement; one more closes the last.
    first: Vec<u32>,
    moves: Vec<Move>,
}

impl Availability {
    /// Gathers the movements of `shop`, or of all shops.
    pub fn build(tables: &Tables, shop: Option<usize>, today: Day) -> Self {
        let here: Vec<(u32, Move)> = (tables.stock.movements.iter())
            .filter(|it| shop.is_none_or(|shop| it.shop as usize == shop))
            .map(|it| {
                let day = it.at.day(tables.zone(Some(it.shop as usize)));
                let sold = it.cause == MovementCause::Sold;
                (it.product, Move { day, shop: it.shop, quantity: it.quantity, sold })
            })
            .filter(|(_, it)| it.day < today)
            .collect();
        let mut first = vec![0u32; tables.products.len() + 1];
        here.iter().for_each(|(product, _)| first[*product as usize + 1] += 1);
        for product in 0..tables.products.len() {
            first[product + 1] += first[product];
        }
        let mut next = first.clone();
        let mut moves = vec![Move { day: today, shop: 0, quantity: Quantity::ZERO, sold: false }; here.len()];
        for (product, it) in here {
            let at = &mut next[product as usize];
            moves[*at as usize] = it;
            *at += 1;
        }
        Self { today, first, moves }
    }

    /// Each day of a product's shelf from `from` to the day before `today`.
    pub fn days(&self, product: usize, from: Day) -> Vec<ShelfDay> {
        let length = usize::try_from(self.today.0 - from.0).unwrap_or(0);
        let mut days = vec![ShelfDay::Unknown; length];
        let moves = &self.moves[self.first[product] as usize..self.first[product + 1] as usize];
        let mut shops: Vec<u32> = moves.iter().map(|it| it.shop).collect();
        crate::order::by(&mut shops, Ord::cmp);
        shops.dedup();
        for shop in shops {
            let of_shop: Vec<Move> = moves.iter().copied().filter(|it| it.shop == shop).collect();
            for (day, shelf) in days.iter_mut().zip(shelf_days(&of_shop, from, length)) {
                *day = match (*day, shelf) {
                    (ShelfDay::Unknown, it) | (it, ShelfDay::Unknown) => it,
                    (a, b) => a.min(b),
                };
            }
        }
        days
    }

    /// The same as flags beside a series that starts on `from`.
    pub fn censored(&self, product: usize, from: Day) -> Vec<bool> {
        self.days(product, from).into_iter().map(ShelfDay::is_censored).collect()
    }
}

/// One shop's shelf, its movements in order of time.
fn shelf_days(moves: &[Move], from: Day, length: usize) -> Vec<ShelfDay> {
    let mut days = vec![ShelfDay::Unknown; length];
    let Some(known) = moves.iter().find(|it| !it.sold).map(|it| it.day) else { return days };
    // A till whose clock was behind wrote its sales before the goods: they count, without a day of their own.
    let mut next = moves.partition_point(|it| it.day < known.max(from));
    let mut stock: i64 = moves[..next].iter().map(|it| it.quantity.0).sum();
    for (index, slot) in days.iter_mut().enumerate() {
        let day = Day(from.0 + index as i32);
        if day < known {
            continue;
        }
        let (mut came, mut sold, mut emptied) = (stock > 0, false, false);
        while let Some(it) = moves.get(next).filter(|it| it.day == day) {
            stock += it.quantity.0;
            came |= it.quantity.0 > 0;
            sold |= it.sold && it.quantity.0 < 0;
            emptied |= it.sold && it.quantity.0 < 0 && stock == 0;
            next += 1;
        }
        *slot = match (emptied, came, sold) {
            (true, true, _) => ShelfDay::SoldOut,
            // Below zero the records have lost count: goods came that nobody wrote down.
            (_, false, false) if stock == 0 => ShelfDay::Empty,
            _ => ShelfDay::Stocked,
        };
    }
    days
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::{
        id::{ProductId, ShopId},
        money::Currency,
        record::ProductFields,
        table::{Movement, ProductRow, ShopRow},
        time::Zone,
    };
    use ShelfDay::{Empty, SoldOut, Stocked, Unknown};

    /// Movements of one product as (shop, day, hour, pieces); positive ones are received, negative ones sold.
    fn tables(moves: &[(u32, i32, i64, i64)]) -> Tables {
        let shop = |id| ShopRow {
            id: ShopId::from_u128(id),
            name: String::new(),
            code: String::new(),
            city: String::new(),
            currency: Currency::PKR,
            zone: Zone::KARACHI,
            bargaining: None,
        };
        let (id, fields) = (ProductId::from_u128(1), ProductFields::default());
        let mut tables = Tables {
            shops: vec![shop(1), shop(2)],
            products: vec![ProductRow { id, fields, price: None, cost: None, floor: None }],
            ..Tables::default()
        };
        tables.stock.movements = (moves.iter())
            .map(|&(shop, day, hour, pieces)| Movement {
                at: crate::time::Timestamp(Day(day).start(Zone::KARACHI).0 + hour * 3_600_000),
                shop,
                product: 0,
                quantity: Quantity::pieces(pieces),
                cause: if pieces < 0 { MovementCause::Sold } else { MovementCause::Received },
            })
            .collect();
        tables
    }

    fn days(moves: &[(u32, i32, i64, i64)], shop: Option<usize>) -> Vec<ShelfDay> {
        Availability::build(&tables(moves), shop, Day(17)).days(0, Day(10))
    }

    #[test]
    fn days_are_told_apart_as_by_hand() {
        // 11: four come, one goes; 13: the last three go; 14 empty; 15: two come at noon, one goes.
        let moves = [(0, 11, 9, 4), (0, 11, 12, -1), (0, 13, 20, -3), (0, 15, 12, 2), (0, 15, 13, -1)];
        assert_eq!(
            days(&moves, Some(0)),
            [Unknown, Stocked, Stocked, SoldOut, Empty, Stocked, Stocked],
            "day 10 to 16"
        );
        let flags = Availability::build(&tables(&moves), Some(0), Day(17)).censored(0, Day(10));
        assert_eq!(flags, [false, false, false, true, true, false, false]);
    }

    #[test]
    fn a_series_that_begins_later_knows_the_stock_of_before() {
        let moves = [(0, 5, 9, 2), (0, 8, 9, -2)];
        assert_eq!(days(&moves, None), [Empty; 7]);
    }

    #[test]
    fn a_sale_from_a_shelf_that_records_call_empty_is_an_observed_day() {
        let moves = [(0, 10, 9, 1), (0, 10, 12, -1), (0, 12, 12, -1)];
        assert_eq!(days(&moves, None), [SoldOut, Empty, Stocked, Stocked, Stocked, Stocked, Stocked]);
    }

    #[test]
    fn the_other_branch_serves_while_it_has_goods() {
        let moves = [(0, 10, 9, 1), (1, 10, 9, 1), (0, 12, 12, -1), (1, 14, 12, -1)];
        assert_eq!(days(&moves, None), [Stocked, Stocked, Stocked, Stocked, SoldOut, Empty, Empty]);
        assert_eq!(days(&moves, Some(0))[3..5], [Empty, Empty]);
    }

    #[test]
    fn without_movements_nothing_is_censored() {
        assert_eq!(days(&[], None), [Unknown; 7]);
        assert!(Availability::build(&tables(&[]), None, Day(3)).days(0, Day(10)).is_empty());
    }
}
