//! The sample shop: two branches over two years, ending now, for whoever wants to see the product before
//! bringing data of their own.
//!
//! A pure function of seed and instant. Everything is invented but the phone models, their prices as of June
//! 2024 ([`catalog`]), the places and the Islamic dates ([`eid`]); launches within the history are invented
//! too, since the shop's past moves with the present. Goods flow: ordered, received, sold, returned, counted,
//! so that stock is the sum of its movements and never below zero. Demand comes from a family that the
//! forecasts do not assume ([`season`]).
//!
//! Planted, for the insights to find: a strike day with hardly a sale, one expensive dead stock, one good
//! seller that is out, several about to run out ([`Planted`]).
//!
//! It never syncs: its tenant is its own, and removing it is forgetting it.

mod accessory;
mod books;
mod branch;
mod catalog;
mod customers;
pub mod eid;
mod goods;
mod journal;
mod people;
mod season;
mod supplier;
#[cfg(test)]
mod tests;
mod till;
mod unit;

pub use journal::Entry;
pub use season::{lognormal, negative_binomial};

use crate::{
    fold::{Fold, Order},
    id::{ProductId, ShopId, TenantId},
    money::Currency,
    privacy::seal::SecretKey,
    record::{Record, Shop},
    rng::Rng,
    sync::event::Stream,
    time::{Day, Period, Timestamp, Zone},
};
use branch::{Branch, Business};
use customers::Customers;
use goods::{Item, Plant};
use journal::{Journal, at};
use till::TradingDay;

/// Days of history, today included: two lunar years and three weeks, so that each Eid lies inside twice.
pub const HISTORY_DAYS: i32 = 730;

/// The sample shop.
pub struct Sample {
    /// Its own tenant, derived from seed and day.
    pub tenant: TenantId,
    /// The tenant's key: opens the customers' names.
    pub tenant_key: SecretKey,
    /// Lahore and Rawalpindi.
    pub shops: [ShopId; 2],
    /// First and last day.
    pub period: Period,
    /// Every record, in order of time.
    pub entries: Vec<Entry>,
    /// What the insights should find.
    pub planted: Planted,
}

/// What was planted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    /// Traders' strike: a normal weekday with an eighth of its trade.
    pub strike: Day,
    /// Lies in the first branch, unsold for 130 days.
    pub dead_stock: ProductId,
    /// A good seller, out in both branches for five days and more.
    pub stockout: ProductId,
    /// Good sellers with a few days' stock and nothing on order.
    pub running_out: Vec<ProductId>,
}

impl Sample {
    /// The sample's records, folded.
    pub fn into_fold(self) -> Fold {
        let mut fold = Fold::default();
        for (entry, version) in self.entries.into_iter().zip(1..) {
            fold.record(entry.id, Order::Confirmed { version, stream: entry.stream }, entry.record);
        }
        fold
    }
}

/// Makes the sample shop as of `now`: the same seed and instant give the same bytes.
pub fn generate(seed: u64, now: Timestamp) -> Sample {
    let today = now.day(Zone::KARACHI);
    let period = Period { from: Day(today.0 - HISTORY_DAYS + 1), to: today };
    let tenant = TenantId::derived("sample", &[&seed.to_string(), &today.to_string()]);
    let mut rng = Rng::seeded(seed);
    let tenant_key = SecretKey::fresh(&mut rng);
    let mut journal = Journal::new(now, tenant.as_u128());
    let years = eid::years();

    let shops = open_shops(&mut journal, period.from);
    let suppliers = supplier::introduce(&mut journal, period.from);
    let items = goods::stock_the_shelf(&mut journal, &mut rng, period);
    let mut customers = Customers::meet(&mut journal, &mut rng, period, &tenant_key);
    let staff = [[journal.id(), journal.id()], [journal.id(), journal.id()]];
    let mut branches = [
        Branch::new(0, shops[0], "HC", 1.0, staff[0], items.len()),
        Branch::new(1, shops[1], "SR", 0.72, staff[1], items.len()),
    ];
    let business =
        Business { items: &items, suppliers: &suppliers, years: &years, first: period.from, today };
    let strike = strike_day(today, &years);
    let offers = offers(&mut rng, period);
    let mut retired = vec![false; items.len()];

    for day in (period.from.0..=period.to.0).map(Day) {
        if (day.0 - period.from.0) % 7 == 0 {
            customers.turn_to(day);
        }
        let offer = offers.iter().find(|(days, ..)| days.contains(day)).map(|&(_, what, off)| (what, off));
        let trading = TradingDay { day, strike: day == strike, offer };
        for branch in &mut branches {
            // A generator for each branch and day: a later `now` only adds to the past.
            let mut rng =
                Rng::seeded(seed ^ ((day.0 as u64) << 8 | branch.index as u64).wrapping_mul(0x9e37_79b9));
            branch.morning(&mut journal, &mut rng, &business, day);
            branch.trade(&mut journal, &mut rng, &business, &customers, &trading);
            branch.order(&mut journal, &mut rng, &business, day);
            branch.settle(&mut journal, &mut rng, &business, day);
        }
        retire(&mut journal, &items, &branches, &mut retired, day);
    }
    let planted = planted(&items, strike);
    Sample { tenant, tenant_key, shops, period, entries: journal.finish(), planted }
}

fn open_shops(journal: &mut Journal, day: Day) -> [ShopId; 2] {
    [("Hafeez Centre, Gulberg", "HC", "Lahore"), ("Bank Road, Saddar", "SR", "Rawalpindi")].map(
        |(name, code, city)| {
            let id = journal.id();
            let shop = Shop {
                id,
                name: name.to_owned(),
                code: code.to_owned(),
                city: city.to_owned(),
                currency: Currency::PKR,
                zone: Zone::KARACHI,
                bargaining: None,
            };
            journal.push(Stream::Tenant, at(day, 8 * 60), Record::Shop(shop));
            id
        },
    )
}

/// Four days ago, or the nearest earlier day on which trade would have been usual.
fn strike_day(today: Day, years: &[eid::EidYear]) -> Day {
    let usual = |day: &Day| day.weekday() != 6 && (0.7..1.5).contains(&season::factor(*day, years));
    (4..=13).filter(|ago| *ago != 7).map(|ago| Day(today.0 - ago)).find(usual).unwrap_or(Day(today.0 - 4))
}

/// Every quarter some days of offers on one supplier's accessories; none in the last month.
fn offers(rng: &mut Rng, period: Period) -> Vec<(Period, usize, f64)> {
    let mut offers = Vec::new();
    let mut day = period.from.0 + 30;
    while day < period.to.0 - 35 {
        let days = Period { from: Day(day), to: Day(day + 4) };
        offers.push((days, 4 + rng.below(2), 0.08 + 0.08 * rng.uniform()));
        day += 70 + rng.below(40) as i32;
    }
    offers
}

/// A model that is no longer ordered leaves the list once the last piece is sold.
fn retire(journal: &mut Journal, items: &[Item], branches: &[Branch; 2], retired: &mut [bool], day: Day) {
    for (index, item) in items.iter().enumerate() {
        let over = item.life.end.is_some_and(|end| end <= day);
        if over && !retired[index] && branches.iter().all(|branch| branch.is_clear_of(index)) {
            retired[index] = true;
            let fields = crate::record::ProductFields { retired: Some(true), ..Default::default() };
            let product = crate::record::Product { id: item.product, base_version: None, fields };
            journal.push(Stream::Tenant, at(day, 23 * 60), Record::Product(product));
        }
    }
}

fn planted(items: &[Item], strike: Day) -> Planted {
    let of = |plant: Plant| -> Vec<ProductId> {
        items.iter().filter(|item| item.plant == plant).map(|item| item.product).collect()
    };
    // The catalogue names exactly one dead stock and one stockout; its test holds that.
    let one = |plant: Plant| of(plant).first().copied().unwrap_or(ProductId::from_u128(0));
    Planted {
        strike,
        dead_stock: one(Plant::Dead),
        stockout: one(Plant::Out),
        running_out: of(Plant::RunningOut),
    }
}
