//! Who knows the future: the cheapest orders for demand and lead times that are both known beforehand.
//!
//! Question answered: how cheap could any policy have been? Input: the demand of every step, the lead times of orders
//! placed at each, what is on the shelf, and the costs. Output: orders. Method: dynamic programming over the steps from
//! which demand is not yet provided for, as Wagner and Whitin, with two further choices: a step's demand may be lost
//! (all of it, as the last piece costs as much as the first), and goods arrive at the latest reachable step before the
//! one they are for, since under random lead times some arrivals cannot be had. The shelf serves the first customers:
//! giving a piece to a later one instead never saves anything.
//!
//! Assumptions: holding and lost sales cost the same at all steps. How it fails: it cannot. References: Wagner &
//! Whitin, Management Science 5 (1958); Sandbothe & Thompson, Operations Research 38 (1990) (lost sales).

use super::{Costs, Plan};

/// The orders that cost least.
pub fn plan(demand: &[f64], leads: &[usize], opening: f64, costs: &Costs) -> Plan {
    let steps = demand.len();
    let mut shelf = opening.max(0.0);
    let unmet: Vec<f64> = demand
        .iter()
        .map(|&demand| {
            let from_shelf = demand.min(shelf);
            shelf -= from_shelf;
            demand - from_shelf
        })
        .collect();
    // for each arrival, an order that makes it
    let mut order_of: Vec<Option<usize>> = vec![None; steps];
    for (step, lead) in leads.iter().enumerate().take(steps) {
        if let Some(order) = order_of.get_mut(step + lead.max(&1)) {
            *order = Some(step);
        }
    }
    let latest: Vec<Option<usize>> = (0..steps)
        .scan(None, |last, step| {
            *last = order_of[step].map(|_| step).or(*last);
            Some(*last)
        })
        .collect();
    let mut cheapest = vec![0.0; steps + 1];
    // the step after the last one that an order which begins here serves; the step itself where its demand is lost
    let mut until: Vec<usize> = (0..steps).collect();
    for step in (0..steps).rev() {
        cheapest[step] = costs.lost() * unmet[step] + cheapest[step + 1];
        let Some(arrival) = latest[step].filter(|_| unmet[step] > 0.0) else { continue };
        let mut served = costs.order;
        for last in step..steps {
            // half a step on the day of sale, as in the replay
            served += costs.holding * unmet[last] * ((last - arrival) as f64 + 0.5);
            if served + cheapest[last + 1] < cheapest[step] {
                cheapest[step] = served + cheapest[last + 1];
                until[step] = last + 1;
            }
        }
    }
    let mut orders = vec![0.0; steps];
    let mut step = 0;
    while step < steps {
        if until[step] > step
            && let Some(order) = latest[step].and_then(|arrival| order_of[arrival])
        {
            orders[order] += unmet[step..until[step]].iter().sum::<f64>();
        }
        step = until[step].max(step + 1);
    }
    Plan::Orders(orders)
}
