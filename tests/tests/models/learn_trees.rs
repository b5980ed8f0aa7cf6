//! Boosting and forest on the regression yardsticks of `../shared/data/tabular`, against what LightGBM and scikit-learn
//! scored there (`../shared/reference/peers/gbdt.csv`). Skipped, saying so, where `../shared` is absent.
//!
//! `cargo test --release -p dukandar-tests --test models learn_trees:: -- --nocapture` prints the scores.

use dukandar_core::learn::boosting::BoostingParams;
use dukandar_core::learn::forest::ForestParams;
use dukandar_core::learn::{Examples, bins::Binned};
use dukandar_core::metric::Pairs;
use dukandar_tests::tabular::{friedman, rossmann};

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
