//! By hand, by conservation, against the future known, and byte by byte.

#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::{
    Costs, Level, Plan, Step,
    ahead::look,
    clairvoyant,
    compare::{Field, Sums, read},
    field::{AS_IS, Policy, WEIGHTS, live},
    goods::{Good, House, Mended, StockError, Told},
    lead::Lead,
    replay, tally,
};
use crate::rng::Rng;

const COSTS: Costs = Costs { price: 10.0, cost: 6.0, holding: 0.1, order: 3.0, goodwill: 1.0 };

fn house() -> House {
    House { runs: 2, ..House::default() }
}

fn random_demand(random: &mut Rng, steps: usize) -> Vec<f64> {
    (0..steps).map(|_| f64::from(random.poisson(2.0))).collect()
}

#[test]
fn a_small_replay_matches_hand_arithmetic() {
    // 3 on the shelf, order up to 5 at 1 or less, two steps' lead
    let plan = Plan::Levels(vec![Level { point: 1.0, up_to: 5.0 }; 5]);
    let mut steps = Vec::new();
    replay(&[2.0, 2.0, 1.0, 4.0, 1.0], &plan, &[2; 5], 3.0, |step| steps.push(step));
    let step = |opened, received, ordered, demand, sold, closed| Step {
        opened,
        received,
        ordered,
        demand,
        sold,
        closed,
    };
    assert_eq!(
        steps,
        [
            step(3.0, 0.0, 0.0, 2.0, 2.0, 1.0),
            step(1.0, 0.0, 4.0, 2.0, 1.0, 0.0),
            step(0.0, 0.0, 0.0, 1.0, 0.0, 0.0),
            step(0.0, 4.0, 0.0, 4.0, 4.0, 0.0),
            step(0.0, 0.0, 5.0, 1.0, 0.0, 0.0),
        ]
    );
    let sum = tally(&[2.0, 2.0, 1.0, 4.0, 1.0], &plan, &[2; 5], 3.0);
    assert_eq!((sum.demand, sum.sold, sum.orders, sum.stockouts, sum.empty), (10.0, 7.0, 2.0, 3.0, 4.0));
    // (3 + 1)/2 + (1 + 0)/2 + 0 + (4 + 0)/2 + 0
    assert_eq!(sum.stock, 4.5);
    // .1 · 4.5 + 3 · 2 + (4 + 1) · 3
    assert!((sum.cost(&COSTS) - 21.45).abs() < 1e-12);
}

#[test]
fn nothing_comes_from_nowhere_and_nothing_is_lost_in_silence() {
    let mut random = Rng::seeded(4);
    let lead = Lead::new(3.0, 1.5);
    for case in 0..200 {
        let demand = random_demand(&mut random, 40);
        let point = random.below(12) as f64;
        let plan = Plan::Levels(vec![Level { point, up_to: point + 1.0 + random.below(9) as f64 }; 40]);
        let opening = random.below(10) as f64;
        let (mut closed, mut tally) = (opening, super::Tally::default());
        replay(&demand, &plan, &lead.draws(40, case), opening, |step| {
            assert_eq!(step.opened, closed);
            assert_eq!(step.opened + step.received - step.sold, step.closed);
            assert!(step.sold <= step.demand && step.closed >= 0.0);
            closed = step.closed;
            tally.add(&step);
        });
        assert_eq!(opening + tally.received - tally.sold, closed);
        assert_eq!(tally.sold + tally.lost(), demand.iter().sum::<f64>());
    }
}

#[test]
fn who_knows_the_future_is_beaten_by_no_level() {
    let mut random = Rng::seeded(9);
    for case in 0..150 {
        let lead = Lead::new(1.0 + random.uniform() * 4.0, random.uniform() * 2.0);
        let (demand, leads) = (random_demand(&mut random, 30), lead.draws(30, case));
        let opening = random.below(8) as f64;
        let costs = Costs { order: random.uniform() * 8.0, holding: random.uniform(), ..COSTS };
        let best = tally(&demand, &clairvoyant::plan(&demand, &leads, opening, &costs), &leads, opening);
        for _ in 0..20 {
            let point = random.below(16) as f64;
            let plan = Plan::Levels(vec![Level { point, up_to: point + 1.0 + random.below(12) as f64 }; 30]);
            let other = tally(&demand, &plan, &leads, opening);
            assert!(best.cost(&costs) <= other.cost(&costs) + 1e-9, "case {case}");
        }
    }
}

#[test]
fn who_knows_the_future_is_beaten_by_no_orders_at_all() {
    let mut random = Rng::seeded(3);
    for case in 0..60 {
        let lead = Lead::new(1.0 + random.uniform(), random.uniform());
        let demand: Vec<f64> = (0..5).map(|_| f64::from(random.poisson(0.9))).collect();
        let (leads, opening) = (lead.draws(5, case), random.below(3) as f64);
        let costs = Costs { order: random.uniform() * 8.0, holding: random.uniform() * 4.0, ..COSTS };
        let best = tally(&demand, &clairvoyant::plan(&demand, &leads, opening, &costs), &leads, opening);
        // every order of 0 to 4 pieces at each of the first four steps; at the fifth none arrives
        let each = (0..5_usize.pow(4)).map(|number| {
            let orders =
                (0..5).map(|step| if step < 4 { (number / 5_usize.pow(step) % 5) as f64 } else { 0.0 });
            tally(&demand, &Plan::Orders(orders.collect()), &leads, opening).cost(&costs)
        });
        let least = each.fold(f64::INFINITY, f64::min);
        // more than four pieces at once are beyond the enumeration, never beyond the plan
        assert!(best.cost(&costs) <= least + 1e-9, "case {case}: {} against {least}", best.cost(&costs));
        if demand.iter().sum::<f64>() <= 4.0 {
            assert!((best.cost(&costs) - least).abs() < 1e-9, "case {case}");
        }
    }
}

#[test]
fn lead_times_have_their_moments_and_their_chances_sum_to_one() {
    let lead = Lead::new(7.0, 2.1);
    assert!(
        (lead.mean() - 7.0).abs() < 0.05 && (lead.sd() - 2.1).abs() < 0.1,
        "{} {}",
        lead.mean(),
        lead.sd()
    );
    assert_eq!(Lead::new(3.0, 0.0).draws(5, 1), [3; 5]);
    assert_eq!(Lead::new(0.0, 0.0).draws(3, 1), [1; 3]);
}

fn goods(change: impl Fn(usize, f64) -> f64) -> Vec<Good> {
    let mut random = Rng::seeded(2);
    let one = |number: usize| {
        let demand: Vec<f64> =
            random_demand(&mut random, 84).iter().enumerate().map(|it| change(it.0, *it.1)).collect();
        Good::new(&format!("P{number}"), &demand, 63, &Told::default(), &house()).unwrap().0
    };
    (0..3).map(one).collect()
}

#[test]
fn one_seed_gives_one_outcome_to_the_last_bit() {
    let goods = goods(|_, value| value);
    let lived = || {
        let looks: Vec<_> = (0..3).map(|review| look(&goods, review, &house(), &WEIGHTS)).collect();
        let own: Vec<_> = looks.iter().map(|it| &it[0]).collect();
        live(&goods[0], &own, &house(), 0)
    };
    let (one, two) = (lived(), lived());
    assert_eq!(format!("{one:?}"), format!("{two:?}"));
    // the clairvoyant is never dearer than anybody
    let at = |policy: Policy| one[policy as usize][AS_IS].total_cost();
    let best = at(Policy::Clairvoyant);
    assert!(Policy::ALL.into_iter().all(|it| best <= at(it) + 1e-9));
}

#[test]
fn a_look_from_an_origin_sees_nothing_after_it() {
    let (before, after) =
        (goods(|_, value| value), goods(|step, value| if step < 70 { value } else { 50.0 }));
    let at = |goods: &[Good]| look(goods, 1, &house(), &WEIGHTS);
    assert_eq!(at(&before), at(&after));
}

#[test]
fn what_is_missing_is_assumed_with_a_sentence_and_what_cannot_be_is_named() {
    let told =
        Told { price: Some(5.0), cost: Some(0.0), lead_days: None, stock: Some(-2.0), ..Told::default() };
    let mut demand = vec![1.0; 20];
    demand[3] = -4.0;
    let (good, mended) = Good::new("A", &demand, 12, &told, &house()).unwrap();
    assert_eq!((good.costs.cost, good.opening, good.demand[3]), (4.0, 0.0, 0.0));
    let expected =
        [Mended::Demand { count: 1, first: 3 }, Mended::Cost, Mended::Lead(7.0), Mended::Stock(-2.0)];
    assert_eq!(mended, expected);
    let fault = |demand: &[f64], from| Good::new("A", demand, from, &told, &house()).unwrap_err();
    assert_eq!(fault(&demand, 3), StockError::Past { have: 3, need: 12 });
    assert_eq!(fault(&demand, 20), StockError::Future { have: 20, from: 20 });
    assert_eq!(fault(&[f64::NAN; 20], 12), StockError::Demand(0));
}

#[test]
fn a_frontier_is_read_between_its_points_and_not_beyond() {
    let point = |stock_value, sold| Sums { stock_value, sold, asked: 10.0, ..Sums::default() };
    let frontier = [point(1.0, 5.0), point(3.0, 9.0)];
    let stock = |fill| read(&frontier, Sums::fill_rate, fill, |it| it.stock_value);
    assert!((stock(0.7).unwrap() - 2.0).abs() < 1e-12);
    assert_eq!((stock(0.4), stock(0.95)), (None, None));
}

#[test]
fn a_policy_measured_against_itself_differs_by_nothing_and_another_within_its_interval() {
    let lived = |of: &dyn Fn(usize) -> f64| -> Vec<Vec<Vec<Sums>>> {
        let one = |good: usize, part: f64| Sums { stock_value: part * of(good), ..Sums::default() };
        let row = |good: usize, part: f64| vec![one(good, part); WEIGHTS.len()];
        (0..30)
            .map(|good| Policy::ALL.map(|it| row(good, if it == Policy::Ours { 0.8 } else { 1.0 })).to_vec())
            .collect()
    };
    let goods = lived(&|good| 1.0 + good as f64);
    let field = Field::new(&goods, 5);
    let less =
        |ours: &[Sums], theirs: &[Sums]| Some(ours[AS_IS].stock_value / theirs[AS_IS].stock_value - 1.0);
    let same = field.measure(Policy::Habit, Policy::MinMax, less).unwrap();
    assert_eq!((same.value, same.lo, same.hi), (0.0, 0.0, 0.0));
    let fifth = field.measure(Policy::Ours, Policy::Habit, less).unwrap();
    assert!((fifth.value + 0.2).abs() < 1e-12 && fifth.lo <= fifth.value && fifth.value <= fifth.hi);
}
