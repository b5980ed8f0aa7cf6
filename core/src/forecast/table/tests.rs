//! What a long file becomes, worked by hand.

#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;

fn long(rows: &[(&str, Option<f64>)]) -> LongSeries {
    LongSeries {
        id: "A".into(),
        t: rows.iter().map(|r| Time::parse(r.0).unwrap()).collect(),
        value: rows.iter().map(|r| r.1).collect(),
        line: (2..2 + rows.len()).collect(),
        regressors: Vec::new(),
    }
}

fn regular(long: &LongSeries, gaps: Gaps) -> Result<Regular, TableError> {
    super::regular(long, step(std::slice::from_ref(long))?, gaps)
}

#[test]
fn the_step_is_the_whole_files() {
    let daily = long(&[("2026-01-01", Some(1.0)), ("2026-01-02", Some(1.0))]);
    let sparse = long(&[("2026-01-01", Some(1.0)), ("2026-01-06", Some(2.0))]);
    let step = step(&[sparse.clone(), daily]).unwrap();
    assert_eq!(super::regular(&sparse, step, Gaps::Zero).unwrap().values, [1.0, 0.0, 0.0, 0.0, 0.0, 2.0]);
}

#[test]
fn missing_days_count_as_zero_and_are_noted() {
    let rows = [("2026-01-01", Some(3.0)), ("2026-01-04", Some(5.0)), ("2026-01-02", Some(4.0))];
    let found = regular(&long(&rows), Gaps::Zero).unwrap();
    assert_eq!((found.values, found.step), (vec![3.0, 4.0, 0.0, 5.0], Step::Days(1)));
    assert_eq!(found.notes[0].to_string(), "series A: 1 missing values count as 0, the first at 2026-01-03");
    let refused = regular(&long(&rows), Gaps::Refuse).unwrap_err();
    assert!(refused.to_string().contains("no value at 2026-01-03"));
}

#[test]
fn months_are_regular_though_their_days_are_not() {
    let rows = [("2026-01-31", Some(1.0)), ("2026-02-28", Some(2.0)), ("2026-03-31", Some(3.0))];
    let found = regular(&long(&rows), Gaps::Refuse).unwrap();
    assert_eq!((found.step, found.values), (Step::Months(1), vec![1.0, 2.0, 3.0]));
    assert_eq!(found.step.after(Time::parse("2026-02-28").unwrap(), 1), Time::parse("2026-03-31"));
    let rows = [("2026-01-01", Some(1.0)), ("2026-02-01", Some(2.0)), ("2026-04-01", Some(4.0))];
    assert_eq!(regular(&long(&rows), Gaps::Zero).unwrap().values, [1.0, 2.0, 0.0, 4.0]);
}

#[test]
fn rows_without_value_at_the_end_are_future() {
    let rows = [("1", Some(1.0)), ("2", Some(2.0)), ("3", None), ("4", None)];
    let found = regular(&long(&rows), Gaps::Refuse).unwrap();
    assert_eq!(found.values, [1.0, 2.0]);
}

#[test]
fn faults_name_line_and_expectation() {
    let rows = [("1", Some(1.0)), ("2", Some(2.0)), ("1", Some(3.0))];
    let error = regular(&long(&rows), Gaps::Zero).unwrap_err().to_string();
    assert_eq!(error, "line 4, column t: series A has 1 already on line 2; each time once was expected");
    let rows = [("2026-01-01", Some(1.0)), ("2026-01-08", Some(2.0)), ("2026-01-18", Some(3.0))];
    let error = regular(&long(&rows), Gaps::Zero).unwrap_err().to_string();
    assert!(error.starts_with("line 4, column t: series A goes from 2026-01-08 to 2026-01-18"), "{error}");
    let rows = [("1", Some(1.0)), ("2026-01-08", Some(2.0))];
    assert!(matches!(regular(&long(&rows), Gaps::Zero), Err(TableError::MixedTimes { line: 3, .. })));
    let rows = [("1", Some(1.0)), ("2", Some(f64::NAN))];
    assert!(matches!(regular(&long(&rows), Gaps::Zero), Err(TableError::NotFinite { line: 3, .. })));
    let rows = [("1", Some(1.0)), ("2", Some(1.0)), ("99999999", Some(2.0))];
    assert!(matches!(regular(&long(&rows), Gaps::Zero), Err(TableError::TooLong { line: 4, .. })));
    assert!(matches!(regular(&long(&[("1", None)]), Gaps::Zero), Err(TableError::NoValues { .. })));
}

#[test]
fn too_short_a_series_is_an_answer_that_says_so() {
    let options = TableOptions { model: Model::Ets, season: Season::Every(7), ..TableOptions::default() };
    let found = run(&[long(&[("1", Some(1.0)), ("2", Some(2.0))])], &options).unwrap();
    assert!(matches!(found.answers[0].forecast, Err(FitError::TooShort { have: 2, need: 4, .. })));
}

#[test]
fn regressors_reach_into_the_future_or_are_named() {
    let mut a = long(&[("1", Some(1.0)), ("2", Some(2.0)), ("4", Some(3.0)), ("5", None)]);
    a.regressors.push(("promo".into(), vec![0.0, 1.0, 1.0, 2.0]));
    let found = regular(&a, Gaps::Zero).unwrap();
    // the missing row knows no promotion
    assert_eq!(found.regressors[0].values, [0.0, 1.0, 0.0, 1.0, 2.0]);
    let options = TableOptions { horizon: 2, ..TableOptions::default() };
    let found = run(&[a], &options).unwrap();
    let short = "regressor promo is known for 1 of 2 future steps of series A: it is not used";
    assert!(found.notes.iter().any(|note| note.to_string() == short), "{:?}", found.notes);
}
