//! Who buys: recency, frequency, monetary value, segments, and who owes.

pub mod credit;
pub mod khata;
pub mod rfm;
pub mod segment;
