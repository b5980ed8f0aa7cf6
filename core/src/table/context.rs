//! What surrounds the sales: days that people call special, what was paid for advertising, where price tiers end,
//! which weekdays are the weekend. Entered by hand ([`crate::record::Given`]).

use crate::{money::Paisa, time::Day};
use serde::{Deserialize, Serialize};

/// Days and settings of the whole business, as of the newest records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// Holidays and promotions by (first day, kind, name).
    pub spans: Vec<Span>,
    /// Advertising by (day, name).
    pub marketing_spend: Vec<Spend>,
    /// Ends of the tiers `budget`, `mid_range` and `premium`; a price at an end belongs to the tier above.
    pub price_tiers: [Paisa; 3],
    /// The weekend, 0 = Monday, ascending.
    pub weekend: Vec<u8>,
}

/// What a span of days is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpanKind {
    /// A feast, a strike, a day of mourning.
    Holiday,
    /// An offer of the shop's own.
    Promotion,
}

impl SpanKind {
    /// Its feed.
    pub fn feed(self) -> &'static str {
        match self {
            Self::Holiday => "holidays",
            Self::Promotion => "promotions",
        }
    }
}

/// Days with a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First day.
    pub from: Day,
    /// What it is.
    pub kind: SpanKind,
    /// As entered.
    pub name: String,
    /// Last day.
    pub until: Day,
}

/// Money for advertising.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Spend {
    /// When.
    pub day: Day,
    /// For what.
    pub name: String,
    /// How much.
    pub amount: Paisa,
}

impl Default for Context {
    fn default() -> Self {
        Self {
            spans: Vec::new(),
            marketing_spend: Vec::new(),
            // The seed's tiers in rupees; its weekend is Saturday and Sunday.
            price_tiers: [50_000, 150_000, 300_000].map(Paisa::rupees),
            weekend: vec![5, 6],
        }
    }
}
