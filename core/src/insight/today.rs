//! The first screen: what a shopkeeper asks first, the trend with its band, at most five ranked actions.
//!
//! Input: the tables and the instant. Output: [`Today`]. Figures of the day stand beside the same weekday a week
//! before, up to the same time of day. An imported past, whose newest sale is more than 30 days old, is shown as
//! of its own end ([`crate::demand::effective_today`]): `as_of` is then its last day, compared whole.
//! Reordering needs a forecast a product; only products whose stock is known are looked at here.

use crate::{
    customer::{
        credit::{Debt, debts},
        rfm::RfmTable,
    },
    demand::{self, DemandForecast, Forecasts},
    id::{CustomerId, ProductId, ShopId},
    insight::action::{self, Evidence},
    inventory::{
        plan::{limits::Limits, run::ReorderRun},
        reorder::{ReorderPlan, Scope, Urgency},
    },
    money::{Currency, Paisa},
    quantity::Quantity,
    reason::Reason,
    table::{ReceiptKind, Tables},
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};

/// Days of revenue ahead.
pub const TREND_DAYS: u16 = demand::MONTH_DAYS;

const WEEK_MS: i64 = 7 * 86_400_000;

/// A drawer that was never counted is believed for so many days after its first movement: nobody leaves the
/// takings of months in it.
const UNCOUNTED_DRAWER_DAYS: i32 = 31;

/// Answer to `Task::Today`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Today {
    /// Which shop; none for all.
    pub shop: Option<ShopId>,
    /// Its name, or the shops' names.
    pub shop_name: String,
    /// What amounts are in.
    pub currency: Currency,
    /// The day it was asked for.
    pub day: Day,
    /// The day that the figures speak of: `day`, or the last day of an imported past.
    pub as_of: Day,
    /// Last day with a sale; figures of an imported past stand beside it.
    pub last_sale_day: Option<Day>,
    /// Cash in the galla, where cash is kept.
    pub cash: Option<Paisa>,
    /// Wasooli: customers owe this in all.
    pub receivable: Paisa,
    /// Of it, past its due day.
    pub overdue: Paisa,
    /// The shop owes suppliers.
    pub payable: Paisa,
    /// Sales of the day so far.
    pub sales: Compared,
    /// Bachat: profit of the day so far, where costs are known.
    pub profit: Option<Compared>,
    /// Pieces sold so far.
    pub pieces: Compared,
    /// Revenue ahead with its band; the history shown beside it.
    pub trend: DemandForecast,
    /// At most five, by rupees at stake.
    pub actions: Vec<Action>,
    /// Products, customers and receipts behind all this.
    pub counts: Counts,
    /// When the newest record was written: the age of the data.
    pub newest_record: Option<Timestamp>,
}

/// A figure beside the same weekday a week before (up to the same time of day).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// Today: paisa, or thousandths of a piece.
    pub now: i64,
    /// The same weekday last week up to the same hour.
    pub before: i64,
}

/// How much data there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Products.
    pub products: u64,
    /// Customers.
    pub customers: u64,
    /// Receipts.
    pub receipts: u64,
    /// Lines.
    pub lines: u64,
    /// Days with a sale.
    pub days: u64,
}

/// One thing to do, with its rupees and its reasons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// What.
    pub kind: ActionKind,
    /// Money at stake.
    pub amount: Paisa,
    /// How urgent.
    pub urgency: Urgency,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ActionKind {
    /// Order this.
    Order {
        /// Which product.
        product: ProductId,
        /// Its name.
        name: String,
        /// How many.
        quantity: Quantity,
    },
    /// Clear this: it does not sell.
    Clear {
        /// Which product.
        product: ProductId,
        /// Its name.
        name: String,
        /// How many lie there.
        quantity: Quantity,
    },
    /// Collect this debt.
    Collect {
        /// Who.
        customer: CustomerId,
    },
    /// Call customers who are slipping away.
    WinBack {
        /// How many.
        customers: u64,
    },
    /// Count what was never counted.
    CountStock {
        /// Products.
        products: u64,
    },
    /// Look at a day that was not like others.
    LookAt {
        /// The day.
        day: Day,
    },
}

/// Answers `Task::Today`.
pub fn answer(tables: &Tables, shop: Option<usize>, now: Timestamp, known: &Forecasts) -> Today {
    let today = demand::effective_today(tables, shop, now);
    let mut run = ReorderRun::new(tables, shop, today, Scope::Counted, known);
    run.step(0..run.len());
    answer_with(tables, shop, now, &run.finish().plan(&Limits::default()), known)
}

/// The same with a reorder plan that was made before, for the same shop and [`crate::demand::effective_today`].
pub fn answer_with(
    tables: &Tables,
    shop: Option<usize>,
    now: Timestamp,
    plan: &ReorderPlan,
    known: &Forecasts,
) -> Today {
    let zone = tables.zone(shop);
    let day = now.day(zone);
    let from = demand::effective_today(tables, shop, now);
    let last_sale_day = demand::last_sale_day(tables, shop);
    // Of an imported past the last day is over: it is told whole.
    let stale = from != day;
    let as_of = if stale { Day(from.0 - 1) } else { day };
    let until = if stale { from.start(zone) } else { Timestamp(now.0.saturating_add(1)) };
    // What is written down for the day counts, even where a clock runs ahead of the one that asks.
    let so_far = figures(tables, shop, as_of.start(zone), Day(as_of.0 + 1).start(zone));
    let before = figures(
        tables,
        shop,
        Timestamp(as_of.start(zone).0 - WEEK_MS),
        Timestamp(until.0.saturating_sub(WEEK_MS)),
    );
    let compared = |pick: fn(&Figures) -> i64| Compared { now: pick(&so_far), before: pick(&before) };
    // Who owes, owes today, however long ago the last sale was: as the khata says it.
    let debts: Vec<Debt> = debts(tables, shop, day);
    let trend = demand::forecast(tables, shop, None, from, TREND_DAYS, known);
    let rfm = RfmTable::build(tables, shop, from);
    let evidence = Evidence { tables, shop, today: from, plan, debts: &debts, rfm: &rfm, trend: &trend };
    Today {
        shop: shop.map(|shop| tables.shops[shop].id),
        shop_name: match shop {
            Some(shop) => tables.shops[shop].name.clone(),
            None => tables.shops.iter().map(|shop| shop.name.as_str()).collect::<Vec<_>>().join(", "),
        },
        currency: tables.currency(shop),
        day,
        as_of,
        last_sale_day,
        cash: cash(tables, shop, now),
        receivable: debts.iter().map(|debt| debt.balance).sum(),
        overdue: debts.iter().map(|debt| debt.overdue).sum(),
        payable: tables.payable.iter().copied().sum(),
        sales: compared(|figures| figures.revenue),
        profit: tables
            .products
            .iter()
            .any(|row| row.cost.is_some())
            .then(|| compared(|figures| figures.profit)),
        pieces: compared(|figures| figures.quantity),
        actions: action::ranked(&evidence),
        trend,
        counts: counts(tables, shop),
        newest_record: newest_record(tables, shop),
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Figures {
    revenue: i64,
    profit: i64,
    quantity: i64,
}

/// Net figures from an instant until before another.
fn figures(tables: &Tables, shop: Option<usize>, from: Timestamp, until: Timestamp) -> Figures {
    let sales = &tables.sales;
    let mut figures = Figures::default();
    let range = sales.at.partition_point(|&at| at < from)..sales.at.partition_point(|&at| at < until);
    for receipt in range.filter(|&receipt| shop.is_none_or(|shop| sales.shop[receipt] as usize == shop)) {
        for line in sales.lines_of(receipt) {
            figures.revenue += sales.amount[line].0;
            figures.quantity += sales.quantity[line].0;
            if let Some(cost) = sales.unit_cost[line].and_then(|cost| sales.quantity[line].times(cost)) {
                figures.profit += sales.amount[line].0 - cost.0;
            }
        }
    }
    figures
}

/// What lies in the drawers: the newest counted sum of each shop and what moved since. None where no cash was
/// ever written down, or only long ago and never counted.
fn cash(tables: &Tables, shop: Option<usize>, now: Timestamp) -> Option<Paisa> {
    let mut total = None;
    for drawer in shop.map_or(0..tables.shops.len(), |shop| shop..shop + 1) {
        let zone = tables.zone(Some(drawer));
        let midnight = Day(now.day(zone).0 + 1).start(zone);
        let rows = tables.cash.iter().filter(|row| row.shop as usize == drawer && row.at < midnight);
        let mut inside = None;
        let (mut first, mut counted) = (None, false);
        for row in rows {
            first = first.or(Some(row.at));
            counted |= row.counted();
            inside =
                Some(if row.counted() { row.amount } else { inside.unwrap_or(Paisa::ZERO) + row.amount });
        }
        let recent = first.is_some_and(|first| now.day(zone).0 - first.day(zone).0 <= UNCOUNTED_DRAWER_DAYS);
        if let Some(inside) = inside.filter(|_| counted || recent) {
            total = Some(total.unwrap_or(Paisa::ZERO) + inside);
        }
    }
    total
}

fn counts(tables: &Tables, shop: Option<usize>) -> Counts {
    let sales = &tables.sales;
    let mut counts = Counts {
        products: tables.products.len() as u64,
        customers: tables.customers.len() as u64,
        ..Counts::default()
    };
    let mut last = None;
    for receipt in 0..sales.receipts() {
        if shop.is_some_and(|shop| sales.shop[receipt] as usize != shop) {
            continue;
        }
        counts.receipts += 1;
        counts.lines += sales.lines_of(receipt).len() as u64;
        if sales.kind[receipt] == ReceiptKind::Sale && last != Some(sales.day[receipt]) {
            last = Some(sales.day[receipt]);
            counts.days += 1;
        }
    }
    counts
}

fn newest_record(tables: &Tables, shop: Option<usize>) -> Option<Timestamp> {
    let here = |of: u32| shop.is_none_or(|shop| of as usize == shop);
    let sales =
        tables.sales.at.iter().zip(&tables.sales.shop).rev().find(|(_, of)| here(**of)).map(|(at, _)| *at);
    let stock = tables.stock.movements.iter().filter(|row| here(row.shop)).map(|row| row.at).max();
    let credit = tables.credit.iter().filter(|row| here(row.shop)).map(|row| row.at).max();
    let cash = tables.cash.iter().filter(|row| here(row.shop)).map(|row| row.at).max();
    sales.max(stock).max(credit).max(cash)
}
