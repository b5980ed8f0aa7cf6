//! `lab anomaly`: what in a file's series was not like the rest, at a false-alarm rate that is set.
//!
//! A time without a row, or a row without a value, is missing here and not zero: it raises no alarm and moves nothing.

use super::{
    Common, LabError,
    csv_out::{CsvWriter, number},
    in_threads, input,
    series::{self, parse_season},
};
use dukandar_core::{
    anomaly::{Options, Point, follow, judge},
    forecast::{
        Season, season,
        table::{self, Gaps, LongSeries, Step, TableError, Time},
    },
};
use std::{collections::BTreeMap, io::Write};

/// Options of `lab anomaly`.
#[derive(clap::Args, Debug)]
pub struct AnomalyArgs {
    #[command(flatten)]
    common: Common,
    /// Steps per season: 7 for days, 12 for months, `auto` for the one that most series have.
    #[arg(long, default_value = "auto", value_parser = parse_season)]
    season: Season,
    /// False alarms a value: 0.002 is one in 500.
    #[arg(long, default_value_t = 0.002, value_parser = parse_rate)]
    false_alarms: f64,
}

fn parse_rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate| *rate > 0.0 && *rate < 0.1);
    rate.ok_or_else(|| "expected a share above 0 and below 0.1".to_owned())
}

pub(super) fn run(args: &AnomalyArgs) -> Result<(), LabError> {
    let out = CsvWriter::stdout();
    let (series, alarms) = written(args, out)?;
    eprintln!("{series} series, {alarms} alarms");
    Ok(())
}

fn written<W: Write>(args: &AnomalyArgs, mut out: CsvWriter<W>) -> Result<(usize, usize), LabError> {
    let series = series::read(&args.common.input)?.series;
    let fault = |error| LabError::Series { path: input::name(&args.common.input), error };
    let step = table::step(&series).map_err(fault)?;
    let regular = series.iter().map(|long| values(long, step)).collect::<Result<Vec<_>, _>>();
    let regular = regular.map_err(fault)?;
    let season = match args.season {
        Season::Every(steps) => steps,
        Season::Auto => usual(regular.iter().map(|(filled, _)| season::detect(filled))),
    };
    let options = Options { season, rate: args.false_alarms };
    let followed = in_threads(&regular, args.common.threads, |(_, values)| follow(values, options));
    let judged = judge(&followed, options);

    out.row(["series_id", "t", "value", "expected", "score", "anomaly"])?;
    let mut alarms = 0;
    for (long, points) in series.iter().zip(&judged) {
        for (row, place) in placed(long, step) {
            // Rows before the first value, or after the last, are of no series.
            let point = place.and_then(|place| points.get(place));
            let known = |of: fn(&Point) -> f64| number(point.map(of).filter(|it| it.is_finite()));
            let alarm = point.and_then(|point| point.alarm);
            alarms += usize::from(alarm.is_some());
            out.row([
                long.id.clone(),
                long.t[row].to_string(),
                number(long.value[row]),
                known(|point| point.expected),
                known(|point| point.score),
                alarm.map(|alarm| alarm.name()).unwrap_or_default().to_owned(),
            ])?;
        }
    }
    out.finish()?;
    Ok((series.len(), alarms))
}

/// The season that most have; of equals the longest.
fn usual(seasons: impl Iterator<Item = usize>) -> usize {
    let mut count: BTreeMap<usize, usize> = BTreeMap::new();
    seasons.for_each(|season| *count.entry(season).or_default() += 1);
    count.into_iter().max_by_key(|&(season, count)| (count, season)).map_or(1, |(season, _)| season)
}

/// The series with zeros, and with nothing, where there is no value.
fn values(long: &LongSeries, step: Step) -> Result<(Vec<f64>, Vec<f64>), TableError> {
    let filled = table::regular(long, step, Gaps::Zero)?.values;
    let mut holed = vec![f64::NAN; filled.len()];
    for (row, place) in placed(long, step) {
        if let Some(slot) = place.and_then(|place| holed.get_mut(place)) {
            *slot = long.value[row].unwrap_or(f64::NAN);
        }
    }
    Ok((filled, holed))
}

/// Rows by time, each with its place in the regular series, which begins at the first value.
fn placed(long: &LongSeries, step: Step) -> Vec<(usize, Option<usize>)> {
    let mut rows: Vec<usize> = (0..long.t.len()).collect();
    rows.sort_by_key(|row| long.t[*row]);
    let Some(first) = rows.iter().position(|row| long.value[*row].is_some()) else {
        return rows.into_iter().map(|row| (row, None)).collect();
    };
    let start = long.t[rows[first]];
    let mut places = Vec::with_capacity(rows.len());
    let mut next = 0;
    for (at, row) in rows.into_iter().enumerate() {
        if at < first {
            places.push((row, None));
            continue;
        }
        // Rows come in the order of time, and every distance is a multiple of the step.
        let time: Time = long.t[row];
        while step.after(start, next as i64).is_some_and(|reached| reached < time) {
            next += 1;
        }
        places.push((row, Some(next)));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use std::{fs, path::PathBuf};

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: AnomalyArgs,
    }

    fn file(name: &str, text: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("dukandar-anomaly-{}-{name}.csv", std::process::id()));
        fs::write(&path, text).unwrap();
        path
    }

    fn answered(name: &str, text: &str, options: &[&str]) -> Result<String, String> {
        let path = file(name, text);
        let given = ["anomaly", "--input", path.to_str().unwrap()];
        let line = Line::try_parse_from(given.iter().chain(options)).map_err(|error| error.to_string())?;
        let mut out = Vec::new();
        let done = written(&line.args, CsvWriter::new(&mut out));
        fs::remove_file(path).unwrap();
        done.map_err(|error| error.to_string())?;
        Ok(String::from_utf8(out).unwrap())
    }

    /// Two series of 100 days; the first has 90 on day 80 instead of about 10 and nothing on day 50.
    fn shop() -> String {
        let mut text = "series_id,t,value\n".to_owned();
        for day in 0..100 {
            let value = 10 + (day * 7) % 5;
            match day {
                50 => text += "a,50,\n",
                80 => text += "a,80,90\n",
                // No row at all.
                60 => {}
                _ => text += &format!("a,{day},{value}\n"),
            }
            text += &format!("b,{day},{}\n", 1_000 + (day * 13) % 11);
        }
        text
    }

    #[test]
    fn the_planted_spike_is_named_with_what_was_expected_and_gaps_are_not_zeros() {
        let answer = answered("spike", &shop(), &["--season", "7", "--false-alarms", "0.001"]).unwrap();
        let lines: Vec<&str> = answer.lines().collect();
        assert_eq!(lines[0], "series_id,t,value,expected,score,anomaly");
        assert_eq!(lines.len(), 1 + 99 + 100);
        let found: Vec<&&str> =
            lines[1..].iter().filter(|line| line.rsplit(',').next() != Some("")).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        let fields: Vec<&str> = found[0].split(',').collect();
        let (expected, score): (f64, f64) = (fields[3].parse().unwrap(), fields[4].parse().unwrap());
        assert_eq!((fields[0], fields[1], fields[2], fields[5]), ("a", "80", "90", "spike"));
        assert!((9.0..15.0).contains(&expected) && score > 3.0, "{found:?}");
        assert!(lines.iter().any(|line| line.starts_with("a,50,,") && line.ends_with(",,")));
    }

    #[test]
    fn faults_name_the_place_and_what_was_expected() {
        let error = |name, text: &str, options: &[&str]| answered(name, text, options).unwrap_err();
        let cases = [
            ("column", "series_id,t\na,1\n", &[][..], "value"),
            ("number", "series_id,t,value\na,1,2\na,2,many\n", &[], "line 3"),
            ("time", "series_id,t,value\na,soon,2\n", &[], "line 2, column t"),
            (
                "twice",
                "series_id,t,value\na,1,2\na,1,3\n",
                &[],
                "line 3, column t: series a has 1 already on line 2",
            ),
            ("rate", "series_id,t,value\na,1,2\n", &["--false-alarms", "0.5"], "above 0 and below 0.1"),
            ("season", "series_id,t,value\na,1,2\n", &["--season", "0"], "number of steps from 1"),
        ];
        for (name, text, options, expected) in cases {
            let error = error(name, text, options);
            assert!(error.contains(expected), "{name}: {error}");
        }
    }
}
