//! Demand with what is known of price, cost and lead time: `series_id,t,value[,price,cost,lead_mean,lead_std]`.

use super::{LabError, input};
use dukandar_core::{
    forecast::table::{self, Gaps, LongSeries, Time},
    import::{TextRow, TextTable},
    inventory::simulate::goods::{Good, House, Told},
    reject::RejectReason,
};
use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

/// What may stand beside a demand; all may be absent or empty.
const KNOWN: [&str; 4] = ["price", "cost", "lead_mean", "lead_std"];

/// Sentences that are printed; the rest is counted.
const MOST_SENTENCES: usize = 12;

/// A file's products, in the order of their first rows.
pub(super) struct StockFile {
    pub goods: Vec<Good>,
    /// What was assumed or changed, and in how many series; the first of them.
    sentences: BTreeMap<String, (usize, String)>,
    left_out: usize,
}

/// A series' rows and the newest known figures up to the end of what teaches.
struct Rows {
    long: LongSeries,
    figures: [Option<(Time, f64)>; 4],
}

/// Reads the file; steps up to `until` teach, those after it are lived.
pub(super) fn read(path: &Path, until: Time, usual: &Told, house: &House) -> Result<StockFile, LabError> {
    let table = input::table(path)?;
    let series = rows(path, &table, until)?;
    let fault = |error| LabError::Series { path: input::name(path), error };
    let long: Vec<LongSeries> = series.iter().map(|it| it.long.clone()).collect();
    let step = table::step(&long).map_err(fault)?;
    let mut file = StockFile { goods: Vec::new(), sentences: BTreeMap::new(), left_out: 0 };
    let mut first = None;
    for rows in &series {
        let regular = table::regular(&rows.long, step, Gaps::Zero).map_err(fault)?;
        for note in &regular.notes {
            file.say(note.to_string(), &regular.id);
        }
        let teaches = |at: &usize| step.after(regular.start, *at as i64).is_some_and(|time| time <= until);
        let from = (0..regular.values.len()).take_while(teaches).count();
        let figure = |at: usize| rows.figures[at].map(|it| it.1);
        let told = Told {
            price: figure(0).or(usual.price),
            cost: figure(1).or(usual.cost),
            lead_days: figure(2).or(usual.lead_days),
            lead_sd_days: figure(3).or(usual.lead_sd_days),
            stock: None,
        };
        match Good::new(&regular.id, &regular.values, from, &told, house) {
            Ok((good, mended)) => {
                mended.iter().for_each(|it| file.say(it.to_string(), &good.id));
                file.goods.push(good);
            }
            Err(error) => {
                file.say(format!("left out: {error}"), &regular.id);
                file.left_out += 1;
                first.get_or_insert((regular.id, error));
            }
        }
    }
    match first.filter(|_| file.goods.is_empty()) {
        Some((id, error)) => Err(LabError::Stock { path: input::name(path), id, error }),
        None => Ok(file),
    }
}

impl StockFile {
    fn say(&mut self, sentence: String, id: &str) {
        self.sentences.entry(sentence).or_insert_with(|| (0, id.to_owned())).0 += 1;
    }

    /// What was assumed, changed and left out, on the error output.
    pub fn tell(&self) {
        for (sentence, (count, first)) in self.sentences.iter().take(MOST_SENTENCES) {
            eprintln!("{sentence} ({count} series, the first is {first})");
        }
        let more: usize = self.sentences.values().skip(MOST_SENTENCES).map(|it| it.0).sum();
        if more > 0 {
            eprintln!("and {more} more such sentences");
        }
        eprintln!("{} series, {} left out", self.goods.len() + self.left_out, self.left_out);
    }
}

fn rows(path: &Path, table: &TextTable, until: Time) -> Result<Vec<Rows>, LabError> {
    let content = |reject| LabError::Content { path: input::name(path), reject };
    let id = table.column("series_id").map_err(content)?;
    let t = table.column("t").map_err(content)?;
    let value = table.column("value").map_err(content)?;
    let known = KNOWN.map(|name| table.find(name));
    let used = |column: usize| [id, t, value].contains(&column) || known.contains(&Some(column));
    let ignored = (0..table.headers.len()).filter(|column| !used(*column));
    input::name_ignored(&ignored.map(|column| table.headers[column].clone()).collect::<Vec<_>>());
    let number = |row: &TextRow, column: usize| -> Result<Option<f64>, LabError> {
        if row.fields[column].trim().is_empty() {
            return Ok(None);
        }
        table.number(row, column).map(Some).map_err(content)
    };
    let mut series: Vec<Rows> = Vec::new();
    let mut position: HashMap<&str, usize> = HashMap::new();
    for row in &table.rows {
        let name = row.fields[id].as_str();
        if name.is_empty() {
            return Err(content(table.refuse(row, id, RejectReason::Empty)));
        }
        let index = *position.entry(name).or_insert_with(|| {
            let long = LongSeries {
                id: name.to_owned(),
                t: Vec::new(),
                value: Vec::new(),
                line: Vec::new(),
                regressors: Vec::new(),
            };
            series.push(Rows { long, figures: [None; 4] });
            series.len() - 1
        });
        let found = &row.fields[t];
        let time = Time::parse(found).or_else(|| table.day(row, t).ok().map(|day| Time::Date(day.date())));
        let time = time.ok_or_else(|| LabError::Time {
            path: input::name(path),
            line: row.line,
            found: found.clone(),
        })?;
        if std::mem::discriminant(&time) != std::mem::discriminant(&until) {
            let expected = format!("a time as in column t, where line {} has {found}", row.line);
            return Err(LabError::Option { option: "learn-until", given: until.to_string(), expected });
        }
        let it = &mut series[index];
        it.long.t.push(time);
        it.long.value.push(number(row, value)?);
        it.long.line.push(row.line as usize);
        for (column, newest) in known.iter().zip(&mut it.figures) {
            let Some(column) = *column else { continue };
            let Some(figure) = number(row, column)? else { continue };
            if figure < 0.0 {
                return Err(content(table.refuse(row, column, RejectReason::NegativePrice)));
            }
            // of what is not known before it is lived, nothing is used
            if time <= until && newest.is_none_or(|it| it.0 <= time) {
                *newest = Some((time, figure));
            }
        }
    }
    Ok(series)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house() -> House {
        House { runs: 1, ..House::default() }
    }

    fn read_text(name: &str, text: &str, until: i64) -> Result<StockFile, LabError> {
        let path = std::env::temp_dir().join(format!("dukandar-stock-{}-{name}.csv", std::process::id()));
        std::fs::write(&path, text).map_err(LabError::Output)?;
        let file = read(&path, Time::Index(until), &Told::default(), &house());
        std::fs::remove_file(&path).map_err(LabError::Output)?;
        file
    }

    fn days(row: impl Fn(usize) -> String) -> String {
        (1..=20).map(|day| row(day) + "\n").collect()
    }

    fn refusal(name: &str, text: &str, until: i64) -> String {
        read_text(name, text, until).map(|file| file.goods.len()).unwrap_err().to_string()
    }

    #[test]
    fn the_newest_figures_that_were_known_are_used_and_gaps_are_none_sold() -> Result<(), LabError> {
        let row = |day: usize| match day {
            3 => "A,3,2,,,,".to_owned(),
            5 => "A,5,1,100,80,3,1".to_owned(),
            15 => "A,15,4,999,1,90,9".to_owned(),
            9 => "A,10,0,120,,,".to_owned(),
            _ => format!("A,{day},1,,,,"),
        };
        // day 10 stands in the place of day 9 and the row of day 10 is left away
        let lines = days(row).replace("A,10,1,,,,\n", "");
        let file =
            read_text("newest", &format!("series_id,t,value,price,cost,lead_mean,lead_std\n{lines}"), 14)?;
        let good = &file.goods[0];
        assert_eq!((good.from, good.demand.len(), good.demand[8]), (14, 20, 0.0));
        assert_eq!((good.costs.price, good.costs.cost), (120.0, 80.0));
        assert!((good.lead.mean() - 3.0).abs() < 0.1);
        Ok(())
    }

    #[test]
    fn zero_costs_and_unknown_lead_times_are_told_and_negative_figures_refused_with_their_place() {
        let head = "series_id,t,value,price,cost\n";
        let file = read_text("zero", &(head.to_owned() + &days(|day| format!("A,{day},1,50,0"))), 14);
        let told: Vec<String> = file.into_iter().flat_map(|it| it.sentences.into_keys()).collect();
        assert!(told.iter().any(|it| it.contains("cost is unknown or 0")), "{told:?}");
        assert!(told.iter().any(|it| it.contains("lead time is unknown: 7 days")), "{told:?}");
        let bad = head.to_owned() + &days(|day| format!("A,{day},1,50,{}", if day == 4 { -3 } else { 3 }));
        let message = refusal("negative", &bad, 14);
        assert!(message.contains("line 5, column cost") && message.contains("zero or more"), "{message}");
        let message = refusal("text", &(head.to_owned() + "A,1,many,1,1\n"), 1);
        assert!(message.contains("line 2, column value") && message.contains("number"), "{message}");
        let message = refusal("short", &(head.to_owned() + &days(|day| format!("A,{day},1,50,40"))), 5);
        assert!(message.contains("series A") && message.contains("at least 12 were expected"), "{message}");
        let message = refusal("date", &(head.to_owned() + "A,2026-01-01,1,1,1\n"), 5);
        assert!(message.contains("--learn-until") && message.contains("line 2"), "{message}");
    }
}
