//! Who sold and who came: sales, discounts, returns, margin, hours and commission of each person, for a day and a month.
//!
//! A return counts against whoever sold the goods, where the sale is known, else against whoever took them back. A
//! commission is reckoned line by line at the rate of the day of the sale and rounded to the nearest paisa, halves up,
//! so that days add up to their month; a line that comes back whole takes back exactly what it earned. A line sold below
//! cost, or whose cost nobody wrote down, earns no share of a margin and costs none.
//!
//! Hours are whole spans between coming and going, on the day of the coming; a span ends within 16 hours, or the going is
//! missing and the span counts nothing until somebody adds it.

use crate::{
    id::{SaleId, ShopId, UserId},
    money::{Currency, Paisa},
    quantity::Quantity,
    record::{Commission, StaffActKind},
    table::{ReceiptKind, Tables, day::MemberRow},
    time::{Day, Period, Timestamp, Zone},
};
use serde::{Deserialize, Serialize};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// Longer than this nobody stands at a counter.
const LONGEST_MS: i64 = 16 * 3_600_000;

/// A person over some days; `user` is none where nobody was signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffDay {
    /// Who.
    pub user: Option<UserId>,
    /// Receipts of sales.
    pub receipts: u64,
    /// Sold, net of returns.
    pub sales: Paisa,
    /// Came back of it: zero or more.
    pub returns: Paisa,
    /// Discounts given.
    pub discounts: Paisa,
    /// Margin of lines whose cost is known.
    pub margin: Paisa,
    /// Earned by selling.
    pub commission: Paisa,
    /// Came first.
    pub came: Option<Timestamp>,
    /// Left last; none while there.
    pub left: Option<Timestamp>,
    /// Minutes there, between coming and going.
    pub minutes: i64,
}

/// A coming with its going.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attended {
    /// Who.
    pub user: UserId,
    /// Came.
    pub came: Timestamp,
    /// Went; none while there, and where it was forgotten.
    pub went: Option<Timestamp>,
    /// Came again, or 16 hours passed, without having gone.
    pub missing: bool,
}

/// Answer to `Task::Staff`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaffAnswer {
    /// Which shop.
    pub shop: ShopId,
    /// Its name.
    pub shop_name: String,
    /// What amounts are in.
    pub currency: Currency,
    /// Its local time.
    pub zone: Zone,
    /// The month until today.
    pub month: Period,
    /// Everyone on the last day of it, most sales first.
    pub today: Vec<StaffDay>,
    /// Everyone over the month.
    pub of_month: Vec<StaffDay>,
    /// Who came when in the month, newest first.
    pub attended: Vec<Attended>,
}

/// What a line earns at a rate; a line of a return has negative figures and takes it back.
pub fn earned(
    rate: Commission,
    quantity: Quantity,
    amount: Paisa,
    cost: Option<Paisa>,
    is_phone: bool,
) -> Paisa {
    let sign = if quantity.0 < 0 { -1 } else { 1 };
    let share = |of: i64, hundredths: u32| {
        let of = i128::from(of.saturating_mul(sign).max(0));
        // At most the amount itself, which is 64 bits.
        Paisa(i64::try_from((of * i128::from(hundredths) + 5_000) / 10_000).unwrap_or(i64::MAX) * sign)
    };
    match rate {
        Commission::OfSales(hundredths) => share(amount.0, hundredths),
        Commission::OfMargin(hundredths) => {
            cost.map_or(Paisa::ZERO, |cost| share(amount.0 - cost.0, hundredths))
        }
        Commission::PerPhone(each) if is_phone => quantity.times(each).unwrap_or_default(),
        Commission::PerPhone(_) => Paisa::ZERO,
    }
}

/// Everyone who sold or came on some days, most sales first.
pub fn figures(tables: &Tables, shop: usize, period: Period) -> Vec<StaffDay> {
    figures_with(tables, shop, period, &attended(tables, shop))
}

/// The same, with the shop's spans at hand.
fn figures_with(tables: &Tables, shop: usize, period: Period, spans: &[Attended]) -> Vec<StaffDay> {
    let sales = &tables.sales;
    let range =
        sales.day.partition_point(|it| *it < period.from)..sales.day.partition_point(|it| *it <= period.to);
    let receipts: Vec<usize> = range.filter(|&receipt| sales.shop[receipt] as usize == shop).collect();
    let note = |id: &SaleId| tables.day.receipts.get(id);
    let originals = originals(tables, &receipts);
    let mut all: BTreeMap<Option<UserId>, StaffDay> = BTreeMap::new();
    for receipt in receipts {
        let of = note(&sales.id[receipt]).and_then(|note| note.of);
        // Goods of a sale that the books do not hold came back to whoever took them.
        let sold = of.and_then(|of| originals.get(&of).copied()).unwrap_or(receipt);
        let user = note(&sales.id[sold]).and_then(|note| note.staff);
        let rate = user.and_then(|user| member(tables, user)).and_then(|row| row.rate(sales.at[sold]));
        let row = all.entry(user).or_insert(StaffDay { user, ..StaffDay::default() });
        let is_sale = sales.kind[receipt] == ReceiptKind::Sale;
        row.receipts += u64::from(is_sale);
        for line in sales.lines_of(receipt) {
            let (quantity, amount) = (sales.quantity[line], sales.amount[line]);
            row.sales += amount;
            row.discounts += sales.discount[line];
            if !is_sale {
                row.returns += -amount;
            }
            let cost = sales.unit_cost[line].and_then(|cost| quantity.times(cost));
            if let Some(cost) = cost {
                row.margin += amount - cost;
            }
            if let Some(rate) = rate {
                let product = &tables.products[sales.product[line] as usize].fields;
                row.commission += earned(rate, quantity, amount, cost, product.imei_count.unwrap_or(0) > 0);
            }
        }
    }
    let zone = tables.zone(Some(shop));
    for it in spans {
        let day = it.came.day(zone);
        if day < period.from || day > period.to {
            continue;
        }
        let user = Some(it.user);
        let row = all.entry(user).or_insert(StaffDay { user, ..StaffDay::default() });
        row.came = row.came.or(Some(it.came));
        row.left = it.went;
        row.minutes += it.went.map_or(0, |went| (went.0 - it.came.0) / 60_000);
    }
    let mut all: Vec<StaffDay> = all.into_values().collect();
    crate::order::by_key(&mut all, |row| (Reverse(row.sales), row.user));
    all
}

/// Where the sales stand whose goods these receipts brought back.
fn originals(tables: &Tables, receipts: &[usize]) -> BTreeMap<SaleId, usize> {
    let ids = receipts.iter().filter_map(|&receipt| tables.day.receipts.get(&tables.sales.id[receipt])?.of);
    let wanted: BTreeSet<SaleId> = ids.collect();
    if wanted.is_empty() {
        return BTreeMap::new();
    }
    let all = tables.sales.id.iter().enumerate();
    all.filter(|(_, id)| wanted.contains(id)).map(|(receipt, id)| (*id, receipt)).collect()
}

fn member(tables: &Tables, user: UserId) -> Option<&MemberRow> {
    let place = tables.day.members.binary_search_by_key(&user, |row| row.user).ok()?;
    tables.day.members.get(place)
}

/// All spans of a shop, by (coming, person). What is not gone yet is not missing before the next coming.
fn attended(tables: &Tables, shop: usize) -> Vec<Attended> {
    let id = tables.shops[shop].id;
    let mut all: Vec<Attended> = Vec::new();
    // Person → their open span in `all`.
    let mut there: BTreeMap<UserId, usize> = BTreeMap::new();
    for act in tables.day.acts.iter().filter(|act| act.shop == id) {
        let (user, at) = (act.user, act.at);
        let open = there.get(&user).copied();
        let is_over = |span: &Attended| at.0 - span.came.0 > LONGEST_MS;
        match act.act {
            // Who is here and says so again has come already.
            StaffActKind::ClockIn if open.is_some_and(|place| !is_over(&all[place])) => {}
            StaffActKind::ClockIn => {
                if let Some(place) = open {
                    all[place].missing = true;
                }
                there.insert(user, all.len());
                all.push(Attended { user, came: at, went: None, missing: false });
            }
            StaffActKind::ClockOut => {
                if let Some(place) = there.remove(&user) {
                    let is_over = is_over(&all[place]);
                    all[place].missing = is_over;
                    all[place].went = (!is_over).then_some(at);
                }
            }
            StaffActKind::DrawerOpened | StaffActKind::PriceOverride => {}
        }
    }
    crate::order::by_key(&mut all, |it| (it.came, it.user));
    all
}

/// Answers `Task::Staff`; `shop` is a position.
pub fn answer(tables: &Tables, shop: usize, now: Timestamp) -> StaffAnswer {
    let row = &tables.shops[shop];
    let today = now.day(row.zone);
    let (_, _, number) = today.parts();
    let month = Period { from: Day(today.0 + 1 - number as i32), to: today };
    let mut spans = attended(tables, shop);
    let of_today = figures_with(tables, shop, Period { from: today, to: today }, &spans);
    let of_month = figures_with(tables, shop, month, &spans);
    spans.retain(|it| it.came.day(row.zone) >= month.from);
    for it in &mut spans {
        it.missing |= it.went.is_none() && now.0 - it.came.0 > LONGEST_MS;
    }
    spans.reverse();
    StaffAnswer {
        shop: row.id,
        shop_name: row.name.clone(),
        currency: row.currency,
        zone: row.zone,
        month,
        today: of_today,
        of_month,
        attended: spans,
    }
}
