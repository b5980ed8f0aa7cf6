//! What a shop's products teach each other, learned once a week and heard on every day until then.
//!
//! Question answered: what does the panel of all products ([`crate::forecast::panel`]) say of one of them. Input: a
//! [`Lesson`], the series that the screens look ahead of, each with the model that the seed names for its kind of goods
//! (boosting for smartphones, the forest for accessories). Output: [`Learned`], plain data that is kept and travels to
//! the workers of a pool. Boosting, forest and network are raced on the last [`PRODUCT_DAYS`] days of the shop's own
//! past; a kind's default gives way only to one that erred less by more than chance ([`panel::Choice`]).
//!
//! Assumptions: what was learned holds for [`LATEST_DAYS`]; entered days (holidays, promotions) are the same columns for
//! all products. How it fails: with fewer than [`panel::MIN_SERIES`] products, or too little history, nothing is
//! learned, which is kept as well, so that it is not tried again on the same day; every product is then forecast by
//! itself.

use super::{
    PRODUCT_DAYS,
    ahead::{Batch, Fnv, SEASON, SeriesWork},
};
use crate::{
    calendar::Calendar,
    forecast::{
        self, Advice, Regressor, Series,
        panel::{self, Panel},
    },
    id::ShopId,
    time::Day,
};
use serde::{Deserialize, Serialize};

/// Days after which a shop learns anew.
pub const LESSON_DAYS: i32 = 7;

/// Days for which a lesson is heard: a shop that opens no screen for a week still has its advice.
const LATEST_DAYS: i32 = 28;

/// Seed of all draws.
const SEED: u64 = 1;

/// What is to be learned from: the products of a shop, or of all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    shop: Option<ShopId>,
    before: Day,
    batch: Batch,
}

/// What was learned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    /// Whose products.
    pub shop: Option<ShopId>,
    /// The day after the last one that was known.
    pub before: Day,
    /// Stands for everything that it rests on; never 0.
    pub id: u64,
    columns: Vec<String>,
    panel: Option<Panel>,
}

impl Lesson {
    /// Of the works of one shop; none where there are too few products to teach each other.
    pub(super) fn of(batch: &Batch) -> Option<Self> {
        let works: Vec<SeriesWork> =
            batch.works.iter().filter(|it| it.by_default.is_some()).cloned().collect();
        let before = works.iter().map(SeriesWork::end).max()?;
        let (shop, calendar) = (works.first()?.key.shop, batch.calendar.clone());
        let enough = works.len() >= panel::MIN_SERIES;
        enough.then_some(Self { shop, before, batch: Batch { calendar, works } })
    }

    /// The series that it is learned from, which are forecast anew with what was learned.
    pub fn into_batch(self) -> Batch {
        self.batch
    }

    pub(super) fn shop(&self) -> Option<ShopId> {
        self.shop
    }

    /// Whether it is time to learn, with what was learned last. A clock that went back is a reason as well.
    pub(super) fn is_due(&self, last: Option<&Learned>) -> bool {
        last.is_none_or(|it| !(0..LESSON_DAYS).contains(&(self.before.0 - it.before.0)))
    }

    /// Learns: seconds of work on many products.
    pub fn learn(&self) -> Learned {
        let Batch { calendar, works } = &self.batch;
        let horizon = usize::from(PRODUCT_DAYS);
        let longest = works.iter().max_by_key(|it| it.values.len());
        let varying = longest.map(|it| calendar.columns(it.from, it.values.len(), it.values.len()));
        let columns: Vec<String> =
            varying.unwrap_or_default().into_iter().map(|(name, _)| name.to_owned()).collect();
        let mut id = Fnv::default();
        id.add(u64::from(forecast::VERSION));
        id.add(self.before.0 as u64);
        let (mut series, mut by_default) = (Vec::new(), Vec::new());
        for work in works {
            id.add(work.hash);
            if let (Some(model), Some(one)) = (work.by_default, told(work, &columns, calendar, horizon)) {
                series.push(one);
                by_default.push(model);
            }
        }
        let panel = Panel::train(&series, &by_default, &panel::LEARNERS, horizon, SEED);
        Learned { shop: self.shop, before: self.before, id: id.0.max(1), columns, panel }
    }
}

impl Learned {
    /// Who speaks for which goods, and why; empty where nothing could be learned.
    pub fn choices(&self) -> &[panel::Choice] {
        self.panel.as_ref().map_or(&[], Panel::choices)
    }

    /// What it says of a product; none of what it cannot know.
    pub(super) fn advise(&self, work: &SeriesWork, calendar: &Calendar) -> Option<Advice> {
        let (panel, by_default) = (self.panel.as_ref()?, work.by_default?);
        let later = work.end().0 - self.before.0;
        if work.horizon_days != PRODUCT_DAYS || !(0..=LATEST_DAYS).contains(&later) {
            return None;
        }
        let series = told(work, &self.columns, calendar, usize::from(PRODUCT_DAYS))?;
        panel.advise(&series, by_default, later as usize)
    }
}

/// A product's demand with the panel's columns beside it, the same for all.
fn told(work: &SeriesWork, columns: &[String], calendar: &Calendar, horizon: usize) -> Option<Series> {
    let days = work.values.len() + horizon;
    let mut known = calendar.flags(work.from, days);
    known.retain(|(name, _)| columns.iter().any(|it| it == name));
    let regressors = known.into_iter().map(|(name, values)| Regressor { name: name.to_owned(), values });
    let series = Series::new(work.demand(), SEASON).ok()?;
    Some(series.with_regressors(regressors.collect()))
}
