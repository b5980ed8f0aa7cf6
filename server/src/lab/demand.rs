//! `lab demand`: the next month of a file's shop and of its products, by the seed's forecasters, each judged on the
//! file's own past, and with `--accuracy` how good the forecasts have been; JSON, as the app's screen shows it. Revenue is
//! in the file's currency units, products in pieces.

use super::{
    Common, LabError,
    import::{self, How},
    parse_day,
};
use dukandar_core::{
    demand::{
        self,
        by_product::ProductDemandForecaster,
        sales_forecast::{SalesForecastModel, SalesForecaster},
    },
    forecast::{Model, metrics::TemporalAccuracy},
    insight::accuracy::{Accuracy, Level},
    task::{self, Answer, Task, TaskError},
    time::Day,
};
use serde_json::json;
use std::io::Write as _;

/// Options of `lab demand`.
#[derive(clap::Args, Debug)]
pub struct DemandArgs {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    how: How,
    /// First day of the month ahead, YYYY-MM-DD; the day after the file's last sale when absent.
    #[arg(long, value_parser = parse_day)]
    today: Option<Day>,
    /// Products with the most pieces in the month ahead, so many.
    #[arg(long, default_value_t = 20)]
    top: usize,
    /// Forecast from past days too, and say how wrong that was.
    #[arg(long)]
    accuracy: bool,
}

pub(super) fn run(args: &DemandArgs) -> Result<(), LabError> {
    let imported = import::read(&args.common, &args.how)?;
    let tables = &imported.tables;
    let last = demand::last_sale_day(tables, None).unwrap_or(Day(0));
    let today = args.today.unwrap_or(Day(last.0 + 1));
    let ask = |task: Task| -> Result<Answer, TaskError> { task::run(&task, tables) };
    let mut answer = json!({ "today": today.to_string() });
    let mut measured = None;
    if args.accuracy
        && let Ok(Answer::Accuracy(accuracy)) = ask(Task::Accuracy { shop: None, today })
    {
        measured = Some(by_span(&accuracy));
        answer["accuracy"] = json!(accuracy);
    }
    if let Ok(Answer::NextMonth(mut month)) = ask(Task::NextMonth { shop: None, today }) {
        month.products.truncate(args.top);
        let model = match month.voices.as_slice() {
            [] => None,
            [only] => Some(only.model),
            _ => Some(Model::Average),
        };
        answer["sales_forecast_model"] =
            json!(model.map(|it| SalesForecastModel::describe(it, measured, Vec::new())));
        answer["next_month"] = json!(month);
    }
    answer["product_demand_forecaster"] = json!({ "features": ProductDemandForecaster::FEATURES });
    answer["sales_forecaster"] = json!({ "features": SalesForecaster::FEATURES });
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &answer)?;
    writeln!(out)?;
    Ok(())
}

/// Of the shop's revenue.
fn by_span(accuracy: &Accuracy) -> TemporalAccuracy {
    let at = |days: u16| {
        let mut levels = accuracy.levels.iter().filter(|it| it.level == Level::Shop);
        levels.find(|it| it.days == days).and_then(|it| it.own)
    };
    TemporalAccuracy { daily: at(1), weekly: at(7), monthly: at(28) }
}
