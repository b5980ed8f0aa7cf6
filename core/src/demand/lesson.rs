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
        self, Advice, Model, Regressor, Series,
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
        self.race(&panel::LEARNERS)
    }

    fn race(&self, learners: &[Model]) -> Learned {
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
        let panel = Panel::train(&series, &by_default, learners, horizon, SEED);
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

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::{
        calendar::{CalendarEvent, EventKind},
        demand::{Forecasts, SeriesKey},
        feature::demand::DailySeries,
        id::ProductId,
        rng::Rng,
    };
    use std::sync::OnceLock;

    const FIRST: Day = Day(20_000);

    fn calendar() -> Calendar {
        Calendar::default()
    }

    /// Products of two kinds that sell most on one weekday, and in payday weeks half as much again.
    fn batch(products: usize, days: usize) -> Batch {
        let mut random = Rng::seeded(3);
        let mut work = |product: usize| {
            let net = (0..days)
                .map(|day| {
                    let paid = f64::from(u8::from(calendar().day(Day(FIRST.0 + day as i32)).is_payday_week));
                    let busy = if day % 7 == 4 { 2.0 } else { 1.0 };
                    let level = (4 + product) as f64 * busy * (1.0 + 0.5 * paid);
                    (level * (1.0 + 0.1 * random.normal())).round().max(0.0)
                })
                .collect();
            let key = SeriesKey { shop: None, product: Some(ProductId::from_u128(1 + product as u128)) };
            let model = if product.is_multiple_of(2) { Model::Boosting } else { Model::Forest };
            let series = DailySeries { from: FIRST, net };
            SeriesWork::new(key, &series, &[], PRODUCT_DAYS, Some(model), &calendar())
        };
        Batch { works: (0..products).map(&mut work).collect(), calendar: calendar() }
    }

    fn learned(batch: &Batch) -> Learned {
        Lesson::of(batch).unwrap().race(&[])
    }

    /// Learned once: it is the slow part.
    fn taught() -> (Batch, Learned) {
        static TAUGHT: OnceLock<(Batch, Learned)> = OnceLock::new();
        let teach = || {
            let batch = batch(8, 100);
            (batch.clone(), learned(&batch))
        };
        TAUGHT.get_or_init(teach).clone()
    }

    #[test]
    fn each_kind_of_goods_has_its_default_in_the_race_and_what_wins_speaks() {
        let batch = batch(10, 120);
        let learned = learned(&batch);
        let kinds: Vec<Model> = learned.choices().iter().map(|it| it.by_default).collect();
        assert_eq!(kinds, [Model::Boosting, Model::Forest]);
        for choice in learned.choices() {
            assert_eq!(choice.series, 5);
            let error = |model| choice.errors.iter().find(|it| it.0 == model).unwrap().1;
            assert_eq!(error(choice.by_default), 1.0);
            assert!(error(choice.model) <= 1.0);
        }
        for work in &batch.works {
            let made = work.forecast(&calendar(), Some(&learned));
            let ahead = made.ahead.unwrap();
            let choice = ahead.choice.unwrap();
            assert_eq!((made.heard, choice.by_default), (learned.id, work.by_default.unwrap()));
            assert!(ahead.voices.iter().any(|it| it.model == choice.model && it.weight > 0.0));
        }
    }

    #[test]
    fn what_was_learned_travels_and_says_the_same() {
        let (batch, learned) = taught();
        let text = serde_json::to_string(&learned).unwrap();
        let arrived: Learned = serde_json::from_str(&text).unwrap();
        assert_eq!(arrived, learned);
        let (here, there) = (batch.forecasts(Some(&learned)), batch.forecasts(Some(&arrived)));
        assert!(here.eq(there));
    }

    #[test]
    fn a_lesson_is_due_once_a_week_and_makes_all_forecasts_due() {
        let mut known = Forecasts::default();
        let (batch, learned) = taught();
        batch.forecasts(None).for_each(|made| known.keep(made));
        assert!(known.due(batch.clone()).works.is_empty());
        assert!(known.lesson(&batch).is_some());
        known.keep_learned(learned);
        assert_eq!(known.due(batch.clone()).works.len(), 8);
        assert!(known.lesson(&batch).is_none());
        let later = |days: usize| known.lesson(&super::tests::batch(8, 100 + days)).is_some();
        assert_eq!([6, 7].map(later), [false, true]);
        // a clock that went back
        assert!(known.lesson(&super::tests::batch(8, 99)).is_some());
        // a shop's own products learn by themselves
        let mut other = batch.clone();
        other.works.iter_mut().for_each(|work| work.key.shop = Some(ShopId::from_u128(5)));
        assert!(known.lesson(&other).is_some());
    }

    #[test]
    fn what_a_lesson_cannot_know_is_forecast_by_itself() {
        let (taught, learned) = taught();
        let heard = |work: &SeriesWork| work.forecast(&calendar(), Some(&learned)).ahead.unwrap().choice;
        assert!(heard(&batch(8, 128).works[0]).is_some());
        // five weeks without a lesson, another horizon, and what no panel is asked about
        assert_eq!(heard(&batch(8, 135).works[0]), None);
        let mut far = taught.works[0].clone();
        far.horizon_days = 40;
        assert_eq!(heard(&far), None);
        let mut revenue = taught.works[0].clone();
        revenue.by_default = None;
        assert_eq!(heard(&revenue), None);
    }

    #[test]
    fn too_few_products_teach_nothing_and_it_is_not_tried_again() {
        assert_eq!(Lesson::of(&batch(7, 100)), None);
        let short = batch(8, 20);
        let mut known = Forecasts::default();
        let nothing = learned(&short);
        assert!(nothing.choices().is_empty());
        known.keep_learned(nothing);
        assert!(known.lesson(&short).is_none());
        short.forecasts(None).for_each(|made| known.keep(made));
        assert!(known.due(short).works.is_empty(), "nothing was learned: nothing is due");
    }

    #[test]
    fn a_holiday_entered_since_changes_nothing_that_was_learned() {
        let (batch, learned) = taught();
        let gala = CalendarEvent {
            name: "Eid".to_owned(),
            kind: EventKind::Holiday,
            from: Day(FIRST.0 + 50),
            to: Day(FIRST.0 + 52),
        };
        let entered = Calendar { events: vec![gala], ..calendar() };
        assert_eq!(
            learned.advise(&batch.works[0], &entered).map(|it| it.mean),
            learned.advise(&batch.works[0], &calendar()).map(|it| it.mean)
        );
    }
}
