//! What was not like the rest: of one day ([`weekday`], in a sentence's time), and of whole series with a false-alarm
//! rate that is kept ([`series`]).

mod filter;
mod normal;
pub mod series;
mod shift;
mod tail;
pub mod weekday;

pub use series::{Alarm, FEWEST, Followed, Options, Point, follow, judge, watch};
pub use weekday::{DayScore, UNUSUAL, WEEKS, most_unusual, score};

/// The middle value, or the mean of the two in the middle; 0 of none.
fn median(mut values: Vec<f64>) -> f64 {
    crate::order::floats(&mut values);
    match values.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => values[odd / 2],
        even => 0.5 * (values[even / 2 - 1] + values[even / 2]),
    }
}
