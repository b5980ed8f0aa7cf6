//! Between branches: who has more than it will sell lends to who runs out, before anything is bought.
//!
//! Question answered: which pieces should go from which shop to which today? Input: the demand forecast of each branch's
//! shelf over lead time L and review R, as in [`super::reorder`]; what lies there and is on its way. Output: moves with the
//! rupees they save and why. For one shelf with demand D(n) of n days and safety stock SS for L + R:
//!
//! - own need = D(L + R) + SS; it can spare ⌊on hand − own need⌋, never what is still on its way to it;
//! - a shelf where a product sold nothing and got nothing for [`IDLE_DAYS`] days needs [`KEPT`] to show; one with too little
//!   history for a forecast gives and takes nothing;
//! - it is short when on hand + on order ≤ D(L) + SS (the reorder point), by ⌈own need − (on hand + on order)⌉;
//! - saved = pieces that would be asked for in vain over L + R without the move, less those with it, × margin (price where
//!   cost is unknown).
//!
//! No more moves than the short shelves lack. Where there is less to spare than is lacking, each piece goes where it saves
//! most; as each further piece on a shelf saves less than the one before, piece by piece is the best there is (tested
//! against enumeration). Givers are paired so that few shops must meet: one that can cover a shelf alone, the smallest
//! such, else the largest.
//!
//! How it fails: shelves that were never counted take no part; only the [`MOST`] products with the most at stake by a rough
//! look are planned, the others are counted in `unplanned`; the way between two shops is taken to cost nothing.
//! Reference: Silver, Pyke & Thomas (4th ed. 2017), ch. 11; Paterson, Kiesmüller, Teunter & Glazebrook, "Inventory models
//! with lateral transshipments: a review", EJOR 210 (2011) (proactive transshipment, complete pooling of what is spare).

use super::{
    dead_stock::{IDLE_DAYS, arrivals},
    lead_time::LeadTime,
    reorder::{REVIEW_DAYS, at, earned_by_one, horizon_days, prices},
    safety_stock::{IntervalDemand, SERVICE_LEVEL, normal_quantile},
};
use crate::{
    calendar::Calendar,
    demand::{self, Ahead, Forecasts, SELLING_DAYS, missing_days},
    feature::{
        availability::Availability,
        demand::{DailySeries, SalesByProduct},
    },
    id::{ProductId, ShopId, UnitId},
    money::{Currency, Paisa},
    quantity::Quantity,
    reason::Reason,
    table::{Tables, unit::Place},
    time::Day,
};
use serde::{Deserialize, Serialize};

/// Pieces that stay where nothing sells.
pub const KEPT: f64 = 1.0;
/// Most products that are planned at once.
pub const MOST: usize = 100;

/// Answer to `Task::Transfers`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TransferPlan {
    /// As of.
    pub today: Day,
    /// What amounts are in.
    pub currency: Currency,
    /// By rupees saved, most first.
    pub transfers: Vec<TransferSuggestion>,
    /// Sales that would be lost otherwise, of all of them.
    pub saved: Paisa,
    /// What need not be bought, at cost, where costs are known.
    pub not_bought: Paisa,
    /// Products that were not looked at, as others had more at stake.
    pub unplanned: u64,
}

/// Pieces that should go from one shop to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TransferSuggestion {
    /// What.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// Who lends.
    pub from: ShopId,
    /// Its name.
    pub from_name: String,
    /// Who runs out.
    pub to: ShopId,
    /// Its name.
    pub to_name: String,
    /// Whole pieces.
    pub quantity: Quantity,
    /// Which pieces by IMEI, oldest first, as far as they are written down.
    pub units: Vec<UnitId>,
    /// Margin that would be lost without it.
    pub saved: Paisa,
    /// What they cost to buy, where that is known.
    pub not_bought: Option<Paisa>,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// One shop's shelf of one product.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shelf {
    /// Pieces there.
    pub on_hand: f64,
    /// And on their way.
    pub on_order: f64,
    /// Order when both together fall to this.
    pub point: f64,
    /// Own need: demand over lead time and review with safety stock.
    pub need: f64,
    /// That demand.
    pub demand: IntervalDemand,
    /// What a piece that is asked for in vain costs.
    pub value: f64,
}

/// Pieces that go from one shelf to another, as positions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Move {
    /// Who lends.
    pub from: usize,
    /// Who runs out.
    pub to: usize,
    /// Pieces.
    pub pieces: u64,
    /// What they save.
    pub saved: f64,
}

impl Shelf {
    /// Whole pieces beyond its own need.
    pub fn spare(&self) -> u64 {
        (self.on_hand - self.need).floor().max(0.0) as u64
    }

    /// Whole pieces that it lacks, once it is short.
    pub fn lacks(&self) -> u64 {
        let position = self.position();
        let is_short = position <= self.point.round();
        if is_short { (self.need - position).ceil().max(0.0) as u64 } else { 0 }
    }

    fn position(&self) -> f64 {
        self.on_hand.max(0.0) + self.on_order
    }

    /// What so many more pieces save.
    pub fn saves(&self, pieces: u64) -> f64 {
        let position = self.position();
        let lost = self.demand.shortage(position) - self.demand.shortage(position + pieces as f64);
        self.value * lost.max(0.0)
    }
}

/// What should move between the shelves of one product.
pub fn balance(shelves: &[Shelf]) -> Vec<Move> {
    let mut spare: Vec<u64> = shelves.iter().map(Shelf::spare).collect();
    let lacks: Vec<u64> = shelves.iter().map(Shelf::lacks).collect();
    let mut left: u64 = spare.iter().sum();
    let mut gets = vec![0u64; shelves.len()];
    if left >= lacks.iter().sum() {
        gets.clone_from(&lacks);
    } else {
        while left > 0 {
            let gain = |at: usize| shelves[at].saves(gets[at] + 1) - shelves[at].saves(gets[at]);
            let open = (0..shelves.len()).filter(|&at| gets[at] < lacks[at]);
            // Of equal gains the first shop, whatever was moved before.
            let Some(best) = open.reduce(|a, b| if gain(b) > gain(a) { b } else { a }) else { break };
            gets[best] += 1;
            left -= 1;
        }
    }
    let mut takers: Vec<usize> = (0..shelves.len()).filter(|&at| gets[at] > 0).collect();
    crate::order::by_key(&mut takers, |&at| std::cmp::Reverse(gets[at]));
    let mut moves = Vec::new();
    for to in takers {
        let mut got = 0;
        while got < gets[to] {
            let open = gets[to] - got;
            let covers = (0..spare.len()).filter(|&at| spare[at] >= open).min_by_key(|&at| spare[at]);
            let largest = (0..spare.len()).max_by_key(|&at| (spare[at], std::cmp::Reverse(at)));
            let Some(from) = covers.or(largest).filter(|&at| spare[at] > 0) else { break };
            let pieces = open.min(spare[from]);
            let saved = shelves[to].saves(got + pieces) - shelves[to].saves(got);
            moves.push(Move { from, to, pieces, saved });
            spare[from] -= pieces;
            got += pieces;
        }
    }
    moves
}

/// Answers `Task::Transfers`.
pub fn answer(tables: &Tables, today: Day, known: &Forecasts) -> TransferPlan {
    let mut plan = TransferPlan {
        today,
        currency: tables.currency(None),
        transfers: Vec::new(),
        saved: Paisa::ZERO,
        not_bought: Paisa::ZERO,
        unplanned: 0,
    };
    if tables.shops.len() < 2 {
        return plan;
    }
    let branches: Vec<Branch<'_>> =
        (0..tables.shops.len()).map(|shop| Branch::new(tables, shop, today, known)).collect();
    let mut at_stake: Vec<(f64, usize)> = (0..tables.products.len())
        .filter_map(|product| Some((stake(tables, &branches, product)?, product)))
        .collect();
    // Stable: equals stay in the order of their ids.
    crate::order::by(&mut at_stake, |a, b| b.0.total_cmp(&a.0));
    plan.unplanned = at_stake.len().saturating_sub(MOST) as u64;
    for (_, product) in at_stake.into_iter().take(MOST) {
        let shelves: Vec<(usize, Known)> = (branches.iter().enumerate())
            .filter_map(|(shop, branch)| Some((shop, branch.shelf(product)?)))
            .collect();
        let bare: Vec<Shelf> = shelves.iter().map(|(_, it)| it.shelf).collect();
        let mut taken = vec![0; bare.len()];
        let mut lent = vec![0; bare.len()];
        let moves = balance(&bare);
        moves.iter().for_each(|it| lent[it.from] += it.pieces);
        for it in moves {
            let ((from, giver), (to, taker)) = (shelves[it.from], shelves[it.to]);
            let skip = taken[it.from];
            taken[it.from] += it.pieces as usize;
            let (row, quantity) = (&tables.products[product], Quantity::pieces(it.pieces as i64));
            let mut reasons = vec![Reason::SellsPerWeek { units: 7.0 * taker.daily }];
            if taker.shelf.on_hand <= 0.0 {
                reasons.insert(0, Reason::OutOfStock);
            }
            reasons
                .push(Reason::SupplierTakesDays { days: taker.lead.mean_days, learned: taker.lead.learned });
            if taker.shelf.on_order > 0.0 {
                reasons.push(Reason::OnOrder { units: taker.shelf.on_order });
            }
            let left = giver.shelf.on_hand - lent[it.from] as f64;
            reasons.push(Reason::LenderKeeps { units: left, per_week: 7.0 * giver.daily });
            let (from, to) = (&tables.shops[from], &tables.shops[to]);
            plan.transfers.push(TransferSuggestion {
                product: row.id,
                name: row.label(),
                from: from.id,
                from_name: from.name.clone(),
                to: to.id,
                to_name: to.name.clone(),
                quantity,
                units: pieces(tables, row.id, from.id).skip(skip).take(it.pieces as usize).collect(),
                saved: Paisa(it.saved.round() as i64),
                not_bought: row.cost.and_then(|cost| quantity.times(cost)),
                reasons,
            });
        }
    }
    crate::order::by_key(&mut plan.transfers, |it| std::cmp::Reverse(it.saved));
    plan.saved = plan.transfers.iter().map(|it| it.saved).sum();
    plan.not_bought = plan.transfers.iter().filter_map(|it| it.not_bought).sum();
    plan
}

/// Pieces of a product that lie in a shop and are written down one by one, oldest first.
fn pieces(tables: &Tables, product: ProductId, shop: ShopId) -> impl Iterator<Item = UnitId> {
    let here = |it: &&crate::table::unit::UnitRow| {
        it.unit.product == product && it.place == Place::Stock(shop) && it.repair.is_none()
    };
    let mut rows: Vec<_> =
        tables.units.rows.iter().filter(here).map(|row| (row.unit.at, row.unit.id)).collect();
    rows.sort_unstable();
    rows.into_iter().map(|(_, id)| id)
}

/// A rough look before any forecast: money that could be lost where a shelf may run out and another may have too much;
/// none where nothing could move.
fn stake(tables: &Tables, branches: &[Branch<'_>], product: usize) -> Option<f64> {
    let fields = &tables.products[product].fields;
    if fields.open.is_some() || fields.retired == Some(true) {
        return None;
    }
    let (mut spare, mut lacks, mut value) = (0.0, 0.0, 0.0f64);
    for branch in branches {
        let Some(on_hand) = tables.on_hand(Some(branch.shop), product) else { continue };
        let lead = branch.lead(product);
        let usual = branch.usual(product) * (lead.mean_days + REVIEW_DAYS);
        let position = on_hand.as_units().max(0.0) + branch.on_order(product);
        spare += (on_hand.as_units() - usual).floor().max(0.0);
        // Where it would be ordered if demand were mere chance, and a piece more, as the forecast may say more.
        let safety = normal_quantile(SERVICE_LEVEL) * usual.sqrt();
        let is_near = usual > 0.0 && position <= branch.usual(product) * lead.mean_days + safety + 1.0;
        lacks += if is_near { (usual + safety - position).max(0.0) } else { 0.0 };
        value = value.max(branch.value(product));
    }
    (spare >= 1.0 && lacks > 0.0).then_some(f64::min(spare, lacks) * value)
}

/// A shelf with what the reasons need.
#[derive(Clone, Copy, Debug)]
struct Known {
    shelf: Shelf,
    daily: f64,
    lead: LeadTime,
}

/// What is known of one shop.
struct Branch<'a> {
    tables: &'a Tables,
    shop: usize,
    today: Day,
    known: &'a Forecasts,
    sales: SalesByProduct,
    shelves: Availability,
    calendar: Calendar,
    prices: Vec<Option<Paisa>>,
    arrived: Vec<Option<Day>>,
}

impl<'a> Branch<'a> {
    fn new(tables: &'a Tables, shop: usize, today: Day, known: &'a Forecasts) -> Self {
        Self {
            tables,
            shop,
            today,
            known,
            sales: SalesByProduct::build(tables, Some(shop), today),
            shelves: Availability::build(tables, Some(shop), today),
            calendar: Calendar::of(tables, Some(shop), today),
            prices: prices(tables, Some(shop), today),
            arrived: arrivals(tables, Some(shop)),
        }
    }

    fn on_order(&self, product: usize) -> f64 {
        self.tables.on_order(Some(self.shop), product).as_units().max(0.0)
    }

    fn lead(&self, product: usize) -> LeadTime {
        let supplier = self.tables.supplier(Some(self.shop), product);
        LeadTime::of(supplier.map(|supplier| &self.tables.suppliers[supplier]))
    }

    fn value(&self, product: usize) -> f64 {
        earned_by_one(self.prices[product], self.tables.products[product].cost).0 as f64
    }

    fn is_selling(&self, product: usize) -> bool {
        self.sales.last_sale(product).is_some_and(|last| self.today.0 - last.0 <= SELLING_DAYS)
    }

    /// Pieces a day of late.
    fn usual(&self, product: usize) -> f64 {
        if !self.is_selling(product) {
            return 0.0;
        }
        let Some(series) = self.sales.series(product) else { return 0.0 };
        let rate = |days: usize| series.recent(days) / days.min(series.net.len()).max(1) as f64;
        rate(28).max(rate(90)).max(0.0)
    }

    /// None where nobody can say what the shelf needs.
    fn shelf(&self, product: usize) -> Option<Known> {
        let on_hand = self.tables.on_hand(Some(self.shop), product)?.as_units();
        let (lead, value) = (self.lead(product), self.value(product));
        let shelf = |point: f64, need: f64, demand: IntervalDemand| Shelf {
            on_hand,
            on_order: self.on_order(product),
            point,
            need,
            demand,
            value,
        };
        let series = self.sales.series(product).filter(|_| self.is_selling(product));
        let Some((mean, upper)) = series.and_then(|series| self.sums(product, &series, lead)) else {
            let since = self.sales.last_sale(product).max(self.arrived[product]);
            let is_idle = since.is_none_or(|since| self.today.0 - since.0 >= IDLE_DAYS as i32);
            // Never short: nothing is known to be asked for.
            let none = IntervalDemand { mean: 0.0, sd: 0.0 };
            return is_idle.then(|| Known { shelf: shelf(-1.0, KEPT, none), daily: 0.0, lead });
        };
        let interval = lead.mean_days + REVIEW_DAYS;
        let daily = at(&mean, interval) / interval;
        let demand = IntervalDemand::new(at(&mean, interval), at(&upper, interval), daily, lead.sd_days);
        let safety = demand.safety_stock(SERVICE_LEVEL);
        let shelf = shelf(at(&mean, lead.mean_days) + safety, demand.mean + safety, demand);
        Some(Known { shelf, daily, lead })
    }

    /// Forecast of the first 1, 2, … days together: mean and 95 % quantile.
    fn sums(&self, product: usize, series: &DailySeries, lead: LeadTime) -> Option<(Vec<f64>, Vec<f64>)> {
        if missing_days(Some(series)) > 0 {
            return None;
        }
        let (shop, days) = (Some(self.shop), horizon_days(&lead));
        let censored = self.shelves.censored(product, series.from);
        let work = demand::work(self.tables, shop, Some(product), series, &censored, days, &self.calendar);
        let sums = self.known.ahead(&work, &self.calendar)?.sums;
        let upper = sums.bands.get(Ahead::place(90.0))?.hi.clone();
        Some((sums.mean, upper))
    }
}
