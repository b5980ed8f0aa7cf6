//! `lab inventory`: problems by the names of the published cases (`fn`, `inputs`), and `plan`, a basket under limits.
//!
//! In comes a JSON list, out goes a list of `{"outputs": {…}}` in the same order. A name that is not known, a figure that is
//! missing and one that makes no sense are errors that say which problem of the list it was.

use super::{Common, LabError, input};
use dukandar_core::inventory::{
    counts::Counts,
    discount::{Discount, PriceStep, Terms, discounted_order},
    eoq::{Lot, Steady},
    horizon::{self, Demand},
    input::InputError,
    newsvendor::{self, Costs, Level},
    plan::{
        basket::{self, Held, allot},
        model::{Algorithm, Inputs, InventoryOptimizationModel, paisa},
    },
    rq_policy::{self, Policy, Review},
    ss_policy, wagner_whitin,
};
use serde_json::{Map, Value, json};
use std::io::Write as _;

/// Options of `lab inventory`.
#[derive(clap::Args, Debug)]
pub struct InventoryArgs {
    #[command(flatten)]
    common: Common,
}

/// Why a problem has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ProblemError {
    /// Not a list.
    #[error("expected a JSON list of problems as {{\"fn\": …, \"inputs\": {{…}}}}: {0}")]
    Shape(String),
    /// An unknown name.
    #[error("problem {place}: {name:?} is not known; expected a name of the published cases or \"plan\"")]
    Unknown {
        /// Place in the list, from 0.
        place: usize,
        /// What was asked.
        name: String,
    },
    /// A figure is missing or of another kind.
    #[error("problem {place} ({name}): input {input} is missing or not {expected}")]
    Missing {
        /// Place in the list, from 0.
        place: usize,
        /// Which function.
        name: String,
        /// Which input.
        input: String,
        /// What was expected.
        expected: &'static str,
    },
    /// A figure makes no sense.
    #[error("problem {place} ({name}): {error}")]
    Input {
        /// Place in the list, from 0.
        place: usize,
        /// Which function.
        name: String,
        /// What the model says.
        error: InputError,
    },
}

pub(super) fn run(args: &InventoryArgs) -> Result<(), LabError> {
    let mut bytes = Vec::new();
    input::each_chunk(&args.common.input, |chunk| {
        bytes.extend_from_slice(chunk);
        Ok(())
    })?;
    let shape = |error: &dyn std::fmt::Display| ProblemError::Shape(error.to_string());
    let problems: Vec<Value> = serde_json::from_slice(&bytes).map_err(|error| shape(&error))?;
    let mut answers = Vec::with_capacity(problems.len());
    for (place, problem) in problems.iter().enumerate() {
        let name = problem["fn"].as_str().unwrap_or_default();
        answers.push(json!({ "outputs": Problem { place, name, inputs: &problem["inputs"] }.outputs()? }));
    }
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &answers)?;
    writeln!(out)?;
    Ok(())
}

struct Problem<'a> {
    place: usize,
    name: &'a str,
    inputs: &'a Value,
}

type Figures = Map<String, Value>;

fn figures<const N: usize>(named: [(&str, Value); N]) -> Figures {
    named.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn level(found: Level) -> Figures {
    figures([("S", json!(found.level)), ("cost", json!(found.cost))])
}

fn lot(found: Lot) -> Figures {
    figures([("Q", json!(found.quantity)), ("cost", json!(found.cost))])
}

fn policy(found: Policy) -> Figures {
    figures([("r", json!(found.reorder_point)), ("Q", json!(found.quantity))])
}

/// Periods are counted from 1, with a 0 before them.
fn from_one(values: impl Iterator<Item = Value>) -> Value {
    Value::Array(std::iter::once(json!(0)).chain(values).collect())
}

impl Problem<'_> {
    fn missing(&self, input: &str, expected: &'static str) -> ProblemError {
        ProblemError::Missing {
            place: self.place,
            name: self.name.to_owned(),
            input: input.to_owned(),
            expected,
        }
    }

    fn number(&self, input: &str) -> Result<f64, ProblemError> {
        self.inputs[input].as_f64().ok_or_else(|| self.missing(input, "a number"))
    }

    fn number_or(&self, input: &str, default: f64) -> Result<f64, ProblemError> {
        if self.inputs[input].is_null() { Ok(default) } else { self.number(input) }
    }

    /// A list, or a number for all of `len` periods, or `default` where there is neither.
    fn list(&self, input: &str, len: usize, default: Option<f64>) -> Result<Vec<f64>, ProblemError> {
        let missing = || self.missing(input, "a number or a list of numbers, one a period");
        match &self.inputs[input] {
            Value::Array(values) => {
                let read: Option<Vec<f64>> = values.iter().map(Value::as_f64).collect();
                read.filter(|values| len == 0 || values.len() == len).ok_or_else(missing)
            }
            Value::Null => default.map(|value| vec![value; len]).ok_or_else(missing),
            value => value.as_f64().map(|value| vec![value; len]).ok_or_else(missing),
        }
    }

    fn refused(&self, error: InputError) -> ProblemError {
        ProblemError::Input { place: self.place, name: self.name.to_owned(), error }
    }

    fn costs(&self) -> Result<Costs, ProblemError> {
        Ok(Costs { holding: self.number("holding_cost")?, stockout: self.number("stockout_cost")? })
    }

    fn steady(&self) -> Result<Steady, ProblemError> {
        Ok(Steady {
            fixed_cost: self.number("fixed_cost")?,
            holding_cost: self.number("holding_cost")?,
            demand_rate: self.number("demand_rate")?,
        })
    }

    fn review(&self) -> Result<Review, ProblemError> {
        Ok(Review {
            costs: self.costs()?,
            fixed_cost: self.number("fixed_cost")?,
            demand_mean: self.number("demand_mean")?,
            demand_sd: self.number("demand_sd")?,
            lead_time: self.number("lead_time")?,
        })
    }

    fn outputs(&self) -> Result<Figures, ProblemError> {
        let refused = |error| self.refused(error);
        Ok(match self.name {
            "economic_order_quantity" => lot(self.steady()?.order().map_err(refused)?),
            "economic_order_quantity_with_all_units_discounts" => self.discounted(Discount::AllUnits)?,
            "economic_order_quantity_with_incremental_discounts" => self.discounted(Discount::Incremental)?,
            "economic_order_quantity_with_backorders" => {
                let stockout = self.number("stockout_cost")?;
                let found = self.steady()?.order_with_backorders(stockout).map_err(refused)?;
                let mut figures = lot(found);
                figures.insert("x".to_owned(), json!(found.waiting));
                figures
            }
            "economic_production_quantity" => {
                let rate = self.number("production_rate")?;
                lot(self.steady()?.production(rate).map_err(refused)?)
            }
            "wagner_whitin" => self.schedule()?,
            "newsvendor_normal" => {
                let (mean, sd) = (self.number("demand_mean")?, self.number("demand_sd")?);
                let lead_time = self.number_or("lead_time", 0.0)?;
                level(newsvendor::normal(&self.costs()?, mean, sd, lead_time).map_err(refused)?)
            }
            "newsvendor_poisson" => {
                let demand = Counts::poisson(self.number("demand_mean")?).map_err(refused)?;
                level(newsvendor::counts(&self.costs()?, &demand).map_err(refused)?)
            }
            "r_q_eil_approximation" => {
                let (found, cost) = self.review()?.expected_inventory_level().map_err(refused)?;
                let mut figures = policy(found);
                figures.insert("cost".to_owned(), json!(cost));
                figures
            }
            "r_q_eoqb_approximation" => policy(self.review()?.eoq_with_backorders().map_err(refused)?),
            "r_q_eoqss_approximation" => policy(self.review()?.eoq_plus_safety_stock().map_err(refused)?),
            "r_q_loss_function_approximation" => policy(self.review()?.loss_function().map_err(refused)?),
            "r_q_cost" => {
                let asked = Policy {
                    reorder_point: self.number("reorder_point")?,
                    quantity: self.number("order_quantity")?,
                };
                figures([("cost", json!(self.review()?.cost(&asked).map_err(refused)?))])
            }
            "r_q_poisson_exact" => {
                let fixed = self.number("fixed_cost")?;
                let (mean, lead) = (self.number("demand_mean")?, self.number("lead_time")?);
                let found = rq_policy::poisson(&self.costs()?, fixed, mean, lead).map_err(refused)?;
                figures([
                    ("r", json!(found.reorder_point)),
                    ("Q", json!(found.quantity)),
                    ("cost", json!(found.cost)),
                ])
            }
            "s_s_discrete_exact" => {
                let (fixed, mean) = (self.number("fixed_cost")?, self.number("demand_mean")?);
                let found = ss_policy::poisson(&self.costs()?, fixed, mean, 0.0).map_err(refused)?;
                figures([
                    ("s", json!(found.reorder_point)),
                    ("S", json!(found.up_to)),
                    ("cost", json!(found.cost)),
                ])
            }
            "s_s_power_approximation" => {
                let fixed = self.number("fixed_cost")?;
                let (mean, sd) = (self.number("demand_mean")?, self.number("demand_sd")?);
                let found =
                    ss_policy::power_approximation(&self.costs()?, fixed, mean, sd, 0.0).map_err(refused)?;
                figures([("s", json!(found.reorder_point)), ("S", json!(found.up_to))])
            }
            "finite_horizon_dp" => self.horizon()?,
            "plan" => self.plan()?,
            name => return Err(ProblemError::Unknown { place: self.place, name: name.to_owned() }),
        })
    }

    fn schedule(&self) -> Result<Figures, ProblemError> {
        let len = self.number("num_periods")? as usize;
        let demand = self.list("demand", len, None)?;
        let [fixed, holding, unit] =
            [("fixed_cost", None), ("holding_cost", None), ("purchase_cost", Some(0.0))]
                .map(|(name, default)| self.list(name, len, default));
        let (fixed, holding, unit) = (fixed?, holding?, unit?);
        let period = |at: usize| wagner_whitin::Period {
            demand: demand[at],
            fixed_cost: fixed[at],
            holding_cost: holding[at],
            unit_cost: unit[at],
        };
        let periods: Vec<_> = (0..len).map(period).collect();
        let found = wagner_whitin::schedule(&periods).map_err(|error| self.refused(error))?;
        Ok(figures([
            ("order_quantities(1-based)", from_one(found.orders.iter().map(|it| json!(it)))),
            ("cost", json!(found.cost)),
            ("costs_to_go", from_one(found.costs_to_go.iter().map(|it| json!(it)))),
            ("next_order_periods", from_one(found.next.iter().map(|it| json!(it + 1)))),
        ]))
    }

    fn discounted(&self, discount: Discount) -> Result<Figures, ProblemError> {
        let terms = Terms {
            fixed_cost: self.number("fixed_cost")?,
            holding_rate: self.number("holding_cost_rate")?,
            demand_rate: self.number("demand_rate")?,
        };
        let (from, costs) = (self.list("breakpoints", 0, None)?, self.list("unit_costs", 0, None)?);
        let steps = from.into_iter().zip(costs).map(|(from, unit_cost)| PriceStep { from, unit_cost });
        let steps: Vec<PriceStep> = steps.collect();
        let found = discounted_order(&terms, &steps, discount).map_err(|error| self.refused(error))?;
        Ok(figures([
            ("Q", json!(found.quantity)),
            ("region", json!(found.step)),
            ("cost", json!(found.cost)),
        ]))
    }

    fn horizon(&self) -> Result<Figures, ProblemError> {
        let (mean, sd) = (self.number("demand_mean")?, self.number("demand_sd")?);
        let period = horizon::Period {
            holding_cost: self.number("holding_cost")?,
            stockout_cost: self.number("stockout_cost")?,
            unit_cost: self.number_or("purchase_cost", 0.0)?,
            fixed_cost: self.number("fixed_cost")?,
            discount: self.number_or("discount_factor", 1.0)?,
            demand: Demand::Normal { mean, sd },
        };
        let ending = Costs {
            holding: self.number("terminal_holding_cost")?,
            stockout: self.number("terminal_stockout_cost")?,
        };
        let periods = vec![period; self.number("num_periods")? as usize];
        let stock = self.number_or("initial_inventory_level", 0.0)? as i64;
        let found = horizon::plan(&periods, &ending, stock).map_err(|error| self.refused(error))?;
        // a period without an order has no level
        let level = |up: fn(&horizon::Levels) -> i64| {
            from_one(found.levels.iter().map(move |it| json!(it.as_ref().map(up))))
        };
        Ok(figures([
            ("s", level(|it| it.reorder_point)),
            ("S", level(|it| it.up_to)),
            ("total_cost", json!(found.cost)),
        ]))
    }

    /// A basket: `products` with their forecasts, costs and stock, within `max_investment` rupees, `storage_capacity`
    /// pieces and `supplier_minimums` rupees by supplier (or one for all).
    fn plan(&self) -> Result<Figures, ProblemError> {
        let products =
            self.inputs["products"].as_array().ok_or_else(|| self.missing("products", "a list"))?;
        let mut suppliers: Vec<String> = Vec::new();
        let (mut items, mut rows, mut stored) = (Vec::new(), Vec::new(), 0.0);
        for (at, product) in products.iter().enumerate() {
            let (algorithm, inputs) = self.product(at, product)?;
            let found = inputs.find(algorithm).map_err(|error| self.refused(error))?;
            let supplier = text(&product["supplier_id"]).or_else(|| text(&product["supplier"]));
            let supplier = supplier.map(|name| {
                suppliers.iter().position(|known| *known == name).unwrap_or_else(|| {
                    suppliers.push(name);
                    suppliers.len() - 1
                })
            });
            stored += inputs.stock.max(0.0);
            items.push(inputs.item(&found, supplier));
            rows.push((at, text(&product["product_id"]), found));
        }
        let limits = basket::Limits {
            budget: self.limit("max_investment")?.map(paisa),
            space: self.limit("storage_capacity")?.map(|room| room - stored),
            minimums: self.minimums(&suppliers)?,
        };
        let shared = allot(&items, &limits);
        let row = |(at, id, found): (usize, Option<String>, dukandar_core::inventory::plan::model::Found)| {
            let outlay = items[at].outlay as f64 / 100.0;
            json!({
                "product_id": id.unwrap_or_else(|| at.to_string()),
                "order_quantity": shared.pieces[at],
                "wanted_quantity": found.order,
                "order_value": outlay * shared.pieces[at] as f64,
                "optimal_order_quantity": found.outputs.optimal_order_quantity,
                "reorder_point": found.outputs.reorder_point,
                "safety_stock": found.outputs.safety_stock,
                "expected_service_level": found.outputs.expected_service_level,
                "total_cost_annual": found.outputs.total_cost_annual,
            })
        };
        let rows: Vec<Value> = rows.into_iter().map(row).collect();
        let total: f64 = rows.iter().filter_map(|row| row["order_value"].as_f64()).sum();
        let gave_way: Vec<String> =
            shared.held.iter().map(|held| gave_way(held, &suppliers, &limits)).collect();
        Ok(figures([
            ("products", Value::Array(rows)),
            ("total_value", json!(total)),
            ("expected_benefit", json!(shared.worth)),
            ("gave_way", json!(gave_way)),
        ]))
    }

    fn limit(&self, name: &str) -> Result<Option<f64>, ProblemError> {
        if self.inputs[name].is_null() { Ok(None) } else { self.number(name).map(Some) }
    }

    fn minimums(&self, suppliers: &[String]) -> Result<Vec<(usize, i64)>, ProblemError> {
        const NAME: &str = "supplier_minimums";
        match &self.inputs[NAME] {
            Value::Null => Ok(Vec::new()),
            Value::Object(by_name) => {
                let mut minimums = Vec::new();
                for (name, least) in by_name {
                    let least = least.as_f64().ok_or_else(|| self.missing(NAME, "rupees by supplier"))?;
                    // of a supplier without products nothing is ordered in any case
                    minimums.extend(suppliers.iter().position(|it| it == name).map(|at| (at, paisa(least))));
                }
                Ok(minimums)
            }
            _ => {
                let least = self.number(NAME)?;
                Ok((0..suppliers.len()).map(|at| (at, paisa(least))).collect())
            }
        }
    }

    /// A product by the seed's names, or by flat ones: `lead_time_mean`, `lead_time_std`, `price`, `cost`.
    fn product(&self, at: usize, product: &Value) -> Result<(Algorithm, Inputs), ProblemError> {
        let mut flat =
            product.as_object().cloned().ok_or_else(|| self.missing("products", "a list of objects"))?;
        if !flat.contains_key("lead_time_distribution") {
            let days = |name: &str| flat.get(name).and_then(Value::as_f64);
            let mean = days("lead_time_mean")
                .ok_or_else(|| self.missing(&format!("products[{at}].lead_time_mean"), "a number of days"))?;
            let lead = json!({ "mean": mean, "std": days("lead_time_std").unwrap_or(0.0) });
            flat.insert("lead_time_distribution".to_owned(), lead);
        }
        let moved = [("unit_cost", "cost"), ("forecast_quantiles", "quantiles"), ("stock", "on_hand")];
        for (name, other) in moved {
            if let (false, Some(value)) = (flat.contains_key(name), flat.get(other).cloned()) {
                flat.insert(name.to_owned(), value);
            }
        }
        let price = flat.get("price").and_then(Value::as_f64);
        let cost = flat.get("unit_cost").and_then(Value::as_f64);
        if let (false, Some(price), Some(cost)) = (flat.contains_key("stockout_cost"), price, cost) {
            flat.insert("stockout_cost".to_owned(), json!((price - cost).max(0.0)));
        }
        let model =
            json!({ "inputs": flat, "algorithm": flat.get("algorithm").unwrap_or(&json!("ML_Enhanced")) });
        let model: InventoryOptimizationModel = serde_json::from_value(model).map_err(|error| {
            let place = format!("products[{at}] ({error})");
            self.missing(&place, "as the seed's InventoryOptimizationModel names it")
        })?;
        Ok((model.algorithm, model.inputs))
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Which limit gave way, in a sentence.
fn gave_way(held: &Held, suppliers: &[String], limits: &basket::Limits) -> String {
    let of = |at: usize| {
        let least = limits.minimums.iter().find(|it| it.0 == at).map_or(0, |it| it.1);
        (&suppliers[at], least as f64 / 100.0)
    };
    match *held {
        Held::Budget => "max_investment: less is ordered than wanted".to_owned(),
        Held::Space => "storage_capacity: less is ordered than wanted".to_owned(),
        Held::BelowMinimum(at) => {
            let (name, least) = of(at);
            format!(
                "supplier_minimums: {name} delivers nothing below {least}, which is not worth it; left out"
            )
        }
        Held::MinimumOutOfReach(at) => {
            let (name, least) = of(at);
            format!(
                "supplier_minimums: {name} delivers nothing below {least}, out of reach of the other limits; left out"
            )
        }
        Held::RaisedToMinimum(at) => {
            let (name, least) = of(at);
            format!("supplier_minimums: {name} delivers nothing below {least}; more is ordered than wanted")
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;

    fn outputs(problem: &Value) -> Result<Figures, ProblemError> {
        let name = problem["fn"].as_str().unwrap_or_default();
        Problem { place: 0, name, inputs: &problem["inputs"] }.outputs()
    }

    fn numbers(value: &Value) -> Vec<f64> {
        match value {
            Value::Array(values) => values.iter().map(|it| it.as_f64().unwrap()).collect(),
            value => vec![value.as_f64().unwrap()],
        }
    }

    #[test]
    fn all_69_published_cases_to_their_digits_under_their_own_names() {
        let cases: Vec<Value> =
            serde_json::from_str(include_str!("../../../tests/data/inventory_vectors.json")).unwrap();
        assert_eq!(cases.len(), 69);
        for case in &cases {
            let found = outputs(case).unwrap();
            let printed = case["outputs"].as_object().unwrap();
            assert!(found.len() >= printed.len(), "{case}");
            let function = case["fn"].as_str().unwrap();
            // as in the house test: three approximations were printed by solvers that stopped early
            let stopped = ["eil", "eoqb", "loss_function"].iter().any(|it| function.contains(it));
            for (name, printed) in printed {
                let (ours, theirs) = (numbers(&found[name]), numbers(printed));
                assert_eq!(ours.len(), theirs.len(), "{name} of {case}");
                for (ours, theirs) in ours.iter().zip(&theirs) {
                    let allowed = if stopped { 1e-6 } else { 1e-12 * theirs.abs() };
                    assert!((ours - theirs).abs() <= allowed, "{name}: {ours}, printed {theirs}: {case}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_known_or_missing_is_named() {
        let said = |problem: Value| outputs(&problem).unwrap_err().to_string();
        assert!(said(json!({ "fn": "magic", "inputs": {} })).contains("\"magic\" is not known"));
        let half = json!({ "fn": "economic_order_quantity", "inputs": { "fixed_cost": 8 } });
        assert!(said(half).contains("input holding_cost is missing or not a number"));
        let none = json!({ "fn": "newsvendor_poisson", "inputs": { "holding_cost": 0, "stockout_cost": 1, "demand_mean": 2 } });
        assert!(said(none).contains("holding_cost is 0"));
        let product = json!({ "fn": "plan", "inputs": { "products": [{ "demand_forecast": [1.0] }] } });
        assert!(said(product).contains("products[0].lead_time_mean"));
    }

    #[test]
    fn a_basket_keeps_its_limits_and_says_which_gave_way() {
        let product = |id: &str, supplier: &str| {
            json!({
                "product_id": id, "supplier_id": supplier, "lead_time_mean": 3, "lead_time_std": 0, "price": 100, "cost": 60,
                "forecast_quantiles": { "0.1": vec![2.0; 28], "0.9": vec![2.0; 28] },
                "holding_cost_rate": 0.25, "order_cost": 50, "stockout_cost": 60, "stock": 5,
            })
        };
        let inputs = json!({
            "products": [product("a", "s"), product("b", "t")],
            "max_investment": 3000, "supplier_minimums": { "t": 4000 },
        });
        let found = outputs(&json!({ "fn": "plan", "inputs": inputs })).unwrap();
        let rows = found["products"].as_array().unwrap();
        assert_eq!((&rows[0]["order_quantity"], &rows[0]["wanted_quantity"]), (&json!(50), &json!(77)));
        assert_eq!((&rows[0]["reorder_point"], &rows[1]["order_quantity"]), (&json!(20.0), &json!(0)));
        let gave_way: Vec<&str> =
            found["gave_way"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        assert!(gave_way[0].contains("t delivers nothing below 4000, out of reach"), "{gave_way:?}");
        assert!(gave_way[1].starts_with("max_investment"), "{gave_way:?}");
    }
}
