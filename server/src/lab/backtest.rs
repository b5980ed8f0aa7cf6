//! `lab backtest`: what the models would have said from past origins, beside naive.

use super::{
    Common, LabError,
    csv_out::{CsvWriter, number},
    in_threads, input, series,
    series::parse_season,
};
use dukandar_core::forecast::{
    Model, Season,
    backtest::{self, BacktestParams, Group, History},
    metrics::ForecastingMetrics,
    table::{self, Gaps, Regular, Step},
};
use std::{
    collections::BTreeMap,
    io::{self, Write as _},
    time::Instant,
};

/// Options of `lab backtest`.
#[derive(clap::Args, Debug)]
pub struct BacktestArgs {
    #[command(flatten)]
    common: Common,
    /// Steps ahead.
    #[arg(long)]
    horizon: usize,
    /// Steps per season: 7 for days, 12 for months, `auto` to look for it.
    #[arg(long, default_value = "auto", value_parser = parse_season)]
    season: Season,
    /// How many origins, a horizon apart, the last a horizon before the end.
    #[arg(long, default_value_t = 1)]
    origins: usize,
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "ets,average,auto",
        help = format!("Several by comma, naive and seasonal_naive come along, of {}", Model::names())
    )]
    model: Vec<String>,
    /// One sheet a model over all series (accuracy, temporal accuracy, business impact) as JSON, in place of the rows.
    #[arg(long)]
    metrics: bool,
}

pub(super) fn run(args: &BacktestArgs) -> Result<(), LabError> {
    let models = args.model.iter().map(|name| Model::parse(name)).collect::<Result<Vec<_>, _>>()?;
    let path = input::name(&args.common.input);
    let file = series::read(&args.common.input)?;
    let fault = |error| LabError::Series { path: path.clone(), error };
    let step = table::step(&file.series).map_err(fault)?;
    let mut histories: Vec<Regular> = Vec::with_capacity(file.series.len());
    for long in &file.series {
        let regular = table::regular(long, step, Gaps::Zero).map_err(fault)?;
        regular.notes.iter().for_each(|note| eprintln!("{note}"));
        histories.push(regular);
    }
    let params = BacktestParams {
        horizon: args.horizon,
        origins: args.origins,
        season: args.season,
        models,
        non_negative: None,
        daily: step == Step::Days(1),
    };
    let start = Instant::now();
    let known: Vec<History<'_>> = histories
        .iter()
        .map(|it| History { id: &it.id, values: &it.values, regressors: &it.regressors })
        .collect();
    let advice = backtest::advise(&known, &params);
    if params.models.contains(&Model::Auto) {
        eprintln!("panel: {:.3} s for {} series and all origins", start.elapsed().as_secs_f64(), known.len());
    }
    let work: Vec<_> = known.into_iter().zip(&advice).collect();
    let held = in_threads(&work, args.common.threads, |(history, advice)| {
        let mut clock = || start.elapsed().as_secs_f64();
        backtest::trials(*history, &params, advice, &mut clock)
    });
    let mut trials = Vec::new();
    for result in held {
        let (these, refused) = result?;
        trials.extend(these);
        for it in refused {
            eprintln!("series {}, origin {}, {}: no trial: {}", it.series_id, it.origin, it.model, it.error);
        }
    }
    if args.metrics {
        let asked = params.models.iter().chain(&[Model::SeasonalNaive]);
        let sheets: BTreeMap<&str, ForecastingMetrics> = asked
            .filter_map(|model| Some((model.name(), ForecastingMetrics::of(&trials, &params, *model)?)))
            .collect();
        let mut out = io::stdout().lock();
        serde_json::to_writer_pretty(&mut out, &sheets)?;
        writeln!(out)?;
        return Ok(());
    }
    let rows = backtest::rows(&trials, &groups(&histories, &file.groups), &params)?;
    let mut out = CsvWriter::stdout();
    out.row([
        "level",
        "series_id",
        "origin",
        "model",
        "mape",
        "smape",
        "mae",
        "rmse",
        "wape",
        "mase",
        "rmsse",
        "bias",
        "coverage80",
        "coverage95",
        "msis95",
        "seconds",
    ])?;
    for row in rows {
        let it = row.scores;
        let scores = [
            it.mape,
            Some(it.smape),
            Some(it.mae),
            Some(it.rmse),
            it.wape,
            it.mase,
            it.rmsse,
            it.bias,
            it.coverage80,
            it.coverage95,
            it.msis95,
        ];
        let mut fields = vec![row.level, row.series_id, row.origin.to_string(), row.model.name().to_owned()];
        fields.extend(scores.map(number));
        fields.push(format!("{:.6}", row.seconds));
        out.row(fields)?;
    }
    out.finish()?;
    Ok(())
}

/// All series, and those of each category and shop that the file names. Only histories over the same times can
/// be summed.
fn groups(
    histories: &[Regular],
    named: &[(String, std::collections::HashMap<String, String>)],
) -> Vec<Group> {
    let span = |it: &Regular| (it.start, it.values.len());
    let alike =
        |members: &[&Regular]| members.len() > 1 && members.iter().all(|it| span(it) == span(members[0]));
    let group = |level: &str, id: &str, members: &[&Regular]| Group {
        level: level.to_owned(),
        id: id.to_owned(),
        members: members.iter().map(|it| it.id.clone()).collect(),
    };
    let mut groups = Vec::new();
    for (level, of_series) in named {
        let mut by_name: BTreeMap<&str, Vec<&Regular>> = BTreeMap::new();
        for it in histories {
            let name = of_series.get(&it.id).map_or("", String::as_str);
            by_name.entry(name).or_default().push(it);
        }
        let sound = by_name.iter().filter(|(_, members)| alike(members));
        groups.extend(sound.map(|(name, members)| group(level, name, members)));
    }
    let all: Vec<&Regular> = histories.iter().collect();
    if alike(&all) {
        groups.push(group("all", "all", &all));
    } else if all.len() > 1 {
        eprintln!("the series do not cover the same times: no sum over all of them");
    }
    groups
}
