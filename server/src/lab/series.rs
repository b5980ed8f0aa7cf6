//! Series in long form: `series_id,t,value` and further numeric columns as known regressors.

use super::{LabError, input};
use dukandar_core::{
    forecast::{
        Season,
        table::{LongSeries, Time},
    },
    import::TextTable,
    reject::RejectReason,
};
use std::{collections::HashMap, path::Path};

/// A file's series in the order of their first rows.
pub(super) struct SeriesFile {
    pub series: Vec<LongSeries>,
    /// Text columns by series: category and shop, where the file has them.
    pub groups: Vec<(String, HashMap<String, String>)>,
}

/// Reads the file; text columns that say nothing here are named on the error output.
pub(super) fn read(path: &Path) -> Result<SeriesFile, LabError> {
    let table = input::table(path)?;
    let content = |reject| LabError::Content { path: input::name(path), reject };
    let id = table.column("series_id").map_err(content)?;
    let t = table.column("t").map_err(content)?;
    let value = table.column("value").map_err(content)?;
    let others = (0..table.headers.len()).filter(|column| ![id, t, value].contains(column));
    let (regressors, text): (Vec<usize>, Vec<usize>) = others.partition(|&column| is_numeric(&table, column));
    let is_group = |column: &usize| ["category", "shop"].contains(&table.headers[*column].as_str());
    let (groups, ignored): (Vec<usize>, Vec<usize>) = text.into_iter().partition(is_group);
    input::name_ignored(&ignored.iter().map(|&column| table.headers[column].clone()).collect::<Vec<_>>());

    let mut series: Vec<LongSeries> = Vec::new();
    let mut position: HashMap<&str, usize> = HashMap::new();
    let mut members: Vec<HashMap<String, String>> = vec![HashMap::new(); groups.len()];
    for row in &table.rows {
        let name = row.fields[id].as_str();
        if name.is_empty() {
            return Err(content(table.refuse(row, id, RejectReason::Empty)));
        }
        let index = *position.entry(name).or_insert_with(|| {
            let columns = regressors.iter().map(|&column| (table.headers[column].clone(), Vec::new()));
            series.push(LongSeries {
                id: name.to_owned(),
                t: Vec::new(),
                value: Vec::new(),
                line: Vec::new(),
                regressors: columns.collect(),
            });
            series.len() - 1
        });
        let it = &mut series[index];
        let found = &row.fields[t];
        let time = Time::parse(found).or_else(|| table.day(row, t).ok().map(|day| Time::Date(day.date())));
        it.t.push(time.ok_or_else(|| LabError::Time {
            path: input::name(path),
            line: row.line,
            found: found.clone(),
        })?);
        it.value.push(match row.fields[value].as_str() {
            "" => None,
            _ => Some(table.number(row, value).map_err(content)?),
        });
        it.line.push(row.line as usize);
        for (column, (_, values)) in regressors.iter().zip(&mut it.regressors) {
            values.push(table.number(row, *column).map_err(content)?);
        }
        for (column, members) in groups.iter().zip(&mut members) {
            members.entry(name.to_owned()).or_insert_with(|| row.fields[*column].clone());
        }
    }
    let groups = groups.iter().map(|&column| table.headers[column].clone()).zip(members).collect();
    Ok(SeriesFile { series, groups })
}

/// A column is a regressor when its first row is a number: a later row that is none is then an error.
fn is_numeric(table: &TextTable, column: usize) -> bool {
    table.rows.first().is_some_and(|row| table.number(row, column).is_ok())
}

/// `auto` or a number of steps.
pub(super) fn parse_season(text: &str) -> Result<Season, String> {
    match (text, text.parse()) {
        ("auto", _) => Ok(Season::Auto),
        (_, Ok(steps @ 1..)) => Ok(Season::Every(steps)),
        _ => Err("expected auto or a number of steps from 1".to_owned()),
    }
}
