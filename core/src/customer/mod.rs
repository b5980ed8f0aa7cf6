//! Who buys: recency, frequency, monetary value, segments.

pub mod rfm;
