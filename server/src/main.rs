//! `dukandar`: the server, and what is run beside it.

use anyhow::Context as _;
use clap::{Parser, Subcommand, ValueEnum};
use dukandar_server::{
    lab::{self, LabCommand},
    lan::Ports,
    server::{self, Options},
    sql_report::{self, SqlReportArgs},
    store,
};
use std::{io::IsTerminal as _, net::SocketAddr, path::PathBuf, process::ExitCode};
use tracing_subscriber::EnvFilter;

/// Dukandar: a phone shop's data becomes decisions, on the shop's own devices.
#[derive(Parser)]
#[command(name = "dukandar", version)]
struct Cli {
    /// How logs are written.
    #[arg(long, value_enum, default_value = "pretty", global = true, env = "DUKANDAR_LOG")]
    log: LogFormat,
    #[command(subcommand)]
    command: Command,
}

/// Formats of the log, which goes to the error output.
#[derive(Clone, Copy, ValueEnum)]
enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object per line.
    Json,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the app and its API.
    Serve {
        /// Where to listen.
        #[arg(long, default_value = "127.0.0.1:3000")]
        addr: SocketAddr,
        /// Folder of the built app.
        #[arg(long, default_value = "dist")]
        dist: PathBuf,
        /// Also serve the shop's network with TLS, so that phones can install the app.
        #[arg(long)]
        lan: bool,
        /// Port of the app in the shop's network, with --lan.
        #[arg(long, default_value_t = Ports::default().https, value_name = "PORT")]
        lan_https_port: u16,
        /// Port of the page that tells phones how to trust it, with --lan.
        #[arg(long, default_value_t = Ports::default().http, value_name = "PORT")]
        lan_http_port: u16,
        #[command(flatten)]
        place: Place,
    },
    /// Bring the database's schema up to date, and stop.
    Migrate {
        /// After a restore from a backup: give the database a new identity, so that devices offer again what they
        /// pushed in the last weeks.
        #[arg(long)]
        restored: bool,
        #[command(flatten)]
        place: Place,
    },
    /// A shop's figures by SQL alone from the server's store, to hold against `lab report` and the app; JSON or CSV.
    SqlReport {
        #[command(flatten)]
        args: SqlReportArgs,
        #[command(flatten)]
        place: Place,
    },
    /// Core's tasks on files: import, report, forecast, backtest, segment.
    Lab {
        #[command(subcommand)]
        command: LabCommand,
    },
}

/// Where the data lies.
#[derive(clap::Args)]
struct Place {
    /// Folder for the database, keys and certificates.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Another database than SQLite in the data folder: postgres://… or sqlite://…
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
}

fn main() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    // The lab needs neither logs nor a runtime.
    if let Command::Lab { command } = &cli.command {
        return Ok(lab::run(command));
    }
    start_log(cli.log);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the runtime")?;
    runtime.block_on(run(cli.command))?;
    Ok(ExitCode::SUCCESS)
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve { addr, dist, lan, lan_https_port, lan_http_port, place } => {
            let Place { data, database_url } = place;
            let lan = lan.then_some(Ports { https: lan_https_port, http: lan_http_port });
            server::serve(&Options { addr, dist, data, database_url, lan }).await
        }
        Command::Migrate { restored, place } => {
            let store = store::open(place.database_url.as_deref(), &place.data).await?;
            if restored {
                let epoch = store::renew_server_epoch(&*store).await?;
                println!("the database is now {epoch}");
            }
            println!("{}: the schema is up to date", store.name());
            Ok(())
        }
        Command::SqlReport { args, place } => {
            let store = store::open(place.database_url.as_deref(), &place.data).await?;
            server::say(sql_report::text(&*store, &args).await?.trim_end());
            Ok(())
        }
        // Answered before any runtime was started.
        Command::Lab { .. } => Ok(()),
    }
}

/// `RUST_LOG` chooses what is logged; without it, what an owner should see.
fn start_log(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Pretty => log.with_target(false).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}
