//! What browser scenarios and benchmarks ask of the native side: tasks into the worker's bytes, answers out of them,
//! and the same work timed without a browser.
//!
//! - `native task '<json of a Task>'` → hex of its postcard bytes
//! - `native answer < bytes` → the `Answer` in them as JSON
//! - `native time <SKU,…> <days,…>` → JSON list of milliseconds: Online Retail's products forecast from the day after its
//!   last sale, each over each horizon, after one that warms up

use dukandar_core::{
    demand,
    task::{Answer, Task, run},
    time::Day,
};
use dukandar_tests::online_retail::tables;
use std::{
    error::Error,
    hint::black_box,
    io::{Read as _, stdin},
    process::ExitCode,
    time::Instant,
};

fn main() -> ExitCode {
    match answer(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn answer(arguments: &[String]) -> Result<String, Box<dyn Error>> {
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["task", json] => {
            let bytes = postcard::to_allocvec(&serde_json::from_str::<Task>(json)?)?;
            Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
        }
        ["answer"] => {
            let mut bytes = Vec::new();
            stdin().lock().read_to_end(&mut bytes)?;
            Ok(serde_json::to_string(&postcard::from_bytes::<Answer>(&bytes)?)?)
        }
        ["time", skus, horizons] => {
            let horizons = horizons.split(',').map(str::parse).collect::<Result<Vec<u16>, _>>()?;
            let skus: Vec<&str> = skus.split(',').collect();
            Ok(serde_json::to_string(&forecast_ms(&skus, &horizons)?)?)
        }
        _ => Err("expected: task <json> | answer | time <SKU,…> <days,…>".into()),
    }
}

fn forecast_ms(skus: &[&str], horizons: &[u16]) -> Result<Vec<f64>, Box<dyn Error>> {
    let tables = tables();
    let last = demand::last_sale_day(tables, None).ok_or("no sales")?;
    let mut milliseconds = Vec::new();
    for sku in skus {
        let product = tables.products.iter().find(|row| row.fields.sku.as_deref() == Some(sku));
        let product = Some(product.ok_or_else(|| format!("no product {sku}"))?.id);
        for &horizon_days in horizons {
            let task = Task::Forecast { shop: None, product, today: Day(last.0 + 1), horizon_days };
            if milliseconds.is_empty() {
                black_box(run(&task, tables)?);
            }
            let start = Instant::now();
            black_box(run(&task, tables)?);
            milliseconds.push(start.elapsed().as_secs_f64() * 1_000.0);
        }
    }
    Ok(milliseconds)
}
