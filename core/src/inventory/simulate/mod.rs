//! A shop replayed: what a policy of ordering would have done to shelf and purse, had real demand met it.
//!
//! Question answered: with these rules, these lead times and these costs, how often is something missing, what lies on
//! the shelf, and what is earned? Input: the demand of every step (whole pieces), what was on the shelf before the
//! first, an order level for each step or the orders themselves, and the lead time of an order placed at each step.
//! Output: every step ([`Step`]) and their sum ([`Tally`]). One step goes: goods that are due arrive; the shop looks
//! at its shelf and what is on its way, and orders; customers come and take what is there; who finds nothing leaves
//! (a lost sale, not a backorder). An order of step t with lead time L ≥ 1 is on the shelf before step t + L opens.
//! A piece costs holding for half a step on the day it is sold.
//!
//! Policies: rules of thumb ([`rules`]), baselines tuned on the past ([`tuned`]), ours, the plan's and those of the forecast
//! alone ([`ahead`]), and one that knows the future ([`clairvoyant`]). [`field`] lets all of them live through the same steps,
//! [`compare`] sets them side by side.
//!
//! Assumptions: what was asked for in vain is known to every policy (the till's "nahi mila" tap), so that all learn from
//! demand and none from its own empty shelf; lead times do not depend on the order; goods do not spoil. How it fails:
//! bad figures are named or mended with a sentence ([`goods`]). Reference: Silver, Pyke & Thomas (4th ed. 2017), ch. 6;
//! Zipkin, "Foundations of inventory management" (2000), ch. 9 (lost sales).

pub mod ahead;
pub mod clairvoyant;
pub mod compare;
pub mod field;
pub mod goods;
pub mod lead;
pub mod rules;
pub mod search;
#[cfg(test)]
mod tests;
pub mod tuned;

/// What things cost, in any one unit of money.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Costs {
    /// Asked of the customer, a piece.
    pub price: f64,
    /// Paid to the supplier, a piece.
    pub cost: f64,
    /// Of a piece that lies for one step.
    pub holding: f64,
    /// Of an order, whatever its size.
    pub order: f64,
    /// Of a piece that was asked for in vain, beside its margin.
    pub goodwill: f64,
}

impl Costs {
    /// What a piece earns when it is sold.
    pub fn margin(&self) -> f64 {
        (self.price - self.cost).max(0.0)
    }

    /// What a piece costs that was asked for in vain.
    pub fn lost(&self) -> f64 {
        self.margin() + self.goodwill
    }

    /// The same shop where a lost sale hurts `weight` times as much to whoever decides.
    pub fn weighted(&self, weight: f64) -> Self {
        Self { goodwill: weight * self.lost() - self.margin(), ..*self }
    }
}

/// Order up to `up_to` when shelf and what is on its way are at most `point` together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// s.
    pub point: f64,
    /// S.
    pub up_to: f64,
}

impl Level {
    /// No order.
    pub const NEVER: Self = Self { point: f64::NEG_INFINITY, up_to: 0.0 };

    /// Whole pieces to order.
    pub fn order(&self, position: f64) -> f64 {
        if position <= self.point { (self.up_to - position).ceil().max(0.0) } else { 0.0 }
    }
}

/// What is ordered at each step.
#[derive(Clone, Debug, PartialEq)]
pub enum Plan {
    /// By a level for each step.
    Levels(Vec<Level>),
    /// So many pieces at each step.
    Orders(Vec<f64>),
}

impl Plan {
    fn order(&self, step: usize, position: f64) -> f64 {
        match self {
            Self::Levels(levels) => levels.get(step).map_or(0.0, |level| level.order(position)),
            Self::Orders(orders) => orders.get(step).copied().unwrap_or(0.0),
        }
    }
}

/// One step of a replay, in pieces.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Step {
    /// On the shelf before goods arrived.
    pub opened: f64,
    /// Arrived.
    pub received: f64,
    /// Ordered.
    pub ordered: f64,
    /// Asked for.
    pub demand: f64,
    /// Sold.
    pub sold: f64,
    /// Left.
    pub closed: f64,
}

impl Step {
    /// Pieces on the shelf: the middle of what lay there before and after the customers.
    pub fn stock(&self) -> f64 {
        0.5 * (self.opened + self.received + self.closed)
    }
}

/// Sums over steps.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Steps.
    pub steps: f64,
    /// Pieces asked for.
    pub demand: f64,
    /// Pieces sold.
    pub sold: f64,
    /// Pieces that arrived.
    pub received: f64,
    /// Orders.
    pub orders: f64,
    /// Steps on which anything was asked for.
    pub busy: f64,
    /// Steps on which at least a piece was asked for in vain.
    pub stockouts: f64,
    /// Steps that closed with an empty shelf.
    pub empty: f64,
    /// Pieces on the shelf ([`Step::stock`]), summed over steps.
    pub stock: f64,
}

impl Tally {
    /// Adds a step.
    pub fn add(&mut self, step: &Step) {
        self.steps += 1.0;
        self.demand += step.demand;
        self.sold += step.sold;
        self.received += step.received;
        self.orders += f64::from(u8::from(step.ordered > 0.0));
        self.busy += f64::from(u8::from(step.demand > 0.0));
        self.stockouts += f64::from(u8::from(step.demand > step.sold));
        self.empty += f64::from(u8::from(step.closed <= 0.0));
        self.stock += step.stock();
    }

    /// Pieces asked for in vain.
    pub fn lost(&self) -> f64 {
        self.demand - self.sold
    }

    /// Holding, orders and lost sales together.
    pub fn cost(&self, costs: &Costs) -> f64 {
        costs.holding * self.stock + costs.order * self.orders + costs.lost() * self.lost()
    }
}

/// Lives through `demand` and tells every step. `leads` has the lead time of an order placed at each step; where it
/// ends, or beyond the last step, goods never arrive.
pub fn replay(demand: &[f64], plan: &Plan, leads: &[usize], opening: f64, each: impl FnMut(Step)) {
    let order = |step: usize, position: f64| plan.order(step, position);
    Shop::default().live(demand, order, leads, opening, each);
}

/// Whoever lives through much keeps the memory for goods that are due.
#[derive(Default)]
struct Shop {
    due: Vec<f64>,
}

impl Shop {
    fn live(
        &mut self,
        demand: &[f64],
        order: impl Fn(usize, f64) -> f64,
        leads: &[usize],
        opening: f64,
        mut each: impl FnMut(Step),
    ) {
        self.due.clear();
        self.due.resize(demand.len(), 0.0);
        let (mut shelf, mut on_order) = (opening, 0.0);
        for (step, &demand) in demand.iter().enumerate() {
            let (opened, received) = (shelf, self.due[step]);
            shelf += received;
            on_order -= received;
            let ordered = order(step, shelf + on_order);
            if ordered > 0.0 {
                on_order += ordered;
                let arrival = leads.get(step).map(|lead| step + lead.max(&1));
                if let Some(due) = arrival.and_then(|arrival| self.due.get_mut(arrival)) {
                    *due += ordered;
                }
            }
            let sold = demand.min(shelf);
            shelf -= sold;
            each(Step { opened, received, ordered, demand, sold, closed: shelf });
        }
    }
}

/// The sum of a replay.
pub fn tally(demand: &[f64], plan: &Plan, leads: &[usize], opening: f64) -> Tally {
    let mut tally = Tally::default();
    replay(demand, plan, leads, opening, |step| tally.add(&step));
    tally
}
