//! Many pieces a step: stretches of what really was, of the product itself and, brought to its level, of all others.
//!
//! Question answered: what may come in the next weeks, bursts and droughts as they come together? Input: pasts of all
//! products that sell much, their forecasts. Output: courses in pieces, not yet whole. Method: a share [`OWN`] of the
//! courses are stretches of the product's own past as they were, a share [`OF_PATHS`] the forecast's paths; the rest are others' stretches, spread evenly over
//! products and times, divided by their product's average and multiplied by the level expected here: the product's own
//! average, moved by [`OF_PANEL`] of the logarithm of what the forecast says of all products together (a season, a
//! growing shop). What a forecast says of one bursty product made levels worse on the learning part, at any share.
//!
//! How it fails: a product that grew tenfold is believed late. Constants were chosen on the learning part of Online
//! Retail's days. Reference: Bookbinder & Lordahl, IIE Transactions 21 (1989) (bootstrapped lead-time demand), here over
//! all products.

use super::{COURSES, Known, LITTLE};
use crate::rng::Rng;

/// Share of courses that are the product's own.
pub const OWN: f64 = 0.3;

/// Share of courses that are the forecast's own paths.
pub const OF_PATHS: f64 = 0.1;

/// How far the level follows the forecast of all products.
pub const OF_PANEL: f64 = 0.25;

/// Spreads any number of courses evenly over the products, and near ones apart.
const GOLDEN: f64 = 0.618_033_988_749_895;

/// Who teaches, and what the forecast says of all.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretches {
    teachers: Vec<usize>,
    panel: f64,
}

/// What the forecast says in proportion to the past.
fn ratio(good: &Known<'_>) -> Option<f64> {
    Some((good.forecast? + LITTLE) / (good.average() + LITTLE))
}

impl Stretches {
    /// Of the products that are not `small`.
    pub fn learn(goods: &[Known<'_>], small: &[bool]) -> Self {
        let teachers: Vec<usize> = (0..goods.len()).filter(|at| !small[*at]).collect();
        let logs: Vec<f64> = teachers
            .iter()
            .filter_map(|at| ratio(&goods[*at]))
            .map(f64::ln)
            .filter(|it| it.is_finite())
            .collect();
        let panel = (logs.iter().sum::<f64>() / logs.len().max(1) as f64).exp();
        Self { teachers, panel }
    }

    /// Courses of `good`, some of them `paths` of its forecast.
    pub fn courses(
        &self,
        goods: &[Known<'_>],
        good: usize,
        horizon: usize,
        paths: &[Vec<f64>],
        random: &mut Rng,
    ) -> Vec<Vec<f64>> {
        let own = &goods[good];
        let reach = |at: &&usize| goods[**at].past.len() >= horizon;
        let teachers: Vec<usize> = self.teachers.iter().filter(reach).copied().collect();
        let level = (own.average() + LITTLE) * self.panel.powf(OF_PANEL);
        let share = |of: f64| (of * COURSES as f64).round() as usize;
        let of_paths = if paths.is_empty() { 0 } else { share(OF_PATHS) };
        let of_own = if teachers.is_empty() { COURSES - of_paths } else { share(OWN) };
        let of_others = COURSES - of_paths - of_own;
        let offset = random.uniform();
        let stretch = |past: &[f64], place: f64, times: f64| -> Vec<f64> {
            let starts = past.len().saturating_sub(horizon) + 1;
            let start = ((place * starts as f64) as usize).min(starts - 1);
            // where a past is shorter than the horizon it begins again
            past.iter().cycle().skip(start).take(horizon).map(|it| it * times).collect()
        };
        let mut courses: Vec<Vec<f64>> = paths
            .iter()
            .cycle()
            .take(of_paths)
            .map(|path| path[..horizon.min(path.len())].to_vec())
            .collect();
        for number in 0..of_own {
            let place = (number as f64 + random.uniform()) / of_own as f64;
            courses.push(stretch(own.past, place, 1.0));
        }
        for number in 0..of_others {
            let turn = (number as f64 * GOLDEN + offset).fract();
            let teacher = &goods[teachers[(turn * teachers.len() as f64) as usize]];
            let place = (number as f64 + random.uniform()) / of_others as f64;
            courses.push(stretch(teacher.past, place, level / (teacher.average() + LITTLE)));
        }
        courses
    }
}
