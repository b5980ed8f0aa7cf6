//! One customer's statement out of another khata: dated entries, given and received, with the balance after each.
//!
//! It comes as columns (a spreadsheet, CSV) or as the text of a PDF, where a line is a date, words and figures. What
//! Digi Khata prints was not at hand: labels and order of columns are guesses, and so the balance that stands after
//! an entry decides whether it was given or received wherever there is one.

use super::{
    Line, PasteField, PasteWhy, Pasted, PastedRow, amount, day, fault,
    header::{is_sum, side},
    is_phone,
};
use crate::{money::Paisa, time::Day};

/// Words before a customer's name, in lower case.
const NAMED: [&str; 8] = ["customer name", "customer", "name", "party", "naam", "gahak", "نام", "گاہک"];

/// One entry before its side is known.
struct Entry {
    line: u32,
    found: String,
    day: Option<Day>,
    gave: Option<Paisa>,
    got: Option<Paisa>,
    /// An amount of which it is not said whether it was given.
    either: Option<Paisa>,
    balance: Option<Paisa>,
}

/// What stands above the entries: who it is.
#[derive(Default)]
struct Head {
    name: String,
    phone: String,
}

impl Head {
    fn read(&mut self, line: &str) {
        let lower = line.to_lowercase();
        for word in line.split([':', '|', '\t', ',']) {
            if self.phone.is_empty() && is_phone(word.trim()) {
                self.phone = word.trim().to_owned();
            }
        }
        let after = line.split_once(':').map(|(_, rest)| rest.trim());
        let is_named = NAMED.iter().any(|word| lower.trim_start().starts_with(word));
        if let Some(name) = after.filter(|name| is_named && self.name.is_empty() && !name.is_empty()) {
            let name = name.split('\t').next().unwrap_or_default();
            let only = name.split_once(" Phone").or_else(|| name.split_once(" Mobile"));
            self.name = only.map_or(name, |(name, _)| name).trim_matches([',', ' ']).to_owned();
        }
    }
}

/// Entries that stand in columns.
pub fn of_columns(pasted: &mut Pasted, lines: &[Line], first: usize, today: Day) {
    let mut head = Head::default();
    for (_, cells) in lines.iter().take(first.saturating_sub(1)) {
        // A label and its value may stand in cells of their own.
        head.read(
            &cells
                .iter()
                .filter(|cell| !cell.is_empty())
                .cloned()
                .collect::<Vec<_>>()
                .join(": ")
                .replace("::", ":"),
        );
    }
    let columns = pasted.columns.clone();
    let mut entries = Vec::new();
    for (line, cells) in &lines[first.min(lines.len())..] {
        let at = |field: PasteField| -> &str {
            let place = columns.iter().position(|column| *column == Some(field));
            place.and_then(|place| cells.get(place)).map_or("", String::as_str)
        };
        let found = cells.join(" ");
        if cells.iter().any(|cell| is_sum(cell)) {
            pasted.faults.push(fault(*line, &found, PasteWhy::Sum));
            continue;
        }
        let wrong = |field| fault(*line, at(field), PasteWhy::Value(field));
        let figures = [PasteField::Gave, PasteField::Got, PasteField::Balance]
            .map(|field| (field, amount(&bare(at(field)))));
        if let Some((field, _)) = figures.iter().find(|(_, figure)| figure.is_err()) {
            pasted.faults.push(wrong(*field));
            continue;
        }
        let [gave, got, balance] = figures.map(|(_, figure)| figure.ok().flatten());
        let day = match at(PasteField::Date) {
            "" => None,
            text => match day(text) {
                None => {
                    pasted.faults.push(wrong(PasteField::Date));
                    continue;
                }
                day => day,
            },
        };
        entries.push(Entry { line: *line, found, day, gave, got, either: None, balance });
    }
    settle(pasted, entries, head, today);
}

/// `1,500 Dr` → `1,500`.
fn bare(text: &str) -> String {
    let text = text.trim();
    let ends = ["Dr", "DR", "Cr", "CR", "dr", "cr"];
    ends.iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text).trim_end_matches(['.', ' ']).to_owned()
}

/// The date a line begins with, and the words after it.
fn dated(line: &str) -> Option<(Day, Vec<&str>)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let most = words.len().min(4);
    // The longest that is a date: "05 Nov 2026" rather than nothing.
    let (count, day) = (1..=most).rev().find_map(|count| Some((count, day(&words[..count].join(" "))?)))?;
    Some((day, words[count..].to_vec()))
}

/// The text of a PDF; none where no two lines look like entries.
pub fn of_plain_text(text: &str, today: Day) -> Option<Pasted> {
    if text.contains('\t') {
        return None;
    }
    let mut head = Head::default();
    let (mut entries, mut got_first) = (Vec::new(), false);
    let mut pasted = Pasted { is_statement: true, ..Pasted::default() };
    for (line, number) in text.lines().zip(1u32..) {
        let Some((day, rest)) = dated(line) else {
            let sides: Vec<PasteField> = sides(line);
            if let [first, ..] = sides.as_slice() {
                got_first = *first == PasteField::Got;
                pasted.header = Some(number);
            } else if entries.is_empty() {
                head.read(line);
            }
            continue;
        };
        let mut figures = Vec::new();
        for word in rest.iter().rev() {
            match amount(&bare(word)) {
                Ok(figure) => figures.push(figure),
                // "Dr" and "Rs" stand apart from their figures.
                Err(()) if matches!(*word, "Dr" | "Cr" | "Rs" | "Rs." | "PKR") => {}
                Err(()) => break,
            }
        }
        figures.reverse();
        let mut entry = Entry {
            line: number,
            found: line.to_owned(),
            day: Some(day),
            gave: None,
            got: None,
            either: None,
            balance: None,
        };
        match figures.as_slice() {
            [.., first, second, balance] => {
                (entry.gave, entry.got) = if got_first { (*second, *first) } else { (*first, *second) };
                entry.balance = *balance;
            }
            [either, balance] => (entry.either, entry.balance) = (*either, *balance),
            [either] => entry.either = *either,
            [] => {}
        }
        entries.push(entry);
    }
    let with_balance = entries.iter().filter(|entry| entry.balance.is_some()).count();
    if with_balance == 0 {
        return None;
    }
    pasted.columns =
        [PasteField::Date, PasteField::Gave, PasteField::Got, PasteField::Balance].map(Some).to_vec();
    settle(&mut pasted, entries, head, today);
    Some(pasted)
}

/// The sides that a line names, in its order: one word or two together.
fn sides(line: &str) -> Vec<PasteField> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let two = words.windows(2).map(|pair| pair.join(" "));
    let found: Vec<PasteField> = two.filter_map(|pair| side(&pair)).collect();
    if found.is_empty() { words.iter().filter_map(|word| side(word)).collect() } else { found }
}

/// Gives every entry its side and turns those that follow from their balances into rows.
fn settle(pasted: &mut Pasted, entries: Vec<Entry>, head: Head, today: Day) {
    let size = |amount: Paisa| amount.0.abs();
    // What was owed after the entry before; unknown where no balance has stood yet.
    let mut before: Option<Paisa> = None;
    for entry in entries {
        let Entry { line, found, day, gave, got, either, balance } = entry;
        let wrong = |why| fault(line, &found, why);
        if day.is_some_and(|day| day > today) {
            pasted.faults.push(wrong(PasteWhy::Future));
            continue;
        }
        let said = match (gave.filter(|it| it.0 != 0), got.filter(|it| it.0 != 0), either) {
            (Some(gave), None, _) => Some(Paisa(size(gave))),
            (None, Some(got), _) => Some(Paisa(-size(got))),
            (None, None, None) => None,
            (None, None, Some(amount)) => {
                let (more, less) = (Paisa(size(amount)), Paisa(-size(amount)));
                let leads = |step: Paisa| {
                    balance.is_some_and(|after| size(before.unwrap_or_default() + step) == size(after))
                };
                match (leads(more), leads(less)) {
                    (true, _) => Some(more),
                    (false, true) => Some(less),
                    (false, false) => {
                        pasted.faults.push(wrong(PasteWhy::Balance));
                        before = balance.or(before);
                        continue;
                    }
                }
            }
            (Some(_), Some(_), _) => {
                pasted.faults.push(wrong(PasteWhy::Balance));
                before = balance.or(before);
                continue;
            }
        };
        let Some(amount) = said else {
            // A line that only brings a balance forward.
            match balance.filter(|_| before.is_none()) {
                Some(carried) if carried.0 != 0 => push(pasted, line, &head, carried, day),
                Some(_) => {}
                None => pasted.faults.push(wrong(PasteWhy::Value(PasteField::Amount))),
            }
            before = balance.or(before);
            continue;
        };
        if let Some(after) = balance {
            match before {
                Some(known) if size(known + amount) != size(after) => {
                    pasted.faults.push(wrong(PasteWhy::Balance));
                    before = balance;
                    continue;
                }
                // A statement of one month begins with what was owed before it.
                None if size(amount) != size(after) && after - amount != Paisa::ZERO => {
                    push(pasted, line, &head, after - amount, day);
                }
                _ => {}
            }
        }
        before = Some(before.map_or_else(|| balance.unwrap_or(amount), |known| known + amount));
        push(pasted, line, &head, amount, day);
    }
}

fn push(pasted: &mut Pasted, line: u32, head: &Head, amount: Paisa, since: Option<Day>) {
    let (name, phone) = (head.name.clone(), head.phone.clone());
    pasted.rows.push(PastedRow { line, name, phone, amount, since, ..PastedRow::default() });
}
