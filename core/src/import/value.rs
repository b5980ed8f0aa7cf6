//! Numbers and dates as people and tools write them: thousands separators, currency signs, Urdu and Arabic
//! digits, day or month first.

use super::DateOrder;
use crate::{
    reject::RejectReason,
    time::{Day, MONTHS_URDU, Timestamp, Zone},
};
use chrono::NaiveDate;
use std::borrow::Cow;

/// A decimal number in units of 10^−`decimals`, rounded half-even; true when digits were lost in that.
pub(super) fn decimal(text: &[u8], decimals: u32) -> Result<(i64, bool), RejectReason> {
    match plain_decimal(text, decimals) {
        Some(number) => number,
        None => {
            let cleaned = clean_number(text).ok_or(RejectReason::NotANumber)?;
            plain_decimal(cleaned.as_bytes(), decimals).unwrap_or(Err(RejectReason::NotANumber))
        }
    }
}

/// `-1234.56` and nothing else; none when it is written in any other way.
fn plain_decimal(text: &[u8], decimals: u32) -> Option<Result<(i64, bool), RejectReason>> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let mut value: i64 = 0;
    let mut seen = false;
    let mut places: Option<u32> = None;
    // The first digit that does not fit any more, and whether anything but zeros follows it.
    let (mut dropped, mut rest, mut overflow) = (0, false, false);
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                seen = true;
                let digit = byte - b'0';
                if places.is_some_and(|places| places >= decimals) {
                    if places == Some(decimals) {
                        dropped = digit;
                    } else {
                        rest |= digit > 0;
                    }
                } else {
                    match value.checked_mul(10).and_then(|value| value.checked_add(i64::from(digit))) {
                        Some(next) => value = next,
                        None => overflow = true,
                    }
                }
                places = places.map(|places| places + 1);
            }
            b'.' if places.is_none() => places = Some(0),
            _ => return None,
        }
    }
    if !seen {
        return None;
    }
    for _ in places.unwrap_or(0)..decimals {
        match value.checked_mul(10) {
            Some(next) => value = next,
            None => overflow = true,
        }
    }
    if overflow {
        return Some(Err(RejectReason::OutOfRange));
    }
    if dropped > 5 || (dropped == 5 && (rest || value % 2 == 1)) {
        value += 1;
    }
    Some(Ok((if negative { -value } else { value }, dropped > 0 || rest)))
}

/// A number as people write it, in floating point.
pub(super) fn number(text: &str) -> Option<f64> {
    clean_number(text.as_bytes())?.parse().ok()
}

/// `10%` as hundredths of a percent; none when no percent sign is there.
pub(super) fn percent(text: &[u8]) -> Option<Result<i64, RejectReason>> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let number = text.strip_suffix(['%', '\u{66a}'])?;
    let share = decimal(number.trim().as_bytes(), 2).map(|(share, _)| share.abs());
    Some(share.and_then(|share| if share <= WHOLE { Ok(share) } else { Err(RejectReason::OutOfRange) }))
}

/// All of a thing, in hundredths of a percent.
pub(super) const WHOLE: i64 = 10_000;

/// The digit a character stands for: ASCII, Arabic (U+0660) and Urdu (U+06F0) digits.
pub(super) fn digit_of(character: char) -> Option<u32> {
    match character {
        '0'..='9' => Some(character as u32 - '0' as u32),
        '\u{660}'..='\u{669}' => Some(character as u32 - 0x660),
        '\u{6f0}'..='\u{6f9}' => Some(character as u32 - 0x6f0),
        _ => None,
    }
}

/// Brings `Rs 1,250.50/-`, `۱٬۲۵۰٫۵`, `(120)` and `1.250,50` into the plain form; none when it is no number.
fn clean_number(text: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(text).ok()?;
    let mut trimmed = text.trim();
    for sign in ["PKR", "Rs.", "Rs", "rs.", "rs", "RS", "₨", "روپے", "£", "$", "€"] {
        trimmed = trimmed.strip_prefix(sign).unwrap_or(trimmed).trim();
        trimmed = trimmed.strip_suffix(sign).unwrap_or(trimmed).trim();
    }
    trimmed = trimmed.strip_suffix("/-").unwrap_or(trimmed).trim();
    let (mut negative, trimmed) = match trimmed.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => (true, inner),
        None => (false, trimmed),
    };
    let mut digits = String::with_capacity(trimmed.len());
    let mut separators = Vec::new();
    for (index, character) in trimmed.chars().enumerate() {
        match character {
            '-' | '\u{2212}' if index == 0 => negative = true,
            '+' if index == 0 => {}
            '\u{66b}' => separators.push((digits.len(), '.')),
            '\u{66c}' | ',' | '،' => separators.push((digits.len(), ',')),
            '.' => separators.push((digits.len(), '.')),
            ' ' | '\u{a0}' | '\u{202f}' | '\'' | '₨' | '£' | '$' | '€' => {}
            _ => digits.push(char::from_digit(digit_of(character)?, 10)?),
        }
    }
    let point = decimal_point(&separators, digits.len())?;
    if let Some(point) = point {
        digits.insert(point, '.');
    }
    if negative {
        digits.insert(0, '-');
    }
    Some(digits)
}

/// Which separator is the decimal point: a lone dot; a comma only with one or two digits after it. Everything
/// else groups digits, and then stands between groups of two or three. None: it makes no sense.
fn decimal_point(separators: &[(usize, char)], digits: usize) -> Option<Option<usize>> {
    let Some(&(last, sign)) = separators.last() else { return Some(None) };
    let dots = separators.iter().filter(|separator| separator.1 == '.').count();
    let commas = separators.len() - dots;
    let after = digits - last;
    let is_point = match sign {
        '.' => dots == 1,
        _ => commas == 1 && (after == 1 || after == 2),
    };
    let groups = if is_point { &separators[..separators.len() - 1] } else { separators };
    let ends = groups.iter().skip(1).map(|group| group.0).chain([if is_point { last } else { digits }]);
    let even =
        groups.iter().zip(ends).all(|(group, end)| matches!(end - group.0.min(end), 2 | 3) && group.0 > 0);
    let one_kind = groups.windows(2).all(|pair| pair[0].1 == pair[1].1)
        && groups.last().is_none_or(|group| !is_point || group.1 != sign);
    (even && one_kind).then_some(is_point.then_some(last))
}

/// A calendar date of which the order of day and month may not be known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Date {
    Known(Day),
    /// First and second number and the year: day and month in the file's order.
    Open {
        first: u8,
        second: u8,
        year: u16,
    },
}

impl Date {
    /// Open dates lie above all known ones, so that both fit one column.
    pub fn key(self) -> i32 {
        match self {
            Self::Known(day) => day.0,
            Self::Open { first, second, year } => {
                1 << 28 | i32::from(year) << 10 | i32::from(first) << 5 | i32::from(second)
            }
        }
    }

    pub fn from_key(key: i32) -> Self {
        if key < 1 << 28 {
            return Self::Known(Day(key));
        }
        let bits = |shift: u32, mask: i32| key >> shift & mask;
        Self::Open { first: bits(5, 31) as u8, second: bits(0, 31) as u8, year: bits(10, 0x3fff) as u16 }
    }

    /// The day in this order; none when there is no such day.
    pub fn resolve(self, order: DateOrder) -> Option<Day> {
        match self {
            Self::Known(day) => Some(day),
            Self::Open { first, second, year } => {
                let (day, month) = match order {
                    DateOrder::DayFirst => (first, second),
                    DateOrder::MonthFirst => (second, first),
                };
                calendar_day(year, month, day)
            }
        }
    }
}

fn calendar_day(year: u16, month: u8, day: u8) -> Option<Day> {
    // Outside these years it is a typing error or another calendar.
    if !(1900..=2200).contains(&year) {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day)).map(Day::from_date)
}

/// A date with the time of day in milliseconds (0 when there is none).
pub(super) fn instant(text: &[u8], zone: Zone) -> Option<(Date, i64)> {
    if let Some(found) = iso_instant(text, zone) {
        return Some(found);
    }
    let text = ascii_digits(text)?;
    let tokens = tokens(&text);
    let start = tokens.iter().take_while(|token| is_weekday(token)).count();
    let date = tokens.get(start..start + 3)?;
    let number = |token: &str| token.parse::<u16>().ok();
    let year = |token: &str| match token.len() {
        4 => number(token),
        2 => number(token).map(|year| 2000 + year),
        _ => None,
    };
    let small = |token: &str| number(token).filter(|number| (1..=31).contains(number)).map(|it| it as u8);
    let known = |year, month, day| calendar_day(year, month, day).map(Date::Known);
    let date = match (month_name(date[0]), month_name(date[1])) {
        (Some(month), _) => known(year(date[2])?, month, small(date[1])?)?,
        (_, Some(month)) if date[0].len() == 4 => known(year(date[0])?, month, small(date[2])?)?,
        (_, Some(month)) => known(year(date[2])?, month, small(date[0])?)?,
        _ if date[0].len() == 4 => known(year(date[0])?, small(date[1])?, small(date[2])?)?,
        _ => {
            let (first, second, year) = (small(date[0])?, small(date[1])?, year(date[2])?);
            if first > 12 && second > 12 {
                return None;
            }
            Date::Open { first, second, year }
        }
    };
    Some((date, time_of_tokens(&tokens[start + 3..])?))
}

/// A time of day alone, in milliseconds.
pub(super) fn time_of_day(text: &[u8]) -> Option<i64> {
    let text = ascii_digits(text)?;
    time_of_tokens(&tokens(&text))
}

/// `2026-11-23 14:05:09` with optional `T`, seconds, fraction, and `Z` or an offset.
fn iso_instant(text: &[u8], zone: Zone) -> Option<(Date, i64)> {
    let two = |at: usize| -> Option<i64> {
        let pair = text.get(at..at + 2)?;
        let digit = |byte: u8| byte.is_ascii_digit().then(|| i64::from(byte - b'0'));
        Some(digit(pair[0])? * 10 + digit(pair[1])?)
    };
    let is = |at: usize, byte: u8| text.get(at) == Some(&byte);
    if !(is(4, b'-') && is(7, b'-')) {
        return None;
    }
    let year = two(0)? * 100 + two(2)?;
    let day = calendar_day(year as u16, two(5)? as u8, two(8)? as u8)?;
    if text.len() == 10 {
        return Some((Date::Known(day), 0));
    }
    if !(is(10, b' ') || is(10, b'T')) || !is(13, b':') {
        return None;
    }
    let (hour, minute) = (two(11)?, two(14)?);
    let (second, mut at) = if is(16, b':') { (two(17)?, 19) } else { (0, 16) };
    let mut millis = 0;
    if is(at, b'.') {
        let digits = text[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        for place in 0..3 {
            let digit = if place < digits { i64::from(text[at + 1 + place] - b'0') } else { 0 };
            millis = millis * 10 + digit;
        }
        at += 1 + digits;
    }
    let of_day = clock(hour, minute, second)? + millis;
    let offset_minutes = match text.get(at..)? {
        [] => return Some((Date::Known(day), of_day)),
        [b'Z'] => 0,
        [sign @ (b'+' | b'-'), rest @ ..] => {
            let colon = usize::from(rest.get(2) == Some(&b':'));
            let minutes = two(at + 1)? * 60 + if rest.len() > 2 { two(at + 3 + colon)? } else { 0 };
            if *sign == b'-' { -minutes } else { minutes }
        }
        _ => return None,
    };
    let utc = Timestamp(i64::from(day.0) * 86_400_000 + of_day - offset_minutes * 60_000);
    let day = utc.day(zone);
    Some((Date::Known(day), utc.0 - day.start(zone).0))
}

fn clock(hour: i64, minute: i64, second: i64) -> Option<i64> {
    let fits = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second);
    fits.then(|| (hour * 3_600 + minute * 60 + second.min(59)) * 1_000)
}

/// Hour, minute, perhaps second, perhaps AM or PM; nothing at all is midnight.
fn time_of_tokens(tokens: &[&str]) -> Option<i64> {
    let (noon, tokens) = match tokens.split_last() {
        Some((last, rest)) if last.eq_ignore_ascii_case("am") => (Some(false), rest),
        Some((last, rest)) if last.eq_ignore_ascii_case("pm") => (Some(true), rest),
        _ => (None, tokens),
    };
    let numbers = tokens.iter().map(|token| token.parse().ok()).collect::<Option<Vec<i64>>>()?;
    let (hour, minute, second) = match (numbers.as_slice(), noon) {
        ([], None) => return Some(0),
        (&[hour], Some(_)) => (hour, 0, 0),
        (&[hour, minute], _) => (hour, minute, 0),
        // A fourth number is a fraction of a second.
        (&[hour, minute, second] | &[hour, minute, second, _], _) => (hour, minute, second),
        _ => return None,
    };
    let hour = match noon {
        None => hour,
        Some(pm) if (1..=12).contains(&hour) => hour % 12 + if pm { 12 } else { 0 },
        Some(_) => return None,
    };
    clock(hour, minute, second)
}

/// Runs of digits and runs of letters.
fn tokens(text: &str) -> Vec<&str> {
    let kind = |character: char| match character {
        character if character.is_ascii_digit() => 1,
        character if character.is_alphabetic() => 2,
        _ => 0,
    };
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut before = 0;
    for (at, character) in text.char_indices() {
        let now = kind(character);
        if now != before {
            if before != 0 {
                tokens.push(&text[start..at]);
            }
            start = at;
        }
        before = now;
    }
    if before != 0 {
        tokens.push(&text[start..]);
    }
    // 2026-11-23T14:05: the letter only parts date and time.
    tokens.retain(|token| *token != "T");
    tokens
}

fn ascii_digits(text: &[u8]) -> Option<Cow<'_, str>> {
    let text = std::str::from_utf8(text).ok()?;
    if text.is_ascii() {
        return Some(Cow::Borrowed(text));
    }
    let plain =
        |character| digit_of(character).and_then(|digit| char::from_digit(digit, 10)).unwrap_or(character);
    Some(Cow::Owned(text.chars().map(plain).collect()))
}

fn is_weekday(token: &str) -> bool {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    starts_with_any(token, &DAYS).is_some()
}

/// 1–12 for an English month name or its start, or the Urdu name.
fn month_name(token: &str) -> Option<u8> {
    const ENGLISH: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let found =
        starts_with_any(token, &ENGLISH).or_else(|| MONTHS_URDU.iter().position(|name| *name == token));
    found.map(|index| index as u8 + 1)
}

fn starts_with_any(token: &str, names: &[&str]) -> Option<usize> {
    let start = token.get(..3)?.to_ascii_lowercase();
    names.iter().position(|name| *name == start)
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        let paisa = |text: &str| decimal(text.as_bytes(), 2);
        for (text, expected) in [
            ("2.55", 255),
            ("6", 600),
            ("-11062.06", -1_106_206),
            ("1,250.50", 125_050),
            ("1,25,000", 12_500_000),
            ("Rs. 1,250/-", 125_000),
            ("₨ 99", 9_900),
            ("£2.55", 255),
            ("(120)", -12_000),
            ("۱٬۲۵۰٫۵", 125_050),
            ("٣٫٥", 350),
            ("1.250,50", 125_050),
            ("12,5", 1_250),
            ("1 250,50", 125_050),
            ("1,250", 125_000),
            (".5", 50),
        ] {
            assert_eq!(paisa(text), Ok((expected, false)), "{text}");
        }
        for text in ["", "-", "abc", "1.2.3,4", "12,3456,7", "1e5", "NaN", "inf", "1.2.3", ",5,"] {
            assert_eq!(paisa(text), Err(RejectReason::NotANumber), "{text}");
        }
        assert_eq!(paisa("99999999999999999999"), Err(RejectReason::OutOfRange));
    }

    #[test]
    fn digits_beyond_the_paisa_round_half_even() {
        let paisa = |text: &str| decimal(text.as_bytes(), 2);
        assert_eq!(paisa("0.001"), Ok((0, true)));
        assert_eq!(paisa("0.005"), Ok((0, true)));
        assert_eq!(paisa("0.015"), Ok((2, true)));
        assert_eq!(paisa("0.0250001"), Ok((3, true)));
        assert_eq!(paisa("-0.015"), Ok((-2, true)));
        assert_eq!(paisa("1.5000"), Ok((150, false)));
    }

    #[test]
    fn dates_as_people_write_them() {
        let day = |text: &str| Day::parse(text).map(Date::Known);
        let read = |text: &str| instant(text.as_bytes(), Zone::KARACHI);
        let expected = day("2026-11-23").zip(Some((14 * 60 + 5) * 60_000));
        for text in [
            "2026-11-23 14:05",
            "2026-11-23T14:05:00",
            "2026-11-23T09:05:00Z",
            "2026-11-23T09:05:00.000+00:00",
            "2026/11/23 2:05 PM",
            "23 Nov 2026 14:05",
            "23-Nov-26 02:05PM",
            "Mon, November 23, 2026, 14:05:00",
            "۲۳ نومبر ۲۰۲۶ ۱۴:۰۵",
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        let open = Date::Open { first: 3, second: 4, year: 2026 };
        assert_eq!(read("3/4/26"), Some((open, 0)));
        assert_eq!(open.resolve(DateOrder::DayFirst), Day::parse("2026-04-03"));
        assert_eq!(open.resolve(DateOrder::MonthFirst), Day::parse("2026-03-04"));
        assert_eq!(Date::from_key(open.key()), open);
        for text in ["", "yesterday", "2026-13-01", "31/31/2026", "12", "2026-11-23 25:00", "1/1/1"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
