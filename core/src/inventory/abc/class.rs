//! A, B and C: by what a product brings in, moved by what its absence would do.
//!
//! Question answered: how closely must each product be watched, and how sure must it be there? Input: a year's revenue,
//! cost and the four risk features of each product ([`Evidence`]). Output: a class with its service level and review
//! rhythm, the six features of the seed's `InventoryClassification`, and the steps that led there.
//!
//! - **Value** v = ½ · share of revenue + ½ · share of profit (revenue alone where no cost is known; a product whose own
//!   cost is unknown is given the margin of all others together). Losses and net returns count 0. Products are put in
//!   order of v: A is what stands below the first [`A_ENDS`] of it, B below [`B_ENDS`], C the rest. Equals stand alike:
//!   what counts is the value of those that are strictly larger.
//! - **Risk** r = ½ · how likely the shelf is to fail (the larger of demand's and lead time's coefficients of variation, as
//!   either empties it; at most 1) + ½ · what that does (mean of 1 − substitutability and criticality). At [`HIGH_RISK`] or more it is
//!   high, at [`LOW_RISK`] or less it is low.
//! - **Joint**: high risk moves a product one class up; low risk one class down, unless what its absence does is more than
//!   low by itself: that it sells evenly makes nobody miss it less. Where a half of the risk, or one side of the damage, is
//!   not known, nothing is moved.
//!
//! The seed's criteria read "high value, low risk", "medium value, medium risk" and "low value, high risk acceptable":
//! the risk in them is that of an empty shelf which is accepted, 2, 5 and 10 of 100 cycles. So a product that must not
//! be missing moves towards A, and one that others can stand in for moves towards C.
//!
//! How it fails: a product of a few weeks is judged by those weeks; a season's product by the whole year.
//! References: Flores & Whybark, "Multiple criteria ABC analysis", IJOPM 6 (1986) (two criteria joined as a matrix: the
//! middle stays, high and low move by one class); Silver, Pyke & Thomas (4th ed. 2017), ch. 2 (80 and 95 % of value);
//! Dawes, "The robust beauty of improper linear models", American Psychologist 34 (1979) (equal weights).

use crate::money::Paisa;
use serde::{Deserialize, Serialize};

/// A ends where this share of value stands above.
pub const A_ENDS: f64 = 0.80;
/// B ends here.
pub const B_ENDS: f64 = 0.95;
/// From here on risk is high.
pub const HIGH_RISK: f64 = 2.0 / 3.0;
/// Up to here it is low.
pub const LOW_RISK: f64 = 1.0 / 3.0;

/// Shares nearer to an end than this are at it, so that units of money change no class.
const ROUNDING: f64 = 1e-9;

/// How closely a product is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Class {
    /// High value.
    A,
    /// Medium value.
    B,
    /// Low value.
    C,
}

impl Class {
    /// All, most watched first.
    pub const ALL: [Self; 3] = [Self::A, Self::B, Self::C];

    /// One letter.
    pub fn name(self) -> &'static str {
        ["A", "B", "C"][self as usize]
    }

    /// Share of order cycles that should see no empty shelf.
    pub fn service_level(self) -> f64 {
        [0.98, 0.95, 0.90][self as usize]
    }

    /// Days between two looks at it.
    pub fn review_days(self) -> u16 {
        [3, 7, 14][self as usize]
    }

    /// The seed's words for what belongs here.
    pub fn criteria(self) -> &'static str {
        ["High value, low risk", "Medium value, medium risk", "Low value, high risk acceptable"]
            [self as usize]
    }

    /// The seed's words for what to do.
    pub fn management(self) -> &'static str {
        [
            "Tight control, frequent review",
            "Moderate control, regular review",
            "Simple controls, periodic review",
        ][self as usize]
    }

    fn moved(self, up: bool) -> Self {
        match (self, up) {
            (Self::A | Self::B, true) => Self::A,
            (Self::C, true) | (Self::A, false) => Self::B,
            (Self::B | Self::C, false) => Self::C,
        }
    }
}

/// What is known of one product.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Net of returns.
    pub revenue: Paisa,
    /// The part of it whose cost is known.
    pub costed: Paisa,
    /// That cost.
    pub cost: Paisa,
    /// Coefficient of variation of a week's demand.
    pub demand_variability: Option<f64>,
    /// Coefficient of variation of the supplier's days.
    pub lead_time_variability: Option<f64>,
    /// Chance that a buyer takes another product instead.
    pub substitutability: Option<f64>,
    /// How much hangs on it beside its own price.
    pub criticality_score: Option<f64>,
}

/// The six features, by the seed's names. None is what the books cannot tell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassFeatures {
    /// Share of all revenue.
    pub revenue_contribution: f64,
    /// Profit ÷ revenue.
    pub profit_margin: Option<f64>,
    /// See [`Evidence`].
    pub demand_variability: Option<f64>,
    /// See [`Evidence`].
    pub lead_time_variability: Option<f64>,
    /// See [`Evidence`].
    pub substitutability: Option<f64>,
    /// See [`Evidence`].
    pub criticality_score: Option<f64>,
}

/// A product in its class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    /// Its class.
    pub class: Class,
    /// Its class by value alone.
    pub value_class: Class,
    /// Share of value.
    pub value: f64,
    /// Share of value of those that are strictly larger.
    pub above: f64,
    /// 0–1; none where too little is known.
    pub risk: Option<f64>,
    /// What it was judged by.
    pub features: ClassFeatures,
}

/// One class and what is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassGroup {
    /// What belongs here.
    pub criteria: &'static str,
    /// What to do.
    pub management: &'static str,
    /// Share of order cycles that should see no empty shelf.
    pub service_level: f64,
    /// Days between two looks.
    pub review_days: u16,
    /// Positions of its products, in their order.
    pub products: Vec<usize>,
}

/// What `classify` says.
#[derive(Clone, Debug, PartialEq)]
pub struct Classification {
    /// High value.
    pub a_class: ClassGroup,
    /// Medium value.
    pub b_class: ClassGroup,
    /// Low value.
    pub c_class: ClassGroup,
    /// Product → where it was placed.
    pub placed: Vec<Placed>,
}

/// The seed's classifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InventoryClassification {
    /// Names of what it looks at, as in [`ClassFeatures`].
    pub features: [&'static str; 6],
}

impl Default for InventoryClassification {
    fn default() -> Self {
        Self {
            features: [
                "revenue_contribution",
                "profit_margin",
                "demand_variability",
                "lead_time_variability",
                "substitutability",
                "criticality_score",
            ],
        }
    }
}

impl InventoryClassification {
    /// Puts every product into a class.
    pub fn classify(&self, products: &[Evidence]) -> Classification {
        let placed = place(products);
        let group = |class: Class| ClassGroup {
            criteria: class.criteria(),
            management: class.management(),
            service_level: class.service_level(),
            review_days: class.review_days(),
            products: (0..placed.len()).filter(|&at| placed[at].class == class).collect(),
        };
        let [a_class, b_class, c_class] = Class::ALL.map(group);
        Classification { a_class, b_class, c_class, placed }
    }
}

fn place(products: &[Evidence]) -> Vec<Placed> {
    let sum = |of: fn(&Evidence) -> i64| products.iter().map(|it| i128::from(of(it))).sum::<i128>() as f64;
    let revenue = sum(|it| it.revenue.0.max(0));
    let (costed, cost) =
        (sum(|it| it.costed.0.max(0)), sum(|it| if it.costed.0 > 0 { it.cost.0 } else { 0 }));
    let usual = (costed > 0.0).then(|| (costed - cost) / costed);
    let margin = |it: &Evidence| {
        (it.costed.0 > 0).then(|| (it.costed.0 as f64 - it.cost.0 as f64) / it.costed.0 as f64)
    };
    let profit = |it: &Evidence| {
        let margin = margin(it).or(usual).unwrap_or(0.0);
        (it.revenue.0 as f64 * margin).max(0.0)
    };
    // Sums of floats depend on their order: in order of size they do not depend on that of the products.
    let mut profits: Vec<f64> =
        products.iter().map(|it| if it.revenue.0 > 0 { profit(it) } else { 0.0 }).collect();
    let of_product = profits.clone();
    crate::order::floats(&mut profits);
    let all_profit: f64 = profits.iter().sum();
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    let value = |at: usize| {
        let sold = share(products[at].revenue.0.max(0) as f64, revenue);
        if all_profit > 0.0 { 0.5 * (sold + share(of_product[at], all_profit)) } else { sold }
    };
    let values: Vec<f64> = (0..products.len()).map(value).collect();
    let above = larger(&values);
    (0..products.len())
        .map(|at| {
            let it = &products[at];
            let value_class = match above[at] {
                _ if values[at] <= 0.0 => Class::C,
                above if above < A_ENDS - ROUNDING => Class::A,
                above if above < B_ENDS - ROUNDING => Class::B,
                _ => Class::C,
            };
            let risk = if values[at] > 0.0 { risk(it) } else { None };
            let class = match risk {
                Some((risk, _)) if risk >= HIGH_RISK => value_class.moved(true),
                Some((risk, hurts)) if risk <= LOW_RISK && hurts <= LOW_RISK => value_class.moved(false),
                _ => value_class,
            };
            let features = ClassFeatures {
                revenue_contribution: share(it.revenue.0.max(0) as f64, revenue),
                profit_margin: margin(it),
                demand_variability: it.demand_variability,
                lead_time_variability: it.lead_time_variability,
                substitutability: it.substitutability,
                criticality_score: it.criticality_score,
            };
            Placed {
                class,
                value_class,
                value: values[at],
                above: above[at],
                risk: risk.map(|it| it.0),
                features,
            }
        })
        .collect()
}

/// Value → the sum of all that are strictly larger.
fn larger(values: &[f64]) -> Vec<f64> {
    let mut places: Vec<usize> = (0..values.len()).collect();
    crate::order::by(&mut places, |&a, &b| values[b].total_cmp(&values[a]));
    let (mut above, mut sum, mut waiting) = (vec![0.0; values.len()], 0.0, 0.0);
    let mut last = f64::INFINITY;
    for at in places {
        // Floats of one size may differ in their last bit after a change of units.
        if values[at] < last - ROUNDING * last.abs().min(1.0) {
            (sum, waiting, last) = (sum + waiting, 0.0, values[at]);
        }
        waiting += values[at];
        above[at] = sum;
    }
    above
}

/// Both halves together, and what its absence does by itself.
fn risk(it: &Evidence) -> Option<(f64, f64)> {
    let most = |cv: f64| cv.clamp(0.0, 1.0);
    let fails = match (it.demand_variability.map(most), it.lead_time_variability.map(most)) {
        (Some(demand), Some(lead)) => demand.max(lead),
        (one, other) => one.or(other)?,
    };
    let hurts = 0.5 * (1.0 - it.substitutability?.clamp(0.0, 1.0) + it.criticality_score?.clamp(0.0, 1.0));
    Some((0.5 * (fails + hurts), hurts))
}
