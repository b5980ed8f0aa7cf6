//! A pasted or scanned list of IMEIs: one phone a line, with one or both of its numbers.

use crate::{imei, import::value::digit_of};
use std::collections::BTreeMap;

/// One phone of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastedUnit {
    /// Its line, from 1.
    pub line: u32,
    /// The first number, 15 digits.
    pub imei1: String,
    /// The second, if there is one.
    pub imei2: Option<String>,
}

/// What was expected of a line instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImeiWhy {
    /// Fifteen digits; so many stood there.
    Length(usize),
    /// Digits whose last one is right: one is mistyped.
    Check,
    /// Each number once; it stands in this line already.
    Twice(u32),
    /// A phone that is not in the books yet.
    Known,
}

/// A line that is no phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImeiFault {
    /// Its number, from 1.
    pub line: u32,
    /// What stood there.
    pub found: String,
    /// What was expected.
    pub why: ImeiWhy,
}

/// Reads the list; `known` holds the numbers in the books, ascending.
pub fn imeis(text: &str, known: &[String]) -> (Vec<PastedUnit>, Vec<ImeiFault>) {
    let (mut units, mut faults) = (Vec::new(), Vec::new());
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for (line, number) in text.lines().zip(1u32..) {
        match phone(line, number, known, &mut seen) {
            None => {}
            Some(Ok(unit)) => units.push(unit),
            Some(Err(why)) => faults.push(ImeiFault { line: number, found: line.trim().to_owned(), why }),
        }
    }
    (units, faults)
}

fn phone(
    line: &str,
    number: u32,
    known: &[String],
    seen: &mut BTreeMap<String, u32>,
) -> Option<Result<PastedUnit, ImeiWhy>> {
    // Dashes and points within a number are how boxes print it.
    let apart = |letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | '/' | '|' | ':' | '،');
    let digits = |word: &str| -> String {
        word.chars().filter_map(digit_of).filter_map(|digit| char::from_digit(digit, 10)).collect()
    };
    let words: Vec<String> = line.split(apart).map(digits).filter(|word| !word.is_empty()).collect();
    // "1." before the number, "IMEI2" before the second: words of few digits count and name, they are no IMEIs.
    let found: Vec<&String> = words.iter().filter(|word| words.len() == 1 || word.len() > 4).collect();
    let first = *found.first()?;
    if let Some(wrong) = found.iter().find(|word| word.len() != 15) {
        return Some(Err(ImeiWhy::Length(wrong.len())));
    }
    if found.iter().any(|word| imei::read(word).is_err()) {
        return Some(Err(ImeiWhy::Check));
    }
    let second = found.get(1).map(|word| (**word).clone());
    if found.len() > 2 {
        return Some(Err(ImeiWhy::Length(found.iter().map(|word| word.len()).sum())));
    }
    for word in &found {
        if let Some(&before) = seen.get(*word) {
            return Some(Err(ImeiWhy::Twice(before)));
        }
        if known.binary_search(word).is_ok() {
            return Some(Err(ImeiWhy::Known));
        }
    }
    if second.as_ref() == Some(first) {
        return Some(Err(ImeiWhy::Twice(number)));
    }
    for word in found {
        seen.insert(word.clone(), number);
    }
    Some(Ok(PastedUnit { line: number, imei1: first.clone(), imei2: second }))
}
