//! One small model for all shops: what a product's first weeks say beyond the curve of its look-alikes.
//!
//! Question answered: how many pieces will a product of at most [`MOST_OWN_WEEKS`] own weeks sell in each of the next
//! [`AHEAD`]? Input: the shop's [`Lives`], the product's attributes and its own weekly pieces. Output: mean pieces by week:
//! what [`Lives::expected`] says, times what boosted trees found such products to sell of it elsewhere. The trees see
//! ratios, counts of weeks and the level's logarithm ([`FEATURES`]), nothing that names a shop, a currency or a time of
//! the year, so that they carry from one shop to another. They are learned by `dukandar lab train-cold-start`
//! ([`training`]) on invented shops ([`synthetic`]) and sales files. The file ([`ColdStart::to_bytes`]) is a mark, a
//! version, a digest and the trees.
//!
//! `public/cold_start.bin` was trained on 40 invented shops and on Complete Journey (`tools/cold-start.sh`). It was kept as it
//! errs less than the curve of look-alikes on shops held out of training, and then did so on Online Retail, which no
//! training saw: docs/bench-forecast.md, "New products".
//!
//! Assumption: other shops' products stray from their look-alikes as this shop's do. How it fails: a file that is none,
//! damaged or of another version is refused by name ([`ColdStartError`]); without a curve there is nothing to correct.
//!
//! References: Montero-Manso & Hyndman, Int. J. Forecasting 37 (2021) (one model for many series); Januschowski et al.,
//! Int. J. Forecasting 36 (2020) (global and local); [`crate::learn::boosting`].

pub mod synthetic;
pub mod training;

use super::{Attributes, Lives};
use crate::learn::boosting::FittedBoosting;
use sha2::{Digest, Sha256};

/// Weeks ahead that it speaks of.
pub const AHEAD: usize = 8;

/// Own weeks up to which it speaks.
pub const MOST_OWN_WEEKS: usize = 8;

/// What the trees see, in this order.
pub const FEATURES: [&str; 17] = [
    "own_weeks",
    "step",
    "log_level",
    "curve_shape",
    "scale",
    "scale_sd",
    "log_evidence",
    "own_of_curve",
    "last_of_curve",
    "best_week_share",
    "weeks_with_sale_share",
    "weeks_since_sale",
    "trend",
    "relative_price",
    "concentration",
    "pace_4_weeks",
    "pace_12_weeks",
];

/// First bytes of a file, the version last.
const MARK: &[u8; 5] = b"DKCS\x01";

/// Bytes of a digest that a file carries: enough to see damage.
const DIGEST: usize = 8;

/// Beyond this, one ratio is as telling as another.
const MOST_RATIO: f64 = 1e4;

/// Why a file is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColdStartError {
    /// Something else.
    #[error("not a cold-start model: the file was expected to begin with DKCS")]
    Other,
    /// Of another version.
    #[error("a cold-start model of version {found}; version {} was expected", MARK[4])]
    Version {
        /// What the file says.
        found: u8,
    },
    /// Cut short or changed.
    #[error("a damaged cold-start model: its digest does not fit; train it again")]
    Damaged,
}

/// The model.
#[derive(Clone, Debug, PartialEq)]
pub struct ColdStart {
    trees: FittedBoosting,
}

impl ColdStart {
    /// Puts what it says in place of what the lives say of the next [`AHEAD`] weeks; later ones change as these together.
    /// Returns how many times these together they are now; none, and nothing is changed, beyond [`MOST_OWN_WEEKS`] own
    /// weeks.
    pub fn correct(
        &self,
        lives: &Lives,
        attributes: &Attributes,
        own: &[f64],
        ahead: &mut [f64],
    ) -> Option<f64> {
        if own.len() > MOST_OWN_WEEKS {
            return None;
        }
        let Rows { mean, features } = rows(lives, attributes, own);
        // As many values as columns: checked when the file was read.
        let times = self.trees.predict_rows(&features).ok()?;
        let corrected: Vec<f64> = mean.iter().zip(&times).map(|(mean, times)| mean * times).collect();
        let common = AHEAD.min(ahead.len());
        let together = corrected[..common].iter().sum::<f64>() / ahead[..common].iter().sum::<f64>();
        if !together.is_finite() {
            return None;
        }
        for (week, pieces) in ahead.iter_mut().enumerate() {
            *pieces = corrected.get(week).copied().unwrap_or(together * *pieces);
        }
        Some(together)
    }

    /// The file.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Trees hold nothing that postcard cannot write.
        let body = postcard::to_allocvec(&self.trees).unwrap_or_default();
        [MARK.as_slice(), &Sha256::digest(&body)[..DIGEST], &body].concat()
    }

    /// Reads a file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ColdStartError> {
        let version = MARK.len() - 1;
        if !bytes.starts_with(&MARK[..version]) {
            return Err(ColdStartError::Other);
        }
        match bytes.get(version) {
            None => return Err(ColdStartError::Damaged),
            Some(found) if *found != MARK[version] => return Err(ColdStartError::Version { found: *found }),
            Some(_) => {}
        }
        let (digest, body) = bytes[MARK.len()..].split_at_checked(DIGEST).ok_or(ColdStartError::Damaged)?;
        if Sha256::digest(body)[..DIGEST] != *digest {
            return Err(ColdStartError::Damaged);
        }
        let trees: FittedBoosting = postcard::from_bytes(body).map_err(|_| ColdStartError::Damaged)?;
        let names = trees.bins().cuts().iter().map(|it| it.name.as_str());
        if names.eq(FEATURES) { Ok(Self { trees }) } else { Err(ColdStartError::Damaged) }
    }

    /// How much each feature lowered the loss in training, as parts of 1.
    pub fn importances(&self) -> Vec<(&str, f64)> {
        self.trees.importances()
    }
}

/// What the lives say of the next [`AHEAD`] weeks, and what the trees see of each.
struct Rows {
    mean: Vec<f64>,
    features: Vec<f32>,
}

fn rows(lives: &Lives, attributes: &Attributes, own: &[f64]) -> Rows {
    let own: Vec<f64> = own.iter().map(|it| if it.is_finite() { it.max(0.0) } else { 0.0 }).collect();
    let age = own.len();
    let expected = lives.expected(attributes, &own, None, AHEAD);
    let (curve, evidence) = lives.curve(attributes, age + AHEAD);
    let (past, ahead) = curve.split_at(age);
    let level = ahead.iter().sum::<f64>() / AHEAD as f64;
    let sold: f64 = own.iter().sum();
    let with_sale = own.iter().filter(|it| **it > 0.0).count();
    let since = own.iter().rev().position(|it| *it > 0.0).unwrap_or(age);
    let half = age / 2;
    let of_curve = |from: usize, to: usize| ratio(own[from..to].iter().sum(), past[from..to].iter().sum());
    // With less than two weeks there are no halves, without a week no own ones.
    let trend = if half == 0 {
        f64::NAN
    } else {
        ratio(own[age - half..].iter().sum::<f64>() + 1.0, own[..half].iter().sum::<f64>() + 1.0)
    };
    let seen = |value: f64| if age == 0 { f64::NAN } else { value };
    let mut features = Vec::with_capacity(AHEAD * FEATURES.len());
    for (step, pieces) in ahead.iter().enumerate() {
        let row: [f64; FEATURES.len()] = [
            age as f64,
            (step + 1) as f64,
            log(level),
            ratio(*pieces, level),
            expected.scale.min(MOST_RATIO),
            expected.scale_sd.min(MOST_RATIO),
            log(evidence),
            of_curve(0, age),
            of_curve(age.saturating_sub(1), age),
            ratio(own.iter().copied().fold(0.0, f64::max), sold),
            seen(with_sale as f64 / age as f64),
            seen(since as f64),
            trend,
            relative_price(lives, attributes),
            lives.concentration,
            pace(lives, 4),
            pace(lives, 12),
        ];
        features.extend(row.map(|it| it as f32));
    }
    Rows { mean: expected.mean, features }
}

/// NaN, "not known", where there is nothing to divide by.
fn ratio(of: f64, by: f64) -> f64 {
    if by > 0.0 { (of / by).min(MOST_RATIO) } else { f64::NAN }
}

/// NaN where there is none.
fn log(value: f64) -> f64 {
    if value > 0.0 { value.ln() } else { f64::NAN }
}

/// Logarithm of the price over the median price of the lives.
fn relative_price(lives: &Lives, attributes: &Attributes) -> f64 {
    let mut prices: Vec<f64> = lives.lives.iter().filter_map(|it| it.attributes.price).collect();
    crate::order::floats(&mut prices);
    match (attributes.price, prices.get(prices.len() / 2)) {
        (Some(price), Some(median)) => log(ratio(price, *median)),
        _ => f64::NAN,
    }
}

/// What the shop's known lives sold in its last weeks, over what their ages lead to expect: how good these weeks are.
fn pace(lives: &Lives, weeks: usize) -> f64 {
    let (mut sold, mut due) = (0.0, 0.0);
    // A life that was cut at its successor does not reach the last weeks.
    for life in lives.lives.iter().filter(|it| it.succeeded_week.is_none()) {
        let first = life.weekly.len().saturating_sub(weeks);
        for (week, pieces) in life.weekly.iter().enumerate().skip(first) {
            sold += pieces;
            due += lives.overall[week.min(lives.overall.len() - 1)];
        }
    }
    ratio(sold, due)
}
