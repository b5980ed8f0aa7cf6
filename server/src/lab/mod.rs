//! `dukandar lab`: core's tasks on files, natively, so that anyone can check the models on their own data.
//!
//! CSV (or CSV in gzip) comes in, `-` is the standard input; answers go to the standard output as CSV or JSON,
//! progress, rejects and times to the error output. Exit codes: 0; 2 for bad arguments or a bad file, with line,
//! column and what was expected. The same code as in the browser's worker answers.

mod abc;
mod anomaly;
mod backtest;
mod csv_out;
mod demand;
mod forecast;
mod frontier_plot;
mod import;
mod input;
mod inventory;
mod report;
mod segment;
mod series;
mod simulate_stock;
mod stock_file;
mod train_cold_start;

use dukandar_core::{
    customer::segment::SegmentError,
    forecast::{ParamsError, backtest::BacktestError, table::TableError},
    inventory::{input::InputError, simulate::goods::StockError},
    learn::LearnError,
    reject::Reject,
    task::TaskError,
    time::Day,
};
use std::{io, path::PathBuf, process::ExitCode, time::Instant};

/// What the lab can do.
#[derive(clap::Subcommand, Debug)]
pub enum LabCommand {
    /// Read a tool's CSV as the app does; JSON of what was kept and what was not.
    Import(import::ImportArgs),
    /// The sales report of a tool's CSV; JSON.
    Report(report::ReportArgs),
    /// Forecast every series of a file `series_id,t,value[,regressors…]`; CSV.
    Forecast(forecast::ForecastArgs),
    /// What the models would have said from past origins, and how wrong they were; CSV.
    Backtest(backtest::BacktestArgs),
    /// The next month of a tool's CSV, for the shop and by product, judged on its own past; JSON.
    Demand(demand::DemandArgs),
    /// Segments of customers found by k-means, beside their RFM scores; CSV.
    Segment(segment::SegmentArgs),
    /// Answer inventory problems by name, and plan a basket under limits; JSON.
    Inventory(inventory::InventoryArgs),
    /// What policies of ordering would have made of a file's demand `series_id,t,value[,price,cost,lead_mean,lead_std]`; CSV.
    SimulateStock(simulate_stock::SimulateStockArgs),
    /// Products of a sales file in classes A, B, C with service level, rhythm, features and reasons; CSV.
    Abc(abc::AbcArgs),
    /// Spikes, drops and level shifts of every series of a file `series_id,t,value`; CSV.
    Anomaly(anomaly::AnomalyArgs),
    /// Learn one small model for products with few own weeks from sales files and invented shops; a file, JSON.
    TrainColdStart(train_cold_start::TrainColdStartArgs),
}

/// Why a command gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// The file cannot be opened or read.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: String,
        /// What the system said.
        error: io::Error,
    },
    /// The file's content is not what it should be.
    #[error("{path}, {reject}")]
    Content {
        /// Which.
        path: String,
        /// Line, column, what was expected.
        reject: Reject,
    },
    /// A row's time is none.
    #[error("{path}, line {line}, column t: {found:?}; expected an integer or a date as 2026-11-23")]
    Time {
        /// Which.
        path: String,
        /// Line of the file.
        line: u64,
        /// What stood there.
        found: String,
    },
    /// The rows do not make regular series.
    #[error("{path}, {error}")]
    Series {
        /// Which.
        path: String,
        /// Line, column, what was expected.
        error: TableError,
    },
    /// An option is not what it should be.
    #[error("--{option}: {given:?} was given; expected {expected}")]
    Option {
        /// Which.
        option: &'static str,
        /// What was given.
        given: String,
        /// What it should be.
        expected: String,
    },
    /// A product whose demand cannot be lived through.
    #[error("{path}, series {id}: {error}")]
    Stock {
        /// Which file.
        path: String,
        /// Which series.
        id: String,
        /// What was expected.
        error: StockError,
    },
    /// A figure of the house that makes no sense.
    #[error("option {0}")]
    Stocking(InputError),
    /// A model's own word on its parameters.
    #[error(transparent)]
    Params(#[from] ParamsError),
    /// A backtest that cannot be held.
    #[error(transparent)]
    Backtest(#[from] BacktestError),
    /// A clustering that cannot be made.
    #[error(transparent)]
    Segment(#[from] SegmentError),
    /// A model that cannot be learned.
    #[error(transparent)]
    Learn(#[from] LearnError),
    /// An inventory problem that has no answer.
    #[error(transparent)]
    Problem(#[from] inventory::ProblemError),
    /// A task that has no answer.
    #[error(transparent)]
    Task(#[from] TaskError),
    /// The answer cannot be written.
    #[error("writing the answer: {0}")]
    Output(#[from] io::Error),
    /// The answer cannot be put into JSON.
    #[error("writing the answer: {0}")]
    Json(#[from] serde_json::Error),
}

/// Runs a command, prints times on the error output, and gives the exit code.
pub fn run(command: &LabCommand) -> ExitCode {
    let start = Instant::now();
    let result = match command {
        LabCommand::Import(args) => import::run(args),
        LabCommand::Report(args) => report::run(args),
        LabCommand::Forecast(args) => forecast::run(args),
        LabCommand::Backtest(args) => backtest::run(args),
        LabCommand::Demand(args) => demand::run(args),
        LabCommand::Segment(args) => segment::run(args),
        LabCommand::Inventory(args) => inventory::run(args),
        LabCommand::SimulateStock(args) => simulate_stock::run(args),
        LabCommand::Abc(args) => abc::run(args),
        LabCommand::Anomaly(args) => anomaly::run(args),
        LabCommand::TrainColdStart(args) => train_cold_start::run(args),
    };
    let wall = start.elapsed().as_secs_f64();
    match cpu_seconds() {
        Some(cpu) => eprintln!("{wall:.2} s, {cpu:.2} s of CPU"),
        None => eprintln!("{wall:.2} s"),
    }
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the answer may stop early: `… | head`.
        Err(LabError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(LabError::Json(error)) if error.io_error_kind() == Some(io::ErrorKind::BrokenPipe) => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// User and system time of this process, where the system tells it as Linux does.
fn cpu_seconds() -> Option<f64> {
    // Ticks are hundredths on every Linux that this runs on (USER_HZ is fixed at 100).
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second field, the name in parentheses, may hold blanks: what follows it is counted.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |index: usize| fields.get(index)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / TICKS_PER_SECOND)
}

/// Options of every command.
#[derive(clap::Args, Debug)]
pub struct Common {
    /// CSV to read, gzip or not; `-` for the standard input.
    #[arg(long)]
    input: PathBuf,
    /// Most threads; 1 to compare CPU seconds.
    #[arg(long, default_value_t = all_threads(), value_parser = parse_threads)]
    threads: usize,
}

fn all_threads() -> usize {
    std::thread::available_parallelism().map_or(1, |threads| threads.get())
}

/// A number from 1, for clap.
fn parse_threads(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|threads| *threads > 0).ok_or_else(|| "expected a number from 1".to_owned())
}

/// `YYYY-MM-DD`, for clap.
fn parse_day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "expected a date as YYYY-MM-DD".to_owned())
}

/// Runs `work` on slices of `items`, each on its own thread; answers come in the items' order.
fn in_threads<'a, T: Sync, R: Send>(
    items: &'a [T],
    threads: usize,
    work: impl Fn(&'a T) -> R + Sync,
) -> Vec<R> {
    let size = items.len().div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        let work = &work;
        let handles: Vec<_> = items
            .chunks(size)
            .map(|chunk| scope.spawn(move || chunk.iter().map(work).collect::<Vec<R>>()))
            .collect();
        // A panic in a thread is a panic here: nothing is answered in part.
        handles
            .into_iter()
            .flat_map(|it| it.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}
