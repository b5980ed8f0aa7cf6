//! Where a model stands between launch and end, and what is expected of one that is too new for a series.
//!
//! Question answered: how old is this product, what will it still sell and until when, who follows it, and, where it
//! has too little history, what do products like it say of its next days. Input: the shop's tables. Output:
//! [`LifeCycle`], weeks and pieces. Method: [`crate::lifecycle_curve`] learns from the shop's own products of the same
//! kind whose launch lies within the records; in a week with an empty shelf the days that could sell stand for the others
//! (quicker than [`crate::forecast::censored`], as weeks are judged by the dozen). Demand
//! given the curve is negative binomial (a Poisson count of a gamma-distributed pace), from which all ranges come. In a
//! product's first weeks [`ColdStart`] corrects the means, where it is at hand and no successor is out.
//!
//! Assumptions: a product's first sale is its launch in this shop, unless one was entered; what sold from the first
//! weeks of the records on began before them, so its age is unknown. How it fails: fewer than [`MIN_LIVES`] products
//! with a known launch, or a launch that is not known, give `None`. [`LifeCycle::held80`] is measured by asking the
//! same of past launches with what was known then; below [`MIN_JUDGED`] of them nothing is claimed.
//!
//! References: see [`crate::lifecycle_curve`]; Greenwood & Yule, JRSS 83 (1920) (the negative binomial).

use super::{PRODUCT_DAYS, Total, by_product::Goods};
use crate::{
    feature::{availability::Availability, demand::SalesByProduct, sales::PriceTier},
    forecast::{Band, SumLaw},
    id::ProductId,
    lifecycle_curve::{Attributes, Expected, Life, Lives, cold_start::ColdStart, family},
    table::Tables,
    time::Day,
};
use serde::{Deserialize, Serialize};

/// Fewest products that a curve is learned from.
pub const MIN_LIVES: usize = 5;

/// Fewest past launches that a measured range rests on.
pub const MIN_JUDGED: usize = 10;

/// Products that curves are learned from at most: the latest launches.
const MOST_LIVES: usize = 200;

/// What sold within these first days of the records may have sold before them.
const UNKNOWN_LAUNCH_DAYS: i32 = 56;

/// Weeks ahead that are shown.
const AHEAD_WEEKS: usize = 26;

/// Weeks in which a model is new.
const NEW_WEEKS: usize = 8;

/// Part of the best four weeks below which a model declines.
const DECLINING: f64 = 0.6;

/// Weeks that the chance of a successor is told for.
const SUCCESSOR_WEEKS: usize = 13;

/// Look-alikes that are named.
const NAMED: usize = 3;

/// Fewest days of a week that can stand for its others.
const OPEN_DAYS: usize = 3;

const MONTH_WEEKS: usize = PRODUCT_DAYS as usize / 7;

/// Where in its life a model stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// In its first [`NEW_WEEKS`] weeks.
    New,
    /// Sells as at its best, or nearly.
    Strong,
    /// Sells clearly less than at its best, or its successor is out.
    Declining,
    /// Sells less than a tenth of its best.
    Ending,
}

/// The next model of a line, on this shop's shelf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Successor {
    /// Which product.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// First sold, or launched as entered.
    pub from: Day,
}

/// A product's life so far and ahead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LifeCycle {
    /// First sold here, or launched as entered.
    pub launched: Day,
    /// Whole weeks since then.
    pub age_weeks: u32,
    /// Where it stands.
    pub phase: Phase,
    /// Pieces of each of those weeks, as many as would have been sold from a full shelf.
    pub weekly: Vec<f64>,
    /// Expected pieces of the weeks to come.
    pub ahead: Vec<f64>,
    /// The next 28 days together.
    pub month: Total,
    /// All that is expected until the end.
    pub left: Total,
    /// Weeks until it sells less than a tenth of its best.
    pub weeks_left: u32,
    /// Who follows it, where that one is on the shelf already.
    pub successor: Option<Successor>,
    /// Chance that a successor comes within 91 days; none where one is here, or none is known of.
    pub successor_chance: Option<f64>,
    /// The most alike products that it was judged by.
    pub alike: Vec<String>,
    /// How many it was judged by.
    pub lives: u32,
    /// Share of past launches whose next 28 days lay in the range, and how many were judged.
    pub held80: Option<(f64, u32)>,
    /// How many times what look-alikes say such first weeks led to elsewhere ([`ColdStart`]), as is counted in; none
    /// where that does not speak.
    pub elsewhere: Option<f64>,
    /// Shape of the pace's gamma distribution.
    shape: f64,
}

impl LifeCycle {
    /// The first 1, 2, … days together, with bands of these levels in percent.
    pub fn sums(&self, days: usize, levels: &[f64]) -> (Vec<f64>, Vec<Band>) {
        let mut mean = Vec::with_capacity(days);
        for day in 0..days {
            let week = self.ahead.get(day / 7).or(self.ahead.last()).copied().unwrap_or(0.0);
            mean.push(mean.last().copied().unwrap_or(0.0) + week / 7.0);
        }
        let band = |level: &f64| {
            let tail = (1.0 - level / 100.0) / 2.0;
            let end = |chance: f64| mean.iter().map(|mean| quantile(*mean, self.shape, chance)).collect();
            Band { level: *level, lo: end(tail), hi: end(1.0 - tail) }
        };
        let bands = levels.iter().map(band).collect();
        (mean, bands)
    }

    /// The law of the first 1, 2, … days together.
    pub fn law(&self, days: usize) -> SumLaw {
        SumLaw::of_quantiles(&self.sums(days, &[]).0, |mean, chance| quantile(mean, self.shape, chance))
    }

    /// Pieces that suffice until its end with this chance.
    pub fn left_at(&self, chance: f64) -> f64 {
        quantile(self.left.mean, self.shape, chance)
    }
}

/// The lives of a shop's products of one kind, learned from.
#[derive(Debug)]
pub struct LifeBook<'a> {
    tables: &'a Tables,
    today: Day,
    goods: Goods,
    /// Of every product, where its launch is known.
    known: Vec<Option<Known>>,
    successor: Vec<Option<usize>>,
    /// Whose lives were learned from.
    learned_from: Vec<usize>,
    lives: Lives,
    cold_start: Option<&'a ColdStart>,
}

#[derive(Debug, Clone)]
struct Known {
    launched: Day,
    life: Life,
}

impl<'a> LifeBook<'a> {
    /// Learns from all products of a kind that were sold before the day that `sales` ends with.
    pub fn new(
        tables: &'a Tables,
        goods: Goods,
        sales: &SalesByProduct,
        shelves: &Availability,
        cold_start: Option<&'a ColdStart>,
    ) -> Option<Self> {
        let today = sales.today();
        let first = tables.sales.day.first().copied()?;
        let products = &tables.products;
        let names = products.iter().enumerate().map(|(at, row)| {
            let is_phone = goods == Goods::Smartphones && Goods::of(tables, at) == goods;
            let brand = row.fields.brand.as_deref().unwrap_or_default();
            is_phone.then(|| family::Generation::parse(brand, &row.label())).flatten()
        });
        let successor = family::successors(&names.collect::<Vec<_>>());
        let launched: Vec<Option<Day>> = (0..products.len())
            .map(|at| {
                let sold = sales.series(at)?.from;
                let launched = products[at].fields.launched.unwrap_or(sold);
                let is_known = launched.0 > first.0 + UNKNOWN_LAUNCH_DAYS && launched <= sold;
                (is_known && Goods::of(tables, at) == goods).then_some(launched)
            })
            .collect();
        let known: Vec<Option<Known>> = (0..products.len())
            .map(|at| {
                let launched = launched[at]?;
                let weekly = weeks(sales, shelves, at, launched);
                let succeeded = successor[at].and_then(|next| launched_before(tables, sales, next));
                let succeeded_week =
                    succeeded.filter(|day| *day >= launched).map(|day| ((day.0 - launched.0) / 7) as usize);
                let attributes = attributes(tables, at);
                Some(Known { launched, life: Life { attributes, weekly, succeeded_week } })
            })
            .collect();
        let mut learned_from: Vec<usize> = (0..products.len()).filter(|at| known[*at].is_some()).collect();
        crate::order::by_key(&mut learned_from, |at| {
            std::cmp::Reverse(known[*at].as_ref().map(|it| it.launched))
        });
        learned_from.retain(|at| known[*at].as_ref().is_some_and(|it| !it.life.weekly.is_empty()));
        learned_from.truncate(MOST_LIVES);
        if learned_from.len() < MIN_LIVES {
            return None;
        }
        let lives = learned_from.iter().filter_map(|at| Some(known[*at].as_ref()?.life.clone())).collect();
        let lives = Lives::learn(lives)?;
        Some(Self { tables, today, goods, known, successor, learned_from, lives, cold_start })
    }

    /// Of one product; none of another kind, or without a known launch.
    pub fn of(&self, product: usize) -> Option<LifeCycle> {
        let Known { launched, life } = self.known[product].as_ref()?;
        let age_weeks = life.weekly.len();
        let successor = self.successor[product].filter(|_| life.succeeded_week.is_some());
        let successor_weeks = life.succeeded_week.map(|week| age_weeks.saturating_sub(week));
        let mut expected = self.lives.expected(&life.attributes, &life.weekly, successor_weeks, AHEAD_WEEKS);
        let elsewhere = self
            .cold_start
            .filter(|_| successor_weeks.is_none())
            .and_then(|it| it.correct(&self.lives, &life.attributes, &life.weekly, &mut expected.mean));
        let end = self.lives.end_of_life(&life.attributes, &life.weekly, successor_weeks);
        let shape = shape(&expected);
        let best = life.weekly.windows(MONTH_WEEKS).map(|it| it.iter().sum::<f64>()).fold(0.0, f64::max);
        let month: f64 = expected.mean[..MONTH_WEEKS].iter().sum();
        let phase = match age_weeks {
            ..NEW_WEEKS => Phase::New,
            _ if end.weeks_left == 0 => Phase::Ending,
            _ if successor.is_some() || month < DECLINING * best => Phase::Declining,
            _ => Phase::Strong,
        };
        let standing = (age_weeks..age_weeks + SUCCESSOR_WEEKS).map(|week| 1.0 - self.lives.hazard_at(week));
        let chance = 1.0 - standing.product::<f64>();
        let follows = |at: usize| Successor {
            product: self.tables.products[at].id,
            name: self.tables.products[at].label(),
            from: self.known[at].as_ref().map_or(*launched, |it| it.launched),
        };
        Some(LifeCycle {
            launched: *launched,
            age_weeks: age_weeks as u32,
            phase,
            weekly: life.weekly.clone(),
            month: total(month, shape),
            left: total(elsewhere.unwrap_or(1.0) * end.remaining_units, shape),
            weeks_left: end.weeks_left as u32,
            successor: successor.map(follows),
            // only phones have generations
            successor_chance: (successor.is_none() && self.goods == Goods::Smartphones).then_some(chance),
            alike: self.alike(product, &life.attributes),
            lives: (self.learned_from.len() - usize::from(self.learned_from.contains(&product))) as u32,
            held80: (age_weeks < NEW_WEEKS).then(|| self.held(age_weeks)).flatten(),
            ahead: expected.mean,
            elsewhere,
            shape,
        })
    }

    fn alike(&self, product: usize, attributes: &Attributes) -> Vec<String> {
        let away = |at: &usize| {
            let known = self.known[*at].as_ref();
            known.map_or(f64::INFINITY, |it| it.life.attributes.distance(attributes))
        };
        let mut others: Vec<usize> = self.learned_from.iter().copied().filter(|at| *at != product).collect();
        crate::order::by(&mut others, |a, b| away(a).total_cmp(&away(b)));
        others.into_iter().take(NAMED).map(|at| self.tables.products[at].label()).collect()
    }

    /// How often the next month of past launches lay in the range that would have been told after so many weeks.
    fn held(&self, own_weeks: usize) -> Option<(f64, u32)> {
        let (mut held, mut judged) = (0u32, 0u32);
        for &at in &self.learned_from {
            let Known { launched, life } = self.known[at].as_ref()?;
            let then = Day(launched.0 + 7 * own_weeks as i32);
            if life.weekly.len() < own_weeks + MONTH_WEEKS || then >= self.today {
                continue;
            }
            let others = self.learned_from.iter().filter(|it| **it != at);
            let lives = others.filter_map(|it| self.known[*it].as_ref()?.until(then)).collect::<Vec<_>>();
            let Some(lives) = (lives.len() >= MIN_LIVES).then(|| Lives::learn(lives)).flatten() else {
                continue;
            };
            let own = &life.weekly[..own_weeks];
            let mut expected = lives.expected(&life.attributes, own, None, MONTH_WEEKS);
            if let Some(model) = self.cold_start {
                model.correct(&lives, &life.attributes, own, &mut expected.mean);
            }
            let range = total(expected.mean.iter().sum(), shape(&expected));
            let came: f64 = life.weekly[own_weeks..own_weeks + MONTH_WEEKS].iter().sum();
            judged += 1;
            held += u32::from((range.lo80..=range.hi80).contains(&came.round()));
        }
        (judged as usize >= MIN_JUDGED).then(|| (f64::from(held) / f64::from(judged), judged))
    }
}

impl Known {
    /// The life as it was known before a day.
    fn until(&self, day: Day) -> Option<Life> {
        let weeks = usize::try_from((day.0 - self.launched.0) / 7).ok().filter(|weeks| *weeks > 0)?;
        let weekly = self.life.weekly.iter().take(weeks).copied().collect();
        let succeeded_week = self.life.succeeded_week.filter(|week| *week < weeks);
        Some(Life { attributes: self.life.attributes.clone(), weekly, succeeded_week })
    }
}

/// When a product came, if that was before the sales end.
fn launched_before(tables: &Tables, sales: &SalesByProduct, product: usize) -> Option<Day> {
    let sold = sales.series(product).map(|it| it.from);
    let entered = tables.products[product].fields.launched.filter(|it| *it < sales.today());
    entered.or(sold)
}

/// Pieces of each whole week since the launch, those that an empty shelf kept back included.
fn weeks(sales: &SalesByProduct, shelves: &Availability, product: usize, launched: Day) -> Vec<f64> {
    let Some(series) = sales.series(product) else { return Vec::new() };
    let before = (series.from.0 - launched.0).max(0) as usize;
    let mut days = vec![(0.0, false); before];
    days.extend(series.demand().into_iter().zip(shelves.censored(product, series.from)));
    let week = |days: &[(f64, bool)]| {
        let sold: f64 = days.iter().map(|it| it.0).sum();
        let open: Vec<f64> = days.iter().filter(|it| !it.1).map(|it| it.0).collect();
        let stands_for =
            if open.len() >= OPEN_DAYS { open.iter().sum::<f64>() / open.len() as f64 } else { 0.0 };
        sold.max(7.0 * stands_for)
    };
    days.chunks_exact(7).map(week).collect()
}

fn attributes(tables: &Tables, product: usize) -> Attributes {
    let row = &tables.products[product];
    let price = row.price.map(|it| it.as_units());
    Attributes {
        brand: row.fields.brand.clone(),
        category: row.fields.category.clone(),
        band: price.map_or(0, |price| PriceTier::of(price, tables) as u8),
        price,
        storage_gb: row.fields.storage_gb,
    }
}

/// Shape of the gamma distribution of a pace with this mean and deviation.
fn shape(expected: &Expected) -> f64 {
    (expected.scale / expected.scale_sd).powi(2).clamp(0.1, 1e4)
}

fn total(mean: f64, shape: f64) -> Total {
    Total { mean, lo80: quantile(mean, shape, 0.1), hi80: quantile(mean, shape, 0.9) }
}

/// Smallest count that a negative binomial one of this mean and shape stays within with this chance.
fn quantile(mean: f64, shape: f64, chance: f64) -> f64 {
    const MOST: usize = 1_000_000;
    if mean <= 0.0 || !mean.is_finite() {
        return 0.0;
    }
    let part = mean / (shape + mean);
    let mut log = shape * (1.0 - part).ln();
    let mut reached = log.exp();
    let mut count = 0;
    while reached < chance && count < MOST {
        log += ((shape + count as f64) / (count + 1) as f64 * part).ln();
        count += 1;
        reached += log.exp();
    }
    count as f64
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn quantiles_of_the_negative_binomial_by_hand() {
        // shape 1 is geometric: with mean 1, half of the chance at 0, a quarter at 1, an eighth at 2
        assert_eq!(
            [0.5, 0.51, 0.75, 0.76, 0.875].map(|it| quantile(1.0, 1.0, it)),
            [0.0, 1.0, 1.0, 2.0, 2.0]
        );
        // a huge shape is Poisson: of mean 4 the first and last tenth begin at 2 and end at 7
        assert_eq!([0.1, 0.9].map(|it| quantile(4.0, 1e4, it)), [2.0, 7.0]);
        assert_eq!(quantile(0.0, 1.0, 0.9), 0.0);
        assert!((quantile(5_000.0, 400.0, 0.5) - 5_000.0).abs() < 10.0, "no underflow");
    }
}
