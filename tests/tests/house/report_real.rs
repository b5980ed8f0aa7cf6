//! The sales report and the aggregations on the standard real input, against figures of
//! `tests/oracle/online_retail.py`.

use dukandar_core::{
    insight::{
        aggregate::{Aggregate, Aggregation},
        report::Report,
    },
    inventory::{plan::limits::Limits, reorder::MOST_UNCOUNTED},
    money::Paisa,
    quantity::Quantity,
    reason::Reason,
    task::{Answer, Task, TaskError, run},
    time::{Day, Period},
};
use dukandar_tests::online_retail::{SHOP, tables};

fn day(text: &str) -> Day {
    Day::parse(text).unwrap_or_else(|| panic!("{text}"))
}

fn report(from: &str, to: &str) -> Report {
    let period = Period { from: day(from), to: day(to) };
    match run(&Task::Report { shop: Some(SHOP), period }, tables()) {
        Ok(Answer::Report(report)) => *report,
        other => panic!("expected a report, got {other:?}"),
    }
}

#[test]
fn summary_matches_the_python_oracle() {
    let it = report("2010-12-01", "2011-12-09").summary;
    assert_eq!(it.revenue, Paisa(974_813_107));
    assert_eq!(it.quantity, Quantity::pieces(5_162_500));
    assert_eq!((it.sales, it.returns), (22_062, 3_836));
    assert_eq!(it.returned, Paisa(89_397_973));
    assert_eq!((it.lines, it.customers, it.products), (536_639, 4_372, 4_070));
    assert!((it.known_customer_share - 827_851_942.0 / 974_813_107.0).abs() < 1e-12);
    // 974,813,107 / 22,062 = 44,185.16…
    assert_eq!(it.average_order_value, Paisa(44_185));
    assert_eq!(it.profit, None, "the file has no costs");
}

#[test]
fn trends_match_the_python_oracle() {
    let it = report("2010-12-01", "2011-12-09").trends;
    let months = [
        ("2010-12-01", 74_672_361),
        ("2011-01-01", 55_844_856),
        ("2011-02-01", 49_702_641),
        ("2011-03-01", 68_201_398),
        ("2011-04-01", 49_236_784),
        ("2011-05-01", 72_209_410),
        ("2011-06-01", 68_997_723),
        ("2011-07-01", 68_015_699),
        ("2011-08-01", 70_351_058),
        ("2011-09-01", 101_759_668),
        ("2011-10-01", 106_936_823),
        ("2011-11-01", 145_614_580),
        ("2011-12-01", 43_270_106),
    ];
    assert_eq!(it.monthly, months.map(|(month, revenue)| (day(month), Paisa(revenue))));
    assert!(it.weekly.contains(&(day("2011-11-14"), Paisa(37_884_978))));
    assert_eq!(it.daily.last(), Some(&(day("2011-12-09"), Paisa(3_211_191))));
    assert_eq!(it.daily.len(), 374, "days without a sale count, too");
    assert_eq!(it.daily.iter().filter(|(_, revenue)| *revenue == Paisa::ZERO).count(), 374 - 305);
    for sums in [&it.daily, &it.weekly] {
        assert_eq!(sums.iter().map(|(_, revenue)| *revenue).sum::<Paisa>(), Paisa(974_813_107));
    }
}

#[test]
fn top_ten_match_the_python_oracle() {
    let it = report("2010-12-01", "2011-12-09").top_products;
    let found: Vec<_> =
        it.iter().map(|row| (row.sku.as_str(), row.revenue.0, row.quantity.0 / 1_000)).collect();
    assert_eq!(
        found,
        [
            ("DOT", 20_624_548, 1_707),
            ("22423", 16_445_949, 12_954),
            ("47566", 9_824_388, 18_010),
            ("85123A", 9_783_845, 38_811),
            ("85099B", 9_217_579, 47_260),
            ("23084", 6_666_163, 30_597),
            ("POST", 6_623_064, 6_353),
            ("22086", 6_371_524, 18_876),
            ("84879", 5_879_242, 36_122),
            ("79321", 5_374_666, 10_339),
        ]
    );
}

#[test]
fn a_part_of_the_period_sums_to_its_months() {
    let it = report("2011-03-01", "2011-04-30");
    assert_eq!(it.summary.revenue, Paisa(68_201_398 + 49_236_784));
    assert_eq!(it.trends.monthly.len(), 2);
    let nothing = report("2009-01-01", "2009-12-31");
    assert_eq!((nothing.summary.lines, nothing.trends.daily.len()), (0, 0));
}

#[test]
fn days_that_stand_out_are_days_of_trade() {
    let it = report("2010-12-01", "2011-12-09");
    assert_eq!(it.insights.len(), 3);
    for reason in &it.insights {
        let Reason::UnusualSales { actual, day, .. } = reason else { panic!("{reason:?}") };
        assert!(*actual > Paisa::ZERO && day.weekday() != 5, "closed on Saturdays: {reason:?}");
    }
}

#[test]
fn what_is_next_of_a_past_shop_is_asked_as_of_its_end() {
    let today = day("2026-11-23");
    let Ok(Answer::Forecast(ahead)) =
        run(&Task::Forecast { shop: None, product: None, today, horizon_days: 7 }, tables())
    else {
        panic!("a forecast")
    };
    assert_eq!((ahead.from, ahead.mean.len()), (day("2011-12-10"), 7));
    let Ok(Answer::Rfm(rfm)) = run(&Task::Rfm { shop: None, today }, tables()) else { panic!("segments") };
    assert_eq!(rfm.today, day("2011-12-10"));
}

#[test]
fn segments_hold_every_buyer_once() {
    let it = report("2010-12-01", "2011-12-09");
    assert_eq!(it.rfm.iter().map(|segment| segment.customers).sum::<u64>(), 4_339);
    assert_eq!(it.rfm.iter().map(|segment| segment.spend).sum::<Paisa>(), Paisa(828_893_066));
}

fn aggregate(aggregation: Aggregation) -> Aggregate {
    match run(&Task::Aggregate(aggregation), tables()) {
        Ok(Answer::Aggregate(aggregate)) => aggregate,
        other => panic!("expected an aggregate, got {other:?}"),
    }
}

#[test]
fn aggregations_match_the_python_oracle() {
    let Aggregate::DayTotals { day: days, revenue, quantity, lines } = aggregate(Aggregation::DayTotals)
    else {
        panic!("day totals")
    };
    assert_eq!((days.len(), revenue.iter().copied().sum::<Paisa>()), (305, Paisa(974_813_107)));
    assert_eq!(quantity.iter().copied().sum::<Quantity>(), Quantity::pieces(5_162_500));
    assert_eq!(lines.iter().sum::<u32>(), 536_639);
    assert_eq!((days.last(), revenue.last()), (Some(&day("2011-12-09")), Some(&Paisa(3_211_191))));

    let Aggregate::CustomerRfm { customer, last, receipts, spend } = aggregate(Aggregation::CustomerRfm)
    else {
        panic!("customers")
    };
    assert_eq!((customer.len(), receipts.iter().sum::<u32>()), (4_339, 18_536));
    assert_eq!(spend.iter().copied().sum::<Paisa>(), Paisa(828_893_066));
    assert_eq!(last.iter().map(|day| i64::from(day.0)).sum::<i64>(), 66_061_095);
    assert_eq!((receipts.iter().max(), spend.iter().max()), (Some(&210), Some(&Paisa(27_948_902))));
}

#[test]
fn product_by_day_equals_sums_over_a_map() {
    let tables = tables();
    let sales = &tables.sales;
    let mut expected = std::collections::BTreeMap::new();
    for line in 0..sales.lines() {
        let key = (sales.product[line], sales.day[sales.receipt[line] as usize]);
        let (revenue, quantity) = expected.entry(key).or_insert((Paisa::ZERO, Quantity::ZERO));
        *revenue += sales.amount[line];
        *quantity += sales.quantity[line];
    }
    let Aggregate::ProductDay { product, day, revenue, quantity } = aggregate(Aggregation::ProductDay) else {
        panic!("products by day")
    };
    let found = product.into_iter().zip(day).zip(revenue.into_iter().zip(quantity));
    assert!(found.eq(expected));
}

#[test]
fn what_does_not_exist_is_named() {
    let shop = dukandar_core::id::ShopId::from_u128(5);
    let task = Task::Rfm { shop: Some(shop), today: day("2011-12-09") };
    assert_eq!(run(&task, tables()), Err(TaskError::UnknownShop(shop)));
}

#[test]
fn an_imported_past_has_a_reorder_list_of_what_earned_most() {
    let task = Task::Reorder { shop: None, today: day("2026-11-23"), limits: Limits::default() };
    let Ok(Answer::Reorder(plan)) = run(&task, tables()) else { panic!("a plan") };
    assert_eq!(plan.today, day("2011-12-10"));
    let planned = plan.uncounted - plan.unplanned;
    assert_eq!(planned, MOST_UNCOUNTED as u64);
    assert!(plan.suggestions.len() as u64 <= planned && !plan.suggestions.is_empty());
    // The best seller of the last weeks, by the oracle's top ten.
    assert!(plan.suggestions.iter().any(|want| want.name == "RABBIT NIGHT LIGHT"));
    assert!(plan.suggestions.iter().all(|want| want.reasons[0] == Reason::StockUnknown));
}
