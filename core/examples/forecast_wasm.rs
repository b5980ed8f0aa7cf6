//! What `make bench-forecast` times in a browser's worker: `auto` on series that the page hands over, and on the
//! products of an invented shop.
#![cfg(target_family = "wasm")]

use dukandar_core::forecast::{ForecastParams, Season, Series};
use dukandar_core::rng::Rng;
use wasm_bindgen::prelude::wasm_bindgen;

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
#[wasm_bindgen]
pub fn product(number: u32, days: usize) -> Vec<f64> {
    let mut rng = Rng::seeded(u64::from(number));
    let pace = (0.03f64.ln() + rng.uniform() * (12.0f64 / 0.03).ln()).exp();
    let drift = (rng.uniform() - 0.5) / days as f64;
    let mean = |day: usize| pace * WEEK[day % 7] * (drift * day as f64).exp();
    (0..days).map(|day| f64::from(rng.poisson(mean(day)))).collect()
}
