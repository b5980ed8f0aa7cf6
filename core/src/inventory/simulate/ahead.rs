//! Ours: order levels made anew with every review, from what was known by then.
//!
//! Question answered: which (s, S) serves the coming weeks best? Input: all goods, a review. Output ([`Look`]): for each good
//! and each weight of a lost sale a [`Level`]. Method: `auto` forecasts every series from the origin, advised by the
//! panel; courses that demand may take ([`crate::inventory::courses`]), each with lead times of its own, are what levels
//! are tried on ([`super::search`]). Steps before an order of now can arrive do not count, nor those that a later review
//! decides. Beside them levels by formula: s runs out over lead time and a step with the chance h·T ÷ (p + h·T), T the time
//! that an economic order lasts, S is that order above; of the same courses, and of a normal with mean and deviation of
//! the forecast's own joint sample paths; and levels tried on those paths alone.
//!
//! Assumptions: those of the forecast. How it fails: a series that the models refuse has the courses of its past alone,
//! and never orders by paths that there are none of.

use super::{
    Costs, Level,
    goods::{Good, House},
    search::{self, Trial},
};
use crate::{
    forecast::{FittedForecast, ForecastParams, Model, Season, Series, table},
    inventory::{
        courses::{Courses, Known, whole},
        lead_demand::LeadDemand,
        lead_time::LeadTime,
        newsvendor,
    },
    rng::Rng,
};

/// The forecast's sample paths.
pub const PATHS: usize = 200;

const DAYS_OF_YEAR: f64 = 365.25;

/// What one origin says of one good: a level for each weight of a lost sale.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// From courses: ours.
    pub courses: Vec<Level>,
    /// From the same courses by formula.
    pub formula: Vec<Level>,
    /// From the forecast's paths alone.
    pub paths: Vec<Level>,
    /// From a normal around the same paths.
    pub normal: Vec<Level>,
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
        let by_formula = |courses: &[Vec<f64>], level: fn(&Formula<'_>, &Costs) -> Level| {
            let formula = Formula::new(courses, good, house);
            let of =
                |it: &f64| formula.as_ref().map_or(Level::NEVER, |of| level(of, &good.costs.weighted(*it)));
            weights.iter().map(of).collect()
        };
        Look {
            formula: by_formula(&courses, |it, costs| it.of_courses(costs)),
            courses: chosen(&tried(&courses, good, seed)),
            paths: chosen(&tried(&rounded, good, seed)),
            normal: by_formula(&paths, |it, costs| it.of_normal(costs)),
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

/// Demand over lead time and a step, by formula instead of trials.
struct Formula<'a> {
    demand: LeadDemand,
    good: &'a Good,
    step_days: f64,
}

impl<'a> Formula<'a> {
    /// None where there are no courses.
    fn new(courses: &[Vec<f64>], good: &'a Good, house: &House) -> Option<Self> {
        let courses: Vec<&[f64]> = courses.iter().map(Vec::as_slice).collect();
        let lead = LeadTime { mean_days: good.lead.mean(), sd_days: good.lead.sd(), learned: true };
        let demand = LeadDemand::over(&courses, &lead, 1).ok()?;
        Some(Self { demand, good, step_days: house.step_days })
    }

    /// s where a further piece costs as much as it saves, S an economic order above; `point` says what suffices.
    fn level(&self, costs: &Costs, point: impl Fn(&newsvendor::Costs, &LeadDemand) -> Option<f64>) -> Level {
        let mean = self.demand.mean / (self.good.lead.mean() + 1.0);
        let size = self.good.economic_order(mean).round().max(1.0);
        let lasts = if mean > 0.0 { size / mean } else { DAYS_OF_YEAR / self.step_days };
        let terms = newsvendor::Costs { holding: costs.holding * lasts, stockout: costs.lost() };
        // where a lost sale costs nothing there is no level
        let Some(point) = point(&terms, &self.demand) else { return Level::NEVER };
        let point = point.round().max(0.0);
        Level { point, up_to: point + size }
    }

    fn of_normal(&self, costs: &Costs) -> Level {
        let normal = |terms: &newsvendor::Costs, demand: &LeadDemand| {
            newsvendor::normal(terms, demand.mean, demand.sd, 0.0).ok().map(|it| it.level)
        };
        self.level(costs, normal)
    }

    fn of_courses(&self, costs: &Costs) -> Level {
        self.level(costs, |terms, demand| demand.level(terms.ratio()).ok())
    }
}
