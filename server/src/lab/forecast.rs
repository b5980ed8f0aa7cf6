//! `lab forecast`: every series of a file, forecast with bands.

use super::{Common, LabError, csv_out::CsvWriter, in_threads, input, series, series::parse_season};
use dukandar_core::forecast::{
    Model, Season,
    table::{self, TableOptions},
};

/// Options of `lab forecast`.
#[derive(clap::Args, Debug)]
pub struct ForecastArgs {
    #[command(flatten)]
    common: Common,
    /// Steps ahead.
    #[arg(long)]
    horizon: usize,
    /// Steps per season: 7 for days, 12 for months, `auto` to look for it.
    #[arg(long, default_value = "auto", value_parser = parse_season)]
    season: Season,
    #[arg(long, default_value = "auto", help = format!("One of {}", Model::names()))]
    model: String,
    /// Bands in percent.
    #[arg(long, value_delimiter = ',', default_value = "80,95")]
    levels: Vec<f64>,
}

pub(super) fn run(args: &ForecastArgs) -> Result<(), LabError> {
    let options = TableOptions {
        model: Model::parse(&args.model)?,
        horizon: args.horizon,
        levels: args.levels.clone(),
        season: args.season,
        ..TableOptions::default()
    };
    // Bad options are told before the file is read.
    options.params(&[])?;
    let path = input::name(&args.common.input);
    let series = series::read(&args.common.input)?.series;
    let fault = |error| LabError::Series { path: path.clone(), error };
    let prepared = table::prepare(&series, &options).map_err(fault)?;
    for note in &prepared.notes {
        eprintln!("{note}");
    }
    let work: Vec<_> = prepared.series.iter().zip(&prepared.advice).collect();
    let answers = in_threads(&work, args.common.threads, |((id, it), advice)| {
        table::answer(id, it, (*advice).clone(), &options)
    });

    let mut levels = args.levels.clone();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    let mut out = CsvWriter::stdout();
    let bands = levels.iter().flat_map(|level| [format!("lo{level}"), format!("hi{level}")]);
    let ends = ["series_id", "step", "mean"].map(str::to_owned).into_iter().chain(bands);
    out.row(ends.chain(["model".to_owned()]))?;
    let mut without = 0;
    for answer in answers {
        let answer = answer.map_err(fault)?;
        let forecast = match answer.forecast {
            Ok(forecast) => forecast,
            Err(error) => {
                eprintln!("series {}: no forecast: {error}", answer.id);
                without += 1;
                continue;
            }
        };
        for (step, mean) in forecast.mean.iter().enumerate() {
            let mut row = vec![answer.id.clone(), (step + 1).to_string(), mean.to_string()];
            for level in &levels {
                // A history without errors to learn from has no bands.
                let band = forecast.bands.iter().find(|band| band.level == *level);
                row.push(band.map(|band| band.lo[step].to_string()).unwrap_or_default());
                row.push(band.map(|band| band.hi[step].to_string()).unwrap_or_default());
            }
            row.push(forecast.model.name().to_owned());
            out.row(row)?;
        }
    }
    out.finish()?;
    eprintln!("{} series, {without} without a forecast", series.len());
    Ok(())
}
