//! Reconciled forecasts of a real shop against the base ones, level by level. Needs `../shared`; says so and passes
//! without it.
//!
//! `cargo test --release -p dukandar-tests --test models forecast_reconcile:: -- --nocapture` prints the figures.

use std::collections::BTreeMap;

use dukandar_core::forecast::{
    Fitted,
    ets::{self, Error, Form, Seasonal, Trend},
    reconcile::{Hierarchy, Reconciler, Weights},
};
use dukandar_tests::series_sets::{ONLINE_RETAIL, cases};

const HORIZON: usize = 28;
/// Weeks from the first of which errors are taken.
const BURN_IN: usize = 28;
const FORM: Form = Form { error: Error::Additive, trend: Trend::None, seasonal: Seasonal::Additive };

/// Name, what was known, what followed.
type Product<'a> = (&'a str, &'a Vec<f64>, &'a Vec<f64>);

/// Squared errors by level of the tree (all, group, product) and by step (day, week, four weeks), summed.
type Squares = [[f64; 3]; 3];

fn add(squares: &mut Squares, level: usize, actual: &[f64], forecast: &[f64]) {
    for (slot, steps) in squares[level].iter_mut().zip([1, 7, HORIZON]) {
        let error = |(y, f): (&[f64], &[f64])| (y.iter().sum::<f64>() - f.iter().sum::<f64>()).powi(2);
        *slot += actual.chunks(steps).zip(forecast.chunks(steps)).map(error).sum::<f64>();
    }
}

fn summed(rows: &[&Vec<f64>]) -> Vec<f64> {
    (0..rows[0].len()).map(|t| rows.iter().map(|row| row[t]).sum()).collect()
}

#[test]
fn over_all_levels_structural_weights_beat_the_base_forecasts_and_the_shrunk_ones_beat_adding_up() {
    let Some(cases) = cases(ONLINE_RETAIL) else { return };
    let mut origins: BTreeMap<usize, Vec<Product<'_>>> = BTreeMap::new();
    for (id, case) in &cases {
        let (name, _) = id.split_once('@').expect("a panel's name");
        origins.entry(case.known.len()).or_default().push((name, &case.known, &case.actual));
    }
    let ways = ["base", "bottom up", "structural", "variance", "shrunk"];
    let mut squares: [Squares; 5] = Default::default();
    for products in origins.values() {
        // The first two figures of a code are the nearest to a category that the file has.
        let key = |name: &str| name[..2].bytes().fold(0, |key, byte| key * 256 + u32::from(byte));
        let leaves: Vec<Vec<u32>> = products.iter().map(|(name, ..)| vec![key(name)]).collect();
        let tree = Hierarchy::grouped(&leaves);
        let first_leaf = tree.len() - products.len();
        let mut known: Vec<Vec<f64>> = vec![Vec::new(); tree.len()];
        let mut actual = known.clone();
        for (leaf, (_, before, after)) in products.iter().enumerate() {
            (known[first_leaf + leaf], actual[first_leaf + leaf]) = ((*before).clone(), (*after).clone());
        }
        for node in (0..first_leaf).rev() {
            let of = |rows: &[Vec<f64>]| {
                summed(&tree.children(node).iter().map(|&it| &rows[it]).collect::<Vec<_>>())
            };
            (known[node], actual[node]) = (of(&known), of(&actual));
        }
        let (mut base, mut errors) = (Vec::new(), Vec::new());
        for values in &known {
            let fitted = ets::fit_form(values, 7, FORM).expect("a year of days");
            base.push(fitted.predict(HORIZON));
            let replay = fitted.replay(values, BURN_IN, 1);
            errors.push(replay.rows().map(|(origin, row)| values[origin] - row[0]).collect::<Vec<f64>>());
        }
        let mut bottom_up = base.clone();
        for node in (0..first_leaf).rev() {
            let rows: Vec<_> = tree.children(node).iter().map(|&it| &bottom_up[it]).collect();
            bottom_up[node] = summed(&rows);
        }
        let mut forecasts = vec![base.clone(), bottom_up];
        for wish in [Weights::Structural, Weights::Variance, Weights::Shrunk] {
            let reconciler = Reconciler::learn(&tree, &errors, wish).expect("a row for each node");
            assert_eq!(reconciler.weights(), wish);
            forecasts.push(reconciler.reconcile(&base, false).expect("a row for each node"));
        }
        for (squares, forecast) in squares.iter_mut().zip(&forecasts) {
            for node in 0..tree.len() {
                let level = if node == 0 { 0 } else { 1 + usize::from(node >= first_leaf) };
                add(squares, level, &actual[node], &forecast[node]);
            }
        }
    }
    println!("root mean squared error by day, week, four weeks ÷ that of the base forecasts");
    let relative =
        |way: usize, level: usize, step: usize| (squares[way][level][step] / squares[0][level][step]).sqrt();
    for (way, name) in ways.iter().enumerate() {
        for (level, of) in ["all", "group", "product"].iter().enumerate() {
            let [day, week, weeks] = [0, 1, 2].map(|step| relative(way, level, step));
            println!("{name:10} {of:8} {day:.4} {week:.4} {weeks:.4}");
        }
    }
    for step in 0..3 {
        let over_levels = |way: usize| (0..3).map(|level| relative(way, level, step)).product::<f64>().cbrt();
        let structural = over_levels(2);
        assert!(structural < 1.0, "step {step}: {structural} of the base forecasts' error");
        // This shop grows into Christmas: products lag behind, so what weighs them most pays at the top.
        assert!(relative(4, 0, step) < relative(1, 0, step), "no better than adding up, step {step}");
        assert!(relative(4, 1, step) < 1.0, "groups, step {step}");
    }
}
