//! One product: when to order, up to how many, and what each further piece is worth.
//!
//! Question answered: with what is expected until goods that are ordered now, or at the next look at the orders, can be
//! sold, from which position on should the shop order (s), up to which (S), and what is lost where it cannot? Input: the
//! law of demand over the first days ([`SumLaw`], from joint sample paths), lead time with its spread, days between two
//! looks, [`Costs`] in rupees. Output: [`Policy`].
//!
//! Method, with d pieces a day, R days between two looks, h a piece's holding cost of a day, p what a piece asked for in
//! vain costs, K what an order costs:
//! - batch Q: the economic order √(2·K·d ÷ h) over the coming months' seasons, at most for [`MAX_COVER_DAYS`] days;
//! - a cycle T: as long as that lasts, at least R and the time of one piece;
//! - s is the least whole number with P(D > s) ≤ h·T ÷ (p + h·T), D the demand over the lead time and what passes until
//!   the next look, on average R ÷ 2: one piece more lies for a cycle, or saves a sale (Hadley & Whitin's rule);
//! - S = s + Q − d·R ÷ 2, as orders are seen that much late; at least what by the same rule with R in T's place suffices
//!   over lead time and R, as no order comes sooner, and s + 1;
//! - who finds an empty shelf does not come back: what is expected to be lost before goods arrive is not ordered;
//! - the piece that lifts the position to y ≤ S is worth p·P(D ≥ y) + h·(S − y) ÷ d, D over lead time and R: a sale saved,
//!   and the later order; one beyond S costs h·(y − S) ÷ d.
//!
//! Assumptions: lead time and demand are independent, orders do not overtake each other, a piece that is left over sells
//! later. Where costs are unknown both levels serve [`SERVICE_LEVEL`] of the cycles. How it fails: a law that says
//! nothing is ever sold gives levels of 0. References: Hadley & Whitin, "Analysis of inventory systems" (1963), ch. 4;
//! Silver, Pyke & Thomas (4th ed. 2017), ch. 6–7.

use crate::{
    forecast::sum_law::SumLaw,
    inventory::{
        input::{InputError, not_negative, positive},
        lead_demand::{LeadDemand, arrivals, shortage},
        lead_time::LeadTime,
        safety_stock::SERVICE_LEVEL,
    },
};

/// Most days that are bought for at once.
pub const MAX_COVER_DAYS: f64 = 60.0;

/// Days of a month of [`Terms::seasons`].
const MONTH_DAYS: f64 = 30.4375;

/// Less than this of a piece is rounding.
const WHOLE: f64 = 1e-3;

const YEAR_DAYS: f64 = 365.25;

/// What things cost, in rupees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Costs {
    /// A piece, of the supplier.
    pub unit_cost: f64,
    /// A piece that was asked for in vain: its margin and goodwill.
    pub lost: f64,
    /// Holding, a year, as a part of the unit cost.
    pub holding_rate: f64,
    /// An order, whatever its size.
    pub order: f64,
}

impl Costs {
    fn checked(&self) -> Result<&Self, InputError> {
        positive("unit_cost", self.unit_cost)?;
        not_negative("stockout_cost", self.lost)?;
        positive("holding_cost_rate", self.holding_rate)?;
        not_negative("order_cost", self.order)?;
        Ok(self)
    }
}

/// How a product is ordered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms<'a> {
    /// From order to arrival.
    pub lead: LeadTime,
    /// Days between two looks at the orders.
    pub review_days: usize,
    /// How many times as much as in the law's days is sold in each of the coming months; empty for as much.
    pub seasons: &'a [f64],
    /// Part of the cycles that must end without a stockout, whatever it costs; 0 where costs alone decide.
    pub least_service: f64,
    /// Most days that are bought for at once.
    pub most_days: f64,
}

impl<'a> Terms<'a> {
    /// Without seasons and where costs alone decide.
    pub fn new(lead: LeadTime, review_days: usize) -> Self {
        Self { lead, review_days, seasons: &[], least_service: 0.0, most_days: MAX_COVER_DAYS }
    }
}

/// When to order and up to how many.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// s: order at this position or below.
    pub reorder_point: f64,
    /// S: order up to this position.
    pub up_to: f64,
    /// What s holds above what is expected to be sold until goods come.
    pub safety_stock: f64,
    /// Q: pieces of a usual order.
    pub batch: f64,
    /// Pieces a day over lead time and review.
    pub daily: f64,
    /// Part of the cycles that end without a stockout.
    pub service_level: f64,
    /// Holding, orders and lost sales of a year, in rupees; none where costs are unknown.
    pub annual_cost: Option<f64>,
    /// Demand over lead time and review.
    pub demand: LeadDemand,
    /// Demand from the day on which the position falls to s until goods come.
    until: LeadDemand,
    /// Law of demand and chances of arrival, for what is lost before goods come.
    law: SumLaw,
    arrivals: Vec<f64>,
    /// p and h of a day; none where costs are unknown.
    costs: Option<(f64, f64)>,
}

impl Policy {
    /// The cheapest levels, or those of the usual service where costs are unknown.
    ///
    /// # Errors
    /// Where a cost or the lead time is no number that makes sense.
    pub fn new(law: &SumLaw, terms: &Terms<'_>, costs: Option<&Costs>) -> Result<Self, InputError> {
        let review = terms.review_days;
        let arrivals = arrivals(&terms.lead)?;
        let demand = LeadDemand::of_law(law, &arrivals, review);
        let until = LeadDemand::of_law(law, &seen_late(&arrivals, review), 0);
        let daily = demand.mean / (terms.lead.mean_days + review as f64).max(1.0);
        let between = daily * review as f64;
        let mut policy = Self {
            reorder_point: 0.0,
            up_to: 0.0,
            safety_stock: 0.0,
            batch: 0.0,
            daily,
            service_level: 1.0,
            annual_cost: costs.map(|_| 0.0),
            demand,
            until,
            law: law.clone(),
            arrivals,
            costs: None,
        };
        let costs = costs.map(Costs::checked).transpose()?;
        policy.costs = costs.map(|it| (it.lost, it.unit_cost * it.holding_rate / YEAR_DAYS));
        for &season in terms.seasons {
            not_negative("seasonality_factors", season)?;
        }
        if daily <= 0.0 {
            return Ok(policy);
        }
        policy.batch = between.max(1.0);
        let (mut spare, mut spare_between) = (1.0 - SERVICE_LEVEL, 1.0 - SERVICE_LEVEL);
        if let (Some(costs), Some((lost, holding))) = (costs, policy.costs) {
            let days = (2.0 * costs.order / (daily * holding)).sqrt().min(terms.most_days);
            let least = (review as f64).max(1.0 / daily);
            let missing = |days: f64| holding * days / (lost + holding * days);
            (spare, spare_between) = (missing(days.max(least)), missing(least));
            policy.batch = (daily * seasonal_days(days, terms.seasons)).max(1.0);
        }
        let level = |demand: &LeadDemand, spare: f64| -> Result<f64, InputError> {
            let level = demand.level(1.0 - spare.min(1.0 - terms.least_service))?;
            Ok((level - 0.5).ceil().max(0.0))
        };
        policy.reorder_point = level(&policy.until, spare)?;
        let by_batch = policy.reorder_point + (policy.batch - 0.5 * between).round();
        let enough = level(&policy.demand, spare_between)?.max(policy.reorder_point + 1.0);
        policy.up_to = if costs.is_some() { enough.max(by_batch) } else { enough };
        policy.safety_stock = (policy.reorder_point - policy.until.mean).max(0.0);
        policy.service_level = 1.0 - policy.until.above(policy.reorder_point + 0.5);
        policy.annual_cost = costs.map(|costs| policy.year(costs, terms.seasons));
        Ok(policy)
    }

    /// Holding, orders and lost sales of a year.
    fn year(&self, costs: &Costs, seasons: &[f64]) -> f64 {
        let sold = self.daily * seasonal_days(YEAR_DAYS, seasons);
        let batch = self.batch.max(self.up_to - self.reorder_point);
        let held = costs.unit_cost * costs.holding_rate * (0.5 * batch + self.safety_stock);
        let cycle = costs.order + costs.lost * self.until.shortage(self.reorder_point);
        held + cycle * sold / batch
    }

    /// Whole pieces to order at a position: what is on the shelf and on its way.
    pub fn order(&self, position: f64) -> f64 {
        let due = position <= self.reorder_point;
        if due { (self.up_to - self.served(position) - WHOLE).ceil().max(0.0) } else { 0.0 }
    }

    /// The position, with what will be asked for in vain before goods of now arrive.
    fn served(&self, position: f64) -> f64 {
        position + shortage(&self.law, &self.arrivals, position)
    }

    /// Pieces asked for in vain over lead time and review without an order.
    pub fn shortage(&self, position: f64) -> f64 {
        self.demand.shortage(position)
    }

    /// Rupees that each of the next `count` pieces is worth at a position, falling. Where costs are unknown a sale saved
    /// counts `value`.
    pub fn worth(&self, position: f64, count: usize, value: f64) -> Vec<f64> {
        let (lost, holding) = self.costs.unwrap_or((value, 0.0));
        let from = self.served(position);
        let lying = if self.daily > 0.0 { holding / self.daily } else { 0.0 };
        let mut last = f64::INFINITY;
        let levels = (1..=count).map(|piece| from + piece as f64 - 0.5);
        let of = |(piece, above): (usize, f64)| {
            let over = self.up_to + 1.0 - WHOLE - from - piece as f64;
            let worth = if over > 0.0 {
                lost * above + lying * over
            } else {
                // never wanted, however little it costs
                lying * over - f64::MIN_POSITIVE
            };
            last = worth.min(last);
            last
        };
        (1..=count).zip(self.demand.above_each(levels)).map(of).collect()
    }
}

/// Chances of goods coming after 0, 1, 2, … days from the day on which the position falls to s: any day between two looks
/// is as likely as another.
fn seen_late(arrivals: &[f64], review_days: usize) -> Vec<f64> {
    let mut chances = vec![0.0; arrivals.len() + review_days];
    for (day, chance) in arrivals.iter().enumerate() {
        for wait in 0..=review_days {
            let part = match wait {
                _ if review_days == 0 => 1.0,
                0 => 0.5 / review_days as f64,
                wait if wait == review_days => 0.5 / review_days as f64,
                _ => 1.0 / review_days as f64,
            };
            chances[day + wait] += chance * part;
        }
    }
    chances
}

/// So many days, in days of the law: months count as their seasons say.
fn seasonal_days(days: f64, seasons: &[f64]) -> f64 {
    if seasons.is_empty() {
        return days;
    }
    let month = |at: usize| {
        let part = (days / MONTH_DAYS - at as f64).clamp(0.0, 1.0);
        part * MONTH_DAYS * seasons[at % seasons.len()]
    };
    (0..=(days / MONTH_DAYS) as usize).map(month).sum()
}
