//! What a panel may see, what it must not, and hand arithmetic of its sparse level.

#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::super::{FitError, Regressor, Season};
use super::*;
use crate::rng::Rng;

const HORIZON: usize = 4;

fn series(values: Vec<f64>) -> Series {
    Series::new(values, Season::Every(7)).unwrap()
}

/// Weeks with a busy day, a level and a noise of their own for each series.
fn panel(count: usize, days: usize) -> Vec<Vec<f64>> {
    let mut random = Rng::seeded(4);
    let day = |level: f64, day: usize, noise: f64| {
        level * if day % 7 == 3 { 3.0 } else { 1.0 } * (1.0 + 0.1 * noise)
    };
    (1..=count)
        .map(|level| (0..days).map(|it| day(5.0 * level as f64, it, random.normal()).max(0.0)).collect())
        .collect()
}

fn advised(values: &[Vec<f64>]) -> Vec<Option<Advice>> {
    let series: Vec<Series> = values.iter().map(|it| series(it.clone())).collect();
    advise(&series, Model::Boosting, HORIZON, 1)
}

#[test]
fn the_busy_day_is_found_in_every_series_and_units_do_not_matter() {
    let values = panel(8, 91);
    let scaled: Vec<Vec<f64>> = values.iter().map(|it| it.iter().map(|v| 1024.0 * v).collect()).collect();
    for (at, (own, large)) in advised(&values).into_iter().zip(advised(&scaled)).enumerate() {
        let (own, large) = (own.unwrap(), large.unwrap());
        let level = 5.0 * (at + 1) as f64;
        // day 91 is a position 0, so the fourth step is the busy one
        assert!(
            (own.mean[3] / level - 3.0).abs() < 0.6 && (own.mean[0] / level - 1.0).abs() < 0.25,
            "{own:?}"
        );
        for (a, b) in own.mean.iter().zip(&large.mean) {
            assert!((1024.0 * a - b).abs() < 1e-6 * b.abs());
        }
    }
}

#[test]
fn replayed_origins_know_nothing_of_any_later_day_of_any_series() {
    let values = panel(8, 91);
    let before = advised(&values);
    // the last day is after the target of the first replayed origin's first three steps
    let mut other = values.clone();
    other.iter_mut().for_each(|it| it[90] *= 50.0);
    let after = advised(&other);
    for (before, after) in before.iter().flatten().zip(after.iter().flatten()) {
        let (was, is) = (before.replay.rows().next().unwrap(), after.replay.rows().next().unwrap());
        assert_eq!(was, is);
        assert_ne!(before.mean, after.mean, "but the forecast does see it");
    }
}

#[test]
fn rows_hold_nothing_at_or_after_their_origin() {
    let whole = series(panel(1, 60).remove(0));
    let mut changed = whole.values().to_vec();
    changed[40..].fill(1e9);
    let changed = series(changed);
    let shape = rows::Shape::of(std::slice::from_ref(&whole), 10);
    for step in 0..10 {
        let row = |one: &Series| {
            let mut row = Vec::new();
            rows::Window::at(one, &shape, 40).unwrap().row(step, &mut row);
            row.iter().map(|v| v.to_bits()).collect::<Vec<_>>()
        };
        assert_eq!(row(&whole), row(&changed));
    }
}

#[test]
fn a_day_that_was_always_closed_stays_at_nothing() {
    let shut = |day: usize| f64::from(u8::from(day % 7 == 6));
    let closed = Regressor { name: "shut".into(), values: (0..95).map(shut).collect() };
    let with = |values: &Vec<f64>| {
        let values = values.iter().enumerate().map(|(day, v)| v * (1.0 - shut(day))).collect();
        series(values).with_regressors(vec![closed.clone()])
    };
    let panel: Vec<Series> = panel(8, 89).iter().map(with).collect();
    for advice in advise(&panel, Model::Boosting, HORIZON + 2, 1).into_iter().flatten() {
        // days 89 to 94: the second is a closing day
        assert_eq!(advice.mean[1], 0.0);
        assert!(advice.mean[0] > 0.0 && advice.mean[2] > 0.0);
        let own = Replay::build(89, 80, HORIZON + 2, |_, row| row.fill(1.0));
        assert_eq!(
            advice.share(Some(&own), panel[0].values()),
            1.0,
            "the series' own models know of no closing days"
        );
    }
}

#[test]
fn regressors_that_one_series_lacks_are_named() {
    let mut all: Vec<Series> = panel(8, 60).into_iter().map(series).collect();
    let promotion = Regressor { name: "promotion".into(), values: vec![0.0; 64] };
    all[0] = all[0].clone().with_regressors(vec![promotion]);
    let refused = Learned::fit(Model::Boosting, &all, HORIZON, 1).unwrap_err();
    assert_eq!(refused, FitError::RegressorTooShort { name: "promotion".into(), have: 0, need: HORIZON });
}

#[test]
fn fewer_than_eight_series_and_short_ones_get_no_advice() {
    assert!(advised(&panel(7, 91)).iter().all(Option::is_none));
    assert!(advised(&panel(8, 10)).iter().all(Option::is_none));
}

#[test]
fn odd_series_among_others_get_finite_advice_or_none_and_silence_nobody() {
    let mut values = panel(9, 80);
    values.extend([vec![0.0; 80], vec![7.0; 80], vec![3.0], vec![0.0, 5.0]]);
    values.push((0..80).map(|day| if day == 40 { 1e12 } else { 4.0 }).collect());
    values.push((0..80).map(|day| if day % 5 == 0 { -3.0 } else { 2.0 }).collect());
    let advised = advised(&values);
    assert_eq!(advised.len(), values.len());
    assert!(advised[..9].iter().all(Option::is_some), "short ones silence only themselves");
    assert!(advised[11].is_none() && advised[12].is_none(), "no longer than the horizon");
    for advice in advised.iter().flatten() {
        assert!(advice.mean.len() == HORIZON && advice.mean.iter().all(|v| v.is_finite()));
    }
    assert_eq!(advised, super::tests::advised(&values), "the same seed, the same advice");
}

#[test]
fn sparse_level_of_one_sale_by_hand() {
    // one piece every fourth step since ever: all three averages are near ¼ and the panel's factor brings ¼ back
    let series: Vec<Series> = (0..10)
        .map(|shift| (0..48).map(|t| f64::from(u8::from((t + shift) % 4 == 0))).collect())
        .map(|values| Series::new(values, Season::Every(1)).unwrap())
        .collect();
    let all: Vec<&Series> = series.iter().collect();
    let fitted = sparse::fit(&all, 3).unwrap();
    for one in &series {
        let said = fitted.predict(one);
        assert_eq!(said.len(), 3);
        assert!((said[0] - 0.25).abs() < 0.08, "{said:?}");
        assert_eq!(said[0], said[2], "without a season all steps are alike");
    }
    let mean = series.iter().map(|it| fitted.predict(it)[0]).sum::<f64>() / 10.0;
    assert!((mean - 0.25).abs() < 0.02, "{mean}");
}

/// Mostly nothing, sometimes one to three pieces.
fn rare(count: usize, days: usize) -> Vec<Vec<f64>> {
    let mut random = Rng::seeded(8);
    let mut sold = || if random.chance(0.2) { (1 + random.below(3)) as f64 } else { 0.0 };
    (0..count).map(|_| (0..days).map(|_| sold()).collect()).collect()
}

#[test]
fn sparse_replays_do_not_see_the_last_days_of_any_series_but_see_the_day_before() {
    let values = rare(8, 60);
    let first_rows = |values: &[Vec<f64>]| -> Vec<Vec<f64>> {
        advised(values).iter().flatten().map(|it| it.replay.rows().next().unwrap().1.to_vec()).collect()
    };
    let before = first_rows(&values);
    assert_eq!(before.len(), 8);
    let changed_from = |from: usize, to: usize| {
        let mut other = values.clone();
        other.iter_mut().for_each(|it| it[from..to].iter_mut().for_each(|v| *v *= 3.0));
        // one sale for certain, so that the change reaches the series that is looked at
        other[0][from] = 9.0;
        first_rows(&other)
    };
    assert_eq!(before, changed_from(60 - HORIZON, 60));
    assert_ne!(before[0], changed_from(59 - HORIZON, 60 - HORIZON)[0]);
}

#[test]
fn panels_of_nothing_but_odd_series_get_finite_advice_or_none() {
    let huge = |it: usize| (0..80).map(|day| if day == it + 30 { 1e15 } else { 1.0 }).collect();
    let kinds: [Vec<Vec<f64>>; 7] = [
        vec![vec![0.0; 80]; 8],
        vec![vec![7.0; 80]; 8],
        vec![vec![-7.0; 80]; 8],
        vec![vec![3.0]; 8],
        vec![vec![3.0, 0.0]; 8],
        (0..8).map(huge).collect(),
        (0..10).map(|it| rare(1, 1 + 9 * it).remove(0)).collect(),
    ];
    for (kind, values) in kinds.iter().enumerate() {
        let advised = advised(values);
        assert_eq!(advised.len(), values.len());
        for advice in advised.iter().flatten() {
            let replayed = advice.replay.rows().flat_map(|(_, row)| row.to_vec());
            let figures =
                advice.mean.iter().copied().chain(replayed).chain(advice.choice.errors.iter().map(|it| it.1));
            figures.for_each(|it| assert!(it.is_finite(), "kind {kind}: {advice:?}"));
        }
    }
}
