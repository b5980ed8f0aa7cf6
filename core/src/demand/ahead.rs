//! One series looked ahead, as plain data: made where there is time for it, kept, and read by every screen.
//!
//! The unit of work is a [`SeriesWork`]: a history and how far to look. A [`Batch`] of them travels to a worker of
//! the pool with what surrounds them all and comes back as [`SeriesForecast`]s. [`SeriesWork::hash`] stands for
//! everything that the forecast depends on (values, days, horizon, entered days, the models' version), so that
//! [`Forecasts`] never hands out one that no longer holds: after a sale, a new day or a promotion the hash is
//! another one for just those series that changed. The day `today` is in no series, so that a sale today changes
//! none; one that is booked for an earlier day, or comes late from another device, changes its product's.

use super::lesson::{Learned, Lesson};
use crate::{
    calendar::Calendar,
    feature::demand::DailySeries,
    forecast::{
        self, Forecast, ForecastParams, Model, Record, Season, Series, SumLaw, Weight, censored,
        panel::Choice,
    },
    id::{ProductId, ShopId},
    lifecycle_curve::cold_start::ColdStart,
    time::Day,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest history that is learned from: two years of days.
const MAX_TRAINING_DAYS: usize = 730;

/// Raised when what is kept of a forecast has another form: one of before is then made again.
const FORM: u64 = 2;

/// Days to the same weekday.
const SEASON_DAYS: usize = 7;
pub(super) const SEASON: Season = Season::Every(SEASON_DAYS);

/// Whose series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SeriesKey {
    /// Which shop; none for all together.
    pub shop: Option<ShopId>,
    /// Which product; none for the revenue of all.
    pub product: Option<ProductId>,
}

/// A history that is to be looked ahead of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesWork {
    /// Whose.
    pub key: SeriesKey,
    /// Day of the first value.
    pub from: Day,
    /// Sales by day, none below 0, at most two years of it.
    pub values: Vec<f64>,
    /// Days on which the shelf was empty or sold out, as positions in `values`: demand was at least what was sold.
    pub censored: Vec<u32>,
    /// Days ahead.
    pub horizon_days: u16,
    /// Who speaks for it in a panel unless another errs less; none of what no panel is asked about.
    pub by_default: Option<Model>,
    /// Stands for everything that the forecast depends on.
    pub hash: u64,
}

/// What a worker of the pool gets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// What kind of day each day is: the same for all series.
    pub calendar: Calendar,
    /// The series.
    pub works: Vec<SeriesWork>,
}

/// What comes back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesForecast {
    /// Whose.
    pub key: SeriesKey,
    /// [`SeriesWork::hash`] of what it was made from.
    pub hash: u64,
    /// [`Learned::id`] of what was heard beside it; 0 when nothing was.
    pub heard: u64,
    /// The forecast; none where the models found the history too short.
    pub ahead: Option<Ahead>,
}

impl SeriesWork {
    /// Cuts the history to what is learned from. `censored` stands beside the series, or is empty.
    pub fn new(
        key: SeriesKey,
        series: &DailySeries,
        censored: &[bool],
        horizon_days: u16,
        by_default: Option<Model>,
        calendar: &Calendar,
    ) -> Self {
        let mut values = series.demand();
        let dropped = values.len().saturating_sub(MAX_TRAINING_DAYS);
        values.drain(..dropped);
        let from = Day(series.from.0 + dropped as i32);
        let flags = censored.get(dropped..).unwrap_or_default().iter();
        let censored =
            (0..).zip(flags).filter_map(|(place, is_censored)| is_censored.then_some(place)).collect();
        let horizon_days = horizon_days.max(1);
        let mut work = Self { key, from, values, censored, horizon_days, by_default, hash: 0 };
        work.hash = work.fingerprint(calendar);
        work
    }

    fn fingerprint(&self, calendar: &Calendar) -> u64 {
        let mut hash = Fnv::default();
        hash.add(u64::from(forecast::VERSION));
        hash.add(FORM);
        hash.add(u64::from(self.horizon_days));
        hash.add(self.by_default.map_or(0, |it| 1 + it as u64));
        hash.add(self.from.0 as u64);
        self.values.iter().for_each(|value| hash.add(value.to_bits()));
        self.censored.iter().for_each(|place| hash.add(u64::from(*place)));
        for column in calendar.regressors(self.from, self.values.len(), usize::from(self.horizon_days)) {
            column.name.bytes().for_each(|byte| hash.add(u64::from(byte)));
            column.values.iter().for_each(|value| hash.add(value.to_bits()));
        }
        hash.0
    }

    /// The day after the last one that is known.
    pub(super) fn end(&self) -> Day {
        Day(self.from.0 + self.values.len() as i32)
    }

    /// [`SeriesForecast::heard`] of a forecast with this beside it.
    fn hears(&self, learned: Option<&Learned>) -> u64 {
        learned.filter(|it| self.by_default.is_some() && !it.choices().is_empty()).map_or(0, |it| it.id)
    }

    /// Looks ahead, with what the shop's products have learned from each other, if they have.
    pub fn forecast(&self, calendar: &Calendar, learned: Option<&Learned>) -> SeriesForecast {
        let (heard, ahead) = (self.hears(learned), self.fit(calendar, learned));
        SeriesForecast { key: self.key, hash: self.hash, heard, ahead }
    }

    /// What was asked for: sales, and on days with an empty shelf what is expected to have been sold from a full one.
    pub(super) fn demand(&self) -> Vec<f64> {
        if self.censored.is_empty() {
            return self.values.clone();
        }
        let mut flags = vec![false; self.values.len()];
        for place in &self.censored {
            if let Some(flag) = flags.get_mut(*place as usize) {
                *flag = true;
            }
        }
        censored::unconstrain(&self.values, &flags, SEASON_DAYS).map_or(self.values.clone(), |it| it.values)
    }

    fn fit(&self, calendar: &Calendar, learned: Option<&Learned>) -> Option<Ahead> {
        let horizon = usize::from(self.horizon_days);
        let series = Series::new(self.demand(), SEASON).ok()?;
        let series = series.with_regressors(calendar.regressors(self.from, self.values.len(), horizon));
        let levels = Ahead::LEVELS.to_vec();
        let params = ForecastParams { model: Model::Auto, horizon, levels, non_negative: true };
        let advice = learned.and_then(|it| it.advise(self, calendar));
        let choice = advice.as_ref().map(|it| it.choice.clone());
        let fitted = params.check().ok()?.fit_advised(&series, advice).ok()?;
        let (daily, voices) = (fitted.predict(), fitted.weights());
        let (sums, law) = fitted.predict_sums_with_law();
        // a panel that has no part in the forecast is not spoken of
        let choice = choice.filter(|it| voices.iter().any(|voice| voice.model == it.model));
        Some(Ahead { daily, sums, law, record: fitted.record(), voices, choice })
    }
}

impl Batch {
    /// The next forecast, in order; none when all are made. One at a time, so that a worker hears "stop" between.
    pub fn forecasts(&self, learned: Option<&Learned>) -> impl Iterator<Item = SeriesForecast> {
        self.works.iter().map(move |work| work.forecast(&self.calendar, learned))
    }
}

/// What decisions look ahead with: each day, the first days together, and how good the model was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ahead {
    /// Each day.
    pub daily: Forecast,
    /// The first 1, 2, … days together, with bands of their own.
    pub sums: Forecast,
    /// The law of those sums: what orders are decided by.
    pub law: SumLaw,
    /// How good the model was inside the history, where that could be measured.
    pub record: Option<Record>,
    /// Which models speak, and how much of the mean is theirs.
    pub voices: Vec<Weight>,
    /// Why that one speaks which has learned from all products of the shop, where one does.
    pub choice: Option<Choice>,
}

impl Ahead {
    /// Levels of the bands in percent, narrowest first: what the screens offer (75, 80, 85 and 95), and 90, whose
    /// upper end is the 95 % quantile.
    pub const LEVELS: [f64; 5] = [75.0, 80.0, 85.0, 90.0, 95.0];

    /// Place of a level among the bands.
    pub fn place(level: f64) -> usize {
        Self::LEVELS.iter().position(|of| *of == level).unwrap_or_default()
    }

    /// Share of past days that lay inside the band of a level, where it could be measured.
    pub fn coverage(&self, level: f64) -> Option<f64> {
        self.record.as_ref()?.coverage.get(Self::place(level)).copied()
    }
}

/// Forecasts that were made before, and what was learned for them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forecasts {
    made: BTreeMap<SeriesKey, SeriesForecast>,
    learned: BTreeMap<Option<ShopId>, Learned>,
    cold_start: Option<ColdStart>,
}

impl Forecasts {
    /// Keeps the model for products in their first weeks.
    pub fn keep_cold_start(&mut self, model: ColdStart) {
        self.cold_start = Some(model);
    }

    /// The model for products in their first weeks, where it is at hand.
    pub fn cold_start(&self) -> Option<&ColdStart> {
        self.cold_start.as_ref()
    }

    /// Keeps a forecast in place of an older one of the same series.
    pub fn keep(&mut self, forecast: SeriesForecast) {
        self.made.insert(forecast.key, forecast);
    }

    /// Keeps what a shop's products have learned, in place of what they knew before.
    pub fn keep_learned(&mut self, learned: Learned) {
        self.learned.insert(learned.shop, learned);
    }

    /// What a shop's products have learned, or those of all shops.
    pub fn learned(&self, shop: Option<ShopId>) -> Option<&Learned> {
        self.learned.get(&shop)
    }

    /// What is to be learned before long, of the whole batch of a shop: nothing was yet, or it is old.
    pub fn lesson(&self, batch: &Batch) -> Option<Lesson> {
        let lesson = Lesson::of(batch)?;
        lesson.is_due(self.learned(lesson.shop())).then_some(lesson)
    }

    /// A forecast of exactly this work, if it is here.
    fn made(&self, work: &SeriesWork) -> Option<&SeriesForecast> {
        let heard = work.hears(self.learned(work.key.shop));
        self.made.get(&work.key).filter(|kept| kept.hash == work.hash && kept.heard == heard)
    }

    /// Whether a forecast of exactly this work is here.
    pub fn holds(&self, work: &SeriesWork) -> bool {
        self.made(work).is_some()
    }

    /// The forecast of this work: the kept one, else made now.
    pub fn ahead(&self, work: &SeriesWork, calendar: &Calendar) -> Option<Ahead> {
        match self.made(work) {
            Some(kept) => kept.ahead.clone(),
            None => work.fit(calendar, self.learned(work.key.shop)),
        }
    }

    /// Of a batch those works that must be done again: new, or of a series that has changed.
    pub fn due(&self, mut batch: Batch) -> Batch {
        batch.works.retain(|work| !self.holds(work));
        batch
    }

    /// How many series each model speaks for, by the model's name.
    pub fn winners(&self) -> BTreeMap<&'static str, u64> {
        let mut winners = BTreeMap::new();
        for ahead in self.made.values().filter_map(|kept| kept.ahead.as_ref()) {
            *winners.entry(ahead.daily.model.name()).or_default() += 1;
        }
        winners
    }

    /// Which of the models that learn from all products of a shop speaks for which goods, by shop.
    pub fn choices(&self) -> Vec<&Choice> {
        self.learned.values().flat_map(Learned::choices).collect()
    }

    /// Nothing is kept any more: everything is due.
    pub fn clear(&mut self) {
        self.made.clear();
        self.learned.clear();
    }
}

/// Fowler, Noll & Vo's hash (FNV-1a) over eight bytes at once: equal on every machine, and enough to see a change.
pub(super) struct Fnv(pub u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    pub fn add(&mut self, bits: u64) {
        for byte in bits.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::calendar::{CalendarEvent, EventKind};

    const KEY: SeriesKey = SeriesKey { shop: None, product: Some(ProductId::from_u128(7)) };

    fn weekly(days: usize) -> DailySeries {
        let net = (0..days).map(|day| [0.0, 2.0, 1.0, 3.0, 2.0, 6.0, 4.0][day % 7]).collect();
        DailySeries { from: Day(100), net }
    }

    fn due(known: &Forecasts, work: SeriesWork) -> usize {
        known.due(Batch { calendar: Calendar::default(), works: vec![work] }).works.len()
    }

    fn work(series: &DailySeries, calendar: &Calendar) -> SeriesWork {
        SeriesWork::new(KEY, series, &[], 7, None, calendar)
    }

    #[test]
    fn a_batch_that_has_travelled_gives_what_the_work_itself_gives() {
        let calendar = Calendar::default();
        let batch = Batch { works: vec![work(&weekly(60), &calendar)], calendar: calendar.clone() };
        let text = serde_json::to_string(&batch).unwrap_or_default();
        let arrived: Batch = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}"));
        let made: Vec<SeriesForecast> = arrived.forecasts(None).collect();
        assert_eq!(made, [batch.works[0].forecast(&calendar, None)]);
        assert!(made[0].ahead.is_some());
    }

    #[test]
    fn only_what_has_changed_is_due_again() {
        let (calendar, before) = (Calendar::default(), weekly(60));
        let mut known = Forecasts::default();
        assert_eq!(due(&known, work(&before, &calendar)), 1);
        known.keep(work(&before, &calendar).forecast(&calendar, None));
        assert_eq!(due(&known, work(&before, &calendar)), 0);
        // a sale booked for an earlier day, a new day, an entered promotion: each is another series
        let mut late = before.clone();
        late.net[59] += 1.0;
        let gala = CalendarEvent {
            name: "Gala".to_owned(),
            kind: EventKind::Promotion,
            from: Day(120),
            to: Day(121),
        };
        let promoted = Calendar { events: vec![gala], ..Calendar::default() };
        for (changed, calendar) in [(&late, &calendar), (&weekly(61), &calendar), (&before, &promoted)] {
            assert_eq!(due(&known, work(changed, calendar)), 1);
        }
        // what the models do not read changes nothing
        let weekend = Calendar { weekend: vec![4], ..Calendar::default() };
        assert_eq!(due(&known, work(&before, &weekend)), 0);
    }

    #[test]
    fn days_with_an_empty_shelf_do_not_lower_what_is_expected() {
        let (calendar, mut sold_out) = (Calendar::default(), weekly(84));
        let whole = work(&sold_out, &calendar).forecast(&calendar, None).ahead;
        sold_out.net[56..].fill(0.0);
        let mut empty = vec![false; 84];
        empty[56..].fill(true);
        let known = SeriesWork::new(KEY, &sold_out, &empty, 7, None, &calendar);
        let week = |ahead: Option<Ahead>| ahead.map_or(0.0, |ahead| ahead.sums.mean[6]);
        let (whole, known) = (week(whole), week(known.forecast(&calendar, None).ahead));
        let unknown = week(work(&sold_out, &calendar).forecast(&calendar, None).ahead);
        assert!(unknown < 0.5 * whole && (known - whole).abs() < 0.1 * whole, "{unknown} {known} {whole}");
    }

    #[test]
    fn a_kept_forecast_is_handed_out_only_for_its_own_work() {
        let calendar = Calendar::default();
        let (first, second) = (work(&weekly(60), &calendar), work(&weekly(63), &calendar));
        let mut known = Forecasts::default();
        known.keep(SeriesForecast { key: KEY, hash: first.hash, heard: 0, ahead: None });
        assert_eq!(known.ahead(&first, &calendar), None);
        assert_eq!(known.ahead(&second, &calendar), second.forecast(&calendar, None).ahead);
    }

    #[test]
    fn a_history_without_a_value_has_no_forecast_and_breaks_nothing() {
        let empty = DailySeries { from: Day(100), net: Vec::new() };
        let calendar = Calendar::default();
        assert_eq!(work(&empty, &calendar).forecast(&calendar, None).ahead, None);
    }
}
