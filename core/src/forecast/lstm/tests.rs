//! Oracles: finite differences, a rule that must be learned, one seed twice.

#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::forecast::{Regressor, Season};

fn small() -> LstmParams {
    LstmParams {
        hidden: 4,
        window: Some(8),
        epochs: 6,
        windows_per_epoch: 64,
        batch: 16,
        ..Default::default()
    }
}

/// A season of four whose height doubles on promotions.
fn panel(lengths: &[usize], ahead: usize) -> Vec<Series> {
    let mut rng = Rng::seeded(9);
    let mut series = |length: usize| {
        let promotion: Vec<f64> = (0..length + ahead).map(|_| f64::from(u8::from(rng.chance(0.3)))).collect();
        let value = |t: usize| 10.0 * (1 + t % 4) as f64 * (1.0 + promotion[t]);
        let values = (0..length).map(value).collect();
        let known = Regressor { name: "promotion".to_owned(), values: promotion.clone() };
        Series::new(values, Season::Every(4)).expect("finite values").with_regressors(vec![known])
    };
    lengths.iter().map(|length| series(*length)).collect()
}

#[test]
fn gradients_are_those_of_finite_differences() {
    let shape = Shape { inputs: 2, known: 3, hidden: 3, window: 4, horizon: 2 };
    let mut rng = Rng::seeded(4);
    let mut weights = shape.initial(&mut rng);
    weights.iter_mut().for_each(|w| *w += 0.3 * rng.normal());
    let mut batch = Batch::new(shape, 3);
    for at in 0..3 {
        for step in 0..4 {
            batch.input(step, at).fill_with(|| rng.normal());
        }
        for ahead in 0..2 {
            batch.known(ahead, at).fill_with(|| rng.normal());
            batch.set_target(ahead, at, rng.normal(), 2.0 * rng.normal());
        }
    }
    let mut slope = vec![0.0; weights.len()];
    shape.learn(&weights, &batch, &mut slope);
    let loss = |weights: &[f64]| shape.learn(weights, &batch, &mut vec![0.0; weights.len()]);
    let mut moved = 0;
    for index in 0..weights.len() {
        let kept = weights[index];
        weights[index] = kept + 1e-5;
        let above = loss(&weights);
        weights[index] = kept - 1e-5;
        let below = loss(&weights);
        weights[index] = kept;
        let difference = (above - below) / 2e-5;
        assert!(
            (difference - slope[index]).abs() < 1e-8,
            "weight {index}: {difference} and {}",
            slope[index]
        );
        moved += usize::from(difference.abs() > 1e-6);
    }
    assert!(moved > weights.len() / 2, "{moved}");
}

#[test]
fn training_lowers_the_loss_and_learns_what_a_promotion_does() {
    let panel = panel(&[60, 70], 4);
    let params = LstmParams { hidden: 8, epochs: 20, learning_rate: 0.02, ..small() };
    let mut run = params.check().unwrap().start(&panel, 4).unwrap();
    run.step();
    let first = run.loss();
    while run.step() {}
    assert!(run.loss() < first / 3.0, "{} after {first}", run.loss());
    assert_eq!(run.progress(), (20, 20));
    let fitted = run.finish();
    let (mut ours, mut naive) = (0.0, 0.0);
    for (index, series) in panel.iter().enumerate() {
        let (known, length) = (&series.regressors()[0].values, series.values().len());
        for (ahead, mean) in fitted.predict(index).iter().enumerate() {
            let truth = 10.0 * (1 + (length + ahead) % 4) as f64 * (1.0 + known[length + ahead]);
            ours += (mean - truth).abs();
            naive += (series.values()[length + ahead - 4] - truth).abs();
        }
    }
    assert!(ours < naive / 2.0, "{ours}, seasonal naive {naive}");
}

#[test]
fn one_seed_gives_the_same_forecast() {
    let panel = panel(&[40], 3);
    let say = |seed| LstmParams { seed, ..small() }.check().unwrap().fit(&panel, 3).unwrap().predict(0);
    assert_eq!(say(1), say(1));
    assert_ne!(say(1), say(2));
}

#[test]
fn odd_histories_get_numbers_and_too_short_ones_an_answer() {
    let checked = LstmParams { epochs: 1, ..small() }.check().unwrap();
    let series = |values: Vec<f64>| Series::new(values, Season::Every(4)).unwrap();
    let mut outlier = vec![3.0; 30];
    outlier[20] = 1e300;
    let mut after_zeros = vec![7.0; 30];
    after_zeros[20..].fill(0.0);
    let odd = [vec![0.0; 30], vec![5.0; 30], vec![-2.0; 30], outlier, after_zeros, vec![1.0], vec![1.0, 2.0]];
    let odd: Vec<Series> = odd.into_iter().map(series).collect();
    let fitted = checked.fit(&odd, 6).unwrap();
    for index in 0..odd.len() {
        let means = fitted.predict(index);
        assert!(means.len() == 6 && means.iter().all(|m| m.is_finite()), "{index}: {means:?}");
    }
    assert!(fitted.predict(1).iter().all(|m| (m - 5.0).abs() < 0.05));
    assert!(fitted.predict(9).is_empty());
    let short = checked.fit(&odd[5..], 6).unwrap_err();
    assert_eq!(short, FitError::TooShort { have: 2, need: 14, what: "a network over all series" });
    assert!(matches!(checked.fit(&panel(&[30], 2), 6), Err(FitError::RegressorTooShort { .. })));
    assert!(checked.fit(&[], 6).is_err());
    assert!(LstmParams { clip: 0.0, ..small() }.check().is_err());
    let alone = checked.fit(&panel(&[30], 6), 6).unwrap();
    assert!(alone.predict_for(&odd[0]).is_err());
    assert_eq!(alone.predict_for(&panel(&[30], 6)[0]).unwrap(), alone.predict(0));
}
