//! What each branch is expected to sell in the next month, so that the parts add up to the whole.
//!
//! Question: which branch will carry how much of the next [`MONTH_DAYS`] days' revenue? Input: the revenue forecast of
//! each branch and of all together. Output: a total with its 80 % band for each, and for the whole; the branches'
//! expected totals add up to the whole's exactly.
//!
//! Method: minimum-trace reconciliation of a tree of one level. With forecasts bᵢ of the branches and w of the whole,
//! and error variances vᵢ and u taken from their bands, the gap d = w − Σb is shared out by how unsure each is:
//! bᵢ + d·vᵢ / (Σv + u); what is left of each variance is vᵢ − vᵢ² / (Σv + u), of the whole's u·Σv / (Σv + u).
//!
//! Assumption: errors of different branches are not correlated. How it fails: branches with too little history have no
//! total and say how many days they lack; the whole is then the sum of the others, unreconciled.
//! Reference: Wickramasuriya, Athanasopoulos & Hyndman, JASA 114 (2019), with a diagonal error covariance.

use crate::{
    demand::{self, DemandForecast, ForecastState, Forecasts, MONTH_DAYS, Total},
    id::ShopId,
    money::Currency,
    table::Tables,
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};

/// Half the width of an 80 % band in standard deviations of a normal.
const HALF_WIDTH_80: f64 = 1.281_551_565_5;

/// Answer to `Task::Branches`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BranchesAhead {
    /// First day of the month ahead.
    pub from: Day,
    /// Days of it.
    pub days: u16,
    /// What amounts are in, as whole units.
    pub currency: Currency,
    /// Branches by expected revenue, most first; those without a forecast last.
    pub branches: Vec<BranchAhead>,
    /// All of them that have a forecast.
    pub whole: Option<Total>,
}

/// One branch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BranchAhead {
    /// Which shop.
    pub shop: ShopId,
    /// Its name.
    pub name: String,
    /// What it is expected to sell.
    pub total: Option<Total>,
    /// Without a total: so many more days unlock one.
    pub more_days: u32,
}

/// Answers `Task::Branches`.
pub fn answer(tables: &Tables, now: Timestamp, known: &Forecasts) -> BranchesAhead {
    let from = demand::effective_today(tables, None, now);
    let ahead = |shop: Option<usize>| demand::forecast(tables, shop, None, from, MONTH_DAYS, known);
    let more_days = |forecast: &DemandForecast| match forecast.state {
        ForecastState::TooLittleData { more_days } => more_days,
        ForecastState::Ready { .. } => 0,
    };
    let mut branches: Vec<BranchAhead> = (tables.shops.iter().enumerate())
        .map(|(place, shop)| {
            let forecast = ahead(Some(place));
            let (name, more_days) = (shop.name.clone(), more_days(&forecast));
            BranchAhead { shop: shop.id, name, total: forecast.total, more_days }
        })
        .collect();
    let parts: Vec<Total> = branches.iter().filter_map(|branch| branch.total).collect();
    let whole = ahead(None).total.filter(|_| parts.len() == branches.len());
    let (parts, whole) = match whole {
        Some(whole) => reconciled(&parts, whole),
        None => {
            let sum = sum(&parts);
            (parts, sum)
        }
    };
    let mut parts = parts.into_iter();
    for branch in branches.iter_mut().filter(|branch| branch.total.is_some()) {
        branch.total = parts.next();
    }
    // Stable: equals stay in the order of their ids.
    let rank = |branch: &BranchAhead| branch.total.map_or(f64::MIN, |total| total.mean);
    crate::order::by(&mut branches, |a, b| rank(b).total_cmp(&rank(a)));
    BranchesAhead { from, days: MONTH_DAYS, currency: tables.currency(None), branches, whole }
}

fn variance(total: &Total) -> f64 {
    ((total.hi80 - total.lo80) / (2.0 * HALF_WIDTH_80)).powi(2)
}

/// A total moved to `mean`, its band as much narrower as its variance became smaller.
fn moved(total: &Total, mean: f64, left: f64) -> Total {
    let before = variance(total);
    let scale = if before > 0.0 { (left.max(0.0) / before).sqrt() } else { 1.0 };
    let mean = mean.max(0.0);
    let end = |end: f64| (mean + scale * (end - total.mean)).max(0.0);
    Total { mean, lo80: end(total.lo80), hi80: end(total.hi80) }
}

/// Parts and whole that add up.
fn reconciled(parts: &[Total], whole: Total) -> (Vec<Total>, Option<Total>) {
    let variances: Vec<f64> = parts.iter().map(variance).collect();
    let (all, own): (f64, f64) = (variances.iter().sum(), variance(&whole));
    if parts.is_empty() || all + own <= 0.0 {
        return (parts.to_vec(), sum(parts));
    }
    let gap = whole.mean - parts.iter().map(|part| part.mean).sum::<f64>();
    let parts: Vec<Total> = (parts.iter().zip(&variances))
        .map(|(part, v)| moved(part, part.mean + gap * v / (all + own), v - v * v / (all + own)))
        .collect();
    let mean = parts.iter().map(|part| part.mean).sum();
    (parts, Some(moved(&whole, mean, own * all / (all + own))))
}

/// The sum of totals whose errors are not correlated.
fn sum(parts: &[Total]) -> Option<Total> {
    let mean: f64 = parts.iter().map(|part| part.mean).sum();
    let half = HALF_WIDTH_80 * parts.iter().map(variance).sum::<f64>().sqrt();
    (!parts.is_empty()).then(|| Total { mean, lo80: (mean - half).max(0.0), hi80: mean + half })
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn total(mean: f64, sd: f64) -> Total {
        Total { mean, lo80: mean - HALF_WIDTH_80 * sd, hi80: mean + HALF_WIDTH_80 * sd }
    }

    #[test]
    fn the_gap_is_shared_by_variance_as_worked_out_by_hand() {
        // variances 100 and 300, the whole's 100; the gap of 50 is shared 100 : 300 : 100
        let (parts, whole) =
            reconciled(&[total(500.0, 10.0), total(400.0, 300f64.sqrt())], total(950.0, 10.0));
        let means: Vec<f64> = parts.iter().map(|part| part.mean).collect();
        assert!((means[0] - 510.0).abs() < 1e-9 && (means[1] - 430.0).abs() < 1e-9, "{means:?}");
        let whole = whole.unwrap_or(total(0.0, 0.0));
        assert!((whole.mean - 940.0).abs() < 1e-9);
        // what is left: 100 − 100²/500 = 80 and 100·400/500 = 80
        assert!((variance(&parts[0]) - 80.0).abs() < 1e-6 && (variance(&whole) - 80.0).abs() < 1e-6);
    }

    #[test]
    fn certain_parts_and_no_parts_break_nothing() {
        let (parts, whole) = reconciled(&[total(5.0, 0.0)], total(7.0, 0.0));
        assert_eq!((parts[0].mean, whole.map(|whole| whole.mean)), (5.0, Some(5.0)));
        assert_eq!(reconciled(&[], total(7.0, 1.0)), (Vec::new(), None));
    }

    #[test]
    fn a_branch_is_never_expected_to_sell_less_than_nothing() {
        let (parts, whole) = reconciled(&[total(10.0, 50.0), total(400.0, 1.0)], total(100.0, 1.0));
        assert!(parts.iter().all(|part| part.mean >= 0.0 && part.lo80 >= 0.0));
        let sum: f64 = parts.iter().map(|part| part.mean).sum();
        assert_eq!(whole.map(|whole| whole.mean), Some(sum));
    }
}
