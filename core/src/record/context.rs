//! The world outside: competitors, feeds, the moon.

use crate::{
    id::ProductId,
    money::Paisa,
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};

/// What another shop asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompetitorPrice {
    /// For what.
    pub product: ProductId,
    /// Who asks it.
    pub source: String,
    /// How much.
    pub price: Paisa,
    /// When it was seen.
    pub at: Timestamp,
}

/// One row of an outside feed, with its lineage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedRow {
    /// Feed name by the seed: `weather`, `events`, `holidays`, `promotions`, `economic_indicators` …
    pub feed: String,
    /// The day it speaks of.
    pub day: Day,
    /// What is measured.
    pub name: String,
    /// The value.
    pub value: serde_json::Value,
    /// Where it came from.
    pub source: String,
    /// When it was fetched.
    pub at: Timestamp,
}

/// The moon was seen: a Hijri month begins on this day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarCorrection {
    /// Hijri year.
    pub hijri_year: u16,
    /// Hijri month, 1–12.
    pub hijri_month: u8,
    /// Its first day.
    pub begins: Day,
}
