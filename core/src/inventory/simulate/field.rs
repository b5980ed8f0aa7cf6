//! All policies on one good, each at several weights of a lost sale, with the same lead times.
//!
//! Question answered: what does every policy make of this product's future? Input: a [`Good`], what was looked ahead
//! ([`Look`], one a review). Output: [`Sums`] by policy and weight, averaged over lives with other lead times. A policy
//! decides as if a lost sale cost its weight times as much; all are judged by the true costs. How it fails: see
//! [`super::goods`].

use super::{
    Costs, Level, Plan, Tally,
    ahead::Look,
    clairvoyant,
    compare::Sums,
    goods::{Good, House},
    rules, tally, tuned,
};

/// What a lost sale counts, in its true cost.
pub const WEIGHTS: [f64; 13] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.6, 1.0, 1.7, 3.0, 6.0, 12.0, 25.0];

/// What a rule's days are stretched by.
pub const SCALES: [f64; 13] = [0.1, 0.2, 0.3, 0.4, 0.55, 0.7, 0.85, 1.0, 1.25, 1.6, 2.0, 2.7, 4.0];

/// Place of 1 in both.
pub const AS_IS: usize = 7;

/// Who decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is told by `name` and in its own file")]
pub enum Policy {
    Ours,
    Planned,
    Paths,
    Product,
    Habit,
    MinMax,
    AverageLead,
    BestMinMax,
    BestMinMaxAgain,
    Bootstrap,
    Newsvendor,
    Clairvoyant,
}

impl Policy {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Ours,
        Self::Planned,
        Self::Paths,
        Self::Product,
        Self::Habit,
        Self::MinMax,
        Self::AverageLead,
        Self::BestMinMax,
        Self::BestMinMaxAgain,
        Self::Bootstrap,
        Self::Newsvendor,
        Self::Clairvoyant,
    ];

    /// Whether [`SCALES`] stretch it; [`WEIGHTS`] do all others.
    pub fn is_rule(self) -> bool {
        matches!(self, Self::Habit | Self::MinMax | Self::AverageLead)
    }

    /// In files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Planned => "plan_on_courses",
            Self::Paths => "forecast_paths",
            Self::Product => "plan_of_today",
            Self::Habit => "shop_habit",
            Self::MinMax => "min_max",
            Self::AverageLead => "average_lead_7_days",
            Self::BestMinMax => "best_min_max",
            Self::BestMinMaxAgain => "best_min_max_weekly",
            Self::Bootstrap => "bootstrap_s_S",
            Self::Newsvendor => "newsvendor",
            Self::Clairvoyant => "clairvoyant",
        }
    }
}

/// By policy, in the order of [`Policy::ALL`], and weight.
pub type Lived = Vec<Vec<Sums>>;

/// Lets every policy live through the good's future. `looks` has one entry a review.
pub fn live(good: &Good, looks: &[&Look], house: &House, number: u64) -> Lived {
    let reviews = good.future().len().div_ceil(house.review);
    let once = tuned::trials(good, good.from, house);
    let again: Vec<_> =
        (0..reviews).map(|it| tuned::trials(good, good.from + it * house.review, house)).collect();
    let looked = |of: &dyn Fn(&Look) -> Option<Level>| {
        rules::by_review(good, house, |step| {
            looks.get((step - good.from) / house.review).copied().and_then(of).unwrap_or(Level::NEVER)
        })
    };
    let leads: Vec<Vec<usize>> = (0..house.runs.max(1) as u64)
        .map(|run| good.lead.draws(good.future().len(), house.seed ^ (number << 20) ^ (run << 8) ^ 0x5109))
        .collect();
    let plan = |policy: Policy, place: usize, leads: &[usize]| -> Plan {
        let (costs, scale): (Costs, f64) = (good.costs.weighted(WEIGHTS[place]), SCALES[place]);
        match policy {
            Policy::Ours => looked(&|look| look.courses.get(place).copied()),
            Policy::Planned => looked(&|look| look.planned.get(place).copied()),
            Policy::Paths => looked(&|look| look.paths.get(place).copied()),
            Policy::Product => looked(&|look| look.product.get(place).copied()),
            Policy::Habit => rules::habit(good, house),
            Policy::MinMax => rules::min_max(good, house, scale),
            Policy::AverageLead => rules::average_lead(good, house, scale),
            Policy::BestMinMax => tuned::best_min_max(good, &once, &costs),
            Policy::BestMinMaxAgain => tuned::best_min_max_again(good, &again, house, &costs),
            Policy::Bootstrap => tuned::bootstrap(good, house, &costs),
            Policy::Newsvendor => tuned::newsvendor(good, house, &costs),
            Policy::Clairvoyant => clairvoyant::plan(good.future(), leads, good.opening, &costs),
        }
    };
    let share = 1.0 / leads.len() as f64;
    let of_policy = |policy: Policy| {
        let of_place = |place: usize| {
            let mut sums = Sums::default();
            let mut fixed = None;
            for leads in &leads {
                let plan = match policy {
                    Policy::Clairvoyant => &plan(policy, place, leads),
                    _ => fixed.get_or_insert_with(|| plan(policy, place, leads)),
                };
                let lived: Tally = tally(good.future(), plan, leads, good.opening);
                sums.add(&Sums::new(&lived, &good.costs).times(share));
            }
            sums
        };
        (0..WEIGHTS.len()).map(of_place).collect()
    };
    Policy::ALL.into_iter().map(of_policy).collect()
}
