//! What to do next: candidates out of every decision, ranked by the rupees at stake.
//!
//! Input: [`Evidence`], what the models and decisions found. Output: at most [`MOST`] actions, at most
//! [`MOST_OF_A_KIND`] of a kind so that one list does not drown the others, most rupees first.
//!
//! Rupees of each kind: order – margin lost without it; clear – money tied up; collect – overdue; win back – one
//! usual visit's margin of each customer called; count – a week's margin of what was never counted; look at a
//! day – its distance from the usual. Rupees are comparable only roughly: a margin is earned, a debt is returned.

use super::today::{Action, ActionKind};
use crate::{
    anomaly,
    customer::{
        credit::Debt,
        rfm::{MIN_KNOWN_SHARE, RfmTable, Segment},
    },
    demand::DemandForecast,
    demand::SELLING_DAYS,
    inventory::reorder::{ReorderPlan, Urgency},
    money::Paisa,
    reason::Reason,
    table::Tables,
    time::Day,
};

/// Version of kinds and ranking, kept with what was shown.
pub const VERSION: &str = "1.0.0";

/// Actions shown.
pub const MOST: usize = 5;

/// Of one kind.
pub const MOST_OF_A_KIND: usize = 2;

/// Customers one can call in a day.
const CALL_LIST: usize = 20;

/// Days that are looked at for something unusual.
const LOOK_BACK_DAYS: usize = 14;

/// What actions are made of.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// The tables.
    pub tables: &'a Tables,
    /// Which shop (position), or all.
    pub shop: Option<usize>,
    /// As of: first day that is not over.
    pub today: Day,
    /// What to order and what lies dead.
    pub plan: &'a ReorderPlan,
    /// Who owes.
    pub debts: &'a [Debt],
    /// Who buys.
    pub rfm: &'a RfmTable,
    /// Revenue by day.
    pub trend: &'a DemandForecast,
}

/// The actions, most rupees first.
pub fn ranked(evidence: &Evidence) -> Vec<Action> {
    let mut actions = Vec::new();
    for mut kind in [orders(evidence), clearances(evidence), debts(evidence)] {
        crate::order::by_key(&mut kind, |action| std::cmp::Reverse(action.amount));
        kind.truncate(MOST_OF_A_KIND);
        actions.extend(kind);
    }
    actions.extend(win_back(evidence));
    actions.extend(count_stock(evidence));
    actions.extend(look_at(evidence));
    actions.retain(|action| action.amount > Paisa::ZERO);
    // Stable: equal rupees keep the order above.
    crate::order::by_key(&mut actions, |action| std::cmp::Reverse(action.amount));
    actions.truncate(MOST);
    actions
}

/// Uncounted shelves are a matter of counting first.
fn orders(evidence: &Evidence) -> Vec<Action> {
    let known = evidence.plan.suggestions.iter().filter(|suggestion| suggestion.current_stock.is_some());
    let actions = known.map(|suggestion| Action {
        kind: ActionKind::Order {
            product: suggestion.product,
            name: suggestion.name.clone(),
            quantity: suggestion.suggested_order_quantity,
        },
        amount: suggestion.at_risk,
        urgency: suggestion.urgency,
        reasons: suggestion.reasons.clone(),
    });
    actions.collect()
}

fn clearances(evidence: &Evidence) -> Vec<Action> {
    let actions = evidence.plan.dead_stock.iter().map(|stock| Action {
        kind: ActionKind::Clear { product: stock.product, name: stock.name.clone(), quantity: stock.on_hand },
        amount: stock.tied_up,
        urgency: Urgency::Low,
        reasons: [Reason::NoSaleForDays { days: stock.idle_days }, Reason::TiedUp { amount: stock.tied_up }]
            .into_iter()
            .chain(stock.clearance.iter().cloned())
            .collect(),
    });
    actions.collect()
}

fn debts(evidence: &Evidence) -> Vec<Action> {
    let overdue = evidence.debts.iter().filter(|debt| debt.overdue > Paisa::ZERO);
    let actions = overdue.map(|debt| Action {
        kind: ActionKind::Collect { customer: evidence.tables.customers[debt.customer as usize].id },
        amount: debt.overdue,
        urgency: match evidence.today.0 - debt.since.0 {
            90.. => Urgency::High,
            45.. => Urgency::Medium,
            _ => Urgency::Low,
        },
        reasons: vec![Reason::Owes { amount: debt.balance, since: debt.since }],
    });
    actions.collect()
}

/// The at-risk customers whose usual visit earns most.
fn win_back(evidence: &Evidence) -> Option<Action> {
    let features = &evidence.rfm.features;
    if features.known_customer_share < MIN_KNOWN_SHARE {
        return None;
    }
    let share = margin_share(evidence);
    let mut at_risk: Vec<(i64, u32, Option<u32>)> = Vec::new();
    for row in (0..features.len()).filter(|&row| evidence.rfm.segment[row] == Segment::AtRisk) {
        let visits = features.frequency_purchases[row];
        let visit = features.monetary_total[row].0 as f64 / f64::from(visits) * share;
        let gap = (features.tenure_days[row] - features.recency_days[row]).checked_div(visits - 1);
        at_risk.push((visit.round() as i64, features.recency_days[row], gap));
    }
    at_risk.retain(|(visit, ..)| *visit > 0);
    crate::order::by_key(&mut at_risk, |&(visit, recency, gap)| (std::cmp::Reverse(visit), recency, gap));
    at_risk.truncate(CALL_LIST);
    let recency = middle(at_risk.iter().map(|(_, recency, _)| *recency).collect())?;
    Some(Action {
        kind: ActionKind::WinBack { customers: at_risk.len() as u64 },
        amount: Paisa(at_risk.iter().map(|(visit, ..)| visit).sum()),
        urgency: Urgency::Medium,
        reasons: vec![Reason::LastBoughtDays {
            days: recency,
            usual_gap_days: middle(at_risk.iter().filter_map(|(_, _, gap)| *gap).collect()),
        }],
    })
}

fn middle(mut values: Vec<u32>) -> Option<u32> {
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}

/// Profit as a share of revenue over lines of the last 90 days whose cost is known; 1 (revenue) where none is.
fn margin_share(evidence: &Evidence) -> f64 {
    let sales = &evidence.tables.sales;
    let since = sales.day.partition_point(|day| day.0 < evidence.today.0 - SELLING_DAYS);
    let upto = sales.day.partition_point(|&day| day <= evidence.today);
    let (mut revenue, mut profit) = (0i64, 0i64);
    for receipt in since..upto {
        if evidence.shop.is_some_and(|shop| sales.shop[receipt] as usize != shop) {
            continue;
        }
        for line in sales.lines_of(receipt) {
            if let Some(cost) = sales.unit_cost[line].and_then(|cost| sales.quantity[line].times(cost)) {
                revenue += sales.amount[line].0;
                profit += sales.amount[line].0 - cost.0;
            }
        }
    }
    if revenue > 0 { (profit as f64 / revenue as f64).clamp(0.0, 1.0) } else { 1.0 }
}

/// Products that sell and were never counted: a week's margin of them.
fn count_stock(evidence: &Evidence) -> Option<Action> {
    if evidence.plan.uncounted == 0 {
        return None;
    }
    let (tables, sales) = (evidence.tables, &evidence.tables.sales);
    let since = sales.day.partition_point(|day| day.0 < evidence.today.0 - 28);
    let upto = sales.day.partition_point(|&day| day < evidence.today);
    let mut revenue = 0i64;
    for receipt in since..upto {
        if evidence.shop.is_some_and(|shop| sales.shop[receipt] as usize != shop) {
            continue;
        }
        for line in sales.lines_of(receipt) {
            if tables.on_hand(evidence.shop, sales.product[line] as usize).is_none() {
                revenue += sales.amount[line].0;
            }
        }
    }
    Some(Action {
        kind: ActionKind::CountStock { products: evidence.plan.uncounted },
        amount: Paisa((revenue as f64 / 4.0 * margin_share(evidence)).round() as i64),
        urgency: Urgency::Medium,
        reasons: vec![Reason::StockUnknown],
    })
}

fn look_at(evidence: &Evidence) -> Option<Action> {
    let unusual = anomaly::most_unusual(&evidence.trend.history, LOOK_BACK_DAYS)?;
    let day = Day(evidence.trend.history_from.0 + unusual.index as i32);
    let rupees = |units: f64| Paisa((units * 100.0).round() as i64);
    Some(Action {
        kind: ActionKind::LookAt { day },
        amount: rupees((unusual.value - unusual.expected).abs()),
        urgency: Urgency::Low,
        reasons: vec![Reason::UnusualSales {
            day,
            actual: rupees(unusual.value),
            expected: rupees(unusual.expected),
        }],
    })
}
