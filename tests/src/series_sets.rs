//! The series of `../shared/data/series` as the peers were scored on them, and the peers' scores by series. Absent
//! `../shared` gives `None` and a message: that data may not be copied into this repository.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use dukandar_core::forecast::Regressor;
use dukandar_core::metric::{Pairs, mean_abs_difference, mean_squared_difference};

/// A data set, see `../shared/data/README.md`.
#[derive(Clone, Copy)]
pub struct Set {
    /// The file's name.
    pub name: &'static str,
    /// Steps per season that the model is told.
    pub season: usize,
    /// Lag of the naive error that MASE divides by.
    pub mase_lag: usize,
    /// Lag of the naive error that RMSSE divides by.
    pub rmsse_lag: usize,
    /// Panels have three origins and no test part: MASE is called `mase7` there.
    pub panel: bool,
}

/// Months of M3.
pub const M3: Set = Set { name: "m3_monthly", season: 12, mase_lag: 12, rmsse_lag: 12, panel: false };
/// Months of the tourism competition.
pub const TOURISM: Set =
    Set { name: "tourism_monthly", season: 12, mase_lag: 12, rmsse_lag: 12, panel: false };
/// Days of cash machines.
pub const NN5: Set = Set { name: "nn5_daily", season: 7, mase_lag: 7, rmsse_lag: 7, panel: false };
/// Weeks of M4, with its official season of 1.
pub const M4: Set = Set { name: "m4_weekly", season: 1, mase_lag: 1, rmsse_lag: 1, panel: false };
/// Months of spare parts, three quarters of them without demand; the peers were told no season.
pub const CARPARTS: Set = Set { name: "carparts", season: 1, mase_lag: 12, rmsse_lag: 12, panel: false };
/// Days of a wholesaler's best-selling gifts.
pub const ONLINE_RETAIL: Set =
    Set { name: "or_daily_top200", season: 7, mase_lag: 7, rmsse_lag: 1, panel: true };

/// Days of drugstores with what is known of each day.
pub const ROSSMANN: Set = Set { name: "rossmann_daily", season: 7, mase_lag: 7, rmsse_lag: 1, panel: true };

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
pub struct Case {
    /// The history.
    pub known: Vec<f64>,
    /// What came after it.
    pub actual: Vec<f64>,
}

/// By series, in panels by series and origin.
pub type Cases = BTreeMap<String, Case>;

/// Which part of the series judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judge {
    /// The test parts, which nothing is chosen on.
    Tests,
    /// The ends of the training parts, nothing after them being read: what constants are chosen on.
    HeldOut,
}

/// The histories of a set, judged by its test parts.
pub fn cases(set: Set) -> Option<Cases> {
    cases_judged(set, Judge::Tests)
}

/// The histories of a set with what is to judge forecasts of them.
pub fn cases_judged(set: Set, judge: Judge) -> Option<Cases> {
    let text = shared(&format!("data/series/{}.csv.gz", set.name))?;
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
    // a held-out panel's last value is the last one before the first origin of the tests
    let earlier = if judge == Judge::HeldOut { PANEL_ORIGINS[0] } else { 0 };
    for (id, (mut known, mut actual)) in parts {
        if !set.panel {
            if judge == Judge::HeldOut {
                actual = known.split_off(known.len() - actual.len());
            }
            cases.insert(id.to_owned(), Case { known, actual });
            continue;
        }
        for origin in PANEL_ORIGINS.map(|back| known.len() - back - earlier) {
            let actual = known[origin..origin + PANEL_HORIZON].to_vec();
            cases.insert(format!("{id}@{origin}"), Case { known: known[..origin].to_vec(), actual });
        }
    }
    Some(cases)
}

/// The columns that `rossmann_daily` knows of each day, with those that a table of dates adds by itself, by series.
pub fn known_columns(set: Set) -> Option<BTreeMap<String, Vec<Regressor>>> {
    let text = shared(&format!("data/series/{}.csv.gz", set.name))?;
    let mut names: Vec<&str> = text.lines().next().expect("a header").split(',').skip(3).collect();
    names.extend(["day_of_month", "month"]);
    let mut columns: BTreeMap<String, Vec<Regressor>> = BTreeMap::new();
    let empty = |name: &&str| Regressor { name: (*name).to_owned(), values: Vec::new() };
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let date: Vec<&str> = cells[1].split('-').collect();
        let of_series =
            columns.entry(cells[0].to_owned()).or_insert_with(|| names.iter().map(empty).collect());
        let cells = cells[3..].iter().chain([&date[2], &date[1]]);
        for (regressor, cell) in of_series.iter_mut().zip(cells) {
            regressor.values.push(cell.parse().expect("a number"));
        }
    }
    Some(columns)
}

/// One score by case.
pub type Scores = BTreeMap<String, f64>;

/// A peer's scores by case; a score that was not taken is missing.
#[derive(Default)]
pub struct Peer {
    /// Mean absolute scaled error.
    pub mase: Scores,
    /// Root mean squared scaled error.
    pub rmsse: Scores,
    /// Symmetric percentage error.
    pub smape: Scores,
    /// Mean coverage of its 80 and 95 % bands, where it has any.
    pub coverage: [Option<f64>; 2],
}

/// Every peer of a set by name.
pub fn peers(set: Set) -> Option<BTreeMap<String, Peer>> {
    let text = shared(PEERS)?;
    let header = text.lines().next().expect("a header");
    let scores = [if set.panel { "mase7" } else { "mase" }, "rmsse", "smape"].map(|it| column(header, it));
    let (origin, coverage) = (column(header, "origin"), ["cov80", "cov95"].map(|name| column(header, name)));
    let mut peers: BTreeMap<String, (Peer, [Vec<f64>; 2])> = BTreeMap::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split(',').collect();
        if cells[0] != set.name {
            continue;
        }
        let id = case_id(cells[2], cells[origin]);
        let (peer, covered) = peers.entry(cells[1].to_owned()).or_default();
        for (by_case, column) in [&mut peer.mase, &mut peer.rmsse, &mut peer.smape].into_iter().zip(scores) {
            if let Ok(score) = cells[column].parse() {
                by_case.insert(id.clone(), score);
            }
        }
        for (covered, column) in covered.iter_mut().zip(coverage) {
            covered.extend(cells[column].parse::<f64>());
        }
    }
    let mean =
        |values: Vec<f64>| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
    let filled = |(name, (peer, covered)): (String, (Peer, [Vec<f64>; 2]))| {
        (name, Peer { coverage: covered.map(mean), ..peer })
    };
    Some(peers.into_iter().map(filled).collect())
}

/// One column of the peers' scores, by peer and case; peers without any are left out.
pub fn peer_scores(set: Set, name: &str) -> Option<BTreeMap<String, Scores>> {
    let text = shared(PEERS)?;
    let header = text.lines().next().expect("a header");
    let (origin, wanted) = (column(header, "origin"), column(header, name));
    let mut peers: BTreeMap<String, Scores> = BTreeMap::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split(',').collect();
        if let (true, Ok(score)) = (cells[0] == set.name, cells[wanted].parse()) {
            peers.entry(cells[1].to_owned()).or_default().insert(case_id(cells[2], cells[origin]), score);
        }
    }
    Some(peers)
}

/// Milliseconds that each peer took for a series, from the peers' own tables; an ensemble takes what its members take.
pub fn peer_cpu_ms(set: Set) -> Option<BTreeMap<String, f64>> {
    let table = if set.panel { "panel_summary.csv" } else { "forecast_summary.csv" };
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/reference/peers").join(table);
    let text = std::fs::read_to_string(path).ok()?;
    let cpu = column(text.lines().next()?, "cpu_ms");
    let rows = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let of_set = rows.filter(|cells| cells[0] == set.name);
    Some(of_set.filter_map(|cells| Some((cells[1].to_owned(), cells[cpu].parse().ok()?))).collect())
}

/// A case's name: its series, in panels with the values that were known.
fn case_id(series: &str, origin: &str) -> String {
    match origin.parse::<f64>() {
        Ok(origin) => format!("{series}@{origin}"),
        Err(_) => series.to_owned(),
    }
}

/// sMAPE, MASE and RMSSE of one forecast as the peers were scored; the scaled ones are `None` where the history does
/// not move from season to season, and neither have the peers a score there.
pub fn point_scores(set: Set, case: &Case, forecast: &[f64]) -> [Option<f64>; 3] {
    let pairs = Pairs::new(&case.actual, forecast).expect("finite means");
    let mase = mean_abs_difference(&case.known, set.mase_lag).and_then(|scale| pairs.mase(scale));
    let rmsse = mean_squared_difference(&case.known, set.rmsse_lag).and_then(|scale| pairs.rmsse(scale));
    [Some(pairs.smape()), mase, rmsse]
}

/// The mean of a score over its cases.
pub fn mean(scores: &Scores) -> f64 {
    scores.values().sum::<f64>() / scores.len() as f64
}

/// Mean of ours − theirs over the cases, with its 95 % interval.
pub fn paired(ours: &Scores, theirs: &Scores) -> (f64, f64, f64) {
    let differences: Vec<f64> = ours.iter().filter_map(|(id, a)| Some(a - theirs.get(id)?)).collect();
    let n = differences.len() as f64;
    assert_eq!(differences.len(), ours.len(), "the peer has a score for every series");
    let mean = differences.iter().sum::<f64>() / n;
    let variance = differences.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / (n - 1.0);
    let half = 1.96 * (variance / n).sqrt();
    (mean, mean - half, mean + half)
}
