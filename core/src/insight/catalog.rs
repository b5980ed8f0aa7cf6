//! The products as the till, the stock list and search show them.

use crate::{
    demand::effective_today,
    id::ProductId,
    money::{Currency, Paisa},
    quantity::{Quantity, divide_half_even},
    record::OpenKind,
    table::Tables,
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};

/// Answer to `Task::Catalog`: products by what sold most in the last 90 days, then by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    /// What prices are in.
    pub currency: Currency,
    /// The products.
    pub items: Vec<CatalogItem>,
}

/// One product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CatalogItem {
    /// Which product.
    pub id: ProductId,
    /// Name, else code.
    pub name: String,
    /// Code or barcode; empty when none.
    pub sku: String,
    /// Category; empty when none.
    pub category: String,
    /// Brand; empty when none.
    pub brand: String,
    /// Price asked: the set one, else the last one charged.
    pub price: Option<Paisa>,
    /// Replacement cost, if known.
    pub cost: Option<Paisa>,
    /// Not to be sold below without the owner, if set.
    pub floor: Option<Paisa>,
    /// Pieces on the shelf; none when never counted.
    pub on_hand: Option<Quantity>,
    /// Net pieces sold in the last 30 days.
    pub sold_30d: Quantity,
    /// Last day it was sold.
    pub last_sold: Option<Day>,
    /// Pieces a unit's IMEIs: 0 where pieces are not tracked.
    pub imei_count: u8,
    /// Loose goods of a kind: on no shelf and no tile, put on a bill by an amount.
    pub open: Option<OpenKind>,
    /// Pieces in stock that are known by IMEI or serial.
    pub units: u32,
}

/// Days that decide the order of the catalogue.
const POPULAR_DAYS: i32 = 90;
/// Days of `sold_30d`.
const RECENT_DAYS: i32 = 30;

/// What the sales lines say of one product.
#[derive(Clone, Copy, Default)]
struct Sold {
    popular: i64,
    recent: i64,
    last: Option<Day>,
    last_price: Option<Paisa>,
}

/// Answers `Task::Catalog`. Products that are no longer sold are left out once none is left.
pub fn answer(tables: &Tables, shop: Option<usize>, now: Timestamp) -> Catalog {
    let today = effective_today(tables, shop, now);
    let sold = sold(tables, shop, today);
    let mut order: Vec<usize> = (0..tables.products.len())
        .filter(|&product| {
            let retired = tables.products[product].fields.retired == Some(true);
            !retired || tables.on_hand(shop, product).is_some_and(|pieces| pieces > Quantity::ZERO)
        })
        .collect();
    crate::order::by_key(&mut order, |&product| {
        (std::cmp::Reverse(sold[product].popular), tables.products[product].label(), product)
    });
    let units = super::unit::in_stock(tables, shop);
    let item = |product: usize| {
        let (row, sold) = (&tables.products[product], sold[product]);
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        CatalogItem {
            id: row.id,
            name: row.label(),
            sku: text(&row.fields.sku),
            category: text(&row.fields.category),
            brand: text(&row.fields.brand),
            price: row.price.or(sold.last_price),
            cost: row.cost,
            floor: row.floor,
            on_hand: tables.on_hand(shop, product),
            sold_30d: Quantity(sold.recent),
            last_sold: sold.last,
            imei_count: row.fields.imei_count.unwrap_or(0),
            open: row.fields.open,
            units: units[product],
        }
    };
    Catalog { currency: tables.currency(shop), items: order.into_iter().map(item).collect() }
}

fn sold(tables: &Tables, shop: Option<usize>, today: Day) -> Vec<Sold> {
    let sales = &tables.sales;
    let mut all = vec![Sold::default(); tables.products.len()];
    for receipt in 0..sales.day.partition_point(|day| *day <= today) {
        if shop.is_some_and(|shop| sales.shop[receipt] as usize != shop) {
            continue;
        }
        let day = sales.day[receipt];
        let (popular, recent) = (today.0 - day.0 < POPULAR_DAYS, today.0 - day.0 < RECENT_DAYS);
        for line in sales.lines_of(receipt) {
            let (quantity, amount) = (sales.quantity[line].0, sales.amount[line] + sales.discount[line]);
            let sold = &mut all[sales.product[line] as usize];
            sold.popular += if popular { quantity } else { 0 };
            sold.recent += if recent { quantity } else { 0 };
            if quantity > 0 {
                sold.last = Some(day);
            }
            if quantity > 0 && amount > Paisa::ZERO {
                sold.last_price = Some(price_of(amount, quantity));
            }
        }
    }
    all
}

/// Price of one: whole pieces in 64 bits, as almost always; 128-bit division is slow in wasm.
fn price_of(amount: Paisa, quantity: i64) -> Paisa {
    if quantity == 1_000 {
        return amount;
    }
    let price = divide_half_even(i128::from(amount.0) * 1_000, i128::from(quantity));
    Paisa(i64::try_from(price).unwrap_or(i64::MAX))
}
