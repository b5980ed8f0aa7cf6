//! One branch of the sample shop: its shelves, what it orders and what arrives. Stock only moves here and at the
//! till, so that the sum of movements is the shelf.

use super::{
    goods::{Class, Item, Plant},
    journal::{Journal, at},
    season,
    supplier::SUPPLIERS,
    unit::{Piece, unbox},
};
use crate::{
    id::{CustomerId, DocumentId, SaleId, ShopId, SupplierId, UserId},
    money::Paisa,
    quantity::Quantity,
    record::{
        Adjustment, AdjustmentReason, Count, CountLine, PurchaseOrder, Record, SaleLine, StockLine,
        SupplierBill, SupplierReceipt,
    },
    rng::Rng,
    sync::event::Stream,
    time::Day,
};
use std::collections::{BTreeMap, VecDeque};

/// Days before the last on which the good seller was ordered for the last time.
pub const OUT_UNORDERED_DAYS: i32 = 24;
/// The same for those that run out within days.
pub const RUNNING_OUT_UNORDERED_DAYS: i32 = 12;
/// Days before the last on which a few of them were picked up in the market.
const PICKED_UP_DAYS: i32 = 4;
/// Days before the last since when the dead stock has had no sale.
pub const DEAD_DAYS: i32 = 130;
/// Pieces of it that lie there.
pub const DEAD_PIECES: i64 = 3;

/// Goods on their way.
struct Arrival {
    day: Day,
    order: DocumentId,
    supplier: usize,
    goods: Vec<(usize, i64)>,
}

/// A sale line that will come back.
pub struct Regret {
    /// The sale.
    pub sale: SaleId,
    /// Who bought.
    pub customer: Option<CustomerId>,
    /// What.
    pub line: SaleLine,
    /// Its position on the shelf.
    pub item: usize,
    /// The phone, where it is one.
    pub piece: Option<Piece>,
}

/// A branch and what it holds.
pub struct Branch {
    /// Position: 0 Lahore, 1 Rawalpindi.
    pub index: usize,
    /// Its id.
    pub shop: ShopId,
    /// Short code in receipt numbers.
    pub code: &'static str,
    /// Size against the larger branch.
    pub scale: f64,
    /// Who sells there.
    pub staff: [UserId; 2],
    /// Item → pieces on the shelf.
    pub on_hand: Vec<i64>,
    /// Item → what one cost when it last came.
    pub cost: Vec<Paisa>,
    /// Item → phones on the shelf, oldest first.
    pub pieces: Vec<VecDeque<Piece>>,
    /// Last receipt number.
    pub number: u64,
    /// Cash in the drawer.
    pub drawer: Paisa,
    /// What will come back on a day.
    pub regrets: BTreeMap<Day, Vec<Regret>>,
    /// Udhaar that will be paid on a day.
    pub repayments: BTreeMap<Day, Vec<(CustomerId, Paisa)>>,
    /// Supplier bills that will be paid on a day.
    pub bills: BTreeMap<Day, Vec<(SupplierId, Paisa)>>,
    on_order: Vec<i64>,
    arrivals: Vec<Arrival>,
}

/// What a branch needs to know of the day and the business.
pub struct Business<'a> {
    /// The shelf.
    pub items: &'a [Item],
    /// Ids of the suppliers.
    pub suppliers: &'a [SupplierId],
    /// Ramadan and Eid.
    pub years: &'a [super::eid::EidYear],
    /// First day.
    pub first: Day,
    /// Last day.
    pub today: Day,
}

impl Branch {
    /// An empty branch.
    pub fn new(
        index: usize,
        shop: ShopId,
        code: &'static str,
        scale: f64,
        staff: [UserId; 2],
        items: usize,
    ) -> Self {
        Self {
            index,
            shop,
            code,
            scale,
            staff,
            on_hand: vec![0; items],
            cost: vec![Paisa::ZERO; items],
            pieces: (0..items).map(|_| VecDeque::new()).collect(),
            number: 0,
            drawer: Paisa::ZERO,
            regrets: BTreeMap::new(),
            repayments: BTreeMap::new(),
            bills: BTreeMap::new(),
            on_order: vec![0; items],
            arrivals: Vec::new(),
        }
    }

    /// Its log.
    pub fn stream(&self) -> Stream {
        Stream::Shop(self.shop)
    }

    /// Whether nothing of it is here, on its way or coming back.
    pub fn is_clear_of(&self, item: usize) -> bool {
        let coming_back = || self.regrets.values().flatten().any(|regret| regret.item == item);
        self.on_hand[item] == 0 && self.on_order[item] == 0 && !coming_back()
    }

    /// Morning: goods arrive, shelves are counted once a month, now and then something is broken.
    pub fn morning(&mut self, journal: &mut Journal, rng: &mut Rng, business: &Business<'_>, day: Day) {
        if day == business.first {
            let goods = (0..business.items.len()).map(|item| (item, self.order_up_to(business, item, day)));
            let goods = goods.filter(|&(_, pieces)| pieces > 0).collect();
            self.receive(journal, rng, business, day, None, None, goods);
        }
        self.top_up_the_planted(journal, rng, business, day);
        let (due, later) = std::mem::take(&mut self.arrivals).into_iter().partition(|a| a.day <= day);
        self.arrivals = later;
        let due: Vec<Arrival> = due;
        for arrival in due {
            for &(item, pieces) in &arrival.goods {
                self.on_order[item] -= pieces;
            }
            let Arrival { order, supplier, goods, .. } = arrival;
            self.receive(journal, rng, business, day, Some(order), Some(supplier), goods);
        }
        if (day.0 + 11 * self.index as i32).rem_euclid(30) == 4 {
            self.count(journal, rng, business, day);
        }
        if rng.chance(0.03) {
            self.break_something(journal, rng, business, day);
        }
    }

    /// The dead stock gets its last pieces, the scarce ones exactly too little.
    fn top_up_the_planted(
        &mut self,
        journal: &mut Journal,
        rng: &mut Rng,
        business: &Business<'_>,
        day: Day,
    ) {
        for (index, item) in business.items.iter().enumerate() {
            let wanted = match item.plant {
                Plant::Dead if day.0 == business.today.0 - DEAD_DAYS && self.index == 0 => DEAD_PIECES,
                Plant::RunningOut if day.0 == business.today.0 - PICKED_UP_DAYS => {
                    let days = f64::from(PICKED_UP_DAYS) + 2.5;
                    ((item.rate * self.scale * days).round() as i64).max(2)
                }
                _ => continue,
            };
            let missing = wanted - self.on_hand[index];
            if missing > 0 {
                self.receive(journal, rng, business, day, None, Some(item.supplier), vec![(index, missing)]);
            }
        }
    }

    /// Pieces that should be on the shelf after an order.
    fn order_up_to(&self, business: &Business<'_>, index: usize, day: Day) -> i64 {
        let item = &business.items[index];
        let ordered = item.life.launch.is_none_or(|launch| launch <= day)
            && item.life.end.is_none_or(|end| day.0 < end.0 - 20);
        let left = business.today.0 - day.0;
        let (cover_days, least) = match item.plant {
            // The last order has arrived well before the day.
            Plant::Dead => return if self.index == 0 && left > DEAD_DAYS + 20 { 2 } else { 0 },
            Plant::Out if left <= OUT_UNORDERED_DAYS => return 0,
            Plant::RunningOut if left <= RUNNING_OUT_UNORDERED_DAYS => return 0,
            // Kept lean, so that the plant finds little on the shelf.
            Plant::Out | Plant::RunningOut if left < 45 => (1.5, 2),
            _ if item.class == Class::Phone && item.rate < 0.03 => (4.0, 1),
            _ => (9.0, 2),
        };
        if !ordered {
            return 0;
        }
        let mean = self.mean_until_next(business, index, day);
        let cover = item.rate * self.scale * cover_days;
        ((mean + 1.4 * mean.sqrt() + cover).ceil() as i64).max(least)
    }

    /// Pieces expected to sell from an order to the arrival of the next one.
    fn mean_until_next(&self, business: &Business<'_>, index: usize, day: Day) -> f64 {
        let item = &business.items[index];
        let lead = i32::from(SUPPLIERS[item.supplier].promised_days);
        let ahead = Day(day.0 + lead + 2);
        let season = season::factor(ahead, business.years).clamp(0.7, 1.9);
        item.rate * self.scale * season * item.life.factor(ahead).max(0.3) * f64::from(lead + 4)
    }

    /// Evening: what has run low is ordered from the suppliers whose day it is.
    pub fn order(&mut self, journal: &mut Journal, rng: &mut Rng, business: &Business<'_>, day: Day) {
        for (supplier, terms) in SUPPLIERS.iter().enumerate() {
            if !terms.order_weekdays.contains(&day.weekday()) {
                continue;
            }
            let mut goods = Vec::new();
            for index in 0..business.items.len() {
                if business.items[index].supplier != supplier {
                    continue;
                }
                let position = self.on_hand[index] + self.on_order[index];
                let up_to = self.order_up_to(business, index, day);
                let mean = self.mean_until_next(business, index, day);
                let point = (mean + 1.4 * mean.sqrt()).floor().min((up_to - 1) as f64);
                if up_to > position && position as f64 <= point {
                    goods.push((index, up_to - position));
                    self.on_order[index] += up_to - position;
                }
            }
            if goods.is_empty() {
                continue;
            }
            let order = journal.id();
            let (least, most) = terms.lead_days;
            let lead = i32::from(least) + rng.below(usize::from(most - least) + 1) as i32;
            let lines = goods
                .iter()
                .map(|&(index, pieces)| StockLine {
                    product: business.items[index].product,
                    units: Vec::new(),
                    quantity: Quantity::pieces(pieces),
                    unit_cost: Some(business.items[index].price(day).1),
                })
                .collect();
            let instant = at(day, 22 * 60 + 40 + supplier as i64);
            let record = PurchaseOrder {
                id: order,
                shop: self.shop,
                supplier: Some(business.suppliers[supplier]),
                lines,
                at: instant,
                expected: Some(Day(day.0 + i32::from(terms.promised_days))),
            };
            journal.push(self.stream(), instant, Record::PurchaseOrder(record));
            self.arrivals.push(Arrival { day: Day(day.0 + lead), order, supplier, goods });
        }
    }

    /// Goods come in, with a unit for each phone and the supplier's bill.
    #[allow(clippy::too_many_arguments, reason = "one call, one delivery note")]
    fn receive(
        &mut self,
        journal: &mut Journal,
        rng: &mut Rng,
        business: &Business<'_>,
        day: Day,
        order: Option<DocumentId>,
        supplier: Option<usize>,
        goods: Vec<(usize, i64)>,
    ) {
        let instant = at(day, 11 * 60);
        let mut lines = Vec::with_capacity(goods.len());
        let mut total = Paisa::ZERO;
        for (index, pieces) in goods {
            let item = &business.items[index];
            let list_cost = item.price(day).1;
            self.on_hand[index] += pieces;
            self.cost[index] = list_cost;
            if item.class != Class::Phone {
                total += Paisa(list_cost.0 * pieces);
                lines.push(StockLine {
                    product: item.product,
                    units: Vec::new(),
                    quantity: Quantity::pieces(pieces),
                    unit_cost: Some(list_cost),
                });
                continue;
            }
            // Used and untaxed phones cost less: a line for each cost.
            let mut by_cost: BTreeMap<Paisa, Vec<_>> = BTreeMap::new();
            for _ in 0..pieces {
                let piece = unbox(journal, rng, item, index, self.shop, list_cost, day);
                by_cost.entry(piece.cost).or_default().push(piece.unit);
                self.pieces[index].push_back(piece);
            }
            for (cost, units) in by_cost {
                let quantity = Quantity::pieces(units.len() as i64);
                total += Paisa(cost.0 * units.len() as i64);
                lines.push(StockLine { product: item.product, units, quantity, unit_cost: Some(cost) });
            }
        }
        let firm = supplier.map(|index| business.suppliers[index]);
        let receipt =
            SupplierReceipt { id: journal.id(), order, shop: self.shop, supplier: firm, lines, at: instant };
        journal.push(self.stream(), instant, Record::SupplierReceipt(receipt));
        if let (Some(index), Some(firm)) = (supplier, firm) {
            let due = Day(day.0 + SUPPLIERS[index].credit_days);
            let bill = SupplierBill {
                id: journal.id(),
                supplier: firm,
                shop: self.shop,
                amount: total,
                at: instant,
                due: Some(due),
                opening: false,
                undoes: None,
            };
            journal.push(self.stream(), instant, Record::SupplierBill(bill));
            let paid = Day(due.0 + rng.below(9) as i32);
            self.bills.entry(paid).or_default().push((firm, total));
        }
    }

    /// Fifteen accessories are counted; now and then one is missing.
    fn count(&mut self, journal: &mut Journal, rng: &mut Rng, business: &Business<'_>, day: Day) {
        let instant = at(day, 11 * 60 + 10);
        let loose: Vec<usize> = (0..business.items.len())
            .filter(|&index| business.items[index].class == Class::Loose && self.on_hand[index] > 0)
            .collect();
        let mut lines = Vec::new();
        for _ in 0..15 {
            let index = loose[rng.below(loose.len())];
            let product = business.items[index].product;
            if lines.iter().any(|line: &CountLine| line.product == product) {
                continue;
            }
            let expected = self.on_hand[index];
            let counted = if rng.chance(0.1) { expected - 1 } else { expected };
            self.on_hand[index] = counted;
            lines.push(CountLine {
                product,
                expected: Quantity::pieces(expected),
                counted: Quantity::pieces(counted),
            });
        }
        let count = Count { id: journal.id(), shop: self.shop, lines, at: instant };
        journal.push(self.stream(), instant, Record::Count(count));
    }

    fn break_something(&mut self, journal: &mut Journal, rng: &mut Rng, business: &Business<'_>, day: Day) {
        let index = rng.below(business.items.len());
        if business.items[index].class == Class::Phone || self.on_hand[index] < 3 {
            return;
        }
        self.on_hand[index] -= 1;
        let instant = at(day, 11 * 60 + 15);
        let line = StockLine {
            product: business.items[index].product,
            units: Vec::new(),
            quantity: Quantity::pieces(-1),
            unit_cost: Some(self.cost[index]),
        };
        let adjustment = Adjustment {
            id: journal.id(),
            shop: self.shop,
            lines: vec![line],
            reason: AdjustmentReason::Damage,
            at: instant,
        };
        journal.push(self.stream(), instant, Record::Adjustment(adjustment));
    }
}
