//! Oracles by hand: what a tree must do on tables that fit on a napkin.

#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::bins::{Binned, MAX_BINS};
use super::boosting::{BoostingParams, FittedBoosting};
use super::forest::ForestParams;
use super::loss::{Loss, quantile};
use super::tree::Test;
use super::*;
use crate::rng::Rng;

/// One tree, followed all the way, of two leaves.
fn stump() -> BoostingParams {
    BoostingParams {
        n_estimators: 1,
        learning_rate: 1.0,
        num_leaves: 2,
        min_data_in_leaf: 1,
        feature_fraction: 1.0,
        bagging_freq: 0,
        ..Default::default()
    }
}

fn table(columns: &[(&str, &[f32])]) -> Columns {
    let mut table = Columns::new(columns[0].1.len());
    for (name, values) in columns {
        table.push(name, values.to_vec()).expect("columns of one length");
    }
    table
}

fn fit(params: BoostingParams, columns: &Columns, target: &[f64]) -> FittedBoosting {
    let binned = Binned::new(columns).expect("the columns' own names");
    params.check().expect("sound figures").fit(&Examples::new(&binned, target)).expect("sound rows")
}

fn near(have: &[f64], want: &[f64]) {
    assert_eq!(have.len(), want.len());
    for (have, want) in have.iter().zip(want) {
        assert!((have - want).abs() < 1e-5, "{have} instead of {want}");
    }
}

#[test]
fn one_split_found_by_hand() {
    // Means left and right of every cut: only 2|3 leaves nothing over. Gain: 2·(−4.5)² + 2·4.5² = 81.
    let columns = table(&[("noise", &[0.0, 1.0, 0.0, 1.0]), ("x", &[1.0, 2.0, 3.0, 4.0])]);
    let fitted = fit(stump(), &columns, &[1.0, 1.0, 10.0, 10.0]);
    near(&fitted.predict(&columns).unwrap(), &[1.0, 1.0, 10.0, 10.0]);
    assert_eq!(fitted.trees()[0].nodes[0].column, 1);
    near(
        &[fitted.predict_row(&[0.0, 2.49]).unwrap(), fitted.predict_row(&[0.0, 2.51]).unwrap()],
        &[1.0, 10.0],
    );
    assert_eq!(fitted.importances(), [("noise", 0.0), ("x", 1.0)]);
    // With a ridge of 2 each leaf moves half as far: 5.5 ± 9/(2 + 2).
    let ridged = fit(BoostingParams { lambda: 2.0, ..stump() }, &columns, &[1.0, 1.0, 10.0, 10.0]);
    near(&ridged.predict(&columns).unwrap(), &[3.25, 3.25, 7.75, 7.75]);
}

#[test]
fn weights_count_like_repeated_rows() {
    let columns = table(&[("x", &[1.0, 2.0, 3.0])]);
    let repeated = table(&[("x", &[1.0, 2.0, 2.0, 2.0, 3.0])]);
    let want = fit(stump(), &repeated, &[0.0, 1.0, 1.0, 1.0, 5.0]);
    let binned = Binned::new(&columns).unwrap();
    let examples = Examples { weights: Some(&[1.0, 3.0, 1.0]), ..Examples::new(&binned, &[0.0, 1.0, 5.0]) };
    let have = stump().check().unwrap().fit(&examples).unwrap();
    near(&have.predict(&columns).unwrap(), &want.predict(&columns).unwrap());
    near(&have.predict(&columns).unwrap(), &[0.75, 0.75, 5.0]);
}

#[test]
fn unknown_values_go_where_they_gain() {
    let x = [1.0, 2.0, 3.0, 4.0, f32::NAN, f32::NAN];
    let columns = table(&[("x", &x)]);
    let right = [1.0, 1.0, 9.0, 9.0, 9.0, 9.0];
    near(&fit(stump(), &columns, &right).predict(&columns).unwrap(), &right);
    let left = [1.0, 1.0, 9.0, 9.0, 1.0, 1.0];
    near(&fit(stump(), &columns, &left).predict(&columns).unwrap(), &left);
    // Being unknown is itself what tells.
    let apart = [1.0, 1.0, 1.0, 1.0, 9.0, 9.0];
    near(&fit(stump(), &columns, &apart).predict(&columns).unwrap(), &apart);
    // Never seen unknown: with the majority.
    let known = table(&[("x", &[1.0, 2.0, 3.0])]);
    near(&[fit(stump(), &known, &[1.0, 1.0, 9.0]).predict_row(&[f32::NAN]).unwrap()], &[1.0]);
    near(&[fit(stump(), &known, &[1.0, 9.0, 9.0]).predict_row(&[f32::NAN]).unwrap()], &[9.0]);
}

#[test]
fn labels_are_grouped_without_an_order() {
    let labels: Vec<f32> = (0..40).map(|row| (row % 4) as f32).collect();
    let target: Vec<f64> = labels.iter().map(|it| if *it == 0.0 || *it == 3.0 { 2.0 } else { 8.0 }).collect();
    let mut columns = Columns::new(40);
    columns.push_categories("store", labels).unwrap();
    let fitted = fit(stump(), &columns, &target);
    assert!(matches!(fitted.trees()[0].nodes[0].test, Test::In(0)));
    near(&fitted.predict(&columns).unwrap(), &target);
}

#[test]
fn leaves_of_quantile_losses_hold_quantiles() {
    near(&[quantile(&mut [(3.0, 1.0), (1.0, 1.0), (2.0, 1.0)], 0.5)], &[2.0]);
    near(&[quantile(&mut [(1.0, 1.0), (2.0, 1.0), (5.0, 1.0), (9.0, 1.0)], 0.5)], &[3.5]);
    near(&[quantile(&mut [(1.0, 8.0), (2.0, 1.0), (5.0, 1.0)], 0.5)], &[1.0]);
    let x: Vec<f32> = (0..22).map(|row| f32::from(u8::from(row >= 11))).collect();
    let target: Vec<f64> = (0..22).map(|row| f64::from(row % 11 + 100 * (row / 11))).collect();
    let columns = table(&[("x", &x)]);
    for (loss, want) in [(Loss::Absolute, [5.0, 105.0]), (Loss::Quantile(0.9), [9.0, 109.0])] {
        let fitted = fit(BoostingParams { loss, ..stump() }, &columns, &target);
        near(&[fitted.predict_row(&[0.0]).unwrap(), fitted.predict_row(&[1.0]).unwrap()], &want);
    }
}

/// Counts whose mean hangs on a column.
fn counts(rows: usize) -> (Columns, Vec<f64>) {
    let mut rng = Rng::seeded(5);
    let x: Vec<f32> = (0..rows).map(|_| rng.uniform() as f32).collect();
    let target = x.iter().map(|x| f64::from(rng.poisson(0.5 + 4.0 * f64::from(*x)))).collect();
    (table(&[("x", &x)]), target)
}

#[test]
fn log_links_keep_the_mean_and_stay_above_zero() {
    let (columns, target) = counts(400);
    for loss in [Loss::Poisson, Loss::Tweedie(1.5)] {
        let params = BoostingParams { loss, n_estimators: 60, learning_rate: 0.2, num_leaves: 4, ..stump() };
        let means = fit(BoostingParams { min_data_in_leaf: 20, ..params }, &columns, &target)
            .predict(&columns)
            .unwrap();
        let ratio = means.iter().sum::<f64>() / target.iter().sum::<f64>();
        assert!((ratio - 1.0).abs() < 0.02, "{loss:?}: {ratio}");
        assert!(means.iter().all(|m| *m > 0.0 && m.is_finite()));
        let zeros = fit(params, &columns, &vec![0.0; 400]).predict(&columns).unwrap();
        assert!(zeros.iter().all(|m| (0.0..1e-6).contains(m)));
    }
}

#[test]
fn more_trees_never_fit_the_training_rows_worse() {
    let (columns, target) = counts(300);
    let error = |n_estimators| {
        let params = BoostingParams { n_estimators, learning_rate: 0.1, num_leaves: 5, ..stump() };
        let means = fit(params, &columns, &target).predict(&columns).unwrap();
        means.iter().zip(&target).map(|(m, y)| (m - y) * (m - y)).sum::<f64>()
    };
    let errors: Vec<f64> = [1, 2, 5, 10, 20].into_iter().map(error).collect();
    assert!(errors.is_sorted_by(|a, b| a > b), "{errors:?}");
}

#[test]
fn one_seed_gives_identical_bytes_and_another_seed_others() {
    let (columns, target) = counts(200);
    let bytes = |seed| {
        let params =
            BoostingParams { seed, n_estimators: 12, bagging_freq: 5, min_data_in_leaf: 5, ..stump() };
        let fitted = fit(params, &columns, &target);
        let bytes = postcard::to_allocvec(&fitted).unwrap();
        assert_eq!(postcard::from_bytes::<FittedBoosting>(&bytes).unwrap(), fitted);
        bytes
    };
    assert_eq!(bytes(1), bytes(1));
    assert_ne!(bytes(1), bytes(2));
}

#[test]
fn training_stops_when_held_out_rows_get_no_better() {
    let (columns, target) = counts(200);
    let binned = Binned::new(&columns).unwrap();
    let holdout: Vec<usize> = (150..200).collect();
    let params = BoostingParams { n_estimators: 400, learning_rate: 0.3, num_leaves: 8, ..stump() };
    let params = BoostingParams { early_stopping_rounds: Some(10), ..params };
    let examples = Examples { holdout: &holdout, ..Examples::new(&binned, &target) };
    let mut run = params.check().unwrap().start(&examples).unwrap();
    while run.step() {}
    let (done, most) = run.progress();
    assert!(done < most, "{done}");
    assert_eq!(run.finish().trees().len(), done - 10);
}

#[test]
fn tiny_and_constant_tables_have_the_best_constant() {
    let one = table(&[("x", &[3.0])]);
    for loss in [Loss::Squared, Loss::Absolute, Loss::Quantile(0.1), Loss::Poisson] {
        near(&fit(BoostingParams { loss, ..stump() }, &one, &[7.0]).predict(&one).unwrap(), &[7.0]);
    }
    let columns = table(&[("x", &[1.0, 2.0, 3.0])]);
    let constant = fit(BoostingParams { n_estimators: 9, ..stump() }, &columns, &[4.0; 3]);
    near(&constant.predict(&columns).unwrap(), &[4.0; 3]);
    assert!(constant.trees().is_empty());
    let outlier = fit(stump(), &columns, &[1.0, 1.0, 1e12]).predict(&columns).unwrap();
    assert!((outlier[2] / 1e12 - 1.0).abs() < 1e-6 && (outlier[0] - 1.0).abs() < 1e6, "{outlier:?}");
}

#[test]
fn many_distinct_values_share_bins_evenly() {
    let values: Vec<f32> = (0..5000).map(|v| v as f32).collect();
    let binned = Binned::new(&table(&[("x", &values)])).unwrap();
    let mut held = [0; 256];
    binned.codes().iter().for_each(|code| held[usize::from(*code)] += 1);
    assert_eq!((held[0], held[255]), (0, 0));
    assert!(held[1..=MAX_BINS].iter().all(|rows| (19..=20).contains(rows)), "{held:?}");
}

#[test]
fn bad_input_is_refused_by_name() {
    let columns = table(&[("x", &[1.0, 2.0])]);
    let binned = Binned::new(&columns).unwrap();
    let with = |target: &[f64], loss| {
        let checked = BoostingParams { loss, ..stump() }.check().unwrap();
        checked.fit(&Examples::new(&binned, target)).unwrap_err().to_string()
    };
    assert_eq!(with(&[1.0], Loss::Squared), "target has 1 rows: 2 were expected");
    assert!(with(&[1.0, f64::NAN], Loss::Squared).starts_with("target at row 1 is NaN"));
    assert!(with(&[1.0, -1.0], Loss::Poisson).starts_with("target at row 1 is -1"));
    let mut wide = Columns::new(2);
    assert!(wide.push("x", vec![1.0, f32::INFINITY]).is_err());
    assert!(wide.push("x", vec![1.0]).is_err());
    let fitted = fit(stump(), &columns, &[1.0, 2.0]);
    let other = fitted.predict(&table(&[("y", &[1.0])])).unwrap_err();
    assert_eq!(other.to_string(), "column 0 is \"y\": \"x\" was expected");
    assert_eq!(fitted.predict_row(&[]).unwrap_err(), LearnError::Width { have: 0, need: 1 });
    let holdout = [0, 1];
    let checked = stump().check().unwrap();
    let none_left = Examples { holdout: &holdout, ..Examples::new(&binned, &[1.0, 2.0]) };
    assert_eq!(checked.fit(&none_left).unwrap_err(), LearnError::Empty);
    for params in [
        BoostingParams { learning_rate: 0.0, ..stump() },
        BoostingParams { feature_fraction: f64::NAN, ..stump() },
        BoostingParams { loss: Loss::Quantile(1.0), ..stump() },
        BoostingParams { num_leaves: 1, ..stump() },
    ] {
        assert!(params.check().unwrap_err().to_string().ends_with("was expected"));
    }
}

#[test]
fn a_forest_is_the_mean_of_trees_on_drawn_rows() {
    let (columns, target) = counts(200);
    let binned = Binned::new(&columns).unwrap();
    let grow = |params: ForestParams| params.check().unwrap().fit(&Examples::new(&binned, &target)).unwrap();
    let small = ForestParams { n_estimators: 20, ..Default::default() };
    let (forest, same) = (grow(small), grow(small));
    assert_eq!(postcard::to_allocvec(&forest).unwrap(), postcard::to_allocvec(&same).unwrap());
    let means = forest.predict(&columns).unwrap();
    let (low, high) = target.iter().fold((f64::MAX, f64::MIN), |(a, b), y| (a.min(*y), b.max(*y)));
    assert!(means.iter().all(|m| (low - 1e-6..=high + 1e-6).contains(m)));
    assert!(forest.trees().iter().all(|tree| tree.leaves().len() > 20 && tree.leaves().len() <= 1024));
    // Each drawn mean differs from the target's by its standard error over √20 trees.
    let mean = |values: &[f64]| values.iter().sum::<f64>() / 200.0;
    assert!((mean(&means) - mean(&target)).abs() < 0.1);
    // A row that cannot be drawn says nothing: only the other value is left.
    let weights: Vec<f64> = target.iter().map(|y| f64::from(u8::from(*y == 1.0))).collect();
    let ones = Examples { weights: Some(&weights), ..Examples::new(&binned, &target) };
    near(&[small.check().unwrap().fit(&ones).unwrap().predict_row(&[0.5]).unwrap()], &[1.0]);
    assert!(ForestParams { max_depth: 0, ..small }.check().is_err());
}
