//! Predictions as records: ids by content, sizes against the push limit, outcomes by hand.

use dukandar_core::{
    customer::rfm::{self, ListFilter},
    demand::{self, Forecasts},
    insight::{
        predictions::{
            MAX_PREDICTIONS, MAX_RECORD_BYTES, Shown, forecast_ids, judged, of_customers, of_forecast,
            of_reorder, of_rfm, of_today, outcomes, without_known,
        },
        today,
    },
    inventory::{plan::limits::Limits, reorder},
    record::{Prediction, PredictionIssued, Record},
    time::{Day, Timestamp},
};
use dukandar_tests::shop_tables::{ShopTables, UTC};
use serde_json::json;
use std::collections::BTreeSet;

/// 700 products that sell every third day, each to its own customer; none is left. (Of products that were never
/// counted only some would be planned.)
fn wide() -> ShopTables {
    let mut shop = ShopTables::new(1, 700, 700);
    let supplier = shop.supplier(Some(3), &[]);
    for product in 0..700 {
        shop.stock(product, 0, supplier);
    }
    for product in 0..700u32 {
        for day in (60..100).step_by(3) {
            shop.sale(day, Some(product), product, 1 + i64::from(product % 4), 100);
        }
    }
    shop
}

fn shown(shop: &mut ShopTables, at: i64) -> Shown {
    Shown { shop: shop.tables().shops[0].id, all_shops: false, at: Timestamp(at) }
}

fn ids(issued: &[PredictionIssued]) -> BTreeSet<String> {
    issued.iter().flat_map(|record| &record.predictions).map(|row| row.id.to_string()).collect()
}

#[test]
fn a_long_plan_travels_in_small_records_and_reads_back() {
    let mut shop = wide();
    let plan = reorder::answer(&shop.build(), Some(0), Day(100), &Limits::default(), &Forecasts::default());
    assert!(plan.suggestions.len() > MAX_PREDICTIONS);
    let issued = of_reorder(shown(&mut shop, 7), &plan);
    assert!(issued.len() > 1);
    assert_eq!(issued.iter().map(|record| record.predictions.len()).sum::<usize>(), MAX_PREDICTIONS);
    let first = &plan.suggestions[0];
    assert_eq!(issued[0].predictions[0].entity_id, Some(first.product.to_string()));
    for record in issued {
        assert_eq!(record.predictions.len(), record.features.len());
        let (kind, version, data) = Record::PredictionIssued(record.clone()).encode().unwrap();
        assert!(data.to_string().len() <= MAX_RECORD_BYTES + 1_024);
        assert_eq!(Record::decode(&kind, version, data), Ok(Record::PredictionIssued(record)));
    }
}

#[test]
fn shown_twice_is_kept_once_and_the_next_day_is_another() {
    let mut shop = wide();
    let tables = shop.build();
    let noon = shown(&mut shop, 12);
    let evening = Shown { at: Timestamp(20), ..noon };
    let list = |day| rfm::list(&tables, Some(0), Day(day), ListFilter { limit: 30, ..ListFilter::default() });
    let first = of_customers(noon, Day(100), &list(100));
    assert_eq!(ids(&first).len(), 30);
    assert_eq!(ids(&first), ids(&of_customers(evening, Day(100), &list(100))));
    assert!(ids(&first).is_disjoint(&ids(&of_customers(noon, Day(101), &list(101)))));
    let everywhere = Shown { all_shops: true, ..noon };
    assert!(ids(&first).is_disjoint(&ids(&of_customers(everywhere, Day(100), &list(100)))));
    let half: BTreeSet<String> = ids(&first).into_iter().step_by(2).collect();
    let rest = without_known(first.clone(), |id| half.contains(&id.to_string()));
    assert_eq!(rest[0].predictions.len(), 15);
    assert_eq!(rest[0].features.len(), 15);
    assert!(without_known(first, |_| true).is_empty());
}

#[test]
fn today_keeps_its_trend_and_every_action() {
    let mut shop = wide();
    for product in 0..3 {
        shop.stock(product, 0, dukandar_core::table::NONE);
    }
    let tables = shop.build();
    let now = Timestamp(Day(100).start(UTC).0 + 3_600_000);
    let answer = today::answer(&tables, Some(0), now, &Forecasts::default());
    let issued = of_today(shown(&mut shop, now.0), &answer);
    let rows: Vec<&Prediction> = issued.iter().flat_map(|record| &record.predictions).collect();
    assert_eq!(rows.len(), 1 + answer.actions.len());
    assert!(answer.actions.len() >= 2);
    assert_eq!((rows[0].prediction_type.as_str(), rows[0].prediction_date), ("forecast", Day(100)));
    assert_eq!(issued[0].features[0].feature_set, "series_v1");
    assert_eq!(issued[0].model.name, "sales_forecasting");
    assert_eq!(issued[1].model.name, "action_ranking");
}

#[test]
fn too_little_is_not_kept() {
    let mut shop = ShopTables::new(1, 1, 1);
    shop.sale(1, None, 0, 1, 90).sale(2, Some(0), 0, 1, 10);
    let tables = shop.build();
    let shown = shown(&mut shop, 0);
    assert!(
        of_forecast(shown, &demand::forecast(&tables, Some(0), Some(0), Day(9), 7, &Forecasts::default()))
            .is_empty()
    );
    assert!(of_rfm(shown, &rfm::answer(&tables, Some(0), Day(9))).is_empty(), "10 % of revenue is known");
    shop.sale(3, Some(0), 0, 1, 50);
    assert_eq!(of_rfm(shown, &rfm::answer(&shop.build(), Some(0), Day(9))).len(), 1);
}

#[test]
fn a_forecast_is_judged_when_its_last_day_has_passed() {
    let mut shop = ShopTables::new(1, 1, 0);
    for day in 0..60 {
        shop.sale(day, None, 0, 4, 400);
    }
    let shown = shown(&mut shop, 0);
    let issued = of_forecast(
        shown,
        &demand::forecast(&shop.build(), Some(0), Some(0), Day(60), 4, &Forecasts::default()),
    );
    let predictions = &issued[0].predictions;
    assert_eq!(predictions[0].prediction_data["mean"], json!([4.0, 4.0, 4.0, 4.0]));
    shop.sale(60, None, 0, 4, 400).sale(61, None, 0, 2, 200).sale(63, None, 0, 6, 600);
    let tables = shop.build();
    assert!(outcomes(&tables, predictions, Day(63), Timestamp(5)).is_empty(), "day 63 is not over");
    let [outcome] = outcomes(&tables, predictions, Day(64), Timestamp(5)).try_into().unwrap();
    assert_eq!(outcome.prediction, predictions[0].id);
    // 4, 2, 0, 6 against 4 a day: missed by 0 + 2 + 4 + 2 of 12 sold.
    assert_eq!(outcome.actual_outcome["actual"], json!([4.0, 2.0, 0.0, 6.0]));
    assert_eq!(outcome.actual_outcome["total"], json!(12.0));
    assert_eq!(outcome.accuracy_score, Some(0.3333));
    assert_eq!(outcome.actual_outcome["inside80"], json!(0.25), "a band without width holds day 60 only");
    let revenue =
        of_forecast(shown, &demand::forecast(&tables, Some(0), None, Day(60), 2, &Forecasts::default()));
    let judged = outcomes(&tables, &revenue[0].predictions, Day(64), Timestamp(5));
    assert_eq!(judged[0].actual_outcome["actual"], json!([400.0, 200.0]));
}

#[test]
fn a_judged_forecast_is_found_again_by_the_day_it_was_shown_on() {
    // The second product: in these tables the first has the shop's own number.
    let mut shop = ShopTables::new(1, 2, 0);
    for day in 0..60 {
        shop.sale(day, None, 1, 4, 400);
    }
    let shown = shown(&mut shop, 0);
    let tables = shop.build();
    let product = Some(tables.products[1].id);
    let forecast = demand::forecast(&tables, Some(0), Some(1), Day(60), 4, &Forecasts::default());
    let id = of_forecast(shown, &forecast)[0].predictions[0].id;
    assert!(forecast_ids(shown.shop, false, product, Day(64)).contains(&id));
    // not of another series, and not before it was shown
    assert!(!forecast_ids(shown.shop, false, None, Day(64)).contains(&id));
    assert!(!forecast_ids(shown.shop, false, product, Day(60)).contains(&id));
    let row = |accuracy: Option<f64>, inside: f64| json!({ "accuracy_score": accuracy, "actual_outcome": { "inside80": inside } });
    let rows = [row(Some(0.9), 1.0), row(Some(0.5), 0.5), row(None, 1.0)];
    let judged = judged(&rows).expect("two rows are judged");
    assert_eq!((judged.forecasts, judged.accuracy, judged.inside80), (2, 0.7, 0.75));
}
