//! Several seasons taken out by local regression, the rest smoothed exponentially, the seasons put in again: MSTL.
//!
//! Question answered: where does a series with more than one season (the week and the month, the week and the year) go.
//! Input: a regular history in any unit, the steps per season; a season of 7 is taken for days, which may have a month
//! and a year as well. Output: means in that unit. The seasons are taken out one after the other, shortest first, and
//! each a second time when the others are known; what is left is forecast by [`ets`] without a season, and every
//! season repeats its last cycle.
//!
//! Assumptions: seasons add up and change slowly; the last cycle is the next. How it fails: fewer than
//! [`ets::MIN_VALUES`] values; a season of which there are no two cycles, or none significant, is left out, and with none
//! left this is exponential smoothing. A month of [`MONTH_DAYS`] days drifts against the calendar's.
//!
//! References: Bandara, Hyndman & Bergmeir, "MSTL: a seasonal-trend decomposition algorithm for time series with
//! multiple seasonal patterns", International Journal of Operational Research (2021), algorithm 1; [`stl`]'s.

mod stl;
#[cfg(test)]
mod tests;

use super::ets::{self, FittedEts};
use super::{FitError, Fitted, Model, Replay, decompose};
use stl::Stl;

/// Days of a week, a month and a year.
const WEEK_DAYS: usize = 7;
const MONTH_DAYS: usize = 30;
const YEAR_DAYS: usize = 365;

/// Cycles that speak of one cycle's effects: so many for the shortest season, [`WINDOW_STEP`] more for each longer one.
const WINDOW: usize = 11;
const WINDOW_STEP: usize = 4;

/// Passes of each decomposition, and rounds over all seasons when there are several.
const PASSES: usize = 2;
const ROUNDS: usize = 2;

/// A local regression over w values is worked out at every w/10-th place.
const SPARSE: usize = 10;

/// One season's share of every value.
#[derive(Debug, Clone, PartialEq)]
struct Component {
    steps: usize,
    effects: Vec<f64>,
}

impl Component {
    /// The effect at time `t` as known after `known` values: the last cycle before, repeated.
    fn ahead(&self, known: usize, t: usize) -> f64 {
        let known = known.clamp(self.steps, self.effects.len());
        if t < known { self.effects[t] } else { self.effects[known - self.steps + (t - known) % self.steps] }
    }
}

/// A fitted MSTL model.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedMstl {
    components: Vec<Component>,
    rest: FittedEts,
    length: usize,
}

impl FittedMstl {
    /// Steps of the seasons that were taken out, shortest first.
    pub fn seasons(&self) -> Vec<usize> {
        self.components.iter().map(|it| it.steps).collect()
    }

    /// Each season's share of the fitted values, in the order of [`FittedMstl::seasons`].
    pub fn effects(&self) -> Vec<&[f64]> {
        self.components.iter().map(|it| it.effects.as_slice()).collect()
    }

    /// What smooths the history without its seasons.
    pub fn rest(&self) -> &FittedEts {
        &self.rest
    }

    /// What the seasons add at time `t`, as known after `known` values.
    fn effect(&self, known: usize, t: usize) -> f64 {
        self.components.iter().map(|it| it.ahead(known, t)).sum()
    }
}

/// Finds the seasons, takes them out and smooths the rest. `season` 1 means none.
pub fn fit(values: &[f64], season: usize) -> Result<FittedMstl, FitError> {
    let longer: &[usize] = if season == WEEK_DAYS { &[MONTH_DAYS, YEAR_DAYS] } else { &[] };
    let mut seasons = Vec::new();
    let mut components = Vec::new();
    let mut rest = values.to_vec();
    for steps in [season].into_iter().chain(longer.iter().copied()) {
        if is_seasonal(&rest, steps) {
            seasons.push(steps);
            (components, rest) = split(values, &seasons);
        }
    }
    let rest = ets::fit(&rest, 1)?;
    Ok(FittedMstl { components, rest, length: values.len() })
}

/// Whether two cycles were seen, and the season stands out from the history without its line.
fn is_seasonal(values: &[f64], steps: usize) -> bool {
    if steps < 2 || values.len() < 2 * steps {
        return false;
    }
    let (level, slope) = ets::line(values);
    let flat: Vec<f64> = values.iter().enumerate().map(|(t, v)| v - level - slope * t as f64).collect();
    decompose::is_seasonal(&flat, steps)
}

/// The seasons' shares, and the values without them. Each season is taken out of what the others leave.
fn split(values: &[f64], seasons: &[usize]) -> (Vec<Component>, Vec<f64>) {
    let mut rest = values.to_vec();
    let mut components: Vec<Component> =
        seasons.iter().map(|steps| Component { steps: *steps, effects: vec![0.0; values.len()] }).collect();
    let rounds = if seasons.len() > 1 { ROUNDS } else { 1 };
    for _ in 0..rounds {
        for (at, component) in components.iter_mut().enumerate() {
            rest.iter_mut().zip(&component.effects).for_each(|(rest, effect)| *rest += effect);
            let stl = Stl {
                season: component.steps,
                window: WINDOW + WINDOW_STEP * at,
                straight: false,
                passes: PASSES,
                sparse: SPARSE,
            };
            component.effects = stl.split(&rest).0;
            rest.iter_mut().zip(&component.effects).for_each(|(rest, effect)| *rest -= effect);
        }
    }
    (components, rest)
}

impl Fitted for FittedMstl {
    fn model(&self) -> Model {
        Model::Mstl
    }

    fn parameters(&self) -> usize {
        self.rest.parameters() + self.components.iter().map(|it| it.steps - 1).sum::<usize>()
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        let mut means = self.rest.predict(horizon);
        for (h, mean) in means.iter_mut().enumerate() {
            *mean += self.effect(self.length, self.length + h);
        }
        means
    }

    fn replay(&self, values: &[f64], first_origin: usize, horizon: usize) -> Replay {
        // effects are held as they were fitted; only the level learns
        let rest: Vec<f64> =
            values.iter().enumerate().map(|(t, y)| y - self.effect(self.length, t)).collect();
        let smoothed = self.rest.replay(&rest, first_origin, horizon);
        let mut rows = smoothed.rows();
        Replay::build(values.len(), first_origin, horizon, |origin, row| {
            let means = rows.next().map_or(&[][..], |it| it.1);
            for (h, (mean, smooth)) in row.iter_mut().zip(means).enumerate() {
                *mean = smooth + self.effect(origin.min(self.length), origin + h);
            }
        })
    }
}
