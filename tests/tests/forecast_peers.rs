//! Our models against the peers' scores on the same series, paired by series. Needs `../shared`; says so and passes
//! without it, as that data may not be copied into this repository.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use dukandar_core::forecast::{Forecast, ForecastParams, Model, Season, Series, forecast};
use dukandar_core::metric::{Intervals, Pairs, mean_abs_difference};

fn shared(path: &str) -> Option<String> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared").join(path);
    let Ok(file) = std::fs::File::open(&file) else {
        eprintln!("skipped: ../shared/{path} is absent");
        return None;
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("a readable gzip file");
    Some(text)
}

/// Training and test part by series.
type Parts = BTreeMap<String, (Vec<f64>, Vec<f64>)>;

fn parts(text: &str) -> Parts {
    let mut parts = Parts::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let entry = parts.entry(cells[0].to_owned()).or_default();
        let part = if cells[1] == "test" { &mut entry.1 } else { &mut entry.0 };
        part.push(cells[3].parse().expect("a number"));
    }
    parts
}

/// A peer's MASE by series.
fn peer(text: &str, set: &str, model: &str) -> BTreeMap<String, f64> {
    let header: Vec<&str> = text.lines().next().expect("a header").split(',').collect();
    let mase = header.iter().position(|name| *name == "mase").expect("column mase");
    let rows = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    rows.filter(|cells| cells[0] == set && cells[1] == model)
        .filter_map(|cells| Some((cells[2].to_owned(), cells[mase].parse().ok()?)))
        .collect()
}

struct Scored {
    mase: BTreeMap<String, f64>,
    coverage80: f64,
    coverage95: f64,
}

fn score(parts: &Parts, model: Model, season: usize) -> Scored {
    let (mut mase, mut inside80, mut inside95) = (BTreeMap::new(), 0.0, 0.0);
    for (id, (known, actual)) in parts {
        let series = Series::new(known.clone(), Season::Every(season)).expect("finite values");
        let params =
            ForecastParams { model, horizon: actual.len(), levels: vec![80.0, 95.0], non_negative: true };
        let Forecast { mean, bands, .. } = forecast(params, &series).expect("enough history");
        let scale = mean_abs_difference(known, season).expect("more than a season");
        let error = Pairs::new(actual, &mean).expect("finite means").mase(scale).expect("a scale");
        mase.insert(id.clone(), error);
        let coverage =
            |at: usize| Intervals::new(actual, &bands[at].lo, &bands[at].hi).expect("finite ends").coverage();
        inside80 += coverage(0) / parts.len() as f64;
        inside95 += coverage(1) / parts.len() as f64;
    }
    Scored { mase, coverage80: inside80, coverage95: inside95 }
}

/// Mean of ours − theirs over the series of both, with its 95 % interval.
fn paired(ours: &BTreeMap<String, f64>, theirs: &BTreeMap<String, f64>) -> (f64, f64, f64) {
    let differences: Vec<f64> = ours.iter().filter_map(|(id, a)| Some(a - theirs.get(id)?)).collect();
    let n = differences.len() as f64;
    assert_eq!(differences.len(), ours.len(), "the peer has a score for every series");
    let mean = differences.iter().sum::<f64>() / n;
    let variance = differences.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / (n - 1.0);
    let half = 1.96 * (variance / n).sqrt();
    (mean, mean - half, mean + half)
}

fn mean(scores: &BTreeMap<String, f64>) -> f64 {
    scores.values().sum::<f64>() / scores.len() as f64
}

/// Prints the comparison; fails when ours is worse than the peer beyond doubt.
fn not_worse(set: &str, peer_model: &str, model: Model, season: usize) -> Option<Scored> {
    let parts = parts(&shared(&format!("data/series/{set}.csv.gz"))?);
    let theirs = peer(&shared("reference/peers/forecast_per_series.csv.gz")?, set, peer_model);
    let ours = score(&parts, model, season);
    let (difference, lo, hi) = paired(&ours.mase, &theirs);
    println!(
        "{set}: {model} MASE {:.4}, {peer_model} {:.4}, paired difference {difference:+.4} [{lo:+.4}, {hi:+.4}], \
         coverage {:.3} / {:.3}",
        mean(&ours.mase),
        mean(&ours.mase) - difference,
        ours.coverage80,
        ours.coverage95
    );
    assert!(lo <= 0.0, "{set}: worse than {peer_model}");
    Some(ours)
}

#[test]
fn ets_on_m3_months_is_not_worse_than_statsforecasts_autoets() {
    let Some(ours) = not_worse("m3_monthly", "AutoETS", Model::Ets, 12) else { return };
    // statsforecast's HoltWinters on the same 723 series, from peers/forecast_scores.csv
    assert!(mean(&ours.mase) < 0.9119);
    assert!((ours.coverage80 - 0.80).abs() <= 0.05, "{}", ours.coverage80);
    assert!((ours.coverage95 - 0.95).abs() <= 0.04, "{}", ours.coverage95);
}

#[test]
fn auto_on_tourism_months_is_not_worse_than_statsforecasts_autoets() {
    let Some(ours) = not_worse("tourism_monthly", "AutoETS", Model::Auto, 12) else { return };
    assert!((ours.coverage80 - 0.80).abs() <= 0.05, "{}", ours.coverage80);
    assert!((ours.coverage95 - 0.95).abs() <= 0.04, "{}", ours.coverage95);
}

#[test]
fn ets_on_nn5_days_is_not_worse_than_statsforecasts_autoets() {
    let Some(ours) = not_worse("nn5_daily", "AutoETS", Model::Ets, 7) else { return };
    assert!((ours.coverage80 - 0.80).abs() <= 0.05, "{}", ours.coverage80);
    assert!((ours.coverage95 - 0.95).abs() <= 0.04, "{}", ours.coverage95);
}
