//! Inventory building blocks against 69 published and computed cases (tests/data/README.md says whose).
//!
//! Figures must agree to 12 digits. Nine (r,Q) approximations were printed by solvers that stopped at steps of 10⁻⁶:
//! there ours, which go on, must be as near as that. Times:
//! `cargo test --release -p dukandar-tests --test house inventory_vectors:: -- --ignored --nocapture`

use dukandar_core::inventory::{
    counts::Counts,
    discount::{Discount, PriceStep, Terms, discounted_order},
    eoq::{Lot, Steady},
    horizon::{self, Demand},
    newsvendor::{self, Costs, Level},
    rq_policy::{self, Policy, Review},
    ss_policy, wagner_whitin,
};
use serde_json::Value;
use std::{hint::black_box, time::Instant};

fn cases() -> Vec<Value> {
    let text = include_str!("../../data/inventory_vectors.json");
    serde_json::from_str(text).unwrap_or_else(|error| panic!("inventory_vectors.json: {error}"))
}

/// A case's parameters and figures.
struct Case<'a>(&'a Value);

impl Case<'_> {
    fn input(&self, name: &str) -> f64 {
        self.0["inputs"][name].as_f64().unwrap_or_else(|| panic!("no {name} in {}", self.0))
    }

    /// A list, or a number for all of `len` periods; `default` where there is neither.
    fn list(&self, name: &str, len: usize, default: f64) -> Vec<f64> {
        match &self.0["inputs"][name] {
            Value::Array(values) => values.iter().filter_map(Value::as_f64).collect(),
            value => vec![value.as_f64().unwrap_or(default); len],
        }
    }

    fn costs(&self) -> Costs {
        Costs { holding: self.input("holding_cost"), stockout: self.input("stockout_cost") }
    }

    fn steady(&self) -> Steady {
        Steady {
            fixed_cost: self.input("fixed_cost"),
            holding_cost: self.input("holding_cost"),
            demand_rate: self.input("demand_rate"),
        }
    }

    fn review(&self) -> Review {
        Review {
            costs: self.costs(),
            fixed_cost: self.input("fixed_cost"),
            demand_mean: self.input("demand_mean"),
            demand_sd: self.input("demand_sd"),
            lead_time: self.input("lead_time"),
        }
    }

    fn periods(&self) -> Vec<wagner_whitin::Period> {
        let len = self.input("num_periods") as usize;
        let [demand, fixed, holding, unit] =
            ["demand", "fixed_cost", "holding_cost", "purchase_cost"].map(|name| self.list(name, len, 0.0));
        let period = |at: usize| wagner_whitin::Period {
            demand: demand[at],
            fixed_cost: fixed[at],
            holding_cost: holding[at],
            unit_cost: unit[at],
        };
        (0..len).map(period).collect()
    }

    fn discount(&self, discount: Discount) -> Vec<(&'static str, f64)> {
        let terms = Terms {
            fixed_cost: self.input("fixed_cost"),
            holding_rate: self.input("holding_cost_rate"),
            demand_rate: self.input("demand_rate"),
        };
        let steps = self.list("breakpoints", 0, 0.0).into_iter().zip(self.list("unit_costs", 0, 0.0));
        let steps: Vec<PriceStep> = steps.map(|(from, unit_cost)| PriceStep { from, unit_cost }).collect();
        let lot = discounted_order(&terms, &steps, discount).unwrap();
        vec![("Q", lot.quantity), ("region", lot.step as f64), ("cost", lot.cost)]
    }

    fn horizon(&self) -> horizon::Plan {
        let (mean, sd) = (self.input("demand_mean"), self.input("demand_sd"));
        let period = horizon::Period {
            holding_cost: self.input("holding_cost"),
            stockout_cost: self.input("stockout_cost"),
            unit_cost: self.input("purchase_cost"),
            fixed_cost: self.input("fixed_cost"),
            discount: self.input("discount_factor"),
            demand: Demand::Normal { mean, sd },
        };
        let ending = Costs {
            holding: self.input("terminal_holding_cost"),
            stockout: self.input("terminal_stockout_cost"),
        };
        let periods = vec![period; self.input("num_periods") as usize];
        horizon::plan(&periods, &ending, self.input("initial_inventory_level") as i64).unwrap()
    }

    /// A printed figure, or all of a printed list.
    fn printed(&self, name: &str) -> Vec<f64> {
        match &self.0["outputs"][name] {
            Value::Array(values) => values.iter().filter_map(Value::as_f64).collect(),
            value => value.as_f64().into_iter().collect(),
        }
    }
}

fn level(found: Level) -> Vec<(&'static str, f64)> {
    vec![("S", found.level), ("cost", found.cost)]
}

fn lot(found: Lot) -> Vec<(&'static str, f64)> {
    vec![("Q", found.quantity), ("cost", found.cost)]
}

fn policy(found: Policy) -> Vec<(&'static str, f64)> {
    vec![("r", found.reorder_point), ("Q", found.quantity)]
}

/// Figures by name as the product has them; lists follow `list_figures`.
fn figures(case: &Case) -> Vec<(&'static str, f64)> {
    match case.0["fn"].as_str().unwrap_or_default() {
        "economic_order_quantity" => lot(case.steady().order().unwrap()),
        "economic_order_quantity_with_all_units_discounts" => case.discount(Discount::AllUnits),
        "economic_order_quantity_with_incremental_discounts" => case.discount(Discount::Incremental),
        "economic_order_quantity_with_backorders" => {
            let found = case.steady().order_with_backorders(case.input("stockout_cost")).unwrap();
            vec![("Q", found.quantity), ("x", found.waiting), ("cost", found.cost)]
        }
        "economic_production_quantity" => {
            lot(case.steady().production(case.input("production_rate")).unwrap())
        }
        "wagner_whitin" => {
            vec![("cost", wagner_whitin::schedule(&case.periods()).unwrap().cost)]
        }
        "newsvendor_normal" => {
            let lead_time = case.0["inputs"]["lead_time"].as_f64().unwrap_or(0.0);
            let (mean, sd) = (case.input("demand_mean"), case.input("demand_sd"));
            level(newsvendor::normal(&case.costs(), mean, sd, lead_time).unwrap())
        }
        "newsvendor_poisson" => {
            let demand = Counts::poisson(case.input("demand_mean")).unwrap();
            level(newsvendor::counts(&case.costs(), &demand).unwrap())
        }
        "r_q_eil_approximation" => {
            let (found, cost) = case.review().expected_inventory_level().unwrap();
            vec![("r", found.reorder_point), ("Q", found.quantity), ("cost", cost)]
        }
        "r_q_eoqb_approximation" => policy(case.review().eoq_with_backorders().unwrap()),
        "r_q_eoqss_approximation" => policy(case.review().eoq_plus_safety_stock().unwrap()),
        "r_q_loss_function_approximation" => policy(case.review().loss_function().unwrap()),
        "r_q_cost" => {
            let reorder_point = case.input("reorder_point");
            let asked = Policy { reorder_point, quantity: case.input("order_quantity") };
            vec![("cost", case.review().cost(&asked).unwrap())]
        }
        "r_q_poisson_exact" => {
            let [fixed, mean, lead] = ["fixed_cost", "demand_mean", "lead_time"].map(|it| case.input(it));
            let found = rq_policy::poisson(&case.costs(), fixed, mean, lead).unwrap();
            vec![("r", found.reorder_point as f64), ("Q", found.quantity as f64), ("cost", found.cost)]
        }
        "s_s_discrete_exact" => {
            let (fixed, mean) = (case.input("fixed_cost"), case.input("demand_mean"));
            let found = ss_policy::poisson(&case.costs(), fixed, mean, 0.0).unwrap();
            vec![("s", found.reorder_point as f64), ("S", found.up_to as f64), ("cost", found.cost)]
        }
        "s_s_power_approximation" => {
            let [fixed, mean, sd] = ["fixed_cost", "demand_mean", "demand_sd"].map(|it| case.input(it));
            let found = ss_policy::power_approximation(&case.costs(), fixed, mean, sd, 0.0).unwrap();
            vec![("s", found.reorder_point), ("S", found.up_to)]
        }
        "finite_horizon_dp" => vec![("total_cost", case.horizon().cost)],
        unknown => panic!("{unknown} is new: the test must learn it"),
    }
}

/// Lists by name. The reference counts periods from 1 and puts a 0 before them.
fn list_figures(case: &Case) -> Vec<(&'static str, Vec<f64>)> {
    let from_one = |values: Vec<f64>| [vec![0.0], values].concat();
    match case.0["fn"].as_str().unwrap_or_default() {
        "wagner_whitin" => {
            let found = wagner_whitin::schedule(&case.periods()).unwrap();
            let next = found.next.iter().map(|next| *next as f64 + 1.0).collect();
            let all = [
                ("order_quantities(1-based)", found.orders),
                ("costs_to_go", found.costs_to_go),
                ("next_order_periods", next),
            ];
            let printed = all.into_iter().filter(|(name, _)| !case.printed(name).is_empty());
            printed.map(|(name, values)| (name, from_one(values))).collect()
        }
        "finite_horizon_dp" => {
            let levels: Vec<_> = case.horizon().levels.into_iter().map(Option::unwrap).collect();
            let s = levels.iter().map(|it| it.reorder_point as f64).collect();
            let up_to = levels.iter().map(|it| it.up_to as f64).collect();
            vec![("s", from_one(s)), ("S", from_one(up_to))]
        }
        _ => vec![],
    }
}

#[test]
fn all_69_cases_to_their_digits() {
    let cases = cases();
    assert_eq!(cases.len(), 69);
    let mut faults = Vec::new();
    for (index, value) in cases.iter().enumerate() {
        let case = Case(value);
        let function = value["fn"].as_str().unwrap_or_default();
        let stopped_early = ["eil", "eoqb", "loss_function"].iter().any(|it| function.contains(it))
            && function.starts_with("r_q_");
        let mut named = list_figures(&case);
        named.extend(figures(&case).into_iter().map(|(name, figure)| (name, vec![figure])));
        let printed = value["outputs"].as_object().map_or(0, |outputs| outputs.len());
        assert_eq!(named.len(), printed, "case {index}: every printed figure must be compared");
        for (name, ours) in named {
            let theirs = case.printed(name);
            let near = |(a, b): (&f64, &f64)| {
                let allowed = if stopped_early { 1e-6 } else { 1e-12 * b.abs() };
                (a - b).abs() <= allowed
            };
            if ours.len() != theirs.len() || !ours.iter().zip(&theirs).all(near) {
                faults.push(format!("case {index} {function} {name}: {ours:?}, printed {theirs:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Microseconds a run, the best of 20 rounds.
fn best_micros(mut work: impl FnMut()) -> f64 {
    let round = |_| {
        let start = Instant::now();
        (0..20).for_each(|_| work());
        start.elapsed().as_secs_f64() * 1e6 / 20.0
    };
    (0..20).map(round).fold(f64::INFINITY, f64::min)
}

#[test]
#[ignore = "a measurement, to be run in release"]
fn how_long_the_exact_ones_take() {
    for (index, value) in cases().iter().enumerate() {
        let function = value["fn"].as_str().unwrap_or_default();
        let exact = function.contains("exact") || function == "finite_horizon_dp";
        if exact || function == "wagner_whitin" {
            let case = Case(value);
            let micros = match function {
                "wagner_whitin" => {
                    let periods = case.periods();
                    best_micros(|| drop(black_box(wagner_whitin::schedule(black_box(&periods)))))
                }
                _ => best_micros(|| drop(black_box(figures(&case)))),
            };
            println!("case {index:>2} {function:<20} {micros:>9.1} µs");
        }
    }
}
