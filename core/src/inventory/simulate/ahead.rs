//! Ours: order levels from the forecast, made anew with every review from what was known by then.
//!
//! Question answered: which (s, S) serves the coming weeks best? Input: all goods, an origin. Output: for each good and
//! each cost of a lost sale a [`Level`]; beside it the levels of the reorder screen. Method: the panel and each series are
//! forecast from the origin by `auto`; [`PATHS`] joint sample paths with drawn lead times are courses that demand may
//! take, on which levels are tried ([`super::search`]). Steps before an order of now can arrive do not count, nor those
//! that a later review decides. The screen's level is that of [`crate::inventory::reorder`]: forecast sums over lead time
//! and review, and z·σ of safety stock.
//!
//! Assumptions: those of the forecast. How it fails: a series that the models refuse has no level of ours; the caller
//! takes a rule of thumb.

use super::{
    Level,
    goods::{Good, House},
    search,
};
use crate::{
    forecast::{ForecastParams, Forecast, Model, Season, Series, table},
    inventory::{
        reorder::{REVIEW_DAYS, at},
        safety_stock::{IntervalDemand, SERVICE_LEVEL},
    },
};

/// Sample paths.
pub const PATHS: usize = 200;

/// What one origin says of one good.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// A level for each weight of lost sales.
    pub paths: Vec<Level>,
    /// The screen's, a level for each scale of its safety stock.
    pub screen: Vec<Level>,
}

/// Looks ahead of all goods from `origin` steps after their past. Lost sales count `weights` times; the screen's safety
/// stock is taken times `scales`.
pub fn look(goods: &[Good], origin: usize, house: &House, weights: &[f64], scales: &[f64]) -> Vec<Option<Look>> {
    let known = |good: &Good| {
        let values = good.demand.get(..good.from + origin)?.to_vec();
        Series::new(values, Season::Every(house.season)).ok()
    };
    let series: Vec<Option<Series>> = goods.iter().map(known).collect();
    let horizon = goods.iter().map(|it| horizon(it, house)).max().unwrap_or(1);
    let mut advice = table::advise(series.iter().flatten(), Model::Auto, horizon).into_iter();
    let looks = goods.iter().zip(&series).map(|(good, series)| {
        let series = series.as_ref()?;
        let advice = advice.next().flatten();
        let wishes = ForecastParams { horizon, levels: vec![80.0, 90.0], ..ForecastParams::default() };
        let fitted = wishes.check().ok()?.fit_advised(series, advice).ok()?;
        let paths = fitted.paths(PATHS, house.seed)?;
        let (steps, warm) = (self::horizon(good, house), good.lead.mean().ceil() as usize);
        let leads = search::lead_rows(&good.lead, PATHS, steps, house.seed);
        // pieces are whole; what is left of one goes on to the next step
        let whole: Vec<Vec<f64>> = paths.iter().map(|path| whole(&path[..steps])).collect();
        let courses: Vec<(&[f64], &[usize])> =
            whole.iter().zip(&leads).map(|(path, leads)| (path.as_slice(), leads.as_slice())).collect();
        let needs = search::needs(courses.iter().copied());
        let mean = fitted.predict().mean[..steps].iter().sum::<f64>() / steps as f64;
        let levels = search::candidates(&needs, good.economic_order(mean));
        let trials = search::on_courses(&levels, &courses, warm);
        let of_weight = |weight: &f64| search::cheapest(&trials, &good.costs.weighted(*weight));
        let sums = fitted.predict_sums();
        let screen = scales.iter().map(|scale| of_screen(&sums, good, house, *scale)).collect();
        Some(Look { paths: weights.iter().map(of_weight).collect(), screen })
    });
    looks.collect()
}

/// Steps until what is ordered before the next review is on the shelf and was sold from.
fn horizon(good: &Good, house: &House) -> usize {
    good.lead.longest() + 1 + house.review.max(2)
}

fn whole(path: &[f64]) -> Vec<f64> {
    let (mut sum, mut before) = (0.0, 0.0);
    let step = |value: &f64| {
        sum += value;
        let pieces = f64::round(sum) - before;
        before += pieces;
        pieces
    };
    path.iter().map(step).collect()
}

fn of_screen(sums: &Forecast, good: &Good, house: &House, scale: f64) -> Level {
    let lead = good.lead.mean();
    let interval = lead + house.steps(REVIEW_DAYS);
    let mean = at(&sums.mean, interval);
    let Some(band) = sums.bands.last() else { return Level::NEVER };
    let demand = IntervalDemand::new(mean, at(&band.hi, interval), mean / interval, good.lead.sd());
    let safety = scale * demand.safety_stock(SERVICE_LEVEL);
    Level { point: (at(&sums.mean, lead) + safety).round(), up_to: mean + safety }
}
