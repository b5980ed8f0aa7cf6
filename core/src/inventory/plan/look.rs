//! One product of a shop looked at: what is known of it becomes a wish with its reasons, or none.

use super::{
    HOLDING_RATE,
    limits::{Wish, order},
    policy::{Costs, MAX_COVER_DAYS, Policy, Terms},
    run::ReorderRun,
    shop_costs,
    substitute::Substitutes,
};
use crate::{
    calendar::EventKind,
    demand::{self, Ahead, LifeCycle, Phase, missing_days},
    feature::demand::{DailySeries, DemandFeatures},
    forecast::SumLaw,
    inventory::{
        dead_stock::AGEING_RATE,
        lead_time::LeadTime,
        reorder::{REVIEW_DAYS, ReorderSuggestion, Urgency, earned_by_one, horizon_days},
    },
    money::Paisa,
    quantity::Quantity,
    reason::Reason,
    time::{Day, Period},
};

/// What was found of a product.
#[derive(Clone, Debug, PartialEq)]
pub enum Look {
    /// Too little history for a forecast.
    TooNew,
    /// Nothing to order.
    Enough,
    /// Something to order.
    Wish(Box<Wish>),
}

/// Pieces beyond a wish whose worth is known, for suppliers who deliver no less.
const FURTHER: usize = 40;

/// What a wished piece is worth at least, and one beyond the wish costs at least, in rupees: nobody counts it, but a
/// wish is whole where no limit cuts it.
const LEAST_WORTH: f64 = 1e-6;

/// Most days that a product without a history of its own is bought for at once: what it was judged by may be wrong of it.
const NEW_DAYS: f64 = 14.0;

/// Chance of a successor within 91 days from which it is near.
const NEAR: f64 = 0.5;

/// How much more or less than usual an event must sell to be named.
const MOVES: f64 = 0.1;

/// What is expected, and how sure that is.
struct Outlook<'a> {
    law: &'a SumLaw,
    sums: Sums<'a>,
    confidence: Option<f64>,
    life: Option<&'a LifeCycle>,
    /// Most days that are bought for at once.
    most_days: f64,
}

impl ReorderRun<'_> {
    /// Looks at one product.
    pub(super) fn look(&self, product: usize, life: Option<&LifeCycle>) -> Look {
        let Some(series) = self.sales.series(product) else { return Look::Enough };
        let wish = if missing_days(Some(&series)) == 0 {
            self.by_forecast(product, &series, life)
        } else if let Some(life) = life {
            self.by_alike(product, &series, life)
        } else {
            return Look::TooNew;
        };
        wish.map_or(Look::Enough, |wish| Look::Wish(Box::new(wish)))
    }

    /// What to order of a product that is too new for a forecast of its own.
    fn by_alike(&self, product: usize, series: &DailySeries, life: &LifeCycle) -> Option<Wish> {
        let days = usize::from(horizon_days(&self.lead(product)));
        let (mean, bands) = life.sums(days, &[80.0]);
        let band = bands.first()?;
        let sums = Sums { mean: &mean, lo80: &band.lo, hi80: &band.hi };
        let confidence = life.held80.map(|it| it.0);
        let outlook =
            Outlook { law: &life.law(days), sums, confidence, life: Some(life), most_days: NEW_DAYS };
        let mut wish = self.decide(product, series, &outlook)?;
        wish.suggestion.reasons.push(Reason::JudgedByAlike { products: life.lives });
        Some(wish)
    }

    fn by_forecast(&self, product: usize, series: &DailySeries, life: Option<&LifeCycle>) -> Option<Wish> {
        let days = horizon_days(&self.lead(product));
        let censored = self.shelves.censored(product, series.from);
        let work =
            demand::work(self.tables, self.shop, Some(product), series, &censored, days, &self.calendar);
        let ahead = self.known.ahead(&work, &self.calendar)?;
        let sums = Sums::of(&ahead)?;
        let confidence = ahead.coverage(80.0);
        let outlook = Outlook { law: &ahead.law, sums, confidence, life, most_days: MAX_COVER_DAYS };
        self.decide(product, series, &outlook)
    }

    /// The quantity until the next order arrives, if it is time for one.
    fn decide(&self, product: usize, series: &DailySeries, outlook: &Outlook<'_>) -> Option<Wish> {
        let row = &self.tables.products[product];
        let on_hand = self.tables.on_hand(self.shop, product);
        let on_order = self.on_order(product);
        let supplier = self.supplier(product);
        let lead = self.lead(product);
        let (price, life) = (self.prices[product], outlook.life);
        let costs = shop_costs(self.tables.currency(self.shop), price, row.cost);
        let kept = costs.map(|costs| self.less_what_stays(product, costs));
        let near = life.and_then(|life| life.successor_chance).filter(|chance| *chance >= NEAR);
        let most_days = if near.is_some() { REVIEW_DAYS } else { outlook.most_days };
        let terms = Terms { most_days, ..Terms::new(lead, REVIEW_DAYS as usize) };
        // costs were checked above, and a lead time is a mean of whole days
        let policy = Policy::new(outlook.law, &terms, kept.as_ref()).ok()?;
        let shelf = on_hand.map(|on_hand| on_hand.as_units().max(0.0));
        let (taken, from) = self.taken_over(product, lead.mean_days + REVIEW_DAYS);
        let position = shelf.unwrap_or(0.0) + on_order - taken;
        let reckoned = match shelf {
            Some(_) => policy.order(position),
            None => (policy.demand.mean + taken - on_order).round(),
        };
        if reckoned < 1.0 {
            return None;
        }
        let factor = self.habits.factor(product, supplier);
        let wanted = factor.map_or(reckoned, |factor| (reckoned * factor).round().max(1.0));
        // of a model that is dying no more than it will still sell
        let dying = life.filter(|it| matches!(it.phase, Phase::Declining | Phase::Ending));
        let most = dying.map_or(f64::INFINITY, |life| (last_target(life, costs) - position).max(0.0));
        let pieces = wanted.min(most.floor());
        if pieces < 1.0 {
            return None;
        }
        let value = earned_by_one(price, row.cost);
        let lost = if shelf.is_some() { policy.shortage(position) } else { policy.demand.mean };
        let days_until_stockout = shelf.and_then(|shelf| outlook.sums.runs_out(shelf));
        let daily = policy.daily;
        let mut reasons = stock_reasons(on_hand, days_until_stockout);
        reasons.push(Reason::SellsPerWeek { units: 7.0 * daily });
        reasons.push(Reason::SupplierTakesDays { days: lead.mean_days, learned: lead.learned });
        reasons.extend(self.event_ahead(&outlook.sums, lead));
        if on_order > 0.0 {
            reasons.push(Reason::OnOrder { units: on_order });
        }
        reasons.extend(from.map(|name| Reason::TakesOver { name, units: taken }));
        if costs.is_none() {
            let is_loss = price.zip(row.cost).is_some_and(|(price, cost)| cost.0 > 0 && price <= cost);
            reasons.push(if is_loss { Reason::SellsAtLoss } else { Reason::CostUnknown });
        }
        reasons.extend(near.map(|chance| Reason::SuccessorNear { chance }));
        if let Some(life) = dying.filter(|_| most < wanted) {
            reasons.push(Reason::LifeEnds { units_left: life.left.mean });
        } else if let Some(share) = factor {
            reasons.push(Reason::AsYouDecide { share });
        }
        let lasts = if daily > 0.0 { pieces / daily } else { 0.0 };
        if shelf.is_some() && lasts > 2.0 * REVIEW_DAYS {
            reasons.push(Reason::LastsDays { days: lasts });
        }
        let mut suggestion = ReorderSuggestion {
            product: row.id,
            name: row.label(),
            supplier: supplier.map(|supplier| self.tables.suppliers[supplier].id),
            current_stock: on_hand,
            suggested_order_quantity: Quantity::ZERO,
            unit_cost: row.cost.filter(|cost| cost.0 > 0),
            optimal_order_quantity: whole(policy.batch.round().max(1.0)),
            expected_service_level: policy.service_level,
            total_cost_annual: policy.annual_cost.map(|cost| Paisa((cost * 100.0).round() as i64)),
            reorder_point: whole(policy.reorder_point),
            safety_stock: whole(policy.safety_stock.round()),
            daily_demand: daily,
            days_until_stockout,
            urgency: match shelf {
                Some(_) => Urgency::of_days(days_until_stockout.map(|(_, mid, _)| mid)),
                None => Urgency::Medium,
            },
            at_risk: Paisa((lost * value.0 as f64).round() as i64),
            order_cost: None,
            confidence: outlook.confidence,
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
        let pieces = pieces as usize;
        order(&mut suggestion, pieces);
        let reach = if most.is_finite() || shelf.is_none() { pieces } else { pieces + FURTHER };
        let mut worth = policy.worth(position, reach, value.as_units());
        for (place, worth) in worth.iter_mut().enumerate() {
            let is_wished = place < pieces;
            *worth = if is_wished { worth.max(LEAST_WORTH) } else { worth.min(-LEAST_WORTH) };
        }
        Some(Wish { suggestion, pieces, outlay: row.cost.or(price).unwrap_or_default(), worth })
    }

    /// A customer who takes another product instead is not lost with all that his sale earns.
    fn less_what_stays(&self, product: usize, costs: Costs) -> Costs {
        let stays = self.substitutes.takers(product).map(|moved| {
            let margin = |of: usize| {
                let (price, cost) = (self.prices[of]?, self.tables.products[of].cost?);
                Some((price.0 - cost.0).max(0) as f64 / 100.0)
            };
            let earned = margin(moved.to).unwrap_or(0.0).min(costs.lost);
            moved.share * earned
        });
        Costs { lost: (costs.lost - stays.sum::<f64>()).max(0.05 * costs.lost), ..costs }
    }

    /// Pieces that customers of products that have run out will take of this one within so many days, and whose they
    /// are.
    fn taken_over(&self, product: usize, days: f64) -> (f64, Option<String>) {
        let today = self.sales.today();
        let mut most: Option<(f64, String)> = None;
        let mut all = 0.0;
        for &(from, moved) in self.substitutes.givers(product) {
            let is_out = self.tables.on_hand(self.shop, from).is_some_and(|left| left <= Quantity::ZERO);
            if !is_out || !Substitutes::is_news(&self.shelves, from, today) {
                continue;
            }
            let pieces = moved.daily * self.lead(from).mean_days.min(days);
            all += pieces;
            if most.as_ref().is_none_or(|(before, _)| pieces > *before) {
                most = Some((pieces, self.tables.products[from].label()));
            }
        }
        (all, most.map(|it| it.1))
    }

    /// The next event within lead time and review that sells more or less than other days.
    fn event_ahead(&self, sums: &Sums<'_>, lead: LeadTime) -> Option<Reason> {
        let today = self.sales.today();
        let days = ((lead.mean_days + REVIEW_DAYS).ceil() as usize).min(sums.mean.len());
        let until = Day(today.0 + days as i32 - 1);
        let mean = |from: usize, to: usize| {
            let before = if from == 0 { 0.0 } else { sums.mean[from - 1] };
            (sums.mean[to] - before) / (to + 1 - from) as f64
        };
        let usual = mean(0, sums.mean.len().checked_sub(1)?);
        let moves = |from: Day, to: Day| {
            let at = |day: Day| (day.0 - today.0).max(0) as usize;
            let there = mean(at(from), at(to).min(sums.mean.len() - 1));
            (there - usual).abs() > MOVES * usual
        };
        let found = self.calendar.events_within(Period { from: today, to: until }).into_iter();
        let mut found = found.filter(|it| it.kind != EventKind::Other && moves(it.from, it.to));
        found
            .next()
            .map(|it| Reason::EventAhead { name: it.name.clone(), days: (it.from.0 - today.0).max(0) as u32 })
    }
}

/// Pieces that a dying model is still bought up to: as long as one more is worth the chance that it is left over and
/// loses what ages in a year, and no more than will be sold.
fn last_target(life: &LifeCycle, costs: Option<Costs>) -> f64 {
    let expected = life.left.mean.round();
    let Some(costs) = costs else { return expected };
    let left_over = costs.unit_cost * (AGEING_RATE + HOLDING_RATE);
    life.left_at(costs.lost / (costs.lost + left_over)).min(expected)
}

fn whole(pieces: f64) -> Quantity {
    Quantity::pieces(pieces as i64)
}

fn stock_reasons(on_hand: Option<Quantity>, runs_out: Option<(f64, f64, Option<f64>)>) -> Vec<Reason> {
    match (on_hand, runs_out) {
        (None, _) => vec![Reason::StockUnknown],
        (Some(left), _) if left < Quantity::ZERO => {
            vec![Reason::OutOfStock, Reason::BelowZero { units: left.as_units() }]
        }
        (Some(left), _) if left == Quantity::ZERO => vec![Reason::OutOfStock],
        (Some(_), Some((lo, mid, hi))) => vec![Reason::RunsOutInDays { lo, mid, hi }],
        (Some(_), None) => Vec::new(),
    }
}

/// Forecast of the first 1, 2, … days together.
struct Sums<'a> {
    mean: &'a [f64],
    lo80: &'a [f64],
    hi80: &'a [f64],
}

impl<'a> Sums<'a> {
    fn of(ahead: &'a Ahead) -> Option<Self> {
        let band = ahead.sums.bands.get(Ahead::place(80.0))?;
        Some(Self { mean: &ahead.sums.mean, lo80: &band.lo, hi80: &band.hi })
    }

    /// Days until `stock` is sold: soonest, most likely, latest; none when most likely not within the horizon.
    fn runs_out(&self, stock: f64) -> Option<(f64, f64, Option<f64>)> {
        let mid = reaches(self.mean, stock)?;
        let lo = reaches(self.hi80, stock).unwrap_or(mid).min(mid);
        Some((lo, mid, reaches(self.lo80, stock).map(|hi| hi.max(mid))))
    }
}

/// Days after which a running sum reaches `level`.
fn reaches(sums: &[f64], level: f64) -> Option<f64> {
    let day = sums.iter().position(|sum| *sum >= level)?;
    let before = if day == 0 { 0.0 } else { sums[day - 1] };
    let gain = sums[day] - before;
    Some(if gain > 0.0 { day as f64 + ((level - before) / gain).max(0.0) } else { day as f64 })
}
