//! The best of many order levels, tried on courses that demand may take: forecast paths, or the past itself.
//!
//! Question answered: which (s, S) costs least when these courses are as likely as each other? Input: courses of demand,
//! lead times, costs. Output: for each level tried ([`Trial`]) pieces in stock, orders and lost pieces a step; of them the
//! cheapest for any cost of a lost sale, without trying again. Method: enumeration over reorder points at quantiles of
//! the demand until the next arrival, and over order sizes around the economic one; what bursts, droughts and late goods
//! do to a level is seen and needs no formula.
//!
//! Assumption: the courses are what may come. How it fails: a few courses have no more than their own worst case; it is
//! the highest point that is tried. References: Silver, Pyke & Thomas (4th ed. 2017), ch. 7; Powell, "Reinforcement
//! learning and stochastic optimization" (2022), ch. 12 (policy search).

use super::{Costs, Level, Shop, lead::Lead};
use crate::rng::Rng;

/// Chances of lasting until the next arrival whose quantiles are tried as reorder points.
const LASTING: [f64; 13] = [0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.94, 0.97, 0.985, 0.995, 1.0];

/// Order sizes that are tried, in economic ones.
const SIZES: [f64; 5] = [0.0, 0.5, 1.0, 1.5, 2.2];

/// What a level did, a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial {
    /// The level.
    pub level: Level,
    /// Pieces in stock.
    pub stock: f64,
    /// Orders.
    pub orders: f64,
    /// Pieces asked for in vain.
    pub lost: f64,
}

impl Trial {
    /// Cost of a step.
    pub fn cost(&self, costs: &Costs) -> f64 {
        costs.holding * self.stock + costs.order * self.orders + costs.lost() * self.lost
    }
}

/// The cheapest; never an order where nothing was tried.
pub fn cheapest(trials: &[Trial], costs: &Costs) -> Level {
    let best = trials.iter().min_by(|a, b| a.cost(costs).total_cmp(&b.cost(costs)));
    best.map_or(Level::NEVER, |it| it.level)
}

/// Levels to try: `needs` is the demand until the next order can arrive, ascending; `size` the economic order.
pub fn candidates(needs: &[f64], size: f64) -> Vec<Level> {
    let mut points: Vec<f64> = vec![0.0];
    if let Some(last) = needs.len().checked_sub(1) {
        points.extend(LASTING.map(|chance| needs[(chance * last as f64).round() as usize].round()));
    }
    points.dedup();
    let mut sizes: Vec<f64> = SIZES.map(|of| (of * size).round().max(1.0)).to_vec();
    sizes.dedup();
    let pairs = points.iter().flat_map(|point| sizes.iter().map(move |size| (*point, point + size)));
    let levels = pairs.map(|(point, up_to)| Level { point, up_to });
    // an empty shelf for ever is a choice too
    levels.chain([Level::NEVER]).collect()
}

/// Demand from an order until the next one can arrive, over courses and lead times, ascending. Each course has its own
/// lead times, an order a step.
pub fn needs<'a>(courses: impl Iterator<Item = (&'a [f64], &'a [usize])>) -> Vec<f64> {
    let mut needs: Vec<f64> =
        courses.filter_map(|(course, leads)| Some(course.iter().take(leads.first()? + 1).sum())).collect();
    crate::order::floats(&mut needs);
    needs
}

/// Tries levels on `courses`, each with its lead times. A course begins with a shelf between point and level, evenly over
/// courses, and nothing on its way; the first `warm` steps, which only that shelf decides, do not count.
pub fn on_courses(levels: &[Level], courses: &[(&[f64], &[usize])], warm: usize) -> Vec<Trial> {
    let mut shop = Shop::default();
    let mut of_level = |level: &Level| {
        let (mut stock, mut orders, mut lost, mut steps) = (0.0, 0.0, 0.0, 0.0_f64);
        for (place, (course, leads)) in courses.iter().enumerate() {
            // 0.618… spreads any number of courses evenly, and near ones apart
            let part = ((place as f64 + 0.5) * 0.618_033_988_749_895).fract();
            let opening = if level.point.is_finite() {
                (level.point + (level.up_to - level.point) * part).round()
            } else {
                0.0
            };
            let mut before = 0;
            shop.live(
                course,
                |_, position| level.order(position),
                leads,
                opening,
                |it| {
                    if before >= warm {
                        steps += 1.0;
                        stock += it.stock();
                        orders += f64::from(u8::from(it.ordered > 0.0));
                        lost += it.demand - it.sold;
                    }
                    before += 1;
                },
            );
        }
        let each = steps.max(1.0);
        Trial { level: *level, stock: stock / each, orders: orders / each, lost: lost / each }
    };
    levels.iter().map(&mut of_level).collect()
}

/// `count` rows of lead times, one a step.
pub fn lead_rows(lead: &Lead, count: usize, steps: usize, seed: u64) -> Vec<Vec<usize>> {
    let mut random = Rng::seeded(seed);
    (0..count).map(|_| (0..steps).map(|_| lead.draw(&mut random)).collect()).collect()
}
