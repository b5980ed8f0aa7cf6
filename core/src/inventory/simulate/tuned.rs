//! Stronger baselines, tuned on the past for a given cost of a lost sale.
//!
//! - [`best_min_max`]: the (s, S) that would have cost least on the past, by enumeration ([`super::search`]); the same
//!   tuned again with every review on all that is known by then ([`best_min_max_again`]), the strongest of them;
//! - [`bootstrap`]: s at a quantile of demand over lead time, drawn from stretches of the past, S an economic order
//!   above; the quantile is p·d ÷ (p·d + h·Q), as for lost sales;
//! - [`newsvendor`]: with every review up to a quantile of the past's own sums over lead time and review, p ÷ (p + h·R).
//!
//! p is the cost of a lost piece, h of holding one for a step, d the demand a step, Q the order, R the review. How they
//! fail: a past that was calmer than what comes. References: Silver, Pyke & Thomas (4th ed. 2017), ch. 7 and 10;
//! Bookbinder & Lordahl, IIE Transactions 21 (1989) (bootstrapped lead-time demand).

use super::{
    Costs, Level, Plan,
    goods::{Good, House},
    rules::by_review,
    search::{self, Trial},
};
use crate::{inventory::newsvendor, rng::Rng};

/// Stretches that are drawn.
const DRAWS: usize = 400;

/// Lives of the past with other lead times.
const PASTS: usize = 3;

/// Stretches of the past, each as long as an order and the wait for the next can take.
fn stretches(good: &Good, known: usize, extra: usize, seed: u64) -> Vec<f64> {
    let mut random = Rng::seeded(seed);
    let past = &good.demand[..known];
    let mut sums: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let length = (good.lead.draw(&mut random) + extra).min(known);
            let start = random.below(known - length + 1);
            past[start..start + length].iter().sum()
        })
        .collect();
    crate::order::floats(&mut sums);
    sums
}

/// The newsvendor's level of the sums that were seen; none where a lost sale costs nothing.
fn enough(sums: &[f64], stockout: f64, holding: f64) -> Option<f64> {
    let costs = newsvendor::Costs { holding, stockout };
    newsvendor::empirical(&costs, sums).ok().map(|it| it.level.round())
}

fn mean(good: &Good, known: usize) -> f64 {
    good.demand[..known].iter().sum::<f64>() / known.max(1) as f64
}

/// Every level that is worth trying, on the past up to `known`.
pub fn trials(good: &Good, known: usize, house: &House) -> Vec<Trial> {
    let needs = stretches(good, known, 1, house.seed);
    let levels = search::candidates(&needs, good.economic_order(mean(good, known)));
    let leads = search::lead_rows(&good.lead, PASTS, known, house.seed);
    let past = &good.demand[..known];
    let courses: Vec<(&[f64], &[usize])> = leads.iter().map(|leads| (past, leads.as_slice())).collect();
    search::on_courses(&levels, &courses, good.lead.mean().ceil() as usize)
}

/// One level for the whole future.
pub fn best_min_max(good: &Good, trials: &[Trial], costs: &Costs) -> Plan {
    Plan::Levels(vec![search::cheapest(trials, costs); good.future().len()])
}

/// The same, tuned again with every review; `trials` has one list a review.
pub fn best_min_max_again(good: &Good, trials: &[Vec<Trial>], house: &House, costs: &Costs) -> Plan {
    by_review(good, house, |step| {
        let of_review = trials.get((step - good.from) / house.review);
        of_review.map_or(Level::NEVER, |it| search::cheapest(it, costs))
    })
}

/// (s, S) on bootstrapped demand over the lead time.
pub fn bootstrap(good: &Good, house: &House, costs: &Costs) -> Plan {
    let daily = mean(good, good.from);
    let size = good.economic_order(daily).round().max(1.0);
    let sums = stretches(good, good.from, 1, house.seed);
    let point = enough(&sums, costs.lost() * daily, costs.holding * size);
    let level = point.map_or(Level::NEVER, |point| Level { point, up_to: point + size });
    Plan::Levels(vec![level; good.future().len()])
}

/// Up to an empirical quantile, with every review and never between.
pub fn newsvendor(good: &Good, house: &House, costs: &Costs) -> Plan {
    let sums = stretches(good, good.from, house.review, house.seed);
    let up_to = enough(&sums, costs.lost(), costs.holding * house.review as f64);
    let at_review = |step: usize| match up_to {
        Some(up_to) if step.is_multiple_of(house.review) => Level { point: up_to - 1.0, up_to },
        _ => Level::NEVER,
    };
    Plan::Levels((0..good.future().len()).map(at_review).collect())
}
