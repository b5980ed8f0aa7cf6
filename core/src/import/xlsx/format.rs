//! What a cell's number stands for, by its number format: an amount, a day, a time, a share.
//!
//! Reference: ECMA-376 part 1, 18.8.30 (formats by number, format codes) and 18.17.4.1 (days counted from 1900, which
//! counts a 29 February 1900 that was none, or from 1904).

use crate::time::Day;

/// What a format makes of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A number as it is.
    #[default]
    Plain,
    /// A day.
    Day,
    /// A day with its time.
    Instant,
    /// A time of day.
    Time,
    /// A share: 0.1 is shown as 10 %.
    Percent,
    /// With zeros before it, so many digits in all: a telephone number or a code.
    Padded(usize),
}

impl Kind {
    /// Of a format that has only a number.
    pub fn of_number(id: u32) -> Self {
        match id {
            9 | 10 => Self::Percent,
            14..=17 | 27..=36 | 50..=58 => Self::Day,
            18..=21 | 45..=47 => Self::Time,
            22 => Self::Instant,
            _ => Self::Plain,
        }
    }

    /// Of a format code such as `dd/mm/yyyy` or `"Rs" #,##0`.
    pub fn of_code(code: &str) -> Self {
        let (mut bare, mut letters) = (String::new(), code.chars());
        while let Some(letter) = letters.next() {
            match letter {
                '"' => _ = letters.find(|it| *it == '"'),
                '\\' | '_' | '*' => _ = letters.next(),
                '[' => {
                    let inner: String = letters.by_ref().take_while(|it| *it != ']').collect();
                    // Hours, minutes and seconds beyond a day; all else is a colour, a currency or a condition.
                    if !inner.is_empty()
                        && inner.chars().all(|it| matches!(it.to_ascii_lowercase(), 'h' | 'm' | 's'))
                    {
                        bare.push('h');
                    }
                }
                // The first section is for numbers above zero.
                ';' => break,
                _ => bare.push(letter.to_ascii_lowercase()),
            }
        }
        if bare.trim() == "general" {
            return Self::Plain;
        }
        let has = |letters: [char; 2]| bare.contains(letters);
        match (has(['y', 'd']), has(['h', 's'])) {
            (true, true) => Self::Instant,
            (true, false) => Self::Day,
            (false, true) => Self::Time,
            (false, false) if bare.contains('m') => Self::Day,
            _ if bare.contains('%') => Self::Percent,
            _ if bare.len() > 1 && bare.chars().all(|it| it == '0') => Self::Padded(bare.len()),
            _ => Self::Plain,
        }
    }

    /// The cell's text.
    pub fn text(self, number: f64, is_1904: bool) -> String {
        let in_days = (0.0..3_000_000.0).contains(&number);
        match self {
            Self::Percent => format!("{}%", plain(number * 100.0)),
            Self::Padded(digits) => format!("{:0>digits$}", plain(number)),
            Self::Day | Self::Instant | Self::Time if in_days => instant(self, number, is_1904),
            _ => plain(number),
        }
    }
}

/// A number without what its 64 bits add to the fifteen digits that a spreadsheet keeps.
pub fn plain(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{number:.0}");
    }
    // What was just written as a number is read as one.
    format!("{number:.14e}").parse::<f64>().unwrap_or(number).to_string()
}

fn instant(kind: Kind, number: f64, is_1904: bool) -> String {
    // Below the range of whole days that `in_days` lets through.
    let mut day = number.floor() as i32;
    let mut seconds = (number.fract() * 86_400.0).round() as i64;
    if seconds == 86_400 {
        (day, seconds) = (day + 1, 0);
    }
    let time = format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if kind == Kind::Time && day == 0 {
        return time;
    }
    // 1 is 1 January 1900, and from 60 on each number is one more than the day's.
    let first = match (is_1904, day < 60) {
        (true, _) => -24_107,
        (false, true) => -25_568,
        (false, false) => -25_569,
    };
    let day = Day(first + day);
    if kind == Kind::Day && seconds == 0 { day.to_string() } else { format!("{day} {time}") }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn days_and_times_by_the_examples_of_the_standard() {
        // ECMA-376 part 1, 18.17.4.1 and .2: 2 is 2 January 1900, 61 is 1 March 1900, 39448 is 1 January 2008.
        for (number, is_1904, day) in [
            (2.0, false, "1900-01-02"),
            (61.0, false, "1900-03-01"),
            (39_448.0, false, "2008-01-01"),
            (0.0, true, "1904-01-01"),
            (37_986.0, true, "2008-01-01"),
        ] {
            assert_eq!(Kind::Day.text(number, is_1904), day, "{number}");
        }
        assert_eq!(Kind::Instant.text(39_448.75, false), "2008-01-01 18:00:00");
        assert_eq!(Kind::Day.text(39_448.5, false), "2008-01-01 12:00:00", "no time is lost");
        assert_eq!(Kind::Time.text(0.999_999_9, false), "1900-01-01 00:00:00");
        assert_eq!(Kind::Time.text(0.25, false), "06:00:00");
    }

    #[test]
    fn formats_are_told_apart() {
        for (code, kind) in [
            ("General", Kind::Plain),
            ("#,##0.00", Kind::Plain),
            ("\"Rs \"#,##0;[Red]\\-#,##0", Kind::Plain),
            ("[$Rs-420] #,##0", Kind::Plain),
            ("dd/mm/yyyy", Kind::Day),
            ("[$-420]mmmm yy;@", Kind::Day),
            ("d-mmm-yy h:mm AM/PM", Kind::Instant),
            ("[h]:mm", Kind::Time),
            ("0.0%", Kind::Percent),
            ("00000000000", Kind::Padded(11)),
        ] {
            assert_eq!(Kind::of_code(code), kind, "{code}");
        }
        assert_eq!(
            [14, 22, 9, 4, 45].map(Kind::of_number),
            [Kind::Day, Kind::Instant, Kind::Percent, Kind::Plain, Kind::Time]
        );
    }

    #[test]
    fn numbers_are_the_fifteen_digits_that_a_sheet_shows() {
        for (number, text) in [
            (350.0, "350"),
            (-0.0, "0"),
            (-12.0, "-12"),
            (0.1 + 0.2, "0.3"),
            (490_154_203_237_518.0, "490154203237518"),
            (42_000.5, "42000.5"),
            (-0.05, "-0.05"),
        ] {
            assert_eq!(plain(number), text);
        }
        assert_eq!(Kind::Percent.text(0.07, false), "7%");
        assert_eq!(Kind::Padded(11).text(3_001_234_567.0, false), "03001234567");
    }
}
