//! Reorder suggestions against cases worked by hand, published newsvendor figures and full enumeration.

use dukandar_core::{
    demand::Forecasts,
    inventory::{
        lead_time::LeadTime,
        plan::limits::Limits,
        reorder::{ReorderPlan, Urgency, answer},
        safety_stock::{IntervalDemand, normal_cdf, normal_loss, normal_quantile},
    },
    money::Paisa,
    quantity::Quantity,
    reason::Reason,
    table::{Movement, MovementCause, NONE},
    task::{Answer, Task, run},
    time::Day,
};
use dukandar_tests::shop_tables::{ShopTables, UTC};
use proptest::prelude::*;

/// A product (position 0) that sold 2 pieces on each of 100 days, 40 rupees of margin a piece.
fn two_a_day() -> ShopTables {
    let mut shop = ShopTables::new(1, 1, 0);
    for day in 0..100 {
        shop.sale(day, None, 0, 2, 200);
    }
    shop
}

fn plan(shop: &ShopTables, budget: Option<Paisa>) -> ReorderPlan {
    answer(&shop.build(), Some(0), Day(100), &Limits::of_budget(budget), &Forecasts::default())
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6
}

#[test]
fn steady_demand_by_hand() {
    let mut shop = two_a_day();
    let supplier = shop.supplier(Some(9), &[3, 3, 3]);
    shop.stock(0, 5, supplier);
    let plan = plan(&shop, None);
    let [want] = plan.suggestions.as_slice() else { panic!("{plan:?}") };
    // 2 a day without doubt, 3 days of lead time and at most 7 until the next look: order at 20, which is 7 more than the
    // 13 that are sold until goods come, where any day may be the one. Holding a piece of 60 rupees costs
    // 15 a year, an order 50: 69.8 at once are cheapest (√(2·50·730.5 ÷ 15)), half of a week's 14 less as looks are weekly:
    // up to 20 + 63. 5 are there, and one customer comes before goods do: 83 − 6.
    assert_eq!(want.reorder_point, Quantity::pieces(20));
    assert_eq!(want.safety_stock, Quantity::pieces(7));
    assert_eq!(want.optimal_order_quantity, Quantity::pieces(70));
    assert_eq!(want.suggested_order_quantity, Quantity::pieces(77));
    assert_eq!(want.order_cost, Some(Paisa::rupees(77 * 60)));
    assert!(near(want.expected_service_level, 1.0));
    // half a batch and those 7 lie at 15 rupees a year, and 10.47 orders are placed
    let annual = 15.0 * (34.893_6 + 7.0) + 50.0 * 730.5 / 69.787_1;
    assert!((want.total_cost_annual.unwrap().as_units() - annual).abs() < 0.01, "{annual} {want:?}");
    assert_eq!(want.reasons.last(), Some(&Reason::LastsDays { days: 77.0 / want.daily_demand }));
    assert_eq!(want.at_risk, Paisa::rupees(600), "15 of the next 20 asked for in vain, 40 rupees each");
    assert!(near(want.daily_demand, 2.0));
    let (lo, mid, hi) = want.days_until_stockout.unwrap();
    assert!(near(lo, 2.5) && near(mid, 2.5) && near(hi.unwrap(), 2.5));
    assert_eq!(want.urgency, Urgency::High);
    assert_eq!(want.reasons[2], Reason::SupplierTakesDays { days: 3.0, learned: true });
    assert_eq!(plan.total_cost, Paisa::rupees(77 * 60));
    assert_eq!((plan.uncounted, plan.too_new), (0, 0));
    assert_eq!((want.features.history_days, want.features.units_28d), (100, 56.0));
}

#[test]
fn enough_on_the_way_needs_no_order() {
    let mut shop = two_a_day();
    let supplier = shop.supplier(None, &[3, 3, 3]);
    shop.stock(0, 5, supplier);
    shop.tables().stock.on_order[0] = Quantity::pieces(16);
    assert!(plan(&shop, None).suggestions.is_empty(), "5 + 16 lie above the point of 20");
    shop.tables().stock.on_order[0] = Quantity::pieces(15);
    let plan = plan(&shop, None);
    assert_eq!(plan.suggestions[0].suggested_order_quantity, Quantity::pieces(63), "20 are there of 83");
    assert!(plan.suggestions[0].reasons.contains(&Reason::OnOrder { units: 15.0 }));
}

#[test]
fn an_uncounted_shelf_is_said_so_and_nothing_is_assumed() {
    let mut shop = two_a_day();
    let plan = plan(&shop, None);
    let want = &plan.suggestions[0];
    // 7 days assumed, 7 of review: 28 pieces, whatever may lie there.
    assert_eq!(want.current_stock, None);
    assert_eq!(want.suggested_order_quantity, Quantity::pieces(28));
    assert_eq!(want.days_until_stockout, None);
    assert_eq!(want.urgency, Urgency::Medium);
    assert_eq!(want.reasons[0], Reason::StockUnknown);
    assert!(want.reasons.contains(&Reason::SupplierTakesDays { days: 7.0, learned: false }));
    assert_eq!(plan.uncounted, 1);
    shop.stock(0, 0, NONE);
    let empty = answer(&shop.build(), None, Day(100), &Limits::default(), &Forecasts::default());
    assert_eq!(empty.suggestions[0].reasons[0], Reason::OutOfStock);
    assert_eq!(empty.suggestions[0].urgency, Urgency::High);
    assert!(empty.suggestions[0].safety_stock > Quantity::ZERO, "an assumed lead time is not exact");
}

#[test]
fn a_shop_whose_sales_ended_long_ago_is_planned_as_of_their_end() {
    let tables = two_a_day().build();
    let ask = |today| match run(
        &Task::Reorder { shop: None, today: Day(today), limits: Limits::default() },
        &tables,
    ) {
        Ok(Answer::Reorder(plan)) => *plan,
        other => panic!("{other:?}"),
    };
    let past = ask(5_000);
    assert_eq!((past.today, past.uncounted), (Day(100), 1));
    // 7 days assumed, 7 of review, nothing known of the shelf: 28 pieces, as on the day after the last sale.
    assert_eq!(past.suggestions[0].suggested_order_quantity, Quantity::pieces(28));
    assert_eq!(past.suggestions[0].reasons[0], Reason::StockUnknown);
    assert_eq!(past, ask(100));
    assert_eq!(ask(129).today, Day(129), "30 days without a sale is not the past");
}

#[test]
fn too_little_history_gets_no_invented_demand() {
    let mut shop = ShopTables::new(1, 1, 0);
    for day in 90..100 {
        shop.sale(day, None, 0, 2, 200);
    }
    shop.stock(0, 0, NONE);
    let plan = plan(&shop, None);
    assert!(plan.suggestions.is_empty());
    assert_eq!(plan.too_new, 1);
}

#[test]
fn what_lies_for_sixty_days_is_dead_unless_it_just_came() {
    let mut shop = ShopTables::new(1, 3, 0);
    for product in 0..3 {
        shop.sale(1, None, product, 1, 100).sale(40, None, product, 1, 100).stock(product as usize, 4, NONE);
    }
    shop.sale(41, None, 1, 1, 100);
    let arrival = Movement {
        at: Day(95).start(UTC),
        shop: 0,
        product: 2,
        quantity: Quantity::pieces(4),
        cause: MovementCause::Received,
    };
    shop.tables().stock.movements.push(arrival);
    let plan = plan(&shop, None);
    let dead: Vec<_> = plan.dead_stock.iter().map(|dead| (dead.name.as_str(), dead.idle_days)).collect();
    assert_eq!(dead, [("product 1", 60)]);
    let dead = &plan.dead_stock[0];
    assert_eq!(dead.tied_up, Paisa::rupees(240));
    // 60 days more at 25 % for money and room and 30 % for age of a cost of 60: 5.42 of 100 rupees, on a tag of tens
    let Some(Reason::ClearAt { price, share }) = dead.clearance.first() else { panic!("{dead:?}") };
    assert_eq!((*price, dead.freed), (Paisa::rupees(90), Some(Paisa::rupees(360))));
    assert!(near(*share, 0.6 * 0.55 * 60.0 / 365.25));
    assert!(plan.suggestions.is_empty());
}

#[test]
fn lead_times_are_learned_else_promised_else_assumed() {
    let mut shop = ShopTables::new(1, 0, 0);
    shop.supplier(Some(5), &[2, 4, 6]);
    shop.supplier(Some(5), &[]);
    shop.supplier(None, &[10]);
    let tables = shop.build();
    let of = |at: usize| LeadTime::of(Some(&tables.suppliers[at]));
    assert_eq!(of(0), LeadTime { mean_days: 4.0, sd_days: 2.0, learned: true });
    assert_eq!(of(1), LeadTime { mean_days: 5.0, sd_days: 1.5, learned: false });
    assert_eq!(of(2), LeadTime { mean_days: 10.0, sd_days: 3.0, learned: true });
    assert_eq!(LeadTime::of(None), LeadTime { mean_days: 7.0, sd_days: 2.1, learned: false });
}

#[test]
fn normal_distribution_matches_published_tables() {
    // Φ⁻¹, Φ and the standard loss as tabulated (e.g. Silver, Pyke & Thomas, appendix II).
    for (p, z) in
        [(0.90, 1.281_551_566), (0.95, 1.644_853_627), (0.975, 1.959_963_985), (0.99, 2.326_347_874)]
    {
        assert!((normal_quantile(p) - z).abs() < 1e-8);
        assert!((normal_cdf(z) - p).abs() < 1e-9);
        assert!((normal_cdf(-z) - (1.0 - p)).abs() < 1e-9);
    }
    for (z, loss) in [(0.0, 0.398_942), (1.0, 0.083_315), (2.0, 0.008_491), (-1.0, 1.083_315)] {
        assert!((normal_loss(z) - loss).abs() < 1e-6, "{z}");
    }
    assert_eq!((normal_cdf(40.0), normal_cdf(-40.0), normal_loss(40.0)), (1.0, 0.0, 0.0));
}

#[test]
fn newsvendor_costs_match_snyder_shen() {
    // Fundamentals of Supply Chain Theory, example 4.3 and problem 4.1: h, p, mean, sd → S*, cost.
    let cases = [
        (0.18, 0.70, 50.0, 8.0, 56.603_956, 1.997_605_2),
        (43.0, 79.0, 900.0, 60.0, 922.721_404, 2_718.196_78),
    ];
    for (h, p, mean, sd, stock, cost) in cases {
        let demand = IntervalDemand { mean, sd };
        let s: f64 = mean + normal_quantile(p / (p + h)) * sd;
        assert!((s - stock).abs() < 1e-5);
        let shortage = demand.shortage(s);
        let found: f64 = h * (s - mean + shortage) + p * shortage;
        assert!((found / cost - 1.0).abs() < 1e-7, "{found} {cost}");
    }
    assert_eq!(IntervalDemand { mean: 3.0, sd: 0.0 }.shortage(1.0), 2.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(dukandar_tests::cases(200)))]

    #[test]
    fn a_plan_never_costs_more_than_its_budget(budget in 0i64..2_500, stock in 0i64..9) {
        let mut shop = ShopTables::new(1, 3, 0);
        for day in 0..60 {
            for product in 0..3u32 {
                if day % (product as i32 + 1) == 0 {
                    shop.sale(day, None, product, 1 + i64::from(day % 3), 100);
                }
            }
        }
        for product in 0..3 {
            shop.stock(product, stock, NONE);
        }
        let whole = answer(&shop.build(), None, Day(60), &Limits::default(), &Forecasts::default());
        let cut = answer(&shop.build(), None, Day(60), &Limits::of_budget(Some(Paisa::rupees(budget))), &Forecasts::default());
        prop_assert!(cut.total_cost <= Paisa::rupees(budget));
        prop_assert_eq!(cut.wanted_cost, whole.total_cost);
        prop_assert!(whole.suggestions.windows(2).all(|pair| pair[0].at_risk >= pair[1].at_risk));
        for (cut, whole) in cut.suggestions.iter().zip(&whole.suggestions) {
            prop_assert!(cut.suggested_order_quantity <= whole.suggested_order_quantity);
            let told = cut.reasons.iter().any(|reason| matches!(reason, Reason::BudgetCut { .. }));
            prop_assert_eq!(told, cut.suggested_order_quantity < whole.suggested_order_quantity);
        }
    }
}
