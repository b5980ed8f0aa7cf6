//! Policies side by side: totals, frontiers of stock against service, and intervals by a paired bootstrap over goods.
//!
//! Question answered: at the same service, how much less stock; at the same stock, how many fewer stockouts; and is that
//! more than chance? Input: what every policy lived through, by good. Output: figures with 95 % intervals. Between two
//! weights a frontier is a straight line: half of the time one, half the other, is a policy too. How it fails: none where
//! a frontier does not reach that far. Reference: Efron & Tibshirani, "An introduction to the bootstrap" (1993), ch. 13.

use super::{
    Costs, Tally,
    field::{AS_IS, Lived, Policy, WEIGHTS},
};
use crate::rng::Rng;

/// What adds up over goods, in money where it is money.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    /// Steps lived.
    pub steps: f64,
    /// What was asked for, at its price.
    pub asked: f64,
    /// What was sold, at its price.
    pub sold: f64,
    /// Steps with anything asked for.
    pub busy: f64,
    /// Steps with something asked for in vain.
    pub stockouts: f64,
    /// Steps that closed with an empty shelf.
    pub empty: f64,
    /// Pieces in stock, averaged over the good's steps.
    pub stock: f64,
    /// The same at cost.
    pub stock_value: f64,
    /// Orders.
    pub orders: f64,
    /// Holding cost.
    pub holding: f64,
    /// Cost of orders.
    pub ordering: f64,
    /// Margin of what was asked for in vain.
    pub lost: f64,
    /// Goodwill lost with it.
    pub goodwill: f64,
    /// Margin of what was sold, less holding and orders.
    pub profit: f64,
}

impl Sums {
    /// Of one life.
    pub fn new(tally: &Tally, costs: &Costs) -> Self {
        let (holding, ordering) = (costs.holding * tally.stock, costs.order * tally.orders);
        Self {
            steps: tally.steps,
            asked: costs.price * tally.demand,
            sold: costs.price * tally.sold,
            busy: tally.busy,
            stockouts: tally.stockouts,
            empty: tally.empty,
            stock: tally.stock / tally.steps.max(1.0),
            stock_value: costs.cost * tally.stock / tally.steps.max(1.0),
            orders: tally.orders,
            holding,
            ordering,
            lost: costs.margin() * tally.lost(),
            goodwill: costs.goodwill * tally.lost(),
            profit: costs.margin() * tally.sold - holding - ordering,
        }
    }

    fn each(&mut self, other: &Self, change: impl Fn(&mut f64, f64)) {
        let pairs = [
            (&mut self.steps, other.steps),
            (&mut self.asked, other.asked),
            (&mut self.sold, other.sold),
            (&mut self.busy, other.busy),
            (&mut self.stockouts, other.stockouts),
            (&mut self.empty, other.empty),
            (&mut self.stock, other.stock),
            (&mut self.stock_value, other.stock_value),
            (&mut self.orders, other.orders),
            (&mut self.holding, other.holding),
            (&mut self.ordering, other.ordering),
            (&mut self.lost, other.lost),
            (&mut self.goodwill, other.goodwill),
            (&mut self.profit, other.profit),
        ];
        pairs.into_iter().for_each(|(own, other)| change(own, other));
    }

    /// Adds another's.
    pub fn add(&mut self, other: &Self) {
        self.each(other, |own, other| *own += other);
    }

    /// All of it so many times.
    pub fn times(mut self, times: f64) -> Self {
        self.each(&Self::default(), |own, _| *own *= times);
        self
    }

    /// Of what was asked for, the part that was sold, at its price.
    pub fn fill_rate(&self) -> f64 {
        if self.asked > 0.0 { self.sold / self.asked } else { 1.0 }
    }

    /// Of the steps with anything asked for, the part on which all of it was there.
    pub fn service_level(&self) -> f64 {
        1.0 - self.stockouts / self.busy.max(1.0)
    }

    /// Part of the steps with something asked for in vain.
    pub fn stockout_share(&self) -> f64 {
        self.stockouts / self.steps.max(1.0)
    }

    /// Holding, orders and lost sales.
    pub fn total_cost(&self) -> f64 {
        self.holding + self.ordering + self.lost + self.goodwill
    }
}

/// A figure and its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// Over all goods.
    pub value: f64,
    /// Lower end.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
}

/// Draws of the bootstrap.
const DRAWS: usize = 500;

/// All goods' lives.
#[derive(Clone, Debug)]
pub struct Field<'a> {
    goods: &'a [Lived],
    draws: Vec<Vec<usize>>,
}

/// What of the sums a frontier has along an axis.
pub type Axis = fn(&Sums) -> f64;

impl<'a> Field<'a> {
    /// With the goods that each draw of the bootstrap takes.
    pub fn new(goods: &'a [Lived], seed: u64) -> Self {
        let mut random = Rng::seeded(seed);
        let draw = |_| (0..goods.len()).map(|_| random.below(goods.len())).collect();
        Self { goods, draws: (0..DRAWS).map(draw).collect() }
    }

    /// A policy's sums at each weight, over all goods or those of a draw.
    fn sums(&self, policy: Policy, draw: Option<&[usize]>) -> Vec<Sums> {
        let row = policy as usize;
        let mut sums = vec![Sums::default(); WEIGHTS.len()];
        let mut take = |good: &Lived| sums.iter_mut().zip(&good[row]).for_each(|(sum, it)| sum.add(it));
        match draw {
            None => self.goods.iter().for_each(&mut take),
            Some(draw) => draw.iter().for_each(|at| take(&self.goods[*at])),
        }
        sums
    }

    /// A policy's frontier: its sums at each weight.
    pub fn frontier(&self, policy: Policy) -> Vec<Sums> {
        self.sums(policy, None)
    }

    /// A figure of two policies' frontiers (ours, theirs), with its interval; none where it is not defined on all goods.
    pub fn measure(
        &self,
        ours: Policy,
        theirs: Policy,
        figure: impl Fn(&[Sums], &[Sums]) -> Option<f64>,
    ) -> Option<Measured> {
        let value = figure(&self.sums(ours, None), &self.sums(theirs, None))?;
        let of_draw =
            |draw: &Vec<usize>| figure(&self.sums(ours, Some(draw)), &self.sums(theirs, Some(draw)));
        let mut drawn: Vec<f64> = self.draws.iter().filter_map(of_draw).collect();
        crate::order::floats(&mut drawn);
        let at = |chance: f64| drawn.get((chance * drawn.len() as f64) as usize).copied().unwrap_or(value);
        Some(Measured { value, lo: at(0.025), hi: at(0.975) })
    }
}

/// Where a frontier reaches `level` on one axis, its value on the other.
pub fn read(frontier: &[Sums], along: Axis, level: f64, other: Axis) -> Option<f64> {
    let mut points: Vec<(f64, f64)> = frontier.iter().map(|it| (along(it), other(it))).collect();
    crate::order::by(&mut points, |a, b| a.0.total_cmp(&b.0));
    let after = points.iter().position(|it| it.0 >= level)?;
    let (x, y) = points[after];
    let Some(&(x0, y0)) = after.checked_sub(1).map(|at| &points[at]) else {
        return (x == level).then_some(y);
    };
    // what lies between two weights is lived part of the time by one, part by the other
    Some(if x > x0 { y0 + (y - y0) * (level - x0) / (x - x0) } else { y })
}

/// A figure of two policies' frontiers.
pub type Figure = fn(&[Sums], &[Sums]) -> Option<f64>;

fn change(ours: f64, theirs: f64) -> Option<f64> {
    (theirs > 0.0).then(|| ours / theirs - 1.0)
}

fn change_of(ours: &[Sums], theirs: &[Sums], axis: Axis) -> Option<f64> {
    change(axis(&ours[AS_IS]), axis(&theirs[AS_IS]))
}

fn holding(it: &Sums) -> f64 {
    it.holding
}

fn fewer_stockouts(it: &Sums) -> f64 {
    -it.stockouts
}

/// What service is paid with.
fn running(it: &Sums) -> f64 {
    it.holding + it.ordering
}

/// Changes from theirs to ours, as parts: −0.15 is 15 % less. Three as both decide, five where something is equal.
pub const FIGURES: [(&str, Figure); 8] = [
    ("stockouts", |ours, theirs| change_of(ours, theirs, |it| it.stockouts)),
    ("stock value", |ours, theirs| change_of(ours, theirs, |it| it.stock_value)),
    ("total cost", |ours, theirs| change_of(ours, theirs, Sums::total_cost)),
    ("stockouts at their stock value", |ours, theirs| {
        let there = &theirs[AS_IS];
        change(read(ours, |it| it.stock_value, there.stock_value, |it| it.stockouts)?, there.stockouts)
    }),
    ("holding cost at their fill rate", |ours, theirs| {
        let there = &theirs[AS_IS];
        change(read(ours, Sums::fill_rate, there.fill_rate(), holding)?, there.holding)
    }),
    ("holding cost at their stockouts", |ours, theirs| {
        let there = &theirs[AS_IS];
        change(read(ours, fewer_stockouts, -there.stockouts, holding)?, there.holding)
    }),
    ("holding and orders at their fill rate", |ours, theirs| {
        let there = &theirs[AS_IS];
        change(read(ours, Sums::fill_rate, there.fill_rate(), running)?, running(there))
    }),
    ("holding cost at our fill rate", |ours, theirs| {
        let here = &ours[AS_IS];
        change(here.holding, read(theirs, Sums::fill_rate, here.fill_rate(), holding)?)
    }),
];
