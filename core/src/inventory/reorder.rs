//! Reorder suggestions: the seed's `ReorderSuggestion` with its reason.
//!
//! Question: what to order today, how much, and what is lost without it? Input: the demand forecast of every product
//! with a sale in the last [`SELLING_DAYS`] days, its supplier's lead time, stock on hand and on order, price and
//! cost. Output: an (s, S) decision a product. With lead time L, review period R = [`REVIEW_DAYS`] (a shop looks
//! at its orders once a week), D(n) the forecast sum of n days:
//!
//! - safety stock SS = z·σ over L + R days, σ from the forecast's band of sums and the lead time's spread
//!   ([`super::safety_stock`]), service level 95 %;
//! - reorder point s = D(L) + SS; order up to S = D(L + R) + SS; order S − (on hand + on order) when that sum ≤ s;
//! - days until stockout: where the summed forecast meets the stock, with the ends of its 80 % band as range;
//! - at risk: pieces asked for in vain over L + R without an order × margin (price where cost is unknown).
//!
//! Where the shelf was never counted nothing is assumed about it: the order covers D(L + R), urgency is medium,
//! `at_risk` is the margin of all that demand, and the reason says so. Of such products only the
//! [`MOST_UNCOUNTED`] that earned most in the last [`SELLING_DAYS`] days are planned, as a forecast of thousands takes
//! a device many seconds; the others are counted in `unplanned`. With a budget, pieces are bought by
//! worth per rupee ([`super::budget`]); where cost is unknown, price stands for it there.
//!
//! How it fails: products with too little history get no suggestion (never a made-up demand) and are counted in
//! `too_new`; a shelf that was often empty hides demand. Reference: Silver, Pyke & Thomas (4th ed. 2017), ch. 6.

use super::{
    budget::{Wish, spend},
    dead_stock::dead_stock,
    lead_time::LeadTime,
    open_order::{OpenOrder, open_orders},
    safety_stock::{IntervalDemand, SERVICE_LEVEL},
};
use crate::{
    calendar::Calendar,
    demand::{
        Ahead, Forecasts, LifeBook, LifeCycle, PRODUCT_DAYS, Phase, SELLING_DAYS, SeriesKey, SeriesWork,
        by_product::{Goods, Learner},
        missing_days,
    },
    feature::availability::Availability,
    feature::demand::{DailySeries, DemandFeatures, SalesByProduct},
    forecast::Forecast,
    id::{ProductId, SupplierId},
    money::{Currency, Paisa},
    quantity::Quantity,
    reason::Reason,
    table::{NONE, Tables},
    time::Day,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, ops::Range};

/// Version of the policy, kept with every suggestion.
pub const VERSION: &str = "1.0.0";

/// Days between two looks at the orders.
pub const REVIEW_DAYS: f64 = 7.0;

/// Most products whose stock was never counted that are planned.
pub const MOST_UNCOUNTED: usize = 400;

/// Answer to `Task::Reorder`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReorderPlan {
    /// As of: the day that was asked for, or, of sales that ended long before it, the day after the last one
    /// ([`crate::demand::effective_day`]).
    pub today: Day,
    /// What amounts are in.
    pub currency: Currency,
    /// Suggestions by rupees at risk, most first.
    pub suggestions: Vec<ReorderSuggestion>,
    /// Cost of all of them together, where costs are known.
    pub total_cost: Paisa,
    /// Cost before any budget cut.
    pub wanted_cost: Paisa,
    /// Products that sell and whose stock was never counted.
    pub uncounted: u64,
    /// Of them those that were left out, as others earned more: see [`MOST_UNCOUNTED`].
    pub unplanned: u64,
    /// Products that sell and have too little history for a forecast.
    pub too_new: u64,
    /// Phansa maal: products with stock and no sale for long.
    pub dead_stock: Vec<DeadStock>,
    /// Orders that have not all arrived, newest first.
    pub open_orders: Vec<OpenOrder>,
}

/// One product to order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReorderSuggestion {
    /// Which product.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// From whom it last came.
    pub supplier: Option<SupplierId>,
    /// Pieces on the shelf; none when never counted.
    pub current_stock: Option<Quantity>,
    /// How many to order, whole pieces; none where the budget did not reach.
    pub suggested_order_quantity: Quantity,
    /// Order when the shelf falls to this.
    pub reorder_point: Quantity,
    /// Pieces kept against surprise.
    pub safety_stock: Quantity,
    /// Expected pieces a day over lead time and review.
    pub daily_demand: f64,
    /// Days until the shelf is empty: 80 % range and middle; none beyond the horizon.
    pub days_until_stockout: Option<(f64, f64, Option<f64>)>,
    /// Under 7 days high, under 14 medium, else low; medium where stock is unknown.
    pub urgency: Urgency,
    /// Margin (or revenue where cost is unknown) expected to be lost without an order.
    pub at_risk: Paisa,
    /// What the order costs, where cost is known.
    pub order_cost: Option<Paisa>,
    /// Measured coverage of the forecast behind it, 0–1.
    pub confidence: Option<f64>,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The values behind it, for the record.
    pub features: DemandFeatures,
}

/// A product that lies and does not sell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeadStock {
    /// Which product.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// Pieces.
    pub on_hand: Quantity,
    /// At cost (or price where cost is unknown).
    pub tied_up: Paisa,
    /// Days since the last sale, or since it came.
    pub idle_days: u32,
}

/// The seed's urgency: stock for less than 7 days is high, less than 14 medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Now.
    High,
    /// This week.
    Medium,
    /// When there is time.
    Low,
}

impl Urgency {
    /// By days until the shelf is empty; beyond the horizon is low.
    pub fn of_days(days: Option<f64>) -> Self {
        match days {
            Some(days) if days < 7.0 => Self::High,
            Some(days) if days < 14.0 => Self::Medium,
            _ => Self::Low,
        }
    }
}

/// Which products are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All that sell.
    Selling,
    /// Of them only those whose stock is known.
    Counted,
}

/// Answers `Task::Reorder` in one go.
pub fn answer(
    tables: &Tables,
    shop: Option<usize>,
    today: Day,
    budget: Option<Paisa>,
    known: &Forecasts,
) -> ReorderPlan {
    let mut run = ReorderRun::new(tables, shop, today, Scope::Selling, known);
    run.step(0..run.len());
    run.finish(budget)
}

/// A plan in the making: forecasts take a millisecond a product, so a worker steps through them and reports.
#[derive(Debug)]
pub struct ReorderRun<'a> {
    tables: &'a Tables,
    shop: Option<usize>,
    known: &'a Forecasts,
    sales: SalesByProduct,
    shelves: Availability,
    calendar: Calendar,
    prices: Vec<Option<Paisa>>,
    candidates: Vec<usize>,
    uncounted: u64,
    unplanned: u64,
    too_new: u64,
    books: BTreeMap<Goods, Option<LifeBook<'a>>>,
    wants: Vec<(ReorderSuggestion, Wish)>,
}

impl<'a> ReorderRun<'a> {
    /// Finds the products to look at.
    pub fn new(
        tables: &'a Tables,
        shop: Option<usize>,
        today: Day,
        scope: Scope,
        known: &'a Forecasts,
    ) -> Self {
        let sales = SalesByProduct::build(tables, shop, today);
        let selling = |product: &usize| {
            let recent = sales.last_sale(*product).is_some_and(|last| today.0 - last.0 <= SELLING_DAYS);
            let fields = &tables.products[*product].fields;
            // Loose goods have no shelf: nobody can say what is left of them.
            recent && fields.retired != Some(true) && fields.open.is_none()
        };
        let selling: Vec<usize> = (0..tables.products.len()).filter(selling).collect();
        let counted = |product: &usize| tables.on_hand(shop, *product).is_some();
        let (mut candidates, mut others): (Vec<usize>, Vec<usize>) = selling.into_iter().partition(counted);
        let uncounted = others.len() as u64;
        let prices = prices(tables, shop, today);
        let mut unplanned = 0;
        if scope == Scope::Selling {
            let earned = |product: usize| {
                let pieces = sales.series(product).map_or(0.0, |series| series.recent(SELLING_DAYS as usize));
                (pieces * prices[product].map_or(0.0, |price| price.as_units())) as i64
            };
            // Stable: equals stay in the order of their ids.
            crate::order::by_key(&mut others, |&product| std::cmp::Reverse(earned(product)));
            unplanned = others.len().saturating_sub(MOST_UNCOUNTED) as u64;
            candidates.extend(others.into_iter().take(MOST_UNCOUNTED));
        }
        Self {
            tables,
            shop,
            known,
            shelves: Availability::build(tables, shop, today),
            calendar: Calendar::of(tables, shop, today),
            sales,
            prices,
            candidates,
            uncounted,
            unplanned,
            too_new: 0,
            books: BTreeMap::new(),
            wants: Vec::new(),
        }
    }

    /// Products to look at.
    pub fn len(&self) -> usize {
        self.candidates.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.candidates.is_empty()
    }

    /// Looks at a slice of them; each must be looked at once.
    pub fn step(&mut self, slice: Range<usize>) {
        for at in slice {
            let product = self.candidates[at];
            let Some(series) = self.sales.series(product) else { continue };
            let life = self.life(product);
            if missing_days(Some(&series)) == 0 {
                self.wants.extend(self.consider(product, &series, life.as_ref()));
            } else if let Some(life) = life {
                self.wants.extend(self.consider_new(product, &series, &life));
            } else {
                self.too_new += 1;
            }
        }
    }

    /// The plan: cut to the budget, most at risk first, then by id.
    pub fn finish(mut self, budget: Option<Paisa>) -> ReorderPlan {
        crate::order::by_key(&mut self.wants, |(suggestion, _)| {
            (std::cmp::Reverse(suggestion.at_risk), suggestion.product)
        });
        let cost_of = |wants: &[(ReorderSuggestion, Wish)]| -> Paisa {
            wants.iter().filter_map(|(suggestion, _)| suggestion.order_cost).sum()
        };
        let wanted_cost = cost_of(&self.wants);
        if let Some(budget) = budget {
            let wishes: Vec<Wish> = self.wants.iter().map(|(_, wish)| *wish).collect();
            for ((suggestion, wish), pieces) in self.wants.iter_mut().zip(spend(&wishes, budget)) {
                if pieces < wish.pieces {
                    suggestion.reasons.push(Reason::BudgetCut { units: wish.pieces as f64 });
                    suggestion.suggested_order_quantity = Quantity::pieces(pieces as i64);
                    suggestion.order_cost =
                        suggestion.order_cost.map(|_| Paisa(wish.outlay.0.saturating_mul(pieces as i64)));
                }
            }
        }
        let today = self.sales.today();
        ReorderPlan {
            today,
            currency: self.tables.currency(self.shop),
            total_cost: cost_of(&self.wants),
            wanted_cost,
            uncounted: self.uncounted,
            unplanned: self.unplanned,
            too_new: self.too_new,
            dead_stock: dead_stock(self.tables, self.shop, today, &self.sales, &self.prices),
            open_orders: open_orders(self.tables, self.shop),
            suggestions: self.wants.into_iter().map(|(suggestion, _)| suggestion).collect(),
        }
    }

    /// Where in its life a model stands; phones are looked up among phones, all else among all else.
    fn life(&mut self, product: usize) -> Option<LifeCycle> {
        let goods = Goods::of(self.tables, product);
        let (tables, sales, shelves) = (self.tables, &self.sales, &self.shelves);
        let cold_start = self.known.cold_start();
        let learn = || LifeBook::new(tables, goods, sales, shelves, cold_start);
        let book = self.books.entry(goods).or_insert_with(learn);
        book.as_ref()?.of(product)
    }

    fn lead(&self, product: usize) -> LeadTime {
        LeadTime::of(self.supplier(product).map(|supplier| &self.tables.suppliers[supplier]))
    }

    /// What to order of a product that is too new for a forecast of its own, if anything.
    fn consider_new(
        &self,
        product: usize,
        series: &DailySeries,
        life: &LifeCycle,
    ) -> Option<(ReorderSuggestion, Wish)> {
        let lead = self.lead(product);
        let horizon_days = usize::from(PRODUCT_DAYS).max((lead.mean_days + REVIEW_DAYS).ceil() as usize);
        let (mean, bands) = life.sums(horizon_days, &[80.0, 90.0]);
        let [narrow, middle] = &bands[..] else { return None };
        let sums = Sums { mean: &mean, lo80: &narrow.lo, hi80: &narrow.hi, hi90: &middle.hi };
        let found = self.decide(product, series, &sums, life.held80.map(|it| it.0), Some(life));
        found.map(|(mut suggestion, wish)| {
            suggestion.reasons.push(Reason::JudgedByAlike { products: life.lives });
            (suggestion, wish)
        })
    }

    /// What to order of one product, if anything.
    fn consider(
        &self,
        product: usize,
        series: &DailySeries,
        life: Option<&LifeCycle>,
    ) -> Option<(ReorderSuggestion, Wish)> {
        let row = &self.tables.products[product];
        let lead = self.lead(product);
        let interval_days = lead.mean_days + REVIEW_DAYS;
        // As far as "days until stockout" can see; further only where goods take that long.
        let horizon_days = PRODUCT_DAYS.max(interval_days.ceil() as u16);
        let key = SeriesKey { shop: self.shop.map(|shop| self.tables.shops[shop].id), product: Some(row.id) };
        let censored = self.shelves.censored(product, series.from);
        let by_default = Some(Learner::model_of(self.tables, product));
        let work = SeriesWork::new(key, series, &censored, horizon_days, by_default, &self.calendar);
        let ahead = self.known.ahead(&work, &self.calendar)?;
        let sums = Sums::of(&ahead.sums)?;
        self.decide(product, series, &sums, ahead.coverage(80.0), life)
    }

    /// The quantity for what is expected until the next order arrives, if it is time for one.
    fn decide(
        &self,
        product: usize,
        series: &DailySeries,
        sums: &Sums<'_>,
        confidence: Option<f64>,
        life: Option<&LifeCycle>,
    ) -> Option<(ReorderSuggestion, Wish)> {
        let row = &self.tables.products[product];
        let on_hand = self.tables.on_hand(self.shop, product);
        let on_order = self.on_order(product);
        let supplier = self.supplier(product);
        let lead = self.lead(product);
        let interval_days = lead.mean_days + REVIEW_DAYS;
        let mean = at(sums.mean, interval_days);
        let daily = mean / interval_days;
        let demand = IntervalDemand::new(mean, at(sums.hi90, interval_days), daily, lead.sd_days);
        let safety_stock = demand.safety_stock(SERVICE_LEVEL);
        let reorder_point = at(sums.mean, lead.mean_days) + safety_stock;
        let shelf = on_hand.map(|on_hand| on_hand.as_units().max(0.0));
        let position = shelf.unwrap_or(0.0) + on_order;
        let order_up_to = if shelf.is_some() { mean + safety_stock } else { mean };
        // Less than half a piece over the point is the point.
        let due = shelf.is_none() || position <= reorder_point.round();
        let wanted = (order_up_to - position).ceil();
        // of a model that is dying no more than it will still sell
        let last = life.filter(|it| matches!(it.phase, Phase::Declining | Phase::Ending));
        let most = last.map_or(f64::INFINITY, |life| (life.left.mean.round() - position).max(0.0));
        let pieces = wanted.min(most);
        if !due || pieces < 1.0 {
            return None;
        }
        let price = self.prices[product];
        let value = match (price, row.cost) {
            (Some(price), Some(cost)) => Paisa((price.0 - cost.0).max(0)),
            (price, _) => price.unwrap_or_default(),
        };
        let lost = if shelf.is_some() { demand.shortage(position) } else { mean };
        let days_until_stockout = shelf.and_then(|shelf| sums.runs_out(shelf));
        let quantity = Quantity::pieces(pieces as i64);
        let mut reasons = reasons(shelf, on_order, daily, days_until_stockout, lead);
        if let Some(life) = last.filter(|_| most < wanted) {
            reasons.push(Reason::LifeEnds { units_left: life.left.mean });
        }
        let suggestion = ReorderSuggestion {
            product: row.id,
            name: row.label(),
            supplier: supplier.map(|supplier| self.tables.suppliers[supplier].id),
            current_stock: on_hand,
            suggested_order_quantity: quantity,
            reorder_point: whole(reorder_point.round()),
            safety_stock: whole(safety_stock.round()),
            daily_demand: daily,
            days_until_stockout,
            urgency: match shelf {
                Some(_) => Urgency::of_days(days_until_stockout.map(|(_, mid, _)| mid)),
                None => Urgency::Medium,
            },
            at_risk: Paisa((lost * value.0 as f64).round() as i64),
            order_cost: row.cost.and_then(|cost| quantity.times(cost)),
            confidence,
            reasons,
            features: DemandFeatures {
                history_days: series.net.len() as u32,
                sale_days: series.sale_days() as u32,
                units_28d: series.recent(28),
                units_90d: series.recent(90),
                last_sale_days: self
                    .sales
                    .last_sale(product)
                    .map_or(0, |last| (self.sales.today().0 - last.0) as u32),
                expected_daily_units: daily,
                on_hand_units: on_hand.map(Quantity::as_units),
                on_order_units: on_order,
                lead_time_days: lead.mean_days,
                lead_time_sd_days: lead.sd_days,
                price_paisa: price.map(|price| price.0),
                cost_paisa: row.cost.map(|cost| cost.0),
            },
        };
        let outlay = row.cost.or(price).unwrap_or_default();
        Some((suggestion, Wish { pieces: pieces as u64, outlay, value, available: position, demand }))
    }

    fn shops(&self) -> Range<usize> {
        self.shop.map_or(0..self.tables.shops.len(), |shop| shop..shop + 1)
    }

    fn on_order(&self, product: usize) -> f64 {
        let (products, stock) = (self.tables.products.len(), &self.tables.stock);
        let of_shop = |shop: usize| stock.on_order.get(shop * products + product).copied();
        self.shops().filter_map(of_shop).sum::<Quantity>().as_units().max(0.0)
    }

    fn supplier(&self, product: usize) -> Option<usize> {
        let (products, stock) = (self.tables.products.len(), &self.tables.stock);
        let of_shop = |shop: usize| stock.supplier.get(shop * products + product).copied();
        self.shops().filter_map(of_shop).find(|supplier| *supplier != NONE).map(|supplier| supplier as usize)
    }
}

fn whole(pieces: f64) -> Quantity {
    Quantity::pieces(pieces as i64)
}

fn reasons(
    shelf: Option<f64>,
    on_order: f64,
    daily: f64,
    runs_out: Option<(f64, f64, Option<f64>)>,
    lead: LeadTime,
) -> Vec<Reason> {
    let mut reasons = Vec::with_capacity(4);
    match (shelf, runs_out) {
        (None, _) => reasons.push(Reason::StockUnknown),
        (Some(shelf), _) if shelf <= 0.0 => reasons.push(Reason::OutOfStock),
        (Some(_), Some((lo, mid, hi))) => reasons.push(Reason::RunsOutInDays { lo, mid, hi }),
        (Some(_), None) => {}
    }
    reasons.push(Reason::SellsPerWeek { units: 7.0 * daily });
    reasons.push(Reason::SupplierTakesDays { days: lead.mean_days, learned: lead.learned });
    if on_order > 0.0 {
        reasons.push(Reason::OnOrder { units: on_order });
    }
    reasons
}

/// Forecast of the first 1, 2, … days together.
struct Sums<'a> {
    mean: &'a [f64],
    lo80: &'a [f64],
    hi80: &'a [f64],
    hi90: &'a [f64],
}

impl<'a> Sums<'a> {
    fn of(sums: &'a Forecast) -> Option<Self> {
        let (narrow, middle) = (sums.bands.get(Ahead::place(80.0))?, sums.bands.get(Ahead::place(90.0))?);
        Some(Self { mean: &sums.mean, lo80: &narrow.lo, hi80: &narrow.hi, hi90: &middle.hi })
    }

    /// Days until `stock` is sold: soonest, most likely, latest; none when most likely not within the horizon.
    fn runs_out(&self, stock: f64) -> Option<(f64, f64, Option<f64>)> {
        let mid = reaches(self.mean, stock)?;
        let lo = reaches(self.hi80, stock).unwrap_or(mid).min(mid);
        Some((lo, mid, reaches(self.lo80, stock).map(|hi| hi.max(mid))))
    }
}

/// Value of a running sum after so many days, a part of a day in proportion.
pub(super) fn at(sums: &[f64], days: f64) -> f64 {
    let after = |days: usize| if days == 0 { 0.0 } else { sums[(days - 1).min(sums.len() - 1)] };
    let below = after(days.floor() as usize);
    below + (after(days.ceil() as usize) - below) * days.fract()
}

/// Days after which a running sum reaches `level`.
fn reaches(sums: &[f64], level: f64) -> Option<f64> {
    let day = sums.iter().position(|sum| *sum >= level)?;
    let before = if day == 0 { 0.0 } else { sums[day - 1] };
    let gain = sums[day] - before;
    Some(if gain > 0.0 { day as f64 + ((level - before) / gain).max(0.0) } else { day as f64 })
}

/// Product → price asked: the set one, else the average charged in the last [`SELLING_DAYS`] days.
pub(super) fn prices(tables: &Tables, shop: Option<usize>, today: Day) -> Vec<Option<Paisa>> {
    let sales = &tables.sales;
    let since = sales.day.partition_point(|day| day.0 < today.0 - SELLING_DAYS);
    let upto = sales.day.partition_point(|&day| day < today);
    let mut charged = vec![(0i64, 0i64); tables.products.len()];
    for receipt in since..upto {
        if shop.is_some_and(|shop| sales.shop[receipt] as usize != shop) {
            continue;
        }
        for line in sales.lines_of(receipt).filter(|&line| sales.quantity[line].0 > 0) {
            let (amount, quantity) = &mut charged[sales.product[line] as usize];
            *amount += sales.amount[line].0;
            *quantity += sales.quantity[line].0;
        }
    }
    let average = |(amount, quantity): (i64, i64)| {
        (quantity > 0).then(|| Paisa((amount as f64 * 1_000.0 / quantity as f64).round() as i64))
    };
    tables.products.iter().zip(charged).map(|(row, charged)| row.price.or_else(|| average(charged))).collect()
}
