//! The sample shop's planted finds: what Today and Reorder must see there.

use dukandar_core::{
    demand::{ForecastState, Forecasts},
    insight::today::{self, ActionKind},
    inventory::{
        plan::limits::Limits,
        reorder::{self, Urgency},
    },
    quantity::Quantity,
    reason::Reason,
    sample,
    time::{Day, Timestamp, Zone},
};

#[test]
fn planted_stockout_dead_stock_and_running_out_are_found() {
    let today = Day::parse("2026-11-23").unwrap();
    let now = Timestamp(today.start(Zone::KARACHI).0 + 15 * 3_600_000);
    let sample = sample::generate(7, now);
    let (planted, shops) = (sample.planted.clone(), sample.shops);
    let tables = sample.into_fold().into_tables();

    let plan = reorder::answer(&tables, None, today, &Limits::default(), &Forecasts::default());
    let stockout = plan.suggestions.iter().find(|want| want.product == planted.stockout).unwrap();
    assert_eq!(stockout.reasons[0], Reason::OutOfStock);
    assert_eq!(stockout.urgency, Urgency::High);
    assert!(stockout.suggested_order_quantity > Quantity::ZERO);
    for product in &planted.running_out {
        let want = plan.suggestions.iter().find(|want| want.product == *product).unwrap();
        assert!(want.urgency <= Urgency::Medium, "{want:?}");
    }
    let first = tables.shop(shops[0]);
    let of_first = reorder::answer(&tables, first, today, &Limits::default(), &Forecasts::default());
    let dead = of_first.dead_stock.iter().find(|dead| dead.product == planted.dead_stock).unwrap();
    assert!(dead.idle_days >= 120);

    let shown = today::answer(&tables, first, now, &Forecasts::default());
    assert!(matches!(shown.trend.state, ForecastState::Ready { .. }));
    let clears = |kind: &ActionKind| matches!(kind, ActionKind::Clear { product, .. } if *product == planted.dead_stock);
    assert!(shown.actions.iter().any(|action| clears(&action.kind)), "{:#?}", shown.actions);
    assert!(shown.cash.is_some());
    assert!(shown.receivable >= shown.overdue);

    // The strike is told while it is no older than two weeks.
    let after = Timestamp(Day(planted.strike.0 + 1).start(Zone::KARACHI).0 + 9 * 3_600_000);
    let then = today::answer(&tables, None, after, &Forecasts::default());
    assert!(then.trend.history.len() > 300);
    let unusual = dukandar_core::anomaly::most_unusual(&then.trend.history, 14).unwrap();
    assert_eq!(Day(then.trend.history_from.0 + unusual.index as i32), planted.strike);
}
