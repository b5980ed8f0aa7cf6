//! The Today answer, udhaar by age and unusual days against small shops worked by hand.

use dukandar_core::{
    anomaly::{most_unusual, score},
    customer::credit::{Debt, debts},
    demand::{self, ForecastState, Forecasts, effective_today},
    insight::today::{self, ActionKind, Today},
    inventory::reorder::Urgency,
    money::Paisa,
    reason::Reason,
    table::{NONE, Tables},
    time::{Day, Timestamp},
};
use dukandar_tests::shop_tables::{ShopTables, UTC};

fn answer(tables: &Tables, shop: Option<usize>, now: Timestamp) -> Today {
    today::answer(tables, shop, now, &Forecasts::default())
}

/// An instant of a day.
fn at(day: i32, hour: i64) -> Timestamp {
    Timestamp(Day(day).start(UTC).0 + hour * 3_600_000)
}

fn amounts(today: &Today) -> [(i64, i64); 3] {
    let profit = today.profit.unwrap_or_else(|| panic!("costs are known: {today:?}"));
    [
        (today.sales.now / 100, today.sales.before / 100),
        (profit.now / 100, profit.before / 100),
        (today.pieces.now / 1_000, today.pieces.before / 1_000),
    ]
}

#[test]
fn figures_stand_beside_last_week_up_to_the_same_hour() {
    let mut shop = ShopTables::new(2, 1, 0);
    shop.sale_at(100, 10, 0, None, &[(0, 2, 200)]).sale_at(100, 15, 0, None, &[(0, 1, 90)]);
    shop.sale_at(93, 9, 0, None, &[(0, 1, 100)]).sale_at(93, 16, 0, None, &[(0, 5, 500)]);
    shop.sale_at(100, 11, 1, None, &[(0, 7, 700)]).sale_at(99, 11, 0, None, &[(0, 9, 900)]);
    let tables = shop.build();
    // A piece costs 60. At noon the sale dated 15:00 comes from a clock that runs ahead: it is the day's all the same.
    let noon = answer(&tables, Some(0), at(100, 12));
    assert_eq!(amounts(&noon), [(290, 100), (110, 40), (3, 1)]);
    let evening = answer(&tables, Some(0), at(100, 20));
    assert_eq!(amounts(&evening), [(290, 600), (110, 240), (3, 6)]);
    let all = answer(&tables, None, at(100, 12));
    assert_eq!(amounts(&all)[0], (990, 100));
    assert_eq!((all.counts.receipts, all.counts.days), (6, 3));
    assert_eq!(all.shop_name, "shop 1, shop 2");
    assert_eq!(all.newest_record, Some(at(100, 15)));
    assert_eq!(noon.trend.state, ForecastState::TooLittleData { more_days: 21 }, "7 of 28 days");
}

#[test]
fn an_imported_past_is_told_as_of_its_own_end() {
    let mut shop = ShopTables::new(1, 1, 0);
    shop.sale(200, None, 0, 1, 100).sale(193, None, 0, 2, 150);
    let tables = shop.build();
    assert_eq!(effective_today(&tables, None, at(230, 9)), Day(230), "30 days old is not past");
    assert_eq!(effective_today(&tables, None, at(231, 9)), Day(201));
    let today = answer(&tables, None, at(5_000, 1));
    assert_eq!((today.day, today.as_of, today.last_sale_day), (Day(5_000), Day(200), Some(Day(200))));
    assert_eq!(amounts(&today)[0], (100, 150), "whole days");
    assert_eq!(today.trend.from, Day(201));
    let empty = answer(&ShopTables::new(1, 0, 0).build(), None, at(5, 1));
    assert_eq!((empty.as_of, empty.last_sale_day, empty.cash), (Day(5), None, None));
    assert!(empty.actions.is_empty());
}

#[test]
fn the_drawer_is_its_last_count_and_what_moved_since() {
    let mut shop = ShopTables::new(1, 0, 0);
    shop.cash(1, 5_000, false).cash(2, 3_000, true).cash(3, 700, false).cash(4, -200, false);
    assert_eq!(answer(&shop.build(), None, at(3, 12)).cash, Some(Paisa::rupees(3_700)));
    assert_eq!(answer(&shop.build(), None, at(900, 12)).cash, Some(Paisa::rupees(3_500)));
    let mut never_counted = ShopTables::new(1, 0, 0);
    never_counted.cash(1, 5_000, false);
    assert_eq!(answer(&never_counted.build(), None, at(32, 0)).cash, Some(Paisa::rupees(5_000)));
    assert_eq!(answer(&never_counted.build(), None, at(33, 0)).cash, None);
}

#[test]
fn payments_settle_the_oldest_debt_first() {
    let mut shop = ShopTables::new(1, 0, 3);
    shop.credit(10, 0, 500, Some(20)).credit(15, 0, 300, None).credit(18, 0, -600, None);
    shop.credit(5, 1, -100, None).credit(6, 1, 250, Some(7)).credit(60, 1, 999, None);
    shop.credit(5, 2, 100, None).credit(6, 2, -100, None);
    let tables = shop.build();
    let debt = |customer, balance, overdue, since| Debt {
        customer,
        balance: Paisa::rupees(balance),
        overdue: Paisa::rupees(overdue),
        since: Day(since),
    };
    // The 600 clear the 500 of day 10 and 100 of day 15's 300, which is due on day 45.
    assert_eq!(debts(&tables, None, Day(45)), [debt(0, 200, 0, 15), debt(1, 150, 150, 6)]);
    assert_eq!(debts(&tables, None, Day(46))[0], debt(0, 200, 200, 15));
    let today = answer(&tables, None, at(46, 9));
    assert_eq!((today.receivable, today.overdue), (Paisa::rupees(350), Paisa::rupees(350)));
    let collect: Vec<_> = today.actions.iter().map(|action| (action.amount, action.urgency)).collect();
    assert_eq!(collect, [(Paisa::rupees(200), Urgency::Low), (Paisa::rupees(150), Urgency::Low)]);
    assert_eq!(today.actions[0].reasons, [Reason::Owes { amount: Paisa::rupees(200), since: Day(15) }]);
}

#[test]
fn a_planted_day_scores_by_hand_and_its_weekday_does_not() {
    // Nine weeks; weekday w sells 100·(w + 1) − 1, times e^±0.1 in turn (of 1 + value): medians are exact and all
    // residuals are 0.1.
    let mut values: Vec<f64> = Vec::new();
    for week in 0..9 {
        for weekday in 0..7 {
            let noise: f64 = if week % 2 == 0 { 0.1 } else { -0.1 };
            values.push(100.0 * f64::from(weekday + 1) * noise.exp() - 1.0);
        }
    }
    let index = 8 * 7 + 2;
    values[index] = 599.0;
    let day = score(&values, index).unwrap();
    assert!((day.expected - 299.0).abs() < 1e-9);
    assert!((day.score - 2f64.ln() / (1.4826 * 0.1)).abs() < 1e-9, "twice the usual");
    assert_eq!(most_unusual(&values, 14).map(|day| day.index), Some(index));
    values[index] = 149.0;
    let half = score(&values, index).unwrap();
    assert!((half.score + day.score).abs() < 1e-9, "half is as odd as twice");
    assert_eq!(most_unusual(&values[..index], 14), None, "a usual week is not unusual");
    assert_eq!(score(&values, 55), None, "eight weeks are needed");
    assert_eq!(score(&[5.0; 70], 69), None, "no spread, no score");
}

#[test]
fn a_closed_weekday_is_as_expected_and_leaves_the_scale_alone() {
    // Each weekday wavers by ±0.1 in ln(1 + value), but for the last, on which the shop is closed.
    let waver = |index: usize| (6.0 + [0.1, -0.1_f64][index / 7 % 2]).exp() - 1.0;
    let values: Vec<f64> = (0..70).map(|index| if index % 7 == 6 { 0.0 } else { waver(index) }).collect();
    assert_eq!(score(&values, 62).map(|day| (day.value, day.score)), Some((0.0, 0.0)), "closed as always");
    // The middle of the 48 open days' distances is 0.1.
    let open = score(&values, 63).unwrap();
    assert!((open.score - (values[63].ln_1p() - 6.0) / (1.4826 * 0.1)).abs() < 1e-9, "{open:?}");
}

#[test]
fn actions_are_five_at_most_two_of_a_kind_most_rupees_first() {
    let mut shop = ShopTables::new(1, 6, 4);
    for day in 0..100 {
        for product in 0..3 {
            shop.sale(day, None, product, 2, 200 * (i64::from(product) + 1));
        }
    }
    shop.sale(90, None, 5, 1, 100);
    for product in 3..5 {
        shop.sale(1, None, product, 1, 100).stock(product as usize, 10 * i64::from(product), NONE);
    }
    for product in 0..3 {
        shop.stock(product, 1, NONE);
    }
    for customer in 0..4 {
        shop.credit(1, customer, 1_000 * i64::from(customer + 1), Some(2));
    }
    let today = answer(&shop.build(), None, at(100, 9));
    assert_eq!(today.actions.len(), 5);
    assert!(today.actions.windows(2).all(|pair| pair[0].amount >= pair[1].amount));
    let of = |kind: fn(&ActionKind) -> bool| today.actions.iter().filter(|action| kind(&action.kind)).count();
    assert_eq!(of(|kind| matches!(kind, ActionKind::Collect { .. })), 2);
    assert_eq!(of(|kind| matches!(kind, ActionKind::Clear { .. })), 2);
    assert_eq!(of(|kind| matches!(kind, ActionKind::Order { .. })), 1);
    assert_eq!(today.actions[0].amount, Paisa::rupees(4_000), "the largest debt");
}

#[test]
fn too_little_data_says_what_unlocks_it() {
    let more = |days: &[i32], today: i32| {
        let mut shop = ShopTables::new(1, 1, 0);
        for &day in days {
            shop.sale(day, None, 0, 1, 100);
        }
        match demand::forecast(&shop.build(), None, Some(0), Day(today), 7, &Forecasts::default()).state {
            ForecastState::TooLittleData { more_days } => Some(more_days),
            ForecastState::Ready { .. } => None,
        }
    };
    assert_eq!(more(&[], 50), Some(28));
    assert_eq!(more(&[0, 4, 8], 10), Some(18), "28 days less 10");
    assert_eq!(more(&[0, 20], 40), Some(20), "two sales took 40 days, the third another 20");
    assert_eq!(more(&[0, 20, 30], 40), None);
}

#[test]
fn returns_are_shown_and_train_as_nothing() {
    let mut shop = ShopTables::new(1, 1, 0);
    for day in 0..60 {
        shop.sale(day, None, 0, 3, 300);
    }
    shop.refund(30, None, 0, 8, 800).sale(60, None, 0, 99, 1);
    let answer = demand::forecast(&shop.build(), None, Some(0), Day(60), 14, &Forecasts::default());
    assert_eq!((answer.history_from, answer.history.len(), answer.history[30]), (Day(0), 60, -5.0));
    assert_eq!((answer.mean.len(), answer.from), (14, Day(60)), "today is partial: its 99 are left out");
    assert!(answer.mean.iter().all(|mean| (2.0..=4.0).contains(mean)));
    let total = answer.total.unwrap();
    assert!(total.lo80 <= total.mean && total.mean <= total.hi80);
    assert!((total.mean - answer.mean.iter().sum::<f64>()).abs() < 1e-9);
    for day in 0..14 {
        assert!(answer.lo95[day] <= answer.lo80[day] && answer.hi80[day] <= answer.hi95[day]);
    }
}
