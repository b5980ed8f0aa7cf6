//! A phone lives a year and a half: demand from launch to end, for products that are too new or too old for a series
//! model.
//!
//! Question answered: how many pieces will a product of these attributes sell in each week from now on? Input: weekly
//! net pieces since the launch of every product so far ([`Life`]), attributes, and its own weeks, none to a few.
//! Output: [`Expected`]: means by week and the scale's spread; pieces left until the end.
//!
//! Model. Curve: pieces at age w are the mean of all products at that age (two weeks around it), drawn to the mean of
//! brand × price band as far as that one has products ([`POOLING`]: partial pooling), and from there to look-alikes,
//! each weighted by exp(−distance) in brand, band, category, storage and price. Scale: a product is s times its curve, s ~
//! Gamma(a, a), a learned from how look-alikes scatter; own weeks update it to (a·m̄ + Σy)/(a·m̄ + Σm), m the curve and m̄ its mean,
//! older ones discounted ([`MEMORY`]). Successor: its launch is a discrete-time hazard by age, from observed gaps with ends
//! unseen; from then on demand falls by [`Lives::decay`] a week. Names tell who follows whom ([`family`]).
//!
//! Assumptions: a product's shape is its look-alikes', only its scale is its own. How it fails: without any other
//! product there is no curve (`None`); ages that nobody reached repeat the last one that three products did.
//!
//! References: Efron & Morris, JASA 70 (1975) (partial pooling); Nadaraya, Theory Probab. Appl. 9 (1964) (kernel
//! weights); Fader & Hardie, J. Forecasting 24 (2005) (gamma–Poisson and new products); Allison, Sociol. Methodol. 13
//! (1982) (discrete-time hazards).

pub mod cold_start;
pub mod family;

/// Products' worth of evidence that a group's curve is drawn to the curve of all by.
pub const POOLING: f64 = 4.0;

/// Share of its weight that an own week keeps for each week it is older.
pub const MEMORY: f64 = 0.85;

/// Weeks of a quarter: the hazard is constant within one.
const QUARTER_WEEKS: usize = 13;

/// Last week of a life that is looked at: three years.
const MAX_WEEKS: usize = 156;

/// What a new product shares with older ones. Absent ones are like none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attributes {
    /// Brand.
    pub brand: Option<String>,
    /// Category.
    pub category: Option<String>,
    /// Price band, e.g. the tier's place.
    pub band: u8,
    /// Price in any one unit.
    pub price: Option<f64>,
    /// Gigabytes.
    pub storage_gb: Option<u16>,
}

impl Attributes {
    /// 0 for twins; each difference costs about as much as the next.
    pub fn distance(&self, other: &Self) -> f64 {
        let differs = |a: &Option<String>, b: &Option<String>| f64::from(u8::from(a.is_none() || a != b));
        let ratio = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) if a > 0.0 && b > 0.0 => (a / b).ln().abs(),
            _ => 1.0,
        };
        let gigabytes = |it: &Self| it.storage_gb.map(f64::from);
        differs(&self.brand, &other.brand)
            + differs(&self.category, &other.category)
            + f64::from(u8::from(self.band != other.band))
            + ratio(self.price, other.price).min(2.0)
            + 0.5 * ratio(gigabytes(self), gigabytes(other)).min(2.0)
    }

    fn same_group(&self, other: &Self) -> bool {
        self.brand == other.brand && self.band == other.band
    }
}

/// One product's life so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Life {
    /// What it is.
    pub attributes: Attributes,
    /// Net pieces by week of age; the first one is the launch's.
    pub weekly: Vec<f64>,
    /// Age in weeks at which its successor came, if one did.
    pub succeeded_week: Option<usize>,
}

/// Demand ahead.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// Pieces by week.
    pub mean: Vec<f64>,
    /// How many times its curve the product sells.
    pub scale: f64,
    /// Standard deviation of that.
    pub scale_sd: f64,
    /// Look-alikes' worth of evidence behind the curve.
    pub evidence: f64,
}

/// The end of a product's life.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EndOfLife {
    /// Weeks until it sells less than a tenth of its best four weeks; 0: it does already.
    pub weeks_left: usize,
    /// Pieces expected until then and after it, up to three years of age.
    pub remaining_units: f64,
}

/// Curves, scatter, hazard and decay, learned from all lives.
#[derive(Clone, Debug)]
pub struct Lives {
    lives: Vec<Life>,
    /// Age → mean pieces over all products that reached it.
    overall: Vec<f64>,
    /// a of the scales' Gamma(a, a).
    concentration: f64,
    hazard: Vec<f64>,
    /// Share of demand that is kept for each week after a successor's launch.
    pub decay: f64,
}

impl Lives {
    /// Learns; none without a week of any product. Values below 0 (returns) count as 0, ones that are not finite too.
    pub fn learn(mut lives: Vec<Life>) -> Option<Self> {
        for value in lives.iter_mut().flat_map(|it| &mut it.weekly) {
            *value = if value.is_finite() { value.max(0.0) } else { 0.0 };
        }
        lives.retain(|it| !it.weekly.is_empty());
        if lives.is_empty() {
            return None;
        }
        let (hazard, decay) = (hazard(&lives), decay(&lives));
        // What a successor took is the decay's: the curve is of models that are their line's newest.
        for life in &mut lives {
            life.weekly.truncate(life.succeeded_week.unwrap_or(usize::MAX).max(1));
        }
        let all: Vec<f64> = vec![1.0; lives.len()];
        let overall = smoothed(&lives, &all).into_iter().map(|(sum, weight)| sum / weight).collect();
        let mut learned = Self { lives, overall, concentration: 1.0, hazard, decay };
        learned.concentration = learned.scatter();
        Some(learned)
    }

    /// Means by age for a product of these attributes before any own week, and the evidence behind them.
    fn curve(&self, attributes: &Attributes, weeks: usize) -> (Vec<f64>, f64) {
        let of_group: Vec<f64> =
            (self.lives.iter()).map(|it| f64::from(u8::from(it.attributes.same_group(attributes)))).collect();
        let kernel: Vec<f64> =
            self.lives.iter().map(|it| (-it.attributes.distance(attributes)).exp()).collect();
        let (group, like) = (smoothed(&self.lives, &of_group), smoothed(&self.lives, &kernel));
        let age = |week: usize| week.min(self.overall.len() - 1);
        let at = |week: usize| {
            let week = age(week);
            let pooled = (group[week].0 + POOLING * self.overall[week]) / (group[week].1 + POOLING);
            (like[week].0 + pooled) / (like[week].1 + 1.0)
        };
        ((0..weeks).map(at).collect(), kernel.iter().sum())
    }

    /// How far products stray from their look-alikes' curve: a = 1 / variance of their scales, as far as more than
    /// chance.
    fn scatter(&self) -> f64 {
        const FIRST_WEEKS: usize = 12;
        let (mut squares, mut products) = (0.0, 0.0);
        for life in &self.lives {
            let weeks = life.weekly.len().min(FIRST_WEEKS);
            let mean: f64 = self.curve(&life.attributes, weeks).0.iter().sum();
            if mean > 0.0 {
                let ratio = life.weekly[..weeks].iter().sum::<f64>() / mean;
                squares += (ratio - 1.0).powi(2) - 1.0 / mean;
                products += 1.0;
            }
        }
        let variance = if products > 1.0 { squares / products } else { 1.0 };
        (1.0 / variance.max(0.05)).clamp(0.2, 20.0)
    }

    /// Demand of the next `horizon_weeks` weeks of a product with these own weeks since launch, the successor's age in
    /// weeks if it is out already.
    pub fn expected(
        &self,
        attributes: &Attributes,
        own: &[f64],
        successor_weeks: Option<usize>,
        horizon_weeks: usize,
    ) -> Expected {
        let age = own.len();
        let (curve, evidence) = self.curve(attributes, age + horizon_weeks);
        let (mut sold, mut due) = (0.0, 0.0);
        for (week, pieces) in own.iter().enumerate() {
            let weight = MEMORY.powi((age - 1 - week) as i32);
            sold += weight * if pieces.is_finite() { pieces.max(0.0) } else { 0.0 };
            due += weight * curve[week];
        }
        let mean_of_curve = curve.iter().sum::<f64>() / curve.len().max(1) as f64;
        // Weekly pieces scatter with their size, not as Poisson's do: evidence is counted in weeks of the curve.
        let week = mean_of_curve.max(f64::MIN_POSITIVE);
        let prior = self.concentration * week;
        let scale = (prior + sold) / (prior + due);
        let scale_sd = scale / (self.concentration + sold / week).sqrt();
        let mut standing = if successor_weeks.is_some() { 0.0 } else { 1.0 };
        let mut dying = 1.0 - standing;
        let mut mean = Vec::with_capacity(horizon_weeks);
        for (week, pieces) in curve.iter().enumerate().skip(age) {
            let launch = standing * self.hazard_at(week);
            dying = dying * self.decay + launch * self.decay;
            standing -= launch;
            mean.push(scale * pieces * (standing + dying));
        }
        Expected { mean, scale, scale_sd, evidence }
    }

    /// Chance that the successor comes in this week of age, when it did not before.
    pub fn hazard_at(&self, week: usize) -> f64 {
        self.hazard[(week / QUARTER_WEEKS).min(self.hazard.len() - 1)]
    }

    /// When the product's life ends, and what it will still sell.
    pub fn end_of_life(
        &self,
        attributes: &Attributes,
        own: &[f64],
        successor_weeks: Option<usize>,
    ) -> EndOfLife {
        let ahead = MAX_WEEKS.saturating_sub(own.len()).max(1);
        let mean = self.expected(attributes, own, successor_weeks, ahead).mean;
        let best =
            |weeks: &[f64]| weeks.windows(4).map(|it| it.iter().sum::<f64>() / 4.0).fold(0.0, f64::max);
        let little = 0.1 * best(own).max(best(&mean));
        let weeks_left = mean.iter().position(|it| *it < little).unwrap_or(mean.len());
        EndOfLife { weeks_left, remaining_units: mean.iter().sum() }
    }
}

/// Age → (weighted sum of pieces, weight), over ages two weeks around it, up to the last age that three products (or
/// all, where they are fewer) reached.
fn smoothed(lives: &[Life], weights: &[f64]) -> Vec<(f64, f64)> {
    let mut lengths: Vec<usize> = lives.iter().map(|it| it.weekly.len().min(MAX_WEEKS)).collect();
    crate::order::by(&mut lengths, |a, b| b.cmp(a));
    let reached = lengths[2.min(lengths.len() - 1)];
    let mut raw = vec![(0.0, 0.0); reached];
    for (life, weight) in lives.iter().zip(weights) {
        for (slot, pieces) in raw.iter_mut().zip(&life.weekly) {
            (slot.0, slot.1) = (slot.0 + weight * pieces, slot.1 + weight);
        }
    }
    let around = |age: usize| {
        // The launch's own weeks are no average of later ones.
        let reach = age.min(2);
        let part = &raw[age - reach..(age + reach + 1).min(reached)];
        let sum = part.iter().fold((0.0, 0.0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        (sum.0 / part.len() as f64, sum.1 / part.len() as f64)
    };
    (0..reached).map(around).collect()
}

/// Launches of successors ÷ weeks at risk by quarter of age, each drawn to the rate of all by a quarter's risk.
fn hazard(lives: &[Life]) -> Vec<f64> {
    let mut events = [(0.0, 0.0); MAX_WEEKS / QUARTER_WEEKS];
    for life in lives {
        let risk = life.succeeded_week.map_or(life.weekly.len(), |week| week + 1).min(MAX_WEEKS);
        (0..risk).for_each(|week| events[week / QUARTER_WEEKS].1 += 1.0);
        if let Some(week) = life.succeeded_week.filter(|week| *week < MAX_WEEKS) {
            events[week / QUARTER_WEEKS].0 += 1.0;
        }
    }
    let (launches, risk) = events.iter().fold((0.0, 0.0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
    let rate = if risk > 0.0 { launches / risk } else { 0.0 };
    let prior = QUARTER_WEEKS as f64;
    events.iter().map(|(launches, risk)| (launches + prior * rate) / (risk + prior)).collect()
}

/// Weekly share kept after a successor's launch: such that eight weeks after it hold to eight weeks before it as they
/// did. Few cases are drawn to .85.
fn decay(lives: &[Life]) -> f64 {
    const WEEKS: usize = 8;
    const USUAL: f64 = 0.85;
    let kept = |decay: f64| (1..=WEEKS as i32).map(|week| decay.powi(week)).sum::<f64>() / WEEKS as f64;
    let (mut before, mut after) = (0.0, 0.0);
    for life in lives {
        let Some(at) = life.succeeded_week.filter(|at| *at >= WEEKS && at + WEEKS <= life.weekly.len())
        else {
            continue;
        };
        let sum = life.weekly[at - WEEKS..at].iter().sum::<f64>();
        before += sum;
        after += life.weekly[at..at + WEEKS].iter().sum::<f64>();
    }
    // Twenty pieces before and what is usual after.
    let share = (after + 20.0 * kept(USUAL)) / (before + 20.0);
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if kept(middle) < share { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn phone(brand: &str, band: u8) -> Attributes {
        Attributes { brand: Some(brand.to_owned()), band, price: Some(30_000.0), ..Attributes::default() }
    }

    fn life(brand: &str, band: u8, weekly: Vec<f64>) -> Life {
        Life { attributes: phone(brand, band), weekly, succeeded_week: None }
    }

    fn falling(scale: f64, weeks: usize) -> Vec<f64> {
        (0..weeks).map(|week| scale * 0.95f64.powi(week as i32)).collect()
    }

    #[test]
    fn a_new_product_is_like_its_look_alikes_then_like_itself() {
        let mut lives: Vec<Life> =
            (0..8).map(|it| life("Infinix", 0, falling([20.0, 60.0][it % 2], 60))).collect();
        lives.extend((0..8).map(|it| life("Apple", 3, falling([2.0, 6.0][it % 2], 60))));
        let lives = Lives::learn(lives).unwrap();
        let cheap = lives.expected(&phone("Infinix", 0), &[], None, 8).mean;
        let dear = lives.expected(&phone("Apple", 3), &[], None, 8).mean;
        assert!(cheap[0] > 30.0 && dear[0] < 12.0, "{} {}", cheap[0], dear[0]);
        // It sells twice as well as they do.
        let own = falling(80.0, 12);
        let found = lives.expected(&phone("Infinix", 0), &own, None, 4);
        let truth = 80.0 * 0.95f64.powi(12);
        assert!((found.mean[0] / truth - 1.0).abs() < 0.2, "{} {truth}", found.mean[0]);
        let one = lives.expected(&phone("Infinix", 0), &own[..1], None, 4);
        assert!(one.scale > 1.0 && one.scale < found.scale && one.scale_sd > found.scale_sd);
    }

    #[test]
    fn a_brand_without_products_gets_the_curve_of_all_and_one_product_hardly_moves_its_group() {
        let mut lives: Vec<Life> = (0..10).map(|_| life("Tecno", 0, vec![10.0; 30])).collect();
        lives.push(life("Vivo", 1, vec![100.0; 30]));
        let lives = Lives::learn(lives).unwrap();
        let week = |brand, band| lives.expected(&phone(brand, band), &[], None, 1).mean[0];
        assert!((10.0..=30.0).contains(&week("Nokia", 2)), "{}", week("Nokia", 2));
        assert!(week("Vivo", 1) > week("Nokia", 2) && week("Vivo", 1) < 80.0, "{}", week("Vivo", 1));
    }

    #[test]
    fn hazards_and_decay_match_hand_arithmetic() {
        // Four lives of 26 weeks, two succeeded in week 20: quarter 0 has 52 weeks at risk, quarter 1 8·2 + 13·2 = 42.
        let mut lives: Vec<Life> = (0..4).map(|_| life("Tecno", 0, vec![10.0; 26])).collect();
        for it in &mut lives[..2] {
            it.succeeded_week = Some(20);
        }
        let rate = 2.0 / 94.0;
        let found = hazard(&lives);
        assert!((found[0] - 13.0 * rate / 65.0).abs() < 1e-12);
        assert!((found[1] - (2.0 + 13.0 * rate) / 55.0).abs() < 1e-12);
        // Sales that halve every week are found again where there are many.
        let mut weekly = vec![10_000.0; 20];
        weekly.extend((1..=8).map(|week| 10_000.0 * 0.5f64.powi(week)));
        let dying = Life { succeeded_week: Some(20), ..life("Tecno", 0, weekly) };
        assert!((decay(&[dying]) - 0.5).abs() < 1e-2);
        assert!((decay(&[]) - 0.85).abs() < 1e-9);
    }

    #[test]
    fn demand_dies_when_the_successor_comes() {
        let mut weekly = vec![10.0; 40];
        weekly.extend((1..=20).map(|week| 10.0 * 0.7f64.powi(week)));
        let lives: Vec<Life> =
            (0..6).map(|_| Life { succeeded_week: Some(40), ..life("Tecno", 0, weekly.clone()) }).collect();
        let lives = Lives::learn(lives).unwrap();
        let own = vec![10.0; 20];
        let ahead = |successor| lives.expected(&phone("Tecno", 0), &own, successor, 30).mean;
        let (safe, doomed) = (ahead(None), ahead(Some(0)));
        assert!((safe[0] - 10.0).abs() < 0.5, "{}", safe[0]);
        assert!(safe[29] < 0.9 * safe[0], "it may come at any time");
        assert!(doomed[0] < safe[0] && doomed[29] < 0.5 * safe[29]);
        let (end, early) = (
            lives.end_of_life(&phone("Tecno", 0), &own, Some(0)),
            lives.end_of_life(&phone("Tecno", 0), &own, None),
        );
        assert!(end.weeks_left < early.weeks_left && end.remaining_units < early.remaining_units);
    }

    #[test]
    fn thin_and_bad_input_has_its_answer() {
        assert!(Lives::learn(Vec::new()).is_none());
        assert!(Lives::learn(vec![life("Tecno", 0, Vec::new())]).is_none());
        for weekly in [vec![1.0], vec![0.0; 30], vec![f64::NAN, -4.0], vec![1e12, 0.0, 3.0]] {
            let lives = Lives::learn(vec![life("Tecno", 0, weekly.clone())]).unwrap();
            for own in [&[][..], &weekly] {
                let found = lives.expected(&Attributes::default(), own, Some(3), 300);
                assert!(found.mean.iter().all(|it| it.is_finite() && *it >= 0.0), "{weekly:?}");
                assert!(found.scale.is_finite() && found.scale_sd.is_finite());
                let end = lives.end_of_life(&Attributes::default(), own, None);
                assert!(end.remaining_units.is_finite());
            }
        }
    }
}
