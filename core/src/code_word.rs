//! A shop's secret word: ten different letters that stand for 1 to 9 and 0, so that a cost can stand on a label or a
//! bill and a customer who looks on reads nothing.

use crate::money::Paisa;
use serde::{Deserialize, Serialize};

/// Letters in a word.
const LETTERS: usize = 10;

/// Ten different letters or digits, of any script; small and large are one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodeWord([char; LETTERS]);

/// Why a word is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeWordFault {
    /// More or fewer than ten.
    #[error("a code word: expected ten letters, found {0}")]
    Length(usize),
    /// One letter would stand for two digits.
    #[error("a code word: expected ten different letters, found {0} twice")]
    Repeated(char),
    /// A sign that is neither letter nor digit.
    #[error("a code word: expected letters or digits, found {0:?}")]
    NoLetter(char),
}

impl CodeWord {
    /// Reads a word as typed; blanks do not count.
    pub fn parse(text: &str) -> Result<Self, CodeWordFault> {
        let letters: Vec<char> =
            text.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_uppercase).collect();
        for (at, &letter) in letters.iter().enumerate() {
            if !letter.is_alphanumeric() {
                return Err(CodeWordFault::NoLetter(letter));
            }
            if letters[..at].contains(&letter) {
                return Err(CodeWordFault::Repeated(letter));
            }
        }
        let count = letters.len();
        letters.try_into().map(Self).map_err(|_| CodeWordFault::Length(count))
    }

    /// The amount in letters: rupees, and after a point the paisa where there are any.
    pub fn encode(&self, amount: Paisa) -> String {
        let (rupees, paisa) = (amount.0.unsigned_abs() / 100, amount.0.unsigned_abs() % 100);
        let mut digits = if amount.0 < 0 { "-".to_owned() } else { String::new() };
        digits += &rupees.to_string();
        if paisa > 0 {
            digits += &format!(".{paisa:02}");
        }
        digits.chars().map(|it| it.to_digit(10).map_or(it, |digit| self.letter(digit))).collect()
    }

    /// The amount that letters stand for; none where they are not of this word.
    pub fn decode(&self, text: &str) -> Option<Paisa> {
        let digits: String = text
            .trim()
            .chars()
            .flat_map(char::to_uppercase)
            .map(|letter| match letter {
                '-' | '.' => Some(letter),
                _ => self.digit(letter).and_then(|digit| char::from_digit(digit, 10)),
            })
            .collect::<Option<_>>()?;
        let (sign, digits) = digits.strip_prefix('-').map_or((1, digits.as_str()), |rest| (-1, rest));
        let (rupees, paisa) = digits.split_once('.').unwrap_or((digits, "00"));
        if paisa.len() != 2 || rupees.is_empty() || rupees.contains('-') || paisa.contains(['-', '.']) {
            return None;
        }
        format!("{rupees}{paisa}").parse().ok().map(|amount: i64| Paisa(sign * amount))
    }

    fn letter(&self, digit: u32) -> char {
        // 1 to 9 are the first nine, 0 the last.
        self.0[(digit as usize + LETTERS - 1) % LETTERS]
    }

    fn digit(&self, letter: char) -> Option<u32> {
        let place = self.0.iter().position(|it| *it == letter)?;
        Some((place as u32 + 1) % LETTERS as u32)
    }
}

impl TryFrom<String> for CodeWord {
    type Error = CodeWordFault;
    fn try_from(text: String) -> Result<Self, CodeWordFault> {
        Self::parse(&text)
    }
}

impl From<CodeWord> for String {
    fn from(word: CodeWord) -> Self {
        word.0.iter().collect()
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn word(text: &str) -> CodeWord {
        CodeWord::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"))
    }

    #[test]
    fn letters_stand_for_the_digits_as_a_shopkeeper_counts_them() {
        let word = word("Black Horse");
        assert_eq!(word.encode(Paisa::rupees(1_234_567_890)), "BLACKHORSE");
        assert_eq!(word.encode(Paisa::rupees(45_000)), "CKEEE");
        assert_eq!(word.encode(Paisa(-12_050)), "-BLE.KE");
        assert_eq!(word.encode(Paisa::ZERO), "E");
        assert_eq!(word.decode("ckeee"), Some(Paisa::rupees(45_000)));
        for wrong in ["", "CZ", "45000", "B.K", "-", ".KE", "B-L", "B.K-", "B..KE"] {
            assert_eq!(word.decode(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn every_amount_comes_back_in_latin_urdu_and_digits() {
        for word in [word("BLACKHORSE"), word("ابپتجدرسشک"), word("9876543210")] {
            let mut amount = 1_i64;
            while amount < 1_000_000_000_000 {
                for paisa in [amount, -amount, amount - 1] {
                    assert_eq!(word.decode(&word.encode(Paisa(paisa))), Some(Paisa(paisa)), "{paisa}");
                }
                amount = amount * 7 + 3;
            }
            let kept = serde_json::to_string(&word).unwrap_or_default();
            assert_eq!(serde_json::from_str::<CodeWord>(&kept).ok(), Some(word));
        }
    }

    #[test]
    fn words_that_leave_a_digit_in_doubt_are_refused() {
        assert_eq!(CodeWord::parse("BLACKHORS"), Err(CodeWordFault::Length(9)));
        assert_eq!(CodeWord::parse("BLACKHORSEX"), Err(CodeWordFault::Length(11)));
        assert_eq!(CodeWord::parse("blackhorsB"), Err(CodeWordFault::Repeated('B')));
        assert_eq!(CodeWord::parse("BLACK-HORS"), Err(CodeWordFault::NoLetter('-')));
        assert!(serde_json::from_str::<CodeWord>("\"BLACKHORSS\"").is_err());
    }
}
