//! What `make bench-forecast` times in a browser's worker: `auto` on series that the page hands over, and on the
//! products of an invented shop.
#![cfg(target_family = "wasm")]

use dukandar_core::{
    calendar::Calendar,
    demand::{Batch, Forecasts, Learned, PRODUCT_DAYS, SeriesKey, SeriesWork},
    feature::demand::DailySeries,
    forecast::{ForecastParams, Model, Season, Series},
    id::ProductId,
    rng::Rng,
    time::Day,
};
use std::cell::RefCell;
use wasm_bindgen::prelude::wasm_bindgen;

/// The last day of the shop's past.
const TODAY: Day = Day(20_780);

thread_local! {
    static LEARNED: RefCell<Option<Learned>> = const { RefCell::new(None) };
}

/// Days of the invented shop's week, by how much sells on them.
const WEEK: [f64; 7] = [1.0, 0.9, 0.9, 1.0, 0.7, 1.3, 1.4];

/// Fits `auto` by itself, without a panel, and forecasts with bands of 80 and 95 %. The sum of the means, so that nothing
/// of the work can be left out; an error's words where there is none.
#[wasm_bindgen]
pub fn forecast(values: Vec<f64>, season: usize, horizon: usize) -> Result<f64, String> {
    let series = Series::new(values, Season::Every(season)).map_err(|it| it.to_string())?;
    let checked = ForecastParams { horizon, ..Default::default() }.check().map_err(|it| it.to_string())?;
    let fitted = checked.fit(&series).map_err(|it| it.to_string())?;
    let forecast = fitted.predict();
    let widths: f64 =
        forecast.bands.iter().flat_map(|band| band.hi.iter().zip(&band.lo)).map(|(hi, lo)| hi - lo).sum();
    Ok(forecast.mean.iter().sum::<f64>() + widths)
}

/// Units sold a day of one invented product: its pace between one in a month and a dozen a day, a week, a slow drift.
fn product(number: u32, days: usize) -> Vec<f64> {
    let mut rng = Rng::seeded(u64::from(number));
    let pace = (0.03f64.ln() + rng.uniform() * (12.0f64 / 0.03).ln()).exp();
    let drift = (rng.uniform() - 0.5) / days as f64;
    let mean = |day: usize| pace * WEEK[day % 7] * (drift * day as f64).exp();
    (0..days).map(|day| f64::from(rng.poisson(mean(day)))).collect()
}

/// Every second one is a phone.
fn work(number: u32, days: usize, calendar: &Calendar) -> SeriesWork {
    let series = DailySeries { from: Day(TODAY.0 - days as i32), net: product(number, days) };
    let key = SeriesKey { shop: None, product: Some(ProductId::from_u128(1 + u128::from(number))) };
    let model = if number.is_multiple_of(2) { Model::Boosting } else { Model::Forest };
    SeriesWork::new(key, &series, &[], PRODUCT_DAYS, Some(model), calendar)
}

/// One product as the app's worker forecasts it, with what was learned if something was ([`hear`]); the sum of its means.
#[wasm_bindgen]
pub fn product_ahead(number: u32, days: usize) -> f64 {
    let calendar = Calendar::default();
    let work = work(number, days, &calendar);
    let made = LEARNED.with_borrow(|learned| work.forecast(&calendar, learned.as_ref()));
    made.ahead.map_or(0.0, |it| it.daily.mean.iter().sum())
}

/// What so many products teach each other, in postcard.
#[wasm_bindgen]
pub fn learn(products: u32, days: usize) -> Vec<u8> {
    let calendar = Calendar::default();
    let works = (0..products).map(|number| work(number, days, &calendar)).collect();
    let lesson = Forecasts::default().lesson(&Batch { calendar, works });
    let learned = lesson.map(|lesson| lesson.learn());
    learned.and_then(|it| postcard::to_allocvec(&it).ok()).unwrap_or_default()
}

/// Takes what [`learn`] gave, for all products to come; who speaks for which goods.
#[wasm_bindgen]
pub fn hear(learned: &[u8]) -> String {
    let learned: Option<Learned> = postcard::from_bytes(learned).ok();
    let choices = learned.as_ref().map(Learned::choices).unwrap_or_default();
    let choice = |it: &dukandar_core::forecast::panel::Choice| {
        let errors: Vec<String> = it.errors.iter().map(|(model, it)| format!("{model} {it:.3}")).collect();
        format!("{} for {} ({})", it.model, it.by_default, errors.join(", "))
    };
    let words: Vec<String> = choices.iter().map(choice).collect();
    LEARNED.set(learned);
    words.join("; ")
}
