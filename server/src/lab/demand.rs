//! `lab demand`: the next month of a file's shop and of its products, by the seed's forecasters, each judged on the
//! file's own past; JSON. Revenue is in the file's currency units, products in pieces.

use super::{
    Common, LabError,
    import::{self, How},
    parse_day,
};
use dukandar_core::{
    calendar::Calendar,
    demand::{
        self, Forecasts,
        by_product::{Goods, ProductDemandForecaster},
        sales_forecast::{ProductDays, SalesForecastModel, SalesForecaster, predict_next_month_sales},
    },
    feature::{
        demand::SalesByProduct,
        sales::{PriceTier, SalesBook},
    },
    forecast::Model,
    time::Day,
};
use serde_json::{Value, json};
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
}

pub(super) fn run(args: &DemandArgs) -> Result<(), LabError> {
    let imported = import::read(&args.common, &args.how)?;
    let tables = &imported.tables;
    let last = demand::last_sale_day(tables, None).unwrap_or(Day(0));
    let today = args.today.unwrap_or(Day(last.0 + 1));
    let calendar = Calendar::of(tables, None, today);
    let month = predict_next_month_sales(tables, None, today, &Forecasts::default());
    let model = match &month.state {
        demand::ForecastState::Ready { model, .. } => Model::parse(model).ok(),
        demand::ForecastState::TooLittleData { .. } => None,
    };

    let book = SalesBook::build(tables, None);
    let by_product = ProductDemandForecaster::fit(tables, &book, today, 1);
    let market = book.market(today);
    let predict = |product: usize| {
        let inputs = book.demand_inputs_in(&market, product);
        let pieces = by_product.predict(Goods::of(tables, product), &inputs)?;
        Some((product, pieces, inputs))
    };
    let sold = (0..tables.products.len()).filter(|product| book.sold_before(*product, today));
    let mut ahead: Vec<_> = sold.filter_map(predict).collect();
    ahead.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));

    let series = SalesByProduct::build(tables, None, today);
    let days = |product: usize| {
        let price = tables.products[product].price.map(|price| price.as_units());
        let price_tier = price.map(|price| PriceTier::of(price, tables));
        Some(ProductDays { series: series.series(product)?, price_tier })
    };
    let days: Vec<ProductDays> = (0..tables.products.len()).filter_map(days).collect();
    let daily = match SalesForecaster::train(&days, &calendar, 1) {
        Ok(trained) => json!({ "features": SalesForecaster::FEATURES, "splits": trained.scores() }),
        Err(error) => json!({ "refused": error.to_string() }),
    };
    let refused: Vec<String> = by_product.refused().iter().map(ToString::to_string).collect();
    let name = |product: usize| tables.products[product].fields.name.clone().unwrap_or_default();
    let products: Vec<Value> = (ahead.iter().take(args.top))
        .map(
            |(product, pieces, inputs)| json!({ "name": name(*product), "pieces": pieces, "inputs": inputs }),
        )
        .collect();
    let answer = json!({
        "today": today.to_string(),
        "next_month": { "days": demand::MONTH_DAYS, "revenue": month.total, "state": month.state },
        "sales_forecast_model": model.map(|it| SalesForecastModel::describe(it, None, Vec::new())),
        "product_demand_forecaster": {
            "features": ProductDemandForecaster::FEATURES,
            "goods": by_product.records().collect::<Vec<_>>(),
            "refused": refused,
            "products": products,
        },
        "sales_forecaster": daily,
    });
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &answer)?;
    writeln!(out)?;
    Ok(())
}
