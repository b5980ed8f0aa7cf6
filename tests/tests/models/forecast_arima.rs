//! ARIMA and the Prophet-style curve against their namesakes' scores on the same series. Needs `../shared`; says so and
//! passes without it.
//!
//! `cargo test --release -p dukandar-tests --test models forecast_arima:: -- --ignored --nocapture --test-threads 1` prints
//! sMAPE, MASE, RMSSE and milliseconds per series on every set, and WAPE with known columns on `rossmann_daily`.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use std::time::Instant;

use dukandar_core::forecast::{Fitted, Regressor, arima, prophet};
use dukandar_tests::series_sets::{
    M3, M4, NN5, Scores, Set, TOURISM, cases, mean, paired, peers, point_scores,
};

/// MASE of statsforecast's AutoARIMA on a quarter of M3's months,
/// `../shared/reference/peers/forecast_summary.csv`: a yardstick for all of them, not a pair.
const M3_AUTO_ARIMA: f64 = 0.856;

/// Fits one model and says what follows.
type Means = fn(&[f64], usize, &[Regressor], usize) -> Vec<f64>;

fn by_arima(known: &[f64], season: usize, regressors: &[Regressor], horizon: usize) -> Vec<f64> {
    arima::fit(known, season, regressors, horizon).expect("enough history").predict(horizon)
}

fn by_prophet(known: &[f64], season: usize, regressors: &[Regressor], horizon: usize) -> Vec<f64> {
    prophet::fit(known, season, regressors, horizon).expect("enough history").predict(horizon)
}

/// Means below zero are cut: nothing here can be negative.
fn clipped(mut means: Vec<f64>) -> Vec<f64> {
    means.iter_mut().for_each(|mean| *mean = mean.max(0.0));
    means
}

/// sMAPE, MASE and RMSSE by series, of every `every`th one.
fn scored(set: Set, every: usize, model: Means) -> Option<[Scores; 3]> {
    let mut scores = [Scores::new(), Scores::new(), Scores::new()];
    for (id, case) in cases(set)?.into_iter().step_by(every) {
        let means = clipped(model(&case.known, set.season, &[], case.actual.len()));
        for (by_series, score) in scores.iter_mut().zip(point_scores(set, &case, &means)) {
            by_series.extend(score.map(|score| (id.clone(), score)));
        }
    }
    Some(scores)
}

#[test]
fn arima_on_nn5_days_is_not_worse_than_statsforecasts_autoarima() {
    let (Some([_, mase, _]), Some(peers)) = (scored(NN5, 1, by_arima), peers(NN5)) else { return };
    let (difference, lo, hi) = paired(&mase, &peers["AutoARIMA"].mase);
    println!("MASE {:.4}, ours − AutoARIMA {difference:+.4} [{lo:+.4}, {hi:+.4}]", mean(&mase));
    assert!(difference <= 0.0, "{difference}");
}

#[test]
fn arima_on_m3_months_is_not_worse_than_statsforecasts_autoarima() {
    let Some([_, mase, _]) = scored(M3, 1, by_arima) else { return };
    assert!(mean(&mase) <= M3_AUTO_ARIMA, "{}", mean(&mase));
}

#[test]
fn prophet_on_nn5_days_is_not_worse_than_prophet() {
    let (Some([_, mase, _]), Some(peers)) = (scored(NN5, 1, by_prophet), peers(NN5)) else { return };
    let (difference, lo, hi) = paired(&mase, &peers["Prophet"].mase);
    println!("MASE {:.4}, ours − Prophet {difference:+.4} [{lo:+.4}, {hi:+.4}]", mean(&mase));
    assert!(difference <= 0.0, "{difference}");
}

/// Daily sales of a store with what is known of each day.
#[derive(Default)]
struct Store {
    sales: Vec<f64>,
    known: [Vec<f64>; 3],
}

fn stores() -> Option<BTreeMap<String, Store>> {
    let path = "../../shared/data/series/rossmann_daily.csv.gz";
    let Ok(file) = std::fs::File::open(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)) else {
        eprintln!("skipped: ../shared/data/series/rossmann_daily.csv.gz is absent");
        return None;
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("a readable gzip file");
    let mut stores: BTreeMap<String, Store> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let store = stores.entry(cells[0].to_owned()).or_default();
        store.sales.push(cells[2].parse().expect("a number"));
        for (column, cell) in store.known.iter_mut().zip(&cells[3..]) {
            column.push(cell.parse().expect("a number"));
        }
    }
    Some(stores)
}

/// Σ|e| / Σy over three origins and 28 days of every `every`th store.
fn wape(every: usize, with_columns: bool, model: Means) -> Option<f64> {
    let (mut missed, mut sold) = (0.0, 0.0);
    for store in stores()?.into_values().step_by(every) {
        for back in [84, 56, 28] {
            let origin = store.sales.len() - back;
            let column = |(name, values): (&str, &Vec<f64>)| Regressor {
                name: name.to_owned(),
                values: values[..origin + 28].to_vec(),
            };
            let names = if with_columns { vec!["open", "promo", "school"] } else { Vec::new() };
            let columns: Vec<Regressor> = names.into_iter().zip(&store.known).map(column).collect();
            let means = clipped(model(&store.sales[..origin], 7, &columns, 28));
            let actual = &store.sales[origin..origin + 28];
            missed += actual.iter().zip(&means).map(|(y, mean)| (y - mean).abs()).sum::<f64>();
            sold += actual.iter().sum::<f64>();
        }
    }
    Some(missed / sold)
}

#[test]
fn known_columns_halve_the_error_on_rossmann_days() {
    for model in [by_arima as Means, by_prophet] {
        let (Some(without), Some(with)) = (wape(9, false, model), wape(9, true, model)) else { return };
        println!("WAPE {without:.4} without and {with:.4} with known columns");
        assert!(with < 0.65 * without, "{with} {without}");
    }
}

#[test]
#[ignore = "prints figures; checks run above"]
fn scores_and_times() {
    let season_of_weeks = Set { season: 52, ..M4 };
    for (name, model) in [("arima", by_arima as Means), ("prophet", by_prophet)] {
        for set in [M3, TOURISM, NN5, season_of_weeks] {
            let before = Instant::now();
            let Some([smape, mase, rmsse]) = scored(set, 1, model) else { return };
            let each = before.elapsed().as_secs_f64() * 1e3 / mase.len() as f64;
            let (smape, mean_mase, rmsse) = (mean(&smape), mean(&mase), mean(&rmsse));
            println!(
                "{name} {}: sMAPE {smape:.2}, MASE {mean_mase:.4}, RMSSE {rmsse:.4}, {each:.2} ms",
                set.name
            );
            for (peer, scores) in peers(set).into_iter().flatten() {
                let (difference, lo, hi) = paired(&mase, &scores.mase);
                println!("  − {peer}: MASE {difference:+.4} [{lo:+.4}, {hi:+.4}]");
            }
        }
        for with_columns in [false, true] {
            let before = Instant::now();
            let Some(wape) = wape(1, with_columns, model) else { return };
            let each = before.elapsed().as_secs_f64() * 1e3 / 162.0;
            println!("{name} rossmann_daily, known columns {with_columns}: WAPE {wape:.4}, {each:.2} ms");
        }
    }
}
