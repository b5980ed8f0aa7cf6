//! What is wrong with an IMEI, in words.

use super::Lang;
use dukandar_core::imei::{self, ImeiError};

/// What is wrong with a number.
pub fn imei_fault(lang: Lang, error: ImeiError) -> String {
    let t = &lang.t().units;
    match error {
        ImeiError::Empty => t.no_imei.to_owned(),
        ImeiError::Letter(letter) => lang.fill(t.letter, &[&letter.to_string()]),
        ImeiError::Length(length) => lang.fill(t.length, &[&length.to_string()]),
        ImeiError::CheckDigit { expected, found } => {
            lang.fill(t.check_digit, &[&expected.to_string(), &found.to_string()])
        }
    }
}

/// What is wrong with a pasted line.
pub fn paste_fault(lang: Lang, fault: &imei::Fault) -> String {
    let t = &lang.t().units;
    let words = match fault.problem {
        imei::Problem::Bad(error) => imei_fault(lang, error),
        imei::Problem::Repeats(line) => lang.fill(t.repeats, &[&line.to_string()]),
        imei::Problem::TooMany => t.too_many.to_owned(),
        imei::Problem::Known => lang.t().opening.imei_known.to_owned(),
    };
    lang.fill(t.line, &[&fault.line.to_string(), &words])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain::Locale;
    use dukandar_core::money::Grouping;

    #[test]
    fn a_wrong_number_is_told_with_what_was_expected() {
        let lang = Lang { locale: Locale::English, grouping: Grouping::Thousands };
        let words = |text: &str| imei::read(text).map_err(|error| imei_fault(lang, error));
        assert_eq!(words("4901"), Err("15 digits expected, got 4".to_owned()));
        assert_eq!(
            words("490154203237511"),
            Err("the last digit should be 8, found 1: read the number once more".to_owned())
        );
        let fault = &imei::pasted("490154203237518\n490154203237518", &[]).faults[0];
        assert_eq!(paste_fault(lang, fault), "Line 2: stands in line 1 already");
    }
}
