//! Long-format rows to forecasts: the one entry that the lab and the worker share.
//!
//! Question answered: what does a file with `series_id, t, value` (and known regressors) mean as regular series, and
//! what follows for each. Input: [`LongSeries`], one per id, rows in any order, `t` an index or a date, `value` empty
//! where unknown. Output: [`Answer`] per series in the order given, with [`Note`]s on everything that was changed.
//!
//! Rules. Two rows at the same time are an error that names both lines. The step is the smallest distance over all
//! series of the file, in whole days (or whole months, when within each series every date has the same day of month
//! or is its month's last), and every distance must be a multiple of it: else an error names series and time. Times without a row, and rows without a value between rows with one, are
//! missing: as sales they count as zero ([`Gaps::Zero`], the default, noted with their number and first place);
//! [`Gaps::Refuse`] makes them an error. Rows without a value after the last known one are future steps. A regressor
//! counts 0 where its row is missing; one that does not reach over the horizon of every series is left out, which a note
//! says. Series of a file are a panel: `auto` weighs what they teach each other ([`super::panel`]).
//!
//! How it fails: [`TableError`] for the file's faults; a series that is too short for its model is an answer that says
//! so, as the others' forecasts are still worth having.

mod columns;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::{
    Advice, CheckedParams, FitError, Forecast, ForecastParams, Model, ParamsError, Regressor, Season, Series,
    panel,
};

/// When a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Time {
    /// A count of steps.
    Index(i64),
    /// A calendar day.
    Date(NaiveDate),
}

impl Time {
    /// Reads an integer or a date as YYYY-MM-DD.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let index = text.parse::<i64>().ok().map(Self::Index);
        index.or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Self::Date))
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Index(index) => write!(f, "{index}"),
            Self::Date(date) => write!(f, "{date}"),
        }
    }
}

/// The rows of one series, as parsed. All columns have one entry per row.
#[derive(Debug, Clone, PartialEq)]
pub struct LongSeries {
    /// `series_id`
    pub id: String,
    /// `t`
    pub t: Vec<Time>,
    /// `value`; `None` where the file has nothing.
    pub value: Vec<Option<f64>>,
    /// The line in the file, for messages; from 1.
    pub line: Vec<usize>,
    /// Further numeric columns: name and values, known for future rows too.
    pub regressors: Vec<(String, Vec<f64>)>,
}

/// What a time without a value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gaps {
    /// Nothing was sold.
    #[default]
    Zero,
    /// The file is faulty.
    Refuse,
}

/// Distance between neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// So many counts.
    Index(i64),
    /// So many days.
    Days(i64),
    /// So many months, on the same day of each or on the last.
    Months(i64),
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Index(by) => write!(f, "{by}"),
            Self::Days(by) => write!(f, "{by} days"),
            Self::Months(by) => write!(f, "{by} months"),
        }
    }
}

impl Step {
    /// The time `steps` after `from`; `None` past the calendar's end.
    pub fn after(self, from: Time, steps: i64) -> Option<Time> {
        match (self, from) {
            (Self::Index(by), Time::Index(index)) => {
                by.checked_mul(steps)?.checked_add(index).map(Time::Index)
            }
            (Self::Days(by), Time::Date(date)) => {
                date.checked_add_days(Days::new((by * steps).try_into().ok()?)).map(Time::Date)
            }
            (Self::Months(by), Time::Date(date)) => {
                let to = date.checked_add_months(Months::new((by * steps).try_into().ok()?))?;
                // the last of a month leads to the last of another
                let to = if is_month_end(date) {
                    to.with_day(u32::from(to.num_days_in_month()))
                } else {
                    Some(to)
                };
                to.map(Time::Date)
            }
            _ => None,
        }
    }
}

/// A series without gaps.
#[derive(Debug, Clone, PartialEq)]
pub struct Regular {
    /// Its id.
    pub id: String,
    /// Time of the first value.
    pub start: Time,
    /// Distance between values.
    pub step: Step,
    /// The values, oldest first, the last known one last.
    pub values: Vec<f64>,
    /// Known columns, from the first value to the last row of the file.
    pub regressors: Vec<Regressor>,
    /// What was changed on the way.
    pub notes: Vec<Note>,
}

/// Something the user should know, though it stopped nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Note {
    /// Missing values became zero.
    #[error("series {id}: {count} missing values count as 0, the first at {first}")]
    Filled {
        /// Series.
        id: String,
        /// How many.
        count: usize,
        /// The first.
        first: Time,
    },
    /// A column that does not reach over the horizon.
    #[error("regressor {name} is known for {have} of {need} future steps of series {id}: it is not used")]
    Unused {
        /// The column.
        name: String,
        /// The first series that it is too short for.
        id: String,
        /// Future steps it is known for there.
        have: usize,
        /// The horizon.
        need: usize,
    },
}

/// Options of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct TableOptions {
    /// The model.
    pub model: Model,
    /// Steps ahead.
    pub horizon: usize,
    /// Percent.
    pub levels: Vec<f64>,
    /// Steps per season.
    pub season: Season,
    /// What missing times mean.
    pub gaps: Gaps,
    /// Whether forecasts stay at or above zero; `None`: where the series' history does.
    pub non_negative: Option<bool>,
}

impl Default for TableOptions {
    fn default() -> Self {
        let ForecastParams { model, horizon, levels, .. } = ForecastParams::default();
        Self { model, horizon, levels, season: Season::Auto, gaps: Gaps::Zero, non_negative: None }
    }
}

impl TableOptions {
    /// Checked wishes for one series.
    pub fn params(&self, values: &[f64]) -> Result<CheckedParams, ParamsError> {
        let non_negative = self.non_negative.unwrap_or_else(|| values.iter().all(|v| *v >= 0.0));
        let (horizon, levels) = (self.horizon, self.levels.clone());
        ForecastParams { model: self.model, horizon, levels, non_negative }.check()
    }
}

/// One series' forecast, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Series.
    pub id: String,
    /// The forecast of the steps after the last known value.
    pub forecast: Result<Forecast, FitError>,
}

/// Answers in the order of the series, and notes.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    /// One per series.
    pub answers: Vec<Answer>,
    /// What the user should know.
    pub notes: Vec<Note>,
}

/// A fault of the file or of the options.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TableError {
    /// Two rows at one time.
    #[error(
        "line {line}, column t: series {id} has {t} already on line {before}; each time once was expected"
    )]
    Duplicate {
        /// Series.
        id: String,
        /// Time.
        t: Time,
        /// The later line.
        line: usize,
        /// The earlier line.
        before: usize,
    },
    /// Dates beside integers.
    #[error("line {line}, column t: series {id} has {t} among {expected}; one kind of time was expected")]
    MixedTimes {
        /// Series.
        id: String,
        /// The odd one.
        t: Time,
        /// Its line.
        line: usize,
        /// What the first row has.
        expected: &'static str,
    },
    /// A distance that is no multiple of the step.
    #[error(
        "line {line}, column t: series {id} goes from {before} to {t}; a multiple of {step} was expected"
    )]
    Irregular {
        /// Series.
        id: String,
        /// Time before.
        before: Time,
        /// Time.
        t: Time,
        /// Its line.
        line: usize,
        /// The step.
        step: Step,
    },
    /// A missing time where none was allowed.
    #[error("column value: series {id} has no value at {t}; one for every step was expected")]
    Gap {
        /// Series.
        id: String,
        /// First missing time.
        t: Time,
    },
    /// More steps than any shop has: a wrong date, most likely.
    #[error(
        "line {line}, column t: series {id} would have {steps} steps up to {t}; at most {MAX_STEPS} were expected"
    )]
    TooLong {
        /// Series.
        id: String,
        /// Last time.
        t: Time,
        /// Its line.
        line: usize,
        /// Steps.
        steps: i64,
    },
    /// A value that is NaN or infinite.
    #[error("line {line}, column value: series {id} has {value}; a finite number was expected")]
    NotFinite {
        /// Series.
        id: String,
        /// Line.
        line: usize,
        /// What stood there.
        value: f64,
    },
    /// No known value at all.
    #[error("column value: series {id} has no value; at least one was expected")]
    NoValues {
        /// Series.
        id: String,
    },
    /// Columns of different length: a fault of the caller.
    #[error("series {id}: column {column} has {have} rows, {need} were expected")]
    Columns {
        /// Series.
        id: String,
        /// Column.
        column: String,
        /// Rows it has.
        have: usize,
        /// Rows of `t`.
        need: usize,
    },
    /// The options were refused.
    #[error(transparent)]
    Params(#[from] ParamsError),
}

/// Longest regular series: more than a century of days.
pub const MAX_STEPS: i64 = 50_000;

/// Seed of the panel's draws: the same file gets the same answer.
const SEED: u64 = 1;

/// A file's series made regular, with what they teach each other.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// In the order of the file.
    pub series: Vec<(String, Series)>,
    /// What the panel says, one per series.
    pub advice: Vec<Option<Advice>>,
    /// What the user should know.
    pub notes: Vec<Note>,
}

/// Forecasts every series. For progress or threads call [`prepare`] once and then [`answer`] per series instead.
pub fn run(series: &[LongSeries], options: &TableOptions) -> Result<Answers, TableError> {
    let prepared = prepare(series, options)?;
    let pairs = prepared.series.iter().zip(prepared.advice);
    let answers =
        pairs.map(|((id, it), advice)| answer(id, it, advice, options)).collect::<Result<_, _>>()?;
    Ok(Answers { answers, notes: prepared.notes })
}

/// Makes all series of a file regular and, for `auto`, fits their panel.
pub fn prepare(series: &[LongSeries], options: &TableOptions) -> Result<Prepared, TableError> {
    let step = step(series)?;
    let (mut regulars, mut notes) = (Vec::with_capacity(series.len()), Vec::new());
    for long in series {
        let mut regular = regular(long, step, options.gaps)?;
        notes.append(&mut regular.notes);
        regulars.push(regular);
    }
    notes.extend(columns::keep_reaching(&mut regulars, options.horizon));
    let made = regulars.into_iter().map(|it| {
        // finite and not empty, as `regular` made sure
        let fault = |_| TableError::NoValues { id: it.id.clone() };
        let made = Series::new(it.values, options.season).map_err(fault)?;
        Ok((it.id, made.with_regressors(it.regressors)))
    });
    let series = made.collect::<Result<Vec<_>, TableError>>()?;
    let advice = advise(series.iter().map(|it| &it.1), options.model, options.horizon);
    Ok(Prepared { series, advice, notes })
}

/// What a panel of series says of each, where the model that is asked for hears one.
pub fn advise<'a>(
    series: impl Iterator<Item = &'a Series>,
    model: Model,
    horizon: usize,
) -> Vec<Option<Advice>> {
    let series: Vec<Series> = series.cloned().collect();
    match model.speaker() {
        Some(speaker) => panel::advise(&series, speaker, horizon, SEED),
        None => series.iter().map(|_| None).collect(),
    }
}

/// Forecasts one series.
pub fn answer(
    id: &str,
    series: &Series,
    advice: Option<Advice>,
    options: &TableOptions,
) -> Result<Answer, TableError> {
    let params = options.params(series.values())?;
    let forecast = params.fit_advised(series, advice).map(|it| it.predict());
    Ok(Answer { id: id.to_owned(), forecast })
}

/// Sorts, checks and fills one series of a file with this [`step`].
pub fn regular(long: &LongSeries, step: Step, gaps: Gaps) -> Result<Regular, TableError> {
    let id = &long.id;
    let order = ordered(long)?;
    let known = |row: &usize| long.value[*row].is_some();
    let Some((first, last)) = order.iter().position(known).zip(order.iter().rposition(known)) else {
        return Err(TableError::NoValues { id: id.clone() });
    };
    let start = long.t[order[first]];
    let mut values: Vec<Option<f64>> = Vec::new();
    for &row in &order[first..=last] {
        let at = steps_between(long, start, row, step)?;
        values.resize(at as usize, None);
        values.push(long.value[row]);
    }
    // the rows around are future (or empty) ones: they must be regular as well
    for &row in order[..first].iter().chain(&order[last + 1..]) {
        steps_between(long, start, row, step)?;
    }
    let regressors = columns::of(long, &order[first..], start, step)?;
    let missing = values.iter().filter(|v| v.is_none()).count();
    let first_missing = values.iter().position(Option::is_none).and_then(|at| step.after(start, at as i64));
    let mut notes = Vec::new();
    if let Some(t) = first_missing {
        if gaps == Gaps::Refuse {
            return Err(TableError::Gap { id: id.clone(), t });
        }
        notes.push(Note::Filled { id: id.clone(), count: missing, first: t });
    }
    let values = values.into_iter().map(|v| v.unwrap_or(0.0)).collect();
    Ok(Regular { id: id.clone(), start, step, values, regressors, notes })
}

fn check_columns(long: &LongSeries) -> Result<(), TableError> {
    let need = long.t.len();
    let columns = [("value", long.value.len()), ("line", long.line.len())];
    let regressors = long.regressors.iter().map(|(name, values)| (name.as_str(), values.len()));
    for (column, have) in columns.into_iter().chain(regressors) {
        if have != need {
            return Err(TableError::Columns { id: long.id.clone(), column: column.to_owned(), have, need });
        }
    }
    let bad =
        long.value.iter().zip(&long.line).find_map(|(v, line)| v.filter(|v| !v.is_finite()).zip(Some(line)));
    match bad {
        Some((value, &line)) => Err(TableError::NotFinite { id: long.id.clone(), line, value }),
        None => Ok(()),
    }
}

/// One kind of time, each time once. `order` sorts by time.
fn check_times(long: &LongSeries, order: &[usize]) -> Result<(), TableError> {
    let Some(first) = long.t.first() else { return Ok(()) };
    let dates = matches!(first, Time::Date(_));
    if let Some(odd) = long.t.iter().position(|t| matches!(t, Time::Date(_)) != dates) {
        return Err(mixed(long, odd, dates));
    }
    match order.windows(2).find(|pair| long.t[pair[0]] == long.t[pair[1]]) {
        Some(pair) => Err(TableError::Duplicate {
            id: long.id.clone(),
            t: long.t[pair[1]],
            line: long.line[pair[1]],
            before: long.line[pair[0]],
        }),
        None => Ok(()),
    }
}

fn months(date: NaiveDate) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

fn is_month_end(date: NaiveDate) -> bool {
    date.succ_opt().is_none_or(|next| next.day() == 1)
}

/// The step of a file: the smallest distance between neighbours of any series. Checks every series' times.
pub fn step(series: &[LongSeries]) -> Result<Step, TableError> {
    let mut first: Option<(&LongSeries, bool)> = None;
    let (mut monthly, mut by_index, mut by_day, mut by_month) = (true, i64::MAX, i64::MAX, i64::MAX);
    for long in series {
        let order = ordered(long)?;
        let Some(&row) = order.first() else { continue };
        let dates = matches!(long.t[row], Time::Date(_));
        if first.is_some_and(|(_, kind)| kind != dates) {
            return Err(mixed(long, row, !dates));
        }
        first = first.or(Some((long, dates)));
        monthly &= is_monthly(long, &order);
        for pair in order.windows(2) {
            match (long.t[pair[0]], long.t[pair[1]]) {
                (Time::Index(a), Time::Index(b)) => by_index = by_index.min(b.saturating_sub(a)),
                (Time::Date(a), Time::Date(b)) => {
                    by_day = by_day.min((b - a).num_days());
                    by_month = by_month.min(months(b) - months(a));
                }
                _ => {}
            }
        }
    }
    // single rows have no distance: any step will do
    let some = |by: i64| if by == i64::MAX { 1 } else { by };
    Ok(match first {
        Some((_, true)) if monthly && by_month != i64::MAX => Step::Months(some(by_month)),
        Some((_, true)) => Step::Days(some(by_day)),
        _ => Step::Index(some(by_index)),
    })
}

/// Whether all dates of a series fall on one day of the month, or on its last.
fn is_monthly(long: &LongSeries, order: &[usize]) -> bool {
    let dates = || {
        order.iter().filter_map(|&row| match long.t[row] {
            Time::Date(date) => Some(date),
            Time::Index(_) => None,
        })
    };
    let day = dates().next().map(|date| date.day());
    dates().all(|date| Some(date.day()) == day) || dates().all(is_month_end)
}

/// Rows in the order of time, after every check that needs no step.
fn ordered(long: &LongSeries) -> Result<Vec<usize>, TableError> {
    check_columns(long)?;
    let mut order: Vec<usize> = (0..long.t.len()).collect();
    crate::order::by_key(&mut order, |&row| (long.t[row], long.line[row]));
    check_times(long, &order)?;
    Ok(order)
}

fn steps_between(long: &LongSeries, start: Time, row: usize, step: Step) -> Result<i64, TableError> {
    let t = long.t[row];
    let (distance, by) = match (step, start, t) {
        (Step::Index(by), Time::Index(a), Time::Index(b)) => (b.saturating_sub(a), by),
        (Step::Days(by), Time::Date(a), Time::Date(b)) => ((b - a).num_days(), by),
        (Step::Months(by), Time::Date(a), Time::Date(b)) => (months(b) - months(a), by),
        (Step::Index(_), ..) => return Err(mixed(long, row, false)),
        _ => return Err(mixed(long, row, true)),
    };
    if distance % by == 0 && distance / by >= MAX_STEPS {
        let (id, line, steps) = (long.id.clone(), long.line[row], distance / by);
        return Err(TableError::TooLong { id, t, line, steps });
    }
    if distance % by == 0 {
        return Ok(distance / by);
    }
    let before = long.t.iter().copied().filter(|other| *other < t).max().unwrap_or(start);
    Err(TableError::Irregular { id: long.id.clone(), before, t, line: long.line[row], step })
}

fn mixed(long: &LongSeries, row: usize, dates: bool) -> TableError {
    TableError::MixedTimes {
        id: long.id.clone(),
        t: long.t[row],
        line: long.line[row],
        expected: if dates { "dates" } else { "integers" },
    }
}

#[cfg(test)]
mod tests;
