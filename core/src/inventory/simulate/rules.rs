//! Rules of thumb, as shops have them: from the average of the last four weeks, looked at anew with every review.
//!
//! Question answered: at which shelf does such a shop order, and up to what? Output: a [`Level`] for each lived step.
//! `scale` stretches the days that a rule keeps, so that each has a frontier; at 1 it is the rule itself. How it fails: an
//! average knows of no season, trend or burst.

use super::{
    Level, Plan,
    goods::{Good, House},
};

/// A plan whose level is thought over with every review.
pub fn by_review(good: &Good, house: &House, mut level: impl FnMut(usize) -> Level) -> Plan {
    let mut last = Level::NEVER;
    let levels = (good.from..good.demand.len()).map(|step| {
        if (step - good.from).is_multiple_of(house.review) {
            last = level(step);
        }
        last
    });
    Plan::Levels(levels.collect())
}

/// Orders when it is gone and nothing is on its way: a week's average, at least a piece.
pub fn habit(good: &Good, house: &House) -> Plan {
    by_review(good, house, |step| {
        let week = (good.average(step, house) * house.steps(7.0)).ceil();
        Level { point: 0.0, up_to: week.max(1.0) }
    })
}

/// Minimum two weeks' average, maximum four.
pub fn min_max(good: &Good, house: &House, scale: f64) -> Plan {
    by_review(good, house, |step| {
        let week = good.average(step, house) * house.steps(7.0) * scale;
        Level { point: (2.0 * week).round(), up_to: (4.0 * week).ceil().max(1.0) }
    })
}

/// Orders at average × lead time + 7 days, a week more.
pub fn average_lead(good: &Good, house: &House, scale: f64) -> Plan {
    by_review(good, house, |step| {
        let (daily, week) = (good.average(step, house), house.steps(7.0));
        let point = daily * (good.lead.mean() + week) * scale;
        Level { point: point.round(), up_to: (point + daily * week).ceil().max(1.0) }
    })
}
