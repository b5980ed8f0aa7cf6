//! The network against seasonal naive and the peers' seasonal naive on whole panels of `../shared/data/series`. Skipped,
//! saying so, where `../shared` is absent.
//!
//! `cargo test --release -p dukandar-tests --test models forecast_lstm:: -- --nocapture` prints the scores.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use dukandar_core::forecast::lstm::{FittedLstm, LstmParams};
use dukandar_core::forecast::{Regressor, Season, Series};
use dukandar_core::metric::Pairs;
use dukandar_tests::series_sets::{NN5, cases, point_scores};

fn fit(panel: &[Series], horizon: usize) -> FittedLstm {
    LstmParams::default().check().expect("sound figures").fit(panel, horizon).expect("long histories")
}

#[test]
fn cash_machines_are_told_better_than_by_seasonal_naive() {
    let Some(cases) = cases(NN5) else { return };
    let series = |known: &Vec<f64>| Series::new(known.clone(), Season::Every(7)).expect("finite values");
    let panel: Vec<Series> = cases.values().map(|case| series(&case.known)).collect();
    let fitted = fit(&panel, 56);
    let score = |(at, case)| point_scores(NN5, case, &fitted.predict(at))[1];
    let scores: Vec<f64> = cases.values().enumerate().filter_map(score).collect();
    let mase = scores.iter().sum::<f64>() / scores.len() as f64;
    println!("nn5_daily, LSTM: MASE {mase:.4} (seasonal naive 1.0254)");
    assert!(mase < 0.95);
}

/// Sales, open, promo and school by store.
fn rossmann() -> Option<BTreeMap<String, Vec<[f64; 4]>>> {
    let name = "../../shared/data/series/rossmann_daily.csv.gz";
    let Ok(file) = std::fs::File::open(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)) else {
        eprintln!("skipped: ../shared/data/series/rossmann_daily.csv.gz is absent");
        return None;
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("a readable gzip file");
    let mut stores = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let figures: Vec<f64> = cells[2..6].iter().map(|cell| cell.parse().expect("a number")).collect();
        let store: &mut Vec<[f64; 4]> = stores.entry(cells[0].to_owned()).or_default();
        store.push([figures[0], figures[1], figures[2], figures[3]]);
    }
    Some(stores)
}

#[test]
fn store_days_with_known_columns_are_told_better_than_by_seasonal_naive() {
    let Some(stores) = rossmann() else { return };
    let series = |days: &Vec<[f64; 4]>| {
        let origin = days.len() - 28;
        let column = |at: usize, name: &str| Regressor {
            name: name.to_owned(),
            values: days.iter().map(|day| day[at]).collect(),
        };
        let values = days[..origin].iter().map(|day| day[0]).collect();
        let known = vec![column(1, "open"), column(2, "promo"), column(3, "school")];
        Series::new(values, Season::Every(7)).expect("finite values").with_regressors(known)
    };
    let panel: Vec<Series> = stores.values().map(series).collect();
    let fitted = fit(&panel, 28);
    let (mut actual, mut told, mut naive) = (Vec::new(), Vec::new(), Vec::new());
    for (at, days) in stores.values().enumerate() {
        let origin = days.len() - 28;
        actual.extend(days[origin..].iter().map(|day| day[0]));
        told.extend(fitted.predict(at).iter().map(|mean| mean.max(0.0)));
        naive.extend((0..28).map(|ahead| days[origin - 7 + ahead % 7][0]));
    }
    let wape = |told: &[f64]| Pairs::new(&actual, told).expect("finite means").wape().expect("sales");
    let (ours, naive) = (wape(&told), wape(&naive));
    println!("rossmann_daily, last origin, LSTM: WAPE {ours:.4}, seasonal naive {naive:.4}");
    assert!(ours < naive * 0.7);
}
