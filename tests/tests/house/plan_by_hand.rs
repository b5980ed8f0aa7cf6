//! The plan against full enumeration, a planted substitution, cases worked by hand, and itself made anew.
//!
//! How long 5,000 products take: `cargo test --release -p dukandar-tests --test house plan_by_hand -- --ignored --nocapture`

use dukandar_core::{
    demand::{Forecasts, works},
    feature::{availability::Availability, demand::SalesByProduct},
    forecast::SumLaw,
    id::SupplierId,
    inventory::{
        lead_time::LeadTime,
        plan::{
            basket::{self, Held, Item, allot},
            habit::Habits,
            limits::Limits,
            model::{Algorithm, Inputs, InventoryOptimizationModel, LeadTimeDistribution},
            policy::{Costs, Policy, Terms},
            run::{Prepared, ReorderRun},
            substitute::Substitutes,
            touched::Touched,
        },
        reorder::{ReorderPlan, Scope, answer},
    },
    money::Paisa,
    quantity::Quantity,
    reason::Reason,
    record::InteractionKind,
    rng::Rng,
    table::{Movement, MovementCause, NONE, decided::DecidedRow, interaction::InteractionRow},
    time::{Day, Timestamp},
};
use dukandar_tests::shop_tables::{ShopTables, UTC};
use proptest::prelude::*;
use std::time::Instant;

fn item() -> impl Strategy<Value = Item> {
    let falls = prop::collection::vec(0.2..1.0f64, 1..5);
    (prop::option::of(0usize..2), 1i64..60, 1u8..4, 1.0..100.0f64, falls, 0usize..3).prop_map(
        |(supplier, outlay, space, first, falls, further)| {
            let mut worth: Vec<f64> = falls
                .iter()
                .scan(first, |worth, fall| {
                    *worth *= fall;
                    Some(*worth)
                })
                .collect();
            worth.extend((1..=further).map(|more| -3.0 * more as f64));
            Item { supplier, outlay: 100 * outlay, space: f64::from(space), worth }
        },
    )
}

fn limits() -> impl Strategy<Value = basket::Limits> {
    let minimums = (prop::option::of(1i64..200), prop::option::of(1i64..200));
    (prop::option::of(0i64..300), prop::option::of(0u8..20), minimums).prop_map(
        |(budget, space, minimums)| {
            let least = |at: usize, least: Option<i64>| least.map(|least| (at, 100 * least));
            basket::Limits {
                budget: budget.map(|it| 100 * it),
                space: space.map(f64::from),
                minimums: least(0, minimums.0).into_iter().chain(least(1, minimums.1)).collect(),
            }
        },
    )
}

fn worth(items: &[Item], pieces: &[usize]) -> f64 {
    items.iter().zip(pieces).map(|(it, pieces)| it.worth[..*pieces].iter().sum::<f64>()).sum()
}

fn keeps(items: &[Item], limits: &basket::Limits, pieces: &[usize]) -> bool {
    let sum = |of: &dyn Fn(&Item) -> f64| -> f64 {
        items.iter().zip(pieces).map(|(it, pieces)| of(it) * *pieces as f64).sum()
    };
    let reached = |&(supplier, least): &(usize, i64)| {
        let spent = sum(&|it| if it.supplier == Some(supplier) { it.outlay as f64 } else { 0.0 });
        spent == 0.0 || spent >= least as f64
    };
    limits.budget.is_none_or(|budget| sum(&|it| it.outlay as f64) <= budget as f64)
        && limits.space.is_none_or(|space| sum(&|it| it.space) <= space)
        && limits.minimums.iter().all(reached)
}

/// The most that any choice of pieces is worth.
fn best_of_all(items: &[Item], limits: &basket::Limits) -> f64 {
    let mut pieces = vec![0; items.len()];
    let mut best = f64::NEG_INFINITY;
    loop {
        if keeps(items, limits, &pieces) {
            best = best.max(worth(items, &pieces));
        }
        let Some(next) = (0..items.len()).find(|at| pieces[*at] < items[*at].worth.len()) else {
            return best;
        };
        pieces[..next].fill(0);
        pieces[next] += 1;
    }
}

/// Two a day, 40 rupees of margin each, from a supplier who takes three days, for each of `products`.
fn steady(products: usize) -> ShopTables {
    let mut shop = ShopTables::new(1, products, 0);
    for product in 0..products {
        let supplier = shop.supplier(None, &[3, 3, 3]);
        shop.stock(product, 5, supplier);
        (0..100).for_each(|day| _ = shop.sale(day, None, product as u32, 2, 200));
    }
    shop
}

fn plan(shop: &ShopTables, limits: &Limits) -> ReorderPlan {
    answer(&shop.build(), Some(0), Day(100), limits, &Forecasts::default())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(dukandar_tests::cases(200)))]

    #[test]
    fn a_small_basket_is_worth_what_the_best_of_all_baskets_is(
        items in prop::collection::vec(item(), 1..5), limits in limits(),
    ) {
        let found = allot(&items, &limits);
        prop_assert!(keeps(&items, &limits, &found.pieces));
        let best = best_of_all(&items, &limits);
        prop_assert!(found.worth >= best - 0.01 * best.abs() - 1e-9, "{} of {best}: {found:?}", found.worth);
        prop_assert!((found.worth - worth(&items, &found.pieces)).abs() < 1e-9);
    }

    #[test]
    fn more_money_or_room_never_hurts(
        items in prop::collection::vec(item(), 1..6), limits in limits(), more in 0i64..100,
    ) {
        let richer = basket::Limits { budget: limits.budget.map(|it| it + 100 * more), ..limits.clone() };
        let wider = basket::Limits { space: limits.space.map(|it| it + more as f64), ..limits.clone() };
        let before = allot(&items, &limits).worth;
        prop_assert!(allot(&items, &richer).worth >= before - 1e-9);
        prop_assert!(allot(&items, &wider).worth >= before - 1e-9);
    }

    #[test]
    fn a_large_basket_keeps_to_every_limit_and_loses_a_piece_at_most(
        items in prop::collection::vec(item(), 40..120), limits in limits(), share in 0.1..0.9f64,
    ) {
        let all: i64 = items.iter().map(|it| it.outlay * it.worth.len() as i64).sum();
        let money = (all as f64 * share) as i64;
        let budget = Some(money);
        let found = allot(&items, &basket::Limits { budget, ..limits.clone() });
        let kept = keeps(&items, &basket::Limits { budget, ..limits }, &found.pieces);
        prop_assert!(kept, "{:?}", found);
        // money alone: pieces by worth for their money, the last one in part, are worth no less than any basket
        let alone = basket::Limits { budget, ..basket::Limits::default() };
        let mut pieces: Vec<(f64, i64)> = (items.iter())
            .flat_map(|it| it.worth.iter().filter(|worth| **worth > 0.0).map(|worth| (*worth, it.outlay)))
            .collect();
        pieces.sort_by(|a, b| (b.0 / b.1 as f64).total_cmp(&(a.0 / a.1 as f64)));
        let (mut left, mut bound) = (money as f64, 0.0);
        for (worth, outlay) in pieces {
            let part = (left / outlay as f64).clamp(0.0, 1.0);
            (left, bound) = (left - part * outlay as f64, bound + part * worth);
        }
        let found = allot(&items, &alone);
        // the piece that was taken in part is all that may be lost
        let dearest = items.iter().map(|it| it.worth[0]).fold(0.0, f64::max);
        let lost = bound - found.worth;
        prop_assert!(lost <= dearest && lost >= -1e-9, "{} of {bound}, a piece {dearest}", found.worth);
    }
}

/// Rupees a year of a shop that orders by `order` at every look, lives through Poisson demand and loses whom it keeps
/// waiting.
fn lived(daily: f64, lead: &LeadTime, review: usize, costs: &Costs, order: impl Fn(f64) -> f64) -> f64 {
    const DAYS: usize = 10_000;
    let mut random = Rng::seeded(9);
    let mut due = vec![0.0; DAYS + 100];
    let (mut shelf, mut on_order, mut rupees) = (0.0, 0.0, 0.0);
    for day in 0..DAYS {
        shelf += due[day];
        on_order -= due[day];
        let pieces = if day % review == 0 { order(shelf + on_order) } else { 0.0 };
        if pieces > 0.0 {
            let days = (lead.mean_days + lead.sd_days * random.normal()).round().max(1.0);
            due[day + days as usize] += pieces;
            on_order += pieces;
            rupees += costs.order;
        }
        let asked = f64::from(random.poisson(daily));
        let sold = asked.min(shelf);
        shelf -= sold;
        rupees += costs.lost * (asked - sold);
        rupees += costs.unit_cost * costs.holding_rate / 365.25 * (shelf + 0.5 * sold);
    }
    rupees * 365.25 / DAYS as f64
}

#[test]
fn a_policy_costs_nearly_what_the_best_of_all_levels_costs() {
    let lead = LeadTime { mean_days: 5.0, sd_days: 2.0, learned: true };
    // pieces a day, cost, margin: phones that sell now and then and often, a cable
    for (daily, unit_cost, margin) in
        [(0.5, 20_000.0, 1_600.0), (2.0, 20_000.0, 1_600.0), (3.0, 300.0, 150.0)]
    {
        let mut random = Rng::seeded(3);
        let path = |_| (0..28).map(|_| f64::from(random.poisson(daily))).collect::<Vec<f64>>();
        let paths: Vec<Vec<f64>> = (0..400).map(path).collect();
        let law = SumLaw::of(paths.iter().map(Vec::as_slice));
        let costs = Costs { unit_cost, lost: 1.5 * margin, holding_rate: 0.25, order: 50.0 };
        for review in [1, 7] {
            let policy = Policy::new(&law, &Terms::new(lead, review), Some(&costs)).unwrap();
            let ours = lived(daily, &lead, review, &costs, |position| policy.order(position));
            let mut best = f64::INFINITY;
            for point in (0..60).map(f64::from) {
                for size in [1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 18.0, 25.0, 35.0, 50.0] {
                    let by = |at: f64| if at <= point { point + size - at } else { 0.0 };
                    best = best.min(lived(daily, &lead, review, &costs, by));
                }
            }
            assert!(ours < 1.15 * best, "{daily} a day, looked at every {review} days: {ours} of {best}");
        }
    }
}

#[test]
fn what_gives_way_is_told() {
    let shop = steady(3);
    let tables = shop.build();
    let [first, second, _] = [1u128, 2, 3].map(SupplierId::from_u128);
    let free = plan(&shop, &Limits::default());
    assert_eq!((free.suggestions.len(), free.gave_way.len()), (3, 0));
    let wanted = Paisa::rupees(3 * 77 * 60);
    assert_eq!((free.wanted_cost, free.total_cost), (wanted, wanted));

    // a supplier who sends nothing below more than there is: nothing of his, and the rest as before
    let minimum = Paisa::rupees(50_000);
    let budget = Some(Paisa::rupees(20_000));
    let poor =
        Limits { max_investment: budget, supplier_minimums: vec![(first, minimum)], ..Limits::default() };
    let cut = plan(&shop, &poor);
    let out = Reason::BelowMinimum { supplier: "supplier 1".to_owned(), minimum, out_of_reach: true };
    assert_eq!(cut.gave_way, std::slice::from_ref(&out));
    for want in &cut.suggestions {
        let is_his = want.supplier == Some(first);
        assert_eq!(want.suggested_order_quantity, Quantity::pieces(if is_his { 0 } else { 77 }));
        assert_eq!(want.reasons.contains(&out), is_his);
    }
    // one that is a little above what is wanted is reached with a few pieces more
    let near = Paisa::rupees(80 * 60);
    let raised = plan(&shop, &Limits { supplier_minimums: vec![(second, near)], ..Limits::default() });
    let his = raised.suggestions.iter().find(|it| it.supplier == Some(second)).unwrap();
    assert_eq!(his.suggested_order_quantity, Quantity::pieces(80));
    assert!(his.reasons.contains(&Reason::RaisedToMinimum { units: 77.0, minimum: near }));

    // 15 lie there; room for 100 lets 85 in, and both limits below 0 count as 0
    let narrow = plan(&shop, &Limits { storage_capacity: Some(100), ..Limits::default() });
    let pieces = |plan: &ReorderPlan| -> i64 {
        plan.suggestions.iter().map(|it| it.suggested_order_quantity.0 / 1_000).sum()
    };
    assert_eq!(pieces(&narrow), 85);
    assert_eq!(narrow.gave_way, [Reason::StorageShort { wanted: 231.0, room: 85.0 }]);
    assert!(narrow.suggestions.iter().any(|it| it.reasons.contains(&Reason::StorageCut { units: 77.0 })));
    let none = Limits { max_investment: Some(Paisa(-5)), storage_capacity: Some(3), ..Limits::default() };
    let none = plan(&shop, &none);
    assert_eq!((pieces(&none), none.total_cost), (0, Paisa::ZERO));
    assert!(none.gave_way.contains(&Reason::BudgetShort { wanted, budget: Paisa::ZERO }));
    assert_eq!(tables.suppliers.len(), 3);
}

#[test]
fn bad_costs_and_stock_are_named_and_planned_with_all_the_same() {
    let mut shop = steady(1);
    let reasons = |shop: &ShopTables| plan(shop, &Limits::default()).suggestions[0].reasons.clone();
    for cost in [None, Some(Paisa::ZERO)] {
        shop.tables().products[0].cost = cost;
        let want = plan(&shop, &Limits::default()).suggestions[0].clone();
        assert!(want.reasons.contains(&Reason::CostUnknown));
        // ordered at 20, so up to 21, less 5 and the one who goes
        assert_eq!(want.suggested_order_quantity, Quantity::pieces(15));
        assert_eq!((want.order_cost, want.total_cost_annual), (None, None));
    }
    shop.tables().products[0].cost = Some(Paisa::rupees(120));
    assert!(reasons(&shop).contains(&Reason::SellsAtLoss));
    shop.tables().products[0].cost = Some(Paisa::rupees(60));
    shop.stock(0, -3, NONE);
    let told = reasons(&shop);
    assert_eq!(told[..2], [Reason::OutOfStock, Reason::BelowZero { units: -3.0 }]);
    assert!(told.contains(&Reason::SupplierTakesDays { days: 7.0, learned: false }));
}

/// Four a day of the first phone while it is there, ten days of every fortnight; half of its customers then take the
/// second, which else sells two; the third sells three whatever happens.
fn planted() -> ShopTables {
    let mut shop = ShopTables::new(1, 3, 0);
    let mut movements = Vec::new();
    let mut moved = |day: i32, hour: i64, product: u32, pieces: i64, cause| {
        let at = Timestamp(Day(day).start(UTC).0 + hour * 3_600_000);
        movements.push(Movement { at, shop: 0, product, quantity: Quantity::pieces(pieces), cause });
    };
    (1..3).for_each(|product| moved(0, 8, product, 2_000, MovementCause::Received));
    for day in 0..140 {
        if day % 14 == 0 {
            moved(day, 9, 0, 40, MovementCause::Received);
        }
        let there = day % 14 < 10;
        // a piece more or less every other day: differences need not be exact
        let noise = i64::from(day % 2);
        for (product, pieces) in [
            (0u32, if there { 4 } else { 0 }),
            (1, 1 + 2 * noise + if there { 0 } else { 2 }),
            (2, 2 + 2 * noise),
        ] {
            if pieces > 0 {
                shop.sale(day, None, product, pieces, 100 * pieces);
                moved(day, 12, product, -pieces, MovementCause::Sold);
            }
        }
    }
    movements.sort_by_key(|it| it.at);
    shop.stock(0, 0, NONE).stock(1, 25, NONE).stock(2, 25, NONE);
    shop.tables().stock.movements = movements;
    shop
}

#[test]
fn who_takes_over_is_learned_from_empty_shelves() {
    let mut shop = planted();
    let learn = |shop: &ShopTables| {
        let tables = shop.build();
        let sales = SalesByProduct::build(&tables, Some(0), Day(140));
        let shelves = Availability::build(&tables, Some(0), Day(140));
        Substitutes::learn(&tables, Some(0), &sales, &shelves, &[Some(Paisa::rupees(100)); 3])
    };
    let found = learn(&shop);
    let takers: Vec<_> = found.takers(0).collect();
    let [moved] = takers[..] else { panic!("{found:?}") };
    assert_eq!(moved.to, 1);
    assert!((moved.daily - 2.0).abs() < 0.2 && (moved.share - 0.5).abs() < 0.05, "{moved:?}");
    assert!(found.takers(1).chain(found.takers(2)).next().is_none());

    // the plan counts them: the first phone has been out for four days and comes in seven
    let planned = answer(&shop.build(), Some(0), Day(140), &Limits::default(), &Forecasts::default());
    let second = planned.suggestions.iter().find(|it| it.name == "product 2").unwrap();
    let taken = second.reasons.iter().find_map(|reason| match reason {
        Reason::TakesOver { name, units } => Some((name.as_str(), *units)),
        _ => None,
    });
    let (name, units) = taken.unwrap();
    assert!(name == "product 1" && (units - 14.0).abs() < 1.5, "{units}");
    let third = planned.suggestions.iter().find(|it| it.name == "product 3").unwrap();
    assert!(third.reasons.iter().all(|reason| !matches!(reason, Reason::TakesOver { .. })));

    // 120 of the 160 customers of those days asked in vain and were written down: a quarter can have taken another one
    let taps = (0..120).map(|tap| InteractionRow {
        at: Timestamp(Day(10 + 14 * (tap % 9)).start(UTC).0 + i64::from(tap)),
        shop: 0,
        customer: NONE,
        kind: InteractionKind::NotInStock,
        product: 0,
        others: Vec::new(),
        text: None,
        minutes: None,
    });
    shop.tables().interactions = taps.collect();
    let share = learn(&shop).takers(0).next().unwrap().share;
    assert!((share - 0.25).abs() < 1e-9, "{share}");
}

#[test]
fn a_plan_follows_what_was_decided_before_and_says_so() {
    let mut shop = steady(2);
    let decided = |suggested: i64, decided: i64| DecidedRow {
        at: Timestamp(0),
        product: 0,
        suggested: Quantity::pieces(suggested),
        decided: Quantity::pieces(decided),
    };
    let piece = |shop: &ShopTables| {
        let plan = plan(shop, &Limits::default());
        let of = |name: &str| plan.suggestions.iter().find(|it| it.name == name).unwrap().clone();
        (of("product 1"), of("product 2"))
    };
    // twice is no habit, and what was taken as it was moves nothing
    shop.tables().decided = vec![decided(10, 20), decided(10, 20)];
    assert_eq!(piece(&shop).0.suggested_order_quantity, Quantity::pieces(77));
    shop.tables().decided = vec![decided(10, 10); 9];
    assert_eq!(piece(&shop).0.suggested_order_quantity, Quantity::pieces(77));
    // four times twice as many: each moves a quarter of the way in logarithms, so that 77 become 154
    shop.tables().decided = vec![decided(10, 20); 4];
    let (first, second) = piece(&shop);
    assert_eq!(first.suggested_order_quantity, Quantity::pieces(154));
    assert!(first.reasons.contains(&Reason::AsYouDecide { share: 2.0 }));
    assert_eq!(second.suggested_order_quantity, Quantity::pieces(77), "another product of another supplier");
    // refusals pull down, never below half
    shop.tables().decided = vec![decided(10, 0); 30];
    assert_eq!(piece(&shop).0.suggested_order_quantity, Quantity::pieces(39));
    // a supplier's products follow from eight answers on
    let tables = shop.build();
    let habits = Habits::learn(&tables, |_| Some(7));
    assert_eq!(habits.factor(1, Some(7)), habits.factor(0, None));
    assert_eq!(habits.factor(1, Some(8)), None);
}

#[test]
fn an_event_of_stock_is_looked_at_alone_and_gives_the_plan_from_scratch() {
    let (mut shop, known) = (steady(4), Forecasts::default());
    let before_tables = shop.build();
    let whole = |tables: &dukandar_core::table::Tables| -> Prepared {
        let mut run = ReorderRun::new(tables, Some(0), Day(100), Scope::Selling, &known);
        run.step(0..run.len());
        run.finish()
    };
    let before = whole(&before_tables);
    // today 3 of the second go over the counter, and of the third 300 came in
    shop.stock(1, 2, 1).stock(2, 305, 2);
    let tables = shop.build();
    let touched = Touched::Products([tables.products[1].id, tables.products[2].id].into());
    let mut run =
        ReorderRun::new(&tables, Some(0), Day(100), Scope::Selling, &known).again(&before, &touched);
    assert_eq!(run.len(), 2, "two products are looked at, the others stand");
    run.step(0..run.len());
    let after = run.finish();
    assert_eq!(after, whole(&tables));
    assert_ne!(after, before);
    assert!(after.suggestion(tables.products[2].id).is_none(), "300 are enough");
    // another day, or what concerns everything: all are looked at
    let run = ReorderRun::new(&tables, Some(0), Day(101), Scope::Selling, &known).again(&before, &touched);
    assert_eq!(run.len(), 4);
    let run =
        ReorderRun::new(&tables, Some(0), Day(100), Scope::Selling, &known).again(&before, &Touched::All);
    assert_eq!(run.len(), 4);
}

#[test]
fn the_seeds_model_answers_by_its_three_algorithms() {
    let inputs = Inputs {
        demand_forecast: vec![2.0; 28],
        lead_time_distribution: LeadTimeDistribution { mean: 3.0, std: 1.0 },
        holding_cost_rate: 0.25,
        stockout_cost: 60.0,
        order_cost: 50.0,
        unit_cost: 60.0,
        review_days: 7,
        stock: 5.0,
        ..Inputs::default()
    };
    let solve = |algorithm| {
        let mut model =
            InventoryOptimizationModel { algorithm, inputs: inputs.clone(), ..Default::default() };
        let (order, held) = model.solve().unwrap();
        assert!(held.is_empty());
        (model.outputs.unwrap(), order)
    };
    let names = [Algorithm::EconomicOrderQuantity, Algorithm::DynamicProgramming, Algorithm::MlEnhanced];
    let named = names.map(|it| serde_json::to_value(it).unwrap());
    assert_eq!(named, ["Economic_Order_Quantity", "Dynamic_Programming", "ML_Enhanced"]);
    let [economic, exact, enhanced] = names.map(solve);
    // √(2·50·730.5 ÷ 15), and 6 over three days
    assert!((economic.0.optimal_order_quantity - 69.787).abs() < 2.0, "{economic:?}");
    assert!((6.0..20.0).contains(&economic.0.reorder_point), "{economic:?}");
    // until goods come 20 are expected where s is looked at weekly only, 13 where any day may be the one: rather more
    for ((found, order), expected) in [(exact, 20.0), (enhanced, 13.0)] {
        assert!((20.0..40.0).contains(&found.reorder_point), "{found:?}");
        assert!((0.8..1.0).contains(&found.expected_service_level), "{found:?}");
        assert!((found.safety_stock - (found.reorder_point - expected)).abs() < 1.0, "{found:?}");
        assert!((60..110).contains(&order), "{order}");
    }
    // the quantiles of a day that is never in doubt
    let sure = [("0.1", 2.0), ("0.9", 2.0)].map(|(chance, value)| (chance.to_owned(), vec![value; 28]));
    let sure = Inputs {
        forecast_quantiles: sure.into(),
        lead_time_distribution: LeadTimeDistribution { mean: 3.0, std: 0.0 },
        ..inputs.clone()
    };
    assert_eq!(sure.find(Algorithm::MlEnhanced).unwrap().order, 77, "as the shop's own plan");
    // a season that halves sales from next month on halves what is bought for it
    let season = Inputs { seasonality_factors: vec![1.0, 0.0, 0.0], ..sure.clone() };
    assert!(season.find(Algorithm::MlEnhanced).unwrap().order < 77);
    // errors name what was wrong
    let said = |inputs: Inputs| inputs.find(Algorithm::MlEnhanced).unwrap_err().to_string();
    assert!(said(Inputs { unit_cost: 0.0, ..inputs.clone() }).starts_with("unit_cost is 0"));
    assert!(said(Inputs { holding_cost_rate: f64::NAN, ..inputs.clone() }).starts_with("holding_cost_rate"));
    let late = LeadTimeDistribution { mean: -1.0, std: 0.0 };
    assert!(
        said(Inputs { lead_time_distribution: late, ..inputs.clone() })
            .starts_with("lead time mean_days is -1")
    );
    assert!(said(Inputs { demand_forecast: Vec::new(), ..inputs.clone() }).contains("demand_forecast"));
    // out of reach
    let mut poor = InventoryOptimizationModel { inputs, ..Default::default() };
    poor.constraints.max_investment = Some(1_000.0);
    poor.constraints.supplier_minimums = Some(2_000.0);
    assert_eq!(poor.solve(), Ok((0, vec![Held::MinimumOutOfReach(0)])));
}

#[test]
#[ignore = "a measurement, to be run in release"]
fn how_long_five_thousand_products_take() {
    const PRODUCTS: usize = 5_000;
    let mut shop = ShopTables::new(1, PRODUCTS, 0);
    for product in 0..PRODUCTS {
        let supplier = if product < 40 { shop.supplier(Some(5), &[4, 6, 9]) } else { (product % 40) as u32 };
        shop.stock(product, (product % 7) as i64, supplier);
        for day in (0..90).filter(|day| (day * 7 + product as i32 * 13) % 5 < 2) {
            shop.sale(day, None, product as u32, 1 + i64::from(day % 3 == 0), 100);
        }
    }
    let tables = shop.build();
    let batch = works(&tables, Some(0), Day(90));
    let mut known = Forecasts::default();
    let started = Instant::now();
    batch.forecasts(None).for_each(|made| known.keep(made));
    println!("{PRODUCTS} forecasts, made once a day: {:?}", started.elapsed());
    let started = Instant::now();
    let mut run = ReorderRun::new(&tables, Some(0), Day(90), Scope::Selling, &known);
    println!("gathering: {:?}", started.elapsed());
    run.step(0..run.len());
    let prepared = run.finish();
    println!("all products decided: {:?}", started.elapsed());
    let started = Instant::now();
    let wanted = prepared.plan(&Limits::default());
    println!("without limits: {:?}, {} suggestions", started.elapsed(), wanted.suggestions.len());
    for share in [2, 5, 8] {
        let minimums = tables.suppliers.iter().map(|row| (row.id, Paisa::rupees(9_000))).collect();
        let limits = Limits {
            max_investment: Some(Paisa(wanted.wanted_cost.0 / 10 * share)),
            storage_capacity: Some(40_000),
            supplier_minimums: minimums,
        };
        let started = Instant::now();
        let plan = prepared.plan(&limits);
        println!("replanned with {share}0 % of the money: {:?}, {}", started.elapsed(), plan.gave_way.len());
    }
    let started = Instant::now();
    let touched = Touched::Products([tables.products[77].id].into());
    let mut run =
        ReorderRun::new(&tables, Some(0), Day(90), Scope::Selling, &known).again(&prepared, &touched);
    run.step(0..run.len());
    println!("after an event of stock: {:?}", started.elapsed());
}
