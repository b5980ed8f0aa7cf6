//! Reorder suggestions against cases worked by hand, published newsvendor figures and full enumeration.

use dukandar_core::{
    demand::Forecasts,
    inventory::{
        budget::{Wish, spend},
        lead_time::LeadTime,
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
    answer(&shop.build(), Some(0), Day(100), budget, &Forecasts::default())
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
    // 2 a day without doubt, lead time 3 days: order at 6, up to 2 × (3 + 7) = 20, 5 are there.
    assert_eq!(want.reorder_point, Quantity::pieces(6));
    assert_eq!(want.safety_stock, Quantity::ZERO);
    assert_eq!(want.suggested_order_quantity, Quantity::pieces(15));
    assert_eq!(want.order_cost, Some(Paisa::rupees(900)));
    assert_eq!(want.at_risk, Paisa::rupees(600), "15 of the next 20 asked for in vain, 40 rupees each");
    assert!(near(want.daily_demand, 2.0));
    let (lo, mid, hi) = want.days_until_stockout.unwrap();
    assert!(near(lo, 2.5) && near(mid, 2.5) && near(hi.unwrap(), 2.5));
    assert_eq!(want.urgency, Urgency::High);
    assert_eq!(want.reasons[2], Reason::SupplierTakesDays { days: 3.0, learned: true });
    assert_eq!(plan.total_cost, Paisa::rupees(900));
    assert_eq!((plan.uncounted, plan.too_new), (0, 0));
    assert_eq!((want.features.history_days, want.features.units_28d), (100, 56.0));
}

#[test]
fn enough_on_the_way_needs_no_order() {
    let mut shop = two_a_day();
    let supplier = shop.supplier(None, &[3, 3, 3]);
    shop.stock(0, 5, supplier);
    shop.tables().stock.on_order[0] = Quantity::pieces(2);
    assert!(plan(&shop, None).suggestions.is_empty(), "5 + 2 lie above the point of 6");
    shop.tables().stock.on_order[0] = Quantity::pieces(1);
    let plan = plan(&shop, None);
    assert_eq!(plan.suggestions[0].suggested_order_quantity, Quantity::pieces(14));
    assert!(plan.suggestions[0].reasons.contains(&Reason::OnOrder { units: 1.0 }));
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
    let empty = answer(&shop.build(), None, Day(100), None, &Forecasts::default());
    assert_eq!(empty.suggestions[0].reasons[0], Reason::OutOfStock);
    assert_eq!(empty.suggestions[0].urgency, Urgency::High);
    assert!(empty.suggestions[0].safety_stock > Quantity::ZERO, "an assumed lead time is not exact");
}

#[test]
fn a_shop_whose_sales_ended_long_ago_is_planned_as_of_their_end() {
    let tables = two_a_day().build();
    let ask = |today| match run(&Task::Reorder { shop: None, today: Day(today), budget: None }, &tables) {
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
    assert_eq!(plan.dead_stock[0].tied_up, Paisa::rupees(240));
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

/// Expected margin saved by `pieces` of a wish: what `spend` maximises.
fn saved(wish: &Wish, pieces: u64) -> f64 {
    let worth = |have: u64| {
        1.0 - normal_cdf((wish.available + have as f64 + 0.5 - wish.demand.mean) / wish.demand.sd)
    };
    (0..pieces).map(|have| worth(have) * wish.value.as_units()).sum()
}

fn wish() -> impl Strategy<Value = Wish> {
    (0u64..6, 1i64..400, 1i64..900, 0.0..6.0f64, 0.0..8.0f64, 0.2..3.0f64).prop_map(
        |(pieces, outlay, value, available, mean, sd)| Wish {
            pieces,
            outlay: Paisa::rupees(outlay),
            value: Paisa::rupees(value),
            available,
            demand: IntervalDemand { mean, sd },
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(dukandar_tests::cases(200)))]

    #[test]
    fn spending_stays_within_the_budget_and_the_wishes(
        wishes in prop::collection::vec(wish(), 0..20),
        budget in 0i64..3_000,
    ) {
        let budget = Paisa::rupees(budget);
        let bought = spend(&wishes, budget);
        let outlay: i64 = wishes.iter().zip(&bought).map(|(wish, &pieces)| wish.outlay.0 * pieces as i64).sum();
        prop_assert!(outlay <= budget.0);
        prop_assert!(wishes.iter().zip(&bought).all(|(wish, &pieces)| pieces <= wish.pieces));
        // Nothing that would still fit was left.
        for (wish, &pieces) in wishes.iter().zip(&bought) {
            prop_assert!(pieces == wish.pieces || wish.outlay.0 > budget.0 - outlay);
        }
    }

    #[test]
    fn with_equal_outlays_spending_is_best_of_all_ways(
        wishes in prop::collection::vec(wish(), 3..4),
        budget in 0u64..12,
    ) {
        let wishes: Vec<Wish> = wishes.into_iter().map(|wish| Wish { outlay: Paisa(100), ..wish }).collect();
        let bought = spend(&wishes, Paisa(100 * budget as i64));
        let total = |pieces: [u64; 3]| -> f64 { wishes.iter().zip(pieces).map(|(wish, n)| saved(wish, n)).sum() };
        let mut best = 0.0f64;
        for a in 0..=wishes[0].pieces {
            for b in 0..=wishes[1].pieces {
                for c in 0..=wishes[2].pieces {
                    if a + b + c <= budget {
                        best = best.max(total([a, b, c]));
                    }
                }
            }
        }
        prop_assert!((total([bought[0], bought[1], bought[2]]) - best).abs() < 1e-9);
    }

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
        let whole = answer(&shop.build(), None, Day(60), None, &Forecasts::default());
        let cut = answer(&shop.build(), None, Day(60), Some(Paisa::rupees(budget)), &Forecasts::default());
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
