//! `lab simulate-stock`: real demand lived through by policies of ordering, with lost sales and random lead times.

use super::{Common, LabError, csv_out::CsvWriter, frontier_plot, in_threads, input, stock_file};
use dukandar_core::{
    forecast::table::Time,
    inventory::simulate::{
        ahead::{Look, look},
        compare::{FIGURES, Field, Sums},
        field::{AS_IS, Lived, Policy, SCALES, WEIGHTS, live},
        goods::{Good, House, Told},
    },
};
use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

/// Options of `lab simulate-stock`.
#[derive(clap::Args, Debug)]
pub struct SimulateStockArgs {
    #[command(flatten)]
    common: Common,
    /// The last time that teaches, as in column t; what comes after it is lived.
    #[arg(long, value_parser = parse_time)]
    learn_until: Time,
    /// Days from one t to the next: 30.4375 for months.
    #[arg(long, default_value_t = House::default().step_days)]
    step_days: f64,
    /// Steps between two forecasts and two tunings; the shelf is looked at with every step.
    #[arg(long, default_value_t = House::default().review)]
    review: usize,
    /// Steps per season of the forecast.
    #[arg(long, default_value_t = House::default().season)]
    season: usize,
    /// Rupees a piece where the file has neither price nor cost.
    #[arg(long, default_value_t = House::default().price)]
    price: f64,
    /// Margin as a part of the price, where price or cost is unknown or 0: 0.2 is a cost of 80 %.
    #[arg(long, default_value_t = House::default().margin)]
    margin: f64,
    /// Holding cost of a year as a part of the cost.
    #[arg(long, default_value_t = House::default().holding_rate)]
    holding_rate: f64,
    /// Rupees that an order of one product costs.
    #[arg(long, default_value_t = House::default().order_cost)]
    order_cost: f64,
    /// Goodwill lost with a piece that was asked for in vain, as a part of its margin, beside it.
    #[arg(long, default_value_t = House::default().goodwill)]
    goodwill: f64,
    /// Days of lead time where the file has none; otherwise 7 are assumed.
    #[arg(long)]
    lead_mean: Option<f64>,
    /// Their standard deviation; otherwise 30 % of them are assumed.
    #[arg(long)]
    lead_std: Option<f64>,
    /// Lives with other lead times, averaged.
    #[arg(long, default_value_t = House::default().runs)]
    runs: usize,
    /// Of every random choice.
    #[arg(long, default_value_t = House::default().seed)]
    seed: u64,
    /// A CSV for every policy at every weight of a lost sale.
    #[arg(long)]
    frontier: Option<PathBuf>,
    /// A CSV of ours beside every other policy, with 95 % intervals of a paired bootstrap over series.
    #[arg(long)]
    compare: Option<PathBuf>,
    /// An SVG of stock value against stockouts.
    #[arg(long)]
    plot: Option<PathBuf>,
}

fn parse_time(text: &str) -> Result<Time, String> {
    Time::parse(text).ok_or_else(|| "expected an integer or a date as 2026-11-23".to_owned())
}

const COLUMNS: [&str; 13] = [
    "service_level",
    "fill_rate",
    "stockout_days",
    "empty_days",
    "average_stock",
    "average_stock_value",
    "orders",
    "holding_cost",
    "order_cost",
    "rupees_lost",
    "goodwill_lost",
    "profit",
    "total_cost",
];

fn fields(it: &Sums) -> impl Iterator<Item = String> {
    let shares = [it.service_level(), it.fill_rate()].map(|it| format!("{it:.4}"));
    let counts = [it.stockouts, it.empty, it.stock].map(|it| format!("{it:.1}"));
    let rest = [
        it.stock_value,
        it.orders,
        it.holding,
        it.ordering,
        it.lost,
        it.goodwill,
        it.profit,
        it.total_cost(),
    ];
    shares.into_iter().chain(counts).chain(rest.map(|it| format!("{it:.0}")))
}

pub(super) fn run(args: &SimulateStockArgs) -> Result<(), LabError> {
    let house = house(args)?;
    let usual = Told { lead_days: args.lead_mean, lead_sd_days: args.lead_std, ..Told::default() };
    let file = stock_file::read(&args.common.input, args.learn_until, &usual, &house)?;
    file.tell();
    let lived = lives(&file.goods, &house, args.common.threads);
    let field = Field::new(&lived, house.seed);
    let frontiers: Vec<(Policy, Vec<Sums>)> =
        Policy::ALL.into_iter().map(|it| (it, field.frontier(it))).collect();

    let mut out = CsvWriter::stdout();
    out.row(["policy"].into_iter().chain(COLUMNS))?;
    for (policy, sums) in &frontiers {
        out.row([policy.name().to_owned()].into_iter().chain(fields(&sums[AS_IS])))?;
    }
    out.finish()?;
    if let Some(path) = &args.frontier {
        let mut out = to_file(path)?;
        out.row(["policy", "weight"].into_iter().chain(COLUMNS))?;
        for (policy, sums) in &frontiers {
            let weights = if policy.is_rule() { SCALES } else { WEIGHTS };
            for (weight, sums) in weights.iter().zip(sums) {
                let start = [policy.name().to_owned(), weight.to_string()];
                out.row(start.into_iter().chain(fields(sums)))?;
            }
        }
        out.finish()?;
    }
    if let Some(path) = &args.compare {
        let mut out = to_file(path)?;
        out.row(["figure", "than", "value", "lo95", "hi95"])?;
        for (name, figure) in FIGURES {
            for other in Policy::ALL.into_iter().filter(|it| *it != Policy::Ours) {
                // empty where a frontier does not reach that far
                let of = field.measure(Policy::Ours, other, figure);
                let figures = of.map_or([None; 3], |it| [it.value, it.lo, it.hi].map(Some));
                let text = figures.map(|it| it.map(|it| format!("{it:.4}")).unwrap_or_default());
                out.row([name.to_owned(), other.name().to_owned()].into_iter().chain(text))?;
            }
        }
        out.finish()?;
    }
    if let Some(path) = &args.plot {
        let mut file = create(path)?;
        file.write_all(frontier_plot::svg(&frontiers).as_bytes())?;
        file.flush()?;
    }
    Ok(())
}

fn house(args: &SimulateStockArgs) -> Result<House, LabError> {
    let house = House {
        step_days: args.step_days,
        price: args.price,
        margin: args.margin,
        holding_rate: args.holding_rate,
        order_cost: args.order_cost,
        goodwill: args.goodwill,
        review: args.review,
        season: args.season,
        runs: args.runs,
        seed: args.seed,
    };
    house.checked().map_err(LabError::Stocking)
}

/// Every good's life under every policy.
fn lives(goods: &[Good], house: &House, threads: usize) -> Vec<Lived> {
    let longest = goods.iter().map(|it| it.future().len()).max().unwrap_or(0);
    let reviews: Vec<usize> = (0..longest.div_ceil(house.review)).collect();
    let looks: Vec<Vec<Look>> = in_threads(&reviews, threads, |review| look(goods, *review, house, &WEIGHTS));
    let numbers: Vec<usize> = (0..goods.len()).collect();
    in_threads(&numbers, threads, |number| {
        let own: Vec<&Look> = looks.iter().map(|look| &look[*number]).collect();
        live(&goods[*number], &own, house, *number as u64)
    })
}

fn create(path: &Path) -> Result<BufWriter<File>, LabError> {
    let fail = |error| LabError::File { path: input::name(path), error };
    Ok(BufWriter::new(File::create(path).map_err(fail)?))
}

fn to_file(path: &Path) -> Result<CsvWriter<BufWriter<File>>, LabError> {
    create(path).map(CsvWriter::new)
}
