//! Lives of models against cases worked by hand: identical launches, a successor, a new one, and what Reorder does.

use dukandar_core::{
    demand::{ForecastState, Forecasts, LifeCycle, Phase, forecast, launches::has_newcomers},
    inventory::{plan::limits::Limits, reorder::answer},
    quantity::Quantity,
    reason::Reason,
    table::{Movement, MovementCause, NONE, Tables},
    time::Day,
};
use dukandar_tests::{
    shipped_cold_start,
    shop_tables::{ShopTables, UTC},
};

const DAYS: i32 = 500;

/// Pieces a day at an age in weeks: twelve good weeks, then slower ones.
fn pace(week: i32) -> i64 {
    if week < 12 { 4 } else { 1 }
}

/// A charger that always sold, and phones launched on these days; the tables as of `today`.
fn shop(launches: &[(&str, i32)], today: i32) -> ShopTables {
    let mut shop = ShopTables::new(1, 1 + launches.len(), 0);
    for day in 0..today {
        shop.sale(day, None, 0, 1, 10);
        for (at, (_, launch)) in launches.iter().enumerate() {
            if day >= *launch {
                shop.sale(day, None, 1 + at as u32, pace((day - launch) / 7), 300);
            }
        }
    }
    for (at, (name, _)) in launches.iter().enumerate() {
        let fields = &mut shop.tables().products[1 + at].fields;
        fields.name = Some((*name).to_owned());
        fields.brand = Some("Samsung".to_owned());
        fields.imei_count = Some(2);
    }
    shop
}

const PHONES: [(&str, i32); 7] = [
    ("Samsung Galaxy A05", 100),
    ("Samsung Galaxy S21", 107),
    ("Samsung Galaxy M12", 114),
    ("Samsung Galaxy A06", 300),
    ("Samsung Galaxy F30", 150),
    ("Samsung Galaxy Z40", 160),
    ("Samsung Galaxy X50", 484),
];

fn life(tables: &Tables, product: usize, today: i32) -> Option<LifeCycle> {
    forecast(tables, Some(0), Some(product), Day(today), 28, &Forecasts::default()).life
}

#[test]
fn a_new_phone_is_judged_by_equal_launches_and_sells_like_them() {
    let tables = shop(&PHONES, DAYS).build();
    let forecast = forecast(&tables, Some(0), Some(7), Day(DAYS), 28, &Forecasts::default());
    assert!(matches!(forecast.state, ForecastState::TooLittleData { more_days: 12 }), "{:?}", forecast.state);
    let life = forecast.life.unwrap();
    assert_eq!((life.launched, life.age_weeks, life.phase), (Day(484), 2, Phase::New));
    assert_eq!(life.weekly, [28.0, 28.0]);
    assert_eq!((life.lives, life.alike.len()), (6, 3));
    // all launches sold 28 a week for twelve weeks; smoothing over two weeks leaves the next four alone
    assert!((life.month.mean - 4.0 * 28.0).abs() < 6.0, "{:?}", life.month);
    assert!(life.month.lo80 < 112.0 && 112.0 < life.month.hi80);
    assert!((life.left.mean - life.ahead.iter().sum::<f64>()) > 0.0, "the end lies beyond half a year");
    assert_eq!(life.successor, None);
    // six past launches are too few to measure a range by
    assert_eq!(life.held80, None);
}

#[test]
fn what_was_learned_elsewhere_corrects_a_new_phone_and_leaves_old_ones_as_they_were() {
    let tables = shop(&PHONES, DAYS).build();
    let mut known = Forecasts::default();
    known.keep_cold_start(shipped_cold_start());
    let with = |product| forecast(&tables, Some(0), Some(product), Day(DAYS), 28, &known).life.unwrap();
    let (alone, corrected) = (life(&tables, 7, DAYS).unwrap(), with(7));
    let times = corrected.elsewhere.unwrap();
    assert_eq!(alone.elsewhere, None);
    let eight = |life: &LifeCycle| life.ahead[..8].iter().sum::<f64>();
    assert!((eight(&corrected) - times * eight(&alone)).abs() < 1e-9, "{times}");
    assert!((corrected.ahead[20] - times * alone.ahead[20]).abs() < 1e-9);
    assert!((corrected.left.mean - times * alone.left.mean).abs() < 1e-9);
    assert!((corrected.month.mean - corrected.ahead[..4].iter().sum::<f64>()).abs() < 1e-9);
    assert_eq!(with(1), life(&tables, 1, DAYS).unwrap());
    assert_eq!(with(4), life(&tables, 4, DAYS).unwrap());
}

#[test]
fn the_model_is_fetched_only_where_a_product_is_new_and_the_shop_is_not() {
    assert!(has_newcomers(&shop(&PHONES, DAYS).build()));
    assert!(!has_newcomers(&shop(&PHONES[..6], DAYS).build()), "the youngest is 200 days old");
    assert!(has_newcomers(&shop(&PHONES[..6], 300 + 55).build()));
    assert!(!has_newcomers(&shop(&PHONES[..6], 50).build()), "all may be older than the records");
}

#[test]
fn a_successor_on_the_shelf_is_named_and_the_old_one_declines() {
    let tables = shop(&PHONES, DAYS).build();
    let old = life(&tables, 1, DAYS).unwrap();
    let successor = old.successor.unwrap();
    assert_eq!((successor.name.as_str(), successor.from), ("Samsung Galaxy A06", Day(300)));
    assert_eq!((old.phase, old.successor_chance), (Phase::Declining, None));
    // it came too late to matter before it was launched
    let before = shop(&PHONES, 290).build();
    let then = life(&before, 1, 290).unwrap();
    assert_eq!(then.successor, None);
    assert!(then.successor_chance.is_some_and(|it| (0.0..1.0).contains(&it)));
}

#[test]
fn what_began_with_the_records_has_no_age_and_few_lives_no_curve() {
    let tables = shop(&PHONES, DAYS).build();
    assert_eq!(life(&tables, 0, DAYS), None, "the charger may have sold before the records");
    let few = shop(&PHONES[..4], DAYS).build();
    assert_eq!(life(&few, 1, DAYS), None);
}

#[test]
fn a_launch_that_was_entered_counts_and_one_within_the_first_weeks_does_not() {
    let mut shop = shop(&PHONES, DAYS);
    shop.tables().products[7].fields.launched = Some(Day(470));
    assert_eq!(life(&shop.build(), 7, DAYS).unwrap().age_weeks, 4);
    shop.tables().products[7].fields.launched = Some(Day(10));
    assert_eq!(life(&shop.build(), 7, DAYS), None);
}

#[test]
fn ranges_of_sums_nest_and_end_at_the_months() {
    let tables = shop(&PHONES, DAYS).build();
    let life = life(&tables, 7, DAYS).unwrap();
    let (mean, bands) = life.sums(28, &[80.0, 95.0]);
    assert!((mean[27] - life.month.mean).abs() < 1e-9);
    assert_eq!((bands[0].lo[27], bands[0].hi[27]), (life.month.lo80, life.month.hi80));
    for day in 0..28 {
        assert!(bands[1].lo[day] <= bands[0].lo[day] && bands[0].hi[day] <= bands[1].hi[day]);
    }
}

#[test]
fn a_week_with_an_empty_shelf_counts_as_its_open_days_do() {
    // a seventh phone: 20 came, sold in five days at four a day, and the shelf stayed empty
    let mut shop = shop(&[&PHONES[..6], &[("Samsung Galaxy Q9", DAYS + 1)]].concat(), DAYS);
    (484..489).for_each(|day| {
        shop.sale(day, None, 7, 4, 300);
    });
    let moved = |day: i32, pieces: i64, cause| Movement {
        at: Day(day).start(UTC),
        shop: 0,
        product: 7,
        quantity: Quantity::pieces(pieces),
        cause,
    };
    let movements = &mut shop.tables().stock.movements;
    movements.push(moved(484, 20, MovementCause::Received));
    movements.extend((484..489).map(|day| moved(day, -4, MovementCause::Sold)));
    let life = life(&shop.build(), 7, DAYS).unwrap();
    // four open days of the first week; in the second nothing is known
    assert_eq!(life.weekly, [28.0, 0.0]);
}

#[test]
fn reorder_buys_a_new_phone_by_its_look_alikes_and_says_so() {
    let mut shop = shop(&PHONES, DAYS);
    shop.stock(7, 2, NONE);
    let plan = answer(&shop.build(), Some(0), Day(DAYS), &Limits::default(), &Forecasts::default());
    let product = shop.build().products[7].id;
    let want = plan.suggestions.iter().find(|it| it.product == product).unwrap();
    // Four a day. 42 are sold until goods come (seven days assumed, half a week until the look that sees it); a fortnight's 56
    // at once, less half of a week's 28; 2 are there, and 26 customers go before goods come: 56. More for safety, as look-alikes
    // tell little of it, but not as much again.
    let pieces = want.suggested_order_quantity.as_units();
    assert!((56.0..112.0).contains(&pieces), "{pieces}");
    assert!(want.reasons.contains(&Reason::JudgedByAlike { products: 6 }));
    assert_eq!(plan.too_new, 0);
}

#[test]
fn reorder_buys_no_more_of_a_dying_model_than_will_be_sold() {
    // its successor has been out for a month and half, and took most of it
    let mut shop = shop(&PHONES, DAYS);
    shop.stock(1, 0, NONE);
    let tables = shop.build();
    let left = life(&tables, 1, DAYS).unwrap().left.mean;
    let plan = answer(&tables, Some(0), Day(DAYS), &Limits::default(), &Forecasts::default());
    let want = plan.suggestions.iter().find(|it| it.product == tables.products[1].id);
    let pieces = want.map_or(0.0, |it| it.suggested_order_quantity.as_units());
    assert!(pieces <= left.round(), "{pieces} of {left}");
}
