//! Properties that every forecast must have, whatever the history: found by random search, not by example.

use dukandar_core::forecast::ets::{self, Form};
use dukandar_core::forecast::{FitError, Fitted, Forecast, ForecastParams, Model, Season, Series, forecast};
use proptest::prelude::*;

fn run(model: Model, values: &[f64], season: usize, non_negative: bool) -> Result<Forecast, FitError> {
    let params = ForecastParams { model, horizon: 14, levels: vec![80.0, 95.0], non_negative };
    let series = Series::new(values.to_vec(), Season::Every(season))?;
    params.check().expect("these wishes are in range").fit(&series).map(|fitted| fitted.predict())
}

fn models() -> impl Strategy<Value = Model> {
    proptest::sample::select(Model::ALL.into_iter().filter(|it| !it.of_panel()).collect::<Vec<_>>())
}

/// Daily demand: many zeros, now and then a bulk order.
fn demand() -> impl Strategy<Value = Vec<f64>> {
    let day = prop_oneof![4 => Just(0.0), 6 => (1u32..30).prop_map(f64::from), 1 => (100u32..900).prop_map(f64::from)];
    proptest::collection::vec(day, 8..150)
}

fn returns() -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec(-40.0..60.0f64, 8..120)
}

fn close(a: &[f64], b: &[f64], size: f64) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-6 * size)
}

fn size(values: &[f64]) -> f64 {
    values.iter().fold(1.0, |a, v| a.max(v.abs()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(dukandar_tests::cases(96)))]

    #[test]
    fn bands_are_finite_nested_and_hold_the_mean(values in demand(), model in models()) {
        let found = run(model, &values, 7, true).unwrap();
        prop_assert_eq!(found.mean.len(), 14);
        let (inner, outer) = (&found.bands[0], &found.bands[1]);
        for h in 0..14 {
            let chain = [0.0, outer.lo[h], inner.lo[h], found.mean[h], inner.hi[h], outer.hi[h]];
            prop_assert!(chain.iter().all(|v| v.is_finite()));
            prop_assert!(chain.windows(2).all(|pair| pair[0] <= pair[1]), "step {}: {:?}", h, chain);
        }
    }

    #[test]
    fn doubling_the_unit_doubles_the_forecast(values in returns(), model in models()) {
        // a power of two changes no rounding, so that even close calls between forms fall the same way
        let doubled: Vec<f64> = values.iter().map(|v| v * 2.0).collect();
        let (one, two) = (run(model, &values, 7, false).unwrap(), run(model, &doubled, 7, false).unwrap());
        prop_assert_eq!(one.model, two.model);
        let expected: Vec<f64> = one.mean.iter().map(|v| v * 2.0).collect();
        prop_assert!(close(&expected, &two.mean, size(&doubled)), "{:?} {:?}", expected, two.mean);
        for (a, b) in one.bands.iter().zip(&two.bands) {
            let expected: Vec<f64> = a.hi.iter().map(|v| v * 2.0).collect();
            prop_assert!(close(&expected, &b.hi, size(&doubled)));
        }
    }

    #[test]
    fn an_additive_form_moves_with_its_history(values in returns()) {
        let form = Form { error: ets::Error::Additive, trend: ets::Trend::None, seasonal: ets::Seasonal::Additive };
        prop_assume!(values.len() >= 20);
        let moved: Vec<f64> = values.iter().map(|v| v + 64.0).collect();
        let here = ets::fit_form(&values, 7, form).unwrap().predict(14);
        let there = ets::fit_form(&moved, 7, form).unwrap().predict(14);
        let expected: Vec<f64> = here.iter().map(|v| v + 64.0).collect();
        // rounding differs, so the search may stop a step apart
        prop_assert!(expected.iter().zip(&there).all(|(a, b)| (a - b).abs() < 0.5), "{:?} {:?}", expected, there);
    }

    #[test]
    fn a_constant_history_goes_on_without_doubt(value in 0.5..1e6f64, n in 14usize..90, model in models()) {
        // a curve of a few values leans on its prior, which is about zero: of those it is in doubt
        prop_assume!(model != Model::Prophet || n >= 30);
        // and this takes its correction off every history, gaps or none
        prop_assume!(model != Model::Sba);
        let found = run(model, &vec![value; n], 7, true).unwrap();
        let same = vec![value; 14];
        prop_assert!(close(&found.mean, &same, value));
        prop_assert!(close(&found.bands[1].lo, &same, value) && close(&found.bands[1].hi, &same, value));
    }

    #[test]
    fn a_value_that_is_not_finite_is_refused_by_its_index(mut values in demand(), at in 0usize..8) {
        values[at] = f64::NAN;
        let refused = Series::new(values, Season::Every(7)).unwrap_err();
        let named = matches!(refused, FitError::NotFinite { index, .. } if index == at);
        prop_assert!(named, "{}", refused);
    }

    #[test]
    fn sums_end_at_the_sum_of_the_means(values in demand(), model in models()) {
        let params = ForecastParams { model, horizon: 14, ..ForecastParams::default() };
        let series = Series::new(values, Season::Every(7)).unwrap();
        let fitted = params.check().unwrap().fit(&series).unwrap();
        let (steps, sums) = (fitted.predict(), fitted.predict_sums());
        let total: f64 = steps.mean.iter().sum();
        prop_assert!((sums.mean[13] - total).abs() <= 1e-9 * total.max(1.0));
        prop_assert!(sums.bands[0].lo[13] <= total + 1e-9 && total - 1e-9 <= sums.bands[0].hi[13]);
    }
}

#[test]
fn all_zeros_give_zero_with_bands_of_no_width() {
    for model in Model::ALL.into_iter().filter(|it| !it.of_panel()) {
        let found = run(model, &[0.0; 60], 7, true).unwrap();
        assert_eq!((found.mean, &found.bands[1].hi), (vec![0.0; 14], &vec![0.0; 14]), "{model}");
    }
}

#[test]
fn one_point_is_too_little_and_says_so() {
    for model in Model::ALL {
        let error = run(model, &[5.0], 7, true).unwrap_err();
        assert!(matches!(error, FitError::TooShort { have: 1, need: 2.., .. }), "{model}: {error}");
    }
    assert!(matches!(Series::new(vec![], Season::Auto), Err(FitError::TooShort { have: 0, need: 1, .. })));
}

#[test]
fn a_few_points_get_a_forecast_with_bands() {
    for n in 2..20 {
        let values: Vec<f64> = (0..n).map(|t| f64::from(t * 7 % 5)).collect();
        let found = run(Model::Auto, &values, 7, true).unwrap();
        assert!(found.mean.iter().chain(&found.bands[1].hi).all(|v| v.is_finite()), "{n} values: {found:?}");
    }
}

#[test]
fn one_huge_order_does_not_become_the_level() {
    let mut values: Vec<f64> = (0..120).map(|t| [4.0, 5.0, 6.0, 5.0, 7.0, 9.0, 0.0][t % 7]).collect();
    values[60] = 5000.0;
    let found = run(Model::Auto, &values, 7, true).unwrap();
    assert!(found.mean.iter().all(|m| *m < 120.0), "{:?}", found.mean);
}

#[test]
fn wishes_out_of_range_name_what_was_expected() {
    let series = Series::new(vec![1.0; 30], Season::Auto).unwrap();
    let none = forecast(ForecastParams { horizon: 0, ..ForecastParams::default() }, &series).unwrap_err();
    assert_eq!(none.to_string(), "horizon is 0: 1 to 3660 steps were expected");
    let sure =
        forecast(ForecastParams { levels: vec![100.0], ..ForecastParams::default() }, &series).unwrap_err();
    assert!(sure.to_string().starts_with("level is 100"));
    assert!(Model::parse("prophet2").unwrap_err().to_string().contains("seasonal_naive"));
}
