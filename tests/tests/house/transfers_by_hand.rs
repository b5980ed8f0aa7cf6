//! Transfers between branches against a case worked by hand, full enumeration on small ones, and what must always hold.

use dukandar_core::{
    inventory::{
        plan::limits::Limits,
        safety_stock::IntervalDemand,
        transfer::{Move, Shelf, TransferPlan, balance},
    },
    money::Paisa,
    quantity::Quantity,
    reason::Reason,
    table::{Movement, MovementCause, NONE, Tables},
    task::{Answer, Task, run},
    time::{Day, Timestamp},
};
use dukandar_tests::shop_tables::{ShopTables, UTC};
use proptest::prelude::*;

fn ask(tables: &Tables) -> TransferPlan {
    match run(&Task::Transfers { today: Day(100) }, tables) {
        Ok(Answer::Transfers(plan)) => *plan,
        other => panic!("{other:?}"),
    }
}

/// Sells 2 a day in the first of two shops, which has 5; the second has 10 and sold nothing of it for 70 days.
fn two_shops() -> ShopTables {
    let mut shop = ShopTables::new(2, 1, 0);
    for day in 0..100 {
        shop.sale(day, None, 0, 2, 200);
    }
    shop.sale_at(30, 12, 1, None, &[(0, 1, 100)]);
    let supplier = shop.supplier(None, &[3, 3, 3]);
    shop.stock(0, 5, supplier);
    shop.tables().stock.on_hand[1] = Some(Quantity::pieces(10));
    shop
}

fn wanted(tables: &Tables) -> Quantity {
    let shop = Some(tables.shops[0].id);
    match run(&Task::Reorder { shop, today: Day(100), limits: Limits::default() }, tables) {
        Ok(Answer::Reorder(plan)) => plan.suggestions.iter().map(|it| it.suggested_order_quantity).sum(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn goods_that_lie_go_where_they_sell_by_hand() {
    let mut shop = two_shops();
    let tables = shop.build();
    assert_eq!(wanted(&tables), Quantity::pieces(77), "up to 83, 5 are there, one goes");
    let plan = ask(&tables);
    let [it] = plan.transfers.as_slice() else { panic!("{plan:?}") };
    assert_eq!((it.from, it.to), (tables.shops[1].id, tables.shops[0].id));
    // One stays to show; nine of the fifteen that would be asked for in vain, 40 rupees each, 60 to buy.
    assert_eq!(it.quantity, Quantity::pieces(9));
    assert_eq!((it.saved, it.not_bought), (Paisa::rupees(360), Some(Paisa::rupees(540))));
    assert_eq!((plan.saved, plan.not_bought), (Paisa::rupees(360), Paisa::rupees(540)));
    assert!(it.reasons.contains(&Reason::LenderKeeps { units: 1.0, per_week: 0.0 }));
    assert!(it.reasons.contains(&Reason::SupplierTakesDays { days: 3.0, learned: true }));
    assert!(it.units.is_empty(), "no piece is written down by IMEI");
    // Accepted: nine less are to be bought, but for the one who need not go now, and nothing more moves.
    shop.tables().stock.on_hand = vec![Some(Quantity::pieces(14)), Some(Quantity::pieces(1))];
    let after = shop.build();
    assert!(ask(&after).transfers.is_empty());
    assert_eq!(wanted(&after), Quantity::pieces(69), "up to 83, 14 are there");
}

#[test]
fn what_went_and_came_back_is_offered_again() {
    let mut shop = two_shops();
    let moved = |shop, pieces, minute: i64| Movement {
        at: Timestamp(Day(99).start(UTC).0 + 60_000 * minute),
        shop,
        product: 0,
        quantity: Quantity::pieces(pieces),
        cause: MovementCause::Transferred,
    };
    let first = ask(&shop.build());
    shop.tables().stock.movements = vec![moved(1, -9, 0), moved(0, 9, 1), moved(0, -9, 2), moved(1, 9, 3)];
    assert_eq!(ask(&shop.build()).transfers, first.transfers, "it lies as it lay");
    shop.tables().stock.movements.push(moved(1, 1, 4));
    assert!(ask(&shop.build()).transfers.is_empty(), "what has just come may still sell");
}

#[test]
fn who_sells_it_too_keeps_its_own_need() {
    let mut shop = two_shops();
    for day in 0..100 {
        shop.sale_at(day, 13, 1, None, &[(0, 1, 100)]);
    }
    let supplier = 0;
    shop.tables().stock.supplier[1] = supplier;
    shop.tables().stock.on_hand[1] = Some(Quantity::pieces(10));
    assert!(ask(&shop.build()).transfers.is_empty(), "10 days' sales are its own need");
    shop.tables().stock.on_hand[1] = Some(Quantity::pieces(14));
    let plan = ask(&shop.build());
    assert_eq!(plan.transfers[0].quantity, Quantity::pieces(4));
    assert!(plan.transfers[0].reasons.contains(&Reason::LenderKeeps { units: 10.0, per_week: 7.0 }));
    // What is on its way to it lies nowhere yet.
    shop.tables().stock.on_order[1] = Quantity::pieces(50);
    assert_eq!(ask(&shop.build()).transfers[0].quantity, Quantity::pieces(4));
    // The same on its way to who runs out leaves no need.
    shop.tables().stock.on_order[0] = Quantity::pieces(50);
    assert!(ask(&shop.build()).transfers.is_empty());
}

#[test]
fn what_nobody_knows_is_not_lent() {
    let one = ShopTables::new(1, 1, 0).build();
    assert!(ask(&one).transfers.is_empty());
    let mut shop = two_shops();
    shop.tables().stock.on_hand[1] = None;
    assert!(ask(&shop.build()).transfers.is_empty(), "never counted");
    // Sold five days ago and hardly ever before: too new to say what it needs.
    let mut shop = two_shops();
    shop.sale_at(95, 12, 1, None, &[(0, 1, 100)]);
    assert!(ask(&shop.build()).transfers.is_empty());
    let mut retired = two_shops();
    retired.tables().products[0].fields.retired = Some(true);
    assert!(ask(&retired.build()).transfers.is_empty());
    let mut lacking = two_shops();
    lacking.stock(0, -3, NONE);
    // Less than nothing is nothing; the lead time is assumed then, so there is some safety stock too.
    assert_eq!(ask(&lacking.build()).transfers[0].quantity, Quantity::pieces(9));
}

fn shelves() -> impl Strategy<Value = Vec<Shelf>> {
    let shelf = (-1i32..9, 0i32..3, 0.0..6.0f64, 0.0..3.0f64, 0.0..5.0f64, 0.0..200.0f64);
    let shelf = shelf.prop_map(|(on_hand, on_order, mean, sd, safety, value)| Shelf {
        on_hand: f64::from(on_hand),
        on_order: f64::from(on_order),
        point: 0.5 * mean + safety,
        need: mean + safety,
        demand: IntervalDemand { mean, sd },
        value,
    });
    prop::collection::vec(shelf, 2..5)
}

/// The most that any way of handing out so many pieces saves.
fn best(shelves: &[Shelf], lacks: &[u64], left: u64) -> f64 {
    let Some((shelf, others)) = shelves.split_first() else {
        return if left == 0 { 0.0 } else { f64::NEG_INFINITY };
    };
    let most = lacks[0].min(left);
    let ways = (0..=most).map(|pieces| shelf.saves(pieces) + best(others, &lacks[1..], left - pieces));
    ways.fold(f64::NEG_INFINITY, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_other_way_saves_more_and_nothing_is_lost_on_the_way(shelves in shelves()) {
        let moves = balance(&shelves);
        let (spare, lacks): (Vec<u64>, Vec<u64>) = shelves.iter().map(|it| (it.spare(), it.lacks())).unzip();
        let sum = |of: &dyn Fn(&Move) -> usize, at: usize| -> u64 {
            moves.iter().filter(|it| of(it) == at).map(|it| it.pieces).sum()
        };
        for at in 0..shelves.len() {
            let (lent, got) = (sum(&|it| it.from, at), sum(&|it| it.to, at));
            prop_assert!(lent == 0 || got == 0, "nobody lends and borrows");
            prop_assert!(lent <= spare[at] && got <= lacks[at]);
            if lent > 0 {
                prop_assert!(shelves[at].on_hand - lent as f64 >= shelves[at].need - 1e-9);
            }
        }
        prop_assert!(moves.iter().all(|it| it.pieces > 0 && it.from != it.to && it.saved >= 0.0));
        let moved: u64 = moves.iter().map(|it| it.pieces).sum();
        let can = spare.iter().sum::<u64>().min(lacks.iter().sum());
        prop_assert_eq!(moved, can, "neither more nor fewer than are lacked and spare");
        let saved: f64 = moves.iter().map(|it| it.saved).sum();
        let most = best(&shelves, &lacks, can);
        prop_assert!((saved - most).abs() <= 1e-9 * most.abs().max(1.0), "{saved} of {most}");
    }

    #[test]
    fn the_order_of_the_shops_changes_no_sum(shelves in shelves()) {
        let saved = |shelves: &[Shelf]| -> f64 { balance(shelves).iter().map(|it| it.saved).sum() };
        let mut turned = shelves.clone();
        turned.reverse();
        prop_assert!((saved(&shelves) - saved(&turned)).abs() < 1e-6);
    }
}
