//! `make bench-learn`, our part: prints a line of JSON for each model and yardstick of `../shared/data/tabular`, its
//! errors and the CPU seconds of binning and fitting on one thread. Without `../shared` it says so and prints nothing.

use dukandar_core::learn::{Examples, bins::Binned, boosting::BoostingParams, forest::ForestParams};
use dukandar_core::metric::Pairs;
use dukandar_tests::bench::run::cpu_ms;
use dukandar_tests::tabular::{Yardstick, friedman, rossmann};

/// Means of the rows that are told, in the target's unit, and CPU seconds.
type Told = (Vec<f64>, f64);

fn boosted(it: &Yardstick, bagging_freq: usize) -> Told {
    let before = cpu_ms();
    let binned = Binned::new(&it.train).expect("the columns' own names");
    let checked = BoostingParams { bagging_freq, ..Default::default() }.check().expect("sound figures");
    let fitted = checked.fit(&Examples::new(&binned, &it.target)).expect("sound rows");
    let seconds = (cpu_ms() - before) / 1e3;
    (fitted.predict(&it.test).expect("the same columns"), seconds)
}

fn forest(it: &Yardstick) -> Told {
    let before = cpu_ms();
    let binned = Binned::new(&it.train).expect("the columns' own names");
    let checked = ForestParams::default().check().expect("sound figures");
    let fitted = checked.fit(&Examples::new(&binned, &it.target)).expect("sound rows");
    let seconds = (cpu_ms() - before) / 1e3;
    (fitted.predict(&it.test).expect("the same columns"), seconds)
}

fn print(set: &str, model: &str, actual: &[f64], (means, seconds): &Told) {
    let pairs = Pairs::new(actual, means).expect("finite means");
    let squares: f64 = actual.iter().zip(means).map(|(y, mean)| (1.0 - mean / y).powi(2)).sum();
    let scores = serde_json::json!({
        "set": set,
        "model": model,
        "rmse": pairs.rmse(),
        "rmspe": (squares / actual.len() as f64).sqrt(),
        "wape": pairs.wape(),
        "cpu_s": seconds,
    });
    println!("{scores}");
}

fn main() {
    let (Some(friedman), Some(rossmann)) = (friedman(), rossmann()) else { return };
    // the peer's rows are all in each tree, or four fifths of them as the seed wishes
    for (name, bagging_freq) in [("boosting", 0), ("boosting, bagging .8 every 5", 5)] {
        print("friedman1", name, &friedman.actual, &boosted(&friedman, bagging_freq));
        let (logs, seconds) = boosted(&rossmann, bagging_freq);
        print("rossmann", name, &rossmann.actual, &(logs.into_iter().map(f64::exp).collect(), seconds));
    }
    print("friedman1", "forest", &friedman.actual, &forest(&friedman));
}
