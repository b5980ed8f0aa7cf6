//! How the cold-start model is learned, and how it is judged before anything is shown to it that it will be judged by.
//!
//! Question answered: what do products sell of what [`Lives::expected`] says, given their first weeks? Input: shops with
//! their launches by week ([`Shop`]). Each week of a shop is a "today": what it knew then is learned from its latest
//! lives, and each product of at most eight own weeks is an example for each of the next eight weeks. Output:
//! [`ColdStart`]; [`Held`], errors on shops that the judged model has not seen.
//!
//! Target: pieces over what the lives say, weighted by what the lives say, with Poisson's loss: the mean, as orders need
//! it. A median would have a smaller WAPE and order too little. A week counts up to twenty times what was expected, so
//! that one wholesale order does not rule a tree. Every shop counts the same.
//!
//! Assumption: shops are exchangeable. How it fails: [`LearnError`]: without a shop of [`LEAST_LIVES`] launches there is nothing
//! to learn. Reference: Bergmeir & Benítez, Information Sciences 191 (2012) (held-out parts of time series).

use super::{AHEAD, ColdStart, FEATURES, MOST_OWN_WEEKS, Rows, rows};
use crate::{
    learn::{
        Columns, Examples, LearnError,
        bins::Binned,
        boosting::{BoostingParams, CheckedBoosting},
        loss::Loss,
    },
    lifecycle_curve::{Life, Lives},
};
use serde::Serialize;

/// Lives that a shop must have begun before it is asked of the next one.
pub const LEAST_LIVES: usize = 10;

/// Lives that are learned from at most: the latest launches, as in a shop.
const MOST_LIVES: usize = 200;

/// A week counts up to so many times what was expected.
const MOST_TIMES: f64 = 20.0;

/// Own weeks that are judged.
pub const JUDGED: [usize; 4] = [0, 2, 4, 8];

/// One product from its first sale to the end of the records.
#[derive(Clone, Debug, PartialEq)]
pub struct Launch {
    /// Week of the records in which it was first sold.
    pub week: usize,
    /// Its life so far.
    pub life: Life,
}

/// The products of one shop that were launched within its records.
#[derive(Clone, Debug, PartialEq)]
pub struct Shop {
    /// Whole weeks of its records.
    pub weeks: usize,
    /// Its launches.
    pub launches: Vec<Launch>,
}

impl Shop {
    /// Lives as they were known at the start of a week, the latest launches first.
    fn known(&self, today: usize) -> Vec<Life> {
        let mut begun: Vec<&Launch> = self.launches.iter().filter(|it| it.week < today).collect();
        crate::order::by_key(&mut begun, |it| std::cmp::Reverse(it.week));
        let so_far = |it: &&Launch| {
            let mut life = it.life.clone();
            life.weekly.truncate(today - it.week);
            life
        };
        begun.iter().take(MOST_LIVES).map(so_far).collect()
    }
}

/// Everything that one shop teaches, made once.
#[derive(Clone, Debug, Default)]
pub struct Lessons {
    /// Rows of [`FEATURES`], [`AHEAD`] for each case.
    features: Vec<f32>,
    /// What the lives say.
    mean: Vec<f64>,
    /// What was sold.
    sold: Vec<f64>,
    /// Own weeks of each case.
    own_weeks: Vec<usize>,
}

impl Lessons {
    /// Of one shop.
    pub fn of(shop: &Shop) -> Self {
        let mut found = Self::default();
        for today in 0..shop.weeks.saturating_sub(AHEAD - 1) {
            let known = shop.known(today);
            if known.len() < LEAST_LIVES {
                continue;
            }
            let Some(lives) = Lives::learn(known) else { continue };
            for Launch { week, life } in &shop.launches {
                let Some(own) = today.checked_sub(*week).filter(|own| *own <= MOST_OWN_WEEKS) else {
                    continue;
                };
                let Some(ahead) = life.weekly.get(own..own + AHEAD) else { continue };
                let Rows { mean, features } = rows(&lives, &life.attributes, &life.weekly[..own]);
                found.features.extend(features);
                found.mean.extend(mean);
                found.sold.extend(ahead.iter().map(|it| it.max(0.0)));
                found.own_weeks.push(own);
            }
        }
        found
    }

    /// How a model does on them beside the lives.
    pub fn judge(&self, model: &ColdStart) -> Result<Vec<Held>, LearnError> {
        Ok(Held::all(&cases(model, self)?))
    }

    /// Cases: a product at an age.
    pub fn cases(&self) -> usize {
        self.own_weeks.len()
    }
}

/// Lessons of files and of invented shops.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// Of sales files, one a shop.
    pub files: &'a [Lessons],
    /// Of invented shops.
    pub invented: &'a [Lessons],
}

impl Sources<'_> {
    /// Learns from all.
    pub fn train(&self, seed: u64) -> Result<ColdStart, LearnError> {
        train(&self.chosen(&|_| true), seed)
    }

    /// Trains without each shop in turn (files one by one, invented shops by fifths) and judges on it. First the files,
    /// then the invented shops.
    pub fn held_out(&self, seed: u64) -> Result<[Vec<Held>; 2], LearnError> {
        const PARTS: usize = 5;
        let files = self.files.len();
        let folds = (0..files).map(|at| vec![at]).chain(
            (0..PARTS)
                .map(|part| (files..files + self.invented.len()).filter(|at| at % PARTS == part).collect()),
        );
        let mut judged: [Vec<Case>; 2] = Default::default();
        for fold in folds.filter(|it| !it.is_empty()) {
            let learned = self.chosen(&|at| !fold.contains(&at));
            if learned.is_empty() {
                continue;
            }
            let model = train(&learned, seed)?;
            for at in fold {
                let is_invented = at >= files;
                let lessons = if is_invented { &self.invented[at - files] } else { &self.files[at] };
                judged[usize::from(is_invented)].extend(cases(&model, lessons)?);
            }
        }
        Ok(judged.map(|cases| Held::all(&cases)))
    }

    /// The chosen shops' lessons, files first.
    fn chosen(&self, takes: &dyn Fn(usize) -> bool) -> Vec<&Lessons> {
        let all = self.files.iter().chain(self.invented).enumerate();
        all.filter(|(at, it)| it.cases() > 0 && takes(*at)).map(|(_, it)| it).collect()
    }
}

/// Small trees: eight leaves, two hundred of them, a few tens of kilobytes.
fn params(seed: u64) -> Result<CheckedBoosting, LearnError> {
    BoostingParams {
        loss: Loss::Poisson,
        n_estimators: 200,
        learning_rate: 0.05,
        num_leaves: 8,
        min_data_in_leaf: 200,
        seed,
        ..BoostingParams::default()
    }
    .check()
    // These figures are within their ranges.
    .map_err(|_| LearnError::Empty)
}

fn train(shops: &[&Lessons], seed: u64) -> Result<ColdStart, LearnError> {
    let (mut target, mut weights) = (Vec::new(), Vec::new());
    for lessons in shops {
        let total: f64 = lessons.mean.iter().sum();
        for (mean, sold) in lessons.mean.iter().zip(&lessons.sold) {
            let counted = sold.min(MOST_TIMES * mean.max(1.0));
            target.push(if *mean > 0.0 { counted / mean } else { 0.0 });
            weights.push(mean / total.max(f64::MIN_POSITIVE));
        }
    }
    // Curvatures have a least sum in a leaf: rows weigh 1 on average, as without weights.
    let scale = target.len() as f64 / weights.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    weights.iter_mut().for_each(|it| *it *= scale);
    let mut columns = Columns::new(target.len());
    for (at, name) in FEATURES.into_iter().enumerate() {
        let values = shops.iter().flat_map(|it| it.features.iter().skip(at).step_by(FEATURES.len()));
        columns.push(name, values.copied().collect())?;
    }
    let table = Binned::new(&columns)?;
    let examples = Examples { weights: Some(&weights), ..Examples::new(&table, &target) };
    Ok(ColdStart { trees: params(seed)?.fit(&examples)? })
}

/// A product at an age: what both said, and what was sold.
struct Case {
    own_weeks: usize,
    lives: Vec<f64>,
    cold_start: Vec<f64>,
    sold: Vec<f64>,
}

fn cases(model: &ColdStart, lessons: &Lessons) -> Result<Vec<Case>, LearnError> {
    let times = model.trees.predict_rows(&lessons.features)?;
    let weeks = |at: usize| at * AHEAD..(at + 1) * AHEAD;
    let case = |(at, own_weeks): (usize, &usize)| Case {
        own_weeks: *own_weeks,
        lives: lessons.mean[weeks(at)].to_vec(),
        cold_start: weeks(at).map(|it| lessons.mean[it] * times[it]).collect(),
        sold: lessons.sold[weeks(at)].to_vec(),
    };
    Ok(lessons.own_weeks.iter().enumerate().map(case).collect())
}

/// How wrong a forecast was.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Wrong {
    /// Absolute errors of weeks over pieces.
    pub wape: f64,
    /// Root mean squared error of a week, in pieces.
    pub rmse: f64,
    /// Pieces said too many over pieces.
    pub bias: f64,
}

/// Both, on shops that the model has not seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Held {
    /// Own weeks that were known.
    pub own_weeks: usize,
    /// Products.
    pub cases: usize,
    /// By the curve of look-alikes.
    pub lives: Wrong,
    /// By the model.
    pub cold_start: Wrong,
    /// WAPE of the lives less the model's, 95 % interval over products: above 0 the model is better.
    pub difference: [f64; 2],
}

impl Held {
    fn all(cases: &[Case]) -> Vec<Self> {
        JUDGED.iter().filter_map(|own| Self::of(*own, cases)).collect()
    }

    fn of(own_weeks: usize, cases: &[Case]) -> Option<Self> {
        let cases: Vec<&Case> = cases.iter().filter(|it| it.own_weeks == own_weeks).collect();
        let pieces: f64 = cases.iter().flat_map(|it| &it.sold).sum();
        if cases.len() < 2 || pieces <= 0.0 {
            return None;
        }
        let n = cases.len() as f64;
        let absolute = |said: &[f64], sold: &[f64]| -> f64 {
            said.iter().zip(sold).map(|(said, sold)| (said - sold).abs()).sum()
        };
        let wrong = |said: &dyn Fn(&Case) -> Vec<f64>| {
            let mut found = Wrong { wape: 0.0, rmse: 0.0, bias: 0.0 };
            for case in &cases {
                let said = said(case);
                found.wape += absolute(&said, &case.sold) / pieces;
                found.rmse += said.iter().zip(&case.sold).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
                found.bias += (said.iter().sum::<f64>() - case.sold.iter().sum::<f64>()) / pieces;
            }
            found.rmse = (found.rmse / (n * AHEAD as f64)).sqrt();
            found
        };
        let (lives, cold_start) = (wrong(&|it| it.lives.clone()), wrong(&|it| it.cold_start.clone()));
        let mean = lives.wape - cold_start.wape;
        let by_case = cases
            .iter()
            .map(|it| (absolute(&it.lives, &it.sold) - absolute(&it.cold_start, &it.sold)) * n / pieces);
        let variance = by_case.map(|it| (it - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let half = 1.96 * (variance / n).sqrt();
        Some(Self {
            own_weeks,
            cases: cases.len(),
            lives,
            cold_start,
            difference: [mean - half, mean + half],
        })
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::{
        super::{ColdStartError, synthetic},
        *,
    };
    use crate::lifecycle_curve::Attributes;

    fn trained() -> ColdStart {
        let lessons: Vec<Lessons> = synthetic::shops(3, 5).iter().map(Lessons::of).collect();
        Sources { files: &[], invented: &lessons }.train(1).unwrap()
    }

    #[test]
    fn training_twice_gives_the_same_bytes_in_less_than_300_kilobytes_and_reading_gives_the_model_back() {
        let (one, two) = (trained(), trained());
        let bytes = one.to_bytes();
        assert_eq!(bytes, two.to_bytes());
        assert!(bytes.len() <= 300_000, "{}", bytes.len());
        assert_eq!(ColdStart::from_bytes(&bytes), Ok(one));
    }

    #[test]
    fn a_file_that_is_none_of_another_version_or_damaged_is_named() {
        let bytes = trained().to_bytes();
        let read = ColdStart::from_bytes;
        assert_eq!(read(b""), Err(ColdStartError::Other));
        assert_eq!(read(b"series_id,t,value\n"), Err(ColdStartError::Other));
        let mut next = bytes.clone();
        next[4] = 2;
        assert_eq!(read(&next), Err(ColdStartError::Version { found: 2 }));
        for cut in [4, 5, 12, 13, bytes.len() / 2, bytes.len() - 1] {
            assert_eq!(read(&bytes[..cut]), Err(ColdStartError::Damaged), "cut at {cut}");
        }
        let mut flipped = bytes.clone();
        flipped[bytes.len() / 2] ^= 1;
        assert_eq!(read(&flipped), Err(ColdStartError::Damaged));
    }

    #[test]
    fn where_half_a_first_fortnight_was_the_end_elsewhere_the_model_ends_a_product_that_the_curve_keeps() {
        let life = |at: usize, weeks: usize| {
            let (first, later) = if at.is_multiple_of(2) { (20.0, 20.0) } else { (10.0, 0.0) };
            let weekly = (0..weeks).map(|age| if age < 2 { first } else { later }).collect();
            Life { attributes: Attributes::default(), weekly, succeeded_week: None }
        };
        let launches = (0..50).map(|week| Launch { week, life: life(week, 60 - week) }).collect();
        let lessons = [Lessons::of(&Shop { weeks: 60, launches })];
        let model = Sources { files: &lessons, invented: &[] }.train(1).unwrap();
        let lives = Lives::learn((0..40).map(|at| life(at, 40 - at)).collect()).unwrap();
        let of = |own: &[f64]| {
            let said = lives.expected(&Attributes::default(), own, None, AHEAD + 4).mean;
            let mut corrected = said.clone();
            let times = model.correct(&lives, &Attributes::default(), own, &mut corrected).unwrap();
            let together: f64 = corrected[..AHEAD].iter().sum();
            assert!((together - times * said[..AHEAD].iter().sum::<f64>()).abs() < 1e-9);
            assert!((corrected[AHEAD] - times * said[AHEAD]).abs() < 1e-9, "later weeks as these together");
            (said[4], corrected[4])
        };
        let ((weak, ended), (strong, kept)) = (of(&[10.0, 10.0]), of(&[20.0, 20.0]));
        assert!(weak > 5.0 && ended < 0.3 * weak, "{weak} {ended}");
        assert!(kept > strong && kept < 30.0, "{strong} {kept}");
        let old = [20.0; MOST_OWN_WEEKS + 1];
        assert_eq!(model.correct(&lives, &Attributes::default(), &old, &mut [1.0]), None);
    }

    #[test]
    fn errors_and_their_interval_match_hand_arithmetic() {
        let case = |lives: f64, cold_start: f64| Case {
            own_weeks: 2,
            lives: vec![lives; AHEAD],
            cold_start: vec![cold_start; AHEAD],
            sold: vec![10.0; AHEAD],
        };
        // Off by 5 and 3 pieces against 1 and 3 a week, of 10.
        let held = Held::of(2, &[case(15.0, 11.0), case(7.0, 13.0)]).unwrap();
        assert!((held.lives.wape - 0.4).abs() < 1e-12 && (held.cold_start.wape - 0.2).abs() < 1e-12);
        assert!((held.lives.bias - 0.1).abs() < 1e-12 && (held.cold_start.bias - 0.2).abs() < 1e-12);
        assert!((held.lives.rmse - 17f64.sqrt()).abs() < 1e-12);
        // Differences .4 and 0: mean .2, deviation .4/√2, interval ± 1.96 · .2.
        assert!((held.difference[0] + 0.192).abs() < 1e-9 && (held.difference[1] - 0.592).abs() < 1e-9);
        assert!(Held::of(3, &[case(1.0, 1.0), case(1.0, 1.0)]).is_none());
    }

    #[test]
    fn nothing_to_learn_from_is_an_error() {
        let short = Shop { weeks: 5, launches: Vec::new() };
        let lessons = [Lessons::of(&short)];
        assert_eq!(Sources { files: &lessons, invented: &[] }.train(1).unwrap_err(), LearnError::Empty);
    }
}
