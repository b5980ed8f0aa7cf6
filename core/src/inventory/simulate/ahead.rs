//! Ours: order levels made anew with every review, from what was known by then.
//!
//! Question answered: which (s, S) serves the coming weeks best? Input: all goods, a review. Output ([`Look`]): for each good
//! and each weight of a lost sale a [`Level`]. Method: `auto` forecasts every series from the origin, advised by the
//! panel; courses that demand may take ([`crate::inventory::courses`]), each with lead times of its own, are what levels
//! are tried on ([`super::search`]). Steps before an order of now can arrive do not count, nor those that a later review
//! decides. Beside them levels tried on the forecast's own joint sample paths alone, and those that the product's plan
//! ([`crate::inventory::plan::policy`]) makes of the law of these paths, as Reorder does, or of the courses'.
//!
//! Assumptions: those of the forecast. How it fails: a series that the models refuse has the courses of its past alone,
//! and never orders by paths that there are none of.

use super::{
    Level,
    goods::{Good, House},
    search::{self, Trial},
};
use crate::{
    forecast::{FittedForecast, ForecastParams, Model, Season, Series, SumLaw, table},
    inventory::{
        courses::{Courses, Known, whole},
        lead_time::LeadTime,
        plan::{
            self,
            policy::{MAX_COVER_DAYS, Policy, Terms},
        },
    },
    rng::Rng,
};

/// The forecast's sample paths.
pub const PATHS: usize = 200;

/// What one origin says of one good: a level for each weight of a lost sale.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// From courses: ours.
    pub courses: Vec<Level>,
    /// From the same courses, by the plan's rule.
    pub planned: Vec<Level>,
    /// From the forecast's paths alone.
    pub paths: Vec<Level>,
    /// From those paths by the plan's rule: what Reorder does.
    pub product: Vec<Level>,
}

/// Looks ahead of all goods at `review` (from 0). A lost sale counts `weights` times.
pub fn look(goods: &[Good], review: usize, house: &House, weights: &[f64]) -> Vec<Look> {
    let horizon = goods.iter().map(|good| reach(good, house)).max().unwrap_or(1);
    let past = |good: &Good| good.known(review * house.review).to_vec();
    let series: Vec<Option<Series>> =
        goods.iter().map(|good| Series::new(past(good), Season::Every(house.season)).ok()).collect();
    let mut advice = table::advise(series.iter().flatten(), Model::Auto, horizon).into_iter();
    let wishes = ForecastParams { horizon, levels: vec![80.0, 90.0], ..ForecastParams::default() };
    let fit = |series: &Option<Series>| -> Option<FittedForecast> {
        let series = series.as_ref()?;
        let advice = advice.next().flatten();
        wishes.clone().check().ok()?.fit_advised(series, advice).ok()
    };
    let fitted: Vec<Option<FittedForecast>> = series.iter().map(fit).collect();
    let known = |(good, fitted): (&'_ Good, &Option<FittedForecast>)| {
        let steps = reach(good, house);
        let mean = |it: &FittedForecast| it.predict().mean.iter().take(steps).sum::<f64>() / steps as f64;
        fitted.as_ref().map(mean)
    };
    let forecasts: Vec<Option<f64>> = goods.iter().zip(&fitted).map(known).collect();
    let known: Vec<Known<'_>> = goods
        .iter()
        .zip(&forecasts)
        .map(|(good, forecast)| Known { past: good.known(review * house.review), forecast: *forecast })
        .collect();
    let courses = Courses::learn(&known, house.step_days);
    let of = |(number, (good, fitted)): (usize, (&Good, &Option<FittedForecast>))| {
        let steps = reach(good, house);
        let seed = house.seed ^ ((number as u64) << 20) ^ ((review as u64) << 4);
        let paths = fitted.as_ref().and_then(|it| it.paths(PATHS, seed));
        let paths: Vec<Vec<f64>> =
            paths.iter().flat_map(|it| it.iter()).map(|path| path[..steps].to_vec()).collect();
        let mut random = Rng::seeded(seed);
        let rounded: Vec<Vec<f64>> = paths.iter().map(|path| whole(path, &mut random)).collect();
        let chosen = |trials: &[Trial]| {
            weights.iter().map(|it| search::cheapest(trials, &good.costs.weighted(*it))).collect()
        };
        let courses = courses.of(number, steps, &paths, seed);
        Look {
            planned: planned(&courses, good, house, weights),
            courses: chosen(&tried(&courses, good, seed)),
            paths: chosen(&tried(&rounded, good, seed)),
            product: planned(&paths, good, house, weights),
        }
    };
    goods.iter().zip(&fitted).enumerate().map(of).collect()
}

/// Steps until what is ordered before the next review is on the shelf and was sold from.
fn reach(good: &Good, house: &House) -> usize {
    good.lead.longest() + 1 + house.review.max(2)
}

/// Levels tried on courses.
fn tried(courses: &[Vec<f64>], good: &Good, seed: u64) -> Vec<Trial> {
    let steps = courses.first().map_or(0, Vec::len);
    let leads = search::lead_rows(&good.lead, courses.len(), steps, seed);
    let pairs: Vec<(&[f64], &[usize])> =
        courses.iter().zip(&leads).map(|(course, leads)| (course.as_slice(), leads.as_slice())).collect();
    let mean = courses.iter().flatten().sum::<f64>() / (courses.len() * steps).max(1) as f64;
    let levels = search::candidates(&search::needs(pairs.iter().copied()), good.economic_order(mean));
    search::on_courses(&levels, &pairs, good.lead.mean().ceil() as usize)
}

/// The plan's own levels ([`crate::inventory::plan`]) from the law of these paths, for each weight of a lost sale. Its days
/// are steps here.
fn planned(paths: &[Vec<f64>], good: &Good, house: &House, weights: &[f64]) -> Vec<Level> {
    let law = SumLaw::of(paths.iter().map(Vec::as_slice));
    let lead = LeadTime { mean_days: good.lead.mean(), sd_days: good.lead.sd(), learned: true };
    let terms = Terms { most_days: house.steps(MAX_COVER_DAYS), ..Terms::new(lead, 1) };
    let level = |weight: &f64| {
        let costs = plan::policy::Costs {
            unit_cost: good.costs.cost,
            lost: good.costs.weighted(*weight).lost(),
            holding_rate: house.holding_rate * house.step_days,
            order: good.costs.order,
        };
        // no policy where there are no paths
        let policy = Policy::new(&law, &terms, Some(&costs));
        policy.map_or(Level::NEVER, |it| Level { point: it.reorder_point, up_to: it.up_to })
    };
    weights.iter().map(level).collect()
}
