//! Inventory building blocks against enumeration of all policies on small problems, and what they refuse.

use dukandar_core::inventory::{
    counts::Counts,
    discount::{Discount, PriceStep, Terms, discounted_order},
    eoq::Steady,
    horizon::{self, Demand},
    input::InputError,
    lead_demand::LeadDemand,
    lead_time::LeadTime,
    newsvendor::{self, Costs},
    rq_policy::{self, Policy, Review},
    ss_policy,
    wagner_whitin::{self, Period},
};
use proptest::prelude::*;

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

fn costs() -> impl Strategy<Value = Costs> {
    (0.1..5.0, 0.1..30.0).prop_map(|(holding, stockout)| Costs { holding, stockout })
}

/// Chances of 0, 1, … pieces; something is asked for.
fn chances() -> impl Strategy<Value = Vec<f64>> {
    (prop::collection::vec(0.0..1.0, 1..4), 0.05..1.0).prop_map(|(mut weights, last)| {
        weights.push(last);
        let all: f64 = weights.iter().sum();
        weights.iter().map(|weight| weight / all).collect()
    })
}

/// Newsvendor cost by definition.
fn price(costs: &Costs, chances: &[f64], y: i64) -> f64 {
    let one = |(pieces, chance): (usize, &f64)| {
        let left = (y - pieces as i64) as f64;
        chance * (costs.holding * left.max(0.0) + costs.stockout * (-left).max(0.0))
    };
    chances.iter().enumerate().map(one).sum()
}

/// The cheapest way through known demand with any whole orders, by trying them all.
fn cheapest(periods: &[Period], stock: u32, to_come: u32) -> f64 {
    let Some((now, later)) = periods.split_first() else { return 0.0 };
    let demand = now.demand as u32;
    let order = |pieces: u32| {
        let left = (stock + pieces).checked_sub(demand)?;
        let fixed = if pieces > 0 { now.fixed_cost } else { 0.0 };
        let here = fixed + now.unit_cost * f64::from(pieces) + now.holding_cost * f64::from(left);
        Some(here + cheapest(later, left, to_come - demand))
    };
    (0..=to_come.saturating_sub(stock)).filter_map(order).fold(f64::INFINITY, f64::min)
}

/// Expected cost and periods from level `y` until an order, step by step.
fn until_order(costs: &Costs, chances: &[f64], s: i64, y: i64) -> (f64, f64) {
    let (mut cost, mut periods) = (price(costs, chances, y), 1.0);
    for (pieces, chance) in chances.iter().enumerate().skip(1) {
        if y - pieces as i64 > s {
            let below = until_order(costs, chances, s, y - pieces as i64);
            cost += chance * below.0;
            periods += chance * below.1;
        }
    }
    (cost / (1.0 - chances[0]), periods / (1.0 - chances[0]))
}

/// Expected cost of the best rule, by trying every order at every stock.
fn best_rule(costs: &Costs, unit: f64, fixed: f64, chances: &[f64], left: usize, stock: i64) -> f64 {
    if left == 0 {
        return price(costs, &[1.0], stock);
    }
    let order = |pieces: i64| {
        let y = stock + pieces;
        let after = |(asked, chance): (usize, &f64)| {
            chance * best_rule(costs, unit, fixed, chances, left - 1, y - asked as i64)
        };
        let later: f64 = chances.iter().enumerate().map(after).sum();
        let paid = if pieces > 0 { fixed + unit * pieces as f64 } else { 0.0 };
        paid + price(costs, chances, y) + 0.9 * later
    };
    (0..=(left * chances.len()) as i64 - stock.min(0)).map(order).fold(f64::INFINITY, f64::min)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn wagner_whitin_is_the_cheapest_of_all_orders(
        drawn in prop::collection::vec((0u32..4, 0u32..12, 0u32..4, 0u32..6), 1..5),
    ) {
        let period = |&(demand, fixed, holding, unit): &(u32, u32, u32, u32)| Period {
            demand: f64::from(demand),
            fixed_cost: f64::from(fixed),
            holding_cost: f64::from(holding),
            unit_cost: f64::from(unit),
        };
        let periods: Vec<Period> = drawn.iter().map(period).collect();
        let all: f64 = periods.iter().map(|it| it.demand).sum();
        let found = wagner_whitin::schedule(&periods).unwrap();
        prop_assert_eq!(found.cost, cheapest(&periods, 0, all as u32));
        // what it orders costs what it says
        let (mut stock, mut paid) = (0.0, 0.0);
        for (period, order) in periods.iter().zip(&found.orders) {
            stock += order - period.demand;
            prop_assert!(stock >= 0.0);
            paid += period.unit_cost * order + period.holding_cost * stock;
            paid += if *order > 0.0 { period.fixed_cost } else { 0.0 };
        }
        prop_assert_eq!(paid, found.cost);
    }

    #[test]
    fn exact_s_s_is_the_best_of_all_pairs(costs in costs(), fixed in 0.0..30.0, chances in chances()) {
        let demand = Counts::from_chances(&chances).unwrap();
        let found = ss_policy::exact(&costs, fixed, &demand, &demand).unwrap();
        let cost = |s: i64, up_to: i64| {
            let (cost, periods) = until_order(&costs, &chances, s, up_to);
            (fixed + cost) / periods
        };
        if found.up_to - found.reorder_point < 16 {
            prop_assert!(near(found.cost, cost(found.reorder_point, found.up_to)));
        }
        for s in -8..4 {
            for up_to in (s + 1)..(s + 13) {
                let other = cost(s, up_to);
                prop_assert!(found.cost <= other + 1e-9 * other, "{s} {up_to}: {other} {found:?}");
            }
        }
    }

    #[test]
    fn poisson_r_q_is_the_best_of_all_pairs(
        costs in costs(), fixed in 0.5..40.0, mean in 0.1..4.0, lead_time in 0.0..3.0,
    ) {
        let found = rq_policy::poisson(&costs, fixed, mean, lead_time).unwrap();
        let demand = Counts::poisson(mean * lead_time).unwrap();
        let level = |y: i64| demand.cost(y, costs.holding, costs.stockout);
        let cost = |r: i64, q: i64| (fixed * mean + ((r + 1)..=(r + q)).map(level).sum::<f64>()) / q as f64;
        prop_assert!(near(found.cost, cost(found.reorder_point, found.quantity)));
        for r in -30..20 {
            for q in 1..50 {
                prop_assert!(found.cost <= cost(r, q) * (1.0 + 1e-12), "{r} {q} {found:?}");
            }
        }
    }

    #[test]
    fn newsvendor_levels_are_the_best_of_all(
        costs in costs(), chances in chances(), seen in prop::collection::vec(0u32..20, 1..12),
    ) {
        let found = newsvendor::counts(&costs, &Counts::from_chances(&chances).unwrap()).unwrap();
        prop_assert!(near(found.cost, price(&costs, &chances, found.level as i64)));
        prop_assert!((-2..8).all(|y| found.cost <= price(&costs, &chances, y) + 1e-9));
        // two ways to the same answer
        let values: Vec<f64> = seen.iter().map(|count| f64::from(*count)).collect();
        let empirical = newsvendor::empirical(&costs, &values).unwrap();
        let counted = newsvendor::counts(&costs, &Counts::seen(&seen).unwrap()).unwrap();
        prop_assert!(near(empirical.cost, counted.cost), "{empirical:?} {counted:?}");
    }

    #[test]
    fn a_horizon_costs_what_trying_everything_costs(
        costs in costs(), unit in 0.0..4.0, fixed in 0.0..8.0, weight in 0.0..1.0, stock in -2i64..4,
    ) {
        let chances = [0.3 * weight, 1.0 - weight, 0.7 * weight];
        let period = horizon::Period {
            holding_cost: costs.holding,
            stockout_cost: costs.stockout,
            unit_cost: unit,
            fixed_cost: fixed,
            discount: 0.9,
            demand: Demand::Counts(Counts::from_chances(&chances).unwrap()),
        };
        let found = horizon::plan(&[period.clone(), period.clone(), period], &costs, stock).unwrap();
        prop_assert!(near(found.cost, best_rule(&costs, unit, fixed, &chances, 3, stock)), "{found:?}");
    }

    #[test]
    fn no_other_lot_is_cheaper_under_a_price_list(
        fixed in 1.0..200.0, rate in 0.05..0.5, demand in 10.0..500.0, gaps in prop::collection::vec((1.0..150.0, 0.5..0.99), 0..4),
    ) {
        let mut steps = vec![PriceStep { from: 0.0, unit_cost: 20.0 }];
        for (gap, share) in gaps {
            let last = steps[steps.len() - 1];
            steps.push(PriceStep { from: last.from + gap, unit_cost: last.unit_cost * share });
        }
        let terms = Terms { fixed_cost: fixed, holding_rate: rate, demand_rate: demand };
        for discount in [Discount::AllUnits, Discount::Incremental] {
            let found = discounted_order(&terms, &steps, discount).unwrap();
            // what a lot costs, by walking through the list
            let goods = |q: f64| match discount {
                Discount::AllUnits => q * steps.iter().rfind(|it| it.from <= q).unwrap().unit_cost,
                Discount::Incremental => (0..steps.len()).map(|at| {
                    let end = steps.get(at + 1).map_or(f64::INFINITY, |next| next.from).min(q);
                    (end - steps[at].from).max(0.0) * steps[at].unit_cost
                }).sum(),
            };
            let cost = |q: f64| (fixed + goods(q)) * demand / q + rate * goods(q) / 2.0;
            prop_assert!(near(found.cost, cost(found.quantity)), "{found:?}");
            let lots = (1..4_000).map(f64::from).chain(steps[1..].iter().map(|it| it.from));
            for q in lots {
                prop_assert!(found.cost <= cost(q) * (1.0 + 1e-12), "{q}: {} {found:?}", cost(q));
            }
        }
    }

    #[test]
    fn no_other_run_is_cheaper_where_demand_waits(
        fixed in 1.0..100.0, holding in 0.1..4.0, stockout in 0.1..20.0, share in 0.05..0.95,
    ) {
        let steady = Steady { fixed_cost: fixed, holding_cost: holding, demand_rate: 40.0 };
        let (busy, rate) = (1.0 - share, 40.0 / share);
        let found = steady.production_with_backorders(rate, stockout).unwrap();
        // most in stock and most owed share what is made beyond demand in a run
        let cost = |q: f64, waiting: f64| {
            let (owed, stocked) = (q * busy * waiting, q * busy * (1.0 - waiting));
            let held = holding * stocked * stocked + stockout * owed * owed;
            fixed * 40.0 / q + held / (2.0 * q * busy)
        };
        prop_assert!(near(found.cost, cost(found.quantity, found.waiting)));
        for q in 1..40 {
            for waiting in 0..20 {
                let other = cost(found.quantity * f64::from(q) / 20.0, f64::from(waiting) / 19.0);
                prop_assert!(found.cost <= other * (1.0 + 1e-12));
            }
        }
    }

    #[test]
    fn r_q_cost_is_its_integral_and_r_the_best(
        costs in costs(), mean in 5.0..100.0, sd in 1.0..20.0, lead_time in 0.1..4.0, quantity in 1.0..200.0, r in -50.0..200.0,
    ) {
        let review = Review { costs, fixed_cost: 20.0, demand_mean: mean, demand_sd: sd, lead_time };
        let at = |reorder_point: f64| review.cost(&Policy { reorder_point, quantity }).unwrap();
        // a mean of thin lots: the integral by the middles of slices
        let slices = 4_000;
        let one = |index: i32| {
            let y = r + quantity * (f64::from(index) + 0.5) / f64::from(slices);
            let level = review.cost(&Policy { reorder_point: y - 5e-4, quantity: 1e-3 }).unwrap();
            level - 20.0 * mean / 1e-3
        };
        let integral = (0..slices).map(one).sum::<f64>() / f64::from(slices);
        let wanted = 20.0 * mean / quantity + integral;
        prop_assert!((at(r) / wanted - 1.0).abs() < 1e-3, "{} {wanted}", at(r));
        let best = review.best_reorder_point(quantity).unwrap();
        prop_assert!([-5.0, -0.5, 0.5, 5.0].iter().all(|off| at(best) <= at(best + off) * (1.0 + 1e-12)));
    }
}

#[test]
fn demand_until_arrival_by_hand() {
    let paths: [&[f64]; 2] = [&[1.0, 2.0, 3.0, 4.0], &[5.0, 6.0, 7.0, 8.0]];
    let lead = |mean_days: f64, sd_days: f64| LeadTime { mean_days, sd_days, learned: true };
    // two days: 3 or 11
    let sure = LeadDemand::over(&paths, &lead(2.0, 0.0), 0).unwrap();
    assert_eq!((sure.mean, sure.sd), (7.0, 4.0));
    assert_eq!((sure.level(0.5), sure.level(0.51)), (Ok(3.0), Ok(11.0)));
    assert_eq!((sure.safety_stock(0.9), sure.safety_stock(0.1)), (Ok(4.0), Ok(0.0)));
    assert_eq!(sure.shortage(5.0), 3.0);
    // a day and a half and a day of review: two days or three
    let half = LeadDemand::over(&paths, &lead(1.5, 0.0), 1).unwrap();
    assert_eq!(half.mean, (3.0 + 6.0 + 11.0 + 18.0) / 4.0);
    // four days are the longest that the paths know
    let refused = LeadDemand::over(&paths, &lead(4.0, 1.0), 0).unwrap_err();
    let said = "days of the paths is 4: as many days as lead time and review may take was expected";
    assert_eq!(refused.to_string(), said);
    assert!(LeadDemand::over(&paths, &lead(1.0, 0.0), 5).is_err());
    assert!(LeadDemand::over(&[], &lead(1.0, 0.0), 0).is_err());
}

#[test]
fn a_doubtful_lead_time_keeps_its_mean_and_adds_to_the_spread() {
    // one piece a day: demand is the lead time itself
    let path = vec![1.0; 60];
    let lead = LeadTime { mean_days: 12.3, sd_days: 3.0, learned: true };
    let found = LeadDemand::over(&[&path], &lead, 7).unwrap();
    assert!((found.mean - 19.3).abs() < 1e-3, "{}", found.mean);
    // whole days round by up to a sixth of a day squared
    assert!((found.sd - (9.0f64 + 1.0 / 6.0).sqrt()).abs() < 0.02, "{}", found.sd);
}

#[test]
fn nonsense_is_refused_by_name() {
    let costs = Costs { holding: 1.0, stockout: 9.0 };
    let steady = Steady { fixed_cost: 10.0, holding_cost: 1.0, demand_rate: 5.0 };
    let name = |error: InputError| error.name;
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let eoq = Steady { holding_cost: bad, ..steady }.order();
        assert_eq!(eoq.map_err(name), Err("holding_cost"));
        assert_eq!(steady.order_with_backorders(bad).map_err(name), Err("stockout_cost"));
        let normal = newsvendor::normal(&Costs { holding: bad, ..costs }, 5.0, 1.0, 0.0);
        assert_eq!(normal.map_err(name), Err("holding_cost"));
        assert_eq!(ss_policy::poisson(&costs, 1.0, bad, 0.0).map_err(name), Err("demand_mean"));
        assert_eq!(rq_policy::poisson(&costs, bad, 1.0, 0.0).map_err(name), Err("fixed_cost"));
        let power = ss_policy::power_approximation(&costs, 1.0, 5.0, bad, 0.0);
        assert_eq!(power.map_err(name), Err("demand_sd"));
    }
    let error = Steady { fixed_cost: f64::NAN, ..steady }.order().unwrap_err();
    assert_eq!(error.to_string(), "fixed_cost is NaN: a finite number above 0 was expected");
    let error = steady.production(5.0).unwrap_err();
    assert_eq!(error.to_string(), "production_rate is 5: more than demand_rate was expected");
    let period = Period { demand: -1.0, fixed_cost: 1.0, holding_cost: 1.0, unit_cost: 0.0 };
    assert_eq!(wagner_whitin::schedule(&[period]).map_err(name), Err("demand"));
    assert_eq!(wagner_whitin::schedule(&[]).unwrap().cost, 0.0);
    assert_eq!(newsvendor::empirical(&costs, &[]).map_err(name), Err("number of demands seen"));
    assert_eq!(Counts::from_chances(&[0.5, f64::NAN]).map_err(name), Err("demand chance"));
    assert_eq!(Counts::poisson(1e9).map_err(name), Err("demand_mean"));
    let cheap = Review {
        costs: Costs { holding: 10.0, stockout: 0.01 },
        fixed_cost: 5.0,
        demand_mean: 3.0,
        demand_sd: 1.0,
        lead_time: 1.0,
    };
    assert_eq!(cheap.expected_inventory_level().map_err(name), Err("stockout_cost"));
    let never = Counts::from_chances(&[1.0]).unwrap();
    assert_eq!(ss_policy::exact(&costs, 1.0, &never, &never).map_err(name), Err("demand_mean"));
    let steps = [PriceStep { from: 0.0, unit_cost: 5.0 }, PriceStep { from: 10.0, unit_cost: 6.0 }];
    let terms = Terms { fixed_cost: 1.0, holding_rate: 0.2, demand_rate: 5.0 };
    assert_eq!(discounted_order(&terms, &steps, Discount::AllUnits).map_err(name), Err("unit_cost"));
}

#[test]
fn the_papers_bound_on_the_power_approximation() {
    let costs = Costs { holding: 0.18, stockout: 0.7 };
    let found = ss_policy::power_approximation(&costs, 2.5, 50.0, 8.0, 0.0).unwrap();
    let level = newsvendor::normal(&costs, 50.0, 8.0, 0.0).unwrap().level;
    assert_eq!(found.bounded(50.0, level).up_to, level);
    assert_eq!(found.bounded(5.0, level), found);
}
