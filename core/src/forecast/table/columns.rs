//! Known columns of a long file: over history and future, and only where they reach far enough.
//!
//! Question answered: which regressors may a forecast of this horizon rest on. Input: a file's rows, its regular series.
//! Output: one value a step, 0 where a row is missing; of daily dates the day of the month and the month beside them.
//! How it fails: a column that some series does not know for the whole horizon is left out of all, which a note says.

use chrono::{Datelike, Days};

use super::super::Regressor;
use super::{LongSeries, Note, Regular, Step, TableError, Time, steps_between};

/// The days of the month and the months of daily dates, which regressors bring along: promotions and pay days follow
/// them.
const CALENDAR: [&str; 2] = ["day_of_month", "month"];

/// Drops regressors that some series does not know for the whole horizon; names each once.
pub(super) fn keep_reaching(series: &mut [Regular], horizon: usize) -> Vec<Note> {
    let mut short: Vec<Note> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for it in series.iter() {
        for Regressor { name, values } in &it.regressors {
            let have = values.len() - it.values.len();
            if have < horizon && !names.contains(name) {
                names.push(name.clone());
                short.push(Note::Unused { name: name.clone(), id: it.id.clone(), have, need: horizon });
            }
        }
    }
    for it in series.iter_mut() {
        it.regressors.retain(|regressor| !names.contains(&regressor.name));
        // the calendar alone is no reason to leave the series' own models aside
        if it.regressors.iter().all(|regressor| CALENDAR.contains(&regressor.name.as_str())) {
            it.regressors.clear();
        }
    }
    short
}

/// Known columns from `start` to the last row; of daily dates, the calendar's columns beside them.
pub(super) fn of(
    long: &LongSeries,
    rows: &[usize],
    start: Time,
    step: Step,
) -> Result<Vec<Regressor>, TableError> {
    let Some(&last) = rows.last().filter(|_| !long.regressors.is_empty()) else { return Ok(Vec::new()) };
    let length = steps_between(long, start, last, step)? as usize + 1;
    let mut found = Vec::new();
    for (name, column) in &long.regressors {
        let mut values = vec![0.0; length];
        for &row in rows {
            values[steps_between(long, start, row, step)? as usize] = column[row];
        }
        found.push(Regressor { name: name.clone(), values });
    }
    if let (Step::Days(1), Time::Date(from)) = (step, start) {
        let dates = || (0..length).filter_map(|at| from.checked_add_days(Days::new(at as u64)));
        let columns = [dates().map(|it| it.day()).collect(), dates().map(|it| it.month()).collect()];
        for (name, column) in CALENDAR.into_iter().zip::<[Vec<u32>; 2]>(columns) {
            let values = column.into_iter().map(f64::from).collect();
            found.push(Regressor { name: name.to_owned(), values });
        }
    }
    Ok(found)
}
