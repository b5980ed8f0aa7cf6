//! The regression yardsticks of `../shared/data/tabular`. Absent `../shared` gives `None` and a message: that data may not
//! be copied into this repository.

use std::io::Read;
use std::path::PathBuf;

use dukandar_core::learn::Columns;

/// Rows to learn from and rows to be told.
pub struct Yardstick {
    /// Columns of the rows to learn from.
    pub train: Columns,
    /// Their target.
    pub target: Vec<f64>,
    /// Columns of the rows to be told.
    pub test: Columns,
    /// What came.
    pub actual: Vec<f64>,
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
pub fn friedman() -> Option<Yardstick> {
    let text = text("friedman1.csv.gz")?;
    let mut rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    let target: Vec<f64> =
        rows.iter_mut().map(|row| row.pop().expect("a target").parse().expect("a number")).collect();
    let names = ["x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10"];
    let (train, test) = (columns(&names, &rows[..10_000]), columns(&names, &rows[10_000..]));
    Some(Yardstick { train, test, target: target[..10_000].to_vec(), actual: target[10_000..].to_vec() })
}

/// Store days; the last 42 days are told, the target is learned as its logarithm.
pub fn rossmann() -> Option<Yardstick> {
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
