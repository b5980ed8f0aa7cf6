//! Days from order to arrival of a supplier: learned from arrivals, else promised, else assumed.
//!
//! Input: a supplier's row. Output: mean and standard deviation in days, and whether they were learned. Fewer than
//! [`MIN_SEEN`] arrivals say little about the spread: then it is [`ASSUMED_VARIATION`] of the mean. How it fails: a
//! supplier who changed his ways is remembered as he was.

use crate::table::SupplierRow;

/// Assumed where nothing was seen or promised, and said so on the screen.
pub const ASSUMED_DAYS: f64 = 7.0;

/// Standard deviation as a share of the mean where it was not learned.
pub const ASSUMED_VARIATION: f64 = 0.3;

/// Arrivals that teach a spread.
pub const MIN_SEEN: usize = 3;

/// Longest lead time that is planned with.
const MAX_DAYS: f64 = 180.0;

/// Days from order to arrival.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeadTime {
    /// Mean.
    pub mean_days: f64,
    /// Standard deviation.
    pub sd_days: f64,
    /// From arrivals, or only promised or assumed.
    pub learned: bool,
}

impl LeadTime {
    /// What is known of a supplier; none for goods whose supplier is unknown.
    pub fn of(supplier: Option<&SupplierRow>) -> Self {
        let seen = supplier.map_or(&[][..], |supplier| &supplier.lead_times_seen_days);
        let promised = supplier.and_then(|supplier| supplier.lead_time_days);
        let count = seen.len() as f64;
        let (mean, learned) = match (seen.is_empty(), promised) {
            (false, _) => (seen.iter().map(|&days| f64::from(days)).sum::<f64>() / count, true),
            (true, Some(days)) => (f64::from(days), false),
            (true, None) => (ASSUMED_DAYS, false),
        };
        let sd_days = if seen.len() >= MIN_SEEN {
            let squares: f64 = seen.iter().map(|&days| (f64::from(days) - mean).powi(2)).sum();
            (squares / (count - 1.0)).sqrt()
        } else {
            ASSUMED_VARIATION * mean
        };
        Self { mean_days: mean.min(MAX_DAYS), sd_days, learned }
    }
}
