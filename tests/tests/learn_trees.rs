//! Boosting and forest on the regression yardsticks of `../shared/data/tabular`, against what LightGBM and scikit-learn
//! scored there (`../shared/reference/peers/gbdt.csv`). Skipped, saying so, where `../shared` is absent.
//!
//! `cargo test --release -p dukandar-tests --test learn_trees -- --nocapture` prints the scores.

use std::io::Read;
use std::path::PathBuf;

use dukandar_core::learn::boosting::BoostingParams;
use dukandar_core::learn::forest::ForestParams;
use dukandar_core::learn::{Columns, Examples, bins::Binned};
use dukandar_core::metric::Pairs;

/// Rows to learn from and rows to be told.
struct Yardstick {
    train: Columns,
    target: Vec<f64>,
    test: Columns,
    actual: Vec<f64>,
}

fn text(name: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/tabular").join(name);
    let Ok(file) = std::fs::File::open(&path) else {
        eprintln!("skipped: ../shared/data/tabular/{name} is absent");
        return None;
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("a readable gzip file");
    Some(text)
}

fn columns(names: &[&str], rows: &[Vec<&str>]) -> Columns {
    let mut columns = Columns::new(rows.len());
    for (at, name) in names.iter().enumerate() {
        let values = rows.iter().map(|row| row[at].parse().expect("a number")).collect();
        columns.push(name, values).expect("finite values");
    }
    columns
}

/// Ten columns of which five tell; the first 10,000 rows are learned from.
fn friedman() -> Option<Yardstick> {
    let text = text("friedman1.csv.gz")?;
    let mut rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    let target: Vec<f64> =
        rows.iter_mut().map(|row| row.pop().expect("a target").parse().expect("a number")).collect();
    let names = ["x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10"];
    let (train, test) = (columns(&names, &rows[..10_000]), columns(&names, &rows[10_000..]));
    Some(Yardstick { train, test, target: target[..10_000].to_vec(), actual: target[10_000..].to_vec() })
}

/// Store days; the last 42 days are told, the target is learned as its logarithm.
fn rossmann() -> Option<Yardstick> {
    let text = text("rossmann.csv.gz")?;
    let (header, body) = text.split_once('\n').expect("a header");
    let names: Vec<&str> = header.split(',').skip(3).collect();
    let mut days: Vec<&str> = body.lines().filter_map(|line| line.split(',').nth(1)).collect();
    days.sort_unstable();
    days.dedup();
    let first_test_day = days[days.len() - 42];
    let rows = body.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let (known, told): (Vec<_>, Vec<_>) = rows.partition(|row| row[1] < first_test_day);
    let figures = |rows: &[Vec<&str>]| -> Vec<f64> {
        rows.iter().map(|row| row[2].parse().expect("a number")).collect()
    };
    let cells = |rows: &[Vec<&str>]| -> Columns {
        let rows: Vec<Vec<&str>> = rows.iter().map(|row| row[3..].to_vec()).collect();
        columns(&names, &rows)
    };
    let target = figures(&known).into_iter().map(f64::ln).collect();
    Some(Yardstick { train: cells(&known), target, test: cells(&told), actual: figures(&told) })
}

#[test]
fn boosting_on_friedman1_is_as_good_as_lightgbm() {
    let Some(it) = friedman() else { return };
    let binned = Binned::new(&it.train).expect("the columns' own names");
    let checked = BoostingParams::default().check().expect("sound figures");
    let fitted = checked.fit(&Examples::new(&binned, &it.target)).expect("sound rows");
    let means = fitted.predict(&it.test).expect("the same columns");
    let rmse = Pairs::new(&it.actual, &means).expect("finite means").rmse();
    println!("friedman1, boosting: RMSE {rmse:.4} (LightGBM 1.0997)");
    assert!(rmse <= 1.10);
    // Half the columns are noise and must be seen as that.
    let noise: f64 = fitted.importances()[5..].iter().map(|(_, gain)| gain).sum();
    assert!(noise < 0.02, "{noise}");
}

#[test]
fn boosting_on_rossmann_is_as_good_as_lightgbm() {
    let Some(it) = rossmann() else { return };
    let binned = Binned::new(&it.train).expect("the columns' own names");
    // The peer saw all rows in each tree.
    let params = BoostingParams { bagging_freq: 0, ..Default::default() };
    let checked = params.check().expect("sound figures");
    let fitted = checked.fit(&Examples::new(&binned, &it.target)).expect("sound rows");
    let means: Vec<f64> =
        fitted.predict(&it.test).expect("the same columns").into_iter().map(f64::exp).collect();
    let wape = Pairs::new(&it.actual, &means).expect("finite means").wape().expect("sales");
    let squares: f64 = it.actual.iter().zip(&means).map(|(y, m)| (1.0 - m / y).powi(2)).sum();
    let rmspe = (squares / it.actual.len() as f64).sqrt();
    println!("rossmann, boosting: RMSPE {rmspe:.4} (LightGBM .1305), WAPE {wape:.4} (.0943)");
    assert!(rmspe <= 0.1305 && wape <= 0.0943);
}

#[test]
fn forest_on_friedman1_is_as_good_as_scikit_learns() {
    let Some(it) = friedman() else { return };
    let binned = Binned::new(&it.train).expect("the columns' own names");
    let checked = ForestParams::default().check().expect("sound figures");
    let fitted = checked.fit(&Examples::new(&binned, &it.target)).expect("sound rows");
    let means = fitted.predict(&it.test).expect("the same columns");
    let rmse = Pairs::new(&it.actual, &means).expect("finite means").rmse();
    println!("friedman1, forest: RMSE {rmse:.4} (scikit-learn 1.6206)");
    assert!(rmse <= 1.62);
}
