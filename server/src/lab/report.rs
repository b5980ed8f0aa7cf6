//! `lab report`: the sales report of a file as JSON. Amounts are in the file's currency units.

use super::{
    Common, LabError,
    import::{self, How},
    parse_day,
};
use dukandar_core::{
    money::Paisa,
    reason::Reason,
    task::{Answer, Task, run as answer},
    time::{Day, Period},
};
use serde_json::{Value, json};
use std::io::Write as _;

/// Options of `lab report`.
#[derive(clap::Args, Debug)]
pub struct ReportArgs {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    how: How,
    /// First day, YYYY-MM-DD; the file's first when absent.
    #[arg(long, value_parser = parse_day)]
    from: Option<Day>,
    /// Last day; the file's last when absent.
    #[arg(long, value_parser = parse_day)]
    to: Option<Day>,
}

fn money(amount: Paisa) -> Value {
    json!(amount.as_units())
}

/// Days and amounts in the form of the rest of the report.
fn insight(reason: &Reason) -> Value {
    match reason {
        Reason::UnusualSales { day, actual, expected } => json!({ "unusual_sales": {
            "date": day.to_string(),
            "revenue": money(*actual),
            "expected": money(*expected),
        } }),
        other => json!(other),
    }
}

pub(super) fn run(args: &ReportArgs) -> Result<(), LabError> {
    let imported = import::read(&args.common, &args.how)?;
    let all = imported.outcome.period.unwrap_or(Period { from: Day(0), to: Day(0) });
    let period = Period { from: args.from.unwrap_or(all.from), to: args.to.unwrap_or(all.to) };
    if period.from > period.to {
        let expected = format!("a day up to {}", period.to);
        return Err(LabError::Option { option: "from", given: period.from.to_string(), expected });
    }
    let Answer::Report(it) = answer(&Task::Report { shop: None, period }, &imported.tables)? else {
        // The answer has the task's name, by `task::run`.
        return Ok(());
    };
    let over_time = |rows: &[(Day, Paisa)]| -> Value {
        rows.iter()
            .map(|(day, revenue)| json!({ "date": day.to_string(), "revenue": money(*revenue) }))
            .collect()
    };
    let summary = &it.summary;
    if summary.lines == 0 {
        eprintln!("no sales from {} to {}: the file has {} to {}", period.from, period.to, all.from, all.to);
    }
    let report = json!({
        "currency": it.currency,
        "period": { "from": period.from.to_string(), "to": period.to.to_string() },
        "summary": {
            "revenue": money(summary.revenue),
            "quantity": summary.quantity.as_units(),
            "sales": summary.sales,
            "returns": summary.returns,
            "returned": money(summary.returned),
            "lines": summary.lines,
            "customers": summary.customers,
            "known_customer_share": summary.known_customer_share,
            "products": summary.products,
            "average_order_value": money(summary.average_order_value),
            "profit": summary.profit.map(money),
        },
        "trends": {
            "daily": over_time(&it.trends.daily),
            "weekly": over_time(&it.trends.weekly),
            "monthly": over_time(&it.trends.monthly),
        },
        "top_products": it.top_products.iter().map(|row| json!({
            "product_id": row.product,
            "sku": row.sku,
            "name": row.name,
            "revenue": money(row.revenue),
            "quantity": row.quantity.as_units(),
        })).collect::<Value>(),
        "rfm": it.rfm.iter().map(|row| json!({
            "segment": row.segment,
            "customers": row.customers,
            "spend": money(row.spend),
        })).collect::<Value>(),
        "insights": it.insights.iter().map(insight).collect::<Value>(),
    });
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &report)?;
    writeln!(out)?;
    Ok(())
}
