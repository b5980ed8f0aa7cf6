//! Our models against the peers' scores on the same series, paired by series. Needs `../shared`; says so and passes
//! without it, as that data may not be copied into this repository.
//!
//! `cargo test --release -p dukandar-tests --test forecast_peers -- --ignored --nocapture` prints every set, model and
//! peer with its paired interval: the figures that documents quote come from there.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use dukandar_core::forecast::{Forecast, ForecastParams, Model, Season, Series, forecast};
use dukandar_core::metric::{Intervals, Pairs, mean_abs_difference};

/// A data set as the peers were scored on it, see `../shared/data/README.md`.
#[derive(Clone, Copy)]
struct Set {
    name: &'static str,
    /// Steps per season that the model is told.
    season: usize,
    /// Lag of the naive error that MASE divides by.
    mase_lag: usize,
    /// Panels have three origins and no test part: MASE is called `mase7` there.
    panel: bool,
}

const M3: Set = Set { name: "m3_monthly", season: 12, mase_lag: 12, panel: false };
const TOURISM: Set = Set { name: "tourism_monthly", season: 12, mase_lag: 12, panel: false };
const NN5: Set = Set { name: "nn5_daily", season: 7, mase_lag: 7, panel: false };
const M4: Set = Set { name: "m4_weekly", season: 1, mase_lag: 1, panel: false };
const ONLINE_RETAIL: Set = Set { name: "or_daily_top200", season: 7, mase_lag: 7, panel: true };
const SETS: [Set; 5] = [M3, TOURISM, NN5, M4, ONLINE_RETAIL];

/// Steps ahead in a panel, and how far from the end its origins lie.
const PANEL_HORIZON: usize = 28;
const PANEL_ORIGINS: [usize; 3] = [84, 56, 28];

const PEERS: &str = "reference/peers/forecast_per_series.csv.gz";

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

fn column(header: &str, name: &str) -> usize {
    header.split(',').position(|it| it == name).unwrap_or_else(|| panic!("a column {name} in {header}"))
}

/// What is known and what followed.
struct Case {
    known: Vec<f64>,
    actual: Vec<f64>,
}

/// By series, in panels by series and origin.
type Cases = BTreeMap<String, Case>;

fn cases(text: &str, set: Set) -> Cases {
    let header = text.lines().next().expect("a header");
    let value = column(header, "value");
    let mut parts: BTreeMap<&str, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let (known, actual) = parts.entry(cells[0]).or_default();
        let part = if !set.panel && cells[1] == "test" { actual } else { known };
        part.push(cells[value].parse().expect("a number"));
    }
    let mut cases = Cases::new();
    for (id, (known, actual)) in parts {
        if !set.panel {
            cases.insert(id.to_owned(), Case { known, actual });
            continue;
        }
        for origin in PANEL_ORIGINS.map(|back| known.len() - back) {
            let actual = known[origin..origin + PANEL_HORIZON].to_vec();
            cases.insert(format!("{id}@{origin}"), Case { known: known[..origin].to_vec(), actual });
        }
    }
    cases
}

/// A peer's scores: MASE by case, and mean coverage of its bands where it has any.
#[derive(Default)]
struct Peer {
    mase: BTreeMap<String, f64>,
    coverage: [Option<f64>; 2],
}

fn peers(text: &str, set: Set) -> BTreeMap<String, Peer> {
    let header = text.lines().next().expect("a header");
    let mase = column(header, if set.panel { "mase7" } else { "mase" });
    let (origin, coverage) = (column(header, "origin"), ["cov80", "cov95"].map(|name| column(header, name)));
    let mut peers: BTreeMap<String, (Peer, [Vec<f64>; 2])> = BTreeMap::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split(',').collect();
        let Some(mase) = (cells[0] == set.name).then(|| cells[mase].parse().ok()).flatten() else { continue };
        let id = match cells[origin].parse::<f64>() {
            Ok(origin) => format!("{}@{origin}", cells[2]),
            Err(_) => cells[2].to_owned(),
        };
        let (peer, covered) = peers.entry(cells[1].to_owned()).or_default();
        peer.mase.insert(id, mase);
        for (covered, column) in covered.iter_mut().zip(coverage) {
            covered.extend(cells[column].parse::<f64>());
        }
    }
    let mean =
        |values: Vec<f64>| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
    let filled = |(name, (peer, covered)): (String, (Peer, [Vec<f64>; 2]))| {
        (name, Peer { coverage: covered.map(mean), ..peer })
    };
    peers.into_iter().map(filled).collect()
}

struct Scored {
    mase: BTreeMap<String, f64>,
    coverage80: f64,
    coverage95: f64,
}

fn score(cases: &Cases, model: Model, set: Set) -> Scored {
    let (mut mase, mut inside80, mut inside95) = (BTreeMap::new(), 0.0, 0.0);
    for (id, Case { known, actual }) in cases {
        let series = Series::new(known.clone(), Season::Every(set.season)).expect("finite values");
        let params =
            ForecastParams { model, horizon: actual.len(), levels: vec![80.0, 95.0], non_negative: true };
        let Forecast { mean, bands, .. } = forecast(params, &series).expect("enough history");
        let scale = mean_abs_difference(known, set.mase_lag).expect("more than a season");
        let error = Pairs::new(actual, &mean).expect("finite means").mase(scale).expect("a scale");
        mase.insert(id.clone(), error);
        let coverage =
            |at: usize| Intervals::new(actual, &bands[at].lo, &bands[at].hi).expect("finite ends").coverage();
        inside80 += coverage(0) / cases.len() as f64;
        inside95 += coverage(1) / cases.len() as f64;
    }
    Scored { mase, coverage80: inside80, coverage95: inside95 }
}

/// Mean of ours − theirs over the cases, with its 95 % interval.
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

fn set(set: Set) -> Option<(Cases, BTreeMap<String, Peer>)> {
    let cases = cases(&shared(&format!("data/series/{}.csv.gz", set.name))?, set);
    Some((cases, peers(&shared(PEERS)?, set)))
}

/// Prints the comparison; fails when ours is worse than statsforecast's AutoETS beyond doubt, or its bands miss by
/// more than a few points.
fn not_worse_than_auto_ets(which: Set, model: Model) -> Option<Scored> {
    let (cases, peers) = set(which)?;
    let ours = score(&cases, model, which);
    let (difference, lo, hi) = paired(&ours.mase, &peers["AutoETS"].mase);
    println!(
        "{}: {model} MASE {:.4}, AutoETS {:.4}, paired difference {difference:+.4} [{lo:+.4}, {hi:+.4}], \
         coverage {:.3} / {:.3}",
        which.name,
        mean(&ours.mase),
        mean(&ours.mase) - difference,
        ours.coverage80,
        ours.coverage95
    );
    assert!(lo <= 0.0, "{}: worse than AutoETS", which.name);
    assert!((ours.coverage80 - 0.80).abs() <= 0.04, "{}", ours.coverage80);
    assert!((ours.coverage95 - 0.95).abs() <= 0.03, "{}", ours.coverage95);
    Some(ours)
}

#[test]
fn ets_on_m3_months_is_not_worse_than_statsforecasts_autoets() {
    let Some(ours) = not_worse_than_auto_ets(M3, Model::Ets) else { return };
    // statsforecast's HoltWinters on the same 723 series, from peers/forecast_scores.csv
    assert!(mean(&ours.mase) < 0.9119);
}

#[test]
fn auto_on_m3_months_is_not_worse_than_statsforecasts_autoets_nor_than_our_own_ets() {
    let Some(ours) = not_worse_than_auto_ets(M3, Model::Auto) else { return };
    let Some((cases, _)) = set(M3) else { return };
    let (difference, ..) = paired(&ours.mase, &score(&cases, Model::Ets, M3).mase);
    assert!(difference < 0.0, "auto − ets: {difference}");
}

#[test]
fn auto_on_tourism_months_is_not_worse_than_statsforecasts_autoets() {
    not_worse_than_auto_ets(TOURISM, Model::Auto);
}

#[test]
fn auto_on_nn5_days_is_not_worse_than_statsforecasts_autoets() {
    not_worse_than_auto_ets(NN5, Model::Auto);
}

#[test]
fn auto_on_online_retail_days_is_not_worse_than_statsforecasts_autoets() {
    not_worse_than_auto_ets(ONLINE_RETAIL, Model::Auto);
}

/// Prints the table that documents quote: each of our models beside each peer, on every set that has per-series scores.
#[test]
#[ignore = "prints figures; a check runs above"]
fn scores_beside_the_peers() {
    for which in SETS {
        let Some((cases, peers)) = set(which) else { return };
        println!("\n{}, {} forecasts, season {}", which.name, cases.len(), which.season);
        println!("{:<28} {:>7} {:>10} {:>10}", "model", "MASE", "coverage80", "coverage95");
        let ours = [Model::SeasonalNaive, Model::Ets, Model::Average, Model::Auto]
            .map(|model| (model, score(&cases, model, which)));
        for (model, scored) in &ours {
            let name = format!("dukandar {model}");
            let (mase, inside80, inside95) = (mean(&scored.mase), scored.coverage80, scored.coverage95);
            println!("{name:<28} {mase:>7.4} {inside80:>10.3} {inside95:>10.3}");
        }
        for (name, peer) in &peers {
            let covered = peer.coverage.map(|it| it.map(|it| format!("{it:.3}")).unwrap_or_default());
            println!("{name:<28} {:>7.4} {:>10} {:>10}", mean(&peer.mase), covered[0], covered[1]);
        }
        let [_, (_, ets), _, (_, auto)] = &ours;
        let mut differences = vec![("auto − dukandar ets".to_owned(), paired(&auto.mase, &ets.mase))];
        for (name, peer) in &peers {
            differences.push((format!("auto − {name}"), paired(&auto.mase, &peer.mase)));
            differences.push((format!("ets − {name}"), paired(&ets.mase, &peer.mase)));
        }
        for (name, (difference, lo, hi)) in differences {
            println!("{name}: MASE {difference:+.4} [{lo:+.4}, {hi:+.4}]");
        }
    }
}
